"""Which texts a run was judged on."""

from __future__ import annotations

import numpy as np

from lossviz.data import split
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.run import MOVED, held_out_texts
from lossviz.experiments.specs import SplitSpec
from tests.support.factories import dataset

DATA, SPEC = dataset(40), SplitSpec(seed=3)
ROWS = split(DATA, SPEC.test_size, SPEC.seed).test


def judged(true: np.ndarray) -> Evaluation:
    return Evaluation(true, true, np.zeros(len(true), np.float32), 1, 0)


def test_they_are_those_of_the_split_in_its_order() -> None:
    expected = tuple(DATA.texts[row] for row in ROWS)
    assert held_out_texts(DATA, SPEC, None) == expected
    assert held_out_texts(DATA, SPEC, judged(DATA.codes[ROWS])) == expected


def test_a_run_that_was_judged_on_others_is_shown_none_of_these() -> None:
    others = judged(DATA.codes[ROWS][::-1])
    assert set(held_out_texts(DATA, SPEC, others)) == {MOVED}
