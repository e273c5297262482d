"""From generators to a group of exact matrices: closure, product table, elements and classes in canonical order.

A point group is kept as exact Cartesian matrices (|G|, 3, 3), identity first, proper rotations before improper ones,
then by conjugacy class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .classes import ClassNames
from .elements import Element, describe
from .exact import ExactArray, concatenate, read_only
from .groups import ConjugacyClass, conjugacy_classes


def closure(generators: ExactArray, limit: int = 192) -> ExactArray:
    """All products of the generators, exact matrices (|G|, n, n), identity first.

    Raises:
        ValueError: more than ``limit`` elements arise, so the generators do not close to a group of that order.
    """
    dim = generators.shape[-1]
    elements = ExactArray.integers(np.eye(dim, dtype=np.int64)[None])
    known = set(elements.hash_keys())
    frontier = elements
    while len(frontier):
        products = (frontier.reshape(len(frontier), 1, dim, dim) @ generators).reshape(-1, dim, dim)
        fresh: list[int] = []
        for index, key in enumerate(products.hash_keys()):
            if key not in known:
                known.add(key)
                fresh.append(index)
        frontier = products[fresh]
        elements = concatenate([elements, frontier])
        if len(elements) > limit:
            raise ValueError(f"the generators do not close: more than {limit} elements arise")
    return elements


def product_table(elements: ExactArray) -> NDArray[np.int64]:
    """product[i, j] = index of elements[i] @ elements[j]; exact. Shape (|G|, |G|).

    elements[0] is the identity. Only right multiplication by generators is multiplied out: i (y s) = (i y) s.
    """
    index = {key: i for i, key in enumerate(elements.hash_keys())}
    columns = {0: np.arange(len(elements))}  # g ↦ i g
    generators: list[int] = []
    for g in range(len(elements)):
        if g in columns:
            continue
        columns[g] = np.array([index[key] for key in (elements @ elements[g]).hash_keys()], dtype=np.int64)
        generators.append(g)
        reached = list(columns)
        for y in reached:  # grows while it is read
            for s in generators:
                x = int(columns[s][y])
                if x not in columns:
                    columns[x] = columns[s][columns[y]]
                    reached.append(x)
    return np.stack([columns[g] for g in range(len(elements))], axis=1)


@dataclass(frozen=True)
class ExactGroup:
    """Exact matrices in canonical order with their product table, classes and geometric elements."""

    matrices: ExactArray
    elements: tuple[Element, ...]
    product: NDArray[np.int64]
    classes: tuple[ConjugacyClass, ...]
    axes: dict[str, tuple[str, ...]]

    @property
    def order(self) -> int:
        return len(self.elements)


def generate_group(generators: ExactArray) -> ExactGroup:
    """Close the generators and put elements and classes in canonical order.

    Classes come in the order of Altmann & Herzig's tables; elements with the identity first, proper before improper,
    then by class, then by sense and axis.
    """
    matrices = closure(generators)
    elements = describe(matrices)
    names = ClassNames(elements)
    classes = sorted(conjugacy_classes(product_table(matrices)), key=names.sort_key)
    place = {g: n for n, members in enumerate(classes) for g in members}

    def element_key(g: int) -> tuple[object, ...]:
        e = elements[g]
        return (e.det < 0, place[g], e.turn, *(-x for x in e.direction))

    permutation = sorted(range(len(elements)), key=element_key)
    new_index = {old: new for new, old in enumerate(permutation)}
    matrices = matrices[permutation]
    relabelled = [sorted(new_index[g] for g in members) for members in classes]
    labels = [names.label(members) for members in classes]
    ordered = tuple(elements[g] for g in permutation)
    return ExactGroup(
        matrices,
        ordered,
        read_only(product_table(matrices)),
        tuple(ConjugacyClass(label, tuple(m)) for label, m in zip(labels, relabelled, strict=True)),
        _named_axes(labels, relabelled, ordered),
    )


def _named_axes(
    labels: Sequence[str], classes: Sequence[Sequence[int]], elements: Sequence[Element]
) -> dict[str, tuple[str, ...]]:
    """Which axes C2′, C2″ lie along and which directions the mirrors are normal to, as printed under a table."""
    axes: dict[str, tuple[str, ...]] = {}
    for label, members in zip(labels, classes, strict=True):
        symbol = label.lstrip("0123456789")
        if symbol.startswith(("C2", "σ")):
            axes[symbol] = tuple(elements[g].axis_text for g in members)
    return axes
