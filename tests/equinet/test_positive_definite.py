"""Positive-definite tensors: the exponential, all rotations, what a class allows, derivatives, the way back."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from thirty_two import every_group, random_rotation
from torch import Tensor

from equinet.readouts.positive_definite import PositiveDefinite, symmetric_exponential
from equinet.readouts.turning import turned
from pointgroups import index_symmetry, invariant_tensors, point_group, project_tensor, to_mandel

SYMMETRIES = ("ij=ji", "ijkl=jikl=klij")
every_symmetry = pytest.mark.parametrize("symmetry", SYMMETRIES)


def random_tensors(symmetry: str, leading: tuple[int, ...] = (3,), seed: int = 0) -> Tensor:
    values = np.random.default_rng(seed).normal(size=(*leading, *(3,) * index_symmetry(symmetry).rank))
    return torch.tensor(index_symmetry(symmetry).project(values))


def matrices(tensors: Tensor) -> np.ndarray:
    """As symmetric matrices, by pointgroups."""
    values = tensors.detach().numpy()
    return values if values.shape[-4:] != (3,) * 4 else to_mandel(values, "ij,kl")


def by_eigenvectors(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.exp(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


@pytest.mark.parametrize("size", [3, 6])
@pytest.mark.parametrize("norm", [0.0, 1e-9, 0.1, 1.0, 10.0, 60.0])
def test_the_exponential_against_two_others(size: int, norm: float) -> None:
    matrix = torch.randn(5, size, size, dtype=torch.float64)
    matrix = matrix + matrix.mT
    matrix = norm * matrix / torch.linalg.matrix_norm(matrix, 2)[:, None, None]
    found = symmetric_exponential(matrix)
    largest = torch.linalg.matrix_norm(found, 2)[:, None, None]
    allowed = 1e-14 * max(norm, 1)  # the condition of the exponential is the norm
    assert ((found - torch.linalg.matrix_exp(matrix)).abs() / largest).max() < 2 * allowed
    assert (np.abs(found.numpy() - by_eigenvectors(matrix.numpy())) / largest.numpy()).max() < 2 * allowed
    minus_one = symmetric_exponential(matrix) - torch.eye(size)
    if norm == 1e-9:
        torch.testing.assert_close(minus_one, matrix, rtol=0, atol=1e-15)


def test_the_exponential_far_from_zero_keeps_its_relative_precision() -> None:
    """The trace is taken out first: e^{S−40} is as precise as e^S."""
    matrix = torch.tensor(random_tensors("ij=ji").numpy())
    shifted = symmetric_exponential(matrix - 40 * torch.eye(3))
    torch.testing.assert_close(shifted, np.exp(-40) * symmetric_exponential(matrix), rtol=1e-12, atol=0)


@every_symmetry
def test_the_matrix_is_the_exponential_of_the_matrix(symmetry: str) -> None:
    layer = PositiveDefinite(symmetry, scale=3.0).double()
    tensors = random_tensors(symmetry, (2, 3))
    found = layer(tensors)
    assert found.shape == tensors.shape
    np.testing.assert_allclose(matrices(found), 3 * by_eigenvectors(matrices(tensors)), rtol=0, atol=1e-11)
    assert np.linalg.eigvalsh(matrices(found)).min() > 0
    np.testing.assert_array_equal(index_symmetry(symmetry).project(found.numpy()).round(13), found.numpy().round(13))


@every_symmetry
@pytest.mark.parametrize("sign", [1, -1], ids=["proper", "improper"])
def test_it_commutes_with_all_rotations(symmetry: str, sign: int) -> None:
    layer = PositiveDefinite(symmetry).double()
    tensors = random_tensors(symmetry)
    rotation = torch.tensor(sign * random_rotation(4))
    rank = layer.symmetry.rank
    found, expected = layer(turned(tensors, rotation, rank)), turned(layer(tensors), rotation, rank)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


@every_symmetry
@every_group
def test_what_a_class_allows_stays_allowed(name: str, symmetry: str) -> None:
    G = point_group(name)
    layer = PositiveDefinite(symmetry).double()
    basis = invariant_tensors(G, symmetry)
    tensor = np.tensordot(np.random.default_rng(1).normal(size=len(basis)), basis, axes=1)
    found = layer(torch.tensor(tensor)).numpy()
    assert project_tensor(found, G).residual < 1e-13
    assert np.linalg.eigvalsh(matrices(torch.tensor(found))).min() > 0


@every_symmetry
def test_there_and_back(symmetry: str) -> None:
    layer = PositiveDefinite(symmetry, scale=0.2).double()
    tensors = random_tensors(symmetry, (2, 3))
    torch.testing.assert_close(layer.inverse(layer(tensors)), tensors, rtol=0, atol=1e-10)
    unit = layer(torch.zeros_like(tensors))
    np.testing.assert_allclose(
        matrices(unit),
        np.broadcast_to(0.2 * np.eye(3 * index_symmetry(symmetry).rank // 2), matrices(unit).shape),
        atol=1e-15,
    )
    torch.testing.assert_close(layer.inverse(unit), torch.zeros_like(tensors), rtol=0, atol=1e-14)


@every_symmetry
@pytest.mark.parametrize("degenerate", [False, True])
def test_first_and_second_derivatives(symmetry: str, degenerate: bool) -> None:
    """Finite and right where eigenvalues coincide too, which is the rule in crystals."""
    layer = PositiveDefinite(symmetry).double()
    tensors = 0.5 * random_tensors(symmetry, (1,))
    if degenerate:
        tensors = torch.zeros_like(tensors)
        tensors = tensors + (0.3 * torch.eye(3) if symmetry == "ij=ji" else layer.inverse(2 * layer(tensors)))
    tensors.requires_grad_()
    assert torch.autograd.gradcheck(layer, (tensors,))
    weights = random_tensors(symmetry, (1,), seed=3)
    assert torch.autograd.gradgradcheck(lambda t: (weights * layer(t)).sum(), (tensors,))


def test_derivative_against_the_divided_differences_of_the_exponential() -> None:
    """d/dt exp(S + tH) = V (Φ ∘ VᵀHV) Vᵀ, Φ_ab = (e^a − e^b)/(a − b)."""
    tensors, step = random_tensors("ij=ji", (2,)).unbind()
    _, found = torch.autograd.functional.jvp(PositiveDefinite("ij=ji").double(), tensors, step)
    values, vectors = torch.linalg.eigh(tensors)
    a, b = values[:, None], values[None]
    phi = torch.where(torch.eye(3, dtype=torch.bool), a.exp(), (a.exp() - b.exp()) / (a - b + torch.eye(3)))
    expected = vectors @ (phi * (vectors.T @ step @ vectors)) @ vectors.T
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@every_symmetry
def test_precisions(symmetry: str) -> None:
    layer = PositiveDefinite(symmetry)
    exact = copy.deepcopy(layer).double()
    assert not layer.state_dict()
    tensors = random_tensors(symmetry)
    expected = exact(tensors)
    low = layer(tensors.float())
    assert low.dtype == torch.float32
    torch.testing.assert_close(low.double(), expected, rtol=0, atol=3e-6 * float(expected.abs().max()))
    with torch.autocast("cpu", torch.bfloat16):
        assert layer(tensors.float()).equal(low)
        assert layer(tensors.bfloat16()).dtype == torch.float32


def test_eigenvalues_stay_positive_in_float32_over_the_range_that_is_promised() -> None:
    """Eigenvalues of S that differ by 12, in many orientations."""
    frames = torch.tensor(np.stack([random_rotation(k) for k in range(200)])).float()
    tensors = turned(torch.diag(torch.tensor([-6.0, 0.0, 6.0])), frames, 2)
    assert torch.linalg.eigvalsh(PositiveDefinite("ij=ji")(tensors).double()).min() > 0


@every_symmetry
def test_what_lacks_the_index_symmetry_is_left_out(symmetry: str) -> None:
    layer = PositiveDefinite(symmetry).double()
    raw = torch.randn(2, *(3,) * layer.symmetry.rank, dtype=torch.float64)
    projected = torch.tensor(layer.symmetry.project(raw.numpy()))
    torch.testing.assert_close(layer(raw), layer(projected), rtol=0, atol=1e-12)


def test_compiled_exported_mapped(tmp_path) -> None:
    layer = PositiveDefinite("ijkl=jikl=klij").double()
    tensors = random_tensors("ijkl=jikl=klij", (4,))
    expected = layer(tensors)
    compiled = torch.compile(layer, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(tensors), expected)
    torch.testing.assert_close(torch.func.vmap(layer)(tensors), expected)
    exported = torch.export.export(layer, (tensors,), dynamic_shapes=({0: torch.export.Dim("n")},))
    torch.testing.assert_close(exported.module()(tensors[:3]), expected[:3])


def test_refusals() -> None:
    for symmetry in ("ij", "ijk=ikj", "[V4]", "ij=-ji"):
        with pytest.raises(ValueError, match="positive definite are tensors"):
            PositiveDefinite(symmetry)
    assert PositiveDefinite("[[V2]2]").symmetry.rank == 4
    for scale in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="scale is"):
            PositiveDefinite("ij=ji", scale)
    layer = PositiveDefinite("ij=ji").double()
    with pytest.raises(ValueError, match=r"tensors of rank 2 have shape \(…, 3, 3\), not \(3, 2\)"):
        layer(torch.zeros(3, 2))
    bad = torch.stack([torch.eye(3), torch.diag(torch.tensor([1.0, 2.0, -0.5]))]).double()
    with pytest.raises(ValueError, match=r"tensor 1 of 2 is not positive definite: its lowest eigenvalue is -0.5"):
        layer.inverse(bad)
