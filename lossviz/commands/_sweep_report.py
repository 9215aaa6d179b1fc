"""A sweep as JSON, as lines for a person, and its errors as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from lossviz.arrays import Doubles
from lossviz.commands._output import wrapped, write_table
from lossviz.experiments.plain import plain
from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.choice import Choice, front
from lossviz.experiments.sweep.effects import Effect
from lossviz.experiments.sweep.recommendation import (
    Costs,
    Recommendation,
    recommend,
    recommendation_words,
)
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.verdict import Verdict, verdict
from lossviz.experiments.sweep.words import costs_words, pair_symbols, ratio_words, texts_words


@dataclass(frozen=True)
class SweepStatement:
    """A finished sweep, and what it says.

    :param recommendation: None where there are too few seeds for one.
    """

    result: SweepResult
    verdict: Verdict
    recommendation: Recommendation | None

    @property
    def advice(self) -> tuple[str, ...]:
        """The recommendation's sentences."""
        if self.recommendation is None:
            return ()
        return recommendation_words(self.result, self.recommendation)

    @property
    def notes(self) -> tuple[str, ...]:
        """What else a person has to know."""
        result, experiment = self.result, self.result.plan.experiment
        notes = list(experiment.notes)
        if result.messages:
            which = min(result.messages)
            notes.append(
                f"{len(result.messages):,} of {result.plan.trainings:,} trainings stopped early "
                f"and are judged as they stood, the first because: {result.messages[which]}"
            )
        if result.grid.kind == "map":
            notes.append(
                "The common size of α and β varies with them. It is a step size: what they ask for "
                "is their ratio, which alone is trained without --size."
            )
        if result.plan.starts > 1:
            notes.append(
                f"Every point is trained from {result.plan.starts} starts a seed. The errors of "
                "each seed are those of the first, which fit --seed finds as well; intervals, "
                "front and recommendation are about the mean over the starts."
            )
        return tuple(notes)


def statement(result: SweepResult, costs: Costs) -> SweepStatement:
    """What a finished sweep says, for these costs."""
    recommendation = recommend(result, costs)
    if recommendation is not None:
        from lossviz.engine.judging import min_cost_errors

        decided = min_cost_errors(*result.undecided, costs)
        recommendation = recommend(result, costs, decided)
    return SweepStatement(result, verdict(result), recommendation)


# As JSON


def sweep_json(statement: SweepStatement, seconds: float) -> dict[str, Any]:
    """What ``sweep --json`` prints."""
    result, grid = statement.result, statement.result.grid
    points, names = len(grid.points), result.schema.names
    train, held_out = result.rows[0].tolist()
    assert result.guessed is not None
    first = [effect for effect in statement.verdict.effects if effect.axis == 0]
    report = {
        "experiment": result.plan.experiment,
        "rows": {"train": train, "test": held_out},
        "majority_accuracy": 1.0 - float(result.guessed[-1]),
        "pair": [names[k] for k in grid.pair],
        "weights": grid.points,
        "seeds": result.plan.seeds,
        "starts": result.plan.starts,
        "errors": _errors_json(result.first_errors[:points]),
        "equal": {
            "weights": grid.members[grid.equal],
            **_errors_json(result.first_errors[grid.equal]),
        },
        "front": result.front,
        "choices": [_choice_json(result, choice) for choice in front(result)],
        "effect": [
            {"name": name, "low_to_high": _change_json(effect.change)}
            for name, effect in zip(names, first, strict=False)
        ],
        "effects": [_effect_json(result, effect) for effect in statement.verdict.effects],
        "contrast": statement.verdict.contrast and _change_json(statement.verdict.contrast, 2.0),
        "unseen": [result.unseen.get(j) for j in range(len(result.plan.seeds))],
        "guessing": statement.verdict.guessing
        and {
            "beaten": statement.verdict.guessing.beaten,
            "error": statement.verdict.guessing.guess,
            "change": _change_json(statement.verdict.guessing.change),
        },
        "verdict": " ".join([statement.verdict.text, *statement.advice]),
        "recommendation": statement.recommendation
        and _recommendation_json(result, statement.recommendation),
        "diverged": [
            # Equal weights need not be among the points.
            {
                "point": member if member < points else None,
                "seed": result.plan.seeds[j],
                "message": message,
            }
            for (member, j), message in sorted(result.messages.items())
        ],
        "notes": statement.notes,
        "seconds": round(seconds, 4),
    }
    return cast("dict[str, Any]", plain(report))


def _choice_json(result: SweepResult, choice: Choice) -> dict[str, Any]:
    """For costs in these ratios, the point that each seed is judged on, and what it gives."""
    *components, joint = (
        {"error": error.mean, "low": error.low, "high": error.high} for error in choice.errors
    )
    return {
        "costs": choice.ratios,
        "points": [choice.points.get(j) for j in range(len(result.plan.seeds))],
        "errors": {"components": components, "joint": joint},
    }


