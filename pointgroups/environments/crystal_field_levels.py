"""The energies of an electron of a shell in a crystal field.

In the shell ℓ the field H = Σ A_kμ Z_kμ (:mod:`pointgroups.environments.crystal_field_parameters`) has the matrix
elements

    H_mm' = Σ_kμ A_kμ ∫ Y_ℓm Z_kμ Y_ℓm' dΩ

between the real Y_ℓm. The group of the site splits it into irreps; each copy of an irrep gives a level.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pointgroups.point_group import PointGroup
from pointgroups.spherical import spherical_harmonics

from .crystal_field_parameters import FieldParameters, real_coefficients

FloatArray = NDArray[np.float64]
_ALLOWED = 1e-6


class CrystalFieldLevel(NamedTuple):
    """A level: its energy in the unit of the parameters, its irrep over ℝ, its degeneracy without spin.

    >>> CrystalFieldLevel(-0.4, "T2g", 3).irrep
    'T2g'
    """

    energy: float
    irrep: str
    degeneracy: int


def crystal_field_matrix(degree: int, parameters: FieldParameters, other: int | None = None) -> FloatArray:
    """The crystal field between the real Y_ℓm of a shell, or between two shells.

    Args:
        degree: ℓ of the shell.
        parameters: (k, q) → B_kq in Wybourne's notation, q ≥ 0.
        other: ℓ' of a second shell; odd k couple an even one to an odd one.

    Returns:
        (2ℓ+1, 2ℓ+1), real and symmetric, or (2ℓ+1, 2ℓ'+1); the axes are those of the parameters.

    Raises:
        ValueError: a negative degree, or parameters that are not 0 ≤ q ≤ k, finite, and real for q = 0.

    Example:
        >>> field = crystal_field_matrix(2, {(4, 0): 21.0, (4, 4): 21 * (5 / 14) ** 0.5})  # octahedron with Dq = 1
        >>> field.diagonal().round(9).tolist()  # xy, yz, z², xz, x² − y²
        [-4.0, -4.0, 6.0, -4.0, 6.0]
    """
    second = degree if other is None else other
    coefficients = real_coefficients(parameters)
    points, weights = _sphere(degree + second + max(coefficients, default=0))
    field = np.zeros(len(points))
    for k, row in coefficients.items():
        field += math.sqrt(4 * math.pi / (2 * k + 1)) * spherical_harmonics(k, points) @ row
    left, right = spherical_harmonics(degree, points), spherical_harmonics(second, points)
    matrix = left.T @ ((weights * field)[:, None] * right)
    return np.asarray((matrix + matrix.T) / 2 if other is None else matrix)


def crystal_field_levels(group: PointGroup, degree: int, parameters: FieldParameters) -> tuple[CrystalFieldLevel, ...]:
    """The levels of a shell, lowest first.

    Args:
        group: the group of the site, in the axes of the parameters.
        degree: ℓ ≤ 12 of the shell.
        parameters: (k, q) → B_kq in Wybourne's notation, q ≥ 0.

    Raises:
        ValueError: a field that the group does not leave unchanged; what it allows tells :func:`crystal_field_form`.

    Example:
        >>> from pointgroups import crystal_field_form, point_group
        >>> Oh = point_group("Oh")
        >>> field = crystal_field_form(Oh).parameters({"B40": 2.1})  # 10 Dq = 1
        >>> [(level.irrep, level.degeneracy, round(level.energy, 6)) for level in crystal_field_levels(Oh, 2, field)]
        [('T2g', 3, -0.4), ('Eg', 2, 0.6)]
    """
    basis = group.harmonics(degree)
    matrix = crystal_field_matrix(degree, parameters)
    adapted = basis.array @ matrix @ basis.array.T
    scale = max(map(abs, parameters.values()), default=0.0)
    by_irrep: dict[str, list[int]] = {}
    for row, label in enumerate(basis.labels):
        by_irrep.setdefault(label.irrep, []).append(row)
    levels: list[CrystalFieldLevel] = []
    inside = np.zeros_like(adapted)
    for irrep, rows in by_irrep.items():
        block = np.ix_(rows, rows)
        energies, states = np.linalg.eigh(adapted[block])
        dim = group.real_irreps[irrep].dim
        means = energies.reshape(-1, dim).mean(axis=1)
        inside[block] = states * np.repeat(means, dim) @ states.T
        levels += [CrystalFieldLevel(float(energy), irrep, dim) for energy in means]
    if np.abs(adapted - inside).max() > _ALLOWED * scale:
        raise ValueError(
            f"{group.name} does not allow this field; crystal_field_form(group).independent are the parameters that "
            "can be chosen"
        )
    return tuple(sorted(levels))


def _sphere(degree: int) -> tuple[FloatArray, FloatArray]:
    """Points (n, 3) and weights (n,) that integrate polynomials up to a degree over the unit sphere exactly."""
    z, weights = np.polynomial.legendre.leggauss(degree // 2 + 1)
    angles = 2 * np.pi * np.arange(degree + 1) / (degree + 1)
    planar = np.sqrt(1 - z**2)
    points = [np.outer(planar, np.cos(angles)), np.outer(planar, np.sin(angles)), np.outer(z, np.ones_like(angles))]
    return np.stack(points, axis=-1).reshape(-1, 3), np.repeat(weights, len(angles)) * 2 * np.pi / len(angles)
