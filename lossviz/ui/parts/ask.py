"""Asking a worker for something small, without waiting long: what was asked before is known."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from lossviz.compute.cluster import COMPUTE, Task
from lossviz.compute.workers import Answer
from lossviz.errors import LossVizError
from lossviz.figures import Chart
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.follow import outdated, over

PATIENCE = 0.4
"""Seconds that a page waits by itself; then it says that something is on its way."""
KEPT = 256

Result = TypeVar("Result")


class Asked:
    """The latest results of this process, for all sessions: nothing in them can be changed."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._tasks: OrderedDict[Hashable, Task[Any]] = OrderedDict()

    def task(self, function: Callable[..., Result], *arguments: Hashable) -> Task[Result]:
        """The task for this question; the same as before if it was asked before."""
        question = (function.__name__, arguments)
        with self._lock:
            task = self._tasks.get(question)
            if task is None:
                task = self._tasks[question] = COMPUTE.submit(function, *arguments, priority=10)
            self._tasks.move_to_end(question)
            while len(self._tasks) > self._kept:
                self._tasks.popitem(last=False)
        return task

    def forget(self, function: Callable[..., object], *arguments: Hashable) -> None:
        """Ask anew next time."""
        with self._lock:
            self._tasks.pop((function.__name__, arguments), None)


ASKED = Asked()


def ask(function: Callable[..., Result], *arguments: Hashable) -> Result | None:
    """The answer of a function of :mod:`lossviz.compute.tasks`; None while it is on its way.

    Then the page is run again as soon as it is there. What goes wrong is shown as a sentence.
    """
    try:
        return answer(ASKED.task(function, *arguments), function.__name__)
    except LossVizError as error:
        ASKED.forget(function, *arguments)
        st.error(str(error), icon=":material/error:")
    return None


def draw_answer(
    result: Result | None, make: Callable[[Result], Chart], *, key: str, height: int
) -> None:
    """A chart of an answer; until it comes, its place."""
    if result is None:
        st.skeleton(height)
    else:
        draw(make(result), key=key, height=height)


def answer(task: Answer[Result], name: str) -> Result | None:
    """What comes of a task, likewise.

    :param name: of the question: a newer one on the same page takes its place.
    :raises LossVizError: what the worker has to say.
    """
    place = f"answer-{name}"
    over(place)
    try:
        return task.result(PATIENCE)
    except TimeoutError:
        outdated(place, lambda: task.done, False)
    return None
