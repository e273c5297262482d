"""The convolution: equal to its formula written as loops, equivariant, complete, smooth and of unit variance."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from itertools import product

import numpy as np
import pytest
import torch
from thirty_two import every_group, random_rotation
from torch import Tensor

from equinet import (
    AngularBasis,
    BesselBasis,
    FromE3NN,
    Irreps,
    PointGroupConvolution,
    RadialNetwork,
    ToE3NN,
    assert_equivariant,
    intertwiner_dimension,
    to_e3nn,
)
from equinet.convolutions.neighbours import bond_table, neighbour_table
from equinet.groups import O3, SO3, Group, as_group, coupling
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import point_group

CUTOFF = 5.0


def convolution(irreps_in: Irreps, irreps_out: Irreps, l_max: int = 2) -> PointGroupConvolution:
    return PointGroupConvolution(irreps_in, irreps_out, l_max, RadialNetwork(BesselBasis(CUTOFF, 5), 3), 8.0)


def mixed(group: Group | str) -> Irreps:
    """All irreps, two copies of every other one."""
    return Irreps(group, [(k % 2 + 1, label) for k, label in enumerate(as_group(group).real_irreps)])


all_rotations = pytest.mark.parametrize("group", [O3(2), SO3(2)], ids=repr)


@all_rotations
def test_equivariant_under_all_rotations(group: Group, bonds) -> None:
    irreps = mixed(group)
    features = torch.randn(bonds.atoms, irreps.dim)
    layer = convolution(irreps, irreps)
    assert_equivariant(layer, [(features, irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")])


@every_group
def test_equivariant_under_every_element(name: str, bonds) -> None:
    irreps = mixed(name)
    features = torch.randn(bonds.atoms, irreps.dim)
    layer = convolution(irreps, irreps)
    assert_equivariant(layer, [(features, irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")])


def slow(
    layer: PointGroupConvolution,
    features: Tensor,
    edge_index: Tensor,
    edge_vectors: Tensor,
    edge_weights: Tensor | None = None,
) -> Tensor:
    """v′ of the formula, one bond, path, channel and component at a time; paths in the order of the parameters."""
    group = layer.irreps_in.group
    angular = AngularBasis(group, layer.angular.l_max).double()
    parts = isotypic_parts(features, layer.irreps_in)
    result = {
        c: torch.zeros(len(features), layer.irreps_out.count(c), group.real_irreps[c].dim, dtype=torch.float64)
        for c in layer.irreps_out.labels
    }
    weights = torch.ones(len(edge_vectors)) if edge_weights is None else edge_weights
    for (b, n), vector, weight in zip(edge_index.T.tolist(), edge_vectors, weights, strict=True):
        h, y = weight * layer.radial(vector.norm()), angular(vector)
        for a, c in product(layer.irreps_in.labels, layer.irreps_out.labels):
            p = 0
            for block, where in zip(angular.irreps_out.blocks, angular.irreps_out.slices(), strict=True):
                u = torch.tensor(coupling(group.real_irreps[a], block.irrep, group.real_irreps[c]))
                for start in range(where.start, where.stop, block.irrep.dim):
                    harmonics = y[start : start + block.irrep.dim]
                    for m, j in product(u, torch.tensor(group.real_irreps[c].commutant)):
                        radial = torch.einsum("uhv,h->uv", layer.weights[f"{a}->{c}"][:, p], h)
                        coupled = torch.einsum("vi,j,ijk,kl->vl", parts[a][b], harmonics, m, j)
                        result[c][n] += radial @ coupled
                        p += 1
    messages = assemble(result, layer.irreps_out, features) / layer.neighbours**0.5
    return (layer.self_interaction(features) + messages) / 2**0.5


@pytest.mark.parametrize("group", ["C1", "C3", "S4", "D3", "C4v", "D2h", "T", "Oh", O3(2), SO3(2)], ids=str)
def test_against_loops(group: Group | str, bonds) -> None:
    irreps_in = mixed(group)
    irreps_out = Irreps(group, [(1, label) for label in irreps_in.labels[::2]])
    layer = convolution(irreps_in, irreps_out, l_max=2).double()
    features = torch.randn(bonds.atoms, irreps_in.dim, dtype=torch.float64)
    fast = layer(features, bonds.edge_index, bonds.edge_vectors)
    expected = slow(layer, features, bonds.edge_index, bonds.edge_vectors)
    torch.testing.assert_close(fast, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("group", ["D3d", "C4", O3(1)], ids=str)
def test_weights_of_bonds_and_targets_among_the_atoms(group: Group | str, bonds) -> None:
    """Bonds to the first three atoms alone, some of them for several."""
    irreps = mixed(group)
    layer = convolution(irreps, irreps, l_max=1).double()
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)
    kept = bonds.edge_index[1] < 3
    index, vectors = bonds.edge_index[:, kept], bonds.edge_vectors[kept]
    weights = torch.arange(1.0, 1.0 + len(vectors), dtype=torch.float64)
    expected = slow(layer, features, index, vectors, weights)[:3]
    torch.testing.assert_close(layer(features, index, vectors, weights, 3), expected, rtol=1e-12, atol=1e-12)
    repeated = torch.arange(len(vectors)).repeat_interleave(weights.long())
    torch.testing.assert_close(layer(features, index[:, repeated], vectors[repeated], None, 3), expected)
    for table in (neighbour_table(index, bonds.atoms, 3), bond_table(index)):
        torch.testing.assert_close(layer(features, table, vectors, weights, 3), expected, rtol=1e-12, atol=1e-12)
    assert torch.autograd.gradcheck(lambda w: layer(features, index, vectors, w, 3), (weights.requires_grad_(),))


def test_against_e3nn_on_the_same_weights(bonds) -> None:
    """Σ over bonds of e3nn's fully connected tensor product with weights by bond W_uv = ± … Σ_h W_uhv h_h(r)."""
    o3 = pytest.importorskip("e3nn.o3")
    group = O3(3)
    irreps_in, irreps_out = (
        Irreps(group, "4x 0e + 3x 1o + 2x 2e + 0o"),
        Irreps(group, "3x 0e + 2x 1o + 2e + 2x 3o + 1e"),
    )
    layer = convolution(irreps_in, irreps_out, l_max=3).double()
    theirs = o3.FullyConnectedTensorProduct(
        to_e3nn(irreps_in), "0e+1o+2e+3o", to_e3nn(irreps_out), shared_weights=False, internal_weights=False
    ).double()
    lengths = bonds.edge_vectors.norm(dim=1)
    h = layer.radial(lengths)
    weights, seen = [], dict.fromkeys(layer.weights, 0)
    for ins in sorted(theirs.instructions, key=lambda ins: ins.i_in2):
        a, c = irreps_in[ins.i_in1], irreps_out[ins.i_out]
        degrees = a.irrep.degree, ins.i_in2, c.irrep.degree
        ours = coupling(a.irrep, group.real_irreps[f"{ins.i_in2}{'eo'[ins.i_in2 % 2]}"], c.irrep)[0]
        other = o3.wigner_3j(*degrees, dtype=torch.float64).numpy()
        factor = math.copysign(math.sqrt(c.irrep.dim), (ours * other).sum()) / ins.path_weight
        path = layer.weights[f"{a.label}->{c.label}"][:, seen[f"{a.label}->{c.label}"]]
        seen[f"{a.label}->{c.label}"] += 1
        weights.append((theirs.instructions.index(ins), factor * torch.einsum("uhv,eh->evu", path, h).flatten(1)))
    assert seen == {path: weight.shape[1] for path, weight in layer.weights.items()}
    ordered = torch.cat([weight for _, weight in sorted(weights, key=lambda pair: pair[0])], 1)
    features = irreps_in.randn(bonds.atoms, dtype=torch.float64)
    harmonics = o3.spherical_harmonics([0, 1, 2, 3], bonds.edge_vectors, normalize=True, normalization="component")
    source, target = bonds.edge_index
    messages = theirs(ToE3NN(irreps_in).double()(features)[source], harmonics, ordered)
    total = torch.zeros(bonds.atoms, irreps_out.dim, dtype=torch.float64).index_add(0, target, messages)
    summed = FromE3NN(irreps_out).double()(total) / layer.neighbours**0.5
    expected = (layer.self_interaction(features) + summed) / 2**0.5
    ours = layer(features, bonds.edge_index, bonds.edge_vectors)
    torch.testing.assert_close(ours, expected, rtol=0, atol=1e-6)  # e3nn keeps its coefficients in single precision


