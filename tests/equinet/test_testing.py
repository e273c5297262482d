"""The tools that judge layers: they catch wrong ones, name where, and count exactly."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from thirty_two import every_group
from torch import Tensor, nn

from equinet import Irreps, Linear, assert_equivariant, count_parameters, intertwiner_dimension
from equinet.groups import O3, SO3, Group
from pointgroups import point_group


class Unstructured(nn.Module):
    """A deliberately wrong layer: its weight ignores the blocks."""

    def __init__(self, irreps: Irreps, strength: float = 1.0) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self.right = Linear(irreps, irreps)
        self.wrong = nn.Parameter(strength * torch.randn(irreps.dim, irreps.dim))

    def forward(self, features: Tensor) -> Tensor:
        return self.right(features) + features @ self.wrong


class WithoutCommutant(nn.Module):
    """Equivariant, but less than the general map: it drops J."""

    def __init__(self, irreps_in: Irreps, irreps_out: Irreps) -> None:
        super().__init__()
        self.irreps_in, self.irreps_out = irreps_in, irreps_out
        (block_in,), (block_out,) = irreps_in.blocks, irreps_out.blocks
        self.weight = nn.Parameter(torch.randn(block_out.multiplicity, block_in.multiplicity))

    def forward(self, features: Tensor) -> Tensor:
        copies = features.unflatten(-1, (self.weight.shape[1], -1))
        return (self.weight @ copies).flatten(-2)


class Componentwise(nn.Module):
    """Wrong in one block only: a pointwise function of a vector's components."""

    def __init__(self, irreps: Irreps) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps

    def forward(self, features: Tensor) -> Tensor:
        return torch.cat([features[..., :2], torch.relu(features[..., 2:])], -1)


@every_group
def test_a_weight_that_ignores_the_blocks_is_caught(name: str, space) -> None:
    irreps = space(name)
    if point_group(name).order == 1:
        assert_equivariant(Unstructured(irreps))
        return
    with pytest.raises(AssertionError, match="Unstructured is not equivariant"):
        assert_equivariant(Unstructured(irreps))


def test_a_small_fault_is_caught_too() -> None:
    irreps = Irreps("Oh", "A1g + Eg + T1u")
    with pytest.raises(AssertionError):
        assert_equivariant(Unstructured(irreps, strength=1e-9))
    assert_equivariant(Unstructured(irreps, strength=1e-9), tolerance=1e-7)


def test_the_failure_names_element_block_and_error() -> None:
    with pytest.raises(AssertionError) as failure:
        assert_equivariant(Componentwise(Irreps("Oh", "2x A1g + T1u")))
    message = str(failure.value)
    element = re.search(r"at element (\S+) in block 1x T1u", message)
    assert element is not None
    assert element[1] in point_group("Oh").elements
    assert re.search(r"relative error \d\.\d\de[+-]\d\d", message)


class Relabelled(nn.Module):
    """The components of one irrep taken for those of another."""

    def __init__(self, irreps_in: Irreps, irreps_out: Irreps) -> None:
        super().__init__()
        self.irreps_in, self.irreps_out = irreps_in, irreps_out

    def forward(self, features: Tensor) -> Tensor:
        return features


def test_all_rotations_are_tried_also_improper_ones() -> None:
    assert_equivariant(Relabelled(Irreps(SO3(1), "2x 1"), Irreps(SO3(1), "2x 1")))
    with pytest.raises(AssertionError) as failure:
        assert_equivariant(Relabelled(Irreps(O3(1), "2x 1o"), Irreps(O3(1), "1o + 1e")))
    message = str(failure.value)
    assert "Relabelled is not equivariant under O(3)" in message
    matrix = re.search(r"at R = (\[\[.*\]\]) in block 1x 1e", message)
    assert matrix is not None
    numbers = np.array([float(x) for x in re.findall(r"-?\d\.\d+", matrix[1])]).reshape(3, 3)
    np.testing.assert_allclose(numbers @ numbers.T, np.eye(3), atol=0.01)
    assert np.linalg.det(numbers) < 0
    with pytest.raises(AssertionError) as again:
        assert_equivariant(Relabelled(Irreps(O3(1), "2x 1o"), Irreps(O3(1), "1o + 1e")))
    assert str(again.value) == message


