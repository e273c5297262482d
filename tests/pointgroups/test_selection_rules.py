"""Selection rules: active irreps, the functions that make them so, transitions against averaged random operators."""

import itertools

import numpy as np
import pytest
import sympy
from thirty_two import SETTINGS, every_field, every_group, every_setting, irreps

from pointgroups import UnknownIrrepError, point_group
from pointgroups.products.operators import OPERATORS, active_components, component_matrices, operator_irreps
from pointgroups.products.selection_rules import allowed_transitions, selection_rules, silent_irreps, transition
from pointgroups.products.spinor_transitions import spinor_transition

NAMES = ("electric dipole", "magnetic dipole", "electric quadrupole", "Raman", "hyper-Raman")


def in_short(found):
    return " ".join((str(n) if n > 1 else "") + label for label, n in found.items())


@pytest.mark.parametrize(
    ("name", "operator", "expected"),
    [
        ("Oh", "infrared", "T1u"),
        ("Oh", "Raman", "A1g Eg T2g"),
        ("Oh", "hyper-Raman", "A2u 2T1u T2u"),
        ("Oh", "magnetic dipole", "T1g"),
        ("Oh", "electric quadrupole", "Eg T2g"),
        ("Td", "infrared", "T2"),
        ("Td", "Raman", "A1 E T2"),
        ("C2v", "infrared", "A1 B1 B2"),
        ("C2v", "Raman", "3A1 A2 B1 B2"),
        ("C2v", "magnetic dipole", "A2 B1 B2"),
        ("D3h", "infrared", "E' A2''"),
        ("D3h", "Raman", "2A1' E' E''"),
        ("D3h", "magnetic dipole", "A2' E''"),
        ("D4h", "infrared", "A2u Eu"),
        ("D4h", "Raman", "2A1g B1g B2g Eg"),
        ("D6h", "Raman", "2A1g E1g E2g"),
        ("D6h", "infrared", "A2u E1u"),
        ("C3v", "hyper-Raman", "3A1 A2 3E"),
        ("Ci", "Raman", "6Ag"),
        ("D3", "electric quadrupole", "A1 2E"),
    ],
)
def test_printed_activities(name, operator, expected):
    assert in_short(operator_irreps(point_group(name), operator)) == expected


def vectors(group, operator):
    """A representation of an operator made from tensors of rotations alone, as columns of symmetric tensors."""
    R = group.rotations
    if operator == "magnetic dipole":
        return R * group.determinants[:, None, None]
    rank = OPERATORS[operator].rank
    tensors = R
    for _ in range(rank - 1):
        tensors = np.einsum("gij,gkl->gikjl", tensors, R).reshape(group.order, 3 * tensors.shape[1], -1)
    columns = []
    for monomial in itertools.combinations_with_replacement(range(3), rank):
        column = np.zeros((3,) * rank)
        for index in set(itertools.permutations(monomial)):
            column[index] = 1
        columns.append(column.ravel() / np.linalg.norm(column))
    S = np.array(columns).T
    if OPERATORS[operator].traceless:
        trace = S.T @ np.eye(3).ravel() / np.sqrt(3)
        q, _ = np.linalg.qr(np.column_stack([trace, np.eye(6)]))
        S = S @ q[:, 1:6]
    return S.T @ tensors @ S


@every_group
@pytest.mark.parametrize("operator", NAMES)
def test_against_representations_on_tensors(name, operator):
    group = point_group(name)
    character = np.trace(vectors(group, operator), axis1=1, axis2=2)
    for field in "CR":
        assert operator_irreps(group, operator, field) == group.decompose_character(character, field)


def evaluated(texts, points):
    """Functions as text, at points (n, 3); Rx is the x of an axial vector."""
    x, y, z = sympy.symbols("x y z")
    numbers = [sympy.lambdify((x, y, z), sympy.sympify(t.replace("R", "")))(*points.T) for t in texts]
    return np.array([np.broadcast_to(n, len(points)) for n in numbers])


