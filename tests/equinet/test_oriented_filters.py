"""Functions on ℝ³ and on O(3): what they are, against formulas and integrals of another source."""

from __future__ import annotations

import math

import pytest
import torch
from thirty_two import every_group, random_rotation
from torch import Tensor

from equinet import BesselBasis, OrientedFilters, RadialNetwork
from equinet.layers.angular import real_harmonics
from equinet.layers.rotation_functions import HarmonicMatrices, RotationFunctions
from pointgroups import point_group, wigner_d_real

CUTOFF = 3.0
some_rotations = pytest.mark.parametrize("parity", [1, -1], ids=["proper", "improper"])


def rotation(seed: int, parity: int = 1) -> Tensor:
    return parity * torch.from_numpy(random_rotation(seed))


def filters(l_max: int = 3, dim: int = 5) -> OrientedFilters:
    return OrientedFilters(BesselBasis(CUTOFF, 4), l_max, dim).double()


def in_the_ball(count: int) -> Tensor:
    directions = torch.nn.functional.normalize(torch.randn(count, 3, dtype=torch.float64), dim=-1)
    return directions * CUTOFF * torch.rand(count, 1, dtype=torch.float64) ** (1 / 3)


@pytest.mark.parametrize("l_max", [0, 1, 2, 4, 6])
@some_rotations
def test_harmonic_matrices_turn_the_harmonics(l_max: int, parity: int) -> None:
    matrices = HarmonicMatrices(l_max).double()
    turn, directions = rotation(3, parity), torch.nn.functional.normalize(in_the_ball(20), dim=-1)
    expected = real_harmonics(directions @ turn.T, l_max)
    found = real_harmonics(directions, l_max) @ matrices(turn).T
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_harmonic_matrices_are_those_of_pointgroups() -> None:
    matrices = HarmonicMatrices(4).double()(rotation(5))
    for l in range(5):
        block = slice(l**2, (l + 1) ** 2)
        expected = torch.tensor(wigner_d_real(l, rotation(5).numpy()))
        torch.testing.assert_close(matrices[block, block], expected, rtol=0, atol=1e-13)
        assert matrices[block, : l**2].abs().max() == 0 if l else True


def test_rotation_functions_are_orthonormal_over_o3() -> None:
    """A quadrature over Euler angles and the two components, exact for products of degree ℓ ≤ 2."""
    angles = torch.arange(6, dtype=torch.float64) * (2 * math.pi / 6)
    nodes = torch.tensor([-(0.6**0.5), 0.0, 0.6**0.5], dtype=torch.float64)  # Gauss–Legendre in cos β
    weights = torch.tensor([5.0, 8.0, 5.0], dtype=torch.float64) / 18
    about_z = torch.zeros(6, 3, 3, dtype=torch.float64)
    about_z[:, 0, 0] = about_z[:, 1, 1] = angles.cos()
    about_z[:, 1, 0], about_z[:, 0, 1], about_z[:, 2, 2] = angles.sin(), -angles.sin(), 1.0
    about_y = torch.zeros(3, 3, 3, dtype=torch.float64)
    about_y[:, 0, 0] = about_y[:, 2, 2] = nodes
    about_y[:, 0, 2], about_y[:, 2, 0], about_y[:, 1, 1] = (1 - nodes**2).sqrt(), -((1 - nodes**2).sqrt()), 1.0
    proper = torch.einsum("aij,bjk,ckl->abcil", about_z, about_y, about_z)
    functions = RotationFunctions(2).double()
    values = torch.stack([functions(proper), functions(-proper)])
    gram = torch.einsum("pabcq,pabcr,b->qr", values, values, weights) / (2 * 36)
    assert functions.dim == 70
    torch.testing.assert_close(gram, torch.eye(70, dtype=torch.float64), rtol=0, atol=1e-12)


@every_group
def test_rotation_functions_have_one_mean_square_at_every_element(name: str) -> None:
    functions = RotationFunctions(2).double()
    values = functions(torch.tensor(point_group(name).rotations))
    torch.testing.assert_close(values.square().mean(-1), torch.ones(len(values), dtype=torch.float64))


def test_filters_equal_the_sum_of_their_formula() -> None:
    layer, vectors = filters(), in_the_ball(6)
    lengths = vectors.norm(dim=-1)
    radial = layer.radial(lengths)
    harmonics = real_harmonics(vectors / lengths[:, None], 3)
    expected = torch.einsum("khm,ek,em->eh", layer.weight, radial, harmonics)
    torch.testing.assert_close(layer(vectors), expected, rtol=0, atol=1e-13)
    torch.testing.assert_close(layer(vectors.view(2, 3, 3)), expected.view(2, 3, 5), rtol=0, atol=1e-13)


@every_group
def test_turned_filters_equal_the_filters_of_turned_vectors(name: str) -> None:
    layer, vectors = filters(), in_the_ball(6).requires_grad_()
    turns = torch.tensor(point_group(name).rotations)
    slow = layer(torch.einsum("gji,ej->egi", turns, vectors))
    fast = layer.turned(vectors, turns)
    torch.testing.assert_close(fast, slow, rtol=0, atol=1e-12)
    cotangent = torch.randn_like(slow)
    gradients = [torch.autograd.grad(x, vectors, cotangent)[0] for x in (fast, slow)]
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-11)


@pytest.mark.parametrize("learned", [False, True])
def test_unit_mean_square_over_the_ball(learned: bool) -> None:
    radial = BesselBasis(CUTOFF, 8)
    moments = [
        OrientedFilters(RadialNetwork(radial, 8) if learned else radial, 2, 16)
        .double()(in_the_ball(4000))
        .square()
        .mean()
        for _ in range(50)
    ]
    assert torch.stack(moments).mean().item() == pytest.approx(1.0, abs=0.35 if learned else 0.07)


def test_zero_with_two_derivatives_at_the_cutoff() -> None:
    layer = filters()
    direction = torch.nn.functional.normalize(in_the_ball(1), dim=-1)

    def along(length: Tensor) -> Tensor:
        return layer(length * direction).sum()

    derivatives = [along]
    for _ in range(2):
        derivatives.append(torch.func.grad(derivatives[-1]))
    near = torch.tensor(CUTOFF * (1 - 1e-5), dtype=torch.float64)
    assert [abs(f(near).item()) < bound for f, bound in zip(derivatives, (1e-12, 1e-7, 1e-2), strict=True)] == [
        True
    ] * 3
    assert layer(direction * CUTOFF * 1.1).abs().max() == 0


def test_first_and_second_derivatives() -> None:
    vectors = in_the_ball(3).requires_grad_()
    assert torch.autograd.gradcheck(filters(), vectors, fast_mode=True)
    assert torch.autograd.gradgradcheck(filters(), vectors, fast_mode=True)


def test_state_holds_weights_alone_and_precision_is_that_of_the_module() -> None:
    layer = filters().float().double()
    assert set(layer.state_dict()) == {"weight"}
    assert layer.matrices.inverse.equal(HarmonicMatrices(3).double().inverse)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: filters(l_max=-1), "highest degree is an integer ≥ 0, not -1"),
        (lambda: RotationFunctions(-1), "highest degree is an integer ≥ 0, not -1"),
        (lambda: filters(dim=0), "at least one filter, not 0"),
        (lambda: filters()(torch.zeros(2, 3, dtype=torch.float64)), "length zero"),
    ],
)
def test_refusals(build, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()
