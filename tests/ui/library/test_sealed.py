"""Sealed texts on the Library page: opened for one run, counted, and kept."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.experiments.runs.opening import openings_words
from lossviz.report.sealed import sealed_section
from lossviz.sharing.project_file import read_project, write_project
from lossviz.ui.keeping import project_of
from lossviz.ui.state.bench import Bench
from lossviz.ui.state.session import Session
from lossviz.ui.study.live import study_of
from lossviz.ui.sweep.live import sweep_of
from tests.ui.conftest import command, open_page, press, run_until, state_of, words


def seal(app: AppTest, share: float = 0.2) -> Session:
    """Set two quick runs up that leave texts sealed."""
    session = state_of(app)
    lab = session.lab
    lab.remove("C")
    for letter, run in list(lab.runs.items()):
        lab.put(letter, run.experiment.where({"split.sealed": share, "epochs": 1}))
    return session


def train(app: AppTest, session: Session) -> None:
    lab = session.lab
    lab.speed = "full"
    command(app, {"do": "play"})
    run_until(app, lambda: lab.finished and not lab.busy)


@pytest.fixture
def trained(app: AppTest) -> AppTest:
    open_page(app, "train")
    train(app, seal(app))
    return open_page(app, "library")


def test_where_nothing_is_sealed_nothing_is_said(app: AppTest) -> None:
    open_page(app, "library")
    assert "sealed" not in words(app)
    assert "sealed-open" not in [button.key for button in app.button]


def test_they_are_opened_for_the_best_run_and_from_then_on_counted(trained: AppTest) -> None:
    session = state_of(trained)
    bench, runs = session.bench, session.lab.runs
    rates = {letter: run.evaluation.joint.rate for letter, run in runs.items() if run.evaluation}
    best = min(rates, key=rates.__getitem__)
    assert "Some texts are sealed" in words(trained)
    assert trained.selectbox(key="sealed-run").value == best
    for number in (1, 2):
        press(trained, "sealed-open")
        run_until(trained, lambda number=number: len(bench.opened) == number)
        trained.run()
        for sentence in openings_words(bench.opened, bench.data.dataset.schema.names):
            assert sentence in words(trained)
    first = bench.opened[0]
    assert first.name == f"{best} {runs[best].experiment.formulation}"
    assert first.held_out[-1].rate == rates[best]
    assert not first.looked_before
    assert "This was opening number 2" in words(trained)


def test_openings_stay_in_the_report_and_in_a_project_file(trained: AppTest) -> None:
    session = state_of(trained)
    [shut] = sealed_section(project_of(session).desk)
    assert shut.title == "The sealed texts: not opened"
    press(trained, "sealed-open")
    run_until(trained, lambda: bool(session.bench.opened))
    project = project_of(session)
    [section] = sealed_section(project.desk)
    assert section.title == "The sealed texts: opened 1 time"
    again = read_project(write_project(project), "mine.lossviz")
    assert again.desk.opened == session.bench.opened
    assert Bench.resumed(again.desk).opened == session.bench.opened


def test_a_sweep_and_a_study_leave_sealed_what_the_runs_do(app: AppTest) -> None:
    session = seal(app)
    assert sweep_of(session).campaign.chosen.experiment.split.sealed == 0.2
    assert study_of(session).chosen.sealed == 0.2
    assert not session.bench.looked_before


def test_texts_that_were_judged_before_they_were_sealed_are_said_to_be(app: AppTest) -> None:
    open_page(app, "train")
    train(app, seal(app, 0.0))
    session = seal_again(app)
    assert session.bench.looked_before
    train(app, session)
    open_page(app, "library")
    assert "Not all of them were sealed from the beginning" in words(app)


def seal_again(app: AppTest) -> Session:
    session = state_of(app)
    for letter, run in list(session.lab.runs.items()):
        session.lab.put(letter, run.experiment.where({"split.sealed": 0.2}))
    app.run()
    return session
