"""What the charts of a study show."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from lossviz.experiments.study.result import Outcome, Repeats
from lossviz.figures import Chart
from lossviz.figures.study.arms import error_of_arms
from lossviz.figures.study.study import weights_over_time
from lossviz.figures.study.trade import trade_off
from tests.figures.test_contract import check, strings
from tests.support.outcomes import noise, outcome, repeats

NAMES = ("first", "second")
ODD = ("<b>bold</b>", '<a href="http://x.invalid">x</a>')


def runs(errors: list[float], weights: tuple[float, ...], seeds: int = 5) -> list[Outcome]:
    return [outcome([own + noise(k) for own in errors], weights) for k in range(seeds)]


def study(names: tuple[str, ...] = NAMES) -> Repeats:
    zeros, errors = (1.0,) * (len(names) - 1), [0.25] * len(names)
    own = {
        "free": runs([*errors, 0.45], (-3.0, *zeros)),
        "simplex": runs([*errors, 0.42], (0.02, *zeros)),
        "uncertainty": runs([*errors, 0.42], (60.0, *zeros)),
    }
    return repeats(own, names=names)


def nothing(own: Repeats) -> Repeats:
    return Repeats(own.schema, own.plan, {})


def charts(own: Repeats) -> list[Chart]:
    parts = len(own.schema.names)
    result = [weights_over_time(own, arm) for arm in own.arms if not arm.told]
    result += [error_of_arms(own, target) for target in range(parts + 1)]
    return [*result, trade_off(own)] if parts == 2 else result


def unpacked(values: Any) -> list[float]:
    if isinstance(values, dict):
        return list(np.frombuffer(b64decode(values["bdata"]), f"<{values['dtype']}"))
    return list(values)


def arm_of(own: Repeats, label: str) -> Any:
    return next(arm for arm in own.arms if arm.label == label)


@pytest.mark.parametrize("names", [NAMES, ODD, ("a", "b", "c"), tuple("abcdefghi")])
@pytest.mark.parametrize("seeds", [0, 1, 2, 5])
def test_plotly_accepts_it_and_labels_are_text(names: tuple[str, ...], seeds: int) -> None:
    whole = study(names)
    some = {key: value for key, value in whole.outcomes.items() if key[1] < seeds}
    for chart in charts(Repeats(whole.schema, whole.plan, some)):
        check(chart)
        json.dumps(chart.to_json(), allow_nan=False)
        for text in strings([chart.data, chart.layout]):
            assert "<b>" not in text
            assert "<a " not in text


def test_before_the_first_result_there_is_a_frame_and_a_word() -> None:
    for chart in charts(nothing(study())):
        assert chart.data == ()
        assert len(chart.layout["annotations"]) == 1
        assert chart.rows == ()


def test_negative_weights_are_below_a_marked_line() -> None:
    own = study()
    chart = weights_over_time(own, arm_of(own, "free"))
    axis = chart.layout["yaxis"]
    assert axis["type"] == "linear"
    assert axis["zeroline"]
    assert axis["range"][0] < -3.0
    assert chart.layout["shapes"][0]["y1"] == 0
    assert "being wrong is rewarded" in chart.layout["annotations"][0]["text"]
    assert chart.title == "free: ends at α −3.0, β 1.0 (5 seeds)"


def test_large_weights_are_on_a_logarithmic_scale_and_shares_are_not() -> None:
    own = study()
    chart = weights_over_time(own, arm_of(own, "uncertainty"))
    assert chart.layout["yaxis"]["type"] == "log"
    assert chart.layout["yaxis"]["range"][1] == pytest.approx(np.log10(60.0), abs=0.2)
    assert "log" in chart.layout["yaxis"]["title"]["text"]
    simplex = weights_over_time(own, arm_of(own, "simplex")).layout
    assert simplex["yaxis"]["type"] == "linear"
    assert "shapes" not in simplex


def test_every_seed_is_a_thin_line_and_a_run_that_gave_up_ends() -> None:
    own = study()
    short = outcome([0.2, 0.3, 0.4], (-3.0, 1.0), points=20, message="The loss fell …")
    changed = Repeats(own.schema, own.plan, {**own.outcomes, ("free", 2): short})
    chart = weights_over_time(changed, arm_of(own, "free"))
    thin = unpacked(chart.data[0]["y"])
    assert len(thin) == 5 * 61  # 60 points and a gap for each seed
    assert sum(np.isnan(thin)) == 5 + 40
    assert len(unpacked(chart.data[1]["y"])) == 60


def test_components_differ_in_dash_as_well_as_colour() -> None:
    own = study()
    thick = weights_over_time(own, own.arms[-1]).data[1::4]
    assert len({line["line"]["color"] for line in thick}) == 2
    assert len({line["line"]["dash"] for line in thick}) == 2


def test_the_path_of_ratios_and_the_marks_beside_it() -> None:
    chart = trade_off(study())
    path = next(own for own in chart.data if own.get("name") == "fixed")
    assert len(path["x"]) == 7
    assert path["x"][3] == pytest.approx(20.0, abs=0.2)
    texts = [own["text"] for own in chart.layout["annotations"]]
    assert {"free", "simplex", "uncertainty", "1:1"} <= set(texts)
    marks = [own for own in chart.data if own.get("name") in ("free", "simplex", "uncertainty")]
    assert len({own["marker"]["symbol"] for own in marks}) == 3
    assert len(chart.rows) == 10


def test_what_is_far_off_does_not_squeeze_the_others() -> None:
    own = study()
    far = {("free", seed): outcome([0.9, 0.9, 0.99], (-3.0, -3.0)) for seed in range(5)}
    chart = trade_off(Repeats(own.schema, own.plan, {**own.outcomes, **far}))
    assert chart.layout["xaxis"]["range"][1] < 60
    texts = [note["text"] for note in chart.layout["annotations"]]
    assert "free<br>off: 90, 90 %" in texts
    assert ("free", 90.0, 0.0, 90.0, 0.0, 5) in chart.rows


def test_a_commonest_label_that_is_off_the_map_is_named_in_the_title() -> None:
    own = study()
    assert trade_off(own).title.endswith("commonest label: 50.0 %, 50.0 %")
    wide = {
        **{("fixed 10:1", seed): outcome([0.1, 0.6, 0.65], (1.8, 0.2)) for seed in range(5)},
        **{("fixed 1:10", seed): outcome([0.6, 0.1, 0.65], (0.2, 1.8)) for seed in range(5)},
    }
    chart = trade_off(Repeats(own.schema, own.plan, {**own.outcomes, **wide}))
    assert chart.title.endswith("dashed: commonest label")
    assert len(chart.layout["shapes"]) == 2


def test_intervals_come_with_the_third_seed() -> None:
    own = study()
    for seeds, known in ((2, False), (3, True)):
        some = {key: value for key, value in own.outcomes.items() if key[1] < seeds}
        chart = error_of_arms(Repeats(own.schema, own.plan, some), 2)
        assert any(chart.data[1]["error_x"]["array"]) is known
        assert (chart.rows[0][2] != "") is known


def test_the_commonest_label_stands_beside_the_errors() -> None:
    chart = error_of_arms(study(), 2)
    assert chart.title == "Wrong on the whole label; dashed: commonest label, 70.0 %"
    assert any(own.get("x0") == pytest.approx(70.0) for own in chart.layout["shapes"])
    assert "free 44.9 %" in chart.alt
