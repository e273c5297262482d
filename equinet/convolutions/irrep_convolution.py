r"""The convolution of a point group, O(3) or SO(3): features of the neighbours, turned by the bond.

    v′_n^γ = Σ_{b ∈ N(n)} Σ_{αi, βj} Σ_p  U^{γ, p}_{αi, βj} R_p(|r_nb|) Y^β_j(r̂_nb) v_b^{αi}

A path p joins an irrep α of the input, one set of harmonics β of the bond and an irrep γ of the output by one
intertwiner α ⊗ β → γ: a copy m of the coupling coefficients, times 1 or J where γ is of complex type. Its radial
function is a matrix over channels, R_p(r)_{uv} = Σ_h W_{p, u h v} h_h(r), in shared functions h_h of the length. These
and the Y are the same for all paths, so sum and weights commute:

    A_n[i, j h, v] = Σ_b (Σ_{bonds b→n} Y_j h_h) v_b^{i v} ,      then U on (i, j) and W on (p, h, v), once an atom.

So a bond costs as many products as it has functions j h, a pair of neighbouring atoms one small matrix product, and a
full matrix over channels no more than a diagonal one. Only the group's coupling coefficients and harmonics enter: for
O(3), with β the degrees ℓ, this is the convolution of a tensor field network.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.groups import Irrep, common_group, coupling
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts
from equinet.layers.angular import AngularBasis
from equinet.layers.linear import Linear
from equinet.layers.radial import RadialBasis, RadialNetwork

from .neighbours import NeighbourTable, bond_table, neighbour_table


class PointGroupConvolution(ConstantModule):
    r"""v_n → (S v_n + v′_n / √ν) / √2 with v′ the sum above, S a :class:`~equinet.Linear` and ν = ``neighbours``.

    Args:
        irreps_in, irreps_out: irreps of one group.
        l_max: highest degree of the harmonics Y^β, within the group's cut-off where that is O(3) or SO(3).
        radial: the functions h_h: a :class:`~equinet.RadialNetwork` (learned) or a radial basis (fixed).
        neighbours: ν, the mean number of bonds of an atom in the data; a constant, so that an atom's output depends on
            its own surroundings alone.

    Every path whose coupling is not zero is there; weights start with variance 1/fan-in.

    >>> from equinet import BesselBasis
    >>> irreps = Irreps("Oh", "4x A1g + 2x T1u")
    >>> layer = PointGroupConvolution(irreps, irreps, 2, RadialNetwork(BesselBasis(5.0, 8), 6), neighbours=12.0)
    >>> bonds, vectors = torch.tensor([[0, 1], [1, 0]]), torch.tensor([[0.0, 0, 2], [0, 0, -2]])
    >>> layer(torch.randn(2, irreps.dim), bonds, vectors).shape
    torch.Size([2, 10])
    """

    def __init__(
        self,
        irreps_in: Irreps,
        irreps_out: Irreps,
        l_max: int,
        radial: RadialNetwork | RadialBasis,
        neighbours: float,
    ) -> None:
        super().__init__()
        group = common_group(irreps_in, irreps_out)
        if not (math.isfinite(neighbours) and neighbours > 0):
            raise ValueError(f"the mean number of neighbours is a positive number, not {neighbours}")
        self.irreps_in = irreps_in
        self.irreps_out = irreps_out
        self.neighbours = neighbours
        self.radial = radial
        self.self_interaction = Linear(irreps_in, irreps_out)
        self.angular = AngularBasis(group, l_max, irreps_in.tensor_product(irreps_out).labels)
        self.weights = nn.ParameterDict()
        self._widths: dict[str, dict[str, int]] = {}
        fan_in = dict.fromkeys(irreps_out.labels, 0)
        for a in irreps_in.labels:
            bases = {c: _intertwiners(group.real_irreps[a], self.angular.irreps_out, c) for c in irreps_out.labels}
            bases = {c: basis for c, basis in bases.items() if basis.shape[1]}
            if not bases:
                continue
            for c, basis in bases.items():
                shape = (irreps_out.count(c), basis.shape[1], radial.dim, irreps_in.count(a))
                self.weights[f"{a}->{c}"] = nn.Parameter(torch.empty(shape))
                fan_in[c] += math.prod(shape[1:])
            self._widths[a] = {c: basis.shape[0] * basis.shape[1] for c, basis in bases.items()}
            joint = np.concatenate([basis.reshape(-1, *basis.shape[2:]) for basis in bases.values()])
            self.register_constant(f"coupling_{a}", joint.transpose(0, 2, 1).reshape(len(joint), -1))
        for path, weight in self.weights.items():
            nn.init.normal_(weight, std=fan_in[path.partition("->")[2]] ** -0.5)

    def forward(
        self,
        features: Tensor,
        edge_index: Tensor | NeighbourTable,
        edge_vectors: Tensor,
        edge_weights: Tensor | None = None,
        n_targets: int | None = None,
    ) -> Tensor:
        """Map features (atoms, irreps_in.dim) to (n_targets, irreps_out.dim).

        Args:
            features: of all atoms; ``n_targets`` (all by default) says for how many, the first of them, a result is
                wanted.
            edge_index: (2, bonds), row 0 the neighbour b, row 1 the atom n; or its :func:`neighbour_table`, made once
                for several layers. Under ``torch.compile`` and ``torch.export`` the indices themselves are added bond
                by bond; the table keeps the speed there.
            edge_vectors: (bonds, 3) r_b − r_n in the standard frame of the group, in the unit of the radial functions'
                cutoff.
            edge_weights: (bonds,), by which each bond's share is multiplied; such as the number of bonds that it
                stands for.

        Raises:
            ValueError: for shapes that do not fit, an index that is none of an atom, a bond of length zero.
        """
        atoms = features.shape[0] if n_targets is None else n_targets
        table = _table(edge_index, features.shape[0], atoms)
        if edge_vectors.shape != (table.n_bonds, 3):
            raise ValueError(f"expected edge_vectors ({table.n_bonds}, 3); got {tuple(edge_vectors.shape)}")
        bonds = self._bond_functions(edge_vectors, edge_weights)
        messages = self._messages(isotypic_parts(features, self.irreps_in), table, bonds, atoms)
        own = features[:atoms]
        total: Tensor = self.self_interaction(own) + assemble(messages, self.irreps_out, own)
        return total / 2**0.5

    def _bond_functions(self, vectors: Tensor, weights: Tensor | None) -> Tensor:
        """h_h Y_j / √ν of every bond, (bonds, h, j)."""
        radial: Tensor = self.radial(torch.linalg.vector_norm(vectors, dim=-1)) / self.neighbours**0.5
        if weights is not None:
            if weights.shape != vectors.shape[:1]:
                raise ValueError(f"expected edge_weights ({vectors.shape[0]},); got {tuple(weights.shape)}")
            radial = radial * weights.unsqueeze(-1)
        angular: Tensor = self.angular(vectors)
        return radial[:, :, None] * angular[:, None, :]

    def _messages(
        self, parts: dict[str, Tensor], table: NeighbourTable, bonds: Tensor, atoms: int
    ) -> dict[str, Tensor]:
        """v′ as {γ: (atoms, copies, d_γ)} from bond functions (bonds, h, j)."""
        h, j = bonds.shape[1:]
        functions = table.add_bonds(bonds.flatten(1)).transpose(1, 2)
        messages: dict[str, Tensor] = {}
        for a, widths in self._widths.items():
            copies, dim = parts[a].shape[1:]
            sources = table.neighbours(parts[a].transpose(1, 2).flatten(1))
            moments = table.add_rows(functions @ sources, atoms)  # (atoms, h j, i v)
            coupled = self.get_buffer(f"coupling_{a}") @ moments.view(atoms * h, j * dim, copies)
            by_atom = coupled.view(atoms, h, sum(widths.values()), copies)
            for c, piece in zip(widths, by_atom.split(list(widths.values()), 2), strict=True):
                weight = self.weights[f"{a}->{c}"]  # (u, p, h, v)
                components = self.irreps_out.group.real_irreps[c].dim
                paths = piece.unflatten(2, (components, weight.shape[1])).permute(0, 2, 3, 1, 4)  # (atoms, k, p, h, v)
                message = paths.flatten(2) @ weight.flatten(1).T
                messages[c] = messages[c] + message if c in messages else message
        return {c: message.transpose(1, 2) for c, message in messages.items()}

    def extra_repr(self) -> str:
        paths = sum(weight.shape[1] for weight in self.weights.values())
        return f"{self.irreps_in} -> {self.irreps_out}, {paths} paths, neighbours={self.neighbours}"


def _table(edge_index: Tensor | NeighbourTable, sources: int, targets: int) -> NeighbourTable:
    if isinstance(edge_index, NeighbourTable):
        if edge_index.targets is None and edge_index.sources.shape[0] != targets:
            raise ValueError(f"the table has rows of {edge_index.sources.shape[0]} atoms, not of n_targets = {targets}")
        return edge_index
    if torch.compiler.is_compiling():
        return bond_table(edge_index)
    return neighbour_table(edge_index, sources, targets)


def _intertwiners(a: Irrep, bond: Irreps, label: str) -> NDArray[np.float64]:
    """A basis of Hom_G(Γ^a ⊗ bond, Γ^c), (d_c, paths, d_a, dim bond): U^m, and U^m J, for every β in the bond."""
    c = bond.group.real_irreps[label]
    paths = [np.zeros((0, a.dim, bond.dim, c.dim))]
    for block, where in zip(bond.blocks, bond.slices(), strict=True):
        u = np.einsum("mijk,tkl->mtijl", coupling(a, block.irrep, c), c.commutant)
        basis = u.reshape(-1, *u.shape[2:])
        for start in range(where.start, where.stop, block.irrep.dim):
            path = np.zeros((len(basis), a.dim, bond.dim, c.dim))
            path[:, :, start : start + block.irrep.dim] = basis
            paths.append(path)
    return np.concatenate(paths).transpose(3, 0, 1, 2)
