"""The benchmark runs and prints its table; how fast it is, is no matter of passing or failing."""

import subprocess
import sys
from pathlib import Path


def test_the_table_of_group_theory_is_printed():
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.groups", "--quick"],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines()
    assert lines[1].split() == ["ours", "target", "met", "MolSym", "ratio", "spgrep", "ratio"]
    assert len(lines) >= 8
    assert not run.stderr
