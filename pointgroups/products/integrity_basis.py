"""The integrity basis of an irrep: invariant polynomials of which all others are polynomials.

By degrees: of the invariants of degree n those count that no product of lower ones spans,

    I_n = (products of generators of lower degree) ⊕ (new generators of degree n) .

A new generator is taken as projected from a monomial, or with its part along the products taken away (in the Fischer
product), whichever has fewer terms and then smaller coefficients: x⁴ + y⁴ + z⁴, but Re (x + iy)⁶.

With primary invariants of degrees d_i and N(t) of Molien's series, all generators have degrees up to the largest of the
d_i and the degree of N, so the search ends. Ranks are found by elimination, exactly over ℚ(√2, √3, i), or in floating
point for a group made from generators, and held against Molien's series.

Source: E. Noether, Math. Ann. 77, 89 (1916); L. Michel, B. Zhilinskií, Phys. Rep. 341, 11 (2001).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pointgroups.exact import ExactArray
from pointgroups.irreps import Irrep

from .arithmetic import Arithmetic, Array, arithmetic
from .covariants import Covariants, covariants, no_covariants
from .molien import covariant_of, molien_series
from .power_characters import symmetric_power_multiplicities
from .power_representation import fischer_norms, monomials, require_moderate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Product = tuple[tuple[str, ...], Array]
"""The factors of a product of generators, as text, and its coefficients on the monomials."""


def integrity_basis(irrep: Irrep) -> Mapping[int, Covariants]:
    """A minimal set of invariants that generates all invariant polynomials of an irrep: {degree: generators}.

    Args:
        irrep: Γ, from ``G.irreps``, ``G.real_irreps`` or ``G.double.irreps``, G any group.

    Raises:
        ValueError: as :func:`~pointgroups.molien_series`, whose denominator bounds the degrees, and as
            :func:`~pointgroups.covariants` of the highest of them.

    >>> from pointgroups import point_group
    >>> for degree, found in integrity_basis(point_group("Oh").irreps["T1u"]).items():
    ...     print(degree, found.texts)
    2 (('x1^2 + x2^2 + x3^2',),)
    4 (('x1^4 + x2^4 + x3^4',),)
    6 (('x1^6 + x2^6 + x3^6',),)
    """
    series = molien_series(irrep)
    highest = max(*series.degrees, len(series.numerator) - 1)
    require_moderate(arithmetic(irrep), irrep.dim, highest)
    generators = {degree: _of_degree(irrep, degree)[0] for degree in range(1, highest + 1)}
    return {degree: found for degree, found in generators.items() if len(found)}


def landau_expansion(irrep: Irrep, degree: int) -> dict[int, tuple[str, ...]]:
    """The invariants of each degree from 1 to n of an order parameter of symmetry Γ, as products of generators.

    The free energy is a combination of them. Degrees without invariants are left out; a continuous transition needs
    that degree 3 is missing (Landau's condition). For the complex type take the irrep over ℝ, whose order parameter is
    real.

    Raises:
        ValueError: a degree below 1, or one as :func:`~pointgroups.covariants` refuses.

    >>> from pointgroups import point_group
    >>> for degree, invariants in landau_expansion(point_group("Td").real_irreps["T2"], 4).items():
    ...     print(degree, *invariants, sep=";  ")
    2;  x1^2 + x2^2 + x3^2
    3;  x1 x2 x3
    4;  (x1^2 + x2^2 + x3^2)^2;  x1^4 + x2^4 + x3^4
    """
    if int(degree) != degree or degree < 1:
        raise ValueError(f"an expansion goes to a degree 1, 2, …, not {degree}")
    require_moderate(arithmetic(irrep), irrep.dim, int(degree))
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
    if degree == 0:
        constant = covariants(irrep, 0)
        return constant, (((), constant.coefficients[0, 0]),)
    numbers, trivial = arithmetic(irrep), covariant_of(irrep, None)
    count = symmetric_power_multiplicities(irrep, degree).get(trivial.label, 0)
    lower = _products(irrep, degree)
    norms = fischer_norms(irrep.dim, degree)
    products = tuple(lower[k] for k in numbers.independent([f for _, f in lower], count, norms))
    if len(products) == count:
        return no_covariants(irrep, degree, trivial), products
    generators = _new_generators(covariants(irrep, degree), [f for _, f in products])
    return generators, (*products, *zip(*_named(generators), strict=True))


def _products(irrep: Irrep, degree: int) -> list[Product]:
    """Products of generators of lower degrees, each once."""
    found: dict[tuple[str, ...], Product] = {}
    for n in range(1, degree):
        for (text,), generator in zip(*_named(_of_degree(irrep, n)[0]), strict=True):
            for names, other in _of_degree(irrep, degree - n)[1]:
                factors = (*names, text)
                if tuple(sorted(factors)) not in found:
                    product = multiplied(arithmetic(irrep), other, generator, irrep.dim, degree - n, n)
                    found[tuple(sorted(factors))] = (factors, product)
    return list(found.values())


def _new_generators(invariants: Covariants, spanned: Sequence[Array]) -> Covariants:
    """Those of the invariants of a degree that others do not span, each with or without its part along these."""
    numbers = arithmetic(invariants.irrep)
    norms = fischer_norms(invariants.irrep.dim, invariants.degree)
    candidates = [*spanned, *_named(invariants)[1]]
    kept = numbers.independent(candidates, len(invariants), norms)
    if len(kept) != len(invariants):
        raise ArithmeticError(
            f"{len(kept)} invariants of degree {invariants.degree} were found where characters say {len(invariants)}"
        )
    new = [
        min(candidates[k], _orthogonal_part(numbers, candidates[k], spanned, norms), key=numbers.complexity)
        for k in kept[len(spanned) :]
    ]
    return replace(invariants, coefficients=numbers.joined([f.reshape(1, 1, len(f)) for f in new]))


def _named(invariants: Covariants) -> tuple[tuple[tuple[str, ...], ...], list[Array]]:
    """Invariants as texts and coefficients."""
    return invariants.texts, [invariants.coefficients[k, 0] for k in range(len(invariants))]


def _orthogonal_part(numbers: Arithmetic, polynomial: Array, spanned: Sequence[Array], norms: Sequence[int]) -> Array:
    """The polynomial less its projection on the span of others, scaled to coprime integers."""
    metric = numbers.of(ExactArray.integers(norms))
    basis: list[Array] = []
    for f in (*spanned, polynomial):
        rest = f
        for b in basis:
            dual = (b * metric).conj()
            rest = rest - b * ((dual * rest).sum(0).reshape(1) * (1 / (dual * b).sum(0)).reshape(1))
        basis.append(rest)
    return numbers.simplest(basis[-1].reshape(1, -1), norms)[0]


def multiplied(numbers: Arithmetic, a: Array, b: Array, variables: int, n: int, m: int) -> Array:
    """Coefficients of the product of two polynomials of degrees n and m."""
    place = {e: k for k, e in enumerate(monomials(variables, n + m))}
    left, right = monomials(variables, n), monomials(variables, m)
    terms = [int(k) for k in np.flatnonzero(numbers.nonzero(a, least=0.0))]
    rows = [[place[tuple(x + y for x, y in zip(left[k], e, strict=True))] for e in right] for k in terms]
    return numbers.spread_product(b.reshape(1, -1, 1), a[terms].reshape(1, -1, 1), rows, len(place)).reshape(-1)
