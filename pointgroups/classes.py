"""Names and order of conjugacy classes, as in Altmann & Herzig's tables.

Rotations about the main axis come first, by angle; then two-fold axes across it: C2′ before C2″, where C2′ lies along
x. Cubic groups: rotations about the cube's axes, then C3, then C2′. Groups with inversion, or with σh and no
inversion, list the proper classes and then the same order times i, or times σh; other improper groups follow the
proper group to which g ↦ det(g)·g maps them. Mirrors: σh is normal to the main axis, σv contains x, σd is the other
kind; where there is one kind only it is σd in D_nd and σv elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from .elements import Element

Vector = tuple[float, float, float]
_LETTERS = "xyz"


class ClassNames:
    """Label and sort key of the conjugacy classes of one point group, given its elements."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = elements

    # -- what kind of group it is -------------------------------------------------------------------------------

    @cached_property
    def cubic(self) -> bool:
        return len({e.direction for e in self.elements if e.order == 3}) > 1

    @cached_property
    def main_axis(self) -> Vector:
        """Direction of the axis of highest order; a proper axis before an improper one, z before others."""
        candidates = [e for e in self.elements if e.order > 1]
        if not candidates:
            return (0.0, 0.0, 1.0)
        return max(candidates, key=lambda e: (e.order, e.det, e.direction[2] == 1.0)).direction

    @cached_property
    def has_inversion(self) -> bool:
        return any(e.order == 1 and e.det < 0 for e in self.elements)

    @cached_property
    def has_horizontal_mirror(self) -> bool:
        return any(self.is_horizontal_mirror(e) for e in self.elements)

    def is_horizontal_mirror(self, e: Element) -> bool:
        """Whether the element is σh: the mirror normal to the main axis; normal to a cube's axis in cubic groups."""
        if e.order != 2 or e.det > 0:
            return False
        return self.is_cube_axis(e.direction) if self.cubic else e.direction == self.main_axis

    @staticmethod
    def is_cube_axis(direction: Vector) -> bool:
        return sorted(map(abs, direction)) == [0.0, 0.0, 1.0]

    @cached_property
    def orthorhombic(self) -> bool:
        """Three mutually perpendicular axes of order two and nothing higher: D2, C2v, D2h."""
        return (
            max(e.order for e in self.elements) == 2 and len({e.direction for e in self.elements if e.order == 2}) == 3
        )

    @cached_property
    def across_kinds(self) -> int:
        """How many classes of axes of order two lie across the main axis (proper parts taken)."""
        across = {e.direction for e in self.elements if e.order == 2 and not self.along_main(e)}
        highest = max(e.order for e in self.elements)
        return 0 if not across else 2 if highest > 2 and highest % 2 == 0 else 1

    def along_main(self, e: Element) -> bool:
        return e.direction == self.main_axis

    # -- order --------------------------------------------------------------------------------------------------

    def sort_key(self, members: Sequence[int]) -> tuple[object, ...]:
        """Key that puts the class in table order."""
        elements = [self.elements[g] for g in members]
        improper = elements[0].det < 0
        if self.has_inversion:
            return (improper, *self._proper_key(elements, turned=False))
        if self.has_horizontal_mirror:
            return (improper, *self._proper_key(elements, turned=improper))
        return (False, *self._proper_key(elements, turned=False))

    def _proper_key(self, elements: Sequence[Element], turned: bool) -> tuple[object, ...]:
        """(family, angle, tie-break) of the proper parts; ``turned``: of σh·R instead, which adds half a turn."""
        e = elements[0]
        if turned:
            if e.order > 1 and self.along_main(e):
                turns = [(x.turn + Fraction(1, 2)) % 1 for x in elements]
                return (0 if turns == [0] else 1, min(turns))
            return (2, Fraction(1, 2))
        if e.order == 1:
            return (0, Fraction(0))
        smallest = min(x.turn for x in elements)
        if self.cubic:
            family = 1 if self.is_cube_axis(e.direction) else 2 if e.order == 3 else 3
            return (family, smallest)
        if self.along_main(e):
            return (1, smallest)
        if self.orthorhombic:
            return (2, smallest, self._orthorhombic_rank(e.direction))
        return (2, smallest, e.det < 0, not self.comes_first(elements))

    def _orthorhombic_rank(self, direction: Vector) -> float:
        """Order z, y, x relative to the main axis, so that mm2 along x or y is mm2 with its axes permuted."""
        main = self.main_axis.index(1.0)
        return float((main - direction.index(1.0)) % 3)

    def comes_first(self, elements: Sequence[Element]) -> bool:
        """C2′ lies along x; σv contains x, except beside an inversion, where mirrors follow i × the proper classes."""
        if elements[0].det < 0 and not self.has_inversion:
            return any(abs(e.direction[1]) == 1.0 for e in elements)
        return self._along_x(elements)

    def _along_x(self, elements: Sequence[Element]) -> bool:
        return any(abs(e.direction[0]) == 1.0 for e in elements)

    # -- labels -------------------------------------------------------------------------------------------------

    def label(self, members: Sequence[int]) -> str:
        """Text over the column of a character table: "8C3", "6C2'", "3σh", "C3+"."""
        elements = [self.elements[g] for g in members]
        e = elements[0]
        count = str(len(elements)) if len(elements) > 1 else ""
        senses = {x.sense for x in elements}
        sense = senses.pop() if len(senses) == 1 else ""
        if e.order == 2:
            return count + (self._rotation_label(elements) if e.det > 0 else self._mirror_label(elements))
        return count + e.symbol + sense

    def _rotation_label(self, elements: Sequence[Element]) -> str:
        e = elements[0]
        if self.orthorhombic and sum(x.det > 0 and x.order == 2 for x in self.elements) > 1:
            return f"C2({_LETTERS[e.direction.index(1.0)]})"
        if self.cubic:
            return "C2" if self.is_cube_axis(e.direction) else "C2'"
        if self.along_main(e):
            return "C2"
        two_kinds = self.across_kinds == 2 and not self._has_vertical_mirror_only_partner()
        return "C2''" if two_kinds and not self._along_x(elements) else "C2'"

    def _has_vertical_mirror_only_partner(self) -> bool:
        """D2d and D3h: of the two kinds of axes across, one carries C2′ and the other only mirrors."""
        return not self.has_inversion and any(e.det < 0 for e in self.elements)

    def _mirror_label(self, elements: Sequence[Element]) -> str:
        e = elements[0]
        if self.orthorhombic:
            return f"σ({''.join(letter for letter, c in zip(_LETTERS, e.direction, strict=True) if c == 0.0)})"
        if self.is_horizontal_mirror(e):
            return "σh"
        if self.cubic:
            return "σd"
        has_across_rotation = any(x.det > 0 and x.order == 2 and not self.along_main(x) for x in self.elements)
        if has_across_rotation and not (self.has_inversion and self.across_kinds == 2):
            return "σv" if self.has_horizontal_mirror else "σd"  # D3h: σv; D2d, D3d: σd
        if self.across_kinds == 2:
            contains_x = any(abs(x.direction[1]) == 1.0 for x in elements)
            return "σv" if contains_x else "σd"
        return "σv"
