"""Induction H ↑ G: a representation of a subgroup made to one of the whole group, on its cosets.

With left cosets t_k K of the embedded subgroup K = e(H) and an irrep γ of H

    (γ↑G)(g)_{ki, lj} = γ_ij(e⁻¹(t_k⁻¹ g t_l))   where t_k⁻¹ g t_l lies in K, else 0 ,

of dimension |G|/|H| · d_γ, index (k, i) → k·d_γ + i. Frobenius: Γ occurs in γ↑G as often as γ in Γ↓H; over ℝ this holds
for the numbers times the dimensions of the commutants of Γ and of γ. For the trivial γ it is the permutation
representation on G/H: functions on equivalent sites. For H = {1} it is the regular representation.

Source: S. L. Altmann, Induced Representations in Crystals and Molecules (1977), ch. 7; J.-P. Serre, Linear
Representations of Finite Groups (1977), ch. 7.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.exact import ExactArray, read_only
from pointgroups.immutable import Immutable
from pointgroups.irreps import Irrep

from .adapted_copies import adapted_basis
from .branching import restricted
from .inclusion import Inclusion


class InducedRepresentation(Immutable):
    """γ↑G for an irrep γ of H embedded in G, made by :func:`induce`. Immutable, arrays read-only.

    Attributes:
        irrep: γ, over ℂ or over ℝ.
        inside: the embedding of H in G.
        multiplicities: irreps of G → how often they occur, in table order, over the field of γ.

    >>> from pointgroups import embedding, point_group
    >>> induce("A1", embedding(point_group("Td"), "C3v")).multiplicities  # a function on the four corners
    {'A1': 1, 'T2': 1}
    """

    irrep: Irrep
    inside: Inclusion
    multiplicities: dict[str, int]

    def __init__(self, irrep: Irrep, inside: Inclusion) -> None:
        self.__dict__.update(irrep=irrep, inside=inside, multiplicities=_by_reciprocity(irrep, inside))

    @property
    def dim(self) -> int:
        """|G|/|H| · d_γ."""
        return self.inside.index * self.irrep.dim

    @cached_property
    def exact_matrices(self) -> ExactArray:
        """(γ↑G)(g), shape (|G|, dim, dim), exact; ValueError where γ is known in floating point."""
        gamma = self.irrep.exact_matrices
        return ExactArray(self._on_cosets(gamma.numerators), gamma.denominator)

    @cached_property
    def matrices(self) -> NDArray[np.float64] | NDArray[np.complex128]:
        """(γ↑G)(g), shape (|G|, dim, dim): float64, or complex128 where γ is complex."""
        if self.inside.is_exact:
            exact: NDArray[np.float64] = self.exact_matrices.numeric()
            return exact
        return read_only(self._on_cosets(self.irrep.matrices[..., None])[..., 0])

    def _on_cosets(self, gamma: NDArray[Any]) -> NDArray[Any]:
        """The blocks γ(e⁻¹(t_k⁻¹ g t_l)) of matrices (|H|, d, d, …), put together: (|G|, dim, dim, …)."""
        group, n, d = self.inside.group, self.inside.index, self.irrep.dim
        t = self.inside.representatives
        between = group.product[group.inverse[t][:, None, None], group.product[:, t].T[None]]  # (k, l, g)
        places = self.inside.places[between].transpose(2, 0, 1)
        blocks = gamma[np.maximum(places, 0)] * (places >= 0)[..., None, None, None]  # (g, k, l, i, j, …)
        return blocks.swapaxes(2, 3).reshape(group.order, n * d, n * d, -1)

    @cached_property
    def basis(self) -> AdaptedBasis:
        """The basis in which it is a direct sum of the irreps of G: array @ matrices @ array^H = ⊕ Γ(g).

        Exact where the irreps are.

        >>> from pointgroups import embedding, point_group
        >>> C2v = point_group("C2v")
        >>> sites = induce("A'", embedding(C2v, "Cs (σ(xz))"))  # one function on each of two sites
        >>> sites.multiplicities, sites.basis.exact
        ({'A1': 1, 'B1': 1}, Matrix([
        [sqrt(2)/2,  sqrt(2)/2],
        [sqrt(2)/2, -sqrt(2)/2]]))
        """
        matrices = self.exact_matrices if self.inside.is_exact else self.matrices
        return adapted_basis(self.inside.group._irreps_over(self.irrep.field), matrices, self.multiplicities)

    def __repr__(self) -> str:
        terms = " ⊕ ".join(f"{n if n > 1 else ''}{label}" for label, n in self.multiplicities.items())
        return f"<{self.irrep.label} of {self.irrep.group.name} induced in {self.inside.group.name}: {terms}>"


def induce(irrep: Irrep | str, inside: Inclusion) -> InducedRepresentation:
    """The representation of G that an irrep of an embedded subgroup H induces; its matrices, irreps and adapted basis.

    Args:
        irrep: γ, an irrep of ``inside.subgroup`` over ℂ or over ℝ, or its label.
        inside: the embedding of H in G; for a spinor irrep its ``double``.

    Raises:
        UnknownIrrepError: H has no irrep of this label.
        ValueError: an irrep of another group than H.

    >>> from pointgroups import embedding, point_group
    >>> Oh = point_group("Oh")
    >>> induce("A1", embedding(Oh, "C4v"))  # s functions of six ligands
    <A1 of C4v induced in Oh: A1g ⊕ Eg ⊕ T1u>
    >>> induce("E1/2", embedding(Oh.double, "C4v")).multiplicities  # the same with spin
    {'E1/2g': 1, 'F3/2g': 1, 'E1/2u': 1, 'F3/2u': 1}
    """
    return InducedRepresentation(inside.subgroup.irrep(irrep), inside)  # type: ignore[arg-type]


def _by_reciprocity(irrep: Irrep, inside: Inclusion) -> dict[str, int]:
    """dim Hom(γ↑G, Γ) = dim Hom(γ, Γ↓H) for every irrep Γ of G."""
    above = inside.group._irreps_over(irrep.field)
    down = {label: found.get(irrep.label, 0) for label, found in restricted(inside, irrep.field).items()}
    return {label: n * irrep.commuting // above[label].commuting for label, n in down.items() if n}
