"""``python -m pointgroups`` is the command ``pointgroups``."""

from .command.cli import app

app(prog_name="pointgroups")
