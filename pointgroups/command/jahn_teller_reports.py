"""What the commands say about Jahn–Teller modes: which distortions split a degenerate level in first order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pointgroups.double.irreps import DoubleIrrep
from pointgroups.finite.group import FiniteGroup
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.products.jahn_teller import JahnTellerProblem, jahn_teller
from pointgroups.products.kramers_levels import kramers_jahn_teller

from .notation import PRODUCT, Written, irrep_label, join
from .reports import COMMA, heading, spinor
from .scheme_labels import labels_in
from .tabular import Report, Section, math, words

_TITLE = Written("Jahn–Teller active modes", "Jahn--Teller active modes")
_NONE = words("none: no distortion splits it in first order, as in a level without degeneracy or a Kramers doublet")


def jahn_teller_report(G: PointGroup | FiniteGroup, irrep: Irrep | None = None) -> Report:
    """The active modes of one level, or of all degenerate levels, and with half-integer spin where G has spinors."""
    if irrep is not None:
        problems = [(_problem(irrep), spinor(irrep))]
    else:
        problems = [(jahn_teller(level), False) for level in G.real_irreps.values() if level.dim > 1]
    if irrep is None and isinstance(G, PointGroup):
        problems += [(kramers_jahn_teller(c.irreps[0]), True) for c in G.double.corepresentations if c.spinor]
    rows = [
        [math(_level(G, problem)), math(_product(G, problem)), join(_constants(problem), COMMA)]
        for problem, _ in problems
    ]
    header = [words(h) for h in ("level", "problem", "independent constants")]
    notes = [_NONE] if any(not problem.modes for problem, _ in problems) else []
    data = {"group": G.name, "levels": [_data(problem, spinor) for problem, spinor in problems]}
    return Report(heading(G), [], [Section(_TITLE, "lff", header, rows, notes)], data)


def _problem(irrep: Irrep) -> JahnTellerProblem:
    if isinstance(irrep, DoubleIrrep):
        return kramers_jahn_teller(irrep)
    return jahn_teller(irrep)


def _data(problem: JahnTellerProblem, spinor: bool) -> dict[str, Any]:
    return {"level": problem.level, "half_integer_spin": spinor, "modes": dict(problem.modes)}


def _level(G: PointGroup | FiniteGroup, problem: JahnTellerProblem) -> Written:
    """T1u, or the irreps of the double group that are one level: ¹E3/2 + ²E3/2."""
    parts = problem.level.split("+")
    single = isinstance(G, FiniteGroup) or parts[0] in G.real_irreps
    irreps: Mapping[str, Irrep] = G.real_irreps if single else G.double.irreps
    return join(map(labels_in(irreps, "mulliken"), parts), Written(" + ", " + "))


def _product(G: PointGroup | FiniteGroup, problem: JahnTellerProblem) -> Written:
    if not problem.modes:
        return Written("none", r"\mbox{none}")
    modes = join(map(_mode, problem.modes), Written(" ⊕ ", r" \oplus "))
    if len(problem.modes) > 1:
        modes = Written(f"({modes.text})", f"({modes.latex})")
    level = _level(G, problem)
    if "+" in problem.level:
        level = Written(f"({level.text})", f"({level.latex})")
    return join([level, modes], PRODUCT)


def _mode(label: str) -> Written:
    """A vibration, in small letters: eg, t2g, γ3."""
    written = irrep_label(label)
    if label[0] == "Γ":
        return Written(written.text.replace("Γ", "γ"), written.latex.replace(r"\Gamma", r"\gamma"))
    return Written(*(text.replace(label[0], label[0].lower(), 1) for text in written))


def _constants(problem: JahnTellerProblem) -> list[Written]:
    return [join([words(str(n)), math(_mode(label))], words(" ")) for label, n in problem.modes.items()]
