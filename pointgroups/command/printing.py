"""What all commands share: options, one line of error for bad input, and the four ways to print a report."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_type_hints

import typer

if TYPE_CHECKING:
    from .tabular import Report

BAD_INPUT = 2

Group = Annotated[
    str, typer.Argument(metavar="GROUP", help='Name of a group, such as Oh, m-3m, -4m2, or "4/m -3 2/m".')
]
AnyGroup = Annotated[
    str | None, typer.Argument(metavar="GROUP", help="Name of a group, such as Oh, -4m2, or of a molecule's, D5h, Ih.")
]
"""Goes with ``generators: Generators = None``; :func:`.chosen_groups.chosen_group` takes both."""
Generators = Annotated[
    Path | None,
    typer.Option(
        "--generators", metavar="FILE", help="In place of GROUP: JSON, orthogonal matrices or permutations of 0 … n-1."
    ),
]
ONE_GROUP = "give the name of a group (pointgroups list shows those of crystals) or a file of --generators, one of them"
IrrepLabel = Annotated[
    str, typer.Argument(metavar="IRREP", help="Label of an irrep, such as T1u, A2'', 1E, or of a spinor irrep, E1/2g.")
]
Real = Annotated[
    bool | None,
    typer.Option("--real/--complex", help="Irreps over ℝ or over ℂ. By default ℂ, unless a label exists over ℝ only."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with numbers as text that SymPy reads.")]
AsLatex = Annotated[bool, typer.Option("--latex", help="Print a LaTeX fragment.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown, with tables as GitHub has them.")]


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


def reporting(command: Callable[..., Report]) -> Callable[..., None]:
    """A command that prints what a function reports, with --json, --latex and --markdown beside the function's options.

    What the function says of bad input becomes one line.
    """

    @wraps(command)
    def printed(*, json: bool, latex: bool, markdown: bool, **arguments: Any) -> None:
        with clear_errors():
            report = command(**arguments)
        print_report(report, json, latex, markdown)

    hints = get_type_hints(command, localns={"Report": None}, include_extras=True)
    own = [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values()]
    kind = inspect.Parameter.KEYWORD_ONLY
    shared = {"json": AsJson, "latex": AsLatex, "markdown": AsMarkdown}
    options = [inspect.Parameter(name, kind, default=False, annotation=option) for name, option in shared.items()]
    signature = inspect.Signature([*own, *options], return_annotation=None)
    printed.__annotations__ = {name: p.annotation for name, p in signature.parameters.items()}
    vars(printed)["__signature__"] = signature
    return printed


def print_report(report: Report, as_json: bool, as_latex: bool, as_markdown: bool = False) -> None:
    """Print for people, for programs, for LaTeX, or for Markdown."""
    from . import tabular

    wanted = {"--json": as_json, "--latex": as_latex, "--markdown": as_markdown}
    given = [option for option, chosen in wanted.items() if chosen]
    if len(given) > 1:
        refuse(f"{' and '.join(given)} exclude each other; give one of them")
    if as_json:
        import json

        typer.echo(json.dumps(report.data, ensure_ascii=False, indent=2))
    elif as_latex:
        typer.echo(tabular.latex(report))
    elif as_markdown:
        typer.echo(tabular.markdown(report))
    else:
        tabular.print_text(report)
