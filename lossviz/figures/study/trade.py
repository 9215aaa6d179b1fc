"""The first part's error against the second's: the path of fixed ratios, and where others end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.arrays import Doubles
from lossviz.experiments.study.result import Repeats
from lossviz.figures.base.chart import Cell, Chart, axis, by_row, escaped, frame, note
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.study.arms import rate_words, symbols
from lossviz.figures.sweep.error_plane import (
    Spot,
    guess_lines,
    named_marks,
    spot,
    spread_bars,
    window_of,
)


def trade_off(repeats: Repeats) -> Chart:
    """For two components: fixed weights as a path, the other weightings as marks beside it."""
    names = repeats.schema.names
    spots = [spot(repeats, arm) for arm in repeats.arms if repeats.of(arm)]
    guessed = repeats.guessed()
    layout = _axes(names)
    marks: list[dict[str, Any]] = []
    if guessed is None:
        layout["xaxis"] |= {"range": [0, 100]}
        layout["yaxis"] |= {"range": [0, 100]}
        layout["annotations"] = [note("The errors of both parts appear here")]
    else:
        window = window_of(spots, 100 * guessed[:2])
        layout["xaxis"]["range"], layout["yaxis"]["range"] = window.T.tolist()
        layout["shapes"] = guess_lines(100 * guessed[:2], window)
        told = [spot for spot in spots if spot.arm.told]
        others = [
            (spot, symbols(repeats)[spot.arm.id], _words(repeats, spot))
            for spot in spots
            if not spot.arm.told
        ]
        named, labels = named_marks(others, window)
        marks = [*([_path(repeats, told)] if told else []), *named]
        layout["annotations"] += labels
        layout["annotations"] += [_ratio(spot, window) for spot in _named(told, window)]
    columns = ("weights", f"{names[0]}, %", "± sd", f"{names[1]}, %", "± sd ", "seeds")
    rows = [_row(spot) for spot in spots]
    return Chart(
        _title(names, guessed, len(layout.get("shapes", ()))),
        _alt(names, spots),
        tuple(marks),
        layout,
        columns,
        by_row(rows, columns),
    )


def _axes(names: Sequence[str]) -> dict[str, Any]:
    x, y = (
        axis(f"wrong on {escaped(name, 30)}, % of held-out texts", nticks=6, automargin=False)
        for name in names
    )
    margin = {"l": 56, "r": 112, "t": 10, "b": 40}
    return frame(xaxis=x, yaxis=y, margin=margin, annotations=[])


def _path(repeats: Repeats, told: Sequence[Spot]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [float(spot.mean[0]) for spot in told],
        "y": [float(spot.mean[1]) for spot in told],
        "error_x": spread_bars([float(spot.spread[0]) for spot in told]),
        "error_y": spread_bars([float(spot.spread[1]) for spot in told]),
        "line": {"color": TEXT, "width": 1.5},
        "marker": {"size": 7, "color": PAPER, "line": {"color": TEXT, "width": 1.6}},
        "hovertext": [_words(repeats, spot) for spot in told],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": "fixed",
    }


def _ratio(spot: Spot, window: Doubles) -> dict[str, Any]:
    """A ratio beside its place on the path, above all marks; inwards at the right end."""
    share = (spot.mean[0] - window[0, 0]) / (window[1, 0] - window[0, 0])
    side = 1 if share < 0.8 else -1
    return {
        "text": spot.arm.label,
        "x": float(spot.mean[0]),
        "y": float(spot.mean[1]),
        "xanchor": "left" if side > 0 else "right",
        "yanchor": "bottom",
        "xshift": 5 * side,
        "yshift": 5,
        "bgcolor": PAPER,
        "borderpad": 0,
        "opacity": 0.9,
        "showarrow": False,
        "font": {"size": 11},
    }


def _named(spots: Sequence[Spot], window: Doubles) -> list[Spot]:
    """The ratios that have room for their label: equal weights and the ends first."""
    first = sorted(spots, key=lambda spot: (not spot.arm.equal, spot not in (spots[0], spots[-1])))
    named: list[Spot] = []
    for candidate in first:
        shares = [(candidate.mean - other.mean) / (window[1] - window[0]) for other in named]
        if all(abs(share[0]) > 0.12 or abs(share[1]) > 0.06 for share in shares):
            named.append(candidate)
    return named


def _words(repeats: Repeats, spot: Spot) -> str:
    return "<br>".join(
        [
            spot.arm.id,
            *(
                f"wrong on {escaped(name, 30)}: {rate_words(repeats, spot.arm, k)}"
                for k, name in enumerate(repeats.schema.names)
            ),
        ]
    )


def _row(spot: Spot) -> tuple[Cell, ...]:
    (first, second), (one, other) = spot.mean.round(1).tolist(), spot.spread.round(1).tolist()
    return (spot.arm.id, first, one, second, other, len(spot.each))


def _title(names: Sequence[str], guessed: Doubles | None, drawn: int) -> str:
    title = f"Errors on {names[0]} and {names[1]}"
    if guessed is None:
        return title
    if drawn == 2:
        return f"{title}, mean and each seed; dashed: commonest label"
    first, second = 100 * guessed[:2]
    return f"{title}; commonest label: {first:.1f} %, {second:.1f} %"


def _alt(names: Sequence[str], spots: Sequence[Spot]) -> str:
    if not spots:
        return "Nothing has been trained yet."
    said = "; ".join(
        f"{spot.arm.id} {spot.mean[0]:.1f} % and {spot.mean[1]:.1f} %" for spot in spots
    )
    return f"Wrong on {names[0]} and on {names[1]}, mean over the seeds: {said}."
