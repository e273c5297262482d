"""What ``pointgroups site`` says about an atom: its site, its shells, its ligands, its crystal field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.environments.coordination import (
    CoordinationShell,
    coordination_shells,
    ligand_combinations,
    metal_ligand_table,
)
from pointgroups.environments.crystal_field_parameters import CrystalFieldForm, crystal_field_form
from pointgroups.environments.orbitals import OrbitalSplitting, orbital_splitting

from .crystal_reports import crystal_title
from .notation import Written, combination, functions, irrep_label, join
from .reports import decomposition, heading
from .tabular import Report, Section, math, words

FloatArray = NDArray[np.float64]

_DEGREES = (0, 1, 2, 3)
_COMMA = words(", ")
_HEADINGS = {"sigma": Written("σ", r"$\sigma$"), "pi": Written("π", r"$\pi$")}


def site_report(C: CrystalSymmetry, atom: int, radius: float | None) -> Report:
    """The site group of an atom, the splitting of its shells, its ligands' combinations and the crystal field."""
    shells = coordination_shells(C, atom, radius)
    group = C.site_groups[atom].group
    splittings = [orbital_splitting(group, degree) for degree in _DEGREES]
    vectors = np.concatenate([shell.vectors for shell in shells]) if shells else np.zeros((0, 3))
    table = metal_ligand_table(ligand_combinations(group, vectors), _DEGREES) if shells else {}
    form = crystal_field_form(group.in_standard_frame)
    written = heading(group)
    site = f"atom {atom}, {C.species[atom]}, Wyckoff position {C.wyckoff[atom]}, site group "
    lines = [Written(site + written.text, site + written.latex), _axis_line(C, atom)]
    sections = [_orbital_section(splittings), _shell_section(shells)]
    if table:
        sections.append(_partner_section(table))
    sections.append(_field_section(form))
    data = {
        "formula": C.structure.composition.reduced_formula,
        "space_group": C.space_group_symbol,
        "space_group_number": C.space_group_number,
        "atom": atom,
        "species": str(C.species[atom]),
        "wyckoff": C.wyckoff[atom],
        "site_group": group.name,
        "axes": _axes(C, atom).tolist(),
        "orbitals": [_orbital_data(splitting) for splitting in splittings],
        "ligands": [_shell_data(C, shell) for shell in shells],
        "partners": table,
        "crystal_field": {
            "ranks": list(form.ranks),
            "independent": list(form.independent),
            "relations": {name: dict(terms) for name, terms in form.expressions.items()},
        },
    }
    return Report(crystal_title(C), lines, sections, data)


def _axes(C: CrystalSymmetry, atom: int) -> FloatArray:
    """(3, 3) the axes x, y, z of the site as rows, in the axes of the file."""
    return np.asarray((C.frame.T @ C.site_groups[atom].group.frame).T)


def _axis_line(C: CrystalSymmetry, atom: int) -> Written:
    rows = [" ".join(f"{x:.4g}" for x in row.round(4) + 0.0) for row in _axes(C, atom)]
    listed = ", ".join(f"{name} [{row}]" for name, row in zip("xyz", rows, strict=True))
    start = "axes of the site in those of the file: "
    return Written(start + listed.replace("-", "−"), start + listed.replace("-", "$-$"))


# -- shells -------------------------------------------------------------------------------------------------------


def _orbital_section(splittings: list[OrbitalSplitting]) -> Section:
    """A row for each copy of an irrep in each shell, with its functions in the axes of the site."""
    rows = []
    for splitting in splittings:
        shown = splitting.letter
        for irrep, names in _copies(splitting):
            rows.append([words(shown), math(irrep_label(irrep)), math(functions(names))])
            shown = ""
    header = [words("shell"), words("irrep"), words("functions in the axes of the site")]
    return Section(words("Shells of the atom"), "llp", header, rows, [words("each function up to a positive factor")])


