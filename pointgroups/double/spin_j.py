"""Spin j: matrices of SU(2) on the states |j m⟩, exactly and in floating point.

The states are the monomials of degree 2j in the spinor components u = |½ ½⟩, v = |½ −½⟩,

    |j m⟩ = u^{j+m} v^{j−m} / √((j+m)! (j−m)!) ,    m = j, j−1, …, −j ,

with the phases of Condon and Shortley: j = ½ is the SU(2) matrix itself. On monomials the matrices lie in the field
of the SU(2) matrices; the square roots come in only when they are referred to the orthonormal |j m⟩.

Source: E. P. Wigner, Group Theory (1959), ch. 15; D. M. Brink and G. R. Satchler, Angular Momentum (1968).
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import ExactArray, spread_product

from .root_text import root_tokens


def twice_spin(j: object) -> int:
    """2j as an integer, for j = 0, 1/2, 1, … given as a number or a text such as "3/2".

    Raises:
        ValueError: j is not a non-negative multiple of 1/2.

    >>> twice_spin("3/2"), twice_spin(1.5), twice_spin(2)
    (3, 3, 4)
    """
    complaint = f'the angular momentum j is 0, 1/2, 1, 3/2, …, as Fraction(3, 2), 1.5 or "3/2", not {j!r}'
    if not isinstance(j, (int, float, str, Fraction, np.integer, np.floating)):
        raise ValueError(complaint)
    try:
        doubled = 2 * Fraction(j if isinstance(j, (str, Fraction)) else float(j))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise ValueError(complaint) from error
    if doubled.denominator != 1 or doubled < 0:
        raise ValueError(complaint)
    return int(doubled)


def spin_text(twice: int) -> str:
    """ "3/2" for 3, "1" for 2."""
    return str(Fraction(twice, 2))


def monomial_representation(su2: ExactArray, twice: int) -> ExactArray:
    """Matrices (n, 2j+1, 2j+1) of SU(2) matrices (n, 2, 2) on the monomials u^{2j−k} v^k, exact."""
    matrices = ExactArray.integers(np.ones((len(su2), 1, 1), dtype=np.int64))
    for degree in range(1, twice + 1):
        columns = matrices[:, :, [*range(degree), degree - 1]]
        factors = su2[:, :, [0] * degree + [1]]
        matrices = spread_product(columns, factors, [range(degree), range(1, degree + 1)], degree + 1)
    return matrices


@cache
def monomial_norms(twice: int) -> tuple[int, ...]:
    """(j+m)! (j−m)!, the squared norms of the monomials, m = j … −j."""
    return tuple(math.factorial(twice - k) * math.factorial(k) for k in range(twice + 1))


def spin_characters(su2: ExactArray, twice: int) -> ExactArray:
    """χ_j (n,) of SU(2) matrices, by χ_{j+½} = tr U · χ_j − χ_{j−½}; exact."""
    trace = su2[:, 0, 0] + su2[:, 1, 1]
    before, now = ExactArray.integers([0] * len(su2)), ExactArray.integers([1] * len(su2))
    for _ in range(twice):
        before, now = now, trace * now - before
    return now


def exact_spin_matrices(su2: ExactArray, j: object) -> list[list[list[str]]]:
    """Number tokens of D^j (n, 2j+1, 2j+1) on the orthonormal |j m⟩, m = j … −j, of exact SU(2) matrices (n, 2, 2)."""
    twice = twice_spin(j)
    norms = monomial_norms(twice)
    ratios = [Fraction(below, beside) for below in norms for beside in norms]
    flat = monomial_representation(su2, twice).reshape(len(su2), -1)
    width = twice + 1
    found = []
    for g in range(len(su2)):
        texts = root_tokens(flat[g], ratios)
        found.append([texts[k : k + width] for k in range(0, len(texts), width)])
    return found


def wigner_d_spin(j: object, su2: ArrayLike) -> NDArray[np.complex128]:
    """Wigner matrices D^j(U) = exp(−iφ n·J) of SU(2) matrices U, for any j = 0, 1/2, 1, …

    D^j(U) D^j(V) = D^j(U V), D^{1/2}(U) = U, D^j(−U) = (−1)^{2j} D^j(U); states in the order m = j … −j, phases of
    Condon and Shortley. Computed from the eigenvectors of n·J, whose eigenvalues are the m exactly, so it is stable for
    large j.

    Args:
        j: the angular momentum, such as 1.5, Fraction(3, 2) or "3/2".
        su2: matrices (…, 2, 2), unitary with determinant 1 to 1e-6.

    Returns:
        Matrices (…, 2j+1, 2j+1), complex128.

    Raises:
        ValueError: another j, a wrong shape or matrices that do not lie in SU(2).

    >>> (wigner_d_spin(1, [[0, -1], [1, 0]]).real.round(12) + 0.0).tolist()  # half a turn about y
    [[0.0, 0.0, 1.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    twice = twice_spin(j)
    u = np.asarray(su2, dtype=np.complex128)
    if u.shape[-2:] != (2, 2):
        raise ValueError(f"SU(2) matrices have shape (…, 2, 2), not {u.shape}")
    determinants = u[..., 0, 0] * u[..., 1, 1] - u[..., 0, 1] * u[..., 1, 0]
    unitary = np.abs(u @ u.conj().swapaxes(-1, -2) - np.eye(2)).max(axis=(-2, -1), initial=0.0)
    if not np.all((unitary <= 1e-6) & (np.abs(determinants - 1) <= 1e-6)):
        raise ValueError("SU(2) matrices are unitary with determinant 1; divide a unitary matrix by √det first")
    vector = np.stack([-u[..., 0, 1].imag - u[..., 1, 0].imag, u[..., 1, 0].real - u[..., 0, 1].real,
                       u[..., 1, 1].imag - u[..., 0, 0].imag], axis=-1) / 2  # fmt: skip
    sine = np.linalg.norm(vector, axis=-1)
    axis = np.where(sine[..., None] > 0, vector / np.where(sine > 0, sine, 1.0)[..., None], [0.0, 0.0, 1.0])
    angle = 2 * np.arctan2(sine, (u[..., 0, 0].real + u[..., 1, 1].real) / 2)
    generator = np.tensordot(axis, _spin_operators(twice), axes=1)
    _, states = np.linalg.eigh(generator)
    m = np.arange(-twice, twice + 1, 2) / 2
    phases = np.exp(-1j * angle[..., None] * m)
    return np.asarray((states * phases[..., None, :]) @ states.conj().swapaxes(-1, -2))


@cache
def _spin_operators(twice: int) -> NDArray[Any]:
    """J_x, J_y, J_z (3, 2j+1, 2j+1), m = j … −j."""
    j, m = twice / 2, np.arange(twice, -twice - 1, -2) / 2
    raising = np.diag(np.sqrt(j * (j + 1) - m[1:] * (m[1:] + 1)), 1)
    return np.stack([(raising + raising.T) / 2, (raising - raising.T) / 2j, np.diag(m)])
