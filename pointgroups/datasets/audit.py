"""The audit of a data set: what is wrong with its structures and tensors, and a copy with what can be mended.

Each row is looked at by itself (:mod:`pointgroups.datasets.row_audit`), so rows can be shared among processes;
duplicates are looked for at the end. A tensor that fits its crystal in the structure's axes, or in others that are
beyond doubt, is turned to the structure's axes and freed of what the class forbids; the copy has it so. All else stays
as it is, with a field ``audit`` that says what was found.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pointgroups.whole_files import write_whole

from .findings import KINDS, Finding
from .fingerprints import same_crystals
from .parallel import chunks, mapped
from .records import data_lines
from .row_audit import AuditedRow, AuditOptions, audit_line
from .tensor_audit import COLUMNS, TensorVerdict, tensor_column
from .tensor_frames import IEEE, STRUCTURE

_SAME_CRYSTAL = 0.01  # relative, in lengths


@dataclass(frozen=True)
class DuplicatePair:
    """Two rows of one crystal, by their places in ``Audit.rows``, and how far apart their data are.

    ``tensors``: ‖T − T'‖ over the larger norm, both in the standard axes of the class. ``numbers``: |x − x'|.
    """

    first: int
    second: int
    tensors: Mapping[str, float]
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class AxesCount:
    """How many tensors of a column fit in which axes; those that are zero, or forbidden, or no tensors are not counted.

    Attributes:
        tensors: how many there are.
        structure, ieee: how many fit in the axes of the structure and in the IEEE axes; many fit in both.
        accepted: how many fit in axes that are beyond doubt.
        doubtful: how many fit in axes that leave more than one tensor possible.
        none: how many fit in no axes that were tried.
    """

    tensors: int
    structure: int
    ieee: int
    accepted: int
    doubtful: int
    none: int

    @classmethod
    def of(cls, verdicts: Sequence[TensorVerdict], tolerance: float) -> AxesCount:
        """Count them."""

        def fitting(axes: str) -> int:
            return sum(verdict.residuals.get(axes, np.inf) <= tolerance for verdict in verdicts)

        return cls(
            tensors=len(verdicts),
            structure=fitting(STRUCTURE),
            ieee=fitting(IEEE),
            accepted=sum(bool(verdict.axes) and verdict.unique for verdict in verdicts),
            doubtful=sum(bool(verdict.axes) and not verdict.unique for verdict in verdicts),
            none=sum(not verdict.axes for verdict in verdicts),
        )


@dataclass(frozen=True, eq=False)
class Audit:
    """The audit of a data set; made by :func:`audit_data`.

    Attributes:
        source: the file.
        options: what was looked at.
        rows: in the order of the file.
        pairs: rows of one crystal.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "data.jsonl"
        ...     _ = path.write_text("{}")
        ...     audit_data(path).counts
        {'no symmetry': 1}
    """

    source: Path
    options: AuditOptions
    rows: tuple[AuditedRow, ...]
    pairs: tuple[DuplicatePair, ...]

    @functools.cached_property
    def counts(self) -> dict[str, int]:
        """Kind of finding → number of rows that have it, in the order of ``KINDS``."""
        found = Counter(kind for row in self.rows for kind in {finding.kind for finding in row.findings})
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @functools.cached_property
    def axes(self) -> dict[str, AxesCount]:
        """Column → in which axes its tensors fit."""
        verdicts: dict[str, list[TensorVerdict]] = defaultdict(list)
        for row in self.rows:
            for column, verdict in row.verdicts.items():
                verdicts[column].append(verdict)
        return {column: AxesCount.of(found, self.options.tolerance) for column, found in verdicts.items()}

    def write_fixed(self, path: Path, drop: bool = False) -> int:
        """Write the copy, gzip where the name ends in ``.gz``; whole or not at all. Returns how many rows are left out.

        Args:
            path: not the file that was audited.
            drop: leave out rows with an error that is not mended; else they stay, as all rows with a finding do, with a
                field ``audit`` that lists them.

        Raises:
            ValueError: the path is the audited file, its folder does not exist, or rows were not kept.
        """
        if path.resolve() == self.source.resolve():
            raise ValueError(f"{path} is the data set itself; give the copy another name")
        if not path.parent.is_dir():
            raise ValueError(f"{path.parent} is not a folder")
        if not self.options.keep:
            raise ValueError("the rows were not kept; audit with keep=True to write a copy")
        kept = [row for row in self.rows if row.is_mended or not drop]
        lines = [json.dumps(_with_findings(row), ensure_ascii=False) for row in kept]
        content = "".join(f"{line}\n" for line in lines).encode()
        write_whole(path, gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
        return len(self.rows) - len(kept)


def _with_findings(row: AuditedRow) -> dict[str, Any]:
    copy = dict(row.fixed or {})
    if row.findings:
        copy["audit"] = [finding.as_dict() for finding in row.findings]
    return copy


def audit_data(
    source: str | Path,
    tensors: Mapping[str, str] | None = None,
    ieee: Iterable[str] = (),
    tolerance: float = 0.02,
    symprec: float = 0.01,
    workers: int = 1,
    keep: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Look at every row of a data set.

    Args:
        source: a file of JSON lines, plain or gzip: ``structure``, ``material_id``, and columns of tensors.
        tensors: columns beyond the known ones → names of the catalogue, or "born-charges" for a tensor on each site.
        ieee: columns that are declared to be in the IEEE axes; all others in the structure's.
        tolerance: on the residual ‖T − ⟨T⟩_G‖/‖T‖.
        symprec: of spglib, in Å.
        workers: processes; −1 for one on each core.
        keep: keep the rows, so that a copy can be written.
        progress: called with the numbers of rows that are done and of all.

    Raises:
        ValueError: a file that cannot be read or is empty, a name that is no tensor, a tolerance that is not positive.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> cell = {"lattice": [[4, 0, 0], [0, 4, 0], [0, 0, 5]], "species": ["Po"], "frac_coords": [[0, 0, 0]]}
        >>> row = {"material_id": "mine", "structure": cell, "eps_inf": [[9, 0, 0], [0, 7, 0], [0, 0, 7]]}
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "data.jsonl"
        ...     _ = path.write_text(json.dumps(row))
        ...     found = audit_data(path)
        >>> found.rows[0].schoenflies, found.counts, found.rows[0].verdicts["eps_inf"].axes
        ('D4h', {'frame mismatch': 1}, 'best orientation')
    """
    for name, value in (("tolerance", tolerance), ("symprec", symprec)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} is a positive number, not {value}")
    columns = dict(COLUMNS) | {column: tensor_column(name) for column, name in (tensors or {}).items()}
    for column in ieee:
        if column not in columns:
            raise ValueError(f"{column!r} is no column of tensors; those known are {', '.join(columns)}")
        columns[column] = replace(columns[column], ieee=True)
    options = AuditOptions(columns, tolerance, symprec, keep)
    path = Path(source)
    lines = data_lines(path)
    rows: list[AuditedRow] = []
    for part in mapped(functools.partial(_audit_lines, options=options), chunks(lines, abs(workers)), workers):
        rows += part
        if progress is not None:
            progress(len(rows), len(lines))
    pairs = tuple(_pair(rows, i, j) for i, j in same_crystals([row.fingerprint for row in rows], _SAME_CRYSTAL))
    return Audit(path, options, tuple(_with_duplicates(rows, pairs)), pairs)


