"""A saved model on the Library page: its settings, its errors, and what it says of a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from lossviz.__main__ import main
from lossviz.engine.saved import open_model
from lossviz.experiments.words import measured
from lossviz.ui.library.saved_model import KEY, SENTENCE, Opened
from tests.support.projects import csv
from tests.ui.conftest import open_page, run_until, words


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the command line saved."""
    folder = tmp_path_factory.mktemp("saved")
    data, out = folder / "small.csv", folder / "model.safetensors"
    data.write_bytes(csv(120))
    given = ("fit", data, "--label", "label", "--epochs", 2, "--save", out, "--yes")
    result = CliRunner().invoke(main, [*map(str, given)])
    assert result.exit_code == 0, result.stderr
    return Path(out).read_bytes()


def give(app: AppTest, content: bytes, name: str = "mine.safetensors") -> Opened:
    uploader = next(one for one in app.file_uploader if "saved model" in one.label)
    uploader.upload(name, content).run()
    opened: Opened = app.session_state[KEY]
    run_until(app, lambda: opened.card is not None or bool(opened.problem))
    app.run()
    return opened


def test_its_settings_and_its_errors_are_those_that_were_saved(app: AppTest, model: bytes) -> None:
    open_page(app, "library")
    opened = give(app, model)
    kept = open_model(model, "m").card
    assert opened.card == kept
    said = words(app)
    assert "trained on small.csv" in said
    assert kept.errors
    for name, error in kept.errors:
        assert f"Wrong on {name}: {measured(error)}." in said


def test_a_sentence_gets_the_probabilities_that_the_model_gives(app: AppTest, model: bytes) -> None:
    open_page(app, "library")
    opened = give(app, model)
    sentence = "some text of the file"
    app.text_input(key=SENTENCE).set_value(sentence).run()
    run_until(app, lambda: opened.answer is not None)
    app.run()
    expected = open_model(model, "m").answer(sentence)
    assert opened.answer == expected
    assert f"It says {', '.join(expected.label)}" in words(app)
    for part in expected.parts:
        assert sum(part) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("content", [b"\x80\x04pickle", bytes(99)], ids=["pickle", "zeros"])
def test_what_is_no_model_is_one_sentence(app: AppTest, content: bytes) -> None:
    open_page(app, "library")
    opened = give(app, content)
    assert "mine.safetensors is no model that was saved here" in opened.problem
    assert len(app.error) == 1
