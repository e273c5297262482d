"""Symmetry of a tensor under permutations of its indices, in the notations that people type.

An index symmetry of rank n is a group H of signed permutations of the n places: T with its axes permuted by σ equals
ε(σ) T. Three ways to say it:

- relations between index words, ``ij=ji``, ``ij=-ji``, ``ijk=jik``, ``ijkl=jikl=klij``; several chains are joined by
  commas; a bare word ``ijk`` has no symmetry;
- Jahn symbols: ``V`` an index, ``V3`` three, ``[V2]`` symmetric and ``{V2}`` antisymmetric under exchange of equal
  factors, nested as in ``[[V2]2]`` and ``V[V2]``; in front ``e`` or ``ε`` for an axial tensor, ``a`` for one odd
  under time reversal;
- generators: signed permutations of the places.

Source: H. A. Jahn, Acta Cryst. 2, 30 (1949); International Tables for Crystallography D (2003), ch. 1.1.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only

from .young import Permutation, compose

Signed = tuple[Permutation, int]
_MOST_INDICES = 12
_SCALARS = ("1", "a", "e", "ε", "ae", "aε", "ea", "εa")
_JAHN = frozenset("aeεV[]{}0123456789")
_RELATIONS = frozenset("abcdefghijklmnopqrstuvwxyz=,;-")


class IndexSymmetryError(ValueError):
    """An index symmetry that cannot be read, or that no tensor but zero has."""


@dataclass(frozen=True)
class IndexSymmetry:
    """A rank, the generators of its group of signed permutations, and the behaviour under inversion and time reversal.

    A generator (σ, ε) states ``T.transpose(σ) == ε T``, that is T_{i_σ(0) i_σ(1) …} arranged at places 0, 1, ….

    Attributes:
        rank: number of indices.
        generators: signed permutations of 0 … rank − 1.
        axial: transforms with an extra det(R).
        time_odd: changes sign under time reversal.

    >>> symmetry = index_symmetry("ij=-ji")
    >>> symmetry.rank, symmetry.generators
    (2, (((1, 0), -1),))
    """

    rank: int
    generators: tuple[Signed, ...] = ()
    axial: bool = False
    time_odd: bool = False

    @cached_property
    def group(self) -> tuple[Signed, ...]:
        """All signed permutations that follow from the generators, the identity first.

        Raises:
            IndexSymmetryError: they force T = −T.
        """
        found: dict[Permutation, int] = {tuple(range(self.rank)): 1}
        frontier = list(found)
        while frontier:
            reached: dict[Permutation, int] = {}
            for s, (t, e) in itertools.product(frontier, self.generators):
                reached.setdefault(compose(s, t), found[s] * e)
                if reached[compose(s, t)] != found[s] * e:
                    raise IndexSymmetryError(f"the index symmetry says T = −T, so T = 0: {self}")
            for s, e in reached.items():
                if found.get(s, e) != e:
                    raise IndexSymmetryError(f"the index symmetry says T = −T, so T = 0: {self}")
            frontier = [s for s in reached if s not in found]
            found |= reached
        return tuple(found.items())

    def project(self, tensors: NDArray[np.float64]) -> NDArray[np.float64]:
        """(1/|H|) Σ_σ ε(σ) σT over the last ``rank`` axes: the part of a tensor that has the symmetry."""
        place, sign = (a.ravel() for a in self.components())
        flat = tensors.reshape(-1, place.size) * sign
        sizes = np.bincount(place, weights=np.abs(sign))
        total = np.zeros((len(sizes), len(flat)))
        np.add.at(total, place, flat.T)
        means = total.T / np.maximum(sizes, 1.0)
        return np.asarray((means[:, place] * sign).reshape(tensors.shape))

    def components(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which components in three dimensions are independent, and how all others follow from them.

        Returns:
            ``place`` and ``sign``, both of shape (3,) * rank: component I equals sign[I] times independent component
            number place[I]; sign is 0 where the symmetry makes it vanish. Independent components are numbered in
            row-major order of the first index word of each orbit.
        """
        return _components(self.rank, self.generators)

    def __str__(self) -> str:
        letters = "ijklmnopqrstuvwxyz"[: self.rank]
        words = [letters]
        for s, e in self.generators:
            words.append(("-" if e < 0 else "") + "".join(letters[k] for k in s))
        return "=".join(words) + (" axial" if self.axial else "") + (" time-odd" if self.time_odd else "")


