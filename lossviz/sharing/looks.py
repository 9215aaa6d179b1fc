"""Looks: how the reader looks at what there is. A session has them, and a project file keeps them.

Where an address says the same of a page, it has the same names for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.experiments.weights import Weights

EVEN = Weights((1.0, 1.0, 1.0))
"""α, β and γ at first."""
TEXTBOOK = (-1,)
"""Stands for AC, AD, BC, BD where parts of the data are expected."""


@dataclass(frozen=True)
class FormulationsLook:
    """How the reader looks at formulations: one is explained, others stand beside it.

    :param weights: α, β and γ.
    :param settings: of all formulations, by name, where they are not at their defaults.
    :param parts: which two components of the data in use, and which two values of each: a component
        and two of its values, twice; :data:`TEXTBOOK` for the textbook's; None for those that the
        data begin with.
    :param true: codes of the true label in the two by two schema.
    """

    formulation: str = "marginals"
    beside: tuple[str, ...] = ("joint",)
    weights: Weights = EVEN
    settings: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[int, ...] | None = None
    true: tuple[int, ...] = (0, 0)
    coupling: float = 0.0
    view: Literal["3d", "contour"] = "3d"


@dataclass(frozen=True)
class SweepLook:
    """How the reader looks at a sweep.

    :param costs: what a wrong component costs, for each of them, and a wrong whole label besides.
    :param point: the place of the point whose errors are shown.
    """

    costs: Costs
    point: int

    @classmethod
    def at_first(cls, plan: SweepPlan) -> SweepLook:
        """All parts cost the same, and their weights are equal."""
        return cls(even_costs(plan.grid.components), plan.grid.middle)


def even_costs(components: int) -> Costs:
    """All parts cost 1, and the whole label nothing besides."""
    return (*(1.0,) * components, 0.0)


@dataclass(frozen=True)
class SurfacesLook:
    """How the reader looks at surfaces.

    :param weights: α, β … and γ as the sliders stand; None until they are moved.
    :param doubts: whether what says how far to trust the pictures is open.
    """

    view: Literal["3d", "contour"] = "3d"
    scale: Literal["linear", "log"] = "linear"
    weights: Weights | None = None
    doubts: bool = True
