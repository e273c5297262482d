"""Mulliken labels from characters, the slow way: the rules of Mulliken's report written down for one irrep at a time.

R. S. Mulliken, J. Chem. Phys. 23, 1997 (1955), with the choices of axes that this project makes: subscripts 1 and 2
follow the C2′ axis along x (the σv that contains x in C2v, C4v, C6v) where the group has two kinds; the axes of mm2 are
permuted cyclically in 2mm and m2m; B1, B2, B3 of D2 and D2h are even under the rotation about z, y, x. ¹E goes with
x + iy or its square: it has e^{−iφ} or e^{−2iφ} under the rotation by φ about z; in T and Th it has ω = e^{2πi/3} under
the rotation by +120° about [111].
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"
X, Y, Z = np.eye(3)
HEXAGONAL = np.array([[1, -0.5, 0], [0, np.sqrt(0.75), 0], [0, 0, 1]])
"""Columns a along x and b at 120° from it."""


def to_cartesian(setting: str, operations: list[list[list[int]]]) -> np.ndarray:
    """Operations in the lattice basis of a setting → Cartesian rotations (n, 3, 3)."""
    basis = HEXAGONAL if set("36") & set(SCHOENFLIES[setting]) else np.eye(3)
    return basis @ np.array(operations) @ np.linalg.inv(basis)


def reference_table(name: str) -> dict:
    with gzip.open(DATA / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        return json.load(file)


def _rotation(axis: np.ndarray, degrees: float) -> np.ndarray:
    axis = axis / np.linalg.norm(axis)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    phi = np.radians(degrees)
    return np.cos(phi) * np.eye(3) + np.sin(phi) * cross + (1 - np.cos(phi)) * np.outer(axis, axis)


def _mirror(normal: np.ndarray) -> np.ndarray:
    return np.eye(3) - 2 * np.outer(normal, normal) / (normal @ normal)


class _Characters:
    """χ by the operation itself."""

    def __init__(self, rotations: np.ndarray, chi: np.ndarray) -> None:
        self.rotations, self.chi = rotations, chi
        self.dim = round(chi[0].real)

    def __contains__(self, wanted: np.ndarray) -> bool:
        return bool(np.abs(self.rotations - wanted).max(axis=(1, 2)).min() < 1e-9)

    def __getitem__(self, wanted: np.ndarray) -> complex:
        return complex(self.chi[np.abs(self.rotations - wanted).max(axis=(1, 2)).argmin()])

    def first(self, candidates: list[np.ndarray]) -> float:
        """Character at the first candidate that is in the group."""
        return next(self[c].real for c in candidates if c in self)


def mulliken_label(schoenflies: str, rotations: np.ndarray, chi: np.ndarray) -> str:
    """The label over ℂ of the irrep with characters ``chi`` (n,), in a standard orientation of the group."""
    c = _Characters(rotations, np.asarray(chi))
    inversion, horizontal = -np.eye(3), _mirror(_main_axis(schoenflies, rotations))
    ending = ""
    if inversion in c:
        ending = "g" if c[inversion].real > 0 else "u"
    elif schoenflies in ("Cs", "C3h", "D3h"):
        ending = "'" if c[horizontal].real > 0 else "''"
    pair = ""
    if np.abs(c.chi.imag).max() > 1e-9:
        pair = _number_of_pair(schoenflies, c)
    return pair + _letter(schoenflies, c, bool(pair)) + _subscript(schoenflies, c, bool(pair)) + ending


def _main_axis(schoenflies: str, rotations: np.ndarray) -> np.ndarray:
    """z, or the one two-fold axis of monoclinic groups and C2v."""
    if schoenflies in ("C2", "C2h", "C2v"):
        return next(a for a in (X, Y, Z) if (np.abs(rotations - _rotation(a, 180)).max(axis=(1, 2)) < 1e-9).any())
    if schoenflies == "Cs":
        return next(a for a in (X, Y, Z) if (np.abs(rotations - _mirror(a)).max(axis=(1, 2)) < 1e-9).any())
    return Z


def _letter(schoenflies: str, c: _Characters, pair: bool) -> str:
    if pair or c.dim == 2:
        return "E"
    if c.dim == 3:
        return "T"
    if schoenflies in ("D2", "D2h"):
        return "A" if all(c[_rotation(a, 180)].real > 0 for a in (X, Y, Z)) else "B"
    main = _main_axis(schoenflies, c.rotations)
    if schoenflies in ("C2", "C2h", "C2v"):
        deciding = [_rotation(main, 180)]
    elif schoenflies in ("C4", "C4h", "D4", "C4v", "D4h"):
        deciding = [_rotation(main, 90)]
    elif schoenflies in ("S4", "D2d"):
        deciding = [-_rotation(main, 90)]
    elif schoenflies in ("C6", "C6h", "D6", "C6v", "D6h"):
        deciding = [_rotation(main, 60)]
    else:
        return "A"
    return "A" if c.first(deciding) > 0 else "B"


def _subscript(schoenflies: str, c: _Characters, pair: bool) -> str:
    if schoenflies in ("T", "Th"):
        return ""
    if pair or c.dim == 2:
        if schoenflies not in ("C6", "C6h", "D6", "C6v", "D6h"):
            return ""
        return "1" if c[_rotation(Z, 60)].real > 0 else "2"
    if schoenflies in ("D2", "D2h"):
        even = [n for n, a in enumerate((Z, Y, X), 1) if c[_rotation(a, 180)].real > 0]
        return "" if len(even) == 3 else str(even[0])
    along = [X, Y, X + Y]  # the class that holds x comes first
    if schoenflies in ("O", "Oh", "Td"):
        deciding = [_rotation(Z, 90), -_rotation(Z, 90)]
    elif schoenflies in ("D3", "D3d", "D3h", "D4", "D4h", "D6", "D6h", "D2d"):
        deciding = [_rotation(a, 180) for a in along]
    elif schoenflies in ("C3v", "C4v", "C6v"):
        deciding = [_mirror(np.cross(Z, a)) for a in along]
    elif schoenflies == "C2v":
        main = _main_axis("C2v", c.rotations)
        deciding = [_mirror(np.cross(main, np.roll(main, 1)))]  # holds x for mm2, y for 2mm, z for m2m
    else:
        return ""
    return "1" if c.first(deciding) > 0 else "2"


def _number_of_pair(schoenflies: str, c: _Characters) -> str:
    if schoenflies in ("T", "Th"):
        return "1" if c[_rotation(X + Y + Z, 120)].imag > 0 else "2"
    turns = [_rotation(Z, 60), _rotation(Z, 90), _mirror(Z) @ _rotation(Z, 90), _rotation(Z, 120)]
    turn = next(g for g in turns if g in c)
    return "1" if c[turn].imag < 0 else "2"


SCHOENFLIES = {
    "1": "C1", "-1": "Ci", "2": "C2", "m": "Cs", "2/m": "C2h", "222": "D2", "mm2": "C2v", "mmm": "D2h", "4": "C4",
    "-4": "S4", "4/m": "C4h", "422": "D4", "4mm": "C4v", "-42m": "D2d", "-4m2": "D2d", "4/mmm": "D4h", "3": "C3",
    "-3": "C3i", "321": "D3", "312": "D3", "3m1": "C3v", "31m": "C3v", "-3m1": "D3d", "-31m": "D3d", "6": "C6",
    "-6": "C3h", "6/m": "C6h", "622": "D6", "6mm": "C6v", "-6m2": "D3h", "-62m": "D3h", "6/mmm": "D6h", "23": "T",
    "m-3": "Th", "432": "O", "-43m": "Td", "m-3m": "Oh",
}  # fmt: skip
"""The 37 settings of the Bilbao tables."""


def main() -> None:
    table = {}
    for setting, entry in reference_table("bilbao_point_group_irreps").items():
        rotations = to_cartesian(setting, entry["ops"])
        table[setting] = {}
        for irrep in entry["irreps"]:
            matrices = np.array(irrep["re"]) + 1j * np.array(irrep["im"])
            chi = np.trace(matrices, axis1=1, axis2=2)
            table[setting][irrep["label"]] = mulliken_label(SCHOENFLIES[setting], rotations, chi)
    text = json.dumps(table, ensure_ascii=False, indent=1)
    (DATA / "mulliken_of_bilbao.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
