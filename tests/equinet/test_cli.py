"""The command ``equinet`` as a user runs it: training on a file, predicting from files, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from pymatgen.core import Lattice, Structure
from typer.testing import CliRunner

from equinet import load_dataset, load_model
from equinet.cli import app
from equinet.training.prediction import is_subgroup, predict, read_structure
from pointgroups import GROUP_NAMES, point_group

Result = Any
ELEMENTS = {"O", "Ca", "Sr", "Ba", "Y", "La", "Ti", "Zr", "Hf"}
PEROVSKITE = Structure(
    Lattice.cubic(3.95),
    ["Sr", "Ti", "O", "O", "O"],
    [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(*arguments: object) -> str:
    """The one line on stderr with which the command refuses bad input."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    return line


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "oxides.jsonl"
    with path.open("w") as lines:
        for crystal in load_dataset("perovskites").crystals:
            if ELEMENTS.issuperset(crystal.species):
                structure = {
                    "lattice": crystal.lattice,
                    "species": crystal.species,
                    "frac_coords": crystal.frac_coords,
                }
                row = {"material_id": crystal.material_id, "structure": structure, "energy": crystal.target}
                lines.write(json.dumps(row) + "\n")
        lines.write(json.dumps(row | {"material_id": "unknown", "energy": None}) + "\n")
    return path


