"""What is suggested where nothing is chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.suggestion import (
    FEW_LABELS,
    MANY_ROWS,
    MANY_TEXTS,
    QUICK,
    QUICKER,
    VERY_MANY_ROWS,
    alternatives,
    suggestion,
)
from tests.support.factories import dataset
from tests.support.schemas import schema_of

FEW = dataset(4 * MANY_TEXTS)
PARTS = {"formulation": "components", "decoder": "joint_mode", "optimiser.shrinking": 0.01}
LABELS = [f"{a}{b}" for a in "ABC" for b in "CDE"]
assert len(LABELS) > FEW_LABELS
MANY = replace(
    dataset(9 * MANY_TEXTS),
    schema=schema_of(("first", "second"), LABELS, separator=""),
    codes=np.array([[k // 3, k % 3] for k in range(9)] * MANY_TEXTS, dtype=np.int64),
)


def test_few_labels_with_many_texts_each_are_learned_as_a_whole() -> None:
    suggested = suggestion(FEW, {})
    assert suggested is not None
    assert suggested.values == {"formulation": "marginals"}
    assert suggested.why.startswith(f"4 whole labels, {MANY_TEXTS} texts each in the median")


@pytest.mark.parametrize("data", [MANY, dataset(4 * MANY_TEXTS - 4)], ids=["labels", "texts"])
def test_many_labels_or_few_texts_are_learned_part_by_part(data: object) -> None:
    suggested = suggestion(data, {})  # type: ignore[arg-type]
    assert suggested is not None
    assert suggested.values == PARTS
    assert "decoded together" in suggested.why


def test_of_many_rows_fewer_and_larger_steps_are_enough_unless_they_are_chosen() -> None:
    suggested = suggestion(dataset(MANY_ROWS), {})
    assert suggested is not None
    assert suggested.values == {"formulation": "marginals", **QUICK}
    assert "5 epochs of batches of 64" in suggested.why
    most = suggestion(dataset(VERY_MANY_ROWS), {})
    assert most is not None
    assert most.values == {"formulation": "marginals", **QUICKER}
    assert "3 epochs of batches of 128" in most.why
    stated = suggestion(dataset(MANY_ROWS), {"epochs": 7})
    assert stated is not None
    assert stated.values == {"formulation": "marginals"}
    for values in alternatives(dataset(MANY_ROWS), {}):
        assert QUICK.items() <= values.items()
        assert ("decoder" in values) == (values["formulation"] == "components")


@pytest.mark.parametrize(
    "values",
    [
        {"formulation": "joint"},
        {"decoder": "min_cost"},
        {"component_weights": (2.0, 1.0)},
        {"split.combinations": "new"},
    ],
)
def test_who_chooses_is_proposed_nothing(values: dict[str, object]) -> None:
    assert suggestion(MANY, values) is None
    assert suggestion(MANY, {"epochs": 3, "split.combinations": "known"}) is not None
