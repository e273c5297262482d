"""Powers, invariants, selection rules and Jahn–Teller modes of groups from generators and of spinor irreps."""

import itertools
import math

import numpy as np
import pytest
import sympy
from finite_groups import group
from thirty_two import every_field, every_group, random_rotation

from pointgroups import finite_group, molecular_point_group, partitions, point_group
from pointgroups.products import molien, power_representation
from pointgroups.products.arithmetic import Floating
from pointgroups.products.covariants import covariants
from pointgroups.products.integrity_basis import integrity_basis, landau_expansion
from pointgroups.products.jahn_teller import coupled_square, jahn_teller, vibronic_matrices
from pointgroups.products.kramers_levels import kramers_square
from pointgroups.products.molien import molien_series
from pointgroups.products.operators import OPERATORS, active_components, component_matrices, operator_irreps
from pointgroups.products.power_characters import symmetric_power_character, young_character
from pointgroups.products.power_representation import fischer_norms, monomial_images, monomials
from pointgroups.products.powers import (
    antisymmetric_power,
    configuration_terms,
    symmetric_power,
    young_power,
    young_powers,
)
from pointgroups.products.selection_rules import allowed_transitions, selection_rules, silent_irreps, transition
from pointgroups.projection import candidate_intertwiners
from pointgroups.tensors.young import cycles, dimension_linear, symmetric_character

SOME = ("I", "Ih", "D5h", "D4d", "C7", "S8", "S4", "A5", "Q8", "2T", "Heisenberg 27", "Frobenius 21")
every_some = pytest.mark.parametrize("name", SOME)


def of_field(G, field):
    return list(G._irreps_over(field).values())


def in_short(found):
    return "+".join((str(n) if n > 1 else "") + label for label, n in found.items())


def eigenvalue_products(matrix, n):
    """h_n of the eigenvalues: all products with repetition."""
    values = np.linalg.eigvals(matrix)
    return sum(math.prod(c) for c in itertools.combinations_with_replacement(values, n))


# -- beside the exact theory --------------------------------------------------------------------------------------


@every_group
def test_generators_of_the_32_groups_give_the_exact_answers(name):
    exact = point_group(name)
    G = finite_group(exact.rotations[::-1])
    for field in "CR":
        for label, a in exact._irreps_over(field).items():
            b = G._irreps_over(field)[label]
            for n in range(5):
                assert young_powers(b, n) == young_powers(a, n)
            assert symmetric_power(b, 9) == symmetric_power(a, 9)
            assert configuration_terms(b, b.dim) == configuration_terms(a, a.dim)
            for other in exact._irreps_over(field):
                assert molien_series(b, other) == molien_series(a, other)
            assert jahn_teller(b) == jahn_teller(a)
        for operator in OPERATORS:
            assert operator_irreps(G, operator, field) == operator_irreps(exact, operator, field)
        assert allowed_transitions(G, "hyper-Raman", field) == allowed_transitions(exact, "hyper-Raman", field)
        labels = list(exact._irreps_over(field))
        for initial, final in itertools.product(labels, labels[:3]):
            found = transition(G, G._irreps_over(field)[initial], "Raman", G._irreps_over(field)[final])
            named = transition(exact, exact._irreps_over(field)[initial], "Raman", exact._irreps_over(field)[final])
            assert found == named
    assert silent_irreps(G) == silent_irreps(exact)


@every_group
def test_polynomials_equal_the_exact_ones_where_matrices_do(name):
    """The same copies in the same order, up to the scale of each; the scale too where coefficients are integers."""
    exact = point_group(name)
    G = finite_group(exact.rotations)
    same = [
        (G.real_irreps[label], a)
        for label, a in exact.real_irreps.items()
        if np.abs(G.real_irreps[label].matrices - a.matrices).max() < 1e-12
    ]
    assert len(same) >= sum(a.dim == 1 for a in exact.real_irreps.values())
    for (b, a), (d, c), degree in itertools.product(same, same, range(5)):
        ours, theirs = covariants(b, degree, d), covariants(a, degree, c)
        assert ours.coefficients.shape == theirs.coefficients.shape
        for x, y in zip(ours.coefficients, theirs.coefficients.numeric(), strict=True):
            if np.abs(y - np.rint(y)).max() < 1e-12:
                assert np.abs(x - y).max() < 1e-9
            assert np.abs(x * np.abs(y).max() - y * np.abs(x).max()).max() < 1e-9 * np.abs(x).max() * np.abs(y).max()
    for b, a in same:
        if a.dim < 3:
            assert landau_expansion(b, 4) == landau_expansion(a, 4)


@pytest.mark.parametrize("name", ["C4v", "D6h", "D3", "C6", "S4"])
def test_functions_equal_the_exact_ones_where_they_are_rational(name):
    exact = point_group(name)
    rules = selection_rules(finite_group(exact.rotations))
    for operator, found in selection_rules(exact).items():
        for label, copies in found.items():
            if "sqrt" not in str(copies):
                assert rules[operator][label] == copies


# -- powers -------------------------------------------------------------------------------------------------------


