"""What the commands say about any finite group: a molecular point group, or one from generators in a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from pointgroups.finite.group import FiniteGroup
from pointgroups.finite.irreps import FiniteIrrep

from .finite_notation import LEGEND, finite_characters, finite_class, finite_element
from .notation import Written, functions, irrep_label, join, legend
from .reports import COMMA, heading, linear_functions, quadratic_functions
from .tabular import Report, Section, math, words

Functions = dict[str, list[list[str]]]
"""Irrep over ℝ → sets of functions that transform by it."""


def finite_report(G: FiniteGroup) -> Report:
    """Classes with their elements, the character table, and types of the irreps, right to rounding."""
    order = "" if G.frame is None else f"order {G.order}; "
    line = words(f"{order}matrices and couplings are floating point, characters in closed form")
    beside = (linear_functions(G), quadratic_functions(G)) if _in_standard_axes(G) else None
    characters = {label: finite_characters(irrep) for label, irrep in G.irreps.items()}
    sections = [_class_section(G), _character_section(G, characters, beside), _irrep_section(G)]
    data = {
        "name": G.name,
        "order": G.order,
        "elements": list(G.elements),
        "classes": [
            {"label": c.label, "size": c.size, "elements": [G.elements[g] for g in c.indices]} for c in G.classes
        ],
        "irreps": [
            _data(irrep) | {"characters": [text for text, _ in characters[label]]} for label, irrep in G.irreps.items()
        ],
        "real_irreps": [_data(irrep) | _beside_data(beside, label) for label, irrep in G.real_irreps.items()],
    }
    if G.frame is not None:
        data["frame"] = (G.frame.round(12) + 0.0).tolist()
    return Report(heading(G), [line], sections, data)


def _data(irrep: FiniteIrrep) -> dict[str, Any]:
    return {"label": irrep.label, "dim": irrep.dim, "type": irrep.type, "basis": list(irrep.basis)}


def _in_standard_axes(G: FiniteGroup) -> bool:
    """Whether the axes to which labels refer are x, y, z themselves."""
    return G.frame is not None and bool(np.allclose(G.frame, np.eye(3)))


def _beside_data(beside: tuple[Functions, Functions] | None, label: str) -> dict[str, Any]:
    if beside is None:
        return {}
    linear, quadratic = beside
    return {"linear": linear.get(label, []), "quadratic": quadratic.get(label, [])}


def _class_section(G: FiniteGroup) -> Section:
    rows = [
        [math(finite_class(c.label)), join((finite_element(G.elements[g]) for g in c.indices), COMMA)]
        for c in G.classes
    ]
    what = "elements" if G.frame is None else "elements (axis; of a mirror the normal)"
    return Section(words("Classes and their elements"), "lp", [words("class"), words(what)], rows)


def _character_section(
    G: FiniteGroup,
    characters: dict[str, list[tuple[str, Written]]],
    beside: tuple[Functions, Functions] | None,
) -> Section:
    columns, titles = "l" + "r" * len(G.classes), ("linear", "quadratic") if beside else ()
    over_reals = {label: real for real in G.real_irreps for label in _members(G, real)}
    rows = [
        [
            math(irrep_label(label)),
            *(math(written) for _, written in row),
            *(join((math(functions(f)) for f in found.get(over_reals[label], [])), COMMA) for found in beside or ()),
        ]
        for label, row in characters.items()
    ]
    header = [words(""), *(math(finite_class(c.label)) for c in G.classes), *map(words, titles)]
    written = [entry for row in characters.values() for entry in row]
    meaning = legend(text for text, _ in written)
    notes = [math(meaning)] if meaning else []
    if any("ε" in w.text for _, w in written):
        notes.append(math(LEGEND))
    return Section(words("Character table"), columns + "f" * len(titles), header, rows, notes)


def _members(G: FiniteGroup, real: str) -> list[str]:
    """The irreps over ℂ in one over ℝ."""
    character = G.real_irreps[real].characters
    return list(G.decompose_character(character))


def _irrep_section(G: FiniteGroup) -> Section:
    """The irreps over ℝ: dimension, type, and the functions behind the matrices where they have a name."""
    rows = [
        [
            math(irrep_label(label)),
            words(str(irrep.dim)),
            words(irrep.type),
            math(functions(irrep.basis)) if irrep.basis else words(""),
        ]
        for label, irrep in G.real_irreps.items()
    ]
    size = 4 if any(irrep.basis for irrep in G.real_irreps.values()) else 3
    title = Written("Irreps over ℝ", "Irreps over the reals")
    header = [words(h) for h in ("irrep", "dim", "type", "basis")]
    return Section(title, "lrlp"[:size], header[:size], [row[:size] for row in rows])
