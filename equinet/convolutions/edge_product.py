r"""The one costly sum of a network of rows, in memory that does not grow with the bonds.

    m[n, b, c] = Σ_{e: s_e → n} A[e, b, c] v[s_e, b, c] ,      A[e, b, c] = Σ_h φ[e, b, h] W[h, c]

It is linear in each of v, φ and W. With T = Σ_e Σ_{b c} w[t_e, b, c] A[e, b, c] v[s_e, b, c], its derivatives are

    ∂T/∂v = the same sum of w over the reversed edges,
    ∂T/∂φ[e, b, h] = Σ_c W[h, c] P[e, b, c] ,    ∂T/∂W[h, c] = Σ_{e b} φ[e, b, h] P[e, b, c] ,    P = w[t_e] v[s_e] :

two operations, closed under differentiation, so that second and higher derivatives need no others. Both go through
the edges in chunks that stay in the cache of the processor, and neither A nor P ever exists for more than one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

_CHUNKS = (1 << 17, 1 << 19)
"""Least and most numbers in a chunk, for each processor core; arrays of at most 2 MiB in float32 stay in the cache."""
_CHUNK_ON_A_GPU = 1 << 25
_SMALL = 1 << 18
"""For at most so many numbers E B C the plain sum is faster, and needs no more memory than a few chunks."""


def edge_product(values: Tensor, filters: Tensor, weight: Tensor, edge_index: Tensor) -> Tensor:
    r"""m[n, b, c] = Σ_{e: s_e → n} (Σ_h φ[e, b, h] W[h, c]) v[s_e, b, c].

    Args:
        values: v (N, B, C).
        filters: φ (E, B, H), in any strides.
        weight: W (H, C).
        edge_index: (2, E) int64 in 0 … N − 1: row 0 the source s_e, row 1 the target n.

    Of different precisions the widest is that of the result, (N, B, C). Derivatives of every order exist, and
    ``torch.compile``, ``torch.export``, ``torch.func`` and ONNX see one operation or plain ones.

    Raises:
        ValueError: for shapes that do not belong together, or edges that are not int64.
        IndexError, RuntimeError: torch's own, for edges from or to a node that is not there.

    >>> chain = torch.tensor([[0, 1], [1, 2]])
    >>> edge_product(torch.tensor([[[1.0]], [[2.0]], [[4.0]]]), torch.ones(2, 1, 1), torch.ones(1, 1), chain).flatten()
    tensor([0., 1., 2.])
    """
    if edge_index.dim() != 2 or edge_index.shape[0] != 2 or edge_index.dtype != torch.int64:
        raise ValueError(f"edge_index is (2, E) int64; got {tuple(edge_index.shape)} {edge_index.dtype}")
    if (
        (values.dim(), filters.dim(), weight.dim()) != (3, 3, 2)
        or filters.shape != (edge_index.shape[1], values.shape[1], weight.shape[0])
        or values.shape[2] != weight.shape[1]
    ):
        raise ValueError(
            f"values (N, B, C), filters (E, B, H), weight (H, C) and edge_index (2, E) go together; got"
            f" {tuple(values.shape)}, {tuple(filters.shape)}, {tuple(weight.shape)}, {tuple(edge_index.shape)}"
        )
    dtype = torch.promote_types(torch.promote_types(values.dtype, filters.dtype), weight.dtype)
    values, filters, weight = values.to(dtype), filters.to(dtype), weight.to(dtype)
    source, target = edge_index.unbind()
    if torch.onnx.is_in_onnx_export():
        return plain_edge_product(values, filters, weight, source, target)
    if torch.compiler.is_compiling():
        operation: Callable[..., Tensor] = _edge_product
    else:
        small = filters.shape[0] * values.shape[1] * values.shape[2] <= _SMALL
        operation = plain_edge_product if small else _product
    with torch.autocast(values.device.type, enabled=False):
        return operation(values, filters, weight, source, target)


def plain_edge_product(values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor) -> Tensor:
    """The same sum by three plain operations, with A and v[s_e] (E, B, C) in memory: the twin, and what ONNX gets.

    >>> plain_edge_product(torch.ones(2, 1, 3), torch.ones(1, 1, 2), torch.ones(2, 3), *torch.tensor([[1], [0]]))
    tensor([[[2., 2., 2.]],
    <BLANKLINE>
            [[0., 0., 0.]]])
    """
    return torch.zeros_like(values).index_add(0, target, (filters @ weight) * values.index_select(0, source))


@torch.library.custom_op("equinet::edge_product", mutates_args=())
def _edge_product(values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor) -> Tensor:
    """m of the module's text."""
    nodes, block, channels = values.shape
    rows = values.reshape(nodes, block * channels)
    total = torch.zeros_like(rows)
    for s, t, phi, kernel, gathered in _chunks(rows, block, filters, source, target):
        torch.mm(phi, weight, out=kernel.view(-1, channels))
        total.index_add_(0, t, torch.index_select(rows, 0, s, out=gathered).mul_(kernel))
    return total.view(nodes, block, channels)


