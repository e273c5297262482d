"""The double group of one setting as the plain data that ``tables/`` holds: lift, classes, spinor irreps, couplings.

Everything follows from the single-valued table: the SU(2) lift of its rotations, the characters of the double group by
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
from pointgroups.groups import conjugacy_classes, product_table
from pointgroups.projection import squared_norm

from .labels import SpinorLabels, koster_labels
from .root_text import root_tokens
from .spin_half import barred, double_product, section_signs, su2_lift
from .spinor_bases import adapted_rows, ket_text, spinor_matrices, trace

Table = dict[str, Any]


def generate_double(single: Table) -> Table:
    """The table of the double group, given the setting's table of the group; exact values as text."""
    order = single["order"]
    rotations = ExactArray.parse(" ".join(single["rotations"]).split(), (order, 3, 3))
    elements, product = describe(rotations), product_table(rotations)
    su2 = su2_lift(elements, product)
    signs = section_signs(su2, product)
    names = SpinorLabels(elements, su2)
    twofold = double_product(product, signs)
    classes = double_classes(twofold, [(c["label"], _indices(c["elements"])) for c in single["classes"]])
    spinors = _spinor_characters(twofold, classes, names)
    matrices = _single_valued(single)
    koster = koster_labels(list(spinors), len(matrices))
    determinants = ExactArray.integers([e.det for e in elements])
    factors = [m.reshape(order) for m in matrices.values() if m.shape[-1] == 1]
    entries = {}
    for label, character in spinors.items():
        gamma = spinor_matrices(character[:order], su2, determinants, factors)
        matrices[label] = gamma
        entries[label] = {
            "koster": koster[label],
            "dim": gamma.shape[-1],
            "indicator": frobenius_schur(character, twofold),
            "characters": " ".join(character[[members[0] for _, members in classes]].tokens()),
            "basis": _basis(gamma, names, su2, determinants),
        } | ({"matrices": _rows(gamma)} if gamma.shape[-1] > 1 else {})
    return {
        "name": single["name"],
        "su2": _rows(su2),
        "signs": ["".join("+" if s > 0 else "-" for s in row) for row in signs],
        "classes": [{"label": label, "elements": " ".join(map(str, members))} for label, members in classes],
        "irreps": entries,
        "coupling": _couplings(matrices, set(spinors)),
    }


def _indices(text: str) -> list[int]:
    return [int(part) for part in text.split()]


def _rows(matrices: ExactArray) -> list[str]:
    size = matrices.shape[-1] ** 2
    tokens = matrices.tokens()
    return [" ".join(tokens[k : k + size]) for k in range(0, len(tokens), size)]


def double_classes(
    product: NDArray[np.int64], single: Sequence[tuple[str, Sequence[int]]]
) -> list[tuple[str, tuple[int, ...]]]:
    """Label and elements of every class, in the order of the group's classes, the barred class after its partner."""
    order = len(product) // 2
    found = conjugacy_classes(product)
    classes: list[tuple[str, tuple[int, ...]]] = []
    for label, members in single:
        plain = next(c for c in found if members[0] in c)
        if members[0] + order in plain:
            classes.append((f"{label}+{barred(label)}", plain))
        else:
            classes.append((label, plain))
            classes.append((barred(label), next(c for c in found if members[0] + order in c)))
    return classes


# -- irreps -------------------------------------------------------------------------------------------------------


def _single_valued(single: Table) -> dict[str, ExactArray]:
    """Exact matrices of the single-valued irreps, read from the table of the group."""
    class_of = {g: k for k, c in enumerate(single["classes"]) for g in _indices(c["elements"])}
    found = {}
    for label, entry in single["irreps"].items():
        order, dim = single["order"], entry["dim"]
        if dim > 1:
            found[label] = ExactArray.parse(" ".join(entry["matrices"]).split(), (order, dim, dim))
        else:
            by_class = entry["characters"].split()
            found[label] = ExactArray.parse([by_class[class_of[g]] for g in range(order)], (order, 1, 1))
    return found


def _spinor_characters(
    product: NDArray[np.int64], classes: Sequence[tuple[str, Sequence[int]]], names: SpinorLabels
) -> dict[str, ExactArray]:
    """Label → character on all 2|G| elements of the irreps with χ(Ē) = −χ(E), in table order."""
    order = len(product) // 2
    class_of = np.empty(2 * order, dtype=np.int64)
    for k, (_, members) in enumerate(classes):
        class_of[list(members)] = k
    table = character_table(product, [members for _, members in classes])
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
