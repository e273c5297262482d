r"""In which axes a published tensor has the symmetry of its crystal.

With Q the rotation from the axes of the tensor to those of the structure and F the crystal's frame, T fits when

    ‖T' − ⟨T'⟩_G‖ ≤ tolerance·‖T'‖,      T' = F Q T in the standard axes of the class G.

Axes are tried in this order: those of the structure; the IEEE axes, as pymatgen finds them; the axes of each setting of
the class; any axes at all, by :func:`best_orientation`. In the last two only symmetry tells Q, which leaves it open up
to the rotations n that normalise the class: n T' fits as well. T is then known only if n T' = T' for all of them.
A fit in any axes says something only where it is not sure to exist: dim ⟨·⟩_G + 3 − dim N < the number of components,
N being the normaliser of G (symmetric matrices, for one, have axes in which they are orthorhombic).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.environments.site_tensors import project_site_tensors
from pointgroups.exact import read_only
from pointgroups.identification import identify_point_group, rotation_axis
from pointgroups.normalizer import normalizer_cosets
from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import SETTINGS
from pointgroups.tensors.allowed_forms import project_tensor
from pointgroups.tensors.catalogue import NamedTensor, named_tensor
from pointgroups.tensors.decomposition import checked_tensors
from pointgroups.tensors.invariants import invariant_space, turned
from pointgroups.tensors.orientations import best_orientation

if TYPE_CHECKING:
    from pymatgen.core import Structure

FloatArray = NDArray[np.float64]

STRUCTURE, IEEE, ORIENTATION = "structure", "IEEE", "best orientation"


@dataclass(frozen=True, eq=False)
class TensorFrame:
    """The axes in which a tensor fits its crystal; made by :func:`find_tensor_frame`. Arrays are read-only.

    Attributes:
        axes: "structure", "IEEE", "setting mm2", "best orientation", or "" where it fits in none.
        residual: ‖T' − ⟨T'⟩_G‖/‖T'‖ in these axes; in the structure's where it fits in none.
        residuals: of all axes that were tried.
        rotation: (3, 3) the matrix Q from these axes to the structure's.
        unique: whether all rotations that fit as well as Q give the same tensor.
        tensor: Q T less what the class forbids, in the structure's axes; T itself where it fits in none.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry, from_voigt
        >>> blende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
        >>> e = np.zeros((3, 6))
        >>> e[0, 3] = e[1, 4] = e[2, 5] = 0.1  # xyz alone: in the axes of the cube
        >>> find_tensor_frame(from_voigt(e, "piezoelectric-e"), "piezoelectric-e", crystal_symmetry(blende)).axes
        'structure'
    """

    axes: str
    residual: float
    residuals: dict[str, float]
    rotation: FloatArray
    unique: bool
    tensor: FloatArray


def ieee_rotation(structure: Structure) -> FloatArray:
    """The matrix from the structure's axes to those of the IEEE standard of 1987, by pymatgen; not always proper.

    Raises:
        ValueError: pymatgen finds no symmetry.
    """
    from pymatgen.core.tensors import Tensor

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        left, _, right = np.linalg.svd(np.asarray(Tensor.get_ieee_rotation(structure), dtype=np.float64))
    return np.asarray(left @ right)  # pymatgen's is orthogonal to a few digits only


def find_tensor_frame(
    tensor: ArrayLike,
    kind: str | NamedTensor,
    symmetry: CrystalSymmetry,
    tolerance: float = 0.02,
    ieee: ArrayLike | None = None,
    order: Sequence[str] = (STRUCTURE, IEEE),
) -> TensorFrame:
    """Find the axes in which a tensor has the symmetry of its crystal.

    Args:
        tensor: (3, …, 3) in unknown axes.
        kind: its name in the catalogue, such as "elastic".
        symmetry: of the crystal.
        tolerance: on the residual.
        ieee: the matrix from the structure's axes to the IEEE axes, ``ieee_rotation``; None: not tried.
        order: which of the two is believed first.

    Raises:
        UnknownTensorError: no such tensor.
        ValueError: a wrong shape, entries that are not finite, or an order without known axes.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> rutile = Structure.from_spacegroup(
        ...     "P4_2/mnm", Lattice.tetragonal(4.59, 2.96), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]
        ... )
        >>> found = find_tensor_frame(np.diag([8.4, 6.8, 6.8]), "dielectric", crystal_symmetry(rutile))
        >>> found.axes, found.unique, found.tensor.diagonal().round(3).tolist()
        ('best orientation', True, [6.8, 6.8, 8.4])
    """
    named = named_tensor(kind)
    values = checked_tensors(tensor, named.symmetry.rank)
    believed = _believed(ieee, order)
    tried = {axes: _Trial.of(axes, believed[axes], values, named, symmetry) for axes in believed}
    chosen = next((trial for trial in tried.values() if trial.residual <= tolerance), None)
    unique = chosen is not None
    if chosen is None:
        for axes, rotation in _axes_by_symmetry(values, named, symmetry):
            tried[axes] = _Trial.of(axes, rotation, values, named, symmetry)
            if tried[axes].residual <= tolerance:
                chosen = tried[axes]
                unique = chosen.is_unique(2 * tolerance)
                break
    residuals = {axes: trial.residual for axes, trial in tried.items()}
    if chosen is None:
        residual = next(iter(residuals.values()))
        return TensorFrame("", residual, residuals, read_only(np.eye(3)), False, read_only(values.copy()))
    accepted = turned(chosen.projected, symmetry.frame.T, values.ndim)
    return TensorFrame(chosen.axes, chosen.residual, residuals, read_only(chosen.rotation), unique, read_only(accepted))


def find_site_frame(
    tensors: ArrayLike,
    symmetry: CrystalSymmetry,
    tolerance: float = 0.02,
    ieee: ArrayLike | None = None,
    order: Sequence[str] = (STRUCTURE, IEEE),
) -> TensorFrame:
    """The same for tensors of rank 2 on all sites, (n_atoms, 3, 3), such as Born charges.

    They fit when Z_{p(i)} = R Z_i Rᵀ for all operations; ⟨Z⟩ is the mean over the space group.

    Raises:
        ValueError: a wrong shape or entries that are not finite.
    """
    values = checked_tensors(tensors, 2)
    if values.shape != (len(symmetry.species), 3, 3):
        raise ValueError(f"one tensor for each of {len(symmetry.species)} atoms has another shape than {values.shape}")
    believed = _believed(ieee, order)
    tried = {axes: turned(values, believed[axes], 2) for axes in believed}
    means = {axes: project_site_tensors(symmetry, moved, "ij").tensors for axes, moved in tried.items()}
    size = float(np.linalg.norm(values))
    residuals = {axes: float(np.linalg.norm(tried[axes] - means[axes])) / size if size else 0.0 for axes in tried}
    chosen = next((axes for axes, residual in residuals.items() if residual <= tolerance), None)
    if chosen is None:
        residual = next(iter(residuals.values()))
        return TensorFrame("", residual, residuals, read_only(np.eye(3)), False, read_only(values.copy()))
    rotation = read_only(believed[chosen])
    return TensorFrame(chosen, residuals[chosen], residuals, rotation, True, read_only(means[chosen]))


def _believed(ieee: ArrayLike | None, order: Sequence[str]) -> dict[str, FloatArray]:
    """The axes that need no tensor to be found, in this order, with the rotation from each to the structure's."""
    rotations = {STRUCTURE: np.eye(3)} | ({} if ieee is None else {IEEE: np.asarray(ieee, dtype=np.float64).T})
    unknown = set(order) - {STRUCTURE, IEEE}
    believed = {axes: rotations[axes] for axes in order if axes in rotations}
    if unknown or not believed:
        raise ValueError(f"the order has {STRUCTURE!r} and, where these are given, {IEEE!r}; not {list(order)}")
    return believed


