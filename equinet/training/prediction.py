"""Predictions for crystals that were not calculated: from structures or from files.

A model for the group H predicts an invariant of H. A crystal of class P is turned to the standard setting of P first,
whatever its cell, origin and orientation were. The frame of that setting is unique up to the normaliser of P; where the
normaliser lies in H (for H = Oh: every cubic class, 222, mm2 and mmm), the value is a function of the crystal alone.
For another class it also depends on the axes that spglib chooses for the standardised cell.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from equinet.graphs.crystal_graph import CrystalGraph, collate, crystal_graph, full_symmetry
from equinet.groups import nearest_elements
from pointgroups import PointGroup, point_group

from .checkpoint import TrainedModel

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = ["Prediction", "StructureFileError", "is_subgroup", "predict", "predict_graphs", "read_structure"]

_SAME_ROTATION = 1e-6


class StructureFileError(ValueError):
    """A file from which no structure can be read."""


@dataclass(frozen=True)
class Prediction:
    """A prediction in the model's unit, and the symmetry that it carries.

    ``crystal_class`` is the Hermann–Mauguin symbol of the crystal's class P; ``in_group`` tells whether P, in its
    standard setting, is a subgroup of the model's group.
    """

    formula: str
    value: float
    crystal_class: str
    in_group: bool


def predict(trained: TrainedModel, structure: Structure, symprec: float = 0.01) -> Prediction:
    """The model's value for one crystal, and the crystal's class.

    Args:
        trained: from :func:`equinet.training.checkpoint.load_model`.
        structure: an ordered pymatgen ``Structure``.
        symprec: tolerance of the symmetry search in Å.

    Raises:
        ValueError: an element that the model was not trained on, or what :func:`pointgroups.crystal_symmetry` refuses.

    Example:
        >>> from equinet.training.checkpoint import TrainedModel
        >>> from equinet import InvariantModel, InvariantModelConfig
        >>> from pymatgen.core import Lattice, Structure
        >>> untrained = TrainedModel(InvariantModel(InvariantModelConfig(species=(55, 17))), "n", "")
        >>> prediction = predict(untrained, Structure(Lattice.cubic(4.1), ["Cs", "Cl"], [[0, 0, 0], [0.5] * 3]))
        >>> prediction.formula, prediction.crystal_class, prediction.in_group
        ('CsCl', 'm-3m', True)
    """
    symmetry = full_symmetry(structure, symprec)
    config = trained.model.config
    dtype = next(trained.model.parameters()).dtype
    value = predict_graphs(trained.model, [crystal_graph(symmetry, config.cutoff, dtype)]).item()
    return Prediction(
        structure.composition.reduced_formula,
        value,
        symmetry.group.symbol,
        is_subgroup(symmetry.group, point_group(config.group)),
    )


@torch.no_grad()
def predict_graphs(model: nn.Module, graphs: Sequence[CrystalGraph], batch_size: int = 64) -> Tensor:
    """The model's values for all graphs, (n,), a batch at a time and in evaluation mode."""
    model.eval()
    starts = range(0, len(graphs), batch_size)
    return torch.cat([torch.empty(0), *(model(collate(graphs[i : i + batch_size])) for i in starts)])


def is_subgroup(group: PointGroup, of: PointGroup) -> bool:
    """Whether every rotation of ``group`` is one of ``of``, both as they are set.

    Example:
        >>> is_subgroup(point_group("Td"), point_group("Oh")), is_subgroup(point_group("D3d"), point_group("Oh"))
        (True, False)
    """
    _, distances = nearest_elements(group.rotations, of.rotations)
    return bool((distances < _SAME_ROTATION).all())


def read_structure(path: Path) -> tuple[Structure, tuple[str, ...]]:
    """The (first) structure of a file of any format that pymatgen knows by its name, and its reader's remarks.

    Raises:
        StructureFileError: no such file, or one that cannot be read.
    """
    from pymatgen.core import Structure

    if not path.is_file():
        raise StructureFileError("no such file")
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        try:
            structure = Structure.from_file(path)
        # The parsers of a dozen formats each fail in their own way.
        except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise StructureFileError(f"not a structure that pymatgen can read ({reason})") from error
    return structure, tuple(dict.fromkeys(" ".join(str(remark.message).split()) for remark in remarks))
