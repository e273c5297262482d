r"""The groups that layers serve: the 32 point groups, and O(3) and SO(3) with a cut-off in ℓ, as values of one kind.

The irreps of O(3) are (ℓ, p), p = ±1 the sign of the inversion; those of SO(3) are ℓ. On the real harmonics
(polar axis z, m = −ℓ … ℓ, m < 0 ↔ sin |m|φ, m > 0 ↔ cos mφ; ℓ = 1 is y, z, x) they are

    D^{ℓp}(R) = D^ℓ(R)  for det R = 1 ,      D^{ℓp}(R) = p D^ℓ(−R)  for det R = −1 ,

and (ℓ₁, p₁) ⊗ (ℓ₂, p₂) holds every (ℓ, p₁p₂) with |ℓ₁ − ℓ₂| ≤ ℓ ≤ ℓ₁ + ℓ₂ once, by the Clebsch–Gordan coefficients.
A layer that is written with ``real_irreps``, :func:`coupling` and :func:`trivial_irrep` serves both kinds of group.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, Protocol, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

import pointgroups
from equinet.clebsch_gordan import real_clebsch_gordan
from pointgroups import (
    AdaptedBasis,
    AdaptedLabel,
    FiniteGroup,
    PointGroup,
    UnknownIrrepError,
    point_group,
    wigner_d_real,
)


class OrthogonalIrrep:
    """The irrep (ℓ, p) of O(3), or ℓ of SO(3), over ℝ. One object for each irrep of a group: compare by identity.

    Attributes:
        group: the :class:`OrthogonalGroup`.
        degree: ℓ.
        parity: p = ±1 of O(3); 0 for SO(3), which has no inversion.
        label: "1o" (e for p = 1, o for p = −1); "1" for SO(3).

    >>> vector = O3(2).real_irreps["1o"]
    >>> vector.dim, vector.matrix(-np.eye(3)).diagonal().round(12).tolist()
    (3, [-1.0, -1.0, -1.0])
    """

    group: OrthogonalGroup
    degree: int
    parity: int
    label: str

    def __init__(self, group: OrthogonalGroup, degree: int, parity: int) -> None:
        self.__dict__.update(
            group=group, degree=degree, parity=parity, label=f"{degree}{ {1: 'e', -1: 'o', 0: ''}[parity] }"
        )

    @property
    def dim(self) -> int:
        """2ℓ + 1."""
        return 2 * self.degree + 1

    @cached_property
    def commutant(self) -> NDArray[np.float64]:
        """(1, d, d), the identity: every irrep is of real type."""
        return _read_only(np.eye(self.dim)[None])

    def matrix(self, rotation: ArrayLike) -> NDArray[np.float64]:
        """D(R) (…, d, d) of orthogonal matrices (…, 3, 3).

        Raises:
            ValueError: for matrices that are not orthogonal to 1e-6, or improper ones where the group is SO(3).
        """
        turns = np.asarray(rotation, dtype=np.float64)
        natural = wigner_d_real(self.degree, turns)  # of parity (−1)^ℓ
        improper = np.linalg.det(turns) < 0
        if self.parity == 0 and improper.any():
            raise ValueError("SO(3) holds proper rotations only; take O3(l_max) for a rotation of determinant −1")
        sign = np.where(improper, self.parity * (-1) ** self.degree, 1)
        return np.asarray(natural * sign[..., None, None])

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an irrep is immutable: {name!r} cannot be set")

    def __repr__(self) -> str:
        return f"<Irrep {self.label} of {self.group.name}, dim {self.dim}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _irrep_of, (self.group, self.label)


def _irrep_of(group: OrthogonalGroup, label: str) -> OrthogonalIrrep:
    return group.real_irreps[label]


class OrthogonalGroup:
    """O(3) or SO(3) with its irreps up to a cut-off; made by :func:`O3` and :func:`SO3`, one object for each cut-off.

    Attributes:
        name: "O(3)" or "SO(3)".
        l_max: the highest degree ℓ; what a product holds beyond it is left out.
        real_irreps: read-only mapping label → :class:`OrthogonalIrrep`: 0e, 0o, 1e, 1o, …, or 0, 1, ….

    >>> O3(3).tensor_product("1o", "2e")
    {'1o': 1, '2o': 1, '3o': 1}
    """

    name: str
    l_max: int
    real_irreps: Mapping[str, OrthogonalIrrep]

    def __init__(self, name: str, l_max: int, parities: tuple[int, ...]) -> None:
        if isinstance(l_max, bool) or not isinstance(l_max, int) or l_max < 0:
            raise ValueError(f"the cut-off of {name} is the highest degree ℓ, an integer ≥ 0, not {l_max!r}")
        irreps = [OrthogonalIrrep(self, l, p) for l in range(l_max + 1) for p in parities]
        table = _IrrepTable(self, irreps)
        self.__dict__.update(name=name, l_max=l_max, real_irreps=table)

    def tensor_product(self, a: OrthogonalIrrep | str, b: OrthogonalIrrep | str) -> dict[str, int]:
        """{label: 1} of the irreps of a ⊗ b up to the cut-off, ℓ ascending."""
        first, second = (self.real_irreps[x] if isinstance(x, str) else x for x in (a, b))
        return {c.label: 1 for c in self.real_irreps.values() if len(coupling(first, second, c))}

    def harmonics(self, degree: int) -> AdaptedBasis:
        """The harmonics Y_ℓm themselves, as :meth:`pointgroups.PointGroup.harmonics`: rows of the identity.

        Raises:
            ValueError: for a degree that is not 0 … l_max.

        >>> O3(2).harmonics(1).labels[0]
        AdaptedLabel(irrep='1o', copy=1, component=1)
        """
        if not 0 <= degree <= self.l_max:
            raise ValueError(
                f"{self!r} has irreps of degree 0 … {self.l_max}, not {degree}; make the group with a higher cut-off"
            )
        irrep = next(a for a in self.real_irreps.values() if a.degree == degree and a.parity in (0, (-1) ** degree))
        labels = tuple(AdaptedLabel(irrep.label, 1, k + 1) for k in range(irrep.dim))
        return AdaptedBasis(_read_only(np.eye(irrep.dim)), labels)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a group is immutable: {name!r} cannot be set")

    def __repr__(self) -> str:
        return f"{self.name.replace('(', '').replace(')', '')}({self.l_max})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (SO3 if self.name == "SO(3)" else O3), (self.l_max,)


class _IrrepTable(Mapping[str, OrthogonalIrrep]):
    """Read-only mapping label → irrep that says what there is when a label is missing."""

    def __init__(self, group: OrthogonalGroup, irreps: list[OrthogonalIrrep]) -> None:
        self._group = group
        self._irreps = {irrep.label: irrep for irrep in irreps}

    def __getitem__(self, label: str) -> OrthogonalIrrep:
        if label not in self._irreps:
            raise UnknownIrrepError(f"{label!r} is not an irrep of {self._group!r}; these are {', '.join(self)}")
        return self._irreps[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._irreps)

    def __len__(self) -> int:
        return len(self._irreps)


NumberedGroup: TypeAlias = PointGroup | FiniteGroup
"""A group whose elements have numbers: one of the 32 in a setting, or any finite group of matrices or permutations."""
Group: TypeAlias = NumberedGroup | OrthogonalGroup
"""A group whose irreps over ℝ a layer can carry."""
Irrep: TypeAlias = pointgroups.Irrep | OrthogonalIrrep
"""An irrep over ℝ of a :data:`Group`."""

_MAKING = threading.Lock()


def O3(l_max: int) -> OrthogonalGroup:
    """O(3), all rotations proper and improper, with irreps 0e, 0o … up to degree l_max; the same object at every call.

    Raises:
        ValueError: if l_max is no integer ≥ 0.

    >>> list(O3(1).real_irreps), O3(1) is O3(1)
    (['0e', '0o', '1e', '1o'], True)
    """
    with _MAKING:
        return _orthogonal_group("O(3)", l_max, (1, -1))


def SO3(l_max: int) -> OrthogonalGroup:
    """SO(3), the proper rotations, with irreps 0 … l_max; the same object at every call.

    Raises:
        ValueError: if l_max is no integer ≥ 0.

    >>> SO3(2).tensor_product("1", "1")
    {'0': 1, '1': 1, '2': 1}
    """
    with _MAKING:
        return _orthogonal_group("SO(3)", l_max, (0,))


_orthogonal_group = lru_cache(maxsize=None, typed=True)(OrthogonalGroup)


def as_group(group: Group | str | int) -> Group:
    """The group itself, or the point group of this name.

    >>> as_group("m-3m"), as_group(O3(2))
    (<PointGroup Oh (m-3m), order 48>, O3(2))
    """
    return group if isinstance(group, NumberedGroup | OrthogonalGroup) else point_group(group)


def as_numbered_group(group: Group | str | int, purpose: str) -> NumberedGroup:
    """The point group itself, or the one of this name.

    Raises:
        ValueError: for O(3) and SO(3): the ``purpose`` needs a finite group.

    >>> as_numbered_group(O3(2), "a function on the group")
    Traceback (most recent call last):
        ...
    ValueError: a function on the group needs a finite group, and O(3) is infinite; take a point group
    """
    if isinstance(group, OrthogonalGroup):
        raise ValueError(f"{purpose} needs a finite group, and {group.name} is infinite; take a point group")
    return group if isinstance(group, NumberedGroup) else point_group(group)


def nearest_elements(
    rotations: NDArray[np.float64], group: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which of the matrices of a group (|G|, 3, 3) is nearest to each of some rotations (n, 3, 3), and how far it is.

    The distance is the largest difference of entries; within rounding, a rotation is that element.

    >>> D2d, Td = point_group("D2d"), point_group("Td")
    >>> places, distances = nearest_elements(D2d.rotations, Td.rotations)
    >>> bool((distances < 1e-9).all()), places[0].item()
    (True, 0)
    """
    distance = np.abs(rotations[:, None] - group).max(axis=(2, 3))
    return distance.argmin(axis=1), distance.min(axis=1)


