"""A representation by its character: n_γ = (1/|G|) Σ_g χ_γ(g)* χ(g), over ℝ over the dimension of γ's commutant."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from .irreps import Irrep

_ROUNDING = 1e-6


def multiplicities_of(character: ArrayLike, irreps: Mapping[str, Irrep], group: str) -> dict[str, int]:
    """How often each irrep occurs in a representation whose character is given on every element, the zeros left out.

    Args:
        character: χ, one value an element.
        irreps: all irreps of the group over one field.
        group: its name, for the message.

    Raises:
        ValueError: a wrong shape, or not the character of a representation (a multiplicity off an integer by 1e-6).

    >>> from pointgroups import point_group
    >>> O = point_group("O")
    >>> multiplicities_of(O.irreps["T1"].characters ** 2, O.irreps, "O")
    {'A1': 1, 'E': 1, 'T1': 1, 'T2': 1}
    """
    chi = np.asarray(character)
    order = len(next(iter(irreps.values())).characters)
    if chi.shape != (order,):
        raise ValueError(f"a character of {group} has one value an element, shape ({order},), not {chi.shape}")
    found = {}
    for label, irrep in irreps.items():
        count = complex(np.vdot(irrep.characters, chi)) / (order * irrep.commuting)
        nearest = round(count.real) if np.isfinite(count) else -1
        if nearest < 0 or abs(count - nearest) > _ROUNDING:
            raise ValueError(f"not the character of a representation of {group}: {label} would occur {count} times")
        if nearest:
            found[label] = nearest
    return found
