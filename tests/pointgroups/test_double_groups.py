"""Double groups of every setting: the SU(2) lift, the group law, spinor irreps and their theorems, exactly."""

import copy
import pickle
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy
from cyclotomic import Exact, exact, identity
from thirty_two import GROUPS, SETTINGS, every_group, every_setting, inner, power_map, random_rotation, rotations

from pointgroups import UnknownIrrepError, point_group, symmetry_adapted_basis
from pointgroups.double.rotation_lift import su2_matrix
from pointgroups.exact import ExactArray

PAULI = exact([["0", "1", "1", "0"], ["0", "-I", "I", "0"], ["1", "0", "0", "-1"]]).reshape(3, 2, 2)


def _cases():
    for name in SETTINGS:
        for label in point_group(name).double.spinor_irreps:
            yield pytest.param(name, label, id=f"{name}-{label}")


every_spinor_irrep = pytest.mark.parametrize(("name", "label"), list(_cases()))


@cache
def su2(name: str) -> Exact:
    """Exact SU(2) matrices (2|G|, 2, 2), read from the library's text."""
    double = point_group(name).double
    return exact(double.exact_su2.tokens()).reshape(double.order, 2, 2)


@cache
def matrices(name: str, label: str) -> Exact:
    """Exact matrices of an irrep of the double group, read from the library's SymPy numbers."""
    return exact(point_group(name).double.irreps[label].exact)


def character(name: str, label: str) -> Exact:
    return matrices(name, label).trace()


# -- elements -----------------------------------------------------------------------------------------------------


@every_setting
def test_su2_is_the_lift_of_the_proper_rotations_exactly(name):
    """U (r·σ) U† = (R r)·σ with R = det(g) g; U ∈ SU(2); tr U ≥ 0 on 0 … |G|−1; element |G| + i is −U_i."""
    group, u = point_group(name), su2(name)
    order = group.order
    assert (u @ u.mT.conj()).equals(identity(2)[None])
    determinant = u[:, 0, 0] * u[:, 1, 1] - u[:, 0, 1] * u[:, 1, 0]
    assert (determinant - exact([1])).nonzero().sum() == 0
    proper = rotations(name) * exact([int(d) for d in group.determinants]).reshape(order, 1, 1)
    turned = u[:order, None] @ PAULI[None] @ u[:order, None].mT.conj()
    expected = (proper.mT.reshape(order, 3, 3, 1, 1) * PAULI.reshape(1, 1, 3, 2, 2)).sum(2)
    assert turned.equals(expected)
    assert (u[order:] + u[:order]).nonzero().sum() == 0
    assert (np.trace(u[:order].values(), axis1=1, axis2=2).real > -1e-12).all()
    assert np.abs(u.values() - group.double.su2).max() < 3e-16


@every_setting
def test_product_and_inverse_exactly(name):
    """Elements are pairs (U, det): the product table is that of the matrices, and Ē is element |G|."""
    double, u = point_group(name).double, su2(name)
    assert (u[:, None] @ u[None]).equals(u[double.product])
    assert (double.determinants[:, None] * double.determinants == double.determinants[double.product]).all()
    everything = np.arange(double.order)
    assert (double.product[everything, double.inverse] == 0).all()
    bar = double.order // 2
    assert (double.product[bar] == (everything + bar) % double.order).all()
    assert double.elements[bar] == "Ē"
    assert len(set(double.elements)) == double.order
    assert np.array_equal(double.rotations[bar:], double.rotations[:bar])


@pytest.mark.parametrize("name", [n for n in SETTINGS if point_group(n).has_inversion])
def test_inversion_carries_the_unit_matrix(name):
    """U(i g) = U(g) exactly, so that g spinors are even."""
    group = point_group(name)
    inversion = group.elements.index("i")
    half = su2(name)[: group.order]
    assert half[group.product[inversion]].equals(half)


@every_setting
def test_classes(name):
    """Classes are the orbits of conjugation; unbarred matrices of one class of G stay in one class."""
    group = point_group(name)
    double = group.double
    product, inverse = double.product, double.inverse
    assert sorted(g for c in double.classes for g in c.indices) == list(range(double.order))
    for c in double.classes:
        assert set(product[product[:, c.indices[0]], inverse]) == set(c.indices), c.label
    class_of = {g: c for c in double.classes for g in c.indices}
    for c in group.classes:
        assert len({class_of[g] for g in c.indices}) == 1, f"{c.label} is spread over several classes"
        label = class_of[c.indices[0]].label
        if class_of[c.indices[0] + group.order] is class_of[c.indices[0]]:
            assert label.startswith(f"{c.label}+")
        else:
            assert label == c.label
    labels = [c.label for c in double.classes]
    assert len(set(labels)) == len(labels)
    assert labels[:2] == ["E", "Ē"]


