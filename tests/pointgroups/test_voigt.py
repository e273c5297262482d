"""Voigt's and Mandel's matrices: printed factors, round trips, the isometry, inverse matrices of inverse tensors."""

import numpy as np
import pytest

from pointgroups import TENSORS, from_mandel, from_voigt, to_mandel, to_voigt

LAYOUTS = {"ij": (6,), "i,jk": (3, 6), "ij,k": (6, 3), "ij,kl": (6, 6), "i,jk,l": (3, 6, 3), "ij,kl,mn": (6, 6, 6)}
every_layout = pytest.mark.parametrize("layout", LAYOUTS)
every_tensor = pytest.mark.parametrize("name", TENSORS)
PAIRS = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]


def matrices(layout: str, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2, 3, *LAYOUTS[layout]))


@every_layout
def test_round_trips(layout: str) -> None:
    m = matrices(layout)
    np.testing.assert_allclose(to_voigt(from_voigt(m, layout), layout), m, rtol=1e-15)
    np.testing.assert_allclose(to_mandel(from_mandel(m, layout), layout), m, rtol=1e-14)


@every_tensor
def test_round_trips_of_named_tensors(name: str) -> None:
    tensor = TENSORS[name].symmetry.project(
        np.random.default_rng(1).normal(size=(2, *(3,) * TENSORS[name].symmetry.rank))
    )
    np.testing.assert_allclose(from_voigt(to_voigt(tensor, name), name), tensor, atol=1e-14)
    np.testing.assert_allclose(from_mandel(to_mandel(tensor, name), name), tensor, atol=1e-14)


@every_tensor
def test_entries_are_the_named_components(name: str) -> None:
    named = TENSORS[name]
    tensor = named.symmetry.project(np.random.default_rng(2).normal(size=(3,) * named.symmetry.rank))
    matrix = to_voigt(tensor, name)
    for word in np.ndindex(tensor.shape):
        entry = matrix[tuple(k - 1 for k in named.matrix_index(word))]
        assert entry == pytest.approx(float(named.factor(word)) * tensor[word], rel=1e-14)


@pytest.mark.parametrize("marks", [(False, False), (True, False), (False, True), (True, True)])
def test_factors_against_a_loop(marks: tuple[bool, bool]) -> None:
    tensor = from_voigt(np.random.default_rng(3).normal(size=(6, 6)), "ij,kl")
    matrix = to_voigt(tensor, "ij,kl", strain_like=marks)
    for a, first in enumerate(PAIRS):
        for b, second in enumerate(PAIRS):
            factor = 2 ** ((a > 2) * marks[0] + (b > 2) * marks[1])
            assert matrix[a, b] == factor * tensor[first + second]


@every_layout
def test_mandel_is_an_isometry(layout: str) -> None:
    a, b = from_mandel(matrices(layout, 4), layout), from_mandel(matrices(layout, 5), layout)
    np.testing.assert_allclose(np.sum(a * b), np.sum(matrices(layout, 4) * matrices(layout, 5)), rtol=1e-12)


def test_rotations_are_orthogonal_on_mandel_matrices() -> None:
    r = np.linalg.qr(np.random.default_rng(6).normal(size=(3, 3)))[0]
    basis = from_mandel(np.eye(6), "ij")
    q = to_mandel(np.einsum("ia,jb,nab->nij", r, r, basis), "ij")
    np.testing.assert_allclose(q @ q.T, np.eye(6), atol=1e-14)


def test_matrices_of_stiffness_and_compliance_are_inverse() -> None:
    root = np.random.default_rng(7).normal(size=(6, 6))
    stiffness = from_voigt(root @ root.T + np.eye(6), "elastic")
    compliance = from_voigt(np.linalg.inv(to_voigt(stiffness, "elastic")), "compliance")
    identity = np.einsum("ijkl,klmn->ijmn", stiffness, compliance)
    np.testing.assert_allclose(to_mandel(identity, "ij,kl"), np.eye(6), atol=1e-12)


def test_hookes_law_in_voigt() -> None:
    rng = np.random.default_rng(8)
    c, strain = from_voigt(rng.normal(size=(6, 6)), "ij,kl"), from_voigt(rng.normal(size=6), "ij")
    stress = np.einsum("ijkl,kl->ij", c, strain)
    expected = to_voigt(c, "ij,kl") @ to_voigt(strain, "ij", strain_like=[True])
    np.testing.assert_allclose(to_voigt(stress, "ij"), expected, rtol=1e-13)


def test_empty_batches() -> None:
    assert to_voigt(np.zeros((0, 3, 3)), "ij").shape == (0, 6)
    assert from_voigt(np.zeros((2, 0, 6, 6)), "elastic").shape == (2, 0, 3, 3, 3, 3)


def test_results_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        to_voigt(np.eye(3), "ij")[0] = 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: to_voigt([[1, 2, 0], [0, 1, 0], [0, 0, 1]], "ij"), "not symmetric"),
        (lambda: to_voigt(np.zeros((3, 6)), "ij"), "rank 2"),
        (lambda: from_voigt(np.zeros((6, 3)), "ij,kl"), r"\(…, 6, 6\), not \(6, 3\)"),
        (lambda: from_voigt(np.full((6, 6), np.nan), "ij,kl"), "not finite"),
        (lambda: from_voigt(np.zeros((6, 6)), "ij,ij"), "names an index twice"),
        (lambda: from_voigt(np.zeros((6, 6)), "elastik"), "near names are elastic"),
        (lambda: from_voigt(np.zeros((6, 6)), "elastic", strain_like=[True, True]), "from the catalogue"),
        (lambda: from_voigt(np.zeros((3, 6)), "i,jk", strain_like=[True, True]), "pairs only"),
        (lambda: from_voigt(np.zeros((3, 6)), "i,jk", strain_like=[True]), "one mark for each index"),
    ],
)
def test_refusals(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
