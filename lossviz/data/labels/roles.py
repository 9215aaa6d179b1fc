"""What a column is when it is no part of a label: declared once, the first that fits holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from lossviz.data.files.sides import side_of_word
from lossviz.data.labels.items import list_of
from lossviz.data.labels.spelling import key, tidy

if TYPE_CHECKING:
    from lossviz.data.labels.columns import Column


@dataclass(frozen=True, slots=True)
class Role:
    """What a column looks like.

    :param id: for a program.
    :param phrase: behind "looks like".
    """

    id: str
    phrase: str
    fits: Callable[[Column], bool]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WEIGHT = _words("weight weights wt gewicht weighting importance")
SCORE = _words(
    "score scores confidence conf probability prob probs proba logit logits certainty agreement "
    "kappa likelihood lead duration seconds elapsed length len tokens chars characters wordcount "
    "words count age"
)
PREDICTION = _words(
    "predicted prediction predictions pred preds yhat suggestion suggestions suggested p prob "
    "proba logit gpt gpt3 gpt4 chatgpt llm bert roberta automatic"
)
AUTOMATIC = _words("ai auto machine silver weak classifier claude gemini llama mistral openai")
ANNOTATOR = _words(
    "annotator annotators coder coders rater raters worker workers labeler labeller judge "
    "annotated completed codierer kodierer"
)
PERSON = _words(
    "author user username reviewer name firstname lastname surname customer client agent employee "
    "speaker interviewee participant respondent patient student teacher sender recipient assignee "
    "owner person email mail phone by autor autora auteur verfasser bearbeiter bearbeiterin kunde "
    "kundin mitarbeiter vorname nachname nombre"
)
IDENTIFIER = _words(
    "id ids uuid guid hash key ticket order session case row index idx line number no nr nummer "
    "account invoice"
)
PLACE = _words("latitude longitude ip ipaddress browser file filename path url link source src")
STATE = _words("status progress finished duration distribution version dataset collector locale")
_HOW_SURE = _words(
    "high medium low sure unsure certain uncertain very hoch mittel niedrig sicher unsicher"
)
SPLIT = _words("split splits fold folds set partition subset part usage")

_SET = re.compile(r"[ _-](set|split|data|fold)$")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_URL = re.compile(r"(https?://|www\.)\S+")
_DATE = re.compile(
    r"(\d{4}[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\d{4}|\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?)"
    r"(?=$|[T ,月]).*"
    r"|\d{1,2}[:.]\d{2}([:.]\d{2})?(\s?[AaPp]\.?[Mm]\.?)?"
    r"|.{0,12}\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d{1,4}\b.*",
    re.IGNORECASE,
)
_PERHAPS_DATE = re.compile(rf"{_DATE.pattern}|\d{{1,2}}[-/.]\d{{1,2}}", re.IGNORECASE)
_CODE = re.compile(r"(?=\D*\d)[\w.:#/-]*\d\d[\w-]*+|[0-9a-f]{8}[0-9a-f-]*", re.IGNORECASE)
_MANY = 12
_MOST_SIDES = 20
_LOOKED_AT = 500
"""Values, evenly over all of a column's."""
_LONGEST, _LONGEST_URL = 300, 4_000
"""Characters: what is longer is a text. A pattern may take the square of them."""
_NEARLY = 0.9
_SENTENCE = 4


def side_of(value: str) -> str:
    """``train``, ``validation`` or ``test`` where a cell says so; else "".

    >>> side_of("Train"), side_of("dev"), side_of("holdout"), side_of("sport")
    ('train', 'validation', 'test', '')
    """
    return side_of_word(_SET.sub("", key(value)))


