"""What the commands say about a double group: its character table, spinor irreps, time reversal, multiplets."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pointgroups.double.corepresentations import Corepresentation
from pointgroups.double.group import DoubleGroup
from pointgroups.double.irreps import DoubleIrrep
from pointgroups.double.root_text import conjugated
from pointgroups.double.spin_j import spin_text, twice_spin
from pointgroups.point_group import PointGroup

from .notation import PRODUCT, Written, character, join, legend, schoenflies
from .reports import decomposition, heading
from .scheme_labels import labels_in, written_label
from .state_notation import adapted_function, double_class, ket, spinor_function
from .tabular import Report, Section, math, words

_EQUALS = Written(" = ", " = ")
_KINDS = {"a": "alone", "b": "twice"}
_BARRED = Written(
    "Ē is the rotation by 2π; a bar marks an element times Ē",
    r"$\bar{E}$ is the rotation by $2\pi$; a bar marks an element times $\bar{E}$",
)


def double_report(G: PointGroup) -> Report:
    """Character table of the double group, and its spinor irreps: Koster's numbers, types, time reversal, states."""
    D = G.double
    sections = [_character_section(D), _spinor_section(D)]
    return Report(_title(D), [words(f"order {D.order}"), _BARRED], sections, _double_data(D))


def _title(D: DoubleGroup) -> Written:
    return join([words("double group of"), heading(D.point_group)], words(" "))


def _double_data(D: DoubleGroup) -> dict[str, Any]:
    return {
        "group": D.point_group.name,
        "order": D.order,
        "elements": list(D.elements),
        "classes": [
            {"label": c.label, "size": c.size, "elements": [D.elements[g] for g in c.indices]} for c in D.classes
        ],
        "irreps": [
            {
                "label": irrep.label,
                "labels": dict(irrep.labels),
                "dim": irrep.dim,
                "spinor": irrep.spinor,
                "type": irrep.type,
                "basis": list(irrep.basis),
                "characters": irrep.class_characters.tokens(),
            }
            for irrep in D.irreps.values()
        ],
        "levels": [
            {
                "label": level.label,
                "irreps": [irrep.label for irrep in level.irreps],
                "kind": level.kind,
                "degeneracy": level.degeneracy,
            }
            for level in D.corepresentations
        ],
    }


def _character_section(D: DoubleGroup) -> Section:
    tokens = [irrep.class_characters.tokens() for irrep in D.irreps.values()]
    rows = [
        [_label(irrep), _koster(irrep), *(math(character(token)) for token in row)]
        for irrep, row in zip(D.irreps.values(), tokens, strict=True)
    ]
    header = [math(schoenflies(D.point_group.schoenflies)), words("Koster")]
    header += [math(double_class(c.label)) for c in D.classes]
    meaning = legend(token for row in tokens for token in row)
    notes = [math(meaning)] if meaning else []
    if any(row[1].text == "?" for row in rows):
        notes.append(words("? no number is certain, see pointgroups labels"))
    return Section(words("Character table"), "ll" + "r" * len(D.classes), header, rows, notes)


def _spinor_section(D: DoubleGroup) -> Section:
    """One row a spinor irrep; a level is what time reversal makes of it."""
    rows = [
        [
            _label(irrep),
            words(str(irrep.dim)),
            words(irrep.type),
            _partner(irrep, D.corepresentation(irrep)),
            words(str(D.corepresentation(irrep).degeneracy)),
            math(join(map(spinor_function, irrep.basis), Written(", ", ", "))),
        ]
        for irrep in D.spinor_irreps.values()
    ]
    header = [words(h) for h in ("irrep", "dim", "type", "time reversal", "level", "states |j,m⟩ of lowest j")]
    header[-1] = Written(header[-1].text, r"states $|j,m\rangle$ of lowest $j$")
    note = words("time reversal: which irreps one level has; level: its degeneracy (Kramers)")
    return Section(words("Spinor irreps"), "lrllrp", header, rows, [note])


def _partner(irrep: DoubleIrrep, level: Corepresentation) -> Written:
    if level.kind in _KINDS:
        return words(_KINDS[level.kind])
    (other,) = (member for member in level.irreps if member is not irrep)
    return join([words("with"), _label(other)], words(" "))


def _label(irrep: DoubleIrrep) -> Written:
    return math(written_label(irrep, "mulliken"))


def _koster(irrep: DoubleIrrep) -> Written:
    return math(written_label(irrep, "koster")) if "koster" in irrep.labels else words("?")


# -- multiplets ---------------------------------------------------------------------------------------------------


