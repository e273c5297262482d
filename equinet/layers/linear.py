r"""The general equivariant linear map, by Schur's lemma over ℝ.

    y^γ_{u k} = Σ_v Σ_t W^γ_{u t v} (J_t)_{kl} x^γ_{v l}        (+ b_u on the trivial irrep)

with J_0 = 1 and, for an irrep of complex type, J_1 = J its commutant: Hom_G(Γ^γ, Γ^γ) = ℝ or ℂ, so that a pair of
copies has one weight or two. Nothing else commutes with the group: the weights number dim Hom_G(V_in, V_out).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.groups import common_group, trivial_irrep
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts


class Linear(ConstantModule):
    """The general equivariant linear map V_in → V_out (formula above).

    Args:
        irreps_in, irreps_out: irreps of one group; all copies of an irrep mix, in whatever blocks they stand.
        bias: add a learned constant to the trivial irrep, the only place where one is equivariant.

    An irrep of ``irreps_out`` that does not occur in ``irreps_in`` comes out zero. Weights start as normal numbers of
    variance 1/fan-in, so that inputs of unit variance give outputs of unit variance.

    >>> layer = Linear(Irreps("C3", "4x A + 2x E"), Irreps("C3", "3x A + 5x E"))
    >>> {name: tuple(p.shape) for name, p in layer.named_parameters()}
    {'bias': (3,), 'weights.A': (3, 1, 4), 'weights.E': (5, 2, 2)}
    """

    def __init__(self, irreps_in: Irreps, irreps_out: Irreps, bias: bool = True) -> None:
        super().__init__()
        common_group(irreps_in, irreps_out)
        self.irreps_in = irreps_in
        self.irreps_out = irreps_out
        self.weights = nn.ParameterDict()
        for label in irreps_out.labels:
            if copies := irreps_in.count(label):
                commutant = irreps_out.group.real_irreps[label].commutant
                fan_in = len(commutant) * copies
                weight = torch.randn(irreps_out.count(label), len(commutant), copies) / math.sqrt(fan_in)
                self.weights[label] = nn.Parameter(weight)
                if len(commutant) > 1:
                    self.register_constant(f"commutant_{label}", commutant[1:])
        self._trivial = trivial_irrep(irreps_out.group).label
        invariants = irreps_out.count(self._trivial)
        self.bias = nn.Parameter(torch.zeros(invariants)) if bias and invariants else None

    @property
    def weight_numel(self) -> int:
        """The number of weights without the bias, dim Hom_G(V_in, V_out)."""
        return sum(weight.numel() for weight in self.weights.values())

    def forward(self, features: Tensor, weight: Tensor | None = None) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_out.dim).

        With ``weight`` (…, weight_numel) the learned weights (not the bias) give way to these, one map for every
        leading index: the entries of the parameters W^γ one irrep after another, each in row-major order.
        """
        weights = dict(self.weights.items()) if weight is None else self._unflatten(weight)
        mixed = {}
        for label, part in isotypic_parts(features, self.irreps_in).items():
            if label in weights:
                if len(self.irreps_in.group.real_irreps[label].commutant) > 1:
                    turned = part.unsqueeze(-3) @ self.get_buffer(f"commutant_{label}").mT
                    part = torch.cat([part, turned.flatten(-3, -2)], -2)
                mixed[label] = weights[label].flatten(-2) @ part
        leading = torch.broadcast_shapes(features.shape[:-1], () if weight is None else weight.shape[:-1])
        if self.bias is not None:
            shift = self.bias[:, None].expand(*leading, -1, -1)
            mixed[self._trivial] = mixed[self._trivial] + shift if self._trivial in mixed else shift
        return assemble(mixed, self.irreps_out, features.expand(*leading, -1))

    def _unflatten(self, weight: Tensor) -> dict[str, Tensor]:
        if weight.shape[-1] != self.weight_numel:
            raise ValueError(f"this map takes (…, {self.weight_numel}) weights; got shape {tuple(weight.shape)}")
        shapes = {label: own.shape for label, own in self.weights.items()}
        parts = weight.split([shape.numel() for shape in shapes.values()], -1)
        return {label: part.unflatten(-1, shape) for part, (label, shape) in zip(parts, shapes.items(), strict=True)}

    def extra_repr(self) -> str:
        return f"{self.irreps_in} -> {self.irreps_out}, {self.weight_numel} weights, bias={self.bias is not None}"
