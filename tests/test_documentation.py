"""Every example that the documentation shows is run here, and what it prints is compared with what is shown.

In a document, blocks run from top to bottom in one folder of their own:

- ``python``: with ``>>>`` prompts as doctest reads them, without prompts as a script; names live on;
- ``console``: each line after ``$`` is a command that must exit with 0, and the lines below it are what it
  prints on both streams;
- ``bash``: only README.md has these, two lines that install; `.ci/run` runs them.

``...`` stands for text that differs from run to run.
"""

import contextlib
import doctest
import importlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCUMENTS = [path for path in DOCUMENTS if "_build" not in path.parts]
OPTIONS = doctest.ELLIPSIS
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PACKAGES = ("pointgroups", "equinet")
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.stem != "__main__"
]


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text and the line on which the text starts."""

    language: str
    text: str
    line: int


def blocks(path: Path) -> list[Block]:
    document = path.read_text(encoding="utf-8")
    return [Block(match[1], match[2], document.count("\n", 0, match.start()) + 2) for match in FENCE.finditer(document)]


def run_python(block: Block, path: Path, names: dict[str, Any]) -> None:
    if ">>>" not in block.text:
        exec(compile("\n" * (block.line - 1) + block.text, str(path), "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(block.text, names, path.name, str(path), block.line - 1)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    failed, _ = runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    assert not failed, "".join(report)


def commands(block: Block) -> list[tuple[str, str]]:
    """(command, what it prints) for each line after a ``$``."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"line {block.line}: a console block starts with a command after '$ '"
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts[1:])]


def run_console(block: Block, path: Path, folder: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHONIOENCODING": "utf-8",
    }
    for command, shown in commands(block):
        run = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        printed = "".join(f"{line.rstrip()}\n" for line in run.stdout.splitlines())
        place = f"{path.name}:{block.line}: $ {command}"
        assert run.returncode == 0, f"{place}\nexit code {run.returncode}\n{printed}"
        matches = doctest.OutputChecker().check_output(shown.rstrip("\n") + "\n", printed.rstrip("\n") + "\n", OPTIONS)
        assert matches, f"{place}\nprinted\n{printed}\nbut the document shows\n{shown}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_print_what_the_document_shows(path: Path, tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(tmp_path):
        for block in blocks(path):
            if block.language == "python":
                run_python(block, path, names)
            elif block.language == "console":
                run_console(block, path, tmp_path)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(name)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
        runner.run(test, out=report.append)
    assert not runner.failures, "".join(report)


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_documented_with_an_example(package: str) -> None:
    module = importlib.import_module(package)
    without = [
        name
        for name in module.__all__
        if callable(getattr(module, name)) and ">>>" not in (getattr(module, name).__doc__ or "")
        if not (isinstance(getattr(module, name), type) and issubclass(getattr(module, name), Exception))
    ]
    assert not without, f"public names of {package} without an executed example: {', '.join(without)}"


def test_readme_shows_the_two_commands_that_ci_runs() -> None:
    lines = [
        line for block in blocks(ROOT / "README.md") if block.language == "bash" for line in block.text.splitlines()
    ]
    train, test = lines
    assert train.endswith(" && equinet train")
    assert test.endswith(" && pytest")
    assert not [path.name for path in DOCUMENTS[1:] if any(block.language == "bash" for block in blocks(path))]
