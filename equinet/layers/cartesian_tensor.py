r"""Cartesian tensors as features, and back: the change of basis along GL(3) → O(3) → point group, or to O(3) alone.

With the orthonormal basis tensors B_r of an index symmetry (:func:`pointgroups.tensor_basis`),

    x_r = Σ_{i…k} B_{r, i…k} T_{i…k} ,        T_{i…k} = Σ_r x_r B_{r, i…k} ,

x transforms by the irreps of its parts. The first map projects out what lacks the index symmetry.
"""

from __future__ import annotations

from torch import Tensor

from equinet.constants import ConstantModule
from equinet.groups import Group, as_group
from equinet.irreps import Irreps
from pointgroups import FiniteGroup, IndexSymmetry, PointGroup, tensor_basis


class CartesianTensor(ConstantModule):
    """Tensors (…, 3, …, 3) with an index symmetry ↔ irrep features (…, dim); an isometry without parameters.

    Args:
        symmetry: "ij=ji", "ijkl=jikl=klij", "V[V2]" … (:func:`pointgroups.tensors.index_permutations`).
        group: the point group or its name, or O(3) or SO(3) up to the tensor's degrees; tensors are in the axes of
            ``group.rotations``, any axes for O(3).
        axial: the tensor transforms with an extra det(R).

    Attributes:
        irreps_out: one block a part, neighbours of one irrep joined, in the order of ``basis.labels``.
        basis: the :class:`pointgroups.TensorBasis`.

    Raises:
        IndexSymmetryError: the notation cannot be read.
        UnknownIrrepError: a degree of the tensor beyond the cut-off of O(3).

    >>> import torch
    >>> to_irreps = CartesianTensor("ij=ji", "Oh")
    >>> to_irreps
    CartesianTensor(ij=ji -> 1x Eg + 1x T2g + 1x A1g)
    >>> round(to_irreps(torch.eye(3)).norm().item(), 4)  # √3, the norm of the unit tensor
    1.7321
    >>> to_irreps.inverse(to_irreps(torch.eye(3))).shape
    torch.Size([3, 3])
    """

    rows: Tensor

    def __init__(self, symmetry: str | IndexSymmetry, group: Group | str | int, axial: bool = False) -> None:
        super().__init__()
        resolved = as_group(group)
        if isinstance(resolved, FiniteGroup):
            raise ValueError(
                f"tensors have bases for the 32 crystallographic groups, O(3) and SO(3), not for {resolved.name}; take"
                " features of O(3) and a Subduction"
            )
        self.basis = tensor_basis(symmetry, resolved if isinstance(resolved, PointGroup) else None, axial)
        labels = [part.irrep or _harmonic_label(part.degree, part.parity, resolved) for part in self.basis.parts]
        self.irreps_out = Irreps(resolved, [(1, label) for label in labels]).simplify()
        self.register_constant("rows", self.basis.rows)

    @property
    def rank(self) -> int:
        """The number of indices."""
        return self.basis.symmetry.rank

    def forward(self, tensors: Tensor) -> Tensor:
        """Components x (…, irreps_out.dim) of tensors (…, 3, …, 3)."""
        if tensors.shape[tensors.ndim - self.rank :] != (3,) * self.rank:
            raise ValueError(
                f"tensors of rank {self.rank} have shape (…{', 3' * self.rank}), not {tuple(tensors.shape)}"
            )
        leading = tensors.shape[: tensors.ndim - self.rank]
        return tensors.reshape((*leading, 3**self.rank)) @ self.rows.T

    def inverse(self, features: Tensor) -> Tensor:
        """The tensors (…, 3, …, 3) with components x (…, irreps_out.dim)."""
        if features.shape[-1:] != (self.irreps_out.dim,):
            raise ValueError(
                f"features of {self.irreps_out} have length {self.irreps_out.dim}, not {tuple(features.shape)}"
            )
        return (features @ self.rows).reshape((*features.shape[:-1], *(3,) * self.rank))

    def extra_repr(self) -> str:
        return f"{self.basis.symmetry} -> {self.irreps_out}"


def _harmonic_label(degree: int, parity: int, group: Group) -> str:
    """The irrep (ℓ, p) of O(3) as "2e", or ℓ of SO(3) as "2"."""
    if group.name == "SO(3)":
        return str(degree)
    return f"{degree}{'e' if parity > 0 else 'o'}"
