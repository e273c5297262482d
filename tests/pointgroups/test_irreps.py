"""Irreps of every group over ℂ and over ℝ: homomorphism, unitarity, both orthogonality theorems, exactly."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from cyclotomic import exact, identity
from thirty_two import (
    character,
    element_orders,
    every_field,
    every_group,
    every_irrep,
    every_irrep_of_every_setting,
    every_setting,
    inner,
    irrep,
    irreps,
    matrices,
    multiplicity,
    power_map,
    rotations,
)

from pointgroups import point_group


@every_irrep_of_every_setting
def test_homomorphism_and_unitarity_exactly(name, field, label):
    gamma, product = matrices(irrep(name, field, label)), point_group(name).product
    assert (gamma[:, None] @ gamma[None]).equals(gamma[product]), "Γ(g)Γ(h) ≠ Γ(gh)"
    one = identity(gamma.shape[-1])
    assert (gamma @ gamma.mT.conj()).equals(one[None]), "Γ(g) is not unitary"
    if field == "R":
        assert gamma.equals(gamma.conj()), "an irrep over ℝ has a complex entry"


@every_irrep_of_every_setting
def test_shapes_and_floats(name, field, label):
    group, gamma = point_group(name), irrep(name, field, label)
    n, d = group.order, gamma.dim
    assert (gamma.label, gamma.field, gamma.group) == (label, field, group)
    assert gamma.matrices.shape == (n, d, d)
    assert gamma.characters.shape == (n,)
    assert gamma.matrices.dtype in ((np.float64,) if field == "R" else (np.float64, np.complex128))
    assert np.abs(matrices(gamma).values() - gamma.matrices).max() < 5e-16
    assert np.abs(character(gamma).values() - gamma.characters).max() < 1e-15
    assert len(gamma.basis) == d
    assert all(isinstance(function, str) and function for function in gamma.basis)


@every_irrep
def test_floats_are_correctly_rounded(name, field, label):
    gamma = irrep(name, field, label)
    cache = {}
    for symbolic, numeric in zip(gamma.exact, gamma.matrices, strict=True):
        for expression, value in zip(symbolic, numeric.ravel(), strict=True):
            if expression not in cache:
                real, imaginary = (float(sympy.N(part, 40)) for part in expression.as_real_imag())
                cache[expression] = complex(real, imaginary)
            assert complex(value) == cache[expression], f"{expression} became {value!r}"


@every_setting
@every_field
def test_dimensions(name, field):
    """Σ d² = |G| over ℂ; over ℝ Σ d²/n = |G| with n = ⟨χ, χ⟩ the dimension of the commutant."""
    group = point_group(name)
    squares = [Fraction(gamma.dim**2) / inner(character(gamma), character(gamma)) for gamma in irreps(group, field)]
    assert sum(squares) == group.order
    if field == "C":
        assert len(group.irreps) == len(group.classes)


@every_setting
def test_great_orthogonality_theorem_exactly(name):
    """(1/|G|) Σ_g Γ^α_ij(g)* Γ^β_kl(g) = δ_αβ δ_ik δ_jl / d_α, for all pairs of irreps at once."""
    group = point_group(name)
    rows = [matrices(gamma).reshape(group.order, -1) for gamma in irreps(group, "C")]
    for i, left in enumerate(rows):
        for j, right in enumerate(rows):
            gram = (left.mT.conj() @ right) * Fraction(1, group.order)
            if i != j:
                assert not gram.numerators.any(), f"{i} and {j} are not orthogonal"
            else:
                d = irreps(group, "C")[i].dim
                assert gram.equals(identity(d * d) * Fraction(1, d))


@every_setting
def test_great_orthogonality_over_the_reals_exactly(name):
    """With the commutant {c} of Γ: (1/|G|) Σ_g Γ_ij Γ_kl = (1/d) Σ_c c_ik c_jl; zero between inequivalent irreps."""
    group = point_group(name)
    every = irreps(group, "R")
    for gamma in every:
        d = gamma.dim
        flat = matrices(gamma).reshape(group.order, d * d)
        gram = ((flat.mT @ flat) * Fraction(1, group.order)).reshape(d, d, d, d)
        expected = sum(np.einsum("ik,jl->ijkl", c, c) for c in gamma.commutant) / d
        assert np.abs(gram.values() - expected).max() < 1e-15, gamma.label
        for other in every:
            if other is not gamma:
                mixed = flat.mT @ matrices(other).reshape(group.order, -1)
                assert not mixed.numerators.any(), (gamma.label, other.label)


@every_setting
def test_characters_are_orthogonal_in_rows_and_columns_exactly(name):
    group = point_group(name)
    every = irreps(group, "C")
    for a in every:
        for b in every:
            assert inner(character(a), character(b)) == (a is b), (a.label, b.label)
    representatives = [c.indices[0] for c in group.classes]
    for p, c in zip(representatives, group.classes, strict=True):
        for q in representatives:
            total = exact([0])[0]
            for a in every:
                chi = character(a)
                total = total + chi[p].conj() * chi[q]
            assert total.fraction() == (Fraction(group.order, c.size) if p == q else 0), c.label


@every_setting
def test_character_table(name):
    group = point_group(name)
    table = group.character_table
    assert table.shape == (len(group.irreps), len(group.classes))
    only_real = all(gamma.type == "real" for gamma in irreps(group, "C"))
    assert table.dtype == (np.float64 if only_real else np.complex128)
    for row, gamma in zip(table, irreps(group, "C"), strict=True):
        for entry, c in zip(row, group.classes, strict=True):
            for g in c.indices:
                assert abs(gamma.characters[g] - entry) < 1e-15, f"{gamma.label} is not constant on {c.label}"
                assert abs(np.trace(gamma.matrices[g]) - entry) < 1e-14


@every_irrep
def test_frobenius_schur_indicator_by_definition(name, field, label):
    """ν = (1/|G|) Σ_g χ(g²) is 1, 0 or −1; over ℝ it is 1 or, for a folded pair of complex irreps, 0."""
    gamma = irrep(name, field, label)
    square = power_map(point_group(name).product, 2)
    total = (character(gamma)[square].sum(0).fraction()) / point_group(name).order
    norm = inner(character(gamma), character(gamma))
    assert gamma.indicator == total
    assert gamma.indicator in (1, 0), "no single-valued irrep of a crystallographic point group is pseudoreal"
    assert gamma.type == ("real" if total == 1 else "complex")
    assert norm == (2 if field == "R" and gamma.type == "complex" else 1)


@every_irrep
def test_commutant(name, field, label):
    """The matrices that commute with every Γ(g): over ℝ 1, and for the complex type J, a rotation by 90°."""
    gamma = irrep(name, field, label)
    d = gamma.dim
    n = 2 if field == "R" and gamma.type == "complex" else 1
    assert gamma.commutant.shape == (n, d, d)
    assert np.array_equal(gamma.commutant[0], np.eye(d))
    for c in gamma.commutant:
        assert np.abs(c @ gamma.matrices - gamma.matrices @ c).max() < 1e-15
    if n == 2:
        j = gamma.commutant[1]
        assert np.array_equal(j, np.array([[0.0, -1.0], [1.0, 0.0]]))
    # Nothing else commutes: the equation (Γ ⊗ 1 − 1 ⊗ Γᵀ) vec c = 0 has n independent solutions.
    one = np.eye(d)
    equations = np.concatenate([np.kron(g, one) - np.kron(one, g.T) for g in gamma.matrices])
    assert d * d - np.linalg.matrix_rank(equations, tol=1e-9) == n


@every_group
def test_real_irreps_are_the_complex_ones_folded(name):
    """Over ℂ a real irrep is γ itself, or ¹γ ⊕ ²γ for a pair of conjugate irreps, and each γ is used once."""
    group = point_group(name)
    used = []
    for gamma in irreps(group, "R"):
        parts = [c.label for c in irreps(group, "C") if multiplicity(character(gamma), c)]
        used += parts
        if gamma.type == "real":
            assert parts == [gamma.label]
        else:
            assert sorted(parts) == [f"1{gamma.label}", f"2{gamma.label}"]
            first, second = (character(group.irreps[part]) for part in sorted(parts))
            assert first.equals(second.conj())
    assert sorted(used) == sorted(group.irreps)


@pytest.mark.parametrize(
    "name", ["Ci", "Cs", "C2h", "D2h", "C4h", "D4h", "C3i", "D3d", "C3h", "C6h", "D3h", "D6h", "Th", "Oh"]
)
@every_field
def test_partners_of_opposite_parity_share_matrices_on_proper_elements(name, field):
    """Γ_u(g) = det(g) Γ_g(g), and the same for ″ and ′."""
    group = point_group(name)
    mapping = group.irreps if field == "C" else group.real_irreps
    determinants = np.linalg.det(group.rotations).round()[:, None, None]
    even = [label for label in mapping if not label.endswith(("u", "''"))]
    assert 2 * len(even) == len(mapping)
    for label in even:
        odd = label + "'" if label.endswith("'") else label[:-1] + "u"
        assert np.array_equal(mapping[odd].matrices, determinants * mapping[label].matrices), odd


# Named bases ---------------------------------------------------------------------------------------------------------


@every_irrep
def test_basis_functions_transform_as_the_irrep_exactly(name, field, label):
    """O(g) φ_j = Σ_i φ_i Γ_ij(g) with (O(g) φ)(r) = φ(g⁻¹ r), for the printed functions themselves."""
    gamma, group = irrep(name, field, label), point_group(name)
    functions = [_function(text) for text in gamma.basis]
    random = np.random.default_rng(3)
    points = random.normal(size=(6, 3))
    values = np.array([f(points, np.eye(3)) for f in functions])  # (d, n)
    assert np.linalg.matrix_rank(values, tol=1e-9) == gamma.dim
    for rotation, matrix in zip(group.rotations, gamma.matrices, strict=True):
        moved = np.array([f(points, rotation) for f in functions])
        assert np.abs(moved - matrix.T @ values).max() < 1e-12 * np.abs(values).max()


def _function(text):
    """O(R)f at points: x, y, z are polynomials, Rx, Ry, Rz the components of an axial vector."""
    names = sympy.symbols("x y z Rx Ry Rz")
    expression = sympy.sympify(text.replace("^", "**"), locals={str(s): s for s in names} | {"I": sympy.I})
    assert expression.free_symbols <= set(names), f"{text} names unknown variables"
    evaluate = sympy.lambdify(names, expression, "numpy")

    def moved(points, rotation):
        polar = points @ rotation  # g⁻¹ r as rows
        axial = polar * np.linalg.det(rotation)
        return np.broadcast_to(evaluate(*polar.T, *axial.T), len(points)).astype(complex)

    return moved


VECTOR = {
    "C3v": {"E": "xy", "A1": "z"},
    "D3": {"E": "xy", "A2": "z"},
    "D3d": {"Eu": "xy", "A2u": "z"},
    "D3h": {"E'": "xy", "A2''": "z"},
    "D4": {"E": "xy", "A2": "z"},
    "C4v": {"E": "xy", "A1": "z"},
    "D2d": {"E": "xy", "B2": "z"},
    "D4h": {"Eu": "xy", "A2u": "z"},
    "D6": {"E1": "xy", "A2": "z"},
    "C6v": {"E1": "xy", "A1": "z"},
    "D6h": {"E1u": "xy", "A2u": "z"},
    "C3": {"E": "xy", "A": "z"},
    "C4": {"E": "xy", "A": "z"},
    "S4": {"E": "xy", "B": "z"},
    "C4h": {"Eu": "xy", "Au": "z"},
    "C6": {"E1": "xy", "A": "z"},
    "C3h": {"E'": "xy", "A''": "z"},
    "C6h": {"E1u": "xy", "Au": "z"},
    "C3i": {"Eu": "xy", "Au": "z"},
    "T": {"T": "xyz"},
    "Th": {"Tu": "xyz"},
    "O": {"T1": "xyz"},
    "Td": {"T2": "xyz"},
    "Oh": {"T1u": "xyz"},
}


@pytest.mark.parametrize("name", VECTOR)
def test_the_vector_representation_stands_in_the_basis_x_y_z(name):
    """E, E1, T1u … have the matrices of the rotations themselves, in the order x, y, z; Td's T2 has (yz, zx, xy)."""
    group = point_group(name)
    for label, axes in VECTOR[name].items():
        index = ["xyz".index(axis) for axis in axes]
        gamma = group.real_irreps[label]
        assert matrices(gamma).equals(rotations(name)[:, index][:, :, index]), label


