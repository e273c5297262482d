"""The commands ``tensor``, ``raman``, ``surface`` and ``measured`` as a user runs them."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused
from thirty_two import every_group, every_setting, random_rotation

from pointgroups import (
    GROUP_NAMES,
    TENSORS,
    allowed_form,
    compatible_groups,
    compatible_orientations,
    invariant_tensors,
    point_group,
    project_tensor,
    raman_tensors,
    tensor_basis,
    to_voigt,
)

every_tensor = pytest.mark.parametrize("tensor", TENSORS)


# -- tensor -------------------------------------------------------------------------------------------------------


@every_setting
def test_form_as_json_is_the_allowed_form(name: str) -> None:
    form = allowed_form("piezoelectric-d", point_group(name))
    data = as_json("tensor", "piezoelectric-d", "--group", name)
    assert (data["tensor"], data["group"], data["count"]) == ("piezoelectric-d", point_group(name).name, form.count)
    assert tuple(data["independent"]) == form.independent
    assert tuple(data["relations"]) == form.relations
    assert tuple(data["zero"]) == form.zero
    assert data["matrix"] == form.matrix()
    assert data["components"] == {k: {s: str(x) for s, x in v.items()} for k, v in form.expressions.items()}


@every_tensor
def test_text_shows_the_count_and_all_relations(tensor: str) -> None:
    form = allowed_form(tensor, point_group("D3"))
    text = output("tensor", tensor, "--group", "32")
    assert f"{form.count} independent component" in text
    assert all(relation.replace("-", "−") in " ".join(text.split()) for relation in form.relations)
    assert TENSORS[tensor].unit in text


def test_elastic_tensor_of_a_tetragonal_crystal() -> None:
    assert output("tensor", "elastic", "--group", "4/mmm") == (
        "elastic in D4h (4/mmm)\n"
        "σ_ij = C_ijkl ε_kl\n"
        "rank 4, polar, Jahn symbol [[V2]2]; unit Pa\n"
        "6 independent components: C11, C12, C13, C33, C44, C66\n"
        "\n"
        "C     1     2     3     4     5     6\n"
        "─────────────────────────────────────\n"
        "1   C11   C12   C13     ·     ·     ·\n"
        "2   C12   C11   C13     ·     ·     ·\n"
        "3   C13   C13   C33     ·     ·     ·\n"
        "4     ·     ·     ·   C44     ·     ·\n"
        "5     ·     ·     ·     ·   C44     ·\n"
        "6     ·     ·     ·     ·     ·   C66\n"
        "C11 = C22\n"
        "C13 = C23\n"
        "C44 = C55\n"
    )


def test_relations_with_fractions() -> None:
    text = output("tensor", "elastic", "--group", "3m")
    assert "C14 = −C24 = C56\n" in text
    assert "C66 = (C11 − C12)/2\n" in text
    assert r"$C_{66} = (C_{11} - C_{12})/2$" in output("tensor", "elastic", "--group", "3m", "--latex")


def test_three_indices_are_a_list() -> None:
    text = output("tensor", "hall", "--group", "m-3m")
    assert "R123 = −R132 = R231\n" in text
    assert "= R233 = 0\n" in text
    assert "matrix" not in as_json("tensor", "hall", "--group", "m-3m")


def test_names_that_look_like_options() -> None:
    assert as_json("tensor", "piezoelectric-d", "--group", "-4m2")["group"] == "-4m2"


def test_nothing_is_left_of_an_odd_tensor_in_a_centric_group() -> None:
    assert output("tensor", "piezoelectric-e", "--group", "Oh").endswith("\n0 independent components\n")


@every_tensor
def test_counts_of_all_groups(tensor: str) -> None:
    counts = as_json("tensor", tensor)["counts"]
    assert counts == {name: allowed_form(tensor, point_group(name)).count for name in GROUP_NAMES}
    text = output("tensor", tensor)
    assert all(re.search(rf"\b{name}\b", text) for name in GROUP_NAMES)


def test_list_has_every_tensor() -> None:
    assert [t["tensor"] for t in as_json("tensor", "--list")] == list(TENSORS)
    text = output("tensor", "--list")
    assert all(t.name in text and t.jahn in text for t in TENSORS.values())


# -- tensors without a name ---------------------------------------------------------------------------------------


@every_group
def test_custom_symmetry_is_that_of_a_named_tensor(name: str) -> None:
    data = as_json("tensor", "--symmetry", "ijk=-jik", "--axial", "--group", name)
    assert data["count"] == allowed_form("hall", point_group(name)).count
    assert (data["symmetry"], data["axial"], data["rank"]) == ("ijk=-jik", True, 3)


def test_custom_symmetry_in_text() -> None:
    assert output("tensor", "--symmetry", "ij=-ji", "--group", "C4") == (
        "tensor ij=-ji in C4 (4)\n"
        "1 independent component: T12\n"
        "\n"
        "T      1     2   3\n"
        "──────────────────\n"
        "1      ·   T12   ·\n"
        "2   −T12     ·   ·\n"
        "3      ·     ·   ·\n"
    )
    assert output("tensor", "--symmetry", "V", "--axial", "--group", "C4").startswith("axial tensor V in C4 (4)\n")


# -- irreps -------------------------------------------------------------------------------------------------------


@every_group
def test_irreps_are_those_of_the_basis(name: str) -> None:
    G = point_group(name)
    data = as_json("tensor", "elastic", "--irreps", "--group", name)
    parts = [(tuple(p["shape"]), p["degree"], p["parity"], p["irrep"]) for p in data["parts"]]
    found = dict(zip(parts, (p["multiplicity"] for p in data["parts"]), strict=True))
    assert sum(n * G.real_irreps[key[3]].dim for key, n in found.items()) == data["dimension"] == 21
    for key, n in found.items():
        assert n == sum(part[:3] == key[:3] and part.irrep == key[3] for part in tensor_basis("[[V2]2]", G).parts)


def test_irreps_without_a_group_end_at_o3() -> None:
    assert output("tensor", "--symmetry", "ijk=jik", "--irreps") == (
        "tensor ijk=jik\n"
        "GL(3) → O(3): 18 dimensions\n"
        "\n"
        "λ       ℓ   parity   copies\n"
        "───────────────────────────\n"
        "(3)     3   odd           1\n"
        "(3)     1   odd           1\n"
        "(2,1)   2   odd           1\n"
        "(2,1)   1   odd           1\n"
    )


# -- raman --------------------------------------------------------------------------------------------------------


@every_setting
def test_raman_as_json(name: str) -> None:
    G = point_group(name)
    data = as_json("raman", name)
    expected = {k: [[[str(x) for x in m.row(i)] for i in range(3)] for m in ms] for k, ms in raman_tensors(G).items()}
    assert data["tensors"] == expected
    assert set(data["silent"]) == set(G.real_irreps) - set(expected)


def test_raman_of_a_cube() -> None:
    text = output("raman", "Oh")
    assert "not Raman-active: A2g, T1g, A1u, A2u, Eu, T1u, T2u\n" in text
    assert "z      ·    ·   −2b         ·     ·   ·\n" in text


# -- LaTeX --------------------------------------------------------------------------------------------------------


@every_tensor
def test_tensors_as_latex(tensor: str) -> None:
    check_latex(output("tensor", tensor, "--latex"))
    check_latex(output("tensor", tensor, "--group", "C3", "--latex"))
    check_latex(output("tensor", tensor, "--group", "C3", "--irreps", "--latex"))


@every_group
def test_raman_as_latex(name: str) -> None:
    check_latex(output("raman", name, "--latex"))


def test_other_reports_as_latex() -> None:
    check_latex(output("tensor", "--list", "--latex"))
    check_latex(output("tensor", "--symmetry", "ε{V2}", "--group", "C1", "--latex"))


# -- surface ------------------------------------------------------------------------------------------------------


def stiffness_file(folder: Path) -> str:
    matrix = np.diag([0.0, 0, 0, 80, 80, 80]) + np.pad(np.full((3, 3), 64.0) + 102 * np.eye(3), (0, 3))
    (folder / "silicon.json").write_text(json.dumps(matrix.tolist()))
    return str(folder / "silicon.json")


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("html", b"<!doctype html>")])
def test_surface_is_drawn(ending: str, start: bytes, tmp_path: Path) -> None:
    out = tmp_path / f"young.{ending}"
    text = output("surface", stiffness_file(tmp_path), "--kind", "young", "--out", str(out))
    assert text == f"Young's modulus E(n): 130.383 to 188.602, drawn in {out}\n"
    assert out.read_bytes().startswith(start)


def test_surface_of_a_compliance_and_of_a_tensor(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(np.eye(6).tolist()))
    out = str(tmp_path / "a.png")
    assert "1 to 1," in output(
        "surface", str(tmp_path / "s.json"), "--kind", "compressibility", "--compliance", "--out", out
    )
    (tmp_path / "d.json").write_text(json.dumps(np.eye(3, 6).tolist()))
    assert "piezoelectric-d d(n): -1 to 1," in output(
        "surface", str(tmp_path / "d.json"), "--kind", "piezoelectric-d", "--out", out
    )


# -- measured -----------------------------------------------------------------------------------------------------


def matrix_file(folder: Path, matrix: np.ndarray) -> str:
    (folder / "matrix.json").write_text(json.dumps(matrix.tolist()))
    return str(folder / "matrix.json")


def turned_piezoelectric(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A tensor that the group allows in axes of its own, and these axes."""
    basis = invariant_tensors(point_group(name), "ijk=ikj")
    tensor = np.tensordot(np.arange(1.0, len(basis) + 1), basis, axes=1)
    turn = random_rotation(3)
    return np.einsum("ia,jb,kc,abc->ijk", turn, turn, turn, tensor), turn


