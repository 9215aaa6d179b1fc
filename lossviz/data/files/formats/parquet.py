"""Parquet: columns of typed values, as the texts that a table would have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lossviz.data.assumptions import Denied, assumed
from lossviz.data.files.cells import EXPECTED, Cells, Row, TableFormat
from lossviz.data.files.formats._base import Cleaner, Format, bounded
from lossviz.data.files.formats._json import JOIN, MAX_DEPTH, Spelled, cell_of
from lossviz.errors import LossVizError
from lossviz.guards import MAX_CELLS, MAX_COLUMNS, MAX_UNPACKED

_MAGIC = b"PAR1"
_BATCH = 8_192
_ZEROS = re.compile(r"(\.\d*?[1-9])0+(?!\d)|\.0+(?!\d)")
T = TypeVar("T")


class Parquet(Format):
    """Apache Parquet, read some thousand rows at a time.

    Texts stay dictionaries while they are decoded: a text of a megabyte that a thousand rows share
    is held once.
    """

    id = "parquet"
    order = 3
    title = "Parquet"
    formats = ("parquet",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Has it the four bytes with which every Parquet file begins?"""
        return content.startswith(_MAGIC)

    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """Null is a missing cell; structs are columns of their own; lists are joined."""
        file = _guarded(name, lambda: pq.ParquetFile(pa.BufferReader(content)))
        _check_size(file.metadata, name)
        schema = file.schema_arrow
        cleaner = Cleaner()
        names = tuple(
            cleaner.clean(name, "the names of the columns")
            for field in schema
            for name in _names(field.name, field.type)
        )
        if not names:
            raise LossVizError(f"{name} has no columns. {EXPECTED}")
        texts = [field.name for field in schema if _is_text(field.type)]
        source = pa.BufferReader(content)
        file = _guarded(name, lambda: pq.ParquetFile(source, read_dictionary=texts))
        notes = ["Read as Parquet: null is a missing cell."]
        form = TableFormat("", "", True, "parquet")
        classes = {} if "class-names" in without else class_names(schema)
        rows = bounded(_rows(file, name, cleaner, notes, classes), name)
        assumptions = tuple(
            assumed(
                "class-names",
                f"the numbers of {column!r} are shown by their names",
                f"the schema has them: {', '.join(names[:6])}",
                "the numbers",
            )
            for column, names in classes.items()
        )
        return Cells(names, rows, len(names), form, notes, assumptions)


ClassNames = dict[str, list[str]]


