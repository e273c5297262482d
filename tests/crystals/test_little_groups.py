"""Wave vectors and little groups: special points of all lattices, small representations of all space groups, labels."""

import itertools
from functools import cache

import numpy as np
import pytest
import spgrep
from crystals.redescriptions import fixture_rows, structure_of
from pymatgen.core import Lattice, Structure

from pointgroups import (
    band_representation,
    crystal_symmetry,
    little_group,
    primitive_cell,
    special_points,
)

ROWS = fixture_rows()
GENERAL = [0.1, 0.23, 0.37]
SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]])
PEROVSKITE = Structure.from_spacegroup(
    "Pm-3m", Lattice.cubic(3.9), ["Ti", "Sr", "O"], [[0] * 3, [0.5] * 3, [0.5, 0, 0]]
)
DIAMOND = Structure.from_spacegroup("Fd-3m", Lattice.cubic(3.57), ["C"], [[0, 0, 0]])
BRAVAIS = {
    "aP": Lattice.from_parameters(3, 4, 5, 82, 95, 107),
    "mP": Lattice.monoclinic(3, 4, 5, 101),
    "mC": Lattice([[1.5, 2, 0], [-1.5, 2, 0], [-1, 0, 5]]),
    "oP": Lattice.orthorhombic(3, 4, 5),
    "oC": Lattice([[1.5, 2, 0], [-1.5, 2, 0], [0, 0, 5]]),
    "oF": Lattice([[0, 2, 2.5], [1.5, 0, 2.5], [1.5, 2, 0]]),
    "oI": Lattice([[-1.5, 2, 2.5], [1.5, -2, 2.5], [1.5, 2, -2.5]]),
    "tP": Lattice.tetragonal(3, 5),
    "tI": Lattice([[-1.5, 1.5, 2.5], [1.5, -1.5, 2.5], [1.5, 1.5, -2.5]]),
    "hP": Lattice.hexagonal(3, 5),
    "hR": Lattice.rhombohedral(3, 75),
    "cP": Lattice.cubic(3),
    "cF": Lattice([[0, 2, 2], [2, 0, 2], [2, 2, 0]]),
    "cI": Lattice([[-2, 2, 2], [2, -2, 2], [2, 2, -2]]),
}
CELLS = [
    (2, (9, 10, 11, 81, 95, 103)), (15, (9, 10, 11, 90, 103, 90)), (74, (9, 10, 11, 90, 90, 90)),
    (142, (10, 10, 11, 90, 90, 90)), (194, (10, 10, 11, 90, 90, 120)), (230, (12, 12, 12, 90, 90, 90)),
]  # fmt: skip


@cache
def real_crystal(material_id):
    return crystal_symmetry(structure_of(ROWS[material_id]))


def made_crystal(number):
    """Two species on general positions of a space group, in a primitive cell."""
    cell = next(parameters for last, parameters in CELLS if number <= last)
    places = [[0.137, 0.291, 0.413], [0.211, 0.073, 0.167]]
    structure = Structure.from_spacegroup(number, Lattice.from_parameters(*cell), ["Si", "P"], places)
    crystal = crystal_symmetry(primitive_cell(structure, symprec=1e-3), symprec=1e-3)
    assert crystal.space_group_number == number
    return crystal


of_real_crystals = pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")


@pytest.mark.parametrize("lattice", BRAVAIS)
def test_special_points_are_all_wave_vectors_whose_little_group_keeps_no_direction(lattice):
    crystal = crystal_symmetry(Structure(BRAVAIS[lattice], ["Po"], [[0, 0, 0]]))
    turns = np.rint(np.linalg.inv(crystal.operations.lattice_rotations))
    points = special_points(crystal)
    met = set()
    for k in itertools.product(range(12), repeat=3):
        vector = np.array(k) / 12
        star = vector @ turns
        keeping = np.abs(star - vector - np.rint(star - vector)).max(axis=1) < 1e-9
        if np.any(turns[keeping].sum(axis=0)):
            continue
        near = [
            letter
            for letter, point in points.items()
            if (np.abs(star - point - np.rint(star - point)).max(axis=1) < 1e-9).any()
        ]
        assert len(near) == 1, (vector, near)
        met.update(near)
    assert met == set(points)


