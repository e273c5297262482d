r"""Subduction: features of a group as features of a subgroup.

    y = Q x ,      Q D_G(F⁻¹ h F) = D_H(h) Q   for every h ∈ H ,      Q orthogonal.

Under H each irrep of G falls apart into irreps of H; Q is the change to a basis in which it does. F is the rotation
from the axes of G to those of H, r_H = F r_G. G is a point group, or O(3) or SO(3), whose odd and even irreps of each
degree are both served; there Q = Q_H D(F), so that harmonics of a direction r become the harmonics of F r adapted to H.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from equinet.groups import Irrep, NumberedGroup, OrthogonalIrrep, as_numbered_group, nearest_elements
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import PointGroup, symmetry_adapted_basis

from .irrep_map import IrrepMap

FloatArray = NDArray[np.float64]
_TOLERANCE = 1e-6


class Subduction(IrrepMap):
    """y = Q x (formula above), a constant orthogonal change of basis G → H.

    Args:
        irreps_in: irreps of G, a point group or O(3) or SO(3).
        subgroup: H, a point group or its name.
        frame: F (3, 3), orthogonal; by default the axes are the same.

    ``irreps_out`` has one block for each irrep β of H in table order; its copies are counted by (α, copy u of α, copy m
    of β in α), the last one fastest.

    Raises:
        ValueError: if F⁻¹ H F is not in G, naming an element that is missing; or F is not orthogonal.

    >>> layer = Subduction(Irreps("Oh", "4x T1u + 4x Eg"), "D4h")
    >>> str(layer.irreps_out)
    '4x A1g + 4x B1g + 4x A2u + 4x Eu'
    >>> import torch
    >>> x = torch.randn(5, 20)
    >>> torch.allclose(layer.inverse(layer(x)), x, atol=1e-6)
    True
    """

    def __init__(self, irreps_in: Irreps, subgroup: NumberedGroup | str | int, frame: ArrayLike | None = None) -> None:
        below = as_numbered_group(subgroup, "subduction to a subgroup")
        axes = frame_bytes(frame)
        irreps = irreps_in.group.real_irreps
        super().__init__(irreps_in, below, {a: subduction_matrices(irreps[a], below, axes) for a in irreps_in.labels})

    def forward(self, features: Tensor) -> Tensor:
        """Q x: features of G (…, irreps_in.dim) as features of H (…, irreps_out.dim)."""
        return assemble(self.mapped(isotypic_parts(features, self.irreps_in)), self.irreps_out, features)

    def inverse(self, features: Tensor) -> Tensor:
        """Q⁻¹ y = Qᵀ y, back to features of G."""
        return assemble(self.mapped_back(isotypic_parts(features, self.irreps_out)), self.irreps_in, features)


@lru_cache(maxsize=4096)
def subduction_matrices(irrep: Irrep, subgroup: NumberedGroup, frame: bytes) -> Mapping[str, FloatArray]:
    """Q of one irrep α of G by the irreps of H: {β: (m, d_β, d_α)}; ``frame`` as :func:`frame_bytes` gives it.

    >>> vector = as_numbered_group("Oh", "").real_irreps["T1u"]
    >>> {b: q.shape for b, q in subduction_matrices(vector, as_numbered_group("C4v", ""), frame_bytes(None)).items()}
    {'A1': (1, 1, 3), 'E': (1, 2, 3)}
    """
    turn = np.frombuffer(frame).reshape(3, 3)
    standard = subgroup
    if isinstance(subgroup, PointGroup):  # the axes of the setting, in which its functions have their names
        turn, standard = subgroup.frame.T @ turn, subgroup.in_standard_frame
    if isinstance(irrep, OrthogonalIrrep):
        if irrep.parity == 0:
            _require_proper(standard)
            turn = turn * np.sign(np.linalg.det(turn))
        basis = symmetry_adapted_basis(standard, irrep.matrix(standard.rotations))
        array = basis.array @ irrep.matrix(turn)
    else:
        basis = symmetry_adapted_basis(standard, irrep.matrices[subgroup_elements(irrep.group, subgroup, frame)])
        array = basis.array
    rows: dict[str, list[int]] = {}
    for row, label in enumerate(basis.labels):
        rows.setdefault(label.irrep, []).append(row)
    dims = {label: subgroup.real_irreps[label].dim for label in rows}
    array.flags.writeable = False
    return MappingProxyType(
        {b: array[mine[0] : mine[-1] + 1].reshape(-1, dims[b], irrep.dim) for b, mine in rows.items()}
    )


@lru_cache(maxsize=4096)
def subgroup_elements(group: NumberedGroup, subgroup: NumberedGroup, frame: bytes) -> NDArray[np.int64]:
    """The place in G of F⁻¹ h F for every h ∈ H, (|H|,).

    Raises:
        ValueError: if one is no element of G.

    >>> subgroup_elements(as_numbered_group("C4", ""), as_numbered_group("112", ""), frame_bytes(None)).tolist()
    [0, 2]
    """
    turn = np.frombuffer(frame).reshape(3, 3)
    turned = turn.T @ subgroup.rotations @ turn
    found, distances = nearest_elements(turned, group.rotations)
    for name, distance in zip(subgroup.elements, distances, strict=True):
        if distance > _TOLERANCE:
            where = "" if np.array_equal(turn, np.eye(3)) else ", turned into its axes by the frame,"
            raise ValueError(
                f"{subgroup.name} is no subgroup of {group.name} in these axes: {name} of {subgroup.name}{where} is no "
                f"element of {group.name}; give the frame F with r_H = F r_G, or another setting of the subgroup"
            )
    found.flags.writeable = False
    return found


def frame_bytes(frame: ArrayLike | None) -> bytes:
    """The orthogonal matrix nearest to F (3, 3), by default the identity, as a key of what is remembered.

    Raises:
        ValueError: if it is not orthogonal to 1e-6.

    >>> len(frame_bytes(None))
    72
    """
    matrix = np.asarray(np.eye(3) if frame is None else frame, dtype=np.float64)
    if matrix.shape != (3, 3) or not np.allclose(matrix @ matrix.T, np.eye(3), atol=_TOLERANCE):
        raise ValueError(f"a frame is an orthogonal 3×3 matrix F with r_H = F r_G, not {matrix.tolist()}")
    left, _, right = np.linalg.svd(matrix)
    nearest: FloatArray = left @ right
    return nearest.tobytes()


def _require_proper(subgroup: NumberedGroup) -> None:
    for name, determinant in zip(subgroup.elements, subgroup.determinants, strict=True):
        if determinant < 0:
            raise ValueError(f"{subgroup.name} is no subgroup of SO(3): {name} is improper; take irreps of O3(l_max)")
