"""Branching of double groups: how spinor irreps split in a subgroup.

An embedding e: H → G by a proper rotation F, F R_{e(h)} Fᵀ = h, lifts to the double groups up to the signs s_h in

    V U_{e(h)} V† = s_h U_h ,    V the lift of F.

Where tr U ≠ 0 both traces are positive, so s_h = 1. Else U = −i n·σ with a unit vector n, and F n_{e(h)} = s_h n_h
decides, exactly. Element h of H̄ is then element e(h), or Ē e(h), of Ḡ, and irreps branch by characters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, concatenate
from pointgroups.point_group import PointGroup
from pointgroups.subgroups.branching import Branching
from pointgroups.subgroups.embeddings import Embedding
from pointgroups.subgroups.lattice import embedding


def double_elements(inside: Embedding) -> NDArray[np.int64]:
    """(2|H|,) the element of G's double group that every element of H's double group is.

    >>> from pointgroups import point_group
    >>> inside = embedding(point_group("O"), "D3")
    >>> product, e = inside.group.double.product, double_elements(inside)
    >>> bool((e[inside.subgroup.double.product] == product[e[:, None], e]).all())
    True
    """
    order = inside.group.order
    half = inside.subgroup.order
    ours = inside.subgroup.double.exact_su2[:half]
    theirs = inside.group.double.exact_su2[:order][inside.elements]
    turned = (inside.exact_frame @ _axes(theirs).reshape(half, 3, 1)).reshape(half, 3)
    opposite = ~(turned + _axes(ours)).nonzero().any(axis=-1)
    half_turn = ~(ours[:, 0, 0] + ours[:, 1, 1]).nonzero()
    lifted = inside.elements + order * (opposite & half_turn)
    return np.concatenate([lifted, (lifted + order) % (2 * order)])


def _axes(su2: ExactArray) -> ExactArray:
    """sin(φ/2) n (|G|, 3) of matrices cos(φ/2) − i sin(φ/2) n·σ: half the traces of i U σ."""
    i = ExactArray.parse(["I/2"])
    x = (su2[:, 0, 1] + su2[:, 1, 0]) * i
    y = (su2[:, 1, 0] - su2[:, 0, 1]) * ExactArray.parse(["1/2"])
    z = (su2[:, 0, 0] - su2[:, 1, 1]) * i
    return concatenate([x.reshape(-1, 1), y.reshape(-1, 1), z.reshape(-1, 1)], axis=1)


def double_branching(group: PointGroup, subgroup: str | Embedding) -> Branching:
    """How every irrep of G's double group splits in a subgroup: {irrep of G: {irrep of H: copies}}, over ℂ.

    Args:
        group: G.
        subgroup: the name of a class of subgroups, or an embedding in G where other axes of H are wanted.

    Raises:
        KeyError: no subgroup of this name, or several; the message lists them.
        ValueError: an embedding in another group.

    >>> from pointgroups import point_group
    >>> table = double_branching(point_group("Td"), "C3v")
    >>> table["E5/2"], table["F3/2"]
    ({'E1/2': 1}, {'E1/2': 1, '1E3/2': 1, '2E3/2': 1})
    """
    inside = embedding(group, subgroup) if isinstance(subgroup, str) else subgroup
    if inside.group is not group:
        raise ValueError(f"{inside!r} is not an embedding in {group!r}")
    large, small = group.double, inside.subgroup.double
    class_of = {g: k for k, c in enumerate(large.classes) for g in c.indices}
    elements = double_elements(inside)
    restricted = [class_of[int(elements[c.indices[0]])] for c in small.classes]
    return {label: small.multiplicities(irrep.class_characters[restricted]) for label, irrep in large.irreps.items()}
