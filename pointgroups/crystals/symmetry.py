"""The symmetry of a crystal: its space-group operations, its class, and the frame of the class's standard setting.

A structure has the space group 𝒢 = {(W | t)}: x → W x + t on fractional coordinates. With the lattice vectors as the
columns of A, the operation turns Cartesian vectors by R = A W A⁻¹. The R make up a point group P* that is one of
the 32 up to a rotation of the axes: there is a proper rotation F, the *frame*, with

    F R_k Fᵀ = G.rotations[i_k]      for every operation k,

G being the class in its default setting, so that r_standard = F r_user.

spglib finds the operations of a measured structure within a tolerance. They are discrete facts (integer matrices W);
the metric and the positions are then averaged over the group, so that all of the above holds to rounding.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup, point_group

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = [
    "CrystalSymmetry",
    "CrystalSymmetryError",
    "SpaceGroupOperations",
    "SupercellError",
    "crystal_symmetry",
    "primitive_cell",
]

_CLOSEST_ATOMS = 0.1  # Å: nearer atoms are one atom written twice
_FLATTEST_CELL = 1e-4  # |det A| / (a b c): flatter cells have no volume worth the name
_CLOSEST_MATCH = 0.2  # the entries of two different elements of a point group differ by 0.5 at the least
_CHUNK = 1 << 20  # distances held at once while atoms are matched

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class CrystalSymmetryError(ValueError):
    """A structure whose symmetry cannot be found; the message says what is wrong with it and what to do."""


class SupercellError(CrystalSymmetryError):
    """The given cell is a supercell with less symmetry than its crystal; :func:`primitive_cell` has it all."""


@dataclass(frozen=True, eq=False)
class SpaceGroupOperations:
    """The n_ops operations x → W x + t of a cell, on fractional coordinates; arrays are read-only.

    Attributes:
        elements: (n_ops,) index of each operation's rotation in ``group.rotations``.
        lattice_rotations: (n_ops, 3, 3) the integer matrices W.
        translations: (n_ops, 3) the vectors t, in fractions of the lattice vectors.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> iron = crystal_symmetry(Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3]))
        >>> len(iron.operations), iron.operations.translations.max().round(6).item()
        (96, 0.5)
    """

    elements: IntArray
    lattice_rotations: IntArray
    translations: FloatArray

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(frozen=True, eq=False)
class CrystalSymmetry:
    """A crystal's symmetry; made by :func:`crystal_symmetry`. Arrays are read-only.

    Attributes:
        group: the crystal class, in its default setting.
        frame: (3, 3) proper rotation F, r_standard = F r_user.
        space_group_number: 1 … 230. ``space_group_symbol``: its Hermann–Mauguin symbol.
        operations: the space-group operations of the given cell (centring translations included).
        permutations: (n_ops, n_atoms); operation k takes atom i to atom ``permutations[k, i]``.
        species: what sits on each atom's site.
        lattice: (3, 3) rows in Å in the user's axes, the given lattice made exactly symmetric by the smallest strain.
        frac_coords: (n_atoms, 3) the given positions averaged over the space group, hence exactly symmetric.
        displacement: the farthest that an image of an atom lay from the atom that it stands for, in Å.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> zincblende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
        >>> C = crystal_symmetry(zincblende)
        >>> C.group.schoenflies, C.permutations.shape
        ('Td', (96, 8))
    """

    group: PointGroup
    frame: FloatArray
    space_group_number: int
    space_group_symbol: str
    operations: SpaceGroupOperations
    permutations: IntArray
    species: tuple[Any, ...]
    lattice: FloatArray
    frac_coords: FloatArray
    displacement: float

    @cached_property
    def structure(self) -> Structure:
        """The symmetrised crystal in the user's axes, a pymatgen ``Structure``; atoms in the given order."""
        from pymatgen.core import Structure

        return Structure(self.lattice, list(self.species), self.frac_coords)

    @cached_property
    def rotations(self) -> FloatArray:
        """(n_ops, 3, 3) the operations' rotations R_k in the user's Cartesian axes, exactly orthogonal."""
        return read_only(self.frame.T @ self.group.rotations[self.operations.elements] @ self.frame)


