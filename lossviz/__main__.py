"""The command line: the same engine without a browser."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from lossviz import __version__
from lossviz.datasets import (
    ColumnMapping,
    Dataset,
    Profile,
    Table,
    build_dataset,
    profile,
    propose_mapping,
    read_table,
)
from lossviz.decoding import DECODERS
from lossviz.errors import LossVizError
from lossviz.evaluation import ErrorRate, baseline, confusion_of_labels
from lossviz.experiment import Experiment
from lossviz.objectives import OBJECTIVES
from lossviz.weighting import WEIGHTINGS

if TYPE_CHECKING:
    from lossviz.fitting import Fit

Command = Callable[..., None]


def data_options(command: Command) -> Command:
    """The file, and how to read it."""
    for option in (
        click.option("--no-header", is_flag=True, help="The first line is data already."),
        click.option("--encoding", help="Text encoding. [default: found from the data]"),
        click.option("--delimiter", help="Between cells. [default: found from the data]"),
        click.option(
            "--separator",
            help="Between the parts of a compound label in one column; '' for one character a "
            "part. [default: found from the data]",
        ),
        click.option(
            "--label",
            "labels",
            multiple=True,
            metavar="COLUMN",
            help="Label column; repeat it for labels in several columns. [default: proposed]",
        ),
        click.option("--text", metavar="COLUMN", help="Text column. [default: proposed]"),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def sentences(command: Command) -> Command:
    """One sentence on standard error and exit status 2, whatever cannot be used."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except LossVizError as error:
            click.echo(" ".join(str(error).split()), err=True)
            sys.exit(2)

    return guarded


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """What does a loss function for compound labels really ask for?"""


@main.command(name="profile")
@data_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@sentences
def profile_command(file: Path, as_json: bool, **reading: Any) -> None:
    """Say what was read from FILE: components, classes, duplicates, the majority."""
    table, mapping, dataset = load(file, **reading)
    found = profile(dataset)
    if as_json:
        report = found.to_json(table, mapping)
        click.echo(json.dumps(report, ensure_ascii=False, allow_nan=False))
        return
    for line in profile_lines(table, mapping, found):
        click.echo(line)


@main.command(name="fit")
@data_options
@click.option(
    "--formulation", type=click.Choice(list(OBJECTIVES)), default="marginals", show_default=True
)
@click.option(
    "--weighting",
    type=click.Choice(list(WEIGHTINGS)),
    default="fixed",
    show_default=True,
    help="Where the weights of the components come from.",
)
@click.option(
    "--decoder", type=click.Choice(list(DECODERS)), help="[default: the formulation's own]"
)
@click.option(
    "--weights",
    metavar="α,β,…",
    help="What a wrong part costs, in the order of the components. [default: 1 each]",
)
@click.option(
    "--joint-weight",
    type=float,
    default=1.0,
    show_default=True,
    help="The weight of the whole label, for formulations that have one.",
)
@click.option(
    "--setting",
    "settings",
    multiple=True,
    metavar="NAME=NUMBER",
    help="What the formulation or the weighting has besides; repeat it for several. "
    + "; ".join(
        f"{own.name} ({owner}): {own.default:g}"
        for owner, member in (OBJECTIVES | WEIGHTINGS).items()
        for own in member.settings
    ),
)
@click.option(
    "--model", type=click.Choice(["linear", "hidden"]), default="linear", show_default=True
)
@click.option("--width", type=int, default=16, show_default=True, help="Hidden units.")
@click.option(
    "--optimiser",
    type=click.Choice(["adagrad", "adam", "sgd"]),
    default="adagrad",
    show_default=True,
)
@click.option("--epochs", type=int, default=10, show_default=True)
@click.option("--lr", type=float, default=0.3, show_default=True, help="Learning rate.")
@click.option("--batch", type=int, default=32, show_default=True, help="Texts in a batch.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the split and the start.")
@click.option("--test-size", type=float, default=0.2, show_default=True, help="Share held out.")
@click.option(
    "--test",
    "test_file",
    type=click.Path(path_type=Path),
    help="Train on all of FILE and judge this one; same columns.",
)
@click.option(
    "--predictions", type=click.Path(path_type=Path), help="Write each test row's labels here."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@sentences
def fit_command(
    file: Path, as_json: bool, predictions: Path | None, test_file: Path | None, **options: Any
) -> None:
    """Train one formulation on FILE and judge it on held-out rows."""
    started = perf_counter()
    reading = {
        name: options.pop(name)
        for name in ("text", "labels", "separator", "delimiter", "encoding", "no_header")
    }
    _, mapping, dataset = load(file, **reading)
    experiment = experiment_of(dataset, **options)
    test = None
    if test_file is not None:
        test_table = read(test_file, **reading)
        test = build_dataset(test_table, mapping)
    read_seconds = perf_counter() - started
    from lossviz.fitting import fit

    result = fit(dataset, experiment, test=test)
    if predictions is not None:
        write_predictions(predictions, result)
    seconds = {"read": read_seconds, **result.seconds, "total": perf_counter() - started}
    report = fit_json(result, seconds)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, allow_nan=False))
        return
    for line in fit_lines(report):
        click.echo(line)


