r"""The bonds around the atoms of a crystal, in complete shells.

A bond leads from an atom n to the image of an atom b in another cell, with r = r_b − r_n. A space-group operation g
with rotation R takes (n, b, r) to (g n, g b, R r). Bonds are taken from the symmetrised crystal, and in *complete
shells*, so that every g maps the set of bonds onto itself exactly:

- A cutoff must not fall inside a shell of equal distances, whose members differ by rounding. Distances are sorted and
  the cutoff is moved down into the first gap wider than a relative tolerance τ = 10⁻⁵; pairs at the cutoff itself
  are thus all left out.
- A largest number of neighbours keeps every neighbour tied, to the same tolerance, with the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pointgroups import CrystalSymmetry

SHELL_TOLERANCE = 1e-5


class Bonds(NamedTuple):
    """Bonds sorted by centre, neighbour and cell.

    >>> from pymatgen.core import Lattice, Structure
    >>> from pointgroups import crystal_symmetry
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> bonds = bonds_in_shells(crystal_symmetry(salt), 3.0, None, [0])
    >>> bonds.centres.tolist(), bonds.neighbours.tolist()
    ([0, 0, 0, 0, 0, 0], [4, 4, 5, 5, 6, 6])
    """

    centres: NDArray[np.int64]
    """(E,) the atom n."""
    neighbours: NDArray[np.int64]
    """(E,) the atom b."""
    images: NDArray[np.int64]
    """(E, 3) the cell in which b lies."""
    vectors: NDArray[np.float64]
    """(E, 3) r_b − r_n in Å, in the axes of the graph (:func:`axes_of_graph`)."""


def bonds_in_shells(
    symmetry: CrystalSymmetry, cutoff: float, max_neighbors: int | None, atoms: Sequence[int] | None = None
) -> Bonds:
    """All bonds r_b − r_n with 0 < |r_b − r_n| < cutoff around some atoms n, or around all.

    The atoms must have all lengths that occur in the crystal, as the representatives of its orbits have: then the
    bonds are those that the same atoms have among the bonds around all.

    Raises:
        ValueError: a cutoff or a number of neighbours that is not positive.
    """
    reach = search_radius(cutoff, max_neighbors)
    structure = symmetry.structure
    chosen = np.arange(len(structure)) if atoms is None else np.asarray(atoms, dtype=np.int64)
    sites = None if atoms is None else [structure[int(atom)] for atom in chosen]
    place, neighbour, image, distance = structure.get_neighbor_list(reach, sites=sites, exclude_self=False)
    apart = distance > SHELL_TOLERANCE
    place, neighbour, image, distance = place[apart], neighbour[apart], image[apart], distance[apart]
    keep = in_complete_shells(place, distance, cutoff, max_neighbors)
    centre, neighbour, image = chosen[place[keep]], neighbour[keep], image[keep]
    order = np.lexsort((*image.T, neighbour, centre))
    centre, neighbour, image = centre[order], neighbour[order], image[order]
    steps = symmetry.frac_coords[neighbour] + image - symmetry.frac_coords[centre]
    vectors = steps @ symmetry.lattice @ axes_of_graph(symmetry).T
    return Bonds(
        centre.astype(np.int64), neighbour.astype(np.int64), image.astype(np.int64), vectors.astype(np.float64)
    )


def axes_of_graph(symmetry: CrystalSymmetry) -> NDArray[np.float64]:
    """(3, 3) r_graph = A r_user: the canonical frame, and −1 times it for one of two mirror images.

    Where the class has proper rotations only, a crystal and its mirror image have frames in which they are each other's
    inverse. In these axes they are the same graph, so that scalars come out the same, and polar tensors of odd rank
    reversed, as nature has it. For every other class A is the frame.

    >>> from pymatgen.core import Lattice, Structure
    >>> from pointgroups import crystal_symmetry
    >>> left, right = (
    ...     crystal_symmetry(Structure.from_spacegroup(group, Lattice.hexagonal(4.5, 5.9), ["Te"], [[0.27, 0, z]]))
    ...     for group, z in (("P3_121", 1 / 3), ("P3_221", 2 / 3))
    ... )
    >>> sorted(np.linalg.det(axes_of_graph(crystal)).round().tolist() for crystal in (left, right))
    [-1.0, 1.0]
    """
    return symmetry.handedness * symmetry.frame


def search_radius(cutoff: float, max_neighbors: int | None) -> float:
    """How far to look for bonds, so that the shell at the cutoff is seen whole; checks the two numbers.

    >>> search_radius(5.0, None)
    5.0001
    """
    if not 0 < cutoff < np.inf:
        raise ValueError(f"cutoff is {cutoff!r}; give a positive length in Å")
    if max_neighbors is not None and max_neighbors < 1:
        raise ValueError(f"max_neighbors is {max_neighbors!r}; give a positive number, or None for no limit")
    return cutoff * (1 + 2 * SHELL_TOLERANCE)


def in_complete_shells(
    centre: NDArray[np.int64], distance: NDArray[np.float64], cutoff: float, max_neighbors: int | None
) -> NDArray[np.bool_]:
    """Which of all bonds up to the search radius to keep, (E,).

    >>> centre, distance = np.array([0, 0, 0]), np.array([2.0, 2.0 + 1e-9, 3.0])
    >>> in_complete_shells(centre, distance, 5.0, 1).tolist()
    [True, True, False]
    """
    keep = distance < _shell_gap(distance, cutoff)
    if max_neighbors is not None:
        keep &= distance < _neighbour_limits(centre, distance, max_neighbors)
    return keep


def atomic_numbers(symmetry: CrystalSymmetry) -> NDArray[np.int64]:
    """(N,) of the atoms of the cell.

    Raises:
        ValueError: a site that is no chemical element.
    """
    from pymatgen.core import DummySpecies

    dummies = [str(specie) for specie in symmetry.species if isinstance(specie, DummySpecies)]
    if dummies:
        raise ValueError(f"{dummies[0]} is not a chemical element; replace the dummy sites by atoms")
    return np.array([specie.Z for specie in symmetry.species], dtype=np.int64)


def _shell_gap(distances: NDArray[np.float64], cutoff: float) -> float:
    """The cutoff, moved down into a gap between shells; ``distances`` holds all those up to cutoff (1 + 2τ).

    The first distance at the cutoff is looked up, and from there one walks down to the first gap wider than τ; all
    that lies above the middle of this gap is left out.
    """
    ordered = np.sort(distances)
    index = int(np.searchsorted(ordered, cutoff * (1 - SHELL_TOLERANCE)))
    if index == len(ordered):
        return cutoff
    while index > 0 and ordered[index] - ordered[index - 1] <= SHELL_TOLERANCE * cutoff:
        index -= 1
    below = ordered[index - 1] if index > 0 else 0.0
    return float((below + ordered[index]) / 2)


def _neighbour_limits(
    centre: NDArray[np.int64], distance: NDArray[np.float64], max_neighbors: int
) -> NDArray[np.float64]:
    """For each bond a length just beyond the shell of its centre's ``max_neighbors``-th neighbour, (E,)."""
    limits = np.full(len(distance), np.inf)
    for atom in np.unique(centre):
        around = centre == atom
        ordered = np.sort(distance[around])
        index = max_neighbors
        while index < len(ordered) and ordered[index] - ordered[index - 1] <= SHELL_TOLERANCE * ordered[index]:
            index += 1
        if index < len(ordered):
            limits[around] = (ordered[index - 1] + ordered[index]) / 2
    return limits
