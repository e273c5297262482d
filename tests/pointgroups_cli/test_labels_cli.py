"""`pointgroups labels` and `pointgroups show --scheme`."""

import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused
from thirty_two import every_setting

from pointgroups import point_group
from pointgroups.labelling.maps import label_map
from pointgroups.labelling.schemes import SCHEMES


@every_setting
def test_labels_as_json_are_those_of_the_irreps(name: str) -> None:
    group = point_group(name)
    data = as_json("labels", name)
    assert data["group"] == group.name
    assert data["axes"] == {symbol: list(axes) for symbol, axes in group.axes.items()}
    for row, irrep in zip(data["irreps"], group.irreps.values(), strict=True):
        assert row == {"dim": irrep.dim, "labels": {scheme: irrep.labels.get(scheme) for scheme in SCHEMES}}


@every_setting
def test_map_from_one_scheme_to_another(name: str) -> None:
    rows = as_json("labels", name, "--from", "bilbao", "--to", "koster")["irreps"]
    assert {row["labels"]["bilbao"]: row["labels"]["koster"] for row in rows} == label_map(name, "bilbao", "koster")


def test_a_map_with_one_end_given_goes_to_or_from_mulliken() -> None:
    assert list(as_json("labels", "Td", "--from", "koster")["irreps"][0]["labels"]) == ["koster", "mulliken"]
    assert list(as_json("labels", "Td", "--to", "bilbao")["irreps"][0]["labels"]) == ["mulliken", "bilbao"]


@every_setting
@pytest.mark.parametrize("command", [["labels"], ["labels", "--spinors"], ["show", "--scheme", "koster"]], ids=" ".join)
def test_latex_is_well_formed(name: str, command: list[str]) -> None:
    check_latex(output(command[0], name, *command[1:], "--latex"))


def test_text() -> None:
    text = output("labels", "-4m2", "--from", "bilbao")
    assert "GM2      B2" in text
    assert "C2′ along [110], [-110]" in text
    assert "bilbao → mulliken" in text


def test_spinors_and_what_is_not_certain() -> None:
    text = output("labels", "C6", "--spinors")
    assert "¹E3/2      -GM7     Γ11      ?" in text
    assert "²E1/2      -GM11    Γ7       ?" in text
    assert "none that is certain" in text
    assert r"$\bar{\Gamma}_{10}$ & $\Gamma_{8}^{+}$" in output("labels", "Oh", "--spinors", "--latex")
    assert "certain" not in output("labels", "Oh")
    rows = as_json("labels", "O", "--spinors")["irreps"]
    assert rows[-1]["labels"] == {"mulliken": "F3/2", "bilbao": "-GM8", "koster": "Γ8", "altmann-herzig": "F3/2"}


@pytest.mark.parametrize(
    ("group", "scheme", "row"),
    [
        ("Td", "koster", "Γ4   3     1    −1     0    −1   (Rx, Ry, Rz)"),
        ("Td", "bilbao", "GM4   3    −1    −1     0     1   (x, y, z)"),
    ],
)
def test_character_table_in_a_scheme(group: str, scheme: str, row: str) -> None:
    assert row in output("show", group, "--scheme", scheme)


def test_pairs_over_the_reals() -> None:
    assert "Γ2 ⊕ Γ3   ℝ        2   complex   (x, y)" in output("show", "C3", "--scheme", "koster")
    assert "GM2GM3   ℝ        2   complex   (x, y)" in output("show", "C3", "--scheme", "bilbao")


def test_json_of_show_holds_the_labels_of_all_schemes() -> None:
    labels = {row["label"]: row["labels"]["bilbao"] for row in as_json("show", "-4m2")["irreps"]}
    assert labels == label_map("-4m2", "mulliken", "bilbao")


def test_gamma_symbols_as_input() -> None:
    assert output("product", "Oh", "Γ4-", "GM4-") == output("product", "Oh", "T1u", "T1u")
    assert output("couple", "C3", "GM2GM3", "E", "A") == output("couple", "C3", "E", "E", "A")


def test_products_and_couplings_in_a_scheme() -> None:
    text = output("product", "Td", "GM4", "GM4", "--scheme", "bilbao")
    assert "GM4 ⊗ GM4 = [GM1 ⊕ GM3 ⊕ GM4] ⊕ {GM5}" in text
    assert "Γ4 ⊗ Γ5 = Γ2 ⊕ Γ3 ⊕ Γ4 ⊕ Γ5" in output("product", "Td", "Γ4", "Γ5", "--scheme", "koster")
    assert as_json("product", "Td", "GM4", "GM4", "--scheme", "bilbao") == as_json("product", "Td", "T2", "T2")
    assert "²E2 ⊗ ¹E1" in output("product", "C6", "2E2", "1E1", "--scheme", "altmann-herzig")
    coupled = output("couple", "C3", "GM2GM3", "GM3GM2", "GM1", "--scheme", "bilbao")
    assert "GM2GM3 ⊗ GM2GM3 → GM1, over ℝ" in coupled
    assert "does not contain Γ2" in output("couple", "Td", "Γ4", "Γ4", "Γ2", "--scheme", "koster")
    check_latex(output("couple", "Th", "Γ4-", "Γ4-", "Γ4+", "--scheme", "koster", "--latex"))


def test_subduction_in_a_scheme() -> None:
    text = output("subduce", "Td", "3", "--scheme", "koster")
    assert "Γ1 ⊕ Γ4 ⊕ Γ5" in text
    assert "Γ5         1           3   −Y(3,0)" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "S4", "--scheme", "altmann-herzig"], "not certain"),
        (["show", "S4", "--scheme", "bethe"], "the schemes are mulliken, bilbao, koster, altmann-herzig"),
        (["labels", "Oh", "--from", "bethe"], "the schemes are mulliken, bilbao, koster, altmann-herzig"),
        (["labels", "D5"], "D5"),
        (["product", "Td", "T1", "T1", "--scheme", "koster"], "'T1' is no label of Td in the scheme 'koster'"),
        (["product", "S4", "1E", "A", "--scheme", "altmann-herzig"], "these are A (A), B (B)"),
        (["product", "Td", "Γ4", "A1"], "T2 in the scheme 'bilbao' and T1 in the scheme 'koster'"),
        (["product", "Oh", "Γ4", "A1g"], "Γ4+ or Γ4-"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