def _copies(splitting: OrbitalSplitting) -> list[tuple[str, tuple[str, ...]]]:
    """(irrep, its functions) for each copy."""
    found: dict[tuple[str, int], list[str]] = {}
    for label, name in zip(splitting.standard_functions.labels, splitting.names, strict=True):
        found.setdefault((label.irrep, label.copy), []).append(name)
    return [(irrep, tuple(names)) for (irrep, _), names in found.items()]


def _orbital_data(splitting: OrbitalSplitting) -> dict[str, Any]:
    labels = splitting.standard_functions.labels
    return {
        "degree": splitting.degree,
        "irreps": dict(splitting.multiplicities),
        "functions": [
            {**label._asdict(), "function": name} for label, name in zip(labels, splitting.names, strict=True)
        ],
    }


# -- ligands ------------------------------------------------------------------------------------------------------


def _shell_section(shells: tuple[CoordinationShell, ...]) -> Section:
    rows = [
        [
            words(str(shell.specie)),
            words(str(len(shell))),
            words(f"{shell.distance:.4f}"),
            math(decomposition(shell.combinations.sigma.multiplicities)),
            math(decomposition(shell.combinations.pi.multiplicities)),
        ]
        for shell in shells
    ]
    header = [words("ligand"), words("number"), words("distance (Å)"), *_HEADINGS.values()]
    notes = [] if rows else [words("none within this radius")]
    return Section(words("Ligands"), "lrrff", header, rows, notes)


def _partner_section(table: Mapping[str, Mapping[str, int]]) -> Section:
    """Which shells of the atom meet which combinations of the ligands."""
    columns = list(dict.fromkeys(name for counts in table.values() for name in counts))
    columns.sort(key=lambda name: ("spdf".find(name) % 9, name == "pi"))
    rows = [
        [math(irrep_label(irrep)), *(words(str(counts.get(name, "·"))) for name in columns)]
        for irrep, counts in table.items()
    ]
    header = [words("irrep"), *(_HEADINGS.get(name, words(name)) for name in columns)]
    return Section(words("Which shells meet which combinations"), "l" + "r" * len(columns), header, rows)


def _shell_data(C: CrystalSymmetry, shell: CoordinationShell) -> dict[str, Any]:
    combinations = shell.combinations
    return {
        "species": str(shell.specie),
        "distance": shell.distance,
        "atoms": shell.neighbors.tolist(),
        "shifts": shell.shifts.tolist(),
        "vectors": C.to_user(shell.vectors, rank=1).tolist(),
        "sigma": _rows(combinations.sigma, combinations.sigma.array),
        "pi": _rows(combinations.pi, C.to_user(combinations.pi_vectors, rank=1)),
    }


def _rows(basis: AdaptedBasis, values: FloatArray) -> list[dict[str, Any]]:
    return [{**label._asdict(), "coefficients": row.tolist()} for label, row in zip(basis.labels, values, strict=True)]


# -- the crystal field --------------------------------------------------------------------------------------------


def _field_section(form: CrystalFieldForm) -> Section:
    """The free parameters of each rank, and how the others depend on them."""
    rows = []
    for k in form.ranks:
        free = [name for name in form.independent if _rank(name) == k]
        others = [_relation(name, terms) for name, terms in form.expressions.items() if _rank(name) == k]
        if free:
            rows.append([words(str(k)), join((math(_parameter(name)) for name in free), _COMMA), join(others, _COMMA)])
    n = form.count
    note = f"{n} real parameter{'' if n == 1 else 's'} in the axes of the site, in Wybourne's notation"
    header = [words("k"), words("independent"), words("others that do not vanish")]
    return Section(words("Crystal field"), "rff", header, rows, [words(note)])


def _rank(name: str) -> int:
    return int(name[-2])


def _parameter(name: str) -> Written:
    """``Re B44`` as Re B44, with k and q as subscripts in LaTeX."""
    part, symbol = name[:-3], name[-3:]
    return Written(name, rf"\mathrm{{{part.strip()}}}\," * bool(part) + f"{symbol[0]}_{{{symbol[1:]}}}")


def _relation(name: str, terms: Mapping[str, str]) -> Written:
    right = combination(list(terms.values()), [_parameter(source) for source in terms])
    return math(join([_parameter(name), right], Written(" = ", " = ")))
