r"""From atoms to a Cartesian tensor of a crystal, in the user's axes.

Irrep features: the irreps of the index symmetry, in an orthonormal basis B_r, averaged over the atoms,

    T = Fᵀ · Σ_r B_r x̄_r ,        x̄ = (1/N) Σ_n W v_n .

Rows of an oriented graph: any function t of the numbers of a row is a tensor in axes turned by g, and

    T = Fᵀ · (1/R) Σ_{ρ=(n,g)} g · t(v_ρ)           full graph,
    T = Fᵀ · (1/|P|) Σ_{g∈P} g · t̄ ,  t̄ = (1/R) Σ_a t(F(a))      reduced graph,

the projection on the invariants of the crystal's class P. F is the frame, r_standard = F r_user. With the symmetry of
the crystal the tensor has the components that its class allows, and no others.
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
from .pooling import graph_count, graph_mean, graph_sum
from .turning import turned


class TensorReadout(nn.Module):
    """The tensor of each crystal from irrep features of its atoms.

    Args:
        irreps_in: features of the atoms; must hold every irrep of the tensor.
        symmetry: "ij=ji" (permittivity), "ijk=ikj" (piezoelectric e_ijk), "ijkl=jikl=klij" (elastic) …
        axial: the tensor transforms with an extra det(R).

    Attributes:
        cartesian: the change of basis; ``cartesian.irreps_out`` are the irreps of the tensor.

    Raises:
        IndexSymmetryError: the notation cannot be read.
        ValueError: an irrep of the tensor that ``irreps_in`` lacks.

    >>> readout = TensorReadout(Irreps("Oh", "8x A1g + 4x Eg + 4x T2g"), "ij=ji")
    >>> features, batch = torch.randn(5, 28), torch.tensor([0, 0, 0, 1, 1])
    >>> readout(features, batch, frames=torch.eye(3).expand(2, 3, 3)).shape
    torch.Size([2, 3, 3])
    """

    def __init__(self, irreps_in: Irreps, symmetry: str | IndexSymmetry, axial: bool = False) -> None:
        super().__init__()
        self.cartesian = CartesianTensor(symmetry, irreps_in.group, axial)
        self.linear = complete_linear(irreps_in, self.cartesian.irreps_out)
        self.irreps_in = irreps_in

    def forward(self, features: Tensor, batch: Tensor, frames: Tensor) -> Tensor:
        """Map features (atoms, irreps_in.dim) to tensors (n_graphs, 3, …, 3) in the user's axes.

        Args:
            features: in the standard axes of the network's group.
            batch: (atoms,) the graph of each atom.
            frames: (n_graphs, 3, 3), r_graph = frame @ r_user (:func:`~equinet.axes_of_graph`).

        Raises:
            ValueError: a graph without atoms, which has no mean.
        """
        pooled = graph_mean(self.linear(features), batch, frames.shape[0])
        symmetry = self.cartesian.basis.symmetry
        with torch.autocast(features.device.type, enabled=False):
            tensors = self.cartesian.inverse(pooled)
        return turned(tensors, frames.mT, symmetry.rank, symmetry.axial)


class OrientedTensorReadout(nn.Module):
    """The tensor of each crystal from numbers on the rows of an oriented graph; the same for all groups.

    Args:
        channels: numbers C of a row.
        symmetry: the index symmetry, as for :class:`TensorReadout`.
        axial: the tensor transforms with an extra det(R).
        width: hidden units of the function t of a row; 0 makes it linear.

    Raises:
        IndexSymmetryError: the notation cannot be read.

    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import reduced_graph
    >>> graph = reduced_graph(Structure(Lattice.cubic(4.1), ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]), cutoff=4.0)
    >>> permittivity = OrientedTensorReadout(8, "ij=ji")(torch.randn(graph.n_rows, 8), graph)
    >>> permittivity.shape, bool(torch.allclose(permittivity[0], permittivity[0, 0, 0] * torch.eye(3), atol=1e-6))
    (torch.Size([1, 3, 3]), True)
    """

    def __init__(self, channels: int, symmetry: str | IndexSymmetry, axial: bool = False, width: int = 32) -> None:
        super().__init__()
        self.channels = channels
        self.components = IndependentComponents(symmetry, axial)
        self.network = Perceptron(channels, width, self.components.dim)

    def forward(self, values: Tensor, graph: OrientedGraph) -> Tensor:
        """Map values (R, channels) on the rows to tensors (n_graphs, 3, …, 3) in the user's axes."""
        check_rows(values, self.channels, graph)
        means = _means_of_elements(self.network(values), graph)
        with torch.autocast(values.device.type, enabled=False):  # whose bfloat16 is too coarse for rotations
            matrices = self.components.matrices(graph.rotations).to(means.dtype)
            pooled = torch.einsum("cmv,mwv->cw", means, matrices)
        symmetry = self.components.symmetry
        return turned(self.components(pooled), graph.frames.mT, symmetry.rank, symmetry.axial)

    def extra_repr(self) -> str:
        return f"{self.channels} channels"


def _means_of_elements(values: Tensor, graph: OrientedGraph) -> Tensor:
    """(n_graphs, M, K): for each crystal and rotation g the part of the mean over rows (R, K) that g is to turn."""
    n_graphs, n_rotations = graph.n_graphs, graph.rotations.shape[0]
    if graph.reduced:  # the twists tell the elements of the class of a crystal, which all weigh 1/|P|
        place = graph.crystal[graph.twists[1]] * n_rotations + graph.twists[2]
        twists = graph_count(place, n_graphs * n_rotations).view(n_graphs, n_rotations, 1)
        return graph_mean(values, graph.crystal, n_graphs)[:, None] * twists / twists.sum(1, keepdim=True)
    place = graph.crystal * n_rotations + graph.elements
    sums = graph_sum(values, place, n_graphs * n_rotations).view(n_graphs, n_rotations, -1)
    return sums / graph_count(graph.crystal, n_graphs)[:, None, None]
