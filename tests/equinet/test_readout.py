"""The readouts see invariants alone, and mean or sum over each graph's atoms, or over the rows of a crystal."""

from __future__ import annotations

import copy

import pytest
import torch
from symmetric_features import crystal_of, full_and_reduced, on_all_rows, symmetric_features
from thirty_two import every_group

from equinet import (
    InvariantReadout,
    Irreps,
    OrientedInvariantReadout,
    assert_equivariant,
    collate_oriented,
    orbit_graph,
)
from equinet.readouts.perceptron import Perceptron
from equinet.readouts.pooling import graph_mean, graph_sum
from pointgroups import point_group

BATCH = torch.tensor([0, 2, 0, 1, 2, 2])


@every_group
def test_invariant_under_every_element(name: str, space) -> None:
    irreps = space(name)
    features = torch.randn(6, irreps.dim)
    assert_equivariant(InvariantReadout(irreps), [(features, irreps), (BATCH, None), (3, None)])


@every_group
def test_all_that_is_not_invariant_is_projected_out(name: str, space) -> None:
    """Features and their group average (1/|G|) Σ_g D(g) v read out alike."""
    irreps = space(name)
    readout = InvariantReadout(irreps, outputs=2).double()
    features = torch.randn(6, irreps.dim, dtype=torch.float64)
    average = features @ torch.tensor(irreps.matrices).mean(0).T
    torch.testing.assert_close(readout(average, BATCH, 3), readout(features, BATCH, 3), rtol=0, atol=1e-12)


@pytest.mark.parametrize("width", [0, 8])
def test_mean_and_sum_against_loops(width: int) -> None:
    irreps = Irreps("Oh", "4x A1g + T1u")
    mean = InvariantReadout(irreps, width, 2)
    total = InvariantReadout(irreps, width, 2, extensive=True)
    total.load_state_dict(mean.state_dict())
    features = torch.randn(6, irreps.dim)
    for graph in range(3):
        atoms = torch.cat([total(v[None], torch.tensor([0]), 1) for v in features[graph == BATCH]])
        torch.testing.assert_close(mean(features, BATCH, 3)[graph], atoms.mean(0))
        torch.testing.assert_close(total(features, BATCH, 3)[graph], atoms.sum(0))


def test_the_trivial_irrep_by_any_name() -> None:
    for name, label in {"C1": "A", "Ci": "Ag", "Cs": "A'", "D3h": "A1'", "Oh": "A1g"}.items():
        readout = InvariantReadout(Irreps(name, f"3x {label}"))
        assert readout.irreps_out == Irreps(point_group(name), label)


@every_group
def test_one_atom_of_each_orbit_with_its_share_stands_for_all(name: str, space) -> None:
    crystal, irreps = crystal_of(name), space(name)
    features = symmetric_features(crystal, irreps)
    graph = orbit_graph(crystal, 3.0, dtype=torch.float64)
    readout = InvariantReadout(irreps, outputs=2).double()
    sites = features[[orbit.representative for orbit in crystal.orbits]]
    expected = readout(features, torch.zeros(len(features), dtype=torch.int64), 1)
    found = readout(sites, graph.batch, 1, graph.shares)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_weights_count_atoms() -> None:
    irreps = Irreps("C1", "3x A")
    features, batch = torch.randn(3, 3), torch.tensor([0, 1, 1])
    weights = torch.tensor([2.0, 1.0, 3.0])
    again = weights.long()
    for extensive in (False, True):
        readout = InvariantReadout(irreps, extensive=extensive)
        expected = readout(features.repeat_interleave(again, 0), batch.repeat_interleave(again), 2)
        torch.testing.assert_close(readout(features, batch, 2, weights), expected)


@every_group
@pytest.mark.parametrize("extensive", [False, True])
def test_reduced_rows_give_the_numbers_of_the_full_ones(name: str, extensive: bool) -> None:
    full, reduced = full_and_reduced(name)
    readout = OrientedInvariantReadout(4, outputs=2, extensive=extensive).double()
    values = torch.randn(reduced.n_rows, 4, dtype=torch.float64)
    few, all_of_them = readout(values, reduced), readout(on_all_rows(values, full, reduced), full)
    torch.testing.assert_close(few, all_of_them, rtol=0, atol=1e-12)


