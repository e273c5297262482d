"""The symmetry of a crystal: its space-group operations, its class, its sites, and the frame of the standard setting.

A structure has the space group 𝒢 = {(W | t)}: x → W x + t on fractional coordinates. With the lattice vectors as the
columns of A, the operation turns Cartesian vectors by R = A W A⁻¹. The R make up a point group P* that is one of
the 32 up to a rotation of the axes: there is a proper rotation F, the *frame*, with

    F R_k Fᵀ = G.rotations[i_k]      for every operation k,

G being the class in its default setting, so that r_standard = F r_user. F is the canonical one
(:mod:`pointgroups.crystals.canonical_frame`): another cell, origin, orientation or order of atoms gives the same
tensors in the standard axes.

spglib finds the operations of a measured structure within a tolerance. They are discrete facts (integer matrices W);
the metric and the positions are then averaged over the group, so that all of the above holds to rounding.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.identification import NotAPointGroupError, OrientedGroup, identify_point_group
from pointgroups.point_group import PointGroup
from pointgroups.tensors.invariants import in_turned_axes

from .bonds import SHELL_EDGE, BondOrbits, find_bond_orbits
from .canonical_frame import CLEAR_MARGIN, canonical_frame
from .operations import (
    AtomMatchError,
    SpaceGroupOperations,
    atom_permutations,
    displacement,
    lattice_shifts,
    symmetrised_lattice,
    symmetrised_positions,
)
from .sites import AtomOrbit, SiteGroup, atom_orbits, named_orbits, site_groups
from .structures import CrystalSymmetryError, as_structure, species_numbers
from .surroundings import Surroundings

if TYPE_CHECKING:
    from pymatgen.core import Structure

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_REDUCED = 4  # coefficients up to this of a reduced basis reach all shortest lattice vectors


class SupercellError(CrystalSymmetryError):
    """The given cell is a supercell with less symmetry than its crystal; :func:`primitive_cell` has it all."""


@dataclass(frozen=True, eq=False)
class CrystalSymmetry:
    """A crystal's symmetry; made by :func:`crystal_symmetry`. Arrays are read-only.

    Attributes:
        group: the crystal class, in its default setting.
        frame: (3, 3) proper rotation F, r_standard = F r_user.
        handedness: −1 for one of the two mirror images of a crystal whose class has proper rotations only, else +1.
        frame_margin: how clearly the frame was told from the others that the class allows, a relative difference; 0
            where it was not.
        space_group_number: 1 … 230. ``space_group_symbol``: its Hermann–Mauguin symbol.
        hall_number: 1 … 530, spglib's number of the setting found.
        operations: the space-group operations of the given cell (centring translations included).
        permutations: (n_ops, n_atoms); operation k takes atom i to atom ``permutations[k, i]``.
        wyckoff: the Wyckoff letter of each atom, in the setting that spglib finds.
        species: what sits on each atom's site.
        lattice: (3, 3) rows in Å in the user's axes, the given lattice made exactly symmetric by the smallest strain.
        frac_coords: (n_atoms, 3) the given positions averaged over the space group, hence exactly symmetric.
        displacement: the farthest that an image of an atom lay from the atom that it stands for, in Å.
        symprec: the tolerance in Å that was asked for.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> zincblende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
        >>> C = crystal_symmetry(zincblende)
        >>> C.group.schoenflies, C.permutations.shape
        ('Td', (96, 8))
        >>> [(orbit.wyckoff, len(orbit.atoms), orbit.site_group.group.schoenflies) for orbit in C.orbits]
        [('a', 4, 'Td'), ('c', 4, 'Td')]
    """

    group: PointGroup
    frame: FloatArray
    handedness: int
    frame_margin: float
    space_group_number: int
    space_group_symbol: str
    hall_number: int
    operations: SpaceGroupOperations
    permutations: IntArray
    wyckoff: tuple[str, ...]
    species: tuple[Any, ...]
    lattice: FloatArray
    frac_coords: FloatArray
    displacement: float
    symprec: float

    @cached_property
    def symmetry_is_clear(self) -> bool:
        """Whether the space group would be the same at half and at twice the tolerance ``symprec``.

        False for a crystal that lies between two space groups: which of them is found is a matter of the tolerance, and
        of which atom spglib begins with. :func:`symmetry_scan` tells where it changes.
        """
        return self.displacement <= self.symprec / 2 and self._number_at(2 * self.symprec) == self.space_group_number

    def _number_at(self, symprec: float) -> int:
        """spglib's number of the space group of the symmetrised crystal at another tolerance, 0 for none."""
        try:
            order = np.arange(len(self.species))
            return int(spglib_dataset(self.structure, species_numbers(self.structure), order, symprec, -1.0).number)
        except CrystalSymmetryError:
            return 0

    @property
    def frame_is_clear(self) -> bool:
        """Whether the canonical frame is well conditioned.

        False for a crystal so near to a higher symmetry that two frames of its class can hardly be told apart: noise in
        the structure may then exchange them.
        """
        return self.frame_margin > CLEAR_MARGIN

    @cached_property
    def structure(self) -> Structure:
        """The symmetrised crystal in the user's axes, a pymatgen ``Structure``; atoms in the given order."""
        from pymatgen.core import Structure

        return Structure(self.lattice, list(self.species), self.frac_coords)

    @cached_property
    def standard_structure(self) -> Structure:
        """The symmetrised crystal in the standard axes of its class."""
        from pymatgen.core import Structure

        return Structure(self.lattice @ self.frame.T, list(self.species), self.frac_coords)

    @cached_property
    def rotations(self) -> FloatArray:
        """(n_ops, 3, 3) the operations' rotations R_k in the user's Cartesian axes, exactly orthogonal."""
        return read_only(self.frame.T @ self.group.rotations[self.operations.elements] @ self.frame)

    @cached_property
    def lattice_shifts(self) -> IntArray:
        """(n_ops, n_atoms, 3) lattice vectors n with W_k x_i + t_k = x_{p(i)} + n."""
        return lattice_shifts(self.operations, self.permutations, self.frac_coords)

    # -- sites and bonds ----------------------------------------------------------------------------------------

    @cached_property
    def site_groups(self) -> tuple[SiteGroup, ...]:
        """The site-symmetry group of each atom."""
        return site_groups(self.group, self.operations.elements, self.permutations)

    @cached_property
    def orbits(self) -> tuple[AtomOrbit, ...]:
        """The orbits of atoms, by their first atoms."""
        return named_orbits(atom_orbits(self.permutations), self.wyckoff, self.site_groups)

    def bond_orbits(self, radius: float) -> BondOrbits:
        """Orbits of directed bonds up to a radius in Å; shells are complete.

        Raises:
            ValueError: the radius is not a positive number.

        Example:
            >>> from pymatgen.core import Lattice, Structure
            >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]])
            >>> bonds = crystal_symmetry(salt).bond_orbits(4.0)  # to the nearest and the second nearest neighbours
            >>> len(bonds), bonds.multiplicities.tolist(), bonds.reverses.tolist(), bonds.n_bonds
            (4, [6, 12, 6, 12], [2, 1, 0, 3], 144)
        """
        if not (np.isfinite(radius) and radius > 0):
            raise ValueError(f"a radius is a positive number in Å, not {radius}")
        stars = self.stars([orbit.representative for orbit in self.orbits], radius)
        return find_bond_orbits(radius, self.operations, self.permutations, self.lattice_shifts, self.orbits, stars)

    def stars(self, atoms: Sequence[int], radius: float) -> dict[int, tuple[IntArray, IntArray, FloatArray]]:
        """The neighbours of atoms up to a radius: atoms, their cells, and the vectors to them in standard axes."""
        center, neighbors, images, distances = self.structure.get_neighbor_list(
            radius + SHELL_EDGE, sites=[self.structure[i] for i in atoms], exclude_self=False
        )
        vectors = (self.frac_coords[neighbors] + images - self.frac_coords[np.array(atoms)[center]]) @ self.lattice
        vectors = vectors @ self.frame.T
        parts = {i: (center == k) & (distances > SHELL_EDGE) for k, i in enumerate(atoms)}
        return {i: (neighbors[p].astype(np.int64), images[p].astype(np.int64), vectors[p]) for i, p in parts.items()}

    # -- tensors ------------------------------------------------------------------------------------------------

    def to_standard(self, tensors: ArrayLike, rank: int | None = None) -> FloatArray:
        """Tensors (…, 3, …, 3) in the user's axes, turned to the standard axes; ``rank`` None: all axes are indices."""
        return in_turned_axes(tensors, self.frame, rank)

    def to_user(self, tensors: ArrayLike, rank: int | None = None) -> FloatArray:
        """Tensors in the standard axes, turned to the user's."""
        return in_turned_axes(tensors, self.frame.T, rank)


