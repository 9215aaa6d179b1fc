"""Frames: what a browser that shows runs has to be told, made where the runs are.

Charts are made here from the same exhibits as everywhere; of those that show something else than
before only the difference travels. So the web process passes frames on without looking into them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lossviz.compute.differences import difference
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.progress import Answers, Curve, Order, ProgressReport
from lossviz.experiments.runs.run import Run
from lossviz.figures.base.chart import Chart
from lossviz.figures.base.wall import Wall
from lossviz.figures.exhibits import EXHIBITS
from lossviz.figures.runs.confused import AT_FIRST, Look
from lossviz.figures.runs.shown import ShownRuns
from lossviz.schema import LabelSchema

Charts = dict[str, Any]
"""What a browser has, by the charts' keys, as JSON values."""
BEGINS, GOES_ON = b"\1", b"\0"
"""A frame's first byte: whether a line's stream begins with it."""


@dataclass(frozen=True)
class Watch:
    """What a browser shows of the runs of its session.

    :param line: another one once the browser may not have what was sent before.
    :param exhibits: their ids.
    :param look: how their confusion is looked at.
    :param surfaces: whether the loss around each run is looked at while it is trained.
    :param sentence: that they are asked about; empty where there is none.
    """

    line: int
    exhibits: tuple[str, ...]
    look: Look = AT_FIRST
    surfaces: bool = False
    sentence: str = ""


class Composer:
    """The runs of one session, as its browser knows them, and what is new to it."""

    def __init__(self, schema: LabelSchema) -> None:
        self._schema = schema
        self._runs: dict[str, Run] = {}
        self._answers: Answers | None = None
        self._line = -1
        self._sent: Charts = {}
        self._stream = zlib.compressobj()
        self._wall = Wall()

    def known(self, letter: str, order: Order) -> int:
        """How many points of a run's curve are here already."""
        run = self._runs.get(letter)
        return len(run.curve) if run is not None and run.run_id == order.run_id else 0

    def curve(self, letter: str) -> Curve:
        """All of it that there is."""
        return self._runs[letter].curve

    def evaluation(self, letter: str) -> Evaluation | None:
        """The latest."""
        return self._runs[letter].evaluation

    def take(self, orders: Mapping[str, Order], report: ProgressReport) -> None:
        """Learn what there is of the runs that are ordered."""
        runs = {}
        for letter, order in orders.items():
            run = self._runs.get(letter)
            if run is None or run.run_id != order.run_id:
                run = Run(order.experiment, order.weights, order.run_id)
            progress = report.progress.get(letter)
            if progress is not None:
                run.take(progress)
            runs[letter] = run
        self._runs = runs
        self._answers = report.answers or self._answers

    def frame(self, watch: Watch) -> bytes:
        """The message to the browser; empty where there is nothing new to it.

        All frames of a line are one compressed stream, as their keys are the same again and again:
        a fifth of the bytes. Each ends with a line break.
        """
        first = watch.line != self._line
        if first:
            self._line, self._sent, self._wall = watch.line, {}, Wall()
            self._stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        answers = self._answers
        if answers is not None and answers.sentence != watch.sentence:
            answers = None
        shown = ShownRuns(self._schema, self._runs, answers, watch.look)
        exhibits = [EXHIBITS[exhibit] for exhibit in watch.exhibits]
        text = message(self._wall.news(exhibits, shown), self._sent)
        if not text and not first:
            return b""
        packed = self._stream.compress(text + b"\n") + self._stream.flush(zlib.Z_SYNC_FLUSH)
        return (BEGINS if first else GOES_ON) + packed


def message(charts: Mapping[str, Chart], sent: Charts) -> bytes:
    """Charts for a browser, as what makes them of those that it has.

    :param sent: what it has; brought up to date.
    """
    changes = {}
    for key, chart in charts.items():
        now = chart.to_json()
        change = difference(sent[key], now) if key in sent else {"=": now}
        if change is not None:
            changes[key] = change
        sent[key] = now
    if not changes:
        return b""
    return json.dumps({"charts": changes}, separators=(",", ":"), allow_nan=False).encode()
