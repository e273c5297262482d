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
_SAME_ELEMENT = 2.5 / 3  # tr(AᵀB)/3 of equal elements is 1, that of two different ones at most 2/3
_ORDER_OF_TRACE = {3: 1, -1: 2, 0: 3, 1: 4, 2: 6}
_KIND_OF_SYMBOL: dict[str, Kind] = {
    "E": (1, 1),
    "C2": (2, 1),
    "C3": (3, 1),
    "C4": (4, 1),
    "C6": (6, 1),
    "i": (1, -1),
    "σ": (2, -1),
    "S6": (3, -1),
    "S4": (4, -1),
    "S3": (6, -1),
}
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
    kinds = _kinds(matrices)
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
        turned = frame @ matrices @ frame.T
        elements = (turned.reshape(-1, 9) @ group.rotations.reshape(-1, 9).T).argmax(axis=1)
        distance = np.abs(turned - group.rotations[elements]).max()
        if distance < _CLOSEST_MATCH and len(set(elements.tolist())) == group.order:
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


def _kinds(matrices: FloatArray) -> list[Kind]:
    """Order of the proper part det(R) R, and det(R), of each matrix."""
    signs = np.where(np.linalg.det(matrices) > 0, 1, -1)
    traces = signs * np.trace(matrices, axis1=1, axis2=2)
    nearest = np.clip(np.rint(traces), -1, 3).astype(np.int64)
    off = np.flatnonzero(np.abs(nearest - traces) > _CLOSEST_MATCH)
    if len(off):
        angle = np.degrees(np.arccos(np.clip((traces[off[0]] - 1) / 2, -1, 1)))
        raise NotAPointGroupError(
            f"a matrix turns by {angle:.3g}°, and crystallographic rotations by 60°, 90°, 120° or 180°: "
            f"{matrices[off[0]].tolist()}"
        )
    return [(_ORDER_OF_TRACE[trace], sign) for trace, sign in zip(nearest.tolist(), signs.tolist(), strict=True)]


def _distinct(matrices: FloatArray) -> list[int]:
    """Indices of matrices no two of which are the same: tr(AᵀB) of equal ones is |A||B|, of others at most ⅔ of it."""
    entries = matrices.reshape(-1, 9)
    entries = entries / np.sqrt(np.square(entries).sum(axis=1, keepdims=True))
    first = (entries @ entries.T > _SAME_ELEMENT).argmax(axis=1)
    return np.flatnonzero(first == np.arange(len(entries))).tolist()


@cache
def _by_counts() -> dict[frozenset[tuple[Kind, int]], PointGroup]:
    groups = [point_group(name) for name in GROUP_NAMES]
    return {frozenset(Counter(_named_kinds(group)).items()): group for group in groups}


def _named_kinds(group: PointGroup) -> list[Kind]:
    """Kinds from the names of the elements."""
    return [_KIND_OF_SYMBOL[name.partition("[")[0]] for name in group.elements]


def _frames(group: PointGroup, matrices: FloatArray, kinds: list[Kind]) -> Iterator[FloatArray]:
    """Rotations from the axes of the matrices to those of the setting that bring two chosen elements in place."""
    reference = _reference(group)
    if not reference:
        yield np.eye(3)
        return
    axes = _rotation_axes(matrices)
    (kind, a), *others = reference
    for u in _axes_of_kind(kind, axes, kinds):
        if not others:
            yield shortest_turn(u, a)
            continue
        other, b = others[0]
        for v in _axes_of_kind(other, axes, kinds):
            if abs(u @ v - a @ b) < _CLOSEST_MATCH:
                yield triad(a, b).T @ triad(u, v)


@cache
def _reference(group: PointGroup) -> tuple[tuple[Kind, FloatArray], ...]:
    """Kind and axis of an element of the highest order and of the first one about another axis, where there are any."""
    kinds, axes = _named_kinds(group), _rotation_axes(group.rotations)
    first = max(range(group.order), key=lambda k: (kinds[k][0], kinds[k][1], -k))
    if kinds[first][0] == 1:
        return ()
    others = [k for k in range(group.order) if kinds[k][0] > 1 and abs(axes[k] @ axes[first]) < _PARALLEL]
    return tuple((kinds[k], axes[k]) for k in (first, *others[:1]))


def _axes_of_kind(kind: Kind, axes: FloatArray, kinds: list[Kind]) -> Iterator[FloatArray]:
    """Axes of the elements of one kind: in the sense of rotation, or both senses of twofold ones."""
    for axis, other in zip(axes, kinds, strict=True):
        if other == kind:
            yield axis
            if kind[0] == 2:
                yield -axis


def rotation_axis(matrix: FloatArray) -> FloatArray:
    """The axis of the proper part of an element, of positive sense for orders above two."""
    return np.asarray(_rotation_axes(matrix[None])[0])


def _rotation_axes(matrices: FloatArray) -> FloatArray:
    """(n, 3) the axes of the proper parts of elements; any direction for the identity and the inversion."""
    proper = matrices * np.sign(np.linalg.det(matrices))[:, None, None]
    turning = (proper - proper.swapaxes(1, 2))[:, [2, 0, 1], [1, 2, 0]]
    columns = proper + np.eye(3)
    longest = np.square(columns).sum(axis=1).argmax(axis=1)
    half = columns[np.arange(len(columns)), :, longest]
    # |turning| = 2 sin φ, which is above 1 for 60°, 90° and 120°, and 0 for 180°
    vectors = np.where(np.square(turning).sum(axis=1, keepdims=True) < 1.0, half, turning)
    return np.asarray(vectors / np.sqrt(np.square(vectors).sum(axis=1, keepdims=True)))


def triad(a: FloatArray, b: FloatArray) -> FloatArray:
    """Orthonormal rows: the unit vector a, b less its part along a, and their cross product."""
    across = b - (a @ b) * a
    across /= np.sqrt(across @ across)
    return np.array([a, across, _cross(a, across)])


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """a × b of two vectors; NumPy's takes ten times as long."""
    return np.asarray(a[[1, 2, 0]] * b[[2, 0, 1]] - a[[2, 0, 1]] * b[[1, 2, 0]])


def shortest_turn(source: FloatArray, target: FloatArray) -> FloatArray:
    """The rotation by the least angle that takes one unit vector to another.

    >>> shortest_turn(np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])).tolist()
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]
    """
    cosine = float(source @ target)
    if cosine < -0.999999:
        across = np.eye(3)[np.abs(source).argmin()]
        across -= (across @ source) * source
        across /= np.linalg.norm(across)
        return np.asarray(2 * np.outer(across, across) - np.eye(3))
    x, y, z = _cross(source, target)
    generator = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + generator + generator @ generator / (1 + cosine))


def _intertwiner(frame: FloatArray, matrices: FloatArray, standard: FloatArray) -> FloatArray:
    """The rotation nearest to ``frame`` that intertwines exactly: the polar factor of (1/n) Σ_k P_k F R_kᵀ."""
    left, _, right = np.linalg.svd(np.mean(standard @ frame @ matrices.swapaxes(1, 2), axis=0))
    return np.asarray(left @ right)
