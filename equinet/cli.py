"""The command ``equinet``: train a network on labelled crystals, and predict with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from equinet.training.checkpoint import TrainedModel
    from equinet.training.experiment import Report, Watcher
    from equinet.training.fitting import Epoch

app = typer.Typer(
    help="Equivariant neural networks for crystals.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

BAD_INPUT = 2
_MOST_REASONS = 10


@app.command()
def train(
    data: Annotated[
        str,
        typer.Argument(
            help="perovskites (2,852 cubic ABO3), dielectric (151 of class m-3m), or a .jsonl or .jsonl.gz file."
        ),
    ] = "perovskites",
    target: Annotated[
        str | None, typer.Option(help="Field to learn. Bundled data have a usual one; a file needs it.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of the target, for the reports.")] = None,
    group: Annotated[str, typer.Option(help="Point group of the network, such as Oh or m-3m.")] = "Oh",
    out: Annotated[Path | None, typer.Option(help="Folder for the results, by default equinet-DATA.")] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the training rows, by default some 1,100 steps.")
    ] = None,
    cutoff: Annotated[float, typer.Option(help="Longest bond in Å.")] = 4.0,
    seed: Annotated[int, typer.Option(min=0, help="Fixes the split, the first weights and the order of rows.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in the folder; give the same options again.")
    ] = False,
) -> None:
    """Train a network, and compare it with the mean and with ridge regression on the composition.

    Rows are split 8 : 1 : 1 into training, validation and test by the seed. The folder gets model.safetensors,
    config.json, split.json and metrics.json. A run that was stopped goes on with --resume, with the same result as
    without the stop.
    """
    with _clear_errors():
        from equinet.training.data import load_dataset
        from equinet.training.experiment import train_model
        from equinet.training.fitting import TrainingSettings

        dataset = load_dataset(data, target, unit)
        folder = out or Path(f"equinet-{dataset.name.removesuffix('.gz').removesuffix('.jsonl')}")
        settings = TrainingSettings.for_rows(len(dataset.crystals), epochs=epochs, seed=seed)
        options = {"group": group, "cutoff": cutoff}
        try:
            with _progress(settings.epochs, dataset.unit) as watcher:
                report = train_model(dataset, folder, settings, options, resume=resume, watcher=watcher)
        except KeyboardInterrupt:
            _say(f"stopped; the same command with --resume goes on (state in {folder})")
            raise typer.Exit(130) from None
    _print_report(report, folder)


@app.command()
def predict(
    files: Annotated[list[Path], typer.Argument(help="Structure files that pymatgen reads (CIF, POSCAR, …).")],
    model: Annotated[Path, typer.Option(help="Folder of a trained model.")] = Path("equinet-perovskites"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Predict a property of crystals with a trained model.

    Each crystal is turned to the standard axes of its own class first, whatever its cell and orientation were. The
    value is an exact invariant of the model's group. It carries all of the crystal's symmetry where the class is a
    subgroup of the model's group in these axes (the column "in Oh" says yes: the cubic, tetragonal and orthorhombic
    classes, for example). Another class (a hexagonal one, say) gets a value too, but one that depends on the standard
    axes chosen for it.

    Of a file with several structures the first is read. The exit code is 1 if any file failed; the others are predicted
    all the same.
    """
    with _clear_errors():
        from equinet.training.checkpoint import load_model

        trained = load_model(model)
    rows = [_predict_file(trained, path) for path in files]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print_predictions(trained, rows)
    if any("error" in row for row in rows):
        raise typer.Exit(1)


def _predict_file(trained: TrainedModel, path: Path) -> dict[str, object]:
    """One row of the answer: the prediction, or why there is none."""
    from dataclasses import asdict

    from equinet.training.prediction import predict, read_structure

    try:
        structure, notes = read_structure(path)
        prediction = predict(trained, structure)
    except ValueError as error:
        return {"file": str(path), "error": str(error)}
    return {"file": str(path), "target": trained.target, "unit": trained.unit} | asdict(prediction) | {"notes": notes}


def _print_predictions(trained: TrainedModel, rows: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    unit = f" ({trained.unit})" if trained.unit else ""
    table = Table("file", "formula", "class", f"in {trained.model.config.group}")
    table.add_column(f"{trained.target}{unit}", justify="right")
    for row in rows:
        for note in row.get("notes", ()):  # type: ignore[attr-defined]
            _say(f"note: {row['file']}: {note}")
        if "error" in row:
            _say(f"error: {row['file']}: {row['error']}")
        else:
            texts = (row["file"], row["formula"], row["crystal_class"], "yes" if row["in_group"] else "no")
            table.add_row(*map(str, texts), f"{row['value']:.4f}")
    if table.row_count:
        Console().print(table)


def _print_report(report: Report, folder: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    for reason, count in list(report.left_out.items())[:_MOST_REASONS]:
        _say(f"left out {count} row{'s' if count > 1 else ''}: {reason}")
    if len(report.left_out) > _MOST_REASONS:
        _say(f"… and {len(report.left_out) - _MOST_REASONS} more reasons in {folder / 'metrics.json'}")
    unit = f", {report.unit}" if report.unit else ""
    table = Table(title=f"{report.target} of {report.n_test} test crystals ({report.n_train} trained on)")
    table.add_column("prediction by")
    table.add_column(f"mean absolute error{unit}", justify="right")
    table.add_row("mean of the training rows", f"{report.errors['mean']:.4f}")
    table.add_row("ridge regression on composition", f"{report.errors['ridge']:.4f}")
    table.add_row(f"{report.group} network", f"[bold]{report.errors['network']:.4f}[/bold]")
    console = Console()
    console.print(table)
    console.print(f"Data: {report.source}", highlight=False)
    console.print(f"Predict with: equinet predict FILE.cif --model {folder}", highlight=False, soft_wrap=True)


@contextmanager
def _progress(epochs: int, unit: str) -> Iterator[Watcher]:
    """A bar for the graphs and one for the epochs, on the standard error stream."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from equinet.training.experiment import Watcher

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[text]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        graphs = progress.add_task("graphs", total=None, text="")
        steps = progress.add_task("epochs", total=epochs, text="", start=False)

        def graph_done(done: int, total: int) -> None:
            progress.update(graphs, completed=done, total=total)

        def epoch_done(epoch: Epoch) -> None:
            progress.start_task(steps)
            progress.update(
                steps,
                completed=epoch.done,
                text=f"validation error {epoch.validation_error:.4f}, least {epoch.best_error:.4f} {unit}",
            )

        yield Watcher(graph_done, epoch_done)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What the library says of bad input becomes one line on the standard error stream and exit code 2."""
    try:
        yield
    except (ValueError, OSError, FloatingPointError) as error:
        _refuse(str(error))


def _refuse(message: str) -> NoReturn:
    _say(f"error: {' '.join(message.split())}")
    raise typer.Exit(BAD_INPUT)


def _say(message: str) -> None:
    typer.echo(message, err=True)
