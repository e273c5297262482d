"""Tensors of atoms: the law of transformation, site groups, the user's axes, rows full and reduced, the sum rule."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from symmetric_features import crystal_of, full_and_reduced, on_all_rows, symmetric_features
from thirty_two import every_group, random_rotation
from torch import Tensor

from equinet import (
    CrystalGraph,
    Irreps,
    OrbitImages,
    OrientedSiteTensorReadout,
    SiteTensorReadout,
    acoustic_sum_rule,
    collate_oriented,
    orbit_graph,
    oriented_graph_from,
)
from equinet.readouts.turning import turned
from pointgroups import CrystalSymmetry, point_group, project_site_tensors, site_tensor_basis

every_symmetry = pytest.mark.parametrize(
    ("symmetry", "axial"), [("i", False), ("i", True), ("ij", False), ("ij=ji", True)]
)
EYE = torch.eye(3, dtype=torch.float64)


def all_irreps(name: str) -> Irreps:
    return Irreps(name, [(2, label) for label in point_group(name).real_irreps])


def check_allowed(tensors: Tensor, crystal: CrystalSymmetry, symmetry: str, axial: bool) -> None:
    """The space group maps the tensors onto each other, and each is a general one of those its site allows."""
    values = tensors.detach().numpy()
    residuals = project_site_tensors(crystal, values, symmetry, axial).residuals
    assert residuals.max() < 1e-12 * max(1, np.abs(values).max())
    for orbit in crystal.orbits:
        basis = site_tensor_basis(crystal, orbit.representative, symmetry, axial)
        if len(basis):
            assert np.abs(values[orbit.representative]).max() > 1e-6
        else:
            assert np.abs(values[list(orbit.atoms)]).max() < 1e-12


@every_symmetry
@every_group
def test_equivariant_on_any_atoms(name: str, symmetry: str, axial: bool) -> None:
    G = point_group(name)
    irreps = all_irreps(name)
    readout = SiteTensorReadout(irreps, symmetry, axial).double()
    features, batch = torch.randn(3, irreps.dim, dtype=torch.float64), torch.tensor([0, 1, 0])
    frames = EYE.expand(2, 3, 3)
    before = readout(features, batch, frames)
    for matrix, rotation in zip(irreps.matrices, G.rotations, strict=True):
        after = readout(features @ torch.tensor(matrix).T, batch, frames)
        expected = turned(before, torch.tensor(rotation), before.ndim - 1, axial)
        torch.testing.assert_close(after, expected, rtol=0, atol=1e-12)


@every_symmetry
@every_group
def test_atoms_of_a_crystal_get_what_their_sites_allow(name: str, symmetry: str, axial: bool) -> None:
    crystal = crystal_of(name)
    irreps = all_irreps(name)
    readout = SiteTensorReadout(irreps, symmetry, axial).double()
    features = symmetric_features(crystal, irreps)
    batch = torch.zeros(len(features), dtype=torch.int64)
    check_allowed(readout(features, batch, torch.tensor(crystal.frame)[None]), crystal, symmetry, axial)


@every_group
def test_from_one_atom_of_each_orbit(name: str) -> None:
    crystal, irreps = crystal_of(name), all_irreps(name)
    features = symmetric_features(crystal, irreps)
    graph = orbit_graph(crystal, 3.0, dtype=torch.float64)
    readout = SiteTensorReadout(irreps, "ij").double()
    atoms = OrbitImages(irreps).double()(features[[orbit.representative for orbit in crystal.orbits]], graph)
    batch = torch.zeros(len(features), dtype=torch.int64)
    found = readout(atoms[graph.given_atoms], batch, graph.frames)
    torch.testing.assert_close(found, readout(features, batch, graph.frames), rtol=0, atol=1e-12)


def test_each_atom_in_the_frame_of_its_own_graph() -> None:
    irreps = all_irreps("D3")
    readout = SiteTensorReadout(irreps, "ij").double()
    features, batch = torch.randn(4, irreps.dim, dtype=torch.float64), torch.tensor([0, 0, 1, 0])
    frames = torch.tensor(np.stack([random_rotation(1), random_rotation(2)]))
    found = readout(features, batch, frames)
    for n, graph in enumerate(batch.tolist()):
        expected = frames[graph].T @ readout.cartesian.inverse(readout.linear(features[n])) @ frames[graph]
        torch.testing.assert_close(found[n], expected, rtol=0, atol=1e-13)


@every_symmetry
@every_group
def test_rows_are_equivariant_on_any_atoms(name: str, symmetry: str, axial: bool) -> None:
    """Turning the atoms by h permutes the rows, f(n, g) → f(n, h⁻¹ g)."""
    G = point_group(name)
    bonds = torch.tensor([[0, 1, 2], [1, 0, 0]])
    atoms = CrystalGraph(torch.ones(3, dtype=torch.int64), bonds, EYE, torch.tensor([0, 0, 1]), 2)
    graph = oriented_graph_from(atoms, G)
    readout = OrientedSiteTensorReadout(4, symmetry, axial).double()
    values = torch.randn(3, G.order, 4, dtype=torch.float64)
    before = readout(values.flatten(0, 1), graph)
    assert before.shape[0] == 3
    for h, rotation in enumerate(G.rotations):
        permuted = values[:, G.product[G.inverse[h]].tolist()]
        after = readout(permuted.flatten(0, 1), graph)
        expected = turned(before, torch.tensor(rotation), before.ndim - 1, axial)
        torch.testing.assert_close(after, expected, rtol=0, atol=1e-12)


@every_symmetry
@every_group
def test_reduced_rows_give_the_numbers_of_the_full_ones_and_what_sites_allow(
    name: str, symmetry: str, axial: bool
) -> None:
    full, reduced = full_and_reduced(name)
    readout = OrientedSiteTensorReadout(4, symmetry, axial).double()
    values = torch.randn(reduced.n_rows, 4, dtype=torch.float64)
    few, all_of_them = readout(values, reduced), readout(on_all_rows(values, full, reduced), full)
    torch.testing.assert_close(few, all_of_them, rtol=0, atol=1e-12)
    check_allowed(few, crystal_of(name), symmetry, axial)


def test_full_and_reduced_rows_by_loops() -> None:
    crystal = crystal_of("C3v")
    G = crystal.group
    full, reduced = full_and_reduced("C3v")
    readout = OrientedSiteTensorReadout(4, "ij").double()
    values = torch.randn(full.n_rows, 4, dtype=torch.float64)
    found = readout(values, full)
    local = readout.components(readout.network(values)).detach().numpy()
    for n, start in enumerate(full.atom_rows.tolist()):
        mean = sum(R @ local[start + g] @ R.T for g, R in enumerate(G.rotations)) / G.order
        np.testing.assert_allclose(found[n].detach().numpy(), crystal.frame.T @ mean @ crystal.frame, atol=1e-13)
    few = torch.randn(reduced.n_rows, 4, dtype=torch.float64)
    found = readout(few, reduced)
    local = readout.components(readout.network(few)).detach().numpy()
    for n, row in enumerate(reduced.atom_rows.tolist()):
        twists = [(s, k) for s, t, k in reduced.twists.T.tolist() if t == row]
        assert len(twists) == G.order
        mean = sum(G.rotations[k] @ local[s] @ G.rotations[k].T for s, k in twists) / G.order
        np.testing.assert_allclose(found[n].detach().numpy(), crystal.frame.T @ mean @ crystal.frame, atol=1e-13)


@pytest.mark.parametrize("which", [0, 1], ids=["full", "reduced"])
def test_a_batch_of_classes_gives_the_numbers_of_its_crystals(which: int) -> None:
    graphs = [full_and_reduced(name)[which] for name in ("D3", "Td", "C2v", "D3", "D6h")]
    readout = OrientedSiteTensorReadout(4, "ij").double()
    values = [torch.randn(graph.n_rows, 4, dtype=torch.float64) for graph in graphs]
    expected = torch.cat([readout(v, graph) for v, graph in zip(values, graphs, strict=True)])
    found = readout(torch.cat(values), collate_oriented(graphs))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", ["C1", "C2v", "D3", "Td", "O", "Oh"])
def test_the_sum_rule_keeps_the_symmetry(name: str) -> None:
    crystal = crystal_of(name)
    reduced = full_and_reduced(name)[1]
    raw = OrientedSiteTensorReadout(4, "ij").double()(torch.randn(reduced.n_rows, 4, dtype=torch.float64), reduced)
    batch = reduced.crystal[reduced.atom_rows]
    charges = acoustic_sum_rule(raw, batch, reduced.n_graphs)
    assert charges.sum(0).abs().max() < 1e-12
    expected = project_site_tensors(crystal, raw.detach().numpy(), "ij", sum_rule=True).tensors
    np.testing.assert_allclose(charges.detach().numpy(), expected, atol=1e-12)


def test_the_sum_rule_of_two_crystals() -> None:
    tensors, batch = torch.randn(5, 3, 3, dtype=torch.float64), torch.tensor([0, 1, 0, 1, 1])
    found = acoustic_sum_rule(tensors, batch, 2)
    for graph in range(2):
        own = tensors[batch == graph]
        torch.testing.assert_close(found[batch == graph], own - own.mean(0))


@pytest.mark.parametrize("which", [0, 1], ids=["full", "reduced"])
def test_gradients_and_precision(which: int) -> None:
    graph = full_and_reduced("C2v")[which]
    readout = OrientedSiteTensorReadout(3, "ij", width=4)
    exact = copy.deepcopy(readout).double()
    values = torch.randn(graph.n_rows, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: exact(v, graph), (values,))
    low = readout(values.detach().float(), graph.to(dtype=torch.float32))
    assert low.dtype == torch.float32
    torch.testing.assert_close(low.double(), exact(values, graph), rtol=0, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        rough = readout(values.detach().float(), graph.to(dtype=torch.float32))
    torch.testing.assert_close(rough, low, rtol=0, atol=0.1)
    assert set(readout.state_dict()) == {name for name, _ in readout.named_parameters()}


def test_float32_and_gradients_of_irrep_features() -> None:
    irreps = all_irreps("Td")
    readout = SiteTensorReadout(irreps, "ij")
    exact = copy.deepcopy(readout).double()
    features = torch.randn(2, irreps.dim, dtype=torch.float64, requires_grad=True)
    batch, frames = torch.tensor([0, 1]), torch.tensor(np.stack([random_rotation(1), random_rotation(2)]))
    assert torch.autograd.gradcheck(lambda v: exact(v, batch, frames), (features,))
    low = readout(features.detach().float(), batch, frames.float())
    torch.testing.assert_close(low.double(), exact(features, batch, frames), rtol=0, atol=1e-5)


@pytest.mark.parametrize("which", [0, 1], ids=["full", "reduced"])
def test_one_compiled_graph_serves_batches_of_any_classes(which: int) -> None:
    readout = OrientedSiteTensorReadout(4, "ij").double()
    compiled = torch.compile(readout, fullgraph=True, backend="eager", dynamic=True)
    batches = [("D3", "Td"), ("C2v", "D6h", "Td"), ("Oh", "C1", "C3v", "D2")]
    for count, names in enumerate(batches):
        graph = collate_oriented([full_and_reduced(name)[which] for name in names])
        values = torch.randn(graph.n_rows, 4, dtype=torch.float64)
        with torch.compiler.set_stance("fail_on_recompile" if count else "default"):
            torch.testing.assert_close(compiled(values, graph), readout(values, graph))


def test_refusals() -> None:
    with pytest.raises(ValueError, match="hold no T1g"):
        SiteTensorReadout(Irreps("Oh", "A1g + Eg + T2g"), "ij")
    graph = full_and_reduced("D3")[1]
    with pytest.raises(ValueError, match=r"have shape \(\d+, 4\), not \(2, 4\)"):
        OrientedSiteTensorReadout(4, "ij")(torch.zeros(2, 4), graph)
