"""The errors: how often each run is wrong, and what can be told apart."""

from __future__ import annotations

from lossviz.experiments.runs.comparison import HOW, conclusions, not_beaten
from lossviz.experiments.runs.judged import looks
from lossviz.experiments.runs.provisos import (
    costs_decided,
    impossible_answers,
    looks_words,
    tempered,
    unseen_labels,
)
from lossviz.experiments.runs.repeat import RepeatResult, repeated_conclusions
from lossviz.experiments.words import measured, percent
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.runs.shown import ShownRuns
from lossviz.report.elements import Element, Plots, Points, TextTable, Words, unbroken
from lossviz.sharing.project import Desk

UNPAIRED = (
    "The runs were judged on different held-out texts, so they are not held against each other "
    "text by text."
)
UNFINISHED = "Not all runs are at their end, so they are not held against each other."


def compared(desk: Desk, exhibit: Exhibit[ShownRuns], runs: ShownRuns) -> tuple[Element, ...]:
    """The sentences that compare the runs, a dot plot, and the same as a table."""
    return (
        *_compared(desk, runs),
        *_repeated(desk),
        Plots.of(exhibit, runs),
        _table(desk, runs),
        Words(impossible_answers(runs.evaluations), "note"),
        *(Words(said, "note") for said in [unseen_labels(runs.evaluations)] if said),
        *(Words(said, "note") for said in [_looks(desk, runs)] if said),
        *(Words(sentence, "note") for sentence in tempered(runs.evaluations)),
        *(Words(sentence, "note") for sentence in costs_decided(runs.runs, runs.schema.names)),
    )


def _looks(desk: Desk, runs: ShownRuns) -> str:
    texts = len(next(iter(runs.evaluations.values())))
    return looks_words(looks(desk.judged, desk.runs.values()), texts)


def _table(desk: Desk, runs: ShownRuns) -> TextTable:
    schema, judged = runs.schema, runs.evaluations
    guess = next(iter(judged.values())).guessing
    targets = [*(f"wrong on {name}" for name in schema.names), "wrong on the whole label"]
    guesses = (*guess.components, guess.joint)
    rates = {
        letter: (*evaluation.components, evaluation.joint) for letter, evaluation in judged.items()
    }
    rows = [
        (
            target,
            *(unbroken(measured(rate[k])) for rate in rates.values()),
            percent(guesses[k]),
        )
        for k, target in enumerate(targets)
    ]
    columns = (
        "",
        *(f"{letter} {desk.runs[letter].experiment.formulation}" for letter in judged),
    )
    return TextTable.of(
        "Error rates with 95 % Wilson intervals", (*columns, "commonest label"), rows
    )


def _compared(desk: Desk, runs: ShownRuns) -> list[Element]:
    several = len(runs.evaluations) > 1
    if not all(run.over and run.judged for run in desk.runs.values()):
        return [Words(UNFINISHED, "note")] if several else []
    if not runs.alike:
        return [Words(UNPAIRED, "note")]
    hopeless = not_beaten(runs.evaluations)
    sentences = tuple(filter(None, (hopeless, *conclusions(runs.evaluations, runs.schema))))
    how = [Words(HOW, "note")] if several else []
    if len(sentences) < 2:
        return [*(Words(sentence, "lead") for sentence in sentences), *how]
    return [Points(tuple(("", sentence) for sentence in sentences)), *how]


def _repeated(desk: Desk) -> list[Element]:
    if desk.repeat is None or not desk.repeat.reports:
        return []
    repeated = RepeatResult.from_findings(desk.repeat, desk.data.dataset)
    sentences = repeated_conclusions(repeated)
    return [Points(tuple(("", sentence) for sentence in sentences)), Words(repeated.how, "note")]
