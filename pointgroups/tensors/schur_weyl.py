"""Permutations of the indices of tensors, and Schur–Weyl duality.

σ moves the index at place k to place σ(k): (σT)_{i_0 … i_{n−1}} = T_{i_σ(0) … i_σ(n−1)}, so that (στ)T = σ(τT).
This action of S_n on V^{⊗n}, V = ℝ³, and that of GL(3), T → g^{⊗n} T, are each other's commutant:

    V^{⊗n} = ⊕_λ S_λ ⊗ U_λ ,     λ the partitions of n with at most three rows.

The central idempotent of λ projects on S_λ ⊗ U_λ, the unit e_TT on one copy of U_λ for each standard tableau T, and
e_TU carries the copy of U to that of T, as an isometry in the orthogonal form.

Source: H. Weyl, The Classical Groups (1946), ch. IV; W. Fulton, J. Harris, Representation Theory (1991), § 6.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only

from .group_algebra import central_projector, checked_elements, matrix_unit
from .young import (
    Partition,
    Permutation,
    checked_partition,
    checked_standard,
    dimension_linear,
    dimension_symmetric,
    inverse,
    partitions,
    shape_of,
)

FloatArray = NDArray[np.float64]


def permute(element: Mapping[Permutation, Any], tensors: ArrayLike) -> FloatArray:
    """An element of the group algebra on tensors, Σ_σ x_σ σT with (σT)_{i_0 … i_{n−1}} = T_{i_σ(0) … i_σ(n−1)}.

    It is a left action: σ moves the index at place k to place σ(k), and (στ)T = σ(τT).

    Args:
        element: coefficients of permutations of n places; an empty mapping is 0.
        tensors: (…, 3, …, 3), of which the last n axes are permuted.

    Returns:
        float64 of the shape of ``tensors``.

    Raises:
        ValueError: keys that are no permutations of the same places, or tensors of another shape.

    Source: Fulton & Harris, Representation Theory (1991), § 6.1, there with the action on the right.

    >>> from pointgroups import young_symmetrizer
    >>> permute(young_symmetrizer(((0, 1),)), [[0, 1, 0], [0, 0, 0], [0, 0, 0]]).tolist()
    [[0.0, 0.5, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    values = np.asarray(tensors, dtype=np.float64)
    (checked,) = checked_elements(element)
    n = len(next(iter(checked), ()))
    lead = values.ndim - n
    if lead < 0 or values.shape[lead:] != (3,) * n:
        raise ValueError(f"permutations of {n} places act on tensors of shape (…{', 3' * n}), not {values.shape}")
    total = np.zeros_like(values)
    for s, x in checked.items():
        total += float(x) * values.transpose(*range(lead), *(lead + k for k in inverse(s)))
    return total


def schur_weyl(n: int) -> dict[Partition, tuple[int, int]]:
    """V^{⊗n} = ⊕_λ S_λ ⊗ U_λ: the dimensions (f_λ, dim U_λ) for every λ that occurs; Σ f_λ dim U_λ = 3ⁿ.

    Raises:
        ValueError: a negative number.

    Source: Weyl, The Classical Groups (1946), ch. IV.

    >>> schur_weyl(3)
    {(3,): (1, 10), (2, 1): (2, 8), (1, 1, 1): (1, 1)}
    """
    return {shape: (dimension_symmetric(shape), dimension_linear(shape)) for shape in partitions(n, rows=3)}


def schur_weyl_projector(shape: Partition, tableau: Sequence[Sequence[int]] | None = None) -> FloatArray:
    """The orthogonal projector of V^{⊗n} on S_λ ⊗ U_λ, or on the copy of U_λ that belongs to a standard tableau.

    Its rank is f_λ dim U_λ, or dim U_λ; copies of different tableaux are orthogonal. Zero where λ has more than three
    rows.

    Args:
        shape: λ, of n boxes.
        tableau: a standard tableau of that shape; None for all copies together.

    Returns:
        (3ⁿ, 3ⁿ), symmetric, read-only; components of tensors in row-major order.

    Raises:
        ValueError: not a partition, or not a standard tableau of that shape.

    Source: Weyl, The Classical Groups (1946), ch. IV.

    >>> import numpy as np
    >>> antisymmetric = schur_weyl_projector((1, 1))
    >>> tensor = np.arange(9.0)
    >>> (antisymmetric @ tensor).reshape(3, 3).tolist()
    [[0.0, -1.0, -2.0], [1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]
    """
    shape = checked_partition(shape)
    if tableau is None:
        return read_only(_operator(central_projector(shape), sum(shape)))
    t = checked_standard(tableau)
    if shape_of(t) != shape:
        raise ValueError(f"a tableau of the shape {shape} is wanted, not one of {shape_of(t)}")
    return read_only(_operator(matrix_unit(t, t), sum(shape)))


def _operator(element: Mapping[Permutation, Fraction], n: int) -> FloatArray:
    """Σ_σ x_σ σ as a matrix (3ⁿ, 3ⁿ): whole numbers are added up and divided once, so that zero is zero."""
    denominator = math.lcm(*(x.denominator for x in element.values()))
    places = np.arange(3**n).reshape((3,) * n)
    matrix = np.zeros((3**n, 3**n))
    for s, x in element.items():
        matrix[places.ravel(), places.transpose(inverse(s)).ravel()] += int(x * denominator)
    return matrix / denominator
