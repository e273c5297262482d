r"""From atoms to tensors of the atoms, in the user's axes: Born charges, shieldings, field gradients.

Irrep features:  T(n) = Fᵀ · Σ_r B_r (W v_n)_r .  Rows of an oriented graph, t any function of the numbers of a row:

    T(n) = Fᵀ · (1/|P|) Σ_{g∈P} g · t(v_{n, g})             full graph,
    T(a) = Fᵀ · (1/|P|) Σ_{k∈P} k · t(F(k⁻¹ a))             reduced graph,

where f(a, k) = F(k⁻¹ a) makes the second the first. T(s n) = s · T(n) for every symmetry s: the tensor of an atom is
invariant under its site group, and those of an orbit follow from one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from equinet.graphs.oriented_graph import OrientedGraph
from equinet.irreps import Irreps
from equinet.layers.cartesian_tensor import CartesianTensor
from pointgroups import IndexSymmetry

from .independent_components import IndependentComponents
from .invariant import check_rows
from .irrep import complete_linear
from .perceptron import Perceptron
from .pooling import graph_mean
from .turning import turned


class SiteTensorReadout(nn.Module):
    """The tensor of each atom from its irrep features.

    Args:
        irreps_in: features of the atoms; must hold every irrep of the tensor.
        symmetry: "ij" (Born charge), "ij=ji" (thermal displacement, field gradient) …
        axial: the tensor transforms with an extra det(R).

    Raises:
        IndexSymmetryError: the notation cannot be read.
        ValueError: an irrep of the tensor that ``irreps_in`` lacks.

    >>> readout = SiteTensorReadout(Irreps("Oh", "8x A1g + 4x Eg + 4x T1g + 4x T2g"), "ij")
    >>> features, batch = torch.randn(5, 40), torch.tensor([0, 0, 0, 1, 1])
    >>> readout(features, batch, frames=torch.eye(3).expand(2, 3, 3)).shape
    torch.Size([5, 3, 3])
    """

    def __init__(self, irreps_in: Irreps, symmetry: str | IndexSymmetry, axial: bool = False) -> None:
        super().__init__()
        self.cartesian = CartesianTensor(symmetry, irreps_in.group, axial)
        self.linear = complete_linear(irreps_in, self.cartesian.irreps_out)
        self.irreps_in = irreps_in

    def forward(self, features: Tensor, batch: Tensor, frames: Tensor) -> Tensor:
        """Map features (atoms, irreps_in.dim) to tensors (atoms, 3, …, 3) in the user's axes.

        Args:
            features: in the standard axes of the network's group.
            batch: (atoms,) the graph of each atom.
            frames: (n_graphs, 3, 3), r_graph = frame @ r_user (:func:`~equinet.axes_of_graph`).
        """
        symmetry = self.cartesian.basis.symmetry
        tensors = self.cartesian.inverse(self.linear(features))
        return turned(tensors, frames.mT[batch], symmetry.rank, symmetry.axial)


class OrientedSiteTensorReadout(nn.Module):
    """The tensor of each atom from numbers on the rows of an oriented graph; the same for all groups.

    Args:
        channels: numbers C of a row.
        symmetry: the index symmetry, as for :class:`SiteTensorReadout`.
        axial: the tensor transforms with an extra det(R).
        width: hidden units of the function t of a row; 0 makes it linear.

    Raises:
        IndexSymmetryError: the notation cannot be read.

    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import reduced_graph
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> graph = reduced_graph(salt, cutoff=3.0)
    >>> OrientedSiteTensorReadout(8, "ij")(torch.randn(graph.n_rows, 8), graph).shape  # 2 rows, 8 atoms
    torch.Size([8, 3, 3])
    """

    def __init__(self, channels: int, symmetry: str | IndexSymmetry, axial: bool = False, width: int = 32) -> None:
        super().__init__()
        self.channels = channels
        self.components = IndependentComponents(symmetry, axial)
        self.network = Perceptron(channels, width, self.components.dim)

    def forward(self, values: Tensor, graph: OrientedGraph) -> Tensor:
        """Map values (R, channels) to tensors (A, 3, …, 3) of the A atoms of the given cells, in the user's axes."""
        check_rows(values, self.channels, graph)
        symmetry = self.components.symmetry
        in_turned_axes = self.components(self.network(values))
        if graph.reduced:
            source, target, k = graph.twists
            parts = turned(in_turned_axes[source], graph.rotations[k], symmetry.rank, symmetry.axial)
            tensors = graph_mean(parts, target, graph.n_rows)[graph.atom_rows]
        else:  # the rows of an atom follow that of g = 1
            first = torch.zeros_like(graph.elements).index_fill(0, graph.atom_rows, 1)
            parts = turned(in_turned_axes, graph.rotations[graph.elements], symmetry.rank, symmetry.axial)
            tensors = graph_mean(parts, first.cumsum(0) - 1, graph.atom_rows.shape[0])
        frames = graph.frames[graph.crystal[graph.atom_rows]]
        return turned(tensors, frames.mT, symmetry.rank, symmetry.axial)

    def extra_repr(self) -> str:
        return f"{self.channels} channels"


def acoustic_sum_rule(tensors: Tensor, batch: Tensor, n_graphs: int) -> Tensor:
    """T_n − (1/N) Σ_m T_m: Born charges (atoms, 3, 3) that add up to zero in every crystal, the nearest to the given.

    The mean of the atoms' tensors is an invariant of the crystal's class, so that what is left has the symmetry still.

    Args:
        tensors: (atoms, …).
        batch: (atoms,) the crystal of each atom.
        n_graphs: how many crystals.

    Reference: X. Gonze and C. Lee, Phys. Rev. B 55, 10355 (1997).

    >>> charges = torch.tensor([1.1, -0.9])[:, None, None] * torch.eye(3)
    >>> acoustic_sum_rule(charges, torch.tensor([0, 0]), 1)[0].diagonal()
    tensor([1., 1., 1.])
    """
    return tensors - graph_mean(tensors, batch, n_graphs)[batch]
