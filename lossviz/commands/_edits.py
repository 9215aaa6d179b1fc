"""Options that change the labels that were read, and the edits that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from lossviz.data import (
    UNEDITED,
    ColumnMapping,
    LabelEdits,
    Table,
    edit_labels,
    read_parts,
    separator_for,
)
from lossviz.errors import LossVizError
from lossviz.guards import MAX_EDITS

Command = Callable[..., None]


@dataclass(frozen=True)
class EditOptions:
    """What the command line says about the labels.

    :param merge_rare: values with fewer rows become one; 0 for none.
    :param drop: components that are left out.
    :param least: combinations with fewer rows are left out.
    :param impossible: combinations whose rows are left out, as the profile writes them.
    :param edits_file: edits in JSON, which the others add to.
    """

    merge_rare: int = 0
    drop: tuple[str, ...] = ()
    least: int = 0
    impossible: tuple[str, ...] = ()
    edits_file: Path | None = None

    def edits(self, table: Table, mapping: ColumnMapping) -> LabelEdits:
        """The edits of these labels.

        :raises LossVizError: when a component or a combination is not there.
        """
        if self == EditOptions():
            return UNEDITED
        edits = _from_file(self.edits_file) if self.edits_file is not None else UNEDITED
        for name in mapping.reading.names if self.merge_rare else ():
            edits = edits.with_part(name, rare=self.merge_rare)
        without = tuple(_part(name, mapping, edits) for name in self.drop)
        edits = edits.changed(without=(*edits.without, *without), least=self.least or edits.least)
        marked = _combinations(table, mapping, edits, self.impossible) if self.impossible else ()
        return edits.changed(impossible=(*edits.impossible, *marked))


def edit_options(command: Command) -> Command:
    """How the labels differ from what the file says."""
    for option in (
        click.option(
            "--edits",
            "edits_file",
            type=click.Path(path_type=Path),
            help='Edits of the labels in JSON, for example {"parts": [{"part": "tone", "name": '
            '"mood", "shown": {"angry": "bad"}, "first": ["bad"]}], "order": ["tone"]}; keys also '
            "without, impossible, least, and for a part rest, rare, other, sort.",
        ),
        click.option(
            "--impossible",
            multiple=True,
            metavar="LABEL",
            help="Leave out the rows of this combination, written as profile writes it, such as "
            "'A|D'; may be repeated.",
        ),
        click.option(
            "--least",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            metavar="N",
            help="Leave out combinations with fewer than N texts.",
        ),
        click.option(
            "--drop",
            multiple=True,
            metavar="PART",
            help="Leave a part of the label out; may be repeated.",
        ),
        click.option(
            "--merge-rare",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            metavar="N",
            help="Values of a part with fewer than N texts become 'other'.",
        ),
    ):
        command = option(command)
    return command


def _from_file(path: Path) -> LabelEdits:
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MAX_EDITS + 1)  # one more, which is refused
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise LossVizError(f"The label edits {path} cannot be read: {why}.") from error
    return LabelEdits.from_json(text)


def _part(name: str, mapping: ColumnMapping, edits: LabelEdits) -> str:
    """The component with this name, found or given."""
    known = {edits.of(part).name or part: part for part in mapping.reading.names}
    part = known.get(name) or (name if name in mapping.reading.names else None)
    if part is None:
        raise LossVizError(f"The label has no part {name!r}. Its parts are: {', '.join(known)}.")
    return part


def _combinations(
    table: Table, mapping: ColumnMapping, edits: LabelEdits, labels: Sequence[str]
) -> list[tuple[tuple[str, str], ...]]:
    """The combinations that are written so, as edits name them."""
    edited = edit_labels(read_parts(table, mapping), edits)
    separator = separator_for(mapping.reading, edited.values)
    known = {separator.join(edited.label(c)): c for c in range(len(edited.rows))}
    for label in labels:
        if label not in known:
            some = ", ".join(list(known)[:6])
            raise LossVizError(
                f"No text has the label {label!r}, so it need not be marked impossible. Labels "
                f"are written like: {some}."
            )
    return [edited.combination(known[label]) for label in labels]
