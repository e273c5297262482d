"""Elementary band representations: those that are no sum of others.

A band representation ρ↑𝒢 is a sum of others unless ρ is an irrep of a *maximal* site group S, one that no other place's
site group contains. That is not yet enough. Let a line lead from the place q to q′ with the site group S′, and let
S₀ = S ∩ S′ be the site group of its points. If ρ = σ↑S for an irrep σ of S₀, then

    ρ↑𝒢 = σ↑𝒢 = (σ↑S′)↑𝒢,

a sum of several band representations where σ↑S′ is reducible. ρ has dimension 2 or 3, so S₀ has index 2 or 3 in S and
is all of S that keeps the direction of the line: a rotation axis, with or without mirror planes through it.

Sources: H. Bacry, L. Michel and J. Zak, Lect. Notes Phys. 313, 289 (1988); B. Bradlyn et al., Nature 547, 298 (2017),
with its supplement; J. Cano et al., Phys. Rev. B 97, 035139 (2018), section III.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.sites import AtomOrbit, SiteGroup
from pointgroups.crystals.symmetry import CrystalSymmetry

from .band_representations import BandRepresentation, band_representation
from .little_groups import one_operation_an_element, places_in
from .wave_vectors import centrings
from .wyckoff_positions import WyckoffPosition, site_group_at, wyckoff_position

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SAME = 1e-5  # in fractions of the cell


def elementary_band_representations(
    crystal: CrystalSymmetry, site: int | ArrayLike | AtomOrbit | WyckoffPosition
) -> tuple[BandRepresentation, ...]:
    """The elementary band representations of a Wyckoff position, without spin or time reversal, in table order.

    They are induced from the irreps over ℂ of its site group, without the few that are sums of band representations of
    another position.

    Raises:
        ValueError: the site group is not maximal: its band representations are those of a larger one, or sums of them.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> zincblende = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0] * 3, [0.25] * 3])
        >>> {bands.label: bands.decompose("X") for bands in elementary_band_representations(
        ...     crystal_symmetry(zincblende), 0)}["T2"]
        {'B2': 1, 'E': 1}
    """
    position = site if isinstance(site, WyckoffPosition) else wyckoff_position(crystal, site)
    group = position.site_group.group
    if not position.is_maximal:
        raise ValueError(
            f"the site group {group.schoenflies} of {position.positions[0].round(6).tolist()} is part of a larger one "
            "nearby, so what it induces is not elementary; use band_representation, or a site of that larger group"
        )
    composite = set(_composite_irreps(position))
    return tuple(band_representation(crystal, position, label) for label in group.irreps if label not in composite)


def _composite_irreps(position: WyckoffPosition) -> Iterator[str]:
    """The irreps of a maximal site group that induce a sum of band representations of another position."""
    crystal, site = position.crystal, position.site_group
    rho = {label: chi for label, chi in _characters(site).items() if chi[0].real > 1.5}
    if not rho:
        return
    for axis in _axes(crystal.operations.lattice_rotations[site.operations]):
        keeping = np.all(crystal.operations.lattice_rotations[site.operations] @ axis == axis, axis=1)
        line = SiteGroup(crystal.group, site.elements[keeping], site.operations[keeping])
        index = len(site) // len(line)
        if index not in (2, 3):
            continue
        for place in _places_on(position, axis):
            others = _characters(site_group_at(crystal, place)).values()
            for sigma in _characters(line).values():
                if sum(_multiplicity(sigma, tau, line) ** 2 for tau in others) > 1:  # σ↑S′ is reducible
                    yield from (
                        label
                        for label, chi in rho.items()
                        if _multiplicity(sigma, chi, line) and round(chi[0].real) == index * round(sigma[0].real)
                    )


def _characters(site: SiteGroup) -> dict[str, NDArray[np.complex128]]:
    """For each irrep of a site group its character on the elements of the class, (|G|,), 0 outside of the group."""
    group = site.group
    places = places_in(group, site.crystal_group, site.elements)
    found = {}
    for label, irrep in group.irreps.items():
        found[label] = np.zeros(site.crystal_group.order, dtype=np.complex128)
        found[label][site.elements] = irrep.characters[places]
    return found


def _multiplicity(sigma: NDArray[np.complex128], tau: NDArray[np.complex128], line: SiteGroup) -> int:
    """How often σ occurs in τ↓S₀, or τ in σ induced from S₀."""
    return round(float(np.vdot(sigma[line.elements], tau[line.elements]).real) / len(line))


def _axes(rotations: IntArray) -> list[IntArray]:
    """The primitive lattice vectors along the rotation axes of a group, one of each pair ±u."""
    found: dict[tuple[int, ...], IntArray] = {}
    for rotation in rotations:
        proper = rotation * round(float(np.linalg.det(rotation)))
        order = next(n for n in (1, 2, 3, 4, 6) if (np.linalg.matrix_power(proper, n) == np.eye(3)).all())
        if order == 1:
            continue
        projector = np.sum([np.linalg.matrix_power(proper, n) for n in range(order)], axis=0)  # n times that on it
        column = projector[:, np.abs(projector).sum(axis=0).argmax()]
        axis = column // np.gcd.reduce(column)
        axis = axis * np.sign(axis[np.flatnonzero(axis)[0]])
        found[tuple(axis.tolist())] = axis
    return list(found.values())


def _places_on(position: WyckoffPosition, axis: IntArray) -> Iterator[FloatArray]:
    """The places q + s u, 0 < s < 1, that an operation which does not keep the line through q along u fixes.

    (W − 1) u s + (W − 1) q + t must be a lattice vector; its component along which (W − 1) u is largest gives s.
    """
    crystal, start = position.crystal, position.positions[0]
    operations = crystal.operations
    steps: dict[float, float] = {}
    for k in one_operation_an_element(crystal):
        moves = operations.lattice_rotations[k] - np.eye(3, dtype=np.int64)
        slope = moves @ axis
        lead = int(np.abs(slope).argmax())
        if not slope[lead]:
            continue
        for offset in moves @ start + operations.translations[k] + centrings(crystal):
            s = (np.arange(abs(slope[lead])) - offset[lead]) / slope[lead]
            images = s[:, None] * slope + offset
            whole = np.abs(images - np.rint(images)).max(axis=1) < _SAME
            inside = (s[whole] + _SAME) % 1 - _SAME
            steps.update(zip(np.round(inside, 4).tolist(), inside.tolist(), strict=True))
    yield from (start + s * axis for s in steps.values() if s > _SAME)