@dataclass(frozen=True, eq=False)
class _Trial:
    """A tensor turned by Q to the structure's axes and by F to the standard ones, and what the class leaves of it."""

    axes: str
    rotation: FloatArray
    standard: FloatArray
    projected: FloatArray
    residual: float
    group: PointGroup

    @classmethod
    def of(
        cls, axes: str, rotation: FloatArray, tensor: FloatArray, named: NamedTensor, symmetry: CrystalSymmetry
    ) -> _Trial:
        """Try these axes."""
        axial = named.symmetry.axial
        sign = np.sign(np.linalg.det(rotation)) if axial else 1.0
        standard = sign * turned(tensor, symmetry.frame @ rotation, tensor.ndim)
        found = project_tensor(standard, symmetry.group, axial=axial)
        return cls(axes, rotation, standard, found.tensor, found.residual, symmetry.group)

    def is_unique(self, tolerance: float) -> bool:
        """Whether the normaliser of the class leaves the tensor in place."""
        rank, size = self.standard.ndim, np.linalg.norm(self.standard)
        turns = _normalizer(self.group.name).rotations
        return all(np.linalg.norm(turned(self.standard, n, rank) - self.standard) <= tolerance * size for n in turns)


def _axes_by_symmetry(
    tensor: FloatArray, named: NamedTensor, symmetry: CrystalSymmetry
) -> Iterator[tuple[str, FloatArray]]:
    """Axes that only the symmetry of the tensor tells, and the rotation Q from each to the structure's."""
    group = symmetry.group
    for setting in SETTINGS:
        if setting.number == group.number:
            to_default = identify_point_group(point_group(setting.name).rotations).frame
            yield f"setting {setting.symbol}", symmetry.frame.T @ to_default
    place, sign = named.symmetry.components()
    free = invariant_space(group, named.symmetry).dim + 3 - _normalizer(group.name).dim
    if free < len(np.unique(place[sign != 0])):
        fit = best_orientation(tensor, group, named.symmetry.axial)
        yield ORIENTATION, symmetry.frame.T @ fit.group.frame.T


@dataclass(frozen=True, eq=False)
class _Normalizer:
    """The rotations that normalise a class: the dimension of their group, and some of each coset of its component.

    Where it is continuous, one arbitrary turn about the axis stands for all: a tensor that it leaves in place is left
    in place by all.
    """

    dim: int
    rotations: FloatArray


@cache
def _normalizer(name: str) -> _Normalizer:
    group = point_group(name)
    proper = group.rotations * group.determinants[:, None, None]
    axes = [rotation_axis(r) for r in proper if np.trace(r) < 2.5]
    if not axes:
        return _Normalizer(3, np.stack([_turn(axis, 1.0) for axis in np.eye(3)]))
    if np.linalg.matrix_rank(np.array(axes), tol=1e-6) > 1:
        return _Normalizer(0, normalizer_cosets(name))
    across = np.eye(3)[np.abs(axes[0]).argmin()]
    return _Normalizer(1, np.stack([_turn(axes[0], 1.0), _turn(across, np.pi)]))


def _turn(axis: FloatArray, angle: float) -> FloatArray:
    """The rotation about a unit vector, by Rodrigues' formula."""
    cross = np.cross(axis, np.eye(3)).T
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)
