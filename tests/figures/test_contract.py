"""What holds for every chart, whatever is drawn and even before there is anything to draw."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.evaluation import confusion_of
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.weights import Weights
from lossviz.figures import Chart, ShownRuns, loss_surface, surface_top
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.exhibits import EXHIBITS, PLACES, TRAIN, placed
from lossviz.figures.runs.answers import sentence
from lossviz.figures.runs.blocks import Group, block_matrix
from lossviz.figures.runs.losses import loss_curve
from lossviz.figures.runs.matrices import confusion_top
from lossviz.figures.runs.pairs import Labels, confused_pairs
from lossviz.schema import LabelSchema
from tests.support.examples import examples
from tests.support.figures import SEEDS, answers, evaluation, schemas
from tests.support.shown import NORMALISE, SHOWN, TWO, UNTRAINED, made_surface

EMPTY = {
    "losses, length known": loss_curve("A", Curve.empty(), (), TWO, (10, 100)),
    "sentence of no run": sentence(answers(0, TWO, ()), TWO, ()),
} | {
    f"{exhibit.key(view)}": exhibit.make(UNTRAINED[exhibit.needs], view)
    for exhibit in EXHIBITS.values()
    for view in exhibit.views(UNTRAINED[exhibit.needs])
}


@st.composite
def exhibited(draw: st.DrawFn, exhibit: Exhibit[Any]) -> Chart:
    """One of the charts of an exhibit."""
    shown = draw(SHOWN[exhibit.needs]())
    return exhibit.make(shown, draw(st.sampled_from(sorted(exhibit.views(shown)))))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Charts that are not exhibits by themselves."""
    schema, seed = draw(schemas()), draw(SEEDS)
    kind = draw(st.sampled_from(["pairs", "blocks", "surface"]))
    if kind in ("pairs", "blocks"):
        return draw(confusions(kind, schema, seed))
    surface, weights = made_surface(seed), Weights((2.0, 0.5, 0.0))
    first, second, *_, last = 3 * (schema.names[0], schema.names[-1])
    return loss_surface(
        surface,
        weights,
        title="A marginals",
        axes=(f"u: {first}", f"v: {second}"),
        corners=(first, second, last, first),
        view=draw(st.sampled_from(["3d", "contour"])),
        top=surface_top([surface], weights),
    )


@st.composite
def confusions(draw: st.DrawFn, kind: str, schema: LabelSchema, seed: int) -> Chart:
    """The most confused pairs of few labels, or all their cells in groups."""
    normalise = draw(NORMALISE)
    matrix = confusion_of(evaluation(seed, schema), schema)
    if kind == "pairs":
        return confused_pairs("A", matrix, "whole label", Labels.whole(schema))
    top = confusion_top([matrix], normalise)
    group = Group(schema.components[0].values, matrix.codes[:, 0])
    return block_matrix("A", matrix, normalise, "whole label", top, group)


def strings(value: Any) -> Iterator[str]:
    """Every string of a specification but packed arrays."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, own in value.items():
            if key != "bdata":
                yield from strings(own)
    elif isinstance(value, list | tuple):
        for own in value:
            yield from strings(own)


def received(chart: Chart) -> list[list[Any]]:
    """The table's columns as the browser unpacks them."""
    sent = json.loads(json.dumps(chart.to_json(), allow_nan=False))
    result = []
    for own in sent["values"]:
        if isinstance(own, dict) and "same" in own:
            number, key = own["same"]
            own = sent["data"][number][key]  # noqa: PLW2901
        if isinstance(own, dict):
            own = np.frombuffer(b64decode(own["bdata"]), f"<{own['dtype']}")  # noqa: PLW2901
        result.append(list(own))
    return result


def check(chart: Chart) -> None:
    figure = chart.figure()  # plotly validates it, colours too
    assert figure.layout.template.layout.paper_bgcolor == "#FFFFFF"
    assert chart.title.strip()
    assert chart.alt.endswith(".")
    scene = chart.layout.get("scene")
    for key in ("xaxis", "yaxis", "zaxis") if scene else ("xaxis", "yaxis"):
        own = (scene or chart.layout)[key]
        assert own["title"]["text"].strip() or own["ticktext"]
    assert len(chart.columns) == len(chart.values)
    assert all(len(row) == len(chart.columns) for row in chart.rows)


