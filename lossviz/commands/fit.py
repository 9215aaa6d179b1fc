"""``fit``: train one formulation and judge it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from lossviz.commands._data import READING, check_enough, data_options, load, read, sentences
from lossviz.commands._experiment import (
    alternative_experiments,
    experiment_options,
    settings_option,
    suggested_experiment,
)
from lossviz.commands._fit_report import (
    fit_json,
    fit_lines,
    tuned_json,
    tuned_words,
    warn_of_all_weights,
    write_predictions,
)
from lossviz.commands._output import Laps, json_option, place, say, spreadsheet_option, write
from lossviz.errors import LossVizError
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS


@click.command(name="fit")
@data_options
@experiment_options()
@settings_option("the formulation or the weighting", OBJECTIVES, WEIGHTINGS)
@click.option(
    "--test",
    "test_file",
    type=click.Path(path_type=Path),
    help="Train on all of FILE and judge this one; same columns.",
)
@click.option(
    "--predictions",
    type=click.Path(path_type=Path),
    help="Write each test row's labels here with all probabilities, as CSV.",
)
@click.option(
    "--save",
    "model",
    type=click.Path(path_type=Path),
    help="Write the fitted model here, as one safetensors file, for predict.",
)
@click.option(
    "--tune",
    is_flag=True,
    help="Try a handful of formulations and n-grams together, choose by a tenth of the texts to "
    "train on, and train the chosen one on all of them.",
)
@spreadsheet_option
@click.option(
    "--open-sealed",
    "unseal",
    is_flag=True,
    help="Judge the texts that --sealed sets aside, too: once, for the run that you chose.",
)
@json_option
@sentences
def fit_command(
    file: Path,
    as_json: bool,
    predictions: Path | None,
    test_file: Path | None,
    model: Path | None,
    spreadsheet: bool,
    unseal: bool,
    **options: Any,
) -> None:
    """Train one formulation on FILE and judge it on held-out rows."""
    laps = Laps(click.get_current_context().obj)
    laps.end("start")
    reading = {name: options.pop(name) for name in READING}
    tries = options.pop("tune")
    loaded = load(file, **reading)
    dataset = loaded.dataset
    experiment, why = suggested_experiment(dataset, **options)
    test = None
    if test_file is not None:
        if experiment.split.combinations == "new":
            raise LossVizError(
                "--combinations new holds combinations of FILE out, and with --test nothing of "
                "FILE is held out. Leave one of them out: what is new in another file is counted "
                "anyway."
            )
        if loaded.dataset.sides is not None:
            raise LossVizError("--test names the texts that judge, and so does --split. Use one.")
        test = loaded.alike(read(test_file, **reading))
    check_enough(loaded, experiment, reading["anyhow"], test)
    laps.end("read")
    target = place(model, file, thing="model", example="model.safetensors") if model else None
    from lossviz.engine.fit import fit
    from lossviz.engine.opening import open_sealed
    from lossviz.engine.saved import save_model
    from lossviz.engine.tune import tune

    laps.end("start")
    tuned = tune(dataset, alternative_experiments(dataset, **options)) if tries else None
    if tuned is not None:
        experiment, why = tuned.chosen, tuned_words(tuned)
        laps.end("tune")
    result = fit(dataset, experiment, test=test, forecast=warn_of_all_weights)
    laps.took(result.seconds)
    opening = open_sealed(dataset, result.trainer, experiment.formulation) if unseal else None
    if predictions is not None:
        write_predictions(predictions, result, spreadsheet=spreadsheet)
    if target is not None:
        write(target, save_model(result, loaded.mapping.text))
    account = loaded.account
    report = fit_json(result, opening)
    report["suggestion"] = why
    if tuned is not None:
        report["tuned"] = tuned_json(tuned)
    laps.end("write")
    report["seconds"] = laps.json
    lines = partial(fit_lines, report, opening)
    say(account.beside(report), as_json, lines, taken=account.line)
