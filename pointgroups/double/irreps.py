"""An irrep of a double group: one of the group's own irreps, or a spinor irrep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.exact import read_only, value
from pointgroups.irreps import Irrep

from .root_text import negated

if TYPE_CHECKING:
    from .group import DoubleGroup


class DoubleIrrep(Irrep):
    """An irrep Γ of a double group over ℂ, on all 2|G| elements; Γ(Ē) = −1 for a spinor irrep, else 1.

    As :class:`~pointgroups.Irrep`, whose functions take it too: ``coupling(a, b, c)``, projectors, Dirl's formula. The
    matrices of element |G| + i are Γ(Ē) times those of element i.

    Attributes:
        group: the :class:`DoubleGroup`.
        label: "T2g" as in the group itself, or "E1/2g", "1F3/2", "A3/2" of a spinor irrep.
        spinor: whether the 2π rotation is −1.
        koster: "Γ6+" of a spinor irrep, None of the others. Of Γ11 and Γ12 in C6, C3h and C6h, which sources exchange,
            that of Quantum ESPRESSO; ``labels`` leaves it out.
        basis: for a spinor irrep, d combinations of |j,m> of the lowest multiplet j that contains it.
        indicator: (1/2|G|) Σ χ(g²): −1 pseudoreal (quaternionic), 0 complex, 1 real.

    >>> from pointgroups import point_group
    >>> a = point_group("O").double.irreps["F3/2"]
    >>> a.dim, a.koster, a.indicator, a.basis
    (4, 'Γ8', -1, ('|3/2,3/2>', '|3/2,1/2>', '|3/2,-1/2>', '|3/2,-3/2>'))
    """

    group: DoubleGroup  # type: ignore[assignment]
    spinor: bool
    koster: str | None

    def __init__(self, group: DoubleGroup, label: str, entry: Mapping[str, Any]) -> None:
        super().__init__(group, label, "C", entry)  # type: ignore[arg-type]
        self.__dict__.update(spinor="koster" in entry, koster=entry.get("koster"))

    def _tokens(self) -> list[str]:
        if self.dim == 1:
            return super()._tokens()
        half = " ".join(self._entry["matrices"]).split()
        return half + ([negated(t) for t in half] if self.spinor else half)

    @cached_property
    def matrices(self) -> NDArray[Any]:
        """Γ(g), shape (2|G|, d, d), read-only: float64 for an irrep of real type, else complex128."""
        half = self._tokens()[: self.group.order // 2 * self.dim**2]
        array = np.array([value(t) for t in half], dtype=complex).reshape(-1, self.dim, self.dim)
        both = np.concatenate([array, -array if self.spinor else array])
        return read_only(both.real.copy() if self.indicator == 1 else both)
