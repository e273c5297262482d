"""The command ``pointgroups`` as a user runs it: what it prints for people, for programs and for LaTeX."""

import re
from pathlib import Path

import numpy as np
import pytest
from pointgroups_cli.running import as_json, check_functions, check_latex, output, refused
from thirty_two import every_group, every_setting
from typer.testing import CliRunner

from pointgroups import coupling, point_group, table_building, tables
from pointgroups.command.chosen_groups import any_group
from pointgroups.command.cli import app
from pointgroups.exact import value
from pointgroups.settings import SETTINGS, setting_of

# -- show ---------------------------------------------------------------------------------------------------------


@every_setting
def test_show_as_json_is_the_group(name: str) -> None:
    G = point_group(name)
    data = as_json("show", name)
    assert (data["name"], data["order"], data["number"]) == (G.name, G.order, G.number)
    assert [e for c in data["classes"] for e in c["elements"]] == [G.elements[g] for c in G.classes for g in c.indices]
    characters = [[value(token) for token in irrep["characters"]] for irrep in data["irreps"]]
    np.testing.assert_array_equal(characters, G.character_table)
    assert [irrep["label"] for irrep in data["real_irreps"]] == list(G.real_irreps)


@every_setting
def test_show_as_latex_is_well_formed(name: str) -> None:
    check_latex(output("show", name, "--latex"))


@every_setting
def test_functions_beside_the_table_transform_as_the_irrep_of_their_row(name: str) -> None:
    check_functions(point_group(name), as_json("show", name)["real_irreps"])


def test_show_prints_a_character_table_as_people_know_it() -> None:
    table = output("show", "C3v").split("Character table\n")[1].split("\n\n")[0]
    assert [line.split() for line in table.splitlines() if "──" not in line] == [
        ["C3v", "E", "2C3", "3σv", "linear", "quadratic"],
        ["A1", "1", "1", "1", "z", "x²", "+", "y²,", "z²"],
        ["A2", "1", "1", "−1", "Rz"],
        ["E", "2", "−1", "0", "(x,", "y),", "(Rx,", "Ry)", "(xy,", "x²", "−", "y²),", "(xz,", "yz)"],
        ["σv", "normal", "to", "[100],", "[1,√3,0],", "[-1,√3,0]"],
    ]


def test_show_names_the_axes_of_both_kinds_of_two_fold_axes_and_mirrors() -> None:
    text = output("show", "D4h")
    for line in ("C2′ along [100], [010]", "C2″ along [110], [-110]", "σv normal to [100], [010]"):
        assert line in text


@every_group
def test_a_narrow_terminal_cuts_nothing_off(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = output("show", name)
    monkeypatch.setenv("COLUMNS", "40")
    narrow = output("show", name)
    assert sorted(re.sub(r"[\s─]", "", narrow)) == sorted(re.sub(r"[\s─]", "", wide))


@pytest.mark.parametrize(("name", "symbol", "legend"), [("C3", "ω*", True), ("C6", "−ω", True), ("C4", "−i", False)])
def test_show_writes_complex_characters_by_symbols(name: str, symbol: str, legend: bool) -> None:
    text = output("show", name)
    assert symbol in text.split()
    assert ("ω = exp(2πi/3)" in text) is legend


def test_list_has_every_setting_and_each_name_works() -> None:
    rows = as_json("list")
    assert len(rows) == len(SETTINGS)
    assert {row["number"] for row in rows} == set(range(1, 33))
    assert all(point_group(row["name"]).order == row["order"] for row in rows)
    check_latex(output("list", "--latex"))
    text = output("list").splitlines()
    assert len(text) == len(rows) + 5
    assert text[-1].endswith("D5h, C7v, S8, I, Ih")
    for name in text[-1].split("such as ")[1].split(", "):
        assert any_group(name).name == name


# -- product and couple -------------------------------------------------------------------------------------------


@every_group
def test_product_of_every_pair(name: str) -> None:
    G = point_group(name)
    last = list(G.irreps)[-1]
    for label in G.irreps:
        data = as_json("product", name, label, last)
        assert data["product"] == G.tensor_product(label, last)
    check_latex(output("product", name, last, last, "--latex"))


def test_product_separates_the_symmetric_from_the_antisymmetric_square() -> None:
    assert "T1u ⊗ T1u = [A1g ⊕ Eg ⊕ T2g] ⊕ {T1g}" in output("product", "Oh", "T1u", "T1u")
    assert "T ⊗ T = [A ⊕ ¹E ⊕ ²E ⊕ T] ⊕ {T}" in output("product", "T", "T", "T")
    assert "T ⊗ T = [A ⊕ E ⊕ T] ⊕ {T}" in output("product", "T", "T", "T", "--real")


@pytest.mark.parametrize(
    ("name", "labels", "field"),
    [
        ("Oh", ("Eg", "T2g", "T1g"), "C"),
        ("T", ("T", "T", "T"), "C"),
        ("T", ("1E", "T", "T"), "C"),
        ("T", ("E", "T", "T"), "R"),
        ("C6h", ("E1u", "E1u", "E2g"), "R"),
        ("D3", ("E", "E", "A2"), "C"),
    ],
)
def test_couple_gives_the_coefficients(name: str, labels: tuple[str, str, str], field: str) -> None:
    G = point_group(name)
    a, b, c = ((G.irreps if field == "C" else G.real_irreps)[label] for label in labels)
    data = as_json("couple", name, *labels)
    assert data["field"] == field
    array = np.zeros(data["shape"], dtype=complex)
    for entry in data["coefficients"]:
        array[entry["copy"] - 1, entry["i"] - 1, entry["j"] - 1, entry["n"] - 1] = value(entry["value"])
    np.testing.assert_array_equal(array, coupling(a, b, c))
    check_latex(output("couple", name, *labels, "--latex"))


def test_couple_prints_exact_numbers_and_says_which_copy_is_symmetric() -> None:
    rows = [line.split() for line in output("couple", "Oh", "Eg", "T2g", "T1g").splitlines()]
    assert ["1", "2", "0", "−√3/2", "0"] in rows
    assert ["2", "3", "0", "0", "−1"] in rows
    text = output("couple", "T", "T", "T", "T")
    assert "copy 1 of 2, symmetric" in text
    assert "copy 2 of 2, antisymmetric" in text
    assert text.count("−1/√2") == 3


def test_couple_explains_what_is_not_contained() -> None:
    text = output("couple", "Oh", "Eg", "A1g", "T1u")
    assert "Eg ⊗ A1g = Eg does not contain T1u" in text
    assert as_json("couple", "Oh", "Eg", "A1g", "T1u")["shape"] == [0, 2, 1, 3]


# -- subduce ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "degree", "parity"),
    [
        (["3"], 3, -1),
        (["3-"], 3, -1),
        (["3−"], 3, -1),
        (["2+"], 2, 1),
        (["2-"], 2, -1),
        (["1", "--even"], 1, 1),
        (["4", "--odd"], 4, -1),
        (["13"], 13, -1),
    ],
)
def test_subduce_reads_degree_and_parity(arguments: list[str], degree: int, parity: int) -> None:
    data = as_json("subduce", "Oh", *arguments)
    assert (data["degree"], data["parity"]) == (degree, parity)
    assert data["irreps"] == point_group("Oh").subduce(degree, parity)
    assert ("harmonics" in data) is (parity == (-1) ** degree and degree <= 12)


