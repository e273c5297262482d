"""Subduction matrices: the unitary S that brings an irrep of G, on a subgroup H, to the irreps of H.

    S† Γ(e(h)) S = ⊕ γ(h)      for every h of H,    e: H → G the embedding

with the matrices γ of ``point_group(H)`` in its standard axes. Columns are found by projecting the unit vectors of Γ in
their order, P^{k0} = (d_γ/|H|) Σ_h γ_k0(h)* Γ(e(h)), made orthonormal; the phase makes the first non-zero component of
the first column of every copy positive. S is orthogonal over ℝ, and all entries are exact numbers of ℚ(√2, √3, i).

Source: S. L. Altmann, Induced Representations in Crystals and Molecules (1977), ch. 8.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from pointgroups.adapted_basis import AdaptedBasis, AdaptedLabel
from pointgroups.exact import ExactArray, concatenate, inverse_sqrt, read_only
from pointgroups.harmonics import COMMUTANT
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.projection import candidate_intertwiners, independent_copies, squared_norm

from .branching import branching
from .embeddings import Embedding


def subduction_basis(irrep: Irrep | str, inside: Embedding) -> AdaptedBasis:
    """The basis of an irrep Γ of G that is adapted to a subgroup H; the subduction matrices are S = array^H.

    array @ Γ(e(h)) @ array^H = ⊕ γ(h), and ``labels`` say which irrep of H, copy and component a row is; ``exact``
    holds the rows as SymPy numbers.

    Args:
        irrep: Γ, over ℂ or over ℝ, or its label; H's irreps are taken over the same field.
        inside: the embedding of H in Γ's group.

    Raises:
        UnknownIrrepError: G has no irrep of this label.
        ValueError: an irrep of another group than G.

    >>> from pointgroups import point_group
    >>> from pointgroups.subgroups.lattice import embedding
    >>> Oh = point_group("Oh")
    >>> trigonal = subduction_basis("T1u", embedding(Oh, "C3v"))  # of x, y, z
    >>> trigonal.labels[0], trigonal.exact[0, :]
    (AdaptedLabel(irrep='A1', copy=1, component=1), Matrix([[sqrt(3)/3, sqrt(3)/3, sqrt(3)/3]]))
    """
    return _basis(inside.group.irrep(irrep), inside)


@lru_cache(maxsize=4096)
def _basis(irrep: Irrep, inside: Embedding) -> AdaptedBasis:
    counts = branching(inside.group, inside, irrep.field)[irrep.label]
    return adapted_basis(inside.subgroup, irrep.exact_matrices[inside.elements], counts, irrep.field)


def adapted_basis(group: PointGroup, images: ExactArray, counts: dict[str, int], field: str) -> AdaptedBasis:
    """The exact adapted basis of a unitary representation (|G|, N, N), given how often each irrep occurs in it.

    Copies come from projecting the unit vectors in their order; see the module for the phase.
    """
    rows: list[ExactArray] = []
    labels: list[AdaptedLabel] = []
    for label, count in counts.items():
        irrep = group._irreps_over(field)[label]
        commutant = [COMMUTANT] if irrep.commuting == 2 else []
        candidates = candidate_intertwiners(irrep.exact_matrices, images)
        for copy, u in enumerate(independent_copies(candidates, count, commutant), 1):
            rows.append(_with_phase(u * inverse_sqrt(squared_norm(u))).conj().mT)
            labels.extend(AdaptedLabel(label, copy, k + 1) for k in range(irrep.dim))
    joined = concatenate(rows)
    size = joined.shape[1]
    tokens = joined.tokens()
    lines = [tokens[k : k + size] for k in range(0, len(tokens), size)]
    return AdaptedBasis(read_only(joined.numeric()), tuple(labels), lines)


def _with_phase(u: ExactArray) -> ExactArray:
    """Turn the phase of columns (N, d) so that the first non-zero component of column 0 is positive."""
    column = u[:, 0]
    first = column[int(np.flatnonzero(column.nonzero())[0])]
    return u * (first.conj() * inverse_sqrt((first * first.conj()).rational()))
