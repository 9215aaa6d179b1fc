"""A file that is dropped on the page, as Streamlit's frontend sends it."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.load.files import table_of
from tests.load.uploader import Uploader
from tests.support.loops import run


def test_a_file_is_read_and_the_page_goes_on(address: str) -> None:
    async def upload() -> tuple[list[str], list[str]]:
        browser = Uploader(urlsplit(address).netloc)
        await browser.open("data")
        outcomes = []
        for name in ("first.csv", "second.csv"):
            await browser.read(name, table_of(600_000))
            outcomes.append(browser.outcome(name))
        await browser.close()
        return outcomes, browser.errors

    outcomes, errors = run(upload())
    assert not errors
    assert outcomes == ["first.csv: is this right?", "second.csv: is this right?"]
