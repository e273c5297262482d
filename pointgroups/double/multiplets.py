"""The multiplet |j m⟩ as a representation of a double group: its matrices and its symmetry-adapted combinations.

Element g acts by p(g) D^j(U_g), with the parity factor p(g) = 1, or det g for parity −1.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pointgroups.adapted_basis import AdaptedBasis, AdaptedLabel
from pointgroups.exact import ExactArray, read_only, symbolic, value

from .root_text import conjugated
from .rotation_lift import su2_matrix
from .spin_j import exact_spin_matrices, wigner_d_spin
from .spinor_bases import adapted_rows

if TYPE_CHECKING:
    import sympy

    from .group import DoubleGroup


def parity_signs(group: DoubleGroup, parity: int, elements: Iterable[int]) -> ExactArray:
    """p(g) of some elements; ValueError unless the parity is ±1."""
    if parity not in (1, -1):
        raise ValueError(f"parity is 1 or -1, not {parity!r}")
    return ExactArray.integers([1 if parity == 1 else int(group.determinants[g]) for g in elements])


def exact_matrices(group: DoubleGroup, j: object, parity: int) -> tuple[sympy.ImmutableMatrix, ...]:
    """p(g) D^j(U_g) as SymPy matrices, in the axes of the setting."""
    import sympy

    signs = parity_signs(group, parity, range(group.order)).numeric().astype(int).tolist()
    return tuple(
        sign * sympy.ImmutableMatrix([[symbolic(t) for t in row] for row in rows])
        for sign, rows in zip(signs, exact_spin_matrices(group.exact_su2, j), strict=True)
    )


def adapted_multiplet(group: DoubleGroup, twice: int, parity: int) -> AdaptedBasis:
    """The combinations of |j m⟩ that transform as the irreps; sums over half of the group suffice, by parity in Ē."""
    j, half = Fraction(twice, 2), range(group.order // 2)
    su2, signs = group.exact_su2[: len(half)], parity_signs(group, parity, half)
    tokens: list[list[str]] = []
    labels: list[AdaptedLabel] = []
    for label, copies in group.subduce(j, parity).items():
        gamma = group.irreps[label].exact_matrices[: len(half)]
        for copy, rows in enumerate(adapted_rows(gamma, su2, signs, twice, copies), 1):
            tokens.extend([conjugated(t) for t in row] for row in rows)
            labels.extend(AdaptedLabel(label, copy, k + 1) for k in range(len(rows)))
    array = np.array([[value(t) for t in row] for row in tokens])
    if not group.point_group.is_rotated:
        return AdaptedBasis(read_only(array), tuple(labels), tokens)
    turned = array @ wigner_d_spin(j, su2_matrix(group.point_group.frame)).conj().T
    return AdaptedBasis(read_only(turned), tuple(labels))
