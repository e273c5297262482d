"""What the commands say about functions: adapted polynomials, and products of states of angular momentum."""

from __future__ import annotations

from typing import Any

import numpy as np

from pointgroups.adapted_polynomials import Polynomials, adapted_polynomials
from pointgroups.angular_momentum.clebsch_gordan import clebsch_gordan
from pointgroups.double.spin_j import spin_text, twice_spin
from pointgroups.finite.group import FiniteGroup
from pointgroups.point_group import PointGroup
from pointgroups.products.operators import Operator, functions

from .notation import Written, function, irrep_label, number
from .reports import FLOATING, heading
from .state_notation import ket
from .tabular import Report, Section, math, words

_HIGHEST_DECIMAL_DEGREE = 12  # higher monomials are too nearly dependent for the digits of floats


def polynomials_report(G: PointGroup | FiniteGroup, degree: int) -> Report:
    """All homogeneous polynomials of one degree, sorted by irrep over ℝ."""
    found = adapted_polynomials(G, degree) if isinstance(G, PointGroup) else _decimal_polynomials(G, degree)
    rows = [
        [math(irrep_label(label)), words(str(copy)), words(str(k)), math(function(text))]
        for label, copies in found.items()
        for copy, texts in enumerate(copies, 1)
        for k, text in enumerate(texts, 1)
    ]
    header = [words(h) for h in ("irrep", "copy", "component", "polynomial")]
    section = Section(words(f"Polynomials of degree {degree}"), "lrrp", header, rows)
    data = {
        "group": G.name,
        "degree": degree,
        "polynomials": {label: [list(texts) for texts in copies] for label, copies in found.items()},
    }
    return Report(heading(G), [] if isinstance(G, PointGroup) else [FLOATING], [section], data)


def _decimal_polynomials(G: FiniteGroup, degree: int) -> Polynomials:
    """The same in floating point: they are ℓ = n, n − 2, …, like the components of an operator of rank n."""
    if not 0 <= degree <= _HIGHEST_DECIMAL_DEGREE:
        range_of = f"0, 1, …, {_HIGHEST_DECIMAL_DEGREE} where numbers are in floating point"
        raise ValueError(f"the degree of a polynomial is {range_of}, not {degree}")
    if degree == 0:
        return {next(iter(G.real_irreps)): (("1",),)}
    powers = Operator(f"degree {degree}", tuple((l, (-1) ** l) for l in range(degree, -1, -2)), degree)
    found = {label: functions(irrep, powers) for label, irrep in G.real_irreps.items()}
    return {label: copies for label, copies in found.items() if copies}


def clebsch_gordan_report(j1: str, j2: str, j: str | None = None) -> Report:
    """⟨j₁ m₁, j₂ m₂ | j m⟩, a table for each j that occurs, or for one."""
    a, b = twice_spin(j1), twice_spin(j2)
    spins = range(a + b, abs(a - b) - 1, -2) if j is None else [twice_spin(j)]
    tables = {spin_text(c): clebsch_gordan(spin_text(a), spin_text(b), spin_text(c), exact=True) for c in spins}
    title = Written(
        f"Clebsch–Gordan coefficients of {spin_text(a)} and {spin_text(b)}",
        f"Clebsch--Gordan coefficients of {spin_text(a)} and {spin_text(b)}",
    )
    line = Written(
        "a column is the state |j,m⟩ on the products |j₁,m₁⟩ |j₂,m₂⟩",
        r"a column is the state $|j,m\rangle$ on the products $|j_1,m_1\rangle\,|j_2,m_2\rangle$",
    )
    sections, entries = [], []
    for spin, table in tables.items():
        tokens = {place: str(table[place]) for place in np.ndindex(*table.shape)}
        m1, m2, m = (_projections(n - 1) for n in table.shape)
        rows = [
            [_projection(m1[i]), _projection(m2[k]), *(math(number(tokens[i, k, n])) for n in range(len(m)))]
            for i in range(len(m1))
            for k in range(len(m2))
        ]
        header = [Written("m₁", "$m_1$"), Written("m₂", "$m_2$"), *(math(ket(spin, x)) for x in m)]
        sections.append(Section(math(Written(f"j = {spin}", f"j = {spin}")), "rr" + "r" * len(m), header, rows))
        entries += [
            {"j": spin, "m": m[n], "m1": m1[i], "m2": m2[k], "value": token}
            for (i, k, n), token in tokens.items()
            if token != "0"
        ]
    data: dict[str, Any] = {"j1": spin_text(a), "j2": spin_text(b), "coefficients": entries}
    return Report(title, [line], sections, data)


def _projections(twice: int) -> list[str]:
    """j, j − 1, …, −j."""
    return [spin_text(m) for m in range(twice, -twice - 1, -2)]


def _projection(text: str) -> Written:
    """m, with a minus sign."""
    return math(Written(text.replace("-", "−"), text))
