"""The general bilinear map: equivariant, complete by the character formula, equal to the formula written as loops."""

from __future__ import annotations

import copy
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_irreps import random_irreps, random_pairs
from thirty_two import every_group
from torch import Tensor, nn

from equinet import O3, SO3, Irreps, TensorProduct, assert_equivariant, intertwiner_dimension
from equinet.groups import coupling as coupling_of_rotations
from equinet.isotypic import isotypic_parts
from pointgroups import coupling, point_group


def one_of_each(name: str) -> Irreps:
    return Irreps(name, dict.fromkeys(point_group(name).real_irreps, 1))


@every_group
def test_equivariant_under_every_element(name: str) -> None:
    irreps = one_of_each(name)
    assert_equivariant(TensorProduct(irreps, irreps, irreps))


@settings(max_examples=40)
@given(random_pairs().flatmap(lambda pair: st.tuples(st.just(pair), random_irreps(pair[0].group))))
def test_random_spaces(spaces: tuple[tuple[Irreps, Irreps], Irreps]) -> None:
    """Of point groups, O(3) and SO(3), whatever blocks stand in whatever order, empty sums among them."""
    (first, second), out = spaces
    layer = TensorProduct(first, second, out)
    assert_equivariant(layer)
    assert layer.weight_numel == intertwiner_dimension(first.tensor_product(second), out)


