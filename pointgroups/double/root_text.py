"""Exact numbers with further square roots, as text: x √s with x in ℚ(√2, √3, i) and s rational.

Normalised spinor functions and couplings need √5, √7, …, which lie outside the field of
:class:`~pointgroups.exact.ExactArray`. They arise by one root in the last step only, so the text is the exact value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from pointgroups.exact import SURDS, ExactArray, surd, terms, token


def root_tokens(values: ExactArray, squares: Sequence[Fraction]) -> list[str]:
    """Exact text of x_k √s_k for the entries x_k of a vector and rational numbers s_k ≥ 0."""
    texts = []
    for row, square in zip(values.numerators.tolist(), squares, strict=True):
        roots = [surd(square * n) for n in SURDS]
        number = [
            (roots[k & 3][0] * Fraction(c, values.denominator), roots[k & 3][1], k >= 4)
            for k, c in enumerate(row)
            if c and square
        ]
        texts.append(token(number))
    return texts


@cache
def negated(text: str) -> str:
    """The token of −x.

    >>> negated("1/2-sqrt(3)*I/2")
    '-1/2+sqrt(3)*I/2'
    """
    return token([(-q, n, imaginary) for q, n, imaginary in terms(text)])


@cache
def conjugated(text: str) -> str:
    """The token of the complex conjugate of x.

    >>> conjugated("1/2-sqrt(3)*I/2")
    '1/2+sqrt(3)*I/2'
    """
    return token([(-q if imaginary else q, n, imaginary) for q, n, imaginary in terms(text)])
