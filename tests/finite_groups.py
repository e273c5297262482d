"""Finite groups as test parameters: molecular point groups, symmetric groups, and groups that are no rotations."""

from itertools import product

import numpy as np
import pytest

from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.group import finite_group

AXIAL = (
    *(f"C{n}" for n in (5, 7, 8, 9, 10, 11, 12)),
    *(f"C{n}v" for n in (5, 7, 8, 9, 10, 11, 12)),
    *(f"C{n}h" for n in (5, 7, 8, 9, 10, 11, 12)),
    *(f"S{n}" for n in (8, 10, 12, 14, 16, 18, 20, 22, 24)),
    *(f"D{n}" for n in (5, 7, 8, 9, 10, 11, 12)),
    *(f"D{n}h" for n in (5, 7, 8, 9, 10, 11, 12)),
    *(f"D{n}d" for n in (4, 5, 6, 7, 8, 9, 10, 11, 12)),
)
MOLECULAR = (*AXIAL, "I", "Ih")


def heisenberg(p):
    """The matrices ((1, a, c), (0, 1, b), (0, 0, 1)) modulo p, acting on themselves: permutations of p³ points."""
    points = list(product(range(p), repeat=3))
    place = {x: i for i, x in enumerate(points)}

    def times(x, y):
        return ((x[0] + y[0]) % p, (x[1] + y[1]) % p, (x[2] + y[2] + x[0] * y[1]) % p)

    return [[place[times(s, x)] for x in points] for s in ((1, 0, 0), (0, 1, 0))]


def symmetric(n):
    """A transposition and an n-cycle."""
    return [[1, 0, *range(2, n)], [*range(1, n), 0]]


def quaternions():
    """Left multiplication by i and j on (1, i, j, k): 4×4 matrices."""
    i = np.array([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]])
    j = np.array([[0, 0, -1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, -1, 0, 0]])
    return np.array([i, j], dtype=float)


def binary_tetrahedral():
    """Left multiplication by i and (1 + i + j + k)/2: 4×4 matrices, order 24."""
    i, j = quaternions()
    return np.array([i, (np.eye(4) + i + j + i @ j) / 2])


GENERATORS = {
    "S2": symmetric(2),
    "S3": symmetric(3),
    "S4": symmetric(4),
    "S5": symmetric(5),
    "A5": [[1, 2, 0, 3, 4], [1, 2, 3, 4, 0]],
    "A6": [[1, 2, 0, 3, 4, 5], [0, 2, 3, 4, 5, 1]],  # an irrep of dimension 10, above every element's order
    "Q8": quaternions(),
    "2T": binary_tetrahedral(),
    "Heisenberg 27": heisenberg(3),
    "Frobenius 21": [[1, 2, 3, 4, 5, 6, 0], [0, 2, 4, 6, 1, 3, 5]],
    "C3 in the plane": [[[-0.5, -(0.75**0.5)], [0.75**0.5, -0.5]]],
    "one element": [[0, 1, 2]],
}
NAMES = (*MOLECULAR, *GENERATORS)

every_molecular = pytest.mark.parametrize("name", MOLECULAR)
every_finite = pytest.mark.parametrize("name", NAMES)


def group(name):
    """A group of :data:`NAMES`; always the same object."""
    return finite_group(GENERATORS[name]) if name in GENERATORS else molecular_point_group(name)


def homomorphism_error(group, matrices):
    """The largest |Γ(g) Γ(h) − Γ(gh)|, of any entry."""
    return max(np.abs(matrices[g] @ matrices - matrices[group.product[g]]).max() for g in range(group.order))
