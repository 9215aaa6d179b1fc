"""Sweeps: every point is what it would be alone, wherever and in whatever order it is trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossviz.compute.campaigns import Sweep, sweep
from lossviz.data import load_sample
from lossviz.engine import sweep as scoring
from lossviz.engine.fit import fit
from lossviz.errors import LossVizError
from lossviz.experiments.specs import STARTS, start_seed
from lossviz.experiments.sweep import plan as sweep_plan
from lossviz.experiments.sweep.grid import Grid
from tests.support.schemas import schema_of
from tests.support.sweeps import (
    DATA,
    GRID,
    HIDDEN,
    SEEDS,
    Answer,
    Reordering,
    identical,
    in_small_blocks,
    made,
    plan_of,
    run_until,
)

# Each point is what it would be alone


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"model": HIDDEN},
        {"formulation": "hybrid", "joint_weight": 0.5},
        {"formulation": "components", "optimiser": {"batch_size": 7}},
        {"formulation": "soft_targets", "optimiser": {"name": "adam", "learning_rate": 0.02}},
        {"decoder": "min_cost", "joint_weight": 2.0, "split": {"test_size": 0.4, "seed": 9}},
    ],
    ids=["linear", "hidden", "with γ", "separate logits", "another optimiser", "by costs"],
)
def test_a_point_has_the_numbers_of_a_fit(fields: dict[str, Any]) -> None:
    experiment = made(**fields)
    found = sweep(DATA, experiment, GRID, SEEDS)
    assert found.finished.all()
    for j, seed in enumerate(SEEDS):
        own_split = {"test_size": experiment.split.test_size, "seed": seed}
        for place, weights in enumerate(GRID.members):
            alone = experiment.changed(component_weights=weights, seed=seed, split=own_split)
            own = fit(DATA, alone)
            np.testing.assert_array_equal(found.predicted[place, j, 0], own.evaluation.predicted)
            np.testing.assert_array_equal(found.true[j], own.evaluation.true)
            rates = [*own.evaluation.components, own.evaluation.joint]
            assert found.first_errors[place, j].tolist() == [each.rate for each in rates]
            assert found.rows[j].tolist() == [own.rows["train"], len(own.evaluation)]


def test_every_start_is_a_fit_with_a_seed_of_its_own() -> None:
    experiment = made(model=HIDDEN)
    result = sweep(DATA, experiment, GRID, SEEDS)
    assert result.plan.starts == STARTS
    for start in range(STARTS):
        alone = experiment.changed(
            component_weights=GRID.members[2],
            seed=start_seed(SEEDS[1], start),
            split={"test_size": experiment.split.test_size, "seed": SEEDS[1]},
        )
        np.testing.assert_array_equal(
            result.predicted[2, 1, start], fit(DATA, alone).evaluation.predicted
        )
    wrong = [result.wrong[2, 1][start].mean(axis=0) for start in range(STARTS)]
    assert result.errors[2, 1] == pytest.approx(np.mean(wrong, axis=0))
    assert len(np.unique(wrong, axis=0)) > 1
    assert sweep(DATA, made(), GRID, SEEDS).plan.starts == 1


def test_a_point_of_three_parts_has_the_numbers_of_a_fit() -> None:
    data = load_sample("helpdesk")[2]
    grid = Grid(3, (2, 0), 2, held=0.5, kind="map")
    experiment = made(data, epochs=1)
    found = sweep(data, experiment, grid, [1])
    for place, weights in enumerate(grid.members):
        own = fit(
            data,
            experiment.changed(
                component_weights=weights, seed=1, split={"test_size": 0.2, "seed": 1}
            ),
        )
        np.testing.assert_array_equal(found.predicted[place, 0, 0], own.evaluation.predicted)


def test_the_experiments_own_weights_and_seeds_do_nothing() -> None:
    other = made(component_weights=(7.0, 0.2), seed=9, split={"test_size": 0.2, "seed": 8})
    identical(sweep(DATA, made(), GRID, SEEDS), sweep(DATA, other, GRID, SEEDS))


# However it is cut, and in whatever order


@pytest.mark.parametrize("model", [{"kind": "linear"}, HIDDEN], ids=["linear", "hidden"])
@pytest.mark.parametrize("members", [1, 2, 4])
def test_how_points_are_cut_into_blocks_and_slices_changes_no_number(
    monkeypatch: pytest.MonkeyPatch, model: dict[str, Any], members: int
) -> None:
    experiment = made(model=model)
    whole = sweep(DATA, experiment, GRID, SEEDS)
    assert len(plan_of(experiment).blocks(DATA)) == len(SEEDS)
    monkeypatch.setattr(sweep_plan, "BLOCK_SECONDS", 0.0)
    monkeypatch.setattr(sweep_plan, "LEAST_COLUMNS", 4 * members)
    blocks = plan_of(experiment).blocks(DATA)
    assert max(len(own.members) for own in blocks) <= members
    assert len(blocks) == len(SEEDS) * -(-len(GRID.members) // members)
    identical(sweep(DATA, experiment, GRID, SEEDS), whole)
    monkeypatch.setattr(scoring, "SLICE_WEIGHTS", 1)
    identical(sweep(DATA, experiment, GRID, SEEDS), whole)


@pytest.mark.parametrize("steps", [2, 3, 7])
@pytest.mark.parametrize("columns", [1, 9, 300])
def test_every_member_of_every_seed_is_in_one_block(
    monkeypatch: pytest.MonkeyPatch, steps: int, columns: int
) -> None:
    monkeypatch.setattr(sweep_plan, "BLOCK_SECONDS", 0.0)
    monkeypatch.setattr(sweep_plan, "LEAST_COLUMNS", columns)
    grid = Grid(2, steps=steps, kind="map")
    plan = plan_of(grid=grid)
    blocks = plan.blocks(DATA)
    pairs = [(block.seed, place) for block in blocks for place in block.places]
    assert sorted(pairs) == [(seed, k) for seed in SEEDS for k in range(len(grid.members))]
    assert len(pairs) == plan.trainings
    for block in blocks:
        assert block.members == tuple(grid.members[place] for place in block.places)
        assert block.experiment.seed == block.experiment.split.seed == block.seed
    assert min(block.cost for block in blocks) > 0
    assert plan.seconds(DATA) == pytest.approx(sum(block.cost for block in blocks))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_blocks_end_changes_no_number(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_blocks(monkeypatch)
    own = Sweep(Reordering(seed), DATA, plan_of())
    own.start()
    run_until(own, lambda: not own.busy)
    assert own.complete
    identical(own.result, sweep(DATA, made(), GRID, SEEDS))


# While it runs


def test_what_there_is_so_far_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_blocks(monkeypatch)
    whole = sweep(DATA, made(), GRID, SEEDS)
    own = Sweep(Reordering(1), DATA, plan_of())
    empty = own.result
    assert not empty.finished.any()
    assert empty.means.shape == empty.fitted.shape == (9, 3)
    assert np.isnan(empty.means).all()
    assert empty.seeds == 0
    assert empty.held_out == (0, 0)
    assert empty.guessed is None
    assert empty.front == ()
    assert empty.evaluation(0) is None

    own.start()
    seen = []
    while own.busy:
        own.tick()
        part = own.result
        seen.append(own.done)
        done = {(SEEDS.index(b.seed), place) for b, _ in own.reports for place in b.places}
        assert {(j, place) for place, j in np.argwhere(part.finished).tolist()} == done
        assert own.done == part.finished.sum()
        np.testing.assert_array_equal(
            part.errors, np.where(part.finished[..., None], whole.errors, np.nan)
        )
        some = part.finished.any(axis=1)
        assert np.isnan(part.means[~some]).all()
        for place in np.flatnonzero(some):
            mine = whole.errors[place][part.finished[place]]
            np.testing.assert_allclose(part.means[place], mine.mean(axis=0))
            found = part.evaluation(int(place))
            assert found is not None
            assert len(found) == 60 * part.finished[place].sum()
        assert part.seeds == part.finished.all(axis=0).sum()
    assert 0 < min(own for own in seen if own) < max(seen) == 18
    assert own.result.seeds == len(SEEDS)


def test_it_is_watched_from_block_to_block(monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_blocks(monkeypatch)
    seen: list[int] = []
    sweep(DATA, made(), GRID, SEEDS, watch=lambda own: seen.append(own.done))
    assert seen == sorted(seen)
    assert set(seen) == {0, 2, 4, 6, 8, 9, 11, 13, 15, 17, 18}


def test_a_point_that_diverges_is_told_and_the_others_are_as_they_were() -> None:
    grid = Grid(2, steps=2, low=0.01, high=1000.0, kind="map")
    experiment = made(model=HIDDEN, optimiser={"name": "sgd", "learning_rate": 30.0})
    found = sweep(DATA, experiment, grid, [0])
    assert found.finished.all()
    assert (3, 0) in found.messages
    assert (0, 0) not in found.messages
    own = fit(
        DATA,
        experiment.changed(component_weights=grid.points[0], split={"test_size": 0.2, "seed": 0}),
    )
    np.testing.assert_array_equal(found.predicted[0, 0, 0], own.evaluation.predicted)


# What cannot be


@pytest.mark.parametrize(
    ("experiment", "grid", "seeds", "says"),
    [
        ({"formulation": "joint"}, GRID, (0,), "looks at the whole label only"),
        ({"weighting": "uncertainty"}, GRID, (0,), "its weighting is fixed; found uncertainty"),
        ({}, Grid(3, kind="map"), (0,), "The grid is for 3 parts, the labels have 2"),
        ({}, GRID, (), "expected 1 to 50, each once; found 0"),
        ({}, GRID, (1, 1), "each once"),
        ({}, GRID, tuple(range(51)), "expected 1 to 50, each once; found 51"),
        ({}, GRID, (-1,), "seed: .*greater than or equal to 0"),
    ],
)
def test_what_cannot_be_swept_gets_a_sentence(
    experiment: dict[str, Any], grid: Grid, seeds: tuple[int, ...], says: str
) -> None:
    with pytest.raises(LossVizError, match=says):
        sweep(DATA, made(**experiment), grid, seeds)


def test_labels_of_one_part_have_no_grid() -> None:
    one = schema_of(("only",), ["A", "B"], separator="")
    data = replace(DATA, schema=one, codes=DATA.codes[:, :1], digest="one")
    with pytest.raises(LossVizError, match="single part"):
        sweep(data, made(data), Grid(len(data.schema.components), kind="map"), (0,))


def test_what_a_worker_says_about_the_experiment_is_said() -> None:
    class Refusing(Reordering):
        def submit(self, function: Callable[..., Any], *own: Any, priority: int) -> Any:
            def refuse() -> None:
                raise LossVizError("Choose a smaller width.")

            return Answer(refuse, self._random)

    with pytest.raises(LossVizError, match="Choose a smaller width"):
        sweep(DATA, made(), GRID, SEEDS, workers=Refusing(0))


def test_a_sweep_that_its_watcher_stops_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_blocks(monkeypatch)
    with pytest.raises(LossVizError, match="stopped"):
        sweep(DATA, made(), GRID, SEEDS, watch=lambda own: own.stop() if own.done else None)


def test_what_moves_every_row_is_said_to_take_longer_and_trains_the_same_blocks() -> None:
    usual = plan_of()
    adam = plan_of(made(optimiser={"name": "adam", "learning_rate": 0.01}))
    decay = plan_of(made(optimiser={"weight_decay": 0.1}))
    for plan in (adam, decay):
        assert plan.seconds(DATA) > 1.05 * usual.seconds(DATA)
        assert [block.places for block in plan.blocks(DATA)] == [
            block.places for block in usual.blocks(DATA)
        ]
    longer = replace(DATA, texts=tuple(9 * text for text in DATA.texts))
    assert adam.seconds(longer) > 2 * adam.seconds(DATA)
    assert usual.seconds(longer) == usual.seconds(DATA)
