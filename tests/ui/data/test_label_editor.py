"""The Data page: labels edited before they are used, and again afterwards."""

from __future__ import annotations

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from lossviz.schema import LabelSchema
from lossviz.ui.state.session import Draft
from tests.ui.conftest import open_page, press, state_of, upload, words

LABELS = ["anger:high"] * 8 + ["anger:low"] * 6 + ["joy:high"] * 5 + ["joy:low"] * 2 + ["hope:low"]


def opened(app: AppTest, labels: list[str] = LABELS, header: str = "mood:arousal") -> AppTest:
    open_page(app, "data")
    rows = "\n".join(f"text number {n};{label}" for n, label in enumerate(labels))
    upload(app, "mine.csv", f"text;{header}\n{rows}".encode())
    return app


def draft_of(app: AppTest) -> Draft:
    draft = state_of(app).draft
    assert draft is not None
    return draft


def key(app: AppTest, *names: str) -> str:
    draft = draft_of(app)
    return "-".join([draft.id, str(draft.edition), *names])


def fill(app: AppTest, kind: str, name: str, value: object) -> None:
    getattr(app, kind)(key=key(app, name)).set_value(value).run()
    assert not app.exception, app.exception


def edit_cells(app: AppTest, table: str, cells: dict[int, dict[str, object]]) -> None:
    """Type into a table, which AppTest can show but not edit."""
    editor = next(own for own in app.data_editor if own.key and own.key.startswith(table))
    typed = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=editor.proto.id, string_value=json.dumps(typed)))
    app._run(states)
    assert not app.exception, app.exception


def used(app: AppTest) -> LabelSchema:
    press(app, "use-draft")
    return state_of(app).data.dataset.schema


def test_a_part_is_renamed_moved_and_left_out(app: AppTest) -> None:
    opened(app)
    fill(app, "text_input", "mood-name", "feeling")
    assert "2 parts, 5 of 6 combinations, 22 texts." in words(app)
    press(app, key(app, "arousal", "up"))
    assert draft_of(app).edits.ordered(("mood", "arousal")) == ("arousal", "mood")
    fill(app, "checkbox", "arousal-without", True)
    assert "1 part, 3 of 3 combinations, 22 texts." in words(app)
    fill(app, "checkbox", "arousal-without", False)
    assert used(app).names == ("arousal", "feeling")


def test_leaving_every_part_out_says_so_and_can_be_undone(app: AppTest) -> None:
    opened(app)
    fill(app, "checkbox", "mood-without", True)
    fill(app, "checkbox", "arousal-without", True)
    assert "All 2 parts" in app.error[0].value
    assert app.button(key="use-draft").disabled
    fill(app, "checkbox", "mood-without", False)
    assert used(app).names == ("mood",)


def test_values_typed_over_with_one_name_become_one(app: AppTest) -> None:
    opened(app)
    table = key(app, "mood", "values")
    assert next(own for own in app.data_editor if own.key == table).value["value"].tolist() == [
        "anger",
        "joy",
        "hope",
    ]
    edit_cells(app, table, {1: {"shown": "good"}, 2: {"shown": " good "}})
    assert "3 values become 2." in words(app)
    assert used(app).components[0].values == ("anger", "good")


def test_values_with_a_place_come_first(app: AppTest) -> None:
    opened(app)
    edit_cells(app, key(app, "mood", "values"), {1: {"place": 1, "shown": "glad"}})
    assert used(app).components[0].values == ("glad", "anger", "hope")


def test_rare_values_are_merged_into_a_name_of_ones_own(app: AppTest) -> None:
    opened(app)
    fill(app, "number_input", "mood-rare", 8)
    fill(app, "text_input", "mood-other", "else")
    fill(app, "selectbox", "mood-sort", "count")
    assert used(app).components[0].values == ("anger", "else")


def test_ticked_combinations_are_left_out_and_listed(app: AppTest) -> None:
    opened(app)
    tables = f"{key(app, 'combinations')}-"
    shown = next(own for own in app.data_editor if own.key and own.key.startswith(tables)).value
    assert shown["texts"].tolist() == [1, 2, 5, 6, 8]
    edit_cells(app, tables, {1: {"impossible": True}})
    assert "2 texts of 1 combination left out: combination marked impossible." in words(app)
    assert "4 of 6 combinations, 20 texts; 2 left out." in words(app)
    assert any("2 rows left out" in own.label for own in app.expander)
    assert "joy:low" not in used(app).class_names
    assert [own.row for own in state_of(app).data.dataset.dropped] == [20, 21]


def test_a_combination_whose_tick_is_taken_away_is_back(app: AppTest) -> None:
    opened(app)
    tables = f"{key(app, 'combinations')}-"
    edit_cells(app, tables, {1: {"impossible": True}, 0: {"impossible": True}})
    edit_cells(app, tables, {1: {"impossible": False}})
    assert draft_of(app).edits.impossible == ((("mood", "hope"), ("arousal", "low")),)


