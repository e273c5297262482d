"""3jm symbols: invariant, orthonormal, complete, with exact permutation phases; their relation to couplings."""

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
import sympy
from cyclotomic import Exact, exact
from thirty_two import every_group, every_setting, irreps, matrices, random_rotation

from pointgroups import (
    Irrep,
    conjugate_irrep,
    coupling,
    permutation_matrix,
    permutation_phases,
    point_group,
    three_jm,
    two_jm,
)
from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.group import finite_group

KINDS = ("C", "R", "double")
every_kind = pytest.mark.parametrize("kind", KINDS)
ODD = ((1, 0, 2), (0, 2, 1), (2, 1, 0))


def all_irreps(name: str, kind: str) -> list[Irrep]:
    """Irreps over ℂ, over ℝ, or those of the double group over ℂ."""
    group = point_group(name)
    return list(group.double.irreps.values()) if kind == "double" else irreps(group, kind)


def triples(name: str, kind: str) -> Iterator[tuple[Irrep, Irrep, Irrep]]:
    """Every set of three irreps, each in the order of the table."""
    return itertools.combinations_with_replacement(all_irreps(name, kind), 3)


def transformed(v: np.ndarray, a: Irrep, b: Irrep, c: Irrep) -> np.ndarray:
    """(Γ^a ⊗ Γ^b ⊗ Γ^c)(g) V, (|G|, m, d_a, d_b, d_c)."""
    v = np.einsum("gia,mabc->gmibc", a.matrices, v)
    v = np.einsum("gjb,gmibc->gmijc", b.matrices, v)
    return np.einsum("gkc,gmijc->gmijk", c.matrices, v)


# Laws ----------------------------------------------------------------------------------------------------------------


@every_group
@every_kind
def test_all_invariants_orthonormal(name, kind):
    """V is invariant, Σ V_r* V_s = δ_rs, and there are (1/|G|) Σ_g χ_a χ_b χ_c of them."""
    for a, b, c in triples(name, kind):
        v = three_jm(a, b, c)
        expected = round(float(np.mean(a.characters * b.characters * c.characters).real))
        assert v.shape == (expected, a.dim, b.dim, c.dim), (a, b, c)
        assert not v.flags.writeable
        assert np.abs(transformed(v, a, b, c) - v).max(initial=0) < 1e-14, (a, b, c)
        rows = v.reshape(expected, a.dim * b.dim * c.dim)
        assert np.abs(rows.conj() @ rows.T - np.eye(expected)).max(initial=0) < 1e-14, (a, b, c)


@every_group
@every_kind
def test_permutation_law_bit_for_bit(name, kind):
    """V(π(abc)), its indices permuted alike, is V(abc) times θ_r for odd π and times 1 for even π."""
    for triple in triples(name, kind):
        v, phases = three_jm(*triple), permutation_phases(*triple)
        assert len(phases) == len(v)
        assert set(phases) <= {1, -1}
        if not phases:
            continue
        for order in itertools.permutations(range(3)):
            permuted = [triple[k] for k in order]
            assert permutation_phases(*permuted) == phases, permuted
            sign = np.array(phases if order in ODD else [1] * len(phases)).reshape(-1, 1, 1, 1)
            assert np.array_equal(three_jm(*permuted), sign * v.transpose(0, *(k + 1 for k in order))), permuted


@every_group
@every_kind
def test_two_jm_symbols(name, kind):
    """Γ W = W Γ̄*; W unitary with entries 0, ±1; W(a)ᵀ = {a} W(ā), {a} = −1 for pseudoreal irreps; W = √d V(a ā A1)."""
    every = all_irreps(name, kind)
    for a in every:
        w, bar = two_jm(a), conjugate_irrep(a)
        assert np.array_equal(w @ w.T, np.eye(a.dim))
        assert set(np.unique(w)) <= {-1.0, 0.0, 1.0}
        assert np.abs(bar.characters - a.characters.conj()).max() < 1e-15
        assert np.abs(a.matrices @ w - w @ bar.matrices.conj()).max() < 1e-15
        phase = -1 if kind == "double" and a.indicator == -1 else 1
        assert np.array_equal(w.T, phase * two_jm(bar))
        if a.commuting == 1:
            assert permutation_phases(a, bar, every[0]) == (phase,)
            assert np.abs(np.sqrt(a.dim) * three_jm(a, bar, every[0])[0, :, :, 0] - w).max() < 1e-15


