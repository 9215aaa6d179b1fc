"""The trainer: the same experiment, the same numbers."""

from __future__ import annotations

import ctypes
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.feature_extraction.text import TfidfVectorizer

from lossviz.data import split
from lossviz.engine.features import EncodedSplit, encode_split
from lossviz.engine.optimisers import EPSILON
from lossviz.engine.step import Diverged
from lossviz.engine.trainer import (
    KEPT,
    LARGEST,
    MMAP_THRESHOLD,
    TRIM_THRESHOLD,
    Trainer,
    keep_freed_memory,
)
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.weights import Weights
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from tests.support.factories import dataset
from tests.support.schemas import schema_of

DATA = dataset()


def encoded(missing: tuple[str, ...] = ()) -> EncodedSplit:
    data = dataset(missing=missing) if missing else DATA
    return encode_split(data, split(data, 0.2, 0), FeatureSpec())


def experiment(**fields: object) -> Experiment:
    return Experiment.for_dataset(DATA, **fields)


def trained(data: EncodedSplit, own: Experiment, steps: int) -> Trainer:
    trainer = Trainer(data, own)
    for _ in range(steps):
        trainer.advance()
    return trainer


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("kind", ["linear", "hidden"])
def test_the_same_experiment_gives_the_same_weights(formulation: str, kind: str) -> None:
    data = encoded()
    own = experiment(formulation=formulation, model={"kind": kind, "width": 3})
    first, second = trained(data, own, 25), trained(data, own, 25)
    for name, weight in first.model.weights().items():
        assert torch.equal(weight, second.model.weights()[name])


def test_another_seed_gives_other_weights() -> None:
    data = encoded()
    first, second = (trained(data, experiment(seed=seed), 5) for seed in (0, 1))
    assert not torch.equal(first.model.table, second.model.table)


@pytest.mark.parametrize("kind", ["linear", "hidden"])
@pytest.mark.parametrize("name", ["adagrad", "sgd", "adam"])
def test_a_member_of_a_batch_is_trained_as_if_alone(kind: str, name: str) -> None:
    data = encoded()
    optimiser = {"name": name, "learning_rate": 0.1}
    own = experiment(model={"kind": kind, "width": 4}, optimiser=optimiser)
    members = [Weights(values) for values in ((0.2, 1.0, 1.0), (1.0, 1.0, 1.0), (5.0, 0.5, 1.0))]
    together = Trainer(data, own, members)
    for _ in range(30):
        together.advance()
    logits = together.logits(data.test.features)
    for member, weights in enumerate(members):
        alone = trained(data, weights.weigh(own), 30)
        torch.testing.assert_close(
            logits[member], alone.logits(data.test.features)[0], rtol=1e-5, atol=1e-5
        )


def plain_training(data: EncodedSplit, own: Experiment, steps: int) -> torch.Tensor:
    """The loop a person would write: dense features, autograd through all of it, torch.optim."""
    start = Trainer(data, own)
    weight = start.model.table.clone().requires_grad_()
    bias = start.model.dense["bias"][0].clone().requires_grad_()
    spec = own.optimiser
    options = {"lr": spec.learning_rate, "weight_decay": spec.weight_decay}
    optimiser = {
        "adagrad": lambda p: torch.optim.Adagrad(p, **options),
        "sgd": lambda p: torch.optim.SGD(p, **options),
        "adam": lambda p: torch.optim.Adam(p, **options),
    }[spec.name]([{"params": [tensor]} for tensor in (weight, bias)])
    features = torch.as_tensor(data.train.features.toarray())
    count = len(features)
    done = epoch = 0
    while done < steps:
        order = np.random.default_rng([own.seed, epoch]).permutation(count)
        for start_row in range(0, count, spec.batch_size):
            rows = torch.as_tensor(order[start_row : start_row + spec.batch_size])
            optimiser.zero_grad()
            logits = features[rows] @ weight + bias
            F.cross_entropy(logits, data.targets.joint[rows]).backward()
            for group in optimiser.param_groups if done == 0 else ():
                (tensor,) = group["params"]
                square = tensor.grad[tensor.grad != 0].square().mean()
                if spec.name == "adagrad":
                    optimiser.state[tensor]["sum"] += square
                elif spec.name == "adam":
                    group["eps"] = EPSILON * float(square.sqrt())
            optimiser.step()
            done += 1
            if done == steps:
                break
        epoch += 1
    return torch.as_tensor(data.test.features.toarray()) @ weight.detach() + bias.detach()


