"""The rotations that bring a subgroup into its standard axes, exactly.

The elements of the 32 point groups in their settings lie along seventeen lines: the thirteen axes of a cube and the
four further ones of a hexagonal prism. A rotation F that takes a subgroup K of such a group to a standard group
H = F K Fᵀ takes lines to lines; so two rows of F can be chosen along two of the seventeen, and there are finitely many
such F, all over ℚ(√2, √3). They are listed by growing angle: the first one that fits is the least turn, of several such
one with the new z axis along a positive direction.

A set of elements closed under inversion is told by its symbols and lines alone, {("C4", [001]), …}, because a rotation
and its inverse have the same line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, concatenate, inverse_sqrt
from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import GROUP_NAMES

Kind = tuple[str, int]
"""Symbol of an element, such as "C4", and the number of its line, which is that of no line for E and i."""

_ALL_AXES = ("Oh", "D6h")
_ENTRY = re.compile(r"-?(?:√3|\d)")
_SAME_LINE = 1 - 1e-9
"""Cosine above which two lines are one; the next lines are further apart by far."""


def _direction(element: str) -> str:
    """ "[001]" of "C4[001]+", "" of "E" and "i"."""
    start, stop = element.find("["), element.find("]")
    return element[start : stop + 1] if start >= 0 else ""


@lru_cache(maxsize=256)
def kinds(group: PointGroup) -> tuple[Kind, ...]:
    """Symbol and line of every element."""
    number = {line: k for k, line in enumerate(_directions())}
    return tuple((element.partition("[")[0], number[_direction(element)]) for element in group.elements)


@cache
def _directions() -> tuple[str, ...]:
    """The seventeen lines, and "" for elements that have none."""
    found = {_direction(element) for name in _ALL_AXES for element in point_group(name).elements}
    return (*sorted(found - {""}), "")


@cache
def _unit_vectors() -> ExactArray:
    """(17, 3) along the lines."""
    rows = []
    for line in _directions()[:-1]:
        entries = [text.replace("√3", "sqrt(3)") for text in _ENTRY.findall(line)]
        vector = ExactArray.parse(entries)
        rows.append((vector * inverse_sqrt((vector * vector).sum(0).rational())).reshape(1, 3))
    return concatenate(rows)


@cache
def frames() -> ExactArray:
    """(n, 3, 3) proper rotations with two rows along lines, in the order in which they are preferred."""
    return _frames()[0]


@cache
def _frames() -> tuple[ExactArray, NDArray[np.float64]]:
    """The frames, exact and as floats."""
    lines = _unit_vectors()
    signed = concatenate([lines, -lines])
    first, second = np.nonzero(~(signed @ signed.mT).nonzero())
    u, v = signed[first], signed[second]
    w = _cross(u, v)
    n = len(first)
    triads = concatenate(
        [concatenate([a.reshape(n, 1, 3) for a in abc], 1) for abc in ((u, v, w), (v, w, u), (w, u, v))]
    )
    found = triads[list({key: k for k, key in enumerate(triads.hash_keys())}.values())]
    numbers = found.numeric()
    order = sorted(range(len(found)), key=lambda k: _preference(numbers[k]))
    return found[order], numbers[order]


def _preference(frame: NDArray[np.float64]) -> tuple[float, ...]:
    """The least turn; then a new z along few negative directions, and near the old one; then larger entries first."""
    return (-float(np.trace(frame)), int((frame[2] < 0).sum()), -float(frame[2, 2]), *(-frame).reshape(9).tolist())


def _cross(u: ExactArray, v: ExactArray) -> ExactArray:
    """Cross products of rows (n, 3)."""
    after, before = [1, 2, 0], [2, 0, 1]
    return u[:, after] * v[:, before] - u[:, before] * v[:, after]


@cache
def _pulled_back() -> NDArray[np.int64]:
    """(n, 18) the line Fᵀ a of every frame F and line a, −1 where that is none of the seventeen; "" stays itself."""
    lines = _unit_vectors().numeric()
    cosines = np.abs(lines @ _frames()[1] @ lines.T)  # (n, 17, 17) of the angles between images and lines
    found = np.where(cosines.max(axis=2) > _SAME_LINE, cosines.argmax(axis=2), -1)
    return np.hstack([found, np.full((len(found), 1), len(lines))])


@cache
def _placements(name: str) -> Mapping[frozenset[Kind], int]:
    """For a standard group H: the kinds of Fᵀ H F → the number of the first frame F with these."""
    symbols, lines = zip(*kinds(point_group(name)), strict=True)
    found: dict[frozenset[Kind], int] = {}
    for k, row in enumerate(_pulled_back()[:, lines].tolist()):
        if -1 not in row:
            found.setdefault(frozenset(zip(symbols, row, strict=True)), k)
    return found


@cache
def _names_by_symbols() -> Mapping[frozenset[tuple[str, int]], str]:
    """Numbers of elements of each symbol → name; they tell the 32 groups apart."""
    return {frozenset(Counter(s for s, _ in kinds(point_group(name))).items()): name for name in GROUP_NAMES}


def standard_group(group: PointGroup, elements: Iterable[int]) -> tuple[PointGroup, int]:
    """Which of the 32 groups a subgroup is, and the number of the first frame that brings it into standard axes."""
    kind = kinds(group)
    found = [kind[g] for g in elements]
    name = _names_by_symbols()[frozenset(Counter(s for s, _ in found).items())]
    return point_group(name), _placements(name)[frozenset(found)]


def pulled_back(subgroup: PointGroup, frame: ExactArray, group: PointGroup) -> NDArray[np.int64]:
    """The index in ``group`` of Fᵀ h F for every element h of ``subgroup``; KeyError where it is not there."""
    number = {key: g for g, key in enumerate(group.exact_rotations.hash_keys())}
    images = frame.mT @ subgroup.exact_rotations @ frame
    return np.array([number[key] for key in images.hash_keys()], dtype=np.int64)


@lru_cache(maxsize=256)
def automorphisms(group: PointGroup) -> tuple[ExactArray, NDArray[np.int64]]:
    """Rotations n (k, 3, 3) that normalise G and their g ↦ nᵀ g n (k, |G|): one n, the preferred, for each permutation.

    They are all permutations that O(3) induces: the inversion acts trivially, and where the normaliser is continuous a
    turn about the one axis does, too.
    """
    own = kinds(group)
    symbols, lines = zip(*own, strict=True)
    found: dict[bytes, tuple[int, NDArray[np.int64]]] = {}
    for k, row in enumerate(_pulled_back()[:, lines].tolist()):
        if frozenset(zip(symbols, row, strict=True)) == frozenset(own):
            permutation = pulled_back(group, frames()[k], group)
            found.setdefault(permutation.tobytes(), (k, permutation))
    numbers, permutations = zip(*found.values(), strict=True)
    return frames()[list(numbers)], np.array(permutations)
