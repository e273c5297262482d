"""The lattice of subgroups of a point group, up to conjugacy, with one named embedding each.

A class of conjugate subgroups is named by its group, "C3v"; where several classes of a group occur, by the elements of
G that it holds, too: "C2v (C2', σh, σv)" and "C2v (C2, 2σd)" in D4h. Of the subgroups of a class the one that needs the
least turn into standard axes stands for it, so a tetragonal subgroup of a cubic group has its axis along z.

Source: International Tables for Crystallography A, 6th ed. (2016), ch. 3.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pointgroups.point_group import PointGroup
from pointgroups.settings import UnknownGroupError, setting_of

from .embeddings import Embedding, framed
from .enumeration import Subgroup, mask, maximal_subgroups, subgroup_classes
from .frames import automorphisms, standard_group


class UnknownSubgroupError(KeyError, ValueError):
    """A group has no class of subgroups of this name, or several."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class SubgroupClass:
    """A class of conjugate subgroups {g K g⁻¹} of a point group G.

    Attributes:
        name: "C3v", or with the elements it holds, "C2v (C2, 2σd)", where G has several classes of this group.
        members: the conjugate subgroups, each as ascending indices in ``G.rotations``; the first stands for the class.
        embedding: how the first one becomes a standard group.
        maximal: names of the classes that have maximal subgroups of the first one → how many each.

    >>> from pointgroups import point_group
    >>> found = subgroup_lattice(point_group("Td"))["D2d"]
    >>> found.order, found.index, len(found.members), found.is_normal, found.maximal
    (8, 3, 3, False, {'S4': 1, 'C2v': 1, 'D2': 1})
    """

    name: str
    members: tuple[Subgroup, ...]
    embedding: Embedding
    maximal: Mapping[str, int]

    @property
    def group(self) -> PointGroup:
        """The subgroup as one of the 32 groups."""
        return self.embedding.subgroup

    @property
    def order(self) -> int:
        return len(self.members[0])

    @property
    def index(self) -> int:
        """|G|/|K|."""
        return self.embedding.index

    @property
    def is_normal(self) -> bool:
        """Whether the subgroup has no other conjugates."""
        return len(self.members) == 1

    def __repr__(self) -> str:
        return f"<{self.name} in {self.embedding.group.name}, index {self.index}, {len(self.members)} conjugate>"


class SubgroupLattice(Mapping[str, SubgroupClass]):
    """Read-only mapping name → :class:`SubgroupClass`, by falling order; made by :func:`subgroup_lattice`.

    A group's own name finds its class where there is only one; several are listed by :meth:`of_group`.

    >>> from pointgroups import point_group
    >>> lattice = subgroup_lattice(point_group("C4v"))
    >>> list(lattice)
    ['C4v', 'C4', 'C2v (C2, 2σv)', 'C2v (C2, 2σd)', 'Cs (σv)', 'Cs (σd)', 'C2', 'C1']
    >>> lattice.edges[:3]
    (('C4v', 'C4'), ('C4v', 'C2v (C2, 2σv)'), ('C4v', 'C2v (C2, 2σd)'))
    """

    def __init__(self, group: PointGroup, classes: Mapping[str, SubgroupClass]) -> None:
        self.group = group
        self._classes = dict(classes)

    def __getitem__(self, name: str) -> SubgroupClass:
        found = self._classes.get(_plain(name)) if isinstance(name, str) else None
        if found is not None:
            return found
        classes = self.of_group(name)
        if len(classes) > 1:
            raise UnknownSubgroupError(
                f"{self.group.name} has {len(classes)} classes of subgroups {name}; "
                f"say which: {', '.join(c.name for c in classes)}"
            )
        return classes[0]

    def of_group(self, name: str | int) -> tuple[SubgroupClass, ...]:
        """The classes of one group, given by any name of it; :class:`UnknownSubgroupError` without any.

        >>> from pointgroups import point_group
        >>> [c.name for c in subgroup_lattice(point_group("O")).of_group("D2")]
        ['D2 (3C2)', "D2 (C2, 2C2')"]
        """
        try:
            number = setting_of(name).number
        except UnknownGroupError:
            number = 0
        found = tuple(c for c in self.values() if c.group.number == number)
        if not found:
            raise UnknownSubgroupError(f"{name!r} is not a subgroup of {self.group.name}; these are {', '.join(self)}")
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """(upper, lower) for every class whose members have a maximal subgroup in another class."""
        return tuple((name, lower) for name, upper in self._classes.items() for lower in upper.maximal)

    @property
    def number_of_subgroups(self) -> int:
        """How many subgroups there are, conjugate ones counted each."""
        return sum(len(c.members) for c in self.values())

    @cached_property
    def up_to_normalizer(self) -> tuple[tuple[str, ...], ...]:
        """Classes that rotations normalising G take into one another, as tuples of names.

        Such subgroups lie in G alike, but for the choice of axes: the two C2v of C4v that hold C4v's main axis.

        >>> from pointgroups import point_group
        >>> subgroup_lattice(point_group("C4v")).up_to_normalizer
        (('C4v',), ('C4',), ('C2v (C2, 2σv)', 'C2v (C2, 2σd)'), ('Cs (σv)', 'Cs (σd)'), ('C2',), ('C1',))
        """
        home = {mask(m): name for name, c in self.items() for m in c.members}
        _, turned = automorphisms(self.group)
        found: dict[str, tuple[str, ...]] = {}
        for c in self.values():
            images = {home[mask(row)] for row in turned[:, list(c.members[0])].tolist()}
            together = tuple(other for other in self if other in images)
            found.setdefault(together[0], together)
        return tuple(found.values())

    def contained(self, upper: str, lower: str) -> int:
        """How many subgroups of the class ``lower`` one subgroup of the class ``upper`` has.

        >>> from pointgroups import point_group
        >>> subgroup_lattice(point_group("Oh")).contained("O", "C3")
        4
        """
        whole = mask(self[upper].members[0])
        return sum(m & whole == m for m in map(mask, self[lower].members))

    def __repr__(self) -> str:
        return f"<subgroups of {self.group.name}: {', '.join(self)}>"


