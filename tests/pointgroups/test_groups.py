"""The 32 groups and their settings as sets of rotations: axioms, tables, classes, names, frames."""

import re

import numpy as np
import pytest
from cyclotomic import identity
from thirty_two import (
    GROUPS,
    OTHER_SETTINGS,
    SETTINGS,
    THE_32,
    element_orders,
    every_group,
    every_setting,
    random_rotation,
    rotations,
)

import pointgroups
from pointgroups import point_group

X, Y, Z = np.eye(3)

# Laws of a group -----------------------------------------------------------------------------------------------------


def test_there_are_32_groups_in_the_order_of_international_tables():
    assert pointgroups.GROUP_NAMES == GROUPS
    assert [point_group(number).schoenflies for number in range(1, 33)] == list(GROUPS)


@pytest.mark.parametrize(("schoenflies", "symbol", "full_symbol", "order"), THE_32)
def test_names_and_order(schoenflies, symbol, full_symbol, order):
    group = point_group(schoenflies)
    assert (group.schoenflies, group.symbol, group.order) == (schoenflies, symbol, order)
    assert group.full_symbol.split() == full_symbol.split()
    assert group.number == GROUPS.index(schoenflies) + 1
    assert len(group.rotations) == len(group.elements) == order


@every_setting
def test_rotations_are_exactly_orthogonal_and_distinct(name):
    exact_rotations = rotations(name)
    assert (exact_rotations @ exact_rotations.mT).equals(identity(3)[None]), "R Rᵀ is not the identity"
    assert len(np.unique(point_group(name).rotations.round(6), axis=0)) == point_group(name).order


@every_setting
def test_product_is_the_product_of_rotations_exactly(name):
    group, r = point_group(name), rotations(name)
    assert group.product.shape == (group.order, group.order)
    assert group.product.dtype == np.int64
    assert (r[:, None] @ r[None]).equals(r[group.product])


@every_setting
def test_group_axioms(name):
    group = point_group(name)
    product, every = group.product, np.arange(group.order)
    assert np.array_equal(group.rotations[0], np.eye(3))
    assert np.array_equal(product[0], every)
    assert np.array_equal(product[:, 0], every)
    assert np.array_equal(product[product[:, :, None], every], product[every[:, None, None], product]), "(gh)k ≠ g(hk)"
    assert np.array_equal(product[every, group.inverse], np.zeros(group.order))
    assert np.array_equal(product[group.inverse, every], np.zeros(group.order))
    assert (np.sort(product, axis=0) == every[:, None]).all()
    assert (np.sort(product, axis=1) == every).all()


@every_setting
def test_classes_are_the_orbits_of_conjugation(name):
    group = point_group(name)
    every = range(group.order)
    assert sorted(i for c in group.classes for i in c.indices) == list(every)
    for c in group.classes:
        assert c.size == len(c.indices)
        for g in c.indices:
            conjugates = {int(group.product[group.product[h, g], group.inverse[h]]) for h in every}
            assert conjugates == set(c.indices), f"{c.label} is not one class"


@every_setting
def test_order_of_elements(name):
    """Identity first; proper before improper; elements of one class together."""
    group = point_group(name)
    determinants = np.linalg.det(group.rotations).round().astype(int)
    assert group.elements[0] == "E"
    assert list(determinants) == sorted(determinants, reverse=True)
    assert group.classes[0].indices == (0,)
    for c in group.classes:
        assert list(c.indices) == list(range(c.indices[0], c.indices[0] + c.size)), c.label
    assert len(set(group.elements)) == group.order


@every_setting
def test_class_labels_say_what_the_elements_are(name):
    """A label is size, then E, i, σ…, Cn… or Sn…, true of every element; labels tell classes apart."""
    group = point_group(name)
    orders = element_orders(group.product)
    determinants = np.linalg.det(group.rotations).round().astype(int)
    labels = [c.label for c in group.classes]
    assert len(set(labels)) == len(labels)
    for c in group.classes:
        size = str(c.size) if c.size > 1 else ""
        assert c.label.startswith(size)
        kind = c.label[len(size) :]
        for g in c.indices:
            rotation_order = orders[g] if determinants[g] > 0 else _rotary_reflection(group.rotations[g])
            expected = {
                (1, 1): "E",
                (-1, 2): "i",
                (-1, 1): "σ",
            }.get((determinants[g], rotation_order), f"{'C' if determinants[g] > 0 else 'S'}{rotation_order}")
            assert kind.startswith(expected), f"{c.label} holds {group.elements[g]}"
            assert group.elements[g].startswith(expected)


def _rotary_reflection(rotation):
    """n of Sₙ = σ_h Cₙ: 1 for a mirror, 2 for the inversion; from the trace 2 cos φ − 1."""
    return {1: 1, -3: 2, -2: 3, -1: 4, 0: 6}[round(np.trace(rotation))]


