"""Compressed files: what was packed comes back, and too much is refused while it unpacks."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data.files.compression import Unpacked, unpack
from lossviz.errors import LossVizError
from lossviz.guards import MAX_UNPACKED
from tests.support.workbooks import ods, ods_rows, sheet_rows, xlsx, zipped

TABLE = b"text,label\ngut,a\nschlecht,b\n" * 2_000
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\:"), min_size=1, max_size=20)
PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")

plain = st.binary(max_size=5_000).filter(lambda own: not own.startswith(PACKED))


@given(content=plain, level=st.integers(0, 9), cut=st.integers(0, 5_000))
def test_what_was_packed_with_gzip_comes_back(content: bytes, level: int, cut: int) -> None:
    """One member, two members, and zeros after them."""
    for packed in (
        gzip.compress(content, level),
        gzip.compress(content[:cut], level) + gzip.compress(content[cut:], level),
        gzip.compress(content, level) + bytes(cut % 7),
    ):
        unpacked = unpack(packed, "reviews.csv.gz")
        assert (unpacked.content, unpacked.name) == (content, "reviews.csv")
        assert unpacked.compression == "gzip"
        assert f"{len(content):,} bytes" in unpacked.note


@given(
    content=plain, name=NAMES.filter(lambda own: own.casefold() not in {".ds_store", "mimetype"})
)
def test_what_was_packed_with_zip_comes_back(content: bytes, name: str) -> None:
    clutter = {f"__MACOSX/._{name}": b"x", ".DS_Store": b"x", "folder/": b""}
    for members in ({name: content}, {**clutter, f"folder/{name}": content}):
        unpacked = unpack(zipped(members), "archive.zip")
        assert unpacked.content == content
        assert unpacked.name == unpacked.part == list(members)[-1]
        assert unpacked.compression == "zip"


def test_large_files_come_back_whole() -> None:
    """Larger than the pieces in which they are unpacked, and not compressible."""
    content = random.Random(1).randbytes(5_000_000)
    assert unpack(gzip.compress(content, 1), "f").content == content
    assert unpack(zipped({"a": content}), "f").content == content


@pytest.mark.parametrize("content", [b"", b"text,label\n", b"\x1f", b"PK", b"BZh91AY"])
def test_what_is_not_compressed_is_left_as_it_is(content: bytes) -> None:
    assert unpack(content, "f") == Unpacked(content, "f")


def test_workbooks_are_left_as_they_are() -> None:
    for book in (xlsx({"A": sheet_rows([["a"]])}), ods({"A": ods_rows([["a"]])})):
        assert unpack(book, "f") == Unpacked(book, "f")
        assert unpack(gzip.compress(book), "f").content == book


def encrypted() -> bytes:
    """The flag that says so is enough."""
    packed = bytearray(zipped({"a.csv": TABLE}))
    packed[6] |= 1
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def packed_with(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.csv", TABLE)
    return out.getvalue()


def changed(packed: bytes, at: int) -> bytes:
    return packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1 :]


@pytest.mark.parametrize(
    ("packed", "sentence"),
    [
        (zipped({f"{own}.csv": b"x" for own in "abcdefg"}), "7 files: 'a.csv', 'b.csv', 'c.csv',"),
        (zipped({f"{own}.csv": b"x" for own in "abcdefg"}), "'e.csv' and 2 more. Unpack it"),
        (zipped({}), "zip archive without a file"),
        (zipped({"__MACOSX/._a": b"", "b/": b""}), "zip archive without a file"),
        (encrypted(), "protected with a password"),
        (packed_with(zipfile.ZIP_LZMA), "zip method 14"),
        (packed_with(zipfile.ZIP_BZIP2), "zip method 12"),
        (zipped({"a.gz": gzip.compress(b"x")}), "an archive in an archive"),
        (gzip.compress(zipped({"a": b"x"})), "an archive in an archive"),
        (gzip.compress(gzip.compress(b"x")), "an archive in an archive"),
        (gzip.compress(TABLE)[:-1], "its end is missing"),
        (gzip.compress(TABLE)[:-9], "its end is missing"),
        (gzip.compress(TABLE)[:5], "its end is missing"),
        (changed(gzip.compress(TABLE), -5), "not all of it is gzip"),
        (gzip.compress(TABLE) + b"rubbish", "not all of it is gzip"),
        (zipped({"a.csv": TABLE})[:-30], "its list of files cannot be read"),
        (changed(zipped({"a.csv": TABLE}), 50), "'a.csv' cannot be unpacked"),
        (b"PK\x03\x04rubbish", "its list of files cannot be read"),
    ],
    ids=lambda own: own[:30] if isinstance(own, str) else "packed",
)
def test_what_cannot_be_unpacked_is_one_sentence(packed: bytes, sentence: str) -> None:
    with pytest.raises(LossVizError, match="reviews") as caught:
        unpack(packed, "reviews.zip")
    assert sentence in str(caught.value)


def too_much() -> bytes:
    """A little more than may be unpacked, packed in a thousandth of it."""
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1 << 20)
    pieces = [packer.compress(piece) for _ in range((MAX_UNPACKED >> 20) + 1)]
    return b"".join([*pieces, packer.flush()])


def test_a_bomb_in_gzip_is_refused() -> None:
    packed = too_much()
    assert len(packed) < 1_000_000
    with pytest.raises(LossVizError, match="unpacks to more than 512 MB"):
        unpack(packed, "bomb.gz")


def test_a_size_that_a_zip_archive_gives_is_not_believed() -> None:
    """The list of members says two bytes; there are more, and then the checksum is wrong."""
    packed = bytearray(zipped({"a.csv": TABLE}))
    at = packed.rindex(b"PK\x01\x02") + 24
    packed[at : at + 4] = (2).to_bytes(4, "little")
    with pytest.raises(LossVizError, match="cannot be unpacked"):
        unpack(bytes(packed), "f")


def test_an_archive_of_very_many_files_is_refused_before_it_is_listed() -> None:
    with pytest.raises(LossVizError, match="more than 10,000 files"):
        unpack(b"PK\x03\x04" + b"PK\x01\x02" * 2_000_000, "f")


@given(
    packed=st.sampled_from([gzip.compress(TABLE), zipped({"a.csv": TABLE})]),
    edits=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=5),
    cut=st.integers(0, 400),
)
def test_a_changed_archive_gives_the_content_or_a_sentence(
    packed: bytes, edits: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(packed)
    for at, value in edits:
        damaged[at % len(damaged)] = value
    try:
        unpacked = unpack(bytes(damaged[: len(damaged) - cut]), "f")
    except LossVizError:
        return
    assert unpacked.content in (TABLE, bytes(damaged[: len(damaged) - cut]))
