"""The neighbours of an atom, and the combinations of their orbitals that the site's symmetry allows to bond.

The site group S permutes the ligands: g takes ligand i to p_g(i), the one at R_g r_i. On their orbitals it acts by

    σ, one function f_i along each bond:           (g f)_{p(i)} = f_i,            χ_σ(g) = #{i : p_g(i) = i}
    π, a vector v_i ⟂ r_i across each bond:        (g v)_{p(i)} = R_g v_i,        χ_π(g) = (tr R_g − 1) χ_σ(g)

π orbitals are kept as vectors in space, so no axes have to be laid across the bonds.

Source: C. J. Ballhausen, Introduction to Ligand Field Theory (1962), ch. 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.adapted_basis import AdaptedBasis, AdaptedLabel
from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup
from pointgroups.projection import candidate_intertwiners, independent_copies, squared_norm
from pointgroups.representations import symmetry_adapted_basis

from .orbitals import shell_letter

if TYPE_CHECKING:
    from pointgroups.crystals.symmetry import CrystalSymmetry

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NEAR = 1.2
"""Ligands are by default all atoms nearer than this many times the nearest one."""
_SAME_PLACE = 1e-6  # of the longest bond
_FIRST_RADIUS = 3.0  # Å, doubled until an atom is found


@dataclass(frozen=True, eq=False)
class LigandCombinations:
    """Symmetry-adapted combinations of orbitals of ligands; made by :func:`ligand_combinations`. Arrays are read-only.

    In both bases a row is one combination, labelled by irrep over ℝ, copy and component; rows are orthonormal, and
    row k of a copy goes to Σ_i Γ_ik(g) · row i, with the matrices of ``group.real_irreps``.

    Attributes:
        group: the site group, in the axes of ``vectors``.
        vectors: (n, 3) from the centre to the ligands.
        permutations: (|S|, n); element g takes ligand i to ligand ``permutations[g, i]``.
        sigma: σ combinations, ``array`` (n, n) over the ligands' functions.
        pi: π combinations, ``array`` (2n, 3n) over the Cartesian components of the ligands' vectors; see
            ``pi_vectors``.

    Example:
        >>> from pointgroups import point_group
        >>> square = ligand_combinations(point_group("D4h"), [[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
        >>> square.sigma.labels[1], square.sigma.array[1].tolist()
        (AdaptedLabel(irrep='B1g', copy=1, component=1), [0.5, -0.5, 0.5, -0.5])
    """

    group: PointGroup
    vectors: FloatArray
    permutations: IntArray
    sigma: AdaptedBasis
    pi: AdaptedBasis

    @property
    def pi_vectors(self) -> FloatArray:
        """(2n, n, 3) each π combination as a vector at each ligand, at right angles to the bond."""
        return np.asarray(self.pi.array.reshape(-1, len(self.vectors), 3))

    @property
    def sigma_matrices(self) -> FloatArray:
        """(|S|, n, n) the site group on the ligands' σ functions."""
        return _permutation_matrices(self.permutations)

    @property
    def vector_matrices(self) -> FloatArray:
        """(|S|, 3n, 3n) the site group on vectors at the ligands, of which those across the bonds are π."""
        return _on_vectors(self.permutations, self.group.rotations)


@dataclass(frozen=True, eq=False)
class CoordinationShell:
    """Neighbours that the site group takes into one another; made by :func:`coordination_shells`.

    Attributes:
        group: the site group, in the crystal's standard axes.
        specie: what the neighbours are.
        neighbors: (n,) the atoms of the cell.
        shifts: (n, 3) the cells in which they lie.
        vectors: (n, 3) from the centre to the neighbours in Å, in the crystal's standard axes.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> caesium_chloride = crystal_symmetry(Structure(Lattice.cubic(4.12), ["Cs", "Cl"], [[0] * 3, [0.5] * 3]))
        >>> [(str(s.specie), len(s), round(s.distance, 3)) for s in coordination_shells(caesium_chloride, 0, 5.9)]
        [('Cl', 8, 3.568), ('Cs', 6, 4.12), ('Cs', 12, 5.827)]
    """

    group: PointGroup
    specie: Any
    neighbors: IntArray
    shifts: IntArray
    vectors: FloatArray

    def __len__(self) -> int:
        return len(self.neighbors)

    @property
    def distance(self) -> float:
        """In Å."""
        return float(np.linalg.norm(self.vectors[0]))

    @cached_property
    def combinations(self) -> LigandCombinations:
        """σ and π combinations of this shell; for several shells at once see :func:`ligand_combinations`."""
        return ligand_combinations(self.group, self.vectors)


def coordination_shells(
    symmetry: CrystalSymmetry, atom: int, radius: float | None = None
) -> tuple[CoordinationShell, ...]:
    """The neighbours of an atom, one shell for each orbit of the site group, nearest first.

    In a shell the first neighbour has the largest (x, y, z), and the others follow in the order of the elements of
    ``group`` that take it to them.

    Args:
        symmetry: the crystal.
        atom: which atom of the cell.
        radius: in Å; by default 1.2 times the distance of the nearest neighbour.

    Raises:
        ValueError: no such atom, or a radius that is not positive.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> atoms = ["Sr", "Ti", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0]]
        >>> perovskite = crystal_symmetry(Structure.from_spacegroup("Pm-3m", Lattice.cubic(3.9), *atoms))
        >>> (shell,) = coordination_shells(perovskite, 1)
        >>> len(shell), str(shell.specie), round(shell.distance, 6)
        (6, 'O', 1.95)
        >>> shell.combinations.sigma.multiplicities
        {'A1g': 1, 'Eg': 1, 'T1u': 1}
        >>> shell.combinations.pi.multiplicities
        {'T1g': 1, 'T2g': 1, 'T1u': 1, 'T2u': 1}
    """
    if not 0 <= atom < len(symmetry.species):
        raise ValueError(f"atoms of this cell have the numbers 0 to {len(symmetry.species) - 1}, not {atom}")
    if radius is None:
        radius = NEAR * _nearest(symmetry, atom)
    elif not (np.isfinite(radius) and radius > 0):
        raise ValueError(f"a radius is a positive number in Å, not {radius}")
    neighbors, shifts, vectors = symmetry.stars([atom], radius)[atom]
    if not len(vectors):
        return ()
    group = symmetry.site_groups[atom].group
    shells = [
        CoordinationShell(
            group=group,
            specie=symmetry.species[neighbors[members[0]]],
            neighbors=read_only(neighbors[members]),
            shifts=read_only(shifts[members]),
            vectors=read_only(vectors[members]),
        )
        for members in _orbits(ligand_permutations(group, vectors), vectors.round(6) + 0.0)
    ]
    return tuple(sorted(shells, key=lambda shell: (round(shell.distance, 6), (-shell.vectors[0].round(6)).tolist())))


def ligand_combinations(group: PointGroup, vectors: ArrayLike) -> LigandCombinations:
    """σ and π combinations of the orbitals of ligands around a site.

    Copies of an irrep come from projecting the unit vectors of the ligands in their order, for π those of x, y, z
    at each ligand less their part along the bond.

    Args:
        group: the site group, in the axes of the vectors.
        vectors: (n, 3) from the centre to the ligands; one shell or several.

    Raises:
        ValueError: a wrong shape, a ligand at the centre, two at one place, or vectors that the group does not
            permute.

    Example:
        >>> from pointgroups import point_group
        >>> tetrahedron = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
        >>> ligands = ligand_combinations(point_group("Td"), tetrahedron)
        >>> ligands.sigma.multiplicities, ligands.pi.multiplicities
        ({'A1': 1, 'T2': 1}, {'E': 1, 'T1': 1, 'T2': 1})
        >>> ligands.sigma.array[0]
        array([0.5, 0.5, 0.5, 0.5])
        >>> ligands.pi_vectors[0, 0].round(3).tolist(), ligands.pi.labels[0]  # at the first ligand, across (1, 1, 1)
        ([0.204, 0.204, -0.408], AdaptedLabel(irrep='E', copy=1, component=1))
    """
    ligands = np.asarray(vectors, dtype=np.float64)
    if ligands.ndim != 2 or ligands.shape[1] != 3 or not len(ligands) or not np.isfinite(ligands).all():
        raise ValueError(f"vectors to ligands are an array (n, 3) of finite numbers, not of shape {ligands.shape}")
    lengths = np.linalg.norm(ligands, axis=1)
    if not lengths.min() > _SAME_PLACE * lengths.max():
        raise ValueError(f"ligand {lengths.argmin()} lies at the centre; leave the central atom out")
    permutations = ligand_permutations(group, ligands)
    sigma = symmetry_adapted_basis(group, _permutation_matrices(permutations))
    bonds = ligands / lengths[:, None]
    across = np.zeros((len(ligands), 3, len(ligands), 3))
    across[np.arange(len(ligands)), :, np.arange(len(ligands))] = np.eye(3) - bonds[:, :, None] * bonds[:, None]
    pi = _adapted_in_subspace(
        group, _on_vectors(permutations, group.rotations), across.reshape(3 * len(ligands), 3 * len(ligands))
    )
    return LigandCombinations(group, read_only(ligands.copy()), read_only(permutations), sigma, pi)


def metal_ligand_table(
    combinations: LigandCombinations, degrees: Sequence[int] = (0, 1, 2)
) -> dict[str, dict[str, int]]:
    """Which orbitals of the central atom find partners of their own irrep among the ligands.

    Only functions of one irrep mix. An orbital with no partner is non-bonding.

    Args:
        combinations: of the ligands.
        degrees: ℓ of the central atom's shells.

    Returns:
        Irrep over ℝ, in table order → how often it occurs in "s", "p", "d", …, "sigma" and "pi", zeros left out.

    Raises:
        ValueError: a negative degree.

    Example:
        >>> from pointgroups import point_group
        >>> octahedron = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
        >>> for irrep, counts in metal_ligand_table(ligand_combinations(point_group("Oh"), octahedron)).items():
        ...     print(irrep, counts)
        A1g {'s': 1, 'sigma': 1}
        Eg {'d': 1, 'sigma': 1}
        T1g {'pi': 1}
        T2g {'d': 1, 'pi': 1}
        T1u {'p': 1, 'sigma': 1, 'pi': 1}
        T2u {'pi': 1}
    """
    group = combinations.group
    columns = {shell_letter(degree): group.subduce(degree) for degree in degrees}
    columns |= {"sigma": combinations.sigma.multiplicities, "pi": combinations.pi.multiplicities}
    rows = {
        label: {name: counts[label] for name, counts in columns.items() if label in counts}
        for label in group.real_irreps
    }
    return {label: counts for label, counts in rows.items() if counts}


def ligand_permutations(group: PointGroup, vectors: FloatArray) -> IntArray:
    """(|G|, n) which vector each element takes each vector (n, 3) to; ValueError where there is none."""
    places = np.empty((group.order, len(vectors)), dtype=np.int64)
    for g, rotation in enumerate(group.rotations):
        distances = np.linalg.norm((vectors @ rotation.T)[:, None] - vectors, axis=-1)
        places[g] = distances.argmin(axis=1)
        lost = distances.min(axis=1)
        if lost.max() > _SAME_PLACE * np.linalg.norm(vectors, axis=1).max():
            raise ValueError(
                f"{group.elements[g]} of {group.name} takes the vector {vectors[lost.argmax()].tolist()} to where no "
                "other ends; give complete orbits, in the axes of the group and exactly symmetric"
            )
    if any(len(np.unique(row)) < len(row) for row in places):
        raise ValueError("two ligands lie at one place; give each of them once")
    return places


def _nearest(symmetry: CrystalSymmetry, atom: int) -> float:
    radius = _FIRST_RADIUS
    while True:  # a crystal is periodic, so there is an atom at some distance
        _, _, vectors = symmetry.stars([atom], radius)[atom]
        if len(vectors):
            return float(np.linalg.norm(vectors, axis=1).min())
        radius *= 2


def _orbits(places: IntArray, rounded: FloatArray) -> list[IntArray]:
    """The members of each orbit: the one with the largest coordinates, then its images in the order of elements."""
    found = []
    for orbit in np.unique(places.min(axis=0)):
        members = np.flatnonzero(places.min(axis=0) == orbit)
        first = max(members.tolist(), key=lambda m: tuple(rounded[m]))
        found.append(np.array(list(dict.fromkeys(places[:, first].tolist())), dtype=np.int64))
    return found


def _permutation_matrices(permutations: IntArray) -> FloatArray:
    """(|G|, n, n) with P(g)_{p_g(i), i} = 1."""
    n = permutations.shape[1]
    return np.asarray(np.swapaxes(np.eye(n)[permutations], 1, 2))


def _on_vectors(permutations: IntArray, rotations: FloatArray) -> FloatArray:
    """(|G|, 3n, 3n): P(g) ⊗ R(g)."""
    size = 3 * permutations.shape[1]
    products = np.einsum("gij,gab->giajb", _permutation_matrices(permutations), rotations)
    return np.asarray(products.reshape(-1, size, size))


def _adapted_in_subspace(group: PointGroup, matrices: FloatArray, projector: FloatArray) -> AdaptedBasis:
    """The adapted basis of an invariant subspace, given by its orthogonal projector; rows over the whole space."""
    images = matrices @ projector
    counts = group.decompose_character(np.trace(images, axis1=1, axis2=2), "R")
    rows: list[FloatArray] = []
    labels: list[AdaptedLabel] = []
    for label, count in counts.items():
        irrep = group.real_irreps[label]
        candidates = candidate_intertwiners(irrep.matrices, images)
        for copy, u in enumerate(independent_copies(candidates, count, list(irrep.commutant[1:])), 1):
            rows.append((u * squared_norm(u) ** -0.5).T)
            labels.extend(AdaptedLabel(label, copy, k + 1) for k in range(irrep.dim))
    return AdaptedBasis(read_only(np.concatenate(rows)), tuple(labels))
