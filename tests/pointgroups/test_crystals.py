"""The symmetry of real crystals, of made ones in every space group, and what is refused."""

import gzip
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import spglib
from pymatgen.core import Lattice, Structure
from pymatgen.core.operations import SymmOp
from thirty_two import random_rotation

from pointgroups import (
    GROUP_NAMES,
    CrystalSymmetry,
    CrystalSymmetryError,
    SupercellError,
    crystal_symmetry,
    point_group,
    primitive_cell,
)

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
LINES = (ROOT / "tests/data/crystals.jsonl").read_text(encoding="utf-8").splitlines()
ROWS = {row["material_id"]: row for row in map(json.loads, LINES)}
SHARED_FILES = (
    "cubic_perovskites", "dielectric", "elastic", "formation_energy", "born_charges", "piezoelectric",
)  # fmt: skip
EVERY = 20

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])


def structure_of(row: dict) -> Structure:
    return Structure(*(row["structure"][key] for key in ("lattice", "species", "frac_coords")))


@cache
def real_crystal(material_id: str) -> tuple[Structure, CrystalSymmetry]:
    structure = structure_of(ROWS[material_id])
    return structure, crystal_symmetry(structure)


def cartesian_rotations(symmetry: CrystalSymmetry) -> np.ndarray:
    columns = symmetry.lattice.T
    return columns @ symmetry.operations.lattice_rotations @ np.linalg.inv(columns)


