"""Commands on irreps: powers, selection rules, Jahn–Teller modes, invariants and covariants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AnyGroup, Generators, IrrepLabel, Real, refuse, reporting

if TYPE_CHECKING:
    from .tabular import Report


@reporting
def power(
    group: AnyGroup,
    irrep: IrrepLabel,
    n: Annotated[int, typer.Argument(metavar="N", help="How many factors, such as the quanta of a vibration.")],
    generators: Generators = None,
    real: Real = None,
) -> Report:
    """Symmetrised powers of an irrep: symmetric, antisymmetric, every Young symmetry, and terms of n electrons."""
    from .chosen_groups import chosen_group, chosen_irreps
    from .power_reports import power_report

    (chosen,) = chosen_irreps(chosen_group(group, generators), [irrep], real)
    return power_report(chosen, n)


@reporting
def selection(
    group: AnyGroup,
    initial: Annotated[
        str | None, typer.Option("--from", metavar="IRREP", help="The levels that an operator reaches from this one.")
    ] = None,
    operator: Annotated[
        str | None,
        typer.Option(help="electric-dipole, magnetic-dipole, electric-quadrupole, raman, hyper-raman, or an irrep."),
    ] = None,
    final: Annotated[str | None, typer.Option("--to", metavar="IRREP", help="This level only.")] = None,
    generators: Generators = None,
    real: Real = None,
) -> Report:
    """Selection rules: infrared, Raman, hyper-Raman, dipoles, quadrupole; or the transitions from one level."""
    from pointgroups.products.operators import OPERATORS

    from .chosen_groups import chosen_group, chosen_irreps, of_rotations
    from .selection_reports import operator_name, selection_report, transition_report

    G = chosen_group(group, generators)
    if initial is None and operator is final is None:
        return selection_report(of_rotations(G))
    if initial is None or operator is None:
        refuse("transitions need the level with --from and the operator with --operator")
    name = operator_name(operator, G)
    levels = [initial] if final is None else [initial, final]
    if name in OPERATORS:
        return transition_report(chosen_irreps(of_rotations(G), levels, real), name)
    *states, gamma = chosen_irreps(G, [*levels, operator], real)
    return transition_report(states, gamma.label)


@reporting
def jahn_teller(
    group: AnyGroup,
    irrep: Annotated[
        str | None, typer.Argument(metavar="IRREP", help="One level, T2g or F3/2g; without it all degenerate ones.")
    ] = None,
    generators: Generators = None,
) -> Report:
    """Jahn-Teller active modes: the distortions that split a degenerate level in first order."""
    from .chosen_groups import chosen_group, chosen_irreps
    from .jahn_teller_reports import jahn_teller_report

    G = chosen_group(group, generators)
    return jahn_teller_report(G, None if irrep is None else chosen_irreps(G, [irrep])[0])


@reporting
def invariants(
    group: AnyGroup,
    irrep: IrrepLabel,
    degree: Annotated[
        int | None, typer.Option(help="All invariants up to this degree; otherwise their generators.")
    ] = None,
    covariant: Annotated[
        str | None, typer.Option(metavar="IRREP", help="Polynomials that transform as this irrep, up to degree 4.")
    ] = None,
    generators: Generators = None,
    real: Real = None,
) -> Report:
    """Invariant polynomials in the partners of an irrep, or covariant ones, with their Molien series."""
    from .chosen_groups import chosen_group, chosen_irreps
    from .invariant_reports import covariants_report, invariants_report

    G = chosen_group(group, generators)
    if covariant is None:
        (chosen,) = chosen_irreps(G, [irrep], real)
        return invariants_report(chosen, degree)
    chosen, gamma = chosen_irreps(G, [irrep, covariant], real)
    return covariants_report(chosen, gamma, degree)
