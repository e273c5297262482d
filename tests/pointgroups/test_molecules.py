"""Point groups of molecules: named ones, made ones of every class and of families that are no crystal classes."""

import itertools
from functools import cache

import numpy as np
import pytest
from pymatgen.core import Lattice, Molecule, Structure
from pymatgen.symmetry.analyzer import PointGroupAnalyzer
from thirty_two import GROUPS, random_rotation

from pointgroups import CrystalSymmetryError, MoleculeSymmetry, molecule_symmetry, point_group

AGREEMENT = 1e-8
GOLDEN = (1 + np.sqrt(5)) / 2


def about_z(degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])


def ring(n: int, radius: float, z: float = 0.0, start: float = 0.0) -> np.ndarray:
    """n points round the z axis."""
    return np.array([about_z(start + 360 * k / n) @ [radius, 0, z] for k in range(n)])


def made(**atoms: object) -> Molecule:
    """A molecule from coordinates by element."""
    species = [key for key, places in atoms.items() for _ in np.atleast_2d(places)]
    return Molecule(species, np.concatenate([np.atleast_2d(places) for places in atoms.values()]))


def cyclic(points: object) -> np.ndarray:
    """All cyclic permutations and sign changes of points."""
    found = {
        tuple(float(x) for x in np.roll(np.multiply(point, signs), k).round(12) + 0.0)
        for point in points
        for signs in itertools.product((1, -1), repeat=3)
        for k in range(3)
    }
    return np.array(sorted(found))


def two_rings(n: int, middle: str, twist: float) -> Molecule:
    """A metallocene: two rings of CH about a metal."""
    rings = [ring(n, r, z, s) for r in (1.21, 2.29) for z, s in ((1.65, 0.0), (-1.65, twist))]
    return Molecule([middle] + ["C"] * 2 * n + ["H"] * 2 * n, np.concatenate([[[0, 0, 0]], *rings]))


def ethane(twist: float) -> Molecule:
    hydrogens = [ring(3, 1.02, 1.16), ring(3, 1.02, -1.16, twist)]
    return made(C=[[0, 0, 0.765], [0, 0, -0.765]], H=np.concatenate(hydrogens))