@every_group
def test_turning_the_atoms_permutes_rows_and_changes_nothing(name: str) -> None:
    G = point_group(name)
    full, _ = full_and_reduced(name)
    readout = OrientedInvariantReadout(4).double()
    values = torch.randn(full.n_rows // G.order, G.order, 4, dtype=torch.float64)
    before = readout(values.flatten(0, 1), full)
    for h in range(G.order):
        after = readout(values[:, G.product[G.inverse[h]].tolist()].flatten(0, 1), full)
        torch.testing.assert_close(after, before, rtol=0, atol=1e-13)


@pytest.mark.parametrize("which", [0, 1], ids=["full", "reduced"])
def test_rows_of_a_batch_by_loops(which: int) -> None:
    names = ("D3", "Td", "C1", "D6h")
    graphs = [full_and_reduced(name)[which] for name in names]
    mean, total = OrientedInvariantReadout(4), OrientedInvariantReadout(4, extensive=True)
    total.load_state_dict(mean.state_dict())
    batch = collate_oriented(graphs).to(dtype=torch.float32)
    values = torch.randn(batch.n_rows, 4)
    means, totals = mean(values, batch), total(values, batch)
    for k, own in enumerate(values.split([graph.n_rows for graph in graphs])):
        expected = torch.stack([mean.network(row) for row in own]).mean(0)
        torch.testing.assert_close(means[k], expected)
        torch.testing.assert_close(totals[k], expected * len(graphs[k].atom_rows))


@pytest.mark.parametrize("shape", [(), (2,), (3, 3)])
def test_pooling_against_loops(shape: tuple[int, ...]) -> None:
    values = torch.randn(6, *shape, dtype=torch.float64)
    for graph in range(3):
        torch.testing.assert_close(graph_sum(values, BATCH, 3)[graph], sum(values[graph == BATCH]))
        torch.testing.assert_close(graph_mean(values, BATCH, 3)[graph], values[graph == BATCH].mean(0))


def test_long_sums_of_bfloat16_keep_their_digits() -> None:
    ones = torch.ones(5000, dtype=torch.bfloat16)
    assert graph_sum(ones, torch.zeros(5000, dtype=torch.int64), 1).item() == 5000
    with torch.autocast("cpu", torch.bfloat16):
        assert InvariantReadout(Irreps("Oh", "A1g"))(torch.randn(4, 1), torch.zeros(4).long(), 1).dtype == torch.float32


@pytest.mark.parametrize("width", [0, 64])
def test_unit_variance_at_the_start(width: int) -> None:
    values = torch.cat([Perceptron(16, width, 4)(torch.randn(100, 16)) for _ in range(100)])
    assert 0.85 < values.var().item() < 1.15


def test_precision_gradients_and_saved_numbers() -> None:
    graph = full_and_reduced("D3")[1]
    readout = OrientedInvariantReadout(4, width=5)
    exact = copy.deepcopy(readout).double()
    values = torch.randn(graph.n_rows, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: exact(v, graph), (values,))
    low = readout(values.detach().float(), graph)
    torch.testing.assert_close(low.double(), exact(values, graph), rtol=0, atol=1e-6)
    assert set(readout.state_dict()) == {name for name, _ in readout.named_parameters()}


@pytest.mark.parametrize("extensive", [False, True])
def test_one_compiled_graph_serves_batches_of_any_size(extensive: bool) -> None:
    irreps = Irreps("Oh", "4x A1g + T1u")
    readout = InvariantReadout(irreps, extensive=extensive)
    compiled = torch.compile(readout, fullgraph=True, backend="eager", dynamic=True)
    for count, (atoms, graphs) in enumerate([(6, 3), (11, 4), (20, 7)]):
        features, batch = torch.randn(atoms, irreps.dim), torch.arange(atoms) % graphs
        with torch.compiler.set_stance("fail_on_recompile" if count else "default"):
            torch.testing.assert_close(compiled(features, batch, graphs), readout(features, batch, graphs))


def test_refusals() -> None:
    with pytest.raises(ValueError, match="holds no A1g"):
        InvariantReadout(Irreps("Oh", "A2g + T1u"))
    with pytest.raises(ValueError, match=r"graphs \[1\] have no members; every index 0 … 2 must occur"):
        InvariantReadout(Irreps("Oh", "A1g"))(torch.zeros(2, 1), torch.tensor([0, 2]), 3)
    with pytest.raises(ValueError, match="at least 1 input and 1 output, and a width ≥ 0; got 0 inputs"):
        OrientedInvariantReadout(0)
    with pytest.raises(ValueError, match=r"have shape \(\d+, 4\), not \(2, 4\)"):
        OrientedInvariantReadout(4)(torch.zeros(2, 4), full_and_reduced("D3")[1])
