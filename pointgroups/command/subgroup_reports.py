"""What the commands say about subgroups: the lattice, correlation tables, subduction matrices, induction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.double.branching import double_branching
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.subgroups.branching import branching, correlation_table
from pointgroups.subgroups.embeddings import Embedding
from pointgroups.subgroups.induction import induce
from pointgroups.subgroups.lattice import SubgroupClass, subgroup_lattice
from pointgroups.subgroups.subduction_matrices import subduction_basis

from .notation import Written, element, functions, irrep_label, join, number, schoenflies
from .reports import COMMA, decomposition, heading
from .scheme_labels import labels_in, written_label
from .state_notation import adapted_function
from .tabular import Report, Section, math, words

_DOWN, _UP = Written(" ↓ ", r" $\downarrow$ "), Written(" ↑ ", r" $\uparrow$ ")


def class_name(name: str) -> Written:
    """A class of subgroups, in text mode: ``C2v (C2', σh, σv)``."""
    group, _, held = name.partition(" (")
    written = math(schoenflies(group))
    if not held:
        return written
    parts = join((math(_counted_element(part)) for part in held[:-1].split(", ")), COMMA)
    return Written(f"{written.text} ({parts.text})", f"{written.latex} ({parts.latex})")


def _counted_element(text: str) -> Written:
    """Elements of one class, such as 2σv, 2C6+, C2(z)."""
    count, name = re.fullmatch(r"(\d*)(.*)", text).groups()  # type: ignore[union-attr]
    written = element(name)
    return Written(count + written.text, count + written.latex)


# -- the lattice --------------------------------------------------------------------------------------------------


def lattice_report(G: PointGroup) -> Report:
    """The classes of conjugate subgroups: order, index, how many, and the maximal subgroups of each."""
    lattice = subgroup_lattice(G)
    rows = [
        [
            class_name(name),
            words(str(found.order)),
            words(str(found.index)),
            words(str(len(found.members))),
            words("yes" if found.is_normal else ""),
            join((_times(n, lower) for lower, n in found.maximal.items()), COMMA),
        ]
        for name, found in lattice.items()
    ]
    header = [words(h) for h in ("subgroup", "order", "index", "conjugate", "normal", "maximal subgroups of it")]
    count = words(f"{lattice.number_of_subgroups} subgroups in {len(lattice)} classes of conjugate ones")
    section = Section(words(""), "lrrrlf", header, rows, _several(lattice.values()))
    data = {
        "group": G.name,
        "subgroups": lattice.number_of_subgroups,
        "classes": [_class_data(G, found) for found in lattice.values()],
        "edges": [list(edge) for edge in lattice.edges],
        "up_to_normalizer": [list(names) for names in lattice.up_to_normalizer],
    }
    return Report(join([words("subgroups of"), heading(G)], words(" ")), [count], [section], data)


def _several(classes: Iterable[SubgroupClass]) -> list[Written]:
    """What a number before a maximal subgroup means, where there is one."""
    for found in classes:
        for lower, n in found.maximal.items():
            if n > 1:
                means = words(f": one subgroup has {n} maximal ones of this class")
                return [join([_times(n, lower), means], words(""))]
    return []


def _times(n: int, name: str) -> Written:
    return class_name(name) if n == 1 else join([words(str(n)), class_name(name)], words(" "))


def _class_data(G: PointGroup, found: SubgroupClass) -> dict[str, Any]:
    return {
        "name": found.name,
        "group": found.group.name,
        "order": found.order,
        "index": found.index,
        "conjugate": len(found.members),
        "normal": found.is_normal,
        "maximal": dict(found.maximal),
        "elements": [G.elements[g] for g in found.embedding.elements],
        "frame": _frame(found.embedding),
    }


def _frame(inside: Embedding) -> list[list[str]]:
    tokens = inside.exact_frame.tokens()
    return [tokens[k : k + 3] for k in (0, 3, 6)]


# -- branching ----------------------------------------------------------------------------------------------------


def branching_report(G: PointGroup, name: str, field: str = "C", spinors: bool = False) -> Report:
    """The correlation table G ↓ H: every irrep of G, over ℂ or ℝ, as a sum of irreps of a subgroup."""
    found = subgroup_lattice(G)[name]
    inside = found.embedding
    if spinors:
        table = double_branching(G, inside)
        large, small = labels_in(G.double.irreps, "mulliken"), labels_in(inside.subgroup.double.irreps, "mulliken")
    else:
        table = branching(G, inside, field)
        large, small = irrep_label, irrep_label
    rows = [[math(large(label)), math(decomposition(irreps, small))] for label, irreps in table.items()]
    header = [math(schoenflies(G.schoenflies)), class_name(found.name)]
    section = Section(words("Correlation table"), "lf", header, rows)
    data = _embedding_data(inside, found.name) | {"field": field, "branching": table}
    return Report(_pair_title(G, _DOWN, found), _axes_lines(inside), [section], data)


def correlation_report(G: PointGroup, field: str = "C") -> Report:
    """Branching to all classes of subgroups: one row a class, one column an irrep of G."""
    tables = correlation_table(G, field)
    rows = [
        [class_name(name), *(math(decomposition(irreps)) for irreps in table.values())]
        for name, table in tables.items()
    ]
    irreps = G._irreps_over(field)
    header = [math(schoenflies(G.schoenflies)), *(math(irrep_label(label)) for label in irreps)]
    section = Section(words("Correlation table"), "l" + "f" * len(irreps), header, rows)
    data: dict[str, Any] = {"group": G.name, "field": field, "branching": tables}
    return Report(heading(G), [], [section], data)


def _pair_title(G: PointGroup, arrow: Written, found: SubgroupClass) -> Written:
    return join([heading(G), class_name(found.name)], arrow)


def _axes_lines(inside: Embedding) -> list[Written]:
    """Where the axes of the subgroup point, and which elements it has, in the names of the group."""
    name = math(schoenflies(inside.subgroup.schoenflies))
    axes = join(
        (
            join([words(axis), math(_direction(row))], words(" "))
            for axis, row in zip("xyz", _frame(inside), strict=True)
        ),
        COMMA,
    )
    elements = join((math(element(inside.group.elements[g])) for g in inside.elements), COMMA)
    in_group = join([words("in those of"), math(schoenflies(inside.group.schoenflies))], words(" "))
    return [
        join([words("axes of"), name, axes, in_group], words(" ")),
        join([words(f"index {inside.index}; elements"), elements], words(" ")),
    ]


def _direction(row: Sequence[str]) -> Written:
    written = join((number(token) for token in row), Written(", ", ", "))
    return Written(f"({written.text})", f"({written.latex})")


def _embedding_data(inside: Embedding, name: str) -> dict[str, Any]:
    return {
        "group": inside.group.name,
        "subgroup": inside.subgroup.name,
        "class": name,
        "index": inside.index,
        "elements": [inside.group.elements[g] for g in inside.elements],
        "frame": _frame(inside),
    }


# -- matrices -----------------------------------------------------------------------------------------------------


def subduction_report(irrep: Irrep, name: str) -> Report:
    """The partners of an irrep of G combined to functions of a subgroup: the rows of the adjoint subduction matrix."""
    G = irrep.group
    found = subgroup_lattice(G)[name]
    basis = subduction_basis(irrep, found.embedding)
    lines = [*_axes_lines(found.embedding), _named_functions(irrep)]
    section = _adapted_section(basis, found.group._irreps_over(irrep.field), _partners(irrep))
    data = _embedding_data(found.embedding, found.name) | {
        "irrep": irrep.label,
        "field": irrep.field,
        "rows": _adapted_data(basis),
    }
    return Report(_pair_title(G, _DOWN, found), lines, [section], data)


def _partners(irrep: Irrep) -> list[Written]:
    """Names of the partners: |T1u,1⟩, |T1u,2⟩, …"""
    label = written_label(irrep, "mulliken")
    return [Written(f"|{label.text},{k}⟩", rf"|{label.latex},{k}\rangle") for k in range(1, irrep.dim + 1)]


def _named_functions(irrep: Irrep) -> Written:
    return math(join([written_label(irrep, "mulliken"), functions(irrep.basis)], Written(": ", r":\ ")))


def _adapted_section(basis: AdaptedBasis, irreps: Mapping[str, Irrep], names: list[Written]) -> Section:
    rows = [
        [
            math(written_label(irreps[label.irrep], "mulliken")),
            words(str(label.copy)),
            words(str(label.component)),
            math(adapted_function(row, names)),
        ]
        for label, row in zip(basis.labels, basis.tokens or (), strict=True)
    ]
    return Section(words(""), "lrrp", [words(h) for h in ("irrep", "copy", "component", "function")], rows)


def _adapted_data(basis: AdaptedBasis) -> list[dict[str, Any]]:
    """Rows as the library has them: conjugate coefficients."""
    return [{**label._asdict(), "row": row} for label, row in zip(basis.labels, basis.tokens or (), strict=True)]


# -- induction ----------------------------------------------------------------------------------------------------


def induction_report(G: PointGroup, name: str, irrep: Irrep, matrices: bool = False) -> Report:
    """γ ↑ G as a sum of irreps of G; with ``matrices`` the functions on the cosets that span them."""
    found = subgroup_lattice(G)[name]
    inside = found.embedding
    induced = induce(irrep, inside)
    left = join([math(written_label(irrep, "mulliken")), math(schoenflies(G.schoenflies))], _UP)
    size = f"dimension {induced.dim} = {inside.index} "
    lines = [
        join([left, math(decomposition(induced.multiplicities))], words(" = ")),
        Written(f"{size}· {irrep.dim}", rf"{size}$\cdot$ {irrep.dim}"),
        *_axes_lines(inside),
    ]
    data = _embedding_data(inside, found.name) | {
        "irrep": irrep.label,
        "field": irrep.field,
        "dimension": induced.dim,
        "irreps": induced.multiplicities,
    }
    sections: list[Section] = []
    if matrices:
        cosets = [G.elements[t] for t in inside.representatives]
        rows = [
            [words(str(k)), math(element(t)), *(math(element(G.elements[g])) for g in coset)]
            for k, (t, coset) in enumerate(zip(cosets, inside.cosets.tolist(), strict=True), 1)
        ]
        header = [words("k"), words("t"), *(math(element(e)) for e in found.group.elements)]
        sections = [
            Section(words("Cosets t H"), "rl" + "l" * found.order, header, rows),
            _adapted_section(induced.basis, G._irreps_over(irrep.field), _coset_functions(irrep, inside)),
        ]
        data |= {"cosets": cosets, "rows": _adapted_data(induced.basis)}
    return Report(_pair_title(G, _UP, found), lines, sections, data)


def _coset_functions(irrep: Irrep, inside: Embedding) -> list[Written]:
    """|k⟩, or |k,i⟩ with the partner i: the partner carried to coset k."""
    names = []
    for k in range(1, inside.index + 1):
        for i in range(1, irrep.dim + 1):
            inner = str(k) if irrep.dim == 1 else f"{k},{i}"
            names.append(Written(f"|{inner}⟩", rf"|{inner}\rangle"))
    return names
