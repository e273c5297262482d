"""Commands on levels with spin: double groups, multiplets, crystal-field splitting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AnyGroup, Generators, Group, refuse, reporting

if TYPE_CHECKING:
    from .tabular import Report


@reporting
def double(
    group: Group,
    j: Annotated[
        str | None,
        typer.Option("--j", help="How a level of this angular momentum splits: 5/2, or 5/2- for odd parity."),
    ] = None,
    spin_orbit: Annotated[
        str | None,
        typer.Option("--spin-orbit", metavar="IRREP", help="How spin-orbit coupling splits an orbital level."),
    ] = None,
) -> Report:
    """The double group: character table, spinor irreps, time reversal; or how one level splits."""
    from .chosen_groups import crystallographic_group
    from .double_reports import double_report, multiplet_report, spin_orbit_report
    from .notation import typed_label

    if j is not None and spin_orbit is not None:
        refuse("--j and --spin-orbit are two questions; ask one of them")
    G = crystallographic_group(group, "double groups")
    if spin_orbit is not None:
        return spin_orbit_report(G, typed_label(spin_orbit))
    if j is None:
        return double_report(G)
    match = re.fullmatch(r"([\d./]+)([+-]?)", j.replace("−", "-"))
    if match is None:
        refuse(f"{j!r} is no angular momentum; write 5/2, or 5/2- for odd parity")
    return multiplet_report(G, match[1], -1 if match[2] == "-" else 1)


@reporting
def splitting(group: AnyGroup, generators: Generators = None) -> Report:
    """Crystal-field splitting of the shells s, p, d, f, g, without and with spin, and of multiplets J = 0 … 8."""
    from .chosen_groups import chosen_group, of_rotations
    from .double_reports import splitting_report

    return splitting_report(of_rotations(chosen_group(group, generators)))
