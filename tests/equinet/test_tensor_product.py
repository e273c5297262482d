"""The general bilinear map: equivariant, complete by the character formula, equal to the formula written as loops."""

from __future__ import annotations

import pytest
import torch
from thirty_two import every_group

from equinet import Irreps, TensorProduct, assert_equivariant, intertwiner_dimension
from equinet.isotypic import isotypic_parts
from pointgroups import coupling, point_group


def one_of_each(name: str) -> Irreps:
    return Irreps(name, dict.fromkeys(point_group(name).real_irreps, 1))


@every_group
def test_equivariant_under_every_element(name: str) -> None:
    irreps = one_of_each(name)
    assert_equivariant(TensorProduct(irreps, irreps, irreps))


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
    """out^γ_u = Σ_{paths, t} W (J_t)(U x y), one path at a time in the order of the parameters."""
    first, second, out = Irreps.regular(name), one_of_each(name), one_of_each(name) * 2
    layer = TensorProduct(first, second, out).double()
    x, y = torch.randn(first.dim, dtype=torch.float64), torch.randn(second.dim, dtype=torch.float64)
    irreps, result = point_group(name).real_irreps, isotypic_parts(layer(x, y), out)
    for c in out.labels:
        inputs = []
        for a in first.labels:
            for b in second.labels:
                u = torch.tensor(coupling(irreps[a], irreps[b], irreps[c]))
                for v in isotypic_parts(x, first)[a]:
                    for w in isotypic_parts(y, second)[b]:
                        inputs += [torch.einsum("i,j,ijn->n", v, w, copy) for copy in u]
        for copy, weights in enumerate(layer.linear.weights[c]):
            expected = torch.zeros(irreps[c].dim, dtype=torch.float64)
            for j, per_path in zip(torch.tensor(irreps[c].commutant), weights, strict=True):
                for weight, path in zip(per_path, inputs, strict=True):
                    expected += weight * (j @ path)
            torch.testing.assert_close(result[c][copy], expected, rtol=1e-12, atol=1e-12)


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
