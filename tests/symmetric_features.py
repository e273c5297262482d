"""A real crystal of each class, and random features on it that have its symmetry exactly."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import torch
from pymatgen.core import Lattice, Structure
from torch import Tensor

from equinet import Irreps, OrientedGraph, oriented_graph, reduced_graph
from pointgroups import CrystalSymmetry, crystal_symmetry

LINES = (Path(__file__).parent / "data/crystals.jsonl").read_text(encoding="utf-8").splitlines()


@cache
def structure_of(name: str) -> Structure:
    """The larger of the crystals of a class in tests/data; a perovskite for Oh, where both have a single atom."""
    if name == "Oh":
        positions = [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
        return Structure(Lattice.cubic(4.0), ["Ba", "Ti", "O", "O", "O"], positions)
    found = [row["structure"] for row in map(json.loads, LINES) if row["class"] == name]
    structures = [Structure(one["lattice"], one["species"], one["frac_coords"]) for one in reversed(found)]
    return next(one for one in structures if crystal_symmetry(one).group.schoenflies == name)  # one has two classes


@cache
def crystal_of(name: str) -> CrystalSymmetry:
    """The symmetry of :func:`structure_of`."""
    return crystal_symmetry(structure_of(name))


def symmetric_features(crystal: CrystalSymmetry, irreps: Irreps) -> Tensor:
    """Random v_n, averaged: (1/n_ops) Σ_k D(g_k) v at the atom that k takes to n; g_k by its matrix in irreps.group."""
    features = np.random.default_rng(0).normal(size=(len(crystal.species), irreps.dim))
    apart = np.abs(crystal.group.rotations[:, None] - irreps.group.rotations).max(axis=(2, 3))
    assert apart.min(axis=1).max() < 1e-12, "the class is no subgroup of the network's group"
    matrices = irreps.matrices[apart.argmin(axis=1)]
    total = np.zeros_like(features)
    for element, images in zip(crystal.operations.elements, crystal.permutations, strict=True):
        total[images] += features @ matrices[element].T
    return torch.tensor(total / len(crystal.operations))


@cache
def full_and_reduced(name: str) -> tuple[OrientedGraph, OrientedGraph]:
    """The graphs of all rows and of the rows that symmetry leaves, of the crystal of a class."""
    crystal = crystal_of(name)
    return oriented_graph(crystal, 3.0, torch.float64), reduced_graph(crystal, 3.0, torch.float64)


def on_all_rows(values: Tensor, full: OrientedGraph, reduced: OrientedGraph) -> Tensor:
    """f(n, g) = F(g⁻¹ n) on the rows of the full graph from F (R, C) on those of the reduced one."""
    order = full.block
    sources = reduced.twists[0].view(-1, order)  # the row of g⁻¹ a
    return values[sources[reduced.atom_rows].flatten()]
