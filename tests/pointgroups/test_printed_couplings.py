"""Printed tables of coupling coefficients come out exactly, once the printed phase is turned by the library's rule.

Phase rule (docs/conventions.md): the first non-zero coefficient of the first component, in (i, j) order, is positive.
Each printed block is multiplied by the unit factor that makes it so; nothing else is adapted.

The coefficients were typed from memory of the tables that each section names; no printed page was at hand, and neither
they nor the tables' numbers were looked up again. Each table is also held to be one unitary matrix over all its blocks,
which does not ask the library. What stands for a table without being one (SymPy's Clebsch–Gordan coefficients,
restricted) is said to be so.
"""

import re
from collections.abc import Iterable

import numpy as np
import pytest
import sympy
from cyclotomic import Exact, exact
from sympy.physics.quantum.cg import CG

from pointgroups import coupling, point_group
from pointgroups.finite.families import molecular_point_group

Row = tuple[str, str, str, str, tuple[str, ...]]
"""a, b, c, the common factor, and one line a component of c, such as "-uα + √3 vα"."""

TERM = re.compile(r"([+-]?)\s*(i√3|√3|2|i|ω\*|ω)?\s*([^\W\d_]|[↑↓⇑⇓])([^\W\d_]|[↑↓⇑⇓])")
WEIGHTS = {
    "": "1",
    "2": "2",
    "√3": "sqrt(3)",
    "i": "I",
    "i√3": "sqrt(3)*I",
    "ω": "-1/2 + sqrt(3)*I/2",
    "ω*": "-1/2 - sqrt(3)*I/2",
}


def block(components: dict[str, str], row: Row) -> Exact:
    """The printed coefficients (d_a, d_b, d_c), exact; ``components`` gives the letters of the partners of an irrep."""
    a, b, _, factor, lines = row
    first, second = components[a], components[b]
    numbers = np.full((len(first), len(second), len(lines)), "0", dtype=object)
    for k, line in enumerate(lines):
        assert TERM.sub("", line).strip() == "", line
        for sign, weight, i, j in TERM.findall(line):
            numbers[first.index(i), second.index(j), k] = f"{sign}({WEIGHTS[weight]})*({factor})"
    return exact(numbers)


def turned(printed: Exact) -> Exact:
    """Times the unit factor ±1, ±i, ω, … that makes the first non-zero coefficient of component 0 positive."""
    column = printed.reshape(printed.shape[0] * printed.shape[1], printed.shape[2])[:, 0]
    first = column[int(np.flatnonzero(column.nonzero())[0])]
    size = (first * first.conj()).fraction()
    root = sympy.sqrt(sympy.Rational(size.numerator, size.denominator))
    return printed * (first.conj() * exact(1 / root))


def unitary(components: dict[str, str], rows: Iterable[Row]) -> bool:
    """Whether the blocks of one product are, side by side, a unitary matrix."""
    blocks = [block(components, row).values() for row in rows]
    matrix = np.concatenate([u.reshape(-1, u.shape[-1]) for u in blocks], axis=1)
    return bool(np.abs(matrix.conj().T @ matrix - np.eye(len(matrix))).max() < 1e-14)


def ours(name: str, row: Row, field: str) -> list[Exact]:
    """The library's copies of one block."""
    group = point_group(name)
    every = {"C": group.irreps, "R": group.real_irreps}.get(field, group.double.irreps)
    u = exact(coupling(*(every[label] for label in row[:3]), exact=True))
    return [u[copy] for copy in range(u.shape[0])]


