"""Convolutions beside e3nn and cuequivariance, in one run on one machine: ``python -m tests.benchmarks.layers``.

10,000 edges between 1,000 atoms, float32; what an edge needs and its gradients. Every program gathers the neighbour,
multiplies, and scatters to the atom:

- e3nn's depthwise tensor product ("uvu") with weights per edge, from features 0e + 1o + … + ℓ with harmonics of the
  same to the same (the irreps of other parity, which would come out too, are left out); gradients of features and
  weights. The network that makes the weights is not counted.
- cuequivariance_torch's ``ChannelWiseTensorProduct``, the same.
- the same sum over O(3) written as ours is: in chunks of edges, weights made in the chunk from H radial functions,
  backward by hand. It tells what is the implementation's and what the group's.
- ours: ``edge_product`` on the group Oh, H oriented functions; gradients of features, functions and weights. Equal
  width: 48 C′ ≈ (ℓ + 1)² C; equal channels: C′ = C.

Programs take turns in one process; medians of wall time, which a busy machine disturbs, and of the process's own.
``--threads`` sets how many; ``--memory`` adds the most memory held, each in a fresh process; ``--scaling FOLDER``
writes layers.json with scans of channels, ℓ, edges and group order, and a picture of them; ``--quick`` takes a small
shape once. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from equinet import edge_product

from .groups import ROOT, duration

REPEATS = 7
DEGREE = 10
CHUNK = 1 << 18


@dataclass(frozen=True)
class Shape:
    """What is computed: E edges, harmonics and features up to ℓ, C channels; order |G| and H functions for ours."""

    edges: int
    l_max: int
    channels: int
    order: int = 48
    functions: int = 8

    @property
    def atoms(self) -> int:
        return max(1, self.edges // DEGREE)

    def equal_width(self) -> Shape:
        return replace(self, channels=max(1, round((self.l_max + 1) ** 2 * self.channels / self.order)))

    def edge_index(self) -> Tensor:
        """Random neighbours, sorted by the atom to which they belong, as a search for neighbours gives them."""
        return torch.stack([torch.randint(self.atoms, (self.edges,)), torch.arange(self.edges) % self.atoms]).sort()[0]


Run = Callable[[bool], None]
"""One pass; with True also backward."""


def pass_through(function: Callable[..., Tensor], arguments: Sequence[Tensor], differentiated: int) -> Run:
    """The run of a function, differentiated in its first few arguments."""
    leaves = [x.requires_grad_() for x in arguments[:differentiated]]

    def run(backward: bool) -> None:
        if backward:
            found = function(*arguments)
            torch.autograd.grad(found, leaves, torch.ones_like(found))
        else:
            with torch.no_grad():
                function(*arguments)

    return run


def ours(shape: Shape) -> Run:
    values = torch.randn(shape.atoms, shape.order, shape.channels)
    filters = torch.randn(shape.edges, shape.order, shape.functions)
    weight = torch.randn(shape.functions, shape.channels)
    return pass_through(edge_product, (values, filters, weight, shape.edge_index()), 3)


def e3nn(shape: Shape) -> Run:
    from e3nn import o3

    features = o3.Irreps([(shape.channels, (l, (-1) ** l)) for l in range(shape.l_max + 1)])
    harmonics = o3.Irreps.spherical_harmonics(shape.l_max)
    kept = {irrep for _, irrep in features}
    paths = [(i, j, c) for i, (_, a) in enumerate(features) for j, (_, b) in enumerate(harmonics) for c in a * b]
    paths = [path for path in paths if path[2] in kept]
    paths.sort(key=lambda path: path[2])
    out = o3.Irreps([(shape.channels, c) for _, _, c in paths])
    instructions = [(i, j, k, "uvu", True) for k, (i, j, _) in enumerate(paths)]
    product = o3.TensorProduct(features, harmonics, out, instructions, shared_weights=False, internal_weights=False)
    source, target = shape.edge_index()

    def convolve(x: Tensor, weights: Tensor, y: Tensor) -> Tensor:
        return torch.zeros(len(x), out.dim).index_add(0, target, product(x[source], y, weights))

    x, y = torch.randn(shape.atoms, features.dim), torch.randn(shape.edges, harmonics.dim)
    return pass_through(convolve, (x, torch.randn(shape.edges, product.weight_numel), y), 2)


def cuequivariance(shape: Shape) -> Run:
    import cuequivariance as cue
    import cuequivariance_torch as cuet

    kinds = [f"{l}{'eo'[l % 2]}" for l in range(shape.l_max + 1)]
    features = cue.Irreps("O3", " + ".join(f"{shape.channels}x{kind}" for kind in kinds))
    harmonics = cue.Irreps("O3", " + ".join(kinds))
    product = cuet.ChannelWiseTensorProduct(
        features,
        harmonics,
        [irrep for _, irrep in features],
        layout=cue.ir_mul,
        shared_weights=False,
        internal_weights=False,
        method="naive",
    )
    source, target = shape.edge_index()

    def convolve(x: Tensor, weights: Tensor, y: Tensor) -> Tensor:
        message = product(x[source], y, weights)
        return torch.zeros(len(x), message.shape[1]).index_add(0, target, message)

    x, y = torch.randn(shape.atoms, features.dim), torch.randn(shape.edges, harmonics.dim)
    return pass_through(convolve, (x, torch.randn(shape.edges, product.weight_numel), y), 2)


class ChunkedOrthogonal(torch.autograd.Function):
    """Σ_e w[e, c, o] Σ_ij C[i, j, o] v[s_e, c, i] y[e, j] for all components o of all paths, w = radial @ weight."""

    @staticmethod
    def chunks(x: Tensor, radial: Tensor, y: Tensor, edges: Tensor, width: int) -> Any:
        step = max(1, CHUNK * torch.get_num_threads() // width)
        yield from zip(radial.split(step), y.split(step), *(index.split(step) for index in edges), strict=True)

    @staticmethod
    def forward(ctx: Any, x: Tensor, radial: Tensor, weight: Tensor, y: Tensor, c: Tensor, edges: Tensor) -> Tensor:
        ctx.save_for_backward(x, radial, weight, y, c, edges)
        atoms, channels, dim = x.shape
        total = x.new_zeros(atoms, channels, c.shape[2])
        by_harmonic = c.permute(1, 0, 2).flatten(1)
        for r, h, s, t in ChunkedOrthogonal.chunks(x, radial, y, edges, total[0].numel()):
            turn = (h @ by_harmonic).view(len(s), dim, -1)
            message = torch.bmm(x.index_select(0, s), turn)
            total.index_add_(0, t, message.mul_((r @ weight).view(message.shape)))
        return total

    @staticmethod
    def backward(ctx: Any, cotangent: Tensor) -> Any:
        x, radial, weight, y, c, edges = ctx.saved_tensors
        of_x, of_weight, of_radial = torch.zeros_like(x), torch.zeros_like(weight), []
        by_harmonic = c.permute(1, 0, 2).flatten(1)
        for r, h, s, t in ChunkedOrthogonal.chunks(x, radial, y, edges, cotangent[0].numel()):
            turn = (h @ by_harmonic).view(len(s), x.shape[2], -1)
            d = cotangent.index_select(0, t)
            of_w = torch.bmm(x.index_select(0, s), turn).mul_(d).flatten(1)
            of_weight.addmm_(r.T, of_w)
            of_radial.append(of_w @ weight.T)
            d.mul_((r @ weight).view(d.shape))
            of_x.index_add_(0, s, torch.bmm(d, turn.mT))
        return of_x, torch.cat(of_radial), of_weight, None, None, None


def chunked_orthogonal(shape: Shape) -> Run:
    from equinet.groups import O3, coupling

    group = O3(shape.l_max)
    kinds = [group.real_irreps[f"{l}{'eo'[l % 2]}"] for l in range(shape.l_max + 1)]
    start = [l**2 for l in range(shape.l_max + 1)]
    columns = []
    for i, a in enumerate(kinds):
        for j, b in enumerate(kinds):
            for out in kinds:
                for u in coupling(a, b, out):
                    column = torch.zeros((shape.l_max + 1) ** 2, (shape.l_max + 1) ** 2, out.dim)
                    column[start[i] : start[i] + a.dim, start[j] : start[j] + b.dim] = torch.tensor(u)
                    columns.append(column)
    c = torch.cat(columns, -1)
    x = torch.randn(shape.atoms, shape.channels, c.shape[0])
    radial = torch.randn(shape.edges, shape.functions)
    path = torch.cat([torch.full((column.shape[2],), k) for k, column in enumerate(columns)])
    weight = torch.randn(shape.functions, shape.channels, len(columns))[..., path].flatten(1)
    y = torch.randn(shape.edges, c.shape[1])
    return pass_through(ChunkedOrthogonal.apply, (x, radial, weight, y, c, shape.edge_index()), 3)


def ours_of_equal_width(shape: Shape) -> Run:
    return ours(shape.equal_width())


def ours_of_16_functions(shape: Shape) -> Run:
    return ours(replace(shape.equal_width(), functions=16))


def ours_of_equal_channels_and_16_functions(shape: Shape) -> Run:
    return ours(replace(shape, functions=16))


PROGRAMS: dict[str, tuple[str, Callable[[Shape], Run]]] = {
    "e3nn": ("e3nn", e3nn),
    "cuequivariance": ("cuequivariance_torch", cuequivariance),
    "O(3) in chunks": ("equinet", chunked_orthogonal),
    "equal width": ("equinet", ours_of_equal_width),
    "equal width, H 16": ("equinet", ours_of_16_functions),
    "equal channels": ("equinet", ours),
    "equal channels, H 16": ("equinet", ours_of_equal_channels_and_16_functions),
}
SHAPES = tuple(Shape(10_000, l_max, channels) for l_max in (2, 3) for channels in (32, 64))
QUICK = (Shape(500, 1, 8),)


def installed() -> list[str]:
    return [name for name, (package, _) in PROGRAMS.items() if importlib.util.find_spec(package) is not None]


def taking_turns(runs: dict[str, Run], repeats: int) -> dict[str, dict[str, float]]:
    """Medians: {program: {"forward", "both", "forward cpu", "both cpu": seconds}}."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in runs}
    for turn in range(repeats + 1):
        for name, run in runs.items():
            for backward in (False, True):
                wall, own = time.perf_counter(), time.process_time()
                run(backward)
                own, wall = time.process_time() - own, time.perf_counter() - wall
                if turn:
                    what = "both" if backward else "forward"
                    found[name].setdefault(what, []).append(wall)
                    found[name].setdefault(f"{what} cpu", []).append(own)
    return {name: {what: statistics.median(times) for what, times in own.items()} for name, own in found.items()}


