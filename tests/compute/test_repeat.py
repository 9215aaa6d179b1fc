"""A repeat: each of its trainings is the one of ``fit`` with its seed."""

from __future__ import annotations

from lossviz.compute.campaigns import Repeat
from lossviz.compute.workers import InProcess
from lossviz.engine.fit import fit
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.repeat import RepeatPlan, repeated_conclusions
from tests.support.factories import dataset

DATA = dataset(300, seed=12)
RUNS = tuple(
    (letter, Experiment.for_dataset(DATA, formulation=formulation, epochs=2, **more))
    for letter, formulation, more in (
        ("A", "marginals", {"component_weights": (3.0, 1.0)}),
        ("B", "joint", {}),
        ("D", "hybrid", {"weighting": "free", "joint_weight": 2.0}),
    )
)


def test_every_training_is_a_fit_with_another_seed() -> None:
    campaign = Repeat(InProcess(), DATA, RepeatPlan(RUNS, folds=3, starts=2))
    campaign.finish()
    repeated = campaign.repeated
    assert repeated.finished == (0, 1, 2)
    for letter, experiment in RUNS:
        for start, seed in enumerate((2, 1_002)):
            split = {**experiment.split.model_dump(), "seed": 2}
            alone = fit(DATA, experiment.changed(seed=seed, split=split)).evaluation
            scores = repeated.scores[letter, 2, start]
            wrong = [rate.wrong for rate in (*alone.components, alone.joint)]
            assert scores.wrong.tolist() == [wrong]
            assert scores.mistakes[0].sum(axis=0).tolist() == wrong
            assert scores.answers is None
    assert len(repeated_conclusions(repeated)) == 2


def test_it_is_stopped_and_goes_on_with_what_is_missing() -> None:
    campaign = Repeat(InProcess(), DATA, RepeatPlan(RUNS[:2], folds=3))
    campaign.start()
    while campaign.done < 2:
        campaign.tick()
    campaign.stop()
    again = Repeat.resumed(InProcess(), DATA, campaign.findings)
    assert 2 <= again.done < again.total == 6
    again.finish()
    assert again.complete
