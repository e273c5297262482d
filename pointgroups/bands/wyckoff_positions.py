"""Wyckoff positions: the places that a space group makes of one, with or without an atom on them.

A place q has the site group S of the operations that keep it. Modulo lattice vectors of the primitive lattice the space
group makes |G|/|S| places of it, G the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.sites import AtomOrbit, SiteGroup
from pointgroups.crystals.structures import CrystalSymmetryError
from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.exact import read_only

from .little_groups import one_operation_an_element
from .wave_vectors import centrings

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SAME_PLACE = 1e-5  # positions, exact to rounding, in fractions of the cell


@dataclass(frozen=True, eq=False)
class WyckoffPosition:
    """The places that a space group makes of one; made by :func:`wyckoff_position`. Arrays are read-only.

    Attributes:
        crystal: the crystal.
        positions: (m, 3) fractional coordinates, one for each place in the primitive cell; the first is the given one.
        elements: (m,) index in ``crystal.group.rotations`` of the rotation of an operation that takes the first place
            to each.
        site_group: of the first place.
        wyckoff: the letter that spglib gives the atoms there, "" where no atom is.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]])
        >>> hole = wyckoff_position(crystal_symmetry(salt), [0.25, 0.25, 0.25])
        >>> hole.positions.tolist(), hole.site_group.group.schoenflies, hole.is_maximal
        ([[0.25, 0.25, 0.25], [0.25, 0.75, 0.25]], 'Td', True)
    """

    crystal: CrystalSymmetry
    positions: FloatArray
    elements: IntArray
    site_group: SiteGroup
    wyckoff: str

    def __len__(self) -> int:
        return len(self.positions)

    @cached_property
    def is_maximal(self) -> bool:
        """Whether no other place has a site group that contains this one's.

        The places that S fixes are q + V. A larger site group fixes one of them, and has an operation {W | t} that
        moves V but solves (W − 1) v = −(W − 1) q − t − n for some v ∈ V and lattice vector n.
        """
        operations = self.crystal.operations
        fixing = operations.lattice_rotations[self.site_group.operations].sum(axis=0)  # |S| times the projector on V
        for k in one_operation_an_element(self.crystal):
            moves = operations.lattice_rotations[k] - np.eye(3, dtype=np.int64)
            offsets = moves @ self.positions[0] + operations.translations[k] + centrings(self.crystal)
            if _reaches_lattice(moves @ fixing, offsets):
                return False
        return True

    @cached_property
    def images(self) -> tuple[IntArray, FloatArray]:
        """β (n_ops, m) and lattice vectors n (n_ops, m, 3) with h q_α = q_β + n, for all operations h of the cell."""
        moved = self.crystal.operations.images(self.positions)
        found = [_found_among(self.crystal, places, self.positions) for places in moved]
        return read_only(np.array([targets for targets, _ in found])), read_only(np.array([n for _, n in found]))


def wyckoff_position(crystal: CrystalSymmetry, site: int | ArrayLike | AtomOrbit) -> WyckoffPosition:
    """The places in the primitive cell that are equivalent to a site, and the site group.

    Args:
        crystal: the crystal, in any cell.
        site: an atom by its index, an orbit of atoms, or fractional coordinates (3,) of any place in the cell, which
            are taken for the exact place that lies nearer than ``crystal.symprec``.

    Raises:
        ValueError: no such atom, or no coordinates.
        CrystalSymmetryError: the operations that nearly fix the place have no common fixed point there.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> fcc = Lattice([[0, 1.78, 1.78], [1.78, 0, 1.78], [1.78, 1.78, 0]])
        >>> diamond = crystal_symmetry(Structure(fcc, ["C", "C"], [[1 / 8] * 3, [-1 / 8] * 3]))
        >>> [(len(p), p.site_group.group.schoenflies) for p in (wyckoff_position(diamond, s) for s in (0, [0, 0, 0]))]
        [(2, 'Td'), (4, 'D3d')]
    """
    letter = ""
    if isinstance(site, AtomOrbit):
        site = site.representative
    if isinstance(site, int | np.integer):
        if not 0 <= site < len(crystal.frac_coords):
            raise ValueError(f"atoms are numbered 0 to {len(crystal.frac_coords) - 1}, not {site}")
        letter = crystal.wyckoff[site]
        place = crystal.frac_coords[site]
    else:
        place = np.asarray(site)
        if place.shape != (3,) or place.dtype.kind not in "iuf" or not np.isfinite(place).all():
            raise ValueError(f"a site is the index of an atom or three fractional coordinates, not {site!r}")
    place, operations = _exact_place(crystal, place.astype(np.float64))
    positions, cosets = _orbit(crystal, place)
    return WyckoffPosition(
        crystal=crystal,
        positions=read_only(positions),
        elements=read_only(cosets),
        site_group=_site_group(crystal, operations),
        wyckoff=letter,
    )


def site_group_at(crystal: CrystalSymmetry, place: FloatArray) -> SiteGroup:
    """The site group of an exact place."""
    return _site_group(crystal, _fixing(crystal, place, _SAME_PLACE)[0])


def _site_group(crystal: CrystalSymmetry, operations: IntArray) -> SiteGroup:
    elements = crystal.operations.elements[operations]
    order = np.argsort(elements)
    return SiteGroup(crystal.group, read_only(elements[order]), read_only(operations[order]))


def _exact_place(crystal: CrystalSymmetry, place: FloatArray) -> tuple[FloatArray, IntArray]:
    """The mean of the images of a place that lie on it, and the operations that make them."""
    fixing, off = _fixing(crystal, place, crystal.symprec)
    exact = place + np.mean(off[fixing], axis=0)
    again, _ = _fixing(crystal, exact, _SAME_PLACE)
    if not np.array_equal(again, fixing):
        raise CrystalSymmetryError(
            f"{place.tolist()} lies within symprec = {crystal.symprec:g} Å of places with different site groups; "
            "give its coordinates in full"
        )
    return exact, fixing


def _fixing(crystal: CrystalSymmetry, place: FloatArray, tolerance: float) -> tuple[IntArray, FloatArray]:
    off = crystal.operations.images(place[None])[:, 0] - place
    off -= np.rint(off)
    return np.flatnonzero(np.linalg.norm(off @ crystal.lattice, axis=1) < tolerance), off


def _orbit(crystal: CrystalSymmetry, place: FloatArray) -> tuple[FloatArray, IntArray]:
    """The images of a place that differ by more than a lattice vector, and the elements that make them first."""
    images = crystal.operations.images(place[None])[one_operation_an_element(crystal), 0]
    images -= np.floor(images + _SAME_PLACE)
    images[0] = place
    kept = [0]
    for element in range(1, len(images)):
        if not _differences(crystal, images[element, None], images[kept])[0].any():
            kept.append(element)
    return images[kept], np.array(kept, dtype=np.int64)


def _differences(crystal: CrystalSymmetry, left: FloatArray, right: FloatArray) -> tuple[NDArray[np.bool_], FloatArray]:
    """Which of left (l, 3) − right (r, 3) are lattice vectors of the primitive lattice, and these (l, r, 3)."""
    apart = left[:, None] - right
    translations = centrings(crystal)
    rest = apart[:, :, None] - translations
    whole = np.rint(rest)
    close = np.abs(rest - whole).max(axis=3) < _SAME_PLACE  # (l, r, n)
    vectors = whole + translations
    return close.any(axis=2), np.take_along_axis(vectors, close.argmax(axis=2)[:, :, None, None], axis=2)[:, :, 0]


def _found_among(crystal: CrystalSymmetry, places: FloatArray, positions: FloatArray) -> tuple[IntArray, FloatArray]:
    same, vectors = _differences(crystal, places, positions)
    targets = same.argmax(axis=1)
    return targets, vectors[np.arange(len(places)), targets]


def _reaches_lattice(matrix: IntArray, offsets: FloatArray) -> bool:
    """Whether M v + b is an integer vector for some v ∈ ℝ³ and one of the offsets b (n, 3); False for M = 0.

    The integer vectors normal to the image of M that generate all such ones: the vectors u × e_i for an image along the
    primitive integer vector u, one primitive normal for a plane. Their products with b must be integers.
    """
    columns = matrix.T[np.any(matrix.T != 0, axis=1)]
    if not len(columns):
        return False
    rank = int(np.linalg.matrix_rank(matrix))
    if rank == 3:
        return True
    if rank == 1:
        products = np.cross(_primitive(columns[0]), offsets)
    else:
        crosses = np.cross(columns[:, None], columns).reshape(-1, 3)
        products = offsets @ _primitive(crosses[np.abs(crosses).sum(axis=1).argmax()])[:, None]
    return bool((np.abs(products - np.rint(products)).max(axis=1) < _SAME_PLACE).any())


def _primitive(vector: IntArray) -> IntArray:
    return np.asarray(vector // np.gcd.reduce(vector))
