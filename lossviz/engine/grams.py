"""N-grams of texts: counted, and looked up.

A text is taken apart into tokens, and these are numbered; from there on an n-gram is a number too,
that of the shorter n-gram it begins with beside that of its last token. None is a string before
somebody asks for its name.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import NamedTuple, Self

import numpy as np
from pandas import factorize
from scipy.sparse import csr_matrix, vstack

from lossviz.arrays import Integers
from lossviz.experiments.specs import FeatureSpec

KEPT = 1_000_000
"""N-grams that are remembered when there are twice as many: about 200 MB."""
TOKENS = 1 << 31
"""More than there are: an n-gram is the number of its beginning times this, and its last token."""
_WORD = re.compile(r"\b\w\w+\b")
_WHITE_SPACE = re.compile(r"\s\s+")


class Analyser(NamedTuple):
    """How texts are taken apart, as scikit-learn does it.

    :param tokens: those of a text.
    :param between: what stands between the tokens of an n-gram.
    :param piece: characters of texts that are taken apart together: some three million tokens.
    """

    tokens: Callable[[str], Sequence[str]]
    between: str
    piece: int

    def apart(self, gram: str) -> Sequence[str]:
        """The tokens of an n-gram."""
        return gram.split(self.between) if self.between else gram


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(text.lower())


def _characters(text: str) -> Sequence[str]:
    return _WHITE_SPACE.sub(" ", text.lower())


ANALYSERS = {
    "word": Analyser(_words, " ", 16_000_000),
    "char": Analyser(_characters, "", 3_000_000),
}


class Tokens(NamedTuple):
    """Some texts, one behind the other.

    :param numbers: of the tokens, ``(T,)``; negative for unknown ones.
    :param owners: the place of each token's text among the texts, ``(T,)``.
    :param left: tokens from each to the end of its text, ``(T,)``.
    :param texts: how many.
    """

    numbers: Integers
    owners: Integers
    left: Integers
    texts: int

    @classmethod
    def of(cls, analyser: Analyser, texts: Sequence[str], number: Callable[[str], int]) -> Self:
        """Those of these texts."""
        sizes, each = array("q"), array("q")
        for text in texts:
            tokens = analyser.tokens(text)
            sizes.append(len(tokens))
            each.extend(map(number, tokens))
        lengths, numbers = np.array(sizes, dtype=np.int64), np.array(each, dtype=np.int64)
        left = np.repeat(lengths.cumsum(), lengths) - np.arange(len(numbers))
        return cls(numbers, np.repeat(np.arange(len(texts)), lengths), left, len(texts))


def pieces(texts: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """All texts in their order, so many characters at a time, or a single text."""
    ends = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum()
    start = 0
    while start < len(texts):
        before = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield texts[start:end]
        start = end


class _Level:
    """The n-grams of one length: their codes ``(G,)`` ascending, numbers and counts."""

    def __init__(self) -> None:
        self.codes, self.numbers, self.counts = (np.empty(0, dtype=np.int64) for _ in range(3))
        self._numbered = 0

    def add(self, codes: Integers, counts: Integers) -> Integers:
        """Count these, ascending and each once; their numbers, which stay theirs."""
        places = np.searchsorted(self.codes, codes)
        known = _at(self.codes, places) == codes
        self.counts[places[known]] += counts[known]
        numbers = np.empty_like(codes)
        numbers[known] = self.numbers[places[known]]
        fresh = ~known
        numbers[fresh] = self._numbered + np.arange(int(fresh.sum()))
        self._numbered += int(fresh.sum())
        self.codes = np.insert(self.codes, places[fresh], codes[fresh])
        self.numbers = np.insert(self.numbers, places[fresh], numbers[fresh])
        self.counts = np.insert(self.counts, places[fresh], counts[fresh])
        return numbers

    def keep_above(self, threshold: int) -> None:
        """Forget the rest."""
        kept = self.counts > threshold
        self.codes, self.numbers, self.counts = (
            each[kept] for each in (self.codes, self.numbers, self.counts)
        )

    def places(self, numbers: Integers) -> Integers:
        """Where those with these numbers stand."""
        order = np.argsort(self.numbers)
        return order[np.searchsorted(self.numbers, numbers, sorter=order)]


def _at(array: Integers, places: Integers) -> Integers:
    """What stands there; -2, which is no code, behind the end."""
    return np.append(array, -2)[places]


def _distinct(codes: Integers) -> tuple[Integers, Integers]:
    """The different ones ascending, and the place of each among them: by hashing, in a third of the
    time of sorting where many are alike."""
    places, kinds = factorize(codes)
    order = np.argsort(kinds)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return kinds[order], ranks[places]


class Counting:
    """N-grams counted piece by piece, in bounded memory.

    Whenever more than twice ``kept`` different ones are counted, the rarer are forgotten, so that
    at most ``kept`` remain. A forgotten one may come back, and then starts again: its count is too
    small by no more than the counts that were forgotten with it. So an n-gram that occurs more
    often than the sum of the highest forgotten counts is never missed. What it begins with occurs
    as often at least, and is never forgotten before it.

    :param kept: at least ``spec.limit`` are.

    Source: G. S. Manku and R. Motwani, "Approximate frequency counts over data streams", 2002.
    """

    def __init__(self, spec: FeatureSpec, *, kept: int = KEPT) -> None:
        self._spec, self._kept = spec, max(kept, spec.limit)
        self._known: defaultdict[str, int] = defaultdict(count().__next__)
        self._levels = [_Level() for _ in range(spec.longest)]

    @property
    def _counted(self) -> Sequence[_Level]:
        return self._levels[self._spec.shortest - 1 :]

    def add(self, texts: Sequence[str]) -> Tokens:
        """Count those of these texts, which are taken apart."""
        tokens = Tokens.of(ANALYSERS[self._spec.analyser], texts, self._known.__getitem__)
        starts = np.arange(len(tokens.numbers))
        codes = tokens.numbers
        for length, level in enumerate(self._levels, 1):
            if length == self._spec.longest:
                level.add(*np.unique(codes, return_counts=True))
                break
            kinds, places = _distinct(codes)
            grams = level.add(kinds, np.bincount(places))[places]
            going = tokens.left[starts] > length
            starts = starts[going]
            codes = grams[going] * TOKENS + tokens.numbers[starts + length]
        if sum(len(level.codes) for level in self._counted) > 2 * self._kept:
            self._forget()
        return tokens

    def _forget(self) -> None:
        threshold = self._threshold(self._kept)
        for level in self._levels:
            level.keep_above(threshold)
        kept = set(self._levels[0].codes.tolist())
        for token in [token for token, number in self._known.items() if number not in kept]:
            del self._known[token]

    def _threshold(self, most: int) -> int:
        """The count of the commonest one that is not among the first ``most``."""
        counts = np.concatenate([level.counts for level in self._counted])
        return int(np.partition(counts, -most - 1)[-most - 1]) if len(counts) > most else 0

    def commonest(self) -> Grams:
        """Those that occur most often, at most ``spec.limit``, in alphabetical order; of equally
        common ones those that come first in the alphabet."""
        spec, threshold = self._spec, self._threshold(self._spec.limit)
        each = zip(self._counted, self._tokens(), strict=True)
        frequent = [(level.counts, tokens, level.counts >= threshold) for level, tokens in each]
        counts = np.concatenate([counts[often] for counts, _, often in frequent])
        tokens = np.concatenate([tokens[often] for _, tokens, often in frequent])
        order = self._alphabetical(tokens)
        level = counts[order] == threshold
        kept = ~level | (np.cumsum(level) <= spec.limit - int((~level).sum()))
        tokens = tokens[order[kept]]
        used = set(np.unique(tokens).tolist())
        return Grams(spec, {t: n for t, n in self._known.items() if n in used}, tokens)

    def _tokens(self) -> list[Integers]:
        """The tokens' numbers ``(G, longest)`` of the n-grams of each length that counts; -1 behind
        their end."""
        found: list[Integers] = []
        for length, level in enumerate(self._levels):
            begins, last = np.divmod(level.codes, TOKENS)
            tokens = np.full((len(level.codes), self._spec.longest), -1)
            if length:
                tokens[:, :length] = found[-1][self._levels[length - 1].places(begins), :length]
            tokens[:, length] = last
            found.append(tokens)
        return found[self._spec.shortest - 1 :]

    def _alphabetical(self, tokens: Integers) -> Integers:
        """Their order. A space comes before whatever a word is written with."""
        ranks = np.full(max(self._known.values(), default=0) + 2, -1)  # the last one is that of -1
        ranks[[self._known[token] for token in sorted(self._known)]] = np.arange(len(self._known))
        return np.lexsort(ranks[tokens].T[::-1])


class _Numbers(dict[str, int]):
    def __missing__(self, _: str) -> int:
        return -1


class Grams:
    """N-grams, each with a column of its own.

    :param known: the numbers of the tokens.
    :param tokens: of each n-gram those of its tokens, ``(V, longest)``; -1 behind its end.
    """

    def __init__(self, spec: FeatureSpec, known: Mapping[str, int], tokens: Integers) -> None:
        self._spec, self._analyser, self._tokens = spec, ANALYSERS[spec.analyser], tokens
        self._known = _Numbers(known)
        self._levels: list[tuple[Integers, Integers]] = []
        sizes, owners = (tokens >= 0).sum(axis=1), np.flatnonzero(tokens[:, 0] >= 0)
        codes = tokens[owners, 0]
        for length in range(1, spec.longest + 1):
            kinds, places = _distinct(codes)
            columns = np.full(len(kinds), -1)  # that of none, but of what longer ones begin with
            ends = sizes[owners] == length
            columns[places[ends]] = owners[ends]
            self._levels.append((kinds, columns))
            owners, places = owners[~ends], places[~ends]
            codes = places * TOKENS + tokens[owners, min(length, spec.longest - 1)]

    @classmethod
    def named(cls, spec: FeatureSpec, names: Sequence[str]) -> Self:
        """These n-grams, each once; no text has one that is too long."""
        known: defaultdict[str, int] = defaultdict(count().__next__)
        tokens = np.full((len(names), spec.longest), -1)
        for name, row in zip(names, tokens, strict=True):
            apart = ANALYSERS[spec.analyser].apart(name)
            if len(apart) <= spec.longest:
                row[: len(apart)] = [known[token] for token in apart]
        return cls(spec, known, tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    @cached_property
    def names(self) -> list[str]:
        """In the order of the columns."""
        token = {number: token for token, number in self._known.items()}
        join = self._analyser.between.join
        return [join(token[n] for n in row if n >= 0) for row in self._tokens.tolist()]

    def counts(self, texts: Sequence[str]) -> csr_matrix:
        """How often each text has each of them, ``(N, V)``."""
        number = self._known.__getitem__
        each = pieces(texts, self._analyser.piece)
        blocks = [self.counted(Tokens.of(self._analyser, some, number)) for some in each]
        if len(blocks) > 1:
            return vstack(blocks, format="csr")
        return blocks[0] if blocks else csr_matrix((0, len(self)), dtype=np.float32)

    def counted(self, tokens: Tokens) -> csr_matrix:
        """The same of texts that were taken apart."""
        starts, codes = np.arange(len(tokens.numbers)), tokens.numbers
        rows, columns = [], []
        for length, (kinds, of_kind) in enumerate(self._levels, 1):
            places = np.searchsorted(kinds, codes)
            known = _at(kinds, places) == codes
            starts, places = starts[known], places[known]
            column = of_kind[places]
            rows.append(tokens.owners[starts[column >= 0]])
            columns.append(column[column >= 0])
            going = tokens.left[starts] > length
            starts = starts[going]
            codes = places[going] * TOKENS + tokens.numbers[starts + length]
        entries = np.concatenate(rows), np.concatenate(columns)
        ones = np.ones(len(entries[0]), dtype=np.float32)
        counts = csr_matrix((ones, entries), shape=(tokens.texts, len(self)))
        counts.sum_duplicates()
        return counts
