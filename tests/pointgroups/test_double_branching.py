"""Branching of spinor irreps: the embedding lifts to the double groups, multiplets agree, printed tables."""

import numpy as np
import pytest
from thirty_two import every_group

from pointgroups import point_group
from pointgroups.double.branching import double_branching
from pointgroups.subgroups.branching import branching
from pointgroups.subgroups.lattice import embedding, subgroup_lattice


@every_group
def test_embeddings_lift_to_homomorphisms(name):
    """e(h h') = e(h) e(h') on 2|H| elements, exactly, for every class of subgroups; e is one-to-one and keeps Ē."""
    group = point_group(name)
    for found in subgroup_lattice(group).values():
        inside = found.embedding
        e, large, small = inside.double.elements, group.double, inside.subgroup.double
        assert np.array_equal(e[small.product], large.product[e[:, None], e]), found
        assert len(set(e.tolist())) == small.order
        assert e[small.order // 2] == group.order


@every_group
def test_lifts_compose(name):
    """The lift of a chain L ⊂ H ⊂ G is the chain of the lifts."""
    for outer in subgroup_lattice(point_group(name)).values():
        for inner in subgroup_lattice(outer.group).values():
            chain = outer.embedding.then(inner.embedding).double
            assert np.array_equal(chain.elements, outer.embedding.double.elements[inner.embedding.double.elements])


@every_group
def test_branching_of_multiplets(name):
    """j ↓ G ↓ H = j ↓ H, for both parities; single-valued irreps branch as in the groups themselves."""
    group = point_group(name)
    for found in subgroup_lattice(group).values():
        table = double_branching(group, found.embedding)
        small = found.embedding.subgroup.double
        for label, split in table.items():
            assert sum(small.irreps[x].dim * n for x, n in split.items()) == group.double.irreps[label].dim
        for j in ("1/2", "3/2", "5/2", "2"):
            for parity in (1, -1):
                total: dict[str, int] = {}
                for label, copies in group.double.subduce(j, parity).items():
                    for x, n in table[label].items():
                        total[x] = total.get(x, 0) + copies * n
                assert total == small.subduce(j, parity), found
        single = branching(group, found.embedding)
        assert {label: table[label] for label in single} == single
        assert table == branching(group.double, found.embedding.double)


# Compatibility tables of Koster et al., in the names of Altmann & Herzig.
@pytest.mark.parametrize(
    ("name", "subgroup", "expected"),
    [
        ("Oh", "D4h", {"E1/2g": "E1/2g", "E5/2g": "E3/2g", "F3/2g": "E1/2g E3/2g", "E5/2u": "E3/2u"}),
        ("Oh", "Td", {"E1/2g": "E1/2", "E1/2u": "E5/2", "E5/2g": "E5/2", "E5/2u": "E1/2", "F3/2u": "F3/2"}),
        ("Oh", "Th", {"E5/2g": "E1/2g", "F3/2g": "1F3/2g 2F3/2g"}),
        ("O", "D4", {"E1/2": "E1/2", "E5/2": "E3/2", "F3/2": "E1/2 E3/2"}),
        ("O", "T", {"E1/2": "E1/2", "E5/2": "E1/2", "F3/2": "1F3/2 2F3/2"}),
        ("O", "D3", {"E1/2": "E1/2", "E5/2": "E1/2", "F3/2": "E1/2 1E3/2 2E3/2"}),
        ("Td", "C3v", {"E1/2": "E1/2", "E5/2": "E1/2", "F3/2": "E1/2 1E3/2 2E3/2"}),
        ("Td", "D2d", {"E1/2": "E1/2", "E5/2": "E3/2", "F3/2": "E1/2 E3/2"}),
        ("D6", "D3", {"E1/2": "E1/2", "E3/2": "1E3/2 2E3/2", "E5/2": "E1/2"}),
        ("D4", "C4", {"E1/2": "1E1/2 2E1/2", "E3/2": "1E3/2 2E3/2"}),
        ("T", "C3", {"E1/2": "1E1/2 2E1/2"}),
    ],
)
def test_compatibility_tables(name, subgroup, expected):
    group = point_group(name)
    classes = [c for c in subgroup_lattice(group).values() if c.embedding.subgroup.name == subgroup]
    table = double_branching(group, classes[0].embedding)  # of D3 in D6: the two classes have one table
    for label, split in expected.items():
        assert " ".join(table[label]) == split


def test_refusals():
    with pytest.raises(ValueError, match="is not an embedding in"):
        double_branching(point_group("Oh"), embedding(point_group("O"), "D4"))
