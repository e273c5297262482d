"""Shells of a site, its ligands' σ and π combinations, and the crystal field, in all 32 groups and in real crystals."""

import json
import math
from functools import cache

import numpy as np
import pytest
from crystals.redescriptions import fixture_rows, structure_of
from pymatgen.core import Lattice, Structure
from pymatgen.core.operations import SymmOp
from thirty_two import GROUPS, every_group, every_setting, random_rotation
from typer.testing import CliRunner

from pointgroups import (
    AdaptedLabel,
    CrystalSymmetry,
    LigandCombinations,
    PointGroup,
    coordination_shells,
    crystal_field_form,
    crystal_field_levels,
    crystal_field_matrix,
    crystal_symmetry,
    ligand_combinations,
    metal_ligand_table,
    orbital_splitting,
    point_charge_field,
    point_group,
    spherical_harmonics,
    stevens_parameters,
    wigner_d_real,
    wybourne_parameters,
)
from pointgroups.command.cli import app

ROWS = fixture_rows()
every_crystal = pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")


@cache
def real_crystal(material_id: str) -> CrystalSymmetry:
    return crystal_symmetry(structure_of(ROWS[material_id]))


# -- shells -------------------------------------------------------------------------------------------------------

# H. Bethe, Ann. Phys. 395, 133 (1929), with parities: ℓ = 0 … 6 in irreps.
BETHE = {
    "Oh": ["A1g", "T1u", "Eg T2g", "A2u T1u T2u", "A1g Eg T1g T2g", "Eu 2T1u T2u", "A1g A2g Eg T1g 2T2g"],
    "Td": ["A1", "T2", "E T2", "A1 T1 T2", "A1 E T1 T2", "E T1 2T2", "A1 A2 E T1 2T2"],
    "D4h": [
        "A1g",
        "A2u Eu",
        "A1g B1g B2g Eg",
        "A2u B1u B2u 2Eu",
        "2A1g A2g B1g B2g 2Eg",
        "A1u 2A2u B1u B2u 3Eu",
        "2A1g A2g 2B1g 2B2g 3Eg",
    ],
}


def counts(text: str) -> dict[str, int]:
    """``2A1g Eg`` as a mapping."""
    parts = [(part[1:], int(part[0])) if part[0].isdigit() else (part, 1) for part in text.split()]
    return dict(parts)


@pytest.mark.parametrize(("name", "degree"), [(name, degree) for name in BETHE for degree in range(7)])
def test_shells_split_as_bethe_found(name: str, degree: int) -> None:
    assert dict(orbital_splitting(point_group(name), degree).multiplicities) == counts(BETHE[name][degree])


@every_setting
@pytest.mark.parametrize("degree", [1, 2, 3, 4, 6])
def test_names_are_the_functions(name: str, degree: int) -> None:
    splitting = orbital_splitting(point_group(name), degree)
    points = np.random.default_rng(degree).normal(size=(40, 3))
    points /= np.linalg.norm(points, axis=1)[:, None]
    values = spherical_harmonics(degree, points) @ splitting.standard_functions.array.T
    x, y, z = points.T
    for text, column in zip(splitting.names, values.T, strict=True):
        polynomial = eval(text, {"x": x, "y": y, "z": z})
        ratio = (polynomial @ column) / (column @ column)
        assert ratio > 0
        np.testing.assert_allclose(polynomial, ratio * column, atol=1e-10 * ratio)


def assert_covariant(array: np.ndarray, labels: tuple, matrices: np.ndarray, group: PointGroup) -> None:
    """array @ O(g) @ arrayᵀ = ⊕ Γ(g)."""
    size = len(labels)
    expected = np.zeros((group.order, size, size))
    row = 0
    while row < size:
        irrep = group.real_irreps[labels[row].irrep]
        assert [label.component for label in labels[row : row + irrep.dim]] == list(range(1, irrep.dim + 1))
        expected[:, row : row + irrep.dim, row : row + irrep.dim] = irrep.matrices
        row += irrep.dim
    np.testing.assert_allclose(array @ matrices @ array.T, expected, atol=1e-9)


@every_crystal
def test_orbitals_at_sites_transform_by_the_site_group(material_id: str) -> None:
    C = real_crystal(material_id)
    for group in {orbit.site_group.group for orbit in C.orbits}:
        for degree in (1, 2, 3):
            functions = orbital_splitting(group, degree).functions
            assert_covariant(functions.array, functions.labels, wigner_d_real(degree, group.rotations), group)


# -- σ and π combinations -----------------------------------------------------------------------------------------

AXES = np.concatenate([np.eye(3), -np.eye(3)])
CUBE = np.array([[a, b, c] for a in (1, -1) for b in (1, -1) for c in (1, -1)], dtype=float)
TETRAHEDRON = CUBE[CUBE.prod(axis=1) > 0]
CUBOCTAHEDRON = np.array([v for v in np.ndindex(3, 3, 3) if sorted(v).count(1) == 1]) - 1.0
TRIANGLE = np.array([[math.cos(t), math.sin(t), 0] for t in np.deg2rad([30, 150, 270])])
PRISM = np.concatenate([TRIANGLE + AXES[2], TRIANGLE - AXES[2]])

