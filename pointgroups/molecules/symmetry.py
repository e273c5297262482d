"""The symmetry of a molecule: its point group, its sites, and the frame of the standard setting.

A molecule has the group of all r → c + R (r − c) that permute its atoms, with R orthogonal and c the centroid of the
atoms. There is a proper rotation F, the *frame*, with

    F R_k Fᵀ = G.rotations[k]      for every element k of G,

so that r_standard = F (r_user − c). G is one of the 32 crystallographic groups in its default setting. Where the full
group is none of these (C∞v, D5h, Ih), G is its largest crystallographic subgroup
(:mod:`pointgroups.molecules.frames`), and ``schoenflies`` names the full one.

The frame is canonical, as for a crystal (:mod:`pointgroups.crystals.canonical_frame`): turned, shifted or in another
order of atoms, a molecule has the same tensors in the standard axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.bonds import SHELL_EDGE, BondOrbits, find_bond_orbits
from pointgroups.crystals.canonical_frame import CLEAR_MARGIN, CanonicalFrame, chosen_frame
from pointgroups.crystals.operations import SpaceGroupOperations
from pointgroups.crystals.sites import AtomOrbit, SiteGroup, atom_orbits, named_orbits, site_groups
from pointgroups.crystals.structures import as_molecule, species_numbers
from pointgroups.crystals.surroundings import Surroundings
from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup, point_group
from pointgroups.tensors.invariants import in_turned_axes

from .frames import linear_frames, oriented_frames
from .operations import finite_symmetry, nearest_atoms, schoenflies_symbol

if TYPE_CHECKING:
    from pymatgen.core import Molecule

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FAR = 10.0  # Å: what atoms see of a large molecule


@dataclass(frozen=True, eq=False)
class MoleculeOperations:
    """The operations r → R r + t of a molecule on Cartesian coordinates in Å, in the order of ``group.rotations``.

    Attributes:
        elements: (n_ops,) index of each operation's rotation in ``group.rotations``, which is 0, 1, 2, …
        rotations: (n_ops, 3, 3) the matrices R in the user's axes, exactly orthogonal.
        translations: (n_ops, 3) t = c − R c for the centre c.

    Example:
        >>> from pymatgen.core import Molecule
        >>> hydrogen = molecule_symmetry(Molecule(["H", "H"], [[0, 0, 0], [0, 0, 0.74]]))
        >>> len(hydrogen.operations), hydrogen.operations.images(hydrogen.coords).max().round(6).item()
        (24, 0.74)
    """

    elements: IntArray
    rotations: FloatArray
    translations: FloatArray

    def __len__(self) -> int:
        return len(self.elements)

    def images(self, coords: FloatArray) -> FloatArray:
        """(n_ops, n_atoms, 3) the images R x + t of coordinates (n_atoms, 3)."""
        moved: FloatArray = coords @ np.swapaxes(self.rotations, 1, 2)
        return moved + self.translations[:, None]


@dataclass(frozen=True, eq=False)
class MoleculeSymmetry:
    """A molecule's symmetry; made by :func:`molecule_symmetry`. Arrays are read-only.

    Orbits of atoms and bonds and site groups are those under ``group``, also where the full group is larger.

    Attributes:
        schoenflies: the full point group: "C2v", "D5h", "Ih", "D4d", and "C∞v", "D∞h" of a molecule on a line, "Kh" of
            an atom.
        group: the full group in its default setting, or the largest of the 32 crystallographic groups within it.
        frame: (3, 3) proper rotation F, r_standard = F (r_user − center).
        handedness: −1 for one of the two mirror images of a chiral molecule, else +1.
        frame_margin: how clearly the frame was told from the others that the group allows, a relative difference; 0
            where it was not.
        operations: one for each element of ``group``, in its order.
        permutations: (n_ops, n_atoms); operation k takes atom i to atom ``permutations[k, i]``.
        species: what each atom is.
        coords: (n_atoms, 3) the given positions in Å averaged over the full group, hence exactly symmetric.
        center: (3,) the centroid of the atoms in Å, which all operations leave in place.
        displacement: the farthest that an image of an atom lay from the atom that it stands for, in Å.
        tolerance: in Å, as asked for.

    Example:
        >>> from pymatgen.core import Molecule
        >>> M = molecule_symmetry(Molecule(["O", "H", "H"], [[0, 0, 0.12], [0, 0.76, -0.48], [0, -0.76, -0.48]]))
        >>> M.schoenflies, M.group.elements[1], M.permutations[1].tolist()
        ('C2v', 'C2[001]', [0, 2, 1])
        >>> [(orbit.atoms, orbit.site_group.group.schoenflies) for orbit in M.orbits]
        [((0,), 'C2v'), ((1, 2), 'Cs')]
    """

    schoenflies: str
    group: PointGroup
    frame: FloatArray
    handedness: int
    frame_margin: float
    operations: MoleculeOperations
    permutations: IntArray
    species: tuple[Any, ...]
    coords: FloatArray
    center: FloatArray
    displacement: float
    tolerance: float

    @property
    def is_crystallographic(self) -> bool:
        """Whether ``group`` is the full point group."""
        return self.schoenflies == self.group.schoenflies

    @cached_property
    def symmetry_is_clear(self) -> bool:
        """Whether the full group would be the same at half and at twice the tolerance."""
        numbers = species_numbers(self.molecule)
        wider = _full_symmetry(self.coords - self.center, numbers, 2 * self.tolerance)
        return self.displacement <= self.tolerance / 2 and wider.schoenflies == self.schoenflies

    @property
    def frame_is_clear(self) -> bool:
        """Whether the canonical frame is well conditioned.

        False for a molecule so near to a higher symmetry that two frames of its group can hardly be told apart: noise
        in the coordinates may then exchange them.
        """
        return self.frame_margin > CLEAR_MARGIN

    @cached_property
    def molecule(self) -> Molecule:
        """The symmetrised molecule in the user's axes, a pymatgen ``Molecule``; atoms in the given order."""
        from pymatgen.core import Molecule

        return Molecule(list(self.species), self.coords)

    @cached_property
    def standard_molecule(self) -> Molecule:
        """The symmetrised molecule in the standard axes of its group, with its centre at the origin."""
        from pymatgen.core import Molecule

        return Molecule(list(self.species), (self.coords - self.center) @ self.frame.T)

    @property
    def rotations(self) -> FloatArray:
        """(n_ops, 3, 3) the operations' matrices in the user's axes, exactly orthogonal."""
        return self.operations.rotations

    # -- sites and bonds ----------------------------------------------------------------------------------------

    @cached_property
    def site_groups(self) -> tuple[SiteGroup, ...]:
        """The site-symmetry group of each atom."""
        return site_groups(self.group, self.operations.elements, self.permutations)

    @cached_property
    def orbits(self) -> tuple[AtomOrbit, ...]:
        """The orbits of atoms, by their first atoms; their Wyckoff letters are ""."""
        letters = [""] * len(self.species)
        return named_orbits(atom_orbits(self.permutations), letters, self.site_groups)

    def bond_orbits(self, radius: float) -> BondOrbits:
        """Orbits of directed bonds up to a radius in Å; shells are complete, and all shifts are 0.

        Raises:
            ValueError: the radius is not a positive number.

        Example:
            >>> from pymatgen.core import Molecule
            >>> dioxide = molecule_symmetry(Molecule(["C", "O", "O"], [[0, 0, 0], [0, 0, 1.16], [0, 0, -1.16]]))
            >>> bonds = dioxide.bond_orbits(2.5)
            >>> bonds.centers.tolist(), bonds.neighbors.tolist(), bonds.multiplicities.tolist()
            ([0, 1, 1], [1, 0, 2], [2, 1, 1])
        """
        if not (np.isfinite(radius) and radius > 0):
            raise ValueError(f"a radius is a positive number in Å, not {radius}")
        standard = (self.coords - self.center) @ self.frame.T
        stars = {}
        for orbit in self.orbits:
            vectors = standard - standard[orbit.representative]
            lengths = np.linalg.norm(vectors, axis=1)
            ends = np.flatnonzero((lengths > 0) & (lengths <= radius + SHELL_EDGE))
            stars[orbit.representative] = (ends, np.zeros((len(ends), 3), dtype=np.int64), vectors[ends])
        n_ops, n_atoms = self.permutations.shape
        one_cell = SpaceGroupOperations(
            self.operations.elements, np.tile(np.eye(3, dtype=np.int64), (n_ops, 1, 1)), np.zeros((n_ops, 3))
        )
        shifts = np.zeros((n_ops, n_atoms, 3), dtype=np.int64)
        return find_bond_orbits(radius, one_cell, self.permutations, shifts, self.orbits, stars)

    # -- tensors ------------------------------------------------------------------------------------------------

    def to_standard(self, tensors: ArrayLike, rank: int | None = None) -> FloatArray:
        """Tensors (…, 3, …, 3) in the user's axes, turned to the standard axes; ``rank`` None: all axes are indices.

        Raises:
            ValueError: the last ``rank`` axes do not all have length 3.
        """
        return in_turned_axes(tensors, self.frame, rank)

    def to_user(self, tensors: ArrayLike, rank: int | None = None) -> FloatArray:
        """Tensors in the standard axes, turned to the user's."""
        return in_turned_axes(tensors, self.frame.T, rank)


