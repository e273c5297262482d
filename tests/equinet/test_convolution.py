"""The convolution: equal to its formula written as loops, equivariant, complete, smooth and of unit variance."""

from __future__ import annotations

import copy
from itertools import product

import pytest
import torch
from thirty_two import every_group
from torch import Tensor

from equinet import (
    AngularBasis,
    BesselBasis,
    Irreps,
    PointGroupConvolution,
    RadialNetwork,
    assert_equivariant,
    intertwiner_dimension,
)
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import coupling, point_group

CUTOFF = 5.0


def convolution(irreps_in: Irreps, irreps_out: Irreps, l_max: int = 2) -> PointGroupConvolution:
    return PointGroupConvolution(irreps_in, irreps_out, l_max, RadialNetwork(BesselBasis(CUTOFF, 5), 3), 8.0)


def mixed(name: str) -> Irreps:
    """All irreps, two copies of every other one."""
    return Irreps(name, [(k % 2 + 1, label) for k, label in enumerate(point_group(name).real_irreps)])


@every_group
def test_equivariant_under_every_element(name: str, bonds) -> None:
    irreps = mixed(name)
    features = torch.randn(bonds.atoms, irreps.dim)
    layer = convolution(irreps, irreps)
    assert_equivariant(layer, [(features, irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")])


def slow(layer: PointGroupConvolution, features: Tensor, edge_index: Tensor, edge_vectors: Tensor) -> Tensor:
    """v′ of the formula, one bond, path, channel and component at a time; paths in the order of the parameters."""
    group = layer.irreps_in.group
    angular = AngularBasis(group, layer.angular.l_max).double()
    parts = isotypic_parts(features, layer.irreps_in)
    result = {
        c: torch.zeros(len(features), layer.irreps_out.count(c), group.real_irreps[c].dim, dtype=torch.float64)
        for c in layer.irreps_out.labels
    }
    for (b, n), vector in zip(edge_index.T.tolist(), edge_vectors, strict=True):
        h, y = layer.radial(vector.norm()), angular(vector)
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


@pytest.mark.parametrize("name", ["C1", "C3", "S4", "D3", "C4v", "D2h", "T", "Oh"])
def test_against_loops(name: str, bonds) -> None:
    irreps_in, irreps_out = mixed(name), Irreps.regular(name)
    layer = convolution(irreps_in, irreps_out, l_max=2).double()
    features = torch.randn(bonds.atoms, irreps_in.dim, dtype=torch.float64)
    fast = layer(features, bonds.edge_index, bonds.edge_vectors)
    expected = slow(layer, features, bonds.edge_index, bonds.edge_vectors)
    torch.testing.assert_close(fast, expected, rtol=1e-12, atol=1e-12)


@every_group
def test_paths_number_the_bilinear_intertwiners(name: str) -> None:
    irreps_in, irreps_out = mixed(name), Irreps.regular(name)
    layer = convolution(irreps_in, irreps_out)
    weights = sum(weight.numel() for weight in layer.weights.values())
    harmonics = AngularBasis(name, 2).irreps_out
    assert weights == layer.radial.dim * intertwiner_dimension(irreps_in.tensor_product(harmonics), irreps_out)


@pytest.mark.parametrize("name", ["C4", "D3d", "Oh"])
def test_gradients_turn_with_the_crystal(name: str, bonds) -> None:
    """Features and vectors turned by g: the gradient of an invariant turns by g."""
    irreps = mixed(name)
    layer = convolution(irreps, irreps).double()
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)

    def gradients(features: Tensor, vectors: Tensor) -> tuple[Tensor, ...]:
        leaves = features.clone().requires_grad_(), vectors.clone().requires_grad_()
        return torch.autograd.grad(layer(leaves[0], bonds.edge_index, leaves[1]).square().sum(), leaves)

    reference = gradients(features, bonds.edge_vectors)
    turns = zip(torch.tensor(irreps.matrices), torch.tensor(point_group(name).rotations), strict=True)
    for matrix, rotation in turns:
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


@pytest.mark.parametrize("name", ["C6", "Oh"])
def test_unit_variance_at_the_start(name: str) -> None:
    """On random graphs of bonds spread evenly over the cutoff ball, averaged over weights."""
    irreps, atoms, degree = 4 * mixed(name), 60, 8
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
    with pytest.raises(ValueError, match="different groups"):
        convolution(irreps, Irreps("O", "A1"))
