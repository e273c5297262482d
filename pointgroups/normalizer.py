"""Rotations that leave a point group in place as a whole: N = {n : n G n⁻¹ = G}.

The axes of a class's standard setting are fixed up to N. It is finite for classes with more than one axis, and then
among the rotations of the cube and those by multiples of 30° and 45° about z with twofold axes across. In a class with
one axis or none it is continuous, and these are only some of its members.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .exact import read_only
from .point_group import PointGroup, point_group

FloatArray = NDArray[np.float64]


@cache
def normalizer_cosets(name: str) -> FloatArray:
    """(n, 3, 3) proper rotations that normalise a class, one for each coset of its own, the identity first."""
    group = point_group(name)
    found = [np.eye(3)]
    for rotation in _rotations_to_try():
        turned = rotation @ group.rotations @ rotation.T
        if np.abs(turned[:, None] - group.rotations).max(axis=(2, 3)).min(axis=1).max() < 1e-9:
            found.append(rotation)
    return read_only(distinct_frames(group, np.array(found)))


def distinct_frames(group: PointGroup, frames: FloatArray) -> FloatArray:
    """The first frame of each coset G⁺ F, G⁺ being the proper rotations of the group."""
    proper = group.rotations[group.determinants > 0]
    kept: list[FloatArray] = []
    for frame in frames:
        images = proper @ frame
        if not any(np.abs(images - other).max(axis=(1, 2)).min() < 1e-4 for other in kept):
            kept.append(frame)
    return np.array(kept)


def least_turn(frames: FloatArray) -> FloatArray:
    """The rotation by the least angle; of several the one with the largest entries first."""
    traces = np.trace(frames, axis1=1, axis2=2).round(6)
    best = frames[traces == traces.max()]
    return np.asarray(best[np.lexsort(best.reshape(len(best), 9).round(6).T[::-1])[-1]])


def _rotations_to_try() -> list[FloatArray]:
    flip = np.diag([1.0, -1.0, -1.0])
    found = []
    for degrees in sorted({*range(0, 360, 30), *range(0, 360, 45)}):
        cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
        about_z = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        found += [about_z, about_z @ flip]
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1.0, -1.0), repeat=3):
            matrix = np.diag(signs)[list(order)]
            if np.linalg.det(matrix) > 0:
                found.append(matrix)
    return found