@every_group
def test_subduce_prints_the_harmonics_of_the_group(name: str) -> None:
    basis = point_group(name).harmonics(3)
    rows = as_json("subduce", name, "3")["harmonics"]
    array = np.zeros((7, 7))
    for row, entry in zip(array, rows, strict=True):
        for m, token in entry["coefficients"].items():
            row[int(m) + 3] = value(token).real
    np.testing.assert_array_equal(array, basis.array)
    check_latex(output("subduce", name, "3", "--latex"))


def test_subduce_shows_the_splitting_of_the_d_shell() -> None:
    assert "ℓ = 2, even (d orbitals): E ⊕ T2" in output("subduce", "O", "2")


# -- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["show", "Ohh"], "near names are Oh (m-3m)"),
        (["show", "Oh", "--json", "--latex"], "exclude each other"),
        (["product", "Oh", "Γ4", "A1g"], "ambiguous"),
        (["product", "Oh", "Eg", "Q"], "the irreps of Oh are A1g, A2g"),
        (["couple", "T", "E", "1E", "T"], "splits over the complex numbers"),
        (["couple", "T", "1E", "T", "T", "--real"], "over the reals it is part of 'E'"),
        (["subduce", "Oh", "d"], "is not a degree"),
        (["subduce", "Oh", "3+", "--odd"], "contradict each other"),
        (["tables", "build", __file__], "is not a folder"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments: list[str], hint: str) -> None:
    assert hint in refused(*arguments)


# -- tables -------------------------------------------------------------------------------------------------------


@pytest.fixture
def three_groups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder into which the command has built the tables of three groups."""
    monkeypatch.setattr(table_building, "SETTINGS", tuple(s for s in SETTINGS if s.name in ("C1", "C3", "D2")))
    folder = tmp_path / "new" / "tables"
    assert output("tables", "build", str(folder)) == f"11 files written to {folder}\n"
    return folder


def test_built_tables_pass_the_check(three_groups: Path) -> None:
    assert output("tables", "check", str(three_groups)) == "10 tables agree with what their generators give\n"


def test_a_table_with_other_line_ends_does_not_pass_the_check(three_groups: Path) -> None:
    path = three_groups / tables.SUBGROUPS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = CliRunner().invoke(app, ["tables", "check", str(three_groups)])
    assert result.exit_code == 1
    assert "subgroups.json: its values agree, its line ends" in result.output.replace("\n", "")


def test_built_tables_are_the_shipped_ones(three_groups: Path) -> None:
    names = ["C1.json", "C1_double.json", "C3.json", "C3_double.json", "D2.json", "D2_double.json"]
    for name in (*names, tables.ICOSAHEDRAL, tables.SUBGROUPS):
        assert (three_groups / name).read_bytes() == (tables.directory() / name).read_bytes()
    for load in (tables.load, tables.load_double):
        ours, theirs = load(setting_of("C3"), three_groups), load(setting_of("C3"))
        assert ours["classes"] == theirs["classes"]
        for label, entry in theirs["irreps"].items():
            found = ours["irreps"][label]
            assert ours.code.exact(found["characters"]).tokens() == theirs.code.exact(entry["characters"]).tokens()


def test_check_names_the_first_difference(three_groups: Path) -> None:
    path = three_groups / "groups.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"order": 3', '"order": 4'), encoding="utf-8")
    result = CliRunner().invoke(app, ["tables", "check", str(three_groups)])
    assert result.exit_code == 1
    assert "groups.json/groups/C3/order: 4, expected 3" in result.stderr
