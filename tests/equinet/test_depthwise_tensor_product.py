"""The depthwise product: equivariant, complete for each copy, equal to loops and, for O(3), to e3nn's mode "uvu"."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from hypothesis import given, settings
from random_irreps import random_pairs
from thirty_two import every_group
from torch import Tensor, nn

from equinet import DepthwiseTensorProduct, Irreps, assert_equivariant, intertwiner_dimension
from equinet.groups import O3, SO3, coupling
from equinet.isotypic import isotypic_parts
from pointgroups import point_group

every_dtype = pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)], ids=["float64", "float32"]
)


def spaces(name: str) -> tuple[Irreps, Irreps]:
    """Several copies of every irrep in scattered blocks, and the harmonics to ℓ = 2."""
    labels = list(point_group(name).real_irreps)
    first = Irreps(name, [*((k % 2 + 1, label) for k, label in enumerate(labels)), (2, labels[0])])
    bond = [(count, label) for l in range(3) for label, count in point_group(name).subduce(l).items()]
    return first, Irreps(name, bond)


class Pullback(nn.Module):
    """(x, y, v) → ∂/∂x ⟨v, layer(x, y)⟩, which turns with x where the layer is equivariant."""

    def __init__(self, layer: DepthwiseTensorProduct) -> None:
        super().__init__()
        self.layer = layer
        self.irreps_out = layer.irreps_in1

    def forward(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.clone().requires_grad_()
            return torch.autograd.grad((self.layer(x, y) * v).sum(), x)[0]


@every_group
def test_equivariant_under_every_element(name: str) -> None:
    assert_equivariant(DepthwiseTensorProduct(*spaces(name)))


@every_group
def test_gradient_is_equivariant(name: str) -> None:
    layer = DepthwiseTensorProduct(*spaces(name))
    inputs = [(torch.randn(3, space.dim), space) for space in (layer.irreps_in1, layer.irreps_in2, layer.irreps_out)]
    assert_equivariant(Pullback(layer), inputs)


@pytest.mark.parametrize("group", [O3(2), SO3(2)], ids=str)
def test_equivariant_under_rotations(group) -> None:
    labels = group.real_irreps
    layer = DepthwiseTensorProduct(Irreps(group, dict.fromkeys(labels, 2)), Irreps(group, dict.fromkeys(labels, 1)))
    assert_equivariant(layer)


@every_group
def test_weights_number_the_intertwiners_of_single_copies(name: str) -> None:
    first, second = spaces(name)
    every = Irreps(name, dict.fromkeys(point_group(name).real_irreps, 1))
    expected = sum(
        block.multiplicity * intertwiner_dimension(Irreps(name, [(1, block.irrep)]).tensor_product(second), every)
        for block in first
    )
    assert DepthwiseTensorProduct(first, second).weight_numel == expected


@settings(max_examples=40)
@given(random_pairs())
def test_random_spaces(pair: tuple[Irreps, Irreps]) -> None:
    """Of point groups, O(3) and SO(3), whatever blocks stand in whatever order, empty sums among them."""
    first, second = pair
    layer = DepthwiseTensorProduct(first, second)
    assert_equivariant(layer)
    every = Irreps(first.group, dict.fromkeys(first.group.real_irreps, 1))
    alone = [(block.multiplicity, Irreps(first.group, [(1, block.irrep)])) for block in first]
    expected = sum(n * intertwiner_dimension(one.tensor_product(second), every) for n, one in alone)
    assert layer.weight_numel == expected


@every_group
def test_maps_of_single_weights_are_independent(name: str) -> None:
    labels = sorted(point_group(name).real_irreps, key=lambda label: -point_group(name).real_irreps[label].dim)[:2]
    first, second = Irreps(name, dict.fromkeys(labels, 1)), spaces(name)[1]
    layer = DepthwiseTensorProduct(first, second, learned=False).double()
    units = torch.eye(layer.weight_numel, dtype=torch.float64)[:, None, None]
    x, y = (torch.eye(space.dim, dtype=torch.float64) for space in (first, second))
    maps = layer(x[:, None], y[None], units.expand(-1, first.dim, second.dim, -1))
    assert torch.linalg.matrix_rank(maps.flatten(1)) == layer.weight_numel


def loops(layer: DepthwiseTensorProduct, x: Tensor, y: Tensor) -> Tensor:
    """Σ_{w t} W (J_t)(U^m x_u y_w) for one pair of features, term by term, in the stated order of the weights."""
    irreps = layer.irreps_in1.group.real_irreps
    first, second = isotypic_parts(x, layer.irreps_in1), isotypic_parts(y, layer.irreps_in2)
    kept, outputs = layer.irreps_out.labels, {}
    for a in layer.irreps_in1.labels:
        for u, feature in enumerate(first[a]):
            numbers = iter(layer.weights[a][u]) if a in layer.weights else iter(())
            for c in kept:
                for b in layer.irreps_in2.labels:
                    for intertwiner in torch.tensor(coupling(irreps[a], irreps[b], irreps[c])):
                        total = torch.zeros(irreps[c].dim, dtype=torch.float64)
                        for partner in second[b]:
                            for j in torch.tensor(irreps[c].commutant):
                                pair = torch.einsum("i,j,ijk,kl->l", feature, partner, intertwiner, j)
                                total = total + next(numbers) * pair
                        outputs.setdefault((c, a), []).append(total)
            assert next(numbers, None) is None
    return torch.cat([one for c in kept for a in layer.irreps_in1.labels for one in outputs.get((c, a), [])])


@every_dtype
@every_group
def test_against_loops(name: str, dtype: torch.dtype, tolerance: float) -> None:
    labels = list(point_group(name).real_irreps)
    first = Irreps(name, [(2, labels[0]), (1, labels[-1]), (1, labels[0]), (1, labels[len(labels) // 2])])
    second = Irreps(name, [(1, labels[-1]), (2, labels[0]), (1, labels[-1])])
    layer = DepthwiseTensorProduct(first, second)
    x, y = torch.randn(first.dim, dtype=torch.float64), torch.randn(second.dim, dtype=torch.float64)
    result = layer.to(dtype)(x.to(dtype), y.to(dtype))
    expected = loops(copy.deepcopy(layer).double(), x, y)
    torch.testing.assert_close(result.double(), expected, rtol=tolerance, atol=tolerance)


def test_only_the_labels_asked_for() -> None:
    first, second = Irreps("D4h", "2x A1g + 3x Eu"), Irreps("D4h", "A1g + A2u + Eu")
    everything, some = DepthwiseTensorProduct(first, second), DepthwiseTensorProduct(first, second, ["Eu", "A1g"])
    assert some.irreps_out == everything.irreps_out.filter(["A1g", "Eu"]) != everything.irreps_out
    x, y = torch.randn(8, dtype=torch.float64), torch.randn(4, dtype=torch.float64)
    torch.testing.assert_close(some.double()(x, y), loops(some, x, y))


def test_weights_for_every_bond() -> None:
    first, second = spaces("D3")
    layer = DepthwiseTensorProduct(first, second, learned=False)
    assert not list(layer.parameters())
    x, y, weight = torch.randn(7, first.dim), torch.randn(7, second.dim), torch.randn(7, layer.weight_numel)
    apart = torch.stack([layer(x[e], y[e], weight[e]) for e in range(7)])
    torch.testing.assert_close(layer(x, y, weight), apart)


def test_given_weights_stand_as_the_parameters_do() -> None:
    layer = DepthwiseTensorProduct(*spaces("C3"))
    flat = torch.cat([weight.flatten() for weight in layer.weights.values()])
    x, y = torch.randn(4, layer.irreps_in1.dim), torch.randn(4, layer.irreps_in2.dim)
    torch.testing.assert_close(layer(x, y, flat), layer(x, y))


def test_equal_spaces_written_otherwise_are_equal() -> None:
    first, second = DepthwiseTensorProduct(Irreps("D3", "A1 + 2x E + 2x A1"), Irreps("D3", "2x E + A1")), None
    torch.manual_seed(0)
    second = DepthwiseTensorProduct(Irreps("D3", "3x A1 + 2x E"), Irreps("D3", "E + A1 + E"))
    second.load_state_dict(first.state_dict())
    x, y = torch.randn(7), torch.randn(5)
    moved_x, moved_y = torch.cat([x[:1], x[5:], x[1:5]]), torch.cat([y[:2], y[4:], y[2:4]])
    assert first.irreps_out == second.irreps_out
    torch.testing.assert_close(first(x, y), second(moved_x, moved_y))


@every_group
def test_unit_variance_at_the_start(name: str) -> None:
    first, second = spaces(name)
    squares = []
    for _ in range(20):
        layer = DepthwiseTensorProduct(4 * first, second)
        squares.append(layer(torch.randn(20, 4 * first.dim), torch.randn(20, second.dim)).square().mean().item())
    assert sum(squares) / len(squares) == pytest.approx(1.0, abs=0.15)


def test_leading_axes_broadcast() -> None:
    first, second = spaces("D4h")
    layer = DepthwiseTensorProduct(first, second)
    assert layer(torch.randn(3, 1, first.dim), torch.randn(4, second.dim)).shape == (3, 4, layer.irreps_out.dim)
    assert layer(torch.randn(0, first.dim), torch.randn(0, second.dim)).shape == (0, layer.irreps_out.dim)


def test_nothing_couples() -> None:
    layer = DepthwiseTensorProduct(Irreps("Oh", "2x A1g"), Irreps("Oh", "A1g"), ["T1u"])
    assert layer.weight_numel == 0
    assert layer(torch.randn(5, 2), torch.randn(5, 1)).shape == (5, 0)


def test_refusals() -> None:
    layer = DepthwiseTensorProduct(Irreps("Oh", "2x T1u"), Irreps("Oh", "T1u"), learned=False)
    with pytest.raises(ValueError, match=r"is given its weights \(…, 8\); got none"):
        layer(torch.randn(6), torch.randn(3))
    with pytest.raises(ValueError, match=r"takes \(…, 8\) weights; got shape \(7,\)"):
        layer(torch.randn(6), torch.randn(3), torch.randn(7))
    with pytest.raises(ValueError, match="have 3 components on the last axis"):
        layer(torch.randn(6), torch.randn(4), torch.randn(8))
    with pytest.raises(ValueError, match="different groups"):
        DepthwiseTensorProduct(Irreps("Oh", "T1u"), Irreps("Td", "T2"))


def test_state_copies_and_precisions() -> None:
    layer = DepthwiseTensorProduct(Irreps("Oh", "2x T1u"), Irreps("Oh", "A1g + T1u"))
    assert set(layer.state_dict()) == {"weights.T1u"}
    x, y = torch.randn(3, 6), torch.randn(3, 4)
    double = copy.deepcopy(layer).double()
    torch.testing.assert_close(double(x.double(), y.double()).float(), layer(x, y))
    assert double.coupling.dtype == torch.float64
    assert torch.equal(double.coupling.float().double(), layer.coupling.double())


def test_second_derivatives() -> None:
    layer = DepthwiseTensorProduct(Irreps("C3", "A + E"), Irreps("C3", "A + E")).double()
    x, y = (torch.randn(2, 3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    assert torch.autograd.gradgradcheck(lambda *z: layer(*z).pow(2), (x, y))


def test_against_e3nn_on_the_same_weights() -> None:
    """Mode "uvu": the same numbers in the same harmonics (axes renamed), up to one sign for each coupling."""
    o3 = pytest.importorskip("e3nn.o3")
    group = O3(2)
    first, second = Irreps(group, "3x 0e + 2x 1o + 4x 2e"), Irreps(group, "0e + 2x 1o + 2e")
    layer = DepthwiseTensorProduct(first, second, ["0e", "1e", "1o", "2e"]).double()
    irreps, instructions, outputs, weights, where = group.real_irreps, [], [], [], {}
    taken = dict.fromkeys(first.labels, 0)
    for i, a in enumerate(first):
        for c in layer.irreps_out.labels:
            for j, b in enumerate(second):
                u = coupling(a.irrep, b.irrep, irreps[c])
                if len(u):
                    w3j = o3.wigner_3j(a.irrep.degree, b.irrep.degree, irreps[c].degree).double()
                    sign = torch.sign((w3j * torch.tensor(u[0])).sum())
                    columns = layer.weights[a.label][:, taken[a.label] : taken[a.label] + b.multiplicity]
                    taken[a.label] += b.multiplicity
                    weights.append(sign * columns.flatten())
                    where.setdefault((c, a.label), []).append(len(outputs))
                    instructions.append((i, j, len(outputs), "uvu", True))
                    outputs.append((a.multiplicity, c))
    text = [str(space).replace(" ", "") for space in (first, second)]
    theirs = o3.TensorProduct(
        *text, outputs, instructions, path_normalization="none", internal_weights=False, shared_weights=True
    ).double()
    x, y = torch.randn(5, first.dim, dtype=torch.float64), torch.randn(5, second.dim, dtype=torch.float64)
    blocks = theirs(x, y, torch.cat(weights)).split([m * irreps[c].dim for m, c in outputs], -1)
    ordered = []
    for c in layer.irreps_out.labels:
        for a in first.labels:
            if (c, a) in where:
                paths = [blocks[k].unflatten(-1, (-1, irreps[c].dim)) for k in where[c, a]]
                ordered.append(torch.stack(paths, -2).flatten(-3))
    torch.testing.assert_close(layer(x, y), torch.cat(ordered, -1), rtol=0, atol=3e-6)  # e3nn's constants are rounded
    assert layer.weight_numel == theirs.weight_numel


def test_compiles_whole_and_exports() -> None:
    torch._dynamo.reset()
    layer = DepthwiseTensorProduct(*spaces("D3"), learned=False)
    shapes = (layer.irreps_in1.dim, layer.irreps_in2.dim, layer.weight_numel)
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="eager")
    inputs = [torch.randn(6, n) for n in shapes]
    torch.testing.assert_close(compiled(*inputs), layer(*inputs))
    bonds = torch.export.Dim("bonds")
    program = torch.export.export(layer, tuple(inputs), dynamic_shapes=[{0: bonds}] * 3)
    more = [torch.randn(9, n) for n in shapes]
    torch.testing.assert_close(program.module()(*more), layer(*more))
    assert math.prod(program.module()(*more).shape) == 9 * layer.irreps_out.dim
