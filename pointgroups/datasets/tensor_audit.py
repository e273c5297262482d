"""One published tensor of one crystal: read, compared with what the crystal allows, and mended where that can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pointgroups.crystals.symmetry import CrystalSymmetry
from pointgroups.tensors.catalogue import NamedTensor, named_tensor
from pointgroups.tensors.invariants import invariant_space
from pointgroups.tensors.voigt import from_voigt, to_voigt

from .findings import Finding, percent
from .physical_checks import asymmetry_finding, charge_findings, dielectric_findings, elastic_findings
from .tensor_frames import IEEE, STRUCTURE, TensorFrame, find_site_frame, find_tensor_frame

FloatArray = NDArray[np.float64]

BORN_CHARGES = "born-charges"
_DIGITS = 12  # of the largest entry that a copy has
_ZERO = 1.5e-5  # in the tensor's unit (C/m², GPa, 1): one unit of the fifth decimal is none


@dataclass(frozen=True)
class TensorColumn:
    """What a column holds: a tensor of the catalogue, or one of rank 2 on each site (``named`` None).

    ``ieee`` says that it is given in the IEEE axes.
    """

    named: NamedTensor | None
    ieee: bool = False


def tensor_column(name: str) -> TensorColumn:
    """The meaning of a column from a name of the catalogue, or "born-charges".

    Raises:
        UnknownTensorError: no such tensor.
    """
    return TensorColumn(None if name == BORN_CHARGES else named_tensor(name))


COLUMNS: dict[str, TensorColumn] = {
    column: tensor_column(name)
    for name, columns in {
        "dielectric": "e_electronic e_total eps_electronic eps_total eps_inf eps_static",
        "elastic": "elastic_tensor elastic_tensor_original elastic_tensor_voigt elastic_tensor_voigt_original",
        "piezoelectric-e": "piezoelectric_tensor piezoelectric_tensor_voigt",
        BORN_CHARGES: "born_charges",
    }.items()
    for column in columns.split()
}
"""The columns that are known by their names."""


@dataclass(frozen=True, eq=False)
class TensorVerdict:
    """How one tensor fits its crystal.

    Attributes:
        axes: those in which it fits, as ``TensorFrame`` names them, "" for none.
        residual: there.
        residuals: of all axes that were tried.
        rotation: (3, 3) from these axes to the structure's.
        unique: whether that gives one tensor only.
        standard: the accepted tensor in the standard axes of the class, of the right-handed form of the crystal; None
            where there is none, and for tensors on sites.
    """

    axes: str
    residual: float
    residuals: Mapping[str, float]
    rotation: FloatArray
    unique: bool
    standard: FloatArray | None


def audit_tensor(
    column: str,
    meaning: TensorColumn,
    entry: Any,
    symmetry: CrystalSymmetry,
    ieee: FloatArray | None,
    tolerance: float,
    row: Mapping[str, Any],
) -> tuple[TensorVerdict | None, list[Finding], Any]:
    """How a tensor fits, what is wrong with it, and the mended entry in the layout in which it was given, or None."""
    named = meaning.named
    try:
        raw = np.asarray(entry, dtype=np.float64)
        tensor = _checked(raw, named, len(symmetry.species))
    except (TypeError, ValueError) as error:
        return None, [Finding("bad tensor", column, " ".join(str(error).split()))], None
    symmetric = tensor if named is None else named.symmetry.project(tensor)
    findings = [*asymmetry_finding(column, tensor, symmetric), *_physical_findings(column, named, symmetric, row)]
    allowed = 1 if named is None else invariant_space(symmetry.group, named.symmetry).dim
    if np.abs(tensor).max() <= _ZERO:
        if allowed:
            findings.append(Finding("zero tensor", column, f"entries up to {np.abs(tensor).max():.2g}"))
        return None, findings, None
    if not allowed:
        text = f"none but zero in {symmetry.group.schoenflies}, entries up to {np.abs(tensor).max():.3g}"
        return None, [*findings, Finding("forbidden tensor", column, text)], None
    order = (IEEE, STRUCTURE) if meaning.ieee else (STRUCTURE, IEEE)
    if named is None:
        found = find_site_frame(symmetric, symmetry, tolerance, ieee, order)
    else:
        found = find_tensor_frame(symmetric, named, symmetry, tolerance, ieee, order)
    findings += _frame_findings(column, found, order[0], symmetry)
    accepted = bool(found.axes) and found.unique
    mended = _in_layout(found.tensor, raw, named) if accepted else None
    return _verdict(found, named, symmetry, accepted), findings, mended


def _checked(raw: FloatArray, named: NamedTensor | None, n_atoms: int) -> FloatArray:
    """The tensor in full from one of its layouts."""
    if not np.isfinite(raw).all():
        raise ValueError("entries that are not finite numbers")
    if named is None:
        if raw.shape != (n_atoms, 3, 3):
            raise ValueError(f"one 3×3 tensor for each of {n_atoms} atoms, not the shape {raw.shape}")
        return raw
    full, matrix = (3,) * named.symmetry.rank, tuple(3 if len(place) == 1 else 6 for place in named.places)
    if raw.shape == full:
        return raw
    if raw.shape == matrix:
        return np.asarray(from_voigt(raw, named))
    raise ValueError(f"the tensor {named.name} has the shape {full} or {matrix}, not {raw.shape}")


def _in_layout(tensor: FloatArray, raw: FloatArray, named: NamedTensor | None) -> Any:
    """Lists in the given layout, without the digits that are rounding errors."""
    values = np.asarray(tensor if named is None or raw.shape == tensor.shape else to_voigt(tensor, named))
    decimals = _DIGITS - int(np.floor(np.log10(np.abs(values).max())))
    return (np.round(values, decimals) + 0.0).tolist()


def _physical_findings(
    column: str, named: NamedTensor | None, tensor: FloatArray, row: Mapping[str, Any]
) -> Iterator[Finding]:
    if named is None:
        return charge_findings(column, tensor)
    if named.name == "dielectric":
        return dielectric_findings(column, tensor, row)
    if named.name == "elastic":
        return elastic_findings(column, np.asarray(to_voigt(tensor, "ij,kl")), row)
    return iter(())


def _frame_findings(column: str, found: TensorFrame, declared: str, symmetry: CrystalSymmetry) -> Iterator[Finding]:
    tried = ", ".join(f"{axes} {percent(residual)}" for axes, residual in found.residuals.items())
    if not found.axes:
        yield Finding("symmetry violation", column, f"{symmetry.group.schoenflies}; {tried}")
    elif found.axes != declared:
        doubt = "" if found.unique else "; other tensors fit as well"
        yield Finding("frame mismatch", column, f"fits in: {found.axes}; {tried}{doubt}", mended=found.unique)


def _verdict(found: TensorFrame, named: NamedTensor | None, symmetry: CrystalSymmetry, accepted: bool) -> TensorVerdict:
    standard = None
    if accepted and named is not None:
        rank = named.symmetry.rank
        standard = symmetry.to_standard(found.tensor) * symmetry.handedness ** (rank + named.symmetry.axial)
    return TensorVerdict(found.axes, found.residual, found.residuals, found.rotation, found.unique, standard)
