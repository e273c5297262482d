"""The audit of a data set: frames of tensors, physical checks, duplicates, findings of each row, the mended copy."""

import gzip
import itertools
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from crystals.redescriptions import SHARED, fixture_rows, redescribed, structure_of
from pymatgen.analysis.elasticity import ElasticTensor
from pymatgen.core import Lattice, Structure
from tensors.twins import rotated
from thirty_two import random_rotation
from typer.testing import CliRunner

from pointgroups import (
    GROUP_NAMES,
    CrystalSymmetry,
    audit_data,
    crystal_symmetry,
    elastic_moduli,
    find_tensor_frame,
    index_symmetry,
    invariant_space,
    invariant_tensors,
    point_group,
    project_site_tensors,
    to_voigt,
)
from pointgroups.command.cli import app
from pointgroups.datasets.findings import KINDS
from pointgroups.datasets.fingerprints import fingerprint, same_crystals
from pointgroups.datasets.tensor_frames import find_site_frame, ieee_rotation

ROWS = fixture_rows()
NOTATION = {"dielectric": "ij=ji", "piezoelectric-e": "ijk=ikj", "elastic": "ijkl=jikl=klij"}
SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
BLENDE = Structure.from_spacegroup("F-43m", Lattice.cubic(5.41), ["Zn", "S"], [[0, 0, 0], [0.25, 0.25, 0.25]])
RUTILE = Structure.from_spacegroup(
    "P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]
)


def material(name: str) -> str:
    """The first crystal of a class in the tests' data."""
    return next(key for key, row in ROWS.items() if row["class"] == name)


@cache
def crystal(name: str) -> CrystalSymmetry:
    return crystal_symmetry(structure_of(ROWS[material(name)]))


@cache
def ieee_of(name: str) -> np.ndarray:
    return ieee_rotation(crystal(name).structure)


def allowed_tensor(kind: str, symmetry: CrystalSymmetry, seed: int = 0) -> np.ndarray:
    """A random tensor that the crystal allows, in the axes of its structure."""
    basis = invariant_tensors(symmetry.group, NOTATION[kind])
    return symmetry.to_user(np.tensordot(np.random.default_rng(seed).normal(size=len(basis)), basis, axes=1))


ALLOWED = [
    pytest.param(name, kind, id=f"{name}-{kind}")
    for name in GROUP_NAMES
    for kind in NOTATION
    if invariant_space(point_group(name), NOTATION[kind]).dim
]
"""The classes and the tensors that they allow."""
TURNED = [case for case in ALLOWED if case.values[0] not in ("C1", "Ci")]
"""Those for which the orientation matters."""


# -- frames of tensors --------------------------------------------------------------------------------------------


class TestFrames:
    @pytest.mark.parametrize(("name", "kind"), ALLOWED)
    def test_structure_axes(self, name: str, kind: str) -> None:
        symmetry = crystal(name)
        tensor = allowed_tensor(kind, symmetry)
        found = find_tensor_frame(tensor, kind, symmetry, ieee=ieee_of(name))
        assert (found.axes, found.unique) == ("structure", True)
        assert found.residual < 1e-12
        np.testing.assert_allclose(found.tensor, tensor, atol=1e-12)

    @pytest.mark.parametrize(("name", "kind"), ALLOWED)
    def test_ieee_axes(self, name: str, kind: str) -> None:
        symmetry = crystal(name)
        tensor = allowed_tensor(kind, symmetry)
        ieee = ieee_of(name)
        given = rotated(tensor, ieee, tensor.ndim)
        declared = find_tensor_frame(given, kind, symmetry, 1e-5, ieee, ("IEEE", "structure"))
        assert declared.axes == "IEEE"
        np.testing.assert_allclose(declared.tensor, tensor, atol=1e-6)
        found = find_tensor_frame(given, kind, symmetry, 1e-5, ieee)
        assert found.axes == ("structure" if found.residuals["structure"] <= 1e-5 else "IEEE")

    @pytest.mark.parametrize(("name", "kind"), TURNED)
    def test_any_axes(self, name: str, kind: str) -> None:
        """Where a turned tensor is found to be known, it is the right one; else another one fits as well."""
        symmetry = crystal(name)
        tensor = allowed_tensor(kind, symmetry)
        turn = random_rotation(seed=5)
        found = find_tensor_frame(rotated(tensor, turn, tensor.ndim), kind, symmetry, 1e-5)
        if not found.axes:  # there are always axes in which a symmetric matrix is orthorhombic
            assert kind == "dielectric"
            assert name in ("C2", "Cs", "C2h", "D2", "C2v", "D2h")
            return
        assert found.residual < 1e-5
        invariants = [np.linalg.norm(t) for t in (found.tensor, tensor)]
        assert invariants[0] == pytest.approx(invariants[1])
        same = np.abs(found.tensor - tensor).max() < 1e-4 * np.abs(tensor).max()
        assert same or not found.unique


