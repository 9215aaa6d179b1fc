"""Files that come in: large ones are waited for, bad ones leave everything as it was."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.apart import AT_ONCE, Stored
from lossviz.ui.data import upload as upload_module
from tests.support.workbooks import sheet_rows, text_cell, xlsx, zipped
from tests.test_apart import endless
from tests.ui.conftest import open_page, run_until, state_of, upload, upload_together, words

ROWS = [["text", "label"], *([f"a text {n}", ("A|C", "B|D")[n % 2]] for n in range(30))]
BOMB = xlsx({"A": f'<row r="1">{text_cell("A1", "a")}{text_cell("XFD1048576", "b")}</row>'})


def arrived(app: AppTest) -> None:
    run_until(app, lambda: state_of(app).incoming is None)
    app.run()


def large(rows: int) -> bytes:
    return b"text,label\n" + b"".join(
        b"some text that is number %d,%s\n" % (n, (b"A|C", b"B|D", b"A|D")[n % 3])
        for n in range(rows)
    )


def test_a_workbook_is_read_apart_and_used(app: AppTest) -> None:
    open_page(app, "data")
    upload(app, "book.xlsx", xlsx({"Notes": "", "Data": sheet_rows(ROWS)}))
    arrived(app)
    draft = state_of(app).draft
    assert draft is not None
    assert draft.table.format.part == "Data"
    app.button(key="use-draft").click().run()
    assert len(state_of(app).data.dataset) == 30


def test_a_bomb_leaves_the_data_the_runs_and_the_draft(app: AppTest) -> None:
    open_page(app, "data")
    upload(app, "mine.csv", large(40))
    own = state_of(app)
    before = (own.data, own.lab, own.draft)
    assert own.draft is not None
    upload(app, "bomb.xlsx", BOMB)
    arrived(app)
    assert (own.data, own.lab, own.draft) == before
    assert "1,048,576" in own.upload_problem
    assert len(app.error) == 1
    assert "as they were" in words(app)


def test_a_large_file_shows_that_it_is_read_and_can_be_stopped(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "PATIENCE", 0.0)
    open_page(app, "data")
    upload(app, "large.csv", large(400_000))
    own = state_of(app)
    assert own.incoming is not None
    assert "Reading large.csv" in words(app)
    reading = own.incoming.reading
    app.button(key="stop-reading").click().run()
    assert own.incoming is None
    assert reading.done
    assert own.draft is None
    assert not app.error


def test_a_file_that_waits_for_others_says_so(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "PATIENCE", 0.0)
    others = [endless(20_000_000) for _ in range(AT_ONCE)]
    open_page(app, "data")
    upload(app, "large.csv", large(40_000))
    assert "2 others are being read; large.csv starts in about" in words(app)
    assert "Reading large.csv" not in words(app)
    for other in others:
        other.stop()
    arrived(app)
    assert state_of(app).draft is not None


def test_a_second_file_takes_the_place_of_the_one_on_its_way(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "PATIENCE", 0.0)
    open_page(app, "data")
    upload(app, "large.csv", large(400_000))
    first = state_of(app).incoming
    assert first is not None
    upload_module.read_draft(state_of(app), "small.csv", Stored(large(30)))
    assert state_of(app).incoming is None
    assert state_of(app).draft is not None
    assert first.reading.done


def test_many_texts_are_trained_on_as_a_sample_that_is_named_everywhere(app: AppTest) -> None:
    open_page(app, "data")
    upload(app, "many.csv", large(25_000))
    arrived(app)
    app.button(key="use-draft").click().run()
    own = state_of(app)
    assert own.source.profile.used == 25_000
    assert len(own.lab.dataset) == 20_000
    said = words(app)
    assert "a sample of 20,000 of the 25,000 texts" in said
    assert "± 1.5 points, on 4,000 held-out texts, instead of ± 1.4" in said
    for page in ("train", "formulations", "weights", "trade_off", "surfaces"):
        open_page(app, page)
        links = [own.proto.label for own in app.get("page_link")]
        assert any("stratified sample of 20,000 of 25,000 texts" in label for label in links), page
    run = next(iter(own.lab.runs.values()))
    assert run.experiment.data.name == "many.csv (sample of 20,000 of 25,000 texts)"


def sides(head: str = "text,label") -> dict[str, bytes]:
    """Three files of 90, 30 and 40 texts, as benchmarks are shared."""
    lines = large(160).splitlines()[1:]
    cuts = {"train.csv": lines[:90], "dev.csv": lines[90:120], "test.csv": lines[120:]}
    return {name: b"\n".join([head.encode(), *own]) for name, own in cuts.items()}


@pytest.mark.parametrize("packed", [False, True], ids=["together", "in a zip"])
def test_several_files_are_one_and_the_split(packed: bool, app: AppTest) -> None:
    open_page(app, "data")
    if packed:
        upload(app, "letters.zip", zipped(sides() | {"README.md": b"some words"}))
    else:
        upload_together(app, sides())
    arrived(app)
    draft = state_of(app).draft
    assert draft is not None
    assert len(draft.table) == 160
    assert draft.mapping is not None
    assert draft.mapping.split == "file"
    assert "The files are the split" in words(app)
    app.button(key="use-draft").click().run()
    counted = state_of(app).data.dataset.sides
    assert counted is not None
    assert [counted.tolist().count(side) for side in range(3)] == [90, 30, 40]


def test_one_press_divides_several_files_by_lot(app: AppTest) -> None:
    open_page(app, "data")
    upload_together(app, sides())
    arrived(app)
    app.button(key="overrule-split").click().run()
    arrived(app)
    app.button(key="use-draft").click().run()
    own = state_of(app).data.dataset
    assert (len(own), own.sides) == (160, None)


def test_files_with_other_columns_are_one_sentence(app: AppTest) -> None:
    open_page(app, "data")
    upload_together(app, {**sides(), "test.csv": sides("text,mood")["test.csv"]})
    arrived(app)
    assert "test.csv has other columns than train.csv" in state_of(app).upload_problem
