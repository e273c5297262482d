"""A representation by its character: n_γ = (1/|G|) Σ_g χ_γ(g)* χ(g), over ℝ over the dimension of γ's commutant."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from .exact import ExactArray, stack
from .irreps import Irrep

if TYPE_CHECKING:
    from .double.group import DoubleGroup
    from .point_group import PointGroup

_ROUNDING = 1e-6


def direct_products(irreps: Mapping[str, Irrep]) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """(α, β) → irreps γ in α ⊗ β with their multiplicities, for all irreps of a group over one field; read-only.

    (1/|G|) Σ_g χ_α χ_β χ_γ*, over the dimension of γ's commutant, in floating point; the sums are integers to 1e-12.

    >>> from pointgroups import point_group
    >>> direct_products(point_group("D3").irreps)["E", "E"]
    mappingproxy({'A1': 1, 'A2': 1, 'E': 1})
    """
    chi = np.array([a.characters for a in irreps.values()])
    sums = (chi[:, None] * chi) @ chi.conj().T
    counts = sums.real / (chi.shape[1] * np.array([a.commuting for a in irreps.values()]))
    nearest = np.rint(counts)
    assert np.abs(counts - nearest).max() < _ROUNDING, "multiplicities are whole numbers"
    rows = zip(product(irreps, irreps), nearest.astype(np.int64).reshape(-1, len(irreps)).tolist(), strict=True)
    return MappingProxyType(
        {pair: MappingProxyType({label: n for label, n in zip(irreps, row, strict=True) if n}) for pair, row in rows}
    )


@lru_cache(maxsize=256)
def dual_characters(group: PointGroup | DoubleGroup, field: str) -> ExactArray:
    """|c| χ_γ(c)* / (|G| · dimension of γ's commutant), (n_irreps, n_classes): times a character it gives all n_γ.

    >>> from pointgroups import point_group
    >>> dual_characters(point_group("O"), "C")[0].tokens()
    ['1/24', '1/4', '1/8', '1/3', '1/4']
    """
    sizes = ExactArray.integers([c.size for c in group.classes])
    irreps = group._irreps_over(field).values()
    return stack([a.class_characters.conj() * sizes * Fraction(1, group.order * a.commuting) for a in irreps])


def exact_multiplicities(characters: ExactArray, group: PointGroup | DoubleGroup, field: str) -> list[dict[str, int]]:
    """How often each irrep occurs in each of the representations with exact characters (n, n_classes), without zeros.

    Args:
        characters: χ, one value a class.
        group, field: whose irreps are counted.

    Raises:
        ValueError: not the character of a representation.

    >>> from pointgroups import point_group
    >>> O = point_group("O")
    >>> chi = O.irreps["T1"].class_characters
    >>> exact_multiplicities((chi * chi).reshape(1, -1), O, "C")
    [{'A1': 1, 'E': 1, 'T1': 1, 'T2': 1}]
    """
    irreps = group._irreps_over(field)
    counts = characters @ dual_characters(group, field).mT
    found = counts.numerators[..., 0]
    if counts.denominator != 1 or counts.present != [0] or found.min() < 0:
        texts = np.reshape(np.array(counts.tokens(), dtype=object), counts.shape)
        bad = next(row for row in texts if not all(text.isdigit() for text in row))
        occurring = ", ".join(f"{n} {label}" for label, n in zip(irreps, bad, strict=True))
        raise ValueError(f"not the character of a representation of {group.name}: {occurring}")
    return [{label: n for label, n in zip(irreps, row, strict=True) if n} for row in found.tolist()]
