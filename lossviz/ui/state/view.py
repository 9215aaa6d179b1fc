"""How the reader looks at the runs, and what the browser shows already."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from lossviz.experiments.evaluation import WHOLE
from lossviz.figures import Look, Normalise


@dataclass
class View:
    """How the reader looks at the runs."""

    target: int = WHOLE
    """The component whose confusion is shown, or the whole label."""
    normalise: Normalise = "true"
    all_cells: bool = False
    """Whether matrices of very many labels are drawn, too."""
    grouped: int = 0
    """The component by which their rows and columns are grouped."""
    _shown: dict[str, Hashable] = field(default_factory=dict)

    @property
    def look(self) -> Look:
        """How the reader looks at the matrices."""
        return Look(self.target, self.normalise, self.all_cells, self.grouped)

    def forget(self) -> None:
        """After a change of page the browser has no chart left."""
        self._shown.clear()

    def changed(self, chart: str, content: Hashable) -> bool:
        """Whether a chart has to be drawn again for this content."""
        if self._shown.get(chart) == content:
            return False
        self._shown[chart] = content
        return True
