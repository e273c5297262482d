"""Random frames and random reducible representations of all groups: decompose, rebuild, compare.

Single group over ℂ and over ℝ, and the double group over ℂ. A representation is a direct sum of drawn irreps (repeated
ones too) in a basis drawn at random; the multiplicities that were put in must come out, and the matrices be rebuilt.
"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thirty_two import GROUPS, every_group, every_setting, irreps, random_rotation

from pointgroups import (
    PointGroup,
    branching,
    character_projector,
    coupling,
    invariant_tensors,
    point_group,
    projector,
    su2_matrix,
    subgroup_lattice,
    symmetry_adapted_basis,
    tensor_basis,
    transfer_operator,
    wigner_d_real,
)

every_kind = pytest.mark.parametrize("kind", ["C", "R", "double"])
seeds = st.integers(0, 2**32 - 1)


class Family:
    """The irreps of one kind of one group, in some frame, and what the tests ask of the group."""

    def __init__(self, group: PointGroup, kind: str):
        self.group = group.double if kind == "double" else group
        self.field = "R" if kind == "R" else "C"
        self.irreps = self.group.irreps if self.field == "C" else group.real_irreps

    def drawn(self, data, most=5, largest=12):
        """Up to ``most`` irreps, of total dimension at most ``largest`` or a single one."""
        chosen = data.draw(st.lists(st.sampled_from(list(self.irreps)), min_size=1, max_size=most), label="irreps")
        sizes = np.cumsum([self.irreps[label].dim for label in chosen])
        kept = [label for label, size in zip(chosen, sizes, strict=True) if size <= largest]
        return Counter({label: kept.count(label) for label in self.irreps if label in kept})

    def direct_sum(self, counts):
        """⊕ Γ, (|G|, n, n)."""
        blocks = [self.irreps[label].matrices for label, n in counts.items() for _ in range(n)]
        size = sum(block.shape[-1] for block in blocks)
        total = np.zeros((self.group.order, size, size), dtype=np.result_type(*blocks))
        start = 0
        for block in blocks:
            rows = slice(start, start + block.shape[-1])
            total[:, rows, rows] = block
            start = rows.stop
        return total

    def in_random_basis(self, counts, seed):
        """Q ⊕Γ Q†, with Q a random orthogonal or unitary matrix."""
        blocks = self.direct_sum(counts)
        rng, n = np.random.default_rng(seed), blocks.shape[-1]
        q, _ = np.linalg.qr(rng.normal(size=(n, n)) + (0 if self.field == "R" else 1j * rng.normal(size=(n, n))))
        return q @ blocks @ q.conj().T

    def product(self, left, right):
        """Multiplicities in the product of two sums, bilinear in the products of irreps."""
        total = Counter()
        for a, n in left.items():
            for b, m in right.items():
                for c, count in self.group.tensor_product(self.irreps[a], self.irreps[b]).items():
                    total[c] += n * m * count
        return total


def rotated(name, seed):
    return point_group(name).rotated(random_rotation(seed))


# Decompose, rebuild, compare -----------------------------------------------------------------------------------------


@every_group
@every_kind
@settings(max_examples=6)
@given(data=st.data(), seed=seeds)
def test_decompose_and_rebuild(name, kind, data, seed):
    """array D array† = ⊕ Γ, array† ⊕ Γ array = D, array orthonormal, multiplicities as put in; any frame."""
    for group in (point_group(name), rotated(name, seed)):
        family = Family(group, kind)
        counts = family.drawn(data)
        d = family.in_random_basis(counts, seed)
        basis = symmetry_adapted_basis(family.group, d, field=family.field)
        assert basis.multiplicities == dict(counts)
        assert list(basis.multiplicities) == [label for label in family.irreps if label in counts]
        a, blocks = basis.array, family.direct_sum(counts)
        assert (family.field == "C") or a.dtype == np.float64
        assert np.abs(a @ a.conj().T - np.eye(len(a))).max() < 1e-10
        assert np.abs(a @ d @ a.conj().T - blocks).max() < 1e-10
        assert np.abs(a.conj().T @ blocks @ a - d).max() < 1e-10
        assert family.group.decompose_character(np.trace(d, axis1=1, axis2=2), **_field(family)) == dict(counts)


def _field(family):
    return {"field": "R"} if family.field == "R" else {}


@every_group
@every_kind
@settings(max_examples=6)
@given(data=st.data(), seed=seeds)
def test_projectors_decompose(name, kind, data, seed):
    """P_α² = P_α = P_α†, rank m_α d_α, P_α P_β = 0, Σ P_α = 1, P_α D = D P_α; P^{kl} carries row l to row k."""
    family = Family(rotated(name, seed), kind)
    counts = family.drawn(data)
    d = family.in_random_basis(counts, seed)
    found = {label: character_projector(irrep, d) for label, irrep in family.irreps.items()}
    total = sum(found.values())
    assert np.abs(total - np.eye(d.shape[-1])).max() < 1e-11
    for label, p in found.items():
        irrep = family.irreps[label]
        assert np.abs(p @ p - p).max() < 1e-11
        assert np.abs(p - p.conj().T).max() < 1e-11
        assert abs(np.trace(p) - counts[label] * irrep.dim) < 1e-10
        assert np.abs(p @ d - d @ p).max() < 1e-11
        for other, q in found.items():
            assert other == label or np.abs(p @ q).max() < 1e-11
        if irrep.commuting > 1 or not counts[label]:
            continue
        rows = [projector(irrep, k, d) for k in range(irrep.dim)]
        assert np.abs(sum(rows) - p).max() < 1e-11
        for k in range(irrep.dim):
            assert abs(np.trace(rows[k]) - counts[label]) < 1e-10
            carried = transfer_operator(irrep, k, 0, d)
            assert np.abs(carried @ carried.conj().T - rows[k]).max() < 1e-11
            assert np.abs(carried.conj().T @ carried - rows[0]).max() < 1e-11


@every_group
@every_kind
@settings(max_examples=4)
@given(data=st.data(), seed=seeds)
def test_what_commutes_with_a_representation(name, kind, data, seed):
    """A random matrix averaged over the group is, in the adapted basis, ⊕ M_α ⊗ commutant; Σ m_α² c_α are free."""
    family = Family(point_group(name), kind)
    counts = family.drawn(data)
    d = family.in_random_basis(counts, seed)
    rng = np.random.default_rng(seed)
    expected = sum(n * n * family.irreps[label].commuting for label, n in counts.items())
    averages = []
    for _ in range(expected + 1):
        x = rng.normal(size=d.shape[1:]) + (0 if family.field == "R" else 1j * rng.normal(size=d.shape[1:]))
        averages.append(np.mean(d @ x @ np.swapaxes(d.conj(), 1, 2), axis=0))
    assert np.linalg.matrix_rank(np.array(averages).reshape(expected + 1, -1), tol=1e-8) == expected
    a = symmetry_adapted_basis(family.group, d, field=family.field).array
    adapted = a @ averages[0] @ a.conj().T
    start = 0
    for label, n in counts.items():
        irrep = family.irreps[label]
        rows = slice(start, start + n * irrep.dim)
        start = rows.stop
        inside = adapted[rows, rows].reshape(n, irrep.dim, n, irrep.dim)
        weights = np.einsum("uivj,cij->cuv", inside, irrep.commutant) / irrep.dim
        assert np.abs(np.einsum("cuv,cij->uivj", weights, irrep.commutant) - inside).max() < 1e-10
        adapted[rows, rows] = 0
    assert np.abs(adapted).max() < 1e-10, "irreps mix"


# Products ------------------------------------------------------------------------------------------------------------


@every_group
@every_kind
@settings(max_examples=3)
@given(data=st.data(), seed=seeds)
def test_products_by_characters_and_by_matrices(name, kind, data, seed):
    """D ⊗ D′: multiplicities by the product table, by characters and by the adapted basis are one."""
    family = Family(point_group(name), kind)
    left, right = family.drawn(data, most=3, largest=5), family.drawn(data, most=3, largest=5)
    a, b = family.in_random_basis(left, seed), family.in_random_basis(right, seed + 1)
    product = np.einsum("gij,gkl->gikjl", a, b).reshape(len(a), a.shape[1] * b.shape[1], -1)
    expected = family.product(left, right)
    character = np.trace(a, axis1=1, axis2=2) * np.trace(b, axis1=1, axis2=2)
    assert family.group.decompose_character(character, **_field(family)) == dict(expected)
    basis = symmetry_adapted_basis(family.group, product, field=family.field)
    assert basis.multiplicities == dict(expected)
    assert np.abs(basis.array @ basis.array.conj().T - np.eye(product.shape[-1])).max() < 1e-10


@every_group
@every_kind
@settings(max_examples=3)
@given(data=st.data(), seed=seeds)
def test_squares_of_sums(name, kind, data, seed):
    """[A ⊕ B]² = [A]² ⊕ [B]² ⊕ A ⊗ B, {A ⊕ B}² = {A}² ⊕ {B}² ⊕ A ⊗ B, on symmetric and antisymmetric matrices."""
    family = Family(point_group(name), kind)
    counts = family.drawn(data, most=3, largest=6)
    d = family.in_random_basis(counts, seed)
    parts = [label for label, n in counts.items() for _ in range(n)]
    n = d.shape[-1]
    swap = np.eye(n * n).reshape(n, n, n * n).swapaxes(0, 1).reshape(n * n, n * n)
    product = np.einsum("gij,gkl->gikjl", d, d).reshape(len(d), n * n, n * n)
    for sign, square in ((1, family.group.symmetric_square), (-1, family.group.antisymmetric_square)):
        expected = Counter()
        for k, label in enumerate(parts):
            expected.update(square(family.irreps[label]))
            for other in parts[:k]:
                expected.update(family.product(Counter([label]), Counter([other])))
        values, vectors = np.linalg.eigh((np.eye(n * n) + sign * swap) / 2)
        kept = vectors[:, values > 0.5]
        if not kept.shape[1]:
            assert not expected
            continue
        basis = symmetry_adapted_basis(family.group, kept.T @ product @ kept, field=family.field)
        assert basis.multiplicities == dict(expected)


@every_group
@every_kind
@settings(max_examples=4)
@given(data=st.data(), seed=seeds)
def test_coupled_features_transform_as_the_third_irrep(name, kind, data, seed):
    """Random vectors of two random sums, coupled: w_n = Σ U*_{ij,n} v_i v′_j turns by Γ^c, and |v|²|v′|² = Σ |w|²."""
    family = Family(rotated(name, seed), kind)
    a, b = (family.irreps[data.draw(st.sampled_from(list(family.irreps)))] for _ in range(2))
    rng = np.random.default_rng(seed)
    v, w = rng.normal(size=a.dim), rng.normal(size=b.dim)
    total = 0.0
    for label in family.group.tensor_product(a, b):
        c = family.irreps[label]
        u = coupling(a, b, c).conj()
        here = np.einsum("mijn,i,j->mn", u, v, w)
        there = np.einsum("mijn,gi,gj->gmn", u, a.matrices @ v, b.matrices @ w)
        assert np.abs(there - np.einsum("gnk,mk->gmn", c.matrices, here)).max() < 1e-13
        total += float(np.sum(np.abs(here) ** 2))
    assert abs(total - (v @ v) * (w @ w)) < 1e-12 * max(1.0, total)


# Random frames -------------------------------------------------------------------------------------------------------


@every_setting
@settings(max_examples=2)
@given(seed=seeds)
def test_tensors_in_a_random_frame(name, seed):
    """Rotations R ⊗ … ⊗ R of the turned group hold the same irreps, and the invariant tensors turn with the frame."""
    group, turned = point_group(name), rotated(name, seed)
    for notation in ("i", "ij", "ijk=ikj"):
        for axial in (False, True):
            here, there = (tensor_basis(notation, g, axial=axial) for g in (group, turned))
            assert here.labels == there.labels
            counts = {(x.shape, x.degree, x.copy, x.irrep, x.irrep_copy) for x in here.labels}
            counted = Counter(key[3] for key in counts)
            rank = here.array.ndim - 1
            flat = there.array.reshape(len(there.array), -1)
            operator = _tensor_power(turned, rank, axial)
            inside = flat @ operator @ flat.T
            basis = symmetry_adapted_basis(turned, inside)
            assert basis.multiplicities == {label: counted[label] for label in group.real_irreps if label in counted}
            fixed, fixed_there = (invariant_tensors(g, notation, axial=axial) for g in (group, turned))
            trivial = next(iter(group.real_irreps))
            assert len(fixed) == len(fixed_there) == counted[trivial]
            rows = fixed_there.reshape(len(fixed_there), 3**rank)
            assert np.abs(operator @ rows.T - rows.T).max(initial=0) < 1e-12
            frame = _power(turned.frame, rank)
            carried = fixed.reshape(len(fixed), 3**rank) @ frame.T
            assert np.abs(carried @ rows.T @ rows - carried).max(initial=0) < 1e-12


def _power(matrix, rank):
    """R ⊗ … ⊗ R, (3ⁿ, 3ⁿ)."""
    total = np.eye(1)
    for _ in range(rank):
        total = np.kron(total, matrix)
    return total


def _tensor_power(group, rank, axial):
    signs = group.determinants if axial else np.ones(group.order)
    return np.array([sign * _power(rotation, rank) for sign, rotation in zip(signs, group.rotations, strict=True)])


@every_setting
@settings(max_examples=2)
@given(seed=seeds, degree=st.integers(0, 6), parity=st.sampled_from([1, -1]))
def test_harmonics_in_a_random_frame(name, seed, degree, parity):
    """O(3) ↓ G by the turned rotations themselves: D^ℓ(R) splits as the standard group's."""
    group, turned = point_group(name), rotated(name, seed)
    signs = turned.determinants
    proper = turned.rotations * signs[:, None, None]
    d = np.array([(parity if s < 0 else 1) * wigner_d_real(degree, r) for s, r in zip(signs, proper, strict=True)])
    expected = group.subduce(degree, parity=parity)
    assert turned.subduce(degree, parity=parity) == expected
    assert symmetry_adapted_basis(turned, d).multiplicities == expected
    complex_basis = symmetry_adapted_basis(turned, d.astype(complex), field="C")
    assert complex_basis.multiplicities == group.subduce(degree, parity=parity, field="C")


