"""The tables on disk: JSON files with an entry a line, and a manifest with their SHA-256 sums.

``groups.json`` and ``spinors.json`` hold the elements and irreps of all settings and of their double groups, in letters
(see :mod:`pointgroups.number_code`); couplings and harmonics of a setting have a file of their own, where numbers are
text (``-1/2``, ``sqrt(3)/2``). All are written by :mod:`pointgroups.table_building`; each line is parsed when it is
asked for. A file whose sum is not the manifest's, or that lacks what is expected, is refused with :class:`TableError`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from .number_code import NumberCode
from .settings import Setting

if TYPE_CHECKING:
    from pathlib import Path  # not at run time: its import is a tenth of the package's

FORMAT = 2
MANIFEST = "MANIFEST.json"
GROUPS = "groups.json"
SPINORS = "spinors.json"
ICOSAHEDRAL = "icosahedral.json"
SUBGROUPS = "subgroups.json"


class TableError(RuntimeError):
    """A table file is missing, damaged or not one of this library's."""


MEND = "reinstall the package, or write the tables anew with `pointgroups tables build DIRECTORY`"


def directory() -> Path:
    """Where the shipped tables lie: inside the installed package, or ``tables/`` of a source checkout."""
    from pathlib import Path

    return Path(_shipped())


@cache
def _shipped() -> str:
    package, _ = os.path.split(__file__)
    installed = f"{package}{os.sep}_tables"
    return installed if os.access(installed, os.F_OK) else os.path.normpath(f"{package}/../tables")


def file_name(setting: Setting) -> str:
    """``Oh.json``, couplings and harmonics; of a setting other than the default one ``D3_312.json``."""
    return f"{_stem(setting)}.json"


def double_file_name(setting: Setting) -> str:
    """``Oh_double.json``, the couplings with spinors of the same setting."""
    return f"{_stem(setting)}_double.json"


def _stem(setting: Setting) -> str:
    suffix = "" if setting.default else "_" + setting.symbol.replace("/", "over")
    return f"{setting.schoenflies}{suffix}"


# -- reading ------------------------------------------------------------------------------------------------------


class Entries(Mapping[str, Any]):
    """The entries of one object of a file, ``"key": value`` a line, each parsed when it is first asked for.

    >>> entries = Entries([b'"a": [1, 2],', b'"b": {"c": 3}'])
    >>> list(entries), entries["b"]
    (['a', 'b'], {'c': 3})
    """

    def __init__(self, lines: list[bytes]) -> None:
        self._unread = {line[1 : (end := line.index(b'": '))].decode(): line[end + 3 :] for line in lines}
        self._read: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._read:
            self._read[key] = json.loads(self._unread[key].rstrip(b","))
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._unread)

    def __len__(self) -> int:
        return len(self._unread)


def _sections(content: bytes) -> dict[str, Any]:
    """The top level of a file: an object whose entries stand in lines of their own becomes :class:`Entries`."""
    found: dict[str, Any] = {}
    lines = content.split(b"\n")[1:-2]  # without the outer braces
    k = 0
    while k < len(lines):
        key, value = lines[k].split(b": ", 1)
        stop = k + 1
        if value == b"{":
            while not lines[stop].startswith(b"}"):
                stop += 1
            found[json.loads(key)] = Entries(lines[k + 1 : stop])
            stop += 1
        else:
            found[json.loads(key)] = json.loads(value.rstrip(b","))
        k = stop
    return found


class Table:
    """What is stored of one setting: its entry in the file of all settings, and its own file, read when asked for.

    Attributes:
        name: of the setting.
        code: the letters in which the matrices and characters of the entry are written.
    """

    def __init__(self, setting: Setting, bundle: str, own: str, folder: str) -> None:
        groups = _verified(folder, bundle)
        if setting.name not in groups["groups"]:
            raise TableError(f"{folder}/{bundle} has no entry {setting.name}; {MEND}")
        self.name = setting.name
        self.code: NumberCode = groups["code"]
        self._entry: Mapping[str, Any] = groups["groups"][setting.name]
        self._own_file = (folder, own)

    @cached_property
    def _own(self) -> dict[str, Any]:
        return _verified(*self._own_file)

    def __getitem__(self, key: str) -> Any:
        return self._entry[key] if key in self._entry else self._own[key]


def load(setting: Setting, folder: str | os.PathLike[str] | None = None) -> Table:
    """The table of one setting.

    Raises:
        TableError: a file is missing, its SHA-256 sum differs from the manifest's, or it holds something else. For
            couplings and harmonics this comes when they are first asked for.
    """
    return Table(setting, GROUPS, file_name(setting), _shipped() if folder is None else os.fspath(folder))


def load_double(setting: Setting, folder: str | os.PathLike[str] | None = None) -> Table:
    """The table of the double group of one setting; as :func:`load`."""
    return Table(setting, SPINORS, double_file_name(setting), _shipped() if folder is None else os.fspath(folder))


def load_icosahedral(folder: str | os.PathLike[str] | None = None) -> Mapping[str, Any]:
    """The sections of the table of I, with the other half of Ih, and "code", its letters; errors as :func:`load`."""
    return _verified(_shipped() if folder is None else os.fspath(folder), ICOSAHEDRAL)


def load_subgroups(setting: Setting, folder: str | os.PathLike[str] | None = None) -> list[dict[str, Any]]:
    """The classes of conjugate subgroups of one setting, as :mod:`pointgroups.subgroups.generate` makes them; errors as
    :func:`load`."""
    entries = _verified(_shipped() if folder is None else os.fspath(folder), SUBGROUPS)["subgroups"]
    return cast("list[dict[str, Any]]", entries[setting.name])


@cache
def _verified(folder: str, name: str) -> dict[str, Any]:
    """The sections of a file, after its sum and format."""
    expected = manifest(folder).get(name)
    if expected is None:
        raise TableError(f"{folder}/{MANIFEST} does not list {name}; {MEND}")
    content = _read(f"{folder}/{name}", "the table cannot be read")
    if hashlib.sha256(content).hexdigest() != expected:
        raise TableError(f"the table {folder}/{name} is damaged: its SHA-256 sum is not that in {MANIFEST}; {MEND}")
    found = _sections(content)
    if (found.get("format"), found.get("name")) != (FORMAT, name):
        raise TableError(f"{folder}/{name} is not the table {name} in format {FORMAT}; {MEND}")
    if "numbers" in found:
        found["code"] = NumberCode(found["numbers"])
    return found


def _read(path: str, complaint: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        raise TableError(f"{complaint} ({path}: {error.strerror}); {MEND}") from error


@cache
def manifest(folder: str) -> dict[str, str]:
    """File name → SHA-256 sum."""
    path = f"{folder}/{MANIFEST}"
    content = _read(path, f"there are no tables in {folder}")
    try:
        listed = json.loads(content)
        files = listed["files"]
        if listed["format"] != FORMAT or not all(isinstance(v, str) for v in files.values()):
            raise ValueError(f"its format is not {FORMAT}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableError(f"{path} is not a manifest of tables ({error}); {MEND}") from error
    return dict(files)


def forget() -> None:
    """Drop what was read, because files were written anew."""
    manifest.cache_clear()
    _verified.cache_clear()
