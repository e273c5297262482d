"""Running the command in this process, and what its output must look like."""

import json
import re
from typing import Any

from typer.testing import CliRunner

from pointgroups.command.cli import app


def output(*arguments: str) -> str:
    """What the command prints; it must succeed and say nothing on stderr."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def as_json(*arguments: str) -> Any:
    """The JSON that the command prints."""
    return json.loads(output(*arguments, "--json"))


def refused(*arguments: str) -> str:
    """The one line on stderr with which the command refuses bad input."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def check_latex(text: str) -> None:
    """ASCII; environments closed, braces and dollars balanced, and every row has as many cells as columns."""
    assert text.isascii(), [c for c in text if not c.isascii()]
    assert text.count("{") == text.count("}")
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert re.sub(r"\\.", "", text).count("$") % 2 == 0
    assert re.findall(r"\\begin\{(\w+)\}", text).count("tabular") == text.count(r"\end{tabular}")
    for columns, body in re.findall(r"\\begin\{tabular\}\{([^\n]*)\}\n(.*?)\\end\{tabular\}", text, re.DOTALL):
        n_columns = len(re.findall(r"[lrp]", re.sub(r"p\{.*?\}", "p", columns)))
        for row in body.strip().splitlines():
            assert row.count("&") == n_columns - 1, row
