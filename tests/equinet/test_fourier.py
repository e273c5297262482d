"""The Fourier transform is orthogonal, and left translation of functions on G and on G/H acts by the irreps."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from thirty_two import GROUPS, every_group
from torch import Tensor

from equinet import FourierTransform, Irreps
from equinet.isotypic import isotypic_parts
from equinet.layers.fourier import left_cosets
from pointgroups import PointGroup, point_group

CHANNELS = 2


def cyclic(group: PointGroup, g: int) -> list[int]:
    """The powers of an element."""
    powers = [0]
    while (after := int(group.product[powers[-1], g])) != 0:
        powers.append(after)
    return powers


def subgroups(name: str) -> dict[str, list[int]]:
    """One cyclic subgroup for each class of elements, all groups of the 32 that lie in this one, and G itself."""
    group = point_group(name)
    found = {f"<{group.elements[c.indices[0]]}>": cyclic(group, c.indices[0]) for c in group.classes}
    keys = {tuple(np.rint(1e6 * r.ravel()).astype(int)): k for k, r in enumerate(group.rotations)}
    for other in map(point_group, GROUPS):
        indices = [keys.get(tuple(np.rint(1e6 * r.ravel()).astype(int))) for r in other.rotations]
        if None not in indices:
            found[other.name] = indices
    return found


def translated(values: Tensor, transform: FourierTransform) -> Tensor:
    """(L_h f)(gH) = f(h⁻¹ gH) for every h, coset by coset: (|G/H|, C) to (|G|, |G/H|, C)."""
    group = transform.irreps_in.group
    coset_of = {int(g): k for k, coset in enumerate(transform.cosets) for g in coset}
    sources = [
        [coset_of[int(group.product[inverse, coset[0]])] for coset in transform.cosets] for inverse in group.inverse
    ]
    return values[torch.tensor(sources)]


@every_group
def test_matrix_is_orthogonal(name: str) -> None:
    for subgroup in subgroups(name).values():
        transform = FourierTransform(name, 1, subgroup).double()
        assert transform.irreps_in.dim * len(subgroup) == point_group(name).order
        matrix = transform.matrix
        torch.testing.assert_close(matrix @ matrix.T, torch.eye(len(matrix), dtype=torch.float64), rtol=0, atol=1e-14)


@every_group
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_left_translation_is_the_representation(name: str, dtype: torch.dtype) -> None:
    """The features of L_h f are D(h) times the features of f, on the group and on the cosets of every subgroup."""
    tolerance = 1e-12 if dtype == torch.float64 else 1e-5
    for subgroup in subgroups(name).values():
        transform = FourierTransform(name, CHANNELS, subgroup).to(dtype)
        values = torch.randn(len(transform.cosets), CHANNELS, dtype=dtype)
        turned = torch.tensor(transform.irreps_in.matrices, dtype=dtype) @ transform.inverse(values)
        after = transform.inverse(translated(values, transform))
        torch.testing.assert_close(after, turned, rtol=0, atol=tolerance)


@every_group
def test_against_the_formula_on_the_group(name: str) -> None:
    """f(g) = Σ √(d/|G|) Γ_ij(g) x_{j i}, copy c·m + j of irrep α for channel c, term by term."""
    group = point_group(name)
    transform = FourierTransform(name, CHANNELS).double()
    features = torch.randn(transform.irreps_in.dim, dtype=torch.float64)
    expected, place = torch.zeros(group.order, CHANNELS, dtype=torch.float64), 0
    for irrep in group.real_irreps.values():
        for channel in range(CHANNELS):
            for j in range(irrep.dim // len(irrep.commutant)):
                for i in range(irrep.dim):
                    function = (irrep.dim / group.order) ** 0.5 * torch.tensor(irrep.matrices[:, i, j])
                    expected[:, channel] += function * features[place]
                    place += 1
    torch.testing.assert_close(transform(features), expected, rtol=0, atol=1e-12)


@every_group
def test_irreps_on_cosets_number_the_induced_character(name: str) -> None:
    """Frobenius: n_α = (1/|H|) Σ_{h ∈ H} χ_α(h), over ℝ divided by dim End."""
    group = point_group(name)
    for subgroup in subgroups(name).values():
        irreps = FourierTransform(name, CHANNELS, subgroup).irreps_in
        for label, irrep in group.real_irreps.items():
            mean = irrep.characters.real[subgroup].mean() / len(irrep.commutant)
            assert irreps.count(label) == pytest.approx(CHANNELS * mean)


def gram(copies: Tensor, commutant: Tensor) -> Tensor:
    """Σ_s Σ_t (J_t x_s) (J_t x_s)ᵀ, which does not depend on the choice of the vectors v."""
    images = torch.einsum("tij,sj->tsi", commutant, copies).flatten(0, 1)
    return images.T @ images


@every_group
def test_a_function_on_cosets_is_a_function_on_the_group(name: str) -> None:
    """Its irreps on G are those on G/H: x^α_j = √|H| Σ_s v^s_j x^α_s, so Σ_j x_j x_jᵀ = |H| Σ_s x_s x_sᵀ."""
    group = point_group(name)
    whole = FourierTransform(name, 1).double()
    for subgroup in subgroups(name).values():
        cosets = FourierTransform(name, 1, subgroup).double()
        values = torch.randn(len(cosets.cosets), 1, dtype=torch.float64)
        lifted = torch.zeros(group.order, 1, dtype=torch.float64)
        for coset, value in zip(cosets.cosets, values, strict=True):
            lifted[torch.tensor(coset)] = value
        on_group, on_cosets = whole.inverse(lifted), cosets.inverse(values)
        small, large = isotypic_parts(on_cosets, cosets.irreps_in), isotypic_parts(on_group, whole.irreps_in)
        for label, part in large.items():
            commutant = torch.tensor(group.real_irreps[label].commutant)
            expected = len(subgroup) * gram(small[label], commutant) if label in small else torch.zeros(())
            torch.testing.assert_close(
                gram(part, commutant), expected.expand_as(part.T @ part).double(), rtol=0, atol=1e-11
            )


@every_group
def test_gradient_is_the_inverse(name: str) -> None:
    """d⟨v, F x⟩/dx = Fᵀ v = F⁻¹ v."""
    transform = FourierTransform(name, CHANNELS).double()
    features = torch.randn(3, transform.irreps_in.dim, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(3, len(transform.cosets), CHANNELS, dtype=torch.float64)
    (gradient,) = torch.autograd.grad((weights * transform(features)).sum(), features)
    torch.testing.assert_close(gradient, transform.inverse(weights), rtol=0, atol=1e-13)


def test_the_subgroup_by_group_name_and_indices_is_one() -> None:
    by_name = FourierTransform("Oh", 1, "D4h")
    by_group = FourierTransform("Oh", 1, point_group("D4h"))
    by_indices = FourierTransform("Oh", 1, subgroups("Oh")["D4h"])
    assert torch.equal(by_name.matrix, by_group.matrix)
    assert torch.equal(by_name.matrix, by_indices.matrix)
    assert str(FourierTransform("Oh", 2, "Oh").irreps_in) == "2x A1g"
    assert "3 cosets" in repr(by_name)
    assert FourierTransform("Oh", 3).irreps_in == Irreps.regular("Oh", 3)


def test_cosets_are_in_the_order_of_their_first_elements() -> None:
    for subgroup in subgroups("D3d").values():
        group = point_group("D3d")
        cosets = left_cosets(group, subgroup)
        assert sorted(cosets.ravel().tolist()) == list(range(12))
        assert cosets[:, 0].tolist() == sorted(cosets[:, 0].tolist())
        for coset in cosets:
            assert coset.tolist() == sorted(int(group.product[coset[0], h]) for h in subgroup)


def test_a_subgroup_in_a_turned_frame() -> None:
    """The three-fold axis of a cube lies along [111]: C3 must be turned there first."""
    z, x = np.array([1.0, 1, 1]) / 3**0.5, np.array([1.0, -1, 0]) / 2**0.5
    frame = np.stack([x, np.cross(z, x), z], axis=1)
    assert str(FourierTransform("Td", 1, point_group("C3v").rotated(frame)).irreps_in) == "1x A1 + 1x T2"
    with pytest.raises(ValueError, match=r"C3.* of C3v is no element of Td in these axes; turn the subgroup"):
        FourierTransform("Td", 1, "C3v")


def test_precision_follows_the_module_without_loss() -> None:
    transform = copy.deepcopy(FourierTransform("Oh", 1, "C4v")).float().half().double()
    identity = torch.eye(6, dtype=torch.float64)
    torch.testing.assert_close(transform.matrix @ transform.matrix.T, identity, rtol=0, atol=1e-14)
    assert not transform.state_dict()


@pytest.mark.parametrize(
    ("subgroup", "message"),
    [
        ([1, 2], r"0 \(the identity\) among them; got \[1, 2\]"),
        ([0, 48], r"indices 0 … 47"),
        ([0, 1, 2], "which is missing"),
        ([], r"got \[\]"),
    ],
)
def test_what_is_no_subgroup_is_refused(subgroup: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FourierTransform("Oh", 1, subgroup)


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"48 elements, 2 channels\); got \(3, 48\)"):
        FourierTransform("Oh", 2).inverse(torch.zeros(3, 48))
    with pytest.raises(ValueError, match=r"6 cosets, 2 channels"):
        FourierTransform("Oh", 2, "C4v").inverse(torch.zeros(48, 2))
