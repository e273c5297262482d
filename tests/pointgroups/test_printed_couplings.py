"""Printed tables of coupling coefficients come out exactly, once the printed phase is turned by the library's rule.

**Where the numbers are from.** No page of a book of tables was at hand, and no copy of one was found. Searched were the
stored code, file names and web pages of the library's search tool, for Koster, Griffith, Sugano – Tanabe – Kamimura,
Butler, Altmann – Herzig, tables A20, 83, O 69.11, T 70.11. Programs there copy the *character* tables of Koster and of
Altmann and Herzig (IRVSP, f_electron, Quantum ESPRESSO: test_label_schemes.py); none copies their coupling
coefficients. What else has coefficients of O or T computes them (GTPack, exported by qdef; MultiPie; ParaGauss). So a
block below is from memory of the tables that its section names, or derived by hand; each section says which. The one
printed page is a slide of A. Heilman's talk with a part of T 70.11: its columns are marked as looked up.

**Numbers of tables.** Altmann and Herzig number the groups; n.4 has characters and n.11 Clebsch–Gordan coefficients, as
the slide's headline says. Thus O 69.11 and T 70.11 (the order of groups is in ParaGauss' gengrp), D3 23.11, D4 24.11,
D6 26.11, D3h 32.11, C3v 51.11, Td 73.11 (n.4 and its page are in IRVSP's pntgrp.f). Koster's table of characters is
81 (page 88) for O and Td, 74 (79) for T, 49 (55) for D3 and C3v, 33 (45) for D4, 65 (67) for D6 and D3h (the same
file). Oh begins with 87, so that 81 to 86 are those of O and Td; that 83 has the coefficients is from memory.

Each table is also held to be one unitary matrix over all its blocks, which does not ask the library. GTPack's
couplings, in its own bases, span what Dirl's formula gives there (tests/oracles/test_gtpack.py).
"""

import re

import numpy as np
import pytest
from printed_blocks import TERM, Row, block, columns, ids, orthonormal, ours, products, turned

from pointgroups import coupling, point_group
from pointgroups.finite.families import molecular_point_group

# O and Td ------------------------------------------------------------------------------------------------------------
# From memory: Koster, Dimmock, Wheeler, Statz (1963), table 83 (O and Td); J. S. Griffith, The Theory of
# Transition-Metal Ions (1961), table A20; Sugano, Tanabe, Kamimura, Multiplets of Transition-Metal Ions in Crystals
# (1970), appendix. Not seen: Altmann & Herzig, O 69.11 and Td 73.11. Real tetragonal partners: E u = 2z² − x² − y²,
# v = √3 (x² − y²); T1 α, β, γ as x, y, z (Td: as Rx, Ry, Rz); T2 ξ, η, ζ as yz, zx, xy (Td: as x, y, z). The three
# differ in signs of whole blocks.
CUBIC = {"A2": "a", "E": "uv", "T1": "αβγ", "T2": "ξηζ"}
O_TABLE: list[Row] = [
    ("A2", "E", "E", "1", ("-av", "au")),
    ("A2", "T1", "T2", "1", ("aα", "aβ", "aγ")),
    ("A2", "T2", "T1", "1", ("aξ", "aη", "aζ")),
    ("E", "E", "A1", "sqrt(2)/2", ("uu + vv",)),
    ("E", "E", "A2", "sqrt(2)/2", ("uv - vu",)),
    ("E", "E", "E", "sqrt(2)/2", ("-uu + vv", "uv + vu")),
    ("E", "T1", "T1", "1/2", ("-uα + √3 vα", "-uβ - √3 vβ", "2 uγ")),
    ("E", "T1", "T2", "1/2", ("-√3 uα - vα", "√3 uβ - vβ", "2 vγ")),
    ("E", "T2", "T1", "1/2", ("-√3 uξ - vξ", "√3 uη - vη", "2 vζ")),
    ("E", "T2", "T2", "1/2", ("-uξ + √3 vξ", "-uη - √3 vη", "2 uζ")),
    ("T1", "T1", "A1", "sqrt(3)/3", ("αα + ββ + γγ",)),
    ("T1", "T1", "E", "sqrt(6)/6", ("2 γγ - αα - ββ", "√3 αα - √3 ββ")),
    ("T1", "T1", "T1", "sqrt(2)/2", ("βγ - γβ", "γα - αγ", "αβ - βα")),
    ("T1", "T1", "T2", "sqrt(2)/2", ("βγ + γβ", "γα + αγ", "αβ + βα")),
    ("T1", "T2", "A2", "sqrt(3)/3", ("αξ + βη + γζ",)),
    ("T1", "T2", "E", "sqrt(6)/6", ("-√3 αξ + √3 βη", "2 γζ - αξ - βη")),
    ("T1", "T2", "T1", "sqrt(2)/2", ("βζ + γη", "γξ + αζ", "αη + βξ")),
    ("T1", "T2", "T2", "sqrt(2)/2", ("βζ - γη", "γξ - αζ", "αη - βξ")),
    ("T2", "T2", "A1", "sqrt(3)/3", ("ξξ + ηη + ζζ",)),
    ("T2", "T2", "E", "sqrt(6)/6", ("2 ζζ - ξξ - ηη", "√3 ξξ - √3 ηη")),
    ("T2", "T2", "T1", "sqrt(2)/2", ("ηζ - ζη", "ζξ - ξζ", "ξη - ηξ")),
    ("T2", "T2", "T2", "sqrt(2)/2", ("ηζ + ζη", "ζξ + ξζ", "ξη + ηξ")),
]


