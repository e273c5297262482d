r"""Molecular point groups by their Schoenflies symbols: axial groups of any order, and the icosahedral ones.

Axes. Axial groups: main axis z; C2′ of D_n, D_nh, D_nd along x; σv of C_nv contains x (is the plane xz). Icosahedral:
two-fold axes along x, y and z, a three-fold axis along [111], five-fold axes along (0, 1, φ), (1, φ, 0), (φ, 0, 1) and
their images, φ = (1 + √5)/2, so that T and Th in their standard setting are subgroups.
"""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pointgroups.point_group import PointGroup, point_group
from pointgroups.settings import GROUP_NAMES, UnknownGroupError, setting_of

from .group import FiniteGroup, finite_group
from .icosahedral import icosahedral_group

FloatArray = NDArray[np.float64]

MAX_ORDER = 1000
_IGNORED = str.maketrans("", "", "_{}$")
_LETTERS = ("C", "D", "S", "T", "O", "V")  # of Schoenflies symbols; m-3m and the like start otherwise
_AXIAL = re.compile(r"([CDS])(\d+)([hvdi]?)")
_ELEMENTS = {"C": 1, "Cv": 2, "Ch": 2, "D": 2, "Dh": 4, "Dd": 4, "S": 1}  # |G| / n


def molecular_point_group(name: str) -> PointGroup | FiniteGroup:
    r"""The point group with this Schoenflies symbol: "D5h", "C7v", "S10", "D4d", "I", "Ih", any n with |G| ≤ 1000.

    A crystallographic name gives :func:`~pointgroups.point_group`'s group, which is exact; the others are
    each a :class:`FiniteGroup` with Mulliken labels, in floating point, I and Ih with exact matrices besides. The same
    object at every call.

    Raises:
        UnknownGroupError: no such symbol; C∞v, D∞h and Kh, which are not finite; an order above 1000.
        TableError: the shipped table of I and Ih is missing or damaged.

    >>> G = molecular_point_group("D5h")
    >>> G.order, list(G.irreps)
    (20, ["A1'", "A2'", "E1'", "E2'", "A1''", "A2''", "E1''", "E2''"])
    >>> molecular_point_group("Oh")
    <PointGroup Oh (m-3m), order 48>
    """
    if not isinstance(name, str):
        raise UnknownGroupError(f"a molecular point group is named by a Schoenflies symbol, not by {name!r}")
    plain = "".join(name.split()).translate(_IGNORED).capitalize()
    if plain in ("I", "Ih"):
        return icosahedral_group(plain)
    if plain in ("C∞v", "D∞h", "Kh", "K", "Cinfv", "Dinfh"):
        raise UnknownGroupError(f"{name!r} is not a finite group; take C_nv or D_nh with a large n in its place")
    symbol = _crystallographic(plain)
    return point_group(symbol) if symbol else _non_crystallographic(_canonical(plain, name))


def _crystallographic(symbol: str) -> str | None:
    """The name of one of the 32 groups that a Schoenflies symbol stands for."""
    try:
        found = setting_of(symbol)
    except UnknownGroupError:
        return None
    return found.schoenflies if symbol[:1] in _LETTERS and found.default else None


def _canonical(symbol: str, given: str) -> str:
    """One name a group: S5 is C5h, C5i is S10."""
    match = _AXIAL.fullmatch(symbol)
    kind, n, suffix = (match[1], int(match[2]), match[3]) if match else ("", 0, "")
    if kind == "S" and not suffix and n % 2 == 1:
        kind, suffix = "C", "h"
    if kind == "C" and suffix == "i" and n % 2 == 1:
        kind, n, suffix = "S", 2 * n, ""
    if n < 1 or kind + suffix not in _ELEMENTS:
        raise UnknownGroupError(
            f"{given!r} is not the Schoenflies symbol of a finite point group; these are C_n, C_nv, C_nh, S_2n, D_n, "
            f"D_nh, D_nd for any n, I, Ih, and {', '.join(GROUP_NAMES)}"
        )
    order = n * _ELEMENTS[kind + suffix]
    if order > MAX_ORDER:
        raise UnknownGroupError(f"{given!r} has order {order}; groups up to order {MAX_ORDER} are made")
    return f"{kind}{n}{suffix}"


@cache
def _non_crystallographic(symbol: str) -> FiniteGroup:
    group = finite_group(_generators(symbol), MAX_ORDER)
    assert group.name == symbol, f"{symbol} was made as {group.name}"
    return group


def _generators(symbol: str) -> FloatArray:
    match = _AXIAL.fullmatch(symbol)
    assert match is not None
    kind, n, suffix = match[1], int(match[2]), match[3]
    half_turn, horizontal = np.diag([1.0, -1.0, -1.0]), np.diag([1.0, 1.0, -1.0])
    if kind == "S":
        return np.array([horizontal @ _about_z(n)])
    if suffix == "d":
        return np.array([horizontal @ _about_z(2 * n), half_turn])
    extra = {"C": [], "Cv": [np.diag([1.0, -1.0, 1.0])], "Ch": [horizontal], "D": [half_turn]}
    extra["Dh"] = [half_turn, horizontal]
    return np.array([_about_z(n), *extra[kind + suffix]])


def _about_z(n: int) -> FloatArray:
    """The rotation by 2π/n about z."""
    cosine, sine = math.cos(2 * math.pi / n), math.sin(2 * math.pi / n)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
