"""What the commands say about subgroups: the lattice, correlation tables, subduction matrices, induction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.double.group import DoubleGroup
from pointgroups.double.irreps import DoubleIrrep
from pointgroups.finite.group import FiniteGroup
from pointgroups.irreps import Irrep
from pointgroups.point_group import PointGroup
from pointgroups.subgroups.adapted_copies import ScaledBasis
from pointgroups.subgroups.branching import branching, correlation_table
from pointgroups.subgroups.embeddings import Embedding
from pointgroups.subgroups.finite_embeddings import FiniteEmbedding
from pointgroups.subgroups.inclusion import Inclusion
from pointgroups.subgroups.induction import induce
from pointgroups.subgroups.lattice import SubgroupClass, subgroup_lattice
from pointgroups.subgroups.subduction_matrices import subduction_basis

from .finite_notation import finite_class, finite_element
from .notation import Written, digits, element, join, number, schoenflies
from .reports import COMMA, FLOATING, adapted_section, decomposition, heading
from .scheme_labels import labels_in, written_label
from .state_notation import basis_functions, double_class
from .tabular import Report, Section, math, words

_DOWN, _UP = Written(" ↓ ", r" $\downarrow$ "), Written(" ↑ ", r" $\uparrow$ ")
_TIMES = Written(" × ", r" $\times$ ")
_CLASS = re.compile(r"(.+?)(?: \((.+)\)( \d+)?)?")

CrystalOrFinite = PointGroup | FiniteGroup
Found = SubgroupClass[Embedding] | SubgroupClass[FiniteEmbedding]


def class_name(G: CrystalOrFinite, name: str) -> Written:
    """A class of subgroups, in text mode: ``C2v (C2', σh, σv)``; ``order 4 (3C2a)`` of permutations."""
    kind, held, place = _CLASS.fullmatch(name).groups(default="")  # type: ignore[union-attr]
    written = words(kind) if kind.startswith("order ") else math(schoenflies(kind))
    if not held:
        return written
    write = finite_class if isinstance(G, FiniteGroup) and "(" not in held else element
    parts = join((math(write(part)) for part in held.split(", ")), COMMA)
    return Written(f"{written.text} ({parts.text}){place}", f"{written.latex} ({parts.latex}){place}")


def _group_name(G: CrystalOrFinite) -> Written:
    """The Schoenflies symbol; else the name."""
    if isinstance(G, FiniteGroup):
        return heading(G)
    return math(schoenflies(G.schoenflies))


def _element(G: PointGroup | DoubleGroup | FiniteGroup, g: int) -> Written:
    """An element, in text mode."""
    if isinstance(G, FiniteGroup):
        return finite_element(G.elements[g])
    return math((double_class if isinstance(G, DoubleGroup) else element)(G.elements[g]))


# -- the lattice --------------------------------------------------------------------------------------------------


def lattice_report(G: CrystalOrFinite) -> Report:
    """The classes of conjugate subgroups: order, index, how many, and the maximal subgroups of each."""
    lattice = subgroup_lattice(G)
    rows = [
        [
            class_name(G, name),
            words(str(found.order)),
            words(str(found.index)),
            words(str(len(found.members))),
            words("yes" if found.is_normal else ""),
            join((_times(G, n, lower) for lower, n in found.maximal.items()), COMMA),
        ]
        for name, found in lattice.items()
    ]
    header = [words(h) for h in ("subgroup", "order", "index", "conjugate", "normal", "maximal subgroups of it")]
    count = words(f"{lattice.number_of_subgroups} subgroups in {len(lattice)} classes of conjugate ones")
    section = Section(words(""), "lrrrlf", header, rows, _several(G, lattice.values()))
    data: dict[str, Any] = {
        "group": G.name,
        "subgroups": lattice.number_of_subgroups,
        "classes": [_class_data(found) for found in lattice.values()],
        "edges": [list(edge) for edge in lattice.edges],
    }
    if isinstance(G, PointGroup) or G.frame is not None:
        data["up_to_normalizer"] = [list(names) for names in lattice.up_to_normalizer]
    return Report(join([words("subgroups of"), heading(G)], words(" ")), [count], [section], data)


def _several(G: CrystalOrFinite, classes: Iterable[Found]) -> list[Written]:
    """What a number before a maximal subgroup means, where there is one."""
    for found in classes:
        for lower, n in found.maximal.items():
            if n > 1:
                means = words(f": one subgroup has {n} maximal ones of this class")
                return [join([_times(G, n, lower), means], words(""))]
    return []


def _times(G: CrystalOrFinite, n: int, name: str) -> Written:
    written = class_name(G, name)
    return written if n == 1 else join([words(str(n)), written], _TIMES if name.startswith("order ") else words(" "))


def _class_data(found: Found) -> dict[str, Any]:
    inside = found.embedding
    return {
        "name": found.name,
        "group": inside.subgroup.name,
        "order": found.order,
        "index": found.index,
        "conjugate": len(found.members),
        "normal": found.is_normal,
        "maximal": dict(found.maximal),
        "elements": [inside.group.elements[g] for g in inside.elements],
        "frame": _frame(inside),
    }


def _frame(inside: Embedding | FiniteEmbedding) -> list[list[str]] | None:
    """Rows of the rotation to the axes of the subgroup: exact numbers, or decimals; None where there are no axes."""
    if isinstance(inside, Embedding):
        tokens = inside.exact_frame.tokens()
        return [tokens[k : k + 3] for k in (0, 3, 6)]
    return None if inside.frame is None else [[digits(x) for x in row] for row in inside.frame.tolist()]


# -- branching ----------------------------------------------------------------------------------------------------


def branching_report(G: CrystalOrFinite, name: str, field: str = "C", spinors: bool = False) -> Report:
    """The correlation table G ↓ H: every irrep of G, over ℂ or ℝ, as a sum of irreps of a subgroup."""
    found = subgroup_lattice(G)[name]
    inside = found.embedding
    whole = _included(inside, spinors)
    table = branching(whole.group, whole, field)
    large = labels_in(whole.group._irreps_over(field), "mulliken")
    small = labels_in(whole.subgroup._irreps_over(field), "mulliken")
    rows = [[math(large(label)), math(decomposition(irreps, small))] for label, irreps in table.items()]
    header = [_group_name(G), class_name(G, found.name)]
    section = Section(words("Correlation table"), "lf", header, rows)
    data = _embedding_data(inside, found.name) | {"field": field, "branching": table}
    return Report(join([heading(G), class_name(G, found.name)], _DOWN), _axes_lines(inside), [section], data)


def correlation_report(G: CrystalOrFinite, field: str = "C", spinors: bool = False) -> Report:
    """Branching to all classes of subgroups: one row a class, one column an irrep of G, or of its double group."""
    lattice = subgroup_lattice(G)
    whole = G.double if spinors and isinstance(G, PointGroup) else G
    tables = correlation_table(whole, field)
    irreps = whole._irreps_over(field)
    rows = []
    for name, table in tables.items():
        write = labels_in(_included(lattice[name].embedding, spinors).subgroup._irreps_over(field), "mulliken")
        rows.append([class_name(G, name), *(math(decomposition(found, write)) for found in table.values())])
    header = [_group_name(G), *(math(written_label(irrep, "mulliken")) for irrep in irreps.values())]
    section = Section(words("Correlation table"), "l" + "f" * len(irreps), header, rows)
    data: dict[str, Any] = {"group": G.name, "field": field, "branching": tables}
    return Report(heading(G), [], [section], data)


def _included(inside: Embedding | FiniteEmbedding, spinors: bool) -> Inclusion:
    """The embedding, or that of the double groups."""
    return inside.double if spinors and isinstance(inside, Embedding) else inside


def _axes_lines(inside: Embedding | FiniteEmbedding) -> list[Written]:
    """Where the axes of the subgroup point, and which elements it has, in the names of the group."""
    frame = _frame(inside)
    elements = join((_element(inside.group, g) for g in inside.elements), COMMA)
    lines = [join([words(f"index {inside.index}; elements"), elements], words(" "))]
    if frame is not None:
        axes = join(
            (join([words(axis), math(_direction(row))], words(" ")) for axis, row in zip("xyz", frame, strict=True)),
            COMMA,
        )
        in_group = join([words("in those of"), _group_name(inside.group)], words(" "))
        lines.insert(0, join([words("axes of"), _group_name(inside.subgroup), axes, in_group], words(" ")))
    return lines


def _direction(row: Sequence[str]) -> Written:
    written = join((number(token) for token in row), Written(", ", ", "))
    return Written(f"({written.text})", f"({written.latex})")


def _embedding_data(inside: Embedding | FiniteEmbedding, name: str) -> dict[str, Any]:
    return {
        "group": inside.group.name,
        "subgroup": inside.subgroup.name,
        "class": name,
        "index": inside.index,
        "elements": [inside.group.elements[g] for g in inside.elements],
        "frame": _frame(inside),
    }


# -- matrices -----------------------------------------------------------------------------------------------------


def subduction_report(G: CrystalOrFinite, irrep: Irrep, name: str) -> Report:
    """The partners of an irrep of G combined to functions of a subgroup: the rows of the adjoint subduction matrix."""
    found = subgroup_lattice(G)[name]
    inside = _included(found.embedding, isinstance(irrep, DoubleIrrep))
    basis = subduction_basis(irrep, inside)
    small = labels_in(inside.subgroup._irreps_over(irrep.field), "mulliken")
    lines = [*_axes_lines(found.embedding), *_named_functions(irrep), *_floating(inside)]
    section = _adapted_section(basis, small, _partners(irrep))
    data = _embedding_data(found.embedding, found.name) | {
        "irrep": irrep.label,
        "field": irrep.field,
        "rows": _adapted_data(basis),
    }
    return Report(join([heading(G), class_name(G, found.name)], _DOWN), lines, [section], data)


def _partners(irrep: Irrep) -> list[Written]:
    """Names of the partners: |T1u,1⟩, |T1u,2⟩, …"""
    label = written_label(irrep, "mulliken")
    return [Written(f"|{label.text},{k}⟩", rf"|{label.latex},{k}\rangle") for k in range(1, irrep.dim + 1)]


def _named_functions(irrep: Irrep) -> list[Written]:
    """ "T2g: (yz, zx, xy)", where the functions have names."""
    if not irrep.basis:
        return []
    return [math(join([written_label(irrep, "mulliken"), basis_functions(irrep)], Written(": ", r":\ ")))]


def _floating(inside: Inclusion) -> list[Written]:
    return [] if inside.is_exact else [FLOATING]


def _adapted_section(basis: AdaptedBasis, write: Callable[[str], Written], names: list[Written]) -> Section:
    section = adapted_section(words(""), basis, write, names)
    squares = basis.squares if isinstance(basis, ScaledBasis) else ("1",) * len(section.rows)
    rows = [
        row if square == "1" else [*row[:-1], _over_root(row[-1], number(square))]
        for row, square in zip(section.rows, squares, strict=True)
    ]
    return Section(section.title, section.columns, section.header, rows, section.notes)


def _over_root(function: Written, square: Written) -> Written:
    """(f)/√(1/2 + √3/6)."""
    bare = function.latex.strip("$")
    return Written(f"({function.text}) / √({square.text})", rf"$\left({bare}\right) / \sqrt{{{square.latex}}}$")


def _adapted_data(basis: AdaptedBasis) -> list[dict[str, Any]]:
    """Rows as the library has them: conjugate coefficients; over the root of ``squared_norm`` where this is given."""
    tokens = basis.tokens or [[digits(x) for x in row] for row in basis.array.tolist()]
    rows = [{**label._asdict(), "row": row} for label, row in zip(basis.labels, tokens, strict=True)]
    for row, square in zip(rows, basis.squares if isinstance(basis, ScaledBasis) else (), strict=False):
        row.update({"squared_norm": square} if square != "1" else {})
    return rows


# -- induction ----------------------------------------------------------------------------------------------------


def induction_report(G: CrystalOrFinite, name: str, irrep: Irrep, matrices: bool = False) -> Report:
    """γ ↑ G as a sum of irreps of G; with ``matrices`` the functions on the cosets that span them."""
    found = subgroup_lattice(G)[name]
    inside = _included(found.embedding, isinstance(irrep, DoubleIrrep))
    induced = induce(irrep, inside)
    large = labels_in(inside.group._irreps_over(irrep.field), "mulliken")
    left = join([math(written_label(irrep, "mulliken")), _group_name(G)], _UP)
    size = f"dimension {induced.dim} = {inside.index} "
    lines = [
        join([left, math(decomposition(induced.multiplicities, large))], words(" = ")),
        Written(f"{size}· {irrep.dim}", rf"{size}$\cdot$ {irrep.dim}"),
        *_axes_lines(found.embedding),
    ]
    data = _embedding_data(found.embedding, found.name) | {
        "irrep": irrep.label,
        "field": irrep.field,
        "dimension": induced.dim,
        "irreps": induced.multiplicities,
    }
    sections: list[Section] = []
    if matrices:
        cosets = found.embedding.cosets.tolist()  # of the double groups they are these and the same with bars
        rows = [
            [words(str(k)), _element(G, coset[0]), *(_element(G, g) for g in coset)]
            for k, coset in enumerate(cosets, 1)
        ]
        header = [words("k"), words("t"), *(_element(found.group, h) for h in range(found.order))]
        sections = [
            Section(words("Cosets t H"), "rl" + "l" * found.order, header, rows),
            _adapted_section(induced.basis, large, _coset_functions(irrep, inside)),
        ]
        lines.extend(_floating(inside))
        data |= {"cosets": [G.elements[coset[0]] for coset in cosets], "rows": _adapted_data(induced.basis)}
    return Report(join([class_name(G, found.name), heading(G)], _UP), lines, sections, data)


def _coset_functions(irrep: Irrep, inside: Inclusion) -> list[Written]:
    """|k⟩, or |k,i⟩ with the partner i: the partner carried to coset k."""
    names = []
    for k in range(1, inside.index + 1):
        for i in range(1, irrep.dim + 1):
            inner = str(k) if irrep.dim == 1 else f"{k},{i}"
            names.append(Written(f"|{inner}⟩", rf"|{inner}\rangle"))
    return names
