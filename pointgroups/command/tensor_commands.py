"""Commands on tensors: allowed forms, Raman tensors, directional surfaces, measured tensors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import Group, clear_errors, refuse, reporting

if TYPE_CHECKING:
    from .tabular import Report

_FORMS = "the forms of tensors"


@reporting
def tensor(
    name: Annotated[
        str | None, typer.Argument(metavar="TENSOR", help="A name such as elastic; --list shows all.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="The group; without it the number of components in all 32 groups.")
    ] = None,
    symmetry: Annotated[
        str | None, typer.Option(help='In place of a name: "ijk=jik", "ij=-ji", or a Jahn symbol, "V[V2]".')
    ] = None,
    axial: Annotated[bool, typer.Option("--axial", help="With --symmetry: the tensor gets an extra det(R).")] = False,
    irreps: Annotated[bool, typer.Option("--irreps", help="Decompose into irreps along GL(3) → O(3) → group.")] = False,
    every: Annotated[bool, typer.Option("--list", help="All tensors that have a name.")] = False,
) -> Report:
    """The form that a group allows to a tensor: independent components, zeros and relations."""
    from pointgroups.tensors.catalogue import named_tensor

    from . import tensor_reports
    from .chosen_groups import crystallographic_group

    if every:
        if name or group or symmetry or axial or irreps:
            refuse("--list stands alone, or with --json, --latex or --markdown")
        return tensor_reports.catalogue_report()
    if (name is None) == (symmetry is None):
        refuse("give the name of a tensor (pointgroups tensor --list shows all) or its --symmetry, one of them")
    if axial and symmetry is None:
        refuse("--axial goes with --symmetry; a tensor with a name is known to be polar or axial")
    chosen = tensor_reports.custom_tensor(symmetry, axial) if symmetry is not None else named_tensor(name or "")
    G = crystallographic_group(group, _FORMS) if group is not None else None
    if irreps:
        return tensor_reports.irreps_report(chosen, G)
    return tensor_reports.counts_report(chosen) if G is None else tensor_reports.form_report(chosen, G)


@reporting
def raman(group: Group) -> Report:
    """The Raman tensors of each irrep over ℝ."""
    from .chosen_groups import crystallographic_group
    from .tensor_reports import raman_report

    return raman_report(crystallographic_group(group, "Raman tensors"))


def surface(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON: the Voigt matrix as a list of rows.")],
    kind: Annotated[
        str,
        typer.Option(help="young or compressibility, of a 6×6 matrix; or a tensor's name, for T(n) = T_ij… n_i n_j …"),
    ],
    out: Annotated[Path, typer.Option(help="Picture to write: .png, or .html for an interactive page.")],
    stiffness: Annotated[
        bool, typer.Option("--stiffness/--compliance", help="What the matrix is, for young and compressibility.")
    ] = True,
) -> None:
    """Draw how a property depends on direction, from a measured tensor."""
    from pointgroups.tensors.surfaces import plot_surface, property_of_matrix, read_matrix

    with clear_errors():
        values, title = property_of_matrix(read_matrix(file), kind, stiffness)
        low, high = plot_surface(values, out, title)
    typer.echo(f"{title}: {low:.6g} to {high:.6g}, drawn in {out}")


@reporting
def measured(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON: the tensor's matrix as a list of rows.")],
    tensor: Annotated[str, typer.Option(help="Its name, such as elastic; pointgroups tensor --list shows all.")],
    group: Annotated[
        str | None, typer.Option(help="The group to hold it against; without it all groups that it fits.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="A group fits when it changes the tensor by this part of its norm, or less.")
    ] = 0.01,
) -> Report:
    """The symmetry of a measured tensor: the groups that it fits, as it stands and turned, or what a group changes."""
    from pointgroups.tensors.catalogue import named_tensor
    from pointgroups.tensors.surfaces import read_matrix, tensor_of_matrix

    from .chosen_groups import crystallographic_group
    from .measured_reports import groups_report, projection_report

    named = named_tensor(tensor)
    values = tensor_of_matrix(read_matrix(file), named)
    if group is None:
        return groups_report(values, named, tolerance)
    return projection_report(values, named, crystallographic_group(group, _FORMS), tolerance)
