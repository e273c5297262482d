"""How well published tensors obey their crystal's symmetry: ``python -m tests.benchmarks.residuals``.

For every row of the published sets the class and its frame come from the structure, and the residual
‖T − ⟨T⟩_G‖/‖T‖ says how much of the tensor the class forbids. Piezoelectric tensors are published in axes of
several kinds, which are tried in turn. ``--every N`` takes every Nth row. The tables are those of
docs/theory/published-tensors.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymatgen.core import Structure
from pymatgen.core.tensors import Tensor

from pointgroups import (
    GROUP_NAMES,
    TENSORS,
    CrystalSymmetryError,
    NotAPointGroupError,
    PointGroup,
    best_orientation,
    crystal_symmetry,
    from_voigt,
    identify_point_group,
    point_group,
    project_tensor,
    to_voigt,
)
from pointgroups.settings import SETTINGS

FloatArray = NDArray[np.float64]

SHARED = Path(__file__).parents[3] / "shared" / "data"
FITS = 0.02
ZERO = 1e-4  # norm in C/m² below which a piezoelectric tensor, published in steps of 1e-5, is rounding alone
NAMES = {
    "elastic_tensor_voigt": "elastic",
    "elastic_tensor_voigt_original": "elastic",
    "piezoelectric_tensor_voigt": "piezoelectric-e",
}
TARGETS = {
    "dielectric": ("e_electronic", "e_total"),
    "elastic": ("elastic_tensor_voigt", "elastic_tensor_voigt_original"),
    "born_charges": ("eps_inf", "born_charges"),
    "piezoelectric": ("piezoelectric_tensor_voigt",),
}
FRAMES = ("structure", "IEEE", "setting", "best orientation", "none")
"""Where a piezoelectric tensor fits first: the structure's axes, pymatgen's IEEE axes, those of a setting of the class,
the best orientation of the class, or nowhere."""


@dataclass(frozen=True)
class Measured:
    """One published tensor: its row, its class, the tensor, and the residual in the structure's axes."""

    material: str
    formula: str
    group: PointGroup
    tensor: FloatArray
    residual: float


@dataclass
class DataSet:
    """The rows of one target that have a symmetry, and how many were refused for which reason."""

    measured: list[Measured] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def residuals(self) -> FloatArray:
        return np.array([row.residual for row in self.measured])


