"""``python -m pointgroups`` is the command ``pointgroups``."""

from .cli import app

app(prog_name="pointgroups")
