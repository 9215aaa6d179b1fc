"""The lines of a text: all of them, the first of them, and some that are read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from lossviz.data.files.encoding import Decoded

MOST_LINES = 1_000
MOST_CHARACTERS = 1_000_000
"""Of one cell: a quote that holds more was never closed."""
_SAMPLE = 50_000
_SAMPLE_CHARACTERS = 10_000_000


class Lines:
    """The lines of a file with their ends, from the first one each time they are asked for.

    They end where the csv module ends rows. :param skip: lines at the start that are no rows.
    """

    def __init__(self, decoded: Decoded, skip: int = 0) -> None:
        self._decoded = decoded
        self._skip = skip

    def __iter__(self) -> Iterator[str]:
        return islice(self._decoded.open(), self._skip, None)

    def count(self, *pieces: str) -> tuple[int, ...]:
        """How often each of these stands in the text, about: not across two blocks."""
        counts = [0] * len(pieces)
        for block in self._decoded.blocks():
            for place, piece in enumerate(pieces):
                counts[place] += block.count(piece)
        return tuple(counts)


def beginning(lines: Iterable[str]) -> list[str]:
    """At most 50,000 lines, of ten million characters together."""
    size = 0
    first: list[str] = []
    for line in islice(lines, _SAMPLE):
        first.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    return first


class TakenLines:
    """Lines that remember which of them were taken since the last row, and take some back.

    They pause after as many lines, or characters, as no cell has: a quote was never closed.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self.over = False
        self._lines = lines
        self._back: list[str] = []
        self._taken: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= MOST_LINES or self._size > MOST_CHARACTERS:
            raise StopIteration
        line = self._back.pop() if self._back else next(self._lines, None)
        if line is None:
            self.over = True
            raise StopIteration
        self._taken.append(line)
        self._size += len(line)
        return line

    def start_anew(self) -> list[str]:
        """The lines of the row that has just been read."""
        lines, self._taken, self._size = self._taken, [], 0
        return lines

    def put_back(self, lines: Sequence[str]) -> None:
        """Read these lines again."""
        self._back += reversed(lines)
        self.over = False

    def rest(self) -> Iterator[str]:
        """The lines that are left, without a pause."""
        return chain(reversed(self._back), self._lines)
