r"""The bonds of a graph as a table: rows of atoms, columns of distinct neighbours.

A sum over bonds Σ_e K(e) v(b_e) is linear in v, so the bonds that lead from the same atom b to the same atom n
(periodic images, dozens in a small cell) add up first, Σ_b (Σ_{e: b→n} K(e)) v(b), and only pairs of atoms meet the
features.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class NeighbourTable:
    """Pairs of atoms (n, b) joined by at least one bond, as rows of at most ``width`` neighbours of one atom.

    An atom with more neighbours goes on in the next row, and one with none has an empty row; ``width`` is at most twice
    the mean, so that a few atoms with many neighbours do not widen the table for all.
    """

    sources: Tensor
    """(rows, width) int64: the neighbour b in every slot; 0 in an empty slot, in which no bond lies."""
    slots: Tensor
    """(bonds,) int64: the slot row · width + column to which a bond adds."""
    targets: Tensor | None
    """(rows,) int64: the atom n of a row; None where row and atom are the same number."""

    @property
    def width(self) -> int:
        return self.sources.shape[1]

    def add_bonds(self, values: Tensor) -> Tensor:
        """Σ over the bonds in a slot: (bonds, c) to (rows, width, c)."""
        rows, width = self.sources.shape
        total = values.new_zeros((rows * width, values.shape[1])).index_add(0, self.slots, values)
        return total.view(rows, width, values.shape[1])

    def neighbours(self, features: Tensor) -> Tensor:
        """The features (atoms, c) of the atom in every slot: (rows, width, c)."""
        return features.index_select(0, self.sources.view(-1)).view(*self.sources.shape, features.shape[1])

    def add_rows(self, values: Tensor, atoms: int) -> Tensor:
        """Σ over the rows of an atom: (rows, …) to (atoms, …)."""
        if self.targets is None:
            return values
        return values.new_zeros((atoms, *values.shape[1:])).index_add(0, self.targets, values)


def neighbour_table(edge_index: Tensor, atoms: int) -> NeighbourTable:
    """The table of bonds ``edge_index`` (2, bonds): row 0 the neighbour b, row 1 the atom n that it belongs to.

    Raises:
        ValueError: for another shape, or an index outside 0 … atoms − 1.

    >>> table = neighbour_table(torch.tensor([[0, 1, 1], [1, 0, 0]]), 2)
    >>> table.sources.tolist(), table.slots.tolist()
    ([[1], [0]], [1, 0, 0])
    """
    if edge_index.dim() != 2 or edge_index.shape[0] != 2 or edge_index.dtype != torch.int64:
        raise ValueError(f"edge_index is (2, bonds) int64; got {tuple(edge_index.shape)} {edge_index.dtype}")
    if edge_index.numel() and (int(edge_index.min()) < 0 or int(edge_index.max()) >= atoms):
        raise ValueError(f"edge_index names atoms {int(edge_index.min())} … {int(edge_index.max())} of {atoms}")
    pair, pair_of_bond = torch.unique(edge_index[1] * atoms + edge_index[0], return_inverse=True)
    target = pair // max(atoms, 1)
    degree = torch.bincount(target, minlength=atoms)
    most, mean = int(degree.max()) if atoms else 0, -(-len(pair) // max(atoms, 1))
    width = max(1, min(most, 2 * mean))
    rows = (-(-degree // width)).clamp(min=1)
    first_row = rows.cumsum(0) - rows
    first_pair = degree.cumsum(0) - degree
    rank = torch.arange(len(pair), device=pair.device) - first_pair[target]
    slot_of_pair = first_row[target] * width + rank
    sources = pair.new_zeros(int(rows.sum()) * width)
    sources[slot_of_pair] = pair % max(atoms, 1)
    split = most > width
    targets = torch.arange(atoms, device=pair.device).repeat_interleave(rows) if split else None
    return NeighbourTable(sources.view(-1, width), slot_of_pair[pair_of_bond], targets)
