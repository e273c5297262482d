"""All pairs G ⊇ H of the 32 groups in their standard axes, as test parameters."""

from __future__ import annotations

import numpy as np
import pytest
from thirty_two import GROUPS

from equinet import Irreps
from pointgroups import point_group


def is_subgroup(name: str, other: str) -> bool:
    """Whether every rotation of ``other`` is one of ``name``, without turning it."""
    distance = np.abs(point_group(other).rotations[:, None] - point_group(name).rotations).max(axis=(-2, -1))
    return bool((distance.min(axis=1) < 1e-9).all())


PAIRS = [(name, other) for name in GROUPS for other in GROUPS if is_subgroup(name, other)]
every_pair = pytest.mark.parametrize(("name", "other"), PAIRS, ids=[f"{name}-{other}" for name, other in PAIRS])


def one_of_each(name: str) -> Irreps:
    """Every irrep of a group once."""
    return Irreps(name, dict.fromkeys(point_group(name).real_irreps, 1))
