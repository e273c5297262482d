"""Tensors along the chain GL(3) → O(3) → point group: bases, decomposition, rebuilding.

An orthonormal basis of the tensors with an index symmetry is labelled by Young shape λ, degree ℓ and parity, copy, and
then by the point group's irreps inside degree ℓ: the function r of a symmetry-adapted harmonic basis, f_r = Σ_m C_rm
Y_ℓm, gives the tensor B_r = Σ_m C_rm u_m of every copy u. For a polar tensor of rank n the parity is (−1)^n, with one
more sign for an axial one; where it is not (−1)^ℓ the harmonics carry a factor det(g).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup
from pointgroups.representations import symmetry_adapted_basis
from pointgroups.spherical import wigner_d_real

from .harmonic_tensors import HarmonicPart, harmonic_parts
from .index_permutations import IndexSymmetry, index_symmetry
from .young import Partition

FloatArray = NDArray[np.float64]
_ASYMMETRY = 1e-6


class TensorLabel(NamedTuple):
    """Where a basis tensor stands in the chain; copies and components count from 1.

    Without a point group ``irrep`` is empty and ``component`` is m = −ℓ … ℓ.
    """

    shape: Partition
    degree: int
    parity: int
    copy: int
    irrep: str
    irrep_copy: int
    component: int


class PartLabel(NamedTuple):
    """An irreducible part: a :class:`TensorLabel` less its component."""

    shape: Partition
    degree: int
    parity: int
    copy: int
    irrep: str
    irrep_copy: int


@dataclass(frozen=True, eq=False)
class TensorBasis:
    """Orthonormal basis of the tensors with an index symmetry, sorted along the chain; made by :func:`tensor_basis`.

    Attributes:
        symmetry: the index symmetry, of rank n.
        group: the point group at the end of the chain, None for O(3).
        array: (dim, 3, …, 3) Cartesian tensors, rows orthonormal, read-only.
        labels: one :class:`TensorLabel` a row.

    >>> basis = tensor_basis("ijkl=jikl=klij")
    >>> [(part.shape, part.degree) for part in basis.parts]
    [((4,), 4), ((4,), 2), ((4,), 0), ((2, 2), 2), ((2, 2), 0)]
    """

    symmetry: IndexSymmetry
    group: PointGroup | None
    array: FloatArray
    labels: tuple[TensorLabel, ...]

    @cached_property
    def parts(self) -> dict[PartLabel, slice]:
        """Which rows each irreducible part takes."""
        found: dict[PartLabel, slice] = {}
        for row, label in enumerate(self.labels):
            key = PartLabel(*label[:-1])
            start = found[key].start if key in found else row
            found[key] = slice(start, row + 1)
        return found

    @property
    def rows(self) -> FloatArray:
        """The basis as a matrix (dim, 3^n)."""
        return self.array.reshape((len(self.array), 3**self.symmetry.rank))

    def coefficients(self, tensors: ArrayLike) -> FloatArray:
        """Components (…, dim) of tensors (…, 3, …, 3) in this basis; what lacks the index symmetry is projected out."""
        values = checked_tensors(tensors, self.symmetry.rank)
        lead = values.shape[: values.ndim - self.symmetry.rank]
        return np.asarray(values.reshape((*lead, 3**self.symmetry.rank)) @ self.rows.T)

    def tensors(self, coefficients: ArrayLike) -> FloatArray:
        """Tensors (…, 3, …, 3) from components (…, dim)."""
        values = np.asarray(coefficients, dtype=np.float64)
        if values.shape[-1:] != (len(self.array),):
            raise ValueError(f"components in this basis have {len(self.array)} entries, not shape {values.shape}")
        return np.asarray((values @ self.rows).reshape((*values.shape[:-1], *self.array.shape[1:])))


def tensor_basis(notation: str | IndexSymmetry, group: PointGroup | None = None, axial: bool = False) -> TensorBasis:
    """Orthonormal basis of the tensors with an index symmetry, along GL(3) → O(3) → point group.

    Args:
        notation: "ij=ji", "[[V2]2]" … (:mod:`pointgroups.tensors.index_permutations`).
        group: a point group; with None the chain ends at O(3), with the real harmonics' components m.
        axial: the tensor transforms with an extra det(R).

    Raises:
        IndexSymmetryError: the notation cannot be read.

    Source: H. Weyl, The Classical Groups (1946), ch. IV–V.

    >>> from pointgroups import point_group
    >>> for label in tensor_basis("ij=ji", point_group("D4h")).labels:
    ...     print(label.shape, label.degree, label.irrep, label.component)
    (2,) 2 A1g 1
    (2,) 2 B1g 1
    (2,) 2 B2g 1
    (2,) 2 Eg 1
    (2,) 2 Eg 2
    (2,) 0 A1g 1
    """
    symmetry = index_symmetry(notation, axial)
    return _basis(symmetry, group)


@lru_cache(maxsize=256)
def _basis(symmetry: IndexSymmetry, group: PointGroup | None) -> TensorBasis:
    parity = (-1) ** (symmetry.rank + symmetry.axial)
    polar = IndexSymmetry(symmetry.rank, symmetry.generators)
    arrays: list[FloatArray] = []
    labels: list[TensorLabel] = []
    for part in harmonic_parts(polar):
        if group is None:
            arrays.append(part.array.reshape(-1, 3**symmetry.rank))
            labels.extend(_harmonic_labels(part, parity))
            continue
        adapted = _adapted(group, part.degree, parity)
        turned = np.tensordot(part.array.reshape(*part.array.shape[:2], -1), adapted.array, axes=(1, 1))
        arrays.append(turned.transpose(0, 2, 1).reshape(-1, 3**symmetry.rank))
        labels.extend(
            TensorLabel(part.shape, part.degree, parity, copy + 1, *label)
            for copy in range(len(part.array))
            for label in adapted.labels
        )
    array = np.concatenate(arrays).reshape(-1, *(3,) * symmetry.rank)
    return TensorBasis(symmetry, group, read_only(array), tuple(labels))


def _harmonic_labels(part: HarmonicPart, parity: int) -> Iterator[TensorLabel]:
    for copy in range(len(part.array)):
        for m in range(-part.degree, part.degree + 1):
            yield TensorLabel(part.shape, part.degree, parity, copy + 1, "", 1, m)


@lru_cache(maxsize=1024)
def _adapted(group: PointGroup, degree: int, parity: int) -> AdaptedBasis:
    """Symmetry-adapted basis of O(3)'s irrep (ℓ, parity) on the components m = −ℓ … ℓ."""
    if parity == (-1) ** degree:
        return group.harmonics(degree)
    signs = np.linalg.det(group.rotations).round()
    matrices = np.stack([s * wigner_d_real(degree, r) for s, r in zip(signs, group.rotations, strict=True)])
    return symmetry_adapted_basis(group, matrices)


