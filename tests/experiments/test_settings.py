"""Every setting of an experiment is declared once, and found wherever settings are."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from pydantic import BaseModel

from lossviz.commands import COMMANDS
from lossviz.commands._experiment import experiment_of
from lossviz.commands.fit import fit_command
from lossviz.data import load_sample
from lossviz.data.labels.edits import LabelEdits
from lossviz.errors import LossVizError
from lossviz.experiments.choices import chosen, completed
from lossviz.experiments.experiment import SETTINGS, WATCHING, Experiment, by_path
from lossviz.experiments.runs.run import Run
from lossviz.experiments.settings import ExperimentSetting
from lossviz.experiments.specs import FeatureSpec
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.report.reproduce import command
from lossviz.sharing.address._run import MEMBER_SETTINGS, read_run, run_text
from lossviz.sharing.project import Data
from tests.support.examples import examples
from tests.support.experiments import ACTING, another, experiments
from tests.support.factories import dataset

DATA = dataset(40)
USUAL = Experiment.for_dataset(DATA).where(ACTING)
SAMPLE = Data("Feelings", "feelings", *load_sample("feelings"), LabelEdits.called({}))
BESIDE = {"data", "settings"}
"""What is no setting: the data, and what formulations and weightings have besides."""

every_setting = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)


def leaves(model: type[BaseModel], group: str = "") -> list[str]:
    paths: list[str] = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if group or name not in BESIDE:
            nested = isinstance(inner, type) and issubclass(inner, BaseModel)
            paths += leaves(inner, f"{group}{name}.") if nested else [f"{group}{name}"]
    return paths


def asked(*words: str) -> Experiment:
    """What ``fit`` makes of the words behind the file's name."""
    context = fit_command.make_context("fit", ["a.csv", *words])
    return experiment_of(DATA, **context.params)


def option_of(setting: ExperimentSetting, value: Any) -> list[str]:
    written = ",".join(map(str, value)) if setting.kind is tuple else str(value)
    return [setting.described.option, written]


def test_no_field_of_an_experiment_is_forgotten() -> None:
    assert [setting.path for setting in SETTINGS] == leaves(Experiment)


def test_no_two_settings_are_called_the_same() -> None:
    for names in (
        [setting.path for setting in SETTINGS],
        [setting.name for setting in SETTINGS],
        [setting.described.label for setting in SETTINGS],
        [setting.described.option for setting in SETTINGS],
    ):
        assert len(set(names)) == len(SETTINGS)


@every_setting
def test_it_is_described(setting: ExperimentSetting) -> None:
    described = setting.described
    assert described.label[:1].isupper() or described.label.startswith("α")
    assert described.help.endswith(".")
    assert described.option.startswith("--")
    assert described.key.isalnum()
    if described.choices is not None:
        assert all(described.choices.values())
    elif setting.kind is not tuple:
        assert setting.low is not None
        assert setting.high is not None
        assert setting.low < setting.high
    others = {other.path for other in SETTINGS} - {setting.path}
    assert described.acts_with is None or described.acts_with[0] in others
    assert described.follows is None or described.follows.path in others
    assert described.needs is None or described.needs[0] in others


@every_setting
def test_its_default_is_valid_and_where_it_is_not_given(setting: ExperimentSetting) -> None:
    fields = Experiment.for_dataset(DATA).model_dump()
    expected = Experiment.of(**fields)
    *groups, name = setting.path.split(".")
    inner = fields
    for group in groups:
        inner = inner[group]
    del inner[name]
    assert Experiment.of(**fields) == expected


@every_setting
def test_the_command_line_sets_it(setting: ExperimentSetting) -> None:
    value = another(setting, USUAL)
    words = option_of(setting, value)
    assert setting.of(asked("--model", "hidden", "--validation", "0.1", *words)) == value


@every_setting
def test_every_command_with_its_option_takes_the_same_values(
    setting: ExperimentSetting,
) -> None:
    options = [
        parameter
        for command in COMMANDS
        for parameter in command.params
        if isinstance(parameter, click.Option) and setting.described.option in parameter.opts
    ]
    assert options
    assert all(option.type.to_info_dict() == options[0].type.to_info_dict() for option in options)


@every_setting
def test_the_report_s_command_says_it_where_it_is_not_as_usual(setting: ExperimentSetting) -> None:
    usual = Experiment.for_dataset(SAMPLE.dataset)
    if setting.described.needs is not None:
        usual = usual.where({"split.validation": 0.2})
    plain = shlex.split(command(SAMPLE, Run.of(usual)))
    run = Run.of(usual.where({setting.path: another(setting, usual)}))
    words = shlex.split(command(SAMPLE, run))
    option = setting.described.option
    assert option in words
    assert option not in plain or option == "--formulation"