# F. A. Cotton, Chemical Applications of Group Theory (1990), ch. 8 and 9.
POLYHEDRA = {
    "octahedron": ("Oh", AXES, "A1g Eg T1u", "T1g T2g T1u T2u"),
    "tetrahedron": ("Td", TETRAHEDRON, "A1 T2", "E T1 T2"),
    "square": ("D4h", AXES[[0, 1, 3, 4]], "A1g B1g Eu", "A2g B2g Eg A2u B2u Eu"),
    "trigonal bipyramid": (
        "D3h",
        np.concatenate([TRIANGLE, 1.2 * AXES[[2, 5]]]),
        "2A1' E' A2''",
        "A2' 2E' A2'' 2E''",
    ),
    "trigonal prism": ("D3h", PRISM, "A1' E' A2'' E''", "A1' A2' 2E' A1'' A2'' 2E''"),
    "cube": ("Oh", CUBE, "A1g T2g A2u T1u", "Eg T1g T2g Eu T1u T2u"),
    "cuboctahedron": ("Oh", CUBOCTAHEDRON, "A1g Eg T2g T1u T2u", None),
}


@pytest.mark.parametrize("polyhedron", POLYHEDRA)
def test_combinations_of_polyhedra(polyhedron: str) -> None:
    name, vectors, sigma, pi = POLYHEDRA[polyhedron]
    combinations = ligand_combinations(point_group(name), vectors)
    assert combinations.sigma.multiplicities == counts(sigma)
    if pi is not None:
        assert combinations.pi.multiplicities == counts(pi)


DIRECTIONS = {
    "general": [0.31, 0.52, 0.83],
    "near x": [1.0, 3e-5, 1e-4],
    "x": [1.0, 0.0, 0.0],
    "y": [0.0, 1.0, 0.0],
    "z": [0.0, 0.0, 1.0],
    "[110]": [1.0, 1.0, 0.0],
    "[111]": [1.0, 1.0, 1.0],
    "xz": [0.4, 0.0, 0.9],
    "yz": [0.0, 0.4, 0.9],
    "xy": [0.8, 0.3, 0.0],
}


@cache
def orbit(name: str, direction: str) -> np.ndarray:
    """The images of a direction."""
    images = point_group(name).rotations @ np.array(DIRECTIONS[direction])
    return images[np.unique(images.round(9) + 0.0, axis=0, return_index=True)[1]]


def spread(name: str, direction: str) -> bool:
    """Whether to test it: general directions and z in all groups, the others where they have a mirror or an axis."""
    return direction in ("general", "near x", "z") or len(orbit(name, direction)) < point_group(name).order


def same_row(group: PointGroup, left: AdaptedLabel, right: AdaptedLabel) -> bool:
    """Whether symmetry lets two functions overlap; over ℝ the rows of a complex pair are not told apart."""
    of_complex_type = group.real_irreps[left.irrep].commuting == 2
    return left.irrep == right.irrep and (of_complex_type or left.component == right.component)


CASES = [(name, direction) for name in GROUPS for direction in DIRECTIONS if spread(name, direction)]


@cache
def combined(name: str, direction: str) -> LigandCombinations:
    return ligand_combinations(point_group(name), orbit(name, direction))