def class_names(schema: Any) -> ClassNames:
    """The names of classes that Hugging Face's libraries keep beside the columns of numbers."""
    try:
        about = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = about["info"]["features"]
        return {
            column: names
            for column, feature in features.items()
            if column in schema.names and (names := _class_label(feature))
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _class_label(feature: Any) -> list[str]:
    """The names of a feature, or of the items of a list of them."""
    inner = feature.get("feature", feature) if isinstance(feature, dict) else feature
    inner = inner[0] if isinstance(inner, list) and inner else inner
    if not isinstance(inner, dict) or inner.get("_type") != "ClassLabel":
        return []
    return [str(name) for name in inner.get("names", [])]


def _named(cell: str, names: list[str]) -> str:
    """A class number as its name; of a list each."""
    parts = [
        names[int(part)] if part.isdigit() and int(part) < len(names) else part
        for part in cell.split(JOIN)
    ]
    return JOIN.join("" if part == "-1" else part for part in parts)


def _check_size(metadata: Any, name: str) -> None:
    """Refuse what says itself that it is too large; what says otherwise is counted when read."""
    if metadata.num_columns > MAX_COLUMNS:
        raise LossVizError(
            f"{name} has {metadata.num_columns:,} columns; at most {MAX_COLUMNS:,} can be read. "
            "Keep the text and the labels."
        )
    if metadata.num_rows * metadata.num_columns > MAX_CELLS:
        raise LossVizError(
            f"{name} has {metadata.num_rows:,} rows and {metadata.num_columns:,} columns; at most "
            f"{MAX_CELLS:,} cells can be read. Keep the text and the labels only, or fewer rows."
        )
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    size = sum(group.total_byte_size for group in groups)
    if size > MAX_UNPACKED:
        raise LossVizError(
            f"{name} unpacks to {size >> 20:,} MB; at most {MAX_UNPACKED >> 20:,} MB can be read. "
            "Keep the text and the labels only, or fewer rows."
        )


def _rows(
    file: Any, name: str, cleaner: Cleaner, notes: list[str], classes: ClassNames
) -> Iterator[Row]:
    batches = file.iter_batches(batch_size=_BATCH)
    first = 1
    while (batch := _guarded(name, lambda: next(batches, None))) is not None:
        where = f"rows {first:,} to {first + len(batch) - 1:,}"
        texts = _guarded(name, partial(_batch_texts, batch, cleaner, where, classes))
        yield from map(list, zip(*texts, strict=True))
        first += len(batch)
    notes += cleaner.notes()


def _batch_texts(batch: Any, cleaner: Cleaner, where: str, classes: ClassNames) -> list[list[str]]:
    texts: list[list[str]] = []
    for column, array in zip(batch.schema.names, batch.columns, strict=True):
        cells = [_texts(leaf, cleaner, where) for leaf in _split(array)]
        names = classes.get(column, [])
        texts += [[_named(cell, names) for cell in leaf] for leaf in cells] if names else cells
    return texts


def _guarded(name: str, action: Callable[[], T]) -> T:
    """What ``action`` gives; whatever the library makes of a damaged file is one sentence."""
    try:
        return action()
    except LossVizError:
        raise
    except Exception as error:
        why = str(error).split("\n", 1)[0][:120]
        raise LossVizError(
            f"{name} is a damaged Parquet file, or one of a kind that cannot be read: {why!r}. "
            "Save it again, or as CSV."
        ) from None


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _names(name: str, kind: Any, depth: int = 1) -> Iterator[str]:
    """The columns of a field: one, or as many as the struct has."""
    if pa.types.is_struct(kind) and kind.num_fields and depth < MAX_DEPTH:
        for inner in kind:
            yield from _names(f"{name}.{inner.name}", inner.type, depth + 1)
    else:
        yield name


def _split(array: Any, depth: int = 1) -> list[Any]:
    """The arrays of the columns of :func:`_names`."""
    if pa.types.is_struct(array.type) and array.type.num_fields and depth < MAX_DEPTH:
        return [leaf for field in array.flatten() for leaf in _split(field, depth + 1)]
    return [array]


def _texts(array: Any, cleaner: Cleaner, where: str) -> list[str]:
    """The cells of an array."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        values = [*_texts(array.dictionary, cleaner, where), ""]
        return [values[-1 if value is None else value] for value in array.indices.to_pylist()]
    if _is_text(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = array.cast(pa.large_binary()).to_pylist()
        return [
            cleaner.clean((value or b"").decode("utf-8", "surrogateescape"), where)
            for value in values
        ]
    if pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return [cell_of(value, cleaner, where) for value in array.to_pylist()]
    if pa.types.is_temporal(kind) and not pa.types.is_interval(kind):
        return [_iso(value) for value in pc.cast(array, pa.string()).to_pylist()]
    if pa.types.is_primitive(kind) or pa.types.is_decimal(kind):
        return [value or "" for value in pc.cast(array, pa.string()).to_pylist()]
    return [cell_of(_plain(value), cleaner, where) for value in array.to_pylist()]


def _iso(moment: str | None) -> str:
    """A date, or a moment, as ISO 8601 has it, without zeros that say nothing.

    >>> _iso("2024-01-02 03:04:05.500000"), _iso("2024-01-02 00:00:00.000000Z"), _iso(None)
    ('2024-01-02T03:04:05.5', '2024-01-02T00:00:00Z', '')
    """
    if moment is None:
        return ""
    return _ZEROS.sub(lambda zeros: zeros.group(1) or "", moment).replace(" ", "T")


def _plain(value: Any) -> Any:
    """A nested value as JSON has it, its numbers as texts."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return Spelled(int(value))
    return Spelled(value)
