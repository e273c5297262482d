"""Graphs of rows: a network of rows equals the loops of its formula, reduced equals full, batches equal their parts."""

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest
import torch
from pymatgen.core import Lattice, Structure
from real_crystals import ROWS, every_crystal, symmetry_of
from thirty_two import GROUPS, every_group
from torch import Tensor, nn

from equinet import (
    BesselBasis,
    CrystalGraph,
    GroupConvolution,
    KernelBasis,
    OrientedFilters,
    OrientedGraph,
    collate,
    collate_oriented,
    crystal_graph,
    oriented_graph,
    oriented_graph_from,
    reduced_graph,
)
from pointgroups import CrystalSymmetry, crystal_symmetry, point_group

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
QUARTZ = Structure.from_spacegroup(
    "P3_221", Lattice.hexagonal(4.91, 5.4), ["Si", "O"], [[0.47, 0, 2 / 3], [0.41, 0.27, 0.786]]
)
CHANNELS = 3


class AnyNetwork:
    """Message passing with any functions A on ℝ³ and κ on O(3): nothing in it knows of symmetry."""

    def __init__(self, layers: int = 3, dtype: torch.dtype = torch.float64) -> None:
        draw = np.random.default_rng(7)
        shapes = ((3, 8), (8, CHANNELS), (9, CHANNELS))
        self.kernels = [
            [torch.tensor(draw.normal(size=shape), dtype=dtype, requires_grad=True) for shape in shapes]
            for _ in range(layers)
        ]
        self.start = torch.tensor(draw.normal(size=(120, CHANNELS)), dtype=dtype)

    @property
    def parameters(self) -> list[Tensor]:
        return [parameter for kernel in self.kernels for parameter in kernel]

    def message(self, vectors: Tensor, layer: int) -> Tensor:
        """A(r), (…, C): random waves."""
        waves, mixing, _ = self.kernels[layer]
        return torch.sin(vectors @ waves + 1) @ mixing

    def twist(self, rotations: Tensor, layer: int) -> Tensor:
        """κ(k), (…, C)."""
        return torch.cos(rotations.flatten(-2) @ self.kernels[layer][2])

    def on_rows(self, graph: OrientedGraph) -> Tensor:
        """The values (R, C) after all layers."""
        values = self.start[graph.atomic_numbers]
        source, target, k = graph.twists
        for layer in range(len(self.kernels)):
            turned = self.twist(graph.rotations, layer)[k] * values[source] / graph.orders[target, None]
            mixed = values + torch.zeros_like(values).index_add(0, target, turned)
            blocks = mixed.view(-1, graph.block, CHANNELS)
            messages = blocks[graph.edge_index[0]] * self.message(graph.edge_vectors, layer)
            total = torch.zeros_like(blocks).index_add(0, graph.edge_index[1], messages)
            values = torch.tanh(mixed + total.reshape(mixed.shape) / 4)
        return values

    def by_loops(self, graph: CrystalGraph, rotations: np.ndarray) -> Tensor:
        """f(n, g) (N, |P|, C), bond by bond and twist by twist; products are looked up among the matrices."""
        turns = torch.tensor(rotations, dtype=graph.edge_vectors.dtype)
        values = self.start[graph.atomic_numbers][:, None].repeat(1, len(turns), 1)
        for layer in range(len(self.kernels)):
            mixed = values.clone()
            for g, turn in enumerate(turns):
                for k in turns:
                    place = int((turns - turn @ k).abs().sum((1, 2)).argmin())
                    mixed[:, g] += self.twist(k, layer) * values[:, place] / len(turns)
            total = mixed.clone()
            for (b, n), vector in zip(graph.edge_index.T.tolist(), graph.edge_vectors, strict=True):
                total[n] += self.message(turns.transpose(1, 2) @ vector, layer) * mixed[b] / 4
            values = torch.tanh(total)
        return values


def gradients(network: AnyNetwork, values: Tensor) -> list[Tensor]:
    """Of the mean over rows of a function of the values, by the kernels."""
    loss = (values**3 + values).mean(0).sin().sum()
    return list(torch.autograd.grad(loss, network.parameters))


def random_atoms(seed: int = 0, atoms: int = 5) -> CrystalGraph:
    """Atoms and bonds without any symmetry."""
    draw = torch.Generator().manual_seed(seed)
    edges = torch.randint(atoms, (2, 12), generator=draw)
    vectors = torch.randn(12, 3, generator=draw, dtype=torch.float64)
    return CrystalGraph(torch.arange(1, atoms + 1), edges, vectors, torch.zeros(atoms, dtype=torch.int64), 1)


# -- full graphs ------------------------------------------------------------------------------------------------------


