r"""The symmetric contraction: every covariant polynomial of a channel's features, to body order ν (the idea of ACE).

    out^γ_{c u k} = Σ_p w_{c u p} B^{γ p}_k(x_c) ,      B^{γ p}_k(x) = Σ_n T^{γ p}_{n k} x^n ,

with x_c ∈ V the features of channel c, p all covariants V → Γ^γ of degree 1 … ν, each once
(:mod:`~equinet.layers.covariant_polynomials`), and x^n the monomials. Where x_c is a sum over the neighbours of an
atom, the products of degree ν are all the (ν + 1)-body terms, without a sum over tuples of neighbours.

Two ways to the same numbers. With one set of weights, weights and T combine first, and the last factor of
every monomial is taken out (Horner), so that monomials are needed to degree ν − 1 only:

    out^γ_{c u k} = Σ_j x_{c j} ( Σ_{n ≤ j} S^γ_{c u k}[x_j x^n] x_c^n ) ,   S[x^n] = Σ_p w_{c u p} T^{γ p}_{n k} .

n ≤ j: no factor of x^n comes after x_j. With weights for every type of atom, the sum over p comes last.

Source: R. Drautz, Phys. Rev. B 99, 014104 (2019); I. Batatia et al., NeurIPS 35, 11423 (2022).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.groups import common_group
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts

from .covariant_polynomials import covariant_polynomials, monomials


class SymmetricContraction(ConstantModule):
    """x → Σ w B(x), the general covariant polynomial of degree 1 … ν in each channel (formula above).

    Args:
        irreps_in, irreps_out: irreps of one group, each multiplicity a multiple of ``channels``.
        order: ν ≥ 1, the highest degree; the body order is ν + 1.
        channels: C; V = irreps_in / C. Copy c·n + i of an irrep is the i-th of channel c.
        types: have weights for each of so many types of atoms; by default one set for all.

    ``weights[γ]`` (C, copies, p), with a leading axis where there are ``types``; p counts by degree. They are normal
    numbers of variance 1/p at the start, and ⟨B²⟩ = 1, so that normal features of unit variance give unit mean square.

    Raises:
        ValueError: for an order below 1, empty ``irreps_in``, or multiplicities that the channels do not divide.

    >>> irreps = Irreps("Oh", "16x A1g + 16x T1u")
    >>> layer = SymmetricContraction(irreps, irreps, order=3, channels=16)
    >>> {label: tuple(w.shape) for label, w in layer.weights.items()}  # s, s², v², s³, s v²; v, s v, s² v, v² v
    {'A1g': (16, 1, 5), 'T1u': (16, 1, 5)}
    """

    products: Tensor

    def __init__(
        self, irreps_in: Irreps, irreps_out: Irreps, order: int, channels: int, types: int | None = None
    ) -> None:
        super().__init__()
        group = common_group(irreps_in, irreps_out)
        if order < 1:
            raise ValueError(f"the order ν of a symmetric contraction is an integer ≥ 1, not {order}")
        _require_channels(irreps_in, channels)
        _require_channels(irreps_out, channels)
        if not irreps_in.dim:
            raise ValueError(f"a polynomial needs variables; irreps_in is {irreps_in!r}, of dimension 0")
        self.irreps_in = irreps_in
        self.irreps_out = irreps_out
        self.order = order
        self.channels = channels
        self.types = types
        space = Irreps(group, [(irreps_in.count(label) // channels, label) for label in irreps_in.labels])
        self._space = space
        self.register_buffer("products", torch.tensor(_products(space.dim, order)), persistent=False)
        self.weights = nn.ParameterDict()
        for label in irreps_out.labels:
            by_degree = [covariant_polynomials(space, degree, label) for degree in range(1, order + 1)]
            polynomials = _block_diagonal(by_degree)
            if paths := polynomials.shape[1]:
                self.register_constant(f"polynomials_{label}", polynomials)
                shape = (channels, irreps_out.count(label) // channels, paths)
                weight = torch.randn(shape if types is None else (types, *shape)) / paths**0.5
                self.weights[label] = nn.Parameter(weight)

    def forward(self, features: Tensor, types: Tensor | None = None) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_out.dim).

        ``types`` (…) int64 in 0 … types − 1, one for each leading index, if and only if the layer has types.
        """
        if (types is None) != (self.types is None):
            raise ValueError(f"a layer with types={self.types} is given {'no ' if types is None else ''}types of atoms")
        parts = isotypic_parts(features, self.irreps_in)
        if not self.weights:
            return assemble({}, self.irreps_out, features)
        x = torch.cat(
            [parts[b.label].flatten(-2).unflatten(-1, (self.channels, b.dim)) for b in self._space.blocks], -1
        )
        mixed = self._of_one_kind(x) if types is None else self._of_types(x, types)
        return assemble({label: out.flatten(-3, -2) for label, out in mixed.items()}, self.irreps_out, features)

    def _of_one_kind(self, x: Tensor) -> dict[str, Tensor]:
        """{γ: (…, C, u, d_γ)} of x (…, C, d)."""
        leading, last = x.shape[:-2], x.shape[-2:]
        factors = x.reshape(math.prod(leading), *last).permute(1, 2, 0).contiguous()
        powers = _monomials(factors, self.order - 1)
        mixed = {}
        for label, weight in self.weights.items():
            combined = torch.einsum("npk,cup->ncuk", self.get_buffer(f"polynomials_{label}"), weight)
            by_factor = combined.index_select(0, self.products).unflatten(0, (factors.shape[1], -1))
            maps = by_factor.permute(2, 0, 3, 4, 1)
            rest = (maps.flatten(1, 3) @ powers).unflatten(1, maps.shape[1:4])
            out = (rest * factors[:, :, None, None, :]).sum(1)
            mixed[label] = out.permute(3, 0, 1, 2).reshape(*leading, *out.shape[:-1])
        return mixed

    def _of_types(self, x: Tensor, types: Tensor) -> dict[str, Tensor]:
        """{γ: (…, C, u, d_γ)} of x (…, C, d) and types (…)."""
        powers = _monomials(x.mT, self.order).mT
        mixed = {}
        for label, weight in self.weights.items():
            polynomials = self.get_buffer(f"polynomials_{label}")
            covariants = (powers @ polynomials.flatten(1)).unflatten(-1, polynomials.shape[1:])
            mixed[label] = weight[types] @ covariants
        return mixed

    def extra_repr(self) -> str:
        typed = "" if self.types is None else f", types={self.types}"
        return f"{self.irreps_in} -> {self.irreps_out}, order={self.order}, channels={self.channels}{typed}"