def test_measured_groups_in_own_axes_and_in_any(tmp_path: Path) -> None:
    tensor = np.diag([2.0, 1.0, 1.001])
    data = as_json("measured", matrix_file(tmp_path, tensor), "--tensor", "dielectric")
    assert {row["group"]: row["residual"] for row in data["own_axes"]} == compatible_groups(tensor, tolerance=0.01)
    fits = compatible_orientations(tensor, tolerance=0.01)
    assert [row["group"] for row in data["any_orientation"]] == list(fits)
    (row,) = (row for row in data["any_orientation"] if row["group"] == "D4h")
    assert np.array_equal(row["frame"], fits["D4h"].group.frame)
    assert row["residual"] == fits["D4h"].residual
    assert row["angle"] == pytest.approx(90.0)
    assert "D4h" not in [row["group"] for row in data["own_axes"]]


@pytest.mark.parametrize("name", ["C2v", "D3", "C3v", "D2d", "D3h", "Td"])
def test_measured_against_a_group(name: str, tmp_path: Path) -> None:
    tensor, turn = turned_piezoelectric(name)
    file = matrix_file(tmp_path, to_voigt(tensor, "piezoelectric-e"))
    data = as_json("measured", file, "--tensor", "piezoelectric-e", "--group", name)
    projected = project_tensor(tensor, point_group(name))
    assert data["own_axes"]["residual"] == pytest.approx(projected.residual)
    assert not data["own_axes"]["fits"]
    assert np.allclose(data["matrix"], to_voigt(projected.tensor, "piezoelectric-e"))
    best = data["best_orientation"]
    assert best["residual"] < 1e-8
    assert best["fits"]
    assert project_tensor(tensor, point_group(name).rotated(best["frame"])).residual < 1e-8
    assert best["angle"] <= np.degrees(np.arccos((np.trace(turn) - 1) / 2)) + 1e-6
    e14 = data["components"]["e14"]
    assert e14["measured"] == pytest.approx(tensor[0, 1, 2])
    assert e14["allowed"] == pytest.approx(projected.tensor[0, 1, 2])
    assert len(data["components"]) == 18