def molecule_symmetry(molecule: Any, tolerance: float = 0.03) -> MoleculeSymmetry:
    """Find the point group of a molecule, its sites, and the rotation to the standard setting of its group.

    An operation counts when it takes every atom to within ``tolerance`` of an atom of its species; where those that
    count are not a group, the tolerance is lowered until they are. The default lies between the scatter of relaxed
    coordinates and true distortions. Atoms that are off by 0.01 Å lie up to 0.02 Å from their images. In the
    Jahn–Teller distorted radicals CH₃S and CH₃O (MP2, the G2 set) the atoms lie 0.045 and 0.069 Å from the images that
    C3v asks for, and in a hexagon with bonds alternating by 0.1 Å 0.058 Å from those of D6h.

    Args:
        molecule: an ordered pymatgen ``Molecule``, ASE ``Atoms`` without periods, or the path of a file that pymatgen
            reads as a molecule (.xyz and others). Charge, spin and site properties do not count.
        tolerance: in Å, below half the shortest distance between two atoms.

    Raises:
        CrystalSymmetryError: a periodic structure, a file that cannot be read, no atoms, disordered sites, coordinates
            that are not finite, or atoms nearer than 0.1 Å to each other.
        ValueError: a tolerance that is not positive, or so large that atoms could be taken for one another.

    Reference: W. Kabsch, Acta Cryst. A 32, 922 (1976), for the rotation that fits best.

    Example:
        >>> import numpy as np
        >>> from pymatgen.core import Molecule
        >>> corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 0.63
        >>> M = molecule_symmetry(Molecule(["C", *"HHHH"], [[0, 0, 0], *corners]))
        >>> M.schoenflies, M.group.order, M.orbits[1].site_group.group.schoenflies
        ('Td', 24, 'C3v')
    """
    given = as_molecule(molecule)
    numbers = species_numbers(given)
    positions = np.asarray(given.cart_coords, dtype=np.float64)
    _check_tolerance(tolerance, positions)
    center = positions.mean(axis=0)
    found = _full_symmetry(positions - center, numbers, tolerance)
    species = tuple(site.specie for site in given)
    chosen = _frame(found, species)
    rotations = chosen.frame.T @ found.group.rotations @ chosen.frame
    permutations = np.array([nearest_atoms(found.positions @ r.T, found.positions, numbers) for r in rotations])
    assert (np.sort(permutations, axis=1) == np.arange(len(species))).all(), "the symmetrised atoms are permuted"
    return MoleculeSymmetry(
        schoenflies=found.schoenflies,
        group=found.group,
        frame=read_only(chosen.frame),
        handedness=chosen.handedness,
        frame_margin=chosen.margin,
        operations=MoleculeOperations(
            read_only(np.arange(found.group.order)), read_only(rotations), read_only(center - rotations @ center)
        ),
        permutations=read_only(permutations),
        species=species,
        coords=read_only(found.positions + center),
        center=read_only(center),
        displacement=found.displacement,
        tolerance=tolerance,
    )


