"""The slow obvious twin of the library's exact numbers: arrays over ℚ(ζ), ζ = e^{2πi/24}.

A number is a polynomial of degree below 8 in ζ with rational coefficients, reduced by ζ⁸ = ζ⁴ − 1 (the 24th cyclotomic
polynomial is x⁸ − x⁴ + 1). This field contains √2 = ζ³ + ζ⁻³, √3 = ζ² + ζ⁻² and i = ζ⁶, thus every entry of the
rotations, irreps and coupling coefficients of the 32 groups. The library keeps another basis, and no code is
shared with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import sympy

SIZE = 8
Coefficients = tuple[Fraction, ...]
_LIMIT = 2**31


def _reduced(polynomial: list[Fraction]) -> Coefficients:
    polynomial = polynomial + [Fraction(0)] * (SIZE - len(polynomial))
    for n in range(len(polynomial) - 1, SIZE - 1, -1):
        polynomial[n - 4] += polynomial[n]
        polynomial[n - 8] -= polynomial[n]
    return tuple(polynomial[:SIZE])


@cache
def root_of_unity(k: int) -> Coefficients:
    """ζᵏ."""
    return _reduced([Fraction(0)] * (k % 24) + [Fraction(1)])


def _sum(numbers: Iterable[Coefficients]) -> Coefficients:
    return tuple(sum(column, Fraction(0)) for column in zip(*numbers, strict=True))


def _product(a: Coefficients, b: Coefficients) -> Coefficients:
    polynomial = [Fraction(0)] * (2 * SIZE - 1)
    for j, x in enumerate(a):
        for k, y in enumerate(b):
            polynomial[j + k] += x * y
    return _reduced(polynomial)


def _times(q: Fraction, a: Coefficients) -> Coefficients:
    return tuple(q * x for x in a)


_ROOTS = {
    2: _sum([root_of_unity(3), root_of_unity(-3)]),
    3: _sum([root_of_unity(2), root_of_unity(-2)]),
}
_ROOTS[6] = _product(_ROOTS[2], _ROOTS[3])


@cache
def coefficients(number: sympy.Expr) -> Coefficients:
    """The coefficients of a SymPy number made of rationals, √2, √3, √6, i and roots of −1."""
    if number.is_Rational:
        return _times(Fraction(int(number.p), int(number.q)), root_of_unity(0))
    if number == sympy.I:
        return root_of_unity(6)
    if number.is_Add:
        return _sum(coefficients(term) for term in number.args)
    if number.is_Mul:
        product = root_of_unity(0)
        for factor in number.args:
            product = _product(product, coefficients(factor))
        return product
    if number.is_Pow and number.exp.is_Rational:
        if number.base == -1 and (12 * number.exp).is_Integer:
            return root_of_unity(int(12 * number.exp))
        if number.base.is_Integer and int(number.base) in _ROOTS and number.exp == sympy.Rational(1, 2):
            return _ROOTS[int(number.base)]
        if number.exp.is_Integer and number.exp > 0:
            product = root_of_unity(0)
            for _ in range(int(number.exp)):
                product = _product(product, coefficients(number.base))
            return product
    raise ValueError(f"{number} is not written with rationals, √2, √3, √6, i and roots of -1")


@cache
def coefficients_of_text(text: str) -> Coefficients:
    """The same for a SymPy number in text."""
    return coefficients(sympy.sympify(text))


class Exact:
    """An array of exact numbers: ``numerators`` (*shape, 8) int64 over one ``denominator``, in lowest terms."""

    __array_ufunc__ = None

    def __init__(self, numerators: np.ndarray, denominator: int = 1) -> None:
        divisor = math.gcd(denominator, int(np.gcd.reduce(numerators, axis=None))) if numerators.size else denominator
        self.numerators = numerators // divisor
        self.denominator = denominator // divisor
        # Products below sum at most 9 × 8 terms of this size, so that int64 never overflows.
        assert not numerators.size or np.abs(self.numerators).max() < _LIMIT // 16

    @property
    def shape(self) -> tuple[int, ...]:
        return self.numerators.shape[:-1]

    def __getitem__(self, index: Any) -> Exact:
        index = index if isinstance(index, tuple) else (index,)
        return Exact(self.numerators[(*index, Ellipsis, slice(None))], self.denominator)

    def reshape(self, *shape: int) -> Exact:
        return Exact(self.numerators.reshape(*shape, SIZE), self.denominator)

    def transpose(self, *axes: int) -> Exact:
        return Exact(self.numerators.transpose(*axes, len(axes)), self.denominator)

    @property
    def mT(self) -> Exact:
        return Exact(np.swapaxes(self.numerators, -2, -3), self.denominator)

    def conj(self) -> Exact:
        """ζ ↦ ζ⁻¹."""
        table = np.array([[int(c) for c in root_of_unity(-k)] for k in range(SIZE)])
        return Exact(self.numerators @ table, self.denominator)

    def sum(self, axis: int) -> Exact:
        return Exact(self.numerators.sum(axis=axis % len(self.shape)), self.denominator)

    def trace(self) -> Exact:
        return Exact(np.trace(self.numerators, axis1=-3, axis2=-2), self.denominator)

    def _with(self, other: Exact, operation: Any) -> Exact:
        raw: list[Any] = [0] * (2 * SIZE - 1)
        for j in range(SIZE):
            if not self.numerators[..., j].any():
                continue
            for k in range(SIZE):
                if other.numerators[..., k].any():
                    raw[j + k] = raw[j + k] + operation(self.numerators[..., j], other.numerators[..., k])
        for n in range(2 * SIZE - 2, SIZE - 1, -1):
            raw[n - 4] = raw[n - 4] + raw[n]
            raw[n - 8] = raw[n - 8] - raw[n]
        shape = operation(self.numerators[..., 0], other.numerators[..., 0]).shape
        planes = [np.broadcast_to(np.asarray(plane, dtype=np.int64), shape) for plane in raw[:SIZE]]
        return Exact(np.stack(planes, axis=-1), self.denominator * other.denominator)

    def __mul__(self, other: Exact | int | Fraction) -> Exact:
        if isinstance(other, Exact):
            return self._with(other, np.multiply)
        factor = Fraction(other)
        return Exact(self.numerators * factor.numerator, self.denominator * factor.denominator)

    def __matmul__(self, other: Exact) -> Exact:
        return self._with(other, np.matmul)

    def __add__(self, other: Exact) -> Exact:
        return self - other * -1

    def __sub__(self, other: Exact) -> Exact:
        common = math.lcm(self.denominator, other.denominator)
        return Exact(
            self.numerators * (common // self.denominator) - other.numerators * (common // other.denominator), common
        )

    def equals(self, other: Exact) -> bool:
        return not (self - other).numerators.any()

    def nonzero(self) -> np.ndarray:
        return self.numerators.any(axis=-1)

    def values(self) -> np.ndarray:
        """complex128."""
        powers = np.exp(2j * np.pi * np.arange(SIZE) / 24)
        return np.asarray(self.numerators @ powers / self.denominator)

    def fraction(self) -> Fraction:
        """The value of a rational scalar."""
        assert self.shape == ()
        assert not self.numerators[1:].any(), f"{self.values()} is not rational"
        return Fraction(int(self.numerators[0]), self.denominator)


def exact(nested: Any) -> Exact:
    """An exact array from nested sequences, NumPy object arrays or SymPy matrices of SymPy numbers or texts."""
    if isinstance(nested, sympy.MatrixBase):
        nested = nested.tolist()
    elif isinstance(nested, sympy.NDimArray):
        nested = np.array(list(nested), dtype=object).reshape(nested.shape)
    elif isinstance(nested, tuple | list) and nested and isinstance(nested[0], sympy.MatrixBase):
        nested = [matrix.tolist() for matrix in nested]
    array = np.array(nested, dtype=object)
    parsed = [coefficients_of_text(x) if isinstance(x, str) else coefficients(sympy.sympify(x)) for x in array.ravel()]
    denominator = math.lcm(1, *(c.denominator for c in {c for number in set(parsed) for c in number}))
    numerators = np.array([[int(c * denominator) for c in number] for number in parsed], dtype=np.int64)
    return Exact(numerators.reshape(*array.shape, SIZE), denominator)


def identity(n: int) -> Exact:
    return exact(np.eye(n, dtype=int).tolist())


def kron(a: Exact, b: Exact) -> Exact:
    """Kronecker product of the last two axes: (i, j) → i·d_b + j."""
    left = a.numerators[..., :, None, :, None, :]
    right = b.numerators[..., None, :, None, :, :]
    product = Exact(left, a.denominator) * Exact(right, b.denominator)
    return product.reshape(*a.shape[:-2], a.shape[-2] * b.shape[-2], a.shape[-1] * b.shape[-1])


_CARTESIAN = {0.0: "0", 0.5: "1/2", math.sqrt(3) / 2: "sqrt(3)/2", 1.0: "1"}


def exact_rotations(rotations: np.ndarray) -> Exact:
    """Exact Cartesian matrices in a standard setting, whose entries are 0, ±1, ±1/2, ±√3/2, from the correctly rounded
    floats; KeyError when an entry is not bit for bit one of them."""
    texts = [("-" if x < 0 else "") + _CARTESIAN[abs(float(x))] for x in rotations.ravel()]
    return exact(np.array(texts, dtype=object).reshape(rotations.shape))
