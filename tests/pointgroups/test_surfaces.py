"""Directional properties against printed formulas and rotations, and the pictures."""

import builtins
import json
from pathlib import Path

import numpy as np
import pytest

from pointgroups import (
    PlotError,
    directional,
    from_voigt,
    linear_compressibility,
    plot_surface,
    young_modulus,
)
from pointgroups.tensors.surfaces import property_of_matrix, read_matrix

COPPER = np.diag([0.0, 0, 0, 74.8, 74.8, 74.8]) + np.pad(np.full((3, 3), 121.0) + 47 * np.eye(3), (0, 3))


def random_directions(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(5, 2, 3))


@pytest.mark.parametrize("rank", [1, 2, 3, 4, 6])
def test_directional_against_einsum(rank: int) -> None:
    tensor = np.random.default_rng(rank).normal(size=(3,) * rank)
    n = random_directions(rank + 10)
    unit = n / np.linalg.norm(n, axis=-1, keepdims=True)
    letters = "ijklmn"[:rank]
    expected = np.einsum(f"{letters},{','.join('ab' + x for x in letters)}->ab", tensor, *[unit] * rank)
    np.testing.assert_allclose(directional(tensor, n), expected, atol=1e-13)


def test_young_modulus_of_a_cubic_crystal() -> None:
    """1/E = S11 − 2 (S11 − S12 − S44/2)(n1²n2² + n2²n3² + n3²n1²); Nye, eq. VIII (15)."""
    s = np.linalg.inv(COPPER)
    n = random_directions(0)
    x, y, z = np.moveaxis(n / np.linalg.norm(n, axis=-1, keepdims=True), -1, 0) ** 2
    inverse = s[0, 0] - 2 * (s[0, 0] - s[0, 1] - s[3, 3] / 2) * (x * y + y * z + z * x)
    np.testing.assert_allclose(young_modulus(from_voigt(s, "compliance"), n), 1 / inverse, rtol=1e-12)


def test_compressibility_of_a_hexagonal_crystal() -> None:
    """β = (S11 + S12 + S13) − (S11 + S12 − S13 − S33) n3²; Nye, eq. VIII (12)."""
    s11, s12, s13, s33, s44 = 22.0, -13.0, -1.5, 6.0, 23.0
    s = np.diag([0, 0, 0, s44, s44, 2 * (s11 - s12)])
    s[:3, :3] = [[s11, s12, s13], [s12, s11, s13], [s13, s13, s33]]
    n = random_directions(1)
    z = n[..., 2] ** 2 / (n**2).sum(-1)
    expected = (s11 + s12 + s13) - (s11 + s12 - s13 - s33) * z
    np.testing.assert_allclose(linear_compressibility(from_voigt(s, "compliance"), n), expected, rtol=1e-12)


