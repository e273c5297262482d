"""All tables from their generators: written to a folder, or compared with the files that are there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ._version import __version__
from .double.generate import generate_double
from .exact import ExactArray
from .finite.generate import generate_icosahedral
from .generate import generate
from .number_code import NumberCode
from .settings import SETTINGS
from .subgroups.generate import subgroup_tables
from .tables import (
    FORMAT,
    GROUPS,
    ICOSAHEDRAL,
    MANIFEST,
    MEND,
    SPINORS,
    SUBGROUPS,
    TableError,
    directory,
    double_file_name,
    file_name,
    forget,
    manifest,
)
from .whole_files import write_whole


def contents() -> Iterator[tuple[str, bytes]]:
    """Generate every table from its generators: file name and content."""
    singles, doubles = {}, {}
    for setting in SETTINGS:
        singles[setting.name], own = generate(setting)
        doubles[setting.name], own_double = generate_double(singles[setting.name])
        yield file_name(setting), encode(file_name(setting), own)
        yield double_file_name(setting), encode(double_file_name(setting), own_double)
    yield GROUPS, _bundled(GROUPS, singles)
    yield SPINORS, _bundled(SPINORS, doubles)
    yield SUBGROUPS, encode(SUBGROUPS, {"subgroups": subgroup_tables()})
    yield ICOSAHEDRAL, encode(ICOSAHEDRAL, generate_icosahedral())


def _bundled(name: str, groups: Mapping[str, Any]) -> bytes:
    """The file of all settings, its numbers in letters."""
    code = NumberCode.of_numbers(sorted(set(_numbers(groups)), key=lambda token: (len(token), token)))
    return encode(name, {"numbers": code.legend, "groups": _in_letters(groups, code)})


def _numbers(value: Any) -> Iterator[str]:
    """All numbers of an entry: of exact arrays as their tokens."""
    if isinstance(value, ExactArray):
        yield from value.tokens()
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _numbers(part)


def _in_letters(value: Any, code: NumberCode) -> Any:
    if isinstance(value, ExactArray):
        return code.text(value.tokens())
    if isinstance(value, Mapping):
        return {key: _in_letters(part, code) for key, part in value.items()}
    return value


def encode(name: str, sections: Mapping[str, Any]) -> bytes:
    """A file: the entries of a section stand in lines of their own."""
    parts = [f'"format": {FORMAT}', f'"name": {_line(name)}']
    for key, value in sections.items():
        if not isinstance(value, Mapping):
            parts.append(f"{_line(key)}: {_line(value)}")
            continue
        entries = ",\n".join(f"{_line(label)}: {_line(entry)}" for label, entry in value.items())
        parts.append(f"{_line(key)}: {{\n{entries}\n}}" if entries else f"{_line(key)}: {{}}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def build(folder: str | os.PathLike[str]) -> list[Path]:
    """Generate all tables from generators and write them, with their manifest, into ``folder``.

    Each file is written whole and then moved into place; the manifest comes last.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    sums = {}
    for name, content in contents():
        write_whole(target / name, content)
        sums[name] = hashlib.sha256(content).hexdigest()
    listed = {"format": FORMAT, "generated_by": f"pointgroups {__version__}", "files": sums}
    write_whole(target / MANIFEST, (json.dumps(listed, indent=1) + "\n").encode())
    forget()
    return [target / name for name in (*sums, MANIFEST)]


def check(folder: str | os.PathLike[str] | None = None) -> int:
    """Regenerate every table and compare it with the file, value by value; return how many files were compared.

    Raises:
        TableError: naming the first difference.
    """
    source = directory() if folder is None else Path(folder)
    count = 0
    for name, content in contents():
        try:
            written = (source / name).read_bytes()
            found = json.loads(written)
        except (OSError, ValueError) as error:
            raise TableError(f"{source / name}: {error}; {MEND}") from error
        difference = _first_difference(json.loads(content), found, name)
        if difference:
            raise TableError(f"{difference}; {MEND}")
        if written != content:  # its sum is another, so that it is refused when it is read
            raise TableError(f"{source / name}: its values agree, its line ends or spaces do not; {MEND}")
        if hashlib.sha256(content).hexdigest() != manifest(str(source)).get(name):
            raise TableError(f"{MANIFEST}: the SHA-256 sum of {name} differs; {MEND}")
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
