"""Slow obvious twins of the tensor code: axes permuted and rotated, characters; and the catalogue of symmetries."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

Permutation = tuple[int, ...]

# (relations between index words, Jahn symbol, generators T[i_σ(0), i_σ(1), …] = ε T[i_0, i_1, …])
NOTATIONS = (
    ("i", "V", []),
    ("ij", "V2", []),
    ("ij=ji", "[V2]", [("ji", 1)]),
    ("ij=-ji", "{V2}", [("ji", -1)]),
    ("ijk", "V3", []),
    ("ijk=jik", "[V2]V", [("jik", 1)]),
    ("ijk=ikj", "V[V2]", [("ikj", 1)]),
    ("ijk=-jik", "{V2}V", [("jik", -1)]),
    ("ijk=jik=jki", "[V3]", [("jik", 1), ("ikj", 1)]),
    ("ijk=-jik,ijk=-ikj", "{V3}", [("jik", -1), ("ikj", -1)]),
    ("ijkl", "V4", []),
    ("ijkl=jikl=klij", "[[V2]2]", [("jikl", 1), ("ijlk", 1), ("klij", 1)]),
    ("ijkl=jikl=ijlk", "[V2][V2]", [("jikl", 1), ("ijlk", 1)]),
    ("ijkl=-jikl=klij", "[{V2}2]", [("jikl", -1), ("klij", 1)]),
    ("ijkl=jikl=-klij", "{[V2]2}", [("jikl", 1), ("klij", -1)]),
    ("ijkl=-jikl=ijlk", "{V2}[V2]", [("jikl", -1), ("ijlk", 1)]),
    ("ijkl=ikjl", "V[V2]V", [("ikjl", 1)]),
    ("ijkl=ikjl=ijlk", "V[V3]", [("ikjl", 1), ("ijlk", 1)]),
    ("ijkl=jikl=jkli", "[V4]", [("jikl", 1), ("jkli", 1)]),
    ("ijklm=ikjlm=ilmjk", "V[[V2]2]", [("ikjlm", 1), ("ijkml", 1), ("ilmjk", 1)]),
    ("ijklm=jiklm=klijm", "[[V2]2]V", [("jiklm", 1), ("klijm", 1)]),
    ("ijklmn=jiklmn=klijmn=mnklij", "[[V2]3]", [("jiklmn", 1), ("klijmn", 1), ("ijmnkl", 1)]),
    ("ijklmn=jiklmn=jkilmn=lmnijk", "[[V3]2]", [("jiklmn", 1), ("ikjlmn", 1), ("lmnijk", 1)]),
)
LETTERS = "ijklmnopqrst"

# The symmetries whose bases are tested: polar and axial, ranks 1 to 6.
CATALOGUE = (
    "V", "eV",
    "V2", "[V2]", "{V2}", "eV2", "e[V2]", "e{V2}",
    "V3", "V[V2]", "[V2]V", "{V2}V", "[V3]", "{V3}", "eV3", "eV[V2]", "e{V2}V", "e[V3]",
    "V4", "[[V2]2]", "[V2][V2]", "[{V2}2]", "{[V2]2}", "{V2}[V2]", "V[V2]V", "V[V3]", "[V4]", "e[[V2]2]", "eV[V3]",
    "V[[V2]2]", "[V2][V3]", "[V5]", "eV[V4]",
    "[[V2]3]", "[[V3]2]", "[V6]", "e[V2][V4]",
)  # fmt: skip


def places(word: str) -> Permutation:
    """The permutation σ that a word of ijk… spells: letter number σ(k) stands at place k."""
    return tuple(LETTERS.index(letter) for letter in word)


def closure(rank: int, generators: Iterable[tuple[Permutation, int]]) -> dict[Permutation, int]:
    """All signed permutations that a list of them generates; ValueError where a permutation comes with both signs."""
    generators = list(generators)
    found = {tuple(range(rank)): 1}
    while True:
        reached = {
            (tuple(t[k] for k in s), e * f) for s, e in found.items() for t, f in [*generators, *found.items()]
        } | set(found.items())
        if len(reached) != len({s for s, _ in reached}):
            raise ValueError("T = -T")
        if len(reached) == len(found):
            return found
        found = dict(reached)


def cycle_lengths(s: Permutation) -> tuple[int, ...]:
    """Lengths of the cycles of a permutation, longest first."""
    seen: set[int] = set()
    found = []
    for k in range(len(s)):
        length = 0
        while k not in seen:
            seen.add(k)
            length, k = length + 1, s[k]
        if length:
            found.append(length)
    return tuple(sorted(found, reverse=True))


def parity(s: Permutation) -> int:
    return (-1) ** sum(length - 1 for length in cycle_lengths(s))


def class_size(cycle_type: Sequence[int]) -> int:
    """n!/Π k^{m_k} m_k!: how many permutations have these cycles."""
    centraliser = math.prod(k**m * math.factorial(m) for k in set(cycle_type) for m in [list(cycle_type).count(k)])
    return math.factorial(sum(cycle_type)) // centraliser


def permuted(s: Permutation, tensors: np.ndarray) -> np.ndarray:
    """σT on the last axes: index number k of T becomes index number σ(k), so that (στ)T = σ(τT)."""
    n = len(s)
    lead = tensors.ndim - n
    inverse = [s.index(k) for k in range(n)]
    return tensors.transpose(*range(lead), *(lead + k for k in inverse))


def acted(element: Mapping[Permutation, Fraction], tensors: np.ndarray) -> np.ndarray:
    """An element of the group algebra on the last axes of tensors."""
    return sum((float(x) * permuted(s, tensors) for s, x in element.items()), np.zeros_like(tensors))


def rotated(tensors: np.ndarray, matrix: np.ndarray, rank: int, axial: bool = False) -> np.ndarray:
    """R on every one of the last indices of tensors, times det R for axial ones."""
    shape = tensors.shape
    for k in range(rank):
        tensors = matrix @ tensors.reshape(-1, 3, 3 ** (rank - 1 - k)) if tensors.size else tensors
    return tensors.reshape(shape) * (round(np.linalg.det(matrix)) if axial else 1)


def _character(matrix: np.ndarray, counts: Counter[tuple[tuple[int, ...], int]], axial: bool) -> Fraction:
    """χ(R) = det^a (1/|H|) Σ_σ ε(σ) Π_cycles tr R^length, an exact integer for a crystallographic R, from how often
    (lengths of cycles, ε) occur."""
    traces, power = [3], np.eye(3)
    for _ in range(max((lengths[0] for lengths, _ in counts if lengths), default=0)):
        power = power @ matrix
        traces.append(round(float(np.trace(power))))
        assert abs(np.trace(power) - traces[-1]) < 1e-9
    total = sum(m * e * math.prod(traces[length] for length in lengths) for (lengths, e), m in counts.items())
    return Fraction(total, counts.total()) * (round(np.linalg.det(matrix)) if axial else 1)


def invariant_count(rotations: np.ndarray, signed: Mapping[Permutation, int], axial: bool = False) -> int:
    """(1/|G|) Σ_g χ(g)."""
    counts = Counter((cycle_lengths(s), e) for s, e in signed.items())
    count = sum((_character(r, counts, axial) for r in rotations), Fraction(0)) / len(rotations)
    assert count.denominator == 1
    return int(count)


def all_permutations(n: int) -> list[Permutation]:
    return list(itertools.permutations(range(n)))


def projector(rows: np.ndarray) -> np.ndarray:
    """Orthogonal projector on the span of rows (k, N) of full rank."""
    q = np.linalg.qr(rows.reshape(len(rows), -1).T)[0]
    return q @ q.T