def peak_memory(name: str, shape: Shape) -> int:
    """Most bytes that forward and backward held, over what their arguments do; for a fresh process."""
    run = PROGRAMS[name][1](shape)
    run(True)
    status = Path("/proc/self/status")

    def field(key: str) -> int:
        return next(int(line.split()[1]) << 10 for line in status.read_text().splitlines() if line.startswith(key))

    before = field("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    run(True)
    return field("VmHWM") - before


def peak_memory_of_fresh_process(name: str, shape: Shape) -> int:
    """:func:`peak_memory`, with a C library that gives freed arrays back at once."""
    code = f"from tests.benchmarks.layers import *; torch.set_num_threads(1); print(peak_memory({name!r}, {shape!r}))"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "65536"}
    command = [sys.executable, "-W", "ignore", "-c", code]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
    return int(run.stdout)


def rows_of_times(shapes: Sequence[Shape], repeats: int) -> list[tuple[str, ...]]:
    rows = []
    for shape in shapes:
        times = taking_turns({name: PROGRAMS[name][1](shape) for name in installed()}, repeats)
        for name, own in times.items():
            row = [f"ℓ{shape.l_max} C{shape.channels}", name]
            for what in ("forward", "both", "forward cpu", "both cpu"):
                ratio = times["e3nn"][what] / own[what] if "e3nn" in times else float("nan")
                row += [duration(own[what]), f"{ratio:.3g} ×"]
            rows.append(tuple(row))
    return rows


