"""Commands on groups: elements and irreps, labels, products, couplings, subduction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import AnyGroup, Generators, Group, Real, refuse, reporting

if TYPE_CHECKING:
    from .tabular import Report


_LABEL = "Label of an irrep, such as T1u, A2'', 1E, or of a spinor irrep, E1/2g."
_SCHEMES = "mulliken, bilbao, koster, altmann-herzig"
Scheme = Annotated[str, typer.Option("--scheme", help=f"Whose labels: {_SCHEMES}.")]
SchemeOfInput = Annotated[
    str | None, typer.Option("--scheme", help=f"Whose labels these are and are printed: {_SCHEMES}.")
]
LabelA = Annotated[str, typer.Argument(metavar="A", help=_LABEL)]
LabelB = Annotated[str, typer.Argument(metavar="B", help=_LABEL)]
LabelC = Annotated[str, typer.Argument(metavar="C", help=_LABEL)]


@reporting
def show(group: AnyGroup, generators: Generators = None, scheme: Scheme = "mulliken") -> Report:
    """Elements, classes, character table and irreps of a group."""
    from pointgroups.point_group import PointGroup

    from .chosen_groups import chosen_group
    from .finite_reports import finite_report
    from .reports import group_report

    G = chosen_group(group, generators)
    if isinstance(G, PointGroup):
        return group_report(G, scheme)
    if scheme != "mulliken":
        refuse(f"the labels of the scheme {scheme!r} are those of crystallographic groups; leave out --scheme")
    return finite_report(G)


@reporting
def labels(
    group: Group,
    source: Annotated[str | None, typer.Option("--from", help=f"Map from this scheme: {_SCHEMES}.")] = None,
    target: Annotated[str | None, typer.Option("--to", help="Map to this scheme.")] = None,
    spinors: Annotated[bool, typer.Option("--spinors", help="The irreps of the double group.")] = False,
) -> Report:
    """The labels of irreps in all schemes, or the map from one scheme to another."""
    from pointgroups.labelling.schemes import SCHEMES

    from .chosen_groups import crystallographic_group
    from .label_reports import labels_report

    wanted = SCHEMES if source is target is None else (source or SCHEMES[0], target or SCHEMES[0])
    for scheme in wanted:
        if scheme not in SCHEMES:
            refuse(f"{scheme!r} is no labelling scheme; the schemes are {_SCHEMES}")
    return labels_report(crystallographic_group(group, "labelling schemes"), wanted, spinors)


@reporting
def list_groups() -> Report:
    """The 32 groups and all settings, by the names that this program knows."""
    from .reports import list_report

    return list_report()


@reporting
def product(
    group: AnyGroup,
    a: LabelA,
    b: LabelB,
    generators: Generators = None,
    real: Real = None,
    scheme: SchemeOfInput = None,
) -> Report:
    """The product of two irreps as a sum of irreps."""
    from .chosen_groups import chosen_group, chosen_irreps
    from .product_reports import product_report

    first, second = chosen_irreps(chosen_group(group, generators), [a, b], real, scheme)
    return product_report(first, second, scheme or "mulliken")


@reporting
def couple(
    group: AnyGroup,
    a: LabelA,
    b: LabelB,
    c: LabelC,
    generators: Generators = None,
    real: Real = None,
    scheme: SchemeOfInput = None,
) -> Report:
    """Coupling coefficients: the functions of C among the products of those of A and B."""
    from .chosen_groups import chosen_group, chosen_irreps
    from .product_reports import coupling_report

    first, second, coupled = chosen_irreps(chosen_group(group, generators), [a, b, c], real, scheme)
    return coupling_report(first, second, coupled, scheme or "mulliken")


@reporting
def three_jm(
    group: AnyGroup, a: LabelA, b: LabelB, c: LabelC, generators: Generators = None, real: Real = None
) -> Report:
    """3jm symbols: the invariants of a product of three irreps, and their signs under permutations."""
    from .chosen_groups import chosen_group, chosen_irreps
    from .three_jm_reports import three_jm_report

    return three_jm_report(*chosen_irreps(chosen_group(group, generators), [a, b, c], real))


@reporting
def subduce(
    group: AnyGroup,
    degree: Annotated[str, typer.Argument(help="ℓ, with + or - behind it for a parity other than (-1)^ℓ: 3, 2+, 1+.")],
    even: Annotated[
        bool | None, typer.Option("--even/--odd", help="Parity of the functions; (-1)^ℓ by default.")
    ] = None,
    jz: Annotated[
        bool, typer.Option("--jz", help="Functions in states |ℓ,m⟩ of J_z, complex harmonics of Condon and Shortley.")
    ] = False,
    generators: Generators = None,
    scheme: Scheme = "mulliken",
) -> Report:
    """How a level of angular momentum ℓ splits in a group."""
    from .chosen_groups import chosen_group, of_rotations
    from .reports import subduction_report

    match = re.fullmatch(r"(\d+)([+-]?)", degree.replace("−", "-"))
    if match is None:
        refuse(f"{degree!r} is not a degree ℓ; write a number such as 3, or 2+ and 2- to name the parity")
    number, sign = int(match[1]), match[2]
    if sign and even is not None and even != (sign == "+"):
        refuse(f"{degree} and --{'even' if even else 'odd'} contradict each other; give one of them")
    parity = (-1) ** number if not sign and even is None else 1 if sign == "+" or even else -1
    return subduction_report(of_rotations(chosen_group(group, generators)), number, parity, scheme, jz)
