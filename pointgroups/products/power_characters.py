"""Characters of powers of an irrep: χ(gᵏ), and the Schur function of every Young symmetry, exactly.

On the tensors of rank n over Γ whose indices have the Young symmetry λ ⊢ n, g has the character

    χ_λ(g) = (1/n!) Σ_{σ ∈ S_n} χ^λ(σ) Π_{cycles c of σ} χ(g^{|c|}) = Σ_{μ ⊢ n} χ^λ(μ) Π_i χ(g^{μ_i}) / z_μ ,

with χ^λ the character of S_n and n!/z_μ permutations of the cycle type μ. For λ = (n) these are the homogeneous
symmetric functions h_n of the eigenvalues of Γ(g), Σ_n h_n tⁿ = 1/det(1 − t Γ(g)), for λ = (1, …, 1) the elementary
ones.

Source: M. Hamermesh, Group Theory (1962), ch. 10; J. S. Griffith, The Theory of Transition-Metal Ions (1961), ch. 9.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from pointgroups.exact import ExactArray
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.tensors.young import Partition, partitions, symmetric_character


@lru_cache(maxsize=1024)
def power_classes(group: PointGroup, k: int) -> tuple[int, ...]:
    """For every class of g, the class of gᵏ, k ≥ 0."""
    class_of = {g: c for c, members in enumerate(group.classes) for g in members.indices}
    powers = [0] * len(group.classes)
    for _ in range(k):
        powers = [int(group.product[p, c.indices[0]]) for p, c in zip(powers, group.classes, strict=True)]
    return tuple(class_of[p] for p in powers)


@lru_cache(maxsize=4096)
def power_character(irrep: Irrep, k: int) -> ExactArray:
    """χ(gᵏ), one value a class of g."""
    return irrep.class_characters[list(power_classes(irrep.group, k))]


@lru_cache(maxsize=4096)
def young_character(irrep: Irrep, shape: Partition) -> ExactArray:
    """χ_λ(g), one value a class; one for the empty shape."""
    n = sum(shape)
    total = ExactArray.integers(np.zeros(len(irrep.group.classes), dtype=np.int64))
    for cycles in partitions(n):
        weight = Fraction(symmetric_character(shape, cycles), _centralizer_order(cycles))
        if weight:
            total = total + _cycle_product(irrep, cycles) * weight
    return total


@lru_cache(maxsize=4096)
def _cycle_product(irrep: Irrep, cycles: Partition) -> ExactArray:
    """Π_i χ(g^{μ_i})."""
    if not cycles:
        return ExactArray.integers(np.ones(len(irrep.group.classes), dtype=np.int64))
    return _cycle_product(irrep, cycles[1:]) * power_character(irrep, cycles[0])


def _centralizer_order(cycles: Sequence[int]) -> int:
    """z_μ = Π_k kᵐ m! over the cycle lengths k that occur m times."""
    return math.prod(k**m * math.factorial(m) for k, m in Counter(cycles).items())


@lru_cache(maxsize=8192)
def symmetric_power_character(irrep: Irrep, n: int) -> ExactArray:
    """h_n(g), one value a class, by Newton's n h_n = Σ_{k=1}^{n} χ(gᵏ) h_{n−k}."""
    if n == 0:
        return _cycle_product(irrep, ())
    total = power_character(irrep, n)
    for k in range(1, n):
        total = total + power_character(irrep, k) * symmetric_power_character(irrep, n - k)
    return total * Fraction(1, n)


@lru_cache(maxsize=8192)
def symmetric_power_multiplicities(irrep: Irrep, n: int) -> Mapping[str, int]:
    """Irreps in [Γⁿ] with multiplicities, over the field of Γ; for any n, where :func:`young_character` gets slow."""
    return MappingProxyType(irrep.group._multiplicities(symmetric_power_character(irrep, n), irrep.field))
