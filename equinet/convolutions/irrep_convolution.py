r"""The point-group convolution: features of the neighbours, turned by the bond.

    v′_n^γ = Σ_{b ∈ N(n)} Σ_{αi, βj} Σ_p  U^{γ, p}_{αi, βj} R_p(|r_nb|) Y^β_j(r̂_nb) v_b^{αi}

A path p joins an irrep α of the input, one set of harmonics β of the bond and an irrep γ of the output by one
intertwiner α ⊗ β → γ: a copy m of the coupling coefficients, times 1 or J where γ is of complex type. Its radial
function is a matrix over channels, R_p(r)_{uv} = Σ_h W_{p, u h v} h_h(r), in shared functions h_h of the length. These
and the Y are the same for all paths, so sum and weights commute:

    A_n[i, j h, v] = Σ_b (Σ_{bonds b→n} Y_j h_h) v_b^{i v} ,      then U on (i, j) and W on (p, h, v), once an atom.

So a bond costs as many products as it has functions j h, a pair of neighbouring atoms one small matrix product, and a
full matrix over channels no more than a diagonal one.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.irreps import Irreps, common_group
from equinet.isotypic import assemble, isotypic_parts
from equinet.layers.angular import AngularBasis
from equinet.layers.linear import Linear
from equinet.layers.radial import RadialBasis, RadialNetwork
from pointgroups import Irrep, coupling

from .neighbours import NeighbourTable, neighbour_table


class PointGroupConvolution(ConstantModule):
    r"""v_n → (S v_n + v′_n / √ν) / √2 with v′ the sum above, S a :class:`~equinet.Linear` and ν = ``neighbours``.

    Args:
        irreps_in, irreps_out: irreps of one group.
        l_max: highest degree of the harmonics Y^β.
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
                self.weights[f"{a}->{c}"] = nn.Parameter(torch.randn(shape))
                fan_in[c] += math.prod(shape[1:])
            self._widths[a] = {c: basis.shape[0] * basis.shape[1] for c, basis in bases.items()}
            joint = np.concatenate([basis.reshape(-1, *basis.shape[2:]) for basis in bases.values()])
            used = np.flatnonzero(joint.any(axis=(0, 1)))
            self.register_buffer(f"functions_{a}", torch.from_numpy(used), persistent=False)
            self.register_constant(f"coupling_{a}", joint[:, :, used].reshape(len(joint), -1))
        for path, weight in self.weights.items():
            nn.init.normal_(weight, std=fan_in[path.partition("->")[2]] ** -0.5)

    def forward(self, features: Tensor, edge_index: Tensor, edge_vectors: Tensor) -> Tensor:
        """Map features (atoms, irreps_in.dim) to (atoms, irreps_out.dim).

        ``edge_index`` (2, bonds): row 0 the neighbour b, row 1 the atom n. ``edge_vectors`` (bonds, 3): r_b − r_n in
        the standard frame of the group, in the unit of the radial functions' cutoff.
        """
        table = neighbour_table(edge_index, len(features))
        if edge_vectors.shape != (edge_index.shape[1], 3):
            raise ValueError(f"expected edge_vectors ({edge_index.shape[1]}, 3); got {tuple(edge_vectors.shape)}")
        lengths = torch.linalg.vector_norm(edge_vectors, dim=-1)
        radial = self.radial(lengths) / self.neighbours**0.5
        bonds = self.angular(edge_vectors)[:, :, None] * radial[:, None, :]
        messages = self._messages(isotypic_parts(features, self.irreps_in), table, bonds)
        total: Tensor = self.self_interaction(features) + assemble(messages, self.irreps_out, features)
        return total / 2**0.5

    def _messages(self, parts: dict[str, Tensor], table: NeighbourTable, bonds: Tensor) -> dict[str, Tensor]:
        """v′ as {γ: (atoms, copies, d_γ)} from bond functions (bonds, j, h)."""
        pairs = table.add_bonds(bonds.flatten(1)).unflatten(-1, bonds.shape[1:])
        messages: dict[str, Tensor] = {}
        for a, widths in self._widths.items():
            atoms, copies, dim = parts[a].shape
            functions = pairs.index_select(2, self.get_buffer(f"functions_{a}")).flatten(2)
            sources = table.neighbours(parts[a].flatten(1)).unflatten(-1, (copies, dim))
            moments = functions.transpose(1, 2).unsqueeze(1) @ sources.permute(0, 3, 1, 2)
            moments = table.add_rows(moments, atoms).unflatten(2, (-1, bonds.shape[2]))
            coupled = self.get_buffer(f"coupling_{a}") @ moments.flatten(3).flatten(1, 2)
            for c, piece in zip(widths, coupled.split(list(widths.values()), 1), strict=True):
                paths = piece.unflatten(1, (self.irreps_out.group.real_irreps[c].dim, -1)).flatten(2)
                message = paths @ self.weights[f"{a}->{c}"].flatten(1).T
                messages[c] = messages[c] + message if c in messages else message
        return {c: message.transpose(1, 2) for c, message in messages.items()}

    def extra_repr(self) -> str:
        paths = sum(weight.shape[1] for weight in self.weights.values())
        return f"{self.irreps_in} -> {self.irreps_out}, {paths} paths, neighbours={self.neighbours}"


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
