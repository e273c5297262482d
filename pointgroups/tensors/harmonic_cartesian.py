"""Symmetric Cartesian tensors ↔ harmonics on the sphere, in real harmonics and in the J_z basis.

A totally symmetric tensor of rank n is a homogeneous polynomial, and a polynomial is a sum of harmonics,

    T_{i₁…i_n} r_{i₁} … r_{i_n} = r^n Σ_{ℓ = n, n−2, …} Σ_m c_ℓm Y_ℓm(r̂) .

In the J_z basis of rank one, Racah-normalised, Y₁^{±1} = ∓(x ± iy)/√2 and Y₁⁰ = z, any tensor reads
T = a_{αβ…} Y₁^α ⊗ Y₁^β ⊗ …, and the same polynomial is Σ y_ℓ^m C_ℓ^m with C_ℓ^m = √(4π/(2ℓ+1)) Y_ℓ^m (Condon–Shortley
phase).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .decomposition import checked_tensors, decompose
from .harmonic_tensors import HarmonicPart, harmonic_parts
from .index_permutations import IndexSymmetry

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_TO_JZ: ComplexArray = np.array([[-1, 0, 1], [1j, 0, 1j], [0, math.sqrt(2), 0]], dtype=np.complex128) / math.sqrt(2)
"""r_i = Σ_α M_iα Y₁^α with columns α = +1, 0, −1."""
_FROM_JZ: ComplexArray = np.linalg.inv(_TO_JZ).astype(np.complex128)


def _symmetric(rank: int) -> IndexSymmetry:
    swaps = tuple(((*range(k), k + 1, k, *range(k + 2, rank)), 1) for k in range(rank - 1))
    return IndexSymmetry(rank, swaps)


@lru_cache(maxsize=32)
def _parts(rank: int) -> tuple[tuple[HarmonicPart, float], ...]:
    """Every degree with κ_ℓ, where u_m contracted with n unit vectors is κ_ℓ Y_ℓm."""
    found = []
    for part in harmonic_parts(_symmetric(rank)):
        along_z = part.array[(0, part.degree, *(2,) * rank)]
        found.append((part, float(along_z) / math.sqrt((2 * part.degree + 1) / (4 * math.pi))))
    return tuple(found)


def tensor_to_harmonics(tensors: ArrayLike, rank: int) -> dict[int, FloatArray]:
    """Coefficients c_ℓm, m = −ℓ … ℓ, of the polynomials of symmetric tensors (…, 3, …, 3): ℓ → (…, 2ℓ+1).

    Raises:
        ValueError: a wrong shape, or tensors that are not totally symmetric.

    >>> import numpy as np
    >>> {l: c.round(4).tolist() for l, c in tensor_to_harmonics(np.diag([1.0, 1.0, 1.0]), 2).items()}
    {2: [0.0, 0.0, 0.0, 0.0, 0.0], 0: [3.5449]}
    """
    values = checked_tensors(tensors, rank)
    decompose(values, _symmetric(rank))  # refuses tensors that are not symmetric
    lead = values.shape[: values.ndim - rank]
    flat = values.reshape((*lead, 3**rank))
    return {
        part.degree: kappa * (flat @ part.array[0].reshape(2 * part.degree + 1, -1).T) for part, kappa in _parts(rank)
    }


def harmonics_to_tensor(coefficients: Mapping[int, ArrayLike], rank: int) -> FloatArray:
    """The symmetric tensors (…, 3, …, 3) whose polynomials have the coefficients c_ℓm; missing degrees are zero.

    Raises:
        ValueError: a degree that does not occur at this rank (ℓ ≤ n of the same parity), or a wrong number of
            components.

    >>> harmonics_to_tensor({1: [0.0, 2.0466534158929770, 0.0]}, 1).round(6).tolist()
    [0.0, 0.0, 1.0]
    """
    known = {part.degree: (part, kappa) for part, kappa in _parts(rank)}
    if not coefficients:
        raise ValueError(f"give the coefficients of at least one degree of {sorted(known)}")
    total: FloatArray | None = None
    for degree, given in coefficients.items():
        c = np.asarray(given, dtype=np.float64)
        if degree not in known or c.shape[-1:] != (2 * degree + 1,):
            raise ValueError(
                f"rank {rank} holds the degrees {sorted(known)} with 2ℓ+1 coefficients, not {degree}: {c.shape}"
            )
        part, kappa = known[degree]
        term = np.tensordot(c / kappa, part.array[0], axes=1)
        total = term if total is None else total + term
    assert total is not None
    return total


def jz_components(tensors: ArrayLike, rank: int) -> ComplexArray:
    """Components a_{αβ…} (…, 3, …, 3) in the J_z basis, α = +1, 0, −1: T = a_{αβ…} Y₁^α ⊗ Y₁^β ⊗ ….

    >>> jz_components([0.0, 0.0, 1.0], 1).tolist()
    [0j, (1+0j), 0j]
    """
    return _contracted(checked_tensors(tensors, rank).astype(np.complex128), _TO_JZ, rank)


def from_jz_components(components: ArrayLike, rank: int) -> FloatArray:
    """The real Cartesian tensors with these J_z components.

    Raises:
        ValueError: components of no real tensor (imaginary parts above 1e-9 of the largest entry).

    >>> from_jz_components([0.0, 1.0, 0.0], 1).tolist()
    [0.0, 0.0, 1.0]
    """
    tensors = _contracted(np.asarray(components, dtype=np.complex128), _FROM_JZ, rank)
    if np.abs(tensors.imag).max(initial=0.0) > 1e-9 * np.abs(tensors).max(initial=0.0):
        raise ValueError("these J_z components are not those of a real tensor")
    return np.ascontiguousarray(tensors.real)


def _contracted(values: ComplexArray, matrix: ComplexArray, rank: int) -> ComplexArray:
    for axis in range(values.ndim - rank, values.ndim):
        values = np.moveaxis(np.tensordot(values, matrix, axes=(axis, 0)), -1, axis)
    return values


def jz_harmonics(coefficients: Mapping[int, ArrayLike]) -> dict[int, ComplexArray]:
    """From c_ℓm of real harmonics to y_ℓ^m, m = ℓ … −ℓ, of Racah-normalised complex ones: Σ c Y = Σ y C.

    >>> {l: y.round(6).tolist() for l, y in jz_harmonics({1: [0.0, 2.046653415892977, 0.0]}).items()}
    {1: [0j, (1+0j), 0j]}
    """
    found: dict[int, ComplexArray] = {}
    for degree, given in coefficients.items():
        c = np.asarray(given, dtype=np.float64)
        if c.shape[-1:] != (2 * degree + 1,):
            raise ValueError(f"degree {degree} has {2 * degree + 1} coefficients, not {c.shape}")
        y = np.zeros(c.shape, dtype=np.complex128)
        y[..., degree] = c[..., degree]
        for m in range(1, degree + 1):
            cos, sin = c[..., degree + m], c[..., degree - m]
            y[..., degree - m] = (-1) ** m * (cos - 1j * sin) / math.sqrt(2)
            y[..., degree + m] = (cos + 1j * sin) / math.sqrt(2)
        found[degree] = np.asarray(y * math.sqrt((2 * degree + 1) / (4 * math.pi)))
    return found
