"""The chunked kernel against its plain twin and a loop: values, derivatives of two orders, compilation, export."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch._dynamo.testing import CompileCounterWithBackend

from equinet.convolutions import edge_product as kernel
from equinet.convolutions.edge_product import edge_product, plain_edge_product

NODES, BLOCK, CHANNELS, FUNCTIONS, EDGES = 7, 4, 3, 5, 40


@pytest.fixture(autouse=True)
def _nothing_is_small(monkeypatch) -> None:
    monkeypatch.setattr(kernel, "_SMALL", -1)


@pytest.fixture(params=[1, 30, 1 << 17], ids=["one edge a chunk", "a few edges a chunk", "one chunk"])
def _chunk(request, monkeypatch) -> None:
    monkeypatch.setattr(kernel, "_CHUNKS", (request.param, request.param))


any_chunk = pytest.mark.usefixtures("_chunk")


def problem(
    dtype: torch.dtype = torch.float64, edges: int = EDGES, functions: int = FUNCTIONS
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    values = torch.randn(NODES, BLOCK, CHANNELS, dtype=dtype)
    filters = torch.randn(edges, BLOCK, functions, dtype=dtype)
    weight = torch.randn(functions, CHANNELS, dtype=dtype)
    return values, filters, weight, torch.randint(NODES - 1, (2, edges))  # the last node has no bond


def by_loops(values: Tensor, filters: Tensor, weight: Tensor, edge_index: Tensor) -> Tensor:
    total = torch.zeros_like(values)
    for e, (source, target) in enumerate(edge_index.T.tolist()):
        for b in range(values.shape[1]):
            for c in range(values.shape[2]):
                total[target, b, c] += filters[e, b] @ weight[:, c] * values[source, b, c]
    return total


@any_chunk
@pytest.mark.parametrize("edges", [0, 1, EDGES])
def test_equals_the_sum_by_loops(edges: int) -> None:
    arguments = problem(edges=edges)
    expected = by_loops(*arguments)
    torch.testing.assert_close(edge_product(*arguments), expected, rtol=0, atol=1e-13)
    torch.testing.assert_close(plain_edge_product(*arguments[:3], *arguments[3]), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize(("small", "plain"), [(EDGES * BLOCK * CHANNELS, True), (EDGES * BLOCK * CHANNELS - 1, False)])
def test_a_small_sum_is_the_plain_one(small: int, plain: bool, monkeypatch) -> None:
    monkeypatch.setattr(kernel, "_SMALL", small)
    *arguments, edges = problem()
    found = edge_product(arguments[0].requires_grad_(), *arguments[1:], edges)
    assert (found.grad_fn.name() == "IndexAddBackward0") == plain
    torch.testing.assert_close(found, by_loops(*arguments, edges), rtol=0, atol=1e-13)


@any_chunk
def test_strides_do_not_matter() -> None:
    values, filters, weight, edges = problem()
    expected = edge_product(values, filters, weight, edges)
    values = values.permute(2, 0, 1).contiguous().permute(1, 2, 0)
    filters = filters.permute(2, 0, 1).contiguous().permute(1, 2, 0)
    weight = weight.T.contiguous().T
    torch.testing.assert_close(edge_product(values, filters, weight, edges), expected, rtol=0, atol=1e-13)


@any_chunk
@pytest.mark.parametrize("functions", [1, FUNCTIONS, 16])
def test_gradients_equal_those_of_the_plain_twin(functions: int) -> None:
    *arguments, edges = problem(functions=functions)
    arguments = [x.requires_grad_() for x in arguments]
    cotangent = torch.randn(NODES, BLOCK, CHANNELS, dtype=torch.float64)
    found = torch.autograd.grad(edge_product(*arguments, edges), arguments, cotangent)
    expected = torch.autograd.grad(plain_edge_product(*arguments, *edges), arguments, cotangent)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@any_chunk
@pytest.mark.parametrize("wanted", [(0,), (1,), (2,), (0, 1), (0, 1, 2)])
def test_first_and_second_derivatives(wanted: tuple[int, ...]) -> None:
    *arguments, edges = problem(edges=9)
    for k in wanted:
        arguments[k].requires_grad_()
    assert torch.autograd.gradcheck(lambda *x: edge_product(*x, edges), arguments, fast_mode=True)
    assert torch.autograd.gradgradcheck(lambda *x: edge_product(*x, edges), arguments, fast_mode=True)


def test_third_derivative() -> None:
    *arguments, edges = problem(edges=9)
    arguments = [x.requires_grad_() for x in arguments]

    def third(product) -> tuple[Tensor, ...]:
        energy = product().tanh().sum()
        first = torch.autograd.grad(energy, arguments, create_graph=True)
        second = torch.autograd.grad(sum(x.square().sum() for x in first), arguments, create_graph=True)
        return torch.autograd.grad(sum(x.square().sum() for x in second), arguments)

    found = third(lambda: edge_product(*arguments, edges))
    expected = third(lambda: plain_edge_product(*arguments, *edges))
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_lower_precision(dtype: torch.dtype) -> None:
    arguments = problem(dtype)
    exact = edge_product(*(x.double() for x in arguments[:3]), arguments[3])
    found = edge_product(*arguments)
    assert found.dtype == dtype
    tolerance = 40 * torch.finfo(dtype).eps
    torch.testing.assert_close(found.double(), exact, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("small", [-1, 1 << 20])
def test_under_autocast_sums_are_in_the_widest_precision(small: int, monkeypatch) -> None:
    monkeypatch.setattr(kernel, "_SMALL", small)
    values, filters, weight, edges = problem(torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        found = edge_product(values.bfloat16(), filters, weight, edges)
    assert torch.equal(found, edge_product(values.bfloat16().float(), filters, weight, edges))


class Product(nn.Module):
    def forward(self, values: Tensor, filters: Tensor, weight: Tensor, edge_index: Tensor) -> Tensor:
        return edge_product(values, filters, weight, edge_index).square()


def test_operations_are_registered_correctly() -> None:
    values, filters, weight, edges = problem(edges=9)
    torch.library.opcheck(torch.ops.equinet.edge_product.default, (values, filters, weight, *edges))
    arguments = (torch.randn_like(values), values, filters, weight, *edges)
    torch.library.opcheck(torch.ops.equinet.edge_product_filters.default, arguments)


def test_compiles_whole_for_every_number_of_edges() -> None:
    counter = CompileCounterWithBackend("aot_eager")
    compiled = torch.compile(Product(), fullgraph=True, dynamic=True, backend=counter)
    for edges in (40, 31, 12):
        *arguments, index = problem(edges=edges)
        arguments = [x.requires_grad_() for x in arguments]
        found = torch.autograd.grad(compiled(*arguments, index).sum(), arguments)
        expected = torch.autograd.grad(Product()(*arguments, index).sum(), arguments)
        for one, other in zip(found, expected, strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
    assert counter.frame_count == 1


def test_exports_with_a_free_number_of_nodes_and_edges() -> None:
    nodes, edges = torch.export.Dim("nodes"), torch.export.Dim("edges")
    shapes = ({0: nodes}, {0: edges}, {}, {1: edges})
    program = torch.export.export(Product(), problem(), dynamic_shapes=shapes)
    arguments = problem(edges=17)
    torch.testing.assert_close(program.module()(*arguments), Product()(*arguments))


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore:# The axis name")  # of torch's exporter itself
def test_onnx_gets_plain_operations() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    arguments = problem(torch.float32)
    edges = torch.export.Dim("edges")
    program = torch.onnx.export(
        Product().eval(), arguments, dynamo=True, dynamic_shapes=({}, {0: edges}, {}, {1: edges}), verbose=False
    )
    session = onnxruntime.InferenceSession(program.model_proto.SerializeToString())
    arguments = problem(torch.float32, edges=17)
    inputs = {slot.name: x.numpy() for slot, x in zip(session.get_inputs(), arguments, strict=True)}
    torch.testing.assert_close(torch.from_numpy(session.run(None, inputs)[0]), Product()(*arguments))


def test_vmap_and_gradients_for_each_member() -> None:
    values, filters, weight, edges = problem()
    batch = torch.randn(3, *values.shape, dtype=torch.float64)
    expected = torch.stack([edge_product(member, filters, weight, edges) for member in batch])
    found = torch.func.vmap(lambda v: edge_product(v, filters, weight, edges))(batch)
    torch.testing.assert_close(found, expected)

    def loss(weight: Tensor, v: Tensor) -> Tensor:
        return edge_product(v, filters, weight, edges).square().sum()

    each = torch.func.vmap(torch.func.grad(loss), (None, 0))(weight, batch)
    one_by_one = torch.stack([torch.func.grad(loss)(weight, member) for member in batch])
    torch.testing.assert_close(each, one_by_one)


def test_memory_does_not_grow_with_the_edges(monkeypatch) -> None:
    """No tensor that the kernel makes is larger than the nodes, the filters' gradient or a chunk."""
    monkeypatch.setattr(kernel, "_CHUNKS", (100 * BLOCK * CHANNELS,) * 2)
    *arguments, edges = problem(edges=4000)
    arguments = [x.requires_grad_() for x in arguments]
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        edge_product(*arguments, edges).sum().backward()
    largest = max(abs(event.cpu_memory_usage) for event in profile.events() if event.name == "aten::empty")
    assert largest <= 4000 * BLOCK * FUNCTIONS * 8 < 4000 * BLOCK * 2 * CHANNELS * 8


