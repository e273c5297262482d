r"""Positive-definite tensors by a matrix exponential inside the subspace that the crystal's class allows.

    C = c exp(S) ,      S = log(C / c) ,

S a symmetric 3×3 matrix (permittivity), or the 6×6 matrix of an elastic tensor in Mandel's form, on which a rotation
acts by an orthogonal matrix D: exp(D S Dᵀ) = D exp(S) Dᵀ. So the exponential commutes with all rotations, an S that a
class leaves unchanged gives a C that it leaves unchanged, and every positive-definite tensor of the class is reached.

The exponential is summed as E = e^X − 1 of X = (S − tr S/n)/2^s, and doubled s times, E → 2E + E². That is a
polynomial: its derivatives of every order are finite where eigenvalues coincide, and it needs matrix products alone.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from equinet.constants import ConstantModule
from pointgroups import IndexSymmetry, from_mandel, index_symmetry

_SQUARINGS = 7
_DEGREE = 14  # Σ_{k≤14} X^k/k! is exact to 1e-16 for |X| ≤ 1/2, that is for eigenvalues of S within 64 of their mean


class PositiveDefinite(ConstantModule):
    """Symmetric tensors S → positive-definite tensors c exp(S), equivariant under all rotations.

    In float32 entries of C are right to 3·10⁻⁶ of its largest eigenvalue, so let eigenvalues of S differ by less than
    12 (float64: 34) for the small ones to stay positive. Those above 88 (float64: 709) overflow to infinity.

    Args:
        symmetry: "ij=ji", or that of elastic tensors "ijkl=jikl=klij".
        scale: c > 0, a typical size of the targets, which is what comes out for S = 0 (times the unit tensor).

    Raises:
        ValueError: another index symmetry, or a scale that is not positive.

    >>> permittivity = PositiveDefinite("ij=ji", scale=5.0)
    >>> permittivity(torch.diag(torch.tensor([0.0, 0.0, 1.0]))).diagonal()
    tensor([ 5.0000,  5.0000, 13.5914])
    """

    factors: Tensor
    _first: Tensor
    _entry: Tensor

    def __init__(self, symmetry: str | IndexSymmetry, scale: float = 1.0) -> None:
        super().__init__()
        self.symmetry = index_symmetry(symmetry)
        if self.symmetry.axial or not any(
            set(self.symmetry.group) == set(index_symmetry(notation).group) for notation in ("ij=ji", "ijkl=jikl=klij")
        ):
            raise ValueError(
                "positive definite are tensors 'ij=ji' and 'ijkl=jikl=klij', as symmetric matrices of 3 and of 6 rows;"
                f" not {self.symmetry}"
            )
        if not (math.isfinite(scale) and scale > 0):
            raise ValueError(f"scale is {scale!r}; give a positive number, a typical size of the tensors")
        self.scale = scale
        mandel = from_mandel(np.eye(6), "ij").reshape(6, 9)  # 1 for a diagonal pair, √½ twice for a shear pair
        self.register_constant("factors", 1 / mandel.max(axis=1))
        self.register_buffer("_first", torch.tensor((mandel != 0).argmax(axis=1)), persistent=False)
        self.register_buffer("_entry", torch.tensor((mandel != 0).argmax(axis=0)), persistent=False)

    def forward(self, tensors: Tensor) -> Tensor:
        """Map S (…, 3, 3) or (…, 3, 3, 3, 3) to C of the same shape; what lacks the index symmetry is left out."""
        return self._tensors(self.scale * symmetric_exponential(self._matrices(tensors)))

    def inverse(self, tensors: Tensor) -> Tensor:
        """S = log(C / c) of positive-definite tensors C, by their eigenvectors: targets for training.

        Raises:
            ValueError: a tensor that is not positive definite, with its index and lowest eigenvalue.
        """
        values, vectors = torch.linalg.eigh(self._matrices(tensors) / self.scale)
        lowest = values[..., 0]
        if not bool((lowest > 0).all()):
            worst = int(lowest.argmin())
            raise ValueError(
                f"tensor {worst} of {lowest.numel()} is not positive definite: its lowest eigenvalue is"
                f" {self.scale * float(lowest.flatten()[worst]):.4g}; leave it out, or correct it"
            )
        return self._tensors((vectors * values.log()[..., None, :]) @ vectors.mT)

    def _matrices(self, tensors: Tensor) -> Tensor:
        """Symmetric matrices: (…, 3, 3), or Mandel's (…, 6, 6) of (…, 3, 3, 3, 3); in float32 at least."""
        rank = self.symmetry.rank
        if tensors.shape[max(tensors.ndim - rank, 0) :] != (3,) * rank:
            raise ValueError(f"tensors of rank {rank} have shape (…{', 3' * rank}), not {tuple(tensors.shape)}")
        matrices = tensors.to(torch.promote_types(tensors.dtype, torch.float32))
        if rank == 4:
            symmetric = matrices + matrices.transpose(-4, -3)
            symmetric = (symmetric + symmetric.transpose(-2, -1)) / 4
            pairs = symmetric.flatten(-4, -3).flatten(-2)
            pairs = pairs.index_select(-2, self._first).index_select(-1, self._first)
            matrices = pairs * self.factors[:, None] * self.factors
        return (matrices + matrices.mT) / 2

    def _tensors(self, matrices: Tensor) -> Tensor:
        matrices = (matrices + matrices.mT) / 2
        if self.symmetry.rank == 2:
            return matrices
        pairs = matrices / self.factors[:, None] / self.factors
        words = pairs.index_select(-2, self._entry).index_select(-1, self._entry)
        return words.reshape(*matrices.shape[:-2], 3, 3, 3, 3)

    def extra_repr(self) -> str:
        return f"{self.symmetry}, scale={self.scale:g}"


def symmetric_exponential(matrices: Tensor) -> Tensor:
    """e^S of symmetric matrices (…, n, n), to rounding for eigenvalues within 64 of their mean (see the module).

    >>> symmetric_exponential(torch.zeros(3, 3)).equal(torch.eye(3))
    True
    """
    unit = torch.eye(matrices.shape[-1], dtype=matrices.dtype, device=matrices.device)
    mean = matrices.diagonal(dim1=-2, dim2=-1).mean(-1)[..., None, None]
    x = (matrices - mean * unit) / 2**_SQUARINGS
    tail = unit
    for k in range(_DEGREE, 1, -1):  # 1 + X/2 (1 + X/3 (1 + …))
        tail = unit + _product(x, tail) / k
    minus_one = _product(x, tail)
    for _ in range(_SQUARINGS):
        minus_one = 2 * minus_one + _product(minus_one, minus_one)
    return mean.exp() * (unit + minus_one)


def _product(a: Tensor, b: Tensor) -> Tensor:
    """A B without a matrix product, which autocast would round to bfloat16 and CUDA perhaps to TF32."""
    return (a[..., :, :, None] * b[..., None, :, :]).sum(-2)