def _audit_lines(lines: Sequence[tuple[int, bytes]], options: AuditOptions) -> list[AuditedRow]:
    return [audit_line(number, line, options) for number, line in lines]


# -- duplicates ---------------------------------------------------------------------------------------------------


def _pair(rows: Sequence[AuditedRow], i: int, j: int) -> DuplicatePair:
    first, second = rows[i], rows[j]
    tensors = {}
    for column in sorted(first.verdicts.keys() & second.verdicts.keys()):
        a, b = first.verdicts[column].standard, second.verdicts[column].standard
        if a is not None and b is not None:
            larger = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
            tensors[column] = float(np.linalg.norm(a - b)) / larger if larger else 0.0
    both = sorted(first.numbers.keys() & second.numbers.keys())
    numbers = {key: abs(first.numbers[key] - second.numbers[key]) for key in both}
    return DuplicatePair(i, j, tensors, numbers)


def _with_duplicates(rows: Sequence[AuditedRow], pairs: Sequence[DuplicatePair]) -> Iterator[AuditedRow]:
    """The rows with what was found of others: the same id, the same crystal."""
    lines: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        lines[row.identifier].append(row.line)
    partners: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        partners[pair.first].append(pair.second)
        partners[pair.second].append(pair.first)
    for k, row in enumerate(rows):
        findings = list(row.findings)
        if len(lines[row.identifier]) > 1:
            others = ", ".join(str(line) for line in lines[row.identifier] if line != row.line)
            findings.append(Finding("duplicate id", "", f"also on line {others}"))
        if k in partners:
            others = ", ".join(f"{rows[p].identifier} (line {rows[p].line})" for p in partners[k])
            findings.append(Finding("duplicate structure", "", f"the same crystal as {others}"))
        yield replace(row, findings=tuple(findings))
