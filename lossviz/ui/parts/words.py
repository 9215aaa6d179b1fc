"""Numbers as the interface words them."""

from __future__ import annotations

import re


def duration(seconds: float) -> str:
    """``9 s``, ``2 min``."""
    return f"{max(round(seconds), 1)} s" if seconds < 99 else f"{round(seconds / 60)} min"


# Addresses become links even where every sign of Markdown is escaped: unless something that cannot
# be seen, and that no line breaks at, stands in them.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text that may hold names from outside, as markdown leaves it as it is: no link, no picture,
    no formula, no icon; on one line."""
    line = _ADDRESS.sub(WORD_JOINER, " ".join(text.split()))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)
