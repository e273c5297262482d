"""Tensors on atoms: what site groups allow, the projection on it, and the Born charges of real crystals."""

from functools import cache

import numpy as np
import pytest
from crystals.redescriptions import SHARED, fixture_rows, redescribed, shared_rows, structure_of
from pymatgen.core import Lattice, Structure
from pymatgen.core.operations import SymmOp
from thirty_two import random_rotation

from pointgroups import (
    CrystalSymmetry,
    crystal_symmetry,
    index_symmetry,
    invariant_space,
    project_site_tensors,
    project_tensor,
    site_tensor_basis,
)

ROWS = fixture_rows()
FOUR_ATOMS = crystal_symmetry(
    Structure.from_spacegroup(
        "P-3m1", Lattice.hexagonal(4, 5), ["Ni", "As", "Al"], [[0, 0, 0], [1 / 3, 2 / 3, 0.2], [0, 0, 0.5]]
    )
)
EVERY = 30
KINDS = {"ij": False, "ij=ji": True, "i": True, "ijk=ikj": False}
"""Index symmetry → axial."""

every_crystal = pytest.mark.parametrize(
    "material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{ROWS[m]['space_group']}"
)
every_kind = pytest.mark.parametrize(("notation", "axial"), KINDS.items(), ids=str)


@cache
def symmetry_of(material_id: str) -> CrystalSymmetry:
    return crystal_symmetry(structure_of(ROWS[material_id]))


def turned(tensors: np.ndarray, rotation: np.ndarray, axial: bool) -> np.ndarray:
    """Every index of tensors (n, 3, …, 3) contracted with a rotation, times its determinant for axial ones."""
    rank = tensors.ndim - 1
    result = tensors
    for place in range(1, rank + 1):
        result = np.moveaxis(np.einsum("ab,...b->...a", rotation, np.moveaxis(result, place, -1)), -1, place)
    return result * np.linalg.det(rotation) if axial else result


def random_tensors(symmetry: CrystalSymmetry, notation: str) -> np.ndarray:
    rank = index_symmetry(notation).rank
    return np.random.default_rng(rank).normal(size=(len(symmetry.species), *(3,) * rank))


def counted_by_characters(rotations: np.ndarray, notation: str, axial: bool) -> int:
    """(1/|S|) Σ_s χ(s), with the characters of the index symmetries written out."""
    one = np.trace(rotations, axis1=1, axis2=2)
    two = np.trace(rotations @ rotations, axis1=1, axis2=2)
    characters = {
        "i": one,
        "ij": one**2,
        "ij=ji": (one**2 + two) / 2,
        "ijk=ikj": one * (one**2 + two) / 2,
    }
    signs = np.linalg.det(rotations) if axial else 1.0
    return round(float(np.mean(signs * characters[notation])))