def test_permuted_axes_leave_the_sign_of_a_cubic_tensor_open() -> None:
    symmetry = crystal_symmetry(BLENDE)
    tensor = allowed_tensor("piezoelectric-e", symmetry)
    found = find_tensor_frame(rotated(tensor, random_rotation(3), 3), "piezoelectric-e", symmetry)
    assert (found.axes, found.unique) == ("best orientation", False)
    np.testing.assert_allclose(np.abs(found.tensor), np.abs(tensor), atol=1e-6)


def test_a_tensor_that_fits_nowhere_is_left_as_it_is() -> None:
    symmetry = crystal_symmetry(SALT)
    found = find_tensor_frame(np.diag([1.0, 2.0, 3.0]), "dielectric", symmetry, ieee=np.eye(3))
    assert (found.axes, found.unique) == ("", False)
    assert found.residual == pytest.approx(np.sqrt(2 / 14))
    assert set(found.residuals) == {"structure", "IEEE", "setting m-3m", "best orientation"}
    np.testing.assert_array_equal(found.tensor, np.diag([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("order", [("IEEE",), ("structure", "mine"), ()])
def test_an_order_without_known_axes_is_refused(order: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="the order has 'structure'"):
        find_tensor_frame(np.eye(3), "dielectric", crystal_symmetry(SALT), order=order)


def test_pymatgen_s_ieee_axes_of_a_flat_tetragonal_cell() -> None:
    """The standard has c along z; pymatgen has it along x where c < a, and the audit's documents say so."""
    flat = Structure(Lattice.tetragonal(4, 3), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.52]])
    high = Structure(Lattice.tetragonal(4, 5), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.52]])
    assert np.abs(ieee_rotation(flat)[:, 2]).round(9).tolist() == [1, 0, 0]
    assert np.abs(ieee_rotation(high)[:, 2]).round(9).tolist() == [0, 0, 1]


@pytest.mark.parametrize("name", GROUP_NAMES)
def test_site_tensors(name: str) -> None:
    symmetry = crystal(name)
    charges = np.random.default_rng(1).normal(size=(len(symmetry.species), 3, 3))
    allowed = project_site_tensors(symmetry, charges, "ij").tensors
    ieee = ieee_of(name)
    found = find_site_frame(allowed, symmetry, 1e-5, ieee)
    assert found.axes == "structure"
    np.testing.assert_allclose(found.tensor, allowed, atol=1e-12)
    given = find_site_frame(rotated(allowed, ieee, 2), symmetry, 1e-5, ieee, ("IEEE", "structure"))
    assert given.axes == "IEEE"
    np.testing.assert_allclose(given.tensor, allowed, atol=1e-6)
    if name != "C1":
        assert find_site_frame(charges, symmetry, 1e-5, ieee).axes == ""


