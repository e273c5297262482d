r"""Functions of a bond's length that vanish smoothly at a cutoff.

A basis is b_k(r) = c_k φ_k(r) u(r/r_c) with the polynomial envelope

    u(x) = 1 − (p+1)(p+2)/2 x^p + p(p+2) x^{p+1} − p(p+1)/2 x^{p+2} ,   x < 1;      u = u′ = u″ = 0 at x = 1

(Gasteiger, Groß & Günnemann, ICLR 2020, eq. 8), so that features are C² when a neighbour crosses the cutoff, and c_k
such that b_k has unit mean square over a neighbour anywhere in the cutoff ball: (3/r_c³) ∫ b_k² r² dr = 1.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from equinet.constants import ConstantModule

from .activation import moment_scale

_ENVELOPE_POWER = 6
_QUADRATURE_POINTS = 400


def cutoff_envelope(x: Tensor) -> Tensor:
    """u(x) of the formula above with p = 6, and 0 beyond x = 1.

    >>> cutoff_envelope(torch.tensor([0.0, 1.0, 2.0])).tolist()
    [1.0, 0.0, 0.0]
    """
    p = _ENVELOPE_POWER
    inside = x.clamp(max=1.0)
    series = (p + 1) * (p + 2) / 2 - p * (p + 2) * inside + p * (p + 1) / 2 * inside**2
    return torch.where(x < 1.0, 1.0 - inside**p * series, torch.zeros_like(x))


class RadialBasis(ConstantModule):
    """b_1 … b_K on (0, cutoff), 0 beyond: forward maps positive lengths (…), in the unit of ``cutoff``, to (…, dim).

    A subclass states φ_k in :meth:`functions`. ``dim`` is the number K of functions.
    """

    norm: Tensor

    def __init__(self, cutoff: float, dim: int) -> None:
        super().__init__()
        if not (math.isfinite(cutoff) and cutoff > 0):
            raise ValueError(f"a cutoff radius is a positive length, not {cutoff}")
        if dim < 1:
            raise ValueError(f"a radial basis has at least one function, not {dim}")
        self.cutoff = cutoff
        self.dim = dim

    def _normalise(self) -> None:
        """Fix c_k by Gauss–Legendre quadrature; the last act of a subclass's constructor."""
        nodes, weights = np.polynomial.legendre.leggauss(_QUADRATURE_POINTS)
        x = torch.from_numpy((nodes + 1) / 2)
        raw = self.functions(x * self.cutoff) * cutoff_envelope(x)[:, None]
        mean_square = 3 * torch.from_numpy(weights / 2) @ (raw**2 * x[:, None] ** 2)
        self.register_constant("norm", (mean_square**-0.5).numpy())

    @abstractmethod
    def functions(self, lengths: Tensor) -> Tensor:
        """φ_k without envelope and norm, (…) to (…, dim)."""

    def forward(self, lengths: Tensor) -> Tensor:
        """b_k(r) for lengths (…): (…, dim)."""
        return self.functions(lengths) * self.norm * cutoff_envelope(lengths / self.cutoff).unsqueeze(-1)

    def extra_repr(self) -> str:
        return f"cutoff={self.cutoff}, dim={self.dim}"


class BesselBasis(RadialBasis):
    """φ_k(r) = sin(kπ r/r_c) / r, k = 1 … K: the radial waves of the empty sphere, orthogonal under r² dr.

    Args:
        cutoff: r_c.
        dim: K.

    >>> BesselBasis(5.0, 8)(torch.tensor([1.0, 4.9, 5.0])).shape
    torch.Size([3, 8])
    """

    def __init__(self, cutoff: float, dim: int) -> None:
        super().__init__(cutoff, dim)
        self._normalise()

    def functions(self, lengths: Tensor) -> Tensor:
        orders = torch.arange(1, self.dim + 1, dtype=lengths.dtype, device=lengths.device)
        x = (lengths / self.cutoff).unsqueeze(-1)
        return torch.sin(orders * (math.pi * x)) / x


class GaussianBasis(RadialBasis):
    """φ_k(r) = exp(−(r − μ_k)²/2σ²), centres μ_k evenly from 0 to r_c, σ their distance.

    Args:
        cutoff: r_c.
        dim: K, at least 2.

    >>> GaussianBasis(5.0, 8)(torch.tensor([1.0, 4.9, 5.0])).shape
    torch.Size([3, 8])
    """

    def __init__(self, cutoff: float, dim: int) -> None:
        super().__init__(cutoff, dim)
        if dim < 2:
            raise ValueError("Gaussians evenly spaced between 0 and the cutoff number at least two")
        self._normalise()

    def functions(self, lengths: Tensor) -> Tensor:
        centres = torch.arange(self.dim, dtype=lengths.dtype, device=lengths.device)
        steps = (lengths * ((self.dim - 1) / self.cutoff)).unsqueeze(-1)
        return torch.exp(-((steps - centres) ** 2) / 2)


class RadialNetwork(nn.Module):
    """h(r) = φ(W_n … φ(W_1 b(r))), φ = SiLU without biases: learned radial functions, zero and C² at the cutoff.

    Args:
        basis: the functions b_k.
        dim: the number of functions h that come out; ``widths`` are those of the layers before.

    >>> RadialNetwork(BesselBasis(5.0, 8), 6)(torch.tensor([1.0, 5.0]))[1].tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """

    def __init__(self, basis: RadialBasis, dim: int, widths: tuple[int, ...] = (16,)) -> None:
        super().__init__()
        self.basis = basis
        self.dim = dim
        self.weights = nn.ParameterList(
            [nn.Parameter(torch.randn(n, m) / math.sqrt(n)) for n, m in pairwise((basis.dim, *widths, dim))]
        )
        self._scale = moment_scale(nn.functional.silu)

    def forward(self, lengths: Tensor) -> Tensor:
        """h(r) for lengths (…): (…, dim)."""
        hidden: Tensor = self.basis(lengths)
        for weight in self.weights:
            hidden = self._scale * nn.functional.silu(hidden @ weight)
        return hidden
