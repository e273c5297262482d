"""Jahn–Teller active modes: printed problems, averaged matrices, and the theorem on molecules."""

import numpy as np
import pytest
from thirty_two import every_group, irreps

from pointgroups import UnknownIrrepError, point_group
from pointgroups.products.jahn_teller import JahnTellerProblem, coupled_square, jahn_teller, vibronic_matrices
from pointgroups.products.kramers_levels import kramers_jahn_teller, kramers_square
from pointgroups.subgroups.induction import induce
from pointgroups.subgroups.lattice import embedding


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [  # as in Jahn & Teller (1937) and Bersuker, The Jahn–Teller Effect (2006); typed from memory
        ("Oh", "Eg", "Eg ⊗ eg"),
        ("Oh", "Eu", "Eu ⊗ eg"),
        ("Oh", "T1g", "T1g ⊗ (eg ⊕ t2g)"),
        ("Oh", "T2u", "T2u ⊗ (eg ⊕ t2g)"),
        ("Td", "E", "E ⊗ e"),
        ("Td", "T2", "T2 ⊗ (e ⊕ t2)"),
        ("D4h", "Eg", "Eg ⊗ (b1g ⊕ b2g)"),
        ("D2d", "E", "E ⊗ (b1 ⊕ b2)"),
        ("C4v", "E", "E ⊗ (b1 ⊕ b2)"),
        ("D3", "E", "E ⊗ e"),
        ("D3h", "E''", "E'' ⊗ e'"),
        ("D3d", "Eu", "Eu ⊗ eg"),
        ("D6h", "E1u", "E1u ⊗ e2g"),
        ("D6h", "E2g", "E2g ⊗ e2g"),
        ("C4", "1E", "E ⊗ b"),
        ("C3", "2E", "E ⊗ e"),
        ("T", "T", "T ⊗ (e ⊕ t)"),
        ("D2h", "B1u", "B1u: no active mode"),
    ],
)
def test_printed_problems(name, label, expected):
    assert str(jahn_teller(point_group(name).irreps[label])) == expected


@every_group
def test_only_degenerate_levels_split(name):
    """A level has an active mode exactly when it is degenerate; modes are even under the inversion."""
    group = point_group(name)
    for gamma in irreps(group, "R"):
        modes = jahn_teller(gamma).modes
        assert bool(modes) == (gamma.dim > 1)
        if group.has_inversion:
            assert all(label.rstrip("'").endswith("g") for label in modes)


@every_group
def test_constants_against_averaged_symmetric_matrices(name):
    """The number of linear constants is the dimension of the invariant V: mode → real symmetric matrices."""
    group = point_group(name)
    for gamma in irreps(group, "R"):
        found = jahn_teller(gamma)
        rng = np.random.default_rng(6)
        trivial = next(iter(group.real_irreps))
        for mode in irreps(group, "R"):
            T = rng.normal(size=(20, gamma.dim, gamma.dim, mode.dim))
            T = T + T.swapaxes(1, 2)
            T = np.einsum("gab,tbcm,gdc,gnm->tadn", gamma.matrices, T, gamma.matrices, mode.matrices, optimize=True)
            constants = np.linalg.matrix_rank(T.reshape(20, -1), tol=1e-8)
            if mode.label != trivial:
                assert found.modes.get(mode.label, 0) == constants
            else:
                assert constants == 1
                assert mode.label not in found.modes


@every_group
def test_vibronic_matrices(name):
    """Symmetric, covariant, orthonormal among the constants, and as many as jahn_teller says."""
    group = point_group(name)
    trivial = next(iter(group.real_irreps))
    for gamma in irreps(group, "R"):
        for mode in irreps(group, "R"):
            V = vibronic_matrices(gamma, mode.label)
            expected = 1 if mode.label == trivial else jahn_teller(gamma).modes.get(mode.label, 0)
            assert V.shape == (expected, mode.dim, gamma.dim, gamma.dim)
            assert np.abs(V - V.swapaxes(2, 3)).max(initial=0) < 1e-15
            turned = np.einsum("gab,nkbc,gdc->gnkad", gamma.matrices, V, gamma.matrices)
            combined = np.einsum("njad,gjk->gnkad", V, mode.matrices)
            assert np.abs(turned - combined).max(initial=0) < 1e-13
            gram = np.einsum("nkad,mkad->nm", V, V)
            assert np.abs(gram - mode.dim * np.eye(expected)).max(initial=0) < 1e-13


def test_the_mexican_hat():
    """E ⊗ e: V = (Q_θ σ_z + Q_ε σ_x) up to sign and scale, with eigenvalues ±|Q| all around."""
    V = vibronic_matrices(point_group("Oh").irreps["Eg"], "Eg")[0]
    for angle in np.linspace(0, 2 * np.pi, 7):
        levels = np.linalg.eigvalsh(np.cos(angle) * V[0] + np.sin(angle) * V[1])
        assert levels == pytest.approx([-(0.5**0.5), 0.5**0.5], abs=1e-12)
    with pytest.raises(UnknownIrrepError, match="'E' is not an irrep of Oh"):
        vibronic_matrices(point_group("Oh").irreps["Eg"], "E")


def vibrations(name, sites):
    """Vibrations over ℝ of a molecule: displacements of its atoms less translations and rotations, by induction."""
    group = point_group(name)
    total = np.zeros(group.order)
    for site in sites:
        inside = embedding(group, site)
        trivial = induce(next(iter(inside.subgroup.real_irreps.values())), inside)
        total += np.trace(trivial.matrices, axis1=1, axis2=2)
    trace = np.trace(group.rotations, axis1=1, axis2=2)
    chi = total * trace - trace - trace * group.determinants
    return group.decompose_character(chi, "R")


