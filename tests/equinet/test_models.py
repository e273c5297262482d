"""The invariant model: invariant under its group, intensive, exact in its configuration, and able to learn."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, replace

import pytest
import torch
from pymatgen.core import Lattice, Structure
from thirty_two import every_group, random_rotation

from equinet import CrystalGraph, InvariantModel, InvariantModelConfig, collate, crystal_graph
from pointgroups import point_group

SPECIES = (8, 22, 38)
PEROVSKITE = Structure(
    Lattice.cubic(3.9), ["Sr", "Ti", "O", "O", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
)


def small(group: str = "Oh", **options: object) -> InvariantModelConfig:
    return InvariantModelConfig(
        group, species=SPECIES, channels=4, directional_channels=3, n_radial=4, radial_channels=3, **options
    )


@pytest.fixture
def graph(bonds) -> CrystalGraph:
    numbers = torch.tensor([8, 22, 8, 38, 8, 8])
    return CrystalGraph(numbers, bonds.edge_index, bonds.edge_vectors, torch.tensor([0, 0, 0, 0, 0, 1]), 2)


@every_group
def test_invariant_under_every_element(name: str, graph: CrystalGraph) -> None:
    model = InvariantModel(small(name, layers=3)).double()
    reference = model(graph)
    for rotation in torch.tensor(point_group(name).rotations):
        turned = model(replace(graph, edge_vectors=graph.edge_vectors @ rotation.T))
        torch.testing.assert_close(turned, reference, rtol=1e-12, atol=1e-12)


@every_group
def test_sees_what_breaks_the_symmetry(name: str, graph: CrystalGraph) -> None:
    """A rotation outside the group changes the answer: the model is not simply blind to directions."""
    model = InvariantModel(small(name, layers=3, l_max=4, labels=tuple(point_group(name).real_irreps))).double()
    turned = replace(graph, edge_vectors=graph.edge_vectors @ torch.tensor(random_rotation(1)).T)
    assert (model(turned) - model(graph)).abs().max() > 1e-6


def test_intensive(graph: CrystalGraph) -> None:
    """Two crystals side by side are predicted as each alone, a supercell as its cell."""
    model = InvariantModel(small(cutoff=4.5))
    crystal = crystal_graph(PEROVSKITE, 4.5)
    alone, pair = model(crystal), model(collate([crystal, crystal]))
    torch.testing.assert_close(pair, alone.expand(2))
    both = replace(collate([crystal, crystal]), batch=torch.zeros(10, dtype=torch.int64), n_graphs=1)
    torch.testing.assert_close(model(both), alone)


def test_atoms_of_a_crystal_obey_their_site_symmetry() -> None:
    """On a site of symmetry Oh only A1g survives; on one of D4h (oxygen), A1g and one component of Eg."""
    model = InvariantModel(small(cutoff=4.5)).double()
    crystal = crystal_graph(PEROVSKITE, 4.5, torch.float64)
    features = model.embedding(model._species(crystal.atomic_numbers))
    features = model.convolutions[0](features, crystal.edge_index, crystal.edge_vectors)
    space = model.convolutions[0].irreps_out
    norms = {
        block.label: features[:, where].unflatten(1, (-1, block.irrep.dim)).norm(dim=(1, 2))
        for block, where in zip(space.blocks, space.slices(), strict=True)
        if block.label != "A1g"
    }
    oxygen = crystal.atomic_numbers == 8
    assert norms["Eg"][~oxygen].max() < 1e-12 < 1e-3 < norms["Eg"][oxygen].min()
    assert max(norms["T1u"].max(), norms["T2g"].max()) < 1e-12


def test_output_is_in_the_unit_of_the_targets(graph: CrystalGraph) -> None:
    model = InvariantModel(small())
    plain = model(replace(graph, edge_vectors=graph.edge_vectors.float()))
    model.shift.fill_(-2.0)
    model.scale.fill_(0.5)
    torch.testing.assert_close(model(replace(graph, edge_vectors=graph.edge_vectors.float())), 0.5 * plain - 2.0)
    restored = InvariantModel(model.config)
    restored.load_state_dict(model.state_dict())
    assert (restored.shift, restored.scale) == (-2.0, 0.5)


def test_state_holds_weights_shift_and_scale_alone() -> None:
    model = InvariantModel(small())
    assert set(model.state_dict()) == {name for name, _ in model.named_parameters()} | {"shift", "scale"}


def test_precision_and_copies(graph: CrystalGraph) -> None:
    model = InvariantModel(small())
    double = copy.deepcopy(model).double()
    single = model(replace(graph, edge_vectors=graph.edge_vectors.float()))
    torch.testing.assert_close(double(graph).float(), single, rtol=1e-4, atol=1e-5)


def test_a_crystal_without_bonds_has_a_value(graph: CrystalGraph) -> None:
    lonely = replace(graph, edge_index=graph.edge_index[:, :0], edge_vectors=graph.edge_vectors[:0].float())
    assert torch.isfinite(InvariantModel(small())(lonely)).all()


def test_learns_the_length_of_a_bond() -> None:
    """Lattice constants of one perovskite, told apart by the lengths alone."""
    lengths = torch.linspace(3.7, 4.3, 7)
    graphs = [
        crystal_graph(Structure(Lattice.cubic(a), PEROVSKITE.species, PEROVSKITE.frac_coords), 4.0) for a in lengths
    ]
    model, batch = InvariantModel(small(cutoff=4.0)), collate(graphs)
    model.shift.fill_(lengths.mean())
    model.scale.fill_(lengths.std())
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(80):
        optimiser.zero_grad()
        loss = (model(batch) - lengths).square().mean()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.01 * lengths.var().item()


def test_configuration_survives_json() -> None:
    config = InvariantModelConfig("m-3m", species=(38, 8, 22, 8), labels=("Eg", "A1g"))
    assert config.group == "Oh"
    assert config.species == SPECIES
    assert InvariantModelConfig(**json.loads(json.dumps(asdict(config)))) == config
    assert InvariantModel(config).config is config


@every_group
def test_hidden_irreps_by_default_are_those_of_low_harmonics(name: str) -> None:
    group = point_group(name)
    assert set(InvariantModelConfig(name, species=(1,)).labels) == {a for l in range(3) for a in group.subduce(l)}
    assert len(InvariantModelConfig(name, species=(1,), l_max=0).labels) == 1


def test_unknown_element_is_refused(graph: CrystalGraph) -> None:
    model = InvariantModel(small())
    strange = replace(graph, atomic_numbers=torch.tensor([8, 22, 8, 26, 8, 9]))
    with pytest.raises(ValueError, match=r"no Z = \[9, 26\].*\[8, 22, 38\]"):
        model(strange)
    with pytest.raises(ValueError, match=r"no Z = \[300\]"):
        model(replace(graph, atomic_numbers=torch.full((6,), 300)))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"species": ()}, "atomic numbers"),
        ({"species": (0, 8)}, "1 to 118"),
        ({"species": (8, 119)}, "1 to 118"),
        ({"group": "Ih"}, "Ih"),
        ({"labels": ("A1",)}, "A1"),
        ({"channels": 0}, "channels is 0"),
        ({"directional_channels": -1}, "directional_channels is -1"),
        ({"layers": 0}, "layers is 0"),
        ({"l_max": -1}, "l_max is -1"),
        ({"n_radial": 0}, "n_radial is 0"),
        ({"cutoff": 0.0}, "cutoff is 0.0"),
        ({"cutoff": float("inf")}, "cutoff is inf"),
        ({"neighbours": -1.0}, "neighbours is -1.0"),
    ],
)
def test_impossible_configurations_are_refused(options: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        InvariantModelConfig(**{"species": SPECIES} | options)