def index_symmetry(notation: str | IndexSymmetry, axial: bool = False) -> IndexSymmetry:
    """Read an index symmetry from its notation (see the module).

    Args:
        notation: "ij=ji", "ijkl=jikl=klij", "[[V2]2]", "eV3" …; an :class:`IndexSymmetry` stays, axial if asked.
        axial: the tensor is axial; a Jahn symbol may say so itself by ``e``.

    Raises:
        IndexSymmetryError: the text cannot be read, has more than 12 indices, or only the zero tensor has the symmetry.

    >>> index_symmetry("ijkl=jikl=klij") == index_symmetry("ijkl=jikl,ijkl=klij")
    True
    >>> len(index_symmetry("[[V2]2]").group)
    8
    """
    if isinstance(notation, IndexSymmetry):
        return replace(notation, axial=True) if axial else notation
    text = "".join(notation.split())
    if text in _SCALARS:
        symmetry = IndexSymmetry(0, (), axial or "e" in text or "ε" in text, "a" in text)
    elif "V" in text and _JAHN.issuperset(text):
        symmetry = _jahn(text, axial)
    elif text and _RELATIONS.issuperset(text):
        symmetry = _relations(text, axial)
    else:
        raise IndexSymmetryError(
            f"cannot read {notation!r}: write relations such as 'ijk=jik' or a Jahn symbol as 'V[V2]'"
        )
    if symmetry.rank > _MOST_INDICES:
        raise IndexSymmetryError(f"{notation!r} has {symmetry.rank} indices; at most {_MOST_INDICES} are possible")
    return _not_empty(symmetry)


def signed_permutations(
    rank: int, generators: Iterable[tuple[Sequence[int], int]], axial: bool = False
) -> IndexSymmetry:
    """An index symmetry from signed permutations of the places 0 … rank − 1.

    Raises:
        IndexSymmetryError: not a permutation, a sign that is not ±1, or T = −T.

    >>> str(signed_permutations(2, [((1, 0), -1)]))
    'ij=-ji'
    """
    checked = []
    for permutation, sign in generators:
        s = tuple(int(k) for k in permutation)
        if sorted(s) != list(range(rank)) or sign not in (1, -1):
            raise IndexSymmetryError(f"({permutation}, {sign}) is not a signed permutation of 0 … {rank - 1}")
        checked.append((s, int(sign)))
    return _not_empty(IndexSymmetry(rank, tuple(checked), axial))


def _not_empty(symmetry: IndexSymmetry) -> IndexSymmetry:
    _, sign = symmetry.components()
    if not sign.any():
        raise IndexSymmetryError(f"in three dimensions only T = 0 has the index symmetry {symmetry}")
    return symmetry


