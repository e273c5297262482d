"""The examples of the slides, by value: reference/heilman_point_group_equivariant_networks_talk.txt, as printed there.

Where a slide has a slip, the right thing is tested and a comment says so.
"""

import numpy as np
import pytest
from cyclotomic import exact, exact_rotations
from thirty_two import GROUPS, character, irreps, matrices, rotations

from pointgroups import (
    character_projector,
    coupling,
    dirl,
    point_group,
    projector,
    spherical_harmonics,
    symmetry_adapted_basis,
)

# "Example: 3D Representation of C_3" ---------------------------------------------------------------------------------

PRINTED_C3 = {
    "1": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]],
    "C3": [["-1/2", "-sqrt(3)/2", "0"], ["sqrt(3)/2", "-1/2", "0"], ["0", "0", "1"]],
    "C3²": [["-1/2", "sqrt(3)/2", "0"], ["-sqrt(3)/2", "-1/2", "0"], ["0", "0", "1"]],
}
TRIANGLE = np.array([[np.cos(a), np.sin(a), 0] for a in np.pi / 2 + 2 * np.pi / 3 * np.arange(3)])


def _index(group, rotation):
    """The element with these exact Cartesian entries."""
    found = [g for g in range(group.order) if exact_rotations(group.rotations[g]).equals(exact(rotation))]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", ["C3", "D3"])
def test_rho_of_c3_as_printed(name):
    group = point_group(name)
    identity, c3, c3_squared = (_index(group, PRINTED_C3[key]) for key in ("1", "C3", "C3²"))
    assert identity == 0
    assert group.product[c3, c3] == c3_squared
    assert group.product[c3, c3_squared] == identity
    assert group.elements[c3] == "C3[001]+"
    assert group.elements[c3_squared] == "C3[001]-"


def test_c3_permutes_the_corners_of_the_triangle():
    """ρ(C3) turns a corner into the next one counterclockwise."""
    c3 = np.array([[float(x) for x in row] for row in exact(PRINTED_C3["C3"]).values().real])
    assert np.abs(TRIANGLE @ c3.T - np.roll(TRIANGLE, -1, axis=0)).max() < 1e-15


# "Example: IRs of D_3" -----------------------------------------------------------------------------------------------


def test_irreps_of_d3_as_printed():
    """ρ = ρ^(2) ⊕ ρ^(1): the plane is E with the printed 2×2 blocks, the axis has the printed [1].

    The slide writes no matrices for the two-fold axes. Under them z changes sign, so ρ^(1) is A2 of D3 (and A of C3).
    """
    group = point_group("D3")
    for key, printed in PRINTED_C3.items():
        g = _index(group, printed)
        assert matrices(group.irreps["E"])[g].equals(exact([row[:2] for row in printed[:2]])), key
        assert matrices(group.irreps["A2"])[g].equals(exact([["1"]])), key
    basis = symmetry_adapted_basis(group, group.rotations)
    assert {label.irrep for label in basis.labels} == {"A2", "E"}
    assert point_group("C3").subduce(1, parity=-1) == {"A": 1, "E": 1}
    assert group.subduce(1, parity=-1) == {"A2": 1, "E": 1}


def test_three_points_span_a1_and_e_of_d3():
    """The corners permuted by C3v, or by D3 with its axes through the corners (312: axes along y)."""
    for name in ("312", "C3v"):
        group = point_group(name)
        moved = np.einsum("gab,nb->gna", group.rotations, TRIANGLE)
        permutations = (np.abs(moved[:, None] - TRIANGLE[None, :, None]).max(axis=-1) < 1e-9).astype(float)
        assert (permutations.sum(axis=1) == 1).all()
        basis = symmetry_adapted_basis(group, permutations)
        assert [tuple(label) for label in basis.labels] == [("A1", 1, 1), ("E", 1, 1), ("E", 1, 2)]
        assert np.abs(basis.array[0] - 1 / np.sqrt(3)).max() < 1e-15


