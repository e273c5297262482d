"""Operators of spectroscopy as representations of a group of rotations: dipoles, quadrupole, (hyper)polarisability.

Each is a space of polynomials in x, y, z, turned as (O(g) f)(r) = f(g⁻¹ r); those of the magnetic dipole, an axial
vector, get det(g) besides:

    electric dipole       x, y, z                       ℓ = 1, odd         infrared absorption
    magnetic dipole       Rx, Ry, Rz                    ℓ = 1, even
    electric quadrupole   harmonics of degree 2         ℓ = 2, even
    Raman                 products of two coordinates   ℓ = 0, 2, even     symmetric polarisability α_ij
    hyper-Raman           products of three             ℓ = 1, 3, odd      symmetric hyperpolarisability β_ijk

α is symmetric far from resonance; an antisymmetric part transforms as the magnetic dipole. β is taken as symmetric in
all three indices, which also holds far from resonance. The group may be any of 3×3 matrices, molecular ones too; there
the functions have decimal coefficients.

Source: S. J. Cyvin, J. E. Rauch, J. C. Decius, J. Chem. Phys. 43, 4083 (1965); E. B. Wilson, J. C. Decius, P. C. Cross,
Molecular Vibrations (1955), ch. 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from pointgroups.exact import ExactArray
from pointgroups.harmonics import solid_harmonics
from pointgroups.irreps import Irrep
from pointgroups.polynomials import fischer_norms, monomials, sum_of_terms, text
from pointgroups.projection import candidate_intertwiners, independent_copies

from .arithmetic import AnyGroup, Arithmetic, Array, Exact, arithmetic, arithmetic_of_group
from .power_representation import monomial_images
from .power_representation import monomials as power_monomials


@dataclass(frozen=True)
class Operator:
    """An operator whose components are polynomials of one degree in x, y, z.

    Attributes:
        name: "electric dipole".
        degrees: (ℓ, parity) of the parts under O(3).
        rank: degree of the polynomials.
        axial: whether det(g) multiplies them.
        traceless: whether only harmonic polynomials belong to it.

    >>> OPERATORS["Raman"].components
    ('zz', 'xx', 'yy', 'xz', 'yz', 'xy')
    """

    name: str
    degrees: tuple[tuple[int, int], ...]
    rank: int
    axial: bool = False
    traceless: bool = False

    @property
    def components(self) -> tuple[str, ...]:
        """Cartesian components, one a monomial: x, y, z; Rx, Ry, Rz; xx, yz …"""
        names = tuple("".join(v * p for v, p in zip("xyz", e, strict=True)) for e in monomials(self.rank))
        return tuple(f"R{name}" for name in names) if self.axial else names


_TILT = 1e-5
"""Generators are right to this: a smaller part of a component is no sign of a tilted axis."""

_OPERATORS = (
    Operator("electric dipole", ((1, -1),), 1),
    Operator("magnetic dipole", ((1, 1),), 1, axial=True),
    Operator("electric quadrupole", ((2, 1),), 2, traceless=True),
    Operator("Raman", ((0, 1), (2, 1)), 2),
    Operator("hyper-Raman", ((1, -1), (3, -1)), 3),
)
OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {"infrared": _OPERATORS[0]} | {operator.name: operator for operator in _OPERATORS}
)
"""The operators by name; "infrared" is the electric dipole."""


def named_operator(name: str) -> Operator:
    """The operator of this name; ValueError, which lists them, when there is none."""
    if name not in OPERATORS:
        raise ValueError(f"{name!r} is not an operator; these are {', '.join(OPERATORS)}")
    return OPERATORS[name]


def operator_irreps(group: AnyGroup, operator: str, field: str = "R") -> dict[str, int]:
    """Irreps in an operator with their multiplicities.

    Args:
        group: a point group, or a group of 3×3 matrices made from generators.
        operator: "infrared", "electric dipole", "magnetic dipole", "electric quadrupole", "Raman" or "hyper-Raman".
        field: "R" or "C", over which irreps are taken.

    Raises:
        ValueError: an unknown operator or field; a group of permutations or other matrices, which turns no vectors.

    >>> from pointgroups import molecular_point_group, point_group
    >>> operator_irreps(point_group("Td"), "hyper-Raman")
    {'A1': 1, 'T1': 1, 'T2': 2}
    >>> operator_irreps(molecular_point_group("Ih"), "hyper-Raman")
    {'T1u': 1, 'T2u': 1, 'Gu': 1}
    """
    return dict(_copies(group, named_operator(operator), field))


@lru_cache(maxsize=1024)
def _copies(group: AnyGroup, operator: Operator, field: str) -> Mapping[str, int]:
    """Irreps in an operator with their multiplicities."""
    parts = [group.subduce(l, parity, field) for l, parity in operator.degrees]
    found = {label: sum(part.get(label, 0) for part in parts) for label in group._irreps_over(field)}
    return MappingProxyType({label: n for label, n in found.items() if n})


@lru_cache(maxsize=512)
def component_matrices(group: AnyGroup, operator: Operator) -> Array:
    """Matrices (|G|, N, N) on the Cartesian components, in the axes of the group's setting or of its given matrices."""
    numbers = arithmetic_of_group(group)
    names = power_monomials(3, operator.rank)
    order = [names.index(e) for e in monomials(operator.rank)]
    matrices = monomial_images(numbers, numbers.rotations(group), names)[:, order][:, :, order]
    if operator.axial:
        matrices = matrices * numbers.of(ExactArray.integers(group.determinants.reshape(-1, 1, 1)))
    return matrices


@lru_cache(maxsize=2048)
def functions(irrep: Irrep, operator: Operator) -> tuple[tuple[str, ...], ...]:
    """For every copy of an irrep over ℝ in an operator, its d functions as text, in the axes of the matrices."""
    count, numbers = _copies(irrep.group, operator, "R").get(irrep.label, 0), arithmetic(irrep)
    matrices = component_matrices(irrep.group, operator)
    images = matrices @ numbers.of(solid_harmonics(operator.rank)) if operator.traceless else matrices
    norms = fischer_norms(operator.rank)
    metric = numbers.of(ExactArray.integers(norms))
    candidates = candidate_intertwiners(numbers.matrices(irrep), images)
    copies = independent_copies(candidates, count, numbers.commutant(irrep), metric)
    found = [tuple(_text(numbers, f, operator) for f in numbers.simplest(u.mT, norms)) for u in copies]
    return tuple(found)


def _text(numbers: Arithmetic, function: Array, operator: Operator) -> str:
    exact = numbers is Exact
    found = text(function, operator.rank) if exact else sum_of_terms(numbers.tokens(function), operator.rank)
    return found.replace("x", "Rx").replace("y", "Ry").replace("z", "Rz") if operator.axial else found


def active_components(irrep: Irrep, operator: Operator) -> tuple[str, ...]:
    """The Cartesian components of an operator that have a part in an irrep: Σ_g χ(g)* O(g) e ≠ 0.

    The traces of the quadrupole need no separate care: they are of the trivial irrep, and where that occurs in the
    quadrupole, too, every square has a part in it, because x², y² and z² are not all equivalent then.
    """
    group, numbers = irrep.group, arithmetic(irrep)
    if irrep.label not in _copies(group, operator, irrep.field):
        return ()
    chi = irrep.class_characters[group._class_of].conj()
    summed = (component_matrices(group, operator) * chi.reshape(group.order, 1, 1)).sum(0)
    reached = numbers.nonzero(summed, _TILT)
    return tuple(name for k, name in enumerate(operator.components) if reached[:, k].any())
