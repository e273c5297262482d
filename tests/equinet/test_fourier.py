"""The group Fourier transform is orthogonal, and left translation acts on its components by the irreps."""

from __future__ import annotations

import pytest
import torch
from thirty_two import every_group

from equinet import FourierTransform
from pointgroups import point_group


@every_group
def test_matrix_is_orthogonal(name: str) -> None:
    matrix = FourierTransform(name, 1).double().matrix
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(len(matrix), dtype=torch.float64), rtol=0, atol=1e-14)


@every_group
def test_left_translation_is_the_representation(name: str) -> None:
    """The features of L_h f, (L_h f)(g) = f(h⁻¹ g), are D(h) times the features of f."""
    group = point_group(name)
    transform = FourierTransform(name, 2).double()
    values = torch.randn(2, group.order, dtype=torch.float64)
    features = transform.inverse(values)
    for h, matrix in enumerate(torch.tensor(transform.irreps_in.matrices)):
        translated = values[:, torch.tensor(group.product[group.inverse[h]])]
        torch.testing.assert_close(transform.inverse(translated), matrix @ features, rtol=0, atol=1e-12)


@every_group
def test_against_the_formula(name: str) -> None:
    """f(g) = Σ √(d/|G|) Γ_ij(g) x_{j i}, copy c·m + j of irrep α for channel c, term by term."""
    group = point_group(name)
    transform = FourierTransform(name, 2).double()
    features = torch.randn(transform.irreps_in.dim, dtype=torch.float64)
    expected, place = torch.zeros(2, group.order, dtype=torch.float64), 0
    for irrep in group.real_irreps.values():
        for channel in range(2):
            for j in range(irrep.dim // len(irrep.commutant)):
                for i in range(irrep.dim):
                    function = (irrep.dim / group.order) ** 0.5 * torch.tensor(irrep.matrices[:, i, j])
                    expected[channel] += function * features[place]
                    place += 1
    torch.testing.assert_close(transform(features), expected, rtol=0, atol=1e-12)


def test_precision_follows_the_module_without_loss() -> None:
    transform = FourierTransform("Oh", 1).float().half().double()
    identity = torch.eye(48, dtype=torch.float64)
    torch.testing.assert_close(transform.matrix @ transform.matrix.T, identity, rtol=0, atol=1e-14)
    assert not transform.state_dict()


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="2 functions on 48 elements"):
        FourierTransform("Oh", 2).inverse(torch.zeros(3, 48))
