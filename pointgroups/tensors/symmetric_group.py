"""Irreps of the symmetric group: Young's seminormal and orthogonal forms.

Rows and columns of ρ_λ are the standard tableaux of λ in last-letter order. In both forms the transposition
(k, k+1) has on the diagonal ρ = 1/(content of k+1 − content of k) and mixes T with T′ = (k k+1) T alone:

    seminormal  ( ρ  1 − ρ² )      orthogonal  (    ρ      √(1 − ρ²) )
                ( 1    −ρ   )                  ( √(1 − ρ²)    −ρ     )      T before T′.

The seminormal matrices are rational. The orthogonal ones are √(q_T/q_T′) times them, with rational squared lengths
q = 1 for the first tableau and q_T′ = (1 − ρ²) q_T. A permutation is a product of adjacent transpositions.

Source: A. Young, Proc. London Math. Soc. 34, 196 (1932); G. James, A. Kerber, The Representation Theory of the
Symmetric Group (1981), ch. 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only, surd, symbolic, token, value

from .young import Partition, Permutation, checked_partition, checked_permutation, contents, standard_tableaux

FractionMatrix = NDArray[np.object_]


def seminormal_transposition(shape: Partition, k: int) -> FractionMatrix:
    """Young's seminormal matrix (f_λ, f_λ) of the transposition (k, k+1), Fractions; see the module."""
    shape = checked_partition(shape)
    if not 0 <= k < sum(shape) - 1:
        raise ValueError(f"transpositions (k, k+1) of {sum(shape)} boxes have k = 0 … {sum(shape) - 2}, not {k}")
    return _transposition(shape, k)


@cache
def _transposition(shape: Partition, k: int) -> FractionMatrix:
    matrix = _identity(len(standard_tableaux(shape)))
    for i, (j, rho) in enumerate(_neighbours(shape, k)):
        matrix[i, i] = rho
        if j is not None:
            matrix[i, j] = 1 - rho**2 if i < j else Fraction(1)
    return read_only(matrix)


@cache
def _neighbours(shape: Partition, k: int) -> list[tuple[int | None, Fraction]]:
    """For each tableau T the number of (k k+1) T, None where that is not standard, and ρ."""
    tableaux = [contents(tableau) for tableau in standard_tableaux(shape)]
    number = {c: i for i, c in enumerate(tableaux)}
    return [(number.get((*c[:k], c[k + 1], c[k], *c[k + 2 :])), Fraction(1, c[k + 1] - c[k])) for c in tableaux]


def _identity(size: int) -> FractionMatrix:
    matrix = np.full((size, size), Fraction(0), dtype=object)
    np.fill_diagonal(matrix, Fraction(1))
    return matrix


def adjacent_word(s: Permutation) -> list[int]:
    """k₁, k₂, … with σ = (k₁ k₁+1)(k₂ k₂+1)…, as few as there are inversions."""
    word: list[int] = []
    images = list(s)
    while True:  # σ (k k+1) exchanges the images of k and k + 1
        k = next((k for k in range(len(s) - 1) if images[k] > images[k + 1]), None)
        if k is None:
            return word[::-1]
        images[k], images[k + 1] = images[k + 1], images[k]
        word.append(k)


def seminormal_matrix(shape: Partition, permutation: Sequence[int]) -> FractionMatrix:
    """Young's seminormal matrix ρ_λ(σ), rational: ρ_λ(στ) = ρ_λ(σ) ρ_λ(τ).

    Args:
        shape: λ, of n boxes.
        permutation: σ, the images of 0 … n − 1.

    Returns:
        (f_λ, f_λ) Fractions in an array of objects, read-only; rows and columns as :func:`standard_tableaux`.

    Raises:
        ValueError: not a partition, or not a permutation of its n boxes.

    Source: James & Kerber, The Representation Theory of the Symmetric Group (1981), ch. 3.

    >>> [[str(x) for x in row] for row in seminormal_matrix((2, 1), (0, 2, 1))]
    [['-1/2', '3/4'], ['1', '1/2']]
    """
    shape = checked_partition(shape)
    s = checked_permutation(permutation, sum(shape))
    rows = [tuple(row) for row in _identity(len(standard_tableaux(shape)))]
    for k in adjacent_word(s):
        rows = [_row_times_transposition(row, shape, k) for row in rows]
    return read_only(np.array(rows, dtype=object))