@every_setting
@settings(max_examples=2)
@given(seed=seeds, twice=st.integers(0, 7), parity=st.sampled_from([1, -1]))
def test_multiplets_in_a_random_frame(name, seed, twice, parity):
    """|j m⟩ in turned axes splits as in the standard ones, and turns by SU(2) of the frame."""
    double, turned = point_group(name).double, rotated(name, seed).double
    j = f"{twice}/2"
    expected = double.subduce(j, parity=parity)
    assert turned.subduce(j, parity=parity) == expected
    basis = symmetry_adapted_basis(turned, turned.wigner_d(j, parity), field="C")
    assert basis.multiplicities == expected
    frame = su2_matrix(turned.point_group.frame)
    assert np.abs(frame @ double.su2 @ frame.conj().T - turned.su2).max() < 1e-14


@every_group
@pytest.mark.parametrize("field", ["C", "R"])
@settings(max_examples=3)
@given(data=st.data(), seed=seeds)
def test_restriction_to_a_random_subgroup(name, field, data, seed):
    """D ↓ H: the multiplicities are Σ m_a (branching of a), for a random H and a random D of G."""
    group = point_group(name)
    family = Family(group, field)
    lattice = subgroup_lattice(group)
    inside = lattice[data.draw(st.sampled_from(list(lattice)), label="subgroup")].embedding
    counts = family.drawn(data)
    d = family.in_random_basis(counts, seed)[inside.elements]
    table = branching(group, inside, field)
    expected = Counter()
    for label, n in counts.items():
        for below, copies in table[label].items():
            expected[below] += n * copies
    basis = symmetry_adapted_basis(inside.subgroup, d, field=field)
    assert basis.multiplicities == {
        c.label: expected[c.label] for c in irreps(inside.subgroup, field) if expected[c.label]
    }
    rebuilt = basis.array @ d @ basis.array.conj().T
    blocks = Family(inside.subgroup, field).direct_sum(Counter(basis.multiplicities))
    assert np.abs(rebuilt - blocks).max() < 1e-10


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in GROUPS if name not in ("C1", "Ci")])
def test_a_spoilt_representation_is_refused(name):
    """A spinor representation without its sign under the 2π rotation (of 1 and i alone it is one all the same)."""
    family = Family(point_group(name), "double")
    spinor = next(iter(family.group.spinor_irreps))
    d = family.in_random_basis(Counter({spinor: 1}), 0)
    with pytest.raises(ValueError, match="multiply"):
        symmetry_adapted_basis(family.group, np.concatenate([d[: len(d) // 2]] * 2), field="C")
    with pytest.raises(ValueError, match="unitary"):
        symmetry_adapted_basis(family.group, 2 * d, field="C")
    with pytest.raises(ValueError, match="complex numbers"):
        symmetry_adapted_basis(family.group, d, field="R")
