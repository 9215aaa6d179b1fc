"""Training as far as somebody wants: the steps, and members side by side that go on without one
that diverges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from lossviz.engine.features import EncodedSplit
from lossviz.engine.step import Diverged, Losses, advance
from lossviz.engine.stopping import Stopping
from lossviz.engine.trainer import Trainer
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.weights import Weights

Members = Sequence[Sequence[float]]
Wanted = Callable[[], bool]
P = ParamSpec("P")
R = TypeVar("R")


class GivenUp(Exception):
    """Nobody wants the result any more."""


def always() -> bool:
    """Somebody waits for the result, whatever happens."""
    return True


def go_on(wanted: Wanted) -> None:
    """Ask whether anybody still wants the result.

    :raises GivenUp: where nobody does.
    """
    if not wanted():
        raise GivenUp


def none_if_given_up(compute: Callable[P, R]) -> Callable[P, R | None]:
    """The same computation, with None for a result that nobody wants any more."""

    @wraps(compute)
    def computed(*args: P.args, **options: P.kwargs) -> R | None:
        try:
            return compute(*args, **options)
        except GivenUp:
            return None

    return computed


def steps(
    trainer: Trainer,
    last: int | None = None,
    wanted: Wanted = always,
    stopping: Stopping | None = None,
) -> Iterator[Losses]:
    """Train on: what each step reported, as :meth:`Trainer.advance` does.

    :param last: the step to stop at; by default the end of all epochs.
    :param wanted: asked before each.
    :param stopping: may end it before; by default nothing does.
    :raises GivenUp: when it is wanted no longer.
    :raises Diverged: when the loss leaves the numbers.
    """
    last = trainer.total_steps if last is None else last
    while trainer.step < last:
        go_on(wanted)
        yield trainer.advance()
        if stopping is not None and stopping.reached():
            return


class Watcher(Protocol):
    """Is told what every step reported."""

    def take(self, losses: Losses) -> None:
        """Each member's."""


W = TypeVar("W", bound=Watcher)


def train_side_by_side(
    data: EncodedSplit,
    experiment: Experiment,
    members: Members,
    *,
    wanted: Wanted,
    watcher: Callable[[Trainer], W],
) -> Iterator[tuple[Trainer, W, str]]:
    """Train all members for all epochs, or each until its patience ends.

    :param members: ``(E, K)``, for each what a person prefers: one weight for each component.
    :param watcher: made anew for every trainer.
    :returns: trainers of the members, in their order: one of all of them, or where one diverged
        several. With each its watcher, and why it stopped before its end; empty where it did not.
    :raises GivenUp: when it is wanted no longer.
    """
    preferred = [Weights((*member, experiment.joint_weight)) for member in members]
    if experiment.patience and len(members) > 1:
        yield from _until_each_ends(
            [Trainer(data, experiment, [weights]) for weights in preferred], wanted, watcher
        )
        return
    trainer = Trainer(data, experiment, preferred)
    watching, message = watcher(trainer), ""
    try:
        for losses in steps(trainer, wanted=wanted, stopping=Stopping(trainer)):
            watching.take(losses)
    except Diverged as error:
        message = str(error)
    if message and len(members) > 1:
        # Which member it was nobody knows; half by half it is found.
        middle = len(members) // 2
        for half in (members[:middle], members[middle:]):
            yield from train_side_by_side(data, experiment, half, wanted=wanted, watcher=watcher)
        return
    yield trainer, watching, message


def _until_each_ends(
    trainers: Sequence[Trainer], wanted: Wanted, watcher: Callable[[Trainer], W]
) -> Iterator[tuple[Trainer, W, str]]:
    """Trainers of one member and one kind, which take their steps together, each as long as its
    patience lasts."""
    watchers = [watcher(trainer) for trainer in trainers]
    stoppings = [Stopping(trainer) for trainer in trainers]
    messages = [""] * len(trainers)
    going = list(range(len(trainers)))
    while going:
        go_on(wanted)
        found = advance([trainers[place] for place in going])
        for place, losses in zip(list(going), found, strict=True):
            if isinstance(losses, Diverged):
                messages[place] = str(losses)
                going.remove(place)
                continue
            watchers[place].take(losses)
            if stoppings[place].reached() or trainers[place].finished:
                going.remove(place)
    yield from zip(trainers, watchers, messages, strict=True)
