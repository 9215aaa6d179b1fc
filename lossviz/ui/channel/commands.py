"""Commands: what a browser may ask for without the page being run again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lossviz.compute.lab import LONGEST_SENTENCE, Lab, Speed
from lossviz.figures.surfaces.explorer import MOST


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int = Field(0, ge=0, lt=2**53)
    """Its number: the same one again does nothing."""


class Press(_Command):
    """A button that acts on all runs."""

    do: Literal["play", "pause", "batch", "epoch", "reset"]

    def act(self, lab: Lab) -> None:
        """As if it were pressed."""
        match self.do:
            case "play":
                lab.play()
            case "pause":
                lab.pause()
            case "batch":
                lab.advance(1)
            case "epoch":
                lab.advance_epoch()
            case "reset":
                lab.reset()


class Pace(_Command):
    """How fast they train."""

    do: Literal["speed"]
    speed: Speed

    def act(self, lab: Lab) -> None:
        """From the next step on."""
        lab.speed = self.speed


class Weigh(_Command):
    """One weight of a run; the one past its parts is the whole label's."""

    do: Literal["weigh"]
    run: Literal["A", "B", "C", "D"]
    k: int = Field(ge=0)
    value: float = Field(ge=0, le=MOST, allow_inf_nan=False)
    drag: int = Field(0, ge=0, lt=2**53)
    """Those of one drag are one move."""

    def act(self, lab: Lab) -> None:
        """From the run's next step on; a run or a weight that is gone is not listened to."""
        run = lab.runs.get(self.run)
        if run is not None and self.k in run.experiment.acting_weights:
            lab.weigh(self.run, run.weights.moved(self.k, self.value), self.drag)


class AskAbout(_Command):
    """A sentence that every run is asked about."""

    do: Literal["ask"]
    text: str = Field(max_length=LONGEST_SENTENCE)

    def act(self, lab: Lab) -> None:
        """An empty one ends it."""
        lab.type(self.text)


Command = Press | Pace | Weigh | AskAbout
COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="do")])
"""Reads one; what is none raises pydantic's ``ValidationError``."""
