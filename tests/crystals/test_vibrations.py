"""Vibrations at the zone centre: published counts, classic formulas, and the law of transformation of the patterns."""

import json
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pytest
from crystals.redescriptions import fixture_rows, redescribed, structure_of
from pymatgen.core import Lattice, Structure
from thirty_two import random_rotation
from typer.testing import CliRunner

from pointgroups import (
    CrystalSymmetry,
    CrystalSymmetryError,
    ZoneCenterModes,
    conventional_frame,
    crystal_symmetry,
    point_group,
    primitive_cell,
    symmetry_adapted_basis,
    zone_center_modes,
)
from pointgroups.command.cli import app

ROWS = fixture_rows()
CENTRED = ("diamond", "zincblende", "calcite", "anatase", "scheelite", "chalcopyrite", "ilmenite")
"""Crystals in conventional cells; those of ROWS are in primitive ones."""


def name_of(crystal: str) -> str:
    return crystal if crystal in CENTRED else f"{ROWS[crystal]['class']}-{ROWS[crystal]['space_group']}"


every_crystal = pytest.mark.parametrize("crystal", [*ROWS, *CENTRED], ids=name_of)


@cache
def modes_of(crystal: str) -> ZoneCenterModes:
    return zone_center_modes(
        published_crystal(crystal) if crystal in CENTRED else crystal_symmetry(structure_of(ROWS[crystal]))
    )


def counts(text: str) -> dict[str, int]:
    """``2A1g + Eg`` as a mapping."""
    found = {}
    for term in text.split(" + ") if text else []:
        label = term.lstrip("0123456789")
        found[label] = int(term.removesuffix(label) or 1)
    return found


# -- published counts ---------------------------------------------------------------------------------------------

HEXAGONAL, TETRAGONAL, CUBIC = Lattice.hexagonal, Lattice.tetragonal, Lattice.cubic


@dataclass(frozen=True)
class Published:
    """Optic modes as printed, and of which some are seen; activities are left out where the source gives none.

    ``turn``: degrees about c by which the axes of the printed labels differ from those along a, b, c.
    """

    space_group: str
    lattice: Lattice
    species: list[str]
    positions: list[list[float]]
    optic: str
    raman: str | None = None
    infrared: str | None = None
    turn: float = 0.0
    orbits: list[str] = field(default_factory=list)  # all displacements of each species, acoustic ones included


