r"""The rows that a crystal's own symmetry leaves: one for each atom of the primitive cell.

With the exact space group f(h n, h g) = f(n, g), so that every row of the full graph is one of those at g = 1:

    f(n, g) = f(g⁻¹ n, 1) =: F(g⁻¹ n) ,      F(a) ∈ ℝ^C for each atom a.

These are exactly the invariants of the site groups S, since an orbit of atoms is P/S. Translations take an
atom to one with the same F. Put a = g⁻¹ n: the bond e of n is the bond g⁻¹ e of a, with the vector g⁻¹ r_e, and

    message             m(a) = Σ_{e: b→a} A(r_e) F(b) ,
    right convolution   u(a) = (1/|P|) Σ_{k∈P} κ(k) F(k⁻¹ a) .

It is the same :class:`~equinet.OrientedGraph` with fewer rows: the layers are those that run on
the full one, the numbers are the same to rounding, and the cost is 1/|P|, less the centring of the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from pointgroups import CrystalSymmetry

from .bonds import atomic_numbers, axes_of_graph, bonds_in_shells
from .crystal_graph import full_symmetry
from .oriented_graph import OrientedGraph

if TYPE_CHECKING:
    from pymatgen.core import Structure


def reduced_graph(
    crystal: Structure | CrystalSymmetry,
    cutoff: float,
    dtype: torch.dtype = torch.float32,
    *,
    max_neighbors: int | None = None,
    symprec: float = 0.01,
) -> OrientedGraph:
    """The rows at g = 1 of a crystal, one for each atom of the primitive cell, in the standard axes of its class.

    Arguments and errors are those of :func:`~equinet.crystal_graph`.

    >>> from pymatgen.core import Lattice, Structure
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> graph = reduced_graph(salt, cutoff=3.0)  # the full graph has 8 · 48 rows and 48 · 48 bonds
    >>> graph.n_rows, graph.edge_index.shape, graph.twists.shape, graph.atom_rows.tolist()
    (2, torch.Size([2, 12]), torch.Size([3, 96]), [0, 0, 0, 0, 1, 1, 1, 1])
    """
    symmetry = crystal if isinstance(crystal, CrystalSymmetry) else full_symmetry(crystal, symprec)
    group, permutations = symmetry.group, symmetry.permutations
    operations = np.argsort(symmetry.operations.elements, kind="stable").reshape(group.order, -1)
    translations = permutations[operations[0]]  # the identity is element 0
    atoms, row = np.unique(translations.min(axis=0), return_inverse=True)
    bonds = bonds_in_shells(symmetry, cutoff, max_neighbors, atoms.tolist())
    sources = row[permutations[operations[group.inverse, 0]][:, atoms]].T  # (R, |P|): the row of k⁻¹ a
    targets, k = np.indices(sources.shape)
    numbers = atomic_numbers(symmetry)[atoms]
    zeros = torch.zeros(len(atoms), dtype=torch.int64)
    return OrientedGraph(
        atomic_numbers=torch.from_numpy(numbers),
        block=1,
        edge_index=torch.from_numpy(np.stack([row[bonds.neighbours], row[bonds.centres]])),
        edge_vectors=torch.from_numpy(bonds.vectors)[:, None].to(dtype),
        rotations=torch.tensor(group.rotations, dtype=dtype),
        elements=zeros,
        twists=torch.from_numpy(np.stack([sources.ravel(), targets.ravel(), k.ravel()]).astype(np.int64)),
        orders=torch.full((len(atoms),), group.order),
        crystal=zeros,
        n_graphs=1,
        groups=(group,),
        frames=torch.tensor(axes_of_graph(symmetry), dtype=dtype)[None],
        atom_rows=torch.from_numpy(row.astype(np.int64)),
        reduced=True,
    )