CORNERS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
ICOSAHEDRON = cyclic([(0, 1, GOLDEN)])
FULLERENE = cyclic([(0, 1, 3 * GOLDEN), (1, 2 + GOLDEN, 2 * GOLDEN), (GOLDEN, 2, 2 * GOLDEN + 1)])
NAMED = {
    "water": (made(O=[0, 0, 0.12], H=[[0, 0.76, -0.48], [0, -0.76, -0.48]]), "C2v", "C2v"),
    "ammonia": (made(N=[0, 0, 0.12], H=ring(3, 0.94, -0.27)), "C3v", "C3v"),
    "methane": (made(C=[0, 0, 0], H=CORNERS * 1.09), "Td", "Td"),
    "sulfur hexafluoride": (made(S=[0, 0, 0], F=np.concatenate([np.eye(3), -np.eye(3)]) * 1.56), "Oh", "Oh"),
    "benzene": (made(C=ring(6, 1.397), H=ring(6, 2.484)), "D6h", "D6h"),
    "staggered ethane": (ethane(60), "D3d", "D3d"),
    "eclipsed ethane": (ethane(0), "D3h", "D3h"),
    "twisted ethane": (ethane(25), "D3", "D3"),
    "allene": (
        made(
            C=[[0, 0, 0], [0, 0, 1.31], [0, 0, -1.31]],
            H=[[0.93, 0, 1.87], [-0.93, 0, 1.87], [0, 0.93, -1.87], [0, -0.93, -1.87]],
        ),
        "D2d",
        "D2d",
    ),
    "hydrogen peroxide": (
        made(O=[[0, 0.73, -0.05], [0, -0.73, -0.05]], H=[[0.79, 0.88, 0.42], [-0.79, -0.88, 0.42]]), "C2", "C2",
    ),
    "CHFClBr": (
        made(C=[0, 0, 0], H=CORNERS[0] * 1.09, F=CORNERS[1] * 1.36, Cl=CORNERS[2] * 1.76, Br=CORNERS[3] * 1.94),
        "C1",
        "C1",
    ),
    "trans-difluoroethene": (
        made(
            C=[[0.66, 0, 0], [-0.66, 0, 0]],
            H=[[1.24, 0.92, 0], [-1.24, -0.92, 0]],
            F=[[1.35, -1.15, 0], [-1.35, 1.15, 0]],
        ),
        "C2h",
        "C2h",
    ),
    "boron trifluoride": (made(B=[0, 0, 0], F=ring(3, 1.31)), "D3h", "D3h"),
    "boric acid": (made(B=[0, 0, 0], O=ring(3, 1.36), H=ring(3, 1.96, start=25)), "C3h", "C3h"),
    "cyclopropane": (
        made(C=ring(3, 0.87), H=np.concatenate([ring(3, 1.46, 0.91), ring(3, 1.46, -0.91)])), "D3h", "D3h",
    ),
    "eclipsed ferrocene": (two_rings(5, "Fe", 0), "D5h", "C2v"),
    "staggered ferrocene": (two_rings(5, "Fe", 36), "D5d", "C2h"),
    "twisted ferrocene": (two_rings(5, "Fe", 15), "D5", "C2"),
    "uranocene": (two_rings(8, "U", 0), "D8h", "D4h"),
    "fullerene": (made(C=FULLERENE * 0.715), "Ih", "Th"),
    "carbon monoxide": (made(C=[0, 0, 0], O=[0, 0, 1.128]), "C∞v", "C6v"),
    "hydrogen cyanide": (made(H=[0, 0, -1.07], C=[0, 0, 0], N=[0, 0, 1.16]), "C∞v", "C6v"),
    "carbon dioxide": (made(C=[0, 0, 0], O=[[0, 0, 1.16], [0, 0, -1.16]]), "D∞h", "D6h"),
    "hydrogen": (made(H=[[0, 0, 0], [0, 0, 0.74]]), "D∞h", "D6h"),
    "argon": (made(Ar=[1, 2, 3]), "Kh", "Oh"),
    "sulfur crown": (made(S=np.concatenate([ring(4, 2.3, 0.49), ring(4, 2.3, -0.49, 45)])), "D4d", "D4"),
    "closo-dodecaborate": (made(B=ICOSAHEDRON * 0.89, H=ICOSAHEDRON * 1.52), "Ih", "Th"),
    "difluorochloromethane": (
        made(C=[0, 0, 0], H=CORNERS[0] * 1.09, F=CORNERS[1:3] * 1.35, Cl=CORNERS[3] * 1.75), "Cs", "Cs",
    ),
    "meso-dichlorodifluoroethane": (
        made(
            C=[[0, 0, 0.77], [0, 0, -0.77]],
            H=[[1.02, 0, 1.16], [-1.02, 0, -1.16]],
            F=[about_z(120) @ [1.27, 0, 1.25], -about_z(120) @ [1.27, 0, 1.25]],
            Cl=[about_z(240) @ [1.66, 0, 1.36], -about_z(240) @ [1.66, 0, 1.36]],
        ),
        "Ci",
        "Ci",
    ),
    "naphthalene": (
        made(
            C=np.array([[0.71, 0], [1.40, 1.24], [2.43, 0.71]])[[0, 0, 1, 1, 1, 1, 2, 2, 2, 2]]
            * np.array([[1, 1], [-1, 1], *[[a, b] for _ in range(2) for a in (1, -1) for b in (1, -1)]])
            @ np.array([[0, 1, 0], [1, 0, 0]])
        ),
        "D2h",
        "D2h",
    ),
}  # fmt: skip


# -- made groups: matrices from generators, molecules as orbits of points in general position -------------------------


def generated(*generators: np.ndarray) -> np.ndarray:
    """All products of orthogonal matrices."""
    found = [np.eye(3)]
    for matrix in found:
        for g in generators:
            if min(np.abs(g @ matrix - other).max() for other in found) > 1e-6:
                found.append(g @ matrix)
    return np.array(found)


def family(name: str, n: int) -> tuple[str, np.ndarray]:
    """Symbol and matrices of an axial group, from its textbook generators."""
    across, up, side = np.diag([1.0, -1, -1]), np.diag([1.0, 1, -1]), np.diag([1.0, -1, 1])
    turn, half = about_z(360 / n), about_z(180 / n)
    return {
        "C": (f"C{n}", generated(turn)),
        "Cv": (f"C{n}v", generated(turn, side)),
        "Ch": (f"C{n}h", generated(turn, up)),
        "S": (f"S{2 * n}", generated(half @ up)),
        "D": (f"D{n}", generated(turn, across)),
        "Dh": (f"D{n}h", generated(turn, across, up)),
        "Dd": (f"D{n}d", generated(half @ up, across)),
    }[name]


