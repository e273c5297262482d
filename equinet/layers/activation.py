r"""Non-linearities that commute with the group.

A pointwise function of features in an irrep's basis breaks equivariance. Two things do not: a pointwise function of the
*values on the group* (the group only permutes them), and multiplying a copy of an irrep by a function of an invariant,

    x_u ↦ x_u · f(invariant) ,

which is another feature (:class:`Gate`) or the copy's own length (:class:`NormActivation`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from equinet.groups import Group, trivial_irrep
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts

from .fourier import FourierTransform, Subgroup

Activation = Callable[[Tensor], Tensor]

_SOFTENING = 1e-3
"""ε of the length √(‖x‖²/d + ε²): far below 1, and its square is not zero in float16."""


def moment_scale(activation: Activation) -> float:
    """(∫ f(z)² e^{−z²/2} dz / √(2π))^{−1/2}: the factor that gives f of a unit normal variable unit second moment.

    Raises:
        ValueError: if f vanishes there or has no finite second moment.

    >>> abs(moment_scale(torch.relu) - 2**0.5) < 1e-5
    True
    """
    z = _grid(-12.0)
    with torch.no_grad():
        values = activation(z).double()
    return _inverse_root(activation, values**2, torch.exp(-(z.double() ** 2) / 2))


def norm_moment_scale(activation: Activation, dim: int) -> float:
    """The factor that keeps the second moment of x ↦ x f(‖x‖/√d), x ∈ ℝ^d of d independent unit normal components.

    With the density ρ(r) ∝ r^{d−1} e^{−r²/2} of ‖x‖ the factor is (∫ ρ(r) r² f(r/√d)² dr / d)^{−1/2}.

    Raises:
        ValueError: if f vanishes there or has no finite second moment.

    >>> abs(norm_moment_scale(torch.ones_like, 3) - 1) < 1e-5
    True
    """
    r = _grid(0.0)
    with torch.no_grad():
        values = activation(r / dim**0.5).double()
    radius = r.double()
    return _inverse_root(activation, (radius * values) ** 2 / dim, radius ** (dim - 1) * torch.exp(-(radius**2) / 2))


class PointwiseActivation(nn.Module):
    """Features → functions on G or on cosets G/H → any pointwise f → features: exactly equivariant for every f.

    Args:
        group: a point group G or its name (O(3) and SO(3) have no finite list of values to act on: take a
            :class:`Gate`).
        channels: the number n of functions.
        activation: f, applied to every value, times :func:`~equinet.layers.activation.moment_scale` to keep the
            second moment.
        subgroup: H, as in :class:`~equinet.FourierTransform`; by default the functions are on G itself.

    ``irreps_in`` and ``irreps_out`` are those of the transform; on G, ``Irreps.regular(group, n)``.

    >>> layer = PointwiseActivation("Oh", 2, torch.nn.functional.silu)
    >>> layer(torch.randn(7, 96)).shape
    torch.Size([7, 96])
    >>> PointwiseActivation("Oh", 2, torch.relu, subgroup="C4v")
    PointwiseActivation(
      2x A1g + 2x Eg + 2x T1u, relu
      (transform): FourierTransform(Oh, 6 cosets, channels=2)
    )
    """

    def __init__(
        self, group: Group | str | int, channels: int, activation: Activation, subgroup: Subgroup = (0,)
    ) -> None:
        super().__init__()
        self.transform = FourierTransform(group, channels, subgroup)
        self.irreps_in = self.irreps_out = self.transform.irreps_in
        self.activation = activation
        self._scale = moment_scale(activation)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_in.dim)."""
        return self.transform.inverse(self._scale * self.activation(self.transform(features)))

    def extra_repr(self) -> str:
        return f"{self.irreps_in}, {_name(self.activation)}"


class Gate(nn.Module):
    """Invariants through f; every other copy of an irrep times g of an invariant of its own.

    Args:
        irreps_out: what comes out. ``irreps_in`` is that and, after it, one invariant for every non-trivial copy.
        activation: f, for the invariants.
        gate: g, for the gates. Both are scaled to keep the second moment.

    >>> gate = Gate(Irreps("Oh", "8x A1g + 4x T1u"))
    >>> str(gate.irreps_in)
    '8x A1g + 4x T1u + 4x A1g'
    """

    def __init__(
        self, irreps_out: Irreps, activation: Activation = nn.functional.silu, gate: Activation = torch.sigmoid
    ) -> None:
        super().__init__()
        self._trivial = trivial_irrep(irreps_out.group)
        gates = sum(block.multiplicity for block in irreps_out if block.irrep is not self._trivial)
        self.irreps_out = irreps_out
        self.irreps_in = irreps_out + Irreps.trivial(irreps_out.group, gates)
        self.activation = activation
        self.gate = gate
        self._scale = moment_scale(activation)
        self._gate_scale = moment_scale(gate)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_out.dim)."""
        if features.shape[-1] != self.irreps_in.dim:
            raise ValueError(
                f"expected {self.irreps_in.dim} components ({self.irreps_in}); got {tuple(features.shape)}"
            )
        gates = self._gate_scale * self.gate(features[..., self.irreps_out.dim :])
        pieces, used = [features[..., :0]], 0
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
        return f"{self.irreps_in} -> {self.irreps_out}, {_name(self.activation)}, {_name(self.gate)}"


class NormActivation(nn.Module):
    r"""Every copy of an irrep by a function of its length: x_u ↦ φ_u(n_u) x_u / n_u with φ_u(n) = c n f(n + b_u).

    n_u = √(‖x_u‖²/d + ε²) is the root mean square of the copy's d components, ε = 10⁻³. φ vanishes with n, so the map
    is smooth at x_u = 0. b_u is learned and 0 at the start, where c keeps the second moment. With f = σ, φ is SiLU.

    Args:
        irreps: what goes in and comes out. An invariant is treated as any other copy, x ↦ c x f(|x| + b).
        activation: f.

    >>> layer = NormActivation(Irreps("D3", "2x A1 + 3x E"))
    >>> layer(torch.zeros(8)).abs().max().item()
    0.0
    """

    def __init__(self, irreps: Irreps, activation: Activation = torch.sigmoid) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self.activation = activation
        self.biases = nn.ParameterDict({label: torch.zeros(irreps.count(label)) for label in irreps.labels})
        dims = {label: irreps.group.real_irreps[label].dim for label in irreps.labels}
        self._scales = {label: norm_moment_scale(activation, dim) for label, dim in dims.items()}

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_in.dim)."""
        scaled = {}
        for label, part in isotypic_parts(features, self.irreps_in).items():
            lengths = (part.square().mean(-1, keepdim=True) + _SOFTENING**2).sqrt()
            factor = self.activation(lengths + self.biases[label][:, None])
            scaled[label] = part * (self._scales[label] * factor)
        return assemble(scaled, self.irreps_out, features)

    def extra_repr(self) -> str:
        return f"{self.irreps_in}, {_name(self.activation)}"


def _grid(start: float) -> Tensor:
    """Points from ``start`` to 12, where the normal density is below 1e-31, in the default precision."""
    return torch.linspace(start, 12.0, 24001, dtype=torch.get_default_dtype())


def _inverse_root(activation: Activation, squares: Tensor, density: Tensor) -> float:
    moment = float((squares * density).sum() / density.sum())
    if not (math.isfinite(moment) and moment > 0):
        raise ValueError(f"{activation} of a unit normal variable has second moment {moment}, not finite and positive")
    return 1 / math.sqrt(moment)


def _name(activation: Activation) -> str:
    return getattr(activation, "__name__", str(activation))
