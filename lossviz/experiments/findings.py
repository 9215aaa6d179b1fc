"""Findings: a plan, and what was found of it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from lossviz.data import Dataset


class Block(Protocol):
    """What one call of a worker does."""

    @property
    def arguments(self) -> tuple[object, ...]:
        """Of the call, besides the data set."""

    @property
    def size(self) -> int:
        """As progress counts it."""

    @property
    def cost(self) -> float:
        """How long it takes, in proportion to the others."""


class BlockReport(Protocol):
    """What a worker has to say about a block."""

    @property
    def seconds(self) -> float:
        """How long it took."""


class Plan(Protocol):
    """What a person chooses before the start. Plans that are equal train the same."""

    def blocks(self, dataset: Dataset) -> Sequence[Any]:
        """What is computed at a time, in order."""


P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Findings(Generic[P, R]):
    """What a sweep, a study or surfaces have: what a session shows, a project file holds and a
    report tells.

    :param plan: a :class:`Plan`.
    :param reports: by the number of their block in it.
    """

    plan: P
    reports: Mapping[int, R]


def pairs(findings: Findings[Any, R], dataset: Dataset) -> list[tuple[Any, R]]:
    """The blocks of which there is a report, each with it, in order."""
    blocks = findings.plan.blocks(dataset)
    return [(blocks[number], report) for number, report in sorted(findings.reports.items())]
