"""One convolution over real m-3m crystals, symmetry-reduced, beside e3nn's: ``python -m tests.benchmarks.reduced``.

The m-3m crystals of a data set, with all bonds up to 6 Å. e3nn's convolution (C = 64 channels, ℓ ≤ 2: gather,
depthwise tensor product with weights for each edge, scatter) runs on the full graph, of the primitive cells and of the
cells as published. Ours runs on the reduced graph with the same width of features, |G| C′ = 576 = C (ℓ + 1)², hence
C′ = 12, and with as many channels, C′ = 64; on the full graph of rows, which shows what the reduction gives; and in
irreps, on crystal graphs and on sites and orbits of bonds. *Layer*: harmonics, radial functions and weights for each
edge are given to e3nn, the kernel functions to ours. *From vectors*: with these computed, by a radial network of 8 and
64 units for e3nn, on bonds or on shells of equally long bonds, found beforehand, for ours. Full graphs go in batches of
16 crystals, which suits them better than all at once; reduced graphs all at once. Times are those of the process, one
thread, which other programs do not lengthen by making it wait.

The last columns set ours against the roofline of this machine: the FLOPs and the bytes that shapes demand, at the
measured rates of a matrix product and of a copy. ``--quick`` takes a few crystals once.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import torch
from pymatgen.core import Structure
from torch import Tensor, nn

from equinet import (
    BesselBasis,
    GroupConvolution,
    Irreps,
    OrbitGraph,
    OrientedFilters,
    OrientedGraph,
    PointGroupConvolution,
    ReducedConvolution,
    bond_shells,
    collate_orbits,
    collate_oriented,
    orbit_graph,
    oriented_graph,
    reduced_graph,
    shell_kernels,
)
from equinet.convolutions.kernel_basis import KernelBasis, KernelValues
from equinet.convolutions.row_pairs import GraphPairs, graph_pairs
from equinet.graphs.crystal_graph import CrystalGraph, collate, crystal_graph, full_symmetry
from pointgroups import CrystalSymmetry, point_group, primitive_cell

from .groups import duration
from .layers import print_rows

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
CUTOFF = 6.0
CHANNELS = 64
L_MAX = 2
FILTERS = 8
NEIGHBOURS = 60.0
REPEATS = 15
LONG_REPEATS = 2
SHORT = 3.0
"""Seconds: what takes longer in all is repeated LONG_REPEATS times only."""
BATCH = 16
WIDTH = CHANNELS * (L_MAX + 1) ** 2

Graph = TypeVar("Graph")


def crystals(path: Path, limit: int | None) -> list[CrystalSymmetry]:
    """The m-3m crystals of a file, or the first of them."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    found: list[CrystalSymmetry] = []
    for row in map(json.loads, text.splitlines()):
        structure = row["structure"]
        symmetry = full_symmetry(Structure(structure["lattice"], structure["species"], structure["frac_coords"]))
        if symmetry.group is point_group("Oh"):
            found.append(symmetry)
        if len(found) == limit:
            break
    return found


def data_sets(quick: bool) -> dict[str, list[CrystalSymmetry]]:
    """The crystals by set; those of the tests where the data are not there."""
    limit = 4 if quick else None
    paths = {name: SHARED / f"{name}.jsonl.gz" for name in ("dielectric", "elastic")}
    found = {name: path for name, path in paths.items() if path.is_file() and not quick}
    return {
        name: crystals(path, limit) for name, path in (found or {"tests": ROOT / "tests/data/crystals.jsonl"}).items()
    }


# -- the convolutions -------------------------------------------------------------------------------------------------


class Batch(NamedTuple):
    """A function to be timed, and what its gradients are taken by."""

    run: Callable[[], Tensor]
    leaves: list[Tensor]


@dataclass(frozen=True)
class Case:
    """A convolution over all crystals of a set, in batches."""

    name: str
    batches: list[Batch]
    cost: tuple[float, float] | None = None
    """FLOPs and bytes of the forward."""

    def seconds(self, backward: bool) -> float:
        """CPU time of one thread, which other programs on the machine do not lengthen by waiting."""
        start = time.process_time()
        for batch in self.batches:
            if backward:
                torch.autograd.grad(batch.run().sum(), batch.leaves, allow_unused=True)
            else:
                with torch.no_grad():
                    batch.run()
        return time.process_time() - start


