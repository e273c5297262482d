"""The symmetric group by Young: partitions, tableaux, symmetrisers, orthogonal units, Littlewood–Richardson products.

A partition λ of n is a tuple of row lengths λ₁ ≥ λ₂ ≥ … > 0. Box (r, c) of its diagram has the content c − r and the
hook length λ_r − c + λ'_c − r − 1 (rows and columns counted from 0). It labels an irrep of S_n of dimension f_λ =
n!/Π hooks, and one of GL(d) of dimension Π (d + content)/hook; V^{⊗n} = ⊕_λ S_λ ⊗ U_λ (Schur–Weyl).

A permutation is a tuple σ with σ[k] the image of k = 0 … n − 1; (σ τ)[k] = σ[τ[k]]. An element of the group algebra
is a mapping σ → coefficient.

Source: W. Fulton, Young Tableaux (1997); D. E. Rutherford, Substitutional Analysis (1948).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

Partition = tuple[int, ...]
Permutation = tuple[int, ...]
Tableau = tuple[tuple[int, ...], ...]
AlgebraElement = dict[Permutation, Fraction]


# -- partitions ---------------------------------------------------------------------------------------------------


def partitions(n: int, rows: int | None = None) -> Iterator[Partition]:
    """Partitions of n with at most ``rows`` rows, from (n) down in reverse lexicographic order.

    >>> list(partitions(4, rows=2))
    [(4,), (3, 1), (2, 2)]
    """
    if n < 0:
        raise ValueError(f"a number of boxes is 0, 1, 2, …, not {n}")
    yield from _partitions(n, n, n if rows is None else rows)


def _partitions(n: int, largest: int, rows: int) -> Iterator[Partition]:
    if n == 0:
        yield ()
        return
    if rows == 0:
        return
    for first in range(min(n, largest), 0, -1):
        for rest in _partitions(n - first, first, rows - 1):
            yield (first, *rest)


def checked_partition(shape: Partition) -> Partition:
    """The shape as a tuple; ValueError unless its rows are positive and do not grow."""
    rows = tuple(shape)
    if any(r < 1 for r in rows) or any(a < b for a, b in itertools.pairwise(rows)):
        raise ValueError(f"a Young diagram has rows of decreasing positive lengths, not {rows}")
    return rows


def conjugate(shape: Partition) -> Partition:
    """The transposed diagram: rows become columns.

    >>> conjugate((5, 4, 3, 1))
    (4, 3, 3, 2, 1)
    """
    shape = checked_partition(shape)
    return tuple(sum(row > c for row in shape) for c in range(shape[0] if shape else 0))


def hook_lengths(shape: Partition) -> tuple[tuple[int, ...], ...]:
    """Hook length of every box, row by row: itself, the boxes to its right and those below.

    >>> hook_lengths((2, 1))
    ((3, 1), (1,))
    """
    columns = conjugate(shape)
    return tuple(tuple(row - c + columns[c] - r - 1 for c in range(row)) for r, row in enumerate(shape))


def dimension_symmetric(shape: Partition) -> int:
    """f_λ = n!/Π hooks: the dimension of the irrep of S_n, and the number of standard tableaux."""
    hooks = math.prod(h for row in hook_lengths(shape) for h in row)
    return math.factorial(sum(shape)) // hooks


def dimension_linear(shape: Partition, d: int = 3) -> int:
    """Π (d + content)/hook: the dimension of the irrep of GL(d); 0 with more than d rows.

    >>> dimension_linear((2, 1)), dimension_linear((2, 2))
    (8, 6)
    """
    hooks = hook_lengths(shape)
    numerator = math.prod(d + c - r for r, row in enumerate(hooks) for c in range(len(row)))
    return numerator // math.prod(h for row in hooks for h in row)


# -- tableaux -----------------------------------------------------------------------------------------------------


@cache
def standard_tableaux(shape: Partition) -> tuple[Tableau, ...]:
    """Fillings with 0 … n − 1 that grow along rows and down columns, in last-letter order.

    Tableaux come in the order in which the last entry stands in a lower row last, then the one before it, and so on;
    the first has its rows filled one after another as far as possible.

    >>> standard_tableaux((2, 1))
    (((0, 1), (2,)), ((0, 2), (1,)))
    """
    shape = checked_partition(shape)
    n = sum(shape)
    if n == 0:
        return ((),)
    found: list[Tableau] = []
    for r in reversed(range(len(shape))):
        if r + 1 == len(shape) or shape[r] > shape[r + 1]:
            smaller = tuple(x for x in (*shape[:r], shape[r] - 1, *shape[r + 1 :]) if x)
            for tableau in standard_tableaux(smaller):
                rows = [list(row) for row in tableau] + [[] for _ in range(len(shape) - len(tableau))]
                rows[r].append(n - 1)
                found.append(tuple(map(tuple, rows)))
    return tuple(found)


def contents(tableau: Tableau) -> tuple[int, ...]:
    """The content c − r of the box of each number 0 … n − 1; a standard tableau is known by these."""
    place = {k: c - r for r, row in enumerate(tableau) for c, k in enumerate(row)}
    return tuple(place[k] for k in range(len(place)))


def _checked_tableau(tableau: Tableau) -> Tableau:
    rows = tuple(map(tuple, tableau))
    checked_partition(tuple(map(len, rows)))
    if sorted(k for row in rows for k in row) != list(range(sum(map(len, rows)))):
        raise ValueError(f"a tableau of n boxes holds each of 0 … n − 1 once, not {rows}")
    return rows


# -- the group algebra --------------------------------------------------------------------------------------------


def compose(s: Permutation, t: Permutation) -> Permutation:
    """σ τ: first τ, then σ."""
    return tuple(s[k] for k in t)


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


def multiply(a: Mapping[Permutation, Fraction], b: Mapping[Permutation, Fraction]) -> AlgebraElement:
    """The product in the group algebra ℚ S_n."""
    total: AlgebraElement = {}
    for s, x in a.items():
        for t, y in b.items():
            key = compose(s, t)
            total[key] = total.get(key, Fraction(0)) + x * y
    return {s: x for s, x in total.items() if x}


def _stabiliser_sum(sets: tuple[tuple[int, ...], ...], n: int, antisymmetric: bool) -> AlgebraElement:
    """Σ of the permutations that keep each set of positions, with their signs when antisymmetric."""
    total: AlgebraElement = {}
    for images in itertools.product(*(itertools.permutations(s) for s in sets)):
        s = list(range(n))
        for positions, image in zip(sets, images, strict=True):
            for k, target in zip(positions, image, strict=True):
                s[k] = target
        permutation = tuple(s)
        total[permutation] = Fraction(sign(permutation) if antisymmetric else 1)
    return total


def young_symmetrizer(tableau: Tableau, first: str = "rows", normalised: bool = True) -> AlgebraElement:
    """The Young symmetriser of a tableau.

    With P the sum over row permutations and Q the signed sum over column permutations, ``first="rows"`` gives Q P
    (symmetrise rows first, then antisymmetrise columns), ``first="columns"`` gives P Q. Times f_λ/n! it is idempotent.

    Args:
        tableau: rows holding each of the positions 0 … n − 1 once; it need not be standard.
        first: "rows" or "columns".
        normalised: whether to include f_λ/n!.

    Raises:
        ValueError: not a tableau, or another word for ``first``.

    >>> young_symmetrizer(((0, 1),))
    {(0, 1): Fraction(1, 2), (1, 0): Fraction(1, 2)}
    """
    rows = _checked_tableau(tableau)
    if first not in ("rows", "columns"):
        raise ValueError(f'first is "rows" or "columns", not {first!r}')
    n = sum(map(len, rows))
    columns = tuple(tuple(row[c] for row in rows if len(row) > c) for c in range(len(rows[0]) if rows else 0))
    p = _stabiliser_sum(rows, n, antisymmetric=False)
    q = _stabiliser_sum(columns, n, antisymmetric=True)
    product = multiply(q, p) if first == "rows" else multiply(p, q)
    if not normalised:
        return product
    scale = Fraction(dimension_symmetric(tuple(map(len, rows))), math.factorial(n))
    return {s: scale * x for s, x in product.items()}


# -- representations of S_n ---------------------------------------------------------------------------------------


def seminormal_transposition(shape: Partition, k: int) -> list[list[Fraction]]:
    """Young's seminormal matrix of the transposition (k, k+1), rational; rows and columns by standard tableaux.

    With ρ = 1/(content of k+1 − content of k): diagonal ρ; between T and T′ = (k k+1) T, T before T′ in last-letter
    order, 1 − ρ² in row T, and 1 in row T′.
    """
    tableaux = standard_tableaux(checked_partition(shape))
    if not 0 <= k < sum(shape) - 1:
        raise ValueError(f"transpositions (k, k+1) of {sum(shape)} boxes have k = 0 … {sum(shape) - 2}, not {k}")
    index = {contents(t): i for i, t in enumerate(tableaux)}
    matrix = [[Fraction(0)] * len(tableaux) for _ in tableaux]
    for i, tableau in enumerate(tableaux):
        c = contents(tableau)
        rho = Fraction(1, c[k + 1] - c[k])
        matrix[i][i] = rho
        swapped = (*c[:k], c[k + 1], c[k], *c[k + 2 :])
        j = index.get(swapped)
        if j is not None:
            matrix[i][j] = 1 - rho**2 if i < j else Fraction(1)
    return matrix


def symmetric_character(shape: Partition, cycle_type: Partition) -> int:
    """Character of the irrep λ of S_n on a class, by Murnaghan and Nakayama: remove rim hooks, (−1)^{height}.

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

    >>> littlewood_richardson((1,), (2,))
    {(3,): 1, (2, 1): 1}
    """
    a, b = checked_partition(a), checked_partition(b)
    most = len(a) + len(b) if rows is None else rows
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
