"""The trade-off: do α and β matter, and which to take."""

from __future__ import annotations

from itertools import chain

from lossviz.arrays import Doubles
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.choice import front
from lossviz.experiments.sweep.recommendation import Costs, recommend, recommendation_words, stated
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.verdict import verdict
from lossviz.experiments.sweep.words import costs_words, target_name, texts_words
from lossviz.experiments.words import listed, rate, two_digits
from lossviz.figures.exhibits import REPORT, placed
from lossviz.figures.sweep.shown import ShownSweep
from lossviz.report.elements import (
    Element,
    Heading,
    Plots,
    Section,
    TextTable,
    Words,
    unbroken,
)
from lossviz.sharing.looks import SweepLook
from lossviz.sharing.project import Desk

LINK = "sweep"
TITLE = "Do the weights matter?"
SINGLE = "The labels have a single part, so there is no trade-off."
UNTRAINED = (
    "Not trained: no grid of weights was trained in this project, so nothing is claimed about "
    "whether α and β matter. The Trade-off page trains one, or the command sweep."
)


def trade_section(desk: Desk, decided: Doubles | None = None) -> Section:
    """The verdict first; then its evidence, and the recommendation."""
    dataset, sweep = desk.data.dataset, desk.sweep
    if len(dataset.schema.names) < 2:
        return Section("trade-off", TITLE, (Words(SINGLE),))
    if sweep is None or not sweep.findings.reports:
        return Section("trade-off", TITLE, (Words(UNTRAINED),))
    result = SweepResult.from_findings(sweep.findings, dataset)
    judgement = verdict(result)
    elements: list[Element] = [
        Words(judgement.headline or UNTRAINED, "lead"),
        *(Words(sentence) for sentence in (judgement.measured, judgement.noise) if sentence),
        *([Words(f"Why: {judgement.why}")] if judgement.why else []),
        Words(_trained(result), "note"),
        *([Words(judgement.how, "note")] if judgement.how else []),
        *_advice(result, sweep.look.costs, decided),
        Heading("The errors at every point of the grid"),
        *_pictures(desk, sweep.look, result),
        *_front_table(result),
    ]
    return Section("trade-off", TITLE, tuple(elements))


def _trained(result: SweepResult) -> str:
    experiment, grid = result.plan.experiment, result.grid
    kind = "ratios" if grid.kind == "ratio" else "points"
    return (
        f"Trained: {experiment.formulation}, {experiment.words('model', 'epochs')}, "
        f"{len(grid.points):,} {kind} of "
        f"{listed([result.schema.names[k] for k in grid.pair])}, {result.seeds} of "
        f"{len(result.plan.seeds)} seeds complete: {int(result.finished.sum()):,} of "
        f"{result.plan.trainings:,} models."
    )


def _advice(result: SweepResult, costs: Costs, decided: Doubles | None) -> list[Element]:
    if not any(costs):
        return [
            Heading("Which weights to take"),
            Words("If no mistake costs anything, any weights will do."),
        ]
    recommendation = recommend(result, costs, decided)
    sentences = (
        ("Too few seeds are trained to recommend any weights.",)
        if recommendation is None
        else recommendation_words(result, recommendation)
    )
    note = Words(f"The costs that were stated: {stated(result, costs)}.", "note")
    return [Heading("Which weights to take"), *map(Words, sentences), note]


def _pictures(desk: Desk, look: SweepLook, result: SweepResult) -> list[Element]:
    """The maps; under them, side by side, what else there is."""
    study, dataset = desk.study, desk.data.dataset
    repeats = None if study is None or not study.reports else Repeats.from_findings(study, dataset)
    shown = ShownSweep(result, look.costs, look.point, repeats)
    maps, *others = (Plots.of(exhibit, shown, LINK).plots for exhibit in placed(REPORT, ShownSweep))
    return [Plots(maps), Plots(tuple(chain(*others)))]


def _front_table(result: SweepResult) -> list[Element]:
    choices = front(result)
    if not choices:
        return []
    names, pair = result.schema.names, result.grid.pair
    targets = (*pair, len(names))
    rows = []
    for choice in choices:
        point = result.grid.points[choice.mostly]
        weights = [two_digits(point[k]) for k in pair]
        errors = [unbroken(rate(choice.errors[target])) for target in targets]
        rows.append([costs_words(*choice.ratios), *weights, *errors])
    columns = [
        f"costs of {names[pair[0]]} : {names[pair[1]]}",
        *(f"weight of {names[k]}" for k in pair),
        *(f"wrong on {target_name(result, target)}" for target in targets),
    ]
    caption = (
        "For costs in each ratio the cheapest point, chosen on other folds than it is judged on; "
        f"the weights that most folds choose. Mean over the folds, {texts_words(result)} held-out "
        "texts each"
    )
    return [Heading("What can be had"), TextTable.of(caption, columns, rows)]
