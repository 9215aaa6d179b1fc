"""What stands beside the errors of runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reliability import Reliability
from lossviz.experiments.runs.provisos import (
    MANY_LOOKS,
    costs_decided,
    impossible_answers,
    looks_words,
    unseen_labels,
)
from lossviz.experiments.runs.run import Run
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.unseen import Unseen
from tests.support.factories import dataset

DATA = dataset(40)
TEXTS, RIGHT = 50, 29
"""Texts whose first part is given 90 %, and of them those that are right."""


def run(decoder: str, impossible: int = 0) -> Run:
    predicted = np.zeros((TEXTS, 2), np.int64)
    true = predicted.copy()
    true[RIGHT:, 0] = 1
    probability = np.tile(np.float32([0.9, 0.6]), (TEXTS, 1))
    counted = Reliability.of(probability, true == predicted)
    made = Run.of(Experiment.for_dataset(DATA, decoder=decoder))
    made.evaluation = Evaluation(true, predicted, probability[:, 0], 1, impossible, counted)
    return made


def test_who_decides_by_costs_reads_how_often_sure_answers_are_right() -> None:
    runs = {"A": run("joint_mode"), "B": run("min_cost")}
    (sentence,) = costs_decided(runs, DATA.schema.names)
    wrong = ErrorRate.of(TEXTS - RIGHT, TEXTS)
    low, high = 100 * (1 - wrong.high), 100 * (1 - wrong.low)
    assert sentence.startswith("B: Decided by probabilities and costs: first 1, second 1, any ")
    assert "too sure on first: it says 90.0 % and is right in 58.0 %" in sentence
    assert f"58.0 % [{low:.1f}, {high:.1f}], n = 50" in sentence
    assert "on second" not in sentence


def test_sure_answers_are_those_of_the_last_two_bins() -> None:
    random = np.random.default_rng(2)
    probability, right = random.random((400, 1), np.float32), random.random((400, 1)) < 0.7
    (sure,) = Reliability.of(probability, right).surest
    chosen = probability >= 0.8
    assert sure.n == chosen.sum()
    assert sure.right == pytest.approx(right[chosen].mean())
    assert sure.said == pytest.approx(probability[chosen].mean())
    assert sure.too_sure
    (honest,) = Reliability.of(probability, random.random((400, 1)) < probability).surest
    assert not honest.too_sure


def test_impossible_answers_are_counted_run_by_run() -> None:
    runs = {"A": run("joint_mode"), "B": run("marginal_modes", 3)}
    evaluations = {letter: made.evaluation for letter, made in runs.items() if made.evaluation}
    assert impossible_answers(evaluations).endswith("predicted: B 3 of 50 times.")
    assert "No run predicted" in impossible_answers({"A": evaluations["A"]})


def test_what_the_mask_gives_is_said_with_the_texts_that_it_was_measured_on() -> None:
    judged = run("marginal_modes", 3).evaluation
    assert judged is not None
    known, new = (replace(judged, wrong_masked=9, unseen=Unseen(n, n, TEXTS)) for n in (0, 4))
    said = impossible_answers({"A": known})
    assert "wrong on the whole label 18.0 %" in said
    assert "these 50 held-out texts, of which none have a combination that training never" in said
    assert "of which 4 have" in impossible_answers({"A": new})
    assert not unseen_labels({"A": known})
    assert unseen_labels({"A": known, "B": new}).startswith("In each of 2 splits 0 to 4 of 50 ")


def test_how_often_the_same_texts_have_judged_is_said_once_it_is_a_search() -> None:
    assert not looks_words(MANY_LOOKS, 303)
    assert looks_words(MANY_LOOKS + 1, 303).startswith("The same 303 held-out texts have judged 5 ")
