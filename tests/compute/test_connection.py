"""A connection that is looked after: who is waited for, who is ended, and what is made anew."""

from __future__ import annotations

from concurrent.futures import Future as PoolFuture
from typing import Any

import pytest

from lossviz.compute import connection as module
from lossviz.compute.connection import ANSWER_SECONDS, Connection, Link, WorkerLost
from tests.support.waiting import wait_until


class Cluster:
    """Stands for a client and a scheduler behind it, with workers whose hearts beat or do not."""

    def __init__(self) -> None:
        self.now = 0.0
        self.status = "running"
        self.scheduler_comm = object()
        self.beating = {"a": True, "b": True}
        self.beats = dict.fromkeys("ab", 0.0)
        self.answers = True
        self.ended: list[str] = []
        self.closed = False

    def ask(self, _: object, operation: str, **arguments: Any) -> PoolFuture[Any]:
        reply: PoolFuture[Any] = PoolFuture()
        if operation == "restart_workers":
            self.ended += arguments["workers"]
        elif self.answers:
            workers = {name: {"last_seen": beat} for name, beat in self.beats.items()}
            reply.set_result({"workers": workers})
        return reply

    def close(self, timeout: float) -> None:
        self.closed = True


class Watched(Connection):
    """Connects to one stand-in after the other."""

    def __init__(self, *clusters: Cluster | Exception) -> None:
        self.clusters = list(clusters)
        self.cluster = clusters[0]
        super().__init__("somewhere", 1, lambda: self.at)

    at = 0.0

    def _made(self) -> Link:
        cluster = self.clusters.pop(0)
        if isinstance(cluster, Exception):
            raise cluster
        self.cluster = cluster
        return Link(cluster, cluster.scheduler_comm)  # type: ignore[arg-type]

    def pass_(self, seconds: float, step: float = 0.5) -> None:
        for _ in range(int(seconds / step)):
            self.at += step
            cluster = self.cluster
            assert isinstance(cluster, Cluster)
            for name, beating in cluster.beating.items():
                cluster.beats[name] += beating
            self.look()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    cluster = Cluster()
    monkeypatch.setattr(module, "_ask", lambda client, *a, **k: client.ask(client, *a, **k))
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    return cluster


def test_a_worker_is_ended_after_thirty_seconds_without_a_sign_of_life(cluster: Cluster) -> None:
    connection = Watched(cluster)
    assert connection.health == "starting"
    connection.client()
    connection.pass_(5)
    assert connection.health == "ok"
    assert sorted(connection.answering) == ["a", "b"]
    cluster.beating["a"] = False
    connection.pass_(3)
    assert connection.answering == ["b"]
    connection.pass_(ANSWER_SECONDS - 4)
    assert cluster.ended == []
    connection.pass_(2)
    assert cluster.ended == ["a"]
    connection.pass_(ANSWER_SECONDS / 2)
    assert cluster.ended == ["a"], "once"


@pytest.mark.parametrize("seconds", [3, 29])
def test_one_that_answers_again_goes_on(cluster: Cluster, seconds: int) -> None:
    connection = Watched(cluster)
    connection.client()
    connection.pass_(5)
    for _ in range(3):
        cluster.beating["a"] = False
        connection.pass_(seconds)
        assert "a" not in connection.answering
        cluster.beating["a"] = True
        connection.pass_(1)
        assert "a" in connection.answering
    assert cluster.ended == []


def test_all_are_silent_once_nobody_answers(cluster: Cluster) -> None:
    connection = Watched(cluster)
    connection.client()
    connection.pass_(5)
    cluster.beating["a"] = False
    connection.pass_(5)
    assert connection.silent == 0.0
    assert connection.answering == ["b"]
    cluster.beating["b"] = False
    connection.pass_(5)
    assert sorted(connection.answering) == ["a", "b"], "none is better than the other"
    assert 4.0 <= connection.silent <= 5.0
    cluster.beating["a"] = True
    connection.pass_(1)
    assert connection.silent == 0.0
    cluster.status = "closed"
    connection.clusters = [OSError("nobody")] * 1000
    connection.pass_(10)
    assert connection.silent == 10.0
    connection.close()


def test_nobody_was_silent_while_this_process_slept(cluster: Cluster) -> None:
    connection = Watched(cluster)
    connection.client()
    connection.pass_(5)
    cluster.beating = {"a": False, "b": False}
    cluster.answers = False
    connection.pass_(600, step=200)
    assert cluster.ended == []
    assert not cluster.closed


def test_a_worker_that_is_doubted_counts_from_its_next_sign_on(cluster: Cluster) -> None:
    connection = Watched(cluster)
    connection.client()
    connection.pass_(5)
    connection.doubt("a")
    assert connection.answering == ["b"]
    connection.doubt("b")
    assert connection.answering == []
    connection.pass_(1)
    assert sorted(connection.answering) == ["a", "b"]


def away(cluster: Cluster) -> None:
    cluster.status = "connecting"


def back_already(cluster: Cluster) -> None:
    cluster.scheduler_comm = object()


def silent(cluster: Cluster) -> None:
    cluster.answers = False


@pytest.mark.parametrize(
    ("fault", "seconds"), [(away, 1), (back_already, 1), (silent, ANSWER_SECONDS + 2)]
)
def test_a_scheduler_that_is_gone_is_looked_for_until_it_is_there(
    cluster: Cluster, fault: Any, seconds: float
) -> None:
    again = Cluster()
    connection = Watched(cluster, OSError("nobody"), OSError("nobody"), again)
    connection.client()
    connection.pass_(5)
    fault(cluster)
    connection.pass_(seconds)
    assert connection.health == "lost"
    assert connection.client(patience=60) is again
    assert cluster.closed
    connection.pass_(2)
    assert connection.health == "ok"


def test_one_that_was_never_there_is_said_at_once_and_found_later(cluster: Cluster) -> None:
    connection = Watched(OSError("nobody is at home"), *[OSError("nobody")] * 5, cluster)
    with pytest.raises(WorkerLost) as caught:
        connection.client()
    assert "nobody" in str(caught.value.__cause__)
    assert connection.health == "lost"
    wait_until(lambda: not connection.clusters)
    assert connection.client() is cluster
    connection.close()
    assert cluster.closed
    with pytest.raises(WorkerLost):
        connection.client(patience=60)


def test_an_address_is_outgrown_until_another_worker_has_it(cluster: Cluster) -> None:
    connection = Watched(cluster)
    connection.client()
    connection.pass_(2)
    connection._hear_of_memory((0.0, {"worker": "a"}))
    connection.pass_(2)
    assert connection.outgrown == {"a"}
    beat = cluster.beats.pop("a")
    del cluster.beating["a"]
    connection.pass_(2)
    assert connection.outgrown == {"a"}
    cluster.beats["a"], cluster.beating["a"] = beat, True
    connection.pass_(2)
    assert connection.outgrown == set()
