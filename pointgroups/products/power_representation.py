"""[Γⁿ] as matrices: homogeneous polynomials in the partners x_1 … x_d of any irrep, exactly.

O(g) x_j = Σ_i x_i Γ_ij(g), so the matrices on monomials of degree n follow from those of degree n − 1 by
O(g)(x_j m) = (O(g) x_j)(O(g) m). They are unitary for the Fischer product ⟨x^a, x^a⟩ = a_1! … a_d!.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

import numpy as np

from pointgroups.exact import ExactArray, spread_product
from pointgroups.irreps import Irrep

Exponents = tuple[int, ...]


@cache
def monomials(variables: int, degree: int) -> tuple[Exponents, ...]:
    """Exponents of x_1^{a_1} … x_d^{a_d}: powers of one variable first, x_1 before x_2; the most mixed last."""
    found: list[Exponents] = [(degree,)] if variables == 1 else []
    if variables > 1:
        found = [(a, *rest) for a in range(degree, -1, -1) for rest in monomials(variables - 1, degree - a)]
    return tuple(sorted(found, key=lambda e: (-max(e), *(-a for a in e))))


@cache
def fischer_norms(variables: int, degree: int) -> tuple[int, ...]:
    """a_1! … a_d! of every monomial."""
    return tuple(math.prod(map(math.factorial, e)) for e in monomials(variables, degree))


@lru_cache(maxsize=512)
def power_matrices(irrep: Irrep, degree: int) -> ExactArray:
    """Matrices (|G|, N, N) on the monomials of one degree: O(g) m_j = Σ_i m_i D_ij(g)."""
    gamma = irrep.exact_matrices
    if degree == 0:
        return ExactArray.integers(np.ones((len(gamma), 1, 1), dtype=np.int64))
    d = irrep.dim
    lower = power_matrices(irrep, degree - 1)
    place = {e: k for k, e in enumerate(monomials(d, degree))}
    lower_place = {e: k for k, e in enumerate(monomials(d, degree - 1))}
    factor = [next(i for i in range(d) if e[i]) for e in monomials(d, degree)]
    source = [lower_place[_times(e, j, -1)] for e, j in zip(monomials(d, degree), factor, strict=True)]
    raised = [[place[_times(e, i, 1)] for e in monomials(d, degree - 1)] for i in range(d)]
    return spread_product(lower[:, :, source], gamma[:, :, factor], raised, len(place))


def _times(exponents: Exponents, variable: int, power: int) -> Exponents:
    return tuple(e + power * (k == variable) for k, e in enumerate(exponents))
