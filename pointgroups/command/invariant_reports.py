"""What the commands say about invariants and covariants of an irrep: Molien's series and the polynomials."""

from __future__ import annotations

from typing import Any

from pointgroups.irreps import Irrep
from pointgroups.products.covariants import covariants
from pointgroups.products.integrity_basis import integrity_basis, landau_expansion
from pointgroups.products.molien import MolienSeries, molien_series

from .notation import Written, join
from .reports import FLOATING, heading
from .scheme_labels import written_label
from .state_notation import basis_functions, partner_polynomial, partners, series
from .tabular import Report, Section, math, words

_COUNTED = 12
DEGREE_OF_COVARIANTS = 4


def invariants_report(irrep: Irrep, degree: int | None = None) -> Report:
    """The generators of all invariants, or with a degree all invariants up to it as products of generators."""
    molien = molien_series(irrep)
    if degree is None:
        listed = {n: [text for (text,) in found.texts] for n, found in integrity_basis(irrep).items()}
        title = words("Generators: all invariants are polynomials in these")
    else:
        listed = {n: list(texts) for n, texts in landau_expansion(irrep, degree).items()}
        title = words(f"Invariants up to degree {degree}")
    rows = [[words(str(n)), math(partner_polynomial(text))] for n, texts in listed.items() for text in texts]
    section = Section(title, "rp", [words("degree"), words("polynomial")], rows)
    data = _data(irrep, molien) | {
        "generators" if degree is None else "invariants": [
            {"degree": n, "polynomials": texts} for n, texts in listed.items()
        ]
    }
    return Report(heading(irrep.group), [*_about(irrep), *_series_lines(molien, None)], [section], data)


def covariants_report(irrep: Irrep, covariant: Irrep, degree: int | None = None) -> Report:
    """The polynomials up to a degree in the partners of Γ that transform as the partners of γ."""
    highest = DEGREE_OF_COVARIANTS if degree is None else degree
    if highest < 0:
        raise ValueError(f"a degree is 0, 1, 2, …, not {highest}")
    molien = molien_series(irrep, covariant)
    listed = {n: covariants(irrep, n, covariant).texts for n in range(highest + 1)}
    rows = [
        [words(str(n)), words(str(copy)), words(str(k)), math(partner_polynomial(text))]
        for n, copies in listed.items()
        for copy, texts in enumerate(copies, 1)
        for k, text in enumerate(texts, 1)
    ]
    header = [words(h) for h in ("degree", "copy", "component", "polynomial")]
    name = math(written_label(covariant, "mulliken"))
    title = join([words("Polynomials that transform as"), name, words(f"up to degree {highest}")], words(" "))
    data = _data(irrep, molien) | {
        "covariant": covariant.label,
        "covariants": [
            {"degree": n, "copies": [list(texts) for texts in copies]} for n, copies in listed.items() if copies
        ],
    }
    lines = [*_about(irrep), *_series_lines(molien, covariant)]
    return Report(heading(irrep.group), lines, [Section(title, "rrrp", header, rows)], data)


def _about(irrep: Irrep) -> list[Written]:
    """What the variables stand for: x₁, x₂, x₃ of T1u transform as (x, y, z); and floating point where it is."""
    variables, name = math(partners(irrep.dim)), math(written_label(irrep, "mulliken"))
    one = irrep.dim == 1
    parts = [variables, words("is a function of" if one else "are the partners of"), name]
    if irrep.basis:
        transform = words("transforms as" if one else "transform as")
        parts = [variables, words("of"), name, transform, math(basis_functions(irrep))]
    return [join(parts, words(" ")), *([] if irrep.is_exact else [FLOATING])]


def _series_lines(molien: MolienSeries, covariant: Irrep | None) -> list[Written]:
    what = words("Molien series of the invariants: ")
    if covariant is not None:
        what = join([words("Molien series of"), math(written_label(covariant, "mulliken"))], words(" "))
        what = join([what, words("")], words(": "))
    counts = ", ".join(map(str, molien.coefficients(_COUNTED)))
    return [
        join([what, math(series(str(molien)))], words("")),
        words(f"number of degree 0 to {_COUNTED}: {counts}"),
    ]


def _data(irrep: Irrep, molien: MolienSeries) -> dict[str, Any]:
    return {
        "group": irrep.group.name,
        "irrep": irrep.label,
        "field": irrep.field,
        "molien": {"numerator": list(molien.numerator), "degrees": list(molien.degrees)},
    }
