r"""From atoms to irreps of a crystal, in the standard axes of the group.

    y = (1/N) Σ_n W v_n       or       Σ_n W v_n ,

W the general equivariant linear map. The symmetry of a crystal permutes its atoms, so that y is invariant under
the crystal's class: only what that class allows is not zero (no dipole in a centrosymmetric crystal).
"""

from __future__ import annotations

from torch import Tensor, nn

from equinet.irreps import Irreps
from equinet.layers.linear import Linear

from .pooling import graph_mean, graph_sum


class IrrepReadout(nn.Module):
    """A linear map of each atom's features, averaged (or summed) over the atoms of each graph.

    Args:
        irreps_in: features of the atoms.
        irreps_out: what is read, such as one ``T1u`` of Oh, a vector. Each of its irreps must occur in ``irreps_in``.
        extensive: sum over the atoms instead of the mean.

    Raises:
        ValueError: an irrep of ``irreps_out`` that ``irreps_in`` lacks, which would always be zero.

    >>> import torch
    >>> readout = IrrepReadout(Irreps("Oh", "8x A1g + 4x T1u"), Irreps("Oh", "T1u"))
    >>> readout(torch.randn(5, 20), torch.tensor([0, 0, 0, 1, 1]), 2).shape
    torch.Size([2, 3])
    """

    def __init__(self, irreps_in: Irreps, irreps_out: Irreps, extensive: bool = False) -> None:
        super().__init__()
        self.linear = complete_linear(irreps_in, irreps_out)
        self.irreps_in = irreps_in
        self.irreps_out = irreps_out
        self.extensive = extensive

    def forward(self, features: Tensor, batch: Tensor, n_graphs: int) -> Tensor:
        """Map features (atoms, irreps_in.dim) to (n_graphs, irreps_out.dim); ``batch`` (atoms,): the graph of each.

        Raises:
            ValueError: a graph without atoms, which has no mean.
        """
        return (graph_sum if self.extensive else graph_mean)(self.linear(features), batch, n_graphs)

    def extra_repr(self) -> str:
        return f"{'sum' if self.extensive else 'mean'} over atoms"


def complete_linear(irreps_in: Irreps, irreps_out: Irreps) -> Linear:
    """The general linear map; ValueError if some irrep of its result could never differ from zero."""
    missing = [label for label in irreps_out.labels if not irreps_in.count(label)]
    if missing:
        raise ValueError(
            f"features {irreps_in} hold no {', '.join(missing)}, so that this part of {irreps_out} would always be"
            " zero; add copies of it to the features"
        )
    return Linear(irreps_in, irreps_out)