@every_some
@every_field
def test_characters_are_those_of_permuted_tensors(name, field):
    """χ_λ(g) = (1/n!) Σ_σ χ^λ(σ) tr(P_σ Γ(g)^{⊗n}), with the trace taken on tensors."""
    for gamma in of_field(group(name), field):
        for n in (2, 3) if gamma.dim < 6 else (2,):
            letters = "abc"[:n]
            for shape in partitions(n):
                found = young_character(gamma, shape)
                for k, c in enumerate(gamma.group.classes):
                    matrix, total = gamma.matrices[c.indices[0]], 0.0
                    for s in itertools.permutations(range(n)):
                        lengths = tuple(sorted(map(len, cycles(s)), reverse=True))
                        subscripts = ",".join(letters[i] + letters[s[i]] for i in range(n))
                        total += symmetric_character(shape, lengths) * np.einsum(f"{subscripts}->", *[matrix] * n)
                    assert found[k] == pytest.approx(total / math.factorial(n), abs=1e-11)


@every_some
@every_field
def test_powers_add_up(name, field):
    G = group(name)
    for gamma in of_field(G, field):
        dims = {a.label: a.dim for a in of_field(G, field)}
        for n in range(5):
            for shape, found in young_powers(gamma, n).items():
                assert sum(m * dims[k] for k, m in found.items()) == dimension_linear(shape, gamma.dim)
        assert symmetric_power(gamma, 2) == G.symmetric_square(gamma)
        assert antisymmetric_power(gamma, 2) == G.antisymmetric_square(gamma) == young_power(gamma, (1, 1))
        assert antisymmetric_power(gamma, gamma.dim + 1) == {}
        top = antisymmetric_power(gamma, gamma.dim)  # the determinant
        assert (
            np.abs(np.linalg.det(gamma.matrices) - sum(G._irreps_over(field)[k].characters for k in top)).max() < 1e-9
        )


@pytest.mark.parametrize("name", ["Ih", "D4d", "C7", "2T"])
def test_high_symmetric_powers_are_products_of_eigenvalues(name):
    for gamma in of_field(group(name), "C"):
        for n in (7, 12):
            found = symmetric_power_character(gamma, n)
            expected = [eigenvalue_products(gamma.matrices[c.indices[0]], n) for c in gamma.group.classes]
            assert np.abs(found - expected).max() < 1e-8 * math.comb(n + gamma.dim - 1, n)


def test_a_very_high_power():
    """[T1uⁿ] of Ih at n = 400: dimensions add up, and A occurs as often as 2i + 6j + 10k = 400 has solutions."""
    T1u = molecular_point_group("Ih").irreps["T1u"]
    found = symmetric_power(T1u, 400)
    assert sum(T1u.group.irreps[k].dim * m for k, m in found.items()) == math.comb(402, 2)
    assert found["Ag"] == sum((400 - 6 * j - 10 * k) >= 0 for j in range(67) for k in range(41))


def test_powers_beyond_floats_are_refused():
    """Multiplicities above 2^53 would be integers, wrong ones: their dimensions add up to another number."""
    S6 = finite_group([[1, 0, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0]])
    gamma = max(S6.irreps.values(), key=lambda a: a.dim)
    with pytest.raises(ValueError, match="floating point counts up to 10\\^12"):
        symmetric_power(gamma, 100)
    with pytest.raises(ValueError, match="floating point counts up to 10\\^12"):
        young_power(gamma, (10, 10))


@pytest.mark.parametrize(
    ("label", "n", "expected"),
    [  # terms of C60 and its ions; typed from memory
        ("T1u", 2, {3: "T1g", 1: "Ag+Hg"}),
        ("T1u", 3, {4: "Au", 2: "T1u+Hu"}),
        ("T1g", 2, {3: "T1g", 1: "Ag+Hg"}),
        ("Hu", 2, {3: "T1g+T2g+Gg", 1: "Ag+Gg+2Hg"}),
        ("Hu", 9, {2: "Hu"}),
        ("Hu", 10, {1: "Ag"}),
    ],
)
def test_terms_of_buckminsterfullerene(label, n, expected):
    level = molecular_point_group("Ih").irreps[label]
    assert {s: in_short(found) for s, found in configuration_terms(level, n).items()} == expected


@pytest.mark.parametrize(("name", "label"), [("Ih", "Hu"), ("Ih", "Gg"), ("D5h", "E1'"), ("A5", "Γ5"), ("2T", "Γ7")])
def test_terms_count_all_states_and_electrons_equal_holes(name, label):
    level = group(name).irreps[label]
    dims = {a.label: a.dim for a in level.group.irreps.values()}
    for n in range(2 * level.dim + 1):
        terms = configuration_terms(level, n)
        assert sum(s * m * dims[k] for s, found in terms.items() for k, m in found.items()) == math.comb(
            2 * level.dim, n
        )
        if level.indicator:
            assert configuration_terms(level, 2 * level.dim - n) == terms


# -- Molien series ------------------------------------------------------------------------------------------------