@every_setting
def test_names_of_elements_rebuild_the_rotations(name):
    """Cn[axis]± turns by ±360°/n about the axis, Sn[axis]± is that with the mirror across it, σ[normal] a mirror."""
    group = point_group(name)
    for text, rotation in zip(group.elements, group.rotations, strict=True):
        assert np.abs(_rebuilt(text) - rotation).max() < 1e-14, text


def _rebuilt(text):
    if text in ("E", "i"):
        return np.eye(3) if text == "E" else -np.eye(3)
    kind, order, direction, sense = re.fullmatch(r"([CSσ])(\d?)\[(.+)\]([+-]?)", text).groups()
    axis = _direction(direction)
    mirror = np.eye(3) - 2 * np.outer(axis, axis)
    if kind == "σ":
        return mirror
    assert bool(sense) == (order != "2")
    angle = 2 * np.pi / int(order) * (-1 if sense == "-" else 1)
    cross = np.cross(np.eye(3), axis)  # the matrix of v ↦ axis × v
    turn = np.cos(angle) * np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * np.outer(axis, axis)
    return turn if kind == "C" else mirror @ turn


def _direction(text):
    parts = text.split(",") if "," in text else re.findall(r"-?\d", text)
    vector = np.array([float(part.replace("√3", str(np.sqrt(3)))) for part in parts])
    return vector / np.linalg.norm(vector)


@every_setting
def test_axes_name_the_twofold_axes_and_mirrors_of_each_class(name):
    """``axes`` has one entry for each class of C2 or σ: the axes, or normals, of its elements."""
    group = point_group(name)
    expected = {}
    for c in group.classes:
        symbol = c.label.lstrip("0123456789")
        if symbol.startswith(("C2", "σ")):
            expected[symbol] = {re.search(r"\[.+\]", group.elements[g])[0] for g in c.indices}
    assert {symbol: set(directions) for symbol, directions in group.axes.items()} == expected


