"""How the symmetry found in a structure depends on the tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .structures import CrystalSymmetryError, as_structure
from .symmetry import SupercellError, crystal_symmetry

_TOLERANCES = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class ScanStep:
    """What is found at one tolerance.

    Attributes:
        symprec: in Å.
        schoenflies: the class, "" where there is none.
        space_group_number, space_group_symbol: 0 and "" where there is none.
        displacement: the farthest, in Å, that an image of an atom lies from the atom that it stands for.
        problem: why no symmetry is reported, "" when one is.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> symmetry_scan(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]), [0.01])[0].space_group_symbol
        'Pm-3m'
    """

    symprec: float
    schoenflies: str
    space_group_number: int
    space_group_symbol: str
    displacement: float
    problem: str = ""


def symmetry_scan(structure: Any, tolerances: Sequence[float] = _TOLERANCES) -> tuple[ScanStep, ...]:
    """The class and space group of a structure at each of several tolerances.

    Args:
        structure: as for :func:`crystal_symmetry`.
        tolerances: values of ``symprec`` in Å.

    Raises:
        CrystalSymmetryError: the structure itself is refused; that a tolerance yields no group is part of the answer.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> nearly = Structure(Lattice.tetragonal(3.99, 4.10), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.505]])
        >>> [(step.symprec, step.schoenflies) for step in symmetry_scan(nearly, [0.01, 0.05, 0.2])]
        [(0.01, 'C4v'), (0.05, 'D4h'), (0.2, 'Oh')]
    """
    crystal = as_structure(structure)
    return tuple(_step(crystal, symprec) for symprec in tolerances)


def _step(crystal: Any, symprec: float) -> ScanStep:
    try:
        found = crystal_symmetry(crystal, symprec=symprec)
    except SupercellError as error:
        return ScanStep(symprec, "", 0, "", float("nan"), f"supercell: {error}")
    except CrystalSymmetryError as error:
        return ScanStep(symprec, "", 0, "", float("nan"), str(error))
    return ScanStep(
        symprec, found.group.schoenflies, found.space_group_number, found.space_group_symbol, found.displacement
    )
