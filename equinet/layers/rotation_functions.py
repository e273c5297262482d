r"""Functions on O(3), by the matrices that turn the harmonics.

    Y_ℓ(R x) = D^ℓ(R) Y_ℓ(x) ,      b_{ℓ ± m m′}(R) = √(2ℓ+1) (det R)^{(1 ∓ 1)/2} D^ℓ_{m m′}(R) .

By the theorem of Peter and Weyl the b with ℓ ≤ ℓ_max span the functions on O(3) up to that degree, and they are
orthonormal under the Haar mean. Moreover Σ_{m m′} b² = (2ℓ+1)² at every R, so that a random combination has the same
mean square at every element of every point group.

The first formula at points x_s that determine a polynomial of degree ℓ_max gives D^ℓ(R) = Y_ℓ(R x_s) Y_ℓ(x_s)⁺, with ⁺
the pseudo-inverse: exact up to rounding, for any ℓ, and differentiable in R.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from equinet.constants import ConstantModule

from .angular import real_harmonics

_POINTS_PER_HARMONIC = 3


class HarmonicMatrices(ConstantModule):
    """R ↦ D^0(R) ⊕ … ⊕ D^{ℓ_max}(R) for the harmonics of ``layers.angular.real_harmonics``.

    Args:
        l_max: the highest degree.

    >>> matrices = HarmonicMatrices(2)(torch.tensor([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))
    >>> matrices.shape, matrices[1:4, 1:4].round().int().tolist()  # the block of y, z, x under x → y → −x
    (torch.Size([9, 9]), [[0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    """

    points: Tensor
    inverse: Tensor

    def __init__(self, l_max: int) -> None:
        super().__init__()
        if l_max < 0:
            raise ValueError(f"the highest degree is an integer ≥ 0, not {l_max}")
        self.l_max = l_max
        points = _spiral(_POINTS_PER_HARMONIC * (l_max + 1) ** 2)
        harmonics = real_harmonics(torch.from_numpy(points), l_max).numpy()
        inverse = np.zeros_like(harmonics)
        for l in range(l_max + 1):
            block = slice(l**2, (l + 1) ** 2)
            inverse[:, block] = np.linalg.pinv(harmonics[:, block].T)
        self.register_constant("points", points)
        self.register_constant("inverse", inverse)

    def forward(self, rotations: Tensor) -> Tensor:
        """Rotations, proper or not, (…, 3, 3): (…, (ℓ_max + 1)², (ℓ_max + 1)²), zero between different degrees."""
        turned = real_harmonics(self.points @ rotations.mT, self.l_max)
        blocks = [
            turned[..., l**2 : (l + 1) ** 2].mT @ self.inverse[:, l**2 : (l + 1) ** 2] for l in range(self.l_max + 1)
        ]
        size = (self.l_max + 1) ** 2
        padded = [torch.nn.functional.pad(block, (l**2, size - (l + 1) ** 2)) for l, block in enumerate(blocks)]
        return torch.cat(padded, -2)

    def extra_repr(self) -> str:
        return f"l_max={self.l_max}"


class RotationFunctions(ConstantModule):
    """The functions b_{ℓ ± m m′} on O(3) (formula above), ℓ ≤ ``l_max``; ``dim`` is their number 2 Σ_ℓ (2ℓ+1)².

    Args:
        l_max: the highest degree.

    Those of one degree follow one another: m, m′ row by row without the determinant, then with it.

    >>> functions = RotationFunctions(1)
    >>> functions.dim, functions(-torch.eye(3))[:2].round().tolist()  # 1 and det R
    (20, [1.0, -1.0])
    """

    def __init__(self, l_max: int) -> None:
        super().__init__()
        self.matrices = HarmonicMatrices(l_max)
        self.dim = 2 * sum((2 * l + 1) ** 2 for l in range(l_max + 1))

    def forward(self, rotations: Tensor) -> Tensor:
        """Rotations, proper or not, (…, 3, 3): (…, dim)."""
        matrices = self.matrices(rotations)
        determinant = torch.linalg.det(rotations).unsqueeze(-1)
        functions = []
        for l in range(self.matrices.l_max + 1):
            block = slice(l**2, (l + 1) ** 2)
            elements = math.sqrt(2 * l + 1) * matrices[..., block, block].flatten(-2)
            functions += [elements, determinant * elements]
        return torch.cat(functions, -1)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


def _spiral(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Points (count, 3) spread evenly over the sphere: equal steps in z, turned by the golden angle."""
    k = np.arange(count)
    z = (2 * k + 1) / count - 1
    angle = math.pi * (3 - math.sqrt(5)) * k
    ring = np.sqrt(1 - z**2)
    return np.stack([ring * np.cos(angle), ring * np.sin(angle), z], -1)
