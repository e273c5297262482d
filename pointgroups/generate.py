"""Everything about one setting, from its generators, exactly, as ``tables/`` holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .characters import character_table, frobenius_schur, inner_products
from .dirl_formula import dirl
from .exact import ExactArray, stack
from .exact_group import ExactGroup, generate_group
from .groups import class_of_elements
from .harmonics import COMMUTANT, symmetry_adapted_harmonics
from .labels import MullikenLabels
from .named_bases import RealIrrep, real_irreps
from .number_code import text_of
from .settings import Setting
from .subduction import degree_character

HIGHEST_DEGREE = 12

Table = dict[str, Any]


def generate(setting: Setting) -> tuple[Table, Table]:
    """The entry of one setting, its elements and irreps with exact arrays, and its couplings and harmonics as text."""
    group = generate_group(setting.generator_matrices())
    characters = _labelled_characters(group)
    real_characters = _real_characters(characters)
    found = real_irreps(group, list(real_characters.values()))
    over_reals = dict(zip(real_characters, found, strict=True))
    over_complex = {label: _complex_matrices(label, c, over_reals) for label, c in characters.items()}
    entry = {
        "schoenflies": setting.schoenflies,
        "symbol": setting.symbol,
        "full_symbol": setting.full_symbol,
        "number": setting.number,
        "order": group.order,
        "elements": " ".join(e.name for e in group.elements),
        "rotations": group.matrices.reshape(-1),
        "classes": " ".join(c.label for c in group.classes),
        "class_of": text_of(class_of_elements(group.classes)),
        "axes": {symbol: " ".join(axes) for symbol, axes in group.axes.items()},
        "irreps": {
            label: _irrep_entry(group, c, over_complex[label], _complex_basis(label, c, over_reals))
            for label, c in characters.items()
        },
        "pairs": {
            label: _irrep_entry(group, irrep.character, irrep.matrices, irrep.basis) | {"indicator": 0}
            for label, irrep in over_reals.items()
            if irrep.commuting == 2
        },
    }
    return entry, {
        "coupling": _complex_couplings(characters, over_complex),
        "real_coupling": _real_couplings(over_reals),
        "harmonics": _harmonics(group, over_reals),
    }


# -- irreps -------------------------------------------------------------------------------------------------------


def _labelled_characters(group: ExactGroup) -> dict[str, ExactArray]:
    """Label → character on every element, in table order."""
    class_of = class_of_elements(group.classes)
    table = character_table(group.product, [c.indices for c in group.classes])
    characters = [table[r][class_of] for r in range(len(table))]
    names = MullikenLabels(group.elements)
    ordered = sorted(characters, key=names.sort_key)
    labelled = {names.label(c): c for c in ordered}
    assert len(labelled) == len(characters), "labels are unique"
    return labelled


def _real_characters(characters: Mapping[str, ExactArray]) -> dict[str, ExactArray]:
    """The same over ℝ: each pair 1X, 2X becomes one irrep X with the sum of the two characters."""
    folded = {}
    for label, c in characters.items():
        if label.startswith("1"):
            folded[label[1:]] = c + c.conj()
        elif not label.startswith("2"):
            folded[label] = c
    return folded


def _complex_matrices(label: str, character: ExactArray, over_reals: Mapping[str, RealIrrep]) -> ExactArray:
    irrep = over_reals.get(label)
    return irrep.matrices if irrep is not None else character.reshape(len(character), 1, 1)


def _complex_basis(label: str, character: ExactArray, over_reals: Mapping[str, RealIrrep]) -> tuple[str, ...]:
    """f₁ ± i f₂ for one of a pair: O(g)(f₁ + i f₂) = (Γ₁₁ − i Γ₂₁)(f₁ + i f₂)."""
    if label in over_reals:
        return over_reals[label].basis
    irrep = over_reals[label[1:]]
    plus = irrep.matrices[:, 0, 0] - irrep.matrices[:, 1, 0] * ExactArray.parse(["I"])
    first, second = irrep.basis
    first = f"({first})" if any(sign in first for sign in "+-") else first
    return (f"{first}{'+' if plus == character else '-'}I*{second}",)


def _irrep_entry(group: ExactGroup, character: ExactArray, matrices: ExactArray, basis: Sequence[str]) -> Table:
    entry: Table = {
        "dim": matrices.shape[-1],
        "indicator": frobenius_schur(character, group.product),
        "basis": list(basis),
        "characters": character[[c.indices[0] for c in group.classes]],
    }
    return entry | ({"matrices": matrices.reshape(-1)} if matrices.shape[-1] > 1 else {})


# -- couplings ----------------------------------------------------------------------------------------------------


def _complex_couplings(characters: Mapping[str, ExactArray], matrices: Mapping[str, ExactArray]) -> Table:
    blocks: Table = {}
    every = stack(list(characters.values()))
    for a in characters:
        for b in characters:
            counts = inner_products(every, characters[a] * characters[b])
            for c, multiplicity in zip(characters, counts, strict=True):
                if multiplicity:
                    u = dirl(matrices[a], matrices[b], matrices[c], multiplicity, same=a == b)
                    blocks.setdefault(f"{a}*{b}", {})[c] = _coupling_text(u)
    return blocks


def _real_couplings(irreps: Mapping[str, RealIrrep]) -> Table:
    """Only the blocks in which an irrep of complex type takes part; the others stand in the complex list."""
    blocks: Table = {}
    every = stack([irrep.character for irrep in irreps.values()])
    for a, left in irreps.items():
        for b, right in irreps.items():
            counts = inner_products(every, left.character * right.character)
            for (c, target), count in zip(irreps.items(), counts, strict=True):
                multiplicity = count // target.commuting
                if multiplicity and max(left.commuting, right.commuting, target.commuting) > 1:
                    commutant = [COMMUTANT] if target.commuting == 2 else []
                    u = dirl(left.matrices, right.matrices, target.matrices, multiplicity, commutant, same=a == b)
                    blocks.setdefault(f"{a}*{b}", {})[c] = _coupling_text(u)
    return blocks


def _coupling_text(u: ExactArray) -> list[str]:
    """One line a copy: ``ijn:value`` for every non-zero coefficient, indices from 1."""
    lines = []
    for m in range(len(u)):
        values = u[m].tokens()
        indices = np.ndindex(*u.shape[1:])
        lines.append(
            " ".join(f"{i + 1}{j + 1}{n + 1}:{v}" for (i, j, n), v in zip(indices, values, strict=True) if v != "0")
        )
    return lines


# -- harmonics ----------------------------------------------------------------------------------------------------


def _harmonics(group: ExactGroup, irreps: Mapping[str, RealIrrep]) -> Table:
    counts = []
    every = stack([irrep.character for irrep in irreps.values()])
    for degree in range(HIGHEST_DEGREE + 1):
        character = ExactArray.integers(degree_character(group.elements, degree, (-1) ** degree))
        found = zip(irreps.items(), inner_products(every, character), strict=True)
        counts.append({label: n // irrep.commuting for (label, irrep), n in found if n})
    table: Table = {}
    for degree, rows in enumerate(symmetry_adapted_harmonics(group.matrices, irreps, counts)):
        table[str(degree)] = [
            f"{row.irrep} {row.copy} {row.component} "
            + " ".join(f"{m - degree}:{v}" for m, v in enumerate(row.coefficients) if v != "0")
            for row in rows
        ]
    return table
