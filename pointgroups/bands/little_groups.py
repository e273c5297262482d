r"""Wave vectors of a crystal: little groups, their small representations, and compatibility between them.

A function of wave vector k takes the factor e^{−2πi k·n} under the lattice translation n, with k in units of the
reciprocal vectors of the given cell. The operation {W | t} turns k into k W⁻¹. The *little group* of k is all
operations that turn k into itself up to a reciprocal vector of the primitive lattice, their rotations are the *little
co-group*, and a *small representation* is an irrep Γ of the little group with Γ(n) = e^{−2πi k·n}. With

    Γ({W | t}) = e^{−2πi k·t} D(W),      D(W_i) D(W_j) = e^{−2πi (k W_i − k)·t_j} D(W_i W_j)

D is a projective representation of the little co-group. Where that factor is 1 for all pairs, D is an irrep of a point
group and carries its Mulliken label.

Source: C. J. Bradley and A. P. Cracknell, The Mathematical Theory of Symmetry in Solids (1972), ch. 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.crystals.sites import SiteGroup
from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup

from .projective_irreps import projective_irreps
from .wave_vectors import SAME, inverse_rotations, letter_of, off_reciprocal_lattice, special_points

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
IntArray = NDArray[np.int64]

_DOUBTFUL = 5e-4  # wave vectors that differ by less are taken for one, with a fraction that was cut off
_INTEGER = 1e-6


@dataclass(frozen=True, eq=False)
class SmallRepresentation:
    """An irrep of a little group.

    Attributes:
        label: see :func:`little_group`.
        matrices: (n, d, d) unitary, one for each of the operations that :attr:`LittleGroup.operations` lists.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry, little_group
        >>> polonium = crystal_symmetry(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]))
        >>> small = little_group(polonium, "X").irreps["Eu"]
        >>> small.dim, small.matrices.shape, small.characters[0].real.item()
        (2, (16, 2, 2), 2.0)
    """

    label: str
    matrices: ComplexArray

    @property
    def dim(self) -> int:
        """The dimension d."""
        return int(self.matrices.shape[-1])

    @cached_property
    def characters(self) -> ComplexArray:
        """(n,) the traces of the matrices."""
        return read_only(np.trace(self.matrices, axis1=1, axis2=2))


@dataclass(frozen=True, eq=False)
class LittleGroup:
    """The little group of a wave vector; made by :func:`little_group`. Arrays are read-only.

    Attributes:
        crystal: the crystal.
        k: (3,) the wave vector, in the reciprocal vectors of the crystal's cell.
        name: its letter (:func:`special_points`), "k" where it has none.
        operations: (n,) indices in ``crystal.operations``: one operation for each element of the little co-group.
        elements: (n,) indices in ``crystal.group.rotations`` of their rotations, ascending.
        origin: (3,) the point, in fractions of the cell, to which the labels refer.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> salt = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5, 0, 0]])
        >>> W = little_group(crystal_symmetry(salt), "W")
        >>> W.k.tolist(), W.group.schoenflies, list(W.irreps)
        ([0.5, 1.0, 0.0], 'D2d', ['A1', 'A2', 'B1', 'B2', 'E'])
    """

    crystal: CrystalSymmetry
    k: FloatArray
    name: str
    operations: IntArray
    elements: IntArray
    origin: FloatArray

    def __len__(self) -> int:
        return len(self.elements)

    @cached_property
    def group(self) -> PointGroup:
        """The little co-group; its ``rotations`` are in the standard axes of the crystal's class."""
        if len(self) == self.crystal.group.order:
            return self.crystal.group
        return SiteGroup(self.crystal.group, self.elements, self.operations).group

    @cached_property
    def irreps(self) -> Mapping[str, SmallRepresentation]:
        """All small representations by label."""
        translations = self._translations
        phases = np.exp(-2j * np.pi * translations @ self.k)[:, None, None]
        residues = self.k @ self._lattice_rotations - self.k
        factors = np.exp(-2j * np.pi * residues @ translations.T)
        if np.allclose(factors, 1, atol=_INTEGER):
            places = places_in(self.group, self.crystal.group, self.elements)
            found = [(label, phases * irrep.matrices[places]) for label, irrep in self.group.irreps.items()]
        else:
            product = np.searchsorted(self.elements, self.crystal.group.product[np.ix_(self.elements, self.elements)])
            matrices = sorted((phases * d for d in projective_irreps(product, factors)), key=_sort_key)
            found = [(f"{self.name}{i}", m) for i, m in enumerate(matrices, 1)]
        return MappingProxyType({label: SmallRepresentation(label, read_only(m)) for label, m in found})

    def decompose(self, characters: ArrayLike) -> dict[str, int]:
        """How often each small representation occurs, from a character (n,) on ``operations``; non-zero entries only.

        Raises:
            ValueError: a wrong shape, or not the character of a representation of this little group at this k.

        Example:
            >>> from pymatgen.core import Lattice, Structure
            >>> from pointgroups import crystal_symmetry
            >>> polonium = crystal_symmetry(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]))
            >>> X = little_group(polonium, "X")
            >>> X.decompose(X.irreps["Eu"].characters * X.irreps["A2u"].characters)
            {'Eg': 1}
        """
        chi = np.asarray(characters)
        if chi.shape != (len(self),):
            raise ValueError(f"a character has one value for each of the {len(self)} operations, not {chi.shape}")
        found = {}
        for label, small in self.irreps.items():
            count = complex(np.vdot(small.characters, chi)) / len(self)
            nearest = round(count.real) if np.isfinite(count) else -1
            if nearest < 0 or abs(count - nearest) > 1e-4:
                raise ValueError(
                    f"not the character of a representation at k = {self.k.tolist()}: {label} would occur {count} times"
                )
            if nearest:
                found[label] = nearest
        return found

    @property
    def _lattice_rotations(self) -> IntArray:
        return self.crystal.operations.lattice_rotations[self.operations]

    @property
    def _translations(self) -> FloatArray:
        """(n, 3) the translations of the operations about ``origin``."""
        turned = self._lattice_rotations @ self.origin
        return np.asarray(self.crystal.operations.translations[self.operations] + turned - self.origin)


