"""Values are checked where there are values, and nowhere else."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from equinet.checks import require


def positive(x: Tensor) -> Tensor:
    require(x > 0, "x is positive")
    return 2 * x


def test_raises_in_plain_use() -> None:
    assert positive(torch.ones(3)).tolist() == [2.0, 2.0, 2.0]
    with pytest.raises(ValueError, match="x is positive"):
        positive(torch.tensor([1.0, 0.0]))
    with pytest.raises(ValueError, match="x is positive"):
        positive(torch.tensor([1.0, float("nan")]))
    positive(torch.ones(0))


def test_lets_programs_be_traced() -> None:
    wrong = torch.tensor([1.0, -1.0])
    compiled = torch.compile(positive, fullgraph=True, backend="eager")
    assert compiled(wrong).tolist() == [2.0, -2.0]
    assert torch.func.vmap(positive)(wrong).tolist() == [2.0, -2.0]


def test_derivatives_still_check() -> None:
    assert torch.func.jacrev(positive)(torch.ones(1)).tolist() == [[2.0]]
    with pytest.raises(ValueError, match="x is positive"):
        torch.func.jacrev(positive)(torch.zeros(1))
