r"""Clebsch–Gordan coefficients of SO(3) between real harmonics.

    U_ijk = Σ_αβ Q̄_iα Q̄_jβ Q_kγ ⟨a α b β | c γ⟩ ,    γ = α + β,    times −i where that is imaginary (a + b + c odd),

with the real harmonics in Condon–Shortley's complex ones, s = (−1)^m for m > 0,

    Y_{ℓ,m} = (s Y^m + Y^{−m})/√2 ,        Y_{ℓ,−m} = (s Y^m − Y^{−m})/(i√2) .
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb, factorial, sqrt

import numpy as np
from numpy.typing import NDArray


@cache
def real_clebsch_gordan(a: int, b: int, c: int) -> NDArray[np.float64]:
    """U (m, 2a+1, 2b+1, 2c+1), m = 1 where |a − b| ≤ c ≤ a + b, else 0: D^a(R) ⊗ D^b(R) U = U D^c(R), an isometry.

    Read-only; the first coefficient of k = 1, in the order of (i, j), that is not zero is positive. For given i, j, k
    the terms of the sum differ in sign alone, so that what cancels cancels exactly.

    >>> (real_clebsch_gordan(1, 1, 1)[0, :, :, 0] * 2**0.5).round(12).tolist()  # y of the vector product of (y, z, x)
    [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
    """
    result = np.zeros((int(abs(a - b) <= c <= a + b), 2 * a + 1, 2 * b + 1, 2 * c + 1), dtype=complex)
    if not len(result):
        return _read_only(result.real)
    for alpha in range(-a, a + 1):
        for beta in range(max(-b, -c - alpha), min(b, c - alpha) + 1):
            value = _clebsch_gordan(a, alpha, b, beta, c)
            for i, x in _real_harmonics_of(alpha):
                for j, y in _real_harmonics_of(beta):
                    for k, z in _real_harmonics_of(alpha + beta):
                        result[0, a + i, b + j, c + k] += np.conj(x * y) * z * value
    array = result.real if (a + b + c) % 2 == 0 else result.imag
    first = array[0, :, :, 0]
    return _read_only(array * np.sign(first[first != 0][0]) + 0.0)  # no −0.0


def _real_harmonics_of(m: int) -> list[tuple[int, complex]]:
    """[(μ, Q_μm)]: the real harmonics that hold Y^m, with its coefficient in them."""
    if m == 0:
        return [(0, 1)]
    size = sqrt(0.5) * ((-1) ** m if m > 0 else 1)
    return [(abs(m), size), (-abs(m), -1j * size if m > 0 else 1j * size)]


def _clebsch_gordan(a: int, alpha: int, b: int, beta: int, c: int) -> float:
    """⟨a α b β|c α+β⟩ by Racah's formula, in integers up to the last square root (Varshalovich, § 8.2, eq. 3)."""
    gamma = alpha + beta
    total = sum(
        (-1) ** k * comb(a + b - c, k) * comb(a - b + c, a - alpha - k) * comb(b + c - a, b + beta - k)
        for k in range(max(0, b - c - alpha, a - c + beta), min(a + b - c, a - alpha, b + beta) + 1)
    )
    states = ((a, alpha), (b, beta), (c, gamma))
    numerator = (2 * c + 1) * total**2
    for l, m in states:
        numerator *= factorial(l + m) * factorial(l - m)
    denominator = factorial(a + b + c + 1) * factorial(a + b - c) * factorial(a - b + c) * factorial(b + c - a)
    size = sqrt(Fraction(numerator, denominator))
    return size if total > 0 else -size


def _read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    array.flags.writeable = False
    return array
