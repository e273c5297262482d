r"""Pairs of rows, each once.

A sum over bonds Σ_e K(r_e) f(b_e) is linear in f, so the bonds that lead from one b to one n (periodic images, dozens
in a small cell) add up first, Σ_b (Σ_{e: b→n} K(r_e)) f(b). So do the elements k ∈ P that take one row to another: in
a reduced graph they are a coset of the site group. Which belong together depends on the graph alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from equinet.graphs.oriented_graph import OrientedGraph


@dataclass(frozen=True, eq=False)
class RowPairs:
    """The different columns of an index (2, E), in the order of row 1, then row 0.

    Attributes:
        index: (2, P) int64, the P different columns.
        slots: (E,) int64, which of them each column is.
    """

    index: Tensor
    slots: Tensor

    def add(self, values: Tensor) -> Tensor:
        """Σ over the columns that are one pair: (E, …) to (P, …).

        >>> row_pairs(torch.tensor([[0, 1, 0], [1, 0, 1]]), 2).add(torch.tensor([1.0, 2.0, 4.0])).tolist()
        [2.0, 5.0]
        """
        return values.new_zeros(self.index.shape[1], *values.shape[1:]).index_add(0, self.slots, values)

    def to(self, device: torch.device | str) -> RowPairs:
        """The same pairs on another device."""
        return RowPairs(self.index.to(device), self.slots.to(device))


def row_pairs(index: Tensor, rows: int) -> RowPairs:
    """The pairs of an index (2, E) int64 into 0 … rows − 1.

    Raises:
        ValueError: for another shape or type.

    >>> row_pairs(torch.tensor([[0, 1, 0], [1, 0, 1]]), 2).index.tolist()
    [[1, 0], [0, 1]]
    """
    if index.dim() != 2 or index.shape[0] != 2 or index.dtype != torch.int64:
        raise ValueError(f"an index of pairs is (2, E) int64; got {tuple(index.shape)} {index.dtype}")
    pairs, slots = torch.unique(index[1] * rows + index[0], return_inverse=True)
    return RowPairs(torch.stack([pairs % max(rows, 1), pairs // max(rows, 1)]), slots)


@dataclass(frozen=True, eq=False)
class GraphPairs:
    """The pairs of an oriented graph.

    Attributes:
        bonds: pairs of blocks that a bond joins.
        twists: pairs of rows that an element of the group joins; where B > 1, those inside the first block, which are
            all pairs (g, h) and stand for those of every block.
    """

    bonds: RowPairs
    twists: RowPairs

    def to(self, device: torch.device | str) -> GraphPairs:
        """The same pairs on another device."""
        return GraphPairs(self.bonds.to(device), self.twists.to(device))


def graph_pairs(graph: OrientedGraph) -> GraphPairs:
    """The pairs of a graph, to be made once for a graph that is used again, or compiled for.

    >>> from equinet import CrystalGraph, oriented_graph_from
    >>> bonds, vectors = torch.tensor([[0, 1], [1, 0]]), torch.tensor([[0.0, 0, 2], [0, 0, -2]])
    >>> pair = CrystalGraph(torch.tensor([1, 8]), bonds, vectors, torch.zeros(2, dtype=torch.int64), 1)
    >>> pairs = graph_pairs(oriented_graph_from(pair, "C2v"))
    >>> pairs.bonds.index.shape, pairs.twists.index.shape
    (torch.Size([2, 2]), torch.Size([2, 16]))
    """
    twists = graph.twists[:2] if graph.block == 1 else graph.twists[:2, : graph.block**2]
    return GraphPairs(
        row_pairs(graph.edge_index, graph.n_rows // graph.block),
        row_pairs(twists, graph.n_rows if graph.block == 1 else graph.block),
    )
