"""Molien series, covariant polynomials, integrity bases and Landau expansions."""

import itertools

import numpy as np
import pytest
import sympy
from thirty_two import every_group, every_irrep, irrep, irreps

from pointgroups import UnknownIrrepError, point_group
from pointgroups.exact import ExactArray
from pointgroups.products.arithmetic import Exact
from pointgroups.products.covariants import covariants
from pointgroups.products.integrity_basis import integrity_basis, landau_expansion, multiplied
from pointgroups.products.molien import MolienSeries, denominator_degrees, molien_series
from pointgroups.products.power_representation import fischer_norms, monomial_images, monomials, projected_monomials
from pointgroups.projection import candidate_intertwiners


@pytest.mark.parametrize(
    ("name", "field", "label", "covariant", "expected"),
    [
        ("Oh", "C", "T1u", None, "1 / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Oh", "C", "T2g", None, "1 / ((1 - t^2) (1 - t^3) (1 - t^4))"),
        ("Oh", "C", "T1u", "T1u", "(t + t^3 + t^5) / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Oh", "C", "T1u", "A1u", "t^9 / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Oh", "C", "T1u", "Eg", "(t^2 + t^4) / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Oh", "C", "T1u", "A1g", "1 / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Oh", "C", "T1u", "T1g", "(t^4 + t^6 + t^8) / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("O", "C", "T1", None, "(1 + t^9) / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Td", "C", "T2", None, "1 / ((1 - t^2) (1 - t^3) (1 - t^4))"),
        ("Td", "C", "T1", None, "(1 + t^9) / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("T", "C", "T", None, "(1 + t^6) / ((1 - t^2) (1 - t^3) (1 - t^4))"),
        ("Th", "C", "Tu", None, "(1 + t^6) / ((1 - t^2) (1 - t^4) (1 - t^6))"),
        ("Oh", "C", "Eg", None, "1 / ((1 - t^2) (1 - t^3))"),
        ("C3v", "C", "E", "E", "(t + t^2) / ((1 - t^2) (1 - t^3))"),
        ("D4", "C", "E", None, "1 / ((1 - t^2) (1 - t^4))"),
        ("D6", "C", "E1", None, "1 / ((1 - t^2) (1 - t^6))"),
        ("C4", "R", "E", None, "(1 + t^4) / ((1 - t^2) (1 - t^4))"),
        ("C3", "R", "E", None, "(1 + t^3) / ((1 - t^2) (1 - t^3))"),
        ("C3", "C", "1E", None, "1 / (1 - t^3)"),
        ("C2", "C", "B", "B", "t / (1 - t^2)"),
        ("C2", "C", "B", "A", "1 / (1 - t^2)"),
        ("Oh", "C", "A1g", "Eg", "0 / (1 - t)"),
    ],
)
def test_printed_series(name, field, label, covariant, expected):
    assert str(molien_series(irrep(name, field, label), covariant)) == expected


@every_irrep
def test_against_moliens_formula(name, field, label):
    """M_γ(t) = (1/|G|) Σ χ_γ(g)* / det(1 − t Γ(g)) in floating point, at three t."""
    gamma = irrep(name, field, label)
    for other in irreps(gamma.group, field):
        series = molien_series(gamma, other)
        for t in (0.3, -0.45, 0.2 + 0.5j):
            determinants = np.linalg.det(np.eye(gamma.dim) - t * gamma.matrices)
            expected = np.mean(other.characters.conj() / determinants) / other.commuting
            below = np.prod([1 - t**d for d in series.degrees])
            assert np.polyval(series.numerator[::-1] or [0], t) / below == pytest.approx(expected, abs=1e-12)
        assert min(series.numerator, default=0) >= 0
        assert series.degrees == molien_series(gamma).degrees


@every_irrep
def test_numerators_count_a_free_module(name, field, label):
    """Σ_γ d_γ N_γ(1) = Π d_i: all polynomials are free over the primary invariants."""
    gamma = irrep(name, field, label)
    total = sum(other.dim * sum(molien_series(gamma, other).numerator) for other in irreps(gamma.group, field))
    assert total == np.prod(denominator_degrees(gamma))


def test_series_as_values():
    series = molien_series(irrep("O", "C", "T1"))
    assert series.coefficients(9) == [1, 0, 1, 0, 2, 0, 3, 0, 4, 1]
    assert series.coefficient(0) == 1
    t = sympy.Symbol("t")
    taylor = sympy.series(series.expression, t, 0, 10).removeO()
    assert [taylor.coeff(t, n) for n in range(10)] == series.coefficients(9)
    assert series == MolienSeries((1, 0, 0, 0, 0, 0, 0, 0, 0, 1), (2, 4, 6))


# -- polynomials --------------------------------------------------------------------------------------------------


@every_irrep
def test_polynomials_are_covariants_in_the_numbers_of_molien(name, field, label):
    """O(g) f_k = Σ_i f_i γ_ik(g) at a random point, copies independent, to degree 5."""
    gamma = irrep(name, field, label)
    group = gamma.group
    x = np.random.default_rng(8).normal(size=gamma.dim)
    sample = {0, group.order - 1, group.order // 2, group.order // 3}
    for degree in range(6):
        exponents = np.array(monomials(gamma.dim, degree))
        for other in irreps(group, field):
            found = covariants(gamma, degree, other)
            assert len(found) == molien_series(gamma, other).coefficient(degree)
            if not len(found):
                continue
            f = found.coefficients.numeric()
            assert np.linalg.matrix_rank(f.reshape(-1, f.shape[-1]), tol=1e-9) == len(found) * other.dim
            here = f @ np.prod(x**exponents, axis=1)
            for g in sample:
                turned = f @ np.prod((gamma.matrices[g].T @ x) ** exponents, axis=1)
                assert np.abs(turned - here @ other.matrices[g]).max() < 1e-9 * max(1, np.abs(here).max())


@pytest.mark.parametrize(("name", "label"), [("Oh", "T1u"), ("D6h", "E1u"), ("C4", "E"), ("T", "T"), ("Td", "E")])
def test_copies_are_orthogonal_and_simple(name, label):
    gamma = irrep(name, "R", label)
    for degree, other in itertools.product(range(1, 6), irreps(gamma.group, "R")):
        found = covariants(gamma, degree, other)
        f = found.coefficients.numeric()
        norms = fischer_norms(gamma.dim, degree)
        gram = np.einsum("pkn,qkn,n->pq", f, f, norms)
        assert np.abs(gram - np.diag(np.diag(gram))).max(initial=0) < 1e-9
        for copy in range(len(found)):
            one = found.coefficients[copy]
            assert one.denominator == 1
            first = one[0].numeric()
            assert first[np.abs(first) > 1e-12][0] > 0


def test_monomials_are_all():
    for d, n in itertools.product((1, 2, 3), range(6)):
        found = monomials(d, n)
        assert sorted(found) == sorted(e for e in itertools.product(range(n + 1), repeat=d) if sum(e) == n)
    assert monomials(3, 2) == ((2, 0, 0), (0, 2, 0), (0, 0, 2), (1, 1, 0), (1, 0, 1), (0, 1, 1))


@pytest.mark.parametrize(("name", "label"), [("O", "T1"), ("C3v", "E"), ("C3", "1E")])
def test_images_of_monomials_are_a_representation(name, label):
    gamma = irrep(name, "C", label)
    for n in range(5):
        D = monomial_images(Exact, gamma.exact_matrices, monomials(gamma.dim, n))
        for g in range(gamma.group.order):
            assert D[g] @ D == D[gamma.group.product[g]]


@every_irrep
def test_cosets_and_eigenfunctions_give_the_sum_over_all_elements(name, field, label):
    """P^{k0} m by the definition, of every monomial: those left out vanish, the others are equal."""
    gamma = irrep(name, field, label)
    for other, degree in itertools.product(irreps(gamma.group, field), range(4)):
        images = monomial_images(Exact, gamma.exact_matrices, monomials(gamma.dim, degree))
        whole = candidate_intertwiners(other.exact_matrices, images)
        if not whole.nonzero().any():
            continue
        _, parts = projected_monomials(gamma, degree, other)
        present = [np.flatnonzero(p.nonzero().any(axis=(1, 2))) for p in (whole, parts)]
        assert whole[present[0]] == parts[present[1]]


def test_invariants_as_text_and_expressions():
    found = covariants(irrep("Oh", "C", "T1u"), 4)
    x1, x2, x3 = sympy.symbols("x1 x2 x3")
    assert found.texts == (("x1^4 + x2^4 + x3^4",), ("x1^2 x2^2 + x1^2 x3^2 + x2^2 x3^2",))
    assert found.expressions[1][0] == x1**2 * x2**2 + x1**2 * x3**2 + x2**2 * x3**2
    strain = covariants(irrep("Oh", "C", "T1u"), 2, "Eg").expressions[0]
    assert sympy.expand(strain[0] - (x1**2 + x2**2 - 2 * x3**2)) == 0
    assert covariants(irrep("T", "C", "T"), 2, "1E").texts[0][0].startswith("2 x1^2 + (-1")
    assert covariants(irrep("Oh", "C", "T1u"), 3).texts == ()


def test_reciprocal():
    number = ExactArray.parse(["1/2+sqrt(2)-sqrt(3)*I/3+sqrt(6)*I"])
    assert number * (1 / number[0]).reshape(1) == ExactArray.integers([1])


def test_wrong_input_is_refused():
    gamma = irrep("O", "C", "T1")
    with pytest.raises(ValueError, match="a degree is 0, 1, 2, …, not -1"):
        covariants(gamma, -1)
    with pytest.raises(ValueError, match="irreps of the same group over the same field"):
        molien_series(gamma, irrep("Td", "C", "T1"))
    with pytest.raises(ValueError, match="irreps of the same group over the same field"):
        covariants(gamma, 2, irrep("O", "R", "T1"))
    with pytest.raises(UnknownIrrepError, match="'T1u' is not an irrep of O"):
        molien_series(gamma, "T1u")
    with pytest.raises(ValueError, match="goes to a degree 1, 2, …, not 0"):
        landau_expansion(gamma, 0)


# -- generators ---------------------------------------------------------------------------------------------------

IMAGES = [  # one irrep over ℝ of every kind that occurs in the 32 groups
    ("C1", "A"), ("Ci", "Au"), ("C4", "E"), ("D4", "E"), ("C3", "E"), ("C3i", "Eu"), ("D3", "E"), ("D3d", "Eu"),
    ("T", "T"), ("Th", "Tu"), ("O", "T1"), ("O", "T2"), ("Oh", "T1u"),
]  # fmt: skip


def test_the_kinds_are_all():
    kinds = {str(molien_series(irrep(name, "R", label))) for name, label in IMAGES}
    for name in ("C1", "Ci", "C2", "Cs", "C6h", "D6h", "C4h", "D4h", "Oh", "Th", "Td", "D3h", "S4", "C3h", "D2h"):
        for gamma in irreps(point_group(name), "R"):
            assert str(molien_series(gamma)) in kinds


@pytest.mark.parametrize(("name", "label"), IMAGES)
def test_primary_invariants_exist(name, label):
    """Invariants of the degrees of the denominator have no common zero but 0: their ideal is zero-dimensional."""
    gamma = irrep(name, "R", label)
    generators = integrity_basis(gamma)
    symbols = sympy.symbols(f"x1:{gamma.dim + 1}")
    choices = []
    for degree in denominator_degrees(gamma):
        assert degree in generators
        choices.append([e[0] for e in generators[degree].expressions])
    ideals = [c for c in itertools.product(*choices) if len(set(c)) == len(c)]
    assert any(sympy.groebner(c, *symbols, order="grevlex").is_zero_dimensional for c in ideals)


@pytest.mark.parametrize(("name", "label"), IMAGES)
def test_generators_span_all_invariants_and_none_is_superfluous(name, label):
    """At random points: products of generators have the rank of Molien's series, without any generator less."""
    gamma = irrep(name, "R", label)
    generators = [(n, e[0]) for n, found in integrity_basis(gamma).items() for e in found.expressions]
    symbols = sympy.symbols(f"x1:{gamma.dim + 1}")
    points = np.random.default_rng(9).normal(size=(80, gamma.dim))
    values = [(n, np.broadcast_to(sympy.lambdify(symbols, e)(*points.T), 80)) for n, e in generators]

    def rank(chosen, degree):
        powers = itertools.product(*(range(degree // n + 1) for n, _ in chosen))
        of_degree = [ps for ps in powers if sum(p * n for p, (n, _) in zip(ps, chosen, strict=True)) == degree]
        rows = [np.prod([v**p for p, (_, v) in zip(ps, chosen, strict=True)], axis=0) for ps in of_degree]
        return np.linalg.matrix_rank([r / np.linalg.norm(r) for r in rows], tol=1e-9) if rows else 0

    for degree in range(1, 9):
        assert rank(values, degree) == molien_series(gamma).coefficient(degree)
    for k, (n, _) in enumerate(values):
        assert rank([v for i, v in enumerate(values) if i != k], n) < molien_series(gamma).coefficient(n)


def test_known_integrity_bases():
    def texts(name, field, label):
        return {n: [t[0] for t in found.texts] for n, found in integrity_basis(irrep(name, field, label)).items()}

    assert texts("T", "C", "T") == {
        2: ["x1^2 + x2^2 + x3^2"],
        3: ["x1 x2 x3"],
        4: ["x1^4 + x2^4 + x3^4"],
        6: ["x1^4 x2^2 + x1^2 x3^4 + x2^4 x3^2"],
    }
    assert texts("C6v", "C", "E1")[6] == ["x1^6 - 15 x1^4 x2^2 + 15 x1^2 x2^4 - x2^6"]
    assert list(texts("O", "C", "T1")) == [2, 4, 6, 9]


def test_landau_expansions():
    assert landau_expansion(irrep("Oh", "R", "Eg"), 6) == {
        2: ("x1^2 + x2^2",),
        3: ("x1^3 - 3 x1 x2^2",),
        4: ("(x1^2 + x2^2)^2",),
        5: ("(x1^3 - 3 x1 x2^2) (x1^2 + x2^2)",),
        6: ("(x1^2 + x2^2)^3", "(x1^3 - 3 x1 x2^2)^2"),
    }
    assert landau_expansion(irrep("C2", "R", "B"), 4) == {2: ("x1^2",), 4: ("(x1^2)^2",)}


@every_group
def test_landau_expansions_count_as_molien_says(name):
    for gamma in irreps(point_group(name), "R"):
        found = landau_expansion(gamma, 6)
        assert [len(found.get(n, ())) for n in range(1, 7)] == molien_series(gamma).coefficients(6)[1:]
        assert len({t for texts in found.values() for t in texts}) == sum(map(len, found.values()))


def test_products_of_polynomials():
    a, b = ExactArray.integers([1, 2, 3]), ExactArray.integers([1, -1, 2])
    x1, x2 = sympy.symbols("x1 x2")

    def expression(coefficients, degree):
        return sum(
            int(c.rational()) * x1**i * x2**j for c, (i, j) in zip(coefficients, monomials(2, degree), strict=True)
        )

    product = multiplied(Exact, a, b, 2, 2, 2)
    assert sympy.expand(expression(a, 2) * expression(b, 2) - expression(product, 4)) == 0
