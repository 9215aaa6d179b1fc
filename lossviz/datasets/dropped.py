"""A row that is not used, and why."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is not used.

    ``row`` is its 1-based number among the data rows of the file, ``reason`` a phrase that rows
    share, ``content`` what the row said: at most 500 characters of it.
    """

    row: int
    reason: str
    content: str

    def __post_init__(self) -> None:
        if len(self.content) > _SHOWN:
            object.__setattr__(self, "content", self.content[: _SHOWN - 1] + "…")
