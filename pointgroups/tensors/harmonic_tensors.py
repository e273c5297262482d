"""Tensors with an index symmetry, decomposed along GL(3) → O(3): Young shapes λ, then degrees ℓ.

The tensors of rank n with an index symmetry H form a representation W of GL(3) on which the centre of the group algebra
of S_n acts as well. Two commuting observables label its parts: the sum of all transpositions, whose eigenvalue on
shape λ is the sum of contents of λ (with the sum of squared Jucys–Murphy elements, Σ content², where that is not
enough), and the total angular momentum, L² = ℓ(ℓ+1). They are diagonalised on the component M = 0 alone, where every
copy of a degree ℓ has one vector. In spherical axes e_{+1}, e_0, e_{−1} these are components with as many indices +
as −, and all matrices are sparse and real. The other components of a copy follow from M = 0 by the generators of
rotations, written in the basis of real harmonics, so each copy transforms exactly as Y_ℓm, m = −ℓ … ℓ.

Copies of one (λ, ℓ) are chosen canonically: projections of the independent components of W, in their row-major order in
spherical axes (index values +, 0, −), made orthonormal one after another.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.spherical import rotation_generator

from .index_permutations import IndexSymmetry
from .young import Partition, partitions

FloatArray = NDArray[np.float64]
_SAME = 1e-8


@dataclass(frozen=True, eq=False)
class HarmonicPart:
    """All copies of one degree in one Young shape.

    Attributes:
        shape: λ.
        degree: ℓ.
        array: (copies, 2ℓ+1, 3, …, 3) orthonormal Cartesian tensors; component m of each copy transforms as Y_ℓm,
            m = −ℓ … ℓ, under proper rotations.
    """

    shape: Partition
    degree: int
    array: FloatArray


@lru_cache(maxsize=64)
def harmonic_parts(symmetry: IndexSymmetry) -> tuple[HarmonicPart, ...]:
    """The tensors with an index symmetry, decomposed: shapes in the order of partitions, degrees descending."""
    n = symmetry.rank
    if n == 0:
        return (HarmonicPart((), 0, read_only(np.ones((1, 1)))),)
    zero = _OrbitBasis(symmetry, 0)
    found = []
    for shape, degree, vectors in _labelled_spaces(symmetry, zero):
        copies = _canonical(vectors)
        tensors = _cartesian(zero.expand(copies.T), n, degree)
        found.append(HarmonicPart(shape, degree, read_only(_all_components(tensors, n, degree))))
    order = {shape: k for k, shape in enumerate(partitions(n, 3))}
    return tuple(sorted(found, key=lambda part: (order[part.shape], -part.degree)))


class _OrbitBasis:
    """Orthonormal basis of the tensors of W with one M, in spherical axes: signed orbit sums of components.

    Index value 0, 1, 2 stands for m = +1, 0, −1.
    """

    def __init__(self, symmetry: IndexSymmetry, total: int) -> None:
        self.rank = symmetry.rank
        place, sign = (a.ravel() for a in symmetry.components())
        digits = np.indices((3,) * self.rank).reshape(self.rank, -1)
        here = (self.rank - digits.sum(axis=0) == total) & (sign != 0)
        self.flat = np.flatnonzero(here)  # components that occur
        occurring = np.bincount(place[self.flat], minlength=place.size) > 0
        self.size = int(occurring.sum())
        self.orbit = (np.cumsum(occurring) - 1)[place[self.flat]]
        self.weight = sign[self.flat] / np.sqrt(np.bincount(self.orbit, minlength=self.size)[self.orbit])
        self.where = np.full(3**self.rank, -1)
        self.where[self.flat] = np.arange(len(self.flat))
        self.digits = digits[:, self.flat]

    def expand(self, vectors: FloatArray) -> FloatArray:
        """(k, size) coordinates to (k, 3^n) components."""
        full = np.zeros((len(vectors), 3**self.rank))
        full[:, self.flat] = vectors[:, self.orbit] * self.weight
        return full

    def matrix(self, images: NDArray[np.int64], factors: FloatArray, other: _OrbitBasis) -> FloatArray:
        """Matrix (other.size, size) of an operator that takes component flat[k] to Σ_r factors[r, k] · images[r, k]."""
        rows = other.where[images]
        keep = (rows >= 0) & (factors != 0)
        r, k = np.nonzero(keep)
        result = np.zeros((other.size, self.size))
        target = rows[r, k]
        np.add.at(result, (other.orbit[target], self.orbit[k]), other.weight[target] * factors[r, k] * self.weight[k])
        return result

    def raising(self, above: _OrbitBasis) -> FloatArray:
        """L₊ from this M to M + 1: L₊ e_m = √2 e_{m+1} on each index."""
        powers = 3 ** np.arange(self.rank - 1, -1, -1)
        images = self.flat - powers[:, None]
        factors = np.where(self.digits > 0, math.sqrt(2.0), 0.0)
        return self.matrix(np.where(self.digits > 0, images, self.flat), factors, above)

    def transposition_sum(self) -> FloatArray:
        """Σ_{a<b} (a b) on this M."""
        powers = 3 ** np.arange(self.rank - 1, -1, -1)
        pairs = list(itertools.combinations(range(self.rank), 2))
        images = np.stack(
            [self.flat + (self.digits[b] - self.digits[a]) * (powers[a] - powers[b]) for a, b in pairs]
            or [self.flat[:0]]
        )
        return self.matrix(images, np.ones(images.shape), self) if pairs else np.zeros((self.size, self.size))

    def squared_jucys_murphy(self) -> FloatArray:
        """Σ_k X_k², X_k = Σ_{a<k} (a k), on this M: twice a sum of 3-cycles plus the number of transpositions."""
        powers = 3 ** np.arange(self.rank - 1, -1, -1)
        images = []
        for a, b, c in itertools.permutations(range(self.rank), 3):
            if c > max(a, b):
                moved = self.digits.copy()
                moved[[a, b, c]] = self.digits[[b, c, a]]
                images.append(powers @ moved)
        count = self.rank * (self.rank - 1) / 2
        stacked = np.stack(images)
        return self.matrix(stacked, np.ones(stacked.shape), self) + count * np.eye(self.size)


def _labelled_spaces(symmetry: IndexSymmetry, zero: _OrbitBasis) -> Iterator[tuple[Partition, int, FloatArray]]:
    """(λ, ℓ, orthonormal columns) on M = 0."""
    raising = zero.raising(_OrbitBasis(symmetry, 1))
    squared, vectors = np.linalg.eigh(raising.T @ raising)
    degrees = np.rint((np.sqrt(1 + 4 * np.abs(squared)) - 1) / 2).astype(int)
    transpositions = zero.transposition_sum()
    for degree in sorted(set(degrees.tolist()), reverse=True):
        space = vectors[:, degrees == degree]
        sums, turn = np.linalg.eigh(space.T @ transpositions @ space)
        for total in sorted(set(np.rint(sums).tolist())):
            columns = space @ turn[:, np.rint(sums) == total]
            yield from _by_shape(symmetry.rank, int(degree), int(total), columns, zero)


def _by_shape(
    n: int, degree: int, total: int, columns: FloatArray, zero: _OrbitBasis
) -> Iterator[tuple[Partition, int, FloatArray]]:
    """Split where several shapes with at most three rows have the same sum of contents."""
    shapes = [s for s in partitions(n, 3) if sum(_contents(s)) == total]
    if len(shapes) == 1:
        yield shapes[0], degree, columns
        return
    squares, turn = np.linalg.eigh(columns.T @ zero.squared_jucys_murphy() @ columns)
    for shape in shapes:
        wanted = sum(c * c for c in _contents(shape))
        chosen = np.rint(squares) == wanted
        if chosen.any():
            yield shape, degree, columns @ turn[:, chosen]


def _contents(shape: Partition) -> list[int]:
    return [c - r for r, row in enumerate(shape) for c in range(row)]


def _canonical(space: FloatArray) -> FloatArray:
    """Orthonormal columns of the same span: projections of the unit vectors, in order, by Gram–Schmidt."""
    count = space.shape[1]
    if count == 1:
        pivot = space[np.flatnonzero(np.abs(space[:, 0]) > _SAME)[0], 0]
        return np.asarray(space * np.sign(pivot))
    chosen: list[FloatArray] = []
    for row in space:  # P e_k = space @ row
        rest = row.copy()
        for q in chosen:
            rest -= (q @ rest) * q
        size = np.linalg.norm(rest)
        if size > _SAME:
            rest /= size
            for q in chosen:
                rest -= (q @ rest) * q
            chosen.append(rest / np.linalg.norm(rest))
            if len(chosen) == count:
                break
    return np.asarray(space @ np.stack(chosen, axis=1))


# -- Cartesian components -----------------------------------------------------------------------------------------

_SPHERICAL = np.array([[-1, -1j, 0], [0, 0, math.sqrt(2)], [1, -1j, 0]]) / math.sqrt(2)
"""Rows e_{+1}, e_0, e_{−1} in x, y, z."""


def _cartesian(components: FloatArray, n: int, degree: int) -> FloatArray:
    """M = 0 tensors (k, 3^n) from spherical to Cartesian components, with the phase that makes them real.

    Reversal of all m acts on M = 0 as (−1)^{n+ℓ}, so that the tensors are real or imaginary: times i in the latter
    case.
    """
    tensors = components.astype(complex)
    for _ in range(n):  # contract the first index, append it last
        tensors = np.moveaxis(tensors.reshape(len(components), 3, -1), 1, 2) @ _SPHERICAL
        tensors = tensors.reshape(len(components), -1)
    real = np.ascontiguousarray(tensors.real if (n + degree) % 2 == 0 else -tensors.imag)
    for tensor in real:  # the sign that makes the component zz…z positive, or the first one where that vanishes
        lead = tensor[-1] if abs(tensor[-1]) > _SAME else tensor[np.flatnonzero(np.abs(tensor) > _SAME)[0]]
        tensor *= np.sign(lead)
    return real


def _rotate_infinitesimally(tensors: FloatArray, n: int, axis: int) -> FloatArray:
    """K_axis T = d/dφ of the tensors (…, 3^n) turned by φ about x, y or z."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    result = np.zeros_like(tensors)
    for k in range(n):
        view = tensors.reshape(-1, 3**k, 3, 3 ** (n - 1 - k))
        out = result.reshape(view.shape)
        out[:, :, b] += view[:, :, a]
        out[:, :, a] -= view[:, :, b]
    return result


def _all_components(tensors: FloatArray, n: int, degree: int) -> FloatArray:
    """From the components m = 0 of copies, (copies, 3^n), to all: (copies, 2ℓ+1, 3, …, 3).

    K_y u_m = Σ_i u_i (K_y)_im has one new term, m + 1 of the same kind (cos or sin); K_x u_0 gives the first sine.
    """
    l = degree
    u: dict[int, FloatArray] = {0: tensors}
    k_y, k_x = rotation_generator(l, 1), rotation_generator(l, 0)
    for m in range(l):
        for source in (m, -m) if m else (0,):
            image = _rotate_infinitesimally(u[source], n, 1)
            step = 1 if source >= 0 else -1
            before = source - step
            if source != 0 and k_y[l + before, l + source]:
                image = image - k_y[l + before, l + source] * u[before]
            u[source + step] = image / k_y[l + source + step, l + source]
        if m == 0:
            u[-1] = _rotate_infinitesimally(u[0], n, 0) / k_x[l - 1, l]
    stacked = np.stack([u[m] for m in range(-l, l + 1)], axis=1)
    return stacked.reshape(len(tensors), 2 * l + 1, *(3,) * n)
