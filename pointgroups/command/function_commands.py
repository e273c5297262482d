"""Commands on functions and angular momentum: adapted polynomials, Clebsch–Gordan coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AnyGroup, Generators, reporting

if TYPE_CHECKING:
    from .tabular import Report


@reporting
def polynomials(
    group: AnyGroup,
    degree: Annotated[int, typer.Argument(metavar="N", help="Degree of the polynomials in x, y, z.")],
    generators: Generators = None,
) -> Report:
    """All homogeneous polynomials of one degree, sorted by irrep."""
    from .chosen_groups import chosen_group, of_rotations
    from .function_reports import polynomials_report

    return polynomials_report(of_rotations(chosen_group(group, generators)), degree)


@reporting
def clebsch_gordan(
    j1: Annotated[str, typer.Argument(metavar="J1", help="0, 1/2, 1, 3/2, …")],
    j2: Annotated[str, typer.Argument(metavar="J2", help="0, 1/2, 1, 3/2, …")],
    j: Annotated[str | None, typer.Argument(metavar="J", help="The coupled one; without it all.")] = None,
) -> Report:
    """Clebsch-Gordan coefficients of SU(2), with the phases of Condon and Shortley."""
    from .function_reports import clebsch_gordan_report

    return clebsch_gordan_report(j1, j2, j)
