"""Coupling coefficients: they intertwine, are isometries, are complete, and follow the conventions, exactly."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from cyclotomic import Exact, exact, identity, kron
from thirty_two import (
    GROUPS,
    OTHER_SETTINGS,
    character,
    every_complex_irrep,
    every_field,
    every_irrep,
    every_setting,
    irrep,
    irreps,
    matrices,
    multiplicity,
    random_rotation,
)

from pointgroups import coupling, dirl, point_group


@cache
def exact_coupling(name: str, field: str, a: str, b: str, c: str) -> Exact:
    """U (m, d_a, d_b, d_c), exact; the test's own reading of the library's SymPy numbers."""
    alpha, beta, gamma = (irrep(name, field, label) for label in (a, b, c))
    return exact(coupling(alpha, beta, gamma, exact=True))


def _columns(u: Exact) -> Exact:
    """(m, d_a, d_b, d_c) → (d_a d_b, m d_c)."""
    m, d_a, d_b, d_c = u.shape
    return u.transpose(1, 2, 0, 3).reshape(d_a * d_b, m * d_c)


@every_irrep
def test_coupling_intertwines_and_is_complete_and_unitary_exactly(name, field, label):
    """For a = the given irrep and every b: Γ^a ⊗ Γ^b U = U ⊕ Γ^c with U one unitary matrix over all c and copies."""
    group, a = point_group(name), irrep(name, field, label)
    for b in irreps(group, field):
        product = kron(matrices(a), matrices(b))
        chi = character(a) * character(b)
        blocks = []
        for c in irreps(group, field):
            where = f"{label}⊗{b.label}→{c.label}"
            m = multiplicity(chi, c)
            u = coupling(a, b, c)
            assert u.shape == (m, a.dim, b.dim, c.dim), where
            if m == 0:
                continue
            exact_u = exact_coupling(name, field, label, b.label, c.label)
            assert exact_u.shape == u.shape, where
            assert np.abs(exact_u.values() - u).max() < 4e-16, where
            for copy in range(m):
                w = exact_u[copy].reshape(a.dim * b.dim, c.dim)
                assert (product @ w).equals(w[None] @ matrices(c)), f"{where} copy {copy + 1} does not intertwine"
            blocks.append(_columns(exact_u))
        unitary = _side_by_side(blocks)
        assert unitary.shape == (a.dim * b.dim, a.dim * b.dim), f"{label}⊗{b.label} is not complete"
        assert (unitary.mT.conj() @ unitary).equals(identity(a.dim * b.dim)), f"{label}⊗{b.label} is not unitary"


def _side_by_side(blocks: list[Exact]) -> Exact:
    denominator = int(np.lcm.reduce([block.denominator for block in blocks]))
    return Exact(
        np.concatenate([block.numerators * (denominator // block.denominator) for block in blocks], axis=1),
        denominator,
    )


@every_setting
@every_field
def test_coupling_intertwines_in_floats(name, field):
    group = point_group(name)
    for a in irreps(group, field):
        for b in irreps(group, field):
            product = np.einsum("gij,gkl->gikjl", a.matrices, b.matrices)
            for c in irreps(group, field):
                u = coupling(a, b, c)
                assert u.dtype in ((np.float64,) if field == "R" else (np.float64, np.complex128))
                left = np.einsum("gikjl,mjln->gmikn", product, u)
                right = np.einsum("mikp,gpn->gmikn", u, c.matrices)
                assert np.abs(left - right).max(initial=0) < 1e-14, f"{a.label}⊗{b.label}→{c.label}"


@every_irrep
def test_phase_rule_exactly(name, field, label):
    """The first non-zero coefficient of n = 1, in (i, j) order, is real and positive in every copy."""
    group, a = point_group(name), irrep(name, field, label)
    for b in irreps(group, field):
        for c in irreps(group, field):
            for copy in range(len(coupling(a, b, c))):
                u = exact_coupling(name, field, label, b.label, c.label)[copy]
                column = u.reshape(a.dim * b.dim, c.dim)[:, 0]
                first = column[int(np.flatnonzero(column.nonzero())[0])]
                assert first.equals(first.conj()), f"{label}⊗{b.label}→{c.label}: not real"
                assert first.values().real > 0, f"{label}⊗{b.label}→{c.label}: negative"


@every_irrep
def test_square_has_symmetric_copies_first_then_antisymmetric(name, field, label):
    """a = b: copies are purely symmetric or antisymmetric, as many as the symmetrised squares say, in this order."""
    group, a = point_group(name), irrep(name, field, label)
    symmetric, antisymmetric = group.symmetric_square(a), group.antisymmetric_square(a)
    for c in irreps(group, field):
        if not len(coupling(a, a, c)):
            continue
        u = exact_coupling(name, field, label, label, c.label)
        signs = [1] * symmetric.get(c.label, 0) + [-1] * antisymmetric.get(c.label, 0)
        assert len(signs) == u.shape[0]
        for copy, sign in enumerate(signs):
            exchanged = u[copy].transpose(1, 0, 2)
            assert exchanged.equals(u[copy] * sign), f"{label}⊗{label}→{c.label} copy {copy + 1}"


@every_irrep
def test_over_the_reals_the_commutant_gives_all_intertwiners(name, field, label):
    """U and U·J span Hom_G(c, a⊗b): ⟨χ_a χ_b, χ_c⟩ independent maps."""
    group, a = point_group(name), irrep(name, field, label)
    for b in irreps(group, field):
        for c in irreps(group, field):
            u = coupling(a, b, c)
            maps = np.einsum("mijk,ckl->mcijl", u, c.commutant).reshape(-1, *u.shape[1:])
            product = np.einsum("gij,gkl->gikjl", a.matrices, b.matrices)
            left = np.einsum("gikjl,mjln->gmikn", product, maps)
            right = np.einsum("mikp,gpn->gmikn", maps, c.matrices)
            assert np.abs(left - right).max(initial=0) < 1e-14, f"{label}⊗{b.label}→{c.label}"
            expected = round(float(np.real(np.mean(a.characters * b.characters * c.characters.conj()))))
            flat = maps.reshape(len(maps), a.dim * b.dim * c.dim)
            gram = flat.conj() @ flat.T / c.dim
            assert len(maps) == expected, f"{label}⊗{b.label}→{c.label}"
            assert np.abs(gram - np.eye(expected)).max(initial=0) < 1e-14, f"{label}⊗{b.label}→{c.label}"


# The slow twin of Dirl's formula -------------------------------------------------------------------------------------


def _dirl_column(a, b, c, q, s, fixed):
    """Σ_g Γ^a_iq Γ^b_js Γ^c_na* as the slides print it, (d_a, d_b, d_c), and the bracket Σ_g Γ^a_qq Γ^b_ss Γ^c_aa*."""
    total = np.einsum("gi,gj,gn->ijn", a.matrices[:, :, q], b.matrices[:, :, s], c.matrices[:, :, fixed].conj())
    return total, total[q, s, fixed]


@every_complex_irrep
def test_without_multiplicity_it_is_dirls_formula_as_printed(name, label):
    """m = 1 over ℂ: U = √(d/|G|) [bracket]^(−1/2) Σ_g … for every (q, s, a) with a bracket ≠ 0, up to the phase."""
    group, a = point_group(name), irrep(name, "C", label)
    for b in irreps(group, "C"):
        for c in irreps(group, "C"):
            u = coupling(a, b, c)
            if len(u) != 1:
                continue
            tried = 0
            for q, s, fixed in np.ndindex(a.dim, b.dim, c.dim):
                total, bracket = _dirl_column(a, b, c, q, s, fixed)
                if abs(bracket) < 1e-9:
                    continue
                printed = np.sqrt(c.dim / group.order) * bracket**-0.5 * total
                phase = np.vdot(printed, u[0]) / c.dim
                assert abs(abs(phase) - 1) < 1e-12
                assert np.abs(phase * printed - u[0]).max() < 1e-12, f"{label}⊗{b.label}→{c.label} from {q, s, fixed}"
                tried += 1
            assert tried


@pytest.mark.parametrize(("name", "triple"), [("Th", ("Tg", "Tu", "Tu")), ("Th", ("Tu", "Tg", "Tu"))])
def test_copies_follow_the_pairs_q_s_in_lexicographic_order(name, triple):
    """a ≠ b with m = 2: copy m is Dirl's column of the m-th pair (q, s) that gives something new, orthonormalised."""
    a, b, c = (irrep(name, "C", label) for label in triple)
    u = coupling(a, b, c)
    assert len(u) == 2
    found = []
    for q, s in np.ndindex(a.dim, b.dim):
        total, bracket = _dirl_column(a, b, c, q, s, 0)
        if abs(bracket) < 1e-9:
            continue
        rest = total - sum((np.vdot(w, total) * w for w in found), np.zeros_like(total))
        if np.linalg.norm(rest) > 1e-9:
            found.append(rest / np.linalg.norm(rest))
    assert len(found) == 2
    for copy, w in zip(u, found, strict=True):
        assert abs(abs(np.vdot(w, copy)) - np.sqrt(c.dim)) < 1e-12


