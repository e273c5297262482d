"""What each atom of a crystal sees around it: the numbers by which a crystal is told apart however it is given.

Species enter by arbitrary fixed weights w(s), distances through a cut-off that is smooth, so that nothing jumps when an
atom crosses it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pymatgen.core import Structure

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_REACH = 3.0  # in units of the cube root of the volume of an atom: about 110 neighbours


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The neighbours of each atom up to a distance that follows from the density.

    Attributes:
        species: a name for what sits on each site.
        centers, neighbors: (n_bonds,) atoms, sorted by ``centers``.
        images: (n_bonds, 3) the cell of the neighbour.
        cutoff: in Å.
    """

    species: tuple[str, ...]
    centers: IntArray
    neighbors: IntArray
    images: IntArray
    cutoff: float

    @classmethod
    def of(cls, structure: Structure) -> Surroundings:
        """Those of a crystal."""
        cutoff = _REACH * (structure.volume / len(structure)) ** (1 / 3)
        centers, neighbors, images, _ = structure.get_neighbor_list(cutoff)
        order = np.argsort(centers, kind="stable")
        species = tuple(str(site.specie) for site in structure)
        return cls(species, centers[order], neighbors[order], images[order], cutoff)

    @cached_property
    def weights(self) -> FloatArray:
        """(n_atoms, 3) of the species."""
        return species_weights(self.species)

    def vectors(self, lattice: FloatArray, positions: FloatArray) -> FloatArray:
        """(n_bonds, 3) from the centre to the neighbour, for a lattice (rows, Å) and fractional positions."""
        return np.asarray((positions[self.neighbors] + self.images - positions[self.centers]) @ lattice)

    def cut(self, lengths: FloatArray) -> FloatArray:
        """(1 − r²/r_c²)³, 0 beyond the cut-off."""
        return np.asarray(np.clip(1 - (lengths / self.cutoff) ** 2, 0.0, None) ** 3)

    def order(self, lattice: FloatArray, positions: FloatArray) -> IntArray:
        """The atoms sorted by species, then by the number Σ_j w(s_j) (1 − r²/r_c²)³ that they see.

        The order does not depend on how the crystal is given, but for atoms that see the same.
        """
        lengths = np.linalg.norm(self.vectors(lattice, positions), axis=1)
        seen = np.bincount(self.centers, self.weights[self.neighbors, 0] * self.cut(lengths), len(self.species))
        return np.lexsort((seen, self.weights[:, 0]))


def species_weights(species: Sequence[str]) -> FloatArray:
    """Three arbitrary numbers in (−1, 1) for each species, the same ever after."""
    return np.array([_hashed(name) for name in species])


@cache
def _hashed(name: str) -> tuple[float, ...]:
    digest = hashlib.sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[4 * k : 4 * k + 4], "big") / 2**31 - 1 for k in range(3))
