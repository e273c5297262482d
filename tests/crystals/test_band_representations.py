"""Band representations: laws on real crystals, tight-binding bands, a torus, published tables."""

import itertools
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from crystals.redescriptions import fixture_rows, structure_of
from pymatgen.core import Lattice, Structure
from scipy.linalg import block_diag

from pointgroups import (
    CrystalSymmetryError,
    UnknownIrrepError,
    band_representation,
    compatibility,
    crystal_symmetry,
    elementary_band_representations,
    little_group,
    primitive_cell,
    special_points,
    wigner_d_real,
    wyckoff_position,
)

ROWS = fixture_rows()
TABLES = Path(__file__).parents[1] / "data/bilbao_band_representations.txt"
GENERAL = [0.1, 0.23, 0.37]

_DIAMOND = Structure.from_spacegroup("Fd-3m", Lattice.cubic(3.57), ["C"], [[0, 0, 0]])
_DIAMOND.translate_sites(list(range(8)), [-1 / 8] * 3)  # to origin choice 2
NAMED = {
    216: Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3]),
    221: Structure.from_spacegroup("Pm-3m", Lattice.cubic(3.9), ["Ti", "Sr", "O"], [[0] * 3, [0.5] * 3, [0.5, 0, 0]]),
    225: Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]]),
    227: _DIAMOND,
    194: Structure.from_spacegroup("P6_3/mmc", Lattice.hexagonal(3.2, 5.2), ["Mg"], [[1 / 3, 2 / 3, 0.25]]),
    136: Structure.from_spacegroup(
        "P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0] * 3, [0.305, 0.305, 0]]
    ),
}


@cache
def real_crystal(material_id):
    return crystal_symmetry(structure_of(ROWS[material_id]))


@cache
def named(number, primitive=False):
    symmetry = crystal_symmetry(primitive_cell(NAMED[number]) if primitive else NAMED[number])
    assert symmetry.space_group_number == number
    return symmetry


def composed(crystal, first, second):
    """The operation of the cell that is first ∘ second up to a lattice vector, and that vector."""
    ops = crystal.operations
    rotation = ops.lattice_rotations[first] @ ops.lattice_rotations[second]
    translation = ops.lattice_rotations[first] @ ops.translations[second] + ops.translations[first]
    for k in range(len(ops)):
        rest = translation - ops.translations[k]
        if (ops.lattice_rotations[k] == rotation).all() and np.abs(rest - np.rint(rest)).max() < 1e-5:
            return k, np.rint(rest)
    raise AssertionError("the operations are closed")


of_real_crystals = pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")
of_named = pytest.mark.parametrize("number", NAMED)


# -- what is induced ----------------------------------------------------------------------------------------------


@of_real_crystals
def test_frobenius_reciprocity_at_the_zone_center(material_id):
    """How often α is in (S, β)↑G is how often β is in α↓S; and the trace is counted by the orbit alone."""
    crystal = real_crystal(material_id)
    for orbit in crystal.orbits:
        site = orbit.site_group
        places = [
            int(np.abs(site.group.rotations - r).max(axis=(1, 2)).argmin())
            for r in crystal.group.rotations[site.elements]
        ]
        for label, beta in site.group.irreps.items():
            found = band_representation(crystal, orbit, label).decompose("Γ")
            for name, alpha in crystal.group.irreps.items():
                restricted = np.vdot(beta.characters[places], alpha.characters[site.elements]) / len(site)
                assert found.get(name, 0) == pytest.approx(restricted, abs=1e-9)


@of_real_crystals
def test_small_representations_at_every_special_point_add_up_to_the_bands(material_id):
    crystal = real_crystal(material_id)
    centrings = int((crystal.operations.elements == 0).sum())
    for orbit in crystal.orbits:
        site = orbit.site_group
        orbitals = wigner_d_real(1, site.group.rotations)
        bands = band_representation(crystal, orbit, orbitals)
        assert bands.dim == 3 * len(orbit.atoms) // centrings
        for letter in special_points(crystal):
            little = little_group(crystal, letter)
            found = bands.decompose(little)
            assert sum(count * little.irreps[label].dim for label, count in found.items()) == bands.dim


