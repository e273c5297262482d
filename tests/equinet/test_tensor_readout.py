"""Tensors of crystals: the law of transformation, what a class allows, the user's axes, rows full and reduced."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from pymatgen.core import Structure
from symmetric_features import crystal_of, full_and_reduced, on_all_rows, structure_of, symmetric_features
from thirty_two import every_group, random_rotation
from torch import Tensor, nn

from equinet import (
    O3,
    AngularBasis,
    BesselBasis,
    CrystalGraph,
    GroupConvolution,
    Irreps,
    KernelBasis,
    OrbitMean,
    OrientedFilters,
    OrientedGraph,
    OrientedTensorReadout,
    PositiveDefinite,
    TensorReadout,
    collate_oriented,
    crystal_graph,
    orbit_graph,
    oriented_graph_from,
    reduced_graph,
)
from equinet.readouts.independent_components import IndependentComponents
from equinet.readouts.turning import turned
from pointgroups import (
    CrystalSymmetry,
    allowed_form,
    crystal_symmetry,
    index_symmetry,
    point_group,
    project_tensor,
    to_mandel,
)

PHYSICAL = {"dielectric": "ij=ji", "piezoelectric-e": "ijk=ikj", "elastic": "ijkl=jikl=klij"}
every_tensor = pytest.mark.parametrize("tensor", PHYSICAL)
every_symmetry = pytest.mark.parametrize(
    ("symmetry", "axial"), [("i", False), ("i", True), ("ij=ji", False), ("ij=ji", True), ("ijk=ikj", False)]
)
EYE = torch.eye(3, dtype=torch.float64)


def all_irreps(name: str) -> Irreps:
    return Irreps(name, [(2, label) for label in point_group(name).real_irreps])


def turned_by_loops(tensor: np.ndarray, rotation: np.ndarray, axial: bool) -> np.ndarray:
    """Σ_{ab…} R_ia R_jb … T_ab…, index word by index word."""
    result = np.zeros_like(tensor)
    for word in np.ndindex(tensor.shape):
        for other in np.ndindex(tensor.shape):
            result[word] += np.prod([rotation[i, a] for i, a in zip(word, other, strict=True)]) * tensor[other]
    return result * (np.linalg.det(rotation) if axial else 1)


def check_allowed(tensor: Tensor, name: str, crystal: CrystalSymmetry) -> None:
    """In the standard axes: projecting changes nothing, what must vanish does, what may differ from zero does."""
    standard = crystal.to_standard(tensor.detach().numpy())
    scale = max(float(np.linalg.norm(standard)), 1e-3)
    assert project_tensor(standard, crystal.group).residual * np.linalg.norm(standard) <= 1e-12 * scale
    form = allowed_form(name, crystal.group)
    for component, word in zip(form.components, form.words, strict=True):
        if component in form.zero:
            assert abs(standard[word]) <= 1e-12 * scale, component
        else:
            assert abs(standard[word]) > 1e-6, component


# -- the pieces -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axial", [False, True])
@pytest.mark.parametrize("rank", range(4))
def test_turned_against_loops(rank: int, axial: bool) -> None:
    rng = np.random.default_rng(rank)
    tensors = rng.normal(size=(2, *(3,) * rank))
    rotations = np.stack([random_rotation(1), -random_rotation(2)])
    expected = [turned_by_loops(t, r, axial) for t, r in zip(tensors, rotations, strict=True)]
    found = turned(torch.tensor(tensors), torch.tensor(rotations), rank, axial)
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-14)
    one = turned(torch.tensor(tensors), torch.tensor(rotations[0]), rank, axial)
    np.testing.assert_allclose(one[0].numpy(), expected[0], atol=1e-14)


@pytest.mark.parametrize("symmetry", ["1", "i", "ij=-ji", "ij=ji", "ijk=ikj", "ijkl=jikl=klij", "[V4]"])
def test_independent_components_are_an_orthonormal_basis_of_the_index_symmetry(symmetry: str) -> None:
    components = IndependentComponents(symmetry).double()
    basis = components(torch.eye(components.dim, dtype=torch.float64)).numpy()
    flat = basis.reshape(components.dim, -1)
    np.testing.assert_allclose(flat @ flat.T, np.eye(components.dim), atol=1e-15)
    chosen = index_symmetry(symmetry)
    np.testing.assert_allclose(chosen.project(basis), basis, atol=1e-15)
    everything = np.eye(3**chosen.rank).reshape(-1, *(3,) * chosen.rank)
    assert np.linalg.matrix_rank(chosen.project(everything).reshape(3**chosen.rank, -1)) == components.dim


@pytest.mark.parametrize("axial", [False, True])
@pytest.mark.parametrize("symmetry", ["1", "i", "ij=-ji", "ij=ji", "ijk=ikj", "ijkl=jikl=klij"])
def test_matrices_of_rotations_on_independent_components(symmetry: str, axial: bool) -> None:
    components = IndependentComponents(symmetry, axial).double()
    rotations = torch.tensor(np.stack([random_rotation(1), -random_rotation(2), np.eye(3)]))
    matrices = components.matrices(rotations)
    y = torch.randn(5, components.dim, dtype=torch.float64)
    for rotation, matrix in zip(rotations, matrices, strict=True):
        expected = turned(components(y), rotation, components.symmetry.rank, axial)
        torch.testing.assert_close(components(y @ matrix.T), expected, rtol=0, atol=1e-13)
    unit = torch.eye(components.dim, dtype=torch.float64)
    torch.testing.assert_close(matrices @ matrices.mT, unit.expand_as(matrices), rtol=0, atol=1e-14)
    torch.testing.assert_close(matrices[2], unit, rtol=0, atol=1e-15)


# -- irrep features -------------------------------------------------------------------------------------------------


@every_symmetry
@every_group
def test_equivariant_on_any_atoms(name: str, symmetry: str, axial: bool) -> None:
    G = point_group(name)
    irreps = all_irreps(name)
    readout = TensorReadout(irreps, symmetry, axial).double()
    features = torch.randn(5, irreps.dim, dtype=torch.float64)
    batch = torch.tensor([0, 1, 0, 1, 1])
    frames = EYE.expand(2, 3, 3)
    before = readout(features, batch, frames)
    for matrix, rotation in zip(irreps.matrices, G.rotations, strict=True):
        after = readout(features @ torch.tensor(matrix).T, batch, frames)
        expected = turned(before, torch.tensor(rotation), before.ndim - 1, axial)
        torch.testing.assert_close(after, expected, rtol=0, atol=1e-12)


@every_tensor
@every_group
def test_a_crystal_gets_what_its_class_allows(name: str, tensor: str) -> None:
    crystal = crystal_of(name)
    irreps = all_irreps(name)
    readout = TensorReadout(irreps, PHYSICAL[tensor]).double()
    features = symmetric_features(crystal, irreps)
    batch = torch.zeros(len(features), dtype=torch.int64)
    found = readout(features, batch, torch.tensor(crystal.frame)[None])[0]
    check_allowed(found, tensor, crystal)


@every_tensor
@pytest.mark.parametrize(("name", "larger"), [("Td", "Oh"), ("T", "Oh"), ("D4h", "Oh"), ("C2v", "Oh"), ("D3", "D6h")])
def test_a_network_of_a_larger_group_gives_what_the_class_allows(name: str, larger: str, tensor: str) -> None:
    crystal = crystal_of(name)
    irreps = all_irreps(larger)
    readout = TensorReadout(irreps, PHYSICAL[tensor]).double()
    features = symmetric_features(crystal, irreps)
    batch = torch.zeros(len(features), dtype=torch.int64)
    check_allowed(readout(features, batch, torch.tensor(crystal.frame)[None])[0], tensor, crystal)


@every_group
def test_from_one_atom_of_each_orbit(name: str) -> None:
    """The mean over atoms from the sites (OrbitMean), read as a graph of one atom each."""
    crystal, irreps = crystal_of(name), all_irreps(name)
    features = symmetric_features(crystal, irreps)
    graph = orbit_graph(crystal, 3.0, dtype=torch.float64)
    readout = TensorReadout(irreps, "ijk=ikj").double()
    sites = features[[orbit.representative for orbit in crystal.orbits]]
    mean = OrbitMean(irreps).double()(sites, graph)
    expected = readout(features, torch.zeros(len(features), dtype=torch.int64), graph.frames)
    torch.testing.assert_close(readout(mean, torch.tensor([0]), graph.frames), expected, rtol=0, atol=1e-12)


def star_features(structure: Structure, angular: AngularBasis) -> tuple[Tensor, Tensor, Tensor]:
    """Harmonics of the bonds summed at each atom, in the standard axes: (features, batch, frames)."""
    crystal = crystal_symmetry(structure)
    graph = crystal_graph(crystal, 4.0, torch.float64)
    weights = graph.atomic_numbers[graph.edge_index[0]].double().sqrt() / graph.edge_vectors.norm(dim=1)
    stars = torch.zeros(len(graph.atomic_numbers), angular.irreps_out.dim, dtype=torch.float64)
    stars = stars.index_add(0, graph.edge_index[1], weights[:, None] * angular(graph.edge_vectors))
    return stars, graph.batch, torch.tensor(crystal.frame)[None]


@pytest.mark.parametrize("name", ["C2", "D2", "C2v", "D2d", "D3", "C3v", "D3h", "Td"])
def test_the_tensor_turns_with_the_structure(name: str) -> None:
    structure = structure_of(name)
    angular = AngularBasis(name, 3).double()
    symmetry = "ijk=ikj"
    readout = TensorReadout(angular.irreps_out + all_irreps(name), symmetry).double()
    rotation = random_rotation(5)
    moved = Structure(structure.lattice.matrix @ rotation.T, structure.species, structure.frac_coords)
    tensors = []
    for one in (structure, moved):
        stars, batch, frames = star_features(one, angular)
        tensors.append(readout(torch.nn.functional.pad(stars, (0, all_irreps(name).dim)), batch, frames)[0])
    assert tensors[0].abs().max() > 1e-3
    torch.testing.assert_close(tensors[1], turned(tensors[0], torch.tensor(rotation), 3), rtol=0, atol=1e-10)


def test_mean_of_atoms_by_loops() -> None:
    irreps = all_irreps("D3")
    readout = TensorReadout(irreps, "ij=ji").double()
    features = torch.randn(4, irreps.dim, dtype=torch.float64)
    frames = torch.tensor(np.stack([random_rotation(1), random_rotation(2)]))
    found = readout(features, torch.tensor([0, 0, 1, 0]), frames)
    for graph, atoms in enumerate(([0, 1, 3], [2])):
        mean = sum(readout.cartesian.inverse(readout.linear(features[n])) for n in atoms) / len(atoms)
        expected = frames[graph].T @ mean @ frames[graph]
        torch.testing.assert_close(found[graph], expected, rtol=0, atol=1e-13)


def test_under_rotations_of_o3() -> None:
    group = O3(4)
    irreps = Irreps(group, "3x 0e + 1x 2e + 2x 4e + 1o")
    readout = TensorReadout(irreps, "ijkl=jikl=klij").double()
    features = torch.randn(3, irreps.dim, dtype=torch.float64)
    batch = torch.tensor([0, 0, 0])
    for rotation in (random_rotation(7), -random_rotation(8)):
        blocks = [np.kron(np.eye(block.multiplicity), block.irrep.matrix(rotation)) for block in irreps.blocks]
        moved = features @ torch.block_diag(*map(torch.tensor, blocks)).T
        before, after = readout(features, batch, EYE[None]), readout(moved, batch, EYE[None])
        torch.testing.assert_close(after, turned(before, torch.tensor(rotation), 4), rtol=0, atol=1e-12)


# -- rows -----------------------------------------------------------------------------------------------------------


@every_symmetry
@every_group
def test_rows_are_equivariant_on_any_atoms(name: str, symmetry: str, axial: bool) -> None:
    """Turning the atoms by h permutes the rows, f(n, g) → f(n, h⁻¹ g)."""
    G = point_group(name)
    bonds = torch.tensor([[0, 1, 2], [1, 0, 0]])
    atoms = CrystalGraph(torch.ones(3, dtype=torch.int64), bonds, EYE, torch.tensor([0, 0, 1]), 2)
    graph = oriented_graph_from(atoms, G)
    readout = OrientedTensorReadout(4, symmetry, axial).double()
    values = torch.randn(3, G.order, 4, dtype=torch.float64)
    before = readout(values.flatten(0, 1), graph)
    for h, rotation in enumerate(G.rotations):
        permuted = values[:, G.product[G.inverse[h]].tolist()]
        after = readout(permuted.flatten(0, 1), graph)
        expected = turned(before, torch.tensor(rotation), before.ndim - 1, axial)
        torch.testing.assert_close(after, expected, rtol=0, atol=1e-12)


@every_tensor
@every_group
def test_reduced_rows_give_the_numbers_of_the_full_ones_and_what_the_class_allows(name: str, tensor: str) -> None:
    full, reduced = full_and_reduced(name)
    readout = OrientedTensorReadout(4, PHYSICAL[tensor]).double()
    values = torch.randn(reduced.n_rows, 4, dtype=torch.float64)
    few, all_of_them = readout(values, reduced), readout(on_all_rows(values, full, reduced), full)
    torch.testing.assert_close(few, all_of_them, rtol=0, atol=1e-12)
    check_allowed(few[0], tensor, crystal_of(name))


@every_group
def test_an_axial_tensor_on_rows(name: str) -> None:
    full, reduced = full_and_reduced(name)
    crystal = crystal_of(name)
    readout = OrientedTensorReadout(4, "ij", axial=True).double()
    values = torch.randn(reduced.n_rows, 4, dtype=torch.float64)
    few, all_of_them = readout(values, reduced), readout(on_all_rows(values, full, reduced), full)
    torch.testing.assert_close(few, all_of_them, rtol=0, atol=1e-12)
    standard = crystal.to_standard(few[0].detach().numpy())
    assert project_tensor(standard, crystal.group, axial=True).residual * np.linalg.norm(standard) <= 1e-12


def test_full_rows_by_loops() -> None:
    G = point_group("C3v")
    full, _ = full_and_reduced("C3v")
    readout = OrientedTensorReadout(4, "ijk=ikj").double()
    values = torch.randn(full.n_rows, 4, dtype=torch.float64)
    local = readout.components(readout.network(values)).detach().numpy()
    rows = [turned_by_loops(t, G.rotations[k % G.order], axial=False) for k, t in enumerate(local)]
    expected = crystal_of("C3v").to_user(np.mean(rows, axis=0))
    np.testing.assert_allclose(readout(values, full)[0].detach().numpy(), expected, atol=1e-13)


NAMES = ("D3", "Td", "C2v", "D3", "D6h")


@pytest.mark.parametrize("which", [0, 1], ids=["full", "reduced"])
def test_a_batch_of_classes_gives_the_numbers_of_its_crystals(which: int) -> None:
    graphs = [full_and_reduced(name)[which] for name in NAMES]
    readout = OrientedTensorReadout(4, "ijkl=jikl=klij").double()
    values = [torch.randn(graph.n_rows, 4, dtype=torch.float64) for graph in graphs]
    expected = torch.cat([readout(v, graph) for v, graph in zip(values, graphs, strict=True)])
    found = readout(torch.cat(values), collate_oriented(graphs))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)


def row_values(graph: OrientedGraph) -> Tensor:
    """A fixed anisotropic function of each row's bonds: what a message-passing network would see."""
    weight = torch.tensor(np.random.default_rng(1).normal(size=(3, 5)))
    species = graph.atomic_numbers.view(-1, graph.block, 1).double()
    messages = torch.sin(graph.edge_vectors @ weight + species[graph.edge_index[0]])
    values = torch.zeros(len(species), graph.block, 5, dtype=torch.float64)
    return torch.tanh(values.index_add(0, graph.edge_index[1], messages) + species).flatten(0, 1)