def icosahedral(improper: bool) -> np.ndarray:
    axis = np.array([0, 1, GOLDEN]) / np.sqrt(2 + GOLDEN)
    cross = np.cross(axis, np.eye(3)).T
    fifth = np.eye(3) + np.sin(0.4 * np.pi) * cross + (1 - np.cos(0.4 * np.pi)) * cross @ cross
    rotations = generated(fifth, np.eye(3)[[2, 0, 1]])
    return np.concatenate([rotations, -rotations]) if improper else rotations


# symbol → largest crystallographic subgroup by the lists of subgroups in Altmann & Herzig, Point-Group Theory Tables
FAMILIES = {
    ("C", 5): "C1", ("C", 8): "C4", ("C", 9): "C3", ("C", 10): "C2", ("C", 12): "C6",
    ("Cv", 5): "Cs", ("Cv", 8): "C4v", ("Cv", 9): "C3v", ("Cv", 10): "C2v",
    ("Ch", 5): "Cs", ("Ch", 8): "C4h", ("Ch", 9): "C3h", ("Ch", 10): "C2h",
    ("S", 4): "C4", ("S", 5): "Ci", ("S", 6): "C6", ("S", 9): "C3i", ("S", 10): "S4",
    ("D", 5): "C2", ("D", 7): "C2", ("D", 8): "D4", ("D", 9): "D3", ("D", 10): "D2",
    ("Dh", 5): "C2v", ("Dh", 7): "C2v", ("Dh", 8): "D4h", ("Dh", 9): "D3h", ("Dh", 12): "D6h",
    ("Dd", 4): "D4", ("Dd", 5): "C2h", ("Dd", 6): "D6", ("Dd", 7): "C2h", ("Dd", 9): "D3d", ("Dd", 10): "D2d",
}  # fmt: skip


def orbit_molecule(rotations: np.ndarray, seed: int) -> Molecule:
    """Orbits of points in general position, well apart: four of a small group, else two."""
    rng = np.random.default_rng(seed)
    radii = [4.0, 5.5, 3.0, 2.0][: 4 if len(rotations) <= 6 else 2]
    while True:
        directions = rng.normal(size=(len(radii), 3))
        points = directions / np.linalg.norm(directions, axis=1)[:, None] * np.array(radii)[:, None]
        coords = np.concatenate([rotations @ point for point in points])
        distances = np.linalg.norm(coords[:, None] - coords, axis=2) + 9 * np.eye(len(coords))
        if distances.min() > 0.5:
            return Molecule([element for element in "CNOF"[: len(radii)] for _ in rotations], coords)


@cache
def all_molecules() -> dict[str, tuple[Molecule, str, str]]:
    found = dict(NAMED)
    for number, name in enumerate(GROUPS):
        found[f"general {name}"] = (orbit_molecule(point_group(name).rotations, number), name, name)
    for (kind, n), subgroup in FAMILIES.items():
        symbol, matrices = family(kind, n)
        found[f"general {symbol}"] = (orbit_molecule(matrices, n), symbol, subgroup)
    found["general I"] = (orbit_molecule(icosahedral(False), 3), "I", "T")
    found["general Ih"] = (orbit_molecule(icosahedral(True), 1), "Ih", "Th")
    return found


@cache
def found_for(name: str) -> MoleculeSymmetry:
    molecule = all_molecules()[name][0]
    turned = Molecule(molecule.species, molecule.cart_coords @ random_rotation(7).T + [1.0, -2.0, 0.5])
    return molecule_symmetry(turned)


every_molecule = pytest.mark.parametrize("name", all_molecules())
every_named_molecule = pytest.mark.parametrize("name", NAMED)


# -- groups -------------------------------------------------------------------------------------------------------