@torch.library.custom_op("equinet::edge_product_filters", mutates_args=())
def _edge_product_filters(
    cotangent: Tensor, values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor
) -> tuple[Tensor, Tensor]:
    """∂T/∂φ and ∂T/∂W of the module's text, w the cotangent. ∂T/∂φ lies function by function, as W P is fastest."""
    nodes, block, channels = values.shape
    rows, toward = values.reshape(nodes, -1), cotangent.reshape(nodes, -1)
    of_filters = values.new_empty(len(weight), len(source) * block)
    # A matrix product is twice as fast where its rows fill the processor's vectors: those of H, or else those of C.
    by_functions = len(weight) % 16 == 0
    of_weight = weight.new_zeros(channels, len(weight)).T if by_functions else weight.new_zeros(weight.shape)
    done = 0
    for s, t, phi, product, gathered in _chunks(rows, block, filters, source, target):
        torch.index_select(rows, 0, s, out=product).mul_(torch.index_select(toward, 0, t, out=gathered))
        by_row = product.view(-1, channels)
        of_weight.addmm_(phi.T, by_row)
        torch.mm(weight, by_row.T, out=of_filters[:, done : done + len(phi)])
        done += len(phi)
    return of_filters.view(len(weight), len(source), block).permute(1, 2, 0), of_weight.contiguous()


def _chunks(
    rows: Tensor, block: int, filters: Tensor, source: Tensor, target: Tensor
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]:
    """Of some edges at a time: source, target, φ (edges · B, H), and twice the same room for (edges, B C) numbers."""
    if not len(source):
        return
    edges, width = len(source), max(1, rows.shape[1])
    least, most = (size * torch.get_num_threads() for size in _CHUNKS)
    limit = min(max(edges * width // 16, least), most) if rows.is_cpu else _CHUNK_ON_A_GPU
    step = min(max(1, limit // width), edges)
    first, second = rows.new_empty(2, step, rows.shape[1])
    pieces = zip(source.split(step), target.split(step), filters.split(step), strict=True)
    for s, t, phi in pieces:
        yield s, t, phi.reshape(len(s) * block, -1), first[: len(s)], second[: len(s)]


@_edge_product.register_fake
def _(values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor) -> Tensor:
    return values.new_empty(values.shape)


@_edge_product_filters.register_fake
def _(
    cotangent: Tensor, values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor
) -> tuple[Tensor, Tensor]:
    edges, block, functions = filters.shape
    return values.new_empty(functions, edges, block).permute(1, 2, 0), values.new_empty(weight.shape)


class _EdgeProduct(torch.autograd.Function):
    """The sum with its derivatives, as ``torch.func`` wants them; the compiler wants the same with the operation."""

    @staticmethod
    def forward(values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor) -> Tensor:
        product: Tensor = _edge_product(values, filters, weight, source, target)
        return product

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor | None, ...]:
        values, filters, weight, source, target = ctx.saved_tensors
        of_values = of_filters = of_weight = None
        if ctx.needs_input_grad[0]:
            of_values = _product(cotangent, filters, weight, target, source)
        if ctx.needs_input_grad[1] or ctx.needs_input_grad[2]:
            of_filters, of_weight = _filters_and_weight(cotangent, values, filters, weight, source, target)
        return of_values, of_filters, of_weight, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *arguments: Tensor) -> tuple[Any, Any]:
        return _one_by_one(_product, info.batch_size, in_dims, arguments)


class _EdgeProductFilters(torch.autograd.Function):
    """∂T/∂φ and ∂T/∂W; T′ = ⟨p, ∂T/∂φ⟩ + ⟨q, ∂T/∂W⟩ is T with A = p W + φ q."""

    @staticmethod
    def forward(
        cotangent: Tensor, values: Tensor, filters: Tensor, weight: Tensor, source: Tensor, target: Tensor
    ) -> tuple[Tensor, Tensor]:
        products: tuple[Tensor, Tensor] = _edge_product_filters(cotangent, values, filters, weight, source, target)
        return products

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, p: Tensor, q: Tensor) -> tuple[Tensor | None, ...]:
        cotangent, values, filters, weight, source, target = ctx.saved_tensors
        of_cotangent = of_values = of_filters = of_weight = None
        if ctx.needs_input_grad[0]:
            of_cotangent = _product(values, p, weight, source, target)
            of_cotangent = of_cotangent + _product(values, filters, q, source, target)
        if ctx.needs_input_grad[1]:
            of_values = _product(cotangent, p, weight, target, source)
            of_values = of_values + _product(cotangent, filters, q, target, source)
        if ctx.needs_input_grad[2]:
            of_filters = _filters_and_weight(cotangent, values, filters, q, source, target)[0]
        if ctx.needs_input_grad[3]:
            of_weight = _filters_and_weight(cotangent, values, p, weight, source, target)[1]
        return of_cotangent, of_values, of_filters, of_weight, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *arguments: Tensor) -> tuple[Any, Any]:
        return _one_by_one(_filters_and_weight, info.batch_size, in_dims, arguments)


def _one_by_one(
    operation: Callable[..., Any], size: int, in_dims: tuple[int | None, ...], arguments: tuple[Tensor, ...]
) -> tuple[Any, Any]:
    """The rule of ``torch.func.vmap``: one call for each member of the batch."""
    members = [
        operation(*(x if dim is None else x.select(dim, k) for x, dim in zip(arguments, in_dims, strict=True)))
        for k in range(size)
    ]
    if isinstance(members[0], Tensor):
        return torch.stack(members), 0
    return tuple(torch.stack(parts) for parts in zip(*members, strict=True)), (0,) * len(members[0])


_product: Callable[..., Any] = _EdgeProduct.apply
_filters_and_weight: Callable[..., Any] = _EdgeProductFilters.apply
_edge_product.register_autograd(_EdgeProduct.backward, setup_context=_EdgeProduct.setup_context)
_edge_product_filters.register_autograd(_EdgeProductFilters.backward, setup_context=_EdgeProductFilters.setup_context)
