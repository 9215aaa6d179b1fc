"""The planes through a model's weights, by id. A new one is a new file in this package."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from lossviz.experiments.surfaces.planes._base import Plane, PlaneKind, TrainedModel

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

PLANES: dict[str, PlaneKind] = {
    kind.id: kind() for kind in sorted(PlaneKind.__subclasses__(), key=lambda kind: kind.order)
}

__all__ = ["PLANES", "Plane", "PlaneKind", "TrainedModel"]
