"""fastText: a text in every line, with its labels as words that begin with ``__label__``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lossviz.data.assumptions import Denied, assumed
from lossviz.data.files.cells import SKIPPED, Cells, Row, TableFormat
from lossviz.data.files.encoding import Decoded, decode
from lossviz.data.files.formats._base import REPLACEMENT, Format, bounded
from lossviz.data.files.lines import Lines

PREFIX = "__label__"
_HEAD = 1 << 16
_LABEL = re.compile(rf"(?:^|(?<=[\s,])){PREFIX}([^\s,]+),?")
_MOSTLY = 0.8


class FastText(Format):
    """Lines that begin, or end, with labels. What stands before the text belongs to no text."""

    id = "fasttext"
    order = 4
    title = "fastText"
    formats = ("fasttext",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Have most lines a label, as a word at their beginning or their end?"""
        if PREFIX.encode() not in content[:_HEAD]:
            return False
        text = content[:_HEAD].decode("utf-8", "replace")
        lines = [line.strip() for line in text.split("\n")[: -1 if len(content) > _HEAD else None]]
        lines = [line for line in lines if line]
        hits = sum(_begins(line) for line in lines)
        return hits >= _MOSTLY * len(lines)

    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """Two columns: the labels as a list, and the text without them."""
        decoded = decode(content, name, None)
        form = TableFormat(decoded.encoding, " ", True, "fasttext")
        names = ("label", "text", SKIPPED)
        took = "this is fastText's format: words that begin with __label__ are the labels"
        assumption = assumed("export", took, "nearly every line has one", "as a table")
        rows = bounded(_rows(decoded), name)
        return Cells(names, rows, len(names), form, [decoded.note], (assumption,))


def _begins(line: str) -> bool:
    return line.startswith(PREFIX) or bool(re.search(rf"\s{PREFIX}\S+$", line))


def _rows(decoded: Decoded) -> Iterator[Row]:
    for line in Lines(decoded):
        stripped = line.strip().replace("\x00", REPLACEMENT)
        if not stripped:
            continue
        labels = _LABEL.findall(stripped)
        text = " ".join(_LABEL.sub(" ", stripped).strip(" ,\t").split())
        cell = labels[0] if len(labels) == 1 else json.dumps(labels, ensure_ascii=False)
        yield [cell if labels else "", text, "" if labels else "no label"]
