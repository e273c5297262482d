"""Clebsch–Gordan coefficients and 3j symbols, exactly.

    |(j₁ j₂) j m⟩ = Σ_{m₁ m₂} ⟨j₁ m₁, j₂ m₂ | j m⟩ |j₁ m₁⟩ |j₂ m₂⟩

By Racah's formula every coefficient is a rational number times the square root of a rational number,

    ⟨j₁ m₁, j₂ m₂ | j m⟩ = √((2j+1) Δ) √(∏ (j_i+m_i)! (j_i−m_i)!) Σ_k (−1)^k / [k! (j₁+j₂−j−k)! (j₁−m₁−k)!
                            (j₂+m₂−k)! (j−j₂+m₁+k)! (j−j₁−m₂+k)!] ,

    Δ = (j₁+j₂−j)! (j₁−j₂+j)! (−j₁+j₂+j)! / (j₁+j₂+j+1)! ,

with m = m₁ + m₂ and the phases of Condon and Shortley: ⟨j₁ j₁, j₂ j−j₁ | j j⟩ > 0. States are ordered m = j … −j.

Source: G. Racah, Phys. Rev. 62, 438 (1942); A. R. Edmonds, Angular Momentum in Quantum Mechanics (1957), ch. 3.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import factorial, prod
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from pointgroups.double.spin_j import spin_text, twice_spin
from pointgroups.exact import read_only, surd, symbolic, token, value

if TYPE_CHECKING:
    import sympy

Spin = float | str | Fraction
Tokens = tuple[tuple[tuple[str, ...], ...], ...]


@overload
def clebsch_gordan(j1: Spin, j2: Spin, j: Spin, exact: Literal[False] = False) -> NDArray[np.float64]: ...
@overload
def clebsch_gordan(j1: Spin, j2: Spin, j: Spin, exact: Literal[True]) -> sympy.ImmutableDenseNDimArray: ...
def clebsch_gordan(j1: Spin, j2: Spin, j: Spin, exact: bool = False) -> Any:
    """⟨j₁ m₁, j₂ m₂ | j m⟩, array (2j₁+1, 2j₂+1, 2j+1) with m_i = j_i … −j_i.

    D^{j₁}(U) ⊗ D^{j₂}(U) C = C D^j(U) for every U in SU(2), and the C of all j are together orthogonal.

    Args:
        j1, j2, j: 0, 1/2, 1, … as numbers, Fractions or texts such as "3/2".
        exact: return SymPy numbers.

    Returns:
        float64, read-only, correctly rounded; or a SymPy array.

    Raises:
        ValueError: no angular momentum, or j₁, j₂ and j do not form a triangle.

    >>> clebsch_gordan("1/2", "1/2", 0)[:, :, 0].round(6).tolist()  # the singlet (↑↓ − ↓↑)/√2
    [[0.0, 0.707107], [-0.707107, 0.0]]
    """
    return _array(_coefficients(*_triangle(j1, j2, j)), exact)


@overload
def wigner_3j(j1: Spin, j2: Spin, j3: Spin, exact: Literal[False] = False) -> NDArray[np.float64]: ...
@overload
def wigner_3j(j1: Spin, j2: Spin, j3: Spin, exact: Literal[True]) -> sympy.ImmutableDenseNDimArray: ...
def wigner_3j(j1: Spin, j2: Spin, j3: Spin, exact: bool = False) -> Any:
    """(j₁ j₂ j₃; m₁ m₂ m₃) = (−1)^{j₁−j₂−m₃} ⟨j₁ m₁, j₂ m₂ | j₃ −m₃⟩/√(2j₃+1), array (2j₁+1, 2j₂+1, 2j₃+1).

    Invariant under SU(2); an even permutation of columns leaves it as it is, an odd one gives (−1)^{j₁+j₂+j₃}.

    Args and errors as for :func:`clebsch_gordan`.

    >>> wigner_3j(1, 1, 0, exact=True)[0, 2, 0]
    sqrt(3)/3
    """
    return _array(_symbols(*_triangle(j1, j2, j3)), exact)


def _triangle(j1: Spin, j2: Spin, j: Spin) -> tuple[int, int, int]:
    """2j₁, 2j₂, 2j; ValueError unless they can couple."""
    a, b, c = twice_spin(j1), twice_spin(j2), twice_spin(j)
    if (a + b + c) % 2 or not abs(a - b) <= c <= a + b:
        allowed = ", ".join(spin_text(t) for t in range(abs(a - b), a + b + 1, 2))
        raise ValueError(f"{spin_text(a)} and {spin_text(b)} couple to {allowed}, not to {spin_text(c)}")
    return a, b, c


def _array(tokens: Tokens, exact: bool) -> Any:
    if not exact:
        return read_only(np.array([[[value(t).real for t in row] for row in plane] for plane in tokens]))
    import sympy

    return sympy.ImmutableDenseNDimArray([[[symbolic(t) for t in row] for row in plane] for plane in tokens])


@lru_cache(maxsize=256)
def _coefficients(a: int, b: int, c: int) -> Tokens:
    """Number tokens; index k of a state is m = j − k."""
    return tuple(
        tuple(
            tuple(_token(a, b, c, k1, k2) if k == k1 + k2 - (a + b - c) // 2 else "0" for k in range(c + 1))
            for k2 in range(b + 1)
        )
        for k1 in range(a + 1)
    )


@lru_cache(maxsize=256)
def _symbols(a: int, b: int, c: int) -> Tokens:
    """Number tokens of the 3j symbols; −m₃ is index 2j₃ − k of the coupled state."""
    return tuple(
        tuple(
            tuple(
                _token(a, b, c, k1, k2, Fraction((-1) ** ((a - b - c) // 2 + k)), Fraction(1, c + 1))
                if c - k == k1 + k2 - (a + b - c) // 2
                else "0"
                for k in range(c + 1)
            )
            for k2 in range(b + 1)
        )
        for k1 in range(a + 1)
    )


def _token(
    a: int, b: int, c: int, k1: int, k2: int, sign: Fraction = Fraction(1), weight: Fraction = Fraction(1)
) -> str:
    """sign · √weight · ⟨j₁ j₁−k₁, j₂ j₂−k₂ | j m⟩."""
    k3 = k1 + k2 - (a + b - c) // 2
    plus, minus, rest = (a + c - b) // 2, (b + c - a) // 2, (a + b - c) // 2
    triangle = Fraction(factorial(rest) * factorial(plus) * factorial(minus), factorial((a + b + c) // 2 + 1))
    states = prod(map(factorial, (a - k1, k1, b - k2, k2, c - k3, k3)))
    total = Fraction(0)
    for k in range(max(0, k1 - plus, (b - k2) - minus), min(rest, k1, b - k2) + 1):
        below = (k, rest - k, k1 - k, b - k2 - k, plus - k1 + k, minus - (b - k2) + k)
        total += Fraction((-1) ** k, prod(map(factorial, below)))
    root, square_free = surd((c + 1) * triangle * states * weight)
    factor = sign * total * root
    return token([(factor, square_free, False)] if factor else [])
