"""Group theory against its peers, in one run on one machine: ``python -m tests.benchmarks.groups``.

Cold: a fresh Python process; the imports are done, nothing else has been asked. Warm: the same question again in that
process. The peers are MolSym (floats; the fastest irreps) and spgrep (the closest engine), as pip installs them; one
that is not installed is left out. ``--quick`` takes every figure once and leaves the longest ones out.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pointgroups import point_group

ROOT = Path(__file__).parents[2]
REPEATS = 9
LONG = 5.0


@dataclass(frozen=True)
class Program:
    """Code to be timed: ``body`` after ``setup`` in a fresh process, ``runs`` times in it; the last one counts."""

    body: str
    setup: str = ""
    package: str = "pointgroups"
    runs: int = 1

    def seconds(self, repeats: int) -> float | None:
        """Median over fresh processes, one where it takes over five seconds; None when the package is not installed."""
        if importlib.util.find_spec(self.package) is None:
            return None
        code = (
            f"import time, warnings; warnings.simplefilter('ignore'); import numpy\n{textwrap.dedent(self.setup)}\n"
            f"def body():\n{textwrap.indent(textwrap.dedent(self.body).strip(), '    ')}\n"
            f"for _ in range({self.runs}):\n"
            "    start = time.perf_counter(); body(); elapsed = time.perf_counter() - start\n"
            "print(elapsed)\n"
        )
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        found = []
        for _ in range(repeats):
            run = subprocess.run(
                [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT, env=environment
            )
            found.append(float(run.stdout))
            if found[0] > LONG:
                break
        return statistics.median(found)


@dataclass(frozen=True)
class Question:
    """One line of the table."""

    name: str
    target: float | None
    ours: Program
    peers: tuple[Program, ...] = ()
    long: bool = False


SPGREP_OH = """
import spgrep, spglib
from spgrep.rep.irreps import project_to_irrep
from spgrep.rep.representation import get_direct_product
rotations = spglib.get_symmetry_from_database(517)["rotations"]
irreps = spgrep.get_crystallographic_pointgroup_irreps_from_symmetry(rotations)
chi = numpy.array([numpy.trace(gamma, axis1=1, axis2=2) for gamma in irreps])
allowed = [(a, b, numpy.flatnonzero(chi.conj() @ (chi[i] * chi[j]) > 1))
           for i, a in enumerate(irreps) for j, b in enumerate(irreps)]
assert sum(len(targets) for _, _, targets in allowed) == 172
"""
SPGREP_BLOCKS = """
for a, b, targets in allowed:
    product = get_direct_product(a, b)
    for c in targets:
        project_to_irrep(product, irreps[c])
"""
OUR_OH = """
from pointgroups import coupling, dirl, point_group
"""
OUR_172 = """
group = point_group("Oh")
irreps = list(group.irreps.values())
allowed = [(a, b, group.irreps[c]) for a in irreps for b in irreps for c in group.tensor_product(a, b)]
assert len(allowed) == 172
"""
EVERY_BLOCK = """
for a, b, c in allowed:
    coupling(a, b, c)
"""
HALL_NUMBERS = (
    "1 2 3 18 57 108 125 227 349 355 357 366 376 388 400 430 435 438 446 456 462 468 469 471 477 481 485 489 494 503 "
    "511 517"
)
"""Symmorphic P groups of the 32 classes in spglib's list."""
MOLSYM_NAMES = (
    "C1 Ci C2 Cs C2h D2 C2v D2h C4 S4 C4h D4 C4v D2d D4h C3 S6 D3 C3v D3d C6 C3h C6h D6 C6v D3h D6h T Th O Td Oh"
)


def _names_of_blocks() -> list[tuple[str, str, str]]:
    """Labels of the 172 allowed couplings of Oh."""
    group = point_group("Oh")
    found = [(a, b, c) for a in group.irreps for b in group.irreps for c in group.tensor_product(a, b)]
    assert len(found) == 172
    return found