@every_kind
@every_crystal
class TestLaws:
    def test_basis_is_orthonormal_invariant_and_complete(self, material_id: str, notation: str, axial: bool) -> None:
        symmetry = symmetry_of(material_id)
        for orbit in symmetry.orbits:
            atom = orbit.atoms[-1]
            rotations = symmetry.rotations[symmetry.site_groups[atom].operations]
            basis = site_tensor_basis(symmetry, atom, notation, axial)
            assert len(basis) == counted_by_characters(rotations, notation, axial)
            if not len(basis):
                continue
            flat = basis.reshape(len(basis), -1)
            np.testing.assert_allclose(flat @ flat.T, np.eye(len(basis)), atol=1e-12)
            for rotation in rotations:
                np.testing.assert_allclose(turned(basis, rotation, axial), basis, atol=1e-12)
            np.testing.assert_allclose(index_symmetry(notation).project(basis), basis, atol=1e-12)

    def test_projected_tensors_obey_the_space_group(self, material_id: str, notation: str, axial: bool) -> None:
        symmetry = symmetry_of(material_id)
        given = random_tensors(symmetry, notation)
        found = project_site_tensors(symmetry, given, notation, axial)
        for rotation, images in zip(symmetry.rotations, symmetry.permutations, strict=True):
            np.testing.assert_allclose(found.tensors[images], turned(found.tensors, rotation, axial), atol=1e-12)
        np.testing.assert_allclose(index_symmetry(notation).project(found.tensors), found.tensors, atol=1e-12)

    def test_projection_is_orthogonal(self, material_id: str, notation: str, axial: bool) -> None:
        """Twice is once, what is taken away is orthogonal to what stays, and its norm is the residual."""
        symmetry = symmetry_of(material_id)
        given = random_tensors(symmetry, notation)
        found = project_site_tensors(symmetry, given, notation, axial)
        again = project_site_tensors(symmetry, found.tensors, notation, axial)
        np.testing.assert_allclose(again.tensors, found.tensors, atol=1e-12)
        assert again.residuals.max() < 1e-12
        assert abs(np.sum((given - found.tensors) * found.tensors)) < 1e-9
        away = np.sqrt(np.sum((given - found.tensors) ** 2, axis=tuple(range(1, given.ndim))))
        np.testing.assert_allclose(found.residuals, away, atol=1e-12)

    def test_free_components_span_what_the_projection_leaves(
        self, material_id: str, notation: str, axial: bool
    ) -> None:
        """Expansion in the bases of the representatives, carried to the other atoms: a twin of the projection."""
        symmetry = symmetry_of(material_id)
        given = random_tensors(symmetry, notation)
        found = project_site_tensors(symmetry, given, notation, axial)
        for orbit, free in zip(symmetry.orbits, found.free_components, strict=True):
            basis = site_tensor_basis(symmetry, orbit.representative, notation, axial)
            assert len(basis) == free
            atoms = list(orbit.atoms)
            if not free:
                np.testing.assert_allclose(found.tensors[atoms], 0, atol=1e-12)
                continue
            carried = np.zeros((len(orbit.atoms), *basis.shape))
            for row, atom in enumerate(orbit.atoms):
                k = int(np.flatnonzero(symmetry.permutations[:, orbit.representative] == atom)[0])
                carried[row] = turned(basis, symmetry.rotations[k], axial)
            flat = carried.swapaxes(0, 1).reshape(free, -1) / np.sqrt(len(orbit.atoms))
            np.testing.assert_allclose(flat @ flat.T, np.eye(free), atol=1e-12)
            expected = flat.T @ (flat @ given[atoms].ravel())
            np.testing.assert_allclose(found.tensors[atoms].ravel(), expected, atol=1e-12)
        assert found.n_free == sum(found.free_components)


@every_crystal
def test_a_site_tensor_turns_with_the_crystal(material_id: str) -> None:
    structure = symmetry_of(material_id).structure
    turn = random_rotation(4)
    other = structure.copy()
    other.apply_operation(SymmOp.from_rotation_and_translation(turn))
    given = np.random.default_rng(0).normal(size=(len(structure), 3, 3))
    here = project_site_tensors(symmetry_of(material_id), given, "ij")
    there = project_site_tensors(crystal_symmetry(other), turned(given, turn, False), "ij")
    np.testing.assert_allclose(there.tensors, turned(here.tensors, turn, False), atol=1e-6)


@every_crystal
def test_components_do_not_depend_on_the_description(material_id: str) -> None:
    symmetry = symmetry_of(material_id)
    other = crystal_symmetry(redescribed(symmetry.structure, 2, improper=False))
    here = project_site_tensors(symmetry, np.zeros((len(symmetry.species), 3, 3)), "ij")
    there = project_site_tensors(other, np.zeros((len(other.species), 3, 3)), "ij")
    sizes = [
        sorted((free, len(orbit.atoms)) for orbit, free in zip(s.orbits, found.free_components, strict=True))
        for s, found in ((symmetry, here), (other, there))
    ]
    assert sizes[0] == sizes[1]


@every_crystal
def test_sum_rule_leaves_allowed_tensors(material_id: str) -> None:
    symmetry = symmetry_of(material_id)
    given = random_tensors(symmetry, "ij")
    found = project_site_tensors(symmetry, given, "ij", sum_rule=True)
    np.testing.assert_allclose(found.tensors.sum(axis=0), 0, atol=1e-12)
    again = project_site_tensors(symmetry, found.tensors, "ij")
    np.testing.assert_allclose(again.tensors, found.tensors, atol=1e-12)
    assert abs(np.sum((given - found.tensors) * found.tensors)) < 1e-9


@pytest.mark.parametrize("material_id", [m for m in ROWS if len(ROWS[m]["structure"]["species"]) <= 6])
@pytest.mark.parametrize("sum_rule", [False, True])
def test_number_of_free_components_is_the_rank_of_the_projection(material_id: str, sum_rule: bool) -> None:
    symmetry = symmetry_of(material_id)
    units = np.eye(9 * len(symmetry.species)).reshape(-1, len(symmetry.species), 3, 3)
    found = [project_site_tensors(symmetry, unit, "ij", sum_rule=sum_rule) for unit in units]
    image = np.array([one.tensors.ravel() for one in found])
    assert np.linalg.matrix_rank(image, tol=1e-6) == found[0].n_free


