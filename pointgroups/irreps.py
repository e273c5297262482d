"""An irrep as users hold it: label, matrices, characters, type, basis; and the table of all irreps of a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from .exact import ExactArray, read_only, symbolic, value
from .immutable import Immutable

if TYPE_CHECKING:
    import sympy

    from .point_group import PointGroup

AnyIrrep = TypeVar("AnyIrrep", bound="Irrep")
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

    def _tokens(self) -> list[str]:
        """The exact matrix entries of all elements, row-major."""
        if self.dim > 1:
            return " ".join(self._entry["matrices"]).split()
        by_class = self._entry["characters"].split()
        return [by_class[c] for c in self.group._class_of]

    @cached_property
    def matrices(self) -> NDArray[Any]:
        """Γ(g), shape (|G|, d, d), read-only: float64, or complex128 for a member of a complex pair."""
        found = [value(t) for t in self._tokens()]
        array = np.array(found, dtype=complex).reshape(self.group.order, self.dim, self.dim)
        return read_only(array if self.field == "C" and self.indicator == 0 else array.real.copy())

    @cached_property
    def exact_matrices(self) -> ExactArray:
        """Γ(g) as an exact array over ℚ(√2, √3, i), shape (|G|, d, d)."""
        return ExactArray.parse(self._tokens(), (self.group.order, self.dim, self.dim))

    @cached_property
    def exact(self) -> tuple[sympy.ImmutableMatrix, ...]:
        """Γ(g) as SymPy matrices, one an element."""
        import sympy

        tokens, d = self._tokens(), self.dim
        numbers = {t: symbolic(t) for t in set(tokens)}
        return tuple(
            sympy.ImmutableMatrix(d, d, [numbers[t] for t in tokens[k : k + d * d]])
            for k in range(0, len(tokens), d * d)
        )

    @cached_property
    def class_characters(self) -> ExactArray:
        """Exact characters, one a conjugacy class, in table order."""
        return ExactArray.parse(self._entry["characters"].split())

    @cached_property
    def characters(self) -> NDArray[Any]:
        """χ(g), shape (|G|,), read-only."""
        by_class = np.array([value(t) for t in self._entry["characters"].split()])
        array = by_class[list(self.group._class_of)]
        return read_only(array if self.field == "C" and self.indicator == 0 else array.real.copy())

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


class IrrepTable(Mapping[str, Irrep]):
    """Read-only mapping label → :class:`Irrep` in table order; unknown and ambiguous labels get a clear error.

    >>> from pointgroups import point_group
    >>> point_group("C3").irreps
    <irreps of C3: A, 1E, 2E>
    """

    def __init__(self, group_name: str, irreps: Mapping[str, Irrep]) -> None:
        self._group_name = group_name
        self._irreps = dict(irreps)

    def __getitem__(self, label: str) -> Irrep:
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
