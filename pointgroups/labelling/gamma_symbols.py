"""Γ symbols as text: a number and, where the group has an inversion, a parity.

A physically irreducible pair carries the symbols of both members. Bilbao prints Γ4− as "GM4-", a pair as "GM3GM4", and
a spinor irrep with a bar, Γ̄6 or "-GM6"; Koster's are written "Γ4-", "Γ3 ⊕ Γ4" and "Γ6+" here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁺₊⁻₋−–", "0123456789++----")
_SYMBOL = re.compile(r"(?:\\Gamma|Gamma|gamma|GM|Γ|G)_?\{?(\d+)\}?\^?\{?([+-]?)\}?")
_BARRED = re.compile(r"-GM(\d+)|Γ\u0304_?\{?(\d+)\}?|\\(?:bar|overline)\{\\Gamma\}_?\{?(\d+)\}?")
_JOINED = re.compile(r"[\s+⊕]*(?=\\?G|Γ|gamma|$)")


class GammaSymbol(NamedTuple):
    """Γ with its number; ``parity`` is "+", "-" or "", ``barred`` says whether it is Bilbao's Γ̄ of a spinor irrep."""

    number: int
    parity: str
    barred: bool = False


def read_gamma(text: str) -> tuple[GammaSymbol, ...]:
    """The symbols in a text, sorted; none when it is no Γ label.

    >>> read_gamma("GM4-"), [s.number for s in read_gamma("Γ₃⁺Γ₂⁺")], read_gamma("T1u")
    ((GammaSymbol(number=4, parity='-', barred=False),), [2, 3], ())
    """
    plain = text.translate(_PLAIN)
    barred = _BARRED.fullmatch(plain)
    if barred is not None:
        return (GammaSymbol(int(next(filter(None, barred.groups()))), "", True),)
    found = []
    position = 0
    while position < len(plain):
        match = _SYMBOL.match(plain, position)
        if match is None:
            return ()
        found.append(GammaSymbol(int(match[1]), match[2]))
        gap = _JOINED.match(plain, match.end())
        if gap is None:
            return ()
        position = gap.end()
    return tuple(sorted(found))


def write_gamma(symbols: Sequence[GammaSymbol], letter: str, joint: str) -> str:
    """ "GM2+GM3+", "Γ2+ ⊕ Γ3+" or "-GM6"."""
    return joint.join(f"{'-' * s.barred}{letter}{s.number}{s.parity}" for s in sorted(symbols))
