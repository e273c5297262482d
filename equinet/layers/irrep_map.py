r"""Orthogonal maps that act on every copy of an irrep alike and sort what comes out by the irreps of another group.

    y^γ_{(u m) k} = Σ_i  M^α_{γ m k, i}  x^α_{u i} ,      M^α orthogonal, one matrix for each α.

Restriction and induction are of this form: α is an irrep of the group that is left, γ those of the group that is
reached, m counts the copies of γ that come of one copy of α.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.constants import ConstantModule
from equinet.groups import Group
from equinet.irreps import Irreps


class IrrepMap(ConstantModule):
    """The map above on isotypic parts, and its inverse, the transpose.

    Args:
        irreps_in: what copies there are of each α.
        group: the group of the γ.
        matrices: α → {γ: (copies m, d_γ, size of α)}.

    ``irreps_out`` has one block for each γ in table order; its copies are counted by (α, u, m), the last one fastest.

    >>> from equinet.groups import as_group
    >>> one = np.eye(3)
    >>> halves = IrrepMap(Irreps("Oh", "2x T1u"), as_group("D4h"), {"T1u": {"A2u": one[None, 2:], "Eu": one[None, :2]}})
    >>> str(halves.irreps_out)
    '2x A2u + 2x Eu'
    """

    def __init__(
        self, irreps_in: Irreps, group: Group, matrices: Mapping[str, Mapping[str, NDArray[np.float64]]]
    ) -> None:
        super().__init__()
        self.irreps_in = irreps_in
        self._shapes: dict[str, dict[str, tuple[int, int]]] = {}
        counts = dict.fromkeys(group.real_irreps, 0)
        for a in irreps_in.labels:
            rows = {c: matrix for c, matrix in matrices[a].items() if len(matrix)}
            self._shapes[a] = {c: (matrix.shape[0], matrix.shape[1]) for c, matrix in rows.items()}
            self.register_constant(f"matrix_{a}", np.concatenate([m.reshape(-1, m.shape[-1]) for m in rows.values()]))
            for c, (copies, _) in self._shapes[a].items():
                counts[c] += irreps_in.count(a) * copies
        self.irreps_out = Irreps(group, counts)

    def mapped(self, parts: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """{α: (…, n_α, size)} to {γ: (…, n_γ, d_γ)}."""
        pieces: dict[str, list[Tensor]] = {}
        for a, shapes in self._shapes.items():
            rows = parts[a] @ self.get_buffer(f"matrix_{a}").mT
            by_label = rows.split([copies * dim for copies, dim in shapes.values()], -1)
            for (c, (_, dim)), piece in zip(shapes.items(), by_label, strict=True):
                pieces.setdefault(c, []).append(piece.unflatten(-1, (-1, dim)).flatten(-3, -2))
        return {c: torch.cat(copies, -2) for c, copies in pieces.items()}

    def mapped_back(self, parts: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The inverse of :meth:`mapped`."""
        taken = dict.fromkeys(parts, 0)
        result = {}
        for a, shapes in self._shapes.items():
            rows, n = [], self.irreps_in.count(a)
            for c, (copies, _) in shapes.items():
                mine = parts[c][..., taken[c] : taken[c] + n * copies, :]
                taken[c] += n * copies
                rows.append(mine.unflatten(-2, (n, copies)).flatten(-2))
            result[a] = torch.cat(rows, -1) @ self.get_buffer(f"matrix_{a}")
        return result

    def extra_repr(self) -> str:
        return f"{self.irreps_in.group.name}: {self.irreps_in} -> {self.irreps_out.group.name}: {self.irreps_out}"
