"""Blocks n Γ of a feature space, and how a person writes them down.

"16x A1g + 8x T1u"    {"A1g": 16, "T1u": 8}    [(16, "A1g"), (8, "T1u")]    "16x0e+8x1o"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from equinet.groups import Group, Irrep, NumberedGroup
from pointgroups import UnknownIrrepError

_TERM = re.compile(r"\s*(?:(\d+)\s*[x×]\s*)?(\S+)\s*")


class Block(NamedTuple):
    """n copies of one irrep: the summand n Γ of a feature space.

    >>> from pointgroups import point_group
    >>> block = next(blocks_of(point_group("Oh"), "8x T1u"))
    >>> block.multiplicity, block.label, block.dim
    (8, 'T1u', 24)
    """

    multiplicity: int
    irrep: Irrep

    @property
    def label(self) -> str:
        return self.irrep.label

    @property
    def dim(self) -> int:
        return self.multiplicity * self.irrep.dim


def irrep_named(group: Group, label: str) -> Irrep:
    """The irrep over ℝ with this label; primes may be typed ' or ′.

    Raises:
        UnknownIrrepError: if the group has none.

    >>> from pointgroups import point_group
    >>> irrep_named(point_group("D3h"), "E″")
    <Irrep E'' of D3h over R, dim 2>
    """
    plain = label.replace("″", "''").replace("′", "'").replace('"', "''")
    name = plain.lstrip("0123456789")
    if plain not in group.real_irreps and name in group.real_irreps:
        count = plain.removesuffix(name)
        hint = f"; over the complex numbers {label!r} is one half of it" if _is_half(group, plain) else ""
        raise UnknownIrrepError(
            f"{label!r} is no irrep over the real numbers: write '{count}x {name}' for copies of {name}{hint}"
        )
    return group.real_irreps[plain]


def _is_half(group: Group, label: str) -> bool:
    return isinstance(group, NumberedGroup) and label in group.irreps


def blocks_of(group: Group, spec: str | Mapping[str, int] | Iterable[tuple[int, str | Irrep]]) -> Iterator[Block]:
    """The blocks that text, a mapping label → multiplicity, or pairs (multiplicity, label) name; empty ones left out.

    Raises:
        UnknownIrrepError: for a label that is no irrep of the group over ℝ.
        ValueError: for text that cannot be read, or a multiplicity that is no integer ≥ 0.

    >>> from pointgroups import point_group
    >>> [block.label for block in blocks_of(point_group("Oh"), "16x A1g + 0x Eg + T1u")]
    ['A1g', 'T1u']
    """
    pairs: Iterable[tuple[int, str | Irrep]]
    if isinstance(spec, str):
        pairs = _parsed(spec)
    elif isinstance(spec, Mapping):
        pairs = [(multiplicity, label) for label, multiplicity in spec.items()]
    else:
        pairs = spec
    for multiplicity, irrep in pairs:
        if isinstance(multiplicity, bool) or not isinstance(multiplicity, int | np.integer) or multiplicity < 0:
            raise ValueError(
                f"a multiplicity is an integer ≥ 0, not {multiplicity!r} (of {irrep}); pairs are (mul, label)"
            )
        if isinstance(irrep, Irrep) and group.real_irreps.get(irrep.label) is not irrep:
            raise ValueError(f"{irrep.label} of {irrep.group.name} is no irrep of {group.name} over the real numbers")
        if multiplicity:
            yield Block(int(multiplicity), irrep if isinstance(irrep, Irrep) else irrep_named(group, irrep))


def _parsed(text: str) -> list[tuple[int, str | Irrep]]:
    pairs: list[tuple[int, str | Irrep]] = []
    for term in text.split("+") if text.strip() else ():
        match = _TERM.fullmatch(term)
        if match is None:
            raise ValueError(f"cannot read {term.strip()!r} in irreps {text!r}; write e.g. '16x A1g + 8x T1u'")
        pairs.append((int(match[1]) if match[1] else 1, match[2]))
    return pairs
