"""Commands on groups: elements and irreps, products, couplings, subduction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AsJson, AsLatex, Group, clear_errors, print_report, refuse

if TYPE_CHECKING:
    from pointgroups.irreps import Irrep


_LABEL = "Label of an irrep, such as T1u, A2'', 1E."
LabelA = Annotated[str, typer.Argument(metavar="A", help=_LABEL)]
LabelB = Annotated[str, typer.Argument(metavar="B", help=_LABEL)]
LabelC = Annotated[str, typer.Argument(metavar="C", help=_LABEL)]
Real = Annotated[
    bool | None,
    typer.Option("--real/--complex", help="Irreps over ℝ or over ℂ. By default ℂ, unless a label exists over ℝ only."),
]


def chosen_irreps(group: str, labels: list[str], real: bool | None) -> list[Irrep]:
    """The irreps of these labels, all over one field."""
    from pointgroups.point_group import point_group

    from .notation import typed_label

    G = point_group(group)
    wanted = [typed_label(label) for label in labels]
    if real is None:
        real = not all(label in G.irreps for label in wanted) and all(label in G.real_irreps for label in wanted)
    table = G.real_irreps if real else G.irreps
    return [table[label] for label in wanted]


def show(group: Group, json: AsJson = False, latex: AsLatex = False) -> None:
    """Elements, classes, character table and irreps of a group."""
    from pointgroups.point_group import point_group

    from .reports import group_report

    with clear_errors():
        print_report(group_report(point_group(group)), json, latex)


def list_groups(json: AsJson = False, latex: AsLatex = False) -> None:
    """The 32 groups and all settings, by the names that this program knows."""
    from .reports import list_report

    with clear_errors():
        print_report(list_report(), json, latex)


def product(
    group: Group, a: LabelA, b: LabelB, real: Real = None, json: AsJson = False, latex: AsLatex = False
) -> None:
    """The product of two irreps as a sum of irreps."""
    from .reports import product_report

    with clear_errors():
        print_report(product_report(*chosen_irreps(group, [a, b], real)), json, latex)


def couple(
    group: Group, a: LabelA, b: LabelB, c: LabelC, real: Real = None, json: AsJson = False, latex: AsLatex = False
) -> None:
    """Coupling coefficients: the functions of C among the products of those of A and B."""
    from .reports import coupling_report

    with clear_errors():
        print_report(coupling_report(*chosen_irreps(group, [a, b, c], real)), json, latex)


def subduce(
    group: Group,
    degree: Annotated[str, typer.Argument(help="ℓ, with + or - behind it for a parity other than (-1)^ℓ: 3, 2+, 1+.")],
    even: Annotated[
        bool | None, typer.Option("--even/--odd", help="Parity of the functions; (-1)^ℓ by default.")
    ] = None,
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
        print_report(subduction_report(point_group(group), number, parity), json, latex)
