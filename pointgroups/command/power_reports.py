"""What the commands say about powers of an irrep: symmetric, antisymmetric, all Young symmetries, electron terms."""

from __future__ import annotations

from collections.abc import Mapping

from pointgroups.irreps import Irrep
from pointgroups.products.powers import antisymmetric_power, configuration_terms, symmetric_power, young_powers
from pointgroups.tensors.young import dimension_symmetric

from .notation import Written, join
from .product_reports import PARTS
from .reports import decomposition, heading, spinor
from .scheme_labels import labels_in, written_label
from .tabular import Report, Section, math, words

_EQUALS = Written(" = ", " = ")
_LISTED = 12  # factors; beyond, the Young symmetries are hundreds
_ELECTRONS = Written(
    "[ ] symmetric, { } antisymmetric part, that of electrons in this level",
    r"[ ] symmetric, \{ \} antisymmetric part, that of electrons in this level",
)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_report(irrep: Irrep, n: int) -> Report:
    """[Γⁿ] and {Γⁿ}, every Young symmetry up to n = 12, and the terms of n electrons where the level holds them."""
    symmetric, antisymmetric = symmetric_power(irrep, n), antisymmetric_power(irrep, n)
    power = _power(irrep, n)
    lines = [
        _line(Written(f"[{power.text}]", f"[{power.latex}]"), irrep, symmetric),
        _line(Written(f"{{{power.text}}}", rf"\{{{power.latex}\}}"), irrep, antisymmetric),
        _ELECTRONS if spinor(irrep) else PARTS,
    ]
    powers = young_powers(irrep, n) if n <= _LISTED else {}
    terms = {} if spinor(irrep) or n > 2 * irrep.dim else configuration_terms(irrep, n)
    data = {
        "group": irrep.group.name,
        "irrep": irrep.label,
        "field": irrep.field,
        "n": n,
        "symmetric": symmetric,
        "antisymmetric": antisymmetric,
        "young": [
            {"shape": list(shape), "times": dimension_symmetric(shape), "irreps": irreps}
            for shape, irreps in powers.items()
        ],
        "terms": [{"multiplicity": spin, "irreps": irreps} for spin, irreps in terms.items()],
    }
    sections = [_young_section(irrep, n, powers)] if powers else []
    if n > _LISTED:
        lines.append(words(f"the other Young symmetries are listed up to {_LISTED} factors"))
    if terms:
        sections.append(_term_section(irrep, n, terms))
    return Report(heading(irrep.group), lines, sections, data)


def _power(irrep: Irrep, n: int) -> Written:
    label = written_label(irrep, "mulliken")
    return Written(
        f"({label.text}){str(n).translate(_SUPERSCRIPTS)}" if n != 1 else label.text,
        f"({label.latex})^{{{n}}}" if n != 1 else label.latex,
    )


def _line(left: Written, irrep: Irrep, counts: Mapping[str, int]) -> Written:
    return math(join([left, _sum(irrep, counts)], _EQUALS))


def _sum(irrep: Irrep, counts: Mapping[str, int]) -> Written:
    if not counts:
        return Written("0", "0")
    return decomposition(counts, labels_in(irrep.group._irreps_over(irrep.field), "mulliken"))


def _young_section(irrep: Irrep, n: int, powers: Mapping[tuple[int, ...], Mapping[str, int]]) -> Section:
    rows = [
        [words(f"({','.join(map(str, shape))})"), words(str(dimension_symmetric(shape))), math(_sum(irrep, irreps))]
        for shape, irreps in powers.items()
    ]
    header = [Written("λ", r"$\lambda$"), words("times"), words("irreps")]
    note = words(f"times: how often the {n}-fold product holds each")
    return Section(words("By Young symmetry"), "lrf", header, rows, [note])


def _term_section(irrep: Irrep, n: int, terms: Mapping[int, Mapping[str, int]]) -> Section:
    rows = [[words(str(spin)), math(_sum(irrep, irreps))] for spin, irreps in terms.items()]
    title = words(f"Terms of {n} electron{'' if n == 1 else 's'} in this level")
    return Section(title, "rf", [Written("2S+1", "$2S+1$"), words("irreps")], rows)
