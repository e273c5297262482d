"""Radial functions: unit scale in the cutoff ball, and C² where a neighbour crosses the cutoff."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from equinet import (
    BesselBasis,
    GaussianBasis,
    RadialBasis,
    RadialNetwork,
    cosine_envelope,
    cutoff_envelope,
    smooth_envelope,
)

BASES = [BesselBasis, GaussianBasis]
CUTOFF = 4.5


@pytest.fixture(params=[*BASES, "network"])
def functions(request) -> RadialBasis | RadialNetwork:
    if request.param == "network":
        return RadialNetwork(BesselBasis(CUTOFF, 6), 5).double()
    return request.param(CUTOFF, 6).double()


@pytest.mark.parametrize("basis", BASES)
def test_unit_mean_square_in_the_ball(basis: type[RadialBasis]) -> None:
    """Against a plain sum over many points in the ball, r = r_c t^{1/3} for t uniform in [0, 1]."""
    t = (torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000
    moments = basis(CUTOFF, 8).double()(CUTOFF * t ** (1 / 3)).square().mean(0)
    torch.testing.assert_close(moments, torch.ones(8, dtype=torch.float64), rtol=0, atol=1e-4)


def test_bessel_functions_are_the_waves_of_the_sphere() -> None:
    r = torch.linspace(0.1, 4.4, 30, dtype=torch.float64)
    waves = torch.sin(torch.arange(1, 9, dtype=torch.float64) * torch.pi * r[:, None] / CUTOFF) / r[:, None]
    ratio = BesselBasis(CUTOFF, 8).double()(r) / (waves * cutoff_envelope(r / CUTOFF)[:, None])
    torch.testing.assert_close(ratio, ratio[:1].expand(30, -1), rtol=1e-9, atol=0)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("envelope", [cutoff_envelope, smooth_envelope, cosine_envelope])
def test_any_envelope(basis: type[RadialBasis], envelope) -> None:
    """Unit mean square in the ball, zero beyond, and the ratio of two bases is that of their envelopes."""
    t = (torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000
    functions = basis(CUTOFF, 4, envelope).double()
    torch.testing.assert_close(
        functions(CUTOFF * t ** (1 / 3)).square().mean(0), torch.ones(4, dtype=torch.float64), rtol=0, atol=1e-4
    )
    r = torch.tensor([0.7, 2.0, 3.1, CUTOFF, 2 * CUTOFF], dtype=torch.float64)
    assert torch.equal(functions(r)[3:], torch.zeros(2, 4, dtype=torch.float64))
    ratio = functions(r)[:3] / basis(CUTOFF, 4).double()(r)[:3]
    envelopes = envelope(r / CUTOFF)[:3, None] / cutoff_envelope(r / CUTOFF)[:3, None]
    torch.testing.assert_close(ratio / ratio[:1], (envelopes / envelopes[:1]).expand(3, 4))


@pytest.mark.parametrize(("envelope", "continuous"), [(cutoff_envelope, 2), (smooth_envelope, 4), (cosine_envelope, 1)])
def test_continuous_derivatives_of_envelopes(envelope, continuous: int) -> None:
    """Just inside the cutoff the derivatives up to this order are nearly zero; the next is not, where there is one."""
    x = torch.tensor(1 - 1e-5, dtype=torch.float64, requires_grad=True)
    derivatives = [envelope(x)]
    for _ in range(continuous + 1):
        derivatives += torch.autograd.grad(derivatives[-1], x, create_graph=True)
    assert all(d.abs() < 0.01 for d in derivatives[: continuous + 1])
    assert (derivatives[-1].abs() > 1) == (envelope is not smooth_envelope)
    at = torch.tensor([0.0, 1.0, 1.5], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(envelope(at).sum(), at)
    torch.testing.assert_close(slope, torch.zeros_like(slope), rtol=0, atol=1e-12)
    assert envelope(at).tolist() == pytest.approx([1, 0, 0])


def test_two_derivatives_vanish_at_the_cutoff(functions) -> None:
    def derivatives(r: Tensor) -> Tensor:
        values = [functions(r)[0]]
        first = [torch.autograd.grad(v, r, create_graph=True)[0] for v in values[0]]
        second = [torch.autograd.grad(d, r, retain_graph=True)[0] for d in first]
        return torch.stack([*values[0], *torch.cat(first), *torch.cat(second)])

    for r in (CUTOFF * (1 - 1e-7), CUTOFF, CUTOFF * (1 + 1e-7), 2 * CUTOFF):
        at = torch.tensor([r], dtype=torch.float64, requires_grad=True)
        assert derivatives(at).abs().max() < 1e-4


@pytest.mark.parametrize("length", [0.0, 1e-30, 1e-6, 1e-3])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_finite_with_derivatives_at_and_near_the_origin(functions, length: float, dtype: torch.dtype) -> None:
    functions.to(dtype)
    r = torch.tensor([length], dtype=dtype, requires_grad=True)
    values = functions(r)
    (slope,) = torch.autograd.grad(values.sum(), r, create_graph=True)
    (curvature,) = torch.autograd.grad(slope.sum(), r)
    assert torch.isfinite(torch.cat([values[0], slope, curvature])).all()
    away = torch.tensor([length + 1e-4], dtype=torch.float64)
    torch.testing.assert_close(values[0].double(), functions.double()(away)[0], rtol=1e-3, atol=1e-3)


def test_runs_under_autocast(functions) -> None:
    functions.float()
    r = torch.linspace(0.0, 5.0, 20)
    with torch.autocast("cpu", torch.bfloat16):
        out = functions(r)
    torch.testing.assert_close(out.float(), functions(r), rtol=0.05, atol=0.05)
    assert torch.equal(out[-2:].float(), torch.zeros_like(out[-2:]).float())


def test_derivatives_against_differences(functions) -> None:
    r = torch.tensor([0.5, 2.0, 4.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(functions, (r,))
    assert torch.autograd.gradgradcheck(functions, (r,))


def test_network_has_unit_scale_at_the_start() -> None:
    t = torch.rand(4000)
    networks = [RadialNetwork(BesselBasis(CUTOFF, 8), 32, widths=(64,)) for _ in range(20)]
    moments = [network(CUTOFF * t ** (1 / 3)).square().mean().item() for network in networks]
    assert 0.5 < sum(moments) / len(moments) < 2.0


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(("cutoff", "dim"), [(0.0, 4), (-1.0, 4), (float("nan"), 4), (5.0, 0)])
def test_impossible_bases_are_refused(basis: type[RadialBasis], cutoff: float, dim: int) -> None:
    with pytest.raises(ValueError, match=r"cutoff|at least one"):
        basis(cutoff, dim)


def test_a_single_gaussian_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        GaussianBasis(5.0, 1)
