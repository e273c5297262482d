"""The parts of tensors of rank 2, 3 and 4 by the slides' and Backus' formulas, beside the chain's own parts."""

import itertools

import numpy as np
import pytest
from tensors.twins import rotated
from thirty_two import random_rotation

from pointgroups import decompose, elastic_parts, piezoelectric_parts, rank_two_parts

DELTA = np.eye(3)
EPSILON = np.array(
    [[[(i - j) * (j - k) * (k - i) / 2 for k in range(3)] for j in range(3)] for i in range(3)]
)  # fmt: skip
RNG = np.random.default_rng(2024)


def _chain(tensors, notation):
    """(λ, ℓ) → that part of the tensors."""
    return {(p.label.shape, p.label.degree): p.tensor for p in decompose(tensors, notation).parts}


def test_epsilon_is_the_permutation_symbol():
    assert EPSILON[0, 1, 2] == EPSILON[1, 2, 0] == 1
    assert EPSILON[0, 2, 1] == -1
    assert np.abs(EPSILON).sum() == 6


# -- rank two -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", [(), (4,), (2, 3)])
def test_rank_two(lead):
    tensors = RNG.normal(size=(*lead, 3, 3))
    parts = rank_two_parts(tensors)
    for index in np.ndindex(*lead):
        t = tensors[index]
        assert np.allclose(parts.symmetric[index], (t + t.T) / 2)
        assert np.allclose(parts.antisymmetric[index], (t - t.T) / 2)
        assert parts.trace[index] == pytest.approx(np.trace(t))
        assert np.allclose(parts.vector[index], [t[1, 2] - t[2, 1], t[2, 0] - t[0, 2], t[0, 1] - t[1, 0]])
        residue = parts.residue[index]
        assert np.allclose(residue, residue.T)
        assert np.trace(residue) == pytest.approx(0, abs=1e-13)
    assert np.allclose(parts.rebuild(), tensors)
    chain = _chain(tensors, "ij")
    assert np.allclose(chain[(2,), 2], parts.residue)
    assert np.allclose(chain[(2,), 0], parts.trace[..., None, None] * DELTA / 3)
    assert np.allclose(chain[(1, 1), 1], np.einsum("ijk,...k->...ij", EPSILON, parts.vector) / 2)


def test_the_vector_of_an_antisymmetric_tensor_is_axial():
    """Its degree is 1, not 0: it turns as a vector, and keeps its sign under inversion."""
    t = RNG.normal(size=(3, 3))
    for matrix in (random_rotation(3), -random_rotation(4), np.diag([1.0, 1.0, -1.0])):
        turned = rank_two_parts(matrix @ t @ matrix.T).vector
        assert np.allclose(turned, np.linalg.det(matrix) * matrix @ rank_two_parts(t).vector)


# -- piezoelectric ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def d():
    tensors = np.random.default_rng(3).normal(size=(5, 3, 3, 3))
    return tensors + tensors.swapaxes(1, 2)


def test_piezoelectric_symmetric_and_mixed_parts(d):
    parts = piezoelectric_parts(d)
    for i, j, k in itertools.product(range(3), repeat=3):
        assert np.allclose(parts.symmetric[:, i, j, k], (d[:, i, j, k] + d[:, j, k, i] + d[:, i, k, j]) / 3)
        assert np.allclose(parts.mixed[:, i, j, k], (2 * d[:, i, j, k] - d[:, j, k, i] - d[:, i, k, j]) / 3)
    assert np.allclose(parts.symmetric + parts.mixed, d)
    for axes in itertools.permutations((1, 2, 3)):
        assert np.allclose(parts.symmetric.transpose(0, *axes), parts.symmetric)
    assert np.allclose(parts.mixed, parts.mixed.swapaxes(1, 2))
    cyclic = parts.mixed + parts.mixed.transpose(0, 2, 3, 1) + parts.mixed.transpose(0, 3, 1, 2)
    assert np.abs(cyclic).max() < 1e-14
    chain = _chain(d, "ijk=jik")
    assert np.allclose(parts.symmetric, chain[(3,), 3] + chain[(3,), 1])
    assert np.allclose(parts.mixed, chain[(2, 1), 2] + chain[(2, 1), 1])


def test_piezoelectric_vector_and_deviator(d):
    parts = piezoelectric_parts(d)
    v, b = parts.vector, parts.deviator
    assert np.allclose(v, np.einsum("jk,nijk->ni", DELTA, parts.mixed))
    assert np.allclose(b, b.swapaxes(1, 2))
    assert np.abs(np.einsum("nii->n", b)).max() < 1e-14
    assert np.abs(b).max() > 0.1
    assert np.allclose(parts.rebuild(), d)
    # the formula of the docstring, term by term, equals the chain's parts of shape (2, 1)
    by_vector = np.zeros_like(d)
    by_deviator = np.zeros_like(d)
    for i, j, k in itertools.product(range(3), repeat=3):
        by_vector[:, i, j, k] = -(2 * DELTA[i, j] * v[:, k] - DELTA[i, k] * v[:, j] - DELTA[j, k] * v[:, i]) / 2
        by_deviator[:, i, j, k] = (b[:, :, j] @ EPSILON[i, k] + b[:, :, i] @ EPSILON[j, k]) / 3
    chain = _chain(d, "ijk=jik")
    assert np.allclose(by_vector, chain[(2, 1), 1])
    assert np.allclose(by_deviator, chain[(2, 1), 2])


