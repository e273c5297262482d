"""Symmetrised powers [Γⁿ], {Γⁿ} and every Young symmetry of Γ ⊗ … ⊗ Γ, as irreps with multiplicities.

    Γ^{⊗n} = ⊕_{λ ⊢ n}  f_λ · Γ^λ ,

f_λ the dimension of S_n's irrep λ. [Γⁿ] = Γ^(n) are the states of n quanta of a vibration, or of n bosons in a level Γ,
{Γⁿ} = Γ^(1…1) those of n fermions without spin; n electrons of total spin S have the spatial symmetry of two columns of
n/2 + S and n/2 − S boxes.

The irrep may be any: of a point group, of a double group, of a group made from generators. A level of half-integer spin
holds its n electrons in {Γⁿ} of its spinor irrep.

Source: L. Tisza, Z. Phys. 82, 48 (1933); J. S. Griffith, The Theory of Transition-Metal Ions (1961), ch. 9.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

from pointgroups.double.irreps import DoubleIrrep
from pointgroups.irreps import Irrep
from pointgroups.tensors.young import Partition, checked_partition, conjugate, partitions

from .power_characters import elementary_character, symmetric_power_multiplicities, young_character


def young_power(irrep: Irrep, shape: Sequence[int]) -> dict[str, int]:
    """Irreps in the power Γ^λ of Young symmetry λ ⊢ n, with multiplicities, over the field of Γ.

    Args:
        irrep: Γ, from ``G.irreps``, ``G.real_irreps`` or ``G.double.irreps``, G any group.
        shape: λ, row lengths that do not grow; (n,) is symmetric, (1, …, 1) antisymmetric.

    Raises:
        ValueError: not a partition.

    >>> from pointgroups import point_group
    >>> young_power(point_group("O").irreps["T1"], (2, 1))
    {'E': 1, 'T1': 1, 'T2': 1}
    """
    character = young_character(irrep, checked_partition(shape))
    return irrep.group._multiplicities(character, irrep.field)


def symmetric_power(irrep: Irrep, n: int) -> dict[str, int]:
    """Irreps in the symmetrised power [Γⁿ], n = 0, 1, 2, …

    Raises:
        ValueError: a negative n.

    >>> from pointgroups import point_group
    >>> symmetric_power(point_group("C3v").irreps["E"], 3)  # the second overtone of a degenerate vibration
    {'A1': 1, 'A2': 1, 'E': 1}
    >>> from pointgroups import molecular_point_group
    >>> symmetric_power(molecular_point_group("Ih").irreps["Hg"], 3)
    {'Ag': 2, 'T1g': 1, 'T2g': 1, 'Gg': 3, 'Hg': 3}
    """
    return dict(symmetric_power_multiplicities(irrep, _checked_power(n)))


def antisymmetric_power(irrep: Irrep, n: int) -> dict[str, int]:
    """Irreps in the antisymmetrised power {Γⁿ}, n = 0, 1, 2, …; none when n exceeds the dimension of Γ.

    Raises:
        ValueError: a negative n.

    >>> from pointgroups import point_group
    >>> T2 = point_group("Td").irreps["T2"]
    >>> [antisymmetric_power(T2, n) for n in (2, 3, 4)]
    [{'T1': 1}, {'A2': 1}, {}]
    >>> antisymmetric_power(point_group("O").double.irreps["F3/2"], 2)  # two electrons in Γ8
    {'A1': 1, 'E': 1, 'T2': 1}
    """
    if _checked_power(n) > irrep.dim:
        return {}
    return irrep.group._multiplicities(elementary_character(irrep, n), irrep.field)


def young_powers(irrep: Irrep, n: int) -> dict[Partition, dict[str, int]]:
    """All Young symmetries of the n-th power: {λ: irreps in Γ^λ}, from (n) to (1, …, 1); empty ones are left out.

    Raises:
        ValueError: a negative n.

    >>> from pointgroups import point_group
    >>> young_powers(point_group("O").irreps["E"], 3)
    {(3,): {'A1': 1, 'A2': 1, 'E': 1}, (2, 1): {'E': 1}}
    """
    found = {shape: young_power(irrep, shape) for shape in partitions(_checked_power(n))}
    return {shape: irreps for shape, irreps in found.items() if irreps}


def configuration_terms(irrep: Irrep, electrons: int) -> dict[int, dict[str, int]]:
    """Terms ^{2S+1}Γ of n electrons in a level of spatial symmetry Γ: {2S + 1: irreps}, highest spin first.

    The spin functions of n electrons with total spin S have the Young symmetry (n/2 + S, n/2 − S), so the spatial ones,
    which Pauli's principle makes the conjugate, have columns of these lengths.

    Raises:
        ValueError: fewer than 0 or more than 2 d_Γ electrons; a spinor irrep, which holds the spin already.

    Source: J. S. Griffith, The Theory of Transition-Metal Ions (1961), ch. 9.

    >>> from pointgroups import point_group
    >>> configuration_terms(point_group("Oh").irreps["T2g"], 2)
    {3: {'T1g': 1}, 1: {'A1g': 1, 'Eg': 1, 'T2g': 1}}
    """
    n = _checked_power(electrons)
    if isinstance(irrep, DoubleIrrep) and irrep.spinor:
        raise ValueError(
            f"{irrep!r} is a spinor irrep: its electrons have no spin beside it; their states are those of "
            f"antisymmetric_power(irrep, {n})"
        )
    if n > 2 * irrep.dim:
        raise ValueError(f"a level {irrep.label} holds 0 to {2 * irrep.dim} electrons, not {electrons}")
    found = {}
    for down in range(n // 2 + 1):
        columns = (n - down, down) if down else (n,) if n else ()
        terms = young_power(irrep, conjugate(columns))
        if terms:
            found[n - 2 * down + 1] = terms
    return found


def _checked_power(n: int) -> int:
    try:
        power = operator.index(n)
    except TypeError:
        raise ValueError(f"a power is a whole number 0, 1, 2, …, not {n!r}") from None
    if power < 0:
        raise ValueError(f"a power is 0, 1, 2, …, not {n}")
    return power
