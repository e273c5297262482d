"""Characters of powers of an irrep: χ(gᵏ), and the Schur function of every Young symmetry.

On the tensors of rank n over Γ whose indices have the Young symmetry λ ⊢ n, g has the character

    χ_λ(g) = (1/n!) Σ_{σ ∈ S_n} χ^λ(σ) Π_{cycles c of σ} χ(g^{|c|}) = Σ_{μ ⊢ n} χ^λ(μ) Π_i χ(g^{μ_i}) / z_μ ,

with χ^λ the character of S_n and n!/z_μ permutations of the cycle type μ. For λ = (n) these are the homogeneous
symmetric functions h_n of the eigenvalues of Γ(g), for λ = (1, …, 1) the elementary ones e_n,

    Σ_n h_n tⁿ = 1/det(1 − t Γ(g)) ,   Σ_n e_n tⁿ = det(1 + t Γ(g)) .

Characters are exact, or floats for a group made from generators; the formulas are the same.

Source: M. Hamermesh, Group Theory (1962), ch. 10; J. S. Griffith, The Theory of Transition-Metal Ions (1961), ch. 9.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType

from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.tensors.young import Partition, dimension_symmetric, partitions, symmetric_character

from .arithmetic import ClassFunction, Floating, arithmetic

_DEPTH = 100  # of recursion
_LARGEST_POWER = 10**12  # states that floats count, an integer being told by 1e-6 of the |G|-th part


@lru_cache(maxsize=1024)
def power_classes(group: PointGroup, k: int) -> tuple[int, ...]:
    """For every class of g, the class of gᵏ, k ≥ 0."""
    powers = [0] * len(group.classes)
    for _ in range(k):
        powers = [int(group.product[p, c.indices[0]]) for p, c in zip(powers, group.classes, strict=True)]
    return tuple(group._class_of[powers].tolist())


@lru_cache(maxsize=4096)
def power_character(irrep: Irrep, k: int) -> ClassFunction:
    """χ(gᵏ), one value a class of g."""
    return irrep.class_characters[list(power_classes(irrep.group, k))]


@lru_cache(maxsize=4096)
def young_character(irrep: Irrep, shape: Partition) -> ClassFunction:
    """χ_λ(g), one value a class; one for the empty shape.

    Raises:
        ValueError: as :func:`symmetric_power_multiplicities`; the terms of the sum add up to dim λ times as much.
    """
    _require_countable(irrep, sum(shape), dimension_symmetric(shape))
    total = _ones(irrep) * 0
    for cycles, weight in _permutations(shape):
        total = total + _cycle_product(irrep, cycles) * weight
    return total * arithmetic(irrep).part(math.factorial(sum(shape)))


@cache
def _permutations(shape: Partition) -> tuple[tuple[Partition, int], ...]:
    """(μ, χ^λ(μ) n!/z_μ) for the cycle types μ where this is not zero."""
    n = sum(shape)
    order = math.factorial(n)
    weights = ((mu, symmetric_character(shape, mu) * (order // _centralizer_order(mu))) for mu in partitions(n))
    return tuple((mu, weight) for mu, weight in weights if weight)


@lru_cache(maxsize=4096)
def _cycle_product(irrep: Irrep, cycles: Partition) -> ClassFunction:
    """Π_i χ(g^{μ_i})."""
    if not cycles:
        return _ones(irrep)
    return _cycle_product(irrep, cycles[1:]) * power_character(irrep, cycles[0])


def _ones(irrep: Irrep) -> ClassFunction:
    """The character of the trivial irrep."""
    return next(iter(irrep.group._irreps_over(irrep.field).values())).class_characters


def _centralizer_order(cycles: Sequence[int]) -> int:
    """z_μ = Π_k kᵐ m! over the cycle lengths k that occur m times."""
    return math.prod(k**m * math.factorial(m) for k, m in Counter(cycles).items())


@lru_cache(maxsize=4096)
def elementary_character(irrep: Irrep, n: int) -> ClassFunction:
    """e_n(g), that of {Γⁿ}, by Newton's n e_n = Σ_{k=1}^{n} (−1)^{k−1} χ(gᵏ) e_{n−k}."""
    if n == 0:
        return _ones(irrep)
    total = _ones(irrep) * 0
    for k in range(1, n + 1):
        total = total + power_character(irrep, k) * elementary_character(irrep, n - k) * (-1) ** (k - 1)
    return total * arithmetic(irrep).part(n)


@lru_cache(maxsize=8192)
def symmetric_power_character(irrep: Irrep, n: int) -> ClassFunction:
    """h_n(g), that of [Γⁿ], by h_n = Σ_{k=1}^{d} (−1)^{k−1} e_k h_{n−k}."""
    if n == 0:
        return _ones(irrep)
    for lower in range(0, n, _DEPTH):
        symmetric_power_character(irrep, lower)  # so that no call goes deeper
    total = _ones(irrep) * 0
    for k in range(1, min(n, irrep.dim) + 1):
        total = total + elementary_character(irrep, k) * symmetric_power_character(irrep, n - k) * (-1) ** (k - 1)
    return total


@lru_cache(maxsize=8192)
def symmetric_power_multiplicities(irrep: Irrep, n: int) -> Mapping[str, int]:
    """Irreps in [Γⁿ] with multiplicities, over the field of Γ; for any n, where :func:`young_character` gets slow.

    Raises:
        ValueError: more states than floating point counts, for a group made from generators.
    """
    _require_countable(irrep, n)
    return MappingProxyType(irrep.group._multiplicities(symmetric_power_character(irrep, n), irrep.field))


def _require_countable(irrep: Irrep, n: int, times: int = 1) -> None:
    states = times * math.comb(n + irrep.dim - 1, n)
    if arithmetic(irrep) is Floating and states > _LARGEST_POWER:
        raise ValueError(
            f"the power {n} of {irrep!r} takes sums of {states} terms, and floating point counts up to 10^12; "
            "molien_series(irrep, covariant).coefficient(n) counts symmetric powers in integers"
        )
