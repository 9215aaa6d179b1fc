"""What the library says about published runs, and what it says where there is none."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite

from pydantic import TypeAdapter

from lossviz.errors import LossVizError
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.weights import Weights
from lossviz.guards import MAX_SUMMARY, parsed
from lossviz.sharing.project import Publication

NOT_THERE = "There is no published run under this link. It may have expired, or been deleted."
NOT_OWNER = (
    "This link does not belong to the run's owner, so it deletes nothing. Expected is the second "
    "of the two links that were shown when the run was published."
)

DAMAGED = (
    "What the library says about a run or a session was changed by something other than this app, "
    "so it is not shown. Ask whoever runs this server to look at the database."
)

MOST_TEXTS = 2**31
"""In a summary; whatever opens files takes less."""


class NotPublished(LossVizError):
    """Nothing is there; whether it ever was, nobody is told."""

    def __init__(self) -> None:
        super().__init__(NOT_THERE)


@dataclass(frozen=True)
class Links:
    """What opens a published run, and what deletes it. Neither can be had again."""

    id: str
    secret: str


@dataclass(frozen=True)
class Used:
    """How much there is: runs, and their bytes."""

    runs: int
    size: int


@dataclass(frozen=True)
class Summary:
    """What a table says of a run.

    :param wrong: of each component, then of the whole label.
    :param n: held-out texts.
    :param steps: done, in the whole run, and in an epoch.
    """

    name: str
    data: str
    formulation: str
    weighting: str
    components: tuple[str, ...]
    weights: Weights
    wrong: tuple[int, ...]
    n: int
    steps: tuple[int, int, int]

    @classmethod
    def of(cls, publication: Publication) -> Summary:
        """Of a run that has been judged."""
        run = publication.run
        if run.evaluation is None:
            raise LossVizError("A run is published once it has been judged; train it first.")
        rates = (*run.evaluation.components, run.evaluation.joint)
        return cls(
            publication.name,
            publication.data,
            run.experiment.formulation,
            run.experiment.acting_weighting.id,
            publication.schema.names,
            run.applied,
            tuple(rate.wrong for rate in rates),
            len(run.evaluation),
            (run.step, run.total_steps, run.steps_per_epoch),
        )

    @classmethod
    def from_json(cls, written: str) -> Summary:
        """What :meth:`to_json` wrote.

        :raises LossVizError: when somebody else changed it.
        """
        try:
            summary: Summary = _SUMMARY.validate_python(parsed(written, MAX_SUMMARY, MAX_SUMMARY))
        except (ValueError, RecursionError) as error:
            raise LossVizError(DAMAGED) from error
        if not summary.sound:
            raise LossVizError(DAMAGED)
        return summary

    @property
    def sound(self) -> bool:
        """Whether its numbers can be."""
        return (
            len(self.wrong) == len(self.weights) == len(self.components) + 1
            and 0 < self.n <= MOST_TEXTS
            and all(0 <= wrong <= self.n for wrong in self.wrong)
            and all(isfinite(weight) for weight in self.weights)
            and min(self.steps) >= 0
        )

    def to_json(self) -> str:
        """In ASCII: PostgreSQL's texts take no zero byte, and no encoding half a character."""
        return json.dumps(asdict(self))

    @property
    def rates(self) -> tuple[ErrorRate, ...]:
        """Of each component, then of the whole label."""
        return tuple(ErrorRate.of(wrong, self.n) for wrong in self.wrong)


_SUMMARY = TypeAdapter(Summary)


@dataclass(frozen=True)
class SessionSummary:
    """What a kept session is told from others by.

    :param data: that are in use, by their title.
    :param runs: that were trained.
    :param page: that was open, by its part of the address.
    :param queries: of the addresses that the browser may show of it.
    """

    data: str
    runs: int
    page: str
    queries: tuple[tuple[tuple[str, str], ...], ...]

    @classmethod
    def from_json(cls, written: str) -> SessionSummary:
        """What :meth:`to_json` wrote.

        :raises LossVizError: when somebody else changed it.
        """
        try:
            read: SessionSummary = _SESSION.validate_python(
                parsed(written, MAX_SUMMARY, MAX_SUMMARY)
            )
        except (ValueError, RecursionError) as error:
            raise LossVizError(DAMAGED) from error
        return read

    def to_json(self) -> str:
        """In ASCII, as a run's."""
        return json.dumps(asdict(self))


_SESSION = TypeAdapter(SessionSummary)


@dataclass(frozen=True)
class KeptSession:
    """A session that is kept, without its content.

    :param kept: in UTC, when it was last.
    :param until: in UTC.
    """

    id: str
    summary: SessionSummary
    kept: datetime
    until: datetime


@dataclass(frozen=True)
class About:
    """A published run, without its content.

    :param published: in UTC.
    :param expires: in UTC; None where it stays.
    :param size: in bytes.
    """

    id: str
    summary: Summary
    published: datetime
    expires: datetime | None
    size: int


MB = 2**20


@dataclass(frozen=True)
class Limits:
    """In bytes: of a published run and of all together, of a kept session and of all together.

    Where the last is 0, no session is kept.
    """

    run: int = 20 * MB
    all: int = 1024 * MB
    session: int = 20 * MB
    sessions: int = 1024 * MB

    @classmethod
    def from_environment(cls) -> Limits:
        """``LOSSVIZ_LIBRARY_RUN_MB``, ``LOSSVIZ_LIBRARY_MB`` and ``LOSSVIZ_SESSIONS_MB``, where
        they are set."""
        return cls(
            _megabytes("LOSSVIZ_LIBRARY_RUN_MB", cls.run),
            _megabytes("LOSSVIZ_LIBRARY_MB", cls.all),
            sessions=_megabytes("LOSSVIZ_SESSIONS_MB", cls.sessions, none=True),
        )


def _megabytes(name: str, default: int, *, none: bool = False) -> int:
    written = os.environ.get(name, "")
    if not written:
        return default
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not (0 < value < 1e9 or (none and value == 0)):
        raise LossVizError(f"{name}: expected a number of megabytes, found {written!r}.")
    return int(value * MB)