def rows_of_memory(shapes: Sequence[Shape]) -> list[tuple[str, ...]]:
    rows = []
    for shape in shapes:
        peaks = {name: peak_memory_of_fresh_process(name, shape) for name in installed()}
        for name, peak in peaks.items():
            ratio = peaks["e3nn"] / peak if "e3nn" in peaks else float("nan")
            rows.append((f"ℓ{shape.l_max} C{shape.channels}", name, f"{peak / 2**20:.0f} MiB", f"{ratio:.3g} ×"))
    return rows


def scans(repeats: int) -> list[dict[str, Any]]:
    """Scans of one number at a time around ℓ2 C32: channels, ℓ, edges for e3nn and ours, |G| for ours."""
    middle = Shape(4_000, 2, 32)
    wanted = [name for name in ("e3nn", "O(3) in chunks", "equal width", "equal channels") if name in installed()]
    points: list[tuple[str, float, list[str], Shape]] = []
    points += [("channels C", c, wanted, replace(middle, channels=c)) for c in (8, 16, 32, 64, 128)]
    points += [("degree ℓ", l, wanted, replace(middle, l_max=l)) for l in (0, 1, 2, 3)]
    points += [("edges E", e, wanted, replace(middle, edges=e)) for e in (500, 2_000, 8_000, 32_000)]
    orders = (1, 2, 3, 4, 6, 8, 12, 16, 24, 48)
    points += [("group order |G|", g, ["equal width", "equal channels"], replace(middle, order=g)) for g in orders]
    found = []
    for scan, at, names, shape in points:
        times = taking_turns({name: PROGRAMS[name][1](shape) for name in names}, repeats)
        found += [{"scan": scan, "at": at, "program": name, **asdict(shape), **own} for name, own in times.items()]
        print(f"{scan} = {at}", *(f"{name} {duration(own['both cpu'])}" for name, own in times.items()), sep="; ")
    return found