# Places where mistakes show ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "e", "t", "targets"),
    [("Oh", "Eg", "T1u", ("T1u", "T2u")), ("Td", "E", "T2", ("T1", "T2")), ("O", "E", "T1", ("T1", "T2"))],
)
def test_e_times_t_has_the_kronecker_order_i_then_j(name, e, t, targets):
    """E⊗T and T⊗E: with d_a ≠ d_b a transposed Kronecker index cannot intertwine. Γ(g) is taken element by element."""
    for a, b in ((e, t), (t, e)):
        alpha, beta = irrep(name, "R", a), irrep(name, "R", b)
        for target in targets:
            gamma = irrep(name, "R", target)
            (u,) = coupling(alpha, beta, gamma)
            assert u.shape == (alpha.dim, beta.dim, 3)
            for g in range(point_group(name).order):
                for i in range(alpha.dim):
                    for j in range(beta.dim):
                        left = alpha.matrices[g][i] @ np.einsum("jk,ikn->ijn", beta.matrices[g], u)[:, j]
                        assert np.abs(left - u[i, j] @ gamma.matrices[g]).max() < 1e-14


def test_e_times_t1u_by_value():
    """(2z²−x²−y², √3(x²−y²)) ⊗ (x, y, z) → T1u is the symmetric traceless matrix times the vector."""
    oh = point_group("Oh")
    (u,) = coupling(oh.real_irreps["Eg"], oh.real_irreps["T1u"], oh.real_irreps["T1u"])
    q = np.array([np.diag([-1.0, -1.0, 2.0]), np.diag([1.0, -1.0, 0.0]) * np.sqrt(3)])
    expected = q / np.linalg.norm(q.reshape(2, 9)) * np.sqrt(3)
    assert np.abs(np.abs(np.einsum("ijn,ijn->", u, expected)) - 3) < 1e-12
    first = expected[:, :, 0].ravel()
    sign = np.sign(first[np.flatnonzero(first)[0]])
    assert np.abs(u - sign * expected).max() < 1e-15


