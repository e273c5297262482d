r"""The product of two functions on a group, in whichever picture it costs less.

    z(g) = x(g) y(g)   for every g ∈ G   ⟺   z_o = Σ_{i j} P_{ij,o} x_i y_j ,      P_{ij,o} = Σ_g F_ig F_jg F_og ,

F the matrix of :class:`~equinet.FourierTransform`, whose rows i, j, o are components of irreps, kept or left out irrep
by irrep. One product of values is every coupling α ⊗ β → γ at once. On the group it takes |G| (d_x + d_y + d_z + 1)
multiplications a channel, two transforms and one back; in irreps d_x d_y (d_z + 1), with P. Few irreps are cheaper in
the irrep domain, all of them on the group; the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.constants import ConstantModule
from equinet.groups import Group, as_numbered_group
from equinet.irreps import Irreps
from equinet.isotypic import isotypic_parts

from .fourier import coset_functions, left_cosets


class FunctionProduct(ConstantModule):
    """(x, y) ↦ c z, the product of functions on the group (formula above), channel by channel; it has no weights.

    Args:
        group: a point group or its name.
        channels: the number C of functions in x, in y and in z.
        labels1, labels2, labels_out: the irreps of x, of y and of z; all by default. What x and y lack is zero, and
            what z has beyond is left out.

    Attributes:
        irreps_in1, irreps_in2, irreps_out: ``Irreps.regular(group, channels)``, those irreps of it.
        on_the_group: whether the product is taken of values, since that costs less.

    c makes the mean square of z one for features x and y that are independent numbers of unit variance.

    >>> import torch
    >>> few, all_irreps = FunctionProduct("Oh", 4, ["A1g", "T1u"], ["A1g", "T1u"], ["A1g"]), FunctionProduct("Oh", 4)
    >>> few.on_the_group, all_irreps.on_the_group
    (False, True)
    >>> all_irreps(torch.randn(5, 192), torch.randn(5, 192)).shape
    torch.Size([5, 192])
    """

    def __init__(
        self,
        group: Group | str | int,
        channels: int,
        labels1: Iterable[str] | None = None,
        labels2: Iterable[str] | None = None,
        labels_out: Iterable[str] | None = None,
    ) -> None:
        super().__init__()
        finite = as_numbered_group(group, "a product of functions on the group")
        every = list(finite.real_irreps)
        wanted = [every if labels is None else list(labels) for labels in (labels1, labels2, labels_out)]
        spaces = [Irreps.regular(finite, channels).filter(labels) for labels in wanted]
        if not all(space.dim for space in spaces):
            raise ValueError(f"a product needs an irrep in each of its three spaces; got {wanted}")
        self.irreps_in1, self.irreps_in2, self.irreps_out = spaces
        self.channels = channels
        x, y, z = map(_rows, spaces)
        products = np.einsum("ig,jg,og->ijo", x, y, z, optimize=True)
        scale = np.sqrt(len(z) / np.square(products).sum())
        self.on_the_group = finite.order * (len(x) + len(y) + len(z) + 1) < len(x) * len(y) * (len(z) + 1)
        if self.on_the_group:
            self.register_constant("values1", x)
            self.register_constant("values2", y)
            self.register_constant("components", scale * z.T)
        else:
            self.register_constant("products", scale * products.reshape(len(x) * len(y), len(z)))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Map (…, irreps_in1.dim) and (…, irreps_in2.dim) to (…, irreps_out.dim); leading axes broadcast."""
        first, second = self._by_channel(x, self.irreps_in1), self._by_channel(y, self.irreps_in2)
        if self.on_the_group:
            values = (first @ self.get_buffer("values1")) * (second @ self.get_buffer("values2"))
            product = values @ self.get_buffer("components")
        else:
            pairs = first[..., :, None] * second[..., None, :]
            product = pairs.flatten(-2) @ self.get_buffer("products")
        pieces = product.split([block.dim // self.channels for block in self.irreps_out.blocks], -1)
        return torch.cat([piece.flatten(-2) for piece in pieces], -1)

    def _by_channel(self, features: Tensor, irreps: Irreps) -> Tensor:
        """Components (…, C, d) of each function."""
        parts = isotypic_parts(features, irreps).values()
        return torch.cat([part.flatten(-2).unflatten(-1, (self.channels, -1)) for part in parts], -1)

    def extra_repr(self) -> str:
        where = "on the group" if self.on_the_group else "in irreps"
        return f"{self.irreps_in1} × {self.irreps_in2} -> {self.irreps_out}, {where}"


def _rows(space: Irreps) -> NDArray[np.float64]:
    """The rows of F of the irreps of a space, (d, |G|)."""
    group = as_numbered_group(space.group, "a function on the group")
    functions = coset_functions(group, left_cosets(group, [0]))
    return np.concatenate([functions[block.label] for block in space.blocks])
