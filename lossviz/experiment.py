"""The experiment: everything that determines a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lossviz.datasets import Dataset
from lossviz.decoding import DECODERS
from lossviz.errors import LossVizError
from lossviz.objectives import OBJECTIVES

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
        """Words, or characters where words are not separated by spaces.

        Judged by the first thousand texts: in English about one character in six is a space.
        """
        joined = "".join(texts[:1000])
        spaces = sum(character.isspace() for character in joined)
        if spaces * 20 < len(joined):
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


class Experiment(_Frozen):
    """Immutable and validated; the same experiment gives the same numbers.

    :param component_weights: one per component, in order: α, β, γ …
    :param joint_weight: the weight of the whole label, for formulations that have one.
    :param decoder: filled in from the formulation where it is not given.
    """

    data: DataReference
    split: SplitSpec = SplitSpec()
    features: FeatureSpec = FeatureSpec()
    model: ModelSpec = ModelSpec()
    formulation: str = "marginals"
    weighting: Literal["fixed"] = "fixed"
    component_weights: tuple[Weight, ...]
    joint_weight: Weight = 1.0
    decoder: str
    optimiser: OptimiserSpec = OptimiserSpec()
    epochs: int = Field(10, ge=1, le=1000)
    seed: int = Field(0, ge=0, lt=2**31)

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        given = dict(given)
        objective = OBJECTIVES.get(given.setdefault("formulation", "marginals"))
        if objective is None:
            raise ValueError(
                f"formulation: found {given['formulation']!r}, expected one of "
                f"{', '.join(OBJECTIVES)}"
            )
        if given.get("decoder") is None:
            given["decoder"] = objective.decoder
        if given.get("component_weights") is None:
            data = given.get("data")
            names = data.get("components", ()) if isinstance(data, dict) else data.components
            given["component_weights"] = (1.0,) * len(names)
        return given

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.decoder not in DECODERS:
            raise ValueError(
                f"decoder: found {self.decoder!r}, expected one of {', '.join(DECODERS)}"
            )
        expected, found = len(self.data.components), len(self.component_weights)
        if expected != found:
            raise ValueError(
                f"weights: expected {expected}, one for each of "
                f"{', '.join(self.data.components)}; found {found}"
            )
        return self

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


def explain(error: ValidationError) -> str:
    """The first problem of a validation error as one sentence."""
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(place) for place in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    if not where:
        return message[:1].upper() + message[1:] + "."
    return f"{where}: {message}; found {problem['input']!r}."
