r"""Functions of a bond's length that vanish smoothly at a cutoff.

A basis is b_k(r) = c_k φ_k(r) u(r/r_c) with an envelope u(x) that is zero for x ≥ 1, such as the polynomial

    u(x) = 1 − (p+1)(p+2)/2 x^p + p(p+2) x^{p+1} − p(p+1)/2 x^{p+2} ,   x < 1;      u = u′ = u″ = 0 at x = 1

(Gasteiger, Groß & Günnemann, ICLR 2020, eq. 8), so that features are C² when a neighbour crosses the cutoff, and c_k
such that b_k has unit mean square over a neighbour anywhere in the cutoff ball: (3/r_c³) ∫ b_k² r² dr = 1.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from equinet.constants import ConstantModule

from .activation import moment_scale

Envelope = Callable[[Tensor], Tensor]

_ENVELOPE_POWER = 6
_QUADRATURE_POINTS = 100  # and two more for each function: enough for a sine of dim half waves
_SHORTEST = 1e-3


def cutoff_envelope(x: Tensor) -> Tensor:
    """u(x) of the formula above with p = 6, and 0 beyond x = 1.

    >>> cutoff_envelope(torch.tensor([0.0, 1.0, 2.0])).tolist()
    [1.0, 0.0, 0.0]
    """
    p = _ENVELOPE_POWER
    inside = x.clamp(max=1.0)
    series = (p + 1) * (p + 2) / 2 - p * (p + 2) * inside + p * (p + 1) / 2 * inside**2
    return torch.where(x < 1.0, 1.0 - inside**p * series, torch.zeros_like(x))


def smooth_envelope(x: Tensor) -> Tensor:
    """u(x) = exp(−x²/(1 − x²)), and 0 beyond x = 1: all derivatives are continuous, and the tail is weak from x ≈ 0.9.

    >>> smooth_envelope(torch.tensor([0.0, 1.0, 2.0])).tolist()
    [1.0, 0.0, 0.0]
    """
    gap = torch.where(x < 1.0, 1.0 - x**2, torch.ones_like(x))
    return torch.where(x < 1.0, torch.exp(1.0 - 1.0 / gap), torch.zeros_like(x))


def cosine_envelope(x: Tensor) -> Tensor:
    """u(x) = (1 + cos πx)/2, and 0 beyond x = 1 (Behler & Parrinello, 2007): only the first derivative is continuous.

    >>> cosine_envelope(torch.tensor([0.0, 1.0, 2.0])).tolist()
    [1.0, 0.0, 0.0]
    """
    return (1.0 + torch.cos(math.pi * x.clamp(max=1.0))) / 2


class RadialBasis(ConstantModule):
    """b_1 … b_K on [0, cutoff), 0 beyond: forward maps lengths (…), in the unit of ``cutoff``, to (…, dim).

    A subclass states φ_k in :meth:`functions`. ``dim`` is the number K of functions, ``envelope`` is u.

    >>> class Monomials(RadialBasis):
    ...     def __init__(self, cutoff: float, dim: int) -> None:
    ...         super().__init__(cutoff, dim, cutoff_envelope)
    ...         self._normalise()
    ...
    ...     def functions(self, lengths: Tensor) -> Tensor:
    ...         return torch.stack([(lengths / self.cutoff) ** k for k in range(self.dim)], -1)
    >>> Monomials(5.0, 3)(torch.tensor([1.0, 5.0])).shape
    torch.Size([2, 3])
    """

    norm: Tensor

    def __init__(self, cutoff: float, dim: int, envelope: Envelope) -> None:
        super().__init__()
        if not (math.isfinite(cutoff) and cutoff > 0):
            raise ValueError(f"a cutoff radius is a positive length, not {cutoff}")
        if dim < 1:
            raise ValueError(f"a radial basis has at least one function, not {dim}")
        self.cutoff = cutoff
        self.dim = dim
        self.envelope = envelope

    def _normalise(self) -> None:
        """Fix c_k by Gauss–Legendre quadrature; the last act of a subclass's constructor."""
        nodes, weights = np.polynomial.legendre.leggauss(_QUADRATURE_POINTS + 2 * self.dim)
        x = torch.from_numpy((nodes + 1) / 2)
        raw = self.functions(x * self.cutoff) * self.envelope(x)[:, None]
        mean_square = 3 * torch.from_numpy(weights / 2) @ (raw**2 * x[:, None] ** 2)
        self.register_constant("norm", (mean_square**-0.5).numpy())

    @abstractmethod
    def functions(self, lengths: Tensor) -> Tensor:
        """φ_k without envelope and norm, (…) to (…, dim)."""

    def forward(self, lengths: Tensor) -> Tensor:
        """b_k(r) for lengths (…): (…, dim)."""
        return self.functions(lengths) * self.norm * self.envelope(lengths / self.cutoff).unsqueeze(-1)

    def extra_repr(self) -> str:
        return f"cutoff={self.cutoff}, dim={self.dim}"


class BesselBasis(RadialBasis):
    """φ_k(r) = sin(kπ r/r_c) / r, k = 1 … K: the radial waves of the empty sphere, orthogonal under r² dr.

    A length below r_c/1000 counts as r_c/1000, where φ_k is short of its limit kπ/r_c by a part (kπ/1000)²/6: so values
    and derivatives are finite at zero.

    Args:
        cutoff: r_c.
        dim: K.
        envelope: u.

    >>> BesselBasis(5.0, 8)(torch.tensor([1.0, 4.9, 5.0])).shape
    torch.Size([3, 8])
    """

    def __init__(self, cutoff: float, dim: int, envelope: Envelope = cutoff_envelope) -> None:
        super().__init__(cutoff, dim, envelope)
        self._normalise()

    def functions(self, lengths: Tensor) -> Tensor:
        orders = math.pi * torch.arange(1, self.dim + 1, dtype=lengths.dtype, device=lengths.device)
        x = (lengths / self.cutoff).clamp(min=_SHORTEST).unsqueeze(-1)
        return torch.sin(orders * x) / x


class GaussianBasis(RadialBasis):
    """φ_k(r) = exp(−(r − μ_k)²/2σ²), centres μ_k evenly from 0 to r_c, σ their distance.

    Args:
        cutoff: r_c.
        dim: K, at least 2.
        envelope: u.

    >>> GaussianBasis(5.0, 8)(torch.tensor([1.0, 4.9, 5.0])).shape
    torch.Size([3, 8])
    """

    def __init__(self, cutoff: float, dim: int, envelope: Envelope = cutoff_envelope) -> None:
        super().__init__(cutoff, dim, envelope)
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
