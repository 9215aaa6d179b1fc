"""Runs trained again: to the very weights they had, with the way they went."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from math import sqrt
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load

from lossviz.compute.campaigns import Gathering
from lossviz.compute.workers import InProcess
from lossviz.data import split
from lossviz.engine.csr import Csr
from lossviz.engine.features import Splits, encode_split
from lossviz.engine.landscape import retrained
from lossviz.engine.landscape.retrained import (
    LEAST_POINTS,
    POINTS,
    Remembered,
    Retrained,
    retrain,
    trained_weights,
)
from lossviz.engine.live import LiveRuns
from lossviz.engine.step import Diverged
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import GivenUp
from lossviz.experiments.reference import RunReference, WeightsPlan
from lossviz.experiments.runs.progress import Order
from lossviz.experiments.surfaces.vectors import Vector, size
from lossviz.experiments.weights import WeightChange, Weights
from tests.support.surface_runs import DATA, OWN, OWN_JOINT, reference

MODELS = [{"kind": "linear"}, {"kind": "hidden", "width": 5}]
every_model = pytest.mark.parametrize("model", MODELS, ids=["linear", "hidden"])
MOVED = (Weights((5.0, 0.5, 0.2)), Weights((0.3, 2.0, 4.0)))


def the_same(found: Vector, expected: Vector) -> None:
    assert found.keys() == expected.keys()
    for name, own in found.items():
        assert torch.equal(own, expected[name]), name


def lived(start: Order, *pieces: tuple[int, Weights]) -> tuple[Vector, RunReference]:
    """A run of a page whose sliders were moved: its weights, and what the page knows of it."""
    runs = LiveRuns(DATA)
    for steps, weights in pieces:
        report = runs.advance({"A": replace(start, weights=weights)}, 60.0, steps)
    progress = report.progress["A"]
    weights = runs._runs["A"].trainer.model.weights()
    return weights, RunReference("A", start.experiment, progress.changes, progress.step)


def order(**fields: Any) -> Order:
    own = reference(**fields).experiment
    return Order("run", own, Weights.of(own))


def walked(own: Retrained, *changes: WeightChange) -> list[Vector]:
    """The weights at every step."""
    trainer = Trainer(own.trainer.data, own.trainer.experiment)
    found = []
    for step in range(own.steps[-1] + 1):
        for change in changes:
            if change.step == step:
                trainer.prefer(change.weights)
        found.append({name: own.clone() for name, own in trainer.model.weights().items()})
        if step < own.steps[-1]:
            trainer.advance()
    return found


@every_model
@pytest.mark.parametrize("formulation", ["marginals", "hybrid", "components"])
def test_a_run_whose_weights_were_moved_ends_where_it_did(
    model: dict[str, Any], formulation: str
) -> None:
    start = order(model=model, formulation=formulation)
    weights, known = lived(start, (7, start.weights), (8, MOVED[0]), (9, MOVED[1]))
    assert [own.step for own in known.changes] == [7, 15]
    found = retrain(DATA, known)
    the_same(found.end, weights)
    the_same(found.trainer.model.weights(), weights)
    assert found.steps[-1] == known.step == 24
    assert found.weights == pytest.approx((0.3, 2.0, 4.0))
    assert found.name == "A"
    unmoved = retrain(DATA, replace(known, changes=()))
    assert not torch.equal(unmoved.end["table"], weights["table"])


def test_weights_moved_before_the_first_step_and_behind_the_last_count_as_well() -> None:
    start = order()
    weights, known = lived(start, (0, MOVED[1]), (9, MOVED[1]), (0, MOVED[0]))
    assert [own.step for own in known.changes] == [0, 9]
    found = retrain(DATA, known)
    the_same(found.end, weights)
    assert [found.steps[own] for own in found.moved] == [0, 9]


def test_a_finished_run_ends_where_it_did() -> None:
    start = order(epochs=2)
    weights, known = lived(start, (1000, start.weights))
    assert known.step == 6
    the_same(retrain(DATA, known).end, weights)


def test_a_run_stopped_early_is_where_the_trainer_was() -> None:
    for step in (0, 1, 5, 17):
        found = retrain(DATA, reference(step=step))
        the_same(found.end, walked(found)[step])


@every_model
def test_the_path_has_the_weights_of_its_steps(model: dict[str, Any]) -> None:
    changes = (WeightChange(7, MOVED[0]), WeightChange(22, MOVED[1]))
    found = retrain(DATA, reference(step=60, model=model, changes=changes))
    everywhere = walked(found, *changes)
    assert len(found.path) == len(found.steps)
    for own, step in zip(found.path, found.steps, strict=True):
        the_same(own, everywhere[step])


def test_points_are_spread_evenly_and_stand_where_weights_were_moved() -> None:
    changes = tuple(WeightChange(step, MOVED[0]) for step in (3, 101, 102))
    found = retrain(DATA, reference(step=240, changes=changes))
    assert found.steps[0] == 0
    assert found.steps[-1] == 240
    assert list(found.steps) == sorted(set(found.steps))
    assert set(found.steps) == {*range(0, 241, 10), 3, 101, 102}
    assert len(found.steps) == POINTS + 3
    assert [found.steps[own] for own in found.moved] == [3, 101, 102]


def test_a_short_run_has_a_point_at_every_step() -> None:
    assert retrain(DATA, reference(step=4)).steps == (0, 1, 2, 3, 4)


def test_changes_that_came_later_than_where_it_stands_do_nothing() -> None:
    found = retrain(DATA, reference(step=6, changes=(WeightChange(9, MOVED[0]),)))
    the_same(found.end, retrain(DATA, reference(step=6)).end)
    assert found.moved == ()
    assert found.weights == pytest.approx((*OWN, OWN_JOINT))


@pytest.mark.parametrize(("points", "expected"), [(1, LEAST_POINTS), (9, 9), (1000, POINTS)])
def test_a_path_takes_so_much_memory_at_most(
    points: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = size(retrain(DATA, reference(step=0)).end)
    monkeypatch.setattr(retrained, "PATH_WEIGHTS", points * each)
    found = retrain(DATA, reference(step=80))
    assert len(found.path) == expected
    assert found.steps == tuple(np.linspace(0, 80, expected).round().astype(int).tolist())


def test_the_loss_is_of_the_weights_that_act() -> None:
    changes = (WeightChange(3, MOVED[1]),)
    loss = retrain(DATA, reference(step=6, changes=changes)).loss(0)
    assert loss.weights.components.tolist() == [pytest.approx([0.3, 2.0])]
    assert loss.weights.joint.tolist() == [4.0]


def test_weights_that_were_learned_are_those_that_acted() -> None:
    found = retrain(DATA, reference(step=9, weighting="uncertainty"))
    acted = found.trainer.weights.components[0].tolist()
    assert found.weights[:2] == pytest.approx(acted)
    assert found.weights[:2] != pytest.approx(OWN)


def test_what_nobody_wants_is_given_up() -> None:
    asked: list[int] = []
    with pytest.raises(GivenUp):
        retrain(DATA, reference(step=500), wanted=lambda: len(asked) < 2 and not asked.append(1))
    assert len(asked) == 2


def test_a_run_that_diverged_is_drawn_where_it_stopped() -> None:
    wild = {
        "optimiser": {"name": "sgd", "learning_rate": 1000.0},
        "model": {"kind": "hidden", "width": 4},
        "component_weights": (1000.0, 1000.0),
    }
    start = order(**wild)
    weights, known = lived(start, (200, start.weights))
    assert 0 < known.step < 30
    the_same(retrain(DATA, known).end, weights)
    with pytest.raises(Diverged, match="learning rate below 1000"):
        retrain(DATA, replace(known, step=30))


# What is remembered


def yes() -> bool:
    return True


def test_two_tasks_that_want_the_same_run_at_once_train_it_once() -> None:
    own = Remembered()
    found: list[Retrained] = []
    asked = [
        Thread(target=lambda: found.append(own.of(DATA, reference(), lambda: True)))
        for _ in range(4)
    ]
    for each in asked:
        each.start()
    for each in asked:
        each.join(60)
    assert len(found) == 4
    assert all(each is found[0] for each in found)


def test_a_run_is_trained_once() -> None:
    own = Remembered()
    first = own.of(DATA, reference(), yes)
    assert own.of(DATA, reference(), yes) is first
    for other in (
        reference(step=13),
        reference(seed=1),
        reference(changes=(WeightChange(3, MOVED[0]),)),
        reference(epochs=3),
    ):
        assert own.of(DATA, other, yes) is not first


def test_the_data_are_part_of_what_a_run_is_known_by() -> None:
    own = Remembered()
    codes = DATA.codes[:, ::-1].copy()
    other = replace(DATA, codes=codes, digest="swapped")
    first, second = (own.of(data, reference(), yes) for data in (DATA, other))
    assert not torch.equal(first.end["table"], second.end["table"])


def test_a_run_under_another_letter_is_known_by_that_letter() -> None:
    own = Remembered()
    first, second = (own.of(DATA, reference(name), yes) for name in "AB")
    assert (first.name, second.name) == ("A", "B")
    the_same(first.end, second.end)


def test_the_one_not_asked_for_longest_is_forgotten() -> None:
    each = size(retrain(DATA, reference(step=0)).end)
    own = Remembered(3 * each)
    one, two, three, four = (reference(step=0, seed=seed) for seed in range(4))
    first, second, third = (own.of(DATA, each, yes) for each in (one, two, three))
    assert own.of(DATA, one, yes) is first
    own.of(DATA, four, yes)
    assert own.of(DATA, one, yes) is first
    assert own.of(DATA, three, yes) is third
    assert own.of(DATA, two, yes) is not second


def test_the_latest_is_remembered_however_large_it_is() -> None:
    own = Remembered(1)
    first = own.of(DATA, reference(), yes)
    assert own.of(DATA, reference(), yes) is first
    own.of(DATA, reference(step=3), yes)
    assert own.of(DATA, reference(), yes) is not first


def test_a_run_that_was_given_up_is_not_remembered() -> None:
    own = Remembered()
    with pytest.raises(GivenUp):
        own.of(DATA, reference(), lambda: False)
    assert own.of(DATA, reference(), yes).steps[-1] == reference().step


def test_features_are_made_once_for_the_runs_of_a_split() -> None:
    splits = Splits()
    first, second = (retrain(DATA, reference(seed=seed), splits=splits) for seed in (0, 1))
    assert first.trainer.data is second.trainer.data


@pytest.mark.parametrize("kind", ["linear", "hidden"])
def test_the_file_alone_gives_the_logits_of_the_run(kind: str, tmp_path: Path) -> None:
    own = reference("A")
    own = RunReference(
        "A", own.experiment.changed(model={"kind": kind, "width": 3}), own.changes, own.step
    )
    written = trained_weights(DATA, own)
    assert written is not None
    file = tmp_path / "A.safetensors"
    file.write_bytes(written.content)
    with safe_open(file, "pt") as opened:
        about = json.loads(opened.metadata()["lossviz"])
    tensors = load(written.content)

    text = DATA.texts[0]
    words = text.split()
    grams = [*words, *(" ".join(pair) for pair in pairwise(words))]
    place = {gram: k for k, gram in enumerate(about["features"])}
    row = np.zeros(len(place))
    for gram in grams:
        if gram in place:
            row[place[gram]] += about["idf"][place[gram]]
    row /= sqrt(row @ row)
    first = torch.tensor(row, dtype=torch.float32) @ tensors["table"]
    if kind == "hidden":
        first = torch.tanh(first + tensors["inner bias"]) @ tensors["outer"]
    logits = first + tensors["bias"]

    run = retrain(DATA, own)
    sides = split(DATA, own.experiment.split.test_size, own.experiment.split.seed)
    encoded = encode_split(DATA, sides, own.experiment.features)
    features = Csr.of(encoded.vectoriser.rows([text]))
    projected = run.trainer.model.project(features)
    expected = run.trainer.model.tail(projected, run.trainer.model.dense)[0, 0]
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)
    assert about["step"] == own.step


def test_the_weights_of_several_runs_are_gathered() -> None:
    runs = [reference("A"), reference("B", step=3)]
    own = Gathering(InProcess(), DATA, WeightsPlan(runs))
    own.start()
    while own.busy:
        own.tick()
    assert own.contents.keys() == {"A", "B"}
    assert own.contents["A"] != own.contents["B"]
    again = trained_weights(DATA, runs[0])
    assert again is not None
    assert again.content == own.contents["A"]


def test_a_file_that_nobody_wants_is_given_up() -> None:
    unwanted = trained_weights(
        DATA, reference("A", step=2), wanted=lambda: False, remembered=Remembered()
    )
    assert unwanted is None
