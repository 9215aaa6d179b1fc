"""A saved model on the Library page: what it is, and what it says of a sentence."""

from __future__ import annotations

from concurrent.futures import Future as PoolFuture
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lossviz.compute.lab import LONGEST_SENTENCE
from lossviz.compute.tasks import engine
from lossviz.compute.workers import Answer, Workers
from lossviz.errors import LossVizError
from lossviz.experiments.saved import SavedAnswer, SavedCard
from lossviz.guards import MAX_UPLOAD
from lossviz.ui.parts.follow import follow
from lossviz.ui.parts.tables import show_table
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import Session
from lossviz.ui.uploads import taken

KEY = "lossviz-saved-model"
SENTENCE = "saved-model-sentence"
MOST_HEIGHT = 320
TOO_LARGE = (
    f"{{name}} has more than {MAX_UPLOAD >> 20} MB, the most that can be opened in the browser. "
    "The command line takes larger ones: python -m lossviz predict MODEL FILE."
)


@dataclass
class Opened:
    """A model that was opened. Workers keep its file, and read it; this process does not.

    :param lent: the file, where the workers find it.
    """

    name: str
    workers: Workers
    lent: PoolFuture[object]
    opening: Answer[SavedCard] | None = None
    card: SavedCard | None = None
    asked: Answer[SavedAnswer] | None = None
    answer: SavedAnswer | None = None
    problem: str = ""

    def tick(self) -> None:
        """Take what is ready, and ask for what is missing."""
        if self.problem or not self.lent.done():
            return
        try:
            if self.card is None and self.opening is None:
                file = self.lent.result()
                self.opening = self.workers.submit(engine.model_card, file, self.name, priority=0)
            if self.opening is not None and self.opening.done:
                self.card, self.opening = self.opening.result(), None
            if self.asked is not None and self.asked.done:
                self.answer, self.asked = self.asked.result(), None
        except LossVizError as error:
            self.problem = str(error)

    def ask(self, sentence: str) -> None:
        """Have a worker answer."""
        self.answer = None
        if self.card is not None and sentence.strip():
            file = self.lent.result()
            try:
                self.asked = self.workers.submit(
                    engine.model_answer, file, self.name, sentence, priority=0
                )
            except LossVizError as error:
                self.problem = str(error)

    @property
    def looks(self) -> tuple[object, ...]:
        """What is shown of it."""
        self.tick()
        return (self.card is None, self.asked is None, self.answer, self.problem)


def saved_model_section(session: Session) -> None:
    """A field for the file, and what is in it."""
    st.subheader("A saved model", anchor=False)
    st.markdown(
        "What `fit --save` wrote on the command line: settings, errors on held-out texts, weights, "
        "and the words and runs of characters that it knows, though not the texts, in one "
        "safetensors file. Nothing in it can be executed."
    )

    def take() -> None:
        file = st.session_state[f"{KEY}-file"]
        if isinstance(file, UploadedFile):  # and not one that was taken before
            content = taken(file)
            large = content.size > MAX_UPLOAD
            lent = session.bench.workers.lend(b"" if large else content.read())
            problem = TOO_LARGE.format(name=file.name) if large else ""
            st.session_state[KEY] = Opened(file.name, session.bench.workers, lent, problem=problem)

    st.file_uploader(
        f"Open a saved model, up to {MAX_UPLOAD >> 20} MB",
        type=["safetensors"],
        key=f"{KEY}-file",
        on_change=take,
        help="For many texts there is `python -m lossviz predict MODEL FILE`.",
    )
    opened: Opened | None = st.session_state.get(KEY)
    if opened is not None:
        follow("saved-model", lambda: opened.looks, lambda: _show(opened))


def _show(opened: Opened) -> None:
    opened.tick()
    if opened.problem:
        st.error(plain(opened.problem), icon=":material/error:")
    elif opened.card is None:
        st.caption(plain(f"Opening {opened.name}"))
    else:
        _card(opened.name, opened.card)
        _questions(opened, opened.card)


def _card(name: str, card: SavedCard) -> None:
    with st.container(border=True, key="saved-model-card"):
        st.markdown(f"**{plain(name)}**")
        for sentence in card.words:
            st.text(sentence)
        held_out = card.held_out or ("It does not say how often it was wrong on held-out texts.",)
        for sentence in held_out:
            st.text(sentence)


def _questions(opened: Opened, card: SavedCard) -> None:
    st.text_input(
        "Type a sentence",
        max_chars=LONGEST_SENTENCE,
        key=SENTENCE,
        placeholder="What would it say?",
        on_change=lambda: opened.ask(st.session_state[SENTENCE]),
    )
    if opened.asked is not None:
        st.caption("Asking it")
    if opened.answer is not None:
        _answer(opened.answer, card)


def _answer(answer: SavedAnswer, card: SavedCard) -> None:
    label = ", ".join(answer.label)
    st.text(f"It says {label}, with a probability of {100 * answer.p:.1f} %.")
    if answer.unknown:
        st.caption("It knows no n-gram of this sentence: so it would answer to any unknown one.")
    frame = pd.DataFrame(answer.rows(card.parts), columns=["part", "value", "probability"])
    bar = st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
    show_table(
        frame,
        alt="The probability of each value",
        most=MOST_HEIGHT,
        columns={"probability": bar},
        key="saved-model-answer",
    )