# "Example: d-shell Splitting in Octohedral Coordinations" ------------------------------------------------------------

# Columns 1⟨1⟩, 8⟨C3⟩, 3⟨C2⟩, 6⟨C2′⟩, 6⟨C4³⟩. C4³ = C4⁻¹ stands in the class of C4; the table has no slip.
COLUMNS = ("E", "8C3", "3C2", "6C2'", "6C4")
O_TABLE = {
    "A1": (1, 1, 1, 1, 1),
    "A2": (1, 1, 1, -1, -1),
    "E": (2, -1, 2, 0, 0),
    "T1": (3, 0, -1, -1, 1),
    "T2": (3, 0, -1, 1, -1),
}
D_SHELL = (5, -1, 1, 1, -1)


def test_character_table_of_o_as_printed():
    group = point_group("O")
    columns = [[c.label for c in group.classes].index(label) for label in COLUMNS]
    assert sorted(columns) == list(range(5))
    assert list(group.irreps) == list(O_TABLE)
    assert np.array_equal(group.character_table[:, columns], np.array(list(O_TABLE.values())))


def test_d_shell_row_as_printed():
    """Γ^{ℓ=2}: traces of the rotations of the five d functions, by fitting Y_2(g⁻¹r) to Y_2(r)."""
    group = point_group("O")
    r = np.random.default_rng(0).normal(size=(20, 3))
    here = spherical_harmonics(2, r)
    for label, expected in zip(COLUMNS, D_SHELL, strict=True):
        members = next(c.indices for c in group.classes if c.label == label)
        for g in members:
            there = spherical_harmonics(2, r @ group.rotations[g])
            matrix, *_ = np.linalg.lstsq(here, there, rcond=None)
            assert abs(np.trace(matrix) - expected) < 1e-12, label


def test_d_shell_splits_into_e_and_t2():
    """Γ^{ℓ=2} = E ⊕ T2, by the orthogonality of the printed characters and by subduction."""
    sizes = np.array([1, 8, 3, 6, 6])
    counted = {label: int(np.dot(sizes * row, D_SHELL)) / 24 for label, row in O_TABLE.items()}
    assert counted == {"A1": 0, "A2": 0, "E": 1, "T1": 0, "T2": 1}
    assert point_group("O").subduce(2, parity=1) == {"E": 1, "T2": 1}
    assert point_group("Oh").subduce(2, parity=1) == {"Eg": 1, "T2g": 1}
    labels = [label.irrep for label in point_group("O").harmonics(2).labels]
    assert labels == ["E", "E", "T2", "T2", "T2"]


def test_dimensions_of_the_spherical_irreps_add_up_by_the_printed_row():
    """The d row is the sum of the rows of E and T2, column by column."""
    assert tuple(np.add(O_TABLE["E"], O_TABLE["T2"])) == D_SHELL


# "Point Group Properties" --------------------------------------------------------------------------------------------


def test_there_are_32_point_groups():
    assert len({point_group(name).number for name in GROUPS}) == 32


@pytest.mark.parametrize("name", GROUPS)
def test_irreps_have_dimension_1_2_or_3(name):
    for field in "CR":
        assert {gamma.dim for gamma in irreps(point_group(name), field)} <= {1, 2, 3}


@pytest.mark.parametrize("name", GROUPS)
def test_multiplicities_in_products_are_0_1_or_2(name):
    """ "Decompositions with c_{αβγ} = 0, 1, 2": true over ℂ, and for the copies of real irreps as well."""
    group = point_group(name)
    for field in "CR":
        for a in irreps(group, field):
            for b in irreps(group, field):
                assert set(group.tensor_product(a, b).values()) <= {1, 2}


