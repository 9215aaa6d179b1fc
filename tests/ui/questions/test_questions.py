"""The four questions: first a guess, then what the numbers say."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.experiments.weights import Weights
from lossviz.ui.questions import coupling, decisions, mapping, sigmoid
from lossviz.ui.questions.guess import JUST_SHOW
from tests.support.waiting import PATIENCE, wait_until
from tests.ui.conftest import words

KEYS = {
    "mapping": mapping.FOUR_SAY_MORE,
    "sigmoid": sigmoid.LOGIT,
    "coupling": coupling.NEVER,
    "free": coupling.ANYWHERE,
    "decisions": decisions.STAYS,
}


def script() -> None:
    import streamlit as st

    from lossviz.ui.questions import four_questions

    if not st.toggle("Away"):
        four_questions()


@pytest.fixture
def page() -> AppTest:
    own = AppTest.from_function(script, default_timeout=PATIENCE).run()
    assert not own.exception
    return own


def settled(page: AppTest) -> AppTest:
    """Fragments do not tick here: run again until the workers have answered."""
    wait_until(lambda: not page.get("skeleton"), page.run)
    assert not page.exception, page.exception
    return page


def guess(page: AppTest, key: str, choice: str) -> AppTest:
    page.radio(key=f"guess-{key}").set_value(choice).run()
    return settled(page)


def verdict(page: AppTest, *, right: bool) -> str:
    """What is said of the latest guess."""
    said = page.success if right else page.info
    assert len(said) == 1
    return str(said[0].value)


def number(page: AppTest, key: str, value: float | None) -> AppTest:
    page.number_input(key=key).set_value(value).run()
    return settled(page)


def test_nothing_is_revealed_before_a_guess(page: AppTest) -> None:
    assert [own.key for own in page.radio] == [
        f"guess-{key}" for key in ("mapping", "sigmoid", "coupling", "decisions")
    ]
    assert all(own.value is None for own in page.radio)
    assert not [*page.success, *page.info, *page.code, *page.table, *page.metric]
    assert not page.get("bidi_component")
    # Only the last question is about numbers that have to be seen first.
    assert {own.key for own in page.number_input} == {
        f"belief-{label}" for label in decisions.LABELS
    }


def test_every_question_says_that_the_right_guess_is_right(page: AppTest) -> None:
    for answered, (key, right) in enumerate(KEYS.items(), start=1):
        guess(page, key, right)
        assert len(page.success) == answered
        assert not page.info
    assert all(own.value.startswith("**Right.**") for own in page.success)


@pytest.mark.parametrize("key", ["mapping", "sigmoid", "coupling", "decisions"])
def test_a_wrong_guess_can_be_changed(page: AppTest, key: str) -> None:
    options = page.radio(key=f"guess-{key}").options
    assert options[-1] == JUST_SHOW
    wrong = next(own for own in options if own != KEYS[key])
    assert verdict(guess(page, key, wrong), right=False).startswith("**Not quite.**")
    assert verdict(guess(page, key, KEYS[key]), right=True).startswith("**Right.**")
    assert not verdict(guess(page, key, JUST_SHOW), right=False).startswith("**")


def test_the_mapping_goes_both_ways(page: AppTest) -> None:
    guess(page, "mapping", JUST_SHOW)
    for label, count in zip(("AC", "AD", "BC", "BD"), (8, 2, 2, 8), strict=True):
        number(page, f"mapping-{label}", count)
    assert page.number_input(key="mapping-u").value == 0.0
    assert page.number_input(key="mapping-t").value == pytest.approx(1.386294, abs=1e-6)
    assert "AC 0.25 instead of 0.4" in page.info[0].value
    number(page, "mapping-t", 0.0)
    assert page.number_input(key="mapping-AC").value == pytest.approx(0.25)
    assert "Here t is 0" in page.info[0].value


def test_a_probability_of_0_is_said_to_be_infinitely_far_away(page: AppTest) -> None:
    guess(page, "mapping", JUST_SHOW)
    number(page, "mapping-AC", 0.0)
    assert page.number_input(key="mapping-t").value is None
    assert page.number_input(key="mapping-t").placeholder == "−∞"
    assert "u = −∞, v = −∞, t = −∞" in words(page)
    number(page, "mapping-AD", 0.0)
    assert "v is undefined" in words(page)
    number(page, "mapping-AC", 0.4)
    number(page, "mapping-AD", 0.1)
    assert page.number_input(key="mapping-t").value == pytest.approx(0.8959, abs=1e-4)


@pytest.mark.parametrize(
    ("typed", "says"),
    [(-1.0, "AC is −1: a probability is never below 0"), (None, "AC is empty")],
)
def test_a_bad_number_gets_a_sentence_and_loses_nothing(
    page: AppTest, typed: float | None, says: str
) -> None:
    guess(page, "mapping", JUST_SHOW)
    before = page.info[0].value
    number(page, "mapping-AC", typed)
    assert says in page.error[0].value
    assert page.number_input(key="mapping-AC").value == typed
    assert page.number_input(key="mapping-BD").value == 0.3
    assert page.info[0].value == before
    number(page, "mapping-AC", 0.4)
    assert not page.error


def test_a_bad_coordinate_gets_a_sentence_and_loses_nothing(page: AppTest) -> None:
    guess(page, "mapping", JUST_SHOW)
    number(page, "mapping-t", 1e6)
    assert "t is 1e+06: type a number between −100 and 100" in page.error[0].value
    assert page.number_input(key="mapping-AC").value == 0.4
    number(page, "mapping-t", None)
    assert "t is empty" in page.error[0].value
    number(page, "mapping-t", 0.5)
    assert not page.error


def test_the_losses_follow_the_logits(page: AppTest) -> None:
    guess(page, "sigmoid", JUST_SHOW)
    assert [own.value for own in page.metric][1:3] == ["0.313", "0.693"]
    number(page, "logits-AC", 40.0)
    assert [own.value for own in page.metric] == ["0.313", "0.313", "0.693", "0", "0", "∞"]
    page.segmented_control(key="sigmoid-true").set_value("BD").run()
    settled(page)
    assert [own.value for own in page.metric] == ["1.31", "0.693", "1.31", "38.7", "0", "∞"]
    number(page, "logits-AC", 80.0)
    assert "AC is 80: type a number between −50 and 50" in page.error[0].value
    assert page.metric[0].value == "1.31"


def test_without_a_coupling_the_product_is_right(page: AppTest) -> None:
    guess(page, "coupling", coupling.PRODUCT)
    assert verdict(page, right=False).startswith("**Not quite.**")
    page.slider(key="slider-t-true").set_value(0.0).run()
    settled(page)
    assert "Here t is 0" in verdict(page, right=True)
    assert page.metric[0].value == "0 nats"


def test_marginals_ends_where_its_starts_lead(page: AppTest) -> None:
    guess(page, "coupling", coupling.NEVER)
    guess(page, "free", coupling.ANYWHERE)
    table = page.table[0].value
    right = table[table.columns[1:3]].drop_duplicates()
    assert len(table) == 7
    assert len(right) == 1
    assert table["P(AC)"].nunique() == 4  # three of marginals, and the true one


def test_the_presets_flip_the_decision_and_the_verdict(page: AppTest) -> None:
    guess(page, "decisions", decisions.FLIPS)
    assert "no weight can change that" in verdict(page, right=False)
    assert page.table[0].value["answers"].tolist() == ["AC", "BC", "BC"]
    page.button(key="preset-AC never occurs").click().run()
    settled(page)
    assert "BC up to α/β = 4, and from there on AD" in verdict(page, right=True)
    assert page.table[0].value["answers"].tolist() == ["AD", "BC", "BC"]
    page.session_state[decisions.COSTS] = (1, Weights((5.0, 1.0, 0.0)))
    page.run()
    settled(page)
    assert page.table[0].value["answers"].tolist() == ["AD", "BC", "AD"]
    page.segmented_control(key=decisions.FORBIDDEN).set_value("none").run()
    settled(page)
    assert "no weight can change that" in verdict(page, right=False)


def test_what_never_occurs_cannot_be_all_that_is_believed(page: AppTest) -> None:
    guess(page, "decisions", decisions.FLIPS)
    page.segmented_control(key=decisions.FORBIDDEN).set_value("BD").run()
    for label in ("AC", "BC"):
        number(page, f"belief-{label}", 0.0)
    assert "Only BD is believed" in page.error[0].value


def test_gamma_alone_can_change_the_decision(page: AppTest) -> None:
    guess(page, "decisions", decisions.FLIPS)
    page.session_state[decisions.COSTS] = (1, Weights((1.0, 1.0, 1.0)))
    page.run()
    settled(page)
    assert "AC up to α/β = 0.5, and from there on BC" in verdict(page, right=True)


def test_the_guess_and_the_numbers_survive_a_change_of_page(page: AppTest) -> None:
    guess(page, "mapping", JUST_SHOW)
    number(page, "mapping-AC", 0.7)
    said = page.info[0].value
    page.toggle[0].set_value(True).run()
    assert not page.radio
    page.toggle[0].set_value(False).run()
    settled(page)
    assert page.radio(key="guess-mapping").value == JUST_SHOW
    assert page.number_input(key="mapping-AC").value == 0.7
    assert page.info[0].value == said
