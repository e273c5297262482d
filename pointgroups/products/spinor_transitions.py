"""Selection rules between levels of half-integer spin: ⟨f| A |i⟩ with spinor irreps Γ_i, Γ_f of the double group.

The operator has single-valued irreps γ, and as without spin dim Hom(γ ⊗ Γ_i, Γ_f) reduced matrix elements are free.
These are the rules for optical transitions between bands with spin–orbit coupling.

Source: G. F. Koster, J. O. Dimmock, R. G. Wheeler, H. Statz, Properties of the Thirty-Two Point Groups (1963).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .operators import OPERATORS, active_components, named_operator, operator_irreps
from .selection_rules import Transition

if TYPE_CHECKING:
    from pointgroups.double.group import DoubleGroup
    from pointgroups.double.irreps import DoubleIrrep


def spinor_transition(
    double: DoubleGroup, initial: DoubleIrrep | str, operator: str | Mapping[str, int], final: DoubleIrrep | str
) -> Transition:
    """Whether an operator connects two levels of a double group, and for which polarisations.

    Args:
        double: the double group, ``G.double``.
        initial, final: irreps of the levels over ℂ, or their labels.
        operator: a name as in :func:`pointgroups.products.operators.operator_irreps`, the label of an irrep over ℂ, or
            {label: copies}.

    Raises:
        UnknownIrrepError: an unknown label.
        ValueError: irreps of other groups.

    >>> from pointgroups import point_group
    >>> wurtzite = point_group("C6v").double
    >>> spinor_transition(wurtzite, "E3/2", "electric dipole", "E1/2").components  # Γ9 → Γ7
    ('x', 'y')
    >>> spinor_transition(wurtzite, "E1/2", "electric dipole", "E1/2").components  # Γ7 → Γ7
    ('x', 'y', 'z')
    """
    ket, bra, group = double.irrep(initial), double.irrep(final), double.point_group
    named = named_operator(operator) if isinstance(operator, str) and operator in OPERATORS else None
    if named is not None:
        copies = operator_irreps(group, named.name, "C")
    else:
        copies = {operator: 1} if isinstance(operator, str) else dict(operator)
    reduced = {}
    for label, n in copies.items():
        product = double.tensor_product(double.irrep(label), ket)
        if n and bra.label in product:
            reduced[label] = n * product[bra.label]
    active = {c for label in reduced for c in active_components(group.irreps[label], named)} if named else set()
    return Transition(ket.label, bra.label, reduced, tuple(sorted(active)))
