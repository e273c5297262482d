"""Branching G ↓ H for all pairs: printed correlation tables, dimensions, chains; and the subduction matrices."""

import numpy as np
import pytest
from subgroup_twins import block_diagonal
from thirty_two import every_field, every_group, irreps

from pointgroups import point_group
from pointgroups.exact import ExactArray
from pointgroups.subgroups.branching import branching, correlation_table, irreps_with_invariants
from pointgroups.subgroups.lattice import UnknownSubgroupError, embedding, subgroup_lattice
from pointgroups.subgroups.subduction_matrices import subduction_basis


def in_short(table):
    """{"T1u": "A2u+Eu"}."""
    return {a: "+".join((str(n) if n > 1 else "") + b for b, n in found.items()) for a, found in table.items()}


# For each irrep of G in table order, its irreps in H. As in Wilson, Decius, Cross, Molecular Vibrations (1955), app. X,
# and Salthouse & Ware (1972), typed from memory; where labels hang on axes, those of docs/conventions.md.
PRINTED = {
    ("Oh", "O"): "A1 A2 E T1 T2 A1 A2 E T1 T2",
    ("Oh", "Td"): "A1 A2 E T1 T2 A2 A1 E T2 T1",
    ("Oh", "Th"): "Ag Ag 1Eg+2Eg Tg Tg Au Au 1Eu+2Eu Tu Tu",
    ("Oh", "D4h"): "A1g B1g A1g+B1g A2g+Eg B2g+Eg A1u B1u A1u+B1u A2u+Eu B2u+Eu",
    ("Oh", "D3d"): "A1g A2g Eg A2g+Eg A1g+Eg A1u A2u Eu A2u+Eu A1u+Eu",
    ("Oh", "C4v"): "A1 B1 A1+B1 A2+E B2+E A2 B2 A2+B2 A1+E B1+E",
    ("Oh", "C3v"): "A1 A2 E A2+E A1+E A2 A1 E A1+E A2+E",
    ("O", "D4"): "A1 B1 A1+B1 A2+E B2+E",
    ("O", "D3"): "A1 A2 E A2+E A1+E",
    ("O", "T"): "A A 1E+2E T T",
    ("Td", "T"): "A A 1E+2E T T",
    ("Td", "D2d"): "A1 B1 A1+B1 A2+E B2+E",
    ("Td", "C3v"): "A1 A2 E A2+E A1+E",
    ("Td", "C2v"): "A1 A2 A1+A2 A2+B1+B2 A1+B1+B2",
    ("T", "D2"): "A A A B1+B2+B3",
    ("T", "C3"): "A 2E 1E A+1E+2E",  # ¹E has e^{2πi/3} under C3⁺ in T, and e^{-2πi/3} in C3
    ("D4h", "D4"): "A1 A2 B1 B2 E A1 A2 B1 B2 E",
    ("D4h", "C4v"): "A1 A2 B1 B2 E A2 A1 B2 B1 E",
    ("D4h", "D2d (C2, 2C2', 2S4, 2σd)"): "A1 A2 B1 B2 E B1 B2 A1 A2 E",
    ("D4h", "D2h (C2, 2C2', i, σh, 2σv)"): "Ag B1g Ag B1g B2g+B3g Au B1u Au B1u B2u+B3u",
    ("D4h", "D2h (C2, 2C2'', i, σh, 2σd)"): "Ag B1g B1g Ag B2g+B3g Au B1u B1u Au B2u+B3u",
    ("D4h", "C2v (C2, 2σv)"): "A1 A2 A1 A2 B1+B2 A2 A1 A2 A1 B1+B2",
    ("D4h", "C2v (C2, 2σd)"): "A1 A2 A2 A1 B1+B2 A2 A1 A1 A2 B1+B2",
    ("D4h", "C2v (C2', σh, σv)"): "A1 B1 A1 B1 A2+B2 A2 B2 A2 B2 A1+B1",
    ("D4h", "C2v (C2'', σh, σd)"): "A1 B1 B1 A1 A2+B2 A2 B2 B2 A2 A1+B1",
    ("D4h", "Cs (σh)"): "A' A' A' A' 2A'' A'' A'' A'' A'' 2A'",
    ("D4h", "Cs (σv)"): "A' A'' A' A'' A'+A'' A'' A' A'' A' A'+A''",
    ("D4h", "Cs (σd)"): "A' A'' A'' A' A'+A'' A'' A' A' A'' A'+A''",
    ("D6h", "D6"): "A1 A2 B1 B2 E1 E2 A1 A2 B1 B2 E1 E2",
    ("D6h", "C6v"): "A1 A2 B2 B1 E1 E2 A2 A1 B1 B2 E1 E2",
    ("D6h", "D3d (2C3, 3C2', i, 2S6, 3σd)"): "A1g A2g A1g A2g Eg Eg A1u A2u A1u A2u Eu Eu",
    ("D6h", "D3d (2C3, 3C2'', i, 2S6, 3σv)"): "A1g A2g A2g A1g Eg Eg A1u A2u A2u A1u Eu Eu",
    ("D6h", "D2h"): "Ag B1g B3g B2g B2g+B3g Ag+B1g Au B1u B3u B2u B2u+B3u Au+B1u",  # B1 is even under C2' along x
    ("D3h", "C3v"): "A1 A2 E A2 A1 E",
    ("D3h", "C3h"): "A' A' 1E'+2E' A'' A'' 1E''+2E''",
    ("D3d", "C3v"): "A1 A2 E A2 A1 E",
    ("D3d", "C2h"): "Ag Bg Ag+Bg Au Bu Au+Bu",
    ("D2d", "D2"): "A B1 A B1 B2+B3",
    ("D2d", "C2v"): "A1 A2 A2 A1 B1+B2",
    ("D2d", "S4"): "A A B B 1E+2E",
    ("D2h", "D2"): "A B1 B2 B3 A B1 B2 B3",
    ("D2h", "C2v (C2(z), σ(xz), σ(yz))"): "A1 A2 B1 B2 A2 A1 B2 B1",
    ("C4v", "C2v (C2, 2σv)"): "A1 A2 A1 A2 B1+B2",
    ("C4v", "C2v (C2, 2σd)"): "A1 A2 A2 A1 B1+B2",
    ("C6v", "C3v (2C3, 3σv)"): "A1 A2 A1 A2 E E",
    ("C6v", "C3v (2C3, 3σd)"): "A1 A2 A2 A1 E E",
    ("C2v", "Cs (σ(xz))"): "A' A'' A' A''",
    ("C2v", "Cs (σ(yz))"): "A' A'' A'' A'",
    ("C3v", "Cs"): "A' A'' A'+A''",
    ("C3v", "C3"): "A A 1E+2E",
}


