"""``python -m tests.benchmarks.quality``: what is suggested for a data set, beside what one would
write: TF-IDF with logistic regression on the whole label, or one regression a part, kept to the
combinations that training has."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from time import process_time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from lossviz.arrays import Integers
from lossviz.data import Dataset, Split, build_dataset, propose_mapping, read_table, split
from lossviz.engine.fit import fit
from lossviz.experiments.choices import chosen
from lossviz.experiments.suggestion import suggestion
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared" / "data"
C, ITERATIONS = 10.0, 300
"""Of the regressions: 1 is wrong more often on all of these."""
MOST_LABELS = 120
"""Whole labels that a regression is trained on: its time grows with them."""


@dataclass(frozen=True)
class Shape:
    """A made data set: each text holds words of its parts' values, between words of no meaning."""

    rows: int
    labels: int
    parts: int
    words: int = 15

    def made(self) -> Dataset:
        """Read as a file would be."""
        table = read_table(self.content(), "made.csv")
        return build_dataset(table, propose_mapping(table))

    def content(self) -> bytes:
        """A file by lot, the same each time. Labels are the rarer the later (Zipf), and so are
        words."""
        random = np.random.default_rng([self.rows, self.labels, self.parts])
        values = int(np.ceil(self.labels ** (1 / self.parts))) + 1
        places = random.permutation(values**self.parts)[: self.labels]
        combinations = np.stack(np.unravel_index(places, (values,) * self.parts), axis=1)
        shares = 1 / np.arange(1, self.labels + 1) ** 0.7
        labels = combinations[random.choice(self.labels, self.rows, p=shares / shares.sum())]
        common = np.cumsum(1 / np.arange(1, 20_001))
        out = io.StringIO()
        lines = csv.writer(out)
        lines.writerow(["text", *(f"part{k}" for k in range(self.parts))])
        for label in labels.tolist():
            telling = random.random(self.words) < 0.35
            about = random.integers(self.parts, size=self.words)
            which = np.minimum(random.zipf(1.6, self.words), 40)
            other = np.searchsorted(common, random.random(self.words) * common[-1])
            words = [
                f"s{k}x{label[k]}y{w}" if tells else f"w{o}"
                for tells, k, w, o in zip(telling, about.tolist(), which, other, strict=True)
            ]
            lines.writerow([" ".join(words), *(f"v{k}{v}" for k, v in enumerate(label))])
        return out.getvalue().encode()


def _file(name: str) -> Dataset:
    file = SHARED / name
    table = read_table(file.read_bytes(), file.name)
    return build_dataset(table, propose_mapping(table))


SETS: Mapping[str, Callable[[], Dataset]] = {
    "EmoBank": partial(_file, "emobank_arousal_valence.csv"),
    "reviews by source": partial(_file, "uci_source_polarity.csv"),
    "restaurants, eight parts": partial(_file, "mams_8part.jsonl"),
    "requests": partial(_file, "nlu_scenario_intent.csv"),
    "Arabic sarcasm": partial(_file, "arsarcasm_ar.csv"),
    "5 labels, 300 texts": Shape(300, 5, 2).made,
    "40 labels, 3,000 texts": Shape(3_000, 40, 3).made,
    "300 labels of eight parts, 5,000 texts": Shape(5_000, 300, 8).made,
    "900 labels, 20,000 texts": Shape(20_000, 900, 3).made,
}


@dataclass(frozen=True)
class Compared:
    """Shares that are right on the whole label, and seconds of a core.

    :param why: the suggestion's line.
    """

    labels: int
    texts: int
    why: str
    ours: float
    theirs: float
    seconds: tuple[float, float]

    @property
    def line(self) -> str:
        """Of a table."""
        ratio = self.seconds[0] / self.seconds[1]
        return (
            f"{self.texts:>7,} texts, {self.labels:>4} labels: {100 * self.ours:.1f} % right, "
            f"regression {100 * self.theirs:.1f} %; {ratio:.2f} of its time. {self.why}"
        )


def compare(dataset: Dataset, seeds: int = 3) -> Compared:
    """Both on the same splits, a thread each."""
    suggested = suggestion(dataset, {})
    assert suggested is not None
    ours, theirs, seconds = [], [], np.zeros(2)
    with threadpool_limits(1):
        for seed in range(seeds):
            begun = process_time()
            values = {**suggested.values, "seed": seed, "split.seed": seed}
            ours.append(1.0 - fit(dataset, chosen(dataset, values)).evaluation.joint.rate)
            seconds[0] += process_time() - begun
            begun = process_time()
            theirs.append(_regressions(dataset, split(dataset, 0.2, seed)))
            seconds[1] += process_time() - begun
    better = max(np.mean([each[way] for each in theirs if way in each]) for way in theirs[0])
    return Compared(
        len(dataset.schema.classes),
        len(dataset),
        suggested.why,
        float(np.mean(ours)),
        float(better),
        (float(seconds[0]), float(seconds[1])),
    )


def _regressions(dataset: Dataset, sides: Split) -> dict[str, float]:
    """The shares that are right, by what is regressed on, with two words in a row and without."""
    texts = np.array(dataset.texts, dtype=object)
    codes, test = dataset.codes[sides.train], dataset.codes[sides.test]
    found = {}
    for longest in (1, 2):
        vectoriser = TfidfVectorizer(ngram_range=(1, longest))
        train = vectoriser.fit_transform(texts[sides.train])
        judged = vectoriser.transform(texts[sides.test])
        if len(dataset.schema.classes) <= MOST_LABELS and longest == 1:
            model = LogisticRegression(C=C, max_iter=ITERATIONS)
            model.fit(train, dataset.class_index[sides.train])
            right = model.predict(judged) == dataset.class_index[sides.test]
            found[f"whole labels, {longest}"] = float(right.mean())
        occurring = np.unique(codes, axis=0)
        total = np.zeros((len(test), len(occurring)))
        for k in range(codes.shape[1]):
            total += _part(train, codes[:, k], judged, occurring[:, k])
        right = (occurring[total.argmax(axis=1)] == test).all(axis=1)
        found[f"parts, {longest}"] = float(right.mean())
    return found


def _part(train: object, codes: Integers, judged: object, occurring: Integers) -> Integers:
    """Log probabilities ``(N, C)`` of this part's value in each combination."""
    if len(np.unique(codes)) < 2:
        return np.zeros((judged.shape[0], len(occurring)))  # type: ignore[attr-defined]
    model = LogisticRegression(C=C, max_iter=ITERATIONS).fit(train, codes)
    place = np.searchsorted(model.classes_, occurring)
    return np.asarray(model.predict_log_proba(judged)[:, place])


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality", description=__doc__)
    parser.add_argument("sets", nargs="*", help=f"of {', '.join(SETS)}; by default all")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    for name in options.sets or SETS:
        print(f"{name}: {compare(SETS[name](), options.seeds).line}", flush=True)


if __name__ == "__main__":
    main()
