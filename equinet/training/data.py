"""Labelled crystals: the bundled sets, a user's own file, and the split into training, validation and test.

A data file holds one JSON object a line, plain or gzip-compressed (``.gz``)::

    {"material_id": "…", "structure": {"lattice": [[…], […], […]], "species": ["Sr", …], "frac_coords": [[…], …]},
     "formation_energy_per_atom": -3.5, …}

``lattice`` has three row vectors in Å. Any numeric field is a target. The bundled files and their sources are
described in ``equinet/data/README.md``.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = ["BUNDLED", "BundledData", "Crystal", "DataError", "Dataset", "Split", "load_dataset", "split"]

_STRUCTURE_KEYS = ("lattice", "species", "frac_coords")
_FEWEST_ROWS = 10
_BUNDLED_FOLDER = Path(__file__).parents[1] / "data"


class DataError(ValueError):
    """A data file that cannot be used as it is; the message says where and why."""


@dataclass(frozen=True)
class BundledData:
    """A data set that ships with the package: its file, usual target, the units of its targets, its source."""

    file: str
    target: str
    units: Mapping[str, str]
    source: str


BUNDLED: Mapping[str, BundledData] = {
    "perovskites": BundledData(
        file="perovskites.jsonl.gz",
        target="formation_energy_per_atom",
        units={
            "formation_energy_per_atom": "eV/atom",
            "stability": "eV/atom",
            "band_gap": "eV",
            "magnetic_moment": "μB",
            "vacancy_energy": "eV/O",
        },
        source="Emery & Wolverton, Sci. Data 4, 170153 (2017)",
    ),
    "dielectric": BundledData(
        file="dielectric_m-3m.jsonl.gz",
        target="n",
        units={"n": "", "band_gap": "eV"},
        source="Petousis et al., Sci. Data 4, 160134 (2017)",
    ),
}


@dataclass(frozen=True)
class Crystal:
    """One labelled crystal: lattice rows in Å, element symbols, fractional coordinates, and its target."""

    material_id: str
    lattice: tuple[tuple[float, float, float], ...]
    species: tuple[str, ...]
    frac_coords: tuple[tuple[float, float, float], ...]
    target: float

    @cached_property
    def structure(self) -> Structure:
        """The crystal as a pymatgen ``Structure``."""
        from pymatgen.core import Structure

        return Structure(self.lattice, self.species, self.frac_coords)


@dataclass(frozen=True)
class Dataset:
    """Crystals with one target each.

    ``unit`` is empty for a number without a unit; ``dropped`` counts, for each reason, the rows of the file that
    were left out; ``source`` is the citation of a bundled set, else the file's path.
    """

    name: str
    target: str
    unit: str
    source: str
    crystals: tuple[Crystal, ...]
    dropped: Mapping[str, int]

    @cached_property
    def targets(self) -> NDArray[np.float64]:
        """All targets, (n,), read-only."""
        values = np.array([crystal.target for crystal in self.crystals], dtype=np.float64)
        values.flags.writeable = False
        return values


@dataclass(frozen=True)
class Split:
    """Disjoint row numbers for training, validation and test that together are 0 … n − 1."""

    seed: int
    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]

    def as_ids(self, crystals: Sequence[Crystal]) -> dict[str, Any]:
        """The split by material id, as it is saved: ``{"seed": …, "train": […], "validation": […], "test": […]}``."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return {"seed": self.seed} | {name: [crystals[row].material_id for row in rows] for name, rows in parts.items()}


def split(n: int, seed: int) -> Split:
    """A random split of n rows 8 : 1 : 1, a function of (n, seed) alone.

    Validation and test get ⌊n/10⌋ rows each (at least one), training the rest.

    Raises:
        DataError: fewer than ten rows.

    Example:
        >>> parts = split(151, seed=0)
        >>> len(parts.train), len(parts.validation), len(parts.test)
        (121, 15, 15)
    """
    if n < _FEWEST_ROWS:
        raise DataError(f"{n} usable rows are too few to split 8 : 1 : 1; give at least {_FEWEST_ROWS}")
    order = [int(row) for row in np.random.default_rng(seed).permutation(n)]
    tenth = n // 10
    return Split(seed, tuple(order[2 * tenth :]), tuple(order[:tenth]), tuple(order[tenth : 2 * tenth]))


