"""Allowed forms: counts by the character formula, printed tables and an oracle; exact invariance; measured tensors."""

import itertools
import re
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from cyclotomic import Exact
from oracles.mulliken import reference_table
from tensors.printed_forms import COUNTS, FORMS
from tensors.twins import NOTATIONS, closure, invariant_count, places, rotated
from thirty_two import GROUPS, SETTINGS, THE_32, every_group, every_setting, random_rotation, rotations

from pointgroups import (
    TENSORS,
    IndexSymmetry,
    UnknownTensorError,
    allowed_form,
    compatible_groups,
    index_symmetry,
    invariant_space,
    invariant_tensors,
    point_group,
    project_tensor,
    tensor_basis,
)

SYMBOLS = {symbol: name for name, symbol, _, _ in THE_32}
every_symbol = pytest.mark.parametrize("symbol", list(SYMBOLS))
every_tensor = pytest.mark.parametrize("tensor", sorted(TENSORS))


@cache
def _signed(jahn):
    """Signed permutations and axial or not, from the hand-written generators of each notation."""
    bare = jahn.lstrip("e")
    generators = next(g for _, symbol, g in NOTATIONS if symbol == bare)
    rank = len(next(word for word, symbol, _ in NOTATIONS if symbol == bare).split("=")[0].split(",")[0])
    return closure(rank, [(places(word), sign) for word, sign in generators]), bare != jahn


def _count(name, jahn):
    signed, axial = _signed(jahn)
    return invariant_count(point_group(name).rotations, signed, axial)


# -- numbers of independent components ----------------------------------------------------------------------------


@every_tensor
@every_setting
def test_count_by_the_character_formula(name, tensor):
    form = allowed_form(tensor, point_group(name))
    assert form.count == len(form.independent) == _count(name, TENSORS[tensor].jahn)
    assert form.count == invariant_space(point_group(name), TENSORS[tensor].jahn).dim
    assert len(set(form.components)) == len(form.components)
    assert set(form.expressions) == set(form.components)
    assert set(form.independent) <= set(form.components)


@every_symbol
def test_counts_as_printed(symbol):
    for tensor, counts in COUNTS.items():
        assert allowed_form(tensor, point_group(symbol)).count == counts[symbol], tensor


def test_every_tensor_of_the_catalogue_has_printed_counts():
    assert set(COUNTS) == set(TENSORS)
    assert all(set(counts) == set(SYMBOLS) for counts in COUNTS.values())


ORACLE = reference_table("tensor_forms")


VOIGT = {1: (0, 0), 2: (1, 1), 3: (2, 2), 4: (1, 2), 5: (0, 2), 6: (0, 1)}
LAYOUTS = {
    "[[V2]2]": "PP", "[V2][V2]": "PP", "[V4]": "PP", "V[V2]": "VP", "eV[V2]": "VP", "[V3]": "VP",
}  # fmt: skip


def _oracle_word(name, jahn):
    """Tensor indices of the oracle's T14: Voigt for the pairs P of its layout, else Cartesian."""
    digits = [int(c) for c in name[1:]]
    word = []
    for kind, digit in zip(LAYOUTS.get(jahn, "V" * len(digits)), digits, strict=True):
        word.extend(VOIGT[digit] if kind == "P" else (digit - 1,))
    return tuple(word)


@cache
def _echelon_tensors(name, jahn):
    """The echelon rows of the invariants as tensors (n, 3, …, 3)."""
    space = invariant_space(point_group(name), jahn)
    place, sign = space.symmetry.components()
    rows = np.array([[float(x) for x in row] for row in space.coefficients]).reshape(space.dim, len(space.words))
    return rows[:, place] * sign


@pytest.mark.parametrize("kind", list(ORACLE))
@every_symbol
def test_counts_and_relations_of_the_oracle(symbol, kind):
    """Its count, and every printed relation on every allowed tensor; its independent components determine them."""
    jahn, entry = ORACLE[kind]["jahn"], ORACLE[kind]["groups"][symbol]
    tensors = _echelon_tensors(symbol, jahn)
    assert len(tensors) == entry["n"] == _count(symbol, jahn)

    def values(name):
        return tensors[(slice(None), *_oracle_word(name, jahn))]

    for relation in entry["relations"]:
        left, right = relation.split(" = ")
        python = re.sub(r"T\d+", lambda match: f"v({match.group()!r})", right)
        python = re.sub(r"(\d)\s*v", r"\1*v", python)
        assert np.allclose(values(left), eval(python, {"v": values}), atol=1e-13), relation
    if entry["n"]:
        assert np.linalg.matrix_rank(np.stack([values(name) for name in entry["independent"]]), tol=1e-9) == entry["n"]