@pytest.mark.parametrize("name", ["C1", "C2", "D2", "C2v", "D2d", "D3", "C3v", "D3h", "Td", "Oh"])
def test_from_the_structure_to_the_tensor_in_its_own_axes(name: str) -> None:
    """Another orientation, another order of atoms and a supercell: the same tensor, turned."""
    structure = structure_of(name)
    readout = OrientedTensorReadout(5, "ijk=ikj" if name != "Oh" else "ijkl=jikl=klij").double()
    rank = readout.components.symmetry.rank
    rotation = random_rotation(6)
    order = np.random.default_rng(2).permutation(len(structure))
    moved = Structure(
        structure.lattice.matrix @ rotation.T, [structure[k].specie for k in order], structure.frac_coords[order]
    )
    tensors = []
    for one in (structure, moved, moved * (1, 1, 2)):
        graph = reduced_graph(one, 4.0, torch.float64)
        tensors.append(readout(row_values(graph), graph)[0])
    assert tensors[0].abs().max() > 1e-4
    torch.testing.assert_close(tensors[1], turned(tensors[0], torch.tensor(rotation), rank), rtol=0, atol=1e-10)
    torch.testing.assert_close(tensors[2], tensors[1], rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", ["C1", "C2", "D2", "D3", "D4", "T", "O"])
def test_a_mirror_image_has_the_mirrored_tensor(name: str) -> None:
    """Two mirror images are one graph; the canonical axes of one of them are inverted."""
    structure = structure_of(name)
    mirror = -random_rotation(9)
    image = Structure(structure.lattice.matrix @ mirror.T, structure.species, structure.frac_coords)
    readout = OrientedTensorReadout(5, "ijk=ikj", axial=True).double()
    tensors = []
    for one in map(crystal_symmetry, (structure, image)):
        graph = reduced_graph(one, 4.0, torch.float64)
        tensors.append(readout(row_values(graph), graph)[0])
    torch.testing.assert_close(tensors[1], turned(tensors[0], torch.tensor(mirror), 3, axial=True), rtol=0, atol=1e-10)


class Network(nn.Module):
    """Two convolutions on the rows, a tensor, made positive definite."""

    def __init__(self, symmetry: str) -> None:
        super().__init__()
        self.embedding = nn.Embedding(119, 4)
        self.basis = KernelBasis(OrientedFilters(BesselBasis(4.0, 4), l_max=2, dim=6))
        self.convolutions = nn.ModuleList(GroupConvolution(4, 4, self.basis, 15.0) for _ in range(2))
        self.readout = OrientedTensorReadout(4, symmetry)
        self.positive = PositiveDefinite(symmetry)

    def forward(self, graph: OrientedGraph) -> Tensor:
        values, kernels = self.embedding(graph.atomic_numbers), self.basis(graph)
        for convolution in self.convolutions:
            values = torch.tanh(convolution(values, kernels))
        tensors: Tensor = self.positive(self.readout(values, graph))
        return tensors


@pytest.mark.parametrize("tensor", ["dielectric", "elastic"])
@every_group
def test_a_whole_network(name: str, tensor: str) -> None:
    """One set of weights for all classes: allowed, positive definite, full = reduced, turning with the structure."""
    network = Network(PHYSICAL[tensor]).double()
    full, reduced = full_and_reduced(name)
    found = network(reduced)
    rank = found.ndim - 1
    check_allowed(found[0], tensor, crystal_of(name))
    matrix = to_mandel(found.detach().numpy(), "ij,kl") if rank == 4 else found.detach().numpy()
    assert np.linalg.eigvalsh(matrix).min() > 0
    torch.testing.assert_close(network(full), found, rtol=0, atol=1e-12)
    structure, rotation = structure_of(name), random_rotation(4)
    moved = Structure(structure.lattice.matrix @ rotation.T, structure.species, structure.frac_coords)
    turned_structure = network(reduced_graph(moved, 3.0, torch.float64))
    torch.testing.assert_close(turned_structure, turned(found, torch.tensor(rotation), rank), rtol=0, atol=1e-11)


# -- precision, gradients, refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1], ids=["full", "reduced"])
def test_gradients_and_precision(which: int) -> None:
    graph = full_and_reduced("C2v")[which]
    readout = OrientedTensorReadout(3, "ij=ji", width=4)
    exact = copy.deepcopy(readout).double()
    values = torch.randn(graph.n_rows, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: exact(v, graph), (values,))
    assert torch.autograd.gradgradcheck(lambda v: exact(v, graph), (values,))
    low = readout(values.detach().float(), graph.to(dtype=torch.float32))
    assert low.dtype == torch.float32
    torch.testing.assert_close(low.double(), exact(values, graph), rtol=0, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        rough = readout(values.detach().float(), graph.to(dtype=torch.float32))
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, low, rtol=0, atol=0.1)
    assert rough.equal(rough.mT)


def test_float32_and_gradients_of_irrep_features() -> None:
    irreps = all_irreps("Td")
    readout = TensorReadout(irreps, "ijk=ikj")
    exact = copy.deepcopy(readout).double()
    features = torch.randn(3, irreps.dim, dtype=torch.float64, requires_grad=True)
    batch, frames = torch.tensor([0, 0, 1]), torch.tensor(np.stack([random_rotation(1), random_rotation(2)]))
    assert torch.autograd.gradcheck(lambda v: exact(v, batch, frames), (features,))
    low = readout(features.detach().float(), batch, frames.float())
    torch.testing.assert_close(low.double(), exact(features, batch, frames), rtol=0, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        rough = readout(features.detach().float(), batch, frames.float())
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, low, rtol=0, atol=0.1)
    torch.testing.assert_close(rough, rough.mT, rtol=0, atol=1e-6)
    assert set(readout.state_dict()) == {name for name, _ in readout.named_parameters()}


@pytest.mark.parametrize("symmetry", ["i", "ij=ji", "ijkl=jikl=klij"])
def test_unit_variance_of_the_components_of_an_atom_at_the_start(symmetry: str) -> None:
    irreps = Irreps("Td", [(16, label) for label in point_group("Td").real_irreps])
    variances = []
    for _ in range(40):
        readout = TensorReadout(irreps, symmetry)
        atoms = torch.arange(100)
        tensors = readout(torch.randn(100, irreps.dim), atoms, torch.eye(3).expand(100, 3, 3))
        variances.append((tensors**2).flatten(1).sum(1).mean().detach() / readout.cartesian.irreps_out.dim)
    assert 0.85 < torch.stack(variances).mean() < 1.15
    rows = []
    graph = reduced_graph(structure_of("C1"), 3.0)
    for _ in range(200):
        readout = OrientedTensorReadout(16, symmetry, width=64)
        local = readout.components(readout.network(torch.randn(graph.n_rows, 16)))
        rows.append((local**2).flatten(1).sum(1).mean().detach() / readout.components.dim)
    assert 0.85 < torch.stack(rows).mean() < 1.15


def test_only_learned_numbers_are_saved() -> None:
    readout = OrientedTensorReadout(4, "ij=ji")
    assert set(readout.state_dict()) == {name for name, _ in readout.named_parameters()}


def test_one_compiled_graph_serves_batches_of_any_classes() -> None:
    readout = OrientedTensorReadout(4, "ij=ji").double()
    compiled = torch.compile(readout, fullgraph=True, backend="eager", dynamic=True)
    batches = [("D3", "Td"), ("C2v", "D6h", "Td"), ("Oh", "C1", "C3v", "D2")]
    for count, names in enumerate(batches):
        graph = collate_oriented([full_and_reduced(name)[1] for name in names])
        values = torch.randn(graph.n_rows, 4, dtype=torch.float64)
        with torch.compiler.set_stance("fail_on_recompile" if count else "default"):
            torch.testing.assert_close(compiled(values, graph), readout(values, graph))


def test_exported_with_any_numbers_of_atoms_and_graphs_and_mapped() -> None:
    irreps = all_irreps("D4h")
    readout = TensorReadout(irreps, "ijkl=jikl=klij")

    def inputs(atoms: int, graphs: int) -> tuple[Tensor, Tensor, Tensor]:
        return torch.randn(atoms, irreps.dim), torch.arange(atoms) % graphs, torch.eye(3).repeat(graphs, 1, 1)

    atoms, graphs = torch.export.Dim("atoms"), torch.export.Dim("graphs")
    exported = torch.export.export(readout, inputs(7, 2), dynamic_shapes=({0: atoms}, {0: atoms}, {0: graphs}))
    features, batch, frames = inputs(9, 4)
    expected = readout(features, batch, frames)
    torch.testing.assert_close(exported.module()(features, batch, frames), expected)
    several = torch.stack([features, 2 * features])
    mapped = torch.func.vmap(lambda one: readout(one, batch, frames))(several)
    torch.testing.assert_close(mapped[0], expected)
    graph = full_and_reduced("D3")[1].to(dtype=torch.float32)
    rows = OrientedTensorReadout(4, "ij=ji")
    values = torch.randn(2, graph.n_rows, 4)
    mapped = torch.func.vmap(lambda one: rows(one, graph))(values)
    torch.testing.assert_close(mapped[1], rows(values[1], graph))


def test_refusals() -> None:
    with pytest.raises(ValueError, match="hold no T2g"):
        TensorReadout(Irreps("Oh", "A1g + Eg"), "ij=ji")
    with pytest.raises(ValueError, match="not a permutation"):
        OrientedTensorReadout(4, "ij=kl")
    graph = full_and_reduced("D3")[1]
    with pytest.raises(ValueError, match=r"have shape \(\d+, 4\), not \(2, 4\)"):
        OrientedTensorReadout(4, "ij=ji")(torch.zeros(2, 4), graph)
    readout = TensorReadout(all_irreps("C1"), "ij=ji")
    with pytest.raises(ValueError, match=r"graphs \[1\] have no members"):
        readout(torch.zeros(2, 2), torch.tensor([0, 0]), torch.eye(3).expand(2, 3, 3))
