"""Commands on one crystal: its symmetry, its vibrations, a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import reporting

if TYPE_CHECKING:
    from .tabular import Report


@reporting
def crystal(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A crystal: CIF, POSCAR or another file of pymatgen.")],
    symprec: Annotated[float, typer.Option(help="How far an atom may lie from its symmetric place, in Å.")] = 0.01,
    scan: Annotated[bool, typer.Option("--scan", help="The class at tolerances from 1e-5 to 0.3 Å as well.")] = False,
) -> Report:
    """The symmetry of a crystal: class, space group, standard axes, orbits of atoms and their site groups."""
    from pointgroups.crystals.symmetry import crystal_symmetry
    from pointgroups.crystals.tolerances import symmetry_scan

    from .symmetry_report import symmetry_report

    return symmetry_report(crystal_symmetry(file, symprec=symprec), symmetry_scan(file) if scan else ())


@reporting
def modes(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A crystal: CIF, POSCAR or another file of pymatgen.")],
    symprec: Annotated[float, typer.Option(help="How far an atom may lie from its symmetric place, in Å.")] = 0.01,
) -> Report:
    """Vibrations of a crystal at the zone centre: irreps, infrared and Raman activity; as JSON with their patterns."""
    from pointgroups.crystals.symmetry import crystal_symmetry
    from pointgroups.environments.vibrations import zone_center_modes

    from .crystal_reports import modes_report

    return modes_report(zone_center_modes(crystal_symmetry(file, symprec=symprec)))


@reporting
def site(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A crystal: CIF, POSCAR or another file of pymatgen.")],
    atom: Annotated[int, typer.Option(help="Which atom of the cell, counted from 0.")],
    radius: Annotated[
        float | None, typer.Option(help="Of the ligands, in Å; by default 1.2 times the distance of the nearest atom.")
    ] = None,
    symprec: Annotated[float, typer.Option(help="How far an atom may lie from its symmetric place, in Å.")] = 0.01,
) -> Report:
    """An atom in a crystal: how its shells split, which combinations its ligands have, which crystal field it sees."""
    from pointgroups.crystals.symmetry import crystal_symmetry

    from .site_reports import site_report

    return site_report(crystal_symmetry(file, symprec=symprec), atom, radius)