def test_measured_axis_and_angle_are_the_frame(tmp_path: Path) -> None:
    tensor, _ = turned_piezoelectric("D3")
    file = matrix_file(tmp_path, to_voigt(tensor, "piezoelectric-e"))
    data = as_json("measured", file, "--tensor", "piezoelectric-e", "--tolerance", "1e-6")
    for row in data["any_orientation"]:
        axis, angle = np.array(row["axis"]), np.radians(row["angle"])
        cross = np.cross(axis, np.eye(3)).T
        assert np.allclose(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross, row["frame"])


def test_measured_in_text(tmp_path: Path) -> None:
    file = matrix_file(tmp_path, np.diag([2.0, 1.0, 1.1]))
    assert output("measured", file, "--tensor", "dielectric", "--group", "4/mmm", "--tolerance", "0.05") == (
        "measured dielectric in D4h (4/mmm)\n"
        "own axes: residual 0.28, above 0.05\n"
        "best orientation: residual 0.028, within 0.05\n"
        "the group turned by 90.00° about [0 1 0]\n"
        "rotation from its setting's axes to those of the tensor: 0 0 1; 0 1 0; −1 0 0\n"
        "\n"
        "what the group allows, in its own axes\n"
        "ε     1     2     3\n"
        "───────────────────\n"
        "1   1.5     ·     ·\n"
        "2     ·   1.5     ·\n"
        "3     ·     ·   1.1\n"
        "\n"
        "each component\n"
        "component   measured   allowed   change\n"
        "───────────────────────────────────────\n"
        "ε11                2       1.5     −0.5\n"
        "ε22                1       1.5      0.5\n"
        "ε33              1.1       1.1        ·\n"
    )


