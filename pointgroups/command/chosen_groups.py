"""What a person means by the group and the irreps that they type: exact groups first, then spinors and molecules."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pointgroups.double.group import DoubleGroup
from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.group import FiniteGroup, finite_group
from pointgroups.irreps import Irrep
from pointgroups.labelling.gamma_symbols import read_gamma
from pointgroups.labelling.lookup import irrep_of
from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import UnknownGroupError

from .notation import typed_label
from .printing import ONE_GROUP

_MOLECULAR = re.compile(r"[CDS]_?\d+[hvdi]?|I_?h?|[CD](?:∞|inf)[hv]", re.IGNORECASE)
_SPINOR = re.compile(r"[12]?[AEF]\d+/2[gu]?")


def any_group(name: str) -> PointGroup | FiniteGroup:
    """One of the 32 groups in any setting, or a molecular point group: Oh, -4m2, D5h, Ih.

    Raises:
        UnknownGroupError: neither.

    >>> any_group("D5h"), any_group("-43m")
    (<FiniteGroup D5h, order 20>, <PointGroup Td (-43m), order 24>)
    """
    try:
        return point_group(name)
    except UnknownGroupError:
        if not _MOLECULAR.fullmatch(name.strip()):
            raise
    return molecular_point_group(name)


def crystallographic_group(name: str, what: str) -> PointGroup:
    """One of the 32 groups in any setting, for what is there for no other group.

    Raises:
        UnknownGroupError: no such name.
        ValueError: a molecular point group.

    >>> crystallographic_group("-43m", "double groups")
    <PointGroup Td (-43m), order 24>
    """
    G = any_group(name)
    if isinstance(G, FiniteGroup):
        raise ValueError(
            f"{what} are there for the crystallographic groups, which pointgroups list shows, not for {name}"
        )
    return G


def chosen_group(name: str | None, generators: Path | None = None) -> PointGroup | FiniteGroup:
    """The group of a name, or the one that the generators in a file make; what a command on any group is asked of.

    Raises:
        ValueError: both or none of them, or the file does not hold generators.
        UnknownGroupError: no such name.

    >>> chosen_group("D5h")
    <FiniteGroup D5h, order 20>
    """
    if (name is None) == (generators is None):
        raise ValueError(ONE_GROUP)
    return any_group(name) if name is not None else group_of_file(generators)  # type: ignore[arg-type]


def of_rotations(G: PointGroup | FiniteGroup) -> PointGroup | FiniteGroup:
    """The same group, for questions on functions of x, y, z.

    Raises:
        ValueError: a group of permutations, or of matrices that are not 3×3.
    """
    if isinstance(G, FiniteGroup) and G.frame is None:
        raise ValueError(f"this asks how x, y, z transform, so generators must be 3×3 matrices; {G.name} has others")
    return G


def group_of_file(file: Path) -> FiniteGroup:
    """The group that the generators in a JSON file make: matrices, or permutations of 0 … n−1.

    Raises:
        ValueError: the file is missing or holds something else; the message says what.
    """
    try:
        generators = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file} cannot be read as JSON generators: {error}") from error
    try:
        array = np.asarray(generators)
    except ValueError as error:
        raise ValueError(
            f"{file} has lists of unequal lengths; its matrices or permutations must all be alike"
        ) from error
    return finite_group(array)


def chosen_irreps(
    G: PointGroup | FiniteGroup, labels: list[str], real: bool | None = None, scheme: str | None = None
) -> list[Irrep]:
    """The irreps of these labels, all over one field; with a spinor label among them, all of the double group.

    Without a scheme a Γ symbol is read where it is unambiguous. With ``real`` None the irreps are those over ℂ, unless
    a label exists over ℝ only.

    Raises:
        UnknownIrrepError: no such label.
        ValueError: spinors over ℝ, or an ambiguous Γ symbol.
    """
    if isinstance(G, FiniteGroup):
        return _of_one_field(G, [_finite_label(G, label) for label in labels], real)
    typed = [label if read_gamma(label) else typed_label(label) for label in labels]
    if any(_is_spinor(G, label) for label in typed):
        return _double_irreps(G.double, typed, real, scheme)
    wanted = [G.irrep(label, scheme).label if scheme or read_gamma(label) else label for label in typed]
    return _of_one_field(G, wanted, real)


def _of_one_field(G: PointGroup | FiniteGroup, labels: list[str], real: bool | None) -> list[Irrep]:
    if real is None:
        real = not all(label in G.irreps for label in labels) and all(label in G.real_irreps for label in labels)
    table: Mapping[str, Irrep] = G.real_irreps if real else G.irreps
    return [table[label] for label in labels]


def _finite_label(G: FiniteGroup, label: str) -> str:
    """As typed; of a group whose labels are Γ1, Γ2, … also G4, Gamma4 or GM4 for Γ4."""
    symbols = read_gamma(label) if G.frame is None else ()
    return "".join(f"Γ{s.number}" for s in symbols) or typed_label(label)


def _is_spinor(G: PointGroup, label: str) -> bool:
    """E1/2g, or a Γ symbol with a bar or with a number beyond those of the group's own irreps."""
    single = len(G.irreps) // (2 if G.has_inversion else 1)
    return bool(_SPINOR.fullmatch(label)) or any(s.barred or s.number > single for s in read_gamma(label))


def _double_irreps(D: DoubleGroup, labels: list[str], real: bool | None, scheme: str | None) -> list[Irrep]:
    if real:
        raise ValueError("spinor irreps are given over the complex numbers; leave out --real")
    return [irrep_of(D, label, scheme) if scheme or read_gamma(label) else D.irreps[label] for label in labels]
