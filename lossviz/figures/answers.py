"""What every run says about one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.figures.chart import Cell, Chart, axis, escaped, frame, note
from lossviz.figures.palette import SYMBOLS, TEXT
from lossviz.progress import Answers
from lossviz.schema import LabelSchema

MOST_CLASSES = 8


def sentence(answers: Answers | None, schema: LabelSchema, letters: Sequence[str]) -> Chart:
    """Probabilities of the likeliest whole labels, a mark for each run."""
    if answers is None or not answers.by_run:
        layout = frame(
            xaxis=axis("probability, %", range=[0, 100]),
            yaxis=axis("", showticklabels=False),
            annotations=[note("The runs answer as soon as they train")],
        )
        return Chart("What each run says", "No answer yet.", (), layout, ("run",), ())
    runs = {letter: answers.by_run[letter] for letter in letters if letter in answers.by_run}
    best = np.max([own.joint for own in runs.values()], axis=0)
    shown = np.sort(np.argsort(-best, kind="stable")[:MOST_CLASSES])
    data = tuple(
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [100.0 * float(own.joint[place]) for place in shown],
            "y": [row + 0.5 * ((k + 0.5) / len(runs) - 0.5) for row in range(len(shown))],
            "text": [f"  {letter}"] * len(shown),
            "textposition": "middle right",
            "textfont": {"size": 10, "color": TEXT},
            "marker": {"symbol": SYMBOLS[letter], "size": 9, "color": TEXT},
            "hovertemplate": f"{letter}: %{{x:.1f}} %<extra></extra>",
            "name": letter,
        }
        for k, (letter, own) in enumerate(runs.items())
    )
    names = schema.class_names
    layout = frame(
        xaxis=axis("probability, %", range=[0, 106]),
        yaxis=axis(
            "",
            tickvals=list(range(len(shown))),
            ticktext=[escaped(names[place], 32) for place in shown],
            range=[len(shown) - 0.5, -0.5],
        ),
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
    )
    said = {letter: schema.format(schema.decode(own.label)) for letter, own in runs.items()}
    alt = " ".join(f"Run {letter} says {label}." for letter, label in said.items())
    title = "What each run says: " + ", ".join(f"{own} {label}" for own, label in said.items())
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (letter, *(round(100.0 * float(p), 1) for p in own.joint)) for letter, own in runs.items()
    )
    return Chart(title, alt, data, layout, ("run", *(f"{name}, %" for name in names)), rows)