# -- invariance ---------------------------------------------------------------------------------------------------


@cache
def _exact_invariants(name, jahn):
    """The echelon rows as exact tensors (n, 3^rank)."""
    space = invariant_space(point_group(name), jahn)
    place, sign = space.symmetry.components()
    common = int(np.lcm.reduce([x.denominator for row in space.coefficients for x in row] or [1]))
    integers = np.array([[int(x * common) for x in row] for row in space.coefficients], dtype=np.int64)
    numerators = np.zeros((space.dim, 3**space.symmetry.rank, 8), dtype=np.int64)
    if space.dim:
        numerators[..., 0] = integers[:, place.ravel()] * sign.ravel()
    return Exact(numerators, common)


def _assert_exactly_invariant(name, jahn):
    """g T = T in exact arithmetic for every element g."""
    symmetry = index_symmetry(jahn)
    tensors = _exact_invariants(name, jahn)
    count, rank = tensors.shape[0], symmetry.rank
    if not count:
        return
    matrices = rotations(name)
    order = matrices.shape[0]
    turned = tensors.reshape(1, count, 3**rank)
    for k in range(rank):
        blocks = turned.reshape(turned.shape[0], count * 3**k, 3, 3 ** (rank - 1 - k))
        turned = matrices.reshape(order, 1, 3, 3) @ blocks
    if symmetry.axial:
        determinants = np.rint(np.linalg.det(point_group(name).rotations)).astype(np.int64)
        turned = Exact(
            turned.numerators * determinants.reshape(-1, *(1,) * (turned.numerators.ndim - 1)), turned.denominator
        )
    assert turned.reshape(order, count, 3**rank).equals(tensors.reshape(1, count, 3**rank))


EXACT = ("V", "eV", "V2", "[V2]", "e[V2]", "V3", "V[V2]", "[V3]", "eV[V2]", "e{V2}V", "[[V2]2]", "[V2][V2]", "V[V2]V")


@pytest.mark.parametrize("jahn", EXACT)
@every_group
def test_invariants_are_exactly_invariant(name, jahn):
    _assert_exactly_invariant(name, jahn)


@every_group
def test_a_scalar_is_always_allowed_and_a_pseudoscalar_by_proper_rotations_alone(name):
    scalar, pseudoscalar = (invariant_tensors(point_group(name), IndexSymmetry(0), axial=a) for a in (False, True))
    assert scalar.tolist() == [1.0]
    assert len(pseudoscalar) == (point_group(name).determinants > 0).all()


@pytest.mark.parametrize("jahn", ["V[V2]", "[[V2]2]"])
@pytest.mark.parametrize("name", [s for s in SETTINGS if s not in GROUPS])
def test_invariants_of_other_settings_are_exactly_invariant(name, jahn):
    _assert_exactly_invariant(name, jahn)


@every_setting
def test_exact_rows_are_in_reduced_echelon_form(name):
    for jahn in EXACT:
        space = invariant_space(point_group(name), jahn)
        assert list(space.pivots) == sorted(space.pivots)
        for k, row in enumerate(space.coefficients):
            assert all(isinstance(x, Fraction) for x in row)
            assert [row[p] for p in space.pivots] == [int(j == k) for j in range(space.dim)], jahn
            assert not any(row[: space.pivots[k]]), jahn


@pytest.mark.parametrize("jahn", ["[[V2]3]", "V[[V2]2]", "[V2][V3]", "eV[V4]", "[V6]"])
@every_group
def test_invariants_of_higher_rank(name, jahn):
    tensors, symmetry = _echelon_tensors(name, jahn), index_symmetry(jahn)
    if not len(tensors):
        return
    largest = np.abs(tensors).max()
    assert np.abs(symmetry.project(tensors) - tensors).max() < 1e-12 * largest
    for rotation in point_group(name).rotations:
        changed = rotated(tensors, rotation, symmetry.rank, symmetry.axial) - tensors
        assert np.abs(changed).max() < 1e-12 * largest


