"""Characters of any finite group over ℂ from its product table (Burnside), as sums of roots of unity (Dixon).

Convolution with z = Σ_g c(g) g, where c is constant on classes and c(g⁻¹) = c(g)*, is a Hermitian operator on class
functions. Its eigenvectors are the irreducible characters, for generic c all with different eigenvalues. On the
orthonormal basis |C_t|^{−1/2} 1_{C_t} it has the matrix

    A_ts = √(|C_t|/|C_s|) Σ_{y ∈ C_s} c(t y⁻¹) .

The eigenvalues of Γ(g), g of order o, are roots of unity: ζ^k occurs m_k(g) = (1/o) Σ_j χ(g^j) ζ^{−jk} times, ζ =
e^{2πi/o}. From these integers follows χ(g) = Σ_k m_k ζ^k to rounding. So floating point decides nothing but which
integer a number within 0.1 of it is.

Source: W. Burnside, Theory of Groups of Finite Order (1911), § 223; J. D. Dixon, Numer. Math. 10, 446 (1967).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only

if TYPE_CHECKING:
    import sympy

IntArray = NDArray[np.int64]
ComplexArray = NDArray[np.complex128]

_SEEDS = 16
_GAP = 1e-9  # of eigenvalues, relative
_LIFT = 0.1
_ROUNDING = 1e-12
_ORTHOGONAL = 1e-8


@dataclass(frozen=True, eq=False)
class Characters:
    """Irreducible characters of a group, one a row.

    Attributes:
        values: (n_irreps, n_classes) complex.
        degrees: (n_irreps,) the dimensions.
        indicators: (n_irreps,) (1/|G|) Σ_g χ(g²): 1 real, 0 complex, −1 quaternionic.
    """

    values: ComplexArray
    degrees: IntArray
    indicators: IntArray

    def sorted(self, rows: Sequence[int]) -> Characters:
        """The same characters in another order."""
        r = list(rows)
        return Characters(self.values[r], self.degrees[r], self.indicators[r])

    @cached_property
    def partners(self) -> list[int]:
        """The row of the complex conjugate of each character; its own of a real one."""
        return [int(np.abs(self.values - row.conj()).sum(axis=1).argmin()) for row in self.values]


def irreducible_characters(product: IntArray, classes: Sequence[Sequence[int]]) -> Characters:
    """All irreducible characters of a group with a product table (|G|, |G|); class 0 is the identity's.

    >>> c3 = (np.arange(3)[:, None] + np.arange(3)) % 3
    >>> irreducible_characters(c3, [(0,), (1,), (2,)]).values.sum(axis=0).round(12).tolist()  # orthogonality
    [(3+0j), 0j, 0j]
    """
    order = len(product)
    class_of = np.empty(order, dtype=np.int64)
    for c, members in enumerate(classes):
        class_of[list(members)] = c
    sizes = np.array([len(members) for members in classes])
    inverse = np.argmax(product == 0, axis=1)
    first = np.array([members[0] for members in classes])
    vectors = _eigenvectors(product, first, inverse, class_of, sizes)
    rough = vectors.T * np.sqrt(order / sizes)
    rough = rough * (np.abs(rough[:, :1]) / rough[:, :1])  # χ(1) > 0
    values = _lifted(rough, [cyclic_powers(product, g) for g in first.tolist()], class_of)
    gram = (values * sizes) @ values.conj().T / order
    assert np.abs(gram - np.eye(len(classes))).max() < _ORTHOGONAL, "irreducible characters are orthonormal"
    degrees = np.rint(values[:, 0].real).astype(np.int64)
    assert int(degrees @ degrees) == order, "Σ d² = |G|"
    indicators = np.rint(values[:, class_of[np.diagonal(product)]].sum(axis=1).real / order).astype(np.int64)
    return Characters(values, degrees, indicators)


def eigenvalues(character: NDArray[Any], powers: IntArray) -> IntArray:
    """m_k, k = 0 … o−1: how often ζ^k is an eigenvalue of Γ(g), from χ (…, |G|) and the powers 1, g, … g^{o−1}."""
    spectrum = np.fft.fft(character[..., powers]) / len(powers)
    found = np.rint(spectrum.real).astype(np.int64)
    assert np.abs(spectrum - found).max() < _LIFT, "eigenvalues occur an integer number of times"
    return found


def _lifted(rough: ComplexArray, powers: list[IntArray], class_of: IntArray) -> ComplexArray:
    """Characters (n_irreps, n_classes) right to rounding; parts within 1e-12 of an integer are this integer.

    The eigenvalues of one element give the characters of all its powers, so elements of high order come first.
    """
    values = np.zeros(rough.shape, dtype=np.complex128)
    known: set[int] = set()
    for c in sorted(range(len(powers)), key=lambda c: -len(powers[c])):
        if c not in known:
            order = len(powers[c])
            steps = np.arange(order)
            roots = roots_of_unity(order)[np.outer(steps, steps) % order]
            values[:, class_of[powers[c]]] = eigenvalues(rough[:, class_of], powers[c]) @ roots
            known.update(class_of[powers[c]].tolist())
    parts = values.view(np.float64)
    nearest = np.rint(parts)
    exact = np.where(np.abs(parts - nearest) < _ROUNDING, nearest, parts) + 0.0  # no −0
    return np.asarray(exact.view(np.complex128))


def cyclic_powers(product: IntArray, g: int) -> IntArray:
    """Indices of 1, g, g², … up to the last before 1 comes again."""
    times_g, found = product[:, g].tolist(), [0]
    while (power := times_g[found[-1]]) != 0:
        found.append(power)
    return np.array(found)


def closed_form(multiplicities: Sequence[int], real: bool) -> sympy.Expr:
    """Σ_k m_k ζ_o^k in SymPy numbers, an integer where it is one: where the cyclotomic polynomial leaves a constant.

    >>> closed_form([0, 1, 0, 0, 1], real=True), closed_form([0, 1, 1, 1, 1], real=True)
    (-1/2 + sqrt(5)/2, -1)
    """
    return _closed_form(tuple(multiplicities), real)


@lru_cache(maxsize=4096)  # a character table holds few different sums
def _closed_form(multiplicities: tuple[int, ...], real: bool) -> sympy.Expr:
    import sympy

    order, x = len(multiplicities), sympy.Symbol("x")
    rest = sympy.Poly(list(reversed(multiplicities)), x).rem(sympy.Poly(sympy.cyclotomic_poly(order, x), x))
    if rest.degree() <= 0:
        return rest.eval(0)
    turns = [(m, 2 * sympy.pi * k / order) for k, m in enumerate(multiplicities) if m]
    cosines = sympy.Add(*(m * sympy.cos(t) for m, t in turns))
    return cosines if real else cosines + sympy.I * sympy.Add(*(m * sympy.sin(t) for m, t in turns))


@lru_cache(maxsize=256)
def roots_of_unity(order: int) -> ComplexArray:
    """e^{2πik/order}, k = 0 … order−1, symmetric to the last bit: parts that are 0, ±1/2, ±1 are exactly so."""
    first = np.array([_cosine(k, order) for k in range(order)])
    second = np.array([_cosine(4 * k - order, 4 * order) for k in range(order)])  # sin x = cos(x − π/2)
    return np.asarray(read_only(first + 1j * second))


def _cosine(k: int, order: int) -> float:
    """cos(2πk/order) by the angle's image in the first octant."""
    k = abs(k) % order
    k = min(k, order - k)
    if 4 * k > order:
        return -_cosine(order - 2 * k, 2 * order)
    if 6 * k == order:
        return 0.5
    if 8 * k > order:
        return float(np.sin(np.pi * (order - 4 * k) / (2 * order)))
    return float(np.cos(2 * np.pi * k / order))


def _eigenvectors(
    product: IntArray, first: IntArray, inverse: IntArray, class_of: IntArray, sizes: IntArray
) -> ComplexArray:
    """Columns: the characters times √|C|, each up to a factor."""
    quotients = class_of[product[first][:, inverse]]  # (n_classes, |G|): class of t y⁻¹
    by_class = np.argsort(class_of, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    inverse_class = class_of[inverse[first]]
    for seed in range(_SEEDS):
        rng = np.random.default_rng(seed)
        c = rng.random(len(first)) + 1j * rng.random(len(first)) - (0.5 + 0.5j)
        c = (c + c[inverse_class].conj()) / np.sqrt(sizes)
        matrix = np.add.reduceat(c[quotients][:, by_class], starts, axis=1)
        matrix = matrix * np.sqrt(sizes[:, None] / sizes)
        values, vectors = np.linalg.eigh((matrix + matrix.conj().T) / 2)
        if len(values) == 1 or np.diff(values).min() > _GAP * np.abs(values).max():
            return np.asarray(vectors, dtype=np.complex128)
    raise AssertionError("a generic class function tells the irreps apart")
