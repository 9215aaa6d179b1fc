r"""Dependence between components: how much one tells about the other.

Cramér's V with its bias correction: of a table of counts :math:`n_{ij}` with *r* rows and *c*
columns

.. math:: \varphi^2 = \sum_{ij} \frac{n_{ij}^2}{n_{i\cdot} n_{\cdot j}} - 1, \quad
   \tilde\varphi^2 = \max\Big(0, \varphi^2 - b\,\frac{(r-1)(c-1)}{n-1}\Big), \quad
   \tilde r = r - b\,\frac{(r-1)^2}{n-1}, \quad
   \tilde V = \sqrt{\frac{\tilde\varphi^2}{\min(\tilde r, \tilde c) - 1}}

with *b* = 1. Uncorrected, two independent components with 18 and 51 values have V = 0.2 in a
thousand texts. Bergsma (2013), A bias-correction for Cramér's V and Tschuprow's T.

The interval is a bootstrap: tables of the same size drawn from this one. Drawing adds the bias a
second time, so there *b* = 2; with *b* = 1 independent components with many values would have
intervals that leave out 0. So it hears less than a test: of V = 0.23 among 100 texts of 2 × 2 it
leaves 0 out in 13 %. Whether there is any dependence is therefore told by
:math:`X^2 = n\varphi^2`, held against its distribution over all ways of dealing the second
component's values out anew (a permutation test). Of that, mean and variance are known exactly
(Haldane 1940; Lewis, Saunders and Westcott 1984), and the gamma distribution with both stands for
it. Where all expected counts are large, this is the χ² test.

How much the components tell about each other, whatever the text, is not how much is left once the
text is known, and that is what a loss on the whole label can learn and losses on the parts cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lossviz.arrays import Doubles, Integers
from lossviz.schema import Codes, LabelSchema

RESAMPLES = 1_000
FEWEST_RESAMPLES = 200
MOST_DRAWN = 100_000
"""Cells drawn for one pair; a larger table gets fewer resamples, down to 200."""
MOST_PAIRS = 500
"""Of twelve components there are 66, of thirty 435."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """How much one component tells about another: 0 nothing, 1 everything.

    :param v: Cramér's V, corrected for bias; None where it means nothing: a component with a
        single value, or nearly as many values as texts.
    :param low: of its 95 % interval; None with ``v``, or where hardly a resample has a V.
    :param n: texts.
    :param p: how often chance alone makes as much of independent components; None with ``v``.
    """

    first: str
    second: str
    v: float | None
    low: float | None
    high: float | None
    n: int
    p: float | None = None

    @property
    def words(self) -> str:
        """What it means, without the number."""
        if self.v is None or self.p is None:
            return "cannot be said: one of them has a single value, or nearly a value for each text"
        if self.p >= CLEAR:
            return f"may be independent: chance alone does as much in {100 * self.p:.0f} % of cases"
        for least, much in _WORDS:
            if self.v >= least:
                return f"knowing one tells {much} about the other"
        return ""


FEWEST = 5
"""Texts of which anything can be told."""
CLEAR = 0.05
"""Of independent pairs such a share is told to be dependent."""
_WORDS = (
    (0.95, "nearly all"),
    (0.5, "a lot"),
    (0.3, "a fair amount"),
    (0.1, "a little"),
    (0.0, "hardly anything"),
)


def dependences(schema: LabelSchema, codes: Codes) -> tuple[Dependence, ...]:
    """Every pair of components, the most dependent first; of very many components the first 500
    pairs.

    :param codes: ``(N, K)``.
    """
    pairs = list(combinations(range(len(schema.components)), 2))[:MOST_PAIRS]
    unsorted = [_dependence(schema, codes, *pair) for pair in pairs]
    return tuple(
        sorted(
            unsorted,
            key=lambda dependence: -1.0 if dependence.v is None else dependence.v,
            reverse=True,
        )
    )


def _dependence(schema: LabelSchema, codes: Codes, i: int, j: int) -> Dependence:
    table = _Cells.of(codes[:, i], codes[:, j])
    first, second = schema.names[i], schema.names[j]
    (v,) = table.v(table.counts[None, :], bias=1)
    if np.isnan(v):
        return Dependence(first, second, None, None, None, len(codes))
    low, high = table.interval()
    if low is not None and high is not None:  # a few hundred draws are not that fine
        low, high = min(low, float(v)), max(high, float(v))
    return Dependence(first, second, float(v), low, high, len(codes), table.p())


@dataclass(frozen=True, eq=False)
class _Cells:
    """The cells of a table in which something is: ``(M,)`` counts, with their rows and columns.

    There are at most as many as whole labels, however large the table is.
    """

    counts: Integers
    rows: Integers
    columns: Integers

    @classmethod
    def of(cls, first: Codes, second: Codes) -> _Cells:
        """The table of two columns of codes ``(N,)``; values that do not occur are left out."""
        pairs, counts = np.unique(np.stack([first, second], axis=1), axis=0, return_counts=True)
        rows, columns = (np.unique(codes, return_inverse=True)[1].reshape(-1) for codes in pairs.T)
        return cls(counts.astype(np.int64), rows, columns)

    def v(self, drawn: Integers, bias: int) -> Doubles:
        """The corrected V of tables with these counts ``(R, M)``: ``(R,)``, NaN where undefined."""
        row_sums, column_sums = _sums(drawn, self.rows), _sums(drawn, self.columns)
        both = row_sums[:, self.rows] * column_sums[:, self.columns]
        squares = np.divide(
            drawn.astype(float) ** 2, both, out=np.zeros(both.shape), where=both > 0
        )
        r, c = (row_sums > 0).sum(axis=1), (column_sums > 0).sum(axis=1)
        share = bias / max(int(self.counts.sum()) - 1, 1)
        phi2 = np.maximum(0.0, squares.sum(axis=1) - 1.0 - share * (r - 1) * (c - 1))
        least = np.minimum(r - 1 - share * (r - 1) ** 2, c - 1 - share * (c - 1) ** 2)
        defined = (np.minimum(r, c) > 1) & (least > 0)
        v = np.sqrt(np.divide(phi2, least, out=np.full(len(phi2), np.nan), where=defined))
        return np.asarray(np.minimum(v, 1.0))

    def p(self) -> float:
        """Of the permutation test."""
        from scipy.special import gammaincc  # half a second that who reads files need not wait

        a, b = (np.bincount(places, self.counts) for places in (self.rows, self.columns))
        n, r, c = float(self.counts.sum()), len(a), len(b)
        if n < FEWEST:
            return 1.0
        squared = n * float((self.counts**2 / (a[self.rows] * b[self.columns])).sum() - 1.0)
        mean = n * (r - 1) * (c - 1) / (n - 1)
        free = (r - 1) * (n - r) / (n - 1), (c - 1) * (n - c) / (n - 1)
        uneven = ((n / a).sum() - r**2) / (n - 2), ((n / b).sum() - c**2) / (n - 2)
        variance = n**2 / (n - 1) * uneven[0] * uneven[1] + 2 * n / (n - 3) * (
            (free[0] - uneven[0]) * (free[1] - uneven[1])
        )
        return float(gammaincc(mean**2 / variance, max(squared, 0.0) * mean / variance))

    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """The 95 % bootstrap interval; none where most resamples have no V."""
        resamples = max(FEWEST_RESAMPLES, min(RESAMPLES, MOST_DRAWN // len(self.counts)))
        generator = np.random.default_rng(0)
        n = int(self.counts.sum())
        drawn = generator.multinomial(n, self.counts / n, size=resamples)
        v = self.v(drawn, bias=2)
        v = v[~np.isnan(v)]
        if len(v) < resamples / 2:
            return None, None
        low, high = np.quantile(v, [0.025, 0.975])
        return float(low), float(high)


def _sums(drawn: Integers, places: Integers) -> Doubles:
    """``(R, M)`` counts summed over the cells of each row or column of the table."""
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))
    return np.add.reduceat(drawn[:, order], starts, axis=1).astype(np.float64)
