r"""Band representations: the representation of a space group that orbitals on a Wyckoff position carry.

Functions φ_1a on a site q_1 carry a representation D of its site group S, O(s) φ_1a = Σ_b φ_1b D_ba(s). With one
operation g_α for each site q_α = g_α q_1 of the position in the primitive cell, φ_αa = O(g_α) φ_1a, and the Bloch sums

    ψ_kαa = Σ_n e^{2πi k·n} φ_αa(r − n)      (n: lattice vectors)

carry the representation of the space group that D induces. For h = {W | t} with h q_α = q_β + n,

    O(h) ψ_kαa = e^{−2πi k′·n} Σ_b ψ_k′βb D_ba(g_β⁻¹ {E | −n} h g_α),      k′ = k W⁻¹,

which is periodic in k. (Sums with the phase of the place, e^{2πi k·(n + q_α)}, differ from these by the factors
e^{2πi k·q_α}.) On the site q_α the functions are those of q_1 turned by g_α: its p orbitals may point along other axes.
Restricted to the little group of k the representation is a sum of small representations.

Sources: J. Zak, Phys. Rev. B 26, 3010 (1982); J. Cano et al., Phys. Rev. B 97, 035139 (2018), section II.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.sites import AtomOrbit
from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.exact import read_only
from pointgroups.representations import symmetry_adapted_basis

from .little_groups import LittleGroup, as_little_group, places_in, wave_vector
from .wave_vectors import inverse_rotations
from .wyckoff_positions import WyckoffPosition, wyckoff_position

IntArray = NDArray[np.int64]
Matrices = NDArray[Any]


@dataclass(frozen=True, eq=False)
class BandRepresentation:
    """The representation of a space group induced from one of a site group; made by :func:`band_representation`.

    Attributes:
        position: the sites.
        label: the irrep's label, "" for other representations.
        site_matrices: (|S|, d, d) D, in the order of ``position.site_group.group.rotations``.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> fcc = Lattice([[0, 1.78, 1.78], [1.78, 0, 1.78], [1.78, 1.78, 0]])
        >>> diamond = crystal_symmetry(Structure(fcc, ["C", "C"], [[1 / 8] * 3, [-1 / 8] * 3]))
        >>> s_bands = band_representation(diamond, 0, "A1")
        >>> s_bands
        <BandRepresentation A1 of Td at 2 sites, 2 bands>
        >>> s_bands.decompose("Γ"), s_bands.decompose("X"), s_bands.decompose("L")
        ({'A1g': 1, 'A2u': 1}, {'X1': 1}, {'A1g': 1, 'A2u': 1})
    """

    position: WyckoffPosition
    label: str
    site_matrices: Matrices

    @property
    def dim(self) -> int:
        """The number of bands, m d."""
        return len(self.position) * int(self.site_matrices.shape[-1])

    def matrix(self, operation: int, k: ArrayLike | str | LittleGroup) -> NDArray[np.complex128]:
        """ρ_k(h) (m d, m d): O(h) ψ_kj = Σ_i ψ_k′i ρ_ij, site outside and component inside, k′ = k W⁻¹.

        k may be any wave vector, also one that h does not keep.

        Args:
            operation: the index of h in ``crystal.operations``.
            k: the wave vector.

        Raises:
            ValueError: no such operation, or no wave vector.
        """
        crystal, position = self.position.crystal, self.position
        if not 0 <= operation < len(crystal.operations):
            raise ValueError(f"operations are numbered 0 to {len(crystal.operations) - 1}, not {operation}")
        turned = wave_vector(crystal, k) @ inverse_rotations(crystal.operations.lattice_rotations[operation])
        targets, shifts = (array[operation] for array in position.images)
        group = crystal.group
        through = group.product[crystal.operations.elements[operation], position.elements]
        site_elements = group.product[group.inverse[position.elements[targets]], through]
        m, d = len(position), self.site_matrices.shape[-1]
        rho = np.zeros((m, d, m, d), dtype=np.complex128)
        phases = np.exp(-2j * np.pi * shifts @ turned)[:, None, None]
        rho[targets, :, np.arange(m)] = phases * self.site_matrices[self._places[site_elements]]
        return rho.reshape(m * d, m * d)

    def characters(self, k: ArrayLike | str | LittleGroup) -> NDArray[np.complex128]:
        """(n,) the traces of ρ_k on the operations of the little group of k, as :class:`LittleGroup` lists them."""
        little = as_little_group(self.position.crystal, k)
        return np.array([np.trace(self.matrix(h, little)) for h in little.operations])

    def decompose(self, k: ArrayLike | str | LittleGroup) -> dict[str, int]:
        """How often each small representation at k occurs; labels as in :func:`little_group`."""
        little = as_little_group(self.position.crystal, k)
        return little.decompose(self.characters(little))

    @cached_property
    def _places(self) -> IntArray:
        """(|G|,) where in ``site_matrices`` an element of the class stands, −1 outside of the site group."""
        site, group = self.position.site_group, self.position.crystal.group
        places = np.full(group.order, -1)
        places[site.elements] = places_in(site.group, group, site.elements)
        return places

    def __repr__(self) -> str:
        site = self.position.site_group.group.schoenflies
        what = self.label or f"representation of dimension {self.site_matrices.shape[-1]}"
        return f"<BandRepresentation {what} of {site} at {len(self.position)} sites, {self.dim} bands>"


def band_representation(
    crystal: CrystalSymmetry, site: int | ArrayLike | AtomOrbit | WyckoffPosition, irrep: str | ArrayLike
) -> BandRepresentation:
    """Induce a representation of the space group from one of the site group of a site.

    Args:
        crystal: the crystal, in any cell; the bands are those of its primitive cell.
        site: an atom by its index, or whatever :func:`wyckoff_position` takes.
        irrep: the label of an irrep over ℂ of the site group, or unitary matrices (|S|, d, d) of any representation, in
            the order of ``site_group.group.rotations``: ``wigner_d_real(l, rotations)`` for orbitals of degree l.

    Raises:
        UnknownIrrepError: no such label.
        ValueError: no such site, or no unitary representation of the site group.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry, wigner_d_real
        >>> perovskite = crystal_symmetry(Structure.from_spacegroup(
        ...     "Pm-3m", Lattice.cubic(3.9), ["Ti", "Sr", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0, 0]]
        ... ))
        >>> rotations = perovskite.site_groups[0].group.rotations
        >>> d_bands = band_representation(perovskite, 0, wigner_d_real(2, rotations))
        >>> d_bands.decompose("Γ"), d_bands.decompose("X")
        ({'Eg': 1, 'T2g': 1}, {'A1g': 1, 'B1g': 1, 'B2g': 1, 'Eg': 1})
    """
    position = site if isinstance(site, WyckoffPosition) else wyckoff_position(crystal, site)
    group = position.site_group.group
    if isinstance(irrep, str):
        return BandRepresentation(position, irrep, group.irreps[irrep].matrices)
    matrices = np.asarray(irrep)
    symmetry_adapted_basis(group, matrices, field="C")  # refuses what is no unitary representation
    return BandRepresentation(position, "", read_only(matrices.copy()))
