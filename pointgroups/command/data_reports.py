"""What the commands say about data sets: findings of an audit, and what came of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pointgroups.datasets.analyze import Analysis
from pointgroups.datasets.audit import Audit, DuplicatePair
from pointgroups.datasets.findings import KINDS, Finding, percent
from pointgroups.datasets.row_audit import AuditedRow

from .notation import Written
from .tabular import Report, Section, words

SHOWN = 20


def audit_report(audit: Audit, every: bool = False, fixed: Path | None = None, dropped: int = 0) -> Report:
    """Counts of the findings, the axes of the tensors, the rows concerned, errors first, and the duplicates.

    ``fixed`` is the copy that was written, without ``dropped`` rows.
    """
    rows = audit.rows
    unread = sum(not row.schoenflies for row in rows)
    options = audit.options
    lines = [
        words(f"{_rows(len(rows))}, {len(rows) - unread} with a space group (symprec {options.symprec:g} Å)"),
        words(f"{_rows(sum(bool(r.findings) for r in rows))} with a finding, {_unmended(audit)} with an error left"),
    ]
    data = _audit_json(audit)
    if fixed is not None:
        data["fixed"] = {"file": str(fixed), "rows": len(rows) - dropped, "left_out": dropped}
        lines.append(words(f"{_rows(len(rows) - dropped)} written to {fixed}, {dropped} left out"))
    sections = [_count_section(audit)] if audit.counts else []
    if audit.axes:
        sections.append(_axes_section(audit))
    if audit.counts:
        sections.append(_row_section(audit, every))
    if audit.pairs:
        sections.append(_pair_section(audit, every))
    return Report(words(audit.source.name), lines, sections, data)


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _unmended(audit: Audit) -> int:
    return sum(not row.is_mended for row in audit.rows)


def _audit_json(audit: Audit) -> dict[str, Any]:
    """The same as JSON, all rows with a finding."""
    return {
        "source": str(audit.source),
        "rows": len(audit.rows),
        "tolerance": audit.options.tolerance,
        "symprec": audit.options.symprec,
        "unmended": _unmended(audit),
        "counts": audit.counts,
        "axes": {column: vars(count) for column, count in audit.axes.items()},
        "findings": [
            {"line": row.line, "id": row.identifier, "formula": row.formula, "class": row.schoenflies}
            | finding.as_dict()
            for row in audit.rows
            for finding in row.findings
        ],
        "duplicates": [
            {
                "ids": [audit.rows[k].identifier for k in (pair.first, pair.second)],
                "lines": [audit.rows[k].line for k in (pair.first, pair.second)],
                "tensors": dict(pair.tensors),
                "numbers": dict(pair.numbers),
            }
            for pair in audit.pairs
        ],
    }


def _table(title: str, columns: str, header: str, rows: list[list[str]], *notes: str) -> Section:
    """A section of plain words; headings are parted by bars."""
    cells = [[words(cell) for cell in row] for row in rows]
    return Section(words(title), columns, [words(h) for h in header.split("|")], cells, [words(n) for n in notes])


def _count_section(audit: Audit) -> Section:
    rows = []
    for kind, count in audit.counts.items():
        severity, meaning = KINDS[kind]
        mended = sum(any(f.kind == kind and f.mended for f in row.findings) for row in audit.rows)
        rows.append([kind, str(count), str(mended), severity, meaning])
    return _table("Findings", "lrrlf", "finding|rows|mended||meaning", rows)


def _axes_section(audit: Audit) -> Section:
    rows = [
        [column, *map(str, (n.tensors, n.structure, n.ieee, n.accepted, n.doubtful, n.none))]
        for column, n in audit.axes.items()
    ]
    notes = [f"A tensor fits where what its class forbids is at most {100 * audit.options.tolerance:g} % of it."]
    notes += [
        f"More of {column} fit in the IEEE axes; --ieee {column} takes them to be given there."
        for column, n in audit.axes.items()
        if n.ieee > n.structure and not audit.options.columns[column].ieee
    ]
    return _table("Axes", "lrrrrrr", "column|tensors|structure|IEEE|accepted|doubtful|none", rows, *notes)


def _row_section(audit: Audit, every: bool) -> Section:
    found = [(row, finding) for row in audit.rows for finding in row.findings]
    found.sort(key=lambda pair: _rank(pair[1]))
    shown = found if every else found[:SHOWN]
    notes = [f"{len(found) - len(shown)} more; --all shows them"] if len(shown) < len(found) else []
    return _table("Rows", "lrlllf", "id|line|formula|class|finding|", [_cells(*pair) for pair in shown], *notes)


def _rank(finding: Finding) -> tuple[bool, bool, int]:
    """Errors that are not mended first, notes last."""
    return finding.mended, not finding.is_error, list(KINDS).index(finding.kind)


def _cells(row: AuditedRow, finding: Finding) -> list[str]:
    text = f"{finding.column}: {finding.text}" if finding.column else finding.text
    return [row.identifier, str(row.line), row.formula, row.schoenflies, finding.kind, text]


def _pair_section(audit: Audit, every: bool) -> Section:
    shown = audit.pairs if every else audit.pairs[:SHOWN]
    rows = [
        [audit.rows[p.first].identifier, audit.rows[p.second].identifier, audit.rows[p.first].formula, _spread(p)]
        for p in shown
    ]
    notes = [f"{len(audit.pairs) - len(shown)} more; --all shows them"] if len(shown) < len(audit.pairs) else []
    return _table("Rows of one crystal", "lllf", "id|id|formula|how far their data are apart", rows, *notes)


def _spread(pair: DuplicatePair) -> str:
    tensors = [f"{column} {percent(value)}" for column, value in pair.tensors.items()]
    return ", ".join(tensors + [f"{column} {value:.4g}" for column, value in pair.numbers.items()])


def analysis_report(analysis: Analysis) -> Report:
    """How many rows were written, and the structures without symmetry."""
    earlier = f", {analysis.resumed} of them of an earlier run" if analysis.resumed else ""
    lines = [
        words(f"{_rows(analysis.total)}{earlier}"),
        words(f"{len(analysis.failed)} without symmetry"),
    ]
    rows = [[source, problem] for source, problem in analysis.failed]
    sections = [_table("", "lf", "structure|problem", rows)] if rows else []
    data = {
        "out": str(analysis.out),
        "rows": analysis.total,
        "resumed": analysis.resumed,
        "failed": [{"source": source, "problem": problem} for source, problem in analysis.failed],
    }
    return Report(Written(str(analysis.out), str(analysis.out)), lines, sections, data)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream, where that is a terminal: a function of how many are done, and how many there are."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=None)

        def update(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield update
