"""Exhibits: what the app can show, each declared once, and what stands where.

A new chart is a function that draws it, a line in :data:`EXHIBITS`, and its id in the lists of the
places where it is to stand. A place draws what its list holds; it names an exhibit only to give it
a layout of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from lossviz.figures.base.chart import Chart
from lossviz.figures.runs.answers import sentence
from lossviz.figures.runs.confused import confused
from lossviz.figures.runs.errors import error_rates
from lossviz.figures.runs.losses import loss_curve
from lossviz.figures.runs.reliability import reliability
from lossviz.figures.runs.shown import ShownRuns


class Shown(Protocol):
    """What charts are made from: runs, a sweep, a study, surfaces or a profile."""

    @property
    def version(self) -> Hashable:
        """Another one once charts of it have to be drawn again."""


S = TypeVar("S", bound=Shown)


def alone(_: Shown) -> dict[str, str]:
    """The one chart of an exhibit that has no others."""
    return {"": ""}


def at_each_version(shown: Shown, _: str) -> Hashable:
    """Drawn again whenever what is shown changes."""
    return shown.version


@dataclass(frozen=True)
class Exhibit(Generic[S]):
    """One thing that can be shown: a chart, or one for each run, part or direction.

    :param id: in addresses and keys; letters and digits.
    :param title: what is seen, in a few words: of a panel, or of a report's section. The chart's
        own title says what comes of it.
    :param note: what to look at, and how to read it.
    :param needs: what it is made from.
    :param make: draws one of its charts, also where there is nothing to show yet.
    :param height: of each of them, in pixels.
    :param views: the ids of its charts, and the name of each.
    :param state: another one once a chart has to be drawn again.
    """

    id: str
    title: str
    note: str
    needs: type[S]
    make: Callable[[S, str], Chart]
    height: Callable[[S], int]
    views: Callable[[S], Mapping[str, str]] = alone
    state: Callable[[S, str], Hashable] = at_each_version

    def key(self, view: str) -> str:
        """Of one of its charts on a page."""
        return f"{self.id}-{view}" if view else self.id


def _loss(shown: ShownRuns, letter: str) -> Chart:
    run = shown.runs[letter]
    steps = (run.steps_per_epoch, run.total_steps)
    return loss_curve(letter, run.curve, run.changes, shown.schema, steps)


def _curve(shown: ShownRuns, letter: str) -> Hashable:
    run = shown.runs[letter]
    return run.run_id, len(run.curve), len(run.changes), run.state


_RUNS: tuple[Exhibit[ShownRuns], ...] = (
    Exhibit(
        "losses",
        "The loss while it learns",
        "Solid is training, dotted is held out. Where the dotted line turns up again, the model "
        "learns its training texts by heart. Losses of different formulations have different "
        "units: compare a run with itself.",
        ShownRuns,
        _loss,
        lambda _: 290,
        lambda shown: shown.names,
        _curve,
    ),
    Exhibit(
        "errors",
        "What each run gets wrong",
        "A dot is an error rate on held-out texts, the bar its 95 % interval. The dashed tick "
        "needs no model: it always guesses the commonest label.",
        ShownRuns,
        lambda shown, _: error_rates(shown.evaluations, shown.schema, shown.guess),
        lambda shown: 76 + 48 * (len(shown.schema.names) + 1),
    ),
    Exhibit(
        "confusion",
        "What is taken for what",
        "Rows are true, columns predicted: the diagonal is right. Find the largest cell off it.",
        ShownRuns,
        lambda shown, letter: confused(
            letter, shown.matrices.get(letter), shown.look, shown.schema, shown.top
        ),
        lambda _: 330,
        lambda shown: shown.names,
        lambda shown, _: (shown.version, shown.look),
    ),
    Exhibit(
        "sentence",
        "What each run says about a sentence",
        "Of the likeliest whole labels, the probability that each run gives them.",
        ShownRuns,
        lambda shown, _: sentence(shown.answers, shown.schema, tuple(shown.runs)),
        lambda _: 240,
        state=lambda shown, _: (id(shown.answers), tuple(shown.runs)),
    ),
    Exhibit(
        "reliability",
        "Do its probabilities come true?",
        "Right against predicted, in ten bins of the probability that the run gave what it "
        "predicts; the bar is the 95 % interval. On the dashed line a run is right as often as it "
        "says. Below it, it is too sure of itself; above, not sure enough.",
        ShownRuns,
        reliability,
        lambda _: 320,
        lambda shown: shown.names,
    ),
)

EXHIBITS: Mapping[str, Exhibit[Any]] = {exhibit.id: exhibit for exhibit in _RUNS}

TRAIN = ("losses", "errors", "confusion", "sentence", "reliability")
PRESENT = ("losses", "errors", "reliability", "confusion")
PUBLISHED = ("losses", "errors", "reliability", "confusion")
REPORT = ("losses", "errors", "reliability", "confusion")
PLACES = (TRAIN, PRESENT, PUBLISHED, REPORT)


def placed(where: Sequence[str], needs: type[S]) -> tuple[Exhibit[S], ...]:
    """The exhibits of a place that are made from this, in the order in which they stand there."""
    exhibits = (EXHIBITS[id] for id in where)
    return tuple(exhibit for exhibit in exhibits if exhibit.needs is needs)
