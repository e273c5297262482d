"""The chain GL(3) → O(3) → point group: bases of tensors, their labels, decomposition and rebuilding."""

import math
import warnings
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensors.twins import CATALOGUE, all_permutations, class_size, cycle_lengths, projector, rotated
from thirty_two import GROUPS, every_group, every_setting, random_rotation

from pointgroups import decompose, point_group, tensor_basis, wigner_d_real
from pointgroups.tensors.decomposition import PartLabel
from pointgroups.tensors.index_permutations import index_symmetry
from pointgroups.tensors.young import dimension_symmetric, partitions, symmetric_character

every_symmetry = pytest.mark.parametrize("notation", CATALOGUE)
SMALL = tuple(n for n in CATALOGUE if index_symmetry(n).rank <= 4)
LARGE = tuple(n for n in CATALOGUE if index_symmetry(n).rank > 4)


def _dimension(notation):
    signed = index_symmetry(notation).group
    return sum(e * 3 ** len(cycle_lengths(s)) for s, e in signed) // len(signed)


# -- orthonormal and complete -------------------------------------------------------------------------------------


def _assert_orthonormal_basis(basis, notation):
    assert len(basis.array) == len(basis.labels) == _dimension(notation)
    assert np.abs(basis.rows @ basis.rows.T - np.eye(len(basis.rows))).max() < 1e-12
    # as many orthonormal rows as the space has dimensions, all inside it
    assert np.abs(basis.symmetry.project(basis.array) - basis.array).max() < 1e-12
    assert len(set(basis.labels)) == len(basis.labels)
    assert not basis.array.flags.writeable
    rows = [k for s in basis.parts.values() for k in range(s.start, s.stop)]
    assert rows == list(range(len(basis.array)))


@every_symmetry
def test_rows_are_an_orthonormal_basis_of_the_space(notation):
    _assert_orthonormal_basis(tensor_basis(notation), notation)


@every_setting
@pytest.mark.parametrize("notation", ["eV", "[V2]", "V[V2]", "[[V2]2]", "eV[V2]"])
def test_rows_along_a_point_group_are_orthonormal_bases(name, notation):
    _assert_orthonormal_basis(tensor_basis(notation, point_group(name)), notation)


def test_axial_by_argument_or_by_symbol():
    group = point_group("C4v")
    by_argument, by_symbol = tensor_basis("ij=ji", group, axial=True), tensor_basis("e[V2]", group)
    assert by_argument.labels == by_symbol.labels
    assert np.array_equal(by_argument.array, by_symbol.array)
    assert by_argument.labels != tensor_basis("ij=ji", group).labels


# -- covariance ---------------------------------------------------------------------------------------------------


def _assert_covariant(name, notation, group=None):
    """g B_k = Σ_i B_i Γ_ik(g) for every part and every element."""
    group = group or point_group(name)
    basis = tensor_basis(notation, group)
    rank, axial = basis.symmetry.rank, basis.symmetry.axial
    for g, rotation in enumerate(group.rotations):
        found = basis.rows @ rotated(basis.array, rotation, rank, axial).reshape(len(basis.rows), -1).T
        expected = np.zeros_like(found)
        for label, rows in basis.parts.items():
            expected[rows, rows] = group.real_irreps[label.irrep].matrices[g]
        assert np.abs(found - expected).max() < 1e-10, f"{group.elements[g]} of {name} on {notation}"
    for label, rows in basis.parts.items():
        assert rows.stop - rows.start == group.real_irreps[label.irrep].dim
        assert [basis.labels[k].component for k in range(rows.start, rows.stop)] == list(
            range(1, rows.stop - rows.start + 1)
        )


@pytest.mark.parametrize("notation", SMALL)
@every_group
def test_parts_turn_by_their_irreps(name, notation):
    _assert_covariant(name, notation)


@pytest.mark.parametrize("notation", LARGE)
@pytest.mark.parametrize("name", ["C3", "C2v", "D2d", "C3h", "D3d", "D6", "T", "Oh"])
def test_parts_of_higher_rank_turn_by_their_irreps(name, notation):
    if index_symmetry(notation).rank == 6 and name not in ("C3h", "D2d", "Oh"):
        notation = "V[[V2]2]"
    _assert_covariant(name, notation)


