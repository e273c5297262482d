"""Spinor irreps on subgroups: subduction matrices and induction, exactly, for all groups and classes of subgroups."""

import numpy as np
import pytest
from subgroup_twins import block_diagonal, induced_character
from thirty_two import GROUPS, every_group

from pointgroups import UnknownIrrepError, branching, embedding, induce, point_group, subduction_basis, subgroup_lattice
from pointgroups.exact import ExactArray

SMALL = [name for name in GROUPS if point_group(name).order <= 8]


def exact_rows(basis):
    """Rows over their length, and the squares of the lengths on a diagonal."""
    rows = ExactArray.parse([token for row in basis.tokens for token in row], basis.array.shape)
    return rows, diagonal(ExactArray.parse(list(basis.squares)))


def diagonal(numbers):
    return numbers.reshape(-1, 1) * ExactArray.integers(np.eye(len(numbers), dtype=np.int64))


@every_group
def test_subduction_matrices_exactly(name):
    """U Γ(e(h)) U† = N ⊕ γ(h) and U U† = N for the rows U and the squares N of their lengths."""
    for found in subgroup_lattice(point_group(name)).values():
        inside = found.embedding.double
        for gamma in inside.group.spinor_irreps.values():
            basis = subduction_basis(gamma, inside)
            rows, squares = exact_rows(basis)
            assert rows @ rows.conj().mT == squares
            images = rows @ gamma.exact_matrices[inside.elements] @ rows.conj().mT
            assert images == squares @ block_diagonal(inside.subgroup.irreps, basis.labels)
            assert basis.multiplicities == branching(inside.group, inside)[gamma.label]
            np.testing.assert_allclose(basis.array @ basis.array.conj().T, np.eye(gamma.dim), atol=1e-14)


@every_group
def test_the_first_component_of_a_copy_is_positive(name):
    for found in subgroup_lattice(point_group(name)).values():
        inside = found.embedding.double
        for gamma in inside.group.spinor_irreps.values():
            basis = subduction_basis(gamma, inside)
            for row, label in zip(basis.array, basis.labels, strict=True):
                if label.component == 1:
                    first = row[np.abs(row) > 1e-9][0]
                    assert first.real > 0
                    assert abs(first.imag) < 1e-15


def test_a_spin_along_the_body_diagonal():
    """⟨σ⟩ of the two states of C3 in O points along ±[111]; the lengths lie outside ℚ(√2, √3)."""
    basis = subduction_basis("E1/2", embedding(point_group("O").double, "C3"))
    sigma = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    states = basis.array.conj()
    spins = np.einsum("ra,kab,rb->rk", states.conj(), sigma, states)
    np.testing.assert_allclose(spins, [[3**-0.5] * 3, [-(3**-0.5)] * 3], atol=1e-15)
    assert basis.squares == ("1/2+sqrt(3)/6", "1/2-sqrt(3)/6")
    exact = np.array(basis.exact.evalf(30).tolist(), dtype=complex)
    np.testing.assert_allclose(exact, basis.array, atol=1e-15)


@every_group
def test_frobenius_reciprocity(name):
    """γ↑Ḡ by its character holds Γ as often as Γ↓H̄ holds γ, for all spinor irreps."""
    for found in subgroup_lattice(point_group(name)).values():
        inside = found.embedding.double
        table = branching(inside.group, inside)
        for gamma in inside.subgroup.spinor_irreps.values():
            up = inside.group.decompose_character(induced_character(gamma, inside))
            assert induce(gamma, inside).multiplicities == up
            assert up == {label: below[gamma.label] for label, below in table.items() if gamma.label in below}
            assert all(label in inside.group.spinor_irreps for label in up)


