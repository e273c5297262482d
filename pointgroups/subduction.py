"""Subduction O(3) ↓ G: how often each irrep of a point group occurs in the degree ℓ.

The character of degree ℓ and parity p at an element with proper part of angle φ is p^{[det<0]} χ_ℓ(φ),
χ_ℓ(φ) = 1 + Σ_{m=1}^{ℓ} 2 cos mφ, an integer for crystallographic angles.

Source: S. L. Altmann, Induced Representations in Crystals and Molecules (1977), ch. 8.
"""

from __future__ import annotations

from collections.abc import Sequence

from .elements import Element

_TWO_COS = {1: 2, 2: -2, 3: -1, 4: 0, 6: 1}


def rotation_character(order: int, degree: int) -> int:
    """χ_ℓ of a rotation by 2π/order, by 2 cos (m+1)φ = 2 cos φ · 2 cos mφ − 2 cos (m−1)φ."""
    total, before, now = 1, 2, _TWO_COS[order]
    for _ in range(degree):
        total += now
        before, now = now, _TWO_COS[order] * now - before
    return total


def degree_character(elements: Sequence[Element], degree: int, parity: int) -> list[int]:
    """Character of O(3)'s irrep (ℓ, parity) on every element of a point group."""
    return [rotation_character(e.order, degree) * (parity if e.det < 0 else 1) for e in elements]
