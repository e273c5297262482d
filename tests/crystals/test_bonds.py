"""Orbits of bonds, against all bonds of a cell sorted by all operations."""

import itertools

import numpy as np
import pytest
from crystals.redescriptions import fixture_rows, structure_of
from pymatgen.core import Lattice, Structure

from pointgroups import crystal_symmetry

ROWS = {m: row for m, row in fixture_rows().items() if len(row["structure"]["species"]) <= 14}
RADIUS = 3.6


def all_bonds(symmetry, radius):
    """(i, j, n) → vector, by looking at all cells that can matter."""
    lattice, positions = symmetry.lattice, symmetry.frac_coords
    span = np.ceil(radius * np.linalg.norm(np.linalg.inv(lattice), axis=0)).astype(int) + 1
    ranges = [range(-s - 1, s + 2) for s in span]
    cells = np.array(list(itertools.product(*ranges)))
    found = {}
    for i, j in itertools.product(range(len(positions)), repeat=2):
        vectors = (positions[j] + cells - positions[i]) @ lattice
        lengths = np.linalg.norm(vectors, axis=1)
        for k in np.flatnonzero((lengths <= radius + 1e-8) & (lengths > 1e-6)):
            found[(i, j, *map(int, cells[k]))] = vectors[k]
    return found


def image(symmetry, k, bond):
    i, j, n = bond[0], bond[1], np.array(bond[2:])
    ops = symmetry.operations
    ends = []
    for atom, cell in ((i, np.zeros(3)), (j, n)):
        place = ops.lattice_rotations[k] @ (symmetry.frac_coords[atom] + cell) + ops.translations[k]
        target = symmetry.permutations[k, atom]
        ends.append((int(target), np.rint(place - symmetry.frac_coords[target]).astype(int)))
    return (ends[0][0], ends[1][0], *map(int, ends[1][1] - ends[0][1]))


@pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")
def test_bond_orbits_against_all_operations_on_all_bonds(material_id):
    symmetry = crystal_symmetry(structure_of(ROWS[material_id]))
    bonds = symmetry.bond_orbits(RADIUS)
    everything = all_bonds(symmetry, RADIUS)
    assert bonds.n_bonds == len(everything)
    orbit_of = {}
    for number in range(len(bonds)):
        lead = (int(bonds.centers[number]), int(bonds.neighbors[number]), *map(int, bonds.shifts[number]))
        np.testing.assert_allclose(symmetry.frame @ everything[lead], bonds.vectors[number], atol=1e-9)
        images = {image(symmetry, k, lead) for k in range(len(symmetry.operations))}
        assert not images & set(orbit_of)
        orbit_of |= dict.fromkeys(images, number)
        around = [bond for bond in images if bond[0] == lead[0]]
        assert len(around) == bonds.multiplicities[number]
        site = symmetry.site_groups[lead[0]]
        assert len(site) == bonds.multiplicities[number] * len(bonds.stabilizers[number])
        for element in bonds.stabilizers[number]:
            moved = symmetry.group.rotations[element] @ bonds.vectors[number]
            np.testing.assert_allclose(moved, bonds.vectors[number], atol=1e-9)
    assert set(orbit_of) == set(everything)
    for number in range(len(bonds)):
        back = (int(bonds.neighbors[number]), int(bonds.centers[number]), *map(int, -bonds.shifts[number]))
        assert orbit_of[back] == bonds.reverses[number]


def test_members_are_the_bonds_around_the_representatives():
    spinel = Structure.from_spacegroup(
        "Fd-3m", Lattice.cubic(8.08), ["Mg", "Al", "O"], [[1 / 8] * 3, [1 / 2] * 3, [0.2624] * 3]
    )
    symmetry = crystal_symmetry(spinel)
    bonds = symmetry.bond_orbits(3.6)
    everything = all_bonds(symmetry, 3.6)
    for orbit in symmetry.orbits:
        expected = [symmetry.frame @ v for bond, v in everything.items() if bond[0] == orbit.representative]
        here = [(n, e) for n, e in bonds.members if bonds.centers[n] == orbit.representative]
        vectors = np.array([symmetry.group.rotations[e] @ bonds.vectors[n] for n, e in here])
        assert len(vectors) == len(expected)
        assert np.abs(vectors[:, None] - np.array(expected)).max(axis=2).min(axis=1).max() < 1e-9
        assert len(np.unique(vectors.round(6), axis=0)) == len(vectors)


@pytest.mark.parametrize("radius", [0.0, -1.0, float("nan"), float("inf")])
def test_a_radius_is_positive(radius):
    symmetry = crystal_symmetry(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]))
    with pytest.raises(ValueError, match="positive"):
        symmetry.bond_orbits(radius)


def test_no_bond_within_the_radius():
    bonds = crystal_symmetry(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]])).bond_orbits(1.0)
    assert len(bonds) == 0
    assert bonds.n_bonds == 0
    assert bonds.vectors.shape == (0, 3)