@pytest.mark.parametrize("row", O_TABLE, ids=ids)
@pytest.mark.parametrize("name", ["O", "Td"])
@pytest.mark.parametrize("field", ["C", "R", "double"])
def test_table_of_o_and_td(name, field, row):
    (found,) = ours(name, row, field)
    assert found.equals(turned(block(CUBIC, row)))


@pytest.mark.parametrize("row", O_TABLE, ids=ids)
@pytest.mark.parametrize("parities", ["gg", "gu", "ug", "uu"])
def test_table_of_oh_is_that_of_o_with_parities(parities, row):
    """g ⊗ g = u ⊗ u = g, g ⊗ u = u."""
    left, right = parities
    product = "g" if left == right else "u"
    (found,) = ours("Oh", (row[0] + left, row[1] + right, row[2] + product, *row[3:]), "R")
    assert found.equals(turned(block(CUBIC, row)))


@pytest.mark.parametrize("rows", products(O_TABLE).values(), ids=lambda rows: "x".join(rows[0][:2]))
def test_table_of_o_is_unitary(rows):
    matrix = columns(CUBIC, rows)
    assert matrix.shape[0] == matrix.shape[1]
    assert orthonormal(matrix)


@pytest.mark.parametrize("row", O_TABLE, ids=ids)
def test_transposed_products_of_o(row):
    """b ⊗ a is a ⊗ b with the two columns of the table exchanged."""
    a, b, *rest = row
    swapped = tuple(re.sub(TERM, lambda m: f"{m[1]} {m[2] or ''} {m[4]}{m[3]}", line) for line in row[4])
    there = (b, a, rest[0], rest[1], swapped)
    (found,) = ours("O", there, "C")
    assert found.equals(turned(block(CUBIC, there)))