@pytest.mark.parametrize("notation", ["V[V2]", "eV2"])
@every_setting
def test_parts_turn_by_their_irreps_in_rotated_frames(name, notation):
    _assert_covariant(name, notation, point_group(name).rotated(random_rotation(sum(map(ord, name)))))


@every_group
def test_parts_are_those_of_the_subduced_degrees(name):
    """The irreps inside (λ, ℓ, parity) are those of O(3) ↓ G, once for each copy."""
    group = point_group(name)
    for notation in ("V3", "e[[V2]2]"):
        counted = {}
        for label in tensor_basis(notation, group).parts:
            key = (label.shape, label.degree, label.parity, label.copy)
            counted.setdefault(key, {}).setdefault(label.irrep, []).append(label.irrep_copy)
        for (_, degree, parity, _), found in counted.items():
            assert {irrep: len(copies) for irrep, copies in found.items()} == group.subduce(degree, parity)
            assert all(copies == list(range(1, len(copies) + 1)) for copies in found.values())


# -- labels: degree and parity ------------------------------------------------------------------------------------


def _degrees(basis):
    found = {}
    for label, rows in basis.parts.items():
        found[label] = basis.array[rows]
    return found


@every_symmetry
def test_degrees_turn_as_harmonics(notation):
    """R u_m = Σ_m′ u_m′ D_m′m(R), as the functions r → Y_ℓm(R⁻¹ r) do."""
    basis = tensor_basis(notation)
    rank, axial = basis.symmetry.rank, basis.symmetry.axial
    for seed in (1, 2):
        rotation = random_rotation(seed)
        turned = rotated(basis.array, rotation, rank, axial).reshape(len(basis.rows), -1)
        for label, rows in basis.parts.items():
            expected = wigner_d_real(label.degree, rotation).T @ basis.rows[rows]
            assert np.abs(turned[rows] - expected).max() < 1e-10
            assert [basis.labels[k].component for k in range(rows.start, rows.stop)] == list(
                range(-label.degree, label.degree + 1)
            )


@every_symmetry
def test_parity_under_inversion(notation):
    basis = tensor_basis(notation)
    inverted = rotated(basis.array, -np.eye(3), basis.symmetry.rank, basis.symmetry.axial)
    for label, rows in basis.parts.items():
        assert np.allclose(inverted[rows], label.parity * basis.array[rows], atol=1e-14)


def test_rank_one_is_y_z_x():
    basis = tensor_basis("V")
    assert np.allclose(basis.array, [[0, 1, 0], [0, 0, 1], [1, 0, 0]], atol=1e-15)
    assert [label[1:] for label in basis.labels] == [(1, -1, 1, "", 1, m) for m in (-1, 0, 1)]


def test_rank_two_by_hand():
    """ℓ = 2 of a symmetric tensor: xy, yz, 2z² − x² − y², xz, x² − y², with the signs of the harmonics."""
    basis = tensor_basis("ij=ji")
    s = 1 / math.sqrt(2)
    expected = np.zeros((6, 3, 3))
    expected[0, 0, 1] = expected[0, 1, 0] = expected[1, 1, 2] = expected[1, 2, 1] = s
    expected[2] = np.diag([-1, -1, 2]) / math.sqrt(6)
    expected[3, 0, 2] = expected[3, 2, 0] = s
    expected[4] = np.diag([s, -s, 0])
    expected[5] = np.eye(3) / math.sqrt(3)
    signs = [np.sign(np.vdot(a, b)) for a, b in zip(basis.array, expected, strict=True)]
    assert len(set(signs[:5])) == 1, "the five components of ℓ = 2 have one common sign"
    assert np.allclose(basis.array, np.array(signs)[:, None, None] * expected, atol=1e-14)


# -- labels: Young shapes -----------------------------------------------------------------------------------------


