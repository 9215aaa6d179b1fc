"""What every command shares: the file, how to read it, and what happens when it cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from lossviz.datasets import (
    ColumnMapping,
    Dataset,
    Table,
    build_dataset,
    propose_mapping,
    read_table,
)
from lossviz.errors import LossVizError

Command = Callable[..., None]


def data_options(command: Command) -> Command:
    """The file, and how to read it."""
    for option in (
        click.option("--no-header", is_flag=True, help="The first line is data already."),
        click.option("--encoding", help="Text encoding. [default: found from the data]"),
        click.option("--delimiter", help="Between cells. [default: found from the data]"),
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
    file: Path, *, delimiter: str | None, encoding: str | None, no_header: bool, **_: Any
) -> Table:
    """The table in a file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise LossVizError(f"{file} cannot be opened: {error.strerror or error}.") from error
    named = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    return read_table(
        content,
        file.name,
        delimiter=named,
        encoding=encoding,
        header=False if no_header else None,
    )


def load(
    file: Path, *, text: str | None, labels: tuple[str, ...], separator: str | None, **reading: Any
) -> tuple[Table, ColumnMapping, Dataset]:
    """The table, its column mapping as proposed or as told, and the data set."""
    table = read(file, **reading)
    mapping = propose_mapping(table, text=text, labels=labels, separator=separator)
    return table, mapping, build_dataset(table, mapping)
