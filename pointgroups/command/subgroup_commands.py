"""Commands on subgroups: the lattice, correlation tables and subduction matrices, induction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .printing import Group, IrrepLabel, Real, refuse, reporting

if TYPE_CHECKING:
    from .tabular import Report

_SUBGROUP = 'Name of a class of subgroups, such as C3v or "C2v (C2\', σh, σv)"; pointgroups subgroups shows all.'
Subgroup = Annotated[str, typer.Argument(metavar="SUBGROUP", help=_SUBGROUP)]


@reporting
def subgroups(group: Group) -> Report:
    """The lattice of subgroups up to conjugacy, with the maximal subgroups of each."""
    from pointgroups.point_group import point_group

    from .subgroup_reports import lattice_report

    return lattice_report(point_group(group))


@reporting
def branch(
    group: Group,
    subgroup: Annotated[str | None, typer.Argument(metavar="SUBGROUP", help=f"{_SUBGROUP} Without it all.")] = None,
    matrices: Annotated[
        str | None, typer.Option(metavar="IRREP", help="The functions of the subgroup among the partners of an irrep.")
    ] = None,
    spinors: Annotated[bool, typer.Option("--spinors", help="The irreps of the double group as well.")] = False,
    real: Real = None,
) -> Report:
    """Correlation table: how the irreps of a group split in a subgroup."""
    from pointgroups.point_group import point_group

    from .chosen_groups import own_irreps
    from .subgroup_reports import branching_report, correlation_report, subduction_report

    G = point_group(group)
    if subgroup is None and (matrices is not None or spinors):
        refuse("--matrices and --spinors need a subgroup; pointgroups subgroups shows all")
    if spinors and (real or matrices is not None):
        refuse("--spinors stands alone: spinor irreps are given over the complex numbers, without subduction matrices")
    field = "R" if real else "C"
    if subgroup is None:
        return correlation_report(G, field)
    if matrices is None:
        return branching_report(G, subgroup, field, spinors)
    (irrep,) = own_irreps(G, [matrices], real)
    return subduction_report(irrep, subgroup)


@reporting
def induce(
    group: Group,
    subgroup: Subgroup,
    irrep: IrrepLabel,
    matrices: Annotated[
        bool, typer.Option("--matrices", help="The cosets, and the functions on them that the irreps have.")
    ] = False,
    real: Real = None,
) -> Report:
    """The representation of a group that an irrep of a subgroup induces."""
    from pointgroups.point_group import point_group
    from pointgroups.subgroups.lattice import subgroup_lattice

    from .chosen_groups import own_irreps
    from .subgroup_reports import induction_report

    G = point_group(group)
    (chosen,) = own_irreps(subgroup_lattice(G)[subgroup].group, [irrep], real)
    return induction_report(G, subgroup, chosen, matrices)
