"""Models and training states on disk: tensors as safetensors, everything else as JSON. Nothing is unpickled.

A *model* is a folder with ``model.safetensors`` (the weights by name) and ``config.json`` (what to build, what it
predicts, and the SHA-256 sum of the weights). A *training state* is one safetensors file: a nest of dicts,
lists, numbers and tensors, whose tensors are the file's tensors and whose nesting is JSON in its metadata.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from .files import write_json, write_whole
from .models import InvariantModel, InvariantModelConfig

__all__ = ["CheckpointError", "TrainedModel", "load_model", "load_state", "save_model", "save_state"]

_MODEL_FORMAT = "equinet-model"
_STATE_FORMAT = "equinet-training-state"
_VERSION = 1
WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"


class CheckpointError(ValueError):
    """A saved model or training state that is missing, damaged, foreign or does not fit, and how to mend it."""


@dataclass(frozen=True)
class TrainedModel:
    """A model with what it predicts: the target's name and unit ("" for a plain number)."""

    model: InvariantModel
    target: str
    unit: str


def save_model(directory: Path, trained: TrainedModel, record: Mapping[str, Any] | None = None) -> None:
    """Write ``model.safetensors`` and then ``config.json`` into an existing folder, each whole or not at all.

    ``record`` is kept in ``config.json`` beside the model (how it was trained); loading does not read it.
    """
    weights = safetensors.torch.save(_own_memory(trained.model.state_dict()), metadata={"format": _MODEL_FORMAT})
    write_whole(directory / WEIGHTS_FILE, weights)
    config = {
        "format": _MODEL_FORMAT,
        "version": _VERSION,
        "model": asdict(trained.model.config),
        "target": trained.target,
        "unit": trained.unit,
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
    }
    write_json(directory / CONFIG_FILE, config | {"training": dict(record or {})})


def load_model(directory: Path) -> TrainedModel:
    """Read a model that :func:`save_model` wrote, in evaluation mode.

    Raises:
        CheckpointError: a file is missing, damaged or of another kind, or the weights do not fit the configuration.

    Example:
        >>> import tempfile
        >>> untrained = TrainedModel(InvariantModel(InvariantModelConfig(species=(11, 17))), "energy", "eV/atom")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_model(Path(folder), untrained)
        ...     load_model(Path(folder)).target
        'energy'
    """
    mend = f"train it anew (equinet train --out {directory})"
    config = _read_config(directory / CONFIG_FILE, mend)
    path = directory / WEIGHTS_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}); {mend}") from error
    if hashlib.sha256(content).hexdigest() != config["weights_sha256"]:
        raise CheckpointError(
            f"{path} is damaged or belongs to another {CONFIG_FILE} (its SHA-256 sum differs); {mend}"
        )
    try:
        weights = safetensors.torch.load(content)
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in config["model"].items()
        }
        model = InvariantModel(InvariantModelConfig(**fields))
    except (safetensors.SafetensorError, TypeError, ValueError) as error:
        raise CheckpointError(f"{directory} holds a model that this version cannot build ({error}); {mend}") from error
    _check_fit(weights, model.state_dict(), path, mend)
    model.load_state_dict(weights)
    model.eval()
    return TrainedModel(model, config["target"], config["unit"])


def save_state(path: Path, state: Mapping[str, Any]) -> None:
    """Write a nest of dicts (str or int keys), lists, tuples, strings, numbers, None and tensors as one file.

    Raises:
        TypeError: the nest holds anything else; the message says where.
    """
    tensors: dict[str, Tensor] = {}
    skeleton = _to_json(dict(state), "", tensors)
    tensors = _own_memory(tensors)
    header = {"version": _VERSION, "sha256": _digest(skeleton, tensors), "skeleton": skeleton}
    # One key: safetensors writes several in no fixed order, and equal states should be equal files.
    write_whole(path, safetensors.torch.save(tensors, metadata={_STATE_FORMAT: json.dumps(header)}))


