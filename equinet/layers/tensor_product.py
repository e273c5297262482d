r"""The general equivariant bilinear map, by the coupling coefficients of the group.

V_α ⊗ V_β = ⊕_γ m_{αβγ} V_γ, and every equivariant bilinear map is that change of basis followed by a general
equivariant linear map:

    z^{γm}_{(v w) n} = Σ_ij  x^α_{v i} y^β_{w j} U^{γ n, m}_{α i, β j} ,      out^γ = Linear(z)^γ .

U is an isometry, so unit variance goes to unit variance; the linear map brings the path weights and, for irreps of
complex type, the intertwiners U·J.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.constants import ConstantModule
from equinet.irreps import Irreps, common_group
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import Irrep, coupling

from .linear import Linear


class TensorProduct(ConstantModule):
    """The general equivariant bilinear map V_1 × V_2 → V_out (formula above), learned.

    Args:
        irreps_in1, irreps_in2, irreps_out: irreps of one group.

    There is one weight for each dimension of Hom_G(V_1 ⊗ V_2, V_out): :attr:`weight_numel` of them.

    >>> layer = TensorProduct(Irreps("Oh", "4x T1u"), Irreps("Oh", "3x T1u"), Irreps("Oh", "2x T2g"))
    >>> layer.weight_numel  # T1u ⊗ T1u holds T2g once: 2 · 4 · 3
    24
    """

    def __init__(self, irreps_in1: Irreps, irreps_in2: Irreps, irreps_out: Irreps) -> None:
        super().__init__()
        group = common_group(irreps_in1, irreps_in2, irreps_out)
        self.irreps_in1 = irreps_in1
        self.irreps_in2 = irreps_in2
        self.irreps_out = irreps_out
        self._paths: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for a, b in product(irreps_in1.labels, irreps_in2.labels):
            columns = {c: _columns(*(group.real_irreps[label] for label in (a, b, c))) for c in irreps_out.labels}
            if width := {c: u.shape[1] for c, u in columns.items() if u.shape[1]}:
                self._paths[a, b] = list(width.items())
                self.register_constant(f"coupling_{a}_{b}", np.concatenate(list(columns.values()), axis=1))
        coupled = irreps_in1.tensor_product(irreps_in2).filter(irreps_out.labels)
        self.linear = Linear(coupled, irreps_out, bias=False)

    @property
    def weight_numel(self) -> int:
        """The number of path weights, dim Hom_G(V_1 ⊗ V_2, V_out)."""
        return self.linear.weight_numel

    def forward(self, x: Tensor, y: Tensor, weight: Tensor | None = None) -> Tensor:
        """Map (…, irreps_in1.dim) and (…, irreps_in2.dim) to (…, irreps_out.dim); leading axes broadcast.

        ``weight`` (…, weight_numel), one set for every leading index, replaces the learned path weights.
        """
        first = isotypic_parts(x, self.irreps_in1)
        second = isotypic_parts(y, self.irreps_in2)
        pieces: dict[str, list[Tensor]] = {}
        for (a, b), paths in self._paths.items():
            outer = first[a][..., :, None, :, None] * second[b][..., None, :, None, :]
            joint = outer.flatten(-2).flatten(-3, -2) @ self.get_buffer(f"coupling_{a}_{b}")
            for (c, _), piece in zip(paths, joint.split([width for _, width in paths], -1), strict=True):
                dim = self.irreps_out.group.real_irreps[c].dim
                pieces.setdefault(c, []).append(piece.unflatten(-1, (-1, dim)).flatten(-3, -2))
        like = x.new_zeros(torch.broadcast_shapes(x.shape[:-1], y.shape[:-1])).unsqueeze(-1)
        coupled = {c: torch.cat(copies, -2) for c, copies in pieces.items()}
        product_features = assemble(coupled, self.linear.irreps_in, like)
        result: Tensor = self.linear(product_features, weight)
        return result

    def extra_repr(self) -> str:
        return f"{self.irreps_in1} ⊗ {self.irreps_in2} -> {self.irreps_out}, {self.weight_numel} weights"


def _columns(a: Irrep, b: Irrep, c: Irrep) -> NDArray[np.float64]:
    """U as a matrix (d_a d_b, m d_c), column (copy m, component n)."""
    u = coupling(a, b, c)
    return np.moveaxis(u.real, 0, 2).reshape(a.dim * b.dim, len(u) * c.dim)
