"""Spherical harmonics and their symmetry-adapted combinations: orthonormal, covariant, exact."""

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
import scipy.special
import sympy
from thirty_two import SETTINGS, every_group, every_setting, random_rotation

from pointgroups import point_group, spherical_harmonics, wigner_d_real

DEGREES = range(13)


def points(n, seed=0):
    r = np.random.default_rng(seed).normal(size=(n, 3))
    return r / np.linalg.norm(r, axis=1, keepdims=True)


# The harmonics themselves --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degree", DEGREES)
def test_spherical_harmonics_against_scipy(degree):
    """Real, z polar, m < 0 ↔ sin|m|φ, m > 0 ↔ cos mφ, with no phase (−1)^m."""
    r = points(50, seed=degree)
    theta, phi = np.arccos(r[:, 2]), np.arctan2(r[:, 1], r[:, 0])
    expected = np.empty((50, 2 * degree + 1))
    for m in range(degree + 1):
        y = scipy.special.sph_harm_y(degree, m, theta, phi) * (-1) ** m  # without Condon and Shortley's phase
        expected[:, degree + m] = y.real * (np.sqrt(2) if m else 1)
        expected[:, degree - m] = y.imag * np.sqrt(2) if m else y.real
    assert np.abs(spherical_harmonics(degree, r) - expected).max() < 1e-12


def test_low_degrees_by_formula():
    r = points(20)
    x, y, z = r.T
    one = np.sqrt(3 / (4 * np.pi)) * np.stack([y, z, x], axis=-1)
    assert np.abs(spherical_harmonics(1, r) - one).max() < 1e-15
    two = np.sqrt(15 / (4 * np.pi)) * np.stack(
        [x * y, y * z, (3 * z * z - 1) / np.sqrt(12), x * z, (x * x - y * y) / 2], axis=-1
    )
    assert np.abs(spherical_harmonics(2, r) - two).max() < 1e-14
    assert np.abs(spherical_harmonics(0, r) - np.sqrt(1 / (4 * np.pi))).max() < 1e-16


def test_harmonics_depend_on_the_direction_alone_and_keep_the_shape():
    r = points(12).reshape(3, 4, 3)
    for degree in (0, 1, 5):
        y = spherical_harmonics(degree, r)
        assert y.shape == (3, 4, 2 * degree + 1)
        assert np.abs(spherical_harmonics(degree, 7.5 * r) - y).max() < 1e-14
    assert spherical_harmonics(3, np.array([0.0, 0, 1])).shape == (7,)


@pytest.mark.parametrize("direction", np.concatenate([np.eye(3), -np.eye(3)]), ids=str)
def test_harmonics_at_the_axes_are_finite(direction):
    for degree in DEGREES:
        y = spherical_harmonics(degree, direction)
        assert np.isfinite(y).all()
        assert abs(y @ y - (2 * degree + 1) / (4 * np.pi)) < 1e-12  # Unsöld


def test_the_zero_vector_has_no_direction():
    with pytest.raises(ValueError, match="zero"):
        spherical_harmonics(2, np.zeros((2, 3)))


@pytest.mark.parametrize("degree", [-1, 1.5, "2"])
def test_what_is_no_degree_is_refused(degree):
    with pytest.raises((ValueError, TypeError)):
        spherical_harmonics(degree, np.eye(3))


@pytest.mark.parametrize("degree", DEGREES)
@pytest.mark.parametrize("improper", [False, True], ids=["proper", "improper"])
def test_wigner_matrices(degree, improper):
    """Y_ℓ(R r) = D_ℓ(R) Y_ℓ(r); D(R)D(S) = D(RS); orthogonal; also for improper R."""
    a, b = random_rotation(1) * (-1 if improper else 1), random_rotation(2)
    r = points(30, seed=4)
    d = wigner_d_real(degree, a)
    assert d.shape == (2 * degree + 1, 2 * degree + 1)
    assert np.abs(spherical_harmonics(degree, r @ a.T) - spherical_harmonics(degree, r) @ d.T).max() < 1e-11
    assert np.abs(d @ wigner_d_real(degree, b) - wigner_d_real(degree, a @ b)).max() < 1e-11
    assert np.abs(d @ d.T - np.eye(2 * degree + 1)).max() < 1e-11


