"""The general linear map: equivariant, complete by the character formula, of unit variance."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from random_irreps import random_pairs
from thirty_two import every_group, random_rotation
from torch import Tensor, nn

from equinet import (
    O3,
    SO3,
    FromE3NN,
    Irreps,
    Linear,
    ToE3NN,
    assert_equivariant,
    count_parameters,
    intertwiner_dimension,
    to_e3nn,
)
from pointgroups import point_group


@every_group
def test_equivariant_under_every_element(name: str, space) -> None:
    layer = Linear(space(name), Irreps.regular(name, 2))
    if layer.bias is not None:
        nn.init.normal_(layer.bias)
    assert_equivariant(layer)


@every_group
def test_gradient_is_equivariant(name: str, space) -> None:
    """y ↦ Wᵀy, the gradient of ⟨y, Wx⟩, commutes with the group if W does."""
    irreps = space(name)
    layer = Linear(irreps, irreps, bias=False).double()
    x, y = torch.randn(2, irreps.dim, dtype=torch.float64), torch.randn(2, irreps.dim, dtype=torch.float64)
    for matrix in torch.tensor(irreps.matrices):
        pulled = [_pullback(layer, x, y), _pullback(layer, x @ matrix.T, y @ matrix.T)]
        torch.testing.assert_close(pulled[1], pulled[0] @ matrix.T, rtol=1e-12, atol=1e-12)


@settings(max_examples=60)
@given(random_pairs())
def test_random_sums(pair: tuple[Irreps, Irreps]) -> None:
    """Equivariant, complete, and blind to how the sums are written."""
    irreps_in, irreps_out = pair
    layer = Linear(irreps_in, irreps_out, bias=False)
    assert count_parameters(layer) == layer.weight_numel == intertwiner_dimension(irreps_in, irreps_out)
    assert_equivariant(layer)
    other = Linear(irreps_in.simplify(), irreps_out.simplify(), bias=False)
    other.load_state_dict(layer.state_dict())
    x = irreps_in.randn(3)
    torch.testing.assert_close(other(x), layer(x), rtol=1e-5, atol=1e-6)


def test_the_general_map_over_all_rotations() -> None:
    irreps = Irreps(O3(3), "2x 0e + 0o + 3x 1o + 2x 1e + 2e + 3o")
    layer = Linear(irreps, irreps)
    nn.init.normal_(layer.bias)
    assert_equivariant(layer)
    assert layer.weight_numel == 4 + 1 + 9 + 4 + 1 + 1 == intertwiner_dimension(irreps, irreps)
    assert_equivariant(Linear(Irreps(SO3(2), "2x 0 + 3x 1 + 2"), Irreps(SO3(2), "0 + 2x 1")))


def test_against_e3nn_on_the_same_weights() -> None:
    o3 = pytest.importorskip("e3nn.o3")
    irreps_in, irreps_out = (
        Irreps(O3(3), "4x 0e + 3x 1o + 2e + 2x 3o + 0o"),
        Irreps(O3(3), "5x 0e + 2x 1o + 3x 3o + 2e"),
    )
    layer = Linear(irreps_in, irreps_out, bias=False).double()
    theirs = o3.Linear(to_e3nn(irreps_in), to_e3nn(irreps_out)).double()
    with torch.no_grad():
        for i, instruction, weight in theirs.weight_views(yield_instruction=True):
            layer.weights[irreps_in[theirs.instructions[i].i_in].label][:, 0] = instruction.path_weight * weight.T
    x = irreps_in.randn(7, dtype=torch.float64)
    into, back = ToE3NN(irreps_in).double(), FromE3NN(irreps_out).double()
    torch.testing.assert_close(layer(x), back(theirs(into(x))), rtol=0, atol=1e-13)


def test_gradient_is_equivariant_under_all_rotations() -> None:
    irreps = Irreps(O3(2), "2x 0e + 0o + 2x 1o + 1e + 2e")
    layer = Linear(irreps, irreps, bias=False).double()
    x, y = irreps.randn(2, dtype=torch.float64), irreps.randn(2, dtype=torch.float64)
    for turn in (random_rotation(0), -random_rotation(1)):
        matrix = torch.tensor(irreps.matrix(turn))
        pulled = [_pullback(layer, x, y), _pullback(layer, x @ matrix.T, y @ matrix.T)]
        torch.testing.assert_close(pulled[1], pulled[0] @ matrix.T, rtol=1e-12, atol=1e-12)


def _pullback(layer: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad((layer(x) * y).sum(), x)[0]


@every_group
def test_single_precision_is_double_precision_rounded(name: str, space) -> None:
    irreps = space(name)
    layer, x = Linear(irreps, irreps), irreps.randn(5)
    single = layer(x)
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), layer.double()(x.double()), rtol=1e-5, atol=1e-6)


@every_group
def test_weights_number_the_intertwiners(name: str, space) -> None:
    irreps_in, irreps_out = space(name), Irreps.regular(name, 2)
    layer = Linear(irreps_in, irreps_out)
    assert layer.weight_numel == intertwiner_dimension(irreps_in, irreps_out)
    trivial = next(iter(point_group(name).real_irreps))
    assert count_parameters(layer) == layer.weight_numel + irreps_out.count(trivial)


@every_group
def test_maps_of_single_weights_are_independent(name: str, space) -> None:
    """The maps that belong to one weight each span a space of dimension dim Hom_G(V, V)."""
    irreps = space(name)
    layer = Linear(irreps, irreps, bias=False).double()
    units = torch.eye(layer.weight_numel, dtype=torch.float64)[:, None]
    maps = layer(torch.eye(irreps.dim, dtype=torch.float64).expand(len(units), -1, -1), units)
    assert torch.linalg.matrix_rank(maps.flatten(1)) == intertwiner_dimension(irreps, irreps)


@every_group
def test_against_a_dense_projection(name: str, space) -> None:
    """The layer's matrix is its own average (1/|G|) Σ_g D′(g) W D(g)⁻¹ over the group."""
    irreps_in, irreps_out = space(name), Irreps.regular(name)
    layer = Linear(irreps_in, irreps_out, bias=False).double()
    dense = layer(torch.eye(irreps_in.dim, dtype=torch.float64)).T
    averaged = (torch.tensor(irreps_out.matrices) @ dense @ torch.tensor(irreps_in.matrices).mT).mean(0)
    torch.testing.assert_close(averaged, dense, rtol=0, atol=1e-12)


