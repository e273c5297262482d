"""A row a structure: the symmetry of every crystal in a folder or data set, in a table.

Work is done in parts. Each finished part is added to a journal beside the table, so that an interrupted run goes on
where it stopped; the table itself is written at the end, whole. A structure that cannot be read or has no symmetry is a
row too, with the reason in ``problem``.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pointgroups.crystals.structures import CrystalSymmetryError
from pointgroups.crystals.symmetry import CrystalSymmetry, crystal_symmetry
from pointgroups.whole_files import write_whole

from .parallel import chunks, mapped
from .records import ROW_ERRORS, Record, data_lines, formula, read_record, reason, row_structure

PATTERNS = ("*.cif", "*.cif.gz", "*.mcif", "POSCAR*", "CONTCAR*", "*.poscar", "*.vasp", "*.xsf", "*.cssr", "*.json")
"""Names of structure files in a folder."""
_FORMAT = 1
_FRAME = tuple(f"frame_{a}{b}" for a in "xyz" for b in "xyz")
COLUMN_TYPES: dict[str, type] = {
    "source": str,
    "id": str,
    "formula": str,
    "n_atoms": int,
    "schoenflies": str,
    "hermann_mauguin": str,
    "space_group_number": int,
    "space_group_symbol": str,
    "wyckoff_sequence": str,
    "sites": str,
    "n_orbits": int,
    "displacement": float,
    "symmetry_is_clear": bool,
    "frame_is_clear": bool,
    "handedness": int,
    **dict.fromkeys(_FRAME, float),
    "problem": str,
}
"""The columns of the table, and what they hold."""


@dataclass(frozen=True)
class Analysis:
    """What came of a run; made by :func:`analyze_structures`.

    Attributes:
        out: the table.
        total: rows in it.
        resumed: those of them that an earlier run had left in the journal.
        failed: (source, reason) of the structures without symmetry.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "broken.cif").write_text("data_nothing")
        ...     found = analyze_structures(folder, f"{folder}/table.csv")
        ...     found.total, [source for source, _ in found.failed]
        (1, ['broken.cif'])
    """

    out: Path
    total: int
    resumed: int
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Task:
    """A structure to look at: a file, or a line of a data set; ``stamp`` changes when its content does."""

    source: str
    stamp: str
    path: str = ""
    number: int = 0
    line: bytes = b""


def symmetry_row(symmetry: CrystalSymmetry) -> dict[str, Any]:
    """The symmetry of a crystal as a row of the table, without ``source``, ``id`` and ``problem``.

    ``wyckoff_sequence`` has the letters of the orbits of atoms from the last to the first, each with the number of its
    orbits if that is above one; ``sites`` has element, letter and site group of each orbit.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> fluorite = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.46), ["Ca", "F"], [[0] * 3, [0.25] * 3])
        >>> row = symmetry_row(crystal_symmetry(fluorite))
        >>> row["wyckoff_sequence"], row["sites"]
        ('c a', 'Ca a Oh; F c Td')
    """
    letters = Counter(orbit.wyckoff for orbit in symmetry.orbits)
    sequence = [f"{letter}{n if n > 1 else ''}" for letter, n in sorted(letters.items(), reverse=True)]
    return {
        "formula": formula(symmetry.structure),
        "n_atoms": len(symmetry.species),
        "schoenflies": symmetry.group.schoenflies,
        "hermann_mauguin": symmetry.group.symbol,
        "space_group_number": symmetry.space_group_number,
        "space_group_symbol": symmetry.space_group_symbol,
        "wyckoff_sequence": " ".join(sequence),
        "sites": "; ".join(
            f"{symmetry.species[orbit.representative]} {orbit.wyckoff} {orbit.site_group.group.schoenflies}"
            for orbit in symmetry.orbits
        ),
        "n_orbits": len(symmetry.orbits),
        "displacement": symmetry.displacement,
        "symmetry_is_clear": symmetry.symmetry_is_clear,
        "frame_is_clear": symmetry.frame_is_clear,
        "handedness": symmetry.handedness,
        **dict(zip(_FRAME, map(float, np.ravel(symmetry.frame)), strict=True)),
    }


def analyze_structures(
    source: str | Path,
    out: str | Path,
    symprec: float = 0.01,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Analysis:
    """Write a table with a row for every structure of a folder or data set.

    Args:
        source: a folder, searched with those below it for files named as in ``PATTERNS``; or JSON lines, plain or gzip,
            each with a ``structure``.
        out: ``.parquet``, or ``.csv``. The journal ``<out>.journal`` beside it is removed at the end.
        symprec: tolerance of spglib, in Å.
        workers: processes, −1 for as many as there are; a backend chosen by ``joblib.parallel_config`` is used.
        progress: called with the numbers of rows that are done and of all.

    Raises:
        ValueError: no structures, a wrong ending, no such folder, a tolerance that is not positive, or a journal of a
            run with other options.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from pymatgen.core import Lattice, Structure
        >>> with TemporaryDirectory() as folder:
        ...     _ = Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]).to(f"{folder}/POSCAR", fmt="poscar")
        ...     found = analyze_structures(folder, f"{folder}/table.csv")
        ...     found.total, found.failed, Path(found.out).read_text().splitlines()[1][:30]
        (1, (), 'POSCAR,POSCAR,Po,1,Oh,m-3m,221')
    """
    if not (np.isfinite(symprec) and symprec > 0):
        raise ValueError(f"symprec is a positive length in Å, not {symprec}")
    table = Path(out)
    if table.suffix not in _WRITERS:
        raise ValueError(f"{table.name!r} is neither .parquet nor .csv; name one of these")
    if not table.parent.is_dir():
        raise ValueError(f"{table.parent} is not a folder")
    if table.suffix == ".parquet":
        _require_pyarrow()
    tasks = _tasks(Path(source))
    journal = _Journal(table.with_name(f"{table.name}.journal"), {"format": _FORMAT, "symprec": symprec})
    known = journal.read()
    rows: dict[str, Mapping[str, Any]] = {
        task.source: known[task.source, task.stamp] for task in tasks if (task.source, task.stamp) in known
    }
    resumed = len(rows)
    waiting = [task for task in tasks if task.source not in rows]
    for part in mapped(functools.partial(_analyzed, symprec=symprec), chunks(waiting, abs(workers)), workers):
        journal.add(part)
        rows.update((str(entry["row"]["source"]), entry["row"]) for entry in part)
        if progress is not None:
            progress(len(rows), len(tasks))
    ordered = [rows[task.source] for task in tasks]
    write_whole(table, _WRITERS[table.suffix](ordered))
    journal.path.unlink(missing_ok=True)
    failed = tuple((str(row["source"]), str(row["problem"])) for row in ordered if row["problem"])
    return Analysis(table, len(ordered), resumed, failed)


# -- what is to be done -------------------------------------------------------------------------------------------


def _tasks(source: Path) -> list[_Task]:
    """The structures of a folder or data set, in order."""
    if source.is_dir():
        files = sorted({path for pattern in PATTERNS for path in source.rglob(pattern) if path.is_file()})
        if not files:
            raise ValueError(f"{source} has no structure files ({', '.join(PATTERNS)})")
        return [_Task(path.relative_to(source).as_posix(), _stamp(path), str(path)) for path in files]
    lines = data_lines(source)
    return [_Task(f"line {n}", f"{zlib.crc32(line):08x}", number=n, line=line) for n, line in lines]


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size}-{status.st_mtime_ns}"


def _analyzed(tasks: Sequence[_Task], symprec: float) -> list[dict[str, Any]]:
    """Journal entries of some structures."""
    return [{"stamp": task.stamp, "row": _row(task, symprec)} for task in tasks]


def _row(task: _Task, symprec: float) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMN_TYPES) | {"source": task.source, "problem": ""}
    record = read_record(task.number, task.line) if task.number else Record(0, Path(task.path).name)
    row["id"] = record.identifier
    try:
        if record.problem:
            raise CrystalSymmetryError(record.problem)
        structure = row_structure(record.row) if task.number else task.path
        row |= symmetry_row(crystal_symmetry(structure, symprec))
    except ROW_ERRORS as error:
        row["problem"] = reason(error)
    return row


# -- the journal --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Journal:
    """The rows that are done, as JSON lines after a line with the options; on the disk after each part."""

    path: Path
    options: Mapping[str, Any]

    def read(self) -> dict[tuple[str, str], dict[str, Any]]:
        """(source, stamp) → row of an earlier run; a line that it was writing when it ended is cut off."""
        if not self.path.exists():
            return {}
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            write_whole(self.path, whole)
        try:
            options, *entries = map(json.loads, whole.splitlines())
            found = {(entry["row"]["source"], entry["stamp"]): entry["row"] for entry in entries}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self.path} is no journal of this command ({error}); delete it to begin anew") from error
        if options != self.options:
            raise ValueError(
                f"{self.path} is of a run with other options ({options}, now {self.options}); delete it to begin anew"
            )
        return found

    def add(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Append entries; when this returns they are in the file."""
        lines = [] if self.path.exists() else [json.dumps(self.options)]
        lines += [json.dumps(entry, ensure_ascii=False) for entry in entries]
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


# -- the table ----------------------------------------------------------------------------------------------------


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMN_TYPES), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMN_TYPES.items()])
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist([dict(row) for row in rows], schema), buffer)
    return buffer.getvalue()


def _require_pyarrow() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise ValueError("Parquet needs pyarrow: pip install 'pointgroups[data]'; or write a .csv") from None


_WRITERS: dict[str, Callable[[Sequence[Mapping[str, Any]]], bytes]] = {".csv": _csv, ".parquet": _parquet}
