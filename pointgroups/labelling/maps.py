"""The map between two schemes: label → irrep → label, the composition of two bijections."""

from __future__ import annotations

from pointgroups.double.group import DoubleGroup
from pointgroups.point_group import PointGroup, point_group

from .schemes import scheme_label


def label_map(group: PointGroup | DoubleGroup | str, source: str, target: str, field: str = "C") -> dict[str, str]:
    """Label in one scheme → label in another, for every irrep of a group in table order.

    Args:
        group: a point group in any setting, or its name; or a double group.
        source, target: two of "mulliken", "bilbao", "koster", "altmann-herzig".
        field: "C" or "R", the irreps of a point group that are listed.

    Raises:
        ValueError: no such scheme or field.
        UnsureLabelError: an irrep has no certain label in one of the schemes.

    >>> label_map("-6m2", "bilbao", "koster")
    {'GM1': 'Γ1', 'GM2': 'Γ2', 'GM5': 'Γ6', 'GM4': 'Γ3', 'GM3': 'Γ4', 'GM6': 'Γ5'}
    """
    if isinstance(group, str):
        group = point_group(group)
    irreps = group._irreps_over(field).values()
    return {scheme_label(irrep, source): scheme_label(irrep, target) for irrep in irreps}