def assert_frame_is_exact(symmetry: CrystalSymmetry) -> None:
    frame, group = symmetry.frame, symmetry.group
    assert np.linalg.det(frame) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    elements = symmetry.operations.elements
    np.testing.assert_allclose(frame @ cartesian_rotations(symmetry) @ frame.T, group.rotations[elements], atol=1e-12)
    counts = np.bincount(elements, minlength=group.order)
    assert (counts == len(elements) // group.order).all()


def assert_crystal_is_invariant(symmetry: CrystalSymmetry) -> None:
    operations = symmetry.operations
    images = symmetry.frac_coords @ np.swapaxes(operations.lattice_rotations, 1, 2)
    images += operations.translations[:, None]
    apart = images - symmetry.frac_coords[symmetry.permutations]
    np.testing.assert_allclose((apart - np.rint(apart)) @ symmetry.lattice, 0, atol=1e-12)
    species = np.array([str(specie) for specie in symmetry.species])
    assert (species[symmetry.permutations] == species).all()
    metric = symmetry.lattice @ symmetry.lattice.T
    turns = operations.lattice_rotations
    np.testing.assert_allclose(
        np.swapaxes(turns, 1, 2) @ metric @ turns, np.broadcast_to(metric, turns.shape), atol=1e-10
    )


def assert_operations_close(symmetry: CrystalSymmetry) -> None:
    """(W|t)(W'|t') is an operation again, and its element and permutation are the products."""
    operations, product = symmetry.operations, symmetry.group.product
    turns, shifts = operations.lattice_rotations, operations.translations
    for k in range(len(operations)):
        composed = turns[k] @ turns
        moved = shifts @ turns[k].T + shifts[k]
        same_turn = (composed[:, None] == turns[None]).all(axis=(2, 3))
        apart = moved[:, None] - shifts[None]
        same_shift = np.abs(apart - np.rint(apart)).max(axis=2) < 1e-6
        row, which = np.nonzero(same_turn & same_shift)
        assert (row == np.arange(len(operations))).all()
        assert (operations.elements[which] == product[operations.elements[k], operations.elements]).all()
        assert (symmetry.permutations[which] == symmetry.permutations[k][symmetry.permutations]).all()


def test_the_real_crystals_have_all_classes() -> None:
    assert {row["class"] for row in ROWS.values()} == set(GROUP_NAMES)


BETWEEN_TWO_SPACE_GROUPS = {"mp-567931": ("D3d", 162)}
"""spglib finds the lower or the higher one at 0.01 Å by which atom it begins with; here always with the same one."""


@pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{ROWS[m]['space_group']}")
class TestRealCrystals:
    def test_class_and_space_group(self, material_id: str) -> None:
        _, symmetry = real_crystal(material_id)
        row = ROWS[material_id]
        group, number = BETWEEN_TWO_SPACE_GROUPS.get(material_id, (row["class"], row["space_group"]))
        assert symmetry.group is point_group(group)
        assert symmetry.space_group_number == number
        assert material_id not in BETWEEN_TWO_SPACE_GROUPS or not symmetry.symmetry_is_clear

    def test_frame_maps_the_rotations_exactly(self, material_id: str) -> None:
        _, symmetry = real_crystal(material_id)
        assert_frame_is_exact(symmetry)
        np.testing.assert_allclose(symmetry.rotations, cartesian_rotations(symmetry), atol=1e-12)

    def test_operations_are_a_group(self, material_id: str) -> None:
        assert_operations_close(real_crystal(material_id)[1])

    def test_symmetrised_crystal_is_invariant_and_near(self, material_id: str) -> None:
        structure, symmetry = real_crystal(material_id)
        assert_crystal_is_invariant(symmetry)
        moved = (symmetry.frac_coords - structure.frac_coords) @ symmetry.lattice
        assert np.linalg.norm(moved, axis=1).max() < 0.01
        np.testing.assert_allclose(symmetry.lattice, structure.lattice.matrix, atol=0.02)
        assert symmetry.displacement < 0.02

    def test_permutations_agree_with_a_search_site_by_site(self, material_id: str) -> None:
        structure, symmetry = real_crystal(material_id)
        operations = symmetry.operations
        for k in range(0, len(operations), 5):
            for i, site in enumerate(structure):
                image = operations.lattice_rotations[k] @ site.frac_coords + operations.translations[k]
                distances = [other.distance_and_image_from_frac_coords(image)[0] for other in structure]
                assert int(np.argmin(distances)) == symmetry.permutations[k, i]

    def test_turned_crystal_has_the_turned_rotations(self, material_id: str) -> None:
        structure, symmetry = real_crystal(material_id)
        turn = random_rotation(seed=3)
        turned = structure.copy()
        turned.apply_operation(SymmOp.from_rotation_and_translation(turn))
        again = crystal_symmetry(turned)
        assert again.group is symmetry.group
        assert_frame_is_exact(again)
        expected = turn @ symmetry.rotations @ turn.T
        differences = np.abs(expected[:, None] - again.rotations[None]).max(axis=(2, 3)).min(axis=1)
        assert differences.max() < 1e-6


@pytest.mark.parametrize("name", SHARED_FILES)
def test_every_twentieth_row_of_the_data(name: str) -> None:
    path = SHARED / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here; the crystals of tests/data are tested all the same")
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in list(lines)[::EVERY]]
    for row in rows:
        structure = structure_of(row)
        try:
            symmetry = crystal_symmetry(structure)
        except SupercellError:
            symmetry = crystal_symmetry(primitive_cell(structure))
        assert_frame_is_exact(symmetry)
        assert_crystal_is_invariant(symmetry)


@cache
def hall_numbers() -> dict[int, int]:
    """Space-group number → the Hall number of one of its settings."""
    return {spglib.get_spacegroup_type(hall).number: hall for hall in range(530, 0, -1)}


def crystal_in_general_position(number: int) -> Structure:
    """A crystal of the space group with two orbits in general position, in a random orientation and metric."""
    operations = spglib.get_symmetry_from_database(hall_numbers()[number])
    turns, shifts = operations["rotations"].astype(int), operations["translations"]
    rng = np.random.default_rng(number)
    metric = np.eye(3) + 0.2 * np.diag(rng.random(3)) + 0.1 * np.ones((3, 3))
    metric = np.mean(np.swapaxes(turns, 1, 2) @ metric @ turns, axis=0)
    lattice = np.linalg.cholesky(metric) @ random_rotation(number)
    lattice *= (60 * len(turns) / np.linalg.det(lattice)) ** (1 / 3)
    species = ["Si"] * len(turns) + ["O"] * len(turns)
    while True:
        orbits = [(turns @ rng.random(3) + shifts) % 1 for _ in range(2)]
        structure = Structure(lattice, species, np.concatenate(orbits))
        if structure.is_valid(tol=0.3):
            return structure


@pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")  # by the test's own calls of spglib
@pytest.mark.parametrize("number", range(1, 231))
def test_every_space_group(number: int) -> None:
    symmetry = crystal_symmetry(primitive_cell(crystal_in_general_position(number)), symprec=1e-4)
    assert symmetry.space_group_number == number
    assert_frame_is_exact(symmetry)
    assert_crystal_is_invariant(symmetry)


def test_noise_below_the_tolerance_is_averaged_out() -> None:
    noisy = SALT.copy()
    noisy.perturb(0.004, seed=1)
    noisy = Structure(noisy.lattice.matrix + 1e-3, noisy.species, noisy.frac_coords)
    symmetry = crystal_symmetry(noisy, symprec=0.05)
    assert symmetry.space_group_symbol == "Fm-3m"
    assert 1e-3 < symmetry.displacement < 0.05
    assert_frame_is_exact(symmetry)
    assert_crystal_is_invariant(symmetry)
    assert crystal_symmetry(symmetry.structure, symprec=1e-5).space_group_symbol == "Fm-3m"


def test_arrays_are_read_only() -> None:
    symmetry = crystal_symmetry(SALT)
    operations = symmetry.operations
    arrays = (
        symmetry.frame, symmetry.permutations, symmetry.lattice, symmetry.frac_coords, symmetry.rotations,
        operations.elements, operations.lattice_rotations, operations.translations,
    )  # fmt: skip
    assert not any(array.flags.writeable for array in arrays)


def test_oxidation_states_tell_atoms_of_an_element_apart() -> None:
    iron = Structure(Lattice.cubic(2.9), ["Fe", "Fe"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    ordered = Structure(Lattice.cubic(2.9), ["Fe2+", "Fe3+"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    assert len(crystal_symmetry(iron).operations) == 96
    assert len(crystal_symmetry(ordered).operations) == 48


def test_supercell_with_less_symmetry_is_refused_and_its_primitive_cell_is_not() -> None:
    with pytest.raises(SupercellError, match="16 atoms is a supercell that keeps 16 of 48 rotations"):
        crystal_symmetry(SALT * (1, 1, 2))
    primitive = primitive_cell(SALT * (1, 1, 2))
    assert len(primitive) == 2
    assert crystal_symmetry(primitive).space_group_symbol == "Fm-3m"
    steps = np.linalg.solve(primitive.lattice.matrix.T, SALT.lattice.matrix.T)
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)


BAD = {
    "disordered": (Structure(Lattice.cubic(3), [{"Fe": 0.5, "Ni": 0.5}], [[0, 0, 0]]), "site 0 is disordered"),
    "vacancy": (Structure(Lattice.cubic(3), [{"Fe": 0.5}], [[0, 0, 0]]), "site 0 is disordered"),
    "empty": (Structure(Lattice.cubic(3), [], []), "no atoms"),
    "nan": (Structure(Lattice.cubic(3), ["Fe"], [[0, float("nan"), 0]]), "not a finite number"),
    "flat": (Structure([[3, 0, 0], [0, 3, 0], [3, 3, 0]], ["Fe"], [[0, 0, 0]]), "no volume"),
    "needle": (Structure(np.diag([3, 3, 0.05]), ["Fe"], [[0, 0, 0]]), "no volume"),
    "overlap": (Structure(Lattice.cubic(3), ["Fe", "Ni"], [[0, 0, 0], [0.01, 0, 0.99]]), "atoms . and . are 0.0424 Å"),
    "image": (Structure([[3, 0, 0], [0, 3, 0], [3.05, 0, 3e-3]], ["Fe"], [[0, 0, 0]]), "its periodic image are 0.05"),
    "slab": (Structure(Lattice(np.eye(3) * 3, pbc=(True, True, False)), ["Fe"], [[0, 0, 0]]), "periodic along"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_has_no_symmetry_is_refused(kind: str) -> None:
    structure, message = BAD[kind]
    with pytest.raises(CrystalSymmetryError, match=message):
        crystal_symmetry(structure)
    with pytest.raises(CrystalSymmetryError, match=message):
        primitive_cell(structure)


def test_tolerance_that_merges_atoms_is_refused() -> None:
    with pytest.raises(CrystalSymmetryError, match="symprec=5 Å"):
        crystal_symmetry(SALT, symprec=5)
