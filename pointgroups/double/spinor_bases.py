"""Spinor irreps in named bases, exactly, and the combinations of |j m⟩ that carry them.

Matrices are the first of this list whose trace is the character:

    the SU(2) matrices themselves, basis |½ ½⟩, |½ −½⟩ · the pairs |j j⟩, |j −j⟩ for j = 3/2, 5/2 where they are
    invariant (main axis z) · the quartet |3/2 m⟩ · these times det(g), for u partners · SU(2) times a one-dimensional
    irrep (E5/2 = A2 ⊗ E1/2 in O, ¹F3/2 = ¹E ⊗ E1/2 in T).

So u partners have the matrices of their g partners on proper elements. One-dimensional irreps are their characters. The
basis is then found by projection in the lowest multiplet j that contains the irrep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from pointgroups.exact import ExactArray
from pointgroups.projection import candidate_intertwiners, independent_copies, squared_norm

from .root_text import root_tokens
from .spin_j import monomial_norms, monomial_representation, spin_text


def spinor_matrices(
    character: ExactArray, su2: ExactArray, determinants: ExactArray, one_dimensional: Sequence[ExactArray]
) -> ExactArray:
    """Matrices (|G|, d, d) of the spinor irrep of this character, one value an element 0 … |G|−1."""
    order = len(su2)
    if int(character[0].rational()) == 1:
        return character.reshape(order, 1, 1)
    for matrices in _candidates(su2, determinants.reshape(order, 1, 1), one_dimensional):
        if trace(matrices) == character:
            return matrices
    raise AssertionError("every spinor irrep of a crystallographic point group is one of the named candidates")


def _candidates(su2: ExactArray, sign: ExactArray, one_dimensional: Sequence[ExactArray]) -> Iterator[ExactArray]:
    named = [su2]
    for twice in (3, 5):
        multiplet = monomial_representation(su2, twice)
        if not multiplet[:, 1:twice][:, :, [0, twice]].nonzero().any():
            named.append(multiplet[:, [0, twice]][:, :, [0, twice]])
    named.append(_orthonormal_quartet(su2))
    yield from named
    yield from (matrices * sign for matrices in named)
    for factor in one_dimensional:
        yield su2 * factor.reshape(len(su2), 1, 1)


def _orthonormal_quartet(su2: ExactArray) -> ExactArray:
    """D^{3/2} on |3/2 m⟩: monomials have the squared norms 6, 2, 2, 6."""
    up = ExactArray.parse(["sqrt(6)", "sqrt(2)", "sqrt(2)", "sqrt(6)"])
    down = ExactArray.parse(["sqrt(6)/6", "sqrt(2)/2", "sqrt(2)/2", "sqrt(6)/6"])
    return monomial_representation(su2, 3) * up.reshape(1, 4, 1) * down.reshape(1, 1, 4)


def adapted_rows(
    gamma: ExactArray, su2: ExactArray, signs: ExactArray, twice: int, copies: int
) -> list[list[list[str]]]:
    """Coefficients on |j m⟩, m = j … −j, of every copy and component of an irrep in the multiplet j.

    ``signs`` (|G|,) is the parity factor of every element. Copies come from projecting |j m⟩ in the order m = j … −j,
    each made orthogonal to those before; the first non-zero coefficient of component 1 is positive.

    Returns:
        Number tokens, copies × d × (2j+1).
    """
    order = len(su2)
    representation = monomial_representation(su2, twice) * signs.reshape(order, 1, 1)
    metric = ExactArray.integers(monomial_norms(twice))
    candidates = candidate_intertwiners(gamma, representation)
    found = []
    for u in independent_copies(candidates, copies, metric=metric):
        first = u[:, 0][int(np.flatnonzero(u[:, 0].nonzero())[0])]
        turned = u * first.conj()
        squares = [Fraction(n) / squared_norm(turned, metric) for n in monomial_norms(twice)]
        found.append([root_tokens(turned[:, k], squares) for k in range(u.shape[-1])])
    return found


def ket_text(tokens: Sequence[str], twice: int) -> str:
    """ "|3/2,3/2>" or "sqrt(6)/6*|5/2,5/2>-sqrt(30)/6*|5/2,-3/2>"."""
    text = ""
    for k, number in enumerate(tokens):
        if number == "0":
            continue
        m = spin_text(abs(twice - 2 * k))
        ket = f"|{spin_text(twice)},{'-' if twice < 2 * k else ''}{m}>"
        compound = any(sign in number[1:] for sign in "+-")
        lead = {"1": "", "-1": "-"}.get(number, f"({number})*" if compound else f"{number}*")
        text += (lead if lead.startswith("-") or not text else f"+{lead}") + ket
    return text


def trace(matrices: ExactArray) -> ExactArray:
    """Characters (n,) of matrices (n, d, d)."""
    dim = matrices.shape[-1]
    return matrices.reshape(len(matrices), dim * dim)[:, :: dim + 1].sum(1)
