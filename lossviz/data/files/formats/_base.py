"""What every format is: how a file of it is recognised, and how its cells are read."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from lossviz.data.assumptions import Denied
from lossviz.data.files.cells import Cells, Row, check_row
from lossviz.errors import LossVizError
from lossviz.guards import MAX_CELLS, MAX_CHARACTERS

REPLACEMENT = "\ufffd"
_UNREADABLE = re.compile("[\ud800-\udfff\x00]")


class Format(ABC):
    """A kind of file that holds a table and is not delimited text."""

    id: ClassVar[str]
    order: ClassVar[int]
    """Where it stands among those that are asked whether they know a file."""
    title: ClassVar[str]
    formats: ClassVar[tuple[str, ...]]
    """What ``TableFormat.format`` may be after reading one."""

    @abstractmethod
    def recognises(self, content: bytes, name: str) -> bool:
        """Is this a file of the kind? By its content; by its name where content cannot tell."""

    @abstractmethod
    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """The cells of a file, every row bounded in length, all rows in number.

        :param name: what the file is called in sentences.
        :param sheet: of a workbook; other formats have no use for it.
        :param without: what is not to be taken for granted.
        :raises LossVizError: for a damaged file, or one without a table in it.
        """

    def only_column(self, content: bytes, name: str, sheet: str | None = None) -> Cells | None:
        """The cells of a file with one column; None of another one."""
        cells = self.read(content, name, sheet=sheet)
        return cells if cells.names is not None and len(cells.names) == 1 else None


class Cleaner:
    """Replaces what no text can hold by U+FFFD, and counts it.

    Those are NUL characters, bytes that are no character, and halves of surrogate pairs.
    """

    def __init__(self) -> None:
        self.count = 0
        self.first = ""

    def clean(self, cell: str, where: str) -> str:
        """The cell as text.

        :param where: named for the first cell that has to be repaired.
        """
        if cell.isascii() and "\x00" not in cell:
            return cell
        cleaned, count = _UNREADABLE.subn(REPLACEMENT, cell)
        if count:
            self.first = self.first or where
            self.count += count
        return cleaned

    def notes(self) -> list[str]:
        """What was replaced, in plain words; nothing where nothing was."""
        if not self.count:
            return []
        return [
            f"{self.count:,} byte(s) or character(s) that are no text, the first in {self.first}, "
            f"are shown as {REPLACEMENT}."
        ]


def bounded(rows: Iterable[Row], name: str) -> Iterator[Row]:
    """The same rows, as long as no row, no cell and no table of them is too large.

    :raises LossVizError: with the row that is.
    """
    cells = characters = 0
    for number, row in enumerate(rows, start=1):
        check_row(row, number, name)
        cells += len(row)
        characters += sum(map(len, row))
        if cells > MAX_CELLS or characters > MAX_CHARACTERS:
            raise LossVizError(
                f"Up to row {number:,}, {name} has {cells:,} cells and {characters:,} characters; "
                f"at most {MAX_CELLS:,} and {MAX_CHARACTERS:,} can be read. Keep the text and the "
                "labels only, or fewer rows."
            )
        yield row
