"""The loss along lines through the weights of models."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.experiments.weights import Weights
from lossviz.figures import Chart
from lossviz.figures.surfaces.loss_lines import losses_between
from lossviz.losses.mix import LinearMix, Term

X = np.linspace(0.0, 3.0, 31, dtype=np.float32)
ONES = Weights((1.0, 1.0, 1.0))
STOPS = (("A", 0.0), ("B", 1.0), ("C", 2.0), ("A", 3.0))


def along(loss: Callable[[np.ndarray], np.ndarray], weights: Weights = ONES) -> Surface:
    grids = np.asarray(loss(X.astype(float)), np.float32)[None, None, :]
    mix, about = (
        LinearMix((Term(0, 1.0),)),
        Slice("random", 0, ("along", ""), (), 100, 100, weights),
    )
    return Surface("marginals", X, np.zeros(1, np.float32), ("part 1",), grids, mix, (), about)


def between(**losses: Callable[[np.ndarray], np.ndarray]) -> Chart:
    lines = {name: along(loss) for name, loss in losses.items()}
    return losses_between(lines, STOPS, title="T")


def heights(trace: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(b64decode(trace["y"]["bdata"]), "<f4")


def test_each_run_has_its_loss_its_dash_and_its_marker() -> None:
    chart = between(A=lambda x: 1 + x, B=lambda x: 2 + 0 * x)
    lines = [own for own in chart.data if own["mode"] == "lines"]
    marks = [own for own in chart.data if own["mode"] == "markers"]
    assert [own["line"]["dash"] for own in lines] == ["solid", "dash"]
    assert [own["marker"]["symbol"] for own in marks] == ["circle", "square"]
    assert heights(lines[0]) == pytest.approx(1 + X)
    assert chart.columns == ("place", "loss of A", "loss of B")
    assert chart.rows[10] == (1.0, 2.0, 2.0)
    ends = [own["text"] for own in chart.layout["annotations"][len(STOPS) :]]
    assert ends == ["■ B", "● A"]


def test_weights_act_on_each_run() -> None:
    twice = Weights((2.0, 1.0, 1.0))
    lines = {"A": along(lambda x: 1 + x, twice), "B": along(lambda x: 1 + x)}
    chart = losses_between(lines, STOPS, title="T")
    assert heights(chart.data[0]) == pytest.approx(2 * heights(chart.data[2]))


def test_stops_stand_where_the_runs_are() -> None:
    chart = between(A=lambda x: 1 + x)
    assert [own["x0"] for own in chart.layout["shapes"]] == [0.0, 1.0, 2.0, 3.0]
    names = [(own["text"], own["x"]) for own in chart.layout["annotations"][: len(STOPS)]]
    assert names == [*STOPS]
    assert chart.alt == "T. The loss of A: 1 at A, 2 at B, 3 at C, 4 at A, at most 4."


@pytest.mark.parametrize(("most", "kind"), [(40.0, "linear"), (60.0, "log")])
def test_losses_that_are_far_apart_have_a_logarithmic_axis(most: float, kind: str) -> None:
    chart = between(A=lambda x: 1 + 0 * x, B=lambda x: most + 0 * x)
    axis = chart.layout["yaxis"]
    assert axis["type"] == kind
    low, high = (10.0**own if kind == "log" else own for own in axis["range"])
    assert low < 1.0
    assert high > most
    end = chart.layout["annotations"][-1]["y"]
    assert end == pytest.approx(np.log10(most) if kind == "log" else most, abs=0.1 * high)


def test_a_loss_that_is_not_finite_is_a_gap() -> None:
    chart = between(A=lambda x: np.where(x > 2, np.inf, x), B=lambda x: np.nan * x)
    json.dumps(chart.to_json(), allow_nan=False)
    assert np.isnan(heights(chart.data[0])[-1])
    assert "at C, not finite at A, at most 2." in chart.alt
    assert [own["text"] for own in chart.layout["annotations"]][-1] == "● A"
    chart.figure()
