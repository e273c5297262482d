"""The product of functions: values times values, in whichever picture it is computed."""

from __future__ import annotations

import copy

import pytest
import torch
from thirty_two import every_group

from equinet import FourierTransform, FunctionProduct, assert_equivariant
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import UnknownIrrepError, point_group

CHANNELS = 2


def slow(layer: FunctionProduct, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Both functions with all their irreps, multiplied value by value, and what is not wanted left out."""
    transform = FourierTransform(layer.irreps_out.group, CHANNELS).double()
    whole = transform.irreps_in
    values = [
        transform(assemble(isotypic_parts(features, irreps), whole, features))
        for features, irreps in ((x, layer.irreps_in1), (y, layer.irreps_in2))
    ]
    components = isotypic_parts(transform.inverse(values[0] * values[1]), whole)
    return assemble({label: components[label] for label in layer.irreps_out.labels}, layer.irreps_out, x)


def products(name: str) -> list[FunctionProduct]:
    """Of all irreps, of few, and of different ones."""
    labels = list(point_group(name).real_irreps)
    few = FunctionProduct(name, CHANNELS, labels[:1], labels[-1:], labels[-1:])
    mixed = FunctionProduct(name, CHANNELS, labels[::2], None, labels[::-1][:2])
    return [FunctionProduct(name, CHANNELS), few, mixed]


@every_group
def test_is_the_product_of_the_values(name: str) -> None:
    for layer in products(name):
        tested = copy.deepcopy(layer).double()
        x, y = (torch.randn(40, i.dim, dtype=torch.float64) for i in (layer.irreps_in1, layer.irreps_in2))
        expected, found = slow(layer, x, y), tested(x, y)
        scale = (found * expected).sum() / expected.square().sum()  # the constant c
        torch.testing.assert_close(found, scale * expected, rtol=0, atol=1e-12)
        assert scale > 0.1


@every_group
def test_equivariant(name: str) -> None:
    for layer in products(name):
        assert_equivariant(layer)


@every_group
def test_unit_mean_square(name: str) -> None:
    layer = FunctionProduct(name, 50)
    out = layer(*(torch.randn(2000, i.dim) for i in (layer.irreps_in1, layer.irreps_in2)))
    assert out.square().mean().item() == pytest.approx(1.0, abs=0.05)


def test_takes_the_cheaper_way() -> None:
    assert FunctionProduct("Oh", 1).on_the_group
    assert not FunctionProduct("Oh", 1, ["A1g"], None, ["T1u"]).on_the_group
    whole, few = FunctionProduct("Oh", 1), FunctionProduct("Oh", 1, ["A1g", "T1u"], ["T1u"], ["A1g"])
    assert sum(b.numel() for b in whole.buffers()) == 3 * 48 * 48
    assert sum(b.numel() for b in few.buffers()) == 10 * 9
    assert not whole.state_dict()


def test_leading_axes_broadcast() -> None:
    layer = FunctionProduct("D3", 2).double()
    x, y = torch.randn(4, 1, 12, dtype=torch.float64), torch.randn(3, 12, dtype=torch.float64)
    torch.testing.assert_close(layer(x, y)[2, 1], layer(x[2, 0], y[1]))


def test_refusals() -> None:
    with pytest.raises(UnknownIrrepError, match="T1u"):
        FunctionProduct("C4v", 1, ["T1u"])
    with pytest.raises(ValueError, match="an irrep in each of its three spaces"):
        FunctionProduct("C4v", 1, [])