def subgroup_lattice(group: PointGroup) -> SubgroupLattice:
    """All subgroups of a point group in classes of conjugate ones, with names, embeddings and maximal subgroups.

    Raises:
        TypeError: not a :class:`~pointgroups.PointGroup`.

    >>> from pointgroups import point_group
    >>> lattice = subgroup_lattice(point_group("Oh"))
    >>> lattice.number_of_subgroups, len(lattice), sum(c.is_normal for c in lattice.values())
    (98, 33, 9)
    >>> list(lattice["Oh"].maximal.items())
    [('Td', 1), ('O', 1), ('Th', 1), ('D4h', 3), ('D3d', 4)]
    """
    if not isinstance(group, PointGroup):
        raise TypeError(f"a lattice of subgroups is that of a point group, as point_group('Oh'), not of {group!r}")
    return _lattice(group)


@lru_cache(maxsize=128)
def _lattice(group: PointGroup) -> SubgroupLattice:
    found = [_placed(group, members) for members in subgroup_classes(group.product)]
    found.sort(key=lambda entry: (-len(entry[0][0]), -entry[1].subgroup.number, _places(group, entry[0][0])))
    several = Counter(inside.subgroup.name for _, inside in found)
    names = [_name(group, inside, several[inside.subgroup.name] > 1) for _, inside in found]
    assert len(set(names)) == len(names), "names tell classes apart"
    maximal = maximal_subgroups([members for members, _ in found])
    return SubgroupLattice(
        group,
        {
            name: SubgroupClass(name, tuple(members), inside, {names[c]: n for c, n in below.items()})
            for name, (members, inside), below in zip(names, found, maximal, strict=True)
        },
    )


def _placed(group: PointGroup, members: list[Subgroup]) -> tuple[list[Subgroup], Embedding]:
    """Conjugate subgroups, that with the first frame in front, and its embedding."""
    placed = [(standard_group(group, member), member) for member in members]
    (subgroup, frame), first = min(placed, key=lambda entry: (entry[0][1], entry[1]))
    return [first, *(m for m in members if m != first)], framed(group, subgroup, frame)


def _places(group: PointGroup, members: Subgroup) -> list[int]:
    """Classes of G's table in which the elements lie."""
    inside = set(members)
    return [k for k, c in enumerate(group.classes) for g in c.indices if g in inside]


def _name(group: PointGroup, inside: Embedding, full: bool) -> str:
    if not full:
        return inside.subgroup.name
    parts = []
    members = set(inside.elements.tolist())
    for c in group.classes:
        count = len(members.intersection(c.indices))
        if count and c.indices[0]:
            parts.append(f"{count if count > 1 else ''}{c.label.lstrip('0123456789')}")
    return f"{inside.subgroup.name} ({', '.join(parts)})"


def _plain(name: str) -> str:
    """Primes as the tables write them: C2' and C2''."""
    return name.replace("″", "''").replace("′", "'").replace('"', "''")


def embedding(group: PointGroup, subgroup: str) -> Embedding:
    """The embedding of a class of subgroups, by the name that :func:`subgroup_lattice` gives it or the group's own.

    Raises:
        UnknownSubgroupError: no subgroup of this name, or several; the message lists them.

    >>> from pointgroups import point_group
    >>> embedding(point_group("D4h"), "C2v (C2', σh, σv)").frame.round(12) + 0.0
    array([[ 1.,  0.,  0.],
           [ 0.,  0., -1.],
           [ 0.,  1.,  0.]])
    """
    return subgroup_lattice(group)[subgroup].embedding
