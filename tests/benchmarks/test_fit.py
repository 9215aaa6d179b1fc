"""A fit against what a user would write: TF-IDF and logistic regression."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from lossviz.data import build_dataset, propose_mapping, read_table, split
from lossviz.engine.fit import fit
from lossviz.experiments.experiment import Experiment
from tests.benchmarks.conftest import in_turn
from tests.benchmarks.processes import FIT, Beside, Cost
from tests.benchmarks.quality import Shape

FORMULATIONS = ("components", "hybrid", "joint", "marginals")
EPOCHS, BATCH = 3, 128
"""As good as logistic regression from the third epoch on, and with few, large steps."""


def test_as_good_as_logistic_regression_in_a_fifth_of_its_time(
    shared_data: Path, report: dict[str, object]
) -> None:
    file = shared_data / "emobank_arousal_valence.csv"
    table = read_table(file.read_bytes(), file.name)
    dataset = build_dataset(table, propose_mapping(table))
    sides = split(dataset, 0.2, 0)
    texts, labels = np.array(dataset.texts, dtype=object), dataset.class_index

    def regression() -> float:
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(C=10, max_iter=1000)
        )
        model.fit(texts[sides.train], labels[sides.train])
        return float((model.predict(texts[sides.test]) != labels[sides.test]).mean())

    runs = {
        formulation: Experiment.for_dataset(
            dataset, formulation=formulation, epochs=EPOCHS, optimiser={"batch_size": BATCH}
        )
        for formulation in FORMULATIONS
    }
    errors = {name: fit(dataset, own).evaluation.joint.rate for name, own in runs.items()}
    best = min(errors, key=errors.__getitem__)
    theirs = regression()
    with threadpool_limits(1):  # one thread each
        ours_s, theirs_s, ratio = in_turn(lambda: fit(dataset, runs[best]), regression)
    report["fit"] = {
        "epochs": EPOCHS,
        "batch": BATCH,
        "whole-label error": {name: round(own, 4) for name, own in errors.items()},
        "logistic regression, error": round(theirs, 4),
        "best": best,
        "seconds, ours": round(ours_s, 3),
        "seconds, theirs": round(theirs_s, 3),
        "time ratio": round(ratio, 3),
    }
    assert errors[best] <= theirs + 0.01
    assert ratio <= 0.2, report["fit"]


@pytest.mark.parametrize(
    ("shape", "turns", "most"),
    [
        (Shape(5_000, 12, 2), 3, 2.0),
        (Shape(10_000, 72, 3), 3, 1.0),
        (Shape(100_000, 12, 2), 1, 1.0),
    ],
    ids=["5,000 texts", "10,000 texts, 72 labels", "100,000 texts"],
)
def test_what_a_fit_costs_beside_a_regression_from_the_file_to_the_error(
    shape: Shape, turns: int, most: float, tmp_path: Path, report: dict[str, object]
) -> None:
    """Of few texts importing torch costs about as much as all of the regression does."""
    file = tmp_path / "made.csv"
    file.write_bytes(shape.content())
    found = Beside.of(file, turns)
    report[f"fit from a file of {shape.rows:,} texts, {shape.labels} labels"] = found.json
    assert found.ratio <= most, found.json
    assert found.memory("fit") <= 2 * found.memory("regression"), found.json


def test_a_million_short_texts_fit_in_two_gigabytes(
    tmp_path: Path, report: dict[str, object]
) -> None:
    file = tmp_path / "made.csv"
    file.write_bytes(Shape(1_000_000, 12, 2).content())
    cost = Cost.of(FIT, str(file), "--epochs", "1")
    report["fit of a million texts"] = {"MB": cost.memory >> 20, "CPU seconds": round(cost.cpu, 1)}
    assert cost.memory < 2 << 30, cost
