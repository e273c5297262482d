"""Real spherical harmonics and the matrices by which rotations act on them, in floating point.

Orthonormal on the unit sphere, polar axis z, m = −ℓ … ℓ with sin|m|φ for m < 0 and cos mφ for m > 0, no Condon–Shortley
phase: ℓ = 1 is √(3/4π) (y, z, x).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .exact import read_only


def spherical_harmonics(degree: int, vectors: ArrayLike) -> NDArray[np.float64]:
    """Y_ℓm of the directions of vectors (…, 3), shape (…, 2ℓ+1), m = −ℓ … ℓ.

    Y_ℓm = √((2ℓ+1)/4π · (2−δ_m0)(ℓ−|m|)!/(ℓ+|m|)!) P_ℓ^|m|(cos θ) (sin or cos)(|m|φ), by the recurrences in ℓ of
    sin^{−m}θ P_ℓ^m and of (x + iy)^m.

    Raises:
        ValueError: a negative degree, a wrong shape, a vector that is zero or not finite.

    >>> spherical_harmonics(1, [0.0, 0.0, 2.0]).round(6) + 0.0
    array([0.      , 0.488603, 0.      ])
    """
    if degree < 0:
        raise ValueError(f"the degree of spherical harmonics is 0, 1, 2, …, not {degree}")
    r = np.asarray(vectors, dtype=np.float64)
    if r.shape[-1:] != (3,):
        raise ValueError(f"vectors must have shape (…, 3), not {r.shape}")
    norm = np.linalg.norm(r, axis=-1, keepdims=True)
    if not np.all(np.isfinite(norm) & (norm > 0)):
        raise ValueError("a zero or non-finite vector has no direction")
    x, y, z = np.moveaxis(r / norm, -1, 0)
    planar = np.ones_like(x, dtype=complex)  # (x + iy)^m
    result = np.empty((*x.shape, 2 * degree + 1))
    for m in range(degree + 1):
        scale = math.sqrt(
            (2 * degree + 1) / (4 * math.pi) * (1 if m == 0 else 2) / math.prod(range(degree - m + 1, degree + m + 1))
        )
        legendre = _reduced_legendre(degree, m, z)
        result[..., degree + m] = scale * legendre * planar.real
        if m:
            result[..., degree - m] = scale * legendre * planar.imag
        planar = planar * (x + 1j * y)
    return result


def _reduced_legendre(degree: int, m: int, z: NDArray[Any]) -> NDArray[Any]:
    """P_ℓ^m(z)/(1 − z²)^{m/2} without the phase (−1)^m."""
    before, now = np.zeros_like(z), np.full_like(z, math.prod(range(1, 2 * m, 2)))
    for n in range(m + 1, degree + 1):
        before, now = now, ((2 * n - 1) * z * now - (n + m - 1) * before) / (n - m)
    return now


def wigner_d_real(degree: int, rotation: ArrayLike) -> NDArray[np.float64]:
    """Matrices D(R) (…, 2ℓ+1, 2ℓ+1) with Y_ℓ(R r) = D(R) Y_ℓ(r), for proper or improper rotations R (…, 3, 3).

    D(R) D(S) = D(R S), and D is the matrix of O(R) on the Y_ℓm: (O(R) Y_j)(r) = Y_j(R⁻¹ r) = Σ_i Y_i(r) D_ij(R). By
    exact quadrature, D_ij = ∫ Y_i(R r) Y_j(r) dΩ.

    Raises:
        ValueError: R is not orthogonal 3×3 matrices (to 1e-6).

    >>> wigner_d_real(1, np.diag([-1.0, -1.0, 1.0])).diagonal().round(12).tolist()  # y, z, x
    [-1.0, 1.0, -1.0]
    """
    matrices = orthogonal_matrices(rotation)
    points, weighted = _quadrature(degree)
    rotated = spherical_harmonics(degree, points @ np.swapaxes(matrices, -1, -2))
    return np.asarray(np.swapaxes(rotated, -1, -2) @ weighted)


@lru_cache(maxsize=64)
def rotation_generator(degree: int, axis: int) -> NDArray[np.float64]:
    """K_axis (2ℓ+1, 2ℓ+1) with D(exp(φ axis)) = exp(φ K), for x, y or z (0, 1, 2); exactly antisymmetric."""
    l = degree
    matrix = np.zeros((2 * l + 1, 2 * l + 1))
    if axis == 2:
        for m in range(1, l + 1):
            matrix[l - m, l + m], matrix[l + m, l - m] = m, -m
        return read_only(matrix)
    for m in range(l):
        size = math.sqrt((l - m) * (l + m + 1)) / 2 * (math.sqrt(2) if m == 0 else 1)
        if axis == 1:  # K_y: cos m → cos m+1, sin m → sin m+1
            matrix[l + m + 1, l + m] = size
            if m:
                matrix[l - m - 1, l - m] = size
        else:  # K_x: cos m → −sin m+1, sin m → cos m+1
            matrix[l - m - 1, l + m] = -size
            if m:
                matrix[l + m + 1, l - m] = size
    return read_only(matrix - matrix.T)


def orthogonal_matrix(rotation: ArrayLike) -> NDArray[np.float64]:
    """The argument as a float64 (3, 3) array; ValueError unless it is orthogonal to 1e-6."""
    matrix = np.asarray(rotation, dtype=np.float64)
    if matrix.shape != (3, 3):
        raise ValueError(f"a rotation is an orthogonal 3×3 matrix, not {matrix.tolist()}")
    return orthogonal_matrices(matrix)


def orthogonal_matrices(rotations: ArrayLike) -> NDArray[np.float64]:
    """The argument as a float64 (…, 3, 3) array; ValueError unless all matrices are orthogonal to 1e-6."""
    matrices = np.asarray(rotations, dtype=np.float64)
    if matrices.shape[-2:] != (3, 3):
        raise ValueError(f"rotations are matrices (…, 3, 3), not an array of shape {matrices.shape}")
    errors = np.abs(matrices @ np.swapaxes(matrices, -1, -2) - np.eye(3)).max(axis=(-2, -1))
    if not np.all(errors <= 1e-6):
        worst = matrices.reshape(-1, 3, 3)[np.argmax(~(errors <= 1e-6))]
        raise ValueError(f"a rotation is an orthogonal 3×3 matrix, not {worst.tolist()}")
    return matrices


@lru_cache(maxsize=64)
def _quadrature(degree: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points whose weights integrate polynomials of degree 2ℓ over the sphere exactly, and w Y_ℓm at these points."""
    z, weight = np.polynomial.legendre.leggauss(degree + 1)
    angles = 2 * np.pi * np.arange(2 * degree + 1) / (2 * degree + 1)
    planar = np.sqrt(1 - z**2)
    points = np.stack(
        [
            np.outer(planar, np.cos(angles)).ravel(),
            np.outer(planar, np.sin(angles)).ravel(),
            np.repeat(z, len(angles)),
        ],
        axis=-1,
    )
    weights = np.repeat(weight, len(angles)) * 2 * np.pi / len(angles)
    return points, spherical_harmonics(degree, points) * weights[:, None]
