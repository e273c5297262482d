"""Pooled irreps: the law of transformation in every group, means and sums, what a crystal's class allows."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from symmetric_features import crystal_of, symmetric_features
from thirty_two import every_group, random_rotation

from equinet import IrrepReadout, Irreps, assert_equivariant
from equinet.groups import O3, trivial_irrep
from pointgroups import point_group

BATCH = torch.tensor([0, 2, 0, 1, 2, 2])


@every_group
@pytest.mark.parametrize("extensive", [False, True])
def test_equivariant_under_every_element(name: str, extensive: bool, space) -> None:
    irreps = space(name)
    features = torch.randn(6, irreps.dim)
    assert_equivariant(IrrepReadout(irreps, irreps, extensive), [(features, irreps), (BATCH, None), (3, None)])


@every_group
def test_a_crystal_keeps_its_invariants_alone(name: str, space) -> None:
    irreps = space(name)
    readout = IrrepReadout(irreps, irreps).double()
    features = symmetric_features(crystal_of(name), irreps)
    found = readout(features, torch.zeros(len(features), dtype=torch.int64), 1)[0]
    trivial = trivial_irrep(point_group(name)).label
    for block, where in zip(irreps.blocks, irreps.slices(), strict=True):
        if block.label == trivial:
            assert found[where].abs().min() > 1e-6
        else:
            assert found[where].abs().max() < 1e-12


def test_mean_and_sum_against_loops() -> None:
    irreps, out = Irreps("Oh", "4x A1g + 2x T1u"), Irreps("Oh", "T1u")
    mean, total = IrrepReadout(irreps, out), IrrepReadout(irreps, out, extensive=True)
    total.load_state_dict(mean.state_dict())
    features = torch.randn(6, irreps.dim)
    for graph in range(3):
        atoms = mean.linear(features[graph == BATCH])
        torch.testing.assert_close(mean(features, BATCH, 3)[graph], atoms.mean(0))
        torch.testing.assert_close(total(features, BATCH, 3)[graph], atoms.sum(0))


def test_a_vector_under_rotations_of_o3() -> None:
    irreps = Irreps(O3(2), "3x 0e + 2x 1o")
    readout = IrrepReadout(irreps, Irreps(O3(2), "1o")).double()
    features = torch.randn(6, irreps.dim, dtype=torch.float64)
    for rotation in (random_rotation(3), -random_rotation(4)):
        vector = torch.tensor(O3(2).real_irreps["1o"].matrix(rotation))
        matrix = torch.block_diag(torch.eye(3, dtype=torch.float64), vector, vector)
        torch.testing.assert_close(
            readout(features @ matrix.T, BATCH, 3), readout(features, BATCH, 3) @ vector.T, rtol=0, atol=1e-12
        )


def test_precision_gradients_and_saved_numbers() -> None:
    irreps = Irreps("C3", "2x A + 2x E")
    readout = IrrepReadout(irreps, irreps)
    exact = copy.deepcopy(readout).double()
    features = torch.randn(6, irreps.dim, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: exact(v, BATCH, 3), (features,))
    low = readout(features.detach().float(), BATCH, 3)
    torch.testing.assert_close(low.double(), exact(features, BATCH, 3), rtol=0, atol=1e-6)
    assert set(readout.state_dict()) == {name for name, _ in readout.named_parameters()}
    with torch.autocast("cpu", torch.bfloat16):
        assert readout(features.detach().float(), BATCH, 3).dtype == torch.float32


def test_unit_variance_at_the_start() -> None:
    irreps = Irreps("Td", [(16, label) for label in point_group("Td").real_irreps])
    atoms = torch.arange(200)
    values = [IrrepReadout(irreps, irreps)(torch.randn(200, irreps.dim), atoms, 200) for _ in range(20)]
    assert 0.9 < np.mean([value.detach().var().item() for value in values]) < 1.1


def test_what_would_always_be_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="hold no T1u, so that this part of 1x A1g \\+ 1x T1u would always be zero"):
        IrrepReadout(Irreps("Oh", "4x A1g"), Irreps("Oh", "A1g + T1u"))
