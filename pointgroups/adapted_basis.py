"""A symmetry-adapted basis: orthonormal functions sorted by irrep, copy and component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .exact import read_only, symbolic, value

if TYPE_CHECKING:
    import sympy


class AdaptedLabel(NamedTuple):
    """Which function a row is: irrep label, copy and component, both counted from 1.

    >>> AdaptedLabel("T1u", 1, 3).component
    3
    """

    irrep: str
    copy: int
    component: int


@dataclass(frozen=True, eq=False)
class AdaptedBasis:
    """Orthonormal symmetry-adapted functions.

    Attributes:
        array: (n, N), row r holds the conjugate coefficients of function r, so that array @ v are the components of a
            vector v and array @ O(g) @ array^H = ⊕ Γ(g) exactly block-diagonal, in the order of ``labels``.
        labels: one (irrep, copy, component) a row; the components of one copy stand together.

    >>> from pointgroups import point_group
    >>> point_group("Oh").harmonics(2).multiplicities
    {'Eg': 1, 'T2g': 1}
    """

    array: NDArray[Any]
    labels: tuple[AdaptedLabel, ...]
    tokens: Sequence[Sequence[str]] | None = None

    @staticmethod
    def of_harmonics(degree: int, lines: Sequence[str]) -> AdaptedBasis:
        """Read a table's harmonics: ``irrep copy component m:value m:value …`` a line, columns m = −ℓ … ℓ."""
        tokens: list[list[str]] = []
        labels: list[AdaptedLabel] = []
        for line in lines:
            irrep, copy, component, *terms = line.split()
            row = ["0"] * (2 * degree + 1)
            for term in terms:
                m, number = term.split(":")
                row[degree + int(m)] = number
            tokens.append(row)
            labels.append(AdaptedLabel(irrep, int(copy), int(component)))
        array = np.array([[value(t).real for t in row] for row in tokens])
        return AdaptedBasis(read_only(array), tuple(labels), tokens)

    @property
    def exact(self) -> sympy.ImmutableMatrix:
        """The array in exact SymPy numbers; ValueError where only floats are known (a rotated frame, numeric input)."""
        import sympy

        if self.tokens is None:
            raise ValueError("exact coefficients are known in the axes of a setting only, not in this frame")
        return sympy.ImmutableMatrix([[symbolic(t) for t in row] for row in self.tokens])

    @property
    def blocks(self) -> dict[tuple[str, int], NDArray[Any]]:
        """(irrep, copy) → its rows (d, N)."""
        rows: dict[tuple[str, int], list[int]] = {}
        for r, label in enumerate(self.labels):
            rows.setdefault((label.irrep, label.copy), []).append(r)
        return {key: self.array[r[0] : r[-1] + 1] for key, r in rows.items()}

    @property
    def multiplicities(self) -> dict[str, int]:
        """How often each irrep occurs."""
        counts: dict[str, int] = {}
        for irrep, _ in self.blocks:
            counts[irrep] = counts.get(irrep, 0) + 1
        return counts
