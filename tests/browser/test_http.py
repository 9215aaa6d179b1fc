"""What the server answers, asked without a browser, which would tidy the requests up."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPResponse
from itertools import product
from urllib.parse import urlsplit

import pytest
from starlette.types import Message, Receive, Scope, Send

from lossviz.ui.browser import COOKIE
from lossviz.ui.server import HEADERS, METRICS, METRICS_PATH, Metrics
from tests.support.loops import run

PAGES = ["/", "/train", "/healthz", "/_stcore/health", "/assets/app/line.js", "/nowhere"]
MISSING = ["/assets/app/nowhere.js", "/media/nowhere", "/_stcore/nowhere", METRICS_PATH]
FIGURES = [METRICS_PATH, f"{METRICS_PATH}/", f"{METRICS_PATH}?families=x", "/%5fstcore/metrics"]
FIGURES += ["//_stcore/metrics", "/_stcore//metrics", "/_stcore/./metrics"]
PLACES = [
    "/",
    "/assets/app/",
    "/assets/plotly/",
    "/static/",
    "/media/",
    "/app/static/",
    "/_stcore/",
]
UPWARDS = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%252e%252e%252f", "....//", ".%00./"]
SECRETS = {"etc/passwd": b"root:", "app.py": b"st.App(", ".streamlit/config.toml": b"maxUploadSize"}


def ask(address: str, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    line = HTTPConnection(urlsplit(address).netloc, timeout=20)
    line.putrequest(method, path, skip_accept_encoding=True)
    line.endheaders()
    answer = line.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize("path", PAGES + MISSING)
def test_every_answer_has_the_headers(address: str, path: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        answer, _ = ask(address, path, method)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("place", PLACES)
def test_no_path_leads_out_of_a_folder(address: str, place: str) -> None:
    for upwards, (file, content) in product(UPWARDS, SECRETS.items()):
        for steps in (1, 2, 12):
            _, body = ask(address, place + steps * upwards + file)
            assert content not in body


@pytest.mark.parametrize("path", FIGURES)
def test_the_servers_figures_are_hidden(address: str, path: str) -> None:
    for method in ("GET", "OPTIONS", "HEAD"):
        assert b"# TYPE" not in ask(address, path, method)[1]
    assert ask(address, METRICS_PATH)[0].status == 404


@pytest.mark.parametrize(("switch", "status"), [("1", 200), ("0", 404), ("", 404)])
def test_they_are_shown_where_they_are_switched_on(
    switch: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(METRICS, switch)
    for path in (METRICS_PATH, f"/base{METRICS_PATH}"):
        assert run(status_of(path)) == status
    assert run(status_of("/_stcore/health")) == 200


async def status_of(path: str) -> int:
    """What comes through to an application that answers everything."""
    answers: list[Message] = []

    async def application(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    await Metrics(application)(scope, receive, send)
    return int(answers[0]["status"])


@pytest.mark.parametrize("path", ["/", "/train"])
def test_a_browser_gets_a_name_that_no_script_reads_and_no_other_site_sends(
    address: str, path: str
) -> None:
    name = cookie(address, path)
    assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={24 * 3600}"} <= set(name[1:])
    assert cookie(address, path, cookie=name[0])[0] == name[0]
    assert cookie(address, path)[0] != name[0]
    assert cookie(address, path, cookie=f"{COOKIE}=guessed")[0] != f"{COOKIE}=guessed"


@pytest.mark.parametrize("path", ["/healthz", "/assets/app/line.js"])
def test_what_is_no_page_names_nobody(address: str, path: str) -> None:
    assert "set-cookie" not in ask(address, path)[0].headers


def cookie(address: str, path: str, **headers: str) -> list[str]:
    """Its name and value, then what is said of it."""
    line = HTTPConnection(urlsplit(address).netloc, timeout=20)
    line.request("GET", path, headers={"Accept": "text/html", **headers})
    return line.getresponse().headers["set-cookie"].split("; ")
