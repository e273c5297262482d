"""e3nn's features in our axes and back: against e3nn's harmonics and matrices, and equivariant."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from thirty_two import random_rotation

from equinet import O3, SO3, AngularBasis, FromE3NN, Irreps, ToE3NN, from_e3nn, to_e3nn
from pointgroups import UnknownIrrepError

L_MAX = 6
EVERYTHING = "2x 0e + 0o + 1o + 2x 1e + 2e + 2o + 3o + 3e + 1o + 4e + 5o + 6e + 6o"


def test_text_goes_to_e3nn_and_back() -> None:
    irreps = Irreps(O3(L_MAX), EVERYTHING)
    text = to_e3nn(irreps)
    assert text.startswith("2x0e+1x0o+1x1o+2x1e")
    assert from_e3nn(text, L_MAX) == irreps
    o3 = pytest.importorskip("e3nn.o3")
    assert from_e3nn(o3.Irreps(text), L_MAX) == irreps
    assert o3.Irreps(text).dim == irreps.dim
    assert from_e3nn(o3.Irreps(""), 0) == Irreps(O3(0))


@pytest.mark.parametrize("l", range(L_MAX + 1))
def test_against_harmonics_of_e3nn(l: int) -> None:
    o3 = pytest.importorskip("e3nn.o3")
    vectors = torch.randn(20, 3, dtype=torch.float64)
    irreps = Irreps(O3(L_MAX), [(1, f"{l}{'eo'[l % 2]}")])
    theirs = o3.spherical_harmonics(l, vectors, normalize=True, normalization="component")
    ours = AngularBasis(O3(L_MAX), L_MAX, irreps.labels).double()(vectors)
    torch.testing.assert_close(ToE3NN(irreps).double()(ours), theirs, rtol=0, atol=1e-12)
    torch.testing.assert_close(FromE3NN(irreps).double()(theirs), ours, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("l", range(L_MAX + 1))
def test_against_matrices_of_e3nn(l: int, sign: int) -> None:
    """D^e3nn(R) = Q D(R) Qᵀ for every parity, to the single precision of e3nn's matrices."""
    o3 = pytest.importorskip("e3nn.o3")
    turn = sign * random_rotation(l)
    for parity in "eo":
        irreps = Irreps(O3(L_MAX), [(1, f"{l}{parity}")])
        basis = ToE3NN(irreps).double()(torch.eye(irreps.dim, dtype=torch.float64)).T.numpy()
        theirs = o3.Irreps(to_e3nn(irreps)).D_from_matrix(torch.from_numpy(turn)).numpy()
        np.testing.assert_allclose(basis @ irreps.matrix(turn) @ basis.T, theirs, atol=5e-6)


def test_the_two_are_inverse_isometries() -> None:
    irreps = Irreps(O3(L_MAX), EVERYTHING)
    there, back = ToE3NN(irreps), FromE3NN(irreps)
    assert dict(there.state_dict()) == {}
    assert there.irreps_out == irreps
    there, back = copy.deepcopy(there).half().double(), back.double()
    x = irreps.randn(2, 3, dtype=torch.float64)
    torch.testing.assert_close(back(there(x)), x, rtol=0, atol=1e-13)
    torch.testing.assert_close(there(back(x)), x, rtol=0, atol=1e-13)
    torch.testing.assert_close(there(x).norm(), x.norm())
    assert torch.autograd.gradcheck(there, (irreps.randn(2, dtype=torch.float64).requires_grad_(),))


def test_vectors_become_x_y_z() -> None:
    irreps = Irreps(O3(1), "0e + 2x 1o")
    x = torch.tensor([7.0, 2.0, 3.0, 1.0, 5.0, 6.0, 4.0])
    torch.testing.assert_close(ToE3NN(irreps)(x), torch.tensor([7.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))


def test_refusals() -> None:
    for build in (to_e3nn, ToE3NN, FromE3NN):
        with pytest.raises(ValueError, match=r"those of O\(3\), not of Oh; build them with O3\(l_max\)"):
            build(Irreps("Oh", "T1u"))
        with pytest.raises(ValueError, match=r"not of SO\(3\)"):
            build(Irreps(SO3(1), "1"))
    with pytest.raises(UnknownIrrepError, match="'3o'"):
        from_e3nn("3o", 2)
    with pytest.raises(ValueError, match="have 3 components"):
        ToE3NN(Irreps(O3(1), "1o"))(torch.zeros(4))
