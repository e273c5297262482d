r"""Features brought to unit scale, by statistics that the group cannot change.

The squared length of a copy of an irrep is invariant, and so is any mean of it; a constant may be taken from, or added
to, invariants alone. With x_{u i} component i of copy u,

    y_{u i} = w_u (x_{u i} − m_u) / √(s_u + ε) + b_u ,       s_u = mean of (x_{u i} − m_u)² ,      ε = 10⁻⁵ ,

where m and b are zero except for copies of the trivial irrep; w and b are learned, 1 and 0 at the start. What the means
go over makes the layer: the components of all copies of the same irrep at one atom (:class:`LayerNorm`), or the
components of one copy at all atoms of a batch (:class:`BatchNorm`).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from equinet.constants import ConstantModule
from equinet.groups import Irrep, trivial_irrep
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts

_EPSILON = 1e-5


class _Affine(ConstantModule):
    """The last step, y ↦ w_u y + b_u, and where copies and invariants lie in a feature; copies in the order of blocks.

    Constants: ``copy_of`` (dim,) the copy u of each component, ``invariants`` (m,) the components that are invariants.
    """

    copy_of: Tensor
    invariants: Tensor

    def __init__(self, irreps: Irreps) -> None:
        super().__init__()
        self.irreps_in = self.irreps_out = irreps
        self._trivial = trivial_irrep(irreps.group).label
        copies = _copies(irreps)
        copy_of = np.repeat(np.arange(len(copies)), [copy.dim for copy in copies])
        invariants = np.flatnonzero([copies[u].label == self._trivial for u in copy_of])
        self.register_buffer("copy_of", torch.from_numpy(copy_of), persistent=False)
        self.register_buffer("invariants", torch.from_numpy(invariants), persistent=False)
        self.weight = nn.Parameter(torch.ones(len(copies)))
        self.bias = nn.Parameter(torch.zeros(len(invariants)))

    def _on_invariants(self, values: Tensor) -> Tensor:
        """A vector (dim,) with one value on each invariant, (m,), and zero on all other irreps."""
        return values.new_zeros(self.irreps_in.dim).index_copy(0, self.invariants, values)

    def _affine(self, features: Tensor) -> Tensor:
        return features * self.weight.index_select(0, self.copy_of) + self._on_invariants(self.bias)

    def extra_repr(self) -> str:
        return str(self.irreps_in)


class LayerNorm(_Affine):
    """Each atom's features of unit mean square, one irrep at a time (formula above, means over copies and components).

    Args:
        irreps: what goes in and comes out.

    A single invariant differs from the mean of its copies by nothing: it comes out as its b, as in
    :class:`torch.nn.LayerNorm` of width 1.

    >>> layer = LayerNorm(Irreps("Oh", "8x A1g + 4x T1u"))
    >>> out = layer(100 * torch.randn(5, 20))
    >>> bool((out[:, 8:].square().mean(-1) - 1).abs().max() < 1e-4)
    True
    """

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_in.dim)."""
        normal = {}
        for label, part in isotypic_parts(features, self.irreps_in).items():
            if label == self._trivial:
                part = part - part.mean(-2, keepdim=True)
            normal[label] = part * (part.square().mean((-2, -1), keepdim=True) + _EPSILON).rsqrt()
        return self._affine(assemble(normal, self.irreps_in, features))


class BatchNorm(_Affine):
    """Each copy of an irrep of unit mean square over the atoms of a batch (formula above, means over all leading axes).

    Args:
        irreps: what goes in and comes out.
        momentum: μ of the running statistics, r ← (1 − μ) r + μ (that of the batch), by which evaluation goes. They are
            saved with the weights, as in :class:`torch.nn.BatchNorm1d`, with which this layer agrees on invariants.

    Raises:
        ValueError: for a momentum outside 0 < μ ≤ 1, and in training for fewer than two atoms.

    >>> layer = BatchNorm(Irreps("Oh", "8x A1g + 4x T1u"))
    >>> out = layer(100 * torch.randn(50, 20))
    >>> bool((out.square().mean(0)[:8] - 1).abs().max() < 1e-4)
    True
    """

    running_mean: Tensor
    running_var: Tensor
    share: Tensor
    lost: Tensor

    def __init__(self, irreps: Irreps, momentum: float = 0.1) -> None:
        super().__init__(irreps)
        if not 0 < momentum <= 1:
            raise ValueError(f"the momentum of running statistics is a number in 0 < μ ≤ 1, not {momentum}")
        self.momentum = momentum
        self.register_buffer("running_mean", torch.zeros(len(self.bias)))
        self.register_buffer("running_var", torch.ones(len(self.weight)))
        copies = _copies(irreps)
        self.register_constant("share", np.array([1 / copy.dim for copy in copies for _ in range(copy.dim)]))
        self.register_constant("lost", np.array([float(copy.label == self._trivial) for copy in copies]))

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_in.dim)."""
        if features.shape[-1] != self.irreps_in.dim:
            raise ValueError(
                f"expected {self.irreps_in.dim} components ({self.irreps_in}); got {tuple(features.shape)}"
            )
        if self.training:
            mean, var = self._batch_statistics(features.reshape(-1, self.irreps_in.dim))
        else:
            mean, var = self.running_mean, self.running_var
        scale = (var + _EPSILON).rsqrt().index_select(0, self.copy_of)
        return self._affine((features - self._on_invariants(mean)) * scale)

    def _batch_statistics(self, atoms: Tensor) -> tuple[Tensor, Tensor]:
        """m of the invariants and s of the copies in a batch (N, dim), which also enter the running statistics.

        There s of an invariant counts N / (N − 1) times, for the mean that was taken from the same atoms.
        """
        if atoms.shape[0] < 2:
            raise ValueError(
                f"a batch of {atoms.shape[0]} has no variance to train on; give two atoms or more, or .eval()"
            )
        mean = atoms.mean(0).index_select(0, self.invariants)
        squares = (atoms - self._on_invariants(mean)).square().mean(0) * self.share
        var = squares.new_zeros(len(self.weight)).index_add(0, self.copy_of, squares)
        with torch.no_grad():
            self.running_mean.lerp_(mean.to(self.running_mean.dtype), self.momentum)
            unbiased = var * (atoms.shape[0] / (atoms.shape[0] - self.lost))
            self.running_var.lerp_(unbiased.to(self.running_var.dtype), self.momentum)
        return mean, var


def _copies(irreps: Irreps) -> list[Irrep]:
    """The irrep of every copy, in the order of the features."""
    return [block.irrep for block in irreps for _ in range(block.multiplicity)]