@every_molecule
def test_point_group_and_largest_crystallographic_subgroup(name):
    _, full, subgroup = all_molecules()[name]
    symmetry = found_for(name)
    assert symmetry.schoenflies == full
    assert symmetry.group is point_group(subgroup)
    assert symmetry.is_crystallographic == (full == subgroup)
    assert symmetry.displacement < 1e-9


@every_named_molecule
def test_the_symmetry_of_named_molecules_is_clear(name):
    assert found_for(name).symmetry_is_clear


PYMATGEN_NAMES = {"D∞h": "D*h", "C∞v": "C*v", "C3i": "S6"}


@every_molecule
def test_pymatgen_finds_the_same_point_group(name):
    """Its tolerance on the moments of inertia is lowered: by default it takes some of these for spherical tops."""
    symmetry = found_for(name)
    theirs = PointGroupAnalyzer(symmetry.molecule, tolerance=0.03, eigen_tolerance=1e-4).sch_symbol
    assert theirs == PYMATGEN_NAMES.get(symmetry.schoenflies, symmetry.schoenflies)


@every_molecule
def test_frame_and_operations_are_exact(name):
    symmetry = found_for(name)
    frame, group = symmetry.frame, symmetry.group
    assert np.linalg.det(frame) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(frame @ symmetry.rotations @ frame.T, group.rotations, atol=1e-12)
    np.testing.assert_array_equal(symmetry.operations.elements, np.arange(group.order))
    images = symmetry.operations.images(symmetry.coords)
    np.testing.assert_allclose(images, symmetry.coords[symmetry.permutations], atol=1e-10)
    species = np.array([str(specie) for specie in symmetry.species])
    assert (species[symmetry.permutations] == species).all()
    for g in range(group.order):
        products = symmetry.permutations[g][symmetry.permutations]
        np.testing.assert_array_equal(symmetry.permutations[group.product[g]], products)
    standard = symmetry.standard_molecule.cart_coords
    np.testing.assert_allclose(standard.mean(axis=0), 0, atol=1e-10)
    moved = standard @ group.rotations.swapaxes(1, 2)
    np.testing.assert_allclose(moved, standard[symmetry.permutations], atol=1e-10)


@every_molecule
def test_orbits_and_site_groups_by_brute_force(name):
    symmetry = found_for(name)
    coords = symmetry.standard_molecule.cart_coords
    for i, place in enumerate(coords):
        images = [g @ place for g in symmetry.group.rotations]
        fixing = [k for k, image in enumerate(images) if np.linalg.norm(image - place) < 1e-6]
        assert symmetry.site_groups[i].elements.tolist() == fixing
        assert symmetry.site_groups[i].group.order == len(fixing)
        reached = {int(np.linalg.norm(coords - image, axis=1).argmin()) for image in images}
        orbits = [orbit for orbit in symmetry.orbits if i in orbit.atoms]
        assert [set(orbit.atoms) for orbit in orbits] == [reached]
        assert orbits[0].wyckoff == ""
        assert len(reached) * len(fixing) == symmetry.group.order


@every_named_molecule
def test_bond_orbits_by_brute_force(name):
    symmetry, radius = found_for(name), 2.6
    bonds = symmetry.bond_orbits(radius)
    coords = symmetry.coords
    distances = np.linalg.norm(coords[:, None] - coords, axis=2)
    everything = {(int(i), int(j)) for i, j in np.argwhere((distances <= radius + 1e-8) & (distances > 0))}
    assert bonds.n_bonds == len(everything)
    orbits = {
        frozenset((int(p[i]), int(p[j])) for p in symmetry.permutations) for i, j in everything
    }  # fmt: skip
    pairs = list(zip(bonds.centers.tolist(), bonds.neighbors.tolist(), strict=True))
    assert len(pairs) == len(orbits)
    assert frozenset().union(*orbits) == everything if everything else not pairs
    for number, (i, j) in enumerate(pairs):
        orbit = next(orbit for orbit in orbits if (i, j) in orbit)
        assert bonds.multiplicities[number] == sum(a == i for a, _ in orbit)
        assert pairs[bonds.reverses[number]] in {(b, a) for a, b in orbit}
        np.testing.assert_allclose(bonds.vectors[number], symmetry.frame @ (coords[j] - coords[i]), atol=1e-9)
    assert not bonds.shifts.any()


# -- tolerance ----------------------------------------------------------------------------------------------------