@lru_cache(maxsize=64)
def inverse_rows(shape: Partition, i: int) -> dict[Permutation, tuple[Fraction, ...]]:
    """Row i of the seminormal ρ_λ(σ⁻¹) for every σ in lexicographic order.

    From one to the next by ρ((sσ)⁻¹) = ρ(σ⁻¹) ρ(s) with s = (k k+1).
    """
    n = sum(shape)
    one = tuple(range(n))
    found = {one: tuple(_identity(len(standard_tableaux(shape)))[i])}
    frontier = [one]
    while frontier:
        s = frontier.pop()
        for k in range(n - 1):
            exchanged = tuple({k: k + 1, k + 1: k}.get(image, image) for image in s)
            if exchanged not in found:
                found[exchanged] = _row_times_transposition(found[s], shape, k)
                frontier.append(exchanged)
    return dict(sorted(found.items()))


def _row_times_transposition(row: tuple[Fraction, ...], shape: Partition, k: int) -> tuple[Fraction, ...]:
    """Σ_i row_i ρ(s)_ij, where column j of ρ(s) has at most two entries that are not zero."""
    matrix = _transposition(shape, k)
    neighbours = _neighbours(shape, k)
    return tuple(
        x * rho + (row[i] * matrix[i, j] if i is not None else 0)
        for j, (x, (i, rho)) in enumerate(zip(row, neighbours, strict=True))
    )


@cache
def squared_lengths(shape: Partition) -> tuple[Fraction, ...]:
    """q_T of every tableau: √(q_T/q_T′) ρ(σ)_TT′ is orthogonal for the seminormal ρ(σ)."""
    q = [Fraction(1)] * len(standard_tableaux(shape))
    for i in range(len(q)):  # every tableau but the first is (k k+1) T for some k and an earlier T
        for k in range(sum(shape) - 1):
            j, rho = _neighbours(shape, k)[i]
            if j is not None and j > i:
                q[j] = q[i] * (1 - rho**2)
    return tuple(q)


def orthogonal_representation(shape: Partition, permutation: Sequence[int], exact: bool = False) -> NDArray[Any]:
    """Young's orthogonal matrix of a permutation, ρ_λ(σ) ρ_λ(σ)ᵀ = 1; entries are square roots of rational numbers.

    Args:
        shape: λ, of n boxes.
        permutation: σ, the images of 0 … n − 1.
        exact: SymPy numbers in an array of objects, in place of float64.

    Returns:
        (f_λ, f_λ), read-only; rows and columns as :func:`standard_tableaux`.

    Raises:
        ValueError: not a partition, or not a permutation of its n boxes.

    Source: A. Young, Proc. London Math. Soc. 34, 196 (1932).

    >>> orthogonal_representation((2, 1), (0, 2, 1), exact=True).tolist()
    [[-1/2, sqrt(3)/2], [sqrt(3)/2, 1/2]]
    >>> orthogonal_representation((2, 1), (1, 0, 2)).tolist()
    [[1.0, 0.0], [0.0, -1.0]]
    """
    matrix = seminormal_matrix(shape, permutation)
    q = squared_lengths(checked_partition(shape))
    number = times_root if exact else _rounded
    entries = [[number(x, q[i] / q[j]) for j, x in enumerate(row)] for i, row in enumerate(matrix)]
    return read_only(np.array(entries, dtype=object if exact else np.float64))


def times_root(x: Fraction, square: Fraction) -> Any:
    """x √square as a SymPy number."""
    return symbolic(_token(x, square))


def _rounded(x: Fraction, square: Fraction) -> float:
    return value(_token(x, square)).real


def _token(x: Fraction, square: Fraction) -> str:
    factor, inside = surd(square)
    return token([(x * factor, inside, False)] if x else [])
