"""Training: it learns, keeps the best weights, and goes on after a kill as if there had been none."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from equinet import InvariantModel, InvariantModelConfig, crystal_graph
from equinet.training.checkpoint import CheckpointError, load_model
from equinet.training.data import DataError, Dataset, load_dataset, split
from equinet.training.experiment import Report, Watcher, train_model
from equinet.training.fitting import Epoch, LabelledGraphs, TrainingSettings, fit
from equinet.training.prediction import predict, predict_graphs

SETTINGS = TrainingSettings(epochs=6, batch_size=8, seed=1)
SMALL = {"cutoff": 3.5, "channels": 4, "layers": 1, "n_radial": 4, "radial_channels": 2}
FILES = ["config.json", "metrics.json", "model.safetensors", "split.json"]


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Perovskites of few elements, so that each element is in some training row."""
    perovskites = load_dataset("perovskites")
    common = {"O", "Ca", "Sr", "Ba", "Y", "La", "Ti", "Zr", "Hf", "Mn", "Fe"}
    chosen = [crystal for crystal in perovskites.crystals if common.issuperset(crystal.species)]
    return replace(perovskites, crystals=tuple(chosen))


@pytest.fixture(scope="module")
def labelled(data: Dataset) -> tuple[LabelledGraphs, LabelledGraphs]:
    graphs = [crystal_graph(crystal.structure, 3.5) for crystal in data.crystals]
    targets = [crystal.target for crystal in data.crystals]
    return LabelledGraphs(graphs[::2], targets[::2]), LabelledGraphs(graphs[1::2], targets[1::2])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fresh_model() -> InvariantModel:
    species = (8, 20, 22, 25, 26, 38, 39, 40, 56, 57, 72)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = InvariantModel(InvariantModelConfig(**SMALL, species=species, neighbours=14.0))
    model.shift.fill_(-2.0)
    model.scale.fill_(1.0)
    return model


