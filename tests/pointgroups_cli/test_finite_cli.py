"""`pointgroups show`, `product`, `couple` and `subduce` for molecular point groups, and groups from a file."""

import json
from pathlib import Path

import numpy as np
import pytest
import sympy
from pointgroups_cli.running import as_json, check_functions, check_latex, output, refused

from pointgroups import coupling
from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.group import finite_group

NAMES = ["Ih", "I", "D5h", "D5d", "D4d", "C5", "C7v", "S8", "C9h", "S10", "D7", "D6d", "C24"]
Q8 = [[2, 3, 1, 0, 6, 7, 5, 4], [4, 5, 7, 6, 1, 0, 2, 3]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "generators.json"


def characters(irrep: dict[str, list[str]]) -> list[complex]:
    return [complex(sympy.sympify(text)) for text in irrep["characters"]]


@pytest.mark.parametrize("name", NAMES)
def test_show_as_json_is_the_group(name: str) -> None:
    G = molecular_point_group(name)
    data = as_json("show", name)
    assert (data["name"], data["order"], data["elements"]) == (name, G.order, list(G.elements))
    assert [e for c in data["classes"] for e in c["elements"]] == [G.elements[g] for c in G.classes for g in c.indices]
    np.testing.assert_allclose([characters(irrep) for irrep in data["irreps"]], G.character_table, atol=1e-14)
    found = [(a["label"], a["dim"], a["type"]) for a in data["real_irreps"]]
    assert found == [(a.label, a.dim, a.type) for a in G.real_irreps.values()]
    np.testing.assert_array_equal(data["frame"], np.eye(3))
    check_latex(output("show", name, "--latex"))


def rows_of(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_character_tables_in_words() -> None:
    rows = rows_of(output("show", "I"))
    assert ["E", "12C5", "12C5²", "20C3", "15C2", "linear", "quadratic"] in rows
    assert ["T1", "3", "real", "(x,", "y,", "z)"] in rows
    t1 = "T1 3 1/2 + √5/2 1/2 − √5/2 0 −1 (x, y, z), (Rx, Ry, Rz)"
    assert t1.split() in rows
    rows = rows_of(output("show", "D5h"))
    e1 = "E1′ 2 −1/2 + √5/2 −1/2 − √5/2 0 2 −1/2 + √5/2 −1/2 − √5/2 0 (x, y)"
    assert e1.split() in rows
    assert "5σv     σ[0.951,0.309,0], σ[0.588,0.809,0], σ[010]" in output("show", "D5h")
    text = output("show", "C7v")
    assert "2cos(2π/7)" in text
    assert "εₙ" not in text


def test_complex_characters_are_roots_of_unity() -> None:
    text = output("show", "C7")
    row = "¹E1 1 ε₇⁻¹ ε₇⁻² ε₇⁻³ ε₇³ ε₇² ε₇ (x, y), (Rx, Ry) (yz, xz)"
    assert row.split() in rows_of(text)
    assert "εₙ = exp(2πi/n)" in text
    assert "C7³−    C7³[001]−" in text
    chi = molecular_point_group("C7").irreps["1E1"].class_characters
    np.testing.assert_allclose(chi[1:4], np.exp(2j * np.pi * np.array([-1, -2, -3]) / 7), atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_functions_beside_the_table_transform_as_the_irrep_of_their_row(name: str) -> None:
    check_functions(molecular_point_group(name), as_json("show", name)["real_irreps"])


def test_a_crystallographic_name_shows_the_exact_group() -> None:
    assert "number 32 of International Tables" in output("show", "Oh")
    assert output("show", "D3h") == output("show", "-6m2")


def test_products_couplings_and_subduction() -> None:
    assert "Hg ⊗ Hg = [Ag ⊕ Gg ⊕ 2Hg] ⊕ {T1g ⊕ T2g ⊕ Gg}" in output("product", "Ih", "hg", "hg")
    assert "ℓ = 6, even (i orbitals): Ag ⊕ T1g ⊕ Gg ⊕ Hg" in output("subduce", "Ih", "6")
    G = molecular_point_group("C5")
    for labels in (("1E1", "1E1", "1E2"), ("1E1", "2E1", "A")):
        data = as_json("couple", "C5", *labels)
        array = np.zeros(data["shape"], dtype=complex)
        for entry in data["coefficients"]:
            place = tuple(entry[key] - 1 for key in ("copy", "i", "j", "n"))
            array[place] = complex(sympy.sympify(entry["value"]))
        np.testing.assert_allclose(array, coupling(*(G.irreps[label] for label in labels)), atol=1e-9)
        check_latex(output("couple", "C5", *labels, "--latex"))
    rows = rows_of(output("couple", "I", "T1", "T1", "T1"))
    assert ["1", "2", "0", "0", "0.7071067812"] in rows
    assert ["2", "1", "0", "0", "−0.7071067812"] in rows


# -- groups from a file -------------------------------------------------------------------------------------------


def test_a_group_of_permutations_from_a_file(file: Path) -> None:
    file.write_text(json.dumps(Q8), encoding="utf-8")
    data = as_json("show", "--generators", str(file))
    G = finite_group(Q8)
    assert data["elements"] == list(G.elements)
    assert data["real_irreps"][-1] == {"label": "Γ5Γ5", "dim": 4, "type": "quaternionic", "basis": []}
    assert "frame" not in data
    text = output("show", "--generators", str(file))
    assert "a group of order 8" in text
    assert ["Γ5Γ5", "4", "quaternionic"] in rows_of(text)
    assert "linear" not in text
    check_latex(output("show", "--generators", str(file), "--latex"))


def test_a_group_of_matrices_from_a_file(file: Path) -> None:
    turn = 2 * np.pi / 5
    about_x = [[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]]
    file.write_text(json.dumps([about_x]), encoding="utf-8")
    text = output("show", "--generators", str(file))
    assert text.startswith("C5\norder 5")
    assert "C5²[100]+" in text
    assert "linear" not in text  # its axes are not those to which x, y, z of the labels refer


def test_many_classes_of_one_order(file: Path) -> None:
    """Five commuting exchanges have 31 classes of order 2, C2a to C2ae."""
    exchanges = np.tile(np.arange(10), (5, 1))
    for k in range(5):
        exchanges[k, [2 * k, 2 * k + 1]] = 2 * k + 1, 2 * k
    file.write_text(json.dumps(exchanges.tolist()), encoding="utf-8")
    assert ["C2ae", "(0", "1)(2", "3)(4", "5)(6", "7)(8", "9)"] in rows_of(output("show", "--generators", str(file)))
    check_latex(output("show", "--generators", str(file), "--latex"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nonsense", "cannot be read as JSON generators"),
        ("[[1, 0, 2], [1, 2]]", "lists of unequal lengths"),
        ("[[1, 1, 2]]", "generator 0 is no permutation of 0 … 2: [1, 1, 2] does not reach 0"),
        ("[[[1, 0], [1, 1]]]", "generator 0 is not orthogonal"),
        ("[[[0.6, 0.8], [-0.8, 0.6]]]", "do not close"),
        ('{"a": 1}', "generators are real orthogonal matrices"),
        ("[]", "generators are real orthogonal matrices"),
    ],
)
def test_bad_files_are_refused(file: Path, content: str, said: str) -> None:
    file.write_text(content, encoding="utf-8")
    assert said in refused("show", "--generators", str(file))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "--generators", "missing.json"], "cannot be read as JSON generators"),
        (["show"], "give the name of a group"),
        (["show", "Oh", "--generators", "x.json"], "one of them"),
        (["show", "C∞v"], "not a finite group"),
        (["show", "D500h"], "groups up to order 1000 are made"),
        (["show", "D5h", "--scheme", "koster"], "leave out --scheme"),
        (["product", "Ih", "Hg", "Q"], "'Q' is not an irrep of Ih"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