class _OfGroup(Protocol):
    @property
    def group(self) -> Group: ...


def common_group(first: _OfGroup, *others: _OfGroup) -> Group:
    """The one group that all these irreps belong to.

    Raises:
        ValueError: if they belong to different groups, or to one with different cut-offs.

    >>> common_group(O3(2).real_irreps["0e"], O3(2).real_irreps["1o"])
    O3(2)
    """
    for other in others:
        if other.group is not first.group:
            raise ValueError(
                f"irreps of different groups do not combine: {first!r} and {other!r}; name one group for all"
            )
    return first.group


@overload
def trivial_irrep(group: NumberedGroup) -> pointgroups.Irrep: ...
@overload
def trivial_irrep(group: OrthogonalGroup) -> OrthogonalIrrep: ...
def trivial_irrep(group: Group) -> Irrep:
    """The irrep Γ(g) = 1 of all invariants (A, A1, A′, Ag, A1g … by group; 0e of O(3), 0 of SO(3)).

    >>> trivial_irrep(O3(2)).label
    '0e'
    """
    if isinstance(group, OrthogonalGroup):
        return next(iter(group.real_irreps.values()))
    return next(a for a in group.real_irreps.values() if a.dim == 1 and (a.characters.real > 0).all())


def coupling(a: Irrep, b: Irrep, c: Irrep) -> NDArray[np.float64]:
    """U (m, d_a, d_b, d_c), the m copies of c in a ⊗ b: Γ^a(g) ⊗ Γ^b(g) U = U Γ^c(g), an isometry, real, read-only.

    For a point group :func:`pointgroups.coupling`; for O(3) and SO(3) the real Clebsch–Gordan coefficients, m = 1 or 0.
    The first non-zero coefficient of the first component of c, in the order of (i, j), is positive.

    Raises:
        ValueError: for irreps of different groups.

    >>> vector = O3(2).real_irreps["1o"]
    >>> coupling(vector, vector, O3(2).real_irreps["0e"]).round(3).tolist()  # the scalar product
    [[[[0.577], [0.0], [0.0]], [[0.0], [0.577], [0.0]], [[0.0], [0.0], [0.577]]]]
    """
    if isinstance(a, OrthogonalIrrep) and isinstance(b, OrthogonalIrrep) and isinstance(c, OrthogonalIrrep):
        common_group(a, b, c)
        if a.parity * b.parity == c.parity:
            return real_clebsch_gordan(a.degree, b.degree, c.degree)
        return _read_only(np.zeros((0, a.dim, b.dim, c.dim)))
    if isinstance(a, OrthogonalIrrep) or isinstance(b, OrthogonalIrrep) or isinstance(c, OrthogonalIrrep):
        raise ValueError(f"irreps of one group couple, not {a!r}, {b!r}, {c!r}")
    return pointgroups.coupling(a, b, c)


def tensor_product(a: Irrep, b: Irrep) -> dict[str, int]:
    """{label: copies} of the irreps over ℝ in a ⊗ b, those beyond the cut-off of O(3) or SO(3) left out.

    Raises:
        ValueError: for irreps of different groups.

    >>> vector = point_group("Oh").real_irreps["T1u"]
    >>> tensor_product(vector, vector)
    {'A1g': 1, 'Eg': 1, 'T1g': 1, 'T2g': 1}
    """
    return dict(_tensor_product(a, b))


@lru_cache(maxsize=2**14)
def _tensor_product(a: Irrep, b: Irrep) -> dict[str, int]:
    common_group(a, b)
    if isinstance(a, OrthogonalIrrep) and isinstance(b, OrthogonalIrrep):
        return a.group.tensor_product(a, b)
    assert isinstance(a, pointgroups.Irrep)  # as both are irreps of one group
    assert isinstance(b, pointgroups.Irrep)
    return a.group.tensor_product(a, b)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
