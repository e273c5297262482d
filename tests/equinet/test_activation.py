"""Non-linearities: exactly equivariant for any function, of kept second moment."""

from __future__ import annotations

import pytest
import torch
from thirty_two import every_group
from torch import Tensor

from equinet import GatedActivation, Irreps, PointwiseActivation, assert_equivariant
from equinet.layers.activation import moment_scale


def rough(x: Tensor) -> Tensor:
    """Neither smooth nor odd nor even."""
    return torch.where(x > 0.3, x, torch.sin(3 * x) - 0.2)


@every_group
def test_any_function_of_the_values_is_equivariant(name: str) -> None:
    assert_equivariant(PointwiseActivation(name, 2, rough))


@every_group
def test_gate_is_equivariant(name: str, space) -> None:
    assert_equivariant(GatedActivation(space(name), rough))


@pytest.mark.parametrize("name", ["C3", "D2d", "Th", "Oh"])
@pytest.mark.parametrize("activation", [rough, torch.relu, torch.tanh, torch.nn.functional.silu])
def test_second_moment_is_kept(name: str, activation) -> None:
    layer = PointwiseActivation(name, 20, activation)
    assert layer(torch.randn(500, layer.irreps_in.dim)).square().mean() == pytest.approx(1.0, abs=0.05)
    gate = GatedActivation(Irreps.regular(name, 20), activation)
    assert gate(torch.randn(500, gate.irreps_in.dim)).square().mean() == pytest.approx(1.0, abs=0.05)


def test_gate_by_hand() -> None:
    gate = GatedActivation(Irreps("Oh", "T1u + A1g"))
    x = torch.tensor([1.0, 2.0, 3.0, 0.5, 0.7])
    sigma = torch.sigmoid(x[4]) * moment_scale(torch.sigmoid)
    silu = torch.nn.functional.silu(x[3]) * moment_scale(torch.nn.functional.silu)
    torch.testing.assert_close(gate(x), torch.cat([sigma * x[:3], silu[None]]))


@pytest.mark.parametrize("activation", [torch.zeros_like, lambda x: x / 0])
def test_a_function_without_second_moment_is_refused(activation) -> None:
    with pytest.raises(ValueError, match="second moment"):
        moment_scale(activation)


def test_features_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="5 components"):
        GatedActivation(Irreps("Oh", "T1u + A1g"))(torch.zeros(4))
