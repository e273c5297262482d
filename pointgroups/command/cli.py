"""The command ``pointgroups``: groups, tensors, crystals and data sets in a terminal, as JSON, LaTeX or Markdown."""

from __future__ import annotations

import os

import typer

from . import (
    crystal_commands,
    data_commands,
    double_commands,
    function_commands,
    group_commands,
    irrep_commands,
    subgroup_commands,
    table_commands,
    tensor_commands,
)
from .parsing import Command, Commands, GroupCommand

if "OMP_NUM_THREADS" not in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small: threads would wait for each other

app = typer.Typer(
    help="Theory of point groups: exact for the 32 of crystals, and for any finite group.",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(cls=GroupCommand)(group_commands.show)
app.command(cls=GroupCommand)(group_commands.labels)
app.command("list", cls=Command)(group_commands.list_groups)
app.command(cls=GroupCommand)(group_commands.product)
app.command(cls=GroupCommand)(group_commands.couple)
app.command("three-jm", cls=GroupCommand)(group_commands.three_jm)
app.command(cls=GroupCommand)(group_commands.subduce)
app.command(cls=GroupCommand)(function_commands.polynomials)
app.command("clebsch-gordan", cls=Command, context_settings={"ignore_unknown_options": True})(  # -1 is a number
    function_commands.clebsch_gordan
)
app.command(cls=GroupCommand)(double_commands.double)
app.command(cls=GroupCommand)(double_commands.splitting)
app.command(cls=GroupCommand)(subgroup_commands.subgroups)
app.command(cls=GroupCommand)(subgroup_commands.branch)
app.command(cls=GroupCommand)(subgroup_commands.induce)
app.command(cls=GroupCommand)(irrep_commands.power)
app.command(cls=GroupCommand)(irrep_commands.selection)
app.command("jahn-teller", cls=GroupCommand)(irrep_commands.jahn_teller)
app.command(cls=GroupCommand)(irrep_commands.invariants)
app.command(cls=Command)(tensor_commands.tensor)
app.command(cls=GroupCommand)(tensor_commands.raman)
app.command(cls=Command)(tensor_commands.surface)
app.command(cls=Command)(tensor_commands.measured)
app.command(cls=Command)(crystal_commands.crystal)
app.command(cls=Command)(crystal_commands.modes)
app.command(cls=Command)(crystal_commands.site)
app.command(cls=Command)(data_commands.audit)
app.command(cls=Command)(data_commands.analyze)

tables_app = typer.Typer(help="Write the generated tables, or check them.", cls=Commands, no_args_is_help=True)
app.add_typer(tables_app, name="tables")
tables_app.command(cls=Command)(table_commands.build)
tables_app.command(cls=Command)(table_commands.check)
