"""Mulliken labels of the irreps of a group of 3×3 matrices of any order, decided by characters.

As :mod:`pointgroups.labels` for the 32 groups, with the rules that hold for every order. E_k: χ = d cos(2πk/n) under
the rotation C_n about the main axis, in a group with neither inversion nor σh also under S_n; no number where n ≤ 4. Of
a pair ¹E_k, ²E_k the first has the character e^{−2πik/n}, that of (x + iy)^k. I and Ih: T1 has the character (1 + √5)/2
under C5, T2 (1 − √5)/2; G and H have four and five dimensions.

Source: R. S. Mulliken, J. Chem. Phys. 23, 1997 (1955); S. L. Altmann and P. Herzig, Point-Group Theory Tables (1994).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .geometry import FloatElement, class_names, is_icosahedral

Character = NDArray[Any]

_AXES = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
_IMAGINARY = 1e-6


class MullikenNames:
    """Labels of the irreps of one group over ℂ from its elements in standard axes; a character is (|G|,)."""

    def __init__(self, elements: Sequence[FloatElement]) -> None:
        self._elements = elements
        self._names = class_names(elements)
        self._icosahedral = is_icosahedral(elements)

    def label(self, character: Character) -> str:
        """ "E1g", "A2''", "1E3", "T1u", "H"."""
        letter, number, pair = self._parts(character)
        return f"{pair or ''}{letter}{number or ''}{self._parity(character)}"

    def sort_key(self, character: Character) -> tuple[object, ...]:
        """Table order: g before u, ′ before ″; then A, B, E, T, G, H; then numbers; then ¹E before ²E."""
        letter, number, pair = self._parts(character)
        return (self._parity(character) in ("u", "''"), "ABETGH".index(letter), number, pair)

    # -- parts of a label ---------------------------------------------------------------------------------------

    def _parity(self, character: Character) -> str:
        if self._inversion is not None:
            return "g" if character[self._inversion].real > 0 else "u"
        if self._horizontal is not None:
            return "'" if character[self._horizontal].real > 0 else "''"
        return ""

    def _parts(self, character: Character) -> tuple[str, int, int]:
        """Letter, subscript and number in a complex pair; 0 for none."""
        dim = round(float(character[0].real))
        if self._icosahedral:
            return {1: "A", 3: "T", 4: "G", 5: "H"}[dim], self._sign(character, self._fivefold) if dim == 3 else 0, 0
        if np.abs(character.imag).max() > _IMAGINARY:
            return "E", self._turn(character, dim), 1 if self._is_first_of_pair(character) else 2
        if dim == 2:
            return "E", self._turn(character, dim), 0
        if self._names.cubic:
            return "A" if dim == 1 else "T", self._sign(character, self._fourfold), 0
        if self._names.orthorhombic:
            return self._orthorhombic(character)
        letter = "A" if self._main is None or character[self._main].real > 0 else "B"
        return letter, self._sign(character, self._across), 0

    def _turn(self, character: Character, dim: int) -> int:
        """k of E_k."""
        if self._names.cubic or self._main is None:
            return 0
        n = self._elements[self._main].rotary_turn.denominator
        cosine = float(np.clip(character[self._main].real / dim, -1, 1))
        return round(n * np.arccos(cosine) / (2 * np.pi)) if n > 4 else 0

    def _is_first_of_pair(self, character: Character) -> bool:
        if self._names.cubic:
            plus = self._first(lambda e: e.order == 3 and e.det > 0 and e.turn == Fraction(1, 3))
            return bool(character[plus].imag > 0)
        return bool(character[self._main].imag < 0)

    def _orthorhombic(self, character: Character) -> tuple[str, int, int]:
        rotations = {e.direction: g for g, e in enumerate(self._elements) if e.order == 2 and e.det > 0}
        if len(rotations) == 1:  # C2v
            main = next(iter(rotations.values()))
            first = self._first(lambda e: e.det < 0, lambda g: self._names.sort_key([g]))
            return "A" if character[main].real > 0 else "B", self._sign(character, first), 0
        even = [n for n, axis in enumerate(_AXES, 1) if character[rotations[axis]].real > 0]
        return ("A", 0, 0) if len(even) == 3 else ("B", even[0], 0)

    # -- elements that decide -----------------------------------------------------------------------------------

    @cached_property
    def _inversion(self) -> int | None:
        return self._first(lambda e: e.order == 1 and e.det < 0)

    @cached_property
    def _horizontal(self) -> int | None:
        return None if self._inversion is not None else self._first(self._names.is_horizontal_mirror)

    @cached_property
    def _fivefold(self) -> int | None:
        return self._first(lambda e: e.det > 0 and e.turn in (Fraction(1, 5), Fraction(4, 5)))

    @cached_property
    def _fourfold(self) -> int | None:
        return self._first(lambda e: e.order == 4)

    @cached_property
    def _main(self) -> int | None:
        """C_n about the main axis; S_n where that has the higher order and there is neither inversion nor σh."""
        plain = self._inversion is None and self._horizontal is None

        def turns(e: FloatElement) -> bool:
            along = e.order > 1 and self._names.along_main(e) and e.symbol != "σ"
            return along and e.sense != "-" and (e.det > 0 or plain)

        def key(g: int) -> tuple[object, ...]:
            e = self._elements[g]
            return (-e.order, -e.det, e.turn)

        return self._first(turns, key)

    @cached_property
    def _across(self) -> int | None:
        def key(g: int) -> tuple[object, ...]:
            return (self._elements[g].det < 0, not self._names.comes_first([self._elements[g]]))

        return self._first(lambda e: e.order == 2 and not self._names.along_main(e), key)

    def _first(
        self, wanted: Callable[[FloatElement], bool], key: Callable[[int], tuple[object, ...]] = lambda g: ()
    ) -> int | None:
        """Index of the wanted element that comes first under ``key``."""
        found = [g for g, e in enumerate(self._elements) if wanted(e)]
        return min(found, key=key) if found else None

    @staticmethod
    def _sign(character: Character, g: int | None) -> int:
        """1 or 2 for a positive or negative character of element g, 0 where there is none."""
        return 0 if g is None else 1 if character[g].real > 0 else 2
