r"""Orbits of atoms and of bonds: the part of a crystal from which its symmetry makes the rest.

The operation g of the space group takes atom n to g n; a feature field is equivariant when f(g n) = D(g) f(n).
Of each orbit of atoms one representative n is kept, a *site*. Its site group S_n fixes n, hence

    f(n) = P_n f(n) ,   P_n = (1/|S_n|) Σ_{s∈S_n} D(s) ,        f(b) = D(g_b) f(n) for every atom b = g_b n .

A sum over the bonds e of n, whose terms satisfy M(s e) = D(s) M(e), is a sum over their orbits under S_n,

    Σ_e M(e) = Σ_{e₀} (|S_n| / |stab e₀|) P_n M(e₀) ,

and a mean over the N atoms of a cell is Σ_n (|orbit of n|/N) P_P f(n), where P is the class. D is a representation of
the network's group G ⊇ P, so that crystals of several classes go through one network: Oh, D6h, or O(3) for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from equinet.groups import Group, NumberedGroup, as_group, nearest_elements
from pointgroups import CrystalSymmetry, PointGroup, point_group

from .bonds import atomic_numbers, axes_of_graph, in_complete_shells, search_radius
from .crystal_graph import full_symmetry

if TYPE_CHECKING:
    from pymatgen.core import Structure


@dataclass(frozen=True, eq=False)
class OrbitGraph:
    """Sites n, one a orbit of atoms, and bonds e₀, one an orbit; features on it are (M, dim), one row a site.

    Made by :func:`orbit_graph` and :func:`collate_orbits`. The A atoms are those of the primitive cell, the M sites
    first among them.

    Attributes:
        group: G, a point group, O(3) or SO(3), in whose axes the vectors are.
        atomic_numbers: (M,) int64, of the sites.
        edge_index: (2, E) int64; row 0 the neighbour b (0 … A − 1), row 1 the site n (0 … M − 1).
        edge_vectors: (E, 3) r_b − r_n in Å.
        edge_weights: (E,) |S_n| / |stab e₀|, the bonds in the orbit around n.
        sites: (A,) int64, the site in whose orbit an atom is.
        elements: (A,) int64, g_b as an index of ``rotations_of(group)``; the identity for the sites themselves.
        site_weights: (M, |G|) 1/|S_n| at the elements of S_n, else 0.
        class_weights: (n_graphs, |G|) 1/|P| at the elements of the crystal's class, else 0.
        shares: (M,) |orbit of n| / N.
        batch: (M,) int64, which crystal a site belongs to.
        n_graphs: how many crystals.
        frames: (n_graphs, 3, 3) from the user's axes to those of the graph, r_graph = frame @ r_user.
        given_atoms: for each atom of the given cells, one after another, which of the A atoms it is.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
        >>> graph = orbit_graph(salt, cutoff=4.0)  # six nearest and twelve second neighbours
        >>> graph.atomic_numbers.tolist(), graph.edge_index.tolist(), graph.edge_weights.tolist()
        ([11, 17], [[1, 0, 0, 1], [0, 0, 1, 1]], [6.0, 12.0, 6.0, 12.0])
    """

    group: Group
    atomic_numbers: Tensor
    edge_index: Tensor
    edge_vectors: Tensor
    edge_weights: Tensor
    sites: Tensor
    elements: Tensor
    site_weights: Tensor
    class_weights: Tensor
    shares: Tensor
    batch: Tensor
    n_graphs: int
    frames: Tensor
    given_atoms: Tensor

    @property
    def n_sites(self) -> int:
        """M."""
        return self.atomic_numbers.shape[0]

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> OrbitGraph:
        """The same graph on another device, or with vectors, weights and frames of another precision."""
        indices = ("atomic_numbers", "edge_index", "sites", "elements", "batch", "given_atoms")
        moved = {name: getattr(self, name).to(device=device) for name in indices}
        for name in ("edge_vectors", "edge_weights", "site_weights", "class_weights", "shares", "frames"):
            moved[name] = getattr(self, name).to(device=device, dtype=dtype)
        return replace(self, **moved)


def orbit_graph(
    crystal: Structure | CrystalSymmetry,
    cutoff: float,
    group: Group | str | int | None = None,
    dtype: torch.dtype = torch.float32,
    *,
    max_neighbors: int | None = None,
    symprec: float = 0.01,
) -> OrbitGraph:
    """The orbits of atoms of a crystal, and of the bonds of :func:`~equinet.crystal_graph`.

    Args:
        crystal, cutoff, dtype, max_neighbors, symprec: those of ``crystal_graph``.
        group: the network's group G; None: the class of the crystal.

    Raises:
        ValueError: what ``crystal_graph`` refuses, and a class that is no subgroup of the group in its standard axes.

    >>> from pymatgen.core import Lattice, Structure
    >>> blende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
    >>> graph = orbit_graph(blende, 4.0, "Oh")
    >>> graph.n_sites, graph.edge_weights.tolist(), graph.site_weights.count_nonzero(dim=1).tolist()
    (2, [4.0, 12.0, 4.0, 12.0], [24, 24])
    """
    symmetry = crystal if isinstance(crystal, CrystalSymmetry) else full_symmetry(crystal, symprec)
    network = symmetry.group if group is None else as_group(group)
    place = _places_in(symmetry.group, network)
    orbits, permutations = symmetry.orbits, symmetry.permutations
    representatives = np.array([orbit.representative for orbit in orbits])
    first = permutations[symmetry.operations.elements == 0].min(axis=0)  # one atom for all its translates
    atoms = np.concatenate([representatives, np.setdiff1d(first, representatives)])
    number = np.full(len(first), -1)
    number[atoms] = np.arange(len(atoms))
    site = np.full(len(first), -1)
    for k, orbit in enumerate(orbits):
        site[list(orbit.atoms)] = k
    operation = (permutations[:, representatives[site[atoms]]] == atoms).argmax(axis=0)
    elements = place[symmetry.operations.elements[operation]]
    elements[: len(orbits)] = 0
    site_weights = np.zeros((len(orbits), len(rotations_of(network))))
    for k, orbit in enumerate(orbits):
        site_weights[k, place[orbit.site_group.elements]] = 1 / len(orbit.site_group)
    class_weights = np.zeros((1, len(rotations_of(network))))
    class_weights[0, place] = 1 / len(place)

    bonds = symmetry.bond_orbits(search_radius(cutoff, max_neighbors))
    around = np.arange(len(bonds)).repeat(bonds.multiplicities)
    keep = np.zeros(len(bonds), dtype=bool)
    keep[around] = in_complete_shells(bonds.centers[around], bonds.lengths[around], cutoff, max_neighbors)
    ends = np.stack([number[first[bonds.neighbors[keep]]], site[bonds.centers[keep]]])
    sizes = np.array([len(orbit.atoms) for orbit in orbits])
    return OrbitGraph(
        group=network,
        atomic_numbers=torch.from_numpy(atomic_numbers(symmetry)[representatives]),
        edge_index=torch.from_numpy(ends),
        edge_vectors=torch.tensor(symmetry.handedness * bonds.vectors[keep], dtype=dtype),
        edge_weights=torch.tensor(bonds.multiplicities[keep], dtype=dtype),
        sites=torch.from_numpy(site[atoms]),
        elements=torch.from_numpy(elements),
        site_weights=torch.tensor(site_weights, dtype=dtype),
        class_weights=torch.tensor(class_weights, dtype=dtype),
        shares=torch.tensor(sizes / sizes.sum(), dtype=dtype),
        batch=torch.zeros(len(orbits), dtype=torch.int64),
        n_graphs=1,
        frames=torch.tensor(axes_of_graph(symmetry), dtype=dtype)[None],
        given_atoms=torch.from_numpy(number[first]),
    )


def collate_orbits(graphs: Sequence[OrbitGraph]) -> OrbitGraph:
    """Several graphs of one group as one, side by side; the classes of the crystals may differ.

    Raises:
        ValueError: no graph at all, or graphs of different groups.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
        >>> blende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
        >>> batch = collate_orbits([orbit_graph(crystal, 3.0, "Oh") for crystal in (salt, blende)])
        >>> batch.batch.tolist(), batch.edge_index.tolist()
        ([0, 0, 1, 1], [[1, 0, 3, 2], [0, 1, 2, 3]])
    """
    if not graphs:
        raise ValueError("there is no graph to collate; give at least one")
    groups = dict.fromkeys(graph.group for graph in graphs)
    if len(groups) > 1:
        names = ", ".join(group.name for group in groups)
        raise ValueError(
            f"the graphs are of different groups ({names}); make all of them with one group of the network"
        )
    sites = np.cumsum([0] + [graph.n_sites for graph in graphs]).tolist()
    others = np.cumsum([sites[-1]] + [len(graph.sites) - graph.n_sites for graph in graphs]).tolist()
    crystals = np.cumsum([0] + [graph.n_graphs for graph in graphs]).tolist()
    moved = []
    for graph, site, other, crystal in zip(graphs, sites[:-1], others[:-1], crystals[:-1], strict=True):
        numbers = torch.arange(len(graph.sites), device=graph.sites.device)
        numbers = torch.where(numbers < graph.n_sites, numbers + site, numbers - graph.n_sites + other)
        moved.append(
            replace(
                graph,
                edge_index=torch.stack([numbers[graph.edge_index[0]], graph.edge_index[1] + site]),
                sites=graph.sites + site,
                batch=graph.batch + crystal,
                given_atoms=numbers[graph.given_atoms],
            )
        )

    def joined(name: str) -> Tensor:
        return torch.cat([getattr(graph, name) for graph in moved], dim=-1 if name == "edge_index" else 0)

    def sites_first(name: str) -> Tensor:
        pieces = [getattr(graph, name).tensor_split([graph.n_sites]) for graph in moved]
        return torch.cat([own for own, _ in pieces] + [images for _, images in pieces])

    whole = ("atomic_numbers", "edge_index", "batch", "given_atoms")
    real = ("edge_vectors", "edge_weights", "site_weights", "class_weights", "shares", "frames")
    tensors = {name: joined(name) for name in (*whole, *real)}
    tensors |= {name: sites_first(name) for name in ("sites", "elements")}
    return OrbitGraph(group=graphs[0].group, n_graphs=crystals[-1], **tensors)


@lru_cache(maxsize=64)
def rotations_of(group: Group) -> NDArray[np.float64]:
    """(|G|, 3, 3) the elements to which an orbit graph refers by number.

    Those of a point group; of O(3) and SO(3) those that occur in the 32 classes in their standard axes, which are the
    elements of Oh and of D6h.

    >>> from equinet import O3, SO3
    >>> len(rotations_of(O3(2))), len(rotations_of(SO3(2))), len(rotations_of(point_group("Td")))
    (64, 32, 24)
    """
    if isinstance(group, NumberedGroup):
        return group.rotations
    cubic, hexagonal = point_group("Oh").rotations, point_group("D6h").rotations
    _, distances = nearest_elements(hexagonal, cubic)
    rotations = np.concatenate([cubic, hexagonal[distances > 1e-6]])
    if all(irrep.parity == 0 for irrep in group.real_irreps.values()):
        rotations = rotations[np.linalg.det(rotations) > 0]
    rotations.flags.writeable = False
    return rotations


@lru_cache(maxsize=256)
def _places_in(subgroup: PointGroup, group: Group) -> NDArray[np.int64]:
    """Where the elements of a subgroup stand among those of the group, (|P|,)."""
    places, distances = nearest_elements(subgroup.rotations, rotations_of(group))
    if (distances > 1e-6).any():
        raise ValueError(
            f"the crystal's class {subgroup.name} is no subgroup of {group.name} in the standard axes; name a group"
            f" that holds it: {subgroup.name}, O3(l_max), Oh for cubic or D6h for hexagonal classes and their subgroups"
        )
    return places
