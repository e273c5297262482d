"""Which of the 32 point groups a set of rotation matrices is, and how it lies in space.

The numbers of elements of each order, proper and improper, tell the 32 groups apart. Two elements with different axes
(one, in a group with a single axis) then fix how the standard setting has to be turned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .exact import read_only
from .point_group import PointGroup, point_group
from .settings import GROUP_NAMES

FloatArray = NDArray[np.float64]
Kind = tuple[int, int]

_CLOSEST_MATCH = 0.2  # the entries of two different elements of a point group differ by 0.5 at the least
_ORDER_OF_TRACE = {3: 1, -1: 2, 0: 3, 1: 4, 2: 6}
_PARALLEL = 0.99


class NotAPointGroupError(ValueError):
    """Matrices that are none of the 32 crystallographic point groups; the message says what is wrong with them."""


@dataclass(frozen=True, eq=False)
class OrientedGroup:
    """A set of rotation matrices R_k recognised as a point group: F R_k Fᵀ = group.rotations[elements[k]].

    Attributes:
        group: the group in its default setting.
        frame: (3, 3) proper rotation F from the axes of the matrices to those of the setting.
        elements: index in ``group.rotations`` of each matrix.
        residual: the largest |F R_k Fᵀ − group.rotations[elements[k]]|, of any entry.

    >>> from pointgroups import point_group
    >>> identify_point_group(point_group("-4m2").rotations).group  # of either setting
    <PointGroup D2d (-42m), order 8>
    """

    group: PointGroup
    frame: FloatArray
    elements: NDArray[np.int64]
    residual: float


def identify_point_group(rotations: ArrayLike) -> OrientedGroup:
    """Recognise a crystallographic point group in any orientation.

    Matrices may be inexact, as those of a measured crystal are; repeated ones are allowed. The frame is unique up to
    rotations that normalise the group.

    Args:
        rotations: (n, 3, 3) the matrices of all elements.

    Raises:
        NotAPointGroupError: a wrong shape, matrices that are not orthogonal or not of order 1, 2, 3, 4 or 6, or a set
            that is not one of the 32 groups.

    >>> import numpy as np
    >>> found = identify_point_group([np.eye(3), np.diag([-1.0, 1.0, 1.0])])  # a mirror across x
    >>> found.group.schoenflies, found.frame.round(6).tolist()  # the mirror of Cs lies across y
    ('Cs', [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    """
    matrices = _checked(rotations)
    kinds = [_kind(matrix) for matrix in matrices]
    distinct = _distinct(matrices)
    counts = Counter(kinds[k] for k in distinct)
    group = _by_counts().get(frozenset(counts.items()))
    if group is None:
        listed = ", ".join(f"{n} × {'-' if det < 0 else ''}{order}" for (order, det), n in sorted(counts.items()))
        raise NotAPointGroupError(
            f"{len(distinct)} matrices ({listed}, as rotations of these orders and, with -, their products with the "
            "inversion) are not one of the 32 point groups; give all elements of a closed group"
        )
    for frame in _frames(group, matrices[distinct], [kinds[k] for k in distinct]):
        distances = np.abs((frame @ matrices @ frame.T)[:, None] - group.rotations).max(axis=(2, 3))
        elements = distances.argmin(axis=1)
        if distances.min(axis=1).max() < _CLOSEST_MATCH and len(np.unique(elements)) == group.order:
            exact = _intertwiner(frame, matrices, group.rotations[elements])
            residual = float(np.abs(exact @ matrices @ exact.T - group.rotations[elements]).max())
            return OrientedGroup(group, read_only(exact), read_only(elements), residual)
    raise NotAPointGroupError(f"the matrices have the elements of {group.schoenflies} by number, but are no group")


def _checked(rotations: ArrayLike) -> FloatArray:
    matrices = np.asarray(rotations, dtype=np.float64)
    if matrices.ndim != 3 or matrices.shape[1:] != (3, 3) or len(matrices) == 0:
        raise NotAPointGroupError(f"rotation matrices have the shape (n, 3, 3), not {matrices.shape}")
    if not np.isfinite(matrices).all():
        raise NotAPointGroupError("a rotation matrix has entries that are not finite numbers")
    errors = np.abs(matrices @ matrices.swapaxes(1, 2) - np.eye(3)).max(axis=(1, 2))
    if errors.max() > _CLOSEST_MATCH:
        raise NotAPointGroupError(f"matrix {errors.argmax()} is not orthogonal: {matrices[errors.argmax()].tolist()}")
    return matrices


def _kind(matrix: FloatArray) -> Kind:
    """Order of the proper part det(R) R, and det(R)."""
    det = 1 if np.linalg.det(matrix) > 0 else -1
    trace = det * float(np.trace(matrix))
    nearest = min(_ORDER_OF_TRACE, key=lambda t: abs(t - trace))
    if abs(nearest - trace) > _CLOSEST_MATCH:
        raise NotAPointGroupError(
            f"a matrix turns by {np.degrees(np.arccos(np.clip((trace - 1) / 2, -1, 1))):.3g}°, and crystallographic "
            f"rotations by 60°, 90°, 120° or 180°: {matrix.tolist()}"
        )
    return _ORDER_OF_TRACE[nearest], det


def _distinct(matrices: FloatArray) -> list[int]:
    """Indices of matrices no two of which are the same."""
    kept: list[int] = []
    for k, matrix in enumerate(matrices):
        if not kept or np.abs(matrices[kept] - matrix).max(axis=(1, 2)).min() > _CLOSEST_MATCH:
            kept.append(k)
    return kept


@cache
def _by_counts() -> dict[frozenset[tuple[Kind, int]], PointGroup]:
    groups = [point_group(name) for name in GROUP_NAMES]
    return {frozenset(Counter(_kind(r) for r in group.rotations).items()): group for group in groups}


def _frames(group: PointGroup, matrices: FloatArray, kinds: list[Kind]) -> Iterator[FloatArray]:
    """Rotations from the axes of the matrices to those of the setting that bring two chosen elements in place."""
    first, second = _reference(group)
    if first is None:
        yield np.eye(3)
        return
    a = rotation_axis(group.rotations[first])
    for u in _axes_of_kind(_kind(group.rotations[first]), matrices, kinds):
        if second is None:
            yield _shortest_turn(u, a)
            continue
        b = rotation_axis(group.rotations[second])
        for v in _axes_of_kind(_kind(group.rotations[second]), matrices, kinds):
            if abs(u @ v - a @ b) < _CLOSEST_MATCH:
                yield _basis(a, b) @ _basis(u, v).T


@cache
def _reference(group: PointGroup) -> tuple[int | None, int | None]:
    """An element of the highest order, and the first one about another axis."""
    kinds = [_kind(r) for r in group.rotations]
    first = max(range(group.order), key=lambda k: (kinds[k][0], kinds[k][1], -k))
    if kinds[first][0] == 1:
        return None, None
    a = rotation_axis(group.rotations[first])
    others = [
        k for k in range(group.order) if kinds[k][0] > 1 and abs(rotation_axis(group.rotations[k]) @ a) < _PARALLEL
    ]
    return first, others[0] if others else None


def _axes_of_kind(kind: Kind, matrices: FloatArray, kinds: list[Kind]) -> Iterator[FloatArray]:
    """Axes of the elements of one kind: in the sense of rotation, or both senses of twofold ones."""
    for matrix, other in zip(matrices, kinds, strict=True):
        if other == kind:
            axis = rotation_axis(matrix)
            yield axis
            if kind[0] == 2:
                yield -axis


def rotation_axis(matrix: FloatArray) -> FloatArray:
    """The axis of the proper part of an element, of positive sense for orders above two."""
    proper = matrix * np.sign(np.linalg.det(matrix))
    vector = np.array([proper[2, 1] - proper[1, 2], proper[0, 2] - proper[2, 0], proper[1, 0] - proper[0, 1]])
    if np.linalg.norm(vector) < 1.0:  # sin of 60°, 90° and 120° is above 1/2, that of 180° is 0
        columns = proper + np.eye(3)
        vector = columns[:, np.linalg.norm(columns, axis=0).argmax()]
    return np.asarray(vector / np.linalg.norm(vector))


def _basis(a: FloatArray, b: FloatArray) -> FloatArray:
    """Orthonormal columns: a, b less its part along a, and their cross product."""
    across = b - (a @ b) * a
    across /= np.linalg.norm(across)
    return np.stack([a, across, np.cross(a, across)], axis=1)


def _shortest_turn(source: FloatArray, target: FloatArray) -> FloatArray:
    """The rotation by the least angle that takes one unit vector to another."""
    cosine = float(source @ target)
    if cosine < -0.999999:
        across = np.eye(3)[np.abs(source).argmin()]
        across -= (across @ source) * source
        across /= np.linalg.norm(across)
        return np.asarray(2 * np.outer(across, across) - np.eye(3))
    cross = np.cross(source, target)
    generator = np.cross(cross, np.eye(3)).T
    return np.asarray(np.eye(3) + generator + generator @ generator / (1 + cosine))


def _intertwiner(frame: FloatArray, matrices: FloatArray, standard: FloatArray) -> FloatArray:
    """The rotation nearest to ``frame`` that intertwines exactly: the polar factor of (1/n) Σ_k P_k F R_kᵀ."""
    left, _, right = np.linalg.svd(np.mean(standard @ frame @ matrices.swapaxes(1, 2), axis=0))
    return np.asarray(left @ right)
