"""An embedding of a standard point group H in a point group G: H ≅ K ⊂ G by a proper rotation F.

    F R_{e(h)} Fᵀ = R_h      for every h of H,    e: H → G the map of elements

F turns the axes of G into the standard axes of H, so that irreps of K are those of H with their labels. It is given up
to rotations that normalise H; two choices may exchange labels, such as B1 and B2 of C2v.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import ExactArray, read_only
from pointgroups.point_group import PointGroup, point_group

from .frames import automorphisms, frames, pulled_back, standard_group
from .inclusion import Inclusion, subgroup_indices

if TYPE_CHECKING:
    from pointgroups.finite.group import FiniteGroup

    from .finite_embeddings import FiniteEmbedding


class Embedding(Inclusion):
    """A subgroup K of G as one of the 32 groups, H, in its standard axes. Immutable.

    Attributes:
        group: G.
        subgroup: H, in its default setting.
        elements: (|H|,) e(h), the index in G of every element of H, in the order of ``H.rotations``.
        exact_frame: F as an exact array (3, 3), from the axes of G's setting to those of H.

    >>> from pointgroups import embedding, point_group
    >>> inside = embedding(point_group("Oh"), "C3v")
    >>> inside.subgroup, inside.index, inside.elements.tolist()
    (<PointGroup C3v (3m), order 6>, 8, [0, 10, 14, 47, 45, 46])
    """

    group: PointGroup
    subgroup: PointGroup
    exact_frame: ExactArray

    def __init__(self, group: PointGroup, subgroup: PointGroup, elements: ArrayLike, exact_frame: ExactArray) -> None:
        super().__init__(group, subgroup, elements)
        self.__dict__["exact_frame"] = exact_frame

    @cached_property
    def frame(self) -> NDArray[np.float64]:
        """F in floating point, from the axes of ``group.rotations`` to those of H; (3, 3), read-only."""
        exact = self.exact_frame.numeric()
        return read_only(exact @ self.group.frame.T) if self.group.is_rotated else exact

    @cached_property
    def double(self) -> Inclusion:
        """The double group of H in the double group of G, for spinor irreps: e(h), or Ē e(h), by the SU(2) lift of F.

        >>> from pointgroups import embedding, point_group
        >>> inside = embedding(point_group("O"), "D3").double
        >>> e, product = inside.elements, inside.group.product
        >>> bool((e[inside.subgroup.product] == product[e[:, None], e]).all())
        True
        """
        from pointgroups.double.lifted_elements import lifted_elements

        large, small = self.group.double, self.subgroup.double
        return Inclusion(large, small, lifted_elements(large, small, self.elements, self.exact_frame))

    def then(self, inner: Embedding) -> Embedding:
        """L ⊂ H ⊂ G as an embedding of L in G: frame F_inner F, elements e(e_inner(l)).

        Raises:
            ValueError: ``inner`` does not embed in this subgroup.

        >>> from pointgroups import embedding, point_group
        >>> tetrahedral = embedding(point_group("Oh"), "Td")
        >>> tetrahedral.then(embedding(tetrahedral.subgroup, "C3v"))
        <Embedding of C3v in Oh, index 8>
        """
        elements = self._elements_after(inner)
        return Embedding(self.group, inner.subgroup, elements, inner.exact_frame @ self.exact_frame)

    def conjugated(self, g: int) -> Embedding:
        """The embedding h ↦ g e(h) g⁻¹ of a conjugate subgroup; its frame is F gᵀ, of an improper g F (−g)ᵀ.

        Raises:
            ValueError: g is not the index of an element of G.
        """
        elements = self._conjugate_elements(g)
        turn = self.group.exact_rotations[g] * int(self.group.determinants[g])
        return Embedding(self.group, self.subgroup, elements, self.exact_frame @ turn.mT)

    @cached_property
    def axis_choices(self) -> tuple[Embedding, ...]:
        """The same subgroup in the other standard axes of H that permute its classes, this embedding first.

        Frames n F with the rotations n that normalise H: 2 for C2v, whose B1 and B2 they exchange, 6 for D2.

        >>> from pointgroups import embedding, point_group
        >>> [x.elements.tolist() for x in embedding(point_group("D4h"), "C2v (C2, 2σv)").axis_choices]
        [[0, 3, 13, 12], [0, 3, 12, 13]]
        """
        found: dict[tuple[int, ...], Embedding] = {}
        turns, permutations = automorphisms(self.subgroup)
        for k, permutation in enumerate(permutations):
            key = tuple(self.subgroup._class_of[permutation].tolist())
            elements = self.elements[permutation]
            found.setdefault(key, Embedding(self.group, self.subgroup, elements, turns[k] @ self.exact_frame))
        first, *others = found.values()
        assert np.array_equal(first.elements, self.elements), "the first rotation that normalises a group is 1"
        return (self, *others)


@overload
def embedding_of_elements(group: PointGroup, elements: ArrayLike) -> Embedding: ...
@overload
def embedding_of_elements(group: FiniteGroup, elements: ArrayLike) -> FiniteEmbedding: ...
def embedding_of_elements(group: PointGroup | FiniteGroup, elements: ArrayLike) -> Embedding | FiniteEmbedding:
    """The subgroup that these elements of G are, with the frame of the least turn.

    Of the rotations that bring the elements into the standard axes of one of the 32 groups, and take crystallographic
    directions to such, the one by the least angle is chosen; of several the one with the largest entries first. In a
    group made from generators directions may be any.

    Args:
        group: G, a point group or one made from generators.
        elements: indices in ``group.rotations`` of a subgroup, in any order.

    Raises:
        ValueError: not indices of G, or not a subgroup of it; the message names a missing product.

    >>> from pointgroups import point_group
    >>> embedding_of_elements(point_group("D4h"), [0, 3])
    <Embedding of C2 in D4h, index 8>
    """
    members = tuple(subgroup_indices(group, elements).tolist())
    if not isinstance(group, PointGroup):
        from .finite_embeddings import finite_embedding

        return finite_embedding(group, members)
    subgroup, frame = standard_group(group, members, point_group)
    exact = frames()[frame]
    return Embedding(group, subgroup, pulled_back(subgroup, exact, group), exact)