@pytest.mark.parametrize(
    "change",
    [
        lambda v, f, w, e: (v[0], f, w, e),
        lambda v, f, w, e: (v, f[:-1], w, e),
        lambda v, f, w, e: (v, f[:, :-1], w, e),
        lambda v, f, w, e: (v, f, w[:-1], e),
        lambda v, f, w, e: (v, f, w[:, :-1], e),
        lambda v, f, w, e: (v, f, w, e.T),
        lambda v, f, w, e: (v, f, w, e.int()),
    ],
)
def test_shapes_that_do_not_belong_together(change) -> None:
    with pytest.raises(ValueError, match=r"edge_index is \(2, E\) int64|go together"):
        edge_product(*change(*problem()))


@pytest.mark.parametrize("edge", [(0, NODES), (NODES, 0), (-1, 0), (0, -1)])
@pytest.mark.parametrize("small", [-1, 1 << 20])
def test_nodes_that_are_not_there(edge: tuple[int, int], small: int, monkeypatch) -> None:
    monkeypatch.setattr(kernel, "_SMALL", small)
    values, filters, weight, _ = problem(edges=1)
    with pytest.raises((IndexError, RuntimeError), match=r"out of (range|bounds)"):
        edge_product(values, filters, weight, torch.tensor(edge)[:, None])