@every_group
def test_rows_compute_the_formula(name: str) -> None:
    network, atoms = AnyNetwork(2), random_atoms()
    graph = oriented_graph_from(atoms, name)
    with torch.no_grad():
        slow = network.by_loops(atoms, point_group(name).rotations)
        torch.testing.assert_close(network.on_rows(graph).view(slow.shape), slow, rtol=0, atol=1e-13)


@every_group
def test_turned_atoms_permute_the_rows(name: str) -> None:
    """f(n, g) of the atoms turned by h is f(n, h⁻¹ g), for atoms without symmetry."""
    group, atoms = point_group(name), random_atoms()
    network = AnyNetwork(2)
    with torch.no_grad():
        values = network.on_rows(oriented_graph_from(atoms, group)).view(5, group.order, CHANNELS)
        for h in range(group.order):
            turned = atoms.edge_vectors @ torch.tensor(group.rotations[h]).T
            moved = CrystalGraph(atoms.atomic_numbers, atoms.edge_index, turned, atoms.batch, 1)
            found = network.on_rows(oriented_graph_from(moved, group)).view(values.shape)
            expected = values[:, torch.tensor(group.product[group.inverse[h]])]
            torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)


def test_vectors_are_differentiable() -> None:
    atoms = random_atoms()
    atoms.edge_vectors.requires_grad_(True)
    graph = oriented_graph_from(atoms, "Td")
    (gradient,) = torch.autograd.grad(AnyNetwork().on_rows(graph).sum(), atoms.edge_vectors)
    assert gradient.shape == atoms.edge_vectors.shape
    assert gradient.abs().min() > 0


def test_several_crystals_of_one_group_at_once() -> None:
    parts = [random_atoms(seed) for seed in range(3)]
    joined = oriented_graph_from(collate(parts), "D3")
    separate = collate_oriented([oriented_graph_from(part, "D3") for part in parts])
    assert joined.block == separate.block == 6
    assert joined.groups == separate.groups
    for name in ("edge_index", "edge_vectors", "elements", "twists", "orders", "crystal", "frames", "atom_rows"):
        assert torch.equal(getattr(joined, name), getattr(separate, name)), name


def test_rows_of_a_crystal_are_those_of_its_graph() -> None:
    symmetry = crystal_symmetry(QUARTZ)
    graph = oriented_graph(symmetry, 3.0, torch.float64)
    atoms = crystal_graph(symmetry, 3.0, torch.float64)
    assert graph.block == 6
    assert torch.equal(graph.edge_index, atoms.edge_index)
    assert torch.equal(graph.edge_vectors[:, 0], atoms.edge_vectors)
    assert torch.equal(graph.atomic_numbers[graph.atom_rows], atoms.atomic_numbers)
    np.testing.assert_array_equal(graph.frames[0], symmetry.frame)


# -- reduced graphs ---------------------------------------------------------------------------------------------------


def rows_of(symmetry: CrystalSymmetry, reduced: OrientedGraph) -> Tensor:
    """(N, |P|) the row of the reduced graph at which f(n, g) = F(g⁻¹ n) stands, from the operations one by one."""
    found = torch.full((symmetry.permutations.shape[1], symmetry.group.order), -1)
    for element, permutation in zip(symmetry.operations.elements, symmetry.permutations, strict=True):
        for atom, image in enumerate(permutation):  # this operation takes atom to image
            found[image, element] = reduced.atom_rows[atom]
    return found


@every_crystal
def test_reduced_equals_full(material_id: str) -> None:
    """f(n, g) = F(g⁻¹ n) on every crystal, for any kernels, and the same gradients."""
    symmetry = symmetry_of(material_id)
    network = AnyNetwork()
    full, reduced = (build(symmetry, 4.5, torch.float64) for build in (oriented_graph, reduced_graph))
    assert full.edge_index.shape[1] > 0
    assert reduced.n_rows * len(symmetry.operations) == full.n_rows
    values, few = network.on_rows(full), network.on_rows(reduced)
    place = rows_of(symmetry, reduced)
    torch.testing.assert_close(values.view(*place.shape, CHANNELS), few[place], rtol=0, atol=1e-12)
    torch.testing.assert_close(values[full.atom_rows], few[reduced.atom_rows], rtol=0, atol=1e-12)
    for a, b in zip(gradients(network, values), gradients(network, few), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12 * max(1.0, float(a.abs().max())))


