"""Orbit graphs: from sites and orbits of bonds the operations make every atom and every bond of the crystal graph."""

import pickle

import numpy as np
import pytest
import torch
from pymatgen.core import Lattice, Structure
from real_crystals import every_crystal, supergroup, symmetry_of
from scipy.spatial import cKDTree
from thirty_two import every_group

from equinet import crystal_graph
from equinet.graphs.orbit_graph import OrbitGraph, collate_orbits, orbit_graph, rotations_of
from equinet.groups import O3, SO3, Group
from pointgroups import point_group

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
BLENDE = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
MAGNESIUM = Structure(Lattice.hexagonal(3.2, 5.2), ["Mg"] * 2, [[1 / 3, 2 / 3, 0.25], [2 / 3, 1 / 3, 0.75]])
CUTOFF = 4.5


@every_crystal
@pytest.mark.parametrize("max_neighbors", [None, 5])
def test_operations_make_all_bonds(material_id: str, max_neighbors: int | None) -> None:
    """The site group turns the bonds e₀ into all bonds around the site, each as often as the weight says."""
    symmetry = symmetry_of(material_id)
    graph = orbit_graph(symmetry, CUTOFF, dtype=torch.float64, max_neighbors=max_neighbors)
    whole = crystal_graph(symmetry, CUTOFF, torch.float64, max_neighbors=max_neighbors)
    atom_of_site = [orbit.representative for orbit in symmetry.orbits]
    assert graph.edge_weights.sum() == sum((whole.edge_index[1] == atom).sum() for atom in atom_of_site)
    for site, atom in enumerate(atom_of_site):
        members = np.flatnonzero(graph.site_weights[site].numpy())
        found = []
        for e in torch.nonzero(graph.edge_index[1] == site).flatten().tolist():
            images = symmetry.group.rotations[members] @ graph.edge_vectors[e].numpy()
            images = images[np.unique(np.round(images, 6), axis=0, return_index=True)[1]]
            assert len(images) == graph.edge_weights[e]
            kind = graph.sites[graph.edge_index[0, e]].item()
            found += [[*image, 100.0 * kind] for image in images]
        kinds = graph.sites[graph.given_atoms].numpy()
        around = (whole.edge_index[1] == atom).numpy()
        wanted = np.column_stack([whole.edge_vectors[around], 100.0 * kinds[whole.edge_index[0, around]]])
        assert len(found) == len(wanted)
        if len(found):
            distance, index = cKDTree(wanted).query(np.array(found))
            assert distance.max() < 1e-9
            assert len(set(index)) == len(wanted)


@every_crystal
@pytest.mark.parametrize("network", ["its own class", "supergroup", "O(3)"])
def test_operations_make_all_atoms(material_id: str, network: str) -> None:
    """A vector field of the crystal graph is R(g_b) times that of the site, at every atom of the given cell."""
    symmetry = symmetry_of(material_id)
    groups: dict[str, Group] = {"supergroup": supergroup(symmetry), "O(3)": O3(2)}
    group = groups.get(network, symmetry.group)
    graph = orbit_graph(symmetry, CUTOFF, group, torch.float64)
    whole = crystal_graph(symmetry, CUTOFF, torch.float64)
    assert torch.equal(graph.atomic_numbers[graph.sites[graph.given_atoms]], whole.atomic_numbers)
    source, target = whole.edge_index
    terms = whole.edge_vectors * (whole.atomic_numbers[source] * torch.exp(-whole.edge_vectors.norm(dim=1)))[:, None]
    field = torch.zeros(len(whole.atomic_numbers), 3, dtype=torch.float64).index_add(0, target, terms)
    on_sites = field[torch.tensor([orbit.representative for orbit in symmetry.orbits])]
    rotations = torch.tensor(rotations_of(group))
    images = torch.einsum("aij,aj->ai", rotations[graph.elements], on_sites[graph.sites])
    torch.testing.assert_close(images[graph.given_atoms], field, rtol=0, atol=1e-10)
    projected = torch.einsum("ng,gij,nj->ni", graph.site_weights, rotations, on_sites)
    torch.testing.assert_close(projected, on_sites, rtol=0, atol=1e-10)
    mean = torch.einsum("g,gij,n,nj->i", graph.class_weights[0], rotations, graph.shares, on_sites)
    torch.testing.assert_close(mean, field.mean(0), rtol=0, atol=1e-10)


