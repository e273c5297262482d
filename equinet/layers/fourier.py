r"""The Fourier transform of a finite group over ℝ.

    f(g) = Σ_{α j i}  √(d_α/|G|) Γ^α_ij(g)  x^α_{j i}

with j = 1 … d_α for an irrep of real type and j = 1 alone for one of complex type (d_α = 2, its second column spans the
same functions as its first). By the orthogonality theorem this is an orthogonal |G| × |G| matrix; left translation
(L_h f)(g) = f(h⁻¹ g) turns component i of every copy j by Γ^α(h). So d_α copies of every real-type irrep and one of
every complex-type irrep *are* a function on the group, on which the group acts by permuting the values.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.constants import ConstantModule
from equinet.irreps import Irreps
from equinet.isotypic import isotypic_parts
from pointgroups import PointGroup


class FourierTransform(ConstantModule):
    """Irrep features ↔ functions on the group, an isometry (formula above).

    Args:
        group: a point group or its name.
        channels: the number n of functions.

    ``irreps_in`` is ``Irreps.regular(group, channels)``; copy c·m_α + j of irrep α belongs to function c, column j.

    >>> transform = FourierTransform("C4v", channels=3)
    >>> values = transform(torch.randn(5, transform.irreps_in.dim))
    >>> values.shape
    torch.Size([5, 3, 8])
    >>> bool((transform(transform.inverse(values)) - values).abs().max() < 1e-5)
    True
    """

    matrix: Tensor

    def __init__(self, group: PointGroup | str | int, channels: int) -> None:
        super().__init__()
        self.irreps_in = Irreps.regular(group, channels)
        self.channels = channels
        self.register_constant("matrix", _fourier_matrix(self.irreps_in.group))

    def forward(self, features: Tensor) -> Tensor:
        """Features (…, channels |G|) as values (…, channels, |G|) on the elements, in the group's order."""
        parts = isotypic_parts(features, self.irreps_in)
        coefficients = [part.flatten(-2).unflatten(-1, (self.channels, -1)) for part in parts.values()]
        return torch.cat(coefficients, -1) @ self.matrix

    def inverse(self, values: Tensor) -> Tensor:
        """Functions (…, channels, |G|) as features (…, channels |G|); inverse and transpose of :meth:`forward`."""
        order = self.irreps_in.group.order
        if values.shape[-2:] != (self.channels, order):
            raise ValueError(f"expected {self.channels} functions on {order} elements; got shape {tuple(values.shape)}")
        coefficients = values @ self.matrix.T
        blocks = self.irreps_in.blocks
        pieces = coefficients.split([block.dim // self.channels for block in blocks], -1)
        return torch.cat([piece.flatten(-2) for piece in pieces], -1)

    def extra_repr(self) -> str:
        return f"{self.irreps_in.group.name}, channels={self.channels}"


def _fourier_matrix(group: PointGroup) -> NDArray[np.float64]:
    """Row (α, j, i), column g: √(d_α/|G|) Γ^α_ij(g)."""
    rows = []
    for irrep in group.real_irreps.values():
        copies = irrep.dim // len(irrep.commutant)
        functions = irrep.matrices.real[:, :, :copies] * np.sqrt(irrep.dim / group.order)
        rows.append(functions.transpose(2, 1, 0).reshape(-1, group.order))
    return np.concatenate(rows)