@pytest.mark.parametrize("group", [O3(2), SO3(2)], ids=repr)
def test_a_fault_is_caught_under_all_rotations(group: Group) -> None:
    irreps = Irreps(group, [(2, label) for label in group.real_irreps])
    with pytest.raises(AssertionError, match="Unstructured is not equivariant"):
        assert_equivariant(Unstructured(irreps, strength=1e-9))


def test_nothing_to_compare_is_no_fault() -> None:
    assert_equivariant(Relabelled(Irreps("Oh"), Irreps("Oh")))


def test_a_layer_that_drops_the_commutant_is_caught_by_its_count() -> None:
    irreps_in, irreps_out = Irreps("C3", "4x E"), Irreps("C3", "3x E")
    weak = WithoutCommutant(irreps_in, irreps_out)
    assert_equivariant(weak)
    assert intertwiner_dimension(irreps_in, irreps_out) == 2 * count_parameters(weak)
    assert count_parameters(Linear(irreps_in, irreps_out)) == intertwiner_dimension(irreps_in, irreps_out)


@every_group
def test_intertwiner_dimension_is_a_rank(name: str, space) -> None:
    """dim Hom_G(V, W) as the trace of the projector (1/|G|) Σ_g D′(g) ⊗ D(g)."""
    a, b = space(name), Irreps.regular(name)
    traces = np.trace(a.matrices, axis1=1, axis2=2) * np.trace(b.matrices, axis1=1, axis2=2)
    assert intertwiner_dimension(a, b) == round(traces.mean())


@every_group
def test_intertwiner_dimension_is_a_solution_count(name: str) -> None:
    """On the irreps themselves: the null space of {X ↦ Γ′(g) X − X Γ(g)}, for all pairs."""
    group = point_group(name)
    for a in group.real_irreps.values():
        for b in group.real_irreps.values():
            one_a, one_b = np.eye(a.dim), np.eye(b.dim)
            equations = [np.kron(y, one_a) - np.kron(one_b, x.T) for x, y in zip(a.matrices, b.matrices, strict=True)]
            null = a.dim * b.dim - np.linalg.matrix_rank(np.concatenate(equations))
            assert intertwiner_dimension(Irreps(name, [(1, a)]), Irreps(name, [(1, b)])) == null


def test_intertwiners_of_all_rotations() -> None:
    a, b = Irreps(O3(2), "2x 0e + 3x 1o + 1e + 1o"), Irreps(O3(2), "5x 1o + 0e + 2x 2e")
    assert intertwiner_dimension(a, b) == 2 * 1 + 4 * 5
    assert intertwiner_dimension(a, Irreps(O3(2), "1e + 0o")) == 1


def test_frozen_parameters_do_not_count() -> None:
    layer = Linear(Irreps("Oh", "3x A1g"), Irreps("Oh", "2x A1g"))
    assert layer.bias is not None
    layer.bias.requires_grad_(False)
    assert count_parameters(layer) == 6


def test_the_module_itself_is_untouched() -> None:
    layer = Linear(Irreps("Oh", "2x T1u"), Irreps("Oh", "2x T1u"))
    before = {name: value.clone() for name, value in layer.state_dict().items()}
    assert_equivariant(layer)
    assert all(torch.equal(before[name], value) for name, value in layer.state_dict().items())
    assert next(layer.parameters()).dtype == torch.float32


class Infinite(Componentwise):
    def forward(self, features: Tensor) -> Tensor:
        return features / 0


class Typeless(nn.Module):
    irreps_out = Irreps("Oh", "A1g")


def test_refusals() -> None:
    irreps = Irreps("Oh", "2x A1g + T1u")
    with pytest.raises(AssertionError, match="not finite"):
        assert_equivariant(Infinite(irreps))
    with pytest.raises(TypeError, match="pass inputs"):
        assert_equivariant(Typeless())
    with pytest.raises(TypeError, match="irreps_out"):
        assert_equivariant(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="dimension 5"):
        assert_equivariant(Componentwise(irreps), [(torch.zeros(2, 4), irreps)])
    with pytest.raises(ValueError, match="polar"):
        assert_equivariant(Componentwise(irreps), [(torch.zeros(2, 5), "axial")])  # type: ignore[list-item]
