"""Commands on data sets: the audit, and tables of symmetry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .printing import AsJson, clear_errors, print_report, refuse


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
    from pointgroups.datasets.audit import audit_data

    from .data_reports import audit_report, progress_bar

    if drop and fixed is None:
        refuse("--drop goes with --fixed; it says which rows the copy has")
    pairs = [text.partition("=") for text in tensors or []]
    if not all(column and name for column, _, name in pairs):
        refuse(f"--tensor is COLUMN=NAME, such as eps=dielectric, not {' '.join(tensors or [])}")
    with clear_errors(), progress_bar(file.name) as progress:
        names = {column: name for column, _, name in pairs}
        found = audit_data(file, names, ieee or (), tolerance, symprec, workers, fixed is not None, progress)
        dropped = found.write_fixed(fixed, drop) if fixed is not None else 0
    print_report(audit_report(found, every, fixed, dropped), json, False)


def analyze(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of structure files, or JSON lines.")],
    out: Annotated[Path, typer.Option(help="Table to write: .parquet or .csv.")],
    workers: Annotated[int, typer.Option(help="Processes; -1 for one on each core.")] = 1,
    symprec: Annotated[float, typer.Option(help="How far atoms may lie from their symmetric places, in Å.")] = 0.01,
    json: AsJson = False,
) -> None:
    """Write the symmetry of every structure to a table; goes on where an interrupted run stopped."""
    from pointgroups.datasets.analyze import analyze_structures

    from .data_reports import analysis_report, progress_bar

    with clear_errors(), progress_bar(source.name) as progress:
        found = analyze_structures(source, out, symprec, workers, progress)
    print_report(analysis_report(found), json, False)
    if len(found.failed) == found.total:
        raise typer.Exit(1)
