r"""The functions in which every kernel of a network on a group is written, evaluated once for a graph.

A kernel W(g⁻¹ r, g⁻¹ h) of a convolution on the group is a function on ℝ³ × O(3), the same for all groups. Here it is
A(g⁻¹ r) times κ(g⁻¹ h), each a sum over fixed or learned functions,

    A_c(x) = Σ_h φ_h(x) W[h, c] ,        κ_c(k) = Σ_q b_q(k) V[q, c] ,

and only W and V differ from layer to layer. So φ and b are evaluated once, and added up over the bonds, and the
elements, that join the same two rows (:mod:`equinet.convolutions.row_pairs`).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from equinet.graphs.oriented_graph import OrientedGraph
from equinet.layers.oriented_filters import OrientedFilters
from equinet.layers.rotation_functions import RotationFunctions

from .row_pairs import GraphPairs, graph_pairs


class KernelValues(NamedTuple):
    """φ and b on a graph of R rows in blocks of B: what every :class:`~equinet.GroupConvolution` on the graph takes."""

    bonds: Tensor
    """(2, P) int64: pairs of blocks, source and target."""
    filters: Tensor
    """(P, B, H): Σ_{e of the pair} φ_h(g⁻¹ r_e)."""
    twists: Tensor
    """(2, T) int64: pairs of rows, source and target; those of the first block where B > 1."""
    turns: Tensor
    """(T, Q): (1/|P|) Σ_{k of the pair} b_q(k)."""
    orders: Tensor
    """(R,) int64: |P| of each row's class."""


class KernelBasis(nn.Module):
    """φ_1 … φ_H on ℝ³ and b_1 … b_Q on O(3), on the pairs of rows of a graph.

    Args:
        filters: the functions φ.
        j_max: highest degree of the functions b (:class:`RotationFunctions`).

    >>> from equinet import BesselBasis, reduced_graph
    >>> from pymatgen.core import Lattice, Structure
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6))
    >>> kernels = basis(reduced_graph(salt, cutoff=5.0))  # 52 bonds between 4 pairs of atoms
    >>> kernels.filters.shape, kernels.turns.shape
    (torch.Size([4, 1, 6]), torch.Size([2, 70]))
    """

    def __init__(self, filters: OrientedFilters, j_max: int = 2) -> None:
        super().__init__()
        self.filters = filters
        self.turns = RotationFunctions(j_max)

    def forward(self, graph: OrientedGraph, pairs: GraphPairs | None = None) -> KernelValues:
        """φ and b on a graph, in the precision of its vectors, also under autocast: geometry is not rounded.

        ``pairs`` are the graph's :func:`graph_pairs`, made here by default.
        """
        pairs = graph_pairs(graph) if pairs is None else pairs
        with torch.autocast(graph.edge_vectors.device.type, enabled=False):
            return KernelValues(
                bonds=pairs.bonds.index,
                filters=pairs.bonds.add(self._filters(graph)),
                twists=pairs.twists.index,
                turns=pairs.twists.add(self._turns(graph, pairs.twists.slots.shape[0])),
                orders=graph.orders,
            )

    def _filters(self, graph: OrientedGraph) -> Tensor:
        """φ_h(g⁻¹ r_e), (E, B, H). Where B > 1, the first row of a block is the one whose g is the identity."""
        vectors = graph.edge_vectors[:, 0]
        return self.filters(vectors).unsqueeze(1) if graph.block == 1 else self.filters.turned(vectors, graph.rotations)

    def _turns(self, graph: OrientedGraph, count: int) -> Tensor:
        """b_q(k) / |P| for the first twists, (count, Q)."""
        _, target, element = graph.twists[:, :count]
        turns: Tensor = self.turns(graph.rotations)[element] / graph.orders[target].unsqueeze(-1)
        return turns
