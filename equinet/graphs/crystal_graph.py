r"""Crystals as graphs: atoms, and every bond within a cutoff, in the standard frame of the crystal's class.

For an atom n and a neighbour b the edge b → n carries r = r_b − r_n. A space-group operation g with rotation R takes
the edge (n, b, r) to (g n, g b, R r), and every g maps the set of edges onto itself exactly: the crystal is the
symmetrised one, and shells of equal distances are kept or left out as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from pointgroups import CrystalSymmetry, SupercellError, crystal_symmetry, primitive_cell

from .bonds import atomic_numbers, bonds_in_shells

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = ["CrystalGraph", "collate", "crystal_graph", "full_symmetry"]


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
    """All bonds r_b − r_n with 0 < |r_b − r_n| < cutoff, in complete shells (:mod:`equinet.graphs.bonds`).

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
    symmetry = crystal if isinstance(crystal, CrystalSymmetry) else full_symmetry(crystal, symprec)
    bonds = bonds_in_shells(symmetry, cutoff, max_neighbors)
    numbers = atomic_numbers(symmetry)
    return CrystalGraph(
        atomic_numbers=torch.from_numpy(numbers),
        edge_index=torch.from_numpy(np.stack([bonds.neighbours, bonds.centres])),
        edge_vectors=torch.from_numpy(bonds.vectors).to(dtype),
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