@every_named_molecule
@pytest.mark.parametrize("seed", range(2))
def test_noise_below_the_tolerance_is_averaged_out(name, seed):
    molecule, full, subgroup = NAMED[name]
    noise = np.random.default_rng(seed).normal(size=(len(molecule), 3))
    noise *= 0.008 / np.linalg.norm(noise, axis=1, keepdims=True)
    noisy = Molecule(molecule.species, molecule.cart_coords + noise)
    symmetry = molecule_symmetry(noisy)
    assert (symmetry.schoenflies, symmetry.group.schoenflies) == (full, subgroup)
    assert symmetry.displacement < 0.03
    assert full in ("C1", "Kh") or len(molecule) == 2 or symmetry.displacement > 1e-4
    assert np.linalg.norm(symmetry.coords - noisy.cart_coords, axis=1).max() < 0.02
    images = symmetry.operations.images(symmetry.coords)
    np.testing.assert_allclose(images, symmetry.coords[symmetry.permutations], atol=1e-10)
    tight = molecule_symmetry(symmetry.molecule, tolerance=1e-6)
    assert tight.schoenflies == full
    clean = molecule_symmetry(molecule)
    if clean.frame_is_clear and symmetry.frame_is_clear and full != "C1":
        for a, b in zip(standard_tensors(clean), standard_tensors(symmetry), strict=True):
            np.testing.assert_allclose(a, b, atol=0.1 * max(np.abs(a).max(), 1e-2))


def test_distortion_beyond_the_tolerance_counts():
    """Square and rectangular cyclobutadiene: the bonds differ by 0.24 Å, the atoms lie 0.17 Å from their images."""
    carbons = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) @ [[0.67, 0, 0], [0, 0.79, 0]]
    rectangle = made(C=carbons, H=carbons * 2.1)
    assert molecule_symmetry(rectangle).schoenflies == "D2h"
    loose = molecule_symmetry(rectangle, tolerance=0.5)
    assert loose.schoenflies == "D4h"
    assert loose.displacement == pytest.approx(np.sqrt(2) * 0.12 * 2.1)
    assert not loose.symmetry_is_clear


def test_small_distortions_count_by_default():
    """A hexagon whose bonds differ by 0.1 Å, and the Jahn–Teller distorted radical CH₃S (MP2, G2 set, from ASE)."""
    atoms = np.concatenate([ring(3, 1.4, start=30 + turn) for turn in (-1.18, 61.18)])
    bonds = np.sort(np.linalg.norm(atoms[0] - atoms[1:], axis=1))[:2]
    assert bonds[1] - bonds[0] == pytest.approx(0.1, abs=1e-3)
    kekule = made(C=atoms, H=2.484 / 1.4 * atoms)
    assert molecule_symmetry(made(C=atoms)).schoenflies == "D3h"
    assert molecule_symmetry(kekule).schoenflies == "D3h"
    loose = molecule_symmetry(made(C=atoms), tolerance=0.06)
    assert loose.schoenflies == "D6h"
    assert loose.displacement == pytest.approx(0.058, abs=1e-3)
    radical = made(
        C=[-0.003856, 1.106222, 0],
        S=[-0.003856, -0.692579, 0],
        H=[[1.043269, 1.427057, 0], [-0.479217, 1.508437, 0.895197], [-0.479217, 1.508437, -0.895197]],
    )
    assert molecule_symmetry(radical).schoenflies == "Cs"
    assert molecule_symmetry(radical, tolerance=0.05).displacement == pytest.approx(0.0448, abs=1e-4)


def test_operations_that_are_no_group_are_not_reported():
    """An ellipse of 12 atoms: 30° turns keep each atom within the tolerance, 90° do not; D2h is exact."""
    ellipse = made(C=ring(12, 2.7) * [1.01, 0.99, 1])
    step = ellipse.cart_coords @ about_z(30).T
    nearest = np.linalg.norm(step[:, None] - ellipse.cart_coords, axis=2).min(axis=1).max()
    quarter = ellipse.cart_coords @ about_z(90).T
    worse = np.linalg.norm(quarter[:, None] - ellipse.cart_coords, axis=2).min(axis=1).max()
    tolerance = (nearest + worse) / 2
    assert nearest < 0.9 * tolerance
    assert worse > 1.1 * tolerance
    symmetry = molecule_symmetry(ellipse, tolerance=tolerance)
    assert symmetry.schoenflies == "D2h"
    assert symmetry.displacement < 1e-9
    assert molecule_symmetry(ellipse, tolerance=1.05 * worse).schoenflies == "D12h"


