"""The rotations that bring a group of 3×3 matrices into the axes of another one, in floating point.

Two elements of H with different axes (one, where all elements share an axis) fix a rotation F with F K Fᵀ = H, once it
is known to which elements of K they belong. Elements correspond only if they have the same determinant and angle, so
there are finitely many F; about a single axis the shortest turn stands for a continuous family.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pointgroups.finite.geometry import FloatElement
from pointgroups.identification import shortest_turn, triad

from .frames import preferences

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Kind = tuple[int, Fraction]
"""Determinant and angle, up to half a turn, of an element."""

_SAME = 1e-6
_DIGITS = 9
_HALF = Fraction(1, 2)


def turns(elements: Sequence[FloatElement], standard: Sequence[FloatElement]) -> FloatArray:
    """(n, 3, 3) proper rotations F that may bring the elements of K into those of H; all that do are among them.

    Args:
        elements, standard: the elements of K and of H.
    """
    reference = _reference(standard)
    if not reference:
        return np.eye(3)[None]
    (kind, a), *others = reference
    along = _axes_of_kind(kind, elements)
    if not others:
        return np.array([shortest_turn(u, a) for u in along])
    other, b = others[0]
    second = np.array(list(_axes_of_kind(other, elements)))
    pairs = ((u, v) for u in along for v in second[np.abs(second @ u - a @ b) < _SAME])
    target = triad(a, b).T
    return np.array([target @ triad(u, v) for u, v in pairs])


def preferred(found: FloatArray) -> IntArray:
    """The order in which rotations are preferred: the least angle first, as in :mod:`pointgroups.subgroups.frames`."""
    return np.lexsort(preferences(found.round(_DIGITS) + 0.0).round(_DIGITS)[::-1])


def corresponding(frame: FloatArray, matrices: FloatArray, standard: FloatArray) -> IntArray | None:
    """(|H|,) for every matrix of H the index of the one of K that F turns into it; None where F K Fᵀ is not H."""
    turned = frame @ matrices @ frame.T
    overlaps = standard.reshape(len(standard), 9) @ turned.reshape(len(turned), 9).T  # 3 for equal matrices
    return None if overlaps.max(axis=1).min() < 3 - _SAME else overlaps.argmax(axis=1)


def _reference(elements: Sequence[FloatElement]) -> list[tuple[Kind, FloatArray]]:
    """Kind and axis of an element of the highest order and of the first one about another axis, where there are any."""
    turning = [e for e in elements if e.order > 1]
    if not turning:
        return []
    first = max(turning, key=lambda e: (e.order, e.det))
    axis = np.array(first.vector)
    others = [e for e in turning if abs(axis @ e.vector) < 1 - _SAME]
    return [(_kind(e), _sense(e) * np.array(e.vector)) for e in (first, *others[:1])]


def _axes_of_kind(kind: Kind, elements: Sequence[FloatElement]) -> Iterator[FloatArray]:
    """Axes of the elements of one kind, in the sense of rotation; both senses where they turn by half a turn."""
    for e in elements:
        if e.order > 1 and _kind(e) == kind:
            yield _sense(e) * np.array(e.vector)
            if e.turn == _HALF:
                yield -np.array(e.vector)


def _kind(e: FloatElement) -> Kind:
    return e.det, min(e.turn, 1 - e.turn)


def _sense(e: FloatElement) -> int:
    return 1 if e.turn <= _HALF else -1