def load_dataset(source: str | Path, target: str | None = None, unit: str | None = None) -> Dataset:
    """Read labelled crystals from a bundled set (by name) or from a JSON-lines file (see the module's text).

    Args:
        source: a key of ``BUNDLED`` or the path of a ``.jsonl`` or ``.jsonl.gz`` file.
        target: the field to learn; a bundled set has a usual one, for a file it must be named.
        unit: the target's unit, for reports; known for the bundled sets.

    Raises:
        DataError: no such file or name; a line that is not a crystal (the message has its number); a target that
            is missing everywhere or not a number; an id that occurs twice. Rows whose target is ``null`` or absent
            are left out and counted in ``Dataset.dropped``.

    Example:
        >>> data = load_dataset("perovskites")
        >>> len(data.crystals), data.target, data.unit
        (2852, 'formation_energy_per_atom', 'eV/atom')
    """
    bundled = BUNDLED.get(str(source))
    if bundled is not None:
        target = target or bundled.target
        with (_BUNDLED_FOLDER / bundled.file).open("rb") as stream:
            crystals, dropped = _read(stream, str(source), True, target)
        unit = bundled.units.get(target, "") if unit is None else unit
        return Dataset(str(source), target, unit, bundled.source, crystals, dropped)

    path = Path(source)
    if not path.is_file():
        raise DataError(f"no data file {str(path)!r}; name a .jsonl or .jsonl.gz file, or {_or(BUNDLED)}")
    if not target:
        raise DataError(f"name the field of {str(path)!r} to learn (--target on the command line)")
    with path.open("rb") as stream:
        crystals, dropped = _read(stream, str(path), path.suffix == ".gz", target)
    return Dataset(path.name, target, unit or "", str(path), crystals, dropped)


def _read(stream: IO[bytes], name: str, compressed: bool, target: str) -> tuple[tuple[Crystal, ...], dict[str, int]]:
    crystals: list[Crystal] = []
    numeric: set[str] = set()
    line_of: dict[str, int] = {}
    dropped: Counter[str] = Counter()
    for number, row in _rows(stream, name, compressed):
        numeric.update(key for key, value in row.items() if _is_number(value))
        if row.get(target) is None:
            dropped[f"no value of {target!r}"] += 1
            continue
        where = f"{name}, line {number}"
        crystal = _crystal(row, target, where)
        if crystal.material_id in line_of:
            raise DataError(
                f"{where}: material_id {crystal.material_id!r} is also on line {line_of[crystal.material_id]}; "
                "a crystal that occurs twice could be in training and test at once, so keep one"
            )
        line_of[crystal.material_id] = number
        crystals.append(crystal)
    if not crystals:
        known = f"it has {_or(sorted(numeric))}" if numeric else "it has no numeric field"
        raise DataError(f"{name}: no row has a value of {target!r}; {known}")
    return tuple(crystals), dict(dropped)


def _rows(stream: IO[bytes], name: str, compressed: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file with their line numbers; blank lines are passed over."""
    number = 0
    try:
        for number, line in enumerate(gzip.GzipFile(fileobj=stream) if compressed else stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{name}, line {number}: not a JSON object ({error})") from error
            if not isinstance(row, dict):
                raise DataError(f"{name}, line {number}: not a JSON object but a {type(row).__name__}")
            yield number, row
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{name}: broken gzip file after line {number} ({error}); fetch or pack it anew") from error


def _crystal(row: Mapping[str, Any], target: str, where: str) -> Crystal:
    material_id = row.get("material_id")
    if not isinstance(material_id, str) or not material_id:
        raise DataError(f"{where}: 'material_id' is {material_id!r}; give a text that names the crystal")
    value = row[target]
    if not _is_number(value):
        raise DataError(f"{where}: {target!r} is {value!r}; a target is one finite number, or null where missing")
    structure = row.get("structure")
    if not isinstance(structure, dict) or any(key not in structure for key in _STRUCTURE_KEYS):
        raise DataError(f"{where}: 'structure' must be an object with {', '.join(_STRUCTURE_KEYS)}")
    species = structure["species"]
    if not isinstance(species, list) or not species or any(not _is_element(symbol) for symbol in species):
        raise DataError(f"{where}: 'species' is {species!r}; give a list of element symbols")
    return Crystal(
        material_id,
        _vectors(structure["lattice"], 3, "lattice", where),
        tuple(species),
        _vectors(structure["frac_coords"], len(species), "frac_coords", where),
        float(value),
    )


def _vectors(rows: Any, count: int, key: str, where: str) -> tuple[tuple[float, float, float], ...]:
    """``rows`` checked to be ``count`` vectors of three finite numbers."""
    if (
        not isinstance(rows, list)
        or len(rows) != count
        or any(not isinstance(row, list) or len(row) != 3 for row in rows)
        or any(not _is_number(entry) for row in rows for entry in row)
    ):
        raise DataError(f"{where}: {key!r} must be {count} vectors of three finite numbers")
    return tuple((float(x), float(y), float(z)) for x, y, z in rows)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_element(symbol: Any) -> bool:
    from pymatgen.core import Element

    return isinstance(symbol, str) and Element.is_valid_symbol(symbol)


def _or(names: Sequence[str] | Mapping[str, object]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