E_OF_CUBIC_GROUPS = {"T": ["E"], "Th": ["Eg", "Eu"], "O": ["E"], "Td": ["E"], "Oh": ["Eg", "Eu"]}


@pytest.mark.parametrize("name", E_OF_CUBIC_GROUPS)
def test_e_of_cubic_groups_is_carried_by_3z2_r2_and_x2_y2(name):
    """Real E of the cubic groups: (2z²−x²−y², √3(x²−y²)); u partners share its matrices on proper elements."""
    group = point_group(name)
    q = np.array([np.diag([-1.0, -1.0, 2.0]), np.diag([1.0, -1.0, 0.0]) * np.sqrt(3)]) / np.sqrt(6)
    turned = np.einsum("gab,jbc,gdc->gjad", group.rotations, q, group.rotations)
    expected = np.einsum("iad,gjad->gij", q, turned)
    determinants = np.linalg.det(group.rotations).round()
    for label in E_OF_CUBIC_GROUPS[name]:
        sign = determinants[:, None, None] if label.endswith("u") else 1
        assert np.abs(group.real_irreps[label].matrices - sign * expected).max() < 1e-15


@pytest.mark.parametrize(("name", "label"), [("O", "T2"), ("Td", "T2"), ("Oh", "T2g")])
def test_t2_is_carried_by_yz_zx_xy(name, label):
    group = point_group(name)
    pairs = np.zeros((3, 3, 3))
    for k, (a, b) in enumerate(((1, 2), (2, 0), (0, 1))):
        pairs[k, a, b] = pairs[k, b, a] = np.sqrt(0.5)
    turned = np.einsum("gab,jbc,gdc->gjad", group.rotations, pairs, group.rotations)
    assert np.array_equal(group.real_irreps[label].matrices, np.einsum("iad,gjad->gij", pairs, turned).round())


