"""The canonical order and the names of the elements and classes of a group that was closed from generators.

It depends on the elements alone, never on the generators or their order. Groups of 3×3 matrices are put in the order
of the 32 groups: identity, proper before improper, classes as in Altmann and Herzig's tables. Other groups: classes by
the order of their elements, by size, then by their least member; elements by class, then the least first. Permutations
are compared as lists of images, matrices by their entries in row-major order, larger entries first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only
from pointgroups.groups import ConjugacyClass, conjugacy_classes, element_orders

from .closure import Closure
from .geometry import FloatElement, class_names, describe, standard_frame

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_DIGITS = 6  # by which matrices are compared


@dataclass(frozen=True, eq=False)
class OrderedGroup:
    """A closed group in canonical order.

    Attributes:
        matrices, permutations, product: as in :class:`Closure`.
        elements: names.
        classes: conjugacy classes.
        frame: (3, 3) proper rotation to the axes of the names, of 3×3 matrices; else None.
        standard: the elements described in these axes, of 3×3 matrices; else None.
    """

    matrices: FloatArray
    permutations: IntArray | None
    product: IntArray
    elements: tuple[str, ...]
    classes: tuple[ConjugacyClass, ...]
    frame: FloatArray | None
    standard: tuple[FloatElement, ...] | None

    @cached_property
    def class_of(self) -> IntArray:
        """The class of every element, (|G|,)."""
        found = np.empty(len(self.product), dtype=np.int64)
        for c, members in enumerate(self.classes):
            found[list(members.indices)] = c
        return found


def in_canonical_order(group: Closure) -> OrderedGroup:
    """Sort elements and classes and name them."""
    if group.permutations is None and group.matrices.shape[-1] == 3:
        return _geometric(group)
    return _abstract(group)


def _geometric(group: Closure) -> OrderedGroup:
    elements = describe(group.matrices, group.product)
    frame = standard_frame(elements)
    turned = not np.array_equal(frame, np.eye(3))
    standard = describe(frame @ group.matrices @ frame.T, group.product) if turned else elements
    names = class_names(standard)
    classes = sorted(conjugacy_classes(group.product), key=names.sort_key)
    place = {g: n for n, members in enumerate(classes) for g in members}

    def element_key(g: int) -> tuple[object, ...]:
        e = elements[g]
        return (e.det < 0, place[g], e.turn, *(-x for x in e.direction))

    permutation = sorted(range(len(elements)), key=element_key)
    labels = [names.label(members) for members in classes]
    texts = [elements[g].name for g in permutation]
    described = tuple(standard[g] for g in permutation)
    return _sorted(group, permutation, classes, labels, texts, frame, described)


def _abstract(group: Closure) -> OrderedGroup:
    orders = element_orders(group.product)
    keys: list[tuple[Any, ...]]
    if group.permutations is not None:
        keys = [tuple(images) for images in group.permutations.tolist()]
        texts = [cycles(key) for key in keys]
    else:
        keys = [tuple(row) for row in (-group.matrices.reshape(len(orders), -1).round(_DIGITS)).tolist()]
        texts = []

    def class_key(members: Sequence[int]) -> tuple[Any, ...]:
        return (int(orders[members[0]]), len(members), min(keys[g] for g in members))

    classes = sorted(conjugacy_classes(group.product), key=class_key)
    permutation = [g for members in classes for g in sorted(members, key=keys.__getitem__)]
    labels = class_labels([int(orders[members[0]]) for members in classes], [len(members) for members in classes])
    names = [texts[g] for g in permutation] if texts else [f"g{i}" for i in range(len(orders))]
    return _sorted(group, permutation, classes, labels, names, None, None)


def _sorted(
    group: Closure,
    permutation: list[int],
    classes: list[tuple[int, ...]],
    labels: list[str],
    names: list[str],
    frame: FloatArray | None,
    standard: tuple[FloatElement, ...] | None,
) -> OrderedGroup:
    new = np.empty(len(permutation), dtype=np.int64)
    new[permutation] = np.arange(len(permutation))
    images = None if group.permutations is None else read_only(group.permutations[permutation])
    return OrderedGroup(
        read_only(group.matrices[permutation]),
        images,
        read_only(new[group.product[np.ix_(permutation, permutation)]]),
        tuple(names),
        tuple(
            ConjugacyClass(label, tuple(sorted(new[list(members)].tolist())))
            for label, members in zip(labels, classes, strict=True)
        ),
        None if frame is None else read_only(frame),
        standard,
    )


def cycles(images: Sequence[int]) -> str:
    """A permutation in cycles, "(0 1 2)(3 4)"; "()" for the identity."""
    text, seen = "", set()
    for start in range(len(images)):
        cycle = []
        point = start
        while point not in seen:
            seen.add(point)
            cycle.append(point)
            point = images[point]
        if len(cycle) > 1:
            text += f"({' '.join(map(str, cycle))})"
    return text or "()"


def class_labels(orders: Sequence[int], sizes: Sequence[int]) -> list[str]:
    """ "E", "24C5", "10C2a", "15C2b": size, order of the elements, a letter where several classes share it."""
    shared = Counter(orders)
    seen: Counter[int] = Counter()
    labels = []
    for order, size in zip(orders, sizes, strict=True):
        letter = _letters(seen[order]) if shared[order] > 1 else ""
        seen[order] += 1
        labels.append("E" if order == 1 else f"{size if size > 1 else ''}C{order}{letter}")
    return labels


def _letters(n: int) -> str:
    """a, b, …, z, aa, ab, … for 0, 1, …"""
    text = ""
    while n >= 0:
        text = chr(ord("a") + n % 26) + text
        n = n // 26 - 1
    return text
