"""The symmetry of crystals beside pymatgen's, in one run on one machine: ``python -m tests.benchmarks.crystals``.

Structures are read first, each program does its work once to warm up, and the second time counts. pymatgen does what it
can of the task: ``SpacegroupAnalyzer`` has operations, equivalent atoms, Wyckoff letters and the class; it has no
permutations, site groups or standard frame. For permutations its ``coord_list_mapping_pbc``, which is compiled, is
called for each operation. ``--every N`` takes every Nth row of the data, ``--quick`` a few rows once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .groups import ROOT, Program, duration, print_table

REPEATS = 3
SHARED = ROOT.parent / "shared" / "data"
DATA_SETS = ("dielectric", "elastic", "piezoelectric", "formation_energy", "born_charges", "cubic_perovskites")

READ = """
import gzip, json
from pathlib import Path
from pymatgen.core import Lattice, Structure
from pymatgen.symmetry.analyzer import SpacegroupAnalyzer
from pymatgen.util.coord import coord_list_mapping_pbc
from pointgroups import CrystalSymmetryError, crystal_symmetry
from pointgroups.crystals.operations import (
    SpaceGroupOperations, atom_permutations, lattice_shifts, symmetrised_lattice, symmetrised_positions
)
from pointgroups.crystals.sites import atom_orbits, site_groups
from pointgroups.crystals.structures import species_numbers
from pointgroups.identification import identify_point_group
def read(name, every):
    opened = gzip.open if name.endswith('.gz') else open
    with opened(name, 'rt', encoding='utf-8') as lines:
        rows = [json.loads(line) for line in lines][::every]
    return [Structure(*(row['structure'][key] for key in ('lattice', 'species', 'frac_coords'))) for row in rows]
def usual(structures):
    found = []
    for structure in structures:
        try:
            crystal_symmetry(structure)
        except CrystalSymmetryError:
            continue
        found.append(structure)
    return found
"""

WHOLE_OURS = """
for structure in structures:
    C = crystal_symmetry(structure)
    C.permutations, C.lattice_shifts, C.rotations
    for orbit in C.orbits:
        orbit.wyckoff, orbit.site_group
"""
WHOLE_PYMATGEN = """
for structure in structures:
    analyzer = SpacegroupAnalyzer(structure, 0.01)
    analyzer.get_symmetry_operations(cartesian=True)
    symmetrized = analyzer.get_symmetrized_structure()
    symmetrized.equivalent_indices, symmetrized.wyckoff_symbols
    analyzer.get_point_group_symbol()
"""
GIVEN = """
analyzers = [SpacegroupAnalyzer(structure, 0.01) for structure in structures]
given = [(structure, species_numbers(structure), analyzer.get_symmetry_dataset())
         for structure, analyzer in zip(structures, analyzers)]
operations = [analyzer.get_symmetry_operations() for analyzer in analyzers]
"""
PART_OURS = """
for structure, numbers, dataset in given:
    turns = dataset.rotations.astype(numpy.int64)
    lattice = symmetrised_lattice(structure.lattice.matrix, turns)
    found = identify_point_group(lattice.T @ turns @ numpy.linalg.inv(lattice.T))
    ops = SpaceGroupOperations(found.elements, turns, dataset.translations)
    positions = structure.frac_coords
    permutations = atom_permutations(found.group, ops, lattice, positions, numbers)
    lattice_shifts(ops, permutations, symmetrised_positions(ops, permutations, positions))
    atom_orbits(permutations), site_groups(found.group, found.elements, permutations)
"""
PART_PYMATGEN = """
for structure, analyzer in zip(structures, analyzers):
    analyzer.get_symmetry_operations(cartesian=True)
    positions = structure.frac_coords
    for op in analyzer.get_symmetry_operations():
        coord_list_mapping_pbc(op.operate_multi(positions), positions, 0.1 / min(structure.lattice.abc))
    analyzer.get_symmetrized_structure().equivalent_indices
