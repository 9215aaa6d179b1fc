"""How the reader looks at a page, as a value of an address."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from lossviz.errors import LossVizError
from lossviz.experiments.experiment import explain
from lossviz.experiments.specs import Combinations
from lossviz.experiments.statistics import LEAST_SEEDS
from lossviz.experiments.study.plan import (
    FIRST,
    LEARNABLE,
    MOST_EPOCHS,
    MOST_SEEDS,
    TELLABLE,
)
from lossviz.experiments.surfaces.plan import RESOLUTIONS
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.sweep.grid import LEAST_STEPS, MOST_STEPS
from lossviz.experiments.weights import Weights
from lossviz.losses.objectives import OBJECTIVES
from lossviz.schema import LabelSchema
from lossviz.sharing.address._notation import (
    Names,
    Number,
    Numbers,
    Whole,
    Wholes,
    joined,
    read_fields,
    value_text,
)
from lossviz.sharing.address._run import MEMBER_SETTINGS
from lossviz.sharing.looks import EVEN, TEXTBOOK

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

COUPLINGS = (-4.0, -3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
WIDTHS = (0, 1, 2, 4, 16)
MOST_SWEEP_SEEDS = 20
MOST_BESIDE = 3


def _one_of(options: Sequence[Any]) -> AfterValidator:
    def check(value: Any) -> Any:
        unknown = [item for item in (value if isinstance(value, tuple) else (value,))
                   if item not in options]  # fmt: skip
        if unknown:
            raise ValueError(f"expected one of {', '.join(map(str, options))}")
        return value

    return AfterValidator(check)


def _in_bounds(values: tuple[float, ...]) -> tuple[float, ...]:
    if not all(0.0 <= value <= 1000.0 for value in values):
        raise ValueError("expected numbers from 0 to 1000")
    return values


CostNumbers = Annotated[Numbers, AfterValidator(_in_bounds)]
WeightNumbers = Annotated[CostNumbers, AfterValidator(Weights)]
Values = TypeVar("Values", bound="tuple[float, ...] | None")
Value = TypeVar("Value", bound="DataclassInstance")


class PageView(BaseModel):
    """What a page shows besides data and runs. What is not written is as it is at first."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @classmethod
    def of(cls, *values: object, **others: object) -> Self:
        """What a page shows, from values that have fields of the same names.

        It is not checked: what they hold was set by controls.
        """
        shared = {
            name: getattr(value, name)
            for value in values
            for name in cls.model_fields
            if hasattr(value, name)
        }
        view: Any = cls.model_construct(**{**shared, **others})
        return cast("Self", view)

    def put(self, value: Value) -> Value:
        """The value, with what the page shows in its fields of the same names."""
        names = {field.name for field in dataclasses.fields(value)} & {*type(self).model_fields}
        return dataclasses.replace(value, **{name: getattr(self, name) for name in names})

    @property
    def fields(self) -> dict[str, str]:
        """By its short key, the text of each field."""
        every: dict[str, str] = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if name == "settings":
                changed = {
                    k: item for k, item in value.items() if item != MEMBER_SETTINGS[k].default
                }
                every |= {key: value_text(item) for key, item in changed.items()}
            elif value is not None:
                every[field.alias or name] = value_text(value)
        return every

    @property
    def text(self) -> str:
        """Those fields that are not as they are at first."""
        first = type(self)().fields
        return joined({key: field for key, field in self.fields.items() if first.get(key) != field})


View = TypeVar("View", bound=PageView)


def read_view(kind: type[View], text: str, schema: LabelSchema) -> tuple[View, tuple[str, ...]]:
    """A page's view, and a note for every field that was left out.

    :param schema: of the data that are looked at.
    """
    keys = {field.alias or name for name, field in kind.model_fields.items()} - {"settings"}
    configurable = "settings" in kind.model_fields

    def add(values: Mapping[str, Any], key: str, value: str) -> Mapping[str, Any] | None:
        if configurable and key in MEMBER_SETTINGS:
            return {**values, "settings": {**values.get("settings", {}), key: value}}
        return {**values, key: value} if key in keys else None

    def build(values: Mapping[str, Any]) -> View:
        try:
            return kind.model_validate(values, context=schema)
        except ValidationError as error:
            raise LossVizError(explain(error)) from error

    def fields(view: View) -> Mapping[str, str]:
        return view.fields

    return read_fields("The view", text, {}, add, build, fields)


class TrainView(PageView):
    """The Train page.

    :param target: the component whose confusion is shown, -1 for the whole label.
    """

    target: Whole = Field(-1, alias="of")
    normalise: Literal["true", "predicted", "all", "none"] = Field("true", alias="in")
    speed: Literal["slow", "steady", "full"] = "steady"

    @field_validator("target")
    @classmethod
    def _has(cls, target: int, info: ValidationInfo) -> int:
        if info.context is not None and not -1 <= target < len(info.context.components):
            raise ValueError(f"expected -1 to {len(info.context.components) - 1}")
        return target


