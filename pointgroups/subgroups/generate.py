"""The lattices of subgroups of all settings, from their generators, as the plain data that ``tables/`` holds.

Of the subgroups of a class the one that needs the least turn into standard axes stands for it, so a tetragonal subgroup
of a cubic group has its axis along z. Classes come by falling order, then by the number of their group in International
Tables from the last, then by the classes of G's table in which their elements lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pointgroups.exact import ExactArray
from pointgroups.exact_group import ExactGroup, generate_group
from pointgroups.settings import SETTINGS, Setting

from .class_names import class_names, table_places
from .enumeration import Subgroup, maximal_subgroups, subgroup_classes
from .frames import frames, pulled_back, standard_group


@dataclass(frozen=True, eq=False)
class _Generated:
    """A group of one setting."""

    setting: Setting
    group: ExactGroup

    @cached_property
    def elements(self) -> tuple[str, ...]:
        return tuple(e.name for e in self.group.elements)

    @property
    def exact_rotations(self) -> ExactArray:
        return self.group.matrices


def subgroup_tables() -> dict[str, list[dict[str, Any]]]:
    """Setting → its classes of conjugate subgroups, {setting: [class, …]}.

    Of a class: its ``name``; the ``group`` H that it is; ``elements``, e(h) for every element of H; ``frame``, the
    rotation F into the axes of H, row-major; ``maximal``, {class: how many of its subgroups are maximal in this one}.
    """
    groups = {s.name: _Generated(s, generate_group(s.generator_matrices())) for s in SETTINGS}
    return {name: _lattice(group, groups) for name, group in groups.items()}


def _lattice(group: _Generated, groups: Mapping[str, _Generated]) -> list[dict[str, Any]]:
    found = [_placed(group, members, groups) for members in subgroup_classes(group.group.product)]

    def place(entry: tuple[list[Subgroup], _Generated, int]) -> tuple[int, int, list[int]]:
        (first, *_), subgroup, _ = entry
        return -len(first), -subgroup.setting.number, table_places(first, group.group.classes)

    found.sort(key=place)
    firsts = [members[0] for members, _, _ in found]
    names = class_names([subgroup.setting.name for _, subgroup, _ in found], firsts, group.group.classes)
    assert len(set(names)) == len(names), "names tell classes apart"
    maximal = maximal_subgroups([members for members, _, _ in found])
    return [
        {
            "name": name,
            "group": subgroup.setting.name,
            "elements": " ".join(map(str, pulled_back(subgroup, frames()[frame], group))),
            "frame": " ".join(frames()[frame].tokens()),
            "maximal": {names[c]: n for c, n in below.items()},
        }
        for name, (_, subgroup, frame), below in zip(names, found, maximal, strict=True)
    ]


def _placed(
    group: _Generated, members: list[Subgroup], groups: Mapping[str, _Generated]
) -> tuple[list[Subgroup], _Generated, int]:
    """Conjugate subgroups, that with the first frame in front, which group they are, and the frame."""
    placed = [(*standard_group(group, member, groups.__getitem__), member) for member in members]
    subgroup, frame, first = min(placed, key=lambda entry: entry[1:])
    return [first, *(m for m in members if m != first)], subgroup, frame