def test_complex_type_pair_has_two_weights() -> None:
    layer = Linear(Irreps("C4", "E"), Irreps("C4", "E"), bias=False)
    assert layer.weights["E"].shape == (1, 2, 1)
    with torch.no_grad():
        layer.weights["E"].copy_(torch.tensor([[[0.0], [1.0]]]))
    turned = layer(torch.tensor([1.0, 0.0]))
    j = torch.tensor(point_group("C4").real_irreps["E"].commutant[1], dtype=torch.float32)
    assert turned.equal(j @ torch.tensor([1.0, 0.0]))


@pytest.mark.parametrize("name", ["C1", "C3", "C6h", "Th", "Oh"])
def test_unit_variance_at_the_start(name: str) -> None:
    irreps = Irreps.regular(name, 24)
    moments = [Linear(irreps, irreps)(torch.randn(400, irreps.dim)).var() for _ in range(8)]
    assert torch.stack(moments).mean().item() == pytest.approx(1.0, abs=0.1)


def test_the_names_of_blocks_do_not_matter() -> None:
    one, two = Irreps("Oh", "3x A1g + 2x T1u"), Irreps("Oh", "A1g + 2x A1g + T1u + T1u")
    first, second = Linear(one, one), Linear(two, two)
    second.load_state_dict(first.state_dict())
    x = torch.randn(5, one.dim)
    assert torch.equal(first(x), second(x))


def test_an_irrep_that_does_not_come_in_comes_out_zero() -> None:
    layer = Linear(Irreps("Oh", "T1u"), Irreps("Oh", "2x A1g + T2g"))
    nn.init.ones_(layer.bias)
    assert layer(torch.randn(4, 3)).tolist() == [[1.0, 1.0, 0.0, 0.0, 0.0]] * 4


def test_weights_from_outside_replace_the_own() -> None:
    irreps = Irreps("C3", "2x A + 3x E")
    layer = Linear(irreps, irreps, bias=False)
    own = torch.cat([weight.flatten() for weight in layer.weights.values()])
    x = torch.randn(4, irreps.dim)
    torch.testing.assert_close(layer(x, own.expand(4, -1)), layer(x))
    torch.testing.assert_close(layer(x[0], own.expand(4, -1)), layer(x[0]).expand(4, -1))
    with pytest.raises(ValueError, match=r"takes \(…, 22\) weights"):
        layer(x, own[:-1])


def test_state_holds_weights_alone_and_survives_precision_and_copies() -> None:
    irreps = Irreps("C6", "2x A + 3x E1 + E2")
    layer = Linear(irreps, irreps)
    assert set(layer.state_dict()) == {"weights.A", "weights.E1", "weights.E2", "bias"}
    assert_equivariant(copy.deepcopy(layer).half().float())


def test_groups_must_agree() -> None:
    with pytest.raises(ValueError, match="different groups"):
        Linear(Irreps("Oh", "A1g"), Irreps("O", "A1"))