# -- physical checks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_averages_as_pymatgen_has_them_and_reuss_below_voigt(seed: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(6, 6))
    stiffness = root @ root.T + 0.1 * np.eye(6)
    found, peer = elastic_moduli(stiffness), ElasticTensor.from_voigt(stiffness)
    ours = (found.k_voigt, found.k_reuss, found.g_voigt, found.g_reuss, found.k_hill, found.g_hill)
    theirs = (peer.k_voigt, peer.k_reuss, peer.g_voigt, peer.g_reuss, peer.k_vrh, peer.g_vrh)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    assert found.stable
    assert found.k_reuss <= found.k_voigt
    assert found.g_reuss <= found.g_voigt


def test_a_singular_stiffness_has_no_reuss_average() -> None:
    found = elastic_moduli(np.diag([1.0, 1, 1, 1, 1, 0]))
    assert np.isnan(found.g_reuss)
    assert not found.stable
    assert found.k_voigt == pytest.approx(1 / 3)


# -- duplicates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")
def test_fingerprint_does_not_depend_on_the_description(material_id: str) -> None:
    structure = structure_of(ROWS[material_id])
    symmetry = crystal_symmetry(structure)
    if not symmetry.symmetry_is_clear:
        pytest.skip("the space group depends on the tolerance")
    first = fingerprint(symmetry)
    for improper in (False, True):
        again = fingerprint(crystal_symmetry(redescribed(structure, seed=4, improper=improper)))
        assert first.agrees_with(again, 1e-6)


def test_other_crystals_have_other_fingerprints() -> None:
    """But for two pairs of mirror images, tellurium and VSi2, which the data have in both hands."""
    names = list(ROWS)
    symmetries = [crystal_symmetry(structure_of(row)) for row in ROWS.values()]
    prints = [fingerprint(symmetry) for symmetry in symmetries]
    pairs = list(same_crystals(prints, 0.01))
    assert [(names[i], names[j]) for i, j in pairs] == [("mp-19", "mp-567313"), ("mp-10711", "mp-11190")]
    assert all(symmetries[i].handedness == -symmetries[j].handedness for i, j in pairs)
    assert list(same_crystals([prints[0], None, prints[1], prints[0]], 0.01)) == [(0, 3)]


def test_a_strained_crystal_is_another_one_beyond_the_tolerance() -> None:
    stretched = Structure(1.02 * SALT.lattice.matrix, SALT.species, SALT.frac_coords)
    prints = [fingerprint(crystal_symmetry(structure)) for structure in (SALT, stretched)]
    assert list(same_crystals(prints, 0.01)) == []
    assert list(same_crystals(prints, 0.03)) == [(0, 1)]


# -- findings of rows ---------------------------------------------------------------------------------------------


def entry(structure: Structure) -> dict:
    return {
        "lattice": structure.lattice.matrix.tolist(),
        "species": [str(site.specie) for site in structure],
        "frac_coords": structure.frac_coords.tolist(),
    }


def row(structure: Structure, **columns: object) -> dict:
    return {"material_id": f"m-{structure.composition.reduced_formula}", "structure": entry(structure), **columns}


def write(path: Path, rows: list) -> Path:
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows), encoding="utf-8")
    return path


ISOTROPIC = np.diag([3.0] * 3 + [1.0] * 3) + np.pad(np.ones((3, 3)), (0, 3))
UNSTABLE = np.diag([1.0] * 3 + [-1.0] * 3) + 0.0
SHEARED = np.zeros((3, 6))
SHEARED[0, 3] = SHEARED[1, 4] = SHEARED[2, 5] = 0.3  # allowed in Td
AXIAL = np.zeros((3, 6))
AXIAL[2, :3] = 0.3  # along z: not allowed in Td
CHARGES = np.array([np.eye(3)] * 4 + [-np.eye(3)] * 4)
BETWEEN = Structure(Lattice.tetragonal(3.99, 4.005), ["Ba", "Ti"], [[0, 0, 0], [0.5, 0.5, 0.5]])

