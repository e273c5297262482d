"""Labels of spinor irreps: the letters of Mulliken as Altmann and Herzig continue them.

A spinor irrep is named by a letter for the dimension of itself or, where its character is complex, of its conjugate
pair: A for 1, E for 2, F for 4; and by the lowest j whose multiplet |j m⟩ contains it: E1/2, E3/2, E5/2, F3/2, A3/2. g
and u follow the inversion. Members of a pair are ¹ and ², written "1E1/2", "2E1/2": ¹ has the character e^{−ijφ} of
|j j⟩ under the smallest rotation about the main axis (of an improper element its proper part counts). Where that
character is real, ¹ has the character +i under the first C2′ (or σv) of D3, C3v and D3d; in T and Th it has ω times the
character of E1/2 under C3⁺, so that ¹F3/2 = ¹E ⊗ E1/2.

Source: S. L. Altmann and P. Herzig, Point-Group Theory Tables, 2nd ed. (Vienna, 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from pointgroups.characters import inner_products
from pointgroups.classes import ClassNames
from pointgroups.elements import Element
from pointgroups.exact import ExactArray

from .spin_j import spin_characters, spin_text

_LETTERS = {1: "A", 2: "E", 4: "F"}


class SpinorLabels:
    """Labels of the spinor irreps of one group; a character is exact, one value an element 0 … |G|−1."""

    def __init__(self, elements: Sequence[Element], su2: ExactArray) -> None:
        self._elements, self._su2 = elements, su2
        self._names = names = ClassNames(elements)
        self._inversion = next((g for g, e in enumerate(elements) if e.order == 1 and e.det < 0), None)
        self._main = self._first(
            lambda e: e.order > 1 and names.along_main(e) and e.turn <= Fraction(1, 2), lambda e: (e.turn, e.det < 0)
        )
        self._across = self._first(
            lambda e: e.order == 2 and not names.along_main(e), lambda e: (e.det < 0, not names.comes_first([e]))
        )
        self._third = self._first(lambda e: e.order == 3 and e.det > 0 and e.turn == Fraction(1, 3), lambda e: ())

    def label(self, character: ExactArray) -> str:
        """ "E1/2g", "1F3/2", "A3/2" …"""
        size, twice, pair = self._parts(character)
        return f"{pair}{_LETTERS[size]}{spin_text(twice)}{self.parity_letter(character)}"

    def sort_key(self, character: ExactArray) -> tuple[object, ...]:
        """Table order: g before u; F last; then by j; then ¹ before ²."""
        size, twice, pair = self._parts(character)
        return (self.parity_letter(character) == "u", size == 4, twice, pair)

    def parity_letter(self, character: ExactArray) -> str:
        """ "g" or "u" where the group has an inversion, else ""."""
        if self._inversion is None:
            return ""
        return "g" if character[self._inversion].rational() > 0 else "u"

    def lowest_spin(self, character: ExactArray) -> int:
        """2j of the lowest multiplet that contains the irrep, with the irrep's own parity."""
        signs = ExactArray.integers([1] * len(self._elements))
        if self.parity_letter(character) == "u":
            signs = ExactArray.integers([e.det for e in self._elements])
        rows = character.reshape(1, len(self._elements))
        twice = 1
        while not inner_products(rows, spin_characters(self._su2, twice) * signs)[0]:
            twice += 2
        return twice

    def _parts(self, character: ExactArray) -> tuple[int, int, str]:
        """Dimension with the conjugate, 2j, and the number within a pair."""
        dim = int(character[0].rational())
        twice = self.lowest_spin(character)
        if not character.numerators[:, 4:].any():
            return dim, twice, ""
        return 2 * dim, twice, "1" if self._is_first_of_pair(character) else "2"

    def _is_first_of_pair(self, character: ExactArray) -> bool:
        values = character.numeric()
        if self._names.cubic:
            return bool(values[self._third].imag > 0)
        if character[self._main].numerators[..., 4:].any():
            return bool(values[self._main].imag < 0)
        return bool(values[self._across].imag > 0)

    def _first(self, wanted: Callable[[Element], bool], key: Callable[[Element], tuple[object, ...]]) -> int | None:
        found = [g for g, e in enumerate(self._elements) if wanted(e)]
        return min(found, key=lambda g: key(self._elements[g])) if found else None
