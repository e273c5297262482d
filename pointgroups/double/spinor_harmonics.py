"""Spinor spherical harmonics: orbital and spin angular momentum coupled to |(ℓ ½) j m⟩.

    |(ℓ ½) j m⟩ = Σ_s ⟨ℓ m−s, ½ s | j m⟩ Y_{ℓ,m−s} |½ s⟩

with the coefficients of Condon and Shortley, for j = ℓ + ½ and j = ℓ − ½

    s = +½:  √((ℓ+m+½)/(2ℓ+1)) ,  −√((ℓ−m+½)/(2ℓ+1)) ;      s = −½:  √((ℓ−m+½)/(2ℓ+1)) ,  √((ℓ+m+½)/(2ℓ+1)) .

Source: E. U. Condon and G. H. Shortley, The Theory of Atomic Spectra (1935), table 1³.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only, surd, token, value

from .spin_j import spin_text, twice_spin


def spinor_harmonics(degree: int, j: object) -> NDArray[np.float64]:
    """Coefficients of |(ℓ ½) j m⟩ on Y_{ℓ,μ} |½ s⟩, complex harmonics with the phases of Condon and Shortley.

    Args:
        degree: ℓ = 0, 1, 2, …
        j: ℓ + 1/2 or ℓ − 1/2.

    Returns:
        Array (2j+1, 2ℓ+1, 2) with m = j … −j, μ = ℓ … −ℓ, s = ½, −½; orthonormal rows, read-only.

    Raises:
        ValueError: a negative degree, or another j.

    >>> spinor_harmonics(1, "1/2")[0].round(6).tolist()  # |½ ½⟩ = √⅔ Y_11 ↓ − √⅓ Y_10 ↑
    [[0.0, 0.816497], [-0.57735, 0.0], [0.0, 0.0]]
    """
    tokens = spinor_harmonic_tokens(degree, j)
    return read_only(np.array([[[value(t).real for t in pair] for pair in row] for row in tokens]))


def spinor_harmonic_tokens(degree: int, j: object) -> list[list[list[str]]]:
    """The same as exact text."""
    twice = twice_spin(j)
    if degree < 0 or int(degree) != degree:
        raise ValueError(f"the degree ℓ is 0, 1, 2, …, not {degree}")
    if abs(twice - 2 * degree) != 1:
        raise ValueError(f"ℓ = {degree} and spin 1/2 couple to j = ℓ ± 1/2, not to {spin_text(twice)}")
    upper = twice > 2 * degree
    rows: Any = []
    for k in range(twice + 1):
        row = [["0", "0"] for _ in range(2 * degree + 1)]
        m = Fraction(twice, 2) - k
        for s, sign in ((0, 1), (1, -1)):
            place = degree - (m - Fraction(sign, 2))
            if 0 <= place <= 2 * degree:
                along = sign if upper else -sign
                q, n = surd((degree + along * m + Fraction(1, 2)) / (2 * degree + 1))
                row[int(place)][s] = token([(-q if s == 0 and not upper else q, n, False)] if q else [])
        rows.append(row)
    return list(rows)
