"""The command ``pointgroups``: groups, products, couplings and tensors in a terminal, as JSON or as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from pointgroups.irreps import Irrep

    from .tabular import Report

app = typer.Typer(
    help="Exact theory of the 32 crystallographic point groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
tables_app = typer.Typer(help="Write the generated tables, or check them.", no_args_is_help=True)
app.add_typer(tables_app, name="tables")

BAD_INPUT = 2
_GROUP_FIRST = {"ignore_unknown_options": True}
"""Names such as -4m2 look like options and are none."""

Group = Annotated[
    str, typer.Argument(metavar="GROUP", help='Name of a group, such as Oh, m-3m, -4m2, or "4/m -3 2/m".')
]
_LABEL = "Label of an irrep, such as T1u, A2'', 1E."
LabelA = Annotated[str, typer.Argument(metavar="A", help=_LABEL)]
LabelB = Annotated[str, typer.Argument(metavar="B", help=_LABEL)]
LabelC = Annotated[str, typer.Argument(metavar="C", help=_LABEL)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with exact numbers as text.")]
AsLatex = Annotated[bool, typer.Option("--latex", help="Print a LaTeX fragment.")]
Real = Annotated[
    bool | None,
    typer.Option("--real/--complex", help="Irreps over ℝ or over ℂ. By default ℂ, unless a label exists over ℝ only."),
]


def _refuse(message: str) -> NoReturn:
    typer.echo(f"error: {' '.join(message.split())}", err=True)
    raise typer.Exit(BAD_INPUT)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What the library says of bad input becomes one line on stderr and exit code 2."""
    from pointgroups.irreps import UnknownIrrepError
    from pointgroups.tables import TableError

    try:
        yield
    except (ValueError, UnknownIrrepError, TableError) as error:
        _refuse(str(error))


def _print(report: Report, as_json: bool, as_latex: bool) -> None:
    from . import tabular

    if as_json and as_latex:
        _refuse("--json and --latex exclude each other; give one of them")
    if as_json:
        import json

        typer.echo(json.dumps(report.data, ensure_ascii=False, indent=2))
    elif as_latex:
        typer.echo(tabular.latex(report))
    else:
        tabular.print_text(report)


def _irreps(group: str, labels: list[str], real: bool | None) -> list[Irrep]:
    """The irreps of these labels, all over one field."""
    from pointgroups.point_group import point_group

    from .notation import typed_label

    G = point_group(group)
    wanted = [typed_label(label) for label in labels]
    if real is None:
        real = not all(label in G.irreps for label in wanted) and all(label in G.real_irreps for label in wanted)
    table = G.real_irreps if real else G.irreps
    return [table[label] for label in wanted]


@app.command(context_settings=_GROUP_FIRST)
def show(group: Group, json: AsJson = False, latex: AsLatex = False) -> None:
    """Elements, classes, character table and irreps of a group."""
    from pointgroups.point_group import point_group

    from .reports import group_report

    with _clear_errors():
        _print(group_report(point_group(group)), json, latex)


@app.command("list")
def list_groups(json: AsJson = False, latex: AsLatex = False) -> None:
    """The 32 groups and all settings, by the names that this program knows."""
    from .reports import list_report

    with _clear_errors():
        _print(list_report(), json, latex)


@app.command(context_settings=_GROUP_FIRST)
def product(
    group: Group, a: LabelA, b: LabelB, real: Real = None, json: AsJson = False, latex: AsLatex = False
) -> None:
    """The product of two irreps as a sum of irreps."""
    from .reports import product_report

    with _clear_errors():
        _print(product_report(*_irreps(group, [a, b], real)), json, latex)


@app.command(context_settings=_GROUP_FIRST)
def couple(
    group: Group, a: LabelA, b: LabelB, c: LabelC, real: Real = None, json: AsJson = False, latex: AsLatex = False
) -> None:
    """Coupling coefficients: the functions of C among the products of those of A and B."""
    from .reports import coupling_report

    with _clear_errors():
        _print(coupling_report(*_irreps(group, [a, b, c], real)), json, latex)


