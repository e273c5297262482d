r"""The Fourier transform of a finite group G over ℝ, for functions on G and on its cosets G/H.

    f(gH) = Σ_{α s i}  √(d_α / [G:H])  (Γ^α(g) v^{α s})_i  x^α_{s i}

with v^{α s} an orthonormal basis of the vectors of Γ^α that H leaves alone: they make the right side the same for all
elements of a coset. Over ℝ an irrep of complex type counts s up to its commutant, v and J v giving the same functions.
By the orthogonality theorem this is an orthogonal matrix, and left translation (L_h f)(g) = f(h⁻¹ g) turns component i
of every copy s by Γ^α(h). So the irreps x *are* the function f, on which the group acts by permuting the values:

    ⊕_α dim (V^α)^H / dim End(Γ^α)  Γ^α  =  Ind_H^G 1 .

For H = 1 the vectors v are the unit vectors, and this is the regular representation of functions on the group.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.constants import ConstantModule
from equinet.groups import Group, NumberedGroup, as_numbered_group, nearest_elements
from equinet.irreps import Irreps
from equinet.isotypic import isotypic_parts
from pointgroups import Irrep, point_group

Subgroup = NumberedGroup | str | Iterable[int]
_SAME = 1e-6


class FourierTransform(ConstantModule):
    """Irrep features ↔ functions on the group G or on cosets G/H, an isometry (formula above).

    Args:
        group: a point group G or its name (functions on O(3) or SO(3) have no finite list of values).
        channels: the number C of functions.
        subgroup: H: a point group whose elements are elements of G in the axes of both, its name, or the indices of its
            elements in ``G.rotations``. By default the trivial group, which makes functions on G itself.

    Attributes:
        irreps_in: Ind_H^G 1, C times; copy c·m_α + s of irrep α belongs to function c and vector v^{α s}.
        cosets: (|G/H|, |H|) the elements gH of each coset, ascending; cosets in the order of their first elements.

    Raises:
        ValueError: for O(3) or SO(3), and for an H that is no subgroup of G.

    >>> transform = FourierTransform("C4v", channels=3)
    >>> values = transform(torch.randn(5, transform.irreps_in.dim))
    >>> values.shape
    torch.Size([5, 8, 3])
    >>> bool((transform(transform.inverse(values)) - values).abs().max() < 1e-5)
    True
    >>> FourierTransform("Oh", 1, "C4v").irreps_in  # functions on the 6 vertices of an octahedron
    Irreps('Oh', '1x A1g + 1x Eg + 1x T1u')
    """

    matrix: Tensor

    def __init__(self, group: Group | str | int, channels: int, subgroup: Subgroup = (0,)) -> None:
        super().__init__()
        resolved = as_numbered_group(group, "a function on the group given by its values")
        self.cosets = left_cosets(resolved, subgroup)
        functions = coset_functions(resolved, self.cosets)
        copies = {label: len(rows) // resolved.real_irreps[label].dim for label, rows in functions.items()}
        self.irreps_in = Irreps(resolved, {label: channels * count for label, count in copies.items()})
        self.channels = channels
        self.register_constant("matrix", np.concatenate(list(functions.values())))

    def forward(self, features: Tensor) -> Tensor:
        """Features (…, irreps_in.dim) as values (…, |G/H|, channels) on the cosets."""
        parts = isotypic_parts(features, self.irreps_in)
        coefficients = [part.flatten(-2).unflatten(-1, (self.channels, -1)) for part in parts.values()]
        return (torch.cat(coefficients, -1) @ self.matrix).transpose(-1, -2)

    def inverse(self, values: Tensor) -> Tensor:
        """Functions (…, |G/H|, channels) as features (…, irreps_in.dim); inverse and transpose of :meth:`forward`."""
        if values.shape[-2:] != (len(self.cosets), self.channels):
            raise ValueError(
                f"expected values (…, {self._domain}, {self.channels} channels); got {tuple(values.shape)}"
            )
        coefficients = values.transpose(-1, -2) @ self.matrix.T
        pieces = coefficients.split([block.dim // self.channels for block in self.irreps_in.blocks], -1)
        return torch.cat([piece.flatten(-2) for piece in pieces], -1)

    @property
    def _domain(self) -> str:
        return f"{len(self.cosets)} {'elements' if self.cosets.shape[1] == 1 else 'cosets'}"

    def extra_repr(self) -> str:
        return f"{self.irreps_in.group.name}, {self._domain}, channels={self.channels}"


def coset_functions(group: NumberedGroup, cosets: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Label of an irrep α over ℝ → its rows (s, i) of the transform, (copies · d_α, |G/H|).

    >>> G = point_group("C4v")
    >>> {label: rows.shape for label, rows in coset_functions(G, left_cosets(G, "C2v")).items() if len(rows)}
    {'A1': (1, 2), 'B1': (1, 2)}
    """
    return {
        label: _functions(irrep, _invariant_vectors(irrep, cosets[0]), cosets)
        for label, irrep in group.real_irreps.items()
    }


