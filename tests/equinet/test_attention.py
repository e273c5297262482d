"""Attention: equivariant, equal to its formula written as loops, smooth at the cutoff, stable, of unit variance."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from thirty_two import every_group
from torch import Tensor, nn

from equinet import O3, SO3, BesselBasis, Irreps, RadialNetwork, assert_equivariant, cutoff_envelope
from equinet.convolutions.attention import GraphAttention, softmax_with_nothing
from pointgroups import point_group

CUTOFF = 5.0


def mixed(name: str) -> Irreps:
    """All irreps, two copies of every other one."""
    return Irreps(name, [(k % 2 + 1, label) for k, label in enumerate(point_group(name).real_irreps)])


def attention(irreps_in: Irreps, irreps_out: Irreps, heads: int = 2, l_max: int = 2) -> GraphAttention:
    """A layer as after some training: β is not zero."""
    layer = GraphAttention(irreps_in, irreps_out, l_max, RadialNetwork(BesselBasis(CUTOFF, 5), 3), 6.0, heads)
    nn.init.normal_(layer.length)
    return layer


@every_group
def test_equivariant(name: str, bonds) -> None:
    irreps = mixed(name)
    inputs = [(torch.randn(bonds.atoms, irreps.dim), irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")]
    assert_equivariant(attention(irreps, Irreps.regular(name)), inputs)


@pytest.mark.parametrize("group", [O3(2), SO3(2)], ids=str)
def test_orthogonal_groups(group, bonds) -> None:
    irreps = Irreps(group, [(2, label) for label in group.real_irreps])
    inputs = [(torch.randn(bonds.atoms, irreps.dim), irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")]
    assert_equivariant(attention(irreps, irreps), inputs)


@every_group
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_weights_are_invariant_and_gradients_turn(name: str, dtype: torch.dtype, bonds) -> None:
    """Under three elements, the last of every kind among them: α stays, and gradients of an invariant turn."""
    irreps, group = mixed(name), point_group(name)
    layer = attention(irreps, irreps).to(dtype)
    features = torch.randn(bonds.atoms, irreps.dim, dtype=dtype)
    results = []
    for g in sorted({0, group.order // 2, group.order - 1}):
        matrix, rotation = (torch.tensor(array[g], dtype=dtype) for array in (irreps.matrices, group.rotations))
        leaves = ((features @ matrix.T).requires_grad_(), (bonds.edge_vectors.to(dtype) @ rotation.T).requires_grad_())
        out = layer(leaves[0], bonds.edge_index, leaves[1])
        to_features, to_vectors = torch.autograd.grad(out.square().sum(), leaves)
        weights = layer.weights(leaves[0], bonds.edge_index, leaves[1]).detach()
        results.append((weights, out.detach() @ matrix, to_features @ matrix, to_vectors @ rotation))
        assert out.dtype == dtype
    for result in results[1:]:
        for actual, expected in zip(result, results[0], strict=True):
            tolerance = (1e-11 if dtype == torch.float64 else 2e-4) * max(1.0, float(expected.abs().max()))
            torch.testing.assert_close(actual, expected, rtol=0, atol=tolerance)


def slow_weights(layer: GraphAttention, features: Tensor, edge_index: Tensor, edge_vectors: Tensor) -> Tensor:
    """α by the formula, one bond and head at a time."""
    numerators = torch.zeros(len(edge_vectors), layer.heads, dtype=torch.float64)
    for e, (b, n) in enumerate(edge_index.T.tolist()):
        r = edge_vectors[e].norm()
        y = layer.angular(edge_vectors[e])
        for h in range(layer.heads):
            q, k, p = (
                linear(features[atom]).chunk(layer.heads)[h]
                for linear, atom in ((layer.query, n), (layer.key, b), (layer.direction, n))
            )
            score = (q @ k / math.sqrt(len(q)) + p @ y / math.sqrt(len(y))) / 2
            score = score + layer.convolution.radial(r) @ layer.length[:, h]
            numerators[e, h] = cutoff_envelope(r / CUTOFF) * torch.exp(score)
    weights = torch.zeros_like(numerators)
    for e, n in enumerate(edge_index[1].tolist()):
        weights[e] = numerators[e] / (1 + numerators[edge_index[1] == n].sum(0))
    return weights


@pytest.mark.parametrize("name", ["C1", "C3", "C4v", "T"])
def test_against_loops(name: str, bonds) -> None:
    """Head by head: the convolution with α as weights of the bonds, then the joint linear map."""
    irreps = mixed(name)
    layer = attention(irreps, Irreps.regular(name), heads=3).double()
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)
    expected = slow_weights(layer, features, bonds.edge_index, bonds.edge_vectors)
    weights = layer.weights(features, bonds.edge_index, bonds.edge_vectors)
    torch.testing.assert_close(weights, expected, rtol=1e-11, atol=1e-12)
    heads = [
        layer.convolution(value, bonds.edge_index, bonds.edge_vectors, layer._scale * expected[:, h])
        for h, value in enumerate(layer.value(features).chunk(3, -1))
    ]
    out = layer(features, bonds.edge_index, bonds.edge_vectors)
    torch.testing.assert_close(out, layer.output(torch.cat(heads, -1)), rtol=1e-11, atol=1e-11)


def test_softmax_sums_to_less_than_one_and_never_overflows() -> None:
    target = torch.tensor([0, 0, 0, 1, 2, 2])
    envelope = torch.tensor([1.0, 0.5, 0.0, 1e-30, 1.0, 0.0])
    for size in (0.0, 1.0, 100.0, 1e4, 1e30):
        scores = (size * torch.tensor([[1.0], [-1.0], [2.0], [1.0], [-1.0], [1.0]])).requires_grad_()
        weights = softmax_with_nothing(scores, envelope, target, 4)
        (gradient,) = torch.autograd.grad(weights.square().sum(), scores)
        assert torch.isfinite(weights).all()
        assert torch.isfinite(gradient).all()
        assert weights[2] == weights[5] == 0
        sums = torch.zeros(4).index_add(0, target, weights[:, 0])
        assert (sums <= 1 + 1e-6).all()
        if size <= 1:
            shares = envelope * torch.exp(scores[:, 0])
            expected = shares / (1 + torch.zeros(4).index_add(0, target, shares))[target]
            torch.testing.assert_close(weights[:, 0], expected)


def test_gradient_of_the_softmax_against_differences() -> None:
    target = torch.tensor([0, 0, 0, 1, 2, 2])
    scores = torch.randn(6, 2, dtype=torch.float64, requires_grad=True)
    envelope = torch.rand(6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda s, u: softmax_with_nothing(s, u, target, 3), (scores, envelope))
    assert torch.autograd.gradgradcheck(lambda s, u: softmax_with_nothing(s, u, target, 3), (scores, envelope))


def test_derivatives_against_differences(bonds) -> None:
    irreps = Irreps("D3", "A1 + A2 + E")
    layer = attention(irreps, irreps).double()
    inputs = (
        torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64, requires_grad=True),
        bonds.edge_vectors.clone().requires_grad_(),
    )
    assert torch.autograd.gradcheck(lambda x, r: layer(x, bonds.edge_index, r), inputs, fast_mode=True)
    assert torch.autograd.gradgradcheck(lambda x, r: layer(x, bonds.edge_index, r), inputs, fast_mode=True)


@pytest.mark.parametrize("others", [0, 1])
def test_twice_smooth_where_a_neighbour_leaves(others: int) -> None:
    """Value, slope and curvature along the bond vanish at the cutoff, for the only neighbour and for one of two."""
    irreps = mixed("C3v")
    layer = attention(irreps, irreps).double()
    features = torch.randn(3, irreps.dim, dtype=torch.float64)
    direction = torch.tensor([0.6, 0.0, 0.8], dtype=torch.float64)
    near = torch.tensor([[1.0, 0.5, 0.2]], dtype=torch.float64)
    kept = torch.tensor([[2], [0]])[:, :others]
    without = layer(features, kept, near[:others])

    def changes(length: Tensor) -> tuple[Tensor, Tensor]:
        """What the bond to atom 1 adds to atom 0's features, and its α, summed."""
        index = torch.cat([kept, torch.tensor([[1], [0]])], 1)
        vectors = torch.cat([near[:others], length * direction[None]])
        added = (layer(features, index, vectors) - without)[0, :3].sum()
        return added, layer.weights(features, index, vectors)[-1].sum()

    for k in (0, 1):
        for length in (CUTOFF * (1 - 1e-6), CUTOFF * (1 + 1e-6)):
            r = torch.tensor(length, dtype=torch.float64, requires_grad=True)
            value = changes(r)[k]
            (slope,) = torch.autograd.grad(value, r, create_graph=True)
            (curvature,) = torch.autograd.grad(slope, r)
            assert all(x.abs() < 1e-3 for x in (value, slope, curvature))
        assert changes(torch.tensor(2.5, dtype=torch.float64))[k].abs() > 1e-3


