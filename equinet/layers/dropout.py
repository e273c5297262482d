r"""Dropout that commutes with the group: what is dropped is dropped as a whole.

    x_u ↦ ξ_u x_u / (1 − p) ,       ξ_u = 0 with probability p, else 1,

one ξ for all components of a copy of an irrep (:class:`Dropout`), or one for all values of a function on the group
(:class:`ChannelDropout`), which drops all irreps of that function alike. With the same ξ the layer is equivariant.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from equinet.irreps import Irreps


class Dropout(nn.Module):
    """In training, each copy of an irrep of each atom is zero with probability p, else multiplied by 1/(1 − p).

    Args:
        irreps: what goes in and comes out.
        p: the probability, 0 ≤ p < 1.

    >>> layer = Dropout(Irreps("Oh", "T1u"), p=0.5)
    >>> set(layer(torch.ones(100, 3)).sum(-1).tolist()), layer.eval()(torch.ones(3)).tolist()
    ({0.0, 6.0}, [1.0, 1.0, 1.0])
    """

    copy_of: Tensor

    def __init__(self, irreps: Irreps, p: float = 0.5) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self.p = _probability(p)
        dims = [block.irrep.dim for block in irreps for _ in range(block.multiplicity)]
        self.copies = len(dims)
        self.register_buffer("copy_of", torch.from_numpy(np.repeat(np.arange(self.copies), dims)), persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_in.dim)."""
        if features.shape[-1] != self.irreps_in.dim:
            raise ValueError(
                f"expected {self.irreps_in.dim} components ({self.irreps_in}); got {tuple(features.shape)}"
            )
        if not self.training:
            return features
        mask = nn.functional.dropout(features.new_ones((*features.shape[:-1], self.copies)), self.p)
        return features * mask.index_select(-1, self.copy_of)

    def extra_repr(self) -> str:
        return f"{self.irreps_in}, p={self.p}"


class ChannelDropout(nn.Module):
    """In training, each function on the group of each atom is zero with probability p, else multiplied by 1/(1 − p).

    Args:
        p: the probability, 0 ≤ p < 1.

    >>> values = ChannelDropout(p=0.5)(torch.ones(10, 48, 4))
    >>> bool((values == values[:, :1]).all())  # the same on all 48 elements
    True
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = _probability(p)

    def forward(self, values: Tensor) -> Tensor:
        """Map (…, |G|, channels) to (…, |G|, channels)."""
        if not self.training:
            return values
        return values * nn.functional.dropout(torch.ones_like(values[..., :1, :]), self.p)

    def extra_repr(self) -> str:
        return f"p={self.p}"


def _probability(p: float) -> float:
    if not 0 <= p < 1:
        raise ValueError(f"the probability of dropping is a number in 0 ≤ p < 1, not {p}")
    return p
