"""The same crystal given in another way, and tensors made of a crystal: what must not change, and by how much it does.

``python -m tests.crystals.redescriptions [DATA …]`` takes every row of the published data ten times.
"""

from __future__ import annotations

import argparse
import gzip
import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import spglib
from pymatgen.core import Structure

from pointgroups import CrystalSymmetry, SupercellError, crystal_symmetry

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
SETS = ("piezoelectric", "dielectric", "elastic", "born_charges")
AGREEMENT = 1e-6
_RANGE = 4.5  # Å, of the bonds that the tensors are made of


def structure_of(row: dict) -> Structure:
    """The structure of a row of the data."""
    return Structure(*(row["structure"][key] for key in ("lattice", "species", "frac_coords")))


def fixture_rows() -> dict[str, dict]:
    """The crystals that ship with the tests."""
    lines = (ROOT / "tests/data/crystals.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["material_id"]: row for row in map(json.loads, lines)}


def shared_rows(name: str) -> list[dict]:
    """All rows of a published set; FileNotFoundError where the data are not there."""
    with gzip.open(SHARED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def redescribed(structure: Structure, seed: int, improper: bool) -> Structure:
    """Another unimodular cell, orientation (mirrored when ``improper``), origin and order of atoms."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn)) * (-1 if improper else 1)
    cell = _unimodular(rng)
    positions = (structure.frac_coords + rng.random(3)) @ np.linalg.inv(cell)
    order = rng.permutation(len(structure))
    species = [structure[int(k)].specie for k in order]
    return Structure(cell @ structure.lattice.matrix @ turn.T, species, positions[order])


def _unimodular(rng: np.random.Generator) -> np.ndarray:
    while True:
        cell = np.eye(3, dtype=int)
        for _ in range(4):
            a, b = rng.choice(3, 2, replace=False)
            cell[a] += rng.integers(-1, 2) * cell[b]
        if np.abs(cell).max() <= 3:
            return cell


def tensors_of(symmetry: CrystalSymmetry, seed: int = 0) -> list[np.ndarray]:
    """Equivariant tensors of rank 1 to 4 of the symmetrised crystal, in the user's axes; weights depend on the seed.

    Bonds r with weights w(s, s', |r|) give moments v_i = Σ w r and M_ij = Σ w r_i r_j of each atom; products of these,
    weighted by what the atom is and how densely it is surrounded, are summed over the atoms.
    """
    structure = symmetry.structure
    centers, ends, images, lengths = structure.get_neighbor_list(_RANGE)
    bonds = (structure.frac_coords[ends] + images - structure.frac_coords[centers]) @ structure.lattice.matrix
    numbers = np.array([site.specie.Z for site in structure], dtype=float)
    a, b, c = np.random.default_rng(seed).uniform(0.2, 1.0, size=3)
    density = np.bincount(centers, np.exp(-a * lengths) * numbers[ends], len(numbers))
    weights = (np.sin(numbers[centers]) + density[centers]) * np.cos(b * numbers[ends]) * np.exp(-c * lengths)
    weights *= (1 - (lengths / _RANGE) ** 2) ** 3 / len(numbers)
    vectors = np.zeros((len(numbers), 3))
    np.add.at(vectors, centers, weights[:, None] * bonds)
    moments = np.zeros((len(numbers), 3, 3))
    np.add.at(moments, centers, weights[:, None, None] * bonds[:, :, None] * bonds[:, None, :])
    triple = np.einsum("a,ai,aj,ak->ijk", weights, bonds, bonds, bonds)
    fourfold = np.einsum("a,ai,aj,ak,al->ijkl", weights, bonds, bonds, bonds, bonds)
    return [
        density @ vectors,
        moments.mean(axis=0) + np.einsum("ai,aj->ij", vectors, vectors),
        np.einsum("ai,ajk->ijk", vectors, moments) + triple,
        np.einsum("aij,akl->ijkl", moments, moments) + fourfold,
    ]


ENANTIOMORPHS = (
    (76, 78), (91, 95), (92, 96), (144, 145), (151, 153), (152, 154), (169, 170), (171, 172), (178, 179), (180, 181),
    (212, 213),
)  # fmt: skip


def same_space_group(first: CrystalSymmetry, second: CrystalSymmetry) -> bool:
    """Whether two descriptions have one space group, or its mirror image where their handedness differs."""
    a, b = sorted((first.space_group_number, second.space_group_number))
    if a == b:
        return (a not in {n for pair in ENANTIOMORPHS for n in pair}) or first.handedness == second.handedness
    return (a, b) in ENANTIOMORPHS and first.handedness != second.handedness


def disagreement(symmetry: CrystalSymmetry, again: CrystalSymmetry, seed: int = 0) -> float:
    """The largest difference of the standard tensors of two descriptions, relative to the largest entry.

    Tensors that the class forbids are rounding errors; they are compared on the scale of the rank-4 tensor.
    """
    handedness = symmetry.handedness * again.handedness
    first, second = tensors_of(symmetry, seed), tensors_of(again, seed)
    floor = 1e-3 * float(np.abs(first[-1]).max())
    worst = 0.0
    for rank, (a, b) in enumerate(zip(first, second, strict=True), 1):
        difference = np.abs(symmetry.to_standard(a) - handedness**rank * again.to_standard(b)).max()
        worst = max(worst, float(difference) / max(float(np.abs(a).max()), floor))
    return worst


def with_spglibs_frame(structure: Structure) -> CrystalSymmetry:
    """The same with the rotation to spglib's standard cell in place of ours."""
    symmetry = crystal_symmetry(structure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        cell = (structure.lattice.matrix, structure.frac_coords, [site.specie.Z for site in structure])
        frame = spglib.get_symmetry_dataset(cell, symprec=0.01).std_rotation_matrix
    return replace(symmetry, frame=frame, handedness=1)


@dataclass
class Count:
    """What became of the rows of one set."""

    rows: int = 0
    refused: int = 0
    other_group: int = 0
    other_tensor: int = 0
    unclear_frame: int = 0
    unclear_symmetry: int = 0


def check_rows(
    rows: list[dict], times: int, mirror: bool = True, find: Callable[[Structure], CrystalSymmetry] = crystal_symmetry
) -> Iterator[Count]:
    """The running count of crystals that came out differently in at least one of several descriptions."""
    count = Count()
    for number, row in enumerate(rows):
        count.rows += 1
        structure = structure_of(row)
        try:
            symmetry = find(structure)
        except SupercellError:
            count.refused += 1
            continue
        count.unclear_frame += not symmetry.frame_is_clear
        count.unclear_symmetry += not symmetry.symmetry_is_clear
        seeds = range(times * number, times * (number + 1))
        others = [find(redescribed(structure, seed, improper=mirror and bool(seed % 2))) for seed in seeds]
        same = [other for other in others if same_space_group(symmetry, other)]
        count.other_group += len(same) < len(others)
        count.other_tensor += any(disagreement(symmetry, other, k) > AGREEMENT for k, other in enumerate(same))
        yield count


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="*", default=list(SETS))
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--spglib", action="store_true", help="spglib's own frame, without mirror images")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    find = with_spglibs_frame if options.spglib else crystal_symmetry
    for name in options.data:
        *_, count = check_rows(shared_rows(name)[:: options.every], options.times, not options.spglib, find)
        print(name, count)


if __name__ == "__main__":
    main()