def _central_projection(tensors, shape):
    """(f_λ/n!) Σ_σ χ_λ(σ) σ on the last axes."""
    n = sum(shape)
    lead = tensors.ndim - n
    total = np.zeros_like(tensors)
    for s in all_permutations(n):
        character = symmetric_character(shape, cycle_lengths(s))
        if character:
            total += character * tensors.transpose(*range(lead), *(lead + k for k in s))
    return total * dimension_symmetric(shape) / math.factorial(n)


@pytest.mark.parametrize("notation", [n for n in CATALOGUE if index_symmetry(n).rank <= 5] + ["[[V2]3]"])
def test_shapes_lie_in_the_images_of_the_central_projectors(notation):
    basis = tensor_basis(notation)
    for shape in partitions(basis.symmetry.rank, 3):
        rows = [k for k, label in enumerate(basis.labels) if label.shape == shape]
        projected = _central_projection(basis.array, shape)
        expected = np.zeros_like(basis.array)
        expected[rows] = basis.array[rows]
        assert np.abs(projected - expected).max() < 1e-10


@cache
def _degree_in_shape(shape, degree):
    """⟨χ_ℓ, s_λ⟩ = (1/π) ∫₀^π (1 − cos θ) χ_ℓ(θ) s_λ(e^{iθ}, 1, e^{−iθ}) dθ, exactly by the trapezoidal rule."""
    n = sum(shape)
    theta = 2 * np.pi * np.arange(64) / 64
    schur = np.zeros(64)
    for cycle_type in partitions(n):
        powers = np.prod([1 + 2 * np.cos(k * theta) for k in cycle_type], axis=0) if cycle_type else 1.0
        schur += class_size(cycle_type) * symmetric_character(shape, cycle_type) * powers / math.factorial(n)
    chi = 1 + 2 * sum((np.cos(m * theta) for m in range(1, degree + 1)), np.zeros(64))
    integral = np.mean((1 - np.cos(theta)) * chi * schur)
    assert abs(integral - round(integral)) < 1e-9
    return round(integral)


@every_symmetry
def test_multiplicities_of_shapes_and_degrees(notation):
    symmetry = index_symmetry(notation)
    found = {}
    for label in tensor_basis(notation).parts:
        found.setdefault((label.shape, label.degree), []).append(label.copy)
    expected = {}
    for shape in partitions(symmetry.rank, 3):
        count = sum(e * Fraction(symmetric_character(shape, cycle_lengths(s))) for s, e in symmetry.group)
        count /= len(symmetry.group)
        assert count.denominator == 1
        for degree in range(symmetry.rank + 1):
            if count * _degree_in_shape(shape, degree):
                expected[shape, degree] = int(count) * _degree_in_shape(shape, degree)
    assert {key: len(copies) for key, copies in found.items()} == expected
    assert all(copies == list(range(1, len(copies) + 1)) for copies in found.values())


def test_the_elastic_tensor_has_two_scalars_two_deviators_and_a_harmonic():
    degrees = [(label.shape, label.degree) for label in tensor_basis("ijkl=jikl=klij").parts]
    assert degrees == [((4,), 4), ((4,), 2), ((4,), 0), ((2, 2), 2), ((2, 2), 0)]


@pytest.mark.parametrize("notation", ["V3", "V4", "[V2][V3]", "V[V2]V"])
def test_bases_are_canonical(notation):
    """The same array again after the caches are emptied, and in a fixed sign."""
    from pointgroups.tensors import decomposition, harmonic_tensors

    before = tensor_basis(notation, point_group("D3")).array.copy()
    harmonic_tensors.harmonic_parts.cache_clear()
    decomposition._basis.cache_clear()
    assert np.array_equal(tensor_basis(notation, point_group("D3")).array, before)


# -- decompose and rebuild ----------------------------------------------------------------------------------------

