r"""Induction: features of a subgroup, one on each coset, as features of the group.

Ind V is the space of functions f: G → V with f(g h) = D_H(h)⁻¹ f(g) for h ∈ H, on which (k f)(g) = f(k⁻¹ g). Such a
function is known from its values f(t) at one element t of each coset tH; here the first one. In irreps of G,

    x^{α X}_i = √(d_α |H| / d_β |G|)  Σ_t Σ_b  ( X Γ^α(t)⁻¹ )_{b i}  f^β_b(t) ,      X ∈ Hom_H(Γ^α↓H, Γ^β) ,

an orthogonal transform: the functions g ↦ X Γ^α(g)⁻¹ e_i have the symmetry of f and turn as Γ^α. X runs over an
orthogonal basis of the homomorphisms, with what one X gives times the commutant of α counted once (Frobenius: α occurs
in Ind V^β as often as β in α↓H, each counted with its commutant). Trivial features induce to the functions on the
cosets G/H, and the map is the Fourier transform of these.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from equinet.groups import NumberedGroup, as_numbered_group
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import Irrep

from .fourier import left_cosets
from .irrep_map import IrrepMap
from .subduction import frame_bytes, subduction_matrices, subgroup_elements

FloatArray = NDArray[np.float64]
_NEGLIGIBLE = 1e-6


class Induction(IrrepMap):
    """f on the cosets → x (formula above), a constant orthogonal change of basis H → G.

    Args:
        irreps_in: irreps of H, the features V on one coset.
        group: G, a point group or its name.
        frame: F (3, 3), orthogonal, from the axes of G to those of H, r_H = F r_G; by default they are the same.

    ``representatives`` are the elements t, the first of each coset, ascending. ``irreps_out`` has one block for each α
    in table order; its copies are counted by (β, copy u of β, X), the last one fastest.

    Raises:
        ValueError: if F⁻¹ H F is not in G, naming an element that is missing; or for O(3) or SO(3).

    >>> layer = Induction(Irreps("C4v", "2x A1"), "Oh")  # functions on the six faces of a cube
    >>> str(layer.irreps_out), layer.representatives
    ('2x A1g + 2x Eg + 2x T1u', (0, 1, 2, 4, 5, 7))
    >>> import torch
    >>> layer(torch.randn(7, 6, 2)).shape
    torch.Size([7, 12])
    """

    def __init__(self, irreps_in: Irreps, group: NumberedGroup | str | int, frame: ArrayLike | None = None) -> None:
        above = as_numbered_group(group, "induction")
        below = as_numbered_group(irreps_in.group, "induction from a subgroup")
        axes = frame_bytes(frame)
        irreps = above.real_irreps.values()
        matrices = {
            label: {a.label: _functions(a, below.real_irreps[label], axes) for a in irreps}
            for label in irreps_in.labels
        }
        super().__init__(irreps_in, above, matrices)
        self.representatives: tuple[int, ...] = tuple(_representatives(above, below, axes).tolist())
        self._shape = (len(self.representatives), irreps_in.dim)

    def forward(self, values: Tensor) -> Tensor:
        """Values (…, |G|/|H|, irreps_in.dim) at the representatives, as features (…, irreps_out.dim) of G."""
        if values.shape[-2:] != self._shape:
            cosets, dim = self._shape
            raise ValueError(
                f"expected values (…, {cosets}, {dim}), one feature {self.irreps_in} on each coset; "
                f"got shape {tuple(values.shape)}"
            )
        parts = isotypic_parts(values, self.irreps_in)
        mapped = self.mapped({b: part.movedim(-3, -2).flatten(-2) for b, part in parts.items()})
        return assemble(mapped, self.irreps_out, values[..., 0, :])

    def inverse(self, features: Tensor) -> Tensor:
        """Features of G (…, irreps_out.dim) as values on the cosets, the transpose of :meth:`forward`."""
        cosets = len(self.representatives)
        functions = self.mapped_back(isotypic_parts(features, self.irreps_out))
        parts = {b: part.unflatten(-1, (cosets, -1)).movedim(-2, -3) for b, part in functions.items()}
        return assemble(parts, self.irreps_in, features[..., None, :].expand(*features.shape[:-1], cosets, -1))


@lru_cache(maxsize=4096)
def _functions(a: Irrep, b: Irrep, frame: bytes) -> FloatArray:
    """Row (X, i), column (t, b) of the transform, (copies of α, d_α, cosets · d_β)."""
    homs = _homomorphisms(a, b, frame)
    elements = _representatives(a.group, b.group, frame)
    scale = np.sqrt(a.dim / (b.dim * len(elements)))
    functions = scale * np.einsum("xbj,tij->xitb", homs, a.matrices[elements])
    return np.asarray(functions.reshape(len(homs), a.dim, len(elements) * b.dim))


def _homomorphisms(a: Irrep, b: Irrep, frame: bytes) -> FloatArray:
    """X (copies, d_β, d_α) of squared norm d_β, orthogonal to one another and to one another's X J_α."""
    blocks = subduction_matrices(a, b.group, frame).get(b.label, np.zeros((0, b.dim, a.dim)))
    kept: list[FloatArray] = []
    spanned = np.zeros((0, b.dim, a.dim))
    for candidate in np.einsum("tbc,mcj->mtbj", b.commutant, blocks).reshape(-1, b.dim, a.dim):
        overlaps = np.einsum("xbj,bj->x", spanned, candidate) / b.dim
        rest = candidate - np.tensordot(overlaps, spanned, 1)
        norm = np.sqrt(np.sum(rest**2) / b.dim)
        if norm > _NEGLIGIBLE:
            kept.append(rest / norm)
            spanned = np.concatenate([spanned, kept[-1] @ a.commutant])
    return np.array(kept).reshape(-1, b.dim, a.dim)


@lru_cache(maxsize=4096)
def _representatives(group: NumberedGroup, subgroup: NumberedGroup, frame: bytes) -> NDArray[np.int64]:
    """The first element of every coset gH, ascending."""
    return left_cosets(group, subgroup_elements(group, subgroup, frame))[:, 0]
