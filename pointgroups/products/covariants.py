"""Invariant and covariant polynomials of an irrep, exactly.

Polynomials f_1 … f_{d_γ} in the partners x_1 … x_d of Γ are a covariant of type γ when O(g) f_k = Σ_i f_i γ_ik(g),
where g takes x_j to Σ_i x_i Γ_ij(g). They are columns P^{k0} m of the transfer operators of γ on [Γⁿ], taken for the
monomials m in their order, each copy orthogonal to those before in the Fischer product ⟨x^a, x^b⟩ = δ_ab a_1! … a_d!,
and scaled to coprime integers, times √2, √3, √6 and i where the matrices γ have such entries.

An order parameter η of symmetry Γ couples to a strain ε of symmetry γ, over ℝ, by Σ_k f_k(η) ε_k.

Source: L. D. Landau, E. M. Lifshitz, Statistical Physics (1980), § 145; J.-C. Tolédano, P. Tolédano, The Landau Theory
of Phase Transitions (1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pointgroups.exact import ExactArray, concatenate, symbolic
from pointgroups.harmonics import COMMUTANT
from pointgroups.irreps import Irrep
from pointgroups.projection import candidate_intertwiners, independent_copies

from .molien import covariant_of
from .power_characters import symmetric_power_multiplicities
from .power_representation import Exponents, fischer_norms, monomials, power_matrices

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False)
class Covariants:
    """All covariant polynomials of one type and degree.

    Attributes:
        irrep: Γ, whose partners x1 … xd are the variables.
        covariant: γ, how the polynomials transform.
        degree: n.
        coefficients: exact array (copies, d_γ, N) on the monomials.
        monomials: their N exponents.

    >>> from pointgroups import point_group
    >>> Oh = point_group("Oh")
    >>> covariants(Oh.irreps["T1u"], 2, "Eg").texts
    (('x1^2 + x2^2 - 2 x3^2', '-sqrt(3) x1^2 + sqrt(3) x2^2'),)
    """

    irrep: Irrep
    covariant: Irrep
    degree: int
    coefficients: ExactArray
    monomials: tuple[Exponents, ...]

    def __len__(self) -> int:
        """The number of copies, the coefficient of tⁿ in the Molien series; times 2 for a complex type over ℝ, by J."""
        return len(self.coefficients)

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """For every copy its d_γ polynomials as text, in the variables x1 … xd."""
        tokens = self.coefficients.tokens()
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
        numbers = [symbolic(token) for token in self.coefficients.tokens()]
        rows = [
            sympy.Add(*(c * m for c, m in zip(numbers[k : k + size], powers, strict=True)))
            for k in range(0, len(numbers), size)
        ]
        return tuple(tuple(rows[k : k + d]) for k in range(0, len(rows), d))


def covariants(irrep: Irrep, degree: int, covariant: Irrep | str | None = None) -> Covariants:
    """The polynomials of one degree in the partners of Γ that transform as γ; the invariants when γ is None.

    Over ℝ, where γ is of complex type, f·J with its commutant J is a further covariant for every copy f.

    Args:
        irrep: Γ, from ``G.irreps`` or ``G.real_irreps``.
        degree: n = 0, 1, 2, …
        covariant: γ over the same field, or its label.

    Raises:
        ValueError: a negative degree, or irreps of different groups or fields.
        UnknownIrrepError: no such label.

    >>> from pointgroups import point_group
    >>> covariants(point_group("Oh").irreps["T1u"], 4).texts
    (('x1^4 + x2^4 + x3^4',), ('x1^2 x2^2 + x1^2 x3^2 + x2^2 x3^2',))
    """
    if int(degree) != degree or degree < 0:
        raise ValueError(f"a degree is 0, 1, 2, …, not {degree}")
    return _covariants(irrep, int(degree), covariant_of(irrep, covariant))


@lru_cache(maxsize=1024)
def _covariants(irrep: Irrep, degree: int, covariant: Irrep) -> Covariants:
    count = symmetric_power_multiplicities(irrep, degree).get(covariant.label, 0)
    names = monomials(irrep.dim, degree)
    if not count:
        empty = ExactArray.integers(np.zeros((0, covariant.dim, len(names)), dtype=np.int64))
        return Covariants(irrep, covariant, degree, empty, names)
    candidates = candidate_intertwiners(covariant.exact_matrices, power_matrices(irrep, degree))
    metric = ExactArray.integers(fischer_norms(irrep.dim, degree))
    commutant = [COMMUTANT] if covariant.commuting == 2 else []
    copies = [simplest(u.mT) for u in independent_copies(candidates, count, commutant, metric)]
    return Covariants(irrep, covariant, degree, concatenate([u.reshape(1, *u.shape) for u in copies]), names)


def simplest(functions: ExactArray) -> ExactArray:
    """Scale polynomials (d, N) so that the first coefficient is a positive integer and all are coprime integers."""
    first = int(np.flatnonzero(functions[0].nonzero())[0])
    scaled = functions * reciprocal(functions[0, first : first + 1])
    return scaled * Fraction(scaled.denominator, int(np.gcd.reduce(scaled.numerators, axis=None)))


def reciprocal(number: ExactArray) -> ExactArray:
    """1/a of one number (1,) of ℚ(√2, √3, i), by its conjugates under i → −i, √2 → −√2, √3 → −√3 in turn."""
    above, norm = ExactArray.integers([1]), number
    for bit in (4, 1, 2):
        signs = np.array([-1 if k & bit else 1 for k in range(8)])
        other = ExactArray(norm.numerators * signs, norm.denominator)
        above, norm = above * other, norm * other
    return above * (1 / norm.rational())


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