def test_vector_products_by_value():
    """T1u⊗T1u: the dot product over √3, the cross product over √2, and yz, zx, xy over √2."""
    oh = point_group("Oh")
    t1u = oh.real_irreps["T1u"]
    dot = coupling(t1u, t1u, oh.real_irreps["A1g"])
    assert np.abs(dot[0, :, :, 0] - np.eye(3) / np.sqrt(3)).max() < 1e-15
    epsilon = np.zeros((3, 3, 3))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        epsilon[i, j, k], epsilon[j, i, k] = 1, -1
    cross = coupling(t1u, t1u, oh.real_irreps["T1g"])
    assert np.abs(cross[0] - epsilon / np.sqrt(2)).max() < 1e-15
    pairs = coupling(t1u, t1u, oh.real_irreps["T2g"])
    assert np.abs(pairs[0] - np.abs(epsilon) / np.sqrt(2)).max() < 1e-15


@pytest.mark.parametrize("name", ["T", "Th"])
def test_t_times_t_has_both_copies(name):
    """GTPack's export keeps one of two; ours are the symmetric and the antisymmetric one."""
    group = point_group(name)
    for field in "CR":
        t = irreps(group, field)[-1]
        target = next(c for c in irreps(group, field) if c.label in ("T", "Tg"))
        u = coupling(t, t, target)
        assert len(u) == 2
        assert np.abs(u[0] - u[0].transpose(1, 0, 2)).max() < 1e-15
        assert np.abs(u[1] + u[1].transpose(1, 0, 2)).max() < 1e-15


@pytest.mark.parametrize(("setting", "default"), OTHER_SETTINGS.items())
def test_other_settings_have_couplings_of_the_same_shape(setting, default):
    for field in "CR":
        there, here = irreps(point_group(setting), field), irreps(point_group(default), field)
        for a, a_ in zip(there, here, strict=True):
            for c, c_ in zip(there, here, strict=True):
                assert coupling(a, a, c).shape == coupling(a_, a_, c_).shape


def test_a_rotated_group_couples_as_the_group_does():
    group = point_group("D3")
    turned = group.rotated(random_rotation(5))
    e, e_turned = group.irreps["E"], turned.irreps["E"]
    assert np.array_equal(coupling(e, e, group.irreps["A2"]), coupling(e_turned, e_turned, turned.irreps["A2"]))


def test_repeated_calls_give_the_same_array():
    oh = point_group("Oh")
    t = oh.irreps["T1u"]
    assert coupling(t, t, oh.irreps["Eg"]) is coupling(t, t, oh.irreps["Eg"])