@every_group
def test_induction_is_transitive(name):
    for outer in subgroup_lattice(point_group(name)).values():
        whole = outer.embedding.double
        up = {gamma: induce(gamma, whole).multiplicities for gamma in whole.subgroup.spinor_irreps}
        for inner in subgroup_lattice(outer.group).values():
            part = inner.embedding.double
            chain = outer.embedding.then(inner.embedding).double
            for gamma in part.subgroup.spinor_irreps:
                total: dict[str, int] = {}
                for middle, n in induce(gamma, part).multiplicities.items():
                    for label, m in up[middle].items():
                        total[label] = total.get(label, 0) + n * m
                assert induce(gamma, chain).multiplicities == total


@pytest.mark.parametrize("name", [*SMALL, "D3d", "T"])
def test_induced_matrices_and_their_basis_exactly(name):
    """The homomorphism law on every product, Γ↑(Ē) = −1, and U (γ↑Ḡ) U† = N ⊕ Γ."""
    for found in subgroup_lattice(point_group(name)).values():
        inside = found.embedding.double
        group = inside.group
        for gamma in inside.subgroup.spinor_irreps.values():
            induced = induce(gamma, inside)
            D = induced.exact_matrices
            for g in {1 % group.order, group.order // 2, group.order - 1}:
                assert D[g] @ D == D[group.product[g]]
            assert D[group.order // 2] == ExactArray.integers(-np.eye(induced.dim, dtype=np.int64))
            rows, squares = exact_rows(induced.basis)
            assert rows @ rows.conj().mT == squares
            assert rows @ D @ rows.conj().mT == squares @ block_diagonal(group.irreps, induced.basis.labels)


def brings_to_blocks(induced):
    """S (γ↑Ḡ) S† = ⊕ Γ with a unitary S, in floating point."""
    S = induced.basis.array
    expected = block_diagonal(induced.inside.group.irreps, induced.basis.labels).numeric()
    np.testing.assert_allclose(S @ S.conj().T, np.eye(induced.dim), atol=1e-14)
    np.testing.assert_allclose(S @ induced.matrices @ S.conj().T, expected, atol=1e-14)


@pytest.mark.parametrize("name", ["D6h", "Th", "O", "Td"])
def test_bases_of_induced_spinors(name):
    for found in subgroup_lattice(point_group(name)).values():
        inside = found.embedding.double
        for gamma in inside.subgroup.spinor_irreps.values():
            if inside.index * gamma.dim <= 16:
                brings_to_blocks(induce(gamma, inside))


def test_all_spinor_functions_on_a_group():
    """Every spinor irrep of O as often as its dimension says; orthogonal copies have √7 in their lengths."""
    induced = induce("A1/2", embedding(point_group("O").double, "C1"))
    assert induced.multiplicities == {"E1/2": 2, "E5/2": 2, "F3/2": 4}
    assert any("sqrt(7)" in token for row in induced.basis.tokens for token in row)
    brings_to_blocks(induced)


def test_ligands_with_spin():
    """σ orbitals of an octahedron with spin: (A1g ⊕ Eg ⊕ T1u) ⊗ E1/2g."""
    Oh = point_group("Oh")
    found = induce("E1/2", embedding(Oh.double, "C4v")).multiplicities
    expected: dict[str, int] = {}
    for label in ("A1g", "Eg", "T1u"):
        for spinor, n in Oh.double.tensor_product(label, "E1/2g").items():
            expected[spinor] = expected.get(spinor, 0) + n
    assert found == expected


def test_reciprocals_of_irrational_numbers():
    x = ExactArray.parse(["1/2+sqrt(2)/3-sqrt(6)+5*I/7"])
    assert x * (1 / x) == ExactArray.integers([1])


def test_what_does_not_fit_is_refused():
    Oh = point_group("Oh")
    with pytest.raises(UnknownIrrepError, match="'E1/2' is not an irrep of C4v"):
        induce("E1/2", embedding(Oh, "C4v"))
    with pytest.raises(ValueError, match="belongs to another group"):
        subduction_basis(Oh.double.irreps["F3/2g"], embedding(Oh, "C4v"))
    with pytest.raises(ValueError, match="over the complex numbers"):
        branching(Oh.double, "C4v", "R")
