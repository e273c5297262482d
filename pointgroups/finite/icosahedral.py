r"""The groups I and Ih, read from their table: every number is rounded once, from its closed form in ℚ(√3, √5).

Ih = I × {1, i}: the element 60 + k is i times the element k, and an irrep Γ of I gives Γg, with Γ(i) = 1, and Γu, with
Γ(i) = −1. So the table names the elements and classes of Ih, of which I has the first half, and holds the product table
and matrices of I. What their bases are says :mod:`pointgroups.finite.generate`.
"""

from __future__ import annotations

import binascii
import threading
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups import tables
from pointgroups.exact import read_only, symbolic
from pointgroups.groups import ConjugacyClass, classes_of_numbers
from pointgroups.number_code import indices_of

from .burnside import Characters
from .complex_irreps import ComplexIrreps
from .group import FiniteGroup

if TYPE_CHECKING:
    import sympy

_MAKING = threading.Lock()
_PROPER = 60
_AXES = read_only(np.eye(3))

_VECTOR = ("x", "y", "z")
_QUADRATIC = ("2*z**2-x**2-y**2", "sqrt(3)*(x**2-y**2)", "2*sqrt(3)*y*z", "2*sqrt(3)*x*z", "2*sqrt(3)*x*y")
_CUBIC_T2 = (
    "sqrt(5)*(2*x**3-3*x*y**2-3*x*z**2)-15*(x*y**2-x*z**2)",
    "sqrt(5)*(2*y**3-3*y*z**2-3*y*x**2)-15*(y*z**2-y*x**2)",
    "sqrt(5)*(2*z**3-3*z*x**2-3*z*y**2)-15*(z*x**2-z*y**2)",
)
_CUBIC_G = (
    "20*x*y*z",
    "sqrt(5)*(2*x**3-3*x*y**2-3*x*z**2)+5*(x*y**2-x*z**2)",
    "sqrt(5)*(2*y**3-3*y*z**2-3*y*x**2)+5*(y*z**2-y*x**2)",
    "sqrt(5)*(2*z**3-3*z*x**2-3*z*y**2)+5*(z*x**2-z*y**2)",
)
_BASES = {
    "A": ("x**2+y**2+z**2",),
    "Ag": ("x**2+y**2+z**2",),
    "T1": _VECTOR,
    "T1u": _VECTOR,
    "T1g": ("Rx", "Ry", "Rz"),
    "T2": _CUBIC_T2,
    "T2u": _CUBIC_T2,
    "G": _CUBIC_G,
    "Gu": _CUBIC_G,
    "H": _QUADRATIC,
    "Hg": _QUADRATIC,
}


def icosahedral_group(name: str) -> FiniteGroup:
    """I or Ih, with two-fold axes along x, y and z; the same object at every call.

    Raises:
        ValueError: another name.
        TableError: the shipped table is missing or damaged.

    >>> Ih = icosahedral_group("Ih")
    >>> Ih.order, list(Ih.irreps)[5:]
    (120, ['Au', 'T1u', 'T2u', 'Gu', 'Hu'])
    """
    if name not in ("I", "Ih"):
        raise ValueError(f"the icosahedral groups are I and Ih, not {name!r}")
    with _MAKING:  # two threads that ask at once get one object
        return _made(name)


@cache
def _made(name: str) -> FiniteGroup:
    return _IcosahedralGroup(name, tables.load_icosahedral())


class _IcosahedralGroup(FiniteGroup):
    """A :class:`FiniteGroup` whose parts are read from the table when they are asked for."""

    _group: Mapping[str, Any]
    _over_c: _TabledIrreps

    def __init__(self, name: str, table: Mapping[str, Any]) -> None:
        irreps = _TabledIrreps(table, ("g", "u") if name == "Ih" else ("",))
        self.__dict__.update(
            name=name,
            order=_PROPER * len(irreps.parities),
            permutations=None,
            frame=_AXES,
            _group=table["group"],
            _over_c=irreps,
        )

    @cached_property
    def elements(self) -> tuple[str, ...]:
        return tuple(self._group["elements"].split()[: self.order])

    @cached_property
    def matrices(self) -> NDArray[np.float64]:
        return self._over_c.rotations

    @cached_property
    def product(self) -> NDArray[np.int64]:
        half = np.frombuffer(binascii.a2b_base64(self._group["product"]), dtype=np.uint8).reshape(_PROPER, _PROPER)
        k = np.arange(len(self._over_c.parities))
        improper = (k[:, None, None, None] + k[:, None]) % 2  # (i g)(i h) = g h
        return read_only((half[:, None] + _PROPER * improper).reshape(self.order, self.order))

    @cached_property
    def classes(self) -> tuple[ConjugacyClass, ...]:
        return classes_of_numbers(self._group["classes"].split()[: len(self._over_c.labels)], self._class_of)

    @cached_property
    def _class_of(self) -> NDArray[np.int64]:
        return read_only(indices_of(self._group["class_of"][: self.order]))

    def __reduce__(self) -> tuple[Any, ...]:
        return (icosahedral_group, (self.name,))


class _TabledIrreps(ComplexIrreps):
    """The irreps of I, or those of Ih: all g, then all u."""

    def __init__(self, table: Mapping[str, Any], parities: tuple[str, ...]) -> None:
        self.parities = parities
        self._code, self._texts = table["code"], table["irreps"]
        self.labels = tuple(label + parity for parity in parities for label in self._texts)
        n, every = len(self.labels), 2 * len(self._texts)
        values = self._code.reals(table["group"]["characters"]).reshape(every, every)[:n, :n]
        degrees, indicators = values[:, 0].astype(np.int64), np.ones(n, dtype=np.int64)
        self.characters = Characters(values.astype(np.complex128), degrees, indicators)
        self._made: dict[int, NDArray[Any]] = {}

    @property
    def rotations(self) -> NDArray[np.float64]:
        """T1 of I, T1u of Ih."""
        return self.matrices(self.labels.index("T1" + self.parities[-1]))

    def _matrices(self, row: int) -> NDArray[np.float64]:
        if row >= len(self._texts):
            found = self.matrices(row - len(self._texts)).copy()
            found[_PROPER:] = 0.0 - found[_PROPER:]  # Γu(i g) = −Γg(i g), and no −0
            return found
        d = int(self.characters.degrees[row])
        reals: NDArray[np.float64] = self._code.reals(self._texts[self._label(row)] * len(self.parities))
        return reals.reshape(-1, d, d)

    def _label(self, row: int) -> str:
        """Of the irrep of I."""
        return self.labels[row % len(self._texts)].removesuffix("g")

    def exact(self, row: int) -> tuple[sympy.ImmutableMatrix, ...]:
        import sympy

        d = int(self.characters.degrees[row])
        text = self._texts[self._label(row)]
        numbers = {letter: symbolic(token) for letter, token, *_ in self._code.legend}
        half = [
            sympy.ImmutableMatrix(d, d, [numbers[letter] for letter in text[k : k + d * d]])
            for k in range(0, len(text), d * d)
        ]
        improper = [-m for m in half] if row >= len(self._texts) else half
        return (*half, *improper)[: _PROPER * len(self.parities)]

    def basis(self, row: int) -> tuple[str, ...]:
        return _BASES.get(self.labels[row], ())
