"""Tables for people: one description, printed in a terminal or written as LaTeX or Markdown.

A :class:`Report` is a title, lines and sections; a section is a table with notes below it. Every text is a
:class:`~pointgroups.notation.Written` whose LaTeX form stands in text mode: mathematics carries its own dollar signs.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .notation import Written

Row = Sequence[Written]

_TERMINAL_WIDTH = 120  # where the output is no terminal and COLUMNS is not set
_MARKDOWN_RULE = {"r": "---:"}
_LATEX_COLUMN = {"l": "l", "r": "r", "f": "l", "p": r"p{0.6\linewidth}"}
_FOLDED = "fp"
_LEAST_FOLDED_WIDTH = 14


@dataclass(frozen=True)
class Section:
    """A table: ``columns`` has one letter a column: l left, r right, f left and folded where a terminal is narrow, p a
    paragraph, folded in LaTeX too.
    """

    title: Written
    columns: str
    header: Row
    rows: Sequence[Row]
    notes: Sequence[Written] = ()


@dataclass(frozen=True)
class Report:
    """What a command has to say: to people by title, lines and tables, to programs by ``data``, which is JSON."""

    title: Written
    lines: Sequence[Written]
    sections: Sequence[Section]
    data: Any


def math(written: Written) -> Written:
    """The same, with its LaTeX form between dollar signs, as cells and notes want it."""
    return Written(written.text, f"${written.latex}$")


def words(text: str) -> Written:
    """Plain words, the same in both notations."""
    return Written(text, text)


def print_text(report: Report) -> None:
    """Print to the terminal. Where it is too narrow the columns of words are folded, those of numbers never."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    free = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    console = Console(width=_TERMINAL_WIDTH if free else None, highlight=False)
    width = console.width
    with console.capture() as capture:
        console.print(Text(report.title.text, style="bold"))
        for line in report.lines:
            console.print(Text(line.text))
        for section in report.sections:
            console.print()
            if section.title.text:
                console.print(Text(section.title.text, style="bold"))
            table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
            for column, heading in zip(section.columns, section.header, strict=True):
                justify: Literal["left", "right"] = "right" if column == "r" else "left"
                table.add_column(Text(heading.text), justify=justify, no_wrap=column not in _FOLDED)
            for row in section.rows:
                table.add_row(*(Text(cell.text) for cell in row))
            console.width = max(width, _least_width(section))
            console.print(table)
            console.width = width
            for note in section.notes:
                console.print(Text(note.text))
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _least_width(section: Section) -> int:
    """The width below which numbers would be cut off."""
    columns = zip(section.columns, zip(section.header, *section.rows, strict=True), strict=True)
    widths = [
        _LEAST_FOLDED_WIDTH if column in _FOLDED else max(len(cell.text) for cell in cells) for column, cells in columns
    ]
    return sum(widths) + 3 * len(widths)


def latex(report: Report) -> str:
    """A fragment for a LaTeX document; no package is needed."""
    lines = [rf"\subsection*{{{report.title.latex}}}", *(rf"\noindent {line.latex}" + "\n" for line in report.lines)]
    for section in report.sections:
        if section.title.latex:
            lines.append(rf"\subsubsection*{{{section.title.latex}}}")
        first, rest = section.columns[0], section.columns[1:]
        columns = f"{_LATEX_COLUMN[first]}|{''.join(_LATEX_COLUMN[c] for c in rest)}"
        lines += [r"\begin{center}", rf"\begin{{tabular}}{{{columns}}}"]
        lines.append(f"{_row(section.header)} \\hline")
        lines += [_row(row) for row in section.rows]
        lines.append(r"\end{tabular}")
        lines += [rf"\\[1ex] {note.latex}" for note in section.notes]
        lines.append(r"\end{center}")
    return "\n".join(lines)


def _row(cells: Row) -> str:
    return f"{' & '.join(cell.latex for cell in cells)} \\\\"


def markdown(report: Report) -> str:
    """Markdown with tables as GitHub has them; the same signs as in a terminal, so that it needs no mathematics."""
    parts = [f"## {_plain(report.title)}", *map(_plain, report.lines)]
    for section in report.sections:
        if section.title.text:
            parts.append(f"### {_plain(section.title)}")
        rule = " | ".join(_MARKDOWN_RULE.get(column, "---") for column in section.columns)
        rows = [" | ".join(map(_plain, row)) for row in (section.header, *section.rows)]
        parts.append("\n".join(f"| {line} |" for line in (rows[0], rule, *rows[1:])))
        parts += map(_plain, section.notes)
    return "\n\n".join(parts)


def _plain(written: Written) -> str:
    """The text with a backslash before every sign that Markdown would read."""
    return re.sub(r"([\\`*_{}\[\]<>|~$&#])", r"\\\1", written.text)
