"""Scripts: whether the words of texts stand apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

LOOKED_AT = 1_000
"""Texts that are looked at, evenly over the file: files are sorted by language now and then."""
ENOUGH = 0.3
"""Of the characters. A Chinese word has about two of them, an English one five: with so many, most
words are of the scripts without spaces."""
FEWEST_SPACES = 1 / 20
"""In English about one character in six is a space."""

# Thai, Lao, Tibetan, Burmese, Khmer; then kana and Han, with the planes that hold rare ones.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)


def words_run_together(texts: Sequence[str]) -> bool:
    """Whether words are written without spaces between them, as in Chinese, Japanese or Thai.

    Thai has a space between phrases, as often as English between clauses, so it is the script that
    tells, and the spaces only where the script has them.

    >>> words_run_together(["วันนี้อากาศดีมาก เราไปเดินเล่นกัน", "ok"])
    True
    >>> words_run_together(["a cat, two dogs", "猫 means cat"])
    False
    """
    step = max(1, len(texts) // LOOKED_AT)
    joined = "".join(texts[::step][:LOOKED_AT])
    spaces = sum(character.isspace() for character in joined)
    unspaced = len(_UNSPACED.findall(joined))
    written = len(joined) - spaces
    return unspaced > ENOUGH * written or spaces < FEWEST_SPACES * len(joined)
