"""Tensors against their peers, in one run on one machine: ``python -m tests.benchmarks.tensors``.

Cold: a fresh Python process; the imports are done, nothing else has been asked. Warm: the same question again in that
process. The peers are e3nn's ReducedTensorProducts and cuequivariance, as pip installs them; one that is not installed
is left out. ``--quick`` takes our figures once, without the longest ones and the peers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

from .groups import ROOT, Program, Question, duration, print_table

REPEATS = 9
MEMORY_TARGET = 2 << 30
PEERS = ("e3nn", "cuequivariance")

OURS = "from pointgroups import tensor_basis"
E3NN = "from e3nn.o3 import ReducedTensorProducts"
CUE = """
import cuequivariance as cue
vector = cue.Irreps("O3", "1o")
"""


def _change_of_basis(notation: str, target: float, warm: bool) -> Question:
    letters = notation.split("=")[0]
    runs = 20 if warm else 1
    vectors = ", ".join(f"{letter}='1o'" for letter in letters)
    cue_vectors = ", ".join(f"{letter}=vector" for letter in letters)
    return Question(
        f"change of basis for {notation}, {'warm' if warm else 'cold'}",
        target,
        Program(f"tensor_basis({notation!r}).array", OURS, runs=runs),
        (
            Program(f"ReducedTensorProducts({notation!r}, {vectors}).change_of_basis", E3NN, "e3nn", runs),
            Program(
                f"cue.reduced_tensor_product_basis({notation!r}, {cue_vectors}, layout=cue.ir_mul).array",
                CUE,
                "cuequivariance",
                runs,
            ),
        ),
    )


TARGETS = {"ij=ji": 3e-3, "ijk=jik": 5e-3, "ijkl=jikl=klij": 10e-3}
FORMS = "from pointgroups import GROUP_NAMES, allowed_form, point_group"
RANK_EIGHT = "rank 8 without index symmetry, 6,561 components"
RANK_EIGHT_PROGRAM = Program("tensor_basis('V8').array", OURS)

QUESTIONS = (
    *(_change_of_basis(notation, target, warm=False) for notation, target in TARGETS.items()),
    *(_change_of_basis(notation, 0.2e-3, warm=True) for notation in TARGETS),
    Question(
        "allowed elastic forms of all 32 groups, cold",
        50e-3,
        Program(
            """
            for name in GROUP_NAMES:
                allowed_form("elastic", point_group(name)).relations
            """,
            FORMS,
        ),
    ),
    Question(
        "third-order elasticity (rank 6) of all 32 groups, cold",
        0.3,
        Program(
            """
            for name in GROUP_NAMES:
                allowed_form("third-order-elastic", point_group(name)).relations
            """,
            FORMS,
        ),
    ),
    Question(RANK_EIGHT, 10.0, RANK_EIGHT_PROGRAM, long=True),
)


def peak_memory() -> int:
    """Most bytes that a fresh process held while it built the basis of rank 8."""
    code = (
        f"{RANK_EIGHT_PROGRAM.setup}\n{RANK_EIGHT_PROGRAM.body}\n"
        "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return int(run.stdout) * (1 if sys.platform == "darwin" else 1024)


def report(repeats: int, quick: bool) -> list[tuple[str, ...]]:
    """Rows of the table: question, ours, target, met or not, then time and ratio of each peer."""
    rows = []
    for question in QUESTIONS:
        if quick and question.long:
            continue
        ours = question.ours.seconds(1 if question.long else repeats)
        assert ours is not None, "pointgroups is not installed"
        peers = {} if quick else {peer.package: peer.seconds(repeats) for peer in question.peers}
        row = [question.name, duration(ours), duration(question.target), "yes" if ours < question.target else "NO"]
        for package in PEERS:
            seconds = peers.get(package)
            row += [duration(seconds), "-" if seconds is None else f"{seconds / ours:.3g} ×"]
        rows.append(tuple(row))
    if not quick:
        peak = peak_memory()
        met = "yes" if peak < MEMORY_TARGET else "NO"
        rows.append((f"{RANK_EIGHT}: peak memory", f"{peak / 2**20:.0f} MiB", "2048 MiB", met, "-", "-", "-", "-"))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="our figures once, without the longest ones")
    options = parser.parse_args(arguments)
    header = ("", "ours", "target", "met", "e3nn", "ratio", "cuequivariance", "ratio")
    rows = report(1 if options.quick else REPEATS, options.quick)
    print_table(header, rows, ("numpy", "torch", *PEERS))


if __name__ == "__main__":
    main()
