r"""Exact irreps of the icosahedral rotation group I in named bases, as ``tables/icosahedral.json`` has them.

The rotations have entries 0, ±1, ±1/2, ±(√5 ± 1)/4. From them

- A = 1; T1 = g, the vector (x, y, z); T2 = g with √5 → −√5, which is a representation again, and not T1;
- H, the quadratic functions 2z² − x² − y², √3 (x² − y²), 2√3 yz, 2√3 zx, 2√3 xy, as symmetric matrices S without trace:

      Γ_ab = tr(S_a g S_b gᵀ)/6 ,   S_1 = diag(−1, −1, 2) ,   S_2 = √3 diag(1, −1, 0) ,   S_3 = √3 (y zᵀ + z yᵀ) , …

- G, the functions without mean on the five cosets of T, that is, on the five cubes in a dodecahedron. Cube 0 has its
  edges along x, y, z. The rotations of T permute the others as they permute the directions d = (1,1,1), (1,−1,−1),
  (−1,1,−1), (−1,−1,1). The basis:

      (4, −1, −1, −1, −1)/√20 ,   (0, d_x of each)/2 ,   (0, d_y of each)/2 ,   (0, d_z of each)/2 .

So under T they are the bases of A; of T as (x, y, z); the same; of A and T; of E and T as (yz, zx, xy). All numbers lie
in ℚ(√3, √5). An array of them holds integers (…, 4), the coefficients of 1, √3, √5, √15 over the denominator 16.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import token
from pointgroups.number_code import NumberCode, text_of

from .closure import close
from .order import OrderedGroup, in_canonical_order

IntArray = NDArray[np.int64]

_ORDER = 60
_SURDS = (1, 3, 5, 15)  # the squares of e_0 … e_3; e_j e_k = surds[j & k] e_{j xor k}
_BELOW = 16
_ROUNDING = 1e-12
_DIAGONALS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])


def generate_icosahedral() -> dict[str, Any]:
    """The sections of the table: the legend of its numbers; the group Ih, whose first half is I; the irreps of I.

    >>> sections = generate_icosahedral()
    >>> list(sections), sections["group"]["classes"]
    (['numbers', 'group', 'irreps'], 'E 12C5 12C5^2 20C3 15C2 i 12S10^3 12S10 20S6 15σ')
    """
    rotations, group = _rotations_in_order()
    product = group.product[:_ORDER, :_ORDER]
    irreps = icosahedral_irreps(rotations, product)
    first = [c.indices[0] for c in group.classes[: len(irreps)]]
    half = np.array([np.trace(m, axis1=1, axis2=2)[first] for m in irreps.values()])
    characters = _tokens(np.block([[[half], [half]], [[half], [-half]]]))
    matrices = {label: _tokens(m) for label, m in irreps.items()}
    every = {*characters, *(number for tokens in matrices.values() for number in tokens)}
    code = NumberCode.of_numbers(sorted(every, key=lambda number: (len(number), number)))
    return {
        "numbers": code.legend,
        "group": {
            "elements": " ".join(group.elements),
            "classes": " ".join(c.label for c in group.classes),
            "class_of": text_of(group.class_of.tolist()),
            "product": binascii.b2a_base64(product.astype(np.uint8).tobytes(), newline=False).decode(),
            "characters": code.text(characters),
        },
        "irreps": {label: code.text(tokens) for label, tokens in matrices.items()},
    }


def icosahedral_irreps(rotations: IntArray, product: IntArray) -> Mapping[str, IntArray]:
    """The irreps of I, label → (60, d, d, 4) over 16, from its rotations (60, 3, 3, 4) and their product table."""
    conjugate = rotations * np.array([1, 1, -1, -1])
    one = np.zeros((_ORDER, 1, 1, 4), dtype=np.int64)
    one[..., 0] = _BELOW
    return {
        "A": one,
        "T1": rotations,
        "T2": conjugate,
        "G": _functions_on_cubes(rotations, product),
        "H": _quadratic_functions(rotations),
    }


# -- the group ----------------------------------------------------------------------------------------------------


def _rotations_in_order() -> tuple[IntArray, OrderedGroup]:
    """Exact rotations of I in canonical order, and Ih, whose element 60 + k is i times element k."""
    generators = _generators()
    exact = _closed(generators)
    with_inversion = np.stack([*(generators @ np.sqrt(_SURDS) / _BELOW), -np.eye(3)])
    group = in_canonical_order(close(with_inversion, 2 * _ORDER))
    proper = group.matrices[:_ORDER]
    assert np.abs(group.matrices[_ORDER:] + proper).max() < _ROUNDING, "proper elements, then i times the same"
    distances = np.abs(exact @ np.sqrt(_SURDS) / _BELOW - proper[:, None]).max(axis=(2, 3))
    assert distances.min(axis=1).max() < _ROUNDING, "both are the same rotations"
    rotations = exact[distances.argmin(axis=1)]
    number = {matrix.tobytes(): g for g, matrix in enumerate(rotations)}
    products = [[number[matrix.tobytes()] for matrix in _times(g, rotations)] for g in rotations]
    assert np.array_equal(products, group.product[:_ORDER, :_ORDER]), "the product table, exactly"
    return rotations, group


def _generators() -> IntArray:
    """Half a turn about z, a third about [111], a fifth about (0, 1, φ)."""
    found = np.zeros((3, 3, 3, 4), dtype=np.int64)
    found[0, [0, 1, 2], [0, 1, 2], 0] = -_BELOW, -_BELOW, _BELOW
    found[1, [0, 1, 2], [2, 0, 1], 0] = _BELOW
    a, b, half = np.array([[4, 0, 4, 0], [-4, 0, 4, 0], [8, 0, 0, 0]])  # φ/2, 1/(2φ), 1/2
    found[2] = np.array([[b, -a, half], [a, half, b], [-half, b, a]])
    return found


def _closed(generators: IntArray) -> IntArray:
    """All products of the generators."""
    one = np.zeros((3, 3, 4), dtype=np.int64)
    one[..., 0] = _BELOW * np.eye(3, dtype=np.int64)
    found = [one]
    known = {one.tobytes()}
    for element in found:  # grows while it is read
        for matrix in _times(element, generators):
            if matrix.tobytes() not in known:
                known.add(matrix.tobytes())
                found.append(matrix)
    assert len(found) == _ORDER
    return np.array(found)


# -- irreps -------------------------------------------------------------------------------------------------------


def _quadratic_functions(rotations: IntArray) -> IntArray:
    """H."""
    basis = np.zeros((5, 3, 3, 4), dtype=np.int64)  # S_a
    basis[0, [0, 1, 2], [0, 1, 2], 0] = -_BELOW, -_BELOW, 2 * _BELOW
    basis[1, [0, 1], [0, 1], 1] = _BELOW, -_BELOW
    basis[[2, 2, 3, 3, 4, 4], [1, 2, 0, 2, 0, 1], [2, 1, 2, 0, 1, 0], 1] = _BELOW
    images = _times(_times(rotations[:, None], basis), rotations.swapaxes(1, 2)[:, None])  # g S_b gᵀ
    products = _times(basis[:, None], images[:, None])  # S_a g S_b gᵀ
    return _divided(np.trace(products, axis1=3, axis2=4), 6)


def _functions_on_cubes(rotations: IntArray, product: IntArray) -> IntArray:
    """G."""
    images = _images_of_cubes(rotations, product)
    basis = np.array([[4, -1, -1, -1, -1], *([0, *_DIAGONALS[:, i]] for i in range(3))])
    integers = np.einsum("aic,bc->iab", basis[:, images], basis)  # of (a, g b), times √20 or 2
    found = np.zeros((_ORDER, 4, 4, 4), dtype=np.int64)
    found[:, 0, 0, 0] = _divided(_BELOW * integers[:, 0, 0], 20)
    found[:, 0, 1:, 2] = _divided(_BELOW * integers[:, 0, 1:], 20)  # 1/(2√20) = √5/20
    found[:, 1:, 0, 2] = _divided(_BELOW * integers[:, 1:, 0], 20)
    found[:, 1:, 1:, 0] = _divided(_BELOW * integers[:, 1:, 1:], 4)
    return found


def _images_of_cubes(rotations: IntArray, product: IntArray) -> IntArray:
    """(60, 5): the cube to which each rotation takes cube 0, …, 4."""
    whole = ~(rotations[..., 1:].any(axis=(1, 2, 3)) | (rotations[..., 0] % _BELOW).any(axis=(1, 2)))
    tetrahedral = np.flatnonzero(whole)
    cube_of = product[:, tetrahedral].min(axis=1)  # the first element of the coset g T
    cubes = [0]
    for d in _DIAGONALS:
        turns = [g for g in tetrahedral[1:] if np.array_equal(rotations[g, :, :, 0] @ d, _BELOW * d)]
        fixed = {c for c in set(cube_of.tolist()) - {0} if all(cube_of[product[g, c]] == c for g in turns)}
        (cube,) = fixed
        cubes.append(cube)
    number = {cube: n for n, cube in enumerate(cubes)}
    return np.array([[number[cube_of[product[g, cube]]] for cube in cubes] for g in range(_ORDER)])


# -- numbers ------------------------------------------------------------------------------------------------------


def _times(left: IntArray, right: IntArray) -> IntArray:
    """Matrix products (…, n, m, 4) · (…, m, k, 4), both over 16 and so the result."""
    total = np.zeros((*np.broadcast_shapes(left.shape[:-3], right.shape[:-3]), left.shape[-3], right.shape[-2], 4), int)
    for j in range(4):
        for k in range(4):
            total[..., j ^ k] += _SURDS[j & k] * (left[..., j] @ right[..., k])
    return _divided(total, _BELOW)


def _divided(numerators: IntArray, divisor: int) -> IntArray:
    quotient, rest = np.divmod(numerators, divisor)
    assert not rest.any(), "all numbers are integers over 16"
    return np.asarray(quotient)


def _tokens(numerators: IntArray) -> list[str]:
    """The exact texts of numbers (…, 4), in row-major order."""
    return [_token(*coefficients) for coefficients in numerators.reshape(-1, 4).tolist()]


@cache
def _token(*coefficients: int) -> str:
    return token([(Fraction(c, _BELOW), n, False) for c, n in zip(coefficients, _SURDS, strict=True) if c])
