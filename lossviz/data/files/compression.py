"""Compressed files: what a gzip or a zip with one member holds, never more than can be read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from lossviz import guards
from lossviz.data.files.members import (
    MOST_TABLES,
    is_table,
    only_member,
    rest_of,
    table_members,
)
from lossviz.errors import LossVizError
from lossviz.guards import MAX_GZIP_MEMBERS, MAX_MEMBERS, MAX_UNPACKED

PIECE = 1 << 20
_FEED = 1 << 16
_GZIP, _ZIP, _ZIP_EMPTY = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_WORKBOOK_PARTS = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What is in a file, and what it came in.

    :param name: that of the file inside; formats that look alike are told apart by it.
    :param compression: ``gzip``, ``zip``, or "" where the file was not compressed.
    :param part: the member of a zip archive; "" elsewhere.
    :param note: in plain words; "" where the file was not compressed.
    """

    content: bytes
    name: str
    compression: str = ""
    part: str = ""
    note: str = ""


def unpack(content: bytes, name: str) -> Unpacked:
    """The file in a gzip, or in a zip archive with one table; any other file as it is.

    Workbooks are zip archives too, and are left alone.

    :raises LossVizError: for an archive that is damaged, protected, empty or nested, that has
        several files, or that holds more than :data:`MAX_UNPACKED`.
    """
    if content.startswith(_GZIP):
        inner = _joined(lambda: _gunzipped(content, name), name)
        _check_nested(inner, name)
        note = f"Unpacked from gzip: {len(inner):,} bytes."
        return Unpacked(inner, _without_ending(name), "gzip", "", note)
    if content.startswith((_ZIP, _ZIP_EMPTY)):
        archive = open_zip(content, name)
        if set(archive.namelist()) & set(_WORKBOOK_PARTS):
            return Unpacked(content, name)
        member = only_member(archive, name)
        inner = _joined(lambda: zip_pieces(archive, member, name), name)
        _check_nested(inner, name)
        note = f"Unpacked from zip: {member.filename!r}, {len(inner):,} bytes." + rest_of(archive)
        return Unpacked(inner, member.filename, "zip", member.filename, note)
    return Unpacked(content, name)


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """The archive's list of members.

    :raises LossVizError: where it has none that can be read, or more than :data:`MAX_MEMBERS`.
    """
    try:
        return guards.open_zip(content, MAX_MEMBERS)
    except LossVizError:
        raise LossVizError(
            f"{name} is a zip archive of more than {MAX_MEMBERS:,} files. Unpack it, and choose "
            "the one with the table."
        ) from None
    except Exception:  # whatever the module makes of a damaged list of members
        raise damaged(name, "its list of files cannot be read") from None


def zip_pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """What a member holds, in pieces of at most a megabyte.

    :raises LossVizError: where it is protected, damaged, or packed in a way that is not usual.
    """
    if member.flag_bits & _ENCRYPTED:
        raise LossVizError(f"{name} is protected with a password. Save it without one.")
    if member.compress_type not in _METHODS:
        raise LossVizError(
            f"{name} is packed in a way that cannot be read here (zip method "
            f"{member.compress_type}). Unpack it, and choose the file that is inside."
        )
    try:
        with archive.open(member) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except LossVizError:
        raise
    except (
        Exception
    ):  # bad checksums, cut ends, names that differ: the module has an error for each
        raise damaged(name, f"{member.filename!r} cannot be unpacked") from None


def within_limit(
    pieces: Iterable[bytes], name: str, limit: int = MAX_UNPACKED, used: int = 0
) -> Iterator[bytes]:
    """The same pieces, as long as they are not too many.

    :param used: bytes that count already.
    :raises LossVizError: as soon as there are more bytes than ``limit``.
    """
    for piece in pieces:
        used += len(piece)
        if used > limit:
            raise LossVizError(
                f"{name} unpacks to more than {limit >> 20:,} MB, the most that can be read. Keep "
                "the text and the labels only, or fewer rows."
            )
        yield piece


def damaged(name: str, what: str) -> LossVizError:
    """The sentence for an archive that cannot be read to its end."""
    return LossVizError(f"{name} is damaged or cut off: {what}. Download or save it again.")


def _joined(unpacked: Callable[[], Iterator[bytes]], name: str, used: int = 0) -> bytes:
    """All pieces in one. They are counted first, so that too many are never held.

    :param used: bytes that count already.
    """
    for _ in within_limit(unpacked(), name, used=used):
        pass
    whole = io.BytesIO()
    for piece in unpacked():
        whole.write(piece)
    return whole.getvalue()  # shares its memory


def _gunzipped(content: bytes, name: str) -> Iterator[bytes]:
    """Every member of a gzip file, one after the other."""
    decoder, members, begun = zlib.decompressobj(31), 1, False
    try:
        for start in range(0, len(content), _FEED):
            data = content[start : start + _FEED]
            while data:
                if not begun:  # zeros between members are padding
                    data = data.lstrip(b"\x00")
                    begun = bool(data)
                    continue
                yield decoder.decompress(data, PIECE)
                data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
                if decoder.eof:
                    decoder, members, begun = zlib.decompressobj(31), members + 1, False
                    if members > MAX_GZIP_MEMBERS:
                        raise damaged(name, f"it is in more than {MAX_GZIP_MEMBERS:,} parts")
        while begun and not decoder.eof and (rest := decoder.decompress(b"", PIECE)):
            yield rest
    except zlib.error:
        raise damaged(name, "not all of it is gzip") from None
    if begun and not decoder.eof:
        raise damaged(name, "its end is missing")


def tables_in(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """The tables of a zip archive that holds several, by their names; none of any other file.

    :raises LossVizError: where it is damaged, or they hold more than :data:`MAX_UNPACKED` together.
    """
    if not content.startswith(_ZIP):
        return []
    archive = open_zip(content, name)
    members = [member for member in table_members(archive) if is_table(member.filename)]
    if set(archive.namelist()) & set(_WORKBOOK_PARTS) or not 1 < len(members) <= MOST_TABLES:
        return []
    tables: list[tuple[str, bytes]] = []
    for member in members:
        used = sum(len(inner) for _, inner in tables)
        inner = _joined(partial(zip_pieces, archive, member, name), name, used)
        if not inner.startswith(_GZIP):
            _check_nested(inner, name)
        tables.append((member.filename.rpartition("/")[2], inner))
    return tables


def _check_nested(inner: bytes, name: str) -> None:
    """Refuse an archive in an archive; a workbook is not one."""
    nested = inner.startswith((_GZIP, _ZIP_EMPTY))
    if inner.startswith(_ZIP):
        nested = not set(open_zip(inner, name).namelist()) & set(_WORKBOOK_PARTS)
    if nested:
        raise LossVizError(
            f"{name} is an archive in an archive. Unpack it, and choose the file with the table."
        )


def _without_ending(name: str) -> str:
    """The name of what is inside.

    >>> _without_ending("reviews.csv.gz"), _without_ending("reviews")
    ('reviews.csv', 'reviews')
    """
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending.casefold() in {"gz", "gzip"} else name
