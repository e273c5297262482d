"""What the elements of a group of 3×3 matrices are, and the axes in which their classes get their names.

An element of order o has a proper part det(R)·R whose angle is a multiple of 2π/2o, so the order, known from the
product table, makes the angle an exact fraction of a turn. Axes are known to rounding.

Names such as C2′, σv, B1 speak of x, y, z. ``standard_frame`` turns the main axis to z; then, of the two-fold axes
across it, the one nearest to x to x, or, of mirrors, the one whose normal is nearest to y to y. Cubic groups: the
cube's axes nearest to z and x. Groups of order-two elements along Cartesian axes, and icosahedral ones, stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pointgroups.classes import ClassNames
from pointgroups.elements import Element
from pointgroups.groups import element_orders

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Vector = tuple[float, float, float]

_DIGITS = 9  # by which axes are compared
_NO_TURN = 1e-10  # below the digits of axes
_ACROSS = 0.1  # cosines: axes are normal to the main axis, or far from it


@dataclass(frozen=True)
class FloatElement(Element):
    """An :class:`~pointgroups.elements.Element` of any order, whose axis is known in floating point.

    ``vector`` is the unit vector of the axis, in the sense of :class:`~pointgroups.elements.Element`; zero for E and i.
    ``direction`` is the same to nine digits, to be compared.
    """

    vector: Vector = (0.0, 0.0, 0.0)

    @cached_property
    def direction(self) -> Vector:
        x, y, z = (round(c, _DIGITS) + 0.0 for c in self.vector)
        return (x, y, z)

    @cached_property
    def rotary_turn(self) -> Fraction:
        """The angle of C_n^k or S_n^k as a fraction of a turn: k/n or 1 − k/n."""
        return self.turn if self.det > 0 else (self.turn + Fraction(1, 2)) % 1

    @property
    def sense(self) -> str:
        """ "+" or "-" of an element C_n^k or S_n^k that differs from its inverse: whether it turns by k/n or −k/n."""
        if self.order <= 2:
            return ""
        return "+" if self.rotary_turn.numerator == self._power else "-"

    @property
    def symbol(self) -> str:
        """E, C5, C5^2, i, σ, S10, S10^3, S5^3 …; S_n^k with k odd, since S_n^2 is a proper rotation."""
        if self.order == 1:
            return "E" if self.det > 0 else "i"
        if self.order == 2 and self.det < 0:
            return "σ"
        power = f"^{self._power}" if self._power > 1 else ""
        return f"{'C' if self.det > 0 else 'S'}{self.rotary_turn.denominator}{power}"

    @property
    def _power(self) -> int:
        """k of C_n^k or S_n^k: of k and n − k the smaller one, for improper elements the odd one if only one is."""
        n, k = self.rotary_turn.denominator, self.rotary_turn.numerator
        odd = [x for x in (k, n - k) if x % 2 == 1]
        return min(odd) if self.det < 0 else min(k, n - k)

    @property
    def axis_text(self) -> str:
        """ "[001]", or decimals "[0,0.526,0.851]"."""
        if self.order == 1:
            return ""
        largest = max(map(abs, self.vector))
        scaled = [round(x / largest, 6) + 0.0 for x in self.vector]
        if all(x in (-1.0, 0.0, 1.0) for x in scaled):
            return "[" + "".join(str(int(x)) for x in scaled) + "]"
        return "[" + ",".join(f"{round(x, 3) + 0.0:g}" for x in self.vector) + "]"


def describe(rotations: FloatArray, product: IntArray) -> list[FloatElement]:
    """The geometric meaning of every matrix of a group (|G|, 3, 3)."""
    orders = element_orders(product)
    signs = np.where(np.linalg.det(rotations) > 0, 1, -1)
    return [_describe(*x) for x in zip(rotations, signs.tolist(), orders.tolist(), strict=True)]


def _describe(matrix: FloatArray, det: int, order: int) -> FloatElement:
    proper = det * matrix
    skew = np.array([proper[2, 1] - proper[1, 2], proper[0, 2] - proper[2, 0], proper[1, 0] - proper[0, 1]])
    angle = float(np.arctan2(np.linalg.norm(skew), np.trace(proper) - 1))  # 0 … π
    turn = Fraction(round(angle / np.pi * order), 2 * order)
    if turn == 0:
        return FloatElement(det, 1, turn, None)
    if 2 * turn == 1:
        shifted = proper + np.eye(3)  # 2 n nᵀ
        skew = shifted[:, int(np.argmax(np.diagonal(shifted)))]
    vector = skew / np.linalg.norm(skew)
    rounded = vector.round(_DIGITS)
    present = rounded[rounded != 0]
    positive = np.prod(present) > 0 if len(present) == 3 else present[-1] > 0
    if not positive:
        vector, turn = 0.0 - vector, (1 - turn) % 1
    x, y, z = vector.tolist()
    return FloatElement(det, turn.denominator, turn, None, (x, y, z))


class IcosahedralNames(ClassNames):
    """Names and order of the classes of I and Ih: E, 12C5, 12C5^2, 20C3, 15C2, then the same times i."""

    @cached_property
    def cubic(self) -> bool:
        return False

    def _proper_key(self, elements: Sequence[Element], turned: bool) -> tuple[object, ...]:
        e = elements[0]
        return (e.order > 1, -e.order, min(e.turn, 1 - e.turn))

    def label(self, members: Sequence[int]) -> str:
        e = self.elements[members[0]]
        return (str(len(members)) if len(members) > 1 else "") + e.symbol


def class_names(elements: Sequence[Element]) -> ClassNames:
    """Names of the classes of a group from its elements in standard axes."""
    return IcosahedralNames(elements) if is_icosahedral(elements) else ClassNames(elements)


def is_icosahedral(elements: Sequence[Element]) -> bool:
    """Whether there are several five-fold axes."""
    return _several_axes(elements, 5)


def _several_axes(elements: Sequence[Element], order: int) -> bool:
    """Whether elements of an order have different axes: digits do not tell, a coordinate may lie where they round."""
    axes = np.array([e.vector for e in elements if isinstance(e, FloatElement) and e.order == order]).reshape(-1, 3)
    return bool((np.abs(axes @ axes[:1].T) < 1 - _ACROSS).any())


# -- axes ---------------------------------------------------------------------------------------------------------


def standard_frame(elements: Sequence[FloatElement]) -> FloatArray:
    """The proper rotation F (3, 3), r_standard = F r, from the axes of the elements to those of their names."""
    turning = [e for e in elements if e.order > 1]
    if not turning or is_icosahedral(elements):
        return np.eye(3)
    if _several_axes(turning, 3):
        fourfold = [e for e in turning if e.order == 4]
        axes = fourfold or [e for e in turning if e.order == 2 and e.det > 0]
        z = _nearest(axes, 2)
        return _frame(z, _nearest([e for e in axes if abs(np.dot(e.vector, z)) < _ACROSS], 0))
    highest = max((e.order, e.det) for e in turning)
    if highest[0] == 2 and all(ClassNames.is_cube_axis(e.direction) for e in turning):
        return np.eye(3)
    z = _nearest([e for e in turning if (e.order, e.det) == highest], 2)
    across = [e for e in turning if e.order == 2 and abs(np.dot(e.vector, z)) < _ACROSS]
    rotations = [e for e in across if e.det > 0]
    if rotations:
        return _frame(z, _nearest(rotations, 0))
    if across:
        return _frame(z, np.cross(_nearest(across, 1), z))
    return _frame(z, np.eye(3)[0 if abs(z[0]) < 1 - _ACROSS else 1])


def _nearest(elements: Sequence[FloatElement], k: int) -> FloatArray:
    """The axis, in the sense of positive component k, that is nearest to the Cartesian axis k; then to k + 1."""
    axes = [np.roll(e.vector, -k) for e in elements]
    turned = [a if tuple(a.round(_DIGITS)) >= (0, 0, 0) else -a for a in axes]
    return np.roll(max(turned, key=lambda a: tuple(a.round(_DIGITS))), k)


def _frame(z: FloatArray, x: FloatArray) -> FloatArray:
    """Rows x, z × x, z, orthonormal; the identity where they nearly are."""
    z = z / np.linalg.norm(z)
    x = x - (x @ z) * z
    x = x / np.linalg.norm(x)
    frame = np.stack([x, np.cross(z, x), z])
    return np.eye(3) if np.abs(frame - np.eye(3)).max() < _NO_TURN else frame
