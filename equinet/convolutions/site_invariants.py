r"""Site features stored as what they are: invariants of the site group.

At a site n the copies of an irrep α lie in im P_n = {v ∈ Γ^α : Γ^α(s) v = v for s ∈ S_n}. With an orthonormal basis
B_n (m, d_α) of it, P_n = B_nᵀ B_n, a feature is m numbers a copy instead of d_α,

    x_n = B_n v_n ,        v_n = B_nᵀ x_n ,        m = (1/|S_n|) Σ_{s∈S_n} χ^α(s) ,

often none: an atom at a site of full cubic symmetry keeps the trivial irrep alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.graphs.orbit_graph import OrbitGraph, rotations_of
from equinet.groups import Irrep, OrthogonalIrrep
from equinet.irreps import Irreps
from equinet.isotypic import assemble, isotypic_parts


@dataclass(frozen=True, eq=False)
class SiteInvariants:
    """Orthonormal bases of the invariants at all sites of a graph; made by :func:`site_invariants`.

    Attributes:
        irreps: of the features.
        n_sites: M.
        sites: for each irrep (K,) int64, the site of a basis vector.
        vectors: for each irrep (K, d), the vector.

    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import Irreps, orbit_graph
    >>> blende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
    >>> invariants = site_invariants(orbit_graph(blende, 4.0), Irreps("Td", "8x A1 + 4x T2"))
    >>> invariants.dim  # 2 · 8 of 2 · 20
    16
    """

    irreps: Irreps
    n_sites: int
    sites: Mapping[str, Tensor]
    vectors: Mapping[str, Tensor]

    @property
    def dim(self) -> int:
        """How many numbers are stored for all sites, of M irreps.dim."""
        return sum(self.irreps.count(label) * len(sites) for label, sites in self.sites.items())

    def pack(self, features: Tensor) -> dict[str, Tensor]:
        """x = B v: the coordinates {α: (K, copies)} of features (M, irreps.dim).

        What is no invariant of a site's group is lost: ``unpack(pack(v))`` is P_n v_n.
        """
        parts = isotypic_parts(features, self.irreps)
        return {
            label: torch.einsum("kui,ki->ku", parts[label].index_select(0, sites), self.vectors[label])
            for label, sites in self.sites.items()
        }

    def unpack(self, coordinates: Mapping[str, Tensor]) -> Tensor:
        """v = Bᵀ x: features (M, irreps.dim) from their coordinates {α: (K, copies)}."""
        parts = {}
        for label, sites in self.sites.items():
            terms = coordinates[label][:, :, None] * self.vectors[label][:, None, :]
            parts[label] = terms.new_zeros(self.n_sites, *terms.shape[1:]).index_add(0, sites, terms)
        like = next(iter(parts.values()), torch.empty(0))
        return assemble(parts, self.irreps, like.new_empty(self.n_sites, 0))


def site_invariants(graph: OrbitGraph, irreps: Irreps) -> SiteInvariants:
    """The bases for features of these irreps on this graph, in the precision of the graph.

    Raises:
        ValueError: irreps of another group than the graph's.

    >>> from pymatgen.core import Lattice, Structure
    >>> from equinet import orbit_graph
    >>> perovskite = Structure.from_spacegroup(
    ...     "Pm-3m", Lattice.cubic(3.9), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0]]
    ... )
    >>> irreps = Irreps("Oh", "A1g + Eg + T1u + T2g")
    >>> invariants = site_invariants(orbit_graph(perovskite, 4.0), irreps)
    >>> invariants.dim, 3 * irreps.dim  # of Sr and Ti remains A1g alone, of O one partner of Eg as well
    (4, 27)
    """
    if graph.group is not irreps.group:
        raise ValueError(f"the graph is of {graph.group.name}, the irreps of {irreps!r}; make both with one group")
    weights, which = np.unique(graph.site_weights.cpu().numpy(), axis=0, return_inverse=True)
    sites, vectors = {}, {}
    for label in irreps.labels:
        matrices = matrices_of(irreps.group.real_irreps[label])
        bases = [_invariants(matrices[np.flatnonzero(row)].mean(axis=0)) for row in weights]
        places = [np.full(len(bases[kind]), site) for site, kind in enumerate(which.ravel())]
        found = [bases[kind] for kind in which.ravel()]
        sites[label] = torch.tensor(np.concatenate(places), dtype=torch.int64, device=graph.sites.device)
        vectors[label] = torch.tensor(np.concatenate(found)).to(graph.site_weights)
    return SiteInvariants(irreps, graph.n_sites, sites, vectors)


def matrices_of(irrep: Irrep) -> NDArray[np.float64]:
    """Γ of every rotation to which an orbit graph of its group refers, (|G|, d, d).

    >>> from equinet import O3
    >>> matrices_of(O3(1).real_irreps["1o"]).shape
    (64, 3, 3)
    """
    return irrep.matrix(rotations_of(irrep.group)) if isinstance(irrep, OrthogonalIrrep) else irrep.matrices.real


def _invariants(projector: NDArray[np.float64]) -> NDArray[np.float64]:
    """An orthonormal basis (m, d) of the image of an orthogonal projector (d, d): its columns, Gram–Schmidt."""
    rows: list[NDArray[np.float64]] = []
    for column in projector.T:
        rest = column - sum(row * (row @ column) for row in rows)
        if np.linalg.norm(rest) > 1e-6:
            rows.append(rest / np.linalg.norm(rest))
    assert len(rows) == round(np.trace(projector)), "the rank of a projector is its trace"
    return np.array(rows).reshape(-1, len(projector))