def test_wigner_matrices_of_special_rotations():
    assert np.abs(wigner_d_real(3, np.eye(3)) - np.eye(7)).max() < 1e-13
    assert np.abs(wigner_d_real(3, -np.eye(3)) + np.eye(7)).max() < 1e-13
    assert np.abs(wigner_d_real(4, -np.eye(3)) - np.eye(9)).max() < 1e-13
    order = [1, 2, 0]  # ℓ = 1 is (y, z, x)
    a = random_rotation(9)
    assert np.abs(wigner_d_real(1, a) - a[np.ix_(order, order)]).max() < 1e-13


def test_wigner_matrices_refuse_what_is_no_rotation():
    for wrong in (np.eye(2), 2 * np.eye(3), np.zeros((3, 3))):
        with pytest.raises(ValueError, match=r"rotation|orthogonal"):
            wigner_d_real(2, wrong)


# Adapted to a group --------------------------------------------------------------------------------------------------


@every_setting
def test_adapted_harmonics_are_covariant_under_every_element(name):
    """(O(g)f_j)(r) = f_j(g⁻¹r) = Σ_i f_i(r) Γ_ij(g), through the harmonics at random points, ℓ ≤ 12."""
    group = point_group(name)
    r = points(8, seed=1)
    moved = np.einsum("gba,nb->gna", group.rotations, r)  # g⁻¹ r
    for degree in DEGREES:
        basis = group.harmonics(degree)
        assert basis.array.shape == (2 * degree + 1, 2 * degree + 1)
        assert basis.array.dtype == np.float64
        here = spherical_harmonics(degree, r) @ basis.array.T
        there = spherical_harmonics(degree, moved) @ basis.array.T
        for label, rows in _copies(basis, group, name).items():
            gamma = group.real_irreps[label].matrices
            for copy in rows:
                error = np.abs(there[..., copy] - np.einsum("ni,gij->gnj", here[:, copy], gamma)).max()
                assert error < 1e-12, f"ℓ = {degree}, {label}"


def _copies(basis, group, where):
    """label → rows of each copy; checks that labels come in table order, copies and components from 1."""
    expected, found = [], {}
    counts = defaultdict(int)
    for label, _, component in basis.labels:
        counts[label] += component == 1
    for label in group.real_irreps:
        for copy in range(1, counts[label] + 1):
            start = len(expected)
            expected += [(label, copy, k) for k in range(1, group.real_irreps[label].dim + 1)]
            found.setdefault(label, []).append(range(start, len(expected)))
    assert [tuple(entry) for entry in basis.labels] == expected, where
    return found


@every_setting
def test_adapted_harmonics_are_orthonormal_and_counted_by_subduction(name):
    group = point_group(name)
    for degree in DEGREES:
        basis = group.harmonics(degree)
        assert np.abs(basis.array @ basis.array.T - np.eye(2 * degree + 1)).max() < 1e-13, degree
        counts = {label: len(rows) for label, rows in _copies(basis, group, name).items()}
        assert counts == group.subduce(degree, parity=(-1) ** degree), degree


