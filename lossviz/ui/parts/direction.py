"""The direction of a text in a table, whose cells are drawn and not marked up."""

from __future__ import annotations

from unicodedata import bidirectional

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
    right = sum(text != "L" for text in strong)
    return RIGHT_TO_LEFT + text if 2 * right > len(strong) and strong[0] == "L" else text
