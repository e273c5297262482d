"""The point group as users hold it: an immutable value read lazily from its table."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import tables
from .adapted_basis import AdaptedBasis
from .decomposed_characters import direct_products, exact_multiplicities
from .exact import ExactArray, read_only
from .groups import ConjugacyClass, classes_of_numbers, inverse_table, product_table_of_rotations
from .immutable import Immutable
from .irreps import Irrep, IrrepTable
from .number_code import indices_of
from .settings import setting_of
from .squares import square

if TYPE_CHECKING:
    from .double.group import DoubleGroup
    from .elements import Element


def point_group(name: str | int) -> PointGroup:
    """The crystallographic point group of this name; the same object at every call.

    Args:
        name: Schoenflies symbol ("Oh", "O_h", "D_{4h}"), Hermann–Mauguin symbol, short or full ("m-3m", "4/m -3
            2/m"), a setting ("312", "-4m2", "112/m", "2mm"), or the integer 1…32 of International Tables.

    Raises:
        UnknownGroupError: no such group; the message lists near names.
        TableError: the shipped table is missing or damaged.

    >>> point_group("m-3m")
    <PointGroup Oh (m-3m), order 48>
    """
    setting = setting_of(name)
    with _MAKING:  # two threads that ask at once get one object
        return _standard(setting.name)


_MAKING = threading.Lock()
_IDENTITY = read_only(np.eye(3))


@cache
def _standard(name: str) -> PointGroup:
    return PointGroup(tables.load(setting_of(name)))


@lru_cache(maxsize=256)
def _in_frame(name: str, frame: bytes) -> PointGroup:
    return PointGroup(tables.load(setting_of(name)), np.frombuffer(frame).reshape(3, 3))


def _rotated(name: str, frame: bytes) -> PointGroup:
    with _MAKING:
        return _in_frame(name, frame)


class PointGroup(Immutable):
    """A crystallographic point group in one setting. Made by :func:`point_group`; immutable, arrays read-only.

    Elements are ordered: identity first, proper before improper, then by conjugacy class.

    Attributes:
        name: unique key that :func:`point_group` reads back: "D2d", or "-4m2" for a setting other than the default.
        schoenflies, symbol, full_symbol: "Oh", "m-3m", "4/m -3 2/m".
        number: 1…32, the order of International Tables A.
        order: |G|.
        irreps: irreps over ℂ, a read-only mapping label → :class:`Irrep` in table order.
        is_rotated: whether the group was made by :meth:`rotated`.
        frame: proper rotation from the axes of the setting to those of ``rotations``; the identity unless made by
            :meth:`rotated`.

    >>> G = point_group("D3")
    >>> G.order, [c.label for c in G.classes], list(G.irreps), G.axes["C2'"][0]
    (6, ['E', '2C3', "3C2'"], ['A1', 'A2', 'E'], '[100]')
    """

    name: str
    schoenflies: str
    symbol: str
    full_symbol: str
    number: int
    order: int
    frame: NDArray[np.float64]
    irreps: IrrepTable[Irrep]
    _table: tables.Table
    _harmonics: dict[int, AdaptedBasis]
    is_rotated: bool

    def __init__(self, table: tables.Table, frame: NDArray[np.float64] | None = None) -> None:
        for key in ("schoenflies", "symbol", "full_symbol", "number", "order"):
            self.__dict__[key] = table[key]
        self.__dict__.update(
            name=table.name,
            frame=_IDENTITY if frame is None else read_only(frame.copy()),
            _table=table,
            _harmonics={},  # the degrees read so far
            is_rotated=frame is not None,
        )
        self.__dict__["irreps"] = self._irrep_table("C", table["irreps"])

    def _irrep_table(self, field: str, entries: Mapping[str, Mapping[str, Any]]) -> IrrepTable[Irrep]:
        return IrrepTable(self.name, {label: Irrep(self, label, field, entry) for label, entry in entries.items()})

    # -- elements and classes -----------------------------------------------------------------------------------

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Names such as "C4[001]+", "S6[111]-", "σ[110]" (mirrors by their normal), directions being Cartesian."""
        return tuple(self._table["elements"].split())

    @cached_property
    def axes(self) -> Mapping[str, tuple[str, ...]]:
        """The axes of C2, C2′, C2″ and the normals of the mirrors σh, σv, σd as these names apply here."""
        return MappingProxyType({symbol: tuple(axes.split()) for symbol, axes in self._table["axes"].items()})

    @cached_property
    def exact_rotations(self) -> ExactArray:
        """Cartesian matrices in the axes of the setting, exact, (|G|, 3, 3); ``frame`` is not applied."""
        return self._table.code.exact(self._table["rotations"], (self.order, 3, 3))

    @cached_property
    def rotations(self) -> NDArray[np.float64]:
        """Cartesian matrices (|G|, 3, 3), active; rotations[0] is the identity."""
        standard = self._table.code.reals(self._table["rotations"]).reshape(self.order, 3, 3)
        return read_only(self.frame @ standard @ self.frame.T if self.is_rotated else standard)

    @cached_property
    def determinants(self) -> NDArray[np.int64]:
        """+1 for proper, −1 for improper elements, shape (|G|,)."""
        return read_only(np.rint(np.linalg.det(self.rotations)).astype(np.int64))

    @property
    def has_inversion(self) -> bool:
        """Whether the inversion is an element."""
        return "i" in self.elements

    @property
    def in_standard_frame(self) -> PointGroup:
        """This group in the axes of its setting; itself unless made by :meth:`rotated`."""
        return point_group(self.name) if self.is_rotated else self

    @cached_property
    def product(self) -> NDArray[np.int64]:
        """product[i, j] = index of rotations[i] @ rotations[j], shape (|G|, |G|)."""
        return read_only(product_table_of_rotations(self.in_standard_frame.rotations))

    @cached_property
    def inverse(self) -> NDArray[np.int64]:
        """inverse[i] = index of the inverse of element i, shape (|G|,)."""
        return read_only(inverse_table(self.product))

    @cached_property
    def classes(self) -> tuple[ConjugacyClass, ...]:
        """Conjugacy classes in table order, with ``label`` ("8C3"), ``indices`` and ``size``."""
        return classes_of_numbers(self._table["classes"].split(), self._class_of)

    @cached_property
    def _class_of(self) -> NDArray[np.int64]:
        return read_only(indices_of(self._table["class_of"]))

    @cached_property
    def _representatives(self) -> list[Element]:
        """The first element of every class, described geometrically."""
        from .elements import describe

        return describe(self.exact_rotations[[c.indices[0] for c in self.classes]])

    # -- irreps and characters ----------------------------------------------------------------------------------

    @property
    def real_irreps(self) -> IrrepTable[Irrep]:
        """Irreps over ℝ in table order; a complex-conjugate pair "1E", "2E" is one irrep "E"."""
        if "_real_irreps" not in self.__dict__:
            entries = {
                label[1:] if label[0] == "1" else label: self._table["pairs"][label[1:]] if label[0] == "1" else entry
                for label, entry in self._table["irreps"].items()
                if label[0] != "2"
            }
            # setdefault is atomic, so all threads get one object
            self.__dict__.setdefault("_real_irreps", self._irrep_table("R", entries))
        found: IrrepTable[Irrep] = self.__dict__["_real_irreps"]
        return found

    @cached_property
    def character_table(self) -> NDArray[Any]:
        """Characters of the irreps over ℂ, (n_irreps, n_classes): float64 when all are real, else complex128."""
        text = "".join([entry["characters"] for entry in self._table["irreps"].values()])
        pairs = any(irrep.indicator == 0 for irrep in self.irreps.values())
        table = (self._table.code.complexes if pairs else self._table.code.reals)(text)
        return read_only(table.reshape(len(self.irreps), -1))

    def irrep(self, irrep: Irrep | str, scheme: str | None = None) -> Irrep:
        """An irrep of this group given by itself or by its label; a label over ℂ is looked up first.

        Args:
            irrep: the irrep, or its label: Mulliken's, or a Γ symbol on which Bilbao and Koster agree.
            scheme: whose label it is: "mulliken", "bilbao", "koster" or "altmann-herzig".

        Raises:
            UnknownIrrepError: no such label.
            ValueError: an irrep of another group, no such scheme, or a bare Γ symbol that means two irreps.

        >>> point_group("Oh").irrep("GM4-", scheme="bilbao").label
        'T1u'
        """
        if isinstance(irrep, Irrep):
            if irrep.group is not self:
                raise ValueError(f"{irrep!r} belongs to another group or frame than {self!r}")
            return irrep
        if scheme is None and irrep in self.irreps:
            return self.irreps[irrep]
        from .labelling.lookup import irrep_of

        return irrep_of(self, irrep, scheme)

    def decompose_character(self, character: ArrayLike, field: str = "C") -> dict[str, int]:
        """How often each irrep occurs in a representation whose character is given on every element, (|G|,).

        n_γ = (1/|G|) Σ_g χ_γ(g)* χ(g), over ℝ divided by the dimension of the commutant of γ. Only non-zero entries.

        Raises:
            ValueError: a wrong shape, or not the character of a representation (a multiplicity off an integer by 1e-6).

        >>> G = point_group("O")
        >>> G.decompose_character(G.irreps["T1"].characters ** 2)
        {'A1': 1, 'E': 1, 'T1': 1, 'T2': 1}
        """
        return self._irreps_over(field).decompose(character)

    def _multiplicities(self, character: ExactArray, field: str) -> dict[str, int]:
        """How often each irrep occurs in a representation, from its exact character, one value a class.

        n_γ = (1/|G|) Σ_c |c| χ_γ(c)* χ(c), over ℝ divided by the dimension of the commutant of γ. Only non-zero
        entries.
        """
        return exact_multiplicities(character.reshape(1, -1), self, field)[0]

    def _irreps_over(self, field: str) -> IrrepTable[Irrep]:
        if field not in ("R", "C"):
            raise ValueError(f'field is "R" or "C", not {field!r}')
        return self.real_irreps if field == "R" else self.irreps

    def tensor_product(self, a: Irrep | str, b: Irrep | str) -> dict[str, int]:
        """Irreps in a ⊗ b with their multiplicities, over the field of a and b.

        >>> point_group("Oh").tensor_product("Eg", "T1u")
        {'T1u': 1, 'T2u': 1}
        """
        left, right = self._of_one_field(a, b)
        products = self.direct_products if left.field == "C" else self._real_direct_products
        return dict(products[left.label, right.label])

    @cached_property
    def direct_products(self) -> Mapping[tuple[str, str], Mapping[str, int]]:
        """The table of products over ℂ: (α, β) → irreps in α ⊗ β with their multiplicities; read-only.

        >>> point_group("O").direct_products["T1", "T2"]
        mappingproxy({'A2': 1, 'E': 1, 'T1': 1, 'T2': 1})
        """
        return direct_products(self.irreps)

    @cached_property
    def _real_direct_products(self) -> Mapping[tuple[str, str], Mapping[str, int]]:
        return direct_products(self.real_irreps)

    def symmetric_square(self, a: Irrep | str) -> dict[str, int]:
        """Irreps in the symmetric square: χ = (χ(g)² + χ(g²))/2."""
        return square(self.irrep(a), 1)

    def antisymmetric_square(self, a: Irrep | str) -> dict[str, int]:
        """Irreps in the antisymmetric square: χ = (χ(g)² − χ(g²))/2."""
        return square(self.irrep(a), -1)

    def _of_one_field(self, *irreps: Irrep | str) -> list[Irrep]:
        """The irreps, all over ℝ when a given label occurs over ℝ only; ValueError when the fields are mixed."""
        found = [self.irrep(i) for i in irreps]
        if len({i.field for i in found}) > 1:
            over_reals = [
                self.real_irreps[i.label] if isinstance(given, str) and i.label in self.real_irreps else i
                for given, i in zip(irreps, found, strict=True)
            ]
            if len({i.field for i in over_reals}) > 1:
                raise ValueError(f"take all irreps from G.irreps or all from G.real_irreps, not {found}")
            return over_reals
        return found

    def subduce(self, degree: int, parity: int | None = None, field: str = "R") -> dict[str, int]:
        """Irreps in O(3)'s irrep (ℓ, parity) restricted to this group, with multiplicities.

        Args:
            degree: ℓ = 0, 1, 2, …
            parity: +1 or −1; that of the spherical harmonics, (−1)^ℓ, when None.
            field: "R" or "C", over which the irreps are counted.

        Raises:
            ValueError: a negative degree or another parity.

        >>> point_group("Oh").subduce(3)
        {'A2u': 1, 'T1u': 1, 'T2u': 1}
        """
        if degree < 0 or int(degree) != degree:
            raise ValueError(f"the degree ℓ is 0, 1, 2, …, not {degree}")
        if parity not in (None, 1, -1):
            raise ValueError(f"parity is 1 or -1, not {parity}")
        from .subduction import degree_character

        character = degree_character(self._representatives, int(degree), parity or (-1) ** int(degree))
        return self._multiplicities(ExactArray.integers(character), field)

    # -- functions ----------------------------------------------------------------------------------------------

    def harmonics(self, degree: int) -> AdaptedBasis:
        """Symmetry-adapted real spherical harmonics of degree ℓ ≤ 12 with exact coefficients, over ℝ.

        Row (irrep, copy, component k) of ``array`` holds the coefficients of f_k on the orthonormal Y_ℓm, m = −ℓ … ℓ,
        of the axes of ``rotations``, and O(g) f_k = Σ_i f_i Γ_ik(g).

        Raises:
            ValueError: ℓ is not in 0 … 12.

        >>> H = point_group("Oh").harmonics(4)
        >>> H.labels[0].irrep, H.exact[0, 4], H.exact[0, 8]  # A1g: √(7/12) Y_40 + √(5/12) Y_44
        ('A1g', sqrt(21)/6, sqrt(15)/6)
        """
        if str(degree) not in self._table["harmonics"]:
            raise ValueError(
                f"tables hold the harmonics of degree 0 to {len(self._table['harmonics']) - 1}, not {degree}"
            )
        if degree not in self._harmonics:
            basis = AdaptedBasis.of_harmonics(degree, self._table["harmonics"][str(degree)])
            if self.is_rotated:
                from .spherical import wigner_d_real

                basis = AdaptedBasis(read_only(basis.array @ wigner_d_real(degree, self.frame).T), basis.labels)
            self._harmonics.setdefault(degree, basis)  # atomic: all threads get one object
        return self._harmonics[degree]

    # -- spin ---------------------------------------------------------------------------------------------------

    @cached_property
    def double(self) -> DoubleGroup:
        """The double group, with the spinor irreps.

        >>> list(point_group("D3").double.spinor_irreps)
        ['E1/2', '1E3/2', '2E3/2']
        """
        from .double.group import DoubleGroup

        found: DoubleGroup = self.__dict__.setdefault("_double", DoubleGroup(self))  # atomic: all threads get one
        return found

    # -- frames -------------------------------------------------------------------------------------------------

    def rotated(self, frame: ArrayLike) -> PointGroup:
        """The same group in other axes: rotations[i] = frame @ R_i @ frame.T; irreps follow, harmonics too.

        Args:
            frame: proper rotation (3, 3) from the axes of the setting to the new ones.

        Raises:
            ValueError: ``frame`` is not orthogonal, or is improper (a reflected frame would exchange C3⁺ and C3⁻).
        """
        from .spherical import orthogonal_matrix

        matrix = orthogonal_matrix(frame)
        if np.linalg.det(matrix) < 0:
            raise ValueError("a frame is a proper rotation; of an improper one take its negative")
        return _rotated(self.name, np.ascontiguousarray(matrix @ self.frame).tobytes())

    def __repr__(self) -> str:
        where = " in a rotated frame" if self.is_rotated else ""
        return f"<PointGroup {self.schoenflies} ({self.symbol}), order {self.order}{where}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rotated, (self.name, self.frame.tobytes())) if self.is_rotated else (point_group, (self.name,))

    def __deepcopy__(self, memo: object) -> PointGroup:
        return self
