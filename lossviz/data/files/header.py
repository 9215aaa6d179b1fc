"""The header: is the first row one, what are the columns called, and what do their names say?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from statistics import median

from lossviz.data.files.cells import Row


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEXT_NAMES = _words(
    "text texts tweet sentence review comment message content body utterance question document "
    "post sms query description headline"
)
LABEL_NAMES = _words(
    "label labels class classes category categories subcategory target gold tag tags annotation "
    "sentiment emotion polarity topic intent scenario arousal valence mood feeling tone kind type "
    "stance dialect sarcasm irony toxicity hate offensive aspect genre domain language lang "
    "urgency priority department"
)
# Where a row comes from, rather than what it is.
BOOKKEEPING_NAMES = _words(
    "id ids index idx source src file filename path url link split fold set partition date time "
    "month year week day timestamp created user username author annotator annotators worker "
    "confidence dataset row line number version"
)
HEADER_NAMES = (
    TEXT_NAMES | LABEL_NAMES | BOOKKEEPING_NAMES | _words("title rating score stars v1 v2")
)
# Names of a whole label that name no component.
GENERIC_NAMES = _words(
    "label labels class classes category categories target y gold tag tags annotation id name "
    "code true column value"
)
_GENERIC = re.compile(r"(label|class|category|target|gold|annotation|y)(s|es)?([ _-]?\d)?")


def is_generic(name: str) -> bool:
    """Is the column named ``label`` or alike, perhaps with a number?

    >>> is_generic("Label"), is_generic("class_2"), is_generic("sentiment")
    (True, True, False)
    """
    return bool(_GENERIC.fullmatch(name.strip().casefold()))


def name_words(name: str) -> frozenset[str]:
    """The words of a name.

    >>> sorted(name_words("original_sentiment")), sorted(name_words("reviewText"))
    (['original', 'sentiment'], ['review', 'text'])
    """
    spread = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return frozenset(word.casefold() for word in re.findall(r"[^\W_]+", spread))


_SAMPLE = 2_000
_LONGEST_NAME = 100
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?")


def is_number(cell: str) -> bool:
    """Is the cell a number, as tables write them?

    >>> is_number("-1"), is_number("3,5"), is_number("A")
    (True, True, False)
    """
    return bool(_NUMBER.fullmatch(cell.strip()))


def has_header(rows: Sequence[Row]) -> bool:
    """Is the first row a header: short names that do not repeat, unlike the cells below?

    Every column votes; see :func:`_vote`. A single row is a header where its names are usual.

    :param rows: the first row, and those below it.
    """
    names = [" ".join(cell.split()) for cell in rows[0]]
    filled = [name for name in names if name]
    if not filled or max(map(len, filled)) > _LONGEST_NAME:
        return False
    below = rows[1 : _SAMPLE + 1]
    columns = [[row[k].strip() for row in below if k < len(row)] for k in range(len(names))]
    votes = sum(map(_vote, names, columns))
    repeats = len(filled) - len({name.casefold() for name in filled})
    return votes - repeats > 0


def _vote(name: str, below: Sequence[str]) -> int:
    """Positive where ``name`` looks like the name of the column, negative where like a cell."""
    counts = Counter(cell for cell in below if cell)
    known = 2 if name.casefold() in HEADER_NAMES else 0
    if not counts or not name:
        return known
    if is_number(name) or (name in counts and not known):
        return -3
    return known + _contrast(name, counts)


def _contrast(name: str, counts: Counter[str]) -> int:
    """How unlike the cells below ``name`` is, from -2 to 2."""
    if all(map(is_number, counts)):
        return 2
    if name.isascii() and not any(map(str.isascii, counts)):
        return 2
    if {mask(name)} == {mask(value) for value in counts}:
        return -2
    if len(counts) <= counts.total() / 3:
        # A value that the other rows never have: the rarer the single values, the surer.
        return 2 if min(counts.values()) > 1 else 1
    length = median(map(len, counts))
    if len(name) <= length / 2:
        return int(len(name) < length / 3)
    return -2 if len(name.split()) > 2 else -1


def mask(cell: str) -> str:
    """The form of a cell: ``AC`` and ``BD`` have the same one."""
    return re.sub(r"[^\W\d_A-Z]", "x", re.sub(r"[A-Z]", "X", re.sub(r"\d", "0", cell)))


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names for the columns: what the header says, made complete and unique.

    >>> column_names(["text", "", "label", "label"])
    ('text', 'column 2', 'label', 'label (2)')
    """
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        visible = "".join(c for c in cell if unicodedata.category(c) != "Cf")
        base = " ".join(visible.split()) or f"column {number}"
        name, copy = base, 1
        while name in names:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return tuple(names)
