"""Layers over groups that are not crystallographic: icosahedral and axial groups of any order, and permutations."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from equinet import (
    O3,
    AngularBasis,
    BesselBasis,
    CartesianTensor,
    FourierTransform,
    Gate,
    GroupConvolution,
    Induction,
    Irreps,
    KernelBasis,
    Linear,
    OrientedFilters,
    PointGroupConvolution,
    PointwiseActivation,
    Subduction,
    SymmetricContraction,
    TensorProduct,
    assert_equivariant,
    intertwiner_dimension,
    oriented_graph_from,
)
from equinet.graphs.crystal_graph import CrystalGraph
from pointgroups import FiniteGroup, finite_group, molecular_point_group, wigner_d_real

MOLECULAR = ("I", "Ih", "D5h", "D4d", "S10", "C7v")
every_molecular_group = pytest.mark.parametrize("name", MOLECULAR)


def group_of(name: str) -> FiniteGroup:
    group = molecular_point_group(name)
    assert isinstance(group, FiniteGroup)
    return group


def mixed(group: FiniteGroup) -> Irreps:
    """All irreps, two copies of every other one."""
    return Irreps(group, [(k % 2 + 1, label) for k, label in enumerate(group.real_irreps)])


@every_molecular_group
def test_layers_on_features(name: str) -> None:
    group = group_of(name)
    irreps = mixed(group)
    few = Irreps(group, [(2, label) for label in list(group.real_irreps)[:3]])
    linear = Linear(irreps, irreps, bias=False)
    assert linear.weight_numel == intertwiner_dimension(irreps, irreps)
    for layer in (
        linear,
        TensorProduct(few, few, irreps),
        Gate(irreps),
        PointwiseActivation(group, 1, torch.tanh),
        SymmetricContraction(few, few, 2, 2),
    ):
        assert_equivariant(layer, tolerance=1e-10)


@every_molecular_group
def test_functions_on_the_group(name: str) -> None:
    group = group_of(name)
    transform = FourierTransform(group, 1).double()
    matrix = transform.matrix
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(group.order).double(), rtol=0, atol=1e-12)
    x = torch.randn(transform.irreps_in.dim, dtype=torch.float64)
    moved = transform(torch.tensor(transform.irreps_in.matrices) @ x)[..., 0]
    expected = transform(x)[..., 0][torch.tensor(group.product[group.inverse])]
    torch.testing.assert_close(moved, expected, rtol=0, atol=1e-11)


@every_molecular_group
def test_convolutions(name: str, bonds) -> None:
    group = group_of(name)
    irreps = Irreps(group, [(1, label) for label in list(group.real_irreps)[:5]])
    layer = PointGroupConvolution(irreps, irreps, 2, BesselBasis(5.0, 3), 3.0)
    features = torch.randn(bonds.atoms, irreps.dim)
    inputs = [(features, irreps), (bonds.edge_index, None), (bonds.edge_vectors, "polar")]
    assert_equivariant(layer, inputs, tolerance=1e-10)

    basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 3), 2, 4)).double()
    on_rows = GroupConvolution(2, 3, basis, neighbours=3.0).double()
    values = torch.randn(bonds.atoms, group.order, 2, dtype=torch.float64)
    number = torch.zeros(bonds.atoms, dtype=torch.int64)

    def outcome(h: int) -> torch.Tensor:
        turn = torch.tensor(group.rotations[h])
        atoms = CrystalGraph(number + 1, bonds.edge_index, bonds.edge_vectors @ turn.T, number, 1)
        back = torch.tensor(group.product[group.inverse[h]])
        found = on_rows(values[:, back].flatten(0, 1), basis(oriented_graph_from(atoms, group)))
        return found.view(bonds.atoms, group.order, 3)[:, torch.tensor(group.product[h])]

    expected = outcome(0)
    for h in {1, group.order // 2, group.order - 1}:
        torch.testing.assert_close(outcome(h), expected, rtol=0, atol=1e-10)


def test_subduction_from_o3_and_induction() -> None:
    """A vector is one irrep of Ih; functions on the 12 vertices of an icosahedron are what Ih/C5v induces."""
    group = group_of("Ih")
    irreps = Irreps(O3(3), "0e + 1o + 2e + 3o")
    layer = Subduction(irreps, group).double()
    assert str(layer.irreps_out) == "1x Ag + 1x Hg + 1x T1u + 1x T2u + 1x Gu"
    x = torch.randn(irreps.dim, dtype=torch.float64)
    for g in (1, 40, 100):
        turned = layer(torch.tensor(irreps.matrix(group.rotations[g])) @ x)
        torch.testing.assert_close(turned, torch.tensor(layer.irreps_out.matrices[g]) @ layer(x), rtol=0, atol=1e-12)
    vertex = [g for g, r in enumerate(group.rotations) if np.allclose(r @ _vertex(group), _vertex(group))]
    assert str(FourierTransform(group, 1, vertex).irreps_in) == "1x Ag + 1x Hg + 1x T1u + 1x T2u"
    induced = Induction(Irreps("D2", "A + 2x B1"), group)
    assert induced.irreps_out.dim == 3 * 30
    assert_equivariant(AngularBasis(group, 3), [(torch.randn(5, 3), "polar")], tolerance=1e-10)


def _vertex(group: FiniteGroup) -> np.ndarray:
    """On a five-fold axis."""
    five = next(r for r in group.rotations if np.isclose(np.trace(r), 1 + 2 * np.cos(2 * np.pi / 5)))
    values, vectors = np.linalg.eig(five)
    return vectors[:, np.isclose(values, 1)].real[:, 0]


def test_permutations() -> None:
    """S4 by permutations of four objects: no axes, but irreps, products and functions on it."""
    group = finite_group([[1, 0, 2, 3], [1, 2, 3, 0]])
    irreps = mixed(group)
    for layer in (
        Linear(irreps, irreps),
        TensorProduct(irreps, irreps, irreps),
        PointwiseActivation(group, 1, torch.sin),
    ):
        assert_equivariant(layer, tolerance=1e-10)


def test_quaternionic_irreps_have_four_weights() -> None:
    """Q8: ℝ⁴ with the commutant ℍ."""
    group = finite_group([[2, 3, 1, 0, 6, 7, 5, 4], [4, 5, 7, 6, 1, 0, 2, 3]])
    label = next(a.label for a in group.real_irreps.values() if a.dim == 4)
    irreps = Irreps(group, [(3, label)])
    layer = Linear(irreps, irreps)
    assert layer.weight_numel == 4 * 9
    assert_equivariant(layer, tolerance=1e-10)
    transform = FourierTransform(group, 1).double()
    product = transform.matrix @ transform.matrix.T
    torch.testing.assert_close(product, torch.eye(8, dtype=torch.float64), rtol=0, atol=1e-12)


def test_harmonics_in_the_axes_of_the_group() -> None:
    group = group_of("D5h")
    basis = AngularBasis(group, 2)
    assert str(basis.irreps_out) == "1x A1' + 1x E1' + 1x A2'' + 1x A1' + 1x E2' + 1x E1''"
    assert np.allclose(wigner_d_real(1, group.rotations)[:, 1, 1], group.rotations[:, 2, 2])


def test_refusals() -> None:
    with pytest.raises(ValueError, match=r"take features of O\(3\) and a Subduction"):
        CartesianTensor("ij=ji", group_of("Ih"))
    with pytest.raises(ValueError, match="Eg"):
        Irreps(group_of("Ih"), "2x Eg")
    permutations = finite_group([[1, 0, 2]])
    with pytest.raises(ValueError, match="not given by 3×3"):
        AngularBasis(permutations, 1)
