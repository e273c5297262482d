"""Non-linearities: exactly equivariant for any function, of kept second moment, smooth where they say so."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from thirty_two import every_group
from torch import Tensor, nn

from equinet import O3, SO3, Gate, Irreps, PointwiseActivation, assert_equivariant
from equinet.isotypic import assemble, isotypic_parts
from equinet.layers.activation import Activation, NormActivation, moment_scale, norm_moment_scale
from pointgroups import point_group


def rough(x: Tensor) -> Tensor:
    """Neither smooth nor odd nor even."""
    return torch.where(x > 0.3, x, torch.sin(3 * x) - 0.2)


def layers(space: Irreps, activation: Activation = rough) -> dict[str, nn.Module]:
    norm = NormActivation(space, activation)
    for bias in norm.biases.values():
        nn.init.normal_(bias)
    return {"gate": Gate(space, activation, torch.tanh), "norm": norm}


@every_group
def test_any_function_of_the_values_is_equivariant(name: str) -> None:
    assert_equivariant(PointwiseActivation(name, 2, rough))
    group = point_group(name)
    g, powers = group.classes[-1].indices[0], [0]
    while (after := int(group.product[powers[-1], g])) != 0:
        powers.append(after)
    assert_equivariant(PointwiseActivation(name, 2, rough, subgroup=powers))


@pytest.mark.parametrize("subgroup", ["C4v", "D4h", "D2h", "Td", "C2v"])
def test_activation_on_cosets(subgroup: str) -> None:
    """Functions on vertices, axes … of the cube; the values themselves go through f."""
    layer = PointwiseActivation("Oh", 3, rough, subgroup).double()
    assert_equivariant(layer)
    values = torch.randn(5, len(layer.transform.cosets), 3, dtype=torch.float64)
    out = layer.transform(layer(layer.transform.inverse(values)))
    torch.testing.assert_close(out, moment_scale(rough) * rough(values), rtol=0, atol=1e-6)


@every_group
@pytest.mark.parametrize("kind", ["gate", "norm"])
def test_equivariant(name: str, kind: str, space) -> None:
    assert_equivariant(layers(space(name))[kind])


@every_group
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_and_gradients_turn_with_the_features(name: str, dtype: torch.dtype, space) -> None:
    """All elements at once: f(D(g) x) = D'(g) f(x), and the gradient of an invariant of the output turns by D(g)."""
    tolerance = 1e-11 if dtype == torch.float64 else 1e-4
    silu = nn.functional.silu
    for layer in [*layers(space(name), silu).values(), PointwiseActivation(name, 2, silu)]:
        layer.to(dtype)
        before, after = (torch.tensor(irreps.matrices, dtype=dtype) for irreps in (layer.irreps_in, layer.irreps_out))
        turned = torch.einsum("gij,nj->gni", before, torch.randn(3, layer.irreps_in.dim, dtype=dtype)).requires_grad_()
        out = layer(turned)
        (gradients,) = torch.autograd.grad(out.square().sum(), turned)
        assert out.dtype == dtype
        torch.testing.assert_close(out, torch.einsum("gij,nj->gni", after, out[0]), rtol=0, atol=tolerance)
        expected = torch.einsum("gij,nj->gni", before, gradients[0])
        torch.testing.assert_close(gradients, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("group", [O3(3), SO3(3)], ids=str)
@pytest.mark.parametrize("kind", ["gate", "norm"])
def test_orthogonal_groups(group, kind: str) -> None:
    irreps = Irreps(group, [(k % 2 + 1, label) for k, label in enumerate(group.real_irreps)])
    assert_equivariant(layers(irreps)[kind])


def test_functions_on_the_orthogonal_group_are_refused() -> None:
    with pytest.raises(ValueError, match=r"needs a finite group, and O\(3\) is infinite; take a point group"):
        PointwiseActivation(O3(2), 2, torch.relu)


@pytest.mark.parametrize("name", ["C3", "D2d", "Th", "Oh"])
@pytest.mark.parametrize("activation", [rough, torch.relu, torch.tanh, nn.functional.silu])
def test_second_moment_is_kept(name: str, activation) -> None:
    layer = PointwiseActivation(name, 20, activation)
    assert layer(torch.randn(500, layer.irreps_in.dim)).square().mean() == pytest.approx(1.0, abs=0.05)
    gate = Gate(Irreps.regular(name, 20), activation)
    assert gate(torch.randn(500, gate.irreps_in.dim)).square().mean() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("activation", [torch.sigmoid, torch.relu, torch.cos])
def test_norm_activation_keeps_the_second_moment_of_every_irrep(activation) -> None:
    irreps = Irreps("Oh", "20x A1g + 20x Eg + 20x T1u")
    parts = isotypic_parts(NormActivation(irreps, activation)(torch.randn(4000, irreps.dim)).detach(), irreps)
    for part in parts.values():
        assert part.square().mean() == pytest.approx(1.0, abs=0.03)


def test_moments_by_hand() -> None:
    """⟨relu²⟩ = 1/2; ⟨x² n²⟩ with n² = ‖x‖²/d is ⟨‖x‖⁴⟩/d² = (d + 2)/d."""
    assert moment_scale(torch.relu) == pytest.approx(2**0.5, rel=1e-4)
    for dim in (1, 2, 3, 7):
        assert norm_moment_scale(lambda n: n, dim) == pytest.approx((dim / (dim + 2)) ** 0.5, rel=1e-4)


def test_gate_by_hand() -> None:
    gate = Gate(Irreps("Oh", "T1u + A1g"))
    x = torch.tensor([1.0, 2.0, 3.0, 0.5, 0.7])
    sigma = torch.sigmoid(x[4]) * moment_scale(torch.sigmoid)
    silu = nn.functional.silu(x[3]) * moment_scale(nn.functional.silu)
    torch.testing.assert_close(gate(x), torch.cat([sigma * x[:3], silu[None]]))


def test_norm_activation_by_loops(space) -> None:
    irreps = space("Td")
    layer = layers(irreps)["norm"].double()
    features = torch.randn(4, irreps.dim, dtype=torch.float64)
    expected = {}
    for label, part in isotypic_parts(features, irreps).items():
        out = torch.zeros_like(part)
        for n in range(len(part)):
            for u in range(part.shape[1]):
                length = math.sqrt(float(part[n, u].square().mean()) + 1e-6)
                factor = rough(torch.tensor(length) + layer.biases[label][u].detach())
                out[n, u] = norm_moment_scale(rough, part.shape[2]) * factor * part[n, u]
        expected[label] = out
    torch.testing.assert_close(layer(features), assemble(expected, irreps, features), rtol=1e-6, atol=1e-6)


def test_norm_activation_is_smooth_at_zero() -> None:
    """Value 0, first derivative c f(ε + b), and a second derivative, at x = 0 and near it."""
    irreps = Irreps("Oh", "A1g + Eg + T1u")
    layer = NormActivation(irreps).double()
    for x in (torch.zeros(irreps.dim), 1e-9 * torch.randn(irreps.dim), 1e-3 * torch.randn(irreps.dim)):
        x = x.double().requires_grad_()
        (slope,) = torch.autograd.grad(layer(x).sum(), x, create_graph=True)
        (curvature,) = torch.autograd.grad(slope.square().sum(), x)
        assert slope.abs().max() < 2
        assert curvature.abs().max() < 2
    inputs = (torch.randn(2, irreps.dim, dtype=torch.float64, requires_grad=True),)
    assert torch.autograd.gradcheck(layer, inputs)
    assert torch.autograd.gradgradcheck(layer, inputs)


def test_bias_moves_the_function_of_the_norm() -> None:
    layer = NormActivation(Irreps("Oh", "T1u"), torch.relu)
    x = torch.tensor([0.0, 0.3, 0.4])
    assert layer(x).abs().max() > 0
    with torch.no_grad():
        layer.biases["T1u"].fill_(-1.0)
    assert torch.equal(layer(x), torch.zeros(3))


def test_state_holds_what_is_learned_alone(space) -> None:
    irreps = space("C3h")
    norm = NormActivation(irreps)
    assert set(norm.state_dict()) == {f"biases.{label}" for label in irreps.labels}
    assert not Gate(irreps).state_dict()
    assert not PointwiseActivation("C3h", 2, torch.relu).state_dict()
    x = torch.randn(2, irreps.dim)
    torch.testing.assert_close(copy.deepcopy(norm).double()(x.double()).float(), norm(x))
    norm.load_state_dict({name: value + 1 for name, value in norm.state_dict().items()})
    norm(x).sum().backward()
    assert all(bias.grad is not None and bias.grad.abs().min() > 0 for bias in norm.parameters())


def test_runs_under_autocast(space) -> None:
    irreps = space("D3d")
    for layer in [*layers(irreps).values(), PointwiseActivation("D3d", 3, torch.tanh)]:
        features = torch.randn(4, layer.irreps_in.dim)
        with torch.autocast("cpu", torch.bfloat16):
            out = layer(features)
        torch.testing.assert_close(out.float(), layer(features), rtol=0.05, atol=0.05)


@pytest.mark.parametrize("activation", [torch.zeros_like, lambda x: x / 0])
def test_a_function_without_second_moment_is_refused(activation) -> None:
    with pytest.raises(ValueError, match="second moment"):
        moment_scale(activation)
    with pytest.raises(ValueError, match="second moment"):
        NormActivation(Irreps("Oh", "T1u"), activation)


def test_features_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="5 components"):
        Gate(Irreps("Oh", "T1u + A1g"))(torch.zeros(4))
    with pytest.raises(ValueError, match="4 components"):
        NormActivation(Irreps("Oh", "T1u + A1g"))(torch.zeros(5))
