"""How to get the same numbers again."""

from __future__ import annotations

import json
import shlex
from typing import Any

from lossviz.data import UNEDITED, samples
from lossviz.experiments.choices import choices
from lossviz.experiments.code import snippet
from lossviz.experiments.experiment import SETTINGS
from lossviz.experiments.runs.run import Run
from lossviz.report.elements import Code, Element, Heading, Section, Words
from lossviz.sharing.project import Data, Desk


def reproduce_section(desk: Desk) -> Section:
    """The command line and the experiment of each run."""
    elements: list[Element] = [
        Words(
            "The same experiment on the same data gives the same numbers. Each command trains one "
            "run and prints its errors; the experiment below it determines everything.",
        ),
        *_file(desk.data),
    ]
    for letter, run in desk.runs.items():
        experiment = run.experiment
        elements += [
            Heading(f"Run {letter}: {experiment.formulation}"),
            Code(f"Command for run {letter}", command(desk.data, run)),
            *_beyond(run),
            Code(
                f"Experiment of run {letter}, as JSON",
                json.dumps(experiment.model_dump(mode="json"), indent=2, ensure_ascii=False),
            ),
        ]
    return Section("reproduce", "How to get the same numbers", tuple(elements))


def _file(data: Data) -> list[Element]:
    elements: list[Element] = []
    if data.dataset.sampled is not None:
        elements.append(
            Words(
                "The runs were trained on a sample of the file, and the command line takes all of "
                "its texts: its numbers will differ, within their intervals.",
                "warning",
            )
        )
    if data.edits != UNEDITED:
        elements += [
            Words("The labels were edited. Put this into edits.json beside the file:"),
            Code("Edits of the labels, as JSON", data.edits.to_json()),
        ]
    return elements


def _beyond(run: Run) -> list[Element]:
    """What the command line does not do."""
    if not run.changes:
        return []
    missing = "The command leaves out the weights that were moved while it trained."
    return [Words(missing, "warning")]


def command(data: Data, run: Run) -> str:
    """``python -m lossviz fit FILE …``, ready to paste."""
    experiment = run.experiment
    words = ["python", "-m", "lossviz", "fit", *_reading(data)]
    values = {"formulation": experiment.formulation, **choices(experiment, data.dataset)}
    for setting in SETTINGS:
        if setting.path in values:
            words += [setting.described.option, _written(values[setting.path])]
    for name, value in experiment.settings.items():
        words += ["--setting", f"{name}={_written(value)}"]
    return shlex.join(words)


def _written(value: Any) -> str:
    """A value as the command line reads it, to the last bit."""
    if isinstance(value, tuple):
        return ",".join(map(_written, value))
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _reading(data: Data) -> list[str]:
    """The file, its columns, and what was changed about the labels."""
    sample = next((sample for sample in samples() if sample.id == data.sample), None)
    file = data.table.name if sample is None else f"assets/samples/{sample.file.name}"
    words = [file, "--text", data.mapping.text]
    for label in data.mapping.labels:
        words += ["--label", label]
    if data.mapping.reading.kind in ("separator", "characters", "tags"):
        words.append(f"--separator={data.mapping.reading.separator}")
    for word in data.mapping.reading.exact:
        words += ["--not", word]
    if data.mapping.split:
        words += ["--split", data.mapping.split]
    if data.edits != UNEDITED:
        words += ["--edits", "edits.json"]
    return words


def code_section(desk: Desk) -> Section:
    """A complete program for each formulation that was set up, with its weights in it."""
    schema = desk.data.dataset.schema
    programs: dict[str, list[str]] = {}
    for letter, run in desk.runs.items():
        experiment = run.weights.weigh(run.experiment)
        programs.setdefault(snippet(experiment, schema), []).append(letter)
    elements: list[Element] = [
        Words(
            "Each is a program in plain PyTorch that runs by itself: the loss for these labels, "
            "and a training loop around it with stand-ins for the data.",
            "note",
        )
    ]
    for program, letters in programs.items():
        experiment = desk.runs[letters[0]].experiment
        which = f"run{'s' if len(letters) > 1 else ''} {', '.join(letters)}"
        title = f"{experiment.objective.title} ({experiment.formulation}), {which}"
        elements += [Heading(title), Code(f"Code: {experiment.formulation}, {which}", program)]
    return Section("code", "The code of each formulation", tuple(elements))
