r"""One frame for a crystal, however it is given.

A class G leaves its standard axes free up to the rotations n with n G n⁻¹ = G, its normaliser N. Frames F and n F
describe the crystal equally well, and tensors come out different in them unless n is in G. The frame is fixed here by
a rule on the crystal itself:

- *Candidates.* Where N is finite, they are n F for the cosets of N/G. As in the IEEE standard on piezoelectricity,
  the lattice is looked at first: z lies along the axis with the shortest lattice vector, then x. For a class with a
  single axis or none, N is continuous, and the lattice makes it finite: the next coordinate axis lies along a shortest
  lattice vector across the main axis; in classes 1 and -1 z lies along a shortest lattice vector and a next shortest
  one lies in the xz plane. Vectors of equal length all count.
- *Choice.* The densities that atoms see are expanded in harmonics, c_{i,ℓm} = Σ_j w(s_j) R(r_ij) Y_ℓm(r̂_ij), with a
  smooth cut-off. Their cubic functional f(F) = Σ_i w(s_i) (Σ v_{ℓm} (D(F) c_i)_{ℓm})³ with fixed arbitrary weights
  depends on the frame through everything that up to four atoms at a time can tell, parity included. The candidate with
  the largest f is taken; further functionals decide where one leaves a tie.

In the eleven classes of proper rotations a crystal and its mirror image are different. Of the two, the one with the
larger f is called right-handed, and the mirror image has the same frame with ``handedness`` −1: a tensor of rank n has
(−1)^n times the standard components of the other's.

Source of the order of axes: ANSI/IEEE Std 176-1987, sec. 3.2.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.identification import rotation_axis
from pointgroups.normalizer import distinct_frames, least_turn, normalizer_cosets
from pointgroups.point_group import PointGroup, point_group
from pointgroups.spherical import spherical_harmonics, wigner_d_real

from .surroundings import Surroundings

FloatArray = NDArray[np.float64]

CLEAR_MARGIN = 1e-4
"""A relative difference of the functionals that noise of the structure will not turn round."""

_SAME_LENGTH = 1e-3  # relative; lattice vectors nearer in length are all tried
_ACROSS = 1e-5  # |cos| to the axis below which a lattice vector lies across it
_DEGREE = 6  # of harmonics; the lowest at which all 32 classes have invariants that tell the axes apart
_RADII = 4
_FUNCTIONALS = 6
_TIE = 1e-6  # relative difference of f below which the next functional decides


@dataclass(frozen=True, eq=False)
class CanonicalFrame:
    """The chosen frame F (3, 3), the handedness, and the margin.

    ``margin`` is the relative difference of f between the chosen frame and the next one, 0 where none can be told from
    the chosen one, 1 where it is the only one.
    """

    frame: FloatArray
    handedness: int
    margin: float


def canonical_frame(
    group: PointGroup, start: FloatArray, directions: FloatArray, surroundings: Surroundings, vectors: FloatArray
) -> CanonicalFrame:
    """Choose among the frames that map a crystal's rotations onto ``group.rotations``.

    Args:
        group: the class in its default setting.
        start: (3, 3) one such frame.
        directions: (n, 3) short vectors of the lattice in the user's axes, closed under the class.
        surroundings: the neighbours of each atom.
        vectors: (n_bonds, 3) to these, in the user's axes.
    """
    parities = (1, -1) if (group.determinants > 0).all() else (1,)
    return chosen_frame(group, _candidates(group, start, directions), parities, surroundings, vectors)


def chosen_frame(
    group: PointGroup, frames: FloatArray, parities: tuple[int, ...], surroundings: Surroundings, vectors: FloatArray
) -> CanonicalFrame:
    """Choose among candidate frames (n, 3, 3) by the functionals f, with the mirror image where −1 is a parity."""
    chosen, margin = 0, 1.0
    if len(frames) * len(parities) > 1:
        moments = _moments(surroundings, vectors @ frames[0].T)
        turns = frames @ frames[0].T
        values = np.stack([_functionals(surroundings, moments, turns, parity) for parity in parities], axis=1)
        chosen, margin = _largest(values.reshape(len(frames) * len(parities), _FUNCTIONALS))
    number, mirrored = divmod(chosen, len(parities))
    alike = group.rotations[group.determinants > 0] @ frames[number]  # tensors of the class do not tell these apart
    return CanonicalFrame(least_turn(alike), -1 if mirrored else 1, margin)


# -- candidates ---------------------------------------------------------------------------------------------------


def _candidates(group: PointGroup, start: FloatArray, directions: FloatArray) -> FloatArray:
    """(n, 3, 3) frames, one for each coset of the class's proper rotations."""
    axes = axis_count(group.name)
    if axes > 1:
        frames = list(_conventional(normalizer_cosets(group.name) @ start, directions))
    elif axes == 1:
        axis = start.T @ main_axis(group)
        across = directions[np.abs(directions @ axis) < _ACROSS * np.linalg.norm(directions, axis=1)]
        frames = [frame_along(group, sign * axis, x) for x in _shortest(across) for sign in (1, -1)]
    else:
        frames = []
        for z in _shortest(directions):
            slanted = np.linalg.norm(np.cross(directions, z), axis=1) > 0.01 * np.linalg.norm(z) ** 2
            for x in _shortest(directions[slanted]):
                across = x - (x @ z) / (z @ z) * z
                frames.append(frame_from_axes(z, across))
    return distinct_frames(group, np.array(frames))