def check_moliens_formula(gamma, others):
    """M_γ(t) = (1/|G|) Σ χ_γ(g)* / det(1 − t Γ(g)), at three t; all numerators are free modules together."""
    total = 0
    for other in others:
        series = molien_series(gamma, other)
        for t in (0.3, -0.45, 0.2 + 0.5j):
            determinants = np.linalg.det(np.eye(gamma.dim) - t * gamma.matrices)
            expected = np.mean(other.characters.conj() / determinants) / other.commuting
            below = np.prod([1 - t**d for d in series.degrees])
            assert np.polyval(series.numerator[::-1] or [0], t) / below == pytest.approx(expected, abs=1e-10)
        assert min(series.numerator, default=0) >= 0
        assert series.degrees == molien_series(gamma).degrees
        total += other.dim * sum(series.numerator)
    assert total == math.prod(molien_series(gamma).degrees)


@every_some
@every_field
def test_molien_series_of_finite_groups(name, field):
    G = group(name)
    for gamma in of_field(G, field):
        if gamma.dim < 7:
            check_moliens_formula(gamma, of_field(G, field))


@every_group
def test_molien_series_of_spinors(name):
    double = point_group(name).double
    for gamma in double.spinor_irreps.values():
        check_moliens_formula(gamma, double.irreps.values())


@pytest.mark.parametrize(
    ("name", "label", "covariant", "expected"),
    [  # F. Klein, Vorlesungen über das Ikosaeder (1884)
        ("I", "T1", None, "(1 + t^15) / ((1 - t^2) (1 - t^6) (1 - t^10))"),
        ("I", "T2", None, "(1 + t^15) / ((1 - t^2) (1 - t^6) (1 - t^10))"),
        ("Ih", "T1u", None, "1 / ((1 - t^2) (1 - t^6) (1 - t^10))"),
        ("Ih", "T1u", "Au", "t^15 / ((1 - t^2) (1 - t^6) (1 - t^10))"),
        ("Ih", "T1u", "T1u", "(t + t^5 + t^9) / ((1 - t^2) (1 - t^6) (1 - t^10))"),
        ("Ih", "T1u", "Hg", "(t^2 + t^4 + t^6 + t^8 + t^10) / ((1 - t^2) (1 - t^6) (1 - t^10))"),
        ("I", "G", None, "(1 + t^10) / ((1 - t^2) (1 - t^3) (1 - t^4) (1 - t^5))"),
        ("D5h", "E1'", None, "1 / ((1 - t^2) (1 - t^5))"),
        ("D5h", "E1''", None, "1 / ((1 - t^2) (1 - t^10))"),
        ("C7", "E1", None, "(1 + t^7) / ((1 - t^2) (1 - t^7))"),
        ("D100h", "E1u", None, "1 / ((1 - t^2) (1 - t^100))"),
        ("C240", "1E7", None, "1 / (1 - t^240)"),
        ("S4", "Γ4", None, "1 / ((1 - t^2) (1 - t^3) (1 - t^4))"),
        ("S5", "Γ3", None, "1 / ((1 - t^2) (1 - t^3) (1 - t^4) (1 - t^5))"),
        ("2T", "Γ4", None, "(1 + t^12) / ((1 - t^6) (1 - t^8))"),
    ],
)
def test_known_series(name, label, covariant, expected):
    G = group(name)
    gamma = G.real_irreps[label] if label in G.real_irreps else G.irreps[label]
    if name in ("S4", "S5", "2T"):  # of two irreps of this dimension, reflections or the SU(2) matrices
        choices = [a for a in G.irreps.values() if a.dim == gamma.dim]
        assert expected in {str(molien_series(a, covariant)) for a in choices}
    else:
        assert str(molien_series(gamma, covariant)) == expected


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [  # the binary polyhedral groups: Klein, I.2, §§ 10–13
        ("O", "E1/2", "(1 + t^18) / ((1 - t^8) (1 - t^12))"),
        ("O", "E5/2", "(1 + t^18) / ((1 - t^8) (1 - t^12))"),
        ("T", "E1/2", "(1 + t^12) / ((1 - t^6) (1 - t^8))"),
        ("D3", "E1/2", "(1 + t^8) / ((1 - t^4) (1 - t^6))"),
        ("D6", "E1/2", "(1 + t^14) / ((1 - t^4) (1 - t^12))"),
        ("D2", "E1/2", "(1 + t^6) / ((1 - t^4) (1 - t^4))"),
        ("C6", "1E1/2", "1 / (1 - t^12)"),
    ],
)
def test_known_series_of_spinors(name, label, expected):
    assert str(molien_series(point_group(name).double.irreps[label])) == expected


@pytest.mark.parametrize(("name", "label"), [("I", "T2"), ("Ih", "Gu"), ("D4d", "E1"), ("S4", "Γ4")])
def test_counts_against_averaged_monomials(name, label):
    """The rank of the monomials averaged over the group, at random points."""
    gamma = group(name).irreps[label]
    points = np.random.default_rng(1).normal(size=(60, gamma.dim))
    for degree in range(1, 7):
        exponents = np.array(monomials(gamma.dim, degree))
        moved = np.einsum("gij,pj->gpi", gamma.matrices, points)
        averages = np.prod(moved[:, :, None, :] ** exponents, axis=-1).mean(axis=0)
        assert np.linalg.matrix_rank(averages, tol=1e-8) == molien_series(gamma).coefficient(degree)


