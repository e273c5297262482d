"""Branching G ↓ H: how the irreps of a point group split in a subgroup, by characters.

    n_γ = (1/|H|) Σ_h χ_γ(h)* χ_Γ(e(h)) ,    e: H → G the embedding

exactly, over ℂ or, divided by the dimension of the commutant of γ, over ℝ. For all classes of subgroups these are the
correlation (compatibility) tables of the books; where a group has several classes of one kind of subgroup, as D4h has
of C2v, there is a column for each.

Source: E. B. Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations (1955), app. X; J. A. Salthouse, M. J. Ware,
Point Group Character Tables and Related Data (1972).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, stack
from pointgroups.point_group import PointGroup

from .embeddings import Embedding
from .lattice import embedding, subgroup_lattice

Branching = dict[str, dict[str, int]]
"""Irrep of G → irreps of H in table order with their multiplicities."""


@lru_cache(maxsize=256)
def _characters(group: PointGroup, field: str) -> ExactArray:
    """(n_irreps, n_classes) in table order."""
    return stack([irrep.class_characters for irrep in group._irreps_over(field).values()])


def multiplicities(inside: Embedding, field: str) -> NDArray[np.int64]:
    """How often each irrep of H occurs in each of G, (n_irreps of G, n_irreps of H)."""
    group, subgroup = inside.group, inside.subgroup
    class_of = {g: k for k, c in enumerate(group.classes) for g in c.indices}
    restricted = _characters(group, field)[:, [class_of[int(inside.elements[c.indices[0]])] for c in subgroup.classes]]
    weights = ExactArray.integers([c.size for c in subgroup.classes])
    sums = restricted @ (_characters(subgroup, field).conj() * weights).mT
    commuting = np.array([irrep.commuting for irrep in subgroup._irreps_over(field).values()])
    counts, rest = np.divmod(sums.numerators, sums.denominator * subgroup.order * commuting[:, None])
    assert not rest.any(), "multiplicities are whole numbers"
    assert not counts[..., 1:].any(), "multiplicities are rational"
    return np.asarray(counts[..., 0], dtype=np.int64)


def branching(group: PointGroup, subgroup: str | Embedding, field: str = "C") -> Branching:
    """How every irrep of G splits in a subgroup: {irrep of G: {irrep of H: copies}}.

    Args:
        group: G.
        subgroup: the name of a class of subgroups, or an embedding in G where other axes of H are wanted.
        field: "C" or "R", over which irreps are taken.

    Raises:
        UnknownSubgroupError: no subgroup of this name, or several; the message lists them.
        ValueError: an embedding in another group, or another field.

    >>> from pointgroups import point_group
    >>> table = branching(point_group("Oh"), "D4h")
    >>> table["Eg"], table["T1u"], table["T2g"]
    ({'A1g': 1, 'B1g': 1}, {'A2u': 1, 'Eu': 1}, {'B2g': 1, 'Eg': 1})
    """
    inside = embedding(group, subgroup) if isinstance(subgroup, str) else subgroup
    if inside.group is not group:
        raise ValueError(f"{inside!r} is not an embedding in {group!r}")
    rows = multiplicities(inside, field).tolist()
    labels = tuple(inside.subgroup._irreps_over(field))
    return {
        label: {small: n for small, n in zip(labels, row, strict=True) if n}
        for label, row in zip(group._irreps_over(field), rows, strict=True)
    }


def correlation_table(group: PointGroup, field: str = "C") -> dict[str, Branching]:
    """Branching to every class of subgroups: {name of the class: {irrep of G: {irrep of H: copies}}}, by falling order.

    Raises:
        ValueError: another field.

    >>> from pointgroups import point_group
    >>> for name, table in correlation_table(point_group("C4v")).items():
    ...     print(f"{name:14}", *table["E"])
    C4v            E
    C4             1E 2E
    C2v (C2, 2σv)  B1 B2
    C2v (C2, 2σd)  B1 B2
    Cs (σv)        A' A''
    Cs (σd)        A' A''
    C2             B
    C1             A
    """
    return {name: branching(group, found.embedding, field) for name, found in subgroup_lattice(group).items()}


def irreps_with_invariants(group: PointGroup, subgroup: str | Embedding) -> dict[str, int]:
    """Irreps over ℝ of G that hold a vector fixed by every element of a subgroup, with the dimension of these vectors.

    An order parameter of such an irrep can lower the symmetry from G to the subgroup, or to one that contains it.

    Raises:
        UnknownSubgroupError, ValueError: as :func:`branching`.

    >>> from pointgroups import point_group
    >>> irreps_with_invariants(point_group("Oh"), "C4v")
    {'A1g': 1, 'Eg': 1, 'T1u': 1}
    """
    table = branching(group, subgroup, "R")
    fixed = {label: next(iter(found.items())) for label, found in table.items()}
    inside = embedding(group, subgroup) if isinstance(subgroup, str) else subgroup
    trivial = next(iter(inside.subgroup.real_irreps))
    return {label: count for label, (first, count) in fixed.items() if first == trivial}
