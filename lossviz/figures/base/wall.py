"""A wall: the charts that a reader has before them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from lossviz.figures.base.chart import Chart
from lossviz.figures.base.exhibit import Exhibit, S


class Wall:
    """The charts that a reader has before them: drawn again only where they show something else."""

    def __init__(self) -> None:
        self._shown: dict[str, Hashable] = {}

    def news(self, exhibits: Iterable[Exhibit[S]], shown: S) -> dict[str, Chart]:
        """Every chart that shows something else than before, by its key."""
        return {
            exhibit.key(view): exhibit.make(shown, view)
            for exhibit in exhibits
            for view in exhibit.views(shown)
            if self.changed(exhibit.key(view), exhibit.state(shown, view))
        }

    def changed(self, chart: str, content: Hashable) -> bool:
        """Whether a chart has to be drawn again for this content."""
        if self._shown.get(chart) == content:
            return False
        self._shown[chart] = content
        return True
