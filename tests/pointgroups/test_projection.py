"""Projection operators and symmetry-adapted bases of any representation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thirty_two import GROUPS, every_field, every_group, every_irrep, irrep, irreps

from pointgroups import (
    character_projector,
    point_group,
    projector,
    symmetry_adapted_basis,
    transfer_operator,
    wigner_d_real,
)


def function_representation(group, degree):
    """O(g) on Y_ℓm as columns: O(g) Y_m = Σ_n Y_n O_nm(g), that is the transpose of Y(g⁻¹r) = D(g⁻¹) Y(r)."""
    return np.array([wigner_d_real(degree, rotation.T).T for rotation in group.rotations])


def random_representation(group, field, chosen, seed):
    """⊕ Γ of the chosen irreps, repeated ones too, in a basis drawn at random; orthogonal over ℝ, unitary over ℂ."""
    rng = np.random.default_rng(seed)
    n = sum(gamma.dim for gamma in chosen)
    q = rng.normal(size=(n, n)) + (0 if field == "R" else 1j * rng.normal(size=(n, n)))
    q, _ = np.linalg.qr(q)
    return q @ direct_sum(group, chosen) @ q.conj().T


def direct_sum(group, chosen):
    """Block-diagonal matrices (|G|, n, n)."""
    n = sum(gamma.dim for gamma in chosen)
    blocks = np.zeros((group.order, n, n), dtype=np.result_type(*(gamma.matrices for gamma in chosen)))
    start = 0
    for gamma in chosen:
        end = start + gamma.dim
        blocks[:, start:end, start:end] = gamma.matrices
        start = end
    return blocks


def regular_representation(group):
    """O(g) e_h = e_{gh}."""
    matrices = np.zeros((group.order, group.order, group.order))
    g, h = np.indices((group.order, group.order))
    matrices[g, group.product, h] = 1
    return matrices


def _with_rows():
    """Irreps whose rows the group algebra tells apart: all but the complex type over ℝ."""
    for name in GROUPS:
        for field in "CR":
            for gamma in irreps(point_group(name), field):
                if len(gamma.commutant) == 1:
                    yield pytest.param(name, field, gamma.label, id=f"{name}-{field}-{gamma.label}")


# Projection operators ------------------------------------------------------------------------------------------------


@every_group
@every_field
def test_character_projectors_are_orthogonal_idempotent_and_complete(name, field):
    group = point_group(name)
    representation = regular_representation(group)
    projectors = {gamma.label: character_projector(gamma, representation) for gamma in irreps(group, field)}
    for a, p in projectors.items():
        for b, q in projectors.items():
            assert np.abs(p @ q - (p if a == b else 0)).max() < 1e-13, (a, b)
        assert np.abs(p - p.conj().T).max() < 1e-14
        assert np.abs(representation @ p - p @ representation).max() < 1e-14
    assert np.abs(sum(projectors.values()) - np.eye(group.order)).max() < 1e-13


@every_group
@every_field
def test_rank_of_projectors_in_the_regular_representation(name, field):
    """Each irrep occurs d times over ℂ, so the α-subspace has dimension d²; over ℝ d²/(dimension of the commutant)."""
    group = point_group(name)
    representation = regular_representation(group)
    for gamma in irreps(group, field):
        rank = np.trace(character_projector(gamma, representation)).real
        assert abs(rank - gamma.dim**2 / len(gamma.commutant)) < 1e-12


@pytest.mark.parametrize(("name", "field", "label"), list(_with_rows()))
def test_transfer_operators_multiply_as_matrix_units(name, field, label):
    """P^{ij} P^{mo} = δ_jm P^{io}; (P^{ij})† = P^{ji}; P^{kk} are the projectors and add up to P_α."""
    gamma, group = irrep(name, field, label), point_group(name)
    representation = regular_representation(group)
    n = range(gamma.dim)
    p = {(i, j): transfer_operator(gamma, i, j, representation) for i in n for j in n}
    for (i, j), left in p.items():
        assert np.abs(left.conj().T - p[j, i]).max() < 1e-14
        for (m, o), right in p.items():
            assert np.abs(left @ right - (p[i, o] if j == m else 0)).max() < 1e-13
    for k in n:
        assert np.array_equal(projector(gamma, k, representation), p[k, k])
    assert np.abs(sum(p[k, k] for k in n) - character_projector(gamma, representation)).max() < 1e-13


def test_transfer_operators_need_a_row_that_can_be_told_apart():
    """Over ℝ the rows of a complex-type irrep mix under J: no element of the group algebra separates them."""
    c4 = point_group("C4")
    with pytest.raises(ValueError, match="complex type"):
        transfer_operator(c4.real_irreps["E"], 0, 0, regular_representation(c4))
    with pytest.raises(ValueError, match="complex type"):
        projector(c4.real_irreps["E"], 0, regular_representation(c4))


@every_irrep
def test_different_irreps_do_not_meet(name, field, label):
    group, gamma = point_group(name), irrep(name, field, label)
    representation = function_representation(group, 3)
    p = character_projector(gamma, representation)
    for other in irreps(group, field):
        if other is not gamma:
            assert np.abs(p @ character_projector(other, representation)).max() < 1e-13


@every_group
def test_projected_functions_transform_as_rows(name):
    """f_k = P^{k0} f: O(g) f_k = Σ_i f_i Γ_ik(g)."""
    group = point_group(name)
    representation = function_representation(group, 4)
    vector = np.random.default_rng(1).normal(size=9)
    for gamma in group.irreps.values():
        f = np.stack([transfer_operator(gamma, k, 0, representation) @ vector for k in range(gamma.dim)], axis=1)
        assert np.abs(representation @ f - np.einsum("ni,gik->gnk", f, gamma.matrices)).max() < 1e-13


@pytest.mark.parametrize(
    "wrong",
    [np.ones((6, 3, 2)), np.ones((5, 3, 3)), np.ones((3, 3)), np.full((6, 2, 2), np.nan)],
    ids=["not square", "five elements", "one matrix", "nan"],
)
def test_what_is_no_representation_is_refused(wrong):
    d3 = point_group("D3")
    with pytest.raises(ValueError, match="representation"):
        character_projector(d3.irreps["E"], wrong)
    with pytest.raises(ValueError, match="representation"):
        symmetry_adapted_basis(d3, wrong)


def test_rows_out_of_range_are_refused():
    d3 = point_group("D3")
    for row, column in ((2, 0), (0, 2), (-1, 0)):
        with pytest.raises(ValueError, match="row"):
            transfer_operator(d3.irreps["E"], row, column, regular_representation(d3))


# Symmetry-adapted bases ---------------------------------------------------------------------------------------------


def assert_adapted(group, representation, basis, field, expected):
    """array O(g) array^H is block diagonal with exactly the irreps' matrices, in table order; rows orthonormal."""
    n = representation.shape[-1]
    mapping = group.irreps if field == "C" else group.real_irreps
    a = basis.array
    assert a.shape == (n, n)
    assert np.abs(a @ a.conj().T - np.eye(n)).max() < 1e-10
    labels = [(label, copy, k) for label, m in expected.items() for copy in range(1, m + 1)
              for k in range(1, mapping[label].dim + 1)]  # fmt: skip
    assert [tuple(entry) for entry in basis.labels] == labels
    blocks = direct_sum(group, [mapping[label] for label, m in expected.items() for _ in range(m)])
    adapted = a @ representation @ a.conj().T
    assert np.abs(adapted - blocks).max() < 1e-10
    assert np.abs(a.conj().T @ blocks @ a - representation).max() < 1e-10, "not rebuilt"


