"""Mulliken labels of irreps, decided by characters.

One-dimensional irreps are A or B by the character +1 or −1 of the rotation (or rotary reflection) about the main
axis, two-dimensional ones E, three-dimensional ones T. Subscripts 1 and 2 follow the character ±1 of the C2′ (else
the σv) named first, which lies along (contains) x; of C4 or S4 in cubic groups. E_k turns by the angle 2πk/n under
C_n. D2 and D2h: B1, B2, B3 are even under C2 about z, y, x. In mm2 B1 is even under σ(xz); along x or y (2mm, m2m)
its axes are permuted cyclically, and labels with them. g and u follow the inversion; ′ and ″ follow σh where there is
no inversion. A pair of complex-conjugate irreps is ¹E, ²E, written "1E", "2E"; over ℝ the pair is one irrep E. ¹E has
the character e^{−iφ} under the rotation by φ about z (the function x + iy; E2: (x + iy)²), and ω = e^{2πi/3} under
C3⁺ in T and Th.

Source: R. S. Mulliken, J. Chem. Phys. 23, 1997 (1955); order as in S. L. Altmann and P. Herzig, Point-Group Theory
Tables, 2nd ed. (Vienna, 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .classes import ClassNames
from .elements import Element
from .exact import ExactArray

_Z, _Y, _X = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)


class MullikenLabels:
    """Labels of the irreps of one group over ℂ; a character is exact, one value an element."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = elements
        self._names = names = ClassNames(elements)
        self._inversion = self._first(lambda e: e.order == 1 and e.det < 0)
        self._horizontal = None if self._inversion is not None else self._first(names.is_horizontal_mirror)
        self._fourfold = self._first(lambda e: e.order == 4)
        self._sixfold = self._first(lambda e: e.order == 6 and e.det > 0)
        self._main = self._first(self._turns_about_main_axis, lambda e: (-e.order, -e.det, e.turn))
        self._across = self._first(
            lambda e: e.order == 2 and not names.along_main(e),
            lambda e: (e.det < 0, not names.comes_first([e])),
        )

    def label(self, character: ExactArray) -> str:
        """ "T1u", "A2'", "1E" …"""
        letter, subscript, pair = self._parts(character)
        return pair + letter + subscript + self._parity(character)

    def sort_key(self, character: ExactArray) -> tuple[object, ...]:
        """Table order: g before u, ′ before ″; then A, B, E, T; then subscripts; then ¹E before ²E."""
        letter, subscript, pair = self._parts(character)
        return (self._parity(character) in ("u", "''"), "ABET".index(letter), subscript, pair)

    # -- parts of a label ---------------------------------------------------------------------------------------

    def _parity(self, character: ExactArray) -> str:
        if self._inversion is not None:
            return "g" if _positive(character, self._inversion) else "u"
        if self._horizontal is not None:
            return "'" if _positive(character, self._horizontal) else "''"
        return ""

    def _parts(self, character: ExactArray) -> tuple[str, str, str]:
        """Letter, subscript and the number of a complex-conjugate pair."""
        dim = int(character[0].rational())
        if character.numerators[:, 4:].any():
            return "E", self._turn(character), "1" if self._is_first_of_pair(character) else "2"
        if dim == 2:
            return "E", self._turn(character), ""
        if self._names.cubic:
            return ("A" if dim == 1 else "T"), _subscript(character, self._fourfold), ""
        if self._names.orthorhombic:
            return *self._orthorhombic(character), ""
        letter = "A" if self._main is None or _positive(character, self._main) else "B"
        return letter, _subscript(character, self._across), ""

    def _turn(self, character: ExactArray) -> str:
        """k of E_k where the group has a six-fold rotation: Re χ(C6) = d cos(2πk/6) is positive for k = 1."""
        if self._sixfold is None:
            return ""
        return "1" if _positive(character + character.conj(), self._sixfold) else "2"

    def _is_first_of_pair(self, character: ExactArray) -> bool:
        if self._names.cubic:
            plus = self._first(lambda e: e.order == 3 and e.det > 0 and e.turn == Fraction(1, 3))
            return bool(character.numeric()[plus].imag > 0)
        return bool(character.numeric()[self._main].imag < 0)

    def _orthorhombic(self, character: ExactArray) -> tuple[str, str]:
        rotations = {e.direction: g for g, e in enumerate(self._elements) if e.order == 2 and e.det > 0}
        if len(rotations) == 1:  # C2v
            main = next(iter(rotations.values()))
            mirrors = [g for g, e in enumerate(self._elements) if e.det < 0]
            first = min(mirrors, key=lambda g: self._names.sort_key([g]))
            return ("A" if _positive(character, main) else "B"), _subscript(character, first)
        even = [n for n, axis in enumerate((_Z, _Y, _X), 1) if _positive(character, rotations[axis])]
        return ("A", "") if len(even) == 3 else ("B", str(even[0]))

    # -- elements that decide -----------------------------------------------------------------------------------

    def _turns_about_main_axis(self, e: Element) -> bool:
        return e.order > 1 and self._names.along_main(e) and (e.det > 0 or e.order == 4) and e.sense != "-"

    def _first(
        self, wanted: Callable[[Element], bool], key: Callable[[Element], tuple[object, ...]] = lambda e: ()
    ) -> int | None:
        """Index of the least wanted element under ``key``."""
        found = [g for g, e in enumerate(self._elements) if wanted(e)]
        return min(found, key=lambda g: key(self._elements[g])) if found else None


def _positive(character: ExactArray, g: int) -> bool:
    return character[g].rational() > 0


def _subscript(character: ExactArray, g: int | None) -> str:
    return "" if g is None else "1" if _positive(character, g) else "2"
