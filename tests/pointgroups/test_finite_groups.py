"""Laws of groups made from generators: tables, irreps over both fields, couplings, projection."""

import copy
import pickle
from itertools import product

import numpy as np
import pytest
from finite_groups import NAMES, every_finite, every_molecular, group, homomorphism_error, symmetric
from hypothesis import given, settings
from hypothesis import strategies as st
from thirty_two import GROUPS, every_field, every_setting, random_rotation

from pointgroups import (
    character_projector,
    coupling,
    dirl,
    molecular_point_group,
    point_group,
    projector,
    raman_tensors,
    symmetry_adapted_basis,
    transfer_operator,
    wigner_d_real,
)
from pointgroups.finite.group import finite_group
from pointgroups.products.operators import OPERATORS, active_components

SMALL = [name for name in NAMES if name not in ("Ih", "S5", "A6")]


def irreps(G, field):
    return list((G.irreps if field == "C" else G.real_irreps).values())


# Tables --------------------------------------------------------------------------------------------------------------


@every_finite
def test_product_table_is_that_of_the_matrices(name):
    G = group(name)
    assert G.product.dtype == np.int64
    assert homomorphism_error(G, G.matrices) < 1e-14
    assert np.abs(G.matrices @ G.matrices.swapaxes(1, 2) - np.eye(G.matrices.shape[-1])).max() < 1e-14
    assert np.array_equal(G.matrices[0], np.eye(G.matrices.shape[-1]))
    assert np.array_equal(G.product[np.arange(G.order), G.inverse], np.zeros(G.order))
    assert (np.sort(G.product, axis=0) == np.arange(G.order)[:, None]).all()


@every_finite
def test_classes_are_orbits_of_conjugation(name):
    G = group(name)
    assert sorted(g for c in G.classes for g in c.indices) == list(range(G.order))
    assert len({c.label for c in G.classes}) == len(G.classes)
    for c in G.classes:
        conjugates = {int(G.product[G.product[h, c.indices[0]], G.inverse[h]]) for h in range(G.order)}
        assert conjugates == set(c.indices)


@every_finite
def test_elements_have_one_name_each(name):
    G = group(name)
    assert len(set(G.elements)) == G.order


@every_finite
def test_characters_are_orthonormal_and_complete(name):
    G = group(name)
    table, sizes = G.character_table, np.array([c.size for c in G.classes])
    assert len(table) == len(G.classes)
    assert np.abs((table * sizes) @ table.conj().T / G.order - np.eye(len(table))).max() < 1e-13
    assert np.abs(table.conj().T @ table - np.diag(G.order / sizes)).max() < 1e-11
    assert sum(a.dim**2 for a in G.irreps.values()) == G.order
    assert np.array_equal(table[0], np.ones(len(table)))


# Irreps --------------------------------------------------------------------------------------------------------------


@every_finite
@every_field
def test_irreps_are_unitary_representations_with_their_characters(name, field):
    G = group(name)
    for a in irreps(G, field):
        assert a.matrices.shape == (G.order, a.dim, a.dim)
        assert not a.matrices.flags.writeable
        assert np.iscomplexobj(a.matrices) == (field == "C" and a.indicator != 1)
        assert homomorphism_error(G, a.matrices) < 1e-13
        assert np.abs(a.matrices @ a.matrices.conj().swapaxes(1, 2) - np.eye(a.dim)).max() < 1e-13
        assert np.abs(np.trace(a.matrices, axis1=1, axis2=2) - a.characters).max() < 1e-13


@every_finite
@every_field
def test_commutant_is_all_that_commutes(name, field):
    """⟨χ, χ⟩ is its dimension; it is orthogonal, closed, and 1 comes first."""
    G = group(name)
    for a in irreps(G, field):
        norm = np.vdot(a.characters, a.characters).real / G.order
        assert round(norm) == a.commuting == len(a.commutant)
        assert abs(norm - a.commuting) < 1e-13
        assert np.array_equal(a.commutant[0], np.eye(a.dim))
        for j in a.commutant[1:]:
            assert np.abs(a.matrices @ j - j @ a.matrices).max() < 2e-14
            assert np.abs(j @ j + np.eye(a.dim)).max() < 1e-14
        inner = np.einsum("aij,bij->ab", a.commutant, a.commutant) / a.dim
        assert np.abs(inner - np.eye(a.commuting)).max() < 1e-14