QUESTIONS = (
    Question(
        "characters and irrep matrices of all 32 groups, cold",
        15e-3,
        Program(
            """
            for name in GROUP_NAMES:
                group = point_group(name)
                group.rotations, group.character_table
                for gamma in group.irreps.values():
                    gamma.matrices, gamma.characters
            """,
            "from pointgroups import GROUP_NAMES, point_group",
        ),
        (
            Program(
                """
                for name in names:
                    symels, irreps, matrices = pg_to_symels(name)
                    for gamma in matrices.values():
                        numpy.trace(gamma, axis1=1, axis2=2)
                """,
                f"from molsym.symtext.general_irrep_mats import pg_to_symels\nnames = {MOLSYM_NAMES!r}.split()",
                "molsym",
            ),
            Program(
                """
                for operations in rotations:
                    for gamma in spgrep.get_crystallographic_pointgroup_irreps_from_symmetry(operations):
                        numpy.trace(gamma, axis1=1, axis2=2)
                """,
                "import spgrep, spglib\n"
                "rotations = [spglib.get_symmetry_from_database(int(n))['rotations']\n"
                f"             for n in {HALL_NUMBERS!r}.split()]",
                "spgrep",
            ),
        ),
    ),
    Question(
        "all 172 coupling blocks of Oh, cold, irreps known",
        5e-3,
        Program(EVERY_BLOCK, OUR_OH + OUR_172),
        (Program(SPGREP_BLOCKS, SPGREP_OH, "spgrep"),),
    ),
    Question(
        "all 172 coupling blocks of Oh, cold, with reading the table",
        5e-3,
        Program(
            """
            irreps = point_group("Oh").irreps
            for a, b, c in names:
                coupling(irreps[a], irreps[b], irreps[c])
            """,
            f"from pointgroups import coupling, point_group\nnames = {_names_of_blocks()!r}",
        ),
    ),
    Question(
        "all 172 coupling blocks of Oh, warm",
        50e-6,
        Program(EVERY_BLOCK, OUR_OH + OUR_172, runs=20),
        (Program(SPGREP_BLOCKS, SPGREP_OH, "spgrep", runs=2),),
    ),
    Question(
        "Oh's coupling blocks computed in float64 by Dirl's formula",
        50e-3,
        Program(
            """
            for a, b, c in allowed:
                dirl(a.matrices, b.matrices, c.matrices)
            """,
            OUR_OH + OUR_172 + "for gamma in irreps: gamma.matrices",
        ),
        (Program(SPGREP_BLOCKS, SPGREP_OH, "spgrep"),),
    ),
    Question(
        "everything for all 32 groups, exactly, from generators",
        20.0,
        Program(
            """
            for setting in SETTINGS:
                if setting.default:
                    generate(setting)
            """,
            "from pointgroups.generate import generate\nfrom pointgroups.settings import SETTINGS",
        ),
        long=True,
    ),
    Question(
        "the same for all 45 settings, written to a folder",
        None,
        Program(
            """
            with tempfile.TemporaryDirectory() as folder:
                build(folder)
            """,
            "import tempfile\nfrom pointgroups.table_building import build",
        ),
        long=True,
    ),
)


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def ratio(theirs: float, ours: float) -> str:
    """How many times as long they take, to two digits."""
    return f"{float(f'{theirs / ours:.2g}'):,g} ×"


def report(repeats: int, quick: bool) -> list[tuple[str, ...]]:
    """Rows of the table: question, ours, target, met or not, then time and ratio of each peer."""
    rows = []
    for question in QUESTIONS:
        if quick and question.long:
            continue
        ours = question.ours.seconds(1 if question.long else repeats)
        assert ours is not None, "pointgroups is not installed"
        peers = {peer.package: peer.seconds(repeats) for peer in question.peers}
        met = "-" if question.target is None else "yes" if ours < question.target else "NO"
        row = [question.name, duration(ours), duration(question.target), met]
        for package in ("molsym", "spgrep"):
            seconds = peers.get(package)
            row.append(duration(seconds))
            row.append("-" if seconds is None else ratio(seconds, ours))
        rows.append(tuple(row))
    return rows


def print_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], packages: Sequence[str]) -> None:
    """The versions of what is installed of these packages, then the rows in columns."""
    versions = [f"Python {platform.python_version()}"] + [
        f"{package} {importlib.metadata.version(package)}"
        for package in packages
        if importlib.util.find_spec(package) is not None
    ]
    table = [header, *rows]
    widths = [max(len(row[k]) for row in table) for k in range(len(header))]
    print(f"{', '.join(versions)}; {os.cpu_count()} cores, one thread; medians of fresh processes")
    for row in table:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every figure once, without the longest ones")
    options = parser.parse_args(arguments)
    header = ("", "ours", "target", "met", "MolSym", "ratio", "spgrep", "ratio")
    rows = report(1 if options.quick else REPEATS, options.quick)
    print_table(header, rows, ("numpy", "molsym", "spgrep", "spglib"))


if __name__ == "__main__":
    main()
