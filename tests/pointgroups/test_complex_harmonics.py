"""Complex harmonics, Clebsch–Gordan coefficients and 3j symbols: against SciPy, SymPy, and the laws of rotations."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.special
import sympy
from sympy.physics.quantum.cg import CG
from sympy.physics.wigner import wigner_3j as sympy_3j
from thirty_two import every_group, every_setting, random_rotation

from pointgroups import point_group, spherical_harmonics
from pointgroups.angular_momentum.clebsch_gordan import clebsch_gordan, wigner_3j
from pointgroups.angular_momentum.complex_harmonics import (
    adapted_complex_harmonics,
    complex_harmonics,
    harmonic_product,
    racah_harmonics,
    real_to_complex,
)
from pointgroups.double.rotation_lift import su2_matrix
from pointgroups.double.spin_j import wigner_d_spin

DEGREES = range(9)
HALVES = [Fraction(n, 2) for n in range(6)]
TRIANGLES = [
    (a, b, c)
    for a, b in itertools.product(HALVES, HALVES)
    for c in [abs(a - b) + k for k in range(int(a + b - abs(a - b)) + 1)]
]
every_triangle = pytest.mark.parametrize("spins", TRIANGLES, ids=lambda s: "-".join(map(str, s)))


def directions(n, seed=0):
    r = np.random.default_rng(seed).normal(size=(n, 3))
    return r / np.linalg.norm(r, axis=1, keepdims=True)


def projections(j):
    return [j - k for k in range(int(2 * j) + 1)]


# Clebsch–Gordan coefficients -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spins", [s for s in TRIANGLES if max(s[:2]) <= 2], ids=str)
def test_coefficients_are_those_of_sympy(spins):
    a, b, c = spins
    ours, floats = clebsch_gordan(*spins, exact=True), clebsch_gordan(*spins)
    threes = wigner_3j(*spins, exact=True)
    for (i, m1), (k, m2), (n, m) in itertools.product(*(enumerate(projections(j)) for j in spins)):
        numbers = [sympy.Rational(x) for x in (a, m1, b, m2, c, m)]
        assert ours[i, k, n].equals(CG(*numbers).doit())
        assert floats[i, k, n] == float(ours[i, k, n].n(40)), "not correctly rounded"
        other = sympy_3j(*(sympy.Rational(x) for x in (a, b, c, m1, m2, m)))
        assert threes[i, k, n].equals(other)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(HALVES, HALVES)))
def test_coefficients_of_all_j_are_together_orthogonal(a, b):
    found = [clebsch_gordan(a, b, c) for x, y, c in TRIANGLES if (x, y) == (a, b)]
    matrix = np.concatenate([c.reshape(-1, c.shape[-1]) for c in found], axis=1)
    assert matrix.shape[0] == matrix.shape[1]
    assert np.abs(matrix @ matrix.T - np.eye(len(matrix))).max() < 1e-15


@every_triangle
def test_coefficients_intertwine(spins):
    """D^{j₁}(U) ⊗ D^{j₂}(U) C = C D^j(U)."""
    u = su2_matrix(random_rotation(5))
    left, right, coupled = (wigner_d_spin(j, u) for j in spins)
    c = clebsch_gordan(*spins)
    assert np.abs(np.einsum("ai,bk,ikn->abn", left, right, c) - c @ coupled).max() < 1e-13


@every_triangle
def test_three_j_symbols_are_invariant_and_symmetric(spins):
    """Σ D D D (3j) = (3j); cyclic permutations of columns keep it, exchanges give (−1)^{j₁+j₂+j₃}."""
    symbol = wigner_3j(*spins)
    u = su2_matrix(random_rotation(6))
    d = [wigner_d_spin(j, u) for j in spins]
    assert np.abs(np.einsum("ai,bk,cn,ikn->abc", *d, symbol) - symbol).max() < 1e-13
    assert np.sum(symbol**2) == pytest.approx(1, abs=1e-14)
    a, b, c = spins
    sign = (-1) ** int(a + b + c)
    assert np.abs(wigner_3j(b, c, a) - symbol.transpose(1, 2, 0)).max() < 1e-15
    assert np.abs(wigner_3j(b, a, c) - sign * symbol.transpose(1, 0, 2)).max() < 1e-15
    assert np.abs(symbol[::-1, ::-1, ::-1] - sign * symbol).max() < 1e-15


@every_triangle
def test_phase_of_condon_and_shortley(spins):
    a, b, c = spins
    assert clebsch_gordan(*spins)[0, int(b - (c - a)), 0] > 0


def test_large_spins_stay_orthonormal():
    c = clebsch_gordan(20, "41/2", "3/2")
    assert np.abs(np.einsum("ikn,ikm->nm", c, c) - np.eye(4)).max() < 1e-14


@pytest.mark.parametrize("spins", [(1, 1, 3), (1, 1, "1/2"), ("1/2", 2, 1), (0, 0, 1)])
def test_what_does_not_couple_is_refused(spins):
    for function in (clebsch_gordan, wigner_3j):
        with pytest.raises(ValueError, match="couple to"):
            function(*spins)


@pytest.mark.parametrize("spin", [-1, 0.3, "x", None])
def test_what_is_no_angular_momentum_is_refused(spin):
    with pytest.raises(ValueError, match="angular momentum"):
        clebsch_gordan(spin, 1, 1)


def test_arrays_are_read_only():
    for array in (clebsch_gordan(1, 1, 2), wigner_3j(1, 1, 2), real_to_complex(2), harmonic_product(1, 1)[2]):
        assert not array.flags.writeable


# Harmonics -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degree", DEGREES)
def test_complex_harmonics_are_those_of_scipy(degree):
    r = directions(40, degree)
    theta, phi = np.arccos(r[:, 2]), np.arctan2(r[:, 1], r[:, 0])
    expected = np.stack([scipy.special.sph_harm_y(degree, m, theta, phi) for m in range(degree, -degree - 1, -1)], -1)
    assert np.abs(complex_harmonics(degree, r) - expected).max() < 1e-13
    assert np.abs(racah_harmonics(degree, 3 * r) - expected * math.sqrt(4 * math.pi / (2 * degree + 1))).max() < 1e-12


def test_racah_normalised_vector_as_printed():
    """Y₁^{+1} = −(x + iy)/√2, Y₁^0 = z as on the slides; Y₁^{−1} = +(x − iy)/√2, where the slide has a slip of sign."""
    r = directions(20)
    x, y, z = r.T
    expected = np.stack([-(x + 1j * y) / math.sqrt(2), z + 0j, (x - 1j * y) / math.sqrt(2)], axis=-1)
    assert np.abs(racah_harmonics(1, r) - expected).max() < 1e-15


@pytest.mark.parametrize("degree", DEGREES)
def test_real_to_complex_is_unitary_and_diagonalises_rotations_about_z(degree):
    u = real_to_complex(degree)
    assert np.abs(u @ u.conj().T - np.eye(2 * degree + 1)).max() < 1e-15
    r, phi = directions(9, 2), 0.7
    back = np.array([[math.cos(phi), math.sin(phi), 0], [-math.sin(phi), math.cos(phi), 0], [0, 0, 1]])  # by −φ
    phases = np.exp(-1j * phi * np.arange(degree, -degree - 1, -1))
    assert np.abs(complex_harmonics(degree, r @ back.T) - complex_harmonics(degree, r) * phases).max() < 1e-13
    c = np.random.default_rng(1).normal(size=2 * degree + 1)
    assert np.abs(spherical_harmonics(degree, r) @ c - complex_harmonics(degree, r) @ (u.conj() @ c)).max() < 1e-13


@pytest.mark.parametrize("degree", DEGREES)
def test_complex_harmonics_are_the_states_of_angular_momentum(degree):
    """(O(R) Y^m)(r) = Y^m(R⁻¹ r) = Σ_{m'} Y^{m'}(r) D^ℓ_{m'm}(R), with D^ℓ of the spin package."""
    rotation, r = random_rotation(4), directions(12, 3)
    d = wigner_d_spin(degree, su2_matrix(rotation))
    turned = complex_harmonics(degree, r @ rotation)
    assert np.abs(turned - complex_harmonics(degree, r) @ d).max() < 1e-12


@pytest.mark.parametrize(("first", "second"), list(itertools.product(range(5), range(5))))
def test_clebsch_gordan_expansion_of_a_product_as_printed(first, second):
    """Y_{ℓ₁}^{m₁} ⊗ Y_{ℓ₂}^{m₂} = Σ_L Σ_M c^{L0}_{ℓ₁0ℓ₂0} c^{LM}_{ℓ₁m₁ℓ₂m₂} Y_L^M, Racah-normalised."""
    r = directions(15, 5)
    product = racah_harmonics(first, r)[:, :, None] * racah_harmonics(second, r)[:, None]
    parts = harmonic_product(first, second)
    total = sum(np.einsum("ikM,nM->nik", p, racah_harmonics(degree, r)) for degree, p in parts.items())
    assert np.abs(product - total).max() < 1e-13
    assert list(parts) == list(range(abs(first - second), first + second + 1, 2))
    for degree in range(abs(first - second) + 1, first + second, 2):  # the others vanish by parity
        assert clebsch_gordan(first, second, degree)[first, second, degree] == 0


@pytest.mark.parametrize("degree", [-1, 0.5])
def test_what_is_no_degree_is_refused(degree):
    for call in (
        lambda: real_to_complex(degree),
        lambda: harmonic_product(degree, 1),
        lambda: harmonic_product(1, degree),
    ):
        with pytest.raises(ValueError, match="degree"):
            call()
    with pytest.raises(ValueError, match="zero"):
        complex_harmonics(2, np.zeros(3))


# Adapted to a group --------------------------------------------------------------------------------------------------


@every_setting
@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4, 6])
def test_adapted_functions_are_those_of_the_real_basis(name, degree):
    """The same functions, and array @ D^ℓ(g) @ array^H = ⊕ Γ(g)."""
    group = point_group(name)
    basis, real = adapted_complex_harmonics(group, degree), group.harmonics(degree)
    assert basis.labels == real.labels
    r = directions(10, 7)
    ours = complex_harmonics(degree, r) @ basis.array.conj().T
    assert np.abs(ours - spherical_harmonics(degree, r) @ real.array.T).max() < 1e-12
    d = group.double.wigner_d(degree, parity=(-1) ** degree)[: group.order]
    blocks = basis.array @ d @ basis.array.conj().T
    start = 0
    for (label, _), rows in basis.blocks.items():
        size = len(rows)
        gamma = group.real_irreps[label].matrices
        assert np.abs(blocks[:, start : start + size, start : start + size] - gamma).max() < 1e-12
        start += size


@every_group
def test_adapted_functions_are_exact(name):
    basis = adapted_complex_harmonics(point_group(name), 3)
    exact = basis.exact
    assert np.abs(np.array(exact.tolist(), dtype=complex) - basis.array).max() < 1e-15
    assert sympy.simplify(exact * exact.H) == sympy.eye(7)


def test_adapted_functions_in_a_rotated_frame_are_floats():
    frame = random_rotation(8)
    group = point_group("Td").rotated(frame)
    basis, r = adapted_complex_harmonics(group, 3), directions(6)
    ours = complex_harmonics(3, r) @ basis.array.conj().T
    assert np.abs(ours - spherical_harmonics(3, r) @ group.harmonics(3).array.T).max() < 1e-12
    with pytest.raises(ValueError, match="exact"):
        _ = basis.exact


def test_degrees_without_a_table_are_refused():
    with pytest.raises(ValueError, match="0 to 12"):
        adapted_complex_harmonics(point_group("O"), 13)