@every_group
@every_kind
def test_they_are_the_couplings(name, kind):
    """U = √d_c Σ_k V(a b c̄)[…, k] W^c̄[k, n]*, over ℝ with the copies U and U·J.

    Exactly so where equal irreps stand first and else in the order of the table; in every order up to a unitary matrix
    among the copies, which is ±1 where there is one copy.
    """
    every = all_irreps(name, kind)
    for a, b, c in itertools.product(every, repeat=3):
        bar = conjugate_irrep(c)
        if not len(coupling(a, b, c)):
            continue
        u = np.einsum("mijn,xnl->mxijl", coupling(a, b, c), c.commutant).reshape(-1, a.dim, b.dim, c.dim)
        found = np.sqrt(c.dim) * np.einsum("mijk,kn->mijn", three_jm(a, b, bar), two_jm(bar).conj())
        assert found.shape == u.shape
        mixing = np.einsum("mijn,sijn->ms", u.conj(), found) / c.dim
        assert np.abs(np.einsum("ms,mijn->sijn", mixing, u) - found).max() < 1e-14, (a, b, c)
        assert np.abs(mixing.conj().T @ mixing - np.eye(len(u))).max() < 1e-14, (a, b, c)
        if a is b or every.index(a) < every.index(b) < every.index(bar):
            assert np.abs(mixing - np.eye(len(u))).max() < 1e-14, (a, b, c)


# Exactness -----------------------------------------------------------------------------------------------------------


def exact_three_jm(a: Irrep, b: Irrep, c: Irrep) -> Exact:
    return exact(three_jm(a, b, c, exact=True))


@every_group
@pytest.mark.parametrize("field", ["C", "R"])
def test_exact_symbols_are_invariant_and_orthonormal(name, field):
    for a, b, c in triples(name, field):
        floats = three_jm(a, b, c)
        if not len(floats):
            continue
        v = exact_three_jm(a, b, c)
        assert np.abs(v.values() - floats).max() < 2e-16, (a, b, c)
        m, d_a, d_b, d_c = v.shape
        for copy in range(m):
            u = v[copy]
            turned = matrices(a) @ u.reshape(1, d_a, d_b * d_c)
            turned = turned.reshape(-1, d_a, d_b, d_c).transpose(0, 2, 1, 3).reshape(-1, d_b, d_a * d_c)
            turned = (matrices(b) @ turned).reshape(-1, d_b, d_a, d_c).transpose(0, 3, 2, 1)
            turned = matrices(c) @ turned.reshape(-1, d_c, d_a * d_b)
            assert turned.equals(u.reshape(1, d_a * d_b, d_c).transpose(0, 2, 1)), (a, b, c)
        rows = v.reshape(m, d_a * d_b * d_c)
        assert (rows.conj() @ rows.mT).equals(exact(np.eye(m, dtype=int).tolist())), (a, b, c)


@pytest.mark.parametrize("name", ["C4", "D3", "D2d", "T", "O", "Td"])
def test_exact_spinor_symbols(name):
    """With √5 and all: SymPy's numbers have the exact norm 1 and are the floats, correctly rounded."""
    for a, b, c in triples(name, "double"):
        if not (a.spinor or b.spinor or c.spinor):
            continue
        floats = three_jm(a, b, c)
        symbolic = three_jm(a, b, c, exact=True)
        for copy, numbers in zip(floats, symbolic, strict=False):
            flat = sympy.flatten(numbers)
            assert sympy.expand(sum(x * sympy.conjugate(x) for x in flat)) == 1, (a, b, c)
            for x, number in zip(copy.ravel(), flat, strict=True):
                assert abs(complex(sympy.N(number, 30)) - x) <= 2.0**-54, (a, b, c)


# Permutation symmetry ------------------------------------------------------------------------------------------------


@every_group
@every_kind
def test_no_invariants_of_mixed_symmetry(name, kind):
    """Derome's case does not occur: Γ^(2,1), χ = (χ(g)³ − χ(g³))/3, has no invariant, for every irrep."""
    group = point_group(name).double if kind == "double" else point_group(name)
    cube = group.product[group.product.diagonal(), np.arange(group.order)]
    for a in all_irreps(name, kind):
        count = np.mean(a.characters**3 - a.characters[cube]) / 3
        assert abs(count) < 1e-12, a


@every_group
@every_kind
def test_copies_of_three_equal_irreps_are_in_the_cubes(name, kind):
    """θ = +1 as often as [Γ³] has invariants, χ = (χ³ + 3χχ(g²) + 2χ(g³))/6, and −1 as often as {Γ³} has."""
    group = point_group(name).double if kind == "double" else point_group(name)
    square = group.product.diagonal()
    cube = group.product[square, np.arange(group.order)]
    for a in all_irreps(name, kind):
        chi = a.characters
        phases = permutation_phases(a, a, a)
        for sign in (1, -1):
            count = np.mean(chi**3 + sign * 3 * chi * chi[square] + 2 * chi[cube]) / 6
            assert phases.count(sign) == round(float(count.real)), a


