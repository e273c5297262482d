"""Commands on groups: elements and irreps, products, couplings, subduction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AsJson, AsLatex, Group, clear_errors, print_report, refuse

if TYPE_CHECKING:
    from pointgroups.irreps import Irrep


_LABEL = "Label of an irrep, such as T1u, A2'', 1E."
_SCHEMES = "mulliken, bilbao, koster, altmann-herzig"
Scheme = Annotated[str, typer.Option("--scheme", help=f"Whose labels: {_SCHEMES}.")]
SchemeOfInput = Annotated[
    str | None, typer.Option("--scheme", help=f"Whose labels these are and are printed: {_SCHEMES}.")
]
LabelA = Annotated[str, typer.Argument(metavar="A", help=_LABEL)]
LabelB = Annotated[str, typer.Argument(metavar="B", help=_LABEL)]
LabelC = Annotated[str, typer.Argument(metavar="C", help=_LABEL)]
Real = Annotated[
    bool | None,
    typer.Option("--real/--complex", help="Irreps over ℝ or over ℂ. By default ℂ, unless a label exists over ℝ only."),
]


def chosen_irreps(group: str, labels: list[str], real: bool | None, scheme: str | None) -> list[Irrep]:
    """The irreps of these labels, all over one field; without a scheme a Γ symbol is read where it is unambiguous."""
    from pointgroups.labelling.gamma_symbols import read_gamma
    from pointgroups.point_group import point_group

    from .notation import typed_label

    G = point_group(group)
    typed = [label if read_gamma(label) else typed_label(label) for label in labels]
    wanted = [G.irrep(label, scheme).label if scheme or read_gamma(label) else label for label in typed]
    if real is None:
        real = not all(label in G.irreps for label in wanted) and all(label in G.real_irreps for label in wanted)
    table = G.real_irreps if real else G.irreps
    return [table[label] for label in wanted]


def show(group: Group, scheme: Scheme = "mulliken", json: AsJson = False, latex: AsLatex = False) -> None:
    """Elements, classes, character table and irreps of a group."""
    from pointgroups.point_group import point_group

    from .reports import group_report

    with clear_errors():
        print_report(group_report(point_group(group), scheme), json, latex)


def labels(
    group: Group,
    source: Annotated[str | None, typer.Option("--from", help=f"Map from this scheme: {_SCHEMES}.")] = None,
    target: Annotated[str | None, typer.Option("--to", help="Map to this scheme.")] = None,
    spinors: Annotated[bool, typer.Option("--spinors", help="The irreps of the double group.")] = False,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """The labels of irreps in all schemes, or the map from one scheme to another."""
    from pointgroups.labelling.schemes import SCHEMES
    from pointgroups.point_group import point_group

    from .label_reports import labels_report

    wanted = SCHEMES if source is target is None else (source or SCHEMES[0], target or SCHEMES[0])
    for scheme in wanted:
        if scheme not in SCHEMES:
            refuse(f"{scheme!r} is no labelling scheme; the schemes are {_SCHEMES}")
    with clear_errors():
        print_report(labels_report(point_group(group), wanted, spinors), json, latex)


def list_groups(json: AsJson = False, latex: AsLatex = False) -> None:
    """The 32 groups and all settings, by the names that this program knows."""
    from .reports import list_report

    with clear_errors():
        print_report(list_report(), json, latex)


def product(
    group: Group,
    a: LabelA,
    b: LabelB,
    real: Real = None,
    scheme: SchemeOfInput = None,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """The product of two irreps as a sum of irreps."""
    from .product_reports import product_report

    with clear_errors():
        first, second = chosen_irreps(group, [a, b], real, scheme)
        print_report(product_report(first, second, scheme or "mulliken"), json, latex)


def couple(
    group: Group,
    a: LabelA,
    b: LabelB,
    c: LabelC,
    real: Real = None,
    scheme: SchemeOfInput = None,
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """Coupling coefficients: the functions of C among the products of those of A and B."""
    from .product_reports import coupling_report

    with clear_errors():
        first, second, coupled = chosen_irreps(group, [a, b, c], real, scheme)
        print_report(coupling_report(first, second, coupled, scheme or "mulliken"), json, latex)


def subduce(
    group: Group,
    degree: Annotated[str, typer.Argument(help="ℓ, with + or - behind it for a parity other than (-1)^ℓ: 3, 2+, 1+.")],
    even: Annotated[
        bool | None, typer.Option("--even/--odd", help="Parity of the functions; (-1)^ℓ by default.")
    ] = None,
    scheme: Scheme = "mulliken",
    json: AsJson = False,
    latex: AsLatex = False,
) -> None:
    """How a level of angular momentum ℓ splits in a group."""
    from pointgroups.point_group import point_group

    from .reports import subduction_report

    match = re.fullmatch(r"(\d+)([+-]?)", degree.replace("−", "-"))
    if match is None:
        refuse(f"{degree!r} is not a degree ℓ; write a number such as 3, or 2+ and 2- to name the parity")
    number, sign = int(match[1]), match[2]
    if sign and even is not None and even != (sign == "+"):
        refuse(f"{degree} and --{'even' if even else 'odd'} contradict each other; give one of them")
    parity = (-1) ** number if not sign and even is None else 1 if sign == "+" or even else -1
    with clear_errors():
        print_report(subduction_report(point_group(group), number, parity, scheme), json, latex)
