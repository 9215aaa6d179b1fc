"""The loss of a run."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.weights import WeightChange, Weights
from lossviz.figures.runs.losses import MOST_CHANGES, MOST_POINTS, _thinned, loss_curve
from lossviz.schema import Component, LabelSchema

SCHEMA = LabelSchema.full([Component("first", ("A", "B")), Component("second", ("C", "D"))], "")
STEPS = (10, 100)


def curve(names: tuple[str, ...], points: int = 30) -> Curve:
    values = {name: np.linspace(2 + k, 1, points, dtype=np.float32) for k, name in enumerate(names)}
    held_out = {name: own + np.float32(0.5) for name, own in values.items()}
    weights = np.ones((points, 2), np.float32)
    return Curve(np.arange(1, points + 1), values, held_out, weights)


def lines(drawn: Curve) -> list[tuple[str, str, str]]:
    chart = loss_curve("A", drawn, (), SCHEMA, STEPS)
    return [(own["name"], own["line"]["color"], own["line"]["dash"]) for own in chart.data]


def test_a_part_has_its_components_colour_and_the_held_out_texts_are_dotted() -> None:
    drawn = lines(curve(("part 1", "part 2", "total")))
    assert drawn == [
        ("first, training", "#0072B2", "solid"),
        ("first, not trained on", "#0072B2", "dot"),
        ("second, training", "#D55E00", "solid"),
        ("second, not trained on", "#D55E00", "dot"),
        ("total, training", "text", "solid"),
        ("total, not trained on", "text", "dot"),
    ]


def test_a_total_of_one_part_is_drawn_once() -> None:
    assert [name for name, *_ in lines(curve(("joint", "total")))] == [
        "whole label, training",
        "whole label, not trained on",
    ]


def test_all_parts_of_a_hybrid_are_drawn() -> None:
    assert len(lines(curve(("part 1", "part 2", "joint", "total")))) == 8


def test_the_step_axis_covers_the_whole_run_from_the_start() -> None:
    for points in (0, 1, 30):
        drawn = curve(("joint", "total"), points) if points else Curve.empty()
        chart = loss_curve("A", drawn, (), SCHEMA, STEPS)
        assert chart.layout["xaxis"]["range"] == [0, 100]


def test_title_and_alt_say_where_the_run_stands() -> None:
    chart = loss_curve("B", curve(("joint", "total")), (), SCHEMA, STEPS)
    assert chart.title == "B: epoch 3 of 10 · 30 steps"
    assert chart.alt == (
        "Run B after 30 steps: total loss 1 in training, 1.5 on texts that it does not train on."
    )


def test_a_mark_says_which_weights_act_from_when() -> None:
    change = WeightChange(1240, Weights((2.0, 0.1, 3.0)))
    plain = loss_curve("A", curve(("part 1", "part 2", "total")), (change,), SCHEMA, STEPS)
    hybrid = loss_curve("A", curve(("part 1", "joint", "total")), (change,), SCHEMA, STEPS)
    assert [own["text"] for own in plain.layout["annotations"]] == ["▾"]
    assert plain.layout["annotations"][0]["hovertext"] == "α 2.0, β 0.10 from step 1,241"
    assert hybrid.layout["annotations"][0]["hovertext"] == "α 2.0, β 0.10, γ 3.0 from step 1,241"


def test_marks_are_bounded() -> None:
    changes = [WeightChange(step, Weights((1.0, 2.0, 1.0))) for step in range(500)]
    chart = loss_curve("A", curve(("part 1", "total")), changes, SCHEMA, STEPS)
    assert len(chart.layout["annotations"]) == MOST_CHANGES
    assert chart.layout["annotations"][-1]["x"] == 499


@given(st.integers(1, 20_000))
def test_thinning_keeps_the_ends_and_what_was_drawn_before(points: int) -> None:
    kept = _thinned(points).tolist()
    assert kept[0] == 0
    assert kept[-1] == points - 1
    assert len(kept) <= MOST_POINTS + 1
    assert set(_thinned(points + 1).tolist()[:-1]) <= set(kept)


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=9, unique=True))
def test_the_key_stays_on_one_line(names: list[str]) -> None:
    schema = LabelSchema.full([Component(name, ("a", "b")) for name in names], "|")
    parts = tuple(f"part {k + 1}" for k in range(len(names)))
    chart = loss_curve("A", curve((*parts, "total")), (), schema, STEPS)
    assert chart.layout["xaxis"]["title"]["text"].count("<br>") == 1