def test_longitudinal_effect_of_quartz() -> None:
    """d(n) = d11 n1 (n1² − 3 n2²) in class 32; d14 does not take part."""
    d = np.zeros((3, 6))
    d[0, [0, 1, 3]], d[1, [4, 5]] = [2.3, -2.3, -0.67], [0.67, -4.6]
    n = random_directions(2)
    x, y, _ = np.moveaxis(n / np.linalg.norm(n, axis=-1, keepdims=True), -1, 0)
    expected = 2.3 * x * (x**2 - 3 * y**2)
    np.testing.assert_allclose(directional(from_voigt(d, "piezoelectric-d"), n), expected, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: directional(1.0, [0, 0, 1]), "scalar"),
        (lambda: directional(np.eye(3), [0, 0, 0]), "length zero"),
        (lambda: directional(np.eye(3), [1, 0]), "rank 1"),
        (lambda: directional(np.eye(4), [1, 0, 0]), "rank 2"),
        (lambda: young_modulus(np.zeros((3, 3, 3, 3)), [1, 0, 0]), "stable"),
        (lambda: young_modulus(np.zeros((2, 3, 3, 3, 3)), [1, 0, 0]), r"\(3, 3, 3, 3\)"),
    ],
)
def test_refusals(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()


# -- matrices -----------------------------------------------------------------------------------------------------


def test_stiffness_and_compliance_say_the_same() -> None:
    n = random_directions(3)
    for kind in ("young", "compressibility"):
        by_stiffness, _ = property_of_matrix(COPPER, kind)
        by_compliance, _ = property_of_matrix(np.linalg.inv(COPPER), kind, stiffness=False)
        np.testing.assert_allclose(by_stiffness(n), by_compliance(n), rtol=1e-12)


def test_any_tensor_of_the_catalogue() -> None:
    values, title = property_of_matrix(np.diag([2.0, 3.0, 4.0]), "dielectric")
    assert title == "dielectric ε(n)"
    np.testing.assert_allclose(values(np.eye(3)), [2, 3, 4])


@pytest.mark.parametrize(
    ("matrix", "kind", "message"),
    [
        (np.eye(6), "yung", "young, compressibility or the name"),
        (np.eye(3), "young", "(…, 6, 6)"),
        (np.zeros((6, 6)), "young", "singular"),
        (np.triu(np.ones((6, 6))), "young", "index symmetry"),
        (np.zeros((2, 6, 6)), "elastic", "one matrix"),
    ],
)
def test_matrices_that_are_refused(matrix: np.ndarray, kind: str, message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        property_of_matrix(matrix, kind)
    assert message in str(raised.value)


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[[1, 2], [3]]", '["x"]', "null"])
def test_files_that_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(ValueError, match=r"m\.json"):
        property_of_matrix(read_matrix(tmp_path / "m.json"), "elastic")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.json"):
        read_matrix(tmp_path / "none.json")


def test_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps(COPPER.tolist()))
    np.testing.assert_array_equal(read_matrix(tmp_path / "m.json"), COPPER)


# -- pictures -----------------------------------------------------------------------------------------------------


def test_image_shows_colours_of_both_signs(tmp_path: Path) -> None:
    from matplotlib.image import imread

    span = plot_surface(lambda n: n[..., 2], tmp_path / "p.png", "p(n)")
    assert span == (-1.0, 1.0)
    red, _, blue, _ = np.moveaxis(imread(tmp_path / "p.png"), -1, 0)
    assert ((red - blue) > 0.3).mean() > 0.01
    assert ((blue - red) > 0.3).mean() > 0.01
    assert [p.name for p in tmp_path.iterdir()] == ["p.png"]


def test_page_holds_all_it_needs(tmp_path: Path) -> None:
    plot_surface(lambda n: 1 + n[..., 2] ** 2, tmp_path / "p.html", "E(n), GPa")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "E(n), GPa" in page
    assert "surfacecolor" in page
    assert '<script src="http' not in page


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_text("old")
    with pytest.raises(ValueError, match="one finite number"):
        plot_surface(lambda n: n[..., 2] * np.nan, tmp_path / "p.png")
    with pytest.raises(ValueError, match="zero in every direction"):
        plot_surface(lambda n: n[..., 2] * 0, tmp_path / "p.png")
    assert (tmp_path / "p.png").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["p.png"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=r"\.png.*\.html"):
        plot_surface(lambda n: n[..., 2], tmp_path / "p.svg")
    with pytest.raises(PlotError, match="not a folder"):
        plot_surface(lambda n: n[..., 2], tmp_path / "none" / "p.png")


@pytest.mark.parametrize(("file", "library"), [("p.png", "matplotlib"), ("p.html", "plotly")])
def test_a_missing_library_is_named(file: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without(name: str, *arguments: object, **keywords: object) -> object:
        if name.split(".")[0] == library:
            raise ImportError(name)
        return imported(name, *arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PlotError, match=rf"{library}: pip install 'pointgroups\[plot\]'"):
        plot_surface(lambda n: n[..., 2], tmp_path / file)