# -- irreps -------------------------------------------------------------------------------------------------------


@every_spinor_irrep
def test_homomorphism_and_unitarity_exactly(name, label):
    double, gamma = point_group(name).double, matrices(name, label)
    assert (gamma[:, None] @ gamma[None]).equals(gamma[double.product]), "Γ(g)Γ(h) ≠ Γ(gh)"
    assert (gamma @ gamma.mT.conj()).equals(identity(gamma.shape[-1])[None]), "Γ(g) is not unitary"
    half = double.order // 2
    assert (gamma[half:] + gamma[:half]).nonzero().sum() == 0, "Γ(Ē) is not −1"


@every_spinor_irrep
def test_floats_characters_and_attributes(name, label):
    double = point_group(name).double
    irrep = double.irreps[label]
    assert irrep is double.spinor_irreps[label]
    assert irrep.spinor
    assert irrep.group is double
    assert irrep.matrices.shape == (double.order, irrep.dim, irrep.dim)
    assert irrep.matrices.dtype == (np.float64 if irrep.type == "real" else np.complex128)
    assert irrep.characters.dtype == (np.complex128 if irrep.type == "complex" else np.float64)
    assert np.abs(matrices(name, label).values() - irrep.matrices).max() < 5e-16
    assert np.abs(character(name, label).values() - irrep.characters).max() < 1e-15
    assert len(irrep.basis) == irrep.dim
    assert irrep.labels["koster"].startswith("Γ")
    assert not irrep.matrices.flags.writeable


@every_setting
def test_single_valued_irreps_are_those_of_the_group(name):
    group = point_group(name)
    for label, irrep in group.irreps.items():
        lifted = group.double.irreps[label]
        assert not lifted.spinor
        assert lifted.labels["koster"] == irrep.labels["koster"]
        assert lifted.indicator == irrep.indicator
        assert lifted.basis == irrep.basis
        assert np.array_equal(lifted.matrices, np.concatenate([irrep.matrices] * 2))
        assert np.array_equal(lifted.characters, np.concatenate([irrep.characters] * 2))


@every_setting
def test_dimensions_and_number_of_irreps(name):
    double = point_group(name).double
    assert sum(a.dim**2 for a in double.irreps.values()) == double.order
    assert sum(a.dim**2 for a in double.spinor_irreps.values()) == double.order // 2
    assert len(double.irreps) == len(double.classes)
    assert len(double.irreps) == len(double.point_group.irreps) + len(double.spinor_irreps)


@every_setting
def test_great_orthogonality_theorem_exactly(name):
    """(1/2|G|) Σ_g Γ^α_ij(g)* Γ^β_kl(g) = δ_αβ δ_ik δ_jl / d_α for all pairs, spinors and others."""
    double = point_group(name).double
    rows = {label: matrices(name, label).reshape(double.order, -1) for label in double.irreps}
    for a, left in rows.items():
        for b, right in rows.items():
            gram = (left.mT.conj() @ right) * Fraction(1, double.order)
            d = double.irreps[a].dim
            assert gram.equals(identity(d * d) * Fraction(1, d)) if a == b else not gram.nonzero().any(), (a, b)


@every_setting
def test_character_table_is_orthogonal_in_rows_and_columns_exactly(name):
    double = point_group(name).double
    chi = exact([list(map(sympy.sympify, a.class_characters.tokens())) for a in double.irreps.values()])
    sizes = exact([c.size for c in double.classes])
    n = len(double.irreps)
    assert ((chi * sizes[None]) @ chi.mT.conj()).equals(identity(n) * double.order)
    weighted = (chi.mT.conj() @ chi) * sizes[:, None]
    assert weighted.equals(identity(n) * double.order)
    assert np.abs(double.character_table - chi.values()).max() < 1e-14


@every_setting
def test_frobenius_schur_indicator_by_definition(name):
    """ν = (1/2|G|) Σ χ(g²); spinor irreps are pseudoreal, complex, or real and then of dimension 1."""
    double = point_group(name).double
    square = power_map(double.product, 2)
    for label, irrep in double.irreps.items():
        total = character(name, label)[square].sum(0).fraction() / double.order
        assert irrep.indicator == total, label
        if irrep.spinor:
            assert total in (-1, 0) or irrep.dim == 1, label
        assert irrep.type == {1: "real", 0: "complex", -1: "quaternionic"}[int(total)]


@every_setting
def test_spin_half_is_the_su2_matrices(name):
    """E1/2(g) is irreducible exactly where it is one irrep of the table, and then its matrices are U."""
    double = point_group(name).double
    trace = su2(name).trace()
    irreducible = inner(trace, trace) == 1
    label = next((x for x in ("E1/2", "E1/2g") if x in double.spinor_irreps), None)
    assert irreducible == (label is not None)
    if label:
        assert matrices(name, label).equals(su2(name))
        assert double.irreps[label].basis == ("|1/2,1/2>", "|1/2,-1/2>")