@examples(60)
@given(experiments(USUAL))
def test_the_report_s_command_trains_the_very_experiment(experiment: Experiment) -> None:
    sample = SAMPLE.dataset
    run = Run.of(Experiment.for_dataset(sample).changed(
        **experiment.model_dump(exclude={"data"})
    ))  # fmt: skip
    words = shlex.split(command(SAMPLE, run))
    context = fit_command.make_context("fit", words[4:])
    assert Path(context.params["file"]).name == "feelings.csv"
    assert experiment_of(sample, **context.params) == run.experiment


@every_setting
def test_an_address_says_it_where_it_is_not_as_usual(setting: ExperimentSetting) -> None:
    run = USUAL.where({setting.path: another(setting, USUAL)})
    text = run_text(run, USUAL)
    key = setting.described.key
    assert text != run_text(USUAL, USUAL)
    assert key == "formulation" or f"~{key}-" in text
    assert read_run(text, USUAL, "Run A") == (run, ())


def test_keys_of_an_address_are_shared_only_by_what_depends_on_each_other() -> None:
    keys = [setting.described.key for setting in SETTINGS]
    shared = {setting.path for setting in SETTINGS if keys.count(setting.described.key) > 1}
    assert shared == {"features.shortest", "features.longest"}
    assert not set(keys) & set(MEMBER_SETTINGS)


def test_a_line_about_a_run_has_what_does_not_go_without_saying() -> None:
    usual = Experiment.for_dataset(DATA)
    assert usual.words("model") == "linear"
    assert usual.words("optimiser", "epochs") == "adagrad, rate 0.3, batches of 32, 10 epochs"
    assert usual.words("split", "seed") == "seed 0, 20 % held out, split seed 0"
    other = usual.where({"model.kind": "hidden", "optimiser.weight_decay": 0.01})
    assert other.words("model") == "16 hidden units"
    assert other.words("optimiser").endswith("batches of 32, weight decay 0.01")


@pytest.mark.parametrize(
    "setting", [s for s in SETTINGS if s.described.acts_with], ids=lambda setting: setting.path
)
def test_what_does_nothing_is_noted(setting: ExperimentSetting) -> None:
    assert setting.described.acts_with is not None
    other, value = setting.described.acts_with
    acting = USUAL.where({setting.path: another(setting, USUAL), other: value})
    assert acting.notes == ()
    idle = acting.where({other: another(by_path(other), acting)})
    [note] = idle.notes
    assert note.startswith(f"{setting.described.label}, {setting.written(idle)}, does nothing")
    assert setting.words(idle) == ""
    assert idle.where({setting.path: setting.default}).notes == ()


@pytest.mark.parametrize(
    "setting", [s for s in SETTINGS if s.described.needs], ids=lambda setting: setting.path
)
def test_what_needs_validation_texts_is_refused_without_and_left_out_where_there_are_none(
    setting: ExperimentSetting,
) -> None:
    assert setting.path in WATCHING
    asked_for = USUAL.where({setting.path: another(setting, USUAL)})
    with pytest.raises(LossVizError, match=r"none are set aside. Give Validation \(--validation\)"):
        asked_for.where({"split.validation": 0.0})
    assert asked_for.unwatched == USUAL.where({"split.validation": 0.0})
    plan = SweepPlan.of(asked_for, Grid(2, steps=3), range(2))
    assert {block.experiment.patience for block in plan.blocks(DATA)} == {0}
    assert {block.experiment.split.validation for block in plan.blocks(DATA)} == {0.0}


def test_what_is_not_chosen_follows_what_is() -> None:
    assert asked("--seed", "7").split.seed == 7
    assert asked("--seed", "7", "--split-seed", "3").split.seed == 3
    assert asked("--analyser", "char").features == FeatureSpec(analyser="char", longest=3)
    assert asked("--analyser", "char", "--longest-ngram", "5").features.longest == 5
    assert asked("--formulation", "expected_cost").decoder == "joint_mode"
    assert completed({"seed": 7}) == {"seed": 7, "split.seed": 7}


def test_features_that_nobody_chose_suit_the_texts() -> None:
    chinese = replace(DATA, texts=("今天天气很好我们去公园散步吧",) * len(DATA))
    for data in (DATA, chinese):
        assert chosen(data, {}) == Experiment.for_dataset(data)
    assert chosen(chinese, {}).features.analyser == "char"