def test_large_dimensions():
    """The dimension 10 of A6 has its denominator; one out of reach is refused, with what to do instead."""
    ten = group("A6").irreps["Γ7"]
    series = molien_series(ten)
    assert series.coefficients(8) == [symmetric_power(ten, n).get("Γ1", 0) for n in range(9)]


def test_a_denominator_out_of_reach_is_refused(monkeypatch):
    monkeypatch.setattr(molien, "_LARGEST_NUMERATOR", 1)
    with pytest.raises(ValueError, match=r"no denominator with N\(1\) up to 1; symmetric_power\(irrep, n\) counts"):
        molien_series(finite_group([[1, 2, 0, 3, 4], [0, 1, 3, 4, 2]]).irreps["Γ4"])


# -- polynomials --------------------------------------------------------------------------------------------------


def check_covariants(gamma, others, degrees):
    """O(g) f_k = Σ_i f_i γ_ik(g) at a random point for every g; independent, orthogonal, as many as characters say."""
    x = np.random.default_rng(8).normal(size=gamma.dim)
    for degree, other in itertools.product(degrees, others):
        found = covariants(gamma, degree, other)
        assert len(found) == symmetric_power(gamma, degree).get(other.label, 0)
        if not len(found):
            continue
        f = found.coefficients if isinstance(found.coefficients, np.ndarray) else found.coefficients.numeric()
        scaled = f / np.abs(f).max(axis=(1, 2), keepdims=True)
        exponents = np.array(monomials(gamma.dim, degree))
        here = scaled @ np.prod(x**exponents, axis=1)
        there = np.prod((gamma.matrices.swapaxes(1, 2) @ x)[:, None, :] ** exponents, axis=-1)
        turned = np.einsum("pkn,gn->gpk", scaled, there)
        assert np.abs(turned - np.einsum("pi,gik->gpk", here, other.matrices)).max() < 1e-9 * max(
            1, np.abs(there).max()
        )
        norms = np.array(fischer_norms(gamma.dim, degree), dtype=float)
        gram = np.einsum("pkn,qkn,n->pq", scaled.conj(), scaled, norms)
        sizes = np.sqrt(np.diag(gram).real)
        assert np.abs(gram / sizes / sizes[:, None] - np.eye(len(found))).max() < 1e-8


@every_some
@every_field
def test_polynomials_of_finite_groups_are_covariants(name, field):
    G = group(name)
    for gamma in of_field(G, field):
        check_covariants(gamma, of_field(G, field), range(5) if gamma.dim < 4 else range(4) if gamma.dim < 6 else (2,))


@every_group
def test_polynomials_of_spinors_are_covariants(name):
    double = point_group(name).double
    for gamma in double.spinor_irreps.values():
        check_covariants(gamma, double.irreps.values(), range(5) if gamma.dim < 4 else range(4))


@pytest.mark.parametrize(("name", "label"), [("I", "H"), ("D4d", "E1"), ("C7", "1E1"), ("2T", "Γ4"), ("S4", "Γ4")])
def test_cosets_and_eigenfunctions_give_the_sum_over_all_elements(name, label, monkeypatch):
    """P^{k0} m by the definition, of every monomial: those left out vanish. Few entries at once change nothing."""
    gamma = group(name).irreps[label]
    for other, degree in itertools.product(gamma.group.irreps.values(), range(4)):
        images = monomial_images(Floating, gamma.matrices, monomials(gamma.dim, degree))
        whole = candidate_intertwiners(other.matrices, images)
        present = np.abs(whole).max(axis=(1, 2)) > 1e-9
        if present.any():
            for entries in (2**22, 40):
                monkeypatch.setattr(power_representation, "_AT_ONCE", entries)
                _, parts = power_representation.projected_monomials(gamma, degree, other)
                assert np.abs(parts[np.abs(parts).max(axis=(1, 2)) > 1e-9] - whole[present]).max() < 1e-12


def axes_product(G, order, x):
    """Π_a (a·x) over the axes of rotations of an order, one direction each."""
    axes = []
    for R in G.rotations[G.determinants > 0]:
        if abs(np.trace(R) - 1 - 2 * math.cos(2 * math.pi / order)) < 1e-9:
            values, vectors = np.linalg.eig(R)
            axis = vectors[:, np.argmin(np.abs(values - 1))].real
            if not any(abs(abs(axis @ other) - 1) < 1e-9 for other in axes):
                axes.append(axis)
    return np.prod(x @ np.array(axes).T, axis=1)


