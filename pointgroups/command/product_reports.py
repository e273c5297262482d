"""What the commands say about products of irreps: their decomposition, and coupling coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pointgroups.couplings import coupling, exact_entries
from pointgroups.irreps import Irrep

from .notation import ARROW, PRODUCT, Written, digits, join, number
from .reports import FLOATING, decomposition, heading
from .scheme_labels import labels_in, written_label
from .state_notation import basis_functions
from .tabular import Report, Section, math, words

PARTS = Written("[ ] symmetric part, { } antisymmetric part", r"[ ] symmetric part, \{ \} antisymmetric part")

# -- products -----------------------------------------------------------------------------------------------------


def product_report(a: Irrep, b: Irrep, scheme: str = "mulliken") -> Report:
    """a ⊗ b as a sum of irreps; for a = b the symmetric part in [ ], the antisymmetric one in { }."""
    G = a.group
    counts = G.tensor_product(a, b)
    data: dict[str, Any] = {"group": G.name, "a": a.label, "b": b.label, "field": a.field, "product": counts}
    write = labels_in(G._irreps_over(a.field), scheme)
    right, notes = decomposition(counts, write), []
    if a is b:
        symmetric, antisymmetric = G.symmetric_square(a), G.antisymmetric_square(a)
        data |= {"symmetric": symmetric, "antisymmetric": antisymmetric}
        if antisymmetric:
            odd = decomposition(antisymmetric, write)
            even = decomposition(symmetric, write)
            right = Written(f"[{even.text}] ⊕ {{{odd.text}}}", rf"[{even.latex}] \oplus \{{{odd.latex}\}}")
            notes = [PARTS]
    line = math(join([_product_of(a, b, scheme), right], Written(" = ", " = ")))
    return Report(heading(G), [line, *notes], [], data)


def _product_of(a: Irrep, b: Irrep, scheme: str) -> Written:
    return join([written_label(a, scheme), written_label(b, scheme)], PRODUCT)


# -- coupling coefficients ----------------------------------------------------------------------------------------


def irreps_data(a: Irrep, b: Irrep, c: Irrep) -> dict[str, Any]:
    """Which three irreps of a group a block of coefficients belongs to."""
    return {"group": a.group.name, "a": a.label, "b": b.label, "c": c.label, "field": a.field}


def coupling_report(a: Irrep, b: Irrep, c: Irrep, scheme: str = "mulliken") -> Report:
    """One table of exact coefficients for each copy of c in a ⊗ b."""
    named = {irrep: math(written_label(irrep, scheme)) for irrep in (a, b, c)}
    copies = _copies(a, b, c)
    data = irreps_data(a, b, c) | {
        "shape": [len(copies), a.dim, b.dim, c.dim],
        "coefficients": [
            {"copy": m, "i": i + 1, "j": j + 1, "n": n + 1, "value": token}
            for m, copy in enumerate(copies, 1)
            for (i, j, n), token in sorted(copy.items())
        ],
    }
    over = (
        Written(", over ℂ", ", over the complex numbers") if a.field == "C" else Written(", over ℝ", ", over the reals")
    )
    arrow = math(join([_product_of(a, b, scheme), written_label(c, scheme)], ARROW))
    lines = [Written(arrow.text + over.text, arrow.latex + over.latex)]
    if not copies:
        total = decomposition(a.group.tensor_product(a, b), labels_in(a.group._irreps_over(a.field), scheme))
        contents = math(join([_product_of(a, b, scheme), total], Written(" = ", " = ")))
        name = named[c]
        lines.append(
            Written(f"{contents.text} does not contain {name.text}", f"{contents.latex} does not contain {name.latex}")
        )
        return Report(heading(a.group), lines, [], data)
    lines += [basis_line(irrep, scheme) for irrep in dict.fromkeys((a, b, c)) if irrep.basis]
    lines += [] if a.is_exact else [FLOATING]
    sections = [
        Section(
            _copy_title(m, len(copies), copy, same=a is b),
            "ll" + "r" * c.dim,
            [named[a], named[b], *(component_title(named[c], c.dim, n) for n in range(c.dim))],
            [
                [words(str(i + 1)), words(str(j + 1)), *(math(number(copy.get((i, j, n), "0"))) for n in range(c.dim))]
                for i in range(a.dim)
                for j in range(b.dim)
            ],
        )
        for m, copy in enumerate(copies, 1)
    ]
    return Report(heading(a.group), lines, sections, data)


def _copies(a: Irrep, b: Irrep, c: Irrep) -> list[dict[tuple[int, int, int], str]]:
    """For each copy (i, j, n) → the coefficient as text: exact, or decimals where only floats are known."""
    if a.is_exact:
        return [dict(entries) for entries in exact_entries(a, b, c)]
    return [{(i, j, n): digits(copy[i, j, n]) for i, j, n in np.argwhere(copy).tolist()} for copy in coupling(a, b, c)]


def basis_line(irrep: Irrep, scheme: str) -> Written:
    """The functions or states behind the components: T1u: (x, y, z)."""
    return math(join([written_label(irrep, scheme), basis_functions(irrep)], Written(": ", r":\ ")))


def component_title(written: Written, dim: int, n: int) -> Written:
    """The head of the column of component n, counted from 0: T1u 2."""
    return written if dim == 1 else Written(f"{written.text} {n + 1}", f"{written.latex} {n + 1}")


def _copy_title(m: int, count: int, copy: Mapping[tuple[int, int, int], str], same: bool) -> Written:
    """Number of the copy, and for α = β its symmetry under exchange of the factors."""
    parts = [f"copy {m} of {count}"] if count > 1 else []
    if same:
        symmetric = all(copy.get((j, i, n)) == token for (i, j, n), token in copy.items())
        parts.append("symmetric" if symmetric else "antisymmetric")
    return words(", ".join(parts))
