"""What is claimed of two formulations, beside what is true on fresh texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.runs.repeat import FOLDS
from tests.simulations.formulations import Said, Setting, Trial, trial
from tests.simulations.rows import SETTINGS

UNEQUAL = SETTINGS["`marginals` at 1 : 1, then at 5 : 1, one hidden unit"]
DATA_SETS = 40


def small(setting: Setting) -> Setting:
    return replace(setting, rows=150, fresh=500)


@pytest.fixture(scope="module")
def made() -> Trial:
    return trial(small(UNEQUAL), 0)


def test_a_large_effect_is_claimed_and_the_same_twice_is_not(made: Trial) -> None:
    truth = made.fresh["B"] - made.fresh["A"]
    assert len(made.answers["A"]) == FOLDS
    assert made.of_formulations("C", 0.0 * truth) == Said(0, 0)
    assert made.of_formulations("B", truth).false == 0
    assert made.of_models("B").false == 0
    assert sum(made.holds(truth)) >= 2


def test_a_claim_is_false_where_the_truth_is_the_other_way_or_nothing(made: Trial) -> None:
    truth = made.fresh["B"] - made.fresh["A"]
    said = made.of_formulations("B", truth)
    assert made.of_formulations("B", 0.0 * truth) == Said(said.claims, said.claims)
    assert made.of_formulations("B", -truth).false == said.claims - said.false


@pytest.mark.slow
@pytest.mark.parametrize("name", SETTINGS)
def test_of_formulations_nothing_false_is_said_and_intervals_cover(name: str) -> None:
    trials = [trial(SETTINGS[name], seed) for seed in range(DATA_SETS)]
    truth = np.mean([made.fresh["B"] - made.fresh["A"] for made in trials], axis=0)
    covers = np.mean([made.holds(truth) for made in trials], axis=0)
    assert (covers >= 0.85).all()  # 93 % or more, of 40
    for letter, true in (("C", 0.0 * truth), ("B", truth)):
        false = sum(made.of_formulations(letter, true).false > 0 for made in trials)
        assert false <= 5  # 5 % or less, of 40
