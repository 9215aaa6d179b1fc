"""Numbers as the interface words them, and texts from outside as it shows them."""

from __future__ import annotations

import re
from math import inf, isnan
from unicodedata import bidirectional


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


LOOKED_AT = 200
RIGHT_TO_LEFT = "\u061c"
"""The Arabic letter mark: no width, and a letter of such a script for whoever looks. The tables do
not know the right-to-left mark."""


def directed(text: str) -> str:
    """The text, marked where most of its letters run from right to left but the first does not.

    A cell takes its direction from the first letter. Of an Arabic text behind ``RT @name`` a narrow
    cell would otherwise show the name and the end.

    >>> directed("RT: \u0634\u0643\u0631\u0627")[0] == RIGHT_TO_LEFT, directed("RT: thanks")
    (True, 'RT: thanks')
    """
    strong = [name for name in map(bidirectional, text[:LOOKED_AT]) if name in ("L", "R", "AL")]
    right = sum(name != "L" for name in strong)
    return RIGHT_TO_LEFT + text if 2 * right > len(strong) and strong[0] == "L" else text


NOTHING = 1e-9
"""Closer to 0 than this is 0: what is left is rounding."""


def loss_digits(value: float) -> str:
    """A loss or a cost: three significant digits, zeros too.

    >>> loss_digits(1.2), loss_digits(0.0), loss_digits(float("inf"))
    ('1.20', '0', '∞')
    """
    return f"{value:#.3g}".rstrip(".") if NOTHING <= value < inf else digits(value)


def digits(value: float, most: int = 3) -> str:
    """Significant digits, and a real minus sign.

    >>> digits(-1.38629), digits(1e-17), digits(float("inf")), digits(0.25), digits(1.0)
    ('−1.39', '0', '∞', '0.25', '1')
    """
    if isnan(value):
        return "undefined"
    size = abs(value)
    if size < NOTHING:
        return "0"
    text = "∞" if size == inf else f"{size:.{most}g}"
    return f"−{text}" if value < 0.0 else text
