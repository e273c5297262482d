r"""Non-linearities that commute with the group.

A pointwise function of features in an irrep's basis breaks equivariance. Two things do not: a pointwise function of the
*values on the group* (the group only permutes them), and multiplying an irrep by a function of an invariant.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from equinet.irreps import Irreps, trivial_irrep
from pointgroups import PointGroup

from .fourier import FourierTransform

Activation = Callable[[Tensor], Tensor]


def moment_scale(activation: Activation) -> float:
    """(∫ f(z)² e^{−z²/2} dz / √(2π))^{−1/2}: the factor that gives f of a unit normal variable unit second moment.

    Raises:
        ValueError: if f vanishes there or has no finite second moment.

    >>> abs(moment_scale(torch.relu) - 2**0.5) < 1e-5
    True
    """
    z = torch.linspace(-12.0, 12.0, 24001, dtype=torch.get_default_dtype())
    weight = torch.exp(-(z.double() ** 2) / 2)
    with torch.no_grad():
        moment = float((activation(z).double() ** 2 * weight).sum() / weight.sum())
    if not (math.isfinite(moment) and moment > 0):
        raise ValueError(f"{activation} of a unit normal variable has second moment {moment}, not finite and positive")
    return 1 / math.sqrt(moment)


class PointwiseActivation(nn.Module):
    """Features → functions on the group → any pointwise f → features: exactly equivariant for every f.

    Args:
        group: a point group or its name.
        channels: the number n of functions; the irreps in and out are ``Irreps.regular(group, n)``.
        activation: f, applied to every value, times :func:`~equinet.layers.activation.moment_scale` to keep the
            second moment.

    >>> layer = PointwiseActivation("Oh", 2, torch.nn.functional.silu)
    >>> layer(torch.randn(7, 96)).shape
    torch.Size([7, 96])
    """

    def __init__(self, group: PointGroup | str | int, channels: int, activation: Activation) -> None:
        super().__init__()
        self.transform = FourierTransform(group, channels)
        self.irreps_in = self.irreps_out = self.transform.irreps_in
        self.activation = activation
        self._scale = moment_scale(activation)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, n |G|) to (…, n |G|)."""
        return self.transform.inverse(self._scale * self.activation(self.transform(features)))

    def extra_repr(self) -> str:
        return f"{self.irreps_in}, {getattr(self.activation, '__name__', self.activation)}"


class GatedActivation(nn.Module):
    """Invariants through f; every other copy of an irrep times σ of an invariant of its own.

    Args:
        irreps_out: what comes out. ``irreps_in`` is that and, after it, one invariant for every non-trivial copy.
        activation: f for the invariants (default SiLU); σ is the logistic function. Both keep the second moment.

    >>> gate = GatedActivation(Irreps("Oh", "8x A1g + 4x T1u"))
    >>> str(gate.irreps_in)
    '8x A1g + 4x T1u + 4x A1g'
    """

    def __init__(self, irreps_out: Irreps, activation: Activation = nn.functional.silu) -> None:
        super().__init__()
        self._trivial = trivial_irrep(irreps_out.group)
        gates = sum(block.multiplicity for block in irreps_out if block.irrep is not self._trivial)
        self.irreps_out = irreps_out
        self.irreps_in = irreps_out + Irreps.trivial(irreps_out.group, gates)
        self.activation = activation
        self._scale = moment_scale(activation)
        self._gate_scale = moment_scale(torch.sigmoid)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_out.dim)."""
        if features.shape[-1] != self.irreps_in.dim:
            raise ValueError(
                f"expected {self.irreps_in.dim} components ({self.irreps_in}); got {tuple(features.shape)}"
            )
        gates = self._gate_scale * torch.sigmoid(features[..., self.irreps_out.dim :])
        pieces, used = [], 0
        for block, where in zip(self.irreps_out.blocks, self.irreps_out.slices(), strict=True):
            if block.irrep is self._trivial:
                pieces.append(self._scale * self.activation(features[..., where]))
            else:
                gate = gates[..., used : used + block.multiplicity, None]
                used += block.multiplicity
                copies = features[..., where].unflatten(-1, (block.multiplicity, block.irrep.dim))
                pieces.append((gate * copies).flatten(-2))
        return torch.cat(pieces, -1)

    def extra_repr(self) -> str:
        return f"{self.irreps_in} -> {self.irreps_out}"
