"""What was measured, and how it reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from tests.load.machine import Loop
from tests.load.visitor import Counts

RUNS = 3
"""Those that a session has, which train in step."""


@dataclass(frozen=True)
class Result:
    """What was measured. Latencies in milliseconds; one entry for each session that trained in the
    tuples.

    :param opened: seconds until the page was open, those in the room included.
    :param first_curves: seconds from Play until there was one.
    :param waited: sessions that found the house full at some time.
    :param around_end: the longest latency around the end of a wave; None otherwise.
    :param counts: of the time that was watched.
    :param memory: of the web process and its workers, in MB, every ten seconds.
    :param cpu: seconds that the web process, its workers and the simulated browsers used.
    :param loops: the fixed loop, before and after.
    """

    sessions: int
    seconds: float
    first_curves: tuple[float, ...]
    latencies: tuple[float, ...]
    unanswered: int
    waited: int
    around_end: float | None
    tracebacks: int
    counts: tuple[Counts, ...]
    memory: tuple[tuple[float, float], ...]
    holds_torch: bool
    cpu: tuple[float, float, float]
    load: float
    loops: tuple[Loop, ...] = ()
    room: int = 0
    opened: tuple[float, ...] = ()
    errors: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def p50(self) -> float:
        """The median latency of a moved weight."""
        return median(self.latencies)

    @property
    def p95(self) -> float:
        """What 95 % of the moved weights stay below."""
        return quantiles(self.latencies, n=20, method="inclusive")[-1]

    @property
    def loop(self) -> Loop:
        """The quicker one."""
        return min(self.loops, key=lambda loop: loop.cpu)

    @property
    def updates_per_second(self) -> tuple[float, ...]:
        """Messages with a new step, by session."""
        return tuple(count.updates / self.seconds for count in self.counts)

    @property
    def web_ms(self) -> float:
        """CPU of the web process for an update of one session, everything that it did included."""
        return 1000 * self.cpu[0] / max(1, self._sum("updates"))

    @property
    def worker_ms(self) -> float:
        """CPU of the workers for a step of one run, everything that they did included."""
        return 1000 * self.cpu[1] / max(1, RUNS * self._sum("steps"))

    @property
    def worker_update_ms(self) -> float:
        """CPU of the workers for an update of one session, its steps included."""
        return 1000 * self.cpu[1] / max(1, self._sum("updates"))

    @property
    def bytes_per_update(self) -> float:
        """All that came over the lines, by update."""
        return self._sum("bytes") / max(1, self._sum("updates"))

    @property
    def bytes_per_message(self) -> float:
        """The mean."""
        return self._sum("bytes") / max(1, self._sum("messages"))

    @property
    def script_runs_per_move(self) -> float:
        """Those that are not due to the end of a run, for a moved weight."""
        others = max(0, self._sum("script_runs") - self._sum("wakes"))
        return others / max(1, len(self.latencies))

    def _sum(self, name: str) -> int:
        return sum(getattr(count, name) for count in self.counts)

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        derived = (
            "p50",
            "p95",
            "web_ms",
            "worker_ms",
            "worker_update_ms",
            "bytes_per_update",
            "bytes_per_message",
            "script_runs_per_move",
        )
        return asdict(self) | {name: getattr(self, name) for name in derived}

    def table(self) -> str:
        """The numbers, for reading."""
        web, workers, browsers = (seconds / self.seconds for seconds in self.cpu)
        (web_first, worker_first), (web_last, worker_last) = self.memory[0], self.memory[-1]
        longest = f"longest {max(self.latencies):.0f}"
        if self.around_end is not None:
            longest += f", around the end {self.around_end:.0f}"
        rows = [
            (
                "sessions",
                f"{self.sessions} for {self.seconds:.0f} s, {self.waited} waited; "
                f"and {self.room} in the room",
            ),
            ("page open after, s", _spread(self.opened, "{:.1f}")),
            ("first curve after, s", _spread(self.first_curves, "{:.1f}")),
            ("moved weights", f"{len(self.latencies)}, unanswered: {self.unanswered}"),
            ("latency, ms", f"p50 {self.p50:.0f}, p95 {self.p95:.0f}, {longest}"),
            ("steps of run A", _spread([count.steps for count in self.counts], "{:.0f}")),
            ("updates a second", _spread(self.updates_per_second, "{:.2f}")),
            (
                "errors",
                f"{len(self.errors)} on pages, {self.tracebacks} tracebacks in the log, "
                f"{len(self.notices)} notices",
            ),
            (
                "CPU for an update",
                f"web {self.web_ms:.2f} ms, worker {self.worker_update_ms:.2f} ms",
            ),
            ("CPU for a run's step", f"worker {self.worker_ms:.3f} ms"),
            (
                "script runs",
                f"{self.script_runs_per_move:.2f} for a moved weight, "
                f"{self._sum('wakes')} as runs were over",
            ),
            (
                "bytes",
                f"{self.bytes_per_update:.0f} for an update, "
                f"{self.bytes_per_message:.0f} in a message",
            ),
            (
                "memory, MB",
                f"web {web_first:.0f}, at the end {web_last:.0f}; "
                f"workers {worker_first:.0f}, at the end {worker_last:.0f}",
            ),
            ("torch", f"is {'' if self.holds_torch else 'not '}in the web process"),
            ("cores used", f"web {web:.2f}, workers {workers:.2f}, browsers {browsers:.2f}"),
            ("fixed loop, ms", "; after: ".join(map(_loop, self.loops))),
            ("load of the machine", f"{self.load:.1f}"),
        ]
        rows += [("  said", text) for text in sorted({*self.errors, *self.notices})[:5]]
        return "\n".join(f"{name:<22} {value}" for name, value in rows)


def _loop(loop: Loop) -> str:
    return f"{loop.cpu:.0f} of CPU, {loop.wall:.0f} by the clock"


def _spread(values: list[float] | tuple[float, ...], form: str) -> str:
    if not values:
        return "none"
    low, middle, high = (form.format(it) for it in (min(values), median(values), max(values)))
    return f"min {low}, median {middle}, max {high}"
