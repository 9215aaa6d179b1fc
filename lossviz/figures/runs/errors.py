"""The errors of all runs in one dot plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.words import measured
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped
from lossviz.figures.base.dots import Dot, guess_marks, interval_dots, offset, rows_frame
from lossviz.figures.base.layout import axis, note
from lossviz.figures.base.palette import SYMBOLS, TEXT, target_colour
from lossviz.schema import LabelSchema

COLUMNS = ("run", "error", "%", "low", "high", "n")


def error_rates(
    evaluations: Mapping[str, Evaluation], schema: LabelSchema, guess: Baseline | None
) -> Chart:
    """A row for each component and one for the whole label; a dot and its interval for each run.

    :param guess: the errors of the commonest label, drawn as dashed ticks.
    """
    targets = [*(f"wrong on {name}" for name in schema.names), _anywhere(schema)]
    rates = {
        letter: [*evaluation.components, evaluation.joint]
        for letter, evaluation in evaluations.items()
    }
    guesses = [] if guess is None else [100 * share for share in (*guess.components, guess.joint)]
    layout = rows_frame(
        [escaped(target, 30) for target in targets],
        axis("wrong, % of held-out texts", range=[0, _end(rates, guesses)], ticks="outside"),
        120,
    )
    if not evaluations:
        layout["annotations"] = [note("Errors with their 95 % intervals appear here")]
    n = next((len(evaluation) for evaluation in evaluations.values()), 0)
    new = any(each.unseen and each.unseen.mostly for each in evaluations.values())
    title = f"Errors{' on new combinations' if new else ''}, with 95 % intervals"
    if n:
        title += f" (n = {n:,})"
    if guesses:
        title += "; dashed: guessing the commonest label"
    lacking = {
        letter: ErrorRate.of(evaluation.impossible, len(evaluation))
        for letter, evaluation in evaluations.items()
    }
    title += _lacking(lacking)
    return Chart(
        title,
        _alt(rates, targets, guesses).removesuffix(".") + _lacking(lacking) + ".",
        (*guess_marks(guesses, targets), *_run_marks(rates, schema, targets)),
        layout,
        COLUMNS,
        by_row(_rows(rates, lacking, targets, guesses), COLUMNS),
    )


def _lacking(lacking: Mapping[str, ErrorRate]) -> str:
    """Of the runs that answered what no training text has, how often; an error of its own kind."""
    counts = [f"{letter} {rate.wrong:,}×" for letter, rate in lacking.items() if rate.wrong]
    return f"; answers that training lacks: {', '.join(counts)}" if counts else ""


def _anywhere(schema: LabelSchema) -> str:
    if len(schema.names) == 1:
        return "wrong on the label"
    return "wrong on either" if len(schema.names) == 2 else "wrong on any part"


def _end(rates: Mapping[str, list[ErrorRate]], guesses: Sequence[float]) -> float:
    """Where the axis ends: at a full ten, so that it does not move with every dot."""
    highs = [100 * rate.high for of_run in rates.values() for rate in of_run]
    highest = max([*highs, *guesses, 1.0])
    return 101.0 if not rates or highest > 90 else 10.0 * ceil((highest + 2) / 10)


def _run_marks(
    rates: Mapping[str, list[ErrorRate]], schema: LabelSchema, targets: Sequence[str]
) -> list[dict[str, Any]]:
    parts = len(schema.names)
    colours = [target_colour(target, parts) for target in range(parts + 1)]
    marks = []
    for place, (letter, of_run) in enumerate(rates.items()):
        below = offset(place, len(rates))
        dots = [
            Dot(
                row + below,
                100 * rate.rate,
                100 * rate.low,
                100 * rate.high,
                f"{letter}, {escaped(target)}: {measured(rate)}",
            )
            for row, (target, rate) in enumerate(zip(targets, of_run, strict=True))
        ]
        marks += [
            interval_dots(dots, colours, size=9, symbol=SYMBOLS[letter], name=letter),
            _letters(letter, dots),
        ]
    return marks


def _letters(letter: str, dots: Sequence[Dot]) -> dict[str, Any]:
    """The run's letter where its interval ends, so that marks need no legend."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [dot.high for dot in dots],
        "y": [dot.row for dot in dots],
        "text": [f" {letter}"] * len(dots),
        "textposition": "middle right",
        "textfont": {"size": 11, "color": TEXT},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _numbers(rate: ErrorRate) -> tuple[Cell, ...]:
    return (*(round(100 * share, 1) for share in (rate.rate, rate.low, rate.high)), rate.n)


def _rows(
    rates: Mapping[str, list[ErrorRate]],
    lacking: Mapping[str, ErrorRate],
    targets: Sequence[str],
    guesses: Sequence[float],
) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        (letter, target, *_numbers(rate))
        for letter, of_run in rates.items()
        for target, rate in zip(
            (*targets, "training lacks the answer"), (*of_run, lacking[letter]), strict=True
        )
    ]
    if guesses:
        rows += [
            ("commonest label", target, round(guess, 1), "", "", "")
            for target, guess in zip(targets, guesses, strict=True)
        ]
    return rows


def _alt(
    rates: Mapping[str, list[ErrorRate]], targets: Sequence[str], guesses: Sequence[float]
) -> str:
    if not rates:
        return "No run has been judged yet."
    sentences = [
        f"Run {letter}: "
        + ", ".join(
            f"{target} {100 * rate.rate:.1f} %"
            for target, rate in zip(targets, of_run, strict=True)
        )
        + "."
        for letter, of_run in rates.items()
    ]
    if guesses:
        named = zip(targets, guesses, strict=True)
        shares = ", ".join(f"{target} {guess:.1f} %" for target, guess in named)
        sentences.append(f"Guessing the commonest label: {shares}.")
    return " ".join(sentences)
