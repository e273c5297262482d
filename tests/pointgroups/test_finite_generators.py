"""Closure of generators: what closes, and what is refused with the element that fails."""

import numpy as np
import pytest
from finite_groups import heisenberg, symmetric
from thirty_two import random_rotation

from pointgroups.finite.closure import NotAFiniteGroupError
from pointgroups.finite.group import finite_group
from pointgroups.finite.order import class_labels, cycles


def about(axis, angle):
    """Rodrigues: the rotation by an angle about an axis."""
    n = np.asarray(axis) / np.linalg.norm(axis)
    k = np.array([[0, -n[2], n[1]], [n[2], 0, -n[0]], [-n[1], n[0], 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


# What closes ---------------------------------------------------------------------------------------------------------


def test_the_same_generators_give_the_same_object():
    assert finite_group(symmetric(4)) is finite_group(np.array(symmetric(4), dtype=np.int8))
    assert finite_group(symmetric(4)) is not finite_group(symmetric(5))


@pytest.mark.parametrize("digits", [6, 7, 9])
def test_rounded_generators_give_exact_matrices(digits):
    """An icosahedral group in a random frame, from matrices with few digits."""
    frame = random_rotation(3)
    five, two = about((0, 1, (1 + 5**0.5) / 2), 2 * np.pi / 5), np.diag([-1.0, -1.0, 1.0])
    G = finite_group((frame @ np.array([five, two]) @ frame.T).round(digits))
    assert (G.name, G.order) == ("I", 60)
    assert np.abs(G.rotations[G.product] - G.rotations[:, None] @ G.rotations).max() < 1e-14
    assert np.abs(np.trace(G.rotations, axis1=1, axis2=2) - G.irreps["T1"].characters).max() < 1e-14


def test_permutations_compose_as_their_matrices_do():
    """product[i, j]: j acts first; M e_i = e_{p(i)}."""
    G = finite_group(symmetric(4))
    p = G.permutations
    assert np.array_equal(p[G.product], p[np.arange(24)[:, None, None], p[None]])
    assert np.array_equal(G.matrices[5] @ np.eye(4)[2], np.eye(4)[p[5, 2]])


def test_permutations_and_their_matrices_give_the_same_characters():
    by_images, by_matrices = finite_group(heisenberg(3)), finite_group(finite_group(heisenberg(3)).matrices[1:])
    assert by_matrices.order == 27
    ours, theirs = (sorted(map(str, g.character_table.round(6) + 0.0)) for g in (by_images, by_matrices))
    assert [c.size for c in by_images.classes] == [c.size for c in by_matrices.classes]
    assert len(ours) == len(theirs) == 11


def test_largest_order_is_accepted():
    assert finite_group(symmetric(5), max_order=120).order == 120
    assert finite_group([about((0, 0, 1), np.pi / 30)], max_order=60).name == "C60"


def test_names_of_permutations_and_classes():
    assert cycles((1, 2, 0, 4, 3, 5)) == "(0 1 2)(3 4)"
    assert cycles((0, 1)) == "()"
    assert class_labels([1, 2, 2, 3], [1, 3, 6, 8]) == ["E", "3C2a", "6C2b", "8C3"]
    assert class_labels([1] + [2] * 28, [1] * 29)[-2:] == ["C2aa", "C2ab"]
    assert finite_group(symmetric(3)).elements == ("()", "(1 2)", "(0 1)", "(0 2)", "(0 1 2)", "(0 2 1)")


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("generators", "message"),
    [
        ([np.eye(3), np.diag([1.0, 1.0, 1.1])], r"generator 1 is not orthogonal.*1\.1"),
        ([np.eye(3), [[1, 0, 0], [0, np.nan, 0], [0, 0, 1]]], r"generator 1 has entries that are not finite"),
        ([[1, 0, 2], [0, 0, 2]], r"generator 1 is no permutation of 0 … 2: \[0, 0, 2\] does not reach 1"),
        ([[1, 2, 3]], r"generator 0 is no permutation of 0 … 2"),
        ([about((0, 0, 1), 2**0.5)], r"no power of g0 = .* up to max_order = 1000 is the identity"),
        ([about((0, 0, 1), 2 * np.pi / 3), about((1, 0, 1), 2 * np.pi / 3)], r"no power of g0·g1 = .* is the identity"),
        (np.eye(3), r"array \(k, n, n\).*of shape \(3, 3\)"),
        (np.zeros((0, 3, 3)), r"with at least one of them"),
        (np.zeros((2, 3, 4)), r"of shape \(2, 3, 4\)"),
        (np.eye(3)[None] * 1j, r"type complex128"),
        ([["a", "b"]], r"real orthogonal matrices"),
        ([], r"with at least one"),
    ],
)
def test_mistaken_generators_are_refused(generators, message):
    with pytest.raises(NotAFiniteGroupError, match=message):
        finite_group(generators)


def test_too_large_groups_are_refused_with_the_next_element():
    with pytest.raises(NotAFiniteGroupError, match=r"more than max_order = 100 elements arise: g\d.* is one more"):
        finite_group(symmetric(5), max_order=100)
    with pytest.raises(NotAFiniteGroupError, match="max_order = 59"):
        finite_group([about((0, 0, 1), np.pi / 30)], max_order=59)
    for bad in (0, -3, 2.5, True):
        with pytest.raises(ValueError, match="max_order is the largest order"):
            finite_group(symmetric(3), max_order=bad)


def test_elements_that_nearly_agree_are_refused():
    """A quarter turn that is off by 1e-5: its fourth power is neither the identity nor clearly another element."""
    with pytest.raises(NotAFiniteGroupError, match=r"the element g0\^4 differs from the identity by 4e-05"):
        finite_group([about((0, 0, 1), np.pi / 2 + 1e-5)])


def test_errors_are_value_errors():
    assert issubclass(NotAFiniteGroupError, ValueError)
