"""Numbers that the reader types, one for each whole label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from lossviz.arrays import Doubles
from lossviz.errors import LossVizError
from lossviz.schema import TEXTBOOK

LABELS = TEXTBOOK.class_names

Values = tuple[float, ...]
Reading = Callable[[Sequence[float | None], Sequence[str]], Iterable[float] | Doubles]
Margins = Callable[[Values], tuple[str, ...]]


@dataclass(frozen=True)
class Typed:
    """The fields for AC and AD in one row, for BC and BD below.

    :param name: what its keys begin with.
    :param first: what stands there at first.
    :param read: makes values of what was typed, or says what is wrong with it.
    :param on_change: called before the page runs again because something was typed.
    :param labels: two in a row.
    """

    name: str
    first: Values
    read: Reading
    step: float
    on_change: Callable[[], None] | None = None
    labels: tuple[str, ...] = LABELS

    @property
    def good(self) -> Values:
        """The last values that could be used."""
        good: Values = st.session_state.setdefault(f"{self.name}-good", self._read(self.first))
        return good

    def put(self, values: Sequence[float]) -> None:
        """Write other numbers there, before the fields are drawn."""
        for key, value in zip(self._keys, values, strict=True):
            st.session_state[key] = float(value)
        self.take()

    def take(self) -> str:
        """Use what was typed. Returns what is wrong with it: then the last values stay."""
        typed = [st.session_state.get(key) for key in self._keys]
        try:
            st.session_state[f"{self.name}-good"] = self._read(typed)
        except LossVizError as error:
            return str(error)
        return ""

    def fields(self, margins: Margins | None = None) -> Values:
        """Draw them.

        :param margins: what to say at the end of each row, from the values.
        :returns: the values; where they cannot be used, the last that could, and a sentence.
        """
        for key, value in zip(self._keys, self._at_first, strict=True):
            st.session_state.setdefault(key, value)
        problem = self.take()
        rows = len(self.labels) // 2
        ends = margins(self.good) if margins else ("",) * rows
        for row in range(rows):
            with st.container(horizontal=True, wrap=False, vertical_alignment="bottom"):
                self._field(2 * row)
                self._field(2 * row + 1)
                if ends[row]:
                    st.markdown(ends[row], width=112)
        if problem:
            st.error(f"{problem} Until then the last numbers count.", icon=":material/error:")
        return self.good

    @property
    def _keys(self) -> list[str]:
        return [f"{self.name}-{label}" for label in self.labels]

    @property
    def _at_first(self) -> Values:
        """What was typed, as far as it is known."""
        return self.good if f"{self.name}-good" in st.session_state else self.first

    def _read(self, typed: Sequence[float | None]) -> Values:
        return tuple(float(value) for value in self.read(typed, self.labels))

    def _field(self, place: int) -> None:
        st.number_input(
            self.labels[place],
            value=None,
            step=self.step,
            format="%.4g",
            key=self._keys[place],
            on_change=self.on_change or "rerun",
            persist_state="session",
        )
