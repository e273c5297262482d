"""Exact numbers: arrays over the field ℚ(√2, √3, i), and the text in which tables hold them.

The field ℚ(√2, √3, i) = ℚ(ζ₂₄) contains every entry of the rotations, irreps and coupling coefficients of the 32
crystallographic point groups and of their double groups. An element is

    Σ_k  c_k e_k ,   e_k = √2^{k₀} √3^{k₁} i^{k₂} ,   k = k₀ + 2 k₁ + 4 k₂ = 0 … 7,   c_k rational,

so a product of basis elements is again a basis element times an integer: e_j e_k = f(j & k) · e_{j xor k} with
f = 2^{·} 3^{·} (−1)^{·} over the bits that j and k share. An :class:`ExactArray` keeps integer numerators and one
common denominator; nothing is rounded before :meth:`ExactArray.numeric`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import sympy

IntArray = NDArray[Any]
Term = tuple[Fraction, int, bool]
"""(q, n, imaginary): the number q·√n, times i where ``imaginary``."""

SURDS = (1, 2, 3, 6)
_SHARED_FACTOR = tuple((2 if b & 1 else 1) * (3 if b & 2 else 1) * (-1 if b & 4 else 1) for b in range(8))
HASH_DENOMINATOR = 48
_SAFE = 2**62
_SCALE_BITS = 256


class ExactArray:
    """An immutable array of numbers of ℚ(√2, √3, i).

    ``numerators`` has shape ``(*shape, 8)`` and holds Σ_k c_k e_k · ``denominator``; the pair is kept in lowest terms,
    so equal arrays have equal fields. Numerators are int64 while they provably fit and Python integers beyond.
    """

    __array_ufunc__ = None
    __slots__ = ("_bound", "_present", "denominator", "numerators")

    def __init__(self, numerators: IntArray, denominator: int = 1) -> None:
        divisor = math.gcd(denominator, int(np.gcd.reduce(numerators, axis=None))) if numerators.size else denominator
        self.numerators = numerators // divisor if divisor != 1 else numerators
        self.denominator = denominator // divisor
        self._bound: int | None = None
        self._present: list[int] | None = None

    @property
    def bound(self) -> int:
        """The largest absolute numerator."""
        if self._bound is None:
            self._bound = int(np.abs(self.numerators).max()) if self.numerators.size else 0
        return self._bound

    @property
    def present(self) -> list[int]:
        """Which basis elements e_k occur; e_0 for a vanishing array."""
        if self._present is None:
            occurring = (self.numerators != 0).reshape(-1, 8).any(axis=0)
            self._present = [int(k) for k in np.flatnonzero(occurring)] or [0]
        return self._present

    # -- construction -------------------------------------------------------------------------------------------

    @staticmethod
    def integers(values: Any) -> ExactArray:
        """An array of ordinary integers, of any nesting."""
        values = np.asarray(values)
        numerators = np.zeros((*values.shape, 8), dtype=values.dtype if values.dtype == object else np.int64)
        numerators[..., 0] = values
        return ExactArray(numerators)

    @staticmethod
    def parse(tokens: Sequence[str], shape: tuple[int, ...] | None = None) -> ExactArray:
        """Read a flat list of number tokens such as ``-1/2`` or ``sqrt(3)*I/2`` (see :func:`terms`)."""
        place: dict[str, int] = {}  # few numbers differ
        places = [place.setdefault(token, len(place)) for token in tokens]
        parsed = [terms(token) for token in place]
        denominator = math.lcm(1, *(q.denominator for number in parsed for q, _, _ in number))
        numerators = np.zeros((len(parsed), 8), dtype=np.int64)
        for row, number in zip(numerators, parsed, strict=True):
            for q, n, imaginary in number:
                if n not in SURDS:
                    raise ValueError(f"sqrt({n}) does not lie in Q(sqrt(2), sqrt(3), I)")
                row[SURDS.index(n) + 4 * imaginary] = q * denominator
        shape = (len(tokens),) if shape is None else shape
        return ExactArray(numerators[np.array(places, dtype=np.int64)].reshape(*shape, 8), denominator)

    # -- structure ----------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        return self.numerators.shape[:-1]

    @property
    def ndim(self) -> int:
        return self.numerators.ndim - 1

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, index: Any) -> ExactArray:
        index = index if isinstance(index, tuple) else (index,)
        padding = () if any(part is Ellipsis for part in index) else (Ellipsis,)
        return ExactArray(self.numerators[(*index, *padding, slice(None))], self.denominator)

    def reshape(self, *shape: int) -> ExactArray:
        return ExactArray(self.numerators.reshape(*shape, 8), self.denominator)

    def transpose(self, *axes: int) -> ExactArray:
        return ExactArray(self.numerators.transpose(*axes, self.ndim), self.denominator)

    @property
    def mT(self) -> ExactArray:
        """Transposed in the last two axes."""
        return ExactArray(np.swapaxes(self.numerators, -2, -3), self.denominator)

    def conj(self) -> ExactArray:
        return ExactArray(self.numerators * np.array([1, 1, 1, 1, -1, -1, -1, -1]), self.denominator)

    def sum(self, axis: int) -> ExactArray:
        return ExactArray(self.numerators.sum(axis=axis % self.ndim), self.denominator)

    def hash_keys(self, denominator: int = HASH_DENOMINATOR) -> list[bytes]:
        """One hashable key for each entry along the first axis, comparable between arrays of one ``denominator``.

        Raises:
            ArithmeticError: ``denominator`` is not a multiple of the array's own.
        """
        factor, rest = divmod(denominator, self.denominator)
        if rest:
            raise ArithmeticError(f"denominator {self.denominator} does not divide {denominator}")
        flat = np.ascontiguousarray(self.numerators.reshape(len(self), -1), dtype=np.int64) * factor
        return [row.tobytes() for row in flat]

    # -- arithmetic ---------------------------------------------------------------------------------------------

    def __neg__(self) -> ExactArray:
        return ExactArray(-self.numerators, self.denominator)

    def __add__(self, other: ExactArray) -> ExactArray:
        common = math.lcm(self.denominator, other.denominator)
        a, b = common // self.denominator, common // other.denominator
        left, right = self.numerators, other.numerators
        if a * self.bound + b * other.bound >= _SAFE:
            left, right = left.astype(object), right.astype(object)
        return ExactArray(left * a + right * b, common)

    def __sub__(self, other: ExactArray) -> ExactArray:
        return self + (-other)

    def __mul__(self, other: ExactArray | Fraction | int) -> ExactArray:
        if isinstance(other, ExactArray):
            return _bilinear(np.multiply, self, other, terms_per_entry=1)
        factor = Fraction(other)
        numerators = self.numerators
        if self.bound * abs(factor.numerator) >= _SAFE:
            numerators = numerators.astype(object)
        return ExactArray(numerators * factor.numerator, self.denominator * factor.denominator)

    __rmul__ = __mul__

    def __rtruediv__(self, number: Fraction | int) -> ExactArray:
        """number / x for a scalar x ≠ 0: its conjugates √2 → ±√2, √3 → ±√3, i → ±i multiply to a rational number."""
        x, others = self.reshape(1), ExactArray.integers([1])
        for b in range(1, 8):
            signs = np.array([(-1) ** (b & k).bit_count() for k in range(8)])
            others = others * ExactArray(x.numerators * signs, x.denominator)
        return (others * (number / (x * others).rational())).reshape()

    def __matmul__(self, other: ExactArray) -> ExactArray:
        return _bilinear(np.matmul, self, other, terms_per_entry=self.shape[-1])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExactArray):
            return NotImplemented
        return self.denominator == other.denominator and np.array_equal(self.numerators, other.numerators)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError("the truth value of an ExactArray is ambiguous; use .nonzero() or ==")

    def nonzero(self) -> NDArray[np.bool_]:
        """Which entries differ from zero; shape ``shape``."""
        return np.asarray((self.numerators != 0).any(axis=-1))

    # -- out of the field ---------------------------------------------------------------------------------------

    def rational(self) -> Fraction:
        """The value of a scalar that is a rational number; ArithmeticError when it is not."""
        c = self.numerators.reshape(8)
        if c[1:].any():
            raise ArithmeticError(f"{self.tokens()} is not rational")
        return Fraction(int(c[0]), self.denominator)

    def numeric(self) -> NDArray[Any]:
        """Correctly rounded floats, read-only: float64 when every entry is real, else complex128."""
        flat = self.numerators.reshape(-1, 8)
        values = [_numeric(tuple(row), self.denominator) for row in flat.tolist()]
        array = np.array(values, dtype=complex).reshape(self.shape)
        return read_only(array if flat[:, 4:].any() else array.real.copy())

    def tokens(self) -> list[str]:
        """The entries in row-major order as canonical text (:func:`token`)."""
        found: dict[tuple[int, ...], str] = {}
        texts = []
        for row in self.numerators.reshape(-1, 8).tolist():
            key = tuple(row)
            if key not in found:
                found[key] = token(
                    [(Fraction(c, self.denominator), SURDS[k & 3], k >= 4) for k, c in enumerate(key) if c]
                )
            texts.append(found[key])
        return texts

    def __repr__(self) -> str:
        tokens = self.tokens()
        return f"ExactArray(shape={self.shape}, {' '.join(tokens[:16])}{' …' if len(tokens) > 16 else ''})"


def _bilinear(
    operation: Callable[[IntArray, IntArray], IntArray], a: ExactArray, b: ExactArray, terms_per_entry: int
) -> ExactArray:
    """Extend an integer bilinear operation to the field through e_j e_k = f(j & k) e_{j xor k}."""
    left, right = a.numerators, b.numerators
    if a.bound * b.bound * terms_per_entry * 48 >= _SAFE:
        left, right = left.astype(object), right.astype(object)
    total: IntArray | None = None
    for j in a.present:
        for k in b.present:
            # np.multiply of two scalars of large integers is a plain int
            part = np.asarray(operation(left[..., j], right[..., k]), dtype=np.result_type(left, right))
            if total is None:
                total = np.zeros((*part.shape, 8), dtype=part.dtype)
            total[..., j ^ k] += _SHARED_FACTOR[j & k] * part
    assert total is not None
    return ExactArray(total, a.denominator * b.denominator)


def spread_product(columns: ExactArray, weights: ExactArray, rows: Sequence[Sequence[int]], size: int) -> ExactArray:
    """Σ_i columns (g, M, N) · weights[:, i] (g, N), each term i added into the rows ``rows[i]`` of (g, size, N)."""
    left, right = columns.numerators, weights.numerators
    if columns.bound * weights.bound * len(rows) * 48 >= _SAFE:
        left, right = left.astype(object), right.astype(object)
    total = np.zeros((len(left), size, left.shape[2], 8), dtype=np.result_type(left, right))
    for j in columns.present:
        for k in weights.present:
            plane = total[..., j ^ k]
            for i, targets in enumerate(rows):
                plane[:, targets] += _SHARED_FACTOR[j & k] * left[..., j] * right[:, i, None, :, k]
    return ExactArray(total, columns.denominator * weights.denominator)


def concatenate(arrays: Sequence[ExactArray], axis: int = 0) -> ExactArray:
    """Join arrays along an axis."""
    common = math.lcm(*(a.denominator for a in arrays))
    factors = [common // a.denominator for a in arrays]
    large = any(f > 1 and a.bound * f >= _SAFE for a, f in zip(arrays, factors, strict=True))
    parts = [(a.numerators.astype(object) if large else a.numerators) * f for a, f in zip(arrays, factors, strict=True)]
    return ExactArray(np.concatenate(parts, axis=axis % arrays[0].ndim), common)


def stack(arrays: Sequence[ExactArray]) -> ExactArray:
    """Join arrays along a new first axis."""
    return concatenate([a.reshape(1, *a.shape) for a in arrays])


def kron(a: ExactArray, b: ExactArray) -> ExactArray:
    """Kronecker product of the last two axes, leading axes broadcast: index (i, j) → i·d_b + j."""
    left = a.reshape(*a.shape[:-1], 1, a.shape[-1], 1)
    right = b.reshape(*b.shape[:-2], 1, b.shape[-2], 1, b.shape[-1])
    product = left * right
    return product.reshape(*product.shape[:-4], a.shape[-2] * b.shape[-2], a.shape[-1] * b.shape[-1])


def inverse_sqrt(value: Fraction) -> ExactArray:
    """The scalar 1/√value for a positive rational ``value`` whose root lies in the field; ArithmeticError otherwise."""
    q, n = surd(1 / value)
    if n not in SURDS:
        raise ArithmeticError(f"sqrt({value}) does not lie in Q(sqrt(2), sqrt(3), I)")
    numerators = np.zeros(8, dtype=np.int64)
    numerators[SURDS.index(n)] = q.numerator
    return ExactArray(numerators, q.denominator)


def surd(square: Fraction) -> tuple[Fraction, int]:
    """Write √square as q·√n with n square-free: ``surd(Fraction(7, 12)) == (Fraction(1, 6), 21)``."""
    if square < 0:
        raise ArithmeticError(f"the square root of the negative number {square} is not real")
    outside, inside = _square_part(square.numerator * square.denominator)
    return Fraction(outside, square.denominator), inside


@cache
def _square_part(n: int) -> tuple[int, int]:
    """n = outside² · inside with ``inside`` square-free."""
    outside, inside, p = 1, 1, 2
    while p * p <= n:
        while n % (p * p) == 0:
            outside, n = outside * p, n // (p * p)
        if n % p == 0:
            inside, n = inside * p, n // p
        p += 1
    return outside, inside * n


# -- text ---------------------------------------------------------------------------------------------------------

_TERM = re.compile(r"([+-]?)(?:(\d+)(?![\d(]))?\*?(?:sqrt\((\d+)\))?\*?(I)?(?:/(\d+))?")


def token(number: Sequence[Term]) -> str:
    """Canonical text of Σ q·√n (·i): ``0``, ``-1/2``, ``sqrt(3)/2``, ``-1/2+sqrt(3)*I/2``."""
    text = ""
    for q, n, imaginary in number:
        factors = [f"sqrt({n})"] * (n != 1) + ["I"] * imaginary
        if abs(q.numerator) != 1 or not factors:
            factors.insert(0, str(abs(q.numerator)))
        sign = "-" if q < 0 else "+" if text else ""
        text += sign + "*".join(factors) + (f"/{q.denominator}" if q.denominator != 1 else "")
    return text or "0"


@cache
def terms(text: str) -> tuple[Term, ...]:
    """Read the text that :func:`token` writes; ValueError when it is not such a number."""
    found: list[Term] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or match.end() == position or not any(match.group(2, 3, 4)):
            raise ValueError(f"{text!r} is not an exact number such as -1/2 or sqrt(3)*I/2")
        if position and not match.group(1):
            raise ValueError(f"{text!r} is not an exact number such as -1/2 or sqrt(3)*I/2")
        sign, whole, root, imaginary, below = match.groups()
        q = Fraction(int(whole or 1), int(below or 1)) * (-1 if sign == "-" else 1)
        if q:
            found.append((q, int(root or 1), bool(imaginary)))
        position = match.end()
    if not text:
        raise ValueError("an empty text is not an exact number")
    return tuple(found)


@cache
def value(text: str) -> complex:
    """The correctly rounded complex value of a number token."""
    real = imaginary = 0
    denominator = math.lcm(1, *(q.denominator for q, _, _ in terms(text)))
    for q, n, is_imaginary in terms(text):
        scaled = int(q * denominator) * math.isqrt(n << (2 * _SCALE_BITS))
        real, imaginary = (real, imaginary + scaled) if is_imaginary else (real + scaled, imaginary)
    return complex(real / (denominator << _SCALE_BITS), imaginary / (denominator << _SCALE_BITS))


@cache
def _numeric(coefficients: tuple[int, ...], denominator: int) -> complex:
    roots = [math.isqrt(n << (2 * _SCALE_BITS)) for n in SURDS]
    below = denominator << _SCALE_BITS
    real = sum(c * r for c, r in zip(coefficients[:4], roots, strict=True))
    imaginary = sum(c * r for c, r in zip(coefficients[4:], roots, strict=True))
    return complex(real / below, imaginary / below)


def symbolic(text: str) -> sympy.Expr:
    """The SymPy number that a token stands for."""
    import sympy

    total = sympy.Integer(0)
    for q, n, imaginary in terms(text):
        factor = sympy.Rational(q.numerator, q.denominator) * sympy.sqrt(n)
        total += factor * sympy.I if imaginary else factor
    return total


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array with writing switched off."""
    array.flags.writeable = False
    return array
