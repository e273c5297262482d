"""The benchmark runs and prints its table; how fast it is, is no matter of passing or failing."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("module", "peers"), [("groups", ("MolSym", "spgrep")), ("tensors", ("e3nn", "cuequivariance"))]
)
def test_the_table_is_printed(module, peers):
    run = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", "--quick"],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines()
    assert lines[1].split() == ["ours", "target", "met", peers[0], "ratio", peers[1], "ratio"]
    assert len(lines) >= 7
    assert not run.stderr


def test_what_printed_tables_hold():
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.printed_tables", "--quick"],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines()
    assert lines[1].split() == ["ours", "molsym", "spgrep", "multipie", "posym", "phonopy"]
    assert sum("ms" in line or "µs" in line for line in lines) > 20
    assert not run.stderr


def test_crystals_beside_pymatgen():
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.crystals", "--quick"],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines()
    assert lines[1].split() == ["structures", "ours", "pymatgen", "ratio"]
    assert len(lines) == 5
    assert not run.stderr


@pytest.mark.parametrize(("module", "line", "start"), [("layers", 1, "forward"), ("reduced", 2, "forward")])
def test_layers_beside_e3nn(module, line, start):
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"tests.benchmarks.{module}", "--quick"],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines()
    assert lines[line].split()[:2] == [start, "ratio"]
    assert len(lines) > line + 4
    assert not run.stderr


def test_times_of_construction():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.construction"],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.splitlines()[0].split() == ["first", "next"]
    assert "Linear" in run.stdout
    assert not run.stderr
