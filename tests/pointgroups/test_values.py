"""Groups and irreps are immutable values: one object a name, arrays nobody can write to, copies that are the same."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from thirty_two import every_field, every_group, every_setting, irreps

from pointgroups import coupling, point_group


def _arrays(group):
    yield from (group.rotations, group.product, group.inverse, group.character_table)
    for field in "CR":
        for gamma in irreps(group, field):
            yield from (gamma.matrices, gamma.characters, gamma.commutant)
    yield group.harmonics(2).array


@every_group
def test_no_array_can_be_written_to(name):
    for array in _arrays(point_group(name)):
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@every_field
def test_couplings_cannot_be_written_to(field):
    group = point_group("Oh")
    for a in irreps(group, field):
        for c in irreps(group, field):
            assert not coupling(a, a, c).flags.writeable


@every_setting
def test_copies_are_the_same_object(name):
    group = point_group(name)
    assert pickle.loads(pickle.dumps(group)) is group  # noqa: S301 — our own bytes
    assert copy.deepcopy(group) is group
    assert copy.copy(group) is group
    for field in "CR":
        for gamma in irreps(group, field):
            assert gamma.group is group
            assert pickle.loads(pickle.dumps(gamma)) is gamma  # noqa: S301 — our own bytes
            assert copy.deepcopy({"irrep": gamma})["irrep"] is gamma


def test_a_rotated_group_survives_pickle_with_its_frame():
    frame = np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]])
    turned = point_group("D4").rotated(frame)
    again = pickle.loads(pickle.dumps(turned))  # noqa: S301 — our own bytes
    assert np.array_equal(again.rotations, turned.rotations)
    assert np.array_equal(again.frame, frame)
    assert np.array_equal(copy.deepcopy(turned).rotations, turned.rotations)


@every_group
def test_attributes_cannot_be_set(name):
    group = point_group(name)
    gamma = next(iter(group.irreps.values()))
    for value, attribute in ((group, "order"), (group, "something_new"), (gamma, "label"), (gamma, "something_new")):
        before = getattr(value, attribute, None)
        try:
            with pytest.raises((AttributeError, TypeError)):
                setattr(value, attribute, before)
        finally:
            vars(value).pop("something_new", None)
    with pytest.raises(TypeError):
        group.irreps["A"] = gamma
    with pytest.raises(TypeError):
        group.real_irreps["A"] = gamma
    with pytest.raises((AttributeError, TypeError)):
        group.classes[0].label = "2E"


def test_groups_work_as_keys_and_print_their_name():
    assert {point_group("Oh"): 1}[point_group(32)] == 1
    assert point_group("Oh") != point_group("O")
    assert "Oh" in repr(point_group("Oh"))
    assert "T1u" in repr(point_group("Oh").irreps["T1u"])


def test_threads_get_the_same_object():
    code = """
import sys, threading
sys.setswitchinterval(1e-6)
from pointgroups import point_group
found, start = [], threading.Barrier(8)
def ask():
    start.wait()
    group = point_group("D6h")
    parts = [group.irreps["E1g"], *map(group.harmonics, range(9)), *map(group.double.adapted_spinors, range(3))]
    found.append((id(group), *map(id, parts)))
threads = [threading.Thread(target=ask) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
assert len(set(found)) == 1, found
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_is_light():
    code = """
import sys
import pointgroups
heavy = {"torch", "sympy", "pymatgen", "spglib", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
pointgroups.point_group("Oh").irreps["T1u"].matrices
pointgroups.coupling(*[pointgroups.point_group("Oh").irreps["T1u"]] * 2, pointgroups.point_group("Oh").irreps["T2g"])
heavy = {"torch", "sympy", "pymatgen", "spglib", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)
