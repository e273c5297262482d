"""Time reversal: which irreps become degenerate when Θ commutes with the group.

Θ is antiunitary, Θ² = −1 on spinors and 1 otherwise. It acts on an irrep Γ alone, on two copies of it, or on Γ ⊕ Γ*:

    kind a, Γ alone           the indicator of Γ is Θ²:     pseudoreal spinor irreps, real single-valued ones
    kind b, Γ occurs twice    it is −Θ²:                    real spinor irreps (A1/2 of C1, A3/2 of C3)
    kind c, Γ pairs with Γ*   it is 0.

So every level of an odd number of electrons has even degeneracy (Kramers). Let Γ' be the partner, Γ' ~ Γ*, and X √d
times the coupling Γ ⊗ Γ' → 1, so that Γ(g) X = X Γ'(g)*. Then Θ is θ times complex conjugation,

    kind a: θ = X ;    kinds b and c, on Γ ⊕ Γ': θ = [[0, X], [Θ² Xᵀ, 0]] ;    D(g) θ = θ D(g)*,   θ θ* = Θ².

Source: E. P. Wigner, Group Theory (1959), ch. 26; C. J. Bradley and A. P. Cracknell, The Mathematical Theory of
Symmetry in Solids (1972), ch. 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pointgroups.couplings import coupling
from pointgroups.exact import read_only
from pointgroups.irreps import conjugate_irrep

from .irreps import DoubleIrrep

if TYPE_CHECKING:
    from .group import DoubleGroup


@dataclass(frozen=True)
class Corepresentation:
    """A level of a system with time reversal: one irrep, the same one twice, or a conjugate pair.

    Attributes:
        irreps: the irreps that are degenerate, one or two.
        kind: Wigner's "a", "b" or "c".

    >>> from pointgroups import point_group
    >>> [c.label for c in point_group("C3").double.corepresentations]
    ['A', '1E+2E', '1E1/2+2E1/2', 'A3/2+A3/2']
    """

    irreps: tuple[DoubleIrrep, ...]
    kind: str

    @property
    def label(self) -> str:
        """The labels of the irreps, joined by "+"."""
        return "+".join(irrep.label for irrep in self.irreps)

    @property
    def spinor(self) -> bool:
        """Whether Θ² = −1."""
        return self.irreps[0].spinor

    @property
    def degeneracy(self) -> int:
        """Dimension of the level."""
        return sum(irrep.dim for irrep in self.irreps)

    @cached_property
    def matrices(self) -> NDArray[np.complex128]:
        """D(g) of the unitary elements, block-diagonal, (2|G|, n, n)."""
        n, order = self.degeneracy, self.irreps[0].group.order
        matrices = np.zeros((order, n, n), dtype=np.complex128)
        start = 0
        for irrep in self.irreps:
            block = slice(start, start + irrep.dim)
            matrices[:, block, block] = irrep.matrices
            start += irrep.dim
        return read_only(matrices)

    @cached_property
    def theta(self) -> NDArray[np.complex128]:
        """θ (n, n): Θ is θ times complex conjugation; D(g) θ = θ D(g)* and θ θ* = Θ²."""
        first, last = self.irreps[0], self.irreps[-1]
        trivial = next(iter(first.group.irreps.values()))
        x = np.sqrt(first.dim) * coupling(first, last, trivial)[0, :, :, 0]
        if self.kind == "a":
            return read_only(x.astype(np.complex128))
        zero = np.zeros_like(x)
        return read_only(np.block([[zero, x], [-x.T if self.spinor else x.T, zero]]).astype(np.complex128))


def corepresentations(group: DoubleGroup) -> Iterator[Corepresentation]:
    """All levels in table order, each irrep once."""
    seen: set[str] = set()
    for irrep in group.irreps.values():
        if irrep.label in seen:
            continue
        if irrep.indicator == 0:
            partner = conjugate_irrep(irrep)
            seen.add(partner.label)
            yield Corepresentation((irrep, partner), "c")
        elif irrep.indicator == (-1 if irrep.spinor else 1):
            yield Corepresentation((irrep,), "a")
        else:
            yield Corepresentation((irrep, irrep), "b")
