"""Invariant and covariant polynomials of an irrep: exactly, or in floating point for a group made from generators.

Polynomials f_1 … f_{d_γ} in the partners x_1 … x_d of Γ are a covariant of type γ when O(g) f_k = Σ_i f_i γ_ik(g),
where g takes x_j to Σ_i x_i Γ_ij(g). They are columns P^{k0} m of the transfer operators of γ on [Γⁿ], taken for the
monomials m in their order, each copy orthogonal to those before in the Fischer product ⟨x^a, x^b⟩ = δ_ab a_1! … a_d!,
and scaled to coprime integers, times √2, √3, √6 and i where the matrices γ have such entries. In floating point the
first coefficient is the least positive integer with which all are square roots of integers, where there is one.

An order parameter η of symmetry Γ couples to a strain ε of symmetry γ, over ℝ, by Σ_k f_k(η) ε_k.

Source: L. D. Landau, E. M. Lifshitz, Statistical Physics (1980), § 145; J.-C. Tolédano, P. Tolédano, The Landau Theory
of Phase Transitions (1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pointgroups.exact import ExactArray
from pointgroups.irreps import Irrep
from pointgroups.projection import independent_copies

from .arithmetic import Array, arithmetic
from .molien import covariant_of
from .power_characters import symmetric_power_multiplicities
from .power_representation import Exponents, fischer_norms, monomials, projected_monomials

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False)
class Covariants:
    """All covariant polynomials of one type and degree.

    Attributes:
        irrep: Γ, whose partners x1 … xd are the variables.
        covariant: γ, how the polynomials transform.
        degree: n.
        coefficients: (copies, d_γ, N) on the monomials: an exact array, or of floats for a group made from generators.
        monomials: their N exponents.

    >>> from pointgroups import point_group
    >>> Oh = point_group("Oh")
    >>> covariants(Oh.irreps["T1u"], 2, "Eg").texts
    (('x1^2 + x2^2 - 2 x3^2', '-sqrt(3) x1^2 + sqrt(3) x2^2'),)
    """

    irrep: Irrep
    covariant: Irrep
    degree: int
    coefficients: Array
    monomials: tuple[Exponents, ...]

    def __len__(self) -> int:
        """The number of copies, the coefficient of tⁿ in the Molien series; times 2 for a complex type over ℝ, by J."""
        return len(self.coefficients)

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The d_γ polynomials of each copy as text, in x1 … xd; floats as integers, √n or six digits."""
        tokens = arithmetic(self.irrep).tokens(self.coefficients)
        size, d = len(self.monomials), self.covariant.dim
        rows = [_text(tokens[k : k + size], self.monomials) for k in range(0, len(tokens), size)]
        return tuple(tuple(rows[k : k + d]) for k in range(0, len(rows), d))

    @cached_property
    def expressions(self) -> tuple[tuple[sympy.Expr, ...], ...]:
        """The same as SymPy expressions in the symbols x1 … xd."""
        import sympy

        variables = sympy.symbols(f"x1:{self.irrep.dim + 1}")
        powers = [sympy.Mul(*(x**a for x, a in zip(variables, e, strict=True))) for e in self.monomials]
        size, d = len(powers), self.covariant.dim
        numbers = arithmetic(self.irrep).symbols(self.coefficients)
        rows = [
            sympy.Add(*(c * m for c, m in zip(numbers[k : k + size], powers, strict=True)))
            for k in range(0, len(numbers), size)
        ]
        return tuple(tuple(rows[k : k + d]) for k in range(0, len(rows), d))


def covariants(irrep: Irrep, degree: int, covariant: Irrep | str | None = None) -> Covariants:
    """The polynomials of one degree in the partners of Γ that transform as γ; the invariants when γ is None.

    Over ℝ, where γ is of complex type, f·J with its commutant J is a further covariant for every copy f.

    Args:
        irrep: Γ, from ``G.irreps``, ``G.real_irreps`` or ``G.double.irreps``, G any group.
        degree: n = 0, 1, 2, …
        covariant: γ over the same field, or its label.

    Raises:
        ValueError: a negative degree, irreps of different groups or fields, or more than 2048 monomials; in floating
            point a degree above 32 in two variables, 21 in three.
        UnknownIrrepError: no such label.

    >>> from pointgroups import point_group
    >>> covariants(point_group("Oh").irreps["T1u"], 4).texts
    (('x1^4 + x2^4 + x3^4',), ('x1^2 x2^2 + x1^2 x3^2 + x2^2 x3^2',))
    >>> from pointgroups import molecular_point_group
    >>> covariants(molecular_point_group("D5h").irreps["E1'"], 5).texts
    (('x1^5 - 10 x1^3 x2^2 + 5 x1 x2^4',),)
    """
    if int(degree) != degree or degree < 0:
        raise ValueError(f"a degree is 0, 1, 2, …, not {degree}")
    return _covariants(irrep, int(degree), covariant_of(irrep, covariant))


@lru_cache(maxsize=1024)
def _covariants(irrep: Irrep, degree: int, covariant: Irrep) -> Covariants:
    count = symmetric_power_multiplicities(irrep, degree).get(covariant.label, 0)
    if not count:
        return no_covariants(irrep, degree, covariant)
    numbers = arithmetic(irrep)
    seeds, projected = projected_monomials(irrep, degree, covariant)
    names, norms = monomials(irrep.dim, degree), fischer_norms(irrep.dim, degree)
    norm_of = dict(zip(names, norms, strict=True))
    candidates, metric = numbers.weighted(projected, [norm_of[m] for m in seeds], norms)
    copies = independent_copies(candidates, count, numbers.commutant(covariant), metric)
    found = [numbers.simplest(u.mT, norms) for u in copies]
    return Covariants(irrep, covariant, degree, numbers.joined([f.reshape(1, *f.shape) for f in found]), names)


def no_covariants(irrep: Irrep, degree: int, covariant: Irrep) -> Covariants:
    """None of a type and degree."""
    names = monomials(irrep.dim, degree)
    empty = ExactArray.integers(np.zeros((0, covariant.dim, len(names)), dtype=np.int64))
    return Covariants(irrep, covariant, degree, arithmetic(irrep).of(empty), names)


def _text(tokens: list[str], exponents: tuple[Exponents, ...]) -> str:
    """ "x1^3 - 3 x1 x2^2", in lexicographic order."""
    parts: list[str] = []
    for e, number in sorted(zip(exponents, tokens, strict=True), reverse=True):
        if number == "0":
            continue
        powers = [f"x{i + 1}" if a == 1 else f"x{i + 1}^{a}" for i, a in enumerate(e) if a]
        sum_of_terms = any(sign in number[1:] for sign in "+-")
        negative = number.startswith("-") and not sum_of_terms
        size = f"({number})" if sum_of_terms else number.removeprefix("-")
        factors = [size] * (size != "1" or not powers) + powers
        lead = ("-" if negative else "") if not parts else (" - " if negative else " + ")
        parts.append(lead + " ".join(factors))
    return "".join(parts) or "0"