@pytest.mark.parametrize(
    ("name", "symbol", "direction"),
    [
        ("D4", "C2'", X),
        ("D4h", "C2'", X),
        ("D6", "C2'", X),
        ("D6h", "C2'", X),
        ("D2d", "C2'", X),
        ("-4m2", "C2'", X + Y),
        ("D3", "C2'", X),
        ("312", "C2'", Y),
        ("C4v", "σv", Y),
        ("C6v", "σv", Y),
        ("C4v", "σd", X + Y),
        ("C6v", "σd", X),
        ("D6h", "σd", X),
        ("D6h", "σv", Y),
        ("D4h", "σv", X),
        ("C2v", "σ(xz)", Y),
        ("Oh", "σh", Z),
        ("Oh", "σd", X + Y),
    ],
)
def test_the_axis_named_first_lies_along_x_and_the_plane_holds_it(name, symbol, direction):
    """C2′ lies along x; σv of C4v and C6v holds x (its normal is y); σ of D4h and D6h is i times a C2."""
    given = direction / np.linalg.norm(direction)
    assert any(abs(abs(_direction(text.strip("[]")) @ given) - 1) < 1e-12 for text in point_group(name).axes[symbol])


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("same", "names"),
    [
        ("Oh", ["Oh", "oh", "OH", "O_h", "O_{h}", "m-3m", "4/m -3 2/m", 32]),
        ("D4h", ["D4h", "D_4h", "D_{4h}", "d4h", "4/mmm", "4/m 2/m 2/m", 15]),
        ("C3i", ["C3i", "S6", "S_6", "-3", 17]),
        ("D3", ["D3", "32", "321", "3 2 1", 18]),
        ("C3v", ["C3v", "3m", "3m1", "3 m 1", 19]),
        ("D3d", ["D3d", "-3m", "-3m1", "-3 2/m 1", 20]),
        ("D2", ["D2", "222", "2 2 2", 6]),
        ("Td", ["Td", "T_d", "-43m", "-4 3 m", 31]),
        ("C2h", ["C2h", "2/m", "1 2/m 1", 5]),
        ("D3h", ["D3h", "-6m2", "-6 m 2", 26]),
        ("D2d", ["D2d", "-42m", "-4 2 m", 14]),
        ("-4m2", ["-4m2", "-4 m 2"]),
        ("312", ["312", "3 1 2"]),
        ("112/m", ["112/m", "1 1 2/m"]),
        ("2mm", ["2mm", "2 m m"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_name_gives_the_same_object(same, names):
    for name in names:
        assert point_group(name) is point_group(same), name


@every_setting
def test_name_is_a_key(name):
    group = point_group(name)
    assert group.name == name
    assert point_group(group.symbol) is group
    assert point_group(group.full_symbol) is group
    assert len({point_group(other).name for other in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("Oj", "Oh"), ("m3-m", "m-3m"), ("D4x", "D4"), ("C5", "C6"), ("-42", "-42m"), ("6/mm", "6/mmm")],
)
def test_an_unknown_name_lists_near_ones(wrong, near):
    with pytest.raises(pointgroups.UnknownGroupError) as error:
        point_group(wrong)
    assert wrong in str(error.value)
    assert near in str(error.value)


@pytest.mark.parametrize("wrong", ["", "hexagonal prism", 0, 33, -1, 1.5, None, True])
def test_what_is_no_name_is_refused(wrong):
    with pytest.raises(pointgroups.UnknownGroupError, match="point group"):
        point_group(wrong)


def test_the_error_is_a_value_error():
    assert issubclass(pointgroups.UnknownGroupError, ValueError)


# Settings and frames -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "schoenflies"), OTHER_SETTINGS.items())
def test_another_setting_is_the_same_group_turned(name, schoenflies):
    group, default = point_group(name), point_group(schoenflies)
    assert group is not default
    assert (group.schoenflies, group.number, group.order) == (schoenflies, default.number, default.order)
    assert list(group.irreps) == list(default.irreps)
    assert list(group.real_irreps) == list(default.real_irreps)
    assert sorted(c.size for c in group.classes) == sorted(c.size for c in default.classes)
    assert not _same_set(group.rotations, default.rotations)
    assert any(_same_set(q @ group.rotations @ q.T, default.rotations) for q in _axis_changes())


def _axis_changes():
    """Rotations that carry one setting to another: cyclic changes of the axes, and 90° and 30° about z."""
    cyclic = np.roll(np.eye(3), 1, axis=0)
    yield from (cyclic, cyclic.T)
    for degrees in (30, 45, 90):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        yield np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _same_set(a, b):
    distance = np.abs(a[:, None] - b[None]).max(axis=(-1, -2))
    return len(a) == len(b) and (distance.min(axis=1) < 1e-9).all()


@pytest.mark.parametrize(
    ("name", "twofold", "mirrors"),
    [
        ("C2", [Y], []),
        ("112", [Z], []),
        ("211", [X], []),
        ("Cs", [], [Y]),
        ("11m", [], [Z]),
        ("C2h", [Y], [Y]),
        ("112/m", [Z], [Z]),
        ("C2v", [Z], [X, Y]),
        ("2mm", [X], [Y, Z]),
        ("m2m", [Y], [X, Z]),
        ("D2d", [X, Y], [X + Y, X - Y]),
        ("-4m2", [X + Y, X - Y], [X, Y]),
        ("D3", [X], []),
        ("312", [Y], []),
        ("C3v", [], [X]),
        ("31m", [], [Y]),
        ("D3d", [X], [X]),
        ("-31m", [Y], [Y]),
        ("D3h", [Y], [X, Z]),
        ("-62m", [X], [Y, Z]),
        ("C4v", [], [X, Y]),
        ("Td", [X, Y, Z], [X + Y, Y + Z]),
    ],
)
def test_axes_of_a_setting(name, twofold, mirrors):
    """Two-fold axes lie along, and mirrors stand across, the directions that the symbol of the setting says."""
    found = point_group(name).rotations
    for axis in twofold:
        assert _contains(found, 2 * np.outer(axis, axis) / (axis @ axis) - np.eye(3)), f"no C2 along {axis}"
    for normal in mirrors:
        assert _contains(found, np.eye(3) - 2 * np.outer(normal, normal) / (normal @ normal)), f"no σ ⊥ {normal}"


def _contains(found, wanted):
    return np.abs(found - wanted).max(axis=(-1, -2)).min() < 1e-12


@every_group
def test_a_rotated_frame_turns_the_rotations_alone(name):
    group, frame = point_group(name), random_rotation(seed=point_group(name).number)
    turned = group.rotated(frame)
    assert np.abs(turned.rotations - frame @ group.rotations @ frame.T).max() < 1e-15
    assert np.array_equal(turned.frame, frame)
    assert np.array_equal(group.frame, np.eye(3))
    assert np.array_equal(turned.product, group.product)
    for label, gamma in group.irreps.items():
        assert np.array_equal(turned.irreps[label].matrices, gamma.matrices)


@pytest.mark.parametrize(
    "frame",
    [np.eye(2), np.zeros((3, 3)), 2 * np.eye(3), -np.eye(3), np.full((3, 3), np.nan), np.eye(3) + 0.01],
    ids=["2x2", "zero", "scaled", "improper", "nan", "sheared"],
)
def test_what_is_no_proper_rotation_is_refused_as_a_frame(frame):
    with pytest.raises(ValueError, match="rotation"):
        point_group("D3").rotated(frame)