@pytest.mark.parametrize(("name", "direction"), CASES)
class TestCombinations:
    def test_orthonormal_and_complete(self, name: str, direction: str) -> None:
        found = combined(name, direction)
        n = len(found.vectors)
        np.testing.assert_allclose(found.sigma.array @ found.sigma.array.T, np.eye(n), atol=1e-10)
        np.testing.assert_allclose(found.pi.array @ found.pi.array.T, np.eye(2 * n), atol=1e-10)
        np.testing.assert_allclose(np.einsum("rix,ix->ri", found.pi_vectors, found.vectors), 0, atol=1e-10)

    def test_covariant(self, name: str, direction: str) -> None:
        group = point_group(name)
        found = combined(name, direction)
        assert_covariant(found.sigma.array, found.sigma.labels, found.sigma_matrices, group)
        assert_covariant(found.pi.array, found.pi.labels, found.vector_matrices, group)

    def test_matrices_move_the_orbitals_with_the_ligands(self, name: str, direction: str) -> None:
        group = point_group(name)
        found = combined(name, direction)
        patterns = np.random.default_rng(1).normal(size=(len(found.vectors), 3))
        moved = (found.vector_matrices @ patterns.ravel()).reshape(group.order, -1, 3)
        for g, rotation in enumerate(group.rotations):
            matches = np.abs(found.vectors[:, None] - found.vectors @ rotation.T).max(axis=2) < 1e-9
            np.testing.assert_array_equal(found.sigma_matrices[g], matches)
            np.testing.assert_allclose(moved[g], matches @ patterns @ rotation.T, atol=1e-12)

    def test_counts_by_frobenius_reciprocity(self, name: str, direction: str) -> None:
        """An irrep occurs as often as the ligand's own function occurs in it under the ligand's stabiliser."""
        group = point_group(name)
        found = combined(name, direction)
        fixed = np.abs(group.rotations @ found.vectors[0] - found.vectors[0]).max(axis=1) < 1e-9
        turned = np.trace(group.rotations[fixed], axis1=1, axis2=2) - 1
        for label, irrep in group.real_irreps.items():
            chi = irrep.characters[fixed]
            assert chi.mean() / irrep.commuting == pytest.approx(found.sigma.multiplicities.get(label, 0))
            assert (chi * turned).mean() / irrep.commuting == pytest.approx(found.pi.multiplicities.get(label, 0))

    def test_orbitals_overlap_with_combinations_of_their_own_row_only(self, name: str, direction: str) -> None:
        """Y_ℓm at the ligands overlaps with σ, its gradient across the bonds with π."""
        group = point_group(name)
        found = combined(name, direction)
        step = 1e-5
        for degree in (1, 2, 3):
            basis = group.harmonics(degree)
            values = basis.array @ spherical_harmonics(degree, found.vectors).T
            forth = spherical_harmonics(degree, found.vectors[:, None] + step * np.eye(3))
            back = spherical_harmonics(degree, found.vectors[:, None] - step * np.eye(3))
            slopes = np.einsum("rm,ixm->rix", basis.array, (forth - back) / (2 * step))
            sigma = values @ found.sigma.array.T
            pi = slopes.reshape(len(slopes), -1) @ found.pi.array.T
            for overlaps, labels in ((sigma, found.sigma.labels), (pi, found.pi.labels)):
                alike = [[same_row(group, left, right) for right in labels] for left in basis.labels]
                np.testing.assert_allclose(overlaps[~np.array(alike)], 0, atol=1e-8)

    def test_several_shells_at_once(self, name: str, direction: str) -> None:
        group = point_group(name)
        together = ligand_combinations(group, np.concatenate([orbit(name, direction), 1.5 * orbit(name, "z")]))
        for kind in ("sigma", "pi"):
            first, second = (getattr(combined(name, d), kind).multiplicities for d in (direction, "z"))
            total = {label: first.get(label, 0) + second.get(label, 0) for label in group.real_irreps}
            assert getattr(together, kind).multiplicities == {label: n for label, n in total.items() if n}


def test_table_of_partners_of_a_tetrahedral_site() -> None:
    table = metal_ligand_table(ligand_combinations(point_group("Td"), TETRAHEDRON), (0, 1, 2, 3))
    assert table == {
        "A1": {"s": 1, "f": 1, "sigma": 1},
        "E": {"d": 1, "pi": 1},
        "T1": {"f": 1, "pi": 1},
        "T2": {"p": 1, "d": 1, "f": 1, "sigma": 1, "pi": 1},
    }


def test_shell_without_a_letter_has_its_number() -> None:
    square = ligand_combinations(point_group("C1"), [[1.0, 0.0, 0.0]])
    assert metal_ligand_table(square, (12, 13))["A"] == {"q": 25, "l=13": 27, "sigma": 1, "pi": 2}


BAD_LIGANDS = {
    "not closed": (AXES[:5], "takes the vector"),
    "at the centre": (np.concatenate([AXES, np.zeros((1, 3))]), "lies at the centre"),
    "twice": (np.concatenate([AXES, AXES]), "at one place"),
    "none": (np.zeros((0, 3)), "finite numbers"),
    "flat": (np.ones(3), "finite numbers"),
    "not finite": (AXES * np.nan, "finite numbers"),
    "off by 1e-4": (AXES + 1e-4 * np.eye(6, 3), "takes the vector"),
}


@pytest.mark.parametrize("case", BAD_LIGANDS)
def test_bad_ligands_are_refused(case: str) -> None:
    vectors, message = BAD_LIGANDS[case]
    with pytest.raises(ValueError, match=message):
        ligand_combinations(point_group("Oh"), vectors)


# -- coordination in crystals -------------------------------------------------------------------------------------


