r"""A network for invariant properties of crystals of one class.

    v⁰_n = embedding of the atom's element (invariants)
    v^{L+1}_n = gate(convolution(v^L))_n        (+ v^L_n, where the irreps agree)
    y = μ + σ · mean_n f(v_n^{γ=1})

The convolution couples with the coefficients of the point group; the prediction is the γ = 1 part, hence the same for a
crystal turned by any g ∈ G, and intensive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from equinet.convolutions.irrep_convolution import PointGroupConvolution
from equinet.graphs.crystal_graph import CrystalGraph
from equinet.irreps import Irreps
from equinet.layers.activation import Gate
from equinet.layers.radial import BesselBasis, RadialNetwork
from equinet.readouts.invariant import InvariantReadout
from pointgroups import UnknownIrrepError, point_group

_HEAVIEST = 118


@dataclass(frozen=True)
class InvariantModelConfig:
    """Everything that determines an :class:`InvariantModel` but its weights; flat, for JSON by ``dataclasses.asdict``.

    Attributes:
        group: the point group G under which the network is equivariant.
        species: atomic numbers the model may meet, ascending.
        labels: irreps of the hidden features; by default those of harmonics of degree ≤ 2 (Oh: A1g, T1u, Eg, T2g).
        channels: hidden invariants, and the length of an element's embedding.
        directional_channels: copies of each other hidden irrep.
        layers: number of convolutions.
        cutoff: longest bond in Å.
        l_max: highest degree of the harmonics of a bond.
        n_radial: number of Bessel functions of a bond's length.
        radial_channels: number of learned radial functions made of them, in each layer.
        neighbours: mean number of bonds of an atom, the constant by which sums over neighbours are scaled.

    Raises:
        ValueError: for a group, irrep, element or number that is not possible.

    >>> InvariantModelConfig(species=(8, 22, 38)).labels
    ('A1g', 'T1u', 'Eg', 'T2g')
    """

    group: str = "Oh"
    species: tuple[int, ...] = field(kw_only=True)
    labels: tuple[str, ...] = ()
    channels: int = 32
    directional_channels: int = 8
    layers: int = 2
    cutoff: float = 4.0
    l_max: int = 2
    n_radial: int = 8
    radial_channels: int = 6
    neighbours: float = 20.0

    def __post_init__(self) -> None:
        group = point_group(self.group)
        object.__setattr__(self, "group", group.name)
        object.__setattr__(self, "species", tuple(sorted(set(self.species))))
        if not self.species or not 1 <= self.species[0] <= self.species[-1] <= _HEAVIEST:
            raise ValueError(f"species holds atomic numbers from 1 to {_HEAVIEST}, at least one; got {self.species}")
        for name in ("channels", "directional_channels", "layers", "l_max", "n_radial", "radial_channels"):
            least = 0 if name in ("directional_channels", "l_max") else 1
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {least}")
        for name in ("cutoff", "neighbours"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"{name} is {getattr(self, name)}; it must be a positive number")
        harmonics = dict.fromkeys(label for l in range(min(self.l_max, 2) + 1) for label in group.subduce(l))
        try:
            hidden = Irreps(group, [(1, label) for label in self.labels or harmonics])
        except UnknownIrrepError as error:
            raise ValueError(f"labels of hidden features: {error}") from error
        object.__setattr__(self, "labels", tuple(dict.fromkeys(block.label for block in hidden)))


class InvariantModel(nn.Module):
    """Predicts one invariant number of each crystal of a :class:`~equinet.CrystalGraph` (formulae above).

    ``shift`` μ and ``scale`` σ are buffers: 0 and 1 until they are set to the mean and the standard deviation of the
    training targets, saved with the weights. What comes out is in the targets' unit.

    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import crystal_graph
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.6), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    >>> model = InvariantModel(InvariantModelConfig(species=(11, 17), channels=4))
    >>> model(crystal_graph(salt, model.config.cutoff)).shape
    torch.Size([1])
    """

    shift: Tensor
    scale: Tensor
    _index: Tensor

    def __init__(self, config: InvariantModelConfig) -> None:
        super().__init__()
        self.config = config
        invariants = Irreps.trivial(config.group, config.channels)
        copies = dict.fromkeys(config.labels, config.directional_channels)
        copies |= {label: config.channels for label in invariants.labels if label in copies}
        hidden = Irreps(config.group, copies)
        spaces = [invariants, *[hidden] * (config.layers - 1), invariants]
        self.embedding = nn.Embedding(len(config.species), config.channels)
        basis = BesselBasis(config.cutoff, config.n_radial)
        gates = [Gate(space) for space in spaces[1:]]
        self.activations = nn.ModuleList(gates)
        self.convolutions = nn.ModuleList()
        for space, gate in zip(spaces, gates, strict=False):
            radial = RadialNetwork(basis, config.radial_channels)
            self.convolutions.append(
                PointGroupConvolution(space, gate.irreps_in, config.l_max, radial, config.neighbours)
            )
        self.readout = InvariantReadout(invariants)
        index = torch.full((_HEAVIEST + 1,), -1)
        index[list(config.species)] = torch.arange(len(config.species))
        self.register_buffer("_index", index, persistent=False)
        self.register_buffer("shift", torch.zeros(()))
        self.register_buffer("scale", torch.ones(()))

    def forward(self, graph: CrystalGraph) -> Tensor:
        """The invariant of each crystal, (n_graphs,), in the unit of the training targets.

        Raises:
            ValueError: for an element that is not among ``config.species``.
        """
        features: Tensor = self.embedding(self._species(graph.atomic_numbers))
        for convolution, activation in zip(self.convolutions, self.activations, strict=True):
            update = activation(convolution(features, graph.edge_index, graph.edge_vectors))
            same = convolution.irreps_in == activation.irreps_out
            features = (features + update) / math.sqrt(2) if same else update
        values: Tensor = self.readout(features, graph.batch, graph.n_graphs)
        return self.shift + self.scale * values.squeeze(-1)

    def _species(self, atomic_numbers: Tensor) -> Tensor:
        """The position of each atom's element among ``config.species``."""
        known = (atomic_numbers >= 0) & (atomic_numbers <= _HEAVIEST)
        index = torch.where(known, self._index[atomic_numbers.clamp(0, _HEAVIEST)], -1)
        if bool((index < 0).any()):
            unknown = sorted(set(atomic_numbers[index < 0].tolist()))
            raise ValueError(f"the model knows no Z = {unknown}; it was made for Z = {list(self.config.species)}")
        return index
