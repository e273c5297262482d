r"""Direct sums of real irreps, the type of every feature in the package.

A feature space of a group G is

    V = ⊕_b  n_b Γ^{α_b} ,      D(g) = ⊕_b  1_{n_b} ⊗ Γ^{α_b}(g) ,

with Γ^α the irreps over ℝ. A feature is an array (…, Σ_b n_b d_b): blocks one after another, multiplicity outside,
component inside. :class:`Irreps` names V; it holds no numbers of its own, only those of the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise, product
from typing import Any, NoReturn, overload

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from equinet.blocks import Block, blocks_of, irrep_named
from equinet.groups import (
    Group,
    Irrep,
    NumberedGroup,
    OrthogonalGroup,
    OrthogonalIrrep,
    as_group,
    as_numbered_group,
    common_group,
    tensor_product,
    trivial_irrep,
)


class Irreps:
    """The direct sum ⊕_b n_b Γ^{α_b} of irreps over ℝ of one group.

    Args:
        group: a :class:`~pointgroups.PointGroup`, any name :func:`~pointgroups.point_group` knows, any other finite
            group (:func:`~pointgroups.molecular_point_group`, :func:`~pointgroups.finite_group`), or O(3) or SO(3)
            up to a degree (:func:`~equinet.O3`, :func:`~equinet.SO3`).
        spec: text such as ``"16x A1g + 8x T1u"`` (``+`` between the blocks, no number for a single copy), a mapping
            label → multiplicity, or an iterable of pairs (multiplicity, label). Blocks of multiplicity 0 are dropped.
            The labels of O(3) are e3nn's, whose text reads as it is: ``"16x0e+8x1o"``.

    Raises:
        UnknownIrrepError: for a label that is no irrep of the group over ℝ.
        ValueError: for text that cannot be read, or a multiplicity that is no integer ≥ 0.

    Values are immutable; equal groups and equal blocks make equal values. ``len``, iteration and indices count blocks;
    a slice is a sum again; ``in`` asks for a label.

    >>> hidden = Irreps("Oh", "16x A1g + 8x T1u + 4x Eg")
    >>> hidden.dim, len(hidden), hidden[0].label, "Eg" in hidden
    (48, 3, 'A1g', True)
    >>> hidden[1:]
    Irreps('Oh', '8x T1u + 4x Eg')
    """

    group: Group
    blocks: tuple[Block, ...]
    dim: int
    labels: tuple[str, ...]
    _slices: tuple[slice, ...]

    def __init__(
        self,
        group: Group | str | int,
        spec: str | Mapping[str, int] | Iterable[tuple[int, str | Irrep]] = "",
    ) -> None:
        resolved = as_group(group)
        blocks = tuple(blocks_of(resolved, spec))
        present = {block.label for block in blocks}
        ends = list(accumulate((block.dim for block in blocks), initial=0))
        # Plain attributes, not properties computed at first use: torch.compile reads them in a layer's forward.
        self.__dict__.update(
            group=resolved,
            blocks=blocks,
            dim=ends[-1],
            labels=tuple(label for label in resolved.real_irreps if label in present),
            _slices=tuple(slice(start, end) for start, end in pairwise(ends)),
        )

    # -- named sums ---------------------------------------------------------------------------------------------

    @classmethod
    def regular(cls, group: Group | str | int, channels: int = 1) -> Irreps:
        """n copies of the regular representation: ⊕_α n d_α / dim End(Γ^α) copies of Γ^α, of dimension n |G|.

        A real-type irrep occurs d_α times, a complex-type one (commutant ℂ, d_α = 2) once.

        Raises:
            ValueError: for O(3) and SO(3), whose regular representation is infinite.

        >>> str(Irreps.regular("C3v"))
        '1x A1 + 1x A2 + 2x E'
        """
        finite = as_numbered_group(group, "a regular representation")
        return cls(finite, [(channels * (a.dim // len(a.commutant)), a) for a in finite.real_irreps.values()])

    @classmethod
    def trivial(cls, group: Group | str | int, channels: int = 1) -> Irreps:
        """n copies of the trivial irrep, the space of n invariants.

        >>> str(Irreps.trivial("Oh", 3))
        '3x A1g'
        """
        return cls(group, [(channels, trivial_irrep(as_group(group)))])

    # -- structure ----------------------------------------------------------------------------------------------

    def slices(self) -> tuple[slice, ...]:
        """Where each block lies along a feature's last axis.

        >>> Irreps("Oh", "2x A1g + T1u").slices()
        (slice(0, 2, None), slice(2, 5, None))
        """
        return self._slices

    def count(self, label: str) -> int:
        """The multiplicity of an irrep in the whole sum; 0 for an irrep of the group that does not occur."""
        irrep = irrep_named(self.group, label)
        return sum(block.multiplicity for block in self.blocks if block.irrep is irrep)

    @property
    def matrices(self) -> NDArray[np.float64]:
        """D(g) for every element of a point group, (|G|, dim, dim) float64: block diagonal, n_b times Γ^{α_b}(g).

        Raises:
            ValueError: for O(3) and SO(3), whose elements have no list; :meth:`matrix` takes one.

        >>> Irreps("Oh", "2x A1g + T1u").matrices.shape
        (48, 5, 5)
        """
        group = as_numbered_group(self.group, "a list of the matrices of all elements (Irreps.matrix takes a rotation)")
        return self._block_diagonal(
            [block.irrep.matrices.real for block in self.blocks if not isinstance(block.irrep, OrthogonalIrrep)],
            (group.order,),
        )

    def matrix(self, rotation: ArrayLike) -> NDArray[np.float64]:
        """D(R) (…, dim, dim) float64 for orthogonal matrices R (…, 3, 3), where the group is O(3) or SO(3).

        Raises:
            ValueError: for a point group, whose elements have numbers (:attr:`matrices`), and what
                :meth:`~equinet.groups.OrthogonalIrrep.matrix` refuses.

        >>> from equinet import O3
        >>> Irreps(O3(1), "0e + 1e").matrix(np.diag([1.0, 1.0, -1.0])).diagonal().round(12).tolist()
        [1.0, -1.0, 1.0, -1.0]
        """
        if isinstance(self.group, NumberedGroup):
            raise ValueError(
                f"the elements of {self.group.name} are numbered: take Irreps.matrices[g], g = 0 … |G| − 1"
            )
        turns = np.asarray(rotation, dtype=np.float64)
        return self._block_diagonal(
            [block.irrep.matrix(turns) for block in self.blocks if isinstance(block.irrep, OrthogonalIrrep)],
            turns.shape[:-2],
        )

    def _block_diagonal(self, parts: list[NDArray[np.float64]], leading: tuple[int, ...]) -> NDArray[np.float64]:
        """(…, dim, dim) from one matrix (…, d_b, d_b) a block, repeated n_b times."""
        result = np.zeros((*leading, self.dim, self.dim))
        for block, where, part in zip(self.blocks, self.slices(), parts, strict=True):
            copies = np.einsum("uv,...ij->...uivj", np.eye(block.multiplicity), part)
            result[..., where, where] = copies.reshape(*leading, block.dim, block.dim)
        result.flags.writeable = False
        return result

    def randn(
        self,
        *leading: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> Tensor:
        """Normal random features (…, dim), of a distribution that the group leaves as it is.

        >>> Irreps("Oh", "16x A1g + 8x T1u").randn(7, 2).shape
        torch.Size([7, 2, 40])
        """
        return torch.randn(*leading, self.dim, generator=generator, dtype=dtype, device=device)

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

    def regroup(self) -> Irreps:
        """Sorted, with one block for each irrep: the same for all spellings and orders of one sum.

        >>> str(Irreps("Oh", "T1u + A1g + 2x T1u").regroup())
        '1x A1g + 3x T1u'
        """
        return self.sort().simplify()

    def filter(self, keep: str | Iterable[str] | None = None, *, drop: str | Iterable[str] = ()) -> Irreps:
        """The blocks whose label is in ``keep`` (all by default) and not in ``drop``, in their order.

        >>> irreps = Irreps("Oh", "2x A1g + T1u + Eg")
        >>> str(irreps.filter(["T1u", "Eg"])), str(irreps.filter(drop="A1g"))
        ('1x T1u + 1x Eg', '1x T1u + 1x Eg')
        """
        kept = set(self.group.real_irreps) if keep is None else self._labelled(keep)
        return Irreps(self.group, [block for block in self.blocks if block.label in kept - self._labelled(drop)])

    def _labelled(self, labels: str | Iterable[str]) -> set[str]:
        names = [labels] if isinstance(labels, str) else labels
        return {irrep_named(self.group, label).label for label in names}

    def tensor_product(self, other: Irreps) -> Irreps:
        """V ⊗ W = ⊕_γ (Σ_{αβ} n_α n_β c_{αβγ}) Γ^γ, irreps in table order.

        >>> str(Irreps("Oh", "T1u").tensor_product(Irreps("Oh", "T1u")))
        '1x A1g + 1x Eg + 1x T1g + 1x T2g'
        """
        common_group(self, other)
        total: dict[str, int] = dict.fromkeys(self.group.real_irreps, 0)
        irreps = self.group.real_irreps
        for a, b in product(self.labels, other.labels):
            for label, copies in tensor_product(irreps[a], irreps[b]).items():
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

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> Irreps: ...
    def __getitem__(self, index: int | slice) -> Block | Irreps:
        return Irreps(self.group, self.blocks[index]) if isinstance(index, slice) else self.blocks[index]

    def __contains__(self, item: str | Irrep | Block) -> bool:
        """Whether an irrep, or exactly this block, occurs; UnknownIrrepError for a label the group does not have."""
        if isinstance(item, Block):
            return item in self.blocks
        irrep = irrep_named(self.group, item) if isinstance(item, str) else item
        return any(block.irrep is irrep for block in self.blocks)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Irreps):
            return NotImplemented
        return self.group is other.group and self.blocks == other.blocks

    def __hash__(self) -> int:
        return hash((self.group, self.blocks))

    def __str__(self) -> str:
        return " + ".join(f"{block.multiplicity}x {block.label}" for block in self.blocks)

    def __repr__(self) -> str:
        group = repr(self.group) if isinstance(self.group, OrthogonalGroup) else repr(self.group.name)
        return f"Irreps({group}, {str(self)!r})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Irreps is immutable; build a new value instead of setting {name!r}")

    def __copy__(self) -> Irreps:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Irreps:
        return self

    def __reduce__(self) -> tuple[type[Irreps], tuple[Group, str]]:
        return Irreps, (self.group, str(self))
