"""The errors: how often each run is wrong, and what can be told apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lossviz.experiments.evaluation import Evaluation, baseline
from lossviz.experiments.runs.comparison import conclusions
from lossviz.experiments.words import measured, percent
from lossviz.figures import error_rates
from lossviz.report.elements import (
    Element,
    Plot,
    Plots,
    Points,
    Section,
    TextTable,
    Words,
    unbroken,
)
from lossviz.sharing.project import Desk

HOW = (
    "Paired on the same held-out texts (exact McNemar); the intervals hold together at 95 %. "
    "Another seed can move them."
)
UNPAIRED = (
    "The runs were judged on different held-out texts, so they are not held against each other "
    "text by text."
)
UNFINISHED = "Not all runs are at their end, so they are not held against each other."


def evaluations(desk: Desk) -> dict[str, Evaluation]:
    """The evaluation of each run that has one."""
    found = {letter: run.evaluation for letter, run in desk.runs.items()}
    return {letter: evaluation for letter, evaluation in found.items() if evaluation is not None}


def errors_section(desk: Desk) -> Section:
    """A dot plot, the same as a table, and the sentences that compare the runs."""
    found = evaluations(desk)
    if not found:
        nothing = Words("No run has been judged on held-out texts.")
        return Section("errors", "How often each run is wrong: not trained", (nothing,))
    schema = desk.data.dataset.schema
    guess = baseline(next(iter(found.values())).true)
    targets = [*(f"wrong on {name}" for name in schema.names), "wrong on the whole label"]
    guesses = (*guess.components, guess.joint)
    rates = {
        letter: (*evaluation.components, evaluation.joint) for letter, evaluation in found.items()
    }
    rows = [
        (
            target,
            *(unbroken(measured(rate[k])) for rate in rates.values()),
            percent(guesses[k]),
        )
        for k, target in enumerate(targets)
    ]
    columns = ("", *(f"{text} {desk.runs[text].experiment.formulation}" for text in found))
    height = 96 + 48 * len(targets)
    elements: list[Element] = [
        *_compared(desk, found),
        Plots((Plot.of(error_rates(found, schema, guess), height),), least=600),
        TextTable.of(
            "Error rates with 95 % Wilson intervals",
            (*columns, "commonest label"),
            rows,
        ),
        *_impossible(found),
    ]
    return Section("errors", "How often each run is wrong, part by part", tuple(elements))


def _compared(desk: Desk, evaluations: Mapping[str, Evaluation]) -> list[Element]:
    if len(evaluations) < 2:
        return []
    if not all(run.over and run.judged for run in desk.runs.values()):
        return [Words(UNFINISHED, "note")]
    first, *others = (evaluation.true for evaluation in evaluations.values())
    if not all(np.array_equal(first, array) for array in others):
        return [Words(UNPAIRED, "note")]
    said = conclusions(evaluations, desk.data.dataset.schema)
    if len(said) == 1:
        return [Words(said[0], "lead"), Words(HOW, "note")]
    return [Points(tuple(("", text) for text in said)), Words(HOW, "note")]


def _impossible(evaluations: Mapping[str, Evaluation]) -> list[Element]:
    said = [
        f"{letter} {evaluation.impossible:,} of {len(evaluation):,} times"
        for letter, evaluation in evaluations.items()
        if evaluation.impossible
    ]
    if not said:
        return [Words("No run predicted a combination that never occurs.", "note")]
    return [Words(f"Combinations that never occur were predicted: {', '.join(said)}.", "note")]
