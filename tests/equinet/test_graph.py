"""Crystal graphs: complete shells, and that every space-group operation maps a graph onto itself."""

import itertools

import numpy as np
import pytest
import torch
from pymatgen.core import Lattice, Structure
from pymatgen.core.operations import SymmOp
from real_crystals import ROWS, every_crystal, structure_of, symmetry_of
from scipy.spatial import cKDTree
from thirty_two import random_rotation

from equinet.graphs.crystal_graph import CrystalGraph, collate, crystal_graph, full_symmetry
from pointgroups import CrystalSymmetry, SupercellError, crystal_symmetry

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
SIMPLE_CUBIC = Structure(Lattice.cubic(3.0), ["Po"], [[0, 0, 0]])


def points(graph: CrystalGraph) -> np.ndarray:
    """Edges (n, b, r) as points in five dimensions; different pairs of atoms lie far apart."""
    source, target = graph.edge_index.numpy()
    return np.column_stack([100.0 * target, 100.0 * source, graph.edge_vectors.numpy()])


def same_multiset(a: np.ndarray, b: np.ndarray, tolerance: float) -> bool:
    """Whether the points a are the points b in another order."""
    if len(a) != len(b):
        return False
    distance, index = cKDTree(b).query(a)
    return bool((distance < tolerance).all()) and len(np.unique(index)) == len(b)


def commutes(graph: CrystalGraph, symmetry: CrystalSymmetry, tolerance: float = 1e-9) -> bool:
    """Whether (n, b, r) → (g n, g b, R r) maps the edges onto themselves for every operation g."""
    edges = points(graph)
    source, target = graph.edge_index.numpy()
    for element, permutation in zip(symmetry.operations.elements, symmetry.permutations, strict=True):
        turned = graph.edge_vectors.numpy() @ symmetry.group.rotations[element].T
        moved = np.column_stack([100.0 * permutation[target], 100.0 * permutation[source], turned])
        if not same_multiset(moved, edges, tolerance):
            return False
    return True


def nearest(symmetry: CrystalSymmetry, count: int) -> CrystalGraph:
    """The edges that a cut at ``count`` neighbours keeps, ties or not."""
    graph = crystal_graph(symmetry, 8.0, torch.float64)
    order = np.lexsort((graph.edge_vectors.norm(dim=1).numpy(), graph.edge_index[1].numpy()))
    target = graph.edge_index[1].numpy()[order]
    first = np.searchsorted(target, target)
    kept = order[np.arange(len(order)) - first < count]
    return CrystalGraph(
        graph.atomic_numbers, graph.edge_index[:, kept], graph.edge_vectors[kept], graph.batch, graph.n_graphs
    )


@every_crystal
@pytest.mark.parametrize("max_neighbors", [None, 12])
def test_graph_commutes_with_the_space_group(material_id: str, max_neighbors: int | None) -> None:
    symmetry = symmetry_of(material_id)
    graph = crystal_graph(symmetry, 5.0, torch.float64, max_neighbors=max_neighbors)
    assert graph.edge_index.shape[1] > 0
    assert commutes(graph, symmetry)


def test_cut_at_twelve_neighbours_does_not_commute() -> None:
    broken = []
    for material_id in ROWS:
        symmetry = symmetry_of(material_id)
        if not commutes(nearest(symmetry, 12), symmetry):
            broken.append(ROWS[material_id]["class"])
    assert len(broken) > 20
    assert {"Oh", "D6h"} <= set(broken)


@every_crystal
def test_graph_does_not_depend_on_how_the_crystal_was_turned(material_id: str) -> None:
    """The same lengths between the same atoms, whatever the user's axes."""
    structure = structure_of(material_id)
    turned = structure.copy()
    turned.apply_operation(SymmOp.from_rotation_and_translation(random_rotation(5)))
    graphs = [crystal_graph(s, 5.0, torch.float64) for s in (structure, turned)]
    a, b = (np.column_stack([points(graph)[:, :2], graph.edge_vectors.norm(dim=1).numpy()]) for graph in graphs)
    np.testing.assert_allclose(a[np.lexsort(np.round(a, 4).T)], b[np.lexsort(np.round(b, 4).T)], atol=1e-5)


def test_vectors_are_those_of_a_search_by_hand() -> None:
    structure = structure_of(next(m for m, row in ROWS.items() if row["class"] == "C2h"))
    symmetry = crystal_symmetry(structure)
    graph = crystal_graph(symmetry, 4.0, torch.float64)
    found = []
    for n, b in itertools.product(range(len(structure)), repeat=2):
        for image in itertools.product(range(-3, 4), repeat=3):
            step = symmetry.frac_coords[b] + image - symmetry.frac_coords[n]
            vector = symmetry.frame @ (step @ symmetry.lattice)
            if 1e-6 < np.linalg.norm(vector) < 4.0:
                found.append([100.0 * n, 100.0 * b, *vector])
    assert same_multiset(np.array(found), points(graph), 1e-9)