def little_group(crystal: CrystalSymmetry, k: ArrayLike | str, origin: ArrayLike = (0.0, 0.0, 0.0)) -> LittleGroup:
    """The little group of a wave vector, with its small representations.

    *Labels.* Where the projective factor is 1 for all pairs of operations (at Γ, inside the Brillouin zone, and in
    symmorphic groups whose origin is a point of full symmetry), they are the Mulliken labels of the little co-group,
    with its axes as ``.group.axes`` names them: "A1g" stands for e^{−2πi k·t} Γ_A1g(W), t about the origin. Another
    origin exchanges labels on the boundary of the zone: of a perovskite's two centres, each makes its own atom's s
    states A1g at R. Elsewhere small representations are numbered, "X1", "X2", …, by ascending dimension, then by their
    characters on the operations in the order of ``operations``: larger real part first, then larger imaginary part.

    Args:
        crystal: the crystal.
        k: (3,) in the reciprocal vectors of ``crystal.lattice``, or the letter of a special point. Write fractions in
            full (1/3, not 0.333).
        origin: (3,) the point about which translations are taken, in fractions of the cell.

    Raises:
        ValueError: no wave vector, an unknown letter, or a k so near to one of higher symmetry that it looks cut off.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> diamond = crystal_symmetry(Structure.from_spacegroup("Fd-3m", Lattice.cubic(3.57), ["C"], [[0] * 3]))
        >>> {label: small.dim for label, small in little_group(diamond, "X").irreps.items()}
        {'X1': 2, 'X2': 2, 'X3': 2, 'X4': 2}
        >>> list(little_group(diamond, [0.3, 0.3, 0.3]).irreps)
        ['A1', 'A2', 'E']
    """
    center = _vector(origin, "an origin is three fractional coordinates")
    return _little_group(crystal, tuple(wave_vector(crystal, k).tolist()), tuple(center.tolist()))


@lru_cache(maxsize=128)
def _little_group(crystal: CrystalSymmetry, k: tuple[float, ...], origin: tuple[float, ...]) -> LittleGroup:
    vector = np.array(k, dtype=np.float64)
    operations = one_operation_an_element(crystal)
    star: FloatArray = vector @ inverse_rotations(crystal.operations.lattice_rotations[operations])
    off = off_reciprocal_lattice(crystal, star - vector)
    members = np.flatnonzero(off < SAME)
    doubtful = off[(off >= SAME) & (off < _DOUBTFUL)]
    if len(doubtful):
        raise ValueError(
            f"k = {vector.tolist()} lies {doubtful.min():.1g} from one with more symmetry; write its fractions in full"
        )
    return LittleGroup(
        crystal=crystal,
        k=read_only(np.mean(star[members] - np.rint(star[members] - vector), axis=0)),
        name=letter_of(crystal, star),
        operations=read_only(operations[members]),
        elements=read_only(members),
        origin=read_only(np.array(origin)),
    )


