"""A guess before the answer: who has guessed looks differently at what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

JUST_SHOW = "Just show me"


@dataclass(frozen=True)
class Guess:
    """What the reader thinks, and the place below it where it is answered."""

    choice: str
    _place: DeltaGenerator

    def answer(self, right: str, because: str) -> None:
        """Say whether it was right, and why.

        :param right: the option that is right, for the numbers on the page.
        :param because: a sentence; it has to make sense without the options.
        """
        if self.choice == JUST_SHOW:
            self._place.info(because, icon=":material/lightbulb:")
        elif self.choice == right:
            self._place.success(f"**Right.** {because}", icon=":material/check:")
        else:
            self._place.info(f"**Not quite.** {because}", icon=":material/lightbulb:")


def guess(question: str, options: Sequence[str], *, key: str, terms: str = "") -> Guess | None:
    """Ask, and show nothing before something is chosen. The choice can be changed.

    :param terms: what the field calls the things in question.
    :returns: None until then: the page shows nothing below it.
    """
    choice = st.radio(
        question,
        [*options, JUST_SHOW],
        index=None,
        key=f"guess-{key}",
        help=terms or None,
        persist_state="session",
    )
    if choice is None:
        return None
    return Guess(choice, st.container(key=f"verdict-{key}"))