class GroupNetwork(nn.Module):
    """Three group convolutions with a pointwise function between: one set of weights for all classes."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(120, 4)
        self.basis = KernelBasis(OrientedFilters(BesselBasis(4.5, 4), l_max=3, dim=5), j_max=2)
        self.layers = nn.ModuleList([GroupConvolution(4, 4, self.basis, neighbours=12.0) for _ in range(3)])

    def forward(self, graph: OrientedGraph) -> Tensor:
        kernels = self.basis(graph)
        values = self.embedding(graph.atomic_numbers)
        for layer in self.layers:
            values = nn.functional.silu(layer(values, kernels))
        return values


@every_crystal
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_group_convolutions_reduced_equal_full(material_id: str, dtype: torch.dtype) -> None:
    """f(n, g) = F(g⁻¹ n) of the library's own layers, and their gradients, to rounding."""
    symmetry = symmetry_of(material_id)
    network = GroupNetwork().to(dtype)
    full, reduced = (build(symmetry, 4.5, dtype) for build in (oriented_graph, reduced_graph))
    values, few = network(full), network(reduced)
    place = rows_of(symmetry, reduced)
    tolerance = 1e-12 if dtype == torch.float64 else 1e-5
    size = values.detach().abs().max().item()
    torch.testing.assert_close(values.view(*place.shape, 4), few[place], rtol=0, atol=tolerance * size)
    losses = [(part**2 + part).mean(0).sum() for part in (values, few)]
    parameters = list(network.parameters())
    pairs = zip(*(torch.autograd.grad(loss, parameters) for loss in losses), strict=True)
    for parameter, (a, b) in zip(parameters, pairs, strict=True):
        scale = max(a.abs().max().item(), 1e-2)
        torch.testing.assert_close(b, a, rtol=0, atol=10 * tolerance * scale, msg=f"{tuple(parameter.shape)}")


def test_reduced_equals_full_in_single_precision() -> None:
    network = AnyNetwork(dtype=torch.float32)
    for structure in (SALT, QUARTZ):
        values, few = (network.on_rows(build(structure, 4.0)) for build in (oriented_graph, reduced_graph))
        rows = oriented_graph(structure, 4.0).atom_rows
        assert values.dtype == few.dtype == torch.float32
        torch.testing.assert_close(values[rows], few[reduced_graph(structure, 4.0).atom_rows], rtol=0, atol=1e-5)


def test_the_fixture_has_every_class() -> None:
    assert {row["class"] for row in ROWS.values()} == set(GROUPS)


def test_numbers_do_not_depend_on_the_cell() -> None:
    """The primitive and the conventional cell, and a supercell, have the same reduced graph and the same numbers."""
    network = AnyNetwork()
    cells = (SALT.get_primitive_structure(), SALT, SALT * (1, 1, 2))
    graphs = [reduced_graph(cell, 5.0, torch.float64) for cell in cells]
    assert [graph.n_rows for graph in graphs] == [2, 2, 2]
    values = [network.on_rows(graph)[graph.atomic_numbers.argsort()] for graph in graphs]
    for value in values[1:]:
        torch.testing.assert_close(value, values[0], rtol=0, atol=1e-12)


def test_limit_of_neighbours_keeps_the_symmetry() -> None:
    network = AnyNetwork()
    full, reduced = (build(QUARTZ, 6.0, torch.float64, max_neighbors=7) for build in (oriented_graph, reduced_graph))
    assert reduced.edge_index.shape[1] < reduced_graph(QUARTZ, 6.0).edge_index.shape[1]
    values, few = network.on_rows(full), network.on_rows(reduced)
    torch.testing.assert_close(values[full.atom_rows], few[reduced.atom_rows], rtol=0, atol=1e-12)


# -- batches ----------------------------------------------------------------------------------------------------------

SOME = list(ROWS)[::7]


@pytest.mark.parametrize("build", [oriented_graph, reduced_graph])
def test_batch_of_classes_gives_the_numbers_of_its_parts(build: Callable[..., OrientedGraph]) -> None:
    network = AnyNetwork(2)
    parts = [build(symmetry_of(material), 3.5, torch.float64) for material in SOME]
    assert len({part.groups for part in parts}) > 4
    joined = collate_oriented([collate_oriented(parts[:3]), *parts[3:]])
    assert joined.block == 1
    assert joined.groups == tuple(group for part in parts for group in part.groups)
    assert len(joined.rotations) == sum(group.order for group in set(joined.groups))
    values = torch.cat([network.on_rows(part) for part in parts])
    torch.testing.assert_close(network.on_rows(joined), values, rtol=0, atol=1e-13)
    rows = torch.cat([torch.full((part.n_rows,), k) for k, part in enumerate(parts)])
    assert torch.equal(joined.crystal, rows)
    atoms = [network.on_rows(part)[part.atom_rows] for part in parts]
    torch.testing.assert_close(network.on_rows(joined)[joined.atom_rows], torch.cat(atoms), rtol=0, atol=1e-13)
    turns = torch.cat([part.rotations[part.elements] for part in parts])
    assert torch.equal(joined.rotations[joined.elements], turns)
    assert torch.equal(joined.orders, torch.cat([part.orders for part in parts]))


