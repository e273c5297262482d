"""The character of an induced representation, by its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups import Irrep


def induced_character(irrep: Irrep, inside: Any) -> NDArray[Any]:
    """χ(g) = (1/|H|) Σ_x χ_γ(x⁻¹ g x) over all x of G with x⁻¹ g x in the subgroup, (|G|,)."""
    group, e = inside.group, inside.elements
    place = {int(g): h for h, g in enumerate(e)}
    chi = np.append(irrep.characters, 0)
    outside = len(e)
    at = np.array([place.get(g, outside) for g in range(group.order)])
    turned = group.product[group.inverse[:, None], group.product.T]  # (x, g): x⁻¹ (g x)
    return chi[at[turned]].sum(axis=0) / len(e)
