"""The crystallographic part of a molecule's point group, and the frames that bring it to its standard axes.

A molecule's group G may have axes of order 5, 7, 8, … Tables exist for the 32 crystallographic groups, so a largest
subgroup H of G among these stands for it: Th for an icosahedron, C2v for a pentagonal prism. Among subgroups of one
order the class that comes first in International Tables is taken. Subgroups that G takes into one another are equally
good; those of one class that it does not, as the two D4h of an octagonal prism, are all tried by the canonical frame.

Frames F and F g with g in G are one for every tensor of the molecule, so one of them is kept. Where H has a single axis
or none, the atoms make the choice finite: x lies along the farthest of the atoms' positions across the axis; in classes
without an axis z points to an atom farthest from the centre and x to one farthest from that line. The opposite
directions count as well, so that a molecule and its mirror image have the same candidates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pointgroups.crystals.canonical_frame import axis_count, frame_along, frame_from_axes, main_axis
from pointgroups.identification import OrientedGroup, identify_point_group
from pointgroups.normalizer import normalizer_cosets
from pointgroups.point_group import PointGroup, point_group

from .operations import FiniteSymmetry

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_INTEGER = 1e-6
_SAME_LENGTH = 1e-3  # relative; positions nearer in length are all tried
_SAME_FRAME = 1e-4


def oriented_frames(symmetry: FiniteSymmetry) -> tuple[PointGroup, FloatArray]:
    """The largest crystallographic subgroup, and candidate frames (n, 3, 3) that bring it to its default setting."""
    subgroups = largest_crystallographic_subgroups(symmetry.rotations, symmetry.product)
    group = subgroups[0].group
    frames = [f for found in subgroups for f in _frames(group, found.frame, symmetry.positions)]
    proper = symmetry.rotations[np.linalg.det(symmetry.rotations) > 0]
    kept: list[FloatArray] = []
    for frame in frames:
        images = frame @ proper
        if not any(np.abs(images - other).max(axis=(1, 2)).min() < _SAME_FRAME for other in kept):
            kept.append(frame)
    return group, np.array(kept)


def linear_frames(axis: FloatArray, reversible: bool) -> tuple[PointGroup, FloatArray]:
    """The same for atoms on a line: C6v of C∞v, D6h of D∞h."""
    across = np.cross(axis, np.eye(3)[np.abs(axis).argmin()])
    if reversible:
        return point_group("D6h"), frame_from_axes(axis, across)[None]
    return point_group("C6v"), np.array([frame_from_axes(axis, across), frame_from_axes(-axis, across)])


def largest_crystallographic_subgroups(rotations: FloatArray, product: IntArray) -> list[OrientedGroup]:
    """Of a finite group the largest subgroups that are of one of the 32 classes, one of each set of conjugate ones.

    Args:
        rotations: (|G|, 3, 3) all elements, the identity first.
        product: (|G|, |G|) index of rotations[i] @ rotations[j].
    """
    traces = np.trace(rotations, axis1=1, axis2=2)
    allowed = np.abs(traces - np.rint(traces)) < _INTEGER  # 2 cos φ is an integer for the orders 1, 2, 3, 4 and 6
    if allowed.all():
        return [identify_point_group(rotations)]
    subgroups = _subgroups_up_to_conjugacy(product, allowed)
    largest = max(map(len, subgroups))
    found = [identify_point_group(rotations[sorted(s)]) for s in subgroups if len(s) == largest]
    number = min(f.group.number for f in found)
    return [f for f in found if f.group.number == number]


def _subgroups_up_to_conjugacy(product: IntArray, allowed: NDArray[np.bool_]) -> list[frozenset[int]]:
    """One of each conjugacy class of subgroups whose elements are all allowed, from small to large."""
    inverse = np.argmax(product == 0, axis=1)
    conjugated = product[product, inverse[:, None]]  # [x, g] = x g x⁻¹
    trivial = frozenset([0])
    seen = {trivial}
    found = [trivial]
    for subgroup in found:  # grows while it is read
        members = sorted(subgroup)
        promising = np.all(allowed[product[members]], axis=0)  # the coset H g has allowed elements only
        for g in sorted(set(np.flatnonzero(promising).tolist()) - subgroup):
            joined = _generated(product, [*members, g], allowed)
            if joined is not None and joined not in seen:
                seen.update(frozenset(images) for images in conjugated[:, sorted(joined)].tolist())
                found.append(joined)
    return found


def _generated(product: IntArray, elements: list[int], allowed: NDArray[np.bool_]) -> frozenset[int] | None:
    """The subgroup that elements generate, None when it has one that is not allowed."""
    members = np.array(elements)
    while True:
        reached = np.zeros(len(product), dtype=bool)
        reached[product[members[:, None], members]] = True
        if not allowed[reached].all():
            return None
        if reached.sum() == len(members):
            return frozenset(members.tolist())
        members = np.flatnonzero(reached)


def _frames(group: PointGroup, start: FloatArray, positions: FloatArray) -> list[FloatArray]:
    """Candidate frames of one subgroup, of which ``start`` is any frame."""
    axes = axis_count(group.name)
    if axes > 1:
        return [n @ start for n in normalizer_cosets(group.name)]
    if axes == 1:
        axis = start.T @ main_axis(group)
        across = _longest(_across(positions, axis))
        return [frame_along(group, sign * axis, x) for x in across for sign in (1, -1)]
    return [frame_from_axes(z, x) for z in _longest(positions) for x in _longest(_across(positions, z))]


def _across(vectors: FloatArray, axis: FloatArray) -> FloatArray:
    """The parts of vectors (n, 3) across an axis."""
    unit = axis / np.linalg.norm(axis)
    return np.asarray(vectors - np.outer(vectors @ unit, unit))


def _longest(vectors: FloatArray) -> FloatArray:
    """The longest vectors and their opposites."""
    lengths = np.linalg.norm(vectors, axis=1)
    longest = vectors[lengths >= lengths.max() * (1 - _SAME_LENGTH)]
    return np.concatenate([longest, -longest])
