"""Soundness: whether the numbers of a project fit together, so that whatever reads them may rely
on it. Types and ranges of single values are checked where they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.experiments.study.plan import Block
from lossviz.experiments.study.result import Outcome, Trained
from lossviz.experiments.surfaces.pieces import Piece
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.sweep.plan import PointsBlock
from lossviz.experiments.sweep.result import Scores
from lossviz.losses.mix import LinearMix
from lossviz.schema import Codes, LabelSchema
from lossviz.sharing.project import Desk, Kept, Plan, Publication, Report


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
    if desk.study is not None:
        blocks = desk.study.plan.blocks(dataset)
        _each(desk.study, blocks, lambda block, own: _check_trained(block, own, parts))
    if desk.trade is not None:
        plan = desk.trade.sweep.plan
        _expect(plan.experiment.data.digest == dataset.digest, "the sweep belongs to other data")
        _each(desk.trade.sweep, plan.blocks(dataset), lambda b, own: _check_scores(b, own, schema))
        _expect(len(desk.trade.costs) == parts + 1, "the costs are not one for each part")
        _expect(0 <= desk.trade.point < len(plan.grid.points), "the sweep has no such point")
    if desk.relief is not None:
        surfaces = desk.relief.surfaces
        _expect(len(surfaces.plan.runs) <= len(LETTERS), "there are surfaces of too many runs")
        for reference in surfaces.plan.runs:
            own = reference.experiment.data.digest == dataset.digest
            _expect(own, "the surfaces belong to other data")
        _each(surfaces, surfaces.plan.blocks(dataset), lambda _, own: _check_piece(own, parts))
        weights = desk.relief.weights
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


def _each(kept: Kept[Plan, Report], blocks: Sequence[object], check: Callable[..., None]) -> None:
    for place, report in kept.reports.items():
        _expect(0 <= place < len(blocks), "there are results that were not asked for")
        check(blocks[place], report)


def _check_run(run: Run, schema: LabelSchema, name: str) -> None:
    parts = len(schema.names)
    _expect(0 <= run.step <= run.total_steps, f"{name} went further than its end")
    weights = (run.weights, *(own.weights for own in run.changes))
    _expect(all(len(own.components) == parts for own in weights), f"{name} has other weights")
    _check_curve(run.curve, parts)
    if run.evaluation is not None:
        _check_evaluation(run.evaluation, schema)
    if run.surface is not None:
        _check_surface(run.surface, parts)


def _check_curve(curve: Curve, parts: int) -> None:
    points = curve.steps.shape
    lines = (*curve.train.values(), *curve.validation.values())
    even = len(points) == 1 and all(own.shape == points for own in lines)
    _expect(even, "a curve has lines of different lengths")
    if len(curve):
        _expect(curve.weights.shape == (*points, parts), "a curve has other weights")


def _check_evaluation(own: Evaluation, schema: LabelSchema) -> None:
    _check_codes(own.true, schema)
    _check_codes(own.predicted, schema)
    even = own.true.shape == own.predicted.shape and own.probability.shape == own.true.shape[:1]
    _expect(even and len(own), "there are more or fewer predictions than texts")
    _expect(0 <= own.impossible <= len(own), "there are too many impossible predictions")


def _check_codes(codes: Codes, schema: LabelSchema) -> None:
    shaped = codes.ndim == 2 and codes.shape[1] == len(schema.names)
    _expect(shaped, "labels have more or fewer parts than the data")
    known = ((codes >= 0) & (codes < np.array(schema.sizes))).all()
    _expect(known, "there are labels that the data do not have")


def _check_surface(own: Surface, parts: int) -> None:
    shape = (len(own.names), own.y.size, own.x.size)
    flat = own.x.ndim == own.y.ndim == 1
    _expect(flat and own.grids.shape == shape and own.grids.size, "a surface is of another size")
    mix = own.mix
    if isinstance(mix, LinearMix):
        known = all(term.weight is None or 0 <= term.weight <= parts for term in mix.terms)
        _expect(known and len(mix.terms) == len(own.names), "a surface is mixed otherwise")
    else:
        rows = len(mix.wrong) == len(own.names) and all(len(w) == parts + 1 for w in mix.wrong)
        counts = len(mix.counts) in (0, len(own.names))
        groups = len(mix.groups) in (0, len(own.names))
        known = all(0 <= group < len(mix.shares) for group in mix.groups)
        sound = rows and counts and groups and known and mix.temperature > 0
        _expect(sound, "a surface is mixed otherwise")
    for track in own.tracks:
        even = track.x.shape == track.y.shape == (len(track.steps),)
        _expect(even and len(track.steps), "a path on a surface has no end")
        known = all(0 <= place < len(track.steps) for place in track.moved)
        _expect(known, "a path on a surface moved elsewhere")
    if own.slice is not None:
        _expect(len(own.slice.weights) == parts + 1, "a surface has other weights")


def _check_baseline(guess: Baseline, parts: int) -> None:
    _expect(len(guess.components) == parts, "guessing has more or fewer parts than the data")


def _check_trained(block: Block, own: Trained, parts: int) -> None:
    _expect(len(own.outcomes) == block.size, "there are more or fewer results than trainings")
    for outcome in own.outcomes:
        _check_outcome(outcome, parts)


def _check_outcome(own: Outcome, parts: int) -> None:
    counted = len(own.wrong) == parts + 1 and all(0 <= n <= own.rows[1] for n in own.wrong)
    _expect(counted and min(own.rows) > 0, "a training has other errors")
    _check_baseline(own.guess, parts)
    _check_curve(own.curve, parts)


def _check_scores(block: PointsBlock, own: Scores, schema: LabelSchema) -> None:
    parts, members = len(schema.names), block.size
    counts = (own.wrong.shape, own.learnt.shape)
    _expect(counts == ((members, parts + 1),) * 2, "a point has other errors")
    _expect(min(own.rows) > 0 and len(own.messages) == members, "a point has other errors")
    _check_codes(own.true, schema)
    even = own.predicted.shape == (members, *own.true.shape)
    _expect(even and len(own.true) == own.rows[1], "there are more or fewer predictions than texts")
    _check_codes(own.predicted.reshape(-1, parts), schema)
    _check_baseline(own.guess, parts)
    if own.answers is not None:
        shaped = own.answers.ndim == 2 and len(own.answers) == len(own.true)
        _expect(shaped, "there are more or fewer answers than texts")


def _check_piece(own: Piece, parts: int) -> None:
    for _, surface in own.surfaces:
        _check_surface(surface, parts)
        if own.y is not None:
            _expect(np.isin(surface.y, own.y).all(), "a surface has rows that are not its own")
