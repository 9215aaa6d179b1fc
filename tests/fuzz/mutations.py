"""Files that nobody meant: one that can be read, broken in a few places."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import numpy as np

from tests.fuzz.seeds import SEEDS, delimited, members
from tests.support.workbooks import zipped

Generator = np.random.Generator

PIECES: tuple[bytes, ...] = (
    *(b'"', b'""', b"\\", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\x00", b"\x1a", b" "),
    *(b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"),
    *(b"{", b"}", b"[", b"]", b":", b"null", b"NaN", b"1e999", b"-0", b"\\ud800", b"\\u0000"),
    *(b"<", b">", b"&", b"</row>", b"<row>", b'r="XFD1048576"', b'r="A0"', b't="s"', b"<v>9</v>"),
    *(b"&#0;", b"&amp", b"<!ENTITY a 'b'>", b"table:number-columns-repeated='16384'"),
    *(b"table:number-rows-repeated='1048576'", b"9" * 30, b"PK\x03\x04", b"PAR1", b"\x1f\x8b"),
    *(b"=cmd|' /C calc'!A0", b"<script>", b"sep=;\n", "\u202e".encode(), "\u0085".encode()),
)


def mutated(content: bytes, generator: Generator) -> bytes:
    """The content with one to six changes, each somewhere."""
    for _ in range(int(generator.integers(1, 7))):
        change = _CHANGES[int(generator.integers(len(_CHANGES)))]
        content = change(content, generator)
    return content


def _span(content: bytes, generator: Generator, most: int = 200) -> tuple[int, int]:
    start = int(generator.integers(len(content) + 1))
    return start, min(len(content), start + int(generator.integers(1, most)))


def _flip(content: bytes, generator: Generator) -> bytes:
    if not content:
        return content
    place = int(generator.integers(len(content)))
    byte = content[place] ^ (1 << int(generator.integers(8)))
    return content[:place] + bytes([byte]) + content[place + 1 :]


def _insert(content: bytes, generator: Generator) -> bytes:
    start, _ = _span(content, generator)
    piece = PIECES[int(generator.integers(len(PIECES)))]
    return content[:start] + piece * int(generator.choice([1, 1, 1, 2, 50])) + content[start:]


def _replace(content: bytes, generator: Generator) -> bytes:
    start, end = _span(content, generator, 12)
    return content[:start] + PIECES[int(generator.integers(len(PIECES)))] + content[end:]


def _cut(content: bytes, generator: Generator) -> bytes:
    start, end = _span(content, generator)
    return content[:start] + content[end:]


def _end(content: bytes, generator: Generator) -> bytes:
    return content[: int(generator.integers(len(content) + 1))]


def _repeat(content: bytes, generator: Generator) -> bytes:
    start, end = _span(content, generator)
    return content[:start] + content[start:end] * int(generator.integers(2, 40)) + content[end:]


def _swap(content: bytes, generator: Generator) -> bytes:
    a, b = _span(content, generator)
    c, d = _span(content, generator)
    if b > c:
        return content
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def _splice(content: bytes, generator: Generator) -> bytes:
    other = SEEDS[sorted(SEEDS)[int(generator.integers(len(SEEDS)))]]()
    start, _ = _span(content, generator)
    begin, end = _span(other, generator, 2_000)
    return content[:start] + other[begin:end] + content[start:]


_CHANGES: tuple[Callable[[bytes, Generator], bytes], ...] = (
    *(_flip, _insert, _insert, _replace, _cut, _end, _repeat, _swap, _splice),
)


def _inside(name: str, generator: Generator) -> bytes:
    """A packed file that is whole itself, and of which what is packed is broken."""
    if name.endswith(".gz"):
        return gzip.compress(mutated(delimited().encode(), generator))
    own = members(SEEDS[name]())
    member = sorted(own)[int(generator.integers(len(own)))]
    return zipped(own | {member: mutated(own[member], generator)})


PACKED = {"book.xlsx", "sheet.ods", "packed.csv.gz", "packed.zip"}


def broken(name: str, seed: int) -> bytes:
    """A file made of the one of this name; the same one for the same seed."""
    generator = np.random.default_rng(seed)
    if name in PACKED and generator.random() < 0.6:
        return _inside(name, generator)
    return mutated(SEEDS[name](), generator)
