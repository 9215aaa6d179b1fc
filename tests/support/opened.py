"""Small files of labelled texts, and what comes of them when they are opened."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lossviz.data import Proposal, edited_dataset, propose, read_parts, read_table
from lossviz.data.account import Account, account_of
from lossviz.data.dataset import UNEDITED

WORDS = (
    *("the saddle is superb", "the brakes squealed again", "the gears shift well now"),
    *("the invoice lists a part", "whoever trued that wheel", "three weeks and no chain"),
)
TEMPER, STANCE = ("cool", "heated"), ("gripe", "praise")
ROWS = [
    (f"{WORDS[n % 6]}, and this is letter {n}", TEMPER[n % 2], STANCE[n // 2 % 2])
    for n in range(48)
]
BOTH = (TEMPER, STANCE)
TAGS = tuple(("no", "yes") for _ in range(4))


@dataclass(frozen=True)
class Opened:
    """What comes of a file."""

    proposal: Proposal
    account: Account
    parts: tuple[tuple[str, ...], ...]

    @property
    def said(self) -> str:
        """Everything that is said of it."""
        account = self.account
        lines = [one.words for one in account.assumptions] + [c.words for c in account.left_out]
        lines += [f"{group.reason} {group.rows}" for group in account.dropped]
        return "\n".join([*lines, *account.notes, account.reading])


def opened(content: bytes, name: str = "file", without: Sequence[str] = ()) -> Opened:
    table = read_table(content, name, without=without)
    proposal = propose(table, without=without)
    read = read_parts(proposal.table, proposal.mapping)
    dataset = edited_dataset(proposal.table, proposal.mapping, read, UNEDITED)
    parts = tuple(component.values for component in dataset.schema.components)
    return Opened(proposal, account_of(proposal, read, dataset), parts)


def as_lines(records: Sequence[Any]) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def as_csv(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


@dataclass(frozen=True)
class Right:
    """A reading that is right.

    :param said: what is said of it, as patterns.
    """

    parts: tuple[tuple[str, ...], ...] = BOTH
    rows: int = 48
    said: tuple[str, ...] = ()
    text: str = "text"
    name: str = "file"


@dataclass(frozen=True)
class Case:
    """A file, and what is right of it."""

    content: Callable[[], bytes]
    right: Right = field(default_factory=Right)

    def check(self, flags: int = 0) -> None:
        """That it is read right, and that this is said.

        :param flags: of the patterns.
        """
        right, found = self.right, opened(self.content())
        assert tuple(sorted(found.parts)) == tuple(sorted(right.parts)), found.said
        assert found.account.used == right.rows, found.said
        assert found.proposal.mapping.text == right.text
        for pattern in right.said:
            assert re.search(pattern, found.said, flags), found.said
