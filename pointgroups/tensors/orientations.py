"""In which orientation a point group fits a tensor best.

A tensor T is the sum of copies of O(3)'s irreps, with components c_ℓ (copies, 2ℓ+1). Turned into the axes of a group's
setting they are c_ℓ D_ℓ(R), R being the rotation from these axes to those of T, and what the group does not allow is

    r(R) = ⊕_ℓ c_ℓ D_ℓ(R) (1 − P_ℓ),        P_ℓ the projector on the group's invariants in (ℓ, parity).

‖r(R)‖/‖T‖ is minimised over SO(3) by Newton's method, damped as Levenberg and Marquardt do, from many starts at once.
Only c_ℓᵀ c_ℓ matters, so copies are first reduced to at most 2ℓ+1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import GROUP_NAMES
from pointgroups.spherical import rotation_generator, wigner_d_real

from .decomposition import checked_tensors, tensor_basis
from .index_permutations import IndexSymmetry

FloatArray = NDArray[np.float64]

_STARTS = 1500  # rotations about 20° apart, nearer than the width of a minimum at ℓ = 4
_KEPT = 16  # of them are refined
_STEPS = 60
_LEAST_DAMPING = 1e-9
_STILL = 1e-7  # a step by less than this angle is the last one: the next one would be by its square
_NO_TURN = 1e-6
_FLAT = 1e-12  # squared change per angle, relative to ‖T‖², that is none
_TURNS = 30
_SAME_TRACE = 1e-6
_SAME = 1e-7  # residuals, relative to ‖T‖, that count as equally good


@dataclass(frozen=True, eq=False)
class OrientedFit:
    """A group in the orientation in which it fits a tensor best, and the residual ‖T − ⟨T⟩_G‖/‖T‖ that is left.

    ``group.frame`` is the rotation from the axes of the group's setting to those of the tensor.

    >>> import numpy as np
    >>> from pointgroups import point_group
    >>> round(best_orientation(np.diag([1.0, 1.1, 2.0]), point_group("D4h")).residual, 4)
    0.0284
    """

    group: PointGroup
    residual: float

    @property
    def axis_angle(self) -> tuple[tuple[float, float, float], float]:
        """``group.frame`` as a unit axis and an angle of 0° to 180° about it; no turn is one by 0° about z.

        >>> import numpy as np
        >>> from pointgroups import point_group
        >>> axis, angle = best_orientation(np.diag([2.0, 1.0, 1.0]), point_group("C4v")).axis_angle
        >>> round(angle, 6)
        90.0
        """
        frame = self.group.frame
        sense = np.array([frame[2, 1] - frame[1, 2], frame[0, 2] - frame[2, 0], frame[1, 0] - frame[0, 1]])
        cosine = (np.trace(frame) - 1) / 2
        angle = float(np.arctan2(np.linalg.norm(sense) / 2, cosine))
        if angle < _NO_TURN:
            return (0.0, 0.0, 1.0), 0.0
        outer = (frame + frame.T) / 2 - cosine * np.eye(3)  # (1 − cos) n nᵀ
        column = outer[:, np.diagonal(outer).argmax()]
        axis = column / np.linalg.norm(column) * (-1 if column @ sense < 0 else 1)
        return (float(axis[0]), float(axis[1]), float(axis[2])), round(float(np.degrees(angle)), 9)


def best_orientation(tensor: ArrayLike, group: PointGroup, axial: bool = False) -> OrientedFit:
    """Turn a group so that it leaves a tensor unchanged as nearly as it can.

    The orientation is never unique: a turn by an element of the normaliser of the group, or by a symmetry of the
    tensor, gives another one. Of those found that fit equally well the one with the least angle is returned.

    Args:
        tensor: (3, …, 3), all axes tensor indices.
        group: a point group; its own frame does not matter.
        axial: the tensor transforms with an extra det(R).

    Raises:
        ValueError: a wrong shape or entries that are not finite.

    >>> import numpy as np
    >>> from pointgroups import point_group
    >>> fit = best_orientation(np.diag([3.0, 1.0, 1.0]), point_group("C4v"))
    >>> bool(fit.residual < 1e-9), np.abs(fit.group.frame[:, 2]).round(6).tolist()  # the fourfold axis is x
    (True, [1.0, 0.0, 0.0])
    """
    return _fit(_covariants(tensor, axial), group.in_standard_frame)


def compatible_orientations(tensor: ArrayLike, axial: bool = False, tolerance: float = 1e-3) -> dict[str, OrientedFit]:
    """Which of the 32 groups leave a tensor unchanged, each in its best orientation: name → group and residual.

    A group counts when ‖T − ⟨T⟩_G‖ ≤ tolerance·‖T‖; larger groups come first.

    Raises:
        ValueError: a wrong shape or entries that are not finite.

    >>> import numpy as np
    >>> turn = np.array([[0.6, 0.0, 0.8], [0.0, 1.0, 0.0], [-0.8, 0.0, 0.6]])
    >>> list(compatible_orientations(turn @ np.diag([1.0, 1.0, 2.0]) @ turn.T))[:3]
    ['D6h', 'D4h', 'D3d']
    """
    covariants = _covariants(tensor, axial)
    found: dict[bytes, OrientedFit] = {}  # groups with the same invariants fit alike
    fits: dict[str, OrientedFit] = {}
    for group in sorted(map(point_group, GROUP_NAMES), key=lambda g: -g.order):
        key = b"".join((p.round(9) + 0.0).tobytes() for p in _forbidden(covariants, group).values())
        if key not in found:
            found[key] = _fit(covariants, group)
        if found[key].residual <= tolerance:
            fits[group.name] = OrientedFit(group.rotated(found[key].group.frame), found[key].residual)
    return fits


# -- the tensor, as far as orientation goes -----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Covariants:
    """A tensor of unit norm: its components (copies, 2ℓ+1) in degree ℓ, copies reduced, and its parity."""

    by_degree: dict[int, FloatArray]
    parity: int


def _covariants(tensor: ArrayLike, axial: bool) -> _Covariants:
    values = np.asarray(tensor, dtype=np.float64)
    checked_tensors(values, values.ndim)
    norm = float(np.linalg.norm(values))
    basis = tensor_basis(IndexSymmetry(values.ndim, axial=axial))
    coefficients = basis.coefficients(values / norm if norm else values)
    copies: dict[int, list[FloatArray]] = {}
    for label, rows in basis.parts.items():
        copies.setdefault(label.degree, []).append(coefficients[rows])
    return _Covariants({l: _reduced(np.stack(c)) for l, c in copies.items()}, (-1) ** (values.ndim + axial))


def _reduced(copies: FloatArray) -> FloatArray:
    """At most 2ℓ+1 rows with the same cᵀ c."""
    _, sizes, rows = np.linalg.svd(copies, full_matrices=False)
    return np.asarray(sizes[:, None] * rows)


# -- minimisation over SO(3) --------------------------------------------------------------------------------------


def _fit(tensor: _Covariants, group: PointGroup) -> OrientedFit:
    forbidden = _forbidden(tensor, group)
    at_start = _residual_norms(tensor, forbidden, {l: _start_matrices(l) for l in forbidden})
    best = np.argsort(at_start, kind="stable")[:_KEPT]
    frames = _refined(tensor, forbidden, _rotations(_STARTS)[np.union1d(best, [0])])
    residuals = _residual_norms(tensor, forbidden, _matrices(forbidden, frames))
    equal = frames[residuals <= residuals.min() + _SAME]
    proper = group.rotations[group.determinants > 0]
    candidates = _least_turned((equal[:, None] @ proper).reshape(-1, 3, 3), *_free_axes(tensor, forbidden))
    traces = np.trace(candidates, axis1=1, axis2=2)
    nearest = candidates[traces >= traces.max() - _SAME_TRACE]
    frame = max(nearest, key=lambda f: (f.round(6) + 0.0).ravel().tolist())  # on every machine the same
    (residual,) = _residual_norms(tensor, forbidden, _matrices(forbidden, frame[None]))
    return OrientedFit(group.rotated(frame), float(residual))


def _forbidden(tensor: _Covariants, group: PointGroup) -> dict[int, FloatArray]:
    """1 − P_ℓ for each degree; P_ℓ = (1/|G|) Σ_g of the matrices of O(3)'s irrep (ℓ, parity)."""
    found = {}
    for l in tensor.by_degree:
        signs = np.where(group.determinants > 0, 1, tensor.parity * (-1) ** l)
        invariants = np.einsum("g,gij->ij", signs / group.order, wigner_d_real(l, group.rotations))
        found[l] = np.eye(2 * l + 1) - invariants
    return found


