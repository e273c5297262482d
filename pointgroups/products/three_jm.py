"""3jm symbols: the invariants of a product of three irreps, with their behaviour under permutations.

    (a b c; i j k)_r = V_r[i, j, k] ,   Σ_{i'j'k'} Γ^a_ii'(g) Γ^b_jj'(g) Γ^c_kk'(g) V_r[i', j', k'] = V_r[i, j, k] ,

orthonormal in r. The 2jm symbol W^c, Γ^c(g) W^c = W^c Γ^c̄(g)*, turns an irrep into its conjugate c̄, and

    V_r(a b c)[i, j, k] = d_c^{-1/2} Σ_n U^{c̄ n, r}_{ai,bj} W^c[k, n] ,
    U^{c n, r}_{ai,bj}  = d_c^{1/2}  Σ_k V_r(a b c̄)[i, j, k] W^c̄[k, n]* .

A permutation of a, b, c permutes the indices and, when it is odd, multiplies copy r by its 3j phase θ_r = ±1. For three
different irreps the phase is free and taken as +1. For a = b it tells whether copy r lies in the symmetric or in the
antisymmetric square. For a = b = c copies of mixed symmetry (Derome) need a matrix in place of a phase; they are the
invariants of Γ^(2,1), and the 32 groups and their double groups have none: for d = 2, Γ^(2,1) = Γ ⊗ det is irreducible;
for d = 3, where Γ is real, Γ^(2,1) ⊕ det = Γ ⊗ Γ ⊗ det has an invariant only if det = 1, and this is that of det; for
d = 4, Γ is a spinor irrep. A group made from generators may have them, as S6 with its irrep of dimension 16.

Source: P. H. Butler, Point Group Symmetry Applications (1981), ch. 3; J.-R. Derome, J. Math. Phys. 7, 612 (1966).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from pointgroups.couplings import Entry, coupling, exact_entries
from pointgroups.exact import read_only, surd, symbolic, terms, token, value
from pointgroups.irreps import Irrep, conjugate_irrep

if TYPE_CHECKING:
    import sympy

_ODD = ((1, 0, 2), (0, 2, 1), (2, 1, 0))


@overload
def three_jm(a: Irrep, b: Irrep, c: Irrep, exact: Literal[False] = False) -> NDArray[Any]: ...
@overload
def three_jm(a: Irrep, b: Irrep, c: Irrep, exact: Literal[True]) -> sympy.ImmutableDenseNDimArray: ...
@lru_cache(maxsize=2**14)
def three_jm(a: Irrep, b: Irrep, c: Irrep, exact: bool = False) -> Any:
    """3jm symbols (a b c; i j k)_r of one group: V_r is invariant under Γ^a ⊗ Γ^b ⊗ Γ^c, and Σ_ijk V_r* V_s = δ_rs.

    V_r(b c a)[j, k, i] = V_r(a b c)[i, j, k] and V_r(b a c)[j, i, k] = θ_r V_r(a b c)[i, j, k], θ_r = ±1 from
    :func:`permutation_phases`. With equal irreps brought to the front, as (a a b), and else in the order of the table,
    copies are those of ``coupling(a, b, c̄)``; in other orders of three different irreps the copies of ``coupling`` may
    differ by a unitary matrix. Over ℝ, where c is of complex type, each copy gives two: of U and of U·J.

    Args:
        a, b, c: irreps of one group, all from ``G.irreps``, all from ``G.real_irreps``, or all from
            ``G.double.irreps``.
        exact: return SymPy numbers; not for a :class:`FiniteGroup`.

    Returns:
        Array (m, d_a, d_b, d_c), read-only, float64 or (as in ``coupling``) complex128; m = 0 when there is no
        invariant. With ``exact`` a SymPy array of that shape, (0,) for m = 0.

    Raises:
        TypeError: an argument is not an :class:`Irrep`.
        ValueError: irreps of different groups, frames or fields; ``exact`` for a group known in floating point.

    Source: P. H. Butler, Point Group Symmetry Applications (1981), ch. 3.

    >>> from pointgroups import point_group
    >>> O = point_group("O").irreps
    >>> three_jm(O["T1"], O["T1"], O["T1"], exact=True)[0, 0]  # ε_ijk/√6
    [[0, 0, 0], [0, 0, sqrt(6)/6], [0, -sqrt(6)/6, 0]]
    """
    order = _table_order(a, b, c)
    first, second, third = ((a, b, c)[k] for k in order)
    signs = permutation_phases(a, b, c) if order in _ODD else None
    if not (exact or a.is_exact):
        v = _by_coupling(first, second, third)
        v = v if signs is None else v * np.array(signs).reshape(-1, 1, 1, 1)
        return read_only(np.ascontiguousarray(v.transpose(0, *(order.index(k) + 1 for k in range(3)))))
    copies = _exact_invariants(first, second, third)
    shape = (len(copies), a.dim, b.dim, c.dim)
    numbers: dict[tuple[int, ...], str] = {}
    for r, copy in enumerate(copies):
        for place, text in copy:
            where = (r, *(place[order.index(k)] for k in range(3)))
            numbers[where] = _times_root(text, signs[r] if signs else 1, Fraction(1))
    if exact:
        return _symbolic_array(numbers, shape)
    array = np.zeros(shape, dtype=complex)
    for where, text in numbers.items():
        array[where] = value(text)
    real = all(i.field == "R" or i.indicator == 1 for i in (a, b, c))
    return read_only(array.real.copy() if real else array)


def permutation_phases(a: Irrep, b: Irrep, c: Irrep) -> tuple[int, ...]:
    """3j phases θ_r = ±1, one for each copy r: what an odd permutation of a, b, c does to the 3jm symbol.

    Arguments as in :func:`three_jm`.

    Raises:
        TypeError, ValueError: as in :func:`three_jm`.
        ValueError: copies of mixed symmetry, which no irrep of the 32 groups and their double groups has; there
            :func:`permutation_matrix` says what a permutation does.

    >>> from pointgroups import point_group
    >>> O = point_group("O").double.irreps
    >>> permutation_phases(O["F3/2"], O["F3/2"], O["T2"])  # once in the symmetric, once in the antisymmetric square
    (1, -1)
    """
    first, second, third = ((a, b, c)[k] for k in _table_order(a, b, c))
    if not a.is_exact and a is b is c and _mixed(a):
        raise ValueError(
            f"three times {a!r} has {_mixed(a)} pairs of invariants of mixed symmetry, which no phase describes; "
            "permutation_matrix(a, b, c, order) says what a permutation does to them"
        )
    target = conjugate_irrep(third)
    count = len(coupling(first, second, target))
    symmetric = first.group.symmetric_square(first).get(target.label, 0) if first is second else count
    return (1,) * (symmetric * third.commuting) + (-1,) * ((count - symmetric) * third.commuting)


def permutation_matrix(a: Irrep, b: Irrep, c: Irrep, order: Sequence[int]) -> NDArray[Any]:
    """M (m, m), unitary: V_r of the irreps in another order, with its indices in that order, is Σ_s M_rs V_s(a b c).

    Diagonal with 1 for an even and θ_r for an odd permutation, unless a = b = c has copies of mixed symmetry.

    Args:
        a, b, c: as in :func:`three_jm`.
        order: which of a, b, c stands first, second, third, such as (1, 0, 2) for b, a, c.

    Raises:
        TypeError, ValueError: as in :func:`three_jm`; ``order`` is not a permutation of 0, 1, 2.

    Source: J.-R. Derome, J. Math. Phys. 7, 612 (1966).

    >>> from pointgroups import point_group
    >>> t = point_group("T").irreps["T"]
    >>> permutation_matrix(t, t, t, (1, 0, 2)).round(12)
    array([[ 1.,  0.],
           [ 0., -1.]])
    """
    places = list(order)
    if sorted(places) != [0, 1, 2]:
        raise ValueError(f"an order is a permutation of 0, 1, 2, such as (1, 0, 2), not {order!r}")
    x, y, z = ((a, b, c)[k] for k in places)
    permuted = three_jm(x, y, z).transpose(0, *(places.index(k) + 1 for k in range(3)))
    return np.asarray(np.einsum("rijk,sijk->rs", permuted, three_jm(a, b, c).conj()))


def two_jm(a: Irrep) -> NDArray[Any]:
    """The 2jm symbol W (d, d), Wigner's metric: unitary, Γ(g) W = W Γ̄(g)*, Γ̄ the conjugate irrep.

    W = √d V(a ā A1), so W is 1 for an irrep of real type, antisymmetric for a pseudoreal one, and the transpose of that
    of ā for a complex one. In the 32 groups and their double groups it is a permutation matrix with signs.

    Raises:
        TypeError: not an :class:`Irrep`.

    Source: E. P. Wigner, Am. J. Math. 63, 57 (1941); P. H. Butler, Point Group Symmetry Applications (1981), ch. 3.

    >>> from pointgroups import point_group
    >>> two_jm(point_group("O").double.irreps["E1/2"])
    array([[ 0.,  1.],
           [-1.,  0.]])
    """
    conjugate = conjugate_irrep(a)
    irreps = list(a.group._irreps_over(a.field).values())
    if a.field == "R" or a.indicator == 1:
        return read_only(np.eye(a.dim))
    if irreps.index(conjugate) < irreps.index(a):
        return read_only(two_jm(conjugate).T.copy())
    if not a.is_exact:
        return read_only(np.sqrt(a.dim) * coupling(a, conjugate, irreps[0])[0, :, :, 0])
    (copy,) = exact_entries(a, conjugate, irreps[0])
    metric = np.zeros((a.dim, a.dim))
    for (k, n, _), text in copy:
        metric[k, n] = int(_times_root(text, 1, Fraction(a.dim)))
    return read_only(metric)


def _table_order(a: Irrep, b: Irrep, c: Irrep) -> tuple[int, int, int]:
    """Which of a, b, c stand first, second and third when equal ones come together first, others in table order."""
    coupling(a, b, c)  # refuses what is not three irreps of one group over one field
    triple = (a, b, c)
    rank = {irrep: k for k, irrep in enumerate(a.group._irreps_over(a.field).values())}
    x, y, z = sorted(range(3), key=lambda k: (-triple.count(triple[k]), rank[triple[k]], k))
    return x, y, z


def _by_coupling(a: Irrep, b: Irrep, c: Irrep) -> NDArray[Any]:
    """The invariants in a ⊗ b ⊗ c in floating point, V = d_c^{-1/2} U W^T, over ℝ of U and of U times the commutant."""
    u = coupling(a, b, conjugate_irrep(c))
    v = np.einsum("mijn,xnl,kl->mxijk", u, c.commutant, two_jm(c)) / np.sqrt(c.dim)
    return np.asarray(v.reshape(-1, a.dim, b.dim, c.dim) if v.size else np.zeros((0, a.dim, b.dim, c.dim)))


def _exact_invariants(a: Irrep, b: Irrep, c: Irrep) -> list[list[Entry]]:
    """The same exactly: for every copy the non-zero entries ((i, j, k), number)."""
    found = []
    for copy in exact_entries(a, b, conjugate_irrep(c)):
        for commuting in c.commutant:
            carried = (two_jm(c) @ commuting.T).astype(int)  # (k, n), one entry ±1 in each row and column
            row = {int(n): int(k) for k, n in np.argwhere(carried)}
            found.append(
                [
                    ((i, j, row[n]), _times_root(text, int(carried[row[n], n]), Fraction(1, c.dim)))
                    for (i, j, n), text in copy
                ]
            )
    return found


def _symbolic_array(numbers: dict[tuple[int, ...], str], shape: tuple[int, ...]) -> sympy.ImmutableDenseNDimArray:
    import sympy

    flat = [sympy.Integer(0)] * int(np.prod(shape))
    for where, text in numbers.items():
        flat[int(np.ravel_multi_index(where, shape))] = symbolic(text)
    return sympy.ImmutableDenseNDimArray(flat, shape if shape[0] else (0,))


def _mixed(a: Irrep) -> int:
    """How many pairs of copies of mixed symmetry a ⊗ a ⊗ a has: the invariants of Γ^(2,1), χ = (χ(g)³ − χ(g³))/3."""
    product = a.group.product
    cubes = a.characters[product[product.diagonal(), np.arange(a.group.order)]]
    return round(float(np.mean(a.characters**3 - cubes).real) / 3)


def _times_root(text: str, sign: int, square: Fraction) -> str:
    """The number text · sign · √square, as text."""
    found = []
    for q, n, imaginary in terms(text):
        outside, inside = surd(n * square)
        found.append((sign * q * outside, inside, imaginary))
    return token(sorted(found, key=lambda term: (term[2], term[1])))
