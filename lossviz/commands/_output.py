"""What a command prints and writes: a file is looked at before anything takes time."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from textwrap import wrap
from time import perf_counter
from typing import Any

import click

from lossviz.errors import LossVizError
from lossviz.sharing.spreadsheet import write_neutral, write_plain

LEAST_WIDTH, MOST_WIDTH = 40, 100
"""Letters of a line for a person."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


class Laps:
    """What took how long, one after another: the parts are the whole.

    :param begun: when the process did; by default now.
    """

    def __init__(self, begun: float | None) -> None:
        self._seconds: dict[str, float] = {}
        self._last = self._begun = perf_counter() if begun is None else begun

    def end(self, part: str) -> None:
        """All since the one before was this; one part may be several laps."""
        now = perf_counter()
        self._seconds[part] = self._seconds.get(part, 0.0) + now - self._last
        self._last = now

    def took(self, seconds: Mapping[str, float]) -> None:
        """So much of it, measured where it was done."""
        self._seconds |= seconds
        self._last += sum(seconds.values())

    @property
    def json(self) -> dict[str, float]:
        """Seconds of each, and of all."""
        parts = {part: round(seconds, 4) for part, seconds in self._seconds.items()}
        return {**parts, "total": round(self._last - self._begun, 4)}


def say(
    report: dict[str, Any],
    as_json: bool,
    lines: Callable[[], Iterable[str]],
    *,
    taken: str = "",
) -> None:
    """Print a report: for a program, or line by line for a person.

    :param taken: what was taken of a file, in a line for standard error.
    """
    if taken:
        click.echo(taken, err=True)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, allow_nan=False))
        return
    for line in lines():
        click.echo(line)


def wrapped(*paragraphs: Iterable[str], width: int | None = None) -> list[str]:
    """Sentences broken into lines, an empty one behind each paragraph that says anything.

    :param width: in letters; by default that of the terminal.
    """
    width = max(width or min(shutil.get_terminal_size().columns, MOST_WIDTH), LEAST_WIDTH)
    lines: list[str] = []
    for paragraph in paragraphs:
        broken = [
            line
            for sentence in paragraph
            for line in wrap(sentence, width, break_on_hyphens=False, break_long_words=False)
        ]
        lines += [*broken, ""] if broken else []
    return lines


spreadsheet_option = click.option(
    "--for-spreadsheets",
    "spreadsheet",
    is_flag=True,
    help="Of files that are written as CSV: what a spreadsheet would take for a formula, such as "
    "-1 or @me, gets an apostrophe in front.",
)


def write_table(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    spreadsheet: bool,
) -> None:
    """Write a table, row by row.

    :param spreadsheet: whether no cell may be taken for a formula, and -1 be a text.
    """
    write = write_neutral if spreadsheet else write_plain
    try:
        with path.open("w", encoding="utf-8", newline="") as target:
            write(target, columns, rows)
    except OSError as error:
        raise _unwritable(path, error) from error


def check_writable(path: Path) -> None:
    """Before minutes of training."""
    existed = path.exists()
    try:
        with path.open("a"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def place(out: Path | None, file: Path, *, thing: str, example: str) -> Path:
    """Where it goes, looked at before minutes of training; a link is followed.

    :param file: what is read, which must stay.
    :param thing: what is written.
    """
    if out is None:
        raise LossVizError(
            f"--out: expected a file to write the {thing} to, such as --out {example}; found none."
        )
    try:
        target = out.resolve()
        if target.exists():
            if not target.is_file():
                raise LossVizError(f"{out} cannot be written: it is there, and not a file.")
            if file.exists() and target.samefile(file):
                raise LossVizError(f"{out} is the file with the texts. Choose another for --out.")
        with TemporaryFile(dir=target.parent):
            return target
    except OSError as error:
        raise _unwritable(out, error) from error


def write(target: Path, content: bytes) -> None:
    """All of it or nothing: what was there before stays until the whole file takes its place."""
    beside = target.parent / f".lossviz-{os.getpid()}"
    try:
        try:
            beside.write_bytes(content)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(target, error) from error


def _unwritable(path: Path, error: OSError) -> LossVizError:
    return LossVizError(f"{path} cannot be written: {error.strerror or error}.")
