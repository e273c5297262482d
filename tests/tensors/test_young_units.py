"""Irreps of the symmetric group in two forms, and the matrix units of its group algebra."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from tensors.twins import all_permutations, cycle_lengths

from pointgroups import (
    algebra_adjoint,
    algebra_product,
    central_projector,
    dimension_symmetric,
    matrix_unit,
    orthogonal_representation,
    partitions,
    seminormal_matrix,
    standard_tableaux,
    symmetric_character,
    young_symmetrizer,
)
from pointgroups.tensors.symmetric_group import adjacent_word
from pointgroups.tensors.young import compose, cycle_type, inverse, shape_of

FORMS = ("seminormal", "orthogonal")
every_form = pytest.mark.parametrize("form", FORMS)


def every_shape(*sizes):
    return pytest.mark.parametrize("shape", [s for n in sizes for s in partitions(n)], ids=str)


def content(tableau, k):
    return next(c - r for r, row in enumerate(tableau) for c, x in enumerate(row) if x == k)


def all_units(n, form):
    """{(T, T′): e_TT′} over all shapes of n boxes."""
    return {
        (t, u): matrix_unit(t, u, form)
        for shape in partitions(n)
        for t, u in itertools.product(standard_tableaux(shape), repeat=2)
    }


def added(*elements):
    total = {}
    for element in elements:
        for s, x in element.items():
            total[s] = total.get(s, 0) + x
    return {s: x for s, x in total.items() if x}


def scaled(factor, element):
    return {s: factor * x for s, x in element.items()}


def one(n):
    return {tuple(range(n)): 1}


# -- representations ----------------------------------------------------------------------------------------------


def transposition(n, k):
    return (*range(k), k + 1, k, *range(k + 2, n))


@pytest.mark.parametrize("n", range(6))
def test_permutations_are_products_of_as_many_adjacent_transpositions_as_inversions(n):
    for s in all_permutations(n):
        word = adjacent_word(s)
        product = tuple(range(n))
        for k in word:
            product = compose(product, transposition(n, k))
        assert product == s
        assert len(word) == sum(a > b for a, b in itertools.combinations(s, 2))


@pytest.mark.parametrize("n", range(6))
def test_cycle_types(n):
    assert all(cycle_type(s) == cycle_lengths(s) for s in all_permutations(n))


@every_shape(0, 1, 2, 3, 4)
def test_seminormal_matrices_multiply_as_permutations(shape):
    n = sum(shape)
    matrices = {s: seminormal_matrix(shape, s) for s in all_permutations(n)}
    for s, t in itertools.product(matrices, repeat=2):
        assert np.array_equal(matrices[s] @ matrices[t], matrices[compose(s, t)])
    for s, matrix in matrices.items():
        assert all(type(x) is Fraction for x in matrix.flat)
        assert matrix.shape == (dimension_symmetric(shape),) * 2
        assert matrix.trace() == symmetric_character(shape, cycle_lengths(s))


@every_shape(5)
def test_traces_of_five_boxes(shape):
    for s in all_permutations(5):
        character = symmetric_character(shape, cycle_lengths(s))
        assert seminormal_matrix(shape, s).trace() == character
        assert orthogonal_representation(shape, s).trace() == pytest.approx(character, abs=1e-14)


@every_shape(0, 1, 2, 3, 4)
def test_orthogonal_matrices_are_an_orthogonal_representation_exactly(shape):
    n = sum(shape)
    matrices = {s: sympy.Matrix(orthogonal_representation(shape, s, exact=True)) for s in all_permutations(n)}
    for s, t in itertools.product(matrices, repeat=2):
        assert (matrices[s] * matrices[t]).expand() == matrices[compose(s, t)]
    for s, matrix in matrices.items():
        assert (matrix * matrix.T).expand() == sympy.eye(len(standard_tableaux(shape)))
        assert np.array_equal(orthogonal_representation(shape, s), np.array(matrix.evalf(30), dtype=float))


@every_shape(5, 6)
def test_floats_are_an_orthogonal_representation(shape):
    n, f = sum(shape), dimension_symmetric(shape)
    rng = np.random.default_rng(5)
    for _ in range(10):
        s, t = (tuple(rng.permutation(n).tolist()) for _ in range(2))
        a, b = orthogonal_representation(shape, s), orthogonal_representation(shape, t)
        assert a.dtype == np.float64
        assert np.abs(a @ a.T - np.eye(f)).max() < 1e-14
        assert np.abs(a @ b - orthogonal_representation(shape, compose(s, t))).max() < 1e-14


@every_shape(2, 3, 4, 5, 6)
def test_adjacent_transpositions_have_youngs_orthogonal_form(shape):
    """ρ = 1/(axial distance) on the diagonal, √(1 − ρ²) between T and (k k+1) T."""
    n = sum(shape)
    tableaux = standard_tableaux(shape)
    for k in range(n - 1):
        expected = sympy.zeros(len(tableaux))
        for i, tableau in enumerate(tableaux):
            rho = sympy.Rational(1, content(tableau, k + 1) - content(tableau, k))
            expected[i, i] = rho
            exchanged = tuple(tuple({k: k + 1, k + 1: k}.get(x, x) for x in row) for row in tableau)
            if exchanged in tableaux:
                expected[tableaux.index(exchanged), i] = sympy.sqrt(1 - rho**2)
        assert sympy.Matrix(orthogonal_representation(shape, transposition(n, k), exact=True)) == expected


def test_matrices_known_from_the_books():
    """The two-dimensional irrep of S₃ and √15/4 of S₄ … S₅."""
    half = sympy.Rational(1, 2)
    assert orthogonal_representation((2, 1), (0, 2, 1), exact=True).tolist() == [
        [-half, sympy.sqrt(3) / 2],
        [sympy.sqrt(3) / 2, half],
    ]
    entries = orthogonal_representation((4, 1), transposition(5, 3), exact=True)
    assert entries[0, 1] == sympy.sqrt(15) / 4
    assert entries[0, 0] == -sympy.Rational(1, 4)


@every_shape(1, 2, 3, 4, 5)
def test_the_trivial_and_the_alternating_irrep(shape):
    n = sum(shape)
    for s in all_permutations(n):
        inversions = sum(a > b for a, b in itertools.combinations(s, 2))
        for function in (seminormal_matrix, orthogonal_representation):
            assert function((n,), s).tolist() == [[1]]
            assert function((1,) * n, s).tolist() == [[(-1) ** inversions]]


def test_matrices_are_read_only():
    for matrix in (
        seminormal_matrix((2, 1), (1, 0, 2)),
        orthogonal_representation((2, 1), (1, 0, 2)),
        orthogonal_representation((2, 1), (1, 0, 2), exact=True),
    ):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 7


# -- arithmetic of the group algebra ------------------------------------------------------------------------------


def test_products_leave_out_what_vanishes():
    a = {(0, 1): Fraction(1), (1, 0): Fraction(1)}
    assert algebra_product(a, {(0, 1): 1, (1, 0): -1}) == {}
    assert algebra_product({}, a) == algebra_product(a, {}) == {}
    root = sympy.sqrt(2) + sympy.sqrt(3)  # root² − 5 − 2√6 is zero, which SymPy sees when it expands
    product = algebra_product({(0, 1): root, (1, 0): 1}, {(0, 1): root, (1, 0): -5 - 2 * sympy.sqrt(6)})
    assert product == {(1, 0): (root - root**3).expand()}


def test_the_adjoint_reverses_products():
    rng = np.random.default_rng(2)
    a, b = ({s: Fraction(int(rng.integers(-5, 6)), 7) for s in all_permutations(4)} for _ in range(2))
    assert algebra_adjoint(algebra_product(a, b)) == algebra_product(algebra_adjoint(b), algebra_adjoint(a))
    assert algebra_adjoint(algebra_adjoint(a)) == a


# -- matrix units -------------------------------------------------------------------------------------------------


@every_form
@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_units_multiply_as_matrix_units(n, form):
    units = all_units(n, form)
    assert len(units) == math.factorial(n)
    for ((t, u), a), ((v, w), b) in itertools.product(units.items(), repeat=2):
        assert algebra_product(a, b) == (units[t, w] if u == v else {})


def _regular(unit, order):
    """Numerators of e and of its left multiplication on ℚS_n as arrays, with the common denominator."""
    denominator = math.lcm(*(x.denominator for x in unit.values()))
    vector = np.array([int(unit.get(s, 0) * denominator) for s in order])
    return vector, denominator


@pytest.mark.parametrize("n", [4, 5])
def test_seminormal_units_multiply_as_matrix_units_in_whole_numbers(n):
    """All n!² products at once: numerators in int64, which they fit by far."""
    order = all_permutations(n)
    number = {s: i for i, s in enumerate(order)}
    quotient = np.array([[number[compose(inverse(t), s)] for t in order] for s in order])  # τ⁻¹σ
    units = all_units(n, "seminormal")
    vectors, denominators = zip(*(_regular(unit, order) for unit in units.values()), strict=True)
    common = math.lcm(*denominators)
    rows = np.stack([v * (common // d) for v, d in zip(vectors, denominators, strict=True)])
    assert math.factorial(n) * float(np.abs(rows).max()) ** 2 < 2**62
    place = {key: i for i, key in enumerate(units)}
    for b, (v, w) in enumerate(units):
        products = rows @ rows[b][quotient].T  # Σ_τ a_τ b_{τ⁻¹σ}
        expected = np.zeros_like(products)
        for a, (t, u) in enumerate(units):
            if u == v:
                expected[a] = rows[place[t, w]] * common
        assert np.array_equal(products, expected)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_orthogonal_units_of_a_shape_multiply_exactly(n):
    rng = np.random.default_rng(4)
    for shape in partitions(n):
        tableaux = standard_tableaux(shape)
        chosen = rng.integers(len(tableaux), size=(12, 4)).tolist()
        for t, u, v, w in ([tableaux[i] for i in row] for row in chosen):
            product = algebra_product(matrix_unit(t, u, "orthogonal"), matrix_unit(v, w, "orthogonal"))
            assert product == (matrix_unit(t, w, "orthogonal") if u == v else {})
        for other in partitions(n):
            if other != shape:
                foreign = matrix_unit(standard_tableaux(other)[0], standard_tableaux(other)[-1], "orthogonal")
                assert algebra_product(matrix_unit(tableaux[0], tableaux[-1], "orthogonal"), foreign) == {}


@every_form
@every_shape(0, 1, 2, 3, 4)
def test_units_have_the_coefficients_of_the_formula(shape, form):
    """(f_λ/n!) ρ_λ(σ⁻¹)_T′T, with whole matrices in place of the rows that the units are made from."""
    n = sum(shape)
    tableaux = standard_tableaux(shape)
    scale = Fraction(len(tableaux), math.factorial(n))
    matrices = {
        s: orthogonal_representation(shape, inverse(s), exact=True)
        if form == "orthogonal"
        else seminormal_matrix(shape, inverse(s))
        for s in all_permutations(n)
    }
    for (i, t), (j, u) in itertools.product(enumerate(tableaux), repeat=2):
        expected = {s: scale * matrix[j, i] for s, matrix in matrices.items() if matrix[j, i]}
        assert matrix_unit(t, u, form) == expected


@every_form
@every_shape(1, 2, 3, 4)
def test_permutations_act_on_units_by_the_representation(shape, form):
    """σ e_TT′ = Σ_U ρ(σ)_UT e_UT′."""
    n = sum(shape)
    tableaux = standard_tableaux(shape)
    for k in range(n - 1):
        s = transposition(n, k)
        matrix = (
            orthogonal_representation(shape, s, exact=True) if form == "orthogonal" else seminormal_matrix(shape, s)
        )
        for i, t in enumerate(tableaux):
            expected = added(*(scaled(matrix[j, i], matrix_unit(u, t, form)) for j, u in enumerate(tableaux)))
            assert algebra_product({s: Fraction(1)}, matrix_unit(t, t, form)) == expected


@every_form
@every_shape(0, 1, 2, 3, 4, 5)
def test_idempotents_of_a_shape_sum_to_the_central_one(shape, form):
    assert added(*(matrix_unit(t, t, form) for t in standard_tableaux(shape))) == central_projector(shape)


@pytest.mark.parametrize("n", range(6))
def test_central_idempotents_sum_to_one(n):
    assert added(*map(central_projector, partitions(n))) == one(n)


@pytest.mark.parametrize("n", range(5))
def test_central_idempotents_are_central_and_orthogonal(n):
    elements = {shape: central_projector(shape) for shape in partitions(n)}
    for (a, p), (b, q) in itertools.product(elements.items(), repeat=2):
        assert algebra_product(p, q) == (p if a == b else {})
    for p in elements.values():
        for s in all_permutations(n):
            assert algebra_product({s: 1}, p) == algebra_product(p, {s: 1})


@every_shape(0, 1, 2, 3, 4)
def test_orthogonal_units_are_self_adjoint(shape):
    for t, u in itertools.product(standard_tableaux(shape), repeat=2):
        assert algebra_adjoint(matrix_unit(t, u, "orthogonal")) == matrix_unit(u, t, "orthogonal")


def test_seminormal_units_are_not_self_adjoint():
    t, u = standard_tableaux((2, 1))
    assert algebra_adjoint(matrix_unit(t, u)) == scaled(Fraction(4, 3), matrix_unit(u, t))


@every_shape(0, 1, 2, 3, 4, 5)
def test_both_forms_have_the_same_idempotents(shape):
    for t in standard_tableaux(shape):
        e = matrix_unit(t, t)
        assert matrix_unit(t, t, "orthogonal") == e
        assert algebra_adjoint(e) == e


# -- second sources -----------------------------------------------------------------------------------------------


def jucys_murphy(n, k):
    """X_k = Σ_{a<k} (a k)."""
    found = {}
    for a in range(k):
        s = list(range(n))
        s[a], s[k] = k, a
        found[tuple(s)] = Fraction(1)
    return found


def spectral_projector(tableau, n):
    """P_T = Π_k Π_c (X_k − c)/(c_T(k) − c) over the other contents c that k can have: Okounkov and Vershik."""
    projector = one(n)
    for k in range(n):
        before = [sum(x < k for x in row) for row in tableau]
        addable = {before[r] - r for r in range(len(before)) if r == 0 or before[r - 1] > before[r]} | {
            -len(before)
        }  # the row below the last one
        here = content(tableau, k)
        for c in addable - {here}:
            factor = scaled(Fraction(1, here - c), added(jucys_murphy(n, k), scaled(-c, one(n))))
            projector = algebra_product(projector, factor)
    return projector


@every_shape(1, 2, 3, 4)
def test_idempotents_by_the_recursion_of_jucys_and_murphy(shape):
    for tableau in standard_tableaux(shape):
        assert matrix_unit(tableau, tableau) == spectral_projector(tableau, sum(shape))


def test_some_idempotents_of_five_boxes_by_the_recursion():
    for shape in ((3, 2), (2, 2, 1), (3, 1, 1)):
        tableau = standard_tableaux(shape)[2]
        assert matrix_unit(tableau, tableau) == spectral_projector(tableau, 5)


@every_form
@every_shape(1, 2, 3, 4)
def test_units_are_eigenvectors_of_jucys_murphy_elements(shape, form):
    n = sum(shape)
    for t, u in itertools.product(standard_tableaux(shape), repeat=2):
        e = matrix_unit(t, u, form)
        for k in range(n):
            x = jucys_murphy(n, k)
            assert algebra_product(x, e) == (scaled(content(t, k), e) if content(t, k) else {})
            assert algebra_product(e, x) == (scaled(content(u, k), e) if content(u, k) else {})


@pytest.mark.parametrize("first", ["rows", "columns"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_young_symmetrisers_lie_in_the_ideal_of_their_shape(n, first):
    for shape, other in itertools.product(partitions(n), repeat=2):
        for tableau in standard_tableaux(shape):
            c = young_symmetrizer(tableau, first)
            assert algebra_product(central_projector(other), c) == (c if other == shape else {})


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_one_row_and_one_column_are_symmetrised_and_antisymmetrised(n):
    row = (tuple(range(n)),)
    column = tuple((k,) for k in range(n))
    for tableau in (row, column):
        expected = young_symmetrizer(tableau)
        assert matrix_unit(tableau, tableau) == central_projector(shape_of(tableau)) == expected


# -- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [seminormal_matrix, orthogonal_representation])
def test_representations_refuse_what_does_not_fit(function):
    for bad in ((0, 1), (0, 1, 2, 3), (0, 0, 1), (1, 2, 3)):
        with pytest.raises(ValueError, match="a permutation of 3 places holds each of 0 … 2 once, not"):
            function((2, 1), bad)
    with pytest.raises(ValueError, match="decreasing positive lengths"):
        function((1, 2), (0, 1, 2))


def test_units_refuse_what_does_not_fit():
    row, column = ((0, 1),), ((0,), (1,))
    with pytest.raises(ValueError, match=r"one shape, not \(2,\) and \(1, 1\)"):
        matrix_unit(row, column)
    with pytest.raises(ValueError, match="grows along rows and down columns"):
        matrix_unit(((1, 0),), row)
    with pytest.raises(ValueError, match="holds each of 0 … n − 1 once"):
        matrix_unit(row, ((0, 2),))
    with pytest.raises(ValueError, match="not 'natural'"):
        matrix_unit(row, row, form="natural")
    with pytest.raises(ValueError, match="decreasing positive lengths"):
        central_projector((1, 2))


def test_elements_of_one_group_algebra_permute_the_same_places():
    with pytest.raises(ValueError, match=r"not \[2, 3\] of them"):
        algebra_product({(1, 0): 1}, {(1, 0, 2): 1})
    with pytest.raises(ValueError, match=r"not \[2, 3\] of them"):
        algebra_adjoint({(1, 0): 1, (1, 0, 2): 1})
    with pytest.raises(ValueError, match="holds each of 0 … 1 once"):
        algebra_product({(1, 0): 1}, {(1, 1): 1})
