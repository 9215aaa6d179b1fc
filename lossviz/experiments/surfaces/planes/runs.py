"""The plane through up to three runs."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.planes._base import Plane, PlaneKind, TrainedModel, around, unit
from lossviz.experiments.surfaces.vectors import added, difference, inner, length


class ThroughRuns(PlaneKind):
    """A is at (0, 0), B at (1, 0), and C somewhere above: x goes from A to B, y at right angles to
    it towards C, both as long as from A to B. So angles and distances are true: they are those of
    weights whose logits sum to zero, as what is added to all of them alike changes nothing.

    Source: Garipov et al., Loss surfaces, mode connectivity, and fast ensembling of DNNs,
    NeurIPS 2018.
    """

    id = "runs"
    order = 3
    title = "through A, B and C"
    shows = (
        "One plane that holds three solutions, under each of their losses: what each formulation "
        "thinks of what the others found. They have to fit into one layout of logits, which are "
        "put to sum zero: what is added to all alike changes nothing."
    )
    models = 3

    def lay(self, models: Sequence[TrainedModel], seed: int) -> Plane:
        """Through the first three."""
        if len(models) < self.models:
            raise LossVizError(
                f"A plane goes through three runs; found {len(models)}. Add runs on the Train page."
            )
        a, b, c = models[:3]
        towards = difference(b.end, a.end)
        apart = length(towards)
        alike = f"{a.name} and {b.name} have the same weights"
        first = unit(towards, apart, alike if apart == 0.0 else "")
        up = difference(c.end, a.end)
        along = inner(up, first) / apart**2
        second = unit(
            added(up, (-along, first)), apart, f"{a.name}, {b.name} and {c.name} lie on one line"
        )
        height = inner(up, second) / apart**2
        axes = (f"from {a.name} to {b.name}", f"at right angles, towards {c.name}")
        x, y = around((0.0, 1.0, along)), around((0.0, height))
        return Plane(a.end, first, second, axes, x, y)
