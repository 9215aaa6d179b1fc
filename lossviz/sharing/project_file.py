"""The project file: a ``.lossviz`` archive of JSON, npz, safetensors and CSV.

======================  =======================================================================
``project.json``        the scenes, the pages as they were looked at, and how many desks there are
``desk-1/table.csv``    the table as it was read; ``desk-1/data.json`` and ``.npz`` say how
``desk-1/work.json``    the runs, study, sweep and surfaces; ``desk-1/work.npz``, their numbers
``desk-1/A.safetensors``  the weights of run A
======================  =======================================================================

Every ``.json`` with arrays in it has an ``.npz`` beside it. A publication is an archive likewise.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import IO, Any, TypeVar

import pyarrow as pa

from lossviz.apart import Reader, Reading, Stored
from lossviz.arrays import Integers
from lossviz.data import ColumnMapping, LabelEdits, Table, build_dataset, live_sample
from lossviz.data.files.cells import Dropped, TableFormat
from lossviz.data.files.table import strings
from lossviz.errors import LossVizError
from lossviz.guards import PROJECT
from lossviz.sharing.archive import pack, unpack
from lossviz.sharing.project import Data, Desk, Project, Publication, Scene, Work
from lossviz.sharing.records import Written, read, written
from lossviz.sharing.soundness import check_desk, check_publication
from lossviz.sharing.spreadsheet import guarded_csv, read_guarded

SUFFIX = ".lossviz"
Record = TypeVar("Record")
Files = dict[str, bytes]


@dataclass(frozen=True)
class _Contents:
    desks: int
    scenes: tuple[Scene, ...]
    pages: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class _Table:
    """All of :class:`lossviz.sharing.project.Data` but the cells."""

    title: str
    sample: str
    digest: str
    name: str
    columns: tuple[str, ...]
    rows: Integers
    format: TableFormat
    notes: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    mapping: ColumnMapping
    edits: LabelEdits


def write_project(project: Project) -> bytes:
    """The content of a project file. The same project gives the same bytes."""
    contents = _Contents(len(project.desks), project.scenes, project.pages)
    files = _put("project", contents)
    for number, desk in enumerate(project.desks, 1):
        folder = f"desk-{number}"
        data = desk.data
        table = data.table
        files |= _put(
            f"{folder}/data",
            _Table(
                data.title,
                data.sample,
                data.dataset.digest,
                table.name,
                table.columns,
                table.rows,
                table.format,
                table.notes,
                table.dropped,
                data.mapping,
                data.edits,
            ),
        )
        files[f"{folder}/table.csv"] = guarded_csv(
            table.columns, table.frame.itertuples(index=False, name=None)
        )
        runs = {letter: replace(run, run_id="") for letter, run in desk.runs.items()}
        files |= _put(f"{folder}/work", replace(desk, runs=runs), Work)
        for letter, content in desk.trained.items():
            files[f"{folder}/{letter}.safetensors"] = content
    return pack("project", files)


def read_project(content: bytes, title: str) -> Project:
    """The project in a file.

    :param title: what the file is called in sentences.
    :raises LossVizError: where it holds none, with the reason.
    """
    files = unpack(content, "project", title)
    contents = _get(files, "project", _Contents, title)
    if not 1 <= contents.desks <= len(files):
        raise _odd(title, "project", f"{contents.desks} data sets were announced")
    desks = tuple(_desk(files, f"desk-{number + 1}", title) for number in range(contents.desks))
    return Project(desks, contents.scenes, contents.pages)


def open_apart(content: Stored, title: str) -> Reading[Project]:
    """A project that is being read in a process of its own (:mod:`lossviz.apart`)."""
    advice = "Save it again with fewer data sets, or with fewer texts in them."
    return Reading(
        Reader(_hand_over, _taken_over, PROJECT.memory), content, title, title, advice=advice
    )


def _hand_over(content: bytes, out: IO[bytes], title: str) -> None:
    pickle.dump(read_project(content, title), out, pickle.HIGHEST_PROTOCOL)


def _taken_over(answer: IO[bytes]) -> Project:
    project: Project = pickle.load(answer)
    return project


def pack_publication(publication: Publication) -> bytes:
    """A publication as an archive."""
    run = replace(publication.run, run_id="")
    rest = replace(publication, run=run, trained=b"")
    files = _put("publication", rest)
    return pack("publication", files | {"model.safetensors": publication.trained})


def read_publication(content: bytes) -> Publication:
    """The publication in an archive.

    :raises LossVizError: where it holds none, with the reason.
    """
    title = "The published run"
    files = unpack(content, "publication", title)
    publication = _get(files, "publication", Publication, title)
    _sound(lambda: check_publication(publication), title, "publication")
    run = replace(publication.run, run_id=token_urlsafe(12))
    return replace(publication, run=run, trained=_file(files, "model.safetensors", title))


def _desk(files: Files, folder: str, title: str) -> Desk:
    head = _get(files, f"{folder}/data", _Table, title)
    work = _get(files, f"{folder}/work", Work, title, _of_this_version)
    data = _data(head, _file(files, f"{folder}/table.csv", title), title)
    runs = {letter: replace(run, run_id=token_urlsafe(12)) for letter, run in work.runs.items()}
    trained = {
        letter: files[name]
        for letter in runs
        if (name := f"{folder}/{letter}.safetensors") in files
    }
    desk = Desk(**vars(work) | {"runs": runs}, data=data, trained=trained)
    _sound(lambda: check_desk(desk), title, folder)
    return desk


def _data(head: _Table, cells: bytes, title: str) -> Data:
    """The data set is built as it was at first, so its digest tells whether all is as it was."""
    frame = _columns(cells, head, title)
    table = Table(
        head.name,
        head.columns,
        strings({name: pa.chunked_array([pa.array(cells)]) for name, cells in frame.items()}),
        head.rows,
        head.format,
        head.notes,
        head.dropped,
    )
    try:
        dataset = live_sample(build_dataset(table, head.mapping, edits=head.edits))
    except LossVizError as error:
        raise _odd(title, head.title, str(error)) from error
    except (IndexError, KeyError, TypeError, ValueError) as error:
        # A mapping comes from here otherwise, and whatever is wrong with another one ends so.
        raise _odd(title, head.title, "the labels cannot be read as it says") from error
    if dataset.digest != head.digest:
        raise _odd(title, head.title, "its texts and labels are not those that were saved")
    return Data(head.title, head.sample, table, head.mapping, dataset, head.edits)


def _columns(content: bytes, head: _Table, title: str) -> dict[str, list[str]]:
    try:
        rows = read_guarded(content)
    except ValueError as error:
        raise _odd(title, head.title, f"the table cannot be read ({error})") from error
    width = len(head.columns)
    whole = len(rows) == len(head.rows) + 1 and all(len(row) == width for row in rows)
    if not whole or tuple(rows[0]) != head.columns or len(set(head.columns)) < width:
        raise _odd(title, head.title, "the table has other rows or columns than were saved")
    return dict(zip(head.columns, map(list, zip(*rows[1:], strict=True)), strict=True))


def _of_this_version(work: Any) -> Any:
    """What ``work.json`` of version 1 says, as it is written now: there a sweep was a trade and
    surfaces a relief, with how they were looked at among the rest."""
    for name, former in (("sweep", "trade"), ("surfaces", "relief")):
        if former in work:
            look = work.pop(former)
            work[name] = look and {"findings": look.pop(name), "look": look}
    return work


def _put(name: str, record: object, kind: type | None = None) -> Files:
    """A record; of a more special kind than one that is named, what that one has."""
    files = written(record, kind)
    return {f"{name}.json": files.text, f"{name}.npz": files.arrays}


def _get(
    files: Files,
    name: str,
    kind: type[Record],
    title: str,
    migrate: Callable[[Any], Any] = lambda tree: tree,
) -> Record:
    written = Written(_file(files, f"{name}.json", title), _file(files, f"{name}.npz", title))
    try:
        return read(kind, written, migrate)
    except LossVizError as error:
        raise _odd(title, name, str(error)) from error


def _file(files: Files, name: str, title: str) -> bytes:
    if name not in files:
        raise _odd(title, name, "it is missing")
    return files[name]


def _sound(check: Callable[[], None], title: str, name: str) -> None:
    try:
        check()
    except LossVizError as error:
        raise _odd(title, name, str(error)) from error


def _odd(title: str, name: str, why: str) -> LossVizError:
    why = why.rstrip(".")
    return LossVizError(f"{title} cannot be opened: in {name}, {why[:200]}. Nothing was changed.")
