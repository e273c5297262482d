r"""Covariant polynomials: a basis of Hom_G(Sym^ν V, Γ^γ), for a point group and for O(3).

A covariant of degree ν is a homogeneous polynomial map B: V → Γ^γ with B(D(g) x) = Γ^γ(g) B(x). Those of degree ν − 1
times the linear ones span those of degree ν, since products p(x) x_j do:

    B^γ_k(x) = Σ_ij  U^{γ k, m}_{β i, α j}  B^β_i(x) x^α_j .

Many of these are zero or repeat one another (U of an antisymmetric pair; the same product in another order). Taken in
the order (β, its covariants, α, m), each is made orthogonal to those before and kept if anything is left, in the inner
product in which √(ν!/n!) x^n is an orthonormal basis of Sym^ν V, n! = Π n_i!. What stays is independent and complete:
(1/|G|) Σ_g χ_{Sym^ν V}(g) χ_γ(g) covariants, those of γ of complex type in pairs B, B·J. No average over the group is
taken, so that O(3) is served alike; there all degrees ℓ on the way up to ν ℓ_max(V) are kept.

Each covariant is scaled to ⟨B_k²⟩ = 1 over independent normal x_i, by ⟨x^n x^n′⟩ = Π_i (n_i + n′_i − 1)!!.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from equinet.groups import O3, SO3, Irrep, OrthogonalGroup, OrthogonalIrrep, coupling
from equinet.irreps import Irreps

FloatArray = NDArray[np.float64]
_NEGLIGIBLE = 1e-5
"""Of a norm: what is not zero is an algebraic number like 1/10, far above rounding and this."""


@lru_cache(maxsize=1024)
def covariant_polynomials(space: Irreps, degree: int, label: str) -> FloatArray:
    """T (N, p, d_γ), read-only: B^p_k(x) = Σ_n T[n, p, k] x^n, all covariants of one degree and one irrep.

    Args:
        space: V; the variables x are the components of a feature, in order.
        degree: ν ≥ 1.
        label: the irrep γ of the same group.

    The N = C(d + ν − 1, ν) monomials x^n are in the order of :func:`monomials`. For γ of complex type p counts B^1,
    B^1 J, B^2, B^2 J, …

    Raises:
        UnknownIrrepError: for a label that is no irrep of the group.
        ValueError: for a degree below 1.

    >>> covariant_polynomials(Irreps("Oh", "T1u"), 2, "A1g")[:, 0, 0].round(4).tolist()  # (x² + y² + z²) / √15
    [0.2582, 0.0, 0.0, 0.2582, 0.0, 0.2582]
    """
    if degree < 1:
        raise ValueError(f"covariants have a degree ν ≥ 1, not {degree}")
    wide = _with_room(space, degree)
    target = space.group.real_irreps[label]
    exponents = _exponents(space.dim, degree)
    copies = _covariants(wide, degree, label)
    pairs = np.einsum("pnk,tkl->nptl", copies, target.commutant).reshape(len(exponents), -1, target.dim)
    factorial = np.array([math.factorial(n) for n in range(degree + 1)], dtype=np.float64)
    plain = pairs * np.sqrt(factorial[degree] / factorial[exponents].prod(axis=1))[:, None, None]
    mean_squares = np.einsum("np,np->p", plain[:, :, 0], _moments(exponents) @ plain[:, :, 0])
    return _read_only(plain / np.sqrt(mean_squares)[:, None])


def monomials(dim: int, degree: int) -> list[tuple[int, ...]]:
    """The monomials x_i x_j … with i ≤ j ≤ …, as index tuples in lexicographic order.

    >>> monomials(2, 2)
    [(0, 0), (0, 1), (1, 1)]
    """
    return list(combinations_with_replacement(range(dim), degree))


@lru_cache(maxsize=4096)
def _covariants(space: Irreps, degree: int, label: str) -> FloatArray:
    """Orthonormal copies (p, N, d_γ) of γ in Sym^ν V, on the basis √(ν!/n!) x^n."""
    target = space.group.real_irreps[label]
    if degree == 1:
        return _linear(space, label)
    place = {monomial: k for k, monomial in enumerate(monomials(space.dim, degree))}
    found = _Independent(len(place), target.commutant)
    lower = monomials(space.dim, degree - 1)
    rows = np.array([[place[tuple(sorted((*n, j)))] for j in range(space.dim)] for n in lower])
    factors = np.sqrt((_exponents(space.dim, degree - 1) + 1) / degree)
    for b, irrep in space.group.real_irreps.items():
        couplings = [(where, u) for where, a in _copies(space) if len(u := coupling(irrep, a, target))]
        if not couplings:
            continue
        for previous in _covariants(space, degree - 1, b):
            for where, u in couplings:
                terms = np.einsum("ni,mijk->mnjk", previous, u) * factors[:, where, None]
                candidates = np.zeros((len(u), len(place), target.dim))
                for j, row in enumerate(rows[:, where].T):
                    candidates[:, row] += terms[:, :, j]
                for candidate in candidates:
                    found.add(candidate)
    return _read_only(found.copies)


class _Independent:
    """Gram–Schmidt over intertwiners u (N, d), together with each copy's u·J.

    By Schur's lemma ⟨u_k, v_l⟩ = a δ_kl + b J_kl, so that first columns tell whether copies are orthogonal.
    """

    def __init__(self, size: int, commutant: FloatArray) -> None:
        self._commutant = commutant
        self._spanned = np.zeros((0, size, commutant.shape[-1]))

    @property
    def copies(self) -> FloatArray:
        """What was kept, (p, N, d)."""
        return self._spanned[:: len(self._commutant)]

    def add(self, candidate: FloatArray) -> None:
        """Keep what the candidate has beyond the copies kept before, unless that is nothing."""
        rest, first = candidate, self._spanned[:, :, 0]
        for _ in range(2):  # twice, so that rounding leaves no overlap
            column = rest[:, 0] - (first @ rest[:, 0]) @ first
            norm = math.sqrt(column @ column)
            if norm < _NEGLIGIBLE:
                return
            rest = (rest - np.tensordot(first @ rest[:, 0], self._spanned, 1)) / norm
        self._spanned = np.concatenate([self._spanned, rest @ self._commutant])


def _linear(space: Irreps, label: str) -> FloatArray:
    """The copies of γ in V itself: (p, dim V, d_γ)."""
    one = np.eye(space.dim)
    same = [one[:, where] for where, a in _copies(space) if a.label == label]
    return _read_only(np.array(same).reshape(-1, space.dim, space.group.real_irreps[label].dim))


def _copies(space: Irreps) -> Iterator[tuple[slice, Irrep]]:
    """Every single copy in V: where it lies, and its irrep."""
    for block, where in zip(space.blocks, space.slices(), strict=True):
        for start in range(where.start, where.stop, block.irrep.dim):
            yield slice(start, start + block.irrep.dim), block.irrep


def _with_room(space: Irreps, degree: int) -> Irreps:
    """V among the irreps of a group that holds everything in Sym^ν V: O(3) needs degrees up to ν ℓ_max(V)."""
    group = space.group
    if not isinstance(group, OrthogonalGroup):
        return space
    highest = max((a.degree for _, a in _copies(space) if isinstance(a, OrthogonalIrrep)), default=0)
    wide = (SO3 if group.name == "SO(3)" else O3)(max(degree * highest, group.l_max))
    return Irreps(wide, [(block.multiplicity, block.label) for block in space.blocks])


def _exponents(dim: int, degree: int) -> NDArray[np.int64]:
    """n_i of every monomial, (N, d)."""
    factors = np.array(monomials(dim, degree), dtype=np.int64).reshape(-1, degree)
    counts: NDArray[np.int64] = np.sum(factors[:, :, None] == np.arange(dim), axis=1, dtype=np.int64)
    return counts


def _moments(exponents: NDArray[np.int64]) -> FloatArray:
    """⟨x^n x^n′⟩ over independent normal x_i, (N, N)."""
    highest = 2 * int(exponents.max(initial=0))
    moment = np.array([math.prod(range(1, n, 2)) if n % 2 == 0 else 0 for n in range(highest + 1)], dtype=np.float64)
    total = np.ones((len(exponents), len(exponents)))
    for column in exponents.T:
        total *= moment[column[:, None] + column]
    return total


def _read_only(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
