"""The readout sees invariants alone, and means or sums over each graph's atoms."""

from __future__ import annotations

import pytest
import torch
from thirty_two import every_group

from equinet import InvariantReadout, Irreps, assert_equivariant
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


def test_refusals() -> None:
    with pytest.raises(ValueError, match="holds no A1g"):
        InvariantReadout(Irreps("Oh", "A2g + T1u"))
    with pytest.raises(ValueError, match="without atoms"):
        InvariantReadout(Irreps("Oh", "A1g"))(torch.zeros(2, 1), torch.tensor([0, 2]), 3)
