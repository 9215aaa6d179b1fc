"""A handful of experiments trained together, one of them chosen by texts set aside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.arrays import Integers
from lossviz.data import Dataset
from lossviz.engine.fit import fit
from lossviz.engine.tune import ASIDE, FEWEST, tune
from lossviz.errors import LossVizError
from lossviz.experiments.choices import chosen
from lossviz.experiments.suggestion import alternatives, named
from tests.support.factories import dataset

DATA = dataset(800, seed=3)
CANDIDATES = [chosen(DATA, {**values, "epochs": 3}) for values in alternatives(DATA, {})]


def _only(rows: Integers) -> Dataset:
    texts = tuple(DATA.texts[row] for row in rows)
    return replace(DATA, texts=texts, codes=DATA.codes[rows], rows=DATA.rows[rows])


def test_each_has_the_error_that_it_has_alone_and_the_first_of_the_best_is_chosen() -> None:
    tuned = tune(DATA, CANDIDATES)
    errors = []
    for tried in tuned.tried:
        assert tried.error is not None
        split = tried.experiment.split.model_copy(update={"validation": ASIDE})
        sides = split.sides(DATA)
        alone = fit(_only(sides.train), tried.experiment, test=_only(sides.validation))
        assert tried.error.n == len(sides.validation) == tuned.texts
        assert alone.evaluation.joint.wrong == tried.error.wrong
        errors.append(tried.error.wrong)
    assert tuned.chosen == CANDIDATES[int(np.argmin(errors))]


def test_what_is_the_same_in_all_stays_and_the_proposal_comes_first() -> None:
    stated = alternatives(DATA, {"formulation": "joint", "epochs": 2})
    assert {values["formulation"] for values in stated} == {"joint"}
    assert [values.get("features.longest") for values in stated] == [None, 1]
    assert alternatives(DATA, {})[0]["formulation"] == "marginals"
    names = [named(candidate) for candidate in CANDIDATES]
    assert len(set(names)) == len(names) == 6
    assert names[0] == "marginals, 1 to 2 words"
    assert "components decoded together, single words" in names


def test_one_that_diverges_is_not_chosen() -> None:
    wild = CANDIDATES[0].where(
        {
            "model.kind": "hidden",
            "optimiser.name": "sgd",
            "optimiser.learning_rate": 1000.0,
            "component_weights": (1000.0, 1000.0),
        }
    )
    tuned = tune(DATA, [wild, *CANDIDATES[1:3]])
    assert tuned.tried[0].error is None
    assert tuned.chosen in CANDIDATES[1:3]


def test_so_few_texts_choose_nothing() -> None:
    small = dataset(int(FEWEST / ASIDE))
    with pytest.raises(LossVizError, match="Leave it out"):
        tune(small, [chosen(small, {})])
