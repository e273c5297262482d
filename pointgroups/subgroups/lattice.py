"""The lattice of subgroups of a group, up to conjugacy, with one named embedding each.

A class of conjugate subgroups is named by its group, "C3v"; where several classes of a group occur, by the elements of
G that it holds, too: "C2v (C2', σh, σv)" and "C2v (C2, 2σd)" in D4h. Of the subgroups of a class the one that needs the
least turn into standard axes stands for it, so a tetragonal subgroup of a cubic group has its axis along z.

Those of the 32 groups are read from the tables; a group made from generators is searched.

Source: International Tables for Crystallography A, 6th ed. (2016), ch. 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np

from pointgroups.exact import ExactArray
from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import UnknownGroupError, setting_of
from pointgroups.tables import load_subgroups

from .embeddings import Embedding
from .enumeration import Subgroup, conjugates, mask
from .frames import automorphisms
from .inclusion import Inclusion

if TYPE_CHECKING:
    from pointgroups.double.group import DoubleGroup
    from pointgroups.finite.group import FiniteGroup

    from .finite_embeddings import FiniteEmbedding

AnyEmbedding = TypeVar("AnyEmbedding", bound=Inclusion)


class UnknownSubgroupError(KeyError, ValueError):
    """A group has no class of subgroups of this name, or several."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class SubgroupClass(Generic[AnyEmbedding]):
    """A class of conjugate subgroups {g K g⁻¹} of a group G.

    Attributes:
        parent: G.
        name: "C3v", or with the elements it holds, "C2v (C2, 2σd)", where G has several classes of this group.
        kind: the name of the group, "C2v"; of permutations and of other matrices, "order 4".
        first: the subgroup K that stands for the class, as ascending indices of elements of G.
        maximal: names of the classes that have maximal subgroups of the first one → how many each.

    >>> from pointgroups import point_group
    >>> found = subgroup_lattice(point_group("Td"))["D2d"]
    >>> found.order, found.index, len(found.members), found.is_normal, found.maximal
    (8, 3, 3, False, {'S4': 1, 'C2v': 1, 'D2': 1})
    """

    parent: Any
    name: str
    kind: str
    first: Subgroup
    maximal: Mapping[str, int]
    _embedded: Callable[[], AnyEmbedding]

    @cached_property
    def embedding(self) -> AnyEmbedding:
        """How the first subgroup becomes a group in standard axes."""
        return self._embedded()

    @cached_property
    def members(self) -> tuple[Subgroup, ...]:
        """The conjugate subgroups, each as ascending indices of elements of G; ``first`` stands first."""
        return tuple(conjugates(self.parent.product, self.first))

    @property
    def group(self) -> Any:
        """The subgroup as a group of its own, one of the 32 groups where it is one."""
        return self.embedding.subgroup

    @property
    def order(self) -> int:
        """|K|."""
        return len(self.first)

    @property
    def index(self) -> int:
        """|G|/|K|."""
        order: int = self.parent.order
        return order // self.order

    @property
    def is_normal(self) -> bool:
        """Whether the subgroup has no other conjugates."""
        return len(self.members) == 1

    def __repr__(self) -> str:
        return f"<{self.name} in {self.parent.name}, index {self.index}, {len(self.members)} conjugate>"