def multiplet_report(G: PointGroup, j: str, parity: int) -> Report:
    """How a level of angular momentum j splits, and its states |j,m⟩ sorted by irrep."""
    D, spin = G.double, Fraction(twice_spin(j), 2)
    counts = D.subduce(spin, parity)
    right = decomposition(counts, labels_in(D.irreps, "mulliken"))
    name, even = spin_text(int(2 * spin)), "even" if parity > 0 else "odd"
    line = Written(f"j = {name}, {even}: {right.text}", f"$j = {name}$, {even}: ${right.latex}$")
    basis = D.adapted_spinors(spin, parity)
    projections = [spin_text(m) for m in range(int(2 * spin), -int(2 * spin) - 1, -2)]
    kets = [ket(name, m) for m in projections]
    rows = [
        [
            _label(D.irreps[label.irrep]),
            words(str(label.copy)),
            words(str(label.component)),
            math(adapted_function(row, kets)),
        ]
        for label, row in zip(basis.labels, basis.tokens or (), strict=True)
    ]
    header = [words(h) for h in ("irrep", "copy", "component", "state")]
    data = {
        "group": G.name,
        "j": name,
        "parity": parity,
        "irreps": counts,
        "states": [
            {
                **label._asdict(),
                "coefficients": {m: conjugated(c) for m, c in zip(projections, row, strict=True) if c != "0"},
            }
            for label, row in zip(basis.labels, basis.tokens or (), strict=True)
        ],
    }
    return Report(heading(G), [line], [Section(words("Symmetry-adapted states"), "lrrp", header, rows)], data)


def spin_orbit_report(G: PointGroup, label: str) -> Report:
    """The spinor irreps into which an orbital level splits when spin–orbit coupling acts."""
    D = G.double
    irrep = D.irrep(label)
    if irrep.spinor:
        raise ValueError(f"{label!r} has half-integer spin already; spin-orbit coupling splits {', '.join(G.irreps)}")
    counts = D.spin_orbit(irrep)
    left = join([written_label(irrep, "mulliken"), Written("spin ½", r"\mbox{spin }\frac{1}{2}")], PRODUCT)
    line = math(join([left, decomposition(counts, labels_in(D.irreps, "mulliken"))], _EQUALS))
    return Report(heading(G), [line], [], {"group": G.name, "orbital": irrep.label, "irreps": counts})


# -- shells and multiplets ----------------------------------------------------------------------------------------

_SHELLS = "spdfg"
_HIGHEST_TWICE_J = 16


def splitting_report(G: PointGroup) -> Report:
    """The crystal-field splitting of the shells s to g, without and with spin, and of multiplets J = 0 … 8."""
    D = G.double
    write = labels_in(D.irreps, "mulliken")
    over_reals = labels_in(G.real_irreps, "mulliken")
    shells, rows = [], []
    for degree, letter in enumerate(_SHELLS):
        orbital, parity = G.subduce(degree), (-1) ** degree
        spins = [twice for twice in (2 * degree - 1, 2 * degree + 1) if twice > 0]
        parts = {spin_text(twice): D.subduce(Fraction(twice, 2), parity) for twice in spins}
        split = [join([words(f"{j}: "), math(decomposition(found, write))], words("")) for j, found in parts.items()]
        rows.append([words(letter), words(str(degree)), math(decomposition(orbital, over_reals)), _semicolons(split)])
        shells.append({"shell": letter, "degree": degree, "irreps": orbital, "spin_orbit": parts})
    header = [words("shell"), Written("ℓ", r"$\ell$"), words("irreps"), Written("j with spin", "$j$ with spin")]
    sections = [Section(words("Shells"), "lrff", header, rows), _multiplet_section(D)]
    data = {"group": G.name, "shells": shells, "multiplets": _multiplet_data(D)}
    return Report(heading(G), [], sections, data)


def _semicolons(parts: list[Written]) -> Written:
    return join(parts, words("; "))


def _multiplet_data(D: DoubleGroup) -> list[dict[str, Any]]:
    found = []
    for twice in range(_HIGHEST_TWICE_J + 1):
        counts = D.subduce(Fraction(twice, 2))
        found.append({"j": spin_text(twice), "irreps": counts, "levels": number_of_levels(D, counts)})
    return found


def _multiplet_section(D: DoubleGroup) -> Section:
    write = labels_in(D.irreps, "mulliken")
    rows = [
        [words(entry["j"]), math(decomposition(entry["irreps"], write)), words(str(entry["levels"]))]
        for entry in _multiplet_data(D)
    ]
    header = [Written("J", "$J$"), words("irreps"), words("levels")]
    notes = [words("levels: how many remain when time reversal joins conjugate irreps")]
    if D.point_group.has_inversion:
        notes.insert(0, words("even multiplets; of odd ones exchange g and u"))
    return Section(words("Multiplets"), "rfr", header, rows, notes)


def number_of_levels(D: DoubleGroup, counts: dict[str, int]) -> int:
    """How many levels these irreps make with time reversal.

    >>> from pointgroups import point_group
    >>> D = point_group("C3").double
    >>> number_of_levels(D, D.subduce("3/2"))
    2
    """
    return sum(counts.get(level.irreps[0].label, 0) // (2 if level.kind == "b" else 1) for level in D.corepresentations)