def leaf(*shape: int) -> Tensor:
    return torch.randn(*shape, requires_grad=True)


class E3nnConvolution(nn.Module):
    """Σ_b (W(r) ⊙ (v_b ⊗ Y(r̂)))/√ν: depthwise (uvu) with a weight for each edge, path and channel."""

    def __init__(self) -> None:
        super().__init__()
        from e3nn import nn as networks
        from e3nn import o3

        features = o3.Irreps([(CHANNELS, (degree, (-1) ** degree)) for degree in range(L_MAX + 1)])
        harmonics = o3.Irreps.spherical_harmonics(L_MAX)
        out, instructions = [], []
        for i, (_, first) in enumerate(features):
            for j, (_, second) in enumerate(harmonics):
                for third in first * second:
                    if third in features:
                        instructions.append((i, j, len(out), "uvu", True))
                        out.append((CHANNELS, third))
        self.harmonics, self.width = harmonics, features.dim
        self.product = o3.TensorProduct(
            features, harmonics, o3.Irreps(out), instructions, shared_weights=False, internal_weights=False
        )
        self.radial = BesselBasis(CUTOFF, 8)
        self.network = networks.FullyConnectedNet([8, 64, self.product.weight_numel], torch.nn.functional.silu)

    def sum(self, values: Tensor, index: Tensor, harmonics: Tensor, weights: Tensor) -> Tensor:
        messages = self.product(values[index[0]], harmonics, weights) / NEIGHBOURS**0.5
        return messages.new_zeros(len(values), messages.shape[1]).index_add(0, index[1], messages)

    def forward(self, values: Tensor, index: Tensor, vectors: Tensor) -> Tensor:
        from e3nn import o3

        harmonics = o3.spherical_harmonics(self.harmonics, vectors, normalize=True, normalization="component")
        return self.sum(values, index, harmonics, self.network(self.radial(vectors.norm(dim=1))))


def e3nn_cases(graphs: Sequence[CrystalGraph], where: str) -> tuple[Case, Case]:
    from e3nn import o3

    module = E3nnConvolution()
    layer, whole = [], []
    for graph in graphs:
        values = leaf(len(graph.atomic_numbers), module.width)
        harmonics = o3.spherical_harmonics(module.harmonics, graph.edge_vectors, True, "component")
        weights = leaf(len(harmonics), module.product.weight_numel)
        layer.append(Batch(partial(module.sum, values, graph.edge_index, harmonics, weights), [values, weights]))
        inputs = (values, graph.edge_index, graph.edge_vectors)
        whole.append(Batch(partial(module, *inputs), [values, *module.network.parameters()]))
    bonds = sum(graph.edge_index.shape[1] for graph in graphs)
    name = f"e3nn, {where}, {bonds:,} bonds"
    return Case(name, layer), Case(name, whole)


def group_cases(graphs: Sequence[OrientedGraph], channels: int, where: str) -> tuple[Case, Case]:
    basis = KernelBasis(OrientedFilters(BesselBasis(CUTOFF, 8), L_MAX, FILTERS))
    convolution = GroupConvolution(channels, channels, basis, NEIGHBOURS)
    layer, whole, cost = [], [], (0.0, 0.0)
    for graph in graphs:
        values, pairs = leaf(graph.n_rows, channels), graph_pairs(graph)
        given = KernelValues(*(tensor.detach() for tensor in basis(graph, pairs)))
        given.filters.requires_grad_()
        parameters = [values, *convolution.parameters()]
        layer.append(Batch(partial(convolution, values, given), [*parameters, given.filters]))
        whole.append(
            Batch(partial(_from_graph, convolution, basis, values, graph, pairs), [*parameters, *basis.parameters()])
        )
        flops, size = layer_cost(given, channels)
        cost = (cost[0] + flops, cost[1] + size)
    rows, bonds = sum(g.n_rows for g in graphs), sum(g.edge_index.shape[1] * g.block for g in graphs)
    name = f"{where}, C = {channels}, {rows:,} rows, {bonds:,} bonds"
    return Case(name, layer, cost), Case(name, whole)