BY_RANK = {
    1: ("V", "eV"),
    2: ("V2", "[V2]", "{V2}"),
    3: ("V3", "V[V2]", "{V2}V", "[V3]"),
    4: ("V4", "[[V2]2]", "[V2][V2]", "V[V3]"),
    5: ("V5", "V[[V2]2]", "[V2][V3]"),
    6: ("[[V2]3]", "[V2][V2][V2]", "[V6]"),
    7: ("[V2][V2][V3]", "{V2}[V5]"),
    8: ("[[V2]4]", "[[V2]2][[V2]2]"),
}


def _check_round_trip(notation, name, lead, seed, scale=1.0):
    symmetry = index_symmetry(notation)
    group = point_group(name) if name else None
    tensors = symmetry.project(np.random.default_rng(seed).normal(size=(*lead, *(3,) * symmetry.rank))) * scale
    found = decompose(tensors, notation, group)
    rebuilt = found.rebuild()
    size = max(float(np.abs(tensors).max(initial=0.0)), 1e-300)
    assert rebuilt.shape == tensors.shape
    assert np.abs(rebuilt - tensors).max(initial=0.0) < 1e-12 * size
    assert found.coefficients.shape == (*lead, len(found.basis.array))
    # Parseval
    squares = (tensors**2).sum(axis=tuple(range(-symmetry.rank, 0)))
    assert np.allclose((found.coefficients**2).sum(-1), squares, rtol=1e-10, atol=1e-12 * size**2)
    return tensors, found


@given(
    st.integers(1, 6),
    st.integers(0, 10),
    st.sampled_from([None, *GROUPS]),
    st.sampled_from([(), (3,), (2, 2), (0,)]),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1.0, 1e-9, 1e12]),
)
def test_decompose_and_rebuild(rank, choice, name, lead, seed, scale):
    notation = BY_RANK[rank][choice % len(BY_RANK[rank])]
    _check_round_trip(notation, name, lead, seed, scale)


@pytest.mark.parametrize("notation", [*BY_RANK[7], *BY_RANK[8]])
@pytest.mark.parametrize("name", [None, "D3d"])
def test_decompose_and_rebuild_ranks_seven_and_eight(notation, name):
    _check_round_trip(notation, name, (2,), 3)


@pytest.mark.parametrize("notation", ["V2", "V[V2]", "[[V2]2]", "eV[V2]", "[V2][V3]"])
@pytest.mark.parametrize("name", [None, "C1", "C4v", "D3", "Th", "Oh"])
def test_parts_are_orthogonal_and_sum_to_the_tensor(notation, name):
    tensors, found = _check_round_trip(notation, name, (4,), 5)
    flat = np.stack([part.tensor.reshape(4, -1) for part in found.parts])
    assert np.allclose(flat.sum(axis=0), tensors.reshape(4, -1), atol=1e-12)
    overlaps = np.einsum("aix,bix->iab", flat, flat)
    assert np.abs(overlaps - np.einsum("iaa->ia", overlaps)[:, :, None] * np.eye(len(flat))).max() < 1e-11
    for part in found.parts:
        assert isinstance(part.label, PartLabel)
        # every part alone is itself
        again = decompose(part.tensor, notation, point_group(name) if name else None)
        assert np.allclose(again.coefficients[:, found.basis.parts[part.label]], part.components, atol=1e-12)
        assert np.allclose(np.linalg.norm(again.coefficients, axis=-1), np.linalg.norm(part.components, axis=-1))


def test_leading_axes_are_mapped_over():
    rng = np.random.default_rng(11)
    tensors = rng.normal(size=(2, 3, 4, 3, 3, 3))
    tensors = tensors + tensors.swapaxes(-1, -2)
    whole = decompose(tensors, "ijk=ikj", point_group("Td"))
    for index in np.ndindex(2, 3, 4):
        one = decompose(tensors[index], "ijk=ikj", point_group("Td"))
        assert np.allclose(one.coefficients, whole.coefficients[index])
        for part, all_parts in zip(one.parts, whole.parts, strict=True):
            assert part.label == all_parts.label
            assert np.allclose(part.tensor, all_parts.tensor[index])