def random_graph(atoms: int, bonds: int) -> tuple[Tensor, Tensor]:
    """Every atom with the same number of neighbours, or one more."""
    target = torch.arange(bonds) % atoms
    return torch.stack([(target + 1 + torch.arange(bonds) // atoms) % atoms, target]), 1.5 * torch.randn(bonds, 3)


def test_compiled_once_for_all_batches() -> None:
    """With the table that a graph carries, whole and with rows split."""
    irreps = mixed(O3(1))
    layer = convolution(irreps, irreps, l_max=1)
    torch._dynamo.reset()
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="eager")
    for split in (False, True):
        for count, (atoms, bonds) in enumerate([(41, 141), (42, 162), (83, 405)]):
            index, vectors = random_graph(atoms, bonds)
            if split:
                index[1, ::2] = 5
            table = neighbour_table(index, atoms)
            assert (table.targets is None) != split
            features = irreps.randn(atoms)
            with torch._dynamo.config.patch(error_on_recompile=count > 0):
                result = compiled(features, table, vectors)
            torch.testing.assert_close(result, layer(features, index, vectors), rtol=1e-4, atol=1e-5)


def test_exported_with_its_table() -> None:
    irreps = mixed(O3(1))
    layer = convolution(irreps, irreps, l_max=1)
    index, vectors = random_graph(11, 41)
    atoms, bonds, auto = torch.export.Dim("atoms"), torch.export.Dim("bonds"), torch.export.Dim.AUTO
    table = neighbour_table(index, 11)
    shapes = ({0: atoms}, type(table)({0: atoms, 1: auto}, {0: bonds}, None), {0: bonds})  # type: ignore[arg-type]
    program = torch.export.export(layer, (irreps.randn(11), table, vectors), dynamic_shapes=shapes)
    index, vectors = random_graph(17, 90)
    table = neighbour_table(index, 17)
    assert table.targets is None
    features = irreps.randn(17)
    exported = program.module()(features, table, vectors)
    torch.testing.assert_close(exported, layer(features, index, vectors), rtol=1e-4, atol=1e-5)


@every_group
def test_paths_number_the_bilinear_intertwiners(name: str) -> None:
    irreps_in, irreps_out = mixed(name), Irreps.regular(name)
    layer = convolution(irreps_in, irreps_out)
    weights = sum(weight.numel() for weight in layer.weights.values())
    harmonics = AngularBasis(name, 2).irreps_out
    assert weights == layer.radial.dim * intertwiner_dimension(irreps_in.tensor_product(harmonics), irreps_out)


@every_group
def test_single_precision_is_double_precision_rounded(name: str, bonds) -> None:
    irreps = mixed(name)
    layer, features = convolution(irreps, irreps), irreps.randn(bonds.atoms)
    single = layer(features, bonds.edge_index, bonds.edge_vectors.float())
    exact = layer.double()(features.double(), bonds.edge_index, bonds.edge_vectors)
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), exact, rtol=1e-4, atol=1e-5)


