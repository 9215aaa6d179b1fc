"""One point of the grid: its errors and its confusion matrices, without training anything."""

from __future__ import annotations

import streamlit as st

from lossviz.experiments.evaluation import WHOLE, confusion_of
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import ratio_words
from lossviz.experiments.words import weight_symbol
from lossviz.figures import Chart, Look, confused
from lossviz.figures.exhibits import EXHIBITS
from lossviz.figures.sweep.shown import ShownSweep
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.controls import tied
from lossviz.ui.parts.exhibits import mount
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import SweepBench

MATRIX_HEIGHT = 330
MOST_PARTS = 3
"""Parts with a matrix of their own beside the whole label's."""


def point_matrices(result: SweepResult, point: int) -> dict[str, Chart]:
    """What is taken for what at a point: the whole label, and parts."""
    schema, evaluation = result.schema, result.evaluation(point)
    charts: dict[str, Chart] = {}
    for k in (WHOLE, *shown_parts(result)):
        matrix = confusion_of(evaluation, schema, k) if evaluation else None
        key = "point-whole" if k == WHOLE else f"point-part-{k}"
        charts[key] = confused("", matrix, Look(k), schema, 100.0)
    return charts


def shown_parts(result: SweepResult) -> tuple[int, ...]:
    """The pair whose weights vary, and as many others as there is room for."""
    pair = result.grid.pair
    others = [k for k in range(len(result.schema.names)) if k not in pair]
    return (*pair, *others)[:MOST_PARTS]


def point_panel(bench: SweepBench) -> None:
    """Sliders that stand on trained points, and what the model gets wrong there."""
    result = bench.campaign.result
    with st.container(border=True, key="point"):
        left, right = st.columns([2, 5], gap="medium")
        with left:
            st.markdown(
                "**At one point**",
                help="Every position of the sliders is trained. The matrices count all seeds "
                "together: a text stands in them once for every seed that held it out.",
            )
            _sliders(bench)
            mount(EXHIBITS["point"], ShownSweep(result, bench.look.costs, bench.look.point))
        parts = shown_parts(result)
        with right, st.grid(3 if len(parts) == 2 else 2, min_column_width=240, gap="small"):
            draw(None, key="point-whole", height=MATRIX_HEIGHT)
            for k in parts:
                draw(None, key=f"point-part-{k}", height=MATRIX_HEIGHT)


def _sliders(bench: SweepBench) -> None:
    grid = bench.campaign.plan.grid
    names = bench.campaign.dataset.schema.names
    if grid.kind == "ratio":
        first, second = (f"{weight_symbol(k)} {names[k]}" for k in grid.pair)
        _slider(
            bench, "ratio", f"{first} : {second}", [ratio_words(ratio) for ratio in grid.ratios]
        )
        return
    for axis, k in enumerate(grid.pair):
        label = f"{weight_symbol(k)} · {names[k]}"
        _slider(bench, axis, label, [f"{value:g}" for value in grid.values])


def _slider(bench: SweepBench, axis: int | str, label: str, words: list[str]) -> None:
    steps = bench.campaign.plan.grid.steps
    places = {"ratio": bench.look.point, 0: bench.look.point % steps, 1: bench.look.point // steps}

    def move(word: str) -> None:
        place = words.index(word)
        column = bench.look.point % steps
        moved = {
            "ratio": place,
            0: bench.look.point - column + place,
            1: place * steps + column,
        }
        bench.change(point=moved[axis])

    st.select_slider(plain(label), words, **tied(f"point-{axis}", words[places[axis]], move))