CASES = {
    "not JSON": ('{"material_id": "x"', {"broken line"}),
    "no object": ("[1, 2]", {"broken line"}),
    "no structure": ({"material_id": "x", "eps_inf": np.eye(3).tolist()}, {"no symmetry"}),
    "bad structure": ({"structure": {"lattice": [1, 2], "species": ["X"], "frac_coords": []}}, {"no symmetry"}),
    "overlap": (row(Structure(Lattice.cubic(3), ["Na", "Na"], [[0, 0, 0], [0, 0, 0.01]])), {"no symmetry"}),
    "good": (row(SALT, e_electronic=(2 * np.eye(3)).tolist(), e_total=(5 * np.eye(3)).tolist()), set()),
    "missing": (row(SALT, e_electronic=None), set()),
    "NaN": (row(SALT, e_total=[[1, 0, 0], [0, float("nan"), 0], [0, 0, 1]]), {"bad tensor"}),
    "words": (row(SALT, e_total="none"), {"bad tensor"}),
    "ragged": (row(SALT, e_total=[[1, 2], [3]]), {"bad tensor"}),
    "wrong shape": (row(SALT, elastic_tensor_voigt=np.eye(3).tolist()), {"bad tensor"}),
    "charges of other atoms": (row(SALT, born_charges=CHARGES[:5].tolist()), {"bad tensor"}),
    "forbidden": (row(SALT, piezoelectric_tensor_voigt=SHEARED.tolist()), {"forbidden tensor"}),
    "forbidden and zero": (row(SALT, piezoelectric_tensor_voigt=(0 * SHEARED).tolist()), set()),
    "zero": (row(BLENDE, piezoelectric_tensor_voigt=(0 * SHEARED).tolist()), {"zero tensor"}),
    "violation": (row(BLENDE, piezoelectric_tensor_voigt=AXIAL.tolist()), {"symmetry violation"}),
    "mismatch": (row(RUTILE, e_total=np.diag([9.0, 7.0, 7.0]).tolist()), {"frame mismatch"}),
    "not symmetric": (row(SALT, e_total=[[3, 0.5, 0], [-0.5, 3, 0], [0, 0, 3]]), {"not symmetric"}),
    "negative": (row(SALT, e_total=(-np.eye(3)).tolist()), {"permittivity not positive"}),
    "below 1": (row(SALT, e_electronic=(0.9 * np.eye(3)).tolist()), {"electronic permittivity below 1"}),
    "ions": (
        row(SALT, e_electronic=(3 * np.eye(3)).tolist(), e_total=(2 * np.eye(3)).tolist()),
        {"ionic permittivity negative"},
    ),
    "stiff": (row(SALT, elastic_tensor_voigt=ISOTROPIC.tolist(), K_VRH=2.0), set()),
    "moduli": (row(SALT, elastic_tensor_voigt=ISOTROPIC.tolist(), K_VRH=200.0), {"moduli differ"}),
    "unstable": (row(SALT, elastic_tensor_voigt=UNSTABLE.tolist()), {"Born-unstable", "Reuss > Voigt"}),
    "sum rule": (row(SALT, born_charges=np.abs(CHARGES).tolist()), {"sum rule"}),
    "charges": (row(SALT, born_charges=CHARGES.tolist()), set()),
    "supercell": (row(SALT * (1, 1, 2), e_total=np.eye(3).tolist(), born_charges=[]), {"supercell"}),
    "between": (row(BETWEEN), {"unclear symmetry"}),
    "space group": (row(SALT, space_group=216), {"published symmetry differs"}),
    "class": (row(SALT, point_group="-43m"), {"published symmetry differs"}),
    "same class": (row(SALT, point_group="m-3m", space_group=225.0), set()),
}


