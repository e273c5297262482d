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

from .exact import ExactArray

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
    found: list[Array] = []
    spanned: list[tuple[Array, Array]] = []  # intertwiner and its squared norm
    for s in range(candidates.shape[0]):
        if len(found) == multiplicity:
            break
        rest = candidates[s]
        for u, norm in spanned:
            rest = rest - u * _divide(_product(u, rest, metric), norm)
        norm = _product(rest, rest, metric)
        if _is_zero(norm):
            continue
        found.append(rest)
        spanned.append((rest, norm))
        spanned.extend((rest @ j, norm) for j in commutant)
    if len(found) != multiplicity:
        raise ArithmeticError(f"{len(found)} independent copies were found where characters say {multiplicity}")
    return found


def _product(a: Array, b: Array, metric: Array | None) -> Array:
    """⟨a, b⟩ = Σ_{nk} w_n a_nk* b_nk, a scalar."""
    terms = a.conj() * b
    if metric is not None:
        terms = terms * metric.reshape(-1, 1)
    if isinstance(terms, ExactArray):
        return terms.reshape(terms.shape[0] * terms.shape[1]).sum(0)
    return terms.sum()


def _divide(a: Array, b: Array) -> Array:
    return a * (1 / b.rational()) if isinstance(b, ExactArray) else a / b


def _is_zero(norm: Array) -> bool:
    return not norm.nonzero().any() if isinstance(norm, ExactArray) else bool(abs(norm) < _NEGLIGIBLE)


def squared_norm(intertwiner: Array, metric: Array | None = None) -> Array:
    """‖u_k‖², the same for every column k: a Fraction for exact arrays, else a float."""
    total = _product(intertwiner, intertwiner, metric)
    dim = intertwiner.shape[-1]
    return total.rational() / dim if isinstance(total, ExactArray) else float(total.real) / dim
