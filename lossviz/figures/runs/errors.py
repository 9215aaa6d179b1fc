"""The errors of all runs in one dot plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.statistics import ErrorRate
from lossviz.figures.base.chart import Cell, Chart, axis, between_rows, by_row, escaped, frame, note
from lossviz.figures.base.palette import PAPER, SYMBOLS, TEXT, component_colour
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
    guesses = [] if guess is None else [100 * value for value in (*guess.components, guess.joint)]
    layout = frame(
        xaxis=axis("wrong, % of held-out texts", range=[0, _end(rates, guesses)], ticks="outside"),
        yaxis=axis(
            "",
            tickvals=list(range(len(targets))),
            ticktext=[escaped(target, 30) for target in targets],
            range=[len(targets) - 0.5, -0.5],
            showgrid=False,
        ),
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
        shapes=between_rows(len(targets)),
    )
    if not evaluations:
        layout["annotations"] = [note("Errors with their 95 % intervals appear here")]
    n = next((len(evaluation) for evaluation in evaluations.values()), 0)
    title = "Errors, with 95 % intervals"
    if n:
        title += f" (n = {n:,})"
    if guesses:
        title += "; dashed: guessing the commonest label"
    return Chart(
        title,
        _alt(rates, targets, guesses),
        (*guess_marks(guesses, targets), *_run_marks(rates, schema, targets)),
        layout,
        COLUMNS,
        by_row(_rows(rates, targets, guesses), COLUMNS),
    )


def _anywhere(schema: LabelSchema) -> str:
    if len(schema.names) == 1:
        return "wrong on the label"
    return "wrong on either" if len(schema.names) == 2 else "wrong on any part"


def _end(rates: Mapping[str, list[ErrorRate]], guesses: Sequence[float]) -> float:
    """Where the axis ends: at a full ten, so that it does not move with every dot."""
    highest = max([100 * run.high for runs in rates.values() for run in runs] + [*guesses, 1.0])
    return 101.0 if not rates or highest > 90 else 10.0 * ceil((highest + 2) / 10)


def _run_marks(
    rates: Mapping[str, list[ErrorRate]], schema: LabelSchema, targets: Sequence[str]
) -> list[dict[str, Any]]:
    colours = [*(component_colour(k) for k in range(len(schema.names))), TEXT]
    marks = []
    for place, (letter, error_rates) in enumerate(rates.items()):
        offset = 0.72 * ((place + 0.5) / len(rates) - 0.5)
        marks.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [100 * rate.rate for rate in error_rates],
                "y": [row + offset for row in range(len(error_rates))],
                "marker": {
                    "symbol": SYMBOLS[letter],
                    "size": 9,
                    "color": colours,
                    "line": {"color": PAPER, "width": 1},
                },
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [100 * (rate.high - rate.rate) for rate in error_rates],
                    "arrayminus": [100 * (rate.rate - rate.low) for rate in error_rates],
                    "thickness": 1.3,
                    "width": 3,
                    "color": TEXT,
                },
                "hovertext": [
                    f"{letter}, {escaped(target)}: {100 * rate.rate:.1f} % "
                    f"[{100 * rate.low:.1f}, {100 * rate.high:.1f}], n = {rate.n:,}"
                    for target, rate in zip(targets, error_rates, strict=True)
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "name": letter,
            }
        )
        marks.append(_letters(letter, error_rates, offset))
    return marks


def _letters(letter: str, rates: Sequence[ErrorRate], offset: float) -> dict[str, Any]:
    """The run's letter where its interval ends, so that marks need no legend."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [100 * rate.high for rate in rates],
        "y": [row + offset for row in range(len(rates))],
        "text": [f" {letter}"] * len(rates),
        "textposition": "middle right",
        "textfont": {"size": 11, "color": TEXT},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def guess_marks(guesses: Sequence[float], targets: Sequence[str]) -> list[dict[str, Any]]:
    """A dashed tick in each row; one trace, under the dots."""
    if not guesses:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [place for guess in guesses for place in (guess, guess, None)],
            "y": [end for row in range(len(guesses)) for end in (row - 0.44, row + 0.44, None)],
            "line": {"color": TEXT, "width": 1.5, "dash": "4px,3px"},
            "opacity": 0.75,
            "hovertext": [
                text
                for target, guess in zip(targets, guesses, strict=True)
                for text in [f"commonest label, {escaped(target)}: {guess:.1f} %"] * 2 + [""]
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "name": "commonest label",
        }
    ]


def _rows(
    rates: Mapping[str, list[ErrorRate]], targets: Sequence[str], guesses: Sequence[float]
) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        (
            letter,
            target,
            *(round(100 * value, 1) for value in (rate.rate, rate.low, rate.high)),
            rate.n,
        )
        for letter, error_rates in rates.items()
        for target, rate in zip(targets, error_rates, strict=True)
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
            for target, rate in zip(targets, error_rates, strict=True)
        )
        + "."
        for letter, error_rates in rates.items()
    ]
    if guesses:
        named = zip(targets, guesses, strict=True)
        said = ", ".join(f"{target} {value:.1f} %" for target, value in named)
        sentences.append(f"Guessing the commonest label: {said}.")
    return " ".join(sentences)
