"""The lift of a turned subgroup to the double groups.

An embedding e: H → G by a proper rotation F, F R_{e(h)} Fᵀ = R_h, lifts to the double groups up to the signs s_h in

    V U_{e(h)} V† = s_h U_h ,    V the SU(2) matrix of F.

Where tr U ≠ 0 both traces are positive, so s_h = 1. Else U = −i n·σ with a unit vector n, and F n_{e(h)} = s_h n_h
decides, exactly. Element h of H̄ is then element e(h), or Ē e(h), of Ḡ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, concatenate

if TYPE_CHECKING:
    from .group import DoubleGroup


def lifted_elements(
    large: DoubleGroup, small: DoubleGroup, elements: NDArray[np.int64], frame: ExactArray
) -> NDArray[np.int64]:
    """(2|H|,) the element of the double group Ḡ that every element of H̄ is.

    Args:
        large, small: Ḡ and H̄.
        elements: (|H|,) e(h).
        frame: F, exact, from the axes of G's setting to those of H.
    """
    order, half = large.order // 2, small.order // 2
    ours = small.exact_su2[:half]
    theirs = large.exact_su2[:order][elements]
    turned = (frame @ _axes(theirs).reshape(half, 3, 1)).reshape(half, 3)
    opposite = ~(turned + _axes(ours)).nonzero().any(axis=-1)
    half_turn = ~(ours[:, 0, 0] + ours[:, 1, 1]).nonzero()
    lifted = elements + order * (opposite & half_turn)
    return np.concatenate([lifted, (lifted + order) % (2 * order)])


def _axes(su2: ExactArray) -> ExactArray:
    """sin(φ/2) n (|G|, 3) of matrices cos(φ/2) − i sin(φ/2) n·σ: half the traces of i U σ."""
    i = ExactArray.parse(["I/2"])
    x = (su2[:, 0, 1] + su2[:, 1, 0]) * i
    y = (su2[:, 1, 0] - su2[:, 0, 1]) * ExactArray.parse(["1/2"])
    z = (su2[:, 0, 0] - su2[:, 1, 1]) * i
    return concatenate([x.reshape(-1, 1), y.reshape(-1, 1), z.reshape(-1, 1)], axis=1)
