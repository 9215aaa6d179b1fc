"""The objectives, by id. A new one is a new file in this package, and nothing else."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from lossviz.losses.objectives._base import ALLOWED, JOINT, Objective, part_name

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

OBJECTIVES: dict[str, Objective] = {
    objective.id: objective()
    for objective in sorted(Objective.__subclasses__(), key=lambda kind: kind.id)
}

__all__ = ["ALLOWED", "JOINT", "OBJECTIVES", "Objective", "part_name"]
