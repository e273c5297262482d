"""A subgroup inside a finite group: an injective homomorphism e: H → G onto a subgroup K = e(H).

Everything that does not ask for axes follows from e and the product table of G: left cosets t_k K, conjugates g K g⁻¹,
the normaliser. G and H may be point groups, their double groups, or groups made from generators.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.immutable import Immutable

if TYPE_CHECKING:
    from pointgroups.double.group import DoubleGroup
    from pointgroups.finite.group import FiniteGroup
    from pointgroups.point_group import PointGroup

    AnyGroup: TypeAlias = PointGroup | DoubleGroup | FiniteGroup

IntArray = NDArray[np.int64]


class Inclusion(Immutable):
    """A homomorphism e: H → G, one-to-one. Immutable, arrays read-only.

    Attributes:
        group: G.
        subgroup: H.
        elements: (|H|,) e(h), the index in G of every element of H.
        is_exact: whether the irreps of both groups are known exactly.

    >>> from pointgroups import embedding, point_group
    >>> inside = embedding(point_group("O"), "D3").double  # of the double groups
    >>> inside.index, inside.conjugates, len(inside.elements)
    (4, 4, 12)
    """

    group: PointGroup | DoubleGroup | FiniteGroup
    subgroup: PointGroup | DoubleGroup | FiniteGroup
    elements: NDArray[np.int64]
    is_exact: bool = True

    def __init__(self, group: AnyGroup, subgroup: AnyGroup, elements: ArrayLike) -> None:
        indices = read_only(np.array(elements, dtype=np.int64))
        self.__dict__.update(group=group, subgroup=subgroup, elements=indices)

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

        >>> from pointgroups import embedding, point_group
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

    def _elements_after(self, inner: Inclusion) -> IntArray:
        """e(e_inner(l)) of L ⊂ H ⊂ G; ValueError where ``inner`` does not embed in this subgroup."""
        if inner.group is not self.subgroup:
            raise ValueError(f"{inner!r} cannot follow {self!r}: it must embed a group in {self.subgroup!r}")
        found: IntArray = self.elements[inner.elements]
        return found

    def _conjugate_elements(self, g: int) -> IntArray:
        """g e(h) g⁻¹; ValueError unless g is the index of an element of G."""
        if not 0 <= g < self.group.order:
            raise ValueError(f"elements of {self.group.name} are numbered 0 to {self.group.order - 1}, not {g}")
        product, inverse = self.group.product, self.group.inverse
        found: IntArray = product[product[g, self.elements], inverse[g]]
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.subgroup.name} in {self.group.name}, index {self.index}>"


def subgroup_indices(group: Any, elements: ArrayLike) -> IntArray:
    """Indices of the elements of a subgroup, checked and ascending.

    Raises:
        ValueError: not indices of G, or not a subgroup of it; the message names a missing product.
    """
    found = np.unique(_indices(group, elements))
    inside = np.isin(group.product[np.ix_(found, found)], found)
    if not inside.all():
        i, j = found[np.argwhere(~inside)[0]]
        raise ValueError(
            f"the elements {found.tolist()} are no subgroup of {group.name}: the product of {group.elements[i]} and "
            f"{group.elements[j]}, {group.elements[group.product[i, j]]}, is not among them"
        )
    return found


def _indices(group: Any, elements: ArrayLike) -> IntArray:
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
