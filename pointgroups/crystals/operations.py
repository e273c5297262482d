"""The operations of a space group on the atoms of a cell: permutations, lattice shifts, exactly symmetric positions.

(W | t) takes the atom at x_i to W x_i + t = x_{p(i)} + n_i, with an atom p(i) of the cell and a lattice vector n_i.
Permutations multiply as the operations do. With one operation for each element of the class, all are products of
these and of the pure translations. Only translations and a few generators are matched atom by atom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CHUNK = 1 << 14  # distances between atoms and images looked at together, few enough for a processor's cache
_PART = 1 << 15  # images of atoms, likewise


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
    of_element = np.argsort(operations.elements, kind="stable").reshape(group.order, -1)
    pure, chosen = of_element[0], of_element[:, 0]

    def matched(k: int) -> IntArray:
        return _matched(operations, k, lattice, positions, numbers)

    vectors = operations.translations[pure]
    identity = int(_nearest(np.zeros((1, 3)), vectors)[0])
    translations = _composed(
        np.arange(len(positions)),
        identity,
        lambda k: matched(int(pure[k])),
        lambda left, g: _nearest(vectors[left] + vectors[g], vectors),
        lambda left, g, products, images: images,
        len(pure),
    )
    undone = np.argsort(translations, axis=1)
    turns, shifts = operations.lattice_rotations[chosen], operations.translations[chosen]

    def moved_back(left: IntArray, g: int, products: IntArray, images: IntArray) -> IntArray:
        beyond = turns[left] @ shifts[g] + shifts[left] - shifts[products]
        return np.asarray(undone[_nearest(beyond, vectors)[:, None], images])

    representatives = _composed(
        translations[0],
        0,
        lambda k: matched(int(chosen[k])),
        lambda left, g: group.product[left, g],
        moved_back,
        group.order,
    )
    elements = operations.elements
    beyond = _nearest(operations.translations - shifts[elements], vectors)
    return np.asarray(translations[beyond[:, None], representatives[elements]])


def _composed(
    first: IntArray,
    identity: int,
    matched: Callable[[int], IntArray],
    product: Callable[[IntArray, int], IntArray],
    mended: Callable[[IntArray, int, IntArray, IntArray], IntArray],
    order: int,
) -> IntArray:
    """Permutations (order, n_atoms) of the members of a group, of which only generators are matched.

    Args:
        first: that of the member ``identity``.
        matched: that of a member.
        product: of members and one member on the right.
        mended: what these and the composed permutations give for the products.
        order: of the group.
    """
    permutations = np.empty((order, len(first)), dtype=np.int64)
    permutations[identity] = first
    known = np.zeros(order, dtype=bool)
    known[identity] = True
    generators: list[int] = []
    for member in range(order):
        if known[member]:
            continue
        permutations[member] = matched(member)
        generators.append(member)
        frontier = np.flatnonzero(known)
        while len(frontier):
            reached = []
            for g in generators:
                products = product(frontier, g)
                new = ~known[products]
                left, products = frontier[new], products[new]
                permutations[products] = mended(left, g, products, permutations[left][:, permutations[g]])
                known[products] = True
                reached.append(products)
            frontier = np.concatenate(reached)
    return permutations


def _nearest(vectors: FloatArray, translations: FloatArray) -> IntArray:
    """For each vector (m, 3) the translation (n, 3) that is nearest modulo the lattice."""
    if len(translations) == 1:
        return np.zeros(len(vectors), dtype=np.int64)
    worst = np.zeros((len(vectors), len(translations)))
    for axis in range(3):
        apart = vectors[:, None, axis] - translations[:, axis]
        np.maximum(worst, np.abs(apart - np.rint(apart)), out=worst)
    return np.asarray(worst.argmin(axis=1))


def _matched(
    operations: SpaceGroupOperations, k: int, lattice: FloatArray, positions: FloatArray, numbers: IntArray
) -> IntArray:
    """The permutation of operation k: each image goes to the nearest atom of its species."""
    images = positions @ operations.lattice_rotations[k].T + operations.translations[k]
    permutation = np.empty(len(positions), dtype=np.int64)
    worst = 0.0
    step = max(1, _CHUNK // len(positions))
    for first in range(0, len(positions), step):
        part = slice(first, first + step)
        apart = images[part, None] - positions
        apart -= np.rint(apart)
        apart = apart @ lattice
        squares = np.einsum("ija,ija->ij", apart, apart)
        squares[numbers[part, None] != numbers] = np.inf
        permutation[part] = squares.argmin(axis=1)
        worst = max(worst, float(squares.min(axis=1).max()))
    if np.bincount(permutation, minlength=len(positions)).min() == 0:
        raise AtomMatchError(f"an image lies {np.sqrt(worst):.3g} Å from the nearest atom of its species")
    return permutation


def _deviations(
    operations: SpaceGroupOperations, permutations: IntArray, positions: FloatArray
) -> Iterator[tuple[IntArray, FloatArray]]:
    """By parts of the operations: where they take the atoms, and how far from there the images lie, in fractions."""
    step = max(1, _PART // len(positions))
    for first in range(0, len(operations), step):
        part = slice(first, first + step)
        images = positions @ np.swapaxes(operations.lattice_rotations[part], 1, 2)
        images += operations.translations[part, None] - positions[permutations[part]]
        yield permutations[part], images - np.rint(images)


def displacement(
    operations: SpaceGroupOperations, permutations: IntArray, lattice: FloatArray, positions: FloatArray
) -> float:
    """The farthest that an image of an atom lies from the atom that it stands for, in Å."""
    parts = _deviations(operations, permutations, positions)
    return float(np.sqrt(max(float(np.sum((apart @ lattice) ** 2, axis=-1).max()) for _, apart in parts)))


def symmetrised_positions(
    operations: SpaceGroupOperations, permutations: IntArray, positions: FloatArray
) -> FloatArray:
    """x̄_j = (1/n) Σ_k (W_k x_i + t_k), i the atom that k takes to j, each image counted in the cell of x_j."""
    total = np.zeros_like(positions)
    for images, apart in _deviations(operations, permutations, positions):
        for axis in range(3):
            total[:, axis] += np.bincount(images.ravel(), apart[..., axis].ravel(), len(positions))
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
