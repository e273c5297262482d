"""What every layer can do: other precisions, copies, files, compilation, export, autocast, vmap, second derivatives."""

from __future__ import annotations

import copy
from pathlib import Path

import onnxruntime
import pytest
import torch
from equinet_layers import LAYERS, Case
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch._dynamo.testing import CompileCounter

GROUP = "D3"
"""Has irreps of both dimensions; the laws of symmetry are tested on all 32 groups elsewhere."""

every_layer = pytest.mark.parametrize("case", LAYERS.values(), ids=LAYERS.keys())


def doubled(inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(x.double() if x.is_floating_point() else x for x in inputs)


def close(actual: Tensor, expected: Tensor, tolerance: float) -> None:
    scale = float(expected.detach().abs().max())
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance * scale)


@every_layer
def test_single_precision_is_double_precision_rounded(case: Case) -> None:
    layer = case.build(GROUP).eval()
    inputs = case.inputs(layer, 6)
    exact = copy.deepcopy(layer).double()(*doubled(inputs))
    assert layer(*inputs).dtype == torch.float32
    close(layer(*inputs).double(), exact, 2e-5)


@every_layer
def test_bfloat16_autocast(case: Case) -> None:
    layer = case.build(GROUP).eval()
    inputs = case.inputs(layer, 6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = layer(*inputs)
    close(mixed.double(), layer(*inputs).double(), 0.05)


@every_layer
def test_state_is_what_was_learned_and_travels_as_safetensors(case: Case, tmp_path: Path) -> None:
    layer = case.build(GROUP).eval()
    learned = {name for name, _ in layer.named_parameters()} | case.running
    assert set(layer.state_dict()) == learned
    save_file(layer.state_dict(), tmp_path / "layer.safetensors")
    torch.manual_seed(1)
    other = case.build(GROUP).eval()
    inputs = case.inputs(layer, 6)
    other.load_state_dict(load_file(tmp_path / "layer.safetensors"))
    torch.testing.assert_close(other(*inputs), layer(*inputs), rtol=0, atol=0)


@every_layer
def test_copies_and_moves(case: Case) -> None:
    layer = case.build(GROUP).eval()
    inputs = case.inputs(layer, 6)
    moved = copy.deepcopy(layer).to("cpu", torch.float64).to(torch.float32)
    torch.testing.assert_close(moved(*inputs), layer(*inputs), rtol=0, atol=0)
    assert all(tensor.is_meta for tensor in copy.deepcopy(layer).to("meta").state_dict().values())


@every_layer
def test_compiles_whole_and_once_for_all_sizes(case: Case) -> None:
    """One graph without breaks, captured once (twice where sizes turn dynamic), for batches of any size."""
    torch._dynamo.reset()
    layer = case.build(GROUP).eval()
    counter = CompileCounter()
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend=counter)
    for atoms in (37, 41, 53, 60):  # none is a dimension of the features
        inputs = case.inputs(layer, atoms)
        close(compiled(*inputs), layer(*inputs), 1e-6)
    assert counter.frame_count == 1


@every_layer
def test_compiled_derivatives(case: Case) -> None:
    torch._dynamo.reset()
    layer = case.build(GROUP).train()
    if not any(True for _ in layer.parameters()):
        pytest.skip("nothing is learned here")
    inputs = case.inputs(layer, 6)
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="aot_eager")
    gradients = []
    for module in (layer, compiled):
        torch.manual_seed(0)
        layer.zero_grad()
        module(*inputs).square().sum().backward()
        gradients.append([parameter.grad.clone() for parameter in layer.parameters()])
    for actual, expected in zip(*gradients, strict=True):
        close(actual, expected, 1e-5)


@every_layer
def test_exports_with_a_free_number_of_atoms(case: Case) -> None:
    layer = case.build(GROUP).eval()
    program = torch.export.export(layer, case.inputs(layer, 6), dynamic_shapes=case.dynamic_shapes(layer))
    inputs = case.inputs(layer, 9)
    close(program.module()(*inputs), layer(*inputs), 1e-6)


@pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning")  # torch's own use of a name that it renamed
@pytest.mark.filterwarnings("ignore:.*The axis name.*:UserWarning")  # two inputs share an axis, as they should
@every_layer
def test_runs_in_onnx(case: Case, tmp_path: Path) -> None:
    layer = case.build(GROUP).eval()
    onnx_program = torch.onnx.export(
        layer, case.inputs(layer, 6), dynamo=True, dynamic_shapes=case.dynamic_shapes(layer), verbose=False
    )
    onnx_program.save(tmp_path / "layer.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "layer.onnx")
    inputs = case.inputs(layer, 9)
    names = [node.name for node in session.get_inputs()]
    (actual,) = session.run(None, {name: x.numpy() for name, x in zip(names, inputs, strict=True)})
    close(torch.from_numpy(actual), layer(*inputs), 1e-5)


@every_layer
def test_second_derivatives(case: Case) -> None:
    layer = case.build(GROUP).double().eval()
    inputs = doubled(case.inputs(layer, 3))
    leaves = tuple(x.requires_grad_() if x.is_floating_point() else x for x in inputs)
    assert torch.autograd.gradcheck(layer, leaves, fast_mode=True)
    assert torch.autograd.gradgradcheck(layer, leaves, fast_mode=True)


@every_layer
def test_vmap_over_inputs(case: Case) -> None:
    layer = case.build(GROUP).eval()
    inputs = case.inputs(layer, 5)
    axes = tuple(0 if x.is_floating_point() else None for x in inputs)
    stacked = tuple(torch.stack([x, 0.5 * x, 2 * x]) if x.is_floating_point() else x for x in inputs)
    mapped = torch.func.vmap(layer, in_dims=axes)(*stacked)
    for k in range(3):
        one = tuple(x[k] if axis == 0 else x for x, axis in zip(stacked, axes, strict=True))
        close(mapped[k], layer(*one), 1e-5)
