"""The symmetric group: dimensions, symmetrisers, seminormal matrices, characters, Littlewood–Richardson products."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from tensors.twins import acted, all_permutations, class_size, cycle_lengths, parity, permuted

from pointgroups import (
    algebra_product,
    conjugate,
    diagram,
    dimension_linear,
    dimension_symmetric,
    hook_lengths,
    littlewood_richardson,
    partitions,
    standard_tableaux,
    symmetric_character,
    young_symmetrizer,
)
from pointgroups.tensors.symmetric_group import seminormal_transposition
from pointgroups.tensors.young import checked_permutation, checked_standard, compose, cycles, inverse, sign

# The number of partitions of 0, 1, 2, …: OEIS A000041.
NUMBERS_OF_PARTITIONS = (1, 1, 2, 3, 5, 7, 11, 15, 22, 30, 42)


def _shapes(sizes):
    return [shape for n in sizes for shape in partitions(n)]


def every_shape(*sizes):
    return pytest.mark.parametrize("shape", _shapes(sizes), ids=str)


def every_tableau(*sizes):
    return pytest.mark.parametrize("tableau", [t for s in _shapes(sizes) for t in standard_tableaux(s)], ids=str)


# -- partitions and dimensions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(11))
def test_partitions(n):
    found = list(partitions(n))
    assert len(found) == NUMBERS_OF_PARTITIONS[n]
    assert found == sorted(set(found), reverse=True)
    assert all(sum(shape) == n and list(shape) == sorted(shape, reverse=True) for shape in found)
    for rows in range(4):
        assert list(partitions(n, rows)) == [shape for shape in found if len(shape) <= rows]


def test_the_diagram_of_the_slides():
    assert hook_lengths((5, 4, 3, 1)) == ((8, 6, 5, 3, 1), (6, 4, 3, 1), (4, 2, 1), (1,))
    # 13! / (8·6·5·3 · 6·4·3 · 4·2)
    assert dimension_symmetric((5, 4, 3, 1)) == 15015
    assert conjugate((5, 4, 3, 1)) == (4, 3, 3, 2, 1)


@every_shape(*range(9))
def test_conjugation_transposes(shape):
    assert conjugate(conjugate(shape)) == shape
    boxes = {(c, r) for r, row in enumerate(shape) for c in range(row)}
    assert boxes == {(r, c) for r, row in enumerate(conjugate(shape)) for c in range(row)}
    assert dimension_symmetric(conjugate(shape)) == dimension_symmetric(shape)


@every_shape(*range(1, 7))
def test_diagrams_draw_one_box_for_each_box(shape):
    assert [line.count("□") for line in diagram(shape).split("\n")] == list(shape)
    assert set(diagram(shape)) <= {"□", "\n"}


def test_the_empty_diagram_is_drawn_too():
    assert diagram(()) == "∅"


@pytest.mark.parametrize("n", range(10))
def test_squares_of_dimensions_sum_to_the_order(n):
    assert sum(dimension_symmetric(shape) ** 2 for shape in partitions(n)) == math.factorial(n)


@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("n", range(9))
def test_schur_weyl_dimensions(n, d):
    assert sum(dimension_symmetric(s) * dimension_linear(s, d) for s in partitions(n)) == d**n
    assert sum(dimension_symmetric(s) * dimension_linear(s, d) for s in partitions(n, rows=d)) == d**n


def _semistandard_count(shape, d):
    """Fillings with 1 … d that grow weakly along rows and strictly down columns, by trying all."""
    boxes = [(r, c) for r, row in enumerate(shape) for c in range(row)]
    count = 0
    for filling in itertools.product(range(d), repeat=len(boxes)):
        value = dict(zip(boxes, filling, strict=True))
        count += all(value[r, c] <= value.get((r, c + 1), d) for r, c in boxes) and all(
            value[r, c] < value.get((r + 1, c), d) for r, c in boxes
        )
    return count


@every_shape(*range(7))
def test_dimensions_count_semistandard_tableaux(shape):
    for d in (1, 2, 3):
        assert dimension_linear(shape, d) == _semistandard_count(shape, d)


@every_shape(*range(8))
def test_standard_tableaux(shape):
    tableaux = standard_tableaux(shape)
    assert len(tableaux) == len(set(tableaux)) == dimension_symmetric(shape)
    for tableau in tableaux:
        assert tuple(len(row) for row in tableau if row) == shape
        assert sorted(k for row in tableau for k in row) == list(range(sum(shape)))
        assert all(a < b for row in tableau for a, b in itertools.pairwise(row))
        assert all(a < b for upper, lower in itertools.pairwise(tableau) for a, b in zip(upper, lower, strict=False))


# -- permutations -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_composition_cycles_and_signs(n):
    for s, t in itertools.product(all_permutations(n), repeat=2):
        assert compose(s, t) == tuple(s[t[k]] for k in range(n))
        assert sign(compose(s, t)) == sign(s) * sign(t)
    for s in all_permutations(n):
        assert tuple(sorted(map(len, cycles(s)), reverse=True)) == cycle_lengths(s)
        assert compose(s, inverse(s)) == compose(inverse(s), s) == tuple(range(n))
        assert sign(s) == parity(s) == round(np.linalg.det(np.eye(n)[list(s)]))


# -- symmetrisers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["rows", "columns"])
@every_tableau(1, 2, 3, 4)
def test_symmetrisers_are_idempotent(tableau, first):
    e = young_symmetrizer(tableau, first)
    assert algebra_product(e, e) == e


@pytest.mark.parametrize("first", ["rows", "columns"])
@every_shape(5)
def test_symmetrisers_of_five_boxes_are_idempotent(shape, first):
    e = young_symmetrizer(standard_tableaux(shape)[-1], first)
    assert algebra_product(e, e) == e


def test_a_symmetriser_need_not_be_of_a_standard_tableau():
    e = young_symmetrizer(((2, 0), (1,)))
    assert algebra_product(e, e) == e


@pytest.mark.parametrize("first", ["rows", "columns"])
@every_tableau(1, 2, 3, 4)
def test_symmetrisers_project_tensors_on_irreps_of_gl3(tableau, first):
    n = sum(map(len, tableau))
    units = np.eye(3**n).reshape(-1, *(3,) * n)
    operator = acted(young_symmetrizer(tableau, first), units).reshape(3**n, 3**n).T
    assert np.abs(operator @ operator - operator).max() < 1e-12
    shape = tuple(map(len, tableau))
    assert np.trace(operator) == pytest.approx(dimension_linear(shape), abs=1e-10)
    assert np.linalg.matrix_rank(operator) == dimension_linear(shape)


@pytest.mark.parametrize("first", ["rows", "columns"])
@every_tableau(3, 4)
def test_symmetrisers_have_the_symmetry_of_their_last_step(tableau, first):
    """Symmetrised rows first: antisymmetric in columns; columns first: symmetric in rows."""
    n = sum(map(len, tableau))
    columns = [tuple(row[c] for row in tableau if len(row) > c) for c in range(len(tableau[0]))]
    e = young_symmetrizer(tableau, first)
    for positions in columns if first == "rows" else tableau:
        for a, b in itertools.pairwise(positions):
            swap = list(range(n))
            swap[a], swap[b] = b, a
            swapped = algebra_product({tuple(swap): Fraction(1)}, e)
            assert swapped == {s: x * (-1 if first == "rows" else 1) for s, x in e.items()}


@pytest.mark.parametrize("n", [2, 3, 4])
def test_symmetrisers_of_different_shapes_annihilate_each_other(n):
    tableaux = [t for shape in partitions(n) for t in standard_tableaux(shape)]
    for a, b in itertools.permutations(tableaux, 2):
        if tuple(map(len, a)) != tuple(map(len, b)):
            for first, second in itertools.product(["rows", "columns"], repeat=2):
                assert algebra_product(young_symmetrizer(a, first), young_symmetrizer(b, second)) == {}


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_symmetrisers_of_a_shape_generate_its_ideal(n):
    """Σ over σ of σ e σ⁻¹ is central; it is the projector (f/n!) Σ χ(σ) σ times n!/f."""
    for shape in partitions(n):
        e = young_symmetrizer(standard_tableaux(shape)[0])
        average = {}
        for s in all_permutations(n):
            inverse = tuple(s.index(k) for k in range(n))
            for t, x in e.items():
                key = tuple(s[t[inverse[k]]] for k in range(n))
                average[key] = average.get(key, 0) + x
        central = {
            s: Fraction(symmetric_character(shape, cycle_lengths(s)))
            for s in all_permutations(n)
            if symmetric_character(shape, cycle_lengths(s))
        }
        assert {s: x for s, x in average.items() if x} == central


def test_the_expansions_of_the_slides():
    """𝒮(ijk) d and 𝒜(ik)𝒮(ij) d of a piezoelectric tensor, d_ijk = d_jik."""
    d = np.random.default_rng(0).normal(size=(3, 3, 3))
    d = d + d.transpose(1, 0, 2)
    at = {word: np.einsum(f"{word}->ijk", d) for word in ("ijk", "ikj", "jik", "jki", "kij", "kji")}

    symmetric = acted(young_symmetrizer(((0, 1, 2),), normalised=False), d)
    assert np.allclose(symmetric, sum(at.values()))
    assert np.allclose(symmetric, 2 * (at["ijk"] + at["ikj"] + at["kji"]))

    mixed = acted(young_symmetrizer(((0, 1), (2,)), "rows", normalised=False), d)
    assert np.allclose(mixed, at["ijk"] - at["kji"] + at["jik"] - at["jki"])
    assert np.allclose(mixed, 2 * at["ijk"] - at["kji"] - at["jki"])
    # 𝒜(ik)𝒮(ij) as group elements: 1 + (ij) − (ik) − (ik)(ij)
    assert young_symmetrizer(((0, 1), (2,)), "rows", normalised=False) == {
        (0, 1, 2): 1,
        (1, 0, 2): 1,
        (2, 1, 0): -1,
        (1, 2, 0): -1,
    }
    # normalised by hook lengths, and made symmetric in ij again, they are the slides' S and A
    part = acted(young_symmetrizer(((0, 1), (2,)), "columns"), d)
    assert np.allclose(part, (part + part.transpose(1, 0, 2)) / 2)
    part = acted(young_symmetrizer(((0, 1), (2,)), "rows"), d)
    restored = (part + part.transpose(1, 0, 2)) / 2
    assert np.allclose(restored, (2 * at["ijk"] - at["jki"] - at["ikj"]) / 3)
    assert np.allclose(symmetric / 6, (at["ijk"] + at["jki"] + at["ikj"]) / 3)
    assert np.allclose(restored + symmetric / 6, d)


def test_the_action_on_tensors_is_a_left_action():
    tensor = np.random.default_rng(1).normal(size=(3, 3, 3))
    for s, t in itertools.product(all_permutations(3), repeat=2):
        assert np.array_equal(permuted(compose(s, t), tensor), permuted(s, permuted(t, tensor)))


# -- representations ----------------------------------------------------------------------------------------------


def _matrix(shape, k):
    return np.array(seminormal_transposition(shape, k), dtype=object)


def _identity(n):
    return np.array([[Fraction(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)


@every_shape(2, 3, 4, 5, 6)
def test_seminormal_matrices_obey_the_coxeter_relations(shape):
    n = sum(shape)
    s = [_matrix(shape, k) for k in range(n - 1)]
    one = _identity(dimension_symmetric(shape))
    for k in range(n - 1):
        assert np.array_equal(s[k].dot(s[k]), one)
        if k + 1 < n - 1:
            assert np.array_equal(s[k].dot(s[k + 1]).dot(s[k]), s[k + 1].dot(s[k]).dot(s[k + 1]))
        for j in range(k + 2, n - 1):
            assert np.array_equal(s[k].dot(s[j]), s[j].dot(s[k]))


@every_shape(1, 2, 3, 4, 5, 6)
def test_characters_are_traces_of_products_of_seminormal_matrices(shape):
    n = sum(shape)
    for cycle_type in partitions(n):
        product, start = _identity(dimension_symmetric(shape)), 0
        for length in cycle_type:  # (start start+1)(start+1 start+2)… is a cycle of this length
            for k in range(start, start + length - 1):
                product = product.dot(_matrix(shape, k))
            start += length
        assert product.trace() == symmetric_character(shape, cycle_type)


@pytest.mark.parametrize("n", range(1, 10))
def test_characters_are_orthonormal(n):
    classes = list(partitions(n))
    table = {shape: [symmetric_character(shape, c) for c in classes] for shape in classes}
    sizes = [class_size(c) for c in classes]
    assert sum(sizes) == math.factorial(n)
    for a, b in itertools.combinations_with_replacement(classes, 2):
        inner = sum(size * x * y for size, x, y in zip(sizes, table[a], table[b], strict=True))
        assert inner == (math.factorial(n) if a == b else 0)


@every_shape(*range(1, 8))
def test_known_characters(shape):
    n = sum(shape)
    assert symmetric_character(shape, (1,) * n) == dimension_symmetric(shape)
    for cycle_type in partitions(n):
        sign_of_class = (-1) ** sum(k - 1 for k in cycle_type)
        assert symmetric_character((n,), cycle_type) == 1
        assert symmetric_character((1,) * n, cycle_type) == sign_of_class
        assert symmetric_character(conjugate(shape), cycle_type) == sign_of_class * symmetric_character(
            shape, cycle_type
        )
        if n > 1:  # permutation of n points less the trivial irrep
            assert symmetric_character((n - 1, 1), cycle_type) == cycle_type.count(1) - 1


# -- Littlewood–Richardson ----------------------------------------------------------------------------------------

PAIRS = [(a, b) for a, b in itertools.product(_shapes(range(1, 5)), repeat=2) if sum(a) + sum(b) <= 7]
every_pair = pytest.mark.parametrize(("a", "b"), PAIRS, ids=lambda shape: "".join(map(str, shape)))


def test_a_product_known_from_the_books():
    """(2,1) ⊗ (2,1), Fulton & Harris, Representation Theory, appendix A."""
    assert littlewood_richardson((2, 1), (2, 1)) == {
        (4, 2): 1,
        (4, 1, 1): 1,
        (3, 3): 1,
        (3, 2, 1): 2,
        (3, 1, 1, 1): 1,
        (2, 2, 2): 1,
        (2, 2, 1, 1): 1,
    }


@every_pair
def test_products_have_the_right_dimensions(a, b):
    for d in (1, 2, 3, 4):
        product = littlewood_richardson(a, b, rows=d)
        whole = littlewood_richardson(a, b)
        if len(a) <= d and len(b) <= d:
            assert product == {shape: m for shape, m in whole.items() if len(shape) <= d}
        for found in (product, whole):
            assert sum(m * dimension_linear(s, d) for s, m in found.items()) == dimension_linear(
                a, d
            ) * dimension_linear(b, d)
    induced = math.comb(sum(a) + sum(b), sum(a)) * dimension_symmetric(a) * dimension_symmetric(b)
    assert sum(m * dimension_symmetric(s) for s, m in littlewood_richardson(a, b).items()) == induced


@every_pair
def test_products_are_the_induced_characters(a, b):
    """c^ν_ab = ⟨χ_ν restricted to S_m × S_n, χ_a ⊗ χ_b⟩."""
    m, n = sum(a), sum(b)
    expected = {}
    for shape in partitions(m + n):
        total = sum(
            class_size(p)
            * class_size(q)
            * symmetric_character(a, p)
            * symmetric_character(b, q)
            * symmetric_character(shape, tuple(sorted(p + q, reverse=True)))
            for p in partitions(m)
            for q in partitions(n)
        )
        multiplicity = Fraction(total, math.factorial(m) * math.factorial(n))
        assert multiplicity.denominator == 1
        if multiplicity:
            expected[shape] = int(multiplicity)
    assert littlewood_richardson(a, b) == expected


@every_pair
def test_products_commute(a, b):
    assert littlewood_richardson(a, b) == littlewood_richardson(b, a)
    assert littlewood_richardson(a, b, rows=3) == littlewood_richardson(b, a, rows=3)


@pytest.mark.parametrize("shapes", list(itertools.combinations_with_replacement(_shapes([1, 2, 3]), 3)), ids=str)
def test_products_associate(shapes):
    def times(left, right):
        total = {}
        for s, m in left.items():
            for t, k in right.items():
                for shape, c in littlewood_richardson(s, t).items():
                    total[shape] = total.get(shape, 0) + m * k * c
        return total

    a, b, c = ({s: 1} for s in shapes)
    assert times(times(a, b), c) == times(a, times(b, c))


@every_shape(0, 1, 2, 3, 4)
def test_the_empty_diagram_is_the_unit(shape):
    assert littlewood_richardson(shape, ()) == littlewood_richardson((), shape) == {shape: 1}


# -- errors -------------------------------------------------------------------------------------------------------

SHAPE_FUNCTIONS = (
    conjugate,
    diagram,
    hook_lengths,
    dimension_symmetric,
    dimension_linear,
    standard_tableaux,
    lambda shape: littlewood_richardson((1,), shape),
    lambda shape: littlewood_richardson(shape, (1,)),
    lambda shape: symmetric_character(shape, (1,)),
    lambda shape: symmetric_character((1,), shape),
)


@pytest.mark.parametrize("bad", [(1, 2), (2, 0), (-1,), (3, 1, 2)], ids=str)
def test_rows_that_grow_or_vanish_are_refused(bad):
    for function in SHAPE_FUNCTIONS:
        with pytest.raises(ValueError, match="rows of decreasing positive lengths, not "):
            function(bad)


@pytest.mark.parametrize("bad", [3, "31", (1.5,), None], ids=str)
def test_what_is_no_list_of_whole_numbers_is_no_diagram(bad):
    for function in SHAPE_FUNCTIONS:
        with pytest.raises(ValueError, match="a tuple of row lengths"):
            function(bad)


def test_lists_of_rows_are_accepted():
    assert standard_tableaux([2, 1]) == standard_tableaux((2, 1))
    assert littlewood_richardson([1], np.array([1])) == {(2,): 1, (1, 1): 1}


@pytest.mark.parametrize("bad", [((0, 0),), ((1, 2),), ((0,), (1, 2)), ((0, 1), (3,)), (0, 1), 5], ids=str)
def test_fillings_that_are_no_tableau_are_refused(bad):
    for function in (young_symmetrizer, checked_standard):
        with pytest.raises(ValueError, match=r"holds each of 0 … n − 1 once|decreasing positive lengths|tuple of rows"):
            function(bad)


@pytest.mark.parametrize("bad", [((1, 0),), ((1,), (0,)), ((0, 2), (3, 1)), ((0, 3), (1, 2))], ids=str)
def test_tableaux_that_do_not_grow_are_not_standard(bad):
    with pytest.raises(ValueError, match="grows along rows and down columns"):
        checked_standard(bad)


@pytest.mark.parametrize("bad", [(0, 1), (0, 1, 1), (1, 2, 3), (0, 1, 2, 3), (0.5, 1, 2), 3], ids=str)
def test_what_does_not_permute_is_refused(bad):
    with pytest.raises(ValueError, match="a permutation "):
        checked_permutation(bad, 3)


def test_other_errors_name_what_came():
    with pytest.raises(ValueError, match="not 'diagonals'"):
        young_symmetrizer(((0, 1),), first="diagonals")
    with pytest.raises(ValueError, match="-2"):
        partitions(-2)
    with pytest.raises(ValueError, match=r"a number of rows .* not -1"):
        partitions(2, rows=-1)
    with pytest.raises(ValueError, match=r"a number of rows .* not -1"):
        littlewood_richardson((1,), (1,), rows=-1)
    with pytest.raises(ValueError, match=r"dimension .* not -3"):
        dimension_linear((1,), -3)
    with pytest.raises(ValueError, match="different numbers"):
        symmetric_character((2, 1), (2, 2))
    for k in (-1, 2):
        with pytest.raises(ValueError, match=f"k = 0 … 1, not {k}"):
            seminormal_transposition((2, 1), k)
