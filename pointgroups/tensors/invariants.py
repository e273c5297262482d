"""Tensors that a point group leaves unchanged, in exact rational arithmetic.

A tensor with an index symmetry is known by its independent components c, one for each orbit of index words. A
rotation R acts on them by the matrix M(R) whose row for the word i₁…i_n adds up Π_k R_{i_k j_k} over the words j₁…j_n
of each orbit, with signs. The invariants are the image of P = (1/|G|) Σ_g M(g). P is rational for every setting of
the 32 groups: the conjugation √3 → −√3 maps each of them onto itself. The reduced echelon form of the image expresses
all components by the first independent ones, which is what printed tables do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import HASH_DENOMINATOR, SURDS, ExactArray, read_only, surd, symbolic, token, value
from pointgroups.point_group import PointGroup

from .index_permutations import IndexSymmetry, index_symmetry

if TYPE_CHECKING:
    import sympy

Row = dict[int, int]


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
    """The image of Σ_g w(g) M(g) for the hashed matrices g and signs w.

    The diagonal elements D only change signs of components, so that Σ_d w(d) M(d) selects words. The sum over G is that
    selection followed by a sum over one element r of each coset r D.
    """
    twice = _twice_in_surds([key for key, _ in elements])
    weights = np.array([w for _, w in elements])
    diagonal = np.flatnonzero((twice[:, ~np.eye(3, dtype=bool)] == 0).all(axis=(1, 2)))
    flips = np.sign(np.diagonal(twice[diagonal, :, :, 0], axis1=1, axis2=2))
    place, sign = symmetry.components()
    words = _first_words(place, sign)
    signs = np.prod(flips[:, np.array(words, dtype=np.int64).reshape(len(words), symmetry.rank)], axis=2)
    kept = np.flatnonzero((signs * weights[diagonal, None] == 1).all(axis=0))
    representatives = _cosets(twice, flips)
    matrix = _summed_action(twice[representatives], weights[representatives], [words[k] for k in kept])
    columns = np.zeros((len(kept), len(words)), dtype=np.int64)
    occurring = np.flatnonzero(sign.ravel())
    np.add.at(columns.T, place.ravel()[occurring], (matrix * sign.ravel())[:, occurring].T)
    image = columns[:, kept].T.tolist()
    rows = reduced_echelon({k: x for k, x in zip(kept.tolist(), row, strict=True) if x} for row in image)
    zero = Fraction(0)
    coefficients = tuple(
        tuple(Fraction(row[k], row[pivot]) if k in row else zero for k in range(len(words)))
        for pivot, row in rows.items()
    )
    return InvariantSpace(symmetry, words, tuple(rows), coefficients)


def _twice_in_surds(keys: list[bytes]) -> NDArray[np.int64]:
    """(n, 3, 3, 2) integers a, b of the hashed matrices (a + b √3)/2."""
    numerators = np.frombuffer(b"".join(keys), dtype=np.int64).reshape(-1, 3, 3, 8)
    twice, rest = np.divmod(2 * numerators, HASH_DENOMINATOR)
    pair = twice[..., [SURDS.index(1), SURDS.index(3)]]
    assert not rest.any(), "rotations have entries in halves"
    assert np.abs(twice).sum() == np.abs(pair).sum(), "rotations have entries in Q(√3)"
    return pair


def _cosets(twice: NDArray[np.int64], flips: NDArray[np.int64]) -> list[int]:
    """One element of each coset r D; r d has the columns of r with the signs of d."""
    index = {matrix.tobytes(): k for k, matrix in enumerate(twice)}
    found: list[int] = []
    covered: set[int] = set()
    for k, matrix in enumerate(twice):
        if k not in covered:
            found.append(k)
            covered.update(index[(matrix * flip[None, :, None]).tobytes()] for flip in flips)
    return found


def _first_words(place: NDArray[np.int64], sign: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """The first index word of every independent component; a scalar has the empty word."""
    if sign.ndim == 0:
        return ((),)
    kept = np.flatnonzero(sign.ravel())
    numbers = place.ravel()[kept]
    first = np.full(int(numbers.max(initial=-1)) + 1, sign.size)
    np.minimum.at(first, numbers, kept)
    return tuple(tuple(map(int, word)) for word in np.stack(np.unravel_index(first, sign.shape), axis=-1))


def _summed_action(
    twice: NDArray[np.int64], weights: NDArray[np.int64], words: list[tuple[int, ...]]
) -> NDArray[np.int64]:
    """Σ_g w(g) Π_k (2 R_g)_{i_k j_k} for each word i and all words j, (n_words, 3^n) integers.

    It is summed over enough elements for the parts in √3 to cancel on the components that a diagonal element keeps.
    """
    order, count = len(twice), len(words)
    one = np.broadcast_to(weights.reshape(-1, 1, 1), (order, count, 1))
    root = np.zeros_like(one)
    for k in range(len(words[0]) if words else 0):
        factor, factor_root = np.moveaxis(twice[:, [word[k] for word in words]], -1, 0)[:, :, :, None, :]
        before, before_root = one[..., None], root[..., None]
        one = before * factor + 3 * before_root * factor_root
        root = before * factor_root + before_root * factor
        one, root = one.reshape(order, count, -1), root.reshape(order, count, -1)
    return np.asarray(one.sum(axis=0))


def reduced_echelon(rows: Iterable[Row]) -> dict[int, Row]:
    """Reduced row echelon form over ℚ of sparse integer rows {column: entry}: pivot column → row, coprime entries.

    Pivots are the first columns of their rows, and ascend.
    """
    done: dict[int, Row] = {}
    for row in rows:
        for pivot in [k for k in row if k in done]:
            row = _eliminated(row, done[pivot], pivot)
        if not row:
            continue
        pivot = min(row)
        divisor = math.gcd(*row.values()) * (1 if row[pivot] > 0 else -1)
        row = {k: x // divisor for k, x in row.items()}
        done = {p: _eliminated(other, row, pivot) if pivot in other else other for p, other in done.items()}
        done[pivot] = row
    return dict(sorted(done.items()))


def _eliminated(row: Row, by: Row, pivot: int) -> Row:
    """A multiple of the row plus one of the other, so that the pivot vanishes; entries coprime."""
    scale, factor = by[pivot], row[pivot]
    cleared = {k: x * scale for k, x in row.items()}
    for k, x in by.items():
        cleared[k] = cleared.get(k, 0) - x * factor
    cleared = {k: x for k, x in cleared.items() if x}
    divisor = math.gcd(*cleared.values())
    return {k: x // divisor for k, x in cleared.items()} if divisor > 1 else cleared


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


def in_turned_axes(tensors: ArrayLike, rotation: NDArray[np.float64], rank: int | None) -> NDArray[np.float64]:
    """R·T on the last ``rank`` axes, all where None; ValueError unless these axes have length 3."""
    values = np.asarray(tensors, dtype=np.float64)
    indices = values.ndim if rank is None else rank
    if not 0 <= indices <= values.ndim or values.shape[values.ndim - indices :] != (3,) * indices:
        raise ValueError(f"tensors of rank {indices} have shape (…{', 3' * indices}), not {values.shape}")
    return turned(values, rotation, indices)


def projected(group: PointGroup, tensors: NDArray[np.float64], rank: int, axial: bool = False) -> NDArray[np.float64]:
    """(1/|G|) Σ_g g·T on the last ``rank`` axes of tensors (…, 3, …, 3): their invariant part."""
    total = np.zeros_like(tensors)
    for r, d in zip(group.rotations, group.determinants, strict=True):
        total += turned(tensors, r, rank) * (d if axial else 1)
    return total / group.order