def _derivatives(
    tensor: _Covariants, forbidden: dict[int, FloatArray], frames: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """½‖r‖² (N,) for rotations (N, 3, 3), its gradient (N, 3) and its Hessian (N, 3, 3) under R → R exp(ω).

    With W = (c D)ᵀ c D, the projector F = 1 − P and generators L these are ½ tr(W F), tr(W L_a F) and
    tr(F L_aᵀ W L_b) + tr(W (L_a L_b + L_b L_a) F)/2.
    """
    values, gradients, hessians = np.zeros(len(frames)), np.zeros((len(frames), 3)), np.zeros((len(frames), 3, 3))
    for l, copies in tensor.by_degree.items():
        turned = copies @ wigner_d_real(l, frames)
        lost = turned @ forbidden[l]
        generators = np.stack([rotation_generator(l, axis) for axis in range(3)])
        moved = turned[:, None] @ generators @ forbidden[l]
        slopes = moved.reshape(len(frames), 3, -1)
        products = generators[:, None] @ generators
        weights = np.swapaxes(lost, 1, 2) @ turned
        values += np.sum(lost**2, (1, 2)) / 2
        gradients += np.einsum("nak,nk->na", slopes, lost.reshape(len(frames), -1))
        bent = np.einsum("abij,nji->nab", products, weights)
        hessians += slopes @ np.swapaxes(slopes, 1, 2) + (bent + np.swapaxes(bent, 1, 2)) / 2
    return values, gradients, hessians


def _residual_norms(
    tensor: _Covariants, forbidden: dict[int, FloatArray], matrices: dict[int, FloatArray]
) -> FloatArray:
    """‖r(R)‖ for the matrices D_ℓ(R) (N, 2ℓ+1, 2ℓ+1) of each degree."""
    parts = [np.sum((c @ matrices[l] @ forbidden[l]) ** 2, (1, 2)) for l, c in tensor.by_degree.items()]
    return np.asarray(np.sqrt(np.sum(parts, axis=0)))


def _matrices(degrees: Iterable[int], frames: FloatArray) -> dict[int, FloatArray]:
    return {l: wigner_d_real(l, frames) for l in degrees}


@cache
def _start_matrices(degree: int) -> FloatArray:
    return read_only(wigner_d_real(degree, _rotations(_STARTS)))


def _refined(tensor: _Covariants, forbidden: dict[int, FloatArray], frames: FloatArray) -> FloatArray:
    """Every rotation moved to the minimum next to it by damped steps of Newton's method, downhill in each direction."""
    damping = np.full(len(frames), 1e-3)
    values, gradients, hessians = _derivatives(tensor, forbidden, frames)
    for _ in range(_STEPS):
        sizes, axes = np.linalg.eigh(hessians)
        along = np.einsum("nia,ni->na", axes, gradients) / (np.abs(sizes) + damping[:, None])
        step = -np.einsum("nia,na->ni", axes, along)
        moved = frames @ _exponential(step)
        new_values, new_gradients, new_hessians = _derivatives(tensor, forbidden, moved)
        better = new_values <= values
        damping = np.clip(damping * np.where(better, 0.1, 10.0), _LEAST_DAMPING, 1e6)
        frames = np.where(better[:, None, None], moved, frames)
        values = np.where(better, new_values, values)
        gradients = np.where(better[:, None], new_gradients, gradients)
        hessians = np.where(better[:, None, None], new_hessians, hessians)
        if np.linalg.norm(step, axis=1).max() < _STILL:
            break
    return frames


# -- the least angle ----------------------------------------------------------------------------------------------


def _free_axes(tensor: _Covariants, forbidden: dict[int, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Axes (n, 3) about which turning the tensor, c_ℓ L = 0, or the group, L P_ℓ = P_ℓ L, changes nothing."""
    of_tensor, of_group = np.zeros((2, 3, 3))
    for l, copies in tensor.by_degree.items():
        generators = np.stack([rotation_generator(l, axis) for axis in range(3)])
        for moved, total in (
            (copies @ generators, of_tensor),
            (forbidden[l] @ generators - generators @ forbidden[l], of_group),
        ):
            flat = moved.reshape(3, -1)
            total += flat @ flat.T
    return _kernel(of_tensor), _kernel(of_group)


def _kernel(form: FloatArray) -> FloatArray:
    sizes, axes = np.linalg.eigh(form)
    return np.asarray(axes.T[sizes < _FLAT])


def _least_turned(frames: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Every R made exp(s u) R exp(t a) of least angle, u and a being free axes of the tensor and of the group."""
    if max(len(left), len(right)) > 1:  # then all rotations are free
        return np.eye(3)[None]
    for _ in range(_TURNS if len(left) and len(right) else 1):
        for axis in left:
            frames = _best_turn(frames, axis) @ frames
        for axis in right:
            frames = frames @ _best_turn(frames, axis)
    return frames


def _best_turn(frames: FloatArray, axis: FloatArray) -> FloatArray:
    """exp(t a) with the largest tr(R exp(t a)) = tr R + sin t tr(R K) + (1 − cos t) tr(R K²), K the generator."""
    generator = np.cross(axis, np.eye(3)).T
    sine, cosine = (np.einsum("nij,ji->n", frames, k) for k in (generator, -generator @ generator))
    return _exponential(np.arctan2(sine, cosine)[:, None] * axis)


def _exponential(angles: FloatArray) -> FloatArray:
    """exp of rotation vectors (N, 3), by Rodrigues' formula."""
    size = np.linalg.norm(angles, axis=1)[:, None, None]
    cross = np.cross(angles[:, None, :], np.eye(3)).swapaxes(1, 2)
    return np.asarray(np.eye(3) + np.sinc(size / np.pi) * cross + np.sinc(size / (2 * np.pi)) ** 2 / 2 * cross @ cross)


@cache
def _rotations(number: int) -> FloatArray:
    """The identity and rotations spread evenly over SO(3), super-Fibonacci spirals.

    Source: M. Alexa, Super-Fibonacci Spirals, CVPR (2022), algorithm 1.
    """
    s = np.arange(number - 1) + 0.5
    inner, outer = np.sqrt(s / (number - 1)), np.sqrt(1 - s / (number - 1))
    alpha, beta = 2 * np.pi * s / np.sqrt(2.0), 2 * np.pi * s / 1.533751168755204288118041
    x, y, z, w = inner * np.sin(alpha), inner * np.cos(alpha), outer * np.sin(beta), outer * np.cos(beta)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return read_only(np.concatenate([np.eye(3)[None], np.array(rows).transpose(2, 0, 1)]))