@cache
def axis_count(name: str) -> int:
    """How many independent directions the axes of a class's rotations span, mirrors by their normals: 0 … 3."""
    group = point_group(name)
    proper = group.rotations * group.determinants[:, None, None]
    axes = [rotation_axis(r) for r in proper if np.trace(r) < 2.5]
    return int(np.linalg.matrix_rank(np.array(axes), tol=1e-6)) if axes else 0


def main_axis(group: PointGroup) -> FloatArray:
    """The axis that all rotations of a class with a single one leave in place."""
    projector = np.mean(group.rotations * group.determinants[:, None, None], axis=0)
    column = projector[:, np.linalg.norm(projector, axis=0).argmax()]
    return np.asarray(column / np.linalg.norm(column) * np.sign(column.sum()))


def frame_along(group: PointGroup, axis: FloatArray, across: FloatArray) -> FloatArray:
    """The frame that takes ``axis`` to the class's main axis and ``across`` to the next coordinate axis."""
    main = main_axis(group)
    next_axis = np.roll(main, 1)  # z → x, y → z
    source = np.stack([axis, across / np.linalg.norm(across), np.cross(axis, across / np.linalg.norm(across))])
    target = np.stack([main, next_axis, np.cross(main, next_axis)])
    return np.asarray(target.T @ source)


def frame_from_axes(z: FloatArray, x: FloatArray) -> FloatArray:
    """The frame with these vectors along z and x."""
    z, x = z / np.linalg.norm(z), x / np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])


def _conventional(frames: FloatArray, directions: FloatArray) -> FloatArray:
    """The frames with the shortest lattice vectors along z, and of these the ones with the shortest along x."""
    for axis in (2, 0):
        lengths = np.array([_length_along(frame[axis], directions) for frame in frames])
        frames = frames[lengths <= lengths.min() * (1 + _SAME_LENGTH)]
    return frames


def _length_along(axis: FloatArray, directions: FloatArray) -> float:
    """The length of the shortest lattice vector along an axis."""
    lengths = np.linalg.norm(directions, axis=1)
    along = np.abs(directions @ axis) > (1 - _ACROSS**2) * lengths
    return float(lengths[along].min(initial=np.inf))


def _shortest(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1)
    return np.asarray(vectors[lengths <= lengths.min() * (1 + _SAME_LENGTH)])


# -- functionals --------------------------------------------------------------------------------------------------


def _moments(surroundings: Surroundings, vectors: FloatArray) -> dict[int, FloatArray]:
    """c by degree, (n_atoms, radii · weights, 2ℓ+1)."""
    lengths = np.linalg.norm(vectors, axis=1)
    centres = (np.arange(_RADII) + 0.5) / _RADII
    shells = np.exp(-(((lengths[:, None] / surroundings.cutoff - centres) * _RADII) ** 2))
    radial = surroundings.cut(lengths)[:, None] * shells
    weights = surroundings.weights[surroundings.neighbors]
    channels = (radial[:, :, None] * weights[:, None, :]).reshape(len(vectors), -1)
    ends = np.searchsorted(surroundings.centers, np.arange(len(surroundings.species) + 1))
    bonds = [slice(first, last) for first, last in itertools.pairwise(ends)]
    harmonics = [spherical_harmonics(l, vectors) for l in range(_DEGREE + 1)]
    return {l: np.stack([channels[b].T @ y[b] for b in bonds]) for l, y in enumerate(harmonics)}


def _functionals(
    surroundings: Surroundings, moments: dict[int, FloatArray], turns: FloatArray, parity: int
) -> FloatArray:
    """(n_turns, functionals) f of the crystal turned by each rotation, and inverted when parity is −1."""
    probes = np.zeros(())
    for l, c in moments.items():
        weights = _arbitrary(_FUNCTIONALS * c.shape[1] * (2 * l + 1), 100 + l)
        turned = np.einsum("nij,kci->nkcj", wigner_d_real(l, turns), weights.reshape(_FUNCTIONALS, c.shape[1], -1))
        probes = probes + parity**l * np.einsum("nkcj,acj->nka", turned, c, optimize=True)
    cubes = probes**3 * (2 + surroundings.weights.sum(axis=1) / 3)
    scale = np.abs(cubes).sum(axis=2).max(axis=0)
    return np.asarray(cubes.sum(axis=2) / np.where(scale > 0, scale, 1.0))


def _largest(values: FloatArray) -> tuple[int, float]:
    """The row (candidates, functionals) that is largest, ties left to the next functional; and by how much."""
    rows = np.arange(len(values))
    margin = 1.0
    for column in values.T:
        best = column[rows].max()
        lower = rows[column[rows] < best - _TIE]
        if len(lower):
            margin = min(margin, float(best - column[lower].max()))
        rows = rows[column[rows] >= best - _TIE]
        if len(rows) == 1:
            return int(rows[0]), margin
    return int(rows[0]), 0.0


def _arbitrary(count: int, seed: int) -> FloatArray:
    """Arbitrary numbers in (−1/2, 1/2), the same ever after: multiples of irrational numbers, modulo 1."""
    steps = np.arange(1, count + 1) * (np.sqrt(5) / 2 + np.sqrt(2) * seed)
    return np.asarray((steps + np.sqrt(3) * np.arange(1, count + 1) ** 2) % 1.0 - 0.5)
