"""Finite groups as product tables: inverses, orders of elements, conjugacy classes; element 0 is the identity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def product_table_of_rotations(rotations: NDArray[np.float64]) -> NDArray[np.int64]:
    """product[i, j] = index of R_i R_j, for the rotations (|G|, 3, 3) of a point group in the axes of a setting.

    For two fixed vectors u and v the number u·(R v) tells the elements of a group apart, by 0.017 or more, so that
    u·(R_i (R_j v)) tells which element R_i R_j is. They are looked up in cells of the width 0.005, whose bounds lie
    0.0001 from these numbers at the least, so that rounding moves none to another cell.
    """
    images = rotations @ _V
    numbers = images @ _U
    element_in = np.zeros(801, dtype=np.int64)
    element_in[_cells(numbers)] = np.arange(len(numbers))
    products = (_U @ rotations) @ images.T
    found = element_in[_cells(products)]
    assert np.abs(numbers[found] - products).max() < _SAME_NUMBER, "products are elements"
    return found


_U, _V = np.array([0.79, 0.94, -0.48]), np.array([0.77, -0.9, 0.62])  # |u||v| < 2
_SAME_NUMBER = 1e-4


def _cells(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which of 801 cells from −2 to 2 a number lies in; 0.4575 is a number of Oh, which +2.0 would put on a bound."""
    return np.asarray(np.rint((numbers + 1.9998) * 200), dtype=np.int64)


def inverse_table(product: NDArray[np.int64]) -> NDArray[np.int64]:
    """inverse[i] = index of the inverse of element i. Shape (|G|,)."""
    return np.asarray(np.argmax(product == 0, axis=1), dtype=np.int64)


def conjugacy_classes(product: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Classes {h g h⁻¹} as ascending index tuples, in the order of their first elements."""
    inverse = inverse_table(product)
    conjugates = product[product, inverse[:, None]]  # conjugates[h, g] = h g h⁻¹
    found: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for g in range(len(product)):
        if g not in seen:
            members = tuple(sorted(set(conjugates[:, g].tolist())))
            seen.update(members)
            found.append(members)
    return found


@dataclass(frozen=True)
class ConjugacyClass:
    """A conjugacy class: its label as printed over a character table, and its element indices.

    >>> ConjugacyClass("2C3", (1, 2)).size
    2
    """

    label: str
    indices: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.indices)


def classes_of_numbers(labels: Iterable[str], class_of: NDArray[np.int64]) -> tuple[ConjugacyClass, ...]:
    """The classes from their labels and the number of the class of every element.

    >>> classes_of_numbers(["E", "2C3"], np.array([0, 1, 1]))[1]
    ConjugacyClass(label='2C3', indices=(1, 2))
    """
    found: list[tuple[str, list[int]]] = [(label, []) for label in labels]
    for g, k in enumerate(class_of.tolist()):
        found[k][1].append(g)
    return tuple(ConjugacyClass(label, tuple(members)) for label, members in found)


def class_of_elements(classes: Sequence[ConjugacyClass]) -> NDArray[np.int64]:
    """The number of the class of every element, (|G|,).

    >>> class_of_elements([ConjugacyClass("E", (0,)), ConjugacyClass("2C3", (1, 2))])
    array([0, 1, 1])
    """
    found = np.empty(sum(members.size for members in classes), dtype=np.int64)
    for k, members in enumerate(classes):
        found[list(members.indices)] = k
    return found


def element_orders(product: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order of every element, (|G|,); element 0 is the identity.

    >>> element_orders(np.array([[0, 1], [1, 0]])).tolist()
    [1, 2]
    """
    elements = np.arange(len(product))
    orders = np.ones(len(product), dtype=np.int64)
    power = elements.copy()
    while power.any():
        orders += power != 0
        power = np.where(power != 0, product[power, elements], 0)
    return orders
