"""Tensors that a point group leaves unchanged, in exact rational arithmetic.

A tensor with an index symmetry is known by its independent components c, one for each orbit of index words. A
rotation R acts on them by the matrix M(R) whose row for the word i₁…i_n adds up Π_k R_{i_k j_k} over the words j₁…j_n
of each orbit, with signs. The invariants are the image of P = (1/|G|) Σ_g M(g). P is rational for every setting of
the 32 groups: the conjugation √3 → −√3 maps each of them onto itself. The reduced echelon form of the image expresses
all components by the first independent ones, which is what printed tables do.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
from numpy.typing import NDArray

from .exact import HASH_DENOMINATOR, ExactArray, read_only, surd, symbolic, token, value
from .index_permutations import IndexSymmetry, index_symmetry
from .point_group import PointGroup

if TYPE_CHECKING:
    import sympy

IntMatrix = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class InvariantSpace:
    """The tensors with an index symmetry that a group leaves unchanged, exactly.

    Attributes:
        symmetry: the index symmetry.
        words: index words (0, 1, 2 for x, y, z) of the independent components of the index symmetry, in row-major
            order.
        pivots: which of these stay independent under the group.
        coefficients: (n, len(words)) rows in reduced echelon form: component w = Σ_k coefficients[k][w] · component
            pivots[k].

    >>> from pointgroups import point_group
    >>> space = invariant_space(point_group("D4h"), "ij=ji")
    >>> [space.words[k] for k in space.pivots]
    [(0, 0), (2, 2)]
    """

    symmetry: IndexSymmetry
    words: tuple[tuple[int, ...], ...]
    pivots: tuple[int, ...]
    coefficients: tuple[tuple[Fraction, ...], ...]

    @property
    def dim(self) -> int:
        """The number of independent components."""
        return len(self.pivots)


def invariant_space(group: PointGroup, notation: str | IndexSymmetry, axial: bool = False) -> InvariantSpace:
    """The invariants of a group among the tensors with an index symmetry, by exact projection and elimination.

    Args:
        group: a group in the axes of one of its settings (not rotated).
        notation: the index symmetry.
        axial: the tensor transforms with an extra det(R).

    Raises:
        ValueError: the group is in a rotated frame, where its matrices are not known exactly.

    >>> from pointgroups import point_group
    >>> invariant_space(point_group("Oh"), "ijkl=jikl=klij").dim
    3
    """
    symmetry = index_symmetry(notation, axial)
    if group.is_rotated:
        raise ValueError(f"exact invariants are known in the axes of a setting, not in those of {group!r}")
    return _space(group, symmetry)


@lru_cache(maxsize=1024)
def _space(group: PointGroup, symmetry: IndexSymmetry) -> InvariantSpace:
    parity = (-1) ** (symmetry.rank + symmetry.axial)
    if parity > 0:  # an improper element acts as its proper part, so all groups of one Laue class agree
        proper_parts = group.exact_rotations * ExactArray.integers(group.determinants.reshape(-1, 1, 1))
        return _solve(symmetry, tuple((key, 1) for key in sorted(set(proper_parts.hash_keys()))))
    signs = group.determinants if symmetry.axial else np.ones(group.order, dtype=np.int64)
    keys = group.exact_rotations.hash_keys()
    return _solve(symmetry, tuple((key, int(sign)) for key, sign in zip(keys, signs, strict=True)))


@lru_cache(maxsize=1024)
def _solve(symmetry: IndexSymmetry, elements: tuple[tuple[bytes, int], ...]) -> InvariantSpace:
    """The image of Σ_g w(g) M(g) for the hashed matrices g and signs w."""
    numerators = np.frombuffer(b"".join(key for key, _ in elements), dtype=np.int64)
    rotations = ExactArray(numerators.reshape(-1, 3, 3, 8), HASH_DENOMINATOR)
    weights = np.array([w for _, w in elements])
    place, sign = symmetry.components()
    words = _first_words(place, sign)
    matrix = _summed_action(rotations, weights, words, place, sign)
    rows, pivots = reduced_echelon(matrix.T)
    coefficients = tuple(tuple(Fraction(int(x), int(row[p])) for x in row) for row, p in zip(rows, pivots, strict=True))
    return InvariantSpace(symmetry, words, tuple(pivots), coefficients)


def _first_words(place: NDArray[np.int64], sign: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """The first index word of every independent component."""
    kept = np.flatnonzero(sign.ravel())
    numbers = place.ravel()[kept]
    first = np.full(int(numbers.max(initial=-1)) + 1, sign.size)
    np.minimum.at(first, numbers, kept)
    return tuple(tuple(map(int, word)) for word in np.stack(np.unravel_index(first, sign.shape), axis=-1))


def _summed_action(
    rotations: ExactArray,
    weights: NDArray[np.int64],
    words: tuple[tuple[int, ...], ...],
    place: NDArray[np.int64],
    sign: NDArray[np.int64],
) -> IntMatrix:
    """Σ_g w(g) M(g) up to a positive factor, as integers (n_words, n_words)."""
    order = len(rotations)
    rows = ExactArray.integers(np.broadcast_to(weights.reshape(-1, 1, 1), (order, len(words), 1)).copy())
    for k in range(place.ndim):
        factor = rotations[:, [word[k] for word in words]]
        rows = (rows.reshape(order, len(words), -1, 1) * factor.reshape(order, len(words), 1, 3)).reshape(
            order, len(words), -1
        )
    total = rows.sum(0)
    assert not total.numerators[..., 1:].any(), "the projector on invariants is rational"
    matrix = np.zeros((len(words), len(words)), dtype=total.numerators.dtype)
    kept = np.flatnonzero(sign.ravel())
    np.add.at(matrix.T, place.ravel()[kept], (total.numerators[..., 0] * sign.ravel())[:, kept].T)
    result: IntMatrix = matrix.astype(object)
    return result


def reduced_echelon(matrix: IntMatrix) -> tuple[list[IntMatrix], list[int]]:
    """Reduced row echelon form over ℚ in integers: rows with coprime entries, and their pivot columns."""
    rows = [row for row in matrix if row.any()]
    done: list[IntMatrix] = []
    pivots: list[int] = []
    while rows:
        pivot, which = min((int(np.flatnonzero(row)[0]), k) for k, row in enumerate(rows))
        row = rows.pop(which)
        row = row // int(np.gcd.reduce(row)) * (1 if row[pivot] > 0 else -1)
        rows = [r for r in (_eliminated(other, row, pivot) for other in rows) if r.any()]
        done = [_eliminated(other, row, pivot) for other in done]
        done.append(row)
        pivots.append(pivot)
    return done, pivots


def _eliminated(row: IntMatrix, by: IntMatrix, pivot: int) -> IntMatrix:
    if not row[pivot]:
        return row
    cleared: IntMatrix = row * by[pivot] - by * row[pivot]
    divisor = int(np.gcd.reduce(cleared))
    return cleared // divisor if divisor > 1 else cleared


@overload
def invariant_tensors(
    group: PointGroup, notation: str | IndexSymmetry, axial: bool = False, exact: Literal[False] = False
) -> NDArray[np.float64]: ...
@overload
def invariant_tensors(
    group: PointGroup, notation: str | IndexSymmetry, axial: bool = False, *, exact: Literal[True]
) -> sympy.ImmutableDenseNDimArray: ...
def invariant_tensors(
    group: PointGroup, notation: str | IndexSymmetry, axial: bool = False, exact: bool = False
) -> NDArray[np.float64] | sympy.ImmutableDenseNDimArray:
    """Orthonormal basis (n, 3, …, 3) of the tensors that a group leaves unchanged, in the axes of ``group.rotations``.

    Args:
        group: a point group; a rotated one gives rotated tensors.
        notation: the index symmetry, "ij=ji", "V[V2]" …
        axial: the tensor transforms with an extra det(R).
        exact: return SymPy numbers (not for a rotated group).

    >>> from pointgroups import point_group
    >>> invariant_tensors(point_group("D4h"), "ij=ji", exact=True)[0]
    [[sqrt(2)/2, 0, 0], [0, sqrt(2)/2, 0], [0, 0, 0]]
    """
    standard = group.in_standard_frame
    space = invariant_space(standard, notation, axial)
    rank = space.symmetry.rank
    place, sign = space.symmetry.components()
    texts = _orthonormal(space)
    if exact:
        import sympy

        if group.is_rotated:
            raise ValueError(f"exact invariants are known in the axes of a setting, not in those of {group!r}")
        numbers = [
            symbolic(row[p]) * int(s) if s else sympy.Integer(0)
            for row in texts
            for p, s in zip(place.ravel(), sign.ravel(), strict=True)
        ]
        return sympy.ImmutableDenseNDimArray(numbers, (len(texts), *(3,) * rank) if texts else (0,))
    independent = np.array([[value(t).real for t in row] for row in texts]).reshape(len(texts), len(space.words))
    tensors = (independent[:, place.ravel()] * sign.ravel().astype(float)).reshape(len(texts), *(3,) * rank)
    return read_only(turned(tensors, group.frame, rank) if group.is_rotated else tensors)


@lru_cache(maxsize=256)
def _orthonormal(space: InvariantSpace) -> tuple[tuple[str, ...], ...]:
    """Gram–Schmidt on the echelon rows, as number tokens; the metric is the sizes of the orbits of index words."""
    place, sign = space.symmetry.components()
    metric = np.bincount(place.ravel()[sign.ravel() != 0], minlength=len(space.words)).tolist()
    done: list[tuple[dict[int, Fraction], Fraction]] = []
    for row in space.coefficients:
        rest = {k: x for k, x in enumerate(row) if x}
        for other, norm in done:
            overlap = sum((metric[k] * x * other[k] for k, x in rest.items() if k in other), Fraction(0)) / norm
            if overlap:
                rest = {k: rest.get(k, Fraction(0)) - overlap * other.get(k, Fraction(0)) for k in rest | other}
        done.append((rest, sum((metric[k] * x * x for k, x in rest.items()), Fraction(0))))
    texts = []
    for rest, norm in done:
        q, n = surd(1 / norm)
        texts.append(tuple(token([(q * rest[k], n, False)] if rest.get(k) else []) for k in range(len(space.words))))
    return tuple(texts)


def turned(tensors: NDArray[np.float64], rotation: NDArray[np.float64], rank: int) -> NDArray[np.float64]:
    """R·T on the last ``rank`` axes of tensors (…, 3, …, 3): every index contracted with R; no det(R)."""
    result: NDArray[np.float64] = tensors
    for axis in range(tensors.ndim - rank, tensors.ndim):
        result = np.moveaxis(np.tensordot(result, rotation, axes=(axis, 1)), -1, axis)
    return result


def projected(group: PointGroup, tensors: NDArray[np.float64], rank: int, axial: bool = False) -> NDArray[np.float64]:
    """(1/|G|) Σ_g g·T on the last ``rank`` axes of tensors (…, 3, …, 3): their invariant part."""
    total = np.zeros_like(tensors)
    for r, d in zip(group.rotations, group.determinants, strict=True):
        total += turned(tensors, r, rank) * (d if axial else 1)
    return total / group.order