def assert_plain(chart: Chart) -> None:
    """The browser gets the table, and labels are text and not markup."""
    assert [len(each) for each in received(chart)] == [len(chart.rows)] * len(chart.columns)
    for each in strings([chart.data, chart.layout]):
        assert "<" not in each.replace("<extra></extra>", "")


@pytest.mark.parametrize("name", EMPTY)
def test_without_data_there_are_axes_and_a_word(name: str) -> None:
    chart = EMPTY[name]
    check(chart)
    assert chart.rows == ()
    assert all(not own.get("x") for own in chart.data)
    assert len(chart.layout["annotations"]) == 1


def check_table(chart: Chart) -> None:
    columns = received(chart)
    assert len(columns) == len(chart.columns)
    for own, expected in zip(columns, zip(*chart.rows, strict=True), strict=False):
        assert len(own) == len(expected)
        for mine, its in zip(own, expected, strict=True):
            if isinstance(its, float):
                assert mine == pytest.approx(its, rel=1e-5)
            elif its not in ("not a number", "infinite"):
                assert mine == its


OURS = re.compile(r"<br>|<span style=\"color:#[0-9A-F]{6}\">|</span>|<extra>|</extra>")


def check_text(chart: Chart) -> None:
    for own in strings([chart.data, chart.layout]):
        assert "<" not in OURS.sub("", own)


CHECKS = {
    "plotly accepts it and it says what it shows": check,
    "the browser gets the table": check_table,
    "labels are text and not markup": check_text,
}


@pytest.mark.parametrize("hold", CHECKS.values(), ids=list(CHECKS))
@pytest.mark.parametrize("exhibit", EXHIBITS.values(), ids=list(EXHIBITS))
@given(data=st.data())
@examples(25)
def test_of_every_exhibit(
    exhibit: Exhibit[Any], hold: Callable[[Chart], None], data: st.DataObject
) -> None:
    hold(data.draw(exhibited(exhibit)))


@pytest.mark.parametrize("hold", CHECKS.values(), ids=list(CHECKS))
@given(chart=charts())
def test_of_every_other_chart(hold: Callable[[Chart], None], chart: Chart) -> None:
    hold(chart)


def test_an_exhibit_has_an_address_words_and_a_place() -> None:
    for id, exhibit in EXHIBITS.items():
        assert id == exhibit.id
        assert re.fullmatch("[a-z0-9]+", id), "an address has a hyphen behind it"
        assert exhibit.title
        assert not exhibit.title.endswith(".")
        assert exhibit.note.endswith(".")
        assert exhibit.height(UNTRAINED[exhibit.needs]) > 0
    assert {id for place in PLACES for id in place} == set(EXHIBITS)
    assert all(len(set(place)) == len(place) for place in PLACES)


def test_what_is_shown_has_another_version_once_it_is_judged_anew() -> None:
    shown = UNTRAINED[ShownRuns]
    run = replace(shown.runs["A"], evaluation=evaluation(1, TWO))
    later = replace(shown, runs={"A": run})
    for exhibit in placed(TRAIN, ShownRuns):
        if exhibit.id not in ("losses", "sentence"):
            (view,) = exhibit.views(shown)
            assert exhibit.state(shown, view) != exhibit.state(later, view)


def test_an_array_travels_once() -> None:
    curve = Curve(
        np.arange(1, 101),
        {"joint": np.ones(100, np.float32), "total": np.linspace(2, 1, 100, dtype=np.float32)},
        {"joint": np.ones(100, np.float32), "total": np.linspace(3, 1, 100, dtype=np.float32)},
        np.ones((100, 2), np.float32),
    )
    sent = loss_curve("A", curve, (), TWO, (10, 100)).to_json()
    assert sent["values"] == [{"same": [0, "x"]}, {"same": [0, "y"]}, {"same": [1, "y"]}]
    assert sent["data"][1]["x"] == {"same": [0, "x"]}
