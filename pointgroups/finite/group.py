"""A finite group as users hold it, closed from the generators that they give."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.exact import read_only
from pointgroups.groups import ConjugacyClass, inverse_table
from pointgroups.immutable import Immutable
from pointgroups.irreps import Irrep, IrrepTable
from pointgroups.molecules.operations import schoenflies_symbol
from pointgroups.representations import symmetry_adapted_basis
from pointgroups.spherical import wigner_d_real
from pointgroups.squares import square

from .closure import checked_generators, close
from .complex_irreps import ComplexIrreps
from .irreps import FiniteIrrep
from .order import OrderedGroup, in_canonical_order

_EXACT_THEORY = "it is known in floating point; what asks for this is for the 32 crystallographic groups (point_group)"
_MISSING = {
    "double": "spinor irreps are made for the 32 crystallographic groups; a double group is a finite group, too, and "
    "finite_group takes its real matrices or permutations",
    "exact_rotations": "its matrices are floats, G.matrices",
}

_MAKING = threading.Lock()
_HELD: WeakValueDictionary[tuple[Any, ...], FiniteGroup] = WeakValueDictionary()


def finite_group(generators: ArrayLike, max_order: int = 1000) -> FiniteGroup:
    """The group that orthogonal matrices or permutations generate, with irreps and couplings in floating point.

    Elements, classes and irreps come in an order that depends on the elements alone, not on the generators. The same
    generators give the same object as long as it is held.

    Args:
        generators: real orthogonal matrices (k, n, n), right to 1e-5, in any orthonormal axes; or permutations of
            0 … n−1, integers (k, n), each the list of the images of 0, 1, …, n−1.
        max_order: the largest order to accept. The time goes with the square of the order.

    Raises:
        NotAFiniteGroupError: a generator that is not finite, not orthogonal, no permutation; an element that nearly
            equals another one; more than ``max_order`` elements. The message names the element.
        ValueError: ``max_order`` is not an integer ≥ 1.

    >>> S4 = finite_group([[1, 0, 2, 3], [1, 2, 3, 0]])
    >>> S4.order, [c.label for c in S4.classes], [a.dim for a in S4.irreps.values()]
    (24, ['E', '3C2a', '6C2b', '8C3', '6C4'], [1, 1, 2, 3, 3])
    >>> turn = 2 * np.pi / 7
    >>> C7 = finite_group([[[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]])
    >>> C7.name, list(C7.real_irreps)
    ('C7', ['A', 'E1', 'E2', 'E3'])
    """
    if isinstance(max_order, bool) or not isinstance(max_order, (int, np.integer)) or max_order < 1:
        raise ValueError(f"max_order is the largest order to accept, an integer ≥ 1, not {max_order!r}")
    checked = checked_generators(generators)
    return _remembered(checked.tobytes(), checked.shape, checked.dtype.str, int(max_order))


def _remembered(content: bytes, shape: tuple[int, ...], dtype: str, max_order: int) -> FiniteGroup:
    """The group of generators given by their bytes; one object as long as anyone holds it."""
    key = (content, shape, dtype, max_order)
    with _MAKING:  # two threads that ask at once get one object
        found = _HELD.get(key)
        if found is None:
            generators = np.frombuffer(content, dtype=dtype).reshape(shape)
            found = _HELD[key] = FiniteGroup(in_canonical_order(close(generators, max_order)), key)
    return found


class FiniteGroup(Immutable):
    """Any finite group of orthogonal matrices or permutations. Made by :func:`finite_group`; arrays are read-only.

    Used as a :class:`~pointgroups.PointGroup` is: ``coupling``, projectors, ``symmetry_adapted_basis`` take it.
    Characters are integer combinations of roots of unity, right to rounding; multiplicities are integers; matrices and
    couplings are floats of about 15 digits.

    Attributes:
        name: Schoenflies symbol of a group of 3×3 matrices ("D5h"), else "a group of order 60".
        order: |G|.
        permutations: (|G|, n) images, or None where matrices were given.
        frame: (3, 3) proper rotation to the axes that class names and labels speak of (z main axis, x C2′ or in σv),
            of 3×3 matrices, else None.

    >>> Q8 = finite_group([[2, 3, 1, 0, 6, 7, 5, 4], [4, 5, 7, 6, 1, 0, 2, 3]])  # on 1, −1, i, −i, j, −j, k, −k
    >>> Q8.order, [(a.label, a.dim, a.type) for a in Q8.irreps.values()][-1]
    (8, ('Γ5', 2, 'quaternionic'))
    >>> Q8.real_irreps["Γ5Γ5"].dim, Q8.real_irreps["Γ5Γ5"].commutant.shape
    (4, (4, 4, 4))
    """

    name: str
    order: int
    permutations: NDArray[np.int64] | None
    frame: NDArray[np.float64] | None
    _ordered: OrderedGroup
    _content: tuple[Any, ...]

    def __init__(self, group: OrderedGroup, content: tuple[Any, ...]) -> None:
        order = len(group.product)
        geometric = group.standard is not None
        self.__dict__.update(
            name=schoenflies_symbol(group.matrices, group.product) if geometric else f"a group of order {order}",
            order=order,
            permutations=group.permutations,
            frame=group.frame,
            _ordered=group,
            _content=content,
        )

    # -- elements -----------------------------------------------------------------------------------------------

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Names: "C5[001]+", "S10^3[001]-", "σ[100]" of 3×3 matrices, axes being those of the matrices; cycles
        "(0 1 2)" of permutations; else "g7"."""
        return self._ordered.elements

    @cached_property
    def matrices(self) -> NDArray[np.float64]:
        """The given representation, (|G|, n, n), of permutations M e_i = e_{p(i)}; matrices[0] = 1."""
        return self._ordered.matrices

    @cached_property
    def product(self) -> NDArray[np.int64]:
        """product[i, j] = index of element i times element j, j acting first, (|G|, |G|)."""
        return self._ordered.product

    @cached_property
    def classes(self) -> tuple[ConjugacyClass, ...]:
        """Conjugacy classes in table order, with ``label`` ("12C5", "15C2a"), ``indices`` and ``size``."""
        return self._ordered.classes

    @property
    def rotations(self) -> NDArray[np.float64]:
        """The given 3×3 matrices, (|G|, 3, 3); ValueError for a group of other matrices or of permutations."""
        if self.frame is None:
            raise ValueError(
                f"{self!r} was not given by 3×3 rotation matrices, so it turns no vectors; its elements are G.matrices"
            )
        return self.matrices

    @cached_property
    def determinants(self) -> NDArray[np.int64]:
        """±1, of ``matrices``, shape (|G|,)."""
        return read_only(np.rint(np.linalg.det(self.matrices)).astype(np.int64))

    @property
    def has_inversion(self) -> bool:
        """Whether the inversion is an element."""
        return "i" in self.elements

    @cached_property
    def inverse(self) -> NDArray[np.int64]:
        """inverse[i] = index of the inverse of element i, shape (|G|,)."""
        return read_only(inverse_table(self.product))

    # -- irreps and characters ----------------------------------------------------------------------------------

    @cached_property
    def _class_of(self) -> NDArray[np.int64]:
        """The class of every element, (|G|,)."""
        return self._ordered.class_of

    @cached_property
    def _over_c(self) -> ComplexIrreps:
        return ComplexIrreps(self._ordered)

    @property
    def irreps(self) -> IrrepTable[FiniteIrrep]:
        """Irreps over ℂ, label → :class:`FiniteIrrep`, complete: Σ d² = |G|."""
        if "_irreps" not in self.__dict__:
            found = {label: FiniteIrrep(self, label, "C", r) for r, label in enumerate(self._over_c.labels)}
            self.__dict__.setdefault("_irreps", IrrepTable(self.name, found))  # atomic: all threads get one object
        irreps: IrrepTable[FiniteIrrep] = self.__dict__["_irreps"]
        return irreps

    @property
    def real_irreps(self) -> IrrepTable[FiniteIrrep]:
        """Irreps over ℝ; "1E2" and "2E2" are one irrep "E2", Γ2 and Γ3 "Γ2Γ3", a quaternionic Γ5 "Γ5Γ5"."""
        if "_real_irreps" not in self.__dict__:
            labels, characters = self._over_c.labels, self._over_c.characters
            found = {}
            for r, (label, partner) in enumerate(zip(labels, characters.partners, strict=True)):
                if characters.indicators[r] == 1:
                    found[label] = FiniteIrrep(self, label, "R", r)
                elif partner >= r:  # itself where quaternionic, the second of the pair where complex
                    joined = label + labels[partner] if self.frame is None else label[1:]
                    found[joined] = FiniteIrrep(self, joined, "R", r)
            self.__dict__.setdefault("_real_irreps", IrrepTable(self.name, found))
        irreps: IrrepTable[FiniteIrrep] = self.__dict__["_real_irreps"]
        return irreps

    @cached_property
    def character_table(self) -> NDArray[Any]:
        """Characters of the irreps over ℂ, (n_irreps, n_classes): float64 when all are real, else complex128."""
        return read_only(np.array([a.class_characters for a in self.irreps.values()]))

    def irrep(self, irrep: Irrep | str) -> FiniteIrrep:
        """An irrep of this group given by itself or by its label; a label over ℂ is looked up first.

        Raises:
            UnknownIrrepError: no such label.
            ValueError: an irrep of another group.
        """
        if isinstance(irrep, Irrep):
            if not isinstance(irrep, FiniteIrrep) or irrep.group is not self:
                raise ValueError(f"{irrep!r} belongs to another group than {self!r}")
            return irrep
        if irrep not in self.irreps and irrep in self.real_irreps:
            return self.real_irreps[irrep]
        return self.irreps[irrep]

    def _irreps_over(self, field: str) -> IrrepTable[FiniteIrrep]:
        if field not in ("R", "C"):
            raise ValueError(f'field is "R" or "C", not {field!r}')
        return self.real_irreps if field == "R" else self.irreps

    # -- products -----------------------------------------------------------------------------------------------

    def decompose_character(self, character: ArrayLike, field: str = "C") -> dict[str, int]:
        """How often each irrep occurs in a representation whose character is given on every element, (|G|,).

        n_γ = (1/|G|) Σ_g χ_γ(g)* χ(g), over ℝ divided by the dimension of the commutant of γ. Only non-zero entries.

        Raises:
            ValueError: a wrong shape, or not the character of a representation (a multiplicity off an integer by 1e-6).

        >>> from pointgroups.finite.families import molecular_point_group
        >>> I = molecular_point_group("I")
        >>> I.decompose_character(I.irreps["T1"].characters ** 3)
        {'A': 1, 'T1': 3, 'T2': 1, 'G': 1, 'H': 2}
        """
        return self._irreps_over(field).decompose(character)

    def _multiplicities(self, character: NDArray[Any], field: str) -> dict[str, int]:
        """The same from a character given on every class, (n_classes,)."""
        return self.decompose_character(character[self._class_of], field)

    def tensor_product(self, a: Irrep | str, b: Irrep | str) -> dict[str, int]:
        """Irreps in a ⊗ b with their multiplicities, over the field of a and b.

        >>> from pointgroups.finite.families import molecular_point_group
        >>> molecular_point_group("I").tensor_product("H", "H")
        {'A': 1, 'T1': 1, 'T2': 1, 'G': 2, 'H': 2}
        """
        left, right = self._of_one_field(a, b)
        return self.decompose_character(left.characters * right.characters, left.field)

    def symmetric_square(self, a: Irrep | str) -> dict[str, int]:
        """Irreps in the symmetric square: χ = (χ(g)² + χ(g²))/2."""
        return square(self.irrep(a), 1)

    def antisymmetric_square(self, a: Irrep | str) -> dict[str, int]:
        """Irreps in the antisymmetric square: χ = (χ(g)² − χ(g²))/2."""
        return square(self.irrep(a), -1)

    def _of_one_field(self, *irreps: Irrep | str) -> list[FiniteIrrep]:
        """The irreps, all over ℝ when a given label occurs over ℝ only; ValueError when the fields are mixed."""
        found = [self.irrep(i) for i in irreps]
        if len({i.field for i in found}) > 1:
            found = [
                self.real_irreps[i.label] if isinstance(given, str) and i.label in self.real_irreps else i
                for given, i in zip(irreps, found, strict=True)
            ]
            if len({i.field for i in found}) > 1:
                raise ValueError(f"take all irreps from G.irreps or all from G.real_irreps, not {found}")
        return found

    # -- functions ----------------------------------------------------------------------------------------------

    def subduce(self, degree: int, parity: int | None = None, field: str = "R") -> dict[str, int]:
        """Irreps in O(3)'s irrep (ℓ, parity) restricted to this group of 3×3 matrices, with multiplicities.

        χ(g) = Σ_m cos mφ for a rotation by φ, times ``parity`` for an improper element; parity is (−1)^ℓ when None.

        Raises:
            ValueError: a negative degree, another parity, or a group that was not given by 3×3 matrices.

        >>> from pointgroups.finite.families import molecular_point_group
        >>> molecular_point_group("I").subduce(6)
        {'A': 1, 'T1': 1, 'G': 1, 'H': 1}
        """
        _require_degree(degree)
        if parity not in (None, 1, -1):
            raise ValueError(f"parity is 1 or -1, not {parity}")
        traces = np.trace(self.rotations, axis1=1, axis2=2) * self.determinants
        angles = np.arccos(np.clip((traces - 1) / 2, -1, 1))
        chi = 1 + 2 * np.cos(np.arange(1, int(degree) + 1)[:, None] * angles).sum(axis=0)
        signs = np.where(self.determinants < 0, parity or (-1) ** int(degree), 1)
        return self.decompose_character(signs * chi, field)

    def harmonics(self, degree: int) -> AdaptedBasis:
        """Symmetry-adapted real spherical harmonics of degree ℓ, in floating point, over ℝ.

        As :meth:`PointGroup.harmonics`: rows on the orthonormal Y_ℓm, m = −ℓ … ℓ, of the axes of ``rotations``; copies
        by projecting Y_ℓm in this order. Any ℓ.

        Raises:
            ValueError: a negative degree, or a group that was not given by 3×3 matrices.

        >>> from pointgroups.finite.families import molecular_point_group
        >>> molecular_point_group("Ih").harmonics(6).labels[0]
        AdaptedLabel(irrep='Ag', copy=1, component=1)
        """
        _require_degree(degree)
        known = self._harmonics
        if degree not in known:
            known.setdefault(degree, symmetry_adapted_basis(self, wigner_d_real(degree, self.rotations)))
        return known[degree]

    @cached_property
    def _harmonics(self) -> dict[int, AdaptedBasis]:
        """The degrees made so far."""
        return {}

    def __getattr__(self, name: str) -> Any:
        """What is missing, and why: the exact theory of the 32 groups asks for more than these groups have."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"{self!r} has no {name!r}: {_MISSING.get(name, _EXACT_THEORY)}")

    # -- identity -----------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"<FiniteGroup {self.name}{'' if self.frame is None else f', order {self.order}'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_remembered, self._content)

    def __deepcopy__(self, memo: object) -> FiniteGroup:
        return self


def _require_degree(degree: int) -> None:
    if degree < 0 or int(degree) != degree:
        raise ValueError(f"the degree ℓ is 0, 1, 2, …, not {degree}")
