"""Words that say on which side of a split something is."""

from __future__ import annotations

import re
from pathlib import PurePath

SIDES: dict[str, frozenset[str]] = {
    "train": frozenset(("train", "training", "trn", "tr")),
    "validation": frozenset(("dev", "devel", "development", "valid", "validation", "val")),
    "test": frozenset(("test", "testing", "tst", "eval", "evaluation", "holdout", "heldout")),
}


def side_of_word(word: str) -> str:
    """``train``, ``validation`` or ``test``; "" of another word.

    >>> side_of_word("dev"), side_of_word("sport")
    ('validation', '')
    """
    return next((side for side, words in SIDES.items() if word in words), "")


def side_in(name: str) -> str:
    """The word that a file's name says, or a key's; else all of it.

    >>> side_in("reviews_train.csv.gz"), side_in("dev-00000-of-1.parquet"), side_in("may.csv")
    ('train', 'dev', 'may.csv')
    """
    stem = PurePath(name).name.partition(".")[0]
    words = re.findall(r"[a-z]+", stem.casefold())
    return next((word for word in words if len(word) > 2 and side_of_word(word)), name)
