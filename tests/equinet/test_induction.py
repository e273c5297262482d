"""Induction: orthogonal, equivariant under the action on cosets, and reciprocal to subduction, for every pair."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from subgroup_pairs import every_pair, one_of_each
from thirty_two import every_group

from equinet import O3, FourierTransform, Induction, Irreps
from equinet.layers.subduction import Subduction, frame_bytes, subgroup_elements
from pointgroups import point_group


def matrix(layer: Induction) -> np.ndarray:
    """The transform, (dim, cosets · dim V), column (t, component)."""
    cosets, dim = len(layer.representatives), layer.irreps_in.dim
    return layer.double()(torch.eye(cosets * dim, dtype=torch.float64).unflatten(-1, (cosets, dim))).T.numpy()


def action(layer: Induction, elements: np.ndarray) -> np.ndarray:
    """(k f)(t) = f(k⁻¹ t) = D_H(h)⁻¹ f(t′) with k⁻¹ t = t′ h, for every k: (|G|, cosets · dim V, cosets · dim V)."""
    group, ts = layer.irreps_out.group, layer.representatives
    place = {int(g): k for k, g in enumerate(elements)}
    result = np.zeros((group.order, len(ts), layer.irreps_in.dim, len(ts), layer.irreps_in.dim))
    for k in range(group.order):
        for i, t in enumerate(ts):
            moved = group.product[group.inverse[k], t]
            rest = {j: int(group.product[group.inverse[other], moved]) for j, other in enumerate(ts)}
            ((j, h),) = [(j, h) for j, h in rest.items() if h in place]
            result[k, i, :, j, :] = layer.irreps_in.matrices[place[h]].T
    return result.reshape(group.order, len(ts) * layer.irreps_in.dim, -1)


@every_pair
def test_orthogonal(name: str, other: str) -> None:
    m = matrix(Induction(one_of_each(other), name))
    assert m.shape[0] == m.shape[1]
    np.testing.assert_allclose(m @ m.T, np.eye(len(m)), atol=1e-12)


@every_pair
def test_equivariant_under_every_element(name: str, other: str) -> None:
    """M (k f) = D_G(k) M f, the action on f written out from its definition."""
    layer = Induction(one_of_each(other), name)
    elements = subgroup_elements(point_group(name), point_group(other), frame_bytes(None))
    m = matrix(layer)
    np.testing.assert_allclose(m @ action(layer, elements), layer.irreps_out.matrices @ m, atol=1e-12)


@every_pair
def test_frobenius_reciprocity_for_each_irrep(name: str, other: str) -> None:
    """dim Hom_G(α, Ind β) = dim Hom_H(α↓H, β)."""
    group, subgroup = point_group(name), point_group(other)
    for b, below in subgroup.real_irreps.items():
        induced = Induction(Irreps(other, [(1, b)]), name).irreps_out
        for a, irrep in group.real_irreps.items():
            restricted = Subduction(Irreps(name, [(1, a)]), other).irreps_out
            assert induced.count(a) * len(irrep.commutant) == restricted.count(b) * len(below.commutant)


@every_group
def test_from_the_trivial_group_it_is_the_fourier_transform(name: str) -> None:
    """x^α_{ji} = √(d_α/|G|) Σ_g Γ^α_ij(g) f(g), for two functions."""
    group = point_group(name)
    layer = Induction(Irreps("C1", "2x A"), name).double()
    assert layer.representatives == tuple(range(group.order))
    assert layer.irreps_out == Irreps.regular(name, 2)
    f = torch.randn(group.order, 2, dtype=torch.float64)
    pieces = []
    for irrep in group.real_irreps.values():
        for c in range(2):
            for j in range(irrep.dim // len(irrep.commutant)):
                scale = (irrep.dim / group.order) ** 0.5
                pieces.append(scale * torch.einsum("gi,g->i", torch.tensor(irrep.matrices.real[:, :, j]), f[:, c]))
    torch.testing.assert_close(layer(f), torch.cat(pieces), rtol=0, atol=1e-12)


@every_pair
def test_from_trivial_features_it_is_the_fourier_transform_on_cosets(name: str, other: str) -> None:
    trivial = Irreps.trivial(other, 2)
    layer, transform = Induction(trivial, name), FourierTransform(name, 2, other)
    assert layer.irreps_out == transform.irreps_in
    values = torch.randn(3, len(layer.representatives), 2)
    torch.testing.assert_close(layer(values), transform.inverse(values), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("name", "middle", "low"), [("Oh", "D4h", "C4"), ("Oh", "T", "C2"), ("D6h", "D3d", "C3")])
def test_by_steps_or_at_once(name: str, middle: str, low: str) -> None:
    irreps = one_of_each(low)
    first = Induction(irreps, middle)
    assert Induction(first.irreps_out, name).irreps_out == Induction(irreps, name).irreps_out


@pytest.mark.parametrize(("name", "other"), [("Oh", "C4v"), ("Oh", "C4"), ("Th", "D2h"), ("D6h", "C3"), ("D3", "C2")])
def test_several_copies_and_back(name: str, other: str, space) -> None:
    layer = Induction(space(other), name if other != "C2" else "D2").double()
    values = torch.randn(2, 5, len(layer.representatives), layer.irreps_in.dim, dtype=torch.float64)
    features = layer(values)
    assert features.shape == (2, 5, layer.irreps_out.dim)
    torch.testing.assert_close(layer.inverse(features), values, rtol=0, atol=1e-13)
    assert features.square().sum().item() == pytest.approx(values.square().sum().item())


def test_in_a_frame() -> None:
    """C3v about [111] in Td: the four corners of a tetrahedron, A1 + T2."""
    frame = np.array([[1, -1, 0], [1, 1, -2], [2**0.5] * 3]) / np.sqrt([[2.0], [6.0], [6.0]])
    layer = Induction(Irreps("C3v", "A1"), "Td", frame)
    assert str(layer.irreps_out) == "1x A1 + 1x T2"
    elements = subgroup_elements(point_group("Td"), point_group("C3v"), frame_bytes(frame))
    m = matrix(layer)
    np.testing.assert_allclose(m @ action(layer, elements), layer.irreps_out.matrices @ m, atol=1e-12)
    vectors = point_group("Td").rotations[list(layer.representatives)] @ [1.0, 1.0, 1.0]
    t2 = m[1:] @ vectors  # the vector irrep's functions on the corners are their coordinates
    np.testing.assert_allclose(t2, t2[0, 0] * np.eye(3), atol=1e-12)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="D4 is no subgroup of Td in these axes"):
        Induction(Irreps("D4", "A1"), "Td")
    with pytest.raises(ValueError, match="induction needs a finite group"):
        Induction(Irreps("D4", "A1"), O3(2))
    with pytest.raises(ValueError, match="induction from a subgroup needs a finite group"):
        Induction(Irreps(O3(1), "0e"), "Oh")
    with pytest.raises(ValueError, match=r"expected values \(…, 6, 2\).*got shape \(2, 6\)"):
        Induction(Irreps("C4v", "2x A1"), "Oh")(torch.randn(2, 6))


def test_nothing_learned_and_precisions() -> None:
    layer = Induction(Irreps("C4", "A + 2x E"), "Oh")
    assert not layer.state_dict()
    values = torch.randn(4, 12, 5, dtype=torch.float64)
    torch.testing.assert_close(
        layer(values.float()).double(), copy.deepcopy(layer).double()(values), rtol=1e-5, atol=1e-5
    )


def test_compiles_whole_and_exports() -> None:
    torch._dynamo.reset()
    layer = Induction(Irreps("C3", "2x A + E"), "D3d")
    values, more = (torch.randn(orbits, 4, 4) for orbits in (5, 8))
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="eager")
    torch.testing.assert_close(compiled(values), layer(values))
    program = torch.export.export(layer, (values,), dynamic_shapes=[{0: torch.export.Dim("orbits")}])
    torch.testing.assert_close(program.module()(more), layer(more))
    torch.testing.assert_close(torch.func.vmap(layer.inverse)(layer(more)), more)
