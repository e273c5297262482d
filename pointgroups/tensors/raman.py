r"""Raman tensors: the symmetric second-rank tensors of each irrep, in as few letters as the group leaves free.

The polarisability α_ij = α_ji changes with a vibration Q_k, k = 1 … d, of the irrep Γ by R^k = ∂α/∂Q_k. The crystal
stays the same under g when the tensors turn as the vibrations do,

    g R^k gᵀ = Σ_j R^j Γ_jk(g) ,

so R is an intertwiner. For every copy of Γ among the degrees ℓ = 2 and ℓ = 0 there is one free number, two for a
complex-type pair, whose commutant is ℂ. Reduced echelon form over the entries xx, yy, zz, xy, xz, yz of R¹, then of R²
and R³, gives each of them a letter.

Source: R. Loudon, Adv. Phys. 13, 423 (1964), table 2.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointgroups.point_group import PointGroup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sympy

_ENTRIES = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
_TRIVIAL = (0, 1, 2, 3, 4, 5)
_OTHERS = (2, 0, 1, 3, 4, 5)
"""Order of elimination: zz comes first outside the trivial irrep, as in printed tables."""


def raman_tensors(group: PointGroup) -> Mapping[str, tuple[sympy.ImmutableMatrix, ...]]:
    """Irrep over ℝ → its Raman tensors R¹ … R^d, in the axes of the group's setting; irreps without any are left out.

    The matrices hold exact multiples of the letters a, b, c …, which are real and mean the same throughout an irrep.
    The components k are those of the irrep's basis (:attr:`pointgroups.Irrep.basis`).

    Raises:
        ValueError: the group is in a rotated frame, where its matrices are not known exactly.

    >>> from pointgroups import point_group
    >>> for label, (first, *_) in raman_tensors(point_group("Oh")).items():
    ...     print(label, first.tolist())
    A1g [[a, 0, 0], [0, a, 0], [0, 0, a]]
    Eg [[b, 0, 0], [0, b, 0], [0, 0, -2*b]]
    T2g [[0, 0, 0], [0, 0, c], [0, c, 0]]
    """
    if group.is_rotated:
        raise ValueError(f"exact Raman tensors are known in the axes of a setting, not in those of {group!r}")
    return _tensors(group)


@lru_cache(maxsize=128)
def _tensors(group: PointGroup) -> Mapping[str, tuple[sympy.ImmutableMatrix, ...]]:
    import sympy

    copies = _copies(group)
    letters = iter(sympy.symbols("a:f", real=True))
    found = {}
    for label, irrep in group.real_irreps.items():
        if label not in copies:
            continue
        order = _TRIVIAL if label == next(iter(group.real_irreps)) else _OTHERS
        rows = sympy.Matrix(
            [[tensors[6 * k + n] for k in range(irrep.dim) for n in order] for tensors in copies[label]]
        )
        pair = irrep.commuting == 2
        if pair:  # J multiplies R¹ + iR² by −i: eliminate over ℂ
            rows = rows[:, :6] + sympy.I * rows[:, 6:]
        echelon, pivots = rows.rref(simplify=True)
        total = sympy.zeros(1, echelon.cols)
        for r in range(len(pivots)):
            factor = next(letters) + (sympy.I * next(letters) if pair else 0)
            total += factor * _without_denominators(echelon[r, :], order)
        if pair:
            total = sympy.Matrix.hstack(*total.applyfunc(sympy.expand).as_real_imag())
        found[label] = tuple(_matrix(total[6 * k : 6 * k + 6], order) for k in range(irrep.dim))
    return MappingProxyType(found)


def _without_denominators(row: sympy.Matrix, order: Sequence[int]) -> sympy.Matrix:
    """The row times the least integer that makes it integral over √3 and i; its first entry of xx, yy … is positive."""
    import sympy

    scale = sympy.ilcm(*(sympy.fraction(sympy.together(part))[1] for x in row for part in x.as_real_imag()))
    first = next(x for x in (row[order.index(n)] for n in range(6)) if x != 0)
    return row * (scale if sympy.re(first) > 0 else -scale)


def _copies(group: PointGroup) -> dict[str, list[list[sympy.Expr]]]:
    """Irrep → the entries of R¹, then of R² …, for each of its copies in the degrees 2 and 0."""
    import sympy

    forms = {
        2: sympy.Matrix(
            [
                [0, 0, 0, 1, 0, 0],
                [0, 0, 0, 0, 0, 1],
                [-1 / sympy.sqrt(3), -1 / sympy.sqrt(3), 2 / sympy.sqrt(3), 0, 0, 0],
                [0, 0, 0, 0, 1, 0],
                [1, -1, 0, 0, 0, 0],
            ]
        ),
        0: sympy.Matrix([[1, 1, 1, 0, 0, 0]]),
    }  # entries of tensors u_m that turn as Y_ℓm, m = −ℓ … ℓ, with equal norms: those of xy are (0, …, 1, 0, 0)
    found: dict[str, list[list[sympy.Expr]]] = {}
    for degree, form in forms.items():
        basis = group.harmonics(degree)
        entries = basis.exact * form
        for row, label in enumerate(basis.labels):
            if label.component == 1:
                found.setdefault(label.irrep, []).append([])
            found[label.irrep][-1].extend(entries[row, :])
    return found


def _matrix(entries: Sequence[sympy.Expr], order: Sequence[int]) -> sympy.ImmutableMatrix:
    import sympy

    matrix = sympy.zeros(3, 3)
    for n, entry in zip(order, entries, strict=True):
        i, j = _ENTRIES[n]
        matrix[i, j] = matrix[j, i] = sympy.expand(entry)
    return sympy.ImmutableMatrix(matrix)
