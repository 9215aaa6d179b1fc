"""Sealed texts, opened: what a run that was chosen is wrong on where nothing was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lossviz.experiments.runs.run import Run
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.unseen import Unseen
from lossviz.experiments.words import count, measured


@dataclass(frozen=True)
class Unsealed:
    """The sealed texts, judged by a run.

    :param name: of the run: ``A joint``.
    :param share: of all texts that was sealed; of another share they are other texts.
    :param sealed: its errors on them ``(K + 1,)``: of each component, then of the whole label.
    :param held_out: the same on the texts that were held out to judge, and to choose by.
    :param unseen: the sealed texts whose whole label none of its training texts has.
    :param seconds: how long it took.
    :param looked_before: whether a session had trained on some of them, or judged them, before.
    """

    name: str
    share: float
    sealed: tuple[ErrorRate, ...]
    held_out: tuple[ErrorRate, ...]
    unseen: Unseen
    seconds: float = 0.0
    looked_before: bool = False

    def errors_json(self, names: Sequence[str]) -> dict[str, Any]:
        """As the command line writes errors.

        :param names: of the components.
        """
        each = zip(names, self.sealed, strict=False)
        return {
            "joint": self.sealed[-1].to_json(),
            "components": [{"name": name, **rate.to_json()} for name, rate in each],
        }


def opening_words(opening: Unsealed, number: int, names: Sequence[str]) -> str:
    """What came of it, and that they are sealed no more.

    :param number: of times that texts of these data have been opened, this one with them.
    :param names: of the components.
    """
    sealed, held_out = opening.sealed, opening.held_out
    parts = "".join(
        f" On {name} {measured(one)}; held out {measured(other)}."
        for name, one, other in zip(names, sealed, held_out, strict=False)
    )
    new = count(opening.unseen.texts, "sealed text")
    unseen = f" {new} with a whole label that no training text has." if opening.unseen.texts else ""
    return (
        f"{opening.name}, opened on {count(sealed[-1].n, 'sealed text')} that it had nothing to do "
        f"with: wrong on the whole label {measured(sealed[-1])}, beside {measured(held_out[-1])} "
        f"on the held-out texts, which it may have been chosen by.{parts}{unseen} "
        + (f"{LOOKED_BEFORE} " if opening.looked_before else "")
        + _no_more(number)
    )


def _no_more(number: int) -> str:
    opened = "" if number == 1 else f"This was opening number {number}: look at the first. "
    return (
        f"{opened}With this they are no longer sealed: what is chosen from here on may be chosen "
        "by them."
    )


LOOKED_BEFORE = (
    "Not all of them were sealed from the beginning: in this session texts of these data were "
    "trained on or judged without a seal, or with another share."
)


def openings_words(openings: Sequence[Unsealed], names: Sequence[str]) -> tuple[str, ...]:
    """Of each, in their order."""
    return tuple(
        opening_words(opening, number, names) for number, opening in enumerate(openings, start=1)
    )


def sealing(runs: Mapping[str, Run]) -> Mapping[str, Run]:
    """The runs at their end that left texts sealed, by letter: the best on the held-out texts
    first."""
    ended = {
        letter: run
        for letter, run in runs.items()
        if run.experiment.split.sealed and run.state == "finished" and run.evaluation is not None
    }

    def error(letter: str) -> float:
        evaluation = ended[letter].evaluation
        return 1.0 if evaluation is None else evaluation.joint.rate

    return {letter: ended[letter] for letter in sorted(ended, key=error)}