@pytest.mark.parametrize(
    ("name", "sites", "modes"),
    [
        ("Oh", ["Oh", "C4v"], {"A1g": 1, "Eg": 1, "T2g": 1, "T1u": 2, "T2u": 1}),  # XY6
        ("Td", ["Td", "C3v"], {"A1": 1, "E": 1, "T2": 2}),  # XY4
        ("D4h", ["D4h", "C2v (C2', σh, σv)"], {"A1g": 1, "B1g": 1, "B2g": 1, "A2u": 1, "B2u": 1, "Eu": 2}),
        ("C3v", ["C3v", "Cs"], {"A1": 2, "E": 2}),  # ammonia
        ("D3h", ["D3h", "C2v"], {"A1'": 1, "E'": 2, "A2''": 1}),
        ("D6h", ["C2v (C2', σh, σv)", "C2v (C2', σh, σv)"], None),  # benzene
        ("Oh", ["C3v"], None),  # cube
    ],
)
def test_the_theorem_on_molecules(name, sites, modes):
    """Every degenerate level of a molecule has an active mode among its vibrations."""
    group = point_group(name)
    found = vibrations(name, sites)
    if modes is not None:
        assert found == modes
    for gamma in irreps(group, "R"):
        if gamma.dim > 1:
            assert jahn_teller(gamma, found).modes


@every_group
def test_the_theorem_for_general_positions(name):
    """The same with atoms in two general positions, in every group with a degenerate level."""
    group = point_group(name)
    found = vibrations(name, ["C1", "C1"])
    for gamma in irreps(group, "R"):
        if gamma.dim > 1:
            assert jahn_teller(gamma, found).modes


def test_vibrations_at_hand():
    Eg = point_group("D4h").irreps["Eg"]
    assert jahn_teller(Eg, {"A1g": 1, "B1g": 2}).modes == {"B1g": 1}
    assert jahn_teller(Eg, {"A1g": 1, "B1g": 0}).modes == {}
    assert jahn_teller(Eg, {}).modes == {}
    with pytest.raises(UnknownIrrepError, match="'B1' is not an irrep of D4h"):
        jahn_teller(Eg, {"B1": 1})


def test_the_square_holds_the_trivial_irrep_once():
    for name in ("C4", "Oh", "C6h"):
        for gamma in irreps(point_group(name), "R"):
            assert coupled_square(gamma)[next(iter(point_group(name).real_irreps))] == 1


def test_text():
    assert str(JahnTellerProblem("E", {"B1": 1, "B2": 1})) == "E ⊗ (b1 ⊕ b2)"


# -- half-integer spin --------------------------------------------------------------------------------------------


def operators_even_under_time_reversal(level):
    """A basis (k, n, n) of the Hermitian H with θ H* = H θ."""
    n = level.degeneracy
    basis = [np.zeros((n, n), dtype=complex) for _ in range(n * n)]
    pairs = [(i, j) for i in range(n) for j in range(n)]
    for matrix, (i, j) in zip(basis, pairs, strict=True):
        matrix[i, j] += 1 if i <= j else 1j
        matrix[j, i] += 1 if i <= j else -1j
    theta = level.theta
    even = np.array([h + theta @ h.conj() @ np.linalg.inv(theta) for h in basis]).reshape(n * n, -1)
    flat = np.concatenate([even.real, even.imag], axis=1)
    _, size, rows = np.linalg.svd(flat)
    kept = rows[: (size > 1e-9).sum()]
    return (kept[:, : n * n] + 1j * kept[:, n * n :]).reshape(-1, n, n)


@every_group
def test_kramers_squares_against_operators(name):
    """The character of H ↦ D(g) H D(g)† on the operators that commute with time reversal."""
    group = point_group(name)
    for label, irrep in group.double.spinor_irreps.items():
        level = group.double.corepresentation(label)
        H = operators_even_under_time_reversal(level)
        D = level.matrices[: group.order]
        turned = np.einsum("gab,kbc,gdc->gkad", D, H, D.conj())
        character = np.einsum("kad,gkad->g", H.conj(), turned)
        assert kramers_square(irrep) == group.decompose_character(character, "R")


@every_group
def test_kramers_doublets_do_not_split(name):
    group = point_group(name)
    trivial = next(iter(group.real_irreps))
    for label, irrep in group.double.spinor_irreps.items():
        found = kramers_jahn_teller(irrep)
        assert bool(found.modes) == (group.double.corepresentation(label).degeneracy > 2)
        assert kramers_square(irrep)[trivial] == 1


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [
        ("O", "F3/2", "F3/2 ⊗ (e ⊕ t2)"),
        ("Td", "F3/2", "F3/2 ⊗ (e ⊕ t2)"),
        ("T", "1F3/2", "1F3/2+2F3/2 ⊗ (e ⊕ t)"),
        ("D3", "1E3/2", "1E3/2+2E3/2: no active mode"),
        ("Oh", "E5/2u", "E5/2u: no active mode"),
    ],
)
def test_problems_with_spin(name, label, expected):
    assert str(kramers_jahn_teller(point_group(name).double.irreps[label])) == expected


def test_spin_needs_a_spinor_irrep():
    double = point_group("Oh").double
    with pytest.raises(ValueError, match="has a spinor irrep"):
        kramers_square(double.irreps["T1u"])
    with pytest.raises(ValueError, match="has a spinor irrep"):
        kramers_square(point_group("Oh").irreps["T1u"])
    assert kramers_jahn_teller(double.irreps["F3/2g"], {"Eg": 1, "T1u": 2}).modes == {"Eg": 1}
