"""Every command on irreps, for exact, molecular and other finite groups, in all four forms that it prints."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import sympy
from pointgroups_cli.running import as_json, check_latex, check_markdown, output, refused

from pointgroups import coupling, three_jm
from pointgroups.command.chosen_groups import chosen_group

S4 = [[1, 0, 2, 3], [1, 2, 3, 0]]
IRREPS = {
    "Oh": ("T1u", "Eg", "T2g"),
    "D5h": ("E1'", "E2'", "A2''"),
    "Ih": ("T1u", "Hg", "Gg"),
    "S4": ("Γ4", "Γ3", "Γ5"),
}
"""Group → two irreps of more than one dimension, the second in the square of the first, and a third."""
SUBGROUPS = {"Oh": ("D3d", "Eg"), "D5h": ("C5v", "E1"), "Ih": ("D5d", "E1g"), "S4": ("order 6", "Γ3")}
"""Group → the name of a class of subgroups and one of its irreps."""

COMMANDS = {
    "show": ["show", "GROUP"],
    "product": ["product", "GROUP", "A", "B"],
    "square": ["product", "GROUP", "A", "A", "--real"],
    "couple": ["couple", "GROUP", "A", "A", "B"],
    "no coupling": ["couple", "GROUP", "A", "A", "A"],
    "three-jm": ["three-jm", "GROUP", "A", "A", "B"],
    "power": ["power", "GROUP", "A", "3"],
    "transition": ["selection", "GROUP", "--from", "A", "--operator", "A", "--to", "B"],
    "transitions": ["selection", "GROUP", "--from", "B", "--operator", "C"],
    "jahn-teller": ["jahn-teller", "GROUP"],
    "jahn-teller of one": ["jahn-teller", "GROUP", "A"],
    "invariants": ["invariants", "GROUP", "A"],
    "invariants to 4": ["invariants", "GROUP", "B", "--degree", "4"],
    "covariants": ["invariants", "GROUP", "A", "--covariant", "B", "--degree", "3"],
    "subgroups": ["subgroups", "GROUP"],
    "branch": ["branch", "GROUP", "SUBGROUP"],
    "branch to all": ["branch", "GROUP"],
    "branch --matrices": ["branch", "GROUP", "SUBGROUP", "--matrices", "A"],
    "induce": ["induce", "GROUP", "SUBGROUP", "GAMMA"],
}
"""What any finite group takes."""
FUNCTIONS = {
    "subduce": ["subduce", "GROUP", "3"],
    "subduce --jz": ["subduce", "GROUP", "2", "--jz"],
    "splitting": ["splitting", "GROUP"],
    "polynomials": ["polynomials", "GROUP", "3"],
    "selection": ["selection", "GROUP"],
    "transitions of light": ["selection", "GROUP", "--from", "A", "--operator", "electric-dipole"],
}
"""What asks how x, y, z transform."""

SPINORS = [
    "product O F3/2 E1/2",
    "product Td Γ8 Γ6 --scheme koster",
    "couple O F3/2 F3/2 T2",
    "three-jm O F3/2 F3/2 T2",
    "power Oh F3/2u 3",
    "selection D3h --from E1/2 --operator electric-dipole",
    "selection O --from F3/2 --operator T1 --to F3/2",
    "jahn-teller Oh F3/2g",
    "jahn-teller C3 1E1/2",
    "invariants O E1/2 --degree 8",
    "invariants D3 1E3/2",
    "invariants O E1/2 --covariant F3/2 --degree 3",
    "branch Oh D3d --spinors",
    "branch Oh D3d --matrices F3/2g",
    "induce O D4 E1/2 --matrices",
    "double Td",
    "double C4v --j 5/2-",
    "double C3 --spin-orbit 1E",
]

every_command = pytest.mark.parametrize("command", [*COMMANDS])
every_group = pytest.mark.parametrize("group", [*IRREPS])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("generators") / "s4.json"
    path.write_text(json.dumps(S4), encoding="utf-8")
    return path


def typed(command: list[str], group: str, file: Path) -> list[str]:
    """The command with the names of a group and its irreps in their places."""
    places = dict(zip(("A", "B", "C", "SUBGROUP", "GAMMA"), IRREPS[group] + SUBGROUPS[group], strict=True))
    words = [places.get(word, word) for word in command]
    given = [group] if group != "S4" else ["--generators", str(file)]
    return [found for word in words for found in (given if word == "GROUP" else [word])]


def check_all_forms(arguments: list[str]) -> None:
    text = output(*arguments)
    assert "  \n" not in text
    assert "�" not in text
    check_latex(output(*arguments, "--latex"))
    check_markdown(output(*arguments, "--markdown"), text)
    assert as_json(*arguments)


@every_group
@every_command
def test_any_finite_group(command: str, group: str, file: Path) -> None:
    check_all_forms(typed(COMMANDS[command], group, file))


@pytest.mark.parametrize("group", ["Oh", "D5h", "Ih"])
@pytest.mark.parametrize("command", [*FUNCTIONS])
def test_groups_of_rotations(command: str, group: str, file: Path) -> None:
    check_all_forms(typed(FUNCTIONS[command], group, file))


@pytest.mark.parametrize("command", SPINORS)
def test_spinors(command: str) -> None:
    check_all_forms(command.split())


@pytest.mark.parametrize("command", [*FUNCTIONS])
def test_permutations_turn_no_vector(command: str, file: Path) -> None:
    assert "3×3 matrices" in refused(*typed(FUNCTIONS[command], "S4", file))


@every_group
@pytest.mark.parametrize("command", ["couple", "three-jm"])
def test_json_has_the_numbers_of_the_library_and_of_the_table(command: str, group: str, file: Path) -> None:
    arguments = typed(COMMANDS[command], group, file)
    G = chosen_group(None, file) if group == "S4" else chosen_group(group)
    a, b, _ = (G.irreps[label] for label in IRREPS[group])
    expected = coupling(a, a, b) if command == "couple" else three_jm(a, a, b)
    data = as_json(*arguments)
    key, last = ("coefficients", "n") if command == "couple" else ("symbols", "k")
    found = np.zeros(data["shape"], dtype=complex)
    for entry in data[key]:
        found[tuple(entry[name] - 1 for name in ("copy", "i", "j", last))] = complex(sympy.sympify(entry["value"]))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    rows = [line.split() for line in output(*arguments).splitlines()]
    numbers = [[number(text) for text in row[2:]] for row in rows if len(row) > 2 and row[0].isdigit()]
    np.testing.assert_allclose(np.reshape(numbers, data["shape"]), expected, atol=1e-10)


def number(text: str) -> complex:
    """A cell of a table."""
    return complex(sympy.sympify(re.sub(r"√(\d+)", r"sqrt(\1)", text.replace("−", "-"))))


@every_group
def test_decimals_are_said_to_be_such(group: str, file: Path) -> None:
    for command in ("couple", "three-jm", "invariants", "covariants"):
        assert ("floating point" in output(*typed(COMMANDS[command], group, file))) == (group != "Oh")


# -- a name or a file ---------------------------------------------------------------------------------------------


@every_command
def test_generators_and_a_name_exclude_each_other(command: str, file: Path) -> None:
    given = typed(COMMANDS[command], "S4", file)
    said = refused(given[0], "Oh", *given[1:])
    assert "one of them" in said or "'Oh' is not" in said


@pytest.mark.parametrize("command", sorted({words[0] for words in (COMMANDS | FUNCTIONS).values()}))
def test_a_command_without_a_group_says_what_to_give(command: str) -> None:
    assert "give the name of a group" in refused(command)


@pytest.mark.parametrize("label", ["G4", "Gamma4", "GM4", "Γ₄"])
def test_irreps_of_permutations_without_greek_letters(label: str, file: Path) -> None:
    found = as_json("product", "--generators", str(file), label, label)
    assert found == as_json("product", "--generators", str(file), "Γ4", "Γ4")


def test_generators_of_a_crystallographic_group(file: Path, tmp_path: Path) -> None:
    """Matrices of Oh in a file: the answers of the exact group."""
    path = tmp_path / "oh.json"
    path.write_text(
        "[[[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[-1, 0, 0], [0, -1, 0], [0, 0, -1]]]"
    )
    for command in ("product", "square", "power", "jahn-teller of one", "subduce", "selection"):
        words = typed((COMMANDS | FUNCTIONS)[command], "Oh", file)
        exact, floating = as_json(*words), as_json(words[0], "--generators", str(path), *words[2:])
        for key in {"product", "symmetric", "antisymmetric", "terms", "levels", "irreps", "silent"} & {*exact}:
            assert exact[key] == floating[key], key


# -- what cannot be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["product", "Oh", "T1u"], "Missing argument 'B'; root product --help shows how"),
        (["product", "Oh", "T1u", "Eg", "Eg"], "unexpected extra argument"),
        (["product", "Oh", "T1u", "Eg", "--reel"], "no such option: --reel; root product --help shows how"),
        (["double", "--generators", "x.json"], "no such option: --generators"),
        (["subduce", "Oh", "3", "--jz=x"], "'--jz' does not take a value"),
        (["power", "Oh", "T1u", "x"], "Invalid value for 'N'"),
        (["modes"], "Missing argument 'FILE'"),
        (["tables", "bild"], "No such command 'bild'"),
        (["prduct", "Oh"], "Did you mean 'product'"),
    ],
)
def test_one_line_for_what_cannot_be_read(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
