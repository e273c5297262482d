"""Intertwiners by projection: one routine behind couplings, symmetry-adapted bases and harmonics.

For an irrep Γ of dimension d and any representation O of the same group the transfer operators

    P^{kl} = (d/|G|) Σ_g Γ_kl(g)* O(g)

satisfy P^{kl} P^{lm} = P^{km}. For every vector s the columns u_k = P^{k0} s form an intertwiner, O(g) u_k = Σ_i u_i
Γ_ik(g): a copy of Γ inside O, or zero. Over ℝ an irrep of complex type has a commutant {1, J}; u_k is then still an
intertwiner (P^{kl} is the sum over the two conjugate irreps), and u·J is another one for the same copy.

Everything here works alike on exact arrays and on NumPy arrays.

Source: E. P. Wigner, Group Theory (1959), ch. 12; A. F. Izmaylov, J. Phys. Chem. A 123, 3429 (2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .exact import ExactArray, concatenate

Array = Any  # ExactArray or NDArray: the algorithm is the same on both
_NEGLIGIBLE = 1e-12


def candidate_intertwiners(gamma: Array, images: Array) -> Array:
    """P^{k0} s for every seed s.

    Args:
        gamma: irrep matrices (|G|, d, d).
        images: O(g) s, shape (|G|, N, n_seeds).

    Returns:
        Array (n_seeds, N, d): column k of entry s is P^{k0} s.
    """
    order, dim = gamma.shape[0], gamma.shape[-1]
    _, size, seeds = images.shape
    weights = gamma[:, :, 0].conj().transpose(1, 0)
    summed = weights @ images.reshape(order, size * seeds)
    scale = Fraction(dim, order) if isinstance(summed, ExactArray) else dim / order
    return (summed * scale).reshape(dim, size, seeds).transpose(2, 1, 0)


def independent_copies(
    candidates: Array, multiplicity: int, commutant: Sequence[Array] = (), metric: Array | None = None
) -> list[Array]:
    """The first ``multiplicity`` independent intertwiners among candidates, made mutually orthogonal, not normalised.

    Args:
        candidates: (n_seeds, N, d) in the order in which they shall be taken.
        multiplicity: how many copies there are, known from characters.
        commutant: matrices J (d, d) beside the identity; the copies u·J count as the same copy.
        metric: weights (N,) of the inner product ⟨a, b⟩ = Σ w a* b; ones when None.
    """
    size, dim = candidates.shape[1:]
    rows = candidates.reshape(len(candidates), size * dim)
    weights = None if metric is None else _repeated(metric, dim)
    found: list[Array] = []
    spanned: list[Array] = []  # mutually orthogonal rows, and their weighted conjugates over their squared norms
    duals: list[Array] = []
    for s in range(len(rows)):
        if len(found) == multiplicity:
            break
        rest = rows[s : s + 1]
        if spanned:
            rest = rest - (rest @ _joined(duals).mT) @ _joined(spanned)
        norm = _squared(rest, weights)
        if norm == 0:
            continue
        copy = rest.reshape(size, dim)
        found.append(copy)
        for u in (copy, *(copy @ j for j in commutant)):
            row = u.reshape(1, size * dim)
            spanned.append(row)
            duals.append((row if weights is None else row * weights).conj() * (1 / norm))
    if len(found) != multiplicity:
        raise ArithmeticError(f"{len(found)} independent copies were found where characters say {multiplicity}")
    return found


def _squared(row: Array, weights: Array | None) -> Any:
    """⟨a, a⟩ of one row: for exact arrays a Fraction, or exact if irrational; else a float, 0 if negligible."""
    total = (row if weights is None else row * weights).conj() @ row.mT
    if isinstance(total, ExactArray):
        scalar = total.reshape()
        return scalar.rational() if scalar.present == [0] else scalar
    value = float(total[0, 0].real)
    return value if value > _NEGLIGIBLE else 0.0


def _repeated(metric: Array, dim: int) -> Array:
    """Weights (N,) as a row (1, N·d)."""
    index = [n for n in range(len(metric)) for _ in range(dim)]
    return metric[index].reshape(1, len(index))


def _joined(rows: list[Array]) -> Array:
    return concatenate(rows) if isinstance(rows[0], ExactArray) else np.concatenate(rows)


def squared_norm(intertwiner: Array, metric: Array | None = None) -> Any:
    """‖u_k‖², the same for every column k: a Fraction, or exact where it is irrational; of floats a float."""
    size, dim = intertwiner.shape
    weights = None if metric is None else _repeated(metric, dim)
    return _squared(intertwiner.reshape(1, size * dim), weights) * Fraction(1, dim)