def test_an_atom_without_neighbours_keeps_its_own(bonds) -> None:
    irreps = mixed("D4")
    layer = attention(irreps, irreps)
    features = torch.randn(bonds.atoms, irreps.dim)
    out = layer(features, bonds.edge_index, bonds.edge_vectors.float())
    own = layer(features, bonds.edge_index[:, :0], bonds.edge_vectors[:0].float())
    torch.testing.assert_close(out[5], own[5])  # atom 5 has no bonds
    assert (out[:5] - own[:5]).abs().amax(1).min() > 1e-3
    assert torch.isfinite(own).all()
    assert layer(features[:0], bonds.edge_index[:, :0], bonds.edge_vectors[:0].float()).shape == (0, irreps.dim)


def test_features_that_no_harmonic_couples_to(bonds) -> None:
    """A2g occurs in no harmonics of degree ≤ 2: P is empty, and attention goes by Q, K and β alone."""
    irreps = Irreps("Oh", "3x A2g")
    inputs = [(torch.randn(bonds.atoms, 3), irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")]
    assert_equivariant(attention(irreps, irreps), inputs)


def test_every_parameter_gets_a_gradient_and_is_saved(bonds) -> None:
    irreps = mixed("Th")
    layer = attention(irreps, irreps)
    assert set(layer.state_dict()) == {name for name, _ in layer.named_parameters()}
    features, vectors = torch.randn(bonds.atoms, irreps.dim), bonds.edge_vectors.float()
    out = layer(features, bonds.edge_index, vectors)
    out.square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().max() > 0 for parameter in layer.parameters())
    again = copy.deepcopy(layer).half().float().double()(features.double(), bonds.edge_index, vectors.double())
    torch.testing.assert_close(again.float(), out, rtol=0.02, atol=0.02)
    other = attention(irreps, irreps)
    other.load_state_dict(layer.state_dict())
    torch.testing.assert_close(other(features, bonds.edge_index, vectors), out)


def test_runs_under_autocast(bonds) -> None:
    irreps = mixed("D3d")
    layer = attention(irreps, irreps)
    inputs = (torch.randn(bonds.atoms, irreps.dim), bonds.edge_index, bonds.edge_vectors.float())
    with torch.autocast("cpu", torch.bfloat16):
        out = layer(*inputs)
    torch.testing.assert_close(out.float(), layer(*inputs), rtol=0.1, atol=0.1)


def test_refusals(bonds) -> None:
    irreps = Irreps("Oh", "A1g + T1u")
    with pytest.raises(ValueError, match="at least one head, not 0"):
        attention(irreps, irreps, heads=0)
    with pytest.raises(ValueError, match=r"edge_vectors \(bonds, 3\)"):
        attention(irreps, irreps)(torch.zeros(6, 4), bonds.edge_index, bonds.edge_vectors[:3].float())
    for index in (-1, 6):
        bad = bonds.edge_index.clone()
        bad[0, 3] = index
        with pytest.raises(ValueError, match="an atom that has no features"):
            attention(irreps, irreps)(torch.zeros(6, 4), bad, bonds.edge_vectors.float())
    with pytest.raises(ValueError, match="length zero"):
        attention(irreps, irreps)(torch.zeros(6, 4), bonds.edge_index, 0 * bonds.edge_vectors.float())
    with pytest.raises(ValueError, match="different groups"):
        attention(irreps, Irreps("O", "A1"))
