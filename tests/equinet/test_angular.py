"""Harmonics of a direction: against pointgroups' own, covariant, of unit mean square, differentiable twice."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from thirty_two import every_group, random_rotation

from equinet import AngularBasis, Irreps, assert_equivariant
from equinet.groups import O3, SO3, OrthogonalGroup
from equinet.layers.angular import real_harmonics
from pointgroups import point_group, spherical_harmonics

L_MAX = 4


def vectors(n: int = 12) -> torch.Tensor:
    return torch.randn(n, 3, dtype=torch.float64)


@pytest.mark.parametrize("l", range(13))
def test_against_spherical_harmonics(l: int) -> None:
    r = torch.cat([vectors(40), torch.eye(3, dtype=torch.float64), -torch.eye(3, dtype=torch.float64)])
    ours = real_harmonics(r / r.norm(dim=1, keepdim=True), 12)[:, l**2 : (l + 1) ** 2]
    theirs = np.sqrt(4 * np.pi) * spherical_harmonics(l, r.numpy())
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@every_group
def test_against_adapted_harmonics(name: str) -> None:
    r = vectors()
    rows = [point_group(name).harmonics(l).array @ spherical_harmonics(l, r.numpy()).T for l in range(L_MAX + 1)]
    expected = np.sqrt(4 * np.pi) * np.concatenate(rows).T
    np.testing.assert_allclose(AngularBasis(name, L_MAX).double()(r), expected, rtol=0, atol=1e-12)


@every_group
def test_covariant_under_every_element(name: str) -> None:
    assert_equivariant(AngularBasis(name, L_MAX), [(vectors(), "polar")])


def test_covariant_in_another_frame() -> None:
    assert_equivariant(AngularBasis(point_group("D3h").rotated(random_rotation(3)), L_MAX), [(vectors(), "polar")])


@pytest.mark.parametrize(("group", "text"), [(O3(4), "0e + 1o + 2e + 3o + 4e"), (SO3(4), "0 + 1 + 2 + 3 + 4")], ids=str)
def test_over_all_rotations(group: OrthogonalGroup, text: str) -> None:
    basis = AngularBasis(group, L_MAX)
    assert basis.irreps_out == Irreps(group, text)
    assert_equivariant(basis, [(vectors(), "polar")])
    r = vectors()
    rows = [spherical_harmonics(l, r.numpy()) for l in range(L_MAX + 1)]
    np.testing.assert_allclose(basis.double()(r), np.sqrt(4 * np.pi) * np.concatenate(rows, -1), rtol=0, atol=1e-12)
    some = AngularBasis(group, 4, [basis.irreps_out[1].label]).double()
    torch.testing.assert_close(some(r), basis(r)[:, 1:4], rtol=0, atol=0)


@every_group
def test_labels_choose_irreps(name: str) -> None:
    labels = list(point_group(name).real_irreps)[::2]
    everything, chosen = AngularBasis(name, L_MAX).double(), AngularBasis(name, L_MAX, labels).double()
    assert chosen.irreps_out == everything.irreps_out.filter(labels)
    where = [
        k
        for block, part in zip(everything.irreps_out.blocks, everything.irreps_out.slices(), strict=True)
        for k in range(part.start, part.stop)
        if block.label in labels
    ]
    r = vectors()
    torch.testing.assert_close(chosen(r), everything(r)[:, where], rtol=0, atol=1e-13)


@every_group
def test_unit_mean_square_over_the_sphere(name: str) -> None:
    """Over the 26 directions of the cubic axes with their weights (a quadrature exact to degree 7)."""
    corners = torch.cartesian_prod(*[torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)] * 3)
    directions = corners[corners.norm(dim=1) > 0]
    share = torch.tensor([0.0, 1 / 21, 4 / 105, 9 / 280], dtype=torch.float64)
    weights = share[directions.abs().sum(1).long()]
    squares = AngularBasis(name, 3).double()(directions).square()
    torch.testing.assert_close(weights @ squares, torch.ones(16, dtype=torch.float64), rtol=0, atol=1e-12)


def test_two_derivatives_everywhere_also_on_the_axis() -> None:
    basis = AngularBasis("D6h", 3).double()
    r = torch.tensor([[0.0, 0.0, 1.3], [0.0, 0.0, -0.4], [0.5, -0.2, 0.9]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(basis, (r,))
    assert torch.autograd.gradgradcheck(basis, (r,))


def test_a_vector_without_direction_is_refused() -> None:
    with pytest.raises(ValueError, match="no direction"):
        AngularBasis("Oh", 2)(torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    with pytest.raises(ValueError, match="no direction"):
        AngularBasis("Oh", 2)(torch.tensor([float("nan"), 0.0, 1.0]))
    with pytest.raises(ValueError, match="higher cut-off"):
        AngularBasis(O3(1), 2)
    with pytest.raises(ValueError, match="integer ≥ 0"):
        AngularBasis("Oh", -1)


def test_batched_by_vmap() -> None:
    basis = AngularBasis("Oh", 2).double()
    r = vectors()
    torch.testing.assert_close(torch.func.vmap(basis)(r), basis(r), rtol=0, atol=1e-14)
