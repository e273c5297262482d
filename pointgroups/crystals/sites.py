"""Sites: orbits of atoms, and the site-symmetry group of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.identification import identify_point_group
from pointgroups.normalizer import least_turn, normalizer_cosets
from pointgroups.point_group import PointGroup, point_group

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SiteGroup:
    """The site-symmetry group S of an atom: the operations that leave it in place.

    Attributes:
        crystal_group: the class G of the crystal, in its default setting.
        elements: indices in ``crystal_group.rotations`` of the rotations of S, ascending; they are a subgroup of G.
        operations: (|S|,) the operations of the cell that fix the atom modulo lattice vectors, in the same order.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> perovskite = Structure.from_spacegroup(
        ...     "Pm-3m", Lattice.cubic(3.9), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0]]
        ... )
        >>> [s.group.schoenflies for s in crystal_symmetry(perovskite).site_groups]
        ['Oh', 'Oh', 'D4h', 'D4h', 'D4h']
    """

    crystal_group: PointGroup
    elements: IntArray
    operations: IntArray

    def __len__(self) -> int:
        return len(self.elements)

    @cached_property
    def group(self) -> PointGroup:
        """S as a point group with a name; its ``rotations`` are in the standard axes of the crystal's class."""
        return _named_subgroup(self.crystal_group.name, tuple(self.elements.tolist()))


@lru_cache(maxsize=4096)
def _named_subgroup(name: str, elements: tuple[int, ...]) -> PointGroup:
    found = identify_point_group(point_group(name).rotations[list(elements)])
    proper = found.group.rotations[found.group.determinants > 0]
    frames = (proper @ normalizer_cosets(found.group.name)[:, None] @ found.frame).reshape(-1, 3, 3)
    frame = least_turn(frames)
    return found.group if np.allclose(frame, np.eye(3), atol=1e-9) else found.group.rotated(frame.T)


@dataclass(frozen=True, eq=False)
class AtomOrbit:
    """Atoms that the operations take into one another.

    Attributes:
        atoms: indices in the cell, ascending; the first one represents the orbit.
        wyckoff: Wyckoff letter as spglib assigns it, "" for a molecule.
        site_group: that of the representative.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> fluorite = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.46), ["Ca", "F"], [[0] * 3, [0.25] * 3])
        >>> orbit = crystal_symmetry(fluorite).orbits[1]
        >>> orbit.wyckoff, orbit.atoms, orbit.site_group.group.schoenflies
        ('c', (4, 5, 6, 7, 8, 9, 10, 11), 'Td')
    """

    atoms: tuple[int, ...]
    wyckoff: str
    site_group: SiteGroup

    @property
    def representative(self) -> int:
        """The atom with the lowest index."""
        return self.atoms[0]


def atom_orbits(permutations: IntArray) -> tuple[tuple[int, ...], ...]:
    """Orbits of atoms under permutations (n_ops, n_atoms) of a group, by their first atoms."""
    first = permutations.min(axis=0)
    return tuple(tuple(np.flatnonzero(first == k).tolist()) for k in np.unique(first))


def site_groups(group: PointGroup, elements: IntArray, permutations: IntArray) -> tuple[SiteGroup, ...]:
    """The site group of every atom; ``elements`` names the rotation of each operation."""
    fixed = permutations == np.arange(permutations.shape[1])
    found = []
    for atom in range(permutations.shape[1]):
        operations = np.flatnonzero(fixed[:, atom])
        operations = operations[np.argsort(elements[operations], kind="stable")]
        found.append(SiteGroup(group, read_only(elements[operations]), read_only(operations)))
    return tuple(found)


def named_orbits(
    orbits: Sequence[tuple[int, ...]], wyckoff: Sequence[str], groups: Sequence[SiteGroup]
) -> tuple[AtomOrbit, ...]:
    """Orbits with letters and site groups of their first atoms."""
    return tuple(AtomOrbit(atoms, wyckoff[atoms[0]], groups[atoms[0]]) for atoms in orbits)
