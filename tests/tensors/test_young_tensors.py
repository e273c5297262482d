"""Permutations of the indices of tensors, and the projectors of Schur–Weyl duality."""

import itertools
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from tensors.twins import acted, all_permutations, permuted, rotated

from pointgroups import (
    algebra_product,
    central_projector,
    dimension_linear,
    dimension_symmetric,
    matrix_unit,
    partitions,
    permute,
    point_group,
    schur_weyl,
    schur_weyl_projector,
    standard_tableaux,
    tensor_basis,
    young_symmetrizer,
)
from pointgroups.tensors.young import compose

SHAPES = [shape for n in range(7) for shape in partitions(n)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
every_small_shape = pytest.mark.parametrize("shape", [s for s in SHAPES if sum(s) < 5], ids=str)


@cache
def central(shape):
    return schur_weyl_projector(shape)


def some_tableaux(shape):
    """All of a small diagram, the first, middle and last of a large one."""
    tableaux = standard_tableaux(shape)
    return tableaux if sum(shape) < 5 else [tableaux[0], tableaux[len(tableaux) // 2], tableaux[-1]]


def is_orthogonal_projector(matrix):
    return np.array_equal(matrix, matrix.T) and np.abs(matrix @ matrix - matrix).max() < 1e-14


def rank(projector):
    """The trace, of a matrix that is a projector."""
    trace = np.trace(projector)
    assert abs(trace - round(trace)) < 1e-11
    return round(trace)


def as_matrix(element, n):
    return permute(element, np.eye(3**n).reshape(3**n, *(3,) * n)).reshape(3**n, 3**n).T


# -- the action ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(5))
def test_the_action_moves_index_k_to_place_sigma_k(n):
    tensor = np.random.default_rng(n).normal(size=(2, *(3,) * n))
    for s in all_permutations(n):
        moved = permute({s: 1}, tensor)
        assert np.array_equal(moved, permuted(s, tensor))
        for word in itertools.product(range(3), repeat=n):
            assert np.array_equal(moved[(slice(None), *word)], tensor[(slice(None), *(word[k] for k in s))])


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_action_is_a_left_action(n):
    tensor = np.random.default_rng(n).normal(size=(3,) * n)
    for s, t in itertools.product(all_permutations(n), repeat=2):
        assert np.array_equal(permute({compose(s, t): 1}, tensor), permute({s: 1}, permute({t: 1}, tensor)))


def test_elements_act_linearly_and_products_compose():
    rng = np.random.default_rng(3)
    tensors = rng.normal(size=(2, 5, 3, 3, 3))
    a, b = ({s: Fraction(int(rng.integers(-4, 5)), 3) for s in all_permutations(3)} for _ in range(2))
    assert np.allclose(permute(a, tensors), acted(a, tensors), atol=1e-14)
    assert np.allclose(permute(algebra_product(a, b), tensors), permute(a, permute(b, tensors)), atol=1e-13)


def test_permutations_of_vectors():
    """(0 1 2) ↦ (1 2 0) takes u ⊗ v ⊗ w to w ⊗ u ⊗ v: the vector at place k goes to place σ(k)."""
    u, v, w = np.random.default_rng(4).normal(size=(3, 3))
    assert np.allclose(
        permute({(1, 2, 0): 1}, np.einsum("i,j,k->ijk", u, v, w)), np.einsum("i,j,k->ijk", w, u, v), atol=1e-15
    )


def test_zero_and_scalars():
    assert np.array_equal(permute({}, [1.0, 2.0, 3.0]), np.zeros(3))
    assert permute({(): Fraction(1, 2)}, [2.0, 4.0]).tolist() == [1.0, 2.0]
    assert permute({(0,): 3}, [1, 2, 3]).tolist() == [3.0, 6.0, 9.0]


def test_integers_in_floats_out_and_the_argument_is_kept():
    tensor = np.arange(9).reshape(3, 3)
    found = permute({(1, 0): 1}, tensor)
    assert found.dtype == np.float64
    found[0, 0] = 5
    assert np.array_equal(tensor, np.arange(9).reshape(3, 3))


# -- projectors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(7))
def test_schur_weyl_lists_the_shapes_of_at_most_three_rows(n):
    found = schur_weyl(n)
    assert list(found) == list(partitions(n, rows=3))
    assert sum(f * d for f, d in found.values()) == 3**n
    for shape, (f, d) in found.items():
        assert (f, d) == (dimension_symmetric(shape), dimension_linear(shape))
        assert rank(central(shape)) == f * d


@every_shape
def test_central_projectors_have_the_right_rank(shape):
    projector = central(shape)
    assert projector.shape == (3 ** sum(shape),) * 2
    assert is_orthogonal_projector(projector)
    assert rank(projector) == dimension_symmetric(shape) * dimension_linear(shape)
    assert projector.any() == (len(shape) <= 3)


@every_shape
def test_projectors_of_tableaux_have_the_right_rank(shape):
    for tableau in some_tableaux(shape):
        projector = schur_weyl_projector(shape, tableau)
        assert is_orthogonal_projector(projector)
        assert rank(projector) == dimension_linear(shape)
        assert projector.any() == (len(shape) <= 3)
        assert np.abs(central(shape) @ projector - projector).max() < 1e-14


@pytest.mark.parametrize("n", range(7))
def test_central_projectors_sum_to_one(n):
    assert np.abs(sum(central(shape) for shape in partitions(n)) - np.eye(3**n)).max() < 1e-14


@pytest.mark.parametrize("n", range(6))
def test_projectors_of_tableaux_sum_to_the_central_ones_and_are_orthogonal(n):
    for shape in partitions(n, rows=3):
        copies = [schur_weyl_projector(shape, tableau) for tableau in standard_tableaux(shape)]
        assert np.abs(sum(copies) - central(shape)).max() < 1e-14
        for a, b in itertools.combinations(copies, 2):
            assert np.abs(a @ b).max() < 1e-14


@every_shape
def test_projectors_commute_with_linear_maps(shape):
    """P g^{⊗n} = g^{⊗n} P for all 48 elements of Oh and a matrix of GL(3) without symmetry."""
    n = sum(shape)
    maps = [*point_group("Oh").rotations, np.random.default_rng(6).uniform(-1, 1, size=(3, 3))]
    probes = np.random.default_rng(7).normal(size=(2, 3**n))
    for projector in (central(shape), schur_weyl_projector(shape, standard_tableaux(shape)[-1])):
        for g in maps:
            first = rotated((probes @ projector.T).reshape(2, *(3,) * n), g, n).reshape(2, -1)
            second = rotated(probes.reshape(2, *(3,) * n), g, n).reshape(2, -1) @ projector.T
            assert np.abs(first - second).max() < 1e-12


@every_small_shape
def test_projectors_are_elements_of_the_group_algebra(shape):
    n = sum(shape)
    assert np.abs(as_matrix(central_projector(shape), n) - central(shape)).max() < 1e-15
    for tableau in standard_tableaux(shape):
        projector = as_matrix(matrix_unit(tableau, tableau), n)
        assert np.abs(projector - schur_weyl_projector(shape, tableau)).max() < 1e-15


@every_small_shape
def test_orthogonal_units_are_isometries_between_copies(shape):
    n = sum(shape)
    for t, u in itertools.product(standard_tableaux(shape), repeat=2):
        e = as_matrix(matrix_unit(t, u, "orthogonal"), n)
        assert np.abs(e.T - as_matrix(matrix_unit(u, t, "orthogonal"), n)).max() < 1e-15
        assert np.abs(e @ e.T - schur_weyl_projector(shape, t)).max() < 1e-14
        assert np.abs(e.T @ e - schur_weyl_projector(shape, u)).max() < 1e-14


def test_seminormal_units_between_copies_are_no_isometries():
    t, u = standard_tableaux((2, 1))
    e = as_matrix(matrix_unit(t, u), 3)
    assert np.abs(e @ e.T - schur_weyl_projector((2, 1), t)).max() > 0.1


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_projectors_agree_with_the_decomposition_by_casimir_operators(n):
    """The spans of a shape in the tensor basis, which diagonalises the sum of transpositions."""
    basis = tensor_basis("ijkl"[:n])
    for shape in partitions(n, rows=3):
        rows = np.array([label.shape == shape for label in basis.labels])
        assert np.abs(basis.rows[rows].T @ basis.rows[rows] - central(shape)).max() < 1e-12


@pytest.mark.parametrize("n", [2, 3, 4])
def test_young_symmetrisers_map_into_their_isotypic_part(n):
    for shape in partitions(n, rows=3):
        for tableau in standard_tableaux(shape):
            image = as_matrix(young_symmetrizer(tableau), n)
            assert np.abs(central(shape) @ image - image).max() < 1e-14


def test_projectors_of_rank_two_and_less():
    assert schur_weyl_projector(()).tolist() == [[1.0]]
    assert schur_weyl_projector((1,)).tolist() == np.eye(3).tolist()
    swap = np.eye(9).reshape(3, 3, 9).transpose(1, 0, 2).reshape(9, 9)
    assert np.array_equal(schur_weyl_projector((2,)), (np.eye(9) + swap) / 2)
    assert np.array_equal(schur_weyl_projector((1, 1), ((0,), (1,))), (np.eye(9) - swap) / 2)


def test_the_antisymmetric_part_of_rank_three_is_epsilon():
    epsilon = np.cross(np.eye(3)[:, None], np.eye(3)).ravel()
    assert np.allclose(schur_weyl_projector((1, 1, 1)), np.outer(epsilon, epsilon) / 6, atol=1e-16)


def test_projectors_are_read_only():
    for tableau in (None, ((0, 1),)):
        with pytest.raises(ValueError, match="read-only"):
            schur_weyl_projector((2,), tableau)[0, 0] = 7


# -- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (3,), (3, 3), (2, 2, 2), (4, 4, 4), (3, 3, 2), (3, 3, 3, 1)], ids=str)
def test_tensors_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"3 places act on tensors of shape \(…, 3, 3, 3\), not "):
        permute({(0, 2, 1): 1}, np.zeros(shape))


def test_what_is_no_element_is_refused():
    with pytest.raises(ValueError, match=r"not \[2, 3\] of them"):
        permute({(0, 1): 1, (0, 1, 2): 1}, np.zeros((3, 3, 3)))
    with pytest.raises(ValueError, match="holds each of 0 … 1 once"):
        permute({(1, 1): 1}, np.zeros((3, 3)))


def test_shapes_and_tableaux_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="decreasing positive lengths"):
        schur_weyl_projector((1, 2))
    with pytest.raises(ValueError, match=r"of the shape \(2, 1\) is wanted, not one of \(3,\)"):
        schur_weyl_projector((2, 1), ((0, 1, 2),))
    with pytest.raises(ValueError, match="grows along rows and down columns"):
        schur_weyl_projector((2, 1), ((1, 2), (0,)))
    with pytest.raises(ValueError, match="-1"):
        schur_weyl(-1)
