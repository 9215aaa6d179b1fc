"""The encoding of a file: from bytes to text, with a sentence that says what was assumed."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from charset_normalizer import from_bytes

from lossviz.errors import LossVizError

_BINARY = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls, .doc)"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
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
_BLOCK = 1 << 20
_REPLACED = "\ufffd"
_ASCII = bytes(range(128))
_NOT_LETTERS = bytes(b for b in range(128) if not chr(b).isalpha())
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x01"))
_C1 = re.compile(rb"[\x80-\x9f]")
_OTHER_SCRIPTS = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp866"),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_8", "mac_cyrillic"),
    *("cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1252"),
)
"""What text that is no Unicode and mostly not ASCII is written in: all that is common, a quarter
of what is possible, and tried in a quarter of the time."""
_SAMPLE = 1 << 20
_NOTHING = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
_GUESS_SAMPLE = 1 << 15
_SAVE_AS = "Save the table as CSV (UTF-8) and upload that."


@dataclass(frozen=True, slots=True, repr=False)
class Decoded:
    """A file's bytes, the encoding to read them in (a Python codec name), and why.

    The text is decoded block by block, each time anew: one emoji would otherwise make every
    character of a large file take four bytes.
    """

    content: bytes
    encoding: str
    note: str
    errors: Literal["strict", "replace"] = "strict"

    def open(self) -> io.TextIOWrapper:
        """The text from its start, line ends as they are, without a byte order mark."""
        reader = self._open()
        return reader if reader.read(1) == "\ufeff" else self._open()

    def _open(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(
            io.BytesIO(self.content), encoding=self.encoding, errors=self.errors, newline=""
        )

    def blocks(self) -> Iterator[str]:
        """The text in pieces of a million characters."""
        reader = self.open()
        while block := reader.read(_BLOCK):
            yield block

    @property
    def text(self) -> str:
        """The whole text."""
        return self.open().read()


def decode(content: bytes, name: str, encoding: str | None = None) -> Decoded:
    """How to read ``content`` as text.

    Without ``encoding``: a byte order mark decides; else UTF-8 where every byte fits, or where
    its longer characters clearly outnumber the bytes that do not (these become U+FFFD, and are
    counted); else UTF-16 where zero bytes alternate; else an encoding for other scripts where most
    letters are not ASCII; else Windows-1252, and Latin-1 where even that has no letter for a byte.

    :raises LossVizError: for an empty file, a binary file, or an encoding that does not fit.
    """
    if not content[:_SAMPLE].strip(_NOTHING) and not content.strip(_NOTHING):
        raise LossVizError(f"{name} is empty. Expected a table with a text and a label column.")
    for magic, what in _BINARY:
        if content.startswith(magic):
            raise LossVizError(f"{name} is {what}, not a text table. {_SAVE_AS}")
    return _explicit(content, name, encoding) if encoding else _detected(content, name)


def _explicit(content: bytes, name: str, encoding: str) -> Decoded:
    try:
        known = codecs.lookup(encoding.strip()).name
        with suppress(UnicodeError):
            b"\n".decode(known)  # codecs from bytes to bytes, or text to text, are refused here
    except LookupError:
        raise LossVizError(
            f"{encoding!r} is not an encoding. Expected for example utf-8, utf-16, cp1252, latin-1."
        ) from None
    try:
        wrong = _first_misfit(content, known)
    except UnicodeError:
        raise LossVizError(f"{name} is not {encoding}. Choose another encoding, or none.") from None
    if wrong is None:
        return Decoded(content, known, f"Read as {known}, as chosen.")
    if damaged := _damaged(content, known, wrong):
        return damaged
    raise LossVizError(
        f"{name} is not {encoding}: {_byte(content, wrong)} has no meaning in it. Choose another "
        "encoding, or none to have it found from the data."
    )


def _detected(content: bytes, name: str) -> Decoded:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            decoded = _explicit(content, name, encoding)
            if decoded.errors == "replace":
                return decoded
            return Decoded(content, encoding, f"Read as {encoding}: the file says so itself.")
    if b"\x00" in content:
        return _wide(content, name)
    sample = content[:_SAMPLE]
    if len(sample.translate(None, _CONTROLS)) < 0.95 * len(sample):
        raise LossVizError(
            f"{name} is not text: more than 5 % of it are control characters. {_SAVE_AS}"
        )
    wrong = _first_misfit(content, "utf-8")
    if wrong is None:
        return Decoded(content, "utf-8", "Read as UTF-8: every byte fits.")
    return _damaged(content, "utf-8", wrong) or _single_byte(content, _byte(content, wrong))


def _first_misfit(content: bytes, encoding: str) -> int | None:
    """The position of the first byte that does not fit; None where all do.

    :raises UnicodeError: where the codec reads something that is no text: half of a surrogate pair.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), _BLOCK):
        block = content[start : start + _BLOCK]
        try:
            text = decoder.decode(block, final=start + _BLOCK >= len(content))
        except UnicodeDecodeError as error:
            return start + len(block) - len(error.object) + error.start
        if not text.isascii():
            text.encode()
    return None


