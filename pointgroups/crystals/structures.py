"""What a structure may be: anything that pymatgen or ASE holds, or a file that pymatgen reads; and what is refused."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pymatgen.core import Molecule, Structure

_CLOSEST_ATOMS = 0.1  # Å: nearer atoms are one atom written twice
_FLATTEST_CELL = 1e-4  # |det A| / (a b c): flatter cells have no volume worth the name


class CrystalSymmetryError(ValueError):
    """A structure whose symmetry cannot be found; the message says what is wrong with it and what to do."""


def as_structure(source: Any) -> Structure:
    """A pymatgen ``Structure`` from one, from ASE ``Atoms``, or from the path of a file that pymatgen reads; checked.

    Raises:
        CrystalSymmetryError: no crystal, or one that has no well-defined symmetry (disordered sites, coordinates that
            are not finite, a cell without volume, atoms nearer than 0.1 Å to each other).
    """
    from pymatgen.core import Structure

    structure: Structure
    if isinstance(source, str | os.PathLike):
        with warnings.catch_warnings(record=True):  # what pymatgen mends is checked below
            warnings.simplefilter("always")
            structure = _from_file(Path(source), Structure, "structure", "a CIF, POSCAR or other structure file")
    elif isinstance(source, Structure):
        structure = source
    elif _is_ase(source):
        structure = _from_ase(source)
    else:
        raise CrystalSymmetryError(
            f"a crystal is a pymatgen Structure, ASE Atoms or the path of a file, not {type(source).__name__}"
        )
    check_structure(structure)
    return structure


def _from_file(path: Path, kind: type[Any], what: str, examples: str) -> Any:
    """What a class of pymatgen reads from a file."""
    if not path.is_file():
        raise CrystalSymmetryError(f"{path} is not a file; give the path of {examples}")
    try:
        return kind.from_file(path)
    except Exception as error:  # a reader may fail in any way on a damaged file
        reason = " ".join(str(error).split()) or type(error).__name__
        raise CrystalSymmetryError(f"{path} cannot be read as a {what}: {reason}") from error


def as_molecule(source: Any) -> Molecule:
    """A pymatgen ``Molecule`` from one, from ASE ``Atoms`` without periods, or from a file that it reads; checked.

    Raises:
        CrystalSymmetryError: no molecule, or one that has no well-defined symmetry (disordered sites, coordinates that
            are not finite, atoms nearer than 0.1 Å to each other).
    """
    from pymatgen.core import Molecule, Structure

    if isinstance(source, Structure) or (_is_ase(source) and any(source.pbc)):
        raise CrystalSymmetryError("the atoms are periodic; for a crystal use crystal_symmetry")
    molecule: Molecule
    if isinstance(source, str | os.PathLike):
        molecule = _from_file(Path(source), Molecule, "molecule", "an XYZ or other file of a molecule")
    elif isinstance(source, Molecule):
        molecule = source
    elif _is_ase(source):
        molecule = Molecule(source.get_chemical_symbols(), source.get_positions())
    else:
        raise CrystalSymmetryError(
            f"a molecule is a pymatgen Molecule, ASE Atoms or the path of a file, not {type(source).__name__}"
        )
    _check_molecule(molecule)
    return molecule


def _check_molecule(molecule: Molecule) -> None:
    """Refuse what has no well-defined symmetry."""
    _check_sites(molecule)
    if not np.isfinite(molecule.cart_coords).all():
        raise CrystalSymmetryError("a coordinate is not a finite number (NaN or infinity)")
    distances = molecule.distance_matrix + np.diag(np.full(len(molecule), np.inf))
    i, j = np.unravel_index(distances.argmin(), distances.shape)
    if distances[i, j] < _CLOSEST_ATOMS:
        raise CrystalSymmetryError(
            f"atoms {i} and {j} are {distances[i, j]:.3g} Å apart (less than {_CLOSEST_ATOMS} Å); remove the duplicate"
        )


def _is_ase(source: Any) -> bool:
    return any(kind.__module__.split(".")[0] == "ase" and kind.__name__ == "Atoms" for kind in type(source).__mro__)


def _from_ase(atoms: Any) -> Structure:
    from pymatgen.io.ase import AseAtomsAdaptor

    if not all(atoms.pbc):
        raise CrystalSymmetryError(f"the atoms are periodic along {list(map(bool, atoms.pbc))} only; give a crystal")
    structure: Structure = AseAtomsAdaptor.get_structure(atoms)
    return structure


def check_structure(structure: Structure) -> None:
    """Refuse what has no well-defined symmetry."""
    _check_sites(structure)
    if not (np.isfinite(structure.lattice.matrix).all() and np.isfinite(structure.frac_coords).all()):
        raise CrystalSymmetryError("the lattice or a coordinate is not a finite number (NaN or infinity)")
    if not all(structure.lattice.pbc):
        raise CrystalSymmetryError(f"the structure is periodic along {structure.lattice.pbc} only; give a crystal")
    lengths = np.linalg.norm(structure.lattice.matrix, axis=1)
    if lengths.min() < _CLOSEST_ATOMS or abs(structure.volume) < _FLATTEST_CELL * lengths.prod():
        raise CrystalSymmetryError(
            f"the cell has no volume: {abs(structure.volume):.3g} Å³ with lattice vectors of "
            f"{', '.join(f'{length:.4g}' for length in lengths)} Å; give three independent lattice vectors in Å"
        )
    i, j, _, distances = structure.get_neighbor_list(_CLOSEST_ATOMS)
    if len(distances):
        near = int(np.argmin(distances))
        what = f"atoms {i[near]} and {j[near]}" if i[near] != j[near] else f"atom {i[near]} and its periodic image"
        raise CrystalSymmetryError(
            f"{what} are {distances[near]:.3g} Å apart (less than {_CLOSEST_ATOMS} Å); remove the duplicate"
        )


def _check_sites(structure: Structure | Molecule) -> None:
    disordered = [i for i, site in enumerate(structure) if not site.is_ordered]
    if disordered:
        site = structure[disordered[0]]
        raise CrystalSymmetryError(
            f"site {disordered[0]} is disordered ({site.species_string}), and so are {len(disordered)} of "
            f"{len(structure)} sites; give an ordered structure, one element a site"
        )
    if len(structure) == 0:
        raise CrystalSymmetryError("the structure has no atoms")


def species_numbers(structure: Structure | Molecule) -> NDArray[np.int64]:
    """One integer for each different species (an element's oxidation states and spins count as different)."""
    number: dict[Any, int] = {}
    return np.array([number.setdefault(site.specie, len(number) + 1) for site in structure], dtype=np.int64)