# -- Born charges -------------------------------------------------------------------------------------------------


def born_rows() -> list[dict]:
    return shared_rows("born_charges")[::EVERY] if (SHARED / "born_charges.jsonl.gz").is_file() else []


@pytest.mark.parametrize("row", born_rows(), ids=lambda row: row["material_id"])
def test_born_charges_are_allowed(row: dict) -> None:
    symmetry = crystal_symmetry(structure_of(row))
    charges = np.array(row["born_charges"])
    found = project_site_tensors(symmetry, charges, "ij")
    assert found.residuals.max() < 1e-6
    assert project_site_tensors(symmetry, charges, "ij", sum_rule=True).residuals.max() < 1e-6
    for orbit, free in zip(symmetry.orbits, found.free_components, strict=True):
        rotations = symmetry.rotations[symmetry.site_groups[orbit.representative].operations]
        assert free == counted_by_characters(rotations, "ij", axial=False)
    # A site group acts on both indices alike, so it cannot tell which of them is the field.
    transposed = project_site_tensors(symmetry, charges.swapaxes(1, 2), "ij")
    np.testing.assert_allclose(transposed.residuals, found.residuals, atol=1e-12)


def test_charges_on_the_wrong_atoms_are_noticed() -> None:
    perovskite = crystal_symmetry(
        Structure(
            Lattice.cubic(4.0), ["Ba", "Ti", "O", "O", "O"],
            [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
        )
    )  # fmt: skip
    oxygen = np.diag(np.full(3, -3.7)) + 2.1
    charges = np.array([np.eye(3) * d for d in (2.7, 7.3)] + [np.diag(row) for row in oxygen])
    assert project_site_tensors(perovskite, charges, "ij").residuals.max() < 1e-12
    exchanged = charges[[0, 1, 3, 2, 4]]
    residuals = project_site_tensors(perovskite, exchanged, "ij").residuals
    assert residuals[:2].max() < 1e-12
    assert residuals[2:].min() > 1


# -- the class's own tensors, bad input ---------------------------------------------------------------------------


def test_one_atom_in_the_cell_has_the_tensors_of_the_class() -> None:
    polonium = crystal_symmetry(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]))
    elastic = np.random.default_rng(1).normal(size=(1, 3, 3, 3, 3))
    elastic = index_symmetry("ijkl=jikl=klij").project(elastic)
    found = project_site_tensors(polonium, elastic, "ijkl=jikl=klij")
    expected = project_tensor(elastic[0], polonium.group.rotated(polonium.frame.T)).tensor
    np.testing.assert_allclose(found.tensors[0], expected, atol=1e-12)
    assert found.free_components == (invariant_space(polonium.group, "ijkl=jikl=klij").dim,) == (3,)


@pytest.mark.parametrize(
    ("tensors", "notation", "message"),
    [
        (np.zeros((2, 3, 3)), "ij", r"on 4 atoms have the shape \(n_atoms, 3, 3\), not \(2, 3, 3\)"),
        (np.zeros((4, 3)), "ij", "have the shape"),
        (np.zeros((4, 3, 2)), "ij", "of rank 2 have shape"),
        (np.full((4, 3, 3), np.nan), "ij", "not finite"),
        (np.zeros((4, 3, 3)), "i!j", "cannot read"),
        (np.zeros(4), "1", "has no index"),
    ],
    ids=["atoms", "rank", "shape", "nan", "notation", "scalar"],
)
def test_bad_tensors_are_refused(tensors: np.ndarray, notation: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        project_site_tensors(FOUR_ATOMS, tensors, notation)


@pytest.mark.parametrize("atom", [-1, 4])
def test_atoms_that_are_not_there_are_refused(atom: int) -> None:
    with pytest.raises(ValueError, match=f"the cell has the atoms 0 to 3, not {atom}"):
        site_tensor_basis(FOUR_ATOMS, atom, "ij")


def test_scalars_are_refused() -> None:
    with pytest.raises(ValueError, match="has no index"):
        site_tensor_basis(FOUR_ATOMS, 0, "1")
