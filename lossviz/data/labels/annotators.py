"""Columns of several annotators, as rows of their own: each annotation is one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lossviz.data.assumptions import Assumption, assumed
from lossviz.data.files.cells import Dropped
from lossviz.data.files.table import Table
from lossviz.data.labels.columns import Column
from lossviz.data.labels.reading import unknown

WHO = "annotator"
NOT_ANNOTATED = "not annotated by one of the annotators"
_WORD = (
    r"(?:annotators?|annotation|ann|anno|coder|codierer|rater|worker|judge|reviewer|expert|user)"
)
_NAMES = re.compile(
    rf"(?i)(?P<before>{_WORD}[ _-]?(?:\d+|[a-h])|[acr]\d)[ _.:-]+(?P<rest>.+)"
    rf"|(?P<base>.+?)(?:[ _.:-]*[\[(]?(?P<who>{_WORD}[ _-]?(?:\d+|[a-h])?|\d+)"
    r"|[ _.:-]+[\[(]?(?P<letter>[a-h]))[\])]?"
)
_LAST = re.compile(r"(?P<base>.+)[ _.:-](?P<who>[^\W\d_]+)")
_FIRST = re.compile(r"(?P<who>[^\W\d_]+)[ _.:-](?P<base>.+)")
_AGREED = frozenset(
    "final gold majority consensus adjudicated agreed resolved aggregated".split()  # noqa: SIM905
)
REPLACED = "looks like an annotator's answer; {!r} is what was agreed on"
_SURE = re.compile(rf"(?i){_WORD}[ _-]?(?:\d+|[a-h])?")
_ALIKE, _SURELY_ALIKE = 0.4, 0.6
"""Cohen's kappa of two columns that are numbered only: so much, and they annotate the same. Where
their names differ in a word, these may be aspects, and moods of several go together."""


@dataclass(frozen=True, slots=True)
class Annotators:
    """Who annotated what.

    :param who: the annotators, in order.
    :param columns: of each thing that was annotated, the columns in the order of ``who``; "" where
        somebody has none.
    """

    who: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]


def annotators_of(columns: Sequence[Column]) -> Annotators | None:
    """The annotators that columns stand for; None where they do not.

    Their names end, or begin, with who annotated (``tone_ann1``, ``coder A: tone``); with a mere
    number, or with the names of three people or more, they must agree more than by chance.
    """
    found: dict[str, dict[str, Column]] = {}
    sure: dict[str, bool] = {}
    for column in columns:
        match = _NAMES.fullmatch(column.name.strip())
        if match is None or not column.categorical or column.role is not None:
            continue
        base = (match["base"] or match["rest"]).strip(" _.:-")
        base = "label" if re.fullmatch(_WORD, base, re.IGNORECASE) else base
        who = match["who"] or match["letter"] or match["before"]
        found.setdefault(base, {})[who] = column
        sure[base] = sure.get(base, True) and bool(_SURE.fullmatch(who))
    groups = {
        base: by_whom
        for base, by_whom in found.items()
        if len(by_whom) > 1 and _same(list(by_whom.values()), sure[base])
    }
    groups = groups or _by_first_names(columns)
    if not groups:
        return None
    who = tuple(dict.fromkeys(name for by_whom in groups.values() for name in by_whom))
    return Annotators(
        who,
        {
            base: tuple(by_whom[name].name if name in by_whom else "" for name in who)
            for base, by_whom in groups.items()
        },
    )


def _by_first_names(columns: Sequence[Column]) -> dict[str, dict[str, Column]]:
    """Three columns or more whose names differ in a word at one end, and which mostly agree."""
    found: dict[str, dict[str, Column]] = {}
    for column in columns:
        if not column.categorical or column.role is not None or column.yes_no:
            continue
        for pattern in (_LAST, _FIRST):
            if match := pattern.fullmatch(column.name.strip()):
                found.setdefault(match["base"], {})[match["who"]] = column
    return {
        base: by_whom
        for base, by_whom in found.items()
        if len(by_whom) > 2 and _same(list(by_whom.values()), False, _SURELY_ALIKE)
    }


def agreed_on(columns: Sequence[Column], annotators: Annotators) -> str:
    """The column that says what annotators agreed on; "" without one."""
    apart = {name for names in annotators.columns.values() for name in names}
    values = {v.casefold() for c in columns if c.name in apart for v in c.values}
    for column in columns:
        shared = {value.casefold() for value in column.values} & values
        if column.name not in apart and column.words & _AGREED and 2 * len(shared) >= len(values):
            return column.name
    return ""


def _same(columns: Sequence[Column], sure: bool, least: float = _ALIKE) -> bool:
    """Do they have the same values, and, where the names do not say it, mostly in the same rows?"""
    first = columns[0]
    values = {value.casefold() for value in first.values}
    for other in columns[1:]:
        others = {value.casefold() for value in other.values}
        if 2 * len(values & others) < len(values | others):
            return False
        if not sure and (first.yes_no or _kappa(first, other) < least):
            return False
    return True


def _kappa(first: Column, second: Column) -> float:
    pairs = [(a, b) for a, b in zip(first.folded, second.folded, strict=True) if a and b]
    if not pairs:
        return 0.0
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    left, right = ([pair[k] for pair in pairs] for k in (0, 1))
    chance = sum(left.count(v) * right.count(v) for v in set(left)) / len(pairs) ** 2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def in_rows(table: Table, annotators: Annotators) -> tuple[Table, Assumption]:
    """The table with a row for each annotation, and a column that says whose it is."""
    wide = {name for names in annotators.columns.values() for name in names}
    rest = [name for name in table.columns if name not in wide]
    who_name = next(name for name in (WHO, "annotated by", "who") if name not in rest)
    frames, numbers, dropped = [], [], list(table.dropped)
    for place, who in enumerate(annotators.who):
        frame = table.frame[rest].copy()
        frame[who_name] = who
        for base, names in annotators.columns.items():
            column = names[place]
            frame[base] = table.frame[column] if column else ""
        given = np.array(
            [
                not all(map(unknown, cells))
                for cells in frame[list(annotators.columns)].itertuples(index=False, name=None)
            ]
        )
        for number in table.rows[~given].tolist():
            dropped.append(Dropped(number, NOT_ANNOTATED, who))
        frames.append(frame[given])
        numbers.append(table.rows[given])
    order = np.argsort(np.concatenate(numbers), kind="stable")
    frame = pd.concat(frames, ignore_index=True).iloc[order].reset_index(drop=True)
    long = replace(
        table,
        columns=tuple(frame.columns),
        frame=frame.astype(table.frame[rest[0]].dtype),
        rows=np.concatenate(numbers)[order],
        dropped=tuple(dropped),
    )
    listed = ", ".join(annotators.columns)
    return long, assumed(
        "annotators",
        f"{len(annotators.who)} annotators of {listed}: a row for each annotation",
        f"columns such as {min(wide - {''})!r}; the annotations of a text stay on one side of a "
        "split",
        "each column as a part of its own",
    )
