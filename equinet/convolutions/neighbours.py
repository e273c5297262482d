r"""The bonds of a graph as a table: rows of atoms, columns of distinct neighbours.

A sum over bonds Σ_e K(e) v(b_e) is linear in v, so the bonds that lead from the same atom b to the same atom n
(periodic images, dozens in a small cell) add up first, Σ_b (Σ_{e: b→n} K(e)) v(b), and only pairs of atoms meet the
features.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class NeighbourTable(NamedTuple):
    """Pairs of atoms (n, b) joined by at least one bond, as rows of at most ``width`` neighbours of one atom.

    An atom with more neighbours goes on in the next row; ``width`` is at most twice the mean, so that a few atoms with
    many neighbours do not widen the table for all. Of tensors alone: a graph may carry it along, through
    ``torch.compile`` and ``torch.export`` too.

    >>> table = neighbour_table(torch.tensor([[0, 1, 1], [1, 0, 0]]), 2)
    >>> table.add_bonds(torch.ones(3, 1)).flatten().tolist()
    [2.0, 1.0]
    """

    sources: Tensor
    """(rows, width) int64: the neighbour b in every slot; 0 in an empty slot, in which no bond lies."""
    slots: Tensor | None
    """(bonds,) int64: the slot row · width + column to which a bond adds; None where they are the bonds themselves."""
    targets: Tensor | None
    """(rows,) int64: the atom n of a row; None where row and atom are the same number."""

    @property
    def n_bonds(self) -> int:
        return (self.sources if self.slots is None else self.slots).shape[0]

    def add_bonds(self, values: Tensor) -> Tensor:
        """Σ over the bonds in a slot: (bonds, c) to (rows, width, c)."""
        rows, width = self.sources.shape
        if self.slots is None:
            return values.view(rows, width, values.shape[1])
        total = values.new_zeros((rows * width, values.shape[1])).index_add(0, self.slots, values)
        return total.view(rows, width, values.shape[1])

    def neighbours(self, features: Tensor) -> Tensor:
        """The features (atoms, c) of the atom in every slot: (rows, width, c)."""
        return features.index_select(0, self.sources.reshape(-1)).view(*self.sources.shape, features.shape[1])

    def add_rows(self, values: Tensor, atoms: int) -> Tensor:
        """Σ over the rows of an atom: (rows, …) to (atoms, …)."""
        if self.targets is None:
            return values
        return values.new_zeros((atoms, *values.shape[1:])).index_add(0, self.targets, values)


def neighbour_table(edge_index: Tensor, atoms: int, targets: int | None = None) -> NeighbourTable:
    """The table of bonds ``edge_index`` (2, bonds): row 0 the neighbour b, row 1 the atom n that it belongs to.

    Neighbours are among ``atoms``, the atoms n among the first ``targets`` of them (all by default). The shapes depend
    on the bonds' values, so that this runs before what is compiled or exported, and on a GPU the host waits for it.

    Raises:
        ValueError: for another shape, or an index outside 0 … atoms − 1, or 0 … targets − 1.

    >>> table = neighbour_table(torch.tensor([[0, 1, 1], [1, 0, 0]]), 2)
    >>> table.sources.tolist(), table.slots.tolist()
    ([[1], [0]], [1, 0, 0])
    """
    _check_form(edge_index)
    rows_of = atoms if targets is None else targets
    for indices, size, what in ((edge_index[0], atoms, "neighbours"), (edge_index[1], rows_of, "atoms")):
        if indices.numel() and (int(indices.min()) < 0 or int(indices.max()) >= size):
            raise ValueError(f"edge_index names {what} {int(indices.min())} … {int(indices.max())} of {size}")
    pair, pair_of_bond = torch.unique(edge_index[1] * atoms + edge_index[0], return_inverse=True)
    target = pair // max(atoms, 1)
    degree = torch.bincount(target, minlength=rows_of)
    most, mean = int(degree.max()) if rows_of else 0, -(-len(pair) // max(rows_of, 1))
    width = max(1, min(most, 2 * mean))
    rows = (-(-degree // width)).clamp(min=1)
    first_row = rows.cumsum(0) - rows
    first_pair = degree.cumsum(0) - degree
    rank = torch.arange(len(pair), device=pair.device) - first_pair[target]
    slot_of_pair = first_row[target] * width + rank
    sources = pair.new_zeros(int(rows.sum()) * width)
    sources[slot_of_pair] = pair % max(atoms, 1)
    split = most > width
    row_targets = torch.arange(rows_of, device=pair.device).repeat_interleave(rows) if split else None
    return NeighbourTable(sources.view(-1, width), slot_of_pair[pair_of_bond], row_targets)


def bond_table(edge_index: Tensor) -> NeighbourTable:
    """The table with a row for each bond: more work than :func:`neighbour_table`, but shapes known beforehand.

    Raises:
        ValueError: for another shape than (2, bonds); that the indices exist is not checked.

    >>> bond_table(torch.tensor([[0, 1, 1], [1, 0, 0]])).sources.tolist()
    [[0], [1], [1]]
    """
    _check_form(edge_index)
    return NeighbourTable(edge_index[0].unsqueeze(1), None, edge_index[1])


def _check_form(edge_index: Tensor) -> None:
    if edge_index.dim() != 2 or edge_index.shape[0] != 2 or edge_index.dtype != torch.int64:
        raise ValueError(f"edge_index is (2, bonds) int64; got {tuple(edge_index.shape)} {edge_index.dtype}")
