"""What a study says follows from its intervals, whichever way they point."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from lossviz.experiments.evaluation import Baseline
from lossviz.experiments.statistics import interval
from lossviz.experiments.study.conclusions import Conclusions, squeeze, study_conclusions
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.study.result import Outcome, Repeats
from lossviz.experiments.study.told import comparisons
from lossviz.experiments.unseen import Unseen, unseen_words
from tests.support.outcomes import ROWS, noise, outcome, repeats


def runs(shift: float, weights: tuple[float, ...], seeds: int = 5, **more: object) -> list[Outcome]:
    """An arm that is wrong by so much more often than equal weights, on everything."""
    return [
        outcome(
            [0.2 + noise(k) + shift, 0.3 - noise(k) + shift, 0.4 + noise(k) + shift],
            weights,
            **more,  # type: ignore[arg-type]
        )
        for k in range(seeds)
    ]


def about(found: Conclusions, arm: str) -> str:
    return next(own.says for own in found.sentences if own.about == arm)


def test_weights_below_zero_are_counted_and_worse_is_called_worse() -> None:
    found = study_conclusions(repeats({"free": runs(0.2, (-3.0, -2.0))}))
    said = about(found, "free")
    assert said.startswith("both weights ended below zero in 5 of 5 runs; wrong on the whole label")
    assert "59.9 % [59.3, 60.5]" in said
    assert "20.0 points more often than with equal fixed weights" in said
    assert said.endswith("n = 1,000 texts, 5 seeds.")
    assert found.headline.startswith("free (first, second and the whole label) is wrong more often")


def test_better_is_called_better() -> None:
    found = study_conclusions(repeats({"dwa": runs(-0.1, (1.0, 1.0))}))
    assert found.headline.startswith("dwa (first, second and the whole label) is wrong less often")
    assert "10.0 points less often" in about(found, "dwa")
    best = about(found, "the best")
    assert best.startswith("dwa is the best on the whole label")
    assert re.search(
        r"5 seeds\); the one that other folds choose is wrong on (29|30)\.\d %\.", best
    )


def test_chance_that_is_as_good_as_a_method_is_said() -> None:
    both = {"dwa": runs(-0.1, (1.0, 1.0)), "random": runs(-0.1, (1.0, 1.0))}
    assert "so are weights drawn at random" in study_conclusions(repeats(both)).headline
    alone = study_conclusions(repeats({"random": runs(-0.1, (1.0, 1.0))}))
    assert "Nothing that learns" in alone.headline


def test_a_difference_within_the_noise_is_not_settled_and_has_its_size() -> None:
    random = np.random.default_rng(0).normal(0.0, 0.03, 5)
    own = [
        outcome([0.2 + x, 0.3 + x, 0.4 + x], (1.0, 1.0)) for x in (random - random.mean() + 0.01)
    ]
    found = study_conclusions(repeats({"dwa": own}))
    assert "not settled: " in about(found, "dwa")
    assert "the whole label +1.1 points [−2.7, +4.9]" in about(found, "dwa")
    assert "No learned weighting is told from equal fixed weights" in found.headline
    assert "that of dwa on first, +1.1 points [−2.7, +4.9]" in found.headline
    assert "less often" not in found.headline
    assert "more often" not in found.headline
    assert about(found, "the best").startswith("each of the 8 may be the best")


def test_gain_on_one_part_and_loss_on_the_other_is_neither() -> None:
    own = [outcome([0.3 + noise(k), 0.2 - noise(k), 0.4 + noise(k)], (0.1, 1.9)) for k in range(5)]
    found = study_conclusions(repeats({"simplex": own}))
    assert "simplex (second) is wrong less often than equal fixed weights" in found.headline
    assert "simplex (first) is wrong more often" in found.headline
    said = about(found, "simplex")
    assert "wrong on first 29.9 %" in said
    assert "10.0 points more often" in said
    assert "10.0 points less often" in said
    assert "not settled: the whole label 0.0 points" in said


def test_one_part_that_gets_everything_is_named_with_its_loss() -> None:
    own = {
        "simplex": runs(0.0, (0.04, 1.96)),
        "fixed 1:1": runs(0.0, (1.0, 1.0), losses=[0.6, 0.3]),
    }
    said = about(study_conclusions(repeats(own)), "simplex")
    assert "put 98 % [98, 98] of the weight on second in 5 of 5 runs" in said
    assert "which with equal weights has the smaller loss in 5 of 5" in said
    own["fixed 1:1"] = runs(0.0, (1.0, 1.0), losses=[0.3, 0.6])
    assert "smaller loss" not in about(study_conclusions(repeats(own)), "simplex")


def test_a_part_that_the_seed_decides_is_not_called_easier() -> None:
    own = [*runs(0.0, (0.04, 1.96))[:3], *runs(0.0, (1.96, 0.04))[3:]]
    found = study_conclusions(repeats({"simplex": own}))
    said = about(found, "simplex")
    assert "which one the seed decided: second in 3 and first in 2" in said
    assert "up to the seed" in found.headline


def test_weights_that_are_set_anew_in_every_step_are_averaged_and_no_seed_decides() -> None:
    """At the end of a curve there are six single steps, which may all fall on one part."""
    own = [*runs(0.0, (0.04, 1.96))[:3], *runs(0.0, (1.96, 0.04))[3:]]
    steps = np.random.default_rng(0).permutation(np.repeat([[0.1, 1.9], [1.9, 0.1]], 27, axis=0))
    for place, each in enumerate(own):
        weights = np.concatenate([steps, each.curve.weights[-6:]]).astype(np.float32)
        own[place] = replace(each, curve=replace(each.curve, weights=weights))
    found = study_conclusions(repeats({"mgda": own}))
    assert "seed" not in about(found, "mgda").removesuffix("5 seeds.")
    assert "up to the seed" not in found.headline
    assert "mean of 5 runs, over 60 recorded steps each" in about(found, "mgda")
    assert "up to the seed" in study_conclusions(repeats({"simplex": own})).headline


def test_why_the_model_is_small_is_said_where_it_is() -> None:
    assert "1 hidden unit on purpose" in squeeze(StudyPlan())
    assert squeeze(StudyPlan(width=0)) == squeeze(StudyPlan(width=16)) == ""
    found = study_conclusions(repeats({"dwa": runs(0.0, (1.0, 1.0))}))
    assert found.how.startswith("Trained with 1 hidden unit.")


def test_labels_that_training_lacks_are_said_with_how_it_came_about() -> None:
    found = repeats({"dwa": runs(0.0, (1.0, 1.0))})
    side = Unseen(2, 1, ROWS[1])
    outcomes = {key: replace(each, unseen=side) for key, each in found.outcomes.items()}
    said = study_conclusions(replace(found, outcomes=outcomes)).how
    assert said.endswith(unseen_words([side] * found.plan.seeds))


@pytest.mark.parametrize(("scale", "inverse"), [(1.0, True), (3.0, False)])
def test_one_over_the_loss_is_said_where_it_is_so(scale: float, inverse: bool) -> None:
    own = runs(0.0, (4.0 * scale, 2.0 * scale), losses=[0.25, 0.5])
    said = about(study_conclusions(repeats({"uncertainty": own})), "uncertainty")
    assert f"weight × loss was {scale:.2f} and {scale:.2f}" in said
    assert ("a weight is one over its part's loss" in said) is inverse


def test_a_run_that_diverged_is_a_result() -> None:
    message = "The loss fell below all bounds at step 601: a weight became negative, so …"
    own = [*runs(0.2, (-3.0, -2.0), message=message)[:2], *runs(0.2, (-3.0, -2.0))[2:]]
    said = about(study_conclusions(repeats({"free": own})), "free")
    assert said.startswith("the loss fell below all bounds in 2 of 5 runs, at the earliest at step")


def test_told_weights_that_act_and_that_do_not() -> None:
    quiet = study_conclusions(repeats({"dwa": runs(0.0, (1.0, 1.0))}))
    assert "points [−0.1, +0.1] on first, with 10:1 against 1:10" in about(quiet, "fixed")
    assert "move no part for sure; the largest effect is 0.0 points [−" in quiet.headline
    loud = {
        "dwa": runs(0.0, (1.0, 1.0)),
        "fixed 10:1": [outcome([0.1 + noise(k), 0.4, 0.45], (1.8, 0.2)) for k in range(5)],
        "fixed 1:10": [outcome([0.3 + noise(k), 0.2, 0.45], (0.2, 1.8)) for k in range(5)],
    }
    found = study_conclusions(repeats(loud))
    assert "with 10:1 wrong on first 20.0 points less often than with 1:10" in about(found, "fixed")
    assert "do what they are told on every part" in found.headline


@pytest.mark.parametrize("seeds", [1, 2])
def test_below_three_seeds_there_is_no_claim(seeds: int) -> None:
    full = repeats({"free": runs(0.5, (-3.0, -2.0))})
    some = {key: own for key, own in full.outcomes.items() if key[1] < seeds}
    found = study_conclusions(Repeats(full.schema, full.plan, some))
    assert found.headline.startswith(f"No claim yet: {seeds} of at least 3 seeds")
    assert not found.sentences
    found = study_conclusions(
        Repeats(full.schema, full.plan, {k: v for k, v in full.outcomes.items() if k[1] < 3})
    )
    assert found.headline.startswith("So far, with 3 of 5 seeds: ")
    assert "wrong more often than equal fixed weights" in found.headline


def test_nothing_trained_is_nothing_said() -> None:
    full = repeats({"free": runs(0.5, (-3.0, -2.0))})
    assert study_conclusions(Repeats(full.schema, full.plan, {})).headline == ""


def test_three_components() -> None:
    own = [outcome([0.2, 0.3, 0.4, 0.9], (-1.0, -1.0, 0.2)) for _ in range(5)]
    found = study_conclusions(repeats({"free": own}, names=("a", "b", "c")))
    assert "a weight ended below zero in 5 of 5 runs" in about(found, "free")
    assert comparisons(repeats({"free": own}, names=("a", "b", "c"))) == 3 + 4


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=10))
def test_the_interval_is_that_of_nadeau_and_bengio(values: list[float]) -> None:
    own = interval(np.array(values), ROWS)
    spread = np.std(values, ddof=1) * np.sqrt(1 / len(values) + ROWS[1] / ROWS[0])
    half = t.ppf(0.975, len(values) - 1) * spread
    assert own.high - own.low == pytest.approx(2 * half, abs=1e-12)
    assert own.low <= own.mean <= own.high


def test_three_seeds_that_agree_by_chance_prove_nothing() -> None:
    row = 1.0 / ROWS[1]
    assert not interval(np.full(3, row), ROWS, confidence=0.9975, grain=row).clear
    assert interval(np.full(3, 50 * row), ROWS, confidence=0.9975, grain=row).clear


def test_that_no_weights_beat_guessing_is_the_first_sentence() -> None:
    own = repeats({"dwa": runs(-0.1, (1.0, 1.0))})
    guess = Baseline((0.5, 0.5), 0.32)
    found = {key: replace(each, guess=guess) for key, each in own.outcomes.items()}
    beaten = study_conclusions(replace(own, outcomes=found)).headline
    assert "guessing" not in beaten
    guess = Baseline((0.5, 0.5), 0.3)
    found = {key: replace(each, guess=guess) for key, each in own.outcomes.items()}
    hopeless = study_conclusions(replace(own, outcomes=found)).headline
    assert hopeless.startswith("No weights trained here beat always guessing")
    assert "30.0 % of the whole labels" in hopeless
