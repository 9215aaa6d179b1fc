"""A step of several trainers together: each has the numbers that it has alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.engine import first_layers, step
from lossviz.engine.features import Splits
from lossviz.engine.step import Diverged, watched_losses
from lossviz.engine.together import AT_ONCE, pieces
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import RATES
from lossviz.experiments.weights import Weights
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS
from tests.support.examples import examples
from tests.support.factories import dataset

DATA = (dataset(97), dataset(61, seed=9), dataset(75, seed=2))
"""Of other sizes and other words, so that epochs end at other steps."""
SPLITS = Splits(kept=12)
STEPS = 14
"""More than four epochs of the largest."""
TRAINERS = 7
HIDDEN = {"kind": "hidden", "width": 5}


def trainer(place: int = 0, **fields: Any) -> Trainer:
    """One of many, each with data, a seed, a split and weights of its own."""
    data = DATA[place % len(DATA)]
    options: dict[str, Any] = {
        "seed": place % 4,
        "split": {"seed": place % 2, "validation": 0.2 * (place % 2)},
        "component_weights": (1.0 + place, 1.0),
    }
    experiment = Experiment.for_dataset(data, **{**options, **fields})
    return Trainer(SPLITS.encoded(data, experiment)[0], experiment)


def as_alone(**fields: Any) -> None:
    """They join one after the other, and leave when they are at the end."""
    alone = [trainer(place, **fields) for place in range(TRAINERS)]
    crowd = [trainer(place, **fields) for place in range(TRAINERS)]
    assert len({own.kind for own in crowd}) == 1
    for own in alone:
        for _ in range(STEPS):
            own.advance()
    for turn in range(STEPS + TRAINERS):
        going = [own for place, own in enumerate(crowd) if place <= turn and own.step < STEPS]
        if going:
            assert not any(isinstance(found, Diverged) for found in step.advance(going))
    for own, expected in zip(crowd, alone, strict=True):
        the_same(own, expected)


def the_same(own: Trainer, expected: Trainer) -> None:
    """To the last bit for the linear model: however chaotic a training is, it is the same one. With
    hidden units there are products of matrices, whose order of adding is the library's."""
    assert own.step == expected.step
    noise = 0.0 if own.experiment.model.kind == "linear" else 1e-5
    for name, weight in expected.model.weights().items():
        torch.testing.assert_close(own.model.weights()[name], weight, rtol=noise, atol=noise)
    acting, its = own.weights.components, expected.weights.components
    torch.testing.assert_close(acting, its, rtol=noise, atol=noise)


@pytest.mark.parametrize("model", [{"kind": "linear"}, HIDDEN, {**HIDDEN, "dropout": 0.3}], ids=str)
@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_every_formulation_trains_as_alone(formulation: str, model: dict[str, Any]) -> None:
    as_alone(formulation=formulation, model=model)


@pytest.mark.parametrize("model", [{"kind": "linear"}, HIDDEN], ids=str)
@pytest.mark.parametrize("weighting", [name for name in WEIGHTINGS if name != "fixed"])
def test_every_weighting_trains_as_alone(weighting: str, model: dict[str, Any]) -> None:
    as_alone(weighting=weighting, model=model, formulation="components")


