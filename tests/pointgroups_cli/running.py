"""Running the command in this process, and what its output must look like."""

import itertools
import json
import re
from typing import Any

import numpy as np
from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.testing import CliRunner

from pointgroups import PointGroup
from pointgroups.command.cli import app
from pointgroups.finite.group import FiniteGroup


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


PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def cells_of(tokens: list[Token]) -> list[list[str]]:
    """The rows of all tables as plain text; a cell with emphasis, links or HTML fails."""
    rows: list[list[str]] = []
    for before, token in itertools.pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            children = token.children or []
            assert {child.type for child in children} <= {"text", "softbreak"}, token.content
            if before.type in ("td_open", "th_open"):
                rows[-1].append("".join(child.content for child in children))
    return rows


def plain(tokens: list[Token]) -> str:
    return "".join(child.content for token in tokens if token.type == "inline" for child in token.children or [])


def check_markdown(markdown: str, text: str) -> None:
    """The same letters as in a terminal but for rules and space, and every table a table."""
    tokens = PARSER.parse(markdown)
    assert sorted("".join(plain(tokens).split())) == sorted("".join(text.replace("─", "").split()))
    assert sum(token.type == "table_open" for token in tokens) == sum("──" in line for line in text.splitlines())
    cells_of(tokens)


def values(functions: list[str], points: np.ndarray) -> np.ndarray:
    """The functions at points (…, 3), shape (…, n)."""
    x, y, z = np.moveaxis(points, -1, 0)
    names = {"x": x, "y": y, "z": z, "sqrt": np.sqrt}
    return np.stack([eval(f.removeprefix("R"), names) + 0 * x for f in functions], -1)


def check_functions(group: PointGroup | FiniteGroup, entries: list[dict[str, Any]]) -> None:
    """Each set of functions spans a space on which the group acts with the irrep's character; all twelve are there."""
    points = np.random.default_rng(0).normal(size=(20, 3))
    moved = np.einsum("gji,pj->gpi", group.rotations, points)  # g⁻¹ r
    turns = {"": np.ones(group.order), "R": np.linalg.det(group.rotations)}
    names = []
    for entry in entries:
        for functions in entry["linear"] + entry["quadratic"]:
            names += functions
            turn = turns["R" if functions[0].startswith("R") else ""]
            here, there = (values(functions, r) for r in (points, moved))
            action = turn[:, None, None] * (np.linalg.pinv(here) @ there)
            np.testing.assert_allclose(here @ action, turn[:, None, None] * there, atol=1e-10)
            expected = group.real_irreps[entry["label"]].characters
            np.testing.assert_allclose(np.trace(action, axis1=1, axis2=2), expected, atol=1e-10)
    assert {"x", "y", "z", "Rx", "Ry", "Rz"} <= set(names)
    assert len(names) == len(set(names)) == 12