# Sources: D. L. Rousseau, R. P. Bauman and S. P. S. Porto, J. Raman Spectrosc. 10, 253 (1981) (orbits of rutile,
# calcite, fluorite), and, in the order of the crystals, S. P. S. Porto, P. A. Fleury and T. C. Damen, Phys. Rev. 154,
# 522 (1967); S. P. S. Porto, J. A. Giordmaine and T. C. Damen, Phys. Rev. 147, 608 (1966); J. F. Scott and S. P. S.
# Porto, Phys. Rev. 161, 903 (1967); S. P. S. Porto and R. S. Krishnan, J. Chem. Phys. 47, 1009 (1967); W. B. White
# and B. A. DeAngelis, Spectrochim. Acta A 23, 985 (1967); P. Dawson, M. M. Hargreave and G. R. Wilkinson, J. Phys. C
# 4, 240 (1971); C. A. Arguello, D. L. Rousseau and S. P. S. Porto, Phys. Rev. 181, 1351 (1969); T. Ohsaka, F. Izumi
# and Y. Fujiki, J. Raman Spectrosc. 7, 321 (1978); S. Reich and C. Thomsen, Phil. Trans. R. Soc. A 362, 2271 (2004);
# H. D. Lutz and J. Zwinscher, Phys. Chem. Miner. 23, 497 (1996); S. P. S. Porto and J. F. Scott, Phys. Rev. 157, 716
# (1967); I. P. Kaminow, E. Buehler and J. H. Wernick, Phys. Rev. B 2, 960 (1970); J. L. Verble and T. J. Wieting,
# Phys. Rev. Lett. 25, 362 (1970); A. M. Hofmeister and A. Chopelas, Phys. Chem. Miner. 17, 503 (1991) (garnet).
# Diamond, perovskites, fluorite and the binary cubic crystals are in every textbook.
PUBLISHED = {
    "diamond": Published("Fd-3m", CUBIC(3.567), ["C"], [[0, 0, 0]], "T2g", "T2g", ""),
    "rutile": Published(
        "P4_2/mnm", TETRAGONAL(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]],
        "A1g + A2g + A2u + B1g + B2g + 2B1u + Eg + 3Eu", "A1g + B1g + B2g + Eg", "A2u + 3Eu",
        orbits=["A2u + B1u + 2Eu", "A1g + A2g + A2u + B1g + B1u + B2g + Eg + 2Eu"],
    ),
    "calcite": Published(
        "R-3c", HEXAGONAL(4.99, 17.06), ["Ca", "C", "O"], [[0, 0, 0], [0, 0, 0.25], [0.2573, 0, 0.25]],
        "A1g + 2A1u + 3A2g + 3A2u + 4Eg + 5Eu", "A1g + 4Eg", "3A2u + 5Eu",
        orbits=["A1u + A2u + 2Eu", "A2g + A2u + Eg + Eu", "A1g + A1u + 2A2g + 2A2u + 3Eg + 3Eu"],
    ),
    "quartz": Published(
        "P3_221", HEXAGONAL(4.913, 5.405), ["Si", "O"], [[0.4697, 0, 2 / 3], [0.4135, 0.2669, 0.7858]],
        "4A1 + 4A2 + 8E", "4A1 + 8E", "4A2 + 8E",
    ),
    "corundum": Published(
        "R-3c", HEXAGONAL(4.76, 12.99), ["Al", "O"], [[0, 0, 0.3522], [0.3063, 0, 0.25]],
        "2A1g + 2A1u + 3A2g + 2A2u + 5Eg + 4Eu", "2A1g + 5Eg", "2A2u + 4Eu",
    ),
    "perovskite": Published(
        "Pm-3m", CUBIC(3.905), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]],
        "3T1u + T2u", "", "3T1u",
    ),
    "spinel": Published(
        "Fd-3m", CUBIC(8.08), ["Mg", "Al", "O"], [[0, 0, 0], [0.625, 0.625, 0.625], [0.3876, 0.3876, 0.3876]],
        "A1g + Eg + T1g + 3T2g + 2A2u + 2Eu + 4T1u + 2T2u", "A1g + Eg + 3T2g", "4T1u",
    ),
    "zircon": Published(
        "I4_1/amd", TETRAGONAL(6.607, 5.982), ["Zr", "Si", "O"], [[0, 0, 0], [0, 0, 0.5], [0, -0.1839, 0.3203]],
        "2A1g + A2g + 4B1g + B2g + 5Eg + A1u + 3A2u + B1u + 2B2u + 4Eu", "2A1g + 4B1g + B2g + 5Eg", "3A2u + 4Eu",
    ),
    "wurtzite": Published(
        "P6_3mc", HEXAGONAL(3.25, 5.2), ["Zn", "O"], [[1 / 3, 2 / 3, 0], [1 / 3, 2 / 3, 0.382]],
        "A1 + 2B1 + E1 + 2E2", "A1 + E1 + 2E2", "A1 + E1", turn=30,
    ),
    "fluorite": Published(
        "Fm-3m", CUBIC(5.46), ["Ca", "F"], [[0, 0, 0], [0.25, 0.25, 0.25]], "T1u + T2g", "T2g", "T1u",
        orbits=["T1u", "T1u + T2g"],
    ),
    "rocksalt": Published("Fm-3m", CUBIC(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]], "T1u", "", "T1u"),
    "zincblende": Published("F-43m", CUBIC(5.41), ["Zn", "S"], [[0, 0, 0], [0.25, 0.25, 0.25]], "T2", "T2", "T2"),
    "caesium chloride": Published("Pm-3m", CUBIC(4.12), ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]], "T1u", "", "T1u"),
    "anatase": Published(
        "I4_1/amd", TETRAGONAL(3.785, 9.514), ["Ti", "O"], [[0, 0, 0], [0, 0, 0.2081]],
        "A1g + A2u + 2B1g + B2u + 3Eg + 2Eu", "A1g + 2B1g + 3Eg", "A2u + 2Eu",
    ),
    "graphite": Published(
        "P6_3/mmc", HEXAGONAL(2.461, 6.708), ["C", "C"], [[0, 0, 0.25], [1 / 3, 2 / 3, 0.25]],
        "A2u + 2B2g + E1u + 2E2g", "2E2g", "A2u + E1u", turn=30,
    ),
    "pyrite": Published(
        "Pa-3", CUBIC(5.418), ["Fe", "S"], [[0, 0, 0], [0.385, 0.385, 0.385]],
        "Ag + Eg + 3Tg + 2Au + 2Eu + 5Tu", "Ag + Eg + 3Tg", "5Tu",
    ),
    "scheelite": Published(
        "I4_1/a", TETRAGONAL(5.243, 11.376), ["Ca", "W", "O"], [[0, 0, 0.5], [0, 0, 0], [0.2413, 0.1511, 0.0861]],
        "3Ag + 5Bg + 5Eg + 4Au + 3Bu + 4Eu", "3Ag + 5Bg + 5Eg", "4Au + 4Eu",
    ),
    "chalcopyrite": Published(
        "I-42d", TETRAGONAL(5.289, 10.423), ["Cu", "Fe", "S"], [[0, 0, 0], [0, 0, 0.5], [0.2574, 0.25, 0.125]],
        "A1 + 2A2 + 3B1 + 3B2 + 6E", "A1 + 3B1 + 3B2 + 6E", "3B2 + 6E",
    ),
    "molybdenite": Published(
        "P6_3/mmc", HEXAGONAL(3.16, 12.29), ["Mo", "S"], [[1 / 3, 2 / 3, 0.25], [1 / 3, 2 / 3, 0.621]],
        "A1g + A2u + B1u + 2B2g + E1g + E1u + 2E2g + E2u", "A1g + E1g + 2E2g", "A2u + E1u", turn=30,
    ),
    "barium titanate, tetragonal": Published(
        "P4mm", TETRAGONAL(3.99, 4.03), ["Ba", "Ti", "O", "O"],
        [[0, 0, 0], [0.5, 0.5, 0.51], [0.5, 0.5, -0.03], [0.5, 0, 0.48]],
        "3A1 + B1 + 4E", "3A1 + B1 + 4E", "3A1 + 4E",
    ),
    "tellurium": Published(
        "P3_121", HEXAGONAL(4.457, 5.929), ["Te"], [[0.2633, 0, 1 / 3]], "A1 + A2 + 2E", "A1 + 2E", "A2 + 2E"
    ),
    "ilmenite": Published(
        "R-3", HEXAGONAL(5.088, 14.08), ["Fe", "Ti", "O"],
        [[0, 0, 0.3553], [0, 0, 0.1464], [0.3174, 0.0233, 0.2451]],
        "5Ag + 5Eg + 4Au + 4Eu", "5Ag + 5Eg", "4Au + 4Eu",
    ),
    "garnet": Published(
        "Ia-3d", CUBIC(11.46), ["Mg", "Al", "Si", "O"],
        [[0.125, 0, 0.25], [0, 0, 0], [0.375, 0, 0.25], [0.0329, 0.0503, 0.6533]],
        "3A1g + 5A2g + 8Eg + 14T1g + 14T2g + 5A1u + 5A2u + 10Eu + 17T1u + 16T2u", "3A1g + 8Eg + 14T2g", "17T1u",
    ),
}  # fmt: skip
every_published = pytest.mark.parametrize("name", PUBLISHED)