@dataclass(frozen=True, eq=False)
class _FullSymmetry:
    """The full group's name, its crystallographic part, candidate frames of this, and symmetric positions."""

    schoenflies: str
    group: PointGroup
    frames: FloatArray
    chiral: bool
    positions: FloatArray
    displacement: float


def _full_symmetry(positions: FloatArray, numbers: IntArray, tolerance: float) -> _FullSymmetry:
    """Of atoms at positions from their centroid."""
    if len(positions) == 1:
        return _FullSymmetry("Kh", point_group("Oh"), np.eye(3)[None], False, np.zeros((1, 3)), 0.0)
    axis = np.linalg.svd(positions, full_matrices=False)[2][0]
    heights = positions @ axis
    off_axis = float(np.linalg.norm(positions - np.outer(heights, axis), axis=1).max())
    if 2 * off_axis <= tolerance:  # half a turn moves atoms by twice their distance
        return _linear(heights, axis, numbers, tolerance, 2 * off_axis)
    finite = finite_symmetry(positions, numbers, tolerance)
    group, frames = oriented_frames(finite)
    name = schoenflies_symbol(finite.rotations, finite.product)
    chiral = bool((np.linalg.det(finite.rotations) > 0).all())
    return _FullSymmetry(name, group, frames, chiral, finite.positions, finite.displacement)