def read(
    file: Path, *, delimiter: str | None, encoding: str | None, no_header: bool, **_: Any
) -> Table:
    """The table in a file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise LossVizError(f"{file} cannot be opened: {error.strerror or error}.") from error
    named = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    return read_table(
        content,
        file.name,
        delimiter=named,
        encoding=encoding,
        header=False if no_header else None,
    )


def load(
    file: Path, *, text: str | None, labels: tuple[str, ...], separator: str | None, **reading: Any
) -> tuple[Table, ColumnMapping, Dataset]:
    """The table, its column mapping as proposed or as told, and the data set."""
    table = read(file, **reading)
    mapping = propose_mapping(table, text=text, labels=labels, separator=separator)
    return table, mapping, build_dataset(table, mapping)


def experiment_of(dataset: Dataset, **options: Any) -> Experiment:
    """The experiment that the options describe."""
    return Experiment.for_dataset(
        dataset,
        split={"test_size": options["test_size"], "seed": options["seed"]},
        model={"kind": options["model"], "width": options["width"]},
        formulation=options["formulation"],
        weighting=options["weighting"],
        decoder=options["decoder"],
        component_weights=parse_weights(options["weights"]),
        joint_weight=options["joint_weight"],
        settings=parse_settings(options["settings"]),
        optimiser={
            "name": options["optimiser"],
            "learning_rate": options["lr"],
            "batch_size": options["batch"],
        },
        epochs=options["epochs"],
        seed=options["seed"],
    )


def profile_lines(table: Table, mapping: ColumnMapping, found: Profile) -> list[str]:
    """What ``profile`` prints for a person."""
    lines = [*table.notes, f"Text: {mapping.text}. Label: {mapping.reading.evidence}"]
    lines.append(f"{found.used:,} of {found.rows:,} rows can be used.")
    lines += [f"Left out, {group.reason}: {group.rows:,}." for group in found.dropped]
    for component in found.components:
        counts = zip(component.values, component.counts, strict=True)
        listed = ", ".join(f"{value} {count:,}" for value, count in counts)
        lines.append(f"{component.name}: {listed}.")
    lines.append(
        f"Whole labels: {found.seen:,} of {found.possible:,} combinations occur, "
        f"with {found.smallest:,} to {found.largest:,} texts each."
    )
    lines.append(
        f"Texts that occurred before: {found.duplicates:,}; texts with more than one label: "
        f"{found.contradictory:,}."
    )
    lines.append(
        f"Guessing the commonest label ({found.majority_class}) is right "
        f"{100 * found.majority_accuracy:.1f} %."
    )
    return lines + list(found.warnings)


def parse_weights(given: str | None) -> tuple[float, ...] | None:
    """``"2,1"`` as numbers."""
    if given is None:
        return None
    try:
        return tuple(float(piece) for piece in given.split(","))
    except ValueError as error:
        raise LossVizError(
            f"--weights: expected numbers with commas between them, such as 2,1; found {given!r}."
        ) from error


def parse_settings(given: tuple[str, ...]) -> dict[str, float]:
    """``("temperature=0.5",)`` as names and numbers."""
    try:
        return {name: float(value) for name, _, value in (own.partition("=") for own in given)}
    except ValueError as error:
        raise LossVizError(
            f"--setting: expected a name and a number, such as temperature=0.5; "
            f"found {', '.join(given)}."
        ) from error


def rate_json(rate: ErrorRate) -> dict[str, float]:
    """An error rate as the contract has it."""
    return {"error": rate.rate, "low": rate.low, "high": rate.high, "n": rate.n}


def fit_json(result: Fit, seconds: dict[str, float]) -> dict[str, Any]:
    """What ``fit --json`` prints."""
    evaluation, trainer = result.evaluation, result.trainer
    confusion = confusion_of_labels(evaluation, result.schema)
    rows = zip(result.schema.names, evaluation.components, strict=True)
    return {
        "experiment": result.experiment.model_dump(mode="json"),
        "rows": {"train": result.train_size, "test": len(evaluation)},
        "majority_accuracy": 1.0 - baseline(evaluation.true).joint,
        "errors": {
            "joint": rate_json(evaluation.joint),
            "components": [{"name": name, **rate_json(rate)} for name, rate in rows],
        },
        "impossible": evaluation.impossible,
        "weights": {
            "components": trainer.weights.components[0].tolist(),
            "joint": float(trainer.weights.joint[0]),
        },
        "notes": list(result.experiment.notes),
        "confusion": {"labels": list(confusion.labels), "counts": confusion.counts.tolist()},
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }


def fit_lines(report: dict[str, Any]) -> list[str]:
    """What ``fit`` prints for a person."""
    errors = report["errors"]
    named = [*((f"wrong on {own['name']}", own) for own in errors["components"])]
    named.append(("wrong on the whole label", errors["joint"]))
    width = max(len(name) for name, _ in named)
    lines = [
        f"{name:<{width}}  {100 * own['error']:5.1f} % "
        f"[{100 * own['low']:.1f}, {100 * own['high']:.1f}], n = {own['n']:,}"
        for name, own in named
    ]
    lines.append(
        f"Guessing the commonest label is right {100 * report['majority_accuracy']:.1f} %."
    )
    if report["impossible"]:
        lines.append(f"Combinations that never occur in training: {report['impossible']:,} times.")
    return [*lines, *report["notes"], f"{report['seconds']['total']:.1f} s"]


def write_predictions(path: Path, result: Fit) -> None:
    """One line for each test row, in the file's order."""
    names = result.schema.names
    evaluation = result.evaluation
    try:
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            pairs = [f"{kind}_{name}" for name in names for kind in ("true", "predicted")]
            writer.writerow(["row", "text", *pairs, "p"])
            for place, row in enumerate(result.test_rows.tolist()):
                true = result.schema.decode(evaluation.true[place].tolist())
                predicted = result.schema.decode(evaluation.predicted[place].tolist())
                values = [value for pair in zip(true, predicted, strict=True) for value in pair]
                probability = float(evaluation.probability[place])
                writer.writerow([row, result.test_texts[place], *values, f"{probability:.6g}"])
    except OSError as error:
        raise LossVizError(f"{path} cannot be written: {error.strerror or error}.") from error


if __name__ == "__main__":
    main(prog_name="lossviz")
