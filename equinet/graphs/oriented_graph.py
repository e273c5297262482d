r"""Graphs of rows: what a network sees that looks from an atom n in axes turned by an element g of the group P.

A feature field on the group is f(n, g) ∈ ℝ^C, with f(h n, h g) = f(n, g) for every symmetry h: what an unconstrained
network sees from atom n in axes turned by g. From there the bond r is g⁻¹ r and the turned axes h are g⁻¹ h, so

    message             m(n, g) = Σ_{e: b→n} A(g⁻¹ r_e) f(b, g) ,         A any function on ℝ³,
    right convolution   u(n, g) = (1/|P|) Σ_{k∈P} κ(k) f(n, g k) ,        κ any function on O(3),

and any function of the numbers of one pair (n, g) are equivariant, whatever the group: one set of weights serves
all. Each pair (n, g) is one *row* of a plain message-passing network that knows nothing of symmetry.

A row carries the index of g among ``rotations``; bonds carry g⁻¹ r_e; and the right convolution is the list ``twists``
of triples (row of f(n, g k), row of (n, g), k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from equinet.groups import NumberedGroup, as_numbered_group
from pointgroups import CrystalSymmetry

from .bonds import axes_of_graph
from .crystal_graph import CrystalGraph, crystal_graph, full_symmetry

if TYPE_CHECKING:
    from pymatgen.core import Structure


@dataclass(frozen=True, eq=False)
class OrientedGraph:
    """Rows in blocks of B, the bonds between blocks, and the twists between rows; values on it are (R, C).

    Made by :func:`oriented_graph`, :func:`oriented_graph_from`, :func:`~equinet.reduced_graph`
    and :func:`collate_oriented`.

    Attributes:
        atomic_numbers: (R,) int64, of each row's atom.
        block: B. In a full graph of one class B = |P|, and (n, g) is row n |P| + g; else B = 1.
        edge_index: (2, E) int64 over the R/B blocks; row 0 the neighbour (source), row 1 the centre (target).
        edge_vectors: (E, B, 3) g⁻¹ r_e in Å for the g of the target's rows, which are the source's too.
        rotations: (M, 3, 3) the elements of all classes at hand, one class after another.
        elements: (R,) int64, which of the rotations is the row's g; the identity in a reduced graph.
        twists: (3, T) int64: source row, target row, and k as an index of ``rotations``; sorted by target row, then k.
        orders: (R,) int64 |P| of the row's class, so many twists end in each row.
        crystal: (R,) int64, which crystal a row belongs to.
        n_graphs: how many crystals.
        groups: the class P of each crystal.
        frames: (n_graphs, 3, 3) from the user's axes to those of the graph, r_graph = frame @ r_user; improper for one
            of two mirror images (:func:`~equinet.axes_of_graph`).
        atom_rows: (A,) int64, for each atom of the given cells, one after another, the row of f(n, 1).
        reduced: whether rows stand for atoms of the primitive cell, at g = 1.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> caesium_chloride = Structure(Lattice.cubic(4.1), ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
        >>> graph = oriented_graph(caesium_chloride, cutoff=4.0)
        >>> graph.block, graph.n_rows, graph.edge_vectors.shape, graph.twists.shape
        (48, 96, torch.Size([16, 48, 3]), torch.Size([3, 4608]))
    """

    atomic_numbers: Tensor
    block: int
    edge_index: Tensor
    edge_vectors: Tensor
    rotations: Tensor
    elements: Tensor
    twists: Tensor
    orders: Tensor
    crystal: Tensor
    n_graphs: int
    groups: tuple[NumberedGroup, ...]
    frames: Tensor
    atom_rows: Tensor
    reduced: bool

    @property
    def n_rows(self) -> int:
        """R."""
        return self.atomic_numbers.shape[0]

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> OrientedGraph:
        """The same graph on another device, or with vectors, rotations and frames of another precision."""
        indices = ("atomic_numbers", "edge_index", "elements", "twists", "orders", "crystal", "atom_rows")
        moved = {name: getattr(self, name).to(device=device) for name in indices}
        for name in ("edge_vectors", "rotations", "frames"):
            moved[name] = getattr(self, name).to(device=device, dtype=dtype)
        return replace(self, **moved)

    def rows(self) -> OrientedGraph:
        """The same graph in blocks of one row: the bond of two blocks becomes one bond for each g.

        >>> from pymatgen.core import Lattice, Structure
        >>> iron = oriented_graph(Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3]), cutoff=2.6)
        >>> iron.edge_index.shape, iron.rows().edge_index.shape
        (torch.Size([2, 16]), torch.Size([2, 768]))
        """
        of_block = torch.arange(self.block, device=self.edge_index.device)
        edges = (self.edge_index[:, :, None] * self.block + of_block).flatten(1)
        order = torch.argsort(edges[1], stable=True)
        vectors = self.edge_vectors.reshape(-1, 1, 3)
        return replace(self, block=1, edge_index=edges[:, order], edge_vectors=vectors[order])


def oriented_graph(
    crystal: Structure | CrystalSymmetry,
    cutoff: float,
    dtype: torch.dtype = torch.float32,
    *,
    max_neighbors: int | None = None,
    symprec: float = 0.01,
) -> OrientedGraph:
    """Every row (n, g) of a crystal: atoms n of the cell, elements g of its class.

    Arguments and errors are those of :func:`~equinet.crystal_graph`.

    >>> from pymatgen.core import Lattice, Structure
    >>> tellurium = Structure.from_spacegroup("P3_121", Lattice.hexagonal(4.5, 5.9), ["Te"], [[0.27, 0, 1 / 3]])
    >>> oriented_graph(tellurium, cutoff=3.0).n_rows
    18
    """
    symmetry = crystal if isinstance(crystal, CrystalSymmetry) else full_symmetry(crystal, symprec)
    atoms = crystal_graph(symmetry, cutoff, torch.float64, max_neighbors=max_neighbors)
    return oriented_graph_from(atoms, symmetry.group, torch.from_numpy(axes_of_graph(symmetry))).to(dtype=dtype)


def oriented_graph_from(
    graph: CrystalGraph, group: NumberedGroup | str | int, frame: Tensor | None = None
) -> OrientedGraph:
    r"""Every row (n, g) of any atoms and bonds, whether or not the group is a symmetry of theirs.

    Turning the atoms by h ∈ P turns g⁻¹ r into (h⁻¹ g)⁻¹ r: the rows are permuted, f(n, g) → f(n, h⁻¹ g). The vectors
    g⁻¹ r are differentiable in ``graph.edge_vectors`` and have their precision.

    Args:
        graph: atoms and bonds, one crystal or several, in the standard axes of the group.
        group: a point group or its name.
        frame: (3, 3) rotation, proper or not, from the user's axes to the standard ones; None: they are the same.

    Raises:
        UnknownGroupError: what :func:`pointgroups.point_group` refuses.
        ValueError: a frame that is not (3, 3).

    >>> bonds, vectors = torch.tensor([[0, 1], [1, 0]]), torch.tensor([[0.0, 0, 2], [0, 0, -2]])
    >>> pair = CrystalGraph(torch.tensor([1, 8]), bonds, vectors, torch.zeros(2, dtype=torch.int64), 1)
    >>> oriented_graph_from(pair, "C2v").edge_vectors.shape
    torch.Size([2, 4, 3])
    """
    group = as_numbered_group(group, "a row for each element")
    vectors = graph.edge_vectors
    device = vectors.device
    rotations = torch.tensor(group.rotations, dtype=vectors.dtype, device=device)
    frame = torch.eye(3, dtype=vectors.dtype, device=device) if frame is None else frame.to(vectors)
    if frame.shape != (3, 3):
        raise ValueError(f"a frame is one rotation (3, 3) for all crystals of the graph; got {tuple(frame.shape)}")
    order, atoms = group.order, len(graph.atomic_numbers)
    rows = torch.arange(atoms * order, device=device).view(atoms, order, 1)
    product = torch.tensor(group.product, dtype=torch.int64, device=device)
    sources = rows[:, :1] + product
    k = torch.arange(order, device=device)
    twists = [sources, rows.expand(sources.shape), k.expand(sources.shape)]
    return OrientedGraph(
        atomic_numbers=graph.atomic_numbers.repeat_interleave(order),
        block=order,
        edge_index=graph.edge_index,
        edge_vectors=torch.einsum("gji,ej->egi", rotations, vectors),
        rotations=rotations,
        elements=k.repeat(atoms),
        twists=torch.stack([index.flatten() for index in twists]),
        orders=torch.full((atoms * order,), order, device=device),
        crystal=graph.batch.repeat_interleave(order),
        n_graphs=graph.n_graphs,
        groups=(group,) * graph.n_graphs,
        frames=frame.expand(graph.n_graphs, 3, 3),
        atom_rows=torch.arange(atoms, device=device) * order,
        reduced=False,
    )


def collate_oriented(graphs: Sequence[OrientedGraph]) -> OrientedGraph:
    """Several graphs as one, side by side; their classes may differ.

    Graphs of one class keep their blocks. Full graphs of different classes are cut into rows
    (:meth:`OrientedGraph.rows`), which gives the same numbers, and costs more.

    Raises:
        ValueError: no graph at all, or full graphs among reduced ones.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> iron = Structure(Lattice.cubic(2.87), ["Fe"] * 2, [[0, 0, 0], [0.5] * 3])
        >>> magnesium = Structure(Lattice.hexagonal(3.2, 5.2), ["Mg"] * 2, [[1 / 3, 2 / 3, 0.25], [2 / 3, 1 / 3, 0.75]])
        >>> batch = collate_oriented([oriented_graph(metal, cutoff=3.3) for metal in (iron, magnesium)])
        >>> batch.block, batch.crystal.bincount().tolist(), [group.name for group in batch.groups]
        (1, [96, 48], ['Oh', 'D6h'])
    """
    if not graphs:
        raise ValueError("there is no graph to collate; give at least one")
    if len({graph.reduced for graph in graphs}) > 1:
        raise ValueError(
            "some graphs are full and some are reduced; make all with oriented_graph, or with reduced_graph"
        )
    if len({(graph.block, group) for graph in graphs for group in graph.groups}) > 1:
        graphs = [graph.rows() for graph in graphs]
    rows = _starts([graph.n_rows for graph in graphs])
    blocks = _starts([graph.n_rows // graph.block for graph in graphs])
    crystals = _starts([graph.n_graphs for graph in graphs])
    groups = tuple(group for graph in graphs for group in graph.groups)
    classes = tuple(dict.fromkeys(groups))
    rotations, turns = _stacked_rotations(graphs, classes)

    def joined(name: str, first: Sequence[int]) -> Tensor:
        return torch.cat([getattr(graph, name) + start for graph, start in zip(graphs, first, strict=True)], dim=-1)

    twists = [
        torch.stack([graph.twists[0] + start, graph.twists[1] + start, turn[graph.twists[2]]])
        for graph, start, turn in zip(graphs, rows, turns, strict=True)
    ]
    return OrientedGraph(
        atomic_numbers=torch.cat([graph.atomic_numbers for graph in graphs]),
        block=graphs[0].block,
        edge_index=joined("edge_index", blocks),
        edge_vectors=torch.cat([graph.edge_vectors for graph in graphs]),
        rotations=rotations,
        elements=torch.cat([turn[graph.elements] for graph, turn in zip(graphs, turns, strict=True)]),
        twists=torch.cat(twists, dim=1),
        orders=torch.cat([graph.orders for graph in graphs]),
        crystal=joined("crystal", crystals),
        n_graphs=len(groups),
        groups=groups,
        frames=torch.cat([graph.frames for graph in graphs]),
        atom_rows=joined("atom_rows", rows),
        reduced=graphs[0].reduced,
    )


def _starts(lengths: Sequence[int]) -> list[int]:
    """Where each piece begins when pieces of these lengths lie one after another."""
    return [int(start) for start in np.cumsum([0, *lengths])[:-1]]


def _stacked_rotations(
    graphs: Sequence[OrientedGraph], classes: tuple[NumberedGroup, ...]
) -> tuple[Tensor, list[Tensor]]:
    """The elements of all classes (M, 3, 3), and for each graph where its own rotations stand among them."""
    stacks: dict[NumberedGroup, Tensor] = {}
    first = dict(zip(classes, _starts([group.order for group in classes]), strict=True))
    places = []
    for graph in graphs:
        own = tuple(dict.fromkeys(graph.groups))
        pieces = graph.rotations.split([group.order for group in own])
        stacks |= dict(zip(own, pieces, strict=True))
        steps = [torch.arange(group.order, device=graph.elements.device) + first[group] for group in own]
        places.append(torch.cat(steps))
    return torch.cat([stacks[group] for group in classes]), places