@pytest.mark.parametrize("name", GROUPS)
def test_all_allow_a_three_dimensional_representation(name):
    group = point_group(name)
    assert group.rotations.shape == (group.order, 3, 3)
    found = group.subduce(1, parity=-1)
    assert sum(m * group.real_irreps[label].dim for label, m in found.items()) == 3
    assert (rotations(name)[:, None] @ rotations(name)[None]).equals(rotations(name)[group.product])


# "Coupling Coefficients" ---------------------------------------------------------------------------------------------


def test_table_70_11_of_altmann_and_herzig():
    """²e ⊗ t → T of the group T is diag(1, ω*, ω), ω = exp(2πi/3); ¹e ⊗ t has ω and ω* exchanged."""
    group = point_group("T")
    omega = "-1/2 + sqrt(3)*I/2"
    conjugate = "-1/2 - sqrt(3)*I/2"
    for label, diagonal in (("2E", ("1", conjugate, omega)), ("1E", ("1", omega, conjugate))):
        u = exact(coupling(group.irreps[label], group.irreps["T"], group.irreps["T"], exact=True))
        printed = [[diagonal[i] if i == j else "0" for j in range(3)] for i in range(3)]
        assert u.equals(exact([[printed]])), label


def test_dirls_formula_as_printed():
    """The formula of the slide for T1 ⊗ T1 → T1 of O with q, s, a = x, y, z: the cross product, and `dirl` agrees.

    The slide writes Γ^{γ†}; what makes U an intertwiner is the complex conjugate Γ^{γ*} with the indices as printed.
    """
    group = point_group("O")
    t1 = group.irreps["T1"].matrices
    q, s, a = 0, 1, 2
    bracket = np.sum(t1[:, q, q] * t1[:, s, s] * t1[:, a, a].conj())
    total = np.einsum("gi,gj,gn->ijn", t1[:, :, q], t1[:, :, s], t1[:, :, a].conj())
    u = np.sqrt(3 / group.order) * bracket**-0.5 * total
    assert np.abs(u - coupling(*[group.irreps["T1"]] * 3)[0]).max() < 1e-15
    assert np.abs(u - dirl(t1, t1, t1)[0]).max() < 1e-14
    assert abs(u[0, 1, 2] - np.sqrt(0.5)) < 1e-15


# "Projection Operators" ----------------------------------------------------------------------------------------------


def test_projection_operators_as_printed():
    """P^{kk} = (d/N) Σ Γ_kk(g)* O(g) and P = Σ_k P^{kk} = (d/N) Σ χ(g)* O(g), on the d functions of O."""
    group = point_group("O")
    r = np.random.default_rng(1).normal(size=(20, 3))
    here = spherical_harmonics(2, r)
    operators = np.array([np.linalg.lstsq(here, spherical_harmonics(2, r @ g), rcond=None)[0] for g in group.rotations])
    for label in ("E", "T2"):
        gamma = group.irreps[label]
        by_rows = [
            gamma.dim / group.order * np.einsum("g,gij->ij", gamma.matrices[:, k, k].conj(), operators)
            for k in range(gamma.dim)
        ]
        for k, printed in enumerate(by_rows):
            assert np.abs(projector(gamma, k, operators) - printed).max() < 1e-12
        assert np.abs(character_projector(gamma, operators) - sum(by_rows)).max() < 1e-12
    xy = np.eye(5)[0]  # Y_{2,−2} ∝ xy, the third row of T2
    t2 = group.irreps["T2"]
    assert np.abs(projector(t2, 2, operators) @ xy - xy).max() < 1e-12
    assert np.abs(projector(t2, 0, operators) @ xy).max() < 1e-12


def test_orthogonality_theorem_of_the_slides():
    """Σ_g χ_α(g)* χ_β(g) = |G| δ_αβ for the characters of O as printed."""
    group = point_group("O")
    rows = np.array([character(gamma).values() for gamma in irreps(group, "C")])
    assert np.array_equal((rows.conj() @ rows.T).round(12), 24 * np.eye(5))