@of_real_crystals
def test_matrices_are_a_representation_at_any_wave_vector(material_id):
    crystal = real_crystal(material_id)
    ops = crystal.operations
    rng = np.random.default_rng(1)
    site = int(rng.integers(len(crystal.frac_coords)))
    group = crystal.site_groups[site].group
    bands = band_representation(crystal, site, list(group.irreps)[-1])
    for _ in range(5):
        g, h = rng.integers(len(ops), size=2)
        k = rng.random(3)
        turned = k @ np.linalg.inv(ops.lattice_rotations[h])
        gh, n = composed(crystal, g, h)
        there = turned @ np.linalg.inv(ops.lattice_rotations[g])
        product = bands.matrix(int(g), turned) @ bands.matrix(int(h), k)
        np.testing.assert_allclose(product, np.exp(-2j * np.pi * there @ n) * bands.matrix(gh, k), atol=1e-6)
        np.testing.assert_allclose(product @ product.conj().T, np.eye(bands.dim), atol=1e-9)
        shifted = k + rng.integers(-2, 3, size=3)
        if len(ops) == crystal.group.order:  # a primitive cell: whole k are reciprocal vectors
            np.testing.assert_allclose(bands.matrix(int(g), shifted), bands.matrix(int(g), k), atol=1e-9)


@of_named
@pytest.mark.parametrize("degree", [0, 1])
def test_characters_on_a_torus(number, degree):
    """A twin: orbitals on all sites of N³ cells, permuted by the operations, and projected on k by translations."""
    crystal = named(number, primitive=True)
    ops = crystal.operations
    cells = {"X": 2, "M": 2, "R": 2, "L": 2, "W": 4, "K": 3, "H": 6, "A": 2, "Z": 2}
    orbit = crystal.orbits[-1]
    orbitals = wigner_d_real(degree, orbit.site_group.group.rotations)
    bands = band_representation(crystal, orbit, orbitals)
    for letter, point in special_points(crystal).items():
        n = cells.get(letter, 1)
        if n == 6:
            continue
        little = little_group(crystal, letter)
        torus = np.array(list(itertools.product(range(n), repeat=3)))
        sites = (crystal.frac_coords[list(orbit.atoms)][:, None] + torus).reshape(-1, 3)

        def places(points, sites=sites, n=n):
            apart = points[:, None] - sites
            apart -= n * np.rint(apart / n)
            assert np.abs(apart).max(axis=2).min(axis=1).max() < 1e-6
            return np.abs(apart).max(axis=2).argmin(axis=1)

        steps = [places(sites + step) for step in torus]
        expected = []
        for h, element in zip(little.operations, little.elements, strict=True):
            moved = places(sites @ ops.lattice_rotations[h].T + ops.translations[h])
            kept = [(step[moved] == np.arange(len(sites))).sum() for step in steps]
            trace = np.exp(2j * np.pi * torus @ point) @ kept / len(torus)
            expected.append(trace * np.trace(wigner_d_real(degree, crystal.group.rotations[element])))
        np.testing.assert_allclose(bands.characters(letter), expected, atol=1e-6)


def hamiltonian(crystal, atoms, k):
    """s and p orbitals on atoms, hopping by distance and species: blocks of Σ_n e^{2πi k·n} t(r_β + n − r_α)."""
    steps = np.array(list(itertools.product(range(-4, 5), repeat=3)))
    places = crystal.frac_coords[atoms]
    kinds = [crystal.species.index(crystal.species[i]) for i in atoms]
    result = np.zeros((len(atoms), 4, len(atoms), 4), dtype=complex)
    for a, b in itertools.product(range(len(atoms)), repeat=2):
        vectors = (places[b] + steps - places[a]) @ crystal.lattice @ crystal.frame.T
        lengths = np.linalg.norm(vectors, axis=1)
        phases = np.exp(2j * np.pi * steps @ k)
        near = (lengths > 1e-6) & (lengths < 6)
        decay = (1 - lengths[near] ** 2 / 36) ** 3 * np.exp(-lengths[near] / 1.5) * phases[near]
        decay /= 1 + 0.3 * (kinds[a] + kinds[b])
        units = vectors[near] / lengths[near, None]
        sp = 2 * decay @ units
        result[a, 0, b, 0] += -3 * decay.sum()
        result[a, 0, b, 1:] += sp * (1 + 0.2 * kinds[b])
        result[a, 1:, b, 0] -= sp * (1 + 0.2 * kinds[a])
        result[a, 1:, b, 1:] += 4 * (decay * units.T) @ units - 1.1 * (decay * lengths[near]).sum() * np.eye(3)
        field = np.exp(-lengths[near] / 1.2) * (1 + kinds[b])  # of the neighbours on the p states
        result[a, 1:, a, 1:] += (field * units.T) @ units
        if a == b:
            result[a, :, b] += np.diag([-5.0, 0.0, 0.0, 0.0]) + 1.7 * kinds[a] * np.eye(4)
    return result.reshape(4 * len(atoms), -1)


