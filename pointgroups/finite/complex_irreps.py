"""All irreps over ℂ of a group in canonical order: characters in table order, labels, matrices.

A group of 3×3 matrices has Mulliken labels. Other groups have Γ1, Γ2, … by dimension, real before others, larger
characters in earlier classes first.

The bases: where the given matrices M, or det(M) M, are the irrep, they are its matrices. Of two conjugate irreps the
second has the conjugate matrices of the first. The others follow from the characters and from two choices, of one
element of every class and of a sequence of all elements. For 3×3 matrices the elements are those that leave the
standard x axis in place, where a class has one, and the sequence follows the angles as C_n^k or S_n^k, the identity
first and mirrors last; beside an inversion or σh the proper elements come first. So E_k of an axial group has the basis
(cos kφ, sin kφ), like (x, y). For other groups they are the first of each class, and the order of the group.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.dirl_formula import without_rounding
from pointgroups.exact import read_only

from .burnside import Characters, cyclic_powers, irreducible_characters
from .closure import SAME
from .geometry import class_names
from .mulliken import MullikenNames
from .order import OrderedGroup
from .state import irrep_matrices

if TYPE_CHECKING:
    import sympy

IntArray = NDArray[np.int64]

_FUNCTIONS = {1: ("x", "y", "z"), -1: ("Rx", "Ry", "Rz"), 0: ()}
_DIGITS = 6  # by which characters are compared
_TOLERANCE = 1e-6


class ComplexIrreps:
    """The irreps over ℂ of one group; row r of ``characters`` is the irrep ``labels[r]``.

    Attributes:
        characters: in table order.
        labels: "T1u", "E2''", "1E3", or "Γ1", "Γ2", …
    """

    def __init__(self, group: OrderedGroup) -> None:
        self._group = group
        found = irreducible_characters(group.product, [c.indices for c in group.classes])
        order, self.labels = _mulliken(group, found) if group.standard else _numbered(found)
        self.characters = found.sorted(order)
        assert len(set(self.labels)) == len(group.classes), "every irrep has a label of its own"
        self._made: dict[int, NDArray[Any]] = {}

    def matrices(self, row: int) -> NDArray[Any]:
        """Γ(g), (|G|, d, d), read-only, unitary; real for an irrep of real type."""
        if row not in self._made:
            self._made[row] = read_only(self._matrices(row))
        return self._made[row]

    def _matrices(self, row: int) -> NDArray[Any]:
        group, characters = self._group, self.characters
        if sign := self._given_sign(row):
            return group.matrices * (np.linalg.det(group.matrices).round()[:, None, None] if sign < 0 else 1)
        if (partner := characters.partners[row]) < row:
            return self.matrices(partner).conj()
        real = bool(characters.indicators[row] == 1)
        chi = characters.values[row, group.class_of]
        cycles, sequence = self._landmarks
        return without_rounding(irrep_matrices(chi.real.copy() if real else chi, real, cycles, group.product, sequence))

    def exact(self, row: int) -> tuple[sympy.ImmutableMatrix, ...] | None:
        """Γ(g) as SymPy matrices where closed forms are known."""
        return None

    def basis(self, row: int) -> tuple[str, ...]:
        """Functions that the irrep belongs to, where they are known."""
        return _FUNCTIONS[self._given_sign(row)] if self._group.standard else ()

    def _given_sign(self, row: int) -> int:
        """1 where the given matrices M are the irrep, −1 where det(M) M are, else 0."""
        group, characters = self._group, self.characters
        if characters.degrees[row] != group.matrices.shape[-1] or characters.indicators[row] != 1:
            return 0
        chi = characters.values[row, group.class_of].real
        trace = np.trace(group.matrices, axis1=1, axis2=2)
        signs = np.linalg.det(group.matrices).round()
        found = (s for s, factor in ((1, 1), (-1, signs)) if np.abs(chi - factor * trace).max() < _TOLERANCE)
        return next(found, 0)

    @cached_property
    def _landmarks(self) -> tuple[list[IntArray], IntArray]:
        """The powers of one element of every class, and all elements in sequence."""
        group = self._group
        representatives, sequence = [c.indices[0] for c in group.classes], list(range(len(group.product)))
        if group.standard is not None and group.frame is not None:
            x = group.frame[0]
            fixed = np.abs(group.matrices @ x - x).max(axis=1) < SAME
            representatives = [next((g for g in c.indices if fixed[g]), c.indices[0]) for c in group.classes]
            names = class_names(group.standard)
            split = names.has_inversion or names.has_horizontal_mirror
            keys = [
                (g > 0, split and e.det < 0, not e.rotary_turn, e.rotary_turn) for g, e in enumerate(group.standard)
            ]
            sequence.sort(key=keys.__getitem__)
        return [cyclic_powers(group.product, h) for h in representatives], np.array(sequence)


def _mulliken(group: OrderedGroup, found: Characters) -> tuple[list[int], tuple[str, ...]]:
    """Rows in table order, and their labels."""
    names = MullikenNames(group.standard or ())
    by_element = found.values[:, group.class_of]
    order = sorted(range(len(by_element)), key=lambda r: names.sort_key(by_element[r]))
    return order, tuple(names.label(by_element[r]) for r in order)


def _numbered(found: Characters) -> tuple[list[int], tuple[str, ...]]:
    """The same for a group without geometry."""

    def key(r: int) -> tuple[object, ...]:
        row = found.values[r].round(_DIGITS) + 0.0
        return (row[0].real, bool(row.imag.any()), tuple(-row.real), tuple(row.imag))

    order = sorted(range(len(found.values)), key=key)
    return order, tuple(f"Γ{n}" for n in range(1, len(order) + 1))
