"""Subgroups of groups made from generators: all of them, embeddings, branching, subduction matrices, induction."""

import copy
import itertools
from collections import Counter

import numpy as np
import pytest
from finite_groups import every_finite, group
from subgroup_twins import closure, induced_character
from thirty_two import every_group, random_rotation

from pointgroups import (
    branching,
    correlation_table,
    embedding,
    embedding_of_elements,
    finite_group,
    induce,
    irreps_with_invariants,
    molecular_point_group,
    point_group,
    subduction_basis,
    subgroup_lattice,
)
from pointgroups.subgroups.lattice import UnknownSubgroupError

FIELDS = [
    (name, field) for name in ("I", "D5h", "D4d", "C7v", "S5", "A6", "Q8", "2T", "Frobenius 21") for field in "CR"
]
every_sample = pytest.mark.parametrize(("name", "field"), FIELDS)
SMALL = ("C5v", "D5h", "D4d", "C7", "S4", "Q8", "2T", "Frobenius 21", "C3 in the plane", "one element")


# -- which subgroups there are ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "classes", "subgroups"),
    [  # S_n and A_n: OEIS A000638 and A005432, A029726 and A029725; the others by hand; typed from memory
        ("S3", 4, 6),
        ("S4", 11, 30),
        ("S5", 19, 156),
        ("A5", 9, 59),
        ("A6", 22, 501),
        ("I", 9, 59),
        ("Ih", 22, 164),
        ("Q8", 6, 6),
        ("2T", 7, 15),
        ("C12", 6, 6),
        ("C7v", 4, 10),
        ("Heisenberg 27", 11, 19),
        ("one element", 1, 1),
    ],
)
def test_numbers_of_subgroups(name, classes, subgroups):
    lattice = subgroup_lattice(group(name))
    assert (len(lattice), lattice.number_of_subgroups) == (classes, subgroups)


@pytest.mark.parametrize("name", ["I", "D5h", "D4d", "C9v", "S4", "Q8", "Frobenius 21", "Heisenberg 27"])
def test_every_subgroup_is_found_once(name):
    """Those that two elements generate; two are enough in all subgroups of these groups."""
    G = group(name)
    every = {closure(G.product, {0, a, b}) for a, b in itertools.combinations_with_replacement(range(G.order), 2)}
    found = [frozenset(m) for c in subgroup_lattice(G).values() for m in c.members]
    assert len(found) == len(set(found))
    assert set(found) == every


@every_finite
def test_the_lattice(name):
    G = group(name)
    lattice = subgroup_lattice(G)
    orders = [c.order for c in lattice.values()]
    assert orders == sorted(orders, reverse=True)
    assert (orders[0], orders[-1]) == (G.order, 1)
    for found in lattice.values():
        assert found.first == found.members[0]
        assert len(found.members) == found.embedding.conjugates
        assert lattice[found.name] is found


@pytest.mark.parametrize("name", ["Ih", "D5h", "D12d", "S4", "Q8", "2T"])
def test_maximal_subgroups(name):
    lattice = subgroup_lattice(group(name))
    home = {frozenset(m): c.name for c in lattice.values() for m in c.members}
    for c in lattice.values():
        whole = frozenset(c.first)
        below = [k for k in home if k < whole]
        maximal = [k for k in below if not any(k < other for other in below)]
        assert dict(c.maximal) == Counter(home[k] for k in maximal)
        for lower in lattice:
            assert lattice.contained(c.name, lower) == sum(home[k] == lower for k in [*below, whole])


def test_the_lattice_of_the_icosahedron():
    lattice = subgroup_lattice(molecular_point_group("Ih"))
    assert list(lattice["Ih"].maximal.items()) == [("I", 1), ("Th", 5), ("D5d", 6), ("D3d", 10)]
    assert [name for name, c in lattice.items() if c.is_normal] == ["Ih", "I", "Ci", "C1"]
    assert lattice["D5d"].maximal == {"C5v": 1, "D5": 1, "S10": 1, "C2h": 5}
    assert lattice.up_to_normalizer == tuple((name,) for name in lattice)


def test_names_of_classes():
    assert [c.name for c in subgroup_lattice(group("D4d")).of_group("C2")] == ["C2 (C2)", "C2 (C2')"]
    assert list(subgroup_lattice(group("S4")))[4:7] == ["order 4 (3C2a)", "order 4 (C2a, 2C2b)", "order 4 (C2a, 2C4)"]
    assert [name for name in subgroup_lattice(group("A6")) if "(3C2)" in name] == [
        "order 4 (3C2) 1",
        "order 4 (3C2) 2",
    ]
    assert subgroup_lattice(group("Ih"))["m-3"].name == "Th"


