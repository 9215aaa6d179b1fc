"""The project file on the Library page: everything comes back."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.sharing.archive import pack, unpack
from lossviz.sharing.project_file import read_project, write_project
from lossviz.ui.library.project_file import KEY, ProjectFile
from tests.support.projects import project
from tests.ui.conftest import command, open_page, run_until, state_of, words


@pytest.fixture
def library(app: AppTest) -> AppTest:
    return open_page(app, "library")


def section_of(app: AppTest) -> ProjectFile:
    own: ProjectFile = app.session_state[KEY]
    return own


def give(app: AppTest, content: bytes, name: str = "small.lossviz") -> None:
    uploader = next(own for own in app.file_uploader if "project file" in own.label)
    uploader.upload(name, content, "application/zip").run()
    run_until(app, lambda: section_of(app).opening is None)
    app.run()


def download(app: AppTest) -> bytes:
    app.button(key="project-make").click().run()
    run_until(app, lambda: section_of(app).packing.content is not None)  # type: ignore[union-attr]
    app.run()
    packing = section_of(app).packing
    assert packing is not None
    assert packing.content is not None
    return packing.content


def test_a_project_is_opened_and_every_page_shows_it(library: AppTest) -> None:
    give(library, write_project(project()))
    own = state_of(library)
    assert "small.lossviz is open" in library.success[0].value.replace("\\", "")
    assert own.data.title == "small.csv"
    kept = project().desk
    assert {letter: run.step for letter, run in own.lab.runs.items()} == {
        letter: run.step for letter, run in kept.runs.items()
    }
    assert [own.name for own in own.scenes] == ["Where it began"]
    for page in ("data", "train", "formulations", "weights", "trade_off", "surfaces", "library"):
        open_page(library, page)
        assert not library.error, [own.value for own in library.error]
    own = state_of(library)
    assert own.bench.sweep is not None
    assert own.bench.study is not None
    assert own.bench.surfaces is not None
    assert own.bench.sweep.campaign.complete
    assert own.bench.study.complete
    assert own.bench.surfaces.campaign.drawn


def test_what_was_opened_is_what_is_downloaded_again(library: AppTest) -> None:
    give(library, write_project(project()))
    own = state_of(library)
    own.benches.clear()
    found = read_project(download(library), "again.lossviz")
    kept = project().desk
    assert len(found.desks) == 1
    for letter, run in kept.runs.items():
        again = found.desk.runs[letter]
        assert (again.experiment, again.step, again.changes) == (
            run.experiment,
            run.step,
            run.changes,
        )
        np.testing.assert_array_equal(again.curve.steps, run.curve.steps)
    assert found.desk.trained == kept.trained
    assert found.desk.sweep is not None
    assert kept.sweep is not None
    assert found.desk.sweep.look == kept.sweep.look
    assert found.scenes == project().scenes


def test_a_run_that_came_back_goes_on_to_the_same_numbers(library: AppTest) -> None:
    give(library, write_project(project()))
    open_page(library, "train")
    command(library, {"do": "play"})
    lab = state_of(library).lab
    run_until(library, lambda: lab.finished)
    run = lab.runs["A"]
    assert run.step == run.total_steps > project().desk.runs["A"].step
    before = project().desk.runs["A"].curve
    np.testing.assert_array_equal(run.curve.train["total"][: len(before)], before.train["total"])


def test_one_press_brings_back_what_was_there(library: AppTest) -> None:
    own = state_of(library)
    runs = {letter: run.run_id for letter, run in own.lab.runs.items()}
    give(library, write_project(project()))
    library.button(key="project-undo").click().run()
    own = state_of(library)
    assert own.data.sample == "feelings"
    assert {letter: run.run_id for letter, run in own.lab.runs.items()} == runs
    assert own.scenes == ()


def newer() -> bytes:
    content = unpack(write_project(project()), "project", "x")
    tampered = json.loads(content["desk-1/work.json"])
    tampered["runs"]["A"]["step"] = 10**9
    content["desk-1/work.json"] = json.dumps(tampered).encode()
    return pack("project", content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"PK\x03\x04 not really", "is not a file of LossViz"),
        (newer, "run A went further"),
        (lambda: write_project(project())[:-100], "is not a file of LossViz"),
    ],
    ids=["not packed", "newer", "cut"],
)
def test_a_tampered_file_gets_a_sentence_and_nothing_is_lost(
    library: AppTest, content: Callable[[], bytes], said: str
) -> None:
    before = state_of(library).bench
    give(library, content())
    assert said in words(library)
    assert "as they were" in words(library)
    assert state_of(library).bench is before
