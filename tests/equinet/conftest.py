"""Seeded randomness, and the feature spaces and graphs on which every layer is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from equinet import Irreps
from pointgroups import point_group


@pytest.fixture(autouse=True)
def _same_random_numbers() -> None:
    torch.manual_seed(0)


@pytest.fixture
def space() -> Callable[[str], Irreps]:
    """Every real irrep of a group, with several copies of some and the first and last irrep in two blocks each."""

    def build(name: str) -> Irreps:
        labels = list(point_group(name).real_irreps)
        blocks = [(k % 2 + 1, label) for k, label in enumerate(labels)]
        return Irreps(name, [*blocks, (2, labels[0]), (1, labels[-1])])

    return build


class Bonds(NamedTuple):
    """A random graph: doubled bonds, an atom without neighbours and one with many."""

    atoms: int
    edge_index: Tensor
    edge_vectors: Tensor


@pytest.fixture
def bonds() -> Bonds:
    source = torch.tensor([1, 1, 2, 0, 2, 3, 4, 4, 1, 3, 0, 1, 2, 3, 4, 5])
    target = torch.tensor([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4])
    return Bonds(6, torch.stack([source, target]), 1.5 * torch.randn(16, 3, dtype=torch.float64))