def test_measured_tensors_that_are_no_matrix_and_zero(tmp_path: Path) -> None:
    hall = np.cross(np.eye(3)[:, None], np.eye(3))
    text = output("measured", matrix_file(tmp_path, hall), "--tensor", "hall", "--group", "Oh")
    assert "own axes: residual 0, within 0.01\nbest orientation: residual 0, within 0.01\n" in text
    assert "what the group allows" not in text
    text = output("measured", matrix_file(tmp_path, np.zeros((3, 6))), "--tensor", "piezoelectric-e", "--group", "Oh")
    assert "the best orientation is that of its own axes\n" in text
    assert "each component" not in text


def test_measured_as_latex(tmp_path: Path) -> None:
    tensor, _ = turned_piezoelectric("C2v")
    file = matrix_file(tmp_path, to_voigt(tensor, "piezoelectric-e"))
    check_latex(output("measured", file, "--tensor", "piezoelectric-e", "--latex"))
    check_latex(output("measured", file, "--tensor", "piezoelectric-e", "--group", "mm2", "--latex"))


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", ["--tensor", "dielectrik"], "near names are dielectric"),
        ("[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", ["--tensor", "elastic"], "(…, 6, 6), not (3, 3)"),
        ("[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", ["--tensor", "dielectric", "--group", "X9"], "X9"),
        ("[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", ["--tensor", "dielectric", "--tolerance", "0"], "positive"),
        ("[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", ["--tensor", "dielectric", "--tolerance", "nan"], "positive"),
        ("[[1, 5, 0], [0, 1, 0], [0, 0, 1]]", ["--tensor", "dielectric"], "breaks the index symmetry"),
        ("[[1, 0, 0], [0, NaN, 0], [0, 0, 1]]", ["--tensor", "dielectric"], "finite"),
        ("[[1, 0, 0], [0, 1, 0]]", ["--tensor", "dielectric"], "(2, 3)"),
        ("{}", ["--tensor", "dielectric"], "holds no matrix"),
        ("[[1, 0", ["--tensor", "dielectric"], "no JSON file"),
    ],
)
def test_bad_measured_tensors_are_one_line(content: str, arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(content)
    assert message in refused("measured", str(tmp_path / "bad.json"), *arguments)


# -- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["elstic", "--group", "Oh"], "near names are elastic"),
        (["elastic", "--group", "X9"], "X9"),
        ([], "--list"),
        (["elastic", "--symmetry", "ij=ji"], "one of them"),
        (["elastic", "--axial"], "--axial goes with --symmetry"),
        (["elastic", "--list"], "--list stands alone"),
        (["--symmetry", "ij=", "--group", "Oh"], "permutation"),
        (["--symmetry", "ij=ji,ij=-ji", "--group", "Oh"], "T = 0"),
        (["--symmetry", "1", "--group", "Oh"], "no index"),
        (["elastic", "--group", "Oh", "--json", "--latex"], "exclude each other"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], message: str) -> None:
    assert message in refused("tensor", *arguments)


def test_bad_surfaces_are_one_line(tmp_path: Path) -> None:
    file, out = stiffness_file(tmp_path), str(tmp_path / "a.png")
    assert "near names" in refused("surface", file, "--kind", "elstic", "--out", out)
    assert "(…, 3, 6), not (6, 6)" in refused("surface", file, "--kind", "piezoelectric-d", "--out", out)
    assert ".html" in refused("surface", file, "--kind", "young", "--out", str(tmp_path / "a.svg"))
    assert "none.json" in refused("surface", str(tmp_path / "none.json"), "--kind", "young", "--out", out)
    assert "Raman" not in refused("raman", "X9")
