"""The experiment: everything that determines a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lossviz.data import Dataset
from lossviz.data.texts import words_run_together
from lossviz.errors import LossVizError
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES, Objective
from lossviz.losses.setting import Configurable
from lossviz.losses.weighting import WEIGHTINGS, Weighting

Member = TypeVar("Member")
Weight = Annotated[float, Field(ge=0.0, le=1000.0, allow_inf_nan=False)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DataReference(_Frozen):
    """Which data: enough to recognise them again, not the data themselves."""

    name: str
    digest: str
    components: tuple[str, ...] = Field(min_length=1)


class SplitSpec(_Frozen):
    """How rows are divided: stratified on the whole label, identical texts on one side."""

    test_size: float = Field(0.2, gt=0.0, lt=1.0)
    seed: int = Field(0, ge=0, lt=2**31)


class FeatureSpec(_Frozen):
    """TF-IDF of word or character n-grams, the commonest ``limit`` of them."""

    analyser: Literal["word", "char"] = "word"
    shortest: int = Field(1, ge=1, le=6)
    longest: int = Field(2, ge=1, le=6)
    limit: int = Field(200_000, ge=10, le=1_000_000)

    @classmethod
    def for_texts(cls, texts: Sequence[str]) -> Self:
        """Words, or characters where words are written without spaces between them."""
        if words_run_together(texts):
            return cls(analyser="char", shortest=1, longest=3)
        return cls()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError("the shortest n-gram is longer than the longest")
        return self


class ModelSpec(_Frozen):
    """``linear``, or ``hidden``: one tanh layer of ``width`` units."""

    kind: Literal["linear", "hidden"] = "linear"
    width: int = Field(16, ge=1, le=256)


class OptimiserSpec(_Frozen):
    """How the weights move. The defaults are measured: see the README."""

    name: Literal["adagrad", "adam", "sgd"] = "adagrad"
    learning_rate: float = Field(0.3, gt=0.0, le=1000.0, allow_inf_nan=False)
    batch_size: int = Field(32, ge=1, le=4096)
    weight_decay: float = Field(0.0, ge=0.0, le=10.0, allow_inf_nan=False)

    @property
    def scale_free(self) -> bool:
        """Whether a loss times a constant trains the same: these rules divide a gradient by the
        size of those before it. Weight decay is not scaled with the loss."""
        return self.name in ("adagrad", "adam") and self.weight_decay == 0.0


class Experiment(_Frozen):
    """Immutable and validated; the same experiment gives the same numbers.

    :param component_weights: one per component, in order: α, β, γ …
    :param joint_weight: the weight of the whole label, for formulations that have one.
    :param decoder: filled in from the formulation where it is not given.
    :param settings: what the formulation and the weighting have besides, by name; those not given
        have their defaults.
    """

    data: DataReference
    split: SplitSpec = SplitSpec()
    features: FeatureSpec = FeatureSpec()
    model: ModelSpec = ModelSpec()
    formulation: str = "marginals"
    weighting: str = "fixed"
    component_weights: tuple[Weight, ...]
    joint_weight: Weight = 1.0
    decoder: str
    settings: dict[str, float]
    optimiser: OptimiserSpec = OptimiserSpec()
    epochs: int = Field(10, ge=1, le=1000)
    seed: int = Field(0, ge=0, lt=2**31)

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
        return self

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
        positions = list(components) if decoder.weighted or (objective.weighted and asked) else []
        if objective.joint_weighted or decoder.weighted:
            positions.append(len(components))
        return tuple(positions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said in the experiment but does nothing."""
        if self.objective.weighable or self.weighting == "fixed":
            return ()
        return (
            f"{self.formulation} has no part of its own for each component, so the weighting "
            f"{self.weighting} has nothing to weigh and does nothing.",
        )

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
