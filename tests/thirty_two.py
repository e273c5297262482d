"""The 32 groups and their other settings as test parameters, and exact matrices of their irreps, read once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from cyclotomic import Exact, exact, exact_rotations

from pointgroups import Irrep, PointGroup, point_group

# Schoenflies symbol, short and full Hermann–Mauguin symbol, order; the order of International Tables A, table 10.1.2.
THE_32 = (
    ("C1", "1", "1", 1),
    ("Ci", "-1", "-1", 2),
    ("C2", "2", "1 2 1", 2),
    ("Cs", "m", "1 m 1", 2),
    ("C2h", "2/m", "1 2/m 1", 4),
    ("D2", "222", "2 2 2", 4),
    ("C2v", "mm2", "m m 2", 4),
    ("D2h", "mmm", "2/m 2/m 2/m", 8),
    ("C4", "4", "4", 4),
    ("S4", "-4", "-4", 4),
    ("C4h", "4/m", "4/m", 8),
    ("D4", "422", "4 2 2", 8),
    ("C4v", "4mm", "4 m m", 8),
    ("D2d", "-42m", "-4 2 m", 8),
    ("D4h", "4/mmm", "4/m 2/m 2/m", 16),
    ("C3", "3", "3", 3),
    ("C3i", "-3", "-3", 6),
    ("D3", "32", "3 2 1", 6),
    ("C3v", "3m", "3 m 1", 6),
    ("D3d", "-3m", "-3 2/m 1", 12),
    ("C6", "6", "6", 6),
    ("C3h", "-6", "-6", 6),
    ("C6h", "6/m", "6/m", 12),
    ("D6", "622", "6 2 2", 12),
    ("C6v", "6mm", "6 m m", 12),
    ("D3h", "-6m2", "-6 m 2", 12),
    ("D6h", "6/mmm", "6/m 2/m 2/m", 24),
    ("T", "23", "2 3", 12),
    ("Th", "m-3", "2/m -3", 24),
    ("O", "432", "4 3 2", 24),
    ("Td", "-43m", "-4 3 m", 24),
    ("Oh", "m-3m", "4/m -3 2/m", 48),
)
GROUPS = tuple(row[0] for row in THE_32)
OTHER_SETTINGS = {
    "112": "C2",
    "211": "C2",
    "11m": "Cs",
    "m11": "Cs",
    "112/m": "C2h",
    "2/m11": "C2h",
    "2mm": "C2v",
    "m2m": "C2v",
    "-4m2": "D2d",
    "312": "D3",
    "31m": "C3v",
    "-31m": "D3d",
    "-62m": "D3h",
}
SETTINGS = (*GROUPS, *OTHER_SETTINGS)

every_group = pytest.mark.parametrize("name", GROUPS)
every_setting = pytest.mark.parametrize("name", SETTINGS)
every_field = pytest.mark.parametrize("field", ["C", "R"])


def irreps(group: PointGroup, field: str) -> list[Irrep]:
    """Irreps over ℂ or over ℝ in table order."""
    return list((group.irreps if field == "C" else group.real_irreps).values())


def irrep(name: str, field: str, label: str) -> Irrep:
    group = point_group(name)
    return (group.irreps if field == "C" else group.real_irreps)[label]


def _cases(names: tuple[str, ...]) -> Iterator[Any]:
    for name in names:
        for field in "CR":
            for gamma in irreps(point_group(name), field):
                yield pytest.param(name, field, gamma.label, id=f"{name}-{field}-{gamma.label}")


def _complex_cases() -> Iterator[Any]:
    for name in GROUPS:
        for label in point_group(name).irreps:
            yield pytest.param(name, label, id=f"{name}-{label}")


every_irrep = pytest.mark.parametrize(("name", "field", "label"), list(_cases(GROUPS)))
every_complex_irrep = pytest.mark.parametrize(("name", "label"), list(_complex_cases()))
every_irrep_of_every_setting = pytest.mark.parametrize(("name", "field", "label"), list(_cases(SETTINGS)))


@cache
def rotations(name: str) -> Exact:
    """Exact rotations (|G|, 3, 3) of a group in one of its standard settings."""
    return exact_rotations(point_group(name).rotations)


@cache
def _matrices(name: str, field: str, label: str) -> Exact:
    return exact(irrep(name, field, label).exact)


def matrices(gamma: Irrep) -> Exact:
    """Exact matrices (|G|, d, d) of an irrep."""
    return _matrices(gamma.group.name, gamma.field, gamma.label)


@cache
def _character(name: str, field: str, label: str) -> Exact:
    return _matrices(name, field, label).trace()


def character(gamma: Irrep) -> Exact:
    """Exact character (|G|,), the trace of the exact matrices."""
    return _character(gamma.group.name, gamma.field, gamma.label)


def inner(a: Exact, b: Exact) -> Any:
    """⟨a, b⟩ = (1/|G|) Σ_g a(g)* b(g), a Fraction."""
    return (a.conj() * b).sum(0).fraction() / a.shape[0]


def multiplicity(chi: Exact, gamma: Irrep) -> int:
    """How often an irrep occurs in a representation with character ``chi``, over the irrep's own field.

    Over ℝ, ⟨χ_γ, χ_γ⟩ is 2 for a complex-type irrep, which is then counted once for each pair.
    """
    count = inner(character(gamma), chi) / inner(character(gamma), character(gamma))
    assert count.denominator == 1
    assert count >= 0
    return int(count)


def power_map(product: np.ndarray, exponent: int) -> np.ndarray:
    """Index of gⁿ for every g."""
    power = np.zeros(len(product), dtype=int)
    for _ in range(exponent):
        power = product[power, np.arange(len(product))]
    return power


def element_orders(product: np.ndarray) -> np.ndarray:
    """The order of every element: the smallest n > 0 with gⁿ = 1 (in these groups at most 6)."""
    orders = np.zeros(len(product), dtype=int)
    for n in range(6, 0, -1):
        orders[power_map(product, n) == 0] = n
    return orders


def random_rotation(seed: int) -> np.ndarray:
    """A random proper rotation (3, 3)."""
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q * np.linalg.det(q)
