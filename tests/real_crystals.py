"""Real crystals of all 32 classes (tests/data/crystals.jsonl) as test parameters; their symmetry is found once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pymatgen.core import Structure

from pointgroups import CrystalSymmetry, PointGroup, crystal_symmetry, point_group

_LINES = (Path(__file__).parent / "data/crystals.jsonl").read_text(encoding="utf-8").splitlines()
ROWS: dict[str, dict[str, Any]] = {row["material_id"]: row for row in map(json.loads, _LINES)}


def name_of(material_id: str) -> str:
    return f"{ROWS[material_id]['class']}-{ROWS[material_id]['space_group']}"


every_crystal = pytest.mark.parametrize("material_id", ROWS, ids=name_of)


def structure_of(material_id: str) -> Structure:
    structure = ROWS[material_id]["structure"]
    return Structure(structure["lattice"], structure["species"], structure["frac_coords"])


@cache
def symmetry_of(material_id: str) -> CrystalSymmetry:
    return crystal_symmetry(structure_of(material_id))


def supergroup(symmetry: CrystalSymmetry) -> PointGroup:
    """Oh or D6h, whichever holds the class in its standard axes."""
    oh = point_group("Oh")
    apart = np.abs(symmetry.group.rotations[:, None] - oh.rotations).max((2, 3)).min(1)
    return oh if (apart < 1e-9).all() else point_group("D6h")
