"""How hard each part is for the quick model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dataset
from lossviz.data.texts import identical_groups
from lossviz.engine import quick_model as module
from lossviz.engine.quick_model import hardness
from lossviz.experiments.closer_look import Hardness, Target
from lossviz.experiments.statistics import ErrorRate
from tests.support.schemas import schema_of


def made(size: int, seed: int = 0) -> Dataset:
    """``easy`` is said by a word, ``hopeless`` by nothing, ``single`` has one value; 70 % of
    ``hopeless`` is y."""
    generator = np.random.default_rng(seed)
    easy = generator.integers(0, 2, size)
    hopeless = (generator.random(size) < 0.7).astype(int)
    codes = np.stack([easy, hopeless, 0 * easy], axis=1)
    values = [["a", "b"], ["x", "y"], ["z"]]
    labels = {tuple(values[k][code] for k, code in enumerate(row)) for row in codes.tolist()}
    schema = schema_of(["easy", "hopeless", "single"], labels)
    fillers = generator.integers(0, 60, (size, 4))
    texts = tuple(
        f"{('apple', 'banana')[own]} " + " ".join(f"w{word}" for word in row)
        for own, row in zip(easy.tolist(), fillers.tolist(), strict=True)
    )
    return Dataset("made", "made", schema, texts, codes, np.arange(1, size + 1), ())


def test_what_the_words_say_is_easy_and_what_they_do_not_is_guessing() -> None:
    found = hardness(made(600))
    assert found is not None
    easy, hopeless, whole = found.targets
    assert [own.name for own in found.targets] == ["easy", "hopeless", "whole label"]
    assert [own.place for own in found.targets] == [0, 1, 3]
    assert easy.accuracy > 0.98 and easy.verdict == "far above guessing"
    assert hopeless.accuracy < 0.75 and hopeless.verdict.endswith("guessing")
    assert "above" not in hopeless.verdict
    assert whole.accuracy <= min(easy.accuracy, hopeless.accuracy) + 0.05
    assert {own.error.n for own in found.targets} == {600}
    assert (found.texts, found.of, found.sampled) == (600, 600, False)
    assert hopeless.hardest is not None and hopeless.hardest.value == "x"


def test_random_labels_are_not_learned_from_identical_texts() -> None:
    """Every text is there ten times with its own label: a fold that parted them would know it."""
    generator = np.random.default_rng(0)
    texts = tuple(f"w{k} v{k}" for k in range(60)) * 10
    codes = np.tile(generator.integers(0, 2, 60), 10)[:, None]
    schema = schema_of(["part"], [("a",), ("b",)])
    found = hardness(Dataset("made", "made", schema, texts, codes, np.arange(600), ()))
    assert found is not None
    assert found.targets[0].accuracy < 0.65


@given(
    st.lists(st.integers(0, 30), min_size=10, max_size=120),
    st.integers(2, 5),
    st.integers(0, 3),
)
def test_folds_keep_identical_texts_together_and_spread_the_classes(
    kinds: list[int], folds: int, classes: int
) -> None:
    groups = identical_groups([str(own) for own in kinds])
    labels = np.array(kinds) % (classes + 1)
    fold = module._folds(groups, labels, folds)
    assert fold.min() >= 0 and fold.max() < folds
    for group in set(groups.tolist()):
        assert len(set(fold[groups == group].tolist())) == 1
    first = np.unique(groups, return_index=True)[1]
    for label in set(labels.tolist()):
        sizes = np.bincount(fold[first][labels[first] == label], minlength=folds)
        assert sizes.max() - sizes.min() <= 1


def test_large_data_are_sampled_with_the_shares_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_TEXTS", 200)
    dataset = made(1000)
    found = hardness(dataset)
    assert found is not None
    assert (found.texts, found.of, found.sampled) == (200, 1000, True)
    rows = module._sample(dataset.class_index)
    assert len(set(rows.tolist())) == 200
    shares = np.bincount(dataset.class_index) / 1000
    assert np.abs(np.bincount(dataset.class_index[rows]) - 200 * shares).max() <= 1
    again = hardness(dataset)
    assert again is not None
    assert again.targets == found.targets


def test_many_values_get_two_folds_and_texts_without_words_are_guessing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MANY_VALUES", 1)
    found = hardness(made(100))
    assert found is not None and found.folds == 2
    schema = schema_of(["part"], [("a",), ("b",)])
    codes = (np.arange(40) % 4 == 0).astype(np.int64)[:, None]
    texts = ("? !", ". ,", "; :", "- -") * 10
    found = hardness(Dataset("made", "made", schema, texts, codes, np.arange(40), ()))
    assert found is not None
    assert found.targets[0].accuracy == found.targets[0].guess == 0.75
    assert found.targets[0].verdict == "no better than guessing, as far as these texts tell"


def test_nothing_to_tell_apart_has_no_targets_and_nobody_waits_for_the_unwanted() -> None:
    schema = schema_of(["part"], [("a",)])
    codes = np.zeros((12, 1), dtype=np.int64)
    texts = tuple(f"text {k}" for k in range(12))
    found = hardness(Dataset("made", "made", schema, texts, codes, np.arange(12), ()))
    assert isinstance(found, Hardness) and found.targets == ()
    assert hardness(made(50), lambda: False) is None


@pytest.mark.parametrize(
    ("wrong", "guess", "verdict"),
    [
        (300, 0.9, "worse than guessing"),
        (300, 0.7, "no better than guessing, as far as these texts tell"),
        (300, 0.66, "a little above guessing"),
        (300, 0.5, "well above guessing"),
        (100, 0.5, "far above guessing"),
    ],
)
def test_the_verdict_follows_from_the_interval(wrong: int, guess: float, verdict: str) -> None:
    assert Target("part", 0, guess, ErrorRate.of(wrong, 1000), None).verdict == verdict