def picture(points: Sequence[dict[str, Any]], path: Path) -> None:
    """The process's own time for forward and backward of each program over each scan, log–log."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "equinet"
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(point["scan"] for point in points))
    figure, axes = plt.subplots(1, len(names), figsize=(4 * len(names), 3.5), sharey=True, layout="constrained")
    for axis, scan in zip(axes, names, strict=True):
        for colour, program in enumerate(PROGRAMS):
            line = [(p["at"], 1e3 * p["both cpu"]) for p in points if p["scan"] == scan and p["program"] == program]
            if line:
                axis.plot(*zip(*line, strict=True), marker="o", color=f"C{colour}", label=program)
        axis.set(xlabel=scan, yscale="log", xscale="linear" if "ℓ" in scan else "log")
        if "ℓ" in scan:
            axis.xaxis.get_major_locator().set_params(integer=True)
    axes[0].set_ylabel("forward + backward, ms of CPU time")
    axes[0].legend()
    figure.savefig(path, metadata={"Date": None})


def print_rows(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]
    for row in (header, *rows):
        cells = [*(cell.ljust(w) for cell, w in zip(row[:2], widths[:2], strict=True))]
        cells += [cell.rjust(w) for cell, w in zip(row[2:], widths[2:], strict=True)]
        print("  ".join(cells).rstrip())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small shape, once")
    parser.add_argument("--threads", type=int, default=1, help="of every program (default 1)")
    parser.add_argument("--memory", action="store_true", help="also the most memory held")
    parser.add_argument("--scaling", type=Path, metavar="FOLDER", help="write layers.json and layers.svg there instead")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    packages = ("torch", "e3nn", "cuequivariance_torch")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages if importlib.util.find_spec(name)]
    print(f"{', '.join(versions)}; {os.cpu_count()} cores, {options.threads} threads; medians, programs taking turns")
    if options.scaling is not None:
        points = scans(REPEATS)
        options.scaling.mkdir(parents=True, exist_ok=True)
        (options.scaling / "layers.json").write_text(json.dumps(points, indent=1, ensure_ascii=False) + "\n")
        picture(points, options.scaling / "layers.svg")
        return
    shapes = QUICK if options.quick else SHAPES
    header = ("", "", "forward", "ratio", "with backward", "ratio", "CPU: forward", "ratio", "with backward", "ratio")
    print_rows(header, rows_of_times(shapes, 1 if options.quick else REPEATS))
    if options.memory:
        print_rows(("", "", "most memory held", "ratio"), rows_of_memory(shapes))


if __name__ == "__main__":
    main()
