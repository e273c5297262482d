"""Commands on subgroups: the lattice, correlation tables and subduction matrices, induction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AnyGroup, Generators, IrrepLabel, Real, refuse, reporting

if TYPE_CHECKING:
    from .tabular import Report

_SUBGROUP = 'Name of a class of subgroups, such as C3v or "C2v (C2\', σh, σv)"; pointgroups subgroups shows all.'
Subgroup = Annotated[str, typer.Argument(metavar="SUBGROUP", help=_SUBGROUP)]


@reporting
def subgroups(group: AnyGroup, generators: Generators = None) -> Report:
    """The lattice of subgroups up to conjugacy, with the maximal subgroups of each."""
    from .chosen_groups import chosen_group
    from .subgroup_reports import lattice_report

    return lattice_report(chosen_group(group, generators))


@reporting
def branch(
    group: AnyGroup,
    subgroup: Annotated[str | None, typer.Argument(metavar="SUBGROUP", help=f"{_SUBGROUP} Without it all.")] = None,
    matrices: Annotated[
        str | None, typer.Option(metavar="IRREP", help="The functions of the subgroup among the partners of an irrep.")
    ] = None,
    spinors: Annotated[bool, typer.Option("--spinors", help="The irreps of the double group as well.")] = False,
    generators: Generators = None,
    real: Real = None,
) -> Report:
    """Correlation table: how the irreps of a group split in a subgroup."""
    from pointgroups.finite.group import FiniteGroup

    from .chosen_groups import chosen_group, chosen_irreps
    from .subgroup_reports import branching_report, correlation_report, subduction_report

    G = chosen_group(group, generators)
    if subgroup is None and matrices is not None:
        refuse("--matrices needs a subgroup; pointgroups subgroups shows all")
    if spinors and (real or matrices is not None):
        refuse("--spinors shows how all irreps split, over the complex numbers: leave out --real and --matrices")
    if spinors and isinstance(G, FiniteGroup):
        refuse(f"--spinors is for the crystallographic groups, which have double groups here, not for {G.name}")
    field = "R" if real else "C"
    if subgroup is None:
        return correlation_report(G, field, spinors)
    if matrices is None:
        return branching_report(G, subgroup, field, spinors)
    (irrep,) = chosen_irreps(G, [matrices], real)
    return subduction_report(G, irrep, subgroup)


@reporting
def induce(
    group: AnyGroup,
    subgroup: Subgroup,
    irrep: IrrepLabel,
    matrices: Annotated[
        bool, typer.Option("--matrices", help="The cosets, and the functions on them that the irreps have.")
    ] = False,
    generators: Generators = None,
    real: Real = None,
) -> Report:
    """The representation of a group that an irrep of a subgroup induces."""
    from pointgroups.subgroups.lattice import subgroup_lattice

    from .chosen_groups import chosen_group, chosen_irreps
    from .subgroup_reports import induction_report

    G = chosen_group(group, generators)
    (chosen,) = chosen_irreps(subgroup_lattice(G)[subgroup].group, [irrep], real)
    return induction_report(G, subgroup, chosen, matrices)
