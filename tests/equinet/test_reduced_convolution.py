"""The convolution on orbits equals the one on the whole crystal graph, for every class, with its gradients."""

import copy

import numpy as np
import pytest
import torch
from pymatgen.core import Lattice, Structure
from real_crystals import ROWS, every_crystal, supergroup, symmetry_of
from torch import Tensor, nn

from equinet import (
    BesselBasis,
    CrystalGraph,
    GroupAverage,
    Irreps,
    Linear,
    OrbitGraph,
    OrbitImages,
    OrbitMean,
    PointGroupConvolution,
    RadialNetwork,
    ReducedConvolution,
    collate_orbits,
    crystal_graph,
    orbit_graph,
    site_invariants,
)
from equinet.groups import O3, Group
from pointgroups import point_group

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
CUTOFF = 4.5
CASES = [
    pytest.param(material, network, id=f"{row['class']}-{row['space_group']}-{network}")
    for network, step in (("own", 1), ("supergroup", 4), ("O(3)", 3))
    for material, row in list(ROWS.items())[::step]
]


class Network(nn.Module):
    """Two convolutions from invariants, with a linear layer between; on atoms or on sites."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        start = Irreps.trivial(group, 2)
        hidden = Irreps(group, [(1, label) for label in group.real_irreps])
        radial = RadialNetwork(BesselBasis(CUTOFF, 4), 3)
        self.embedding = nn.Embedding(120, 2)
        self.first = PointGroupConvolution(start, hidden, 2, radial, neighbours=12.0)
        self.between = Linear(hidden, hidden)
        self.second = PointGroupConvolution(hidden, hidden, 2, radial, neighbours=12.0)
        self.reduced = nn.ModuleList([ReducedConvolution(self.first), ReducedConvolution(self.second)])
        self.mean = OrbitMean(hidden)
        self.images = OrbitImages(hidden)

    def on_atoms(self, graph: CrystalGraph) -> Tensor:
        features = self.first(self.embedding(graph.atomic_numbers), graph.edge_index, graph.edge_vectors)
        return self.second(self.between(features), graph.edge_index, graph.edge_vectors)

    def on_sites(self, graph: OrbitGraph) -> Tensor:
        first, second = self.reduced
        return second(self.between(first(self.embedding(graph.atomic_numbers), graph)), graph)


@pytest.mark.parametrize(("material_id", "network_group"), CASES)
def test_sites_equal_atoms(material_id: str, network_group: str) -> None:
    """In the class itself, in Oh or D6h, and in O(3): features of every atom, the mean, and gradients."""
    symmetry = symmetry_of(material_id)
    groups: dict[str, Group] = {"own": symmetry.group, "supergroup": supergroup(symmetry), "O(3)": O3(2)}
    group = groups[network_group]
    network = Network(group).double()
    whole = crystal_graph(symmetry, CUTOFF, torch.float64)
    graph = orbit_graph(symmetry, CUTOFF, group, torch.float64)
    assert len(graph.edge_vectors) > 0
    atoms, sites = network.on_atoms(whole), network.on_sites(graph)
    torch.testing.assert_close(network.images(sites, graph)[graph.given_atoms], atoms, rtol=0, atol=1e-11)
    mean = network.mean(sites, graph)
    torch.testing.assert_close(mean[0], atoms.mean(0), rtol=0, atol=1e-11)
    parameters = [p for p in network.parameters() if p.requires_grad]
    a = torch.autograd.grad((atoms.mean(0) ** 2).sum(), parameters, allow_unused=True)
    b = torch.autograd.grad((mean**2).sum(), parameters, allow_unused=True)
    for full, few in zip(a, b, strict=True):
        assert (full is None) == (few is None)
        if full is not None:
            torch.testing.assert_close(few, full, rtol=0, atol=1e-10 * max(1.0, full.abs().max().item()))
    assert sum(full is not None for full in a) > 3


def test_sites_equal_atoms_in_single_precision() -> None:
    network = Network(point_group("Oh"))
    whole, graph = crystal_graph(SALT, CUTOFF), orbit_graph(SALT, CUTOFF)
    atoms, sites = network.on_atoms(whole), network.on_sites(graph)
    assert sites.dtype == torch.float32
    torch.testing.assert_close(network.images(sites, graph)[graph.given_atoms], atoms, rtol=0, atol=1e-5)


@every_crystal
def test_features_stay_invariant_under_the_site_group(material_id: str) -> None:
    symmetry = symmetry_of(material_id)
    network = Network(symmetry.group).double()
    graph = orbit_graph(symmetry, CUTOFF, dtype=torch.float64)
    sites = network.on_sites(graph)
    matrices = torch.tensor(network.second.irreps_out.matrices)
    for site in range(graph.n_sites):
        for element in torch.nonzero(graph.site_weights[site]).flatten():
            torch.testing.assert_close(matrices[element] @ sites[site], sites[site], rtol=0, atol=1e-12)


def test_batch_of_classes_gives_the_numbers_of_its_parts() -> None:
    """Crystals of many classes in one batch of one network group."""
    oh = point_group("Oh")
    cubic = [symmetry for symmetry in map(symmetry_of, list(ROWS)[::3]) if supergroup(symmetry) is oh]
    assert len({symmetry.group for symmetry in cubic}) > 5
    network = Network(oh).double()
    parts = [orbit_graph(symmetry, CUTOFF, "Oh", torch.float64) for symmetry in cubic]
    joined = collate_orbits(parts)
    sites = [network.on_sites(part) for part in parts]
    together = network.on_sites(joined)
    torch.testing.assert_close(together, torch.cat(sites), rtol=0, atol=1e-12)
    means = [network.mean(site, part) for site, part in zip(sites, parts, strict=True)]
    torch.testing.assert_close(network.mean(together, joined), torch.cat(means), rtol=0, atol=1e-12)
    atoms = [network.images(site, part)[part.given_atoms] for site, part in zip(sites, parts, strict=True)]
    images = network.images(together, joined)[joined.given_atoms]
    torch.testing.assert_close(images, torch.cat(atoms), rtol=0, atol=1e-12)


@every_crystal
def test_invariants_hold_the_features(material_id: str) -> None:
    """pack and unpack are inverse on site features; their number is the character formula; other parts are lost."""
    symmetry = symmetry_of(material_id)
    group = symmetry.group
    irreps = Irreps(group, [(2, label) for label in group.real_irreps])
    graph = orbit_graph(symmetry, 3.0, dtype=torch.float64)
    invariants = site_invariants(graph, irreps)
    expected = 0.0
    for orbit in symmetry.orbits:
        for gamma in group.real_irreps.values():
            expected += 2 * np.trace(gamma.matrices.real, axis1=1, axis2=2)[orbit.site_group.elements].mean()
    assert invariants.dim == round(expected)
    anything = torch.randn(graph.n_sites, irreps.dim, dtype=torch.float64)
    projected = GroupAverage(irreps).double()(anything, graph.site_weights)
    packed = invariants.pack(anything)
    assert sum(part.numel() for part in packed.values()) == invariants.dim
    torch.testing.assert_close(invariants.unpack(packed), projected, rtol=0, atol=1e-13)
    for label, part in invariants.pack(projected).items():
        torch.testing.assert_close(part, packed[label], rtol=0, atol=1e-13)


def test_invariants_of_a_batch_and_of_o3() -> None:
    graphs = [orbit_graph(symmetry_of(material), 3.0, O3(2), torch.float64) for material in list(ROWS)[::10]]
    irreps = Irreps(O3(2), "2x 0e + 0o + 1o + 3x 2e")
    joined = site_invariants(collate_orbits(graphs), irreps)
    parts = [site_invariants(graph, irreps) for graph in graphs]
    assert joined.dim == sum(part.dim for part in parts)
    features = torch.randn(joined.n_sites, irreps.dim, dtype=torch.float64)
    split = features.split([part.n_sites for part in parts])
    apart = [part.unpack(part.pack(piece)) for part, piece in zip(parts, split, strict=True)]
    torch.testing.assert_close(joined.unpack(joined.pack(features)), torch.cat(apart), rtol=0, atol=1e-13)
    with pytest.raises(ValueError, match=r"the graph is of O\(3\), the irreps of Irreps\('Oh'"):
        site_invariants(graphs[0], Irreps("Oh", "A1g"))


def test_averages_are_the_sums_over_the_group() -> None:
    irreps = Irreps("Td", "2x T2 + A1 + E")
    features = torch.randn(5, irreps.dim, dtype=torch.float64)
    weights = torch.randn(5, 24, dtype=torch.float64)
    slow = torch.einsum("ng,gij,nj->ni", weights, torch.tensor(irreps.matrices), features)
    torch.testing.assert_close(GroupAverage(irreps).double()(features, weights), slow, rtol=0, atol=1e-13)


def test_weights_are_those_of_the_convolution() -> None:
    network = Network(point_group("Oh"))
    layer = network.reduced[1]
    assert dict(layer.state_dict()).keys() == {f"convolution.{name}" for name in network.second.state_dict()}
    assert layer.irreps_in == network.second.irreps_in
    assert layer.irreps_out == network.second.irreps_out
    graph = orbit_graph(SALT, CUTOFF)
    features = torch.ones(2, layer.irreps_in.dim)
    assert torch.equal(copy.deepcopy(layer)(features, graph), layer(features, graph))


def test_one_compiled_program_serves_graphs_of_any_size() -> None:
    """Whole (no part falls back to Python) and once: nothing in the forward depends on the numbers in the graph."""
    group = point_group("Oh")
    scalars, hidden = Irreps.trivial(group, 3), Irreps(group, "A1g + T1u")

    class Predict(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(120, 3)
            self.layer = ReducedConvolution(PointGroupConvolution(scalars, hidden, 1, BesselBasis(CUTOFF, 4), 12.0))
            self.mean = OrbitMean(hidden)

        def forward(self, graph: OrbitGraph) -> Tensor:
            return self.mean(self.layer(self.embedding(graph.atomic_numbers), graph), graph)

    perovskite = Structure.from_spacegroup(
        "Pm-3m", Lattice.cubic(3.9), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0]]
    )
    fluorite = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.46), ["Ca", "F"], [[0] * 3, [0.25] * 3])
    parts = [orbit_graph(crystal, CUTOFF, group) for crystal in (perovskite, fluorite, perovskite) * 3]
    model = Predict()
    compiled = torch.compile(model, fullgraph=True, dynamic=True, backend="eager")
    for count in (5, 9):
        graph = collate_orbits(parts[:count])
        with torch.compiler.set_stance("fail_on_recompile" if count > 5 else "default"):
            torch.testing.assert_close(compiled(graph), model(graph), rtol=0, atol=1e-5)


def test_wrong_graphs_and_features_are_refused() -> None:
    layer = Network(point_group("Td")).reduced[0]
    graph = orbit_graph(SALT, CUTOFF)
    with pytest.raises(ValueError, match="graph is of Oh"):
        layer(torch.ones(2, 2), graph)
    layer = Network(point_group("Oh")).reduced[0]
    with pytest.raises(ValueError, match=r"have shape \(2, 2\); got \(3, 2\)"):
        layer(torch.ones(3, 2), graph)
    with pytest.raises(ValueError, match=r"have shape \(2, 2\); got \(2, 4\)"):
        OrbitMean(Irreps.trivial("Oh", 2))(torch.ones(2, 4), graph)