CRYSTALS = {
    "perovskite": ("Pm-3m", Lattice.cubic(3.905), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0]]),
    "rutile": ("P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]),
    "spinel": ("Fd-3m", Lattice.cubic(8.083), ["Mg", "Al", "O"], [[0] * 3, [0.625] * 3, [0.3874] * 3]),
    "zincblende": ("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3]),
    "fluorite": ("Fm-3m", Lattice.cubic(5.463), ["Ca", "F"], [[0] * 3, [0.25] * 3]),
}


@cache
def made(crystal: str) -> tuple[Structure, CrystalSymmetry]:
    structure = Structure.from_spacegroup(*CRYSTALS[crystal])
    return structure, crystal_symmetry(structure)


SITES = {
    "Ti in perovskite": ("perovskite", "Ti", "Oh", [("O", "A1g Eg T1u", "T1g T2g T1u T2u")]),
    "Sr in perovskite": ("perovskite", "Sr", "Oh", [("O", "A1g Eg T2g T1u T2u", None)]),
    "Zn in zincblende": ("zincblende", "Zn", "Td", [("S", "A1 T2", "E T1 T2")]),
    "Ca in fluorite": ("fluorite", "Ca", "Oh", [("F", "A1g T2g A2u T1u", "Eg T1g T2g Eu T1u T2u")]),
    "F in fluorite": ("fluorite", "F", "Td", [("Ca", "A1 T2", "E T1 T2"), ("F", "A1 E T2", None)]),
    "Mg in spinel": ("spinel", "Mg", "Td", [("O", "A1 T2", "E T1 T2")]),
    "Al in spinel": ("spinel", "Al", "D3d", [("O", "A1g Eg A2u Eu", "A1g A2g 2Eg A1u A2u 2Eu")]),
    "O in spinel": ("spinel", "O", "C3v", [("Mg", "A1", "E"), ("Al", "A1 E", "A1 A2 2E")]),
}


@pytest.mark.parametrize("case", SITES)
def test_coordination_of_known_crystals(case: str) -> None:
    crystal, centre, group, expected = SITES[case]
    _, C = made(crystal)
    atom = [str(specie) for specie in C.species].index(centre)
    assert C.site_groups[atom].group.schoenflies == group
    shells = coordination_shells(C, atom, 2.8 if case == "F in fluorite" else None)
    assert [str(shell.specie) for shell in shells] == [specie for specie, _, _ in expected]
    for shell, (_, sigma, pi) in zip(shells, expected, strict=True):
        assert shell.combinations.sigma.multiplicities == counts(sigma)
        if pi is not None:
            assert shell.combinations.pi.multiplicities == counts(pi)


def test_titanium_in_rutile_has_two_shells() -> None:
    """The octahedron of Oh, A1g + Eg + T1u, descends to 2Ag + B1g, …: a pair along one two-fold axis, a rectangle."""
    C = made("rutile")[1]
    shells = coordination_shells(C, 0)
    assert [(str(shell.specie), len(shell)) for shell in shells] == [("O", 4), ("O", 2)]
    assert [round(shell.distance, 3) for shell in shells] == [1.948, 1.982]
    rectangle, pair = (shell.combinations.sigma.multiplicities for shell in shells)
    assert sorted(rectangle.values()) == [1] * 4
    assert rectangle["Ag"] == pair["Ag"] == 1
    even = [label for label in (*rectangle, *pair) if label.endswith("g")]
    assert len(even) == 3


@every_crystal
def test_shells_of_real_crystals(material_id: str) -> None:
    """Neighbours as pymatgen finds them; each shell is one orbit, and the orbits of bonds have the same numbers."""
    C = real_crystal(material_id)
    bonds = C.bond_orbits(3.2)
    for atom_orbit in C.orbits:
        atom = atom_orbit.atoms[-1]
        shells = coordination_shells(C, atom, 3.2)
        neighbours = C.structure.get_neighbors(C.structure[atom], 3.2)
        assert sum(map(len, shells)) == len(neighbours)
        expected = sorted((round(n.nn_distance, 6), n.index, tuple(map(int, n.image))) for n in neighbours)
        found = [
            (round(shell.distance, 6), int(i), tuple(map(int, n)))
            for shell in shells
            for i, n in zip(shell.neighbors, shell.shifts, strict=True)
        ]
        assert [f[1:] for f in sorted(found, key=lambda f: f[1:])] == sorted(e[1:] for e in expected)
        np.testing.assert_allclose(sorted(f[0] for f in found), [e[0] for e in expected], atol=1e-5)
        of_orbits = bonds.multiplicities[bonds.centers == atom_orbit.representative]
        assert sorted(map(len, shells)) == sorted(of_orbits.tolist())
        for shell in shells:
            ends = (C.frac_coords[shell.neighbors] + shell.shifts - C.frac_coords[atom]) @ C.lattice
            np.testing.assert_allclose(C.to_user(shell.vectors, rank=1), ends, atol=1e-10)
            assert {C.species[i] for i in shell.neighbors} == {shell.specie}
            images = shell.group.rotations @ shell.vectors[0]
            assert len(np.unique(images.round(6) + 0.0, axis=0)) == len(shell)
            np.testing.assert_allclose(
                np.unique(images.round(6) + 0.0, axis=0), np.unique(shell.vectors.round(6) + 0.0, axis=0), atol=2e-6
            )


@pytest.mark.parametrize("crystal", ["perovskite", "spinel", "zincblende"])
def test_shells_do_not_depend_on_the_description(crystal: str) -> None:
    structure, one = made(crystal)
    turned = Structure.from_sites(list(structure)[::-1])
    turned.apply_operation(SymmOp.from_rotation_and_translation(random_rotation(seed=7), [0.1, 0.2, 0.3]))
    other = crystal_symmetry(turned)
    for atom in range(0, len(structure), 5):
        first = coordination_shells(one, atom)
        second = coordination_shells(other, len(structure) - 1 - atom)
        assert [(a.specie, len(a), round(a.distance, 4)) for a in first] == [
            (b.specie, len(b), round(b.distance, 4)) for b in second
        ]
        images = np.concatenate([shell.vectors for shell in first]) @ np.swapaxes(one.group.rotations, 1, 2)
        apart = np.abs(images[:, :, None] - np.concatenate([shell.vectors for shell in second])).max(axis=-1)
        assert apart.min(axis=2).max(axis=1).min() < 1e-6, "the same up to an element of the class"


def test_an_atom_with_no_neighbour_that_near_has_no_shells() -> None:
    assert coordination_shells(made("perovskite")[1], 0, 0.5) == ()


@pytest.mark.parametrize(
    ("atom", "radius", "message"),
    [(5, None, "numbers 0 to 4"), (-1, None, "numbers 0 to 4"), (0, -1.0, "positive"), (0, math.nan, "positive")],
)
def test_bad_questions_are_refused(atom: int, radius: float | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        coordination_shells(made("perovskite")[1], atom, radius)


# -- the crystal field --------------------------------------------------------------------------------------------

# Independent real parameters for k = 2, 4, 6 in fixed axes; C. Görller-Walrand and K. Binnemans, Handbook on the
# Physics and Chemistry of Rare Earths 23, 121 (1996).
NUMBER_OF_PARAMETERS = {
    27: ("C1", "Ci"),
    15: ("C2", "Cs", "C2h"),
    9: ("D2", "C2v", "D2h", "C3", "C3i"),
    7: ("C4", "S4", "C4h"),
    6: ("D3", "C3v", "D3d"),
    5: ("D4", "C4v", "D2d", "D4h", "C6", "C3h", "C6h"),
    4: ("D6", "C6v", "D3h", "D6h"),
    3: ("T", "Th"),
    2: ("O", "Td", "Oh"),
}  # fmt: skip


@every_group
def test_number_of_parameters(name: str) -> None:
    (expected,) = [number for number, names in NUMBER_OF_PARAMETERS.items() if name in names]
    assert crystal_field_form(point_group(name)).count == expected


@every_setting
def test_number_of_parameters_by_characters(name: str) -> None:
    group = point_group(name)
    for rank in range(8):
        character = np.trace(wigner_d_real(rank, group.rotations), axis1=1, axis2=2)
        form = crystal_field_form(group, (rank,))
        assert form.count == round(character.mean()), f"k = {rank}"
        assert form.coefficients.shape == (form.count, 2 * rank + 1)


@cache
def random_field(group: PointGroup, ranks: tuple[int, ...], seed: int = 5) -> dict[tuple[int, int], complex]:
    form = crystal_field_form(group, ranks)
    values = np.random.default_rng(seed).normal(size=form.count)
    return form.parameters(dict(zip(form.independent, values, strict=True)))


@every_setting
class TestAllowedFields:
    def test_matrices_commute_with_the_group(self, name: str) -> None:
        group = point_group(name)
        for degree, ranks in ((2, (2, 4)), (3, (2, 4, 6))):
            matrix = crystal_field_matrix(degree, random_field(group, ranks))
            turns = wigner_d_real(degree, group.rotations)
            np.testing.assert_allclose(turns @ matrix, matrix @ turns, atol=1e-11)

    def test_odd_ranks_mix_shells_in_the_allowed_way(self, name: str) -> None:
        group = point_group(name)
        field = random_field(group, (1, 3, 5))
        matrix = crystal_field_matrix(2, field, other=3)
        left, right = (wigner_d_real(degree, group.rotations) for degree in (2, 3))
        np.testing.assert_allclose(left @ matrix, matrix @ right, atol=1e-11)
        np.testing.assert_allclose(crystal_field_matrix(3, field, other=2), matrix.T, atol=1e-12)
        assert bool(field) == bool(np.abs(matrix).max() > 1e-6)
        assert not (group.has_inversion and field)

    def test_in_turned_axes(self, name: str) -> None:
        turn = random_rotation(seed=11)
        group = point_group(name).rotated(turn)
        assert crystal_field_form(group).count == crystal_field_form(point_group(name)).count
        matrix = crystal_field_matrix(3, random_field(group, (2, 4, 6)))
        turns = wigner_d_real(3, group.rotations)
        np.testing.assert_allclose(turns @ matrix, matrix @ turns, atol=1e-9)

    def test_fields_of_symmetric_charges_are_allowed(self, name: str) -> None:
        group = point_group(name)
        vectors = np.concatenate([2.0 * group.rotations @ [0.6, 0.64, 0.48], 2.5 * group.rotations @ [0.0, 0.0, 1.0]])
        field = point_charge_field(
            vectors, [-1.5] * group.order + [0.7] * group.order, {2: 1.0, 4: 2.0, 6: 3.0, 3: 1.0}
        )
        form = crystal_field_form(group, (2, 4, 6, 3))
        values = {}
        for component in form.independent:
            k, q = (int(digit) for digit in component[-2:])
            value = field.get((k, q), 0j)
            values[component] = value.imag if component.startswith("Im") else value.real
        again = form.parameters(values)
        scale = max(map(abs, field.values()))
        for key in {*field, *again}:
            assert again.get(key, 0) == pytest.approx(field.get(key, 0), abs=1e-12 * scale)

    def test_levels(self, name: str) -> None:
        group = point_group(name)
        field = random_field(group, (2, 4, 6))
        for degree in (1, 2, 3):
            levels = crystal_field_levels(group, degree, field)
            found = {label: sum(level.irrep == label for level in levels) for label in group.real_irreps}
            assert {k: n for k, n in found.items() if n} == group.subduce(degree)
            assert sum(level.energy * level.degeneracy for level in levels) == pytest.approx(0, abs=1e-10)
            energies = np.repeat([level.energy for level in levels], [level.degeneracy for level in levels])
            np.testing.assert_allclose(energies, np.linalg.eigvalsh(crystal_field_matrix(degree, field)), atol=1e-10)

    def test_parameters_in_both_notations(self, name: str) -> None:
        field = random_field(point_group(name), (1, 2, 3, 4, 5, 6))
        again = wybourne_parameters(stevens_parameters(field))
        assert again.keys() == field.keys()
        assert all(again[key] == pytest.approx(field[key], abs=1e-12) for key in field)


def test_relations_agree_with_the_coefficients() -> None:
    sympy = pytest.importorskip("sympy")
    form = crystal_field_form(point_group("Th"))
    values = form.parameters({"B40": 0.3, "B60": -0.2, "Re B62": 0.7})
    assert form.relations == (
        "Re B44 = sqrt(70)/14*B40",
        "Re B64 = -sqrt(14)/2*B60",
        "Re B66 = -sqrt(55)/11*Re B62",
    )
    named = {"B40": 0.3, "B60": -0.2, "Re_B62": 0.7}
    for relation in form.relations:
        left, right = relation.split(" = ")
        expected = float(sympy.sympify(right.replace("Re ", "Re_"), locals={}).subs(named))
        assert values[int(left[-2]), int(left[-1])] == pytest.approx(expected)


def test_a_cubic_field_about_a_three_fold_axis() -> None:
    """Re B43 = ∓√(10/7) B40, with the axis [111] along z; here C2′ lies along x, which makes it imaginary."""
    rows = np.array([[1, -1, 0], [1, 1, -2], [1, 1, 1]]) / np.sqrt([[2], [6], [3]])
    form = crystal_field_form(point_group("Oh").rotated(rows), (4,))
    assert form.independent == ("B40",)
    assert list(form.expressions) == ["Im B43"]
    assert abs(float(form.expressions["Im B43"]["B40"])) == pytest.approx(math.sqrt(10 / 7), abs=1e-5)


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_matrices_by_the_wigner_eckart_theorem(degree: int) -> None:
    """⟨ℓm|C_kq|ℓm'⟩ = (−1)^m (2ℓ+1) (ℓ k ℓ; 0 0 0)(ℓ k ℓ; −m q m') between complex harmonics."""
    from sympy.physics.wigner import wigner_3j

    generator = np.random.default_rng(degree)
    field = {
        (k, q): complex(generator.normal(), generator.normal() if q else 0)
        for k in range(2 * degree + 1)
        for q in range(k + 1)
    }
    l, states = degree, range(-degree, degree + 1)
    expected = np.zeros((2 * l + 1, 2 * l + 1), dtype=complex)
    for (k, q), value in field.items():
        reduced = float(wigner_3j(l, k, l, 0, 0, 0)) * (2 * l + 1)
        for sign in (1, -1)[: 2 if q else 1]:
            amplitude = value if sign > 0 else (-1) ** q * value.conjugate()
            for m in states:
                for n in states:
                    coupled = float(wigner_3j(l, k, l, -m, sign * q, n))
                    expected[m + l, n + l] += amplitude * (-1) ** m * reduced * coupled
    to_complex = np.zeros((2 * l + 1, 2 * l + 1), dtype=complex)  # row m: complex Y_m over the real ones
    to_complex[l, l] = 1
    for m in range(1, l + 1):
        to_complex[l + m, [l + m, l - m]] = (-1) ** m * np.array([1, 1j]) / math.sqrt(2)
        to_complex[l - m, [l + m, l - m]] = np.array([1, -1j]) / math.sqrt(2)
    matrix = crystal_field_matrix(degree, field)
    np.testing.assert_allclose(to_complex.conj() @ matrix @ to_complex.T, expected, atol=1e-12)


def test_tetragonal_levels_of_a_d_shell() -> None:
    """C. J. Ballhausen, Introduction to Ligand Field Theory (1962), sec. 5-b: Dq, Ds, Dt."""
    Dq, Ds, Dt = 1.0, 0.3, -0.2
    field = {(2, 0): -7 * Ds, (4, 0): 21 * (Dq - Dt), (4, 4): 21 * math.sqrt(5 / 14) * Dq}
    levels = {level.irrep: level.energy for level in crystal_field_levels(point_group("D4h"), 2, field)}
    assert levels == pytest.approx(
        {
            "B1g": 6 * Dq + 2 * Ds - Dt,
            "A1g": 6 * Dq - 2 * Ds - 6 * Dt,
            "B2g": -4 * Dq + 2 * Ds - Dt,
            "Eg": -4 * Dq - Ds + 4 * Dt,
        }
    )


def test_cubic_levels_keep_the_barycentre() -> None:
    form = crystal_field_form(point_group("Oh"), (4,))
    (low, high) = crystal_field_levels(point_group("Oh"), 2, form.parameters({"B40": 2.1}))
    assert (low.irrep, high.irrep) == ("T2g", "Eg")
    assert low.energy / high.energy == pytest.approx(-2 / 3)
    assert high.energy - low.energy == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "vectors", "ratio"), [("Oh", AXES, 1), ("Td", TETRAHEDRON, -4 / 9), ("Oh", CUBE, -8 / 9)]
)
def test_ten_dq_of_point_charges(name: str, vectors: np.ndarray, ratio: float) -> None:
    """10 Dq = (5/3) Z e² ⟨r⁴⟩/a⁵ of an octahedron; −4/9 of it for a tetrahedron, −8/9 for a cube."""
    distance, moment, charge = 2.1, 0.7, -2.0
    ligands = distance * vectors / np.linalg.norm(vectors, axis=1)[:, None]
    field = point_charge_field(ligands, [charge] * len(ligands), {4: moment})
    energies = {level.irrep[0]: level.energy for level in crystal_field_levels(point_group(name), 2, field)}
    octahedral = 5 / 3 * -charge * 14.399645478 * moment / distance**5
    assert energies["E"] - energies["T"] == pytest.approx(ratio * octahedral)