@cache
def published_rows(name: str) -> list[dict[str, Any]]:
    """All rows of a published set."""
    with gzip.open(SHARED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def structure_of(row: dict[str, Any]) -> Structure:
    """The row's crystal."""
    entry = row["structure"]
    return Structure(entry["lattice"], entry["species"], entry["frac_coords"])


@cache
def symmetries(name: str, every: int = 1) -> tuple[list[tuple[dict[str, Any], Any]], dict[str, str]]:
    """Rows with their crystal's symmetry, and why the others have none."""
    found, refused = [], {}
    for row in published_rows(name)[::every]:
        try:
            found.append((row, crystal_symmetry(structure_of(row))))
        except CrystalSymmetryError as error:
            refused[row["material_id"]] = str(error)
    return found, refused


def in_structure_axes(symmetry: Any) -> PointGroup:
    """The crystal's class in the axes of the structure."""
    return symmetry.group.rotated(symmetry.frame.T)


def tensor_of(row: dict[str, Any], target: str) -> FloatArray:
    """The published tensor in full."""
    return from_voigt(row[target], NAMES[target]) if target in NAMES else np.array(row[target], dtype=np.float64)


def site_residual(tensors: FloatArray, symmetry: Any) -> float:
    """‖Z − ⟨Z⟩‖/‖Z‖ of site tensors, ⟨Z⟩_i = (1/n) Σ_k R_kᵀ Z_{k(i)} R_k over the operations k: i → k(i)."""
    turns = symmetry.rotations
    mean = np.mean(np.swapaxes(turns, 1, 2)[:, None] @ tensors[symmetry.permutations] @ turns[:, None], axis=0)
    norm = np.linalg.norm(tensors)
    return float(np.linalg.norm(tensors - mean) / norm) if norm else 0.0


@cache
def measure(name: str, target: str, every: int = 1) -> DataSet:
    """Residuals of one published target in the axes of its structures."""
    found, refused = symmetries(name, every)
    rows = []
    for row, symmetry in found:
        tensor = tensor_of(row, target)
        if target == "born_charges":
            residual = site_residual(tensor, symmetry)
        else:
            residual = project_tensor(tensor, in_structure_axes(symmetry)).residual
        formula = structure_of(row).composition.reduced_formula
        rows.append(Measured(row["material_id"], formula, symmetry.group, tensor, residual))
    return DataSet(rows, refused)


# -- piezoelectric tensors: which axes? ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Framed:
    """The residuals of a tensor in the frames that were tried (NaN: not tried), and the first frame that fits."""

    measured: Measured
    residuals: dict[str, float]

    @property
    def first(self) -> str:
        return next((frame for frame in FRAMES if self.residuals.get(frame, 1.0) < FITS), "none")


def ieee_rotation(structure: Structure) -> FloatArray:
    """The rotation from the structure's axes to those of the IEEE standard, as pymatgen has it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(Tensor.get_ieee_rotation(structure), dtype=np.float64)


def settings_residual(tensor: FloatArray, group: PointGroup) -> float:
    """The least residual among the settings of a class, in the tensor's own axes."""
    settings = [point_group(s.name) for s in SETTINGS if s.number == group.number]
    return min(project_tensor(tensor, setting).residual for setting in settings)


def piezoelectric_frames(every: int = 1) -> list[Framed]:
    """Every piezoelectric tensor that is not zero in all frames; the best orientation always."""
    found, _ = symmetries("piezoelectric", every)
    framed = []
    rows = measure("piezoelectric", "piezoelectric_tensor_voigt", every).measured
    for (row, symmetry), measured in zip(found, rows, strict=True):
        if np.linalg.norm(measured.tensor) < ZERO:
            continue
        turn = ieee_rotation(structure_of(row))
        ieee = symmetry.group.rotated(turn @ symmetry.frame.T)
        residuals = {
            "structure": measured.residual,
            "IEEE": project_tensor(measured.tensor, ieee).residual,
            "setting": settings_residual(measured.tensor, symmetry.group),
            "best orientation": best_orientation(measured.tensor, symmetry.group).residual,
        }
        framed.append(Framed(measured, residuals))
    return framed


# -- the tables ---------------------------------------------------------------------------------------------------


def residual_table(every: int) -> Iterator[str]:
    """A line for each target: rows, refused rows, quantiles and how many lie above 2 %."""
    yield "| set | tensor | rows | refused | median | 95 % | largest | over 2 % |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, targets in TARGETS.items():
        for target in targets:
            found = measure(name, target, every)
            r = found.residuals
            median, high = np.quantile(r, [0.5, 0.95])
            rows = f"{len(r) + len(found.refused)} | {len(found.refused)}"
            yield f"| {name} | {target} | {rows} | {median:.1e} | {high:.1e} | {r.max():.1e} | {np.sum(r > FITS)} |"


def outlier_table(name: str, target: str, every: int) -> Iterator[str]:
    """The rows above 2 %: in which orientation they fit, which part of the class they obey, and what changes most."""
    yield "| material | formula | class | own axes | best orientation | obeys | largest change |"
    yield "|---|---|---|---|---|---|---|"
    for (_, symmetry), row in zip(symmetries(name, every)[0], measure(name, target, every).measured, strict=True):
        if row.residual > FITS:
            group = in_structure_axes(symmetry)
            fit = best_orientation(row.tensor, row.group).residual
            kept = obeyed(row.tensor, group)
            yield (
                f"| {row.material} | {row.formula} | {row.group.schoenflies} ({row.group.symbol}) | {row.residual:.3f} "
                f"| {fit:.3f} | {kept.schoenflies} ({kept.symbol}) "
                f"| {largest_change(row.tensor, group, NAMES.get(target, 'dielectric'))} |"
            )


def largest_change(tensor: FloatArray, group: PointGroup, name: str) -> str:
    """The matrix component that the projection changes most, in the structure's axes."""
    before, after = (to_voigt(t, name) for t in (tensor, project_tensor(tensor, group).tensor))
    i, j = np.unravel_index(np.abs(before - after).argmax(), before.shape)
    return f"{TENSORS[name].symbol}{i + 1}{j + 1} {before[i, j]:.4g} → {after[i, j].round(6) + 0.0:.4g}"


def obeyed(tensor: FloatArray, group: PointGroup) -> PointGroup:
    """The largest subgroup {g: ‖g T − T‖ ≤ t} of a group, over all t, whose projection changes T by less than 2 %."""
    moves = [np.linalg.norm(_turned(tensor, g) - tensor) for g in group.rotations]
    order = np.argsort(moves, kind="stable")
    for count in range(group.order, 0, -1):
        try:
            found = identify_point_group(group.rotations[order[:count]])
        except NotAPointGroupError:
            continue
        if project_tensor(tensor, found.group.rotated(found.frame.T)).residual < FITS:
            return found.group
    raise AssertionError("the identity leaves every tensor unchanged")


def _turned(tensor: FloatArray, rotation: FloatArray) -> FloatArray:
    for _ in range(tensor.ndim):
        tensor = np.tensordot(tensor, rotation, axes=(0, 1))  # the first index is turned and becomes the last
    return tensor


def frame_table(framed: Sequence[Framed]) -> Iterator[str]:
    """How many tensors fit in each frame first, and how many fit in it at all, by class."""
    first = Counter((row.measured.group.schoenflies, row.first) for row in framed)
    yield f"| class | rows | {' | '.join(FRAMES)} |"
    yield "|---" * (len(FRAMES) + 2) + "|"
    classes = [name for name in GROUP_NAMES if any(key[0] == name for key in first)]
    for name in classes:
        counts = [first[name, frame] for frame in FRAMES]
        yield f"| {name} ({point_group(name).symbol}) | {sum(counts)} | {' | '.join(map(str, counts))} |"
    totals = [sum(first[name, frame] for name in classes) for frame in FRAMES]
    yield f"| first that fits | {sum(totals)} | {' | '.join(map(str, totals))} |"
    fits = [sum(row.residuals.get(frame, 1.0) < FITS for row in framed) for frame in FRAMES[:-1]]
    yield f"| fits at all | {len(framed)} | {' | '.join(map(str, fits))} | – |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every Nth row")
    every = parser.parse_args(arguments).every
    print(*residual_table(every), sep="\n")
    for name, targets in TARGETS.items():
        for material, reason in measure(name, targets[0], every).refused.items():
            print(f"refused {name} {material}: {reason}")
    for name, target in (("dielectric", "e_total"), ("elastic", "elastic_tensor_voigt")):
        print(f"\n{name}: {target}", *outlier_table(name, target, every), sep="\n")
    print(f"\neps_inf: {[r.material for r in measure('born_charges', 'eps_inf', every).measured if r.residual > FITS]}")
    framed = piezoelectric_frames(every)
    print("\npiezoelectric", *frame_table(framed), sep="\n")
    print(f"zero: {len(measure('piezoelectric', 'piezoelectric_tensor_voigt', every).measured) - len(framed)}")
    for row in framed:
        if row.first in ("best orientation", "none"):
            found = ", ".join(f"{frame} {residual:.3f}" for frame, residual in row.residuals.items())
            print(f"{row.measured.material} {row.measured.formula} {row.measured.group.schoenflies}: {found}")


if __name__ == "__main__":
    main()