@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("name", ["adagrad", "sgd", "adam"])
def test_training_equals_the_plain_dense_loop(name: str, decay: float) -> None:
    data = encoded()
    own = experiment(
        formulation="joint",
        optimiser={"name": name, "learning_rate": 0.2, "weight_decay": decay, "batch_size": 17},
    )
    ours = trained(data, own, 40).logits(data.test.features)[0]
    torch.testing.assert_close(ours, plain_training(data, own, 40), rtol=1e-4, atol=1e-4)


def test_features_are_those_of_tfidf() -> None:
    sides = split(DATA, 0.2, 0)
    data = encode_split(DATA, sides, FeatureSpec())
    texts = [DATA.texts[i] for i in sides.train]
    expected = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(texts)
    np.testing.assert_allclose(data.train.features.toarray(), expected.toarray(), atol=1e-6)


def test_moved_weights_act_from_the_next_step() -> None:
    data, own = encoded(), experiment(component_weights=(1.0, 1.0))
    moved, stayed = Trainer(data, own), Trainer(data, own)
    for _ in range(5):
        moved.advance(), stayed.advance()
    moved.prefer(Weights((9.0, 0.1, 1.0)))
    assert torch.equal(moved.model.table, stayed.model.table)
    moved.advance(), stayed.advance()
    assert not torch.equal(moved.model.table, stayed.model.table)


def test_divergence_stops_with_the_step_and_what_to_try() -> None:
    own = experiment(
        optimiser={"name": "sgd", "learning_rate": 1000.0},
        model={"kind": "hidden", "width": 4},
        component_weights=(1000.0, 1000.0),
    )
    trainer = Trainer(encoded(), own)
    with pytest.raises(Diverged, match=r"at step \d+.*learning rate below 1000"):
        for _ in range(200):
            trainer.advance()


def test_combinations_that_never_occur_are_no_outputs_of_a_joint_head() -> None:
    data = encoded(missing=("BD",))
    own = Experiment.for_dataset(dataset(missing=("BD",)), formulation="marginals")
    assert trained(data, own, 3).logits(data.test.features).shape[-1] == 3


def test_a_component_with_one_value_trains_under_every_formulation() -> None:
    one = schema_of(("only", "second"), ["AC", "AD"], separator="")
    codes = np.stack([np.zeros(len(DATA), dtype=np.int64), DATA.codes[:, 1]], axis=1)
    data = replace(DATA, schema=one, codes=codes)
    sides = encode_split(data, split(data, 0.2, 0), FeatureSpec())
    for formulation, objective in OBJECTIVES.items():
        own = Experiment.for_dataset(data, formulation=formulation)
        logits = trained(sides, own, 5).logits(sides.test.features)
        assert logits.shape[-1] == HEADS[objective.head].size(one)


class Library:
    """Stands for glibc, and writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def mallopt(self, option: int, value: int) -> int:
        self.told.append((option, value))
        return 1


def test_glibc_is_told_what_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    keep_freed_memory()
    assert library.told == [(MMAP_THRESHOLD, LARGEST), (TRIM_THRESHOLD, KEPT)]


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_no_library_is_no_error(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def absent(_: object) -> None:
        raise error("no such library")

    monkeypatch.setattr(ctypes, "CDLL", absent)
    keep_freed_memory()


def test_another_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    keep_freed_memory()


def test_what_is_kept_fits_the_number_that_glibc_takes() -> None:
    assert 0 < LARGEST <= KEPT < 2**31


def test_the_training_loss_steps_down_where_an_epoch_ends_and_the_held_out_one_does_not() -> None:
    data = encoded()
    trainer = Trainer(data, Experiment.for_dataset(DATA, epochs=2))
    test = Targets.from_codes(data.test.codes, data.schema)
    training, held_out = [], []
    for _ in range(trainer.total_steps):
        training.append(float(trainer.advance().means[-1].mean()))
        held_out.append(float(trainer.losses(trainer.logits(data.test.features), test)["total"]))
    epoch = trainer.steps_per_epoch
    around = slice(epoch - 2, epoch), slice(epoch, epoch + 2)
    before, after = (np.mean(training[side]) for side in around)
    assert after < 0.7 * before
    before, after = (np.mean(held_out[side]) for side in around)
    assert after > 0.8 * before
