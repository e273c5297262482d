"""Rotations against spglib's operations, irreps against spgrep's."""

import numpy as np
import pytest
import spglib
from oracles.mulliken import HEXAGONAL
from spgrep import get_crystallographic_pointgroup_irreps_from_symmetry
from thirty_two import GROUPS, SETTINGS, every_group, irreps

from pointgroups import point_group

# The symmorphic space group P… of each setting in spglib's list: its full symbol there.
SPACE_GROUPS = {
    "C1": "P 1", "Ci": "P -1", "C2": "P 1 2 1", "112": "P 1 1 2", "211": "P 2 1 1", "Cs": "P 1 m 1", "11m": "P 1 1 m",
    "m11": "P m 1 1", "C2h": "P 1 2/m 1", "112/m": "P 1 1 2/m", "2/m11": "P 2/m 1 1", "D2": "P 2 2 2",
    "C2v": "P m m 2", "2mm": "P 2 m m", "m2m": "P m 2 m", "D2h": "P 2/m 2/m 2/m", "C4": "P 4", "S4": "P -4",
    "C4h": "P 4/m", "D4": "P 4 2 2", "C4v": "P 4 m m", "D2d": "P -4 2 m", "-4m2": "P -4 m 2", "D4h": "P 4/m 2/m 2/m",
    "C3": "P 3", "C3i": "P -3", "D3": "P 3 2 1", "312": "P 3 1 2", "C3v": "P 3 m 1", "31m": "P 3 1 m",
    "D3d": "P -3 2/m 1", "-31m": "P -3 1 2/m", "C6": "P 6", "C3h": "P -6", "C6h": "P 6/m", "D6": "P 6 2 2",
    "C6v": "P 6 m m", "D3h": "P -6 m 2", "-62m": "P -6 2 m", "D6h": "P 6/m 2/m 2/m", "T": "P 2 3", "Th": "P 2/m -3",
    "O": "P 4 3 2", "Td": "P -4 3 m", "Oh": "P 4/m -3 2/m",
}  # fmt: skip


def _space_group_operations():
    """Full symbol → operations in the lattice basis, of the first spglib setting with that symbol."""
    found = {}
    for hall_number in range(1, 531):
        symbol = spglib.get_spacegroup_type(hall_number).international_full
        found.setdefault(_plain(symbol), hall_number)
    return found


def _plain(symbol):
    return symbol.split("=")[0].replace("_", "").strip()


HALL_NUMBERS = _space_group_operations()


@pytest.mark.parametrize("name", SETTINGS)
def test_rotations_are_those_of_spglib(name):
    """Operations W in the lattice basis A are the rotations A W A⁻¹; hexagonal axes have a along x, b at 120°."""
    operations = spglib.get_symmetry_from_database(HALL_NUMBERS[SPACE_GROUPS[name]])["rotations"]
    group = point_group(name)
    basis = HEXAGONAL if 16 <= group.number <= 27 else np.eye(3)
    theirs = basis @ operations @ np.linalg.inv(basis)
    distance = np.abs(group.rotations[:, None] - theirs[None]).max(axis=(2, 3))
    assert len(theirs) == group.order
    assert (distance.min(axis=0) < 1e-12).all()
    assert (distance.min(axis=1) < 1e-12).all()


@pytest.mark.parametrize("name", GROUPS)
def test_number_in_spglib(name):
    kind = spglib.get_spacegroup_type(HALL_NUMBERS[SPACE_GROUPS[name]])
    assert kind.pointgroup_schoenflies == name
    assert kind.pointgroup_international == point_group(name).symbol


@every_group
@pytest.mark.parametrize("field", ["C", "R"])
def test_irreps_are_equivalent_to_those_of_spgrep(name, field):
    """The same number of irreps, and for each of theirs one of ours with a unitary intertwiner."""
    group = point_group(name)
    basis = HEXAGONAL if 16 <= group.number <= 27 else np.eye(3)
    lattice = np.linalg.inv(basis) @ group.rotations @ basis
    theirs = get_crystallographic_pointgroup_irreps_from_symmetry(lattice.round().astype(int), real=field == "R")
    ours = irreps(group, field)
    assert len(theirs) == len(ours)
    rng = np.random.default_rng(2)
    left = {gamma.label for gamma in ours}
    for matrices in theirs:
        chi = np.trace(matrices, axis1=1, axis2=2)
        (gamma,) = [gamma for gamma in ours if np.abs(gamma.characters - chi).max() < 1e-6]
        left.remove(gamma.label)
        x = rng.normal(size=(gamma.dim, gamma.dim))
        t = np.einsum("gij,jk,glk->il", gamma.matrices, x, matrices.conj()) / group.order
        assert np.abs(gamma.matrices @ t - t @ matrices).max() < 1e-9
        assert np.linalg.cond(t) < 1 + 1e-6
    assert not left
