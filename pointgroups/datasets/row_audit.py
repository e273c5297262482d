"""What is found in one row of a data set: its structure, its symmetry, each of its tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.crystals.symmetry import CrystalSymmetry, SupercellError, crystal_symmetry, primitive_cell
from pointgroups.crystals.tolerances import symmetry_scan
from pointgroups.settings import UnknownGroupError, setting_of

from .findings import Finding
from .fingerprints import Fingerprint, fingerprint
from .records import ROW_ERRORS, Record, formula, read_record, reason, row_structure
from .tensor_audit import COLUMNS, TensorColumn, TensorVerdict, audit_tensor
from .tensor_frames import ieee_rotation

if TYPE_CHECKING:
    from pymatgen.core import Structure

FloatArray = NDArray[np.float64]


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
