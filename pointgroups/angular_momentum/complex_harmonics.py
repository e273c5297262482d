"""Complex spherical harmonics with the phases of Condon and Shortley: the J_z basis of functions on the sphere.

With the real harmonics Y_{ℓ,±|m|} of this library (cos mφ for m > 0, sin|m|φ for m < 0),

    Y_ℓ^{m} = (−1)^m (Y_{ℓ,m} + i Y_{ℓ,−m})/√2 ,    Y_ℓ^{−m} = (Y_{ℓ,m} − i Y_{ℓ,−m})/√2 ,    m > 0 ,

so that J_z Y_ℓ^m = m Y_ℓ^m and a rotation by φ about z gives e^{−imφ} Y_ℓ^m. They are orthonormal; Racah's C_ℓ^m =
√(4π/(2ℓ+1)) Y_ℓ^m are not, but for ℓ = 1 they are the components of a vector, C_1^{±1} = ∓(x ± iy)/√2 and C_1^0 = z,
and products of them need no 4π:

    C_{ℓ₁}^{m₁} C_{ℓ₂}^{m₂} = Σ_L ⟨ℓ₁ 0, ℓ₂ 0 | L 0⟩ Σ_M ⟨ℓ₁ m₁, ℓ₂ m₂ | L M⟩ C_L^M .

Components are ordered m = ℓ … −ℓ, as the states |j m⟩.

Source: E. U. Condon and G. H. Shortley, The Theory of Atomic Spectra (1935), § 4³; D. A. Varshalovich, A. N. Moskalev
and V. K. Khersonskii, Quantum Theory of Angular Momentum (1988), 5.6.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.exact import Term, read_only, surd, terms, token, value
from pointgroups.point_group import PointGroup
from pointgroups.spherical import spherical_harmonics

from .clebsch_gordan import clebsch_gordan


def complex_harmonics(degree: int, vectors: ArrayLike) -> NDArray[np.complex128]:
    """Y_ℓ^m of the directions of vectors (…, 3), shape (…, 2ℓ+1), m = ℓ … −ℓ; orthonormal on the unit sphere.

    Raises:
        ValueError: a negative degree, a wrong shape, a vector that is zero or not finite.

    >>> complex_harmonics(1, [1.0, 0.0, 0.0]).round(6).real.tolist()
    [-0.345494, 0.0, 0.345494]
    """
    real = spherical_harmonics(degree, vectors)
    return np.asarray(real @ real_to_complex(degree).T)


def racah_harmonics(degree: int, vectors: ArrayLike) -> NDArray[np.complex128]:
    """C_ℓ^m = √(4π/(2ℓ+1)) Y_ℓ^m, shape (…, 2ℓ+1), m = ℓ … −ℓ; C_ℓ^0 = 1 along z.

    Args and errors as for :func:`complex_harmonics`.

    >>> (racah_harmonics(1, [0.0, 0.0, 5.0]).real + 0.0).tolist()
    [0.0, 1.0, 0.0]
    """
    return np.asarray(complex_harmonics(degree, vectors) * math.sqrt(4 * math.pi / (2 * degree + 1)))


def real_to_complex(degree: int) -> NDArray[np.complex128]:
    """The unitary U with Y_ℓ^m = Σ_k U_mk Y_{ℓ,k}: rows m = ℓ … −ℓ, columns k = −ℓ … ℓ; read-only.

    A function Σ c_k Y_{ℓ,k} has the coefficients U* c on the complex harmonics.

    Raises:
        ValueError: a negative degree.

    >>> (real_to_complex(1)[1:].round(3) + 0.0).tolist()  # Y_1^0 is z, Y_1^−1 is (x − iy)/√2
    [[0j, (1+0j), 0j], [-0.707j, 0j, (0.707+0j)]]
    """
    _checked(degree)
    u = np.zeros((2 * degree + 1, 2 * degree + 1), dtype=np.complex128)
    u[degree, degree] = 1
    for m in range(1, degree + 1):
        sign = (-1) ** m * math.sqrt(0.5)
        u[degree - m, [degree + m, degree - m]] = sign, 1j * sign
        u[degree + m, [degree + m, degree - m]] = math.sqrt(0.5), -1j * math.sqrt(0.5)
    return read_only(u)


def _checked(degree: int) -> None:
    if degree < 0 or int(degree) != degree:
        raise ValueError(f"the degree of spherical harmonics is 0, 1, 2, …, not {degree}")


def harmonic_product(degree1: int, degree2: int) -> dict[int, NDArray[np.float64]]:
    """The Clebsch–Gordan expansion of a product: C_{ℓ₁}^{m₁} C_{ℓ₂}^{m₂} = Σ_L Σ_M P_L[m₁, m₂, M] C_L^M.

    Returns:
        L → P_L = ⟨ℓ₁ 0, ℓ₂ 0 | L 0⟩ ⟨ℓ₁ m₁, ℓ₂ m₂ | L M⟩, shape (2ℓ₁+1, 2ℓ₂+1, 2L+1), all m from high to low; the L
        that occur are |ℓ₁−ℓ₂|, |ℓ₁−ℓ₂|+2, …, ℓ₁+ℓ₂.

    Raises:
        ValueError: a negative degree.

    >>> {L: P[1, 1].round(6).tolist() for L, P in harmonic_product(1, 1).items()}  # z² = 1/3 C_0^0 + 2/3 C_2^0
    {0: [0.333333], 2: [0.0, 0.0, 0.666667, 0.0, 0.0]}
    """
    _checked(degree1)
    _checked(degree2)
    found = {}
    for degree in range(abs(degree1 - degree2), degree1 + degree2 + 1, 2):
        coefficients = clebsch_gordan(degree1, degree2, degree)
        found[degree] = read_only(coefficients[degree1, degree2, degree] * coefficients)
    return found


def adapted_complex_harmonics(group: PointGroup, degree: int) -> AdaptedBasis:
    """The functions of ``group.harmonics(degree)`` on the complex harmonics Y_ℓ^m, m = ℓ … −ℓ, exactly.

    Row r of ``array`` holds the conjugate coefficients of function r, as in every :class:`~pointgroups.AdaptedBasis`.

    Raises:
        ValueError: the degree is not in 0 … 12.

    >>> from pointgroups import point_group
    >>> B = adapted_complex_harmonics(point_group("O"), 2)
    >>> B.labels[1], B.exact[1, :]  # x² − y² = (Y_2^2 + Y_2^−2)/√2
    (AdaptedLabel(irrep='E', copy=1, component=2), Matrix([[sqrt(2)/2, 0, 0, 0, sqrt(2)/2]]))
    """
    basis = group.harmonics(degree)
    if basis.tokens is None:
        return AdaptedBasis(read_only(basis.array @ real_to_complex(degree).T), basis.labels)
    tokens = [_on_complex(row) for row in basis.tokens]
    array = np.array([[value(t) for t in row] for row in tokens])
    return AdaptedBasis(read_only(array), basis.labels, tokens)


def _on_complex(row: Sequence[str]) -> list[str]:
    """Σ_k U_mk c_k for m = ℓ … −ℓ, as exact text."""
    degree = len(row) // 2
    found = ["0"] * len(row)
    found[degree] = row[degree]
    for m in range(1, degree + 1):
        cosine, sine = _halved(row[degree + m], False), _halved(row[degree - m], True)
        sign = (-1) ** m
        found[degree - m] = token([(sign * q, n, i) for q, n, i in (*cosine, *sine)])
        found[degree + m] = token([*cosine, *((-q, n, i) for q, n, i in sine)])
    return found


def _halved(text: str, imaginary: bool) -> list[Term]:
    """The terms of x/√2, or of i x/√2, of a real number x."""
    scaled = [(q, surd(Fraction(n, 2))) for q, n, _ in terms(text)]
    return [(q * factor, n, imaginary) for q, (factor, n) in scaled]
