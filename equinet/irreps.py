r"""Direct sums of real irreps, the type of every feature in the package.

A feature space of a finite group G is

    V = ⊕_b  n_b Γ^{α_b} ,      D(g) = ⊕_b  1_{n_b} ⊗ Γ^{α_b}(g) ,

with Γ^α the irreps over ℝ. A feature is an array (…, Σ_b n_b d_b): blocks one after another, multiplicity outside,
component inside. :class:`Irreps` names V; it holds no numbers of its own, only those of ``pointgroups``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from pointgroups import Irrep, PointGroup, UnknownIrrepError, point_group

_TERM = re.compile(r"\s*(?:(\d+)\s*[x×]\s*)?(\S+)\s*")


class Block(NamedTuple):
    """n copies of one irrep: the summand n Γ of a feature space."""

    multiplicity: int
    irrep: Irrep

    @property
    def label(self) -> str:
        return self.irrep.label

    @property
    def dim(self) -> int:
        return self.multiplicity * self.irrep.dim


class Irreps:
    """The direct sum ⊕_b n_b Γ^{α_b} of irreps over ℝ of one point group.

    Args:
        group: a :class:`~pointgroups.PointGroup` or any name :func:`~pointgroups.point_group` knows.
        spec: text such as ``"16x A1g + 8x T1u"`` (``+`` between the blocks, no number for a single copy), a mapping
            label → multiplicity, or an iterable of pairs (multiplicity, label). Blocks of multiplicity 0 are dropped.

    Raises:
        UnknownIrrepError: for a label that is no irrep of the group over ℝ.
        ValueError: for text that cannot be read, or a multiplicity that is no integer ≥ 0.

    Values are immutable; equal groups and equal blocks make equal values.

    >>> Irreps("Oh", "16x A1g + 8x T1u").dim
    40
    """

    group: PointGroup
    blocks: tuple[Block, ...]

    def __init__(
        self,
        group: PointGroup | str | int,
        spec: str | Mapping[str, int] | Iterable[tuple[int, str | Irrep]] = "",
    ) -> None:
        resolved = _point_group(group)
        object.__setattr__(self, "group", resolved)
        object.__setattr__(self, "blocks", tuple(_blocks(resolved, spec)))

    # -- named sums ---------------------------------------------------------------------------------------------

    @classmethod
    def regular(cls, group: PointGroup | str | int, channels: int = 1) -> Irreps:
        """n copies of the regular representation: ⊕_α n d_α / dim End(Γ^α) copies of Γ^α, of dimension n |G|.

        A real-type irrep occurs d_α times, a complex-type one (commutant ℂ, d_α = 2) once.

        >>> str(Irreps.regular("C3v"))
        '1x A1 + 1x A2 + 2x E'
        """
        irreps = _point_group(group).real_irreps.values()
        return cls(group, [(channels * (a.dim // len(a.commutant)), a) for a in irreps])

    @classmethod
    def trivial(cls, group: PointGroup | str | int, channels: int = 1) -> Irreps:
        """n copies of the trivial irrep, the space of n invariants.

        >>> str(Irreps.trivial("Oh", 3))
        '3x A1g'
        """
        return cls(group, [(channels, trivial_irrep(_point_group(group)))])

    # -- structure ----------------------------------------------------------------------------------------------

    @cached_property
    def dim(self) -> int:
        """Σ_b n_b d_b, the length of a feature's last axis."""
        return sum(block.dim for block in self.blocks)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The distinct labels that occur, in the order of the group's table."""
        present = {block.label for block in self.blocks}
        return tuple(label for label in self.group.real_irreps if label in present)

    def slices(self) -> tuple[slice, ...]:
        """Where each block lies along a feature's last axis.

        >>> Irreps("Oh", "2x A1g + T1u").slices()
        (slice(0, 2, None), slice(2, 5, None))
        """
        ends = np.cumsum([block.dim for block in self.blocks], dtype=int).tolist()
        return tuple(slice(end - block.dim, end) for end, block in zip(ends, self.blocks, strict=True))

    def count(self, label: str) -> int:
        """The multiplicity of an irrep in the whole sum; 0 for an irrep of the group that does not occur."""
        irrep = _irrep(self.group, label)
        return sum(block.multiplicity for block in self.blocks if block.irrep is irrep)

    @property
    def matrices(self) -> NDArray[np.float64]:
        """D(g) for every element, (|G|, dim, dim) float64: block diagonal, n_b times Γ^{α_b}(g) in block b.

        >>> Irreps("Oh", "2x A1g + T1u").matrices.shape
        (48, 5, 5)
        """
        result = np.zeros((self.group.order, self.dim, self.dim))
        for block, where in zip(self.blocks, self.slices(), strict=True):
            copies = np.einsum("uv,gij->guivj", np.eye(block.multiplicity), block.irrep.matrices.real)
            result[:, where, where] = copies.reshape(self.group.order, block.dim, block.dim)
        result.flags.writeable = False
        return result

    # -- algebra ------------------------------------------------------------------------------------------------

    def simplify(self) -> Irreps:
        """Neighbouring blocks of one irrep written as one block: another name for the same feature layout.

        >>> str(Irreps("Oh", "A1g + 2x A1g + T1u").simplify())
        '3x A1g + 1x T1u'
        """
        merged: list[tuple[int, Irrep]] = []
        for block in self.blocks:
            if merged and merged[-1][1] is block.irrep:
                merged[-1] = (merged[-1][0] + block.multiplicity, block.irrep)
            else:
                merged.append((block.multiplicity, block.irrep))
        return Irreps(self.group, merged)

    def sort(self) -> Irreps:
        """The same sum, its blocks in the order of the group's table (a permutation of the features)."""
        order = {label: position for position, label in enumerate(self.group.real_irreps)}
        ordered: list[Block] = sorted(self.blocks, key=lambda block: order[block.label])
        return Irreps(self.group, ordered)

    def filter(self, labels: Iterable[str]) -> Irreps:
        """The blocks whose label is among ``labels``, in their order.

        >>> str(Irreps("Oh", "2x A1g + T1u + Eg").filter(["T1u", "Eg"]))
        '1x T1u + 1x Eg'
        """
        wanted = {_irrep(self.group, label).label for label in labels}
        return Irreps(self.group, [block for block in self.blocks if block.label in wanted])

    def tensor_product(self, other: Irreps) -> Irreps:
        """V ⊗ W = ⊕_γ (Σ_{αβ} n_α n_β c_{αβγ}) Γ^γ, irreps in table order.

        >>> str(Irreps("Oh", "T1u").tensor_product(Irreps("Oh", "T1u")))
        '1x A1g + 1x Eg + 1x T1g + 1x T2g'
        """
        common_group(self, other)
        total: dict[str, int] = dict.fromkeys(self.group.real_irreps, 0)
        irreps = self.group.real_irreps
        for a, b in product(self.labels, other.labels):
            for label, copies in self.group.tensor_product(irreps[a], irreps[b]).items():
                total[label] += self.count(a) * other.count(b) * copies
        return Irreps(self.group, total)

    def __add__(self, other: Irreps) -> Irreps:
        """V ⊕ W: the blocks of the one, then those of the other."""
        if not isinstance(other, Irreps):
            return NotImplemented
        common_group(self, other)
        return Irreps(self.group, (*self.blocks, *other.blocks))

    def __mul__(self, copies: int) -> Irreps:
        """n V: every multiplicity times n."""
        if not isinstance(copies, int):
            return NotImplemented
        return Irreps(self.group, [(copies * block.multiplicity, block.irrep) for block in self.blocks])

    __rmul__ = __mul__

    # -- a value ------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Irreps):
            return NotImplemented
        return self.group is other.group and self.blocks == other.blocks

    def __hash__(self) -> int:
        return hash((self.group, self.blocks))

    def __str__(self) -> str:
        return " + ".join(f"{block.multiplicity}x {block.label}" for block in self.blocks)

    def __repr__(self) -> str:
        return f"Irreps({self.group.name!r}, {str(self)!r})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Irreps is immutable; build a new value instead of setting {name!r}")

    def __copy__(self) -> Irreps:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Irreps:
        return self

    def __reduce__(self) -> tuple[type[Irreps], tuple[PointGroup, str]]:
        return Irreps, (self.group, str(self))


