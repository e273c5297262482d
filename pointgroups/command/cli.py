"""The command ``pointgroups``: groups, tensors, crystals and data sets in a terminal, as JSON, LaTeX or Markdown."""

from __future__ import annotations

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

GROUP_FIRST = {"ignore_unknown_options": True}
"""Names such as -4m2 look like options and are none."""

app = typer.Typer(
    help="Exact theory of the 32 crystallographic point groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(context_settings=GROUP_FIRST)(group_commands.show)
app.command(context_settings=GROUP_FIRST)(group_commands.labels)
app.command("list")(group_commands.list_groups)
app.command(context_settings=GROUP_FIRST)(group_commands.product)
app.command(context_settings=GROUP_FIRST)(group_commands.couple)
app.command("three-jm", context_settings=GROUP_FIRST)(group_commands.three_jm)
app.command(context_settings=GROUP_FIRST)(group_commands.subduce)
app.command(context_settings=GROUP_FIRST)(function_commands.polynomials)
app.command("clebsch-gordan")(function_commands.clebsch_gordan)
app.command(context_settings=GROUP_FIRST)(double_commands.double)
app.command(context_settings=GROUP_FIRST)(double_commands.splitting)
app.command(context_settings=GROUP_FIRST)(subgroup_commands.subgroups)
app.command(context_settings=GROUP_FIRST)(subgroup_commands.branch)
app.command(context_settings=GROUP_FIRST)(subgroup_commands.induce)
app.command(context_settings=GROUP_FIRST)(irrep_commands.power)
app.command(context_settings=GROUP_FIRST)(irrep_commands.selection)
app.command("jahn-teller", context_settings=GROUP_FIRST)(irrep_commands.jahn_teller)
app.command(context_settings=GROUP_FIRST)(irrep_commands.invariants)
app.command()(tensor_commands.tensor)
app.command(context_settings=GROUP_FIRST)(tensor_commands.raman)
app.command()(tensor_commands.surface)
app.command()(tensor_commands.measured)
app.command()(crystal_commands.crystal)
app.command()(crystal_commands.modes)
app.command()(crystal_commands.site)
app.command()(data_commands.audit)
app.command()(data_commands.analyze)

tables_app = typer.Typer(help="Write the generated tables, or check them.", no_args_is_help=True)
app.add_typer(tables_app, name="tables")
tables_app.command()(table_commands.build)
tables_app.command()(table_commands.check)
