"""``--markdown`` of every command that prints tables, read again by a parser of Markdown."""

import itertools
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pointgroups_cli.running import output, refused
from thirty_two import every_setting

from pointgroups.command.notation import Written
from pointgroups.command.tabular import Report, Section, markdown, words

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
POSCAR = "rutile\n1\n4.594 0 0\n0 4.594 0\n0 0 2.959\nTi O\n2 4\ndirect\n0 0 0\n.5 .5 .5\n"
POSCAR += ".3053 .3053 0\n.6947 .6947 0\n.8053 .1947 .5\n.1947 .8053 .5\n"
COMMANDS = [
    ["list"],
    ["show", "D3h"],
    ["show", "D5h"],
    ["show", "C7"],
    ["labels", "C6", "--spinors"],
    ["product", "T", "T", "T"],
    ["couple", "O", "F3/2", "F3/2", "T1"],
    ["subduce", "Oh", "3"],
    ["subduce", "Oh", "3", "--jz"],
    ["three-jm", "T", "T", "T", "T"],
    ["polynomials", "Td", "3"],
    ["clebsch-gordan", "1", "1/2"],
    ["double", "Oh"],
    ["double", "O", "--j", "5/2"],
    ["double", "Oh", "--spin-orbit", "T2g"],
    ["splitting", "C4v"],
    ["subgroups", "D4h"],
    ["branch", "C4v"],
    ["branch", "Oh", "D3d", "--matrices", "T2g"],
    ["induce", "Oh", "C4v", "A1", "--matrices"],
    ["power", "Oh", "T1u", "3"],
    ["selection", "D3h"],
    ["selection", "D3h", "--from", "A1'", "--operator", "raman"],
    ["jahn-teller", "Td"],
    ["invariants", "O", "T1"],
    ["invariants", "T", "T", "--covariant", "1E"],
    ["tensor", "elastic", "--group", "4/mmm"],
    ["tensor", "--list"],
    ["raman", "Td"],
]


def cells_of(tokens: list[Token]) -> list[list[str]]:
    """The rows of all tables as plain text; a cell with emphasis, links or HTML fails."""
    rows: list[list[str]] = []
    for before, token in itertools.pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            children = token.children or []
            assert {child.type for child in children} <= {"text", "softbreak"}, token.content
            if before.type in ("td_open", "th_open"):
                rows[-1].append("".join(child.content for child in children))
    return rows


def plain(tokens: list[Token]) -> str:
    return "".join(child.content for token in tokens if token.type == "inline" for child in token.children or [])


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_markdown_says_what_the_terminal_says(arguments: list[str]) -> None:
    """The same letters but for rules and space, and every table a table."""
    tokens = PARSER.parse(output(*arguments, "--markdown"))
    text = output(*arguments)
    assert sorted("".join(plain(tokens).split())) == sorted("".join(text.replace("─", "").split()))
    assert sum(token.type == "table_open" for token in tokens) == sum("──" in line for line in text.splitlines())
    cells_of(tokens)


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
