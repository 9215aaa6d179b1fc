"""What is simulated of every interval and of every sentence that decides, as rows of a table.

A sentence that decides something has a function here, in :data:`SIMULATIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, TypeVar

import numpy as np
import torch

from tests.simulations import best, formulations, paired, rates, sweeps
from tests.simulations.formulations import Said, Setting
from tests.simulations.table import Row, range_of, share

EQUAL_TRIALS = 1_000
COARSE = (0.01, 0.1, 0.5)
"""Errors for which 10,000 rows are enumerated."""
PROCESSES = 2
ONE_UNIT = {"model": {"kind": "hidden", "width": 1}}
SETTINGS = {
    "`components`, then `joint`, linear": Setting(
        {"formulation": "components"}, {"formulation": "joint"}
    ),
    "`marginals` at 1 : 1, then at 5 : 1, one hidden unit": Setting(
        {"formulation": "marginals", **ONE_UNIT}, {"component_weights": (5.0, 1.0)}
    ),
}
SWEPT: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("separate linear heads", {"formulation": "components"}, 200),
    ("one hidden unit", {"formulation": "marginals", **ONE_UNIT}, 200),
)
R = TypeVar("R")


def of_rates(_: int) -> Iterator[Row]:
    """The interval of an error rate."""
    for n in paired.SIZES:
        said = "error rate, 95 % (Wilson)"
        yield Row(said, f"{n:,} rows, errors 1 to 50 %", range_of(rates.coverages(n)))


def of_pairs(_: int) -> Iterator[Row]:
    """The interval of two runs on the same texts."""
    for n in paired.SIZES:
        errors = paired.ERRORS if n < max(paired.SIZES) else COARSE
        covers = [paired.coverage(case, n) for case in paired.cases(errors)]
        where = f"{n:,} rows, errors 0 to 50 %, 0 to 100 % of them on other rows"
        yield Row("difference of two runs, 95 % (Tango)", where, range_of(covers))


def of_formulations(data_sets: int) -> Iterator[Row]:
    """The interval over folds, and what is claimed of trained models and of formulations."""
    for name, setting in SETTINGS.items():
        many = data_sets * times_of(setting.first)
        trials = of_each(partial(formulations.trial, setting), many)
        where = f"{name}; {many} data sets of {setting.rows} texts"
        truth = np.mean([trial.fresh["B"] - trial.fresh["A"] for trial in trials], axis=0)
        holds = np.mean([trial.holds(truth) for trial in trials], axis=0)
        yield Row("difference over five folds, 95 %", where, range_of(holds.tolist()))
        for letter, true in (("C", 0.0 * truth), ("B", truth)):
            pair = f"{where}; the first from two starts" if letter == "C" else where
            models = [trial.of_models(letter) for trial in trials]
            yield Row("a claim about two trained models", pair, _claimed(models))
            repeats = [trial.of_formulations(letter, true) for trial in trials]
            yield Row("a claim about formulations, after a repeat", pair, _claimed(repeats))


def _claimed(said: list[Said]) -> str:
    claims = sum(each.claims > 0 for each in said)
    false = sum(each.false > 0 for each in said)
    return f"made in {share(claims, len(said))}, false in {share(false, len(said))}"


def of_the_best(data_sets: int) -> Iterator[Row]:
    """What cannot be told from the best."""
    for points in (7, 49):
        kept = [
            float(best.kept_where_equal(noise, points, EQUAL_TRIALS).min()) for noise in best.NOISES
        ]
        where = f"{points} equal points, five folds, the worst point of four kinds of noise"
        yield Row("not told from the best", where, f"each kept in {range_of(kept)}")
    sweeps = of_each(best.swept, data_sets)
    cheapest = int(np.mean([sweep.fresh.mean(axis=1) for sweep in sweeps], axis=0).argmin())
    kept_best = sum(bool(sweep.among[cheapest]) for sweep in sweeps)
    others = np.mean([sweep.among.sum() - sweep.among[cheapest] for sweep in sweeps])
    where = f"{data_sets} data sets of 300 texts, one hidden unit, seven ratios, costs 5 : 1"
    held = f"the best kept in {share(kept_best, data_sets)}, and {others:.1f} of 6 others"
    yield Row("not told from the best", where, held)


def of_sweeps(data_sets: int) -> Iterator[Row]:
    """What is said of α and β, and which weights are recommended for costs of 5 : 1."""
    for name, fields, rows in SWEPT:
        many = data_sets * times_of(fields)
        texts = 2_000 if "model" in fields else 3_000
        trials = of_each(partial(sweeps.swept, fields, rows, texts), many)
        where = f"{name}, {many} data sets of {rows} texts"
        for said, holds in (
            ("“α and β trade”", [each.trade for each in trials]),
            ("weights are recommended for 5 : 1", [each.named for each in trials]),
        ):
            yield Row(said, where, f"said of {share(sum(holds), many)}")
        for said, holds in (
            ("the contrast of a sweep, 95 %", [each.contrast for each in trials]),
            ("what weights of 5 : 1 save, 95 %", [each.saving_holds for each in trials]),
            ("what a text costs with them, 95 %", [each.level_holds for each in trials]),
        ):
            yield Row(said, where, f"holds in {share(sum(holds), many)}")


def times_of(fields: Mapping[str, Any]) -> int:
    """How many more data sets than of a hidden model: a linear one is trained from one start."""
    return 1 if "model" in fields else 5


def of_each(function: Callable[[int], R], data_sets: int) -> list[R]:
    with ProcessPoolExecutor(PROCESSES, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        return list(pool.map(function, range(data_sets)))


SIMULATIONS: tuple[Callable[[int], Iterator[Row]], ...] = (
    of_rates,
    of_pairs,
    of_formulations,
    of_the_best,
    of_sweeps,
)
