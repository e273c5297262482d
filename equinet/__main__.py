"""``python -m equinet``: the command line."""

from equinet.cli import app

app()