def crystal_symmetry(structure: Structure, symprec: float = 0.01, angle_tolerance: float = -1.0) -> CrystalSymmetry:
    """Find the space group of a crystal and the rotation to the standard setting of its class.

    The frame maps the operations exactly onto ``group.rotations``. It is fixed up to the rotations that normalise
    the class (any rotation for class 1 or -1, one about the main axis for the polar ones); among these it is the one of
    spglib's standardised cell.

    Args:
        structure: an ordered pymatgen ``Structure``, periodic in three directions.
        symprec: how far an atom may lie from its symmetric place, in Å (spglib).
        angle_tolerance: tolerance on angles between lattice vectors in degrees; negative: derived from ``symprec``.

    Raises:
        CrystalSymmetryError: disordered sites, coordinates that are not finite, a cell without volume, atoms nearer
            than 0.1 Å to each other or to their periodic images, or no space group at this tolerance.
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
    _check(structure)
    numbers = _species_numbers(structure)
    dataset = _spglib_result("get_symmetry_dataset", structure, numbers, symprec, angle_tolerance=angle_tolerance)
    turns = np.asarray(dataset.rotations, dtype=np.int64)
    translations = np.asarray(dataset.translations, dtype=np.float64)
    group = point_group(dataset.pointgroup)
    n_rotations = len(np.unique(turns, axis=0))
    if n_rotations < group.order:
        raise SupercellError(
            f"the cell of {len(structure)} atoms is a supercell that keeps {n_rotations} of {group.order} rotations"
            f" of its crystal ({dataset.international}, class {group.symbol}); give the primitive cell (primitive_cell)"
        )

    lattice = _symmetrised_lattice(structure.lattice.matrix, turns)
    columns = lattice.T
    rotations = columns @ turns @ np.linalg.inv(columns)
    frame, elements = _standard_frame(group, rotations, np.asarray(dataset.std_rotation_matrix, dtype=np.float64))
    permutations, displacement = _permutations(structure, lattice, numbers, turns, translations, symprec)
    return CrystalSymmetry(
        group=group,
        frame=read_only(frame),
        space_group_number=int(dataset.number),
        space_group_symbol=str(dataset.international),
        operations=SpaceGroupOperations(read_only(elements), read_only(turns), read_only(translations)),
        permutations=read_only(permutations),
        species=tuple(site.specie for site in structure),
        lattice=read_only(lattice),
        frac_coords=read_only(_symmetrised_positions(structure.frac_coords, turns, translations, permutations)),
        displacement=displacement,
    )


def primitive_cell(structure: Structure, symprec: float = 0.01, angle_tolerance: float = -1.0) -> Structure:
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

    _check(structure)
    numbers = _species_numbers(structure)
    species = {int(number): site.specie for number, site in zip(numbers, structure, strict=True)}
    lattice, positions, kinds = _spglib_result(
        "standardize_cell",
        structure,
        numbers,
        symprec,
        to_primitive=True,
        no_idealize=True,
        angle_tolerance=angle_tolerance,
    )
    return Structure(lattice, [species[int(kind)] for kind in kinds], positions)


def _check(structure: Structure) -> None:
    """Refuse what has no well-defined symmetry."""
    disordered = [i for i, site in enumerate(structure) if not site.is_ordered]
    if disordered:
        site = structure[disordered[0]]
        raise CrystalSymmetryError(
            f"site {disordered[0]} is disordered ({site.species_string}), and so are {len(disordered)} of "
            f"{len(structure)} sites; give an ordered structure, one element a site"
        )
    if len(structure) == 0:
        raise CrystalSymmetryError("the structure has no atoms")
    if not (np.isfinite(structure.lattice.matrix).all() and np.isfinite(structure.frac_coords).all()):
        raise CrystalSymmetryError("the lattice or a coordinate is not a finite number (NaN or infinity)")
    if not all(structure.lattice.pbc):
        raise CrystalSymmetryError(f"the structure is periodic along {structure.lattice.pbc} only; give a crystal")
    lengths = np.linalg.norm(structure.lattice.matrix, axis=1)
    if lengths.min() < _CLOSEST_ATOMS or abs(structure.volume) < _FLATTEST_CELL * lengths.prod():
        raise CrystalSymmetryError(
            f"the cell has no volume: {abs(structure.volume):.3g} Å³ with lattice vectors of "
            f"{', '.join(f'{length:.4g}' for length in lengths)} Å; give three independent lattice vectors in Å"
        )
    i, j, _, distances = structure.get_neighbor_list(_CLOSEST_ATOMS)
    if len(distances):
        near = int(np.argmin(distances))
        what = f"atoms {i[near]} and {j[near]}" if i[near] != j[near] else f"atom {i[near]} and its periodic image"
        raise CrystalSymmetryError(
            f"{what} are {distances[near]:.3g} Å apart (less than {_CLOSEST_ATOMS} Å); remove the duplicate"
        )


def _species_numbers(structure: Structure) -> IntArray:
    """One integer for each different species (an element's oxidation states and spins count as different)."""
    number: dict[Any, int] = {}
    return np.array([number.setdefault(site.specie, len(number) + 1) for site in structure], dtype=np.int64)


def _spglib_result(function: str, structure: Structure, numbers: IntArray, symprec: float, **options: Any) -> Any:
    """What a function of spglib says of a structure; that it finds nothing is an error."""
    import spglib

    cell = (structure.lattice.matrix, structure.frac_coords, numbers)
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


def _symmetrised_lattice(lattice: FloatArray, turns: IntArray) -> FloatArray:
    """Lattice rows whose metric M is exactly invariant: M̄ = (1/n) Σ_k W_kᵀ M W_k, reached by a pure strain."""
    metric = np.mean(np.swapaxes(turns, 1, 2) @ (lattice @ lattice.T) @ turns, axis=0)
    inverse = np.linalg.inv(lattice)
    values, vectors = np.linalg.eigh(inverse @ metric @ inverse.T)
    strain = (vectors * np.sqrt(values)) @ vectors.T
    return np.asarray(lattice @ strain, dtype=np.float64)


def _standard_frame(group: PointGroup, rotations: FloatArray, start: FloatArray) -> tuple[FloatArray, IntArray]:
    """The frame F with F R_k Fᵀ = group.rotations[i_k], and the indices i_k.

    spglib's standard axes are those of the space group's own setting, which may be another one of the class (P-4m2 is
    -4m2, P312 is 312); the way from there to the default setting is a turn of the axes, tried in ``_turns``.
    """
    order = len(group.rotations)
    for turn in _turns():
        frame = turn @ start
        turned = frame @ rotations @ frame.T
        differences = np.abs(turned[:, None] - group.rotations[None]).max(axis=(2, 3))
        elements = differences.argmin(axis=1)
        if differences.min(axis=1).max() < _CLOSEST_MATCH and len(np.unique(elements)) == order:
            return _exact_frame(frame, rotations, group.rotations[elements]), elements.astype(np.int64)
    raise CrystalSymmetryError(
        f"the {len(rotations)} operations found do not map onto the {order} rotations of class {group.symbol} in any "
        "setting; the structure is too distorted for this tolerance, so try a smaller symprec"
    )


def _exact_frame(frame: FloatArray, rotations: FloatArray, standard: FloatArray) -> FloatArray:
    """The rotation nearest to ``frame`` that intertwines exactly: the polar factor of (1/n) Σ_k P_k F R_kᵀ."""
    average = np.mean(standard @ frame @ np.swapaxes(rotations, 1, 2), axis=0)
    left, _, right = np.linalg.svd(average)
    return np.asarray(left @ right, dtype=np.float64)


def _turns() -> Iterator[FloatArray]:
    """Turns from one setting of a class to another: by 0°, 45°, 30° or 90° about z, then permuting x → y → z."""
    cycle = np.roll(np.eye(3), 1, axis=0)
    for power in range(3):
        for angle in np.deg2rad([0.0, 45.0, 30.0, 90.0]):
            cos, sin = np.cos(angle), np.sin(angle)
            about_z = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
            yield about_z @ np.linalg.matrix_power(cycle, power)


def _permutations(
    structure: Structure,
    lattice: FloatArray,
    numbers: IntArray,
    turns: IntArray,
    translations: FloatArray,
    symprec: float,
) -> tuple[IntArray, float]:
    """Where each operation takes each atom (n_ops, n_atoms), and the worst distance between image and atom in Å."""
    positions = structure.frac_coords
    n_atoms = len(positions)
    permutations = np.empty((len(turns), n_atoms), dtype=np.int64)
    worst = 0.0
    same_species = numbers[:, None] == numbers[None, :]
    step = max(1, _CHUNK // n_atoms**2)
    for first in range(0, len(turns), step):
        chunk = slice(first, first + step)
        images = positions @ np.swapaxes(turns[chunk], 1, 2) + translations[chunk, None]
        apart = images[:, :, None] - positions
        apart -= np.rint(apart)
        distances = np.where(same_species, np.linalg.norm(apart @ lattice, axis=-1), np.inf)
        permutations[chunk] = distances.argmin(axis=2)
        worst = max(worst, float(distances.min(axis=2).max()))
    one_to_one = (np.sort(permutations, axis=1) == np.arange(n_atoms)).all()
    if not one_to_one:
        raise CrystalSymmetryError(
            f"an operation that spglib found at symprec={symprec:g} Å does not permute the atoms (an image lies "
            f"{worst:.3g} Å from the nearest atom of its species); try a smaller symprec"
        )
    return permutations, worst


def _symmetrised_positions(
    positions: FloatArray, turns: IntArray, translations: FloatArray, permutations: IntArray
) -> FloatArray:
    """x̄_j = (1/n) Σ_k (W_k x_i + t_k), i the atom that k takes to j, each image counted in the cell of x_j."""
    images = positions @ np.swapaxes(turns, 1, 2) + translations[:, None]
    there = positions[permutations]
    shifts = images - there - np.rint(images - there)
    mean_shift = np.zeros_like(positions)
    np.add.at(mean_shift, permutations, shifts)
    return np.asarray(positions + mean_shift / len(turns), dtype=np.float64)