@every_setting
def test_functions_are_partners(name):
    """(O(g) f_k)(r) = f_k(g⁻¹ r) = Σ_i f_i(r) Γ_ik(g), with det(g) for axial vectors."""
    group = point_group(name)
    points = np.random.default_rng(3).normal(size=(4, 3))
    for activity, found in selection_rules(group).items():
        operator = OPERATORS[activity]
        for label, copies in found.items():
            gamma = group.real_irreps[label]
            assert len(copies) == operator_irreps(group, activity)[label]
            for functions in copies:
                here = evaluated(functions, points)
                for g in {group.order - 1, group.order // 2, group.order // 3}:
                    sign = group.determinants[g] if operator.axial else 1
                    turned = sign * evaluated(functions, points @ group.rotations[g])
                    assert np.abs(turned - gamma.matrices[g].T @ here).max() < 1e-9


@every_group
def test_functions_of_all_irreps_are_independent(name):
    group = point_group(name)
    points = np.random.default_rng(4).normal(size=(20, 3))
    for activity, found in selection_rules(group).items():
        everything = [f for copies in found.values() for functions in copies for f in functions]
        size = {"infrared": 3, "Raman": 6, "hyper-Raman": 10, "electric quadrupole": 5}.get(activity, 3)
        # of a complex-type pair f·J, the second intertwiner, spans the same functions
        assert np.linalg.matrix_rank(evaluated(everything, points), tol=1e-9) == len(everything) == size


def test_functions_as_character_tables_print_them():
    rules = selection_rules(point_group("C4v"))
    assert rules["infrared"] == {"A1": (("z",),), "E": (("x", "y"),)}
    assert rules["magnetic dipole"] == {"A2": (("Rz",),), "E": (("Ry", "-Rx"),)}
    assert rules["Raman"]["B1"] == (("x**2-y**2",),)
    assert rules["Raman"]["B2"] == (("x*y",),)
    assert rules["electric quadrupole"]["A1"] == (("2*z**2-x**2-y**2",),)
    with pytest.raises(TypeError):
        rules["Raman"]["B1"] = ()


def test_silent_irreps():
    assert silent_irreps(point_group("Td")) == ("A2", "T1")
    assert silent_irreps(point_group("C6v")) == ("A2", "B1", "B2")
    assert silent_irreps(point_group("C2v")) == ()


@every_group
def test_mutual_exclusion(name):
    """With an inversion centre no vibration is infrared and Raman active; of the other groups in O alone none is."""
    group = point_group(name)
    both = set(operator_irreps(group, "infrared")) & set(operator_irreps(group, "Raman"))
    assert bool(both) == (not group.has_inversion and name != "O")


# -- transitions --------------------------------------------------------------------------------------------------


def averaged(group, V, initial, final):
    """Σ_g Γ_f(g) T (V(g) ⊗ Γ_i(g))† over all random T: (T, d_f, n, d_i)."""
    n = V.shape[-1]
    shape = (final.dim, n, initial.dim)
    rng = np.random.default_rng(5)
    size = int(np.prod(shape))
    samples = rng.normal(size=(size, *shape))
    return (
        np.einsum("gab,tbcd,gec,gfd->taef", final.matrices, samples, V.conj(), initial.matrices.conj(), optimize=True)
        / group.order
    )


@pytest.mark.parametrize("name", ["C1", "C2v", "D3", "C4", "D2d", "S4", "Td", "T", "C3h", "D3d"])
@pytest.mark.parametrize("field", ["C", "R"])
@pytest.mark.parametrize("operator", ["electric dipole", "Raman", "electric quadrupole"])
def test_transitions_against_averaged_operators(name, field, operator):
    group = point_group(name)
    named = OPERATORS[operator]
    V = component_matrices(group, named).numeric()
    project = np.eye(V.shape[-1])
    if named.traceless:
        squares = [k for k, c in enumerate(named.components) if c[0] == c[1]]
        project[np.ix_(squares, squares)] -= 1 / 3
    for initial in irreps(group, field):
        for final in irreps(group, field):
            found = transition(group, initial, operator, final)
            T = np.einsum("taef,ec->tacf", averaged(group, dual(V), initial, final), project)
            rank = np.linalg.matrix_rank(T.reshape(len(T), -1), tol=1e-9)
            assert found.number == rank
            assert found.allowed == (rank > 0)
            reached = {c for k, c in enumerate(named.components) if np.abs(T[:, :, k]).max() > 1e-9}
            assert set(found.components) == reached
            assert list(found.components) == sorted(found.components)


def dual(V):
    """The averaged T takes a component e to Γ_f T (V(g)⁻¹ e): V is not orthogonal on monomials, so use V(g)⁻ᵀ."""
    return np.swapaxes(np.linalg.inv(V), 1, 2)


@every_group
@every_field
def test_all_pairs_of_levels(name, field):
    """Σ_f n(i → f) d_f over the commutant of f is the dimension of the operator times that of the initial level."""
    group = point_group(name)
    dims = {gamma.label: gamma.dim / gamma.commuting for gamma in irreps(group, field)}
    found = allowed_transitions(group, "Raman", field)
    assert list(found) == list(dims)
    for initial in irreps(group, field):
        assert sum(n * dims[final] for final, n in found[initial.label].items()) == 6 * initial.dim
        for final, n in found[initial.label].items():
            assert found[final][initial.label] == n


def test_printed_polarisations():
    D3h = point_group("D3h")
    assert transition(D3h, "A1'", "infrared", "A2''").components == ("z",)
    assert transition(D3h, "A1'", "infrared", "E'").components == ("x", "y")
    assert not transition(D3h, "A1'", "infrared", "E''").allowed
    C2v = point_group("C2v")
    assert transition(C2v, "A1", "electric dipole", "B1").components == ("x",)
    assert transition(C2v, "A2", "electric dipole", "B1").components == ("y",)
    assert transition(C2v, "A1", "Raman", "A2").components == ("xy",)
    assert transition(C2v, "A1", "magnetic dipole", "B1").components == ("Ry",)
    assert transition(point_group("Oh"), "Eg", "electric dipole", "T2g").components == ()  # Laporte


def test_operators_given_by_irreps():
    O = point_group("O")
    assert transition(O, "T1", "T2", "T1").reduced == {"T2": 1}
    assert transition(O, "T1", {"T2": 2, "A2": 1}, "T1").reduced == {"T2": 2}
    assert transition(O, O.irreps["E"], O.irreps["E"], O.irreps["E"]).number == 1
    assert transition(O, "A1", "A2", "A1").components == ()
    C4 = point_group("C4")
    assert transition(C4, "E", "B", "E").number == 2  # over ℝ
    assert transition(C4, "1E", "B", "2E").number == 1


def test_wrong_input_is_refused():
    O = point_group("O")
    with pytest.raises(UnknownIrrepError, match="'spin' is not an irrep of O"):
        transition(O, "A1", "spin", "T1")
    with pytest.raises(UnknownIrrepError, match="'T1u' is not an irrep of O"):
        transition(O, "A1", "infrared", "T1u")
    with pytest.raises(ValueError, match="'x-ray' is not an operator; these are infrared, electric dipole"):
        operator_irreps(O, "x-ray")
    with pytest.raises(ValueError, match="all from"):
        transition(O, O.irreps["A1"], "infrared", O.real_irreps["T1"])
    with pytest.raises(ValueError, match="belongs to another group"):
        transition(O, "A1", point_group("Td").irreps["T2"], "T1")


@pytest.mark.parametrize("name", SETTINGS)
def test_components_of_irreps(name):
    """A component has a part in an irrep exactly when the character projector does not annihilate it."""
    group = point_group(name)
    for operator in ("electric dipole", "magnetic dipole", "hyper-Raman"):
        V = component_matrices(group, OPERATORS[operator]).numeric()
        for gamma in irreps(group, "C"):
            P = np.einsum("g,gij->ij", gamma.characters.conj(), V)
            expected = [c for k, c in enumerate(OPERATORS[operator].components) if np.abs(P[:, k]).max() > 1e-9]
            assert list(active_components(gamma, OPERATORS[operator])) == expected


# -- with spin ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["C1", "C2v", "D3", "C4", "Td", "T", "C6v", "C3h"])
@pytest.mark.parametrize("operator", ["electric dipole", "Raman"])
def test_spinor_transitions_against_averaged_operators(name, operator):
    group = point_group(name)
    double = group.double
    named = OPERATORS[operator]
    V = dual(np.concatenate([component_matrices(group, named).numeric()] * 2))
    for initial in double.spinor_irreps.values():
        for final in double.spinor_irreps.values():
            found = spinor_transition(double, initial, operator, final)
            T = averaged(double, V, initial, final)
            assert found.number == np.linalg.matrix_rank(T.reshape(len(T), -1), tol=1e-9)
            reached = {c for k, c in enumerate(named.components) if np.abs(T[:, :, k]).max() > 1e-9}
            assert set(found.components) == reached


def test_printed_transitions_with_spin():
    """Γ9 and Γ7 of wurtzite, Γ8 → Γ6 of zincblende."""
    C6v, Td, Oh = (point_group(name).double for name in ("C6v", "Td", "Oh"))
    assert spinor_transition(C6v, "E3/2", "electric dipole", "E1/2").components == ("x", "y")
    assert spinor_transition(C6v, "E3/2", "electric dipole", "E3/2").components == ("z",)
    assert spinor_transition(Td, "F3/2", "electric dipole", "E1/2").components == ("x", "y", "z")
    assert spinor_transition(Td, "F3/2", "electric dipole", "F3/2").number == 2
    assert not spinor_transition(Td, "E1/2", "electric dipole", "E1/2").allowed
    assert spinor_transition(Td, "E5/2", "electric dipole", "E1/2").allowed
    assert not spinor_transition(Oh, "F3/2g", "electric dipole", "E1/2g").allowed
    assert spinor_transition(Td, "F3/2", {"E": 2}, "F3/2").reduced == {"E": 2}
    assert spinor_transition(Td, "F3/2", "T2", "E5/2").reduced == {"T2": 1}
    with pytest.raises(UnknownIrrepError):
        spinor_transition(Td, "F3/2", "electric dipole", "E9/2")
    with pytest.raises(ValueError, match="does not belong"):
        spinor_transition(Td, Oh.irreps["E1/2g"], "electric dipole", "E1/2")
