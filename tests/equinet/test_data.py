"""Labelled crystals: the bundled sets, what a user's file may hold, the split, and the baselines."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from equinet.training.baselines import (
    RIDGE_STRENGTHS,
    composition_features,
    mean_absolute_error,
    mean_baseline,
    ridge_baseline,
)
from equinet.training.data import BUNDLED, Crystal, DataError, load_dataset, split
from pointgroups import crystal_symmetry

ROW = {
    "material_id": "salt",
    "structure": {
        "lattice": [[3, 0, 0], [0, 3, 0], [0, 0, 3]],
        "species": ["Cs", "Cl"],
        "frac_coords": [[0, 0, 0], [0.5, 0.5, 0.5]],
    },
    "gap": 1.5,
}
SHARED = Path(__file__).parents[3] / "shared" / "data"


def row(material_id: str, **fields: object) -> dict:
    return ROW | {"material_id": material_id} | fields


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in rows))
    return path


def with_structure(**fields: object) -> dict:
    return ROW | {"structure": ROW["structure"] | fields}


@pytest.mark.parametrize(("name", "rows"), [("perovskites", 2852), ("dielectric", 151)])
def test_bundled_data_are_complete(name: str, rows: int) -> None:
    data = load_dataset(name)
    assert len(data.crystals) == rows
    assert not data.dropped
    assert data.targets.shape == (rows,)
    assert not data.targets.flags.writeable
    assert (data.target, data.source) == (BUNDLED[name].target, BUNDLED[name].source)


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_crystals_have_class_oh(name: str) -> None:
    for crystal in load_dataset(name).crystals[::40]:
        assert crystal_symmetry(crystal.structure).group.schoenflies == "Oh"


@pytest.mark.parametrize(("name", "source"), [("perovskites", "cubic_perovskites"), ("dielectric", "dielectric")])
def test_bundled_rows_are_those_of_the_source(name: str, source: str) -> None:
    path = SHARED / f"{source}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here to compare with")
    with gzip.open(path, "rt") as lines:
        rows = {row["material_id"]: row for row in map(json.loads, lines)}
    for crystal in load_dataset(name).crystals:
        row = rows[crystal.material_id]
        assert crystal.target == row[BUNDLED[name].target]
        assert list(crystal.species) == row["structure"]["species"]
        assert np.array_equal(crystal.lattice, row["structure"]["lattice"])
        assert np.array_equal(crystal.frac_coords, row["structure"]["frac_coords"])


def test_missing_values_are_counted() -> None:
    data = load_dataset("perovskites", "vacancy_energy")
    assert data.dropped == {"no value of 'vacancy_energy'": 151}
    assert len(data.crystals) == 2852 - 151
    assert data.unit == "eV/O"


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_file_of_a_user(tmp_path: Path, suffix: str) -> None:
    text = "\n".join([json.dumps(row("a")), "", json.dumps(row("b", gap=None)), json.dumps(row("c", gap=2))])
    path = tmp_path / f"mine{suffix}"
    path.write_bytes(gzip.compress(text.encode()) if suffix.endswith("gz") else text.encode())
    data = load_dataset(path, "gap", "eV")
    assert [(crystal.material_id, crystal.target) for crystal in data.crystals] == [("a", 1.5), ("c", 2.0)]
    assert data.dropped == {"no value of 'gap'": 1}
    assert data.unit == "eV"
    assert data.crystals[0].structure.composition.reduced_formula == "CsCl"


BROKEN = {
    "not json": ('{"material_id": ', "line 2: not a JSON object"),
    "a list": ([1, 2], "line 2: not a JSON object but a list"),
    "no id": ({k: v for k, v in ROW.items() if k != "material_id"}, "line 2: 'material_id' is None"),
    "tensor": (ROW | {"gap": [[1, 0], [0, 1]]}, "line 2: 'gap' is .*one finite number"),
    "nan": (ROW | {"gap": float("nan")}, "line 2: 'gap' is nan"),
    "truth": (ROW | {"gap": True}, "line 2: 'gap' is True"),
    "no structure": (ROW | {"structure": None}, "line 2: 'structure' must be an object"),
    "short": (ROW | {"structure": {"lattice": []}}, "line 2: 'structure' must be an object with lattice"),
    "element": (with_structure(species=["Cs", "Qq"]), "line 2: 'species' is .*'Qq'"),
    "no atoms": (with_structure(species=[], frac_coords=[]), "line 2: 'species' is"),
    "lattice": (with_structure(lattice=[[3, 0, 0], [0, 3, 0]]), "line 2: 'lattice' must be 3 vectors"),
    "positions": (with_structure(frac_coords=[[0, 0, 0]]), "line 2: 'frac_coords' must be 2 vectors"),
    "infinite": (with_structure(frac_coords=[[0, 0, 0], [0, 0, float("inf")]]), "line 2: 'frac_coords' must be"),
    "twice": (row("first"), "line 2: material_id 'first' is also on line 1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_line_is_named(tmp_path: Path, kind: str) -> None:
    line, message = BROKEN[kind]
    path = write(tmp_path / "broken.jsonl", row("first"), line)
    with pytest.raises(DataError, match=message):
        load_dataset(path, "gap")


def test_missing_target_names_the_ones_there(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", row("a", volume=27.0), row("b"))
    with pytest.raises(DataError, match="no row has a value of 'energy'; it has 'gap' or 'volume'"):
        load_dataset(path, "energy")
    with pytest.raises(DataError, match="name the field"):
        load_dataset(path)
    with pytest.raises(DataError, match="'n'; it has 'band_gap'"):
        load_dataset("perovskites", "n")


def test_missing_file_names_the_bundled_sets() -> None:
    with pytest.raises(DataError, match=r"no data file 'oxides'.*'perovskites' or 'dielectric'"):
        load_dataset("oxides")


@pytest.mark.parametrize("damage", [lambda content: content[:-30], lambda content: b"junk" + content])
def test_damaged_gzip_is_refused(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "mine.jsonl.gz"
    path.write_bytes(damage(gzip.compress("\n".join(json.dumps(row(str(i))) for i in range(50)).encode())))
    with pytest.raises(DataError, match="broken gzip file"):
        load_dataset(path, "gap")


@pytest.mark.parametrize("n", [10, 19, 151, 2852])
def test_split_is_a_partition_and_a_function_of_the_seed(n: int) -> None:
    parts = split(n, seed=7)
    assert sorted(parts.train + parts.validation + parts.test) == list(range(n))
    assert len(parts.validation) == len(parts.test) == n // 10
    assert split(n, seed=7) == parts
    assert split(n, seed=8) != parts


def test_split_is_saved_by_id() -> None:
    crystals = load_dataset("dielectric").crystals
    parts = split(len(crystals), seed=0)
    saved = parts.as_ids(crystals)
    assert saved["seed"] == 0
    assert saved["test"] == [crystals[i].material_id for i in parts.test]
    assert {"train", "validation", "test"} < set(saved)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(DataError, match="9 usable rows"):
        split(9, seed=0)


def crystal(species: str, target: float) -> Crystal:
    symbols = tuple(species.split())
    return Crystal(species, ((1, 0, 0), (0, 1, 0), (0, 0, 1)), symbols, ((0, 0, 0),) * len(symbols), target)


def test_features_are_element_fractions() -> None:
    features = composition_features([crystal("O O Ti", 0), crystal("Sr", 0)], ["O", "Ti"])
    np.testing.assert_allclose(features, [[2 / 3, 1 / 3], [0, 0]])


def test_baselines_see_the_training_rows_only() -> None:
    rng = np.random.default_rng(0)
    energy = {"Li": -1.0, "Na": 0.5, "F": 2.0}
    symbols = [" ".join(rng.choice(list(energy), size=6)) for _ in range(60)]
    crystals = [crystal(text, float(np.mean([energy[s] for s in text.split()]))) for text in symbols]
    train, validation, test = crystals[:40], crystals[40:50], crystals[50:]
    true = np.array([c.target for c in test])
    predicted, strength = ridge_baseline(train, validation, test)
    assert strength == RIDGE_STRENGTHS[0]
    assert mean_absolute_error(predicted, true) < 1e-4
    np.testing.assert_allclose(mean_baseline(train, test), np.mean([c.target for c in train]))
    blind = [crystal(c.material_id, 0.0) for c in test]
    np.testing.assert_array_equal(ridge_baseline(train, validation, blind)[0], predicted)


def test_ridge_strength_is_the_best_on_the_validation_rows() -> None:
    """Against the normal equations: w = (XᵀX + λ)⁻¹ Xᵀy with X and y centred."""
    rng = np.random.default_rng(1)
    draws = [rng.choice(["Li", "Na", "K", "F"], size=6) for _ in range(40)]
    crystals = [crystal(" ".join(draw), float((draw == "F").mean() + rng.normal())) for draw in draws]
    train, validation = crystals[:20], crystals[20:]
    elements = ["F", "K", "Li", "Na"]
    x, x_new = composition_features(train, elements), composition_features(validation, elements)
    y, true = (np.array([c.target for c in part]) for part in (train, validation))
    centred = x - x.mean(axis=0)
    errors = []
    for strength in RIDGE_STRENGTHS:
        weights = np.linalg.solve(centred.T @ centred + strength * np.eye(4), centred.T @ (y - y.mean()))
        errors.append(mean_absolute_error((x_new - x.mean(axis=0)) @ weights + y.mean(), true))
    predicted, strength = ridge_baseline(train, validation, validation)
    assert strength == RIDGE_STRENGTHS[int(np.argmin(errors))]
    assert mean_absolute_error(predicted, true) == pytest.approx(min(errors), rel=1e-6)
