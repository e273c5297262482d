r"""Features of e3nn and features of O(3) here: the same irreps, in other axes.

e3nn's polar axis is y. Its harmonics of r are ours of A r with A (x, y, z) = (z, x, y), a proper rotation, so that

    Y^e3nn_ℓ(r) = Y_ℓ(A r) = D^ℓ(A) Y_ℓ(r) ,      x^e3nn = D^ℓ(A) x ,      D^e3nn(R) = D^ℓ(A) D^ℓ(R) D^ℓ(A)ᵀ

for features x of every degree and parity; ℓ = 1 is (x, y, z) there and (y, z, x) here. Vectors r, rotations R and the
layout (blocks, then multiplicity, then component) are the same on both sides. e3nn itself is not imported.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from equinet.constants import ConstantModule
from equinet.groups import O3, OrthogonalIrrep
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts

_CYCLE = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def to_e3nn(irreps: Irreps) -> str:
    """The text that ``e3nn.o3.Irreps`` reads.

    Raises:
        ValueError: for irreps of another group than O(3).

    >>> to_e3nn(Irreps(O3(2), "16x 0e + 8x 1o"))
    '16x0e+8x1o'
    """
    _check_group(irreps)
    return "+".join(f"{block.multiplicity}x{block.label}" for block in irreps)


def from_e3nn(irreps: object, l_max: int) -> Irreps:
    """The irreps of ``O3(l_max)`` that an ``e3nn.o3.Irreps``, or text for one, names.

    Raises:
        UnknownIrrepError: for a degree above l_max.
        ValueError: for text that cannot be read.

    >>> from_e3nn("16x0e+8x1o", 2)
    Irreps(O3(2), '16x 0e + 8x 1o')
    """
    return Irreps(O3(l_max), str(irreps))


class _ChangeOfAxes(ConstantModule):
    """x ↦ Q_ℓ x on every copy of every irrep of degree ℓ."""

    def __init__(self, irreps: Irreps, to_e3nn: bool) -> None:
        super().__init__()
        _check_group(irreps)
        self.irreps_in = self.irreps_out = irreps
        for label in irreps.labels:
            irrep = irreps.group.real_irreps[label]
            assert isinstance(irrep, OrthogonalIrrep)
            matrix = irrep.matrix(_CYCLE)
            self.register_constant(f"matrix_{label}", matrix.T if to_e3nn else matrix)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, irreps_in.dim) to (…, irreps_out.dim)."""
        parts = isotypic_parts(features, self.irreps_in)
        turned = {label: part @ self.get_buffer(f"matrix_{label}") for label, part in parts.items()}
        return assemble(turned, self.irreps_out, features)

    def extra_repr(self) -> str:
        return str(self.irreps_in)


class FromE3NN(_ChangeOfAxes):
    """e3nn's features as features here: x = D^ℓ(A)ᵀ x^e3nn, an isometry without parameters.

    Args:
        irreps: of O(3), naming the features on either side.

    Raises:
        ValueError: for irreps of another group than O(3).

    >>> import torch
    >>> FromE3NN(Irreps(O3(1), "1o"))(torch.tensor([1.0, 2.0, 3.0])).tolist()  # (x, y, z) to (y, z, x)
    [2.0, 3.0, 1.0]
    """

    def __init__(self, irreps: Irreps) -> None:
        super().__init__(irreps, to_e3nn=False)


class ToE3NN(_ChangeOfAxes):
    """Features here as e3nn's: x^e3nn = D^ℓ(A) x, the inverse of :class:`FromE3NN`.

    Args:
        irreps: of O(3), naming the features on either side.

    Raises:
        ValueError: for irreps of another group than O(3).

    >>> import torch
    >>> ToE3NN(Irreps(O3(1), "1o"))(torch.tensor([2.0, 3.0, 1.0])).tolist()  # (y, z, x) to (x, y, z)
    [1.0, 2.0, 3.0]
    """

    def __init__(self, irreps: Irreps) -> None:
        super().__init__(irreps, to_e3nn=True)


def _check_group(irreps: Irreps) -> None:
    if irreps.group.name != "O(3)":
        raise ValueError(f"e3nn's irreps are those of O(3), not of {irreps.group.name}; build them with O3(l_max)")
