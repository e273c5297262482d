"""Multiplets |j m⟩: Wigner matrices, subduction, symmetry-adapted spinors, spin–orbit splitting."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from scipy.linalg import expm
from sympy.physics.quantum.cg import CG
from sympy.physics.quantum.spin import Rotation
from thirty_two import GROUPS, every_group, random_rotation

from pointgroups import character_projector, point_group, symmetry_adapted_basis, wigner_d_real
from pointgroups.double.rotation_lift import su2_matrix
from pointgroups.double.spin_j import twice_spin, wigner_d_spin
from pointgroups.double.spinor_harmonics import spinor_harmonics

every_spin = pytest.mark.parametrize("j", ["0", "1/2", "1", "3/2", "2", "5/2", "7/2", "9/2"])


def random_su2(n: int, seed: int = 0) -> np.ndarray:
    a = np.random.default_rng(seed).normal(size=(n, 4))
    w, x, y, z = (a / np.linalg.norm(a, axis=1, keepdims=True)).T
    return np.array([[w - 1j * z, -1j * x - y], [-1j * x + y, w + 1j * z]]).transpose(2, 0, 1)


def angular_momentum(j: Fraction) -> np.ndarray:
    """J_x, J_y, J_z on |j m⟩, m = j … −j, entry by entry from J± |j m⟩ = √(j(j+1) − m(m±1)) |j m±1⟩."""
    m = [j - k for k in range(int(2 * j) + 1)]
    plus = np.zeros((len(m), len(m)))
    for column, value in enumerate(m):
        if column:
            plus[column - 1, column] = math.sqrt(j * (j + 1) - value * (value + 1))
    return np.array([(plus + plus.T) / 2, (plus - plus.T) / 2j, np.diag([float(x) for x in m])])


# -- Wigner matrices ----------------------------------------------------------------------------------------------


@every_spin
def test_wigner_matrices_are_exponentials_of_the_angular_momentum(j):
    operators = angular_momentum(Fraction(j))
    rng = np.random.default_rng(1)
    for angle in (0.0, 1e-9, 0.3, math.pi, 3.5, 2 * math.pi, 4 * math.pi - 1e-7):
        axis = rng.normal(size=3)
        axis /= np.linalg.norm(axis)
        u = expm(-1j * angle * np.tensordot(axis, angular_momentum(Fraction(1, 2)), axes=1))
        expected = expm(-1j * angle * np.tensordot(axis, operators, axes=1))
        assert np.abs(wigner_d_spin(j, u) - expected).max() < 1e-13, angle


@every_spin
def test_wigner_matrices_are_a_representation(j):
    u, v = random_su2(5), random_su2(5, seed=1)
    assert np.abs(wigner_d_spin(j, u) @ wigner_d_spin(j, v) - wigner_d_spin(j, u @ v)).max() < 1e-13
    sign = (-1) ** twice_spin(j)
    assert np.abs(wigner_d_spin(j, -u) - sign * wigner_d_spin(j, u)).max() < 1e-13
    assert wigner_d_spin(j, u).shape == (5, twice_spin(j) + 1, twice_spin(j) + 1)
    assert wigner_d_spin(j, u[0]).shape == (twice_spin(j) + 1, twice_spin(j) + 1)


def test_spin_half_is_the_matrix_itself():
    u = random_su2(20)
    assert np.abs(wigner_d_spin(0.5, u) - u).max() < 1e-15


def test_high_spins_stay_unitary():
    d = wigner_d_spin("61/2", random_su2(3))
    assert np.abs(d @ d.conj().swapaxes(-1, -2) - np.eye(62)).max() < 1e-12


@pytest.mark.parametrize("j", ["1/2", "1", "3/2"])
def test_rotations_about_y_are_sympys_small_d(j):
    """d^j_{m'm}(β) of SymPy's quantum module: an independent formula with the phases of Condon and Shortley."""
    beta, spin = sympy.Rational(3, 7), sympy.Rational(j)
    half = float(beta) / 2
    found = wigner_d_spin(j, [[math.cos(half), -math.sin(half)], [math.sin(half), math.cos(half)]])
    m = [spin - k for k in range(int(2 * spin) + 1)]
    expected = [[float(Rotation.d(spin, a, b, beta).doit()) for b in m] for a in m]
    assert np.abs(found - expected).max() < 1e-13


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 5])
def test_integer_spins_are_the_spherical_harmonics(degree):
    """D^ℓ(U) = C D_real(R) C† with Y_ℓm = (−1)^m (cos + i sin)/√2 for m > 0, conjugate without the sign for m < 0."""
    size = 2 * degree + 1
    c = np.zeros((size, size), dtype=complex)  # complex Y_ℓm, m = ℓ … −ℓ, on the real ones, m = −ℓ … ℓ
    c[degree, degree] = 1
    for m in range(1, degree + 1):
        c[degree - m, [degree + m, degree - m]] = (-1) ** m * np.array([1, 1j]) / math.sqrt(2)
        c[degree + m, [degree + m, degree - m]] = np.array([1, -1j]) / math.sqrt(2)
    for seed in range(4):
        rotation = random_rotation(seed)
        expected = c.conj() @ wigner_d_real(degree, rotation) @ c.T
        assert np.abs(wigner_d_spin(degree, su2_matrix(rotation)) - expected).max() < 1e-13


def test_su2_matrix_is_the_lift_at_every_angle():
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    rotations = [random_rotation(seed) for seed in range(20)]
    rotations += [np.diag(d) for d in ([1.0, 1, 1], [1.0, -1, -1], [-1.0, 1, -1], [-1.0, -1, 1], [-1.0, -1, -1])]
    rotations += [point_group("Oh").rotations[g] for g in range(48)]
    for r in rotations:
        u = su2_matrix(r)
        proper = r * np.linalg.det(r)
        assert np.abs(np.einsum("aij,jk,bkl,il->ab", pauli, u, pauli, u.conj()).real / 2 - proper).max() < 1e-14
        assert np.trace(u).real > -1e-15


# -- subduction ---------------------------------------------------------------------------------------------------


@every_group
@pytest.mark.parametrize("parity", [1, -1])
def test_subduction_counts_by_the_character_formula(name, parity):
    """χ_j(φ) = Σ_m cos mφ with the angle of the proper part; the barred elements have φ + 2π."""
    double = point_group(name).double
    proper = double.rotations * double.determinants[:, None, None]
    angle = np.arccos(np.clip((np.trace(proper, axis1=1, axis2=2) - 1) / 2, -1, 1))
    angle[double.order // 2 :] += 2 * math.pi
    for twice in range(12):
        m = np.arange(-twice, twice + 1, 2) / 2
        chi = np.cos(angle[:, None] * m).sum(axis=1) * (1 if parity == 1 else double.determinants)
        expected = double.decompose_character(chi)
        assert double.subduce(Fraction(twice, 2), parity) == expected
        assert all(double.irreps[label].spinor == (twice % 2 == 1) for label in expected)


@every_group
def test_integer_multiplets_split_like_the_harmonics(name):
    group = point_group(name)
    for degree in range(5):
        for parity in (1, -1):
            assert group.double.subduce(degree, parity) == group.subduce(degree, parity, field="C")


@every_group
@pytest.mark.parametrize("j", ["1/2", "3/2", "5/2", "7/2", "15/2"])
def test_adapted_spinors_transform_by_the_irrep_matrices(name, j):
    """array D^j(g) array† = ⊕ Γ(g), array unitary, its exact form the same; for both parities."""
    double = point_group(name).double
    for parity in (1, -1):
        adapted = double.adapted_spinors(j, parity)
        assert adapted.multiplicities == double.subduce(j, parity)
        array = adapted.array
        assert np.abs(array @ array.conj().T - np.eye(len(array))).max() < 1e-14
        blocks = array @ double.wigner_d(j, parity) @ array.conj().T
        expected, start = np.zeros_like(blocks), 0
        for (label, _), rows in adapted.blocks.items():
            stop = start + len(rows)
            expected[:, start:stop, start:stop] = double.irreps[label].matrices
            first = rows[0][np.flatnonzero(np.abs(rows[0]) > 1e-12)[0]]
            assert first.real > 0
            assert abs(first.imag) < 1e-15
            start = stop
        assert np.abs(blocks - expected).max() < 1e-13


@pytest.mark.parametrize(("name", "j"), [("D3", "3/2"), ("T", "3/2"), ("O", "7/2"), ("D2d", "5/2"), ("C6", "2")])
def test_adapted_spinors_and_wigner_matrices_are_exact(name, j):
    double = point_group(name).double
    adapted = double.adapted_spinors(j)
    rows = adapted.exact
    assert (rows * rows.H).applyfunc(sympy.nsimplify).applyfunc(sympy.simplify) == sympy.eye(rows.rows)
    assert np.abs(np.array(rows.tolist(), dtype=complex) - adapted.array).max() < 1e-15
    matrices = double.exact_wigner_d(j)
    assert np.abs(np.array([m.tolist() for m in matrices], dtype=complex) - double.wigner_d(j)).max() < 1e-14
    start = 0
    for (label, _), block in adapted.blocks.items():
        rows_here = rows[start : start + len(block), :]
        for g in (1, double.order // 2, double.order - 1):
            difference = rows_here * matrices[g] - double.irreps[label].exact[g] * rows_here
            assert difference.applyfunc(sympy.simplify).is_zero_matrix, (label, g)
        start += len(block)


def test_adapted_spinors_of_a_rotated_group():
    group = point_group("Td").rotated(random_rotation(5))
    adapted = group.double.adapted_spinors("5/2")
    blocks = adapted.array @ group.double.wigner_d("5/2") @ adapted.array.conj().T
    start = 0
    for (label, _), rows in adapted.blocks.items():
        stop = start + len(rows)
        assert np.abs(blocks[:, start:stop, start:stop] - group.double.irreps[label].matrices).max() < 1e-13
        start = stop
    with pytest.raises(ValueError, match="in the axes of a setting only"):
        _ = adapted.exact


@every_group
def test_spin_orbit_splitting_is_the_product_with_spin_half(name):
    double = point_group(name).double
    spin = np.trace(double.su2, axis1=1, axis2=2)
    for label, irrep in double.irreps.items():
        assert double.spin_orbit(label) == double.decompose_character(irrep.characters * spin)


@pytest.mark.parametrize("name", GROUPS)
def test_spin_orbit_splitting_of_a_shell_is_that_of_its_two_multiplets(name):
    """ℓ ⊗ ½ = (ℓ + ½) ⊕ (ℓ − ½), first in O(3) and then in the group, or the other way round."""
    double = point_group(name).double
    for degree in range(1, 5):
        parity = (-1) ** degree
        split: dict[str, int] = {}
        for label, count in double.subduce(degree, parity).items():
            for spinor, copies in double.spin_orbit(label).items():
                split[spinor] = split.get(spinor, 0) + count * copies
        levels: dict[str, int] = {}
        for twice in (2 * degree + 1, 2 * degree - 1):
            for spinor, copies in double.subduce(Fraction(twice, 2), parity).items():
                levels[spinor] = levels.get(spinor, 0) + copies
        assert split == levels


# -- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("j", [-0.5, 0.3, "p", None, float("nan"), float("inf"), "1/0", [1]])
def test_a_bad_spin_is_refused(j):
    with pytest.raises(ValueError, match=r"the angular momentum j is 0, 1/2, 1, 3/2, …, as Fraction\(3, 2\)"):
        twice_spin(j)


def test_other_refusals():
    double = point_group("Oh").double
    with pytest.raises(ValueError, match="parity is 1 or -1, not 0"):
        double.subduce("1/2", parity=0)
    with pytest.raises(ValueError, match=r"have shape \(…, 2, 2\), not \(3, 3\)"):
        wigner_d_spin("1/2", np.eye(3))
    with pytest.raises(ValueError, match="unitary with determinant 1"):
        wigner_d_spin("1/2", [[1, 0], [0, -1]])
    with pytest.raises(ValueError, match="orthogonal"):
        su2_matrix(2 * np.eye(3))


# -- spinor harmonics ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4])
def test_spinor_harmonics_couple_orbit_and_spin(degree):
    """(D^ℓ ⊗ D^{1/2}) C = C D^j, both j together are unitary, coefficients are SymPy's Clebsch–Gordan coefficients."""
    u = random_su2(6, seed=degree)
    orbit, spin = wigner_d_spin(degree, u), wigner_d_spin("1/2", u)
    product = np.einsum("gij,gkl->gikjl", orbit, spin).reshape(6, 4 * degree + 2, 4 * degree + 2)
    rows = []
    for twice in (2 * degree + 1, 2 * degree - 1)[: 2 if degree else 1]:
        c = spinor_harmonics(degree, Fraction(twice, 2)).reshape(twice + 1, -1)
        assert np.abs(product @ c.T - c.T @ wigner_d_spin(Fraction(twice, 2), u)).max() < 1e-13
        rows.append(c)
    everything = np.concatenate(rows)
    assert np.abs(everything @ everything.T - np.eye(4 * degree + 2)).max() < 1e-14


@pytest.mark.parametrize(("degree", "j"), [(1, "1/2"), (1, "3/2"), (2, "3/2"), (2, "5/2")])
def test_spinor_harmonics_are_clebsch_gordan_coefficients(degree, j):
    spin, half = sympy.Rational(j), sympy.Rational(1, 2)
    found = spinor_harmonics(degree, j)
    for k, row in enumerate(found):
        for mu, pair in zip(range(degree, -degree - 1, -1), row, strict=True):
            for s, entry in zip((half, -half), pair, strict=True):
                assert abs(entry - float(CG(degree, mu, half, s, spin, spin - k).doit())) < 1e-15


def test_spinor_harmonics_refuse_what_does_not_couple():
    with pytest.raises(ValueError, match="couple to j = ℓ ± 1/2, not to 5/2"):
        spinor_harmonics(1, "5/2")
    with pytest.raises(ValueError, match="the degree ℓ is 0, 1, 2"):
        spinor_harmonics(-1, "1/2")


@pytest.mark.parametrize("name", ["O", "T", "D3"])
def test_projectors_and_adapted_bases_take_a_double_group(name):
    double = point_group(name).double
    representation = double.wigner_d("7/2")
    adapted = symmetry_adapted_basis(double, representation, field="C")
    assert adapted.multiplicities == double.subduce("7/2")
    total = sum(character_projector(irrep, representation) for irrep in double.irreps.values())
    assert np.abs(total - np.eye(8)).max() < 1e-13