# J. S. Griffith, The Irreducible Tensor Method for Molecular Symmetry Groups (1962), gives the V coefficients of O the
# phase (−1)^(a+b+c) under odd permutations, odd for A2 and T1, even for A1, E and T2. For a = b nobody has a choice.
GRIFFITH = {"A1": 0, "A2": 1, "E": 0, "T1": 1, "T2": 0}


@pytest.mark.parametrize("name", ["O", "Td"])
def test_phases_of_griffiths_v_coefficients(name):
    every = point_group(name).irreps
    seen = 0
    for a, c in itertools.product(GRIFFITH, repeat=2):
        for theta in permutation_phases(every[a], every[a], every[c]):
            assert theta == (-1) ** GRIFFITH[c], (a, c)
            seen += 1
    assert seen == 13


@pytest.mark.parametrize(
    ("triple", "phases"),
    [
        (("E1/2", "E1/2", "A1"), (-1,)), (("E1/2", "E1/2", "T1"), (1,)), (("E1/2", "E5/2", "T2"), (1,)),
        (("F3/2", "F3/2", "A1"), (-1,)), (("F3/2", "F3/2", "A2"), (1,)), (("F3/2", "F3/2", "E"), (-1,)),
        (("F3/2", "F3/2", "T1"), (1, 1)), (("F3/2", "F3/2", "T2"), (1, -1)), (("F3/2", "T1", "F3/2"), (1, 1)),
    ],
)  # fmt: skip
def test_phases_of_the_double_group_of_o(triple, phases):
    """The square of Γ8: antisymmetric Γ1 + Γ3 + Γ5, symmetric Γ2 + 2Γ4 + Γ5."""
    every = point_group("O").double.irreps
    assert permutation_phases(*(every[label] for label in triple)) == phases


# Values --------------------------------------------------------------------------------------------------------------


def test_three_vectors_of_t_have_the_two_invariants():
    """T ⊗ T ⊗ T of the group T: xyz over √6 is symmetric, the triple product over √6 antisymmetric."""
    t = point_group("T").irreps["T"]
    epsilon = np.array([[[(i - j) * (j - k) * (k - i) / 2 for k in range(3)] for j in range(3)] for i in range(3)])
    assert permutation_phases(t, t, t) == (1, -1)
    v = three_jm(t, t, t)
    assert np.abs(v[0] - np.abs(epsilon) / np.sqrt(6)).max() < 1e-16
    assert np.abs(v[1] - epsilon / np.sqrt(6)).max() < 1e-16


def test_the_cubic_invariant_of_e():
    """E ⊗ E ⊗ E of O: the form u³ − 3uv² of the Jahn–Teller problem, one half of it, up to sign."""
    e = point_group("O").irreps["E"]
    (v,) = three_jm(e, e, e, exact=True)
    u1, v1 = sympy.symbols("u v")
    pair = (u1, v1)
    form = sum(v[i, j, k] * pair[i] * pair[j] * pair[k] for i, j, k in itertools.product(range(2), repeat=3))
    assert sympy.expand(form**2 - (u1**3 - 3 * u1 * v1**2) ** 2 / 4) == 0


def test_three_equal_complex_pairs_over_the_reals():
    """E ⊗ E ⊗ E of C3 over ℝ: Re (x + iy)³ and Im (x + iy)³, both symmetric."""
    e = point_group("C3").real_irreps["E"]
    assert permutation_phases(e, e, e) == (1, 1)
    z = np.random.default_rng(0).normal(size=(5, 2))
    forms = np.einsum("mijk,ni,nj,nk->nm", three_jm(e, e, e), z, z, z)
    assert np.abs(np.sum(forms**2, axis=1) - np.sum(z**2, axis=1) ** 3 / 4).max() < 1e-13


@pytest.mark.parametrize(
    ("name", "triple", "spins"),
    [
        ("O", ("E1/2", "E1/2", "A1"), (Fraction(1, 2), Fraction(1, 2), 0)),
        ("O", ("F3/2", "F3/2", "A1"), (Fraction(3, 2), Fraction(3, 2), 0)),
        ("D6", ("E1/2", "E1/2", "A1"), (Fraction(1, 2), Fraction(1, 2), 0)),
    ],
)
def test_wigners_symbols_of_spins(name, triple, spins):
    """(j j 0; m −m 0) = (−1)^(j−m)/√(2j+1), SymPy's; bases |j m⟩ run from m = j to −j; up to one sign."""
    from sympy.physics.wigner import wigner_3j

    a, b, c = (point_group(name).double.irreps[label] for label in triple)
    j = spins[0]
    ms = [sympy.Rational(j.numerator, j.denominator) - k for k in range(a.dim)]
    spin = ms[0]
    expected = np.array([[[float(wigner_3j(spin, spin, 0, m, n, 0))] for n in ms] for m in ms])
    found = three_jm(a, b, c)[0]
    assert min(np.abs(found - expected).max(), np.abs(found + expected).max()) < 1e-15