@pytest.mark.parametrize("model", [{"kind": "linear"}, HIDDEN], ids=str)
@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("name", ["adagrad", "adam", "sgd"])
def test_every_optimiser_trains_as_alone(name: str, decay: float, model: dict[str, Any]) -> None:
    optimiser = {"name": name, "learning_rate": RATES[name], "weight_decay": decay}
    as_alone(optimiser={**optimiser, "batch_size": 7}, model=model)


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_labels_that_do_not_occur_and_a_part_of_three_values_train_as_alone(
    formulation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = tuple(dataset(80 + 9 * k, missing=("BD",), seed=k) for k in range(3))
    monkeypatch.setattr(f"{__name__}.DATA", three)
    as_alone(formulation=formulation)


def test_a_batch_of_more_rows_than_there_are_has_those_that_there_are() -> None:
    crowd, alone = (
        [trainer(place, optimiser={"batch_size": 4096}) for place in (0, 6)] for _ in "ab"
    )
    assert len({own.kind for own in crowd}) == 1
    for _ in range(3):
        step.advance(crowd)
        for own in alone:
            own.advance()
    for own, expected in zip(crowd, alone, strict=True):
        the_same(own, expected)


@pytest.mark.parametrize(
    "fields",
    [
        {"formulation": "joint"},
        {"formulation": "focal", "settings": {"focusing": 1.0}},
        {"model": HIDDEN},
        {"optimiser": {"batch_size": 16}},
        {"optimiser": {"learning_rate": 0.1}},
        {"weighting": "dwa"},
    ],
    ids=str,
)
def test_what_a_step_depends_on_makes_a_kind(fields: dict[str, Any]) -> None:
    plain = {"formulation": fields["formulation"]} if "settings" in fields else {}
    assert trainer(0, **fields).kind != trainer(0, **plain).kind


def test_what_is_a_trainer_s_own_makes_none() -> None:
    assert len({trainer(place, epochs=place + 1).kind for place in range(TRAINERS)}) == 1


@given(st.sets(st.integers(0, TRAINERS - 1), max_size=TRAINERS - 1))
@examples(6)
def test_one_that_diverges_stays_where_it_is_and_does_not_touch_the_others(wild: set[int]) -> None:
    fields = {"optimiser": {"name": "sgd", "learning_rate": 1000.0}, "model": HIDDEN}
    crowd = [trainer(place, **fields) for place in range(TRAINERS)]
    alone = [trainer(place, **fields) for place in range(TRAINERS)]
    before = {}
    for place in range(TRAINERS):
        for own in (crowd[place], alone[place]):
            size = 1e9 if place in wild else 1e-5  # such long steps are fine for a small loss
            own.prefer(Weights((size, size, 1.0)))
        before[place] = crowd[place].model.table.clone()
    found = step.advance(crowd)
    assert {place for place, own in enumerate(found) if isinstance(own, Diverged)} == wild
    for place, own in enumerate(crowd):
        if place in wild:
            assert own.step == 0
            assert torch.equal(own.model.table, before[place])
        else:
            alone[place].advance()
            the_same(own, alone[place])


@pytest.mark.parametrize("number", [float("nan"), 1e30])
@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_under_every_weighting_who_left_the_numbers_is_told_so_and_nobody_else_is(
    weighting: str, number: float
) -> None:
    crowd, alone = ([trainer(place, weighting=weighting) for place in (0, 3)] for _ in range(2))
    crowd[0].model.table[:, 0] = number
    lost, found = step.advance(crowd)
    assert isinstance(lost, Diverged)
    assert not isinstance(found, Diverged)
    alone[1].advance()
    the_same(crowd[1], alone[1])


def test_members_that_share_their_batches_are_together_with_others() -> None:
    """Trainers of several members each, as those of a sweep."""
    experiments = [Experiment.for_dataset(DATA[0], seed=seed, model=HIDDEN) for seed in range(3)]
    members = [Weights((1.0, 1.0, 1.0)), Weights((5.0, 0.2, 1.0))]
    crowd, alone = (
        [Trainer(SPLITS.encoded(DATA[0], own)[0], own, members) for own in experiments]
        for _ in range(2)
    )
    for _ in range(STEPS):
        step.advance(crowd)
        for own in alone:
            own.advance()
    for own, expected in zip(crowd, alone, strict=True):
        the_same(own, expected)


def test_who_is_at_the_same_batch_stands_side_by_side_and_trains_as_alone() -> None:
    """Three formulations, of other widths, and two seeds. One pauses, the others of its seed wait
    for it, and one of the other seed is let go."""
    pauses = {4: [1], 5: [1], 8: [0, 2], 9: [0, 2], 11: [5], 12: [5], 13: [5]}
    kinds = [
        (seed, formulation) for seed in range(2) for formulation in ("joint", "components", "chain")
    ]
    crowd, alone = (
        [
            trainer(formulation=formulation, seed=seed, component_weights=(1.0, 2.0))
            for seed, formulation in kinds
        ]
        for _ in "ab"
    )
    for turn in range(STEPS):
        going = [place for place in range(6) if place not in pauses.get(turn, [])]
        step.advance([crowd[place] for place in going])
        for place in going:
            alone[place].advance()
        assert len({crowd[place].first_layers for place in going}) == (3 if turn in (6, 7) else 2)
        for own, expected in zip(crowd, alone, strict=True):
            the_same(own, expected)
            for key, kept in expected.optimiser.memory["table"].items():
                assert torch.equal(own.optimiser.memory["table"][key], kept)


@pytest.mark.parametrize("wild", [0, 1])
def test_who_diverges_beside_others_at_the_same_batch_does_not_touch_them(wild: int) -> None:
    crowd, alone = (
        [trainer(formulation=formulation) for formulation in ("joint", "components")] for _ in "ab"
    )
    for _ in range(2):
        step.advance(crowd)
    crowd[wild].model.table[:, 0] = float("nan")
    found = step.advance(crowd)
    assert [isinstance(own, Diverged) for own in found] == [wild == 0, wild == 1]
    for _ in range(3):
        alone[1 - wild].advance()
    the_same(crowd[1 - wild], alone[1 - wild])
    assert crowd[wild].step == 2


def test_large_tables_and_optimisers_that_move_all_rows_stay_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, most in (("adam", AT_ONCE), ("adagrad", 100)):
        monkeypatch.setattr(first_layers, "AT_ONCE", most)
        crowd = [
            trainer(formulation=own, optimiser={"name": name}) for own in ("joint", "components")
        ]
        step.advance(crowd)
        assert crowd[0].first_layers is not crowd[1].first_layers


def losses_of_the_next_batch(own: Trainer) -> float:
    """The plain way."""
    order = np.random.default_rng([own.experiment.seed, 0]).permutation(len(own.data.targets))
    rows = order[own.step * 32 : (own.step + 1) * 32]
    logits = own.logits(own.data.train.features[rows])
    return float(own.losses(logits, own.data.targets[torch.from_numpy(rows)])["total"])


def test_losses_are_means_over_the_rows_that_there_are() -> None:
    """Of every batch of an epoch, the last as well, which is shorter; and of the watched rows."""
    crowd = [trainer(place) for place in (0, 3, 6)]
    for _ in range(min(own.steps_per_epoch for own in crowd)):
        expected = [losses_of_the_next_batch(own) for own in crowd]
        assert [float(found.means[-1, 0]) for found in step.advance(crowd)] == pytest.approx(
            expected, rel=1e-5
        )
    pair = [crowd[0], crowd[2]]
    products = [own.data.watched.rows.times(own.model.table) for own in pair]
    watched = [own.data.watched_targets for own in pair]
    for own, losses in zip(pair, watched_losses(pair, products, watched), strict=True):
        alone = own.losses(own.logits(own.data.watched.features), own.data.watched_targets)
        assert losses.parts == tuple(alone)
        assert losses.means[:, 0].tolist() == pytest.approx([float(a) for a in alone.values()])


def test_so_many_at_a_time_as_memory_allows() -> None:
    half = AT_ONCE // 2
    assert [*pieces(range(5), [half] * 5)] == [range(0, 2), range(2, 4), range(4, 5)]
    assert [*pieces(range(2), [2 * AT_ONCE] * 2)] == [range(0, 1), range(1, 2)]
    sizes = [half, half, 3 * AT_ONCE, 1, 1]
    assert [*pieces(range(5), sizes)] == [range(0, 2), range(2, 3), range(3, 5)]
    assert not [*pieces([], [])]
