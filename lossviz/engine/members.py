"""Members of one experiment, trained side by side to the end; each goes on if another diverges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

import torch
from torch import Tensor

from lossviz.engine.features import EncodedSplit
from lossviz.engine.trainer import Diverged, Trainer
from lossviz.experiments.experiment import Experiment

LOOK_EVERY = 50
"""Steps between two looks at whether anybody still wants the result."""

Members = Sequence[Sequence[float]]


class GivenUp(Exception):
    """Nobody wants the result any more."""


class Watcher(Protocol):
    """Is told what every step reported."""

    def take(self, parts: dict[str, Tensor]) -> None:
        """Parts of the loss, each ``(E, B)``."""


W = TypeVar("W", bound=Watcher)


def train_side_by_side(
    data: EncodedSplit,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Callable[[], bool],
    watcher: Callable[[Trainer], W],
) -> Iterator[tuple[Trainer, W, str]]:
    """Train all members for all epochs.

    :param members: ``(E, K)``, for each what a person prefers: one weight for each component.
    :param wanted: asked now and then.
    :param watcher: made anew for every trainer.
    :returns: trainers of the members, in their order: one of all of them, or where one diverged
        several. With each its watcher, and why it stopped before its end; empty where it did not.
    :raises GivenUp: when it is wanted no longer.
    """
    trainer = Trainer(
        data,
        experiment,
        component_weights=torch.tensor(members),
        joint_weight=torch.full((len(members),), experiment.joint_weight),
    )
    own, message = watcher(trainer), ""
    while not trainer.finished and not message:
        if trainer.step % LOOK_EVERY == 0 and not wanted():
            raise GivenUp
        try:
            own.take(trainer.advance())
        except Diverged as error:
            message = str(error)
    if message and len(members) > 1:
        # Which member it was nobody knows; half by half it is found.
        middle = len(members) // 2
        for half in (members[:middle], members[middle:]):
            yield from train_side_by_side(data, experiment, half, wanted=wanted, watcher=watcher)
        return
    yield trainer, own, message
