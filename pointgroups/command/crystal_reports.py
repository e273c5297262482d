"""What the commands say about a crystal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.environments.vibrations import ZoneCenterModes

from .notation import Written, irrep_label
from .reports import decomposition, heading
from .tabular import Report, Section, math, words

_DIGITS = 12  # what is less is rounding
_KINDS = {"infrared": "infrared", "raman": "Raman", "hyper_raman": "hyper-Raman", "silent": "silent"}


def crystal_title(C: CrystalSymmetry) -> Written:
    """Formula, space group and class: ``NaCl, space group Fm-3m (225), class Oh (m-3m)``."""
    formula = C.structure.composition.reduced_formula
    group = heading(C.group)
    before = f"{formula}, space group {C.space_group_symbol} ({C.space_group_number}), class "
    return Written(before + group.text, before.replace("_", r"\_") + group.latex)


# -- vibrations ---------------------------------------------------------------------------------------------------


def modes_report(modes: ZoneCenterModes) -> Report:
    """Vibrations at the zone centre: what each orbit of atoms contributes, and which modes are seen where."""
    lines = [
        _named("acoustic", modes.acoustic),
        _named("optic", modes.optic),
        *(_named(name, getattr(modes, kind)) for kind, name in _KINDS.items()),
        axes_line("irreps with x, y, z along", modes.frame),
    ]
    sections = [_orbit_section(modes), _irrep_section(modes)]
    return Report(crystal_title(modes.symmetry), lines, sections, _modes_data(modes))


def axes_line(what: str, frame: NDArray[np.float64]) -> Written:
    """The rows of a frame: standard axes x, y, z along (1, 0, 0), (0, −1, 0), (0, 0, −1) in the axes of the file."""
    directions = ", ".join(f"({', '.join(f'{x:.4g}' for x in row)})" for row in frame.round(4) + 0.0)
    return Written(
        f"{what} {directions.replace('-', '−')} in the axes of the file",
        f"{what} ${directions}$ in the axes of the file",
    )


def _named(name: str, counts: Mapping[str, int]) -> Written:
    if not counts:
        return words(f"{name}: none")
    written = decomposition(counts)
    return Written(f"{name}: {written.text}", f"{name}: ${written.latex}$")


def _orbit_section(modes: ZoneCenterModes) -> Section:
    species = modes.symmetry.species
    rows = [
        [
            words(str(species[part.orbit.representative])),
            words(part.orbit.wyckoff),
            words(str(part.n_primitive)),
            heading(part.orbit.site_group.group),
            math(decomposition(part.irreps)),
        ]
        for part in modes.orbits
    ]
    header = [words(text) for text in ("species", "Wyckoff", "atoms", "site group", "displacements")]
    total = decomposition(modes.total)
    n = modes.n_primitive
    note = f"{n} atom{'' if n == 1 else 's'} in the primitive cell, {3 * n} modes: "
    return Section(
        words("Orbits of atoms"),
        "llrlf",
        header,
        rows,
        [Written(note + total.text, f"{note}${total.latex}$")],
    )


def _irrep_section(modes: ZoneCenterModes) -> Section:
    """Each irrep that occurs: how many modes, their degeneracy, and where the optic ones are seen."""
    rows = [
        [
            math(irrep_label(label)),
            words(str(modes.group.real_irreps[label].dim)),
            words(str(modes.acoustic.get(label, 0))),
            words(str(modes.optic.get(label, 0))),
            words(", ".join(name for kind, name in _KINDS.items() if label in getattr(modes, kind))),
        ]
        for label in modes.total
    ]
    header = [words(text) for text in ("irrep", "degeneracy", "acoustic", "optic", "optic ones are")]
    return Section(words("Irreps"), "lrrrl", header, rows)


def _modes_data(modes: ZoneCenterModes) -> dict[str, Any]:
    C = modes.symmetry
    patterns = modes.displacements().round(_DIGITS) + 0.0
    return {
        "formula": C.structure.composition.reduced_formula,
        "space_group": C.space_group_symbol,
        "space_group_number": C.space_group_number,
        "group": C.group.name,
        "frame": (modes.frame.round(_DIGITS) + 0.0).tolist(),
        "atoms_in_primitive_cell": modes.n_primitive,
        "total": modes.total,
        "acoustic": modes.acoustic,
        "optic": modes.optic,
        **{kind: getattr(modes, kind) for kind in _KINDS},
        "orbits": [
            {
                "species": str(C.species[part.orbit.representative]),
                "wyckoff": part.orbit.wyckoff,
                "atoms": list(part.orbit.atoms),
                "atoms_in_primitive_cell": part.n_primitive,
                "site_group": part.orbit.site_group.group.schoenflies,
                "irreps": part.irreps,
            }
            for part in modes.orbits
        ],
        "modes": [
            {**label._asdict(), "acoustic": bool(acoustic), "displacements": pattern.tolist()}
            for label, acoustic, pattern in zip(modes.labels, modes.is_acoustic, patterns, strict=True)
        ],
    }
