"""Subduction matrices: the unitary S that brings an irrep of G, on a subgroup H, to the irreps of H.

    S† Γ(e(h)) S = ⊕ γ(h)      for every h of H,    e: H → G the embedding

with the matrices γ of H in its standard axes. Columns are found by projecting the unit vectors of Γ in their order,
P^{k0} = (d_γ/|H|) Σ_h γ_k0(h)* Γ(e(h)), made orthonormal; the first non-zero component of the first column of a copy is
positive. S is orthogonal over ℝ. For the 32 groups the entries are exact numbers of ℚ(√2, √3, i), for spinors over the
length of a column, the root of such a number. For groups made from generators they are floats.

Source: S. L. Altmann, Induced Representations in Crystals and Molecules (1977), ch. 8.
"""

from __future__ import annotations

from functools import lru_cache

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.irreps import Irrep

from .adapted_copies import adapted_basis
from .branching import restricted
from .inclusion import Inclusion


def subduction_basis(irrep: Irrep | str, inside: Inclusion) -> AdaptedBasis:
    """The basis of an irrep Γ of G that is adapted to a subgroup H; the subduction matrices are S = array^H.

    array @ Γ(e(h)) @ array^H = ⊕ γ(h), and ``labels`` say which irrep of H, copy and component a row is; ``exact``
    holds the rows as SymPy numbers.

    Args:
        irrep: Γ, over ℂ or over ℝ, or its label; H's irreps are taken over the same field.
        inside: the embedding of H in Γ's group; for a spinor irrep its ``double``.

    Raises:
        UnknownIrrepError: G has no irrep of this label.
        ValueError: an irrep of another group than G.

    >>> from pointgroups import embedding, point_group
    >>> Oh = point_group("Oh")
    >>> trigonal = subduction_basis("T1u", embedding(Oh, "C3v"))  # of x, y, z
    >>> trigonal.labels[0], trigonal.exact[0, :]
    (AdaptedLabel(irrep='A1', copy=1, component=1), Matrix([[sqrt(3)/3, sqrt(3)/3, sqrt(3)/3]]))
    >>> tetragonal = subduction_basis("F3/2g", embedding(Oh.double, "D4h"))
    >>> tetragonal.multiplicities
    {'E1/2g': 1, 'E3/2g': 1}
    """
    return _basis(inside.group.irrep(irrep), inside)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _basis(irrep: Irrep, inside: Inclusion) -> AdaptedBasis:
    counts = restricted(inside, irrep.field)[irrep.label]
    matrices = irrep.exact_matrices if inside.is_exact else irrep.matrices
    return adapted_basis(inside.subgroup._irreps_over(irrep.field), matrices[inside.elements], counts)