def load_state(path: Path) -> dict[str, Any]:
    """Read what :func:`save_state` wrote: equal types, equal numbers to the last bit.

    Raises:
        CheckpointError: the file is missing, damaged, or not a training state of this version.
    """
    mend = "delete it and start the training again"
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            header = json.loads((file.metadata() or {}).get(_STATE_FORMAT, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise CheckpointError(f"{path} is not a readable training state ({error}); {mend}") from error
    if header.get("version") != _VERSION:
        raise CheckpointError(f"{path} is not a training state of this version of equinet; {mend}")
    if header.get("sha256") != _digest(header.get("skeleton"), tensors):
        raise CheckpointError(f"{path} is damaged (its SHA-256 sum differs); {mend}")
    state = _from_json(header["skeleton"], tensors)
    assert isinstance(state, dict)
    return state


def _read_config(path: Path, mend: str) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(
            f"{path.parent} holds no trained model ({path.name}: {error.strerror}); {mend}"
        ) from error
    except ValueError as error:
        raise CheckpointError(f"{path} is damaged ({error}); {mend}") from error
    if not isinstance(config, dict) or config.get("format") != _MODEL_FORMAT:
        raise CheckpointError(f"{path} does not describe an equinet model; {mend}")
    if config.get("version") != _VERSION:
        raise CheckpointError(
            f"{path} has version {config.get('version')!r} of the format, this equinet reads {_VERSION}; "
            f"use the version of equinet that wrote it, or {mend}"
        )
    texts = ("target", "unit", "weights_sha256")
    if not isinstance(config.get("model"), dict) or any(not isinstance(config.get(k), str) for k in texts):
        raise CheckpointError(f"{path} lacks one of 'model', {', '.join(map(repr, texts))}; {mend}")
    return config


def _check_fit(weights: Mapping[str, Tensor], expected: Mapping[str, Tensor], path: Path, mend: str) -> None:
    """Refuse weights whose names, shapes or precision are not those of the model."""
    for name in sorted(expected.keys() | weights.keys()):
        found, wanted = weights.get(name), expected.get(name)
        if found is None or wanted is None:
            what = "lacks" if found is None else "has the unknown"
            raise CheckpointError(f"{path} {what} weight {name!r}; {mend}")
        if found.shape != wanted.shape or found.dtype != wanted.dtype:
            raise CheckpointError(
                f"{path}: weight {name!r} is {found.dtype} {tuple(found.shape)}, the model has "
                f"{wanted.dtype} {tuple(wanted.shape)}; {mend}"
            )


def _own_memory(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Contiguous copies on the CPU: safetensors refuses tensors that share memory."""
    return {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}


def _digest(skeleton: Any, tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256(json.dumps(skeleton).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _to_json(value: Any, place: str, tensors: dict[str, Tensor]) -> Any:
    """JSON of a nest; what JSON has no form for becomes an object with one key, ``tensor``, ``tuple`` or ``dict``."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, Tensor):
        name = f"{len(tensors)}:{place}"
        tensors[name] = value
        return {"tensor": name}
    if type(value) is list:
        return [_to_json(item, f"{place}/{i}", tensors) for i, item in enumerate(value)]
    if type(value) is tuple:
        return {"tuple": [_to_json(item, f"{place}/{i}", tensors) for i, item in enumerate(value)]}
    if isinstance(value, dict) and all(type(key) in (str, int) for key in value):
        return {"dict": [[key, _to_json(item, f"{place}/{key}", tensors)] for key, item in value.items()]}
    raise TypeError(f"{place or 'the state'} is a {type(value).__name__}, which a training state cannot hold")


def _from_json(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_from_json(item, tensors) for item in value]
    if isinstance(value, dict):
        ((kind, content),) = value.items()
        if kind == "tensor":
            return tensors[content]
        if kind == "tuple":
            return tuple(_from_json(item, tensors) for item in content)
        return {key: _from_json(item, tensors) for key, item in content}
    return value