# Dirl's formula on bare matrices -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GROUPS)
def test_dirl_on_bare_matrices_in_another_basis(name):
    """Irreps turned by random unitaries: still isometric intertwiners, as many as characters say."""
    group, rng = point_group(name), np.random.default_rng(7)
    turned = {}
    for gamma in irreps(group, "C"):
        d = gamma.dim
        q, _ = np.linalg.qr(rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)))
        turned[gamma.label] = q @ gamma.matrices @ q.conj().T
    for a in turned.values():
        for b in turned.values():
            columns = []
            for c in turned.values():
                u = dirl(a, b, c)
                left = np.einsum("gij,gkl,mjln->gmikn", a, b, u)
                assert np.abs(left - np.einsum("mikp,gpn->gmikn", u, c)).max(initial=0) < 1e-12
                columns.append(np.moveaxis(u, 0, 2).reshape(a.shape[-1] * b.shape[-1], -1))
            w = np.concatenate(columns, axis=1)
            assert w.shape == (len(w), len(w))
            assert np.abs(w.conj().T @ w - np.eye(len(w))).max() < 1e-12


@pytest.mark.parametrize("name", GROUPS)
def test_dirl_on_real_matrices_in_another_basis(name):
    """The same over ℝ with random rotations of each irrep: the commutant J is found, not assumed."""
    group, rng = point_group(name), np.random.default_rng(8)
    turned = {}
    for gamma in irreps(group, "R"):
        q, _ = np.linalg.qr(rng.normal(size=(gamma.dim, gamma.dim)))
        turned[gamma.label] = q @ gamma.matrices @ q.T
    for a in turned.values():
        for b in turned.values():
            columns = []
            for c in turned.values():
                u = dirl(a, b, c)
                assert u.dtype == np.float64
                left = np.einsum("gij,gkl,mjln->gmikn", a, b, u)
                assert np.abs(left - np.einsum("mikp,gpn->gmikn", u, c)).max(initial=0) < 1e-12
                columns.append(np.moveaxis(u, 0, 2).reshape(a.shape[-1] * b.shape[-1], -1))
            w = np.concatenate(columns, axis=1)
            assert w.shape == (len(w), len(w))
            assert np.abs(w.T @ w - np.eye(len(w))).max() < 1e-12


def test_dirl_checks_its_arguments():
    e = point_group("D3").irreps["E"].matrices
    with pytest.raises(ValueError, match="shape"):
        dirl(e, e[:4], e)
    with pytest.raises(ValueError, match="shape"):
        dirl(e, e, e[0])


# What is refused -----------------------------------------------------------------------------------------------------


def test_irreps_of_another_group_are_refused():
    oh, o = point_group("Oh"), point_group("O")
    with pytest.raises(ValueError, match=r"(?s)Oh.*O|O.*Oh"):
        coupling(oh.irreps["T1u"], oh.irreps["T1u"], o.irreps["T1"])
    d3, setting = point_group("D3"), point_group("312")
    with pytest.raises(ValueError, match="312"):
        coupling(d3.irreps["E"], setting.irreps["E"], d3.irreps["E"])


def test_mixing_the_fields_is_refused():
    for name, label in (("C3", "A"), ("Oh", "T1u")):
        group = point_group(name)
        a, b = group.irreps[label], group.real_irreps[label]
        with pytest.raises(ValueError, match=r"ℂ|ℝ|field|real|complex"):
            coupling(a, b, b)


@pytest.mark.parametrize("wrong", ["T1u", None, 3])
def test_what_is_no_irrep_is_refused(wrong):
    t = point_group("Oh").irreps["T1u"]
    with pytest.raises((TypeError, ValueError), match=r"(?i)irrep"):
        coupling(t, t, wrong)


@every_field
def test_forbidden_couplings_are_empty(field):
    oh = point_group("Oh")
    mapping = oh.irreps if field == "C" else oh.real_irreps
    u = coupling(mapping["T1u"], mapping["T1u"], mapping["A1u"])
    assert u.shape == (0, 3, 3, 1)
    assert not u.flags.writeable
    assert exact(coupling(mapping["T1u"], mapping["T1u"], mapping["A1g"], exact=True)).shape == (1, 3, 3, 1)


def test_there_are_172_coupling_blocks_of_oh():
    oh = irreps(point_group("Oh"), "C")
    blocks = [coupling(a, b, c) for a in oh for b in oh for c in oh]
    assert sum(len(u) > 0 for u in blocks) == 172
    assert sum(len(u) for u in blocks) == 172
    assert sum(Fraction(u.size) for u in blocks) == sum(a.dim**2 * b.dim**2 for a in oh for b in oh)