def test_kleins_invariants_of_the_icosahedron():
    """Degrees 2, 6, 10 (and 15 of I); those of 6, 10, 15 are products of five-, three- and two-fold axes."""
    x = np.random.default_rng(2).normal(size=(30, 3))
    symbols = sympy.symbols("x1:4")
    for name, label, degrees in (("Ih", "T1u", [2, 6, 10]), ("I", "T1", [2, 6, 10, 15])):
        G = group(name)
        generators = integrity_basis(G.irreps[label])
        assert list(generators) == degrees
        assert all(len(found) == 1 for found in generators.values())
        value = {
            n: np.broadcast_to(sympy.lambdify(symbols, e.expressions[0][0])(*x.T), 30) for n, e in generators.items()
        }
        of_degree = {
            6: [value[2] ** 3, value[6]],
            10: [value[2] ** 5, value[2] ** 2 * value[6], value[10]],
            15: [value[15]] if 15 in value else [],
        }
        for degree, order in ((6, 5), (10, 3), (15, 2)):
            if degree in degrees:
                rows = [*of_degree[degree], axes_product(G, order, x)]
                rows = [row / np.linalg.norm(row) for row in rows]
                assert np.linalg.matrix_rank(rows[:-1], tol=1e-7) == np.linalg.matrix_rank(rows, tol=1e-7)
                assert np.linalg.matrix_rank(rows, tol=1e-7) == len(rows) - 1


def test_kleins_forms_of_the_octahedron_and_the_tetrahedron():
    """t = xy(x⁴ − y⁴), W = x⁸ + 14x⁴y⁴ + y⁸, χ = x¹² − 33x⁸y⁴ − 33x⁴y⁸ + y¹²: t, W, χ of T; W, t², χt of O."""
    x, y = sympy.symbols("x1 x2")
    t, w = x * y * (x**4 - y**4), x**8 + 14 * x**4 * y**4 + y**8
    chi = x**12 - 33 * x**8 * y**4 - 33 * x**4 * y**8 + y**12
    for name, forms in (("T", {6: [t], 8: [w], 12: [chi, t**2]}), ("O", {8: [w], 12: [t**2], 18: [chi * t]})):
        found = integrity_basis(point_group(name).double.irreps["E1/2"])
        assert list(found) == list(forms)
        for degree, known in forms.items():
            ((generator,),) = found[degree].expressions
            rows = [
                [sympy.Poly(f, x, y).coeff_monomial(x**k * y ** (degree - k)) for k in range(degree + 1)]
                for f in (generator, *known)
            ]
            assert sympy.Matrix(rows).rank() == len(known)


@pytest.mark.parametrize(
    ("name", "label", "generators"),
    [  # of Γ4 of A5 the symmetric functions of a quintic's roots, and the root of its discriminant
        ("A5", "Γ4", {2: 1, 3: 1, 4: 1, 5: 1, 10: 1}),
        ("A5", "Γ5", {2: 1, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1}),  # N(t) = 1 + t^5 + 2t^6 + t^7 + t^12 over 2, 3, 3, 4, 5
        ("I", "H", {2: 1, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1}),
        ("D4d", "E1", {2: 1, 8: 1}),
        ("C7", "E2", {2: 1, 7: 2}),
        ("Ih", "Gu", {2: 1, 4: 1, 6: 1, 8: 1, 10: 2}),  # N(t) = 1 + t^8 + t^10 + t^18 over 2, 4, 6, 10
    ],
)
def test_degrees_of_integrity_bases(name, label, generators):
    found = integrity_basis(group(name).real_irreps[label])
    assert {degree: len(polynomials) for degree, polynomials in found.items()} == generators


@pytest.mark.parametrize(
    ("name", "label"),
    [("D5h", "E1'"), ("D4d", "E1"), ("C7", "E1"), ("Ih", "T2u"), ("Ih", "Gg"), ("Ih", "Hg"), ("S4", "Γ4")],
)
def test_landau_expansions_count_as_molien_says(name, label):
    gamma = group(name).real_irreps[label]
    found = landau_expansion(gamma, 6)
    assert [len(found.get(n, ())) for n in range(1, 7)] == molien_series(gamma).coefficients(6)[1:]
    assert len({text for texts in found.values() for text in texts}) == sum(map(len, found.values()))


