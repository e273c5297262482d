"""Cartesian tensors ↔ irreps: the law of transformation in every group, isometry, gradients, precision."""

import copy

import numpy as np
import pytest
import torch
from thirty_two import every_group, every_setting, random_rotation
from torch import Tensor

from equinet import O3, SO3, CartesianTensor, Linear, assert_equivariant
from pointgroups import UnknownIrrepError, decompose, index_symmetry, point_group

every_symmetry = pytest.mark.parametrize("symmetry", ["i", "ij", "ij=ji", "ijk=jik", "ijkl=jikl=klij"])
every_inversion = pytest.mark.parametrize("axial", [False, True], ids=["polar", "axial"])


def random_tensors(symmetry: str, seed: int = 0, leading: tuple[int, ...] = (2,)) -> Tensor:
    rank = index_symmetry(symmetry).rank
    values = np.random.default_rng(seed).normal(size=(*leading, *(3,) * rank))
    return torch.tensor(index_symmetry(symmetry).project(values))


def rotated(tensors: Tensor, rotation: np.ndarray, rank: int) -> Tensor:
    """R_{ia} R_{jb} … T_{ab…}, one index after another."""
    r = torch.tensor(rotation)
    for axis in range(tensors.ndim - rank, tensors.ndim):
        tensors = torch.tensordot(tensors, r, dims=([axis], [1])).movedim(-1, axis)
    return tensors


@every_inversion
@every_symmetry
@every_group
def test_features_transform_by_their_irreps(name: str, symmetry: str, axial: bool) -> None:
    G = point_group(name)
    module = CartesianTensor(symmetry, G, axial).double()
    tensors = random_tensors(symmetry)
    features = module(tensors)
    for g, D in enumerate(module.irreps_out.matrices):
        sign = G.determinants[g] if axial else 1
        moved = module(sign * rotated(tensors, G.rotations[g], module.rank))
        torch.testing.assert_close(moved, features @ torch.tensor(D).T, rtol=0, atol=1e-12)


@every_symmetry
@every_setting
def test_inverse_is_the_inverse_and_norms_stay(name: str, symmetry: str) -> None:
    module = CartesianTensor(symmetry, name).double()
    tensors = random_tensors(symmetry, 1, (2, 4))
    features = module(tensors)
    assert features.shape == (2, 4, module.irreps_out.dim)
    torch.testing.assert_close(module.inverse(features), tensors, rtol=0, atol=1e-12)
    torch.testing.assert_close(features.norm(), tensors.norm())


def test_features_are_those_of_decompose() -> None:
    G = point_group("D3d")
    tensors = random_tensors("ijkl=jikl=klij", 2)
    expected = decompose(tensors.numpy(), "ijkl=jikl=klij", G).coefficients
    np.testing.assert_allclose(CartesianTensor("ijkl=jikl=klij", G).double()(tensors).numpy(), expected, atol=1e-12)


@every_inversion
@every_symmetry
@pytest.mark.parametrize("group", [O3(4), SO3(4)], ids=["O(3)", "SO(3)"])
def test_under_any_rotation_of_the_orthogonal_groups(group, symmetry: str, axial: bool) -> None:
    module = CartesianTensor(symmetry, group, axial).double()
    tensors = random_tensors(symmetry)
    features = module(tensors)
    proper = [random_rotation(seed) for seed in range(3)]
    for rotation in (*proper, *(-r for r in proper if group is O3(4))):
        moved = module((np.linalg.det(rotation) if axial else 1) * rotated(tensors, rotation, module.rank))
        for block, where in zip(module.irreps_out.blocks, module.irreps_out.slices(), strict=True):
            matrix = torch.tensor(np.kron(np.eye(block.multiplicity), block.irrep.matrix(rotation)))
            torch.testing.assert_close(moved[:, where], features[:, where] @ matrix.T, rtol=0, atol=1e-12)
    torch.testing.assert_close(module.inverse(features), tensors, rtol=0, atol=1e-12)


def test_irreps_of_the_orthogonal_groups() -> None:
    assert str(CartesianTensor("ijkl=jikl=klij", O3(4)).irreps_out) == "1x 4e + 1x 2e + 1x 0e + 1x 2e + 1x 0e"
    assert str(CartesianTensor("ij=-ji", O3(1)).irreps_out) == "1x 1e"
    assert str(CartesianTensor("i", O3(1), axial=True).irreps_out) == "1x 1e"
    assert str(CartesianTensor("ij=ji", SO3(2)).irreps_out) == "1x 2 + 1x 0"
    with pytest.raises(UnknownIrrepError, match="'2e' is not an irrep of O3"):
        CartesianTensor("ij=ji", O3(1))


def test_in_a_rotated_frame() -> None:
    frame = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    G = point_group("C3v").rotated(frame * np.linalg.det(frame))
    module = CartesianTensor("ijk=jik", G).double()
    tensors = random_tensors("ijk=jik", 4)
    for g, D in enumerate(module.irreps_out.matrices):
        moved = module(rotated(tensors, G.rotations[g], 3))
        torch.testing.assert_close(moved, module(tensors) @ torch.tensor(D).T, rtol=0, atol=1e-12)


def test_what_lacks_the_symmetry_is_projected_out() -> None:
    module = CartesianTensor("ij=ji", "D4h").double()
    tensor = torch.tensor(np.random.default_rng(5).normal(size=(3, 3)))
    torch.testing.assert_close(module.inverse(module(tensor)), (tensor + tensor.T) / 2, rtol=0, atol=1e-14)


def test_gradients_pass_through() -> None:
    module = CartesianTensor("ijk=jik", "Td").double()
    tensors = torch.tensor(np.random.default_rng(6).normal(size=(2, 3, 3, 3)), requires_grad=True)
    assert torch.autograd.gradcheck(module, (tensors,))
    assert torch.autograd.gradcheck(module.inverse, (torch.randn(2, 18, dtype=torch.float64, requires_grad=True),))


def test_it_feeds_a_layer_that_stays_equivariant() -> None:
    module = CartesianTensor("ij=ji", "D3")
    assert_equivariant(Linear(module.irreps_out, module.irreps_out))


def test_constants_are_no_parameters_and_keep_their_precision() -> None:
    module = CartesianTensor("ijkl=jikl=klij", "O")
    assert not list(module.parameters())
    assert not module.state_dict()
    assert module.rows.dtype == torch.float32
    assert np.array_equal(copy.deepcopy(module).double().rows.numpy(), module.basis.rows)


def test_wrong_shapes_are_refused() -> None:
    module = CartesianTensor("ij=ji", "O")
    with pytest.raises(ValueError, match="rank 2"):
        module(torch.zeros(4, 3, 2))
    with pytest.raises(ValueError, match="length 6"):
        module.inverse(torch.zeros(4, 5))