@every_setting
def test_exact_coefficients_are_exactly_orthonormal(name):
    """Coefficients are sums of ±√q; products √q √q′ are collected by their square-free parts, without rounding."""
    group = point_group(name)
    for degree in (1, 2, 3, 4, 6):
        matrix = group.harmonics(degree).exact
        assert matrix.shape == (2 * degree + 1, 2 * degree + 1)
        rows = [[_surds(entry) for entry in matrix.row(i)] for i in range(matrix.rows)]
        for i, left in enumerate(rows):
            for j in range(i + 1):
                total = defaultdict(Fraction)
                for a, b in zip(left, rows[j], strict=True):
                    for n, p in a.items():
                        for m, q in b.items():
                            square = math.gcd(n, m)
                            total[n * m // square**2] += p * q * square
                assert {n: q for n, q in total.items() if q} == ({1: 1} if i == j else {}), (degree, i, j)


def _surds(expression):
    """{n: q} with Σ q √n, n square-free."""
    found = defaultdict(Fraction)
    for term in sympy.Add.make_args(sympy.expand(expression)):
        rational, radical = term.as_coeff_Mul()
        inside = radical**2
        assert inside.is_Integer, f"{expression} is not a sum of square roots"
        if rational != 0:
            found[int(inside)] += Fraction(int(rational.p), int(rational.q))
    assert all(max(sympy.factorint(n).values(), default=1) == 1 for n in found)
    return found


@every_group
def test_floats_are_the_exact_coefficients(name):
    group = point_group(name)
    for degree in (0, 1, 2, 5, 8):
        basis = group.harmonics(degree)
        values = np.array([[float(sympy.N(entry, 30)) for entry in row] for row in basis.exact.tolist()])
        assert np.abs(values - basis.array).max() < 2e-16


def test_degree_two_of_oh_by_value():
    """Eg is (Y₂₀, Y₂₂), T2g is (yz, zx, xy) = (Y₂₋₁, Y₂₁, Y₂₋₂)."""
    basis = point_group("Oh").harmonics(2)
    expected = np.zeros((5, 5))
    for row, column in enumerate((2, 4, 1, 3, 0)):
        expected[row, column] = 1
    assert [label for label, _, _ in basis.labels] == ["Eg", "Eg", "T2g", "T2g", "T2g"]
    assert np.array_equal(np.abs(basis.array), expected)
    assert np.array_equal(basis.array[:2], expected[:2] * basis.array[0, 2])
    assert np.array_equal(basis.array[2:], expected[2:] * basis.array[2, 1])


def test_the_cubic_harmonic_of_degree_four():
    """A1g of ℓ = 4 is √(7/12) Y₄₀ + √(5/12) Y₄₄, x⁴ + y⁴ + z⁴ − 3/5."""
    basis = point_group("Oh").harmonics(4)
    assert tuple(basis.labels[0]) == ("A1g", 1, 1)
    row = basis.exact.row(0)
    assert {abs(row[4]), abs(row[8])} == {sympy.sqrt(21) / 6, sympy.sqrt(15) / 6}
    r = points(10)
    f = spherical_harmonics(4, r) @ basis.array[0]
    quartic = (r**4).sum(axis=1) - 0.6
    assert np.abs(f / quartic - f[0] / quartic[0]).max() < 1e-12


@pytest.mark.parametrize("name", ["D3", "-4m2", "Td", "C3", "Oh"])
def test_harmonics_follow_a_rotated_frame(name):
    """In another frame the functions turn with the group, and stay covariant with the same matrices."""
    frame = random_rotation(11)
    turned = point_group(name).rotated(frame)
    r = points(6)
    moved = np.einsum("gba,nb->gna", turned.rotations, r)
    for degree in (1, 2, 3, 4, 12):
        original, basis = point_group(name).harmonics(degree), turned.harmonics(degree)
        assert basis.labels == original.labels
        here = spherical_harmonics(degree, r) @ basis.array.T
        there = spherical_harmonics(degree, moved) @ basis.array.T
        assert np.abs(here - spherical_harmonics(degree, r @ frame) @ original.array.T).max() < 1e-11
        for label, rows in _copies(basis, turned, name).items():
            for copy in rows:
                gamma = turned.real_irreps[label].matrices
                assert np.abs(there[..., copy] - np.einsum("ni,gij->gnj", here[:, copy], gamma)).max() < 1e-11


@pytest.mark.parametrize("degree", [-1, 13, 1.5])
def test_degrees_outside_the_tables_are_refused(degree):
    with pytest.raises((ValueError, TypeError), match=r"12|degree|ℓ"):
        point_group("Oh").harmonics(degree)


def test_every_setting_has_tables_of_its_own():
    arrays = {name: point_group(name).harmonics(3).array.tobytes() for name in SETTINGS}
    assert arrays["D3"] != arrays["312"]
    assert arrays["C2v"] != arrays["2mm"]
