"""The benchmarks run and print their tables; how fast anything is, is no matter of passing or failing."""

import subprocess
import sys
from pathlib import Path

import pytest


def printed(module: str, *options: str) -> list[str]:
    """The lines that a benchmark prints; it must say nothing on stderr."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"tests.benchmarks.{module}", *options],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    assert not run.stderr
    return run.stdout.splitlines()


@pytest.mark.parametrize(
    ("module", "peers"), [("groups", ("MolSym", "spgrep")), ("tensors", ("e3nn", "cuequivariance"))]
)
def test_ours_beside_two_peers(module, peers):
    lines = printed(module, "--quick")
    assert lines[1].split() == ["ours", "target", "met", peers[0], "ratio", peers[1], "ratio"]
    assert len(lines) >= 7


def test_what_printed_tables_hold():
    lines = printed("printed_tables", "--quick")
    assert lines[1].split() == ["ours", "molsym", "spgrep", "multipie", "posym", "phonopy"]
    assert sum("ms" in line or "µs" in line for line in lines) > 20


def test_crystals_beside_pymatgen():
    lines = printed("crystals", "--quick")
    assert lines[1].split() == ["structures", "ours", "pymatgen", "ratio"]
    assert len(lines) == 5


@pytest.mark.parametrize(("module", "line"), [("layers", 1), ("reduced", 2)])
def test_layers_beside_e3nn(module, line):
    lines = printed(module, "--quick")
    assert lines[line].split()[:2] == ["forward", "ratio"]
    assert len(lines) > line + 4


def test_times_of_construction():
    lines = printed("construction")
    assert lines[0].split() == ["first", "next"]
    assert any(line.startswith("Linear ") for line in lines)
