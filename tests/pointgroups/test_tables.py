"""Tables on disk: letters for numbers, damaged files, and what is read from them beside what is computed."""

import hashlib
import json
import shutil

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from thirty_two import every_group, every_setting

from pointgroups import TableError, coupling, point_group, tables
from pointgroups.decomposed_characters import exact_multiplicities
from pointgroups.exact_group import product_table
from pointgroups.groups import product_table_of_rotations
from pointgroups.number_code import NumberCode, indices_of, text_of
from pointgroups.settings import setting_of

LEGENDS = {name: tables._verified(str(tables.directory()), name)["numbers"] for name in (tables.GROUPS, tables.SPINORS)}


# Numbers as letters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LEGENDS)
def test_the_floats_of_a_legend_are_its_numbers_correctly_rounded(name):
    for _, token, real, imaginary in LEGENDS[name]:
        number = sympy.sympify(token)
        assert (real, imaginary) == (float(sympy.re(number).evalf(40)), float(sympy.im(number).evalf(40))), token


@pytest.mark.parametrize("name", LEGENDS)
def test_letters_and_numbers_of_a_legend_differ(name):
    letters, tokens, *_ = zip(*LEGENDS[name], strict=True)
    assert len(set(letters)) == len(set(tokens)) == len(letters)
    assert all(len(letter) == 1 and letter.isascii() for letter in letters)


@pytest.mark.parametrize("name", LEGENDS)
@given(data=st.data())
def test_a_text_reads_back(name, data):
    code = NumberCode(LEGENDS[name])
    tokens = data.draw(st.lists(st.sampled_from([token for _, token, _, _ in LEGENDS[name]]), min_size=1))
    text = code.text(tokens)
    assert code.exact(text).tokens() == tokens
    assert np.array_equal(code.complexes(text), code.exact(text).numeric())
    assert np.array_equal(code.reals(text), code.complexes(text).real)


def test_a_number_without_a_letter_is_refused():
    code = NumberCode.of_numbers(["0", "1"])
    with pytest.raises(KeyError, match="sqrt"):
        code.text(["sqrt(2)"])
    with pytest.raises(ValueError, match="there are letters for"):
        NumberCode.of_numbers(f"1/{n}" for n in range(2, 100))


@given(st.lists(st.integers(0, 35)))
def test_small_numbers_read_back(numbers):
    assert indices_of(text_of(numbers)).tolist() == numbers


# What is read, beside what is computed -------------------------------------------------------------------------------


@every_setting
def test_products_of_elements_are_those_of_the_exact_matrices(name):
    group = point_group(name)
    assert np.array_equal(group.product, product_table(group.exact_rotations))


@every_setting
def test_products_do_not_hang_on_rounding(name):
    """As on a machine that sums in another order, with last digits of its own."""
    group = point_group(name)
    noise = np.random.default_rng(0).uniform(-1e-14, 1e-14, group.rotations.shape)
    assert (product_table_of_rotations(group.rotations + noise) == group.product).all()


@every_group
def test_direct_products_are_those_of_exact_characters(name):
    group = point_group(name)
    assert len(group.direct_products) == len(group.irreps) ** 2
    for (a, b), found in group.direct_products.items():
        character = group.irreps[a].class_characters * group.irreps[b].class_characters
        assert [dict(found)] == exact_multiplicities(character.reshape(1, -1), group, "C")
        assert found == group.tensor_product(a, b)


def test_the_table_of_products_cannot_be_changed():
    table = point_group("O").direct_products
    with pytest.raises(TypeError):
        table["E", "E"] = {}
    with pytest.raises(TypeError):
        table["E", "E"]["A1"] = 2


# Damage --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(tables.directory(), tmp_path / "tables")


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def resigned(folder, name, old, new):
    """Another content of a file with the sum that goes with it."""
    content = (folder / name).read_bytes().replace(old, new, 1)
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / tables.MANIFEST).read_text())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / tables.MANIFEST).write_text(json.dumps(manifest))


def test_an_intact_copy_is_read(folder):
    table = tables.load(setting_of("D3"), folder)
    assert table["schoenflies"] == "D3"
    assert "E*E" in table["coupling"]


@pytest.mark.parametrize("load", [tables.load, tables.load_double])
@pytest.mark.parametrize("kind", ["flipped", "cut", "missing", "not listed", "other format", "other name", "lacking"])
def test_a_damaged_file_of_all_settings_is_refused(folder, load, kind):
    name = tables.GROUPS if load is tables.load else tables.SPINORS
    path = folder / name
    if kind == "flipped":
        flip(path)
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif kind == "missing":
        path.unlink()
    elif kind == "not listed":
        manifest = json.loads((folder / tables.MANIFEST).read_text())
        del manifest["files"][name]
        (folder / tables.MANIFEST).write_text(json.dumps(manifest))
    elif kind == "other format":
        resigned(folder, name, b'"format": 2', b'"format": 1')
    elif kind == "other name":
        resigned(folder, name, f'"name": "{name}"'.encode(), b'"name": "Oh.json"')
    else:
        resigned(folder, name, b'"Oh": {', b'"Xx": {')
    with pytest.raises(TableError, match="reinstall the package, or write the tables anew"):
        load(setting_of("Oh"), folder)


@pytest.mark.parametrize("load", [tables.load, tables.load_double])
def test_a_damaged_file_of_one_setting_is_refused_when_it_is_read(folder, load):
    flip(folder / (tables.file_name if load is tables.load else tables.double_file_name)(setting_of("Oh")))
    table = load(setting_of("Oh"), folder)
    with pytest.raises(TableError, match="is damaged"):
        table["coupling"]
    assert load(setting_of("D3"), folder)["coupling"]


@pytest.mark.parametrize("content", ["", "[]", '{"format": 2}', '{"format": 1, "files": {}}'])
def test_a_file_that_is_no_manifest_is_refused(folder, content):
    (folder / tables.MANIFEST).write_text(content)
    with pytest.raises(TableError, match="is not a manifest"):
        tables.load(setting_of("Oh"), folder)


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(TableError, match="there are no tables"):
        tables.load(setting_of("Oh"), tmp_path)


def test_a_group_with_damaged_couplings_keeps_its_irreps(folder, monkeypatch):
    flip(folder / "D4.json")
    monkeypatch.setattr(tables, "_shipped", lambda: str(folder))
    from pointgroups.point_group import PointGroup

    group = PointGroup(tables.load(setting_of("D4")))
    assert [a.dim for a in group.irreps.values()] == [1, 1, 1, 1, 2]
    e = group.irreps["E"]
    with pytest.raises(TableError, match=r"D4\.json is damaged"):
        coupling(e, e, e)


def test_files_are_json(folder):
    names = json.loads((folder / tables.MANIFEST).read_text())["files"]
    assert {path.name for path in folder.glob("*.json")} == {*names, tables.MANIFEST}
    for name in names:
        found = json.loads((folder / name).read_bytes())
        assert (found["format"], found["name"]) == (tables.FORMAT, name)
