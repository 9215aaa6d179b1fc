"""The Formulations page: every formulation explained, and its surfaces."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.experiments.weights import Weights
from lossviz.losses.objectives import OBJECTIVES
from lossviz.sharing.looks import TEXTBOOK
from lossviz.ui.state.explorer import Explorer, first_parts
from tests.ui.conftest import open_page, state_of, words


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return open_page(app, "formulations")


def explorer_of(app: AppTest) -> Explorer:
    return state_of(app).explorer


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_every_formulation_is_explained_from_its_metadata(page: AppTest, formulation: str) -> None:
    page.button(key=f"explain-{formulation}").click().run()
    assert not page.exception, page.exception
    assert not page.error
    own, said = OBJECTIVES[formulation], words(page)
    for text in (own.title, own.asks_for, own.symbols, own.source):
        assert text in said
    for text in (own.use_when, own.avoid_when, own.pitfall):
        assert text[1:] in said
    assert [latex.value for latex in page.latex][1] == f"$$\n{own.definition}\n$$"
    (program,) = [code.value for code in page.code]
    compile(program, "snippet", "exec")


def test_the_formula_has_the_weights_as_they_are(page: AppTest) -> None:
    explorer_of(page).change(weights=Weights((3.0, 0.5, 1.0)))
    page.run()
    assert r"3.0\, L_{1} + 0.50\, L_{2}" in page.latex[0].value
    assert "WEIGHTS = [3.0, 0.5]" in page.code[0].value


def test_another_formulation_leaves_the_one_before_beside_it(page: AppTest) -> None:
    page.button(key="explain-hybrid").click().run()
    assert explorer_of(page).shown == ("hybrid", "marginals")
    page.multiselect(key="explorer-beside").set_value(["joint", "chain", "focal"]).run()
    assert not page.exception
    assert explorer_of(page).shown == ("hybrid", "joint", "chain", "focal")


def test_a_setting_acts_and_is_kept(page: AppTest) -> None:
    page.button(key="explain-focal").click().run()
    field = next(own for own in page.number_input if own.label.startswith("Focusing"))
    field.set_value(0.5).run()
    assert explorer_of(page).look.settings["focusing"] == 0.5
    page.button(key="explain-joint").click().run()
    page.button(key="explain-focal").click().run()
    assert "FOCUSING = 0.5" in page.code[0].value


def test_labels_true_label_coupling_and_view(page: AppTest) -> None:
    page.selectbox(key="explorer-labels").select("AC, AD, BC, BD").run()
    explorer = explorer_of(page)
    assert explorer.look.parts == TEXTBOOK
    page.selectbox(key="explorer-true").select((1, 0)).run()
    page.select_slider(key="explorer-coupling").set_value(1.5).run()
    page.segmented_control(key="explorer-view").set_value("contour").run()
    assert not page.exception, page.exception
    assert not page.error
    look = explorer.look
    assert (look.true, look.coupling, look.view) == ((1, 0), 1.5, "contour")
    open_page(page, "data")
    open_page(page, "formulations")
    assert page.select_slider(key="explorer-coupling").value == 1.5


def test_it_is_trained_with_one_press(page: AppTest) -> None:
    explorer_of(page).change(weights=Weights((5.0, 1.0, 1.0)))
    page.button(key="explain-chain").click().run()
    page.button(key="train-this").click().run()
    assert not page.exception, page.exception
    own = state_of(page).lab.runs["A"].experiment
    assert (own.formulation, own.component_weights) == ("chain", (5.0, 1.0))


def test_a_larger_label_is_shown_by_two_parts_that_occur_together(app: AppTest) -> None:
    state_of(app).use_sample("helpdesk")
    open_page(app, "formulations")
    assert not app.error
    schema = state_of(app).data.dataset.schema
    parts = first_parts(schema)
    assert parts is not None
    assert len(schema.pair(*parts).classes) >= 3
    assert explorer_of(app).schema(state_of(app).data.dataset).names == schema.names[:2]
