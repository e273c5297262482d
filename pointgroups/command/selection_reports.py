"""What the commands say about selection rules: active irreps of each operator, and which levels it connects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pointgroups.double.irreps import DoubleIrrep
from pointgroups.finite.group import FiniteGroup
from pointgroups.irreps import Irrep
from pointgroups.labelling.gamma_symbols import read_gamma
from pointgroups.point_group import PointGroup
from pointgroups.products.operators import OPERATORS
from pointgroups.products.selection_rules import Transition, selection_rules, silent_irreps, transition
from pointgroups.products.spinor_transitions import spinor_transition

from .notation import Written, function, functions, irrep_label, join, typed_label
from .reports import COMMA, FLOATING, heading
from .scheme_labels import written_label
from .tabular import Report, Section, math, words

_COLUMNS = {
    "electric dipole": "electric dipole, infrared",
    "magnetic dipole": "magnetic dipole",
    "electric quadrupole": "electric quadrupole",
    "Raman": "Raman",
    "hyper-Raman": "hyper-Raman",
}


def selection_report(G: PointGroup | FiniteGroup) -> Report:
    """For each irrep over ℝ the functions by which the operators of spectroscopy reach it."""
    rules = selection_rules(G)
    rows = [
        [math(irrep_label(label)), *(_copies(rules[name].get(label, ())) for name in _COLUMNS)]
        for label in G.real_irreps
    ]
    header = [words("irrep"), *(words(title) for title in _COLUMNS.values())]
    silent = silent_irreps(G)
    lines = []
    if silent:
        named = join((math(irrep_label(label)) for label in silent), COMMA)
        lines.append(join([words("neither infrared nor Raman active"), named], words(": ")))
    if isinstance(G, FiniteGroup):
        lines.append(FLOATING)
    data = {
        "group": G.name,
        "operators": {
            name: {label: [list(copy) for copy in copies] for label, copies in found.items()}
            for name, found in rules.items()
        },
        "silent": list(silent),
    }
    return Report(heading(G), lines, [Section(words(""), "lfffff", header, rows)], data)


def _copies(copies: Iterable[tuple[str, ...]]) -> Written:
    return join((math(functions(copy)) for copy in copies), COMMA)


# -- transitions --------------------------------------------------------------------------------------------------


def operator_name(text: str, G: PointGroup | FiniteGroup) -> str:
    """The operator that a person means who types "electric-dipole" or "raman"; labels of irreps as they are.

    Raises:
        ValueError: neither an operator nor an irrep of the group.
    """
    plain = {re.sub(r"\W", "", name).lower(): name for name in OPERATORS}
    found = plain.get(re.sub(r"[\W_]", "", text).lower(), text)
    label = typed_label(text)
    if found not in OPERATORS and not read_gamma(text) and label not in G.irreps and label not in G.real_irreps:
        raise ValueError(
            f"{text!r} is neither an operator, {', '.join(OPERATORS)}, nor an irrep of {G.name}, {', '.join(G.irreps)}"
        )
    return found


def transition_report(levels: Sequence[Irrep], operator: str) -> Report:
    """The levels that an operator reaches from one, with polarisations and the number of free matrix elements.

    Args:
        levels: the initial irrep, over ℂ or ℝ, or of a double group; and one final irrep, else all that are reached.
        operator: one of ``OPERATORS``, or the label of an irrep.
    """
    initial, *finals = levels
    G = initial.group.point_group if isinstance(initial, DoubleIrrep) else initial.group
    candidates = finals or initial.group._irreps_over(initial.field).values()
    found = [(other, _transition(initial, operator, other)) for other in candidates]
    shown = [(other, t) for other, t in found if t.allowed or finals]
    named = operator in OPERATORS
    rows = [
        [
            _label(other),
            words(str(t.number) if t.allowed else "forbidden"),
            *([join((math(_component(c)) for c in t.components), COMMA)] if named else []),
        ]
        for other, t in shown
    ]
    header = [words("final"), words("matrix elements"), *([words("components")] if named else [])]
    notes = [words("matrix elements: how many reduced ones are independent")]
    if named:
        notes.append(
            words("components: those of the operator that are allowed, the polarisations, in the axes of the group")
        )
    what = words(operator) if named else math(irrep_label(operator))
    line = join([words("from"), _label(initial), words("by"), what], words(" "))
    data = {
        "group": G.name,
        "initial": initial.label,
        "operator": operator,
        "field": initial.field,
        "transitions": [_data(t) for _, t in shown],
    }
    return Report(heading(G), [line], [Section(words(""), "lrf"[: len(header)], header, rows, notes)], data)


def _transition(initial: Irrep, operator: str, final: Irrep) -> Transition:
    if isinstance(initial, DoubleIrrep) and isinstance(final, DoubleIrrep):
        return spinor_transition(initial.group, initial, operator, final)
    gamma: str | Mapping[str, int] = operator if operator in OPERATORS else {operator: 1}
    return transition(initial.group, initial, gamma, final)


def _data(t: Transition) -> dict[str, Any]:
    return {
        "final": t.final,
        "allowed": t.allowed,
        "matrix_elements": t.number,
        "reduced": dict(t.reduced),
        "components": list(t.components),
    }


def _label(irrep: Irrep) -> Written:
    return math(written_label(irrep, "mulliken"))


def _component(name: str) -> Written:
    """A Cartesian component: z, Rx, xxy."""
    return function(name)