@every_group
def test_gradients_turn_with_the_crystal(name: str, bonds) -> None:
    irreps = mixed(name)
    _gradients_turn(irreps, zip(irreps.matrices, point_group(name).rotations, strict=True), bonds)


def test_gradients_turn_with_any_rotation(bonds) -> None:
    irreps = mixed(O3(2))
    turns = [sign * random_rotation(seed) for seed in range(3) for sign in (1, -1)]
    _gradients_turn(irreps, [(irreps.matrix(turn), turn) for turn in turns], bonds)


def _gradients_turn(irreps: Irreps, turns: Iterable[tuple[np.ndarray, np.ndarray]], bonds) -> None:
    """Features and vectors turned by g: the gradient of an invariant turns by g."""
    layer = convolution(irreps, irreps).double()
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)

    def gradients(features: Tensor, vectors: Tensor) -> tuple[Tensor, ...]:
        leaves = features.clone().requires_grad_(), vectors.clone().requires_grad_()
        return torch.autograd.grad(layer(leaves[0], bonds.edge_index, leaves[1]).square().sum(), leaves)

    reference = gradients(features, bonds.edge_vectors)
    for matrix, rotation in ((torch.tensor(d), torch.tensor(r)) for d, r in turns):
        turned = gradients(features @ matrix.T, bonds.edge_vectors @ rotation.T)
        torch.testing.assert_close(turned[0], reference[0] @ matrix.T, rtol=1e-11, atol=1e-11)
        torch.testing.assert_close(turned[1], reference[1] @ rotation.T, rtol=1e-11, atol=1e-11)