def products(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault(row[:2], []).append(row)
    return found


def ids(row: Row) -> str:
    return f"{row[0]}x{row[1]}-{row[2]}"


# O and Td ------------------------------------------------------------------------------------------------------------
# Koster, Dimmock, Wheeler, Statz (1963), table 83 (O and Td); Griffith, The Theory of Transition-Metal Ions (1961),
# table A20; Sugano, Tanabe, Kamimura, Multiplets of Transition-Metal Ions in Crystals (1970), appendix. Real tetragonal
# partners: E u = 2z² − x² − y², v = √3 (x² − y²); T1 α, β, γ as x, y, z (Td: as Rx, Ry, Rz); T2 ξ, η, ζ as yz, zx, xy
# (Td: as x, y, z). The three differ in signs of whole blocks.
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
    assert unitary(CUBIC, rows)


@pytest.mark.parametrize("row", O_TABLE, ids=ids)
def test_transposed_products_of_o(row):
    """b ⊗ a is a ⊗ b with the two columns of the table exchanged."""
    a, b, *rest = row
    swapped = tuple(re.sub(TERM, lambda m: f"{m[1]} {m[2] or ''} {m[4]}{m[3]}", line) for line in row[4])
    there = (b, a, rest[0], rest[1], swapped)
    (found,) = ours("O", there, "C")
    assert found.equals(turned(block(CUBIC, there)))


# T -------------------------------------------------------------------------------------------------------------------
# Altmann & Herzig, Point-Group Theory Tables (1994), T 70.11. Only ²e ⊗ t is in a source at hand (tests/slides); the
# other blocks were derived by hand for the partners x, y, z of T. C3⁺[111] carries x to y, so xx + ω yy + ω* zz, which
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
    """χ(C3⁺[111]) of ¹E and ²E; ²E must be the ω* of the comment above."""
    group = point_group("T")
    c3 = group.elements.index("C3[111]+")
    assert np.array_equal(group.rotations[c3] @ [1, 0, 0], [0, 1, 0])
    omega = np.exp(2j * np.pi / 3)
    assert abs(group.irreps["2E"].characters[c3] - omega.conj()) < 1e-15
    assert abs(group.irreps["1E"].characters[c3] - omega) < 1e-15


@pytest.mark.parametrize("field", ["C", "R", "double"])
def test_both_copies_of_t_in_t_times_t(field):
    """The symmetric copy, then the antisymmetric one: all nine products of T ⊗ T; GTPack's export loses three."""
    found = ours("T", T_TWICE[0], field)
    assert len(found) == 2
    for copy, row in zip(found, T_TWICE, strict=True):
        assert copy.equals(turned(block(T_PARTNERS, row)))
    assert unitary(T_PARTNERS, [row for row in T_TABLE if row[:2] == ("T", "T")] + T_TWICE)


# D3, C3v, D4, D6 and D3h ---------------------------------------------------------------------------------------------
# Real partners (x, y) as in the tables of molecular spectroscopy (E. B. Wilson, J. C. Decius, P. C. Cross (1955);
# Griffith (1961), appendix 2). The axes decide the row of E ⊗ E → E: D3 has a two-fold axis along x, so x x − y y goes
# with x; C3v and D3h have a mirror normal to x, so x x − y y goes with y. D6: E2 = (p, q) as (x² − y², 2xy).
PLANAR = {"E": "xy", "E1": "xy", "E2": "pq", "E'": "xy", "E''": "st", "A2": "a"}
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
        assert unitary(PLANAR, rows)


# Double groups -------------------------------------------------------------------------------------------------------
# Koster et al., table 83, and those of D3, D4, D6; what was not remembered was derived by hand from Γ7 = Γ2 ⊗ Γ6 and
# the coefficients of SU(2): a check by a second hand, not by the book. Partners: Γ6 of O (E1/2) ↑, ↓ as |½ ±½⟩, Γ7
# (E5/2) ⇑, ⇓; Γ8 (F3/2) k, l, m, n as |3/2 3/2⟩ … |3/2 −3/2⟩; E3/2 of D4, D6 K, L as |3/2 ±3/2⟩; Koster's S_x, S_y,
# S_z of Γ4 x, y, z.
SPINORS = {
    "E1/2": "↑↓", "E5/2": "⇑⇓", "F3/2": "klmn", "E3/2": "KL", "A2": "a", "E": "uv", "E1": "xy", "T1": "xyz",
    "T2": "ξηζ",
}  # fmt: skip
PLANE_SPINORS = {**SPINORS, "E": "xy"}
O_DOUBLE: list[Row] = [
    ("A2", "E1/2", "E5/2", "1", ("a↑", "a↓")),
    ("A2", "E5/2", "E1/2", "1", ("a⇑", "a⇓")),
    ("A2", "F3/2", "F3/2", "1", ("am", "-an", "-ak", "al")),
    ("E", "E1/2", "F3/2", "1", ("v↓", "-u↑", "u↓", "-v↑")),
    ("E", "E5/2", "F3/2", "1", ("u⇓", "v⇑", "-v⇓", "-u⇑")),
    ("T1", "E1/2", "E1/2", "sqrt(3)/3", ("z↑ + x↓ + i y↓", "x↑ - i y↑ - z↓")),
    ("T1", "E1/2", "F3/2", "sqrt(6)/6", ("-√3 x↑ - i√3 y↑", "2 z↑ - x↓ - i y↓", "x↑ - i y↑ + 2 z↓", "√3 x↓ - i√3 y↓")),
    ("E1/2", "E1/2", "A1", "sqrt(2)/2", ("↑↓ - ↓↑",)),
    ("E1/2", "E1/2", "T1", "sqrt(2)/2", ("-↑↑ + ↓↓", "i↑↑ + i↓↓", "↑↓ + ↓↑")),
    ("E1/2", "E5/2", "A2", "sqrt(2)/2", ("↑⇓ - ↓⇑",)),
    ("E1/2", "E5/2", "T2", "sqrt(2)/2", ("-↑⇑ + ↓⇓", "i↑⇑ + i↓⇓", "↑⇓ + ↓⇑")),
    ("E5/2", "E5/2", "A1", "sqrt(2)/2", ("⇑⇓ - ⇓⇑",)),
    ("E5/2", "E5/2", "T1", "sqrt(2)/2", ("-⇑⇑ + ⇓⇓", "i⇑⇑ + i⇓⇓", "⇑⇓ + ⇓⇑")),
    ("F3/2", "F3/2", "A1", "1/2", ("kn - lm + ml - nk",)),
    ("F3/2", "F3/2", "A2", "1/2", ("kl + lk - mn - nm",)),
]
PLANE_DOUBLE: dict[str, list[Row]] = {
    "D3": [
        ("E1/2", "E1/2", "A1", "sqrt(2)/2", ("↑↓ - ↓↑",)),
        ("E1/2", "E1/2", "A2", "sqrt(2)/2", ("↑↓ + ↓↑",)),
        ("E1/2", "E1/2", "E", "sqrt(2)/2", ("-↑↑ + ↓↓", "i↑↑ + i↓↓")),
        ("A2", "E1/2", "E1/2", "1", ("a↑", "-a↓")),
    ],
    "D4": [
        ("E1/2", "E1/2", "A1", "sqrt(2)/2", ("↑↓ - ↓↑",)),
        ("E1/2", "E1/2", "A2", "sqrt(2)/2", ("↑↓ + ↓↑",)),
        ("E1/2", "E1/2", "E", "sqrt(2)/2", ("-↑↑ + ↓↓", "i↑↑ + i↓↓")),
        ("E3/2", "E3/2", "A1", "sqrt(2)/2", ("KL - LK",)),
        ("E3/2", "E3/2", "A2", "sqrt(2)/2", ("KL + LK",)),
        ("E3/2", "E3/2", "E", "sqrt(2)/2", ("KK - LL", "i KK + i LL")),
    ],
    "D6": [
        ("E1/2", "E1/2", "A1", "sqrt(2)/2", ("↑↓ - ↓↑",)),
        ("E1/2", "E1/2", "A2", "sqrt(2)/2", ("↑↓ + ↓↑",)),
        ("E1/2", "E1/2", "E1", "sqrt(2)/2", ("-↑↑ + ↓↓", "i↑↑ + i↓↓")),
        ("E3/2", "E3/2", "A1", "sqrt(2)/2", ("KL - LK",)),
        ("E3/2", "E3/2", "A2", "sqrt(2)/2", ("KL + LK",)),
        ("E3/2", "E3/2", "B1", "sqrt(2)/2", ("KK - LL",)),
        ("E3/2", "E3/2", "B2", "sqrt(2)/2", ("KK + LL",)),
    ],
}
PLANE_ROWS = [pytest.param(name, row, id=f"{name}-{ids(row)}") for name, rows in PLANE_DOUBLE.items() for row in rows]


@pytest.mark.parametrize("row", O_DOUBLE, ids=ids)
@pytest.mark.parametrize("name", ["O", "Td"])
def test_table_of_the_double_group_of_o(name, row):
    (found,) = ours(name, row, "double")
    assert found.equals(turned(block(SPINORS, row)))


@pytest.mark.parametrize(("name", "row"), PLANE_ROWS)
def test_tables_of_dihedral_double_groups(name, row):
    (found,) = ours(name, row, "double")
    assert found.equals(turned(block(PLANE_SPINORS, row)))


def test_tables_of_double_groups_are_unitary():
    """Each product whose blocks are all there; of Γ8 ⊗ Γ8 and the products with Γ8 that are not, the isometry."""
    for components, tables in ((SPINORS, [O_DOUBLE]), (PLANE_SPINORS, PLANE_DOUBLE.values())):
        for rows in (rows for table in tables for rows in products(table).values()):
            blocks = [block(components, row).values() for row in rows]
            matrix = np.concatenate([u.reshape(-1, u.shape[-1]) for u in blocks], axis=1)
            assert np.abs(matrix.conj().T @ matrix - np.eye(matrix.shape[1])).max() < 1e-14, rows[0][:2]


# No printed table: coefficients of SU(2) between multiplets |j m⟩ in which the irreps of O lie, cut down to them. Where
# c occurs once in a ⊗ b they are the coupling up to a factor, and they reach √5 and E5/2. j and the combinations, from
# m = j down; E5/2 as the library's table of bases states it.
S, I2 = np.sqrt(0.5), 1j * np.sqrt(0.5)
MULTIPLETS: dict[str, tuple[sympy.Rational, list[list[complex]]]] = {
    "A2": (sympy.Integer(3), [[0, -I2, 0, 0, 0, I2, 0]]),
    "E": (sympy.Integer(2), [[0, 0, 1, 0, 0], [S, 0, 0, 0, S]]),
    "T1": (sympy.Integer(1), [[-S, 0, S], [I2, 0, I2], [0, 1, 0]]),
    "T2": (sympy.Integer(2), [[0, I2, 0, I2, 0], [0, -S, 0, S, 0], [-I2, 0, 0, 0, I2]]),
    "E1/2": (sympy.Rational(1, 2), [[1, 0], [0, 1]]),
    "F3/2": (sympy.Rational(3, 2), np.eye(4).tolist()),
    "E5/2": (
        sympy.Rational(5, 2),
        [[6**-0.5, 0, 0, 0, -((5 / 6) ** 0.5), 0], [0, -((5 / 6) ** 0.5), 0, 0, 0, 6**-0.5]],
    ),
}


def restricted(a: str, b: str, c: str) -> np.ndarray:
    """⟨j_a m_a j_b m_b | j_c m_c⟩ between the partners of a, b and c, (d_a, d_b, d_c); zero where j forbids it."""
    (j_a, x), (j_b, y), (j_c, z) = (MULTIPLETS[label] for label in (a, b, c))
    table = np.array(
        [
            [[float(CG(j_a, j_a - i, j_b, j_b - j, j_c, j_c - k).doit()) for k in range(int(2 * j_c) + 1)]
             for j in range(int(2 * j_b) + 1)]
            for i in range(int(2 * j_a) + 1)
        ]
    )  # fmt: skip
    return np.einsum("mnl,im,jn,kl->ijk", table, np.conj(x), np.conj(y), z, optimize=True)


RESTRICTED = [
    ("A2", "F3/2", "F3/2"), ("A2", "E1/2", "E5/2"), ("E", "E1/2", "F3/2"), ("E", "F3/2", "E1/2"), ("E", "F3/2", "F3/2"),
    ("E", "F3/2", "E5/2"), ("E", "E5/2", "F3/2"), ("T1", "E1/2", "E1/2"), ("T1", "E1/2", "F3/2"),
    ("T1", "E5/2", "E5/2"), ("T1", "E5/2", "F3/2"), ("T1", "F3/2", "E1/2"), ("T1", "F3/2", "E5/2"),
    ("T2", "E1/2", "F3/2"), ("T2", "E1/2", "E5/2"), ("T2", "E5/2", "E1/2"), ("T2", "E5/2", "F3/2"),
    ("T2", "F3/2", "E1/2"), ("T2", "F3/2", "E5/2"), ("T1", "F3/2", "F3/2"), ("T2", "F3/2", "F3/2"),
]  # fmt: skip


@pytest.mark.parametrize("triple", RESTRICTED, ids="-".join)
def test_restricted_coefficients_of_su2(triple):
    """They lie in the span of our copies; with one copy they are it up to a factor."""
    every = point_group("O").double.irreps
    u = coupling(*(every[label] for label in triple))
    expected = restricted(*triple)
    size = np.linalg.norm(expected) / np.sqrt(u.shape[-1])
    assert size > 0.1, "SU(2) forbids it"
    coordinates = np.einsum("mijk,ijk->m", u.conj(), expected) / u.shape[-1]
    assert abs(np.linalg.norm(coordinates) - size) < 1e-14
    assert np.abs(np.einsum("m,mijk->ijk", coordinates, u) - expected).max() < 1e-14


def test_koster_names_of_these_spinors():
    every = point_group("O").double.irreps
    assert [every[label].koster for label in ("E1/2", "E5/2", "F3/2")] == ["Γ6", "Γ7", "Γ8"]


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