def compatibility(
    crystal: CrystalSymmetry, k: ArrayLike | str | LittleGroup, k_line: ArrayLike | LittleGroup
) -> dict[str, dict[str, int]]:
    """Into what the small representations at k split on a line or plane that leaves k: label at k → labels on it.

    The small representations at k, restricted to the little group of k_line ⊂ that of k, and followed continuously
    from k to k_line: χ(h) e^{−2πi (k_line − k)·t} for h = {W | t}.

    Args:
        crystal: the crystal.
        k: the end.
        k_line: a general point of the line or plane.

    Raises:
        ValueError: k_line is not a point of a line or plane through k with a smaller little group that keeps the line.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> polonium = crystal_symmetry(Structure(Lattice.cubic(3.35), ["Po"], [[0, 0, 0]]))
        >>> splitting = compatibility(polonium, "Γ", [0, 0.2, 0])
        >>> splitting["T1u"], splitting["Eg"]
        ({'A1': 1, 'E': 1}, {'A1': 1, 'B1': 1})
    """
    end, line = as_little_group(crystal, k), as_little_group(crystal, k_line)
    step = line.k - end.k
    kept = step @ inverse_rotations(line._lattice_rotations)
    if not set(line.elements.tolist()) <= set(end.elements.tolist()) or np.abs(kept - step).max() > SAME:
        raise ValueError(
            f"{line.k.tolist()} is not on a line or plane of symmetry through {end.k.tolist()}: its little co-group "
            f"({line.group.schoenflies}) must keep the difference of the two; give a point between k and its neighbour"
        )
    places = np.searchsorted(end.elements, line.elements)
    phases = np.exp(-2j * np.pi * crystal.operations.translations[line.operations] @ step)
    return {label: line.decompose(phases * small.characters[places]) for label, small in end.irreps.items()}


def wave_vector(crystal: CrystalSymmetry, k: ArrayLike | str | LittleGroup) -> FloatArray:
    """(3,) a wave vector given by its coordinates, its letter or its little group."""
    if isinstance(k, LittleGroup):
        return k.k
    if isinstance(k, str):
        points = special_points(crystal)
        if k not in points:
            raise ValueError(f"{k!r} is no special point of this lattice: it has {', '.join(points)}; or give (3,) k")
        return points[k]
    return _vector(k, "a wave vector is three numbers in reciprocal vectors of the cell, or a letter")


def as_little_group(crystal: CrystalSymmetry, k: ArrayLike | str | LittleGroup) -> LittleGroup:
    """A little group given by itself or by its wave vector."""
    return k if isinstance(k, LittleGroup) else little_group(crystal, k)


def one_operation_an_element(crystal: CrystalSymmetry) -> IntArray:
    """(|G|,) for each element of the class the operation of the cell with the first translation mod 1, by x, y, z."""
    operations = crystal.operations
    reduced = operations.translations - np.floor(operations.translations + 1e-6)
    order = np.lexsort((*np.round(reduced, 5).T[::-1], operations.elements))
    _, first = np.unique(operations.elements[order], return_index=True)
    return np.asarray(order[first], dtype=np.int64)


def places_in(group: PointGroup, crystal_group: PointGroup, elements: IntArray) -> IntArray:
    """Where in ``group.rotations`` the elements of a class stand."""
    apart = np.abs(crystal_group.rotations[elements, None] - group.rotations).max(axis=(2, 3))
    return np.asarray(apart.argmin(axis=1))


def _sort_key(matrices: ComplexArray) -> tuple[float, ...]:
    character = np.round(np.trace(matrices, axis1=1, axis2=2), 4)
    return (matrices.shape[-1], *(-np.stack([character.real, character.imag], axis=1).ravel() + 0.0))


def _vector(values: ArrayLike, problem: str) -> FloatArray:
    vector = np.asarray(values)
    if vector.shape != (3,) or vector.dtype.kind not in "iuf" or not np.isfinite(vector).all():
        raise ValueError(f"{problem}, not {values!r}")
    return vector.astype(np.float64)
