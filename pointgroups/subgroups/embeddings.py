"""An embedding of a standard point group H in a point group G: H ≅ K ⊂ G by a proper rotation F.

    F R_{e(h)} Fᵀ = h      for every h of H,    e: H → G the map of elements

F turns the axes of G into the standard axes of H, so that irreps of K are those of H with their labels. It is given up
to rotations that normalise H; two choices may exchange labels, such as B1 and B2 of C2v. Left cosets t_k K and the
normaliser follow from the product table.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import ExactArray, read_only
from pointgroups.immutable import Immutable
from pointgroups.point_group import PointGroup

from .frames import automorphisms, frames, pulled_back, standard_group

IntArray = NDArray[np.int64]


class Embedding(Immutable):
    """A subgroup K of G as one of the 32 groups, H, in its standard axes. Immutable.

    Attributes:
        group: G.
        subgroup: H, in its default setting.
        elements: (|H|,) e(h), the index in G of every element of H, in the order of ``H.rotations``.
        exact_frame: F as an exact array (3, 3), from the axes of G's setting to those of H.

    >>> from pointgroups import point_group
    >>> from pointgroups.subgroups.lattice import embedding
    >>> inside = embedding(point_group("Oh"), "C3v")
    >>> inside.subgroup, inside.index, inside.elements.tolist()
    (<PointGroup C3v (3m), order 6>, 8, [0, 10, 14, 47, 45, 46])
    """

    group: PointGroup
    subgroup: PointGroup
    elements: IntArray
    exact_frame: ExactArray

    def __init__(self, group: PointGroup, subgroup: PointGroup, elements: ArrayLike, exact_frame: ExactArray) -> None:
        indices = read_only(np.array(elements, dtype=np.int64))
        self.__dict__.update(group=group, subgroup=subgroup, elements=indices, exact_frame=exact_frame)

    @cached_property
    def frame(self) -> NDArray[np.float64]:
        """F in floating point, from the axes of ``group.rotations`` to those of H; (3, 3), read-only."""
        exact = self.exact_frame.numeric()
        return read_only(exact @ self.group.frame.T) if self.group.is_rotated else exact

    @property
    def index(self) -> int:
        """|G|/|H|."""
        return self.group.order // self.subgroup.order

    @cached_property
    def places(self) -> IntArray:
        """(|G|,) e⁻¹: the index in H of every element of G, −1 outside K."""
        found = np.full(self.group.order, -1, dtype=np.int64)
        found[self.elements] = np.arange(self.subgroup.order)
        return read_only(found)

    @cached_property
    def cosets(self) -> IntArray:
        """(|G|/|H|, |H|) left cosets: row k holds t_k e(h) in the order of H, t_k its least element, t_0 the identity.

        >>> from pointgroups import point_group
        >>> from pointgroups.subgroups.lattice import embedding
        >>> embedding(point_group("C2h"), "C2").cosets.tolist()
        [[0, 1], [2, 3]]
        """
        product = self.group.product
        firsts: list[int] = []
        seen: set[int] = set()
        for g in range(self.group.order):
            if g not in seen:
                firsts.append(g)
                seen.update(product[g, self.elements].tolist())
        return read_only(product[firsts][:, self.elements])

    @property
    def representatives(self) -> IntArray:
        """(|G|/|H|,) the least element t_k of every left coset."""
        return self.cosets[:, 0]

    @cached_property
    def normalizer(self) -> IntArray:
        """Elements n of G with n K n⁻¹ = K, ascending."""
        product, inverse = self.group.product, self.group.inverse
        turned = product[product[:, self.elements], inverse[:, None]]
        return read_only(np.flatnonzero((np.sort(turned, axis=1) == np.sort(self.elements)).all(axis=1)))

    @property
    def is_normal(self) -> bool:
        """Whether g K g⁻¹ = K for every g of G."""
        return len(self.normalizer) == self.group.order

    @property
    def conjugates(self) -> int:
        """How many subgroups g K g⁻¹ there are, |G|/|N_G(K)|."""
        return self.group.order // len(self.normalizer)

    def then(self, inner: Embedding) -> Embedding:
        """L ⊂ H ⊂ G as an embedding of L in G: frame F_inner F, elements e(e_inner(l)).

        Raises:
            ValueError: ``inner`` does not embed in this subgroup.

        >>> from pointgroups import point_group
        >>> from pointgroups.subgroups.lattice import embedding
        >>> tetrahedral = embedding(point_group("Oh"), "Td")
        >>> tetrahedral.then(embedding(tetrahedral.subgroup, "C3v"))
        <Embedding of C3v in Oh, index 8>
        """
        if inner.group is not self.subgroup:
            raise ValueError(f"{inner!r} cannot follow {self!r}: it must embed a group in {self.subgroup!r}")
        return Embedding(
            self.group, inner.subgroup, self.elements[inner.elements], inner.exact_frame @ self.exact_frame
        )

    def conjugated(self, g: int) -> Embedding:
        """The embedding h ↦ g e(h) g⁻¹ of a conjugate subgroup; its frame is F gᵀ, of an improper g F (−g)ᵀ.

        Raises:
            ValueError: g is not the index of an element of G.
        """
        if not 0 <= g < self.group.order:
            raise ValueError(f"elements of {self.group.name} are numbered 0 to {self.group.order - 1}, not {g}")
        product, inverse = self.group.product, self.group.inverse
        elements = product[product[g, self.elements], inverse[g]]
        turn = self.group.exact_rotations[g] * int(self.group.determinants[g])
        return Embedding(self.group, self.subgroup, elements, self.exact_frame @ turn.mT)

    @cached_property
    def axis_choices(self) -> tuple[Embedding, ...]:
        """The same subgroup in the other standard axes of H that permute its classes, this embedding first.

        Frames n F with the rotations n that normalise H: 2 for C2v, whose B1 and B2 they exchange, 6 for D2.

        >>> from pointgroups import point_group
        >>> from pointgroups.subgroups.lattice import embedding
        >>> [x.elements.tolist() for x in embedding(point_group("D4h"), "C2v (C2, 2σv)").axis_choices]
        [[0, 3, 13, 12], [0, 3, 12, 13]]
        """
        found: dict[tuple[int, ...], Embedding] = {}
        turns, permutations = automorphisms(self.subgroup)
        class_of = {h: k for k, c in enumerate(self.subgroup.classes) for h in c.indices}
        for k, permutation in enumerate(permutations):
            key = tuple(class_of[h] for h in permutation.tolist())
            elements = self.elements[permutation]
            found.setdefault(key, Embedding(self.group, self.subgroup, elements, turns[k] @ self.exact_frame))
        first, *others = found.values()
        assert np.array_equal(first.elements, self.elements), "the first rotation that normalises a group is 1"
        return (self, *others)

    def __repr__(self) -> str:
        return f"<Embedding of {self.subgroup.name} in {self.group.name}, index {self.index}>"


def embedding_of_elements(group: PointGroup, elements: ArrayLike) -> Embedding:
    """The subgroup that these elements of G are, with the frame of the least turn.

    Of the rotations that bring the elements into the standard axes of one of the 32 groups, and take crystallographic
    directions to such, the one by the least angle is chosen; of several the one with the largest entries first.

    Args:
        group: G.
        elements: indices in ``group.rotations`` of a subgroup, in any order.

    Raises:
        ValueError: not indices of G, or not a subgroup of it; the message names a missing product.

    >>> from pointgroups import point_group
    >>> embedding_of_elements(point_group("D4h"), [0, 3])
    <Embedding of C2 in D4h, index 8>
    """
    found = np.unique(_indices(group, elements))
    inside = np.isin(group.product[np.ix_(found, found)], found)
    if not inside.all():
        i, j = found[np.argwhere(~inside)[0]]
        raise ValueError(
            f"the elements {found.tolist()} are no subgroup of {group.name}: the product of {group.elements[i]} and "
            f"{group.elements[j]}, {group.elements[group.product[i, j]]}, is not among them"
        )
    subgroup, frame = standard_group(group, found.tolist())
    return framed(group, subgroup, frame)


def _indices(group: PointGroup, elements: ArrayLike) -> IntArray:
    given = np.asarray(elements)
    if (
        given.ndim != 1
        or not len(given)
        or given.dtype.kind not in "iu"
        or given.min() < 0
        or given.max() >= group.order
    ):
        raise ValueError(f"elements of {group.name} are indices 0 to {group.order - 1}, at least one, not {elements!r}")
    return given.astype(np.int64)


def framed(group: PointGroup, subgroup: PointGroup, frame: int) -> Embedding:
    """The embedding by a frame of the list in :mod:`pointgroups.subgroups.frames`."""
    exact = frames()[frame]
    return Embedding(group, subgroup, pulled_back(subgroup, exact, group), exact)