def left_cosets(group: NumberedGroup, subgroup: Subgroup) -> NDArray[np.int64]:
    """The cosets gH as rows of element indices, (|G/H|, |H|): each ascending, all in the order of their first elements.

    Raises:
        ValueError: H is no subgroup of G; the message names what is missing.

    >>> left_cosets(point_group("C2v"), [0, 1]).tolist()
    [[0, 1], [2, 3]]
    """
    members: NDArray[np.int64] = np.sort(group.product[:, _elements(group, subgroup)], axis=1)
    return members[np.unique(members[:, 0])]


def _elements(group: NumberedGroup, subgroup: Subgroup) -> NDArray[np.int64]:
    """Indices of the elements of H in G."""
    if isinstance(subgroup, NumberedGroup | str):
        inner = subgroup if isinstance(subgroup, NumberedGroup) else point_group(subgroup)
        nearest, distance = nearest_elements(inner.rotations, group.rotations)
        if (missing := distance > _SAME).any():
            raise ValueError(
                f"{inner.elements[int(missing.argmax())]} of {inner.name} is no element of {group.name} in these axes;"
                " turn the subgroup by .rotated(), take another setting, or give the indices of its elements"
            )
        return nearest
    indices = np.unique(np.fromiter(subgroup, dtype=np.int64))
    if not len(indices) or indices[0] != 0 or indices[-1] >= group.order:
        raise ValueError(
            f"a subgroup of {group.name} is given by element indices 0 … {group.order - 1}, 0 (the identity) among"
            f" them; got {indices.tolist()}"
        )
    products = group.product[np.ix_(indices, indices)]
    if (open_pairs := np.argwhere(~np.isin(products, indices))).size:
        i, j = indices[open_pairs[0]]
        raise ValueError(
            f"elements {indices.tolist()} of {group.name} are no subgroup: {group.elements[i]} times"
            f" {group.elements[j]} is {group.elements[group.product[i, j]]}, which is missing"
        )
    return indices


def _invariant_vectors(irrep: Irrep, stabiliser: NDArray[np.int64]) -> NDArray[np.float64]:
    """v^s, (copies, d): the columns of the projector (1/|H|) Σ_h Γ(h), orthonormalised in their order, up to J."""
    projector = irrep.matrices[stabiliser].real.mean(axis=0)
    copies = round(projector.trace()) // len(irrep.commutant)
    vectors: list[NDArray[np.float64]] = []
    for column in projector.T:
        for v in vectors:
            for turned in irrep.commutant @ v:
                column = column - turned * (turned @ column)
        if len(vectors) < copies and (length := np.linalg.norm(column)) > _SAME:
            vectors.append(column / length)
    assert len(vectors) == copies, "the projector's columns span its image, whose dimension is its trace"
    return np.array(vectors).reshape(copies, irrep.dim)


def _functions(irrep: Irrep, vectors: NDArray[np.float64], cosets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Row (s, i), column gH: √(d/[G:H]) (Γ(g) v^s)_i."""
    turned = np.einsum("gij,sj->sig", irrep.matrices[cosets[:, 0]].real, vectors)
    rows: NDArray[np.float64] = np.sqrt(irrep.dim / len(cosets)) * turned.reshape(-1, len(cosets))
    return rows
