"""The audit of a data set: what is wrong with its structures and tensors, and a copy with what can be mended.

Each row is looked at by itself (:func:`audit_line`), so rows can be shared among processes; duplicates are looked for
at the end. A tensor that fits its crystal in the structure's axes, or in others that are beyond doubt, is turned to the
structure's axes and freed of what the class forbids; the copy has it so. All else stays as it is, with a field
``audit`` that says what was found.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.settings import UnknownGroupError, setting_of
from pointgroups.tables import write_whole

from .findings import KINDS, Finding
from .fingerprints import Fingerprint, fingerprint, same_crystals
from .parallel import chunks, mapped
from .records import ROW_ERRORS, Record, data_lines, formula, read_record, reason, row_structure
from .symmetry import CrystalSymmetry, SupercellError, crystal_symmetry, primitive_cell
from .tensor_audit import COLUMNS, TensorColumn, TensorVerdict, audit_tensor, tensor_column
from .tensor_frames import IEEE, STRUCTURE, ieee_rotation
from .tolerances import symmetry_scan

if TYPE_CHECKING:
    from pymatgen.core import Structure

FloatArray = NDArray[np.float64]

_SAME_CRYSTAL = 0.01  # relative, in lengths


@dataclass(frozen=True)
class AuditOptions:
    """What is looked at, and how closely.

    Attributes:
        columns: the tensors' columns by name.
        tolerance: on residuals of tensors. ``symprec``: of spglib, in Å.
        keep: whether rows are kept for a copy.
    """

    columns: Mapping[str, TensorColumn] = field(default_factory=lambda: dict(COLUMNS))
    tolerance: float = 0.02
    symprec: float = 0.01
    keep: bool = False


@dataclass(frozen=True, eq=False)
class AuditedRow:
    """What was found in one row.

    Attributes:
        line, identifier, formula: of the row.
        schoenflies, space_group_number, space_group_symbol: "", 0 and "" where no symmetry was found.
        findings: what is wrong.
        verdicts: for each tensor's column how it fits.
        numbers: the row's columns of single numbers.
        fingerprint: by which other rows of the same crystal are found.
        fixed: the row with its tensors mended; None unless it is kept.
    """

    line: int
    identifier: str
    formula: str
    schoenflies: str
    space_group_number: int
    space_group_symbol: str
    findings: tuple[Finding, ...]
    verdicts: Mapping[str, TensorVerdict]
    numbers: Mapping[str, float]
    fingerprint: Fingerprint | None
    fixed: Mapping[str, Any] | None

    @property
    def is_mended(self) -> bool:
        """Whether the copy of the row has no error left."""
        return all(finding.mended for finding in self.findings if finding.is_error)


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


# -- one row ------------------------------------------------------------------------------------------------------


def audit_line(number: int, line: bytes, options: AuditOptions) -> AuditedRow:
    """What is found in one line of a data set."""
    record = read_record(number, line)
    if record.problem:
        text = {"line": number, "text": line.decode(errors="replace")}
        return _unread(record, Finding("broken line", "", record.problem), text if options.keep else None)
    kept = dict(record.row) if options.keep else None
    try:
        structure = row_structure(record.row)
        symmetry, findings = _symmetry(structure, options)
    except ROW_ERRORS as error:
        return _unread(record, Finding("no symmetry", "", reason(error)), kept)
    findings += _structure_findings(record.row, structure, symmetry)
    verdicts: dict[str, TensorVerdict] = {}
    whole = len(symmetry.species) == len(structure)
    ieee = _ieee(structure) if any(record.row.get(column) is not None for column in options.columns) else None
    for column, meaning in options.columns.items():
        entry = record.row.get(column)
        if entry is None or (meaning.named is None and not whole):
            continue
        verdict, found, mended = audit_tensor(column, meaning, entry, symmetry, ieee, options.tolerance, record.row)
        findings += found
        if verdict is not None:
            verdicts[column] = verdict
        if kept is not None and mended is not None:
            kept[column] = mended
    return AuditedRow(
        line=record.line,
        identifier=record.identifier,
        formula=formula(structure),
        schoenflies=symmetry.group.schoenflies,
        space_group_number=symmetry.space_group_number,
        space_group_symbol=symmetry.space_group_symbol,
        findings=tuple(findings),
        verdicts=verdicts,
        numbers=_numbers(record.row),
        fingerprint=fingerprint(symmetry),
        fixed=kept,
    )


def _unread(record: Record, finding: Finding, kept: Mapping[str, Any] | None) -> AuditedRow:
    named = str(record.row.get("formula") or "")
    return AuditedRow(
        record.line, record.identifier, named, "", 0, "", (finding,), {}, _numbers(record.row), None, kept
    )


def _symmetry(structure: Structure, options: AuditOptions) -> tuple[CrystalSymmetry, list[Finding]]:
    """The crystal's symmetry; that of its primitive cell, which has the same axes, where the cell is a supercell."""
    try:
        return crystal_symmetry(structure, options.symprec), []
    except SupercellError as error:
        symmetry = crystal_symmetry(primitive_cell(structure, options.symprec), options.symprec)
        return symmetry, [Finding("supercell", "", str(error))]


def _structure_findings(row: Mapping[str, Any], structure: Structure, symmetry: CrystalSymmetry) -> list[Finding]:
    findings = []
    if not symmetry.symmetry_is_clear:
        steps = symmetry_scan(structure, [symmetry.symprec * factor for factor in (0.5, 1.0, 2.0)])
        found = [f"{s.schoenflies} ({s.space_group_symbol})" if s.schoenflies else "none" for s in steps]
        names = [f"{name} at {step.symprec:g} Å" for name, step in zip(found, steps, strict=True)]
        text = f"{', '.join(names)}; images of atoms lie {symmetry.displacement:.2g} Å from them"
        findings.append(Finding("unclear symmetry", "", text))
    if not symmetry.frame_is_clear:
        findings.append(Finding("unclear frame", "", f"margin {symmetry.frame_margin:.2g}"))
    number = row.get("space_group")
    if isinstance(number, int | float) and number != symmetry.space_group_number:
        text = f"space group {number:g} published, {symmetry.space_group_number} found"
        findings.append(Finding("published symmetry differs", "", text))
    elif isinstance(row.get("point_group"), str) and _class_number(row["point_group"]) != symmetry.group.number:
        text = f"class {row['point_group']} published, {symmetry.group.symbol} found"
        findings.append(Finding("published symmetry differs", "", text))
    return findings


def _class_number(symbol: str) -> int:
    try:
        return setting_of(symbol).number
    except UnknownGroupError:
        return 0


def _ieee(structure: Structure) -> FloatArray | None:
    """The IEEE axes where pymatgen finds them."""
    try:
        return ieee_rotation(structure)
    except ValueError:
        return None


def _numbers(row: Mapping[str, Any]) -> dict[str, float]:
    """The columns that hold a single number."""
    single = {key: value for key, value in row.items() if isinstance(value, int | float)}
    return {key: float(value) for key, value in single.items() if not isinstance(value, bool)}


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
