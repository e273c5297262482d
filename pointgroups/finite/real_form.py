r"""Irreps over ℝ from irreps over ℂ, and the matrices that commute with them.

A real irrep is, by the Frobenius–Schur type of a constituent Γ over ℂ,

    real:           Γ itself, on ℝ^d;            commutant ℝ = {1},
    complex:        Γ ⊕ Γ*, on ℝ^{2d};           commutant ℂ = {1, J},
    quaternionic:   Γ ⊕ Γ, on ℝ^{2d};            commutant ℍ = {1, J, K, JK}.

ℂ^d is read as ℝ^{2d} with the real and the imaginary part of a component side by side, where J is multiplication by i.
In the quaternionic case Γ(g) U = U Γ(g)* with U U* = −1, and K is z → U z*.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FloatArray = NDArray[np.float64]

_J = np.array([[0.0, -1.0], [1.0, 0.0]])
_CONJUGATION = np.diag([1.0, -1.0])
_NEGLIGIBLE = 1e-6


def as_real(matrices: Array) -> FloatArray:
    """The real matrices (…, 2d, 2d) of complex ones (…, d, d) on (Re z_1, Im z_1, Re z_2, …)."""
    return np.asarray(np.kron(matrices.real, np.eye(2)) + np.kron(matrices.imag, _J))


def commutant_basis(matrices: Array, indicator: int) -> FloatArray:
    """Basis (n, D, D), 1 first, of what commutes with the real form of an irrep over ℂ (|G|, d, d); n = 1, 2, 4."""
    dim = matrices.shape[-1]
    if indicator == 1:
        return np.eye(dim)[None]
    one, j = np.eye(2 * dim), np.kron(np.eye(dim), _J)
    if indicator == 0:
        return np.stack([one, j])
    k = as_real(_antiunitary(matrices)) @ np.kron(np.eye(dim), _CONJUGATION)
    return np.stack([one, j, k, j @ k])


def _antiunitary(matrices: Array) -> Array:
    """U (d, d) unitary with Γ(g) U = U Γ(g)*: Σ_g Γ(g) X Γ(g)ᵀ for the first matrix unit X that does not vanish."""
    dim = matrices.shape[-1]
    averages = np.einsum("gai,gbj->ijab", matrices, matrices).reshape(dim * dim, dim, dim) / len(matrices)
    sizes = np.sqrt(np.sum(np.abs(averages) ** 2, axis=(1, 2)) / dim)
    first = int(np.argmax(sizes > _NEGLIGIBLE))
    return np.asarray(averages[first] / sizes[first])
