"""Models and training states on disk: what is written comes back, and what is damaged is refused."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from pymatgen.core import Lattice, Structure

from equinet import InvariantModel, InvariantModelConfig, crystal_graph
from equinet.training.checkpoint import CheckpointError, TrainedModel, load_model, load_state, save_model, save_state
from equinet.training.files import write_json, write_whole

CONFIG = InvariantModelConfig(species=(11, 17), channels=4, layers=1, n_radial=4, radial_channels=2)
SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])

STATE = {
    "text": "σ",
    "none": None,
    "truth": True,
    "numbers": [0, -3, 0.1, 1e-300, float("inf")],
    "pair": (0.9, 0.999),
    "empty": [{}, [], ()],
    "moments": {0: {"step": torch.tensor(3.0), "mean": torch.randn(4, 3)}, 1: {}},
    "half": torch.randn(3).to(torch.bfloat16),
    "counts": torch.arange(4),
    "nothing": torch.empty(0, 3),
}


@pytest.fixture
def model() -> TrainedModel:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = InvariantModel(CONFIG)
    network.shift.fill_(1.25)
    network.scale.fill_(0.5)
    return TrainedModel(network.eval(), "energy", "eV")


@pytest.fixture
def folder(tmp_path: Path, model: TrainedModel) -> Path:
    save_model(tmp_path, model, {"seed": 0})
    return tmp_path


def assert_same(a: Any, b: Any) -> None:
    assert type(a) is type(b)
    if isinstance(a, torch.Tensor):
        assert a.dtype == b.dtype
        assert torch.equal(a, b)
    elif isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            assert_same(a[key], b[key])
    elif isinstance(a, list | tuple):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert_same(x, y)
    else:
        assert a == b


def test_model_comes_back_and_predicts_the_same(folder: Path, model: TrainedModel) -> None:
    loaded = load_model(folder)
    assert (loaded.target, loaded.unit, loaded.model.config) == ("energy", "eV", CONFIG)
    assert not loaded.model.training
    graph = crystal_graph(SALT, CONFIG.cutoff)
    with torch.no_grad():
        assert torch.equal(loaded.model(graph), model.model(graph))


def test_nothing_but_the_two_files_is_left(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]
    assert json.loads((folder / "config.json").read_text())["training"] == {"seed": 0}


def flip_last_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def edit_config(folder: Path, **changes: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    write_json(folder / "config.json", config | changes)


def edit_model(folder: Path, **changes: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    edit_config(folder, model=config["model"] | changes)


def replace_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Other weights with their own right sum: a file that is whole but belongs to another model."""
    import hashlib

    weights = safetensors.torch.load_file(folder / "model.safetensors")
    change(weights)
    content = safetensors.torch.save(weights)
    (folder / "model.safetensors").write_bytes(content)
    edit_config(folder, weights_sha256=hashlib.sha256(content).hexdigest())


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (lambda f: [path.unlink() for path in f.iterdir()], "holds no trained model"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), r"model\.safetensors cannot be read"),
    "flipped bit": (lambda f: flip_last_byte(f / "model.safetensors"), "is damaged or belongs to another"),
    "cut": (lambda f: os.truncate(f / "model.safetensors", 100), "is damaged or belongs to another"),
    "config cut": (lambda f: os.truncate(f / "config.json", 50), r"config\.json is damaged"),
    "config of another tool": (lambda f: write_json(f / "config.json", {"model_type": "bert"}), "does not describe"),
    "config a list": (lambda f: write_json(f / "config.json", [1]), "does not describe"),
    "newer version": (lambda f: edit_config(f, version=2), "has version 2 of the format"),
    "no target": (lambda f: edit_config(f, target=None), "lacks one of"),
    "unknown field": (lambda f: edit_model(f, heads=4), "cannot build.*heads"),
    "unknown group": (lambda f: edit_model(f, group="Q8"), "cannot build.*Q8"),
    "other width": (lambda f: edit_model(f, channels=8), r"weight '.*' is .*, the model has"),
    "fewer layers": (lambda f: edit_model(f, layers=2), "lacks weight|has the unknown weight|the model has"),
    "missing weight": (lambda f: replace_weights(f, lambda w: w.pop("shift")), "lacks weight 'shift'"),
    "other weight": (lambda f: replace_weights(f, lambda w: w.update(x=torch.ones(1))), "has the unknown weight 'x'"),
    "other precision": (
        lambda f: replace_weights(f, lambda w: w.update(shift=w["shift"].double())), "'shift' is torch.float64",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_or_foreign_model_is_refused_with_the_remedy(folder: Path, kind: str) -> None:
    damage, message = DAMAGE[kind]
    damage(folder)
    with pytest.raises(CheckpointError, match=message) as refused:
        load_model(folder)
    assert "equinet train --out" in str(refused.value)


def test_state_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    save_state(tmp_path / "state", STATE)
    assert_same(load_state(tmp_path / "state"), STATE)
    save_state(tmp_path / "again", load_state(tmp_path / "state"))
    assert (tmp_path / "again").read_bytes() == (tmp_path / "state").read_bytes()


def test_tensors_that_share_memory_are_kept_apart(tmp_path: Path) -> None:
    whole = torch.arange(6.0)
    save_state(tmp_path / "state", {"whole": whole, "view": whole[::2], "same": whole})
    assert_same(load_state(tmp_path / "state"), {"whole": whole, "view": whole[::2].clone(), "same": whole})


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", {(1, 2): 3}])
def test_what_json_has_no_form_for_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(TypeError, match="/a/0 is a"):
        save_state(tmp_path / "state", {"a": [value]})
    assert not list(tmp_path.iterdir())


def foreign_state(path: Path) -> None:
    safetensors.torch.save_file({"x": torch.ones(1)}, path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "not a readable training state"),
        (lambda path: os.truncate(path, 40), "not a readable training state"),
        (lambda path: path.write_bytes(b"\x80\x04pickle"), "not a readable training state"),
        (flip_last_byte, "is damaged"),
        (foreign_state, "not a training state of this version"),
    ],
    ids=["missing", "cut", "pickle", "flipped bit", "foreign"],
)
def test_damaged_state_is_refused(tmp_path: Path, damage: Callable[[Path], object], message: str) -> None:
    path = tmp_path / "state"
    save_state(path, STATE)
    damage(path)
    with pytest.raises(CheckpointError, match=f"{message}.*start the training again"):
        load_state(path)


def test_any_flipped_bit_of_a_state_is_found(tmp_path: Path) -> None:
    path = tmp_path / "state"
    save_state(path, STATE)
    content = path.read_bytes()
    for place in range(0, len(content), 17):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(CheckpointError):
            load_state(path)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_written_files_have_the_usual_mode(tmp_path: Path) -> None:
    write_whole(tmp_path / "ours", b"")
    (tmp_path / "usual").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_json_without_numbers_that_json_lacks(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(tmp_path / "file", float("nan"))
    assert not list(tmp_path.iterdir())
