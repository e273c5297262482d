"""Layer and batch normalisation: equivariant, of unit mean square, and torch's own on invariants."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from thirty_two import every_group
from torch import Tensor, nn

from equinet import BatchNorm, Irreps, LayerNorm, assert_equivariant
from equinet.groups import O3, SO3, trivial_irrep
from equinet.isotypic import isotypic_parts

ATOMS = 7


def learned(layer: nn.Module) -> nn.Module:
    """The layer as after some training: no parameter or running statistic has its first value."""
    with torch.no_grad():
        for tensor in layer.state_dict().values():
            tensor.add_(torch.rand_like(tensor))
    return layer


def norms(irreps: Irreps) -> list[nn.Module]:
    return [learned(LayerNorm(irreps)), learned(BatchNorm(irreps)), learned(BatchNorm(irreps)).eval()]


@every_group
def test_equivariant(name: str, space) -> None:
    for layer in norms(space(name)):
        assert_equivariant(layer)


@pytest.mark.parametrize("group", [O3(3), SO3(3)], ids=str)
def test_orthogonal_groups(group) -> None:
    irreps = Irreps(group, [(k % 2 + 2, label) for k, label in enumerate(group.real_irreps)])
    for layer in norms(irreps):
        assert_equivariant(layer)


@every_group
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_and_gradients_turn_with_the_features(name: str, dtype: torch.dtype, space) -> None:
    """Every element at once for the layer norm and in evaluation; the batch norm in training one by one."""
    irreps = space(name)
    tolerance = 1e-11 if dtype == torch.float64 else 1e-4
    matrices = torch.tensor(irreps.matrices, dtype=dtype)
    turned = torch.einsum("gij,tnj->tgni", matrices, torch.randn(2, ATOMS, irreps.dim, dtype=dtype))
    for layer in norms(irreps):
        x, cotangent = turned[0].clone().requires_grad_(), turned[1]
        layer.to(dtype)
        out = torch.stack([layer(batch) for batch in x]) if isinstance(layer, BatchNorm) else layer(x)
        (gradient,) = torch.autograd.grad((out * cotangent).sum(), x)
        assert out.dtype == dtype
        for found in (out.detach(), gradient):
            expected = torch.einsum("gij,nj->gni", matrices, found[0])
            torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)


def slow_layer_norm(layer: LayerNorm, features: Tensor) -> Tensor:
    """One atom and one irrep at a time."""
    irreps, out = layer.irreps_in, torch.zeros_like(features)
    bias, u = iter(layer.bias), 0
    for block, where in zip(irreps.blocks, irreps.slices(), strict=True):
        trivial = block.irrep is trivial_irrep(irreps.group)
        for n in range(len(features)):
            same = isotypic_parts(features[n], irreps)[block.label]
            mean = same.mean() if trivial else 0.0
            square = ((same - mean) ** 2).sum() / same.numel()
            out[n, where] = (features[n, where] - mean) / (square + 1e-5) ** 0.5
        for copy_start in range(where.start, where.stop, block.irrep.dim):
            part = slice(copy_start, copy_start + block.irrep.dim)
            out[:, part] = layer.weight[u] * out[:, part] + (next(bias) if trivial else 0.0)
            u += 1
    return out


def slow_batch_norm(layer: BatchNorm, features: Tensor) -> Tensor:
    """One copy at a time."""
    irreps, out = layer.irreps_in, torch.zeros_like(features)
    bias, u = iter(layer.bias), 0
    for block, where in zip(irreps.blocks, irreps.slices(), strict=True):
        trivial = block.irrep is trivial_irrep(irreps.group)
        for start in range(where.start, where.stop, block.irrep.dim):
            part = features[:, start : start + block.irrep.dim]
            mean = part.mean() if trivial else 0.0
            square = sum(float(((x - mean) ** 2).sum()) for x in part) / part.numel()
            normal = (part - mean) / math.sqrt(square + 1e-5)
            out[:, start : start + block.irrep.dim] = layer.weight[u] * normal + (next(bias) if trivial else 0.0)
            u += 1
    return out


@pytest.mark.parametrize("name", ["C1", "C3", "D2d", "T", "Oh"])
def test_against_loops(name: str, space) -> None:
    irreps = space(name)
    features = torch.randn(ATOMS, irreps.dim, dtype=torch.float64)
    layer_norm, batch_norm, _ = (layer.double() for layer in norms(irreps))
    torch.testing.assert_close(layer_norm(features), slow_layer_norm(layer_norm, features), rtol=0, atol=1e-12)
    torch.testing.assert_close(batch_norm(features), slow_batch_norm(batch_norm, features), rtol=0, atol=1e-12)


def test_invariants_are_normalised_as_torch_does() -> None:
    irreps = Irreps("Oh", "5x A1g")
    ours, theirs = BatchNorm(irreps, momentum=0.3), nn.BatchNorm1d(5, momentum=0.3)
    for _ in range(3):
        features = 3 * torch.randn(20, 5) + 2
        torch.testing.assert_close(ours(features), theirs(features))
        torch.testing.assert_close(ours.running_mean, theirs.running_mean)
        torch.testing.assert_close(ours.running_var, theirs.running_var)
    torch.testing.assert_close(ours.eval()(features), theirs.eval()(features))
    torch.testing.assert_close(LayerNorm(irreps)(features), nn.LayerNorm(5)(features))


def test_two_blocks_of_an_irrep_are_one() -> None:
    split, joint = Irreps("Oh", "A1g + 2x A1g + T1u + T1u"), Irreps("Oh", "3x A1g + 2x T1u")
    features = torch.randn(ATOMS, 9)
    for kind in (LayerNorm, BatchNorm):
        torch.testing.assert_close(kind(split)(features), kind(joint)(features))


def test_running_statistics_approach_those_of_the_data() -> None:
    irreps = Irreps("Td", "2x A1 + 3x T2")
    layer = BatchNorm(irreps)
    for _ in range(100):
        layer(torch.randn(200, irreps.dim) * torch.tensor([1, 2, *3 * [3], *3 * [4], *3 * [5]]) + 0)
    expected = torch.tensor([1.0, 4.0, 9.0, 16.0, 25.0])
    torch.testing.assert_close(layer.running_var, expected, rtol=0.1, atol=0)
    out = layer.eval()(torch.ones(irreps.dim))  # a single atom, and any leading shape, once trained
    assert out.shape == (irreps.dim,)
    before = layer.running_var.clone()
    layer(torch.randn(50, irreps.dim))
    assert torch.equal(layer.running_var, before)


def test_derivatives_against_differences(space) -> None:
    irreps = space("C3v")
    for layer in norms(irreps):
        inputs = (torch.randn(3, irreps.dim, dtype=torch.float64, requires_grad=True),)
        assert torch.autograd.gradcheck(layer.double(), inputs)
        assert torch.autograd.gradgradcheck(layer, inputs)


def test_zero_features_have_finite_derivatives() -> None:
    irreps = Irreps("Oh", "3x A1g + 2x T1u")
    for layer in norms(irreps):
        features = torch.zeros(ATOMS, irreps.dim, requires_grad=True)
        (gradient,) = torch.autograd.grad(layer(features).square().sum(), features, create_graph=True)
        gradient.sum().backward()
        assert torch.isfinite(gradient).all()
        assert torch.isfinite(features.grad).all()


def test_state_is_learned_or_running(space) -> None:
    irreps = space("C4h")
    copies = sum(block.multiplicity for block in irreps)
    invariants = irreps.count("Ag")
    learned_shapes = {"weight": (copies,), "bias": (invariants,)}
    running = {"running_mean": (invariants,), "running_var": (copies,)}
    assert {name: tuple(x.shape) for name, x in LayerNorm(irreps).state_dict().items()} == learned_shapes
    assert {name: tuple(x.shape) for name, x in BatchNorm(irreps).state_dict().items()} == learned_shapes | running
    for layer in norms(irreps):
        features = torch.randn(ATOMS, irreps.dim)
        again = copy.deepcopy(layer).double()(features.double())
        torch.testing.assert_close(again.float(), layer(features), rtol=1e-4, atol=1e-4)
        layer(features).square().sum().backward()
        assert all(parameter.grad.abs().max() > 0 for parameter in layer.parameters())


def test_runs_under_autocast(space) -> None:
    irreps = space("D3d")
    for layer in norms(irreps):
        features = torch.randn(ATOMS, irreps.dim)
        expected = layer(features)
        with torch.autocast("cpu", torch.bfloat16):
            torch.testing.assert_close(layer(features.bfloat16()).float(), expected, rtol=0.05, atol=0.05)


def test_refusals() -> None:
    irreps = Irreps("Oh", "A1g + T1u")
    with pytest.raises(ValueError, match="a batch of 1 has no variance"):
        BatchNorm(irreps)(torch.zeros(1, 4))
    with pytest.raises(ValueError, match=r"0 < μ ≤ 1, not 0"):
        BatchNorm(irreps, momentum=0.0)
    for layer in (LayerNorm(irreps), BatchNorm(irreps)):
        with pytest.raises(ValueError, match="4 components"):
            layer(torch.zeros(5, 3))
