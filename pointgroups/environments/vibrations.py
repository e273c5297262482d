r"""Vibrations at the zone centre: which irreps the displacements of a crystal's atoms contain, and patterns for each.

At wave vector zero, atoms that differ by a lattice translation move alike, so displacements are vectors u_i, one for
each of the N atoms of the primitive cell. With R_g the rotation of an operation that takes atom i to atom p(i),

    (O(g) u)_{p(i)} = R_g u_i,     χ(g) = (number of atoms that g leaves in place) · tr R_g,

which is a representation of the class G of dimension 3N, whatever translations belong to the g. Each orbit of atoms
contributes the representation that is induced from the vectors of its site group. Of the 3N modes, 3 are acoustic:
uniform displacements, which transform as a vector V. A mode is active

- in infrared absorption, if its irrep occurs in V (an electric dipole),
- in Raman scattering, if it occurs in the symmetric square [V²] (the polarisability),
- in hyper-Raman scattering, if it occurs in [V³] (the hyperpolarisability, far from resonance),

and silent if neither in the infrared nor in the Raman spectrum.

Irreps are over ℝ, as physics needs them: the pair ¹E, ²E of complex conjugates has one frequency and is one E.

Sources: A. A. Maradudin and S. H. Vosko, Rev. Mod. Phys. 40, 1 (1968); D. L. Rousseau, R. P. Bauman and S. P. S. Porto,
J. Raman Spectrosc. 10, 253 (1981); S. J. Cyvin, J. E. Rauch and J. C. Decius, J. Chem. Phys. 43, 4083 (1965)
(hyper-Raman).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.adapted_basis import AdaptedLabel
from pointgroups.crystals.conventional_axes import conventional_frame
from pointgroups.crystals.sites import AtomOrbit
from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.exact import read_only
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.projection import independent_copies, squared_norm
from pointgroups.representations import symmetry_adapted_basis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class OrbitModes:
    """What the displacements of one orbit of atoms contain.

    Attributes:
        orbit: the orbit, as in ``symmetry.orbits``.
        n_primitive: how many of its atoms there are in the primitive cell.
        irreps: irrep over ℝ → multiplicity; the dimensions add up to 3 · ``n_primitive``.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> fluorite = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.46), ["Ca", "F"], [[0] * 3, [0.25] * 3])
        >>> for part in zone_center_modes(crystal_symmetry(fluorite)).orbits:
        ...     print(part.orbit.wyckoff, part.n_primitive, part.irreps)
        a 1 {'T1u': 1}
        c 2 {'T2g': 1, 'T1u': 1}
    """

    orbit: AtomOrbit
    n_primitive: int
    irreps: dict[str, int]


@dataclass(frozen=True, eq=False)
class ZoneCenterModes:
    """The vibrations of a crystal at the zone centre by symmetry; made by :func:`zone_center_modes`.

    Attributes:
        symmetry: the crystal.
        frame: (3, 3) rotation from the user's axes to the standard axes in which the irreps are named.
        permutations: (|G|, N) where one operation with each rotation of the class takes the atoms of the primitive
            cell, in the order of ``group.rotations`` in these axes.
        primitive: (n_atoms,) which atom of the primitive cell each given atom is a translate of, 0 … N − 1.
        orbits: the orbits of atoms with their contributions, in the order of ``symmetry.orbits``.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> rutile = Structure.from_spacegroup(
        ...     "P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]
        ... )
        >>> modes = zone_center_modes(crystal_symmetry(rutile))
        >>> modes.acoustic, modes.raman
        ({'A2u': 1, 'Eu': 1}, {'A1g': 1, 'B1g': 1, 'B2g': 1, 'Eg': 1})
        >>> modes.infrared, modes.silent
        ({'A2u': 1, 'Eu': 3}, {'A2g': 1, 'B1u': 2})
        >>> modes.displacements().shape
        (18, 6, 3)
    """

    symmetry: CrystalSymmetry
    frame: FloatArray
    permutations: IntArray
    primitive: IntArray
    orbits: tuple[OrbitModes, ...]

    @property
    def group(self) -> PointGroup:
        """The crystal class."""
        return self.symmetry.group

    @property
    def n_primitive(self) -> int:
        """N, the number of atoms in the primitive cell."""
        return int(self.permutations.shape[1])

    # -- counts, irrep over ℝ → multiplicity --------------------------------------------------------------------

    @cached_property
    def character(self) -> FloatArray:
        """χ(g) of all 3N displacements, (|G|,); the group's ``decompose_character`` counts irreps over ℂ as well."""
        return read_only(_character(self.group, self.permutations, np.arange(self.n_primitive)))

    @property
    def total(self) -> dict[str, int]:
        """All 3N displacements."""
        return self.group.decompose_character(self.character, "R")

    @property
    def acoustic(self) -> dict[str, int]:
        """The three uniform displacements, which transform as a vector."""
        return self.group.subduce(1, -1)

    @property
    def optic(self) -> dict[str, int]:
        """All others."""
        rest = Counter(self.total)
        rest.subtract(self.acoustic)
        return {label: n for label, n in rest.items() if n}

    @property
    def infrared(self) -> dict[str, int]:
        """Optic modes with an electric dipole, V."""
        return self._active((1, -1))

    @property
    def raman(self) -> dict[str, int]:
        """Optic modes that change the polarisability, [V²]."""
        return self._active((0, 1), (2, 1))

    @property
    def hyper_raman(self) -> dict[str, int]:
        """Optic modes that change the hyperpolarisability, [V³]."""
        return self._active((1, -1), (3, -1))

    @property
    def silent(self) -> dict[str, int]:
        """Optic modes in neither the infrared nor the Raman spectrum."""
        return {label: n for label, n in self.optic.items() if label not in self.infrared | self.raman}

    def _active(self, *parts: tuple[int, int]) -> dict[str, int]:
        """The optic modes whose irreps occur in a sum of O(3) irreps (ℓ, parity)."""
        allowed = {label for degree, parity in parts for label in self.group.subduce(degree, parity)}
        return {label: n for label, n in self.optic.items() if label in allowed}

    # -- patterns -----------------------------------------------------------------------------------------------

    @cached_property
    def labels(self) -> tuple[AdaptedLabel, ...]:
        """(irrep, copy, component) of each of the 3N modes: irreps in table order, acoustic copies first in each."""
        return tuple(
            AdaptedLabel(label, copy + 1, component + 1)
            for label, n in self.total.items()
            for copy in range(n)
            for component in range(self.group.real_irreps[label].dim)
        )

    @cached_property
    def is_acoustic(self) -> BoolArray:
        """(3N,) whether each mode is one of the three uniform displacements."""
        return read_only(np.array([label.copy <= self.acoustic.get(label.irrep, 0) for label in self.labels]))

    def displacements(self, mass_weighted: bool = False) -> FloatArray:
        r"""Orthonormal patterns (3N, n_atoms, 3) on the given atoms, in the user's axes, in the order of ``labels``.

        Σ_i v_m(i)·v_n(i) = δ_mn over the n_atoms atoms of the given cell, and every operation (W_k | t_k) of the
        crystal acts on the copies by the matrices Γ of their irrep, R_k v_j(i) at atom p_k(i) being Σ_l v_l Γ_lj. The
        component indices are those of the irreps' bases in the axes of ``frame``.

        Args:
            mass_weighted: give patterns of √M_i u_i, the coordinates of the dynamical matrix. Acoustic ones are then
                √(M_i/Σ_j M_j) · a constant vector, and optic ones orthogonal to them, which keeps the centre of mass.
                Without it the acoustic patterns are equal on all atoms, and of optic ones Σ_i u_i = 0.

        Raises:
            ValueError: ``mass_weighted``, and a species has no mass (a dummy).
        """
        masses = self._masses() if mass_weighted else np.ones(self.n_primitive)
        representatives = [int(self.primitive[part.orbit.representative]) for part in self.orbits]
        rows = [
            block.reshape(-1, self.n_primitive, 3) @ self.frame
            for block in _adapted(self.group, self.permutations, representatives, np.sqrt(masses))
        ]
        n_translates = len(self.primitive) // self.n_primitive
        return read_only(np.concatenate(rows)[:, self.primitive] / np.sqrt(n_translates))

    def _masses(self) -> FloatArray:
        """(N,) in atomic mass units."""
        _, first = np.unique(self.primitive, return_index=True)
        species = [self.symmetry.species[i] for i in first]
        masses = [getattr(specie, "atomic_mass", None) for specie in species]
        if None in masses:
            raise ValueError(f"{species[masses.index(None)]} has no mass; name elements, or leave out mass_weighted")
        return np.array([float(mass) for mass in masses if mass is not None])