class FormulationsView(PageView):
    """The Formulations page; see :class:`lossviz.sharing.looks.FormulationsLook`."""

    formulation: Annotated[str, _one_of(tuple(OBJECTIVES))] = Field("marginals", alias="f")
    beside: Annotated[Names, _one_of(tuple(OBJECTIVES)), Field(max_length=MOST_BESIDE)] = ("joint",)
    weights: Annotated[WeightNumbers, Field(min_length=3, max_length=3)] = Field(EVEN, alias="w")
    settings: dict[str, Number] = {}
    parts: Wholes | None = None
    true: Annotated[Wholes, _one_of((0, 1)), Field(min_length=2, max_length=2)] = (0, 0)
    coupling: Annotated[Number, _one_of(COUPLINGS)] = Field(0.0, alias="t")
    view: Literal["3d", "contour"] = Field("3d", alias="seen")

    @field_validator("settings")
    @classmethod
    def _in_range(cls, settings: dict[str, float]) -> dict[str, float]:
        return {name: MEMBER_SETTINGS[name].check(setting) for name, setting in settings.items()}

    @field_validator("parts")
    @classmethod
    def _occur(cls, parts: tuple[int, ...] | None, info: ValidationInfo) -> tuple[int, ...] | None:
        schema: LabelSchema | None = info.context
        if parts is None or parts == TEXTBOOK or schema is None:
            return parts
        if len(parts) != 6:
            raise ValueError("expected a part and two of its values, twice, as in 0_0_1_1_0_1")
        for k, *values in (parts[:3], parts[3:]):
            if not 0 <= k < len(schema.sizes) or values[0] == values[1]:
                raise ValueError("these are no two values of a part of the labels in use")
            if not all(0 <= value < schema.sizes[k] for value in values):
                raise ValueError("these are no two values of a part of the labels in use")
        if parts[0] == parts[3]:
            raise ValueError("expected two different parts")
        schema.pair((parts[0], parts[1], parts[2]), (parts[3], parts[4], parts[5]))
        return parts


class WeightsView(PageView):
    """What the Weights page trains; see :class:`lossviz.experiments.study.plan.Protocol`."""

    weightings: Annotated[Names, _one_of(LEARNABLE)] = Field(FIRST, alias="beside")
    seeds: Annotated[Whole, Field(ge=LEAST_SEEDS, le=MOST_SEEDS)] = 5
    formulation: Annotated[str, _one_of(TELLABLE)] = Field("marginals", alias="f")
    width: Annotated[Whole, _one_of(WIDTHS)] = Field(1, alias="h")
    epochs: Annotated[Whole, Field(ge=1, le=MOST_EPOCHS)] = Field(10, alias="e")
    combinations: Combinations = Field("known", alias="tc")


class TradeOffView(PageView):
    """The grid of the Trade-off page, what mistakes cost, and the point that is looked at.

    :param kind: None for what suits the experiment.
    :param costs: of each part, and of the whole label besides; None where all parts cost 1.
    :param point: None for equal weights, or what is nearest.
    """

    steps: Annotated[Whole, Field(ge=LEAST_STEPS, le=MOST_STEPS)] = 7
    kind: Literal["map", "ratio"] | None = None
    pair: Annotated[Wholes, Field(min_length=2, max_length=2)] = (0, 1)
    held: Annotated[Number, Field(ge=0.0, le=1000.0, allow_inf_nan=False)] = 1.0
    seeds: Annotated[Whole, Field(ge=1, le=MOST_SWEEP_SEEDS)] = 5
    costs: CostNumbers | None = None
    point: Annotated[Whole, Field(ge=0)] | None = None

    @field_validator("costs")
    @classmethod
    def _one_each(
        cls, costs: tuple[float, ...] | None, info: ValidationInfo
    ) -> tuple[float, ...] | None:
        return _as_many(costs, info)


class SurfacesView(PageView):
    """The Surfaces page; see :class:`lossviz.experiments.surfaces.plan.SurfacePlan`.

    :param weights: that the pictures are mixed at; None for those of the first run.
    """

    plane: Annotated[str, _one_of(tuple(PLANES))] = "pca"
    seed: Annotated[Whole, Field(ge=0, lt=2**31)] = Field(0, alias="s")
    resolution: Annotated[Whole, _one_of(RESOLUTIONS)] = Field(41, alias="n")
    view: Literal["3d", "contour"] = Field("3d", alias="seen")
    scale: Literal["linear", "log"] = Field("linear", alias="height")
    weights: WeightNumbers | None = Field(None, alias="w")

    @field_validator("weights")
    @classmethod
    def _one_each(cls, weights: Weights | None, info: ValidationInfo) -> Weights | None:
        return _as_many(weights, info)


def _as_many(values: Values, info: ValidationInfo) -> Values:
    """One for each part, and one for the whole label."""
    if values is not None and info.context is not None:
        expected = len(info.context.components) + 1
        if len(values) != expected:
            raise ValueError(f"expected {expected} numbers, found {len(values)}")
    return values
