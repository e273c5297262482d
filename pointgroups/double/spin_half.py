"""Spin ½: the SU(2) matrix of every element of a point group, and how these matrices multiply.

A rotation by φ about the unit vector n is lifted to

    U = cos(φ/2) 1 − i sin(φ/2) n·σ ,    −π < φ ≤ π ,

so tr U ≥ 0, and an improper element carries the matrix of its proper part. U is fixed but for the sign where φ = π.
There n points into the positive half-space of ``pointgroups.elements.Element``. An exception are classes in which
U and −U are not conjugate (the two-fold axes across the main axis of D3, C3v and D3d): there the first element decides,
and the others follow by conjugation. So all matrices of one class of the group lie in one class of the double group.

Matrices multiply up to a sign, U_i U_j = s_ij U_ij. Element i of the double group is U_i, element |G| + i is −U_i.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pointgroups.elements import Element
from pointgroups.exact import ExactArray, concatenate, inverse_sqrt, stack

_HALF_ANGLE = {  # order of the rotation: cos and sin of half its angle
    1: ("1", "0"),
    2: ("0", "1"),
    3: ("1/2", "sqrt(3)/2"),
    4: ("sqrt(2)/2", "sqrt(2)/2"),
    6: ("sqrt(3)/2", "1/2"),
}
_ONE = ExactArray.parse(["1", "0", "0", "1"], (2, 2))
_PAULI = ExactArray.parse(["0", "1", "1", "0", "0", "-I", "I", "0", "1", "0", "0", "-1"], (3, 2, 2))
_OVERLINE = "\N{COMBINING MACRON}"
Signs = NDArray[np.int64]


def su2_lift(elements: Sequence[Element], product: NDArray[np.int64]) -> ExactArray:
    """The matrices U of all elements, exact, (|G|, 2, 2); see the module."""
    matrices = stack([_rotation_matrix(e) for e in elements])
    signs = [1] * len(elements)
    for g, e in enumerate(elements):
        if e.order == 2 and signs[g] == 1:
            _align_class(g, matrices, product, signs)
    return matrices * ExactArray.integers(signs).reshape(-1, 1, 1)


def _rotation_matrix(e: Element) -> ExactArray:
    half = ExactArray.parse(_HALF_ANGLE[e.order])
    if e.axis is None:
        return _ONE
    squared = (e.axis * e.axis).sum(0).rational()
    along = e.axis * inverse_sqrt(squared)
    spin = (_PAULI * along.reshape(3, 1, 1)).sum(0)
    sense = 1 if e.turn <= Fraction(1, 2) else -1
    return _ONE * half[0] - spin * half[1] * ExactArray.parse(["I"]).reshape() * sense


def _align_class(g: int, matrices: ExactArray, product: NDArray[np.int64], signs: list[int]) -> None:
    """Give the later elements of g's class the sign of h U_g h⁻¹, unless U_g is conjugate to −U_g."""
    inverse = np.argmax(product == 0, axis=1)
    targets = product[product[:, g], inverse]  # h g h⁻¹
    conjugates = matrices @ matrices[g].reshape(1, 2, 2) @ matrices.conj().mT  # U_h is unitary
    relative = _relative_signs(conjugates, matrices[targets])
    if (relative[targets == g] < 0).any():
        return
    for target, sign in zip(targets.tolist(), relative.tolist(), strict=True):
        if target > g:
            signs[target] = sign


def _relative_signs(found: ExactArray, expected: ExactArray) -> Signs:
    """±1 where found = ±expected, matrix by matrix (…, 2, 2)."""
    same = ~(found - expected).nonzero().any(axis=(-2, -1))
    opposite = ~(found + expected).nonzero().any(axis=(-2, -1))
    assert (same ^ opposite).all(), "matrices of one rotation agree up to their sign"
    return np.where(same, 1, -1)


def section_signs(su2: ExactArray, product: NDArray[np.int64]) -> Signs:
    """s (|G|, |G|) with U_i U_j = s_ij U_k, k = product[i, j]."""
    order = len(su2)
    return _relative_signs(su2.reshape(order, 1, 2, 2) @ su2.reshape(1, order, 2, 2), su2[product])


def double_product(product: NDArray[np.int64], signs: Signs) -> NDArray[np.int64]:
    """Product table (2|G|, 2|G|) of the double group from that of the group and the signs s_ij.

    >>> double_product(np.array([[0, 1], [1, 0]]), np.array([[1, 1], [1, -1]])).tolist()  # C2: U² = −1
    [[0, 1, 2, 3], [1, 2, 3, 0], [2, 3, 0, 1], [3, 0, 1, 2]]
    """
    order = len(product)
    quarter = product + order * (signs < 0)
    barred = (quarter + order) % (2 * order)
    return np.block([[quarter, barred], [barred, quarter]])


def both_signs(matrices: ExactArray, spinor: bool) -> ExactArray:
    """From matrices on the elements 0 … |G|−1 to all 2|G|: the 2π rotation is −1 on spinors and 1 otherwise."""
    return concatenate([matrices, -matrices if spinor else matrices])


def barred(name: str) -> str:
    """The name of an element or class times the 2π rotation: a bar over its letter.

    >>> barred("8C3"), barred("E")
    ('8C̄3', 'Ē')
    """
    place = next(k for k, letter in enumerate(name) if letter.isalpha())
    return unicodedata.normalize("NFC", name[: place + 1] + _OVERLINE + name[place + 1 :])
