"""Branching of double groups: how spinor irreps split in a subgroup."""

from __future__ import annotations

from pointgroups.point_group import PointGroup
from pointgroups.subgroups.branching import Branching, branching
from pointgroups.subgroups.embeddings import Embedding


def double_branching(group: PointGroup, subgroup: str | Embedding) -> Branching:
    """How every irrep of G's double group splits in a subgroup: {irrep of G: {irrep of H: copies}}, over ℂ.

    The same as ``branching(group.double, subgroup)``.

    Args:
        group: G.
        subgroup: the name of a class of subgroups, or an embedding in G where other axes of H are wanted.

    Raises:
        UnknownSubgroupError: no subgroup of this name, or several; the message lists them.
        ValueError: an embedding in another group.

    >>> from pointgroups import point_group
    >>> table = double_branching(point_group("Td"), "C3v")
    >>> table["E5/2"], table["F3/2"]
    ({'E1/2': 1}, {'E1/2': 1, '1E3/2': 1, '2E3/2': 1})
    """
    if isinstance(subgroup, str):
        return branching(group.double, subgroup)
    if subgroup.group is not group:
        raise ValueError(f"{subgroup!r} is not an embedding in {group!r}")
    return branching(group.double, subgroup.double)