@pytest.mark.parametrize(
    ("name", "label"),
    [("D6", "E2"), ("C6v", "E2"), ("D6h", "E2g"), ("C6", "E2"), ("C6h", "E2g"), ("D3h", "E'")],
)
def test_e2_turns_twice_as_fast(name, label):
    """(x²−y², 2xy): the rotation by φ about z is represented by the rotation by 2φ."""
    group = point_group(name)
    gamma = group.real_irreps[label]
    for rotation, matrix in zip(group.rotations, gamma.matrices, strict=True):
        if np.linalg.det(rotation) > 0 and rotation[2, 2] > 0:
            twice = rotation[:2, :2] if label == "E'" else rotation[:2, :2] @ rotation[:2, :2]
            assert np.abs(matrix - twice).max() < 1e-15


@every_group
def test_elements_of_one_class_have_one_order(name):
    group = point_group(name)
    orders = element_orders(group.product)
    for c in group.classes:
        assert len({orders[g] for g in c.indices}) == 1


# Products of irreps --------------------------------------------------------------------------------------------------


@every_group
@every_field
def test_tensor_products_from_characters(name, field):
    group = point_group(name)
    square = power_map(group.product, 2)
    for a in irreps(group, field):
        for b in irreps(group, field):
            expected = _decomposed(character(a) * character(b), group, field)
            assert group.tensor_product(a, b) == expected, (a.label, b.label)
        chi, chi_of_square = character(a), character(a)[square]
        symmetric = (chi * chi + chi_of_square) * Fraction(1, 2)
        antisymmetric = (chi * chi - chi_of_square) * Fraction(1, 2)
        assert group.symmetric_square(a) == _decomposed(symmetric, group, field), a.label
        assert group.antisymmetric_square(a) == _decomposed(antisymmetric, group, field), a.label


