"""A fit as JSON, as lines for a person, and its predictions as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from lossviz.commands._output import write_table
from lossviz.experiments.evaluation import confusion_of
from lossviz.experiments.plain import plain
from lossviz.experiments.reliability import Sure, Temperatures
from lossviz.experiments.runs.opening import Unsealed, opening_words
from lossviz.experiments.runs.provisos import decided_by, sureness, surest
from lossviz.experiments.suggestion import named
from lossviz.experiments.weights import Weights
from lossviz.experiments.words import count
from lossviz.losses.decoding import DECODERS

if TYPE_CHECKING:
    from lossviz.engine.fit import Fit
    from lossviz.engine.predictions import Predicted
    from lossviz.engine.trainer import Trainer
    from lossviz.engine.tune import Tuned
    from lossviz.schema import LabelSchema


def fit_json(result: Fit, opening: Unsealed | None = None) -> dict[str, Any]:
    """What ``fit --json`` prints of a fit."""
    evaluation, trainer = result.evaluation, result.trainer
    matrix = confusion_of(evaluation, result.schema)
    experiment, names = result.experiment, result.schema.names
    report = {
        "experiment": experiment,
        "rows": result.rows,
        "majority_accuracy": 1.0 - evaluation.guessing.joint,
        "errors": evaluation.errors_json(names),
        "impossible": evaluation.impossible,
        "unseen": evaluation.unseen,
        **({"masked": evaluation.masked.to_json()} if evaluation.masked else {}),
        "sure": [
            {"name": name, **asdict(sure)} for name, sure in surest(evaluation, names).items()
        ],
        **({"temperatures": asdict(evaluation.temperatures)} if evaluation.temperatures else {}),
        **({"sealed": opening.errors_json(names)} if opening else {}),
        "leakage": {"identical": result.known_texts, "n": len(evaluation)},
        "weights": trainer.acting.json,
        "costs": Weights(experiment.costs_at(Weights.of(experiment))).json,
        "notes": (*experiment.notes, *result.notes),
        "confusion": {"labels": matrix.labels, "counts": matrix.counts},
    }
    return cast("dict[str, Any]", plain(report))


LONG = 10.0
"""Seconds that nobody needs to be told of."""


def warn_of_all_weights(trainer: Trainer, seconds: float) -> None:
    """Say on standard error what it costs that every weight moves at every step, before it does."""
    optimiser = trainer.experiment.optimiser
    if not optimiser.moves_all or seconds < LONG:
        return
    why = "Adam" if optimiser.name == "adam" else "weight decay"
    weights = trainer.model.table.numel()
    click.echo(
        f"About {seconds:.0f} s of training: {why} moves all {weights:,} weights at "
        "each step. Adagrad without weight decay moves only those of the words in a batch.",
        err=True,
    )


def tuned_words(tuned: Tuned) -> str:
    """What was chosen, among how many, and by what."""
    error = next(one.error for one in tuned.tried if one.experiment == tuned.chosen)
    there = f", wrong there on {100 * error.rate:.1f} %" if error else ""
    others = [
        f"{named(one.experiment)} {100 * one.error.rate:.1f} %"
        if one.error
        else f"{named(one.experiment)} diverged"
        for one in tuned.tried
        if one.experiment != tuned.chosen
    ]
    return (
        f"{named(tuned.chosen)}: chosen of {len(tuned.tried)} by {count(tuned.texts, 'text')} that "
        f"were set aside from training{there}, and trained on these as well "
        f"(the others: {', '.join(others)}). The least of several is also luck; what is below was "
        "judged by texts that chose nothing"
    )


def tuned_json(tuned: Tuned) -> dict[str, Any]:
    """The same."""
    return {
        "texts": tuned.texts,
        "seconds": round(tuned.seconds, 4),
        "chosen": named(tuned.chosen),
        "tried": [
            {
                "name": named(one.experiment),
                "formulation": one.experiment.formulation,
                "decoder": one.experiment.decoder,
                **(one.error.to_json() if one.error else {"error": None}),
            }
            for one in tuned.tried
        ],
    }


def fit_lines(report: dict[str, Any], opening: Unsealed | None = None) -> list[str]:
    """What ``fit`` prints for a person."""
    rates = {f"wrong on {rate['name']}": rate for rate in report["errors"]["components"]}
    rates["wrong on the whole label"] = report["errors"]["joint"]
    width = max(map(len, rates))
    why = report["suggestion"]
    lines = [f"{why[0].upper()}{why[1:]}."] if why else []
    lines += [f"{name:<{width}}  {_rate(rate)}" for name, rate in rates.items()]
    lines.append(
        f"Guessing the commonest label is right {100 * report['majority_accuracy']:.1f} %."
    )
    if report["impossible"]:
        lines.append(
            f"Combinations that never occur in training: {report['impossible']:,} times. With its "
            f"answers kept to those that do, the same model is wrong on the whole "
            f"label {_rate(report['masked']).strip()}."
        )
    if "temperatures" in report:
        lines.append(f"Temperatures {_temperatures(report['temperatures']).words}.")
    if DECODERS[report["experiment"]["decoder"]].weighted:
        costs, names = report["costs"], [part["name"] for part in report["errors"]["components"]]
        lines.append(decided_by((*costs["components"], costs["joint"]), names))
        lines.append(sureness({part["name"]: _sure(part) for part in report["sure"]}))
    if opening is not None:
        names = [part["name"] for part in report["errors"]["components"]]
        lines.append(opening_words(opening, 1, names))
    elif "sealed" in report["rows"]:
        lines.append(
            f"{count(report['rows']['sealed'], 'text')} sealed: --open-sealed judges them, too, "
            "once, when everything is chosen."
        )
    leaked = report["leakage"]
    if leaked["identical"]:
        lines.append(
            f"{leaked['identical']:,} of {leaked['n']:,} test texts also stand in the training "
            "file, but for case and white space: what is right there may be remembered."
        )
    return [*lines, *report["notes"], f"{report['seconds']['total']:.1f} s"]


def _rate(rate: dict[str, Any]) -> str:
    return (
        f"{100 * rate['error']:5.1f} % [{100 * rate['low']:.1f}, {100 * rate['high']:.1f}], "
        f"n = {rate['n']:,}"
    )


def _sure(part: dict[str, Any]) -> Sure:
    return Sure(part["said"], part["right"], part["low"], part["high"], part["n"])


def _temperatures(given: dict[str, Any]) -> Temperatures:
    return Temperatures(given["parts"], given["values"], given["texts"])


def write_predictions(path: Path, result: Fit, *, spreadsheet: bool) -> None:
    """One line for each test row, in the file's order: what is true, what is said, and every
    probability."""
    from lossviz.engine.predictions import said_by

    names = result.schema.names
    said = said_by(result)
    pairs = [f"{kind}_{name}" for name in names for kind in ("true", "predicted")]
    columns = ["row", "text", *pairs, "p", *probability_columns(result.schema)]
    write_table(path, columns, _predictions(result, said), spreadsheet=spreadsheet)


def probability_columns(schema: LabelSchema) -> list[str]:
    """A column for each value of each part, and one for each whole label."""
    parts = [f"prob_{c.name}={value}" for c in schema.components for value in c.values]
    return [*parts, *(f"prob_{name}" for name in schema.class_names)]


def probabilities_of(said: Predicted, place: int) -> list[str]:
    """The cells of these columns, to six significant digits."""
    values = [*(p for part in said.parts for p in part[place]), *said.joint[place]]
    return [f"{value:.6g}" for value in values]


def _predictions(result: Fit, said: Predicted) -> Iterator[list[object]]:
    evaluation = result.evaluation
    for place, row in enumerate(result.test_rows.tolist()):
        true = result.schema.decode(evaluation.true[place].tolist())
        predicted = result.schema.decode(evaluation.predicted[place].tolist())
        values = [value for pair in zip(true, predicted, strict=True) for value in pair]
        probability = float(evaluation.probability[place])
        given = [row, result.test_texts[place], *values, f"{probability:.6g}"]
        yield [*given, *probabilities_of(said, place)]