@every_finite
def test_real_irreps_are_made_of_the_complex_ones(name):
    """Frobenius and Schur: real Γ, complex Γ ⊕ Γ*, quaternionic Γ ⊕ Γ; every irrep over ℂ is used once."""
    G = group(name)
    used = []
    for a in G.real_irreps.values():
        parts = G.decompose_character(a.characters)
        assert sum(parts.values()) == {"real": 1, "complex": 2, "quaternionic": 2}[a.type]
        assert sum(G.irreps[b].dim * n for b, n in parts.items()) == a.dim
        used += parts
    assert sorted(used) == sorted(G.irreps)
    assert sum(a.dim**2 // a.commuting for a in G.real_irreps.values()) == G.order


@every_finite
def test_frobenius_schur_indicators_count_square_roots(name):
    """Σ_χ ε_χ χ(g) is the number of h with h² = g."""
    G = group(name)
    roots = np.bincount(np.diagonal(G.product), minlength=G.order)
    assert np.abs(sum(a.indicator * a.characters for a in G.irreps.values()) - roots).max() < 1e-11


@pytest.mark.parametrize("name", ["C240", "D60h", "D120", "C120v", "S6"])
def test_large_groups_keep_their_digits(name):
    """Orders 240 and 720: Σ d² = |G|, and Γ(s) Γ(g) = Γ(s g) to 1e-13 for some s and all g."""
    G = finite_group(symmetric(6)) if name == "S6" else group(name)
    assert sum(a.dim**2 for a in G.irreps.values()) == G.order == (720 if name == "S6" else 240)
    for a in list(G.irreps.values())[-12:]:
        for s in (1, G.order // 3, G.order - 1):
            assert np.abs(a.matrices[s] @ a.matrices - a.matrices[G.product[s]]).max() < 1e-13
        assert np.abs(a.matrices @ a.matrices.conj().swapaxes(1, 2) - np.eye(a.dim)).max() < 1e-13


# Products and couplings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SMALL)
@every_field
def test_products_count_dimensions(name, field):
    G = group(name)
    some = irreps(G, field)[:: max(1, len(irreps(G, field)) // 6)]
    for a, b in product(some, some):
        parts = G.tensor_product(a, b)
        assert sum(G._irreps_over(field)[c].dim * n for c, n in parts.items()) == a.dim * b.dim
    for a in some:
        squares = [G.symmetric_square(a), G.antisymmetric_square(a)]
        both = {c: squares[0].get(c, 0) + squares[1].get(c, 0) for c in {*squares[0], *squares[1]}}
        assert both == G.tensor_product(a, a)
        for parts, sign in zip(squares, (1, -1), strict=True):
            assert sum(G._irreps_over(field)[c].dim * n for c, n in parts.items()) == a.dim * (a.dim + sign) // 2


@pytest.mark.parametrize(
    "name", ["I", "D5h", "D4d", "C7", "S8", "S4", "S5", "Q8", "2T", "Heisenberg 27", "Frobenius 21"]
)
@every_field
def test_couplings_are_complete_isometries(name, field):
    """Γ^α ⊗ Γ^β U = U ⊕ Γ^γ; over all γ and m U is a square unitary matrix, with U·J where γ has a commutant."""
    G = group(name)
    largest = sorted(irreps(G, field), key=lambda a: -a.dim)[:4]
    for a, b in product(largest, largest):
        pair = np.einsum("gik,gjl->gijkl", a.matrices, b.matrices).reshape(G.order, a.dim * b.dim, a.dim * b.dim)
        columns = []
        for c in irreps(G, field):
            u = coupling(a, b, c)
            assert u.shape == (G.tensor_product(a, b).get(c.label, 0), a.dim, b.dim, c.dim)
            assert not u.flags.writeable
            for copy_ in u.reshape(len(u), a.dim * b.dim, c.dim):
                assert np.abs(pair @ copy_ - copy_ @ c.matrices).max() < 1e-13
                first = copy_[np.flatnonzero(np.abs(copy_[:, 0]) > 1e-9)[0], 0]
                assert abs(first.imag) < 1e-14 < first.real
                columns.append(copy_)
        whole = np.concatenate(columns, axis=1)
        assert np.abs(whole.conj().T @ whole - np.eye(a.dim * b.dim)).max() < 1e-12


@pytest.mark.parametrize("name", ["I", "S5", "Heisenberg 27", "2T", "D5h"])
def test_copies_in_a_square_are_symmetric_first_then_antisymmetric(name):
    G = group(name)
    a = max(G.irreps.values(), key=lambda a: a.dim)
    for c in G.irreps.values():
        u = coupling(a, a, c)
        signs = [1] * G.symmetric_square(a).get(c.label, 0) + [-1] * G.antisymmetric_square(a).get(c.label, 0)
        assert len(u) == len(signs)
        for copy_, sign in zip(u, signs, strict=True):
            assert np.abs(copy_ - sign * copy_.swapaxes(0, 1)).max() < 1e-13


def test_couplings_equal_dirls_formula_on_bare_matrices():
    I = group("I")
    h, g = I.irreps["H"], I.irreps["G"]
    assert np.abs(coupling(h, h, g) - dirl(h.matrices, h.matrices, g.matrices)).max() < 1e-14


def test_mistaken_couplings_are_refused():
    I, d5 = group("I"), group("D5")
    a = I.irreps["H"]
    with pytest.raises(ValueError, match="floating point"):
        coupling(a, a, a, exact=True)
    with pytest.raises(ValueError, match="one group"):
        coupling(a, a, d5.irreps["E1"])
    with pytest.raises(ValueError, match="one group"):
        coupling(point_group("T").irreps["T"], a, a)
    with pytest.raises(ValueError, match="real_irreps"):
        coupling(a, a, I.real_irreps["H"])
    with pytest.raises(TypeError, match="takes irreps"):
        coupling("H", "H", "A")


# Projection ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["I", "D5h", "C7", "Q8", "2T", "S4", "Heisenberg 27", "Frobenius 21"])
@every_field
def test_regular_representation_holds_every_irrep_as_often_as_its_dimension(name, field):
    G = group(name)
    regular = np.zeros((G.order, G.order, G.order))
    g, h = np.indices((G.order, G.order))
    regular[g, G.product, h] = 1
    basis = symmetry_adapted_basis(G, regular, field)
    found = irreps(G, field)
    assert basis.multiplicities == {a.label: a.dim // a.commuting for a in found}
    blocks = basis.array @ regular @ basis.array.conj().T
    for (label, _), rows in basis.blocks.items():
        place = next(r for r, row in enumerate(basis.array) if np.array_equal(row, rows[0]))
        a = G._irreps_over(field)[label]
        part = slice(place, place + a.dim)
        assert np.abs(blocks[:, part, part] - a.matrices).max() < 1e-11
        blocks[:, part, part] = 0
    assert np.abs(blocks).max() < 1e-11
    assert np.abs(sum(character_projector(a, regular) for a in found) - np.eye(G.order)).max() < 1e-12


def test_transfer_operators_of_a_finite_group():
    I = group("I")
    representation = wigner_d_real(3, I.rotations)
    a = I.irreps["G"]
    whole = sum(projector(a, k, representation) for k in range(4))
    assert np.abs(whole - character_projector(a, representation)).max() < 1e-13
    step = transfer_operator(a, 2, 1, representation) @ transfer_operator(a, 1, 3, representation)
    assert np.abs(step - transfer_operator(a, 2, 3, representation)).max() < 1e-13
    with pytest.raises(ValueError, match="quaternionic type"):
        transfer_operator(group("Q8").real_irreps["Γ5Γ5"], 0, 0, group("Q8").matrices)
    with pytest.raises(ValueError, match="does not multiply so"):
        symmetry_adapted_basis(I, I.rotations[::-1] * np.sign(np.linalg.det(I.rotations))[:, None, None])


@given(st.sampled_from(["I", "Ih", "D5h", "D4d", "C7", "S4", "Q8", "2T", "Frobenius 21"]), st.data())
@settings(max_examples=40)
def test_random_representations_decompose_and_rebuild(name, data):
    """A sum of irreps drawn at random, in a random basis: the same irreps come back, and their matrices."""
    G = group(name)
    field = data.draw(st.sampled_from("RC"))
    chosen = data.draw(st.lists(st.sampled_from(irreps(G, field)), min_size=1, max_size=4))
    n = sum(a.dim for a in chosen)
    direct = np.zeros((G.order, n, n), dtype=np.result_type(*(a.matrices for a in chosen)))
    start = 0
    for a in chosen:
        direct[:, start : start + a.dim, start : start + a.dim] = a.matrices
        start += a.dim
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    q, _ = np.linalg.qr(rng.normal(size=(n, n)) + (0 if field == "R" else 1j * rng.normal(size=(n, n))))
    representation = q @ direct @ q.conj().T
    counts = {a.label: sum(b is a for b in chosen) for a in chosen}
    assert G.decompose_character(np.trace(representation, axis1=1, axis2=2), field) == {
        label: counts[label] for label in G._irreps_over(field) if label in counts
    }
    basis = symmetry_adapted_basis(G, representation, field)
    assert basis.multiplicities == counts
    rebuilt = np.zeros_like(direct)
    start = 0
    for label, _ in basis.blocks:
        a = G._irreps_over(field)[label]
        rebuilt[:, start : start + a.dim, start : start + a.dim] = a.matrices
        start += a.dim
    assert np.abs(basis.array.conj().T @ rebuilt @ basis.array - representation).max() < 1e-11


# Beside the exact tables ---------------------------------------------------------------------------------------------


@every_setting
def test_rotations_of_the_32_groups_give_their_exact_tables(name):
    exact = point_group(name)
    G = finite_group(exact.rotations[::-1])
    assert G.name == exact.schoenflies
    assert np.abs(G.rotations - exact.rotations).max() < 1e-14
    assert np.array_equal(G.product, exact.product)
    assert [(c.label, c.indices) for c in G.classes] == [(c.label, c.indices) for c in exact.classes]
    for ours, theirs in ((G.irreps, exact.irreps), (G.real_irreps, exact.real_irreps)):
        assert list(ours) == list(theirs)
        for label, a in ours.items():
            b = theirs[label]
            assert (a.dim, a.indicator, a.commuting, a.type) == (b.dim, b.indicator, b.commuting, b.type)
            assert np.abs(a.characters - b.characters).max() < 1e-14
    for degree in range(5):
        assert G.subduce(degree) == exact.subduce(degree)
        assert G.subduce(degree, -1, "C") == exact.subduce(degree, -1, "C")


@pytest.mark.parametrize(
    "name", ["C4", "S4", "C4h", "D4", "C4v", "D2d", "D4h", "C6", "D6", "C6v", "D6h", "D3", "D3d", "C6h"]
)
def test_axial_groups_have_the_bases_of_the_exact_tables(name):
    """(x, y), and (x² − y², 2xy)-like pairs: the same matrices, not only equivalent ones."""
    exact = point_group(name)
    G = finite_group(exact.rotations)
    for label, a in G.real_irreps.items():
        assert np.abs(a.matrices - exact.real_irreps[label].matrices).max() < 1e-14
        assert np.array_equal(a.commutant, exact.real_irreps[label].commutant)


@given(
    st.sampled_from(["D5h", "D4d", "D6d", "C5v", "S8", "I", "Ih", "Oh", "T", "D6h", "D2h", "C2v"]), st.integers(0, 50)
)
@settings(max_examples=40)
def test_a_random_frame_does_not_change_the_table(name, seed):
    """Generators in other axes give the same characters, up to which of two kinds of axes is named first."""
    standard = finite_group(point_group(name).rotations) if name in ("Oh", "T", "D6h", "D2h", "C2v") else group(name)
    frame = random_rotation(seed)
    rng = np.random.default_rng(seed)
    turned = finite_group((frame @ standard.rotations @ frame.T)[rng.permutation(standard.order)])
    assert turned.name == standard.name
    assert [c.label for c in turned.classes] == [c.label for c in standard.classes]
    assert list(turned.irreps) == list(standard.irreps)
    assert np.abs(turned.character_table - standard.character_table).max() < 1e-14
    back = turned.frame @ turned.rotations @ turned.frame.T
    if name not in ("I", "Ih"):  # which stay as they are
        assert np.abs(back[:, None] - standard.rotations).max(axis=(2, 3)).min(axis=1).max() < 1e-12


@given(st.sampled_from(["Ih", "Oh", "D12h", "D10d", "C12v", "S5", "Heisenberg 27"]), st.data())
@settings(max_examples=60)
def test_random_subgroups_have_complete_tables(name, data):
    """Of elements drawn at random, in axes drawn at random: irreps have labels of their own, and Σ d² = |G|."""
    G = finite_group(point_group("Oh").rotations) if name == "Oh" else group(name)
    chosen = data.draw(st.lists(st.integers(0, G.order - 1), min_size=1, max_size=3))
    if G.frame is None:
        H = finite_group(G.permutations[chosen])
    else:
        frame = random_rotation(data.draw(st.integers(0, 20)))
        H = finite_group(frame @ G.rotations[chosen] @ frame.T)
        assert sum(H.irreps[c].dim * n for c, n in H.subduce(1, field="C").items()) == 3
    assert G.order % H.order == 0
    assert len(H.irreps) == len(H.classes) == len({c.label for c in H.classes})
    for field in "CR":
        found = irreps(H, field)
        assert sum(a.dim**2 // a.commuting for a in found) == H.order
        assert max(homomorphism_error(H, a.matrices) for a in found) < 1e-13
    if H.name in GROUPS:
        exact = point_group(H.name)
        assert list(H.irreps) == list(exact.irreps)
        assert np.abs(H.character_table - exact.character_table).max() < 1e-14


@every_finite
def test_generators_in_another_order_give_the_same_group(name):
    rng = np.random.default_rng(5)
    elements = group(name).matrices if group(name).permutations is None else group(name).permutations
    G, H = finite_group(elements), finite_group(elements[rng.permutation(len(elements))])
    assert np.array_equal(H.product, G.product)
    assert H.classes == G.classes
    assert list(H.irreps) == list(G.irreps)
    assert np.abs(H.matrices - G.matrices).max() < 1e-14
    for a, b in zip(G.irreps.values(), H.irreps.values(), strict=True):
        assert np.abs(a.matrices - b.matrices).max() < 1e-12


# Values --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["I", "D5h", "Q8", "S4"])
def test_groups_and_irreps_are_values(name):
    G = group(name)
    a = next(iter(G.real_irreps.values()))
    assert pickle.loads(pickle.dumps(G)) is G  # noqa: S301
    assert pickle.loads(pickle.dumps(a)) is a  # noqa: S301
    assert copy.deepcopy(G) is G
    assert G.irreps is G.irreps
    with pytest.raises(AttributeError, match="immutable"):
        G.order = 3
    with pytest.raises(ValueError, match="read-only"):
        G.product[0, 0] = 1
    with pytest.raises(ValueError, match="floating point"):
        a.exact_matrices  # noqa: B018


@pytest.mark.parametrize(
    ("name", "label", "basis"),
    [
        ("Ih", "T1u", ("x", "y", "z")),
        ("Ih", "T1g", ("Rx", "Ry", "Rz")),
        ("Ih", "T2g", ()),
        ("I", "T1", ("x", "y", "z")),
        ("D5h", "E1'", ()),
        ("A5", "Γ2", ()),
    ],
)
def test_named_functions(name, label, basis):
    """The given matrices are the irrep of x, y, z, times their determinants that of Rx, Ry, Rz."""
    G = group(name)
    assert G.irreps[label].basis == G.real_irreps[label].basis == basis
    if basis:
        signs = G.determinants[:, None, None] if basis[0] == "Rx" else 1
        assert np.array_equal(G.irreps[label].matrices, signs * G.rotations)


def test_e_of_axial_groups_turns_by_k_times_the_angle():
    """Γ(C7+) of E_k is the rotation by 2πk/7 and Γ(C2 along x) is diag(1, −1); in D4d Γ(S8) turns by 2πk/8."""
    for name, turn, n in (("D7", "C7[001]+", 7), ("D4d", "S8[001]+", 8)):
        G = group(name)
        for k in range(1, (n + 1) // 2):
            a = G.irreps[f"E{k}"].matrices
            c, s = np.cos(2 * np.pi * k / n), np.sin(2 * np.pi * k / n)
            assert np.abs(a[G.elements.index(turn)] - [[c, -s], [s, c]]).max() < 1e-15
            assert np.abs(a[G.elements.index("C2[100]")] - np.diag([1, -1])).max() < 1e-15


def test_mistaken_questions_are_refused():
    I, s4 = group("I"), group("S4")
    with pytest.raises(ValueError, match="not given by 3×3 rotation matrices"):
        s4.rotations  # noqa: B018
    with pytest.raises(ValueError, match="not given by 3×3"):
        s4.subduce(2)
    with pytest.raises(ValueError, match="degree ℓ"):
        I.subduce(-1)
    with pytest.raises(ValueError, match="degree ℓ"):
        I.harmonics(-1)
    with pytest.raises(ValueError, match=r"'Γ9' is not an irrep of a group of order 24; .* are Γ1, Γ2"):
        s4.irreps["Γ9"]
    with pytest.raises(ValueError, match='field is "R" or "C"'):
        I.subduce(2, field="H")
    with pytest.raises(ValueError, match=r"take all irreps from G\.irreps or all"):
        I.tensor_product(I.irreps["H"], I.real_irreps["H"])
    with pytest.raises(ValueError, match="parity is 1 or -1"):
        I.subduce(1, 2)
    with pytest.raises(ValueError, match="not an irrep of I"):
        I.irreps["T3"]
    with pytest.raises(ValueError, match="another group"):
        I.irrep(s4.irreps["Γ1"])
    with pytest.raises(ValueError, match="not the character"):
        I.decompose_character(np.eye(60)[0])
    with pytest.raises(ValueError, match="one value an element"):
        I.decompose_character(np.ones(5))
    with pytest.raises(ValueError, match="one value an element"):
        I.decompose_character(["1"] * 60)
    with pytest.raises(ValueError, match="splits over the complex numbers"):
        group("C7").irreps["E1"]
    assert group("C7").tensor_product("E1", "E1") == {"A": 2, "E2": 1}


@every_molecular
def test_harmonics_transform_as_they_say(name):
    G = group(name)
    for degree in range(13) if name in ("I", "Ih") else (1, 4):
        basis, moved = G.harmonics(degree), wigner_d_real(degree, G.rotations)
        assert basis.multiplicities == G.subduce(degree)
        for (label, _), rows in basis.blocks.items():
            assert np.abs(rows @ moved @ rows.T - G.real_irreps[label].matrices).max() < 1e-12


def test_exact_theory_is_refused_with_the_reason() -> None:
    Ih = molecular_point_group("Ih")
    with pytest.raises(AttributeError, match="for the 32 crystallographic groups"):
        raman_tensors(Ih)
    with pytest.raises(
        AttributeError, match=r"spinor irreps are made for the 32 .* finite_group takes its real matrices"
    ):
        Ih.double  # noqa: B018
    with pytest.raises(AttributeError, match=r"its matrices are floats, G\.matrices"):
        Ih.exact_rotations  # noqa: B018


@pytest.mark.parametrize("tilt", [3e-10, 7e-10, 1e-9, 5e-9, 3e-8, 1e-6])
@pytest.mark.parametrize("name", ["C2v", "D2", "D2h", "D2d", "D4h", "D5d", "D6h", "Td", "Oh"])
def test_axes_nearly_along_x_y_z(name, tilt):
    """Where digits of axes round differently, names are those of the axes themselves."""
    straight = finite_group(molecular_point_group(name).rotations)
    angle = tilt * np.array([0.3, 0.5, 0.8])
    turn = np.eye(3) + np.cross(np.eye(3), angle)
    tilted = finite_group(np.linalg.qr(turn)[0] @ straight.rotations @ np.linalg.qr(turn)[0].T)
    assert [c.label for c in tilted.classes] == [c.label for c in straight.classes]
    assert list(tilted.irreps) == list(straight.irreps)
    for operator in OPERATORS.values():
        for label, irrep in straight.irreps.items():
            assert active_components(tilted.irreps[label], operator) == active_components(irrep, operator)
