"""The Library page: this session's runs, and published ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lossviz.sharing.library import NO_ANSWER, NOT_THERE, Library
from lossviz.ui.library.actions import run_json
from lossviz.ui.library.database import VARIABLE, library
from lossviz.ui.library.shelf import KEY, Shelf
from tests.conftest import ROOT
from tests.support.publications import publication
from tests.support.waiting import PATIENCE
from tests.ui.conftest import has_component, open_page, press, run_until, state_of, words


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library of each test's own."""
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'library.db'}")
    yield library()
    st.cache_resource.clear()


@pytest.fixture
def trained(app: AppTest) -> AppTest:
    """Three short runs that are over, on the Library page."""
    lab = state_of(app).lab
    for letter, run in list(lab.runs.items()):
        lab.put(letter, run.experiment.changed(epochs=1))
    lab.speed = "full"
    lab.play()
    open_page(app, "library")
    run_until(app, lambda: lab.finished and not lab.busy)
    return app.run()


def shelf_of(app: AppTest) -> Shelf:
    own: Shelf = app.session_state[KEY]
    return own


def tick(app: AppTest, *places: int) -> None:
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": list(places)}}
    app.run()
    assert not app.exception, app.exception


def visit(**query: str) -> AppTest:
    """Somebody else, who follows a link."""
    app = AppTest.from_file(ROOT / "lossviz" / "ui" / "shell.py", default_timeout=PATIENCE).run()
    app.switch_page("../../pages/library.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def publish(app: AppTest, name: str = "", *, texts: bool = False) -> tuple[str, str]:
    """The first run.

    :returns: its id, and its owner's secret, from the links that are shown.
    """
    tick(app, 0)
    press(app, "library-publish")
    run_until(app, lambda: shelf_of(app).publishing.sizes is not None)  # type: ignore[union-attr]
    app.run()
    if name:
        app.text_input(key="publish-name").set_value(name)
    app.checkbox(key="publish-texts").set_value(texts)
    app.run()
    press(app, "publish-now")
    everybody, own = (code.value for code in app.code[:2])
    assert urlsplit(everybody).path.endswith("/library")
    query = parse_qs(urlsplit(own).query)
    assert parse_qs(urlsplit(everybody).query) == {"run": query["run"]}
    press(app, "publish-done")
    assert shelf_of(app).publishing is None
    return query["run"][0], query["own"][0]


def test_before_anything_is_trained_one_button_leads_to_train(app: AppTest) -> None:
    open_page(app, "library")
    assert "Nothing is trained yet" in words(app)
    assert not app.dataframe
    press(app, "to-train")
    assert has_component(app, "controls")


def test_the_table_says_of_every_run_what_it_is_and_how_wrong(trained: AppTest) -> None:
    table = trained.dataframe[0].value
    assert list(table["run"]) == ["● A", "■ B", "◆ C"]
    assert list(table["formulation"]) == ["marginals", "joint", "components"]
    judged = state_of(trained).lab.evaluations["B"]
    assert table["wrong"][1] == pytest.approx(100 * judged.joint.rate)
    assert f"[{100 * judged.joint.low:.1f}, {100 * judged.joint.high:.1f}]" in table["errors"][1]
    assert f"n = {judged.joint.n}" in table["errors"][1]
    assert table["weights"][1] == "none"


def test_runs_of_other_data_stand_in_it_too(trained: AppTest) -> None:
    state_of(trained).use_sample("helpdesk")
    trained.run()
    assert list(trained.dataframe[0].value["data"]) == ["Feelings"] * 3


def test_a_run_is_renamed(trained: AppTest) -> None:
    lab = state_of(trained).lab
    tick(trained, 1)
    trained.text_input(key=f"name-{lab.runs['B'].run_id}").set_value("  my *best*  ").run()
    assert lab.runs["B"].name == "my *best*"
    assert trained.dataframe[0].value["name"][1] == "my *best*"


def test_a_run_as_json_has_experiment_curve_and_errors(trained: AppTest) -> None:
    own = state_of(trained)
    run = own.lab.runs["A"]
    content = json.loads(run_json(run, own.data.dataset.schema, "mine"))
    assert content["experiment"] == run.experiment.model_dump(mode="json")
    assert len(content["curve"]["steps"]) == len(run.curve)
    assert run.evaluation is not None
    assert content["errors"]["joint"]["error"] == run.evaluation.joint.rate


def test_a_runs_weights_are_fetched_and_can_be_downloaded(trained: AppTest) -> None:
    tick(trained, 0)
    press(trained, "library-fetch")
    gathering = shelf_of(trained).gathering
    assert gathering is not None
    run_until(trained, lambda: gathering[1].complete)
    trained.run()
    assert any(own.label.startswith("Weights, ") for own in trained.get("download_button"))


def test_deleting_a_run_can_be_undone(trained: AppTest) -> None:
    lab = state_of(trained).lab
    run = lab.runs["B"]
    tick(trained, 1)
    press(trained, "library-delete")
    assert list(lab.runs) == ["A", "C"]
    assert len(trained.dataframe[0].value) == 2
    press(trained, "library-undo")
    assert list(lab.runs) == ["A", "B", "C"]
    assert lab.runs["B"] is run
    assert not any(own.key == "library-undo" for own in trained.button)


def test_the_last_run_of_its_data_is_not_deleted(trained: AppTest) -> None:
    for _ in range(2):
        tick(trained, 0)
        press(trained, "library-delete")
    tick(trained, 0)
    assert trained.button(key="library-delete").disabled


def test_ticked_runs_stand_side_by_side(trained: AppTest) -> None:
    tick(trained, 0, 2)
    assert "● A: A marginals, on Feelings\n◆ C: C components, on Feelings" in words(trained)
    tick(trained, 1)
    assert "■ B: B joint, on Feelings" in words(trained)


def test_a_published_run_is_opened_by_others_without_the_texts(
    trained: AppTest, kept: Library
) -> None:
    id, _ = publish(trained, "For *everybody*")
    found = kept.open(id)
    run = state_of(trained).lab.runs["A"]
    assert found.texts is None
    assert found.run.experiment == run.experiment
    assert found.run.evaluation is not None
    assert run.evaluation is not None
    assert found.run.evaluation.joint == run.evaluation.joint
    assert list(trained.dataframe[0].value["run"]) == ["● A", "■ B", "◆ C", "published"]

    visitor = visit(run=id)
    assert visitor.title[0].value == r"For \*everybody\*"
    assert "The texts were not published with it." in words(visitor)
    assert not any("delete" in (own.key or "") for own in visitor.button)
    press(visitor, "published-leave")
    assert list(visitor.dataframe[0].value["name"]) == ["For *everybody*"]


def test_texts_are_published_where_they_are_ticked(trained: AppTest, kept: Library) -> None:
    id, _ = publish(trained, texts=True)
    assert kept.open(id).texts == state_of(trained).lab.held_out_texts
    assert "Click a cell to read its texts." in words(visit(run=id))


def test_open_in_train_sets_up_the_same_experiment(trained: AppTest) -> None:
    id, _ = publish(trained, "again")
    visitor = visit(run=id)
    press(visitor, "published-train")
    runs = state_of(visitor).lab.runs
    assert [run.experiment for run in runs.values()] == [state_of(trained).lab.runs["A"].experiment]
    assert runs["A"].name == "again"
    assert has_component(visitor, "controls")


def test_a_run_on_data_that_a_visitor_does_not_have_says_what_is_needed(kept: Library) -> None:
    links = kept.publish(publication())
    visitor = visit(run=links.id)
    assert visitor.button(key="published-train").disabled
    assert "first open the same file on the Data page" in words(visitor)


def test_only_the_owners_link_deletes(trained: AppTest) -> None:
    id, secret = publish(trained)
    forger = visit(run=id, own="forged")
    assert "This is not the owner's link" in words(forger)
    assert not any(own.key == "owner-delete-sure" for own in forger.button)
    owner = visit(run=id, own=secret)
    press(owner, "owner-delete-sure")
    assert owner.success[0].value.startswith("The run was deleted")
    gone = visit(run=id)
    assert NOT_THERE in [own.value.replace("\\", "") for own in gone.warning]
    assert len(trained.run().dataframe[0].value) == 3


@pytest.mark.parametrize("id", ["forged", "x" * 5000, "<script>alert(1)</script>"])
def test_a_forged_id_gets_one_sentence_and_the_page_as_it_always_is(id: str) -> None:
    visitor = visit(run=id)
    assert [own.value.replace("\\", "") for own in visitor.warning] == [NOT_THERE]
    assert visitor.title[0].value == "Library"
    assert "Nothing is trained yet" in words(visitor)


def test_a_library_that_is_full_says_so_in_the_dialog(
    trained: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOSSVIZ_LIBRARY_MB", "0.001")
    tick(trained, 0)
    press(trained, "library-publish")
    run_until(trained, lambda: shelf_of(trained).publishing.sizes is not None)  # type: ignore[union-attr]
    trained.run()
    press(trained, "publish-now")
    assert "The library is full" in words(trained)


@pytest.mark.parametrize(
    "address", ["postgresql://lossviz@127.0.0.1:1/none", "nonsense", "oddsql://host/name"]
)
def test_a_database_that_does_not_answer_takes_nothing_else_away(
    trained: AppTest, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(VARIABLE, address)
    trained.run()
    said = [own.value.replace("\\", "") for own in trained.warning]
    assert len(said) == 1
    assert said[0] == NO_ANSWER or said[0].startswith("The library's database cannot be used")
    tick(trained, 0)
    assert "● A: A marginals" in words(trained)
    assert "no published run" not in words(visit(run="anything"))
