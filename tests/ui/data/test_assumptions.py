"""What was assumed about a file has a line, and a press that overrules it."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from tests.data.files.test_exports import CASES, doccano
from tests.data.files.test_sheets import HEAD
from tests.support.opened import BOTH, ROWS, as_csv
from tests.ui.conftest import open_page, press, state_of, upload_and_read, words


def test_an_export_is_named_and_a_press_reads_it_as_a_table(app: AppTest) -> None:
    open_page(app, "data")
    upload_and_read(app, "doccano.jsonl", doccano())
    assert "doccano's export" in words(app)
    draft = state_of(app).draft
    assert draft is not None and "Comments" not in draft.table.columns
    press(app, "overrule-export")
    draft = state_of(app).draft
    assert draft is not None and "Comments" in draft.table.columns
    assert "doccano's export" not in words(app)


def test_merged_spellings_are_said_and_told_apart_by_a_press(app: AppTest) -> None:
    open_page(app, "data")
    upload_and_read(app, "spellings.csv", CASES["spellings"].content())
    assert "differ only in case" in words(app)
    press(app, "overrule-case")
    assert "differ only in case" not in words(app)
    press(app, "use-draft")
    assert sorted(state_of(app).data.dataset.schema.sizes) == [2, 3]


def test_a_column_that_is_not_proposed_says_why_and_is_one_press_away(app: AppTest) -> None:
    rows = [(*row, (0.5, 1, 2)[n % 3]) for n, row in enumerate(ROWS)]
    open_page(app, "data")
    upload_and_read(app, "weights.csv", as_csv([(*HEAD, "weight"), *rows]))
    assert "looks like a weight of rows" in words(app)
    press(app, "overrule-weight")
    press(app, "use-draft")
    assert state_of(app).data.mapping.labels == ("temper", "stance", "weight")


def test_the_other_reading_is_one_press_away_and_what_was_said_stays(app: AppTest) -> None:
    open_page(app, "data")
    lines = [{"text": text, "label": f"{temper}|{stance}"} for text, temper, stance in ROWS]
    upload_and_read(app, "bars.jsonl", "\n".join(map(json.dumps, lines)).encode())
    press(app, "overrule-parts")
    press(app, "use-draft")
    data = state_of(app).data
    assert data.mapping.reading.kind == "whole"
    assert any("2 parts" in note for note in data.table.notes)


def test_a_split_is_used_when_it_is_ticked(app: AppTest) -> None:
    rows = [(*row, ("train", "train", "test")[n % 3]) for n, row in enumerate(ROWS)]
    open_page(app, "data")
    upload_and_read(app, "split.csv", as_csv([(*HEAD, "fold"), *rows]))
    box = next(own for own in app.checkbox if "test 16" in own.label)
    assert not box.value
    box.check().run()
    press(app, "use-draft")
    dataset = state_of(app).data.dataset
    assert dataset.sides is not None
    assert (dataset.sides == 2).sum() == 16
    assert sorted(len(c.values) for c in dataset.schema.components) == list(map(len, BOTH))
