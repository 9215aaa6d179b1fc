"""What the columns of tables are called, where their names say what they hold."""

from __future__ import annotations

import re


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
