"""The settings of an experiment: declared at its fields, read by all who ask for them, say them or
pass them on: controls, command line, addresses, reports and the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

Values = Mapping[str, Any]
"""Of some settings, by their paths, such as ``optimiser.weight_decay``."""


@dataclass(frozen=True, slots=True)
class Follows:
    """What a setting is where nobody chooses it, but another one.

    :param path: of the other.
    :param rule: from the other's value.
    """

    path: str
    rule: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Described:
    """What a field is called and asked with; it stands beside the field's type.

    :param label: above its control.
    :param help: a sentence or two, on the pages and of the command line.
    :param option: of the command line.
    :param key: in an address; settings with the same key depend on each other, and stand there as
        one value.
    :param choices: for each value that it may have, what a control calls it.
    :param offered: the range of its control, where that is narrower than what is valid.
    :param default: what a command's help calls a default that is not always the same.
    :param says: the value in a line about a run; empty where it goes without saying.
    :param acts_with: the path and value of the setting without which it does nothing.
    :param needs: the path of a share without which it cannot be asked for, and why.
    :param shared: whether runs side by side share it, so that they can be compared.
    """

    label: str
    help: str
    option: str
    key: str
    choices: Mapping[str, str] | None = None
    offered: tuple[float, float] | None = None
    default: str = ""
    says: Callable[[Any], str] | None = None
    acts_with: tuple[str, str] | None = None
    needs: tuple[str, str] | None = None
    follows: Follows | None = None
    shared: bool = False


@dataclass(frozen=True)
class ExperimentSetting:
    """One setting: where it is, what values it has, and what it is called.

    :param path: of its field, such as ``optimiser.weight_decay``.
    :param kind: of its value: ``int``, ``float``, ``str``, or ``tuple`` for several numbers.
    :param low, high: of its values; in a control those that are offered.
    """

    path: str
    described: Described
    kind: type
    default: Any
    low: float | None
    high: float | None

    @property
    def name(self) -> str:
        """Its path as an identifier."""
        return self.path.replace(".", "_")

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, from 0 to 1."""
        return self.kind is float and self.high is not None and self.high <= 1.0

    def of(self, experiment: BaseModel) -> Any:
        """Its value."""
        return _at(experiment, self.path)

    def written(self, experiment: BaseModel) -> str:
        """Its value as an option has it: ``5,1``."""
        value = self.of(experiment)
        return ",".join(f"{each:g}" for each in value) if self.kind is tuple else str(value)

    def acts(self, experiment: BaseModel) -> bool:
        """Whether it does anything, as the others are."""
        acts_with = self.described.acts_with
        return acts_with is None or _at(experiment, acts_with[0]) == acts_with[1]

    def lacks(self, experiment: BaseModel) -> bool:
        """Whether it is asked for without what it needs."""
        needs = self.described.needs
        asked = needs is not None and self.of(experiment) != self.default
        return needs is not None and asked and not _at(experiment, needs[0])

    def words(self, experiment: BaseModel) -> str:
        """Its value in a line about a run; empty where it goes without saying."""
        says = self.described.says
        return says(self.of(experiment)) if says is not None and self.acts(experiment) else ""


def _at(experiment: BaseModel, path: str) -> Any:
    value: Any = experiment
    for name in path.split("."):
        value = getattr(value, name)
    return value


def settings_of(model: type[BaseModel], group: str = "") -> Iterator[ExperimentSetting]:
    """Every described field of a model and of the models in it, in their order."""
    for name, field in model.model_fields.items():
        path = f"{group}{name}"
        described = next((item for item in field.metadata if isinstance(item, Described)), None)
        if described is not None:
            yield _setting(path, described, field)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, f"{path}.")


def _setting(path: str, described: Described, field: FieldInfo) -> ExperimentSetting:
    annotation: Any = field.annotation
    origin = get_origin(annotation) or annotation
    if origin is Literal:
        found, expected = tuple(described.choices or ()), get_args(annotation)
        assert found == expected, f"{path} has {expected}, and words for {found}"
        origin = str
    low, high = described.offered or (_bound(field, Ge, "ge"), _bound(field, Le, "le"))
    default = None if field.is_required() else field.default
    return ExperimentSetting(path, described, origin, default, low, high)


def _bound(field: FieldInfo, kind: type, name: str) -> Any:
    return next((getattr(item, name) for item in field.metadata if isinstance(item, kind)), None)


def nested(values: Values, start: Values | None = None) -> dict[str, Any]:
    """Values as the fields of a model, groups in groups.

    >>> nested({"epochs": 3, "model.width": 4}, {"model": {"kind": "hidden"}})
    {'model': {'kind': 'hidden', 'width': 4}, 'epochs': 3}
    """
    fields: dict[str, Any] = dict(start or {})
    for path, value in values.items():
        group, _, name = path.rpartition(".")
        if group:
            fields[group] = {**fields.get(group, {}), name: value}
        else:
            fields[name] = value
    return fields