@pytest.mark.parametrize(("name", "subgroup"), PRINTED, ids="-".join)
def test_printed_correlation_tables(name, subgroup):
    group = point_group(name)
    expected = dict(zip(group.irreps, PRINTED[name, subgroup].split(), strict=True))
    assert in_short(branching(group, subgroup)) == expected


def test_octahedral_irreps_in_all_columns():
    """Eg and T1u of Oh, by the column."""
    table = {name: in_short(found) for name, found in correlation_table(point_group("Oh")).items()}
    assert len(table) == 33
    assert table["D2h (3C2, i, 3σh)"]["T1u"] == "B1u+B2u+B3u"
    assert table["D2h (3C2, i, 3σh)"]["Eg"] == "2Ag"
    assert table["D2 (3C2)"]["Eg"] == "2A"
    assert table["D2 (C2, 2C2')"]["Eg"] == "A+B1"
    assert table["C2v (C2, 2σh)"]["T1u"] == "A1+B1+B2"
    assert table["Ci"]["T1u"] == "3Au"
    assert table["C1"]["Eg"] == "2A"


@every_group
@every_field
def test_against_traces_of_matrices(name, field):
    """The obvious way: count with the traces of Γ(e(h)), in floating point."""
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        table = branching(group, c.embedding, field)
        for gamma in irreps(group, field):
            trace = np.trace(gamma.matrices[c.embedding.elements], axis1=1, axis2=2)
            for small in irreps(c.group, field):
                chi = np.trace(small.matrices, axis1=1, axis2=2)
                count = np.vdot(chi, trace) / np.vdot(chi, chi)
                assert table[gamma.label].get(small.label, 0) == pytest.approx(count, abs=1e-9)
            assert list(table[gamma.label]) == [s for s in _labels(c.group, field) if s in table[gamma.label]]


def _labels(group, field):
    return [gamma.label for gamma in irreps(group, field)]


@every_group
def test_dimensions_and_the_trivial_irrep(name):
    group = point_group(name)
    for table in correlation_table(group).values():
        assert list(table) == list(group.irreps)
    for c in subgroup_lattice(group).values():
        for label, found in branching(group, c.name).items():
            assert sum(n * c.group.irreps[b].dim for b, n in found.items()) == group.irreps[label].dim
        trivial = next(iter(group.irreps))
        assert branching(group, c.name)[trivial] == {next(iter(c.group.irreps)): 1}


@every_group
def test_branching_is_transitive(name):
    """G ↓ H ↓ L = G ↓ L for all chains of classes."""
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        first = branching(group, c.embedding)
        for inner in subgroup_lattice(c.group).values():
            second = branching(c.group, inner.embedding)
            direct = branching(group, c.embedding.then(inner.embedding))
            for label, found in first.items():
                total: dict[str, int] = {}
                for middle, n in found.items():
                    for last, m in second[middle].items():
                        total[last] = total.get(last, 0) + n * m
                assert direct[label] == total


