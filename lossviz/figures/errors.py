"""The errors of all runs in one dot plot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lossviz.evaluation import Baseline, ErrorRate, Evaluation
from lossviz.figures.chart import Chart, axis, escaped, frame, note
from lossviz.figures.palette import SYMBOLS, TEXT, component_colour
from lossviz.schema import LabelSchema


def error_rates(
    evaluations: Mapping[str, Evaluation], schema: LabelSchema, guess: Baseline | None
) -> Chart:
    """A row for each component and one for the whole label; a dot and its interval for each run.

    :param guess: the errors of the commonest label, drawn as dashed ticks.
    """
    targets = [*(f"wrong on {name}" for name in schema.names), _anywhere(schema)]
    colours = [*(component_colour(k) for k in range(len(schema.names))), TEXT]
    data: list[dict[str, Any]] = []
    rows: list[tuple[str | int | float, ...]] = []
    for place, (letter, evaluation) in enumerate(evaluations.items()):
        offset = 0.76 * ((place + 0.5) / len(evaluations) - 0.5)
        rates = [*evaluation.components, evaluation.joint]
        data += [
            _dots(letter, rates, offset, colours, targets),
            _letters(letter, rates, offset),
        ]
        rows += [
            (
                letter,
                target,
                *(round(100 * own, 1) for own in (rate.rate, rate.low, rate.high)),
                rate.n,
            )
            for target, rate in zip(targets, rates, strict=True)
        ]
    shapes = []
    if guess is not None:
        errors = [*guess.components, guess.joint]
        shapes = [_tick(row, error) for row, error in enumerate(errors)]
        rows += [
            ("commonest label", target, round(100 * error, 1), "", "", "")
            for target, error in zip(targets, errors, strict=True)
        ]
    highest = max(
        [100 * rate.high for own in evaluations.values() for rate in (*own.components, own.joint)]
        + [100 * own for own in ([*guess.components, guess.joint] if guess else [])],
        default=50.0,
    )
    layout = frame(
        xaxis=axis("wrong, % of held-out texts", range=[0, min(highest + 4, 102)]),
        yaxis=axis(
            "",
            tickvals=list(range(len(targets))),
            ticktext=[escaped(own, 34) for own in targets],
            range=[len(targets) - 0.5, -0.5],
        ),
        shapes=shapes,
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
    )
    if not evaluations:
        layout["annotations"] = [note("Errors with their 95 % intervals appear here")]
    n = next((len(own) for own in evaluations.values()), 0)
    return Chart(
        "Errors, with 95 % intervals"
        + (f" (n = {n:,}); dashed: guessing the commonest label" if n else ""),
        _alt(evaluations, targets),
        tuple(data),
        layout,
        ("run", "error", "%", "low", "high", "n"),
        tuple(rows),
    )


def _percent(*shares: float) -> list[float]:
    return [round(100 * share, 1) for share in shares]


def _anywhere(schema: LabelSchema) -> str:
    if len(schema.names) == 1:
        return "wrong on the label"
    return "wrong on either" if len(schema.names) == 2 else "wrong on any part"


def _dots(
    letter: str, rates: list[ErrorRate], offset: float, colours: list[str], targets: list[str]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * rate.rate for rate in rates],
        "y": [row + offset for row in range(len(rates))],
        "marker": {"symbol": SYMBOLS[letter], "size": 9, "color": colours},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (rate.high - rate.rate) for rate in rates],
            "arrayminus": [100 * (rate.rate - rate.low) for rate in rates],
            "thickness": 1.5,
            "width": 3,
            "color": TEXT,
        },
        "hovertext": [
            f"{letter}, {escaped(target)}: {100 * rate.rate:.1f} % "
            f"[{100 * rate.low:.1f}, {100 * rate.high:.1f}], n = {rate.n:,}"
            for target, rate in zip(targets, rates, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": letter,
    }


def _letters(letter: str, rates: list[ErrorRate], offset: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [100 * rate.high for rate in rates],
        "y": [row + offset for row in range(len(rates))],
        "text": [f" {letter}"] * len(rates),
        "textposition": "middle right",
        "textfont": {"size": 11, "color": TEXT},
        "hoverinfo": "skip",
        "name": letter,
    }


def _tick(row: int, error: float) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 100 * error,
        "x1": 100 * error,
        "y0": row - 0.42,
        "y1": row + 0.42,
        "line": {"color": TEXT, "width": 1.5, "dash": "dash"},
        "opacity": 0.7,
    }


def _alt(evaluations: Mapping[str, Evaluation], targets: list[str]) -> str:
    if not evaluations:
        return "No run has been judged yet."
    sentences = []
    for letter, own in evaluations.items():
        rates = zip(targets, (*own.components, own.joint), strict=True)
        sentences.append(
            f"Run {letter}: "
            + ", ".join(f"{target} {100 * rate.rate:.1f} %" for target, rate in rates)
            + "."
        )
    return " ".join(sentences)