@lru_cache(maxsize=256)
def _components(rank: int, generators: tuple[Signed, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Orbits of index words: the least word of each is carried along the generators until nothing changes."""
    indices = np.arange(3**rank).reshape((3,) * rank)
    images = [(indices.transpose(s).ravel(), e) for s, e in generators]
    least, sign = indices.ravel().copy(), np.ones(3**rank, dtype=np.int64)
    changed = True
    while changed:
        changed = False
        for image, e in images:
            lower = least[image] < least
            if lower.any():
                least[lower], sign[lower] = least[image][lower], e * sign[image][lower]
                changed = True
    for image, e in images:  # two ways to the least word with opposite signs: the whole orbit vanishes
        vanishing = np.zeros(len(least), dtype=bool)
        vanishing[least[sign[image] * e == -sign]] = True
        sign[vanishing[least]] = 0
    kept = np.flatnonzero(np.bincount(least[sign != 0], minlength=len(least)))
    place = np.where(sign != 0, np.searchsorted(kept, least), 0)
    return read_only(place.reshape(indices.shape)), read_only(sign.reshape(indices.shape))


def _relations(text: str, axial: bool) -> IndexSymmetry:
    generators: list[Signed] = []
    rank: int | None = None
    for chain in text.replace(";", ",").split(","):
        words = chain.split("=")
        head = words[0]
        if not head.isalpha() or len(set(head)) != len(head):
            raise IndexSymmetryError(f"{chain!r}: the first word names each index once, without a sign")
        if rank not in (None, len(head)):
            raise IndexSymmetryError(f"{text!r}: all words have the same number of indices")
        rank = len(head)
        for word in words[1:]:
            sign = -1 if word.startswith("-") else 1
            letters = word.removeprefix("-")
            if sorted(letters) != sorted(head):
                raise IndexSymmetryError(f"{word!r} is not a permutation of the indices of {head!r}")
            generators.append((tuple(head.index(c) for c in letters), sign))
    assert rank is not None
    return IndexSymmetry(rank, tuple(generators), axial)


# -- Jahn symbols -------------------------------------------------------------------------------------------------


def _jahn(text: str, axial: bool) -> IndexSymmetry:
    body = text.lstrip("aeε")
    flags = text[: len(text) - len(body)].replace("ε", "e")
    rank, generators, position = _factors(body, 0, text)
    if position != len(body) or flags.count("a") > 1 or flags.count("e") > 1:
        raise IndexSymmetryError(f"cannot read the Jahn symbol {text!r} beyond {body[:position]!r}")
    return IndexSymmetry(rank, tuple(generators), axial or "e" in flags, "a" in flags)


def _factors(body: str, position: int, text: str) -> tuple[int, list[Signed], int]:
    """A product of factors up to a closing bracket: rank, generators on its own places, next position."""
    parts: list[tuple[int, list[Signed]]] = []
    while position < len(body) and body[position] not in "]}":
        if body[position] == "V":
            factor: tuple[int, list[Signed]] = (1, [])
            position += 1
        elif body[position] in "[{":
            closing = "]" if body[position] == "[" else "}"
            rank, inner, end = _bracket(body, position + 1, closing, text)
            factor, position = (rank, inner), end
        else:
            raise IndexSymmetryError(f"cannot read the Jahn symbol {text!r} at {body[position:]!r}")
        power, position = _number(body, position)
        parts.extend([factor] * power)
    return *_side_by_side(parts), position


def _bracket(body: str, position: int, closing: str, text: str) -> tuple[int, list[Signed], int]:
    """The (anti)symmetrised power inside brackets: one kind of factor, exchanged as a whole."""
    start = position
    if position < len(body) and body[position] == "V":
        factor: tuple[int, list[Signed]] = (1, [])
        position += 1
    elif position < len(body) and body[position] in "[{":
        inner_closing = "]" if body[position] == "[" else "}"
        rank, inner, position = _bracket(body, position + 1, inner_closing, text)
        factor = (rank, inner)
    else:
        raise IndexSymmetryError(f"cannot read the Jahn symbol {text!r} at {body[start:]!r}")
    power, position = _number(body, position)
    if position >= len(body) or body[position] != closing:
        raise IndexSymmetryError(
            f"in the Jahn symbol {text!r} brackets hold a power of one factor, such as [V2] or [[V2]3]"
        )
    rank, generators = _side_by_side([factor] * power)
    size = factor[0]
    sign = 1 if closing == "]" else -1
    for k in range(power - 1):
        swap = list(range(rank))
        swap[k * size : (k + 1) * size], swap[(k + 1) * size : (k + 2) * size] = (
            swap[(k + 1) * size : (k + 2) * size],
            swap[k * size : (k + 1) * size],
        )
        generators.append((tuple(swap), sign))
    return rank, generators, position + 1


def _number(body: str, position: int) -> tuple[int, int]:
    end = position
    while end < len(body) and body[end] in "0123456789":
        end += 1
    digits = body[position:end]
    if digits and int(digits) < 1:
        raise IndexSymmetryError(f"a power in a Jahn symbol is 1, 2, 3, …, not {digits}")
    return int(digits or 1), end


def _side_by_side(parts: Sequence[tuple[int, list[Signed]]]) -> tuple[int, list[Signed]]:
    """Generators of the factors on consecutive places."""
    rank = sum(size for size, _ in parts)
    generators: list[Signed] = []
    offset = 0
    for size, inner in parts:
        for s, e in inner:
            whole = (*range(offset), *(offset + k for k in s), *range(offset + size, rank))
            generators.append((whole, e))
        offset += size
    return rank, generators