@pytest.mark.parametrize("jahn", ["V", "e[V2]", "V[V2]", "[[V2]2]"])
@every_setting
def test_float_tensors_are_orthonormal_and_span_the_exact_space(name, jahn):
    tensors, echelon = invariant_tensors(point_group(name), jahn), _echelon_tensors(name, jahn)
    assert tensors.shape == echelon.shape
    assert not tensors.flags.writeable
    size = 3 ** (tensors.ndim - 1)
    rows = tensors.reshape(len(tensors), size)
    assert np.abs(rows @ rows.T - np.eye(len(rows))).max(initial=0.0) < 1e-14
    assert np.allclose(echelon.reshape(len(rows), size) @ rows.T @ rows, echelon.reshape(len(rows), size), atol=1e-13)


@pytest.mark.parametrize(
    ("name", "jahn"), [("D4h", "[V2]"), ("C3", "V[V2]"), ("D3d", "[[V2]2]"), ("T", "V3"), ("C6", "V2")]
)
def test_exact_tensors_are_the_float_tensors_and_orthonormal(name, jahn):
    exact, floats = invariant_tensors(point_group(name), jahn, exact=True), invariant_tensors(point_group(name), jahn)
    assert exact.shape == floats.shape
    numbers = np.array([float(x) for x in exact.reshape(len(exact))]).reshape(floats.shape)
    assert np.abs(numbers - floats).max() < 1e-15
    rows = exact.reshape(floats.shape[0], 3 ** (floats.ndim - 1)).tolist()
    for (i, a), (j, b) in itertools.combinations_with_replacement(enumerate(rows), 2):
        assert sum(x * y for x, y in zip(a, b, strict=True)).simplify() == int(i == j)


def _trivial(group):
    return next(label for label, gamma in group.real_irreps.items() if np.all(gamma.characters == 1))


@pytest.mark.parametrize(
    "notation", ["V", "eV", "V2", "e[V2]", "e{V2}", "V3", "V[V2]", "e{V2}V", "e[V3]", "[[V2]2]", "{[V2]2}", "V[V3]"]
)
@every_group
def test_invariants_are_the_trivial_rows_of_the_chain(name, notation):
    group = point_group(name)
    basis = tensor_basis(notation, group)
    rows = [k for k, label in enumerate(basis.labels) if label.irrep == _trivial(group)]
    invariants = invariant_tensors(group, notation)
    assert len(invariants) == len(rows)
    overlap = invariants.reshape(len(rows), 3**basis.symmetry.rank) @ basis.rows[rows].T
    assert np.abs(overlap @ overlap.T - np.eye(len(rows))).max(initial=0.0) < 1e-12


@pytest.mark.parametrize("notation", ["V[V2]", "[[V2]2]", "e[V2]"])
@every_setting
def test_rotated_groups_have_rotated_invariants(name, notation):
    group, frame = point_group(name), random_rotation(sum(map(ord, name)))
    symmetry = index_symmetry(notation)
    found = invariant_tensors(group.rotated(frame), notation)
    assert np.allclose(found, rotated(invariant_tensors(group, notation), frame, symmetry.rank), atol=1e-13)
    for rotation in group.rotated(frame).rotations:
        assert np.allclose(rotated(found, rotation, symmetry.rank, symmetry.axial), found, atol=1e-12)


def test_exact_answers_are_refused_in_rotated_frames():
    group = point_group("C4v").rotated(random_rotation(1))
    with pytest.raises(ValueError, match="axes of a setting"):
        invariant_tensors(group, "V", exact=True)
    with pytest.raises(ValueError, match="axes of a setting"):
        invariant_space(group, "V")
    with pytest.raises(ValueError, match="axes of a setting"):
        allowed_form("elastic", group)


# -- printed relations --------------------------------------------------------------------------------------------


def _evaluated(form, seed):
    """Random values of the independent components, and the values of all."""
    free = dict(zip(form.independent, np.random.default_rng(seed).normal(size=form.count), strict=True))
    values = {
        name: sum(float(factor) * free[source] for source, factor in expression.items())
        for name, expression in form.expressions.items()
    }
    return free, values