def test_derivatives_against_differences(bonds) -> None:
    irreps = Irreps("D3", "A1 + A2 + E")
    layer = convolution(irreps, irreps).double()
    inputs = (
        torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64, requires_grad=True),
        bonds.edge_vectors.clone().requires_grad_(),
    )
    assert torch.autograd.gradcheck(lambda x, r: layer(x, bonds.edge_index, r), inputs)
    assert torch.autograd.gradgradcheck(lambda x, r: layer(x, bonds.edge_index, r), inputs)


def test_every_parameter_gets_a_gradient(bonds) -> None:
    irreps = mixed("Th")
    layer = convolution(irreps, irreps)
    layer(torch.randn(bonds.atoms, irreps.dim), bonds.edge_index, bonds.edge_vectors.float()).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().max() > 0 for parameter in layer.parameters())


def test_the_order_of_bonds_does_not_matter(bonds) -> None:
    irreps = mixed("O")
    layer = convolution(irreps, irreps).double()
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)
    order = torch.randperm(len(bonds.edge_vectors))
    shuffled = layer(features, bonds.edge_index[:, order], bonds.edge_vectors[order])
    torch.testing.assert_close(shuffled, layer(features, bonds.edge_index, bonds.edge_vectors), rtol=0, atol=1e-12)


@pytest.mark.parametrize("group", ["Th", O3(2)], ids=str)
def test_the_names_of_blocks_do_not_matter(group: Group | str, bonds) -> None:
    """The same weights for every way to write a sum; features in another order give results in that order."""
    scattered = 2 * mixed(group) + mixed(group)[::-1]
    layer = convolution(scattered, scattered).double()
    for other in (scattered.simplify(), scattered.regroup()):
        again = convolution(other, other).double()
        again.load_state_dict(layer.state_dict())
        features = scattered.randn(bonds.atoms, dtype=torch.float64)
        moved = assemble(isotypic_parts(features, scattered), other, features)
        out = layer(features, bonds.edge_index, bonds.edge_vectors)
        expected = assemble(isotypic_parts(out, scattered), other, out)
        torch.testing.assert_close(again(moved, bonds.edge_index, bonds.edge_vectors), expected, rtol=0, atol=1e-12)


def test_irreps_that_nothing_joins(bonds) -> None:
    """Without any path, or without any feature, what is left is the linear map of the atom itself."""
    for a, b in (("A1g", "A1u"), ("A1g", ""), ("", "A1g"), ("", "")):
        layer = convolution(Irreps("Oh", a), Irreps("Oh", b), l_max=1)
        out = layer(layer.irreps_in.randn(bonds.atoms), bonds.edge_index, bonds.edge_vectors.float())
        assert out.shape == (bonds.atoms, layer.irreps_out.dim)
        assert not out.any()


def test_an_atom_sees_its_own_bonds_alone(bonds) -> None:
    """Without its bonds an atom keeps what the linear map of its own features gives."""
    irreps = mixed("D4")
    layer = convolution(irreps, irreps).double()
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)
    out = layer(features, bonds.edge_index, bonds.edge_vectors)
    torch.testing.assert_close(out[5], layer.self_interaction(features)[5] / 2**0.5)
    assert layer(features[:0], bonds.edge_index[:, :0], bonds.edge_vectors[:0]).shape == (0, irreps.dim)
    empty = layer(features, bonds.edge_index[:, :0], bonds.edge_vectors[:0])
    torch.testing.assert_close(empty, layer.self_interaction(features) / 2**0.5)


