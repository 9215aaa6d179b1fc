"""The Data page: upload, map, use."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import open_page, press, state_of, upload_and_read, words

ROWS = [("good fine day", "A:C"), ("bad poor night", "B:D"), ("good odd night", "A:D")] * 8


def file_of(rows: list[tuple[str, str]]) -> bytes:
    return "\n".join(["words;kind", *(f"{text};{label}" for text, label in rows)]).encode()


def test_a_file_is_read_mapped_and_used(app: AppTest) -> None:
    open_page(app, "data")
    upload_and_read(app, "mine.csv", file_of(ROWS))
    assert "semicolons" in words(app)
    press(app, "use-draft")
    own = state_of(app)
    assert own.data.title == "mine.csv"
    assert own.data.dataset.schema.class_names == ("A:C", "A:D", "B:D")
    assert own.lab.dataset is own.data.dataset
    assert "1 of 4" in words(app)


def test_parts_can_be_named(app: AppTest) -> None:
    open_page(app, "data")
    upload_and_read(app, "mine.csv", file_of(ROWS))
    next(own for own in app.text_input if own.label == "Part 1").set_value("tone").run()
    press(app, "use-draft")
    assert state_of(app).data.dataset.schema.names[0] == "tone"


def test_what_cannot_be_read_leaves_the_data_and_the_runs(app: AppTest) -> None:
    open_page(app, "data")
    before = state_of(app)
    source, lab = before.data, before.lab
    upload_and_read(app, "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "picture" in app.error[0].value
    assert (state_of(app).data, state_of(app).lab) == (source, lab)
    assert state_of(app).draft is None


def test_rows_that_cannot_be_used_are_listed(app: AppTest) -> None:
    open_page(app, "data")
    upload_and_read(app, "holes.csv", file_of([*ROWS, ("", "A:C"), ("no label", "")]))
    press(app, "use-draft")
    dropped = state_of(app).data.dataset.dropped
    assert [own.row for own in dropped] == [25, 26]
    assert any("2 rows left out" in own.label for own in app.expander)


def test_coming_back_to_data_finds_their_runs(app: AppTest) -> None:
    open_page(app, "data")
    first = state_of(app).lab
    upload_and_read(app, "mine.csv", file_of(ROWS))
    press(app, "use-draft")
    assert state_of(app).lab is not first
    press(app, "sample-feelings")
    assert state_of(app).lab is first


@pytest.mark.parametrize(
    ("patterns", "count"),
    [
        pytest.param(("uci_*", "awkward/nlu_*"), 2, id="two"),
        pytest.param(("*.*", "awkward/*"), 9, id="all", marks=pytest.mark.slow),
    ],
)
def test_every_real_file_can_be_put_to_use_or_says_what_to_change(
    app: AppTest, shared_data: Path, patterns: tuple[str, ...], count: int
) -> None:
    files = sorted(own for pattern in patterns for own in shared_data.glob(pattern))
    assert len(files) == count
    for file in files:
        open_page(app, "data")
        upload_and_read(app, file.name, file.read_bytes())
        if file.name == "nlu_semicolon.csv":  # nineteen rows with one and the same label
            assert "there is nothing to learn" in app.error[0].value
            continue
        assert not app.error, (file.name, app.error[0].value)
        press(app, "use-draft")
        assert state_of(app).data.title == file.name
        open_page(app, "train")
        assert not app.error
