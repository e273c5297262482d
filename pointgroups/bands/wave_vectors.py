"""Wave vectors of a crystal: which are the same, how operations turn them, and the special points with their letters.

k is in the reciprocal vectors of the given cell, and a function of wave vector k takes e^{−2πi k·n} under the
lattice translation n. Two wave
vectors are the same where they differ by a reciprocal vector of the primitive lattice, which also has the centring
translations of the cell. The operation {W | t} turns k into k W⁻¹.

Coordinates of special points are those of the representation domains of A. P. Cracknell, B. L. Davies, S. C. Miller and
W. F. Love, Kronecker Product Tables, vol. 1 (1979), as the Bilbao Crystallographic Server lists them, in the reciprocal
vectors of the conventional cell of International Tables A (monoclinic: unique axis b, cell choice 1; rhombohedral:
hexagonal axes).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pointgroups.crystals.conventional_axes import standard_transformation
from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.exact import read_only

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SAME = 1e-6  # wave vectors that differ by less, in reciprocal vectors, are one

_H, _T = 1 / 2, 1 / 3
_POINTS: dict[str, dict[str, tuple[float, float, float]]] = {
    "aP": {
        "X": (_H, 0, 0), "Y": (0, _H, 0), "Z": (0, 0, _H), "V": (_H, _H, 0), "U": (_H, 0, _H), "T": (0, _H, _H),
        "R": (_H, _H, _H),
    },
    "mP": {
        "Y": (_H, 0, 0), "Z": (0, _H, 0), "B": (0, 0, _H), "C": (_H, _H, 0), "A": (_H, 0, _H), "D": (0, _H, _H),
        "E": (_H, _H, _H),
    },
    "mC": {"Y": (0, 1, 0), "A": (0, 0, _H), "M": (0, 1, _H), "V": (_H, _H, 0), "L": (_H, _H, _H)},
    "oP": {
        "X": (_H, 0, 0), "Y": (0, _H, 0), "Z": (0, 0, _H), "S": (_H, _H, 0), "U": (_H, 0, _H), "T": (0, _H, _H),
        "R": (_H, _H, _H),
    },
    "oC": {"Y": (1, 0, 0), "Z": (0, 0, _H), "T": (1, 0, _H), "S": (_H, _H, 0), "R": (_H, _H, _H)},
    "oA": {"Y": (0, 0, -1), "Z": (_H, 0, 0), "T": (_H, 0, -1), "S": (0, _H, -_H), "R": (_H, _H, -_H)},
    "oF": {"T": (1, 0, 0), "Y": (0, 1, 0), "Z": (0, 0, 1), "L": (_H, _H, _H)},
    "oI": {"X": (1, 1, 1), "R": (_H, 0, _H), "S": (0, _H, _H), "T": (_H, _H, 0), "W": (_H, _H, _H)},
    "tP": {"X": (0, _H, 0), "M": (_H, _H, 0), "Z": (0, 0, _H), "R": (0, _H, _H), "A": (_H, _H, _H)},
    "tI": {"M": (1, 1, 1), "X": (_H, _H, 0), "N": (_H, 0, _H), "P": (_H, _H, _H)},
    "hP": {"M": (_H, 0, 0), "K": (_T, _T, 0), "A": (0, 0, _H), "L": (_H, 0, _H), "H": (_T, _T, _H)},
    "hR": {"T": (0, 0, 1.5), "F": (0, _H, 1), "L": (-_H, _H, _H)},
    "cP": {"X": (0, _H, 0), "M": (_H, _H, 0), "R": (_H, _H, _H)},
    "cF": {"X": (0, 1, 0), "L": (_H, _H, _H), "W": (_H, 1, 0)},
    "cI": {"H": (1, 1, 1), "N": (_H, _H, 0), "P": (_H, _H, _H)},
}  # fmt: skip
_SYSTEMS = ((2, "a"), (15, "m"), (74, "o"), (142, "t"), (194, "h"), (230, "c"))
_DENOMINATOR = 6  # of the conventional cell's vectors in terms of any cell's, and of the points


@lru_cache(maxsize=64)
def special_points(crystal: CrystalSymmetry) -> Mapping[str, FloatArray]:
    """The special points of a crystal's lattice: letter → k (3,), in the reciprocal vectors of its own cell.

    Of the points of a star one is given. Where no operation of the crystal turns k into −k, that is a point of its own
    with "A" after the letter, as in "KA".

    Raises:
        CrystalSymmetryError: spglib sees another space group in the symmetrised crystal than in the given one; choose
            ``symprec`` by :func:`symmetry_scan`.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry, primitive_cell
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]])
        >>> {letter: k.tolist() for letter, k in special_points(crystal_symmetry(salt)).items()}
        {'Γ': [0.0, 0.0, 0.0], 'X': [0.0, 1.0, 0.0], 'L': [0.5, 0.5, 0.5], 'W': [0.5, 1.0, 0.0]}
        >>> special_points(crystal_symmetry(primitive_cell(salt)))["X"].tolist()
        [0.5, 0.0, 0.5]
    """
    number = crystal.space_group_number
    system = next(letter for last, letter in _SYSTEMS if number <= last)
    lattice = system + crystal.space_group_symbol[0]
    to_cell = _conventional(crystal).T
    found = {"Γ": np.zeros(3)}
    for letter, point in _POINTS[lattice].items():
        k = np.rint(to_cell @ np.array(point) * _DENOMINATOR**2) / _DENOMINATOR**2 + 0.0
        found[letter] = k
        if not _turns_into_opposite(crystal, k):
            found[f"{letter}A"] = 0.0 - k
    return MappingProxyType({letter: read_only(k) for letter, k in found.items()})


def _conventional(crystal: CrystalSymmetry) -> FloatArray:
    """P with x_conventional = P x + p, so that k = k_conventional P."""
    return np.asarray(np.rint(standard_transformation(crystal) * _DENOMINATOR) / _DENOMINATOR)


def _turns_into_opposite(crystal: CrystalSymmetry, k: FloatArray) -> bool:
    turned = k @ inverse_rotations(crystal.operations.lattice_rotations)
    return bool(off_reciprocal_lattice(crystal, turned + k).min() < SAME)


def inverse_rotations(rotations: IntArray) -> IntArray:
    """W⁻¹ of integer matrices W (…, 3, 3)."""
    return np.rint(np.linalg.inv(rotations)).astype(np.int64)


def centrings(crystal: CrystalSymmetry) -> FloatArray:
    """(n, 3) translations of the crystal inside the given cell, 0 among them."""
    return np.asarray(crystal.operations.translations[crystal.operations.elements == 0])


def off_reciprocal_lattice(crystal: CrystalSymmetry, vectors: FloatArray) -> FloatArray:
    """(…,) how far k·n is from an integer, at the most, for the vectors n that generate the primitive lattice."""
    products = vectors @ np.concatenate([np.eye(3), centrings(crystal)]).T
    return np.asarray(np.abs(products - np.rint(products)).max(axis=-1))


def letter_of(crystal: CrystalSymmetry, star: FloatArray) -> str:
    """The letter of the special point that is in a star (n, 3), "k" where none is."""
    for letter, point in special_points(crystal).items():
        if off_reciprocal_lattice(crystal, star - point).min() < SAME:
            return letter
    return "k"
