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

import numpy as np
from numpy.typing import NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.exact import ExactArray
from pointgroups.immutable import Immutable
from pointgroups.irreps import Irrep

from .embeddings import Embedding
from .subduction_matrices import adapted_basis


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
    inside: Embedding
    multiplicities: dict[str, int]

    def __init__(self, irrep: Irrep, inside: Embedding) -> None:
        found = inside.group._multiplicities(_induced_character(irrep, inside), irrep.field)
        self.__dict__.update(irrep=irrep, inside=inside, multiplicities=found)

    @property
    def dim(self) -> int:
        """|G|/|H| · d_γ."""
        return self.inside.index * self.irrep.dim

    @cached_property
    def exact_matrices(self) -> ExactArray:
        """(γ↑G)(g), shape (|G|, dim, dim), exact."""
        group, n, d = self.inside.group, self.inside.index, self.irrep.dim
        t = self.inside.representatives
        between = group.product[group.inverse[t][:, None, None], group.product[:, t].T[None]]  # (k, l, g)
        places = self.inside.places[between].transpose(2, 0, 1)
        gamma = self.irrep.exact_matrices
        numerators = gamma.numerators[np.maximum(places, 0)] * (places >= 0)[..., None, None, None]
        blocks = ExactArray(numerators, gamma.denominator)  # (g, k, l, i, j)
        return blocks.transpose(0, 1, 3, 2, 4).reshape(group.order, n * d, n * d)

    @cached_property
    def matrices(self) -> NDArray[np.float64] | NDArray[np.complex128]:
        """(γ↑G)(g), shape (|G|, dim, dim): float64, or complex128 where γ is complex."""
        found: NDArray[np.float64] = self.exact_matrices.numeric()
        return found

    @cached_property
    def basis(self) -> AdaptedBasis:
        """The basis in which it is a direct sum of the irreps of G: array @ matrices @ array^H = ⊕ Γ(g), exactly.

        >>> from pointgroups import point_group
        >>> from pointgroups.subgroups.lattice import embedding
        >>> C2v = point_group("C2v")
        >>> sites = induce("A'", embedding(C2v, "Cs (σ(xz))"))  # one function on each of two sites
        >>> sites.multiplicities, sites.basis.exact
        ({'A1': 1, 'B1': 1}, Matrix([
        [sqrt(2)/2,  sqrt(2)/2],
        [sqrt(2)/2, -sqrt(2)/2]]))
        """
        return adapted_basis(self.inside.group, self.exact_matrices, self.multiplicities, self.irrep.field)

    def __repr__(self) -> str:
        terms = " ⊕ ".join(f"{n if n > 1 else ''}{label}" for label, n in self.multiplicities.items())
        return f"<{self.irrep.label} of {self.irrep.group.name} induced in {self.inside.group.name}: {terms}>"


def induce(irrep: Irrep | str, inside: Embedding) -> InducedRepresentation:
    """The representation of G that an irrep of an embedded subgroup H induces; its matrices, irreps and adapted basis.

    Args:
        irrep: γ, an irrep of ``inside.subgroup`` over ℂ or over ℝ, or its label.
        inside: the embedding of H in G.

    Raises:
        UnknownIrrepError: H has no irrep of this label.
        ValueError: an irrep of another group than H.

    >>> from pointgroups import point_group
    >>> from pointgroups.subgroups.lattice import embedding
    >>> induce("A1", embedding(point_group("Oh"), "C4v"))  # s functions of six ligands
    <A1 of C4v induced in Oh: A1g ⊕ Eg ⊕ T1u>
    """
    return InducedRepresentation(inside.subgroup.irrep(irrep), inside)


def _induced_character(irrep: Irrep, inside: Embedding) -> ExactArray:
    """χ(g) = Σ_k χ_γ(t_k⁻¹ g t_k) on a representative g of every class of G, exact."""
    group, subgroup, t = inside.group, inside.subgroup, inside.representatives
    firsts = [c.indices[0] for c in group.classes]
    turned = group.product[group.inverse[t][:, None], group.product[firsts][:, t].T]  # (k, class)
    places = inside.places[turned]
    class_of = np.zeros(subgroup.order, dtype=np.int64)
    for k, c in enumerate(subgroup.classes):
        class_of[list(c.indices)] = k
    character = irrep.class_characters
    values = ExactArray(
        character.numerators[class_of[np.maximum(places, 0)]] * (places >= 0)[..., None], character.denominator
    )
    return values.sum(0)
