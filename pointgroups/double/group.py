"""The double group of a point group: the group of SU(2) matrices over its rotations."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.decomposed_characters import exact_multiplicities
from pointgroups.exact import ExactArray, read_only
from pointgroups.groups import ConjugacyClass, classes_of_numbers, inverse_table
from pointgroups.immutable import Immutable
from pointgroups.irreps import Irrep, IrrepTable
from pointgroups.number_code import indices_of
from pointgroups.settings import setting_of
from pointgroups.squares import square
from pointgroups.tables import Table, load_double

from .corepresentations import Corepresentation, corepresentations
from .irreps import DoubleIrrep
from .multiplets import adapted_multiplet, exact_matrices, parity_signs
from .rotation_lift import su2_matrix
from .spin_half import barred, both_signs, double_product
from .spin_j import spin_characters, twice_spin, wigner_d_spin

if TYPE_CHECKING:
    import sympy

    from pointgroups.point_group import PointGroup


class DoubleGroup(Immutable):
    """The double group of a point group, ``G.double``: 2|G| elements, immutable, arrays read-only.

    Element i < |G| is rotation i with the SU(2) matrix U_i = cos(φ/2) − i sin(φ/2) n·σ, |φ| ≤ π; element |G| + i is
    rotation i times the 2π rotation Ē (element |G|), with −U_i. An improper element carries the matrix of its proper
    part: the inversion is +1 on g spinors and −1 on u spinors.

    Attributes:
        point_group: the group G.
        order: 2|G|.

    >>> from pointgroups import point_group
    >>> D = point_group("O").double
    >>> D.order, list(D.spinor_irreps), [c.label for c in D.classes]
    (48, ['E1/2', 'E5/2', 'F3/2'], ['E', 'Ē', '6C4', '6C̄4', '3C2+3C̄2', '8C3', '8C̄3', "6C2'+6C̄2'"])
    >>> D.tensor_product("E1/2", "F3/2")
    {'E': 1, 'T1': 1, 'T2': 1}
    """

    point_group: PointGroup
    order: int
    _spinors: Table
    _adapted: dict[tuple[int, int], AdaptedBasis]

    def __init__(self, point_group: PointGroup) -> None:
        self.__dict__.update(
            point_group=point_group,
            order=2 * point_group.order,
            _spinors=load_double(setting_of(point_group.name)),
            _adapted={},  # the multiplets so far, by 2j and parity
        )

    @property
    def name(self) -> str:
        """ "the double group of Oh"."""
        return f"the double group of {self.point_group.name}"

    # -- elements and classes -----------------------------------------------------------------------------------

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Names: those of the group, then the same with a bar."""
        return (*self.point_group.elements, *map(barred, self.point_group.elements))

    @cached_property
    def rotations(self) -> NDArray[np.float64]:
        """Cartesian matrices (2|G|, 3, 3); those of element |G| + i and i are equal."""
        return read_only(np.concatenate([self.point_group.rotations] * 2))

    @cached_property
    def determinants(self) -> NDArray[np.int64]:
        """+1 for proper, −1 for improper elements, (2|G|,)."""
        return read_only(np.concatenate([self.point_group.determinants] * 2))

    @cached_property
    def exact_su2(self) -> ExactArray:
        """SU(2) matrices in the axes of the setting, exact, (2|G|, 2, 2); ``point_group.frame`` is not applied."""
        return both_signs(self._spinors.code.exact(self._spinors["su2"], (self.order // 2, 2, 2)), spinor=True)

    @cached_property
    def su2(self) -> NDArray[np.complex128]:
        """SU(2) matrices (2|G|, 2, 2) on |½ ½⟩, |½ −½⟩ of the axes of ``rotations``."""
        half = self._spinors.code.complexes(self._spinors["su2"]).reshape(-1, 2, 2)
        if self.point_group.is_rotated:
            frame = su2_matrix(self.point_group.frame)
            half = frame @ half @ frame.conj().T
        return read_only(np.concatenate([half, -half]))

    @cached_property
    def product(self) -> NDArray[np.int64]:
        """product[i, j] = index of element i times element j, (2|G|, 2|G|)."""
        signs = np.where(np.frombuffer(self._spinors["signs"].encode(), dtype=np.uint8) == ord("+"), 1, -1)
        return read_only(double_product(self.point_group.product, signs.reshape(self.point_group.product.shape)))

    @cached_property
    def inverse(self) -> NDArray[np.int64]:
        """inverse[i] = index of the inverse of element i, (2|G|,)."""
        return read_only(inverse_table(self.product))

    @cached_property
    def classes(self) -> tuple[ConjugacyClass, ...]:
        """Conjugacy classes in the order of the group's; a class and its barred one are two ("8C3", "8C̄3") or, where
        rotations by π with axes normal to one another join them, one ("3C2+3C̄2")."""
        return classes_of_numbers(self._spinors["classes"].split(), self._class_of)

    @cached_property
    def _class_of(self) -> NDArray[np.int64]:
        return read_only(indices_of(self._spinors["class_of"]))

    # -- irreps and characters ----------------------------------------------------------------------------------

    @property
    def irreps(self) -> IrrepTable[DoubleIrrep]:
        """All irreps over ℂ, a read-only mapping label → :class:`DoubleIrrep`: those of the group, then spinors."""
        if "_irreps" not in self.__dict__:
            parents = self.point_group._class_of
            representatives = [parents[c.indices[0] % self.point_group.order] for c in self.classes]
            found = {}
            for label, entry in self.point_group._table["irreps"].items():
                characters = "".join([entry["characters"][c] for c in representatives])
                found[label] = DoubleIrrep(self, label, {**entry, "characters": characters}, False)
            found.update(self.spinor_irreps)
            self.__dict__.setdefault("_irreps", IrrepTable(self.name, found))  # atomic: all threads get one object
        irreps: IrrepTable[DoubleIrrep] = self.__dict__["_irreps"]
        return irreps

    @property
    def spinor_irreps(self) -> IrrepTable[DoubleIrrep]:
        """The irreps with Γ(Ē) = −1, in table order; the same objects as in ``irreps``."""
        if "_spinor_irreps" not in self.__dict__:
            found = {label: DoubleIrrep(self, label, entry, True) for label, entry in self._spinors["irreps"].items()}
            self.__dict__.setdefault("_spinor_irreps", IrrepTable(f"{self.name} (spinors)", found))  # atomic
        irreps: IrrepTable[DoubleIrrep] = self.__dict__["_spinor_irreps"]
        return irreps

    @cached_property
    def character_table(self) -> NDArray[Any]:
        """Characters (n_irreps, n_classes): float64 when all are real, else complex128."""
        table = np.array([a._code.complexes(a._entry["characters"]) for a in self.irreps.values()])
        return read_only(table if any(a.indicator == 0 for a in self.irreps.values()) else table.real.copy())

    @cached_property
    def corepresentations(self) -> tuple[Corepresentation, ...]:
        """The levels of a system with time reversal, in table order."""
        return tuple(corepresentations(self))

    def corepresentation(self, irrep: DoubleIrrep | str) -> Corepresentation:
        """The level to which an irrep belongs when time reversal is a symmetry.

        >>> from pointgroups import point_group
        >>> level = point_group("D3").double.corepresentation("1E3/2")
        >>> level.label, level.kind, level.degeneracy
        ('1E3/2+2E3/2', 'c', 2)
        """
        found = self.irrep(irrep)
        return next(level for level in self.corepresentations if found in level.irreps)

    def irrep(self, irrep: DoubleIrrep | str) -> DoubleIrrep:
        """An irrep of this double group given by itself or by its label.

        Raises:
            UnknownIrrepError: no such label.
            ValueError: an irrep of another group; one of G itself is the irrep of this group with its label.
        """
        if isinstance(irrep, Irrep):
            if irrep.group is not self:
                raise ValueError(f"{irrep!r} does not belong to {self!r}; take it from G.double.irreps")
            return irrep
        return self.irreps[irrep]

    def _irreps_over(self, field: str) -> IrrepTable[DoubleIrrep]:
        if field != "C":
            raise ValueError(
                f'the irreps of a double group are given over the complex numbers, field "C", not {field!r}'
            )
        return self.irreps

    # -- products -----------------------------------------------------------------------------------------------

    def decompose_character(self, character: ArrayLike) -> dict[str, int]:
        """How often each irrep occurs in a representation whose character is given on every element, (2|G|,).

        Raises:
            ValueError: a wrong shape, or not the character of a representation (a multiplicity off an integer by 1e-6).

        >>> from pointgroups import point_group
        >>> D = point_group("Td").double
        >>> D.decompose_character(D.irreps["F3/2"].characters ** 2)
        {'A1': 1, 'A2': 1, 'E': 1, 'T1': 2, 'T2': 2}
        """
        return self.irreps.decompose(character)

    def multiplicities(self, character: ExactArray) -> dict[str, int]:
        """How often each irrep occurs, n_γ = (1/2|G|) Σ_c |c| χ_γ(c)* χ(c), from an exact character, one value a class.

        Raises:
            ValueError: another number of classes, or not the character of a representation.
        """
        if character.shape != (len(self.classes),):
            raise ValueError(
                f"{self.name} has {len(self.classes)} classes, a character of shape {character.shape} came"
            )
        return self._multiplicities(character, "C")

    def _multiplicities(self, character: ExactArray, field: str) -> dict[str, int]:
        """The same over a field, which is "C"."""
        return exact_multiplicities(character.reshape(1, -1), self, field)[0]

    def tensor_product(self, a: DoubleIrrep | str, b: DoubleIrrep | str) -> dict[str, int]:
        """Irreps in a ⊗ b with their multiplicities.

        >>> from pointgroups import point_group
        >>> point_group("Oh").double.tensor_product("E1/2g", "E1/2u")
        {'A1u': 1, 'T1u': 1}
        """
        return self.multiplicities(self.irrep(a).class_characters * self.irrep(b).class_characters)

    def symmetric_square(self, a: DoubleIrrep | str) -> dict[str, int]:
        """Irreps in the symmetric square: χ = (χ(g)² + χ(g²))/2."""
        return square(self.irrep(a), 1)

    def antisymmetric_square(self, a: DoubleIrrep | str) -> dict[str, int]:
        """Irreps in the antisymmetric square: χ = (χ(g)² − χ(g²))/2; it decides which modes split a spinor level."""
        return square(self.irrep(a), -1)

    # -- multiplets ---------------------------------------------------------------------------------------------

    def subduce(self, j: float | str | Fraction, parity: int = 1) -> dict[str, int]:
        """Irreps in the multiplet |j m⟩ with multiplicities: the splitting of a level of angular momentum j.

        Args:
            j: 0, 1/2, 1, 3/2, … as a number, Fraction or text.
            parity: +1 or −1, the sign of the inversion; +1 for integer j also, unlike the harmonics of ``G.subduce``.

        Raises:
            ValueError: another j or parity.

        >>> from pointgroups import point_group
        >>> D = point_group("O").double
        >>> D.subduce("7/2")
        {'E1/2': 1, 'E5/2': 1, 'F3/2': 1}
        """
        representatives = [c.indices[0] for c in self.classes]
        character = spin_characters(self.exact_su2[representatives], twice_spin(j))
        return self.multiplicities(character * parity_signs(self, parity, representatives))

    def spin_orbit(self, a: DoubleIrrep | str) -> dict[str, int]:
        """Spinor irreps into which an orbital irrep splits when the spin ½ joins it: a ⊗ (spin representation).

        >>> from pointgroups import point_group
        >>> point_group("Oh").double.spin_orbit("T2g")
        {'E5/2g': 1, 'F3/2g': 1}
        """
        spin = spin_characters(self.exact_su2[[c.indices[0] for c in self.classes]], 1)
        return self.multiplicities(self.irrep(a).class_characters * spin)

    def wigner_d(self, j: float | str | Fraction, parity: int = 1) -> NDArray[np.complex128]:
        """Matrices (2|G|, 2j+1, 2j+1) of all elements on |j m⟩, m = j … −j; see :func:`wigner_d_spin`.

        >>> from pointgroups import point_group
        >>> D = point_group("Oh").double
        >>> bool(abs(D.wigner_d("1/2") - D.su2).max() < 1e-15)
        True
        """
        signs = parity_signs(self, parity, range(self.order)).numeric()
        return read_only(wigner_d_spin(j, self.su2) * signs[:, None, None])

    def exact_wigner_d(self, j: float | str | Fraction, parity: int = 1) -> tuple[sympy.ImmutableMatrix, ...]:
        """The same as SymPy matrices, in the axes of the setting.

        >>> from pointgroups import point_group
        >>> point_group("O").double.exact_wigner_d("3/2")[1][0, :]  # a quarter turn about x
        Matrix([[sqrt(2)/4, -sqrt(6)*I/4, -sqrt(6)/4, sqrt(2)*I/4]])
        """
        return exact_matrices(self, j, parity)

    def adapted_spinors(self, j: float | str | Fraction, parity: int = 1) -> AdaptedBasis:
        """Combinations of |j m⟩ that transform as the irreps, with exact coefficients, any j.

        Row (irrep, copy, component k) of ``array`` holds the conjugate coefficients ⟨k|j m⟩, m = j … −j, so that
        array @ D^j(g) @ array^H = ⊕ Γ(g). Copies come from projecting |j m⟩ in the order m = j … −j; the first non-zero
        coefficient of component 1 is positive. In a rotated frame the functions are rotated along, in floating point.

        Raises:
            ValueError: another j or parity.

        >>> from pointgroups import point_group
        >>> S = point_group("O").double.adapted_spinors("5/2")
        >>> S.labels[0], S.exact[0, :]
        (AdaptedLabel(irrep='E5/2', copy=1, component=1), Matrix([[sqrt(6)/6, 0, 0, 0, -sqrt(30)/6, 0]]))
        """
        key = (twice_spin(j), parity)
        if key not in self._adapted:
            self._adapted.setdefault(key, adapted_multiplet(self, *key))  # atomic: all threads get one object
        return self._adapted[key]

    # -- identity -----------------------------------------------------------------------------------------------

    @cached_property
    def _table(self) -> Mapping[str, Any]:
        """What :func:`~pointgroups.coupling` reads: the blocks with spinors, and those of the group."""
        return {"coupling": ChainMap(self._spinors["coupling"], self.point_group._table["coupling"])}

    def __repr__(self) -> str:
        return f"<DoubleGroup of {self.point_group!r}, order {self.order}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_double_of, (self.point_group,))

    def __deepcopy__(self, memo: object) -> DoubleGroup:
        return self


def _double_of(point_group: PointGroup) -> DoubleGroup:
    return point_group.double