def test_sites_come_first_among_the_atoms() -> None:
    for structure in (SALT, BLENDE, MAGNESIUM):
        graph = orbit_graph(structure, CUTOFF)
        assert graph.sites[: graph.n_sites].tolist() == list(range(graph.n_sites))
        assert graph.elements[: graph.n_sites].tolist() == [0] * graph.n_sites
        assert sorted(set(graph.given_atoms.tolist())) == list(range(len(graph.sites)))
        torch.testing.assert_close(graph.shares.sum(), torch.tensor(1.0))


def test_class_outside_the_group_is_refused() -> None:
    with pytest.raises(ValueError, match=r"class D6h is no subgroup of Oh .* name a group that holds it"):
        orbit_graph(MAGNESIUM, CUTOFF, "Oh")
    with pytest.raises(ValueError, match="class Oh is no subgroup of Td"):
        orbit_graph(SALT, CUTOFF, "Td")
    with pytest.raises(ValueError, match=r"class Oh is no subgroup of SO\(3\)"):
        orbit_graph(SALT, CUTOFF, SO3(2))
    assert orbit_graph(BLENDE, CUTOFF, "Oh").group is point_group("Oh")


@every_group
def test_every_class_is_in_o3_and_every_proper_one_in_so3(name: str) -> None:
    rotations = point_group(name).rotations
    for network in (O3(1), SO3(1)):
        apart = np.abs(rotations[:, None] - rotations_of(network)).max((2, 3)).min(1)
        proper = (np.linalg.det(rotations) > 0).all()
        assert (apart < 1e-9).all() == (proper or network is O3(1))


def test_bad_input_is_refused() -> None:
    for cutoff in (0.0, float("nan")):
        with pytest.raises(ValueError, match="positive length"):
            orbit_graph(SALT, cutoff)
    with pytest.raises(ValueError, match="max_neighbors is 0"):
        orbit_graph(SALT, 4.0, max_neighbors=0)
    with pytest.raises(ValueError, match="not a chemical element"):
        orbit_graph(Structure(Lattice.cubic(3.0), ["X"], [[0, 0, 0]]), 4.0)
    with pytest.raises(ValueError, match="no graph"):
        collate_orbits([])
    with pytest.raises(ValueError, match=r"different groups \(Oh, Td\)"):
        collate_orbits([orbit_graph(SALT, 4.0), orbit_graph(BLENDE, 4.0)])


def same(a: OrbitGraph, b: OrbitGraph) -> None:
    names = "edge_index edge_vectors edge_weights sites elements site_weights class_weights shares batch given_atoms"
    for name in names.split():
        assert torch.equal(getattr(a, name), getattr(b, name)), name


def test_collate_puts_sites_first_and_images_after() -> None:
    quartz = Structure.from_spacegroup("P4/mmm", Lattice.tetragonal(3, 5), ["Si", "O"], [[0] * 3, [0.3, 0, 0.2]])
    parts = [orbit_graph(crystal, 3.0, "Oh", torch.float64) for crystal in (SALT, quartz, BLENDE)]
    joined = collate_orbits(parts)
    same(collate_orbits([collate_orbits(parts[:2]), parts[2]]), joined)
    same(collate_orbits([parts[0]]), parts[0])
    assert joined.n_graphs == 3
    assert joined.batch.tolist() == [0, 0, 1, 1, 2, 2]
    assert joined.sites[:6].tolist() == list(range(6))
    atom_batch = joined.batch[joined.sites]
    assert torch.equal(atom_batch[joined.edge_index[0]], joined.batch[joined.edge_index[1]])
    assert torch.bincount(atom_batch[joined.given_atoms]).tolist() == [len(SALT), len(quartz), len(BLENDE)]


def test_precision_is_that_asked_for() -> None:
    graph = orbit_graph(SALT, 3.0)
    real = ("edge_vectors", "edge_weights", "site_weights", "class_weights", "shares", "frames")
    whole = ("atomic_numbers", "edge_index", "sites", "elements", "batch", "given_atoms")
    for found, dtype in ((graph, torch.float32), (graph.to("cpu", torch.float64), torch.float64)):
        assert {getattr(found, name).dtype for name in real} == {dtype}
        assert {getattr(found, name).dtype for name in whole} == {torch.int64}
    copied = pickle.loads(pickle.dumps(graph))  # noqa: S301 - what workers of a DataLoader do
    assert copied.group is graph.group
    same(copied, graph)


def test_atom_without_neighbours() -> None:
    graph = orbit_graph(Structure(Lattice.cubic(9.0), ["He"], [[0, 0, 0]]), 4.0)
    assert graph.edge_index.shape == (2, 0)
    assert graph.edge_vectors.shape == (0, 3)
