"""Pages without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.ui.state.session import KEY, Session
from tests.conftest import ROOT
from tests.support.waiting import PATIENCE, wait_until

PAGES = ("home", "data", "train", "formulations", "weights", "trade_off", "surfaces", "library")


@pytest.fixture(scope="session", autouse=True)
def _workers() -> Iterator[None]:
    """The embedded workers, as the server's lifespan starts and ends them."""
    COMPUTE.warm_up()
    yield
    COMPUTE.close()


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """For components of others, which Streamlit does for every app: a tenth of a second each."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture
def app() -> AppTest:
    own = AppTest.from_file(ROOT / "lossviz" / "ui" / "shell.py", default_timeout=PATIENCE)
    return own.run()


def open_page(app: AppTest, name: str) -> AppTest:
    app.switch_page(f"../../pages/{name}.py").run()
    assert not app.exception, app.exception
    return app


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception, app.exception


def command(app: AppTest, order: dict[str, Any]) -> None:
    """What the page's own controls send: no script runs for it, and then one does, which shows what
    came of it."""
    channel = state_of(app).channel
    channel.obey(json.dumps({"n": channel.command + 1} | order))
    app.run()
    assert not app.exception, app.exception


def component(app: AppTest, key: str) -> dict[str, Any]:
    """What one of our own components is told."""
    (own,) = (own for own in app.get("bidi_component") if own.key == key)
    data: dict[str, Any] = json.loads(own.proto.json)
    return data


def has_component(app: AppTest, key: str) -> bool:
    """Whether one of our own components is on the page."""
    return any(own.key == key for own in app.get("bidi_component"))


def upload(app: AppTest, name: str, content: bytes) -> None:
    app.get("file_uploader")[0].upload(name, content).run()
    assert not app.exception, app.exception


def upload_together(app: AppTest, files: dict[str, bytes]) -> None:
    """Upload several files at once."""
    kind = "application/octet-stream"
    several = [(name, content, kind) for name, content in files.items()]
    app.get("file_uploader")[0].set_value(several).run()
    assert not app.exception, app.exception


def upload_and_read(app: AppTest, name: str, content: bytes) -> None:
    """Upload a file, and wait until it is read: a long one is read in a process of its own."""
    upload(app, name, content)
    if state_of(app).incoming is not None:
        run_until(app, lambda: state_of(app).incoming is None)
        app.run()


def state_of(app: AppTest) -> Session:
    own: Session = app.session_state[KEY]
    return own


def run_until(app: AppTest, done: Callable[[], bool]) -> None:
    """Fragments do not tick here: rerun the page, as a browser's timer would, and as seldom as
    that: workers are at work meanwhile, on the same processors."""

    def again() -> None:
        app.run()
        assert not app.exception, app.exception

    wait_until(done, again, pause=0.2, told=lambda: words(app))


def ids(lab: Lab) -> dict[str, str]:
    """Of the runs as they are set up: one that is started again has another."""
    return {letter: run.run_id for letter, run in lab.runs.items()}


def words(app: AppTest) -> str:
    """Everything that the page says."""
    kinds = ("markdown", "text", "caption", "info", "warning", "error", "title", "subheader")
    parts = [own.value for kind in kinds for own in getattr(app, kind)]
    bars = [own.key for own in app.get("bidi_component") if own.key.startswith("progress-")]
    return "\n".join([*parts, *(component(app, key)["now"]["text"] for key in bars)])
