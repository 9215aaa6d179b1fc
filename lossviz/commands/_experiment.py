"""What the commands share: the options that describe an experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from lossviz.commands._edits import Command
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.choices import chosen, parse_numbers
from lossviz.experiments.experiment import SETTINGS, Experiment, by_path
from lossviz.experiments.settings import ExperimentSetting, Values
from lossviz.experiments.suggestion import alternatives, suggestion
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.losses.setting import Configurable
from lossviz.sharing.looks import even_costs


def experiment_options(*, without: Sequence[str] = ()) -> Callable[[Command], Command]:
    """The options that describe an experiment.

    :param without: paths of settings that the command sets itself.
    """
    return together([_option(setting) for setting in SETTINGS if setting.path not in without])


def together(options: Sequence[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    """Several options as one, in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _option(setting: ExperimentSetting) -> Callable[[Command], Command]:
    described = setting.described
    form: Any = str if setting.kind is tuple else setting.kind
    if described.choices is not None:
        form = click.Choice(list(described.choices))
    default = f" [default: {described.default}]" if described.default else ""
    return click.option(
        described.option,
        setting.name,
        type=form,
        metavar="NUMBER,…" if setting.kind is tuple else None,
        default=None if described.default else setting.default,
        show_default=not described.default,
        help=described.help + default,
    )


def settings_option(
    owner: str, *registries: Mapping[str, Configurable]
) -> Callable[[Command], Command]:
    """What the members of some registries have besides."""
    return click.option(
        "--setting",
        "settings",
        multiple=True,
        metavar="NAME=NUMBER",
        help=f"What {owner} has besides; repeat it for several. "
        + "; ".join(
            f"{setting.name} ({name}): {setting.default:g}"
            for members in registries
            for name, member in members.items()
            for setting in member.settings
        ),
    )


def experiment_of(dataset: Dataset, **options: Any) -> Experiment:
    """The experiment that the options describe."""
    values = values_of(options)
    return chosen(dataset, values, settings=parse_settings(options["settings"]))


def suggested_experiment(dataset: Dataset, **options: Any) -> tuple[Experiment, str]:
    """The same, with what the data suggest where nothing is chosen; and why, in a line."""
    values = values_of(options)
    suggested = None if options["settings"] else suggestion(dataset, values)
    if suggested is not None:
        values = {**suggested.values, **values}
    experiment = chosen(dataset, values, settings=parse_settings(options["settings"]))
    return experiment, "" if suggested is None else suggested.why


def alternative_experiments(dataset: Dataset, **options: Any) -> tuple[Experiment, ...]:
    """A handful of experiments to choose from; first the one that is proposed."""
    settings = parse_settings(options["settings"])
    each = alternatives(dataset, values_of(options))
    return tuple(chosen(dataset, values, settings=settings) for values in each)


def values_of(options: Mapping[str, Any]) -> Values:
    """The settings that the options choose, by path."""
    values = {}
    for setting in SETTINGS:
        value = options.get(setting.name)
        if setting.kind is tuple and value is not None:
            value = parse_numbers(setting.described.option, value, "5,1")
        if value is not None:
            values[setting.path] = value
    return values


def experiment_and_costs(dataset: Dataset, **options: Any) -> tuple[Experiment, Costs]:
    """The experiment, and what mistakes cost where weights are recommended: as stated, or else 1
    for each component.

    They are a part of the experiment only where its decisions follow them: so the costs alone train
    nothing else.
    """
    experiment = experiment_of(dataset, **options)
    costs = experiment.costs_at(even_costs(len(dataset.schema.names)))
    if not any(costs):
        raise LossVizError("--costs: at least one must be above 0, or any weights will do.")
    acts = by_path("costs").acts(experiment)
    return experiment if acts else experiment.changed(costs=()), costs


def parse_settings(given: tuple[str, ...]) -> dict[str, float]:
    """``("temperature=0.5",)`` as names and numbers."""
    try:
        return {name: float(number) for name, _, number in (pair.partition("=") for pair in given)}
    except ValueError as error:
        raise LossVizError(
            f"--setting: expected a name and a number, such as temperature=0.5; "
            f"found {', '.join(given)}."
        ) from error
