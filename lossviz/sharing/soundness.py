"""Soundness: whether the numbers of a project fit together, so that whatever reads them may rely
on it. Types and ranges of single values are checked where they are read."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.findings import Findings
from lossviz.experiments.reliability import BINS, Reliability
from lossviz.experiments.runs.opening import Unsealed
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.runs.repeat import RepeatBlock
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.experiments.scores import Scores
from lossviz.experiments.study.plan import ArmsBlock
from lossviz.experiments.study.result import Outcome, Trained
from lossviz.experiments.surfaces.pieces import Piece
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.sweep.plan import PointsBlock
from lossviz.losses.mix import LinearMix
from lossviz.schema import Codes, LabelSchema
from lossviz.sharing.project import Desk, KeptSurfaces, KeptSweep, Publication


def check_desk(desk: Desk) -> None:
    """Whether everything at a desk belongs to its data.

    :raises LossVizError: with what does not.
    """
    dataset = desk.data.dataset
    schema, parts = dataset.schema, len(dataset.schema.names)
    _expect(set(desk.runs) <= set(LETTERS), "there are runs with unknown letters")
    for letter, run in desk.runs.items():
        data = run.experiment.data
        known = data.digest == dataset.digest and data.components == schema.names
        _expect(known, f"run {letter} belongs to other data")
        _check_run(run, schema, f"run {letter}")
        most = run.experiment.epochs * len(dataset)
        _expect(run.step <= most, f"run {letter} went further than its epochs")
    if desk.repeat is not None:
        known = all(run.data.digest == dataset.digest for _, run in desk.repeat.plan.runs)
        _expect(known, "the repeated runs belong to other data")
        _each(desk.repeat, dataset, lambda block, value: _check_scores(block, value, schema))
    if desk.study is not None:
        _each(desk.study, dataset, lambda block, value: _check_trained(block, value, parts))
    for opening in desk.opened:
        _check_opening(opening, parts)
    if desk.sweep is not None:
        _check_sweep(desk.sweep, dataset)
    if desk.surfaces is not None:
        _check_surfaces(desk.surfaces, dataset)


def _check_opening(opening: Unsealed, parts: int) -> None:
    rates = (*opening.sealed, *opening.held_out)
    each = len(opening.sealed) == len(opening.held_out) == parts + 1
    counted = all(0 <= rate.wrong <= rate.n and rate.n > 0 for rate in rates)
    _expect(each and counted, "sealed texts were judged on more or fewer parts than there are")


def _check_sweep(sweep: KeptSweep, dataset: Dataset) -> None:
    schema, plan, look = dataset.schema, sweep.findings.plan, sweep.look
    _expect(plan.experiment.data.digest == dataset.digest, "the sweep belongs to other data")
    _each(sweep.findings, dataset, lambda block, value: _check_scores(block, value, schema))
    _expect(len(look.costs) == len(schema.names) + 1, "the costs are not one for each part")
    _expect(0 <= look.point < len(plan.grid.points), "the sweep has no such point")


def _check_surfaces(surfaces: KeptSurfaces, dataset: Dataset) -> None:
    parts, runs = len(dataset.schema.names), surfaces.findings.plan.runs
    _expect(len(runs) <= len(LETTERS), "there are surfaces of too many runs")
    for run in runs:
        known = run.experiment.data.digest == dataset.digest
        _expect(known, "the surfaces belong to other data")
    _each(surfaces.findings, dataset, lambda _, value: _check_piece(value, parts))
    weights = surfaces.look.weights
    _expect(weights is None or len(weights) == parts + 1, "there are too few or many weights")


def check_publication(publication: Publication) -> None:
    """Likewise of a publication."""
    schema = publication.schema
    names = publication.run.experiment.data.components
    _expect(names == schema.names, "the run belongs to other data")
    _check_run(publication.run, schema, "the run")
    for surface in publication.surfaces.values():
        _check_surface(surface, len(schema.names))
    judged = publication.run.evaluation
    texts = publication.texts
    fits = texts is None or (judged is not None and len(texts) == len(judged))
    _expect(fits, "there are more or fewer texts than answers")


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise LossVizError(otherwise)


def _each(findings: Findings[Any, Any], dataset: Dataset, check: Callable[..., None]) -> None:
    blocks = findings.plan.blocks(dataset)
    for place, report in findings.reports.items():
        _expect(0 <= place < len(blocks), "there are results that were not asked for")
        check(blocks[place], report)


def _check_run(run: Run, schema: LabelSchema, name: str) -> None:
    parts = len(schema.names)
    _expect(0 <= run.step <= run.total_steps, f"{name} went further than its end")
    _expect(0 <= run.kept <= run.step, f"{name} has the weights of a step that it did not take")
    weights = (run.weights, *(change.weights for change in run.changes))
    _expect(all(len(weight.components) == parts for weight in weights), f"{name} has other weights")
    _check_curve(run.curve, parts)
    if run.evaluation is not None:
        _check_evaluation(run.evaluation, schema)
    if run.surface is not None:
        _check_surface(run.surface, parts)


def _check_curve(curve: Curve, parts: int) -> None:
    points = curve.steps.shape
    lines = (*curve.train.values(), *curve.validation.values())
    even = len(points) == 1 and all(line.shape == points for line in lines)
    _expect(even, "a curve has lines of different lengths")
    if len(curve):
        _expect(curve.weights.shape == (*points, parts), "a curve has other weights")


def _check_evaluation(evaluation: Evaluation, schema: LabelSchema) -> None:
    _check_codes(evaluation.true, schema)
    _check_codes(evaluation.predicted, schema)
    even = (
        evaluation.true.shape == evaluation.predicted.shape
        and evaluation.probability.shape == evaluation.true.shape[:1]
    )
    _expect(even and len(evaluation), "there are more or fewer predictions than texts")
    _expect(
        0 <= evaluation.impossible <= len(evaluation), "there are too many impossible predictions"
    )
    wrong = evaluation.wrong_masked
    _expect(wrong is None or 0 <= wrong <= len(evaluation), "there are too many masked errors")
    if evaluation.temperatures is not None:
        set_on = evaluation.temperatures
        even = len(set_on.parts) == len(set_on.values) > 0
        _expect(even and all(0.0 < value < inf for value in set_on.values), "a temperature is none")
    if evaluation.guess is not None:
        _check_baseline(evaluation.guess, len(schema.names))
    if evaluation.reliability is not None:
        _check_reliability(evaluation.reliability, evaluation.true.shape)


def _check_reliability(reliability: Reliability, shape: tuple[int, ...]) -> None:
    texts, right, expected = reliability.texts, reliability.right, reliability.expected
    shaped = texts.shape == right.shape == expected.shape == (shape[1], BINS)
    _expect(shaped, "probabilities are counted for more or fewer parts than the data have")
    counted = (texts >= 0).all() and (texts.sum(axis=1) <= shape[0]).all()
    within = all(((part >= 0) & (part <= texts)).all() for part in (right, expected))
    _expect(counted and within, "more probabilities are counted than there are texts")


def _check_codes(codes: Codes, schema: LabelSchema) -> None:
    shaped = codes.ndim == 2 and codes.shape[1] == len(schema.names)
    _expect(shaped, "labels have more or fewer parts than the data")
    known = ((codes >= 0) & (codes < np.array(schema.sizes))).all()
    _expect(known, "there are labels that the data do not have")


def _check_surface(surface: Surface, parts: int) -> None:
    shape = (len(surface.names), surface.y.size, surface.x.size)
    flat = surface.x.ndim == surface.y.ndim == 1
    _expect(
        flat and surface.grids.shape == shape and surface.grids.size, "a surface is of another size"
    )
    mix = surface.mix
    if isinstance(mix, LinearMix):
        known = all(term.weight is None or 0 <= term.weight <= parts for term in mix.terms)
        _expect(known and len(mix.terms) == len(surface.names), "a surface is mixed otherwise")
    else:
        rows = len(mix.wrong) == len(surface.names) and all(len(w) == parts + 1 for w in mix.wrong)
        counts = len(mix.counts) in (0, len(surface.names))
        groups = len(mix.groups) in (0, len(surface.names))
        known = all(0 <= group < len(mix.shares) for group in mix.groups)
        sound = rows and counts and groups and known and mix.temperature > 0
        _expect(sound, "a surface is mixed otherwise")
    for track in surface.tracks:
        even = track.x.shape == track.y.shape == (len(track.steps),)
        _expect(even and len(track.steps), "a path on a surface has no end")
        known = all(0 <= place < len(track.steps) for place in track.moved)
        _expect(known, "a path on a surface moved elsewhere")
    if surface.slice is not None:
        _expect(len(surface.slice.weights) == parts + 1, "a surface has other weights")


def _check_baseline(guess: Baseline, parts: int) -> None:
    _expect(len(guess.components) == parts, "guessing has more or fewer parts than the data")


def _check_trained(block: ArmsBlock, trained: Trained, parts: int) -> None:
    _expect(len(trained.outcomes) == block.size, "there are more or fewer results than trainings")
    for outcome in trained.outcomes:
        _check_outcome(outcome, parts)


def _check_outcome(outcome: Outcome, parts: int) -> None:
    counted = len(outcome.wrong) == parts + 1 and all(
        0 <= n <= outcome.rows[1] for n in outcome.wrong
    )
    _expect(counted and min(outcome.rows) > 0, "a training has other errors")
    _check_baseline(outcome.guess, parts)
    _check_curve(outcome.curve, parts)


def _check_scores(block: PointsBlock | RepeatBlock, scores: Scores, schema: LabelSchema) -> None:
    parts, members = len(schema.names), block.size
    counts = (scores.wrong.shape, scores.learnt.shape)
    _expect(counts == ((members, parts + 1),) * 2, "a point has other errors")
    _expect(min(scores.rows) > 0 and len(scores.messages) == members, "a point has other errors")
    _check_codes(scores.true, schema)
    even = scores.predicted.shape == (members, *scores.true.shape)
    _expect(
        even and len(scores.true) == scores.rows[1],
        "there are more or fewer predictions than texts",
    )
    _check_codes(scores.predicted.reshape(-1, parts), schema)
    _check_baseline(scores.guess, parts)
    if scores.occurring is not None:
        places = scores.occurring.astype(np.int64)
        known = places.ndim == 1 and places.size and places[0] >= 0 and (np.diff(places) > 0).all()
        _expect(known and places[-1] < len(schema.classes), "training has labels that nobody has")
    if scores.answers is not None:
        shaped = scores.answers.ndim == 2 and len(scores.answers) == len(scores.true)
        _expect(shaped, "there are more or fewer answers than texts")


def _check_piece(piece: Piece, parts: int) -> None:
    for _, surface in piece.surfaces:
        _check_surface(surface, parts)
        if piece.y is not None:
            _expect(np.isin(surface.y, piece.y).all(), "a surface has rows that are not its own")
