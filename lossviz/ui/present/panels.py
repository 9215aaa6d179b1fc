"""The panels of presenter mode, in the order of the story."""

from __future__ import annotations

from lossviz.ui.present.panel import Panel
from lossviz.ui.present.panel_runs import run_panels
from lossviz.ui.present.panel_story import asks_panel, closing_panel, data_panel, question_panel
from lossviz.ui.present.panel_surfaces import surfaces_panel
from lossviz.ui.present.panel_trade import trade_panels
from lossviz.ui.state.session import Session

FIRST_OF_PAGE = {
    "": "question",
    "data": "data",
    "train": "errors",
    "formulations": "asks",
    "weights": "verdict",
    "trade-off": "verdict",
    "surfaces": "surfaces",
}
"""What presenter mode shows first of a page."""


def panels_of(session: Session) -> tuple[Panel, ...]:
    """Those that the data in use can have, whether anything is trained yet or not."""
    return (
        question_panel(session),
        asks_panel(session),
        data_panel(session),
        *run_panels(session),
        *trade_panels(session),
        surfaces_panel(session),
        closing_panel(session),
    )


def panel_of_page(session: Session, page: str) -> Panel:
    """What stands for a page; the first of all where nothing does."""
    panels = panels_of(session)
    wanted = FIRST_OF_PAGE.get(page, "")
    return next((panel for panel in panels if panel.id == wanted), panels[0])
