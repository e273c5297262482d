"""The two kinds of numbers that irreps come in, with one set of operations: exact, and in floating point.

Irreps of the 32 groups and of their double groups have exact matrices and characters over ℚ(√2, √3, i). Those of a
group made from generators are floats: there a number below 1e-9 of the largest beside it counts as zero, text shows
integers, their square roots or six digits, and how many polynomials are independent is held against the characters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, concatenate, spread_product, surd, symbolic, token
from pointgroups.harmonics import COMMUTANT
from pointgroups.irreps import Irrep

if TYPE_CHECKING:
    import sympy

    from pointgroups.finite.group import FiniteGroup
    from pointgroups.point_group import PointGroup

Array = Any  # ExactArray or NDArray
ClassFunction = Any  # the same, one value a conjugacy class

AnyGroup: TypeAlias = "PointGroup | FiniteGroup"

_ZERO = 1e-9
_DEPENDENT = 1e-8
_PART_OF_SEED = 1e-4
_DIGITS = 6
_VISIBLE = 10.0**-_DIGITS
_LARGEST_MULTIPLE = 100
_LARGEST_SQUARE = 10_000


class Exact:
    """Operations on exact arrays.

    >>> from pointgroups import point_group
    >>> Exact.part(3), Exact.tokens(Exact.matrices(point_group("C2").irreps["B"]))
    (Fraction(1, 3), ['1', '-1'])
    """

    @staticmethod
    def part(n: int) -> Fraction:
        """1/n."""
        return Fraction(1, n)

    @staticmethod
    def matrices(irrep: Irrep) -> Array:
        """Γ(g), (|G|, d, d)."""
        return irrep.exact_matrices

    @staticmethod
    def commutant(irrep: Irrep) -> list[Array]:
        """The matrices beside the identity of a basis of the commutant."""
        return [COMMUTANT] if irrep.commuting == 2 else []

    @staticmethod
    def rotations(group: Any) -> Array:
        """(|G|, 3, 3), in the axes of the setting."""
        return group.exact_rotations

    @staticmethod
    def of(numbers: ExactArray) -> Array:
        """Exact numbers as this kind of number."""
        return numbers

    @staticmethod
    def joined(arrays: Sequence[Array]) -> Array:
        """The arrays one after another."""
        return concatenate(arrays)

    @staticmethod
    def spread_product(columns: Array, weights: Array, rows: Sequence[Sequence[int]], size: int) -> Array:
        """See :func:`pointgroups.exact.spread_product`."""
        return spread_product(columns, weights, rows, size)

    @staticmethod
    def nonzero(numbers: Array, least: float = 0.0) -> NDArray[np.bool_]:
        """Which numbers differ from zero."""
        return np.asarray(numbers.nonzero())

    @staticmethod
    def independent(polynomials: Sequence[Array], count: int, norms: Sequence[int]) -> list[int]:
        """Which polynomials (N,) are not combinations of those before, by elimination, until ``count`` are found."""
        reduced: dict[int, ExactArray] = {}
        kept: list[int] = []
        for number, polynomial in enumerate(polynomials):
            if len(kept) == count:
                break
            rest = polynomial
            for place, row in reduced.items():
                if rest[place].nonzero():
                    rest = rest - row * rest[place : place + 1]
            if rest.nonzero().any():
                pivot = int(np.argmax(rest.nonzero()))
                reduced[pivot] = rest * (1 / rest[pivot]).reshape(1)
                kept.append(number)
        return kept

    @staticmethod
    def simplest(functions: Array, norms: Sequence[int]) -> Array:
        """Scale polynomials (d, N) so that the first coefficient is a positive integer and all are coprime integers."""
        first = int(np.flatnonzero(functions[0].nonzero())[0])
        pivot = functions[0, first]
        scaled = functions * (1 / pivot.rational() if pivot.present == [0] else (1 / pivot).reshape(1))
        return scaled * Fraction(scaled.denominator, int(np.gcd.reduce(scaled.numerators, axis=None)))

    @staticmethod
    def complexity(polynomial: Array) -> tuple[float, ...]:
        """Number of terms, and the largest integer in their coefficients."""
        return int(polynomial.nonzero().sum()), int(polynomial.bound)

    @staticmethod
    def weighted(candidates: Array, seeds: Sequence[int], norms: Sequence[int]) -> tuple[Array, Array]:
        """Functions from seeds (n, N, d) and the weights of their inner product, (N,)."""
        return candidates, ExactArray.integers(norms)

    @staticmethod
    def tokens(numbers: Array) -> list[str]:
        """Each number as text."""
        return list(numbers.tokens())

    @staticmethod
    def symbols(numbers: Array) -> list[sympy.Expr]:
        """Each number as a SymPy number."""
        return [symbolic(token) for token in numbers.tokens()]


class Floating:
    """The same on NumPy arrays.

    >>> Floating.tokens(np.array([1.0, -(5**0.5), 0.5 + 0.75**0.5 * 1j]))
    ['1', '-sqrt(5)', '0.5+0.866025*I']
    """

    @staticmethod
    def part(n: int) -> float:
        """1/n."""
        return 1 / n

    @staticmethod
    def matrices(irrep: Irrep) -> Array:
        """Γ(g), (|G|, d, d)."""
        return irrep.matrices

    @staticmethod
    def commutant(irrep: Irrep) -> list[Array]:
        """The matrices beside the identity of a basis of the commutant."""
        return list(irrep.commutant[1:])

    @staticmethod
    def rotations(group: Any) -> Array:
        """(|G|, 3, 3), in the axes of the given matrices."""
        return group.rotations

    @staticmethod
    def of(numbers: ExactArray) -> Array:
        """Exact numbers as this kind of number."""
        return numbers.numeric()

    @staticmethod
    def joined(arrays: Sequence[Array]) -> Array:
        """The arrays one after another."""
        return np.concatenate(arrays)

    @staticmethod
    def spread_product(columns: Array, weights: Array, rows: Sequence[Sequence[int]], size: int) -> Array:
        """See :func:`pointgroups.exact.spread_product`."""
        total = np.zeros((len(columns), size, columns.shape[2]), dtype=np.result_type(columns, weights))
        for i, targets in enumerate(rows):
            total[:, targets] += columns * weights[:, i, None]
        return total

    @staticmethod
    def nonzero(numbers: Array, least: float = _ZERO) -> NDArray[np.bool_]:
        """Which numbers exceed a part of the largest beside them."""
        return np.asarray(np.abs(numbers) > least * np.abs(numbers).max(initial=0))

    @staticmethod
    def independent(polynomials: Sequence[Array], count: int, norms: Sequence[int]) -> list[int]:
        """The same by orthogonalisation on unit vectors, of all; ArithmeticError when there are more."""
        scale = _root_of(norms)
        basis = np.zeros((0, len(norms)))
        kept: list[int] = []
        for number, polynomial in enumerate(polynomials):
            rest = polynomial * scale / np.linalg.norm(polynomial * scale)
            for _ in range(2):  # twice is enough
                rest = rest - basis.T @ (basis.conj() @ rest)
            size = np.linalg.norm(rest)
            if size > _DEPENDENT:
                basis = np.concatenate([basis, rest[None] / size])
                kept.append(number)
        if len(kept) > count:
            raise ArithmeticError(f"{len(kept)} independent polynomials were found where characters say {count}")
        return kept

    @staticmethod
    def simplest(functions: Array, norms: Sequence[int]) -> Array:
        """Scale polynomials (d, N) so that the first coefficient is the least positive integer, up to 100, with which
        all coefficients are square roots of integers, or else those of the first polynomial integers; or else 1."""
        present = Floating.nonzero(functions * _root_of(norms))
        first = int(np.argmax(present[0]))
        scaled = np.where(present, functions / functions[0, first], 0)
        parts = np.stack([scaled.real, scaled.imag]) if np.iscomplexobj(scaled) else scaled[None]
        for numbers, power in ((parts, 2), (parts[:, 0], 1)):
            for multiple in range(1, _LARGEST_MULTIPLE + 1):
                found = (multiple * numbers) ** power
                if np.all(np.abs(found - np.rint(found)) <= _ZERO * (1 + np.abs(found))):
                    return scaled * multiple
        return scaled

    @staticmethod
    def complexity(polynomial: Array) -> tuple[float, ...]:
        """Number of terms, number of coefficients that are no integers, and the largest of them."""
        broken = np.abs(polynomial - np.rint(polynomial.real)) > _VISIBLE * np.abs(polynomial)
        return int(np.count_nonzero(polynomial)), int(broken.sum()), float(np.abs(polynomial).max())

    @staticmethod
    def weighted(candidates: Array, seeds: Sequence[int], norms: Sequence[int]) -> tuple[Array, Array]:
        """The same, scaled so that a seed is taken with 10⁻⁴ of its squared norm left, which one of 2048 always has."""
        largest = max(norms)
        scale = np.array([_PART_OF_SEED * math.sqrt(largest / n) for n in seeds])
        return candidates * scale[:, None, None], np.array([n / largest for n in norms])

    @staticmethod
    def tokens(numbers: Array) -> list[str]:
        """Each number as text: an integer, the square root of one, or six digits."""
        found = []
        for number in np.asarray(numbers, dtype=complex).ravel().tolist():
            real, imaginary = _decimal(number.real, abs(number)), _decimal(number.imag, abs(number))
            both = [real] * (real != "0" or imaginary == "0") + [f"{imaginary}*I"] * (imaginary != "0")
            found.append("+".join(both).replace("+-", "-"))
        return found

    @staticmethod
    def symbols(numbers: Array) -> list[sympy.Expr]:
        """Each number as a SymPy number: integers, and floats of all their digits."""
        import sympy

        def symbol(x: float) -> sympy.Expr:
            return sympy.Integer(round(x)) if abs(x - round(x)) < _ZERO else sympy.Float(x)

        flat = np.asarray(numbers, dtype=complex).ravel().tolist()
        return [symbol(number.real) + sympy.I * symbol(number.imag) for number in flat]


def _root_of(norms: Sequence[int]) -> NDArray[np.float64]:
    """√ of norms of monomials, over the largest: coefficients times this are those on unit vectors."""
    largest = max(norms)
    return np.array([math.sqrt(n / largest) for n in norms])


def _decimal(number: float, size: float) -> str:
    """An integer, else the square root of one, else six significant digits; beside a size."""
    if abs(number - round(number)) <= _ZERO * size:
        return str(round(number))
    square = round(number**2)
    if square <= _LARGEST_SQUARE and abs(number**2 - square) <= _ZERO * number**2:
        outside, inside = surd(Fraction(square))
        return token([(outside if number > 0 else -outside, inside, False)])
    return np.format_float_positional(number, precision=_DIGITS, fractional=False, trim="-")


Arithmetic = type[Exact] | type[Floating]


def arithmetic(irrep: Irrep) -> Arithmetic:
    """The kind of numbers that the matrices and characters of an irrep are.

    >>> from pointgroups import molecular_point_group
    >>> arithmetic(molecular_point_group("Ih").irreps["Hg"]) is Floating
    True
    """
    return Exact if irrep.is_exact else Floating


def arithmetic_of_group(group: AnyGroup) -> Arithmetic:
    """The same for a group: that of its irreps."""
    return arithmetic(next(iter(group.irreps.values())))
