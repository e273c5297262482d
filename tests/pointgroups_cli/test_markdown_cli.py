"""``--markdown`` of every command that prints tables, read again by a parser of Markdown."""

from pathlib import Path

import pytest
from pointgroups_cli.running import PARSER, cells_of, check_markdown, output, plain, refused
from thirty_two import every_setting

from pointgroups.command.notation import Written
from pointgroups.command.tabular import Report, Section, markdown, words

POSCAR = "rutile\n1\n4.594 0 0\n0 4.594 0\n0 0 2.959\nTi O\n2 4\ndirect\n0 0 0\n.5 .5 .5\n"
POSCAR += ".3053 .3053 0\n.6947 .6947 0\n.8053 .1947 .5\n.1947 .8053 .5\n"
COMMANDS = [
    ["list"],
    ["show", "C7"],
    ["labels", "C6", "--spinors"],
    ["couple", "O", "F3/2", "F3/2", "T1"],
    ["subduce", "Oh", "3", "--jz"],
    ["three-jm", "T", "T", "T", "T"],
    ["polynomials", "Td", "3"],
    ["clebsch-gordan", "1", "1/2"],
    ["double", "Oh"],
    ["double", "O", "--j", "5/2"],
    ["double", "Oh", "--spin-orbit", "T2g"],
    ["branch", "Oh", "D3d", "--matrices", "T2g"],
    ["induce", "Oh", "C4v", "A1", "--matrices"],
    ["selection", "D3h", "--from", "A1'", "--operator", "raman"],
    ["invariants", "T", "T", "--covariant", "1E"],
    ["tensor", "elastic", "--group", "4/mmm"],
    ["tensor", "--list"],
    ["raman", "Td"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_markdown_says_what_the_terminal_says(arguments: list[str]) -> None:
    """The same letters but for rules and space, and every table a table."""
    check_markdown(output(*arguments, "--markdown"), output(*arguments))


@every_setting
@pytest.mark.parametrize("command", ["show", "double", "subgroups", "selection"])
def test_tables_of_every_group_are_read_as_tables(name: str, command: str) -> None:
    tokens = PARSER.parse(output(command, name, "--markdown"))
    assert len(cells_of(tokens)) > 1


def test_markdown_of_a_crystal(tmp_path: Path) -> None:
    file = tmp_path / "POSCAR"
    file.write_text(POSCAR, encoding="utf-8")
    for command in ("crystal", "modes"):
        tokens = PARSER.parse(output(command, str(file), "--markdown"))
        assert "TiO2, space group P4_2/mnm (136), class D4h (4/mmm)" in plain(tokens)
        assert cells_of(tokens)[0][:3] == ["species", "Wyckoff", "atoms"]


def test_every_sign_survives() -> None:
    nasty = ["|1/2,1/2⟩", "ω*", "R_x _a_", "`code`", "[a](b)", "<b>", r"\|", "~~x~~", "# no", "x & y", "{A}"]
    header = [words("a|b"), words("*c*")]
    section = Section(
        words("_title_"), "lr", header, [[words(sign), Written(sign, "")] for sign in nasty], [words("*")]
    )
    text = markdown(Report(words("# a *title*"), [words("a [line](x)")], [section], None))
    tokens = PARSER.parse(text)
    assert cells_of(tokens) == [["a|b", "*c*"], *([sign, sign] for sign in nasty)]
    assert plain(tokens).startswith("# a *title*a [line](x)_title_")
    assert text.splitlines()[7] == "| --- | ---: |"


def test_only_one_form_is_printed() -> None:
    assert "--latex and --markdown exclude each other" in refused("raman", "Td", "--latex", "--markdown")
    assert "--json and --latex and --markdown" in refused("list", "--latex", "--markdown", "--json")