def test_wigners_symbols_with_a_vector():
    """E1/2 ⊗ E1/2 ⊗ T1 and F3/2 ⊗ E1/2 ⊗ T1 of O are SymPy's (j ½ 1; m n k), T1 in x, y, z, up to one phase each."""
    from sympy.physics.wigner import wigner_3j

    every = point_group("O").double.irreps
    half, s = sympy.Rational(1, 2), 1 / np.sqrt(2)
    cartesian = np.array([[-s, 0, s], [1j * s, 0, 1j * s], [0, 1, 0]])  # rows x, y, z in |1 1⟩, |1 0⟩, |1 −1⟩
    for label, spin in (("E1/2", half), ("F3/2", 3 * half)):
        ms = [spin - k for k in range(int(2 * spin) + 1)]
        spherical = np.array(
            [[[float(wigner_3j(spin, half, 1, m, n, k)) for k in (1, 0, -1)] for n in (half, -half)] for m in ms]
        )
        expected = np.einsum("mnk,xk->mnx", spherical, cartesian.conj())
        found = three_jm(every[label], every["E1/2"], every["T1"])[0]
        phase = np.vdot(expected, found)
        assert abs(abs(phase) - 1) < 1e-14
        assert np.abs(found - phase * expected).max() < 1e-14


# Groups made from generators, in floating point ----------------------------------------------------------------------


def permutation_group(*generators: tuple[int, ...]):
    return finite_group(np.array(generators))


def of_generators(name: str):
    """I, Ih, D5; Q8 on its elements, with a quaternionic irrep; the group of order 21, with complex ones of d 3."""
    if name == "Q8":
        return permutation_group((1, 4, 3, 6, 5, 0, 7, 2), (2, 7, 4, 1, 6, 3, 0, 5))
    if name == "7:3":
        return permutation_group((1, 2, 3, 4, 5, 6, 0), (0, 2, 4, 6, 1, 3, 5))
    return molecular_point_group(name)


@pytest.mark.parametrize("field", ["C", "R"])
@pytest.mark.parametrize(("name", "order"), [("I", 60), ("Ih", 120), ("D5", 10), ("Q8", 8), ("7:3", 21)])
def test_groups_of_generators(name, order, field):
    """Invariant, orthonormal, all of them; permutations by the matrix, which is ±1 unless three irreps are equal."""
    group = of_generators(name)
    assert group.order == order
    every = list((group.irreps if field == "C" else group.real_irreps).values())
    for a in every:
        w, bar = two_jm(a), conjugate_irrep(a)
        assert np.abs(bar.characters - a.characters.conj()).max() < 1e-12
        assert np.abs(a.matrices @ w - w @ bar.matrices.conj()).max() < 1e-12
        assert np.abs(w @ w.conj().T - np.eye(a.dim)).max() < 1e-12
    for a, b, c in itertools.combinations_with_replacement(every, 3):
        v = three_jm(a, b, c)
        expected = round(float(np.mean(a.characters * b.characters * c.characters).real))
        assert v.shape == (expected, a.dim, b.dim, c.dim)
        if not expected:
            continue
        assert np.abs(transformed(v, a, b, c) - v).max() < 1e-11, (a, b, c)
        rows = v.reshape(expected, -1)
        assert np.abs(rows.conj() @ rows.T - np.eye(expected)).max() < 1e-11
        for places in itertools.permutations(range(3)):
            m = permutation_matrix(a, b, c, places)
            permuted = three_jm(*((a, b, c)[k] for k in places))
            assert (
                np.abs(np.einsum("rs,sijk->rijk", m, v).transpose(0, *(k + 1 for k in places)) - permuted).max() < 1e-11
            )
            if not (a is b is c):
                signs = permutation_phases(a, b, c) if places in ODD else (1,) * expected
                assert np.abs(m - np.diag(signs)).max() < 1e-11


