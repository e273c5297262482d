"""The tables on disk: two generated JSON files a setting, of the group and of its double group, and a manifest with
their SHA-256 sums.

Files hold exact values as text (``-1/2``, ``sqrt(3)/2``) and are written by :func:`build` alone. A file whose sum is
not the manifest's, or that is not a table of the expected setting, is refused with :class:`TableError`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ._version import __version__
from .settings import SETTINGS, Setting

if TYPE_CHECKING:
    from pathlib import Path  # not at run time: its import is a tenth of the package's

FORMAT = 1
MANIFEST = "MANIFEST.json"


class TableError(RuntimeError):
    """A table file is missing, damaged or not one of this library's."""


_MEND = "reinstall the package, or write the tables anew with `pointgroups tables build DIRECTORY`"


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
    """``Oh.json``; a setting other than the default one as ``D3_312.json``."""
    return f"{_stem(setting)}.json"


def double_file_name(setting: Setting) -> str:
    """``Oh_double.json``, the spinor irreps of the same setting."""
    return f"{_stem(setting)}_double.json"


def _stem(setting: Setting) -> str:
    suffix = "" if setting.default else "_" + setting.symbol.replace("/", "over")
    return f"{setting.schoenflies}{suffix}"


class Table:
    """The content of one file by key; couplings and harmonics, most of it, are parsed when first asked for."""

    def __init__(self, content: bytes) -> None:
        place = content.find(_REST)
        self._head: dict[str, Any] = json.loads(content[:place] + b"}" if place > 0 else content)
        self._unread = b"{" + content[place + 1 :] if place > 0 else b"{}"

    @cached_property
    def _rest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._unread)
        return found

    def get(self, key: str) -> Any:
        """The value of a key, None where there is none."""
        return self._head[key] if key in self._head else self._rest.get(key)

    def __getitem__(self, key: str) -> Any:
        return self._head[key] if key in self._head else self._rest[key]


_REST = b',\n "coupling": {'  # where the part that is parsed later begins


def load(setting: Setting, folder: str | os.PathLike[str] | None = None) -> Table:
    """Read and verify the table of one setting.

    Raises:
        TableError: the file is missing, its SHA-256 sum differs from the manifest's, or it holds something else.
    """
    return _verified(setting, file_name(setting), folder)


def load_double(setting: Setting, folder: str | os.PathLike[str] | None = None) -> Table:
    """Read and verify the table of the double group of one setting; as :func:`load`."""
    return _verified(setting, double_file_name(setting), folder)


def _verified(setting: Setting, name: str, folder: str | os.PathLike[str] | None) -> Table:
    where = _shipped() if folder is None else os.fspath(folder)
    expected = _manifest(where).get(name)
    if expected is None:
        raise TableError(f"{where}/{MANIFEST} does not list {name}; {_MEND}")
    content = _read(f"{where}/{name}", "the table cannot be read")
    if hashlib.sha256(content).hexdigest() != expected:
        raise TableError(f"the table {where}/{name} is damaged: its SHA-256 sum is not that in {MANIFEST}; {_MEND}")
    table = Table(content)
    if (table.get("format"), table.get("name")) != (FORMAT, setting.name):
        raise TableError(f"{where}/{name} is not a table of {setting.name} in format {FORMAT}; {_MEND}")
    return table


def _read(path: str, complaint: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        raise TableError(f"{complaint} ({path}: {error.strerror}); {_MEND}") from error


@cache
def _manifest(folder: str) -> dict[str, str]:
    path = f"{folder}/{MANIFEST}"
    content = _read(path, f"there are no tables in {folder}")
    try:
        manifest = json.loads(content)
        files = manifest["files"]
        if manifest["format"] != FORMAT or not all(isinstance(v, str) for v in files.values()):
            raise ValueError(f"its format is not {FORMAT}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableError(f"{path} is not a manifest of tables ({error}); {_MEND}") from error
    return dict(files)


def contents() -> Iterator[tuple[str, bytes]]:
    """Generate every table from its generators: file name and content."""
    from .double.generate import generate_double
    from .generate import generate

    for setting in SETTINGS:
        single = generate(setting)
        yield file_name(setting), _encode({"format": FORMAT, **single})
        yield double_file_name(setting), _encode({"format": FORMAT, **generate_double(single)})


def _encode(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def build(folder: str | os.PathLike[str]) -> list[Path]:
    """Generate all tables from generators and write them, with their manifest, into ``folder``.

    Each file is written whole and then moved into place; the manifest comes last.
    """
    from pathlib import Path

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    sums = {}
    for name, content in contents():
        write_whole(target / name, content)
        sums[name] = hashlib.sha256(content).hexdigest()
    manifest = {"format": FORMAT, "generated_by": f"pointgroups {__version__}", "files": sums}
    write_whole(target / MANIFEST, _encode(manifest))
    _manifest.cache_clear()
    return [target / name for name in (*sums, MANIFEST)]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: it holds its old content until all of the new one is on the disk."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    temporary = path.with_name(os.path.basename(name))  # noqa: PTH119
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise


def check(folder: str | os.PathLike[str] | None = None) -> int:
    """Regenerate every table and compare it with the file, value by value; return how many files were compared.

    Raises:
        TableError: naming the first difference.
    """
    from pathlib import Path

    source = directory() if folder is None else Path(folder)
    count = 0
    for name, content in contents():
        try:
            found = json.loads((source / name).read_bytes())
        except (OSError, ValueError) as error:
            raise TableError(f"{source / name}: {error}; {_MEND}") from error
        difference = _first_difference(json.loads(content), found, name)
        if difference:
            raise TableError(f"{difference}; {_MEND}")
        if hashlib.sha256(content).hexdigest() != _manifest(str(source)).get(name):
            raise TableError(f"{MANIFEST}: the SHA-256 sum of {name} differs; {_MEND}")
        count += 1
    return count


def _first_difference(expected: Any, found: Any, where: str) -> str | None:
    """The path to the first value that differs, in reading order."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in dict.fromkeys([*expected, *found]):
            if key not in expected or key not in found:
                return f"{where}/{key}: {'missing' if key in expected else 'not expected'}"
            difference = _first_difference(expected[key], found[key], f"{where}/{key}")
            if difference:
                return difference
        return None
    if isinstance(expected, list) and isinstance(found, list):
        for k, (a, b) in enumerate(zip(expected, found, strict=False)):
            difference = _first_difference(a, b, f"{where}/{k}")
            if difference:
                return difference
        return None if len(expected) == len(found) else f"{where}: {len(found)} entries, {len(expected)} expected"
    return None if expected == found else f"{where}: {found!r}, expected {expected!r}"
