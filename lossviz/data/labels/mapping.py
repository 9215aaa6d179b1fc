"""The mapping of a table's columns: which one is the text, and which hold the label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lossviz.data.assumptions import Assumption, Denied, LeftOut, assumed
from lossviz.data.files.table import Table, listing
from lossviz.data.labels.annotators import REPLACED, agreed_on, annotators_of, in_rows
from lossviz.data.labels.choice import ChosenLabels, choose_labels
from lossviz.data.labels.columns import Column, describe
from lossviz.data.labels.reading import LabelReading, unknown
from lossviz.data.labels.readings import propose_readings, reading_for
from lossviz.data.labels.roles import side_of
from lossviz.data.labels.spelling import tidy
from lossviz.errors import LossVizError

_RIVAL = 0.25
"""Of the best text column's textness: with so much another column may be meant."""
EXACT = ("lists", "spelling", "case", "unknown")
"""What can be denied of the way in which cells are read."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The text column, the label columns in order, and how the label is read.

    :param split: the column that says which rows train and which judge; "" for a split by lot.
    """

    text: str
    labels: tuple[str, ...]
    reading: LabelReading
    split: str = ""


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mapping, and everything that was taken for granted on the way to it.

    :param table: the table that is mapped; with rows for annotators where these had columns.
    :param left_out: the columns that are neither text nor label, with the reasons.
    :param split: the column that says train and test; "" without one.
    """

    table: Table
    mapping: ColumnMapping
    left_out: tuple[LeftOut, ...]
    assumptions: tuple[Assumption, ...]
    split: str = ""

    def split_by_files(self) -> Proposal:
        """The mapping with the files as the split, where the names of all say train or test."""
        source = self.table.source
        sides = set(map(side_of, self.table.cells(source))) if source else set()
        if "" in sides or not {"train", "test"} <= sides:
            return self
        how = "their names say train and test"
        told = assumed("split", "the files are the split", how, "a split by lot")
        mapping = replace(self.mapping, split=source)
        return replace(
            self,
            mapping=mapping,
            assumptions=(*self.assumptions, told),
            left_out=tuple(column for column in self.left_out if column.column != source),
            split=source,
        )

    def with_split(self, column: str | None) -> Proposal:
        """The mapping with a column that says which rows train and which judge; None for as it is.

        :raises LossVizError: when there is no such column, or it says no such thing.
        """
        if column is None:
            return self
        name = self.table.column(column)
        values = sorted(set(self.table.cells(name)))
        if not any(map(side_of, values)):
            raise LossVizError(
                f"The column {name!r} says train, validation or test nowhere: it has "
                f"{listing(values, 5)}. Choose another column for the split."
            )
        rest = tuple(one for one in self.assumptions if one.what != "split")
        return replace(self, mapping=replace(self.mapping, split=name), assumptions=rest)


def propose_mapping(
    table: Table,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    separator: str | None = None,
) -> ColumnMapping:
    """The mapping of :func:`propose`, of the table as it stands."""
    without = ("annotators", "split")
    return propose(table, text=text, labels=labels, separator=separator, without=without).mapping


def propose(
    table: Table,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    separator: str | None = None,
    without: Denied = (),
) -> Proposal:
    """Propose the text and the label columns; what is given is kept.

    The text is the column with the longest and most varied cells. The label is every column of few
    values that repeat, in the file's order: without ids, dates, people, scores, weights, what a
    model said (:data:`lossviz.data.labels.roles.ROLES`), copies, second annotations, and columns
    that would cost most of the rows.

    :param separator: between the parts of compound labels; "" for one character per part;
        found from the data if None.
    :param without: what is not to be taken for granted.
    :raises LossVizError: listing the columns, when a chosen one is not there or none fits.
    """
    columns = describe(table)
    told: list[LeftOut] = []
    assumptions = list(table.assumptions)
    # What annotators labelled can be named, too: it has no column of its own as yet.
    if "annotators" not in without and not (labels and set(labels) <= set(table.columns)):
        annotators = annotators_of(columns)
        agreed = "" if annotators is None else agreed_on(columns, annotators)
        if annotators is not None and agreed:
            apart = {name for names in annotators.columns.values() for name in names}
            told = [LeftOut(c.name, REPLACED.format(agreed)) for c in columns if c.name in apart]
            columns = tuple(column for column in columns if column.name not in apart)
        elif annotators is not None:
            table, assumption = in_rows(table, annotators)
            assumptions.append(assumption)
            columns = describe(table)
    given = tuple(table.column(name) for name in labels or ())
    chosen_text, rival = _text(table, columns, text, given)
    others = [column for column in columns if column.name != chosen_text]
    choice = ChosenLabels(given, ()) if given else choose_labels(table, others)
    chosen = choice.labels
    if chosen_text in chosen or len(set(chosen)) < len(chosen):
        raise LossVizError(
            f"Expected different columns for the text and the label, found text {chosen_text!r} "
            f"and label {listing(chosen)}. Choose each column once."
        )
    cells = [(name, table.cells(name)) for name in chosen]
    exact = tuple(word for word in EXACT if word in without)
    readings = propose_readings(cells, exact) if separator is None else ()
    reading = readings[0] if readings else reading_for(cells, separator, exact)
    if text is None and rival:
        assumptions.append(_of_text(chosen_text, rival))
    if not given:
        assumptions.append(_of_labels(chosen, choice.left_out))
    assumptions += _of_unknown([values for _, values in cells], exact)
    if readings and (len(readings) > 1 or reading.kind != "whole"):
        assumptions.append(_of_reading(readings))
    split = next((c.name for c in others if c.role is not None and c.role.id == "split"), "")
    proposal = Proposal(
        table,
        ColumnMapping(chosen_text, chosen, reading),
        (*choice.left_out, *(() if given else told)),
        tuple(assumptions),
        split if any(map(side_of, table.cells(split) if split else ())) else "",
    )
    return proposal if "split" in without else proposal.split_by_files()


def _text(
    table: Table, columns: Sequence[Column], text: str | None, taken: Sequence[str]
) -> tuple[str, str]:
    """The text column, and the one that comes nearest to it; "" where none does."""
    if text is not None:
        return table.column(text), ""
    free = [c for c in columns if c.name not in taken and c.textness > 0 and not _addresses(c)]
    if not free:
        raise LossVizError(
            f"No column of {table.name} looks like text (words that differ from row to row). "
            f"Choose the text column; there are: {listing(table.columns)}."
        )
    first, *rest = sorted(free, key=lambda column: -column.textness)
    rivals = [column.name for column in rest if column.textness > _RIVAL * first.textness]
    return first.name, next(iter(rivals), "")


def _addresses(column: Column) -> bool:
    return column.role is not None and column.role.id in ("email", "link", "time")


def _of_text(text: str, rival: str) -> Assumption:
    return Assumption(
        "text",
        f"the text is the column {text!r}",
        "its name, and how long and how different its cells are",
        f"--text {_quoted(rival)}",
        f"the column {rival!r}",
    )


def _of_labels(labels: Sequence[str], left_out: Sequence[LeftOut]) -> Assumption:
    rest = [column.column for column in left_out]
    return Assumption(
        "label",
        f"the label is {'the column' if len(labels) == 1 else 'the columns'} {listing(labels)}",
        "few values, which repeat",
        "--label COLUMN",
        f"{listing(rest, 6)} besides" if rest else "",
    )


def _of_reading(readings: Sequence[LabelReading]) -> Assumption:
    first, *rest = readings
    runner_up = rest[0] if rest else None
    instead = "--separator TEXT"
    if runner_up is not None and runner_up.kind in ("separator", "tags"):
        instead = f"--separator {_quoted(runner_up.separator)}"
    elif len(first.names) > 1 and first.inner:
        instead = "--label COLUMN --separator TEXT"
    return Assumption(
        "parts",
        f"read as {first.title.removeprefix('as ')}",
        first.evidence,
        instead,
        "" if runner_up is None else runner_up.title,
    )


def _of_unknown(columns: Sequence[Sequence[str]], exact: Sequence[str]) -> list[Assumption]:
    """What stands in label columns and means that nothing is known."""
    words: Counter[str] = Counter()
    for cells in columns:
        counts = Counter(cells)
        for cell in counts:
            if tidy(cell) and unknown(cell, exact):
                words[tidy(cell)] += counts[cell]
    if not words:
        return []
    how = "means" if len(words) == 1 else "mean"
    took = f"{listing(list(words), 6)} {how} that nothing is known"
    return [assumed("unknown", took, f"in {words.total():,} cells of the label", "as a value")]


def _quoted(value: str) -> str:
    return value if value.isidentifier() else f"'{value}'"
