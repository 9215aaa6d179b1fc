"""Lines that begin with their label and a space, as question collections (TREC) write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from lossviz.data.assumptions import Assumption, assumed
from lossviz.data.files.cells import Row
from lossviz.data.files.lines import Lines

_LEAST = 12
_MOST = 60
_LOOKED_AT = 1_000
_CODED = 0.98


def heads_of(start: str, delimiter: str | None) -> Assumption | None:
    """What is assumed where the lines begin so; None where they do not.

    :param start: the beginning of the file.
    :param delimiter: what would stand between cells otherwise; None where nothing does.
    """
    lines = [line.split(None, 1) for line in start.splitlines()[:_LOOKED_AT] if line.strip()]
    whole = [line for line in lines if len(line) == 2]
    if delimiter not in (None, ":") or len(whole) < max(_LEAST, _CODED * len(lines)):
        return None
    heads = Counter(head for head, _ in whole)
    coded = sum(n for head, n in heads.items() if ":" in head[:-1]) >= _CODED * len(whole)
    if (delimiter == ":" and not coded) or len(heads) > min(_MOST, len(whole) / 3):
        return None
    if not coded and (len(heads) > _LEAST or median(len(r.split()) for _, r in whole) < 3):
        return None
    if len(heads) < 2 or (min(heads.values()) < 2 and not coded):
        return None
    example = next(iter(heads))
    took = "the first word of each line is its label, the rest its text"
    evidence = f"lines begin with one of {len(heads)} words, such as {example!r}"
    return assumed("heads", took, evidence, "as a table")


def headed_rows(lines: Lines) -> Iterator[Row]:
    """Label and text of each line."""
    for line in lines:
        head, _, text = line.strip().partition(" ")
        if head:
            yield [head.strip("\t"), text.strip()]
