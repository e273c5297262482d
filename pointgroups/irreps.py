"""An irrep as users hold it: label, matrices, characters, type, basis; and the table of all irreps of a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .exact import ExactArray, read_only, symbolic
from .immutable import Immutable

if TYPE_CHECKING:
    import sympy

    from .number_code import NumberCode
    from .point_group import PointGroup

AnyIrrep = TypeVar("AnyIrrep", bound="Irrep")
_ROUNDING = 1e-6
_J = ((0.0, -1.0), (1.0, 0.0))


class UnknownIrrepError(KeyError, ValueError):
    """A group has no irrep of this label."""

    def __str__(self) -> str:
        return str(self.args[0])


class Irrep(Immutable):
    """An irreducible representation Γ of a point group, over ℂ (``field`` "C") or over ℝ ("R").

    Γ(g) Γ(h) = Γ(g h) with unitary (over ℝ orthogonal) matrices, and O(g) φ_j = Σ_i φ_i Γ_ij(g) for the named functions
    φ of ``basis``. There is one object for each irrep of a group: irreps compare by identity.

    Attributes:
        group: the :class:`~pointgroups.PointGroup`.
        label: Mulliken label, such as "T1u"; "1E" and "2E" are the members of a complex-conjugate pair.
        field: "C" or "R".
        dim: the dimension d.
        indicator: Frobenius–Schur indicator (1/|G|) Σ χ(g²) of the irrep over ℂ: 1 real, 0 complex, −1 quaternionic.
        basis: d named functions, polynomials in x, y, z or axial components Rx, Ry, Rz.

    >>> from pointgroups import point_group
    >>> a = point_group("Oh").irreps["T1u"]
    >>> a.dim, a.basis, a.indicator
    (3, ('x', 'y', 'z'), 1)
    """

    group: PointGroup
    label: str
    field: str
    dim: int
    indicator: int
    basis: tuple[str, ...]
    _entry: Mapping[str, Any]

    def __init__(self, group: PointGroup, label: str, field: str, entry: Mapping[str, Any]) -> None:
        self.__dict__.update(
            group=group,
            label=label,
            field=field,
            dim=entry["dim"],
            indicator=entry["indicator"],
            basis=tuple(entry["basis"]),
            _entry=entry,
        )

    @property
    def is_exact(self) -> bool:
        """Whether exact matrices and couplings are known; not so for groups made from generators."""
        return True

    @property
    def type(self) -> str:
        """ "real", "complex" or "quaternionic", by the Frobenius–Schur indicator."""
        return {1: "real", 0: "complex", -1: "quaternionic"}[self.indicator]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Scheme → label, for "mulliken", "bilbao", "koster" and "altmann-herzig" where they have a certain one.

        >>> from pointgroups import point_group
        >>> point_group("Oh").irreps["T1u"].labels["koster"]
        'Γ4-'
        """
        from .labelling.schemes import all_labels

        return MappingProxyType(all_labels(self))

    @property
    def _code(self) -> NumberCode:
        """The letters in which characters and matrices are stored."""
        return self.group._table.code

    def _letters(self) -> str:
        """The matrix entries of all elements, row-major."""
        if self.dim > 1:
            return str(self._entry["matrices"])
        by_class: str = self._entry["characters"]
        return "".join([by_class[c] for c in self.group._class_of.tolist()])

    def _numbers(self, letters: str) -> NDArray[Any]:
        """As floats, complex for a member of a complex pair."""
        return (self._code.complexes if self.field == "C" and self.indicator == 0 else self._code.reals)(letters)

    @cached_property
    def matrices(self) -> NDArray[Any]:
        """Γ(g), shape (|G|, d, d), read-only: float64, or complex128 for a member of a complex pair."""
        if self.dim == 1:
            return self.characters.reshape(-1, 1, 1)
        return read_only(self._numbers(self._entry["matrices"]).reshape(-1, self.dim, self.dim))

    @cached_property
    def exact_matrices(self) -> ExactArray:
        """Γ(g) as an exact array over ℚ(√2, √3, i), shape (|G|, d, d)."""
        return self._code.exact(self._letters(), (self.group.order, self.dim, self.dim))

    @cached_property
    def exact(self) -> tuple[sympy.ImmutableMatrix, ...]:
        """Γ(g) as SymPy matrices, one an element."""
        import sympy

        tokens, d = self.exact_matrices.tokens(), self.dim
        numbers = {t: symbolic(t) for t in set(tokens)}
        return tuple(
            sympy.ImmutableMatrix(d, d, [numbers[t] for t in tokens[k : k + d * d]])
            for k in range(0, len(tokens), d * d)
        )

    @cached_property
    def class_characters(self) -> ExactArray:
        """Exact characters, one a conjugacy class, in table order."""
        return self._code.exact(self._entry["characters"])

    @cached_property
    def characters(self) -> NDArray[Any]:
        """χ(g), shape (|G|,), read-only."""
        return read_only(self._numbers(self._entry["characters"])[self.group._class_of])

    @property
    def commuting(self) -> int:
        """Dimension of the commutant: 2 for an irrep of complex type over ℝ, else 1."""
        return 2 if self.field == "R" and self.indicator == 0 else 1

    @cached_property
    def commutant(self) -> NDArray[np.float64]:
        """Basis (n, d, d) of the matrices that commute with every Γ(g): (1), or (1, J) with J² = −1 (Schur's lemma)."""
        one = np.eye(self.dim)
        return read_only(np.stack([one, np.array(_J)] if self.commuting == 2 else [one]))

    def __repr__(self) -> str:
        return f"<Irrep {self.label} of {self.group.name} over {self.field}, dim {self.dim}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_irrep_of, (self.group, self.field, self.label))