def test_the_printed_contraction_for_the_deviator_vanishes(d):
    """b_ij = (ε_imk A_mkj + ε_jmk A_mki)/2, as on the slide, is zero for every d_ijk = d_jik: ε is antisymmetric and A
    symmetric in m, k. As an operator on the 18 tensors it is zero; with A_jmk it has the rank 5 of ℓ = 2."""
    units = np.eye(27).reshape(27, 3, 3, 3)
    mixed = piezoelectric_parts((units + units.swapaxes(1, 2)) / 2).mixed
    printed = np.einsum("imk,nmkj->nij", EPSILON, mixed)
    assert np.abs(printed + printed.swapaxes(1, 2)).max() < 1e-15
    corrected = np.einsum("imk,njmk->nij", EPSILON, mixed)
    corrected = (corrected + corrected.swapaxes(1, 2)) / 2
    assert np.linalg.matrix_rank(corrected.reshape(27, 9), tol=1e-10) == 5
    assert np.allclose(corrected, piezoelectric_parts((units + units.swapaxes(1, 2)) / 2).deviator)


def test_piezoelectric_parts_refuse_another_index_order():
    tensor = np.zeros((3, 3, 3))
    tensor[0, 1, 2] = tensor[0, 2, 1] = 1.0  # symmetric in the last two
    with pytest.raises(ValueError, match="break the index symmetry ijk=jik"):
        piezoelectric_parts(tensor)


# -- elastic ------------------------------------------------------------------------------------------------------


def _elastic(seed):
    c = np.random.default_rng(seed).normal(size=(3, 3, 3, 3, 3))
    c = c + c.transpose(0, 2, 1, 3, 4)
    c = c + c.transpose(0, 1, 2, 4, 3)
    return c + c.transpose(0, 3, 4, 1, 2)


FIELDS = ("harmonic", "symmetric_deviator", "symmetric_scalar", "asymmetric_deviator", "asymmetric_scalar")


def test_backus_parts_by_their_formulas():
    """G. Backus, Rev. Geophys. 8, 633 (1970): S = ⅓(C_ijkl + C_ikjl + C_iljk), then traces of S and of C − S."""
    c = _elastic(4)
    parts = elastic_parts(c)
    s = (c + c.transpose(0, 1, 3, 2, 4) + c.transpose(0, 1, 4, 3, 2)) / 3
    three_deltas = sum(
        np.einsum(f"{pairs}->ijkl", np.einsum("ab,cd->abcd", DELTA, DELTA)) for pairs in ("ijkl", "ikjl", "iljk")
    )
    a, b = np.einsum("niijj->n", c), np.einsum("nijij->n", c)
    scalar = ((a + 2 * b) / 45)[:, None, None, None, None] * three_deltas
    assert np.allclose(parts.symmetric_scalar, scalar)
    # Σ of the six δ_ij D_kl, over 7, has the trace D
    trace = np.einsum("nijkk->nij", s)
    deviator = trace - np.einsum("nii->n", trace)[:, None, None] * DELTA / 3
    six = sum(
        np.einsum(f"ab,ncd->n{word}", DELTA, deviator) for word in ("abcd", "acbd", "acdb", "cabd", "cadb", "cdab")
    )
    assert np.allclose(parts.symmetric_deviator, six / 7)
    assert np.allclose(parts.harmonic, s - scalar - six / 7)
    for axes in itertools.permutations((1, 2, 3, 4)):
        assert np.allclose(parts.harmonic.transpose(0, *axes), parts.harmonic)
    assert np.abs(np.einsum("niikl->nkl", parts.harmonic)).max() < 1e-13
    # the rest C − S: 2δ_ij δ_kl − δ_ik δ_jl − δ_il δ_jk for the scalar
    identity = np.einsum("ij,kl->ijkl", DELTA, DELTA)
    rest = 3 * identity - three_deltas
    asymmetric_scalar = ((a - b) / 18)[:, None, None, None, None] * rest
    assert np.allclose(parts.asymmetric_scalar, asymmetric_scalar)
    assert np.allclose(parts.asymmetric_deviator, c - s - asymmetric_scalar)


def test_backus_parts_are_orthogonal_and_sum_to_the_tensor():
    c = _elastic(5)
    parts = elastic_parts(c)
    flat = np.stack([getattr(parts, name).reshape(3, -1) for name in FIELDS])
    assert np.allclose(parts.rebuild(), c)
    assert np.allclose(flat.sum(axis=0), c.reshape(3, -1))
    overlap = np.einsum("anx,bnx->nab", flat, flat)
    assert np.abs(overlap - np.einsum("naa->na", overlap)[:, :, None] * np.eye(5)).max() < 1e-11


def test_an_isotropic_tensor_has_two_scalars_only():
    lam, mu = 2.0, 3.0
    c = lam * np.einsum("ij,kl->ijkl", DELTA, DELTA) + mu * (
        np.einsum("ik,jl->ijkl", DELTA, DELTA) + np.einsum("il,jk->ijkl", DELTA, DELTA)
    )
    parts = elastic_parts(c)
    for name in ("harmonic", "symmetric_deviator", "asymmetric_deviator"):
        assert np.abs(getattr(parts, name)).max() < 1e-14
    assert np.allclose(parts.symmetric_scalar + parts.asymmetric_scalar, c)
    assert np.linalg.norm(parts.asymmetric_scalar) > 0.1  # λ ≠ μ breaks the Cauchy relations


def test_backus_parts_turn_with_the_tensor():
    c, rotation = _elastic(6), random_rotation(6)
    turned = elastic_parts(rotated(c, rotation, 4))
    for name in FIELDS:
        assert np.allclose(getattr(turned, name), rotated(getattr(elastic_parts(c), name), rotation, 4))