def test_point_charges_by_the_potential_itself() -> None:
    """Σ_k r^k … is the expansion of −Z e²/|r − R| for r < R."""
    generator = np.random.default_rng(2)
    charges, r = generator.normal(size=4), np.array([0.12, -0.2, 0.31])
    ligands = 3.0 * generator.normal(size=(4, 3))
    ligands += np.sign(ligands)
    exact = -14.399645478 * (charges / np.linalg.norm(ligands - r, axis=1)).sum()
    size = np.linalg.norm(r)
    field = point_charge_field(ligands, charges, {k: size**k for k in range(20)})
    total = 0.0
    for (k, q), value in field.items():
        row = math.sqrt(4 * math.pi / (2 * k + 1)) * spherical_harmonics(k, r)
        racah = row[k] if not q else (-1) ** q * (row[k + q] + 1j * row[k - q]) / math.sqrt(2)
        total += (value * racah).real * (2 if q else 1)
    assert total == pytest.approx(exact, rel=1e-10)


# D. J. Newman and B. Ng, Crystal Field Handbook (2000), table 2.2: A_kq⟨r^k⟩/Re B_kq.
STEVENS = {
    (2, 0): 1 / 2, (2, 1): -math.sqrt(6), (2, 2): math.sqrt(6) / 2,
    (4, 0): 1 / 8, (4, 1): -math.sqrt(5) / 2, (4, 2): math.sqrt(10) / 4, (4, 3): -math.sqrt(35) / 2,
    (4, 4): math.sqrt(70) / 8,
    (6, 0): 1 / 16, (6, 1): -math.sqrt(42) / 8, (6, 2): math.sqrt(105) / 16, (6, 3): -math.sqrt(105) / 8,
    (6, 4): 3 * math.sqrt(14) / 16, (6, 5): -3 * math.sqrt(77) / 8, (6, 6): math.sqrt(231) / 16,
}  # fmt: skip


