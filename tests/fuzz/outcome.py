"""What may come of a file, whatever is in it: a data set, or a sentence, soon."""

from __future__ import annotations

import time

from lossviz.data import build_dataset, propose_mapping, read_table
from lossviz.errors import LossVizError

SLOW = 3.0
"""Seconds of a core. The files are of some kilobytes; what they unpack to may be more."""
LONGEST = 1_000
"""Characters of a sentence that a person still reads."""


def check_soon(content: bytes, name: str) -> None:
    """Nor does it take long.

    :raises AssertionError: as :func:`check_outcome`, and when it does.
    """
    start = time.process_time()
    check_outcome(content, name)
    seconds = time.process_time() - start
    assert seconds < SLOW, f"{seconds:.1f} s for {content[:200]!r}"


def check_outcome(content: bytes, name: str) -> bool:
    """Read a file to the end; whether a data set came of it.

    :raises AssertionError: when the sentence is none.
    """
    try:
        table = read_table(content, name)
        dataset = build_dataset(table, propose_mapping(table))
    except LossVizError as error:
        sentence = str(error)
        assert 20 < len(sentence) < LONGEST, sentence
        assert sentence.isprintable() or "\n" not in sentence, sentence
        usable = False
    else:
        assert len(dataset) >= 10
        assert all(text.strip() for text in dataset.texts)
        usable = True
    return usable
