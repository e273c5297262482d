"""Symmetry-adapted polynomials: they transform as their irreps, are all there, and are orthogonal."""

import math
import re

import numpy as np
import pytest
import sympy
from thirty_two import every_setting

from pointgroups import point_group
from pointgroups.adapted_polynomials import adapted_polynomials
from pointgroups.exact import ExactArray
from pointgroups.polynomials import simplest_multiple

X, Y, Z = SYMBOLS = sympy.symbols("x y z")


def values(texts, points):
    """The functions at points (…, 3), shape (…, n)."""
    x, y, z = np.moveaxis(points, -1, 0)
    names = {"x": x, "y": y, "z": z, "sqrt": math.sqrt}
    return np.stack([np.broadcast_to(eval(t, names), x.shape) for t in texts], -1)


@every_setting
@pytest.mark.parametrize("degree", range(5))
def test_they_transform_as_their_irreps_and_are_all_there(name, degree):
    group = point_group(name)
    r = np.random.default_rng(degree).normal(size=(5, 3))
    moved = np.einsum("gba,nb->gna", group.rotations, r)  # g⁻¹ r
    total = 0
    for label, copies in adapted_polynomials(group, degree).items():
        irrep = group.real_irreps[label]
        for texts in copies:
            assert len(texts) == irrep.dim
            expected = np.einsum("ni,gik->gnk", values(texts, r), irrep.matrices)
            assert np.abs(values(texts, moved) - expected).max() < 1e-11, (label, texts)
        total += len(copies) * irrep.dim
    assert total == (degree + 1) * (degree + 2) // 2


@pytest.mark.parametrize("name", ["Oh", "D6h", "C3", "T"])
def test_copies_are_orthogonal_in_the_fischer_product(name):
    """⟨p, q⟩ = p(∂) q."""
    for copies in adapted_polynomials(point_group(name), 4).values():
        polynomials = [[sympy.Poly(sympy.sympify(t), *SYMBOLS) for t in texts] for texts in copies]
        for i, first in enumerate(polynomials):
            for j, second in enumerate(polynomials):
                products = [[fischer(p, q) for q in second] for p in first]
                if i != j:
                    assert products[0][0] == 0
                else:
                    assert all(products[k][k] == products[0][0] for k in range(len(first)))
                    assert all(products[k][l] == 0 for k in range(len(first)) for l in range(len(first)) if k != l)


def fischer(p, q):
    coefficients = dict(q.terms())
    return sum(c * coefficients.get(e, 0) * math.prod(map(math.factorial, e)) for e, c in p.terms())


def test_known_functions():
    assert adapted_polynomials(point_group("Oh"), 2) == {
        "A1g": (("z**2+x**2+y**2",),),
        "Eg": (("2*z**2-x**2-y**2", "sqrt(3)*(x**2-y**2)"),),
        "T2g": (("y*z", "x*z", "x*y"),),
    }
    assert adapted_polynomials(point_group("Td"), 3)["A1"] == (("x*y*z",),)
    assert adapted_polynomials(point_group("C1"), 0) == {"A": (("1",),)}


@every_setting
def test_coefficients_are_coprime_integers_times_a_root(name):
    for copies in adapted_polynomials(point_group(name), 3).values():
        for texts in copies:
            assert not any(re.search(r"/|\.", t) for t in texts), texts


@pytest.mark.parametrize("degree", [-1, 1.5])
def test_what_is_no_degree_is_refused(degree):
    with pytest.raises(ValueError, match="degree"):
        adapted_polynomials(point_group("Oh"), degree)


def test_large_leading_coefficients_are_scaled_exactly():
    """Of degree 24 in Td a leading coefficient squared is above 2^63."""
    n = 10**12
    assert simplest_multiple(ExactArray.integers([[-n, 3 * n]])) == ExactArray.integers([[1, -3]])