@cache
def published_crystal(name: str) -> CrystalSymmetry:
    entry = PUBLISHED[name]
    structure = Structure.from_spacegroup(entry.space_group, entry.lattice, entry.species, entry.positions)
    return crystal_symmetry(structure)


def about_z(degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def dimension(symmetry: CrystalSymmetry, decomposition: dict[str, int]) -> int:
    return sum(n * symmetry.group.real_irreps[label].dim for label, n in decomposition.items())


@every_published
class TestPublishedCounts:
    def test_modes(self, name: str) -> None:
        entry, symmetry = PUBLISHED[name], published_crystal(name)
        assert symmetry.space_group_symbol == entry.space_group
        modes = zone_center_modes(symmetry, about_z(entry.turn) @ conventional_frame(symmetry))
        assert modes.optic == counts(entry.optic)
        assert entry.raman is None or modes.raman == counts(entry.raman)
        assert entry.infrared is None or modes.infrared == counts(entry.infrared)
        assert dimension(symmetry, modes.optic) == 3 * modes.n_primitive - 3

    def test_silent_modes_are_the_others(self, name: str) -> None:
        modes = zone_center_modes(published_crystal(name))
        assert modes.silent == {
            k: n for k, n in modes.optic.items() if k not in modes.raman and k not in modes.infrared
        }

    def test_labels_follow_the_axes_of_the_standard_setting(self, name: str) -> None:
        """The crystals are built in standard settings of pymatgen: x along a, z along c."""
        symmetry = published_crystal(name)
        assert zone_center_modes(symmetry, np.eye(3)).total == zone_center_modes(symmetry).total


@pytest.mark.parametrize("name", [name for name, entry in PUBLISHED.items() if entry.orbits])
def test_each_orbit_contributes_what_tables_of_site_groups_say(name: str) -> None:
    found = [part.irreps for part in zone_center_modes(published_crystal(name)).orbits]
    assert found == [counts(text) for text in PUBLISHED[name].orbits]


# -- counts against other ways of counting ------------------------------------------------------------------------


def centrings(symmetry: CrystalSymmetry) -> np.ndarray:
    """Translations of the crystal in fractions of the given lattice vectors."""
    is_translation = (symmetry.operations.lattice_rotations == np.eye(3)).all(axis=(1, 2))
    return symmetry.operations.translations[is_translation]


@every_crystal
class TestCounts:
    def test_the_character_is_that_of_the_classic_formula(self, crystal: str) -> None:
        """(unmoved atoms)(±1 + 2 cos φ), atom by atom from the positions, for every operation of the given cell."""
        modes = modes_of(crystal)
        symmetry = modes.symmetry
        shifts = centrings(symmetry)
        images = symmetry.operations.images(symmetry.frac_coords)
        apart = images[:, :, None] - symmetry.frac_coords[None, :, None] - shifts
        apart -= np.rint(apart)
        unmoved = np.count_nonzero(np.abs(apart).max(axis=3) < 1e-6, axis=(1, 2)) / len(shifts)
        turns = symmetry.operations.lattice_rotations
        signs = np.rint(np.linalg.det(turns))
        angles = np.arccos(np.clip((signs * np.trace(turns, axis1=1, axis2=2) - 1) / 2, -1, 1))
        turned = modes.frame @ symmetry.rotations @ modes.frame.T
        elements = np.abs(turned[:, None] - modes.group.rotations).max(axis=(2, 3)).argmin(axis=1)
        expected = unmoved * (signs + 2 * signs * np.cos(angles))
        np.testing.assert_allclose(modes.character[elements], expected, atol=1e-9)

    def test_contributions_of_orbits_by_frobenius_reciprocity(self, crystal: str) -> None:
        """α occurs in the induced representation as often as the vector and α restricted to the site group agree."""
        modes = modes_of(crystal)
        symmetry = modes.symmetry
        group = symmetry.group
        for part in modes.orbits:
            site = np.abs(
                (modes.frame @ symmetry.rotations[part.orbit.site_group.operations] @ modes.frame.T)[:, None]
                - group.rotations
            ).max(axis=(2, 3)).argmin(axis=1)  # fmt: skip
            vector = np.trace(group.rotations[site], axis1=1, axis2=2)
            reciprocal = {
                label: np.vdot(irrep.characters[site], vector) / (len(site) * irrep.commuting)
                for label, irrep in group.real_irreps.items()
            }
            assert {k: round(n) for k, n in reciprocal.items() if abs(n) > 1e-9} == part.irreps
            assert dimension(symmetry, part.irreps) == 3 * part.n_primitive

    def test_contributions_add_up(self, crystal: str) -> None:
        modes = modes_of(crystal)
        labels = modes.group.real_irreps
        total = {label: sum(part.irreps.get(label, 0) for part in modes.orbits) for label in labels}
        assert {label: n for label, n in total.items() if n} == modes.total
        assert dimension(modes.symmetry, modes.total) == 3 * modes.n_primitive
        assert modes.n_primitive == len(primitive_cell(modes.symmetry.structure))
        assert {k: modes.optic.get(k, 0) + modes.acoustic.get(k, 0) for k in modes.total} == modes.total

    def test_activities_from_characters_of_symmetric_powers(self, crystal: str) -> None:
        modes = modes_of(crystal)
        group, product = modes.group, modes.group.product
        chi = np.trace(group.rotations, axis1=1, axis2=2)
        everything = np.arange(group.order)
        squares = product[everything, everything]
        cubes = product[squares, everything]
        powers = {
            "infrared": chi,
            "raman": (chi**2 + chi[squares]) / 2,
            "hyper_raman": (chi**3 + 3 * chi * chi[squares] + 2 * chi[cubes]) / 6,
        }
        for kind, character in powers.items():
            seen = {
                label: n
                for label, n in modes.optic.items()
                if abs(np.vdot(group.real_irreps[label].characters, character)) > 1e-9
            }
            assert getattr(modes, kind) == seen, kind

    def test_complex_pairs_are_one_irrep_over_the_reals(self, crystal: str) -> None:
        modes = modes_of(crystal)
        over_complex = modes.group.decompose_character(modes.character, "C")
        for label, n in modes.total.items():
            pair = modes.group.real_irreps[label].commuting == 2
            members = [f"1{label}", f"2{label}"] if pair else [label]
            assert [over_complex.pop(member) for member in members] == [n] * len(members)
        assert not over_complex

    def test_primitive_cell_and_other_descriptions(self, crystal: str) -> None:
        modes = modes_of(crystal)
        structure = modes.symmetry.structure
        for other in (primitive_cell(structure), redescribed(structure, 5, improper=False)):
            again = zone_center_modes(crystal_symmetry(other))
            assert again.total == modes.total
            assert again.n_primitive == modes.n_primitive


# -- patterns -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mass_weighted", [False, True], ids=["plain", "mass-weighted"])
@every_crystal
class TestPatterns:
    def test_they_are_an_orthonormal_basis(self, crystal: str, mass_weighted: bool) -> None:
        modes = modes_of(crystal)
        patterns = modes.displacements(mass_weighted)
        n_atoms = len(modes.symmetry.species)
        assert patterns.shape == (3 * modes.n_primitive, n_atoms, 3)
        assert not patterns.flags.writeable
        gram = np.einsum("mia,nia->mn", patterns, patterns)
        np.testing.assert_allclose(gram, np.eye(3 * modes.n_primitive), atol=1e-12)

    def test_every_operation_acts_by_the_matrices_of_the_irreps(self, crystal: str, mass_weighted: bool) -> None:
        modes = modes_of(crystal)
        symmetry, group = modes.symmetry, modes.group
        patterns = modes.displacements(mass_weighted)
        turned = modes.frame @ symmetry.rotations @ modes.frame.T
        elements = np.abs(turned[:, None] - group.rotations).max(axis=(2, 3)).argmin(axis=1)
        first = 0
        while first < len(patterns):
            label = modes.labels[first]
            irrep = group.real_irreps[label.irrep]
            copy = patterns[first : first + irrep.dim]
            assert [other[:2] for other in modes.labels[first : first + irrep.dim]] == [label[:2]] * irrep.dim
            assert [other.component for other in modes.labels[first : first + irrep.dim]] == list(
                range(1, irrep.dim + 1)
            )
            for k, rotation in enumerate(symmetry.rotations):
                moved = np.zeros_like(copy)
                moved[:, symmetry.permutations[k]] = copy @ rotation.T
                expected = np.einsum("lj,lia->jia", irrep.matrices[elements[k]], copy)
                np.testing.assert_allclose(moved, expected, atol=1e-12)
            first += irrep.dim

    def test_acoustic_ones_are_uniform_and_optic_ones_keep_the_centre_of_mass(
        self, crystal: str, mass_weighted: bool
    ) -> None:
        modes = modes_of(crystal)
        patterns = modes.displacements(mass_weighted)
        masses = np.array([float(specie.atomic_mass) for specie in modes.symmetry.species])
        roots = np.sqrt(masses) if mass_weighted else np.ones(len(masses))
        moves = patterns / roots[:, None]  # displacements of the atoms
        acoustic = moves[modes.is_acoustic]
        assert len(acoustic) == 3
        np.testing.assert_allclose(acoustic, np.broadcast_to(acoustic[:, :1], acoustic.shape), atol=1e-12)
        weights = masses if mass_weighted else np.ones(len(masses))
        optic = moves[~modes.is_acoustic]
        np.testing.assert_allclose(np.einsum("i,mia->ma", weights, optic), 0, atol=1e-10)

    def test_each_irrep_spans_what_projection_of_the_whole_representation_gives(
        self, crystal: str, mass_weighted: bool
    ) -> None:
        """The slow twin: matrices on all displacements of the primitive cell, sorted by symmetry_adapted_basis."""
        modes = modes_of(crystal)
        group, size = modes.group, modes.n_primitive
        matrices = np.zeros((group.order, size, 3, size, 3))
        for g, permutation in enumerate(modes.permutations):
            rotation = modes.frame.T @ group.rotations[g] @ modes.frame
            matrices[g, permutation, :, np.arange(size)] = rotation
        twin = symmetry_adapted_basis(group, matrices.reshape(group.order, 3 * size, 3 * size))
        assert twin.labels == modes.labels
        first = np.unique(modes.primitive, return_index=True)[1]
        ours = modes.displacements(mass_weighted)[:, first] * np.sqrt(len(modes.primitive) / size)
        for label in modes.total:
            rows = [k for k, other in enumerate(modes.labels) if other.irrep == label]
            here, there = ours[rows].reshape(len(rows), -1), twin.array[rows]
            np.testing.assert_allclose(here.T @ here, there.T @ there, atol=1e-12)

    def test_translates_move_alike(self, crystal: str, mass_weighted: bool) -> None:
        modes = modes_of(crystal)
        patterns = modes.displacements(mass_weighted)
        symmetry = modes.symmetry
        for images in symmetry.permutations[symmetry.operations.elements == 0]:
            np.testing.assert_allclose(patterns[:, images], patterns, atol=1e-13)


def spring_matrix(symmetry: CrystalSymmetry, radius: float) -> np.ndarray:
    """The dynamical matrix at the zone centre, (3n, 3n), of springs between all atoms nearer than a radius."""
    structure = symmetry.structure
    masses = np.array([float(specie.atomic_mass) for specie in symmetry.species])
    matrix = np.zeros((len(masses), 3, len(masses), 3))
    for i, j, image, length in zip(*structure.get_neighbor_list(radius), strict=True):
        bond = (structure.frac_coords[j] + image - structure.frac_coords[i]) @ structure.lattice.matrix / length
        stiffness = np.outer(bond, bond) * np.exp(-length)
        matrix[i, :, i] += stiffness / masses[i]
        matrix[i, :, j] -= stiffness / np.sqrt(masses[i] * masses[j])
    return matrix.reshape(3 * len(masses), -1)


@pytest.mark.parametrize("name", ["quartz", "rutile", "calcite", "scheelite", "perovskite", "pyrite", "ilmenite"])
def test_patterns_bring_a_dynamical_matrix_to_blocks(name: str) -> None:
    """Schur's lemma: only copies of one irrep couple, all components alike, and acoustic ones have frequency zero."""
    symmetry = published_crystal(name)
    modes = zone_center_modes(symmetry)
    rows = modes.displacements(mass_weighted=True).reshape(len(modes.labels), -1)
    dynamical = rows @ spring_matrix(symmetry, 4.0) @ rows.T
    scale = np.abs(dynamical).max()
    np.testing.assert_allclose(dynamical[modes.is_acoustic], 0, atol=1e-10 * scale)
    irreps = np.array([label.irrep for label in modes.labels])
    different = irreps[:, None] != irreps
    np.testing.assert_allclose(dynamical[different], 0, atol=1e-10 * scale)
    for name_of_irrep in modes.total:
        irrep = modes.group.real_irreps[name_of_irrep]
        block = dynamical[np.ix_(irreps == name_of_irrep, irreps == name_of_irrep)]
        copies = len(block) // irrep.dim
        block = block.reshape(copies, irrep.dim, copies, irrep.dim)
        parts = [np.einsum("aibj,ij->ab", block, c) / irrep.dim for c in irrep.commutant]
        expected = sum(np.einsum("ab,ij->aibj", part, c) for part, c in zip(parts, irrep.commutant, strict=True))
        np.testing.assert_allclose(block, expected, atol=1e-10 * scale)
        assert np.abs(block).max() > 1e-3 * scale or copies == modes.acoustic.get(name_of_irrep, 0)


# -- axes of the labels -------------------------------------------------------------------------------------------

STANDARD_SETTINGS = {
    17: "D2", 18: "D2", 20: "D2", 26: "C2v", 33: "C2v", 36: "C2v", 46: "C2v", 52: "D2h", 57: "D2h", 62: "D2h",
    64: "D2h", 72: "D2h", 92: "D4", 100: "C4v", 109: "C4v", 127: "D4h", 136: "D4h", 178: "D6", 186: "C6v", 194: "D6h",
}  # fmt: skip
HALF_TURNS = ([1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1])
"""The sense of an axis of a standard setting is free in classes such as mm2, and changes no label."""


def crystal_in_standard_setting(number: int) -> Structure:
    """A crystal with two general positions of a space group, in axes x, y, z along a, b, c."""
    lattice = Lattice.orthorhombic(5, 6, 7) if number < 75 else TETRAGONAL(5, 7) if number < 143 else HEXAGONAL(5, 7)
    return Structure.from_spacegroup(number, lattice, ["Si", "O"], [[0.12, 0.28, 0.36], [0.41, 0.07, 0.44]])


@pytest.mark.parametrize("number", STANDARD_SETTINGS)
def test_conventional_frame_is_that_of_the_standard_setting(number: int) -> None:
    """However the crystal is given, the frame leads back to the axes in which it was built, up to the class."""
    built = crystal_in_standard_setting(number)
    turn = random_rotation(number)
    given = Structure(built.lattice.matrix @ turn.T, built.species, built.frac_coords)
    given.make_supercell([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    symmetry = crystal_symmetry(given)
    group = symmetry.group
    assert group.schoenflies == STANDARD_SETTINGS[number]
    frame = conventional_frame(symmetry)
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(frame) == pytest.approx(1)
    differences = [np.abs(group.rotations @ frame @ turn - np.diag(signs)).max(axis=(1, 2)) for signs in HALF_TURNS]
    assert np.min(differences) < 1e-6


@every_crystal
def test_conventional_frame_maps_onto_the_class(crystal: str) -> None:
    symmetry = modes_of(crystal).symmetry
    frame = conventional_frame(symmetry)
    turned = frame @ symmetry.rotations @ frame.T
    assert np.abs(turned[:, None] - symmetry.group.rotations).max(axis=(2, 3)).min(axis=1).max() < 1e-9
    assert np.linalg.det(frame) == pytest.approx(1)


def test_axes_turned_by_45_degrees_exchange_b1_and_b2() -> None:
    symmetry = published_crystal("anatase")
    standard = zone_center_modes(symmetry, np.eye(3))
    turned = zone_center_modes(symmetry, about_z(45))
    exchange = {"B1g": "B2g", "B2g": "B1g", "B1u": "B2u", "B2u": "B1u"}
    assert turned.total == {exchange.get(label, label): n for label, n in standard.total.items()}
    assert turned.total != standard.total


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (about_z(30), "are not those of D4h in the setting 4/mmm"),
        (-np.eye(3), "a proper rotation matrix"),
        (np.eye(2), "a proper rotation matrix"),
        (np.full((3, 3), np.nan), "a proper rotation matrix"),
        (np.eye(3)[[1, 2, 0]], "are not those of D4h"),
    ],
    ids=["30 degrees", "improper", "two axes", "nan", "main axis along x"],
)
def test_a_frame_of_another_class_is_refused(frame: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        zone_center_modes(published_crystal("anatase"), frame)


def test_a_crystal_between_two_space_groups_needs_a_frame() -> None:
    """At a tolerance at which it is cubic, nothing says what the standard setting of the tetragonal crystal is."""
    tetragonal = Structure(TETRAGONAL(3.99, 4.03), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.505]])
    nearly_cubic = replace(crystal_symmetry(tetragonal), symprec=0.1)
    with pytest.raises(CrystalSymmetryError, match="between P4mm and Pm-3m"):
        zone_center_modes(nearly_cubic)
    assert zone_center_modes(nearly_cubic, nearly_cubic.frame).acoustic == {"A1": 1, "E": 1}


