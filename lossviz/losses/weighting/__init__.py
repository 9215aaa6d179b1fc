"""The weightings, by id. A new one is a new file in this package, and nothing else."""

from __future__ import annotations

from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules

from lossviz.losses.weighting._base import KINDS, Moment, Weighting

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")


def _members(base: type[Weighting]) -> list[type[Weighting]]:
    members = [member for child in base.__subclasses__() for member in _members(child)]
    return members if isabstract(base) else [base, *members]


WEIGHTINGS: dict[str, Weighting] = {
    weighting.id: weighting()
    for weighting in sorted(
        _members(Weighting),  # type: ignore[type-abstract]
        key=lambda weighting: ([*KINDS].index(weighting.kind), weighting.id),
    )
}

__all__ = [
    "KINDS",
    "WEIGHTINGS",
    "Moment",
    "Weighting",
]
