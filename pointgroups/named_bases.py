"""Irreps over ℝ from named functions, exactly: the matrices a person would write down.

Two- and three-dimensional irreps come from the first functions of this list that generate them: the polar vector (x, y)
or (x, y, z); the axial vector (Rx, Ry) or (Rx, Ry, Rz); (2z²−x²−y², √3(x²−y²)) and (yz, zx, xy) in cubic groups; the
angle-doubled pair (x²−y², 2xy) in the others; and last the same matrices times det(g), whose functions are the
polynomials of lowest degree that transform so. Hence g and u partners have the same matrices on proper elements.
One-dimensional irreps are named by their polynomial of lowest positive degree, with integer coefficients.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .characters import inner_products
from .exact import ExactArray, stack
from .exact_group import ExactGroup
from .polynomials import (
    fischer_norms,
    next_degree,
    polynomial,
    polynomial_representation,
    simplest_multiple,
    text,
)
from .projection import candidate_intertwiners

_HIGHEST_DEGREE = 9  # A1u of Oh
_E_CUBIC = (
    (("2", (0, 0, 2)), ("-1", (2, 0, 0)), ("-1", (0, 2, 0))),
    (("sqrt(3)", (2, 0, 0)), ("-sqrt(3)", (0, 2, 0))),
)
_T_CUBIC = ((("1", (0, 1, 1)),), (("1", (1, 0, 1)),), (("1", (1, 1, 0)),))
_E_DOUBLED = ((("1", (2, 0, 0)), ("-1", (0, 2, 0))), (("2", (1, 1, 0)),))


@dataclass(frozen=True)
class RealIrrep:
    """An irrep over ℝ: exact matrices (|G|, d, d), the functions that span it, and its type.

    ``commuting`` is the dimension of its commutant: 1 for the real type, 2 for the complex type (a pair of irreps
    over ℂ).
    """

    matrices: ExactArray
    basis: tuple[str, ...]
    commuting: int

    @property
    def character(self) -> ExactArray:
        dim = self.matrices.shape[-1]
        return self.matrices.reshape(len(self.matrices), dim * dim)[:, :: dim + 1].sum(1)


def real_irreps(group: ExactGroup, characters: Sequence[ExactArray]) -> list[RealIrrep]:
    """One irrep over ℝ for each of the given real characters (one value an element; pairs already added up)."""
    determinants = ExactArray.integers([e.det for e in group.elements])
    candidates = list(_vector_candidates(group, determinants))
    polynomials = _LowestPolynomials(group)
    found = []
    for character in characters:
        commuting = inner_products(character.reshape(1, group.order), character)[0]
        dim = int(character[0].rational())
        if dim == 1:
            matrices, basis = character.reshape(group.order, 1, 1), None
        else:
            matrices, basis = next((m, b) for m, b in candidates if m.shape[-1] == dim and _trace(m) == character)
        if basis is None:
            basis = polynomials.transforming_as(matrices)
        found.append(RealIrrep(matrices, basis, commuting))
    return found


def _trace(matrices: ExactArray) -> ExactArray:
    return RealIrrep(matrices, (), 1).character


def _vector_candidates(
    group: ExactGroup, determinants: ExactArray
) -> Iterator[tuple[ExactArray, tuple[str, ...] | None]]:
    """Matrices of the named functions in their order, and the names (None: find polynomials)."""
    polar = group.matrices
    sign = determinants.reshape(group.order, 1, 1)
    across = polar[:, :2, 2].nonzero().any() or polar[:, 2, :2].nonzero().any()
    size = 3 if across else 2
    vector = polar[:, :size, :size]
    yield vector, ("x", "y", "z")[:size]
    yield vector * sign, ("Rx", "Ry", "Rz")[:size]
    quadratic = polynomial_representation(polar, 2)
    for functions in (_E_CUBIC, _T_CUBIC) if across else (_E_DOUBLED,):
        coefficients = [polynomial(terms, 2) for terms in functions]
        matrices = _restricted(quadratic, coefficients)
        if matrices is not None:
            yield matrices, tuple(text(c, 2) for c in coefficients)
            yield matrices * sign, None


def _restricted(representation: ExactArray, functions: Sequence[ExactArray]) -> ExactArray | None:
    """Matrices on a span of mutually orthogonal functions of equal norm; None when the span is not invariant."""
    size = representation.shape[1]
    norms = ExactArray.integers(fischer_norms(2))
    columns = stack(functions).transpose(1, 0)
    square = (columns[:, 0] * columns[:, 0] * norms).sum(0).rational()
    dual = columns.transpose(1, 0) * norms * (1 / square)
    image = representation @ columns
    matrices = dual @ image
    return matrices if columns.reshape(1, size, len(functions)) @ matrices == image else None


class _LowestPolynomials:
    """Polynomials of lowest positive degree that transform by given irrep matrices."""

    def __init__(self, group: ExactGroup) -> None:
        self._rotations = group.matrices
        self._representations = [polynomial_representation(group.matrices, 0)]

    def _representation(self, degree: int) -> ExactArray:
        while len(self._representations) <= degree:
            n = len(self._representations)
            self._representations.append(next_degree(self._rotations, self._representations[-1], n))
        return self._representations[degree]

    def transforming_as(self, matrices: ExactArray) -> tuple[str, ...]:
        """Texts of the functions f_k with O(g) f_k = Σ_i f_i Γ_ik(g)."""
        for degree in range(1, _HIGHEST_DEGREE + 1):
            functions = candidate_intertwiners(matrices, self._representation(degree))
            for s in range(len(functions)):
                if functions[s].nonzero().any():
                    scaled = simplest_multiple(functions[s].transpose(1, 0))
                    return tuple(text(scaled[k], degree) for k in range(len(scaled)))
        raise AssertionError(f"every irrep occurs among polynomials of degree at most {_HIGHEST_DEGREE}")