@of_named
def test_tight_binding_bands_have_the_symmetry_of_the_band_representation(number):
    """H from distances alone: ρ commutes with it as it must, and each level is one small representation, or two
    conjugate ones."""
    crystal = named(number, primitive=True)
    parts = []
    for orbit in crystal.orbits:
        rotations = orbit.site_group.group.rotations
        sp = np.zeros((len(rotations), 4, 4))
        sp[:, 0, 0], sp[:, 1:, 1:] = 1, rotations
        parts.append(band_representation(crystal, orbit, sp))
    places = np.concatenate([bands.position.positions for bands in parts])
    atoms = [int(np.flatnonzero(is_image(crystal, q))[0]) for q in places]
    cells = crystal.frac_coords[atoms] - places  # a place may lie in another cell than its atom

    turns = [crystal.group.rotations[e] for bands in parts for e in bands.position.elements]
    turned_with_site = block_diag(*[block_diag(1, turn) for turn in turns])

    def in_basis(k):
        gauge = np.repeat(np.exp(2j * np.pi * cells @ k), 4)[:, None] * turned_with_site
        return gauge.conj().T @ hamiltonian(crystal, atoms, k) @ gauge

    rng = np.random.default_rng(2)
    for k in [*special_points(crystal).values(), np.array(GENERAL)]:
        H = in_basis(k)
        np.testing.assert_allclose(H, H.conj().T, atol=1e-9)
        h = int(rng.integers(len(crystal.operations)))
        rho = block_diag(*[bands.matrix(h, k) for bands in parts])
        turned = k @ np.linalg.inv(crystal.operations.lattice_rotations[h])
        np.testing.assert_allclose(rho @ H, in_basis(turned) @ rho, atol=1e-5)
        little = little_group(crystal, k)
        rhos = np.array([block_diag(*[bands.matrix(int(g), k) for bands in parts]) for g in little.operations])
        energies, states = np.linalg.eigh(H)
        breaks = np.flatnonzero(np.diff(energies) > 1e-5) + 1
        levels = []
        for level in np.split(np.arange(len(energies)), breaks):
            space = states[:, level]
            found = little.decompose(np.round(np.einsum("ia,gij,ja->g", space.conj(), rhos, space), 4))
            if sum(found.values()) == 2:  # H is real, so that complex conjugates meet where k ≡ −k
                first, second = (little.irreps[label].characters for label in found)
                assert np.abs(first - first.conj()).max() > 1
                np.testing.assert_allclose(first, second.conj(), atol=1e-5)
            else:
                assert sum(found.values()) == 1, (k, energies[level], found)
            levels.extend(found)
        total = Counter()
        for bands in parts:
            total.update(bands.decompose(little))
        assert Counter(levels) == total


def is_image(crystal, place):
    apart = crystal.frac_coords - place
    return np.abs(apart - np.rint(apart)).max(axis=1) < 1e-6


@of_named
def test_conventional_and_primitive_cell_give_the_same_bands(number):
    wide, narrow = named(number), named(number, primitive=True)
    for site in narrow.orbits:
        label = list(site.site_group.group.irreps)[-1]
        place = narrow.frac_coords[site.representative] @ narrow.lattice @ np.linalg.inv(wide.lattice)
        both = [band_representation(wide, place, label), band_representation(narrow, site, label)]
        assert both[0].dim == both[1].dim
        assert both[0].decompose("Γ") == both[1].decompose("Γ")
        assert list(special_points(wide)) == list(special_points(narrow))
        for letter in special_points(wide):
            patterns = []
            for bands in both:
                little = little_group(bands.position.crystal, letter)
                found = bands.decompose(little)
                patterns.append(sorted((little.irreps[name].dim, count) for name, count in found.items()))
            assert patterns[0] == patterns[1]