def _linear(
    heights: FloatArray, axis: FloatArray, numbers: IntArray, tolerance: float, turning: float
) -> _FullSymmetry:
    """Of atoms at heights along an axis; ``turning`` is how far a turn about it moves them."""
    places = np.outer(heights, axis)
    opposite = nearest_atoms(-places, places, numbers)
    apart = np.abs(heights + heights[opposite])
    reversible = bool(apart.max() <= tolerance and len(np.unique(opposite)) == len(heights))
    group, frames = linear_frames(axis, reversible)
    if not reversible:
        return _FullSymmetry("C∞v", group, frames, False, places, turning)
    averaged = np.outer((heights - heights[opposite]) / 2, axis)
    return _FullSymmetry("D∞h", group, frames, False, averaged, max(turning, float(apart.max())))


def _frame(found: _FullSymmetry, species: tuple[Any, ...]) -> CanonicalFrame:
    """The canonical frame; the only one where there is no choice."""
    if len(found.frames) == 1 and not found.chiral:
        return CanonicalFrame(found.frames[0], 1, 1.0)
    surroundings = _surroundings(found.positions, species)
    vectors = found.positions[surroundings.neighbors] - found.positions[surroundings.centers]
    parities = (1, -1) if found.chiral else (1,)
    return chosen_frame(found.group, found.frames, parities, surroundings, vectors)


def _surroundings(positions: FloatArray, species: tuple[Any, ...]) -> Surroundings:
    """All pairs of atoms of a small molecule; in a large one up to 10 Å, or to twice the widest gap between atoms."""
    distances = np.linalg.norm(positions[:, None] - positions, axis=2)
    gap = (distances + np.diag(np.full(len(distances), np.inf))).min(axis=1).max()
    cutoff = float(min(2 * distances.max(), max(_FAR, 2 * gap)))
    centers, neighbors = np.nonzero((distances > 0) & (distances < cutoff))
    images = np.zeros((len(centers), 3), dtype=np.int64)
    return Surroundings(tuple(map(str, species)), centers, neighbors, images, cutoff)


def _check_tolerance(tolerance: float, positions: FloatArray) -> None:
    if not (np.isfinite(tolerance) and tolerance > 0):
        raise ValueError(f"a tolerance is a positive number in Å, not {tolerance}")
    distances = np.linalg.norm(positions[:, None] - positions, axis=2)
    shortest = float(np.min(distances, where=distances > 0, initial=np.inf))
    if 2 * tolerance >= shortest:
        raise ValueError(
            f"a tolerance of {tolerance:g} Å is not below half of {shortest:.4g} Å, the shortest distance between two "
            "atoms, which could be taken for one another; give a smaller one"
        )
