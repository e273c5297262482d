"""What the commands say about any finite group: a molecular point group, or one from generators in a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from pointgroups.finite.group import FiniteGroup
from pointgroups.finite.irreps import FiniteIrrep

from .finite_notation import LEGEND, finite_characters, finite_class
from .notation import Written, functions, irrep_label, join, legend
from .reports import COMMA, heading, linear_functions, quadratic_functions
from .tabular import Report, Section, math, words

_NO_FUNCTIONS: dict[str, list[list[str]]] = {}
_ESCAPED = str.maketrans({"^": r"\textasciicircum{}", "σ": r"$\sigma$", "φ": r"$\varphi$"})


def finite_report(G: FiniteGroup) -> Report:
    """Classes with their elements, the character table, and types of the irreps, right to rounding."""
    line = words(f"order {G.order}; matrices and couplings are floating point, characters in closed form")
    characters = {label: finite_characters(irrep) for label, irrep in G.irreps.items()}
    sections = [_class_section(G), _character_section(G, characters), _irrep_section(G)]
    data = {
        "name": G.name,
        "order": G.order,
        "elements": list(G.elements),
        "classes": [
            {"label": c.label, "size": c.size, "elements": [G.elements[g] for g in c.indices]} for c in G.classes
        ],
        "irreps": [
            _data(irrep) | {"characters": [text for text, _ in characters[label]]}
            for label, irrep in G.irreps.items()
        ],
        "real_irreps": [_data(irrep) for irrep in G.real_irreps.values()],
    }
    if G.frame is not None:
        data["frame"] = (G.frame.round(12) + 0.0).tolist()
    return Report(heading(G), [line], sections, data)


def _data(irrep: FiniteIrrep) -> dict[str, Any]:
    return {"label": irrep.label, "dim": irrep.dim, "type": irrep.type}


def _class_section(G: FiniteGroup) -> Section:
    rows = [
        [math(finite_class(c.label)), join((_element(G.elements[g]) for g in c.indices), COMMA)] for c in G.classes
    ]
    what = "elements" if G.frame is None else "elements (axis; of a mirror the normal)"
    return Section(words("Classes and their elements"), "lp", [words("class"), words(what)], rows)


def _element(name: str) -> Written:
    """An element as the library names it: C5[001]+, S10^3[001]-, (0 1 2), g7."""
    return Written(name.replace("-", "−"), name.translate(_ESCAPED))


def _character_section(G: FiniteGroup, characters: dict[str, list[tuple[str, Written]]]) -> Section:
    geometric = G.frame is not None and bool(np.allclose(G.frame, np.eye(3)))
    beside = (linear_functions(G), quadratic_functions(G)) if geometric else (_NO_FUNCTIONS, _NO_FUNCTIONS)
    over_reals = {label: real for real in G.real_irreps for label in _members(G, real)}
    rows = [
        [
            math(irrep_label(label)),
            *(math(written) for _, written in row),
            *(join((math(functions(f)) for f in found.get(over_reals[label], [])), COMMA) for found in beside),
        ]
        for label, row in characters.items()
    ]
    header = [words(""), *(math(finite_class(c.label)) for c in G.classes), words("linear"), words("quadratic")]
    notes = []
    written = [entry for row in characters.values() for entry in row]
    meaning = legend(text.replace(" ", "") for text, _ in written)
    if meaning:
        notes.append(math(meaning))
    if any("ε" in w.text for _, w in written):
        notes.append(math(LEGEND))
    columns = "l" + "r" * len(G.classes)
    if not geometric:
        rows, header = [row[:-2] for row in rows], header[:-2]
    return Section(words("Character table"), columns + "ff" * geometric, header, rows, notes)


def _members(G: FiniteGroup, real: str) -> list[str]:
    """The irreps over ℂ in one over ℝ."""
    character = G.real_irreps[real].characters
    return list(G.decompose_character(character))


def _irrep_section(G: FiniteGroup) -> Section:
    """The irreps over ℝ: dimension and type."""
    rows = [
        [math(irrep_label(label)), words(str(irrep.dim)), words(irrep.type)] for label, irrep in G.real_irreps.items()
    ]
    title = Written("Irreps over ℝ", "Irreps over the reals")
    return Section(title, "lrl", [words(h) for h in ("irrep", "dim", "type")], rows)
