"""Orbits of bonds: which of the bonds around the atoms of a crystal symmetry takes into one another.

A directed bond (i, j, n) leads from atom i to the image of atom j in the cell n. The operation k takes it to
(p(i), p(j), W n + n_j − n_i), with the lattice shifts n_i of the operation. Every orbit under the space group has a
bond that starts at the representative of an atom orbit, and two such bonds are in one orbit when the site group S of
that atom takes one to the other. An orbit has |S|/|stabiliser| bonds around each atom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only

from .operations import SpaceGroupOperations
from .sites import AtomOrbit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHELL_EDGE = 1e-8
"""Å: bonds of one shell differ in length by less."""


@dataclass(frozen=True, eq=False)
class BondOrbits:
    """Orbits of directed bonds up to a radius; made by :meth:`CrystalSymmetry.bond_orbits`. Arrays are read-only.

    Orbits are sorted by the atom orbit of their centre, then by length.

    Attributes:
        radius: bonds up to this length in Å are counted.
        centers: (n,) the atom at which the representative bond starts, the representative of its atom orbit.
        neighbors: (n,) the atom at which it ends.
        shifts: (n, 3) the cell of that atom.
        vectors: (n, 3) the bond in Å, in the standard axes of the class.
        multiplicities: (n,) bonds of the orbit around one atom, |S|/|stabiliser|.
        stabilizers: for each orbit the indices in ``group.rotations`` of the site-group elements that keep the bond.
        reverses: (n,) the orbit to which the bonds belong when read backwards.
        members: (m, 2) every bond around the representatives: its orbit, and the index in ``group.rotations`` of an
            element of the site group that takes the orbit's representative to it.
        n_bonds: bonds in the whole cell, directed.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> iron = crystal_symmetry(Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3]))
        >>> bonds = iron.bond_orbits(3.0)
        >>> bonds.lengths.round(3).tolist(), [len(s) for s in bonds.stabilizers]
        ([2.485, 2.87], [6, 8])
    """

    radius: float
    centers: IntArray
    neighbors: IntArray
    shifts: IntArray
    vectors: FloatArray
    multiplicities: IntArray
    stabilizers: tuple[IntArray, ...]
    reverses: IntArray
    members: IntArray
    n_bonds: int

    def __len__(self) -> int:
        return len(self.centers)

    @property
    def lengths(self) -> FloatArray:
        """(n,) lengths in Å."""
        return np.asarray(np.linalg.norm(self.vectors, axis=1))


@dataclass(frozen=True, eq=False)
class _Star:
    """All bonds around one atom: their ends, cells, vectors, and a key for looking up."""

    neighbors: IntArray
    shifts: IntArray
    vectors: FloatArray


def find_bond_orbits(
    radius: float,
    operations: SpaceGroupOperations,
    permutations: IntArray,
    lattice_shifts: IntArray,
    orbits: tuple[AtomOrbit, ...],
    stars: dict[int, tuple[IntArray, IntArray, FloatArray]],
) -> BondOrbits:
    """Sort the bonds around the representatives of the atom orbits into orbits.

    Args:
        radius: in Å, for the record.
        operations, permutations, lattice_shifts: of the cell.
        orbits: orbits of atoms.
        stars: for each representative the ends, cells and vectors (in standard axes) of its bonds, complete shells.
    """
    number: dict[tuple[int, ...], int] = {}  # bond (i, j, n) of a representative → orbit
    centers: list[int] = []
    chosen: list[tuple[int, IntArray, FloatArray]] = []
    stabilizers: list[IntArray] = []
    members: list[tuple[int, int]] = []
    reach: list[tuple[int, int]] = []
    for orbit in orbits:
        i = orbit.representative
        neighbors, shifts, vectors = stars[i]
        site = orbit.site_group
        ops = site.operations
        ends = permutations[ops][:, neighbors]
        cells = np.einsum("sab,mb->sma", operations.lattice_rotations[ops], shifts)
        cells += lattice_shifts[ops][:, neighbors] - lattice_shifts[ops, i][:, None]
        images = _places(neighbors, shifts, ends, cells)
        first = images.min(axis=0)
        for lead in sorted(np.unique(first), key=lambda m: (round(float(np.linalg.norm(vectors[m])), 6), m)):
            orbit_number = len(centers)
            for m in np.flatnonzero(first == lead):
                number[i, int(neighbors[m]), *map(int, shifts[m])] = orbit_number
                takes = int(np.flatnonzero(images[:, lead] == m)[0])
                members.append((orbit_number, int(site.elements[takes])))
            centers.append(i)
            chosen.append((int(neighbors[lead]), shifts[lead], vectors[lead]))
            stabilizers.append(read_only(site.elements[images[:, lead] == lead]))
            reach.append((len(site) // len(stabilizers[-1]), len(orbit.atoms)))
    to_representative = _to_representative(orbits, permutations)
    reverses = [
        _reversed(i, j, n, number, to_representative, operations, permutations, lattice_shifts)
        for i, (j, n, _) in zip(centers, chosen, strict=True)
    ]
    return BondOrbits(
        radius=radius,
        centers=read_only(np.array(centers, dtype=np.int64)),
        neighbors=read_only(np.array([j for j, _, _ in chosen], dtype=np.int64)),
        shifts=read_only(np.array([n for _, n, _ in chosen], dtype=np.int64).reshape(-1, 3)),
        vectors=read_only(np.array([v for _, _, v in chosen], dtype=np.float64).reshape(-1, 3)),
        multiplicities=read_only(np.array([m for m, _ in reach], dtype=np.int64)),
        stabilizers=tuple(stabilizers),
        reverses=read_only(np.array(reverses, dtype=np.int64)),
        members=read_only(np.array(members, dtype=np.int64).reshape(-1, 2)),
        n_bonds=sum(m * atoms for m, atoms in reach),
    )


def _places(neighbors: IntArray, shifts: IntArray, ends: IntArray, cells: IntArray) -> IntArray:
    """(n_ops, n_bonds) where each image (end, cell) stands in the list of bonds."""
    low = np.minimum(shifts.min(axis=0, initial=0), cells.min(axis=(0, 1), initial=0))
    high = np.maximum(shifts.max(axis=0, initial=0), cells.max(axis=(0, 1), initial=0))
    spans = high - low + 1

    def key(atoms: IntArray, shift: IntArray) -> IntArray:
        a, b, c = np.moveaxis(shift - low, -1, 0)
        return np.asarray(((atoms * spans[0] + a) * spans[1] + b) * spans[2] + c)

    keys = key(neighbors, shifts)
    order = np.argsort(keys)
    wanted = key(ends, cells)
    found = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1) if len(keys) else wanted
    places = order[found]
    assert (keys[places] == wanted).all(), "shells are complete, so the site group permutes the bonds"
    return np.asarray(places)


def _to_representative(orbits: tuple[AtomOrbit, ...], permutations: IntArray) -> dict[int, int]:
    """For each atom an operation that takes it to the representative of its orbit."""
    return {
        atom: int(np.flatnonzero(permutations[:, atom] == orbit.representative)[0])
        for orbit in orbits
        for atom in orbit.atoms
    }


def _reversed(
    i: int,
    j: int,
    n: IntArray,
    number: dict[tuple[int, ...], int],
    to_representative: dict[int, int],
    operations: SpaceGroupOperations,
    permutations: IntArray,
    lattice_shifts: IntArray,
) -> int:
    """The orbit of (j, i, −n), which an operation takes to a bond of a representative."""
    k = to_representative[j]
    cell = -operations.lattice_rotations[k] @ n + lattice_shifts[k, i] - lattice_shifts[k, j]
    return number[int(permutations[k, j]), int(permutations[k, i]), *map(int, cell)]