@pytest.mark.parametrize("n", [5, 7, 8, 11, 12, 16, 20, 25, 28, 30, 31])
def test_invariants_of_a_regular_polygon(n):
    """x² + y² and Re (x + iy)ⁿ, with its binomial coefficients, to the digits that the conditioning leaves."""
    found = integrity_basis(molecular_point_group(f"D{n}h").irreps["E1g" if n % 2 == 0 else "E1'"])
    assert list(found) == [2, n]
    expected = [(-1) ** (b // 2) * math.comb(n, b) * (b % 2 == 0) for _, b in found[n].monomials]
    assert np.abs(found[n].coefficients[0, 0] - expected).max() < 1e-7 * max(expected)
    assert found[n].texts[0][0].startswith(f"x1^{n} - {math.comb(n, 2)} x1^{n - 2} x2^2 + ")


def test_ill_conditioned_degrees_are_refused():
    with pytest.raises(ValueError, match=r"degree 40 in 2 variables are too nearly dependent.*molien_series counts"):
        integrity_basis(molecular_point_group("D40h").irreps["E1g"])
    assert covariants(molecular_point_group("C240").irreps["1E7"], 240).texts == (("x1^240",),)  # one variable
    D6 = finite_group(point_group("D6").rotations)
    with pytest.raises(ValueError, match="too nearly dependent"):
        covariants(D6.irreps["E1"], 36)
    assert len(covariants(point_group("D6").irreps["E1"], 36)) == 7  # exactly


def test_texts_and_expressions_in_floating_point():
    e1 = molecular_point_group("D5h").irreps["E1'"]
    assert covariants(e1, 5).texts == (("x1^5 - 10 x1^3 x2^2 + 5 x1 x2^4",),)
    assert covariants(e1, 2, "E2'").texts == (("x1^2 - x2^2", "2 x1 x2"),)
    assert str(covariants(e1, 5).expressions[0][0]) == "x1**5 - 10*x1**3*x2**2 + 5*x1*x2**4"
    T1u = molecular_point_group("Ih").irreps["T1u"]
    golden = (1 + 5**0.5) / 2
    second = covariants(T1u, 6)
    assert "2.61803 x1^4 x3^2" in second.texts[1][0]
    assert any(abs(abs(float(c)) - golden**2) < 1e-14 for c in second.expressions[1][0].as_coefficients_dict().values())
    assert second.coefficients.dtype == np.float64
    assert covariants(T1u, 3).texts == ()
    assert covariants(molecular_point_group("C7").irreps["1E1"], 7).texts == (("x1^7",),)


def test_numbers_as_text():
    assert Floating.tokens(np.array([0.0, 1.0, -1.0, 2.5e-4, 123456789.0, 1 / 3, -2j, 1 - 0.5j])) == [
        "0",
        "1",
        "-1",
        "0.00025",
        "123456789",
        "0.333333",
        "-2*I",
        "1-0.5*I",
    ]
    assert Floating.simplest(np.array([[0.0, -0.5, 0.75]]), [1, 1, 1]).tolist() == [[0, 2, -3]]
    assert Floating.simplest(np.array([[2.0, 2 * 2**0.5]]), [2, 1]).tolist() == [[1, 2**0.5]]


def test_wrong_polynomials_are_refused():
    h = molecular_point_group("I").irreps["H"]
    with pytest.raises(ValueError, match="has 10626 monomials, and up to 2048 are projected; molien_series counts"):
        covariants(h, 20)
    with pytest.raises(ValueError, match="degree 20 in 5 variables has 10626 monomials"):
        integrity_basis(molecular_point_group("Ih").irreps["Hu"])
    with pytest.raises(ValueError, match="degree 13 in 5 variables has 2380 monomials"):
        landau_expansion(h, 13)
    with pytest.raises(ValueError, match="irreps of the same group over the same field"):
        covariants(h, 2, molecular_point_group("I").real_irreps["H"])
    with pytest.raises(ValueError, match="a degree is 0, 1, 2, …, not -1"):
        covariants(point_group("O").double.irreps["E1/2"], -1)


# -- selection rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "operator", "expected"),
    [
        ("Ih", "infrared", "T1u"),
        ("Ih", "magnetic dipole", "T1g"),
        ("Ih", "Raman", "Ag+Hg"),
        ("Ih", "electric quadrupole", "Hg"),
        ("Ih", "hyper-Raman", "T1u+T2u+Gu"),
        ("D5h", "infrared", "E1'+A2''"),
        ("D5h", "Raman", "2A1'+E2'+E1''"),
        ("D4d", "infrared", "B2+E1"),
        ("D4d", "Raman", "2A1+E2+E3"),
        ("D5d", "infrared", "A2u+E1u"),
        ("D5d", "Raman", "2A1g+E1g+E2g"),
        ("C5v", "infrared", "A1+E1"),
        ("C5v", "Raman", "2A1+E1+E2"),
    ],
)
def test_printed_activities(name, operator, expected):
    """As the character tables of molecular groups print them in their last columns."""
    assert in_short(operator_irreps(molecular_point_group(name), operator)) == expected


def rotated(texts, points):
    x, y, z = sympy.symbols("x y z")
    numbers = [sympy.lambdify((x, y, z), sympy.sympify(t.replace("R", "")))(*points.T) for t in texts]
    return np.array([np.broadcast_to(n, len(points)) for n in numbers])


@pytest.mark.parametrize("name", ["I", "Ih", "D5h", "D4d", "C7", "C5v", "S8"])
@pytest.mark.parametrize("turned", [False, True])
def test_functions_are_partners(name, turned):
    """(O(g) f_k)(r) = f_k(g⁻¹ r) = Σ_i f_i(r) Γ_ik(g), with det(g) for axial vectors; to the digits of the text."""
    G = molecular_point_group(name)
    if turned:  # in any axes, which the functions are of
        frame = random_rotation(7)
        G = finite_group(frame @ G.rotations @ frame.T)
    points = np.random.default_rng(3).normal(size=(4, 3))
    for activity, found in selection_rules(G).items():
        operator = OPERATORS[activity]
        assert sum(G.real_irreps[label].dim * len(copies) for label, copies in found.items()) == {
            "Raman": 6,
            "hyper-Raman": 10,
            "electric quadrupole": 5,
        }.get(activity, 3)
        for label, copies in found.items():
            gamma = G.real_irreps[label]
            for functions in copies:
                here = rotated(functions, points)
                for g in range(1, G.order, 5):
                    sign = G.determinants[g] if operator.axial else 1
                    moved = sign * rotated(functions, points @ G.rotations[g])
                    assert np.abs(moved - gamma.matrices[g].T @ here).max() < 1e-4 * np.abs(here).max()


@pytest.mark.parametrize("name", ["I", "D5h", "D4d", "C7"])
@every_field
def test_transitions_against_averaged_operators(name, field):
    G = molecular_point_group(name)
    for operator in ("electric dipole", "Raman"):
        V = component_matrices(G, OPERATORS[operator])
        dual = np.swapaxes(np.linalg.inv(V), 1, 2)
        for initial, final in itertools.product(of_field(G, field), repeat=2):
            samples = np.random.default_rng(5).normal(size=(12, final.dim, V.shape[-1], initial.dim))
            T = np.einsum(
                "gab,tbcd,gec,gfd->taef", final.matrices, samples, dual, initial.matrices.conj(), optimize=True
            )
            found = transition(G, initial, operator, final)
            assert found.number == np.linalg.matrix_rank(T.reshape(12, -1) / G.order, tol=1e-8)
            names = OPERATORS[operator].components
            reached = {c for k, c in enumerate(names) if np.abs(T[:, :, k]).max() > 1e-7}
            assert set(found.components) == reached


@pytest.mark.parametrize("name", ["Ih", "D5h", "C7", "S8"])
@every_field
def test_components_of_irreps(name, field):
    G = molecular_point_group(name)
    for operator in OPERATORS.values():
        V = component_matrices(G, operator)
        for gamma in of_field(G, field):
            if gamma.label in operator_irreps(G, operator.name, field):
                P = np.einsum("g,gij->ij", gamma.characters.conj(), V)
                reached = [c for k, c in enumerate(operator.components) if np.abs(P[:, k]).max() > 1e-8]
                assert list(active_components(gamma, operator)) == reached
            else:
                assert active_components(gamma, operator) == ()


def vibrations(G, position):
    """Displacements of the atoms on an orbit, less translations and rotations."""
    atoms = np.unique((G.rotations @ position).round(6) + 0.0, axis=0)
    fixed = (np.abs(np.einsum("gij,pj->gpi", G.rotations, atoms) - atoms).max(axis=2) < 1e-4).sum(axis=1)
    trace = np.trace(G.rotations, axis1=1, axis2=2)
    return G.decompose_character((fixed - 1 - G.determinants) * trace, "R")


def test_vibrations_of_buckminsterfullerene():
    """2Ag + 3T1g + 4T2g + 6Gg + 8Hg + Au + 4T1u + 5T2u + 6Gu + 7Hu: 4 infrared and 10 Raman lines, 32 silent modes.

    As in D. E. Weeks, W. G. Harter, J. Chem. Phys. 90, 4744 (1989); typed from memory.
    """
    G = molecular_point_group("Ih")
    found = vibrations(G, np.array([0, 1, 3 * (1 + 5**0.5) / 2]))
    assert in_short(found) == "2Ag+3T1g+4T2g+6Gg+8Hg+Au+4T1u+5T2u+6Gu+7Hu"

    def lines(name):
        return sum(found[label] for label in operator_irreps(G, name))

    assert (lines("infrared"), lines("Raman"), lines("hyper-Raman")) == (4, 10, 15)
    assert sum(found[label] for label in silent_irreps(G)) == 32
    assert jahn_teller(G.irreps["T1u"], found).modes == {"Hg": 1}


def test_vectors_are_needed():
    for name in ("S4", "Q8"):
        G = group(name)
        for ask in (selection_rules, silent_irreps, lambda G: operator_irreps(G, "Raman")):
            with pytest.raises(ValueError, match="was not given by 3×3 rotation matrices, so it turns no vectors"):
                ask(G)
        assert transition(G, "Γ1", "Γ2", "Γ2").number == 1  # an operator given by its irrep


# -- Jahn–Teller --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "label", "modes"),
    [  # of C60 and its ions as in Chancey and O'Brien, The Jahn–Teller Effect in C60 (1997); typed from memory
        ("Ih", "T1u", {"Hg": 1}),
        ("Ih", "T2u", {"Hg": 1}),
        ("Ih", "Gu", {"Gg": 1, "Hg": 1}),
        ("Ih", "Hu", {"Gg": 1, "Hg": 2}),
        ("Ih", "Ag", {}),
        ("D5h", "E1'", {"E2'": 1}),
        ("D5h", "E2'", {"E1'": 1}),
        ("D4d", "E1", {"E2": 1}),
        ("C7", "1E2", {"E3": 2}),
        ("Q8", "Γ5", {"Γ2": 3, "Γ3": 3, "Γ4": 3}),
    ],
)
def test_known_jahn_teller_problems(name, label, modes):
    assert jahn_teller(group(name).irreps[label]).modes == modes