# -- along lines --------------------------------------------------------------------------------------------------


def lines(crystal):
    """Pairs of special points whose connecting line has more than the identity, and a point of the line."""
    points = special_points(crystal)
    for a, b in itertools.combinations(points, 2):
        middle = points[a] + 0.37 * (points[b] - points[a])
        if len(little_group(crystal, middle)) > 1:
            yield a, b, middle


@of_named
def test_both_ends_of_a_line_agree_on_it(number):
    crystal = named(number, primitive=True)
    everything = [b for orbit in crystal.orbits for b in every_band_representation(crystal, orbit)]
    checked = 0
    for a, b, middle in lines(crystal):
        line = little_group(crystal, middle)
        relations = {end: compatibility(crystal, end, line) for end in (a, b)}
        for end, relation in relations.items():
            irreps = little_group(crystal, end).irreps
            for label, split in relation.items():
                assert sum(n * line.irreps[name].dim for name, n in split.items()) == irreps[label].dim
        for bands in everything:
            on_line = bands.decompose(line)
            for end, relation in relations.items():
                total = {}
                for label, count in bands.decompose(end).items():
                    for name, n in relation[label].items():
                        total[name] = total.get(name, 0) + count * n
                assert total == on_line, (bands, end)
                checked += 1
    assert checked


def every_band_representation(crystal, orbit):
    return [band_representation(crystal, orbit, label) for label in orbit.site_group.group.irreps]


@of_named
def test_characters_are_continuous_along_a_line(number):
    crystal = named(number, primitive=True)
    bands = band_representation(crystal, crystal.orbits[-1], list(crystal.orbits[-1].site_group.group.irreps)[-1])
    points = special_points(crystal)
    for a, b, middle in lines(crystal):
        line = little_group(crystal, middle)
        along = [
            [np.trace(bands.matrix(int(h), points[a] + s * (points[b] - points[a]))) for h in line.operations]
            for s in np.linspace(0, 1, 101)
        ]
        assert np.abs(np.diff(along, axis=0)).max() < 0.2 * bands.dim
        places = np.searchsorted(little_group(crystal, a).elements, line.elements)
        np.testing.assert_allclose(along[0], bands.characters(a)[places], atol=1e-9)


# Bouckaert, Smoluchowski and Wigner, Phys. Rev. 50, 58 (1936), tables V and VI, in Mulliken's names: Δ from Γ to X
# (C4v), Λ from Γ to L (C3v).
BSW = {
    "A1g": ("A1", "A1"), "A2g": ("B1", "A2"), "Eg": ("A1 B1", "E"), "T1g": ("A2 E", "A2 E"), "T2g": ("B2 E", "A1 E"),
    "A1u": ("A2", "A2"), "A2u": ("B2", "A1"), "Eu": ("A2 B2", "E"), "T1u": ("A1 E", "A1 E"), "T2u": ("B1 E", "A2 E"),
}  # fmt: skip


@pytest.mark.parametrize("number", [221, 225, 227])
def test_compatibility_from_the_center_of_cubic_crystals(number):
    crystal = named(number)
    on_delta, on_lambda = (compatibility(crystal, "Γ", k) for k in ([0, 0, 0.21], [0.21] * 3))
    found = {label: (set(on_delta[label]), set(on_lambda[label])) for label in on_delta}
    expected = {label: tuple(set(names.split()) for names in both) for label, both in BSW.items()}
    swapped = {"B1": "B2", "B2": "B1"}  # which of the two is the choice of the mirror planes called σv
    other = {label: ({swapped.get(name, name) for name in delta}, rest) for label, (delta, rest) in expected.items()}
    assert found in (expected, other)


# -- elementary band representations ------------------------------------------------------------------------------


def published(number):
    """Sites with their irreps, and for each k the dimensions of its small representations and how often each occurs."""
    block = TABLES.read_text(encoding="utf-8").split(f"\ngroup {number}\n")[1].split("\n\n")[0].splitlines()
    sites, dims, tables = {}, {}, {}
    for line in block:
        if line.startswith("site "):
            head, irreps = line.split(":")
            _, letter, *place = head.split()
            sites[letter] = ([float(Fraction(x)) for x in place], irreps.split())
        elif line.startswith("k "):
            _, k, *names = line.split()
            dims[k] = {name: int(dim) for name, _, dim in (entry.partition(":") for entry in names)}
        else:
            columns = []
            for entry in line.split("|"):
                counts = dict.fromkeys(dims[k], 0)
                for token in entry.split():
                    count, _, name = token.rpartition("x")
                    counts[name] += int(count or 1)
                columns.append(list(counts.values()))
            tables[k] = np.array(columns).T
    return sites, dims, tables


