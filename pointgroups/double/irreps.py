"""An irrep of a double group: one of the group's own irreps, or a spinor irrep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import ExactArray, read_only
from pointgroups.irreps import Irrep

from .spin_half import both_signs

if TYPE_CHECKING:
    from pointgroups.number_code import NumberCode

    from .group import DoubleGroup


class DoubleIrrep(Irrep):
    """An irrep Γ of a double group over ℂ, on all 2|G| elements; Γ(Ē) = −1 for a spinor irrep, else 1.

    As :class:`~pointgroups.Irrep`, whose functions take it too: ``coupling(a, b, c)``, projectors, Dirl's formula. The
    matrices of element |G| + i are Γ(Ē) times those of element i.

    Attributes:
        group: the :class:`DoubleGroup`.
        label: "T2g" as in the group itself, or "E1/2g", "1F3/2", "A3/2" of a spinor irrep.
        spinor: whether the 2π rotation is −1.
        basis: for a spinor irrep, d combinations of |j,m> of the lowest multiplet j that contains it.
        indicator: (1/2|G|) Σ χ(g²): −1 pseudoreal (quaternionic), 0 complex, 1 real.

    >>> from pointgroups import point_group
    >>> a = point_group("O").double.irreps["F3/2"]
    >>> a.dim, a.labels["koster"], a.indicator, a.basis
    (4, 'Γ8', -1, ('|3/2,3/2>', '|3/2,1/2>', '|3/2,-1/2>', '|3/2,-3/2>'))
    """

    group: DoubleGroup  # type: ignore[assignment]
    spinor: bool

    def __init__(self, group: DoubleGroup, label: str, entry: Mapping[str, Any], spinor: bool) -> None:
        super().__init__(group, label, "C", entry)  # type: ignore[arg-type]
        self.__dict__["spinor"] = spinor

    @property
    def _code(self) -> NumberCode:
        return (self.group._spinors if self.spinor else self.group.point_group._table).code

    def _letters(self) -> str:
        """The matrix entries of the elements 0 … |G|−1, row-major."""
        if self.dim > 1:
            return str(self._entry["matrices"])
        by_class: str = self._entry["characters"]
        return "".join([by_class[c] for c in self.group._class_of[: self.group.order // 2].tolist()])

    @cached_property
    def matrices(self) -> NDArray[Any]:
        """Γ(g), shape (2|G|, d, d), read-only: float64 for an irrep of real type, else complex128."""
        numbers = self._code.reals if self.indicator == 1 else self._code.complexes
        half = numbers(self._letters()).reshape(-1, self.dim, self.dim)
        return read_only(np.concatenate([half, -half if self.spinor else half]))

    @cached_property
    def exact_matrices(self) -> ExactArray:
        """Γ(g) as an exact array over ℚ(√2, √3, i), shape (2|G|, d, d)."""
        half = self._code.exact(self._letters(), (self.group.order // 2, self.dim, self.dim))
        return both_signs(half, self.spinor)
