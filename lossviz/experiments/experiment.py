"""The experiment: everything that determines a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.settings import (
    Described,
    ExperimentSetting,
    Follows,
    Values,
    nested,
    settings_of,
)
from lossviz.experiments.specs import (
    MOST_SEED,
    FeatureSpec,
    Frozen,
    ModelSpec,
    OptimiserSpec,
    SplitSpec,
    start_seed,
)
from lossviz.experiments.words import count
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES, Objective
from lossviz.losses.setting import Configurable
from lossviz.losses.weighting import WEIGHTINGS, Weighting

Member = TypeVar("Member")
MOST_WEIGHT = 1000.0
Weight = Annotated[float, Field(ge=0.0, le=MOST_WEIGHT, allow_inf_nan=False)]


class DataReference(Frozen):
    """Which data: enough to recognise them again, not the data themselves."""

    name: str
    digest: str
    components: tuple[str, ...] = Field(min_length=1)


class Experiment(Frozen):
    """Immutable and validated; the same experiment gives the same numbers.

    :param component_weights: one per component, in order: α, β, γ …
    :param joint_weight: the weight of the whole label, for formulations that have one.
    :param decoder: filled in from the formulation where it is not given.
    :param costs: ``(K,)`` or ``(K + 1,)``, or none; :meth:`costs_at` says which are in force.
    :param settings: what the formulation and the weighting have besides, by name; those not given
        have their defaults.
    """

    data: DataReference
    formulation: Annotated[
        str,
        Described(
            "Formulation",
            "What training minimises.",
            option="--formulation",
            key="formulation",
            choices={name: name for name in OBJECTIVES},
            default="marginals; fit proposes by the data",
        ),
    ] = "marginals"
    weighting: Annotated[
        str,
        Described(
            "Weights",
            "Where the weights of the components come from. Fixed weights are yours to move; the "
            "others are set by a rule while the run trains.",
            option="--weighting",
            key="by",
            choices={name: weighting.title for name, weighting in WEIGHTINGS.items()},
        ),
    ] = "fixed"
    component_weights: Annotated[
        tuple[Weight, ...],
        Described(
            "α, β, …",
            "How many times the log loss of each part counts, in the order of the components.",
            option="--weights",
            key="w",
            default="1 each",
        ),
    ]
    joint_weight: Annotated[
        float,
        Described(
            "Whole label",
            "The weight of the whole label, for formulations that have one.",
            option="--joint-weight",
            key="j",
        ),
    ] = Field(1.0, ge=0.0, le=MOST_WEIGHT, allow_inf_nan=False)
    decoder: Annotated[
        str,
        Described(
            "Predicted label",
            "How probabilities become a label: "
            + "; ".join(f"{name}, best for {rule.best_for}" for name, rule in DECODERS.items())
            + ".",
            option="--decoder",
            key="dec",
            choices={name: rule.title for name, rule in DECODERS.items()},
            default="the formulation's own",
            follows=Follows("formulation", lambda name: OBJECTIVES[name].decoder),
        ),
    ]
    costs: Annotated[
        tuple[Weight, ...],
        Described(
            "Costs of mistakes",
            "What a wrong part costs, in the order of the components; last, if you like, γ: what "
            "any mistake costs besides, else 0. The decoder min_cost decides by them, and where "
            "weights are recommended, they are for these. Without them the weights are the costs "
            "of min_cost, γ where the loss has it, and weights are recommended for costs of 1 "
            "each.",
            option="--costs",
            key="c",
            default="none stated",
            says=lambda costs: "costs " + ", ".join(f"{cost:g}" for cost in costs) if costs else "",
            acts_with=("decoder", "min_cost"),
        ),
    ] = ()
    settings: dict[str, float]
    model: ModelSpec = ModelSpec()
    optimiser: OptimiserSpec = OptimiserSpec()
    epochs: Annotated[
        int,
        Described(
            "Epochs",
            "Passes over the training texts.",
            option="--epochs",
            key="e",
            default="10; fit proposes by the data",
            says=lambda epochs: count(epochs, "epoch"),
            shared=True,
        ),
    ] = Field(10, ge=1, le=1000)
    seed: Annotated[
        int,
        Described(
            "Seed",
            "Of the start and the order of the texts, and of the split unless that has its own.",
            option="--seed",
            key="s",
            says=lambda seed: f"seed {seed}",
            shared=True,
        ),
    ] = Field(0, ge=0, le=MOST_SEED)
    split: SplitSpec = SplitSpec()
    features: FeatureSpec = FeatureSpec()
    patience: Annotated[
        int,
        Described(
            "Patience, epochs",
            "A run is over once the loss on the validation texts has not fallen for so many "
            "epochs, and has the weights of the best epoch's end again. 0 is never: then it has "
            "those of its last epoch.",
            option="--patience",
            key="pt",
            says=lambda epochs: f"patience {count(epochs, 'epoch')}" if epochs else "",
            needs=("split.validation", "it is the loss on validation texts that has to fall"),
            shared=True,
        ),
    ] = Field(0, ge=0, le=100)
    calibration: Annotated[
        Literal["none", "temperature"],
        Described(
            "Probabilities",
            "As the model gives them, or with its logits divided by temperatures that are set on "
            "the validation texts: one for each part with logits of its own, else one for the "
            "whole label. They act on what is shown and on what min_cost decides, not on training; "
            "the likeliest answers stay.",
            option="--calibration",
            key="cal",
            choices={"none": "as trained", "temperature": "with temperatures"},
            says=lambda kind: "temperatures" if kind == "temperature" else "",
            needs=("split.validation", "temperatures are set on validation texts"),
        ),
    ] = "none"

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        given = dict(given)
        objective = _member(OBJECTIVES, "formulation", given.setdefault("formulation", "marginals"))
        weighting = _member(WEIGHTINGS, "weighting", given.setdefault("weighting", "fixed"))
        if given.get("decoder") is None:
            given["decoder"] = objective.decoder
        _member(DECODERS, "decoder", given["decoder"])
        if given.get("component_weights") is None:
            data = given.get("data")
            names = data.get("components", ()) if isinstance(data, dict) else data.components
            given["component_weights"] = (1.0,) * len(names)
        given["settings"] = _settings(given.get("settings") or {}, objective, weighting)
        return given

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        expected, found = len(self.data.components), len(self.component_weights)
        if expected != found:
            raise ValueError(
                f"weights: expected {expected}, one for each of "
                f"{', '.join(self.data.components)}; found {found}"
            )
        if len(self.costs) not in (0, expected, expected + 1):
            raise ValueError(
                f"costs: expected {expected}, one for each of {', '.join(self.data.components)}, "
                f"and if you like one more for the whole label; found {len(self.costs)}"
            )
        for setting in SETTINGS:
            if setting.described.needs is not None and setting.lacks(self):
                path, why = setting.described.needs
                raise ValueError(
                    f"{setting.described.label}: {why}, and none are set aside. Give "
                    f"{by_path(path).described.label} ({by_path(path).described.option}) a share, "
                    f"such as 0.1, or leave it at {setting.default}"
                )
        return self

    @property
    def unwatched(self) -> Self:
        """The same without a validation side, and without what needs one: it trains on all that is
        not held out."""
        if not self.split.validation:
            return self
        return self.where({path: by_path(path).default for path in WATCHING})

    def costs_at(self, weights: tuple[float, ...]) -> tuple[float, ...]:
        """What mistakes cost, ``(K + 1,)``, where decisions ask for it: what was stated, or else
        these weights; γ, which nobody asked for, only where the loss has it.

        :param weights: ``(K + 1,)``, α, β … and γ as they stand.
        """
        if self.costs:
            return (*self.costs, 0.0)[: len(weights)]
        return weights if self.objective.joint_weighted else (*weights[:-1], 0.0)

    @property
    def objective(self) -> Objective:
        """The formulation, with these settings."""
        return OBJECTIVES[self.formulation].configured(self.settings)

    @property
    def acting_weighting(self) -> Weighting:
        """The weighting, with these settings and nothing learned yet; ``fixed`` where the
        formulation has no parts to weigh."""
        name = self.weighting if self.objective.weighable else "fixed"
        return WEIGHTINGS[name].configured(self.settings)

    @property
    def acting_weights(self) -> tuple[int, ...]:
        """The weights that a person sets with effect: 0 .. K-1, and K for the whole label.

        In the loss, or in what is predicted, where that follows the costs.
        """
        objective, decoder = self.objective, DECODERS[self.decoder]
        components = range(len(self.component_weights))
        asked = self.acting_weighting.takes_preference
        decides = decoder.weighted and not self.costs
        positions = list(components) if decides or (objective.weighted and asked) else []
        if objective.joint_weighted:
            positions.append(len(components))
        return tuple(positions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said in the experiment but does nothing, or not what one would think."""
        notes = [
            f"{setting.described.label}, {setting.written(self)}, does nothing: the "
            f"{by_path(path).described.label.lower()} is not {value}."
            for setting in SETTINGS
            if not setting.acts(self) and setting.of(self) != setting.default
            for path, value in filter(None, [setting.described.acts_with])
        ]
        if not self.objective.weighable and self.weighting != "fixed":
            notes.append(
                f"{self.formulation} has no part of its own for each component, so the weighting "
                f"{self.weighting} has nothing to weigh and does nothing."
            )
        return (*notes, *self._doubtful_costs)

    @property
    def _doubtful_costs(self) -> tuple[str, ...]:
        """Whether costs are decided by probabilities that nothing made come true."""
        proper, decoder = self.objective.proper, self.decoder
        # Of a single part the whole label is that part.
        asked = proper == "label" or (proper == "parts" and len(self.component_weights) == 1)
        if not DECODERS[decoder].weighted or asked:
            return ()
        if proper is None:
            return (
                f"{decoder} decides by probabilities, and {self.formulation} does not ask for "
                "ones that come true: its answers need not be the cheapest.",
            )
        if not self.costs_at((*self.component_weights, self.joint_weight))[-1]:
            return ()
        return (
            f"{decoder} counts γ by the probability of the whole label, which {self.formulation} "
            "does not ask for. Costs without γ are decided by the parts alone.",
        )

    def words(self, *groups: str) -> str:
        """``16 hidden units``: some settings, or all of ``model`` or ``optimiser``, in a line."""
        chosen = (s for s in SETTINGS if s.path in groups or s.path.partition(".")[0] in groups)
        return ", ".join(filter(None, (setting.words(self) for setting in chosen)))

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """An experiment from fields.

        :raises LossVizError: one sentence that names the field, what was found and expected.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise LossVizError(explain(error)) from error

    @classmethod
    def for_dataset(cls, dataset: Dataset, **fields: Any) -> Self:
        """An experiment on this data set; features chosen from its texts unless they are given."""
        fields.setdefault("features", FeatureSpec.for_texts(dataset.texts))
        data = DataReference(
            name=dataset.name, digest=dataset.digest, components=dataset.schema.names
        )
        return cls.of(data=data, **fields)

    def changed(self, **fields: Any) -> Self:
        """This experiment with some fields replaced, validated again."""
        return self.of(**(self.model_dump() | fields))

    def where(self, values: Values, **fields: Any) -> Self:
        """This experiment with other values of some settings, by their paths."""
        return self.of(**(nested(values, self.model_dump()) | fields))

    def reseeded(self, seed: int, start: int = 0) -> Self:
        """This experiment on the split of a seed, from one of its starts."""
        return self.where({"split.seed": seed}, seed=start_seed(seed, start))


SETTINGS = tuple(settings_of(Experiment))
"""All that is declared, in the order of the fields."""
NEEDING_VALIDATION = tuple(setting.path for setting in SETTINGS if setting.described.needs)
WATCHING = ("split.validation", *NEEDING_VALIDATION)
"""What a run has that is watched while it trains; the others train on all that is not held out."""


def by_path(path: str) -> ExperimentSetting:
    """One setting."""
    return next(setting for setting in SETTINGS if setting.path == path)


def _member(registry: Mapping[str, Member], field: str, name: Any) -> Member:
    if not isinstance(name, str) or name not in registry:
        raise ValueError(f"{field}: found {name!r}, expected one of {', '.join(registry)}")
    return registry[name]


def _settings(given: Any, objective: Objective, weighting: Weighting) -> dict[str, float]:
    """Those that these two have; another member's are dropped, as it may have been chosen before.

    :raises ValueError: for a name that nobody has, or a value out of range.
    """
    if not isinstance(given, dict):
        raise ValueError(f"settings: expected names and numbers, found {given!r}")
    known = {setting.name for member in _EVERY for setting in member.settings}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValueError(
            f"settings: found {unknown[0]!r}, expected one of {', '.join(sorted(known))}"
        )
    odd = [name for name, value in given.items() if not isinstance(value, int | float)]
    if odd:
        raise ValueError(f"settings: {odd[0]} must be a number; found {given[odd[0]]!r}")
    return {**objective.configured(given).values, **weighting.configured(given).values}


_EVERY: tuple[Configurable, ...] = (*OBJECTIVES.values(), *WEIGHTINGS.values())


def explain(error: ValidationError) -> str:
    """The first problem of a validation error as one sentence."""
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(place) for place in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    if not where:
        return message[:1].upper() + message[1:] + "."
    return f"{where}: {message}; found {problem['input']!r}."
