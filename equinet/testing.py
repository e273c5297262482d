r"""Is a layer equivariant, and is it the general one? Tools for tests of one's own layers.

    ‖ f(D(g) x) − D′(g) f(x) ‖ ≤ ε ‖ f(x) ‖   for every g ∈ G ,      dim Hom_G(V, W) = (1/|G|) Σ_g χ_V(g) χ_W(g) .

The first can hold for a layer that misses half of its weights; the second tells.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from equinet.groups import Group, Irrep, OrthogonalGroup, OrthogonalIrrep, as_numbered_group, common_group
from equinet.irreps import Irreps
from pointgroups import PointGroup

Action = Irreps | Literal["polar"] | None
_SAMPLES = 4
_SEED = 2024
_ROUNDING = 1e-3
_ROTATIONS = 8


def assert_equivariant(
    module: nn.Module, inputs: Sequence[tuple[Any, Action]] | None = None, *, tolerance: float = 1e-12
) -> None:
    r"""Check ‖f(D(g)x) − D′(g)f(x)‖_∞ ≤ tolerance · ‖f(x)‖_∞ in float64.

    For every element g of a point group; for O(3) and SO(3) for eight random rotations, the same at every call, of
    which four are improper in O(3).

    Args:
        module: has ``irreps_out``, the representation D′ of what it returns. A float64 copy is tested, it is untouched.
        inputs: one pair (value, action) for each argument of ``forward``. The action is an :class:`~equinet.Irreps`
            (of the last axis), ``"polar"`` (vectors (…, 3), turned by the rotation itself) or None (left alone).
            By default random features of ``module.irreps_in``, or of ``irreps_in1`` and ``irreps_in2``.
        tolerance: relative to the largest component of the output.

    Raises:
        AssertionError: naming the worst element (of O(3) its matrix), the block of ``irreps_out`` where it happens and
            the relative error.

    >>> from equinet import Linear
    >>> assert_equivariant(Linear(Irreps("Oh", "2x A1g + T1u"), Irreps("Oh", "3x T1u")))
    """
    irreps_out = getattr(module, "irreps_out", None)
    if not isinstance(irreps_out, Irreps):
        raise TypeError(f"{type(module).__name__}.irreps_out must be an Irreps: the action on what it returns")
    tested = copy.deepcopy(module).double()
    arguments = _random_inputs(module) if inputs is None else list(inputs)
    values = [(_double(value), action) for value, action in arguments]
    worst, where = 0.0, ""
    with torch.no_grad():
        reference = tested(*(value for value, _ in values))
        if not bool(torch.isfinite(reference).all()):
            raise AssertionError(f"{type(module).__name__} returns values that are not finite")
        if reference.numel() == 0:
            return
        scale = float(reference.abs().max()) or 1.0
        for g in _elements(irreps_out.group):
            moved = tested(*(_transformed(value, action, g) for value, action in values))
            difference = (moved - _transformed(reference, irreps_out, g)).abs().nan_to_num(nan=torch.inf)
            for block, part in zip(irreps_out.blocks, irreps_out.slices(), strict=True):
                error = float(difference[..., part].max()) / scale
                if error > worst:
                    worst, where = error, f"{g.name} in block {block.multiplicity}x {block.label}"
    if worst > tolerance:
        raise AssertionError(
            f"{type(module).__name__} is not equivariant under {irreps_out.group.name}: relative error {worst:.2e} at"
            f" {where} of {irreps_out}; allowed is {tolerance:.0e}"
        )


def intertwiner_dimension(irreps_in: Irreps, irreps_out: Irreps) -> int:
    """dim Hom_G(V, W) = (1/|G|) Σ_g χ_V(g) χ_W(g): the number of weights of the general linear map V → W.

    For O(3) and SO(3), all of whose irreps are of real type, that is Σ_γ n_γ n′_γ.

    >>> intertwiner_dimension(Irreps("C3", "2x E"), Irreps("C3", "3x E"))  # commutant ℂ: two for each pair
    12
    """
    group = common_group(irreps_in, irreps_out)
    if isinstance(group, OrthogonalGroup):
        return sum(irreps_in.count(label) * irreps_out.count(label) for label in irreps_out.labels)
    dimension = float(np.dot(_character(irreps_in), _character(irreps_out))) / group.order
    assert abs(dimension - round(dimension)) < _ROUNDING, "an inner product of characters is an integer"
    return round(dimension)


def count_parameters(module: nn.Module) -> int:
    """The number of learned numbers of a module.

    >>> from equinet import Linear
    >>> count_parameters(Linear(Irreps("Oh", "4x A1g + 2x T1u"), Irreps("Oh", "4x A1g + 3x T1u"), bias=False))
    22
    """
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)


def _character(irreps: Irreps) -> NDArray[np.float64]:
    """χ(g) for every element, (|G|,)."""
    total = np.zeros(as_numbered_group(irreps.group, "a sum over elements").order)
    for block in irreps.blocks:
        assert not isinstance(block.irrep, OrthogonalIrrep)
        total += block.multiplicity * block.irrep.characters.real
    return total


class _Element(NamedTuple):
    """A group element: its name, its rotation (3, 3), if it is one, and its number where the group is finite."""

    name: str
    rotation: NDArray[np.float64] | None
    number: int

    def matrix(self, irrep: Irrep) -> NDArray[np.float64]:
        """Γ(g), (d, d)."""
        if isinstance(irrep, OrthogonalIrrep):
            assert self.rotation is not None
            return irrep.matrix(self.rotation)
        return np.asarray(irrep.matrices[self.number].real)


def _elements(group: Group) -> list[_Element]:
    if not isinstance(group, OrthogonalGroup):
        turns_space = isinstance(group, PointGroup) or group.frame is not None
        rotations = group.rotations if turns_space else [None] * group.order
        return [_Element(f"element {name}", rotations[g], g) for g, name in enumerate(group.elements)]
    random = np.random.default_rng(_SEED)
    turns = [np.linalg.qr(random.normal(size=(3, 3)))[0] for _ in range(_ROTATIONS)]
    signs = [-1 if k % 2 and group.name == "O(3)" else 1 for k in range(_ROTATIONS)]
    turns = [sign * np.linalg.det(turn) * turn for sign, turn in zip(signs, turns, strict=True)]
    return [_Element(f"R = {turn.round(3).tolist()}", turn, k) for k, turn in enumerate(turns)]


def _random_inputs(module: nn.Module) -> list[tuple[Tensor, Action]]:
    generator = torch.Generator().manual_seed(_SEED)
    names = ("irreps_in",) if hasattr(module, "irreps_in") else ("irreps_in1", "irreps_in2")
    spaces = [getattr(module, name, None) for name in names]
    inputs: list[tuple[Tensor, Action]] = []
    for space in spaces:
        if not isinstance(space, Irreps):
            raise TypeError(f"{type(module).__name__} has neither irreps_in nor irreps_in1 and irreps_in2; pass inputs")
        inputs.append((torch.randn(_SAMPLES, space.dim, generator=generator, dtype=torch.float64), space))
    return inputs


def _double(value: Any) -> Any:
    return value.double() if isinstance(value, Tensor) and value.is_floating_point() else value


def _transformed(value: Any, action: Action, element: _Element) -> Any:
    if action is None:
        return value
    if isinstance(action, Irreps):
        if value.shape[-1] != action.dim:
            raise ValueError(f"{action} has dimension {action.dim}; the last axis of {tuple(value.shape)} has not")
        pieces = [
            value[..., part].unflatten(-1, (block.multiplicity, block.irrep.dim))
            @ _matrix(element.matrix(block.irrep).T, value)
            for block, part in zip(action.blocks, action.slices(), strict=True)
        ]
        return torch.cat([piece.flatten(-2) for piece in pieces], -1) if pieces else value
    if action == "polar":
        if element.rotation is None:
            raise ValueError("the group is not one of 3×3 matrices: it does not act on vectors")
        return value @ _matrix(element.rotation.T, value)
    raise ValueError(f"an action is an Irreps, 'polar' or None, not {action!r}")


def _matrix(array: NDArray[Any], like: Tensor) -> Tensor:
    return torch.tensor(array.copy(), dtype=like.dtype, device=like.device)