def _from_graph(
    layer: GroupConvolution, basis: KernelBasis, values: Tensor, graph: OrientedGraph, pairs: GraphPairs
) -> Tensor:
    convolved: Tensor = layer(values, basis(graph, pairs))
    return convolved


def shell_case(graph: OrientedGraph, channels: int) -> Case:
    """The reduced convolution with its kernel functions on shells of bonds, which are found beforehand."""
    basis = KernelBasis(OrientedFilters(BesselBasis(CUTOFF, 8), L_MAX, FILTERS))
    layer = GroupConvolution(channels, channels, basis, NEIGHBOURS)
    values, shells = leaf(graph.n_rows, channels), bond_shells(graph, basis)

    def run() -> Tensor:
        convolved: Tensor = layer(values, shell_kernels(basis, shells))
        return convolved

    leaves = [values, *layer.parameters(), *basis.parameters()]
    return Case(f"reduced, C = {channels}, {shells.lengths.shape[0]:,} shells", [Batch(run, leaves)])


def layer_cost(kernels: KernelValues, channels: int) -> tuple[float, float]:
    """FLOPs, and bytes with every array read or written once, of one group convolution in float32.

    Twists and bonds: a matrix product of Q or H functions with C channels, times a gathered row, added. Mixing: C → 2C.
    Arrays: functions and indices of the pairs; for each pair a row gathered and one added to; the rows in, twisted,
    mixed (2C), summed and out.
    """
    (twists, functions), (bonds, block, filters) = kernels.turns.shape, kernels.filters.shape
    rows = len(kernels.orders)
    copies = 1 if block == 1 else rows / block
    flops = 2 * channels * twists * (functions + copies) + 4 * rows * channels**2
    flops += 2 * channels * bonds * block * (filters + 1)
    numbers = twists * functions + bonds * block * filters
    numbers += (
        2 * channels * twists * copies if block == 1 else channels * (twists + 2 * rows)
    ) + 2 * channels * bonds * block
    numbers += 6 * rows * channels + 2 * channels**2
    return flops, 4 * numbers + 16 * (twists + bonds)


