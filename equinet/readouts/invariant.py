r"""From atoms to invariants of a crystal: the γ = 1 part.

    y_u = (1/N) Σ_n f_u(v_n^{γ=1})        of irrep features v_n of the atoms,
    y_u = (1/R) Σ_ρ f_u(v_ρ)              of the rows ρ = (n, g) of an oriented graph,

the mean (intensive), or N times that, the sum over the atoms of the given cell (extensive). A symmetry only permutes
the rows, so that a mean over them is invariant whatever f is.
"""

from __future__ import annotations

from torch import Tensor, nn

from equinet.graphs.oriented_graph import OrientedGraph
from equinet.groups import trivial_irrep
from equinet.irreps import Irreps
from equinet.isotypic import isotypic_parts

from .perceptron import Perceptron
from .pooling import graph_count, graph_mean, graph_sum


class InvariantReadout(nn.Module):
    """A network f of an atom's invariants, averaged (or summed) over the atoms of each graph.

    Args:
        irreps_in: features; the copies of the trivial irrep enter, no others.
        width: hidden units of f; 0 makes f linear.
        outputs: the number of invariants u.
        extensive: sum over the atoms instead of the mean.

    Raises:
        ValueError: if ``irreps_in`` holds no trivial irrep.

    >>> import torch
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
        self.network = Perceptron(invariants, width, outputs)

    def forward(self, features: Tensor, batch: Tensor, n_graphs: int, weights: Tensor | None = None) -> Tensor:
        """Map features (atoms, irreps_in.dim) to (n_graphs, outputs).

        Args:
            features: of the atoms, or of one atom of each orbit.
            batch: (atoms,) the graph of each atom.
            n_graphs: how many graphs.
            weights: (atoms,) how many atoms each stands for, or their share of all; None: one.

        Raises:
            ValueError: a graph without atoms, which has no mean.
        """
        values = self.network(isotypic_parts(features, self.irreps_in)[self._trivial].squeeze(-1))
        if weights is None:
            return (graph_sum if self.extensive else graph_mean)(values, batch, n_graphs)
        total = graph_sum(weights[:, None] * values, batch, n_graphs)
        return total if self.extensive else total / graph_sum(weights, batch, n_graphs)[:, None]

    def extra_repr(self) -> str:
        return f"{self.irreps_in} -> {self.irreps_out}, {'sum' if self.extensive else 'mean'} over atoms"


class OrientedInvariantReadout(nn.Module):
    """A network f of the numbers of a row, averaged over the rows of each crystal; the same for all groups.

    Args:
        channels: numbers C of a row.
        width: hidden units of f; 0 makes f linear.
        outputs: the number of invariants u.
        extensive: times the number of atoms in the given cell, for a reduced graph too.

    >>> import torch
    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import reduced_graph
    >>> graph = reduced_graph(Structure(Lattice.cubic(4.1), ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]), cutoff=4.0)
    >>> OrientedInvariantReadout(8)(torch.randn(graph.n_rows, 8), graph).shape
    torch.Size([1, 1])
    """

    def __init__(self, channels: int, width: int = 32, outputs: int = 1, extensive: bool = False) -> None:
        super().__init__()
        self.channels = channels
        self.extensive = extensive
        self.network = Perceptron(channels, width, outputs)

    def forward(self, values: Tensor, graph: OrientedGraph) -> Tensor:
        """Map values (R, channels) on the rows to (n_graphs, outputs)."""
        check_rows(values, self.channels, graph)
        mean = graph_mean(self.network(values), graph.crystal, graph.n_graphs)
        if not self.extensive:
            return mean
        return mean * graph_count(graph.crystal[graph.atom_rows], graph.n_graphs)[:, None]

    def extra_repr(self) -> str:
        return f"{self.channels} channels, {'sum over atoms' if self.extensive else 'mean over rows'}"


def check_rows(values: Tensor, channels: int, graph: OrientedGraph) -> None:
    """ValueError unless the values are (R, channels) on the rows of the graph."""
    if values.shape != (graph.n_rows, channels):
        raise ValueError(
            f"values on the rows of this graph have shape ({graph.n_rows}, {channels}), not {tuple(values.shape)}"
        )
