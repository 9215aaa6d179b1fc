"""One way to read the cells of label columns as the parts of one compound label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lossviz.data.labels.marks import NO, YES, answer
from lossviz.data.labels.tags import split_tags
from lossviz.errors import LossVizError

Kind = Literal["characters", "separator", "columns", "whole", "yes/no", "tags"]


@dataclass(frozen=True, slots=True)
class LabelReading:
    """One way to read label cells as parts.

    ``kind`` is ``characters`` (``AC``), ``separator`` (``A|C``), ``columns`` (a column for each
    component), ``whole`` (one component), ``yes/no`` (a column of yes or no for each component)
    or ``tags`` (``joy,anger``: a component for each tag, yes or no).

    :param separator: between parts or tags; "" for the other kinds.
    :param names: proposed for the components, in order; the tags themselves for ``tags``.
    :param evidence: what speaks for it, in words.
    :param unmarked: for ``yes/no``, the columns in which an empty cell means no.
    """

    kind: Kind
    separator: str
    names: tuple[str, ...]
    evidence: str
    unmarked: tuple[str, ...] = ()


def parse_label(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The parts of one row's label, without the spaces around them.

    >>> parse_label(LabelReading("separator", "|", ("arousal", "valence"), ""), ["high | low"])
    ('high', 'low')
    >>> parse_label(LabelReading("tags", ",", ("anger", "joy"), ""), ["joy"])
    ('no', 'yes')

    :param cells: the row's cells in the label columns, in order.
    :raises LossVizError: with a phrase that rows share: "empty label", "label without …".
    """
    stripped = [cell.strip() for cell in cells]
    if not stripped:
        raise LossVizError("empty label")
    if reading.kind == "tags":
        return _tags(reading, stripped[0])
    if reading.kind == "yes/no":
        return _answers(reading, stripped)
    if not all(stripped):
        raise LossVizError("empty label")
    if reading.kind in ("columns", "whole"):
        parts = tuple(stripped)
    elif reading.kind == "characters":
        parts = tuple(stripped[0])
    else:
        parts = tuple(part.strip() for part in stripped[0].split(reading.separator))
    if len(parts) != len(reading.names) or not all(parts):
        raise LossVizError(_misfit(reading))
    return parts


def _tags(reading: LabelReading, cell: str) -> tuple[str, ...]:
    own = split_tags(cell, reading.separator)
    if not own <= set(reading.names):
        raise LossVizError("label with a tag that was not there when the labels were read")
    return tuple(YES if name in own else NO for name in reading.names)


def _answers(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) != len(reading.names):
        raise LossVizError(_misfit(reading))
    answers = tuple(
        answer(cell) if cell or name not in reading.unmarked else NO
        for name, cell in zip(reading.names, cells, strict=True)
    )
    if not all(answers):
        raise LossVizError("label that says neither yes nor no" if all(cells) else "empty label")
    return answers


def _misfit(reading: LabelReading) -> str:
    count = len(reading.names)
    if reading.kind == "characters":
        return f"label without exactly {count} characters"
    if reading.kind == "separator":
        return f"label without exactly {count} parts between {reading.separator!r}"
    return f"label without exactly {count} cells"
