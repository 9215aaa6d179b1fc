"""Uploads: what waits in memory is within a budget, and leaves it once a page has it."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from lossviz.guards import MAX_UPLOAD, MAX_UPLOADS, MAX_UPLOADS_TOGETHER
from lossviz.ui import uploads
from lossviz.ui.uploads import UploadBudget
from tests.support.loops import run
from tests.ui.conftest import open_page, state_of, upload


def scope(session: str = "me", size: int | None = MAX_UPLOAD, method: str = "PUT") -> Scope:
    headers = [] if size is None else [(b"content-length", str(size).encode())]
    path = f"/base/_stcore/upload_file/{session}/a-file"
    return {"type": "http", "method": method, "path": path, "headers": headers}


class Server:
    """Takes files in as slowly as a test likes."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.budget = UploadBudget(self._take_in)

    async def _take_in(self, _: Scope, __: Receive, send: Send) -> None:
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def status(self, asked: Scope) -> int:
        answers: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            answers.append(message)

        await self.budget(asked, receive, send)
        return int(answers[0]["status"])


async def outcomes(*asked: Scope) -> list[int]:
    """Of uploads that come at once, while none of them is over."""
    server = Server()
    tasks = [asyncio.create_task(server.status(each)) for each in asked]
    await asyncio.sleep(0.05)
    server.go_on.set()
    statuses = list(await asyncio.gather(*tasks))
    assert await server.status(scope()) == 204, "what is over does not count"
    return statuses


@pytest.mark.parametrize("size", [MAX_UPLOAD, None])
def test_a_visitor_may_send_so_much_at_a_time(size: int | None) -> None:
    assert run(outcomes(*[scope(size=size)] * 4)) == [204, 204, 413, 413]


def test_so_may_all_together() -> None:
    everyone = [scope(f"visitor {k}") for k in range(12)]
    most = MAX_UPLOADS_TOGETHER // MAX_UPLOAD
    assert run(outcomes(*everyone)) == [204] * most + [413] * (12 - most)


def test_what_no_page_has_taken_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = uploads.Counter(me=MAX_UPLOADS - 1)
    monkeypatch.setattr(uploads, "waiting_uploads", lambda: waiting)
    asked = scope(size=2), scope("other", size=2), scope(size=2, method="DELETE"), scope(size=1)
    server = Server()
    server.go_on.set()
    assert [run(server.status(each)) for each in asked] == [413, 204, 204, 204]


def test_the_page_says_that_a_file_was_refused_and_reads_no_part_of_what_came_with_it(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(app, "data")
    session, server = state_of(app), Server()
    server.go_on.set()
    mine = scope(session.holder, size=2)
    waiting = uploads.Counter({session.holder: MAX_UPLOADS - 1})
    monkeypatch.setattr(uploads, "waiting_uploads", lambda: waiting)
    assert session.holder
    assert run(server.status(mine)) == 413
    upload(app, "part.csv", b"text,label\na text,yes\nanother,no\n")
    assert session.draft is None
    assert session.upload_problem == uploads.TOO_MUCH
    assert app.error[0].value.replace("\\", "") == uploads.TOO_MUCH
    waiting.clear()
    assert run(server.status(mine)) == 204
    upload(app, "whole.csv", b"text,label\na text,yes\nanother,no\n")
    assert session.draft is not None
    assert not session.upload_problem


def test_a_page_has_the_file_on_disk_and_not_twice(app: AppTest) -> None:
    open_page(app, "data")
    content = b"text,label\n" + b"".join(b"a text %d,%d\n" % (k, k % 2) for k in range(40))
    upload(app, "mine.csv", content)
    draft = state_of(app).draft
    assert draft is not None
    assert draft.content is not None
    assert draft.content.read() == content
    assert [file.getvalue() for file in app.session_state["upload"]] == [b""]
