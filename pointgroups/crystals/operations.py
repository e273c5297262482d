"""The operations of a space group on the atoms of a cell: permutations, lattice shifts, exactly symmetric positions.

(W | t) takes the atom at x_i to W x_i + t = x_{p(i)} + n_i, with an atom p(i) of the cell and a lattice vector n_i.
Permutations multiply as the operations do, so only a few generators are matched atom by atom; the others are composed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CHUNK = 1 << 22  # distances held at once while the atoms of one species are matched


class AtomMatchError(ValueError):
    """An operation whose images of the atoms are not the atoms; the message gives the worst distance."""


@dataclass(frozen=True, eq=False)
class SpaceGroupOperations:
    """The n_ops operations x → W x + t of a cell, on fractional coordinates; arrays are read-only.

    Attributes:
        elements: (n_ops,) index of each operation's rotation in ``group.rotations``.
        lattice_rotations: (n_ops, 3, 3) the integer matrices W.
        translations: (n_ops, 3) the vectors t, in fractions of the lattice vectors.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> iron = crystal_symmetry(Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3]))
        >>> len(iron.operations), iron.operations.translations.max().round(6).item()
        (96, 0.5)
    """

    elements: IntArray
    lattice_rotations: IntArray
    translations: FloatArray

    def __len__(self) -> int:
        return len(self.elements)

    def images(self, frac_coords: FloatArray) -> FloatArray:
        """(n_ops, n_atoms, 3) the images W x + t of fractional coordinates (n_atoms, 3)."""
        turned: FloatArray = frac_coords @ np.swapaxes(self.lattice_rotations, 1, 2)
        return turned + self.translations[:, None]


def atom_permutations(
    group: PointGroup, operations: SpaceGroupOperations, lattice: FloatArray, positions: FloatArray, numbers: IntArray
) -> IntArray:
    """Where each operation takes each atom, (n_ops, n_atoms).

    Args:
        group: the class, whose product table the operations follow.
        operations: all operations of the cell.
        lattice: (3, 3) rows.
        positions: (n_atoms, 3) fractional.
        numbers: (n_atoms,) one integer for each species.

    Raises:
        AtomMatchError: some operation does not permute the atoms.
    """
    product = _Composition(group, operations)
    permutations = np.empty((len(operations), len(positions)), dtype=np.int64)
    permutations[product.identity] = np.arange(len(positions))
    known = np.zeros(len(operations), dtype=bool)
    known[product.identity] = True
    generators: list[int] = []
    for k in range(len(operations)):
        if known[k]:
            continue
        permutations[k] = _matched(operations, k, lattice, positions, numbers)
        generators.append(k)
        frontier = np.flatnonzero(known)
        while len(frontier):
            reached = []
            for g in generators:
                composed = product(frontier, g)
                new = ~known[composed]
                known[composed[new]] = True
                permutations[composed[new]] = permutations[frontier[new]][:, permutations[g]]
                reached.append(composed[new])
            frontier = np.concatenate(reached)
    return permutations


class _Composition:
    """The products of operations of a cell, modulo lattice translations."""

    def __init__(self, group: PointGroup, operations: SpaceGroupOperations) -> None:
        self.operations = operations
        self.table = group.product
        order = np.argsort(operations.elements, kind="stable")
        self.of_element = order.reshape(group.order, -1)  # as many translations with each element
        self.identity = int(self._nearest(np.zeros(1, dtype=np.int64), np.zeros((1, 3)))[0])

    def __call__(self, left: IntArray, right: int) -> IntArray:
        """The operations left ∘ right."""
        elements = self.table[self.operations.elements[left], self.operations.elements[right]]
        turned = self.operations.lattice_rotations[left] @ self.operations.translations[right]
        return self._nearest(elements, turned + self.operations.translations[left])

    def _nearest(self, elements: IntArray, translations: FloatArray) -> IntArray:
        candidates = self.of_element[elements]
        if candidates.shape[1] == 1:
            return candidates[:, 0]
        apart = self.operations.translations[candidates] - translations[:, None]
        nearest = np.abs(apart - np.rint(apart)).max(axis=2).argmin(axis=1)
        return np.asarray(np.take_along_axis(candidates, nearest[:, None], axis=1)[:, 0])


def _matched(
    operations: SpaceGroupOperations, k: int, lattice: FloatArray, positions: FloatArray, numbers: IntArray
) -> IntArray:
    """The permutation of operation k: each image goes to the nearest atom of its species."""
    images = positions @ operations.lattice_rotations[k].T + operations.translations[k]
    permutation = np.empty(len(positions), dtype=np.int64)
    worst = 0.0
    for number in np.unique(numbers):
        atoms = np.flatnonzero(numbers == number)
        step = max(1, _CHUNK // len(atoms))
        for first in range(0, len(atoms), step):
            part = atoms[first : first + step]
            apart = images[part, None] - positions[None, atoms]
            apart -= np.rint(apart)
            squares = np.sum((apart @ lattice) ** 2, axis=2)
            permutation[part] = atoms[squares.argmin(axis=1)]
            worst = max(worst, float(np.sqrt(squares.min(axis=1).max())))
    if len(np.unique(permutation)) < len(permutation):
        raise AtomMatchError(f"an image lies {worst:.3g} Å from the nearest atom of its species")
    return permutation


def displacement(
    operations: SpaceGroupOperations, permutations: IntArray, lattice: FloatArray, positions: FloatArray
) -> float:
    """The farthest that an image of an atom lies from the atom that it stands for, in Å."""
    apart = operations.images(positions) - positions[permutations]
    return float(np.linalg.norm((apart - np.rint(apart)) @ lattice, axis=-1).max())


def symmetrised_positions(
    operations: SpaceGroupOperations, permutations: IntArray, positions: FloatArray
) -> FloatArray:
    """x̄_j = (1/n) Σ_k (W_k x_i + t_k), i the atom that k takes to j, each image counted in the cell of x_j."""
    there = positions[permutations]
    shifts = operations.images(positions) - there
    shifts -= np.rint(shifts)
    total = np.stack(
        [np.bincount(permutations.ravel(), shifts[..., axis].ravel(), len(positions)) for axis in range(3)], axis=1
    )
    return np.asarray(positions + total / len(operations), dtype=np.float64)


def symmetrised_lattice(lattice: FloatArray, turns: IntArray) -> FloatArray:
    """Lattice rows whose metric M is exactly invariant: M̄ = (1/n) Σ_k W_kᵀ M W_k, reached by a pure strain."""
    metric = np.mean(np.swapaxes(turns, 1, 2) @ (lattice @ lattice.T) @ turns, axis=0)
    inverse = np.linalg.inv(lattice)
    values, vectors = np.linalg.eigh(inverse @ metric @ inverse.T)
    strain = (vectors * np.sqrt(values)) @ vectors.T
    return np.asarray(lattice @ strain, dtype=np.float64)


def lattice_shifts(operations: SpaceGroupOperations, permutations: IntArray, positions: FloatArray) -> IntArray:
    """(n_ops, n_atoms, 3) the lattice vectors n with W x_i + t = x_{p(i)} + n, for symmetric positions."""
    return read_only(np.rint(operations.images(positions) - positions[permutations]).astype(np.int64))