def _decomposed(chi, group, field):
    found = {gamma.label: multiplicity(chi, gamma) for gamma in irreps(group, field)}
    return {label: m for label, m in found.items() if m}


@every_group
def test_labels_stand_for_irreps_in_products(name):
    """A label means the irrep over ℂ unless only the real table has it."""
    group = point_group(name)
    labels = list(group.irreps)
    assert group.tensor_product(labels[-1], labels[-1]) == group.tensor_product(
        group.irreps[labels[-1]], group.irreps[labels[-1]]
    )
    for label in set(group.real_irreps) - set(group.irreps):
        gamma = group.real_irreps[label]
        assert group.tensor_product(label, label) == group.tensor_product(gamma, gamma)
        assert group.symmetric_square(label) == group.symmetric_square(gamma)


def test_products_that_everyone_knows():
    oh = point_group("Oh")
    assert oh.tensor_product("T1u", "T1u") == {"A1g": 1, "Eg": 1, "T1g": 1, "T2g": 1}
    assert oh.symmetric_square("T1u") == {"A1g": 1, "Eg": 1, "T2g": 1}
    assert oh.antisymmetric_square("T1u") == {"T1g": 1}
    assert oh.tensor_product("Eg", "T1u") == {"T1u": 1, "T2u": 1}
    t = point_group("T")
    assert t.tensor_product("T", "T") == {"A": 1, "1E": 1, "2E": 1, "T": 2}
    c4 = point_group("C4")
    assert c4.tensor_product("E", "E") == {"A": 2, "B": 2}
    assert c4.symmetric_square("E") == {"A": 1, "B": 2}
    assert c4.antisymmetric_square("E") == {"A": 1}
    assert point_group("C3").tensor_product("E", "E") == {"A": 2, "E": 1}


