r"""The depthwise tensor product: every copy of an irrep couples on its own.

    out^{γ p}_{u n} = Σ_{w t} W_{u, p w t}  Σ_ij  (U^{m} J_t)^{γ n}_{α i, β j}  x^α_{u i}  y^β_{w j} ,   p = (α, β, m)

Copy u of α couples with all copies w of β to a copy of γ of its own, by the m-th intertwiner α ⊗ β → γ; J_0 = 1, and
for γ of complex type J_1 = J. So there are Σ_u Σ_γ dim Hom_G(Γ^{α(u)} ⊗ V_2, Γ^γ) weights: for each copy u all maps
that know no other copy. With y the harmonics of a bond and weights from its length, this is the usual message of an
equivariant convolution (mode "uvu" of e3nn, "channel-wise" in cuequivariance).

The inner sum over j makes a matrix from α to all (γ, p, n) for each bond, used by all copies u.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.groups import Irrep, common_group, coupling
from equinet.irreps import Irreps
from equinet.isotypic import isotypic_parts


class _Fan(NamedTuple):
    """The paths from α to one γ: for each β the number of copies m and of weights (w, t) that are summed."""

    label: str
    dim: int
    sums: tuple[tuple[int, int], ...]

    @property
    def paths(self) -> int:
        return sum(copies for copies, _ in self.sums)

    @property
    def weights(self) -> int:
        return sum(copies * terms for copies, terms in self.sums)


class DepthwiseTensorProduct(ConstantModule):
    """x, y → the depthwise products (formula above).

    Args:
        irreps_in1: the space of x, whose copies keep apart.
        irreps_in2: the space of y, usually with few copies of each irrep, such as ``AngularBasis(…).irreps_out``.
        labels: the irreps γ to keep; all by default.
        learned: hold weights of one's own. Without them :meth:`forward` is always given its weights.

    ``irreps_out`` has one block for each γ in table order; its copies are counted by (α, u, β, m), the last one
    fastest. Weights are normal numbers of variance 1/(number of terms w t), so that unit variance stays unit variance.

    >>> layer = DepthwiseTensorProduct(Irreps("Oh", "8x T1u"), Irreps("Oh", "A1g + T1u"))
    >>> str(layer.irreps_out), layer.weight_numel
    ('8x A1g + 8x Eg + 8x T1g + 8x T2g + 8x T1u', 40)
    >>> layer(torch.randn(5, 24), torch.randn(5, 4), torch.randn(5, 40)).shape  # weights for every bond
    torch.Size([5, 96])
    """

    coupling: Tensor

    def __init__(
        self, irreps_in1: Irreps, irreps_in2: Irreps, labels: Iterable[str] | None = None, learned: bool = True
    ) -> None:
        super().__init__()
        group = common_group(irreps_in1, irreps_in2)
        self.irreps_in1 = irreps_in1
        self.irreps_in2 = irreps_in2
        kept = group.real_irreps if labels is None else Irreps(group, [(1, label) for label in labels]).labels
        self._fans: dict[str, list[_Fan]] = {}
        self.weights = nn.ParameterDict() if learned else None
        matrices = [np.zeros((irreps_in2.dim, 0))]
        for a in irreps_in1.labels:
            irrep, fans, columns = group.real_irreps[a], [], []
            for c in kept:
                sums, bases = _intertwiners(irrep, irreps_in2, group.real_irreps[c])
                if sums:
                    fans.append(_Fan(c, group.real_irreps[c].dim, sums))
                    columns.append(bases)
            if fans:
                self._fans[a] = fans
                matrices.append(np.concatenate(columns, axis=-1).reshape(irreps_in2.dim, -1))
                if self.weights is not None:
                    scale = np.concatenate([np.repeat(n**-0.5, m * n) for fan in fans for m, n in fan.sums])
                    normal = torch.randn(irreps_in1.count(a), len(scale))
                    self.weights[a] = nn.Parameter(normal * torch.as_tensor(scale, dtype=normal.dtype))
        self.register_constant("coupling", np.concatenate(matrices, axis=1))
        counts = dict.fromkeys(kept, 0)
        for a, fans in self._fans.items():
            for fan in fans:
                counts[fan.label] += irreps_in1.count(a) * fan.paths
        self.irreps_out = Irreps(group, counts)

    @property
    def weight_numel(self) -> int:
        """The number of weights, Σ_u Σ_γ dim Hom_G(Γ^{α(u)} ⊗ V_2, Γ^γ)."""
        return sum(copies * numel for copies, numel in self._weight_shapes())

    def forward(self, x: Tensor, y: Tensor, weight: Tensor | None = None) -> Tensor:
        """Map (…, irreps_in1.dim) and (…, irreps_in2.dim) to (…, irreps_out.dim); leading axes broadcast.

        ``weight`` (…, weight_numel), one set for every leading index, replaces the learned weights: one irrep α after
        another, for each the copies u, the γ, the β, m, w, t, the last one fastest.
        """
        parts = isotypic_parts(x, self.irreps_in1)
        if y.shape[-1] != len(self.coupling):
            raise ValueError(
                f"features of {self.irreps_in2} have {len(self.coupling)} components on the last axis; "
                f"got shape {tuple(y.shape)}"
            )
        dims = {a: parts[a].shape[-1] for a in self._fans}
        widths = {a: sum(fan.weights * fan.dim for fan in fans) for a, fans in self._fans.items()}
        maps = (y @ self.coupling).split([dims[a] * widths[a] for a in self._fans], -1)
        pieces: dict[str, list[Tensor]] = {block.label: [] for block in self.irreps_out.blocks}
        for (a, fans), matrix, path_weights in zip(self._fans.items(), maps, self._weights(weight), strict=True):
            products = parts[a] @ matrix.unflatten(-1, (dims[a], widths[a]))
            by_label = products.split([fan.weights * fan.dim for fan in fans], -1)
            weights = path_weights.split([fan.weights for fan in fans], -1)
            for fan, piece, scale in zip(fans, by_label, weights, strict=True):
                weighted = piece.unflatten(-1, (fan.weights, fan.dim)) * scale[..., None]
                pieces[fan.label].append(_summed(weighted, fan).flatten(-3))
        if not pieces:
            return x.new_zeros((*torch.broadcast_shapes(x.shape[:-1], y.shape[:-1]), 0))
        return torch.cat([piece for same in pieces.values() for piece in same], -1)

    def _weight_shapes(self) -> list[tuple[int, int]]:
        return [(self.irreps_in1.count(a), sum(fan.weights for fan in fans)) for a, fans in self._fans.items()]

    def _weights(self, given: Tensor | None) -> list[Tensor]:
        """(…, n_α, weights of one copy) for each α."""
        if given is None:
            if self.weights is None:
                raise ValueError(f"a layer with learned=False is given its weights (…, {self.weight_numel}); got none")
            return list(self.weights.values())
        if given.shape[-1] != self.weight_numel:
            raise ValueError(f"this product takes (…, {self.weight_numel}) weights; got shape {tuple(given.shape)}")
        shapes = self._weight_shapes()
        parts = given.split([copies * numel for copies, numel in shapes], -1)
        return [part.unflatten(-1, shape) for part, shape in zip(parts, shapes, strict=True)]

    def extra_repr(self) -> str:
        return f"{self.irreps_in1} ⊗ {self.irreps_in2} -> {self.irreps_out}, {self.weight_numel} weights"


def _summed(weighted: Tensor, fan: _Fan) -> Tensor:
    """Σ_{w t}: (…, n, weights, d) to (…, n, paths, d)."""
    if fan.weights == fan.paths:
        return weighted
    groups = weighted.split([copies * terms for copies, terms in fan.sums], -2)
    return torch.cat([g.unflatten(-2, shape).sum(-2) for g, shape in zip(groups, fan.sums, strict=True)], -2)


def _intertwiners(a: Irrep, irreps_in2: Irreps, c: Irrep) -> tuple[tuple[tuple[int, int], ...], NDArray[np.float64]]:
    """((copies m, terms w t) for each β, columns (dim V_2, d_a, Σ m w t d_c)) of all U^m J_t: α ⊗ β → γ."""
    sums, columns = [], [np.zeros((irreps_in2.dim, a.dim, 0))]
    for b in irreps_in2.labels:
        u = np.einsum("mijk,tkl->jimtl", coupling(a, irreps_in2.group.real_irreps[b], c), c.commutant)
        if not u.shape[2]:
            continue
        starts = list(_copies(irreps_in2, b))
        column = np.zeros((irreps_in2.dim, a.dim, u.shape[2], len(starts), *u.shape[3:]))
        for w, start in enumerate(starts):
            column[start : start + len(u), :, :, w] = u
        sums.append((u.shape[2], len(starts) * u.shape[3]))
        columns.append(column.reshape(irreps_in2.dim, a.dim, -1))
    return tuple(sums), np.concatenate(columns, axis=-1)


def _copies(irreps: Irreps, label: str) -> Iterator[int]:
    """Where each copy of an irrep starts on the last axis."""
    for block, where in zip(irreps.blocks, irreps.slices(), strict=True):
        if block.label == label:
            yield from range(where.start, where.stop, block.irrep.dim)
