"""Several files as one table: train, dev and test, or one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np
import pandas as pd

from lossviz.data.files.cells import Dropped
from lossviz.data.files.compression import tables_in
from lossviz.data.files.sides import side_in
from lossviz.data.files.table import Choices, Table, listing, read_table
from lossviz.errors import LossVizError

FILE = "file"
"""The column that says which file a row is of."""


def read_files(content: bytes, name: str, **choices: Unpack[Choices]) -> Table:
    """The table in a file, or those of a zip archive as one: see :func:`read_table`.

    :raises LossVizError: where one of them cannot be read, or has other columns than the first.
    """
    tables = [read_table(inner, member, **choices) for member, inner in tables_in(content, name)]
    return joined(tables) if tables else read_table(content, name, **choices)


def joined(tables: Sequence[Table]) -> Table:
    """The rows of all tables, numbered on, with a column that says which file they are of.

    Where the names of the files say train, dev or test, so does the column.

    :raises LossVizError: where a file has other columns than the first one.
    """
    first, *others = tables
    if not others:
        return first
    for table in others:
        if set(table.columns) != set(first.columns):
            odd = sorted(set(table.columns) ^ set(first.columns))
            raise LossVizError(
                f"{table.name} has other columns than {first.name}: {listing(odd, 6)} are in one "
                "of them only. Files that are read together have the same columns."
            )
    column = next(name for name in (FILE, "file name", "file (2)") if name not in first.columns)
    frames, numbers, start = [], [], 0
    dropped: list[Dropped] = []
    for table in tables:
        frame = table.frame[list(first.columns)].copy()
        frame[column] = side_in(table.name)
        frames.append(frame)
        numbers.append(table.rows + start)
        dropped += [replace(row, row=row.row + start) for row in table.dropped]
        start = int(max([start, *numbers[-1][-1:], *(row.row for row in dropped[-1:])]))
    frame = pd.concat(frames, ignore_index=True).astype(first.frame.dtypes.iloc[0])
    notes = dict.fromkeys(note for table in tables for note in table.notes)
    return replace(
        first,
        name=" + ".join(table.name for table in tables),
        columns=(*first.columns, column),
        frame=frame,
        rows=np.concatenate(numbers),
        notes=(f"{len(tables)} files are read as one, rows numbered on.", *notes),
        dropped=tuple(dropped),
        source=column,
        assumptions=tuple(dict.fromkeys(one for table in tables for one in table.assumptions)),
    )