@app.command(context_settings=_GROUP_FIRST)
def subduce(
    group: Group,
    degree: Annotated[str, typer.Argument(help="ℓ, with + or - behind it for a parity other than (-1)^ℓ: 3, 2+, 1+.")],
    even: Annotated[
        bool | None, typer.Option("--even/--odd", help="Parity of the functions; (-1)^ℓ by default.")
    ] = None,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """How a level of angular momentum ℓ splits in a group."""
    from pointgroups.point_group import point_group

    from .reports import subduction_report

    match = re.fullmatch(r"(\d+)([+-]?)", degree.replace("−", "-"))
    if match is None:
        _refuse(f"{degree!r} is not a degree ℓ; write a number such as 3, or 2+ and 2- to name the parity")
    number, sign = int(match[1]), match[2]
    if sign and even is not None and even != (sign == "+"):
        _refuse(f"{degree} and --{'even' if even else 'odd'} contradict each other; give one of them")
    parity = (-1) ** number if not sign and even is None else 1 if sign == "+" or even else -1
    with _clear_errors():
        _print(subduction_report(point_group(group), number, parity), json, latex)


@app.command()
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
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """The form that a group allows to a tensor: independent components, zeros and relations."""
    from pointgroups.point_group import point_group
    from pointgroups.tensors.catalogue import named_tensor

    from . import tensor_reports

    if every:
        if name or group or symmetry or axial or irreps:
            _refuse("--list stands alone, or with --json or --latex")
        return _print(tensor_reports.catalogue_report(), json, latex)
    if (name is None) == (symmetry is None):
        _refuse("give the name of a tensor (pointgroups tensor --list shows all) or its --symmetry, one of them")
    if axial and symmetry is None:
        _refuse("--axial goes with --symmetry; a tensor with a name is known to be polar or axial")
    with _clear_errors():
        chosen = tensor_reports.custom_tensor(symmetry, axial) if symmetry is not None else named_tensor(name or "")
        G = point_group(group) if group is not None else None
        if irreps:
            report = tensor_reports.irreps_report(chosen, G)
        elif G is None:
            report = tensor_reports.counts_report(chosen)
        else:
            report = tensor_reports.form_report(chosen, G)
    return _print(report, json, latex)


@app.command(context_settings=_GROUP_FIRST)
def raman(group: Group, json: AsJson = False, latex: AsLatex = False) -> None:
    """The Raman tensors of each irrep over ℝ."""
    from pointgroups.point_group import point_group

    from .tensor_reports import raman_report

    with _clear_errors():
        _print(raman_report(point_group(group)), json, latex)


@app.command()
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

    with _clear_errors():
        values, title = property_of_matrix(read_matrix(file), kind, stiffness)
        low, high = plot_surface(values, out, title)
    typer.echo(f"{title}: {low:.6g} to {high:.6g}, drawn in {out}")


@app.command()
def measured(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON: the tensor's matrix as a list of rows.")],
    tensor: Annotated[str, typer.Option(help="Its name, such as elastic; pointgroups tensor --list shows all.")],
    group: Annotated[
        str | None, typer.Option(help="The group to hold it against; without it all groups that it fits.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="A group fits when it changes the tensor by this part of its norm, or less.")
    ] = 0.01,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """The symmetry of a measured tensor: the groups that it fits, as it stands and turned, or what a group changes."""
    from pointgroups.point_group import point_group
    from pointgroups.tensors.catalogue import named_tensor
    from pointgroups.tensors.surfaces import read_matrix, tensor_of_matrix

    from .measured_reports import groups_report, projection_report

    with _clear_errors():
        named = named_tensor(tensor)
        values = tensor_of_matrix(read_matrix(file), named)
        if group is None:
            report = groups_report(values, named, tolerance)
        else:
            report = projection_report(values, named, point_group(group), tolerance)
        _print(report, json, latex)


@app.command()
def modes(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A crystal: CIF, POSCAR or another file of pymatgen.")],
    symprec: Annotated[float, typer.Option(help="How far an atom may lie from its symmetric place, in Å.")] = 0.01,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """Vibrations of a crystal at the zone centre: irreps, infrared and Raman activity; as JSON with their patterns."""
    from pointgroups.crystals.symmetry import crystal_symmetry
    from pointgroups.crystals.vibrations import zone_center_modes

    from .crystal_reports import modes_report

    with _clear_errors():
        _print(modes_report(zone_center_modes(crystal_symmetry(file, symprec=symprec))), json, latex)


@app.command()
def audit(
    file: Annotated[Path, typer.Argument(metavar="DATA", help="JSON lines, plain or gzip: structures and tensors.")],
    tensors: Annotated[
        list[str] | None, typer.Option("--tensor", metavar="COLUMN=NAME", help="A column with a tensor of this name.")
    ] = None,
    ieee: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="A column whose tensors are in the IEEE axes.")
    ] = None,
    tolerance: Annotated[float, typer.Option(help="Part of a tensor that its class may forbid.")] = 0.02,
    symprec: Annotated[float, typer.Option(help="How far atoms may lie from their symmetric places, in Å.")] = 0.01,
    fixed: Annotated[Path | None, typer.Option(help="Write a mended copy: .jsonl or .jsonl.gz.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Leave rows that cannot be mended out of the copy.")] = False,
    workers: Annotated[int, typer.Option(help="Processes; -1 for one on each core.")] = 1,
    every: Annotated[bool, typer.Option("--all", help="Show all rows concerned, not the first ones.")] = False,
    json: AsJson = False,
) -> None:
    """Look for what is wrong in a data set of structures and tensors."""
    from pointgroups.crystals.audit import audit_data

    from .data_reports import audit_report, progress_bar

    if drop and fixed is None:
        _refuse("--drop goes with --fixed; it says which rows the copy has")
    pairs = [text.partition("=") for text in tensors or []]
    if not all(column and name for column, _, name in pairs):
        _refuse(f"--tensor is COLUMN=NAME, such as eps=dielectric, not {' '.join(tensors or [])}")
    with _clear_errors(), progress_bar(file.name) as progress:
        names = {column: name for column, _, name in pairs}
        found = audit_data(file, names, ieee or (), tolerance, symprec, workers, fixed is not None, progress)
        dropped = found.write_fixed(fixed, drop) if fixed is not None else 0
    _print(audit_report(found, every, fixed, dropped), json, False)


@app.command()
def analyze(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of structure files, or JSON lines.")],
    out: Annotated[Path, typer.Option(help="Table to write: .parquet or .csv.")],
    workers: Annotated[int, typer.Option(help="Processes; -1 for one on each core.")] = 1,
    symprec: Annotated[float, typer.Option(help="How far atoms may lie from their symmetric places, in Å.")] = 0.01,
    json: AsJson = False,
) -> None:
    """Write the symmetry of every structure to a table; goes on where an interrupted run stopped."""
    from pointgroups.crystals.analyze import analyze_structures

    from .data_reports import analysis_report, progress_bar

    with _clear_errors(), progress_bar(source.name) as progress:
        found = analyze_structures(source, out, symprec, workers, progress)
    _print(analysis_report(found), json, False)
    if len(found.failed) == found.total:
        raise typer.Exit(1)


@app.command()
def crystal(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A crystal: CIF, POSCAR or another file of pymatgen.")],
    symprec: Annotated[float, typer.Option(help="How far an atom may lie from its symmetric place, in Å.")] = 0.01,
    scan: Annotated[bool, typer.Option("--scan", help="The class at tolerances from 1e-5 to 0.3 Å as well.")] = False,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """The symmetry of a crystal: class, space group, standard axes, orbits of atoms and their site groups."""
    from pointgroups.crystals.symmetry import crystal_symmetry
    from pointgroups.crystals.tolerances import symmetry_scan

    from .symmetry_report import symmetry_report

    with _clear_errors():
        found = crystal_symmetry(file, symprec=symprec)
        _print(symmetry_report(found, symmetry_scan(file) if scan else ()), json, latex)


@app.command()
def site(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A crystal: CIF, POSCAR or another file of pymatgen.")],
    atom: Annotated[int, typer.Option(help="Which atom of the cell, counted from 0.")],
    radius: Annotated[
        float | None, typer.Option(help="Of the ligands, in Å; by default 1.2 times the distance of the nearest atom.")
    ] = None,
    symprec: Annotated[float, typer.Option(help="How far an atom may lie from its symmetric place, in Å.")] = 0.01,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """An atom in a crystal: how its shells split, which combinations its ligands have, which crystal field it sees."""
    from pointgroups.crystals.symmetry import crystal_symmetry

    from .site_reports import site_report

    with _clear_errors():
        _print(site_report(crystal_symmetry(file, symprec=symprec), atom, radius), json, latex)


@tables_app.command()
def build(directory: Annotated[Path, typer.Argument(help="Folder to write to; made if it does not exist.")]) -> None:
    """Generate all tables from the generators of the groups and write them."""
    from pointgroups import tables

    if directory.exists() and not directory.is_dir():
        _refuse(f"{directory} is not a folder")
    files = tables.build(directory)
    typer.echo(f"{len(files)} files written to {directory}")


@tables_app.command()
def check(
    directory: Annotated[Path | None, typer.Argument(help="Folder of tables; the shipped ones by default.")] = None,
) -> None:
    """Generate all tables again and compare: exit code 1 at the first difference, which is named."""
    from pointgroups import tables

    try:
        count = tables.check(directory)
    except tables.TableError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{count} tables agree with what their generators give")
