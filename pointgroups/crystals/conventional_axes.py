"""The frame in which the irreps of a crystal's class have the names of the literature.

A class G leaves its standard axes free up to the rotations n with n G n⁻¹ = G. Such an n permutes irreps: a turn by 45°
exchanges B1 and B2 of D4h, one by 30° those of D6h, and a change of axes B1, B2 and B3 of D2h. The canonical frame of
a crystal follows the lengths of its lattice vectors and what its atoms see, so that tensors do not depend on the cell.
Published labels follow the space group: x, y, z along the axes a, b, c of its standard setting in International Tables
A. Of the frames n F the one nearest to these axes is taken here. In the classes where n permutes irreps it is these
axes themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.normalizer import normalizer_cosets

from .structures import CrystalSymmetryError, species_numbers
from .symmetry import CrystalSymmetry, spglib_dataset

FloatArray = NDArray[np.float64]


def conventional_frame(symmetry: CrystalSymmetry) -> FloatArray:
    """The frame F with x, y, z along a, b, c of the standard setting: r_standard = F r_user, (3, 3), a proper rotation.

    F maps the operations onto the rotations of the class as ``symmetry.frame`` does, F R_k Fᵀ = G.rotations[i], with
    other i. Where the class has a single axis or none, no choice of F permutes irreps over ℝ, and it is
    ``symmetry.frame``.

    Raises:
        CrystalSymmetryError: the crystal lies between two space groups, so that spglib finds another one for the
            symmetrised crystal; its standard setting is then not known.

    Source: International Tables for Crystallography A; the standard setting is spglib's (its ``hall_number``).

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> cell = Lattice.orthorhombic(5.7, 7.7, 5.5)  # of Pnma
        >>> positions = [[0, 0, 0], [0.55, 0.25, 0.01], [0.49, 0.25, 0.57], [0.31, 0.04, 0.22]]
        >>> perovskite = Structure.from_spacegroup("Pnma", cell, ["Mn", "La", "O", "O"], positions)
        >>> turned = Structure(perovskite.lattice.matrix[:, [1, 2, 0]], perovskite.species, perovskite.frac_coords)
        >>> (conventional_frame(crystal_symmetry(turned)) ** 2).round(6).tolist()  # a lies along z of the given axes
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    group = symmetry.group
    trivial = next(iter(group.real_irreps))
    if trivial in group.subduce(1, 1):  # an axial vector is invariant: a single axis or none
        return symmetry.frame
    proper = group.rotations[group.determinants > 0]
    frames = np.concatenate([proper @ coset @ symmetry.frame for coset in normalizer_cosets(group.name)])
    nearness = np.tensordot(frames, _standard_axes(symmetry), axes=((1, 2), (0, 1)))
    return read_only(np.asarray(frames[nearness.argmax()]))


def standard_transformation(symmetry: CrystalSymmetry) -> FloatArray:
    """P (3, 3) with x_standard = P x + p, from the given cell to that of the space group's standard setting.

    Raises:
        CrystalSymmetryError: spglib finds another space group in the symmetrised crystal.
    """
    structure = symmetry.structure
    order = np.arange(len(structure))
    dataset = spglib_dataset(structure, species_numbers(structure), order, symmetry.symprec, -1.0)
    if dataset.number != symmetry.space_group_number:
        raise CrystalSymmetryError(
            f"the crystal lies between {symmetry.space_group_symbol} and {dataset.international} at "
            f"symprec={symmetry.symprec:g} Å, so its standard setting is not known; choose symprec by symmetry_scan"
        )
    return np.asarray(dataset.transformation_matrix, dtype=np.float64)


def _standard_axes(symmetry: CrystalSymmetry) -> FloatArray:
    """(3, 3) orthonormal rows in the user's axes: z along c of the standard setting, x along a's part across it."""
    a, _, c = np.linalg.inv(standard_transformation(symmetry)).T @ symmetry.lattice
    z = c / np.linalg.norm(c)
    x = a - (a @ z) * z
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])
