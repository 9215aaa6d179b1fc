"""Texts alone: a file with a text in each line, or in its only column, without labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Unpack

import numpy as np
import pyarrow as pa

from lossviz.data.files.cells import EXPECTED, Row, TableFormat
from lossviz.data.files.compression import unpack
from lossviz.data.files.encoding import decode
from lossviz.data.files.formats import recognise
from lossviz.data.files.formats._base import bounded
from lossviz.data.files.joined import read_files
from lossviz.data.files.lines import Lines
from lossviz.data.files.read import check_lines, check_start
from lossviz.data.files.rows import read_quoted
from lossviz.data.files.table import Choices, Table, folded, strings
from lossviz.errors import LossVizError

_QUOTED = re.compile(r'(?m)^"(?:[^"]|"")*"[ \t\r]*$')
_OPENED = re.compile(r'(?m)^"')
_NOWHERE = "\x1f"
"""What no text has between its words."""


def read_texts(content: bytes, name: str, column: str, **choices: Unpack[Choices]) -> Table:
    """The table in a file whose texts are wanted, with this column where there is nothing else.

    A file with a header is a table. Without one, unless a delimiter was chosen, each line of it is
    a text.

    :param column: what the texts are called.
    :raises LossVizError: where there is no table, and no text either.
    """
    unpacked = unpack(content, name)
    form = recognise(unpacked.content, unpacked.name)
    encoding, delimiter = choices.get("encoding"), choices.get("delimiter")
    if form is not None:
        only = form.only_column(unpacked.content, name, choices.get("sheet"))
        if only is not None:
            return _table(name, column, only.rows, only.format)
    elif delimiter is None and _only_named(unpacked.content, name, column, encoding):
        return _in_lines(unpacked.content, name, column, encoding)
    try:
        table = read_files(content, name, **choices)
    except LossVizError:
        if form is not None or delimiter is not None:
            raise
    else:
        if form is not None or delimiter is not None or table.format.header:
            return table
    return _in_lines(unpacked.content, name, column, encoding)


def _only_named(content: bytes, name: str, column: str, encoding: str | None) -> bool:
    """Is the first line this name, and nothing else?"""
    first = next(iter(_rows(content, name, encoding)), [""])
    return folded(first[0]) == folded(column)


def _in_lines(content: bytes, name: str, column: str, encoding: str | None) -> Table:
    form = TableFormat(decode(content, name, encoding).encoding, "", False, "csv")
    return _table(name, column, _rows(content, name, encoding), form)


def _rows(content: bytes, name: str, encoding: str | None) -> Iterator[Row]:
    """Each line, or what quotes hold together, as the only cell of a row."""
    decoded = decode(content, name, encoding)
    start = decoded.open().read(1 << 14)
    check_start(start, name)
    check_lines(decoded, name)
    # The beginning may end within quotes.
    quoted, stray = len(_QUOTED.findall(start)), len(_OPENED.findall(_QUOTED.sub("", start)))
    if quoted > stray <= 1:
        return read_quoted(Lines(decoded), _NOWHERE)
    return ([line.strip()] for line in Lines(decoded) if line.strip())


def _table(name: str, column: str, rows: Iterable[Row], form: TableFormat) -> Table:
    """With the texts in this column, whose name may stand above them."""
    texts = list(chain.from_iterable(bounded(rows, name)))
    if texts and folded(texts[0]) == folded(column):
        texts = texts[1:]
    if not texts:
        raise LossVizError(f"{name} has no rows. {EXPECTED}")
    frame = strings({column: pa.chunked_array([pa.array(texts, pa.large_string())])})
    numbers = np.arange(1, len(texts) + 1, dtype=np.int64)
    return Table(name, (column,), frame, numbers, form, ("Its only column holds the texts.",), ())