def weights(model: InvariantModel) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def same_weights(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def stop_after(epoch: int, error: type[BaseException]) -> Callable[[Epoch], None]:
    def watch(now: Epoch) -> None:
        if now.done == epoch:
            raise error

    return watch


Labelled = tuple[LabelledGraphs, LabelledGraphs]


def test_training_learns_and_keeps_the_best_weights(labelled: Labelled, tmp_path: Path) -> None:
    model, seen, rows = fresh_model(), [], labelled[0]

    def error() -> float:
        return float((predict_graphs(model, rows.graphs) - torch.tensor(rows.targets)).abs().mean())

    before = error()
    settings = TrainingSettings(epochs=30, batch_size=4, seed=1)
    best = fit(model, rows, rows, settings, tmp_path / "state", watch=seen.append)
    assert [epoch.done for epoch in seen] == list(range(1, 31))
    assert best == min(epoch.validation_error for epoch in seen) == seen[-1].best_error
    assert error() == pytest.approx(best, rel=1e-5)
    assert best < 0.6 * before
    assert not model.training


def test_training_leaves_the_process_as_it_was(
    labelled: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = torch.get_rng_state(), torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    fit(fresh_model(), *labelled, SETTINGS, tmp_path / "state")
    after = torch.get_rng_state(), torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    assert torch.equal(before[0], after[0])
    assert before[1:] == after[1:]
    assert names_in(tmp_path) == ["state"]


@pytest.mark.parametrize("epoch", [1, 3, 6])
def test_interrupted_training_resumes_to_the_same_weights(labelled: Labelled, tmp_path: Path, epoch: int) -> None:
    straight, stopped, resumed = fresh_model(), fresh_model(), fresh_model()
    best = fit(straight, *labelled, SETTINGS, tmp_path / "straight")
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, *labelled, SETTINGS, tmp_path / "state", watch=stop_after(epoch, KeyboardInterrupt))
    assert signal.getsignal(signal.SIGINT) is handler
    assert fit(resumed, *labelled, SETTINGS, tmp_path / "state", resume=True) == best
    assert same_weights(weights(resumed), weights(straight))
    assert not same_weights(weights(straight), weights(fresh_model()))
    assert (tmp_path / "state").read_bytes() == (tmp_path / "straight").read_bytes()


def test_seed_changes_the_order(labelled: Labelled, tmp_path: Path) -> None:
    first, second = fresh_model(), fresh_model()
    fit(first, *labelled, SETTINGS, tmp_path / "first")
    fit(second, *labelled, replace(SETTINGS, seed=2), tmp_path / "second")
    assert not same_weights(weights(first), weights(second))


def test_state_of_another_run_is_refused(labelled: Labelled, tmp_path: Path) -> None:
    fit(fresh_model(), *labelled, SETTINGS, tmp_path / "state", run={"data": "a"})
    with pytest.raises(CheckpointError, match=r"are data \(then 'a', now 'b'\), seed \(then 1, now 5\)"):
        fit(
            fresh_model(),
            *labelled,
            replace(SETTINGS, seed=5),
            tmp_path / "state",
            run={"data": "b"},
            resume=True,
        )


def test_loss_that_is_not_finite_stops_the_training(labelled: Labelled, tmp_path: Path) -> None:
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        fit(fresh_model(), *labelled, replace(SETTINGS, learning_rate=1e30), tmp_path / "state")


def test_training_needs_rows_of_both_kinds(labelled: Labelled, tmp_path: Path) -> None:
    nothing = LabelledGraphs([], [])
    for parts in ((nothing, labelled[1]), (labelled[0], nothing)):
        with pytest.raises(ValueError, match="at least one of each"):
            fit(fresh_model(), *parts, SETTINGS, tmp_path / "state")


@pytest.mark.parametrize(
    "bad", [{"epochs": 0}, {"batch_size": 0}, {"learning_rate": 0.0}, {"weight_decay": -1.0}, {"seed": -1}]
)
def test_impossible_settings_are_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        TrainingSettings(**bad)


def test_settings_by_the_number_of_rows() -> None:
    small, large = TrainingSettings.for_rows(12), TrainingSettings.for_rows(100_000)
    assert small.epochs > large.epochs
    assert TrainingSettings.for_rows(12, epochs=7, seed=3) == replace(small, epochs=7, seed=3)


@pytest.fixture(scope="module")
def finished(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    folder = tmp_path_factory.mktemp("run") / "model"
    return folder, train_model(data, folder, SETTINGS, SMALL)


def test_run_leaves_the_model_and_its_report(data: Dataset, finished: tuple[Path, Report]) -> None:
    folder, report = finished
    assert names_in(folder) == FILES
    assert json.loads((folder / "metrics.json").read_text()) == json.loads(json.dumps(asdict(report)))
    assert report.n_train + report.n_validation + report.n_test == len(data.crystals)
    assert not report.left_out
    assert set(report.errors) == {"mean", "ridge", "network"}


def test_reported_error_is_that_of_the_saved_model_on_the_saved_split(
    data: Dataset, finished: tuple[Path, Report]
) -> None:
    folder, report = finished
    saved = json.loads((folder / "split.json").read_text())
    ids = [set(saved[part]) for part in ("train", "validation", "test")]
    assert sum(map(len, ids)) == len(set().union(*ids)) == len(data.crystals)
    trained = load_model(folder)
    crystals = {crystal.material_id: crystal for crystal in data.crystals}
    errors = [predict(trained, crystals[name].structure).value - crystals[name].target for name in saved["test"]]
    assert np.abs(errors).mean() == pytest.approx(report.errors["network"], rel=1e-5)


def test_finished_run_is_not_overwritten_and_is_only_reported_when_resumed(
    data: Dataset, finished: tuple[Path, Report], tmp_path: Path
) -> None:
    folder, report = finished
    with pytest.raises(FileExistsError, match="already holds a run"):
        train_model(data, folder, SETTINGS, SMALL)
    before = {name: (folder / name).stat().st_mtime_ns for name in FILES}
    assert train_model(data, folder, SETTINGS, SMALL, resume=True) == report
    assert before == {name: (folder / name).stat().st_mtime_ns for name in FILES}
    with pytest.raises(CheckpointError, match="not on 'band_gap'"):
        train_model(replace(data, target="band_gap"), folder, SETTINGS, SMALL, resume=True)
    (tmp_path / "metrics.json").write_text("{}")
    with pytest.raises(CheckpointError, match="is damaged"):
        train_model(data, tmp_path, SETTINGS, SMALL, resume=True)


def test_rows_that_cannot_be_used_are_counted(data: Dataset, tmp_path: Path) -> None:
    first, *others = data.crystals
    doubled = replace(first, material_id="doubled", frac_coords=(first.frac_coords[0],) * 5)
    rare = replace(first, material_id="rare", species=("Xe", *first.species[1:]))
    seen: list[tuple[int, int]] = []
    crystals = (doubled, rare, *others)
    # A seed by which the rare element is tested on, not trained on; the doubled row is gone before the split.
    seed = next(seed for seed in range(100) if 0 in split(len(crystals) - 1, seed).test)
    report = train_model(
        replace(data, crystals=crystals, dropped={"no value of 'x'": 3}),
        tmp_path / "run",
        replace(SETTINGS, epochs=1, seed=seed),
        SMALL,
        watcher=Watcher(graph=lambda done, total: seen.append((done, total))),
    )
    assert seen == [(done, len(crystals)) for done in range(1, len(crystals) + 1)]
    reasons = dict(report.left_out)
    assert reasons.pop("no value of 'x'") == 3
    assert reasons.pop("test row with an element of no training row") == 1
    ((reason, count),) = reasons.items()
    assert reason.startswith("doubled: atoms 0 and")
    assert count == 1
    assert report.n_test == (len(crystals) - 1) // 10 - 1


def test_options_are_checked_before_the_graphs_are_built(data: Dataset, tmp_path: Path) -> None:
    built: list[int] = []
    watcher = Watcher(graph=lambda done, total: built.append(done))
    with pytest.raises(ValueError, match="cutoff"):
        train_model(data, tmp_path / "run", SETTINGS, {"cutoff": -1.0}, watcher=watcher)
    assert not built
    with pytest.raises(DataError, match="too few"):
        train_model(replace(data, crystals=data.crystals[:5]), tmp_path / "few", SETTINGS, SMALL)


def test_killed_run_resumes_to_the_same_files(data: Dataset, tmp_path: Path) -> None:
    """A process killed by SIGKILL after some epochs, against one that ran through: the same bytes."""
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row_of(crystal)) + "\n" for crystal in data.crystals))
    command = [sys.executable, "-m", "equinet", "train", str(path), "--target", "energy", "--epochs", "12"]
    command += ["--cutoff", "3.5", "--seed", "3"]

    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen([*command, "--out", str(tmp_path / "killed")], stdout=output, stderr=output)
        state, written = tmp_path / "killed" / "training.safetensors", set()
        deadline = time.monotonic() + 120
        while len(written) < 3 and process.poll() is None and time.monotonic() < deadline:
            if state.exists():
                written.add(state.stat().st_mtime_ns)
            time.sleep(0.002)
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL, (tmp_path / "output").read_text()
    assert not (tmp_path / "killed" / "metrics.json").exists()

    dataset = load_dataset(path, "energy")
    settings = TrainingSettings.for_rows(len(dataset.crystals), epochs=12, seed=3)
    options = {"group": "Oh", "cutoff": 3.5}
    epochs: list[int] = []
    watcher = Watcher(epoch=lambda epoch: epochs.append(epoch.done))
    train_model(dataset, tmp_path / "straight", settings, options)
    train_model(dataset, tmp_path / "killed", settings, options, resume=True, watcher=watcher)
    assert 2 < epochs[0] <= 12
    for name in FILES:
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()
    assert names_in(tmp_path / "killed") == FILES


def row_of(crystal: object) -> dict:
    fields = asdict(crystal)
    return {
        "material_id": fields["material_id"],
        "structure": {key: fields[key] for key in ("lattice", "species", "frac_coords")},
        "energy": fields["target"],
    }