def _damaged(content: bytes, encoding: str, first: int) -> Decoded | None:
    """Unicode with a few wrong bytes; None where these may as well be another encoding's.

    In UTF-8 a longer character is hardly ever there by chance, so two of them outweigh a byte.
    """
    if not encoding.startswith("utf-"):
        return None
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    replaced = _REPLACED.encode(encoding.removesuffix("-sig"))
    invalid = characters = foreign = 0
    for start in range(0, len(content), _BLOCK):
        block = content[start : start + _BLOCK]
        text = decoder.decode(block, final=start + _BLOCK >= len(content))
        invalid += text.count(_REPLACED)
        characters += len(text)
        foreign += len(text) - len(text.encode("ascii", "ignore"))
    valid = foreign - invalid if encoding.startswith("utf-8") else characters // 50
    invalid -= content.count(replaced) if encoding.startswith("utf-8") else 0
    if invalid < 1 or 2 * invalid > valid:
        return None
    where = _line(content, first)
    note = (
        f"Read as {encoding}, but {invalid:,} byte(s) in it are not, the first in line {where:,}: "
        f"shown as {_REPLACED}."
    )
    return Decoded(content, encoding, note, "replace")


def _byte(content: bytes, position: int) -> str:
    return f"byte 0x{content[position]:02x} in line {_line(content, position):,}"


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def nul_error(name: str, line: int) -> LossVizError:
    """A NUL character stands in no text table."""
    return LossVizError(
        f"{name} has a NUL byte in line {line:,}, which no text table has: the file is binary or "
        f"damaged. {_SAVE_AS}"
    )


def _wide(content: bytes, name: str) -> Decoded:
    """UTF-16 without a byte order mark has its zero bytes at every second place."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    if max(even, odd) > 20 * min(even, odd) and max(even, odd) > 0.05 * len(content) / 2:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        line_end = "\n".encode(encoding)
        if line_end in content and _fits(content, encoding):
            return Decoded(content, encoding, f"Read as {encoding}: every second byte is zero.")
    raise nul_error(name, _line(content, content.index(0)))


def _single_byte(content: bytes, where: str) -> Decoded:
    sample = content[:_SAMPLE]
    foreign = len(sample.translate(None, _ASCII))
    letters = len(sample.translate(None, _NOT_LETTERS))
    why = f"it is not UTF-8 ({where})"
    advice = "If letters look wrong, choose the encoding."
    # In Western languages accented letters are a few in a hundred; elsewhere they are the text.
    if foreign > 0.3 * letters:
        lines = [line for line in sample.split(b"\n") if line.translate(None, _ASCII)]
        guesses = from_bytes(b"\n".join(lines)[:_GUESS_SAMPLE], cp_isolation=[*_OTHER_SCRIPTS])
        best = guesses.best()
        if best is not None and _fits(content, best.encoding):
            note = f"Read as {best.encoding}, a guess from the letters' frequencies: {why}."
            return Decoded(content, best.encoding, f"{note} {advice}")
    if _C1.search(content) and _fits(content, "cp1252"):
        return Decoded(content, "cp1252", f"Read as Windows-1252 (cp1252): {why}. {advice}")
    return Decoded(content, "latin-1", f"Read as Latin-1: {why}. {advice}")


def _fits(content: bytes, encoding: str) -> bool:
    try:
        return _first_misfit(content, encoding) is None
    except (UnicodeError, LookupError):
        return False