@pytest.mark.parametrize("case", CASES)
def test_findings_of_a_row(case: str, tmp_path: Path) -> None:
    content, expected = CASES[case]
    found = audit_data(write(tmp_path / "data.jsonl", [content]))
    assert {finding.kind for finding in found.rows[0].findings} == expected
    assert found.counts == dict.fromkeys((kind for kind in KINDS if kind in expected), 1)


def test_every_kind_of_finding_is_tested() -> None:
    single = set().union(*(kinds for _, kinds in CASES.values()))
    assert set(KINDS) - single == {"unclear frame", "duplicate id", "duplicate structure"}


def test_an_unclear_frame(tmp_path: Path) -> None:
    """Orthorhombic with two nearly equal axes: which is x is told by next to nothing."""
    sites = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0, 0.25], [0, 0.5, 0.25], [0.5, 0, 0.75], [0, 0.5, 0.75]]
    almost = Structure(Lattice.orthorhombic(5.0, 5.00002, 7.1), ["Ba", "Ti", "O", "O", "O", "O"], sites)
    found = audit_data(write(tmp_path / "data.jsonl", [row(almost)]), symprec=1e-6)
    assert "unclear frame" in {finding.kind for finding in found.rows[0].findings}


def test_blank_lines_are_passed_over_and_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", ["", row(SALT), "", "nonsense"])
    found = audit_data(path)
    assert [(r.line, r.identifier) for r in found.rows] == [(2, "m-NaCl"), (4, "line 4")]


def test_duplicates_and_how_far_their_tensors_are_apart(tmp_path: Path) -> None:
    """A right-handed crystal in another description: its tensor, given in its own axes, is the same one."""
    structure = structure_of(ROWS[material("D3")])
    symmetry = crystal_symmetry(structure)
    tensor = allowed_tensor("piezoelectric-e", symmetry)
    rows = [row(structure, piezoelectric_tensor=tensor.tolist(), band_gap=1.5)]
    again = redescribed(structure, seed=2, improper=True)
    # the mirror image of the crystal has the mirror image of the tensor, found through the common standard frame
    other = crystal_symmetry(again)
    mirrored = other.to_user(symmetry.to_standard(tensor) * symmetry.handedness * other.handedness)
    rows.append(row(again, piezoelectric_tensor=(1.1 * mirrored).tolist(), band_gap=1.7))
    rows.append(row(SALT, band_gap=5.0))
    rows[2]["material_id"] = rows[0]["material_id"]
    found = audit_data(write(tmp_path / "data.jsonl", rows))
    (pair,) = found.pairs
    assert (pair.first, pair.second) == (0, 1)
    assert pair.tensors["piezoelectric_tensor"] == pytest.approx(0.1 / 1.1, abs=1e-6)
    assert pair.numbers["band_gap"] == pytest.approx(0.2)
    assert found.counts["duplicate id"] == 3
    assert found.counts["duplicate structure"] == 2
    assert "line 2" in next(f.text for f in found.rows[0].findings if f.kind == "duplicate structure")


# -- the copy -----------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Good rows, one with a tensor in the IEEE axes, one in doubt, and broken ones."""
    structure = structure_of(ROWS[material("C3v")])
    symmetry = crystal_symmetry(structure)
    tensor = allowed_tensor("piezoelectric-e", symmetry)
    ieee = rotated(tensor, ieee_rotation(structure), 3)
    doubtful = rotated(allowed_tensor("piezoelectric-e", crystal_symmetry(BLENDE)), random_rotation(1), 3)
    rows = [
        row(structure, piezoelectric_tensor_voigt=to_voigt(ieee, "piezoelectric-e").tolist(), comment="μ"),
        row(BLENDE, piezoelectric_tensor=doubtful.tolist()),
        row(RUTILE, e_total=[[7.0, 0.01, 0], [0, 7.1, 0], [0, 0, 9.0]], e_electronic=np.diag([6.0, 6, 7]).tolist()),
        row(SALT, e_total=np.diag([1.0, 2.0, 3.0]).tolist()),
        "not JSON",
        row(SALT, born_charges=CHARGES.tolist(), material_id="other"),
    ]
    return write(tmp_path / "data.jsonl", rows)


