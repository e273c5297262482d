"""Symmetry-adapted real spherical harmonics with exact coefficients.

Real solid harmonics of degree ℓ are homogeneous polynomials,

    H_ℓm = (Re or Im)(x + iy)^|m| · Σ_k (−1)^k C(ℓ,k) C(2ℓ−2k,ℓ) (ℓ−2k)!/(ℓ−2k−|m|)! r^{2k} z^{ℓ−2k−|m|},

Im for m < 0, Re for m ≥ 0: positive multiples of the orthonormal Y_ℓm, no Condon–Shortley phase, ℓ = 1 is (y, z, x). On
polynomials the group acts over ℚ(√3), so projection is exact there; the Fischer product gives norms, and the square
roots come in only when coefficients are referred to the orthonormal Y_ℓm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from .exact import ExactArray, Term, surd, token
from .named_bases import RealIrrep
from .polynomials import fischer_norms, monomials, next_degree
from .projection import candidate_intertwiners, independent_copies, squared_norm

_SQUARED_SURDS = (1, 2, 3, 6)


@dataclass(frozen=True)
class HarmonicRow:
    """One symmetry-adapted function: irrep, copy and component (from 1), and its coefficients on Y_ℓm, m = −ℓ … ℓ."""

    irrep: str
    copy: int
    component: int
    coefficients: tuple[str, ...]


def symmetry_adapted_harmonics(
    rotations: ExactArray,
    irreps: Mapping[str, RealIrrep],
    multiplicities: Sequence[Mapping[str, int]],
) -> Iterator[list[HarmonicRow]]:
    """For ℓ = 0, 1, …: rows in table order of irreps, then copies, then components.

    ``multiplicities[ℓ]`` says how often each irrep occurs in degree ℓ; its length sets the highest ℓ. Copies are found
    by projecting Y_ℓm in the order m = −ℓ … ℓ.
    """
    representation = ExactArray.integers(np.ones((len(rotations), 1, 1), dtype=np.int64))
    for degree, counts in enumerate(multiplicities):
        if degree:
            representation = next_degree(rotations, representation, degree)
        solid = solid_harmonics(degree)
        images = representation @ solid
        metric = ExactArray.integers(fischer_norms(degree))
        solid_norms = [squared_norm(solid[:, m : m + 1], metric) for m in range(2 * degree + 1)]
        dual = (solid * metric.reshape(-1, 1)).transpose(1, 0)
        rows: list[HarmonicRow] = []
        for label, count in counts.items():
            irrep = irreps[label]
            commutant = [COMMUTANT] if irrep.commuting == 2 else []
            candidates = candidate_intertwiners(irrep.matrices, images)
            for copy, u in enumerate(independent_copies(candidates, count, commutant, metric), 1):
                overlaps = dual @ u
                norm = squared_norm(u, metric)
                rows.extend(
                    HarmonicRow(label, copy, k + 1, _normalised(overlaps[:, k], solid_norms, norm))
                    for k in range(u.shape[-1])
                )
        yield rows


COMMUTANT = ExactArray.integers([[0, -1], [1, 0]])
"""J, the rotation by a right angle: commutes with the matrices of every irrep of complex type."""


def _normalised(overlaps: ExactArray, solid_norms: Sequence[Fraction], norm: Fraction) -> tuple[str, ...]:
    """⟨H_m, u⟩ / (‖H_m‖ ‖u‖) as text."""
    texts = []
    for row, solid_norm in zip(overlaps.numerators.tolist(), solid_norms, strict=True):
        number: list[Term] = []
        for k, numerator in enumerate(row[:4]):
            if numerator:
                q, n = surd(_SQUARED_SURDS[k] / (solid_norm * norm))
                number.append((q * Fraction(numerator, overlaps.denominator), n, False))
        texts.append(token(number))
    return tuple(texts)


@cache
def solid_harmonics(degree: int) -> ExactArray:
    """Integer coefficients (N, 2ℓ+1) of H_ℓm, m = −ℓ … ℓ, on the monomials of degree ℓ; columns in lowest terms."""
    place = {e: k for k, e in enumerate(monomials(degree))}
    table = np.zeros((len(place), 2 * degree + 1), dtype=object)
    for m in range(degree + 1):
        for k in range((degree - m) // 2 + 1):
            rest = degree - 2 * k - m
            radial = (-1) ** k * math.comb(degree, k) * math.comb(2 * (degree - k), degree)
            radial = radial * math.factorial(degree - 2 * k) // math.factorial(rest)
            for a, b, c, weight in _power_of_r2(k):
                for j in range(m + 1):  # (x + iy)^m = Σ_j C(m, j) i^j x^{m−j} y^j
                    sign = 1 if j % 4 < 2 else -1
                    target = place[(2 * a + m - j, 2 * b + j, 2 * c + rest)]
                    column = degree + (m if j % 2 == 0 else -m)
                    table[target, column] += sign * math.comb(m, j) * radial * weight
    table //= np.gcd.reduce(table, axis=0)
    return ExactArray.integers(table.astype(np.int64))


def _power_of_r2(k: int) -> Iterator[tuple[int, int, int, int]]:
    """(x² + y² + z²)^k = Σ weight · x^{2a} y^{2b} z^{2c}."""
    for a in range(k + 1):
        for b in range(k + 1 - a):
            yield (
                a,
                b,
                k - a - b,
                math.factorial(k) // (math.factorial(a) * math.factorial(b) * math.factorial(k - a - b)),
            )
