"""Induction H ↑ G: matrices, Frobenius reciprocity for all pairs, transitivity along chains, bases of irreps of G."""

import numpy as np
import pytest
from subgroup_twins import induced_character
from thirty_two import GROUPS, every_field, every_group, irreps

from pointgroups import UnknownIrrepError, point_group
from pointgroups.exact import ExactArray
from pointgroups.subgroups.branching import branching
from pointgroups.subgroups.induction import induce
from pointgroups.subgroups.lattice import embedding, subgroup_lattice

SMALL = [name for name in GROUPS if point_group(name).order <= 12]


@every_group
@every_field
def test_frobenius_reciprocity(name, field):
    """dim Hom_G(γ↑G, Γ) = dim Hom_H(γ, Γ↓H) for all classes of subgroups and all irreps, by the induced character."""
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        table = branching(group, c.embedding, field)
        for small in irreps(c.group, field):
            found = group.decompose_character(induced_character(small, c.embedding), field)
            assert induce(small, c.embedding).multiplicities == found
            for gamma in irreps(group, field):
                up = found.get(gamma.label, 0) * gamma.commuting
                assert up == table[gamma.label].get(small.label, 0) * small.commuting
            dims = {gamma.label: gamma.dim for gamma in irreps(group, field)}
            assert sum(n * dims[label] for label, n in found.items()) == c.index * small.dim


@every_group
def test_induction_is_transitive(name):
    """(γ↑H)↑G = γ↑G along all chains L ⊂ H ⊂ G."""
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        up = {small.label: induce(small, c.embedding).multiplicities for small in irreps(c.group, "C")}
        for inner in subgroup_lattice(c.group).values():
            if inner.order < c.order:
                chain = c.embedding.then(inner.embedding)
                for smallest in irreps(inner.group, "C"):
                    total: dict[str, int] = {}
                    for middle, n in induce(smallest, inner.embedding).multiplicities.items():
                        for label, m in up[middle].items():
                            total[label] = total.get(label, 0) + n * m
                    assert induce(smallest, chain).multiplicities == total


def slow_matrices(irrep, inside):
    """(γ↑G)(g)_{ki,lj} by loops over cosets."""
    group, n, d = inside.group, inside.index, irrep.dim
    found = np.zeros((group.order, n * d, n * d), dtype=complex)
    for g in range(group.order):
        for k, s in enumerate(inside.representatives):
            for l, t in enumerate(inside.representatives):
                middle = group.product[group.product[group.inverse[s], g], t]
                place = np.flatnonzero(inside.elements == middle)
                if len(place):
                    found[g, k * d : (k + 1) * d, l * d : (l + 1) * d] = irrep.matrices[place[0]]
    return found


CASES = [(name, field) for name in (*SMALL, "D4h") for field in "CR"]


@pytest.mark.parametrize(("name", "field"), CASES)
def test_matrices_are_those_of_the_definition_and_a_representation(name, field):
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        for small in irreps(c.group, field):
            found = induce(small, c.embedding)
            assert np.abs(found.matrices - slow_matrices(small, c.embedding)).max() < 1e-14
            assert found.dim == found.matrices.shape[-1]
            D = found.exact_matrices
            for g in {1 % group.order, group.order - 1}:
                assert D[g] @ D == D[group.product[g]]
            assert group.decompose_character(np.trace(found.matrices, axis1=1, axis2=2), field) == found.multiplicities


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in SMALL for field in "CR"])
def test_bases_of_irreps_of_the_group(name, field):
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        for small in irreps(c.group, field):
            check_basis(induce(small, c.embedding), field)


@pytest.mark.parametrize(
    ("name", "subgroup", "label"),
    [
        ("Oh", "C4v", "E"),
        ("Oh", "C3v", "E"),
        ("Oh", "D3d", "Eu"),
        ("Td", "C2", "B"),
        ("D6h", "C1", "A"),
        ("T", "C3", "1E"),
    ],
)
def test_bases_of_large_groups(name, subgroup, label):
    check_basis(induce(label, embedding(point_group(name), subgroup)), "C")


def check_basis(found, field):
    """The basis is unitary and brings the matrices to ⊕ Γ, exactly."""
    group, basis = found.inside.group, found.basis
    rows = ExactArray.parse([token for row in basis.tokens for token in row], basis.array.shape)
    assert rows @ rows.conj().mT == ExactArray.integers(np.eye(found.dim, dtype=np.int64))
    images = (rows @ found.exact_matrices @ rows.conj().mT).numeric()
    start = 0
    expected = np.zeros_like(images)
    table = group.irreps if field == "C" else group.real_irreps
    for label, n in found.multiplicities.items():
        d = table[label].dim
        for _ in range(n):
            expected[:, start : start + d, start : start + d] = table[label].matrices
            start += d
    assert start == found.dim
    assert np.abs(images - expected).max() < 1e-14
    assert basis.multiplicities == found.multiplicities


@every_group
def test_the_regular_representation(name):
    """Every irrep over ℂ occurs as often as its dimension says."""
    group = point_group(name)
    found = induce("A", embedding(group, "C1"))
    assert found.multiplicities == {label: gamma.dim for label, gamma in group.irreps.items()}
    assert np.array_equal(found.matrices.sum(axis=1), np.ones((group.order, group.order)))


@every_group
def test_induction_from_the_group_itself(name):
    group = point_group(name)
    for label in group.irreps:
        assert induce(label, embedding(group, name)).multiplicities == {label: 1}


@pytest.mark.parametrize(
    ("name", "subgroup", "label", "expected"),
    [  # as in F. A. Cotton, Chemical Applications of Group Theory, 3rd ed. (1990); typed from memory
        ("Oh", "C4v", "A1", {"A1g": 1, "Eg": 1, "T1u": 1}),  # six σ
        ("Oh", "C4v", "E", {"T1g": 1, "T2g": 1, "T1u": 1, "T2u": 1}),  # twelve π
        ("Td", "C3v", "A1", {"A1": 1, "T2": 1}),  # four σ
        ("Td", "C3v", "E", {"E": 1, "T1": 1, "T2": 1}),  # eight π
        ("D4h", "C2v (C2', σh, σv)", "A1", {"A1g": 1, "B1g": 1, "Eu": 1}),  # square plane
        ("D3h", "C2v", "A1", {"A1'": 1, "E'": 1}),  # triangle
        ("D6h", "C2v (C2', σh, σv)", "A1", {"A1g": 1, "E2g": 1, "B1u": 1, "E1u": 1}),  # hexagon with atoms on C2'
    ],
)
def test_ligand_orbitals(name, subgroup, label, expected):
    assert induce(label, embedding(point_group(name), subgroup)).multiplicities == expected


def test_wrong_irreps_are_refused():
    inside = embedding(point_group("Oh"), "C4v")
    with pytest.raises(UnknownIrrepError, match="'T1' is not an irrep of C4v"):
        induce("T1", inside)
    with pytest.raises(ValueError, match="belongs to another group"):
        induce(point_group("Oh").irreps["A1g"], inside)


def test_induced_representations_are_immutable():
    found = induce("A1", embedding(point_group("Oh"), "C4v"))
    with pytest.raises(AttributeError, match="immutable"):
        found.irrep = None
    with pytest.raises(ValueError, match="read-only"):
        found.matrices[0] = 0
    assert str(found) == "<A1 of C4v induced in Oh: A1g ⊕ Eg ⊕ T1u>"
