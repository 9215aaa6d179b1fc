"""What every run says about one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Positions
from lossviz.experiments.runs.progress import Answers, Prediction
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped, packed, squeezed
from lossviz.figures.base.dots import offset, rows_frame
from lossviz.figures.base.layout import axis, note
from lossviz.figures.base.palette import PAPER, SYMBOLS, TEXT
from lossviz.schema import LabelSchema

MOST_CLASSES = 8
BLIND = "What each run says, as to an empty text: it knows no word of it"
UNKNOWN = "No word of it occurs in the training texts: they answer as to an empty text."
COLUMNS = ("run", "of", "label", "probability, %", "says")


def sentence(answers: Answers | None, schema: LabelSchema, letters: Sequence[str]) -> Chart:
    """Probabilities of the likeliest whole labels, a mark for each run; the parts in the table."""
    by_run = answers.by_run if answers else {}
    runs = {letter: by_run[letter] for letter in letters if letter in by_run}
    shown = _likeliest(runs)
    layout = rows_frame(
        [squeezed(schema.class_names[place], 24) for place in shown],
        axis("probability, %", range=[0, 103], ticks="outside"),
        120,
        title="whole label",
        margin={"l": 120, "r": 24, "t": 4, "b": 38},
        annotations=[] if runs else [note("Type a sentence: the runs answer as they train")],
    )
    labels = {letter: schema.format(schema.decode(run.label)) for letter, run in runs.items()}
    blind = bool(runs) and answers is not None and not answers.known_features
    title = BLIND if blind else "What each run says"
    if labels:
        title += ": " + ", ".join(f"{letter} {label}" for letter, label in labels.items())
    if 0 < len(shown) < len(schema.class_names):
        title += f"; the {len(shown)} likeliest of {len(schema.class_names)} whole labels"
    said = [_words(letter, run, labels[letter], schema) for letter, run in runs.items()]
    if blind:
        said.append(UNKNOWN)
    return Chart(
        title,
        " ".join(said) or "No run has answered yet.",
        tuple(
            _marks(letter, prediction, shown, schema.class_names, offset(place, len(runs)))
            for place, (letter, prediction) in enumerate(runs.items())
        ),
        layout,
        COLUMNS,
        by_row(_rows(runs, schema), COLUMNS),
    )


def _likeliest(runs: Mapping[str, Prediction]) -> Positions:
    """The classes with the largest probability in any run, in the schema's order."""
    if not runs:
        return np.empty(0, dtype=np.intp)
    best = np.max([run.joint for run in runs.values()], axis=0)
    return np.sort(np.argsort(-best, kind="stable")[:MOST_CLASSES])


def _marks(
    letter: str,
    prediction: Prediction,
    shown: Positions,
    names: Sequence[str],
    below: float,
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": packed(100.0 * prediction.joint[shown]),
        "y": [row + below for row in range(len(shown))],
        # At the left end the letters of four runs would only cover each other.
        "text": [f" {letter}" if prediction.joint[place] > 0.02 else "" for place in shown],
        "textposition": "middle right",
        "textfont": {"size": 10, "color": TEXT},
        "cliponaxis": False,
        "marker": {
            "symbol": SYMBOLS[letter],
            "size": 8,
            "color": TEXT,
            "line": {"color": PAPER, "width": 1},
        },
        "hovertext": [escaped(names[place]) for place in shown],
        "hovertemplate": f"{letter}, %{{hovertext}}: %{{x:.1f}} %<extra></extra>",
        "name": letter,
    }


def _words(letter: str, prediction: Prediction, label: str, schema: LabelSchema) -> str:
    place = int(schema.class_index(np.array([prediction.label]))[0])
    sure = f" with {100 * float(prediction.joint[place]):.0f} %" if place >= 0 else ""
    return f"Run {letter} says {label}{sure}."


def _rows(runs: Mapping[str, Prediction], schema: LabelSchema) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for letter, run in runs.items():
        says = schema.format(schema.decode(run.label))
        of = [("whole label", schema.class_names, run.joint, says)]
        for component, shares, code in zip(
            schema.components, run.components, run.label, strict=True
        ):
            of.append((component.name, component.values, shares, component.values[code]))
        rows += [
            (letter, name, label, round(100.0 * float(share), 1), "says" if label == text else "")
            for name, labels, shares, text in of
            for label, share in zip(labels, shares, strict=True)
        ]
    return rows