# Which irreps of a site group exchange names where its axes are named in another order.
RENAMED = {
    "D2h": [dict(zip("123", order, strict=True)) for order in itertools.permutations("123")],
    "D4h": [{}, {"1": "2", "2": "1"}],
    "S4": [{}, {"1E": "2E", "2E": "1E"}],
}


def renamings(group):
    for rule in RENAMED.get(group, [{}]):
        if group == "S4":
            yield lambda label, rule=rule: rule.get(label, label)
        else:
            yield (
                lambda label, rule=rule: (
                    f"B{rule.get(label[1], label[1])}{label[2:]}" if label[0] == "B" and label[1:2].isdigit() else label
                )
            )


@of_named
def test_published_tables_of_elementary_band_representations(number):
    """Bilbao's tables: rows agree one to one at each k, columns by site and irrep up to the names of axes."""
    crystal = named(number)
    sites, dims, tables = published(number)
    assert set(dims) == set(special_points(crystal))
    found, columns = {k: {} for k in dims}, []
    for letter, (place, irreps) in sites.items():
        position = wyckoff_position(crystal, place)
        centrings = int((crystal.operations.elements == 0).sum())
        assert len(position) * centrings == int(letter[:-1])
        group = position.site_group.group
        assert sorted(irreps) == sorted(group.irreps)
        for bands in elementary_band_representations(crystal, position):
            for k in dims:
                found[k][letter, bands.label] = bands.decompose(k)
        columns.append([[(letter, rename(label)) for label in irreps] for rename in renamings(group.schoenflies)])
    agree = []
    for choice in itertools.product(*columns):
        order = [column for site in choice for column in site]
        agree.append(all(same_rows(crystal, k, [found[k][c] for c in order], dims[k], tables[k]) for k in dims))
    assert any(agree)
    if number in (221, 225, 227):  # at Γ the names correspond: Bilbao numbers A1, A2, E, T1, T2
        names = {"1": "A1", "2": "A2", "3": "E", "4": "T1", "5": "T2", "+": "g", "-": "u"}
        for row, name in zip(tables["Γ"], dims["Γ"], strict=True):
            label = names[name[0]] + names[name[1]]
            original = [(letter, irrep) for letter, (_, irreps) in sites.items() for irrep in irreps]
            ours = [found["Γ"][column].get(label, 0) for column in original]
            assert sorted(ours) == sorted(row)


def same_rows(crystal, k, columns, dims, table):
    """Whether the rows, each with the dimension of its small representation, are the same but for their order."""
    irreps = little_group(crystal, k).irreps
    ours = sorted((small.dim, *(column.get(label, 0) for column in columns)) for label, small in irreps.items())
    theirs = sorted((dim, *map(int, row)) for dim, row in zip(dims.values(), table, strict=True))
    return ours == theirs


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (216, [0.1, 0.1, 0.1]), (216, [0.1, 0, 0]), (221, [0.2, 0, 0]), (221, [0.2, 0.5, 0.5]), (221, [0.2] * 3),
        (221, [0, 0.2, 0.2]), (225, [0.1, 0, 0]), (225, [0.2] * 3), (227, [0.1] * 3), (227, [0.2, 1 / 8, 1 / 8]),
        (194, [0, 0, 0.1]), (194, [1 / 3, 2 / 3, 0.1]), (194, [0.1, 0.2, 0.25]), (136, [0, 0, 0.1]),
        (136, [0.3, 0.3, 0]), (136, [0.1, 0.2, 0]), (136, [0.1, 0.2, 0.3]),
    ],
)  # fmt: skip
def test_places_that_the_tables_leave_out_are_not_maximal(number, place):
    crystal = named(number)
    assert not wyckoff_position(crystal, place).is_maximal
    with pytest.raises(ValueError, match="part of a larger one"):
        elementary_band_representations(crystal, place)