@every_some
def test_vibronic_matrices(name):
    """Symmetric, covariant, orthonormal among the constants, and all the symmetric matrices together."""
    G = group(name)
    trivial = next(iter(G.real_irreps))
    for level in of_field(G, "R"):
        together = 0
        assert coupled_square(level)[trivial] == 1
        for mode in of_field(G, "R"):
            V = vibronic_matrices(level, mode.label)
            constants = 1 if mode.label == trivial else jahn_teller(level).modes.get(mode.label, 0)
            assert V.shape == (constants, mode.dim, level.dim, level.dim)
            assert np.abs(V - V.swapaxes(2, 3)).max(initial=0) < 1e-13
            turned = np.einsum("gab,nkbc,gdc->gnkad", level.matrices, V, level.matrices, optimize=True)
            combined = np.einsum("njad,gjk->gnkad", V, mode.matrices)
            assert np.abs(turned - combined).max(initial=0) < 1e-12
            gram = np.einsum("nkad,mkad->nm", V, V)
            assert np.abs(gram - mode.dim * np.eye(constants)).max(initial=0) < 1e-12
            together += constants // mode.commuting * mode.dim
        if level.commuting == 1:
            assert together == level.dim * (level.dim + 1) // 2


def test_levels_of_a_double_group_are_kramers_levels():
    double = point_group("O").double
    for label in ("F3/2", "T1"):
        with pytest.raises(ValueError, match="take kramers_jahn_teller for a spinor irrep"):
            jahn_teller(double.irreps[label])


