"""Dropout: whole copies and whole functions, equivariant with the same mask, of kept mean."""

from __future__ import annotations

import copy

import pytest
import torch
from thirty_two import every_group
from torch import Tensor, nn

from equinet import O3, ChannelDropout, Dropout, FourierTransform, Irreps
from equinet.isotypic import isotypic_parts
from pointgroups import point_group


def seeded(layer: nn.Module, features: Tensor) -> Tensor:
    torch.manual_seed(7)
    return layer(features)


@every_group
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equivariant_with_the_same_mask(name: str, dtype: torch.dtype, space) -> None:
    irreps = space(name)
    layer = Dropout(irreps, 0.4).to(dtype)
    matrices = torch.tensor(irreps.matrices, dtype=dtype)
    features = torch.randn(5, irreps.dim, dtype=dtype)
    reference = seeded(layer, features)
    assert (reference == 0).any()
    turned = torch.stack([seeded(layer, features @ matrix.T) for matrix in matrices])
    torch.testing.assert_close(turned, torch.einsum("gij,nj->gni", matrices, reference))
    x = features.clone().requires_grad_()  # linear in x, with a symmetric matrix: its gradient is itself
    (gradient,) = torch.autograd.grad((seeded(layer, x) * features).sum(), x)
    torch.testing.assert_close(gradient, reference)


@every_group
def test_functions_are_dropped_as_a_whole(name: str) -> None:
    """L_h (drop f) = drop (L_h f), and dropping functions drops all copies of their irreps."""
    group, layer, transform = point_group(name), ChannelDropout(0.4), FourierTransform(name, 6)
    features = torch.randn(5, transform.irreps_in.dim)
    values = transform(features)
    out = seeded(layer, values)
    for h in group.inverse[:6]:
        sources = torch.tensor(group.product[h])
        torch.testing.assert_close(seeded(layer, values[:, sources]), out[:, sources])
    kept = (out != 0).any(1)
    assert 0 < kept.float().mean() < 1
    for part in isotypic_parts(transform.inverse(out), transform.irreps_in).values():
        by_channel = part.flatten(1).unflatten(1, (6, -1)).abs().amax(-1)
        assert torch.equal(by_channel > 1e-6, kept)


def test_whole_copies_are_dropped_and_the_rest_scaled() -> None:
    irreps = Irreps("Oh", "3x A1g + 40x T1u + 20x Eg")
    features = torch.ones(500, irreps.dim)
    out = Dropout(irreps, 0.25)(features)
    for part in isotypic_parts(out, irreps).values():
        assert torch.equal(part, part[..., :1].expand_as(part))
        assert part.unique().tolist() == pytest.approx([0, 1 / 0.75])
        assert (part[..., 0] == 0).float().mean() == pytest.approx(0.25, abs=0.03)
    assert len({tuple(row) for row in out.tolist()}) == 500  # atoms are dropped apart from one another


def test_evaluation_changes_nothing() -> None:
    irreps = Irreps(O3(2), "4x 0e + 2x 1o")
    features = torch.randn(5, irreps.dim)
    assert torch.equal(Dropout(irreps, 0.9).eval()(features), features)
    assert torch.equal(ChannelDropout(0.9).eval()(features), features)
    assert torch.equal(Dropout(irreps, 0.0)(features), features)
    assert not Dropout(irreps, 0.5).state_dict()
    assert seeded(copy.deepcopy(Dropout(irreps, 0.5)).double(), features.double()).dtype == torch.float64


@pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
def test_probabilities_outside_their_range_are_refused(p: float) -> None:
    with pytest.raises(ValueError, match="0 ≤ p < 1"):
        Dropout(Irreps("Oh", "T1u"), p)
    with pytest.raises(ValueError, match="0 ≤ p < 1"):
        ChannelDropout(p)


def test_features_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="3 components"):
        Dropout(Irreps("Oh", "T1u"))(torch.zeros(2, 4))
