"""What every command shares: the file, how to read it, and what happens when it cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import click

from lossviz.apart import Stored
from lossviz.commands._edits import Command, EditOptions, edit_options
from lossviz.data import (
    UNEDITED,
    ColumnMapping,
    Dataset,
    LabelEdits,
    LabelParts,
    Proposal,
    Table,
    build_dataset,
    edited_dataset,
    propose,
    read_parts,
    settled,
)
from lossviz.data.account import Account, account_of
from lossviz.data.assumptions import DENIABLE
from lossviz.data.files.apart import packed, read_apart, read_chosen
from lossviz.data.files.joined import joined
from lossviz.data.files.table import Choices
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.guards import MAX_FILE

EDITING = tuple(field.name for field in fields(EditOptions))
READING = (
    *("more", "text", "labels", "separator", "delimiter", "encoding", "no_header", "sheet"),
    *("without", "split", "anyhow"),
    *EDITING,
)
"""The names of the options that every command has."""


@dataclass(frozen=True)
class Loaded:
    """A file as it was read, mapped and edited, and the data set that came of it."""

    proposal: Proposal
    parts: LabelParts
    edits: LabelEdits
    dataset: Dataset

    @property
    def table(self) -> Table:
        """As it was read."""
        return self.proposal.table

    @property
    def mapping(self) -> ColumnMapping:
        """As proposed, or as told."""
        return self.proposal.mapping

    @cached_property
    def account(self) -> Account:
        """What was taken and what was left out."""
        return account_of(self.proposal, self.parts, self.dataset)

    def alike(self, table: Table) -> Dataset:
        """Another table, with the same mapping and the same edits: what was rare here is rare
        there."""
        edits = self.edits
        if edits != UNEDITED:
            edits = settled(self.parts, edits)
        mapping = replace(self.mapping, split="")
        return build_dataset(table, mapping, edits=edits, like=self.parts)


def reading_options(command: Command) -> Command:
    """How a file is read."""
    for option in (
        click.option(
            "--not",
            "without",
            multiple=True,
            type=click.Choice(list(DENIABLE)),
            help="Do not take this for granted; profile says what was. May be repeated. "
            + "; ".join(f"{what}: {meaning}" for what, meaning in DENIABLE.items())
            + ".",
        ),
        click.option("--no-header", is_flag=True, help="The first line is data already."),
        click.option("--sheet", help="Of a workbook. [default: the first that holds a table]"),
        click.option("--encoding", help="Text encoding. [default: found from the data]"),
        click.option("--delimiter", help="Between cells. [default: found from the data]"),
    ):
        command = option(command)
    return command


def data_options(command: Command) -> Command:
    """The file, how to read it, and what to change about its labels."""
    command = edit_options(command)
    for option in (
        click.option(
            "--yes",
            "anyhow",
            is_flag=True,
            help="Go on, though more than a fifth of the rows cannot be used or fewer than "
            f"{LEAST_TEST} are left to judge by.",
        ),
        click.option(
            "--split",
            metavar="COLUMN",
            help="The column that says train, validation and test. [default: by lot; by the files "
            "where several say so in their names]",
        ),
    ):
        command = option(command)
    command = reading_options(command)
    for option in (
        click.option(
            "--separator",
            help="Between the parts of a compound label in one column; '' for one character a "
            "part. [default: found from the data]",
        ),
        click.option(
            "--label",
            "labels",
            multiple=True,
            metavar="COLUMN",
            help="Label column; repeat it for labels in several columns. [default: proposed]",
        ),
        click.option("--text", metavar="COLUMN", help="Text column. [default: proposed]"),
        click.argument("more", nargs=-1, type=click.Path(path_type=Path)),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def sentences(command: Command) -> Command:
    """One sentence on standard error and exit status 2, whatever cannot be used."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except LossVizError as error:
            click.echo(" ".join(str(error).split()), err=True)
            sys.exit(2)

    return guarded


def read(
    file: Path,
    *,
    delimiter: str | None,
    encoding: str | None,
    no_header: bool,
    sheet: str | None,
    without: Sequence[str] = (),
    alone: str | None = None,
    **_: Any,
) -> Table:
    """The table in a file. Text is read here, in memory in proportion to the file; a format in
    which a few bytes stand for many is read in a process with a limit.

    :param alone: the name of a column of texts that may stand alone.
    """
    try:
        size = file.stat().st_size
        if size > MAX_FILE:
            raise LossVizError(
                f"{file} has {size / 2**30:.1f} GB; at most {MAX_FILE >> 30} GB can be read. Keep "
                "a part of its rows, drawn at random."
            )
        content = file.read_bytes()
    except OSError as error:
        raise LossVizError(f"{file} cannot be opened: {error.strerror or error}.") from error
    choices = Choices(
        delimiter=delimiter,
        encoding=encoding,
        header=False if no_header else None,
        sheet=sheet,
        without=list(without),
    )
    if packed(content):
        return read_apart(Stored(content), file.name, alone=alone, **choices).result()
    return read_chosen(content, file.name, alone, choices)


def content_of(file: Path) -> bytes:
    """Of a file that was written here."""
    try:
        if file.stat().st_size > MAX_FILE:
            raise LossVizError(f"{file} is larger than {MAX_FILE >> 30} GB.")
        return file.read_bytes()
    except OSError as error:
        raise LossVizError(f"{file} cannot be opened: {error.strerror or error}.") from error


def load(
    file: Path, *, text: str | None, labels: tuple[str, ...], separator: str | None, **options: Any
) -> Loaded:
    """A file, or several, with its columns as proposed or as told, and the edits of the labels."""
    changes = EditOptions(**{name: options.pop(name) for name in EDITING if name in options})
    tables = [read(one, **options) for one in (file, *options.get("more", ()))]
    without = options.get("without", ())
    proposal = propose(
        joined(tables), text=text, labels=labels, separator=separator, without=without
    ).with_split(options.get("split"))
    mapping = proposal.mapping
    edits = changes.edits(proposal.table, mapping)
    parts = read_parts(proposal.table, mapping)
    return Loaded(proposal, parts, edits, edited_dataset(proposal.table, mapping, parts, edits))


LEAST_TEST = 30
MOST_LOST = 0.2
_COUNTED = 5_000
"""Rows: of more the test side is known without dividing them."""


def check_enough(
    loaded: Loaded, experiment: Experiment, anyhow: bool, test: Dataset | None = None
) -> None:
    """Ask for the columns by name where too little is left of a file.

    :param anyhow: whether somebody has said yes to that.
    :raises LossVizError: when more than a fifth of the rows fall away, or the test side has fewer
        than 30.
    """
    if anyhow:
        return
    account, dataset = loaded.account, loaded.dataset
    if account.lost > MOST_LOST * account.rows:
        raise LossVizError(_ask(account, f"{account.lost:,} of {account.rows:,} rows fall away"))
    if test is not None:
        held_out = len(test)
    elif len(dataset) > _COUNTED and dataset.sides is None:
        held_out = round(experiment.split.test_size * len(dataset))
    else:
        held_out = len(experiment.split.sides(dataset).test)
    if held_out < LEAST_TEST:
        raise LossVizError(
            _ask(account, f"only {held_out} rows are left to judge by, which says little")
        )


def _ask(account: Account, what: str) -> str:
    reasons = ", ".join(f"{group.reason}: {group.rows:,}" for group in account.dropped[:3])
    return (
        f"With {account.text!r} as text and {', '.join(map(repr, account.labels))} as label "
        f"{what}{f' ({reasons})' if reasons else ''}. Name the columns with --text and --label, or "
        "go on with --yes."
    )
