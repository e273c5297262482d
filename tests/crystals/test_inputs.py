"""What crystal_symmetry takes, what it refuses, and the scan over tolerances."""

import numpy as np
import pytest
from pymatgen.core import Lattice, Molecule, Structure

from pointgroups import CrystalSymmetryError, crystal_symmetry, symmetry_scan

RUTILE = Structure.from_spacegroup(
    "P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.3053, 0.3053, 0]]
)


@pytest.mark.parametrize("name", ["rutile.cif", "POSCAR", "rutile.json"])
def test_a_file_that_pymatgen_reads(tmp_path, name):
    path = tmp_path / name
    RUTILE.to(filename=str(path))
    for given in (path, str(path)):
        symmetry = crystal_symmetry(given)
        assert symmetry.space_group_number == 136
        assert symmetry.group.schoenflies == "D4h"


class Atoms:
    """As much of ASE's class as the adaptor of pymatgen looks at."""

    __module__ = "ase.atoms"

    def __init__(self, pbc=(True, True, True)):
        self.pbc = np.array(pbc)


def test_ase_atoms(monkeypatch):
    from pymatgen.io.ase import AseAtomsAdaptor

    monkeypatch.setattr(AseAtomsAdaptor, "get_structure", staticmethod(lambda atoms: RUTILE))
    assert crystal_symmetry(Atoms()).space_group_number == 136
    with pytest.raises(CrystalSymmetryError, match="periodic along"):
        crystal_symmetry(Atoms(pbc=(True, True, False)))


@pytest.mark.parametrize("thing", [None, 3, {"lattice": 1}, Molecule(["H"], [[0, 0, 0]])])
def test_other_things_are_refused(thing):
    with pytest.raises(CrystalSymmetryError, match="a crystal is a pymatgen Structure"):
        crystal_symmetry(thing)


def test_files_that_are_no_structures(tmp_path):
    with pytest.raises(CrystalSymmetryError, match="is not a file"):
        crystal_symmetry(tmp_path / "missing.cif")
    broken = tmp_path / "broken.cif"
    broken.write_text("data_x\n_cell_length_a 4.0\nloop_\n_atom_site_label\nTi\n")
    with pytest.raises(CrystalSymmetryError, match="cannot be read as a structure"):
        crystal_symmetry(broken)
    unknown = tmp_path / "what.bin"
    unknown.write_bytes(bytes(range(256)))
    with pytest.raises(CrystalSymmetryError, match="cannot be read as a structure"):
        crystal_symmetry(unknown)


@pytest.mark.parametrize("symprec", [0.0, -1.0, float("nan"), float("inf")])
def test_a_tolerance_is_a_positive_length(symprec):
    with pytest.raises(CrystalSymmetryError, match="symprec is a length in Å above 0"):
        crystal_symmetry(RUTILE, symprec=symprec)


def test_scan_over_tolerances():
    nearly = Structure(Lattice.tetragonal(3.99, 4.03), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.505]])
    steps = symmetry_scan(nearly)
    assert [s.schoenflies for s in steps if s.symprec in (0.01, 0.05, 0.2)] == ["C4v", "Oh", "Oh"]
    orders = [s.space_group_number for s in steps]
    assert orders == sorted(orders)
    assert all(step.displacement <= max(2 * step.symprec, 1e-9) for step in steps)
    assert not any(step.problem for step in steps)


def test_a_tolerance_that_yields_no_group_is_told():
    steps = symmetry_scan(RUTILE, [0.01, 3.0])
    assert steps[0].problem == ""
    assert steps[1].schoenflies == ""
    assert "symprec" in steps[1].problem


def test_large_and_asymmetric_cells():
    """500 atoms in general positions of P1, and 512 atoms of rock salt in its conventional supercell."""
    grid = np.stack(np.meshgrid(*[np.arange(8)] * 3), axis=-1).reshape(-1, 3)[:500]
    rng = np.random.default_rng(1)
    cell = Lattice.from_parameters(24.0, 25.0, 26.0, 81.0, 97.0, 88.0)
    disorder = Structure(cell, ["Si"] * 500, (grid + rng.uniform(-0.2, 0.2, grid.shape)) / 8)
    symmetry = crystal_symmetry(disorder)
    assert symmetry.group.schoenflies == "C1"
    assert len(symmetry.orbits) == 500
    salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    salt.make_supercell(4)
    symmetry = crystal_symmetry(salt)
    assert len(symmetry.operations) == 48 * 256
    assert [len(orbit.atoms) for orbit in symmetry.orbits] == [256, 256]
    assert symmetry.displacement < 1e-9