@every_group
def test_decompose_character(name):
    group = point_group(name)
    labels = list(group.irreps)
    chi = sum((n + 1) * group.irreps[label].characters for n, label in enumerate(labels))
    assert group.decompose_character(chi) == {label: n + 1 for n, label in enumerate(labels)}
    regular = np.zeros(group.order)
    regular[0] = group.order
    assert group.decompose_character(regular) == {label: group.irreps[label].dim for label in labels}


@pytest.mark.parametrize("chi", [[1.0, 0, 0, 0, 0, 0], [0.5] * 6, [1.0] * 5, [-1.0] * 6], ids=str)
def test_what_is_no_character_is_refused(chi):
    """Fractional or negative multiplicities, or a wrong number of elements, are an error, not a result."""
    with pytest.raises(ValueError, match="character"):
        point_group("D3").decompose_character(np.array(chi))


# Labels that are not there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "near"), [("T1q", "T1u"), ("Eh", "Eg"), ("A3g", "A1g")])
def test_an_unknown_label_lists_those_there_are(wrong, near):
    group = point_group("Oh")
    for ask in (lambda: group.irreps[wrong], lambda: group.tensor_product(wrong, "A1g")):
        with pytest.raises((KeyError, ValueError), match=near):
            ask()


@pytest.mark.parametrize("ambiguous", ["Γ4", "GM4", "Γ4-", "GM4+", "Γ₄"])
def test_a_bare_gamma_label_is_refused_as_ambiguous(ambiguous):
    group = point_group("Oh")
    with pytest.raises((KeyError, ValueError), match=r"(?i)bilbao.*koster|koster.*bilbao"):
        group.irreps[ambiguous]


def test_an_irrep_of_another_group_is_refused():
    oh, o = point_group("Oh"), point_group("O")
    with pytest.raises(ValueError, match=r"(?s)O.*Oh|Oh.*O"):
        oh.tensor_product(oh.irreps["T1u"], o.irreps["T1"])
    with pytest.raises(ValueError, match="O"):
        oh.symmetric_square(o.irreps["T1"])


def test_irreps_over_different_fields_do_not_mix():
    c3 = point_group("C3")
    with pytest.raises(ValueError, match=r"ℂ|ℝ|field|real|complex"):
        c3.tensor_product(c3.irreps["1E"], c3.real_irreps["E"])
