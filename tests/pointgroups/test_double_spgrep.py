"""Spinor irreps against spgrep's projective irreps, found by another method from another lift of the rotations."""

import numpy as np
import pytest
from oracles.mulliken import HEXAGONAL
from spgrep.spinor import enumerate_spinor_small_representations
from thirty_two import SETTINGS

from pointgroups import point_group


@pytest.mark.parametrize("name", SETTINGS)
def test_spinor_irreps_are_those_of_spgrep(name):
    """With their lift U'_g = s_g U_g, their irreps are s_g Γ(g): the same set of characters, each once."""
    group = point_group(name)
    double = group.double
    basis = HEXAGONAL if 16 <= group.number <= 27 else np.eye(3)  # columns are the axes of the lattice
    operations = np.rint(np.linalg.inv(basis) @ group.rotations @ basis).astype(int)
    theirs, _, lift = enumerate_spinor_small_representations(basis.T, operations)
    half = double.su2[: group.order]
    signs = np.rint(np.einsum("gij,gij->g", half.conj(), lift).real / 2)
    assert np.abs(half * signs[:, None, None] - lift).max() < 1e-12
    characters = [signs * np.trace(gamma, axis1=1, axis2=2) for gamma in theirs]
    matched = []
    for label, irrep in double.spinor_irreps.items():
        ours = irrep.characters[: group.order]
        found = [k for k, chi in enumerate(characters) if np.abs(chi - ours).max() < 1e-8]
        assert len(found) == 1, label
        matched += found
    assert sorted(matched) == list(range(len(theirs)))
