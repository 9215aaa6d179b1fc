"""Small data sets made on the spot."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from lossviz.data import Dataset
from tests.support.schemas import schema_of

WORDS = {
    "A": "wept joy heart terrified thrilled dear oh never",
    "B": "invoice report measured table standard minutes level item",
    "C": "good fine won fixed improved pleasant on-time better",
    "D": "bad broken late lost worse cold noisy missing",
}


def dataset(rows: int = 240, *, missing: tuple[str, ...] = (), seed: int = 0) -> Dataset:
    """Labels AC, AD, BC, BD, and texts that mostly say which."""
    random = np.random.default_rng(seed)
    labels = [a + c for a, c in product("AB", "CD") if a + c not in missing]
    schema = schema_of(("first", "second"), labels, separator="")
    texts, parts = [], []
    for k in range(rows):
        label = labels[k % len(labels)]
        words = [random.choice(WORDS[part].split(), 3) for part in label]
        noise = random.choice(WORDS[random.choice(list("ABCD"))].split(), 2)
        texts.append(" ".join([*np.concatenate(words), *noise, f"w{k % 37}"]))
        parts.append(label)
    codes = np.array([schema.encode(part) for part in parts], dtype=np.int64)
    digest = f"{rows:x}-{'-'.join(missing)}-{seed:x}"
    return Dataset("made", digest, schema, tuple(texts), codes, np.arange(1, rows + 1), ())


def with_a_single_text(data: Dataset, row: int = 7) -> Dataset:
    """The same, but for one text with the label BD, which no other has."""
    schema = dataset(8).schema
    codes = data.codes.copy()
    codes[row] = schema.encode("BD")
    return replace(data, digest=f"{data.digest}-{row}", schema=schema, codes=codes)