def test_the_copy_has_what_can_be_mended_and_all_the_rest(mixed: Path, tmp_path: Path) -> None:
    given = mixed.read_text(encoding="utf-8").splitlines()
    audit = audit_data(mixed, keep=True)
    assert audit.write_fixed(tmp_path / "fixed.jsonl.gz") == 0
    with gzip.open(tmp_path / "fixed.jsonl.gz", "rt", encoding="utf-8") as file:
        fixed = [json.loads(line) for line in file]
    assert len(fixed) == len(given)
    first = json.loads(given[0])
    structure = structure_of(ROWS[material("C3v")])
    expected = allowed_tensor("piezoelectric-e", crystal_symmetry(structure))
    np.testing.assert_allclose(fixed[0]["piezoelectric_tensor_voigt"], to_voigt(expected, "piezoelectric-e"), atol=1e-3)
    assert [f["kind"] for f in fixed[0]["audit"] if f["mended"]] == ["frame mismatch"]
    assert fixed[0]["structure"] == first["structure"]
    assert fixed[0]["comment"] == "μ"
    assert fixed[1]["piezoelectric_tensor"] == json.loads(given[1])["piezoelectric_tensor"]
    assert [f["mended"] for f in fixed[1]["audit"]] == [False]
    np.testing.assert_allclose(fixed[2]["e_total"], np.diag([7.05, 7.05, 9.0]), atol=1e-12)
    assert "audit" not in fixed[2]
    assert fixed[3]["e_total"] == np.diag([1.0, 2.0, 3.0]).tolist()
    assert fixed[4]["text"] == "not JSON"
    again = audit_data(tmp_path / "fixed.jsonl.gz", keep=True)
    assert sum(f.mended for r in again.rows for f in r.findings) == 0
    assert [r.is_mended for r in again.rows[:4]] == [True, False, True, False]


def test_dropped_rows_are_counted(mixed: Path, tmp_path: Path) -> None:
    audit = audit_data(mixed, keep=True)
    assert audit.write_fixed(tmp_path / "fixed.jsonl", drop=True) == 3
    kept = [json.loads(line) for line in (tmp_path / "fixed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["material_id"] for r in kept] == [audit.rows[k].identifier for k in (0, 2, 5)]


def test_the_copy_never_replaces_the_data(mixed: Path, tmp_path: Path) -> None:
    before = mixed.read_bytes()
    audit = audit_data(mixed, keep=True)
    with pytest.raises(ValueError, match="is the data set itself"):
        audit.write_fixed(tmp_path / "." / mixed.name)
    with pytest.raises(ValueError, match="is not a folder"):
        audit.write_fixed(tmp_path / "nowhere" / "fixed.jsonl")
    with pytest.raises(ValueError, match="keep=True"):
        audit_data(mixed).write_fixed(tmp_path / "fixed.jsonl")
    assert mixed.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [mixed.name]


def test_workers_find_the_same(mixed: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    alone = audit_data(mixed, keep=True)
    shared = audit_data(mixed, keep=True, workers=2, progress=lambda done, total: steps.append((done, total)))
    assert [r.findings for r in shared.rows] == [r.findings for r in alone.rows]
    assert steps[-1] == (6, 6)
    outputs = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for audit, path in zip((alone, shared), outputs, strict=True):
        audit.write_fixed(path)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_declared_ieee_axes(mixed: Path) -> None:
    found = audit_data(mixed, ieee=["piezoelectric_tensor_voigt"])
    assert found.rows[0].verdicts["piezoelectric_tensor_voigt"].axes == "IEEE"
    assert not [f for f in found.rows[0].findings if f.kind == "frame mismatch"]


def test_other_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [row(SALT, alpha=np.diag([1e-3, 2e-3, 3e-3]).tolist())])
    assert audit_data(path).counts == {}
    assert audit_data(path, {"alpha": "thermal-expansion"}).counts == {"symmetry violation": 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tensors": {"x": "nonsense"}}, "not a tensor of the catalogue"),
        ({"ieee": ["x"]}, "'x' is no column of tensors"),
        ({"tolerance": 0.0}, "tolerance is a positive number"),
        ({"symprec": float("nan")}, "symprec is a positive number"),
        ({"workers": 0}, "number of workers"),
    ],
)
def test_bad_options_are_refused(options: dict, message: str, tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [row(SALT)])
    with pytest.raises(ValueError, match=message):
        audit_data(path, **options)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        audit_data(tmp_path / "nothing.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(ValueError, match="has no rows"):
        audit_data(tmp_path / "empty.jsonl")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 1000)[:-20])
    with pytest.raises(ValueError, match="cannot be read"):
        audit_data(tmp_path / "cut.jsonl.gz")


