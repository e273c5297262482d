"""Whether two descriptions are one crystal: numbers that cell, origin, axes and order of atoms do not change.

They are the formula, the space group, the volume of an atom, the three shortest independent lattice lengths, and for
each atom of the primitive cell what it sees, s_i = Σ_j w(s_j) (1 − r²/r_c²)³ with three weights w for each species
(:mod:`pointgroups.crystals.surroundings`). A crystal and its mirror image have the same numbers.
"""

from __future__ import annotations

import itertools
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pointgroups.crystals.surroundings import Surroundings
from pointgroups.exact import read_only

from .records import formula

if TYPE_CHECKING:
    from pointgroups.crystals.symmetry import CrystalSymmetry

FloatArray = NDArray[np.float64]

_STEPS = 2  # coefficients up to this of a reduced basis reach the shortest vectors
_LEAST_LENGTH = 1e-3  # Å
_LEFT_HANDED = {78: 76, 95: 91, 96: 92, 145: 144, 153: 151, 154: 152, 170: 169, 172: 171, 179: 178, 181: 180, 213: 212}
"""The eleven space groups whose mirror images have another number → that number."""


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """The numbers of one crystal; arrays are read-only.

    Attributes:
        formula: reduced, as pymatgen writes it.
        space_group_number: 1 … 230, the lower number of the two of an enantiomorphic pair.
        volume: of an atom, Å³.
        lengths: (3,) of the reduced primitive lattice, ascending, Å.
        seen: (n_atoms of the primitive cell, 3) what each atom sees, in an order that the crystal fixes.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry, primitive_cell
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]])
        >>> cells = [fingerprint(crystal_symmetry(cell)) for cell in (salt, primitive_cell(salt))]
        >>> cells[0].agrees_with(cells[1], 1e-9)
        True
    """

    formula: str
    space_group_number: int
    volume: float
    lengths: FloatArray
    seen: FloatArray

    def agrees_with(self, other: Fingerprint, tolerance: float) -> bool:
        """Whether all numbers are the same, lengths within a relative tolerance."""
        if (self.formula, self.space_group_number, self.seen.shape) != (
            other.formula,
            other.space_group_number,
            other.seen.shape,
        ):
            return False
        lengths = np.abs(self.lengths / other.lengths - 1).max()
        volumes = abs(self.volume / other.volume - 1) / 3
        seen = np.abs(self.seen - other.seen).max() / np.abs(self.seen).max()
        return bool(max(lengths, volumes, seen) <= tolerance)


def fingerprint(symmetry: CrystalSymmetry) -> Fingerprint:
    """The numbers of a crystal."""
    structure = symmetry.structure
    surroundings = Surroundings.of(structure)
    cut = surroundings.cut(np.linalg.norm(surroundings.vectors(symmetry.lattice, symmetry.frac_coords), axis=1))
    weights = surroundings.weights[surroundings.neighbors]
    seen = np.stack([np.bincount(surroundings.centers, w * cut, len(structure)) for w in weights.T], axis=1)
    order = surroundings.order(symmetry.lattice, symmetry.frac_coords)
    turns = symmetry.operations.lattice_rotations
    centrings = symmetry.operations.translations[np.all(turns == np.eye(3), axis=(1, 2))]
    return Fingerprint(
        formula(structure),
        _LEFT_HANDED.get(symmetry.space_group_number, symmetry.space_group_number),
        structure.volume / len(structure),
        read_only(_shortest_lengths(symmetry.lattice, centrings)),
        read_only(seen[order[:: len(centrings)]]),  # atoms that centrings take into one another stand together
    )


def _shortest_lengths(lattice: FloatArray, centrings: FloatArray) -> FloatArray:
    """Lengths of a shortest lattice vector, of a shortest one across it, and of a shortest one out of their plane."""
    import spglib

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = spglib.delaunay_reduce(lattice)
    reduced = lattice if found is None else np.asarray(found, dtype=np.float64)
    steps = np.stack(np.meshgrid(*[np.arange(-_STEPS, _STEPS + 1)] * 3), axis=-1).reshape(-1, 3)
    offsets = centrings @ lattice @ np.linalg.inv(reduced)
    vectors = ((steps + (offsets - np.rint(offsets))[:, None]) @ reduced).reshape(-1, 3)
    lengths = np.linalg.norm(vectors, axis=1)
    order = np.argsort(lengths, kind="stable")
    chosen: list[int] = []
    for k in order[lengths[order] > _LEAST_LENGTH]:
        if np.linalg.matrix_rank(vectors[[*chosen, k]], tol=_LEAST_LENGTH) > len(chosen):
            chosen.append(int(k))
        if len(chosen) == 3:
            break
    return np.asarray(lengths[chosen])


def same_crystals(fingerprints: Sequence[Fingerprint | None], tolerance: float) -> Iterator[tuple[int, int]]:
    """Pairs of indices of one crystal, ascending; None stands for a row without symmetry."""
    groups: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    for k, found in enumerate(fingerprints):
        if found is not None:
            groups[found.formula, found.space_group_number, len(found.seen)].append(k)
    pairs = [pair for members in groups.values() for pair in itertools.combinations(members, 2)]
    for i, j in sorted(pairs):
        first, second = fingerprints[i], fingerprints[j]
        if first is not None and second is not None and first.agrees_with(second, tolerance):
            yield i, j
