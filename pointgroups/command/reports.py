"""What the commands say about a group: elements, character tables, bases, subduction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.angular_momentum.complex_harmonics import adapted_complex_harmonics
from pointgroups.double.group import DoubleGroup
from pointgroups.double.irreps import DoubleIrrep
from pointgroups.double.root_text import conjugated
from pointgroups.finite.group import FiniteGroup
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import SETTINGS

from .notation import (
    SUM,
    Written,
    axis,
    character,
    combination,
    digits,
    element,
    functions,
    harmonic,
    hermann_mauguin,
    irrep_label,
    join,
    legend,
    schoenflies,
)
from .scheme_labels import labels_in, written_label
from .state_notation import ket
from .tabular import Report, Section, math, words

COMMA = words(", ")


def decomposition(counts: Mapping[str, int], write: Callable[[str], Written] = irrep_label) -> Written:
    """A sum of irreps, such as A1g ⊕ 2T2g; ``write`` writes their labels."""
    return join((_repeated(write(label), n) for label, n in counts.items()), SUM)


def _repeated(written: Written, n: int) -> Written:
    """2T1u, and with a gap 2 ¹E, which else looks like a power."""
    gap = " " if written.text[0] in "¹²" else ""
    return written if n == 1 else Written(f"{n}{gap}{written.text}", f"{n}\\,{written.latex}")


AnyGroup = PointGroup | DoubleGroup | FiniteGroup


def heading(G: AnyGroup) -> Written:
    """Both names of a group: D4h (4/mmm); of a double group, or one that is not crystallographic, its name."""
    if isinstance(G, DoubleGroup):
        return join([words("double group of"), heading(G.point_group)], words(" "))
    if isinstance(G, FiniteGroup):
        return words(G.name) if G.frame is None else math(schoenflies(G.name))
    name = schoenflies(G.schoenflies)
    symbol = hermann_mauguin(G.symbol)
    return Written(f"{name.text} ({symbol.text})", f"${name.latex}$ (${symbol.latex}$)")


FLOATING = words("numbers in floating point, rounded")


def spinor(irrep: Irrep) -> bool:
    """Whether an irrep has half-integer spin."""
    return isinstance(irrep, DoubleIrrep) and irrep.spinor


# -- one group ----------------------------------------------------------------------------------------------------


def group_report(G: PointGroup, scheme: str = "mulliken") -> Report:
    """Elements, classes, character table and bases of one group; irreps by their labels in a scheme."""
    full = hermann_mauguin(G.full_symbol)
    line = Written(
        f"number {G.number} of International Tables, full symbol {full.text}, order {G.order}",
        f"number {G.number} of International Tables, full symbol ${full.latex}$, order {G.order}",
    )
    sections = [_class_section(G), _character_section(G, scheme), _basis_section(G, scheme)]
    return Report(heading(G), [line], sections, group_data(G))


def group_data(G: PointGroup) -> dict[str, Any]:
    """The same as JSON; numbers as exact text that SymPy reads."""
    linear, quadratic = linear_functions(G), quadratic_functions(G)
    return {
        "name": G.name,
        "schoenflies": G.schoenflies,
        "symbol": G.symbol,
        "full_symbol": G.full_symbol,
        "number": G.number,
        "order": G.order,
        "elements": list(G.elements),
        "classes": [
            {"label": c.label, "size": c.size, "elements": [G.elements[g] for g in c.indices]} for c in G.classes
        ],
        "axes": {symbol: list(axes) for symbol, axes in G.axes.items()},
        "irreps": [_irrep_data(irrep) for irrep in G.irreps.values()],
        "real_irreps": [
            _irrep_data(irrep) | {"linear": linear.get(label, []), "quadratic": quadratic.get(label, [])}
            for label, irrep in G.real_irreps.items()
        ],
    }


def _irrep_data(irrep: Irrep) -> dict[str, Any]:
    return {
        "label": irrep.label,
        "labels": dict(irrep.labels),
        "dim": irrep.dim,
        "type": irrep.type,
        "basis": list(irrep.basis),
        "characters": irrep.class_characters.tokens(),
    }


def _class_section(G: PointGroup) -> Section:
    rows = [[math(element(c.label)), join((math(element(G.elements[g])) for g in c.indices), COMMA)] for c in G.classes]
    return Section(
        words("Classes and their elements"),
        "lp",
        [words("class"), words("elements (axis; of a mirror the normal)")],
        rows,
    )


def _character_section(G: PointGroup, scheme: str) -> Section:
    tokens = [irrep.class_characters.tokens() for irrep in G.irreps.values()]
    beside = (linear_functions(G), quadratic_functions(G))
    rows = [
        [
            math(written_label(irrep, scheme)),
            *(math(character(token)) for token in row),
            *(join((math(functions(f)) for f in found.get(_folded(irrep.label), [])), COMMA) for found in beside),
        ]
        for irrep, row in zip(G.irreps.values(), tokens, strict=True)
    ]
    header = [math(schoenflies(G.schoenflies)), *(math(element(c.label)) for c in G.classes)]
    meaning = legend(token for row in tokens for token in row)
    notes = [*axis_notes(G), *([math(meaning)] if meaning else [])]
    return Section(
        words("Character table"),
        "l" + "r" * len(G.classes) + "ff",
        [*header, words("linear"), words("quadratic")],
        rows,
        notes,
    )


def _folded(label: str) -> str:
    """The irrep over ℝ to which one over ℂ belongs: 1E and 2E to E."""
    return label.lstrip("12")


def axis_notes(G: PointGroup) -> list[Written]:
    """Where the axes of C2′, C2″ lie, and where the normals of σv, σd point."""
    notes = []
    for symbol, axes in G.axes.items():
        name = math(element(symbol))
        relation = words(" normal to " if symbol.startswith("σ") else " along ")
        notes.append(join([name, join((math(axis(a)) for a in axes), COMMA)], relation))
    return notes


def _basis_section(G: PointGroup, scheme: str) -> Section:
    """The functions behind the matrices, over ℂ, and over ℝ where a pair is folded."""
    folded = [(irrep, "ℝ") for irrep in G.real_irreps.values() if irrep.commuting == 2]
    fields = {"ℂ": Written("ℂ", r"complex"), "ℝ": Written("ℝ", "real")}
    listed = [(irrep, "ℂ") for irrep in G.irreps.values()] + folded
    rows = [
        [
            math(written_label(irrep, scheme)),
            fields[field],
            words(str(irrep.dim)),
            words(irrep.type),
            math(functions(irrep.basis)),
        ]
        for irrep, field in listed
    ]
    header = [words("irrep"), words("over"), words("dim"), words("type"), words("basis")]
    if not folded:
        rows = [[row[0], *row[2:]] for row in rows]
        header = [header[0], *header[2:]]
    return Section(words("Irreps and the functions that span them"), "l" + "l" * bool(folded) + "rlp", header, rows)


# -- the functions of degree one and two --------------------------------------------------------------------------

_LINEAR = ("y", "z", "x")
_QUADRATIC = ("x*y", "y*z", "2*z**2-x**2-y**2", "x*z", "x**2-y**2")
"""Names of the harmonics m = −ℓ … ℓ up to a factor."""
_ROUNDING = 1e-9


def linear_functions(G: PointGroup | FiniteGroup) -> dict[str, list[list[str]]]:
    """Irrep over ℝ → the components of a polar vector, then those of an axial one, that transform by it."""
    (determinant,) = G.subduce(0, parity=-1)
    polar = sorted((sorted(names), label) for label, names in _copies(G, 1, _LINEAR))
    found: dict[str, list[list[str]]] = {}
    for names, label in polar:
        found.setdefault(label, []).append(names)
    for names, label in polar:
        (axial,) = G.tensor_product(label, determinant)
        found.setdefault(axial, []).append([f"R{name}" for name in names])
    return found


def quadratic_functions(G: PointGroup | FiniteGroup) -> dict[str, list[list[str]]]:
    """Irrep over ℝ → quadratic functions; those of the trivial irrep in their usual combinations."""
    trivial = next(iter(G.real_irreps))
    found: dict[str, list[list[str]]] = {}
    invariant: list[str] = []
    for label, names in _copies(G, 2, _QUADRATIC):
        if label == trivial:
            invariant += names
        else:
            found.setdefault(label, []).append(names)
    if {"2*z**2-x**2-y**2", "x**2-y**2"} <= set(invariant):
        squares = ["x**2", "y**2", "z**2"]
    elif "2*z**2-x**2-y**2" in invariant:
        squares = ["x**2+y**2", "z**2"]
    else:
        squares = ["x**2+y**2+z**2"]
    found[trivial] = [[name] for name in (*squares, *(name for name in invariant if "**" not in name))]
    return found


def _copies(G: PointGroup | FiniteGroup, degree: int, names: tuple[str, ...]) -> Iterable[tuple[str, list[str]]]:
    """(irrep, names of the harmonics that its copy holds), one for each copy, in table order."""
    basis = G.harmonics(degree)
    held: dict[tuple[str, int], list[str]] = {}
    for row_label, row in zip(basis.labels, basis.array, strict=True):
        present = [name for name, coefficient in zip(names, row, strict=True) if abs(coefficient) > _ROUNDING]
        held.setdefault((row_label.irrep, row_label.copy), []).extend(present)
    order = {label: k for k, label in enumerate(G.real_irreps)}
    for label, copy in sorted(held, key=lambda key: (order[key[0]], key[1])):
        yield label, list(dict.fromkeys(held[label, copy]))


# -- subduction ---------------------------------------------------------------------------------------------------

_ORBITALS = "spdfghiklmnoq"
_HIGHEST_DEGREE = 12
_REAL = Written(
    "Y(ℓ,m): real harmonics, with cos mφ for m > 0 and sin |m|φ for m < 0",
    r"$Y_{\ell,m}$: real harmonics, with $\cos m\varphi$ for $m > 0$ and $\sin |m|\varphi$ for $m < 0$",
)
_COMPLEX = Written(
    "|ℓ,m⟩: complex harmonics of Condon and Shortley", r"$|\ell,m\rangle$: complex harmonics of Condon and Shortley"
)


def subduction_report(
    G: PointGroup | FiniteGroup, degree: int, parity: int, scheme: str = "mulliken", jz: bool = False
) -> Report:
    """O(3)'s irrep (ℓ, parity) in irreps over ℝ; with the natural parity and ℓ ≤ 12 the functions.

    They are combinations of the real harmonics, or with ``jz`` of the states |ℓ,m⟩ of J_z.
    """
    natural = parity == (-1) ** degree
    counts = G.subduce(degree, parity)
    even = "even" if parity > 0 else "odd"
    orbital = f" ({_ORBITALS[degree]} orbitals)" if natural and degree < len(_ORBITALS) else ""
    write = labels_in(G.real_irreps, scheme)
    right = decomposition(counts, write)
    line = Written(
        f"ℓ = {degree}, {even}{orbital}: {right.text}", rf"$\ell = {degree}$, {even}{orbital}: ${right.latex}$"
    )
    data: dict[str, Any] = {"group": G.name, "degree": degree, "parity": parity, "irreps": counts}
    sections = []
    if natural and degree <= _HIGHEST_DEGREE:
        basis = adapted_complex_harmonics(G, degree) if jz else G.harmonics(degree)  # type: ignore[arg-type]
        rows = coefficients(basis)
        projections = range(degree, -degree - 1, -1) if jz else range(-degree, degree + 1)
        names = [ket(str(degree), str(m)) if jz else harmonic(degree, m) for m in projections]
        title = words(f"Symmetry-adapted {'complex' if jz else 'real'} harmonics")
        notes = [] if basis.tokens is not None else [FLOATING]
        sections.append(adapted_section(title, basis, write, names, [*notes, _COMPLEX if jz else _REAL]))
        data["harmonics"] = [
            {
                "irrep": label.irrep,
                "copy": label.copy,
                "component": label.component,
                "coefficients": {str(m): token for m, token in zip(projections, row, strict=True) if token != "0"},
            }
            for label, row in zip(basis.labels, rows, strict=True)
        ]
    return Report(heading(G), [line], sections, data)


def adapted_section(
    title: Written,
    basis: AdaptedBasis,
    write: Callable[[str], Written],
    names: Sequence[Written],
    notes: Sequence[Written] = (),
) -> Section:
    """The functions of an adapted basis, combinations of functions with names; ``write`` writes labels of irreps."""
    rows = [
        [math(write(label.irrep)), words(str(label.copy)), words(str(label.component)), math(combination(row, names))]
        for label, row in zip(basis.labels, coefficients(basis), strict=True)
    ]
    return Section(title, "lrrp", [words(h) for h in ("irrep", "copy", "component", "function")], rows, notes)


def coefficients(basis: AdaptedBasis) -> list[list[str]]:
    """The coefficients of each function, as text; the rows of an adapted basis hold their conjugates."""
    if basis.tokens is None:
        return [[digits(x) for x in row] for row in basis.array.conj().tolist()]
    return [[conjugated(token) for token in row] for row in basis.tokens]


# -- all groups ---------------------------------------------------------------------------------------------------


def list_report() -> Report:
    """The 32 groups and their settings."""
    rows, data = [], []
    for setting in SETTINGS:
        order = point_group(setting.name).order
        rows.append(
            [
                words(str(setting.number)),
                math(schoenflies(setting.schoenflies)),
                math(hermann_mauguin(setting.symbol)),
                math(hermann_mauguin(setting.full_symbol)),
                words(str(order)),
                math(schoenflies(setting.name)) if setting.default else math(hermann_mauguin(setting.name)),
            ]
        )
        data.append(
            {
                "name": setting.name,
                "number": setting.number,
                "schoenflies": setting.schoenflies,
                "symbol": setting.symbol,
                "full_symbol": setting.full_symbol,
                "order": order,
                "default": setting.default,
            }
        )
    header = [words(h) for h in ("number", "Schoenflies", "symbol", "full symbol", "order", "name here")]
    note = words("beside these, molecular point groups have names such as D5h, C7v, S8, I, Ih")
    section = Section(words(""), "rlllrl", header, rows, [note])
    return Report(words("The 32 crystallographic point groups in all settings"), [], [section], data)
