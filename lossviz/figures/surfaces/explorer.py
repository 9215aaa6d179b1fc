"""What the browser needs to show surfaces side by side, and to let their weights be dragged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.surfaces.words import of_random_walk
from lossviz.experiments.weights import Weights
from lossviz.experiments.words import percent, weight_label
from lossviz.figures.base.chart import Chart, packed
from lossviz.figures.base.heights import Scale
from lossviz.figures.base.palette import MARKERS, target_colour
from lossviz.figures.surfaces.surface import Corners, View, loss_surface
from lossviz.losses.mix import LinearMix, Mix
from lossviz.losses.objectives import Objective


def live_chart(chart: Chart) -> dict[str, Any]:
    """What the browser needs of the chart, where the surface comes from :func:`live_surface`."""
    first, *others = chart.data
    known = ("x", "y", "z", "customdata")
    bare = {key: part for key, part in first.items() if key not in known}
    # The tracks keep their points; how high they lie follows from the weights.
    lying = [{key: part for key, part in track.items() if key != "z"} for track in others]
    return chart.to_json() | {"data": [bare, *lying], "values": []}


def live_surface(surface: Surface) -> dict[str, Any]:
    """What the browser needs to work out the loss at any weights: every number once."""
    return {
        "x": packed(surface.x),
        "y": packed(surface.y),
        "grids": packed(np.asarray(surface.grids).reshape(len(surface.names), -1)),
        "mix": _mix(surface.mix),
        "tracks": [
            {
                "name": track.name,
                "x": float(track.x[-1]),
                "y": float(track.y[-1]),
                "step": track.steps[-1],
                "moved": len(track.moved),
            }
            for track in surface.tracks
        ],
    }


def _mix(mix: Mix) -> dict[str, Any]:
    if isinstance(mix, LinearMix):
        return {"terms": [[term.weight, term.factor] for term in mix.terms]}
    return {
        "wrong": mix.wrong,
        "temperature": mix.temperature,
        "counts": mix.counts or (1.0,) * len(mix.wrong),
        "groups": mix.groups or (0,) * len(mix.wrong),
        "shares": mix.shares,
    }


MARKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
MOST = 1000.0


def _scale() -> tuple[float, ...]:
    steps: list[float] = []
    for low, high in pairwise(MARKS):
        steps += [float(f"{weight:.2g}") for weight in np.geomspace(low, high, 6)[:-1]]
    return (*steps, MARKS[-1])


SCALE = _scale()
"""0.1 to 10 in steps of about 15 %, with the round values among them."""
RULER: dict[str, Any] = {"scale": SCALE, "marks": MARKS, "most": MOST}
"""What every slider of a weight is laid out by; see ``assets/weights.js``."""


@dataclass(frozen=True)
class WeightSlider:
    """A weight that can be dragged.

    :param position: in the weights: the components' from 0, then the whole label's.
    :param colour: from the palette; the theme's text colour as well.
    """

    position: int
    label: str
    colour: str

    @classmethod
    def of(cls, position: int, names: Sequence[str]) -> WeightSlider:
        """The slider of a component's weight, or behind these of the whole label's.

        :param names: of the components.
        """
        return cls(position, weight_label(position, names), target_colour(position, len(names)))


def sliders_of(objectives: Iterable[Objective], names: Sequence[str]) -> list[WeightSlider]:
    """Those of the weights that act on any of these losses.

    :param names: of the components.
    """
    losses = list(objectives)
    positions = list(range(len(names))) if any(loss.weighted for loss in losses) else []
    if any(loss.joint_weighted for loss in losses):
        positions.append(len(names))
    return [WeightSlider.of(k, names) for k in positions]


def title_of(letter: str, surface: Surface) -> str:
    """What the picture of a run's surface shows, in a line."""
    subject = f"{MARKERS.get(letter, '')} {letter} {surface.formulation}: loss".strip()
    about = surface.slice
    if about is None:
        return subject
    if about.explained:
        shares = percent(sum(about.explained))
        if walk := of_random_walk(surface):
            shares += f"; random walk {percent(sum(walk))}"
        return f"{subject} along its path ({shares})"
    if about.plane == "runs":
        return f"{subject} on one plane with the others"
    return f"{subject} around its weights"


def grids_of(panels: Sequence[tuple[str, Surface]]) -> list[dict[str, Any]]:
    """The numbers of the panels: what stays the same while weights are moved."""
    return [live_surface(panel) for _, panel in panels]


def explorer(  # noqa: PLR0913
    panels: Sequence[tuple[str, Surface]],
    weights: Weights,
    sliders: Sequence[WeightSlider],
    *,
    axes: tuple[str, str],
    corners: Corners,
    view: View,
    scale: Scale,
    key: str,
    version: int,
    height: int,
    seen: int = 0,
) -> dict[str, Any]:
    """What the browser is told besides the numbers; see ``assets/surface.js``.

    :param panels: title and surface of each.
    :param weights: ``(K + 1,)``: the components', then the whole label's.
    :param version: by which the browser tells these numbers from others.
    :param height: of a panel, in pixels.
    :param seen: how often sliders were let go of, as far as it is known.
    """

    def charts(drawn: View) -> list[dict[str, Any]]:
        # What follows from the weights is the browser's: so it is the same in every message.
        even = Weights([1.0] * len(weights))
        return [
            live_chart(
                loss_surface(
                    panel,
                    even,
                    title=title,
                    axes=axes,
                    corners=corners,
                    view=drawn,
                    scale=scale,
                    top=1.0,
                )
            )
            for title, panel in panels
        ]

    return {
        "id": key,
        "version": version,
        "charts": charts(view),
        "flat": charts("contour") if view == "3d" else [],
        "weights": list(weights),
        "seen": seen,
        "sliders": [asdict(slider) for slider in sliders],
        **RULER,
        "height": height,
        "heights": scale,
    }
