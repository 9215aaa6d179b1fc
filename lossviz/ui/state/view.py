"""How the reader looks at the runs, and what the browser shows already."""

from __future__ import annotations

from dataclasses import dataclass

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

    @property
    def look(self) -> Look:
        """How the reader looks at the matrices."""
        return Look(self.target, self.normalise, self.all_cells, self.grouped)
