"""The encoding of a file: from bytes to text, with a sentence that says what was assumed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from lossviz.errors import LossVizError

_BINARY = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls, .doc)"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = bytes(range(128))
_NOT_LETTERS = bytes(b for b in range(128) if not chr(b).isalpha())
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x01"))
_C1 = bytes(range(0x80, 0xA0))
_SAMPLE = 1 << 20
_GUESS_SAMPLE = 1 << 15
_SAVE_AS = "Save the table as CSV (UTF-8) and upload that."


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding it was read in (a Python codec name), and why."""

    text: str
    encoding: str
    note: str


def decode(content: bytes, name: str, encoding: str | None = None) -> Decoded:
    """The text of ``content``.

    Without ``encoding``: a byte order mark decides; else UTF-8 where every byte fits; else UTF-16
    where zero bytes alternate; else an encoding for other scripts where most letters are not
    ASCII; else Windows-1252, and Latin-1 where even that has no letter for a byte.

    :raises LossVizError: for an empty file, a binary file, or an encoding that does not fit.
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise LossVizError(f"{name} is empty. Expected a table with a text and a label column.")
    for magic, what in _BINARY:
        if content.startswith(magic):
            raise LossVizError(f"{name} is {what}, not a text table. {_SAVE_AS}")
    decoded = _explicit(content, name, encoding) if encoding else _found(content, name)
    if "\x00" in decoded.text:
        line = decoded.text.count("\n", 0, decoded.text.index("\x00")) + 1
        raise LossVizError(
            f"{name} has a NUL byte in line {line:,}, which no text table has: the file is binary "
            f"or damaged. {_SAVE_AS}"
        )
    return decoded


def _explicit(content: bytes, name: str, encoding: str) -> Decoded:
    try:
        known = codecs.lookup(encoding.strip()).name
        text = content.decode(known)
        text.encode()  # some codecs let half of a surrogate pair through
    except LookupError:
        raise LossVizError(
            f"{encoding!r} is not an encoding. Expected for example utf-8, utf-16, cp1252, latin-1."
        ) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LossVizError(
            f"{name} is not {encoding}: byte 0x{content[error.start]:02x} in line {line:,} has no "
            "meaning in it. Choose another encoding, or none to have it found from the data."
        ) from None
    except UnicodeEncodeError:
        raise LossVizError(f"{name} is not {encoding}. Choose another encoding, or none.") from None
    return Decoded(text.removeprefix("\ufeff"), known, f"Read as {known}, as chosen.")


def _found(content: bytes, name: str) -> Decoded:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            decoded = _explicit(content, name, encoding)
            return Decoded(decoded.text, encoding, f"Read as {encoding}: the file says so itself.")
    if b"\x00" in content:
        return _wide(content, name)
    sample = content[:_SAMPLE]
    if len(sample.translate(None, _CONTROLS)) < 0.95 * len(sample):
        raise LossVizError(
            f"{name} is not text: more than 5 % of it are control characters. {_SAVE_AS}"
        )
    try:
        return Decoded(content.decode("utf-8"), "utf-8", "Read as UTF-8: every byte fits.")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _single_byte(content, f"0x{content[error.start]:02x} in line {line:,}")


def _wide(content: bytes, name: str) -> Decoded:
    """UTF-16 without a byte order mark has its zero bytes at every second place."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    if max(even, odd) > 20 * min(even, odd) and max(even, odd) > 0.05 * len(content) / 2:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        text = _try(content, encoding)
        if text is not None and "\n" in text:
            return Decoded(text, encoding, f"Read as {encoding}: every second byte is zero.")
    line = content.count(b"\n", 0, content.index(0)) + 1
    raise LossVizError(
        f"{name} has a NUL byte in line {line:,}, which no text table has: the file is binary or "
        f"damaged. {_SAVE_AS}"
    )


def _single_byte(content: bytes, where: str) -> Decoded:
    sample = content[:_SAMPLE]
    foreign = len(sample.translate(None, _ASCII))
    letters = len(sample.translate(None, _NOT_LETTERS))
    why = f"it is not UTF-8 (byte {where})"
    advice = "If letters look wrong, choose the encoding."
    # In Western languages accented letters are a few in a hundred; elsewhere they are the text.
    if foreign > 0.3 * letters:
        lines = [line for line in sample.split(b"\n") if line.translate(None, _ASCII)]
        best = from_bytes(b"\n".join(lines)[:_GUESS_SAMPLE]).best()
        if best is not None:
            text = _try(content, best.encoding)
            if text is not None:
                note = f"Read as {best.encoding}, a guess from the letters' frequencies: {why}."
                return Decoded(text, best.encoding, f"{note} {advice}")
    text = _try(content, "cp1252")
    if text is not None and len(content.translate(None, _C1)) < len(content):
        return Decoded(text, "cp1252", f"Read as Windows-1252 (cp1252): {why}. {advice}")
    note = f"Read as Latin-1: {why}. {advice}"
    return Decoded(content.decode("latin-1"), "latin-1", note)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