def _number(text, values):
    """The value of "0", "-C14", "2 S14", "(C11 - C12)/2"."""
    python = re.sub(r"(\d+) (?=[^\W\d])", r"\1*", text)
    python = re.sub(r"([^\W\d]+)(\d+)", r"values['\1\2']", python)
    return float(eval(python, {"values": values}))


@pytest.mark.parametrize(("tensor", "symbol"), [(t, s) for t in FORMS for s in FORMS[t]])
def test_relations_as_printed(tensor, symbol):
    """Every entry of the printed matrix has the value that the form gives it."""
    form = allowed_form(tensor, point_group(symbol))
    free, values = _evaluated(form, 3)
    printed = [re.split(r"\s+", line.strip()) for line in FORMS[tensor][symbol].strip().splitlines()]
    letter = TENSORS[tensor].symbol
    parameters = {name for row in printed for name in re.findall(r"[^\W\d]+\d\d", " ".join(row).replace("x", letter))}
    matrix = np.array([[_number(text, free) for text in row] for row in form.matrix()])
    assert len(parameters) == form.count
    assert matrix.shape == (len(printed), len(printed[0]))
    for a, row in enumerate(printed):
        for b, text in enumerate(row):
            known = {name: matrix[int(name[-2]) - 1, int(name[-1]) - 1] for name in parameters}
            expected = _number(text.replace("x", letter).replace("2" + letter, "2 " + letter), known)
            assert matrix[a, b] == pytest.approx(expected, abs=1e-12), f"{letter}{a + 1}{b + 1}"
            name = f"{letter}{a + 1}{b + 1}"
            if name in values:
                assert matrix[a, b] == pytest.approx(values[name], abs=1e-12)


def _tensor_of_values(named, values):
    """The tensor from its matrix components by the convention: pair ≠ → that index's factor 2 where strain-like."""
    rank = named.symmetry.rank
    tensor = np.zeros((3,) * rank)
    pairs = {(0, 0): 1, (1, 1): 2, (2, 2): 3, (1, 2): 4, (0, 2): 5, (0, 1): 6}
    signed, _ = _signed(named.jahn)
    for word in itertools.product(range(3), repeat=rank):
        for s, sign in signed.items():  # an equivalent word that the form names
            other = tuple(word[k] for k in s)
            name, factor = named.symbol, 1
            for place, strain in zip(named.places, named.strain_like, strict=True):
                if len(place) == 1:
                    name += str(other[place[0]] + 1)
                else:
                    i, j = sorted(other[k] for k in place)
                    name += str(pairs[i, j])
                    factor *= 2 if strain and i != j else 1
            if name in values:
                tensor[word] = sign * values[name] / factor
                break
    return tensor


@every_tensor
@every_group
def test_forms_describe_invariant_tensors(name, tensor):
    """Random values of the independent components give a tensor with the index symmetry that the group leaves alone."""
    named = TENSORS[tensor]
    group = point_group(name)
    form = allowed_form(tensor, group)
    _, values = _evaluated(form, 5)
    found = _tensor_of_values(named, values)
    assert form.count == 0 or np.abs(found).max() > 0
    assert np.allclose(named.symmetry.project(found), found, atol=1e-13)
    rank = named.symmetry.rank
    for rotation in group.rotations[:: 1 if rank < 5 else 5]:
        assert np.allclose(rotated(found, rotation, rank, _signed(named.jahn)[1]), found, atol=1e-12)


@every_tensor
@every_group
def test_relations_and_zeros_are_those_of_the_expressions(name, tensor):
    form = allowed_form(tensor, point_group(name))
    _, values = _evaluated(form, 7)
    assert set(form.zero) == {c for c in form.components if not form.expressions[c]}
    mentioned = set(form.independent) | set(form.zero)
    for relation in form.relations:
        sides = relation.split(" = ")
        numbers = [_number(side, values) for side in sides]
        assert np.allclose(numbers, numbers[0], atol=1e-12), relation
        mentioned |= {side.lstrip("-") for side in sides if side.lstrip("-") in form.expressions}
    assert mentioned == set(form.components)