class Pullback(nn.Module):
    """(x, y, v) → ∂/∂x ⟨v, layer(x, y)⟩, which turns with x where the layer is equivariant."""

    def __init__(self, layer: TensorProduct) -> None:
        super().__init__()
        self.layer = layer
        self.irreps_out = layer.irreps_in1

    def forward(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.clone().requires_grad_()
            return torch.autograd.grad((self.layer(x, y) * v).sum(), x)[0]


@every_group
def test_gradient_is_equivariant(name: str) -> None:
    irreps = one_of_each(name)
    assert_equivariant(Pullback(TensorProduct(irreps, irreps, irreps)), [(torch.randn(2, irreps.dim), irreps)] * 3)


@pytest.mark.parametrize("group", [O3(2), SO3(2)], ids=str)
def test_equivariant_under_rotations(group) -> None:
    irreps = Irreps(group, dict.fromkeys(group.real_irreps, 2))
    layer = TensorProduct(irreps, irreps, irreps)
    assert_equivariant(layer)
    assert layer.weight_numel == intertwiner_dimension(irreps.tensor_product(irreps), irreps)


@every_group
def test_weights_number_the_bilinear_intertwiners(name: str, space) -> None:
    first, second, out = space(name), one_of_each(name), Irreps.regular(name)
    layer = TensorProduct(first, second, out)
    assert layer.weight_numel == intertwiner_dimension(first.tensor_product(second), out)


@every_group
def test_maps_of_single_weights_are_independent(name: str) -> None:
    """Rank of all bilinear maps with one weight each, on the three irreps of largest dimension."""
    group = point_group(name)
    labels = sorted(group.real_irreps, key=lambda label: -group.real_irreps[label].dim)[:3]
    irreps = Irreps(name, dict.fromkeys(labels, 1))
    layer = TensorProduct(irreps, irreps, irreps).double()
    if not layer.weight_numel:
        pytest.skip("the three irreps couple to none of themselves")
    one = torch.eye(irreps.dim, dtype=torch.float64)
    units = torch.eye(layer.weight_numel, dtype=torch.float64)[:, None, None]
    maps = layer(one[:, None], one[None], units.expand(-1, irreps.dim, irreps.dim, -1))
    assert torch.linalg.matrix_rank(maps.flatten(1)) == layer.weight_numel


@pytest.mark.parametrize("name", ["C3", "C4v", "D3", "T", "Oh"])
def test_against_loops(name: str) -> None:
    """out^γ_u = Σ_p W_{u p} J_t (U^m x_v y_w), one p = (α, β, m, t, w, v) at a time in the order of the parameters."""
    first, second, out = Irreps.regular(name), one_of_each(name) + one_of_each(name), one_of_each(name) * 2
    layer = TensorProduct(first, second, out).double()
    x, y = torch.randn(first.dim, dtype=torch.float64), torch.randn(second.dim, dtype=torch.float64)
    irreps, result = point_group(name).real_irreps, isotypic_parts(layer(x, y), out)
    left, right = isotypic_parts(x, first), isotypic_parts(y, second)
    for c in out.labels:
        products = []
        for a, b in product(first.labels, second.labels):
            for u in torch.tensor(coupling(irreps[a], irreps[b], irreps[c])):
                for j in torch.tensor(irreps[c].commutant):
                    products += [torch.einsum("i,j,ijn,nk->k", v, w, u, j) for w in right[b] for v in left[a]]
        for copy_of_c, weights in zip(result[c], layer.weights[c], strict=True):
            expected = sum(weight * z for weight, z in zip(weights, products, strict=True))
            torch.testing.assert_close(copy_of_c, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["C3", "Th", "Oh"])
def test_unit_variance_at_the_start(name: str) -> None:
    irreps = 2 * Irreps.regular(name)
    layer = TensorProduct(irreps, irreps, irreps)
    assert layer(torch.randn(100, irreps.dim), torch.randn(100, irreps.dim)).var().item() == pytest.approx(1.0, abs=0.1)


def test_weights_for_every_edge() -> None:
    first, second, out = Irreps("Oh", "2x T1u + A1g"), Irreps("Oh", "T1u + Eg"), Irreps("Oh", "3x T1u + A1g")
    layer = TensorProduct(first, second, out)
    x, y, weight = torch.randn(7, first.dim), torch.randn(7, second.dim), torch.randn(7, layer.weight_numel)
    together = layer(x, y, weight)
    apart = torch.stack([layer(x[e], y[e], weight[e]) for e in range(7)])
    torch.testing.assert_close(together, apart)


def test_leading_axes_broadcast() -> None:
    irreps = Irreps("D4h", "2x A1g + Eu")
    layer = TensorProduct(irreps, irreps, irreps)
    assert layer(torch.randn(3, 1, irreps.dim), torch.randn(4, irreps.dim)).shape == (3, 4, irreps.dim)


def test_nothing_couples() -> None:
    layer = TensorProduct(Irreps("Oh", "A1g"), Irreps("Oh", "A1g"), Irreps("Oh", "T1u"))
    assert layer.weight_numel == 0
    assert layer(torch.randn(2, 1), torch.randn(2, 1)).tolist() == [[0.0] * 3] * 2
    assert not layer.state_dict()


@every_group
def test_single_precision(name: str) -> None:
    irreps = one_of_each(name)
    layer = TensorProduct(irreps, irreps, irreps)
    x, y = (torch.randn(3, irreps.dim, dtype=torch.float64) for _ in range(2))
    exact = copy.deepcopy(layer).double()(x, y)
    torch.testing.assert_close(layer(x.float(), y.float()).double(), exact, rtol=1e-4, atol=1e-5)


def test_given_weights_stand_as_the_parameters_do() -> None:
    irreps = Irreps("C3", "2x A + 3x E")
    layer = TensorProduct(irreps, irreps, irreps)
    flat = torch.cat([weight.flatten() for weight in layer.weights.values()])
    x, y = torch.randn(4, irreps.dim), torch.randn(4, irreps.dim)
    torch.testing.assert_close(layer(x, y, flat), layer(x, y))
    with pytest.raises(ValueError, match=r"takes \(…, 170\) weights; got shape \(7,\)"):
        layer(x, y, torch.randn(7))


def test_state_holds_the_path_weights() -> None:
    layer = TensorProduct(Irreps("Oh", "2x T1u"), Irreps("Oh", "T1u"), Irreps("Oh", "A1g + T2g"))
    assert set(layer.state_dict()) == {"weights.A1g", "weights.T2g"}


def test_second_derivatives() -> None:
    irreps = Irreps("C3", "A + E")
    layer = TensorProduct(irreps, irreps, irreps).double()
    x, y = (torch.randn(2, 3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    assert torch.autograd.gradgradcheck(lambda *z: layer(*z).pow(2), (x, y))


def test_compiles_whole_and_exports() -> None:
    torch._dynamo.reset()
    irreps = Irreps("D3", "2x A1 + A2 + 2x E")
    layer = TensorProduct(irreps, irreps, irreps)
    x, y = torch.randn(6, irreps.dim), torch.randn(6, irreps.dim)
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="eager")
    torch.testing.assert_close(compiled(x, y), layer(x, y))
    bonds = torch.export.Dim("bonds")
    program = torch.export.export(layer, (x, y), dynamic_shapes=[{0: bonds}] * 2)
    more = torch.randn(9, irreps.dim), torch.randn(9, irreps.dim)
    torch.testing.assert_close(program.module()(*more), layer(*more))


def test_against_e3nn_on_the_same_weights() -> None:
    """e3nn's fully connected product: the same harmonics (axes renamed), up to one sign for each coupling."""
    o3 = pytest.importorskip("e3nn.o3")
    group = O3(2)
    first, second, out = (Irreps(group, t) for t in ("3x 0e + 2x 1o + 2e", "2x 0e + 1o + 3x 2e", "4x 0e + 2x 1o + 2e"))
    layer = TensorProduct(first, second, out).double()
    weights = []
    theirs = o3.FullyConnectedTensorProduct(
        *(str(space).replace(" ", "") for space in (first, second, out)),
        path_normalization="none",
        internal_weights=False,
        shared_weights=True,
    ).double()
    for path in theirs.instructions:
        a, b, c = first[path.i_in1], second[path.i_in2], out[path.i_out]
        width, start = a.multiplicity * b.multiplicity, 0
        for before in [(p.i_in1, p.i_in2) for p in theirs.instructions if p.i_out == path.i_out]:
            if before < (path.i_in1, path.i_in2):
                start += first[before[0]].multiplicity * second[before[1]].multiplicity
        u = torch.tensor(coupling_of_rotations(a.irrep, b.irrep, c.irrep)[0])
        sign = torch.sign((o3.wigner_3j(a.irrep.degree, b.irrep.degree, c.irrep.degree).double() * u).sum())
        ours = layer.weights[c.label][:, start : start + width].unflatten(-1, (b.multiplicity, a.multiplicity))
        weights.append(sign * ours.permute(2, 1, 0).flatten())
    x, y = torch.randn(5, first.dim, dtype=torch.float64), torch.randn(5, second.dim, dtype=torch.float64)
    expected = theirs(x, y, torch.cat(weights))
    torch.testing.assert_close(layer(x, y), expected, rtol=0, atol=3e-6)  # e3nn's constants are rounded
    assert layer.weight_numel == theirs.weight_numel