@every_group
@every_field
@settings(max_examples=20)
@given(data=st.data())
def test_random_reducible_representations(name, field, data):
    group = point_group(name)
    every = irreps(group, field)
    chosen = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=6), label="irreps")
    seed = data.draw(st.integers(0, 2**32 - 1), label="seed")
    representation = random_representation(group, field, chosen, seed)
    basis = symmetry_adapted_basis(group, representation, field=field)
    expected = {gamma.label: chosen.count(gamma) for gamma in every if gamma in chosen}
    assert_adapted(group, representation, basis, field, expected)


@every_group
@every_field
def test_the_regular_representation(name, field):
    group = point_group(name)
    representation = regular_representation(group)
    basis = symmetry_adapted_basis(group, representation, field=field)
    expected = {gamma.label: gamma.dim // len(gamma.commutant) for gamma in irreps(group, field)}
    assert_adapted(group, representation, basis, field, expected)


@every_group
def test_functions_of_degree_four(name):
    group = point_group(name)
    representation = function_representation(group, 4)
    basis = symmetry_adapted_basis(group, representation)
    assert_adapted(group, representation, basis, "R", group.subduce(4, parity=1))
    assert not np.iscomplexobj(basis.array)


@every_group
def test_an_adapted_basis_is_a_value(name):
    group = point_group(name)
    representation = random_representation(group, "R", irreps(group, "R"), seed=4)
    first, second = (symmetry_adapted_basis(group, representation) for _ in range(2))
    assert np.array_equal(first.array, second.array)
    assert first.labels == second.labels
    assert not first.array.flags.writeable


@every_group
@every_field
def test_an_already_adapted_representation_stays_as_it_is(name, field):
    """O = ⊕ Γ in table order: the canonical basis is the unit basis."""
    group = point_group(name)
    blocks = direct_sum(group, irreps(group, field))
    assert np.abs(symmetry_adapted_basis(group, blocks, field=field).array - np.eye(blocks.shape[-1])).max() < 1e-14


def test_what_cannot_be_adapted_is_refused():
    d3 = point_group("D3")
    representation = function_representation(d3, 2)
    skew = np.eye(5) + np.diag(np.ones(4), 1)
    with pytest.raises(ValueError, match=r"unitary|orthogonal"):
        symmetry_adapted_basis(d3, skew @ representation @ np.linalg.inv(skew))
    with pytest.raises(ValueError, match=r"multiply|representation"):
        symmetry_adapted_basis(d3, representation[[0, 2, 3, 4, 5, 1]])
    with pytest.raises(ValueError, match="real"):
        symmetry_adapted_basis(d3, random_representation(d3, "C", irreps(d3, "C"), 0))
    with pytest.raises(ValueError, match="field"):
        symmetry_adapted_basis(d3, representation, field="Q")
