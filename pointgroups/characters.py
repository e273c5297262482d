"""Characters of a finite group over ℂ, exactly, from its product table alone (Burnside and Dixon).

The class sums C_r multiply as C_r C_s = Σ_t a_rst C_t. For every irrep χ the vector ω_χ(t) = |C_t| χ(t)/χ(1) is a
common eigenvector of the matrices (M_r)_st = a_rst. Over a prime field F_p with p ≡ 1 modulo the exponent e of the
group and p > 2√|G| the common eigenvectors are found by elimination; the degree follows from d² Σ_t ω(t) ω(t⁻¹)/|C_t|
= |G|, and the multiplicity of the eigenvalue ζ^k of an element from the discrete Fourier transform of its powers,
which lifts χ(g) = Σ_k m_k ζ_e^k back to ℚ(ζ_e).

Source: J. D. Dixon, Numer. Math. 10, 446 (1967).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .exact import ExactArray, concatenate

IntMatrix = NDArray[np.int64]
_ZETA_24 = ExactArray.parse(["sqrt(6)/4+sqrt(2)/4+sqrt(6)*I/4-sqrt(2)*I/4"])


def character_table(product: IntMatrix, classes: Sequence[Sequence[int]]) -> ExactArray:
    """All irreducible characters, exact (n_irreps, n_classes); the trivial one first, then as the algorithm finds them.

    ``classes`` lists element indices and starts with the identity's class; the exponent of the group must divide 24.
    """
    order, n = len(product), len(classes)
    class_of = np.empty(order, dtype=np.int64)
    for c, members in enumerate(classes):
        class_of[list(members)] = c
    sizes = np.array([len(members) for members in classes])
    powers = _powers(product)
    exponent = math.lcm(*(_order(powers, members[0]) for members in classes))
    if 24 % exponent:
        raise ValueError(f"characters of a group of exponent {exponent} do not lie in Q(sqrt(2), sqrt(3), I)")
    p = _prime(exponent, order)
    power_class = class_of[powers[:exponent]][:, [members[0] for members in classes]]  # class of g^k
    inverse_class = power_class[exponent - 1]

    root = _primitive_root_of_unity(exponent, p)
    characters = []
    for vector in _common_eigenvectors(_class_constants(product, classes, class_of), p):
        omega = vector * pow(int(vector[0]), -1, p) % p
        inverse_sizes = np.array([pow(int(size), -1, p) for size in sizes])
        norm = int(np.sum(omega * omega[inverse_class] % p * inverse_sizes) % p)
        square = order * pow(norm, -1, p) % p
        degree = next(d for d in range(1, math.isqrt(order) + 1) if d * d % p == square)
        modular = degree * omega % p * inverse_sizes % p
        characters.append(_lift(modular[power_class], root, p))
    trivial_first = sorted(range(n), key=lambda r: characters[r] != ExactArray.integers(np.ones(n, dtype=np.int64)))
    return concatenate([characters[r].reshape(1, n) for r in trivial_first])


def frobenius_schur(character: ExactArray, product: IntMatrix) -> int:
    """The indicator (1/|G|) Σ_g χ(g²): 1 real, 0 complex, −1 quaternionic. ``character``: one value an element."""
    squares = np.diagonal(product)
    return int((character[squares].sum(0) * ExactArray.integers(1)).rational() / len(product))


def inner_products(characters: ExactArray, other: ExactArray) -> list[int]:
    """⟨a, b⟩ = (1/|G|) Σ_g a(g)* b(g) of several characters (n, |G|) with one (|G|,), all given on elements; exact."""
    order = other.shape[0]
    values = (characters.conj() @ other.reshape(order, 1)).reshape(len(characters)) * Fraction(1, order)
    assert values.denominator == 1 and values.present == [0], "inner products of characters are integers"  # noqa: PT018
    return [int(v) for v in values.numerators[:, 0]]


def _powers(product: IntMatrix) -> IntMatrix:
    """powers[k, g] = g^k for k = 0 … 24."""
    elements = np.arange(len(product))
    rows = [np.zeros_like(elements)]
    for _ in range(24):
        rows.append(product[rows[-1], elements])
    return np.array(rows)


def _order(powers: IntMatrix, g: int) -> int:
    return next(k for k in range(1, 25) if powers[k, g] == 0) if (powers[1:, g] == 0).any() else 25


def _prime(exponent: int, order: int) -> int:
    """The least prime p ≡ 1 (mod exponent) with p > 2√order."""
    p = exponent + 1
    while p * p <= 4 * order or any(p % q == 0 for q in range(2, math.isqrt(p) + 1)):
        p += exponent
    return p


def _primitive_root_of_unity(n: int, p: int) -> int:
    for base in range(1, p):
        root = pow(base, (p - 1) // n, p)
        if all(pow(root, k, p) != 1 for k in range(1, n)):
            return root
    raise AssertionError(f"F_{p} has a primitive root of unity of order {n}")


def _class_constants(product: IntMatrix, classes: Sequence[Sequence[int]], class_of: IntMatrix) -> IntMatrix:
    """constants[r, s, t] = number of pairs x ∈ C_r, y ∈ C_s with x y = z for a fixed z ∈ C_t."""
    n = len(classes)
    counts = np.zeros((n, n, n), dtype=np.int64)
    np.add.at(counts, (class_of[:, None], class_of[None, :], class_of[product]), 1)
    return np.asarray(counts // np.array([len(members) for members in classes]), dtype=np.int64)


def _common_eigenvectors(matrices: IntMatrix, p: int) -> list[IntMatrix]:
    """Vectors w with M_r w = λ_r w for all r over F_p; the M_r have a common eigenbasis."""
    n = matrices.shape[-1]
    spaces = [np.eye(n, dtype=np.int64)]
    for matrix in matrices:
        split: list[IntMatrix] = []
        for basis in spaces:  # columns span a space that every M_r maps into itself
            if basis.shape[1] == 1:
                split.append(basis)
                continue
            restricted = _solve(basis, matrix @ basis % p, p)
            for eigenvalue in range(p):
                kernel = _kernel((restricted - eigenvalue * np.eye(len(restricted), dtype=np.int64)) % p, p)
                if kernel.shape[1]:
                    split.append(basis @ kernel % p)
        spaces = split
    assert all(basis.shape[1] == 1 for basis in spaces), "the class sums separate the irreps"
    return [basis[:, 0] for basis in spaces]


def _echelon(matrix: IntMatrix, p: int) -> tuple[IntMatrix, list[int]]:
    """Reduced row echelon form over F_p and its pivot columns."""
    reduced = matrix.copy() % p
    pivots: list[int] = []
    for column in range(reduced.shape[1]):
        row = len(pivots)
        below = np.flatnonzero(reduced[row:, column])
        if not len(below):
            continue
        reduced[[row, row + below[0]]] = reduced[[row + below[0], row]]
        reduced[row] = reduced[row] * pow(int(reduced[row, column]), -1, p) % p
        others = [r for r in range(len(reduced)) if r != row]
        reduced[others] = (reduced[others] - np.outer(reduced[others, column], reduced[row])) % p
        pivots.append(column)
        if len(pivots) == len(reduced):
            break
    return reduced, pivots


def _kernel(matrix: IntMatrix, p: int) -> IntMatrix:
    """Columns spanning the null space of a matrix over F_p."""
    reduced, pivots = _echelon(matrix, p)
    free = [c for c in range(matrix.shape[1]) if c not in pivots]
    kernel = np.zeros((matrix.shape[1], len(free)), dtype=np.int64)
    for k, column in enumerate(free):
        kernel[column, k] = 1
        kernel[pivots, k] = -reduced[: len(pivots), column] % p
    return kernel


def _solve(basis: IntMatrix, image: IntMatrix, p: int) -> IntMatrix:
    """X with basis @ X = image over F_p, for a basis of full column rank."""
    reduced, pivots = _echelon(np.hstack([basis, image]), p)
    assert pivots == list(range(basis.shape[1])), "the space is invariant"
    return reduced[: basis.shape[1], basis.shape[1] :]


def _lift(powers: IntMatrix, root: int, p: int) -> ExactArray:
    """From χ(g^k) mod p, shape (e, n_classes), to Σ_k m_k ζ_e^k, exact (n_classes,)."""
    exponent = len(powers)
    k = np.arange(exponent)
    inverse_root = pow(root, -1, p)
    transform = np.array([[pow(inverse_root, int(a * b) % exponent, p) for b in k] for a in k])
    multiplicities = transform @ powers % p * pow(exponent, -1, p) % p  # (e, n_classes)
    zeta = [ExactArray.integers([1])]
    for _ in range(24):
        zeta.append(zeta[-1] * _ZETA_24)
    roots = concatenate([zeta[24 // exponent * int(j)] for j in k])
    return (ExactArray.integers(multiplicities.T) @ roots.reshape(exponent, 1)).reshape(powers.shape[1])