def _all(
    column: Column, pattern: re.Pattern[str], least: float = _NEARLY, *, longest: int = _LONGEST
) -> bool:
    some = list(islice(sorted(column.values), 0, None, -(-column.distinct // _LOOKED_AT) or 1))
    cells = (tidy(cell) for cell in some if len(cell) <= longest)
    hits = sum(pattern.fullmatch(cell) is not None for cell in cells)
    return bool(some) and hits >= least * len(some)


def _is_split(column: Column) -> bool:
    if column.distinct > _MOST_SIDES:
        return False
    sides = {side_of(value) for value in column.values}
    told = "" not in sides and len(sides) > 1
    folds = column.words & SPLIT and not column.label_name
    return told or bool(folds and column.numeric)


def _is_weight(column: Column) -> bool:
    return column.numeric and bool(column.words & WEIGHT)


def _is_prediction(column: Column) -> bool:
    first = re.match(r"[^\W_]+", column.name)
    starts = bool(first and first[0].casefold() in PREDICTION and len(column.words) > 1)
    automatic = column.words & AUTOMATIC and (column.label_name or len(column.words) > 1)
    if automatic and not column.yes_no and not column.generic:
        return True
    told = {"model"} <= column.words and column.words & {"output", "label", "answer", "class"}
    return starts or bool(told) or bool(column.words & (PREDICTION - {"p"}))


def _is_score(column: Column) -> bool:
    if column.words & _words("confidence certainty") and not column.numeric:
        return bool(column.distinct > 1 and {*map(key, column.values)} <= _HOW_SURE)
    named = bool(column.words & SCORE) and column.numeric
    whole = all(re.fullmatch(r"[-+]?\d{1,2}", value) for value in column.values)
    if named and not (whole and column.distinct <= 10 and not column.words & (SCORE - {"score"})):
        return True
    fractions = column.numeric and not all(_whole(value) for value in column.values)
    return fractions and column.distinct > 10


def _whole(value: str) -> bool:
    return re.fullmatch(r"[-+]?\d+([.,]0+)?", value.strip()) is not None


def _is_annotator(column: Column) -> bool:
    return bool(column.words & ANNOTATOR) and not column.label_name


def _is_person(column: Column) -> bool:
    return bool(column.words & PERSON) and not column.label_name


def _is_identifier(column: Column) -> bool:
    if column.index:
        return True
    named = bool(column.words & IDENTIFIER) and not column.label_name and not column.yes_no
    coded = column.distinct > _MANY and _all(column, _CODE, 0.98)
    return named or (coded and not (column.numeric and column.distinct <= 20))


def _is_place(column: Column) -> bool:
    return bool(column.words & PLACE) and not column.label_name


def _is_state(column: Column) -> bool:
    return bool(column.words & STATE) and not column.label_name


def _is_time(column: Column) -> bool:
    named = bool(column.words & _words("date time timestamp created updated month year week day"))
    if named and not column.label_name:
        return True
    # A spreadsheet makes a date of some of "1-2", "3-4" and the like.
    some = any(_DATE.fullmatch(tidy(value)) for value in column.values)
    return not column.numeric and some and _all(column, _PERHAPS_DATE)


def _is_nested(column: Column) -> bool:
    """Cells of objects, or of lists of them, in which no label was found."""
    return any(
        value.startswith(("[{", '{"', "{'")) and list_of(value) is None for value in column.values
    )


def _is_comment(column: Column) -> bool:
    if not column.filled or column.numeric:
        return False
    words = median(len(cell.split()) for cell in column.filled)
    return words >= _SENTENCE and column.distinct > _MANY and not column.label_name


def _is_unique(column: Column) -> bool:
    if column.generic or column.distinct <= 2 or column.compound:
        return False
    return column.distinct > 0.5 * len(column.filled)


def _is_numbers(column: Column) -> bool:
    return column.numeric and column.distinct > 20


ROLES = (
    Role("empty", "nothing: it is empty", lambda column: not column.filled),
    Role("nested", "objects of a tool, in which no label was found", _is_nested),
    Role("constant", "nothing to learn: it is the same in every row", lambda column: column.same),
    Role("split", "a split into train and test", _is_split),
    Role("email", "e-mail addresses", lambda c: not c.numeric and _all(c, _EMAIL)),
    Role(
        "link",
        "addresses of the web",
        lambda c: not c.numeric and _all(c, _URL, longest=_LONGEST_URL),
    ),
    Role("weight", "a weight of rows", _is_weight),
    Role("prediction", "what a model predicts or suggests", _is_prediction),
    Role("score", "a score or a measurement", _is_score),
    Role("time", "dates or times", _is_time),
    Role("annotator", "the name of an annotator", _is_annotator),
    Role("identifier", "an id", _is_identifier),
    Role("person", "the name of a person", _is_person),
    Role("place", "where a row comes from", _is_place),
    Role("state", "bookkeeping of the tool", _is_state),
    Role("comment", "remarks: sentences that differ", _is_comment),
    Role("numbers", "numbers, of which there are many", _is_numbers),
    Role("unique", "an id or a text: it differs in nearly every row", _is_unique),
)


def role_of(column: Column) -> Role | None:
    """What a column is taken for where it is no part of a label."""
    return next((role for role in ROLES if role.fits(column)), None)
