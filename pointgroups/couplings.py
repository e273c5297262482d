"""Coupling coefficients of a group's irreps, read from its table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from .dirl_formula import dirl, without_rounding
from .exact import read_only, symbolic, value
from .irreps import Irrep

if TYPE_CHECKING:
    import sympy


@overload
def coupling(a: Irrep, b: Irrep, c: Irrep, exact: Literal[False] = False) -> NDArray[Any]: ...
@overload
def coupling(a: Irrep, b: Irrep, c: Irrep, exact: Literal[True]) -> sympy.ImmutableDenseNDimArray: ...
@lru_cache(maxsize=2**16)
def coupling(a: Irrep, b: Irrep, c: Irrep, exact: bool = False) -> Any:
    """Coupling (Clebsch–Gordan) coefficients U^{γn}_{αi,βj} of α ⊗ β → γ for every copy m of γ.

    Σ_{ij} U[m,i,j,n] |α i⟩|β j⟩ transforms as |γ n⟩: Γ^α(g) ⊗ Γ^β(g) U = U Γ^γ(g), and U is an isometry. Over all γ
    and m the vectors are a complete orthonormal basis. Over ℝ, where γ is of complex type, m counts copies of the
    real irrep; the further intertwiners are U·J, J = γ.commutant[1].

    Args:
        a, b, c: irreps of one group, all from ``G.irreps``, all from ``G.real_irreps``, or all from
            ``G.double.irreps``.
        exact: return SymPy numbers; not for a :class:`FiniteGroup`.

    Returns:
        Array (m, d_a, d_b, d_c), read-only, float64 or (with a member of a complex pair or a pseudoreal spinor irrep)
        complex128; m = 0 when γ does not occur. With ``exact`` a SymPy array of that shape; a list of length 0 has no
        SymPy form, so m = 0 gives shape (0,).

    Raises:
        TypeError: an argument is not an :class:`Irrep`.
        ValueError: irreps of different groups, frames or fields; ``exact`` for a group known in floating point.

    Source: R. Dirl, J. Math. Phys. 20, 659 (1979), see :mod:`pointgroups.dirl_formula`.

    >>> from pointgroups import point_group
    >>> G = point_group("Oh")
    >>> coupling(G.irreps["A2g"], G.irreps["Eg"], G.irreps["Eg"])[0, 0]
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    _require_one_group(a, b, c)
    if not (exact or a.is_exact):
        return _by_formula(a, b, c)
    copies = exact_entries(a, b, c)
    shape = (len(copies), a.dim, b.dim, c.dim)
    if exact:
        import sympy

        numbers = [sympy.Integer(0)] * int(np.prod(shape))
        for m, copy in enumerate(copies):
            for place, token in copy:
                numbers[int(np.ravel_multi_index((m, *place), shape))] = symbolic(token)
        return sympy.ImmutableDenseNDimArray(numbers, shape if copies else (0,))
    array = np.zeros(shape, dtype=complex)
    for m, copy in enumerate(copies):
        for place, token in copy:
            array[(m, *place)] = value(token)
    real = all(i.field == "R" or i.indicator == 1 for i in (a, b, c))
    return read_only(array.real.copy() if real else array)


Entry = tuple[tuple[int, int, int], str]


def exact_entries(a: Irrep, b: Irrep, c: Irrep) -> list[list[Entry]]:
    """The non-zero coefficients of every copy: ((i, j, n), number token), indices from 0; see :func:`coupling`."""
    _require_one_group(a, b, c)
    if not a.is_exact:
        raise ValueError(f"couplings of {a.group!r} are known in floating point; leave out exact=True")
    pair = a.field == "R" and 2 in (a.commuting, b.commuting, c.commuting)
    blocks = a.group._table["real_coupling" if pair else "coupling"]
    copies: Sequence[str] = blocks.get(f"{a.label}*{b.label}", {}).get(c.label, ())
    return [[((int(e[0]) - 1, int(e[1]) - 1, int(e[2]) - 1), e[4:]) for e in copy.split()] for copy in copies]


def _by_formula(a: Irrep, b: Irrep, c: Irrep) -> NDArray[Any]:
    """Dirl's formula on the floating-point matrices of irreps of one group over one field."""
    count = a.group.decompose_character(a.characters * b.characters, a.field).get(c.label, 0)
    found: NDArray[Any] = dirl(a.matrices, b.matrices, c.matrices, count, list(c.commutant[1:]), a is b)
    return read_only(without_rounding(found))


def _require_one_group(a: Irrep, b: Irrep, c: Irrep) -> None:
    for irrep in (a, b, c):
        if not isinstance(irrep, Irrep):
            raise TypeError(f"coupling takes irreps, as G.irreps['T1u'], not {irrep!r}")
    if not (a.group is b.group is c.group):
        raise ValueError(f"irreps of one group couple, not {a!r}, {b!r}, {c!r}")
    if not (a.field == b.field == c.field):
        raise ValueError(f"take all irreps from G.irreps or all from G.real_irreps, not {a!r}, {b!r}, {c!r}")