def test_batch_of_one_class_keeps_its_blocks() -> None:
    network = AnyNetwork(2)
    perovskite = Structure.from_spacegroup(
        "Pm-3m", Lattice.cubic(3.9), ["Sr", "Ti", "O"], [[0] * 3, [0.5] * 3, [0.5, 0.5, 0]]
    )
    parts = [oriented_graph(crystal, 3.0, torch.float64) for crystal in (SALT, perovskite, SALT)]
    joined = collate_oriented(parts)
    assert joined.block == 48
    assert len(joined.rotations) == 48
    values = torch.cat([network.on_rows(part) for part in parts])
    torch.testing.assert_close(network.on_rows(joined), values, rtol=0, atol=1e-13)


def test_blocks_of_different_size_are_cut_into_rows() -> None:
    network = AnyNetwork(2)
    graph = oriented_graph(QUARTZ, 4.0, torch.float64)
    joined = collate_oriented([graph, graph.rows()])
    assert joined.block == 1
    values = network.on_rows(graph)
    torch.testing.assert_close(network.on_rows(joined), torch.cat([values, values]), rtol=0, atol=1e-13)


def test_one_row_blocks_give_the_same_numbers() -> None:
    network = AnyNetwork(2)
    graph = oriented_graph(QUARTZ, 4.0, torch.float64)
    rows = graph.rows()
    assert (rows.block, rows.edge_index.shape[1]) == (1, 6 * graph.edge_index.shape[1])
    assert (rows.edge_index[1].diff() >= 0).all()
    torch.testing.assert_close(network.on_rows(rows), network.on_rows(graph), rtol=0, atol=1e-13)


def test_what_cannot_be_collated_is_refused() -> None:
    with pytest.raises(ValueError, match="no graph"):
        collate_oriented([])
    with pytest.raises(ValueError, match="some are reduced"):
        collate_oriented([oriented_graph(SALT, 3.0), reduced_graph(SALT, 3.0)])


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [oriented_graph, reduced_graph])
def test_precision_is_that_asked_for(build: Callable[..., OrientedGraph]) -> None:
    graph = build(QUARTZ, 3.0)
    real = ("edge_vectors", "rotations", "frames")
    whole = ("atomic_numbers", "edge_index", "elements", "twists", "orders", "crystal", "atom_rows")
    for found, dtype in ((graph, torch.float32), (graph.to("cpu", torch.float64), torch.float64)):
        assert {getattr(found, name).dtype for name in real} == {dtype}
        assert {getattr(found, name).dtype for name in whole} == {torch.int64}
    for copied in (copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):  # noqa: S301 - as DataLoader
        assert torch.equal(copied.twists, graph.twists)
        assert copied.groups == graph.groups


@pytest.mark.parametrize("build", [oriented_graph, reduced_graph])
def test_twists_are_sorted_by_target_then_element(build: Callable[..., OrientedGraph]) -> None:
    graph = build(SALT, 3.0)
    assert torch.equal(graph.twists[1], torch.arange(graph.n_rows).repeat_interleave(48))
    assert torch.equal(graph.twists[2], torch.arange(48).repeat(graph.n_rows))


@pytest.mark.parametrize("build", [oriented_graph, reduced_graph])
def test_bad_input_is_refused(build: Callable[..., OrientedGraph]) -> None:
    with pytest.raises(ValueError, match="positive length"):
        build(SALT, -1.0)
    with pytest.raises(ValueError, match="max_neighbors is 0"):
        build(SALT, 4.0, max_neighbors=0)
    with pytest.raises(ValueError, match="not a chemical element"):
        build(Structure(Lattice.cubic(3.0), ["X"], [[0, 0, 0]]), 4.0)


def test_bad_frame_and_group_are_refused() -> None:
    with pytest.raises(ValueError, match="one rotation"):
        oriented_graph_from(random_atoms(), "Td", torch.eye(2))
    with pytest.raises(ValueError, match="Q7"):
        oriented_graph_from(random_atoms(), "Q7")


def test_atom_without_neighbours() -> None:
    for build in (oriented_graph, reduced_graph):
        graph = build(Structure(Lattice.cubic(9.0), ["He"], [[0, 0, 0]]), 4.0)
        assert graph.edge_index.shape == (2, 0)
        assert graph.edge_vectors.shape == (0, graph.block, 3)