def trivial_irrep(group: PointGroup) -> Irrep:
    """The irrep Γ(g) = 1 of all invariants (A, A1, A′, Ag, A1g … by group)."""
    return next(a for a in group.real_irreps.values() if a.dim == 1 and (a.characters.real > 0).all())


def common_group(first: Irreps, *others: Irreps) -> PointGroup:
    """The one group all these irreps belong to; ValueError where they do not."""
    for other in others:
        if other.group is not first.group:
            raise ValueError(
                f"irreps of different groups do not combine: {first!r} and {other!r}; name one group for all"
            )
    return first.group


def _point_group(group: PointGroup | str | int) -> PointGroup:
    return group if isinstance(group, PointGroup) else point_group(group)


def _irrep(group: PointGroup, label: str) -> Irrep:
    """The irrep over ℝ with this label; primes may be typed ' or ′."""
    plain = label.replace("″", "''").replace("′", "'").replace('"', "''")
    name = plain.lstrip("0123456789")
    if plain not in group.real_irreps and name in group.real_irreps:
        count = plain.removesuffix(name)
        hint = f"; over the complex numbers {label!r} is one half of it" if plain in group.irreps else ""
        raise UnknownIrrepError(
            f"{label!r} is no irrep over the real numbers: write '{count}x {name}' for copies of {name}{hint}"
        )
    return group.real_irreps[plain]


def _blocks(group: PointGroup, spec: str | Mapping[str, int] | Iterable[tuple[int, str | Irrep]]) -> Iterator[Block]:
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
            yield Block(int(multiplicity), irrep if isinstance(irrep, Irrep) else _irrep(group, irrep))


def _parsed(text: str) -> list[tuple[int, str | Irrep]]:
    pairs: list[tuple[int, str | Irrep]] = []
    for term in text.split("+") if text.strip() else ():
        match = _TERM.fullmatch(term)
        if match is None:
            raise ValueError(f"cannot read {term.strip()!r} in irreps {text!r}; write e.g. '16x A1g + 8x T1u'")
        pairs.append((int(match[1]) if match[1] else 1, match[2]))
    return pairs
