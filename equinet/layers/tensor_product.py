r"""The general equivariant bilinear map, by the coupling coefficients of the group.

V_α ⊗ V_β = ⊕_γ m_{αβγ} V_γ, and by Schur's lemma over ℝ every equivariant bilinear map is

    out^γ_{u n} = Σ_p W^γ_{u p} z^{γ p}_n ,    z^{γ p}_n = Σ_i ( Σ_j (U^m J_t)^{γ n}_{α i, β j} y^β_{w j} ) x^α_{v i} ,

p = (α, β, m, t, w, v): a pair of copies v of α and w of β, the m-th copy of γ in α ⊗ β, and a member J_t of γ's
commutant, J_0 = 1 and for γ of complex type J_1 = J. The bracket is a matrix from α to all γ n, made once for each copy
w and used by all copies v. U is an isometry and J orthogonal, so unit variance goes to unit variance.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.groups import Irrep, common_group, coupling
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts


class TensorProduct(ConstantModule):
    """The general equivariant bilinear map V_1 × V_2 → V_out (formula above), learned.

    Args:
        irreps_in1, irreps_in2, irreps_out: irreps of one group, a point group or O(3) or SO(3) with a cut-off.

    There is one weight for each dimension of Hom_G(V_1 ⊗ V_2, V_out), :attr:`weight_numel` of them: ``weights[γ]``
    (copies of γ, number of p), p in the order of its parts, v the fastest. They start as normal numbers of variance
    1/(number of p). The products z hold every pair of copies; where both spaces have many,
    :class:`~equinet.DepthwiseTensorProduct` costs far less.

    >>> layer = TensorProduct(Irreps("Oh", "4x T1u"), Irreps("Oh", "3x T1u"), Irreps("Oh", "2x T2g"))
    >>> layer.weight_numel  # T1u ⊗ T1u holds T2g once: 2 · 4 · 3
    24
    """

    def __init__(self, irreps_in1: Irreps, irreps_in2: Irreps, irreps_out: Irreps) -> None:
        super().__init__()
        irreps = common_group(irreps_in1, irreps_in2, irreps_out).real_irreps
        self.irreps_in1 = irreps_in1
        self.irreps_in2 = irreps_in2
        self.irreps_out = irreps_out
        self._widths: dict[tuple[str, str], dict[str, int]] = {}
        products = dict.fromkeys(irreps_out.labels, 0)
        for a, b in product(irreps_in1.labels, irreps_in2.labels):
            bases = {c: _intertwiners(irreps[a], irreps[b], irreps[c]) for c in irreps_out.labels}
            bases = {c: basis for c, basis in bases.items() if basis.shape[1]}
            if bases:
                self._widths[a, b] = {c: math.prod(basis.shape[:2]) for c, basis in bases.items()}
                joint = np.concatenate([basis.reshape(-1, *basis.shape[2:]) for basis in bases.values()])
                self.register_constant(f"coupling_{a}_{b}", joint.reshape(-1, joint.shape[-1]).T)
            for c, basis in bases.items():
                products[c] += basis.shape[1] * irreps_in2.count(b) * irreps_in1.count(a)
        shapes = {c: (irreps_out.count(c), number) for c, number in products.items() if number}
        self.weights = nn.ParameterDict({c: nn.Parameter(torch.randn(n) / n[1] ** 0.5) for c, n in shapes.items()})

    @property
    def weight_numel(self) -> int:
        """The number of weights, dim Hom_G(V_1 ⊗ V_2, V_out)."""
        return sum(weight.numel() for weight in self.weights.values())

    def forward(self, x: Tensor, y: Tensor, weight: Tensor | None = None) -> Tensor:
        """Map (…, irreps_in1.dim) and (…, irreps_in2.dim) to (…, irreps_out.dim); leading axes broadcast.

        ``weight`` (…, weight_numel), one set for every leading index, replaces the learned weights: those of one γ
        after another, each in row-major order.
        """
        first = isotypic_parts(x, self.irreps_in1)
        second = isotypic_parts(y, self.irreps_in2)
        pieces: dict[str, list[Tensor]] = {}
        for (a, b), widths in self._widths.items():
            dim, copies = first[a].shape[-1], second[b].shape[-2]
            maps = (second[b] @ self.get_buffer(f"coupling_{a}_{b}")).unflatten(-1, (-1, dim))
            joint = maps.transpose(-3, -2).flatten(-3, -2) @ first[a].mT
            rows = joint.split([width * copies for width in widths.values()], -2)
            for c, piece in zip(widths, rows, strict=True):
                components = self.irreps_out.group.real_irreps[c].dim
                pieces.setdefault(c, []).append(piece.unflatten(-2, (components, -1)).flatten(-2))
        mixed = {c: (torch.cat(pieces[c], -1) @ own.mT).mT for c, own in self._weights(weight).items()}
        leading = torch.broadcast_shapes(x.shape[:-1], y.shape[:-1], () if weight is None else weight.shape[:-1])
        return assemble(mixed, self.irreps_out, x.new_zeros((*leading, 0)))

    def _weights(self, given: Tensor | None) -> dict[str, Tensor]:
        if given is None:
            return dict(self.weights.items())
        if given.shape[-1] != self.weight_numel:
            raise ValueError(f"this product takes (…, {self.weight_numel}) weights; got shape {tuple(given.shape)}")
        shapes = {c: own.shape for c, own in self.weights.items()}
        parts = given.split([shape.numel() for shape in shapes.values()], -1)
        return {c: part.unflatten(-1, shape) for part, (c, shape) in zip(parts, shapes.items(), strict=True)}

    def extra_repr(self) -> str:
        return f"{self.irreps_in1} ⊗ {self.irreps_in2} -> {self.irreps_out}, {self.weight_numel} weights"


def _intertwiners(a: Irrep, b: Irrep, c: Irrep) -> NDArray[np.float64]:
    """All U^m J_t: α ⊗ β → γ, (d_γ, copies m t, d_α, d_β)."""
    u = np.einsum("mijk,tkl->lmtij", coupling(a, b, c), c.commutant)
    return u.reshape(c.dim, -1, a.dim, b.dim) if u.size else np.zeros((c.dim, 0, a.dim, b.dim))
