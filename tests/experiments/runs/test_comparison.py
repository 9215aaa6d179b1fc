"""Comparisons: what trained runs say of each other, claimed or not, with every number."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.runs.comparison import MOST_NAMED, conclusions, not_beaten
from lossviz.experiments.words import measured
from lossviz.schema import Component, LabelSchema

SCHEMA = LabelSchema.full([Component("first", ("A", "B")), Component("second", ("C", "D"))], "")
CLAIM = re.compile(r"(\w) is wrong on (.+?) (less|more) often than (\w): ([−+][\d.]+) points")


def judged(*wrong: list[int], rows: int, schema: LabelSchema = SCHEMA) -> Evaluation:
    """Wrong on these rows of each part."""
    true = np.zeros((rows, len(wrong)), dtype=np.int64)
    predicted = true.copy()
    for k, places in enumerate(wrong):
        predicted[places, k] = 1
    return Evaluation(true, predicted, np.zeros(rows, np.float32), 1, 0)


def test_a_claim_and_what_is_not_settled_stand_with_their_numbers() -> None:
    rows = range(100)
    first = judged([*rows[:30]], [*rows[:20]], rows=100)
    other = judged([*rows[:5]], [*rows[2:23]], rows=100)
    (sentence,) = conclusions({"A": first, "B": other}, SCHEMA)
    claims = CLAIM.findall(sentence)
    assert ("B", "first", "less", "A", "−25.0") in claims
    claimed, unsettled = sentence.split("not settled: ")
    assert "second" not in claimed
    assert "second +1.0 points [−" in unsettled
    assert sentence.endswith("n = 100.")


def test_without_a_claim_the_largest_difference_comes_first_with_its_size() -> None:
    first = judged([], [], rows=100)
    other = judged([0, 1, 2, 3, 4], [5], rows=100)
    same, (sentence,) = (conclusions({"A": first, "B": run}, SCHEMA) for run in (first, other))
    assert not CLAIM.search(sentence)
    assert sentence.startswith("B against A, not settled: the whole label +6.0 points [")
    assert sentence.index("first +5.0") < sentence.index("second +1.0")
    assert (
        "the whole label 0.0 points [−" in same[0]
    )  # no row differs, and yet it is not 0 for sure


def test_where_the_test_is_stricter_than_the_interval_nothing_is_claimed() -> None:
    schema = LabelSchema.full([Component("only", ("A", "B"))], "")
    first, other = judged([], rows=900), judged([*range(6)], rows=900)
    (sentence,) = conclusions({"A": first, "B": other}, schema)
    assert not CLAIM.search(sentence)
    assert "[+0." in sentence
    assert "exact McNemar does not reject" in sentence


def test_of_many_parts_the_largest_differences_are_named_and_the_others_counted() -> None:
    schema = LabelSchema.full([Component(f"part {k}", ("A", "B")) for k in range(8)], "|")
    first = judged(*[[]] * 8, rows=200)
    other = judged(*[[k] for k in range(8)], rows=200)
    (sentence,) = conclusions({"A": first, "B": other}, schema)
    assert sentence.count("points") == MOST_NAMED
    assert f"{9 - MOST_NAMED} smaller differences" in sentence


def test_a_run_alone_is_held_against_nothing() -> None:
    assert conclusions({}, SCHEMA) == ()
    assert conclusions({"A": judged([], [], rows=10)}, SCHEMA) == ()


@pytest.mark.parametrize(("wrong", "beaten"), [(10, True), (48, False), (50, False)])
def test_where_no_run_beats_guessing_it_is_said(wrong: int, beaten: bool) -> None:
    """Guessing is wrong on 100 of 200; an edge that chance may give beats nothing."""
    run = replace(judged([*range(2 * wrong)], [], rows=200), guess=Baseline((0.5, 0.0), 0.5))
    worst = replace(run, predicted=1 - run.true)
    says = not_beaten({"A": worst, "B": run})
    assert (says == "") == beaten
    assert not_beaten({}) == ""
    if not beaten:
        assert measured(run.joint) in says
        assert "50.0 % of the whole labels" in says


def test_chance_alone_rarely_looks_like_a_difference() -> None:
    random = np.random.default_rng(0)
    alarms = 0
    for _ in range(200):
        true = SCHEMA.class_codes[random.integers(4, size=200)]
        runs = {}
        for letter in "ABCD":
            flip = random.random((200, 1)) < 0.3
            other = SCHEMA.class_codes[random.integers(4, size=200)]
            predicted = np.where(flip, other, true)
            runs[letter] = Evaluation(true, predicted, np.zeros(200, np.float32), 1, 0)
        alarms += any(CLAIM.search(sentence) for sentence in conclusions(runs, SCHEMA))
    assert alarms <= 20  # of 200; 10 expected at the most
