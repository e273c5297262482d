r"""Attention over the bonds of an atom, with invariant weights.

Each head sees the features v through linear maps Q, K, P, V of its own. For a bond e from b to n, of vector r,

    s_e = ( ⟨Q v_n, K v_b⟩/√dim Q + ⟨P v_n, Y(r̂)⟩/√dim Y ) / 2 + β(r) ,
    α_e = u(r) e^{s_e} / (1 + Σ_{e′→n} u(r_e′) e^{s_e′}) .

Irreps are orthogonal matrices, so the scalar products are invariant, and with them α. The rest is a convolution in
which bond e counts α_e times; an equivariant map O joins the heads. u is the envelope of the radial functions: a
neighbour at the cutoff has α = 0, and what comes out is as smooth there as u is. The 1 stands for attention to nothing:
it keeps α smooth when an atom's last neighbour leaves, and makes the message to an atom without neighbours zero.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from equinet.checks import require
from equinet.groups import common_group
from equinet.irreps import Irreps
from equinet.layers.angular import AngularBasis
from equinet.layers.linear import Linear
from equinet.layers.radial import RadialBasis, RadialNetwork

from .irrep_convolution import PointGroupConvolution

_SAMPLED_BONDS = 20_000


class GraphAttention(nn.Module):
    r"""v_n → O ⊕_h (S V v_n + c Σ_e α_e v′_e / √ν) / √2, the convolution of V v with α as weights of the bonds e.

    S and the share v′_e of a bond are those of :class:`~equinet.PointGroupConvolution`. The constant c makes up for
    Σ α < 1: unit variance stays unit variance at the start, for bonds spread evenly over the cutoff ball.

    Args:
        irreps_in, irreps_out: irreps of one group.
        l_max: highest degree of the harmonics Y of a bond.
        radial: functions of a bond's length: a :class:`~equinet.RadialNetwork` (learned) or a radial basis (fixed).
            Its envelope is u. β is linear in them, and zero at the start.
        neighbours: ν, the mean number of bonds of an atom in the data.
        heads: the number of heads. A head has ⌈n/heads⌉ copies of an irrep that occurs n times, coming in and going
            out; the heads differ in the linear maps, and share the kernel of the convolution.

    Raises:
        ValueError: for irreps of different groups, or no head.

    >>> from equinet import BesselBasis
    >>> irreps = Irreps("Oh", "4x A1g + 2x T1u")
    >>> layer = GraphAttention(irreps, irreps, 2, RadialNetwork(BesselBasis(5.0, 8), 6), neighbours=12.0, heads=2)
    >>> bonds, vectors = torch.tensor([[0, 1], [1, 0]]), torch.tensor([[0.0, 0, 2], [0, 0, -2]])
    >>> layer(torch.randn(2, irreps.dim), bonds, vectors).shape
    torch.Size([2, 10])
    >>> layer.weights(torch.randn(2, irreps.dim), bonds, vectors).shape  # α of every bond and head
    torch.Size([2, 2])
    """

    def __init__(
        self,
        irreps_in: Irreps,
        irreps_out: Irreps,
        l_max: int,
        radial: RadialNetwork | RadialBasis,
        neighbours: float,
        heads: int = 4,
    ) -> None:
        super().__init__()
        group = common_group(irreps_in, irreps_out)
        if heads < 1:
            raise ValueError(f"attention has at least one head, not {heads}")
        self.irreps_in = irreps_in
        self.irreps_out = irreps_out
        self.heads = heads
        inner, outer = _shared(irreps_in, heads), _shared(irreps_out, heads)
        self.angular = AngularBasis(group, l_max, irreps_in.labels)
        self.convolution = PointGroupConvolution(inner, outer, l_max, radial, neighbours)
        self.query = Linear(irreps_in, _repeated(inner, heads), bias=False)
        self.key = Linear(irreps_in, _repeated(inner, heads), bias=False)
        self.direction = Linear(irreps_in, _repeated(self.angular.irreps_out, heads), bias=False)
        self.length = nn.Parameter(torch.zeros(radial.dim, heads))
        self.value = Linear(irreps_in, _repeated(inner, heads))
        self.output = Linear(_repeated(outer, heads), irreps_out)
        self._scale = _weight_scale(self._basis, neighbours)

    def forward(self, features: Tensor, edge_index: Tensor, edge_vectors: Tensor) -> Tensor:
        """Map features (atoms, irreps_in.dim) to (atoms, irreps_out.dim).

        ``edge_index`` (2, bonds): row 0 the neighbour b, row 1 the atom n. ``edge_vectors`` (bonds, 3): r_b − r_n in
        the standard frame of the group, in the unit of the radial functions' cutoff.
        """
        weights = self._scale * self.weights(features, edge_index, edge_vectors)
        first = features.shape[0] * torch.arange(self.heads, device=features.device)
        values = self._by_head(self.value(features)).transpose(0, 1).flatten(0, 1)
        bonds = (edge_index[:, None, :] + first[:, None]).flatten(1)
        heads: Tensor = self.convolution(values, bonds, edge_vectors.repeat(self.heads, 1), weights.T.flatten())
        joined: Tensor = self.output(heads.unflatten(0, (self.heads, -1)).transpose(0, 1).flatten(1))
        return joined

    def weights(self, features: Tensor, edge_index: Tensor, edge_vectors: Tensor) -> Tensor:
        """α_e of every bond and head, (bonds, heads); arguments as in :meth:`forward`.

        Raises:
            ValueError: for shapes that do not fit, an index that is none of an atom, a bond of length zero.
        """
        if edge_index.dim() != 2 or edge_vectors.shape != (edge_index.shape[1], 3):
            raise ValueError(
                f"expected edge_index (2, bonds) and edge_vectors (bonds, 3); got {tuple(edge_index.shape)} and"
                f" {tuple(edge_vectors.shape)}"
            )
        atoms = features.shape[0]
        require((edge_index >= 0) & (edge_index < atoms), "edge_index names an atom that has no features; count from 0")
        source, target = edge_index
        lengths = torch.linalg.vector_norm(edge_vectors, dim=-1)
        scores = self._scores(features, source, target, edge_vectors, lengths)
        envelope = self._basis.envelope(lengths / self._basis.cutoff)
        return softmax_with_nothing(scores, envelope, target, atoms)

    def _scores(self, features: Tensor, source: Tensor, target: Tensor, vectors: Tensor, lengths: Tensor) -> Tensor:
        """s_e, (bonds, heads), of variance 1/2 at the start."""
        query, key = self._by_head(self.query(features)), self._by_head(self.key(features))
        atoms = (query[target] * key[source]).sum(-1) / max(query.shape[-1], 1) ** 0.5
        direction = self._by_head(self.direction(features))[target]
        along = (direction * self.angular(vectors)[:, None, :]).sum(-1) / max(direction.shape[-1], 1) ** 0.5
        scores: Tensor = (atoms + along) / 2 + self.convolution.radial(lengths) @ self.length
        return scores

    @property
    def _basis(self) -> RadialBasis:
        radial = self.convolution.radial
        return radial.basis if isinstance(radial, RadialNetwork) else radial

    def _by_head(self, features: Tensor) -> Tensor:
        """(atoms, heads · dim) as (atoms, heads, dim)."""
        split: Tensor = features.unflatten(-1, (self.heads, features.shape[-1] // self.heads))
        return split

    def extra_repr(self) -> str:
        return f"{self.irreps_in} -> {self.irreps_out}, heads={self.heads}"


def softmax_with_nothing(scores: Tensor, envelope: Tensor, target: Tensor, atoms: int) -> Tensor:
    """α_e = u_e e^{s_e} / (1 + Σ_{e′→n} u_e′ e^{s_e′}) for scores (bonds, heads) and envelope (bonds,), any size of s.

    >>> softmax_with_nothing(torch.tensor([[0.0], [1000.0]]), torch.ones(2), torch.tensor([0, 1]), 2).tolist()
    [[0.5], [1.0]]
    """
    scores = scores.to(envelope.dtype)  # under autocast the sums keep the precision of the lengths
    inside = envelope[:, None] > 0
    where = target[:, None].expand_as(scores)
    highest = scores.new_zeros(atoms, scores.shape[1])
    highest = highest.scatter_reduce(0, where, torch.where(inside, scores, 0.0).detach(), "amax")
    shares = envelope[:, None] * torch.exp(torch.where(inside, scores - highest[target], 0.0))
    total = torch.exp(-highest).index_add(0, target, shares)
    return shares / total[target]


def _shared(irreps: Irreps, heads: int) -> Irreps:
    """⌈n/heads⌉ copies of each irrep that occurs n times."""
    return Irreps(irreps.group, {label: -(-irreps.count(label) // heads) for label in irreps.labels})


def _repeated(irreps: Irreps, heads: int) -> Irreps:
    """The space of all heads, one after another: ⊕_h K."""
    return Irreps(irreps.group, [block for _ in range(heads) for block in irreps])


def _weight_scale(basis: RadialBasis, neighbours: float) -> float:
    """c with c² ⟨Σ_e α_e² b(r_e)²⟩ = ν: an average over random atoms, the same at every call.

    An atom has ν neighbours, spread evenly over the cutoff ball, and normal scores of variance 1/2.
    """
    random = np.random.default_rng(0)
    degree = max(1, round(neighbours))
    shape = (-(-_SAMPLED_BONDS // degree), degree)
    lengths = torch.from_numpy(basis.cutoff * random.random(shape) ** (1 / 3))
    scores = torch.from_numpy(random.normal(scale=0.5**0.5, size=shape))
    shares = basis.envelope(lengths / basis.cutoff) * torch.exp(scores)
    weights = shares / (1 + shares.sum(1, keepdim=True))
    squares = basis(lengths).square().mean(-1) * weights**2
    return math.sqrt(neighbours / float(squares.sum(1).mean()))