def _irrep_of(group: PointGroup, field: str, label: str) -> Irrep:
    return (group.irreps if field == "C" else group.real_irreps)[label]


class IrrepTable(Mapping[str, AnyIrrep]):
    """Read-only mapping label → :class:`Irrep` in table order; unknown and ambiguous labels get a clear error.

    >>> from pointgroups import point_group
    >>> point_group("C3").irreps
    <irreps of C3: A, 1E, 2E>
    """

    def __init__(self, group_name: str, irreps: Mapping[str, AnyIrrep]) -> None:
        self._group_name = group_name
        self._irreps = dict(irreps)

    def decompose(self, character: ArrayLike) -> dict[str, int]:
        """How often each irrep occurs in a representation whose character is given on every element, without zeros.

        n_γ = (1/|G|) Σ_g χ_γ(g)* χ(g), over ℝ over the dimension of γ's commutant.

        Raises:
            ValueError: a wrong shape, or not the character of a representation (a multiplicity off an integer by 1e-6).

        >>> from pointgroups import point_group
        >>> irreps = point_group("O").irreps
        >>> irreps.decompose(irreps["T1"].characters ** 2)
        {'A1': 1, 'E': 1, 'T1': 1, 'T2': 1}
        """
        chi, duals = np.asarray(character), self._duals
        name = self._group_name
        if chi.dtype.kind not in "biufc" or chi.shape != duals.shape[1:]:
            raise ValueError(
                f"characters of {name} have one value an element, numbers of shape {duals.shape[1:]}, not "
                f"{chi.shape} of type {chi.dtype}"
            )
        found = {}
        for label, count in zip(self, (duals @ chi).tolist(), strict=True):
            nearest = round(count.real) if isfinite(abs(count)) else -1
            if nearest < 0 or abs(count - nearest) > _ROUNDING:
                raise ValueError(f"not the character of a representation of {name}: {label} would occur {count} times")
            if nearest:
                found[label] = nearest
        return found

    @cached_property
    def _duals(self) -> NDArray[Any]:
        """χ_γ(g)* / (|G| · dimension of γ's commutant), (n_irreps, |G|)."""
        return np.array([a.characters.conj() / (len(a.characters) * a.commuting) for a in self.values()])

    def __getitem__(self, label: str) -> AnyIrrep:
        found = self._irreps.get(label)
        if found is None:
            raise UnknownIrrepError(self._explain(label))
        return found

    def _explain(self, label: object) -> str:
        known = f"the irreps of {self._group_name} are {', '.join(self._irreps)}"
        numbered = any(other.startswith("Γ") for other in self._irreps)
        if isinstance(label, str) and label.startswith(("Γ", "GM", "Gamma", "gamma")) and not numbered:
            return (
                f"{label!r} is ambiguous: the numbers of Koster and of Bilbao differ; name the scheme, as in "
                f"G.irrep({label!r}, scheme='bilbao'), or use a Mulliken label: {known}"
            )
        if isinstance(label, str) and label[:1] in ("1", "2") and label[1:] in self._irreps:
            return (
                f"{label!r} is an irrep over the complex numbers; over the reals it is part of {label[1:]!r}: {known}"
            )
        if f"1{label}" in self._irreps:
            return f"{label!r} splits over the complex numbers into '1{label}' and '2{label}'; {known}"
        return f"{label!r} is not an irrep of {self._group_name}; {known}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._irreps)

    def __len__(self) -> int:
        return len(self._irreps)

    def __repr__(self) -> str:
        return f"<irreps of {self._group_name}: {', '.join(self._irreps)}>"


def conjugate_irrep(a: AnyIrrep) -> AnyIrrep:
    """The irrep ā whose character is the complex conjugate: a itself, or the other member of a complex pair.

    Raises:
        TypeError: not an :class:`Irrep`.

    >>> from pointgroups import point_group
    >>> conjugate_irrep(point_group("C3").irreps["1E"]).label
    '2E'
    """
    if not isinstance(a, Irrep):
        raise TypeError(f"an irrep is needed, as G.irreps['T1u'], not {a!r}")
    if a.field == "R" or a.indicator:
        return a
    return cast(AnyIrrep, max(a.group.irreps.values(), key=lambda b: abs(np.sum(b.characters * a.characters))))
