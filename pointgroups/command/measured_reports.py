"""What the command says about a measured tensor: which groups it fits, and what a group would change in it."""

from __future__ import annotations

import math as numbers
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.point_group import PointGroup, point_group
from pointgroups.tensors.allowed_forms import allowed_form, compatible_groups, project_tensor
from pointgroups.tensors.catalogue import NamedTensor
from pointgroups.tensors.orientations import OrientedFit, best_orientation, compatible_orientations
from pointgroups.tensors.voigt import to_voigt

from .notation import Written, join
from .reports import heading
from .tabular import Report, Section, math, words
from .tensor_reports import DOT, component

FloatArray = NDArray[np.float64]

_ROUNDING = 1e-9  # relative to the tensor; less is zero


def groups_report(values: FloatArray, tensor: NamedTensor, tolerance: float) -> Report:
    """The groups that a tensor fits within a tolerance: in its own axes, and turned.

    Raises:
        ValueError: the tolerance is not a positive number.
    """
    _check(tolerance)
    own = compatible_groups(values, tensor.symmetry.axial, tolerance)
    turned = compatible_orientations(values, tensor.symmetry.axial, tolerance)
    sections = [
        Section(
            words("in its own axes"),
            "lr",
            [words("group"), words("residual")],
            [[heading(point_group(name)), _residual(residual)] for name, residual in own.items()],
        ),
        Section(
            words("in any orientation"),
            "lrrll",
            [words(text) for text in ("group", "residual", "turn", "axis", "rows of the rotation")],
            [[heading(fit.group), _residual(fit.residual), *_turn(fit)] for fit in turned.values()],
            [words("the rotation takes the axes of the group's setting to those of the tensor")],
        ),
    ]
    lines = [words(f"groups that change it by no more than {tolerance:g} of its norm")]
    data = {
        "tensor": tensor.name,
        "tolerance": tolerance,
        "own_axes": [{"group": name, "residual": residual} for name, residual in own.items()],
        "any_orientation": [{"group": name, **_fit_data(fit)} for name, fit in turned.items()],
    }
    return Report(words(f"measured {tensor.name}"), lines, sections, data)


def projection_report(values: FloatArray, tensor: NamedTensor, G: PointGroup, tolerance: float) -> Report:
    """A tensor against one group: residuals in its own axes and in the best ones, and what the group leaves of it.

    Raises:
        ValueError: the tolerance is not a positive number.
    """
    _check(tolerance)
    axial = tensor.symmetry.axial
    projected = project_tensor(values, G, axial=axial)
    fit = best_orientation(values, G, axial)
    scale = float(np.abs(values).max())
    changes = _changes(values, projected.tensor, tensor)
    lines = [
        words(f"own axes: residual {_text(projected.residual)}, {_verdict(projected.residual, tolerance)}"),
        words(f"best orientation: residual {_text(fit.residual)}, {_verdict(fit.residual, tolerance)}"),
        *_best_turn(fit),
    ]
    sections = []
    if len(tensor.places) == 2:
        matrix = to_voigt(projected.tensor, tensor)
        rows = [[words(str(a)), *(_number(x, scale) for x in row)] for a, row in enumerate(matrix, 1)]
        header = [component(tensor.symbol), *(words(str(b)) for b in range(1, matrix.shape[1] + 1))]
        sections.append(
            Section(words("what the group allows, in its own axes"), "l" + "r" * matrix.shape[1], header, rows)
        )
    rows = [
        [component(name), _number(old, scale), _number(new, scale), _number(new - old, scale)]
        for name, (old, new) in changes.items()
        if max(abs(old), abs(new)) > _ROUNDING * scale
    ]
    if rows:
        titles = [words(text) for text in ("component", "measured", "allowed", "change")]
        sections.append(Section(words("each component"), "lrrr", titles, rows))
    data = {
        "tensor": tensor.name,
        "group": G.name,
        "tolerance": tolerance,
        "own_axes": {"residual": projected.residual, "fits": projected.residual <= tolerance},
        "best_orientation": _fit_data(fit) | {"fits": fit.residual <= tolerance},
        "matrix": to_voigt(projected.tensor, tensor).tolist(),
        "components": {name: {"measured": old, "allowed": new} for name, (old, new) in changes.items()},
    }
    return Report(join([words(f"measured {tensor.name}"), heading(G)], words(" in ")), lines, sections, data)


def _check(tolerance: float) -> None:
    if not (numbers.isfinite(tolerance) and tolerance > 0):
        raise ValueError(f"a tolerance is a positive number such as 0.01, not {tolerance:g}")


def _changes(before: FloatArray, after: FloatArray, tensor: NamedTensor) -> dict[str, tuple[float, float]]:
    """Every matrix component, measured and allowed."""
    form = allowed_form(tensor, point_group("C1"))
    return {
        name: (float(before[word]) * float(tensor.factor(word)), float(after[word]) * float(tensor.factor(word)))
        for name, word in zip(form.components, form.words, strict=True)
    }


# -- how fits and numbers are written -----------------------------------------------------------------------------


def _fit_data(fit: OrientedFit) -> dict[str, Any]:
    axis, angle = fit.axis_angle
    return {"residual": fit.residual, "frame": fit.group.frame.tolist(), "axis": list(axis), "angle": angle}


def _turn(fit: OrientedFit) -> list[Written]:
    """Angle, axis and matrix; an angle of 0° has no axis."""
    axis, angle = fit.axis_angle
    if angle == 0:
        return [words("none"), words(""), words("")]
    rows = "; ".join(_vector(row) for row in fit.group.frame)
    return [_degrees(angle), _signed(f"[{_vector(axis)}]"), _signed(rows)]


def _best_turn(fit: OrientedFit) -> list[Written]:
    angle, axis, rows = _turn(fit)
    if not axis.text:
        return [words("the best orientation is that of its own axes")]
    return [
        join([words("the group turned by"), angle, words("about"), axis], words(" ")),
        join([words("rotation from its setting's axes to those of the tensor"), rows], words(": ")),
    ]


def _vector(values: Iterable[float]) -> str:
    return " ".join(f"{round(float(x), 4) + 0.0:.4g}" for x in values)


def _signed(text: str) -> Written:
    return Written(text.replace("-", "−"), text.replace("-", "$-$"))


def _degrees(angle: float) -> Written:
    return Written(f"{angle:.2f}°", rf"${angle:.2f}^\circ$")


def _text(residual: float) -> str:
    return "0" if residual < _ROUNDING else f"{residual:.2g}"


def _residual(residual: float) -> Written:
    return words(_text(residual))


def _verdict(residual: float, tolerance: float) -> str:
    return f"{'within' if residual <= tolerance else 'above'} {tolerance:g}"


def _number(x: float, scale: float) -> Written:
    if abs(x) <= _ROUNDING * scale:
        return DOT
    text = f"{x:.5g}"
    return math(Written(text.replace("-", "−"), text))
