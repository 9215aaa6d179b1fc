"""What of a session is kept on the server, and what is not."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from math import inf


@dataclass
class Kept:
    """Of one session.

    :param work: what there was when it was kept last; see :func:`lossviz.ui.keeper.work_of`.
    :param until: when that is forgotten, in UTC; None where nothing is kept.
    :param problem: why it was not kept at the last try, as a sentence.
    :param refused: what there was then.
    :param again: when the same is tried again, on the clock of :func:`time.monotonic`.
    :param off: whether its owner does not want it to be kept.
    :param since: when it was tried last, on the same clock.
    """

    work: Hashable = ()
    until: datetime | None = None
    problem: str = ""
    refused: Hashable = ()
    again: float = inf
    off: bool = False
    since: float = -inf