@pytest.mark.parametrize(("k", "q"), STEVENS)
def test_stevens_parameters_by_the_published_factors(k: int, q: int) -> None:
    assert stevens_parameters({(k, q): 1.0}) == pytest.approx({(k, q): STEVENS[k, q]})
    if q:
        assert stevens_parameters({(k, q): 1j}) == pytest.approx({(k, -q): -STEVENS[k, q]})


def test_levels_refuse_a_field_that_the_site_does_not_allow() -> None:
    with pytest.raises(ValueError, match="does not allow this field"):
        crystal_field_levels(point_group("Oh"), 2, {(4, 0): 1.0})
    assert len(crystal_field_levels(point_group("D4h"), 2, {(4, 0): 1.0})) == 4


BAD_PARAMETERS = {
    "negative q": lambda: crystal_field_matrix(2, {(2, -1): 1.0}),
    "q above k": lambda: crystal_field_matrix(2, {(2, 3): 1.0}),
    "imaginary B20": lambda: crystal_field_matrix(2, {(2, 0): 1j}),
    "not finite": lambda: crystal_field_matrix(2, {(2, 0): math.inf}),
    "a dependent name": lambda: crystal_field_form(point_group("Oh")).parameters({"Re B44": 1.0}),
    "an infinite value": lambda: crystal_field_form(point_group("Oh")).parameters({"B40": math.inf}),
    "a rank twice": lambda: crystal_field_form(point_group("Oh"), (4, 4)),
    "a rank above 12": lambda: crystal_field_form(point_group("Oh"), (14,)),
    "Stevens q above k": lambda: wybourne_parameters({(2, 3): 1.0}),
    "Stevens not finite": lambda: wybourne_parameters({(2, 0): math.nan}),
    "charges that do not fit": lambda: point_charge_field(AXES, [1.0], {2: 1.0}),
    "charge at the centre": lambda: point_charge_field([[0, 0, 0]], [1.0], {2: 1.0}),
    "infinite moment": lambda: point_charge_field(AXES, [1.0] * 6, {2: math.inf}),
    "a negative degree": lambda: orbital_splitting(point_group("Oh"), -1),
}


