"""The adapted basis of a representation, given how often each irrep occurs: exact, or in floating point.

Copies come from projecting the unit vectors in their order, u_k = P^{k0} s with P^{k0} = (d/|G|) Σ_g Γ_k0(g)* O(g),
made orthogonal to those before. The first non-zero component of u_0 is then the one along s, and positive.

Exact columns lie in ℚ(√2, √3, i), mostly with a rational square of their length, whose root, such as √7, goes into the
numbers. The squares for spinors about a threefold axis along [111] are irrational, such as 1/2 + √3/6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.adapted_basis import AdaptedBasis, AdaptedLabel
from pointgroups.double.root_text import root_tokens
from pointgroups.exact import ExactArray, read_only, symbolic, value
from pointgroups.harmonics import COMMUTANT
from pointgroups.irreps import Irrep
from pointgroups.projection import candidate_intertwiners, independent_copies, squared_norm

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False)
class ScaledBasis(AdaptedBasis):
    """An adapted basis whose exact rows are known up to their length: row r is tokens[r] / √squares[r].

    As :class:`~pointgroups.adapted_basis.AdaptedBasis`.

    Attributes:
        array, labels: as there.
        tokens: exact numbers as text, None in floating point.
        squares: one exact number a row, "1" but where the square of the length is irrational, as "1/2+sqrt(3)/6".

    >>> from pointgroups import embedding, point_group, subduction_basis
    >>> O = point_group("O").double
    >>> basis = subduction_basis("E1/2", embedding(O, "C3"))
    >>> basis.squares, basis.exact[0, 0]
    (('1/2+sqrt(3)/6', '1/2-sqrt(3)/6'), sqrt(sqrt(3)/6 + 1/2))
    """

    squares: tuple[str, ...] = ()

    @property
    def exact(self) -> sympy.ImmutableMatrix:
        """The array in exact SymPy numbers; ValueError where only floats are known."""
        import sympy

        rows = super().exact
        lengths = [sympy.sqrt(symbolic(square)) for square in self.squares]
        return sympy.ImmutableMatrix(rows.shape[0], rows.shape[1], lambda r, n: rows[r, n] / lengths[r])


def adapted_basis(
    irreps: Mapping[str, Irrep], images: ExactArray | NDArray[Any], counts: Mapping[str, int]
) -> AdaptedBasis:
    """The adapted basis of a unitary representation.

    Args:
        irreps: the irreps of the group over one field.
        images: O(g), (|G|, N, N); exact or not, as the result shall be.
        counts: irrep → how often it occurs.
    """
    exact = isinstance(images, ExactArray)
    columns: list[Any] = []
    labels: list[AdaptedLabel] = []
    for label, count in counts.items():
        irrep = irreps[label]
        commutant = [COMMUTANT] if irrep.commuting == 2 else []
        gamma, commutant = (irrep.exact_matrices, commutant) if exact else (irrep.matrices, list(irrep.commutant[1:]))
        copies = independent_copies(candidate_intertwiners(gamma, images), count, commutant)
        columns.extend(copies)
        labels.extend(AdaptedLabel(label, copy, k + 1) for copy in range(1, count + 1) for k in range(irrep.dim))
    if exact:
        return _exact_basis(columns, tuple(labels))
    rows = np.concatenate([(u * squared_norm(u) ** -0.5).conj().T for u in columns])
    return AdaptedBasis(read_only(rows), tuple(labels))


def _exact_basis(columns: Sequence[ExactArray], labels: tuple[AdaptedLabel, ...]) -> ScaledBasis:
    tokens: list[list[str]] = []
    squares: list[str] = []
    for u in columns:
        square = squared_norm(u)
        rows = u.conj().mT
        if isinstance(square, Fraction):
            tokens.extend(root_tokens(row, [1 / square] * len(row)) for row in (rows[k] for k in range(len(rows))))
            squares.extend(["1"] * len(rows))
        else:
            tokens.extend(rows[k].tokens() for k in range(len(rows)))
            squares.extend(square.reshape(1).tokens() * len(rows))
    found = np.array([[value(t) for t in row] for row in tokens])
    found = found if np.any(found.imag) else found.real.copy()
    lengths = np.sqrt([value(square).real for square in squares])
    return ScaledBasis(read_only(found / lengths[:, None]), labels, tokens, tuple(squares))
