"""The form that a point group allows to a physical tensor, as printed tables give it: what is zero, what is equal.

    elastic, 3m: C11 = C22,  C13 = C23,  C14 = −C24 = C56,  C44 = C55,  C66 = (C11 − C12)/2,  6 independent components

Relations are exact. They come from the reduced echelon form of the invariants (:mod:`pointgroups.tensors.invariants`)
over the components in the order of their matrix indices, so the first component of a set of related ones is the
independent one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.point_group import PointGroup, point_group

from .catalogue import NamedTensor, named_tensor
from .decomposition import checked_tensors
from .invariants import InvariantSpace, invariant_space, projected, reduced_echelon

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AllowedForm:
    """The allowed form of a named tensor in a group's setting; made by :func:`allowed_form`.

    Attributes:
        tensor: the named tensor.
        group: the group, in the axes of a setting.
        components: names of all components, in the order of their matrix indices, "C11" … "C66".
        words: the index word (0, 1, 2 for x, y, z) that each name stands for.
        independent: names of the components that remain free.
        expressions: name → {independent name: coefficient}; an empty mapping means zero.

    >>> from pointgroups import point_group
    >>> form = allowed_form("elastic", point_group("C3v"))
    >>> form.independent, form.count
    (('C11', 'C12', 'C13', 'C14', 'C33', 'C44'), 6)
    >>> form.relations[2:]
    ('C14 = -C24 = C56', 'C44 = C55', 'C66 = (C11 - C12)/2')
    """

    tensor: NamedTensor
    group: PointGroup
    components: tuple[str, ...]
    words: tuple[tuple[int, ...], ...]
    independent: tuple[str, ...]
    expressions: Mapping[str, Mapping[str, Fraction]]

    @property
    def count(self) -> int:
        """The number of independent components."""
        return len(self.independent)

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """Equalities among the components that do not vanish: "C11 = C22 = C33", "C66 = (C11 - C12)/2"."""
        chains: dict[str, list[str]] = {name: [name] for name in self.independent}
        others: list[str] = []
        for name in self.components:
            expression = self.expressions[name]
            if name in chains or not expression:
                continue
            if len(expression) == 1:
                ((source, factor),) = expression.items()
                if abs(factor) == 1:
                    chains[source].append(name if factor > 0 else f"-{name}")
                    continue
            others.append(f"{name} = {_linear(expression)}")
        return (*(" = ".join(c) for c in chains.values() if len(c) > 1), *others)

    @cached_property
    def zero(self) -> tuple[str, ...]:
        """Components that vanish."""
        return tuple(name for name in self.components if not self.expressions[name])

    def matrix(self) -> list[list[str]]:
        """The tensor as a matrix of expressions in its independent components; ValueError unless it has two indices.

        >>> from pointgroups import point_group
        >>> allowed_form("dielectric", point_group("D4h")).matrix()
        [['ε11', '0', '0'], ['0', 'ε11', '0'], ['0', '0', 'ε33']]
        """
        if len(self.tensor.places) != 2:
            raise ValueError(f"the {self.tensor.name} tensor has {len(self.tensor.places)} matrix indices, not two")
        names: dict[tuple[int, ...], str] = {}
        place, sign = self.tensor.symmetry.components()
        by_place = {int(place[word]): (word, name) for word, name in zip(self.words, self.components, strict=True)}
        for word in itertools.product(range(3), repeat=self.tensor.symmetry.rank):
            index = self.tensor.matrix_index(word)
            if sign[word] and index not in names:
                first, name = by_place[int(place[word])]
                ratio = Fraction(int(sign[word] * sign[first]))
                names[index] = _linear({k: v * ratio for k, v in self.expressions[name].items()})
        shape = [3 if len(p) == 1 else 6 for p in self.tensor.places]
        return [[names.get((a + 1, b + 1), "0") for b in range(shape[1])] for a in range(shape[0])]


def allowed_form(tensor: str | NamedTensor, group: PointGroup) -> AllowedForm:
    """Which components of a tensor a group allows, and how they depend on one another, exactly.

    Args:
        tensor: a name of the catalogue, such as "elastic", or a :class:`NamedTensor`.
        group: a group in the axes of one of its settings.

    Raises:
        UnknownTensorError: no such tensor.
        ValueError: the group is in a rotated frame.

    >>> from pointgroups import point_group
    >>> allowed_form("elastic", point_group("Oh")).relations
    ('C11 = C22 = C33', 'C12 = C13 = C23', 'C44 = C55 = C66')
    """
    named = named_tensor(tensor)
    return AllowedForm(named, group, *_solved(named, invariant_space(group, named.symmetry)))


@lru_cache(maxsize=1024)
def _solved(
    tensor: NamedTensor, space: InvariantSpace
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...], tuple[str, ...], Mapping[str, Mapping[str, Fraction]]]:
    """Components, their words, the independent ones and the expressions; groups of one Laue class share a space."""
    layout = _layout(tensor)
    rows = []
    for coefficients in space.coefficients:
        scaled = {layout.place[k]: x * layout.factors[k] for k, x in enumerate(coefficients) if x}
        common = math.lcm(*(x.denominator for x in scaled.values()))
        rows.append({n: int(x * common) for n, x in scaled.items()})
    echelon = reduced_echelon(rows)
    names = layout.sought
    expressions: dict[str, dict[str, Fraction]] = {name: {} for name in layout.components}
    for pivot in sorted(echelon, key=lambda n: layout.numbers[n]):
        row = echelon[pivot]
        for n, x in row.items():
            expressions[names[n]][names[pivot]] = Fraction(x, row[pivot])
    independent = sorted((names[n] for n in echelon), key=layout.components.index)
    return layout.components, layout.words, tuple(independent), MappingProxyType(expressions)


@dataclass(frozen=True)
class _Layout:
    """The components of a tensor's matrix, in two orders.

    Attributes:
        components, words: names and index words in the order of their matrix indices, as they are printed.
        sought: names in the order in which independent components are sought.
        numbers: for each of these the number of the component in the index symmetry.
        place: for each of the latter its place in ``sought``.
        factors: for each of the latter the factor of the matrix and the sign of its word.
    """

    components: tuple[str, ...]
    words: tuple[tuple[int, ...], ...]
    sought: tuple[str, ...]
    numbers: tuple[int, ...]
    place: tuple[int, ...]
    factors: tuple[Fraction, ...]


@lru_cache(maxsize=64)
def _layout(tensor: NamedTensor) -> _Layout:
    words, signs = _matrix_words(tensor)
    indices = [tensor.matrix_index(word) for word in words]
    order = sorted(range(len(words)), key=lambda k: _preference(indices[k], tensor))
    show = sorted(range(len(words)), key=lambda k: indices[k])
    names = [tensor.component(word) for word in words]
    return _Layout(
        components=tuple(names[k] for k in show),
        words=tuple(words[k] for k in show),
        sought=tuple(names[k] for k in order),
        numbers=tuple(order),
        place=tuple(sorted(range(len(order)), key=lambda n: order[n])),
        factors=tuple(tensor.factor(word) * sign for word, sign in zip(words, signs, strict=True)),
    )


def _matrix_words(tensor: NamedTensor) -> tuple[list[tuple[int, ...]], list[int]]:
    """For every independent component of the index symmetry the word with the least matrix indices, and its sign."""
    place, sign = tensor.symmetry.components()
    best: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for flat in np.flatnonzero(sign.ravel()):
        word = tuple(map(int, np.unravel_index(flat, sign.shape)))
        key = (tensor.matrix_index(word), word)
        number = int(place.ravel()[flat])
        best[number] = min(best.get(number, key), key)
    words = [best[k][1] for k in range(len(best))]
    return words, [int(sign[word]) for word in words]


def _preference(index: tuple[int, ...], tensor: NamedTensor) -> tuple[object, ...]:
    """Independent components are first sought among those without shear, then on the diagonal, then by index."""
    shear = sum(len(p) == 2 and k > 3 for p, k in zip(tensor.places, index, strict=True))
    return (shear, len(set(index)) > 1, index)


def _linear(expression: Mapping[str, Fraction]) -> str:
    """ "0", "-C14", "2 S14", "(C11 - C12)/2"."""
    if not expression:
        return "0"
    common = math.lcm(*(f.denominator for f in expression.values()))
    text = ""
    for name, factor in expression.items():
        n = factor * common
        size = "" if abs(n) == 1 else f"{abs(n)} "
        text += (" - " if n < 0 else " + ") + size + name if text else ("-" if n < 0 else "") + size + name
    if common == 1:
        return text
    return f"({text})/{common}" if len(expression) > 1 else f"{text}/{common}"


# -- measured tensors ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ProjectedTensor:
    """A tensor's invariant part under a group, and how much was taken away, ‖T − ⟨T⟩_G‖/‖T‖ (0 for T = 0)."""

    tensor: FloatArray
    residual: float