def test_copies_of_mixed_symmetry():
    """The real irrep of dimension 6 of the group of order 21: permutations act by S3's matrices, phases are refused."""
    group = of_generators("7:3")
    (six,) = (a for a in group.real_irreps.values() if a.dim == 6)
    chi, square = six.characters, group.product.diagonal()
    cube = group.product[square, np.arange(group.order)]
    counts = [
        round(float(np.mean(chi**3 + 3 * chi * chi[square] + 2 * chi[cube])) / 6),
        round(float(np.mean(chi**3 - 3 * chi * chi[square] + 2 * chi[cube])) / 6),
        round(float(np.mean(chi**3 - chi[cube])) / 3),
    ]
    assert counts[2] > 0
    orders = list(itertools.permutations(range(3)))
    m = {order: permutation_matrix(six, six, six, order) for order in orders}
    for p, q in itertools.product(orders, repeat=2):
        composed = tuple(p[k] for k in q)
        assert min(np.abs(m[q] @ m[p] - m[composed]).max(), np.abs(m[p] @ m[q] - m[composed]).max()) < 1e-11
        assert np.abs(m[p] @ m[p].T - np.eye(len(m[p]))).max() < 1e-11
    traces = [round(float(np.trace(m[order])), 9) for order in ((0, 1, 2), (1, 0, 2), (1, 2, 0))]
    symmetric, antisymmetric, mixed = counts
    total = symmetric + antisymmetric
    assert traces == [total + 2 * mixed, symmetric - antisymmetric, total - mixed]
    with pytest.raises(ValueError, match=r"mixed symmetry.*permutation_matrix"):
        permutation_phases(six, six, six)


@every_group
@every_kind
def test_permutation_matrices_are_the_phases(name, kind):
    for triple in triples(name, kind):
        phases = permutation_phases(*triple)
        if phases and triple[0] is triple[1]:
            assert np.abs(permutation_matrix(*triple, (1, 0, 2)) - np.diag(phases)).max() < 1e-14
            assert np.abs(permutation_matrix(*triple, (1, 2, 0)) - np.eye(len(phases))).max() < 1e-14


# Frames, settings, refusals ------------------------------------------------------------------------------------------


@every_setting
def test_other_settings_have_invariant_symbols(name):
    for a, b, c in triples(name, "R"):
        v = three_jm(a, b, c)
        assert np.abs(transformed(v, a, b, c) - v).max(initial=0) < 1e-14


def test_a_rotated_group_has_the_symbols_of_the_group():
    group = point_group("D3")
    turned = group.rotated(random_rotation(3))
    for here, there in ((group, turned), (group.double, turned.double)):
        last = [list(g.irreps.values())[2] for g in (here, there)]
        assert np.array_equal(three_jm(*[last[0]] * 3), three_jm(*[last[1]] * 3))


def test_shapes_types_and_memory():
    oh = point_group("Oh").irreps
    empty = three_jm(oh["T1u"], oh["T1u"], oh["T1u"])
    assert empty.shape == (0, 3, 3, 3)
    assert three_jm(oh["T1u"], oh["T1u"], oh["T1u"], exact=True).shape == (0,)
    assert permutation_phases(oh["T1u"], oh["T1u"], oh["T1u"]) == ()
    v = three_jm(oh["T1u"], oh["T1u"], oh["Eg"])
    assert v.dtype == np.float64
    assert three_jm(oh["T1u"], oh["T1u"], oh["Eg"]) is v
    t = point_group("T").irreps
    assert three_jm(t["1E"], t["T"], t["T"]).dtype == np.complex128


@pytest.mark.parametrize("function", [three_jm, permutation_phases])
def test_what_is_refused(function):
    oh, o = point_group("Oh"), point_group("O")
    t = o.irreps["T1"]
    with pytest.raises(TypeError, match="irrep"):
        function(t, t, "T1")
    with pytest.raises(ValueError, match="one group"):
        function(t, t, oh.irreps["T1g"])
    with pytest.raises(ValueError, match="real_irreps"):
        function(t, t, o.real_irreps["T1"])
    with pytest.raises(ValueError, match="one group"):
        function(t, t, o.double.irreps["T1"])


def test_more_that_is_refused():
    for function in (two_jm, conjugate_irrep):
        with pytest.raises(TypeError, match="irrep"):
            function("T1")
    h, t = molecular_point_group("I").irreps["H"], point_group("T").irreps["T"]
    pair = molecular_point_group("C5").irreps["1E1"]
    for finite in (h, pair):
        with pytest.raises(ValueError, match="floating point"):
            three_jm(finite, finite, finite, exact=True)
    for order in ((0, 1), (0, 1, 1), (1, 2, 3)):
        with pytest.raises(ValueError, match=r"permutation of 0, 1, 2"):
            permutation_matrix(t, t, t, order)
