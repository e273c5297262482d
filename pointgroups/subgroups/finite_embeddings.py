"""Subgroups of a group made from generators: all of them, and the embedding of one in floating point.

A subgroup K of a group of 3×3 matrices is a point group H in its standard axes, one of the 32 or a molecular one, that
the proper rotation F reaches,

    F M_{e(h)} Fᵀ = R_h      for every h of H,

the one by the least angle. A subgroup of permutations, or of other matrices, is a group of the same; there is no F.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.geometry import FloatElement, describe
from pointgroups.finite.group import FiniteGroup, finite_group
from pointgroups.molecules.operations import schoenflies_symbol

from .class_names import class_names, table_places
from .enumeration import Subgroup, maximal_subgroups, subgroup_classes
from .inclusion import Inclusion
from .turns import corresponding, preferred, turns

if TYPE_CHECKING:
    from pointgroups.point_group import PointGroup

    from .embeddings import Embedding

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SAME = 1e-5


class FiniteEmbedding(Inclusion):
    """A subgroup K of a group made from generators, as a group H of its own. Immutable.

    Attributes:
        group: G.
        subgroup: H: of 3×3 matrices the point group in standard axes, exact where it is one of the 32; else the
            group of the permutations or matrices of K themselves.
        elements: (|H|,) e(h), the index in G of every element of H.
        frame: (3, 3) F, from the axes of G's matrices to those of H; None where there are no axes.

    >>> from pointgroups import embedding, molecular_point_group
    >>> inside = embedding(molecular_point_group("Ih"), "D5d")
    >>> inside, inside.conjugates, inside.subgroup
    (<FiniteEmbedding of D5d in Ih, index 6>, 6, <FiniteGroup D5d, order 20>)
    """

    group: FiniteGroup
    subgroup: PointGroup | FiniteGroup
    frame: NDArray[np.float64] | None
    is_exact = False

    def __init__(
        self, group: FiniteGroup, subgroup: PointGroup | FiniteGroup, elements: ArrayLike, frame: FloatArray | None
    ) -> None:
        super().__init__(group, subgroup, elements)
        self.__dict__["frame"] = None if frame is None else read_only(frame)

    def then(self, inner: Embedding | FiniteEmbedding) -> FiniteEmbedding:
        """L ⊂ H ⊂ G as an embedding of L in G: frame F_inner F, elements e(e_inner(l)).

        Raises:
            ValueError: ``inner`` does not embed in this subgroup.

        >>> from pointgroups import embedding, molecular_point_group
        >>> tetrahedral = embedding(molecular_point_group("Ih"), "Th")
        >>> tetrahedral.then(embedding(tetrahedral.subgroup, "D2h"))
        <FiniteEmbedding of D2h in Ih, index 15>
        """
        elements = self._elements_after(inner)
        frame = None if self.frame is None or inner.frame is None else inner.frame @ self.frame
        return FiniteEmbedding(self.group, inner.subgroup, elements, frame)

    def conjugated(self, g: int) -> FiniteEmbedding:
        """The embedding h ↦ g e(h) g⁻¹ of a conjugate subgroup; its frame is F gᵀ, of an improper g F (−g)ᵀ.

        Raises:
            ValueError: g is not the index of an element of G.
        """
        elements = self._conjugate_elements(g)
        frame = None if self.frame is None else self.frame @ self.group.matrices[g].T * self.group.determinants[g]
        return FiniteEmbedding(self.group, self.subgroup, elements, frame)

    @cached_property
    def axis_choices(self) -> tuple[FiniteEmbedding, ...]:
        """The same subgroup in the other standard axes of H that permute its classes, this embedding first.

        >>> from pointgroups import embedding, molecular_point_group
        >>> len(embedding(molecular_point_group("Ih"), "D2").axis_choices)
        6
        """
        if self.frame is None:
            return (self,)
        found = {tuple(self.subgroup._class_of.tolist()): self}
        for frame, permutation in _normalizing(self.subgroup):
            made = FiniteEmbedding(self.group, self.subgroup, self.elements[permutation], frame @ self.frame)
            found.setdefault(tuple(self.subgroup._class_of[permutation].tolist()), made)
        return tuple(found.values())


def finite_embedding(group: FiniteGroup, members: Subgroup) -> FiniteEmbedding:
    """The embedding of a subgroup given by ascending indices, with the frame of the least turn."""
    inside = np.array(members)
    if group.frame is None:
        content = group.matrices if group.permutations is None else group.permutations
        subgroup = finite_group(content[inside], group.order)
        same = subgroup.matrices if subgroup.permutations is None else subgroup.permutations
        distances = [np.abs(content[inside] - element).reshape(len(inside), -1).max(axis=1) for element in same]
        return FiniteEmbedding(group, subgroup, inside[np.argmin(distances, axis=1)], None)
    standard = molecular_point_group(_symbol(group, members))
    found = turns([_elements(group)[g] for g in members], _elements(standard))
    for frame in found[preferred(found)]:
        order = corresponding(frame, group.matrices[inside], standard.rotations)
        if order is not None:
            return FiniteEmbedding(group, standard, inside[order], frame)
    raise AssertionError("two groups of the same Schoenflies symbol differ by a rotation")


def searched_classes(group: FiniteGroup) -> Iterator[tuple[str, str, Subgroup, Mapping[str, int]]]:
    """Name, kind, first member and maximal subgroups of every class of conjugate subgroups, by falling order."""
    found = [_with_least_turn_first(group, members) for members in subgroup_classes(group.product)]
    kinds = [_symbol(group, first) if group.frame is not None else f"order {len(first)}" for first, *_ in found]
    keys = [
        (-len(first), kind, table_places(first, group.classes), first)
        for kind, (first, *_) in zip(kinds, found, strict=True)
    ]
    order = sorted(range(len(found)), key=keys.__getitem__)
    found, kinds = [found[k] for k in order], [kinds[k] for k in order]
    names = class_names(kinds, [members[0] for members in found], group.classes)
    for name, kind, members, below in zip(names, kinds, found, maximal_subgroups(found), strict=True):
        yield name, kind, members[0], {names[c]: n for c, n in below.items()}


def _with_least_turn_first(group: FiniteGroup, members: list[Subgroup]) -> list[Subgroup]:
    """Conjugate subgroups, that with the preferred rotation into standard axes in front."""
    if group.frame is None or len(members) == 1:
        return members
    elements, standard = _elements(group), molecular_point_group(_symbol(group, members[0]))
    ways = [turns([elements[g] for g in member], _elements(standard)) for member in members]
    frames = np.concatenate(ways)
    owner = [member for member, found in zip(members, ways, strict=True) for _ in found]
    first = next(
        owner[k]
        for k in preferred(frames).tolist()
        if corresponding(frames[k], group.matrices[list(owner[k])], standard.rotations) is not None
    )
    return [first, *(m for m in members if m != first)]


def finite_automorphisms(group: FiniteGroup) -> IntArray:
    """(n, |G|) the permutations g ↦ n g n⁻¹ by rotations that normalise G.

    Raises:
        ValueError: a group of permutations or of matrices other than 3×3.
    """
    if group.frame is None:
        raise ValueError(
            f"{group!r} was not given by 3×3 rotation matrices: rotations that normalise it are not defined"
        )
    return np.array([permutation for _, permutation in _normalizing(group)])


@lru_cache(maxsize=32)
def _normalizing(group: PointGroup | FiniteGroup) -> list[tuple[FloatArray, IntArray]]:
    """Rotations n that normalise G, the identity first, and for every h the index of nᵀ h n."""
    found = turns(_elements(group), _elements(group))
    permutations = ((n, corresponding(n, group.rotations, group.rotations)) for n in found[preferred(found)])
    return [(n, permutation) for n, permutation in permutations if permutation is not None]


@lru_cache(maxsize=32)
def _elements(group: PointGroup | FiniteGroup) -> list[FloatElement]:
    """What the elements are, in the axes of their matrices."""
    return describe(np.asarray(group.rotations), group.product)


def _symbol(group: FiniteGroup, members: Subgroup) -> str:
    inside = np.array(members)
    table = np.searchsorted(inside, group.product[np.ix_(inside, inside)])
    return schoenflies_symbol(group.matrices[inside], table)
