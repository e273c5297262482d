"""A representation by its character: n_γ = (1/|G|) Σ_g χ_γ(g)* χ(g), over ℝ over the dimension of γ's commutant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from .exact import ExactArray, stack
from .groups import ConjugacyClass
from .irreps import Irrep

_ROUNDING = 1e-6


def multiplicities_of(character: ArrayLike, irreps: Mapping[str, Irrep], group: str) -> dict[str, int]:
    """How often each irrep occurs in a representation whose character is given on every element, the zeros left out.

    Args:
        character: χ, one value an element.
        irreps: all irreps of the group over one field.
        group: its name, for the message.

    Raises:
        ValueError: a wrong shape, or not the character of a representation (a multiplicity off an integer by 1e-6).

    >>> from pointgroups import point_group
    >>> O = point_group("O")
    >>> multiplicities_of(O.irreps["T1"].characters ** 2, O.irreps, "O")
    {'A1': 1, 'E': 1, 'T1': 1, 'T2': 1}
    """
    chi = np.asarray(character)
    order = len(next(iter(irreps.values())).characters)
    if chi.shape != (order,):
        raise ValueError(f"a character of {group} has one value an element, shape ({order},), not {chi.shape}")
    found = {}
    for label, irrep in irreps.items():
        count = complex(np.vdot(irrep.characters, chi)) / (order * irrep.commuting)
        nearest = round(count.real) if np.isfinite(count) else -1
        if nearest < 0 or abs(count - nearest) > _ROUNDING:
            raise ValueError(f"not the character of a representation of {group}: {label} would occur {count} times")
        if nearest:
            found[label] = nearest
    return found


def dual_characters(irreps: Mapping[str, Irrep], classes: Sequence[ConjugacyClass]) -> ExactArray:
    """|c| χ_γ(c)* / (|G| · dimension of γ's commutant), (n_irreps, n_classes): times a character it gives all n_γ.

    >>> from pointgroups import point_group
    >>> O = point_group("O")
    >>> dual_characters(O.irreps, O.classes)[0].tokens()
    ['1/24', '1/4', '1/8', '1/3', '1/4']
    """
    order = sum(c.size for c in classes)
    sizes = ExactArray.integers([c.size for c in classes])
    return stack([a.class_characters.conj() * sizes * Fraction(1, order * a.commuting) for a in irreps.values()])


def exact_multiplicities(
    characters: ExactArray, irreps: Mapping[str, Irrep], dual: ExactArray, group: str
) -> list[dict[str, int]]:
    """How often each irrep occurs in each of the representations with exact characters (n, n_classes), without zeros.

    Args:
        characters: χ, one value a class.
        irreps: all irreps of the group over one field.
        dual: their :func:`dual_characters`.
        group: its name, for the message.

    Raises:
        ValueError: not the character of a representation.

    >>> from pointgroups import point_group
    >>> O = point_group("O")
    >>> chi = O.irreps["T1"].class_characters
    >>> exact_multiplicities((chi * chi).reshape(1, -1), O.irreps, dual_characters(O.irreps, O.classes), "O")
    [{'A1': 1, 'E': 1, 'T1': 1, 'T2': 1}]
    """
    counts = characters @ dual.mT
    found = counts.numerators[..., 0]
    if counts.denominator != 1 or counts.present != [0] or found.min() < 0:
        texts = np.reshape(np.array(counts.tokens(), dtype=object), counts.shape)
        bad = next(row for row in texts if not all(text.isdigit() for text in row))
        occurring = ", ".join(f"{n} {label}" for label, n in zip(irreps, bad, strict=True))
        raise ValueError(f"not the character of a representation of {group}: {occurring}")
    return [{label: n for label, n in zip(irreps, row, strict=True) if n} for row in found.tolist()]
