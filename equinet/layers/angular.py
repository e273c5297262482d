r"""Symmetry-adapted harmonics of a vector's direction.

    Y^β_j(r̂) = √(4π) Σ_m C^β_{j, m} Y_{ℓm}(r̂) ,      Y(g r̂) = Γ^β(g) Y(r̂) ,

with C the rows of ``G.harmonics(ℓ)``, the identity where G is O(3) or SO(3), and Y_{ℓm} the real harmonics (polar axis
z, m < 0 ↔ sin |m|φ, no Condon–Shortley sign). The factor makes every component of unit mean square over the sphere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from equinet.checks import require
from equinet.constants import ConstantModule
from equinet.groups import Group
from equinet.irreps import Irreps


def real_harmonics(directions: Tensor, l_max: int) -> Tensor:
    r"""√(4π) Y_{ℓm} of unit vectors, ℓ = 0 … l_max, m = −ℓ … ℓ: (…, 3) to (…, (l_max + 1)²).

    Y_{ℓm} = N_{ℓm} Π_ℓm(z) Re (x + iy)^m for m ≥ 0, and Im in place of Re for −m, with Π_ℓm = d^m P_ℓ/dz^m by the
    upward recurrence (ℓ−m) Π_ℓm = (2ℓ−1) z Π_{ℓ−1,m} − (ℓ+m−1) Π_{ℓ−2,m}: polynomials throughout, hence no pole at
    the z axis and derivatives of any order.

    >>> (real_harmonics(torch.tensor([0.0, 0.6, 0.8]), 1) / 3**0.5)[1:].tolist()
    [0.6000000238418579, 0.800000011920929, 0.0]
    """
    x, y, z = directions.unbind(-1)
    columns: dict[tuple[int, int], Tensor] = {}
    real, imaginary, sectoral = torch.ones_like(x), torch.zeros_like(x), 1.0
    for m in range(l_max + 1):
        legendre = [sectoral * torch.ones_like(z)]
        for l in range(m + 1, l_max + 1):
            below = legendre[-2] * (l + m - 1) if l > m + 1 else 0.0
            legendre.append(((2 * l - 1) * z * legendre[-1] - below) / (l - m))
        for l, polynomial in enumerate(legendre, start=m):
            norm = math.sqrt((2 * l + 1) * (2 if m else 1) * math.factorial(l - m) / math.factorial(l + m))
            columns[l, m] = norm * polynomial * real
            if m:
                columns[l, -m] = norm * polynomial * imaginary
        real, imaginary = real * x - imaginary * y, real * y + imaginary * x
        sectoral *= 2 * m + 1
    return torch.stack([columns[l, m] for l in range(l_max + 1) for m in range(-l, l + 1)], -1)


class AngularBasis(ConstantModule):
    """Y^β_j of directions for every irrep β in the harmonics of degree 0 … l_max (formula above).

    Args:
        group: a point group or its name, O(3) or SO(3); harmonics of natural parity (−1)^ℓ.
        l_max: the highest degree, at most 12 for a point group and the cut-off of the group otherwise.
        labels: keep the functions of these irreps only; all by default.

    ``irreps_out`` has one block for each degree and irrep: degrees ascending, and within a degree the order of
    ``G.harmonics(l).labels``.

    >>> str(AngularBasis("Oh", 3).irreps_out)
    '1x A1g + 1x T1u + 1x Eg + 1x T2g + 1x A2u + 1x T1u + 1x T2u'
    >>> from equinet import O3
    >>> str(AngularBasis(O3(3), 3).irreps_out)
    '1x 0e + 1x 1o + 1x 2e + 1x 3o'
    """

    adapted: Tensor

    def __init__(self, group: Group | str | int, l_max: int, labels: Iterable[str] | None = None) -> None:
        super().__init__()
        if l_max < 0:
            raise ValueError(f"the highest degree is an integer ≥ 0, not {l_max}")
        everything = Irreps(group)
        resolved = everything.group
        kept = set(resolved.real_irreps if labels is None else Irreps(resolved, [(1, a) for a in labels]).labels)
        rows, blocks = [], []
        for l in range(l_max + 1):
            basis = resolved.harmonics(l)
            where = [k for k, (label, _, _) in enumerate(basis.labels) if label in kept]
            row = np.zeros((len(where), (l_max + 1) ** 2))
            row[:, l**2 : (l + 1) ** 2] = basis.array[where]
            rows.append(row)
            for label, functions in groupby(basis.labels[k][0] for k in where):
                blocks.append((len(list(functions)) // resolved.real_irreps[label].dim, label))
        self.l_max = l_max
        self.irreps_out = Irreps(resolved, blocks)
        self.register_constant("adapted", np.concatenate(rows).T)

    def forward(self, vectors: Tensor) -> Tensor:
        """Y^β_j of the direction of vectors (…, 3): (…, irreps_out.dim).

        Raises:
            ValueError: for a vector of length zero, which has no direction (see :func:`~equinet.checks.require`).
        """
        lengths = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
        require(lengths > 0, "a vector of length zero (or NaN) has no direction; leave out an atom's bond to itself")
        return real_harmonics(vectors / lengths, self.l_max) @ self.adapted

    def extra_repr(self) -> str:
        return f"{self.irreps_out.group.name}, l_max={self.l_max}: {self.irreps_out}"
