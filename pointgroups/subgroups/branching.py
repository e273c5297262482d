"""Branching G ↓ H: how the irreps of a group split in a subgroup, by characters.

    n_γ = (1/|H|) Σ_h χ_γ(h)* χ_Γ(e(h)) ,    e: H → G the embedding

over ℂ or, divided by the dimension of the commutant of γ, over ℝ; exactly for the 32 groups and their double groups.
For all classes of subgroups these are the correlation (compatibility) tables of the books; where a group has several
classes of one kind of subgroup, as D4h has of C2v, there is a column for each.

Source: E. B. Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations (1955), app. X; J. A. Salthouse, M. J. Ware,
Point Group Character Tables and Related Data (1972).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointgroups.decomposed_characters import exact_multiplicities
from pointgroups.exact import ExactArray, stack
from pointgroups.point_group import PointGroup

from .inclusion import Inclusion
from .lattice import embedding, subgroup_lattice

if TYPE_CHECKING:
    from pointgroups.double.group import DoubleGroup
    from pointgroups.finite.group import FiniteGroup

    from .inclusion import AnyGroup

Branching = dict[str, dict[str, int]]
"""Irrep of G → irreps of H in table order with their multiplicities."""


@lru_cache(maxsize=4096)
def restricted(inside: Inclusion, field: str) -> Mapping[str, Mapping[str, int]]:
    """The table Γ↓H of all irreps of G, for an embedding; read-only."""
    irreps = inside.group._irreps_over(field)
    if inside.is_exact:
        rows = _exactly_restricted(inside, field)
    else:
        below = inside.subgroup._irreps_over(field)
        rows = [below.decompose(a.characters[inside.elements]) for a in irreps.values()]
    return MappingProxyType({label: MappingProxyType(row) for label, row in zip(irreps, rows, strict=True)})


def _exactly_restricted(inside: Inclusion, field: str) -> list[dict[str, int]]:
    group, subgroup = inside.group, inside.subgroup
    representatives = inside.elements[[c.indices[0] for c in subgroup.classes]]
    characters = _characters(group, field)[:, group._class_of[representatives]]
    return exact_multiplicities(characters, subgroup, field)  # type: ignore[arg-type]  # an exact inclusion


@lru_cache(maxsize=256)
def _characters(group: PointGroup | DoubleGroup, field: str) -> ExactArray:
    """(n_irreps, n_classes) in table order."""
    return stack([irrep.class_characters for irrep in group._irreps_over(field).values()])


def branching(group: AnyGroup, subgroup: str | Inclusion, field: str = "C") -> Branching:
    """How every irrep of G splits in a subgroup: {irrep of G: {irrep of H: copies}}.

    Args:
        group: G, a point group, the double group of one, or a group made from generators.
        subgroup: the name of a class of subgroups, or an embedding in G where other axes of H are wanted.
        field: "C" or "R", over which irreps are taken.

    Raises:
        UnknownSubgroupError: no subgroup of this name, or several; the message lists them.
        ValueError: an embedding in another group, or another field.

    >>> from pointgroups import molecular_point_group, point_group
    >>> table = branching(point_group("Oh"), "D4h")
    >>> table["Eg"], table["T1u"], table["T2g"]
    ({'A1g': 1, 'B1g': 1}, {'A2u': 1, 'Eu': 1}, {'B2g': 1, 'Eg': 1})
    >>> branching(point_group("O").double, "D3")["F3/2"]
    {'E1/2': 1, '1E3/2': 1, '2E3/2': 1}
    >>> branching(molecular_point_group("Ih"), "D5d")["Hg"]
    {'A1g': 1, 'E1g': 1, 'E2g': 1}
    """
    inside = embedding(group, subgroup) if isinstance(subgroup, str) else subgroup
    if inside.group is not group:
        raise ValueError(f"{inside!r} is not an embedding in {group!r}")
    return {label: dict(found) for label, found in restricted(inside, field).items()}


def correlation_table(group: AnyGroup, field: str = "C") -> dict[str, Branching]:
    """Branching to every class of subgroups: {name of the class: {irrep of G: {irrep of H: copies}}}, by falling order.

    Of a double group: to the double groups of the subgroups.

    Raises:
        ValueError: another field.

    >>> from pointgroups import point_group
    >>> for name, table in correlation_table(point_group("C4v")).items():
    ...     print(f"{name:14}", *table["E"])
    C4v            E
    C4             1E 2E
    C2v (C2, 2σv)  B1 B2
    C2v (C2, 2σd)  B1 B2
    Cs (σv)        A' A''
    Cs (σd)        A' A''
    C2             B
    C1             A
    """
    from pointgroups.double.group import DoubleGroup

    names = subgroup_lattice(group.point_group if isinstance(group, DoubleGroup) else group)
    return {name: branching(group, name, field) for name in names}


def irreps_with_invariants(group: PointGroup | FiniteGroup, subgroup: str | Inclusion) -> dict[str, int]:
    """Irreps over ℝ of G that hold a vector fixed by every element of a subgroup, with the dimension of these vectors.

    An order parameter of such an irrep can lower the symmetry from G to the subgroup, or to one that contains it.

    Raises:
        UnknownSubgroupError, ValueError: as :func:`branching`.

    >>> from pointgroups import point_group
    >>> irreps_with_invariants(point_group("Oh"), "C4v")
    {'A1g': 1, 'Eg': 1, 'T1u': 1}
    """
    inside = embedding(group, subgroup) if isinstance(subgroup, str) else subgroup
    trivial = next(iter(inside.subgroup._irreps_over("R")))
    table = branching(group, inside, "R")
    return {label: found[trivial] for label, found in table.items() if trivial in found}
