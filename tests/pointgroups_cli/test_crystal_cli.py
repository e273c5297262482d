"""The command ``crystal`` as a user runs it."""

from pathlib import Path

import numpy as np
import pytest
from crystals.redescriptions import fixture_rows, structure_of
from pointgroups_cli.running import as_json, check_latex, output, refused
from pymatgen.core import Lattice, Structure

from pointgroups import crystal_symmetry, symmetry_scan

ROWS = fixture_rows()
EXAMPLES = [m for k, m in enumerate(ROWS) if k % 6 == 0]


@pytest.fixture(params=EXAMPLES, ids=lambda m: f"{ROWS[m]['class']}-{m}")
def crystal(request, tmp_path) -> tuple[Path, Structure]:
    path = tmp_path / "crystal.json"
    structure = structure_of(ROWS[request.param])
    structure.to(filename=str(path))
    return path, structure


def test_json_is_what_the_library_finds(crystal):
    path, structure = crystal
    C = crystal_symmetry(structure)
    data = as_json("crystal", str(path))
    assert (data["group"], data["space_group_number"]) == (C.group.name, C.space_group_number)
    assert data["operations"] == len(C.operations)
    np.testing.assert_allclose(data["frame"], C.frame, atol=1e-9)
    assert [o["atoms"] for o in data["orbits"]] == [list(o.atoms) for o in C.orbits]
    assert [o["site_rotations"] for o in data["orbits"]] == [o.site_group.elements.tolist() for o in C.orbits]
    assert data["scan"] == []


def test_text_and_latex(crystal):
    path, structure = crystal
    C = crystal_symmetry(structure)
    text = output("crystal", str(path))
    assert text.splitlines()[0].endswith(f"class {C.group.schoenflies} ({C.group.symbol})")
    assert sum(o.site_group.group.schoenflies in text for o in C.orbits) == len(C.orbits)
    check_latex(output("crystal", str(path), "--scan", "--latex"))


def test_axes_and_handedness_of_a_chiral_crystal(tmp_path):
    """A mirror image has the other handedness, and the terminal has minus signs."""
    chiral = Structure(
        Lattice.orthorhombic(3, 4, 5), ["Si", "C", "N", "O"], [[0, 0, 0], [0.1, 0, 0], [0, 0.2, 0], [0, 0, 0.3]]
    )
    said = []
    for name, structure in (("one", chiral), ("other", Structure(chiral.lattice, chiral.species, -chiral.frac_coords))):
        path = tmp_path / f"{name}.json"
        structure.to(filename=str(path))
        lines = output("crystal", str(path)).splitlines()
        assert not any("-" in line for line in lines if line.startswith("standard axes"))
        said += [line for line in lines if line.startswith("handedness")]
        assert f"handedness {as_json('crystal', str(path))['handedness']:+d}".replace("-", "−") in said[-1]
    assert {*said} == {"handedness +1; its mirror image has −1", "handedness −1; its mirror image has +1"}


def test_scan(tmp_path):
    path = tmp_path / "nearly.json"
    nearly = Structure(Lattice.tetragonal(3.99, 4.10), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.505]])
    nearly.to(filename=str(path))
    data = as_json("crystal", str(path), "--scan", "--symprec", "0.05")
    assert data["group"] == "D4h"
    assert [step["group"] for step in data["scan"]] == [step.schoenflies for step in symmetry_scan(nearly)]
    assert "P4/mmm" in output("crystal", str(path), "--scan")


def test_a_crystal_between_two_space_groups_is_told(tmp_path):
    path = tmp_path / "nearly.json"
    nearly = Structure(Lattice.tetragonal(3.99, 4.10), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.505]])
    nearly.to(filename=str(path))
    assert "another one" in output("crystal", str(path), "--symprec", "0.03")
    assert "another one" not in output("crystal", str(path), "--symprec", "0.001")


def test_refusals(tmp_path):
    assert "is not a file" in refused("crystal", str(tmp_path / "missing.cif"))
    broken = tmp_path / "broken.cif"
    broken.write_text("data_x\n")
    assert "cannot be read" in refused("crystal", str(broken))
