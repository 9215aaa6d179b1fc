"""``fit``: train one formulation and judge it."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from lossviz.commands._data import data_options, load, read, sentences
from lossviz.commands._fit_report import fit_json, fit_lines, write_predictions
from lossviz.datasets import Dataset, build_dataset
from lossviz.decoding import DECODERS
from lossviz.errors import LossVizError
from lossviz.experiment import Experiment
from lossviz.objectives import OBJECTIVES
from lossviz.weighting import WEIGHTINGS


@click.command(name="fit")
@data_options
@click.option(
    "--formulation",
    type=click.Choice(list(OBJECTIVES)),
    default="marginals",
    show_default=True,
    help="What training minimises.",
)
@click.option(
    "--weighting",
    type=click.Choice(list(WEIGHTINGS)),
    default="fixed",
    show_default=True,
    help="Where the weights of the components come from.",
)
@click.option(
    "--decoder",
    type=click.Choice(list(DECODERS)),
    help="How probabilities become a label; joint_mode keeps to labels that occur. "
    "[default: the formulation's own]",
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
    "--model",
    type=click.Choice(["linear", "hidden"]),
    default="linear",
    show_default=True,
    help="Linear, or with one hidden layer.",
)
@click.option("--width", type=int, default=16, show_default=True, help="Hidden units.")
@click.option(
    "--optimiser",
    type=click.Choice(["adagrad", "adam", "sgd"]),
    default="adagrad",
    show_default=True,
    help="The update rule; sgd needs a learning rate around 5.",
)
@click.option(
    "--epochs", type=int, default=10, show_default=True, help="Passes over the training rows."
)
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
