r"""Crystals as graphs: atoms, and every bond within a cutoff, in the standard frame of the crystal's class.

For an atom n and a neighbour b the edge b → n carries r = r_b − r_n. A space-group operation g with rotation R takes
the edge (n, b, r) to (g n, g b, R r). The graph is built from the symmetrised crystal, and its edges are *complete
shells*, so that every g maps the set of edges onto itself exactly:

- A cutoff must not fall inside a shell of equal distances, whose members differ by rounding. Distances are sorted and
  the cutoff is moved down into the first gap wider than a relative tolerance τ = 10⁻⁵; pairs at the cutoff itself
  are thus all left out.
- A largest number of neighbours keeps every neighbour tied, to the same tolerance, with the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pointgroups import CrystalSymmetry, SupercellError, crystal_symmetry, primitive_cell

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = ["CrystalGraph", "collate", "crystal_graph", "full_symmetry"]

SHELL_TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False)
class CrystalGraph:
    """One crystal, or several side by side.

    Attributes:
        atomic_numbers: (N,) int64.
        edge_index: (2, E) int64; row 0 the neighbour b (source), row 1 the centre n (target).
        edge_vectors: (E, 3) r_b − r_n in Å, in the standard frame of each crystal's class.
        batch: (N,) int64, which crystal each atom belongs to.
        n_graphs: how many crystals.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> caesium_chloride = Structure(Lattice.cubic(4.1), ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
        >>> graph = crystal_graph(caesium_chloride, cutoff=4.0)
        >>> graph.atomic_numbers.tolist(), graph.edge_index.shape
        ([55, 17], torch.Size([2, 16]))
    """

    atomic_numbers: Tensor
    edge_index: Tensor
    edge_vectors: Tensor
    batch: Tensor
    n_graphs: int

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> CrystalGraph:
        """The same graph on another device, or with edge vectors of another precision."""
        return replace(
            self,
            atomic_numbers=self.atomic_numbers.to(device=device),
            edge_index=self.edge_index.to(device=device),
            edge_vectors=self.edge_vectors.to(device=device, dtype=dtype),
            batch=self.batch.to(device=device),
        )


def full_symmetry(structure: Structure, symprec: float = 0.01) -> CrystalSymmetry:
    """The crystal's symmetry in the given cell, or in the primitive one where the given is a supercell that hides some.

    Raises:
        CrystalSymmetryError: what :func:`pointgroups.crystal_symmetry` refuses, but for supercells.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> iron = Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3])
        >>> full_symmetry(iron * (1, 1, 2)).group.schoenflies
        'Oh'
    """
    try:
        return crystal_symmetry(structure, symprec=symprec)
    except SupercellError:
        return crystal_symmetry(primitive_cell(structure, symprec=symprec), symprec=symprec)


def crystal_graph(
    crystal: Structure | CrystalSymmetry,
    cutoff: float,
    dtype: torch.dtype = torch.float32,
    *,
    max_neighbors: int | None = None,
    symprec: float = 0.01,
) -> CrystalGraph:
    """All bonds r_b − r_n with 0 < |r_b − r_n| < cutoff, in complete shells (see the module's text).

    Args:
        crystal: an ordered pymatgen ``Structure``, or its symmetry if that is known already. A supercell that has less
            symmetry than its crystal is replaced by the primitive cell (:func:`full_symmetry`).
        cutoff: in Å.
        dtype: precision of the edge vectors; they are rounded once, from float64.
        max_neighbors: keep for each atom that many nearest neighbours, and all that are tied with the last of them.
        symprec: tolerance of the symmetry search in Å, for a ``Structure``.

    Raises:
        ValueError: a cutoff or neighbour number that is not positive, a site without an atomic number, and what
            :func:`pointgroups.crystal_symmetry` refuses.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
        >>> graph = crystal_graph(salt, cutoff=3.0)  # six neighbours each
        >>> graph.edge_vectors.norm(dim=1).unique(), len(graph.edge_vectors)
        (tensor([2.8200]), 48)
    """
    if not 0 < cutoff < np.inf:
        raise ValueError(f"cutoff is {cutoff!r}; give a positive length in Å")
    if max_neighbors is not None and max_neighbors < 1:
        raise ValueError(f"max_neighbors is {max_neighbors!r}; give a positive number, or None for no limit")
    symmetry = crystal if isinstance(crystal, CrystalSymmetry) else full_symmetry(crystal, symprec)
    numbers = _atomic_numbers(symmetry)

    reach = cutoff * (1 + 2 * SHELL_TOLERANCE)
    centre, neighbour, image, distance = symmetry.structure.get_neighbor_list(reach)
    keep = distance < _shell_gap(distance, cutoff)
    if max_neighbors is not None:
        keep &= distance < _neighbour_limits(centre, distance, len(numbers), max_neighbors)[centre]
    centre, neighbour, image = centre[keep], neighbour[keep], image[keep]
    order = np.lexsort((*image.T, neighbour, centre))
    centre, neighbour, image = centre[order], neighbour[order], image[order]

    positions = symmetry.frac_coords
    steps = positions[neighbour] + image - positions[centre]
    vectors = steps @ symmetry.lattice @ symmetry.frame.T
    return CrystalGraph(
        atomic_numbers=torch.from_numpy(numbers),
        edge_index=torch.from_numpy(np.stack([neighbour, centre]).astype(np.int64)),
        edge_vectors=torch.from_numpy(vectors.astype(np.float64)).to(dtype),
        batch=torch.zeros(len(numbers), dtype=torch.int64),
        n_graphs=1,
    )


def collate(graphs: Sequence[CrystalGraph]) -> CrystalGraph:
    """Several graphs as one, side by side: atoms, edges and batch numbers one after another.

    Raises:
        ValueError: no graph at all.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> iron = crystal_graph(Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3]), cutoff=2.6)
        >>> collate([iron, iron]).batch.tolist()
        [0, 0, 1, 1]
    """
    if not graphs:
        raise ValueError("there is no graph to collate; give at least one")
    atoms = np.cumsum([0] + [len(graph.atomic_numbers) for graph in graphs])
    crystals = np.cumsum([0] + [graph.n_graphs for graph in graphs])
    return CrystalGraph(
        atomic_numbers=torch.cat([graph.atomic_numbers for graph in graphs]),
        edge_index=torch.cat(
            [graph.edge_index + int(first) for graph, first in zip(graphs, atoms[:-1], strict=True)], dim=1
        ),
        edge_vectors=torch.cat([graph.edge_vectors for graph in graphs]),
        batch=torch.cat([graph.batch + int(first) for graph, first in zip(graphs, crystals[:-1], strict=True)]),
        n_graphs=int(crystals[-1]),
    )


def _atomic_numbers(symmetry: CrystalSymmetry) -> NDArray[np.int64]:
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
    centre: NDArray[np.int64], distance: NDArray[np.float64], n_atoms: int, max_neighbors: int
) -> NDArray[np.float64]:
    """For each atom a length just beyond the shell of its ``max_neighbors``-th neighbour, (n_atoms,)."""
    limits = np.full(n_atoms, np.inf)
    for atom in range(n_atoms):
        ordered = np.sort(distance[centre == atom])
        index = max_neighbors
        while index < len(ordered) and ordered[index] - ordered[index - 1] <= SHELL_TOLERANCE * ordered[index]:
            index += 1
        if index < len(ordered):
            limits[atom] = (ordered[index - 1] + ordered[index]) / 2
    return limits