def test_a_mark_on_one_part_is_taken_off_one_combination_only(app: AppTest) -> None:
    opened(app)
    fill(app, "checkbox", "arousal-without", True)
    edit_cells(app, f"{key(app, 'combinations')}-", {1: {"impossible": True}})  # joy
    fill(app, "checkbox", "arousal-without", False)
    assert "7 texts of 2 combinations left out" in words(app)
    edit_cells(app, f"{key(app, 'combinations')}-", {2: {"impossible": False}})  # joy, high
    assert "2 texts of 1 combination left out" in words(app)


def test_combinations_with_few_texts_are_left_out(app: AppTest) -> None:
    opened(app)
    fill(app, "number_input", "least", 5)
    assert "3 texts of 2 combinations left out: combination with fewer than 5 texts" in words(app)
    assert used(app).class_names == ("anger:high", "anger:low", "joy:high")


def test_starting_over_brings_the_labels_of_the_file_back(app: AppTest) -> None:
    opened(app)
    fill(app, "text_input", "mood-name", "feeling")
    fill(app, "number_input", "least", 5)
    press(app, f"{draft_of(app).id}-start-over")
    assert app.text_input(key=key(app, "mood", "name")).value == "mood"
    assert len(used(app).classes) == 5
    assert state_of(app).data.edits.to_json() == "{}"


def test_edits_outlast_a_look_at_another_page(app: AppTest) -> None:
    opened(app)
    fill(app, "text_input", "mood-name", "feeling")
    edit_cells(app, key(app, "mood", "values"), {1: {"shown": "good"}})
    fill(app, "number_input", "least", 2)
    open_page(app, "home")
    open_page(app, "data")
    assert app.text_input(key=key(app, "mood", "name")).value == "feeling"
    schema = used(app)
    assert schema.names == ("feeling", "arousal")
    assert schema.components[0].values == ("anger", "good")


def test_too_many_combinations_can_be_edited_until_they_fit(app: AppTest) -> None:
    labels = [f"{n % 40}:{n // 40 % 40}" for n in range(3000)]
    opened(app, labels, "label")
    assert r"1\,600 different labels" in app.error[0].value
    assert app.button(key="use-draft").disabled
    fill(app, "checkbox", "part 2-without", True)
    assert not app.error
    assert used(app).sizes == (40,)


def test_data_in_use_are_edited_again_and_their_runs_are_kept(app: AppTest) -> None:
    opened(app)
    fill(app, "text_input", "mood-name", "feeling")
    press(app, "use-draft")
    own = state_of(app)
    before, lab = own.data, own.lab
    press(app, "edit-labels")
    assert draft_of(app).edits == before.edits
    assert "Edit the labels of mine" in words(app)
    fill(app, "number_input", "mood-rare", 2)
    assert state_of(app).data is before
    press(app, "use-draft")
    assert own.lab is not lab
    assert own.data.dataset.schema.names == ("feeling", "arousal")
    press(app, "edit-labels")
    fill(app, "number_input", "mood-rare", 0)
    press(app, "use-draft")
    assert own.data.dataset.digest == before.dataset.digest
    assert own.lab is lab


def test_a_sample_that_is_not_changed_stays_one(app: AppTest) -> None:
    open_page(app, "data")
    before = state_of(app).data
    press(app, "edit-labels")
    assert app.text_input(key=key(app, "part 1", "name")).value == "feeling"
    press(app, "use-draft")
    assert state_of(app).data is before
    press(app, "edit-labels")
    fill(app, "text_input", "part 1-name", "arousal")
    press(app, "use-draft")
    assert state_of(app).data.sample == ""
    assert state_of(app).data.dataset.schema.names == ("arousal", "polarity")
    assert not app.button(key="sample-feelings").disabled


def test_columns_of_yes_and_no_can_be_read_as_they_are_written(app: AppTest) -> None:
    open_page(app, "data")
    rows = "\n".join(
        f"text number {n},{'x' * (n % 2)},{'x' * (n % 3 == 0)},{'x' * (n % 5 == 0)}"
        for n in range(30)
    )
    upload(app, "crosses.csv", f"text,joy,fear,hope\n{rows}".encode())
    assert "3 yes/no columns (x and an empty cell in the file)" in words(app)
    assert "an empty cell means no" in words(app)
    assert "3 parts, 8 of 8 combinations, 30 texts." in words(app)
    reading = next(own for own in app.selectbox if own.label == "How a label is read")
    reading.set_value("3 parts, one column each").run()
    assert "29 left out" not in words(app)
    assert "usable rows" in app.error[0].value
    reading = next(own for own in app.selectbox if own.label == "How a label is read")
    reading.set_value("3 parts, yes or no").run()
    assert used(app).components[0].values == ("no", "yes")
