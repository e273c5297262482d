"""Data sets as JSON lines, plain or gzip: one object a line, with a ``structure`` and whatever belongs to it."""

from __future__ import annotations

import gzip
import json
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pointgroups.crystals.structures import CrystalSymmetryError

if TYPE_CHECKING:
    from pymatgen.core import Structure

_IDENTIFIERS = ("material_id", "id")
ROW_ERRORS = (ValueError, ArithmeticError, LookupError, AssertionError)
"""What one row may raise without ending the work on the others."""


def reason(error: BaseException) -> str:
    """The message of an error in one line, with its type where it is not one of a structure's own."""
    text = " ".join(str(error).split())
    return text if isinstance(error, CrystalSymmetryError) else f"{type(error).__name__}: {text}"


@dataclass(frozen=True)
class Record:
    """One line of a data set.

    Attributes:
        line: its number, from 1.
        identifier: ``material_id``, else ``id``, else "line 17".
        row: the object; empty where the line cannot be read.
        problem: why it cannot be read, "" when it can.
    """

    line: int
    identifier: str
    row: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def data_lines(path: Path) -> list[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers from 1.

    Raises:
        ValueError: there is no such file, it is a damaged archive, or it is empty.
    """
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValueError(f"{path} has no rows; a data set is a file of JSON objects, one a line")
    return lines


def read_record(number: int, line: bytes) -> Record:
    """The record on a line; what is wrong with the line is said in ``problem``."""
    name = f"line {number}"
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Record(number, name, problem=f"not JSON: {error}")
    if not isinstance(row, dict):
        return Record(number, name, problem=f"a row is a JSON object, not {type(row).__name__}")
    named = next((str(row[key]) for key in _IDENTIFIERS if row.get(key) not in (None, "")), name)
    return Record(number, named, row)


def formula(structure: Structure) -> str:
    """The reduced formula, as pymatgen writes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that noble gases have no electronegativity to sort them by
        return structure.composition.reduced_formula


def row_structure(row: Mapping[str, Any]) -> Structure:
    """The crystal of a row's ``structure``: ``lattice`` (rows in Å), ``species``, ``frac_coords``, or pymatgen's.

    Raises:
        CrystalSymmetryError: there is none, or it cannot be read.

    Example:
        >>> entry = {"lattice": [[3, 0, 0], [0, 3, 0], [0, 0, 3]], "species": ["Po"], "frac_coords": [[0, 0, 0]]}
        >>> row_structure({"structure": entry}).formula
        'Po1'
    """
    from pymatgen.core import Structure

    entry = row.get("structure")
    if not isinstance(entry, dict):
        raise CrystalSymmetryError("the row has no structure: an object with lattice, species and frac_coords")
    with warnings.catch_warnings(record=True):  # what pymatgen mends is checked later
        warnings.simplefilter("always")
        try:
            if "sites" in entry:
                return Structure.from_dict(entry)
            return Structure(entry["lattice"], entry["species"], entry["frac_coords"])
        except Exception as error:  # the classes of pymatgen may fail in any way on a damaged entry
            reason = " ".join(str(error).split()) or type(error).__name__
            raise CrystalSymmetryError(f"the structure cannot be read: {reason}") from error
