r"""Learned functions of a bond on all of ℝ³, not of its length alone.

    φ_h(x) = Σ_{k ℓ m} V[k, h, ℓm] R_k(|x|) Y_{ℓm}(x/|x|)

No group is in them: it is the *rows* (n, g) of a graph that see the bond r as g⁻¹ r, and any φ will do. With radial
functions that vanish smoothly at the cutoff, as all of :mod:`equinet.layers.radial` do, φ is C² there.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from equinet.checks import require

from .angular import real_harmonics
from .radial import RadialBasis, RadialNetwork
from .rotation_functions import HarmonicMatrices


class OrientedFilters(nn.Module):
    """φ_1 … φ_dim on ℝ³ (formula above), of unit mean square over the ball of the cutoff at the start.

    Args:
        radial: the functions R_k: a radial basis (fixed) or a :class:`~equinet.RadialNetwork` (learned).
        l_max: highest degree of the harmonics.
        dim: the number of functions φ_h.

    >>> from equinet import BesselBasis
    >>> filters = OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6)
    >>> filters(torch.tensor([[0.0, 0.0, 2.0], [3.0, 4.0, 0.0]]))[1].tolist()  # zero at the cutoff
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """

    def __init__(self, radial: RadialBasis | RadialNetwork, l_max: int, dim: int) -> None:
        super().__init__()
        if dim < 1:
            raise ValueError(f"there is at least one filter, not {dim}")
        self.matrices = HarmonicMatrices(l_max)
        self.radial = radial
        self.l_max = l_max
        self.dim = dim
        harmonics = (l_max + 1) ** 2
        self.weight = nn.Parameter(torch.randn(radial.dim, dim, harmonics) / (radial.dim * harmonics) ** 0.5)

    def forward(self, vectors: Tensor) -> Tensor:
        """Vectors (…, 3), in the unit of the radial functions' cutoff: (…, dim).

        Raises:
            ValueError: for a vector of length zero, which has no direction (see :func:`~equinet.checks.require`).
        """
        coefficients, harmonics = self._parts(vectors)
        filters: Tensor = (coefficients @ harmonics.unsqueeze(-1)).squeeze(-1)
        return filters

    def turned(self, vectors: Tensor, rotations: Tensor) -> Tensor:
        """φ_h(g⁻¹ x) for vectors x (…, 3) and rotations g (B, 3, 3): (…, B, dim).

        The same as ``forward`` on the turned vectors (…, B, 3), in fewer steps: Y(g⁻¹ x) = D(g)ᵀ Y(x), and R_k(|x|)
        serves all g.
        """
        coefficients, harmonics = self._parts(vectors)
        matrices = self.matrices(rotations)  # (B, ℓm, ℓ′m′)
        turned = harmonics @ matrices.permute(1, 0, 2).flatten(1)
        filters: Tensor = turned.unflatten(-1, matrices.shape[::2]) @ coefficients.mT
        return filters

    def _parts(self, vectors: Tensor) -> tuple[Tensor, Tensor]:
        """Σ_k V R_k (…, dim, ℓm) and Y (…, ℓm)."""
        lengths = torch.linalg.vector_norm(vectors, dim=-1)
        require(lengths > 0, "a vector of length zero (or NaN) has no direction; leave out an atom's bond to itself")
        harmonics = real_harmonics(vectors / lengths.unsqueeze(-1), self.l_max)
        coefficients = self.radial(lengths) @ self.weight.flatten(1)
        return coefficients.unflatten(-1, self.weight.shape[1:]), harmonics.to(coefficients.dtype)

    def extra_repr(self) -> str:
        return f"l_max={self.l_max}, dim={self.dim}"
