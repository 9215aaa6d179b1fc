"""Whether what a run is sure of comes true as often as it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Doubles, Integers
from lossviz.experiments.reliability import BINS, Reliability
from lossviz.experiments.statistics import wilson
from lossviz.experiments.words import count
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped
from lossviz.figures.base.layout import DASHED, axis, frame, note
from lossviz.figures.base.palette import GLYPHS, PAPER, TEXT, component_colour, ink
from lossviz.figures.runs.shown import ShownRuns

COLUMNS = ("part", "from, %", "below, %", "predicted, %", "right, %", "low", "high", "n")
MOST_PARTS = 4
"""Parts that can be told apart; all of them stand in the table."""
KEY_LENGTH, LONGEST = 40, 24
"""Characters of all names in the key, and of a name in the title."""


@dataclass(frozen=True)
class _PartBins:
    """The bins of one part that hold any text; all arrays ``(B,)``, shares in per cent."""

    name: str
    bins: Integers
    n: Integers
    predicted: Doubles
    right: Doubles
    low: Doubles
    high: Doubles
    error: float

    @classmethod
    def of(cls, name: str, counted: Reliability, k: int) -> _PartBins:
        bins = np.flatnonzero(counted.texts[k]).astype(np.int64)
        n, right = counted.texts[k, bins], counted.right[k, bins]
        low, high = wilson(right, n)
        predicted = 100 * counted.expected[k, bins] / n
        error = 100 * float(counted.errors[k])
        return cls(name, bins, n, predicted, 100 * right / n, 100 * low, 100 * high, error)


def reliability(shown: ShownRuns, letter: str) -> Chart:
    """Observed against predicted: for each part a dot and its 95 % interval in each of ten bins of
    the probability that the run gave its prediction; on the diagonal it comes true as often as it
    says.

    The top-label reliability diagram (DeGroot and Fienberg 1983; Guo et al. 2017), a part at a
    time: see :class:`lossviz.experiments.reliability.Reliability`.
    """
    evaluation = shown.evaluations.get(letter)
    counted = evaluation.reliability if evaluation else None
    parts = (
        [_PartBins.of(name, counted, k) for k, name in enumerate(shown.schema.names)]
        if counted
        else []
    )
    drawn = parts[:MOST_PARTS]
    layout = frame(
        xaxis=axis(
            f"probability of what it predicts, %<br>{_key(drawn)}",
            range=[-3, 103],
            dtick=20,
            automargin=False,
        ),
        yaxis=axis(f"right, % of {_texts(parts)}", range=[-3, 103], dtick=20),
        margin={"l": 52, "r": 12, "t": 8, "b": 56},
        shapes=[_diagonal()],
        annotations=[] if parts else [note("How far to trust its probabilities")],
    )
    return Chart(
        _title(letter, parts, judged=evaluation is not None),
        _alt(letter, parts),
        tuple(_dots(part, k) for k, part in enumerate(drawn)),
        layout,
        COLUMNS,
        by_row([row for part in parts for row in _rows(part)], COLUMNS),
    )


def _glyph(k: int) -> tuple[str, str]:
    """The symbol of a part, and the same for words."""
    return list(GLYPHS.items())[k % len(GLYPHS)]


def _key(parts: Sequence[_PartBins]) -> str:
    """The parts in one row, as part of the axis title: a legend would move the axes."""
    room = max(KEY_LENGTH // max(len(parts), 1), 4)
    names = [
        f"{ink(_glyph(k)[1], component_colour(k))} {escaped(part.name, room)}"
        for k, part in enumerate(parts)
    ]
    return "  ".join([*names, "- - as often as it says"]) if parts else " "


def _diagonal() -> dict[str, Any]:
    ends = {"x0": 0, "y0": 0, "x1": 100, "y1": 100}
    line = {"color": TEXT, "width": 1.2, "dash": DASHED}
    return {"type": "line", "layer": "below", "line": line, "opacity": 0.75} | ends


def _dots(part: _PartBins, k: int) -> dict[str, Any]:
    colour = component_colour(k)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": part.predicted.tolist(),
        "y": part.right.tolist(),
        "line": {"color": colour, "width": 1},
        "marker": {
            "symbol": _glyph(k)[0],
            "size": 8,
            "color": colour,
            "line": {"color": PAPER, "width": 1},
        },
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": (part.high - part.right).tolist(),
            "arrayminus": (part.right - part.low).tolist(),
            "thickness": 1.3,
            "width": 3,
            "color": colour,
        },
        "hovertext": [
            f"{escaped(part.name)}, predicted {predicted:.1f} %: right {right:.1f} % "
            f"[{low:.1f}, {high:.1f}], n = {n:,}"
            for predicted, right, low, high, n in zip(
                part.predicted, part.right, part.low, part.high, part.n, strict=True
            )
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": escaped(part.name, LONGEST),
    }


def _title(letter: str, parts: Sequence[_PartBins], *, judged: bool) -> str:
    if not parts:
        return f"{letter}: " + ("its probabilities were not kept" if judged else "not judged yet")
    first, *others = parts[:MOST_PARTS]
    misses = [f"{first.error:.1f} points on {first.name}"]
    misses += [f"{part.error:.1f} on {part.name}" for part in others]
    more = f"; {len(parts) - MOST_PARTS} more parts in the table" if parts[MOST_PARTS:] else ""
    return f"{letter}: probabilities off by {', '.join(misses)}{more}"


def _texts(parts: Sequence[_PartBins]) -> str:
    return count(int(parts[0].n.sum()), "held-out text") if parts else "held-out texts"


def _alt(letter: str, parts: Sequence[_PartBins]) -> str:
    if not parts:
        return f"Run {letter} has no probabilities to hold against what came true."
    sentences = [f"Run {letter}, on {_texts(parts)}, with 95 % intervals."]
    for part in parts:
        most = int(part.n.argmax())
        sentences.append(
            f"On {part.name} its probabilities miss the share of right ones by "
            f"{part.error:.1f} points in the mean; most texts, {part.n[most]:,}, got "
            f"{part.predicted[most]:.0f} % and {part.right[most]:.0f} % of them are right "
            f"[{part.low[most]:.1f}, {part.high[most]:.1f}]."
        )
    return " ".join(sentences)


def _rows(part: _PartBins) -> list[tuple[Cell, ...]]:
    width = 100 // BINS
    return [
        (
            part.name,
            width * int(place),
            width * (int(place) + 1),
            *(round(float(share), 1) for share in shares),
            int(n),
        )
        for place, n, *shares in zip(
            part.bins, part.n, part.predicted, part.right, part.low, part.high, strict=True
        )
    ]
