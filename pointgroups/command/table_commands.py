"""Commands on the generated tables: ``pointgroups tables build`` and ``check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .printing import refuse


def build(directory: Annotated[Path, typer.Argument(help="Folder to write to; made if it does not exist.")]) -> None:
    """Generate all tables from the generators of the groups and write them."""
    from pointgroups import table_building

    if directory.exists() and not directory.is_dir():
        refuse(f"{directory} is not a folder")
    files = table_building.build(directory)
    typer.echo(f"{len(files)} files written to {directory}")


def check(
    directory: Annotated[Path | None, typer.Argument(help="Folder of tables; the shipped ones by default.")] = None,
) -> None:
    """Generate all tables again and compare: exit code 1 at the first difference, which is named."""
    from pointgroups import TableError, table_building

    try:
        count = table_building.check(directory)
    except TableError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{count} tables agree with what their generators give")
