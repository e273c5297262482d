r"""From atoms to one invariant of a crystal: the γ = 1 part.

y_u = (1/N) Σ_n f_u(v_n^{γ=1})      (mean over the atoms of a graph: intensive)   or   Σ_n f_u(v_n^{γ=1})   (extensive)
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from equinet.irreps import Irreps, trivial_irrep
from equinet.isotypic import isotypic_parts
from equinet.layers.activation import moment_scale


class InvariantReadout(nn.Module):
    """A network f of an atom's invariants, averaged (or summed) over the atoms of each graph.

    Args:
        irreps_in: features; the copies of the trivial irrep enter, no others.
        width: hidden units of f; 0 makes f linear.
        outputs: the number of invariants u.
        extensive: sum over the atoms instead of the mean.

    Raises:
        ValueError: if ``irreps_in`` holds no trivial irrep.

    >>> readout = InvariantReadout(Irreps("Oh", "8x A1g + 2x T1u"))
    >>> readout(torch.randn(5, 14), torch.tensor([0, 0, 0, 1, 1]), 2).shape
    torch.Size([2, 1])
    """

    def __init__(self, irreps_in: Irreps, width: int = 32, outputs: int = 1, extensive: bool = False) -> None:
        super().__init__()
        self._trivial = trivial_irrep(irreps_in.group).label
        invariants = irreps_in.count(self._trivial)
        if not invariants:
            raise ValueError(
                f"{irreps_in} holds no {self._trivial}: there is no invariant of {irreps_in.group.name} to read"
            )
        self.irreps_in = irreps_in
        self.irreps_out = Irreps.trivial(irreps_in.group, outputs)
        self.extensive = extensive
        self.hidden = _dense(invariants, width) if width else None
        self.output = _dense(width or invariants, outputs)
        self._scale = moment_scale(nn.functional.silu)

    def forward(self, features: Tensor, batch: Tensor, n_graphs: int) -> Tensor:
        """Map features (atoms, irreps_in.dim) to (n_graphs, outputs); ``batch`` (atoms,) is the graph of each atom."""
        invariants = isotypic_parts(features, self.irreps_in)[self._trivial].squeeze(-1)
        if self.hidden is not None:
            invariants = self._scale * nn.functional.silu(self.hidden(invariants))
        values: Tensor = self.output(invariants)
        total = values.new_zeros(n_graphs, values.shape[1]).index_add(0, batch, values)
        if self.extensive:
            return total
        atoms = torch.bincount(batch, minlength=n_graphs)
        if not bool((atoms > 0).all()):
            raise ValueError("a graph without atoms has no mean; every index 0 … n_graphs − 1 must occur in batch")
        return total / atoms[:, None]

    def extra_repr(self) -> str:
        return f"{self.irreps_in} -> {self.irreps_out}, {'sum' if self.extensive else 'mean'} over atoms"


def _dense(inputs: int, outputs: int) -> nn.Linear:
    """x ↦ W x + b with unit variance kept and b = 0 at the start."""
    layer = nn.Linear(inputs, outputs)
    nn.init.normal_(layer.weight, std=1 / math.sqrt(inputs))
    nn.init.zeros_(layer.bias)
    return layer