# -- spinors ------------------------------------------------------------------------------------------------------


@every_group
def test_powers_of_spinors_are_schur_functions_of_eigenvalues(name):
    double = point_group(name).double
    firsts = [c.indices[0] for c in double.classes]
    for gamma in double.spinor_irreps.values():
        for n in range(7):
            expected = [eigenvalue_products(gamma.matrices[g], n) if n else 1 for g in firsts]
            assert np.abs(symmetric_power_character(gamma, n).numeric() - expected).max() < 1e-9
            assert symmetric_power_character(gamma, n) == young_character(gamma, (n,) if n else ())
            for shape, found in young_powers(gamma, n).items():
                assert sum(m * double.irreps[k].dim for k, m in found.items()) == dimension_linear(shape, gamma.dim)
                assert all(double.irreps[k].spinor == (n % 2 == 1) for k in found)


@every_group
def test_symmetric_powers_of_spin_one_half_are_multiplets(name):
    """[D^{1/2}]ⁿ = D^{n/2}: where spin ½ stays irreducible, its powers are the split levels j = n/2."""
    double = point_group(name).double
    (label, *others) = double.subduce("1/2")
    if not others and double.irreps[label].dim == 2:
        for n in range(9):
            assert symmetric_power(double.irreps[label], n) == double.subduce(f"{n}/2")


@every_group
def test_two_electrons_in_a_pseudoreal_level_are_its_kramers_square(name):
    """{Γ²} = {W²} for a pseudoreal Γ, of the point group's own irreps."""
    G = point_group(name)
    for gamma in G.double.spinor_irreps.values():
        if gamma.indicator == -1:
            over_c = {}
            for label, n in kramers_square(gamma).items():
                for part in G.decompose_character(G.real_irreps[label].characters):
                    over_c[part] = over_c.get(part, 0) + n
            assert antisymmetric_power(gamma, 2) == over_c


def test_printed_powers_of_spinors():
    """J = 0 and 2 of two electrons in j = 3/2, and Γ8 as half filled."""
    O = point_group("O").double
    assert in_short(antisymmetric_power(O.irreps["F3/2"], 2)) == "A1+E+T2"
    assert in_short(antisymmetric_power(O.irreps["F3/2"], 3)) == "F3/2"
    assert in_short(antisymmetric_power(O.irreps["E1/2"], 2)) == "A1"
    assert in_short(symmetric_power(O.irreps["E1/2"], 2)) == "T1"
    assert in_short(symmetric_power(O.irreps["F3/2"], 2)) == "A2+2T1+T2"  # J = 1 and 3
    assert configuration_terms(O.irreps["T2"], 2) == configuration_terms(point_group("O").irreps["T2"], 2)
    with pytest.raises(ValueError, match=r"no spin beside it; .* antisymmetric_power\(irrep, 2\)"):
        configuration_terms(O.irreps["F3/2"], 2)


@every_group
def test_integrity_bases_of_spinors(name):
    """Products of generators are as many as Molien's series says, to degree 8."""
    double = point_group(name).double
    for gamma in double.spinor_irreps.values():
        found = landau_expansion(gamma, 8)
        assert [len(found.get(n, ())) for n in range(1, 9)] == molien_series(gamma).coefficients(8)[1:]
