"""The first part's error against the second's: the path of fixed ratios, and where others end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.study.result import Repeats
from lossviz.figures.base.chart import Chart, by_row, escaped
from lossviz.figures.base.layout import note
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.study.arms import rate_words, symbols
from lossviz.figures.sweep.error_plane import (
    Spot,
    mean_cells,
    mean_columns,
    mean_marks,
    named_marks,
    open_window,
    plane_frame,
    plane_label,
    spot,
    window_of,
)


def trade_off(repeats: Repeats) -> Chart:
    """For two components: fixed weights as a path, the other weightings as marks beside it."""
    names = repeats.schema.names
    spots = [spot(repeats, arm) for arm in repeats.arms if repeats.of(arm)]
    guessed = repeats.guessed()
    titles = [f"wrong on {escaped(name, 30)}, % of held-out texts" for name in names]
    layout = plane_frame(titles, t=10, b=40)
    marks: list[dict[str, Any]] = []
    if guessed is None:
        layout["annotations"] = [note("The errors of both parts appear here")]
    else:
        window = window_of(spots, 100 * guessed[:2])
        open_window(layout, window, 100 * guessed[:2])
        told = [spot for spot in spots if spot.arm.told]
        learned = [
            (spot, symbols(repeats)[spot.arm.id], _words(repeats, spot))
            for spot in spots
            if not spot.arm.told
        ]
        named, labels = named_marks(learned, window)
        marks = [*([_path(repeats, told)] if told else []), *named]
        layout["annotations"] = [*labels, *(_ratio(spot, window) for spot in _named(told, window))]
    columns = ("weights", *mean_columns(names), "seeds")
    rows = [(spot.arm.id, *mean_cells(spot.mean, spot.spread), len(spot.each)) for spot in spots]
    return Chart(
        _title(names, guessed, len(layout.get("shapes", ()))),
        _alt(names, spots),
        tuple(marks),
        layout,
        columns,
        by_row(rows, columns),
    )


def _path(repeats: Repeats, told: Sequence[Spot]) -> dict[str, Any]:
    return mean_marks(
        np.array([spot.mean for spot in told]),
        np.array([spot.spread for spot in told]),
        [_words(repeats, spot) for spot in told],
        TEXT,
        mode="lines+markers",
        line={"color": TEXT, "width": 1.5},
        marker={"size": 7, "color": PAPER, "line": {"color": TEXT, "width": 1.6}},
        name="fixed",
    )


def _ratio(spot: Spot, window: Doubles) -> dict[str, Any]:
    """A ratio beside its place on the path; inwards at the right end."""
    share = (spot.mean[0] - window[0, 0]) / (window[1, 0] - window[0, 0])
    anchor, shift = ("left", 5) if share < 0.8 else ("right", -5)
    return plane_label(spot.arm.label, spot.mean, (anchor, "bottom"), (shift, 5))


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


def _title(names: Sequence[str], guessed: Doubles | None, dashed: int) -> str:
    title = f"Errors on {names[0]} and {names[1]}"
    if guessed is None:
        return title
    if dashed == 2:
        return f"{title}, mean and each seed; dashed: commonest label"
    first, second = 100 * guessed[:2]
    return f"{title}; commonest label: {first:.1f} %, {second:.1f} %"


def _alt(names: Sequence[str], spots: Sequence[Spot]) -> str:
    if not spots:
        return "Nothing has been trained yet."
    errors = "; ".join(
        f"{spot.arm.id} {spot.mean[0]:.1f} % and {spot.mean[1]:.1f} %" for spot in spots
    )
    return f"Wrong on {names[0]} and on {names[1]}, mean over the seeds: {errors}."
