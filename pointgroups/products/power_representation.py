"""[Γⁿ] as matrices: homogeneous polynomials in the partners x_1 … x_d of any irrep, or in x, y, z.

O(g) x_j = Σ_i x_i Γ_ij(g), so the matrices on monomials of degree n follow from those of degree n − 1 by
O(g)(x_j m) = (O(g) x_j)(O(g) m). They are unitary for the Fischer product ⟨x^a, x^a⟩ = a_1! … a_d!.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray
from pointgroups.irreps import Irrep
from pointgroups.projection import candidate_intertwiners

from .arithmetic import Arithmetic, Array, Floating, arithmetic

_LARGEST = 2048  # monomials
_ILL_CONDITIONED = 10**9
_AT_ONCE = 2**22  # entries of matrices
_ZERO = 1e-9

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


def monomial_images(numbers: Arithmetic, gamma: Array, chosen: Sequence[Exponents]) -> Array:
    """O(g) m of some monomials of one degree, (|G|, N, n), for any matrices Γ(g)."""
    if not any(chosen[0]):
        return _constants(numbers, len(gamma))
    needed = {_times(e, _first(e), -1) for e in chosen}
    lower = [e for e in monomials(len(chosen[0]), sum(chosen[0]) - 1) if e in needed]
    return _next_degree(numbers, gamma, monomial_images(numbers, gamma, lower), lower, chosen)


def _constants(numbers: Arithmetic, order: int) -> Array:
    """The matrices (|G|, 1, 1) on constants."""
    return numbers.of(ExactArray.integers(np.ones((order, 1, 1), dtype=np.int64)))


def _next_degree(
    numbers: Arithmetic, gamma: Array, images: Array, lower: Sequence[Exponents], chosen: Sequence[Exponents]
) -> Array:
    """The images of monomials x_j m from those of the monomials m, one degree lower."""
    d, degree = len(chosen[0]), sum(chosen[0])
    place = {e: k for k, e in enumerate(monomials(d, degree))}
    lower_place = {e: k for k, e in enumerate(lower)}
    factor = [_first(e) for e in chosen]
    source = [lower_place[_times(e, j, -1)] for e, j in zip(chosen, factor, strict=True)]
    raised = [[place[_times(e, i, 1)] for e in monomials(d, degree - 1)] for i in range(d)]
    return numbers.spread_product(images[:, :, source], gamma[:, :, factor], raised, len(place))


def projected_monomials(irrep: Irrep, degree: int, covariant: Irrep) -> tuple[list[Exponents], Array]:
    """Monomials m of a degree, in their order, less some with P^{k0} m = 0 of γ; P^{k0} m for all others, (n, N, d_γ).

    A monomial is an eigenfunction of the subgroup A of elements that are diagonal in Γ and γ. With G = ∪ tA follows
    P^{k0} m = (d_γ/|T|) Σ_t γ_k0(t)* O(t) m where its eigenvalues are γ_00 on A, and else P^{k0} m = 0.

    Raises:
        ValueError: more than 2048 monomials, or in floating point a multinomial coefficient above 10⁹.
    """
    numbers = arithmetic(irrep)
    require_moderate(numbers, irrep.dim, degree)
    every = monomials(irrep.dim, degree)
    representatives, turns, wanted = _diagonal_subgroup(irrep, covariant)
    kept = np.all((np.array(every) @ turns - wanted) % irrep.group.order == 0, axis=1)
    chosen = [e for e, yes in zip(every, kept, strict=True) if yes]
    gamma, kind = numbers.matrices(irrep)[representatives], numbers.matrices(covariant)[representatives]
    step = max(1, _AT_ONCE // (len(every) * len(chosen)))
    if step >= len(kind):
        return chosen, candidate_intertwiners(kind, monomial_images(numbers, gamma, chosen))
    total = None
    for start in range(0, len(kind), step):
        some = kind[start : start + step]
        mean = candidate_intertwiners(some, monomial_images(numbers, gamma[start : start + step], chosen))
        part = mean * (numbers.part(len(kind)) * len(some))
        total = part if total is None else total + part
    return chosen, total


def require_moderate(numbers: Arithmetic, variables: int, degree: int) -> None:
    """ValueError for more than 2048 monomials, or in floating point a multinomial coefficient above 10⁹."""
    size = math.comb(degree + variables - 1, degree)
    if size > _LARGEST:
        raise ValueError(
            f"degree {degree} in {variables} variables has {size} monomials, and up to {_LARGEST} are projected; "
            "molien_series counts the polynomials of any degree"
        )
    if numbers is Floating and math.factorial(degree) > _ILL_CONDITIONED * min(fischer_norms(variables, degree)):
        raise ValueError(
            f"in floating point the monomials of degree {degree} in {variables} variables are too nearly dependent: a "
            f"multinomial coefficient is above {_ILL_CONDITIONED:.0e}; molien_series counts polynomials of any degree"
        )


@lru_cache(maxsize=4096)
def _diagonal_subgroup(irrep: Irrep, covariant: Irrep) -> tuple[list[int], NDArray[np.int64], NDArray[np.int64]]:
    """Of A: one element of each coset tA; k with Γ_ii(a) = e^{2πik/|G|}, (d, |A|), and k of γ_00(a), (|A|,)."""
    order = irrep.group.order
    subgroup = np.flatnonzero(_are_diagonal(irrep.matrices) & _are_diagonal(covariant.matrices))
    least = irrep.group.product[:, subgroup].min(axis=1)
    representatives = np.flatnonzero(least == np.arange(order)).tolist()
    diagonals = np.diagonal(irrep.matrices[subgroup], axis1=1, axis2=2)
    return representatives, _turns(diagonals.T, order), _turns(covariant.matrices[subgroup, 0, 0], order)


def _are_diagonal(matrices: NDArray[Any]) -> NDArray[np.bool_]:
    beside = matrices * (1 - np.eye(matrices.shape[-1]))
    return np.asarray(np.abs(beside).max(axis=(1, 2)) < _ZERO)


def _turns(roots: NDArray[Any], order: int) -> NDArray[np.int64]:
    """k of e^{2πik/order}."""
    return np.asarray(np.rint(np.angle(roots) * order / (2 * np.pi)), dtype=np.int64)


def _first(exponents: Exponents) -> int:
    """The first variable of a monomial."""
    return next(i for i, e in enumerate(exponents) if e)


def _times(exponents: Exponents, variable: int, power: int) -> Exponents:
    return tuple(e + power * (k == variable) for k, e in enumerate(exponents))
