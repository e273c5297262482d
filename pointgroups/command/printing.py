"""What all commands share: options, one line of error for bad input, and the three ways to print a report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from .tabular import Report

BAD_INPUT = 2

Group = Annotated[
    str, typer.Argument(metavar="GROUP", help='Name of a group, such as Oh, m-3m, -4m2, or "4/m -3 2/m".')
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with exact numbers as text.")]
AsLatex = Annotated[bool, typer.Option("--latex", help="Print a LaTeX fragment.")]


def refuse(message: str) -> NoReturn:
    """Say what is wrong with the input in one line, and leave."""
    typer.echo(f"error: {' '.join(message.split())}", err=True)
    raise typer.Exit(BAD_INPUT)


@contextmanager
def clear_errors() -> Iterator[None]:
    """What the library says of bad input becomes one line on stderr and exit code 2."""
    from pointgroups.irreps import UnknownIrrepError
    from pointgroups.tables import TableError

    try:
        yield
    except (ValueError, UnknownIrrepError, TableError) as error:
        refuse(str(error))


def print_report(report: Report, as_json: bool, as_latex: bool) -> None:
    """Print for people, for programs, or for LaTeX."""
    from . import tabular

    if as_json and as_latex:
        refuse("--json and --latex exclude each other; give one of them")
    if as_json:
        import json

        typer.echo(json.dumps(report.data, ensure_ascii=False, indent=2))
    elif as_latex:
        typer.echo(tabular.latex(report))
    else:
        tabular.print_text(report)
