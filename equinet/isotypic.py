"""Features ↔ their isotypic parts: all copies of one irrep in one array.

Layers act on the part n_α Γ^α as a whole, so that the blocks "A1g + 2x A1g" and "3x A1g" are the same thing to them.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from equinet.irreps import Irreps


def isotypic_parts(features: Tensor, irreps: Irreps) -> dict[str, Tensor]:
    """Split (…, dim) into {label: (…, n_α, d_α)}; the copies of several blocks follow one another in block order.

    Raises:
        ValueError: if the last axis is not as long as the irreps' dimension.

    >>> parts = isotypic_parts(torch.arange(6.0), Irreps("Oh", "A1g + T1u + 2x A1g"))
    >>> parts["A1g"].flatten().tolist(), tuple(parts["T1u"].shape)
    ([0.0, 4.0, 5.0], (1, 3))
    """
    if features.shape[-1] != irreps.dim:
        raise ValueError(
            f"features of {irreps} have {irreps.dim} components on the last axis; got shape {tuple(features.shape)}"
        )
    pieces: dict[str, list[Tensor]] = {}
    for block, where in zip(irreps.blocks, irreps.slices(), strict=True):
        piece = features[..., where].unflatten(-1, (block.multiplicity, block.irrep.dim))
        pieces.setdefault(block.label, []).append(piece)
    return {label: copies[0] if len(copies) == 1 else torch.cat(copies, -2) for label, copies in pieces.items()}


def assemble(parts: Mapping[str, Tensor], irreps: Irreps, like: Tensor) -> Tensor:
    """The inverse of :func:`isotypic_parts`: (…, dim) from {label: (…, n_α, d_α)}.

    An irrep absent from ``parts`` is zero; ``like`` gives the leading shape (all but its last axis), dtype and device.

    >>> irreps = Irreps("Oh", "A1g + T1u + 2x A1g")
    >>> features = torch.arange(6.0)
    >>> assemble(isotypic_parts(features, irreps), irreps, features).equal(features)
    True
    """
    taken = dict.fromkeys(parts, 0)
    pieces = []
    for block in irreps.blocks:
        if block.label in parts:
            start = taken[block.label]
            taken[block.label] = start + block.multiplicity
            pieces.append(parts[block.label][..., start : start + block.multiplicity, :].flatten(-2))
        else:
            pieces.append(like.new_zeros((*like.shape[:-1], block.dim)))
    return torch.cat(pieces, -1) if pieces else like.new_zeros((*like.shape[:-1], 0))
