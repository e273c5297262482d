"""Unit variance in, unit variance out, at the start: every layer on every group, averaged over random weights.

A new layer is one line of ``LAYERS``: how to build it for a group, and random inputs of unit variance for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
import torch
from thirty_two import every_group
from torch import Tensor, nn

from equinet import (
    AngularBasis,
    BatchNorm,
    Dropout,
    FourierTransform,
    Gate,
    GaussianBasis,
    GraphAttention,
    Irreps,
    LayerNorm,
    Linear,
    NormActivation,
    PointGroupConvolution,
    PointwiseActivation,
    TensorProduct,
)
from equinet.isotypic import isotypic_parts
from pointgroups import point_group

CUTOFF = 5.0
DEGREE = 12
ATOMS = 40
DRAWS = 12


def space(name: str) -> Irreps:
    """Eight copies of the trivial irrep, four or six of every other one, and more in the smallest groups."""
    group = point_group(name)
    more = 1 + 8 // group.order
    copies = [8, *(4 + 2 * (k % 2) for k in range(1, len(group.real_irreps)))]
    return Irreps(group, [(more * n, label) for n, label in zip(copies, group.real_irreps, strict=True)])


def one(layer: nn.Module) -> tuple[Tensor, ...]:
    return (torch.randn(ATOMS, layer.irreps_in.dim),)


def two(layer: nn.Module) -> tuple[Tensor, ...]:
    return torch.randn(ATOMS, layer.irreps_in1.dim), torch.randn(ATOMS, layer.irreps_in2.dim)


def ball(number: int) -> Tensor:
    """Vectors spread evenly over the cutoff ball."""
    return CUTOFF * torch.rand(number, 1) ** (1 / 3) * nn.functional.normalize(torch.randn(number, 3), dim=1)


def graph(layer: nn.Module) -> tuple[Tensor, ...]:
    """Every atom has DEGREE bonds to random atoms."""
    target = torch.arange(ATOMS).repeat_interleave(DEGREE)
    source = torch.randint(0, ATOMS, (ATOMS * DEGREE,))
    return torch.randn(ATOMS, layer.irreps_in.dim), torch.stack([source, target]), ball(ATOMS * DEGREE)


class Case(NamedTuple):
    """``tolerance``: three standard errors of the mean, or more, in the group where it fluctuates most."""

    build: Callable[[str], nn.Module]
    inputs: Callable[[nn.Module], tuple[Tensor, ...]]
    tolerance: float


LAYERS = {
    "Linear": Case(lambda g: Linear(space(g), space(g)), one, 0.15),
    "TensorProduct": Case(lambda g: TensorProduct(space(g), space(g), space(g)), two, 0.1),
    "FourierTransform": Case(lambda g: FourierTransform(g, 8), one, 0.12),
    "PointwiseActivation": Case(lambda g: PointwiseActivation(g, 8, nn.functional.silu), one, 0.15),
    "Gate": Case(lambda g: Gate(space(g)), one, 0.1),
    "NormActivation": Case(lambda g: NormActivation(space(g)), one, 0.1),
    "LayerNorm": Case(lambda g: LayerNorm(space(g)), one, 0.01),
    "BatchNorm": Case(lambda g: BatchNorm(space(g)), one, 0.01),
    "Dropout": Case(lambda g: Dropout(space(g), 0.2).eval(), one, 0.06),
    "AngularBasis": Case(lambda g: AngularBasis(g, 3), lambda layer: (ball(500),), 0.001),
    "PointGroupConvolution": Case(
        lambda g: PointGroupConvolution(space(g), space(g), 2, GaussianBasis(CUTOFF, 6), DEGREE), graph, 0.12
    ),
    "GraphAttention": Case(
        lambda g: GraphAttention(space(g), space(g), 2, GaussianBasis(CUTOFF, 6), DEGREE), graph, 0.4
    ),
}


BY_IRREP = ("Linear", "TensorProduct", "LayerNorm", "NormActivation", "PointGroupConvolution")
every_layer = pytest.mark.parametrize("case", LAYERS.values(), ids=LAYERS)


@every_group
@every_layer
def test_unit_variance(case: Case, name: str) -> None:
    moments = []
    for _ in range(DRAWS):
        layer = case.build(name)
        with torch.no_grad():
            moments.append(layer(*case.inputs(layer)).square().mean().item())
    assert sum(moments) / DRAWS == pytest.approx(1.0, abs=case.tolerance)


@every_group
@pytest.mark.parametrize("case", [LAYERS[key] for key in BY_IRREP], ids=BY_IRREP)
def test_unit_variance_of_every_irrep(case: Case, name: str) -> None:
    """Each irrep by itself; few numbers are averaged, so this tells a factor of two and no less."""
    moments: dict[str, list[float]] = {}
    for _ in range(DRAWS):
        layer = case.build(name)
        with torch.no_grad():
            parts = isotypic_parts(layer(*case.inputs(layer)), layer.irreps_out)
        for label, part in parts.items():
            moments.setdefault(label, []).append(part.square().mean().item())
    assert {label: sum(found) / DRAWS for label, found in moments.items()} == pytest.approx(
        dict.fromkeys(moments, 1.0), abs=0.5
    )
