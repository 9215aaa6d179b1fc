"""Numbers that a formulation or a weighting has besides α, β …: declared once, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, Self

from lossviz.errors import LossVizError


@dataclass(frozen=True, slots=True)
class Setting:
    """One such number.

    :param name: as in files, links and on the command line.
    :param title: as on the pages.
    :param meaning: one plain sentence.
    """

    name: str
    title: str
    meaning: str
    default: float
    low: float
    high: float

    def check(self, value: float) -> float:
        """The value, if it is one that the setting can have.

        :raises LossVizError: naming the setting and its range.
        """
        if not (isfinite(value) and self.low <= value <= self.high):
            raise LossVizError(
                f"settings: {self.name} must be between {self.low:g} and {self.high:g}; "
                f"found {value:g}."
            )
        return float(value)


class Configurable:
    """A member of a registry, with its settings at some values; at first their defaults.

    >>> class Focus(Configurable):
    ...     settings = (Setting("focusing", "focusing", "How much.", 2.0, 0.0, 10.0),)
    >>> Focus().configured({"focusing": 1.0, "another's": 3.0}).values
    {'focusing': 1.0}
    """

    settings: ClassVar[tuple[Setting, ...]] = ()
    values: Mapping[str, float]

    def __init__(self) -> None:
        self.values = {setting.name: setting.default for setting in self.settings}

    def configured(self, values: Mapping[str, float]) -> Self:
        """The same with other values; those that it does not have are not its business.

        :raises LossVizError: for a value out of range.
        """
        other = type(self)()
        given = {
            setting.name: setting.check(values.get(setting.name, setting.default))
            for setting in self.settings
        }
        other.values = given
        return other
