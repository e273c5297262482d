"""What the command says about 3jm symbols: the invariants of a product of three irreps, and their 3j phases."""

from __future__ import annotations

import numpy as np

from pointgroups.irreps import Irrep
from pointgroups.products.three_jm import permutation_phases, three_jm

from .notation import PRODUCT, Written, digits, join, number
from .product_reports import basis_line, component_title, irreps_data
from .reports import FLOATING, heading
from .scheme_labels import written_label
from .tabular import Report, Section, math, words


def three_jm_report(a: Irrep, b: Irrep, c: Irrep) -> Report:
    """One table of 3jm symbols for each invariant of a ⊗ b ⊗ c, with its sign under odd permutations."""
    copies, phases = _symbols(a, b, c), permutation_phases(a, b, c)
    named = [math(written_label(irrep, "mulliken")) for irrep in (a, b, c)]
    sections = [
        Section(
            _invariant(r, phase),
            "ll" + "r" * c.dim,
            [named[0], named[1], *(component_title(named[2], c.dim, k) for k in range(c.dim))],
            [
                [words(str(i + 1)), words(str(j + 1)), *(math(number(copy.get((i, j, k), "0"))) for k in range(c.dim))]
                for i in range(a.dim)
                for j in range(b.dim)
            ],
        )
        for r, (copy, phase) in enumerate(zip(copies, phases, strict=True), 1)
    ]
    product = math(join([written_label(irrep, "mulliken") for irrep in (a, b, c)], PRODUCT))
    count = words(f"{len(copies)} invariant{'' if len(copies) == 1 else 's'}")
    lines = [join([product, count], words(": "))]
    lines += [basis_line(irrep, "mulliken") for irrep in dict.fromkeys((a, b, c)) if irrep.basis]
    lines += [] if a.is_exact or not copies else [FLOATING]
    data = irreps_data(a, b, c) | {
        "phases": list(phases),
        "shape": [len(copies), a.dim, b.dim, c.dim],
        "symbols": [
            {"copy": r, "i": i + 1, "j": j + 1, "k": k + 1, "value": token}
            for r, copy in enumerate(copies, 1)
            for (i, j, k), token in sorted(copy.items())
        ],
    }
    return Report(heading(a.group), lines, sections, data)


def _symbols(a: Irrep, b: Irrep, c: Irrep) -> list[dict[tuple[int, int, int], str]]:
    """For each invariant (i, j, k) → the symbol as text: exact, or decimals where only floats are known."""
    array = three_jm(a, b, c)
    exact = three_jm(a, b, c, exact=True) if a.is_exact and len(array) else None
    return [
        {
            (i, j, k): str(exact[r, i, j, k]).replace(" ", "") if exact is not None else digits(array[r, i, j, k])
            for i, j, k in np.argwhere(array[r]).tolist()
        }
        for r in range(len(array))
    ]


def _invariant(r: int, phase: int) -> Written:
    sign = "even" if phase > 0 else "odd"
    return words(f"invariant {r}, {sign} under the exchange of two irreps")