def _monomials(x: Tensor, order: int) -> Tensor:
    """1 and all monomials to degree ``order`` of x (…, d, B) as (…, N, B), each degree in lexicographic order.

    Those of one degree that begin with x_i are x_i times the last ones of the degree below, those in x_i, x_{i+1}, ….
    """
    degrees, dim = [torch.ones_like(x[..., :1, :]), x][: order + 1], x.shape[-2]
    for degree in range(2, order + 1):
        count = [math.comb(dim - i + degree - 2, degree - 1) for i in range(dim)]
        last = [x[..., i : i + 1, :] * degrees[-1][..., count[0] - count[i] :, :] for i in range(dim)]
        degrees.append(torch.cat(last, -2))
    return torch.cat(degrees, -2)


def _block_diagonal(by_degree: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """(1 + Σ N, Σ p, d) of arrays (N, p, d), one a degree; the first row is for the monomial 1."""
    rows, paths = (sum(t.shape[axis] for t in by_degree) for axis in (0, 1))
    result = np.zeros((1 + rows, paths, by_degree[0].shape[2]))
    row, path = 1, 0
    for t in by_degree:
        result[row : row + t.shape[0], path : path + t.shape[1]] = t
        row, path = row + t.shape[0], path + t.shape[1]
    return result


@lru_cache(maxsize=256)
def _products(dim: int, order: int) -> NDArray[np.int64]:
    """(d N′,) the place of x_j x^n for every factor j and monomial of degree < ν; 0 where n has a factor beyond j."""
    place = {n: k for k, n in enumerate(n for degree in range(order + 1) for n in monomials(dim, degree))}
    below = list(place)[: len(place) - math.comb(dim + order - 1, order)]
    return np.array([place[(*n, j)] if n[-1:] <= (j,) else 0 for j in range(dim) for n in below], dtype=np.int64)


def _require_channels(irreps: Irreps, channels: int) -> None:
    if channels < 1 or any(irreps.count(label) % channels for label in irreps.labels):
        raise ValueError(
            f"every multiplicity is a multiple of the number of channels, an integer ≥ 1; got {irreps} and {channels}"
        )
