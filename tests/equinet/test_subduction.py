"""Subduction: an orthogonal intertwiner for every group–subgroup pair, and of O(3) to every point group."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from pymatgen.core import Lattice, Structure
from subgroup_pairs import PAIRS, every_pair, one_of_each
from thirty_two import GROUPS, every_group, random_rotation

from equinet import O3, SO3, AngularBasis, Irreps
from equinet.layers.angular import real_harmonics
from equinet.layers.subduction import Subduction, frame_bytes, subgroup_elements
from pointgroups import crystal_symmetry, point_group

# Rotations to the axes of a subgroup that lies otherwise: C3v about [111], with x along [1 -1 0]; C2v about [110].
AXES_111 = np.array([[1, -1, 0], [1, 1, -2], [2**0.5] * 3]) / np.sqrt([[2.0], [6.0], [6.0]])
AXES_110 = np.array([[0, 0, 2**0.5], [1, -1, 0], [1, 1, 0]]) / 2**0.5
FRAMES = [
    ("Oh", "D3d", AXES_111),
    ("Td", "C3v", AXES_111),
    ("T", "C3", AXES_111),
    ("Oh", "C2v", AXES_110),
    ("D4h", "C2v", AXES_110),
]


def matrix(layer: Subduction) -> np.ndarray:
    """Q, (dim, dim)."""
    return layer.double()(torch.eye(layer.irreps_in.dim, dtype=torch.float64)).T.numpy()


def test_there_are_as_many_pairs_as_counted() -> None:
    assert len(PAIRS) == 185
    assert all((name, name) in PAIRS and (name, "C1") in PAIRS for name in GROUPS)


@every_pair
def test_intertwines_and_is_orthogonal(name: str, other: str) -> None:
    """Q D_G(h) = D_H(h) Q for every h of H, and QᵀQ = 1."""
    layer = Subduction(one_of_each(name), other)
    q = matrix(layer)
    elements = subgroup_elements(point_group(name), point_group(other), frame_bytes(None))
    np.testing.assert_array_equal(point_group(name).rotations[elements], point_group(other).rotations)
    np.testing.assert_allclose(q @ layer.irreps_in.matrices[elements], layer.irreps_out.matrices @ q, atol=1e-12)
    np.testing.assert_allclose(q.T @ q, np.eye(len(q)), atol=1e-12)


@pytest.mark.parametrize(("name", "other", "frame"), FRAMES, ids=[f"{name}-{other}" for name, other, _ in FRAMES])
def test_a_subgroup_that_lies_otherwise(name: str, other: str, frame: np.ndarray) -> None:
    """By a frame, or as a group in the axes of G: the same features."""
    group, subgroup = point_group(name), point_group(other)
    layer = Subduction(one_of_each(name), other, frame)
    q = matrix(layer)
    turned = frame.T @ subgroup.rotations @ frame
    elements = np.abs(turned[:, None] - group.rotations).max(axis=(-2, -1)).argmin(axis=1)
    np.testing.assert_allclose(q @ layer.irreps_in.matrices[elements], layer.irreps_out.matrices @ q, atol=1e-12)
    turned_group = subgroup.rotated(frame.T)
    there = Subduction(one_of_each(name), turned_group)
    assert there.irreps_out.group is turned_group
    np.testing.assert_allclose(matrix(there), q, atol=1e-12)


@every_group
def test_rotations_to_every_group(name: str) -> None:
    """Q D(F⁻¹ h F) = D_H(h) Q for even and odd irreps of O(3), in axes F."""
    group, frame = point_group(name), random_rotation(1)
    irreps = Irreps(O3(3), dict.fromkeys(O3(3).real_irreps, 1))
    layer = Subduction(irreps, name, frame)
    q = matrix(layer)
    np.testing.assert_allclose(q.T @ q, np.eye(len(q)), atol=1e-12)
    above = np.zeros((group.order, irreps.dim, irreps.dim))
    for block, where in zip(irreps.blocks, irreps.slices(), strict=True):
        above[:, where, where] = block.irrep.matrix(frame.T @ group.rotations @ frame)
    np.testing.assert_allclose(q @ above, layer.irreps_out.matrices @ q, atol=1e-11)


@pytest.mark.parametrize("sign", [1, -1])
@every_group
def test_harmonics_go_to_adapted_harmonics(name: str, sign: int) -> None:
    """The Y_ℓm of r become the angular basis of F r, for proper and improper F."""
    frame = sign * random_rotation(2)
    r = torch.randn(9, 3, dtype=torch.float64)
    irreps = Irreps(O3(4), [(1, f"{l}{'eo'[l % 2]}") for l in range(5)])
    harmonics = real_harmonics(r / r.norm(dim=-1, keepdim=True), 4)
    angular = AngularBasis(name, 4).double()
    actual = Subduction(irreps, name, frame).double()(harmonics)
    expected = angular(r @ torch.tensor(frame).T)
    order = [k for label in angular.irreps_out.labels for k in positions(angular.irreps_out, label)]
    torch.testing.assert_close(actual, expected[:, order], rtol=0, atol=1e-12)


def positions(irreps: Irreps, label: str) -> list[int]:
    """The components of all copies of one irrep, block by block."""
    pairs = zip(irreps.blocks, irreps.slices(), strict=True)
    return [k for block, where in pairs if block.label == label for k in range(where.start, where.stop)]


def test_proper_rotations_to_proper_groups() -> None:
    irreps = Irreps(SO3(2), "0 + 2x 1 + 2")
    assert str(Subduction(irreps, "O").irreps_out) == "1x A1 + 1x E + 2x T1 + 1x T2"
    q = [matrix(Subduction(irreps, "D3", sign * random_rotation(3))) for sign in (1, -1)]
    np.testing.assert_allclose(*q, atol=1e-14)
    with pytest.raises(ValueError, match=r"Oh is no subgroup of SO\(3\): .* is improper; take irreps of O3"):
        Subduction(irreps, "Oh")


@pytest.mark.parametrize("name", ["Oh", "D6h", "Td", "Th"])
def test_several_copies_and_back(name: str, space) -> None:
    layer = Subduction(space(name), "C1").double()
    x = torch.randn(2, 5, layer.irreps_in.dim, dtype=torch.float64)
    torch.testing.assert_close(layer.inverse(layer(x)), x, rtol=0, atol=1e-13)
    layer = Subduction(space(name), "Ci" if point_group(name).has_inversion else "D2").double()
    torch.testing.assert_close(layer.inverse(layer(x)), x, rtol=0, atol=1e-13)
    assert layer(x).shape == x.shape


def test_copies_stand_as_stated() -> None:
    """(α, copy u, copy m): under C1 the two vectors of 2x T1u, then that of T2u, component by component."""
    layer = Subduction(Irreps("Oh", "T2u + 2x T1u"), "C1")
    x = torch.randn(9)
    torch.testing.assert_close(layer(x), torch.cat([x[3:], x[:3]]))


@pytest.mark.parametrize(("name", "middle", "low"), [("Oh", "D4h", "D2h"), ("Oh", "Td", "D2"), ("D6h", "D6", "C6")])
def test_by_steps_or_at_once(name: str, middle: str, low: str) -> None:
    irreps = one_of_each(name)
    first = Subduction(irreps, middle)
    steps, at_once = Subduction(first.irreps_out, low), Subduction(irreps, low)
    assert steps.irreps_out == at_once.irreps_out
    elements = subgroup_elements(point_group(name), point_group(low), frame_bytes(None))
    both = matrix(steps) @ matrix(first)
    np.testing.assert_allclose(both @ irreps.matrices[elements], at_once.irreps_out.matrices @ both, atol=1e-12)


def test_a_frame_in_single_precision_gives_an_orthogonal_change_of_basis() -> None:
    frame = random_rotation(4).astype(np.float32)
    q = matrix(Subduction(Irreps(O3(3), "3o + 2e"), "D3", frame))
    np.testing.assert_allclose(q.T @ q, np.eye(12), atol=1e-13)


def test_refusals() -> None:
    irreps = Irreps("Td", "T2")
    with pytest.raises(
        ValueError, match=r"D4 is no subgroup of Td in these axes: C4\[001\]\+ of D4 is no element of Td"
    ):
        Subduction(irreps, "D4")
    with pytest.raises(
        ValueError, match=r"C3v is no subgroup of Td .* turned into its axes by the frame, is no element"
    ):
        Subduction(irreps, "C3v", AXES_110)
    with pytest.raises(ValueError, match="orthogonal 3×3 matrix"):
        Subduction(irreps, "C2", np.ones((3, 3)))
    with pytest.raises(ValueError, match="subduction to a subgroup needs a finite group"):
        Subduction(Irreps(O3(2), "1o"), O3(2))


def test_nothing_learned_and_precisions() -> None:
    layer = Subduction(Irreps("Oh", "T1u + Eg"), "D3d", AXES_111)
    assert not layer.state_dict()
    assert not list(layer.parameters())
    x = torch.randn(4, 5, dtype=torch.float64)
    torch.testing.assert_close(layer(x.float()).double(), copy.deepcopy(layer).double()(x), rtol=1e-6, atol=1e-6)
    assert Subduction(Irreps("Oh"), "D4h")(torch.randn(3, 0)).shape == (3, 0)


@pytest.mark.parametrize("atom", [0, 1, 2, 3, 4])
def test_to_the_site_groups_of_a_crystal(atom: int) -> None:
    """A site group lies in the class of the crystal as it lies, and is a subgroup by itself."""
    perovskite = Structure.from_spacegroup(
        "Pm-3m", Lattice.cubic(3.9), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]]
    )
    crystal = crystal_symmetry(perovskite)
    site = crystal.site_groups[atom]
    layer = Subduction(one_of_each(crystal.group.name), site.group)
    elements = subgroup_elements(crystal.group, site.group, frame_bytes(None))
    assert sorted(elements) == site.elements.tolist()
    q = matrix(layer)
    np.testing.assert_allclose(q @ layer.irreps_in.matrices[elements], layer.irreps_out.matrices @ q, atol=1e-12)


def test_compiles_whole_and_exports() -> None:
    torch._dynamo.reset()
    layer = Subduction(one_of_each("D3d"), "C3")
    features, more = (torch.randn(atoms, layer.irreps_in.dim) for atoms in (5, 8))
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="eager")
    torch.testing.assert_close(compiled(features), layer(features))
    program = torch.export.export(layer, (features,), dynamic_shapes=[{0: torch.export.Dim("atoms")}])
    torch.testing.assert_close(program.module()(more), layer(more))
    torch.testing.assert_close(torch.func.vmap(layer.inverse)(layer(more)), more)
