r"""The training loop: Lightning's, with a sample order, a best model and a state on disk that survive a kill.

Targets are standardised by the mean and the standard deviation σ of the training targets; the loss is Huber's,

    L = (1/n) Σ h((ŷ − y)/σ) ,   h(x) = x²/2 for |x| ≤ δ, else δ (|x| − δ/2) ,

minimised by AdamW under a one-cycle schedule of the step size. The weights kept are those of the epoch with the least
mean absolute error on the validation crystals.

After each epoch the whole state (weights, moments, schedule, loop counters, best weights) goes into one file. The order
of the samples is a function of (seed, epoch) alone, so a run that was killed and resumed makes the same steps,
to the last bit, as one that was not.
"""

from __future__ import annotations

import logging
import math
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import numpy as np
import torch
from lightning.pytorch.plugins.io import CheckpointIO
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, Sampler

from equinet.graphs.crystal_graph import CrystalGraph, collate

from .checkpoint import CheckpointError, load_state, save_state

__all__ = ["Epoch", "LabelledGraphs", "SafetensorsCheckpointIO", "TrainingSettings", "fit"]

_HUBER_DELTA = 0.1  # in standard deviations of the target
_WARM_UP = 0.2  # share of the steps in which the step size rises
_LEAST_SHARE = 0.01  # of the largest step size
_LARGEST_GRADIENT = 10.0
_STEPS = 1100
_FEWEST_EPOCHS, _MOST_EPOCHS = 20, 200
_FEW_ROWS = 1000
_BATCH_SIZE, _SMALL_BATCH_SIZE = 64, 16

Batch = tuple[CrystalGraph, Tensor]


