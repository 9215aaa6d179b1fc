"""Pace: how long work takes on this machine as it is, beside what its plan says."""

from __future__ import annotations

FORGETS = 0.7
"""What earlier work counts beside the latest: a machine that others use too is slow for a while."""


class MachinePace:
    """Told what was planned and what it took; before that, what is planned is believed."""

    def __init__(self) -> None:
        self._planned = self._taken = 0.0

    def took(self, seconds: float, planned: float) -> None:
        """Something did that was to take so long."""
        self._planned = FORGETS * self._planned + planned
        self._taken = FORGETS * self._taken + seconds

    @property
    def factor(self) -> float:
        """Seconds for each that a plan says."""
        return self._taken / self._planned if self._planned else 1.0
