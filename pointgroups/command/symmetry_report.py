"""What ``pointgroups crystal`` says: class, frame, orbits of atoms, and how they depend on the tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.crystals.tolerances import ScanStep

from .crystal_reports import axes_line, crystal_title
from .notation import Written, schoenflies
from .reports import heading
from .tabular import Report, Section, math, words

_ROUNDING = 1e-9  # Å


def symmetry_report(C: CrystalSymmetry, scan: Sequence[ScanStep]) -> Report:
    """A crystal's symmetry; with the steps of a scan over tolerances, or none."""
    moved = f"farthest displacement {_length(C.displacement)} Å"
    lines = [
        _with_lengths(f"{len(C.operations)} operations on {len(C.species)} atoms; {moved}"),
        axes_line("standard axes x, y, z along", C.frame),
    ]
    if (C.group.determinants > 0).all():
        handed = f"handedness {C.handedness:+d}; its mirror image has {-C.handedness:+d}"
        lines.append(Written(handed.replace("-", "−"), handed.replace("-1", "$-1$")))
    if not C.symmetry_is_clear:
        lines.append(_with_lengths(f"at half or twice the tolerance of {C.symprec:g} Å the space group is another one"))
    if not C.frame_is_clear:
        lines.append(words("the crystal is so near to a higher symmetry that its standard axes are not clear"))
    sections = [_orbits(C), *([_scan(scan)] if scan else [])]
    return Report(crystal_title(C), lines, sections, _data(C, scan))


def _length(x: float) -> str:
    return f"{x:.3g}" if x > _ROUNDING else "0"


def _with_lengths(text: str) -> Written:
    return Written(text, text.replace("Å", r"\AA{}").replace("_", r"\_"))


def _orbits(C: CrystalSymmetry) -> Section:
    rows = []
    for orbit in C.orbits:
        x, y, z = np.mod(C.frac_coords[orbit.representative].round(5), 1.0)
        species = str(C.species[orbit.representative])
        position = f"{x:.5g}, {y:.5g}, {z:.5g}"
        group = heading(orbit.site_group.group)
        rows.append([words(species), words(orbit.wyckoff), words(str(len(orbit.atoms))), group, words(position)])
    header = [words(text) for text in ("species", "Wyckoff", "atoms", "site group", "first atom")]
    return Section(words("Orbits of atoms"), "llrll", header, rows)


def _scan(scan: Sequence[ScanStep]) -> Section:
    rows = [
        [
            words(f"{step.symprec:g}"),
            math(schoenflies(step.schoenflies)) if step.schoenflies else words("none"),
            Written(step.space_group_symbol, step.space_group_symbol.replace("_", r"\_")),
            _with_lengths(_length(step.displacement) if step.schoenflies else step.problem),
        ]
        for step in scan
    ]
    header = [_with_lengths(text) for text in ("tolerance in Å", "class", "space group", "displacement in Å")]
    return Section(words("Tolerances"), "rllf", header, rows)


def _data(C: CrystalSymmetry, scan: Sequence[ScanStep]) -> dict[str, Any]:
    return {
        "formula": C.structure.composition.reduced_formula,
        "group": C.group.name,
        "symbol": C.group.symbol,
        "space_group": C.space_group_symbol,
        "space_group_number": C.space_group_number,
        "operations": len(C.operations),
        "frame": C.frame.tolist(),
        "handedness": C.handedness,
        "frame_margin": C.frame_margin,
        "frame_is_clear": C.frame_is_clear,
        "symmetry_is_clear": C.symmetry_is_clear,
        "displacement": C.displacement,
        "orbits": [
            {
                "species": str(C.species[orbit.representative]),
                "wyckoff": orbit.wyckoff,
                "atoms": list(orbit.atoms),
                "site_group": orbit.site_group.group.schoenflies,
                "site_rotations": orbit.site_group.elements.tolist(),
            }
            for orbit in C.orbits
        ],
        "scan": [
            {
                "symprec": step.symprec,
                "group": step.schoenflies,
                "space_group": step.space_group_symbol,
                "space_group_number": step.space_group_number,
                "displacement": None if step.problem else step.displacement,
                "problem": step.problem,
            }
            for step in scan
        ],
    }
