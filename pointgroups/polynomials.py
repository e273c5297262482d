"""Homogeneous polynomials in x, y, z as a representation of a point group, exactly.

Functions transform as (O(g) f)(r) = f(g⁻¹ r). For orthogonal g, O(g) x_j = Σ_i x_i g_ij, so the matrices on monomials
of degree n follow from those of degree n − 1 by O(g)(x_j m) = (O(g) x_j)(O(g) m). They are orthogonal for the Fischer
product ⟨x^a y^b z^c, x^a y^b z^c⟩ = a! b! c!, which on harmonic polynomials of one degree is a constant times the
integral over the sphere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np

from .exact import ExactArray, spread_product

Exponents = tuple[int, int, int]


@cache
def monomials(degree: int) -> tuple[Exponents, ...]:
    """Exponents (a, b, c) of x^a y^b z^c, in the order z² before x², x², y², then yz, zx, xy: powers of z fall last."""
    found = [(a, b, degree - a - b) for a in range(degree + 1) for b in range(degree + 1 - a)]
    return tuple(sorted(found, key=lambda e: (-max(e), -e[2], -e[0], -e[1])))


@cache
def fischer_norms(degree: int) -> tuple[int, ...]:
    """a! b! c! of every monomial."""
    return tuple(math.factorial(a) * math.factorial(b) * math.factorial(c) for a, b, c in monomials(degree))


def polynomial_representation(rotations: ExactArray, degree: int) -> ExactArray:
    """Matrices (|G|, N, N) of O(g) on the monomials of one degree: O(g) m_j = Σ_i m_i D_ij(g)."""
    matrices = ExactArray.integers(np.ones((len(rotations), 1, 1), dtype=np.int64))
    for n in range(1, degree + 1):
        matrices = next_degree(rotations, matrices, n)
    return matrices


def next_degree(rotations: ExactArray, lower: ExactArray, degree: int) -> ExactArray:
    """From the matrices of degree − 1 to those of degree: the column of x_j m is Σ_i g_ij x_i · (column of m)."""
    place = {e: k for k, e in enumerate(monomials(degree))}
    lower_place = {e: k for k, e in enumerate(monomials(degree - 1))}
    factor = [next(i for i in range(3) if e[i]) for e in monomials(degree)]
    source = [lower_place[_times(e, j, -1)] for e, j in zip(monomials(degree), factor, strict=True)]
    columns = lower[:, :, source]  # (|G|, N of degree − 1, N)
    raised = [[place[_times(e, i)] for e in monomials(degree - 1)] for i in range(3)]
    return spread_product(columns, rotations[:, :, factor], raised, len(place))


def _times(exponents: Exponents, axis: int, power: int = 1) -> Exponents:
    a, b, c = (e + power * (k == axis) for k, e in enumerate(exponents))
    return (a, b, c)


def polynomial(terms: Sequence[tuple[str, Exponents]], degree: int) -> ExactArray:
    """Coefficients (N,) of Σ q·x^a y^b z^c from tokens and exponents."""
    place = {e: k for k, e in enumerate(monomials(degree))}
    tokens = ["0"] * len(place)
    for coefficient, exponents in terms:
        tokens[place[exponents]] = coefficient
    return ExactArray.parse(tokens)


def simplest_multiple(functions: ExactArray) -> ExactArray:
    """Scale polynomials (d, N) by one common number so that all coefficients are coprime integers, times √3 at most.

    The leading coefficient of the first function comes out a positive integer.
    """
    pivot = functions[0][int(np.flatnonzero(functions[0].nonzero())[0])]
    scaled = functions * (pivot * (1 / (pivot * pivot).rational()))
    return scaled * Fraction(scaled.denominator, int(np.gcd.reduce(scaled.numerators, axis=None)))


def text(coefficients: ExactArray, degree: int) -> str:
    """Readable polynomial, such as ``2*z**2-x**2-y**2`` or ``sqrt(3)*(x**2-y**2)``."""
    rows = coefficients.numerators.reshape(-1, 8)
    surd = rows[:, 1:].any() and not rows[:, [0, 1, 3, 4, 5, 6, 7]].any()
    if not surd:
        return sum_of_terms(coefficients.tokens(), degree)
    body = sum_of_terms((coefficients * ExactArray.parse(["sqrt(3)/3"])).tokens(), degree)
    return f"sqrt(3)*({body})" if np.count_nonzero(coefficients.nonzero()) > 1 else f"sqrt(3)*{body}"


def sum_of_terms(tokens: Sequence[str], degree: int) -> str:
    """Σ q·x^a y^b z^c as text from the coefficients of the monomials of a degree as text; zeros are left out."""
    parts: list[str] = []
    for number, exponents in zip(tokens, monomials(degree), strict=True):
        if number == "0":
            continue
        factors = [v if p == 1 else f"{v}**{p}" for v, p in zip("xyz", exponents, strict=True) if p]
        monomial = "*".join(factors)
        lead = {"1": "", "-1": "-"}.get(number, f"{number}*")
        parts.append((lead + monomial) if lead.startswith("-") or not parts else "+" + lead + monomial)
    return "".join(parts)
