"""Tensors that belong to atoms: Born effective charges, shieldings, thermal displacements, electric-field gradients.

An operation k turns the tensor of atom i into that of the atom p_k(i) to which it takes i,

    T_{p_k(i)} = R_k · T_i     (every index contracted with R_k, times det R_k for an axial tensor).

So the tensor of an atom is invariant under its site group S, and those of one orbit follow from one of them. The
orthogonal projection on all that a crystal allows is the mean over its operations,

    T̄_i = (1/n) Σ_k R_k · T_{p_k⁻¹(i)},

and the number of free components of an orbit is that of the invariants of S, (1/|S|) Σ_{s∈S} χ(s).

Source: X. Gonze and C. Lee, Phys. Rev. B 55, 10355 (1997) (Born charges and the acoustic sum rule).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.exact import read_only
from pointgroups.tensors.decomposition import checked_tensors
from pointgroups.tensors.index_permutations import IndexSymmetry, index_symmetry
from pointgroups.tensors.invariants import invariant_space, invariant_tensors, turned

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SiteTensors:
    """Tensors on the atoms of a crystal, as its symmetry allows them; made by :func:`project_site_tensors`.

    Attributes:
        symmetry: the crystal.
        tensors: (n_atoms, 3, …, 3) the projected tensors, in the user's axes.
        residuals: (n_atoms,) the norm ‖T_i − T̄_i‖ of what was taken away, in the unit of the tensors.
        free_components: how many components stay free in each orbit, in the order of ``symmetry.orbits``.
        sum_rule: whether the tensors add up to zero.
        n_free: how many numbers fix all tensors: the sum of ``free_components``, with the sum rule less the number of
            invariants of the crystal class.

    Example:
        >>> import numpy as np
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> positions = [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
        >>> perovskite = Structure(Lattice.cubic(4.0), ["Ba", "Ti", "O", "O", "O"], positions)
        >>> oxygen = [np.diag(d) for d in ([-6, -2, -2], [-2, -6, -2], [-2, -2, -6])]
        >>> charges = [2.7 * np.eye(3), 7.3 * np.eye(3), *oxygen]
        >>> found = project_site_tensors(crystal_symmetry(perovskite), charges, "ij")
        >>> found.free_components, found.n_free, found.residuals.max().round(12).item()
        ((1, 1, 2), 4, 0.0)
    """

    symmetry: CrystalSymmetry
    tensors: FloatArray
    residuals: FloatArray
    free_components: tuple[int, ...]
    sum_rule: bool
    n_free: int


def site_tensor_basis(
    symmetry: CrystalSymmetry, atom: int, notation: str | IndexSymmetry, axial: bool = False
) -> FloatArray:
    """Orthonormal basis (n, 3, …, 3) of the tensors that the site group of an atom allows, in the user's axes.

    Args:
        symmetry: the crystal.
        atom: index of the atom in the given cell.
        notation: the index symmetry, "ij" of Born charges, "ij=ji" of thermal displacements …
        axial: the tensor transforms with an extra det(R).

    Raises:
        ValueError: there is no such atom, or the index symmetry cannot be read or has no index.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> rutile = Structure.from_spacegroup(
        ...     "P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]
        ... )
        >>> C = crystal_symmetry(rutile)
        >>> C.site_groups[0].group.schoenflies, len(site_tensor_basis(C, 0, "ij"))
        ('D2h', 3)
    """
    if not 0 <= atom < len(symmetry.species):
        raise ValueError(f"the cell has the atoms 0 to {len(symmetry.species) - 1}, not {atom}")
    chosen = _with_indices(notation, axial)
    tensors = invariant_tensors(symmetry.site_groups[atom].group, chosen)
    return read_only(symmetry.to_user(tensors.reshape(-1, *(3,) * chosen.rank), chosen.rank))


def project_site_tensors(
    symmetry: CrystalSymmetry,
    tensors: ArrayLike,
    notation: str | IndexSymmetry,
    axial: bool = False,
    sum_rule: bool = False,
) -> SiteTensors:
    """The nearest tensors on the atoms that the space group and the index symmetry allow.

    Args:
        symmetry: the crystal.
        tensors: (n_atoms, 3, …, 3) in the user's axes, in the order of the given atoms.
        notation: the index symmetry.
        axial: the tensors transform with an extra det(R).
        sum_rule: also take the mean over all atoms away, so that Σ_i T_i = 0: the acoustic sum rule of Born charges.
            The mean of symmetric tensors is an invariant of the class, so they stay symmetric, and this is the nearest
            choice again.

    Raises:
        ValueError: not one finite tensor of the rank of ``notation`` for each atom, or a notation without an index.

    Example:
        >>> import numpy as np
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5] * 3])
        >>> charges = np.array([np.diag([1.1, 1.1, 1.13])] * 4 + [-np.eye(3)] * 4)
        >>> found = project_site_tensors(crystal_symmetry(salt), charges, "ij", sum_rule=True)
        >>> found.tensors[0].diagonal().round(6).tolist(), found.tensors[4].diagonal().round(6).tolist(), found.n_free
        ([1.055, 1.055, 1.055], [-1.055, -1.055, -1.055], 1)
    """
    chosen = _with_indices(notation, axial)
    values = np.asarray(tensors, dtype=np.float64)
    if values.ndim != chosen.rank + 1 or len(values) != len(symmetry.species):
        raise ValueError(
            f"tensors {chosen} on {len(symmetry.species)} atoms have the shape "
            f"({', '.join(['n_atoms', *['3'] * chosen.rank])}), not {values.shape}"
        )
    values = checked_tensors(values, chosen.rank)
    allowed = np.zeros_like(values)
    signs = symmetry.group.determinants if chosen.axial else np.ones(symmetry.group.order, dtype=np.int64)
    for element, rotation, images in zip(
        symmetry.operations.elements, symmetry.rotations, symmetry.permutations, strict=True
    ):
        allowed[images] += signs[element] * turned(values, rotation, chosen.rank)
    allowed = chosen.project(allowed / len(symmetry.operations))
    if sum_rule:
        allowed -= allowed.mean(axis=0)
    residuals = np.linalg.norm((values - allowed).reshape(len(values), -1), axis=1)
    free = tuple(invariant_space(orbit.site_group.group.in_standard_frame, chosen).dim for orbit in symmetry.orbits)
    n_free = sum(free) - (invariant_space(symmetry.group, chosen).dim if sum_rule else 0)
    return SiteTensors(symmetry, read_only(allowed), read_only(residuals), free, sum_rule, n_free)


def _with_indices(notation: str | IndexSymmetry, axial: bool) -> IndexSymmetry:
    chosen = index_symmetry(notation, axial)
    if chosen.rank == 0:
        raise ValueError(f"{notation!r} has no index; a scalar is one number for each orbit")
    return chosen
