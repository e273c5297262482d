"""From a label in any scheme to the irrep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pointgroups.irreps import Irrep, UnknownIrrepError

from .gamma_symbols import read_gamma
from .schemes import checked_scheme, named_irreps

if TYPE_CHECKING:
    from pointgroups.double.group import DoubleGroup
    from pointgroups.point_group import PointGroup


def irrep_of(group: PointGroup | DoubleGroup, label: str, scheme: str | None = None) -> Irrep:
    """The irrep that a label means. Γ symbols are read in any spelling: "GM4-", "Γ4−", "Γ₄⁻", "G_4^-".

    Without a scheme the label is Mulliken's; a bare Γ symbol is taken where Bilbao and Koster agree on it, and one with
    a bar ("-GM6", "Γ̄6") is Bilbao's.

    Args:
        group: a point group, whose irreps over ℂ are searched before those over ℝ, or a double group.
        label: in the scheme.
        scheme: "mulliken", "bilbao", "koster" or "altmann-herzig"; or None.

    Raises:
        ValueError: no such scheme, or a bare Γ symbol that means two irreps; the message says which.
        UnknownIrrepError: no irrep has this label.

    >>> from pointgroups import point_group
    >>> Td = point_group("Td")
    >>> irrep_of(Td, "GM4", "bilbao").label, irrep_of(Td, "Γ4", "koster").label, irrep_of(Td, "Γ3").label
    ('T2', 'T1', 'E')
    """
    if not isinstance(label, str):
        raise UnknownIrrepError(f"the label of an irrep is a text, such as {next(iter(group.irreps))!r}, not {label!r}")
    if scheme is None:
        return _bare(group, label) if read_gamma(label) else _mulliken(group, label)
    checked_scheme(scheme)
    if scheme == "mulliken":
        return _mulliken(group, label)
    found = _search(group, label, scheme)
    if found is None:
        known = ", ".join(f"{text} ({irrep.label})" for text, irrep in named_irreps(group.irreps.values(), scheme))
        raise UnknownIrrepError(f"{label!r} is no label of {group.name} in the scheme {scheme!r}; these are {known}")
    return found


def _mulliken(group: PointGroup | DoubleGroup, label: str) -> Irrep:
    over_reals = _over_reals(group)
    if label not in group.irreps and label in over_reals:
        return over_reals[label]
    return group.irreps[label]


def _over_reals(group: PointGroup | DoubleGroup) -> Mapping[str, Irrep]:
    """The irreps over ℝ of a point group; none for a double group."""
    found: Mapping[str, Irrep] = getattr(group, "real_irreps", {})
    return found


def _search(group: PointGroup | DoubleGroup, label: str, scheme: str) -> Irrep | None:
    irreps: list[Irrep] = [*group.irreps.values(), *_over_reals(group).values()]
    wanted = label if scheme == "altmann-herzig" else read_gamma(label)
    for text, irrep in named_irreps(irreps, scheme):
        if wanted == (text if scheme == "altmann-herzig" else read_gamma(text)):
            return irrep
    return None


def _bare(group: PointGroup | DoubleGroup, label: str) -> Irrep:
    if all(symbol.barred for symbol in read_gamma(label)):
        return irrep_of(group, label, "bilbao")
    meanings = {scheme: _search(group, label, scheme) for scheme in ("bilbao", "koster")}
    found = set(meanings.values())
    if len(found) == 1 and None not in found:
        return next(irrep for irrep in meanings.values() if irrep is not None)
    if found == {None}:
        if any(not symbol.parity for symbol in read_gamma(label)) and _search(group, f"{label}+", "bilbao"):
            raise ValueError(f"{label!r} is ambiguous in {group.name}: write its parity, {label}+ or {label}-")
        raise UnknownIrrepError(f"{label!r} is no label of {group.name}, neither Bilbao's nor Koster's")
    said = " and ".join(
        f"{irrep.label} in the scheme {scheme!r}" if irrep else f"nothing in the scheme {scheme!r}"
        for scheme, irrep in meanings.items()
    )
    raise ValueError(f"{label!r} is ambiguous in {group.name}: it is {said}; name the scheme")
