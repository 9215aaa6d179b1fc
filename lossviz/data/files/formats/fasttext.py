"""fastText: a text in every line, with its labels as words that begin with ``__label__``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from lossviz.data.assumptions import Denied, assumed
from lossviz.data.files.cells import SKIPPED, Cells, Row, TableFormat
from lossviz.data.files.encoding import Decoded, decode
from lossviz.data.files.formats._base import REPLACEMENT, Format, bounded
from lossviz.data.files.lines import Lines

PREFIX = "__label__"
_HEAD = 1 << 16
_ENDED = re.compile(rf"\s{PREFIX}\S+$")
_PREFIX = re.compile(r"__[A-Za-z]+__(?=\S)")
_MOSTLY = 0.8


class FastText(Format):
    """Lines that begin, or end, with labels. What stands before the text belongs to no text."""

    id = "fasttext"
    order = 4
    title = "fastText"
    formats = ("fasttext",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Have most lines a label, as a word at their beginning or their end?"""
        return bool(_prefix_of(content))

    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """Two columns: the labels as a list, and the text without them."""
        decoded = decode(content, name, None)
        form = TableFormat(decoded.encoding, " ", True, "fasttext")
        names = ("label", "text", SKIPPED)
        prefix = _prefix_of(content) or PREFIX
        took = f"this is fastText's format: words that begin with {prefix} are the labels"
        assumption = assumed("export", took, "nearly every line has one", "as a table")
        rows = bounded(_rows(decoded, prefix), name)
        return Cells(names, rows, len(names), form, [decoded.note], (assumption,))


def _prefix_of(content: bytes) -> str:
    """What labels begin with in most lines; "" where they have none. It can be chosen, and lines
    then begin with it."""
    if b"__" not in content[:_HEAD]:
        return ""
    text = content[:_HEAD].decode("utf-8", "replace")
    lines = [line.strip() for line in text.split("\n")[: -1 if len(content) > _HEAD else None]]
    lines = [line for line in lines if line]
    begun = Counter(match[0] for line in lines if (match := _PREFIX.match(line)))
    ended = sum(PREFIX not in line[:9] and bool(_ENDED.search(line)) for line in lines)
    prefix, hits = (begun or Counter({PREFIX: 0})).most_common(1)[0]
    hits += ended if prefix == PREFIX else 0
    return prefix if hits >= _MOSTLY * max(len(lines), 1) else ""


def _rows(decoded: Decoded, prefix: str) -> Iterator[Row]:
    label = re.compile(rf"(?:^|(?<=[\s,])){prefix}([^\s,]+),?")
    for line in Lines(decoded):
        stripped = line.strip().replace("\x00", REPLACEMENT)
        if not stripped:
            continue
        labels = label.findall(stripped)
        text = " ".join(label.sub(" ", stripped).strip(" ,\t").split())
        cell = labels[0] if len(labels) == 1 else json.dumps(labels, ensure_ascii=False)
        yield [cell if labels else "", text, "" if labels else "no label"]
