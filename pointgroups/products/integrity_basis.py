"""The integrity basis of an irrep: invariant polynomials of which all others are polynomials.

By degrees: of the invariants of degree n those count that no product of lower ones spans,

    I_n = (products of generators of lower degree) ⊕ (new generators of degree n) .

A new generator is taken as projected from a monomial, or with its part along the products taken away (in the Fischer
product), whichever has fewer terms and then smaller coefficients: x⁴ + y⁴ + z⁴, but Re (x + iy)⁶.

With primary invariants of degrees d_i and N(t) of Molien's series, all generators have degrees up to the largest of the
d_i and the degree of N, so the search ends. It is exact: ranks are found by elimination over ℚ(√2, √3, i).

Source: E. Noether, Math. Ann. 77, 89 (1916); L. Michel, B. Zhilinskií, Phys. Rep. 341, 11 (2001).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pointgroups.exact import ExactArray, concatenate
from pointgroups.irreps import Irrep

from .covariants import Covariants, covariants, reciprocal, simplest
from .molien import molien_series
from .power_representation import fischer_norms, monomials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Product = tuple[tuple[str, ...], ExactArray]
"""The factors of a product of generators, as text, and its coefficients on the monomials."""


def integrity_basis(irrep: Irrep) -> Mapping[int, Covariants]:
    """A minimal set of invariants that generates all invariant polynomials of an irrep: {degree: generators}.

    Args:
        irrep: Γ, from ``G.irreps`` or ``G.real_irreps``.

    >>> from pointgroups import point_group
    >>> for degree, found in integrity_basis(point_group("Oh").irreps["T1u"]).items():
    ...     print(degree, found.texts)
    2 (('x1^2 + x2^2 + x3^2',),)
    4 (('x1^4 + x2^4 + x3^4',),)
    6 (('x1^6 + x2^6 + x3^6',),)
    """
    series = molien_series(irrep)
    highest = max(*series.degrees, len(series.numerator) - 1)
    generators = {degree: _of_degree(irrep, degree)[0] for degree in range(1, highest + 1)}
    return {degree: found for degree, found in generators.items() if len(found)}


def landau_expansion(irrep: Irrep, degree: int) -> dict[int, tuple[str, ...]]:
    """The invariants of each degree from 1 to n of an order parameter of symmetry Γ, as products of generators.

    The free energy is a combination of them. Degrees without invariants are left out; a continuous transition needs
    that degree 3 is missing (Landau's condition). For the complex type take the irrep over ℝ, whose order parameter is
    real.

    Raises:
        ValueError: a degree below 1.

    >>> from pointgroups import point_group
    >>> for degree, invariants in landau_expansion(point_group("Td").real_irreps["T2"], 4).items():
    ...     print(degree, *invariants, sep=";  ")
    2;  x1^2 + x2^2 + x3^2
    3;  x1 x2 x3
    4;  (x1^2 + x2^2 + x3^2)^2;  x1^4 + x2^4 + x3^4
    """
    if int(degree) != degree or degree < 1:
        raise ValueError(f"an expansion goes to a degree 1, 2, …, not {degree}")
    found = {n: tuple(_written(names) for names, _ in _of_degree(irrep, n)[1]) for n in range(1, int(degree) + 1)}
    return {n: texts for n, texts in found.items() if texts}


def _written(factors: tuple[str, ...]) -> str:
    """A product as text, equal factors as powers."""
    if len(factors) == 1:
        return factors[0]
    powers = [(f"({f})" if {" ", "^"} & set(f) else f, factors.count(f)) for f in dict.fromkeys(factors)]
    return " ".join(f if n == 1 else f"{f}^{n}" for f, n in powers)


@lru_cache(maxsize=2048)
def _of_degree(irrep: Irrep, degree: int) -> tuple[Covariants, tuple[Product, ...]]:
    """The generators of a degree, and a basis of all its invariants: products of lower generators, and these."""
    invariants = covariants(irrep, degree)
    if degree == 0:
        return invariants, (((), invariants.coefficients[0, 0]),)
    lower = [
        ((*names, text), multiplied(other, generator, irrep.dim, degree - n, n))
        for n in range(1, degree)
        for (text,), generator in zip(*_named(_of_degree(irrep, n)[0]), strict=True)
        for names, other in _of_degree(irrep, degree - n)[1]
    ]
    metric = ExactArray.integers(fischer_norms(irrep.dim, degree))
    candidates = [*(f for _, f in lower), *_named(invariants)[1]]
    kept = _independent(candidates)
    assert len(kept) == molien_series(irrep).coefficient(degree), "Molien's series counts the invariants"
    products = [lower[k] for k in kept if k < len(lower)]
    spanned = [f for _, f in products]
    new = [
        min(candidates[k], _orthogonal_part(candidates[k], spanned, metric), key=_complexity)
        for k in kept
        if k >= len(lower)
    ]
    coefficients = concatenate([invariants.coefficients[:0], *(f.reshape(1, 1, len(f)) for f in new)])
    generators = Covariants(irrep, invariants.covariant, degree, coefficients, invariants.monomials)
    return generators, (*products, *zip(*_named(generators), strict=True))


def _named(invariants: Covariants) -> tuple[tuple[tuple[str, ...], ...], list[ExactArray]]:
    """Invariants as texts and coefficients."""
    return invariants.texts, [invariants.coefficients[k, 0] for k in range(len(invariants))]


def _orthogonal_part(polynomial: ExactArray, spanned: Sequence[ExactArray], metric: ExactArray) -> ExactArray:
    """The polynomial less its projection on the span of others, scaled to coprime integers."""
    basis: list[ExactArray] = []
    for f in (*spanned, polynomial):
        rest = f
        for b in basis:
            dual = (b * metric).conj()
            rest = rest - b * ((dual * rest).sum(0).reshape(1) * reciprocal((dual * b).sum(0).reshape(1)))
        basis.append(rest)
    return simplest(basis[-1].reshape(1, -1))[0]


def _complexity(polynomial: ExactArray) -> tuple[int, int]:
    """Number of terms, and the largest integer in their coefficients."""
    return int(polynomial.nonzero().sum()), polynomial.bound


def multiplied(a: ExactArray, b: ExactArray, variables: int, n: int, m: int) -> ExactArray:
    """Coefficients of the product of two polynomials of degrees n and m."""
    place = {e: k for k, e in enumerate(monomials(variables, n + m))}
    total = ExactArray.integers(np.zeros(len(place), dtype=np.int64))
    left, right = monomials(variables, n), monomials(variables, m)
    for k in np.flatnonzero(a.nonzero()):
        targets = [place[tuple(x + y for x, y in zip(left[k], e, strict=True))] for e in right]
        shifted = np.zeros((len(place), 8), dtype=b.numerators.dtype)
        shifted[targets] = b.numerators
        total = total + ExactArray(shifted, b.denominator) * a[k]
    return total


def _independent(polynomials: Sequence[ExactArray]) -> list[int]:
    """Numbers of the polynomials that are not combinations of those before, by elimination of leading monomials."""
    reduced: dict[int, ExactArray] = {}
    kept = []
    for number, polynomial in enumerate(polynomials):
        rest = polynomial
        for pivot, row in reduced.items():
            if rest[pivot].nonzero():
                rest = rest - row * rest[pivot : pivot + 1]
        places = np.flatnonzero(rest.nonzero())
        if len(places):
            pivot = int(places[0])
            reduced[pivot] = rest * reciprocal(rest[pivot : pivot + 1])
            kept.append(number)
    return kept