def crystal_symmetry(structure: Any, symprec: float = 0.01, angle_tolerance: float = -1.0) -> CrystalSymmetry:
    """Find the space group of a crystal, its sites, and the rotation to the standard setting of its class.

    The frame maps the operations exactly onto ``group.rotations``, and is canonical
    (:mod:`pointgroups.crystals.canonical_frame`).

    Args:
        structure: an ordered pymatgen ``Structure`` or ASE ``Atoms``, periodic in three directions, or the path of a
            file that pymatgen reads.
        symprec: how far an atom may lie from its symmetric place, in Å (spglib).
        angle_tolerance: tolerance on angles between lattice vectors in degrees; negative: derived from ``symprec``.

    Raises:
        CrystalSymmetryError: a file that cannot be read, disordered sites, coordinates that are not finite, a cell
            without volume, atoms nearer than 0.1 Å to each other or to their periodic images, a tolerance that is no
            positive number, or no space group at this tolerance.
        SupercellError: some of the crystal's rotations do not map the given lattice onto itself (a cubic crystal
            in a 1 × 1 × 2 cell), so they cannot be written as operations of this cell.

    Reference: A. Togo, K. Shinohara and I. Tanaka, Sci. Technol. Adv. Mater. Meth. 4, 2384822 (2024) (spglib).

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
        >>> C = crystal_symmetry(salt)
        >>> C.space_group_symbol, C.group.schoenflies, len(C.operations)
        ('Fm-3m', 'Oh', 192)
    """
    crystal = as_structure(structure)
    numbers = species_numbers(crystal)
    surroundings = Surroundings.of(crystal)
    order = surroundings.order(crystal.lattice.matrix, crystal.frac_coords)
    dataset = spglib_dataset(crystal, numbers, order, symprec, angle_tolerance)
    turns = np.asarray(dataset.rotations, dtype=np.int64)
    lattice = symmetrised_lattice(crystal.lattice.matrix, turns)
    found = _oriented_class(lattice, turns, crystal, str(dataset.pointgroup), str(dataset.international))
    operations = SpaceGroupOperations(
        read_only(found.elements), read_only(turns), read_only(np.asarray(dataset.translations, dtype=np.float64))
    )
    try:
        permutations = atom_permutations(found.group, operations, lattice, crystal.frac_coords, numbers)
    except AtomMatchError as error:
        raise CrystalSymmetryError(
            f"an operation that spglib found at symprec={symprec:g} Å does not permute the atoms ({error}); "
            "try a smaller symprec"
        ) from error
    positions = symmetrised_positions(operations, permutations, crystal.frac_coords)
    species = tuple(site.specie for site in crystal)
    primitive = _primitive_lattice(np.asarray(dataset.primitive_lattice), crystal.lattice.matrix, lattice, turns)
    vectors = surroundings.vectors(lattice, positions)
    chosen = canonical_frame(found.group, found.frame, _short_vectors(primitive), surroundings, vectors)
    return CrystalSymmetry(
        group=found.group,
        frame=read_only(chosen.frame),
        handedness=chosen.handedness,
        frame_margin=chosen.margin,
        space_group_number=int(dataset.number),
        space_group_symbol=str(dataset.international),
        hall_number=int(dataset.hall_number),
        operations=_reindexed(operations, found, chosen.frame),
        permutations=read_only(permutations),
        wyckoff=tuple(str(dataset.wyckoffs[k]) for k in np.argsort(order)),
        species=species,
        lattice=read_only(lattice),
        frac_coords=read_only(positions),
        displacement=displacement(operations, permutations, lattice, crystal.frac_coords),
        symprec=symprec,
    )


