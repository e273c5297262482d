"""What a rotation matrix is, geometrically: determinant, angle and axis, and the name these give it.

The proper part of an element R is det(R)·R; it fixes an axis and an angle, and with the determinant names the element:
C_n^± for proper rotations, i, σ and S_n^± for improper ones,

    i·C_2 = σ ,   i·C_3^± = S_6^∓ ,   i·C_4^± = S_4^∓ ,   i·C_6^± = S_3^∓ .
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from .exact import ExactArray, concatenate

_ORDER_OF_TRACE = {3: 1, -1: 2, 0: 3, 1: 4, 2: 6}
_IMPROPER_ORDER = {3: 6, 4: 4, 6: 3}


@dataclass(frozen=True)
class Element:
    """What a rotation is: determinant, order and angle of its proper part, and its axis.

    ``turn`` is the angle of the proper part as a fraction of a full turn about ``axis``, 0 ≤ turn < 1. The axis is
    exact, scaled so that its entries are simple, and points into the half-space z > 0 (then y > 0, then x > 0); the
    diagonals of a cube point to the corners of the tetrahedron xyz > 0, so that C3⁺ of all four are conjugate in T.
    """

    det: int
    order: int
    turn: Fraction
    axis: ExactArray | None

    @cached_property
    def direction(self) -> tuple[float, float, float]:
        """Unit vector of the axis, zero for E and i."""
        if self.axis is None:
            return (0.0, 0.0, 0.0)
        vector = self.axis.numeric()
        x, y, z = vector / np.linalg.norm(vector)
        return (round(float(x), 9) + 0.0, round(float(y), 9) + 0.0, round(float(z), 9) + 0.0)

    @property
    def sense(self) -> str:
        """ "+" or "-" for a rotation by less or more than half a turn, "" otherwise; of S_n for improper elements."""
        if self.order <= 2:
            return ""
        return "+" if (self.turn < Fraction(1, 2)) == (self.det > 0) else "-"

    @property
    def symbol(self) -> str:
        """Schoenflies symbol without axis and sense: E, C2, C3, C4, C6, i, σ, S3, S4, S6."""
        if self.det > 0:
            return "E" if self.order == 1 else f"C{self.order}"
        return {1: "i", 2: "σ"}.get(self.order) or f"S{_IMPROPER_ORDER[self.order]}"

    @property
    def axis_text(self) -> str:
        """The axis (of a mirror: its normal) as Cartesian direction, "[001]" or "[√3,1,0]"."""
        if self.axis is None:
            return ""
        parts = [part.replace("sqrt(3)", "√3") for part in self.axis.tokens()]
        return f"[{(',' if any(len(p) > 2 or '√' in p for p in parts) else '').join(parts)}]"

    @property
    def name(self) -> str:
        """ "E", "C4[001]+", "S6[111]-", "σ[110]", "i"."""
        return f"{self.symbol}{self.axis_text}{self.sense}"


def describe(matrices: ExactArray) -> list[Element]:
    """The geometric meaning of every matrix of (|G|, 3, 3)."""
    return [_describe(matrices[i]) for i in range(len(matrices))]


def _describe(matrix: ExactArray) -> Element:
    det = int(determinant(matrix).rational())
    proper = matrix * det
    trace = proper[0, 0] + proper[1, 1] + proper[2, 2]
    order = _ORDER_OF_TRACE[int(trace.rational())]
    if order == 1:
        return Element(det, 1, Fraction(0), None)
    if order == 2:
        shifted = proper + ExactArray.integers(np.eye(3, dtype=np.int64))
        column = next(k for k in range(3) if shifted[:, k].nonzero().any())
        return Element(det, 2, Fraction(1, 2), _simple_axis(shifted[:, column])[0])
    skew = concatenate([(proper[i, j] - proper[j, i]).reshape(1) for i, j in ((2, 1), (0, 2), (1, 0))])
    axis, sign = _simple_axis(skew)
    turn = Fraction(1, order)
    return Element(det, order, turn if sign > 0 else 1 - turn, axis)


def determinant(m: ExactArray) -> ExactArray:
    """Determinant of one exact 3×3 matrix."""
    cofactors = [m[1, j] * m[2, k] - m[1, k] * m[2, j] for j, k in ((1, 2), (2, 0), (0, 1))]
    return m[0, 0] * cofactors[0] + m[0, 1] * cofactors[1] + m[0, 2] * cofactors[2]


def _simple_axis(vector: ExactArray) -> tuple[ExactArray, int]:
    """The vector scaled to simple entries and turned to its positive sense; the sign that turned it."""
    values = vector.numeric()
    present = [k for k in (2, 1, 0) if vector[k].nonzero()]
    positive = float(np.prod(values)) if len(present) == 3 else float(values[present[0]])
    sign = 1 if positive > 0 else -1
    smallest = min(present, key=lambda k: (round(abs(float(values[k])), 9), -k))
    entry = vector[smallest]
    inverse = entry * (1 / (entry * entry).rational())  # entry·inverse = 1
    return vector * inverse * (sign if values[smallest] > 0 else -sign), sign
