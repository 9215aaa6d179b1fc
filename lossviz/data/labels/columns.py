"""The columns of a table as a person sees them: text, label, index, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lossviz.data.files.header import (
    LABEL_NAMES,
    TEXT_NAMES,
    is_generic,
    is_number,
    name_words,
)
from lossviz.data.files.table import Table
from lossviz.data.labels.reading import YES, LabelReading, answer, marks_of, unknown
from lossviz.data.labels.readings import propose_readings
from lossviz.data.labels.roles import Role, role_of
from lossviz.data.labels.spelling import key

_SAMPLE = 5_000
_MOST_VALUES = 1_000
_LEAST_VARIED = 0.05
_MOSTLY = 0.8
_REPEATING, _FEW = 0.2, 1.5
"""Of words: where so few cells differ, and they have no more, they are values."""
REMARK_NAMES = frozenset(
    "note notes remark remarks rationale explanation justification annotator annotators coder "  # noqa: SIM905
    "notiz notizen bemerkung bemerkungen".split()
)
_MARKUP = re.compile(r"[\[\]{}<>]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Column:
    """A column: its name, and a sample of its cells from all over the table."""

    name: str
    cells: tuple[str, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the name."""
        return name_words(self.name)

    @cached_property
    def filled(self) -> list[str]:
        """The cells that are not empty."""
        return [cell for cell in self.cells if not unknown(cell)]

    @cached_property
    def values(self) -> frozenset[str]:
        """The different cells, however they are spelled."""
        first: dict[str, str] = {}
        for cell in dict.fromkeys(self.filled):
            first.setdefault(key(cell), cell.strip())
        return frozenset(first.values())

    @cached_property
    def empty(self) -> float:
        """The share of cells in which nothing stands."""
        return 1 - len(self.filled) / max(len(self.cells), 1)

    @property
    def same(self) -> bool:
        """Is it the same in every row?"""
        return self.distinct == 1 and self.empty == 0

    @cached_property
    def role(self) -> Role | None:
        """What it looks like where it is no part of a label."""
        return role_of(self)

    @property
    def distinct(self) -> int:
        """The number of different cells."""
        return len(self.values)

    @cached_property
    def numeric(self) -> bool:
        """Are all cells numbers?"""
        return bool(self.values) and all(map(is_number, self.values))

    @cached_property
    def index(self) -> bool:
        """Does the column count the rows, or number them?"""
        unique = len(set(self.cells)) == len(self.cells) > 1
        return unique and self.numeric and all(v.lstrip("+-").isdigit() for v in self.values)

    @cached_property
    def textness(self) -> float:
        """How much the column looks like texts: long, varied, made of words. 0: not at all."""
        if not self.filled or self.numeric or self.distinct < 2:
            return 0.0
        size = len(self.filled)
        letters = sum(sum(map(len, _WORD.findall(cell))) for cell in self.filled) / size
        visible = sum(len("".join(cell.split())) for cell in self.filled) / size
        varied = self.distinct / size
        words = sum(len(cell.split()) for cell in self.filled) / size
        if varied < _LEAST_VARIED or (varied < _REPEATING and words < _FEW and self.ascii):
            return 0.0
        spoken = sum(" " in cell.strip() or not cell.isascii() for cell in self.filled) / size
        marked = sum(bool(_MARKUP.search(cell)) for cell in self.filled) / size
        length = letters * (letters / visible) * (0.1 + spoken) * (1 - marked / 2)
        named = 3.0 if self.words & TEXT_NAMES else 0.1 if self.words & REMARK_NAMES else 1.0
        return length * varied**2 * named * (len(self.filled) / len(self.cells))

    @property
    def ascii(self) -> bool:
        """Are all cells written in letters that have spaces between words?"""
        return all(map(str.isascii, self.values))

    @cached_property
    def categorical(self) -> bool:
        """Do a few short values repeat? Of a column named ``label`` it is taken for granted."""
        if not self.filled or self.index:
            return False
        if self.generic:
            return True
        if max(map(len, self.values)) > 100 or self.distinct > _MOST_VALUES:
            return False
        return self.distinct <= (20 if self.numeric else max(2, len(self.filled) / 2))

    @cached_property
    def yes_no(self) -> bool:
        """Does each cell say yes or no, and are there both? A cross and nothing do."""
        marks = marks_of(self.cells)
        return marks is not None and marks.varied

    @property
    def marked(self) -> bool:
        """Does it say one thing or nothing, and neither yes nor no in so many words?"""
        return self.distinct == 1 and 0 < self.empty < 1 and not self.yes_no

    @cached_property
    def share_of_yes(self) -> float:
        """Of a column of yes and no: how many cells say yes."""
        return sum(answer(cell) == YES for cell in self.cells) / len(self.cells)

    @property
    def rarest(self) -> float:
        """The share of the rarer answer; of other columns than yes and no, one half."""
        return min(self.share_of_yes, 1 - self.share_of_yes) if self.yes_no else 0.5

    @property
    def gaps(self) -> bool:
        """Does an empty cell lack a value? In lists of tags, and where only yes is marked, not."""
        marks = marks_of(self.cells, anything=True)
        unmarked = marks is not None and marks.unmarked
        return self.empty > 0 and not unmarked and self.reading.kind != "tags"

    @property
    def numbered(self) -> bool:
        """Are its values numbers, perhaps of classes that have names elsewhere?"""
        return (self.numeric and not self.yes_no) or {*self.values} <= {"0", "1"}

    @cached_property
    def generic(self) -> bool:
        """Is it named ``label`` or alike?"""
        return is_generic(self.name)

    @cached_property
    def label_name(self) -> bool:
        """Does the name say that it is a label?"""
        return self.generic or bool(self.words & LABEL_NAMES)

    @cached_property
    def reading(self) -> LabelReading:
        """How its cells are best read as labels."""
        return propose_readings([(self.name, self.cells)])[0]

    @cached_property
    def compound(self) -> bool:
        """Are they best read in parts? Dates and times are not labels."""
        worded = any(character.isalpha() for value in self.values for character in value)
        return self.reading.kind != "whole" and (worded or self.label_name)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The cells, alike for all spellings of a value; of yes and no, alike however written."""
        if self.yes_no:
            return tuple(answer(cell) for cell in self.cells)
        keys = {cell: "" if unknown(cell) else key(cell) for cell in set(self.cells)}
        return tuple(keys[cell] for cell in self.cells)

    def copies(self, other: Column) -> bool:
        """Does every value stand for one value of the other column, and the other way round, where
        both have one, as mostly? Of columns of yes and no: do they say the same?"""
        if self.yes_no and other.yes_no:
            return self.folded == other.folded
        if self.distinct < 2 or self.distinct != other.distinct:
            return False
        there: dict[str, str] = {}
        back: dict[str, str] = {}
        both = 0
        for value, another in zip(self.folded, other.folded, strict=True):
            if value and another:
                both += 1
                if there.setdefault(value, another) != another:
                    return False
                if back.setdefault(another, value) != value:
                    return False
        enough = both >= _MOSTLY * max(len(self.filled), len(other.filled))
        return enough and len(there) == self.distinct

    def repeats(self, other: Column) -> bool:
        """Is it a second annotation: ``original_sentiment`` beside ``sentiment``?"""
        if self.yes_no:
            return False
        shared = len(self.values & other.values)
        return self.words > other.words and 2 * shared >= len(self.values | other.values)


def describe(table: Table) -> tuple[Column, ...]:
    """The columns of a table, from at most 5,000 rows picked at random, the same each time."""
    frame = table.frame
    if len(table) > _SAMPLE:
        generator = np.random.default_rng(0)
        picked = generator.choice(len(table), _SAMPLE, replace=False, shuffle=False)
        frame = frame.iloc[np.sort(picked)]
    return tuple(Column(name, tuple(frame[name].tolist())) for name in table.columns)