@every_group
def test_harmonics_reach_a_subgroup_by_either_way(name):
    """O(3) ↓ G ↓ H = O(3) ↓ H for ℓ ≤ 4 and both parities: the traces of O(3) know no axes."""
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        table = branching(group, c.embedding, "R")
        for degree in range(5):
            for parity in (1, -1):
                total: dict[str, int] = {}
                for label, n in group.subduce(degree, parity).items():
                    for small, m in table[label].items():
                        total[small] = total.get(small, 0) + n * m
                assert total == c.group.subduce(degree, parity)


@every_group
def test_conjugate_subgroups_branch_alike(name):
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        ours = branching(group, c.embedding)
        for g in {1 % group.order, group.order // 3, group.order - 1}:
            assert branching(group, c.embedding.conjugated(g)) == ours


@every_group
def test_other_axes_permute_labels_only(name):
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        for other in c.embedding.axis_choices:
            ours, theirs = branching(group, c.embedding), branching(group, other)
            for label in group.irreps:
                assert sorted(ours[label].values()) == sorted(theirs[label].values())


def test_axes_of_the_other_books_are_at_hand():
    """Wilson, Decius & Cross set D3h ↓ C2v with σh → σ(yz); here σh → σ(xz) by the least turn."""
    group = point_group("D3h")
    ours, theirs = (in_short(branching(group, x)) for x in embedding(group, "C2v").axis_choices)
    assert list(ours.values()) == ["A1", "B1", "A1+B1", "A2", "B2", "A2+B2"]
    assert list(theirs.values()) == ["A1", "B2", "A1+B2", "A2", "B1", "A2+B1"]


@every_group
def test_irreps_with_invariants(name):
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        expected = {}
        for gamma in irreps(group, "R"):
            fixed = np.linalg.matrix_rank(gamma.matrices[c.embedding.elements].mean(axis=0), tol=1e-9)
            if fixed:
                expected[gamma.label] = int(fixed)
        assert irreps_with_invariants(group, c.name) == expected


def test_what_does_not_fit_is_refused():
    group = point_group("Oh")
    with pytest.raises(ValueError, match="not an embedding in <PointGroup Oh"):
        branching(group, embedding(point_group("Td"), "C3v"))
    with pytest.raises(ValueError, match='field is "R" or "C"'):
        branching(group, "Td", "Q")
    with pytest.raises(UnknownSubgroupError, match="say which"):
        branching(group, "C2v")
    with pytest.raises(ValueError, match="<Irrep A1 of Td over C, dim 1> belongs to another group"):
        subduction_basis(point_group("Td").irreps["A1"], embedding(group, "Td"))


# -- subduction matrices ------------------------------------------------------------------------------------------


def exact_rows(basis):
    return ExactArray.parse([token for row in basis.tokens for token in row], basis.array.shape)


@every_group
@every_field
def test_subduction_matrices_exactly(name, field):
    """S† Γ(e(h)) S = ⊕ γ(h) and S† S = 1, for every irrep and every class of subgroups."""
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        for gamma in irreps(group, field):
            basis = subduction_basis(gamma, c.embedding)
            rows = exact_rows(basis)
            assert rows @ rows.conj().mT == ExactArray.integers(np.eye(gamma.dim, dtype=np.int64))
            images = rows @ gamma.exact_matrices[c.embedding.elements] @ rows.conj().mT
            assert images == block_diagonal(c.group.irreps if field == "C" else c.group.real_irreps, basis.labels)
            assert basis.multiplicities == branching(group, c.embedding, field)[gamma.label]


@every_group
def test_phase_and_reality(name):
    group = point_group(name)
    for c in subgroup_lattice(group).values():
        for field in "CR":
            for gamma in irreps(group, field):
                basis = subduction_basis(gamma, c.embedding)
                for r, label in enumerate(basis.labels):
                    if label.component == 1:
                        first = basis.array[r][np.abs(basis.array[r]) > 1e-9][0]
                        assert first.real > 0
                        assert abs(first.imag) < 1e-15
                if field == "R":
                    assert basis.array.dtype == np.float64


def test_a_vector_in_trigonal_axes():
    """z of C3v embedded in Oh is the body diagonal that the frame says."""
    inside = embedding(point_group("Oh"), "C3v")
    basis = subduction_basis(point_group("Oh").irreps["T1u"], inside)
    assert [str(x) for x in basis.exact[0, :]] == ["sqrt(3)/3"] * 3
    assert np.abs(inside.frame[2] - 1 / np.sqrt(3)).max() < 1e-15
    assert np.abs(np.abs(basis.array[1:] @ inside.frame[:2].T) - np.eye(2)).max() < 1e-15