# -- decomposition ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class TensorPart:
    """One irreducible part of tensors: its label, components (…, d) and the part itself as tensors (…, 3, …, 3)."""

    label: PartLabel
    components: FloatArray
    tensor: FloatArray


@dataclass(frozen=True, eq=False)
class TensorDecomposition:
    """Tensors split into irreducible parts; made by :func:`decompose`.

    Attributes:
        basis: the basis along the chain.
        coefficients: (…, dim).

    >>> import numpy as np
    >>> tensor = np.diag([1.0, 2.0, 6.0])
    >>> found = decompose(tensor, "ij=ji")
    >>> np.allclose(sum(part.tensor for part in found.parts), tensor), np.allclose(found.rebuild(), tensor)
    (True, True)
    """

    basis: TensorBasis
    coefficients: FloatArray

    @cached_property
    def parts(self) -> tuple[TensorPart, ...]:
        """The irreducible parts in the order of the basis; they are mutually orthogonal and sum to the tensor."""
        found = []
        for label, rows in self.basis.parts.items():
            components = self.coefficients[..., rows]
            tensor = np.tensordot(components, self.basis.array[rows], axes=1)
            found.append(TensorPart(label, components, tensor))
        return tuple(found)

    def rebuild(self) -> FloatArray:
        """The tensors themselves, (…, 3, …, 3)."""
        return self.basis.tensors(self.coefficients)


def decompose(
    tensors: ArrayLike,
    notation: str | IndexSymmetry,
    group: PointGroup | None = None,
    axial: bool = False,
    tolerance: float = _ASYMMETRY,
) -> TensorDecomposition:
    """Split tensors into their irreducible parts along GL(3) → O(3) → point group.

    Args:
        tensors: (…, 3, …, 3) in the axes of ``group.rotations``; the last axes are those of the index symmetry.
        notation, group, axial: as for :func:`tensor_basis`.
        tolerance: how much of the tensors, relative to their norm, may break the index symmetry.

    Raises:
        ValueError: a wrong shape, entries that are not finite, or tensors without the index symmetry.

    >>> import numpy as np
    >>> parts = decompose(np.diag([1.0, 1.0, 4.0]), "ij=ji").parts
    >>> [(p.label.degree, round(float(np.linalg.norm(p.tensor)), 6)) for p in parts]
    [(2, 2.44949), (0, 3.464102)]
    """
    basis = tensor_basis(notation, group, axial)
    values = checked_tensors(tensors, basis.symmetry.rank)
    found = TensorDecomposition(basis, basis.coefficients(values))
    missing = np.linalg.norm((values - found.rebuild()).ravel())
    if missing > tolerance * max(float(np.linalg.norm(values.ravel())), np.finfo(float).tiny):
        raise ValueError(
            f"the tensors break the index symmetry {basis.symmetry}: {missing:.3g} of a norm "
            f"{np.linalg.norm(values.ravel()):.3g} is left over; symmetrise them first (IndexSymmetry.project)"
        )
    return found


def checked_tensors(tensors: ArrayLike, rank: int) -> FloatArray:
    """The argument as floats with ``rank`` last axes of length 3."""
    values = np.asarray(tensors, dtype=np.float64)
    if values.ndim < rank or values.shape[values.ndim - rank :] != (3,) * rank:
        raise ValueError(f"tensors of rank {rank} have shape (…{', 3' * rank}), not {values.shape}")
    if not np.all(np.isfinite(values)):
        raise ValueError("a tensor has entries that are not finite numbers")
    return values