# T -------------------------------------------------------------------------------------------------------------------
# ²e ⊗ t: looked up, Altmann & Herzig, Point-Group Theory Tables (1994), T 70.11, on the slide "T 70.11 Clebsch–Gordan
# coefficients (cont.)" of A. Heilman's talk: T 1, 2, 3 have 1, ω*, ω on the diagonal. The other blocks were derived by
# hand for the partners x, y, z of T. C3⁺[111] carries x to y, so xx + ω yy + ω* zz, which
# it multiplies by ω*, belongs to ²E, whose character is tested below. ω = e^{2πi/3}.
T_PARTNERS = {"1E": "p", "2E": "q", "T": "xyz"}
T_TABLE: list[Row] = [
    ("1E", "1E", "2E", "1", ("pp",)),
    ("1E", "2E", "A", "1", ("pq",)),
    ("2E", "2E", "1E", "1", ("qq",)),
    ("1E", "T", "T", "1", ("px", "ω py", "ω* pz")),
    ("2E", "T", "T", "1", ("qx", "ω* qy", "ω qz")),
    ("T", "T", "A", "sqrt(3)/3", ("xx + yy + zz",)),
    ("T", "T", "1E", "sqrt(3)/3", ("xx + ω* yy + ω zz",)),
    ("T", "T", "2E", "sqrt(3)/3", ("xx + ω yy + ω* zz",)),
]
T_TWICE: list[Row] = [
    ("T", "T", "T", "sqrt(2)/2", ("yz + zy", "zx + xz", "xy + yx")),
    ("T", "T", "T", "sqrt(2)/2", ("yz - zy", "zx - xz", "xy - yx")),
]


@pytest.mark.parametrize("row", T_TABLE, ids=ids)
@pytest.mark.parametrize("field", ["C", "double"])
def test_table_of_t(row, field):
    (found,) = ours("T", row, field)
    assert found.equals(turned(block(T_PARTNERS, row)))


def test_which_of_the_pair_is_which():
    """χ(C3⁺[111]) of ¹E, ²E, ¹F3/2, ²F3/2: ω, ω*, ω, ω* in T 70.4 (page 590), as IRVSP's pntgrp.f copies it."""
    group = point_group("T")
    c3 = group.elements.index("C3[111]+")
    assert np.array_equal(group.rotations[c3] @ [1, 0, 0], [0, 1, 0])
    omega = np.exp(2j * np.pi / 3)
    assert abs(group.irreps["2E"].characters[c3] - omega.conj()) < 1e-15
    assert abs(group.irreps["1E"].characters[c3] - omega) < 1e-15
    assert abs(group.double.irreps["2F3/2"].characters[c3] - omega.conj()) < 1e-15
    assert abs(group.double.irreps["1F3/2"].characters[c3] - omega) < 1e-15


@pytest.mark.parametrize("field", ["C", "R", "double"])
def test_both_copies_of_t_in_t_times_t(field):
    """The symmetric copy, then the antisymmetric one: all nine products of T ⊗ T; GTPack's export loses three."""
    found = ours("T", T_TWICE[0], field)
    assert len(found) == 2
    for copy, row in zip(found, T_TWICE, strict=True):
        assert copy.equals(turned(block(T_PARTNERS, row)))
    matrix = columns(T_PARTNERS, [row for row in T_TABLE if row[:2] == ("T", "T")] + T_TWICE)
    assert matrix.shape == (9, 9)
    assert orthonormal(matrix)