def zone_center_modes(symmetry: CrystalSymmetry, frame: ArrayLike | None = None) -> ZoneCenterModes:
    """Sort the displacements of a crystal's atoms at the zone centre by irrep.

    The given cell may be conventional: only the atoms of its primitive cell count.

    Args:
        symmetry: the crystal.
        frame: (3, 3) proper rotation from the user's axes to standard axes of the class, in which irreps are named.
            None takes :func:`conventional_frame`, with x, y, z along a, b, c of the space group's standard setting. It
            matters in classes where the axes decide what is called B1 and B2 (and B3).

    Raises:
        ValueError: ``frame`` does not map the crystal's rotations onto those of its class in the default setting.
        CrystalSymmetryError: no frame is given, and the standard setting is not known.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> diamond = Structure.from_spacegroup("Fd-3m", Lattice.cubic(3.567), ["C"], [[0, 0, 0]])
        >>> modes = zone_center_modes(crystal_symmetry(diamond))
        >>> modes.n_primitive, modes.total, modes.optic
        (2, {'T2g': 1, 'T1u': 1}, {'T2g': 1})
    """
    axes = conventional_frame(symmetry) if frame is None else np.asarray(frame, dtype=np.float64)
    elements = _elements(symmetry, axes)
    images = symmetry.permutations[symmetry.operations.elements == 0]  # by pure translations
    first, primitive = np.unique(images.min(axis=0), return_inverse=True)
    one_of_each = np.argsort(elements, kind="stable")[:: len(images)]
    permutations = primitive[symmetry.permutations[one_of_each][:, first]]
    orbits = []
    for orbit in symmetry.orbits:
        atoms = np.unique(primitive[list(orbit.atoms)])
        character = _character(symmetry.group, permutations, atoms)
        orbits.append(OrbitModes(orbit, len(atoms), symmetry.group.decompose_character(character, "R")))
    return ZoneCenterModes(
        symmetry, read_only(axes), read_only(permutations), read_only(primitive.astype(np.int64)), tuple(orbits)
    )