@pytest.mark.parametrize("case", BAD_PARAMETERS)
def test_bad_parameters_are_refused(case: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        BAD_PARAMETERS[case]()


@every_crystal
def test_fields_at_sites_of_real_crystals(material_id: str) -> None:
    """The field of the neighbours, as charges of one sign, is one that the site allows, in the crystal's axes."""
    C = real_crystal(material_id)
    for group, atom in {o.site_group.group: o.representative for o in C.orbits}.items():
        shells = coordination_shells(C, atom)
        vectors = np.concatenate([shell.vectors for shell in shells])
        field = point_charge_field(vectors, [-1.0] * len(vectors), {2: 1.0, 4: 1.0})
        levels = crystal_field_levels(group, 2, field)
        assert sum(level.degeneracy for level in levels) == 5


# -- the command --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rutile_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("site") / "POSCAR"
    path.write_text(made("rutile")[0].to(fmt="poscar"), encoding="utf-8")
    return str(path)


def test_site_report_as_json(rutile_file: str) -> None:
    result = CliRunner().invoke(app, ["site", rutile_file, "--atom", "0", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    C = crystal_symmetry(rutile_file)
    assert found["site_group"] == "D2h"
    axes = np.array(found["axes"])
    site = C.site_groups[0].group
    own = axes.T @ point_group("D2h").rotations @ axes
    np.testing.assert_allclose(own, C.frame.T @ site.rotations @ C.frame, atol=1e-9)
    assert [shell["irreps"] for shell in found["orbitals"]] == [site.subduce(degree) for degree in range(4)]
    assert found["crystal_field"]["independent"] == list(crystal_field_form(site.in_standard_frame).independent)
    for shell in found["ligands"]:
        ends = (C.frac_coords[shell["atoms"]] + shell["shifts"] - C.frac_coords[0]) @ C.lattice
        np.testing.assert_allclose(shell["vectors"], ends, atol=1e-9)
        pi = np.array([row["coefficients"] for row in shell["pi"]])
        np.testing.assert_allclose(np.einsum("rix,ix->ri", pi, ends), 0, atol=1e-9)
        np.testing.assert_allclose(np.einsum("rix,six->rs", pi, pi), np.eye(len(pi)), atol=1e-9)
        assert len(shell["sigma"]) == len(ends)
    assert sum(counts["sigma"] for counts in found["partners"].values() if "sigma" in counts) == 6


@pytest.mark.parametrize("option", [[], ["--latex"], ["--radius", "0.5"], ["--radius", "0.5", "--json"]])
def test_site_report_in_other_forms(rutile_file: str, option: list[str]) -> None:
    result = CliRunner().invoke(app, ["site", rutile_file, "--atom", "2", *option])
    assert result.exit_code == 0, result.output
    assert "C2v" in result.stdout or "C_{2v}" in result.stdout
    assert ("none within this radius" in result.stdout) == (option == ["--radius", "0.5"])


@pytest.mark.parametrize("arguments", [["--atom", "6"], ["--atom", "0", "--radius", "0"]])
def test_site_command_refuses_in_one_line(rutile_file: str, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["site", rutile_file, *arguments])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
