"""What ``fit`` and ``sweep`` share: the options that describe an experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from lossviz.commands._edits import Command
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.setting import Configurable
from lossviz.losses.weighting import WEIGHTINGS

formulation_option = click.option(
    "--formulation",
    type=click.Choice(list(OBJECTIVES)),
    default="marginals",
    show_default=True,
    help="What training minimises.",
)
decoder_option = click.option(
    "--decoder",
    type=click.Choice(list(DECODERS)),
    help="How probabilities become a label; joint_mode keeps to labels that occur. "
    "[default: the formulation's own]",
)
joint_weight_option = click.option(
    "--joint-weight",
    type=float,
    default=1.0,
    show_default=True,
    help="The weight of the whole label, for formulations that have one.",
)
weighting_option = click.option(
    "--weighting",
    type=click.Choice(list(WEIGHTINGS)),
    default="fixed",
    show_default=True,
    help="Where the weights of the components come from.",
)
weights_option = click.option(
    "--weights",
    metavar="α,β,…",
    help="What a wrong part costs, in the order of the components. [default: 1 each]",
)
seed_option = click.option(
    "--seed", type=int, default=0, show_default=True, help="Of the split and the start."
)
test_size_option = click.option(
    "--test-size", type=float, default=0.2, show_default=True, help="Share held out."
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


def training_options(command: Command) -> Command:
    """The model, and how it is trained."""
    for option in (
        click.option("--batch", type=int, default=32, show_default=True, help="Texts in a batch."),
        click.option("--lr", type=float, default=0.3, show_default=True, help="Learning rate."),
        click.option(
            "--epochs",
            type=int,
            default=10,
            show_default=True,
            help="Passes over the training rows.",
        ),
        click.option(
            "--optimiser",
            type=click.Choice(["adagrad", "adam", "sgd"]),
            default="adagrad",
            show_default=True,
            help="The update rule; sgd needs a learning rate around 5.",
        ),
        click.option("--width", type=int, default=16, show_default=True, help="Hidden units."),
        click.option(
            "--model",
            type=click.Choice(["linear", "hidden"]),
            default="linear",
            show_default=True,
            help="Linear, or with one hidden layer.",
        ),
    ):
        command = option(command)
    return command


def experiment_of(dataset: Dataset, **options: Any) -> Experiment:
    """The experiment that the options describe."""
    return Experiment.for_dataset(
        dataset,
        split={"test_size": options["test_size"], "seed": options["seed"]},
        model={"kind": options["model"], "width": options["width"]},
        formulation=options["formulation"],
        weighting=options.get("weighting", "fixed"),
        decoder=options["decoder"],
        component_weights=parse_numbers("--weights", options.get("weights"), "2,1"),
        joint_weight=options["joint_weight"],
        settings=parse_settings(options["settings"]),
        optimiser={
            "name": options["optimiser"],
            "learning_rate": options["lr"],
            "batch_size": options["batch"],
        },
        epochs=options["epochs"],
        seed=options["seed"],
    )


def parse_numbers(option: str, given: str | None, example: str) -> tuple[float, ...] | None:
    """``"2,1"`` as numbers."""
    if given is None:
        return None
    try:
        return tuple(float(piece) for piece in given.split(","))
    except ValueError as error:
        raise LossVizError(
            f"{option}: expected numbers with commas between them, such as {example}; "
            f"found {given!r}."
        ) from error


def parse_settings(given: tuple[str, ...]) -> dict[str, float]:
    """``("temperature=0.5",)`` as names and numbers."""
    try:
        return {name: float(value) for name, _, value in (text.partition("=") for text in given)}
    except ValueError as error:
        raise LossVizError(
            f"--setting: expected a name and a number, such as temperature=0.5; "
            f"found {', '.join(given)}."
        ) from error