def test_a_species_without_mass_is_refused() -> None:
    dummy = crystal_symmetry(Structure(CUBIC(4.0), ["X0+", "O"], [[0, 0, 0], [0.5, 0.5, 0.5]]))
    modes = zone_center_modes(dummy)
    assert modes.displacements().shape == (6, 2, 3)
    with pytest.raises(ValueError, match="has no mass"):
        modes.displacements(mass_weighted=True)


# -- the command --------------------------------------------------------------------------------------------------


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["modes", *arguments])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


@pytest.fixture(scope="module")
def calcite(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("modes") / "calcite.cif"
    published_crystal("calcite").structure.to(filename=str(path), fmt="cif")
    return str(path)


def test_command_prints_the_counts(calcite: str) -> None:
    lines = output(calcite).splitlines()
    assert lines[0] == "CaCO3, space group R-3c (167), class D3d (-3m)"
    assert "optic: A1g ⊕ 3A2g ⊕ 4Eg ⊕ 2A1u ⊕ 3A2u ⊕ 5Eu" in lines
    assert "Raman: A1g ⊕ 4Eg" in lines
    assert "silent: 3A2g ⊕ 2A1u" in lines


def test_command_writes_json_with_the_patterns(calcite: str) -> None:
    modes = zone_center_modes(crystal_symmetry(calcite))
    data = json.loads(output(calcite, "--json"))
    for kind in ("total", "acoustic", "optic", "infrared", "raman", "hyper_raman", "silent"):
        assert data[kind] == getattr(modes, kind)
    assert data["atoms_in_primitive_cell"] == 10
    assert [part["irreps"] for part in data["orbits"]] == [part.irreps for part in modes.orbits]
    patterns = np.array([mode["displacements"] for mode in data["modes"]])
    np.testing.assert_allclose(patterns, modes.displacements(), atol=1e-11)
    found = [(mode["irrep"], mode["copy"], mode["component"], mode["acoustic"]) for mode in data["modes"]]
    assert found == [(*label, acoustic) for label, acoustic in zip(modes.labels, modes.is_acoustic, strict=True)]


def test_command_writes_latex(calcite: str) -> None:
    text = output(calcite, "--latex")
    assert text.isascii()
    assert r"optic: $A_{1\mathrm{g}} \oplus 3\,A_{2\mathrm{g}}" in text


def test_command_refuses_what_is_no_crystal() -> None:
    result = CliRunner().invoke(app, ["modes", "nowhere.cif"])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: nowhere.cif is not a file")


def test_a_mode_that_is_acoustic_only_is_not_active() -> None:
    modes = zone_center_modes(published_crystal("diamond"))
    assert modes.total == {"T2g": 1, "T1u": 1}
    assert (modes.infrared, modes.hyper_raman, modes.silent) == ({}, {}, {})
    assert point_group("Oh").subduce(1, -1) == modes.acoustic
