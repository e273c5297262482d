"""Young diagrams: partitions, tableaux, dimensions, characters of the symmetric group, Littlewood–Richardson products.

A partition λ of n is a tuple of row lengths λ₁ ≥ λ₂ ≥ … > 0. Box (r, c) of its diagram has the content c − r and the
hook length λ_r − c + λ'_c − r − 1 (rows and columns counted from 0). It labels an irrep of S_n of dimension f_λ =
n!/Π hooks, and one of GL(d) of dimension Π (d + content)/hook.

A permutation is a tuple σ with σ[k] the image of k = 0 … n − 1; (σ τ)[k] = σ[τ[k]].

Source: W. Fulton, Young Tableaux (1997); B. E. Sagan, The Symmetric Group (2001), ch. 2–4.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterator, Sequence
from functools import cache

Partition = tuple[int, ...]
Permutation = tuple[int, ...]
Tableau = tuple[tuple[int, ...], ...]


# -- partitions ---------------------------------------------------------------------------------------------------


def partitions(n: int, rows: int | None = None) -> Iterator[Partition]:
    """Partitions of n, λ₁ ≥ λ₂ ≥ … > 0 with Σ λ_r = n, from (n) down in reverse lexicographic order.

    Args:
        n: number of boxes.
        rows: how many rows there are at most; None for any number.

    Raises:
        ValueError: a negative number.

    Source: G. E. Andrews, The Theory of Partitions (1976), ch. 1.

    >>> list(partitions(4, rows=2))
    [(4,), (3, 1), (2, 2)]
    """
    if n < 0:
        raise ValueError(f"a number of boxes is 0, 1, 2, …, not {n}")
    return _partitions(n, n, n if rows is None else _checked_rows(rows))


def _partitions(n: int, largest: int, rows: int) -> Iterator[Partition]:
    if n == 0:
        yield ()
        return
    if rows == 0:
        return
    for first in range(min(n, largest), 0, -1):
        for rest in _partitions(n - first, first, rows - 1):
            yield (first, *rest)


def checked_partition(shape: Sequence[int]) -> Partition:
    """The shape as a tuple; ValueError unless its rows are positive whole numbers that do not grow."""
    try:
        rows = tuple(operator.index(row) for row in shape)
    except TypeError:
        raise ValueError(f"a Young diagram is a tuple of row lengths such as (3, 1), not {shape!r}") from None
    if any(r < 1 for r in rows) or any(a < b for a, b in itertools.pairwise(rows)):
        raise ValueError(f"a Young diagram has rows of decreasing positive lengths, not {rows}")
    return rows


def _checked_rows(rows: int) -> int:
    if rows < 0:
        raise ValueError(f"a number of rows is 0, 1, 2, …, not {rows}")
    return rows


def conjugate(shape: Partition) -> Partition:
    """The transposed diagram λ': rows become columns, λ'_c = #{r : λ_r > c}.

    Raises:
        ValueError: not a partition.

    Source: Fulton, Young Tableaux, Notation.

    >>> conjugate((5, 4, 3, 1))
    (4, 3, 3, 2, 1)
    """
    shape = checked_partition(shape)
    return tuple(sum(row > c for row in shape) for c in range(shape[0] if shape else 0))


def diagram(shape: Partition) -> str:
    """The boxes of λ as text, one line a row; ∅ for no boxes.

    Raises:
        ValueError: not a partition.

    >>> print(diagram((3, 1)))
    □□□
    □
    """
    return "\n".join("□" * row for row in checked_partition(shape)) or "∅"


def hook_lengths(shape: Partition) -> tuple[tuple[int, ...], ...]:
    """Hook length of every box, row by row: itself, the boxes to its right and those below, λ_r − c + λ'_c − r − 1.

    Raises:
        ValueError: not a partition.

    Source: Fulton, Young Tableaux, § 4.3.

    >>> hook_lengths((2, 1))
    ((3, 1), (1,))
    """
    columns = conjugate(shape)
    return tuple(tuple(row - c + columns[c] - r - 1 for c in range(row)) for r, row in enumerate(shape))


def dimension_symmetric(shape: Partition) -> int:
    """f_λ = n!/Π hooks: the dimension of the irrep S_λ of S_n, and the number of standard tableaux.

    Raises:
        ValueError: not a partition.

    Source: J. S. Frame, G. de B. Robinson, R. M. Thrall, Can. J. Math. 6, 316 (1954).

    >>> dimension_symmetric((2, 1)), dimension_symmetric((5, 4, 3, 1))
    (2, 15015)
    """
    hooks = math.prod(h for row in hook_lengths(shape) for h in row)
    return math.factorial(sum(shape)) // hooks


def dimension_linear(shape: Partition, d: int = 3) -> int:
    """Π (d + content)/hook: the dimension of the irrep U_λ of GL(d); 0 with more than d rows.

    Raises:
        ValueError: not a partition, or a negative d.

    Source: Fulton, Young Tableaux, § 4.3 and § 8.2.

    >>> dimension_linear((2, 1)), dimension_linear((2, 2)), dimension_linear((1, 1, 1, 1))
    (8, 6, 0)
    """
    if d < 0:
        raise ValueError(f"a space has dimension 0, 1, 2, …, not {d}")
    hooks = hook_lengths(shape)
    numerator = math.prod(d + c - r for r, row in enumerate(hooks) for c in range(len(row)))
    return numerator // math.prod(h for row in hooks for h in row)


# -- tableaux -----------------------------------------------------------------------------------------------------


def standard_tableaux(shape: Partition) -> tuple[Tableau, ...]:
    """Fillings with 0 … n − 1 that grow along rows and down columns, in last-letter order.

    Tableaux come in the order in which the last entry stands in a lower row last, then the one before it, and so on;
    the first has its rows filled one after another as far as possible. There are f_λ (:func:`dimension_symmetric`).

    Raises:
        ValueError: not a partition.

    Source: G. James, A. Kerber, The Representation Theory of the Symmetric Group (1981), ch. 3.

    >>> standard_tableaux((2, 1))
    (((0, 1), (2,)), ((0, 2), (1,)))
    """
    return _standard_tableaux(checked_partition(shape))


@cache
def _standard_tableaux(shape: Partition) -> tuple[Tableau, ...]:
    n = sum(shape)
    if n == 0:
        return ((),)
    found: list[Tableau] = []
    for r in reversed(range(len(shape))):
        if r + 1 == len(shape) or shape[r] > shape[r + 1]:
            smaller = tuple(x for x in (*shape[:r], shape[r] - 1, *shape[r + 1 :]) if x)
            for tableau in _standard_tableaux(smaller):
                rows = [list(row) for row in tableau] + [[] for _ in range(len(shape) - len(tableau))]
                rows[r].append(n - 1)
                found.append(tuple(map(tuple, rows)))
    return tuple(found)


def contents(tableau: Tableau) -> tuple[int, ...]:
    """The content c − r of the box of each number 0 … n − 1; a standard tableau is known by these."""
    place = {k: c - r for r, row in enumerate(tableau) for c, k in enumerate(row)}
    return tuple(place[k] for k in range(len(place)))


def shape_of(tableau: Tableau) -> Partition:
    """The lengths of the rows."""
    return tuple(map(len, tableau))


def checked_tableau(tableau: Sequence[Sequence[int]]) -> Tableau:
    """The rows as tuples; ValueError unless they make a diagram and hold each of 0 … n − 1 once."""
    try:
        rows = tuple(tuple(operator.index(k) for k in row) for row in tableau)
    except TypeError:
        raise ValueError(f"a tableau is a tuple of rows such as ((0, 1), (2,)), not {tableau!r}") from None
    checked_partition(shape_of(rows))
    if sorted(k for row in rows for k in row) != list(range(sum(map(len, rows)))):
        raise ValueError(f"a tableau of n boxes holds each of 0 … n − 1 once, not {rows}")
    return rows


def checked_standard(tableau: Sequence[Sequence[int]]) -> Tableau:
    """The rows as tuples; ValueError unless they are a standard tableau."""
    rows = checked_tableau(tableau)
    pairs = [pair for row in rows for pair in itertools.pairwise(row)]
    pairs += [pair for upper, lower in itertools.pairwise(rows) for pair in zip(upper, lower, strict=False)]
    if any(a > b for a, b in pairs):
        raise ValueError(f"a standard tableau grows along rows and down columns; this does not: {rows}")
    return rows


# -- permutations -------------------------------------------------------------------------------------------------


def compose(s: Permutation, t: Permutation) -> Permutation:
    """σ τ: first τ, then σ."""
    return tuple(s[k] for k in t)


def inverse(s: Permutation) -> Permutation:
    """σ⁻¹."""
    return tuple(sorted(range(len(s)), key=s.__getitem__))


def sign(s: Permutation) -> int:
    """+1 for even, −1 for odd permutations."""
    return -1 if (len(s) - len(cycles(s))) % 2 else 1


def cycles(s: Permutation) -> list[tuple[int, ...]]:
    """The cycles of a permutation, fixed points included."""
    found, seen = [], set[int]()
    for start in range(len(s)):
        if start not in seen:
            cycle = [start]
            while s[cycle[-1]] != start:
                cycle.append(s[cycle[-1]])
            seen.update(cycle)
            found.append(tuple(cycle))
    return found


def cycle_type(s: Permutation) -> Partition:
    """Lengths of the cycles, longest first: the conjugacy class."""
    return tuple(sorted(map(len, cycles(s)), reverse=True))


def checked_permutation(permutation: Sequence[int], n: int) -> Permutation:
    """The permutation as a tuple; ValueError unless it holds each of 0 … n − 1 once."""
    try:
        s = tuple(operator.index(k) for k in permutation)
    except TypeError:
        raise ValueError(f"a permutation is a tuple of images such as (1, 0, 2), not {permutation!r}") from None
    if sorted(s) != list(range(n)):
        raise ValueError(f"a permutation of {n} places holds each of 0 … {n - 1} once, not {s}")
    return s


# -- characters ---------------------------------------------------------------------------------------------------


def symmetric_character(shape: Partition, cycle_type: Partition) -> int:
    """Character of the irrep S_λ of S_n on a class, by Murnaghan and Nakayama.

    χ_λ(c₁, c₂, …) = Σ (−1)^height χ_μ(c₂, …) over the shapes μ left when a rim hook of c₁ boxes is removed from λ.

    Args:
        shape: λ.
        cycle_type: lengths of the cycles, longest first.

    Raises:
        ValueError: not partitions, or partitions of different numbers.

    Source: Sagan, The Symmetric Group, theorem 4.10.2.

    >>> [symmetric_character((2, 1), c) for c in ((1, 1, 1), (2, 1), (3,))]
    [2, 0, -1]
    """
    shape, cycle_type = checked_partition(shape), checked_partition(cycle_type)
    if sum(shape) != sum(cycle_type):
        raise ValueError(f"{shape} and {cycle_type} are partitions of different numbers")
    return _rim_hooks(shape, cycle_type)


@cache
def _rim_hooks(shape: Partition, cycle_type: Partition) -> int:
    if not cycle_type:
        return 1
    length, rest = cycle_type[0], cycle_type[1:]
    beads = [row + len(shape) - 1 - r for r, row in enumerate(shape)]  # first-column hook lengths
    total = 0
    for bead in beads:
        target = bead - length
        if target >= 0 and target not in beads:
            moved = sorted((target if b == bead else b for b in beads), reverse=True)
            height = sum(target < b < bead for b in beads)
            smaller = tuple(x for x in (b - len(moved) + 1 + r for r, b in enumerate(moved)) if x)
            total += (-1) ** height * _rim_hooks(smaller, rest)
    return total


# -- products -----------------------------------------------------------------------------------------------------


def littlewood_richardson(a: Partition, b: Partition, rows: int | None = None) -> dict[Partition, int]:
    """Multiplicities c^ν_{ab} in U_a ⊗ U_b = ⊕_ν c^ν_{ab} U_ν, with at most ``rows`` rows (d for GL(d)).

    Adds to the diagram of a the boxes of b, b₁ of them lettered 1, b₂ lettered 2, …, so that every step is a diagram,
    no two equal letters share a column, and reading from right to left and from top to bottom no letter is ahead of
    the one before it.

    Args:
        a, b: partitions.
        rows: how many rows ν has at most; None for any number.

    Raises:
        ValueError: not partitions, or a negative number of rows.

    Source: Fulton, Young Tableaux, § 5.2.

    >>> littlewood_richardson((1,), (2,))
    {(3,): 1, (2, 1): 1}
    """
    a, b = checked_partition(a), checked_partition(b)
    most = len(a) + len(b) if rows is None else _checked_rows(rows)
    counts: dict[Partition, int] = {}
    start = tuple(a) + (0,) * (most - len(a))
    if len(a) > most:
        return {}
    for filling in _strips(start, b, ()):
        shape = tuple(x for x in filling if x)
        counts[shape] = counts.get(shape, 0) + 1
    return dict(sorted(counts.items(), reverse=True))


def _strips(shape: Partition, letters: Partition, added: tuple[tuple[int, ...], ...]) -> Iterator[Partition]:
    """Add one horizontal strip a letter; ``added[k][r]`` counts letter k in row r."""
    if len(added) == len(letters):
        yield shape
        return
    for strip in _horizontal_strips(shape, letters[len(added)]):
        if added:
            before = added[-1]
            # lattice word: in rows 0 … r letter k+1 occurs at most as often as letter k in rows 0 … r − 1
            if any(sum(strip[: r + 1]) > sum(before[:r]) for r in range(len(strip))):
                continue
        yield from _strips(tuple(x + y for x, y in zip(shape, strip, strict=True)), letters, (*added, strip))


def _horizontal_strips(shape: Partition, boxes: int) -> Iterator[tuple[int, ...]]:
    rooms = [boxes, *(shape[r - 1] - shape[r] for r in range(1, len(shape)))]

    def fill(r: int, left: int) -> Iterator[tuple[int, ...]]:
        if r == len(rooms):
            if left == 0:
                yield ()
            return
        for count in range(min(rooms[r], left), -1, -1):
            for rest in fill(r + 1, left - count):
                yield (count, *rest)

    return fill(0, boxes)
