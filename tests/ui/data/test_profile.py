"""What the Data page says of the data in use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.ui.data import closer_look
from lossviz.ui.data.closer_look import LOOKS
from tests.ui.conftest import open_page, press, run_until, state_of, upload_and_read, words


def use(app: AppTest, rows: list[tuple[str, str]]) -> None:
    content = "\n".join(["text;label", *(f"{text};{label}" for text, label in rows)]).encode()
    open_page(app, "data")
    upload_and_read(app, "mine.csv", content)
    press(app, "use-draft")


def look_of(app: AppTest) -> closer_look.CloserLook:
    return LOOKS.of(state_of(app).data.dataset)


def test_the_sample_is_looked_at_unasked_and_the_result_stays(app: AppTest) -> None:
    open_page(app, "data")
    run_until(app, lambda: look_of(app).complete)
    app.run()
    said = words(app)
    assert "feeling and polarity: knowing one tells hardly anything about the other" in said
    assert "Every combination of the parts occurs." in said
    assert "None was found among 1,510 different texts." in said
    assert "0 of 303 test texts have a near-duplicate in training" in said
    assert "polarity: far above guessing. Hardest to recognise: negative, missed" in said
    assert "on all 1,515 texts, cross-validated in 5 parts" in said
    assert not any(own.key in ("look-start", "look-stop") for own in app.button)
    open_page(app, "train")
    open_page(app, "data")
    assert "polarity: far above guessing" in words(app)


def test_what_never_occurs_is_shown_with_what_chance_would_bring(app: AppTest) -> None:
    rows = [(f"word{n} and more {n % 7}", ("A|C", "B|D")[n % 2]) for n in range(60)]
    use(app, rows)
    said = words(app)
    assert "2 of 4 combinations never occur. Of 2 chance would bring 5 texts or more" in said
    assert "expected 15.0, found 0" in said
    assert [own.label for own in app.tabs] == ["Occur (2)", "Never occur (2)"]
    assert "part 1 and part 2: knowing one tells nearly all about the other." in said


def test_repetitions_and_odd_lengths_are_listed(app: AppTest) -> None:
    rows = [(f"some text number {n}", "AB"[n % 2]) for n in range(40)]
    use(app, [*rows, ("Some  text number 0", "B"), ("word", "A"), ("so " * 400, "B")])
    said = words(app)
    assert "1 row with a text that occurred before, but for case and white space." in said
    assert "1 text with more than one label, in 2 rows" in said
    assert "1 text has fewer than 2 words." in said
    assert "1 text has more than" in said and "(20 times the median)" in said
    table = next(own.value for own in app.dataframe if "times" in own.value.columns)
    assert table["rows"].tolist() == ["1, 41"]
    assert table["labels"].tolist() == ["A (1), B (1)"]


def test_texts_without_spaces_are_said_to_get_characters(app: AppTest) -> None:
    rows = [(f"今天天气很好{'好坏'[n % 2]}{chr(0x4E00 + n)}", "AB"[n % 2]) for n in range(40)]
    use(app, rows)
    assert "features are runs of 1 to 3 characters" in words(app)
    assert any(own.label == "Characters in a text (median)" for own in app.metric)
    assert state_of(app).lab.runs["A"].experiment.features.analyser == "char"


def test_it_can_be_stopped_and_started_again(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closer_look, "MOST_UNASKED", 0)
    rows = [(f"some text number {n} {n * n}", "AB"[n % 2]) for n in range(50)]
    use(app, rows)
    assert "Not looked at yet." in words(app)
    app.button(key="look-start").click().run()
    assert look_of(app).busy(state_of(app).lab)
    if any(own.key == "look-stop" for own in app.button):
        app.button(key="look-stop").click().run()
        assert not look_of(app).busy(state_of(app).lab)
        app.button(key="look-start").click().run()
    run_until(app, lambda: look_of(app).complete)
    app.run()
    assert "label: " in words(app) and "Not looked at yet." not in words(app)


def test_what_went_wrong_is_said_and_the_rest_of_the_page_stays(app: AppTest) -> None:
    open_page(app, "data")
    own = state_of(app)
    other = replace(own.data, dataset=replace(own.data.dataset, digest="another"))
    own.use(replace(own.source, data=other))
    look = look_of(app)
    look.stop(own.lab)
    look.problem = "The process that looked at the data was lost."
    app.run()
    assert any("was lost" in error.value for error in app.error)
    assert any(button.key == "look-start" for button in app.button)
    assert "Every combination of the parts occurs." in words(app)