@pytest.mark.parametrize("name", [n for n in GROUPS if point_group(n).has_inversion])
def test_u_partners_share_matrices_on_proper_elements(name):
    double = point_group(name).double
    for label in double.spinor_irreps:
        if label.endswith("g"):
            even, odd = matrices(name, label), matrices(name, f"{label[:-1]}u")
            signs = exact([int(d) for d in double.determinants]).reshape(double.order, 1, 1)
            assert (even * signs).equals(odd)
            inversion = double.elements.index("i")
            assert even[inversion].equals(identity(even.shape[-1]))


# -- time reversal ------------------------------------------------------------------------------------------------


@every_setting
def test_time_reversal_commutes_and_squares_to_its_sign(name):
    """D(g) θ = θ D(g)* and θ θ* = ∓1 on spinors and others: every spinor level is even (Kramers)."""
    double = point_group(name).double
    counted = []
    for level in double.corepresentations:
        theta, d = level.theta, level.matrices
        assert d.shape == (double.order, level.degeneracy, level.degeneracy)
        assert np.abs(d @ theta - theta @ d.conj()).max() < 1e-14, level.label
        assert np.abs(theta @ theta.conj() - (-1 if level.spinor else 1) * np.eye(len(theta))).max() < 1e-14
        assert not (level.spinor and level.degeneracy % 2)
        counted.extend({irrep.label for irrep in level.irreps})
        assert double.corepresentation(level.irreps[-1]) is level
    assert sorted(counted) == sorted(double.irreps)


@every_setting
def test_kinds_of_levels_follow_the_indicator(name):
    """The corepresentation test of Wigner: Σ χ(g²) Θ² = +, 0, − for kinds a, c, b."""
    double = point_group(name).double
    for level in double.corepresentations:
        sign = level.irreps[0].indicator * (-1 if level.spinor else 1)
        assert level.kind == {1: "a", -1: "b", 0: "c"}[sign]
        assert [len(level.irreps), len(set(level.irreps))] == {"a": [1, 1], "b": [2, 1], "c": [2, 2]}[level.kind]


# -- values and refusals --------------------------------------------------------------------------------------------


@every_group
def test_identity_pickle_and_copies(name):
    double = point_group(name).double
    assert double is point_group(name).double
    assert pickle.loads(pickle.dumps(double)) is double  # noqa: S301 — our own bytes
    assert copy.deepcopy(double) is double
    irrep = list(double.irreps.values())[-1]
    assert pickle.loads(pickle.dumps(irrep)) is irrep  # noqa: S301 — our own bytes
    with pytest.raises(AttributeError, match="immutable"):
        double.order = 3


def test_a_rotated_group_has_rotated_spins():
    frame = random_rotation(3)
    group = point_group("D3").rotated(frame)
    double, standard = group.double, point_group("D3").double
    assert double is not standard
    assert np.array_equal(double.product, standard.product)
    u = double.su2
    assert np.abs(u[:, None] @ u[None] - u[double.product]).max() < 1e-14
    lifted = np.array([su2_matrix(r) for r in group.rotations])
    assert np.abs(np.abs(np.einsum("gij,gij->g", lifted.conj(), u[: group.order])) - 2).max() < 1e-13
    assert np.array_equal(double.irreps["E1/2"].matrices, standard.irreps["E1/2"].matrices)


def test_refusals():
    double = point_group("C3").double
    with pytest.raises(UnknownIrrepError, match="splits over the complex numbers into '1E1/2' and '2E1/2'"):
        double.irreps["E1/2"]
    with pytest.raises(UnknownIrrepError, match="the irreps of the double group of C3 are A, 1E, 2E, 1E1/2"):
        double.irrep("F3/2")
    with pytest.raises(ValueError, match=r"take it from G\.double\.irreps"):
        double.tensor_product(point_group("C3").irreps["A"], "A3/2")
    with pytest.raises(ValueError, match="over the complex numbers"):
        symmetry_adapted_basis(double, double.wigner_d("1/2"))
    with pytest.raises(ValueError, match=r"shape \(6,\), not \(3,\)"):
        double.decompose_character([1, 1, 1])
    with pytest.raises(ValueError, match="not the character of a representation"):
        double.decompose_character([1, 0, 0, 0, 0, 0])
    with pytest.raises(ValueError, match="has 6 classes, a character of shape"):
        double.multiplicities(ExactArray.integers([1, 1, 1]))
    with pytest.raises(ValueError, match="not the character of a representation of the double group of C3: 1/6 A"):
        double.multiplicities(ExactArray.integers([1, 0, 0, 0, 0, 0]))