def test_a_bond_at_the_cutoff_has_no_effect() -> None:
    irreps = mixed("Td")
    layer = convolution(irreps, irreps).double()
    features = torch.randn(2, irreps.dim, dtype=torch.float64)
    vector = torch.tensor([[0.6, 0.0, 0.8]], dtype=torch.float64)
    bond = torch.tensor([[1], [0]])
    none = layer(features, bond[:, :0], vector[:0])
    torch.testing.assert_close(layer(features, bond, CUTOFF * vector), none, rtol=0, atol=1e-12)
    assert (layer(features, bond, 0.5 * CUTOFF * vector) - none).abs().max() > 1e-3


@pytest.mark.parametrize("group", ["C6", "Oh", O3(2)], ids=str)
def test_unit_variance_at_the_start(group: Group | str) -> None:
    """On random graphs of bonds spread evenly over the cutoff ball, averaged over weights."""
    irreps, atoms, degree = 4 * mixed(group), 60, 8
    target = torch.arange(atoms).repeat_interleave(degree)
    moments = []
    for _ in range(10):
        source = torch.randint(0, atoms, (atoms * degree,))
        direction = torch.nn.functional.normalize(torch.randn(atoms * degree, 3), dim=1)
        vectors = CUTOFF * torch.rand(atoms * degree, 1) ** (1 / 3) * direction
        layer = PointGroupConvolution(irreps, irreps, 2, BesselBasis(CUTOFF, 6), float(degree))
        out = layer(torch.randn(atoms, irreps.dim), torch.stack([source, target]), vectors)
        moments.append(out.square().mean().item())
    assert sum(moments) / len(moments) == pytest.approx(1.0, abs=0.15)


def test_state_holds_weights_alone_and_survives_precision_and_copies(bonds) -> None:
    irreps = mixed("C3h")
    layer = convolution(irreps, irreps)
    assert set(layer.state_dict()) == {name for name, _ in layer.named_parameters()}
    restored = copy.deepcopy(layer).half().double()
    features = torch.randn(bonds.atoms, irreps.dim)
    assert_equivariant(restored, [(features, irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")])


def test_refusals(bonds) -> None:
    irreps = Irreps("Oh", "A1g + T1u")
    with pytest.raises(ValueError, match="mean number of neighbours"):
        PointGroupConvolution(irreps, irreps, 2, BesselBasis(5.0, 4), 0.0)
    with pytest.raises(ValueError, match=r"expected edge_vectors \(16, 3\)"):
        convolution(irreps, irreps)(torch.zeros(6, 4), bonds.edge_index, bonds.edge_vectors[:3])
    layer = convolution(irreps, irreps).double()
    with pytest.raises(ValueError, match=r"expected edge_weights \(16,\)"):
        layer(torch.zeros(6, 4).double(), bonds.edge_index, bonds.edge_vectors, torch.ones(3))
    with pytest.raises(ValueError, match="names atoms 0 … 4 of 4"):
        layer(torch.zeros(6, 4).double(), bonds.edge_index, bonds.edge_vectors, None, 4)
    with pytest.raises(ValueError, match="rows of 6 atoms, not of n_targets = 4"):
        layer(torch.zeros(6, 4).double(), neighbour_table(torch.tensor([[0], [1]]), 6), bonds.edge_vectors[:1], None, 4)
    with pytest.raises(ValueError, match="no direction"):
        layer(torch.zeros(6, 4).double(), bonds.edge_index, 0 * bonds.edge_vectors)
    with pytest.raises(ValueError, match="degree 0 … 1, not 2"):
        convolution(Irreps(O3(1), "0e"), Irreps(O3(1), "0e"))
    with pytest.raises(ValueError, match="different groups"):
        convolution(irreps, Irreps("O", "A1"))
