"""What subgroups give, by definition and slowly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups import AdaptedLabel, Irrep
from pointgroups.exact import ExactArray


def closure(product: NDArray[np.int64], elements: set[int]) -> frozenset[int]:
    """The subgroup that elements generate: multiply until nothing new appears."""
    found = set(elements)
    while True:
        new = {int(product[a, b]) for a in found for b in found} - found
        if not new:
            return frozenset(found)
        found |= new


def induced_character(irrep: Irrep, inside: Any) -> NDArray[Any]:
    """χ(g) = (1/|H|) Σ_x χ_γ(x⁻¹ g x) over all x of G with x⁻¹ g x in the subgroup, (|G|,)."""
    group, e = inside.group, inside.elements
    place = {int(g): h for h, g in enumerate(e)}
    chi = np.append(irrep.characters, 0)
    outside = len(e)
    at = np.array([place.get(g, outside) for g in range(group.order)])
    turned = group.product[group.inverse[:, None], group.product.T]  # (x, g): x⁻¹ (g x)
    return chi[at[turned]].sum(axis=0) / len(e)


def block_diagonal(irreps: Mapping[str, Irrep], labels: Sequence[AdaptedLabel]) -> ExactArray:
    """⊕ γ(h), exact, for the labels of an adapted basis."""
    size = len(labels)
    order = next(iter(irreps.values())).group.order
    total = ExactArray.integers(np.zeros((order, size, size), dtype=np.int64))
    for r, label in enumerate(labels):
        if label.component == 1:
            gamma = irreps[label.irrep]
            place = np.zeros((size, gamma.dim), dtype=np.int64)
            place[r + np.arange(gamma.dim), np.arange(gamma.dim)] = 1
            put = ExactArray.integers(place)
            total = total + put @ gamma.exact_matrices @ put.mT
    return total
