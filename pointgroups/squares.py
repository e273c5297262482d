"""The symmetric and the antisymmetric square of an irrep of any group."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .irreps import Irrep


def square(irrep: Irrep, sign: int) -> dict[str, int]:
    """Irreps in the symmetric (sign 1) or antisymmetric (−1) square, χ = (χ(g)² ± χ(g²))/2, over the irrep's field.

    >>> from pointgroups import point_group
    >>> T2 = point_group("Td").irreps["T2"]
    >>> square(T2, 1), square(T2, -1)
    ({'A1': 1, 'E': 1, 'T2': 1}, {'T1': 1})
    """
    group, chi = irrep.group, irrep.class_characters
    squared = [group._class_of[group.product[c.indices[0], c.indices[0]]] for c in group.classes]
    half: Any = Fraction(1, 2) if irrep.is_exact else 0.5
    return group._multiplicities((chi * chi + chi[squared] * sign) * half, irrep.field)
