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
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, concatenate, inverse_sqrt
from pointgroups.settings import GROUP_NAMES

IntArray = NDArray[np.int64]
Kind = tuple[str, int]
"""Symbol of an element, such as "C4", and the number of its line, which is that of no line for E and i."""


class Group(Protocol):
    """What is read of a point group: names of its elements and exact matrices (|G|, 3, 3)."""

    @property
    def elements(self) -> tuple[str, ...]: ...
    @property
    def exact_rotations(self) -> ExactArray: ...
    def __hash__(self) -> int: ...


StandardGroup = TypeVar("StandardGroup", bound=Group)

_CUBE = "[100] [010] [001] [011] [0-11] [101] [-101] [110] [-110] [111] [1-1-1] [-11-1] [-1-11]"
_PRISM = "[1,√3,0] [-1,√3,0] [√3,1,0] [-√3,1,0]"
_DIRECTIONS = (*sorted((*_CUBE.split(), *_PRISM.split())), "")
"""The seventeen lines, and "" for elements that have none."""
_SYMBOLS = ("E", "i", "C2", "C3", "C4", "C6", "S3", "S4", "S6", "σ")
_ENTRY = re.compile(r"-?(?:√3|\d)")
_SAME_LINE = 1 - 1e-9
"""Cosine above which two lines are one; that of the nearest others is 0.996."""


def _direction(element: str) -> str:
    """ "[001]" of "C4[001]+", "" of "E" and "i"."""
    start, stop = element.find("["), element.find("]")
    return element[start : stop + 1] if start >= 0 else ""


@lru_cache(maxsize=256)
def kinds(group: Group) -> tuple[Kind, ...]:
    """Symbol and line of every element."""
    number = {line: k for k, line in enumerate(_DIRECTIONS)}
    return tuple((element.partition("[")[0], number[_direction(element)]) for element in group.elements)


@cache
def _unit_vectors() -> ExactArray:
    """(17, 3) along the lines."""
    rows = []
    for line in _DIRECTIONS[:-1]:
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
    order = np.lexsort(preferences(numbers)[::-1])
    return found[order], numbers[order]


def preferences(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """(12, n) what is least, first row first: the angle; negative entries of the new z, its angle with the old; −F."""
    angles = -np.trace(frames, axis1=1, axis2=2)
    negative = (frames[:, 2] < 0).sum(axis=1)
    return np.vstack([angles, negative, -frames[:, 2, 2], -frames.reshape(-1, 9).T])


def _cross(u: ExactArray, v: ExactArray) -> ExactArray:
    """Cross products of rows (n, 3)."""
    after, before = [1, 2, 0], [2, 0, 1]
    return u[:, after] * v[:, before] - u[:, before] * v[:, after]


@cache
def _pulled_back() -> IntArray:
    """(n, 18) the line Fᵀ a of every frame F and line a, −1 where that is none of the seventeen; "" stays itself."""
    lines = _unit_vectors().numeric()
    cosines = np.abs(lines @ _frames()[1] @ lines.T)  # (n, 17, 17) of the angles between images and lines
    found = np.where(cosines.max(axis=2) > _SAME_LINE, cosines.argmax(axis=2), -1)
    return np.hstack([found, np.full((len(found), 1), len(lines))])


@lru_cache(maxsize=256)
def _coded(group: Group) -> tuple[IntArray, IntArray]:
    """Of every element its symbol, as a multiple of the number of lines, and its line; the sum numbers the kind."""
    symbols, lines = zip(*kinds(group), strict=True)
    return np.array([_SYMBOLS.index(s) * len(_DIRECTIONS) for s in symbols]), np.array(lines)


def _sets(coded: IntArray) -> list[bytes]:
    """One hashable key for the set of kinds in each row of (n, m)."""
    present = np.zeros((len(coded), len(_SYMBOLS) * len(_DIRECTIONS)), dtype=bool)
    present[np.arange(len(coded))[:, None], coded] = True
    return [row.tobytes() for row in np.packbits(present, axis=1)]


@lru_cache(maxsize=256)
def _placements(standard: Group) -> Mapping[bytes, int]:
    """For a standard group H: the kinds of Fᵀ H F → the number of the first frame F with these."""
    symbols, lines = _coded(standard)
    rows = _pulled_back()[:, lines]
    whole = np.flatnonzero((rows >= 0).all(axis=1))
    found: dict[bytes, int] = {}
    for key, k in zip(_sets(symbols + rows[whole]), whole.tolist(), strict=True):
        found.setdefault(key, k)
    return found


@cache
def _by_symbols(standard: Callable[[str], StandardGroup]) -> Mapping[frozenset[tuple[str, int]], StandardGroup]:
    """Numbers of elements of each symbol → group; they tell the 32 groups apart."""
    groups = [standard(name) for name in GROUP_NAMES]
    return {frozenset(Counter(s for s, _ in kinds(group)).items()): group for group in groups}


def standard_group(
    group: Group, elements: Iterable[int], standard: Callable[[str], StandardGroup]
) -> tuple[StandardGroup, int]:
    """Which of the 32 groups a subgroup is, and the number of the first frame that brings it into standard axes.

    Args:
        group: G.
        elements: indices of a subgroup.
        standard: gives the 32 groups by name, in their default settings.
    """
    members = list(elements)
    kind = kinds(group)
    found = _by_symbols(standard)[frozenset(Counter(kind[g][0] for g in members).items())]
    symbols, lines = _coded(group)
    (key,) = _sets((symbols + lines)[None, members])
    return found, _placements(found)[key]


@lru_cache(maxsize=256)
def _numbered(group: Group) -> Mapping[bytes, int]:
    """Key of every exact rotation → its index."""
    return {key: g for g, key in enumerate(group.exact_rotations.hash_keys())}


def pulled_back(subgroup: Group, frame: ExactArray, group: Group) -> IntArray:
    """The index in ``group`` of Fᵀ h F for every element h of ``subgroup``; KeyError where it is not there."""
    number = _numbered(group)
    images = frame.mT @ subgroup.exact_rotations @ frame
    return np.array([number[key] for key in images.hash_keys()], dtype=np.int64)


@lru_cache(maxsize=256)
def automorphisms(group: Group) -> tuple[ExactArray, IntArray]:
    """Rotations n (k, 3, 3) that normalise G and their g ↦ nᵀ g n (k, |G|): one n, the preferred, for each permutation.

    They are all permutations that O(3) induces: the inversion acts trivially, and where the normaliser is continuous a
    turn about the one axis does, too.
    """
    own = kinds(group)
    symbols, lines = zip(*own, strict=True)
    found: dict[bytes, tuple[int, IntArray]] = {}
    for k, row in enumerate(_pulled_back()[:, lines].tolist()):
        if frozenset(zip(symbols, row, strict=True)) == frozenset(own):
            permutation = pulled_back(group, frames()[k], group)
            found.setdefault(permutation.tobytes(), (k, permutation))
    numbers, permutations = zip(*found.values(), strict=True)
    return frames()[list(numbers)], np.array(permutations)