class SubgroupLattice(Mapping[str, SubgroupClass[AnyEmbedding]]):
    """Read-only mapping name → :class:`SubgroupClass`, by falling order; made by :func:`subgroup_lattice`.

    A group's own name finds its class where there is only one; several are listed by :meth:`of_group`.

    >>> from pointgroups import point_group
    >>> lattice = subgroup_lattice(point_group("C4v"))
    >>> list(lattice)
    ['C4v', 'C4', 'C2v (C2, 2σv)', 'C2v (C2, 2σd)', 'Cs (σv)', 'Cs (σd)', 'C2', 'C1']
    >>> lattice.edges[:3]
    (('C4v', 'C4'), ('C4v', 'C2v (C2, 2σv)'), ('C4v', 'C2v (C2, 2σd)'))
    """

    def __init__(self, group: PointGroup | FiniteGroup, classes: Mapping[str, SubgroupClass[AnyEmbedding]]) -> None:
        self.group = group
        self._classes = dict(classes)

    def __getitem__(self, name: str) -> SubgroupClass[AnyEmbedding]:
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

    def of_group(self, name: str | int) -> tuple[SubgroupClass[AnyEmbedding], ...]:
        """The classes of one group, given by any name of it; :class:`UnknownSubgroupError` without any.

        >>> from pointgroups import point_group
        >>> [c.name for c in subgroup_lattice(point_group("O")).of_group("D2")]
        ['D2 (3C2)', "D2 (C2, 2C2')"]
        """
        wanted = _kind(name)
        found = tuple(c for c in self.values() if c.kind == wanted)
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

        Raises:
            ValueError: a group of permutations or of matrices other than 3×3.

        >>> from pointgroups import point_group
        >>> subgroup_lattice(point_group("C4v")).up_to_normalizer
        (('C4v',), ('C4',), ('C2v (C2, 2σv)', 'C2v (C2, 2σd)'), ('Cs (σv)', 'Cs (σd)'), ('C2',), ('C1',))
        """
        home = {mask(m): name for name, c in self.items() for m in c.members}
        turned = _turned_elements(self.group)
        found: dict[str, tuple[str, ...]] = {}
        for c in self.values():
            images = {home[mask(row)] for row in turned[:, list(c.first)].tolist()}
            together = tuple(other for other in self if other in images)
            found.setdefault(together[0], together)
        return tuple(found.values())

    def contained(self, upper: str, lower: str) -> int:
        """How many subgroups of the class ``lower`` one subgroup of the class ``upper`` has.

        >>> from pointgroups import point_group
        >>> subgroup_lattice(point_group("Oh")).contained("O", "C3")
        4
        """
        whole = mask(self[upper].first)
        return sum(m & whole == m for m in map(mask, self[lower].members))

    def __repr__(self) -> str:
        return f"<subgroups of {self.group.name}: {', '.join(self)}>"


@overload
def subgroup_lattice(group: PointGroup) -> SubgroupLattice[Embedding]: ...
@overload
def subgroup_lattice(group: FiniteGroup) -> SubgroupLattice[FiniteEmbedding]: ...
def subgroup_lattice(group: PointGroup | FiniteGroup) -> SubgroupLattice[Any]:
    """All subgroups of a group in classes of conjugate ones, with names, embeddings and maximal subgroups.

    Raises:
        TypeError: neither a point group nor a group made from generators.

    >>> from pointgroups import point_group
    >>> lattice = subgroup_lattice(point_group("Oh"))
    >>> lattice.number_of_subgroups, len(lattice), sum(c.is_normal for c in lattice.values())
    (98, 33, 9)
    >>> list(lattice["Oh"].maximal.items())
    [('Td', 1), ('O', 1), ('Th', 1), ('D4h', 3), ('D3d', 4)]
    """
    if isinstance(group, PointGroup):
        return _stored_lattice(group)
    from pointgroups.finite.group import FiniteGroup

    if not isinstance(group, FiniteGroup):
        raise TypeError(f"a lattice of subgroups is that of a group, as point_group('Oh'), not of {group!r}")
    return _searched_lattice(group)


@lru_cache(maxsize=128)
def _stored_lattice(group: PointGroup) -> SubgroupLattice[Embedding]:
    classes = {}
    for entry in load_subgroups(setting_of(group.name)):
        first = tuple(sorted(map(int, entry["elements"].split())))
        made = partial(_stored_embedding, group, entry)
        classes[entry["name"]] = SubgroupClass(
            group, entry["name"], entry["group"], first, dict(entry["maximal"]), made
        )
    return SubgroupLattice(group, classes)


def _stored_embedding(group: PointGroup, entry: Mapping[str, Any]) -> Embedding:
    elements = [int(g) for g in entry["elements"].split()]
    return Embedding(group, point_group(entry["group"]), elements, ExactArray.parse(entry["frame"].split(), (3, 3)))


@lru_cache(maxsize=32)
def _searched_lattice(group: FiniteGroup) -> SubgroupLattice[FiniteEmbedding]:
    from .finite_embeddings import finite_embedding, searched_classes

    return SubgroupLattice(
        group,
        {
            name: SubgroupClass(group, name, kind, first, maximal, partial(finite_embedding, group, first))
            for name, kind, first, maximal in searched_classes(group)
        },
    )


def _turned_elements(group: PointGroup | FiniteGroup) -> np.ndarray[Any, np.dtype[np.int64]]:
    """(n, |G|) the permutations g ↦ n g n⁻¹ by rotations that normalise G."""
    if isinstance(group, PointGroup):
        return automorphisms(group)[1]
    from .finite_embeddings import finite_automorphisms

    return finite_automorphisms(group)


def _kind(name: str | int) -> str:
    """The Schoenflies symbol that a name of a group stands for: "D2d" of "-42m"; else the name."""
    try:
        return setting_of(name).schoenflies
    except UnknownGroupError:
        return str(name).replace("_", "")


def _plain(name: str) -> str:
    """Primes as the tables write them: C2' and C2''."""
    return name.replace("″", "''").replace("′", "'").replace('"', "''")


@overload
def embedding(group: PointGroup, subgroup: str) -> Embedding: ...
@overload
def embedding(group: DoubleGroup, subgroup: str) -> Inclusion: ...
@overload
def embedding(group: FiniteGroup, subgroup: str) -> FiniteEmbedding: ...
def embedding(group: PointGroup | DoubleGroup | FiniteGroup, subgroup: str) -> Any:
    """The embedding of a class of subgroups, by the name that :func:`subgroup_lattice` gives it or the group's own.

    Of a double group it is that of the double group of the subgroup.

    Raises:
        UnknownSubgroupError: no subgroup of this name, or several; the message lists them.

    >>> from pointgroups import point_group
    >>> embedding(point_group("D4h"), "C2v (C2', σh, σv)").frame.round(12) + 0.0
    array([[ 1.,  0.,  0.],
           [ 0.,  0., -1.],
           [ 0.,  1.,  0.]])
    """
    if isinstance(group, PointGroup):
        return _stored_lattice(group)[subgroup].embedding
    from pointgroups.double.group import DoubleGroup

    if isinstance(group, DoubleGroup):
        return _stored_lattice(group.point_group)[subgroup].embedding.double
    return subgroup_lattice(group)[subgroup].embedding