def test_components_of_a_basis_are_linear_and_invert():
    basis = tensor_basis("[[V2]2]", point_group("C3v"))
    coefficients = np.random.default_rng(12).normal(size=(5, 21))
    assert np.allclose(basis.coefficients(basis.tensors(coefficients)), coefficients)
    # what lacks the index symmetry is projected out
    tensor = np.random.default_rng(13).normal(size=(3, 3, 3, 3))
    assert np.allclose(basis.tensors(basis.coefficients(tensor)), basis.symmetry.project(tensor))


# -- refusals -----------------------------------------------------------------------------------------------------


def test_tensors_without_the_symmetry_are_refused():
    with pytest.raises(ValueError, match=r"break the index symmetry ij=ji: .* left over; symmetrise them first"):
        decompose([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], "ij=ji")
    nearly = np.eye(3)
    nearly[0, 1] = 1e-9
    decompose(nearly, "ij=ji")
    nearly[0, 1] = 1e-3
    decompose(nearly, "ij=ji", tolerance=1e-2)
    with pytest.raises(ValueError, match="break the index symmetry"):
        decompose(nearly, "ij=ji")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_entries_that_are_not_finite_are_refused(bad):
    tensor = np.eye(3)
    tensor[1, 1] = bad
    with pytest.raises(ValueError, match="not finite"):
        decompose(tensor, "ij=ji")
    with pytest.raises(ValueError, match="not finite"):
        tensor_basis("ij=ji").coefficients(tensor)


@pytest.mark.parametrize("shape", [(3,), (3, 4), (2, 2), (3, 3, 2)])
def test_wrong_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"tensors of rank 2 have shape \(…, 3, 3\), not"):
        decompose(np.zeros(shape), "ij=ji")


def test_components_of_a_wrong_number_are_refused():
    with pytest.raises(ValueError, match="6 entries"):
        tensor_basis("ij=ji").tensors(np.zeros(5))


def test_the_zero_tensor_is_decomposed():
    found = decompose(np.zeros((3, 3, 3)), "ijk=ikj", point_group("D3"))
    assert not found.coefficients.any()
    assert not found.rebuild().any()


# -- the peer -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def o3():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("e3nn.o3")


@pytest.mark.parametrize("notation", ["ij=ji", "ijk=jik", "ijkl=jikl=klij"])
def test_degrees_span_the_subspaces_of_e3nn(o3, notation):
    """e3nn's 1o has the components (x, y, z) of a frame whose polar axis is y: its axes x, y, z are our y, z, x."""
    symmetry = index_symmetry(notation)
    letters = notation[: notation.index("=")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = o3.ReducedTensorProducts(notation, **dict.fromkeys(letters, "1o"))
        change = theirs.change_of_basis.double().numpy()
    ours_to_theirs = np.ix_(*[[1, 2, 0]] * symmetry.rank)
    basis = tensor_basis(notation)
    blocks, start = {}, 0
    for mul, irrep in theirs.irreps_out:
        size = mul * irrep.dim
        blocks.setdefault((irrep.l, irrep.p), []).append(change[start : start + size])
        start += size
    assert start == len(basis.array)
    assert set(blocks) == {(label.degree, label.parity) for label in basis.labels}
    for (degree, parity), found in blocks.items():
        rows = np.array(
            [
                array[ours_to_theirs].ravel()
                for array, label in zip(basis.array, basis.labels, strict=True)
                if (label.degree, label.parity) == (degree, parity)
            ]
        )
        their_rows = np.concatenate(found).reshape(len(rows), -1)
        assert np.abs(projector(rows) - projector(their_rows)).max() < 1e-5  # they keep single precision
        # component by component the copies are mixed by one matrix, the same for every m
        mixing = (rows @ np.linalg.pinv(their_rows)).reshape(
            -1, 2 * degree + 1, len(rows) // (2 * degree + 1), 2 * degree + 1
        )
        diagonal = np.einsum("aubu->uab", mixing)
        assert np.abs(diagonal - diagonal[0]).max() < 1e-5
        off = mixing - np.einsum("aubv,uv->aubv", mixing, np.eye(2 * degree + 1))
        assert np.abs(off).max() < 1e-5
