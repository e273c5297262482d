"""What the commands say about tensors: allowed forms, decompositions into irreps, Raman tensors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import GROUP_NAMES
from pointgroups.tensors.allowed_forms import AllowedForm, allowed_form
from pointgroups.tensors.catalogue import TENSORS, NamedTensor
from pointgroups.tensors.decomposition import tensor_basis
from pointgroups.tensors.index_permutations import IndexSymmetry, index_symmetry
from pointgroups.tensors.raman import raman_tensors

from .notation import Written, function, functions, hermann_mauguin, irrep_label, join, schoenflies
from .reports import COMMA, heading
from .tabular import Report, Section, math, words

DOT = Written("·", r"$\cdot$")


@dataclass(frozen=True)
class _CustomTensor(NamedTensor):
    """A tensor known by its index symmetry alone; every index is a matrix index."""

    axial: bool = False

    @cached_property
    def symmetry(self) -> IndexSymmetry:
        return index_symmetry(self.jahn, self.axial)


def custom_tensor(notation: str, axial: bool = False) -> NamedTensor:
    """A tensor T with an index symmetry, "ijk=jik" or "V[V2]", that is in no catalogue.

    Raises:
        IndexSymmetryError: the notation cannot be read, or says T = 0.
        ValueError: it has no index.
    """
    rank = index_symmetry(notation).rank
    if rank == 0:
        raise ValueError(f"{notation!r} has no index; a scalar has one component in every group")
    places = tuple((k,) for k in range(rank))
    return _CustomTensor("", "T", notation, places, (False,) * rank, "", "", axial)


# -- how names are written ----------------------------------------------------------------------------------------

_LATEX = {
    "α": r"\alpha ",
    "ε": r"\varepsilon ",
    "μ": r"\mu ",
    "σ": r"\sigma ",
    "ω": r"\omega ",
    "Δ": r"\Delta ",
    "∂": r"\partial ",
    "½": r"\frac{1}{2}",
    "…": r"\dots ",
    "·": r"\cdot ",
    "⁻¹": "^{-1}",
    "²": "^2",
    "³": "^3",
    "₀": "_0",
    "−": "-",
}
_COMPONENT = re.compile(r"([^\W\d_]+)(\d+)")


def _formula(text: str) -> Written:
    """Names, indices after an underscore, and words between them."""
    latex = re.sub(r"_(\w+)", r"_{\1}", text)
    latex = re.sub(r"(?<![\w{\\])[a-z]{2,}(?:[ -][a-z]{2,})*", lambda m: rf"\mbox{{ {m[0]} }}", latex)
    for sign, command in _LATEX.items():
        latex = latex.replace(sign, command)
    return Written(text, f"${latex}$")


def component(text: str) -> Written:
    """Components, alone or in a relation, as in ``C66 = (C11 - C12)/2``."""
    latex = _COMPONENT.sub(lambda m: f"{_LATEX.get(m[1], m[1]).strip()}_{{{m[2]}}}", text)
    return math(Written(text.replace("-", "−"), latex))


def _entry(text: str) -> Written:
    return DOT if text == "0" else component(text)


def _unit(text: str) -> Written:
    return Written(text, re.sub("[²³]", lambda m: f"${_LATEX[m[0]]}$", text))


def _title(tensor: NamedTensor) -> Written:
    if tensor.name:
        return words(tensor.name)
    return join([words(f"{'axial ' * tensor.symmetry.axial}tensor "), _symmetry(tensor)], words(""))


def _symmetry(tensor: NamedTensor) -> Written:
    """The Jahn symbol, or relations between index words."""
    escaped = tensor.jahn.replace("{", r"\{").replace("}", r"\}").replace("ε", _LATEX["ε"])
    return Written(tensor.jahn, f"${escaped}$")


def _about(tensor: NamedTensor) -> list[Written]:
    """Defining relation, unit, Jahn symbol; nothing for a tensor without a name."""
    if not tensor.name:
        return []
    kind = "axial" if tensor.symmetry.axial else "polar"
    rank = words(f"rank {tensor.symmetry.rank}, {kind}, Jahn symbol ")
    return [
        _formula(tensor.meaning),
        join([rank, _symmetry(tensor), words("; unit "), _unit(tensor.unit)], words("")),
    ]


def _described(tensor: NamedTensor) -> dict[str, Any]:
    return {
        "tensor": tensor.name or None,
        "symmetry": tensor.jahn,
        "axial": tensor.symmetry.axial,
        "rank": tensor.symmetry.rank,
        **({"symbol": tensor.symbol, "meaning": tensor.meaning, "unit": tensor.unit} if tensor.name else {}),
    }


def _counted(n: int) -> str:
    return f"{n} independent component{'' if n == 1 else 's'}"


# -- one tensor in one group --------------------------------------------------------------------------------------


def form_report(tensor: NamedTensor, G: PointGroup) -> Report:
    """The allowed form: independent components, the matrix or the list of components, and the relations."""
    form = allowed_form(tensor, G)
    named = join([component(name) for name in form.independent], COMMA)
    count = words(_counted(form.count))
    lines = [*_about(tensor), join([count, named], words(": ")) if form.independent else count]
    sections = []
    if form.independent:
        sections.append(_matrix_section(form) if len(tensor.places) == 2 else _list_section(form))
    return Report(join([_title(tensor), heading(G)], words(" in ")), lines, sections, _form_data(form))


def _form_data(form: AllowedForm) -> dict[str, Any]:
    data = _described(form.tensor) | {
        "group": form.group.name,
        "count": form.count,
        "independent": list(form.independent),
        "components": {
            name: {source: str(factor) for source, factor in form.expressions[name].items()} for name in form.components
        },
        "relations": list(form.relations),
        "zero": list(form.zero),
    }
    if len(form.tensor.places) == 2:
        data["matrix"] = form.matrix()
    return data


def _relations(form: AllowedForm) -> list[Written]:
    return [component(relation) for relation in form.relations]


def _matrix_section(form: AllowedForm) -> Section:
    matrix = form.matrix()
    rows = [[words(str(a)), *map(_entry, row)] for a, row in enumerate(matrix, 1)]
    header = [_formula(form.tensor.symbol), *(words(str(b)) for b in range(1, len(matrix[0]) + 1))]
    return Section(words(""), "l" + "r" * len(matrix[0]), header, rows, _relations(form))


def _list_section(form: AllowedForm) -> Section:
    """Independent components and how many follow from them; the relations say how."""
    used = Counter(source for name in form.components for source in form.expressions[name])
    rows = [[component(name), words(str(used[name]))] for name in form.independent]
    notes = _relations(form)
    if form.zero:
        zero = join([component(name) for name in form.zero], Written(" = ", " = "))
        notes.append(join([zero, words("0")], Written(" = ", " = ")))
    return Section(words(""), "lr", [words("independent"), words("occurs in")], rows, notes)


# -- one tensor in all groups, all tensors ------------------------------------------------------------------------


def counts_report(tensor: NamedTensor) -> Report:
    """The number of independent components in each of the 32 groups."""
    counts = {name: allowed_form(tensor, point_group(name)).count for name in GROUP_NAMES}
    rows = [
        [words(str(n)), join((math(schoenflies(name)) for name, m in counts.items() if m == n), COMMA)]
        for n in sorted(set(counts.values()), reverse=True)
    ]
    section = Section(words(""), "rp", [words("components"), words("groups")], rows)
    return Report(_title(tensor), _about(tensor), [section], _described(tensor) | {"counts": counts})


def catalogue_report() -> Report:
    """All tensors that have a name."""
    rows = [
        [
            words(t.name),
            _formula(t.symbol),
            _about(t)[0],
            _symmetry(t),
            _unit(t.unit),
        ]
        for t in TENSORS.values()
    ]
    header = [words(h) for h in ("tensor", "symbol", "meaning", "Jahn symbol", "unit")]
    data = [_described(t) for t in TENSORS.values()]
    return Report(words("Tensors with a name"), [], [Section(words(""), "llfll", header, rows)], data)


# -- decomposition ------------------------------------------------------------------------------------------------


def irreps_report(tensor: NamedTensor, G: PointGroup | None) -> Report:
    """The chain GL(3) → O(3) → G: how often each (λ, ℓ, parity, irrep) occurs; up to O(3) without a group."""
    basis = tensor_basis(tensor.symmetry, G)
    counts = Counter((part.shape, part.degree, part.parity, part.irrep) for part in basis.parts)
    rows = [
        [
            words(f"({','.join(map(str, shape))})"),
            words(str(degree)),
            words("even" if parity > 0 else "odd"),
            *([math(irrep_label(irrep))] if irrep else []),
            words(str(n)),
        ]
        for (shape, degree, parity, irrep), n in counts.items()
    ]
    header = [
        Written("λ", r"$\lambda$"),
        Written("ℓ", r"$\ell$"),
        words("parity"),
        *([words("irrep")] if G is not None else []),
        words("copies"),
    ]
    columns = "lrllr" if G is not None else "lrlr"
    title = _title(tensor) if G is None else join([_title(tensor), heading(G)], words(" in "))
    chain = Written("GL(3) → O(3)", r"$\mathrm{GL}(3) \to \mathrm{O}(3)$")
    if G is not None:
        chain = join([chain, math(schoenflies(G.schoenflies))], Written(" → ", r" $\to$ "))
    lines = [*_about(tensor), join([chain, words(f"{len(basis.labels)} dimensions")], words(": "))]
    data = _described(tensor) | {
        "group": None if G is None else G.name,
        "dimension": len(basis.labels),
        "parts": [
            {"shape": list(shape), "degree": degree, "parity": parity, "irrep": irrep or None, "multiplicity": n}
            for (shape, degree, parity, irrep), n in counts.items()
        ],
    }
    return Report(title, lines, [Section(words(""), columns, header, rows)], data)


# -- Raman tensors ------------------------------------------------------------------------------------------------


def raman_report(G: PointGroup) -> Report:
    """The Raman tensors of each irrep, side by side for its components."""
    found = raman_tensors(G)
    texts = {label: [[[str(x) for x in m.row(i)] for i in range(3)] for m in ms] for label, ms in found.items()}
    sections = [
        Section(
            join([math(irrep_label(label)), math(functions(G.real_irreps[label].basis))], words(": ")),
            "l" + "lrrr" * len(matrices),
            [words(""), *(cell for k in range(1, len(matrices) + 1) for cell in _heads(k, len(matrices)))],
            [[words("xyz"[i]), *_row(m[i] for m in matrices)] for i in range(3)],
        )
        for label, matrices in texts.items()
    ]
    silent = [label for label in G.real_irreps if label not in found]
    lines = []
    if silent:
        lines.append(join([words("not Raman-active"), join(map(_label, silent), COMMA)], words(": ")))
    symbol = hermann_mauguin(G.symbol)
    title = join([words("Raman tensors of"), heading(G)], words(" "))
    data = {"group": G.name, "symbol": symbol.text, "tensors": texts, "silent": silent}
    return Report(title, lines, sections, data)


def _label(label: str) -> Written:
    return math(irrep_label(label))


def _heads(k: int, count: int) -> list[Written]:
    name = Written(f"R{k}", f"$R^{{{k}}}$") if count > 1 else Written("R", "$R$")
    return [words(""), words(""), name, words("")]


def _row(rows: Iterable[list[str]]) -> list[Written]:
    return [cell for row in rows for cell in (words(""), *map(_polynomial, row))]


def _polynomial(text: str) -> Written:
    return DOT if text == "0" else math(function(text.replace(" ", "")))
