"""The tour and the embedded look, without a browser."""

from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lossviz.ui.tour import STEPS
from tests.ui.conftest import open_page, press, state_of, words


def links(app: AppTest) -> dict[str, str]:
    """The files of the pages that are one press away."""
    ways = [own.proto for own in app.get("page_link")]
    return {own.label: own.page.replace("-", "_") or "home" for own in ways}


def test_the_tour_goes_through_five_pages_and_ends(app: AppTest) -> None:
    open_page(app, "home")
    press(app, "take-tour")
    pages = [state_of(app).visit.page]
    for place in range(1, len(STEPS)):
        open_page(app, links(app)["Next"])
        assert f"**Step {place + 1} of 5**" in words(app)
        pages.append(state_of(app).visit.page)
    assert pages == ["", "data", "train", "formulations", "trade-off"]
    open_page(app, links(app)["Back"])
    assert state_of(app).visit.page == "formulations"
    press(app, "tour-end")
    assert "Step 4" not in words(app)


def test_the_tour_waits_on_other_pages_and_leads_back(app: AppTest) -> None:
    open_page(app, "home")
    press(app, "take-tour")
    open_page(app, "surfaces")
    assert "This step is on the Home page." in words(app)
    open_page(app, links(app)["Go to Home"])
    assert state_of(app).visit.page == ""


@pytest.fixture
def embedded(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    open_page(app, "home")
    press(app, "take-tour")
    monkeypatch.setattr(ContextProxy, "is_embedded", property(lambda _: True))
    return app


def test_in_a_frame_there_is_a_way_out_and_neither_tour_nor_links_away(embedded: AppTest) -> None:
    open_page(embedded, "train")
    (way,) = embedded.get("link_button")
    assert way.proto.url.endswith("/train?d=feelings&A=marginals&B=joint&C=components")
    said = words(embedded)
    assert "Step 1" not in said
    assert ":material/table: Feelings" in said
    assert not embedded.get("page_link")
    assert not [own for own in embedded.button if own.key in ("present-page", "add-scene")]