# D3, C3v, D4, D6 and D3h ---------------------------------------------------------------------------------------------
# From memory, real partners (x, y) as in the tables of molecular spectroscopy (E. B. Wilson, J. C. Decius, P. C. Cross
# (1955); Griffith (1961), appendix 2); products with A2, B1, B2 by hand. Not seen: Altmann & Herzig, D3 23.11, C3v
# 51.11, D4 24.11, D6 26.11, D3h 32.11. The axes decide the row of E ⊗ E → E: D3 has a two-fold axis along x, so
# x x − y y goes with x; C3v and D3h have a mirror normal to x, so x x − y y goes with y. D6: E2 = (p, q) as
# (x² − y², 2xy), B1 = b even and B2 = c odd under C2′ along x.
PLANAR = {"E": "xy", "E1": "xy", "E2": "pq", "E'": "xy", "E''": "st", "A2": "a", "B1": "b", "B2": "c"}
DIHEDRAL: dict[str, list[Row]] = {
    "D3": [
        ("A2", "E", "E", "1", ("-ay", "ax")),
        ("E", "E", "A1", "sqrt(2)/2", ("xx + yy",)),
        ("E", "E", "A2", "sqrt(2)/2", ("xy - yx",)),
        ("E", "E", "E", "sqrt(2)/2", ("xx - yy", "-xy - yx")),
    ],
    "C3v": [
        ("A2", "E", "E", "1", ("-ay", "ax")),
        ("E", "E", "A1", "sqrt(2)/2", ("xx + yy",)),
        ("E", "E", "A2", "sqrt(2)/2", ("xy - yx",)),
        ("E", "E", "E", "sqrt(2)/2", ("xy + yx", "xx - yy")),
    ],
    "D4": [
        ("A2", "E", "E", "1", ("-ay", "ax")),
        ("E", "E", "A1", "sqrt(2)/2", ("xx + yy",)),
        ("E", "E", "A2", "sqrt(2)/2", ("xy - yx",)),
        ("E", "E", "B1", "sqrt(2)/2", ("xx - yy",)),
        ("E", "E", "B2", "sqrt(2)/2", ("xy + yx",)),
    ],
    "D6": [
        ("A2", "E1", "E1", "1", ("-ay", "ax")),
        ("A2", "E2", "E2", "1", ("-aq", "ap")),
        ("B1", "E1", "E2", "1", ("bx", "-by")),
        ("B1", "E2", "E1", "1", ("bp", "-bq")),
        ("B2", "E1", "E2", "1", ("cy", "cx")),
        ("B2", "E2", "E1", "1", ("cq", "cp")),
        ("E1", "E1", "A1", "sqrt(2)/2", ("xx + yy",)),
        ("E1", "E1", "A2", "sqrt(2)/2", ("xy - yx",)),
        ("E1", "E1", "E2", "sqrt(2)/2", ("xx - yy", "xy + yx")),
        ("E1", "E2", "B1", "sqrt(2)/2", ("xp - yq",)),
        ("E1", "E2", "B2", "sqrt(2)/2", ("xq + yp",)),
        ("E1", "E2", "E1", "sqrt(2)/2", ("xp + yq", "xq - yp")),
        ("E2", "E2", "A1", "sqrt(2)/2", ("pp + qq",)),
        ("E2", "E2", "A2", "sqrt(2)/2", ("pq - qp",)),
        ("E2", "E2", "E2", "sqrt(2)/2", ("pp - qq", "-pq - qp")),
    ],
    "D3h": [
        ("E'", "E'", "A1'", "sqrt(2)/2", ("xx + yy",)),
        ("E'", "E'", "A2'", "sqrt(2)/2", ("xy - yx",)),
        ("E'", "E'", "E'", "sqrt(2)/2", ("xy + yx", "xx - yy")),
    ],
}
DIHEDRAL_ROWS = [pytest.param(name, row, id=f"{name}-{ids(row)}") for name, rows in DIHEDRAL.items() for row in rows]


@pytest.mark.parametrize(("name", "row"), DIHEDRAL_ROWS)
@pytest.mark.parametrize("field", ["C", "R", "double"])
def test_tables_of_dihedral_groups(name, row, field):
    (found,) = ours(name, row, field)
    assert found.equals(turned(block(PLANAR, row)))


@pytest.mark.parametrize("name", DIHEDRAL)
def test_tables_of_dihedral_groups_are_unitary(name):
    for rows in products(DIHEDRAL[name]).values():
        matrix = columns(PLANAR, rows)
        assert matrix.shape[0] == matrix.shape[1]
        assert orthonormal(matrix)


