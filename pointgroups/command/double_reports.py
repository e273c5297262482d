"""What the commands say about a double group: its character table, spinor irreps, time reversal, multiplets."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from pointgroups.double.corepresentations import Corepresentation
from pointgroups.double.group import DoubleGroup
from pointgroups.double.irreps import DoubleIrrep
from pointgroups.double.spin_j import spin_text, twice_spin
from pointgroups.finite.group import FiniteGroup
from pointgroups.point_group import PointGroup

from .notation import PRODUCT, Written, character, irrep_label, join, legend, schoenflies
from .reports import adapted_section, coefficients, decomposition, heading
from .scheme_labels import labels_in, written_label
from .state_notation import double_class, ket, spinor_function
from .tabular import Report, Section, math, words

_EQUALS, _COLON = Written(" = ", " = "), words(": ")
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
        [_label(irrep), math(written_label(irrep, "koster")), *(math(character(token)) for token in row)]
        for irrep, row in zip(D.irreps.values(), tokens, strict=True)
    ]
    header = [math(schoenflies(D.point_group.schoenflies)), words("Koster")]
    header += [math(double_class(c.label)) for c in D.classes]
    meaning = legend(token for row in tokens for token in row)
    notes = [math(meaning)] if meaning else []
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
    section = adapted_section(words("Symmetry-adapted states"), basis, labels_in(D.irreps, "mulliken"), kets)
    data = {
        "group": G.name,
        "j": name,
        "parity": parity,
        "irreps": counts,
        "states": [
            {
                **label._asdict(),
                "coefficients": {m: c for m, c in zip(projections, row, strict=True) if c != "0"},
            }
            for label, row in zip(basis.labels, coefficients(basis), strict=True)
        ],
    }
    return Report(heading(G), [line], [section], data)


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


def splitting_report(G: PointGroup | FiniteGroup) -> Report:
    """The crystal-field splitting of the shells s to g and of multiplets J = 0 … 8; with spin where G has spinors."""
    D = G.double if isinstance(G, PointGroup) else None
    over_reals = labels_in(G.real_irreps, "mulliken")
    shells, rows = [], []
    for degree, letter in enumerate(_SHELLS):
        orbital, parity = G.subduce(degree), (-1) ** degree
        entry: dict[str, Any] = {"shell": letter, "degree": degree, "irreps": orbital}
        row = [words(letter), words(str(degree)), math(decomposition(orbital, over_reals))]
        if D is not None:
            write = labels_in(D.irreps, "mulliken")
            spins = [spin_text(twice) for twice in (2 * degree - 1, 2 * degree + 1) if twice > 0]
            entry["spin_orbit"] = {j: D.subduce(j, parity) for j in spins}
            parts = (join([words(j), math(decomposition(x, write))], _COLON) for j, x in entry["spin_orbit"].items())
            row.append(join(parts, words("; ")))
        rows.append(row)
        shells.append(entry)
    header = [words("shell"), Written("ℓ", r"$\ell$"), words("irreps"), Written("j with spin", "$j$ with spin")]
    size = len(rows[0])
    multiplets = _multiplets(G, D)
    sections = [Section(words("Shells"), "lrff"[:size], header[:size], rows), _multiplet_section(G, D, multiplets)]
    return Report(heading(G), [], sections, {"group": G.name, "shells": shells, "multiplets": multiplets})


def _multiplets(G: PointGroup | FiniteGroup, D: DoubleGroup | None) -> list[dict[str, Any]]:
    """J = 0, 1/2, … 8 in irreps of the double group; of a group without one J = 0, 1, … 8, over ℝ."""
    found = []
    for twice in range(0, _HIGHEST_TWICE_J + 1, 2 if D is None else 1):
        counts = G.subduce(twice // 2, 1) if D is None else D.subduce(Fraction(twice, 2))
        levels = sum(counts.values()) if D is None else number_of_levels(D, counts)
        found.append({"j": spin_text(twice), "irreps": counts, "levels": levels})
    return found


def _multiplet_section(
    G: PointGroup | FiniteGroup, D: DoubleGroup | None, multiplets: Sequence[dict[str, Any]]
) -> Section:
    write = labels_in(G.real_irreps if D is None else D.irreps, "mulliken")
    rows = [
        [words(entry["j"]), math(decomposition(entry["irreps"], write)), words(str(entry["levels"]))]
        for entry in multiplets
    ]
    header = [Written("J", "$J$"), words("irreps"), words("levels")]
    notes = [words("levels: how many remain when time reversal joins conjugate irreps")]
    if D is None:
        notes = [words("half-integer J: double groups are there for the crystallographic groups")]
    (odd,) = G.subduce(0, -1)
    if G.has_inversion:
        notes.insert(0, words("even multiplets; of odd ones exchange g and u"))
    elif odd != next(iter(G.real_irreps)):
        product = join([words("even multiplets; odd ones are these"), math(irrep_label(odd))], math(PRODUCT))
        notes.insert(0, product)
    return Section(words("Multiplets"), "rfr", header, rows, notes)


def number_of_levels(D: DoubleGroup, counts: dict[str, int]) -> int:
    """How many levels these irreps make with time reversal.

    >>> from pointgroups import point_group
    >>> D = point_group("C3").double
    >>> number_of_levels(D, D.subduce("3/2"))
    2
    """
    return sum(counts.get(level.irreps[0].label, 0) // (2 if level.kind == "b" else 1) for level in D.corepresentations)