@pytest.fixture(scope="module")
def training(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("training") / "model"
    options = ("--target", "energy", "--unit", "eV/atom", "--epochs", 3, "--cutoff", 3.5, "--out", folder)
    return folder, run("train", data, *options)


@pytest.fixture(scope="module")
def model(training: tuple[Path, Result]) -> Path:
    return training[0]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with structure files, good and bad."""
    monkeypatch.chdir(tmp_path)
    PEROVSKITE.to_file("good.cif")
    PEROVSKITE.to_file("POSCAR")
    distorted = PEROVSKITE.copy()
    distorted.apply_strain([0, 0, 0.03])
    distorted.to_file("tetragonal.cif")
    Structure.from_spacegroup("R-3m", Lattice.hexagonal(3, 15), ["Ti", "O"], [[0, 0, 0], [0, 0, 0.26]]).to_file(
        "trigonal.cif"
    )
    Structure(Lattice.cubic(3.95), [{"Sr": 0.5, "Ca": 0.5}], [[0, 0, 0]]).to_file("disordered.cif")
    Structure(Lattice.cubic(5), ["Xe"], [[0, 0, 0]]).to_file("xenon.cif")
    Path("broken.cif").write_text("data_broken\n_cell_length_a 3.9\nloop_\n")
    Path("notes.txt").write_text("not a structure")
    return tmp_path


def test_training_prints_the_table(training: tuple[Path, Result]) -> None:
    folder, result = training
    assert result.exit_code == 0, result.output
    metrics = json.loads((folder / "metrics.json").read_text())
    for name in ("mean", "ridge", "network"):
        assert f"{metrics['errors'][name]:.4f}" in result.stdout
    assert "eV/atom" in result.stdout
    assert f"energy of {metrics['n_test']} test crystals" in result.stdout
    assert "left out 1 row: no value of 'energy'" in result.stderr
    assert f"--model {folder}" in result.stdout


def test_training_again_needs_resume(training: tuple[Path, Result], data: Path) -> None:
    folder, first = training
    options = ("--target", "energy", "--unit", "eV/atom", "--epochs", 3, "--cutoff", 3.5, "--out", folder)
    assert "already holds a run" in refused("train", data, *options)
    again = run("train", data, *options, "--resume")
    assert again.exit_code == 0
    assert again.stdout == first.stdout


def test_interrupt_says_how_to_go_on(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("equinet.training.experiment.train_model", interrupted)
    result = run("train", data, "--target", "energy", "--out", tmp_path / "out")
    assert result.exit_code == 130
    assert "the same command with --resume goes on" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("oxides",), "no data file 'oxides'"),
        (("perovskites", "--target", "colour"), "no row has a value of 'colour'; it has "),
        (("perovskites", "--group", "Q8"), "'Q8' is not the name of a crystallographic point group"),
        (("perovskites", "--cutoff", "-1"), "cutoff is -1"),
    ],
)
def test_training_refuses_bad_input(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in refused("train", *arguments, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_prediction_is_that_of_the_library(model: Path, files: Path) -> None:
    result = run("predict", "good.cif", "POSCAR", "--model", model, "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    expected = predict(load_model(model), PEROVSKITE)
    for row, name in zip(rows, ("good.cif", "POSCAR"), strict=True):
        assert row["file"] == name
        assert row["value"] == pytest.approx(expected.value, abs=1e-5)
        assert (row["formula"], row["crystal_class"], row["in_group"]) == ("SrTiO3", "m-3m", True)
        assert (row["target"], row["unit"]) == ("energy", "eV/atom")


def test_prediction_does_not_depend_on_the_cell(model: Path) -> None:
    trained = load_model(model)
    value = predict(trained, PEROVSKITE).value
    doubled = PEROVSKITE * (2, 1, 1)
    shifted = PEROVSKITE.copy()
    shifted.translate_sites(range(5), [0.13, 0.2, 0.41])
    for structure in (doubled, shifted, PEROVSKITE * (2, 2, 2), Structure.from_sites(PEROVSKITE.sites[::-1])):
        assert predict(trained, structure).value == pytest.approx(value, abs=1e-5)


def test_other_classes_are_predicted_and_named(model: Path, files: Path) -> None:
    result = run("predict", "tetragonal.cif", "trigonal.cif", "--model", model)
    assert result.exit_code == 0, result.output
    tetragonal, trigonal = (line for line in result.stdout.splitlines() if ".cif" in line)
    assert "4/mmm" in tetragonal
    assert "yes" in tetragonal
    assert "-3m" in trigonal
    assert "no" in trigonal


BAD: dict[str, str] = {
    "broken.cif": "not a structure that pymatgen can read",
    "notes.txt": "not a structure that pymatgen can read",
    "missing.cif": "no such file",
    ".": "no such file",
    "disordered.cif": "site 0 is disordered",
    "xenon.cif": "54",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_gets_one_line_and_the_others_are_predicted(model: Path, files: Path, name: str) -> None:
    result = run("predict", name, "good.cif", "--model", model)
    assert result.exit_code == 1
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    assert line.startswith(f"error: {name}: ")
    assert BAD[name] in line
    assert "SrTiO3" in result.stdout


def test_bad_file_in_json(model: Path, files: Path) -> None:
    result = run("predict", "broken.cif", "good.cif", "--model", model, "--json")
    assert result.exit_code == 1
    bad, good = json.loads(result.stdout)
    assert set(bad) == {"file", "error"}
    assert good["formula"] == "SrTiO3"


def test_remarks_of_the_reader_are_passed_on(model: Path, files: Path) -> None:
    lattice, positions = Lattice.hexagonal(3, 5), [[1 / 3, 2 / 3, 0.25], [2 / 3, 1 / 3, 0.75]]
    Structure(lattice, ["Ti", "Ti"], positions).to_file("rounded.cif")
    path = Path("rounded.cif")
    path.write_text(path.read_text().replace("0.33333333", "0.3333").replace("0.66666667", "0.6667"))
    structure, notes = read_structure(path)
    assert len(structure) == 2
    assert any("rounded" in note for note in notes)
    result = run("predict", "rounded.cif", "--model", model)
    assert f"note: rounded.cif: {notes[0]}" in result.stderr


def test_predicting_without_a_model_says_how_to_make_one(tmp_path: Path, files: Path) -> None:
    assert "equinet train --out" in refused("predict", "good.cif", "--model", tmp_path / "nothing")


@pytest.mark.parametrize("group", GROUP_NAMES)
def test_subgroups_of_oh_agree_with_a_search(group: str) -> None:
    """Among the standard settings, those of trigonal and hexagonal classes are not in Oh."""
    rotations = {tuple(map(round, rotation.ravel())) for rotation in point_group("Oh").rotations}
    expected = all(
        abs(rotation.round() - rotation).max() < 1e-9 and tuple(map(round, rotation.ravel())) in rotations
        for rotation in point_group(group).rotations
    )
    assert is_subgroup(point_group(group), point_group("Oh")) == expected


@pytest.mark.parametrize("command", [[], ["train"], ["predict"]])
def test_help(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_help_says_what_symmetry_a_prediction_carries() -> None:
    text = " ".join(run("predict", "--help").stdout.replace("│", " ").split())
    assert "exact invariant of the model's group" in text
