"""Jahn–Teller active modes: distortions that split a degenerate level in first order.

A distortion Q of the irrep γ couples in first order to the operators V_γ = ∂H/∂Q within a level Γ. These are Hermitian
and even under time reversal, so on a level of a system without spin, where time reversal is the complex conjugation of
a real irrep, they are real symmetric matrices:

    [Γ²] = A ⊕ (Jahn–Teller active modes) ,    Γ over ℝ ,

and as often as γ occurs there, as many linear coupling constants are free (twice, for a complex type). The totally
symmetric mode shifts the level and does not split it. For levels of half-integer spin see
:mod:`pointgroups.products.kramers_levels`.

The theorem: every degenerate level of a molecule that is not linear has an active mode among its vibrations.

Source: H. A. Jahn, E. Teller, Proc. R. Soc. A 161, 220 (1937); I. B. Bersuker, The Jahn–Teller Effect (2006), ch. 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pointgroups.couplings import coupling
from pointgroups.double.irreps import DoubleIrrep
from pointgroups.exact import read_only
from pointgroups.irreps import Irrep

from .arithmetic import AnyGroup
from .powers import symmetric_power


@dataclass(frozen=True)
class JahnTellerProblem:
    """A degenerate level and the modes that split it in first order.

    Attributes:
        level: label of Γ over ℝ.
        modes: label of an active mode → how many independent linear coupling constants each mode of it has.

    >>> str(JahnTellerProblem("T2g", {"Eg": 1, "T2g": 1}))
    'T2g ⊗ (eg ⊕ t2g)'
    """

    level: str
    modes: Mapping[str, int]

    def __str__(self) -> str:
        names = [label[:1].lower() + label[1:] for label in self.modes]
        if not names:
            return f"{self.level}: no active mode"
        return f"{self.level} ⊗ {names[0]}" if len(names) == 1 else f"{self.level} ⊗ ({' ⊕ '.join(names)})"


def jahn_teller(irrep: Irrep, vibrations: Mapping[str, int] | None = None) -> JahnTellerProblem:
    """The modes that couple linearly to a level and are not totally symmetric; none for a level without degeneracy.

    Args:
        irrep: Γ; of a pair ¹E, ²E over ℂ the irrep E over ℝ is meant, because time reversal joins them to one level.
        vibrations: label → copies of the vibrations at hand, over ℝ; any when None.

    Raises:
        UnknownIrrepError: a vibration that is no irrep of the group.
        ValueError: an irrep of a double group; see :func:`~pointgroups.kramers_jahn_teller`.

    >>> from pointgroups import molecular_point_group, point_group
    >>> Oh = point_group("Oh")
    >>> str(jahn_teller(Oh.irreps["Eg"])), str(jahn_teller(Oh.irreps["T1u"]))
    ('Eg ⊗ eg', 'T1u ⊗ (eg ⊕ t2g)')
    >>> str(jahn_teller(point_group("D4h").irreps["Eg"], {"A1g": 2, "B1g": 1, "Eu": 3}))  # of a square molecule XY4
    'Eg ⊗ b1g'
    >>> str(jahn_teller(molecular_point_group("Ih").irreps["Hu"]))  # the hole of C60⁺, two constants for each hg
    'Hu ⊗ (gg ⊕ hg)'
    """
    level = _physical(irrep)
    return JahnTellerProblem(level.label, active_modes(irrep.group, coupled_square(level), vibrations))


def active_modes(group: AnyGroup, square: Mapping[str, int], vibrations: Mapping[str, int] | None) -> dict[str, int]:
    """Irreps over ℝ of the operators on a level, without the trivial one → independent constants; those at hand."""
    trivial = next(iter(group.real_irreps))
    active = {label: n * group.real_irreps[label].commuting for label, n in square.items() if label != trivial}
    if vibrations is None:
        return active
    present = {group.real_irreps[label].label for label, n in vibrations.items() if n}
    return {label: n for label, n in active.items() if label in present}


def vibronic_matrices(irrep: Irrep, mode: str) -> NDArray[np.float64]:
    """The matrices V_k of the linear coupling Σ_k Q_k V_k of a level to a mode, for every independent constant.

    Real and symmetric, from the coupling coefficients Γ ⊗ Γ → γ with the copies that are symmetric under exchange, so
    Γ(g) V_k Γ(g)ᵀ = Σ_j V_j γ_jk(g); Σ_k tr V_k² = d_γ.

    Args:
        irrep: Γ, as in :func:`jahn_teller`.
        mode: label of γ over ℝ; the trivial one gives a multiple of the unit matrix.

    Returns:
        (constants, d_γ, d_Γ, d_Γ), read-only.

    Raises:
        UnknownIrrepError: a mode that is no irrep of the group.

    >>> from pointgroups import point_group
    >>> (vibronic_matrices(point_group("Oh").irreps["Eg"], "Eg")[0] * 2**0.5).round(12).tolist()
    [[[1.0, 0.0], [0.0, -1.0]], [[0.0, -1.0], [-1.0, 0.0]]]
    """
    level = _physical(irrep)
    gamma = level.group.real_irreps[mode]
    symmetric = coupling(level, level, gamma)[: coupled_square(level).get(mode, 0)]
    copies = np.concatenate([symmetric @ intertwiner for intertwiner in gamma.commutant])
    return read_only(np.ascontiguousarray(np.moveaxis(copies, 3, 1)))


def _physical(irrep: Irrep) -> Irrep:
    """The irrep over ℝ that a level has: that of which Γ is a constituent, Γ itself over ℝ."""
    if isinstance(irrep, DoubleIrrep):
        raise ValueError(
            f"{irrep!r} is of a double group; take kramers_jahn_teller for a spinor irrep, and else the irrep from "
            f"{irrep.group.point_group!r}"
        )
    if irrep.field == "R":
        return irrep
    group = irrep.group
    return next(a for a in group.real_irreps.values() if irrep.label in group._multiplicities(a.class_characters, "C"))


def coupled_square(irrep: Irrep) -> dict[str, int]:
    """Irreps over ℝ of the operators on a level that are even under time reversal: [Γ²] where its square is 1.

    >>> from pointgroups import point_group
    >>> coupled_square(point_group("C4").real_irreps["E"])
    {'A': 1, 'B': 2}
    """
    return symmetric_power(irrep, 2)
