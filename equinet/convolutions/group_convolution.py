r"""The convolution that stays on the group: one set of weights for all 32 groups.

With features f(n, g) ∈ ℝ^C of atoms n and elements g of the class P, in rows as
:mod:`equinet.graphs.oriented_graph` says:

    u(n, g) = (f(n, g) + (1/|P|) Σ_{k∈P} κ(k) f(n, g k)) / √(1 + 1/|P|)          κ on O(3), channel by channel
    f′(n, g) = (S u(n, g) + ν^{-1/2} Σ_{e: b→n} A(g⁻¹ r_e) M u(b, g)) / √2       A on ℝ³, channel by channel

S and M mix channels, in the rows. Turning the atoms and the field by h ∈ P permutes the rows, f(n, g) → f(n, h⁻¹ g),
and f′ with them, exactly, whatever κ, A, S, M are. P occurs in the *rows* alone. The mean over k tends to the Haar
integral over O(3) for a large group; for C1 it is κ(1) f.

On a reduced graph the same formulas, with one row for each atom of the primitive cell, give the same numbers.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .edge_product import edge_product
from .kernel_basis import KernelBasis, KernelValues


class GroupConvolution(nn.Module):
    """f → f′ (formula above), from (R, channels_in) to (R, channels_out) on the rows of any oriented graph.

    Args:
        channels_in, channels_out: numbers at each row.
        basis: the functions φ and b of the network; only their numbers H and Q are kept here, and one basis serves all
            layers.
        neighbours: ν, the mean number of bonds of an atom in the data; a constant, so that an atom's output depends on
            its own surroundings alone.

    Weights start with variance 1/fan-in: for every group, features that are independent numbers of unit variance give
    outputs of unit variance. Between layers any function of a row serves, such as ``torch.nn.SiLU``.

    >>> from equinet import BesselBasis, OrientedFilters, reduced_graph
    >>> from pymatgen.core import Lattice, Structure
    >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
    >>> basis = KernelBasis(OrientedFilters(BesselBasis(5.0, 8), l_max=2, dim=6))
    >>> layer = GroupConvolution(4, 8, basis, neighbours=18.0)
    >>> layer(torch.randn(2, 4), basis(reduced_graph(salt, cutoff=5.0))).shape
    torch.Size([2, 8])
    """

    def __init__(self, channels_in: int, channels_out: int, basis: KernelBasis, neighbours: float) -> None:
        super().__init__()
        if channels_in < 1 or channels_out < 1:
            raise ValueError(f"numbers of channels are at least 1; got {channels_in} in, {channels_out} out")
        if not (math.isfinite(neighbours) and neighbours > 0):
            raise ValueError(f"the mean number of neighbours is a positive number, not {neighbours}")
        self.channels_in = channels_in
        self.channels_out = channels_out
        self.neighbours = neighbours
        functions, turns = basis.filters.dim, basis.turns.dim
        self.turn_weight = nn.Parameter(torch.randn(turns, channels_in) / turns**0.5)
        self.filter_weight = nn.Parameter(torch.randn(functions, channels_out) / functions**0.5)
        self.mixing = nn.Linear(channels_in, 2 * channels_out)
        nn.init.normal_(self.mixing.weight, std=channels_in**-0.5)
        nn.init.zeros_(self.mixing.bias)

    def forward(self, values: Tensor, kernels: KernelValues) -> Tensor:
        """Map values (R, channels_in) to (R, channels_out); ``kernels`` is the basis on the graph.

        Raises:
            ValueError: for values that do not have the graph's rows and this layer's channels.
        """
        rows, block = kernels.orders.shape[0], kernels.filters.shape[1]
        if values.shape != (rows, self.channels_in):
            raise ValueError(f"expected values ({rows}, {self.channels_in}) on this graph; got {tuple(values.shape)}")
        scale = (1 + kernels.orders.to(values.dtype).reciprocal()).rsqrt().unsqueeze(-1)
        turned = (values + self._right_convolution(values, kernels)) * scale
        own, sent = self.mixing(turned).split(self.channels_out, -1)
        weight = self.filter_weight / self.neighbours**0.5
        message = edge_product(sent.unflatten(0, (-1, block)), kernels.filters, weight, kernels.bonds)
        total: Tensor = own + message.flatten(0, 1)
        return total / 2**0.5

    def _right_convolution(self, values: Tensor, kernels: KernelValues) -> Tensor:
        """(1/|P|) Σ_k κ(k) f(n, g k): inside blocks one |P| × |P| matrix for each channel, else a list of rows."""
        block = kernels.filters.shape[1]
        if block == 1:
            turns = kernels.turns.unsqueeze(1)
            return edge_product(values.unsqueeze(1), turns, self.turn_weight, kernels.twists).squeeze(1)
        matrices = (kernels.turns @ self.turn_weight).unflatten(0, (block, block))  # (g, h, c)
        blocks = values.unflatten(0, (-1, block))
        return torch.einsum("ghc,nhc->ngc", matrices, blocks).flatten(0, 1)

    def extra_repr(self) -> str:
        functions, turns = len(self.filter_weight), len(self.turn_weight)
        return (
            f"{self.channels_in} -> {self.channels_out}, {functions} filters, {turns} functions on O(3),"
            f" neighbours={self.neighbours}"
        )
