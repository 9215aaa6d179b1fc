"""Exhibits: what the app can show, each declared once, and what stands where.

A new chart is a function that draws it, a line in :data:`EXHIBITS`, and its id in the lists of the
places where it is to stand. A place draws what its list holds; it names an exhibit only to give it
a layout of its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from lossviz.experiments.study.result import Repeats
from lossviz.figures.base.chart import Chart
from lossviz.figures.base.exhibit import Exhibit, S
from lossviz.figures.data.classes import class_counts
from lossviz.figures.data.dependence import dependence_of_components, height_of_dependence
from lossviz.figures.data.hardness import hardness_beside_guessing, height_of_hardness
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.runs.answers import sentence
from lossviz.figures.runs.confused import confused
from lossviz.figures.runs.errors import error_rates
from lossviz.figures.runs.losses import loss_curve
from lossviz.figures.runs.reliability import reliability
from lossviz.figures.runs.shown import ShownRuns
from lossviz.figures.study.arms import error_of_arms
from lossviz.figures.study.study import weights_over_time
from lossviz.figures.study.trade import trade_off
from lossviz.figures.surfaces.shown import ShownSurfaces
from lossviz.figures.surfaces.trust import other_plane, other_seeds, walk
from lossviz.figures.sweep.effects import effect_sizes
from lossviz.figures.sweep.front import front
from lossviz.figures.sweep.point import point_errors
from lossviz.figures.sweep.shown import ShownSweep, error_or_cost


def _classes(shown: ShownProfile, _: str) -> Chart:
    profile = shown.profile
    return class_counts(profile.class_names, profile.class_counts, profile.classes.absent)


_PROFILE: tuple[Exhibit[ShownProfile], ...] = (
    Exhibit(
        "classes",
        "How often each whole label occurs",
        "The commonest first: always guessing it is the least that a model has to beat.",
        ShownProfile,
        _classes,
        lambda shown: min(120 + 26 * shown.profile.seen, 640),
    ),
    Exhibit(
        "dependence",
        "Do the parts depend on each other?",
        "Cramér's V, corrected for bias: 0 where one part tells nothing about the other, 1 where "
        "it tells all; the interval is a bootstrap of the table of counts. The words follow a test "
        "against chance, which takes one independent pair in twenty for a dependent one. Which "
        "loss to take does not follow: one on the whole label gains where some dependence is left "
        "once the text is known, and V cannot show that. Parts with V = 0 may need it, and parts "
        "with V = 0.6 do without.",
        ShownProfile,
        lambda shown, _: dependence_of_components(shown.profile.dependences),
        lambda shown: height_of_dependence(shown.profile.dependences),
    ),
    Exhibit(
        "hardness",
        "How hard is it?",
        "How often a quick model is right on texts that it was not trained on. What lies on the "
        "dashed tick is guessed as well without reading the text.",
        ShownProfile,
        lambda shown, _: hardness_beside_guessing(shown.hardness, shown.parts),
        lambda shown: height_of_hardness(shown.parts),
    ),
)


def _loss(shown: ShownRuns, letter: str) -> Chart:
    run = shown.runs[letter]
    steps = (run.steps_per_epoch, run.total_steps)
    return loss_curve(letter, run.curve, run.changes, shown.schema, steps, run.kept)


def _curve(shown: ShownRuns, letter: str) -> Hashable:
    run = shown.runs[letter]
    return run.run_id, len(run.curve), run.changes[-1:], run.state


_RUNS: tuple[Exhibit[ShownRuns], ...] = (
    Exhibit(
        "losses",
        "The loss while it learns",
        "Solid is training, dotted texts not trained on. Where the dotted line turns up again, the "
        "model learns its training texts by heart. A batch's loss is taken before it is learned "
        "from, so training steps down where an epoch ends: from there on every text has been "
        "learned from before. Losses of different formulations are different quantities: compare "
        "their errors.",
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

FRONT = 390
"""Of the front, and of the effects under it as of the maps beside them: in pixels."""


def _effects(shown: ShownSweep) -> int:
    return 70 + 26 * len(shown.grid.axes) * (shown.grid.components + 1)


_SWEEP: tuple[Exhibit[ShownSweep], ...] = (
    Exhibit(
        "map",
        "Every ratio of α and β, trained",
        "Every point is trained. Look whether the errors change from one end to the other by more "
        "than from one seed to the next; the verdict says so in numbers. ◆ is what the cheapest "
        "point costs on texts that did not choose it: the least of many looks lower than it is.",
        ShownSweep,
        error_or_cost,
        lambda shown: (FRONT + _effects(shown)) // 2,
        lambda shown: shown.maps,
        lambda shown, view: (shown.version, shown.costs if view == "cost" else None),
    ),
    Exhibit(
        "front",
        "One part against the other",
        "Each point is a ratio of the weights. On the line (◆) lies what the cheapest one gives, "
        "as costs go from one part's to the other's, on texts that did not choose it.",
        ShownSweep,
        lambda shown, _: shown.marked(front(shown.result, shown.learned)),
        lambda _: FRONT,
        state=lambda shown, _: (shown.version, len(shown.learned)),
    ),
    Exhibit(
        "effects",
        "How much each weight changes each error",
        "A dot is the change from the lowest ratio to the highest, the bar its 95 % interval: "
        "where it reaches over 0, chance alone may have done it.",
        ShownSweep,
        lambda shown, _: effect_sizes(shown.result, shown.effects),
        _effects,
        state=lambda shown, _: shown.edition,
    ),
    Exhibit(
        "point",
        "The errors at one point",
        "The mean over the seeds, with the interval of a mean over so many. A point that was "
        "picked because it is low looks lower than it is.",
        ShownSweep,
        lambda shown, _: point_errors(shown.result, shown.point),
        lambda _: 230,
    ),
)

BOTH = "both"
"""The view of two parts at once."""

_STUDY: tuple[Exhibit[Repeats], ...] = (
    Exhibit(
        "arms",
        "What each is wrong on",
        "Learned weights beside the grid of fixed ones. A dot is the mean over the seeds, the bar "
        "its 95 % interval; a learned weighting on the line of fixed ones found nothing that a "
        "ratio does not have.",
        Repeats,
        lambda repeats, view: (
            trade_off(repeats) if view == BOTH else error_of_arms(repeats, int(view))
        ),
        lambda repeats: max(400, 90 + 22 * len(repeats.arms)),
        lambda repeats: (
            ({BOTH: "one part against the other"} if len(repeats.schema.names) == 2 else {})
            | repeats.targets
        ),
    ),
    Exhibit(
        "paths",
        "Where the weights go",
        "A faint line is a seed, the strong one their median.",
        Repeats,
        lambda repeats, name: weights_over_time(repeats, repeats.learned[name]),
        lambda _: 330,
        lambda repeats: {name: name for name in repeats.learned},
        lambda repeats, name: (repeats.plan, len(repeats.of(repeats.learned[name]))),
    ),
)

_SURFACES: tuple[Exhibit[ShownSurfaces], ...] = (
    Exhibit(
        "planes",
        "Other planes",
        "The loss around the first run on other random planes, on one scale. What only one of them "
        "shows comes from its directions.",
        ShownSurfaces,
        other_plane,
        lambda _: 240,
        lambda shown: shown.other_planes,
        lambda shown, _: (shown.plan, tuple(shown.planes)),
    ),
    Exhibit(
        "seeds",
        "Other seeds",
        "The loss along one random line, of the first run and of the same experiment started from "
        "other seeds. What only one of them shows comes from its start.",
        ShownSurfaces,
        other_seeds,
        lambda _: 300,
        state=lambda shown, _: (shown.plan, len(shown.seeds)),
    ),
    Exhibit(
        "walk",
        "On the straight way between the runs",
        "The weights of one run turn evenly into those of the next, and each run's own loss judges "
        "every mixture. Separate logits for each part are read as whole labels' logits that add "
        "up, restricted to the combinations that occur; a loss for separate parts reads the "
        "marginals. A hill between two runs means that no straight way leads from one solution to "
        "the other.",
        ShownSurfaces,
        walk,
        lambda _: 340,
        state=lambda shown, _: (shown.plan, len(shown.pictures.walk)),
    ),
)

_ALL: tuple[tuple[Exhibit[Any], ...], ...] = (_PROFILE, _RUNS, _SWEEP, _STUDY, _SURFACES)
EXHIBITS: Mapping[str, Exhibit[Any]] = {
    exhibit.id: exhibit for exhibits in _ALL for exhibit in exhibits
}

DATA = ("classes", "dependence", "hardness")
TRAIN = ("losses", "errors", "confusion", "sentence", "reliability")
TRADE_OFF = ("map", "front", "effects", "point")
WEIGHTS = ("arms", "paths")
SURFACES = ("planes", "seeds", "walk")
PRESENT = ("classes", "losses", "errors", "reliability", "confusion", "map", "front")
PUBLISHED = ("losses", "errors", "reliability", "confusion")
REPORT = (
    "classes",
    "losses",
    "errors",
    "reliability",
    "confusion",
    "map",
    "front",
    "effects",
    *WEIGHTS,
    *SURFACES,
)
PLACES = (DATA, TRAIN, TRADE_OFF, WEIGHTS, SURFACES, PRESENT, PUBLISHED, REPORT)


def placed(where: Sequence[str], needs: type[S]) -> tuple[Exhibit[S], ...]:
    """The exhibits of a place that are made from this, in the order in which they stand there."""
    exhibits = (EXHIBITS[id] for id in where)
    return tuple(exhibit for exhibit in exhibits if exhibit.needs is needs)