def test_a_chain_that_is_nearly_straight():
    """Linear within the tolerance, bent beyond it."""
    for height, expected in ((0.01, "D∞h"), (0.2, "C2v")):
        symmetry = molecule_symmetry(made(C=[0, 0, height], O=[[1.16, 0, 0], [-1.16, 0, 0]]))
        assert symmetry.schoenflies == expected
        assert symmetry.displacement < 0.03


def test_oxidation_states_tell_atoms_of_an_element_apart():
    places = [[0, 0, 0], [0, 0, 2.5]]
    assert molecule_symmetry(Molecule(["Fe", "Fe"], places)).schoenflies == "D∞h"
    assert molecule_symmetry(Molecule(["Fe2+", "Fe3+"], places)).schoenflies == "C∞v"


# -- the canonical frame ------------------------------------------------------------------------------------------


def standard_tensors(symmetry: MoleculeSymmetry) -> list[np.ndarray]:
    """Equivariant tensors of rank 1 to 4 of the symmetrised molecule, in the standard axes.

    Moments of the atoms' positions, weighted by element and by how densely an atom is surrounded, and of the bonds.
    """
    coords = symmetry.molecule.cart_coords
    charges = np.array([specie.Z for specie in symmetry.species], dtype=float)
    bonds = coords[:, None] - coords
    lengths = np.linalg.norm(bonds, axis=2)
    density = np.exp(-lengths) @ charges
    x = coords - coords.mean(axis=0)
    weights = (np.sin(charges) + 0.3 * density) * np.exp(-0.1 * np.sum(x**2, axis=1))
    pairs = np.exp(-lengths) * (np.cos(charges)[:, None] + density)
    fields = np.einsum("ab,abi->ai", pairs, bonds)
    spreads = np.einsum("ab,abi,abj->aij", pairs, bonds, bonds)
    tensors = [
        weights @ fields + weights @ x,
        np.einsum("a,ai,aj->ij", weights, x, fields),
        np.einsum("a,ai,ajk->ijk", weights, fields, spreads) + np.einsum("a,ai,aj,ak->ijk", weights, x, fields, x),
        np.einsum("a,aij,akl->ijkl", weights, spreads, spreads)
        + np.einsum("a,ai,aj,ak,al->ijkl", weights, x, fields, x, x),
    ]
    return [symmetry.to_standard(tensor) for tensor in tensors]


@every_molecule
def test_descriptions_of_a_molecule_have_the_same_standard_tensors(name):
    molecule = all_molecules()[name][0]
    symmetry = found_for(name)
    first = standard_tensors(symmetry)
    chiral = symmetry.schoenflies.lstrip("CDTOI").isdecimal() or symmetry.schoenflies in ("T", "O", "I")
    for seed in range(3):
        rng = np.random.default_rng(seed)
        turn = random_rotation(seed) * (-1 if seed % 2 else 1)
        order = rng.permutation(len(molecule))
        coords = (molecule.cart_coords @ turn.T + rng.normal(size=3))[order]
        again = molecule_symmetry(Molecule([molecule[int(k)].specie for k in order], coords))
        assert again.group is symmetry.group
        sign = again.handedness * symmetry.handedness
        assert sign == (-1 if chiral and seed % 2 else 1)
        for rank, (a, b) in enumerate(zip(first, standard_tensors(again), strict=True), 1):
            scale = max(np.abs(first[-1]).max(), 1.0)
            np.testing.assert_allclose(b, sign**rank * a, atol=AGREEMENT * scale)
        assert again.frame_margin == pytest.approx(symmetry.frame_margin, abs=1e-6)
        assert again.frame_is_clear


@every_molecule
def test_a_molecule_in_the_canonical_frame_stays_in_it(name):
    symmetry = found_for(name)
    again = molecule_symmetry(symmetry.standard_molecule)
    if symmetry.is_crystallographic:
        np.testing.assert_allclose(again.frame, np.eye(3), atol=1e-7)
    for a, b in zip(standard_tensors(symmetry), standard_tensors(again), strict=True):
        np.testing.assert_allclose(a, b, atol=AGREEMENT * max(np.abs(a).max(), 1.0))