def _oriented_class(
    lattice: FloatArray, turns: IntArray, crystal: Structure, symbol: str, international: str
) -> OrientedGroup:
    """The class of the operations and a frame of it; SupercellError where the cell keeps only a part of the class."""
    from pointgroups.point_group import point_group

    columns = lattice.T
    group = point_group(symbol)
    different, which = np.unique(turns.reshape(-1, 9), axis=0, return_inverse=True)
    n_rotations = len(different)
    if n_rotations < group.order:
        raise SupercellError(
            f"the cell of {len(crystal)} atoms is a supercell that keeps {n_rotations} of {group.order} rotations"
            f" of its crystal ({international}, class {group.symbol}); give the primitive cell (primitive_cell)"
        )
    try:
        found = identify_point_group(columns @ different.reshape(-1, 3, 3) @ np.linalg.inv(columns))
    except NotAPointGroupError as error:
        raise CrystalSymmetryError(
            f"the operations found are no point group ({error}); the structure is too distorted for this tolerance, "
            "so try a smaller symprec"
        ) from error
    return replace(found, elements=read_only(found.elements[which.reshape(-1)]))


def _primitive_lattice(found: FloatArray, given: FloatArray, symmetrised: FloatArray, turns: IntArray) -> FloatArray:
    """Reduced rows of the primitive lattice: spglib's, of the given lattice, made symmetric with it."""
    import spglib

    n_centrings = int(np.all(turns == np.eye(3, dtype=np.int64), axis=(1, 2)).sum())
    coefficients = np.rint(found @ np.linalg.inv(given) * n_centrings) / n_centrings
    primitive = coefficients @ symmetrised
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        reduced = spglib.delaunay_reduce(primitive)
    return primitive if reduced is None else np.asarray(reduced, dtype=np.float64)


