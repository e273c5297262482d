"""Jahn–Teller active modes of levels of half-integer spin, where time reversal Θ has the square −1.

Let W be the level: a pseudoreal spinor irrep, a real one twice, or a conjugate pair. A Hermitian operator H that
commutes with Θ gives the antisymmetric form ⟨Θa| H |b⟩, and conversely, so such operators span

    {W²} ,    χ(g) = (χ_W(g)² − χ_W(g²))/2 ,

a representation of the point group itself over ℝ. A Kramers doublet has the trivial irrep alone there: nothing even
under time reversal splits it. Γ8 of O has A1 ⊕ E ⊕ T2.

Source: H. A. Jahn, Proc. R. Soc. A 164, 117 (1938).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from pointgroups.double.irreps import DoubleIrrep

from .jahn_teller import JahnTellerProblem, active_modes


def kramers_square(irrep: DoubleIrrep) -> dict[str, int]:
    """Irreps over ℝ of the operators on the level of a spinor irrep that are even under time reversal, {W²}.

    Raises:
        ValueError: not a spinor irrep.

    >>> from pointgroups import point_group
    >>> kramers_square(point_group("O").double.irreps["F3/2"])
    {'A1': 1, 'E': 1, 'T2': 1}
    """
    if not isinstance(irrep, DoubleIrrep) or not irrep.spinor:
        raise ValueError(f"a level of half-integer spin has a spinor irrep, as G.double.irreps['E1/2'], not {irrep!r}")
    double = irrep.group
    group = double.point_group
    first, *others = double.corepresentation(irrep).irreps
    character = first.class_characters
    for other in others:
        character = character + other.class_characters
    firsts = [c.indices[0] for c in group.classes]
    here = character[[double._class_of[g] for g in firsts]]
    squared = character[[double._class_of[int(double.product[g, g])] for g in firsts]]
    return group._multiplicities((here * here - squared) * Fraction(1, 2), "R")


def kramers_jahn_teller(irrep: DoubleIrrep, vibrations: Mapping[str, int] | None = None) -> JahnTellerProblem:
    """The modes that couple linearly to the level of a spinor irrep and are not totally symmetric.

    Args:
        irrep: a spinor irrep of a double group; the level is what time reversal makes of it.
        vibrations: label → copies of the vibrations at hand, over ℝ of the point group; any when None.

    Raises:
        ValueError: not a spinor irrep.
        UnknownIrrepError: a vibration that is no irrep of the group.

    >>> from pointgroups import point_group
    >>> double = point_group("Oh").double
    >>> str(kramers_jahn_teller(double.irreps["F3/2g"])), str(kramers_jahn_teller(double.irreps["E1/2g"]))
    ('F3/2g ⊗ (eg ⊕ t2g)', 'E1/2g: no active mode')
    """
    square = kramers_square(irrep)
    modes = active_modes(irrep.group.point_group, square, vibrations)
    return JahnTellerProblem(irrep.group.corepresentation(irrep).label, modes)
