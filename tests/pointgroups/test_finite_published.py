"""Groups made from generators beside published tables and counts, and the names of the molecular point groups."""

import math

import numpy as np
import pytest
import sympy
from finite_groups import AXIAL, GENERATORS, group, symmetric
from spgrep.rep.enumerate import enumerate_unitary_irreps_from_regular_representation
from thirty_two import GROUPS

from pointgroups import UnknownGroupError, point_group, spherical_harmonics
from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.group import FiniteGroup, finite_group
from pointgroups.tensors.young import cycle_type, partitions, symmetric_character

GOLDEN = (1 + 5**0.5) / 2
P, M = GOLDEN, 1 - GOLDEN  # −2cos 144° and −2cos 72°
ROOT2 = 2**0.5

# F. A. Cotton, Chemical Applications of Group Theory (3rd ed., 1990), appendix; columns in the order named there.
PUBLISHED = {
    "I": (
        ("E", "12C5", "12C5^2", "20C3", "15C2"),
        {"A": (1, 1, 1, 1, 1), "T1": (3, P, M, 0, -1), "T2": (3, M, P, 0, -1), "G": (4, -1, -1, 1, 0),
         "H": (5, 0, 0, -1, 1)},
    ),
    "Ih": (
        ("E", "12C5", "12C5^2", "20C3", "15C2", "i", "12S10", "12S10^3", "20S6", "15σ"),
        {"Ag": (1, 1, 1, 1, 1, 1, 1, 1, 1, 1), "T1g": (3, P, M, 0, -1, 3, M, P, 0, -1),
         "T2g": (3, M, P, 0, -1, 3, P, M, 0, -1), "Gg": (4, -1, -1, 1, 0, 4, -1, -1, 1, 0),
         "Hg": (5, 0, 0, -1, 1, 5, 0, 0, -1, 1), "Au": (1, 1, 1, 1, 1, -1, -1, -1, -1, -1),
         "T1u": (3, P, M, 0, -1, -3, -M, -P, 0, 1), "T2u": (3, M, P, 0, -1, -3, -P, -M, 0, 1),
         "Gu": (4, -1, -1, 1, 0, -4, 1, 1, -1, 0), "Hu": (5, 0, 0, -1, 1, -5, 0, 0, 1, -1)},
    ),
    "D5h": (
        ("E", "2C5", "2C5^2", "5C2'", "σh", "2S5", "2S5^3", "5σv"),
        {"A1'": (1, 1, 1, 1, 1, 1, 1, 1), "A2'": (1, 1, 1, -1, 1, 1, 1, -1),
         "E1'": (2, -M, -P, 0, 2, -M, -P, 0), "E2'": (2, -P, -M, 0, 2, -P, -M, 0),
         "A1''": (1, 1, 1, 1, -1, -1, -1, -1), "A2''": (1, 1, 1, -1, -1, -1, -1, 1),
         "E1''": (2, -M, -P, 0, -2, M, P, 0), "E2''": (2, -P, -M, 0, -2, P, M, 0)},
    ),
    "D5d": (
        ("E", "2C5", "2C5^2", "5C2'", "i", "2S10^3", "2S10", "5σd"),
        {"A1g": (1, 1, 1, 1, 1, 1, 1, 1), "A2g": (1, 1, 1, -1, 1, 1, 1, -1),
         "E1g": (2, -M, -P, 0, 2, -M, -P, 0), "E2g": (2, -P, -M, 0, 2, -P, -M, 0),
         "A1u": (1, 1, 1, 1, -1, -1, -1, -1), "A2u": (1, 1, 1, -1, -1, -1, -1, 1),
         "E1u": (2, -M, -P, 0, -2, M, P, 0), "E2u": (2, -P, -M, 0, -2, P, M, 0)},
    ),
    "D4d": (
        ("E", "2S8", "2C4", "2S8^3", "C2", "4C2'", "4σd"),
        {"A1": (1, 1, 1, 1, 1, 1, 1), "A2": (1, 1, 1, 1, 1, -1, -1), "B1": (1, -1, 1, -1, 1, 1, -1),
         "B2": (1, -1, 1, -1, 1, -1, 1), "E1": (2, ROOT2, 0, -ROOT2, -2, 0, 0), "E2": (2, 0, -2, 0, 2, 0, 0),
         "E3": (2, -ROOT2, 0, ROOT2, -2, 0, 0)},
    ),
    "D6d": (
        ("E", "2S12", "2C6", "2S4", "2C3", "2S12^5", "C2", "6C2'", "6σd"),
        {"A1": (1, 1, 1, 1, 1, 1, 1, 1, 1), "A2": (1, 1, 1, 1, 1, 1, 1, -1, -1),
         "B1": (1, -1, 1, -1, 1, -1, 1, 1, -1), "B2": (1, -1, 1, -1, 1, -1, 1, -1, 1),
         "E1": (2, 3**0.5, 1, 0, -1, -(3**0.5), -2, 0, 0), "E2": (2, 1, -1, -2, -1, 1, 2, 0, 0),
         "E3": (2, 0, -2, 0, 2, 0, -2, 0, 0), "E4": (2, -1, -1, 2, -1, -1, 2, 0, 0),
         "E5": (2, -(3**0.5), 1, 0, -1, 3**0.5, -2, 0, 0)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_character_tables_are_the_published_ones(name):
    columns, rows = PUBLISHED[name]
    G = group(name)
    labels = [c.label for c in G.classes]
    assert sorted(labels) == sorted(columns)
    assert list(G.irreps) == list(rows)
    table = G.character_table[:, [labels.index(c) for c in columns]]
    assert np.abs(table - np.array(list(rows.values()))).max() < 1e-15 * 4


def test_classes_of_cyclic_groups_are_named_by_powers():
    assert [c.label for c in group("C5h").classes] == [
        "E", "C5+", "C5^2+", "C5^2-", "C5-", "σh", "S5+", "S5^3-", "S5^3+", "S5-",
    ]  # fmt: skip
    assert {c.label for c in group("S8").classes} == {"E", "S8+", "C4+", "S8^3+", "C2", "S8^3-", "C4-", "S8-"}


@pytest.mark.parametrize(
    ("name", "vector", "rotations"),
    [
        ("D5h", {"E1'": 1, "A2''": 1}, {"A2'": 1, "E1''": 1}),
        ("D4d", {"B2": 1, "E1": 1}, {"A2": 1, "E3": 1}),
        ("D6d", {"B2": 1, "E1": 1}, {"A2": 1, "E5": 1}),
        ("D5d", {"A2u": 1, "E1u": 1}, {"A2g": 1, "E1g": 1}),
        ("C5v", {"A1": 1, "E1": 1}, {"A2": 1, "E1": 1}),
        ("C5h", {"E1'": 1, "A''": 1}, {"A'": 1, "E1''": 1}),
        ("S8", {"B": 1, "E1": 1}, {"A": 1, "E3": 1}),
        ("D8h", {"A2u": 1, "E1u": 1}, {"A2g": 1, "E1g": 1}),
        ("Ih", {"T1u": 1}, {"T1g": 1}),
    ],
)
def test_translations_and_rotations(name, vector, rotations):
    """The right-hand columns of the published tables."""
    assert group(name).subduce(1) == vector
    assert group(name).subduce(1, parity=1) == rotations


def test_icosahedral_products():
    """The table of direct products of I, as in Altmann and Herzig."""
    published = {
        ("T1", "T1"): "A T1 H", ("T1", "T2"): "G H", ("T1", "G"): "T2 G H", ("T1", "H"): "T1 T2 G H",
        ("T2", "T2"): "A T2 H", ("T2", "G"): "T1 G H", ("T2", "H"): "T1 T2 G H",
        ("G", "G"): "A T1 T2 G H", ("G", "H"): "T1 T2 G H H", ("H", "H"): "A T1 T2 G G H H",
    }  # fmt: skip
    I = group("I")
    for (a, b), parts in published.items():
        assert I.tensor_product(a, b) == {c: parts.split().count(c) for c in I.irreps if c in parts.split()}


def test_splitting_of_multiplets_in_the_icosahedron():
    I = group("Ih")
    assert [I.subduce(l) for l in range(2, 6)] == [
        {"Hg": 1}, {"T2u": 1, "Gu": 1}, {"Gg": 1, "Hg": 1}, {"T1u": 1, "T2u": 1, "Hu": 1},
    ]  # fmt: skip


def test_invariants_of_the_icosahedral_groups():
    """Molien: (1 + t¹⁵)/((1 − t⁶)(1 − t¹⁰)) counts the invariant harmonics of I; without t¹⁵ those of Ih."""
    counts = [sum((l - 6 * a) % 10 == 0 for a in range(l // 6 + 1)) for l in range(31)]
    shifted = [counts[l] + (counts[l - 15] if l >= 15 else 0) for l in range(31)]
    assert [l for l in range(13) if counts[l]] == [0, 6, 10, 12]
    assert [group("Ih").subduce(l).get("Ag", 0) for l in range(31)] == counts
    assert [group("I").subduce(l).get("A", 0) for l in range(31)] == shifted


@pytest.mark.parametrize("degree", [6, 10, 12])
def test_invariant_harmonics_are_invariant(degree):
    """They agree on all images of a random point; degree 6 is the product over the six five-fold axes."""
    G = group("Ih")
    invariant = G.harmonics(degree).blocks[("Ag", 1)][0]
    values = spherical_harmonics(degree, G.rotations @ [0.3, -0.5, 0.8]) @ invariant
    assert np.abs(values - values[0]).max() < 1e-13
    if degree == 6:  # (φ²z² − y²)(φ²x² − z²)(φ²y² − x²), less a constant on the sphere
        x = np.random.default_rng(0).normal(size=(40, 3))
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        squares = x**2
        product = np.prod(GOLDEN**2 * squares - np.roll(squares, 1, axis=1), axis=1)
        fit = np.linalg.lstsq(
            np.stack([product, np.ones(40)], axis=1), spherical_harmonics(6, x) @ invariant, rcond=None
        )
        assert fit[1].max() < 1e-24


def test_fullerene_modes():
    """C60: 2Ag + 3T1g + 4T2g + 6Gg + 8Hg + Au + 4T1u + 5T2u + 6Gu + 7Hu (Dresselhaus, 1996)."""
    G = group("Ih")
    even = [(0, 1, 3 * GOLDEN), (1, 2 + GOLDEN, 2 * GOLDEN), (GOLDEN, 2, 2 * GOLDEN + 1)]
    signs = np.array(np.meshgrid([1, -1], [1, -1], [1, -1])).reshape(3, 8).T
    corners = np.concatenate([np.roll(signs * np.array(v), k, axis=1) for v in even for k in range(3)])
    corners = np.unique(corners.round(9), axis=0)
    assert len(corners) == 60
    fixed = (np.abs(corners @ G.rotations.swapaxes(1, 2) - corners).max(axis=2) < 1e-6).sum(axis=1)
    modes = G.decompose_character(fixed * np.trace(G.rotations, axis1=1, axis2=2))
    for label in ("T1u", "T1g"):
        modes[label] -= 1
    assert modes == {
        "Ag": 2, "T1g": 3, "T2g": 4, "Gg": 6, "Hg": 8, "Au": 1, "T1u": 4, "T2u": 5, "Gu": 6, "Hu": 7,
    }  # fmt: skip


def test_icosahedral_group_holds_the_tetrahedral_one():
    ours, theirs = group("I").rotations, point_group("T").rotations
    assert np.abs(ours[:, None] - theirs).max(axis=(2, 3)).min(axis=0).max() < 1e-15
    h = group("I").irreps["H"]
    places = np.abs(ours[:, None] - theirs).max(axis=(2, 3)).argmin(axis=0)
    assert point_group("T").decompose_character(h.characters[places], "R") == {"E": 1, "T": 1}


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_symmetric_groups_agree_with_murnaghan_and_nakayama(n):
    G = finite_group(symmetric(n))
    types = [cycle_type(tuple(G.permutations[c.indices[0]].tolist())) for c in G.classes]
    expected = {tuple(symmetric_character(shape, t) for t in types) for shape in partitions(n)}
    assert {tuple(row) for row in G.character_table.tolist()} == expected
    assert all(a.type == "real" for a in G.irreps.values())


def test_symmetric_groups_have_their_published_characters():
    """S4 and S5 by cycle type (G. James and A. Kerber, The Representation Theory of the Symmetric Group)."""
    s4 = finite_group(GENERATORS["S4"])
    rows = {tuple(row) for row in s4.character_table.round(12).tolist()}  # E, 3 (2²), 6 (2), 8 (3), 6 (4)
    assert rows == {(1, 1, 1, 1, 1), (1, 1, -1, 1, -1), (2, 2, 0, -1, 0), (3, -1, 1, 0, -1), (3, -1, -1, 0, 1)}
    s5 = finite_group(GENERATORS["S5"])
    assert [c.label for c in s5.classes] == ["E", "10C2a", "15C2b", "20C3", "30C4", "24C5", "20C6"]
    rows = {tuple(row) for row in s5.character_table.round(12).tolist()}
    assert rows == {
        (1, 1, 1, 1, 1, 1, 1), (1, -1, 1, 1, -1, 1, -1), (4, 2, 0, 1, 0, -1, -1), (4, -2, 0, 1, 0, -1, 1),
        (5, 1, 1, -1, -1, 0, 1), (5, -1, 1, -1, 1, 0, -1), (6, 0, -2, 0, 0, 1, 0),
    }  # fmt: skip


def test_types_of_irreps():
    """Quaternions: one of quaternionic type; Heisenberg's group: two of dimension 3, conjugate to each other."""
    types = [(a.dim, a.type) for a in group("Q8").irreps.values()]
    assert types == [(1, "real")] * 4 + [(2, "quaternionic")]
    types = [(a.dim, a.type) for a in group("2T").irreps.values()]
    expected = [(1, "real"), (1, "complex"), (1, "complex"), (2, "quaternionic"), (2, "complex"), (2, "complex")]
    assert sorted(types) == sorted([*expected, (3, "real")])
    types = [(a.dim, a.type) for a in group("Heisenberg 27").irreps.values()]
    assert types == [(1, "real")] + [(1, "complex")] * 8 + [(3, "complex")] * 2
    assert group("Q8").real_irreps["Γ5Γ5"].commuting == 4


def test_order_of_irreps_without_geometry():
    """C6 as permutations: real before complex, of a pair the one with the negative imaginary part first."""
    C6 = finite_group([[1, 2, 3, 4, 5, 0]])
    assert [c.label for c in C6.classes] == ["E", "C2", "C3a", "C3b", "C6a", "C6b"]
    assert [a.type for a in C6.irreps.values()] == ["real"] * 2 + ["complex"] * 4
    assert list(C6.real_irreps) == ["Γ1", "Γ2", "Γ3Γ4", "Γ5Γ6"]
    first, second = (C6.irreps[label].class_characters for label in ("Γ3", "Γ4"))
    assert np.array_equal(first, second.conj())
    assert first[np.flatnonzero(first.imag)[0]].imag < 0


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", AXIAL)
def test_axial_groups_have_their_names_and_orders(name):
    G = molecular_point_group(name)
    assert isinstance(G, FiniteGroup)
    kind, n, suffix = name[0], int(name[1:].rstrip("vhd")), name.lstrip("CDS0123456789")
    assert G.order == n * {"C": 1, "S": 1, "D": 2}[kind] * (2 if suffix else 1)
    assert molecular_point_group(name) is G
    assert np.array_equal(G.frame, np.eye(3))
    if kind == "D":
        assert "C2[100]" in G.elements
    if suffix == "v":
        assert "σ[010]" in G.elements


@pytest.mark.parametrize("name", GROUPS)
def test_crystallographic_names_give_the_exact_groups(name):
    assert molecular_point_group(name) is point_group(name)


def test_other_spellings():
    assert molecular_point_group("S6") is point_group("-3")
    assert molecular_point_group("S5") is molecular_point_group("C5h")
    assert molecular_point_group("C5i") is molecular_point_group("S10")
    assert molecular_point_group("D_{5h}") is molecular_point_group("d5h")
    assert molecular_point_group("I_h").order == 120


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("D∞h", "not a finite group"),
        ("Kh", "not a finite group"),
        ("D5x", "not the Schoenflies symbol"),
        ("S7v", "not the Schoenflies symbol"),
        ("D0h", "not the Schoenflies symbol"),
        ("m-3m", "not the Schoenflies symbol"),
        ("C5000", "order 5000"),
        (5, "Schoenflies symbol, not by 5"),
    ],
)
def test_other_names_are_refused(name, message):
    with pytest.raises(UnknownGroupError, match=message):
        molecular_point_group(name)


@pytest.mark.parametrize("name", ["D5h", "Ih", "S8", "I", "C7"])
def test_point_group_says_who_makes_the_others(name):
    with pytest.raises(UnknownGroupError, match="molecular_point_group"):
        point_group(name)


@pytest.mark.parametrize(
    "name", ["I", "Ih", "D5h", "D4d", "C7", "S12", "S4", "Q8", "Frobenius 21", "Heisenberg 27", "2T"]
)
def test_closed_forms_are_the_characters(name):
    for a in (*group(name).irreps.values(), *group(name).real_irreps.values()):
        closed = np.array([complex(value) for value in a.exact_characters])
        assert np.abs(closed - a.class_characters).max() < 1e-14
        whole = np.abs(a.class_characters - a.class_characters.real.round()) < 1e-12
        assert [value.is_Integer for value in a.exact_characters] == whole.tolist()


def test_closed_forms_of_the_pentagon():
    golden = (1 + sympy.sqrt(5)) / 2
    t1, t2 = (group("I").irreps[label].exact_characters for label in ("T1", "T2"))
    assert [sympy.simplify(x) for x in np.array(t1) - np.array((3, golden, 1 - golden, 0, -1))] == [0] * 5
    assert [sympy.simplify(x) for x in np.array(t2) - np.array((3, 1 - golden, golden, 0, -1))] == [0] * 5
    assert group("D4d").irreps["E1"].exact_characters[:4] == (2, -sympy.sqrt(2), 0, sympy.sqrt(2))


@pytest.mark.parametrize("name", ["I", "D5h", "D7d", "S4", "S5", "Q8", "2T", "Heisenberg 27", "Frobenius 21"])
def test_characters_are_those_of_spgrep(name):
    """A second source: spgrep splits the regular representation by a random matrix."""
    G = group(name)
    regular = np.zeros((G.order, G.order, G.order), dtype=complex)
    g, h = np.indices((G.order, G.order))
    regular[g, G.product, h] = 1
    theirs = np.array(
        [np.trace(m, axis1=1, axis2=2) for m in enumerate_unitary_irreps_from_regular_representation(regular)]
    )
    ours = np.array([a.characters for a in G.irreps.values()])
    overlaps = np.abs(ours.conj() @ theirs.T) / G.order
    assert np.abs(overlaps.sum(axis=0) - 1).max() < 1e-9
    assert np.abs(overlaps.max(axis=1) - 1).max() < 1e-9


def test_golden_ratio_is_exact_to_rounding():
    assert group("I").irreps["T1"].class_characters[1] == pytest.approx(math.fsum([1, 5**0.5]) / 2, abs=3e-16)
    assert group("I").irreps["H"].class_characters.tolist() == [5, 0, 0, -1, 1]
