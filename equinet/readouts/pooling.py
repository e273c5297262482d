r"""Sums and means over the members of each graph.

    y_c = Σ_{n: graph(n) = c} x_n ,        ȳ_c = y_c / N_c ,

in float32 at least, so that long sums of bfloat16 keep their digits.
"""

from __future__ import annotations

import torch
from torch import Tensor


def graph_sum(values: Tensor, graph: Tensor, n_graphs: int) -> Tensor:
    """Σ of values (N, …) over each graph, (n_graphs, …); ``graph`` (N,) int64 says which one a member belongs to.

    >>> graph_sum(torch.tensor([1.0, 2.0, 5.0]), torch.tensor([0, 0, 1]), 3)
    tensor([3., 5., 0.])
    """
    values = values.to(torch.promote_types(values.dtype, torch.float32))
    return values.new_zeros((n_graphs, *values.shape[1:])).index_add(0, graph, values)


def graph_count(graph: Tensor, n_graphs: int) -> Tensor:
    """How many members each graph has, (n_graphs,) int64.

    >>> graph_count(torch.tensor([0, 0, 1]), 3)
    tensor([2, 1, 0])
    """
    return torch.zeros(n_graphs, dtype=torch.int64, device=graph.device).index_add(0, graph, torch.ones_like(graph))


def graph_mean(values: Tensor, graph: Tensor, n_graphs: int) -> Tensor:
    """The mean of values (N, …) over each graph, (n_graphs, …).

    Raises:
        ValueError: for a graph without members. (On the CPU, not in compiled code: there its mean is not a number.)

    >>> graph_mean(torch.tensor([1.0, 2.0, 5.0]), torch.tensor([0, 0, 1]), 2)
    tensor([1.5000, 5.0000])
    """
    total, members = graph_sum(values, graph, n_graphs), graph_count(graph, n_graphs)
    if not torch.compiler.is_compiling() and members.device.type == "cpu" and bool((members == 0).any()):
        empty = torch.nonzero(members == 0).flatten().tolist()
        raise ValueError(f"graphs {empty} have no members; every index 0 … {n_graphs - 1} must occur")
    return total / members.reshape(-1, *(1,) * (total.ndim - 1))
