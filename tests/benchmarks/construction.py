"""How long it takes to build each layer: ``python -m tests.benchmarks.construction``.

For Oh, in one process: the first time, in which coefficients are derived that later layers find ready, and the median
of the next. Reading the group's own table is not counted. e3nn's fully connected tensor product stands beside.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pointgroups import point_group

from .groups import duration
from .layers import print_rows

sys.path.insert(0, str(Path(__file__).parents[1]))

REPEATS = 7


def times(build: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the first building, and the median of the next."""
    found = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        build()
        found.append(time.perf_counter() - start)
    return found[0], statistics.median(found[1:])


def e3nn_tensor_product() -> object:
    from e3nn import o3

    features = o3.Irreps("16x0e + 16x1o + 16x2e")
    return o3.FullyConnectedTensorProduct(features, features, features)


def main() -> None:
    """Measure and print."""
    from equinet_layers import LAYERS

    group = point_group("Oh")
    for irrep in (*group.irreps.values(), *group.real_irreps.values()):
        _ = irrep.matrices
    programs: dict[str, Callable[[], object]] = {name: lambda c=case: c.build("Oh") for name, case in LAYERS.items()}
    if importlib.util.find_spec("e3nn") is not None:
        programs["e3nn FullyConnectedTensorProduct, ℓ ≤ 2, 16 channels"] = e3nn_tensor_product
    rows = [(name, "", *map(duration, times(build))) for name, build in programs.items()]
    print_rows(("", "", "first", "next"), rows)


if __name__ == "__main__":
    main()
