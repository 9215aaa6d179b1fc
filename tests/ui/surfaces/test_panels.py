"""The Surfaces page without a browser."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.experiments.runs.run import references
from lossviz.experiments.surfaces.plan import OTHERS
from lossviz.experiments.weights import Weights
from lossviz.figures.exhibits import SURFACES, placed
from lossviz.figures.surfaces.shown import ShownSurfaces
from lossviz.ui.parts import surface_explorer
from lossviz.ui.state.bench import SurfacesBench
from lossviz.ui.state.session import Session
from lossviz.ui.surfaces.trust import shown_surfaces
from tests.support.listening import Listener
from tests.support.waiting import wait_until
from tests.ui.conftest import open_page, press, run_until, state_of, words


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """Its runs are short, and its pictures coarse."""
    own = state_of(app)
    for letter, run in list(own.lab.runs.items()):
        own.lab.put(letter, run.experiment.changed(epochs=2))
    own.lab.speed = "full"
    open_page(app, "surfaces")
    surfaces_of(app).choose(resolution=31)
    return app


def surfaces_of(app: AppTest) -> SurfacesBench:
    bench = state_of(app).bench.surfaces
    assert bench is not None
    return bench


def draw(app: AppTest) -> SurfacesBench:
    """Train the runs, and let everything be drawn."""
    press(app, "surfaces-train")
    follow(app)
    return surfaces_of(app)


def follow(app: AppTest) -> None:
    """To the end of what is under way."""
    lab, bench = state_of(app).lab, surfaces_of(app)

    def drawn() -> bool:
        wanted = references(lab.runs)
        return not lab.busy and bench.campaign.plan.runs == wanted and bench.campaign.complete

    run_until(app, drawn)
    app.run()


def test_before_anything_is_trained_one_button_trains_it(page: AppTest) -> None:
    assert "Nothing is trained yet" in words(page)
    assert page.button(key="surfaces-train").label == "Train A, B and C"
    assert not page.selectbox


def test_while_the_runs_train_coarse_surfaces_follow(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    own: Session = state_of(page)
    own.lab.speed = "steady"
    listener = Listener(own.channel)
    press(page, "surfaces-train")
    run_until(page, lambda: all(run.surface is not None for run in own.lab.runs.values()))
    assert own.lab.playing
    first = own.lab.runs["A"].surface
    assert first is not None
    assert first.tracks[0].steps[0] < own.lab.runs["A"].total_steps
    page.run()
    own.channel.look()
    seen, woken = listener.said["surfaces/page"], dict(listener.woken)
    # The next ones come over the line, and no script runs for them.
    wait_until(
        lambda: listener.said["surfaces/page"]["version"] != seen["version"], own.channel.look
    )
    assert own.lab.playing
    assert own.lab.runs["A"].surface is not first
    assert listener.woken == woken
    # What is the same is not packed again.
    packed: list[object] = []
    monkeypatch.setattr(surface_explorer, "grids_of", lambda own: packed.append(own) or [])
    for _ in range(20):
        own.channel.look()
    assert len(packed) < 5
    assert surfaces_of(page).campaign.plan.runs == ()
    listener.leave()


def test_fine_surfaces_are_drawn_as_they_come(page: AppTest) -> None:
    bench, channel = draw(page), state_of(page).channel
    assert not channel.topics["surfaces"].outdated("surfaces")
    bench.campaign.version += 1
    assert channel.topics["surfaces"].outdated("surfaces")


def test_draws_every_run_and_says_how_far_to_trust_it(page: AppTest) -> None:
    bench = draw(page)
    assert list(bench.campaign.pictures.surfaces) == ["A", "B", "C"]
    assert not any(np.isnan(own.grids).any() for own in bench.campaign.pictures.surfaces.values())
    said = words(page)
    assert "How sharp is each solution?" in said
    assert "A picture is a slice." in said
    assert "of the squared distance from its end lies along x" in said
    shown = shown_surfaces(bench)
    assert len(shown.planes) == OTHERS
    assert len(shown.seeds) == OTHERS + 1
    charts = [
        exhibit.make(shown, view)
        for exhibit in placed(SURFACES, ShownSurfaces)
        for view in exhibit.views(shown)
    ]
    assert len(charts) == OTHERS + 2
    assert all(chart.rows for chart in charts)
    assert len(page.dataframe[0].value) == 3
    assert "the mean over all 1,091 training texts" in said
    assert {own.key for own in page.get("download_button")} >= {"surfaces-npz-A", "surfaces-npz-C"}


def test_another_plane_is_drawn_at_once_and_the_rest_stays_chosen(page: AppTest) -> None:
    bench = draw(page)
    page.selectbox(key="surfaces-resolution").set_value(41).run()
    page.selectbox(key="surfaces-plane").set_value("random").run()
    follow(page)
    surface = bench.campaign.pictures.surfaces["B"]
    assert surface.slice is not None
    assert (surface.slice.plane, surface.slice.seed, len(surface.x)) == ("random", 0, 41)
    press(page, "surfaces-seed")
    follow(page)
    other = bench.campaign.pictures.surfaces["B"]
    assert other.slice is not None
    assert other.slice.seed == 1
    assert not np.array_equal(other.grids, surface.grids)
    page.selectbox(key="surfaces-plane").set_value("runs").run()
    follow(page)
    tracks = bench.campaign.pictures.surfaces["A"].tracks
    assert [own.name for own in tracks] == ["A", "B", "C"]


def test_a_run_that_is_trained_on_is_drawn_again(page: AppTest) -> None:
    bench = draw(page)
    lab = state_of(page).lab
    lab.put("A", lab.runs["A"].experiment.changed(epochs=3))
    lab.play()
    page.run()
    follow(page)
    assert bench.campaign.plan.runs == references(lab.runs)
    assert bench.campaign.plan.runs[0].step == lab.runs["A"].total_steps


def test_retrains_at_the_weights_of_the_sliders(page: AppTest) -> None:
    bench = draw(page)
    lab = state_of(page).lab
    assert page.button(key="surfaces-retrain").disabled
    assert "A at α = 1.0, β = 1.0; C at α = 1.0, β = 1.0" in words(page)
    bench.change(weights=Weights((4.0, 0.5, 1.0)))
    page.run()
    assert page.button(key="surfaces-retrain").label == "Retrain A and C at these"
    before = lab.runs["B"].run_id
    press(page, "surfaces-retrain")
    follow(page)
    page.run()
    assert lab.runs["A"].experiment.component_weights == (4.0, 0.5)
    assert lab.runs["B"].run_id == before
    assert "A at α = 4.0, β = 0.50" in words(page)


def test_what_cannot_lie_on_one_plane_gets_a_sentence_and_the_rest_stays(page: AppTest) -> None:
    bench = draw(page)
    lab = state_of(page).lab
    lab.put("B", lab.runs["B"].experiment.changed(formulation="chain", decoder=None))
    lab.play()
    page.selectbox(key="surfaces-plane").set_value("runs").run()
    follow(page)
    page.run()
    assert bench.campaign.pictures.problems["walk",] in words(page)
    assert list(bench.campaign.pictures.sharpness) == ["A", "B", "C"]


def test_stops_and_goes_on(page: AppTest) -> None:
    press(page, "surfaces-train")
    run_until(page, lambda: not state_of(page).lab.training)
    bench = surfaces_of(page)
    page.selectbox(key="surfaces-resolution").set_value(61).run()
    assert bench.campaign.busy
    press(page, "surfaces-stop")
    kept = bench.campaign.done
    page.run()
    assert not bench.campaign.busy
    assert bench.campaign.done == kept < bench.campaign.total
    press(page, "surfaces-go-on")
    run_until(page, lambda: bench.campaign.complete)


def test_other_data_begin_anew(page: AppTest) -> None:
    bench = draw(page)
    state_of(page).use_sample("helpdesk")
    page.run()
    assert state_of(page).bench.surfaces is not bench
    assert "Nothing is trained yet" in words(page)


def test_a_formulation_without_weights_has_nothing_to_retrain(page: AppTest) -> None:
    lab = state_of(page).lab
    for letter in ("A", "C"):
        lab.remove(letter)
    page.run()
    draw(page)
    assert "These formulations have no weights to move." in words(page)