@of_real_crystals
def test_a_maximal_site_group_is_that_of_no_place_among_many(material_id):
    """A twin: walk over the places that the site group fixes, in steps of 1/24 of the cell, and look for more."""
    crystal = crystal_symmetry(primitive_cell(structure_of(ROWS[material_id])))
    ops = crystal.operations
    rng = np.random.default_rng(3)
    for orbit in crystal.orbits[:3]:
        position = wyckoff_position(crystal, orbit)
        fixing = ops.lattice_rotations[position.site_group.operations].mean(axis=0)
        left, singular, _ = np.linalg.svd(fixing)
        free = int((singular > 1e-6).sum())
        if not free:
            assert position.is_maximal
            continue
        larger = larger_site_group(crystal, position, left[:, :free], rng)
        assert position.is_maximal == (not larger)


def larger_site_group(crystal, position, directions, rng):
    """Whether an operation outside the site group fixes a place of q + V: least squares over lattice vectors n."""
    ops = crystal.operations
    place = position.positions[0]
    steps = np.array(list(itertools.product(range(-4, 5), repeat=3)))
    for k in range(len(ops)):
        moves = (ops.lattice_rotations[k] - np.eye(3)) @ directions
        if np.abs(moves).max() < 1e-9:
            continue
        target = -((ops.lattice_rotations[k] - np.eye(3)) @ place + ops.translations[k] + steps)
        best = moves @ (np.linalg.pinv(moves) @ target.T)
        if (np.abs(best.T - target).max(axis=1) < 1e-5).any():
            return True
    return False


@pytest.mark.parametrize(
    ("name", "place", "maximal"),
    [("P4mm", [0, 0, 0.3], True), ("P4mm", [0.5, 0, 0.3], True), ("P4mm", [0.1, 0.2, 0.3], False),
     ("Pca2_1", [0.1, 0.2, 0.3], True), ("P321", [1 / 3, 2 / 3, 0.2], True), ("P321", [0, 0, 0.2], False),
     ("C222", [0.25, 0.25, 0.1], True), ("P1", [0.1, 0.2, 0.3], True)],
)  # fmt: skip
def test_maximal_places_may_be_free_to_move(name, place, maximal):
    """P321 2d and C222 4k are in Bilbao's tables; polar groups have no other maximal places."""
    lattice = {"P1": (7, 8, 9, 81, 95, 103), "P321": (7, 7, 9, 90, 90, 120), "P4mm": (7, 7, 9, 90, 90, 90)}
    cell = Lattice.from_parameters(*lattice.get(name, (7, 8, 9, 90, 90, 90)))
    generic = Structure.from_spacegroup(name, cell, ["Si", "P"], [[0.13, 0.29, 0.41], [0.21, 0.07, 0.17]])
    crystal = crystal_symmetry(generic)
    assert crystal.space_group_symbol == name
    assert wyckoff_position(crystal, place).is_maximal == maximal


# -- known bands, and what is refused -----------------------------------------------------------------------------


def test_orbitals_of_strontium_titanate():
    crystal = named(221)
    titanium = crystal.site_groups[0].group.rotations
    d = band_representation(crystal, 0, wigner_d_real(2, titanium))
    assert d.decompose("R") == d.decompose("Γ") == {"Eg": 1, "T2g": 1}
    oxygen = next(orbit for orbit in crystal.orbits if len(orbit.atoms) == 3)
    p = band_representation(crystal, oxygen, wigner_d_real(1, oxygen.site_group.group.rotations))
    assert p.decompose("Γ") == {"T1u": 2, "T2u": 1}
    # at R the p states of oxygen that point to titanium are A1g, Eg and T2u about titanium no more: even and odd mix
    assert p.dim == 9