def test_tensors_are_turned_there_and_back():
    symmetry = found_for("boric acid")
    tensors = np.random.default_rng(1).normal(size=(5, 3, 3))
    standard = symmetry.to_standard(tensors, rank=2)
    np.testing.assert_allclose(standard, symmetry.frame @ tensors @ symmetry.frame.T, atol=1e-12)
    np.testing.assert_allclose(symmetry.to_user(standard, rank=2), tensors, atol=1e-12)
    for shape, rank in (((5, 3, 3), None), ((3, 2), 2), ((3,), 2), ((3,), -1)):
        with pytest.raises(ValueError, match="have shape"):
            symmetry.to_standard(np.zeros(shape), rank)


def test_arrays_are_read_only():
    symmetry = found_for("water")
    operations = symmetry.operations
    arrays = (
        symmetry.frame, symmetry.permutations, symmetry.coords, symmetry.center, symmetry.rotations,
        operations.elements, operations.translations,
    )  # fmt: skip
    assert not any(array.flags.writeable for array in arrays)
    assert len(operations) == 4


# -- what is taken and what is refused ----------------------------------------------------------------------------


class Atoms:
    """As much of ASE's class as is looked at."""

    __module__ = "ase.atoms"

    def __init__(self, molecule, pbc=(False, False, False)):
        self.molecule, self.pbc = molecule, np.array(pbc)

    def get_chemical_symbols(self):
        return [specie.symbol for specie in self.molecule.species]

    def get_positions(self):
        return self.molecule.cart_coords


def test_files_and_ase_atoms(tmp_path):
    molecule = NAMED["allene"][0]
    path = tmp_path / "allene.xyz"
    molecule.to(filename=str(path), fmt="xyz")
    for given in (path, str(path), Atoms(molecule)):
        symmetry = molecule_symmetry(given)
        assert symmetry.schoenflies == "D2d"
        np.testing.assert_allclose(symmetry.coords, molecule.cart_coords, atol=1e-5)
    with pytest.raises(CrystalSymmetryError, match="use crystal_symmetry"):
        molecule_symmetry(Atoms(molecule, pbc=(True, False, False)))


def test_files_that_are_no_molecules(tmp_path):
    with pytest.raises(CrystalSymmetryError, match="is not a file"):
        molecule_symmetry(tmp_path / "missing.xyz")
    broken = tmp_path / "broken.xyz"
    broken.write_text("3\n\nH 0 0\n")
    with pytest.raises(CrystalSymmetryError, match="cannot be read as a molecule"):
        molecule_symmetry(broken)


BAD = {
    "structure": (Structure(Lattice.cubic(3), ["Fe"], [[0, 0, 0]]), "periodic; for a crystal use crystal_symmetry"),
    "number": (3, "a molecule is a pymatgen Molecule, ASE Atoms or the path of a file, not int"),
    "disordered": (Molecule([{"Fe": 0.5, "Ni": 0.5}], [[0, 0, 0]]), "site 0 is disordered"),
    "empty": (Molecule([], []), "no atoms"),
    "nan": (Molecule(["H", "H"], [[0, 0, 0], [0, float("nan"), 0]]), "not a finite number"),
    "overlap": (Molecule(["H", "O", "F"], [[0, 0, 0], [0, 2, 0], [0, 2.05, 0]]), "atoms 1 and 2 are 0.05 Å apart"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_has_no_symmetry_is_refused(kind):
    molecule, message = BAD[kind]
    with pytest.raises(CrystalSymmetryError, match=message):
        molecule_symmetry(molecule)


@pytest.mark.parametrize("tolerance", [0.0, -1.0, float("nan"), float("inf")])
def test_tolerances_that_are_no_lengths(tolerance):
    with pytest.raises(ValueError, match="a positive number in Å"):
        molecule_symmetry(NAMED["water"][0], tolerance=tolerance)


def test_a_tolerance_that_could_exchange_atoms():
    with pytest.raises(ValueError, match=r"not below half of 0\.9683 Å"):
        molecule_symmetry(NAMED["water"][0], tolerance=0.5)
    assert molecule_symmetry(NAMED["argon"][0], tolerance=100).schoenflies == "Kh"
