"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support import examples  # noqa: F401  (it registers the profiles)
from tests.support.shell import forget_the_shell

ROOT = Path(__file__).resolve().parent.parent


def slow_tier(config: pytest.Config) -> bool:
    """Whether it was asked for: ``python -m pytest -m slow``."""
    chosen = config.option.markexpr
    return "slow" in chosen and "not slow" not in chosen


def pytest_configure(config: pytest.Config) -> None:
    forget_the_shell()
    settings.load_profile("slow" if slow_tier(config) else "gate")


APART = (
    "test_links.py",
    "test_relief.py",
    "test_replicas.py",
    "test_report.py",
    "test_surfaces.py",
)
"""Of what needs a browser, what brings the app or the page that it looks at; and reliefs, which
would be a quarter of what one process does with the app."""
LONGEST = {"browser": 0, "pages": 1}


def sharing(nodeid: str) -> str:
    """With whom a test shares a set-up: with those of its file, with all that look at the app in a
    browser, or with all whose pages have the same training processes."""
    file = nodeid.partition("::")[0]
    if file.startswith("tests/browser/") and not file.endswith(APART):
        return "browser"
    return "pages" if file.startswith("tests/ui/") else file


class Sharing(LoadScopeScheduling):
    """What shares a set-up runs in one process."""

    def _split_scope(self, nodeid: str) -> str:
        return sharing(nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow tier looks for examples of every property that nobody thought of; what shares the
    most begins first, so that nobody waits for it at the end."""
    if slow_tier(config):
        for item in items:
            if isinstance(item, pytest.Function) and is_hypothesis_test(item.function):
                item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: LONGEST.get(sharing(item.nodeid), len(LONGEST)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    return Sharing(config, log)


@pytest.fixture(scope="session", autouse=True)
def _library_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that a test publishes stays on this machine; apps that are started inherit it."""
    folder = tmp_path_factory.mktemp("library")
    os.environ["LOSSVIZ_LIBRARY"] = f"sqlite:///{folder / 'library.db'}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that stand beside the checkout. In CI they are there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no data at {folder}")
        pytest.skip("the data that stand beside the checkout are not here")
    return folder