"""
SEARCH_PYMATGEN = """
for structure, ops in zip(structures, operations):
    positions = structure.frac_coords
    for op in ops:
        coord_list_mapping_pbc(op.operate_multi(positions), positions, 0.1 / min(structure.lattice.abc))
"""
LARGE = """
large = Structure.from_spacegroup('Fd-3m', Lattice.cubic(22.0), ['Si', 'Si', 'O'],
                                  [[0.03, 0.09, 0.17], [0.31, 0.07, 0.13], [0.05, 0.21, 0.36]])
"""
CELLS = {
    "576 atoms, 192 operations": LARGE + "structures = [large]",
    "576 atoms, P1": LARGE + "structures = [large.perturb(0.1, seed=1)]",
    "512 atoms, 12,288 operations": """
structures = [Structure.from_spacegroup('Fm-3m', Lattice.cubic(5.64), ['Na', 'Cl'], [[0] * 3, [0.5, 0, 0]]) * (4, 4, 4)]
""",
}


@dataclass(frozen=True)
class Comparison:
    """One line of the table: what is done with which structures, by us and by pymatgen."""

    name: str
    setup: str
    ours: str
    pymatgen: str
    structures: int = 1

    def row(self, repeats: int) -> tuple[str, ...]:
        """Name, seconds or structures per second of both, and the ratio."""
        ours, theirs = (
            Program(body, READ + self.setup, "pymatgen", 2).seconds(repeats) for body in (self.ours, self.pymatgen)
        )
        assert ours is not None
        assert theirs is not None
        if self.structures == 1:
            return self.name, "", duration(ours), duration(theirs), f"{theirs / ours:.3g} ×"
        rates = [f"{self.structures / seconds:.3g}/s" for seconds in (ours, theirs)]
        return self.name, str(self.structures), *rates, f"{theirs / ours:.3g} ×"


def comparisons(every: int, quick: bool) -> Iterator[Comparison]:
    """The lines: each data set as a whole and the part after spglib, then large cells."""
    for path, step in _sources(every, quick):
        setup = f"structures = usual(read({str(path)!r}, {step}))\n"
        count = _count(path, step)
        name = path.name.split(".")[0]
        yield Comparison(f"{name}: everything", setup, WHOLE_OURS, WHOLE_PYMATGEN, count)
        yield Comparison(f"{name}: permutations and orbits", setup + GIVEN, PART_OURS, PART_PYMATGEN, count)
        yield Comparison(f"{name}: the same, its search alone", setup + GIVEN, PART_OURS, SEARCH_PYMATGEN, count)
    for name, setup in () if quick else CELLS.items():
        yield Comparison(f"{name}: everything", setup, WHOLE_OURS, WHOLE_PYMATGEN)
        yield Comparison(f"{name}: permutations and orbits", setup + GIVEN, PART_OURS, PART_PYMATGEN)
        yield Comparison(f"{name}: the same, its search alone", setup + GIVEN, PART_OURS, SEARCH_PYMATGEN)


def _sources(every: int, quick: bool) -> list[tuple[Path, int]]:
    """Files and the step between the rows taken; the crystals of the tests where the data are not there."""
    found = [(SHARED / f"{name}.jsonl.gz", every) for name in DATA_SETS]
    found = [(path, step) for path, step in found if path.exists()]
    return [(ROOT / "tests" / "data" / "crystals.jsonl", 20 if quick else 1)] if quick or not found else found


def _count(path: Path, step: int) -> int:
    """How many of these structures have a symmetry, counted as the programs do."""
    names: dict[str, Any] = {}
    exec(READ, names)
    return len(names["usual"](names["read"](str(path), step)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=20, help="take every Nth row of the data")
    parser.add_argument("--quick", action="store_true", help="a few rows, every figure once")
    options = parser.parse_args(arguments)
    repeats = 1 if options.quick else REPEATS
    rows = [comparison.row(repeats) for comparison in comparisons(options.every, options.quick)]
    print_table(("", "structures", "ours", "pymatgen", "ratio"), rows, ("numpy", "spglib", "pymatgen"))


if __name__ == "__main__":
    main()
