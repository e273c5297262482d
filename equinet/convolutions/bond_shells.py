r"""Kernel functions on shells of bonds: what of them depends on the graph alone is computed once.

The bonds e between two rows that are equally long are a *shell* s. With φ_h(x) = Σ_{k ℓm} V[k, h, ℓm] R_k(|x|) Y_{ℓm}
the sum over the bonds of a pair p of rows is one over its shells,

    Σ_{e∈p} φ_h(r_e) = Σ_{k ℓm} V[k, h, ℓm] Σ_{s∈p} R_k(|r_s|) Ȳ_{s, ℓm} ,        Ȳ_{s, ℓm} = Σ_{e∈s} Y_{ℓm}(r̂_e) ,

and Ȳ, like the functions b_q(k) of the twists, has nothing to learn. The numbers are those that
:class:`~equinet.KernelBasis` gives on the graph, to rounding, without a gradient by r_e.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate

import torch
from torch import Tensor

from equinet.graphs.oriented_graph import OrientedGraph
from equinet.layers.angular import real_harmonics

from .kernel_basis import KernelBasis, KernelValues
from .row_pairs import graph_pairs


@dataclass(frozen=True, eq=False)
class BondShells:
    """The shells of a graph in blocks of one row; made by :func:`bond_shells`.

    Attributes:
        bonds: (2, P) int64, pairs of rows, source and target.
        slots: (S,) int64, the pair to which a shell belongs.
        lengths: (S,) |r_s|.
        harmonics: (S, (ℓ_max + 1)²) Ȳ.
        twists: (2, T) int64, pairs of rows.
        turns: (T, Q) (1/|P|) Σ_k b_q(k) over the elements of the pair.
        orders: (R,) |P|.

    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import BesselBasis, KernelBasis, OrientedFilters, reduced_graph
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6))
    >>> bond_shells(reduced_graph(salt, cutoff=4.5), basis).lengths  # Cl and Na at Na, then Na and Cl at Cl
    tensor([3.9881, 2.8200, 2.8200, 3.9881])
    """

    bonds: Tensor
    slots: Tensor
    lengths: Tensor
    harmonics: Tensor
    twists: Tensor
    turns: Tensor
    orders: Tensor

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> BondShells:
        """The same shells on another device, or in another precision."""
        tensors = {field.name: getattr(self, field.name) for field in fields(self)}
        return BondShells(
            **{
                name: value.to(device=device, dtype=dtype if value.is_floating_point() else None)
                for name, value in tensors.items()
            }
        )


@torch.no_grad()
def bond_shells(graph: OrientedGraph, basis: KernelBasis) -> BondShells:
    """The shells of a graph, to be made once for a graph that is used again; ``basis`` says how many functions.

    Bonds count as equally long when their lengths agree to 128 roundings of 1 Å.

    Raises:
        ValueError: a graph in blocks of more than one row.

    >>> from equinet import BesselBasis, OrientedFilters, reduced_graph
    >>> from pymatgen.core import Lattice, Structure
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6))
    >>> graph = reduced_graph(salt, cutoff=5.0)
    >>> shells = bond_shells(graph, basis)
    >>> graph.edge_vectors.shape[0], shells.lengths.shape[0]
    (52, 6)
    """
    if graph.block != 1:
        raise ValueError(f"the graph is in blocks of {graph.block} rows; take a reduced graph, or OrientedGraph.rows()")
    pairs = graph_pairs(graph)
    vectors = graph.edge_vectors[:, 0]
    lengths = torch.linalg.vector_norm(vectors, dim=-1)
    keys = torch.stack([pairs.bonds.slots, (lengths / (128 * torch.finfo(lengths.dtype).eps)).round().long()])
    shells, shell = torch.unique(keys, dim=1, return_inverse=True)
    count = shells.shape[1]
    members = lengths.new_zeros(count).index_add(0, shell, torch.ones_like(lengths))
    harmonics = real_harmonics(vectors / lengths[:, None], basis.filters.l_max).to(lengths.dtype)
    turns = basis.turns(graph.rotations)[graph.twists[2]] / graph.orders[graph.twists[1]].unsqueeze(-1)
    return BondShells(
        bonds=pairs.bonds.index,
        slots=shells[0],
        lengths=lengths.new_zeros(count).index_add(0, shell, lengths) / members,
        harmonics=harmonics.new_zeros(count, harmonics.shape[1]).index_add(0, shell, harmonics),
        twists=pairs.twists.index,
        turns=pairs.twists.add(turns),
        orders=graph.orders,
    )


def collate_shells(shells: Sequence[BondShells]) -> BondShells:
    """The shells of several graphs side by side: those of the collated graph.

    Raises:
        ValueError: no shells at all.

    >>> from equinet import BesselBasis, OrientedFilters, reduced_graph
    >>> from pymatgen.core import Lattice, Structure
    >>> iron = Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3])
    >>> basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6))
    >>> shells = bond_shells(reduced_graph(iron, cutoff=3.0), basis)
    >>> collate_shells([shells, shells]).bonds.tolist()
    [[0, 1], [0, 1]]
    """
    if not shells:
        raise ValueError("there are no shells to collate; give those of at least one graph")
    rows = list(accumulate((len(part.orders) for part in shells), initial=0))
    pairs = list(accumulate((part.bonds.shape[1] for part in shells), initial=0))
    return BondShells(
        bonds=torch.cat([part.bonds + row for part, row in zip(shells, rows[:-1], strict=True)], dim=1),
        slots=torch.cat([part.slots + pair for part, pair in zip(shells, pairs[:-1], strict=True)]),
        lengths=torch.cat([part.lengths for part in shells]),
        harmonics=torch.cat([part.harmonics for part in shells]),
        twists=torch.cat([part.twists + row for part, row in zip(shells, rows[:-1], strict=True)], dim=1),
        turns=torch.cat([part.turns for part in shells]),
        orders=torch.cat([part.orders for part in shells]),
    )


def shell_kernels(basis: KernelBasis, shells: BondShells) -> KernelValues:
    """What ``basis(graph)`` is, from the shells of the graph.

    >>> from equinet import BesselBasis, OrientedFilters, reduced_graph
    >>> from pymatgen.core import Lattice, Structure
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6))
    >>> graph = reduced_graph(salt, cutoff=5.0)
    >>> torch.allclose(shell_kernels(basis, bond_shells(graph, basis)).filters, basis(graph).filters, atol=1e-4)
    True
    """
    filters = basis.filters
    products = filters.radial(shells.lengths).unsqueeze(-1) * shells.harmonics.unsqueeze(1)  # (S, k, ℓm)
    products = products.flatten(1)
    moments = products.new_zeros(shells.bonds.shape[1], products.shape[1]).index_add(0, shells.slots, products)
    weight = filters.weight.transpose(1, 2).flatten(0, 1)
    return KernelValues(
        bonds=shells.bonds,
        filters=(moments @ weight).unsqueeze(1),
        twists=shells.twists,
        turns=shells.turns,
        orders=shells.orders,
    )