# Faults shown in peers (PEERS.md), as tests of ours -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["I", "Ih"])
def test_copies_of_icosahedral_couplings_are_orthonormal(name):
    """H ⊗ H holds G and H twice. MultiPie's coefficients are no isometry; cuequivariance's copies overlap by 0.4.

    On the 32 groups and their doubles test_coupling and test_double_couplings ask the same of every block.
    """
    group = molecular_point_group(name)
    every = list(group.irreps.values())
    for a, b in ((every[-1], every[-1]), (every[-1], every[-2])):
        columns = []
        for c in every:
            u = coupling(a, b, c)
            gram = np.einsum("mijk,nijl->mknl", u.conj(), u).reshape(len(u) * c.dim, len(u) * c.dim)
            assert np.abs(gram - np.eye(len(gram))).max(initial=0) < 1e-12, c
            columns.append(np.moveaxis(u, 0, 2).reshape(a.dim * b.dim, -1))
            if a is b:
                signs = [1] * group.symmetric_square(a).get(c.label, 0)
                signs += [-1] * group.antisymmetric_square(a).get(c.label, 0)
                assert len(signs) == len(u)
                for copy, sign in zip(u, signs, strict=True):
                    assert np.abs(copy.transpose(1, 0, 2) - sign * copy).max() < 1e-12, c
        assert np.concatenate(columns, axis=1).shape == (a.dim * b.dim, a.dim * b.dim)


@pytest.mark.parametrize(("name", "t"), [("O", "T1"), ("Td", "T1"), ("Td", "T2"), ("Oh", "T1u"), ("T", "T")])
def test_t_times_t_to_e_has_natural_axes(name, t):
    """xx, yy, zz only, with weights 0, 1/√2, 1/√6, 2/√6; a peer gives E in skew axes (0.2113, 0.7887)."""
    group = point_group(name)
    e = next(a for a in group.real_irreps.values() if a.label in ("E", "Eg"))
    u = coupling(group.real_irreps[t], group.real_irreps[t], e)
    diagonal = np.einsum("miik->mki", u)
    assert abs(np.sum(diagonal**2) - np.sum(u**2)) < 1e-15
    weights = {round(abs(float(x)) ** 2 * 6) for x in diagonal.ravel()}
    assert weights == {0, 1, 3, 4}
    if name != "T":  # there E is a complex pair over ℝ, and U·J is as good as U
        assert np.abs(diagonal[0, 0] - np.array([1, 1, -2]) / np.sqrt(6)).max() < 1e-15


def test_e_of_d3h_does_not_depend_on_the_order_of_elements():
    """The named basis decides the matrices; in a peer those of E of -6m2 change with the order of the operations."""
    d3h, c3v = point_group("D3h"), point_group("C3v")
    where = {rotation.tobytes(): g for g, rotation in enumerate(d3h.rotations)}
    for g, rotation in enumerate(c3v.rotations):
        assert np.array_equal(d3h.irreps["E'"].matrices[where[rotation.tobytes()]], c3v.irreps["E"].matrices[g])


def test_no_column_of_c3_is_lost():
    """A peer's real table of C3 merges C3⁺ and C3⁻; here are three irreps over three classes, and two over ℝ."""
    c3 = point_group("C3")
    assert c3.character_table.shape == (3, 3)
    assert list(c3.irreps) == ["A", "1E", "2E"]
    assert list(c3.real_irreps) == ["A", "E"]


def test_the_smallest_groups_couple():
    """C1 has one coefficient, 1; in C3 ¹E ⊗ ²E = A. Two peers fail on these groups."""
    (a,) = point_group("C1").irreps.values()
    assert np.array_equal(coupling(a, a, a), [[[[1.0]]]])
    c3 = point_group("C3").irreps
    assert coupling(c3["1E"], c3["2E"], c3["A"])[0, 0, 0, 0] == 1


def test_irreps_that_can_be_real_are_real():
    """A peer gives E of 4mm in complex form; ours couple with real coefficients, and every label is the book's (D2)."""
    for name in ("C4v", "D2d", "D3h", "Td", "Oh"):
        every = point_group(name).irreps.values()
        assert all(a.matrices.dtype == np.float64 for a in every), name
        assert all(coupling(a, b, c).dtype == np.float64 for a in every for b in every for c in every), name
    assert list(point_group("D2").irreps) == ["A", "B1", "B2", "B3"]
