r"""Tensors with an index symmetry from their independent components, without a matrix.

    T_I = s_I y_{w(I)} / √n_{w(I)} ,

I an index word, w(I) the independent component that it equals up to the sign s_I (0: it vanishes), n_w the number of
words of w. The y are coordinates in an orthonormal basis, Σ_w y_w² = Σ_I T_I², in which a rotation R acts by

    D_{w v}(R) = √n_w Σ_{J: w(J) = v} R_{I J} s_J / √n_v ,       R_{I J} = R_{i₁ j₁} R_{i₂ j₂} … (times det R if axial),

I any word of w.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from equinet.constants import ConstantModule
from pointgroups import IndexSymmetry, index_symmetry

from .turning import determinants


class IndependentComponents(ConstantModule):
    """Components y (…, dim) → tensors (…, 3, …, 3) that have the index symmetry to the last bit.

    Args:
        symmetry: "ij=ji", "ijkl=jikl=klij" … (:mod:`pointgroups.tensors.index_permutations`).
        axial: kept in ``symmetry``; the components are the same.

    Attributes:
        symmetry: the index symmetry, of rank n.
        dim: how many components are independent.

    Raises:
        IndexSymmetryError: the notation cannot be read.

    >>> components = IndependentComponents("ij=ji")
    >>> components(torch.tensor([1.0, 0, 0, 2.0, 0, 3.0])).diagonal()
    tensor([1., 2., 3.])
    """

    factors: Tensor
    _places: Tensor
    _letters: Tensor
    _norms: Tensor

    def __init__(self, symmetry: str | IndexSymmetry, axial: bool = False) -> None:
        super().__init__()
        self.symmetry = index_symmetry(symmetry, axial)
        place, sign = (array.ravel() for array in self.symmetry.components())
        sizes = np.bincount(place[sign != 0])
        self.dim = len(sizes)
        firsts = np.array([np.flatnonzero((place == w) & (sign != 0))[0] for w in range(self.dim)])
        self.register_constant("factors", sign / np.sqrt(sizes[place]))
        self.register_constant("_norms", np.sqrt(sizes))
        letters = np.stack(np.unravel_index(firsts, (3,) * self.symmetry.rank)) if self.symmetry.rank else firsts[:0]
        self.register_buffer("_places", torch.tensor(place), persistent=False)
        self.register_buffer("_letters", torch.tensor(letters), persistent=False)

    def forward(self, components: Tensor) -> Tensor:
        """Map (…, dim) to (…, 3, …, 3)."""
        flat = components.index_select(-1, self._places) * self.factors
        return flat.reshape(*components.shape[:-1], *(3,) * self.symmetry.rank)

    def matrices(self, rotations: Tensor) -> Tensor:
        """D(R) (M, dim, dim), orthogonal, of rotations (M, 3, 3).

        >>> mirror = torch.diag(torch.tensor([1.0, 1.0, -1.0]))
        >>> IndependentComponents("ij=ji").matrices(mirror[None])[0].diagonal().round()  # xx, xy, xz, yy, yz, zz
        tensor([ 1.,  1., -1.,  1., -1.,  1.])
        """
        products = rotations.new_ones(rotations.shape[0], self.dim, 1)
        for letter in self._letters:  # of the first word of each component: one more index j at a time
            products = (products[..., None] * rotations.index_select(1, letter)[:, :, None]).flatten(-2)
        if self.symmetry.axial:
            products = products * determinants(rotations)[:, None, None]
        sums = products.new_zeros(*products.shape[:2], self.dim).index_add(2, self._places, products * self.factors)
        return sums * self._norms[:, None]

    def extra_repr(self) -> str:
        return f"{self.dim} -> {self.symmetry}"
