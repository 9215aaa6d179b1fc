"""Presenter mode without a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.compute.campaigns import Repeat
from lossviz.compute.workers import InProcess
from lossviz.experiments.runs.repeat import RepeatPlan
from lossviz.sharing.project import Scene
from lossviz.ui.present.panels import FIRST_OF_PAGE, panels_of
from lossviz.ui.state.stage import Stage
from tests.ui.conftest import open_page, run_until, state_of, words

TWO_RUNS = (("d", "feelings"), ("A", "joint"), ("B", "hybrid"))


def present(app: AppTest, **query: str) -> AppTest:
    app.switch_page("../../pages/present.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    """What the page says, without what keeps it from being marked up."""
    return words(app).replace("\\", "")


def links(app: AppTest) -> dict[str, Any]:
    return {own.proto.label: own.proto for own in app.get("page_link")}


def press(app: AppTest, key: str) -> None:
    app.button(key=f"present-{key}").click().run()
    assert not app.exception, app.exception


def asked(app: AppTest, key: str) -> str:
    """Of the address, which has what the test wrote as it is, and the rest as lists."""
    value = app.query_params[key]
    return value if isinstance(value, str) else str(value[0])


def panel(app: AppTest) -> str:
    return asked(app, "panel")


def charts(app: AppTest) -> list[str]:
    return [own.key for own in app.get("bidi_component") if own.key.startswith("chart-")]


@pytest.fixture
def trained(app: AppTest) -> AppTest:
    own = state_of(app)
    for letter, run in list(own.lab.runs.items()):
        own.lab.put(letter, run.experiment.changed(epochs=1))
    own.lab.speed = "full"
    own.lab.play()
    open_page(app, "train")
    run_until(app, lambda: own.lab.finished)
    return app


def test_begins_with_the_question_and_walks_every_panel(trained: AppTest) -> None:
    app = present(trained)
    assert app.title[0].value.startswith("What does your loss function")
    ids = [own.id for own in panels_of(state_of(app))]
    seen = [panel(app).split("-")[0]]
    while not app.button(key="present-next").disabled:
        press(app, "next")
        seen.append(panel(app).split("-")[0])
        assert len(words(app)) > 20
    assert seen == ids
    assert f"{len(ids)} / {len(ids)}" in said(app)
    press(app, "first")
    assert app.button(key="present-previous").disabled
    assert " against A, not settled: " in said(present(app, panel="comparison"))


def test_a_repeated_comparison_stands_beside_that_of_the_models_and_at_the_end(
    trained: AppTest,
) -> None:
    session = state_of(trained)
    plan = RepeatPlan.of(session.lab.runs)
    session.bench.repeat = Repeat(
        InProcess(), session.data.dataset, replace(plan, folds=3, apart=(1, 2, 3))
    )
    session.bench.repeat.finish()
    repeated = session.bench.of_formulations
    assert "3 splits" in repeated[0]
    for where in ("comparison", "closing"):
        assert repeated[0] in said(present(trained, panel=where))


def test_every_page_has_a_panel_that_stands_for_it(app: AppTest) -> None:
    ids = {own.id for own in panels_of(state_of(app))}
    assert set(FIRST_OF_PAGE.values()) <= ids


def test_a_panel_without_runs_says_what_to_train_and_does_it(app: AppTest) -> None:
    present(app, panel="errors")
    assert "Nothing is trained yet. One press trains A, B and C." in said(app)
    assert not charts(app)
    app.button(key="present-offered").click().run()
    assert state_of(app).lab.training
    assert charts(app) == ["chart-errors"]
    present(app, panel="verdict")
    assert "Nothing is swept yet." in said(app)


def test_up_and_down_leaf_through_the_runs_and_the_address_says_which(trained: AppTest) -> None:
    app = present(trained, panel="confusion")
    assert charts(app) == ["chart-confusion-A"]
    press(app, "down")
    assert panel(app) == "confusion-B"
    press(app, "down")
    press(app, "down")
    assert panel(app) == "confusion-A"
    press(app, "aspect-C")
    assert charts(app) == ["chart-confusion-C"]


def test_an_address_holds_the_state_so_that_a_reload_stays(app: AppTest) -> None:
    present(app, panel="errors", d="helpdesk", A="joint", B="hybrid")
    own = state_of(app)
    assert own.data.sample == "helpdesk"
    assert [run.experiment.formulation for run in own.lab.runs.values()] == ["joint", "hybrid"]
    press(app, "next")
    assert asked(app, "d") == "helpdesk"


@pytest.mark.parametrize("wrong", ["nothing", "errors-Z", "<b>", "-", "part99"])
def test_an_address_without_sense_shows_what_there_is(app: AppTest, wrong: str) -> None:
    present(app, panel=wrong, scene="١")
    assert not app.error
    assert app.title[0].value


def test_scenes_are_shown_by_name_each_in_its_state(app: AppTest) -> None:
    own = state_of(app)
    own.scenes = (
        Scene("As it comes", "Say hello.", "data", (("d", "feelings"),), "data"),
        Scene("Then *two* runs", "", "train", TWO_RUNS, "losses-B"),
    )
    present(app)
    assert app.title[0].value == "As it comes"
    press(app, "notes")
    assert "Say hello." in said(app)
    press(app, "next")
    assert asked(app, "scene") == "2"
    assert panel(app) == "losses-B"
    assert app.title[0].value == r"Then \*two\* runs"
    assert [run.experiment.formulation for run in own.lab.runs.values()] == ["joint", "hybrid"]
    assert app.button(key="present-next").disabled
    own.lab.put("A", own.lab.runs["A"].experiment.changed(seed=7))
    press(app, "up")
    assert own.lab.runs["A"].experiment.seed == 7
    assert panel(app) == "losses-A"


def test_a_scene_of_another_session_gets_a_sentence(app: AppTest) -> None:
    present(app, scene="3", panel="errors", d="helpdesk")
    assert "The scene of this address is not in this session" in app.info[0].value
    assert state_of(app).data.sample == "helpdesk"


def test_escape_leads_back_to_the_page_one_came_from(app: AppTest) -> None:
    open_page(app, "trade_off")
    assert "panel=verdict" in links(app)["Present"].query_string
    present(app, panel="verdict")
    way = links(app)["Leave"]
    assert (way.page, way.query_string[:10]) == ("trade-off", "d=feelings")


def test_play_and_pause_work_and_a_scene_can_be_added(app: AppTest) -> None:
    present(app, panel="losses-C")
    press(app, "play")
    assert state_of(app).lab.playing
    press(app, "play")
    assert not state_of(app).lab.playing
    press(app, "add")
    (scene,) = state_of(app).scenes
    assert (scene.page, scene.panel) == ("train", "losses-C")
    stage: Stage = state_of(app).stage
    assert stage.current is None
