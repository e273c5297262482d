r"""The irrep convolution on orbits of atoms and bonds only.

Of a crystal with exact symmetry, the convolution v′_n = Σ_e M(e) is computed at the sites n and for one bond e₀ of each
orbit (:mod:`equinet.graphs.orbit_graph`):

    v_b = D(g_b) v_n(b) ,        v′_n = P_n Σ_{e₀} (|S_n| / |stab e₀|) M(e₀) ,        P_n = (1/|S_n|) Σ_{s∈S_n} D(s) .

The result is the one on the crystal graph, to rounding. Any layer that acts on each atom alone and is equivariant
(:class:`~equinet.Linear`, gates, norms, tensor products of features) runs on sites as on atoms.
"""

from __future__ import annotations

from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.graphs.orbit_graph import OrbitGraph
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts

from .irrep_convolution import PointGroupConvolution
from .site_invariants import matrices_of


class GroupAverage(ConstantModule):
    """(n, w) ↦ Σ_g w_n(g) D(g) v_n, for weights w on the elements of the group.

    With w = 1/|S| on a subgroup S and 0 elsewhere it projects on the invariants of S.

    >>> import torch
    >>> irreps = Irreps("Oh", "A1g + T1u")
    >>> average = GroupAverage(irreps)
    >>> average(torch.ones(1, 4), torch.full((1, 48), 1 / 48)).round(decimals=6).abs().tolist()
    [[1.0, 0.0, 0.0, 0.0]]
    """

    def __init__(self, irreps: Irreps) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self._dim = irreps.dim
        for label in irreps.labels:
            matrices = matrices_of(irreps.group.real_irreps[label])
            self.register_constant(f"matrices_{label}", matrices.reshape(len(matrices), -1))

    def forward(self, features: Tensor, weights: Tensor) -> Tensor:
        """Map features (N, irreps.dim) with weights (N, |G|) to (N, irreps.dim)."""
        if features.shape != (weights.shape[0], self._dim):
            raise ValueError(
                f"features of {self.irreps_in} with weights {tuple(weights.shape)} have shape "
                f"({weights.shape[0]}, {self._dim}); got {tuple(features.shape)}"
            )
        parts = {}
        for label, part in isotypic_parts(features, self.irreps_in).items():
            average = (weights @ self.get_buffer(f"matrices_{label}")).unflatten(-1, (part.shape[-1],) * 2)
            parts[label] = part @ average.mT
        return assemble(parts, self.irreps_out, features)

    def extra_repr(self) -> str:
        return f"{self.irreps_in}"


class OrbitImages(ConstantModule):
    """v_b = D(g_b) v_n(b): the features of all atoms of the primitive cell from those of the sites.

    >>> import torch
    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import orbit_graph
    >>> magnesium = Structure(Lattice.hexagonal(3.2, 5.2), ["Mg"] * 2, [[1 / 3, 2 / 3, 0.25], [2 / 3, 1 / 3, 0.75]])
    >>> irreps = Irreps("D6h", "A1g + A2u")
    >>> OrbitImages(irreps)(torch.ones(1, 2), orbit_graph(magnesium, 3.3)).shape
    torch.Size([2, 2])
    """

    def __init__(self, irreps: Irreps) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self._dim = irreps.dim
        for label in irreps.labels:
            self.register_constant(f"matrices_{label}", matrices_of(irreps.group.real_irreps[label]))

    def forward(self, features: Tensor, graph: OrbitGraph) -> Tensor:
        """Map features (M, irreps.dim) on the sites to (A, irreps.dim) on the atoms, the sites first among them."""
        _check(features, self.irreps_in, self._dim, graph)
        parts = {
            label: part[graph.sites] @ self.get_buffer(f"matrices_{label}")[graph.elements].mT
            for label, part in isotypic_parts(features, self.irreps_in).items()
        }
        return assemble(parts, self.irreps_out, features.new_empty(graph.sites.shape[0], 0))

    def extra_repr(self) -> str:
        return f"{self.irreps_in}"


class ReducedConvolution(nn.Module):
    """A convolution run on sites and orbits of bonds; it shares the weights of the one it is given.

    Args:
        convolution: the layer of the whole crystal graph.

    >>> import torch
    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import BesselBasis, orbit_graph
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> irreps = Irreps("Oh", "4x A1g + 2x Eg")
    >>> layer = ReducedConvolution(PointGroupConvolution(irreps, irreps, 2, BesselBasis(4.0, 8), neighbours=18.0))
    >>> layer(torch.randn(2, irreps.dim), orbit_graph(salt, 4.0, "Oh")).shape  # 2 sites, 4 orbits of bonds
    torch.Size([2, 8])
    """

    def __init__(self, convolution: PointGroupConvolution) -> None:
        super().__init__()
        self.convolution = convolution
        self.images = OrbitImages(convolution.irreps_in)
        self.projection = GroupAverage(convolution.irreps_out)

    @property
    def irreps_in(self) -> Irreps:
        return self.convolution.irreps_in

    @property
    def irreps_out(self) -> Irreps:
        return self.convolution.irreps_out

    def forward(self, features: Tensor, graph: OrbitGraph) -> Tensor:
        """Map features (M, irreps_in.dim) on the sites to (M, irreps_out.dim).

        The features are invariants of the site groups, as all are that come from a layer on the same graph, or that are
        of the trivial irrep.
        """
        images = self.images(features, graph)
        total = self.convolution(
            images, graph.edge_index, graph.edge_vectors, edge_weights=graph.edge_weights, n_targets=graph.n_sites
        )
        projected: Tensor = self.projection(total, graph.site_weights)
        return projected


class OrbitMean(nn.Module):
    r"""(1/N) Σ_atoms v_b = Σ_n (|orbit of n|/N) P_P v_n: the mean over the atoms of each crystal, from its sites.

    >>> import torch
    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import orbit_graph
    >>> fluorite = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.46), ["Ca", "F"], [[0] * 3, [0.25] * 3])
    >>> graph = orbit_graph(fluorite, 4.0)  # one site of calcium, one of fluorine
    >>> OrbitMean(Irreps("Oh", "A1g + T1u"))(torch.tensor([[3.0, 0, 0, 0], [6.0, 0, 0, 0]]), graph).round().tolist()
    [[5.0, 0.0, 0.0, 0.0]]
    """

    def __init__(self, irreps: Irreps) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self._dim = irreps.dim
        self.projection = GroupAverage(irreps)

    def forward(self, features: Tensor, graph: OrbitGraph) -> Tensor:
        """Map features (M, irreps.dim) on the sites to (n_graphs, irreps.dim)."""
        _check(features, self.irreps_in, self._dim, graph)
        weighted = features * graph.shares[:, None]
        total = weighted.new_zeros(graph.class_weights.shape[0], self._dim).index_add(0, graph.batch, weighted)
        mean: Tensor = self.projection(total, graph.class_weights)
        return mean


def _check(features: Tensor, irreps: Irreps, dim: int, graph: OrbitGraph) -> None:
    if graph.group is not irreps.group:
        raise ValueError(f"the graph is of {graph.group.name}, the features of {irreps!r}; make both with one group")
    if features.shape != (graph.n_sites, dim):
        raise ValueError(
            f"features of {irreps} on {graph.n_sites} sites have shape ({graph.n_sites}, {dim});"
            f" got {tuple(features.shape)}"
        )
