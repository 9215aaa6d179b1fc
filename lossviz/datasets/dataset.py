"""A data set: texts with compound labels, ready to be split and trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lossviz.datasets.dropped import Dropped
from lossviz.datasets.header import is_number
from lossviz.datasets.labels import LabelReading, parse_label
from lossviz.datasets.mapping import ColumnMapping
from lossviz.datasets.table import Table
from lossviz.errors import LossVizError
from lossviz.schema import Codes, LabelSchema

MIN_ROWS = 10
MAX_CLASSES = 1_000
_SEPARATORS = ("|", "/", "·", "¦", "\x1f")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Texts and their labels.

    :param digest: 16 hexadecimal digits that change with texts, labels or schema.
    :param texts: ``(N,)``, as they stand in the file.
    :param codes: ``(N, K)``, the index of each part among its component's values.
    :param rows: ``(N,)``, 1-based data rows of the source file.
    :param dropped: the rows of the file that are not used, in their order.
    """

    name: str
    digest: str
    schema: LabelSchema
    texts: tuple[str, ...]
    codes: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    dropped: tuple[Dropped, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def class_index(self) -> npt.NDArray[np.int64]:
        """The position of each row's label among the schema's classes, ``(N,)``."""
        return self.schema.class_index(self.codes)


def build_dataset(
    table: Table, mapping: ColumnMapping, *, names: Sequence[str] | None = None
) -> Dataset:
    """The rows of ``table`` that have a text and a label, with the schema of their labels.

    Values are in alphabetical order, numbers in numerical; the combinations that occur are the
    allowed ones. A row without text, without label or with a label that does not parse is
    dropped with its reason.

    :param names: the components' names, if not those of the reading.
    :raises LossVizError: with fewer than 10 usable rows, more than 1,000 different labels, or a
        component that differs in nearly every row.
    """
    names = tuple(names) if names is not None else mapping.reading.names
    if len(names) != len(mapping.reading.names):
        raise LossVizError(
            f"Expected {len(mapping.reading.names)} names for the components, found {len(names)}: "
            f"{', '.join(names)}."
        )
    texts = table.cells(mapping.text)
    labels = list(zip(*(table.cells(column) for column in mapping.labels), strict=True))
    parsed = {cells: _parse(mapping.reading, cells) for cells in dict.fromkeys(labels)}
    kept: list[int] = []
    reasons: dict[int, str] = {}
    for position, (text, cells) in enumerate(zip(texts, labels, strict=True)):
        parts = parsed[cells]
        if not text.strip():
            reasons[position] = "empty text"
        elif isinstance(parts, str):
            reasons[position] = parts
        else:
            kept.append(position)
    dropped = sorted((*table.dropped, *_dropped(table, reasons)), key=lambda row: row.row)
    parts_of = [parts for k in kept if not isinstance(parts := parsed[labels[k]], str)]
    _check(table.name, names, parts_of, dropped)
    schema = _schema(mapping.reading, names, parts_of)
    encoded = {parts: schema.encode(parts) for parts in set(parts_of)}
    codes = np.array([encoded[parts] for parts in parts_of], dtype=np.int64)
    used = tuple(texts[k] for k in kept)
    return Dataset(
        table.name,
        _digest(used, codes, schema),
        schema,
        used,
        codes.reshape(-1, len(names)),
        table.rows[kept],
        tuple(dropped),
    )


def _dropped(table: Table, reasons: Mapping[int, str]) -> Iterator[Dropped]:
    """The rows at these positions, with the reasons why they are left out."""
    rows = table.frame.iloc[list(reasons)].itertuples(index=False, name=None)
    for (position, reason), cells in zip(reasons.items(), rows, strict=True):
        yield Dropped(int(table.rows[position]), reason, table.format.delimiter.join(cells))


def _parse(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...] | str:
    """The parts of a label, or the reason why there are none."""
    try:
        return parse_label(reading, cells)
    except LossVizError as error:
        return str(error)


def _check(
    name: str,
    names: Sequence[str],
    labels: Sequence[tuple[str, ...]],
    dropped: Sequence[Dropped],
) -> None:
    if len(labels) < MIN_ROWS:
        why = f", first row {dropped[0].row:,}: {dropped[0].reason}" if dropped else ""
        raise LossVizError(
            f"{name} has {len(labels)} usable rows, at least {MIN_ROWS} are needed "
            f"({len(dropped):,} were left out{why}). Choose other columns, or add rows."
        )
    for component, values in zip(names, zip(*labels, strict=True), strict=True):
        distinct = len(set(values))
        if distinct > 0.8 * len(labels):
            raise LossVizError(
                f"The label {component!r} has {distinct:,} different values in {len(labels):,} "
                "rows: it looks like an id or a text. Choose a column whose values repeat."
            )
    classes = len(set(labels))
    if classes > MAX_CLASSES:
        raise LossVizError(
            f"{name} has {classes:,} different labels; at most {MAX_CLASSES:,} can be told apart. "
            "Choose fewer label columns, or one with fewer values."
        )


def _schema(
    reading: LabelReading, names: Sequence[str], labels: Sequence[tuple[str, ...]]
) -> LabelSchema:
    values = [_in_order(set(column)) for column in zip(*labels, strict=True)]
    separator = reading.separator
    if reading.kind in ("columns", "whole"):
        free = (s for s in _SEPARATORS if not any(s in v for own in values for v in own))
        separator = next(free, _SEPARATORS[-1])
    return LabelSchema.from_parts(names, set(labels), values=values, separator=separator)


def _in_order(values: set[str]) -> list[str]:
    """Alphabetically; numerically where every value is a number."""
    if all(map(is_number, values)):
        return sorted(values, key=lambda v: (float(v.rstrip("%").replace(",", ".")), v))
    return sorted(values)


def _digest(texts: Sequence[str], codes: Codes, schema: LabelSchema) -> str:
    digest = hashlib.sha256()
    for text in texts:
        content = text.encode()
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    digest.update(np.ascontiguousarray(codes, dtype="<i8").tobytes())
    digest.update(repr(schema).encode())
    return digest.hexdigest()[:16]
