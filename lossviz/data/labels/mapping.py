"""The mapping of a table's columns: which one is the text, and which hold the label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.data.files.table import Table, listing
from lossviz.data.labels.columns import Column, describe
from lossviz.data.labels.reading import LabelReading, marks_of
from lossviz.data.labels.readings import SURE_SEPARATORS, propose_readings, reading_for
from lossviz.errors import LossVizError

_MOST_LABELS = 4
_MOST_YES_NO = 12
_ENOUGH_YES_NO = 3
# So many columns of yes and no are the label even beside one whose name says that it is.
_MANY_YES_NO = 6


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The text column, the label columns in order, and how the label is read."""

    text: str
    labels: tuple[str, ...]
    reading: LabelReading


def propose_mapping(
    table: Table,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    separator: str | None = None,
) -> ColumnMapping:
    """Propose the text and the label columns; what is given is kept.

    The text is the column with the longest and most varied cells. The label is, in this order:
    one column of compound labels; one named ``label`` or alike; columns that say yes or no,
    twelve at most, where there are three of them, or two whose names say what labels say; all
    columns of few values, four at most, without ids, copies, second annotations and
    where-it-comes-from columns.

    :param separator: between the parts of compound labels; "" for one character per part;
        found from the data if None.
    :raises LossVizError: listing the columns, when a chosen one is not there or none fits.
    """
    columns = describe(table)
    chosen_text = text if text is not None else _text(table, columns, labels or ())
    table.cells(chosen_text)
    if labels is None or not labels:
        chosen = _labels(table, [column for column in columns if column.name != chosen_text])
    else:
        chosen = tuple(labels)
    if chosen_text in chosen or len(set(chosen)) < len(chosen):
        raise LossVizError(
            f"Expected different columns for the text and the label, found text {chosen_text!r} "
            f"and label {listing(chosen)}. Choose each column once."
        )
    cells = [(name, table.cells(name)) for name in chosen]
    reading = propose_readings(cells)[0] if separator is None else reading_for(cells, separator)
    return ColumnMapping(chosen_text, chosen, reading)


def _text(table: Table, columns: Sequence[Column], taken: Sequence[str]) -> str:
    free = [column for column in columns if column.name not in taken and column.textness > 0]
    if not free:
        raise LossVizError(
            f"No column of {table.name} looks like text (words that differ from row to row). "
            f"Choose the text column; there are: {listing(table.columns)}."
        )
    return max(free, key=lambda column: column.textness).name


def _labels(table: Table, columns: Sequence[Column]) -> tuple[str, ...]:
    categorical = [column for column in columns if column.categorical]
    varied = [column for column in categorical if column.distinct > 1]
    if compound := _compound(varied):
        return (compound.name,)
    generic = _without_copies([column for column in varied if column.generic])
    if generic and not all(column.yes_no for column in generic):
        return tuple(column.name for column in generic[:_MOST_LABELS])
    if together := _yes_no(columns, varied):
        return tuple(column.name for column in together)
    if generic:
        return tuple(column.name for column in generic[:_MOST_LABELS])
    rest = _without_copies([column for column in varied if not column.bookkeeping])
    rest = rest or _without_copies([column for column in varied if column.label_name])
    rest = rest or [column for column in categorical if column.label_name]
    rest = rest or varied
    if not rest:
        raise LossVizError(
            f"No column of {table.name} looks like a label (a few values that repeat). "
            f"Choose the label column; there are: {listing(table.columns)}."
        )
    best = sorted(rest, key=lambda column: (not column.label_name, column.distinct))
    return tuple(column.name for column in rest if column in best[:_MOST_LABELS])


def _compound(columns: Sequence[Column]) -> Column | None:
    """The column of compound labels, if there is just one; a hyphen needs the name of a label."""
    compound = [column for column in columns if column.compound and not column.bookkeeping]
    sure = [column for column in compound if column.reading.separator in SURE_SEPARATORS]
    named = [column for column in compound if column.label_name]
    alone = [] if any(column.label_name for column in columns) else compound
    return next((columns[0] for columns in (sure, named, alone) if len(columns) == 1), None)


def _yes_no(columns: Sequence[Column], varied: Sequence[Column]) -> list[Column]:
    """The columns of yes and no that are the label together; of more than twelve, those with the
    most of the rarer answer."""
    marked = _written_alike([column for column in columns if column.yes_no])
    generic = [column for column in marked if column.generic]
    named = [column for column in marked if column.label_name]
    others = [c for c in varied if c.label_name and not c.yes_no]
    if len(generic) > 1:
        marked = generic
    else:
        besides = generic or (others and len(marked) < _MANY_YES_NO)
        if besides or (len(marked) < _ENOUGH_YES_NO and len(named) < 2):
            return []
    by_use = sorted(marked, key=lambda column: -min(column.share_of_yes, 1 - column.share_of_yes))
    return [column for column in marked if column in by_use[:_MOST_YES_NO]]


def _written_alike(columns: Sequence[Column]) -> list[Column]:
    """Of columns of yes and no, those that write them in the commonest way, without copies."""
    kept: list[Column] = []
    for column in columns:
        if not any(column.copies(other) for other in kept):
            kept.append(column)
    ways = Counter(str(marks_of(column.cells)).casefold() for column in kept)
    common = {way for way, n in ways.most_common(1) if n >= _ENOUGH_YES_NO} or set(ways)
    return [c for c in kept if str(marks_of(c.cells)).casefold() in common]


def _without_copies(columns: Sequence[Column]) -> list[Column]:
    """Without columns that say the same as another one, or annotate the same a second time."""
    kept: list[Column] = []
    for column in sorted(columns, key=lambda column: (len(column.words), column.numeric)):
        if not any(column.copies(other) or column.repeats(other) for other in kept):
            kept.append(column)
    return [column for column in columns if column in kept]
