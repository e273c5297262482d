"""An irrep of a group given by generators: characters exact to rounding, matrices in floating point."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.irreps import Irrep

from .burnside import closed_form, cyclic_powers, eigenvalues
from .real_form import as_real, commutant_basis

if TYPE_CHECKING:
    import sympy

    from .group import FiniteGroup


class FiniteIrrep(Irrep):
    """An irrep Γ of a :class:`FiniteGroup`, over ℂ (``field`` "C") or over ℝ ("R").

    As :class:`~pointgroups.Irrep`, whose functions take it too, but in floating point; ``exact`` is there for I and Ih.
    Over ℝ an irrep of quaternionic type has twice the dimension and a commutant of dimension four.

    Attributes:
        group: the :class:`FiniteGroup`.
        label: Mulliken label for a group of 3×3 matrices, else "Γ1", "Γ2", …, over ℝ "Γ2Γ3" or "Γ5Γ5" of the two
            constituents over ℂ.
        dim: the dimension d.
        indicator: (1/|G|) Σ χ(g²) of a constituent over ℂ: 1 real, 0 complex, −1 quaternionic.
        basis: x, y, z or Rx, Ry, Rz where these are its functions, polynomials to degree three of I and Ih; else empty.

    >>> from pointgroups.finite.families import molecular_point_group
    >>> h = molecular_point_group("Ih").irreps["Hg"]
    >>> h.dim, h.matrices.shape, h.type
    (5, (120, 5, 5), 'real')
    """

    group: FiniteGroup  # type: ignore[assignment]
    _row: int

    def __init__(self, group: FiniteGroup, label: str, field: str, row: int) -> None:
        characters, basis = group._over_c.characters, group._over_c.basis(row)
        indicator, dim = int(characters.indicators[row]), int(characters.degrees[row])
        doubled = 2 if field == "R" and indicator != 1 else 1
        super().__init__(group, label, field, {"dim": doubled * dim, "indicator": indicator, "basis": basis})  # type: ignore[arg-type]
        self.__dict__["_row"] = row

    @property
    def is_exact(self) -> bool:
        """False: matrices and couplings are floats."""
        return False

    @cached_property
    def matrices(self) -> NDArray[Any]:
        """Γ(g), shape (|G|, d, d), read-only: float64 over ℝ or for an irrep of real type, else complex128."""
        found = self.group._over_c.matrices(self._row)
        if self.field == "C" or self.indicator == 1:
            return found
        return read_only(as_real(found.conj() if self.indicator == 0 else found))  # ²E turns (x, y) by +φ

    @cached_property
    def class_characters(self) -> NDArray[Any]:  # type: ignore[override]
        """Characters, one a conjugacy class, floats exact to rounding; closed forms are in ``exact_characters``."""
        chi = self.group._over_c.characters.values[self._row]
        if self.indicator == 1:
            return read_only(chi.real.copy())
        return read_only(2 * chi.real if self.field == "R" else chi.copy())

    @cached_property
    def characters(self) -> NDArray[Any]:
        """χ(g), shape (|G|,), read-only."""
        return read_only(self.class_characters[self.group._class_of])

    @cached_property
    def exact_characters(self) -> tuple[sympy.Expr, ...]:
        """Characters in closed form, one a class, as SymPy sums of roots of unity: Σ_k m_k (cos 2πk/o + i sin 2πk/o).

        >>> from pointgroups.finite.families import molecular_point_group
        >>> molecular_point_group("I").irreps["T1"].exact_characters
        (3, 1/2 + sqrt(5)/2, 1/2 - sqrt(5)/2, 0, -1)
        """
        real = np.isrealobj(self.characters)
        found = []
        for members in self.group.classes:
            powers = cyclic_powers(self.group.product, members.indices[0])
            found.append(closed_form(eigenvalues(self.characters, powers).tolist(), real))
        return tuple(found)

    @property
    def commuting(self) -> int:
        """Dimension of the commutant over ``field``: over ℝ 1, 2 or 4 for real, complex or quaternionic type."""
        return {1: 1, 0: 2, -1: 4}[self.indicator] if self.field == "R" else 1

    @cached_property
    def commutant(self) -> NDArray[np.float64]:
        """Basis (n, d, d) of the matrices that commute with every Γ(g), the identity first (Schur's lemma)."""
        if self.commuting == 1:
            return read_only(np.eye(self.dim)[None])
        return read_only(commutant_basis(self.group._over_c.matrices(self._row), self.indicator))

    def _refuse(self) -> NoReturn:
        raise ValueError(
            f"{self!r} is known in floating point. Closed forms are there for its characters, exact_characters; for "
            "the matrices of I and Ih, exact; for the 32 crystallographic groups, point_group(name)"
        )

    @cached_property
    def exact(self) -> tuple[sympy.ImmutableMatrix, ...]:
        """Γ(g) as SymPy matrices, one an element, of I and Ih; ValueError for a group made from generators.

        >>> from pointgroups.finite.families import molecular_point_group
        >>> molecular_point_group("I").irreps["T2"].exact[1][0, 0]
        1/4 - sqrt(5)/4
        """
        found = self.group._over_c.exact(self._row)
        if found is None:
            self._refuse()
        return found

    @property
    def exact_matrices(self) -> NoReturn:
        """Not offered: ValueError."""
        self._refuse()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_irrep_of, (self.group, self.field, self.label))


def _irrep_of(group: FiniteGroup, field: str, label: str) -> FiniteIrrep:
    return group._irreps_over(field)[label]