def _elements(symmetry: CrystalSymmetry, frame: FloatArray) -> IntArray:
    """Index in ``group.rotations`` of each operation's rotation, in the axes of a frame."""
    if frame.shape != (3, 3) or not np.isfinite(frame).all() or abs(np.linalg.det(frame) - 1) > 1e-6:
        raise ValueError(f"a frame is a proper rotation matrix (3, 3), not {frame.tolist()}")
    turned = frame @ symmetry.rotations @ frame.T
    apart = np.abs(turned[:, None] - symmetry.group.rotations).max(axis=(2, 3))
    if apart.min(axis=1).max() > 1e-6:
        raise ValueError(
            f"in this frame the crystal's rotations are not those of {symmetry.group.schoenflies} in the setting "
            f"{symmetry.group.symbol}; leave the frame out, or multiply symmetry.frame from the left by a rotation "
            "that maps the class onto itself"
        )
    return np.asarray(apart.argmin(axis=1))


def _character(group: PointGroup, permutations: IntArray, atoms: IntArray) -> FloatArray:
    """χ(g) = (atoms left in place) · tr R_g, (|G|,)."""
    unmoved = np.count_nonzero(permutations[:, atoms] == atoms, axis=1)
    return np.asarray(unmoved * np.trace(group.rotations, axis1=1, axis2=2), dtype=np.float64)


def _adapted(
    group: PointGroup, permutations: IntArray, representatives: list[int], weights: FloatArray
) -> list[FloatArray]:
    """For each irrep in table order its rows (copies · dim, 3N), in standard axes, acoustic copies first.

    The uniform pattern has the given weights on the atoms. Copies of the orbits follow, made orthogonal to it.
    """
    size = permutations.shape[1]
    uniform = symmetry_adapted_basis(group, group.rotations).blocks
    total = group.decompose_character(_character(group, permutations, np.arange(size)), "R")
    found = []
    for label, count in total.items():
        irrep = group.real_irreps[label]
        acoustic = [
            np.einsum("ka,i->iak", rows, weights / np.linalg.norm(weights)).reshape(1, 3 * size, irrep.dim)
            for (name, _), rows in uniform.items()
            if name == label
        ]
        induced = [_induced(irrep, permutations, atom) for atom in representatives]
        copies = independent_copies(np.concatenate([*acoustic, *induced]), count, list(irrep.commutant[1:]))
        found.append(np.concatenate([u.T / np.sqrt(squared_norm(u)) for u in copies]))
    return found


def _induced(irrep: Irrep, permutations: IntArray, atom: int) -> FloatArray:
    """Intertwiners (3 dim, 3N, dim) that span all copies of an irrep in the displacements of an atom's orbit.

    With e a unit vector at the atom, column k of the one for (e, l) is Σ_g Γ_kl(g) O(g) e. By Frobenius reciprocity no
    other atom is needed.
    """
    group, size = irrep.group, permutations.shape[1]
    total = np.zeros((size, 3, irrep.dim, 3, irrep.dim))  # atom, e, l, axis, k
    moved = np.einsum("gkl,gae->gelak", irrep.matrices, group.rotations) * (irrep.dim / group.order)
    np.add.at(total, permutations[:, atom], moved)
    return total.transpose(1, 2, 0, 3, 4).reshape(3 * irrep.dim, 3 * size, irrep.dim)
