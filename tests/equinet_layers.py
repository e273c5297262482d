"""Every layer of the package, once: how to build it for a group, and inputs of a given size for it.

Tests of what every layer must do (run compiled, exported, under autocast, vmap …) go through this table, so a new layer
is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim

import equinet as eq
from equinet import (
    O3,
    BatchNorm,
    DepthwiseTensorProduct,
    Dropout,
    FromE3NN,
    GraphAttention,
    GroupConvolution,
    Induction,
    IrrepReadout,
    Irreps,
    LayerNorm,
    NormActivation,
    OrientedFilters,
    PositiveDefinite,
    SiteTensorReadout,
    Subduction,
    SymmetricContraction,
    TensorReadout,
    ToE3NN,
)
from equinet.convolutions.kernel_basis import KernelBasis, KernelValues
from pointgroups import point_group

CUTOFF = 4.0
ORTHOGONAL = Irreps(O3(2), "3x0e + 2x1o + 2e")


@dataclass(frozen=True)
class Case:
    """``inputs(layer, atoms)`` are tensors; ``sizes`` tells for each which of its axes count "atoms" or "bonds"."""

    build: Callable[[str], nn.Module]
    inputs: Callable[[nn.Module, int], tuple[Tensor, ...]]
    sizes: tuple[dict[int, str], ...]
    running: frozenset[str] = frozenset()
    """Buffers that are learned in training: running means."""

    def dynamic_shapes(self, layer: nn.Module) -> tuple[dict[int, Any], ...]:
        """What ``torch.export`` is told of the axes."""
        return tuple({axis: Dim(name) for axis, name in axes.items()} for axes in self.sizes)


ATOMS = {0: "atoms"}
BONDS = ({1: "bonds"}, {0: "bonds"})


def mixed(name: str) -> Irreps:
    """All irreps, two copies of every other one."""
    return Irreps(name, [(k % 2 + 1, label) for k, label in enumerate(point_group(name).real_irreps)])


def features(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return (torch.randn(atoms, layer.irreps_in.dim),)


def two_features(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return torch.randn(atoms, layer.irreps_in1.dim), torch.randn(atoms, layer.irreps_in2.dim)


def vectors(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return (torch.randn(atoms, 3),)


def lengths(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return (0.3 + 3.5 * torch.rand(atoms),)


def random_bonds(atoms: int) -> tuple[Tensor, Tensor]:
    """Five bonds an atom, to random others."""
    target = torch.arange(atoms).repeat_interleave(5)
    return torch.stack([torch.randint(0, atoms, (5 * atoms,)), target]), torch.randn(5 * atoms, 3)


def graph_features(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return (torch.randn(atoms, layer.irreps_in.dim), *random_bonds(atoms))


def pooled_features(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return torch.randn(atoms, layer.readout.irreps_in.dim), torch.arange(atoms) % 2


def tensors(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return (torch.randn(atoms, 3, 3),)


def symmetric_tensors(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    matrices = torch.randn(atoms, 3, 3)
    return (matrices + matrices.mT,)


def coset_features(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return (torch.randn(atoms, len(layer.representatives), layer.irreps_in.dim),)


def typed_features(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    return torch.randn(atoms, layer.irreps_in.dim), torch.randint(0, 3, (atoms,))


def row_values(layer: nn.Module, atoms: int) -> tuple[Tensor, ...]:
    """Rows of a reduced graph: values, bonds and their filters, twists and their functions, orders."""
    bonds, _ = random_bonds(atoms)
    twists = torch.stack([torch.randint(0, atoms, (2 * atoms,)), torch.arange(atoms).repeat(2)])
    filters, turns = torch.randn(5 * atoms, 1, 6), torch.randn(2 * atoms, 70)
    return torch.randn(atoms, 4), bonds, filters, twists, turns, torch.full((atoms,), 2)


class OfTwoGraphs(nn.Module):
    """A readout of features and their graph numbers, for two graphs in their standard axes."""

    def __init__(self, readout: nn.Module, with_frames: bool) -> None:
        super().__init__()
        self.readout = readout
        self.with_frames = with_frames

    def forward(self, features: Tensor, batch: Tensor) -> Tensor:
        frames = torch.eye(3, dtype=features.dtype).expand(2, 3, 3)
        return self.readout(features, batch, frames if self.with_frames else 2)


class OnRows(nn.Module):
    """A :class:`GroupConvolution` of plain tensors."""

    def __init__(self) -> None:
        super().__init__()
        basis = KernelBasis(OrientedFilters(eq.BesselBasis(CUTOFF, 5), 2, 6))
        self.convolution = GroupConvolution(4, 3, basis, 5.0)

    def forward(
        self, values: Tensor, bonds: Tensor, filters: Tensor, twists: Tensor, turns: Tensor, orders: Tensor
    ) -> Tensor:
        return self.convolution(values, KernelValues(bonds, filters, twists, turns, orders))


def radial() -> nn.Module:
    return eq.RadialNetwork(eq.BesselBasis(CUTOFF, 5), 3)


def channels(name: str) -> Irreps:
    """Two copies of each irrep."""
    return Irreps(name, [(2, label) for label in point_group(name).real_irreps])


def running(irreps: Irreps) -> frozenset[str]:
    layer = BatchNorm(irreps)
    return frozenset(layer.state_dict()) - {name for name, _ in layer.named_parameters()}


ROWS = (ATOMS, {1: "bonds"}, {0: "bonds"}, {1: "twists"}, {0: "twists"}, ATOMS)
FEATURES = (ATOMS,)

LAYERS: dict[str, Case] = {
    "Linear": Case(lambda g: eq.Linear(mixed(g), mixed(g)), features, FEATURES),
    "TensorProduct": Case(lambda g: eq.TensorProduct(mixed(g), mixed(g), mixed(g)), two_features, (ATOMS, ATOMS)),
    "DepthwiseTensorProduct": Case(
        lambda g: DepthwiseTensorProduct(mixed(g), eq.AngularBasis(g, 1).irreps_out), two_features, (ATOMS, ATOMS)
    ),
    "SymmetricContraction": Case(lambda g: SymmetricContraction(channels(g), channels(g), 2, 2), features, FEATURES),
    "SymmetricContraction of elements": Case(
        lambda g: SymmetricContraction(channels(g), channels(g), 2, 2, 3), typed_features, (ATOMS, ATOMS)
    ),
    "CartesianTensor": Case(lambda g: eq.CartesianTensor("ij", g), tensors, FEATURES),
    "Subduction": Case(lambda g: Subduction(mixed(g), "C1"), features, FEATURES),
    "Induction": Case(lambda g: Induction(Irreps("C1", "3x A"), g), coset_features, FEATURES),
    "FromE3NN": Case(lambda g: FromE3NN(Irreps(O3(2), "2x0e + 1o + 2e")), features, FEATURES),
    "ToE3NN": Case(lambda g: ToE3NN(Irreps(O3(2), "2x0e + 1o + 2e")), features, FEATURES),
    "FourierTransform": Case(lambda g: eq.FourierTransform(g, 2), features, FEATURES),
    "FunctionProduct on the group": Case(lambda g: eq.FunctionProduct(g, 2), two_features, (ATOMS, ATOMS)),
    "FunctionProduct in irreps": Case(
        lambda g: eq.FunctionProduct(g, 2, list(point_group(g).real_irreps)[:1]), two_features, (ATOMS, ATOMS)
    ),
    "PointwiseActivation": Case(lambda g: eq.PointwiseActivation(g, 2, torch.tanh), features, FEATURES),
    "Gate": Case(lambda g: eq.Gate(mixed(g)), features, FEATURES),
    "NormActivation": Case(lambda g: NormActivation(mixed(g)), features, FEATURES),
    "LayerNorm": Case(lambda g: LayerNorm(mixed(g)), features, FEATURES),
    "BatchNorm": Case(lambda g: BatchNorm(mixed(g)), features, FEATURES, running(mixed("D3"))),
    "Dropout": Case(lambda g: Dropout(mixed(g)), features, FEATURES),
    "AngularBasis": Case(lambda g: eq.AngularBasis(g, 2), vectors, FEATURES),
    "BesselBasis": Case(lambda g: eq.BesselBasis(CUTOFF, 5), lengths, FEATURES),
    "GaussianBasis": Case(lambda g: eq.GaussianBasis(CUTOFF, 5), lengths, FEATURES),
    "RadialNetwork": Case(lambda g: radial(), lengths, FEATURES),
    "OrientedFilters": Case(lambda g: OrientedFilters(radial(), 2, 6), vectors, FEATURES),
    "PointGroupConvolution": Case(
        lambda g: eq.PointGroupConvolution(mixed(g), mixed(g), 2, radial(), 5.0), graph_features, (ATOMS, *BONDS)
    ),
    "PointGroupConvolution over O(3)": Case(
        lambda g: eq.PointGroupConvolution(ORTHOGONAL, ORTHOGONAL, 2, radial(), 5.0), graph_features, (ATOMS, *BONDS)
    ),
    "GraphAttention": Case(
        lambda g: GraphAttention(channels(g), channels(g), 1, eq.BesselBasis(CUTOFF, 5), 5.0, 2),
        graph_features,
        (ATOMS, *BONDS),
    ),
    "GroupConvolution": Case(lambda g: OnRows(), row_values, ROWS),
    "InvariantReadout": Case(
        lambda g: OfTwoGraphs(eq.InvariantReadout(mixed(g)), False), pooled_features, (ATOMS, ATOMS)
    ),
    "IrrepReadout": Case(
        lambda g: OfTwoGraphs(IrrepReadout(mixed(g), mixed(g)), False), pooled_features, (ATOMS, ATOMS)
    ),
    "TensorReadout": Case(
        lambda g: OfTwoGraphs(TensorReadout(mixed(g), "ij=ji"), True), pooled_features, (ATOMS, ATOMS)
    ),
    "SiteTensorReadout": Case(
        lambda g: OfTwoGraphs(SiteTensorReadout(mixed(g), "ij"), True), pooled_features, (ATOMS, ATOMS)
    ),
    "PositiveDefinite": Case(lambda g: PositiveDefinite("ij=ji"), symmetric_tensors, FEATURES),
}
