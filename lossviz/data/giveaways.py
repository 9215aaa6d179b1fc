"""Texts that give a part of their label away: by how they begin or end, or by saying it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.data.dataset import Dataset
from lossviz.data.texts import identical_groups

SURE = 0.95
"""Of the texts: so many give the value away."""
BETTER = 0.15
"""Than guessing the commonest value, so much more often right."""
_LOOKED_AT = 20_000
_OFTEN = 3
_ENOUGH = 20
"""Different texts: of fewer, a word may well tell the label by chance."""
_PUNCTUATION = ".,:;!?()[]\"'|-–—"


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A part of the label that one word of the text tells.

    :param where: which word it is.
    :param word: an example, and the value that it tells.
    :param share: of the texts in which it tells the right value.
    """

    component: str
    where: str
    word: str
    value: str
    share: float

    @property
    def words(self) -> str:
        """What it means, and what mends it."""
        return (
            f"{self.where[:1].upper()}{self.where[1:]} of the text gives {self.component!r} away "
            f"in {100 * self.share:.0f} % of the texts ({self.word!r} is {self.value!r}): a model "
            "of one word would be right. If the label stands in the text, choose the column "
            "without it (--text), or the separator behind it (--delimiter)."
        )


def giveaways(dataset: Dataset) -> tuple[Giveaway, ...]:
    """One for each part that is given away, at most."""
    rows = np.arange(len(dataset))
    if len(rows) > _LOOKED_AT:
        rows = np.sort(np.random.default_rng(0).choice(rows, _LOOKED_AT, replace=False))
    # A text that several people labelled is one text: its last word tells nothing of others.
    groups = identical_groups([dataset.texts[row] for row in rows.tolist()])
    rows = rows[np.unique(groups, return_index=True)[1]]
    texts = [dataset.texts[row].split() for row in rows.tolist()]
    bare = {word: word.strip(_PUNCTUATION).casefold() for words in texts for word in words}
    found: list[Giveaway] = []
    if len(rows) < _ENOUGH:
        return ()
    for k, component in enumerate(dataset.schema.components):
        values = [component.values[code] for code in dataset.codes[rows, k].tolist()]
        guess = max(Counter(values).values()) / len(values)
        looks = (
            _said(component.name, texts, values, bare),
            *_placed(component.name, texts, values),
        )
        best = max(looks, key=lambda look: look.share)
        if best.share >= SURE and best.share >= min(guess + BETTER, 1.0) and guess < SURE:
            found.append(best)
    return tuple(found)


def _placed(
    name: str, texts: Sequence[Sequence[str]], values: Sequence[str]
) -> tuple[Giveaway, ...]:
    """What the first and the last word tell, where they stand in several texts."""
    places: tuple[tuple[str, Callable[[Sequence[str]], str]], ...] = (
        ("the first word", lambda words: words[0] if words else ""),
        ("the last word", lambda words: words[-1] if words else ""),
    )
    return tuple(
        _told(name, where, [pick(words) for words in texts], values) for where, pick in places
    )


def _told(name: str, where: str, words: Sequence[str], values: Sequence[str]) -> Giveaway:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, value in zip(words, values, strict=True):
        counts[word][value] += 1
    often = {word: count for word, count in counts.items() if count.total() >= _OFTEN and word}
    right = sum(max(count.values()) for count in often.values())
    if len(often) < 2:
        right = 0
    word = max(often, key=lambda word: often[word].total(), default="")
    value = often[word].most_common(1)[0][0] if word else ""
    return Giveaway(name, where, word, value, right / max(len(values), 1))


def _said(
    name: str, texts: Sequence[Sequence[str]], values: Sequence[str], bare: Mapping[str, str]
) -> Giveaway:
    """How often a text says its own value as a word, and none of the others.

    :param bare: each word without case and punctuation.
    """
    known = {value.casefold() for value in values}
    right = 0
    for words, value in zip(texts, values, strict=True):
        said = known.intersection(map(bare.__getitem__, words))
        right += said == {value.casefold()}
    return Giveaway(name, "a word", values[0], values[0], right / max(len(values), 1))
