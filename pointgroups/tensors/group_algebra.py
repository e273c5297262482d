"""The group algebra of S_n: Young symmetrisers, central idempotents, matrix units.

An element Σ_σ x_σ σ is a mapping σ → x_σ. Coefficients are Fractions; those of orthogonal units are SymPy numbers.
The group algebra is a sum of full matrix algebras, one for each partition λ of n, with the basis

    e_TT′ = (f_λ/n!) Σ_σ ρ_λ(σ⁻¹)_T′T σ ,     e_TT′ e_UU′ = δ_T′U e_TU′ ,     Σ_λ Σ_T e_TT = 1 .

With Young's orthogonal form for ρ_λ these units obey e_TT′* = e_T′T under σ* = σ⁻¹. The idempotents e_TT are the same
in both forms: the projectors on the joint eigenspaces of the Jucys–Murphy elements X_k = Σ_{a<k} (a k), with the
content of k in T as eigenvalue.

Source: D. E. Rutherford, Substitutional Analysis (1948); A. Okounkov, A. Vershik, Selecta Math. 2, 581 (1996).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from .symmetric_group import inverse_rows, squared_lengths, times_root
from .young import (
    Partition,
    Permutation,
    checked_partition,
    checked_permutation,
    checked_standard,
    checked_tableau,
    compose,
    cycle_type,
    dimension_symmetric,
    inverse,
    shape_of,
    sign,
    standard_tableaux,
    symmetric_character,
)

AlgebraElement = dict[Permutation, Any]


# -- arithmetic ---------------------------------------------------------------------------------------------------


def checked_elements(*elements: Mapping[Permutation, Any]) -> list[AlgebraElement]:
    """The elements as dictionaries; ValueError unless all their keys are permutations of the same places."""
    sizes = {len(s) for element in elements for s in element}
    if len(sizes) > 1:
        raise ValueError(f"elements of one group algebra permute the same places, not {sorted(sizes)} of them")
    n = max(sizes, default=0)
    return [{checked_permutation(s, n): x for s, x in element.items()} for element in elements]


def algebra_product(a: Mapping[Permutation, Any], b: Mapping[Permutation, Any]) -> AlgebraElement:
    """The product in the group algebra, Σ_στ a_σ b_τ στ, with (στ)(k) = σ(τ(k)); vanishing terms are left out.

    Args:
        a, b: coefficients of permutations of the same n places; an empty mapping is 0.

    Raises:
        ValueError: keys that are no permutations, or of different numbers of places.

    >>> algebra_product({(1, 0, 2): 1}, {(0, 1, 2): 1, (0, 2, 1): -1})
    {(1, 0, 2): 1, (1, 2, 0): -1}
    """
    return _product(*checked_elements(a, b))


def _product(a: AlgebraElement, b: AlgebraElement) -> AlgebraElement:
    total: AlgebraElement = {}
    for s, x in a.items():
        for t, y in b.items():
            key = compose(s, t)
            total[key] = total.get(key, 0) + x * y
    expanded = {s: x.expand() if hasattr(x, "expand") else x for s, x in total.items()}  # (√2 + √3)² of SymPy
    return {s: x for s, x in expanded.items() if x}


def algebra_adjoint(element: Mapping[Permutation, Any]) -> AlgebraElement:
    """The adjoint Σ_σ x_σ σ⁻¹ for real x; on tensors it is the transposed matrix.

    Raises:
        ValueError: keys that are no permutations of the same places.

    >>> algebra_adjoint({(1, 2, 0): 5})
    {(2, 0, 1): 5}
    """
    (checked,) = checked_elements(element)
    return {inverse(s): x for s, x in checked.items()}


# -- symmetrisers -------------------------------------------------------------------------------------------------


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


def young_symmetrizer(
    tableau: Sequence[Sequence[int]], first: str = "rows", normalised: bool = True
) -> dict[Permutation, Fraction]:
    """The Young symmetriser of a tableau.

    With P the sum over row permutations and Q the signed sum over column permutations, ``first="rows"`` gives Q P
    (symmetrise rows first, then antisymmetrise columns), ``first="columns"`` gives P Q. Times f_λ/n! it is idempotent.

    Args:
        tableau: rows holding each of the positions 0 … n − 1 once; it need not be standard.
        first: "rows" or "columns".
        normalised: whether to include f_λ/n!.

    Raises:
        ValueError: not a tableau, or another word for ``first``.

    Source: Rutherford, Substitutional Analysis (1948), ch. II; Fulton, Young Tableaux (1997), § 7.2.

    >>> young_symmetrizer(((0, 1),))
    {(0, 1): Fraction(1, 2), (1, 0): Fraction(1, 2)}
    """
    rows = checked_tableau(tableau)
    if first not in ("rows", "columns"):
        raise ValueError(f'first is "rows" or "columns", not {first!r}')
    n = sum(map(len, rows))
    columns = tuple(tuple(row[c] for row in rows if len(row) > c) for c in range(len(rows[0]) if rows else 0))
    p = _stabiliser_sum(rows, n, antisymmetric=False)
    q = _stabiliser_sum(columns, n, antisymmetric=True)
    product = _product(q, p) if first == "rows" else _product(p, q)
    scale = _scale(shape_of(rows)) if normalised else Fraction(1)
    return {s: scale * x for s, x in product.items()}


def _scale(shape: Partition) -> Fraction:
    return Fraction(dimension_symmetric(shape), math.factorial(sum(shape)))


# -- idempotents and units ----------------------------------------------------------------------------------------


def central_projector(shape: Partition) -> dict[Permutation, Fraction]:
    """The central idempotent E_λ = (f_λ/n!) Σ_σ χ_λ(σ) σ, the unit of the matrix algebra of λ; Σ_λ E_λ = 1.

    Raises:
        ValueError: not a partition.

    Source: James & Kerber, The Representation Theory of the Symmetric Group (1981), ch. 3.

    >>> {s: str(x) for s, x in central_projector((2, 1)).items()}
    {(0, 1, 2): '2/3', (1, 2, 0): '-1/3', (2, 0, 1): '-1/3'}
    """
    shape = checked_partition(shape)
    scale = _scale(shape)
    characters = {s: symmetric_character(shape, cycle_type(s)) for s in itertools.permutations(range(sum(shape)))}
    return {s: scale * x for s, x in characters.items() if x}


def matrix_unit(
    left: Sequence[Sequence[int]], right: Sequence[Sequence[int]], form: str = "seminormal"
) -> AlgebraElement:
    """Young's unit e_TT′ = (f_λ/n!) Σ_σ ρ_λ(σ⁻¹)_T′T σ, on which σ acts as σ e_TT′ = Σ_U ρ_λ(σ)_UT e_UT′.

    Args:
        left, right: standard tableaux T and T′ of one shape.
        form: "seminormal" for Fractions, "orthogonal" (Young–Yamanouchi) for SymPy numbers.

    Raises:
        ValueError: not standard tableaux, of different shapes, or another form.

    Source: Rutherford, Substitutional Analysis (1948), ch. IV.

    >>> from pointgroups import standard_tableaux
    >>> T, U = standard_tableaux((2, 1))
    >>> {s: str(x) for s, x in matrix_unit(T, U).items()}
    {(0, 2, 1): '1/3', (1, 2, 0): '1/3', (2, 0, 1): '-1/3', (2, 1, 0): '-1/3'}
    >>> matrix_unit(T, U, form="orthogonal")[0, 2, 1]
    sqrt(3)/6
    >>> algebra_product(matrix_unit(T, U), matrix_unit(U, T)) == matrix_unit(T, T)
    True
    """
    t, u = checked_standard(left), checked_standard(right)
    shape = shape_of(t)
    if shape_of(u) != shape:
        raise ValueError(f"a matrix unit has two tableaux of one shape, not {shape} and {shape_of(u)}")
    if form not in ("seminormal", "orthogonal"):
        raise ValueError(f'form is "seminormal" or "orthogonal", not {form!r}')
    tableaux = standard_tableaux(shape)
    column = tableaux.index(t)
    scale = _scale(shape)
    unit = {s: scale * row[column] for s, row in inverse_rows(shape, tableaux.index(u)).items() if row[column]}
    if form == "seminormal":
        return unit
    q = squared_lengths(shape)
    ratio = q[tableaux.index(u)] / q[column]
    return {s: times_root(x, ratio) for s, x in unit.items()}