def test_a_place_is_made_exact_and_an_atom_keeps_its_letter():
    crystal = named(194)
    rounded = wyckoff_position(crystal, [0.3333, 0.6667, 0.75])
    assert rounded.site_group.group.schoenflies == "D3h"
    np.testing.assert_allclose(rounded.positions[0], [1 / 3, 2 / 3, 0.75], atol=1e-9)
    assert (wyckoff_position(crystal, 0).wyckoff, rounded.wyckoff) == (crystal.wyckoff[0], "")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda c: little_group(c, "Y"), ValueError, "it has Γ, X, M, R"),
        (lambda c: little_group(c, [0.1, 0.2]), ValueError, "three numbers"),
        (lambda c: little_group(c, [0.5, 0.49999, 0]), ValueError, "in full"),
        (lambda c: little_group(c, "X", [0.1]), ValueError, "origin"),
        (lambda c: little_group(c, "X").decompose([1, 2]), ValueError, "one value for each of the 16"),
        (lambda c: little_group(c, "X").decompose(np.eye(16)[1]), ValueError, "not the character"),
        (lambda c: compatibility(c, "Γ", "X"), ValueError, "not on a line or plane"),
        (lambda c: compatibility(c, [0, 0.2, 0], [0, 0, 0.2]), ValueError, "not on a line or plane"),
        (lambda c: wyckoff_position(c, 5), ValueError, "numbered 0 to 4"),
        (lambda c: wyckoff_position(c, [0, np.nan, 0]), ValueError, "three fractional coordinates"),
        (lambda c: band_representation(c, 0, "B1"), UnknownIrrepError, "A1g"),
        (lambda c: band_representation(c, 0, np.ones((48, 2, 2))), ValueError, "not unitary"),
        (lambda c: band_representation(c, 0, np.eye(2)), ValueError, r"array \(48, N, N\)"),
        (lambda c: band_representation(c, 0, "A1g").matrix(48, "X"), ValueError, "numbered 0 to 47"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(named(221))


def test_a_place_between_two_is_refused():
    loose = crystal_symmetry(NAMED[221], symprec=0.3)
    with pytest.raises(CrystalSymmetryError, match="in full"):
        wyckoff_position(loose, [0.03, 0.03, 0.0])


# Bilbao's tables leave E of these site groups out: (place, irreps that are there).
EXCEPTIONS = {
    132: [([0, 0, 0.25], "A1 A2 B1 B2"), ([0.5, 0.5, 0.25], "A1 A2 B1 B2")],
    163: [([0, 0, 0.25], "A1 A2"), ([1 / 3, 2 / 3, 0.25], "A1 A2 E"), ([1 / 3, 2 / 3, 0.75], "A1 A2 E")],
    188: [([0, 0, 0], "A1 A2"), ([1 / 3, 2 / 3, 0], "A1 A2"), ([2 / 3, 1 / 3, 0], "A1 A2")],
    208: [([0.25] * 3, "A1 A2"), ([0.75] * 3, "A1 A2"), ([0, 0, 0], "A 1E 2E T")],
}
LATTICES = {
    132: (9, 9, 10, 90, 90, 90),
    163: (9, 9, 10, 90, 90, 120),
    188: (9, 9, 10, 90, 90, 120),
    208: (11,) * 3 + (90,) * 3,
}


@pytest.mark.parametrize("number", EXCEPTIONS)
def test_exceptions_among_maximal_site_groups(number):
    """They are those that the tables leave out, and each is a sum of two others at every special point."""
    generic = [[0.137, 0.291, 0.413], [0.211, 0.073, 0.167]]
    crystal = crystal_symmetry(
        Structure.from_spacegroup(number, Lattice.from_parameters(*LATTICES[number]), ["Si", "P"], generic)
    )
    assert crystal.space_group_number == number
    letters = list(special_points(crystal))
    grid = [
        *itertools.product((0, 0.25, 0.5), repeat=3),
        *[(a / 3, 2 * a / 3, z / 4) for a in (1, 2) for z in range(4)],
    ]
    others = []
    for place in grid:
        position = wyckoff_position(crystal, place)
        if position.is_maximal:
            others.extend(elementary_band_representations(crystal, position))
    for place, labels in EXCEPTIONS[number]:
        position = wyckoff_position(crystal, place)
        found = [bands.label for bands in elementary_band_representations(crystal, position)]
        assert found == labels.split()
        for label in set(position.site_group.group.irreps) - set(found):
            composite = band_representation(crystal, position, label)
            wanted = [Counter(composite.decompose(k)) for k in letters]
            halves = [[Counter(b.decompose(k)) for k in letters] for b in others]
            sums = [
                pair
                for pair in itertools.combinations(halves, 2)
                if all(a + b == total for a, b, total in zip(*pair, wanted, strict=True))
            ]
            assert sums