def irrep_cases(graphs: Sequence[CrystalGraph], orbits: OrbitGraph) -> tuple[Case, Case]:
    """The convolution of irreps, 12 copies of the regular representation of Oh, on crystal graphs and on orbits."""
    irreps = Irreps.regular("Oh", WIDTH // 48)
    layer = PointGroupConvolution(irreps, irreps, L_MAX, BesselBasis(CUTOFF, 8), NEIGHBOURS)
    reduced = ReducedConvolution(layer)
    parameters = list(layer.parameters())
    whole = []
    for graph in graphs:
        values = leaf(len(graph.atomic_numbers), irreps.dim)
        whole.append(Batch(partial(layer, values, graph.edge_index, graph.edge_vectors), [values, *parameters]))
    sites = leaf(orbits.n_sites, irreps.dim)
    name = f"irreps of Oh, {orbits.n_sites:,} sites, {len(orbits.edge_vectors):,} orbits of bonds"
    return (
        Case("irreps of Oh, primitive cells", whole),
        Case(name, [Batch(partial(reduced, sites, orbits), [sites, *parameters])]),
    )


# -- measuring --------------------------------------------------------------------------------------------------------


def machine_rates() -> tuple[float, float]:
    """FLOP/s of a large float32 matrix product and bytes/s, read and written, of a large copy."""
    a, b = torch.randn(2, 1024, 1024)
    source, target = torch.randn(2, 1 << 25)

    def best(body: Callable[[], Any]) -> float:
        times = []
        for _ in range(20):
            start = time.process_time()
            body()
            times.append(time.process_time() - start)
        return min(times)

    return 2 * 1024**3 / best(lambda: a @ b), 8 * source.numel() / best(lambda: target.copy_(source))


def measured(cases: Sequence[Case], repeats: int) -> list[tuple[float, float]]:
    """Medians of forward and forward + backward; the cases take turns, and the long ones do so twice."""
    times: list[tuple[list[float], list[float]]] = [([], []) for _ in cases]
    for repeat in range(repeats):
        for case, (forward, both) in zip(cases, times, strict=True):
            if repeat < LONG_REPEATS or sum(forward + both) < SHORT:
                forward.append(case.seconds(backward=False))
                both.append(case.seconds(backward=True))
    return [(statistics.median(forward), statistics.median(both)) for forward, both in times]


def in_batches(graphs: Sequence[Graph], joined: Callable[[Sequence[Graph]], Graph]) -> list[Graph]:
    return [joined(graphs[first : first + BATCH]) for first in range(0, len(graphs), BATCH)]


def report(name: str, symmetries: Sequence[CrystalSymmetry], repeats: int) -> list[tuple[str, ...]]:
    """Lines of one set: times, ratios to e3nn on primitive cells, and the distance from the roofline."""
    primitive = [full_symmetry(primitive_cell(symmetry.structure)) for symmetry in symmetries]
    reduced = [collate_oriented([reduced_graph(symmetry, CUTOFF) for symmetry in symmetries])]
    full = in_batches([oriented_graph(symmetry, CUTOFF) for symmetry in primitive], collate_oriented)
    cells = in_batches([crystal_graph(symmetry, CUTOFF) for symmetry in primitive], collate)
    published = in_batches([crystal_graph(symmetry, CUTOFF) for symmetry in symmetries], collate)
    orbits = collate_orbits([orbit_graph(symmetry, CUTOFF, "Oh") for symmetry in symmetries])
    pairs = [e3nn_cases(cells, "primitive cells")]
    if sum(len(graph.edge_vectors) for graph in published) > sum(len(graph.edge_vectors) for graph in cells):
        pairs.append(e3nn_cases(published, "published cells"))
    pairs += [
        group_cases(full, WIDTH // 48, "full graph of rows"),
        group_cases(reduced, WIDTH // 48, "reduced"),
        group_cases(reduced, CHANNELS, "reduced"),
    ]
    shells = [shell_case(reduced[0], channels) for channels in (WIDTH // 48, CHANNELS)]
    layers, whole = [layer for layer, _ in pairs], [whole for _, whole in pairs]
    flop_rate, byte_rate = machine_rates()
    print(f"{name}: {flop_rate / 1e9:.3g} GFLOP/s in a matrix product, {byte_rate / 1e9:.3g} GB/s in a copy")
    rows: list[tuple[str, ...]] = [(name, f"{len(symmetries)} crystals", *[""] * 8)]
    for what, cases in (("layer", layers), ("from vectors", [*whole, *shells, *irrep_cases(cells, orbits)])):
        times = measured(cases, repeats)
        for case, (forward, both) in zip(cases, times, strict=True):
            ratios = f"{times[0][0] / forward:.3g} ×", f"{times[0][1] / both:.3g} ×"
            line = [what, case.name, duration(forward), ratios[0], duration(both), ratios[1]]
            if case.cost is None:
                line += ["-"] * 4
            else:
                flops, size = case.cost
                bound = max(flops / flop_rate, size / byte_rate)
                line += [f"{flops / 1e6:.3g} M", f"{size / 1e6:.3g} MB", duration(bound), f"{forward / bound:.3g} ×"]
            rows.append(tuple(line))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=["dielectric", "elastic"], help="one data set alone")
    parser.add_argument("--quick", action="store_true", help="a few crystals, every figure once")
    options = parser.parse_args(arguments)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rows: list[tuple[str, ...]] = []
    for name, symmetries in data_sets(options.quick).items():
        if options.set not in (None, name):
            continue
        rows += report(name, symmetries, 1 if options.quick else REPEATS)
    header = ("", "", "forward", "ratio", "with backward", "ratio", "FLOPs", "bytes", "roofline", "distance")
    print(f"torch {torch.__version__}, e3nn {importlib.metadata.version('e3nn')}; one thread; medians of process time")
    print_rows(header, rows)


if __name__ == "__main__":
    main()