# -- embeddings ---------------------------------------------------------------------------------------------------


def holds(inside):
    """e(h) e(k) = e(h k), and F M(e(h)) Fᵀ = R(h) with a proper rotation F where there are axes."""
    G, e, F = inside.group, inside.elements, inside.frame
    assert np.array_equal(G.product[np.ix_(e, e)], e[inside.subgroup.product])
    assert len(set(e.tolist())) == inside.subgroup.order
    if F is not None:
        assert np.abs(F @ F.T - np.eye(3)).max() < 1e-12
        assert np.linalg.det(F) > 0
        assert np.abs(F @ G.matrices[e] @ F.T - inside.subgroup.rotations).max() < 1e-12


@every_finite
def test_embeddings(name):
    G = group(name)
    for found in subgroup_lattice(G).values():
        inside = found.embedding
        holds(inside)
        assert tuple(sorted(inside.elements.tolist())) == found.first
        if G.frame is not None:
            assert inside.subgroup is molecular_point_group(found.kind)
        elif G.permutations is not None:
            assert np.array_equal(inside.subgroup.permutations, G.permutations[inside.elements])
        else:
            assert np.abs(G.matrices[inside.elements] - inside.subgroup.matrices).max() < 1e-12


@every_finite
def test_cosets_and_normalizer(name):
    G = group(name)
    for found in subgroup_lattice(G).values():
        inside, K = found.embedding, frozenset(found.first)
        assert sorted(inside.cosets.ravel().tolist()) == list(range(G.order))
        for row, t in zip(inside.cosets, inside.representatives, strict=True):
            assert t == row.min()
            assert row.tolist() == [G.product[t, e] for e in inside.elements]
        n = inside.normalizer.tolist()
        assert all({G.product[G.product[x, k], G.inverse[x]] for k in K} == K for x in n[:: max(1, len(n) // 4)])
        assert len(n) * inside.conjugates == G.order
        assert inside.is_normal == (inside.conjugates == 1)


@pytest.mark.parametrize("name", ["Ih", "D5h", "D4d", "C5v", "S4", "2T"])
def test_chains_conjugates_and_other_axes_are_embeddings(name):
    G = group(name)
    for found in subgroup_lattice(G).values():
        for inner in subgroup_lattice(found.group).values():
            chain = found.embedding.then(inner.embedding)
            holds(chain)
            assert chain.index * inner.order == G.order
        for g in range(0, G.order, 7):
            moved = found.embedding.conjugated(g)
            holds(moved)
            assert tuple(sorted(moved.elements.tolist())) in found.members
        for other in found.embedding.axis_choices:
            holds(other)
            assert tuple(sorted(other.elements.tolist())) == found.first
    assert len(embedding(group("Ih"), "D2h").axis_choices) == 6
    assert len(embedding(group("D5h"), "C2v").axis_choices) == 2


@pytest.mark.parametrize("name", ["Ih", "D5h", "S8"])
def test_a_turned_group_has_the_same_lattice(name):
    """Other axes of the same group: the same names, and embeddings into the same standard groups."""
    G, turn = group(name), random_rotation(3)
    turned = finite_group(turn @ G.matrices[1:] @ turn.T)
    lattice = subgroup_lattice(turned)
    assert Counter(c.kind for c in lattice.values()) == Counter(c.kind for c in subgroup_lattice(G).values())
    for found in lattice.values():
        holds(found.embedding)
    assert [tuple(sorted(x.kind for x in map(lattice.__getitem__, names))) for names in lattice.up_to_normalizer] == [
        (x.kind,) for x in lattice.values()
    ]


def test_rotations_that_normalise_a_group():
    """They take the vertical mirrors of C8v into the diagonal ones; a group of permutations has no axes."""
    assert ("Cs (σv)", "Cs (σd)") in subgroup_lattice(molecular_point_group("C8v")).up_to_normalizer
    with pytest.raises(ValueError, match="not given by 3×3 rotation matrices"):
        _ = subgroup_lattice(group("S4")).up_to_normalizer


def test_a_subgroup_by_its_elements():
    G = group("Ih")
    for found in subgroup_lattice(G).values():
        for member in found.members[:3]:
            inside = embedding_of_elements(G, member[::-1])
            holds(inside)
            assert inside.subgroup is found.group
            assert tuple(sorted(inside.elements.tolist())) == member
    with pytest.raises(ValueError, match="no subgroup of Ih: the product of"):
        embedding_of_elements(G, [0, 1])


def test_what_is_not_there_is_refused():
    lattice = subgroup_lattice(group("D4d"))
    with pytest.raises(
        UnknownSubgroupError, match=r"D4d has 2 classes of subgroups C2; say which: C2 \(C2\), C2 \(C2'\)"
    ):
        lattice["C2"]
    with pytest.raises(UnknownSubgroupError, match="'D5d' is not a subgroup of D4d; these are D4d, C4v, D4, S8"):
        branching(group("D4d"), "D5d")
    with pytest.raises(UnknownSubgroupError, match="'order 5' is not a subgroup of a group of order 24"):
        embedding(group("S4"), "order 5")
    with pytest.raises(ValueError, match="cannot follow"):
        embedding(group("Ih"), "Th").then(embedding(group("Ih"), "D5d"))
    with pytest.raises(ValueError, match="numbered 0 to 119, not 120"):
        embedding(group("Ih"), "Th").conjugated(120)
    with pytest.raises(ValueError, match="not an embedding in"):
        branching(group("D5h"), embedding(group("Ih"), "Th"))


def test_embeddings_are_immutable_and_can_be_copied():
    inside = embedding(group("Ih"), "D5d")
    with pytest.raises(ValueError, match="read-only"):
        inside.frame[0] = 0
    with pytest.raises(AttributeError, match="immutable"):
        inside.frame = None
    holds(copy.deepcopy(inside))


# -- branching ----------------------------------------------------------------------------------------------------


@every_group
def test_as_the_exact_lattices(name):
    """A crystallographic group made from its matrices: the same classes and tables; the turn is no larger."""
    exact = point_group(name)
    made = finite_group(exact.rotations)
    place = [int(np.abs(made.matrices - r).max(axis=(1, 2)).argmin()) for r in exact.rotations]
    lattice = subgroup_lattice(made)
    home = {frozenset(m): c for c in lattice.values() for m in c.members}
    assert len(lattice) == len(subgroup_lattice(exact))
    for found in subgroup_lattice(exact).values():
        twins = [home[frozenset(place[g] for g in m)] for m in found.members]
        assert len(set(twins)) == 1
        assert len(twins) == len(twins[0].members)
        assert twins[0].group is found.group
        assert np.trace(twins[0].embedding.frame) > np.trace(found.embedding.frame) - 1e-9
        for field in "CR":
            assert branching(made, twins[0].embedding, field) == branching(exact, found.embedding, field)


# Ih ⊃ H for the five even irreps, as books print them; typed from memory, no book was at hand.
PUBLISHED = {
    "Th": "Ag Tg Tg Ag+Tg 1Eg+2Eg+Tg",
    "D5d": "A1g A2g+E1g A2g+E2g E1g+E2g A1g+E1g+E2g",
    "D3d": "A1g A2g+Eg A2g+Eg A1g+A2g+Eg A1g+2Eg",
    "D2h": "Ag B1g+B2g+B3g B1g+B2g+B3g Ag+B1g+B2g+B3g 2Ag+B1g+B2g+B3g",
}


@pytest.mark.parametrize("subgroup", PUBLISHED)
def test_published_tables_of_the_icosahedron(subgroup):
    table = branching(group("Ih"), subgroup)
    written = ["+".join((str(n) if n > 1 else "") + b for b, n in found.items()) for found in table.values()]
    even = PUBLISHED[subgroup].split()
    assert written == even + [text.replace("g", "u") for text in even]


def test_published_tables_of_axial_groups():
    """z and (x, y) keep their names along D5h ⊃ C5v, D4d ⊃ C4v; the hexagon's D6d ⊃ D6."""
    assert branching(group("D5h"), "C5v")["A2''"] == {"A1": 1}
    assert branching(group("D5h"), "C5v")["E1'"] == {"E1": 1}
    assert branching(group("D4d"), "C4v")["B2"] == {"A1": 1}
    assert branching(group("D4d"), "C4v")["E2"] == {"B1": 1, "B2": 1}
    assert branching(group("D4d"), "C4v")["E3"] == {"E": 1}
    assert branching(group("S5"), "order 60")["Γ7"] == {"Γ2": 1, "Γ3": 1}


@every_finite
@pytest.mark.parametrize("field", ["C", "R"])
def test_dimensions_and_invariants(name, field):
    G = group(name)
    for subgroup, table in correlation_table(G, field).items():
        H = subgroup_lattice(G)[subgroup].group
        for label, found in table.items():
            dim = sum(H._irreps_over(field)[small].dim * n for small, n in found.items())
            assert dim == G._irreps_over(field)[label].dim


def test_order_parameters():
    """A vector along a fivefold axis of the icosahedron leaves C5v."""
    assert irreps_with_invariants(group("Ih"), "C5v") == {"Ag": 1, "Hg": 1, "T1u": 1, "T2u": 1}


@every_finite
@pytest.mark.parametrize("field", ["C", "R"])
def test_frobenius_reciprocity(name, field):
    """dim Hom_G(γ↑G, Γ) = dim Hom_H(γ, Γ↓H) by the induced character."""
    G = group(name)
    for found in subgroup_lattice(G).values():
        table = branching(G, found.embedding, field)
        for small in found.group._irreps_over(field).values():
            up = G.decompose_character(induced_character(small, found.embedding), field)
            assert induce(small, found.embedding).multiplicities == up
            for gamma in G._irreps_over(field).values():
                down = table[gamma.label].get(small.label, 0)
                assert up.get(gamma.label, 0) * gamma.commuting == down * small.commuting


# -- matrices -----------------------------------------------------------------------------------------------------


def direct_sum(G, field, labels):
    """⊕ γ(h) for the labels of an adapted basis."""
    size = len(labels)
    total = np.zeros((G.order, size, size), dtype=complex)
    for r, label in enumerate(labels):
        if label.component == 1:
            gamma = G._irreps_over(field)[label.irrep]
            total[:, r : r + gamma.dim, r : r + gamma.dim] = gamma.matrices
    return total


@every_sample
def test_subduction_matrices(name, field):
    G = group(name)
    for found in subgroup_lattice(G).values():
        inside = found.embedding
        for gamma in G._irreps_over(field).values():
            basis = subduction_basis(gamma, inside)
            S = basis.array
            assert np.isrealobj(S) or field == "C"
            assert np.abs(S @ S.conj().T - np.eye(gamma.dim)).max() < 1e-12
            images = S @ gamma.matrices[inside.elements] @ S.conj().T
            assert np.abs(images - direct_sum(found.group, field, basis.labels)).max() < 1e-12
            assert basis.multiplicities == branching(G, inside, field)[gamma.label]


def slow_matrices(irrep, inside):
    """(γ↑G)(g)_{ki,lj} by loops over cosets."""
    G, n, d = inside.group, inside.index, irrep.dim
    found = np.zeros((G.order, n * d, n * d), dtype=complex)
    for g in range(G.order):
        for k, s in enumerate(inside.representatives):
            for l, t in enumerate(inside.representatives):
                place = np.flatnonzero(inside.elements == G.product[G.product[G.inverse[s], g], t])
                if len(place):
                    found[g, k * d : (k + 1) * d, l * d : (l + 1) * d] = irrep.matrices[place[0]]
    return found


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("field", ["C", "R"])
def test_induced_matrices_and_their_basis(name, field):
    G = group(name)
    for found in subgroup_lattice(G).values():
        for small in found.group._irreps_over(field).values():
            induced = induce(small, found.embedding)
            D = induced.matrices
            assert D.shape == (G.order, induced.dim, induced.dim)
            if G.order <= 20:
                assert np.abs(D - slow_matrices(small, found.embedding)).max() < 1e-14
            for g in {1 % G.order, G.order - 1}:
                assert np.abs(D[g] @ D - D[G.product[g]]).max() < 1e-12
            S = induced.basis.array
            assert np.abs(S @ S.conj().T - np.eye(induced.dim)).max() < 1e-12
            assert np.abs(S @ D @ S.conj().T - direct_sum(G, field, induced.basis.labels)).max() < 1e-12
            assert induced.basis.multiplicities == induced.multiplicities


def test_atoms_of_the_fullerene():
    """C60: the 60 π orbitals, even under the mirror of their atom, as Hückel theory knows them; typed from memory."""
    Ih = group("Ih")
    radial = induce("A'", embedding(Ih, "Cs"))
    assert radial.dim == 60
    assert radial.multiplicities == {
        "Ag": 1, "T1g": 1, "T2g": 1, "Gg": 2, "Hg": 3, "T1u": 2, "T2u": 2, "Gu": 2, "Hu": 2,
    }  # fmt: skip
    assert radial.exact_matrices.shape == (120, 60, 60)  # A' of Cs is exact
    with pytest.raises(ValueError, match="floating point"):
        _ = induce("A1g", embedding(Ih, "D5d")).exact_matrices
