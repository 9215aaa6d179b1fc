"""The file that a command writes: looked at before anything takes time, and written as a whole."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile

from lossviz.errors import LossVizError


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
