"""What became of a file: what was taken, how it was read, and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from lossviz.data.assumptions import Assumption, LeftOut, assumed, listed
from lossviz.data.dataset import Dataset
from lossviz.data.giveaways import Giveaway, giveaways
from lossviz.data.labels.mapping import Proposal
from lossviz.data.labels.parts import LabelParts
from lossviz.data.labels.spelling import Merged

SHOWN = 6
"""Merged values that a sentence names."""


@dataclass(frozen=True, slots=True)
class DroppedCount:
    """How many rows were left out for one reason."""

    reason: str
    rows: int


def dropped_counts(dataset: Dataset) -> tuple[DroppedCount, ...]:
    """The rows that are left out by reason, the commonest first."""
    counts = Counter(row.reason for row in dataset.dropped)
    return tuple(DroppedCount(reason, rows) for reason, rows in counts.most_common())


@dataclass(frozen=True, slots=True)
class Account:
    """What every command and the page say about a file.

    :param text: the text column; ``labels`` are those of the label.
    :param reading: how the label was read, in words.
    :param rows: data rows of the file; ``used`` of them are in the data set.
    """

    text: str
    labels: tuple[str, ...]
    parts: tuple[str, ...]
    reading: str
    rows: int
    used: int
    dropped: tuple[DroppedCount, ...]
    left_out: tuple[LeftOut, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    giveaways: tuple[Giveaway, ...] = ()

    @property
    def lost(self) -> int:
        """Rows that are left out."""
        return self.rows - self.used

    def to_json(self) -> dict[str, Any]:
        """The keys that all commands share."""
        return {
            "text": self.text,
            "label": list(self.labels),
            "reading": self.reading,
            "used": self.used,
            "dropped": [{"reason": group.reason, "rows": group.rows} for group in self.dropped],
            "left_out": [column.to_json() for column in self.left_out],
            "assumptions": listed(self.assumptions),
            "file_notes": list(self.notes),
            "giveaways": [
                {"part": one.component, "where": one.where, "share": one.share, "words": one.words}
                for one in self.giveaways
            ],
        }

    def beside(self, report: dict[str, Any]) -> dict[str, Any]:
        """A command's report with these keys, and what the text gives away among its notes."""
        notes = (*report.get("notes", ()), *(one.words for one in self.giveaways))
        return report | self.to_json() | {"notes": list(notes)}

    @property
    def line(self) -> str:
        """All of it in one line."""
        reasons = ", ".join(f"{group.reason} {group.rows:,}" for group in self.dropped[:4])
        left_out = f"; {self.lost:,} left out ({reasons})" if self.lost else ""
        return (
            f"Text: {self.text}. Label: {', '.join(self.labels)}, read as "
            f"{', '.join(self.parts)}. {self.used:,} of {self.rows:,} rows used{left_out}."
            + "".join(f" {one.words}" for one in self.giveaways)
        )


def account_of(proposal: Proposal, read: LabelParts, dataset: Dataset) -> Account:
    """What became of a file, from what was proposed and what was read."""
    mapping = proposal.mapping
    return Account(
        mapping.text,
        mapping.labels,
        dataset.schema.names,
        mapping.reading.evidence,
        len(dataset) + len(dataset.dropped),
        len(dataset),
        dropped_counts(dataset),
        proposal.left_out,
        (*proposal.assumptions, *merging(read.merged)),
        proposal.table.notes,
        giveaways(dataset),
    )


def merging(merged: tuple[Merged, ...]) -> tuple[Assumption, ...]:
    """What was merged, by what the spellings differ in."""
    kinds = {
        "case": ([one for one in merged if one.by_case], "they differ only in case"),
        "spelling": (
            [one for one in merged if not one.by_case],
            "they differ only in white space, invisible characters or Unicode form",
        ),
    }
    return tuple(
        assumed(
            what,
            f"{_listed(alike)}: merged, since spelled alike",
            f"{why}, in {sum(one.rows for one in alike):,} rows",
            "each spelling as a value of its own",
        )
        for what, (alike, why) in kinds.items()
        if alike
    )


def _listed(merged: list[Merged]) -> str:
    more = f" and {len(merged) - SHOWN} more" if len(merged) > SHOWN else ""
    return (
        "; ".join(
            f"{', '.join(map(repr, one.spellings[:SHOWN]))} are {one.shown!r} of {one.component}"
            for one in merged[:SHOWN]
        )
        + more
    )