# -- the published data and the command ---------------------------------------------------------------------------


def test_published_piezoelectric_tensors(tmp_path: Path) -> None:
    source = SHARED / "piezoelectric.jsonl.gz"
    if not source.exists():
        pytest.skip(f"{source} is not there: the published data are no part of this repository")
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        path = write(tmp_path / "data.jsonl", [line.strip() for line in itertools.islice(lines, 0, None, 40)])
    audit = audit_data(path, keep=True)
    count = audit.axes["piezoelectric_tensor_voigt"]
    assert count.ieee > count.structure
    assert count.accepted > 0.8 * count.tensors
    audit.write_fixed(tmp_path / "fixed.jsonl")
    again = audit_data(tmp_path / "fixed.jsonl").axes["piezoelectric_tensor_voigt"]
    assert again.structure == count.accepted


def test_command(mixed: Path, tmp_path: Path) -> None:
    fixed = tmp_path / "fixed.jsonl"
    result = CliRunner().invoke(app, ["audit", str(mixed), "--fixed", str(fixed), "--drop"])
    assert result.exit_code == 0, result.output
    assert "6 rows, 5 with a space group" in result.stdout
    assert "symmetry violation" in result.stdout
    assert f"3 rows written to {fixed}, 3 left out" in " ".join(result.stdout.split())
    assert result.stderr == ""
    data = json.loads(CliRunner().invoke(app, ["audit", str(mixed), "--json"]).stdout)
    assert data["counts"]["broken line"] == 1
    assert {f["line"] for f in data["findings"] if f["kind"] == "broken line"} == {5}
    assert data["axes"]["e_total"]["none"] == 1


def test_command_shows_the_first_rows_or_all(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", ["nonsense"] * 30)
    short = CliRunner().invoke(app, ["audit", str(path)]).stdout
    assert short.count("broken line  ") == 21
    assert "10 more; --all shows them" in short
    full = CliRunner().invoke(app, ["audit", str(path), "--all"]).stdout
    assert full.count("broken line  ") == 31


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--drop"], "--drop goes with --fixed"),
        (["--tensor", "alpha"], "--tensor is COLUMN=NAME"),
        (["--tensor", "alpha=x"], "not a tensor of the catalogue"),
        (["--fixed", "{data}"], "is the data set itself"),
    ],
)
def test_command_refuses(options: list[str], message: str, mixed: Path) -> None:
    result = CliRunner().invoke(app, ["audit", str(mixed), *(o.format(data=mixed) for o in options)])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_notations_are_those_of_the_catalogue() -> None:
    from pointgroups import TENSORS

    for kind, notation in NOTATION.items():
        assert TENSORS[kind].symmetry.components()[0].tolist() == index_symmetry(notation).components()[0].tolist()
