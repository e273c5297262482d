"""Selection rules: which vibrations and which pairs of states an operator reaches.

The matrix elements ⟨f| A |i⟩ of an operator with components of the irrep γ between states of the irreps Γ_i and Γ_f
are, by Wigner and Eckart, coupling coefficients times

    dim Hom_G(γ ⊗ Γ_i, Γ_f)

independent reduced matrix elements; they vanish where this is zero. From the totally symmetric ground state a vibration
is reached that has the symmetry of a component: it is infrared active when it transforms as x, y or z, Raman active
when as a product of two coordinates.

Source: E. P. Wigner, Group Theory (1959), ch. 19, 21; E. B. Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations
(1955), ch. 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from pointgroups.irreps import Irrep

from .arithmetic import AnyGroup
from .operators import OPERATORS, active_components, functions, named_operator, operator_irreps

Functions = Mapping[str, tuple[tuple[str, ...], ...]]
"""Irrep → for each of its copies in an operator, the d functions that transform as its partners."""


def selection_rules(group: AnyGroup) -> Mapping[str, Functions]:
    """Active irreps over ℝ for every operator, with the functions of x, y, z that make them so.

    Returns:
        "infrared", "electric dipole", "magnetic dipole", "electric quadrupole", "Raman", "hyper-Raman" → irrep →
        one tuple of d functions a copy, in the axes of the group's setting.

    >>> from pointgroups import point_group
    >>> rules = selection_rules(point_group("D4h"))
    >>> dict(rules["infrared"])
    {'A2u': (('z',),), 'Eu': (('x', 'y'),)}
    >>> for label, copies in rules["Raman"].items():
    ...     print(label, *copies)
    A1g ('z**2',) ('x**2+y**2',)
    B1g ('x**2-y**2',)
    B2g ('x*y',)
    Eg ('y*z', '-x*z')
    """
    return _rules(group)


@lru_cache(maxsize=128)
def _rules(group: AnyGroup) -> Mapping[str, Functions]:
    return MappingProxyType(
        {
            name: MappingProxyType(
                {label: functions(group.real_irreps[label], operator) for label in operator_irreps(group, name)}
            )
            for name, operator in OPERATORS.items()
        }
    )


def silent_irreps(group: AnyGroup) -> tuple[str, ...]:
    """Irreps over ℝ of vibrations that neither infrared absorption nor Raman scattering shows.

    >>> from pointgroups import point_group
    >>> silent_irreps(point_group("Oh"))
    ('A2g', 'T1g', 'A1u', 'A2u', 'Eu', 'T2u')
    """
    seen = {*operator_irreps(group, "infrared"), *operator_irreps(group, "Raman")}
    return tuple(label for label in group.real_irreps if label not in seen)


@dataclass(frozen=True)
class Transition:
    """What symmetry leaves of the matrix elements of an operator between two levels.

    Attributes:
        initial, final: the irreps of the levels.
        reduced: irrep in the operator → number of independent reduced matrix elements; only those that do not vanish.
        components: Cartesian components of a named operator with matrix elements that do not vanish, in the axes of
            the group's setting: the polarisations for which the transition is allowed. Empty for an operator given by
            its irreps.

    >>> Transition("A1g", "T1u", {"T1u": 1}, ("x", "y", "z")).allowed
    True
    """

    initial: str
    final: str
    reduced: Mapping[str, int]
    components: tuple[str, ...]

    @property
    def number(self) -> int:
        """How many reduced matrix elements are independent."""
        return sum(self.reduced.values())

    @property
    def allowed(self) -> bool:
        """Whether any matrix element may differ from zero."""
        return bool(self.reduced)


def transition(
    group: AnyGroup, initial: Irrep | str, operator: Irrep | str | Mapping[str, int], final: Irrep | str
) -> Transition:
    """Whether an operator connects two levels, by how many reduced matrix elements, and for which polarisations.

    Args:
        group: the group.
        initial, final: irreps of the levels, both over ℂ or both over ℝ, or their labels.
        operator: a name as in :func:`operator_irreps`, an irrep or its label, or {label: copies}.

    Raises:
        UnknownIrrepError: an unknown label.
        ValueError: irreps of other groups, or mixed fields.

    >>> from pointgroups import point_group
    >>> D4 = point_group("D4")
    >>> transition(D4, "A1", "electric dipole", "E").components  # perpendicular to the axis
    ('x', 'y')
    >>> transition(D4, "A1", "electric dipole", "B1").allowed
    False
    >>> transition(point_group("O"), "T1", "T2", "T1").reduced
    {'T2': 1}
    """
    copies: Mapping[str, int]
    components: tuple[str, ...] = ()
    if isinstance(operator, str) and operator in OPERATORS:
        bra, ket = group._of_one_field(final, initial)
        copies = operator_irreps(group, operator, ket.field)
    elif isinstance(operator, (str, Irrep)):
        bra, ket, gamma = group._of_one_field(final, initial, operator)
        copies = {gamma.label: 1}
    else:
        bra, ket, *_ = group._of_one_field(final, initial, *operator)
        copies = dict(operator)
    irreps = group._irreps_over(ket.field)
    reduced = {}
    for label, n in copies.items():
        product = group.tensor_product(irreps[label], ket)
        if n and bra.label in product:
            reduced[label] = n * product[bra.label] * bra.commuting
    if isinstance(operator, str) and operator in OPERATORS:
        named = named_operator(operator)
        active = {c for label in reduced for c in active_components(irreps[label], named)}
        components = tuple(sorted(active))
    return Transition(ket.label, bra.label, reduced, components)


def allowed_transitions(
    group: AnyGroup, operator: Irrep | str | Mapping[str, int], field: str = "C"
) -> dict[str, dict[str, int]]:
    """Which levels an operator connects: {initial: {final: number of independent reduced matrix elements}}.

    Args:
        group: the group.
        operator: as in :func:`transition`.
        field: "C" or "R", over which the irreps of the levels are taken.

    Raises:
        UnknownIrrepError, ValueError: as :func:`transition`.

    >>> from pointgroups import point_group
    >>> allowed_transitions(point_group("Td"), "electric dipole")["E"]
    {'T1': 1, 'T2': 1}
    """
    irreps = group._irreps_over(field)
    found = {}
    for label, initial in irreps.items():
        numbers = {final.label: transition(group, initial, operator, final).number for final in irreps.values()}
        found[label] = {final: n for final, n in numbers.items() if n}
    return found
