"""The notation of printed tables of coupling coefficients in tests, such as "-uα + √3 vα", and what is asked of them.

Phase rule (docs/conventions.md): the first non-zero coefficient of the first component, in (i, j) order, is positive.
A printed block is multiplied by the unit factor that makes it so; nothing else is adapted.
"""

import re
from collections.abc import Iterable

import numpy as np
import sympy
from cyclotomic import Exact, exact

from pointgroups import coupling, point_group

Row = tuple[str, str, str, str, tuple[str, ...]]
"""a, b, c, the common factor, and one line a component of c, such as "-uα + √3 vα"."""

TERM = re.compile(r"([+-]?)\s*(i√3|√3|2i|iω\*|iω|ω\*|ω|2|i)?\s*([^\W\d_]|[↑↓⇑⇓])([^\W\d_]|[↑↓⇑⇓])")
_OMEGA = "(-1/2 + sqrt(3)*I/2)"
_OMEGA_STAR = "(-1/2 - sqrt(3)*I/2)"
_WEIGHTS = {
    "": "1",
    "2": "2",
    "2i": "2*I",
    "√3": "sqrt(3)",
    "i": "I",
    "i√3": "sqrt(3)*I",
    "ω": _OMEGA,
    "ω*": _OMEGA_STAR,
    "iω": f"I*{_OMEGA}",
    "iω*": f"I*{_OMEGA_STAR}",
}


def block(components: dict[str, str], row: Row) -> Exact:
    """The printed coefficients (d_a, d_b, d_c), exact; ``components`` gives the letters of the partners of an irrep."""
    a, b, _, factor, lines = row
    first, second = components[a], components[b]
    numbers = np.full((len(first), len(second), len(lines)), "0", dtype=object)
    for k, line in enumerate(lines):
        assert TERM.sub("", line).strip() == "", line
        for sign, weight, i, j in TERM.findall(line):
            assert numbers[first.index(i), second.index(j), k] == "0", line
            numbers[first.index(i), second.index(j), k] = f"{sign}({_WEIGHTS[weight]})*({factor})"
    return exact(numbers)


def turned(printed: Exact) -> Exact:
    """Times the unit factor ±1, ±i, ω, … that makes the first non-zero coefficient of component 0 positive."""
    column = printed.reshape(printed.shape[0] * printed.shape[1], printed.shape[2])[:, 0]
    first = column[int(np.flatnonzero(column.nonzero())[0])]
    size = (first * first.conj()).fraction()
    root = sympy.sqrt(sympy.Rational(size.numerator, size.denominator))
    return printed * (first.conj() * exact(1 / root))


def columns(components: dict[str, str], rows: Iterable[Row]) -> np.ndarray:
    """The blocks of one product side by side, (d_a d_b, Σ d_c)."""
    blocks = [block(components, row).values() for row in rows]
    return np.concatenate([u.reshape(-1, u.shape[-1]) for u in blocks], axis=1)


def orthonormal(matrix: np.ndarray) -> bool:
    return bool(np.abs(matrix.conj().T @ matrix - np.eye(matrix.shape[1])).max() < 1e-14)


def ours(name: str, row: Row, field: str) -> list[Exact]:
    """The library's copies of one block."""
    group = point_group(name)
    every = {"C": group.irreps, "R": group.real_irreps}.get(field, group.double.irreps)
    u = exact(coupling(*(every[label] for label in row[:3]), exact=True))
    return [u[copy] for copy in range(u.shape[0])]


def products(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each product a ⊗ b."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault(row[:2], []).append(row)
    return found


def ids(row: Row) -> str:
    return f"{row[0]}x{row[1]}-{row[2]}"