@pytest.mark.parametrize("excess", [-1e-6, -1e-9, 0, 1e-9, 1e-6])
def test_shell_at_the_cutoff_is_left_out_whole(excess: float) -> None:
    graph = crystal_graph(SIMPLE_CUBIC, 3.0 * np.sqrt(2) * (1 + excess))
    assert graph.edge_index.shape[1] == 6
    wider = crystal_graph(SIMPLE_CUBIC, 3.0 * np.sqrt(2) * (1 + 1e-3))
    assert wider.edge_index.shape[1] == 18


def test_shells_that_differ_by_rounding_only_are_not_cut() -> None:
    tilted = Structure(Lattice.cubic(3.0).matrix @ random_rotation(2), ["Po"], [[0, 0, 0]])
    for cutoff in 3.0 * np.sqrt(np.arange(1, 20)):
        assert crystal_graph(tilted, cutoff).edge_index.shape == crystal_graph(SIMPLE_CUBIC, cutoff).edge_index.shape


@pytest.mark.parametrize(("limit", "kept"), [(1, 6), (6, 6), (7, 18), (18, 18), (19, 26), (27, 32), (1000, 32)])
def test_every_neighbour_tied_with_the_last_is_kept(limit: int, kept: int) -> None:
    graph = crystal_graph(SIMPLE_CUBIC, 6.5, max_neighbors=limit)
    assert graph.edge_index.shape[1] == kept


def test_supercell_that_hides_symmetry_gives_the_primitive_graph() -> None:
    with pytest.raises(SupercellError):
        crystal_symmetry(SALT * (1, 1, 2))
    assert full_symmetry(SALT * (1, 1, 2)).group.schoenflies == "Oh"
    graph, primitive = (crystal_graph(s, 5.0) for s in (SALT * (1, 1, 2), SALT.get_primitive_structure()))
    assert sorted(graph.atomic_numbers.tolist()) == sorted(primitive.atomic_numbers.tolist())
    assert graph.edge_index.shape == primitive.edge_index.shape


def test_atom_without_neighbours_has_a_graph_without_edges() -> None:
    graph = crystal_graph(Structure(Lattice.cubic(9.0), ["He"], [[0, 0, 0]]), 4.0)
    assert graph.edge_index.shape == (2, 0)
    assert graph.edge_vectors.shape == (0, 3)


def test_collate_puts_crystals_side_by_side() -> None:
    parts = [crystal_graph(s, 4.0, torch.float64) for s in (SALT, SIMPLE_CUBIC, SALT)]
    joined = collate([collate(parts[:2]), parts[2]])
    assert joined.n_graphs == 3
    assert torch.bincount(joined.batch).tolist() == [8, 1, 8]
    assert (joined.batch[joined.edge_index[0]] == joined.batch[joined.edge_index[1]]).all()
    assert torch.equal(joined.edge_index[:, -parts[2].edge_index.shape[1] :], parts[2].edge_index + 9)
    assert torch.equal(joined.edge_vectors, torch.cat([part.edge_vectors for part in parts]))
    with pytest.raises(ValueError, match="no graph"):
        collate([])


def test_precision_changes_the_vectors_alone() -> None:
    graph = crystal_graph(SALT, 4.0)
    assert graph.edge_vectors.dtype == torch.float32
    double = graph.to("cpu", torch.float64)
    assert double.edge_vectors.dtype == torch.float64
    assert double.edge_index.dtype == double.atomic_numbers.dtype == double.batch.dtype == torch.int64


def test_oxidation_states_have_atomic_numbers() -> None:
    graph = crystal_graph(Structure(Lattice.cubic(4.1), ["Cs+", "Cl-"], [[0, 0, 0], [0.5, 0.5, 0.5]]), 4.0)
    assert graph.atomic_numbers.tolist() == [55, 17]


def test_what_cannot_be_a_graph_is_refused() -> None:
    for cutoff in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="positive length"):
            crystal_graph(SALT, cutoff)
    with pytest.raises(ValueError, match="max_neighbors is 0"):
        crystal_graph(SALT, 4.0, max_neighbors=0)
    with pytest.raises(ValueError, match="not a chemical element"):
        crystal_graph(Structure(Lattice.cubic(3.0), ["X"], [[0, 0, 0]]), 4.0)