def _errors_json(errors: Doubles) -> dict[str, Any]:
    """``(*, J, K + 1)``, component by component."""
    *components, joint = np.moveaxis(errors, -1, 0)
    return {"joint": joint, "components": components}


def _effect_json(result: SweepResult, effect: Effect) -> dict[str, Any]:
    names = result.schema.names
    return {
        "weight": names[result.grid.pair[effect.axis]],
        "target": names[effect.target] if effect.target < len(names) else None,
        **_change_json(effect.change),
    }


def _change_json(interval: Interval, most: float = 1.0) -> dict[str, float]:
    """No difference of rates is larger than 1: the interval of a single seed ends there."""
    change = interval.within(-most, most)
    return {"difference": change.mean, "low": change.low, "high": change.high}


def _recommendation_json(result: SweepResult, recommendation: Recommendation) -> dict[str, Any]:
    most = sum(recommendation.costs)
    *components, joint = recommendation.costs
    weights, judged = recommendation.weights, recommendation.judged
    points, pair = result.grid.members, result.grid.pair
    return {
        "costs": {"components": components, "joint": joint},
        "point": recommendation.point,
        "weights": None if weights is None else points[weights],
        "ratio": None if weights is None else points[weights][pair[0]] / points[weights][pair[1]],
        "cost": _cost_json(judged.level, most),
        "level": _cost_json(judged.level, most),
        "equal": _cost_json(recommendation.equal, most),
        "saving": _change_json(judged.saving, most),
        "cheaper": judged.cheaper,
        "stated": recommendation.stated
        and {
            "weights": points[recommendation.asked],
            "saving": _change_json(recommendation.stated.saving, most),
        },
        "alike": recommendation.alike,
        "decided": recommendation.decided and _change_json(recommendation.decided, most),
    }


def _cost_json(interval: Interval, most: float) -> dict[str, float]:
    cost = interval.within(0.0, most)
    return {"cost": cost.mean, "low": cost.low, "high": cost.high}


# For a person


def sweep_lines(statement: SweepStatement, seconds: float) -> list[str]:
    """What ``sweep`` prints for a person."""
    verdict, choices = statement.verdict, front(statement.result)
    *lines, _ = wrapped(
        (verdict.headline, verdict.measured, verdict.noise, verdict.why, verdict.how),
        statement.advice,
        statement.notes,
        [_front_title(statement.result, len(choices[0].points))] if choices else [],
    )
    return [*lines, *_front_rows(statement.result, choices), "", f"{seconds:.1f} s"]


def _front_title(result: SweepResult, seeds: int) -> str:
    return (
        "For costs of the two parts in each ratio the cheapest weights, chosen on other folds than "
        "they are judged on (those that most folds choose), and how often they are wrong, in % "
        f"(mean over {seeds} seeds, 95 % intervals, {texts_words(result)} held-out texts):"
    )


def _front_rows(result: SweepResult, choices: Sequence[Choice]) -> Iterator[str]:
    """A table with a line for each of the choices, the columns right-aligned."""
    if not choices:
        return
    grid, names = result.grid, result.schema.names
    wrong = [f"wrong on {names[k]}" for k in grid.pair]
    table = [["costs", " : ".join(pair_symbols(grid)), *wrong, "on the whole label"]]
    for choice in choices:
        alpha, beta = (grid.points[choice.mostly][k] for k in grid.pair)
        weights = ratio_words(alpha / beta) if grid.kind == "ratio" else f"{alpha:g} : {beta:g}"
        errors = [choice.errors[target] for target in (*grid.pair, len(names))]
        ends = [[f"{100 * end:.1f}" for end in (e.mean, e.low, e.high)] for e in errors]
        rates = [f"{mean} [{low}, {high}]" for mean, low, high in ends]
        table.append([costs_words(*choice.ratios), weights, *rates])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(f"{cell:>{wide}}" for cell, wide in zip(row, widths, strict=True))


# As a file


def write_errors(path: Path, result: SweepResult, *, spreadsheet: bool = False) -> None:
    """One line for each point and seed, in the order of the grid."""
    names = result.schema.names
    weights, errors = ([f"{kind}_{name}" for name in names] for kind in ("weight", "error"))
    write_table(
        path,
        [*weights, "seed", "n", *errors, "error_joint"],
        _errors(result),
        spreadsheet=spreadsheet,
    )


def _errors(result: SweepResult) -> Iterator[list[object]]:
    for member, point in enumerate(result.grid.points):
        for j, seed in enumerate(result.plan.seeds):
            held_out = int(result.rows[j, 1])
            yield [*point, seed, held_out, *result.first_errors[member, j].tolist()]
