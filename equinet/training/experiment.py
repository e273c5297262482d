"""From labelled crystals to a trained model in a folder, and its error beside those of the baselines.

The folder holds ``split.json`` (ids of the training, validation and test crystals), ``model.safetensors`` and
``config.json`` (the model), ``metrics.json`` (the errors on the test crystals) and, until the run is complete,
``training.safetensors`` (the state to resume from).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pymatgen.core import Element

from equinet.graphs.crystal_graph import CrystalGraph, crystal_graph

from .baselines import mean_absolute_error, mean_baseline, ridge_baseline
from .checkpoint import CONFIG_FILE, WEIGHTS_FILE, CheckpointError, TrainedModel, save_model
from .data import Crystal, DataError, Dataset, split
from .files import write_json
from .fitting import Epoch, LabelledGraphs, TrainingSettings, fit
from .models import InvariantModel, InvariantModelConfig
from .prediction import predict_graphs

__all__ = ["Report", "Watcher", "train_model"]

METRICS_FILE = "metrics.json"
SPLIT_FILE = "split.json"
STATE_FILE = "training.safetensors"


@dataclass(frozen=True)
class Report:
    """How well a model does on crystals that it has not seen.

    ``errors`` are mean absolute errors on the test crystals in the target's unit, of the ``mean`` of the training
    targets, of ``ridge`` regression on the composition, and of the ``network``; ``left_out`` counts, for each reason,
    the rows that were not used.
    """

    data: str
    source: str
    target: str
    unit: str
    group: str
    n_train: int
    n_validation: int
    n_test: int
    left_out: Mapping[str, int]
    n_weights: int
    validation_error: float
    ridge_strength: float
    errors: Mapping[str, float]


@dataclass(frozen=True)
class Watcher:
    """Called while a model is made: after each graph with (done, total), and after each epoch."""

    graph: Callable[[int, int], None] = lambda done, total: None
    epoch: Callable[[Epoch], None] = lambda epoch: None


def train_model(
    data: Dataset,
    directory: Path,
    settings: TrainingSettings,
    model_options: Mapping[str, Any] | None = None,
    *,
    resume: bool = False,
    watcher: Watcher | None = None,
) -> Report:
    """Train an :class:`~equinet.InvariantModel` on 8/10 of the data, choose its weights on 1/10, test on 1/10.

    Rows whose symmetry cannot be found are left out before the split; validation and test rows with an element that
    is in no training row are left out after it. Both are counted in the report; all methods see the same rows.

    Args:
        directory: made if it is missing.
        model_options: fields of ``InvariantModelConfig``, less ``species`` and ``neighbours``, which the data tell.
        resume: go on with a run that was stopped; a run that is complete is only reported.

    Raises:
        FileExistsError: the folder holds a run already and ``resume`` is false.
        CheckpointError: the run in the folder is another one, or damaged.
        DataError: too few rows. ValueError: a model option that is not allowed.
    """
    watcher = watcher or Watcher()
    _refuse_to_overwrite(directory, resume)
    metrics = directory / METRICS_FILE
    if resume and metrics.exists() and not (directory / STATE_FILE).exists():
        return _read_report(metrics, data)

    options = dict(model_options or {})
    # Built without the data first: this checks the options before minutes go into the graphs.
    cutoff = InvariantModelConfig(**options, species=(1,)).cutoff
    directory.mkdir(parents=True, exist_ok=True)
    crystals, graphs, left_out = _graphs(data, cutoff, watcher)
    parts = split(len(crystals), settings.seed)
    write_json(directory / SPLIT_FILE, parts.as_ids(crystals))
    train = parts.train
    elements = {symbol for row in train for symbol in crystals[row].species}
    validation = _known(parts.validation, "validation", crystals, elements, left_out)
    test = _known(parts.test, "test", crystals, elements, left_out)

    config = InvariantModelConfig(
        **options,
        species=tuple(sorted(Element(symbol).Z for symbol in elements)),
        neighbours=_mean_neighbours([graphs[row] for row in train]),
    )
    model = _fresh_model(config, [crystals[row].target for row in train], settings.seed)
    validation_error = fit(
        model,
        LabelledGraphs([graphs[row] for row in train], [crystals[row].target for row in train]),
        LabelledGraphs([graphs[row] for row in validation], [crystals[row].target for row in validation]),
        settings,
        directory / STATE_FILE,
        run={
            "data": _digest(crystals),
            "target": data.target,
            "model": json.loads(json.dumps(asdict(config))),
        },
        resume=resume,
        watch=watcher.epoch,
    )

    tested = [crystals[row] for row in test]
    true = np.array([crystal.target for crystal in tested])
    ridge, strength = ridge_baseline([crystals[row] for row in train], [crystals[row] for row in validation], tested)
    network = predict_graphs(model, [graphs[row] for row in test]).double().numpy()
    report = Report(
        data=data.name,
        source=data.source,
        target=data.target,
        unit=data.unit,
        group=config.group,
        n_train=len(train),
        n_validation=len(validation),
        n_test=len(test),
        left_out=dict(left_out),
        n_weights=sum(weight.numel() for weight in model.parameters()),
        validation_error=validation_error,
        ridge_strength=strength,
        errors={
            "mean": mean_absolute_error(mean_baseline([crystals[row] for row in train], tested), true),
            "ridge": mean_absolute_error(ridge, true),
            "network": mean_absolute_error(network, true),
        },
    )
    save_model(directory, TrainedModel(model, data.target, data.unit), asdict(settings))
    write_json(metrics, asdict(report))
    (directory / STATE_FILE).unlink()
    return report


def _refuse_to_overwrite(directory: Path, resume: bool) -> None:
    files = (SPLIT_FILE, STATE_FILE, WEIGHTS_FILE, CONFIG_FILE, METRICS_FILE)
    found = [name for name in files if (directory / name).exists()]
    if found and not resume:
        raise FileExistsError(
            f"{directory} already holds a run ({', '.join(found)}); "
            "resume it (--resume) or choose another folder (--out)"
        )


def _read_report(path: Path, data: Dataset) -> Report:
    try:
        report = Report(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{path} is damaged ({error}); delete the folder and train again") from error
    if (report.data, report.target) != (data.name, data.target):
        raise CheckpointError(
            f"{path.parent} holds a run on {report.target!r} of {report.data!r}, not on {data.target!r} of "
            f"{data.name!r}; choose another folder"
        )
    return report


def _graphs(data: Dataset, cutoff: float, watcher: Watcher) -> tuple[list[Crystal], list[CrystalGraph], Counter[str]]:
    """The crystals that have a graph, their graphs, and why the other rows were left out."""
    left_out = Counter(data.dropped)
    crystals: list[Crystal] = []
    graphs: list[CrystalGraph] = []
    for done, crystal in enumerate(data.crystals, start=1):
        try:
            graphs.append(crystal_graph(crystal.structure, cutoff))
        except ValueError as error:
            left_out[f"{crystal.material_id}: {error}"] += 1
        else:
            crystals.append(crystal)
        watcher.graph(done, len(data.crystals))
    return crystals, graphs, left_out


def _known(
    rows: Sequence[int], name: str, crystals: Sequence[Crystal], elements: set[str], left_out: Counter[str]
) -> list[int]:
    """The rows whose elements all occur in the training rows; the others are counted in ``left_out``."""
    known = [row for row in rows if elements.issuperset(crystals[row].species)]
    if len(known) < len(rows):
        left_out[f"{name} row with an element of no training row"] += len(rows) - len(known)
    if not known:
        raise DataError(f"no {name} row has only elements of the training rows; give more data")
    return known


def _mean_neighbours(graphs: Sequence[CrystalGraph]) -> float:
    """Edges an atom, by which the network scales its sums; at least 1."""
    edges = sum(graph.edge_index.shape[1] for graph in graphs)
    return max(1.0, round(edges / sum(len(graph.atomic_numbers) for graph in graphs), 2))


def _fresh_model(config: InvariantModelConfig, targets: Sequence[float], seed: int) -> InvariantModel:
    """A model whose first weights are a function of the seed, standardised to the training targets."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        model = InvariantModel(config)
    model.shift.fill_(float(np.mean(targets)))
    model.scale.fill_(float(np.std(targets)) or 1.0)
    return model


def _digest(crystals: Sequence[Crystal]) -> str:
    """SHA-256 of everything that the crystals say, to know the same data again."""
    digest = hashlib.sha256()
    for c in crystals:
        digest.update(repr((c.material_id, c.lattice, c.species, c.frac_coords, c.target)).encode())
    return digest.hexdigest()