def test_a_few_relations_word_for_word():
    assert allowed_form("elastic", point_group("m-3m")).relations == (
        "C11 = C22 = C33", "C12 = C13 = C23", "C44 = C55 = C66",
    )  # fmt: skip
    assert "C66 = (C11 - C12)/2" in allowed_form("elastic", point_group("6/mmm")).relations
    relations = allowed_form("compliance", point_group("32")).relations
    assert "S66 = 2 S11 - 2 S12" in relations
    assert "S56 = 2 S14" in relations
    assert allowed_form("elastic", point_group("-1")).relations == ()
    assert allowed_form("piezoelectric-d", point_group("432")).count == 0


def test_forms_are_found_by_name():
    form = allowed_form(" Third_Order Elastic", point_group("Oh"))
    assert form.tensor is TENSORS["third-order-elastic"]
    assert set(form.independent) == {"C111", "C112", "C123", "C144", "C155", "C456"}
    with pytest.raises(UnknownTensorError, match=r"near names are .*elastic"):
        allowed_form("elastik", point_group("Oh"))
    with pytest.raises(ValueError, match="3 matrix indices, not two"):
        form.matrix()


# -- measured tensors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axial", [False, True])
@every_setting
def test_projection_is_the_mean_over_the_group(name, axial):
    group = point_group(name)
    tensor = np.random.default_rng(1).normal(size=(3, 3, 3))
    found = project_tensor(tensor, group, axial=axial)
    mean = np.mean([rotated(tensor, r, 3, axial) for r in group.rotations], axis=0)
    assert np.allclose(found.tensor, mean, atol=1e-14)
    assert found.residual == pytest.approx(np.linalg.norm(tensor - mean) / np.linalg.norm(tensor))
    again = project_tensor(found.tensor, group, axial=axial)
    assert np.allclose(again.tensor, found.tensor, atol=1e-14)
    if np.abs(mean).max() > 1e-12:
        assert again.residual < 1e-13


@pytest.mark.parametrize("name", ["C2", "D3", "S4", "Td"])
def test_projection_over_leading_axes_and_in_rotated_frames(name):
    group, frame = point_group(name), random_rotation(9)
    tensors = np.random.default_rng(2).normal(size=(4, 3, 3, 3))
    whole = project_tensor(tensors, group, rank=3)
    for tensor, found in zip(tensors, whole.tensor, strict=True):
        assert np.allclose(project_tensor(tensor, group).tensor, found)
        turned = project_tensor(rotated(tensor, frame, 3), group.rotated(frame))
        assert np.allclose(turned.tensor, rotated(found, frame, 3), atol=1e-13)
        assert turned.residual == pytest.approx(project_tensor(tensor, group).residual)


def test_projection_of_nothing_and_of_nonsense():
    assert project_tensor(np.zeros((3, 3)), point_group("Oh")).residual == 0
    with pytest.raises(ValueError, match="rank 2"):
        project_tensor(np.zeros((3, 4)), point_group("Oh"))
    with pytest.raises(ValueError, match="not finite"):
        project_tensor(np.full((3, 3), np.nan), point_group("Oh"))


@pytest.mark.parametrize("notation", ["[V2]", "V[V2]", "[[V2]2]", "e[V2]"])
@every_setting
def test_compatible_groups_of_a_generic_allowed_tensor(name, notation):
    symmetry = index_symmetry(notation)
    allowed = invariant_tensors(point_group(name), notation)
    if not len(allowed):
        return
    weights = np.random.default_rng(4).normal(size=len(allowed)) + 2
    tensor = np.tensordot(weights, allowed, axes=1)
    expected = set()
    for other in SETTINGS:
        changes = [
            np.abs(rotated(tensor, r, symmetry.rank, symmetry.axial) - tensor).max()
            for r in point_group(other).rotations
        ]
        if max(changes) < 1e-9:
            expected.add(point_group(other).name)
    found = compatible_groups(tensor, axial=symmetry.axial)
    assert name in found
    assert set(found) == expected
    orders = [point_group(other).order for other in found]
    assert orders == sorted(orders, reverse=True)
    assert all(residual < 1e-12 for residual in found.values())


def test_compatible_groups_within_a_tolerance():
    nearly_cubic = np.diag([1.0, 1.0, 1.001])
    assert "Oh" not in compatible_groups(nearly_cubic, tolerance=1e-5)
    found = compatible_groups(nearly_cubic, tolerance=1e-2)
    assert next(iter(found)) == "Oh"
    assert 1e-4 < found["Oh"] < 1e-2
    assert found["D4h"] < 1e-15