def project_tensor(
    tensor: ArrayLike, group: PointGroup, rank: int | None = None, axial: bool = False
) -> ProjectedTensor:
    """The nearest tensor that a group allows: ⟨T⟩_G = (1/|G|) Σ_g g·T, in the axes of ``group.rotations``.

    Args:
        tensor: (3, …, 3), or (…, 3, …, 3) with ``rank`` given; the residual is that of all together.
        group: the group, rotated to the tensor's axes where these are not standard.
        rank: number of tensor indices, all axes when None.
        axial: the tensor transforms with an extra det(R).

    Raises:
        ValueError: a wrong shape or entries that are not finite.

    >>> import numpy as np
    >>> from pointgroups import point_group
    >>> round(project_tensor(np.diag([1.0, 1.1, 2.0]), point_group("C4v")).residual, 4)
    0.0284
    """
    values = np.asarray(tensor, dtype=np.float64)
    values = checked_tensors(values, values.ndim if rank is None else rank)
    invariant = projected(group, values, values.ndim if rank is None else rank, axial)
    norm = float(np.linalg.norm(values))
    residual = float(np.linalg.norm(values - invariant)) / norm if norm else 0.0
    return ProjectedTensor(read_only(invariant), residual)


def compatible_groups(tensor: ArrayLike, axial: bool = False, tolerance: float = 1e-3) -> dict[str, float]:
    """The settings of the 32 groups, in the tensor's own axes, that leave it unchanged: name → residual.

    A setting counts when ‖T − ⟨T⟩_G‖ ≤ tolerance·‖T‖; larger groups come first.

    >>> import numpy as np
    >>> list(compatible_groups(np.diag([1.0, 1.0, 2.0])))[:2]
    ['D6h', 'D4h']
    """
    from pointgroups.settings import SETTINGS

    groups = [point_group(s.name) for s in SETTINGS]
    residuals = {g.name: (g.order, project_tensor(tensor, g, axial=axial).residual) for g in groups}
    fitting = [(name, order, r) for name, (order, r) in residuals.items() if r <= tolerance]
    return {name: r for name, _, r in sorted(fitting, key=lambda x: -x[1])}
