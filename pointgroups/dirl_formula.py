"""Coupling (Clebsch–Gordan) coefficients by Dirl's formula, with every copy of a repeated irrep.

    (U^{γn}_{αi,βj})^m = √(d_γ/|G|) [Σ_g Γ^α_qq Γ^β_ss Γ^γ*_aa]^{−1/2} Σ_g Γ^α_iq(g) Γ^β_js(g) Γ^γ_na(g)*

The sum is the transfer operator P^{na} of Γ^γ in Γ^α ⊗ Γ^β applied to the product vector (q, s), and the bracket its
norm. Pairs (q, s) are taken in lexicographic order until all m copies are found, and orthonormalised; for α = β the
symmetric combinations (q, s) + (s, q) come first, then the antisymmetric ones, so every copy has a definite exchange
symmetry. The phase makes the first non-zero coefficient of n = 1 in (i, j) order positive.

Source: R. Dirl, J. Math. Phys. 20, 659 (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .exact import ExactArray, concatenate, inverse_sqrt, kron, stack
from .projection import candidate_intertwiners, independent_copies, squared_norm

Array = Any
_ROUNDING = 1e-14


def dirl(a: Array, b: Array, c: Array, multiplicity: int, commutant: Sequence[Array] = (), same: bool = False) -> Array:
    """Coupling coefficients of irreps given by their matrices.

    Args:
        a, b, c: matrices (|G|, d, d) of α, β, γ in the same order of elements: all exact, or all NumPy arrays.
        multiplicity: how often γ occurs in α ⊗ β.
        commutant: over ℝ, the commutant matrices of γ beside the identity.
        same: whether α = β, so that copies are made symmetric or antisymmetric.

    Returns:
        U (m, d_a, d_b, d_c) with Γ^α ⊗ Γ^β U = U Γ^γ and orthonormal columns over all copies.

    Raises:
        ArithmeticError: fewer copies exist than ``multiplicity`` says.
    """
    d_a, d_b, d_c = a.shape[-1], b.shape[-1], c.shape[-1]
    if multiplicity == 0:
        empty = np.zeros((0, d_a, d_b, d_c))
        return ExactArray.integers(empty.astype(np.int64)) if isinstance(a, ExactArray) else empty
    copies = orthogonal_copies(a, b, c, multiplicity, commutant, same)
    normalised = [_with_phase(u * _inverse_sqrt(squared_norm(u))) for u in copies]
    joined = stack(normalised) if isinstance(a, ExactArray) else np.stack(normalised)
    return joined.reshape(multiplicity, d_a, d_b, d_c)


def orthogonal_copies(
    a: Array, b: Array, c: Array, multiplicity: int, commutant: Sequence[Array] = (), same: bool = False
) -> list[Array]:
    """Copies of γ in α ⊗ β as intertwiners (d_a·d_b, d_c), mutually orthogonal, not normalised; see :func:`dirl`."""
    product = kron(a, b) if isinstance(a, ExactArray) else _kron(a, b)
    candidates = candidate_intertwiners(c, product)
    if same:
        candidates = _by_exchange_symmetry(candidates, a.shape[-1])
    return independent_copies(candidates, multiplicity, commutant)


def _kron(a: Array, b: Array) -> Array:
    product = a[:, :, None, :, None] * b[:, None, :, None, :]
    return product.reshape(len(a), a.shape[1] * b.shape[1], a.shape[2] * b.shape[2])


def _by_exchange_symmetry(candidates: Array, d: int) -> Array:
    """Seeds (q, s) + (s, q) for q ≤ s, then (q, s) − (s, q) for q < s, in lexicographic order."""
    upper = [(q, s) for q in range(d) for s in range(q, d)]
    first = [q * d + s for q, s in upper]
    second = [s * d + q for q, s in upper]
    symmetric = candidates[first] + candidates[second]
    off = [k for k, (q, s) in enumerate(upper) if q != s]
    antisymmetric = candidates[[first[k] for k in off]] - candidates[[second[k] for k in off]]
    if isinstance(candidates, ExactArray):
        return concatenate([symmetric, antisymmetric]) if off else symmetric
    return np.concatenate([symmetric, antisymmetric])


def _inverse_sqrt(value: Any) -> Any:
    return value**-0.5 if isinstance(value, float) else inverse_sqrt(value)


def _with_phase(u: Array) -> Array:
    """Turn the phase so that the first non-zero coefficient of column 0 is real and positive."""
    column = u[:, 0]
    if isinstance(u, ExactArray):
        first = column[int(np.flatnonzero(column.nonzero())[0])]
        return u * (first.conj() * inverse_sqrt((first * first.conj()).rational()))
    first = column[np.flatnonzero(np.abs(column) > 1e-9)[0]]
    return u * (first.conjugate() / abs(first))


def without_rounding(array: NDArray[Any]) -> NDArray[Any]:
    """A numeric array with the parts below 1e-14 set to zero."""
    if np.iscomplexobj(array):
        return without_rounding(array.real) + 1j * without_rounding(array.imag)
    return np.where(np.abs(array) < _ROUNDING, 0.0, array)