@pytest.mark.parametrize("number", range(1, 231))
def test_small_representations_are_irreps_of_the_little_group(number):
    crystal = made_crystal(number)
    ops = crystal.operations
    rng = np.random.default_rng(0)
    for letter in special_points(crystal):
        little = little_group(crystal, letter)
        assert little.name == letter
        assert sum(small.dim**2 for small in little.irreps.values()) == len(little)
        table = np.array([small.characters for small in little.irreps.values()])
        np.testing.assert_allclose(table @ table.conj().T, len(little) * np.eye(len(table)), atol=1e-8)
        for _ in range(8):
            i, j = rng.integers(len(little), size=2)
            g, h = little.operations[i], little.operations[j]
            k = int(np.searchsorted(little.elements, crystal.group.product[little.elements[i], little.elements[j]]))
            moved = ops.lattice_rotations[g] @ ops.translations[h] + ops.translations[g]
            phase = np.exp(-2j * np.pi * little.k @ (moved - ops.translations[little.operations[k]]))
            for small in little.irreps.values():
                np.testing.assert_allclose(small.matrices[i] @ small.matrices[j], phase * small.matrices[k], atol=1e-8)


@of_real_crystals
def test_small_representations_are_those_of_spgrep(material_id):
    crystal = crystal_symmetry(primitive_cell(structure_of(ROWS[material_id])))
    ops = crystal.operations
    for k in [*special_points(crystal), GENERAL]:
        little = little_group(crystal, k)
        irreps, mapping = spgrep.get_spacegroup_irreps_from_primitive_symmetry(
            ops.lattice_rotations, ops.translations, little.k
        )
        assert sorted(mapping) == sorted(little.operations)
        places = np.argsort(ops.elements[mapping])
        theirs = [np.trace(irrep, axis1=1, axis2=2)[places] for irrep in irreps]
        ours = [small.characters for small in little.irreps.values()]
        assert len(ours) == len(theirs)
        for chi in ours:
            assert sum(np.abs(chi - other).max() < 1e-4 for other in theirs) == 1


@of_real_crystals
def test_at_the_zone_center_small_representations_are_the_irreps_of_the_class(material_id):
    crystal = real_crystal(material_id)
    little = little_group(crystal, "Γ")
    assert little.group is crystal.group
    for label, irrep in crystal.group.irreps.items():
        np.testing.assert_array_equal(little.irreps[label].matrices, irrep.matrices)


def test_labels_at_the_zone_boundary_follow_the_origin():
    crystal = crystal_symmetry(PEROVSKITE)
    for origin, label in (([0, 0, 0], "A1g"), ([0.5] * 3, "A2u")):
        R = little_group(crystal, "R", origin)
        assert band_representation(crystal, 0, "A1g").decompose(R) == {label: 1}
        assert R.decompose(R.irreps["T1u"].characters) == {"T1u": 1}


def test_small_representations_are_numbered_by_dimension_and_then_by_character():
    for letter in "XLW":
        little = little_group(crystal_symmetry(DIAMOND), letter, [0.03, 0.01, 0.02])
        assert list(little.irreps) == [f"{letter}{i + 1}" for i in range(len(little.irreps))]
        keys = [
            (small.dim, *[x for chi in small.characters for x in (-round(chi.real, 4), -round(chi.imag, 4))])
            for small in little.irreps.values()
        ]
        assert keys == sorted(keys)


def test_letters_are_found_for_any_wave_vector_of_a_star():
    crystal = crystal_symmetry(SALT)
    assert little_group(crystal, [1, 0, 0]).name == little_group(crystal, [0, 0, -3]).name == "X"
    assert little_group(crystal, [-0.5, 0.5, 0.5]).name == "L"
    assert little_group(crystal, [0, 2, 0]).name == "Γ"
    assert little_group(crystal, [0, 0.2, 0]).name == "k"


def test_opposite_wave_vectors_of_chiral_crystals_have_letters_of_their_own():
    quartz = crystal_symmetry(
        Structure.from_spacegroup(
            "P3_121", Lattice.hexagonal(4.913, 5.405), ["Si", "O"], [[0.4697, 0, 1 / 3], [0.4135, 0.2669, 0.4524]]
        )
    )
    assert {"K", "KA", "H", "HA", "M", "A", "L"} < set(special_points(quartz))
    np.testing.assert_array_equal(special_points(quartz)["KA"], -special_points(quartz)["K"])
