"""Random sums of irreps of random groups, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st
from thirty_two import THE_32

from equinet import Irreps
from equinet.groups import O3, SO3, Group
from pointgroups import point_group

GROUPS: list[Group] = [
    *(point_group(symbol) for symbol, *_ in THE_32),
    *(kind(2) for kind in (O3, SO3) for _ in range(8)),
]


def random_irreps(group: Group | None = None, least: int = 0) -> st.SearchStrategy[Irreps]:
    """Up to five blocks of one to three copies, repeated labels and any order; of any group, or of the given one."""

    def of(chosen: Group) -> st.SearchStrategy[Irreps]:
        block = st.tuples(st.integers(1, 3), st.sampled_from(list(chosen.real_irreps)))
        return st.lists(block, min_size=least, max_size=5).map(lambda blocks: Irreps(chosen, blocks))

    return (st.sampled_from(GROUPS) if group is None else st.just(group)).flatmap(of)


def random_pairs() -> st.SearchStrategy[tuple[Irreps, Irreps]]:
    """Two sums of irreps of one group."""
    return st.sampled_from(GROUPS).flatmap(lambda group: st.tuples(random_irreps(group), random_irreps(group)))