def _short_vectors(lattice: FloatArray) -> FloatArray:
    """The vectors of a reduced lattice with small coefficients; 0 is left out."""
    steps = np.arange(-_REDUCED, _REDUCED + 1)
    coefficients = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    return np.asarray(coefficients[np.any(coefficients != 0, axis=1)] @ lattice, dtype=np.float64)


def _reindexed(operations: SpaceGroupOperations, found: OrientedGroup, frame: FloatArray) -> SpaceGroupOperations:
    """The operations with the elements as they are in another frame of the class."""
    turn = frame @ found.frame.T
    turned = turn @ found.group.rotations @ turn.T
    moved = np.abs(turned[:, None] - found.group.rotations).max(axis=(2, 3)).argmin(axis=1)
    elements = moved[operations.elements]
    return SpaceGroupOperations(read_only(elements), operations.lattice_rotations, operations.translations)


def primitive_cell(structure: Any, symprec: float = 0.01, angle_tolerance: float = -1.0) -> Structure:
    """The smallest cell of the same crystal, in the same Cartesian axes and position.

    Site properties are dropped; atoms that stand for several of the given ones lie at their mean place.

    Raises:
        CrystalSymmetryError: as :func:`crystal_symmetry`.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
        >>> len(salt), len(primitive_cell(salt))
        (8, 2)
    """
    from pymatgen.core import Structure

    crystal = as_structure(structure)
    numbers = species_numbers(crystal)
    species = {int(number): site.specie for number, site in zip(numbers, crystal, strict=True)}
    lattice, positions, kinds = spglib_result(
        "standardize_cell",
        (crystal.lattice.matrix, crystal.frac_coords, numbers),
        crystal,
        symprec,
        to_primitive=True,
        no_idealize=True,
        angle_tolerance=angle_tolerance,
    )
    return Structure(lattice, [species[int(kind)] for kind in kinds], positions)


def spglib_dataset(
    structure: Structure, numbers: IntArray, order: IntArray, symprec: float, angle_tolerance: float
) -> Any:
    """spglib's dataset. Near a tolerance it depends on which atom comes first, hence the order."""
    cell = (structure.lattice.matrix, structure.frac_coords[order], numbers[order])
    return spglib_result("get_symmetry_dataset", cell, structure, symprec, angle_tolerance=angle_tolerance)


def spglib_result(function: str, cell: Any, structure: Structure, symprec: float, **options: Any) -> Any:
    """What a function of spglib says of a cell; that it finds nothing is an error."""
    import spglib

    if not (np.isfinite(symprec) and symprec > 0):
        raise CrystalSymmetryError(f"symprec is a length in Å above 0, such as 0.01, not {symprec}")
    reason = ""
    # spglib is moving from returning None to raising, and warns of it at each call; both ways end in one error here.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            result = getattr(spglib, function)(cell, symprec=symprec, **options)
        except spglib.SpglibError as error:
            result, reason = None, f" ({error})"
    if result is None:
        raise CrystalSymmetryError(
            f"spglib finds no space group for {structure.composition.reduced_formula} at symprec={symprec:g} Å"
            f"{reason}; try a smaller symprec, and check for atoms that nearly coincide"
        )
    return result
