"""The table of neighbours holds every bond once, whatever the number of neighbours."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from equinet.convolutions.neighbours import bond_table, neighbour_table


def dense(edge_index: Tensor, values: Tensor, features: Tensor) -> Tensor:
    """Σ_e values_e ⊗ features of the source, by a loop over bonds."""
    result = torch.zeros(len(features), values.shape[1], features.shape[1], dtype=values.dtype)
    for e, (b, n) in enumerate(edge_index.T.tolist()):
        result[n] += torch.outer(values[e], features[b])
    return result


def graph(kind: str) -> tuple[int, Tensor]:
    if kind == "none":
        return 4, torch.zeros(2, 0, dtype=torch.int64)
    if kind == "star":  # one atom has all the neighbours
        return 40, torch.stack([torch.arange(40), torch.full((40,), 7)])
    if kind == "images":  # few atoms, many bonds between the same two
        return 3, torch.randint(0, 3, (2, 200))
    return 30, torch.randint(0, 30, (2, 100))


@pytest.mark.parametrize("kind", ["none", "star", "images", "random"])
def test_sum_over_bonds(kind: str) -> None:
    atoms, edge_index = graph(kind)
    values = torch.randn(edge_index.shape[1], 3, dtype=torch.float64)
    features = torch.randn(atoms, 2, dtype=torch.float64)
    for table in (neighbour_table(edge_index, atoms), bond_table(edge_index)):
        assert table.n_bonds == len(values)
        products = torch.einsum("rwv,rwc->rvc", table.add_bonds(values), table.neighbours(features))
        torch.testing.assert_close(table.add_rows(products, atoms), dense(edge_index, values, features))


@pytest.mark.parametrize("kind", ["none", "star", "images", "random"])
def test_sum_over_bonds_to_some_atoms(kind: str) -> None:
    atoms, edge_index = graph(kind)
    targets = atoms // 2 + 1
    edge_index[1] %= targets
    values = torch.randn(edge_index.shape[1], 3, dtype=torch.float64)
    features = torch.randn(atoms, 2, dtype=torch.float64)
    for table in (neighbour_table(edge_index, atoms, targets), bond_table(edge_index)):
        products = torch.einsum("rwv,rwc->rvc", table.add_bonds(values), table.neighbours(features))
        expected = dense(edge_index, values, features)[:targets]
        torch.testing.assert_close(table.add_rows(products, targets), expected)


def test_one_atom_with_many_neighbours_does_not_widen_the_table() -> None:
    atoms, edge_index = graph("star")
    assert neighbour_table(edge_index, atoms).sources.numel() < 4 * atoms


@pytest.mark.parametrize(
    ("edge_index", "text"),
    [
        (torch.zeros(3, 4, dtype=torch.int64), r"\(2, bonds\)"),
        (torch.zeros(2, 4), "int64"),
        (torch.tensor([[0, 5], [1, 0]]), "neighbours 0 … 5 of 5"),
        (torch.tensor([[0, -1], [1, 0]]), "neighbours -1 … 0 of 5"),
        (torch.tensor([[0, 4], [1, 5]]), "atoms 1 … 5 of 5"),
    ],
)
def test_impossible_bonds_are_refused(edge_index: Tensor, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        neighbour_table(edge_index, 5)


def test_targets_beyond_the_first_are_refused() -> None:
    with pytest.raises(ValueError, match="atoms 0 … 3 of 3"):
        neighbour_table(torch.tensor([[0, 4], [0, 3]]), 5, 3)
    with pytest.raises(ValueError, match=r"\(2, bonds\)"):
        bond_table(torch.zeros(2, 4))
