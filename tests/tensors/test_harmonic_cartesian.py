"""Symmetric tensors as polynomials: against SciPy's harmonics, and against Clebsch–Gordan products of Y₁."""

import itertools
import math

import numpy as np
import pytest
from scipy.special import sph_harm_y
from sympy.physics.quantum.cg import CG
from tensors.twins import rotated
from thirty_two import random_rotation

from pointgroups import (
    from_jz_components,
    harmonics_to_tensor,
    jz_components,
    jz_harmonics,
    tensor_to_harmonics,
    wigner_d_real,
)

RANKS = pytest.mark.parametrize("rank", [0, 1, 2, 3, 4, 5, 6])


def _symmetric(rank, lead=(), seed=0):
    tensors = np.random.default_rng(seed + rank).normal(size=(*lead, *(3,) * rank))
    axes = range(len(lead), len(lead) + rank)
    permutations = list(itertools.permutations(axes))
    return sum(tensors.transpose(*range(len(lead)), *p) for p in permutations) / len(permutations)


def _points(count, seed):
    points = np.random.default_rng(seed).normal(size=(count, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def _polynomial(tensor, points):
    rank = tensor.ndim
    return np.array([tensor if rank == 0 else _contracted(tensor, point) for point in points])


def _contracted(tensor, point):
    while tensor.ndim:
        tensor = tensor @ point
    return tensor


def _complex_harmonic(l, m, points):
    """SciPy's Y_ℓ^m with the Condon–Shortley phase."""
    return sph_harm_y(l, m, np.arccos(points[:, 2]), np.arctan2(points[:, 1], points[:, 0]))


def _real_harmonic(l, m, points):
    y = _complex_harmonic(l, abs(m), points)
    if m == 0:
        return y.real
    return math.sqrt(2) * (-1) ** m * (y.real if m > 0 else y.imag)


@RANKS
def test_polynomials_are_sums_of_harmonics(rank):
    tensor, points = _symmetric(rank), _points(40, 1)
    found = tensor_to_harmonics(tensor, rank)
    assert sorted(found) == list(range(rank % 2, rank + 1, 2))
    total = np.zeros(len(points))
    for l, c in found.items():
        assert c.shape == (2 * l + 1,)
        total += sum(c[l + m] * _real_harmonic(l, m, points) for m in range(-l, l + 1))
    assert np.abs(total - _polynomial(tensor, points)).max() < 1e-12


@RANKS
def test_both_ways(rank):
    tensors = _symmetric(rank, (2, 3))
    coefficients = tensor_to_harmonics(tensors, rank)
    assert all(c.shape == (2, 3, 2 * l + 1) for l, c in coefficients.items())
    assert np.allclose(harmonics_to_tensor(coefficients, rank), tensors, atol=1e-13)
    for index in np.ndindex(2, 3):
        one = tensor_to_harmonics(tensors[index], rank)
        assert all(np.allclose(one[l], c[index]) for l, c in coefficients.items())


@RANKS
def test_missing_degrees_are_zero(rank):
    for l in range(rank % 2, rank + 1, 2):
        c = np.random.default_rng(l).normal(size=2 * l + 1)
        back = tensor_to_harmonics(harmonics_to_tensor({l: c}, rank), rank)
        for other, found in back.items():
            assert np.allclose(found, c if other == l else 0, atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_coefficients_turn_with_the_tensor(rank):
    tensor, rotation = _symmetric(rank), random_rotation(rank)
    before = tensor_to_harmonics(tensor, rank)
    for l, c in tensor_to_harmonics(rotated(tensor, rotation, rank), rank).items():
        assert np.allclose(c, wigner_d_real(l, rotation) @ before[l], atol=1e-13)


# -- the J_z basis ------------------------------------------------------------------------------------------------

# Y₁^{±1} = ∓(x ± iy)/√2 and Y₁⁰ = z as vectors, in the order α = +1, 0, −1
SPHERICAL = {
    1: -np.array([1, 1j, 0]) / math.sqrt(2),
    0: np.array([0, 0, 1]),
    -1: np.array([1, -1j, 0]) / math.sqrt(2),
}


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_jz_components_rebuild_the_tensor(rank):
    tensors = np.random.default_rng(rank).normal(size=(2, *(3,) * rank))  # not symmetric
    a = jz_components(tensors, rank)
    total = np.zeros(tensors.shape, dtype=complex)
    for index in itertools.product(range(3), repeat=rank):
        product = np.ones(())
        for k in index:
            product = np.multiply.outer(product, SPHERICAL[1 - k])
        total += a[(slice(None), *index)].reshape(2, *(1,) * rank) * product
    assert np.abs(total - tensors).max() < 1e-13
    assert np.allclose(from_jz_components(a, rank), tensors)


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_racah_normalised_harmonics_give_the_polynomial(rank):
    """Σ y_ℓ^m C_ℓ^m with C = √(4π/(2ℓ+1)) Y and SciPy's Y."""
    tensor, points = _symmetric(rank), _points(30, 2)
    total = np.zeros(len(points), dtype=complex)
    for l, y in jz_harmonics(tensor_to_harmonics(tensor, rank)).items():
        scale = math.sqrt(4 * math.pi / (2 * l + 1))
        total += sum(y[l - m] * scale * _complex_harmonic(l, m, points) for m in range(-l, l + 1))
    assert np.abs(total - _polynomial(tensor, points)).max() < 1e-12


def _coefficient(l1, m1, l2, m2, l, m):
    return float(CG(l1, m1, l2, m2, l, m).doit())


def _times_y1(expansion, l1_order=(1, 0, -1)):
    """Σ y_ℓ^m(α…) C_ℓ^m · Y₁^β as an expansion over C_L^M:
    C_{ℓ₁}^{m₁} C_{ℓ₂}^{m₂} = Σ_L ⟨ℓ₁0 ℓ₂0|L0⟩ ⟨ℓ₁m₁ ℓ₂m₂|LM⟩ C_L^M."""
    total = {}
    for (word, l1, m1), y in expansion.items():
        for beta in l1_order:
            for l in range(abs(l1 - 1), l1 + 2):
                zero = _coefficient(l1, 0, 1, 0, l, 0)
                if zero and abs(m1 + beta) <= l:
                    key = ((*word, beta), l, m1 + beta)
                    total[key] = total.get(key, 0.0) + y * zero * _coefficient(l1, m1, 1, beta, l, m1 + beta)
    return total


@pytest.mark.parametrize("rank", [2, 3])
def test_the_slides_relation_through_clebsch_gordan_coefficients(rank):
    """T = a_αβ… Y₁^α ⊗ Y₁^β ⊗ … ⇒ y_ℓ^m, by products of harmonics one after another."""
    tensor = _symmetric(rank)
    expansion = {((alpha,), 1, alpha): 1.0 for alpha in (1, 0, -1)}
    for _ in range(rank - 1):
        expansion = _times_y1(expansion)
    a = jz_components(tensor, rank)
    expected = {l: np.zeros(2 * l + 1, dtype=complex) for l in range(rank % 2, rank + 1, 2)}
    for (word, l, m), factor in expansion.items():
        expected[l][l - m] += factor * a[tuple(1 - alpha for alpha in word)]
    found = jz_harmonics(tensor_to_harmonics(tensor, rank))
    assert set(found) == set(expected)
    for l, y in found.items():
        assert np.abs(y - expected[l]).max() < 1e-12


# -- refusals -----------------------------------------------------------------------------------------------------


def test_tensors_that_are_not_symmetric_are_refused():
    with pytest.raises(ValueError, match="break the index symmetry"):
        tensor_to_harmonics([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], 2)
    with pytest.raises(ValueError, match="rank 2"):
        tensor_to_harmonics(np.zeros((3, 4)), 2)


@pytest.mark.parametrize("bad", [{1: np.zeros(3)}, {4: np.zeros(9)}, {2: np.zeros(4)}, {2: 1.0}])
def test_degrees_that_do_not_occur_are_refused(bad):
    with pytest.raises(ValueError, match=r"degrees \[0, 2\]"):
        harmonics_to_tensor(bad, 2)


def test_other_refusals():
    with pytest.raises(ValueError, match="at least one degree"):
        harmonics_to_tensor({}, 2)
    with pytest.raises(ValueError, match="not those of a real tensor"):
        from_jz_components([1.0, 0.0, 0.0], 1)
    with pytest.raises(ValueError, match="5 coefficients"):
        jz_harmonics({2: np.zeros(3)})