@dataclass(frozen=True)
class TrainingSettings:
    """How to train: passes over the data, crystals a step, largest step size, weight decay, and the seed of it all."""

    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 2e-2
    weight_decay: float = 1e-4
    seed: int = 0

    @classmethod
    def for_rows(cls, n_rows: int, epochs: int | None = None, seed: int = 0) -> TrainingSettings:
        """Settings for a data set of that many rows: some 1,100 steps, of fewer crystals each where rows are few.

        Example:
            >>> TrainingSettings.for_rows(2852).epochs, TrainingSettings.for_rows(151).batch_size
            (30, 16)
        """
        batch_size = _BATCH_SIZE if n_rows >= _FEW_ROWS else _SMALL_BATCH_SIZE
        steps = -(-8 * n_rows // (10 * batch_size))
        return cls(
            epochs=epochs or min(max(_STEPS // max(steps, 1), _FEWEST_EPOCHS), _MOST_EPOCHS),
            batch_size=batch_size,
            seed=seed,
        )

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1:
            raise ValueError(f"epochs={self.epochs}, batch_size={self.batch_size}; both must be 1 or more")
        if not 0 < self.learning_rate < float("inf") or not 0 <= self.weight_decay < float("inf"):
            raise ValueError(
                f"learning_rate={self.learning_rate}, weight_decay={self.weight_decay}; give a positive step size and "
                "a weight decay of 0 or more"
            )
        if self.seed < 0:
            raise ValueError(f"seed={self.seed}; give 0 or a positive integer")


@dataclass(frozen=True, eq=False)
class LabelledGraphs(Dataset[tuple[CrystalGraph, float]]):
    """Graphs, each built once, and their targets."""

    graphs: Sequence[CrystalGraph]
    targets: Sequence[float]

    def __len__(self) -> int:
        return len(self.graphs)

    def __getitem__(self, index: int) -> tuple[CrystalGraph, float]:
        return self.graphs[index], self.targets[index]


@dataclass(frozen=True)
class Epoch:
    """What a watcher of the training sees after each epoch: how many are done, and mean absolute errors."""

    done: int
    total: int
    validation_error: float
    best_error: float


def fit(
    model: nn.Module,
    train: LabelledGraphs,
    validation: LabelledGraphs,
    settings: TrainingSettings,
    state_file: Path,
    *,
    run: Mapping[str, Any] | None = None,
    resume: bool = False,
    watch: Callable[[Epoch], None] | None = None,
) -> float:
    """Train ``model`` in place and leave it with its best weights, in evaluation mode.

    Args:
        model: maps a graph to (n_graphs,) predictions in the target's unit; its buffer ``scale`` holds σ.
        state_file: where the state is kept after each epoch.
        run: JSON-able description of the run, kept in the state; a state is resumed only by the same run.
        resume: go on from ``state_file`` if it exists.
        watch: called after each epoch.

    Returns:
        the least mean absolute error on ``validation``.

    Raises:
        ValueError: no graph to train on, or none to validate on.
        CheckpointError: the state to resume is damaged, or that of another run.
        FloatingPointError: the loss is not finite any more.
        KeyboardInterrupt: the user stopped it; the state of the last whole epoch is on disk.
    """
    if not len(train) or not len(validation):
        raise ValueError(f"{len(train)} graphs to train and {len(validation)} to validate; give at least one of each")
    module = _Regression(model, settings, steps=settings.epochs * -(-len(train) // settings.batch_size))
    run = dict(run or {}) | asdict(settings)
    checkpoint = str(state_file) if resume and state_file.exists() else None
    if checkpoint:
        _refuse_other_run(state_file, run)
    keeper = _Keeper(state_file, run, watch)
    model.train()
    with _quiet(), _deterministic(), tempfile.TemporaryDirectory() as scratch:
        trainer = pl.Trainer(
            accelerator="cpu",
            devices=1,
            max_epochs=settings.epochs,
            callbacks=[keeper],
            plugins=[SafetensorsCheckpointIO()],
            gradient_clip_val=_LARGEST_GRADIENT,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            use_distributed_sampler=False,
            default_root_dir=scratch,
        )
        data = _GraphData(train, validation, settings)
        on_interrupt = signal.getsignal(signal.SIGINT)
        try:
            trainer.fit(module, datamodule=data, ckpt_path=checkpoint)
        except SystemExit:
            if not trainer.interrupted:
                raise
            # Lightning turns Ctrl-C into an exit, and ignores it from then on.
            signal.signal(signal.SIGINT, on_interrupt)
            raise KeyboardInterrupt from None
    model.load_state_dict(keeper.best_weights)
    model.eval()
    return keeper.best_error


class SafetensorsCheckpointIO(CheckpointIO):
    """Lightning's checkpoint as one safetensors file, written whole or not at all; nothing is pickled."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any | None = None) -> None:
        """Write the state (see :func:`equinet.training.checkpoint.save_state`)."""
        save_state(Path(path), checkpoint)

    def load_checkpoint(
        self, path: str | Path, map_location: Any | None = None, weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Read the state, on the CPU."""
        return load_state(Path(path))

    def remove_checkpoint(self, path: str | Path) -> None:
        """Delete the file if it is there."""
        Path(path).unlink(missing_ok=True)


class _EpochSampler(Sampler[int]):
    """All samples once, in an order that is a function of (seed, epoch); Lightning calls ``set_epoch``."""

    def __init__(self, n: int, seed: int) -> None:
        self.n, self.seed, self.epoch = n, seed, 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        return iter(np.random.default_rng([self.seed, self.epoch]).permutation(self.n).tolist())


class _GraphData(pl.LightningDataModule):
    def __init__(self, train: LabelledGraphs, validation: LabelledGraphs, settings: TrainingSettings) -> None:
        super().__init__()
        self.parts = train, validation
        self.settings = settings

    def train_dataloader(self) -> DataLoader[Batch]:
        return self._loader(self.parts[0], _EpochSampler(len(self.parts[0]), self.settings.seed))

    def val_dataloader(self) -> DataLoader[Batch]:
        return self._loader(self.parts[1], None)

    def _loader(self, part: LabelledGraphs, sampler: Sampler[int] | None) -> DataLoader[Any]:
        # A loader draws a number for its workers even where it has none; let it leave PyTorch's own generator alone.
        generator = torch.Generator().manual_seed(self.settings.seed)
        return DataLoader(
            part, self.settings.batch_size, sampler=sampler, collate_fn=_collate_labelled, generator=generator
        )


def _collate_labelled(samples: Sequence[tuple[CrystalGraph, float]]) -> Batch:
    graphs, targets = zip(*samples, strict=True)
    return collate(graphs), torch.tensor(targets, dtype=graphs[0].edge_vectors.dtype)


class _Regression(pl.LightningModule):
    """One step of training, and the mean absolute error on the validation crystals."""

    def __init__(self, model: nn.Module, settings: TrainingSettings, steps: int) -> None:
        super().__init__()
        self.model, self.settings, self.steps = model, settings, steps
        self.absolute_errors: list[Tensor] = []
        self.validation_error = float("inf")

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        graph, targets = batch
        scale = self.model.get_buffer("scale")
        loss = nn.functional.huber_loss(self.model(graph) / scale, targets / scale, delta=_HUBER_DELTA)
        self._check_finite(loss.item())
        return loss

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        graph, targets = batch
        self.absolute_errors.append((self.model(graph) - targets).abs().double())

    def on_validation_epoch_end(self) -> None:
        self.validation_error = float(torch.cat(self.absolute_errors).mean())
        self.absolute_errors.clear()
        self._check_finite(self.validation_error)

    def _check_finite(self, value: float) -> None:
        if not math.isfinite(value):
            raise FloatingPointError(
                f"the loss became {value} in epoch {self.current_epoch + 1}; try a smaller learning rate"
            )

    def configure_optimizers(self) -> Any:
        optimizer = torch.optim.AdamW(
            self.model.parameters(), self.settings.learning_rate, weight_decay=self.settings.weight_decay
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _one_cycle(step, self.steps))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def _one_cycle(step: int, steps: int) -> float:
    """Share of the largest step size at a step: up along half a cosine for a fifth of the steps, then down to zero."""
    warm_up = _WARM_UP * steps
    phase = step / warm_up - 1 if step < warm_up else (step - warm_up) / (steps - warm_up)
    return max(0.5 * (1 + math.cos(math.pi * phase)), _LEAST_SHARE)


class _Keeper(pl.Callback):
    """Keeps the best weights, and writes the state after each epoch."""

    def __init__(self, state_file: Path, run: dict[str, Any], watch: Callable[[Epoch], None] | None) -> None:
        self.state_file, self.run, self.watch = state_file, run, watch
        self.best_error = float("inf")
        self.best_weights: dict[str, Tensor] = {}

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        assert isinstance(pl_module, _Regression)
        if pl_module.validation_error < self.best_error:
            self.best_error = pl_module.validation_error
            self.best_weights = {name: w.clone() for name, w in pl_module.model.state_dict().items()}
        trainer.save_checkpoint(self.state_file)
        if self.watch:
            done, total = trainer.current_epoch + 1, int(trainer.max_epochs or 0)
            self.watch(Epoch(done, total, pl_module.validation_error, self.best_error))

    def state_dict(self) -> dict[str, Any]:
        return {"run": self.run, "best_error": self.best_error, "best_weights": self.best_weights}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.best_error = state_dict["best_error"]
        self.best_weights = state_dict["best_weights"]


def _refuse_other_run(state_file: Path, run: Mapping[str, Any]) -> None:
    """A state may only be resumed by the run that wrote it: same data, model and settings."""
    callbacks = load_state(state_file).get("callbacks", {})
    then = callbacks.get(_Keeper.__qualname__, {}).get("run", {})
    changed = [
        f"{key} (then {then.get(key)!r}, now {run.get(key)!r})"
        for key in sorted(run.keys() | then.keys())
        if then.get(key) != run.get(key)
    ]
    if changed:
        raise CheckpointError(
            f"{state_file} is the state of another run; different are {', '.join(changed)}. Repeat that run's options, "
            "or start anew in another folder"
        )


@contextmanager
def _deterministic() -> Iterator[None]:
    """Sums in one order: deterministic algorithms, and one thread, whatever number of cores the machine has."""
    algorithms, threads = torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(algorithms)
        torch.set_num_threads(threads)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what Lightning says on every run about devices, loggers, workers and the end of the epochs."""
    logger = logging.getLogger("lightning.pytorch")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*does not have many workers.*")
            # Lightning's own use of a name that PyTorch renamed.
            warnings.filterwarnings("ignore", message=".*LeafSpec.*", category=FutureWarning)
            yield
    finally:
        logger.setLevel(level)
