"""The double group of one setting, exactly, as ``tables/`` holds it: lift, classes, spinor irreps, couplings.

Everything follows from the single-valued entry: the SU(2) lift of its rotations, the characters of the double group by
Burnside and Dixon, the matrices in named bases, and the couplings by Dirl's formula. In a coupling with spinors two of
the three irreps are double-valued, so the sum over the double group is twice the sum over the elements 0 … |G|−1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.characters import character_table, frobenius_schur, inner_products
from pointgroups.dirl_formula import orthogonal_copies
from pointgroups.elements import describe
from pointgroups.exact import ExactArray, stack
from pointgroups.exact_group import product_table
from pointgroups.groups import ConjugacyClass, class_of_elements, classes_of_numbers, conjugacy_classes
from pointgroups.number_code import indices_of, text_of
from pointgroups.projection import squared_norm

from .labels import SpinorLabels
from .root_text import root_tokens
from .spin_half import barred, double_product, section_signs, su2_lift
from .spinor_bases import adapted_rows, ket_text, spinor_matrices, trace

Table = dict[str, Any]


def generate_double(single: Table) -> tuple[Table, Table]:
    """The double group's entry with exact arrays and its couplings as text, given the entry of the group."""
    order = single["order"]
    rotations = single["rotations"].reshape(order, 3, 3)
    elements, product = describe(rotations), product_table(rotations)
    su2 = su2_lift(elements, product)
    signs = section_signs(su2, product)
    names = SpinorLabels(elements, su2)
    twofold = double_product(product, signs)
    classes = double_classes(twofold, classes_of_numbers(single["classes"].split(), indices_of(single["class_of"])))
    spinors = _spinor_characters(twofold, classes, names)
    matrices = _single_valued(single)
    determinants = ExactArray.integers([e.det for e in elements])
    factors = [m.reshape(order) for m in matrices.values() if m.shape[-1] == 1]
    entries = {}
    for label, character in spinors.items():
        gamma = spinor_matrices(character[:order], su2, determinants, factors)
        matrices[label] = gamma
        entries[label] = {
            "dim": gamma.shape[-1],
            "indicator": frobenius_schur(character, twofold),
            "basis": _basis(gamma, names, su2, determinants),
            "characters": character[[c.indices[0] for c in classes]],
        } | ({"matrices": gamma.reshape(-1)} if gamma.shape[-1] > 1 else {})
    entry = {
        "su2": su2.reshape(-1),
        "signs": "".join("+" if s > 0 else "-" for s in signs.reshape(-1)),
        "classes": " ".join(c.label for c in classes),
        "class_of": text_of(class_of_elements(classes)),
        "irreps": entries,
    }
    return entry, {"coupling": _couplings(matrices, set(spinors))}


def double_classes(product: NDArray[np.int64], single: Sequence[ConjugacyClass]) -> list[ConjugacyClass]:
    """Label and elements of every class, in the order of the group's classes, the barred class after its partner."""
    order = len(product) // 2
    found = conjugacy_classes(product)
    classes: list[ConjugacyClass] = []
    for label, (first, *_) in ((c.label, c.indices) for c in single):
        plain = next(c for c in found if first in c)
        if first + order in plain:
            classes.append(ConjugacyClass(f"{label}+{barred(label)}", plain))
        else:
            classes.append(ConjugacyClass(label, plain))
            classes.append(ConjugacyClass(barred(label), next(c for c in found if first + order in c)))
    return classes


# -- irreps -------------------------------------------------------------------------------------------------------


def _single_valued(single: Table) -> dict[str, ExactArray]:
    """Exact matrices of the single-valued irreps."""
    order, class_of = single["order"], indices_of(single["class_of"])
    return {
        label: (entry["matrices"] if "matrices" in entry else entry["characters"][class_of]).reshape(
            order, entry["dim"], entry["dim"]
        )
        for label, entry in single["irreps"].items()
    }


def _spinor_characters(
    product: NDArray[np.int64], classes: Sequence[ConjugacyClass], names: SpinorLabels
) -> dict[str, ExactArray]:
    """Label → character on all 2|G| elements of the irreps with χ(Ē) = −χ(E), in table order."""
    order, class_of = len(product) // 2, class_of_elements(classes)
    table = character_table(product, [c.indices for c in classes])
    characters = [table[r][class_of] for r in range(len(table))]
    spinors = [c for c in characters if c[order] == -c[0]]
    ordered = sorted(spinors, key=lambda c: names.sort_key(c[:order]))
    labelled = {names.label(c[:order]): c for c in ordered}
    assert len(labelled) == len(spinors), "labels are unique"
    return labelled


def _basis(gamma: ExactArray, names: SpinorLabels, su2: ExactArray, determinants: ExactArray) -> list[str]:
    """The states of the lowest multiplet that contains the irrep, one a component."""
    character = trace(gamma)
    twice = names.lowest_spin(character)
    signs = determinants if names.parity_letter(character) == "u" else determinants * determinants
    return [ket_text(row, twice) for row in adapted_rows(gamma, su2, signs, twice, 1)[0]]


# -- couplings ----------------------------------------------------------------------------------------------------


def _couplings(matrices: Mapping[str, ExactArray], spinors: set[str]) -> Table:
    """All blocks a ⊗ b → c in which a or b is a spinor."""
    blocks: Table = {}
    characters = {label: trace(m) for label, m in matrices.items()}
    kinds = {spinor: [label for label in matrices if (label in spinors) == spinor] for spinor in (False, True)}
    rows = {spinor: stack([characters[label] for label in labels]) for spinor, labels in kinds.items()}
    for a in matrices:
        for b in matrices:
            if a not in spinors and b not in spinors:
                continue
            kind = (a in spinors) != (b in spinors)
            counts = inner_products(rows[kind], characters[a] * characters[b])
            for c, multiplicity in zip(kinds[kind], counts, strict=True):
                if multiplicity:
                    copies = orthogonal_copies(matrices[a], matrices[b], matrices[c], multiplicity, same=a == b)
                    shape = tuple(matrices[x].shape[-1] for x in (a, b, c))
                    blocks.setdefault(f"{a}*{b}", {})[c] = [_coupling_text(u, shape) for u in copies]
    return blocks


def _coupling_text(u: ExactArray, shape: tuple[int, ...]) -> str:
    """``ijn:value`` for every non-zero coefficient of one copy, normalised, the first of n = 1 positive; from 1."""
    first = u[:, 0][int(np.flatnonzero(u[:, 0].nonzero())[0])]
    turned = u * first.conj()
    tokens = root_tokens(turned.reshape(-1), [1 / squared_norm(turned)] * turned.numerators[..., 0].size)
    entries = zip(np.ndindex(*shape), tokens, strict=True)
    return " ".join(f"{i + 1}{j + 1}{n + 1}:{v}" for (i, j, n), v in entries if v != "0")
