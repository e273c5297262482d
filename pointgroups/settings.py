"""The 32 crystallographic point groups by name: settings of International Tables, and their generators.

This is the only hand-typed group data of the library. A setting is a group together with its axes; generators are
Cartesian, with the axes of International Tables A (hexagonal axis *a* along x). Everything else is derived.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .exact import ExactArray, stack


class UnknownGroupError(ValueError):
    """No crystallographic point group has this name."""


def _matrix(text: str) -> ExactArray:
    return ExactArray.parse(text.split(), (3, 3))


_PROPER = {
    "2x": _matrix("1 0 0  0 -1 0  0 0 -1"),
    "2y": _matrix("-1 0 0  0 1 0  0 0 -1"),
    "2z": _matrix("-1 0 0  0 -1 0  0 0 1"),
    "3z": _matrix("-1/2 -sqrt(3)/2 0  sqrt(3)/2 -1/2 0  0 0 1"),
    "4z": _matrix("0 -1 0  1 0 0  0 0 1"),
    "6z": _matrix("1/2 -sqrt(3)/2 0  sqrt(3)/2 1/2 0  0 0 1"),
    "3xyz": _matrix("0 0 1  1 0 0  0 1 0"),
    "1": _matrix("1 0 0  0 1 0  0 0 1"),
}
_OPERATIONS = (
    _PROPER
    | {f"-{name}": -matrix for name, matrix in _PROPER.items()}
    | {f"m{axis}": -_PROPER[f"2{axis}"] for axis in "xyz"}
)


@dataclass(frozen=True)
class Setting:
    """One point group in one orientation.

    ``symbol`` is the short Hermann–Mauguin symbol of the setting, ``full_symbol`` the full one, ``number`` the place
    1…32 of the class in International Tables A, ``generators`` names from the list of Cartesian operations above.
    """

    number: int
    schoenflies: str
    symbol: str
    full_symbol: str
    generators: tuple[str, ...]
    default: bool

    @property
    def name(self) -> str:
        """Unique key: the Schoenflies symbol for the default setting, else the Hermann–Mauguin symbol."""
        return self.schoenflies if self.default else self.symbol

    def generator_matrices(self) -> ExactArray:
        """Exact Cartesian matrices (n, 3, 3) of the generators; the identity alone for C1."""
        return stack([_OPERATIONS[name] for name in self.generators or ("1",)])


# number, Schoenflies, short symbol, full symbol, generators; the first line of a number is its default setting.
_SETTINGS_TEXT = """
1  C1  1      | 1                | 1
2  Ci  -1     | -1               | -1
3  C2  2      | 1 2 1            | 2y
3  C2  112    | 1 1 2            | 2z
3  C2  211    | 2 1 1            | 2x
4  Cs  m      | 1 m 1            | my
4  Cs  11m    | 1 1 m            | mz
4  Cs  m11    | m 1 1            | mx
5  C2h 2/m    | 1 2/m 1          | 2y -1
5  C2h 112/m  | 1 1 2/m          | 2z -1
5  C2h 2/m11  | 2/m 1 1          | 2x -1
6  D2  222    | 2 2 2            | 2z 2x
7  C2v mm2    | m m 2            | 2z mx
7  C2v 2mm    | 2 m m            | 2x my
7  C2v m2m    | m 2 m            | 2y mz
8  D2h mmm    | 2/m 2/m 2/m      | 2z 2x -1
9  C4  4      | 4                | 4z
10 S4  -4     | -4               | -4z
11 C4h 4/m    | 4/m              | 4z -1
12 D4  422    | 4 2 2            | 4z 2x
13 C4v 4mm    | 4 m m            | 4z mx
14 D2d -42m   | -4 2 m           | -4z 2x
14 D2d -4m2   | -4 m 2           | -4z mx
15 D4h 4/mmm  | 4/m 2/m 2/m      | 4z 2x -1
16 C3  3      | 3                | 3z
17 C3i -3     | -3               | 3z -1
18 D3  32     | 3 2 1            | 3z 2x
18 D3  312    | 3 1 2            | 3z 2y
19 C3v 3m     | 3 m 1            | 3z mx
19 C3v 31m    | 3 1 m            | 3z my
20 D3d -3m    | -3 2/m 1         | 3z 2x -1
20 D3d -31m   | -3 1 2/m         | 3z 2y -1
21 C6  6      | 6                | 6z
22 C3h -6     | -6               | 3z mz
23 C6h 6/m    | 6/m              | 6z -1
24 D6  622    | 6 2 2            | 6z 2x
25 C6v 6mm    | 6 m m            | 6z mx
26 D3h -6m2   | -6 m 2           | 3z mz mx
26 D3h -62m   | -6 2 m           | 3z mz 2x
27 D6h 6/mmm  | 6/m 2/m 2/m      | 6z 2x -1
28 T   23     | 2 3              | 2z 3xyz
29 Th  m-3    | 2/m -3           | 2z 3xyz -1
30 O   432    | 4 3 2            | 4z 3xyz
31 Td  -43m   | -4 3 m           | -4z 3xyz
32 Oh  m-3m   | 4/m -3 2/m       | 4z 3xyz -1
"""

_ALIASES = {
    "S2": "Ci", "C1h": "Cs", "C1v": "Cs", "S1": "Cs", "V": "D2", "Vh": "D2h", "Vd": "D2d", "S6": "C3i", "S3": "C3h",
    "D1": "C2", "D1h": "C2v", "D1d": "C2h", "3m1": "C3v", "321": "D3", "-3m1": "D3d", "m3": "Th", "m3m": "Oh",
}  # fmt: skip


def _read_settings() -> tuple[Setting, ...]:
    settings = []
    seen: set[str] = set()
    for line in _SETTINGS_TEXT.strip().splitlines():
        head, full, generators = line.split("|")
        number, schoenflies, symbol = head.split()
        default = schoenflies not in seen
        seen.add(schoenflies)
        names = tuple(name for name in generators.split() if name != "1")
        settings.append(Setting(int(number), schoenflies, symbol, full.strip(), names, default))
    return tuple(settings)


SETTINGS: tuple[Setting, ...] = _read_settings()
"""Every setting, in the order of International Tables."""

GROUP_NAMES: tuple[str, ...] = tuple(s.schoenflies for s in SETTINGS if s.default)
"""Schoenflies symbols of the 32 groups in the order of International Tables."""


_BY_KEY = {setting.name: setting for setting in SETTINGS}

_MOLECULAR = re.compile(r"[cds]\d+[hvdi]?|ih?")


def _plain(name: str) -> str:
    return re.sub(r"[\s_{}$]", "", name).replace("−", "-").replace("\\bar", "-").lower()


@cache
def _settings_by_name() -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for setting in SETTINGS:
        names = [setting.symbol, setting.full_symbol]
        if setting.default:
            names.append(setting.schoenflies)
        for name in names:
            found.setdefault(_plain(name), setting)
    for alias, name in _ALIASES.items():
        found.setdefault(_plain(alias), found[_plain(name)])
    return found


def setting_of(name: str | int) -> Setting:
    """The setting that a Schoenflies or Hermann–Mauguin symbol, or the number 1…32, stands for.

    Schoenflies symbols are read without regard to case, underscores and braces ("Oh", "O_h", "D_{4h}"); texts of
    digits are Hermann–Mauguin symbols ("32" is D3), integers are numbers (32 is Oh).

    Raises:
        UnknownGroupError: no group has this name; the message lists the nearest ones.
    """
    if isinstance(name, int) and not isinstance(name, bool):
        for setting in SETTINGS:
            if setting.number == name:
                return setting
        raise UnknownGroupError(f"there is no point group number {name}; numbers run from 1 (C1) to 32 (Oh)")
    if not isinstance(name, str):
        raise UnknownGroupError(f"a point group is named by a text or an integer 1 to 32, not by {name!r}")
    if name in _BY_KEY:
        return _BY_KEY[name]
    by_name = _settings_by_name()
    setting_found = by_name.get(_plain(name))
    if setting_found is None:
        import difflib

        near = difflib.get_close_matches(_plain(name), by_name, n=4, cutoff=0.3)
        names = dict.fromkeys(f"{by_name[n].schoenflies} ({by_name[n].symbol})" for n in near)
        hint = f"near names are {', '.join(names)}" if names else f"the groups are {', '.join(GROUP_NAMES)}"
        if _MOLECULAR.fullmatch(_plain(name)):
            hint += "; molecular_point_group makes the point groups of molecules, such as D5h and Ih"
        raise UnknownGroupError(f"{name!r} is not the name of a crystallographic point group; {hint}")
    return setting_found
