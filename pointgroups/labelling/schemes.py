"""One irrep in four schemes: Mulliken's labels, Bilbao's, Koster's, and those of Altmann and Herzig.

Labels belong to characters in the axes of the setting.

    mulliken         "T1u", "1E", "E1/2g"      the labels of this library
    bilbao           "GM4-", "GM2GM3", "-GM6"  CDML numbers as the Bilbao server prints them; a bar on spinor irreps
    koster           "Γ4-", "Γ2 ⊕ Γ3", "Γ6+"   Koster, Dimmock, Wheeler and Statz; spinor irreps too
    altmann-herzig   "T1u", "1E", "E1/2g"      as Mulliken, with their superscripts of pairs

An irrep over ℝ of complex type carries the symbols of both members. What is not certain is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .altmann_herzig import altmann_herzig_label
from .gamma_numbers import bilbao_numbers, bilbao_spinor_numbers, koster_numbers, koster_spinor_numbers
from .gamma_symbols import GammaSymbol, write_gamma

if TYPE_CHECKING:
    from pointgroups.irreps import Irrep
    from pointgroups.point_group import PointGroup

SCHEMES = ("mulliken", "bilbao", "koster", "altmann-herzig")
"""The names of the schemes."""

_WRITTEN = {"bilbao": ("GM", ""), "koster": ("Γ", " ⊕ ")}
_NUMBERS = {"bilbao": (bilbao_numbers, bilbao_spinor_numbers), "koster": (koster_numbers, koster_spinor_numbers)}


class UnsureLabelError(ValueError):
    """A scheme has no label for an irrep, or none that is certain."""


def scheme_label(irrep: Irrep, scheme: str) -> str:
    """The label of an irrep in a scheme.

    Args:
        irrep: of a point group, over ℂ or over ℝ, or of a double group.
        scheme: "mulliken", "bilbao", "koster" or "altmann-herzig".

    Raises:
        ValueError: no such scheme.
        UnsureLabelError: the scheme has no label for it, or none that is certain; the message says why.

    >>> from pointgroups import point_group
    >>> T1u = point_group("Oh").irreps["T1u"]
    >>> scheme_label(T1u, "bilbao"), scheme_label(T1u, "koster")
    ('GM4-', 'Γ4-')
    >>> scheme_label(point_group("C3").real_irreps["E"], "bilbao")
    'GM2GM3'
    """
    checked_scheme(scheme)
    doubt = _doubt(irrep, scheme)
    if doubt is not None:
        raise UnsureLabelError(
            f"{irrep.label} of {irrep.group.name} has no certain label in the scheme {scheme!r}: {doubt}; "
            f"use its own label"
        )
    return _label(irrep, scheme)


def named_irreps(irreps: Iterable[Irrep], scheme: str) -> list[tuple[str, Irrep]]:
    """(label, irrep) for those that have a certain label in the scheme."""
    return [(_label(irrep, scheme), irrep) for irrep in irreps if _doubt(irrep, scheme) is None]


def all_labels(irrep: Irrep) -> dict[str, str]:
    """Scheme → label, for the schemes that have a certain one.

    >>> from pointgroups import point_group
    >>> all_labels(point_group("Td").irreps["T2"])
    {'mulliken': 'T2', 'bilbao': 'GM4', 'koster': 'Γ5', 'altmann-herzig': 'T2'}
    """
    return {scheme: _label(irrep, scheme) for scheme in SCHEMES if _doubt(irrep, scheme) is None}


def checked_scheme(scheme: str) -> None:
    """ValueError unless there is such a scheme."""
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme!r} is no labelling scheme; the schemes are {', '.join(SCHEMES)}")


def _doubt(irrep: Irrep, scheme: str) -> str | None:
    """Why the scheme has no certain label for the irrep; None when it has one."""
    if scheme == "mulliken":
        return None
    if _setting(irrep) is None:
        return "the tables hold the 32 crystallographic groups in their settings"
    if scheme == "altmann-herzig" and irrep.commuting == 1 and _altmann_herzig(irrep) is None:
        return "which member of its pair it is to Altmann and Herzig is not certain"
    return None


def _label(irrep: Irrep, scheme: str) -> str:
    """The label where there is no doubt."""
    if scheme == "mulliken":
        return irrep.label
    if scheme == "altmann-herzig":
        return _altmann_herzig(irrep) or irrep.label  # a pair over ℝ has no member to name
    letter, joint = _WRITTEN[scheme]
    return write_gamma(_symbols(irrep, scheme), letter, joint)


def _symbols(irrep: Irrep, scheme: str) -> Sequence[GammaSymbol]:
    group = _setting(irrep)
    assert group is not None
    numbers = _NUMBERS[scheme][_is_spinor(irrep)](group)
    members = [f"1{irrep.label}", f"2{irrep.label}"] if irrep.commuting == 2 else [irrep.label]
    return [numbers[member] for member in members]


def _is_spinor(irrep: Irrep) -> bool:
    return bool(getattr(irrep, "spinor", False))


def _altmann_herzig(irrep: Irrep) -> str | None:
    group = _setting(irrep)
    assert group is not None
    return altmann_herzig_label(group.schoenflies, irrep.label, _is_spinor(irrep))


def _setting(irrep: Irrep) -> PointGroup | None:
    """The point group of the irrep, or of its double group; None for a group that is not crystallographic."""
    group: PointGroup | None = getattr(irrep.group, "point_group", irrep.group)
    return group if hasattr(group, "schoenflies") else None
