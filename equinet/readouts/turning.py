r"""Tensors in other axes: every index contracted with a rotation.

(R·T)_{i j …} = (det R) Σ_{a b …} R_{ia} R_{jb} … T_{a b …}       (det R for an axial tensor)
"""

from __future__ import annotations

import torch
from torch import Tensor


def turned(tensors: Tensor, rotations: Tensor, rank: int, axial: bool = False) -> Tensor:
    """R·T of tensors (…, 3, …, 3) with ``rank`` indices and rotations (…, 3, 3); leading axes broadcast.

    Products are summed without a matrix product, which keeps the precision of the arguments under autocast.

    >>> mirror = torch.diag(torch.tensor([1.0, 1.0, -1.0]))
    >>> spin = torch.tensor([1.0, 2.0, 3.0])
    >>> turned(spin, mirror, 1), turned(spin, mirror, 1, axial=True)
    (tensor([ 1.,  2., -3.]), tensor([-1., -2.,  3.]))
    """
    leading = torch.broadcast_shapes(tensors.shape[: tensors.ndim - rank], rotations.shape[:-2])
    result = tensors.expand(*leading, *(3,) * rank)
    for _ in range(rank):  # the first index is contracted and goes to the end
        columns = result.reshape(*leading, 1, 3, 3 ** (rank - 1))
        result = (rotations[..., None] * columns).sum(-2).transpose(-1, -2)
    result = result.reshape(*leading, *(3,) * rank)
    if axial:
        signs = determinants(rotations)
        result = result * signs.reshape((*signs.shape, *(1,) * rank))
    return result


def determinants(rotations: Tensor) -> Tensor:
    """det R (…) of rotations (…, 3, 3), by the triple product of their rows.

    >>> determinants(-torch.eye(3))
    tensor(-1.)
    """
    first, second, third = rotations.unbind(-2)
    volumes: Tensor = (torch.linalg.cross(first, second) * third).sum(-1)
    return volumes
